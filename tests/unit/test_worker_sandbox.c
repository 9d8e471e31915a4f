/* Each forbidden act is tried in a real worker, and fails: as the user who runs this, and as a plain user when that is root. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/clock.h"
#include "base/mem.h"
#include "collect/collect.h"
#include "lib/acts.h"

static struct acts acts;

enum fate { KILLED, DENIED };        /* ended by the sandbox; refused with an error */
static const struct { const char *act; enum fate fate; int err; } forbidden[] = {
    { "open", DENIED, EACCES }, { "create", DENIED, EACCES }, { "access", DENIED, EACCES },
    { "unlink", KILLED, 0 }, { "mkdir", KILLED, 0 }, { "rename", KILLED, 0 }, { "chdir", KILLED, 0 },
    { "socket", KILLED, 0 }, { "socket-unix", KILLED, 0 }, { "socketpair", KILLED, 0 }, { "connect", KILLED, 0 }, { "sendto", KILLED, 0 },
    { "bind", KILLED, 0 }, { "listen", KILLED, 0 }, { "accept", KILLED, 0 },
    { "execve", KILLED, 0 }, { "fork", KILLED, 0 }, { "clone3", KILLED, 0 }, { "mmap-exec", KILLED, 0 }, { "mprotect-exec", KILLED, 0 },
#ifdef SYS_fork
    { "old-fork", KILLED, 0 },
#endif
    { "kill-parent", KILLED, 0 }, { "kill-zero", KILLED, 0 }, { "tgkill", KILLED, 0 }, { "f-setown", KILLED, 0 }, { "pidfd-open", KILLED, 0 },
    { "ptrace", KILLED, 0 }, { "process-vm-readv", KILLED, 0 }, { "memfd", KILLED, 0 }, { "io-uring", KILLED, 0 }, { "bpf", KILLED, 0 },
    { "setuid", KILLED, 0 }, { "unshare", KILLED, 0 }, { "setns", KILLED, 0 }, { "keyctl", KILLED, 0 }, { "prctl", KILLED, 0 }, { "dup", KILLED, 0 },
    { "umask", KILLED, 0 }, { "shmget", KILLED, 0 }, { "setrlimit", KILLED, 0 }, { "tiocsti", KILLED, 0 },
    { "control-socket", DENIED, EBADF }, { "stdout", DENIED, 0 },
};

static bool killed_by_sandbox(const struct act_result *r)
{
    return r->reason[0] == REASON_CRASHED && WIFSIGNALED(r->status) && WTERMSIG(r->status) == SIGSYS;
}

/* How many of the acts did not fail as they should; each is printed. */
static int try_all(struct acts *a)
{
    int wrong = 0;
    for (size_t i = 0; i < N_ELEMENTS(forbidden); i++) {
        char act[64], want[64];
        snprintf(act, sizeof act, "forbid:%s", forbidden[i].act);
        const struct act_result *r = act_run(a, act);
        bool right = killed_by_sandbox(r);
        if (forbidden[i].fate == DENIED) {
            snprintf(want, sizeof want, "errno %d", forbidden[i].err);
            right = r->reason[0] == REASON_ACCESS_DENIED && (forbidden[i].err == 0 || strcmp(r->detail[0], want) == 0);
        }
        if (right)
            continue;
        printf("# %s as uid %u: %s, %s\n", act, (unsigned)getuid(), reason_info(r->reason[0])->name, r->detail[0]);
        wrong++;
    }
    return wrong;
}

/* Ends a test that wants what this build has left out. */
static void need_sandbox(void)
{
#ifdef PREOP_NO_SANDBOX
    print_message("# this build has no sandbox\n");
    skip();
#endif
}

static void test_forbidden_acts_fail(void **state)
{
    (void)state;
    need_sandbox();
    assert_int_equal(try_all(&acts), 0);
}

/* Without the lock the same acts are possible: otherwise the test above would prove nothing. */
static void test_lock_is_what_forbids(void **state)
{
    (void)state;
    const struct act_result *r = act_run(&acts, "look");
    assert_int_equal(r->reason[0], REASON_COMMAND_FAILED);
    assert_non_null(strstr(r->detail[0], "cwd=/ "));
    assert_non_null(strstr(r->detail[0], "core=0 "));
    assert_non_null(strstr(r->detail[0], "dumpable=0 "));
    assert_non_null(strstr(r->detail[0], "leak=no "));
    assert_non_null(strstr(r->detail[0], "noinit=1 "));
    assert_non_null(strstr(r->detail[0], "fds=5 "));     /* the three of /dev/null, the frames, the answers */
    assert_non_null(strstr(r->detail[0], "sid=1"));      /* the zygote's session: a Ctrl-C does not reach it */
}

