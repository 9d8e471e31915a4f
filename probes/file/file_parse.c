/* A CSV through its mapping: finds the headings, then takes row by row. Pure, over hostile bytes; runs in workers. */
#include "probes/file/file_parse.h"

#include <string.h>
#include "base/csv.h"
#include "base/mem.h"
#include "base/text.h"

#define STOP 1                       /* csv_read's callback: enough */
#define HEADINGS_SAID_MAX 300        /* bytes of the file's headings in a message */

/* Where a table's columns stand in this file; -1: nowhere. */
struct binding {
    int columns[FACT_MAX_COLUMNS], where[MAPPING_MAX_LIST], target[MAPPING_MAX_LIST], guests[MAPPING_MAX_LIST];
};

struct parse {
    const struct mapping *m;
    const struct file_how *how;
    struct file_result *out;
    struct binding bindings[MAPPING_MAX_TABLES];
    bool learns;                     /* the first of two readings: only what the dates of whole columns are like */
    struct dates { enum date_order order; size_t month_first, day_first; } dates[MAPPING_MAX_TABLES][FACT_MAX_COLUMNS];
    size_t n_headings;
    struct buf first_headings;       /* of the record where headings were expected, for the message */
    char first_lacks[160];
    struct buf scratch[FACT_MAX_COLUMNS];        /* texts of the row in work */
    struct buf unwrapped;
};

static void note_at(size_t *n, size_t *first, size_t record)
{
    if ((*n)++ == 0)
        *first = record;
}

static bool table_wanted(const struct parse *p, size_t t)
{
    return p->how->wanted == NULL || p->how->wanted[t];
}

/* --- headings ---------------------------------------------------------------------------------------------------------- */

static void bind_each(const struct mapping_list *headings, const char *const *fields, size_t n, int *out)
{
    for (size_t i = 0; i < headings->n; i++) {
        const struct mapping_list one = { &headings->v[i], 1 };
        out[i] = mapping_find_heading(&one, fields, n);
    }
}

static void bind_table(const struct mapping_table *t, const char *const *fields, size_t n, struct binding *b)
{
    for (size_t i = 0; i < t->n_columns; i++)
        b->columns[i] = mapping_find_heading(&t->columns[i].headings, fields, n);
    for (size_t i = 0; i < t->n_where; i++)
        b->where[i] = mapping_find_heading(&t->where[i].headings, fields, n);
    bind_each(&t->target, fields, n, b->target);
    bind_each(&t->guests, fields, n, b->guests);
}

static bool column_present(const struct mapping_table *t, const struct binding *b, size_t i)
{
    return b->columns[i] >= 0 || t->columns[i].headings.n == 0;
}

static bool column_required(const struct mapping_table *t, size_t i)
{
    for (size_t r = 0; r < t->n_required; r++) {
        if (t->required[r] == t->columns[i].column)
            return true;
    }
    return false;
}

static bool guests_bound(const struct mapping_table *t, const struct binding *b)
{
    for (size_t i = 0; i < t->guests.n; i++) {
        if (b->guests[i] >= 0)
            return true;
    }
    return false;
}

/* The headings that the table cannot do without and the file lacks: NULL when it has them all. A condition on rows whose
 * column is not there cannot be judged, so it counts too. */
static const struct mapping_list *table_lacks(const struct mapping_table *t, const struct binding *b)
{
    size_t n_found = 0;

    for (size_t i = 0; i < t->n_columns; i++) {
        if (column_required(t, i) && !column_present(t, b, i))
            return &t->columns[i].headings;
        n_found += b->columns[i] >= 0;
    }
    for (size_t i = 0; i < t->n_where; i++) {
        if (b->where[i] < 0)
            return &t->where[i].headings;
    }
    if (t->guests.n > 0 && !guests_bound(t, b))
        return &t->guests;
    return n_found == 0 && t->n_columns > 0 ? &t->columns[0].headings : NULL;
}

static bool place_is_used(const struct parse *p, int place)
{
    for (size_t t = 0; t < p->m->n_tables; t++) {
        for (size_t i = 0; i < p->m->tables[t].n_columns; i++) {
            if (p->bindings[t].columns[i] == place)
                return true;
        }
    }
    return false;
}

