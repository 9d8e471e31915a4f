/* The schema: migrations for the fixed tables, and the fact tables, which follow their declarations by themselves.
 * Runs in the parent at open for writing.
 *
 * A new version of the fixed tables is one more line in store_migrations[]; a line that was ever released is never changed.
 * A fact table or column needs no migration: it is added when it is missing, and never changed or removed. */
#include "store/internal.h"

#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "base/mem.h"

#define SCHEMA_SQL_MAX (64 * 1024)

/* Version 1. Times are UTC as YYYY-MM-DDTHH:MM:SSZ; NULL where there is none. Words for readers are in README.md beside this file. */
static const char *const version_1[] = {
    "CREATE TABLE site ("
    "  id INTEGER PRIMARY KEY,"
    "  key TEXT NOT NULL UNIQUE,"
    "  name TEXT NOT NULL,"
    "  stage TEXT NOT NULL"
    ") STRICT",
    "CREATE TABLE run ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  uuid TEXT NOT NULL UNIQUE,"
    "  site_id INTEGER NOT NULL REFERENCES site,"
    "  site_name TEXT NOT NULL,"
    "  stage TEXT NOT NULL,"
    "  label TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('open', 'sealed', 'interrupted')),"
    "  started TEXT NOT NULL,"
    "  finished TEXT,"
    "  as_of TEXT NOT NULL,"
    "  received_at TEXT NOT NULL,"
    "  partial INTEGER NOT NULL CHECK (partial IN (0, 1)),"
    "  narrowed TEXT NOT NULL,"
    "  vantage TEXT NOT NULL,"
    "  authorization TEXT NOT NULL,"
    "  options TEXT NOT NULL,"
    "  version TEXT NOT NULL,"
    "  seal TEXT NOT NULL,"
    "  previous_seal TEXT NOT NULL,"
    "  CHECK ((state = 'sealed') = (seal <> ''))"
    ") STRICT",
    "CREATE INDEX run_by_site ON run(site_id, started)",
    "CREATE TABLE input ("
    "  sha256 TEXT PRIMARY KEY,"
    "  body BLOB NOT NULL"
    ") STRICT",
    "CREATE TABLE run_input ("
    "  run_id INTEGER NOT NULL REFERENCES run,"
    "  position INTEGER NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL REFERENCES input,"
    "  PRIMARY KEY (run_id, position)"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE target ("
    "  id INTEGER PRIMARY KEY,"
    "  site_id INTEGER NOT NULL REFERENCES site,"
    "  name TEXT NOT NULL,"
    "  role TEXT NOT NULL,"
    "  address TEXT NOT NULL,"
    "  criticality INTEGER NOT NULL,"
    "  UNIQUE (site_id, name)"
    ") STRICT",
    "CREATE TABLE run_target ("
    "  run_id INTEGER NOT NULL REFERENCES run,"
    "  target_id INTEGER NOT NULL REFERENCES target,"
    "  role TEXT NOT NULL,"
    "  address TEXT NOT NULL,"
    "  criticality INTEGER NOT NULL,"
    "  PRIMARY KEY (run_id, target_id)"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE evidence ("
    "  id INTEGER PRIMARY KEY,"
    "  site_id INTEGER NOT NULL REFERENCES site,"
    "  name TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL,"
    "  given_by TEXT NOT NULL,"
    "  covers TEXT NOT NULL,"
    "  observed_at TEXT,"
    "  received_at TEXT"
    ") STRICT",
    "CREATE INDEX evidence_by_site ON evidence(site_id, name, sha256)",
    "CREATE TABLE collection ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  uuid TEXT NOT NULL UNIQUE,"
    "  target_id INTEGER NOT NULL REFERENCES target,"
    "  probe TEXT NOT NULL,"
    "  fact_table TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK (state IN ('complete', 'partial', 'failed', 'unsupported', 'refused', 'not-asked')),"
    "  reason TEXT,"
    "  detail TEXT,"
    "  method TEXT NOT NULL CHECK (method IN ('measured', 'document', 'person')),"
    "  vantage TEXT,"
    "  started TEXT,"
    "  finished TEXT,"
    "  observed_at TEXT,"
    "  received_at TEXT NOT NULL,"
    "  ms INTEGER NOT NULL,"
    "  rows INTEGER NOT NULL,"
    "  sha256 TEXT NOT NULL,"
    "  sandbox TEXT,"
    "  notes TEXT,"
    "  evidence_id INTEGER REFERENCES evidence,"
    "  pruned_at TEXT"
    ") STRICT",
    "CREATE INDEX collection_by_target ON collection(target_id, fact_table)",
    "CREATE INDEX collection_by_evidence ON collection(evidence_id) WHERE evidence_id IS NOT NULL",
    "CREATE TABLE run_collection ("
    "  run_id INTEGER NOT NULL REFERENCES run,"
    "  collection_id INTEGER NOT NULL REFERENCES collection,"
    "  carried INTEGER NOT NULL CHECK (carried IN (0, 1)),"
    "  PRIMARY KEY (run_id, collection_id)"
    ") STRICT, WITHOUT ROWID",
    "CREATE INDEX run_collection_by_collection ON run_collection(collection_id)",
    "CREATE TABLE credential_ended ("
    "  site_id INTEGER NOT NULL REFERENCES site,"
    "  credential TEXT NOT NULL,"
    "  target TEXT NOT NULL,"
    "  at TEXT NOT NULL,"
    "  PRIMARY KEY (site_id, credential)"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE check_result ("
    "  run_id INTEGER NOT NULL REFERENCES run,"
    "  check_id TEXT NOT NULL,"
    "  status TEXT NOT NULL CHECK (status IN ('pass', 'fail', 'unknown', 'not-applicable')),"
    "  reason TEXT,"
    "  n_pass INTEGER NOT NULL,"
    "  n_fail INTEGER NOT NULL,"
    "  n_unknown INTEGER NOT NULL,"
    "  low INTEGER,"
    "  high INTEGER,"
    "  target_counts TEXT NOT NULL,"
    "  PRIMARY KEY (run_id, check_id)"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE finding ("
    "  id INTEGER PRIMARY KEY,"
    "  run_id INTEGER NOT NULL REFERENCES run,"
    "  check_id TEXT NOT NULL,"
    "  target TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  status TEXT NOT NULL CHECK (status IN ('pass', 'fail', 'unknown')),"
    "  reason TEXT,"
    "  severity TEXT NOT NULL,"
    "  method TEXT,"
    "  observed_at TEXT,"
    "  evidence TEXT,"
    "  since_run_uuid TEXT,"
    "  since TEXT,"
    "  gone INTEGER NOT NULL CHECK (gone IN (0, 1))"
    ") STRICT",
    "CREATE INDEX finding_by_run ON finding(run_id, check_id, target, subject)",
    "CREATE TABLE score ("
    "  run_id INTEGER NOT NULL REFERENCES run,"
    "  level TEXT NOT NULL,"
    "  id TEXT NOT NULL,"
    "  low INTEGER,"
    "  high INTEGER,"
    "  measured INTEGER NOT NULL,"
    "  documents INTEGER NOT NULL,"
    "  told INTEGER NOT NULL,"
    "  adjusted_low INTEGER,"
    "  adjusted_high INTEGER,"
    "  n_checks INTEGER NOT NULL,"
    "  PRIMARY KEY (run_id, level, id)"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE gate_result ("
    "  run_id INTEGER NOT NULL REFERENCES run,"
    "  position INTEGER NOT NULL,"
    "  milestone TEXT NOT NULL,"
    "  date TEXT,"
    "  verdict TEXT NOT NULL,"
    "  blockers TEXT NOT NULL,"
    "  unproven TEXT NOT NULL,"
    "  waived TEXT NOT NULL,"
    "  PRIMARY KEY (run_id, position)"
    ") STRICT, WITHOUT ROWID",
    "CREATE TABLE summary ("
    "  run_id INTEGER PRIMARY KEY REFERENCES run,"
    "  body TEXT NOT NULL"
    ") STRICT",
    NULL
};

/* Which report was written for whom. A disclosure belongs to no run's content: it enters no seal. */
static const char *const version_2[] = {
    "CREATE TABLE disclosure ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  run_id INTEGER NOT NULL REFERENCES run,"
    "  at TEXT NOT NULL,"
    "  format TEXT NOT NULL,"
    "  audience TEXT NOT NULL,"
    "  left_out TEXT NOT NULL,"
    "  made_for TEXT NOT NULL,"
    "  marking TEXT NOT NULL,"
    "  file TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL,"
    "  bytes INTEGER NOT NULL"
    ") STRICT",
    "CREATE INDEX disclosure_by_run ON disclosure(run_id)",
    NULL
};

const struct migration store_migrations[] = {
    { "the first version", version_1 },
    { "reports that were written are recorded", version_2 },
};
const size_t store_n_migrations = N_ELEMENTS(store_migrations);

int schema_version(struct store *s, int64_t *application_id, int64_t *user_version)
{
    sqlite3_stmt *st = NULL;
    int err = sql_prepare(s, "PRAGMA application_id", &st);
    if (err == 0)
        err = sql_int_once(s, st, application_id);
    if (err == 0)
        err = sql_prepare(s, "PRAGMA user_version", &st);
    if (err == 0)
        err = sql_int_once(s, st, user_version);
    return err;
}

static int migrate_step(struct store *s, const struct migration *v, size_t n, size_t version)
{
    char sql[96];
    int64_t app = 0, now = 0;
    int err = tx_begin(s);
    if (err != 0)
        return err;
    /* Another process may have done this step while we waited for the lock. */
    err = schema_version(s, &app, &now);
    if (err == 0 && now == (int64_t)version) {
        for (const char *const *sql_at = v[version].sql; err == 0 && *sql_at != NULL; sql_at++)
            err = sql_exec(s, *sql_at);
        snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %zu", STORE_APPLICATION_ID, version + 1);
        if (err == 0)
            err = sql_exec(s, sql);
        if (err == 0 && version > 0)
            log_info("%s: brought from version %zu of the schema to %zu (%s)", s->path, version, version + 1, v[version].what);
    } else if (err == 0 && now > (int64_t)n)
        err = ERR_STORE_NEWER;
    return tx_end(s, err);
}

int schema_migrate(struct store *s, const struct migration *v, size_t n)
{
    int64_t app = 0, version = 0;
    int err = schema_version(s, &app, &version);
    if (err == 0 && (version < 0 || version > (int64_t)n))
        return ERR_STORE_NEWER;
    for (size_t i = (size_t)version; err == 0 && i < n; i++)
        err = migrate_step(s, v, n, i);
    return err;
}

int schema_columns(struct store *s, const char *table, char ***names, size_t *n)
{
    sqlite3_stmt *st = NULL;
    char **v = NULL;
    size_t count = 0;
    int more, err = sql_prepare(s, "SELECT name FROM pragma_table_info(?1) ORDER BY cid", &st);
    *names = NULL;
    *n = 0;
    if (err != 0)
        return err;
    bind_text(st, 1, table);
    while ((more = sql_row(s, st)) > 0) {
        v = xrealloc_array(v, count + 1, sizeof(*v));
        v[count++] = col_word(st, 0);
    }
    sqlite3_finalize(st);
    if (more < 0) {
        strings_free(v, count);
        return more;
    }
    *names = v;
    *n = count;
    return 0;
}

static bool name_among(char *const *v, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i], name) == 0)
            return true;
    return false;
}

static void column_sql(struct buf *sql, const struct fact_column *c)
{
    const char *type = "TEXT";
    if (c->type == FACT_INTEGER || c->type == FACT_BOOLEAN)
        type = "INTEGER";
    else if (c->type == FACT_REAL)
        type = "REAL";
    buf_printf(sql, "\"%s\" %s", c->name, type);
    if (c->type == FACT_BOOLEAN)
        buf_printf(sql, " CHECK (\"%s\" IN (0, 1))", c->name);
}

/* The identity stands once, as `subject`, and is the key: the key columns themselves may be NULL or repeated in what a device
 * says, and have to stay as it said them. */
static int table_create(struct store *s, const struct fact_table *t)
{
    struct buf sql = BUF_INIT(SCHEMA_SQL_MAX);
    buf_printf(&sql, "CREATE TABLE \"%s\" (collection_id INTEGER NOT NULL REFERENCES collection, subject TEXT NOT NULL, ", t->name);
    for (size_t i = 0; i < t->n_columns; i++) {
        column_sql(&sql, &t->columns[i]);
        buf_puts(&sql, ", ");
    }
    buf_puts(&sql, "PRIMARY KEY (collection_id, subject)) STRICT, WITHOUT ROWID");
    int err = sql.overflow ? ERR_LIMIT : sql_exec(s, buf_str(&sql));
    buf_clear(&sql);
    return err;
}

static int column_add(struct store *s, const struct fact_table *t, const struct fact_column *c)
{
    struct buf sql = BUF_INIT(SCHEMA_SQL_MAX);
    buf_printf(&sql, "ALTER TABLE \"%s\" ADD COLUMN ", t->name);
    column_sql(&sql, c);
    int err = sql.overflow ? ERR_LIMIT : sql_exec(s, buf_str(&sql));
    buf_clear(&sql);
    return err;
}

static int table_refresh(struct store *s, const struct fact_table *t, bool dry, size_t *missing)
{
    char **have = NULL;
    size_t n = 0;
    int err = schema_columns(s, t->name, &have, &n);
    if (err != 0)
        return err;
    if (n == 0) {
        ++*missing;
        if (!dry)
            err = table_create(s, t);
    }
    for (size_t i = 0; err == 0 && n > 0 && i < t->n_columns; i++) {
        if (name_among(have, n, t->columns[i].name))
            continue;
        ++*missing;
        if (!dry)
            err = column_add(s, t, &t->columns[i]);
    }
    strings_free(have, n);
    return err;
}

static int refresh_all(struct store *s, bool dry, size_t *missing)
{
    int err = 0;
    *missing = 0;
    for (size_t i = 0; err == 0 && i < fact_n_tables; i++)
        err = table_refresh(s, fact_tables[i], dry, missing);
    if (err == 0)
        err = views_refresh(s, dry, missing);
    return err;
}

int schema_refresh(struct store *s, bool dry, size_t *missing)
{
    size_t n = 0;
    int err = refresh_all(s, true, &n);
    if (err == 0 && n > 0 && !dry) {
        err = tx_begin(s);
        if (err == 0)
            err = tx_end(s, refresh_all(s, false, &n));
    }
    if (missing != NULL)
        *missing = n;
    return err;
}

int schema_unknown_columns(struct store *s, const struct fact_table *t, size_t *n)
{
    char **have = NULL;
    size_t n_have = 0;
    int err = schema_columns(s, t->name, &have, &n_have);
    *n = 0;
    for (size_t i = 0; i < n_have; i++)
        if (strcmp(have[i], "collection_id") != 0 && strcmp(have[i], "subject") != 0 && fact_column_find(t, have[i]) < 0)
            ++*n;
    strings_free(have, n_have);
    return err;
}

bool store_has_column(struct store *s, const struct fact_table *t, int column)
{
    char **have = NULL;
    size_t n = 0;
    bool yes = false;
    if (schema_columns(s, t->name, &have, &n) == 0)
        yes = column < 0 ? n > 0 : name_among(have, n, t->columns[column].name);
    strings_free(have, n);
    return yes;
}
