/* What commands share: the site, the store, the run, and how failures are said. Parent. */
#include <stdarg.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "cmd/args.h"

static void complain(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));
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
