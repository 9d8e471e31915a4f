/* What a run rests on beside facts: pinned inputs, targets, evidence, and which credentials have ended. Runs in the parent.
 * Secrets never come here: credentials are known by name only. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

/* --- inputs ---------------------------------------------------------------------------------------------------------- */

static int input_insert(struct store *s, int64_t run, const char *kind, const char *name, const char *sha256, const void *p, size_t len)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "INSERT INTO input (sha256, body) VALUES (?1, ?2) ON CONFLICT (sha256) DO NOTHING", &st);
    if (err != 0)
        return err;
    bind_text(st, 1, sha256);
    sqlite3_bind_blob64(st, 2, len > 0 ? p : "", len, SQLITE_STATIC);
    err = sql_run_once(s, st);
    if (err == 0)
        err = sql_prepare(s, "INSERT INTO run_input (run_id, position, kind, name, sha256)"
                             " SELECT ?1, 1 + ifnull(max(position), 0), ?2, ?3, ?4 FROM run_input WHERE run_id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    bind_word(st, 2, kind);
    bind_word(st, 3, name);
    bind_text(st, 4, sha256);
    return sql_run_once(s, st);
}

int store_input_put(struct store *s, int64_t run, const char *kind, const char *name, const void *p, size_t len)
{
    char sha256[SHA256_HEX];
    int err = tx_begin(s);
    if (err != 0)
        return err;
    sha256_hex(p, len, sha256);
    err = run_require_open(s, run);
    if (err == 0)
        err = input_insert(s, run, kind, name, sha256, p, len);
    return tx_end(s, err);
}

int store_inputs(struct store *s, int64_t run, struct input **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    struct input *v = NULL;
    size_t count = 0;
    int more, err = sql_prepare(s, "SELECT ri.kind, ri.name, ri.sha256, i.body FROM run_input ri JOIN input i ON i.sha256 = ri.sha256"
                                   " WHERE ri.run_id = ?1 ORDER BY ri.position", &st);
    *out = NULL;
    *n = 0;
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    while ((more = sql_row(s, st)) > 0) {
        v = xrealloc_array(v, count + 1, sizeof(*v));
        struct input *in = &v[count++];
        in->kind = col_word(st, 0);
        in->name = col_word(st, 1);
        col_hex(st, 2, in->sha256);
        in->len = (size_t)sqlite3_column_bytes(st, 3);
        in->bytes = xstrndup(in->len > 0 ? sqlite3_column_blob(st, 3) : "", in->len);
    }
    sqlite3_finalize(st);
    if (more < 0) {
        inputs_free(v, count);
        return more;
    }
    *out = v;
    *n = count;
    return 0;
}

void inputs_free(struct input *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(v[i].kind);
        free(v[i].name);
        free(v[i].bytes);
    }
    free(v);
}

/* --- targets --------------------------------------------------------------------------------------------------------- */

/* Both statements bind ?1 site or run, ?2 name or target, ?3 to ?5 what is known of it. */
static int target_write(struct store *s, const char *sql, int64_t owner, const char *name, int64_t target, const struct target_record *t)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, sql, &st);
    if (err != 0)
        return err;
    bind_int(st, 1, owner);
    if (name != NULL)
        bind_text(st, 2, name);
    else
        bind_int(st, 2, target);
    bind_word(st, 3, t->role);
    bind_word(st, 4, t->address);
    bind_int(st, 5, t->criticality);
    return sql_run_once(s, st);
}

static int site_of_run(struct store *s, int64_t run, int64_t *site)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "SELECT site_id FROM run WHERE id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    return sql_int_once(s, st, site);
}

static int target_id(struct store *s, int64_t site, const char *name, int64_t *id)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "SELECT id FROM target WHERE site_id = ?1 AND name = ?2", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, site);
    bind_text(st, 2, name);
    return sql_int_once(s, st, id);
}

static int target_put(struct store *s, int64_t run, const char *name, const struct target_record *t, int64_t *id)
{
    int64_t site = 0;
    int err = run_require_open(s, run);
    if (err == 0)
        err = site_of_run(s, run, &site);
    if (err == 0)
        err = target_write(s, "INSERT INTO target (site_id, name, role, address, criticality) VALUES (?1, ?2, ?3, ?4, ?5)"
                              " ON CONFLICT (site_id, name) DO UPDATE SET role = excluded.role, address = excluded.address, criticality = excluded.criticality",
                           site, name, 0, t);
    if (err == 0)
        err = target_id(s, site, name, id);
    /* The run keeps what was true for it: the target's own row follows the newest site file. */
    if (err == 0)
        err = target_write(s, "INSERT OR REPLACE INTO run_target (run_id, target_id, role, address, criticality) VALUES (?1, ?2, ?3, ?4, ?5)", run, NULL, *id, t);
    return err;
}

int store_target_put(struct store *s, int64_t run, const char *name, const char *role, const char *address, int criticality, int64_t *id)
{
    struct target_record t = { .id = 0, .name = NULL, .role = NULL, .address = NULL, .criticality = criticality };
    int err = tx_begin(s);
    if (err != 0)
        return err;
    t.role = xstrdup(role);
    t.address = xstrdup(address);
    err = tx_end(s, target_put(s, run, name, &t, id));
    free(t.role);
    free(t.address);
    return err;
}