static void heading_repeated(struct parse *p, const char *const *fields, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        const char *name = fields[i];
        const struct mapping_list one = { &name, 1 };

        if (name[0] != '\0' && place_is_used(p, (int)i) && mapping_find_heading(&one, fields + i + 1, n - i - 1) >= 0) {
            snprintf(p->out->repeated_heading, sizeof(p->out->repeated_heading), "%.100s", name);
            return;
        }
    }
}

static void list_say(const struct mapping_list *l, char *out, size_t out_len)
{
    struct buf b = BUF_INIT(64 * MAPPING_MAX_LIST);

    for (size_t i = 0; l != NULL && i < l->n; i++)
        buf_printf(&b, "%s\"%.50s\"", i > 0 ? " or " : "", l->v[i]);
    snprintf(out, out_len, "%s", buf_str(&b));
    buf_clear(&b);
}

/* Whether this record is the heading row: then every table of the mapping is bound to it. */
static bool headings_take(struct parse *p, size_t record, const char *const *fields, size_t n)
{
    const struct mapping_list *lacks;
    bool any = false;

    for (size_t t = 0; t < p->m->n_tables; t++) {
        struct file_table_result *r = &p->out->tables[t];

        bind_table(&p->m->tables[t], fields, n, &p->bindings[t]);
        lacks = table_lacks(&p->m->tables[t], &p->bindings[t]);
        r->usable = lacks == NULL;
        list_say(lacks, r->lacks, sizeof(r->lacks));
        for (size_t i = 0; i < p->m->tables[t].n_columns; i++) {
            int place = p->bindings[t].columns[i];

            r->columns[i].present = column_present(&p->m->tables[t], &p->bindings[t], i);
            r->columns[i].order = p->dates[t][i].order;
            r->columns[i].month_first = p->dates[t][i].month_first;
            r->columns[i].day_first = p->dates[t][i].day_first;
            snprintf(r->columns[i].heading, sizeof(r->columns[i].heading), "%s", place < 0 ? "" : fields[place]);
        }
        any = any || r->usable;
    }
    if (!any)
        return false;
    p->out->header_record = record;
    p->n_headings = n;
    heading_repeated(p, fields, n);
    return true;
}

static void remember_headings(struct parse *p, const char *const *fields, size_t n)
{
    size_t first = 0;

    while (first + 1 < p->m->n_tables && !table_wanted(p, first))
        first++;
    snprintf(p->first_lacks, sizeof(p->first_lacks), "%s", p->out->tables[first].lacks);
    buf_reset(&p->first_headings);
    for (size_t i = 0; i < n && p->first_headings.len < HEADINGS_SAID_MAX; i++) {
        if (fields[i][0] != '\0')
            buf_printf(&p->first_headings, "%s\"%.60s\"", p->first_headings.len > 0 ? ", " : "", fields[i]);
    }
}

/* --- rows -------------------------------------------------------------------------------------------------------------- */

/* Excel's ways with a cell: ="00123" keeps zeros, #N/A is an error. */
static const char *cell_text(struct parse *p, const char *field)
{
    static const char *const errors[] = { "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!" };
    size_t len = strlen(field);

    for (size_t i = 0; field[0] == '#' && i < N_ELEMENTS(errors); i++) {
        if (strcmp(field, errors[i]) == 0)
            return "";
    }
    if (len < 3 || field[0] != '=' || field[1] != '"' || field[len - 1] != '"')
        return field;
    buf_reset(&p->unwrapped);
    buf_append(&p->unwrapped, field + 2, len - 3);
    return buf_str(&p->unwrapped);
}

static const char *field_at(struct parse *p, const char *const *fields, size_t n, int place)
{
    return place < 0 || (size_t)place >= n ? "" : cell_text(p, fields[place]);
}

static bool where_holds(struct parse *p, const struct mapping_table *t, const struct binding *b, const char *const *fields, size_t n)
{
    for (size_t i = 0; i < t->n_where; i++) {
        if (!mapping_where_holds(&t->where[i], field_at(p, fields, n, b->where[i])))
            return false;
    }
    return true;
}

