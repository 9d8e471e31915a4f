/* preop report: one run for readers, each of whom sees what is meant for them; and the record of what was written for whom. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/commands.h"
#include "report/report.h"

/* In the order of enum report_format. */
static const char *const formats[] = { "text", "json", "html", "brief", "svg", "dot", "pdf", NULL };

struct report_job { struct args *args; enum report_format format; const struct audience *audience; struct style style; };

static int take_audience(struct report_job *j)
{
    const char *name = arg_text(j->args, "audience");
    struct buf known = BUF_INIT(1024);
    j->audience = name ? audience_find(name) : NULL;
    if (!name || j->audience)
        return 0;
    for (size_t i = 0; i < n_audiences; i++)
        buf_printf(&known, "%s%s", i ? ", " : "", audiences[i].name);
    int status = fail_usage("report: --audience is one of: %s; not '%s'", buf_str(&known), name);
    buf_clear(&known);
    return status;
}

/* What is made for others is recorded; what is only read here, on a terminal or by a program, is not. */
static bool is_disclosure(const struct report_job *j)
{
    return j->format >= REPORT_HTML || j->audience || arg_text(j->args, "for") || arg_text(j->args, "output");
}

static int record(struct report_job *j, const struct report *r, const char *bytes, size_t len)
{
    int status = EXIT_DONE;
    const char *file = arg_text(j->args, "output");
    struct store *s = args_store(j->args, STORE_WRITE, &status);
    if (!s)
        return fail_err(ERR_STORE, "the report is not written, because that it was could not be recorded");
    struct disclosure *d = report_disclosure(r, formats[j->format], arg_text(j->args, "for"), file ? file : "-", bytes, len);
    int err = store_disclosure_put(s, d);
    disclosures_free(d, 1);
    store_close(s);
    return err ? fail_err(err, "the report is not written, because that it was could not be recorded: %s", err_text(err)) : EXIT_DONE;
}

static bool is_map(const struct report_job *j)
{
    return j->format == REPORT_SVG || j->format == REPORT_DOT;
}

/* map: what was drawn, of the formats that are maps. */
static int write_report(struct report_job *j, const struct report *r, struct buf *map)
{
    char *bytes = NULL, *why = NULL;
    size_t len = 0;
    FILE *out = args_output(j->args);
    if (!out)
        return EXIT_USAGE;
    args_style(j->args, out, &j->style);
    int err = 0;
    if (is_map(j)) {
        len = map->len;
        bytes = buf_take(map);
    } else {
        err = report_render(r, j->format, arg_text(j->args, "ask"), &j->style, &bytes, &len, &why);
    }
    int status = err ? fail_err(err, "%s", why ? why : err_text(err)) : EXIT_DONE;
    if (!status && is_disclosure(j))
        status = record(j, r, bytes, len);
    if (!status)
        (void)fwrite(bytes, 1, len, out);    /* args_output_close() sees what failed */
    free(bytes);
    free(why);
    return args_output_close(j->args, out, status);
}

/* Before the output is opened: what cannot be drawn costs nothing that stands there. */
static int draw_map(const struct report_job *j, struct store *s, const struct report *r, struct buf *out)
{
    char *why = NULL;
    if (r->left_out & (MATTER_FINDINGS | MATTER_ASKED))
        return fail_usage("report: the map shows every device, which a report for %s leaves out", r->audience->title);
    int err = j->format == REPORT_SVG ? report_map_svg(s, r, out, &why) : report_map_dot(s, r, out);
    int status = err ? fail_err(err, "%s", why ? why : err_text(err)) : EXIT_DONE;
    free(why);
    return status;
}

/* Whoever is given this report knows the last one; who reads it here compares with the run before. */
static int compare(const struct report_job *j, struct store *s, struct report *r)
{
    int err = is_disclosure(j) ? report_find_told(s, r, j->audience, arg_text(j->args, "for")) : 0;
    if (!err)
        report_compare(s, r);
    return err;
}

