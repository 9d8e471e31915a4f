/* The parent's hold on the evaluation child. Parent. */
#include "checklist/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"

#define PIPE_BYTES (1 << 20)
#define ABOVE 10                 /* descriptors are moved up, so that putting them at 3 and 4 overwrites neither */

static int job_memfd(const struct buf *job)
{
    int fd = memfd_create("evaluation", MFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    int err = fd_write_all(fd, job->data, job->len);
    if (err == 0 && lseek(fd, 0, SEEK_SET) < 0)
        err = -errno;
    if (err == 0)
        return fd;
    close(fd);
    return err;
}

static int moved_up(int fd)
{
    int up = fcntl(fd, F_DUPFD_CLOEXEC, ABOVE);
    int err = up < 0 ? -errno : up;
    close(fd);
    return err;
}

/* Nothing is inherited: an {env: ...} secret of the parent's must not be there. Test builds keep what their instruments need. */
static void environment(char **env, size_t max)
{
    static char path[] = "PATH=/usr/bin:/bin", lang[] = "LANG=C.UTF-8", tz[] = "TZ=UTC";
    size_t n = 0;
    env[n++] = path;
    env[n++] = lang;
    env[n++] = tz;
#ifdef PREOP_NO_SANDBOX
    static const char *const kept[] = { "ASAN_OPTIONS=", "UBSAN_OPTIONS=", "LSAN_OPTIONS=", "GCOV_PREFIX=", "GCOV_PREFIX_STRIP=", "LLVM_PROFILE_FILE=" };
    for (char **e = environ; *e != NULL; e++)
        for (size_t i = 0; i < N_ELEMENTS(kept) && n + 1 < max; i++)
            if (strncmp(*e, kept[i], strlen(kept[i])) == 0)
                env[n++] = *e;
#endif
    if (n >= max)
        BUG("no room for the environment of the evaluation");
    env[n] = NULL;
}

/* A session of its own: Ctrl-C is for the parent, which ends the child when it wants to. */
static int spawn(int job_fd, int answer_fd, pid_t *pid)
{
    char exe[] = "/proc/self/exe", name[] = "preop", argument[] = EVALUATE_ARGUMENT;
    char *argv[] = { name, argument, NULL };
    char *env[16];
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t attr;
    sigset_t none, defaults;
    environment(env, N_ELEMENTS(env));
    sigemptyset(&none);
    sigfillset(&defaults);
    posix_spawn_file_actions_init(&fa);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &defaults);
    int err = posix_spawn_file_actions_addopen(&fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (err == 0)
        err = posix_spawn_file_actions_adddup2(&fa, STDERR_FILENO, STDOUT_FILENO);
    if (err == 0)
        err = posix_spawn_file_actions_adddup2(&fa, job_fd, EVALUATE_JOB_FD);
    if (err == 0)
        err = posix_spawn_file_actions_adddup2(&fa, answer_fd, EVALUATE_ANSWER_FD);
    if (err == 0)
        err = posix_spawn_file_actions_addclosefrom_np(&fa, EVALUATE_ANSWER_FD + 1);
    if (err == 0)
        err = posix_spawn(pid, exe, &fa, &attr, argv, env);
    posix_spawn_file_actions_destroy(&fa);
    posix_spawnattr_destroy(&attr);
    return -err;
}

int child_start(const struct buf *job, struct child *out)
{
    int ends[2] = { -1, -1 };
    int job_fd = job_memfd(job);
    if (job_fd < 0)
        return job_fd;
    job_fd = moved_up(job_fd);
    int err = job_fd < 0 ? job_fd : pipe2(ends, O_CLOEXEC) != 0 ? -errno : 0;
    if (err == 0) {
        (void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES);      /* smaller is slower, no more */
        ends[1] = moved_up(ends[1]);
        err = ends[1] < 0 ? ends[1] : fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0 ? -errno : 0;
    }
    if (err == 0)
        err = spawn(job_fd, ends[1], &out->pid);
    if (job_fd >= 0)
        close(job_fd);
    if (ends[1] >= 0)
        close(ends[1]);
    if (err != 0) {
        if (ends[0] >= 0)
            close(ends[0]);
        log_error("the evaluation could not be started: %s", strerror(-err));
        return err;
    }
    out->fd = ends[0];
    return 0;
}

int child_end(struct child *c, bool kill_it)
{
    int status = 0;
    pid_t got;
    if (kill_it)
        kill(c->pid, SIGKILL);
    close(c->fd);
    do
        got = waitpid(c->pid, &status, 0);
    while (got < 0 && errno == EINTR);
    return got == c->pid ? status : -1;
}