/* A cell may hold several addresses: the whole is tried first, then its parts. */
static const char *target_of_cell(struct parse *p, const char *cell)
{
    const char *found = file_aliases_find(p->how->aliases, cell);
    size_t len;

    for (const char *at = cell; found == NULL && *at != '\0'; at += len + (at[len] != '\0')) {
        len = strcspn(at, ",;\n");
        if (len == 0 || (at == cell && at[len] == '\0'))
            continue;
        char *part = xstrndup(at, len);
        found = file_aliases_find(p->how->aliases, part);
        free(part);
    }
    return found;
}

static const char *target_of_row(struct parse *p, const struct mapping_table *t, const struct binding *b, const char *const *fields, size_t n)
{
    const char *found = NULL;

    for (size_t i = 0; i < t->target.n && found == NULL && p->how->aliases != NULL; i++) {
        const char *cell = field_at(p, fields, n, b->target[i]);
        if (cell[0] != '\0' && strlen(cell) < 1024)
            found = target_of_cell(p, cell);
    }
    return found;
}

enum row_fate { ROW_WHOLE, ROW_BLANK, ROW_INCOMPLETE, ROW_UNREADABLE };

static enum row_fate row_fill(struct parse *p, size_t ti, size_t record, const char *const *fields, size_t n, struct fact_row *row)
{
    const struct mapping_table *t = &p->m->tables[ti];
    struct file_table_result *r = &p->out->tables[ti];
    bool incomplete = false, unreadable = false, anything = false;

    fact_row_init(row, t->table);
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct mapping_column *c = &t->columns[i];
        const char *cell = field_at(p, fields, n, p->bindings[ti].columns[i]);
        enum mapping_result got = mapping_set(p->m, c, r->columns[i].order, cell, row, &p->scratch[i]);

        anything = anything || (got != MAPPING_EMPTY && c->headings.n > 0);
        if (got == MAPPING_BAD)
            note_at(&r->columns[i].n_bad, &r->columns[i].first_bad, record);
        if (got == MAPPING_AMBIGUOUS)
            note_at(&r->columns[i].n_ambiguous, &r->columns[i].first_ambiguous, record);
        if (got != MAPPING_SET && column_required(t, i)) {
            incomplete = true;
            unreadable = unreadable || got == MAPPING_BAD || got == MAPPING_AMBIGUOUS;
        }
    }
    if (!anything)
        return ROW_BLANK;
    return unreadable ? ROW_UNREADABLE : incomplete ? ROW_INCOMPLETE : ROW_WHOLE;
}

static int row_take(struct parse *p, size_t ti, size_t record, const char *const *fields, size_t n)
{
    const struct mapping_table *t = &p->m->tables[ti];
    struct file_table_result *r = &p->out->tables[ti];
    struct fact_row row;

    if (!where_holds(p, t, &p->bindings[ti], fields, n))
        return 0;
    switch (row_fill(p, ti, record, fields, n, &row)) {
    case ROW_BLANK:
        return 0;
    case ROW_INCOMPLETE:
        note_at(&r->n_incomplete, &r->first_incomplete, record);
        return 0;
    case ROW_UNREADABLE:
        note_at(&r->n_unreadable, &r->first_unreadable, record);
        return 0;
    case ROW_WHOLE:
        break;
    }
    r->rows++;
    return p->how->fn(p->how->arg, target_of_row(p, t, &p->bindings[ti], fields, n), &row) ? 0 : STOP;
}

/* Any cell that says guests wins; without one, any that names a network of the clinic's own. */
static enum guests_verdict guests_of_row(struct parse *p, const struct mapping_table *t, const struct binding *b, const char *const *fields, size_t n, const char **label)
{
    enum guests_verdict best = GUESTS_CANNOT_TELL;

    for (size_t i = 0; i < t->guests.n && best != GUESTS_YES && p->how->guests != NULL; i++) {
        enum guests_verdict v = guests_of_cell(p->how->guests, field_at(p, fields, n, b->guests[i]), label);
        best = v > best ? v : best;
    }
    return best;
}

static bool is_empty(const char *const *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (fields[i][0] != '\0')
            return false;
    }
    return true;
}

