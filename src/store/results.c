/* What evaluation found: check results, findings, scores, gates, summary. Written as a whole, read as a whole. Runs in the parent. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/mem.h"

static const char *const status_names[] = { "pass", "fail", "unknown" };

const char *finding_status_name(enum finding_status s)
{
    return (size_t)s < N_ELEMENTS(status_names) ? status_names[s] : "unknown";
}

static enum finding_status status_read(const char *word)
{
    for (size_t i = 0; i < N_ELEMENTS(status_names); i++)
        if (strcmp(word, status_names[i]) == 0)
            return (enum finding_status)i;
    return FINDING_UNKNOWN;
}

/* --- writing --------------------------------------------------------------------------------------------------------- */

/* Scores that do not exist are NULL in the store and -1 in memory. */
static void bind_score(sqlite3_stmt *st, int i, int64_t v)
{
    if (v < 0)
        sqlite3_bind_null(st, i);
    else
        bind_int(st, i, v);
}

static int delete_old(struct store *s, int64_t run)
{
    static const char *const sql[] = {
        "DELETE FROM finding WHERE run_id = ?1", "DELETE FROM check_result WHERE run_id = ?1", "DELETE FROM score WHERE run_id = ?1",
        "DELETE FROM gate_result WHERE run_id = ?1", "DELETE FROM summary WHERE run_id = ?1",
    };
    int err = 0;
    for (size_t i = 0; err == 0 && i < N_ELEMENTS(sql); i++) {
        sqlite3_stmt *st = NULL;
        err = sql_prepare(s, sql[i], &st);
        if (err == 0) {
            bind_int(st, 1, run);
            err = sql_run_once(s, st);
        }
    }
    return err;
}

static int put_checks(struct store *s, int64_t run, const struct results *r)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "INSERT INTO check_result (run_id, check_id, status, reason, n_pass, n_fail, n_unknown, low, high, target_counts)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", &st);
    for (size_t i = 0; err == 0 && i < r->n_checks; i++) {
        const struct check_result *c = &r->checks[i];
        bind_int(st, 1, run);
        bind_word(st, 2, c->check_id);
        bind_word(st, 3, c->status);
        bind_text(st, 4, c->reason);
        bind_int(st, 5, c->n_pass);
        bind_int(st, 6, c->n_fail);
        bind_int(st, 7, c->n_unknown);
        bind_score(st, 8, c->low);
        bind_score(st, 9, c->high);
        bind_text(st, 10, c->target_counts != NULL ? c->target_counts : "[]");
        err = sql_run(s, st);
    }
    sqlite3_finalize(st);
    return err;
}

static void finding_bind(sqlite3_stmt *st, int64_t run, const struct finding *f)
{
    bool too_long = f->evidence != NULL && strlen(f->evidence) > EVIDENCE_MAX;
    bind_int(st, 1, run);
    bind_word(st, 2, f->check_id);
    bind_word(st, 3, f->target);
    bind_word(st, 4, f->subject);
    bind_text(st, 5, finding_status_name(f->status));
    bind_text(st, 6, f->reason);
    bind_word(st, 7, f->severity);
    bind_text(st, 8, f->method);
    bind_time(st, 9, f->observed_at);
    /* The verdict stands without it, and a hostile device must not be able to stop a run with a long value. */
    bind_text(st, 10, too_long ? "{\"(evidence)\": \"longer than 2 KiB, left out\"}" : f->evidence);
    bind_text(st, 11, f->since_run_uuid);
    bind_time(st, 12, f->since);
    bind_int(st, 13, f->gone);
}

static int put_findings(struct store *s, int64_t run, const struct results *r)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "INSERT INTO finding (run_id, check_id, target, subject, status, reason, severity, method, observed_at, evidence,"
                             " since_run_uuid, since, gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)", &st);
    for (size_t i = 0; err == 0 && i < r->n_findings; i++) {
        finding_bind(st, run, &r->findings[i]);
        err = sql_run(s, st);
    }
    sqlite3_finalize(st);
    return err;
}

static int put_scores(struct store *s, int64_t run, const struct results *r)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "INSERT INTO score (run_id, level, id, low, high, measured, documents, told, adjusted_low, adjusted_high, n_checks)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", &st);
    for (size_t i = 0; err == 0 && i < r->n_scores; i++) {
        const struct score_row *w = &r->scores[i];
        bind_int(st, 1, run);
        bind_word(st, 2, w->level);
        bind_word(st, 3, w->id);
        bind_score(st, 4, w->low);
        bind_score(st, 5, w->high);
        bind_int(st, 6, w->measured);
        bind_int(st, 7, w->documents);
        bind_int(st, 8, w->told);
        bind_score(st, 9, w->adjusted_low);
        bind_score(st, 10, w->adjusted_high);
        bind_int(st, 11, w->n_checks);
        err = sql_run(s, st);
    }
    sqlite3_finalize(st);
    return err;
}

