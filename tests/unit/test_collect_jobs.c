/* The scheduler and the checking of frames against workers that crash, hang, flood, lie and are interrupted. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "collect/collect.h"
#include "collect/zygote_client.h"
#include "fact/control.h"
#include "lib/acts.h"
#include "lib/test_probe.h"

static struct acts acts;

static const struct { const char *act; enum state state; enum reason reason; int64_t rows; } outcomes[] = {
    { "rows", STATE_COMPLETE, REASON_NONE, TEST_ROWS + 1 },
    { "rows:20000", STATE_COMPLETE, REASON_NONE, 20001 },
    { "empty", STATE_FAILED, REASON_EMPTY, 1 },                      /* interfaces must have rows */
    { "crash", STATE_FAILED, REASON_CRASHED, 1 },
    { "exit", STATE_FAILED, REASON_CRASHED, 0 },
    { "kill", STATE_FAILED, REASON_CRASHED, 0 },
    { "frames:garbage", STATE_FAILED, REASON_MALFORMED, 0 },
    { "frames:cut", STATE_FAILED, REASON_MALFORMED, 0 },
    { "frames:silent", STATE_FAILED, REASON_MALFORMED, 0 },
    { "frames:after-end", STATE_FAILED, REASON_MALFORMED, 0 },
    { "frames:unlocked-row", STATE_FAILED, REASON_MALFORMED, 0 },
    { "frames:foreign-row", STATE_FAILED, REASON_MALFORMED, 0 },
    { "frames:crash-after-end", STATE_FAILED, REASON_CRASHED, TEST_ROWS + 1 },
    { "frames:wrong-state", STATE_FAILED, REASON_MALFORMED, 0 },
    { "wrong-password", STATE_REFUSED, REASON_WRONG_PASSWORD, 0 },
    { "no-answer", STATE_FAILED, REASON_NO_ANSWER, 0 },
    { "unsupported", STATE_UNSUPPORTED, REASON_UNSUPPORTED, 0 },
};

static void test_each_outcome(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(outcomes); i++) {
        const struct act_result *r = act_run(&acts, outcomes[i].act);
        if (r->state[1] != outcomes[i].state || r->reason[1] != outcomes[i].reason || r->rows != outcomes[i].rows)
            fail_msg("%s: %s, %s (%s), %lld rows", outcomes[i].act, state_name(r->state[1]), reason_info(r->reason[1])->name, r->detail[1], (long long)r->rows);
        assert_int_equal(r->keep_rows, outcomes[i].state == STATE_COMPLETE);
    }
}

/* One job's ruin is nobody else's: all of them at once, with honest ones in between. */
static void test_jobs_do_not_touch_each_other(void **state)
{
    (void)state;
    const char *names[3 * N_ELEMENTS(outcomes)];
    for (size_t i = 0; i < N_ELEMENTS(names); i++)
        names[i] = i % 3 == 0 ? outcomes[i / 3].act : "rows";
    assert_int_equal(acts_run(&acts, names, N_ELEMENTS(names)), 0);
    for (size_t i = 0; i < N_ELEMENTS(names); i++) {
        assert_int_equal(acts.r[i].state[1], i % 3 == 0 ? outcomes[i / 3].state : STATE_COMPLETE);
        if (i % 3 != 0)
            assert_int_equal(acts.r[i].rows, TEST_ROWS + 1);
    }
}

static void test_deadline(void **state)
{
    (void)state;
    const char *const names[] = { "hang", "hang-rows", "rows" };
    acts.deadline_ms = 300;
    assert_int_equal(acts_run(&acts, names, 3), 0);
    acts.deadline_ms = 0;
    assert_int_equal(acts.r[0].state[1], STATE_FAILED);
    assert_int_equal(acts.r[0].reason[1], REASON_TIMEOUT);
    assert_int_equal(acts.r[1].state[1], STATE_PARTIAL);     /* what arrived before is true as far as it goes */
    assert_int_equal(acts.r[1].reason[1], REASON_TIMEOUT);
    assert_true(acts.r[1].keep_rows);
    assert_int_equal(acts.r[1].rows, TEST_ROWS + 1);
    assert_int_equal(acts.r[2].state[1], STATE_COMPLETE);
    assert_in_range(acts.r[0].ms, 300, 3000);
}

