/* Intake: a job's rows and its collection records, in one transaction. Runs in the parent.
 * Trusts nothing of a row but its shape (fact/frame.c checked that): values are brought into their one form, keyed and hashed here.
 *
 * The hash of a collection is over its rows in the order of their subjects. The rows' canonical bytes are kept and sorted at the end; for a
 * collection too large for that they are read back from the table, in that order, which gives the same bytes. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

#define NOTES_MAX (16 * 1024)
#define ROW_TEXT_MAX (16 * 1024 * 1024)
#define CANONICAL_MAX (4U << 20)
#define AGAIN_TRIES 4096     /* identities tried for one repeated key; each needs a row that has taken it */

/* How often an identity was repeated: an open hash table of its 64-bit hash. A collision only skips a number. */
struct again { uint64_t hash; size_t n; };

/* The canonical bytes of one row within `canonical`: they begin with the subject, length-prefixed. */
struct row_place { uint32_t at, len, key_len; };

struct intake {
    struct store *s;
    int64_t run;
    int err;                                 /* sticky */
    const struct fact_table *table;          /* of the current collection; NULL before the first */
    int64_t collection;
    sqlite3_stmt *insert;
    size_t n_rows, n_keyless, n_repeated;
    size_t dropped[FACT_MAX_COLUMNS];
    struct buf key, mem, notes;
    struct buf canonical;                    /* overflown: the rows are read back instead */
    struct row_place *places;
    size_t places_cap;
    uint8_t *bytes;                          /* of one row, while they are made */
    size_t bytes_cap;
    struct again *again;
    size_t n_again, again_cap;               /* a power of two */
};

int intake_begin(struct store *s, int64_t run, struct intake **out)
{
    *out = NULL;
    if (s->intake != NULL)
        BUG("a second intake is begun before the first one ended");
    int err = tx_begin(s);
    if (err != 0)
        return err;
    err = run_require_open(s, run);
    if (err != 0)
        return tx_end(s, err);
    struct intake *in = xcalloc(1, sizeof(*in));
    in->s = s;
    in->run = run;
    buf_init(&in->key, FACT_KEY_MAX + 64);
    buf_init(&in->mem, ROW_TEXT_MAX);
    buf_init(&in->notes, NOTES_MAX);
    buf_init(&in->canonical, CANONICAL_MAX);
    s->intake = in;
    *out = in;
    return 0;
}

static int intake_end(struct intake *in, int err)
{
    struct store *s = in->s;
    buf_clear(&in->key);
    buf_clear(&in->canonical);
    free(in->places);
    free(in->bytes);
    buf_clear(&in->mem);
    buf_clear(&in->notes);
    free(in->again);
    free(in);
    s->intake = NULL;
    return tx_end(s, err);
}

/* --- the collection's record ----------------------------------------------------------------------------------------- */

static void note_add(struct intake *in, const char *text)
{
    if (in->notes.len > 0)
        buf_putc(&in->notes, '\n');
    text_clean(&in->notes, text, strlen(text));
}

int intake_note(struct intake *in, const char *text)
{
    if (in->err == 0 && in->table == NULL)
        BUG("a note without a collection");
    if (in->err == 0)
        note_add(in, text);
    return in->err;
}

static void notes_of_rows(struct intake *in)
{
    struct buf b = BUF_INIT(512);
    if (in->n_keyless > 0) {
        buf_printf(&b, "%zu of %zu rows have no name of their own and are numbered in the device's order", in->n_keyless, in->n_rows);
        note_add(in, buf_str(&b));
    }
    buf_reset(&b);
    if (in->n_repeated > 0) {
        buf_printf(&b, "%zu of %zu rows repeat the name of another one and are told apart by #2, #3, ... in the device's order", in->n_repeated, in->n_rows);
        note_add(in, buf_str(&b));
    }
    for (size_t i = 0; i < in->table->n_columns; i++) {
        if (in->dropped[i] == 0)
            continue;
        buf_reset(&b);
        buf_printf(&b, "%s: %zu values had no valid form and are not stored", in->table->columns[i].name, in->dropped[i]);
        note_add(in, buf_str(&b));
    }
    buf_clear(&b);
}

