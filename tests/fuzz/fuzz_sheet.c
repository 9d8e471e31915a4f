/* A sheet as somebody sends it: bytes to rows, and back. The first byte chooses the sheet. What was taken can be written, and comes back the same; what was not
 * is refused with words. */
#include "base/mem.h"
#include "base/text.h"
#include "site/answer.h"
#include "site/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static const struct form *choose(uint8_t n)
{
    size_t sheets = 0;
    for (size_t i = 0; i < n_forms; i++)
        sheets += forms[i]->kind == FORM_SHEET;
    size_t want = n % sheets;
    for (size_t i = 0; i < n_forms; i++)
        if (forms[i]->kind == FORM_SHEET && want-- == 0)
            return forms[i];
    abort();
}

static bool same(const char *a, const char *b)
{
    return a == NULL ? b == NULL : b != NULL && strcmp(a, b) == 0;
}

static void again(const struct form *f, const struct answer_row *rows, size_t n)
{
    struct arena *arena = arena_new();
    struct buf csv = BUF_INIT(64u << 20);
    struct diags d = DIAGS_INIT;
    struct answer_row *back = NULL;
    size_t n_back = 0;

    sheet_write(f, rows, n, &csv);
    if (!csv.overflow && csv.len <= 8u << 20) {
        must(sheet_read(arena, f, "x", buf_str(&csv), csv.len, "UTC", NULL, &back, &n_back, &d) == 0);
        must(n_back == n);
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < f->table->n_columns; c++)
                must(same(rows[i].values[c], back[i].values[c]));
    }
    diags_clear(&d);
    buf_clear(&csv);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct diags d = DIAGS_INIT;
    struct answer_row *rows = NULL;
    size_t n = 0;
    const struct form *f = choose(size > 0 ? data[0] : 0);
    int err = sheet_read(arena, f, "x", size > 0 ? data + 1 : data, size > 0 ? size - 1 : 0, "UTC", NULL, &rows, &n, &d);

    must((err == 0) == (d.n_errors == 0));
    for (size_t i = 0; i < n && err == 0; i++) {
        for (size_t c = 0; c < f->table->n_columns; c++) {
            const char *v = rows[i].values[c];
            must(v == NULL || (text_is_utf8(v, strlen(v)) && v[0] != '\0' && strpbrk(v, "\n\r\033") == NULL));
            must(v != NULL || (f->table->columns[c].flags & FACT_KEY) == 0);
        }
    }
    if (err == 0)
        again(f, rows, n);
    diags_clear(&d);
    arena_free(arena);
    return 0;
}
