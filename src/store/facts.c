/* Rows of fact tables on their way out of the store: one reader for people, for hashes and for verification. Runs in the parent. */
#include "store/internal.h"

#include <stdlib.h>
#include <string.h>
#include "base/log.h"
#include "base/mem.h"

int fact_select(struct store *s, const struct fact_table *t, sqlite3_stmt **out)
{
    struct buf sql = BUF_INIT(64 * 1024);
    char **have = NULL;
    size_t n = 0;
    int err = schema_columns(s, t->name, &have, &n);
    *out = NULL;
    if (err != 0)
        return err;
    buf_puts(&sql, n > 0 ? "SELECT subject" : "SELECT ''");
    for (size_t i = 0; i < t->n_columns; i++) {
        bool there = false;
        for (size_t j = 0; j < n && !there; j++)
            there = strcmp(have[j], t->columns[i].name) == 0;
        if (there)
            buf_printf(&sql, ", \"%s\"", t->columns[i].name);
        else
            buf_puts(&sql, ", NULL");
    }
    if (n > 0)
        buf_printf(&sql, " FROM \"%s\" WHERE collection_id = ?1 ORDER BY subject", t->name);
    else
        buf_puts(&sql, " WHERE ?1 IS NULL");         /* a table that this store never had: no rows */
    err = sql_prepare(s, buf_str(&sql), out);
    buf_clear(&sql);
    strings_free(have, n);
    return err;
}

static void value_read(sqlite3_stmt *st, int i, enum fact_type type, struct fact_value *v)
{
    memset(v, 0, sizeof(*v));
    if (sqlite3_column_type(st, i) == SQLITE_NULL)
        return;
    if (type == FACT_INTEGER || type == FACT_BOOLEAN) {
        v->kind = FACT_KIND_INTEGER;
        v->i = sqlite3_column_int64(st, i);
    } else if (type == FACT_REAL) {
        v->kind = FACT_KIND_REAL;
        v->r = sqlite3_column_double(st, i);
    } else {
        v->kind = FACT_KIND_TEXT;
        v->s = (const char *)sqlite3_column_text(st, i);
        v->len = (size_t)sqlite3_column_bytes(st, i);
    }
}

void fact_row_read(sqlite3_stmt *st, int first, const struct fact_table *t, struct fact_row *out)
{
    out->table = t;
    for (size_t i = 0; i < t->n_columns; i++)
        value_read(st, first + (int)i, t->columns[i].type, &out->v[i]);
}

int fact_hash(struct store *s, const struct fact_table *t, int64_t collection, char out[SHA256_HEX], int64_t *rows)
{
    uint8_t digest[SHA256_LEN];
    struct fact_row row;
    sqlite3_stmt *st = NULL;
    uint8_t *bytes = NULL;
    size_t cap = 0;
    int more, err = fact_select(s, t, &st);
    *rows = 0;
    if (err != 0)
        return err;
    struct sha256 *h = sha256_new();
    bind_int(st, 1, collection);
    while ((more = sql_row(s, st)) > 0) {
        const unsigned char *subject = sqlite3_column_text(st, 0);
        fact_row_read(st, 1, t, &row);
        size_t n = fact_row_canonical_bytes(&row, subject != NULL ? (const char *)subject : "", &bytes, &cap);
        sha256_add(h, bytes, n);
        ++*rows;
    }
    sqlite3_finalize(st);
    free(bytes);
    sha256_end(h, digest);
    hex_encode(digest, sizeof(digest), out);
    return more;
}

int fact_delete(struct store *s, const struct fact_table *t, int64_t collection)
{
    struct buf sql = BUF_INIT(512);
    sqlite3_stmt *st = NULL;
    buf_printf(&sql, "DELETE FROM \"%s\" WHERE collection_id = ?1", t->name);
    int err = sql_prepare(s, buf_str(&sql), &st);
    buf_clear(&sql);
    if (err != 0)
        return err;
    bind_int(st, 1, collection);
    return sql_run_once(s, st);
}

static int each_of_collection(struct store *s, sqlite3_stmt *st, const struct collection *c, store_fact_fn fn, void *ctx)
{
    struct fact_row row;
    int more, err = 0;
    bind_int(st, 1, c->id);
    while (err == 0 && (more = sql_row(s, st)) != 0) {
        if (more < 0)
            return more;
        const unsigned char *subject = sqlite3_column_text(st, 0);
        fact_row_read(st, 1, c->table, &row);
        err = fn(ctx, &row, c->target, subject != NULL ? (const char *)subject : "", c);
    }
    sqlite3_reset(st);
    return err;
}

int store_facts_of(struct store *s, const struct collection *c, store_fact_fn fn, void *ctx)
{
    sqlite3_stmt *st = NULL;
    int err = fact_select(s, c->table, &st);
    if (err == 0)
        err = each_of_collection(s, st, c, fn, ctx);
    sqlite3_finalize(st);
    return err;
}

int store_facts_each(struct store *s, int64_t run, const struct fact_table *t, store_fact_fn fn, void *ctx)
{
    struct collection *v = NULL;
    size_t n = 0;
    sqlite3_stmt *st = NULL;
    int err = store_collections(s, run, &v, &n);
    if (err == 0)
        err = fact_select(s, t, &st);
    for (size_t i = 0; err == 0 && i < n; i++)
        if (v[i].table == t)
            err = each_of_collection(s, st, &v[i], fn, ctx);
    sqlite3_finalize(st);
    collections_free(v, n);
    return err;
}
