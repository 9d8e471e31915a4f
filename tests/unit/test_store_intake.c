/* From rows to stored collections: keys, hashes, notes, all or nothing; and how they are read again. */
#include "store_helper.h"

#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "fact/table_endpoints.h"
#include "fact/table_filesystems.h"
#include "fact/table_interface_load.h"
#include "fact/table_listening_ports.h"

struct fixture { char *dir, *path; struct store *s; int64_t run, target; };

static int setup(void **state)
{
    struct fixture *f = xcalloc(1, sizeof(*f));
    f->dir = helper_dir();
    f->path = helper_db(f->dir);
    f->s = helper_open(f->path);
    f->run = helper_run(f->s, "riverside");
    if (store_target_put(f->s, f->run, "sw1", "switch", "10.20.0.2", 2, &f->target) != 0)
        return -1;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    free(f->path);
    helper_remove(f->dir);
    free(f);
    return 0;
}

static struct collection of(const struct fixture *f, const struct fact_table *t)
{
    return (struct collection){ .target_id = f->target, .probe = "snmp", .table = t, .state = STATE_COMPLETE, .method = METHOD_MEASURED, .observed_at = 1700000000 };
}

static void put_named(struct intake *in, const char *name, const char *alias)
{
    struct fact_row row;
    fact_row_init(&row, &fact_interfaces);
    fact_set_str(&row, INTERFACES_NAME, name);
    fact_set_str(&row, INTERFACES_ALIAS, alias);
    assert_int_equal(intake_row(in, &row), 0);
}

static struct collection *all(const struct fixture *f, size_t *n)
{
    struct collection *v = NULL;
    assert_int_equal(store_collections(f->s, f->run, &v, n), 0);
    return v;
}

static void expect_text(struct store *s, const char *sql, const char *expected)
{
    sqlite3_stmt *st = NULL;
    assert_int_equal(sql_prepare(s, sql, &st), 0);
    assert_int_equal(sql_row(s, st), 1);
    char *text = col_word(st, 0);
    sqlite3_finalize(st);
    assert_string_equal(text, expected);
    free(text);
}

static void stores_what_it_was_given(void **state)
{
    struct fixture *f = *state;
    struct intake *in = NULL;
    struct collection c = of(f, &fact_interfaces);
    struct fact_row row;
    char detail[] = "cut after \x1b[31m 2 rows", notes[] = "one\ntwo";
    c.state = STATE_PARTIAL;
    c.reason = REASON_CONNECTION_LOST;
    c.detail = detail;
    c.notes = notes;
    c.vantage = detail + 16;
    c.ms = 77;
    clock_set(1700000500);
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    fact_row_init(&row, &fact_interfaces);
    fact_set_str(&row, INTERFACES_NAME, "Gi1/0/1");
    fact_set_text(&row, INTERFACES_ALIAS, "to \xff\x1b the desk\0\0", 16);
    fact_set_int(&row, INTERFACES_SPEED_MBPS, INT64_MAX);
    fact_set_int(&row, INTERFACES_ADMIN_UP, 7);
    fact_set_str(&row, INTERFACES_MAC, "00-AA-BB-CC-DD-0E");
    assert_int_equal(intake_row(in, &row), 0);
    assert_int_equal(intake_note(in, "three"), 0);
    assert_int_equal(intake_commit(in), 0);
    clock_set(-1);
    expect_text(f->s, "SELECT subject FROM interfaces", "[\"Gi1/0/1\"]");
    expect_text(f->s, "SELECT alias FROM interfaces", "to \xef\xbf\xbd\xef\xbf\xbd the desk");
    expect_text(f->s, "SELECT mac FROM interfaces", "00:aa:bb:cc:dd:0e");
    assert_int_equal(helper_int(f->s, "SELECT speed_mbps FROM interfaces"), INT64_MAX);
    assert_int_equal(helper_int(f->s, "SELECT admin_up IS NULL AND oper_up IS NULL FROM interfaces"), 1);
    size_t n = 0;
    struct collection *v = all(f, &n);
    assert_int_equal(n, 1);
    assert_string_equal(v[0].target, "sw1");
    assert_string_equal(v[0].probe, "snmp");
    assert_ptr_equal(v[0].table, &fact_interfaces);
    assert_int_equal(v[0].state, STATE_PARTIAL);
    assert_int_equal(v[0].reason, REASON_CONNECTION_LOST);
    assert_string_equal(v[0].detail, "cut after \xef\xbf\xbd[31m 2 rows");
    assert_string_equal(v[0].vantage, "2 rows");
    assert_int_equal(v[0].rows, 1);
    assert_int_equal(v[0].ms, 77);
    assert_int_equal(v[0].observed_at, 1700000000);
    assert_int_equal(v[0].received_at, 1700000500);
    assert_string_equal(v[0].notes, "one\ntwo\nthree\nadmin_up: 1 values had no valid form and are not stored");
    assert_false(v[0].carried);
    collections_free(v, n);
}

