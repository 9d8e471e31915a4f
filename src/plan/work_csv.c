/* Owner, due date, status and ticket from a spreadsheet. Pure; parent. The file is a user's, and has been through somebody's spreadsheet. */
#include "plan/work_csv.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/csv.h"
#include "base/text.h"

#define MAX_TEXT 200

enum column { ITEM, OWNER, DUE, STATUS, TICKET, N_COLUMNS };
static const char *const names[N_COLUMNS] = { "item", "owner", "due", "status", "ticket" };

struct reading {
    struct arena *arena;
    const char *file;
    struct diags *diags;
    const char *const *known; size_t n_known;
    int at[N_COLUMNS];               /* place among the fields; -1: not there */
    struct site_work *v; size_t n, n_old;
    int *rows;                       /* parallel to v: the row that said it, 0: none did */
};

static void wrong(const struct reading *r, size_t row, int column, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
static void wrong(const struct reading *r, size_t row, int column, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    diag_addv(r->diags, DIAG_ERROR, r->file, (int)row, column + 1, fmt, ap);
    va_end(ap);
}

/* A column that is none of ours is somebody's own; one that is nearly ours, where ours is not there, would be lost without a word. */
static void refuse_misspelt(const struct reading *r, int column, const char *name)
{
    const char *near = nearest_word(name, names, N_COLUMNS);
    for (int c = 0; near && c < N_COLUMNS; c++)
        if (strcmp(near, names[c]) == 0 && r->at[c] < 0)
            wrong(r, 1, column, "there is no column '%.60s' (did you mean '%s'?)", name, near);
}

static int read_header(struct reading *r, const char *const *fields, size_t n)
{
    for (int c = 0; c < N_COLUMNS; c++) {
        r->at[c] = -1;
        for (size_t i = 0; i < n; i++) {
            if (!text_equal_nocase(fields[i], names[c]))
                continue;
            if (r->at[c] >= 0)
                wrong(r, 1, (int)i, "the column '%s' is there twice", names[c]);
            r->at[c] = (int)i;
        }
    }
    for (size_t i = 0; i < n; i++)
        refuse_misspelt(r, (int)i, fields[i]);
    if (r->at[ITEM] < 0)
        wrong(r, 1, 0, "there is no column 'item': the first row has the names of the columns, as `preop roadmap --format csv` writes them");
    return r->diags->n_errors > 0 ? ERR_BAD_INPUT : 0;
}

/* The text without what a spreadsheet puts before it so that it is no formula; NULL with an error. */
static const char *text_at(const struct reading *r, size_t row, enum column c, const char *const *fields, size_t n)
{
    const char *s = r->at[c] >= 0 && (size_t)r->at[c] < n ? fields[r->at[c]] : "";
    if (s[0] == '\'' && s[1] != '\0' && strchr("=+-@", s[1]))
        s++;
    if (strlen(s) > MAX_TEXT) {
        wrong(r, row, r->at[c], "%s is longer than %d bytes", names[c], MAX_TEXT);
        return NULL;
    }
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            wrong(r, row, r->at[c], "%s has a line break or another control character", names[c]);
            return NULL;
        }
    char *copy = arena_strdup(r->arena, s);
    return text_trim(copy);
}

static bool is_known(const struct reading *r, const char *item)
{
    for (size_t i = 0; i < r->n_known; i++)
        if (strcmp(r->known[i], item) == 0)
            return true;
    for (size_t i = 0; i < r->n_old; i++)
        if (strcmp(r->v[i].item, item) == 0)
            return true;
    return false;
}

static struct site_work *entry(struct reading *r, const char *item, size_t row)
{
    size_t i = 0;
    while (i < r->n && strcmp(r->v[i].item, item) != 0)
        i++;
    if (i < r->n && r->rows[i] > 0) {
        wrong(r, row, r->at[ITEM], "'%s' is there twice; first in row %d", item, r->rows[i]);
        return NULL;
    }
    if (i == r->n) {
        r->v = xrealloc_array(r->v, r->n + 1, sizeof(*r->v));
        r->rows = xrealloc_array(r->rows, r->n + 1, sizeof(*r->rows));
        r->v[r->n++] = (struct site_work){ .item = item };
    }
    r->rows[i] = (int)row;
    return &r->v[i];
}

