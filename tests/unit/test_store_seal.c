/* Seals: whatever is changed in a sealed run is found, whatever is local to a store is not part of it, and pruned facts do not hurt. */
#include "store_helper.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"

struct fixture { char *dir, *path, *copy; char seals[3][SHA256_HEX]; };

/* Three sealed runs: two of riverside (with an evidence file, carried and pinned things), one of hilltop. */
static int setup(void **state)
{
    struct fixture *f = xcalloc(1, sizeof(*f));
    int64_t run, target = 0, evidence = 0, first;
    struct intake *in = NULL;
    f->dir = helper_dir();
    f->path = helper_db(f->dir);
    f->copy = xasprintf("%s/copy.db", f->dir);
    struct store *s = helper_open(f->path);
    clock_set(1700000000);
    helper_sealed(s, "hilltop", 100, f->seals[0]);
    first = helper_sealed(s, "riverside", 100, f->seals[1]);
    clock_set(1700086400);
    run = helper_run(s, "riverside");
    assert_int_equal(store_input_put(s, run, "site", "site.yaml", "preop: 1\n", 9), 0);
    assert_int_equal(store_input_put(s, run, "checklist", "core.yaml", "checklist: core\n", 16), 0);
    assert_int_equal(store_target_put(s, run, "rmm", "inventory", "", 1, &target), 0);
    assert_int_equal(store_evidence_put(s, "riverside", "evidence/rmm.csv", "ab", "MSP", "PCs", 1690000000, 1700000000, &evidence), 0);
    struct collection c = { .target_id = target, .probe = "file", .table = &fact_hosts, .state = STATE_COMPLETE, .method = METHOD_DOCUMENT, .evidence_id = evidence };
    assert_int_equal(intake_begin(s, run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    assert_int_equal(intake_commit(in), 0);
    assert_int_equal(helper_int(s, "SELECT max(collection_id) FROM interfaces") > 0, 1);
    assert_int_equal(store_collection_link(s, run, helper_int(s, "SELECT max(collection_id) FROM interfaces"), true), 0);
    assert_int_equal(helper_results(s, run), 0);
    assert_int_equal(store_run_seal(s, run, f->seals[2]), 0);
    assert_int_equal(first, 2);
    clock_set(-1);
    store_close(s);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    free(f->path);
    free(f->copy);
    helper_remove(f->dir);
    free(f);
    return 0;
}

/* A copy of the store with one change, made by somebody with a tool of their own. */
static struct store *changed(const struct fixture *f, const char *sql)
{
    struct buf bytes = BUF_INIT(64U << 20);
    sqlite3 *db = NULL;
    char *error = NULL;
    assert_int_equal(file_read(f->path, 64U << 20, &bytes), 0);
    assert_int_equal(file_write_atomic(f->copy, bytes.data, bytes.len, 0600), 0);
    buf_clear(&bytes);
    assert_int_equal(sqlite3_open(f->copy, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
        fail_msg("%s: %s", sql, error);
    if (sqlite3_total_changes(db) == 0)
        fail_msg("%s changes nothing", sql);
    sqlite3_close(db);
    return helper_open(f->copy);
}

static void verifies(void **state)
{
    struct fixture *f = *state;
    struct store *s = helper_open(f->path);
    struct buf problems = BUF_INIT(65536);
    size_t n = 0;
    assert_int_equal(store_verify(s, NULL, NULL, helper_problem, &problems, &n), 0);
    assert_string_equal(buf_str(&problems), "");
    assert_int_equal(n, 3);
    assert_int_equal(store_verify(s, "riverside", NULL, helper_problem, &problems, &n), 0);
    assert_int_equal(n, 2);
    store_close(s);
}

static void expectations(void **state)
{
    struct fixture *f = *state;
    struct store *s = helper_open(f->path);
    struct buf problems = BUF_INIT(65536);
    char spaced[64], upper[13];
    const char *seal = f->seals[1];
    snprintf(spaced, sizeof(spaced), " %.4s %.4s  %.4s\t", seal, seal + 4, seal + 8);
    for (size_t i = 0; i < 12; i++)
        upper[i] = (char)(seal[i] >= 'a' ? seal[i] - 'a' + 'A' : seal[i]);
    upper[12] = '\0';
    assert_int_equal(store_verify(s, NULL, seal, NULL, NULL, NULL), 0);
    assert_int_equal(store_verify(s, "riverside", spaced, NULL, NULL, NULL), 0);
    assert_int_equal(store_verify(s, NULL, upper, NULL, NULL, NULL), 0);
    assert_int_equal(store_verify(s, "hilltop", seal, helper_problem, &problems, NULL), ERR_NOT_FOUND);
    assert_non_null(strstr(buf_str(&problems), "no unchanged run of hilltop"));
    assert_int_equal(store_verify(s, NULL, "000000000000", NULL, NULL, NULL), ERR_NOT_FOUND);
    const char *const bad[] = { "", "7f3a", "7f3a91c2e05", "7f3a 91c2 e05x", "7f3a91c2e05d7f3a91c2e05d7f3a91c2e05d7f3a91c2e05d7f3a91c2e05d7f3a91c2e05d" };
    for (size_t i = 0; i < N_ELEMENTS(bad); i++)
        assert_int_equal(store_verify(s, NULL, bad[i], NULL, NULL, NULL), ERR_BAD_INPUT);
    buf_clear(&problems);
    store_close(s);
}

static void every_change_is_found(void **state)
{
    struct fixture *f = *state;
    static const struct { const char *sql, *said; } changes[] = {
        { "UPDATE interfaces SET speed_mbps = 1000 WHERE speed_mbps = 100", "facts were changed" },
        { "UPDATE interfaces SET alias = 'x'", "facts were changed" },
        { "UPDATE interfaces SET subject = '[\"P7\"]' WHERE subject = '[\"P4\"]'", "facts were changed" },
        { "DELETE FROM interfaces WHERE name = 'P4'", "facts were changed" },
        { "INSERT INTO interfaces (collection_id, subject) SELECT min(collection_id), 'x' FROM interfaces", "facts were changed" },
        { "INSERT INTO filesystems (collection_id, subject) SELECT min(collection_id), 'x' FROM interfaces", "belong to no collection" },
        { "UPDATE collection SET state = 'complete', rows = rows + 1 WHERE id = 1", "facts were changed" },
        { "UPDATE collection SET state = 'failed' WHERE id = 1", "after it was sealed" },
        { "UPDATE collection SET reason = 'timeout' WHERE id = 1", "after it was sealed" },
        { "UPDATE collection SET detail = 'x' WHERE id = 1", "after it was sealed" },
        { "UPDATE collection SET method = 'person' WHERE id = 1", "after it was sealed" },
        { "UPDATE collection SET vantage = 'guest wifi' WHERE id = 1", "after it was sealed" },
        { "UPDATE collection SET observed_at = '2030-01-01T00:00:00Z' WHERE id = 1", "after it was sealed" },
        { "UPDATE collection SET notes = 'x' WHERE id = 1", "after it was sealed" },
        { "UPDATE collection SET sandbox = 'x' WHERE id = 1", "after it was sealed" },
        { "UPDATE collection SET fact_table = 'hosts' WHERE fact_table = 'interfaces'", "belong to no collection" },
        { "UPDATE run_collection SET carried = 1 - carried", "after it was sealed" },
        { "DELETE FROM run_collection WHERE run_id = 1", "after it was sealed" },
        { "INSERT INTO run_collection SELECT 1, max(id), 0 FROM collection", "after it was sealed" },
        { "UPDATE evidence SET observed_at = '2030-01-01T00:00:00Z'", "after it was sealed" },
        { "UPDATE evidence SET sha256 = 'cd'", "after it was sealed" },
        { "UPDATE input SET body = CAST('preop: 2' AS BLOB) WHERE length(body) = 9", "pinned input" },
        { "UPDATE run_input SET name = 'x'", "after it was sealed" },
        { "UPDATE run_target SET criticality = 1", "after it was sealed" },
        { "UPDATE run_target SET address = '10.9.9.9'", "after it was sealed" },
        { "UPDATE target SET name = 'sw9' WHERE name = 'sw1'", "after it was sealed" },
        { "UPDATE site SET key = 'hilltop2' WHERE key = 'hilltop'", "after it was sealed" },
        { "UPDATE run SET started = '2022-01-01T00:00:00Z', as_of = started", "after it was sealed" },
        { "UPDATE run SET as_of = '2022-01-01T00:00:00Z' WHERE id = 2", "after it was sealed" },
        { "UPDATE run SET partial = 1", "after it was sealed" },
        { "UPDATE run SET label = 'x'", "after it was sealed" },
        { "UPDATE run SET authorization = 'owner'", "after it was sealed" },
        { "UPDATE run SET options = '{\"fast\": true}'", "after it was sealed" },
        { "UPDATE run SET version = '0.2.0'", "after it was sealed" },
        { "UPDATE run SET stage = 'owned'", "after it was sealed" },
        { "UPDATE run SET seal = 'a' || substr(seal, 2) || '0'", "after it was sealed" },
        { "UPDATE run SET previous_seal = '' WHERE id = 3", "after it was sealed" },
        { "UPDATE run SET state = 'open', seal = '' WHERE id = 2", "is not in this store any more" },
        { "UPDATE check_result SET status = 'pass'", "after it was sealed" },
        { "UPDATE check_result SET n_fail = 0", "after it was sealed" },
        { "UPDATE check_result SET target_counts = '[]'", "after it was sealed" },
        { "UPDATE finding SET status = 'pass' WHERE status = 'fail'", "after it was sealed" },
        { "UPDATE finding SET evidence = '{}'", "after it was sealed" },
        { "UPDATE finding SET gone = 0", "after it was sealed" },
        { "UPDATE finding SET since = '2019-01-01T00:00:00Z'", "after it was sealed" },
        { "UPDATE finding SET severity = 'low'", "after it was sealed" },
        { "DELETE FROM finding WHERE status = 'fail'", "after it was sealed" },
        { "INSERT INTO finding (run_id, check_id, target, subject, status, severity, gone) VALUES (1, 'X', 't', 's', 'pass', 'low', 0)", "after it was sealed" },
        { "UPDATE score SET low = 999999999 WHERE level = 'site'", "after it was sealed" },
        { "UPDATE score SET low = 0 WHERE low IS NULL", "after it was sealed" },
        { "UPDATE gate_result SET verdict = 'GO'", "after it was sealed" },
        { "DELETE FROM gate_result", "after it was sealed" },
        { "UPDATE summary SET body = '{}'", "after it was sealed" },
    };
    for (size_t i = 0; i < N_ELEMENTS(changes); i++) {
        struct buf problems = BUF_INIT(65536);
        struct store *s = changed(f, changes[i].sql);
        int err = store_verify(s, NULL, NULL, helper_problem, &problems, NULL);
        if (err != ERR_SEAL || strstr(buf_str(&problems), changes[i].said) == NULL)
            fail_msg("%s: %d, %s", changes[i].sql, err, buf_str(&problems));
        buf_clear(&problems);
        store_close(s);
    }
}

static void what_is_local_is_not_sealed(void **state)
{
    struct fixture *f = *state;
    static const char *const changes[] = {
        "UPDATE run SET received_at = '2030-01-01T00:00:00Z'",
        "UPDATE collection SET received_at = '2030-01-01T00:00:00Z'",
        "UPDATE evidence SET received_at = '2030-01-01T00:00:00Z'",
        "UPDATE target SET address = '10.9.9.9', role = 'firewall', criticality = 3",
        "UPDATE site SET name = 'Another name', stage = 'owned'",
        "PRAGMA defer_foreign_keys = 1; UPDATE run SET id = id + 100; UPDATE run_input SET run_id = run_id + 100; UPDATE run_target SET run_id = run_id + 100;"
        " UPDATE run_collection SET run_id = run_id + 100; UPDATE finding SET run_id = run_id + 100, id = id + 77; UPDATE check_result SET run_id = run_id + 100;"
        " UPDATE score SET run_id = run_id + 100; UPDATE gate_result SET run_id = run_id + 100; UPDATE summary SET run_id = run_id + 100",
        "DELETE FROM interfaces; UPDATE collection SET pruned_at = '2030-01-01T00:00:00Z' WHERE fact_table = 'interfaces'",
        "INSERT INTO credential_ended VALUES (1, 'reader', 'dc1', '2030-01-01T00:00:00Z')",
    };
    for (size_t i = 0; i < N_ELEMENTS(changes); i++) {
        struct buf problems = BUF_INIT(65536);
        struct store *s = changed(f, changes[i]);
        int err = store_verify(s, NULL, f->seals[2], helper_problem, &problems, NULL);
        if (err != 0)
            fail_msg("%s: %d, %s", changes[i], err, buf_str(&problems));
        buf_clear(&problems);
        store_close(s);
    }
}

/* A run that was changed and sealed again by somebody who knows how: the store agrees with itself up to there, but not with the run after it, nor with the
 * seal that was printed. */
static void a_forged_seal_is_found(void **state)
{
    struct fixture *f = *state;
    struct buf problems = BUF_INIT(65536);
    char forged[SHA256_HEX], sql[256];
    struct store *s = changed(f, "UPDATE gate_result SET verdict = 'GO' WHERE run_id = 2");
    assert_int_equal(seal_compute(s, 2, forged), 0);
    snprintf(sql, sizeof(sql), "UPDATE run SET seal = '%s' WHERE id = 2", forged);
    helper_exec(s, sql);
    assert_int_equal(store_verify(s, NULL, f->seals[1], helper_problem, &problems, NULL), ERR_SEAL);
    assert_non_null(strstr(buf_str(&problems), "is not in this store any more"));
    assert_non_null(strstr(buf_str(&problems), "no unchanged run"));
    buf_clear(&problems);
    store_close(s);
}

static void damage_is_found(void **state)
{
    struct fixture *f = *state;
    struct buf bytes = BUF_INIT(64U << 20);
    struct store *s = NULL;
    char *why = NULL;
    assert_int_equal(file_read(f->path, 64U << 20, &bytes), 0);
    int found = 0;
    for (size_t page = 1; page < bytes.len / 8192 && found < 3; page += 2) {
        struct buf cut = BUF_INIT(64U << 20);
        buf_append(&cut, bytes.data, bytes.len);
        memset(cut.data + page * 8192 + 2000, 0x5a, 6000);
        assert_int_equal(file_write_atomic(f->copy, cut.data, cut.len, 0600), 0);
        buf_clear(&cut);
        int err = store_open(&s, f->copy, STORE_READ, &why);
        if (err == 0)
            err = store_verify(s, NULL, NULL, NULL, NULL, NULL);
        found += err != 0;
        free(why);
        why = NULL;
        store_close(s);
        s = NULL;
    }
    assert_true(found > 0);
    buf_clear(&bytes);
}

static void two_runs_may_follow_one(void **state)
{
    struct fixture *f = *state;
    struct store *s = helper_open(f->path);
    char a[SHA256_HEX], b[SHA256_HEX];
    int64_t slow = helper_run(s, "riverside");       /* interrupted, and resumed after another one was sealed */
    assert_int_equal(store_run_mark_interrupted(s, slow), 0);
    helper_sealed(s, "riverside", 1, a);
    assert_int_equal(store_run_reopen(s, slow), 0);
    assert_int_equal(helper_results(s, slow), 0);
    assert_int_equal(store_run_seal(s, slow, b), 0);
    assert_string_not_equal(a, b);
    assert_int_equal(store_verify(s, "riverside", a, NULL, NULL, NULL), 0);
    assert_int_equal(store_verify(s, "riverside", b, NULL, NULL, NULL), 0);
    store_close(s);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(verifies), TEST(expectations), TEST(every_change_is_found), TEST(what_is_local_is_not_sealed), TEST(a_forged_seal_is_found), TEST(damage_is_found),
        TEST(two_runs_may_follow_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