/* Guests and patients are counted, once for the record, and no table gets it; nor one of which it cannot be told. */
static bool is_left_out(struct parse *p, size_t record, const char *const *fields, size_t n)
{
    for (size_t t = 0; t < p->m->n_tables; t++) {
        const struct mapping_table *table = &p->m->tables[t];
        const char *label = "";

        if (table->guests.n == 0 || !p->out->tables[t].usable || !where_holds(p, table, &p->bindings[t], fields, n))
            continue;
        switch (guests_of_row(p, table, &p->bindings[t], fields, n, &label)) {
        case GUESTS_YES:
            guest_tally_add(&p->out->guests, label);
            return true;
        case GUESTS_CANNOT_TELL:
            note_at(&p->out->n_undecided, &p->out->first_undecided, record);
            return true;
        case GUESTS_NO:
            break;
        }
    }
    return false;
}

/* Filled cells beyond the last heading: a separator within an unquoted value has moved everything behind it. */
static bool row_is_shifted(const struct parse *p, const char *const *fields, size_t n)
{
    for (size_t i = p->n_headings; i < n; i++) {
        if (fields[i][0] != '\0')
            return true;
    }
    return false;
}

/* "Total: 45 devices", "Report created on ...": lines that programs put below a list, with nothing in any other cell. They are
 * no hosts and no people. */
static bool row_is_remark(const struct parse *p, const char *const *fields, size_t n)
{
    static const char *const words[] = { "total", "totals", "grand total", "subtotal", "count", "sum", "summary", "number of", "report", "generated", "created",
                                         "exported", "printed", "page", "end of", "filter", "filters", "applied filters", "source", "copyright" };
    const char *only = NULL;

    for (size_t i = 0; i < n; i++) {
        if (fields[i][0] != '\0' && only != NULL)
            return false;
        if (fields[i][0] != '\0')
            only = fields[i];
    }
    for (size_t w = 0; only != NULL && p->n_headings > 1 && w < N_ELEMENTS(words); w++) {
        size_t len = strlen(words[w]);

        if (strncasecmp(only, words[w], len) == 0 && (only[len] == '\0' || strchr(" :\t(=", only[len]) != NULL))
            return true;
    }
    return false;
}

/* --- month or day first -------------------------------------------------------------------------------------------------- */

static bool any_either(const struct mapping *m)
{
    for (size_t t = 0; t < m->n_tables; t++) {
        for (size_t i = 0; i < m->tables[t].n_columns; i++) {
            if (mapping_has_either(&m->tables[t].columns[i]))
                return true;
        }
    }
    return false;
}

/* Every row of the file counts, also those that no table gets: the same program wrote them. */
static void learn_dates(struct parse *p, size_t record, const char *const *fields, size_t n)
{
    for (size_t t = 0; t < p->m->n_tables; t++) {
        for (size_t i = 0; i < p->m->tables[t].n_columns; i++) {
            struct dates *d = &p->dates[t][i];
            const char *cell = field_at(p, fields, n, p->bindings[t].columns[i]);
            enum date_order said = mapping_date_evidence(p->m, &p->m->tables[t].columns[i], cell, &p->scratch[i]);

            if (said == DATES_MONTH_FIRST && d->month_first == 0)
                d->month_first = record;
            if (said == DATES_DAY_FIRST && d->day_first == 0)
                d->day_first = record;
        }
    }
}

static enum date_order order_of(const struct dates *d, enum date_order declared)
{
    if (d->month_first != 0 && d->day_first != 0)
        return DATES_CONTRADICT;
    const enum date_order shown = d->month_first != 0 ? DATES_MONTH_FIRST : d->day_first != 0 ? DATES_DAY_FIRST : DATES_UNKNOWN;
    if (declared == DATES_UNKNOWN || shown == declared)
        return shown;
    return shown == DATES_UNKNOWN ? declared : DATES_CONTRADICT;
}

static void settle_dates(struct parse *p)
{
    for (size_t t = 0; t < p->m->n_tables; t++) {
        for (size_t i = 0; i < p->m->tables[t].n_columns; i++) {
            if (mapping_has_either(&p->m->tables[t].columns[i]))
                p->dates[t][i].order = order_of(&p->dates[t][i], p->how->dates);
        }
    }
}

