/* Collections: which ones a run rests on, linking and dropping them. Runs in the parent. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/mem.h"

int store_collection_link(struct store *s, int64_t run, int64_t collection, bool carried)
{
    sqlite3_stmt *st = NULL;
    int err = tx_begin(s);
    if (err != 0)
        return err;
    err = run_require_open(s, run);
    if (err == 0)
        err = sql_prepare(s, "INSERT INTO run_collection (run_id, collection_id, carried) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING", &st);
    if (err == 0) {
        bind_int(st, 1, run);
        bind_int(st, 2, collection);
        bind_int(st, 3, carried);
        err = sql_run_once(s, st);
    }
    return tx_end(s, err);
}

static int run_with_id(struct store *s, const char *sql, int64_t run, int64_t collection)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, sql, &st);
    if (err != 0)
        return err;
    bind_int(st, 1, collection);
    if (sqlite3_bind_parameter_count(st) > 1)
        bind_int(st, 2, run);
    return sql_run_once(s, st);
}

static int collection_table(struct store *s, int64_t collection, const struct fact_table **out)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "SELECT fact_table FROM collection WHERE id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, collection);
    err = sql_row(s, st);
    if (err > 0) {
        char *name = col_word(st, 0);
        *out = fact_table_find(name);
        free(name);
    }
    sqlite3_finalize(st);
    return err < 0 ? err : err > 0 && *out != NULL ? 0 : ERR_NOT_FOUND;
}

static int drop(struct store *s, int64_t run, int64_t collection)
{
    sqlite3_stmt *st = NULL;
    const struct fact_table *t = NULL;
    int64_t links = 0;
    int err = run_require_open(s, run);
    if (err == 0)
        err = collection_table(s, collection, &t);
    if (err == 0)
        err = run_with_id(s, "DELETE FROM run_collection WHERE collection_id = ?1 AND run_id = ?2", run, collection);
    if (err == 0)
        err = sql_prepare(s, "SELECT count(*) FROM run_collection WHERE collection_id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, collection);
    err = sql_int_once(s, st, &links);
    /* Another run may rest on it: then only the link goes. */
    if (err != 0 || links > 0)
        return err;
    err = fact_delete(s, t, collection);
    if (err == 0)
        err = run_with_id(s, "DELETE FROM collection WHERE id = ?1", run, collection);
    return err;
}

int store_collection_drop(struct store *s, int64_t run, int64_t collection)
{
    int err = tx_begin(s);
    if (err != 0)
        return err;
    return tx_end(s, drop(s, run, collection));
}

/* What words this program does not know become: never something better than it was. */
static enum state state_read(const char *word)
{
    enum state v = STATE_FAILED;
    return state_parse(word, &v) ? v : STATE_FAILED;
}

static enum reason reason_read(const char *word)
{
    enum reason v = REASON_NONE;
    if (word[0] == '\0')
        return REASON_NONE;
    return reason_parse(word, &v) ? v : REASON_INTERNAL;
}

static enum method method_read(const char *word)
{
    enum method v = METHOD_PERSON;
    return method_parse(word, &v) ? v : METHOD_PERSON;
}

static void collection_read(sqlite3_stmt *st, const struct fact_table *t, struct collection *c)
{
    char *state = col_word(st, 5), *reason = col_word(st, 6), *method = col_word(st, 8);
    memset(c, 0, sizeof(*c));
    c->table = t;
    c->id = col_int(st, 1);
    c->target_id = col_int(st, 2);
    c->target = col_word(st, 3);
    c->probe = col_word(st, 4);
    c->state = state_read(state);
    c->reason = reason_read(reason);
    c->detail = col_text(st, 7);
    c->method = method_read(method);
    c->vantage = col_text(st, 9);
    c->started = col_time(st, 10);
    c->finished = col_time(st, 11);
    c->observed_at = col_time(st, 12);
    c->received_at = col_time(st, 13);
    c->ms = col_int(st, 14);
    c->rows = col_int(st, 15);
    col_hex(st, 16, c->sha256);
    c->sandbox = col_text(st, 17);
    c->notes = col_text(st, 18);
    c->evidence_id = col_int(st, 19);
    c->carried = col_int(st, 20) != 0;
    c->evidence = col_text(st, 21);
    free(state);
    free(reason);
    free(method);
}

int store_collections(struct store *s, int64_t run, struct collection **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    struct collection *v = NULL;
    size_t count = 0, cap = 0;
    int more, err = sql_prepare(s, "SELECT c.fact_table, c.id, c.target_id, t.name, c.probe, c.state, c.reason, c.detail, c.method, c.vantage, c.started,"
                                   " c.finished, c.observed_at, c.received_at, c.ms, c.rows, c.sha256, c.sandbox, c.notes, c.evidence_id, rc.carried, e.name"
                                   " FROM run_collection rc JOIN collection c ON c.id = rc.collection_id JOIN target t ON t.id = c.target_id"
                                   " LEFT JOIN evidence e ON e.id = c.evidence_id WHERE rc.run_id = ?1 ORDER BY t.name, c.probe, c.fact_table, c.id", &st);
    *out = NULL;
    *n = 0;
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    while ((more = sql_row(s, st)) > 0) {
        char *name = col_word(st, 0);
        const struct fact_table *t = fact_table_find(name);
        free(name);
        if (t == NULL)       /* from a newer preop, which knows more tables: nothing here can use it */
            continue;
        if (count == cap) {
            cap = cap > 0 ? 2 * cap : 16;
            v = xrealloc_array(v, cap, sizeof(*v));
        }
        collection_read(st, t, &v[count++]);
    }
    sqlite3_finalize(st);
    if (more < 0) {
        collections_free(v, count);
        return more;
    }
    *out = v;
    *n = count;
    return 0;
}

void collections_free(struct collection *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(v[i].target);
        free((void *)(uintptr_t)v[i].probe);
        free(v[i].detail);
        free(v[i].vantage);
        free(v[i].sandbox);
        free(v[i].notes);
        free(v[i].evidence);
    }
    free(v);
}
