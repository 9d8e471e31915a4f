/* Runs and sites: beginning, finding, marking. Runs in the parent. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

void run_clear(struct run *r)
{
    free(r->site);
    free(r->site_name);
    free(r->stage);
    free(r->label);
    free(r->state);
    free(r->narrowed);
    free(r->vantage);
    free(r->authorization);
    free(r->options);
    free(r->version);
    memset(r, 0, sizeof(*r));
}

void runs_free(struct run *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        run_clear(&v[i]);
    free(v);
}

void strings_free(char **v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(v[i]);
    free(v);
}

#define RUN_SELECT \
    "SELECT r.id, r.uuid, s.key, r.site_name, r.stage, r.label, r.state, r.started, r.finished, r.as_of, r.received_at, r.partial, r.narrowed," \
    " r.vantage, r.authorization, r.options, r.version, r.seal, r.previous_seal FROM run r JOIN site s ON s.id = r.site_id "
#define NEWEST_FIRST " ORDER BY r.started DESC, r.id DESC"

static void run_read(sqlite3_stmt *st, struct run *r)
{
    memset(r, 0, sizeof(*r));
    r->id = col_int(st, 0);
    char *uuid = col_word(st, 1);
    snprintf(r->uuid, sizeof(r->uuid), "%s", uuid);
    free(uuid);
    r->site = col_word(st, 2);
    r->site_name = col_word(st, 3);
    r->stage = col_word(st, 4);
    r->label = col_word(st, 5);
    r->state = col_word(st, 6);
    r->started = col_time(st, 7);
    r->finished = col_time(st, 8);
    r->as_of = col_time(st, 9);
    r->received_at = col_time(st, 10);
    r->partial = col_int(st, 11) != 0;
    r->narrowed = col_word(st, 12);
    r->vantage = col_word(st, 13);
    r->authorization = col_word(st, 14);
    r->options = col_word(st, 15);
    r->version = col_word(st, 16);
    col_hex(st, 17, r->seal);
    col_hex(st, 18, r->previous_seal);
}

/* Takes st. */
static int run_read_once(struct store *s, sqlite3_stmt *st, struct run *out)
{
    int err = sql_row(s, st);
    memset(out, 0, sizeof(*out));
    if (err > 0)
        run_read(st, out);
    sqlite3_finalize(st);
    return err > 0 ? 0 : err < 0 ? err : ERR_NOT_FOUND;
}

static int site_update(struct store *s, const char *site, const char *name, const char *stage)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "INSERT INTO site (key, name, stage) VALUES (?1, ?2, ?3)"
                             " ON CONFLICT (key) DO UPDATE SET name = excluded.name, stage = excluded.stage", &st);
    if (err != 0)
        return err;
    bind_word(st, 1, site);
    bind_word(st, 2, name);
    bind_word(st, 3, stage);
    return sql_run_once(s, st);
}

int site_id_for(struct store *s, const char *site, bool create, int64_t *id)
{
    sqlite3_stmt *st = NULL;
    for (int tries = 0;; tries++) {
        int err = sql_prepare(s, "SELECT id FROM site WHERE key = ?1", &st);
        if (err != 0)
            return err;
        bind_word(st, 1, site);
        err = sql_int_once(s, st, id);
        if (err != ERR_NOT_FOUND || !create || tries > 0)
            return err;
        err = site_update(s, site, site, "");
        if (err != 0)
            return err;
    }
}

static int newest_seal(struct store *s, int64_t site, char out[SHA256_HEX])
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "SELECT seal FROM run r WHERE site_id = ?1 AND state = 'sealed'" NEWEST_FIRST " LIMIT 1", &st);
    out[0] = '\0';
    if (err != 0)
        return err;
    bind_int(st, 1, site);
    err = sql_row(s, st);
    if (err > 0)
        col_hex(st, 0, out);
    sqlite3_finalize(st);
    return err < 0 ? err : 0;
}

static int run_insert(struct store *s, struct run *r, int64_t site)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "INSERT INTO run (uuid, site_id, site_name, stage, label, state, started, as_of, received_at, partial, narrowed, vantage,"
                             " authorization, options, version, seal, previous_seal)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, 'open', ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, '', ?15)", &st);
    if (err != 0)
        return err;
    bind_text(st, 1, r->uuid);
    bind_int(st, 2, site);
    bind_word(st, 3, r->site_name);
    bind_word(st, 4, r->stage);
    bind_word(st, 5, r->label);
    bind_time(st, 6, r->started);
    bind_time(st, 7, r->as_of);
    bind_time(st, 8, r->received_at);
    bind_int(st, 9, r->partial);
    bind_word(st, 10, r->narrowed);
    bind_word(st, 11, r->vantage);
    bind_word(st, 12, r->authorization);
    bind_word(st, 13, r->options);
    bind_word(st, 14, r->version);
    bind_word(st, 15, r->previous_seal);
    err = sql_run_once(s, st);
    r->id = sqlite3_last_insert_rowid(s->db);
    return err;
}