int store_targets(struct store *s, int64_t run, struct target_record **out, size_t *n)
{
    sqlite3_stmt *st = NULL;
    struct target_record *v = NULL;
    size_t count = 0;
    int more, err = sql_prepare(s, "SELECT t.id, t.name, rt.role, rt.address, rt.criticality FROM run_target rt JOIN target t ON t.id = rt.target_id"
                                   " WHERE rt.run_id = ?1 ORDER BY t.name", &st);
    *out = NULL;
    *n = 0;
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    while ((more = sql_row(s, st)) > 0) {
        v = xrealloc_array(v, count + 1, sizeof(*v));
        struct target_record *t = &v[count++];
        t->id = col_int(st, 0);
        t->name = col_word(st, 1);
        t->role = col_word(st, 2);
        t->address = col_word(st, 3);
        t->criticality = (int)col_int(st, 4);
    }
    sqlite3_finalize(st);
    if (more < 0) {
        targets_free(v, count);
        return more;
    }
    *out = v;
    *n = count;
    return 0;
}

void targets_free(struct target_record *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(v[i].name);
        free(v[i].role);
        free(v[i].address);
    }
    free(v);
}

/* --- evidence -------------------------------------------------------------------------------------------------------- */

struct evidence_row { int64_t site; const char *name, *sha256, *from, *covers; int64_t observed, received; };

static int evidence_bind_run(struct store *s, const char *sql, const struct evidence_row *e, int64_t *id)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, sql, &st);
    if (err != 0)
        return err;
    bind_int(st, 1, e->site);
    bind_word(st, 2, e->name);
    bind_word(st, 3, e->sha256);
    bind_word(st, 4, e->from);
    bind_word(st, 5, e->covers);
    bind_time(st, 6, e->observed);
    bind_time(st, 7, e->received);
    return sql_int_once(s, st, id);
}

int store_evidence_put(struct store *s, const char *site, const char *name, const char *sha256, const char *from, const char *covers,
                       int64_t observed, int64_t received, int64_t *id)
{
    struct evidence_row e = { .site = 0, .name = name, .sha256 = sha256, .from = from, .covers = covers, .observed = observed, .received = received };
    int err = tx_begin(s);
    if (err != 0)
        return err;
    err = site_id_for(s, site, true, &e.site);
    /* A row is never changed, because seals rest on it: what is said anew about a file is a row of its own. */
    if (err == 0)
        err = evidence_bind_run(s, "SELECT id FROM evidence WHERE site_id = ?1 AND name = ?2 AND sha256 = ?3 AND given_by = ?4 AND covers = ?5"
                                   " AND observed_at IS ?6 AND received_at IS ?7", &e, id);
    if (err == ERR_NOT_FOUND)
        err = evidence_bind_run(s, "INSERT INTO evidence (site_id, name, sha256, given_by, covers, observed_at, received_at)"
                                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id", &e, id);
    return tx_end(s, err);
}

/* --- credentials that have ended ------------------------------------------------------------------------------------- */

int store_credential_end(struct store *s, const char *site, const char *credential, const char *target, int64_t at)
{
    sqlite3_stmt *st = NULL;
    int64_t id = 0;
    int err = tx_begin(s);
    if (err != 0)
        return err;
    err = site_id_for(s, site, true, &id);
    if (err == 0)
        err = sql_prepare(s, "INSERT INTO credential_ended (site_id, credential, target, at) VALUES (?1, ?2, ?3, ?4)"
                             " ON CONFLICT (site_id, credential) DO NOTHING", &st);
    if (err == 0) {
        bind_int(st, 1, id);
        bind_word(st, 2, credential);
        bind_word(st, 3, target);
        bind_time(st, 4, at);
        err = sql_run_once(s, st);
    }
    return tx_end(s, err);
}

int store_credential_ended(struct store *s, const char *site, const char *credential, bool *ended, char **text)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "SELECT e.target, e.at FROM credential_ended e JOIN site s ON s.id = e.site_id WHERE s.key = ?1 AND e.credential = ?2", &st);
    *ended = false;
    if (text != NULL)
        *text = NULL;
    if (err != 0)
        return err;
    bind_word(st, 1, site);
    bind_word(st, 2, credential);
    err = sql_row(s, st);
    if (err > 0) {
        *ended = true;
        char *target = col_word(st, 0), *at = col_word(st, 1);
        if (text != NULL)
            *text = xasprintf("refused by %s at %s", target, at);
        free(target);
        free(at);
    }
    sqlite3_finalize(st);
    return err < 0 ? err : 0;
}

int store_credential_retry(struct store *s, const char *site, const char *credential)
{
    sqlite3_stmt *st = NULL;
    int err = tx_begin(s);
    if (err != 0)
        return err;
    err = sql_prepare(s, "DELETE FROM credential_ended WHERE credential = ?2 AND site_id = (SELECT id FROM site WHERE key = ?1)", &st);
    if (err == 0) {
        bind_word(st, 1, site);
        bind_word(st, 2, credential);
        err = sql_run_once(s, st);
    }
    return tx_end(s, err);
}
