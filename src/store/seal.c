/* The seal of a run: SHA-256 over its canonical content and the seal of the run before. Runs in the parent.
 *
 * What is hashed, so that another program can do the same. A field is its length (8 bytes, big-endian), then its bytes.
 *   field "preop seal 1"
 *   for each query of seal_records below, in that order, and each of its rows, in the order that the query gives:
 *     an empty field, then a field with the record's name;
 *     for each column that is not NULL: a field with the column's name, then a field with one byte for the type and the value:
 *     'i' and the integer as 8 bytes big-endian, 'r' and the real as IEEE-754 big-endian, 't' and the text's bytes, 'b' and the blob's.
 * Orders are bytewise. Facts enter by their collection's hash (engine.md section 3), inputs by theirs; so facts can be pruned and the seal stays.
 * Nothing here is local to one store: no row numbers, no run numbers, no received_at. A column that is added later is appended and NULL in older
 * runs, so that their seals stay what they were. A query is never changed otherwise. */
#include "store/internal.h"

#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

static const struct { const char *record, *sql; } seal_records[] = {
    { "run", "SELECT r.uuid AS uuid, s.key AS site, r.site_name AS site_name, r.stage AS stage, r.label AS label, r.started AS started, r.finished AS finished,"
             " r.as_of AS as_of, r.partial AS partial, r.narrowed AS narrowed, r.vantage AS vantage, r.authorization AS authorization, r.options AS options,"
             " r.version AS version, r.previous_seal AS previous_seal FROM run r JOIN site s ON s.id = r.site_id WHERE r.id = ?1" },
    { "input", "SELECT kind AS kind, name AS name, sha256 AS sha256 FROM run_input WHERE run_id = ?1 ORDER BY position" },
    { "target", "SELECT t.name AS name, rt.role AS role, rt.address AS address, rt.criticality AS criticality FROM run_target rt"
                " JOIN target t ON t.id = rt.target_id WHERE rt.run_id = ?1 ORDER BY t.name" },
    { "collection", "SELECT t.name AS target, c.probe AS probe, c.fact_table AS fact_table, c.uuid AS uuid, c.state AS state, c.reason AS reason, c.detail AS detail,"
                    " c.method AS method, c.vantage AS vantage, c.started AS started, c.finished AS finished, c.observed_at AS observed_at, c.ms AS ms, c.rows AS rows,"
                    " c.sha256 AS sha256, c.sandbox AS sandbox, c.notes AS notes, rc.carried AS carried, e.name AS evidence_name, e.sha256 AS evidence_sha256,"
                    " e.given_by AS evidence_given_by, e.covers AS evidence_covers, e.observed_at AS evidence_observed_at"
                    " FROM run_collection rc JOIN collection c ON c.id = rc.collection_id JOIN target t ON t.id = c.target_id"
                    " LEFT JOIN evidence e ON e.id = c.evidence_id WHERE rc.run_id = ?1 ORDER BY t.name, c.probe, c.fact_table, c.uuid" },
    { "check", "SELECT check_id AS id, status AS status, reason AS reason, n_pass AS n_pass, n_fail AS n_fail, n_unknown AS n_unknown, low AS low, high AS high,"
               " target_counts AS target_counts FROM check_result WHERE run_id = ?1 ORDER BY check_id" },
    { "finding", "SELECT check_id AS check_id, target AS target, subject AS subject, status AS status, reason AS reason, severity AS severity, method AS method,"
                 " observed_at AS observed_at, evidence AS evidence, since_run_uuid AS since_run_uuid, since AS since, gone AS gone FROM finding WHERE run_id = ?1"
                 " ORDER BY check_id, target, subject, status, reason, severity, method, observed_at, evidence, since_run_uuid, since, gone" },
    { "score", "SELECT level AS level, id AS id, low AS low, high AS high, measured AS measured, documents AS documents, told AS told, adjusted_low AS adjusted_low,"
               " adjusted_high AS adjusted_high, n_checks AS n_checks FROM score WHERE run_id = ?1 ORDER BY level, id" },
    { "gate", "SELECT milestone AS milestone, date AS date, verdict AS verdict, blockers AS blockers, unproven AS unproven, waived AS waived FROM gate_result"
              " WHERE run_id = ?1 ORDER BY position" },
    { "summary", "SELECT body AS body FROM summary WHERE run_id = ?1" },
};