static void set_due(const struct reading *r, size_t row, const char *text, struct site_work *w)
{
    w->due = 0;
    if (text[0] && !date_parse(text, &w->due))
        wrong(r, row, r->at[DUE], "due must be a date like 2027-01-15 (year-month-day), not '%s': in any other order nobody can tell day and month apart", text);
}

static void set_status(const struct reading *r, size_t row, const char *text, struct site_work *w)
{
    const char *words[WORK_STATUS_COUNT];
    char *lower = arena_strdup(r->arena, text), meant[DID_YOU_MEAN_LEN];
    text_lower_ascii(lower);
    if (work_status_parse(lower, &w->status))
        return;
    for (int i = 0; i < WORK_STATUS_COUNT; i++)
        words[i] = work_status_name((enum work_status)i);
    wrong(r, row, r->at[STATUS], "there is no status '%s'%s; it is open, ordered, in-progress, blocked or done, or nothing", text, did_you_mean(text, words, WORK_STATUS_COUNT, meant));
}

static const char *or_null(const char *s)
{
    return s[0] ? s : NULL;
}

static int read_row(void *ctx, size_t row, const char *const *fields, size_t n)
{
    struct reading *r = ctx;
    const char *text[N_COLUMNS];
    if (row == 1)
        return read_header(r, fields, n);
    if (row > WORK_CSV_MAX) {
        wrong(r, row, 0, "more than %d rows", WORK_CSV_MAX);
        return ERR_LIMIT;
    }
    for (int c = 0; c < N_COLUMNS; c++)
        if (!(text[c] = text_at(r, row, (enum column)c, fields, n)))
            return 0;
    if (!text[ITEM][0]) {
        wrong(r, row, r->at[ITEM], "a row without an item");
        return 0;
    }
    if (!is_known(r, text[ITEM])) {
        char meant[DID_YOU_MEAN_LEN];
        wrong(r, row, r->at[ITEM], "there is no item '%s'%s", text[ITEM], did_you_mean(text[ITEM], r->known, r->n_known, meant));
        return 0;
    }
    struct site_work *w = entry(r, text[ITEM], row);
    if (w && r->at[OWNER] >= 0)
        w->owner = or_null(text[OWNER]);
    if (w && r->at[TICKET] >= 0)
        w->ticket = or_null(text[TICKET]);
    if (w && r->at[DUE] >= 0)
        set_due(r, row, text[DUE], w);
    if (w && r->at[STATUS] >= 0)
        set_status(r, row, text[STATUS], w);
    return 0;
}

static int by_item(const void *a, const void *b)
{
    const struct site_work *x = a, *y = b;
    return strcmp(x->item, y->item);
}

static struct site_work *result(const struct reading *r, size_t *n)
{
    struct site_work *out = arena_array(r->arena, r->n + 1, sizeof(*out));
    *n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->v[i].owner || r->v[i].due || r->v[i].status || r->v[i].ticket)
            out[(*n)++] = r->v[i];
    if (*n > 0)
        qsort(out, *n, sizeof(*out), by_item);
    return out;
}

struct site_work *work_csv_read(struct arena *arena, const char *file, const void *p, size_t len, const struct site_work *old, size_t n_old,
                                const char *const *known, size_t n_known, size_t *n, struct diags *diags)
{
    struct reading r = { .arena = arena, .file = file, .diags = diags, .known = known, .n_known = n_known, .n = n_old, .n_old = n_old };
    struct buf text = BUF_INIT(len * 4 + 64);
    size_t errors = diags->n_errors;
    r.v = xcalloc(n_old + 1, sizeof(*r.v));
    r.rows = xcalloc(n_old + 1, sizeof(*r.rows));
    if (n_old > 0)
        memcpy(r.v, old, n_old * sizeof(*r.v));
    for (int c = 0; c < N_COLUMNS; c++)
        r.at[c] = -1;
    int err = csv_to_utf8(p, len, NULL, &text);
    if (!err)
        err = csv_read(buf_str(&text), text.len, csv_guess_separator(buf_str(&text), text.len), read_row, &r);
    if (err && diags->n_errors == errors)
        diag_add(diags, DIAG_ERROR, file, 0, 0, "this is no CSV: %s", err_text(err));
    else if (r.at[ITEM] < 0 && diags->n_errors == errors)
        diag_add(diags, DIAG_ERROR, file, 0, 0, "the file is empty");
    struct site_work *out = diags->n_errors == errors ? result(&r, n) : NULL;
    buf_clear(&text);
    free(r.v);
    free(r.rows);
    return out;
}