static void every_state_reason_and_method_is_kept(void **state)
{
    struct fixture *f = *state;
    struct intake *in = NULL;
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    for (int i = 0; i < REASON_COUNT; i++) {
        struct collection c = of(f, &fact_hosts);
        c.state = (enum state)(i % STATE_COUNT);
        c.method = (enum method)(i % METHOD_COUNT);
        c.reason = (enum reason)i;
        c.ms = i;
        assert_int_equal(intake_collection(in, &c), 0);
    }
    assert_int_equal(intake_commit(in), 0);
    size_t n = 0;
    struct collection *v = all(f, &n);
    assert_int_equal(n, REASON_COUNT);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(v[i].reason, v[i].ms);
        assert_int_equal(v[i].state, v[i].ms % STATE_COUNT);
        assert_int_equal(v[i].method, v[i].ms % METHOD_COUNT);
        assert_int_equal(strlen(v[i].sha256), SHA256_HEX - 1);
    }
    collections_free(v, n);
}

static void identities_without_name_and_twice(void **state)
{
    struct fixture *f = *state;
    struct intake *in = NULL;
    struct collection c = of(f, &fact_interfaces);
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    put_named(in, "a", "first");
    put_named(in, NULL, "second");
    put_named(in, "a", "third");
    put_named(in, "b", "fourth");
    put_named(in, "", "fifth");
    put_named(in, "a", "sixth");
    assert_int_equal(intake_commit(in), 0);
    expect_text(f->s, "SELECT group_concat(subject || ' ' || alias, '; ') FROM (SELECT * FROM interfaces ORDER BY subject)",
                "[\"#2\"] second; [\"#5\"] fifth; [\"a\",\"#2\"] third; [\"a\",\"#3\"] sixth; [\"a\"] first; [\"b\"] fourth");
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM interfaces WHERE name = 'a'"), 3);       /* the column stays as the device said it */
    assert_int_equal(helper_int(f->s, "SELECT notes LIKE '2 of 6 rows have no name%' AND notes LIKE '%2 of 6 rows repeat%' FROM collection"), 1);
}

static void a_forged_number_is_no_collision(void **state)
{
    struct fixture *f = *state;
    struct intake *in = NULL;
    struct collection c = of(f, &fact_listening_ports);
    struct fact_row row;
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    /* A device whose rows already look like the identities that we would give. */
    for (int i = 0; i < 3; i++) {
        fact_row_init(&row, &fact_listening_ports);
        fact_set_str(&row, LISTENING_PORTS_PROTOCOL, i == 2 ? "tcp" : "#2");
        fact_set_str(&row, LISTENING_PORTS_PROCESS, "x");
        assert_int_equal(intake_row(in, &row), 0);
    }
    assert_int_equal(intake_commit(in), 0);
    assert_int_equal(helper_int(f->s, "SELECT count(DISTINCT subject) FROM listening_ports"), 3);
}

static void many_equal_names_take_no_time(void **state)
{
    struct fixture *f = *state;
    struct intake *in = NULL;
    struct collection c = of(f, &fact_interfaces);
    int64_t began = clock_mono_ms();
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    for (int i = 0; i < 20000; i++)
        put_named(in, "eth0", NULL);
    assert_int_equal(intake_commit(in), 0);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM interfaces"), 20000);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM interfaces WHERE subject = '[\"eth0\",\"#20000\"]'"), 1);
    assert_true(clock_mono_ms() - began < 20000);
}

/* Rows in, in one order or another, small or too large to be kept in memory: the hash is of the set of rows alone. */
static void store_many(const struct fixture *f, size_t n, size_t step, const char *alias)
{
    struct intake *in = NULL;
    struct collection c = of(f, &fact_interfaces);
    char name[32];
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    for (size_t i = 0; i < n; i++) {
        snprintf(name, sizeof(name), "Gi%zu", i * step % n);
        put_named(in, name, alias);
    }
    assert_int_equal(intake_commit(in), 0);
}

