/* Lint, the half that runs SQL: does it compile, are comparisons of one type? Parent; nothing is executed, only compiled, on an empty database in memory. */
#include "checklist/lint.h"

#include <string.h>

#include "checklist/compile.h"
#include "checklist/evaluate.h"
#include "checklist/types.h"

struct place { const char *name, *text; int line, column; };

static struct place place_of(const struct check *c, enum check_part part)
{
    switch (part) {
    case PART_WHERE: return (struct place){ "where", c->where, c->where_line, c->where_column };
    case PART_PASS: return (struct place){ "pass", c->pass, c->pass_line, c->pass_column };
    case PART_QUERY: return (struct place){ "query", c->query, c->query_line, c->query_column };
    case PART_GRADE: return (struct place){ "grade", NULL, c->line, c->column };
    case PART_SHOW: return (struct place){ "show", NULL, c->line, c->column };
    }
    return (struct place){ "", NULL, c->line, c->column };
}

/* "no such column: speed": what it was meant to be. */
static const char *meant(const struct check *c, const char *text)
{
    static const char prefix[] = "no such column: ";
    const char *names[FACT_MAX_COLUMNS + 16];
    size_t n = 0;
    if (c->facts == NULL || strncmp(text, prefix, sizeof(prefix) - 1) != 0)
        return NULL;
    for (size_t i = 0; i < c->facts->n_columns; i++)
        names[n++] = c->facts->columns[i].name;
    for (size_t i = 0; i < n_view_columns; i++)
        names[n++] = view_columns[i];
    return nearest_word(text + sizeof(prefix) - 1, names, n);
}

static void report(const struct check *c, enum check_part part, size_t item, const char *text, struct diags *diags)
{
    struct place p = place_of(c, part);
    const char *near = meant(c, text);
    const char *shown = part == PART_SHOW && item < c->n_show ? c->show[item] : NULL;
    diag_add(diags, DIAG_ERROR, c->file, p.line, p.column, "%s: %s%s%s: %s%s%s%s", c->id, p.name, shown != NULL ? " " : "", shown != NULL ? shown : "", text,
             near != NULL ? " (did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?)" : "");
}

static void type_part(const struct check *c, enum check_part part, const char *expr, size_t item, struct diags *diags)
{
    size_t at = 0;
    char *bad = expr != NULL ? expression_types(expr, c->facts, c->params, c->n_params, &at) : NULL;
    if (bad != NULL)
        report(c, part, item, bad, diags);
    free(bad);
}

/* A table that nobody can fill leaves its check unknown at every site, for ever. fed: by place in the registry; NULL: nobody asked. */
static void feeds(const struct check *c, const struct check_reads *reads, const bool *fed, struct diags *diags)
{
    for (size_t i = 0; fed != NULL && i < reads->n_tables; i++) {
        size_t table = reads->tables[i] & ~EVAL_ORG;
        if (!fed[table])
            diag_add(diags, DIAG_ERROR, c->file, c->line, c->column, "%s: nothing fills %s, no probe, kind of evidence, form or sheet: this check can only be unknown", c->id,
                     fact_tables[table]->name);
    }
}

static void compile_one(struct check_db *d, const struct check *c, const bool *fed, struct diags *diags)
{
    struct check_reads reads = { 0 };
    struct compile_error e = { 0 };
    if (check_compile(d, c, &reads, &e) != 0) {
        report(c, e.part, e.item, e.text, diags);
        free(e.text);
        return;
    }
    feeds(c, &reads, fed, diags);
    free(reads.tables);
    type_part(c, PART_WHERE, c->where, 0, diags);
    type_part(c, PART_PASS, c->pass, 0, diags);
    type_part(c, PART_QUERY, c->query, 0, diags);
    for (size_t i = 0; i < c->n_grades; i++)
        type_part(c, PART_GRADE, c->grades[i].when, i, diags);
}

static void compile_all(const struct checklists *c, const bool *fed, struct diags *diags)
{
    struct check_db d = { 0 };
    struct eval_job job = { .db = "", .checks = c->checks, .n_checks = c->n_checks };
    sqlite3 *db = NULL;
    char *why = NULL;
    if (sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK || check_db_init(&d, db, &job, &why) != 0)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "checks cannot be compiled: %s", why != NULL ? why : "out of memory");
    else
        for (size_t i = 0; i < c->n_checks; i++)
            compile_one(&d, &c->checks[i], fed, diags);
    free(why);
    check_db_clear(&d);
    sqlite3_close(db);
}

void lint_compile(const struct checklists *c, struct diags *diags)
{
    compile_all(c, NULL, diags);
}

void evaluate_lint(const struct checklists *c, const bool *fed, struct diags *diags)
{
    compile_all(c, fed, diags);
    lint_texts(c, diags);
}
