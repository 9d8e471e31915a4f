/* Statements, bindings and transactions: the only code that talks to SQLite's step and error functions.
 * Runs in the parent. Every failure is logged here with what was being done, and becomes one of our codes. */
#include "store/internal.h"

#include <errno.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

int sql_error(int rc, int system_errno)
{
    switch (rc & 0xff) {
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    case SQLITE_READONLY:
        return -EROFS;
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return -EACCES;
    case SQLITE_CANTOPEN:
        return system_errno > 0 ? -system_errno : -EACCES;
    case SQLITE_NOTADB:
        return ERR_STORE_FOREIGN;
    case SQLITE_IOERR:
        return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG ? -ENOSPC : -EIO;
    default:
        return ERR_STORE;
    }
}

int sql_fail(struct store *s, const char *doing)
{
    int rc = sqlite3_extended_errcode(s->db);
    int err = sql_error(rc, sqlite3_system_errno(s->db));
    if (err == -ENOSPC)
        log_error("%s: the disk is full (%.60s); what was stored before is intact", s->path, doing);
    else if (err == -EBUSY)
        log_error("%s: another program keeps the store locked (%.60s)", s->path, doing);
    else if (err == -EROFS)
        log_error("%s: the store cannot be written: read-only file, folder or disk (%.60s)", s->path, doing);
    else
        log_error("%s: %s (%.60s)", s->path, sqlite3_errmsg(s->db), doing);
    return err;
}

int sql_exec(struct store *s, const char *sql)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : sql_fail(s, sql);
}

int sql_prepare(struct store *s, const char *sql, sqlite3_stmt **out)
{
    return sqlite3_prepare_v2(s->db, sql, -1, out, NULL) == SQLITE_OK ? 0 : sql_fail(s, sql);
}

int sql_row(struct store *s, sqlite3_stmt *st)
{
    int rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc == SQLITE_DONE)
        return 0;
    return sql_fail(s, sqlite3_sql(st));
}

int sql_run(struct store *s, sqlite3_stmt *st)
{
    int err = sql_row(s, st);
    sqlite3_reset(st);
    return err < 0 ? err : 0;
}

int sql_run_once(struct store *s, sqlite3_stmt *st)
{
    int err = sql_run(s, st);
    sqlite3_finalize(st);
    return err;
}

int sql_int_once(struct store *s, sqlite3_stmt *st, int64_t *out)
{
    int err = sql_row(s, st);
    if (err > 0)
        *out = col_int(st, 0);
    sqlite3_finalize(st);
    return err > 0 ? 0 : err < 0 ? err : ERR_NOT_FOUND;
}

void bind_int(sqlite3_stmt *st, int i, int64_t v)
{
    sqlite3_bind_int64(st, i, v);
}

/* Printable ASCII, tabs and newlines: what text_clean leaves as it is. */
static bool is_plain(const char *v, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)v[i] < 0x20 && v[i] != '\t' && v[i] != '\n') || (unsigned char)v[i] > 0x7e)
            return false;
    return true;
}

/* The store's door: whoever gave the text, the user's command line or a device, here it becomes valid UTF-8 without control characters. */
void bind_text(sqlite3_stmt *st, int i, const char *v)
{
    size_t len = v != NULL ? strlen(v) : 0;
    if (v == NULL)
        sqlite3_bind_null(st, i);
    else if (is_plain(v, len))
        sqlite3_bind_text64(st, i, v, len, SQLITE_STATIC, SQLITE_UTF8);
    else {
        struct buf clean = BUF_INIT(SIZE_MAX);
        text_clean(&clean, v, len);
        sqlite3_bind_text64(st, i, buf_str(&clean), clean.len, SQLITE_TRANSIENT, SQLITE_UTF8);
        buf_clear(&clean);
    }
}

void bind_word(sqlite3_stmt *st, int i, const char *v)
{
    bind_text(st, i, v == NULL ? "" : v);
}

void bind_time(sqlite3_stmt *st, int i, int64_t t)
{
    char text[ISO_LEN];
    if (t == 0) {
        sqlite3_bind_null(st, i);
        return;
    }
    iso_format(t, text);
    sqlite3_bind_text(st, i, text, -1, SQLITE_TRANSIENT);
}

char *col_text(sqlite3_stmt *st, int i)
{
    const unsigned char *p = sqlite3_column_text(st, i);
    return p == NULL ? NULL : xstrndup((const char *)p, (size_t)sqlite3_column_bytes(st, i));
}

char *col_word(sqlite3_stmt *st, int i)
{
    char *p = col_text(st, i);
    return p == NULL ? xstrdup("") : p;
}

int64_t col_int(sqlite3_stmt *st, int i)
{
    return sqlite3_column_int64(st, i);
}

int64_t col_time(sqlite3_stmt *st, int i)
{
    const unsigned char *p = sqlite3_column_text(st, i);
    int64_t t = 0;
    if (p == NULL || !iso_parse((const char *)p, &t))
        return 0;
    return t;
}

void col_hex(sqlite3_stmt *st, int i, char out[SHA256_HEX])
{
    const unsigned char *p = sqlite3_column_text(st, i);
    out[0] = '\0';
    if (p == NULL || sqlite3_column_bytes(st, i) != SHA256_HEX - 1)
        return;
    memcpy(out, p, SHA256_HEX - 1);
    out[SHA256_HEX - 1] = '\0';
}

int tx_begin(struct store *s)
{
    char sql[48];
    int err;
    if (!s->writable) {
        log_error("%s: opened for reading only", s->path);
        return -EROFS;
    }
    if (s->depth == 0)
        err = sql_exec(s, "BEGIN IMMEDIATE");
    else {
        snprintf(sql, sizeof(sql), "SAVEPOINT level_%u", s->depth);
        err = sql_exec(s, sql);
    }
    if (err == 0)
        s->depth++;
    return err;
}

static void tx_undo(struct store *s)
{
    char sql[96];
    /* After a full disk or an I/O error SQLite may have rolled everything back by itself; then there is nothing left to undo. */
    if (sqlite3_get_autocommit(s->db) != 0)
        return;
    if (s->depth == 0)
        snprintf(sql, sizeof(sql), "ROLLBACK");
    else
        snprintf(sql, sizeof(sql), "ROLLBACK TO level_%u; RELEASE level_%u", s->depth, s->depth);
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        log_error("%s: %s (%s)", s->path, sqlite3_errmsg(s->db), sql);
}

int tx_end(struct store *s, int err)
{
    char sql[48];
    if (s->depth == 0)
        BUG("a transaction ends that was not begun");
    s->depth--;
    if (err == 0 && sqlite3_get_autocommit(s->db) != 0) {
        log_error("%s: the transaction was lost before its end", s->path);
        return ERR_STORE;
    }
    if (err == 0) {
        if (s->depth == 0)
            snprintf(sql, sizeof(sql), "COMMIT");
        else
            snprintf(sql, sizeof(sql), "RELEASE level_%u", s->depth);
        err = sql_exec(s, sql);
    }
    if (err != 0)
        tx_undo(s);
    return err;
}