static void add_word(struct sha256 *h, const char *word)
{
    sha256_add_field(h, word, strlen(word));
}

static void add_value(struct sha256 *h, sqlite3_stmt *st, int i, struct buf *value)
{
    double real;
    uint64_t bits;
    buf_reset(value);
    switch (sqlite3_column_type(st, i)) {
    case SQLITE_NULL:
        return;
    case SQLITE_INTEGER:
        buf_putc(value, 'i');
        buf_put_u64(value, (uint64_t)col_int(st, i));
        break;
    case SQLITE_FLOAT:
        real = sqlite3_column_double(st, i);
        memcpy(&bits, &real, sizeof(bits));
        buf_putc(value, 'r');
        buf_put_u64(value, bits);
        break;
    default:
        buf_putc(value, sqlite3_column_type(st, i) == SQLITE_TEXT ? 't' : 'b');
        buf_append(value, sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i));
        break;
    }
    add_word(h, sqlite3_column_name(st, i));
    sha256_add_field(h, value->data, value->len);
}

static int add_record(struct store *s, struct sha256 *h, int64_t run, size_t which, struct buf *value)
{
    sqlite3_stmt *st = NULL;
    int more, err = sql_prepare(s, seal_records[which].sql, &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    while ((more = sql_row(s, st)) > 0) {
        sha256_add_field(h, "", 0);
        add_word(h, seal_records[which].record);
        for (int i = 0; i < sqlite3_column_count(st); i++)
            add_value(h, st, i, value);
    }
    sqlite3_finalize(st);
    return more;
}

int seal_compute(struct store *s, int64_t run, char out[SHA256_HEX])
{
    uint8_t digest[SHA256_LEN];
    struct buf value = BUF_INIT(1U << 30);
    struct sha256 *h = sha256_new();
    int err = 0;
    add_word(h, "preop seal 1");
    for (size_t i = 0; err == 0 && i < N_ELEMENTS(seal_records); i++)
        err = add_record(s, h, run, i, &value);
    if (err == 0 && value.overflow)
        err = ERR_LIMIT;
    sha256_end(h, digest);
    hex_encode(digest, sizeof(digest), out);
    buf_clear(&value);
    return err;
}

static int set_finished(struct store *s, int64_t run, int64_t now)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "UPDATE run SET finished = ?2, received_at = ?2 WHERE id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    bind_time(st, 2, now);
    return sql_run_once(s, st);
}

static int set_sealed(struct store *s, int64_t run, const char *seal)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "UPDATE run SET state = 'sealed', seal = ?2 WHERE id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, run);
    bind_text(st, 2, seal);
    return sql_run_once(s, st);
}

static int seal_in_transaction(struct store *s, int64_t run, char seal[SHA256_HEX])
{
    int err = run_require_open(s, run);
    if (err == 0)
        err = set_finished(s, run, clock_now());
    if (err == 0)
        err = seal_compute(s, run, seal);
    if (err == 0)
        err = set_sealed(s, run, seal);
    return err;
}

int store_run_seal(struct store *s, int64_t run, char seal[SHA256_HEX])
{
    if (s->depth > 0)
        BUG("a run is sealed within another transaction, so it would not be durable");
    /* Outside the transaction, where it takes effect. With FULL the commit waits for the disk; in WAL mode that carries all earlier commits with it. */
    int err = asked_flush(s);
    if (err == 0)
        err = sql_exec(s, "PRAGMA synchronous=FULL");
    if (err == 0)
        err = tx_begin(s);
    if (err == 0)
        err = tx_end(s, seal_in_transaction(s, run, seal));
    int back = sql_exec(s, "PRAGMA synchronous=NORMAL");
    if (err != 0)
        seal[0] = '\0';
    else if (s->current_run == run)
        s->current_run = 0;
    return err != 0 ? err : back;
}