static void hashes(void **state)
{
    struct fixture *f = *state;
    char sha256[SHA256_HEX];
    char *alias = xcalloc(1, 2001);
    int64_t rows = 0;
    size_t n = 0;
    memset(alias, 'x', 2000);
    store_many(f, 11, 1, "a");
    store_many(f, 11, 3, "a");
    store_many(f, 11, 3, "b");
    store_many(f, 5003, 1, alias);           /* 10 MB: read back */
    store_many(f, 5003, 7, alias);
    store_many(f, 0, 1, "a");
    struct collection *v = all(f, &n);
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(fact_hash(f->s, &fact_interfaces, v[i].id, sha256, &rows), 0);
        assert_string_equal(sha256, v[i].sha256);
        assert_int_equal(rows, v[i].rows);
    }
    assert_string_equal(v[0].sha256, v[1].sha256);
    assert_string_not_equal(v[0].sha256, v[2].sha256);
    assert_string_equal(v[3].sha256, v[4].sha256);
    assert_string_equal(v[5].sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");    /* of nothing */
    collections_free(v, n);
    free(alias);
}

/* The canonical form, spelled out: a seal made today has to verify in ten years. */
static void canonical_form_is_fixed(void **state)
{
    struct fixture *f = *state;
    struct intake *in = NULL;
    struct collection c = of(f, &fact_filesystems), *v;
    struct fact_row row;
    char expected[SHA256_HEX];
    size_t n = 0;
    static const char form[] =
        "\0\0\0\0\0\0\0\5[\"/\"]" "\0\0\0\0\0\0\0\3"
        "\0\0\0\0\0\0\0\5mount" "\0\0\0\0\0\0\0\1t" "\0\0\0\0\0\0\0\1/"
        "\0\0\0\0\0\0\0\nsize_bytes" "\0\0\0\0\0\0\0\1i" "\0\0\0\0\0\0\0\10" "\0\0\0\0\0\0\1\2"
        "\0\0\0\0\0\0\0\14used_percent" "\0\0\0\0\0\0\0\1r" "\0\0\0\0\0\0\0\10" "\x40\x45\x20\0\0\0\0\0";
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    fact_row_init(&row, &fact_filesystems);
    fact_set_str(&row, FILESYSTEMS_MOUNT, "/");
    fact_set_int(&row, FILESYSTEMS_SIZE_BYTES, 258);
    fact_set_real(&row, FILESYSTEMS_USED_PERCENT, 42.25);
    assert_int_equal(intake_row(in, &row), 0);
    assert_int_equal(intake_commit(in), 0);
    sha256_hex(form, sizeof(form) - 1, expected);
    v = all(f, &n);
    assert_string_equal(v[0].sha256, expected);
    collections_free(v, n);
}

static void abort_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct intake *in = NULL;
    struct collection c = of(f, &fact_interfaces);
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    put_named(in, "a", NULL);
    intake_abort(in);
    assert_int_equal(helper_int(f->s, "SELECT (SELECT count(*) FROM collection) + (SELECT count(*) FROM interfaces) + (SELECT count(*) FROM run_collection)"), 0);
    /* A job that fails half-way, here for a target that is not there: the foreign key stops it, and nothing of it stays. */
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    put_named(in, "a", NULL);
    c.target_id = 4711;
    assert_int_not_equal(intake_collection(in, &c), 0);
    struct fact_row row;
    fact_row_init(&row, &fact_interfaces);
    assert_int_not_equal(intake_row(in, &row), 0);
    assert_int_not_equal(intake_commit(in), 0);
    assert_int_equal(helper_int(f->s, "SELECT (SELECT count(*) FROM collection) + (SELECT count(*) FROM interfaces)"), 0);
    assert_int_equal(helper_job(f->s, f->run, f->target, 3, 1000), 0);       /* and the store goes on */
}

static void carrying_and_dropping(void **state)
{
    struct fixture *f = *state;
    size_t n = 0;
    assert_int_equal(helper_job(f->s, f->run, f->target, 3, 1000), 0);
    struct collection *v = all(f, &n);
    assert_int_equal(n, 2);
    int64_t hosts = v[0].id, ports = v[1].id;
    collections_free(v, n);
    int64_t later = helper_run(f->s, "riverside");
    assert_int_equal(store_collection_link(f->s, later, ports, true), 0);
    assert_int_equal(store_collection_link(f->s, later, ports, true), 0);    /* twice is once */
    assert_int_equal(store_collections(f->s, later, &v, &n), 0);
    assert_int_equal(n, 1);
    assert_true(v[0].carried);
    collections_free(v, n);
    assert_int_equal(store_collection_drop(f->s, f->run, ports), 0);         /* the later run rests on it: it stays */
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM interfaces"), 3);
    assert_int_equal(store_collection_drop(f->s, f->run, hosts), 0);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM hosts"), 0);
    assert_int_equal(store_collection_drop(f->s, later, ports), 0);
    assert_int_equal(helper_int(f->s, "SELECT (SELECT count(*) FROM collection) + (SELECT count(*) FROM interfaces)"), 0);
    assert_int_equal(store_collection_drop(f->s, later, ports), ERR_NOT_FOUND);
}