static int record_finish(struct intake *in, const char *sha256)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(in->s, "UPDATE collection SET rows = ?2, sha256 = ?3, notes = ?4 WHERE id = ?1", &st);
    if (err != 0)
        return err;
    bind_int(st, 1, in->collection);
    bind_int(st, 2, (int64_t)in->n_rows);
    bind_text(st, 3, sha256);
    bind_text(st, 4, in->notes.len > 0 ? buf_str(&in->notes) : NULL);
    return sql_run_once(in->s, st);
}

static int place_compare(const void *a, const void *b, void *canonical)
{
    const struct row_place *x = a, *y = b;
    const char *bytes = canonical;
    int d = memcmp(bytes + x->at + 8, bytes + y->at + 8, x->key_len < y->key_len ? x->key_len : y->key_len);
    return d != 0 ? d : x->key_len < y->key_len ? -1 : x->key_len > y->key_len;
}

static void hash_kept(struct intake *in, char sha256[SHA256_HEX])
{
    uint8_t digest[SHA256_LEN];
    struct sha256 *h = sha256_new();
    if (in->n_rows > 1)
        qsort_r(in->places, in->n_rows, sizeof(in->places[0]), place_compare, in->canonical.data);
    for (size_t i = 0; i < in->n_rows; i++)
        sha256_add(h, in->canonical.data + in->places[i].at, in->places[i].len);
    sha256_end(h, digest);
    hex_encode(digest, sizeof(digest), sha256);
}

/* Ends the current collection: its count, hash and notes. */
static int collection_finish(struct intake *in)
{
    char sha256[SHA256_HEX];
    int64_t rows = 0;
    int err = 0;
    if (in->table == NULL)
        return 0;
    if (!in->canonical.overflow)
        hash_kept(in, sha256);
    else {
        err = fact_hash(in->s, in->table, in->collection, sha256, &rows);
        if (err == 0 && rows != (int64_t)in->n_rows)
            BUG("%zu rows were stored and %lld are there", in->n_rows, (long long)rows);
    }
    if (err == 0) {
        notes_of_rows(in);
        err = record_finish(in, sha256);
    }
    in->table = NULL;
    return err;
}

static const char *or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : NULL;
}

static int record_insert(struct intake *in, const struct collection *c)
{
    sqlite3_stmt *st = NULL;
    char uuid[37];
    int err = sql_prepare(in->s, "INSERT INTO collection (uuid, target_id, probe, fact_table, state, reason, detail, method, vantage, started, finished,"
                                 " observed_at, received_at, ms, rows, sha256, sandbox, evidence_id)"
                                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 0, '', ?15, ?16)", &st);
    if (err != 0)
        return err;
    uuid_make(uuid);
    bind_text(st, 1, uuid);
    bind_int(st, 2, c->target_id);
    bind_text(st, 3, c->probe);
    bind_text(st, 4, c->table->name);
    bind_text(st, 5, state_name(c->state));
    bind_text(st, 6, c->reason == REASON_NONE ? NULL : reason_info(c->reason)->name);
    bind_text(st, 7, or_null(c->detail));
    bind_text(st, 8, method_name(c->method));
    bind_text(st, 9, or_null(c->vantage));
    bind_time(st, 10, c->started);
    bind_time(st, 11, c->finished);
    bind_time(st, 12, c->observed_at);
    bind_time(st, 13, c->received_at != 0 ? c->received_at : clock_now());
    bind_int(st, 14, c->ms);
    bind_text(st, 15, or_null(c->sandbox));
    if (c->evidence_id != 0)
        bind_int(st, 16, c->evidence_id);
    err = sql_run_once(in->s, st);
    in->collection = sqlite3_last_insert_rowid(in->s->db);
    return err;
}

