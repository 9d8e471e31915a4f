/* preop request: what is unknown as a list of what to ask of whom; and what came of it. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "report/request.h"

static const char *const formats[] = { "text", "csv", "json", "html", NULL };

#define MAX_NUMBER 1000000
#define MAX_NOTE 1000

/* --- what came of one --- */

static bool one_line(const char *s)
{
    for (const char *p = s ? s : ""; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return false;
    return !s || (text_is_utf8(s, strlen(s)) && strlen(s) <= MAX_NOTE);
}

static int read_step(struct args *a, const char *text, int64_t *number, struct request_step *step)
{
    const char *equals = strchr(text, '='), *on = arg_text(a, "on");
    char *left = xstrndup(text, equals ? (size_t)(equals - text) : strlen(text));
    long long n = 0;
    bool ok = equals && text_parse_int(left, 1, MAX_NUMBER, &n);
    free(left);
    if (!ok)
        return fail_usage("request: --set is NUMBER=STATE, such as 3=promised; not '%s'", text);
    if (!request_state_parse(equals + 1, &step->state)) {
        const char *words[REQUEST_STATES];
        char meant[DID_YOU_MEAN_LEN];
        for (int i = 0; i < REQUEST_STATES; i++)
            words[i] = request_state_name((enum request_state)i);
        return fail_usage("request: --set: a request is open, promised, received or refused; not '%s'%s", equals + 1, did_you_mean(equals + 1, words, REQUEST_STATES, meant));
    }
    step->on = clock_now() / 86400 * 86400;
    if (on && !date_parse(on, &step->on))
        return fail_usage("request: --on is a day like 2026-12-01, not '%s'", on);
    if (step->on > clock_now())
        return fail_usage("request: --on is the day on which it happened; %s is still to come", on);
    step->by = arg_text(a, "by");
    step->note = arg_text(a, "note");
    if (!one_line(step->by) || !one_line(step->note))
        return fail_usage("request: --by and --note are one line each, of at most %d bytes", MAX_NOTE);
    *number = n;
    return EXIT_DONE;
}

static int set(struct args *a, struct site *site)
{
    const char *const *list;
    size_t n = arg_list(a, "set", &list);
    for (size_t i = 0; i < n; i++) {
        struct request_step step = { 0 };
        int64_t number = 0;
        int status = read_step(a, list[i], &number, &step);
        if (status != EXIT_DONE)
            return status;
        struct site_request *r = NULL;
        for (size_t k = 0; k < site->n_requests; k++)
            if (site->requests[k].number == number)
                r = &site->requests[k];
        if (!r)
            return fail_usage("request: there is no request %lld; `preop request` lists and numbers them", (long long)number);
        struct request_step *steps = arena_array(site->arena, r->n_steps + 1, sizeof(*steps));
        if (r->n_steps > 0)
            memcpy(steps, r->steps, r->n_steps * sizeof(*steps));
        steps[r->n_steps++] = step;
        r->steps = steps;
    }
    int err = site_requests_write(args_dir(a), site->requests, site->n_requests);
    return err ? fail_err(err, "requests.yaml cannot be written: %s", err_text(err)) : EXIT_DONE;
}

/* --- the list --- */

/* What is listed has numbers, and they are kept before anybody sees them. Of a run of the past nothing is written: what has no number there stays without. */
static int keep_numbers(struct args *a, struct request_list *l, const struct site *site)
{
    size_t n = 0, added = 0;
    struct site_request *v = request_number(l, site, clock_now() / 86400 * 86400, &n, &added);
    int err = added > 0 ? site_requests_write(args_dir(a), v, n) : 0;
    if (err)
        return fail_err(err, "requests.yaml cannot be written: %s", err_text(err));
    if (added > 0 && !arg_flag(a, "quiet"))
        fprintf(stderr, "requests.yaml: %zu new %s\n", added, added == 1 ? "number" : "numbers");
    return EXIT_DONE;
}

static int write_out(struct args *a, const struct request_list *l)
{
    FILE *out = args_output(a);
    struct style style;
    if (!out)
        return EXIT_USAGE;
    args_style(a, out, &style);
    switch (args_format(a)) {
    case 1: request_csv(l, out); break;
    case 2: request_json(l, out); break;
    case 3: request_html(l, out); break;
    default: request_text(l, &style, out); break;
    }
    return args_output_close(a, out, EXIT_DONE);
}

static int list(struct args *a, const struct site *site, const char *spec)
{
    int status = EXIT_DONE;
    struct store *s = args_store(a, STORE_READ, &status);
    struct run run = { 0 };
    struct report *r = NULL;
    char *why = NULL;
    if (s && args_run(a, s, site->key, spec, &run, &status)) {
        int err = report_load(s, run.id, false, &r, &why);
        if (err)
            status = fail_err(err, "%s", why ? why : err_text(err));
    }
    struct request_list *l = r ? request_list_make(r, site) : NULL;
    if (l && !spec)
        status = keep_numbers(a, l, site);
    if (l && status == EXIT_DONE)
        status = write_out(a, l);
    free(why);
    request_list_free(l);
    report_free(r);
    run_clear(&run);
    store_close(s);
    return status;
}

static int run(struct args *a)
{
    const char *const *rest, *const *changes;
    const char *spec = arg_rest(a, &rest) > 0 ? rest[0] : NULL;
    bool sets = arg_list(a, "set", &changes) > 0;
    int status = EXIT_DONE;
    if (!sets && (arg_text(a, "on") || arg_text(a, "by") || arg_text(a, "note")))
        return fail_usage("request: --on, --by and --note say something of --set NUMBER=STATE");
    if (sets && spec)
        return fail_usage("request: --set writes what is said now: it takes no RUN");
    struct site *site = args_site(a, &status);
    if (site)
        status = sets ? set(a, site) : list(a, site, spec);
    site_free(site);
    return status;
}

static const struct opt opts[] = {
    { "set", 0, OPT_LIST, "N=STATE", "what came of request N: open, promised, received or refused" },
    { "on", 0, OPT_TEXT, "DATE", "the day on which it was said (default: today)" },
    { "by", 0, OPT_TEXT, "NAME", "who said so" },
    { "note", 0, OPT_TEXT, "TEXT", "in which words" },
};

const struct cmd cmd_request = {
    .name = "request", .synopsis = "[RUN]", .summary = "What is unknown, as a list of what to ask of whom, in which form, by when, and what it would settle", .group = "assess",
    .details = "Without RUN the latest run's unknowns are listed; each gets a number that it keeps, in the folder's requests.yaml. With a RUN, as it was, and nothing is written.\n"
               "--set 3=promised --on 2026-12-01 --by NAME --note TEXT keeps what was said; every later run has it among its inputs.",
    .opts = opts, .n_opts = N_ELEMENTS(opts), .min_args = 0, .max_args = 1, .formats = formats, .run = run,
};
