/* Reading and writing sheets. Parent only; what is read is a stranger's. */
#include "site/sheet.h"

#include <stdlib.h>
#include <string.h>
#include "base/csv.h"
#include "base/mem.h"
#include "base/text.h"
#include "site/answer.h"
#include "site/load.h"

#define BOM "\xef\xbb\xbf"
#define MAX_UTF8 (3 * YAML_MAX_BYTES)
#define NO_COLUMN SIZE_MAX

struct reading {
    struct arena *arena;
    const struct form *f;
    const char *file;
    struct diags *diags;
    struct answer_context ctx;
    const struct attestation *before;
    size_t columns[CSV_MAX_FIELDS]; size_t n_columns;    /* by place in the file; NO_COLUMN: an empty head */
    struct answer_row *rows;
    size_t *lines;                       /* of each row */
    size_t n, cap;
    bool headed;
};

char *sheet_file(const struct form *f)
{
    return xasprintf("sheets/%s.csv", f->table->name);
}

static void fault(const struct reading *r, size_t line, const char *column, const char *text)
{
    if (column != NULL)
        diag_add(r->diags, DIAG_ERROR, r->file, (int)line, 0, "column %s %s", column, text);
    else
        diag_add(r->diags, DIAG_ERROR, r->file, (int)line, 0, "%s", text);
}

/* --- the line of names --------------------------------------------------------------------------------------------------------- */

static size_t find_column(const struct reading *r, const char *name)
{
    for (size_t c = 0; c < r->f->table->n_columns; c++)
        if (text_equal_nocase(r->f->table->columns[c].name, name) && form_asks(r->f, c))
            return c;
    return NO_COLUMN;
}

static void unknown_column(const struct reading *r, size_t line, const char *name)
{
    const char *names[FACT_MAX_COLUMNS];
    size_t n = 0;
    for (size_t c = 0; c < r->f->table->n_columns; c++)
        if (form_asks(r->f, c))
            names[n++] = r->f->table->columns[c].name;
    const char *near = strlen(name) <= 64 ? nearest_word(name, names, n) : NULL;
    char *text = xasprintf("the sheet %s has no column '%.60s'%s%s%s", r->f->id, name, near != NULL ? " (did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?)" : "");
    fault(r, line, NULL, text);
    free(text);
}

static void take_head(struct reading *r, size_t line, const char *const *fields, size_t n)
{
    bool seen[FACT_MAX_COLUMNS] = { false };
    r->headed = true;
    r->n_columns = n;
    for (size_t i = 0; i < n; i++) {
        char *raw = xstrdup(fields[i]), *name = text_trim(raw);
        r->columns[i] = *name != '\0' ? find_column(r, name) : NO_COLUMN;
        if (*name != '\0' && r->columns[i] == NO_COLUMN)
            unknown_column(r, line, name);
        if (r->columns[i] != NO_COLUMN && seen[r->columns[i]])
            fault(r, line, name, "stands twice");
        if (r->columns[i] != NO_COLUMN)
            seen[r->columns[i]] = true;
        free(raw);
    }
    for (size_t c = 0; c < r->f->table->n_columns; c++)
        if ((r->f->table->columns[c].flags & FACT_KEY) != 0 && !seen[c])
            fault(r, line, r->f->table->columns[c].name, "is missing: it says which row is which");
}

/* --- rows ---------------------------------------------------------------------------------------------------------------------- */

static bool all_empty(const char *const *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fields[i][strspn(fields[i], " \t")] != '\0')
            return false;
    return true;
}

/* "00123" stood here before, and "123" comes back. */
static bool lost_zeros(const struct reading *r, size_t column, const char *value)
{
    if (r->before == NULL || (r->f->table->columns[column].flags & FACT_KEY) == 0 || value[strspn(value, "0123456789")] != '\0')
        return false;
    for (size_t i = 0; i < r->before->n_rows; i++) {
        const char *old = r->before->rows[i].values[column];
        if (old != NULL && old[0] == '0' && strcmp(old + strspn(old, "0"), value) == 0)
            return true;
    }
    return false;
}

static void take_field(struct reading *r, size_t line, size_t column, const char *text, const char **value)
{
    const struct fact_column *c = &r->f->table->columns[column];
    struct buf form = BUF_INIT(2 * ANSWER_MAX);
    char *why = NULL;
    int got = answer_parse(c, text, &r->ctx, &form, &why);
    if (got < 0)
        fault(r, line, c->name, why);
    else if (got == 1 && answer_looks_secret(r->f->table, buf_str(&form)))
        fault(r, line, c->name, "looks like a secret. Nothing secret is kept here: write the name of its entry in the vault");
    else if (got == 1 && lost_zeros(r, column, buf_str(&form)))
        fault(r, line, c->name, "has lost the zeros that it began with: format the column as text in the spreadsheet");
    else if (got == 1)
        *value = arena_strdup(r->arena, buf_str(&form));
    free(why);
    buf_clear(&form);
}

static void check_key(const struct reading *r, size_t line, const struct answer_row *row)
{
    for (size_t c = 0; c < r->f->table->n_columns; c++)
        if ((r->f->table->columns[c].flags & FACT_KEY) != 0 && row->values[c] == NULL)
            fault(r, line, r->f->table->columns[c].name, "is empty: it says which row is which");
}

