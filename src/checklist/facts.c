/* `facts TABLE --where EXPR`: the user's own expression, through the same scanner, views and authorizer as a check's. Parent. */
#include <sqlite3.h>
#include <string.h>

#include "checklist/compile.h"
#include "checklist/evaluate.h"
#include "checklist/gather.h"
#include "checklist/types.h"

#define FACTS_MS 60000

static int each_row(struct check_db *d, sqlite3_stmt *st, facts_row_fn fn, void *ctx, char **why)
{
    const char *values[FACT_MAX_COLUMNS + 4];
    size_t n = (size_t)sqlite3_column_count(st);
    int rc, err = 0;
    while (err == 0 && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        for (size_t i = 0; i < n && i < N_ELEMENTS(values); i++)
            values[i] = (const char *)sqlite3_column_text(st, (int)i);
        err = fn(ctx, values, n);
    }
    if (err == 0 && rc != SQLITE_DONE) {
        *why = xstrdup(d->timed_out ? "the expression takes too long" : sqlite3_errmsg(d->db));
        err = ERR_BAD_INPUT;
    }
    return err;
}

/* What the expression itself has wrong. */
static int judge_expression(const struct fact_table *t, const char *where, char **why)
{
    size_t at = 0;
    const char *bad = expression_scan(where, NULL, 0, &at);
    if (bad != NULL)
        *why = xasprintf("--where, at character %zu: %s", at + 1, bad);
    else
        *why = expression_types(where, t, NULL, 0, &at);
    return *why != NULL ? ERR_BAD_INPUT : 0;
}

int evaluate_facts(struct store *s, int64_t run, const struct fact_table *t, const char *where, facts_row_fn fn, void *ctx, char **why)
{
    struct check own = { .facts = t, .where = where };       /* names the tables that are read */
    const struct check *reads = &own;
    struct gathered g = { 0 };
    struct check_db d = { 0 };
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    *why = NULL;
    if (where != NULL && judge_expression(t, where, why) != 0)
        return ERR_BAD_INPUT;
    int err = gather(s, run, where != NULL && strcasestr(where, "org_") != NULL, &g);
    const char *file = sqlite3_db_filename(store_db(s), "main");
    bool immutable = file != NULL && sqlite3_uri_boolean(file, "immutable", 0) != 0;
    if (err == 0 && check_db_open(store_path(s), immutable, &db) != SQLITE_OK)
        err = ERR_STORE;
    g.job.checks = &own;
    g.job.n_checks = 1;
    if (err == 0)
        err = check_db_init(&d, db, &g.job, why);
    if (err == 0)
        err = check_db_show(&d, NULL, &reads, 1);
    if (err == 0) {
        check_db_deadline(&d, FACTS_MS);
        err = facts_compile(&d, t, where, &st, why);
    }
    if (err == 0)
        err = each_row(&d, st, fn, ctx, why);
    sqlite3_finalize(st);
    check_db_clear(&d);
    sqlite3_close(db);
    gather_clear(&g);
    return err;
}