struct seen { size_t n; int64_t sum; int stop_at; };

static int see(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct seen *seen = ctx;
    assert_ptr_equal(row->table, &fact_interfaces);
    assert_string_equal(target, "sw1");
    assert_memory_equal(subject, "[\"P", 3);
    assert_int_equal(row->v[INTERFACES_NAME].kind, FACT_KIND_TEXT);
    assert_int_equal(row->v[INTERFACES_ALIAS].kind, FACT_KIND_NULL);
    assert_int_equal(c->method, METHOD_MEASURED);
    seen->sum += row->v[INTERFACES_SPEED_MBPS].i;
    return ++seen->n == (size_t)seen->stop_at ? 42 : 0;
}

static void reading_facts(void **state)
{
    struct fixture *f = *state;
    struct seen seen = { 0 };
    assert_int_equal(helper_job(f->s, f->run, f->target, 4, 10), 0);
    assert_int_equal(store_facts_each(f->s, f->run, &fact_interfaces, see, &seen), 0);
    assert_int_equal(seen.n, 4);
    assert_int_equal(seen.sum, 40);
    seen = (struct seen){ .stop_at = 2 };
    assert_int_equal(store_facts_each(f->s, f->run, &fact_interfaces, see, &seen), 42);
    assert_int_equal(seen.n, 2);
    assert_int_equal(store_facts_each(f->s, f->run, &fact_filesystems, see, &seen), 0);
    assert_int_equal(store_facts_each(f->s, 4711, &fact_interfaces, see, &seen), 0);
    assert_int_equal(seen.n, 2);
}

static void views(void **state)
{
    struct fixture *f = *state;
    char seal[SHA256_HEX];
    assert_int_equal(helper_job(f->s, f->run, f->target, 4, 10), 0);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM latest_interfaces"), 0);         /* not sealed yet */
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM all_interfaces WHERE site = 'riverside' AND target = 'sw1' AND probe = 'snmp' AND method = 'measured'"
                                      " AND observed_at IS NOT NULL AND run = 1 AND NOT carried"), 4);
    assert_int_equal(helper_results(f->s, f->run), 0);
    assert_int_equal(store_run_seal(f->s, f->run, seal), 0);
    assert_int_equal(helper_int(f->s, "SELECT sum(speed_mbps) FROM latest_interfaces"), 40);
    clock_set(clock_now() + 10);
    int64_t next = helper_sealed(f->s, "riverside", 7, seal);
    clock_set(clock_now() + 10);
    helper_sealed(f->s, "hilltop", 9, seal);
    clock_set(-1);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM latest_run"), 2);
    assert_int_equal(helper_int(f->s, "SELECT run FROM latest_score WHERE site = 'riverside' AND level = 'site'"), next);
    assert_int_equal(helper_int(f->s, "SELECT low = 50.0 AND high = 75.0 FROM latest_score WHERE site = 'riverside' AND level = 'site'"), 1);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM latest_finding WHERE status = 'fail'"), 2);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM all_finding WHERE status = 'fail'"), 3);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM latest_check_result WHERE site = 'hilltop'"), 2);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM latest_gate WHERE verdict = 'NO-GO'"), 2);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM latest_collection WHERE site = 'riverside' AND state = 'complete'"), 4);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM latest_interfaces WHERE site = 'riverside' AND speed_mbps = 7"), 5);
}

/* The views put columns of their own beside a fact table's: no table may use their names. */
static void fact_columns_leave_room_for_the_views(void **state)
{
    static const char *const taken[] = { "run", "site", "target", "probe", "method", "observed_at", "received_at", "carried", "subject", "collection_id" };
    (void)state;
    for (size_t i = 0; i < fact_n_tables; i++)
        for (size_t c = 0; c < fact_tables[i]->n_columns; c++)
            for (size_t t = 0; t < N_ELEMENTS(taken); t++)
                if (strcmp(fact_tables[i]->columns[c].name, taken[t]) == 0)
                    fail_msg("%s.%s", fact_tables[i]->name, taken[t]);
}