static void test_floods_end(void **state)
{
    (void)state;
    acts.max_rows = 5000;
    const struct act_result *r = act_run(&acts, "flood:rows");
    assert_int_equal(r->reason[1], REASON_LIMIT);
    assert_int_equal(r->state[1], STATE_FAILED);
    assert_false(r->keep_rows);
    assert_int_equal(r->rows, 5000);
    acts.max_rows = 0;
    acts.max_bytes = 1024 * 1024;
    assert_int_equal(act_run(&acts, "flood:rows")->reason[1], REASON_LIMIT);
    acts.max_bytes = 0;
    assert_int_equal(act_run(&acts, "flood:notes")->reason[1], REASON_LIMIT);
    assert_int_equal(act_run(&acts, "flood:asked")->reason[1], REASON_LIMIT);
    assert_int_equal(acts.n_asked, JOB_MAX_ASKED);
}

/* An honest worker keeps to the limit by itself and ends in order. */
static void test_honest_worker_keeps_its_limit(void **state)
{
    (void)state;
    acts.max_rows = 100;
    const struct act_result *r = act_run(&acts, "rows:1000");
    acts.max_rows = 0;
    assert_int_equal(r->state[1], STATE_PARTIAL);
    assert_int_equal(r->reason[1], REASON_LIMIT);
    assert_int_equal(r->rows, 100);
    assert_true(r->keep_rows);
}

static void test_questions_are_counted(void **state)
{
    (void)state;
    const struct act_result *r = act_run(&acts, "asked");
    assert_int_equal(r->state[1], STATE_COMPLETE);
    assert_int_equal(acts.n_asked, 1);
}

/* --- connecting --------------------------------------------------------------------------------------------------------- */

static int listening = -1;
static int port;
static const char *permit, *permit2;
static const char *host = "127.0.0.1";

static void add_host(struct job *job, size_t i)
{
    (void)i;
    job_add_str(job, "host", host);
    job_add_int(job, "port", port);
    job_add_int(job, "timeout_ms", 500);
    job_add_str(job, "permit", permit);
    job_add_str(job, "permit", permit2);
}

static void listen_here(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(listening >= 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listening, 16), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&at, &len), 0);
    port = ntohs(at.sin_port);
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Accepts one connection in a child and greets. */
static pid_t greet_one(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        int fd = accept(listening, NULL, NULL);
        if (fd >= 0 && send(fd, "hello", 5, 0) == 5)
            shutdown(fd, SHUT_WR);
        _exit(0);
    }
    return pid;
}

static void test_permission_is_asked_of_the_address(void **state)
{
    (void)state;
    listen_here();
    acts.extra = add_host;
    pid_t pid = greet_one();
    assert_int_equal(act_run(&acts, "connect")->state[1], STATE_COMPLETE);
    end(pid);

    permit = "-127.0.0.1/32";        /* never wins over the "+127.0.0.0/8" that every act has */
    const struct act_result *r = act_run(&acts, "connect");
    assert_int_equal(r->reason[1], REASON_DO_NOT_TOUCH);
    assert_int_equal(r->state[1], STATE_NOT_ASKED);
    assert_int_equal(acts.n_asked, 0);

    permit = "=127.0.9.0/24";        /* the credential is for elsewhere */
    assert_int_equal(act_run(&acts, "connect")->reason[1], REASON_NOT_PERMITTED);
    assert_int_equal(acts.n_asked, 0);
    permit2 = "=127.0.0.0/24";
    pid = greet_one();
    assert_int_equal(act_run(&acts, "connect")->state[1], STATE_COMPLETE);
    end(pid);
    permit = permit2 = NULL;

    host = "192.0.2.1";              /* outside: nothing may be sent there */
    assert_int_equal(act_run(&acts, "connect")->reason[1], REASON_NOT_PERMITTED);
    assert_int_equal(acts.n_asked, 0);
    host = "127.0.0.1";
    close(listening);
    r = act_run(&acts, "connect");
    assert_int_equal(r->reason[1], REASON_CONNECTION_REFUSED);
    assert_int_equal(acts.n_asked, 1);
    acts.extra = NULL;
}

/* --- pace --------------------------------------------------------------------------------------------------------------- */

static void test_pace_is_shared(void **state)
{
    (void)state;
    const char *const names[] = { "pace:10", "pace:10", "pace:10" };
    acts.fast = false;
    int64_t began = clock_mono_ms();
    assert_int_equal(acts_run(&acts, names, 3), 0);
    int64_t took = clock_mono_ms() - began;
    acts.fast = true;
    for (int i = 0; i < 3; i++)
        assert_int_equal(acts.r[i].rows, 2);
    assert_in_range(took, 29 * 1000 / PACE_PER_SECOND, 4000);        /* thirty packets of three workers at 50/s */
    began = clock_mono_ms();
    assert_int_equal(acts_run(&acts, names, 3), 0);
    assert_true(clock_mono_ms() - began < took);
}

