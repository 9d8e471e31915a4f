/* preop report: one run for readers. */
#include "base/mem.h"
#include "cmd/commands.h"
#include "report/report.h"

static const char *const formats[] = { "text", "json", NULL };

static int run(struct args *a)
{
    int status = EXIT_DONE, format = args_format(a);
    const char *const *rest;
    const char *spec = arg_rest(a, &rest) ? rest[0] : NULL;
    struct run found = { 0 };
    struct report *r = NULL;
    char *why = NULL;
    char *key = args_site_key(a, &status);
    struct store *s = key ? args_store(a, STORE_READ, &status) : NULL;
    if (s && args_run(a, s, key, spec, &found, &status)) {
        int err = report_load(s, found.id, format == 0, &r, &why);
        FILE *out = err ? NULL : args_output(a);
        if (err)
            status = fail_err(err, "%s", why ? why : err_text(err));
        else if (!out)
            status = EXIT_USAGE;
        if (out) {
            struct style style;
            args_style(a, out, &style);
            if (format == 1)
                report_json(r, out);
            else
                report_text(r, &style, out);
            status = args_output_close(a, out, status);
        }
    }
    report_free(r);
    free(why);
    run_clear(&found);
    store_close(s);
    free(key);
    return status;
}

const struct cmd cmd_report = {
    .name = "report", .synopsis = "[RUN]", .summary = "One run in full: verdicts, every check with its evidence, every question with its answer", .group = "read",
    .details = "RUN is a number, latest (the default), previous, baseline, @LABEL, or a date.",
    .min_args = 0, .max_args = 1, .formats = formats, .run = run,
};
