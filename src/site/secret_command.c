/* {command: ...}: a program of the user's that prints a secret, run without a shell, before the zygote exists. Parent only.
 * It gets a constructed environment and none of our descriptors; its output is bounded in time and size, and never shown. */
#include "site/secret.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"

#define MAX_ARGUMENTS 64
#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/* --- splitting a line --------------------------------------------------------------------------------------------------- */

struct splitter { const char *p; char *out; const char *why; };

/* One argument from s->p on, its bytes appended at s->out. False when something only a shell could do stands there. */
static bool split_one(struct splitter *s)
{
    const char *begin = s->p;
    char quote = '\0';

    for (; *s->p != '\0'; s->p++) {
        char c = *s->p;
        if (quote == '\0' && (c == ' ' || c == '\t'))
            break;
        if (quote == '\0' && (strchr("|&;<>()`$*?", c) != NULL || (s->p == begin && strchr("~#", c) != NULL))) {
            s->why = "has a character that only a shell understands, and none is used: quote it, write paths out, or name a script";
            return false;
        }
        if (quote == '\0' && (c == '\'' || c == '"')) {
            quote = c;
            continue;
        }
        if (c == quote && quote != '\0') {
            quote = '\0';
            continue;
        }
        if (quote == '"' && (c == '$' || c == '`')) {
            s->why = "has $ or ` in double quotes, which no shell will expand here: use single quotes";
            return false;
        }
        if (c == '\\' && quote != '\'' && s->p[1] != '\0')
            c = *++s->p;
        *s->out++ = c;
    }
    if (quote != '\0') {
        s->why = "has a quote that does not end";
        return false;
    }
    *s->out++ = '\0';
    return true;
}

const char **secret_split_command(struct arena *arena, const char *line, const char **why)
{
    const char **argv = arena_array(arena, MAX_ARGUMENTS + 1, sizeof(*argv));
    struct splitter s = { .p = line, .out = arena_alloc(arena, strlen(line) + 2) };
    size_t n = 0;

    for (;;) {
        s.p += strspn(s.p, " \t");
        if (*s.p == '\0')
            break;
        if (n == MAX_ARGUMENTS) {
            *why = "has more than 64 arguments";
            return NULL;
        }
        argv[n++] = s.out;
        if (!split_one(&s)) {
            *why = s.why;
            return NULL;
        }
    }
    *why = "is empty";
    return n > 0 && argv[0][0] != '\0' ? argv : NULL;
}

/* --- running it --------------------------------------------------------------------------------------------------------- */

static int spawn(const char *const *argv, char *const *env, int out_fd, pid_t *pid)
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
    err |= posix_spawn_file_actions_addopen(&fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
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

/* Everything that fd gives until its end: 0, ERR_LIMIT past SECRET_MAX, -ETIMEDOUT. */
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

static char *say(const char *program, int err, int status)
{
    if (err == -ETIMEDOUT)
        return xasprintf("command '%s' did not end in time", program);
    if (err == ERR_LIMIT)
        return xasprintf("command '%s' wrote more than %u KiB", program, SECRET_MAX / 1024);
    if (err != 0)
        return xasprintf("command '%s' cannot be run: %s", program, err_text(err));
    if (WIFSIGNALED(status))
        return xasprintf("command '%s' was ended by signal %d", program, WTERMSIG(status));
    return xasprintf("command '%s' failed with status %d: run it by hand to see why", program, WEXITSTATUS(status));
}

static int run(const char *const *argv, char *const *env, int timeout_ms, struct buf *out, int *status)
{
    const int64_t deadline = clock_mono_ms() + timeout_ms;
    int fds[2] = { -1, -1 };
    pid_t pid = 0;

    if (pipe2(fds, O_CLOEXEC) != 0)
        return -errno;
    int err = spawn(argv, env, fds[1], &pid);
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

int secret_run(const char *const *argv, int timeout_ms, struct buf *out, char **why)
{
    struct buf bytes = BUF_INIT(SECRET_MAX);
    const char *path = getenv("PATH"), *home = getenv("HOME");
    char *env[4] = { NULL };
    int status = 0;
    size_t n = 0;

    buf_reserve(&bytes, SECRET_MAX);         /* no growing, which would leave copies behind */
    env[n++] = xasprintf("PATH=%s", path != NULL && path[0] != '\0' ? path : DEFAULT_PATH);
    env[n++] = xstrdup("LANG=C.UTF-8");
    if (home != NULL)
        env[n++] = xasprintf("HOME=%s", home);
    int err = run(argv, env, timeout_ms, &bytes, &status);
    if (err == 0 && status == 0) {
        buf_append(out, bytes.data, bytes.len);
    } else {
        *why = say(argv[0], err, status);
        err = err != 0 ? err : ERR_BAD_INPUT;
    }
    for (size_t i = 0; i < n; i++)
        free(env[i]);
    buf_wipe(&bytes);
    return err;
}
