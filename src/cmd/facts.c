/* preop facts: the rows of a fact table of one run, and the tables' contracts. */
#include <jansson.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "checklist/evaluate.h"
#include "cmd/commands.h"
#include "report/style.h"

enum format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };
static const char *const formats[] = { "table", "csv", "json", NULL };
static const char *const fixed[] = { "target", "subject", "method", "observed_at" };
#define N_FIXED 4

/* --- the contracts --- */

static json_t *column_json(const struct fact_column *c)
{
    return json_pack("{s:s, s:s, s:b, s:b, s:s?, s:s?, s:s?}", "name", c->name, "type", fact_type_name(c->type), "key", (c->flags & FACT_KEY) != 0,
                     "personal", (c->flags & FACT_PERSONAL) != 0, "unit", c->unit, "source", c->source, "help", c->help);
}

static void schema_json(FILE *out, const struct fact_table *only)
{
    json_t *list = json_array();
    for (size_t i = 0; i < fact_n_tables; i++) {
        const struct fact_table *t = fact_tables[i];
        json_t *columns = json_array();
        if (only && t != only)
            continue;
        for (size_t k = 0; k < t->n_columns; k++)
            json_array_append_new(columns, column_json(&t->columns[k]));
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name", t->name, "summary", t->summary, "columns", columns));
    }
    json_dumpf(list, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(list);
}

static void schema_text(struct page *p, const struct fact_table *only)
{
    const size_t widths[] = { 2, 26, 10, 7, 0 };
    for (size_t i = 0; i < fact_n_tables; i++) {
        const struct fact_table *t = fact_tables[i];
        if (only && t != only)
            continue;
        page_heading(p, t->name, "");
        page_wrap(p, INK_PLAIN, 0, "%s", t->summary);
        for (size_t k = 0; k < t->n_columns; k++) {
            const struct fact_column *c = &t->columns[k];
            struct buf about = BUF_INIT(4096);
            buf_printf(&about, "%s [%s]", c->help ? c->help : "", c->source ? c->source : "");
            const char *cells[] = { c->flags & FACT_KEY ? " *" : "", c->name, fact_type_name(c->type), c->unit ? c->unit : "", buf_str(&about) };
            page_row(p, INK_PLAIN, cells, widths, N_ELEMENTS(cells));
            buf_clear(&about);
        }
    }
    page_blank(p);
    page_wrap(p, INK_DIM, 0, "* is part of what identifies a row. Beside these, `where` may use target, subject, method, probe, vantage and observed_at.");
}

/* --- rows --- */

#define MAX_COLUMNS (FACT_MAX_COLUMNS + N_FIXED)
#define WIDE_CELL 32

struct rows { char ***v; size_t n, cap; };
struct sink { const struct fact_table *t; enum format format; FILE *out; struct rows rows; bool no_names, first; };

static bool hidden(const struct sink *k, size_t i)
{
    return k->no_names && i >= N_FIXED && (k->t->columns[i - N_FIXED].flags & FACT_PERSONAL);
}

static const char *column_name(const struct fact_table *t, size_t i)
{
    return i < N_FIXED ? fixed[i] : t->columns[i - N_FIXED].name;
}

static json_t *value_json(const struct fact_table *t, size_t i, const char *text)
{
    long long number;
    if (!text)
        return json_null();
    if (i >= N_FIXED && t->columns[i - N_FIXED].type == FACT_BOOLEAN)
        return json_boolean(strcmp(text, "1") == 0);
    if (i >= N_FIXED && t->columns[i - N_FIXED].type == FACT_INTEGER && text_parse_int(text, INT64_MIN, INT64_MAX, &number))
        return json_integer(number);
    if (i >= N_FIXED && t->columns[i - N_FIXED].type == FACT_REAL)
        return json_real(strtod(text, NULL));
    return json_string(text);
}

static void put_json(struct sink *k, const char *const *values, size_t n)
{
    json_t *j = json_object();
    for (size_t i = 0; i < n; i++)
        if (!hidden(k, i))
            json_object_set_new(j, column_name(k->t, i), value_json(k->t, i, values[i]));
    fputs(k->first ? "[\n  " : ",\n  ", k->out);
    json_dumpf(j, k->out, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(j);
    k->first = false;
}

static void put_csv(struct sink *k, const char *const *values, size_t n)
{
    struct buf line = BUF_INIT(16u << 20);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (hidden(k, i))
            continue;
        if (any)
            buf_putc(&line, ',');
        any = true;
        text_csv_field(&line, values[i] ? values[i] : "");
    }
    fprintf(k->out, "%s\r\n", buf_str(&line));
    buf_clear(&line);
}

static void keep(struct sink *k, const char *const *values, size_t n)
{
    struct rows *r = &k->rows;
    if (r->n == r->cap) {
        r->cap = r->cap ? r->cap * 2 : 64;
        r->v = xrealloc_array(r->v, r->cap, sizeof(char **));
    }
    char **row = xcalloc(n, sizeof(char *));
    for (size_t i = 0; i < n; i++)
        row[i] = xstrdup(values[i]);
    r->v[r->n++] = row;
}

static int take(void *ctx, const char *const *values, size_t n)
{
    struct sink *k = ctx;
    if (k->format == FORMAT_JSON)
        put_json(k, values, n);
    else if (k->format == FORMAT_CSV)
        put_csv(k, values, n);
    else
        keep(k, values, n);
    return 0;
}

struct shown { size_t column[MAX_COLUMNS], width[MAX_COLUMNS], n, total; };

/* The columns that say something, as wide as they must be. */
static void choose_columns(const struct sink *k, struct shown *s)
{
    s->n = s->total = 0;
    for (size_t i = 0; i < k->t->n_columns + N_FIXED; i++) {
        bool said = i == 0;
        size_t width = text_width(column_name(k->t, i));
        for (size_t r = 0; r < k->rows.n; r++) {
            const char *v = k->rows.v[r][i];
            said = said || (v && v[0]);
            if (v && text_width(v) > width)
                width = text_width(v);
        }
        if (!said || i == 1 || i == 2 || i == 3 || hidden(k, i))
            continue;
        s->width[s->n] = width > WIDE_CELL ? WIDE_CELL : width;
        s->total += s->width[s->n] + 1;
        s->column[s->n++] = i;
    }
}

/* One value to a line: what a terminal is too narrow for as a table. */
static void put_records(const struct sink *k, const struct shown *s, struct page *p)
{
    for (size_t r = 0; r < k->rows.n; r++) {
        for (size_t i = 0; i < s->n; i++) {
            const char *v = k->rows.v[r][s->column[i]];
            if (v && v[0])
                page_wrap(p, i == 0 ? INK_STRONG : INK_PLAIN, 22, "%s%-*s %s", i == 0 ? "" : "  ", i == 0 ? 21 : 19, column_name(k->t, s->column[i]), v);
        }
        page_blank(p);
    }
}

/* A wide table goes over the edge of the paper, not of the truth: cells end in "...". A terminal has no edge to go over. */
static void put_table(const struct sink *k, struct page *p)
{
    struct shown s;
    const char *cells[MAX_COLUMNS];
    choose_columns(k, &s);
    if (s.total > p->style.width + 1 && isatty(fileno(p->out))) {
        put_records(k, &s, p);
        return;
    }
    p->style.width = s.total > p->style.width ? s.total : p->style.width;
    for (size_t i = 0; i < s.n; i++)
        cells[i] = column_name(k->t, s.column[i]);
    page_row(p, INK_STRONG, cells, s.width, s.n);
    for (size_t r = 0; r < k->rows.n; r++) {
        for (size_t i = 0; i < s.n; i++)
            cells[i] = k->rows.v[r][s.column[i]] ? k->rows.v[r][s.column[i]] : "";
        page_row(p, INK_PLAIN, cells, s.width, s.n);
    }
}

static void rows_clear(struct rows *r, size_t n_columns)
{
    for (size_t i = 0; i < r->n; i++) {
        for (size_t k = 0; k < n_columns; k++)
            free(r->v[i][k]);
        free(r->v[i]);
    }
    free(r->v);
}

static int print_rows(struct args *a, struct store *s, int64_t run, const struct fact_table *t, enum format format)
{
    FILE *out = args_output(a);
    if (!out)
        return EXIT_USAGE;
    struct sink k = { .t = t, .format = format, .out = out, .first = true, .no_names = arg_flag(a, "no-names") };
    if (format == FORMAT_CSV) {
        const char *names[MAX_COLUMNS];
        for (size_t i = 0; i < t->n_columns + N_FIXED; i++)
            names[i] = column_name(t, i);
        put_csv(&k, names, t->n_columns + N_FIXED);
    }
    char *why = NULL;
    int err = evaluate_facts(s, run, t, arg_text(a, "where"), take, &k, &why), status = EXIT_DONE;
    if (err)
        status = fail_err(err, "%s", why ? why : err_text(err));
    if (format == FORMAT_JSON && !err)
        fputs(k.first ? "[]\n" : "\n]\n", out);
    if (format == FORMAT_TABLE && !err) {
        struct page p = { .out = out };
        args_style(a, out, &p.style);
        put_table(&k, &p);
        if (!arg_flag(a, "quiet"))
            page_line(&p, INK_DIM, "%zu %s", k.rows.n, k.rows.n == 1 ? "row" : "rows");
    }
    rows_clear(&k.rows, t->n_columns + N_FIXED);
    free(why);
    return args_output_close(a, out, status);
}

static int unknown_table(const char *name)
{
    const char *names[FACT_MAX_TABLES];
    size_t n = 0;
    for (size_t i = 0; i < fact_n_tables && n < N_ELEMENTS(names); i++)
        names[n++] = fact_tables[i]->name;
    const char *near = nearest_word(name, names, n);
    return near ? fail_usage("facts: no table '%s' (did you mean '%s'?)", name, near) : fail_usage("facts: no table '%s'; `preop facts --schema` lists them", name);
}

static int run(struct args *a)
{
    const char *const *rest;
    size_t n = arg_rest(a, &rest);
    int status = EXIT_DONE, format = args_format(a);
    const struct fact_table *t = n ? fact_table_find(rest[0]) : NULL;
    if (n && !t)
        return unknown_table(rest[0]);
    if (arg_flag(a, "schema") || !t) {
        FILE *out = args_output(a);
        struct page p = { .out = out };
        if (!out)
            return EXIT_USAGE;
        args_style(a, out, &p.style);
        if (format == FORMAT_JSON)
            schema_json(out, t);
        else
            schema_text(&p, t);
        return args_output_close(a, out, EXIT_DONE);
    }
    struct run found = { 0 };
    char *key = args_site_key(a, &status);
    struct store *s = key ? args_store(a, STORE_READ, &status) : NULL;
    if (s && args_run(a, s, key, arg_text(a, "run"), &found, &status))
        status = print_rows(a, s, found.id, t, (enum format)format);
    run_clear(&found);
    store_close(s);
    free(key);
    return status;
}

static const struct opt opts[] = {
    { "where", 'w', OPT_TEXT, "EXPR", "only rows for which this SQL expression is true: \"speed_mbps < 1000\"" },
    { "run", 0, OPT_TEXT, "RUN", "of this run (default: latest)" },
    { "schema", 0, OPT_FLAG, NULL, "the tables and columns instead of rows" },
    { "no-names", 0, OPT_FLAG, NULL, "leave out what names people" },
};

const struct cmd cmd_facts = {
    .name = "facts", .synopsis = "[TABLE]", .summary = "What was found: the rows of a fact table, as table, CSV or JSON", .group = "read",
    .details = "Without TABLE: which tables there are.\nExample: preop facts interfaces --where \"admin_up AND NOT oper_up\" --format csv",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = 1, .formats = formats, .run = run,
};
