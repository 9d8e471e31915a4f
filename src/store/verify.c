/* Verification: every hash and every seal is computed anew from what the store holds. Trusts nothing in it. Runs in the parent. */
#include "store/internal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/mem.h"

#define EXPECT_MIN 12        /* hex digits: as printed at the foot of a report */
#define QUICK_CHECK "PRAGMA quick_check(20)"

struct verify {
    struct store *s;
    const char *site;                        /* NULL: all */
    void (*fn)(void *ctx, const char *problem);
    void *ctx;
    size_t n_problems, n_runs;
    char expect[SHA256_HEX];                 /* lower-case hex digits, "" when nothing is expected */
    bool found;
};

static void problem(struct verify *v, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void problem(struct verify *v, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = xvasprintf(fmt, ap);
    va_end(ap);
    v->n_problems++;
    if (v->fn != NULL)
        v->fn(v->ctx, text);
    free(text);
}

/* "7f3a 91c2 e05d", in any case, with blanks where people put them. */
static bool expect_parse(const char *text, char out[SHA256_HEX])
{
    size_t n = 0;
    for (const char *p = text; *p != '\0'; p++) {
        char c = *p;
        if (c == ' ' || c == '\t')
            continue;
        if (c >= 'A' && c <= 'F')
            c = (char)(c - 'A' + 'a');
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')) || n == SHA256_HEX - 1)
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return n >= EXPECT_MIN;
}

static int verify_file(struct verify *v)
{
    sqlite3_stmt *st = NULL;
    int more, err = sql_prepare(v->s, QUICK_CHECK, &st);
    if (err != 0)
        return err;
    while ((more = sql_row(v->s, st)) > 0) {
        char *text = col_word(st, 0);
        if (strcmp(text, "ok") != 0)
            problem(v, "the file is damaged: %s", text);
        free(text);
    }
    sqlite3_finalize(st);
    return more;
}

/* --- collections and inputs ------------------------------------------------------------------------------------------ */

struct stored { int64_t id, rows; char *target, *probe, *table; char sha256[SHA256_HEX]; bool pruned; };

static int verify_collection(struct verify *v, const struct stored *c)
{
    char sha256[SHA256_HEX];
    int64_t rows = 0;
    size_t unknown = 0;
    const struct fact_table *t = fact_table_find(c->table);
    if (t == NULL) {
        problem(v, "%s, %s, %s: this preop does not know the table, so its facts cannot be verified: use the version that stored them", c->target, c->probe, c->table);
        return 0;
    }
    int err = schema_unknown_columns(v->s, t, &unknown);
    if (err == 0)
        err = fact_hash(v->s, t, c->id, sha256, &rows);
    if (err != 0)
        return err;
    if (c->pruned && rows == 0)
        return 0;
    if (strcmp(sha256, c->sha256) == 0 && rows == c->rows)
        return 0;
    if (unknown > 0)
        problem(v, "%s, %s, %s: stored by a newer preop with columns that this one does not know: verify with that version", c->target, c->probe, c->table);
    else
        problem(v, "%s, %s, %s: the facts were changed after they were stored (%lld rows now, %lld then)", c->target, c->probe, c->table, (long long)rows, (long long)c->rows);
    return 0;
}

/* Each collection once, however many runs rest on it. */
static int verify_collections(struct verify *v)
{
    sqlite3_stmt *st = NULL;
    int more, err = sql_prepare(v->s, "SELECT c.id, c.rows, t.name, c.probe, c.fact_table, c.sha256, c.pruned_at IS NOT NULL FROM collection c JOIN target t ON t.id = c.target_id"
                                      " WHERE c.id IN (SELECT rc.collection_id FROM run_collection rc JOIN run r ON r.id = rc.run_id JOIN site s ON s.id = r.site_id"
                                      " WHERE r.state = 'sealed' AND (?1 IS NULL OR s.key = ?1)) ORDER BY c.id", &st);
    if (err != 0)
        return err;
    bind_text(st, 1, v->site);
    while (err == 0 && (more = sql_row(v->s, st)) != 0) {
        if (more < 0) {
            err = more;
            break;
        }
        struct stored c = { .id = col_int(st, 0), .rows = col_int(st, 1), .target = col_word(st, 2), .probe = col_word(st, 3), .table = col_word(st, 4),
                            .pruned = col_int(st, 6) != 0 };
        col_hex(st, 5, c.sha256);
        err = verify_collection(v, &c);
        free(c.target);
        free(c.probe);
        free(c.table);
    }
    sqlite3_finalize(st);
    return err;
}

/* Rows that claim a collection of another table are in no hash. */
static int verify_strays(struct verify *v)
{
    int err = 0;
    for (size_t i = 0; err == 0 && i < fact_n_tables; i++) {
        const char *name = fact_tables[i]->name;
        struct buf sql = BUF_INIT(1024);
        sqlite3_stmt *st = NULL;
        int64_t n = 0;
        if (!store_has_column(v->s, fact_tables[i], -1))
            continue;
        buf_printf(&sql, "SELECT count(*) FROM \"%s\" WHERE collection_id NOT IN (SELECT id FROM collection WHERE fact_table = ?1)", name);
        err = sql_prepare(v->s, buf_str(&sql), &st);
        buf_clear(&sql);
        if (err != 0)
            break;
        bind_text(st, 1, name);
        err = sql_int_once(v->s, st, &n);
        if (err == 0 && n > 0)
            problem(v, "%s: %lld rows belong to no collection of this table: they were put there by something else", name, (long long)n);
    }
    return err;
}

static int verify_inputs(struct verify *v)
{
    char sha256[SHA256_HEX], now[SHA256_HEX];
    sqlite3_stmt *st = NULL;
    int more, err = sql_prepare(v->s, "SELECT sha256, body FROM input ORDER BY sha256", &st);
    if (err != 0)
        return err;
    while ((more = sql_row(v->s, st)) > 0) {
        const void *body = sqlite3_column_blob(st, 1);
        size_t len = (size_t)sqlite3_column_bytes(st, 1);
        sha256_hex(len > 0 ? body : "", len, now);
        col_hex(st, 0, sha256);
        if (strcmp(sha256, now) != 0)
            problem(v, "the pinned input %.12s was changed after it was stored", sha256[0] != '\0' ? sha256 : "(none)");
    }
    sqlite3_finalize(st);
    return more;
}

/* --- runs ------------------------------------------------------------------------------------------------------------ */

static int seal_known(struct verify *v, const struct run *r, bool *known)
{
    sqlite3_stmt *st = NULL;
    int64_t n = 0;
    int err = sql_prepare(v->s, "SELECT count(*) FROM run r JOIN site s ON s.id = r.site_id WHERE s.key = ?1 AND r.seal = ?2 AND r.state = 'sealed'", &st);
    if (err != 0)
        return err;
    bind_text(st, 1, r->site);
    bind_text(st, 2, r->previous_seal);
    err = sql_int_once(v->s, st, &n);
    *known = n > 0;
    return err;
}

static int verify_run(struct verify *v, const struct run *r)
{
    char seal[SHA256_HEX];
    bool known = true;
    int err = seal_compute(v->s, r->id, seal);
    if (err == 0 && r->previous_seal[0] != '\0')
        err = seal_known(v, r, &known);
    if (err != 0)
        return err;
    v->n_runs++;
    if (strcmp(seal, r->seal) != 0)
        problem(v, "run %lld of %s was changed after it was sealed: its content gives %.12s, its seal is %.12s", (long long)r->id, r->site, seal, r->seal);
    else if (v->expect[0] != '\0' && strncmp(seal, v->expect, strlen(v->expect)) == 0)
        v->found = true;
    if (!known)
        problem(v, "run %lld of %s follows a run sealed %.12s, which is not in this store any more", (long long)r->id, r->site, r->previous_seal);
    return 0;
}

static int verify_runs(struct verify *v)
{
    struct run *runs = NULL;
    size_t n = 0;
    int err = store_runs(v->s, v->site, &runs, &n);
    for (size_t i = n; err == 0 && i-- > 0;)
        if (strcmp(runs[i].state, "sealed") == 0)
            err = verify_run(v, &runs[i]);
    runs_free(runs, n);
    return err;
}

static int verify_all(struct verify *v)
{
    int err = verify_file(v);
    if (err == 0)
        err = verify_inputs(v);
    if (err == 0)
        err = verify_collections(v);
    if (err == 0)
        err = verify_strays(v);
    if (err == 0)
        err = verify_runs(v);
    return err;
}

int store_verify(struct store *s, const char *site, const char *expect, void (*fn)(void *ctx, const char *problem), void *ctx, size_t *n_runs)
{
    struct verify v = { .s = s, .site = site, .fn = fn, .ctx = ctx };
    if (expect != NULL && !expect_parse(expect, v.expect)) {
        problem(&v, "'%s' is no seal: at least %d hexadecimal digits, as printed on a report", expect, EXPECT_MIN);
        return ERR_BAD_INPUT;
    }
    /* One snapshot, so that a check which runs meanwhile does not look like a change. */
    int err = sql_exec(s, "BEGIN");
    if (err == 0) {
        err = verify_all(&v);
        int ended = sql_exec(s, "ROLLBACK");
        err = err != 0 ? err : ended;
    }
    if (n_runs != NULL)
        *n_runs = v.n_runs;
    if (err != 0)
        return err;
    size_t changed = v.n_problems;
    if (expect != NULL && !v.found)
        problem(&v, "no unchanged run%s%s in this store has the seal %s", site != NULL ? " of " : "", site != NULL ? site : "", v.expect);
    return changed > 0 ? ERR_SEAL : expect != NULL && !v.found ? ERR_NOT_FOUND : 0;
}
