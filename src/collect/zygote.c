/* Starting and ending the zygote. Parent only. The new process gets a constructed environment and no descriptor but the
 * control socket: whatever is secret here stays here, and no file or variable of the caller configures a library there. */
#include "collect/zygote_client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/log.h"
#include "base/mem.h"
#include "worker/zygote.h"

struct zygote {
    pid_t pid;
    int fd;
    int restarts;
};

#define RESTARTS_MAX 1

int zygote_fd(const struct zygote *z)
{
    return z->fd;
}

/* The whole environment of the zygote and so of every worker. */
static const char *const zygote_environment[] = {
    "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC",
    "LDAPNOINIT=1", "OPENSSL_CONF=/dev/null", "KRB5_CONFIG=/dev/null",
    "MIBS=", "MIBDIRS=/dev/null", "SNMPCONFPATH=/dev/null", "SNMP_PERSISTENT_FILE=/dev/null",
#ifdef PREOP_NO_SANDBOX
    "ASAN_OPTIONS=detect_leaks=0:handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigill=0:handle_sigfpe=0",   /* a worker that crashes says so by its signal */
#endif
    NULL
};

static int close_above(int last)
{
#ifdef HAVE_CLOSE_RANGE
    return close_range((unsigned)last + 1, ~0U, 0);
#else
    struct rlimit files = { 0, 0 };
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return -1;
    for (int fd = last + 1; (rlim_t)fd < files.rlim_cur; fd++)
        close(fd);
    return 0;
#endif
}

static void become_zygote(int control) __attribute__((noreturn));
static void become_zygote(int control)
{
    int null = open("/dev/null", O_RDWR);        /* not close-on-exec: it may be 0, 1 or 2 itself */
    if (null < 0 || setsid() < 0 || chdir("/") != 0)
        _exit(127);
    /* The socket may be in the way of its own place or of the standard streams. */
    int high = fcntl(control, F_DUPFD, ZYGOTE_FD + 1);
    if (high < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 || dup2(high, ZYGOTE_FD) < 0)
        _exit(127);
    if (close_above(ZYGOTE_FD) != 0)
        _exit(127);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    char name[] = ZYGOTE_NAME, arg[] = ZYGOTE_ARG;
    char *argv[] = { name, arg, NULL };
    char *environment[N_ELEMENTS(zygote_environment)];
    for (size_t i = 0; i < N_ELEMENTS(zygote_environment); i++)
        environment[i] = zygote_environment[i] == NULL ? NULL : xstrdup(zygote_environment[i]);
    execve("/proc/self/exe", argv, environment);
    _exit(127);
}

static int zygote_launch(struct zygote *z)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        log_error("cannot start workers: %s", err_text(-errno));
        return -errno;
    }
    pid_t pid = fork();
    if (pid == 0)
        become_zygote(ends[1]);
    int err = pid < 0 ? -errno : 0;
    close(ends[1]);
    if (err == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0)
        err = -errno;
    if (err != 0) {
        close(ends[0]);
        log_error("cannot start workers: %s", err_text(err));
        return err;
    }
    z->pid = pid;
    z->fd = ends[0];
    return 0;
}

/* Closing the socket ends the zygote, and its death ends every worker. */
static void zygote_end(struct zygote *z)
{
    if (z->fd >= 0)
        close(z->fd);
    z->fd = -1;
    if (z->pid > 0)
        while (waitpid(z->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    z->pid = -1;
}

int zygote_start(struct zygote **out)
{
    struct zygote *z = xcalloc(1, sizeof *z);
    z->fd = -1;
    int err = zygote_launch(z);
    if (err != 0) {
        free(z);
        return err;
    }
    *out = z;
    return 0;
}

int zygote_restart(struct zygote *z)
{
    zygote_end(z);
    if (z->restarts >= RESTARTS_MAX) {
        log_error("the process that starts workers ended twice; giving up");
        return ERR_INTERNAL;
    }
    z->restarts++;
    log_warning("the process that starts workers ended unexpectedly; starting it once more");
    return zygote_launch(z);
}

void zygote_stop(struct zygote *z)
{
    if (z == NULL)
        return;
    zygote_end(z);
    free(z);
}