static void test_pace_cannot_be_held_up(void **state)
{
    (void)state;
    const char *const names[] = { "pace-break", "pace:3", "pace-break", "pace:3" };
    acts.fast = false;
    acts.max_running = 1;
    assert_int_equal(acts_run(&acts, names, 4), 0);
    acts.max_running = 0;
    acts.fast = true;
    for (int i = 0; i < 4; i++)
        assert_int_equal(acts.r[i].state[1], STATE_COMPLETE);
    assert_true(acts.r[3].ms < 2000);
}

/* --- interruption, and the zygote's death ---------------------------------------------------------------------------------- */

static size_t n_done;
static void interrupt_once(struct acts *a, size_t i)
{
    (void)a;
    (void)i;
    if (n_done++ == 0)
        kill(getpid(), SIGINT);
}
static void interrupt_twice(struct acts *a, size_t i)
{
    interrupt_once(a, i);
    if (n_done == 2)
        kill(getpid(), SIGTERM);
}

static void test_interrupt_gives_grace(void **state)
{
    (void)state;
    const char *const names[] = { "rows", "hang-rows", "rows", "rows", "rows" };
    n_done = 0;
    acts.done = interrupt_once;
    acts.max_running = 2;
    int64_t began = clock_mono_ms();
    assert_int_equal(acts_run(&acts, names, 5), 0);
    int64_t took = clock_mono_ms() - began;
    acts.done = NULL;
    acts.max_running = 0;
    assert_true(acts.interrupted);
    assert_int_equal(acts.r[0].state[1], STATE_COMPLETE);
    assert_int_equal(acts.r[1].state[1], STATE_PARTIAL);
    assert_int_equal(acts.r[1].reason[1], REASON_INTERRUPTED);
    assert_false(acts.r[4].started);
    assert_in_range(took, 1900, 6000);
}

static void test_second_interrupt_is_at_once(void **state)
{
    (void)state;
    const char *const names[] = { "rows", "rows", "hang", "rows", "rows" };
    n_done = 0;
    acts.done = interrupt_twice;
    acts.max_running = 3;
    int64_t began = clock_mono_ms();
    assert_int_equal(acts_run(&acts, names, 5), 0);
    acts.done = NULL;
    acts.max_running = 0;
    assert_true(acts.interrupted);
    assert_int_equal(acts.r[2].reason[1], REASON_INTERRUPTED);
    assert_true(clock_mono_ms() - began < 1900);
}

static pid_t child_named(const char *name, pid_t parent)
{
    DIR *proc = opendir("/proc");
    pid_t found = -1;
    for (const struct dirent *e; (e = readdir(proc)) != NULL && found < 0;) {
        char path[300], line[512] = "";
        snprintf(path, sizeof path, "/proc/%s/stat", e->d_name);
        int fd = open(path, O_RDONLY);
        if (fd < 0)
            continue;
        ssize_t n = read(fd, line, sizeof line - 1);
        close(fd);
        const char *open_at = strchr(line, '('), *close_at = strrchr(line, ')');
        if (n <= 0 || open_at == NULL || close_at == NULL || strncmp(open_at + 1, name, strlen(name)) != 0)
            continue;
        if (strtol(close_at + 4, NULL, 10) == parent)
            found = (pid_t)strtol(line, NULL, 10);
    }
    closedir(proc);
    return found;
}

static void kill_zygote(struct acts *a, size_t i)
{
    (void)a;
    (void)i;
    if (n_done++ != 0)
        return;
    pid_t zygote = child_named(ZYGOTE_NAME, getpid());
    assert_true(zygote > 0);
    kill(zygote, SIGKILL);
}

