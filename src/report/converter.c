/* Another program, run without a shell. Parent only; the program is the administrator's, what it reads may be hostile. */
#define _GNU_SOURCE 1
#include "report/converter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"

/* After fork, in the child: only what is safe there. */
static void write_file(const char *path, const char *text, size_t len)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    ssize_t n = write(fd, text, len);
    (void)n;                         /* best effort */
    (void)close(fd);
}

/* A plain user gets a user namespace with only that user in it. maps: made before fork. Best effort: what is run names nothing outside anyway. */
static void leave_network(bool is_root, const char *uid_map, const char *gid_map)
{
    if (unshare(is_root ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) != 0 || is_root)
        return;
    write_file("/proc/self/setgroups", "deny", 4);
    write_file("/proc/self/uid_map", uid_map, strlen(uid_map));
    write_file("/proc/self/gid_map", gid_map, strlen(gid_map));
}

static _Noreturn void become(const struct converter *p, int out, const char *uid_map, const char *gid_map)
{
    sigset_t none;
    union { const char *const *borrowed; char *const *given; } argv = { .borrowed = p->argv }, env = { .borrowed = p->env };     /* execve's type is older than const */
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    for (int sig = 1; sig < NSIG; sig++)
        (void)signal(sig, SIG_DFL);
    (void)setpgid(0, 0);
    if (p->no_network)
        leave_network(geteuid() == 0, uid_map, gid_map);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0 || chdir(p->dir) != 0)
        _exit(127);
    if (close_range(STDERR_FILENO + 1, ~0u, 0) != 0)
        _exit(127);
    (void)execve(p->argv[0], argv.given, env.given);
    _exit(127);
}

/* What it says until it closes its output or the time is over; past said's maximum it is read and dropped. */
static void listen_to(int fd, int64_t deadline, struct buf *said)
{
    char chunk[4096];
    for (;;) {
        int64_t left = deadline - clock_mono_ms();
        struct pollfd p = { .fd = fd, .events = POLLIN };
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        ssize_t n = ready > 0 ? read(fd, chunk, sizeof(chunk)) : 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        buf_append(said, chunk, (size_t)n);
    }
}

static int wait_for(pid_t pid, int64_t deadline, int *status)
{
    const struct timespec pause = { .tv_nsec = 5000000 };
    bool killed = false;
    for (;;) {
        pid_t got = waitpid(pid, status, killed ? 0 : WNOHANG);
        if (got == pid) {
            (void)kill(-pid, SIGKILL);       /* what it left running */
            return killed ? -ETIMEDOUT : 0;
        }
        if (got < 0 && errno != EINTR)
            return -errno;
        if (!killed && clock_mono_ms() > deadline) {
            (void)kill(-pid, SIGKILL);
            (void)kill(pid, SIGKILL);
            killed = true;
        } else if (!killed) {
            (void)nanosleep(&pause, NULL);
        }
    }
}

int converter_run(const struct converter *p, struct buf *said, int *status)
{
    const int64_t deadline = clock_mono_ms() + p->timeout_ms;
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0)
        return -errno;
    char *uid_map = xasprintf("%u %u 1", (unsigned)geteuid(), (unsigned)geteuid()), *gid_map = xasprintf("%u %u 1", (unsigned)getegid(), (unsigned)getegid());
    pid_t pid = fork();
    int err = pid < 0 ? -errno : 0;
    if (pid == 0)
        become(p, fds[1], uid_map, gid_map);
    (void)close(fds[1]);
    if (!err) {
        listen_to(fds[0], deadline, said);
        err = wait_for(pid, deadline, status);
    }
    (void)close(fds[0]);
    free(uid_map);
    free(gid_map);
    return err;
}

static bool is_program(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

char *converter_find(const char *const *names, size_t n, const char *path)
{
    for (size_t i = 0; i < n; i++)
        for (const char *p = path; *p;) {
            size_t len = strcspn(p, ":");
            char *full = xasprintf("%.*s/%s", (int)len, p, names[i]);
            if (*p == '/' && is_program(full))
                return full;
            free(full);
            p += len + (p[len] == ':');
        }
    return NULL;
}