static int on_record(void *arg, size_t record, const char *const *fields, size_t n)
{
    struct parse *p = arg;
    int rc = 0;

    if (p->out->header_record == 0) {
        if (record < p->m->header_row)
            return 0;
        if (headings_take(p, record, fields, n))
            return 0;
        if (record == p->m->header_row)
            remember_headings(p, fields, n);
        return record < MAPPING_MAX_HEADER_ROW ? 0 : STOP;
    }
    if (p->learns) {
        if (!row_is_shifted(p, fields, n) && !row_is_remark(p, fields, n))
            learn_dates(p, record, fields, n);
        return 0;
    }
    if (row_is_shifted(p, fields, n)) {
        note_at(&p->out->n_shifted, &p->out->first_shifted, record);
        return 0;
    }
    if (row_is_remark(p, fields, n)) {
        note_at(&p->out->n_remarks, &p->out->first_remark, record);
        return 0;
    }
    if (is_empty(fields, n) || is_left_out(p, record, fields, n))
        return 0;
    for (size_t t = 0; t < p->m->n_tables && rc == 0; t++) {
        if (p->out->tables[t].usable && table_wanted(p, t))
            rc = row_take(p, t, record, fields, n);
    }
    return rc;
}

/* --- the file ---------------------------------------------------------------------------------------------------------- */

/* No record fits: names what the first wanted table misses in the row where headings were expected, and what stands there. */
static void headings_missing(struct parse *p)
{
    p->out->reason = REASON_BAD_FILE;
    if (p->first_headings.len == 0)
        snprintf(p->out->detail, sizeof(p->out->detail), "no headings: the file has fewer than %u lines", p->m->header_row);
    else
        snprintf(p->out->detail, sizeof(p->out->detail), "no heading %s; the file has %s", p->first_lacks, buf_str(&p->first_headings));
}

static void read_with(struct parse *p, const char *text, size_t len, char separator)
{
    int rc;

    memset(p->dates, 0, sizeof(p->dates));
    if (any_either(p->m)) {
        *p->out = (struct file_result){ .reason = REASON_NONE };
        p->learns = true;
        rc = csv_read(text, len, separator, on_record, p);
        p->learns = false;
        if (rc >= 0 || p->out->header_record != 0)       /* what is wrong with it, the second reading says */
            settle_dates(p);
    }
    *p->out = (struct file_result){ .reason = REASON_NONE };
    rc = csv_read(text, len, separator, on_record, p);
    if (rc >= 0)
        return;
    p->out->reason = REASON_BAD_FILE;
    p->out->partial = true;
    snprintf(p->out->detail, sizeof(p->out->detail), "%s", rc == ERR_LIMIT ? "a line has more than 512 fields, or a field more than 64 KiB" :
             rc == ERR_FORMAT ? "a quote is opened and never closed: the file was cut, or quotes mean something else in it" : err_text(rc));
}

/* A title above the headings hides the separator from the guess: then the others are tried. */
static void read_any(struct parse *p, const char *text, size_t len)
{
    static const char others[] = ",;\t|";
    char first = p->m->separator != 0 ? p->m->separator : csv_guess_separator(text, len);

    read_with(p, text, len, first);
    for (size_t i = 0; i < sizeof(others) - 1 && p->out->header_record == 0 && p->m->separator == 0; i++) {
        if (others[i] != first)
            read_with(p, text, len, others[i]);
    }
    if (p->out->header_record == 0 && p->m->separator == 0)
        read_with(p, text, len, first);      /* for the message */
    if (p->out->header_record == 0)
        headings_missing(p);
}

void file_csv_parse(const struct mapping *m, const struct file_how *how, const char *text, size_t len, struct file_result *out)
{
    struct parse *p = xcalloc(1, sizeof(*p));

    p->m = m;
    p->how = how;
    p->out = out;
    buf_init(&p->first_headings, 2 * HEADINGS_SAID_MAX);
    buf_init(&p->unwrapped, CSV_MAX_FIELD_BYTES + 1);
    for (size_t i = 0; i < FACT_MAX_COLUMNS; i++)
        buf_init(&p->scratch[i], CSV_MAX_FIELD_BYTES + 1);
    read_any(p, text, len);
    for (size_t i = 0; i < FACT_MAX_COLUMNS; i++)
        buf_clear(&p->scratch[i]);
    buf_clear(&p->unwrapped);
    buf_clear(&p->first_headings);
    free(p);
}
