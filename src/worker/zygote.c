/* The zygote. Single-threaded, forks strictly one worker at a time, keeps no descriptor of any job. Trusts the parent at the other
 * end of the control socket, and nothing else; workers have no way to speak to it. */
#include "worker/zygote.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/mem.h"
#include "fact/control.h"
#include "probes/probe.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

struct child { pid_t pid; uint32_t job; };
static struct { struct child *v; size_t n, cap; } children;

bool zygote_invoked(int argc, char **argv)
{
    return argc == 2 && strcmp(argv[1], ZYGOTE_ARG) == 0 && strcmp(argv[0], ZYGOTE_NAME) == 0;
}

static void child_add(pid_t pid, uint32_t job)
{
    if (children.n == children.cap) {
        children.cap = children.cap == 0 ? 64 : 2 * children.cap;
        children.v = xrealloc_array(children.v, children.cap, sizeof *children.v);
    }
    children.v[children.n++] = (struct child){ pid, job };
}

static void say(const struct control_msg *m)
{
    if (control_send(ZYGOTE_FD, m) != 0)
        _exit(1);                                        /* the parent is gone: the workers die with us */
}

/* In the child. The parent-death signal is set first, then checked: the zygote may have died in between. */
static void worker_begin(const struct control_msg *m, pid_t zygote) __attribute__((noreturn));
static void worker_begin(const struct control_msg *m, pid_t zygote)
{
    sigset_t none;
    sigemptyset(&none);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != zygote || sigprocmask(SIG_SETMASK, &none, NULL) != 0)
        _exit(1);
    prctl(PR_SET_NAME, "preop-worker", 0, 0, 0);
    close(ZYGOTE_FD);
    worker_main(m->fd[CONTROL_FD_JOB], m->fd[CONTROL_FD_FRAMES], m->fd[CONTROL_FD_ANSWERS], m->fd[CONTROL_FD_PACE], m->fd[CONTROL_FD_EVIDENCE]);
}

static void start(struct control_msg *m, int signal_fd)
{
    pid_t self = getpid(), pid = fork();
    if (pid == 0) {
        close(signal_fd);
        worker_begin(m, self);
    }
    control_close_fds(m);
    struct control_msg answer;
    control_init(&answer, pid > 0 ? CONTROL_STARTED : CONTROL_EXIT, m->job);
    if (pid > 0)
        child_add(pid, m->job);
    else
        answer.status = 1 << 8;                          /* as if it had exited with 1 */
    say(&answer);
}

static void kill_job(uint32_t job)
{
    for (size_t i = 0; i < children.n; i++)
        if (children.v[i].job == job)
            kill(children.v[i].pid, SIGKILL);
}

static void reap(void)
{
    int status;
    struct rusage used;
    pid_t pid;
    while ((pid = wait4(-1, &status, WNOHANG, &used)) > 0) {
        for (size_t i = 0; i < children.n; i++) {
            if (children.v[i].pid != pid)
                continue;
            struct control_msg m;
            control_init(&m, CONTROL_EXIT, children.v[i].job);
            m.status = status;
            m.cpu_us = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * INT64_C(1000000) + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
            m.maxrss_kib = used.ru_maxrss;
            children.v[i] = children.v[--children.n];
            say(&m);
            break;
        }
    }
}

/* One message from the parent; at the end of the connection the zygote ends, and with it its workers. */
static void obey(int signal_fd)
{
    struct control_msg m;
    int got = control_recv(ZYGOTE_FD, &m);
    if (got == -EAGAIN)
        return;
    if (got <= 0)
        _exit(got == 0 ? 0 : 1);
    if (m.kind == CONTROL_START)
        start(&m, signal_fd);
    else if (m.kind == CONTROL_KILL)
        kill_job(m.job);
    control_close_fds(&m);
}

static int watch_children(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void harden(void)
{
    struct rlimit none = { 0, 0 };
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0)
        _exit(1);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
}

int zygote_main(void)
{
    harden();
    prctl(PR_SET_NAME, ZYGOTE_NAME, 0, 0, 0);            /* else ps shows "exe" */
    if (fcntl(ZYGOTE_FD, F_SETFD, FD_CLOEXEC) != 0)
        _exit(2);                                        /* started by hand: there is nobody to obey */
    setlocale(LC_CTYPE, "C.UTF-8");
    sandbox_warm();
    for (size_t i = 0; i < n_probes; i++)
        if (probes[i]->warm != NULL)
            probes[i]->warm();
    int signal_fd = watch_children();
    if (signal_fd < 0)
        _exit(1);
    for (;;) {
        struct pollfd p[2] = { { .fd = ZYGOTE_FD, .events = POLLIN }, { .fd = signal_fd, .events = POLLIN } };
        if (poll(p, 2, -1) < 0 && errno != EINTR)
            _exit(1);
        struct signalfd_siginfo info;
        if (p[1].revents != 0 && read(signal_fd, &info, sizeof info) > 0)
            reap();
        if (p[0].revents != 0)
            obey(signal_fd);
    }
}