/* site: the folder as it is now. */
static int make(struct report_job *j, const struct site *site)
{
    const char *const *rest;
    const char *spec = arg_rest(j->args, &rest) ? rest[0] : NULL;
    int status = EXIT_DONE;
    struct run found = { 0 };
    struct report *r = NULL;
    char *why = NULL;
    struct store *s = args_store(j->args, STORE_READ, &status);
    if (!s)
        return status;
    if (args_run(j->args, s, site->key, spec, &found, &status)) {
        int err = report_load(s, found.id, false, &r, &why);
        if (!err && j->format != REPORT_JSON && !is_map(j))
            err = compare(j, s, r);
        if (err)
            status = fail_err(err, "%s", why ? why : err_text(err));
    }
    struct buf map = BUF_INIT(64U << 20);
    /* what came of requests since the latest run is told too; a run of the past is told as it was */
    bool newest = !spec || strcmp(spec, "latest") == 0;
    if (r && newest)
        report_take_requests(r, site);
    if (r)
        report_for(r, j->audience, arg_flag(j->args, "no-names") ? MATTER_NAMES | MATTER_ANSWERABLE : 0);
    if (r && is_map(j))
        status = draw_map(j, s, r, &map);
    int err = r && !status && (j->format == REPORT_HTML || j->format == REPORT_PDF) ? report_gather_page(s, r) : 0;
    if (err)
        status = fail_err(err, "the page's map and sheets cannot be read: %s", err_text(err));
    if (r && !status && newest)
        args_records(site, NULL, s);
    store_close(s);
    if (r && !status)
        status = write_report(j, r, &map);
    buf_clear(&map);
    report_free(r);
    free(why);
    run_clear(&found);
    return status;
}

static int list_disclosures(struct report_job *j, const char *key)
{
    int status = EXIT_DONE;
    struct disclosure *v = NULL;
    size_t n = 0;
    if (j->format > REPORT_JSON)
        return fail_usage("report: --disclosures has the formats text and json");
    struct store *s = args_store(j->args, STORE_READ, &status);
    int err = s ? store_disclosures(s, key, &v, &n) : 0;
    FILE *out = s && !err ? args_output(j->args) : NULL;
    if (err)
        status = fail_err(err, "what was written cannot be read: %s", err_text(err));
    else if (s && !out)
        status = EXIT_USAGE;
    if (out) {
        args_style(j->args, out, &j->style);
        if (j->format == REPORT_JSON)
            report_disclosures_json(v, n, out);
        else
            report_disclosures_text(v, n, &j->style, out);
        status = args_output_close(j->args, out, status);
    }
    disclosures_free(v, n);
    store_close(s);
    return status;
}

static int run(struct args *a)
{
    struct report_job j = { .args = a, .format = (enum report_format)args_format(a) };
    int status = take_audience(&j);
    if (status)
        return status;
    struct site *site = args_site(a, &status);
    if (site)
        status = arg_flag(a, "disclosures") ? list_disclosures(&j, site->key) : make(&j, site);
    site_free(site);
    return status;
}

static const struct opt opts[] = {
    { "audience", 0, OPT_TEXT, "WHO", "committee, it, seller, insurer or counsel: leave out what that reader must not see" },
    { "no-names", 0, OPT_FLAG, NULL, "leave out what names people" },
    { "ask", 0, OPT_TEXT, "MILESTONE", "html, pdf, brief: the step asked about (default: the next one not decided)" },
    { "for", 0, OPT_TEXT, "NAME", "who gets it: kept in the store's record of reports" },
    { "disclosures", 0, OPT_FLAG, NULL, "list the reports that were written, and for whom" },
};

const struct cmd cmd_report = {
    .name = "report", .synopsis = "[RUN]", .summary = "One run in full: verdicts, every check with its evidence, every question with its answer", .group = "read",
    .details = "RUN is a number, latest (the default), previous, baseline, @LABEL, or a date. svg and dot draw the map of the network; svg needs Graphviz. What is written to a file, as html, pdf or brief, or for an audience is recorded "
               "in the store with its SHA-256.",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = 1, .formats = formats, .run = run,
};
