/* Running another program: no shell, nothing inherited, an end in time and size. */
#include "base/program.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/path.h"

/* Its stdin: a file in memory, so that neither waits for the other; nothing at all without input. */
static int input_make(const void *in, size_t len, int *fd)
{
    *fd = in == NULL ? open("/dev/null", O_RDONLY | O_CLOEXEC) : memfd_create("input", MFD_CLOEXEC);
    if (*fd < 0)
        return -errno;
    int err = in == NULL ? 0 : fd_write_all(*fd, in, len);
    if (err == 0 && in != NULL && lseek(*fd, 0, SEEK_SET) != 0)
        err = -errno;
    return err;
}

static int spawn(const char *const *argv, char *const *env, int in_fd, int out_fd, pid_t *pid)
{
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t attr;
    sigset_t none, defaults;
    int err = 0;

    (void)posix_spawn_file_actions_init(&fa);
    (void)posix_spawnattr_init(&attr);
    (void)sigemptyset(&none);
    (void)sigfillset(&defaults);
    err |= posix_spawnattr_setsigmask(&attr, &none);
    err |= posix_spawnattr_setsigdefault(&attr, &defaults);
    err |= posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    err |= posix_spawn_file_actions_adddup2(&fa, in_fd, STDIN_FILENO);
    err |= posix_spawn_file_actions_adddup2(&fa, out_fd, STDOUT_FILENO);
    err |= posix_spawn_file_actions_addopen(&fa, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    err |= posix_spawn_file_actions_addclosefrom_np(&fa, STDERR_FILENO + 1);
#endif
    if (err == 0) {
        /* posix_spawn's type is older than const; it changes none of them */
        union { const char *const *borrowed; char *const *given; } args = { .borrowed = argv };
        err = posix_spawnp(pid, argv[0], &fa, &attr, args.given, env);
    } else {
        err = ENOMEM;
    }
    (void)posix_spawnattr_destroy(&attr);
    (void)posix_spawn_file_actions_destroy(&fa);
    return -err;
}

/* Everything that fd gives until its end: 0, ERR_LIMIT past out->max, -ETIMEDOUT. */
static int read_output(int fd, int64_t deadline, struct buf *out)
{
    char chunk[4096];
    int err = 1;

    while (err > 0) {
        int64_t left = deadline - clock_mono_ms();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int ready = poll(&p, 1, left > 0 ? (int)left : 0);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) {
            err = ready == 0 ? -ETIMEDOUT : -errno;
            break;
        }
        ssize_t n = read(fd, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            err = n == 0 ? 0 : -errno;
        else
            buf_append(out, chunk, (size_t)n);
        if (out->overflow)
            err = ERR_LIMIT;
    }
    explicit_bzero(chunk, sizeof(chunk));
    return err;
}

/* Its exit status, in time or killed. */
static int reap(pid_t pid, int64_t deadline, bool kill_now, int *status)
{
    const struct timespec pause = { .tv_nsec = 5000000 };
    bool killed = false;

    for (;;) {
        pid_t got = waitpid(pid, status, killed ? 0 : WNOHANG);
        if (got == pid)
            return killed && !kill_now ? -ETIMEDOUT : 0;
        if (got < 0 && errno != EINTR)
            return -errno;
        if (!killed && (kill_now || clock_mono_ms() > deadline)) {
            (void)kill(pid, SIGKILL);
            killed = true;
        } else if (!killed) {
            (void)nanosleep(&pause, NULL);
        }
    }
}

int program_run(const char *const *argv, char *const *env, const void *in, size_t in_len, int timeout_ms, struct buf *out, int *status)
{
    const int64_t deadline = clock_mono_ms() + timeout_ms;
    int fds[2] = { -1, -1 };
    pid_t pid = 0;

    int in_fd = -1, err = input_make(in, in_len, &in_fd);
    if (err == 0 && pipe2(fds, O_CLOEXEC) != 0)
        err = -errno;
    if (err != 0) {
        if (in_fd >= 0)
            (void)close(in_fd);
        return err;
    }
    err = spawn(argv, env, in_fd, fds[1], &pid);
    (void)close(in_fd);
    (void)close(fds[1]);
    if (err == 0) {
        err = read_output(fds[0], deadline, out);
        int ended = reap(pid, deadline, err != 0, status);
        if (err == 0)
            err = ended;
    }
    (void)close(fds[0]);
    return err;
}