/* The zygote dies once: its jobs failed, the rest goes on under another. Dies twice: it is over. */
static void test_zygote_is_restarted_once(void **state)
{
    (void)state;
    const char *const names[] = { "rows", "hang", "rows", "rows", "rows" };
    struct zygote *before = acts.z;
    assert_int_equal(zygote_start(&acts.z), 0);
    zygote_stop(before);
    log_set_level(LOG_LEVEL_ERROR);
    n_done = 0;
    acts.done = kill_zygote;
    acts.max_running = 2;
    assert_int_equal(acts_run(&acts, names, 5), 0);
    assert_int_equal(acts.r[0].state[1], STATE_COMPLETE);
    assert_int_equal(acts.r[1].reason[1], REASON_INTERNAL);
    assert_int_equal(acts.r[4].state[1], STATE_COMPLETE);
    n_done = 0;
    fflush(stderr);
    int shown = dup(2), null = open("/dev/null", O_WRONLY);
    dup2(null, 2);                   /* it says so on stderr */
    int err = acts_run(&acts, names, 5);
    dup2(shown, 2);
    close(shown);
    close(null);
    assert_int_equal(err, ERR_INTERNAL);
    acts.done = NULL;
    acts.max_running = 0;
    log_set_level(LOG_LEVEL_WARNING);
    zygote_stop(acts.z);
    assert_int_equal(zygote_start(&acts.z), 0);
}

/* Gone, or a corpse that nobody has buried yet. */
static bool is_dead(pid_t pid)
{
    char path[64], line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return true;
    ssize_t n = read(fd, line, sizeof line - 1);
    close(fd);
    const char *close_at = strrchr(line, ')');
    return n <= 0 || close_at == NULL || close_at[2] == 'Z';
}

/* kill -9 of the parent takes the zygote and every worker along. */
static void test_nothing_outlives_the_parent(void **state)
{
    (void)state;
    pid_t parent = fork(), z = -1, worker = -1;
    if (parent == 0) {
        struct acts *mine = xcalloc(1, sizeof *mine);
        mine->deadline_ms = 30000;
        if (zygote_start(&mine->z) == 0)
            act_run(mine, "hang-rows");
        _exit(0);
    }
    int64_t until = clock_mono_ms() + 20000;
    while (worker < 0 && clock_mono_ms() < until) {
        z = child_named(ZYGOTE_NAME, parent);
        worker = z < 0 ? -1 : child_named("preop-worker", z);
        usleep(10000);
    }
    assert_true(worker > 0);
    end(parent);
    while ((!is_dead(z) || !is_dead(worker)) && clock_mono_ms() < until)
        usleep(10000);
    assert_true(is_dead(z));
    assert_true(is_dead(worker));
}

/* --- many ----------------------------------------------------------------------------------------------------------------- */

static int open_fds(void)
{
    int n = 0;
    for (int fd = 0; fd < 4096; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

static void test_many_jobs_leave_nothing_behind(void **state)
{
    (void)state;
    static const char *names[500];
    for (size_t i = 0; i < N_ELEMENTS(names); i++)
        names[i] = i % 50 == 7 ? "crash" : "rows";
    int before = open_fds();
    acts.max_running = 64;
    assert_int_equal(acts_run(&acts, names, N_ELEMENTS(names)), 0);
    acts.max_running = 0;
    for (size_t i = 0; i < N_ELEMENTS(names); i++)
        assert_int_equal(acts.r[i].state[1], i % 50 == 7 ? STATE_FAILED : STATE_COMPLETE);
    assert_int_equal(open_fds(), before);
    assert_int_equal(spool_memory(), 0);
}

static void test_limit_of_workers(void **state)
{
    (void)state;
    assert_int_equal(sched_limit(0, false), 8);
    assert_int_equal(sched_limit(1, false), 1);
    assert_int_equal(sched_limit(1000, false), PACE_PER_SECOND);
    assert_true(sched_limit(0, true) >= 8);
}

static int setup(void **state)
{
    (void)state;
    acts.fast = true;
    return zygote_start(&acts.z);
}

static int teardown(void **state)
{
    (void)state;
    zygote_stop(acts.z);
    return 0;
}

int main(int argc, char **argv)
{
    if (zygote_invoked(argc, argv))
        return zygote_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_outcome), cmocka_unit_test(test_jobs_do_not_touch_each_other), cmocka_unit_test(test_deadline), cmocka_unit_test(test_floods_end),
        cmocka_unit_test(test_honest_worker_keeps_its_limit), cmocka_unit_test(test_questions_are_counted), cmocka_unit_test(test_permission_is_asked_of_the_address),
        cmocka_unit_test(test_pace_is_shared), cmocka_unit_test(test_pace_cannot_be_held_up), cmocka_unit_test(test_interrupt_gives_grace),
        cmocka_unit_test(test_second_interrupt_is_at_once), cmocka_unit_test(test_zygote_is_restarted_once), cmocka_unit_test(test_nothing_outlives_the_parent),
        cmocka_unit_test(test_many_jobs_leave_nothing_behind),
        cmocka_unit_test(test_limit_of_workers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