static int put_gates(struct store *s, int64_t run, const struct results *r)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "INSERT INTO gate_result (run_id, position, milestone, date, verdict, blockers, unproven, waived)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &st);
    for (size_t i = 0; err == 0 && i < r->n_gates; i++) {
        const struct gate_row *g = &r->gates[i];
        bind_int(st, 1, run);
        bind_int(st, 2, (int64_t)i + 1);
        bind_word(st, 3, g->milestone);
        bind_time(st, 4, g->date);
        bind_word(st, 5, g->verdict);
        bind_text(st, 6, g->blockers != NULL ? g->blockers : "[]");
        bind_text(st, 7, g->unproven != NULL ? g->unproven : "[]");
        bind_text(st, 8, g->waived != NULL ? g->waived : "[]");
        err = sql_run(s, st);
    }
    sqlite3_finalize(st);
    return err;
}

static int put_summary(struct store *s, int64_t run, const char *body)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "INSERT INTO summary (run_id, body) VALUES (?1, ?2)", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    bind_text(st, 2, body != NULL ? body : "{}");
    return sql_run_once(s, st);
}

int store_results_put(struct store *s, int64_t run, const struct results *r)
{
    int err = tx_begin(s);
    if (err != 0)
        return err;
    err = run_require_open(s, run);
    if (err == 0)
        err = delete_old(s, run);
    if (err == 0)
        err = put_checks(s, run, r);
    if (err == 0)
        err = put_findings(s, run, r);
    if (err == 0)
        err = put_scores(s, run, r);
    if (err == 0)
        err = put_gates(s, run, r);
    if (err == 0)
        err = put_summary(s, run, r->summary);
    return tx_end(s, err);
}

/* --- reading --------------------------------------------------------------------------------------------------------- */

static int64_t col_score(sqlite3_stmt *st, int i)
{
    return sqlite3_column_type(st, i) == SQLITE_NULL ? -1 : col_int(st, i);
}

static void check_read(sqlite3_stmt *st, void *at)
{
    struct check_result *c = at;
    c->check_id = col_word(st, 0);
    c->status = col_word(st, 1);
    c->reason = col_text(st, 2);
    c->n_pass = col_int(st, 3);
    c->n_fail = col_int(st, 4);
    c->n_unknown = col_int(st, 5);
    c->low = col_score(st, 6);
    c->high = col_score(st, 7);
    c->target_counts = col_word(st, 8);
}

static void finding_read(sqlite3_stmt *st, void *at)
{
    struct finding *f = at;
    char *status = col_word(st, 3);
    f->check_id = col_word(st, 0);
    f->target = col_word(st, 1);
    f->subject = col_word(st, 2);
    f->status = status_read(status);
    f->reason = col_text(st, 4);
    f->severity = col_word(st, 5);
    f->method = col_text(st, 6);
    f->observed_at = col_time(st, 7);
    f->evidence = col_text(st, 8);
    f->since_run_uuid = col_text(st, 9);
    f->since = col_time(st, 10);
    f->gone = col_int(st, 11) != 0;
    free(status);
}

static void score_read(sqlite3_stmt *st, void *at)
{
    struct score_row *w = at;
    w->level = col_word(st, 0);
    w->id = col_word(st, 1);
    w->low = col_score(st, 2);
    w->high = col_score(st, 3);
    w->measured = col_int(st, 4);
    w->documents = col_int(st, 5);
    w->told = col_int(st, 6);
    w->adjusted_low = col_score(st, 7);
    w->adjusted_high = col_score(st, 8);
    w->n_checks = col_int(st, 9);
}

static void gate_read(sqlite3_stmt *st, void *at)
{
    struct gate_row *g = at;
    g->milestone = col_word(st, 0);
    g->date = col_time(st, 1);
    g->verdict = col_word(st, 2);
    g->blockers = col_word(st, 3);
    g->unproven = col_word(st, 4);
    g->waived = col_word(st, 5);
}

/* Reads all rows of a query of one run into an array of elements of `size` bytes. What was read stays in *out also when it failed. */
static int read_all(struct store *s, int64_t run, const char *sql, size_t size, void (*read)(sqlite3_stmt *, void *), void **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    size_t cap = 0;
    int more, err = sql_prepare(s, sql, &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    while ((more = sql_row(s, st)) > 0) {
        if (*n == cap) {
            cap = cap > 0 ? 2 * cap : 16;
            *out = xrealloc_array(*out, cap, size);
        }
        read(st, (char *)*out + *n * size);
        ++*n;
    }
    sqlite3_finalize(st);
    return more;
}

static int get_summary(struct store *s, int64_t run, struct results *out)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "SELECT body FROM summary WHERE run_id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    err = sql_row(s, st);
    out->summary = err > 0 ? col_word(st, 0) : xstrdup("{}");
    sqlite3_finalize(st);
    return err < 0 ? err : 0;
}

static int by_identity(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    int d = strcmp(x->check_id, y->check_id);
    if (d == 0)
        d = strcmp(x->target, y->target);
    return d != 0 ? d : strcmp(x->subject, y->subject);
}

