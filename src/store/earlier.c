/* The site's earlier runs, as checks that look back see them. Parent. */
#include "store/internal.h"

#include "base/mem.h"

/* What failed anew: a critical finding whose series began after the run before, at a target where that check passed on something in the run before. */
static const char sql_earlier[] =
    "WITH this AS (SELECT site_id, started, id, as_of FROM run WHERE id = ?1),"
    " whole AS (SELECT r.id, r.started, r.label, lag(r.id) OVER (ORDER BY r.started, r.id) AS before FROM run r JOIN this ON r.site_id = this.site_id"
    "  WHERE r.state = 'sealed' AND NOT r.partial AND (r.started, r.id) < (this.started, this.id) AND r.received_at <= this.as_of ORDER BY r.started DESC, r.id DESC LIMIT ?2)"
    " SELECT w.started, w.label, c.low, c.high,"
    "  (SELECT count(*) FROM finding f WHERE f.run_id = w.id AND f.status = 'fail' AND f.severity = 'critical' AND NOT f.gone),"
    "  CASE WHEN b.id IS NOT NULL THEN (SELECT count(*) FROM finding f JOIN check_result k ON k.run_id = b.id AND k.check_id = f.check_id"
    "   WHERE f.run_id = w.id AND f.status = 'fail' AND f.severity = 'critical' AND NOT f.gone AND f.since > b.started"
    "   AND EXISTS (SELECT 1 FROM json_each(k.target_counts) t WHERE json_extract(t.value, '$.t') = f.target AND json_extract(t.value, '$.p') > 0)) END,"
    "  CASE WHEN b.id IS NOT NULL THEN NOT EXISTS (SELECT name, sha256 FROM run_input WHERE run_id = w.id AND kind = 'checklist' EXCEPT"
    "   SELECT name, sha256 FROM run_input WHERE run_id = b.id AND kind = 'checklist') AND NOT EXISTS (SELECT name, sha256 FROM run_input WHERE run_id = b.id AND kind = 'checklist' EXCEPT"
    "   SELECT name, sha256 FROM run_input WHERE run_id = w.id AND kind = 'checklist') END"
    " FROM whole w LEFT JOIN run b ON b.id = w.before LEFT JOIN score c ON c.run_id = w.id AND c.level = 'site' ORDER BY w.started DESC, w.id DESC";

static int64_t int_or_unknown(sqlite3_stmt *st, int i)
{
    return sqlite3_column_type(st, i) == SQLITE_NULL ? -1 : col_int(st, i);
}

int store_earlier(struct store *s, int64_t run, size_t max, struct earlier_run **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    struct earlier_run *v = xcalloc(max + 1, sizeof(*v));
    size_t count = 0;
    int more = 0, err = sql_prepare(s, sql_earlier, &st);
    *out = NULL;
    *n = 0;
    if (err == 0) {
        bind_int(st, 1, run);
        bind_int(st, 2, (int64_t)max);
        while (count < max && (more = sql_row(s, st)) > 0)
            v[count++] = (struct earlier_run){ .started = col_time(st, 0), .label = col_word(st, 1), .low = int_or_unknown(st, 2), .high = int_or_unknown(st, 3), .critical = col_int(st, 4),
                                               .critical_again = int_or_unknown(st, 5), .same_checklists = (int)int_or_unknown(st, 6) };
        sqlite3_finalize(st);
        err = more < 0 ? more : 0;
    }
    if (err != 0) {
        earlier_free(v, count);
        return err;
    }
    *out = v;
    *n = count;
    return 0;
}

void earlier_free(struct earlier_run *v, size_t n)
{
    for (size_t i = 0; v != NULL && i < n; i++)
        free(v[i].label);
    free(v);
}
