/* Where a command's result goes, whole or not at all, and how text may look there. Parent. */
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/args.h"
#include "report/style.h"

static const char *const text_only[] = { "text", NULL };

const char *const *cmd_formats(const struct cmd *c)
{
    return c->formats ? c->formats : text_only;
}

int args_format(const struct args *a)
{
    const char *wanted = arg_text(a, "format");
    const char *const *formats = cmd_formats(a->cmd);
    for (int i = 0; wanted && formats[i]; i++)
        if (strcmp(wanted, formats[i]) == 0)
            return i;
    return 0;
}

static FILE *cannot_write(const char *path, int err)
{
    (void)fail_usage("%s cannot be written: %s", path, strerror(err));
    return NULL;
}

/* What is there and no plain file is not replaced: a device, a pipe. */
static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/* The file itself where path is a link to it, so that the link stays. Owned. */
static char *real_path(const char *path)
{
    char *real = realpath(path, NULL);
    return real ? real : xstrdup(path);
}

FILE *args_output(struct args *a)
{
    const char *path = arg_text(a, "output");
    struct stat st;
    if (!path || strcmp(path, "-") == 0)
        return stdout;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return cannot_write(path, EISDIR);
    if (is_special(path)) {
        FILE *f = fopen(path, "we");
        return f ? f : cannot_write(path, errno);
    }
    char *real = real_path(path), *tmp = xasprintf("%s.XXXXXX", real);
    free(real);
    int fd = mkostemp(tmp, O_CLOEXEC);   /* 0600: a report is for those it was made for */
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!f) {
        (void)cannot_write(path, errno);
        if (fd >= 0)
            close(fd);
        free(tmp);
        return NULL;
    }
    free(a->output_tmp);
    a->output_tmp = tmp;
    return f;
}

static void discard(struct args *a)
{
    if (a->output_tmp)
        (void)unlink(a->output_tmp);
    free(a->output_tmp);
    a->output_tmp = NULL;
}

bool args_output_possible(struct args *a)
{
    const char *path = arg_text(a, "output");
    if (!path || strcmp(path, "-") == 0 || is_special(path))
        return true;
    FILE *f = args_output(a);
    if (!f)
        return false;
    (void)fclose(f);
    discard(a);
    return true;
}

bool output_has_no_reader(void)
{
    struct pollfd p = { .fd = STDOUT_FILENO };
    return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}

static int finish_stdout(int status)
{
    if (!fflush(stdout) && !ferror(stdout))
        return status;
    /* whoever reads has had enough: `preop facts | head` */
    return output_has_no_reader() ? status : fail_err(-errno, "the output cannot be written: %s", strerror(errno));
}

int args_output_close(struct args *a, FILE *f, int status)
{
    if (f == stdout)
        return finish_stdout(status);
    const char *path = arg_text(a, "output");
    bool replaces = a->output_tmp != NULL, bad = ferror(f) != 0;
    bad = fflush(f) != 0 || bad;
    bad = (replaces && fsync(fileno(f)) != 0) || bad;
    int err = errno;
    bad = fclose(f) != 0 || bad;
    if (!bad && replaces && status != EXIT_USAGE && status != EXIT_NOT_DONE) {
        char *real = real_path(path);
        bad = rename(a->output_tmp, real) != 0;
        err = errno;
        free(real);
        if (!bad) {
            free(a->output_tmp);
            a->output_tmp = NULL;
        }
    }
    discard(a);
    return bad ? fail_err(-err, "%s cannot be written: %s", path, strerror(err)) : status;
}

/* --- how it may look --- */

static size_t terminal_width(int fd)
{
    struct winsize w;
    if (isatty(fd) && ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
        return w.ws_col < 40 ? 40 : w.ws_col > 120 ? 120 : w.ws_col;
    return 80;
}

void args_style(struct args *a, FILE *f, struct style *out)
{
    const char *when = arg_text(a, "color");
    int fd = fileno(f);
    bool terminal = isatty(fd) != 0;
    const char *term = getenv("TERM");
    bool capable = terminal && term && strcmp(term, "dumb") != 0 && !getenv("NO_COLOR");
    out->color = when && strcmp(when, "always") == 0 ? true : when && strcmp(when, "never") == 0 ? false : capable;
    out->width = terminal_width(fd);
    /* a file or a pipe gets UTF-8: what reads it can be told; a terminal says itself what it can show */
    out->utf8 = !terminal || strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