static int insert_statement(struct store *s, const struct fact_table *t, sqlite3_stmt **out)
{
    sqlite3_stmt **slot = &s->insert[fact_table_index(t)];
    int err = 0;
    if (*slot == NULL) {
        struct buf sql = BUF_INIT(64 * 1024);
        buf_printf(&sql, "INSERT INTO \"%s\" (collection_id, subject", t->name);
        for (size_t i = 0; i < t->n_columns; i++)
            buf_printf(&sql, ", \"%s\"", t->columns[i].name);
        buf_puts(&sql, ") VALUES (?, ?");
        for (size_t i = 0; i < t->n_columns; i++)
            buf_puts(&sql, ", ?");
        buf_putc(&sql, ')');
        err = sql_prepare(s, buf_str(&sql), slot);
        buf_clear(&sql);
    }
    *out = *slot;
    return err;
}

static void collection_reset(struct intake *in, const struct fact_table *t)
{
    in->table = t;
    in->n_rows = in->n_keyless = in->n_repeated = 0;
    memset(in->dropped, 0, sizeof(in->dropped));
    buf_reset(&in->notes);
    buf_reset(&in->canonical);
    free(in->again);
    in->again = NULL;
    in->n_again = in->again_cap = 0;
}

int intake_collection(struct intake *in, const struct collection *c)
{
    if (in->err == 0)
        in->err = collection_finish(in);
    if (in->err == 0)
        in->err = insert_statement(in->s, c->table, &in->insert);
    if (in->err == 0)
        in->err = record_insert(in, c);
    if (in->err == 0)
        in->err = store_collection_link(in->s, in->run, in->collection, false);
    if (in->err == 0) {
        collection_reset(in, c->table);
        if (c->notes != NULL && c->notes[0] != '\0')
            note_add(in, c->notes);
    }
    return in->err;
}

/* --- repeated identities --------------------------------------------------------------------------------------------- */

static uint64_t key_hash(const struct buf *key)
{
    uint64_t h = 0xcbf29ce484222325ULL;      /* FNV-1a */
    for (size_t i = 0; i < key->len; i++)
        h = (h ^ (uint8_t)key->data[i]) * 0x100000001b3ULL;
    return h != 0 ? h : 1;
}

static struct again *again_slot(struct again *v, size_t cap, uint64_t hash)
{
    size_t i = (size_t)hash & (cap - 1);
    while (v[i].hash != 0 && v[i].hash != hash)
        i = (i + 1) & (cap - 1);
    return &v[i];
}

static void again_grow(struct intake *in)
{
    size_t cap = in->again_cap > 0 ? in->again_cap * 2 : 64;
    struct again *v = xcalloc(cap, sizeof(*v));
    for (size_t i = 0; i < in->again_cap; i++)
        if (in->again[i].hash != 0)
            *again_slot(v, cap, in->again[i].hash) = in->again[i];
    free(in->again);
    in->again = v;
    in->again_cap = cap;
}

/* The number of the last row that had this identity: 1 when it was there once. */
static size_t *again_number(struct intake *in, uint64_t hash)
{
    if (2 * (in->n_again + 1) > in->again_cap)
        again_grow(in);
    struct again *a = again_slot(in->again, in->again_cap, hash);
    if (a->hash == 0) {
        a->hash = hash;
        a->n = 1;
        in->n_again++;
    }
    return &a->n;
}

/* --- rows ------------------------------------------------------------------------------------------------------------ */

static void row_bind(sqlite3_stmt *st, const struct fact_row *row)
{
    for (size_t i = 0; i < row->table->n_columns; i++) {
        const struct fact_value *v = &row->v[i];
        int at = (int)i + 3;
        if (v->kind == FACT_KIND_INTEGER)
            sqlite3_bind_int64(st, at, v->i);
        else if (v->kind == FACT_KIND_REAL)
            sqlite3_bind_double(st, at, v->r);
        else if (v->kind == FACT_KIND_TEXT)
            sqlite3_bind_text64(st, at, v->len > 0 ? v->s : "", v->len, SQLITE_STATIC, SQLITE_UTF8);
        else
            sqlite3_bind_null(st, at);
    }
}

