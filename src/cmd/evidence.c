/* preop evidence: files that others gave, kept as proof; and what is kept. */
#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "cmd/commands.h"
#include "report/style.h"
#include "site/site.h"

static int add(struct args *a, const char *const *files, size_t n)
{
    const char *from = arg_text(a, "from"), *observed = arg_text(a, "observed");
    int64_t when = 0;
    int status = EXIT_DONE;
    if (n == 0)
        return fail_usage("evidence add: which file?");
    if (!from)
        return fail_usage("evidence add: --from WHO is missing: evidence without a giver proves nothing");
    if (!observed || !date_parse(observed, &when))
        return fail_usage("evidence add: --observed YYYY-MM-DD is missing or no date: when did this hold?");
    enum date_order dates = DATES_UNKNOWN;
    if (arg_text(a, "dates") && !date_order_parse(arg_text(a, "dates"), &dates))
        return fail_usage("evidence add: --dates is month-first (11/21/2026) or day-first (21/11/2026)");
    if (when > clock_now())
        return fail_usage("evidence add: --observed %s is in the future", observed);
    const struct evidence_words words = { .from = from, .covers = arg_text(a, "covers"), .as = arg_text(a, "as"), .dates = dates, .observed = when };
    for (size_t i = 0; i < n && status == EXIT_DONE; i++) {
        struct diags d = DIAGS_INIT;
        char *target = NULL;
        int err = site_evidence_add(args_dir(a), files[i], &words, &target, &d);
        diags_print(&d, stderr);
        if (err)
            status = d.n ? exit_for_err(err) : fail_err(err, "%s cannot be kept: %s", files[i], err_text(err));
        else if (!arg_flag(a, "quiet"))
            printf(target ? "%s is kept and is now the target '%s':\n  preop check --offline reads it\n" : "%s is kept (no --as MAPPING: it proves, but fills no facts)\n", files[i], target);
        diags_clear(&d);
        free(target);
    }
    return status;
}

static int list(struct args *a)
{
    int status = EXIT_DONE;
    struct site *site = args_site(a, &status);
    if (!site)
        return status;
    struct page p = { .out = stdout };
    const char *head[] = { "file", "observed", "received", "from", "covers" };
    const size_t widths[] = { 28, 10, 10, 16, 0 };
    args_style(a, stdout, &p.style);
    page_row(&p, INK_STRONG, head, widths, N_ELEMENTS(head));
    for (size_t i = 0; i < site->n_evidence; i++) {
        const struct evidence *e = &site->evidence[i];
        char observed[DATE_LEN], received[DATE_LEN];
        date_format(e->observed, observed);
        date_format(e->received, received);
        const char *cells[] = { e->file, observed, received, e->from, e->covers };
        page_row(&p, INK_PLAIN, cells, widths, N_ELEMENTS(cells));
    }
    site_free(site);
    return status;
}

static int run(struct args *a)
{
    const char *const *rest;
    size_t n = arg_rest(a, &rest);
    if (strcmp(rest[0], "add") == 0)
        return add(a, rest + 1, n - 1);
    if (strcmp(rest[0], "list") == 0 && n == 1)
        return list(a);
    return fail_usage("evidence: 'add FILE...' or 'list', not '%s'", rest[0]);
}

static const struct opt opts[] = {
    { "from", 0, OPT_TEXT, "WHO", "who gave it" },
    { "observed", 0, OPT_TEXT, "DATE", "when what it says held (YYYY-MM-DD)" },
    { "covers", 0, OPT_TEXT, "TEXT", "what it covers: \"all PCs\", \"front desk only\"" },
    { "as", 0, OPT_TEXT, "MAPPING", "how it becomes facts: snmpwalk, nmap, dhcpd-leases, kea-leases, csv/generic-assets, ... or a mapping of your own" },
    { "dates", 0, OPT_TEXT, "ORDER", "month-first or day-first: its dates like 11/5/2026, where no row of it tells" },
};

const struct cmd cmd_evidence = {
    .name = "evidence", .synopsis = "add FILE... --from WHO --observed DATE | list", .summary = "Keep files that others gave, with their hash, as proof and as targets", .group = "prepare",
    .details = "The file is copied into evidence/; the original is not touched.", .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 1, .max_args = -1, .no_output = true, .run = run,
};
