/* The views: the documented interface for people who query the store with tools of their own.
 * all_X has every run, latest_X the latest sealed run of each site. Made anew at open for writing where they differ.
 * Runs in the parent. */
#include "store/internal.h"

#include <string.h>
#include "base/mem.h"

#define VIEW_SQL_MAX (64 * 1024)

static const char latest_run[] =
    "CREATE VIEW latest_run AS SELECT s.key AS site, r.* FROM run r JOIN site s ON s.id = r.site_id WHERE r.state = 'sealed' AND NOT EXISTS"
    " (SELECT 1 FROM run n WHERE n.site_id = r.site_id AND n.state = 'sealed' AND (n.started, n.id) > (r.started, r.id))";

/* Views over what belongs to a run: name of the view behind all_ and latest_, its table, its columns. */
static const struct { const char *name, *table, *columns; } run_views[] = {
    { "finding", "finding", "x.check_id, x.target, x.subject, x.status, x.reason, x.severity, x.method, x.observed_at, x.evidence, x.since, x.since_run_uuid, x.gone" },
    { "check_result", "check_result", "x.check_id, x.status, x.reason, x.n_pass, x.n_fail, x.n_unknown, x.low / 1e7 AS low, x.high / 1e7 AS high, x.target_counts" },
    { "score", "score", "x.level, x.id, x.low / 1e7 AS low, x.high / 1e7 AS high, x.measured / 1e7 AS measured, x.documents / 1e7 AS documents, x.told / 1e7 AS told,"
      " x.adjusted_low / 1e7 AS adjusted_low, x.adjusted_high / 1e7 AS adjusted_high, x.n_checks" },
    { "gate", "gate_result", "x.milestone, x.date, x.verdict, x.blockers, x.unproven, x.waived" },
};

static int view_refresh(struct store *s, const char *name, const char *sql, bool dry, size_t *missing)
{
    sqlite3_stmt *st = NULL;
    char *have = NULL;
    int err = sql_prepare(s, "SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?1", &st);
    if (err != 0)
        return err;
    bind_text(st, 1, name);
    err = sql_row(s, st);
    if (err > 0)
        have = col_text(st, 0);
    sqlite3_finalize(st);
    if (err >= 0)
        err = 0;
    if (err == 0 && (have == NULL || strcmp(have, sql) != 0)) {
        ++*missing;
        if (!dry && have != NULL) {
            struct buf drop = BUF_INIT(VIEW_SQL_MAX);
            buf_printf(&drop, "DROP VIEW \"%s\"", name);
            err = sql_exec(s, buf_str(&drop));
            buf_clear(&drop);
        }
        if (!dry && err == 0)
            err = sql_exec(s, sql);
    }
    free(have);
    return err;
}

static int pair_refresh(struct store *s, const char *name, const char *select, bool dry, size_t *missing)
{
    static const char *const prefixes[] = { "all_", "latest_" };
    int err = 0;
    for (size_t i = 0; err == 0 && i < N_ELEMENTS(prefixes); i++) {
        struct buf view = BUF_INIT(256), sql = BUF_INIT(VIEW_SQL_MAX);
        buf_printf(&view, "%s%s", prefixes[i], name);
        buf_printf(&sql, "CREATE VIEW \"%s\" AS %s", buf_str(&view), select);
        if (i == 1)
            buf_puts(&sql, " WHERE r.id IN (SELECT id FROM latest_run)");
        err = view.overflow || sql.overflow ? ERR_LIMIT : view_refresh(s, buf_str(&view), buf_str(&sql), dry, missing);
        buf_clear(&view);
        buf_clear(&sql);
    }
    return err;
}

static const char collection_joins[] =
    " JOIN run_collection rc ON rc.collection_id = c.id JOIN run r ON r.id = rc.run_id JOIN site s ON s.id = r.site_id JOIN target t ON t.id = c.target_id";

static int fact_view(struct store *s, const struct fact_table *t, bool dry, size_t *missing)
{
    struct buf sql = BUF_INIT(VIEW_SQL_MAX);
    char **have = NULL;
    size_t n = 0;
    /* From the table's own columns, so that an older and a newer preop which share a store agree on the view. */
    int err = schema_columns(s, t->name, &have, &n);
    if (err != 0 || n == 0)
        return err;
    buf_puts(&sql, "SELECT r.id AS run, s.key AS site, t.name AS target, c.probe, c.method, c.observed_at, c.received_at, rc.carried, f.subject");
    for (size_t i = 0; i < n; i++)
        if (strcmp(have[i], "collection_id") != 0 && strcmp(have[i], "subject") != 0)
            buf_printf(&sql, ", f.\"%s\"", have[i]);
    buf_printf(&sql, " FROM \"%s\" f JOIN collection c ON c.id = f.collection_id%s", t->name, collection_joins);
    err = sql.overflow ? ERR_LIMIT : pair_refresh(s, t->name, buf_str(&sql), dry, missing);
    buf_clear(&sql);
    strings_free(have, n);
    return err;
}

static int run_view(struct store *s, size_t i, bool dry, size_t *missing)
{
    struct buf sql = BUF_INIT(VIEW_SQL_MAX);
    buf_printf(&sql, "SELECT r.id AS run, s.key AS site, %s FROM %s x JOIN run r ON r.id = x.run_id JOIN site s ON s.id = r.site_id",
               run_views[i].columns, run_views[i].table);
    int err = pair_refresh(s, run_views[i].name, buf_str(&sql), dry, missing);
    buf_clear(&sql);
    return err;
}

static int collection_view(struct store *s, bool dry, size_t *missing)
{
    struct buf sql = BUF_INIT(VIEW_SQL_MAX);
    buf_printf(&sql, "SELECT r.id AS run, s.key AS site, t.name AS target, c.probe, c.fact_table, c.state, c.reason, c.detail, c.method, c.vantage,"
               " c.observed_at, c.received_at, c.ms, c.rows, c.notes, rc.carried, c.id AS collection_id FROM collection c%s", collection_joins);
    int err = pair_refresh(s, "collection", buf_str(&sql), dry, missing);
    buf_clear(&sql);
    return err;
}

int views_refresh(struct store *s, bool dry, size_t *missing)
{
    int err = view_refresh(s, "latest_run", latest_run, dry, missing);
    for (size_t i = 0; err == 0 && i < N_ELEMENTS(run_views); i++)
        err = run_view(s, i, dry, missing);
    if (err == 0)
        err = collection_view(s, dry, missing);
    for (size_t i = 0; err == 0 && i < fact_n_tables; i++)
        err = fact_view(s, fact_tables[i], dry, missing);
    return err;
}
