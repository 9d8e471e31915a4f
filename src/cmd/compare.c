/* preop compare: two runs side by side, with a change that adds up. */
#include "base/mem.h"
#include "checklist/compare.h"
#include "cmd/commands.h"
#include "report/report.h"

static const char *const formats[] = { "text", "json", NULL };

static int write_out(struct args *a, const struct comparison *c, const struct run *old, const struct run *now, int format)
{
    FILE *out = args_output(a);
    if (!out)
        return EXIT_USAGE;
    struct style style;
    args_style(a, out, &style);
    if (format == 1)
        compare_json(c, old, now, out);
    else
        compare_text(c, old, now, &style, out);
    return args_output_close(a, out, EXIT_DONE);
}

static int run(struct args *a)
{
    int status = EXIT_DONE, format = args_format(a);
    const char *const *rest;
    size_t n = arg_rest(a, &rest);
    struct run old = { 0 }, now = { 0 };
    struct comparison *c = NULL;
    char *why = NULL;
    char *key = args_site_key(a, &status);
    struct store *s = key ? args_store(a, STORE_READ, &status) : NULL;
    if (s && args_run(a, s, key, n > 0 ? rest[0] : "previous", &old, &status) && args_run(a, s, key, n > 1 ? rest[1] : "latest", &now, &status)) {
        int err = compare_runs(s, old.id, now.id, &c, &why);
        status = err ? fail_err(err, "%s", why ? why : err_text(err)) : write_out(a, c, &old, &now, format);
    }
    comparison_free(c);
    free(why);
    run_clear(&old);
    run_clear(&now);
    store_close(s);
    free(key);
    return status;
}

const struct cmd cmd_compare = {
    .name = "compare", .synopsis = "[OLD [NEW]]", .summary = "Two runs side by side: what broke, what was fixed, where the score's change comes from", .group = "read",
    .details = "OLD is the run before the latest unless said; NEW the latest. The older run's facts are judged by the newer run's checklists.",
    .min_args = 0, .max_args = 2, .formats = formats, .run = run,
};
