/* What commands share: the site, the store, the run, the output, and how failures are said. Parent. */
#include <errno.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <langinfo.h>
#include <locale.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/args.h"
#include "report/style.h"

static void complain(const char *fmt, va_list ap)
{
    struct buf raw = BUF_INIT(65536), safe = BUF_INIT(65536 * 4);
    buf_vprintf(&raw, fmt, ap);
    text_terminal(&safe, buf_str(&raw), false);
    fprintf(stderr, "preop: %s\n", buf_str(&safe));
    buf_clear(&raw);
    buf_clear(&safe);
}

int fail_usage(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    complain(fmt, ap);
    va_end(ap);
    return EXIT_USAGE;
}

int fail_err(int err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    complain(fmt, ap);
    va_end(ap);
    return exit_for_err(err);
}

const char *args_dir(const struct args *a)
{
    const char *dir = arg_text(a, "directory");
    return dir ? dir : ".";
}

int args_format(const struct args *a, const char *const *choices, size_t n)
{
    const char *wanted = arg_text(a, "format");
    for (size_t i = 0; i < n; i++)
        if (!wanted || strcmp(wanted, choices[i]) == 0)
            return (int)i;
    struct buf b = BUF_INIT(1024);
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", choices[i]);
    (void)fail_usage("%s: no format '%s'; there is %s", a->cmd->name, wanted, buf_str(&b));
    buf_clear(&b);
    return -1;
}

FILE *args_output(struct args *a)
{
    const char *path = arg_text(a, "output");
    if (!path || strcmp(path, "-") == 0)
        return stdout;
    char *tmp = xasprintf("%s.XXXXXX", path);
    int fd = mkstemp(tmp);               /* 0600: a report is for those it was made for */
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!f) {
        (void)fail_usage("%s cannot be written: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        free(tmp);
        return NULL;
    }
    free(a->output_tmp);
    a->output_tmp = tmp;
    return f;
}

int args_output_close(struct args *a, FILE *f, int status)
{
    if (f == stdout) {
        if (!fflush(f) && !ferror(f))
            return status;
        /* whoever reads has had enough: `preop facts | head` */
        return errno == EPIPE ? status : fail_err(-errno, "the output cannot be written: %s", strerror(errno));
    }
    const char *path = arg_text(a, "output");
    bool bad = ferror(f) != 0;
    bad = fflush(f) != 0 || fsync(fileno(f)) != 0 || bad;
    bad = fclose(f) != 0 || bad;
    if (!bad && rename(a->output_tmp, path) == 0)
        return status;
    int err = errno;
    (void)unlink(a->output_tmp);
    return fail_err(-err, "%s cannot be written: %s", path, strerror(err));
}

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

struct site *args_site(struct args *a, int *status)
{
    struct diags d = DIAGS_INIT;
    struct site *site = site_load(args_dir(a), &d);
    diags_print(&d, stderr);
    if (!site)
        *status = EXIT_USAGE;
    diags_clear(&d);
    return site;
}

struct store *args_store(struct args *a, unsigned flags, int *status)
{
    struct store *s = NULL;
    char *why = NULL;
    int err = store_open(&s, arg_text(a, "db"), flags, &why);
    if (err) {
        /* what cannot be read is a bad file only when the user named it wrongly; a store that fails is not the user's fault */
        *status = err == ERR_NOT_FOUND ? fail_usage("%s", why ? why : "there is no store yet: preop check makes one")
                                       : fail_err(err, "%s", why ? why : err_text(err));
        s = NULL;
    }
    free(why);
    return s;
}

char *args_site_key(struct args *a, int *status)
{
    struct site *site = args_site(a, status);
    if (!site)
        return NULL;
    char *key = xstrdup(site->key);
    site_free(site);
    return key;
}

bool args_run(struct args *a, struct store *s, const char *site, const char *spec, struct run *out, int *status)
{
    char *why = NULL;
    (void)a;
    int err = store_run_find(s, site, spec, false, out, &why);
    if (err)
        *status = err == ERR_NOT_FOUND ? fail_usage("%s", why ? why : "no such run") : fail_err(err, "%s", why ? why : err_text(err));
    free(why);
    return err == 0;
}
