/* preop lookback: what this store knew on a day of the past, who owned it, and what was decided. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "cmd/commands.h"
#include "report/lookback.h"

static const char *const formats[] = { "text", "json", NULL };

/* The domains, or the targets, of both runs: how many names there are, and whether this is one of them. */
static bool is_one(const struct lookback *l, const char *name, bool domains, const char **names, size_t *n)
{
    const struct report *const runs[] = { l->then, l->now };
    bool found = false;
    *n = 0;
    for (size_t k = 0; k < N_ELEMENTS(runs); k++)
        for (size_t i = 0; runs[k] && i < (domains ? runs[k]->n_checks : runs[k]->n_targets); i++)
            names[(*n)++] = domains ? runs[k]->checks[i].def->domain : runs[k]->targets[i].name;
    for (size_t i = 0; i < *n; i++)
        found = found || strcmp(names[i], name) == 0;
    return found;
}

/* A name that nothing has is a mistake: it would look as if nothing had been known. */
static int check_name(const struct lookback *l, const char *name, bool domains)
{
    size_t most = l->now->n_checks + l->now->n_targets + (l->then ? l->then->n_checks + l->then->n_targets : 0), n = 0;
    const char **names = xcalloc(most + 1, sizeof(const char *));
    char meant[DID_YOU_MEAN_LEN];
    int status = EXIT_DONE;
    if (name && !is_one(l, name, domains, names, &n))
        status = fail_usage("lookback: neither that day's run nor the newest has a %s '%s'%s", domains ? "domain" : "target", name, did_you_mean(name, names, n, meant));
    free(names);
    return status;
}

static int write_out(struct args *a, const struct lookback *l)
{
    if (check_name(l, l->domain, true) != EXIT_DONE || check_name(l, l->target, false) != EXIT_DONE)
        return EXIT_USAGE;
    FILE *out = args_output(a);
    struct style style;
    if (!out)
        return EXIT_USAGE;
    args_style(a, out, &style);
    if (args_format(a) == 1)
        lookback_json(l, out);
    else
        lookback_text(l, &style, out);
    return args_output_close(a, out, EXIT_DONE);
}

static int run(struct args *a)
{
    const char *const *rest;
    int64_t day = 0;
    int status = EXIT_DONE;
    (void)arg_rest(a, &rest);
    if (!date_parse(rest[0], &day))
        return fail_usage("lookback: a day like 2027-03-04, not '%s'", rest[0]);
    if (day > clock_now())
        return fail_usage("lookback: %s is still to come", rest[0]);
    char *key = args_site_key(a, &status), *why = NULL;
    struct store *s = key ? args_store(a, STORE_READ, &status) : NULL;
    struct lookback *l = NULL;
    int err = s ? lookback_make(s, key, day, arg_text(a, "domain"), arg_text(a, "target"), &l, &why) : 0;
    if (err)
        status = fail_err(err, "%s", why ? why : err_text(err));
    else if (l)
        status = write_out(a, l);
    free(why);
    lookback_free(l);
    store_close(s);
    free(key);
    return status;
}

static const struct opt opts[] = {
    { "domain", 0, OPT_TEXT, "D", "only checks of this domain" },
    { "target", 0, OPT_TEXT, "T", "only this target" },
};

const struct cmd cmd_lookback = {
    .name = "lookback", .synopsis = "DATE", .summary = "What this store knew on a day, since when, who owned it, what was asked for and decided, and what came to light later", .group = "read",
    .details = "From the last run received by the end of that day (UTC), with the files that it pinned: later edits of the folder change nothing here.\n"
               "What was true by then and received later, good or bad, stands apart: judged as of that day. What is dated by that day and came to the store later is marked.",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 1, .max_args = 1, .formats = formats, .run = run,
};
