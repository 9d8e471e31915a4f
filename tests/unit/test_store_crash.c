/* kill -9 at random moments while a check stores and seals: sealed runs verify, the open one becomes interrupted, no job is there by half.
 * And several checks at once, of several sites, into a store that none of them found. */
#include "store_helper.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/mem.h"

#define ROUNDS 25
#define ROWS 60              /* of each collection; a job is two of them */
#define JOBS 4               /* of a run */

static void say(int fd, int64_t run)
{
    if (write(fd, &run, sizeof(run)) != (ssize_t)sizeof(run))
        _exit(3);
}

/* Runs without end: one after the other, each with its jobs, results and seal; says each run's number once it is sealed. */
static void check_until_killed(const char *path, int fd)
{
    struct store *s = NULL;
    char seal[SHA256_HEX], name[32];
    if (store_open(&s, path, STORE_WRITE, NULL) != 0 || store_lock_site(s, "riverside", NULL) != 0 || store_sweep(s) != 0)
        _exit(2);
    say(fd, 0);
    for (;;) {
        int64_t run = helper_run(s, "riverside"), target = 0;
        int err = store_input_put(s, run, "site", "site.yaml", "preop: 1\n", 9);
        for (int i = 0; err == 0 && i < JOBS; i++) {
            snprintf(name, sizeof(name), "sw%d", i);
            err = store_target_put(s, run, name, "switch", "", 1, &target);
            if (err == 0)
                err = helper_job(s, run, target, ROWS, 1000);
        }
        if (err == 0)
            err = helper_results(s, run);
        if (err == 0)
            err = store_run_seal(s, run, seal);
        if (err != 0)
            _exit(2);
        say(fd, run);
    }
}

static void sleep_us(long us)
{
    struct timespec t = { .tv_sec = 0, .tv_nsec = us * 1000 };
    nanosleep(&t, NULL);
}

/* Starts the child, waits until it is at work, kills it at a random moment; gives the last run that it said to be sealed. */
static int64_t one_life(const char *path, unsigned *seed)
{
    int fds[2], status = 0;
    int64_t run = 0, last = 0;
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(fds[0]);
        check_until_killed(path, fds[1]);
    }
    close(fds[1]);
    assert_int_equal(read(fds[0], &run, sizeof(run)), sizeof(run));
    sleep_us(rand_r(seed) % 40000);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    while (read(fds[0], &run, sizeof(run)) == (ssize_t)sizeof(run))
        last = run;
    close(fds[0]);
    return last;
}

static void expect_whole(struct store *s, int64_t acknowledged)
{
    struct buf problems = BUF_INIT(65536);
    char sql[128];
    size_t n = 0;
    assert_int_equal(store_sweep(s), 0);
    int err = store_verify(s, NULL, NULL, helper_problem, &problems, &n);
    if (err != 0)
        fail_msg("%d: %s", err, buf_str(&problems));
    assert_int_equal(helper_int(s, "SELECT count(*) FROM run WHERE state = 'open'"), 0);
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM run WHERE id <= %lld AND id > 0 AND state = 'sealed' AND id = %lld", (long long)acknowledged, (long long)acknowledged);
    assert_int_equal(helper_int(s, sql), acknowledged > 0);
    /* A job's two collections are there with all their rows, or not at all. */
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM collection WHERE rows <> %d OR length(sha256) <> 64", ROWS);
    assert_int_equal(helper_int(s, sql), 0);
    assert_int_equal(helper_int(s, "SELECT (SELECT count(*) FROM interfaces) + (SELECT count(*) FROM hosts) = (SELECT sum(rows) FROM collection)"
                                   " OR NOT EXISTS (SELECT 1 FROM collection)"), 1);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM (SELECT rc.run_id, c.target_id FROM run_collection rc JOIN collection c ON c.id = rc.collection_id"
                                   " GROUP BY 1, 2 HAVING count(*) <> 2)"), 0);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM collection WHERE id NOT IN (SELECT collection_id FROM run_collection)"), 0);
    /* Results are there as a whole. */
    assert_int_equal(helper_int(s, "SELECT count(*) FROM run r WHERE (SELECT count(*) FROM finding f WHERE f.run_id = r.id) NOT IN (0, 3)"
                                   " OR (r.state = 'sealed' AND NOT EXISTS (SELECT 1 FROM summary x WHERE x.run_id = r.id))"), 0);
    buf_clear(&problems);
}

static void killed_at_any_moment(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    unsigned seed = (unsigned)time(NULL);
    int64_t sealed = 0, interrupted = 0;
    print_message("seed %u\n", seed);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t acknowledged = one_life(path, &seed);
        struct store *s = helper_open(path);
        assert_int_equal(store_lock_site(s, "riverside", NULL), 0);          /* the dead hold no lock */
        expect_whole(s, acknowledged);
        sealed = helper_int(s, "SELECT count(*) FROM run WHERE state = 'sealed'");
        interrupted = helper_int(s, "SELECT count(*) FROM run WHERE state = 'interrupted'");
        store_close(s);
    }
    print_message("%lld sealed, %lld interrupted\n", (long long)sealed, (long long)interrupted);
    assert_true(interrupted > 0);
    /* What was interrupted can be resumed. */
    struct store *s = helper_open(path);
    struct run r;
    char seal[SHA256_HEX];
    int64_t id = helper_int(s, "SELECT max(id) FROM run WHERE state = 'interrupted'");
    assert_int_equal(store_run_reopen(s, id), 0);
    helper_interfaces(s, id, "sw-late", ROWS, 1000);
    assert_int_equal(helper_results(s, id), 0);
    assert_int_equal(store_run_seal(s, id, seal), 0);
    assert_int_equal(store_run_get(s, id, &r), 0);
    assert_string_equal(r.state, "sealed");
    run_clear(&r);
    expect_whole(s, id);
    store_close(s);
    free(path);
    helper_remove(dir);
}

#define TOGETHER 4

static void several_sites_at_once(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), site[32], seal[SHA256_HEX];
    pid_t pids[TOGETHER];
    for (int i = 0; i < TOGETHER; i++) {
        pids[i] = fork();
        if (pids[i] != 0)
            continue;
        struct store *s = NULL;
        snprintf(site, sizeof(site), "site-%d", i);
        if (store_open(&s, path, STORE_WRITE, NULL) != 0 || store_lock_site(s, site, NULL) != 0)
            _exit(2);
        for (int run = 0; run < 3; run++)
            helper_sealed(s, site, 1000, seal);
        store_close(s);
        _exit(0);
    }
    for (int i = 0; i < TOGETHER; i++) {
        int status = -1;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    struct store *s = helper_open(path);
    size_t n = 0;
    assert_int_equal(store_verify(s, NULL, NULL, NULL, NULL, &n), 0);
    assert_int_equal(n, 3 * TOGETHER);
    store_close(s);
    free(path);
    helper_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(killed_at_any_moment), cmocka_unit_test(several_sites_at_once) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
