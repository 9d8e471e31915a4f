/* What commands share: the site, the store, the run, and how failures are said. Parent. */
#include <stdarg.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "checklist/pinned.h"
#include "checklist/records.h"
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

int fail_target(const char *command, const struct site *site, const char *name)
{
    const char **names = xcalloc(site->n_targets + 1, sizeof(const char *));
    char meant[DID_YOU_MEAN_LEN];
    for (size_t i = 0; i < site->n_targets; i++)
        names[i] = site->targets[i].name;
    int status = fail_usage("%s: no target '%s' in site.yaml%s", command, name, did_you_mean(name, names, site->n_targets, meant));
    free(names);
    return status;
}

int fail_milestone(const char *command, const struct site *site, const char *name)
{
    const char **names = xcalloc(site->n_milestones + 1, sizeof(const char *));
    char meant[DID_YOU_MEAN_LEN];
    for (size_t i = 0; i < site->n_milestones; i++)
        names[i] = site->milestones[i].name;
    int status = fail_usage("%s: there is no milestone '%s'%s", command, name, did_you_mean(name, names, site->n_milestones, meant));
    free(names);
    return status;
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

/* --- what people wrote down --- */

/* What is wrong with the folder, held against the site's newest run. */
static int warn_of_records(struct records_in *in, struct diags *d)
{
    struct run run = { 0 };
    struct results results = { 0 };
    int err = in->store ? store_run_find(in->store, in->site->key, NULL, false, &run, NULL) : ERR_NOT_FOUND;
    if (!err)
        err = store_results_get(in->store, run.id, &results);
    if (!err) {
        in->run = &run;
        in->results = &results;
    }
    if (!err || err == ERR_NOT_FOUND)
        err = records_check(in, d);
    results_clear(&results);
    run_clear(&run);
    return err;
}

/* What was told at the end of an earlier run: its files as it pinned them, held against what it found, on its day. */
static int drop_told(struct store *s, int64_t earlier, struct diags *d)
{
    struct run run = { 0 };
    struct pinned p = { 0 };
    struct results results = { 0 };
    struct diags told = DIAGS_INIT;
    char *why = NULL;
    int err = store_run_get(s, earlier, &run);
    if (!err)
        err = pinned_load(s, earlier, &p, &why);
    if (!err)
        err = store_results_get(s, earlier, &results);
    struct records_in in = { .site = p.site, .lists = p.checklists, .store = s, .run = &run, .results = &results, .now = run.as_of };
    if (!err)
        err = records_check(&in, &told);
    if (!err)
        records_drop_told(d, &told);
    diags_clear(&told);
    results_clear(&results);
    pinned_clear(&p);
    run_clear(&run);
    free(why);
    return err;
}

static void tell_records(const struct site *site, const struct checklists *lists, struct store *s, int64_t earlier)
{
    struct diags d = DIAGS_INIT, unread = DIAGS_INIT;
    if (site->n_waivers + site->n_decisions + site->n_work == 0)
        return;
    /* what is wrong with the checklists is told by `check`, which cannot do without them */
    struct checklists *own = lists ? NULL : checklists_load(site, &unread);
    struct records_in in = { .site = site, .lists = lists ? lists : own, .store = s, .now = clock_now() };
    int err = warn_of_records(&in, &d);
    /* where the earlier run cannot be read, all is told: rather twice than never */
    if (!err && earlier && d.n > 0 && drop_told(s, earlier, &d) != 0)
        log_info("run %lld cannot be read again: what is told of waivers.yaml and decisions.yaml may have been told then", (long long)earlier);
    diags_print(&d, stderr);
    if (err)
        log_warning("waivers.yaml and decisions.yaml could not be held against the store: %s", err_text(err));
    diags_clear(&d);
    diags_clear(&unread);
    checklists_free(own);
}

void args_records(const struct site *site, const struct checklists *lists, struct store *s)
{
    tell_records(site, lists, s, 0);
}

void args_records_new(const struct site *site, const struct checklists *lists, struct store *s, int64_t run)
{
    struct run found = { 0 };
    int err = s ? store_run_find(s, site->key, "latest", false, &found, NULL) : ERR_NOT_FOUND;
    if (!err && found.id == run) {
        run_clear(&found);
        err = store_run_find(s, site->key, "previous", false, &found, NULL);
    }
    tell_records(site, lists, s, err ? 0 : found.id);
    run_clear(&found);
}
