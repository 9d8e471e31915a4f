/* {command: ...}: a program of the user's that prints a secret, run without a shell, before the zygote exists. Parent only.
 * It gets a constructed environment and none of our descriptors; its output is bounded in time and size, and never shown. */
#include "site/secret.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "base/mem.h"
#include "base/program.h"

#define MAX_ARGUMENTS 64

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

int secret_run(const char *const *argv, int timeout_ms, struct buf *out, char **why)
{
    struct buf bytes = BUF_INIT(SECRET_MAX);
    const char *path = getenv("PATH"), *home = getenv("HOME");
    char *env[4] = { NULL };
    int status = 0;
    size_t n = 0;

    buf_reserve(&bytes, SECRET_MAX);         /* no growing, which would leave copies behind */
    env[n++] = xasprintf("PATH=%s", path != NULL && path[0] != '\0' ? path : PROGRAM_PATH);
    env[n++] = xstrdup("LANG=C.UTF-8");
    if (home != NULL)
        env[n++] = xasprintf("HOME=%s", home);
    int err = program_run(argv, env, NULL, 0, timeout_ms, &bytes, &status);
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