static int take_record(void *ctx, size_t line, const char *const *fields, size_t n)
{
    struct reading *r = ctx;
    if (!r->headed) {
        take_head(r, line, fields, n);
        return 0;
    }
    if (all_empty(fields, n))
        return 0;
    if (r->n == SHEET_MAX_ROWS)
        return ERR_LIMIT;
    if (r->n == r->cap) {
        r->cap = r->cap == 0 ? 64 : 2 * r->cap;
        r->rows = xrealloc_array(r->rows, r->cap, sizeof(*r->rows));
        r->lines = xrealloc_array(r->lines, r->cap, sizeof(*r->lines));
    }
    struct answer_row row = { .values = arena_array(r->arena, r->f->table->n_columns, sizeof(*row.values)) };
    for (size_t i = 0; i < n; i++) {
        if (i < r->n_columns && r->columns[i] != NO_COLUMN)
            take_field(r, line, r->columns[i], fields[i], &row.values[r->columns[i]]);
        else if (!all_empty(&fields[i], 1))
            fault(r, line, NULL, "has a value in a column without a name: is a separator or a quote missing?");
    }
    check_key(r, line, &row);
    r->lines[r->n] = line;
    r->rows[r->n++] = row;
    return 0;
}

/* --- the whole ----------------------------------------------------------------------------------------------------------------- */

struct keyed { const struct reading *r; size_t row; };

static int compare_keys(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    const struct fact_table *t = x->r->f->table;
    for (size_t c = 0; c < t->n_columns; c++) {
        if ((t->columns[c].flags & FACT_KEY) == 0)
            continue;
        const char *p = x->r->rows[x->row].values[c], *q = y->r->rows[y->row].values[c];
        int d = strcasecmp(p != NULL ? p : "", q != NULL ? q : "");
        if (d != 0)
            return d;
    }
    return 0;
}

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int d = compare_keys(a, b);
    return d != 0 ? d : (x->row > y->row) - (x->row < y->row);
}

static void refuse_repeated(const struct reading *r)
{
    struct keyed *v = xcalloc(r->n + 1, sizeof(*v));
    for (size_t i = 0; i < r->n; i++)
        v[i] = (struct keyed){ r, i };
    qsort(v, r->n, sizeof(*v), by_key);
    for (size_t i = 1; i < r->n; i++) {
        if (compare_keys(&v[i - 1], &v[i]) != 0)
            continue;
        char *text = xasprintf("is about the same thing as row %zu: one row for each", r->lines[v[i - 1].row]);
        fault(r, r->lines[v[i].row], NULL, text);
        free(text);
    }
    free(v);
}

static void read_error(const struct reading *r, int err)
{
    if (err == ERR_LIMIT)
        fault(r, 0, NULL, "has more than a sheet may have: 20000 rows, 512 columns, 64 KiB in a field");
    else
        fault(r, 0, NULL, "has a quote that is never closed");
}

int sheet_read(struct arena *arena, const struct form *f, const char *file, const void *p, size_t len, const char *zone, const struct attestation *before,
               struct answer_row **rows, size_t *n, struct diags *diags)
{
    struct buf utf8 = BUF_INIT(MAX_UTF8);
    struct reading r = { .arena = arena, .f = f, .file = file, .diags = diags, .before = before, .ctx = { .timezone = zone } };
    size_t errors = diags->n_errors;
    int err = csv_to_utf8(p, len, NULL, &utf8);
    if (err != 0 || utf8.overflow || memchr(buf_str(&utf8), '\0', utf8.len) != NULL) {
        fault(&r, 0, NULL, "is no text: save it as CSV, not as a workbook");
    } else {
        char separator = csv_guess_separator(buf_str(&utf8), utf8.len);
        r.ctx.semicolons = separator == ';';
        err = csv_read(buf_str(&utf8), utf8.len, separator, take_record, &r);
        if (err != 0)
            read_error(&r, err);
        else if (!r.headed)
            fault(&r, 1, NULL, "is empty: its first line names the columns");
        refuse_repeated(&r);
    }
    *rows = arena_array(arena, r.n + 1, sizeof(**rows));
    if (r.n > 0)
        memcpy(*rows, r.rows, r.n * sizeof(*r.rows));
    *n = r.n;
    free(r.rows);
    free(r.lines);
    buf_clear(&utf8);
    return diags->n_errors == errors ? 0 : ERR_BAD_INPUT;
}

void sheet_write(const struct form *f, const struct answer_row *rows, size_t n, struct buf *out)
{
    buf_puts(out, BOM);
    for (size_t i = 0; i <= n; i++) {
        bool first = true;
        for (size_t c = 0; c < f->table->n_columns; c++) {
            if (!form_asks(f, c))
                continue;
            if (!first)
                buf_putc(out, ',');
            first = false;
            const char *value = i == 0 ? f->table->columns[c].name : rows[i - 1].values[c];
            text_csv_field(out, value != NULL ? value : "");
        }
        buf_puts(out, "\r\n");
    }
}
