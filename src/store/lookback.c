/* What the store had of a site by a moment, and what of it came only later: for readers who look back. Parent. */
#include "store/internal.h"

#include <stdlib.h>

#include "base/mem.h"

static const char sql_late[] =
    "SELECT r.id, r.received_at, t.name, c.fact_table, c.observed_at, min(r.received_at || printf('%020d', r.id))"
    " FROM site o JOIN target t ON t.site_id = o.id JOIN collection c ON c.target_id = t.id"
    " JOIN run_collection k ON k.collection_id = c.id JOIN run r ON r.id = k.run_id"
    " WHERE o.key = ?1 AND c.received_at > ?2 AND c.observed_at <= ?2 AND c.state IN ('complete', 'partial') AND r.state = 'sealed' AND r.received_at > ?2"
    "  AND NOT EXISTS (SELECT 1 FROM collection e WHERE e.target_id = c.target_id AND e.fact_table = c.fact_table AND e.probe = c.probe AND e.sha256 = c.sha256"
    "   AND e.observed_at = c.observed_at AND e.state IN ('complete', 'partial') AND e.received_at <= ?2)"
    " GROUP BY t.id, c.fact_table, c.probe, c.sha256, c.observed_at ORDER BY 6, t.name, c.fact_table";

static const char sql_read[] =
    "SELECT DISTINCT t.name, c.fact_table FROM site o JOIN target t ON t.site_id = o.id JOIN collection c ON c.target_id = t.id"
    " WHERE o.key = ?1 AND c.state IN ('complete', 'unsupported')"
    "  AND EXISTS (SELECT 1 FROM run_collection k JOIN run r ON r.id = k.run_id WHERE k.collection_id = c.id AND r.state = 'sealed' AND r.received_at <= ?2)"
    " ORDER BY t.name, c.fact_table";

/* The hashes of a run's records in one text: equal to those of the run before where none of the files changed. */
static const char sql_records[] =
    "WITH v AS (SELECT r.id, r.received_at AS at, coalesce((SELECT group_concat(x, ' ') FROM (SELECT i.kind || i.sha256 AS x FROM run_input i WHERE i.run_id = r.id"
    "  AND i.kind IN ('waivers', 'decisions', 'requests') ORDER BY i.kind, i.name)), '') AS files FROM run r JOIN site o ON o.id = r.site_id WHERE o.key = ?1 AND r.state = 'sealed'),"
    " w AS (SELECT id, at, files, lag(files) OVER (ORDER BY at, id) AS before FROM v)"
    " SELECT id, at FROM w WHERE before IS NOT files ORDER BY at, id";

/* ?1: the site, ?2: the moment. */
static int prepare(struct store *s, const char *sql, const char *site, int64_t moment, sqlite3_stmt **st)
{
    int err = sql_prepare(s, sql, st);
    if (err != 0)
        return err;
    bind_text(*st, 1, site);
    if (sqlite3_bind_parameter_count(*st) > 1)
        bind_time(*st, 2, moment);
    return 0;
}

/* Every row as an element of `size` bytes; read gives false for one that is left out. What was read stays in *out also when it failed. */
static int read_all(struct store *s, sqlite3_stmt *st, size_t size, bool (*read)(sqlite3_stmt *, void *), void **out, size_t *n)
{
    size_t cap = 0;
    int more;
    while ((more = sql_row(s, st)) > 0) {
        if (*n == cap) {
            cap = cap > 0 ? 2 * cap : 16;
            *out = xrealloc_array(*out, cap, size);
        }
        *n += read(st, (char *)*out + *n * size);
    }
    sqlite3_finalize(st);
    return more;
}

/* NULL: of a later version of this program. */
static const struct fact_table *col_table(sqlite3_stmt *st, int i)
{
    char *name = col_word(st, i);
    const struct fact_table *t = fact_table_find(name);
    free(name);
    return t;
}

static bool late_read(sqlite3_stmt *st, void *at)
{
    struct late_collection *c = at;
    const struct fact_table *t = col_table(st, 3);
    if (t == NULL)
        return false;
    *c = (struct late_collection){ .run = col_int(st, 0), .received_at = col_time(st, 1), .target = col_word(st, 2), .table = t, .observed_at = col_time(st, 4) };
    return true;
}

int store_late(struct store *s, const char *site, int64_t moment, struct late_collection **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    void *v = NULL;
    *out = NULL;
    *n = 0;
    int err = prepare(s, sql_late, site, moment, &st);
    if (err == 0)
        err = read_all(s, st, sizeof(**out), late_read, &v, n);
    *out = v;
    if (err != 0) {
        late_free(*out, *n);
        *out = NULL;
        *n = 0;
    }
    return err;
}

void late_free(struct late_collection *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(v[i].target);
    free(v);
}

static bool table_read_read(sqlite3_stmt *st, void *at)
{
    struct table_read *r = at;
    const struct fact_table *t = col_table(st, 1);
    if (t == NULL)
        return false;
    *r = (struct table_read){ .target = col_word(st, 0), .table = t };
    return true;
}

int store_tables_read(struct store *s, const char *site, int64_t moment, struct table_read **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    void *v = NULL;
    *out = NULL;
    *n = 0;
    int err = prepare(s, sql_read, site, moment, &st);
    if (err == 0)
        err = read_all(s, st, sizeof(**out), table_read_read, &v, n);
    *out = v;
    if (err != 0) {
        tables_read_free(*out, *n);
        *out = NULL;
        *n = 0;
    }
    return err;
}

void tables_read_free(struct table_read *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(v[i].target);
    free(v);
}

static bool version_read(sqlite3_stmt *st, void *at)
{
    *(struct record_version *)at = (struct record_version){ .run = col_int(st, 0), .received_at = col_time(st, 1) };
    return true;
}

int store_record_versions(struct store *s, const char *site, struct record_version **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    void *v = NULL;
    *out = NULL;
    *n = 0;
    int err = prepare(s, sql_records, site, 0, &st);
    if (err == 0)
        err = read_all(s, st, sizeof(**out), version_read, &v, n);
    *out = v;
    if (err != 0) {
        free(*out);
        *out = NULL;
        *n = 0;
    }
    return err;
}