int store_run_begin(struct store *s, struct run *r)
{
    int64_t site = 0;
    int err = tx_begin(s);
    if (err != 0)
        return err;
    uuid_make(r->uuid);
    r->started = r->as_of = r->received_at = clock_now();
    r->finished = 0;
    r->seal[0] = '\0';
    err = site_update(s, r->site, r->site_name, r->stage);
    if (err == 0)
        err = site_id_for(s, r->site, false, &site);
    if (err == 0)
        err = newest_seal(s, site, r->previous_seal);
    if (err == 0)
        err = run_insert(s, r, site);
    err = tx_end(s, err);
    if (err != 0)
        return err;
    s->current_run = r->id;
    free(r->state);
    r->state = xstrdup("open");
    return 0;
}

int store_run_get(struct store *s, int64_t id, struct run *out)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, RUN_SELECT "WHERE r.id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, id);
    return run_read_once(s, st, out);
}

/* The n-th (from 0) of a site's runs by some condition; ?2 is arg. */
static int find_where(struct store *s, const char *site, bool open_too, const char *condition, const char *order, const char *arg, struct run *out)
{
    sqlite3_stmt *st = NULL;
    struct buf sql = BUF_INIT(4096);
    buf_puts(&sql, RUN_SELECT "WHERE s.key = ?1");
    if (!open_too)
        buf_puts(&sql, " AND r.state = 'sealed'");
    buf_puts(&sql, condition);
    buf_puts(&sql, order);
    int err = sql_prepare(s, buf_str(&sql), &st);
    buf_clear(&sql);
    if (err != 0)
        return err;
    bind_text(st, 1, site);
    if (arg != NULL)
        bind_text(st, 2, arg);
    return run_read_once(s, st, out);
}

static int find_number(struct store *s, const char *site, long long id, bool open_too, struct run *out, char **why)
{
    int err = store_run_get(s, id, out);
    if (err == ERR_NOT_FOUND)
        *why = xasprintf("there is no run %lld in this store: `preop history` lists them", id);
    if (err != 0)
        return err;
    if (site != NULL && strcmp(out->site, site) != 0)
        *why = xasprintf("run %lld is one of the site %s, not of %s", id, out->site, site);
    else if (!open_too && strcmp(out->state, "sealed") != 0)
        *why = xasprintf("run %lld is not finished (%s): `preop check --resume` goes on with it", id, out->state);
    if (*why == NULL)
        return 0;
    run_clear(out);
    return ERR_NOT_FOUND;
}

static int find_date(struct store *s, const char *site, int64_t day, bool open_too, struct run *out)
{
    char end[ISO_LEN];
    iso_format(day + 86399, end);
    return find_where(s, site, open_too, " AND r.received_at <= ?2", " ORDER BY r.received_at DESC, r.id DESC LIMIT 1", end, out);
}

static int find_word(struct store *s, const char *site, const char *spec, bool open_too, struct run *out, char **why)
{
    int64_t day = 0;
    int err;
    if (strcmp(spec, "latest") == 0) {
        err = find_where(s, site, open_too, "", NEWEST_FIRST " LIMIT 1", NULL, out);
        if (err == ERR_NOT_FOUND)
            *why = xasprintf("the site %s has no finished run yet: `preop check` makes one", site);
    } else if (strcmp(spec, "previous") == 0) {
        err = find_where(s, site, open_too, "", NEWEST_FIRST " LIMIT 1 OFFSET 1", NULL, out);
        if (err == ERR_NOT_FOUND)
            *why = xasprintf("the site %s has no run before the latest one", site);
    } else if (strcmp(spec, "baseline") == 0) {
        err = find_where(s, site, false, "", " ORDER BY r.started, r.id LIMIT 1", NULL, out);
        if (err == ERR_NOT_FOUND)
            *why = xasprintf("the site %s has no finished run yet: `preop check` makes one", site);
    } else if (spec[0] == '@') {
        err = find_where(s, site, open_too, " AND r.label = ?2", NEWEST_FIRST " LIMIT 1", spec + 1, out);
        if (err == ERR_NOT_FOUND)
            *why = xasprintf("the site %s has no run with the label %s", site, spec + 1);
    } else if (date_parse(spec, &day)) {
        err = find_date(s, site, day, open_too, out);
        if (err == ERR_NOT_FOUND)
            *why = xasprintf("this store had no run of the site %s by the end of %s", site, spec);
    } else {
        err = ERR_NOT_FOUND;
        *why = xasprintf("'%s' names no run: a number, latest, previous, baseline, @LABEL or a date such as 2026-11-18", spec);
    }
    return err;
}

