/* Migrations: the mechanism on made-up versions, every earlier version of the real schema from its fixture, and fact tables that grow by themselves. */
#include "store_helper.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "fact/table_filesystems.h"

/* A bare handle on a new file: what store_open does before it migrates. */
static struct store *bare(const char *path)
{
    struct store *s = xcalloc(1, sizeof(*s));
    s->path = xstrdup(path);
    s->writable = true;
    s->lock_fd = -1;
    s->insert = xcalloc(fact_n_tables, sizeof(s->insert[0]));
    assert_int_equal(sqlite3_open(path, &s->db), SQLITE_OK);
    return s;
}

static const char *const one[] = { "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT) STRICT", "INSERT INTO note (text) VALUES ('kept')", NULL };
static const char *const two[] = { "ALTER TABLE note ADD COLUMN author TEXT", "UPDATE note SET author = 'x'", NULL };
static const char *const three_broken[] = { "ALTER TABLE note ADD COLUMN day TEXT", "UPDATE note SET text = 'lost'", "INSERT INTO nowhere VALUES (1)", NULL };
static const char *const three[] = { "ALTER TABLE note ADD COLUMN day TEXT", NULL };

static void steps(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    struct store *s = bare(path);
    const struct migration first[] = { { "one", one } }, broken[] = { { "one", one }, { "two", two }, { "three", three_broken } },
                           mended[] = { { "one", one }, { "two", two }, { "three", three } };
    assert_int_equal(schema_migrate(s, first, 1), 0);
    assert_int_equal(helper_int(s, "PRAGMA user_version"), 1);
    assert_int_equal(helper_int(s, "PRAGMA application_id"), STORE_APPLICATION_ID);
    assert_int_equal(schema_migrate(s, first, 1), 0);                /* nothing to do */
    assert_int_equal(helper_int(s, "SELECT count(*) FROM note"), 1);
    assert_int_not_equal(schema_migrate(s, broken, 3), 0);           /* the second step stands, the third is undone as a whole */
    assert_int_equal(helper_int(s, "PRAGMA user_version"), 2);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM note WHERE text = 'kept' AND author = 'x'"), 1);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM pragma_table_info('note') WHERE name = 'day'"), 0);
    assert_int_equal(schema_migrate(s, mended, 3), 0);
    assert_int_equal(helper_int(s, "PRAGMA user_version"), 3);
    assert_int_equal(schema_migrate(s, first, 1), ERR_STORE_NEWER);  /* and not back */
    store_close(s);
    free(path);
    helper_remove(dir);
}

/* tests/unit/store/vN.sql is a store as version N wrote it, with one sealed run; its first line names the seal. */
static void from_version(size_t version)
{
    char *dir = helper_dir(), *path = helper_db(dir), *why = NULL;
    const char *srcdir = getenv("srcdir");
    char *fixture = xasprintf("%s/tests/unit/store/v%zu.sql", srcdir != NULL ? srcdir : ".", version);
    struct buf sql = BUF_INIT(1 << 20), problems = BUF_INIT(65536);
    char seal[SHA256_HEX], pragma[96];
    struct store *s = bare(path);
    assert_int_equal(file_read(fixture, 1 << 20, &sql), 0);
    assert_memory_equal(buf_str(&sql), "-- seal ", 8);
    snprintf(seal, sizeof(seal), "%.64s", buf_str(&sql) + 8);
    helper_exec(s, buf_str(&sql));
    snprintf(pragma, sizeof(pragma), "PRAGMA application_id = %d; PRAGMA user_version = %zu", STORE_APPLICATION_ID, version);
    helper_exec(s, pragma);
    store_close(s);
    assert_int_equal(chmod(path, 0600), 0);
    /* Reading an older store brings it up to date where that is possible. */
    int err = store_open(&s, path, STORE_READ, &why);
    if (err != 0)
        fail_msg("version %zu: %s", version, why);
    err = store_verify(s, NULL, seal, helper_problem, &problems, NULL);
    if (err != 0)
        fail_msg("version %zu: %s", version, buf_str(&problems));
    store_close(s);
    s = helper_open(path);
    assert_int_equal(helper_int(s, "PRAGMA user_version"), store_n_migrations);
    assert_int_equal(store_verify(s, NULL, seal, NULL, NULL, NULL), 0);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM latest_interfaces WHERE speed_mbps = 100"), 5);
    helper_sealed(s, "riverside", 1000, seal);                       /* and it goes on */
    assert_int_equal(store_verify(s, NULL, seal, NULL, NULL, NULL), 0);
    store_close(s);
    buf_clear(&sql);
    buf_clear(&problems);
    free(fixture);
    free(path);
    helper_remove(dir);
}

static void every_earlier_version(void **state)
{
    (void)state;
    for (size_t v = 1; v <= store_n_migrations; v++)
        from_version(v);
}

static void fact_tables_grow(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), seal[SHA256_HEX], *why = NULL;
    struct store *s = helper_open(path), *older = NULL;
    size_t missing = 0, unknown = 0;
    helper_sealed(s, "riverside", 1000, seal);
    assert_int_equal(schema_refresh(s, true, &missing), 0);
    assert_int_equal(missing, 0);
    /* As an older preop left it: one table and two columns did not exist. */
    helper_exec(s, "DROP VIEW all_filesystems; DROP VIEW latest_filesystems; DROP TABLE filesystems; DROP VIEW all_hosts; DROP VIEW latest_hosts;"
                   "ALTER TABLE hosts DROP COLUMN serial; ALTER TABLE hosts DROP COLUMN model");
    assert_false(store_has_column(s, &fact_filesystems, -1));
    assert_false(store_has_column(s, &fact_hosts, HOSTS_MODEL));
    assert_true(store_has_column(s, &fact_hosts, HOSTS_NAME));
    assert_int_equal(store_verify(s, NULL, seal, NULL, NULL, NULL), 0);      /* what was never stored is in no hash */
    assert_int_equal(store_facts_each(s, 1, &fact_filesystems, NULL, NULL), 0);
    store_close(s);
    assert_int_equal(store_open(&older, path, STORE_READ, &why), 0);
    assert_true(store_has_column(older, &fact_filesystems, -1));
    assert_true(store_has_column(older, &fact_hosts, HOSTS_MODEL));
    assert_int_equal(helper_int(older, "SELECT count(*) FROM all_hosts WHERE model IS NULL"), 8);
    assert_int_equal(store_verify(older, NULL, seal, NULL, NULL, NULL), 0);
    store_close(older);
    /* As a newer preop left it: a column that we do not know stays, is shown in the views, and makes only its own rows unverifiable here. */
    s = helper_open(path);
    helper_exec(s, "ALTER TABLE hosts ADD COLUMN colour TEXT");
    store_close(s);
    s = helper_open(path);
    assert_int_equal(schema_unknown_columns(s, &fact_hosts, &unknown), 0);
    assert_int_equal(unknown, 1);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM latest_hosts WHERE colour IS NULL"), 8);
    assert_int_equal(store_verify(s, NULL, seal, NULL, NULL, NULL), 0);
    helper_sealed(s, "riverside", 1000, seal);
    assert_int_equal(store_verify(s, NULL, seal, NULL, NULL, NULL), 0);
    store_close(s);
    free(path);
    helper_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(steps), cmocka_unit_test(every_earlier_version), cmocka_unit_test(fact_tables_grow) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