/* --- what a watched day costs ----------------------------------------------------------------------------------------------- */

#define DAY_PORTS 48
#define DAY_ENDPOINTS 5
#define DAY_HOURS 24
#define DAY_MAX_BYTES 1000000

/* Figures of full length in every column: rates that are no round numbers. */
static void put_load(struct intake *in, int port, int hour)
{
    char name[24], began[ISO_LEN];
    struct fact_row row;
    fact_row_init(&row, &fact_interface_load);
    snprintf(name, sizeof(name), "GigabitEthernet1/0/%d", port);
    iso_format(1700006400 + hour * 3600, began);
    for (int c = 0; c < INTERFACE_LOAD_COLUMNS; c++) {
        const struct fact_column *column = &fact_interface_load.columns[c];
        if (column->type == FACT_REAL)
            fact_set_real(&row, c, (double)((port * 7919 + hour * 104729 + c * 1299709) % 999983) / 1000.0 + 0.001);
        else if (column->type == FACT_INTEGER)
            fact_set_int(&row, c, 1000000000 + port * 7919 + hour * 104729);
        else if (column->type == FACT_BOOLEAN)
            fact_set_int(&row, c, 1);
    }
    fact_set_str(&row, INTERFACE_LOAD_NAME, name);
    fact_set_str(&row, INTERFACE_LOAD_BEGIN_AT, began);
    assert_int_equal(intake_row(in, &row), 0);
}

/* As large as a row of an endpoint with its certificate is: the widest that a table of endpoints by the hour could have. */
static void put_endpoint(struct intake *in, int endpoint, int hour)
{
    char host[40];
    struct fact_row row;
    fact_row_init(&row, &fact_endpoints);
    snprintf(host, sizeof(host), "service-%d.example.org/%02d", endpoint, hour);
    for (int c = 0; c < ENDPOINTS_COLUMNS; c++) {
        if (fact_endpoints.columns[c].type == FACT_REAL)
            fact_set_real(&row, c, 12.345 + hour + c / 7.0);
        else if (fact_endpoints.columns[c].type == FACT_TEXT)
            fact_set_str(&row, c, "a text of some forty bytes, as names are");
    }
    fact_set_str(&row, ENDPOINTS_HOST, host);
    fact_set_int(&row, ENDPOINTS_PORT, 443);
    assert_int_equal(intake_row(in, &row), 0);
}

static int64_t bytes_used(struct store *s)
{
    return helper_int(s, "SELECT (SELECT page_count - freelist_count FROM pragma_page_count, pragma_freelist_count) * (SELECT page_size FROM pragma_page_size)");
}

static void a_watched_day_is_small(void **state)
{
    struct fixture *f = *state;
    struct intake *in = NULL;
    int64_t before = bytes_used(f->s);
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    struct collection c = of(f, &fact_interface_load);
    assert_int_equal(intake_collection(in, &c), 0);
    for (int hour = 0; hour < DAY_HOURS; hour++)
        for (int port = 1; port <= DAY_PORTS; port++)
            put_load(in, port, hour);
    c = of(f, &fact_endpoints);
    c.probe = "net";
    assert_int_equal(intake_collection(in, &c), 0);
    for (int hour = 0; hour < DAY_HOURS; hour++)
        for (int endpoint = 0; endpoint < DAY_ENDPOINTS; endpoint++)
            put_endpoint(in, endpoint, hour);
    assert_int_equal(intake_commit(in), 0);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM interface_load"), DAY_PORTS * DAY_HOURS);
    assert_int_equal(helper_int(f->s, "SELECT count(*) FROM endpoints"), DAY_ENDPOINTS * DAY_HOURS);
    int64_t used = bytes_used(f->s) - before;
    print_message("# a day of %d interfaces and %d endpoints by the hour: %lld bytes\n", DAY_PORTS, DAY_ENDPOINTS, (long long)used);
    assert_true(used > 0 && used < DAY_MAX_BYTES);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stores_what_it_was_given), TEST(every_state_reason_and_method_is_kept), TEST(identities_without_name_and_twice), TEST(a_forged_number_is_no_collision),
        TEST(many_equal_names_take_no_time), TEST(hashes), TEST(canonical_form_is_fixed), TEST(abort_leaves_nothing), TEST(carrying_and_dropping),
        TEST(reading_facts), TEST(views), TEST(a_watched_day_is_small), cmocka_unit_test(fact_columns_leave_room_for_the_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
