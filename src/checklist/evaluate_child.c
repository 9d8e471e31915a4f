/* The evaluation child: `preop` executed again with a constructed environment, no credentials and no network. It reads its job from fd 3, opens the store
 * read-only, makes its views, locks itself, and only then looks at what a check says. It answers over fd 4 and trusts the job alone. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/path.h"
#include "checklist/child.h"
#include "checklist/judge.h"

#ifndef PREOP_NO_SANDBOX
#include <seccomp.h>
#endif

#define HEAP_MAX (384 << 20)             /* SQLite's share: a statement that needs more errs */
#define ADDRESS_SPACE_MAX (1024L << 20)
#define CPU_MAX_S 3600

bool evaluate_invoked(int argc, char **argv)
{
    return argc == 2 && strcmp(argv[1], EVALUATE_ARGUMENT) == 0;
}

static int write_answers(void *ctx, const void *p, size_t len)
{
    (void)ctx;
    return fd_write_all(EVALUATE_ANSWER_FD, p, len);
}

#ifdef PREOP_NO_SANDBOX

static int lock(void)
{
    return 0;
}

#else

static void limit(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit l = { value, value };
    if (setrlimit(what, &l) != 0)
        log_debug("a limit of the evaluation could not be set");
}

/* What SQLite needs once its files are open, and nothing else: a file that would have to be opened is an error, all other calls end the process. */
static int lock(void)
{
    static const int allowed[] = {
        SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(fcntl), SCMP_SYS(close), SCMP_SYS(brk), SCMP_SYS(mmap),
        SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(sysinfo) /* qsort */, SCMP_SYS(clock_gettime),
        SCMP_SYS(gettimeofday), SCMP_SYS(getpid), SCMP_SYS(getrandom),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall), SCMP_SYS(sched_yield), SCMP_SYS(exit), SCMP_SYS(exit_group),
    };
    static const int refused[] = {
        SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(access), SCMP_SYS(faccessat),
        SCMP_SYS(faccessat2), SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
    };
    limit(RLIMIT_FSIZE, 0);      /* not before: SQLite may have had to make the file that it shares with the parent */
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int err = f == NULL ? -ENOMEM : 0;
    for (size_t i = 0; err == 0 && i < N_ELEMENTS(allowed); i++)
        err = seccomp_rule_add(f, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; err == 0 && i < N_ELEMENTS(refused); i++)
        err = seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
    if (err == 0)
        err = seccomp_load(f);
    if (f != NULL)
        seccomp_release(f);
    return err;
}

static void limits(void)
{
    limit(RLIMIT_AS, ADDRESS_SPACE_MAX);
    limit(RLIMIT_CPU, CPU_MAX_S);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_NOFILE, 64);
}

#endif

/* The job's bytes: a memfd that the parent filled. */
static struct eval_job *read_job(void)
{
    struct stat st;
    struct eval_job *j = NULL;
    if (fstat(EVALUATE_JOB_FD, &st) != 0 || st.st_size <= 0 || st.st_size > (off_t)EVAL_JOB_MAX)
        return NULL;
    size_t len = (size_t)st.st_size;
    void *p = mmap(NULL, len, PROT_READ, MAP_PRIVATE, EVALUATE_JOB_FD, 0);
    if (p == MAP_FAILED)
        return NULL;
    if (eval_job_decode(p, len, &j) != 0)
        j = NULL;
    munmap(p, len);
    close(EVALUATE_JOB_FD);
    return j;
}

/* So that nothing has to be opened once the lock is on. */
static int touch_tables(sqlite3 *db)
{
    for (size_t i = 0; i < fact_n_tables; i++) {
        char *sql = xasprintf("SELECT 1 FROM main.\"%s\" LIMIT 1", fact_tables[i]->name);
        int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
        free(sql);
        if (rc != SQLITE_OK && rc != SQLITE_ERROR)           /* SQLITE_ERROR: this store does not have the table yet */
            return rc;
    }
    return sqlite3_exec(db, "SELECT count(*) FROM main.sqlite_schema", NULL, NULL, NULL);
}

static int fail(const char *what, const char *why)
{
    log_error("evaluation: %s%s%s", what, why != NULL ? ": " : "", why != NULL ? why : "");
    return EVALUATE_EXIT_SETUP;
}

static int work(const struct eval_job *job)
{
    sqlite3 *db = NULL;
    struct check_db d;
    struct judge_out out;
    char *why = NULL;
    sqlite3_hard_heap_limit64(HEAP_MAX);
    if (check_db_open(job->db, job->immutable, &db) != SQLITE_OK)
        return fail("the store cannot be opened", sqlite3_errmsg(db));
    if (check_db_init(&d, db, job, &why) != 0)
        return fail("the store cannot be read", why);
    authorizer_off(&d.auth);
    if (touch_tables(db) != SQLITE_OK)
        return fail("the store cannot be read", sqlite3_errmsg(db));
    authorizer_on(&d.auth);
    int err = lock();
    if (err != 0)
        return fail("the sandbox cannot be set up", strerror(-err));
    judge_out_init(&out, write_answers, NULL);
    err = judge_run(&d, &out);
    return err == 0 ? 0 : EVALUATE_EXIT_SETUP;
}

int evaluate_child_main(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_DUMPABLE, 0);
    signal(SIGPIPE, SIG_IGN);
    if (fcntl(EVALUATE_ANSWER_FD, F_GETFD) < 0)
        return fail("preop starts this itself", NULL);
#ifndef PREOP_NO_SANDBOX
    limits();
#endif
    struct eval_job *job = read_job();
    if (job == NULL)
        return fail("there is no job", NULL);
    int status = work(job);
    _exit(status);
}