int store_run_find(struct store *s, const char *site, const char *spec, bool open_too, struct run *out, char **why)
{
    long long id = 0;
    char *sentence = NULL;
    int err;
    memset(out, 0, sizeof(*out));
    if (spec == NULL)
        spec = "latest";
    if (text_parse_int(spec, 1, INT64_MAX, &id))
        err = find_number(s, site, id, open_too, out, &sentence);
    else if (site == NULL) {
        err = ERR_NOT_FOUND;
        sentence = xasprintf("'%s' needs a site: only a run's number names it without one", spec);
    } else
        err = find_word(s, site, spec, open_too, out, &sentence);
    if (why != NULL)
        *why = sentence;
    else
        free(sentence);
    return err;
}

int store_runs(struct store *s, const char *site, struct run **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    struct run *v = NULL;
    size_t count = 0;
    int more, err = sql_prepare(s, RUN_SELECT "WHERE ?1 IS NULL OR s.key = ?1" NEWEST_FIRST, &st);
    *out = NULL;
    *n = 0;
    if (err != 0)
        return err;
    bind_text(st, 1, site);
    while ((more = sql_row(s, st)) > 0) {
        v = xrealloc_array(v, count + 1, sizeof(*v));
        run_read(st, &v[count++]);
    }
    sqlite3_finalize(st);
    if (more < 0) {
        runs_free(v, count);
        return more;
    }
    *out = v;
    *n = count;
    return 0;
}

int store_sites(struct store *s, char ***keys, size_t *n)
{
    sqlite3_stmt *st = NULL;
    char **v = NULL;
    size_t count = 0;
    int more, err = sql_prepare(s, "SELECT key FROM site ORDER BY key", &st);
    *keys = NULL;
    *n = 0;
    if (err != 0)
        return err;
    while ((more = sql_row(s, st)) > 0) {
        v = xrealloc_array(v, count + 1, sizeof(*v));
        v[count++] = col_word(st, 0);
    }
    sqlite3_finalize(st);
    if (more < 0) {
        strings_free(v, count);
        return more;
    }
    *keys = v;
    *n = count;
    return 0;
}

int run_require_open(struct store *s, int64_t run)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "SELECT state FROM run WHERE id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    char *state = NULL;
    err = sql_row(s, st);
    if (err > 0)
        state = col_word(st, 0);
    sqlite3_finalize(st);
    if (err == 0) {
        log_error("%s: there is no run %lld", s->path, (long long)run);
        err = ERR_NOT_FOUND;
    } else if (err > 0 && strcmp(state, "open") != 0) {
        log_error("%s: run %lld is %s and is not changed any more", s->path, (long long)run, state);
        err = ERR_INTERNAL;
    } else if (err > 0)
        err = 0;
    free(state);
    return err;
}

/* Changes a run that is in state `from`; anything else is refused. */
static int run_change(struct store *s, int64_t run, const char *sql, const char *arg)
{
    sqlite3_stmt *st = NULL;
    int err = tx_begin(s);
    if (err != 0)
        return err;
    err = sql_prepare(s, sql, &st);
    if (err == 0) {
        bind_int(st, 1, run);
        if (sqlite3_bind_parameter_count(st) > 1)
            bind_word(st, 2, arg);
        err = sql_run_once(s, st);
    }
    if (err == 0 && sqlite3_changes(s->db) == 0) {
        log_error("%s: run %lld is not there or in another state", s->path, (long long)run);
        err = ERR_INTERNAL;
    }
    return tx_end(s, err);
}

int store_run_mark_interrupted(struct store *s, int64_t run)
{
    return run_change(s, run, "UPDATE run SET state = 'interrupted' WHERE id = ?1 AND state IN ('open', 'interrupted')", NULL);
}

int store_run_reopen(struct store *s, int64_t run)
{
    int err = run_change(s, run, "UPDATE run SET state = 'open' WHERE id = ?1 AND state IN ('open', 'interrupted')", NULL);
    if (err == 0)
        s->current_run = run;
    return err;
}

int store_run_set_partial(struct store *s, int64_t run, const char *narrowed)
{
    return run_change(s, run, "UPDATE run SET partial = 1, narrowed = ?2 WHERE id = ?1 AND state = 'open'", narrowed);
}