static int plain_user(void)
{
    if (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0 || setuid(0) == 0)
        return 100;
    struct acts *mine = xcalloc(1, sizeof *mine);
    mine->fast = true;
    if (zygote_start(&mine->z) != 0)
        return 101;
    int wrong = try_all(mine);
    zygote_stop(mine->z);
    return wrong;
}

static void test_forbidden_acts_fail_for_a_plain_user(void **state)
{
    (void)state;
    need_sandbox();
    if (getuid() != 0) {
        print_message("# this is run by a plain user, who was tried already\n");
        skip();
    }
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        int wrong = plain_user();
        fflush(stdout);
        _exit(wrong);
    }
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_level_is_reported(void **state)
{
    (void)state;
    const struct act_result *r = act_run(&acts, "rows");
    assert_int_equal(r->state[1], STATE_COMPLETE);
#ifdef PREOP_NO_SANDBOX
    assert_string_equal(r->sandbox, "none (test build)");
#else
    assert_int_equal(strncmp(r->sandbox, "nnp", 3), 0);
    assert_non_null(strstr(r->sandbox, "+seccomp"));
#endif
}

static void test_required_sandbox(void **state)
{
    (void)state;
    acts.require_sandbox = true;
    const struct act_result *r = act_run(&acts, "rows");
    acts.require_sandbox = false;
#ifdef PREOP_NO_SANDBOX
    assert_int_equal(r->reason[1], REASON_SANDBOX);
    assert_int_equal(r->rows, 0);
#else
    bool whole = strstr(r->sandbox, "+landlock") != NULL;
    assert_int_equal(r->state[1], whole ? STATE_COMPLETE : STATE_FAILED);
    assert_int_equal(r->reason[1], whole ? REASON_NONE : REASON_SANDBOX);
#endif
}

static void test_file_profile_has_no_network(void **state)
{
    (void)state;
    need_sandbox();
    assert_true(killed_by_sandbox(act_run(&acts, "forbid-file:sendto")));
    assert_true(killed_by_sandbox(act_run(&acts, "forbid-file:socket")));
    assert_string_equal(act_run(&acts, "forbid-file:open")->detail[0], "errno 13");
}

/* A locked worker with a datagram socket can talk to nobody but the peer that the socket is connected to. */
static void test_datagram_profile_has_one_peer(void **state)
{
    (void)state;
    need_sandbox();
    assert_true(killed_by_sandbox(act_run(&acts, "forbid-datagram:sendto")));
    assert_true(killed_by_sandbox(act_run(&acts, "forbid-datagram:sendmsg")));
    assert_true(killed_by_sandbox(act_run(&acts, "forbid-datagram:connect")));
}

/* A probe that emits before the lock is a mistake of ours, and must not pass unseen. */
static void test_no_row_before_the_lock(void **state)
{
    (void)state;
    const struct act_result *r = act_run(&acts, "row-before-lock");
    assert_int_equal(r->reason[1], REASON_CRASHED);
    assert_int_equal(r->rows, 0);
}

static void test_memory_is_bounded(void **state)
{
    (void)state;
    need_sandbox();
    const struct act_result *r = act_run(&acts, "memory");
    assert_int_equal(r->reason[0], REASON_CRASHED);
}

static int setup(void **state)
{
    (void)state;
    setenv("PREOP_TEST_SECRET", "canary", 1);
    setenv("LDAPTLS_REQCERT", "never", 1);
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
        cmocka_unit_test(test_forbidden_acts_fail), cmocka_unit_test(test_lock_is_what_forbids), cmocka_unit_test(test_forbidden_acts_fail_for_a_plain_user),
        cmocka_unit_test(test_level_is_reported), cmocka_unit_test(test_required_sandbox), cmocka_unit_test(test_file_profile_has_no_network), cmocka_unit_test(test_datagram_profile_has_one_peer),
        cmocka_unit_test(test_no_row_before_the_lock), cmocka_unit_test(test_memory_is_bounded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