/* 0; SQLITE_CONSTRAINT_PRIMARYKEY when the identity is taken; negative: failed, logged. */
static int row_try(struct intake *in)
{
    sqlite3_bind_text64(in->insert, 2, in->key.data, in->key.len, SQLITE_STATIC, SQLITE_UTF8);
    int rc = sqlite3_step(in->insert);
    if (rc != SQLITE_DONE) {
        rc = sqlite3_extended_errcode(in->s->db);
        if (rc != SQLITE_CONSTRAINT_PRIMARYKEY)
            rc = sql_fail(in->s, in->table->name);
    } else
        rc = 0;
    sqlite3_reset(in->insert);
    return rc;
}

static int row_store(struct intake *in, const struct fact_row *row)
{
    sqlite3_bind_int64(in->insert, 1, in->collection);
    row_bind(in->insert, row);
    int rc = row_try(in);
    if (rc <= 0)
        return rc;
    in->n_repeated++;
    struct buf first = BUF_INIT(FACT_KEY_MAX + 64);
    buf_append(&first, in->key.data, in->key.len);
    size_t *n = again_number(in, key_hash(&first));
    for (int tries = 0; rc > 0 && tries < AGAIN_TRIES; tries++) {
        buf_reset(&in->key);
        buf_append(&in->key, first.data, first.len);
        fact_key_again(&in->key, ++*n);
        rc = row_try(in);
    }
    buf_clear(&first);
    if (rc > 0) {
        log_error("%s: no identity is left for a row of %s", in->s->path, in->table->name);
        rc = ERR_LIMIT;
    }
    return rc;
}

static bool row_keyless(const struct fact_row *row)
{
    for (size_t i = 0; i < row->table->n_columns; i++) {
        const struct fact_value *v = &row->v[i];
        if ((row->table->columns[i].flags & FACT_KEY) != 0 && v->kind != FACT_KIND_NULL && (v->kind != FACT_KIND_TEXT || v->len > 0))
            return false;
    }
    return true;
}

static void row_keep(struct intake *in, const struct fact_row *row)
{
    if (in->canonical.overflow)
        return;
    if (in->n_rows == in->places_cap) {
        in->places_cap = in->places_cap > 0 ? 2 * in->places_cap : 64;
        in->places = xrealloc_array(in->places, in->places_cap, sizeof(in->places[0]));
    }
    size_t n = fact_row_canonical_bytes(row, buf_str(&in->key), &in->bytes, &in->bytes_cap);
    in->places[in->n_rows] = (struct row_place){ .at = (uint32_t)in->canonical.len, .len = (uint32_t)n, .key_len = (uint32_t)in->key.len };
    buf_append(&in->canonical, in->bytes, n);
}

int intake_row(struct intake *in, const struct fact_row *given)
{
    struct fact_row row;
    uint64_t dropped = 0;
    if (in->err != 0)
        return in->err;
    if (in->table == NULL || given->table != in->table)
        BUG("a row of %s in a collection of %s", given->table->name, in->table != NULL ? in->table->name : "nothing");
    row.table = given->table;
    memcpy(row.v, given->v, in->table->n_columns * sizeof(row.v[0]));
    buf_reset(&in->mem);
    buf_reset(&in->key);
    fact_row_normalize(&row, &in->mem, &dropped);
    for (size_t i = 0; dropped != 0; i++, dropped >>= 1)
        in->dropped[i] += dropped & 1;
    if (row_keyless(&row))
        in->n_keyless++;
    fact_row_key(&row, in->n_rows + 1, &in->key);
    in->err = in->mem.overflow || in->key.overflow ? ERR_LIMIT : row_store(in, &row);
    if (in->err == 0) {
        row_keep(in, &row);
        in->n_rows++;
    }
    return in->err;
}

int intake_commit(struct intake *in)
{
    if (in->err == 0)
        in->err = collection_finish(in);
    if (in->err == 0)
        in->err = asked_flush(in->s);        /* no facts without the questions that brought them */
    return intake_end(in, in->err);
}

void intake_abort(struct intake *in)
{
    /* The code only says that nothing is to be committed. */
    if (intake_end(in, ERR_INTERRUPTED) != ERR_INTERRUPTED)
        BUG("an abandoned intake was committed");
}