/* The statement gives them in this order, but an index of a file from another hand may lie. */
static bool in_order(const struct results *r)
{
    for (size_t i = 1; i < r->n_findings; i++)
        if (by_identity(&r->findings[i - 1], &r->findings[i]) > 0)
            return false;
    return true;
}

int store_results_get(struct store *s, int64_t run, struct results *out)
{
    void *checks = NULL, *findings = NULL, *scores = NULL, *gates = NULL;
    memset(out, 0, sizeof(*out));
    int err = read_all(s, run, "SELECT check_id, status, reason, n_pass, n_fail, n_unknown, low, high, target_counts FROM check_result WHERE run_id = ?1 ORDER BY check_id",
                       sizeof(*out->checks), check_read, &checks, &out->n_checks);
    if (err == 0)
        err = read_all(s, run, "SELECT check_id, target, subject, status, reason, severity, method, observed_at, evidence, since_run_uuid, since, gone"
                               " FROM finding WHERE run_id = ?1 ORDER BY check_id, target, subject, id",
                       sizeof(*out->findings), finding_read, &findings, &out->n_findings);
    if (err == 0)
        err = read_all(s, run, "SELECT level, id, low, high, measured, documents, told, adjusted_low, adjusted_high, n_checks FROM score WHERE run_id = ?1"
                               " ORDER BY level <> 'site', level, id", sizeof(*out->scores), score_read, &scores, &out->n_scores);
    if (err == 0)
        err = read_all(s, run, "SELECT milestone, date, verdict, blockers, unproven, waived FROM gate_result WHERE run_id = ?1 ORDER BY position",
                       sizeof(*out->gates), gate_read, &gates, &out->n_gates);
    if (err == 0)
        err = get_summary(s, run, out);
    out->checks = checks;
    out->findings = findings;
    out->scores = scores;
    out->gates = gates;
    if (err != 0)
        results_clear(out);
    else if (!in_order(out))
        qsort(out->findings, out->n_findings, sizeof(*out->findings), by_identity);
    return err;
}

int store_failed_each(struct store *s, const char *site, const char *check_id, store_failed_fn fn, void *ctx)
{
    sqlite3_stmt *st = NULL;
    bool more = true;
    int row = 0, err = sql_prepare(s, "SELECT f.target, f.subject FROM site o JOIN run r ON r.site_id = o.id CROSS JOIN finding f ON f.run_id = r.id AND f.check_id = ?2"
                                      " WHERE o.key = ?1 AND r.state = 'sealed' AND f.status = 'fail' ORDER BY r.started DESC, r.id DESC", &st);
    if (err != 0)
        return err;
    bind_text(st, 1, site);
    bind_text(st, 2, check_id);
    while (more && (row = sql_row(s, st)) > 0) {
        char *target = col_word(st, 0), *subject = col_word(st, 1);
        more = fn(ctx, target, subject);
        free(target);
        free(subject);
    }
    sqlite3_finalize(st);
    return row < 0 ? row : 0;
}

static void checks_clear(struct check_result *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(v[i].check_id);
        free(v[i].status);
        free(v[i].reason);
        free(v[i].target_counts);
    }
    free(v);
}

static void findings_clear(struct finding *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(v[i].check_id);
        free(v[i].target);
        free(v[i].subject);
        free(v[i].reason);
        free(v[i].severity);
        free(v[i].method);
        free(v[i].evidence);
        free(v[i].since_run_uuid);
    }
    free(v);
}

static void gates_clear(struct gate_row *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(v[i].milestone);
        free(v[i].verdict);
        free(v[i].blockers);
        free(v[i].unproven);
        free(v[i].waived);
    }
    free(v);
}

/* The first of v that is not before key (after: that is behind it); name gives what v is sorted by. */
static size_t bound(const struct finding *v, size_t n, const char *key, const char *(*name)(const struct finding *), bool after)
{
    size_t from = 0, to = n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (strcmp(name(&v[mid]), key) < (after ? 1 : 0))
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

static const char *name_check(const struct finding *f)
{
    return f->check_id;
}

static const char *name_target(const struct finding *f)
{
    return f->target;
}

static const struct finding *range(const struct finding *v, size_t n, const char *key, const char *(*name)(const struct finding *), size_t *found)
{
    size_t first = bound(v, n, key, name, false);
    *found = bound(v, n, key, name, true) - first;
    return *found > 0 ? &v[first] : NULL;
}

const struct finding *results_of_check(const struct results *r, const char *check_id, size_t *n)
{
    return range(r->findings, r->n_findings, check_id, name_check, n);
}

const struct finding *results_of_target(const struct finding *of_check, size_t n_of_check, const char *target, size_t *n)
{
    return range(of_check, n_of_check, target, name_target, n);
}

void results_clear(struct results *r)
{
    checks_clear(r->checks, r->n_checks);
    findings_clear(r->findings, r->n_findings);
    for (size_t i = 0; i < r->n_scores; i++) {
        free(r->scores[i].level);
        free(r->scores[i].id);
    }
    free(r->scores);
    gates_clear(r->gates, r->n_gates);
    free(r->summary);
    memset(r, 0, sizeof(*r));
}
