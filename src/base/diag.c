/* Messages about files that people wrote, collected and printed in order. Runs in the parent; the texts may quote
 * anything, so they are made safe where they are printed. */
#include "base/diag.h"

#include <stdbool.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"

static void diag_free(struct diag *d)
{
    free(d->file);
    free(d->text);
}

void diags_clear(struct diags *d)
{
    for (size_t i = 0; i < d->n; i++)
        diag_free(&d->v[i]);
    free(d->v);
    *d = (struct diags)DIAGS_INIT;
}

/* Where the next message is kept, or NULL. An error may push out the latest warning: nobody is told "1 error"
 * without being shown it. */
static struct diag *place_for(struct diags *d, enum diag_level level)
{
    if (d->n < DIAGS_MAX) {
        if (d->n == d->cap) {
            d->cap = d->cap ? 2 * d->cap : 8;
            d->v = xrealloc_array(d->v, d->cap, sizeof *d->v);
        }
        return &d->v[d->n++];
    }
    if (level != DIAG_ERROR)
        return NULL;
    for (size_t i = d->n; i-- > 0;) {
        if (d->v[i].level == DIAG_ERROR)
            continue;
        diag_free(&d->v[i]);
        return &d->v[i];
    }
    return NULL;
}

void diag_addv(struct diags *d, enum diag_level level, const char *file, int line, int column, const char *fmt, va_list ap)
{
    struct diag *place = place_for(d, level);

    d->n_errors += level == DIAG_ERROR;
    d->n_warnings += level == DIAG_WARNING;
    if (!place)
        return;
    *place = (struct diag){ .level = level, .file = xstrdup(file), .line = line, .column = column, .text = xvasprintf(fmt, ap) };
}

void diag_add(struct diags *d, enum diag_level level, const char *file, int line, int column, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    diag_addv(d, level, file, line, column, fmt, ap);
    va_end(ap);
}

static int compare(const void *a, const void *b)
{
    const struct diag *x = *(const struct diag *const *)a, *y = *(const struct diag *const *)b;
    int order = strcmp(x->file ? x->file : "", y->file ? y->file : "");

    if (!order)
        order = (x->line > y->line) - (x->line < y->line);
    if (!order)
        order = (x->column > y->column) - (x->column < y->column);
    return order ? order : (x > y) - (x < y);        /* both lie in one array: the order in which they were added */
}

static void print_one(const struct diag *d, bool ascii, FILE *out)
{
    static const char *const levels[] = { "error", "warning", "note" };
    struct buf line = BUF_INIT(1 << 20);

    if (d->file) {
        text_terminal(&line, d->file, ascii);
        if (d->line > 0)
            buf_printf(&line, ":%d", d->line);
        if (d->line > 0 && d->column > 0)
            buf_printf(&line, ":%d", d->column);
        buf_puts(&line, ": ");
    }
    buf_printf(&line, "%s: ", levels[d->level]);
    text_terminal(&line, d->text, ascii);
    fprintf(out, "%s\n", buf_str(&line));
    buf_clear(&line);
}

void diags_print(const struct diags *d, FILE *out)
{
    const bool ascii = !text_locale_is_utf8();
    const struct diag **sorted;
    size_t shown = 0;

    if (!d->n)
        return;
    sorted = xcalloc(d->n, sizeof *sorted);
    for (size_t i = 0; i < d->n; i++) {
        sorted[i] = &d->v[i];
        shown += d->v[i].level != DIAG_NOTE;
    }
    qsort(sorted, d->n, sizeof *sorted, compare);
    for (size_t i = 0; i < d->n; i++)
        print_one(sorted[i], ascii, out);
    if (d->n_errors + d->n_warnings > shown)
        fprintf(out, "... and %zu more\n", d->n_errors + d->n_warnings - shown);
    free(sorted);
}

#define WORD_MAX 64

/* Edits (insert, delete, change, swap neighbours) that make b of a, ASCII case ignored; both at most WORD_MAX long. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[3][WORD_MAX + 1];
    size_t *before = row[0], *last = row[1], *now = row[2];

    for (size_t j = 0; j <= b_len; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b_len];
}

const char *nearest_word(const char *word, const char *const *candidates, size_t n)
{
    const size_t len = strlen(word);
    size_t best = len < 3 ? 1 : len / 3;
    const char *nearest = NULL;
    char lower_word[WORD_MAX + 1], lower_other[WORD_MAX + 1];

    if (len == 0 || len > WORD_MAX)
        return NULL;
    memcpy(lower_word, word, len + 1);
    text_lower_ascii(lower_word);
    for (size_t i = 0; i < n; i++) {
        const size_t other_len = strlen(candidates[i]);
        size_t distance;

        if (other_len > WORD_MAX)
            continue;
        memcpy(lower_other, candidates[i], other_len + 1);
        text_lower_ascii(lower_other);
        distance = edit_distance(lower_word, len, lower_other, other_len);
        if (distance > best || (nearest && distance == best))
            continue;
        best = distance;
        nearest = candidates[i];
    }
    return nearest;
}

const char *did_you_mean(const char *word, const char *const *candidates, size_t n, char out[DID_YOU_MEAN_LEN])
{
    const char *nearest = nearest_word(word, candidates, n);
    out[0] = '\0';
    if (nearest)
        (void)snprintf(out, DID_YOU_MEAN_LEN, " (did you mean '%s'?)", nearest);
    return out;
}
