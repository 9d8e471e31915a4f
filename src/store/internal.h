/* What the files of the store share: the handle, statements, transactions, the schema. Nobody else includes this but its tests.
 * The store runs in the parent only. It trusts the bytes of the database file no further than SQLite and the seals do. */
#ifndef PREOP_STORE_INTERNAL_H
#define PREOP_STORE_INTERNAL_H

#include <sqlite3.h>
#include <stdio.h>
#include "store/store.h"

#define STORE_APPLICATION_ID 0x70726f70      /* "prop" in the file's header: how file(1) and we know it */
#define STORE_BUSY_MS 20000
#define EVIDENCE_MAX 2048                    /* bytes of a finding's evidence */

struct intake;

struct store {
    sqlite3 *db;
    char *path;
    bool writable;
    unsigned depth;                          /* of nested transactions: 1 is BEGIN IMMEDIATE, further ones are savepoints */
    struct intake *intake;                   /* at most one at a time */
    sqlite3_stmt **insert;                   /* one for each fact table, made when first needed */
    int64_t current_run;                     /* begun or reopened through this handle: store_sweep leaves it alone */
    int lock_fd;
    char *lock_site;
    FILE *asked;                             /* the log of questions, open for asked_run */
    int64_t asked_run;
};

/* --- open.c --------------------------------------------------------------------------------------------------------- */

struct store_open_options {
    const char *vfs;                         /* NULL: SQLite's own; tests put a failing disk here */
    long fs_type;                            /* statfs's f_type to assume; 0: ask the kernel */
};
int store_open_with(struct store **out, const char *path, unsigned flags, const struct store_open_options *o, char **why) MUST_CHECK;
bool store_fs_is_remote(long f_type);        /* nfs, cifs, smb, fuse, 9p: no shared memory, so no WAL */

/* --- sql.c: statements and transactions ------------------------------------------------------------------------------ */

/* Turns SQLite's last error on this connection into ours, and logs it with what was being done. Never returns 0. */
int sql_fail(struct store *s, const char *doing);
int sql_error(int rc, int system_errno);     /* SQLite's (extended) code as one of ours */
int sql_exec(struct store *s, const char *sql) MUST_CHECK;
int sql_prepare(struct store *s, const char *sql, sqlite3_stmt **out) MUST_CHECK;
/* Runs a statement that gives no rows, resets it. */
int sql_run(struct store *s, sqlite3_stmt *st) MUST_CHECK;
int sql_run_once(struct store *s, sqlite3_stmt *st) MUST_CHECK;      /* the same, and finalizes */
/* 1: a row; 0: no more; negative: failed, logged. */
int sql_row(struct store *s, sqlite3_stmt *st) MUST_CHECK;
/* One integer of a query: ERR_NOT_FOUND without a row. Finalizes. */
int sql_int_once(struct store *s, sqlite3_stmt *st, int64_t *out) MUST_CHECK;

/* Binding. Texts are borrowed until the statement ran; what is not clean (text_clean) becomes so here. */
void bind_int(sqlite3_stmt *st, int i, int64_t v);
void bind_text(sqlite3_stmt *st, int i, const char *v);              /* NULL is NULL */
void bind_word(sqlite3_stmt *st, int i, const char *v);              /* NULL is "" */
void bind_time(sqlite3_stmt *st, int i, int64_t t);                  /* 0 is NULL */
/* Reading. */
char *col_text(sqlite3_stmt *st, int i);     /* owned; NULL for NULL */
char *col_word(sqlite3_stmt *st, int i);     /* owned; "" for NULL */
int64_t col_int(sqlite3_stmt *st, int i);
int64_t col_time(sqlite3_stmt *st, int i);   /* 0 for NULL or what is no time */
void col_hex(sqlite3_stmt *st, int i, char out[SHA256_HEX]);         /* "" unless 64 bytes long */

/* Transactions: BEGIN IMMEDIATE, or a savepoint within one. tx_end commits when err is 0 and rolls back otherwise; it gives err, or why the commit failed. */
int tx_begin(struct store *s) MUST_CHECK;
int tx_end(struct store *s, int err) MUST_CHECK;

/* --- schema.c, views.c ----------------------------------------------------------------------------------------------- */

struct migration { const char *what; const char *const *sql; };      /* the n-th (from 1) makes user_version n; statements, ended by NULL */
extern const struct migration store_migrations[];
extern const size_t store_n_migrations;
/* Brings db from its user_version up to n, each step in a transaction of its own. ERR_STORE_NEWER when it is beyond. */
int schema_migrate(struct store *s, const struct migration *v, size_t n) MUST_CHECK;
int schema_version(struct store *s, int64_t *application_id, int64_t *user_version) MUST_CHECK;
/* Adds fact tables and columns that are declared and missing, makes the views anew where they differ. *missing (may be NULL) counts what was; with dry it only counts. */
int schema_refresh(struct store *s, bool dry, size_t *missing) MUST_CHECK;
/* Columns of a table that the store has and this program does not know. */
int schema_unknown_columns(struct store *s, const struct fact_table *t, size_t *n) MUST_CHECK;
int views_refresh(struct store *s, bool dry, size_t *missing) MUST_CHECK;
/* The columns of a table of the store by name, in its order. strings_free(). */
int schema_columns(struct store *s, const char *table, char ***names, size_t *n) MUST_CHECK;

/* --- run.c ----------------------------------------------------------------------------------------------------------- */

int site_id_for(struct store *s, const char *site, bool create, int64_t *id) MUST_CHECK;
int run_require_open(struct store *s, int64_t run) MUST_CHECK;       /* 0, ERR_NOT_FOUND, or ERR_INTERNAL (logged) when it is not open any more */

/* --- facts.c: one row of a fact table as the store has it ------------------------------------------------------------ */

/* SELECT subject and every declared column of collection ?1, by subject. The columns that the store lacks are NULL. */
int fact_select(struct store *s, const struct fact_table *t, sqlite3_stmt **out) MUST_CHECK;
/* The row under such a statement, its first fact column at `first`; texts are borrowed until the next step. */
void fact_row_read(sqlite3_stmt *st, int first, const struct fact_table *t, struct fact_row *out);
/* SHA-256 over all rows of a collection in subject order, and how many there are. */
int fact_hash(struct store *s, const struct fact_table *t, int64_t collection, char out[SHA256_HEX], int64_t *rows) MUST_CHECK;
int fact_delete(struct store *s, const struct fact_table *t, int64_t collection) MUST_CHECK;

/* --- seal.c ---------------------------------------------------------------------------------------------------------- */

int seal_compute(struct store *s, int64_t run, char out[SHA256_HEX]) MUST_CHECK;

/* --- asked.c --------------------------------------------------------------------------------------------------------- */

int asked_flush(struct store *s) MUST_CHECK;
void asked_close(struct store *s);

/* --- lock.c ---------------------------------------------------------------------------------------------------------- */

void lock_release(struct store *s);

#endif
