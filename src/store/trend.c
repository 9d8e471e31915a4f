/* What the site's runs scored over time. Parent. */
#include "store/internal.h"

#include "base/mem.h"

static void read_point(sqlite3_stmt *st, struct trend_point *p)
{
    *p = (struct trend_point){ .run = col_int(st, 0), .started = col_time(st, 1), .label = col_word(st, 2), .low = -1, .high = -1 };
    if (sqlite3_column_type(st, 3) != SQLITE_NULL && sqlite3_column_type(st, 4) != SQLITE_NULL) {
        p->low = col_int(st, 3);
        p->high = col_int(st, 4);
    }
}

int store_trend(struct store *s, int64_t run, struct trend_point **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    struct trend_point *v = NULL;
    size_t count = 0, cap = 0;
    *out = NULL;
    *n = 0;
    int more, err = sql_prepare(s, "SELECT r.id, r.started, r.label, c.low, c.high FROM run r JOIN run this ON this.id = ?1 AND r.site_id = this.site_id"
                                   " LEFT JOIN score c ON c.run_id = r.id AND c.level = 'site' WHERE r.state = 'sealed' AND (r.started, r.id) <= (this.started, this.id)"
                                   " ORDER BY r.started, r.id", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    while ((more = sql_row(s, st)) > 0) {
        if (count == cap) {
            cap = cap > 0 ? 2 * cap : 16;
            v = xrealloc_array(v, cap, sizeof(*v));
        }
        read_point(st, &v[count++]);
    }
    sqlite3_finalize(st);
    if (more < 0) {
        trend_free(v, count);
        return more;
    }
    *out = v;
    *n = count;
    return 0;
}

void trend_free(struct trend_point *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(v[i].label);
    free(v);
}
