/* preop status: where this site stands: the last run, its age, what is due, whether a check is running. */
#include <inttypes.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checklist/score.h"
#include "cmd/commands.h"
#include "report/parts.h"
#include "site/permit.h"

static void put_site(struct page *p, const struct site *site)
{
    struct buf b = BUF_INIT(4096);
    page_line(p, INK_STRONG, "%s (%s), %s", site->name, site->key, stage_name(site->stage));
    permit_summary(site, clock_now(), &b);
    page_wrap(p, INK_PLAIN, 12, "Permission  %s", buf_str(&b));
    page_line(p, INK_PLAIN, "Targets     %zu, evidence files %zu", site->n_targets, site->n_evidence);
    buf_clear(&b);
    for (size_t i = 0; i < site->n_milestones; i++) {
        char date[16];
        if (!site->milestones[i].date)
            continue;
        human_date(site->milestones[i].date, clock_now(), date);
        int64_t days = days_between(clock_now(), site->milestones[i].date);
        page_line(p, days < 0 ? INK_DIM : INK_PLAIN, "%s%-12s %-12s %s%" PRId64 " days%s", i ? "            " : "Milestones  ", site->milestones[i].name, date,
                  days < 0 ? "" : "in ", days < 0 ? -days : days, days < 0 ? " ago" : "");
    }
}

static void put_last_run(struct page *p, struct store *s, const char *key)
{
    struct run r = { 0 };
    struct results res;
    char *why = NULL;
    if (store_run_find(s, key, NULL, true, &r, &why)) {
        page_line(p, INK_PLAIN, "Runs        none yet: preop check");
        free(why);
        return;
    }
    char date[16];
    struct buf b = BUF_INIT(4096);
    human_date(r.started, clock_now(), date);
    /* a run that is open while nobody works on it was killed: the next check will call it interrupted */
    bool busy = store_site_busy(s, key, &why), stopped = strcmp(r.state, "interrupted") == 0 || (!busy && strcmp(r.state, "open") == 0);
    page_wrap(p, r.seal[0] ? INK_PLAIN : INK_WARN, 12, "Last run    %" PRId64 ", %s, %" PRId64 " days ago, %s%s%s", r.id, date, days_between(r.started, clock_now()), stopped ? "interrupted" : r.state,
              r.seal[0] ? ", seal " : "", r.seal[0] ? r.seal : "");
    if (busy)
        page_wrap(p, INK_WARN, 12, "Now         %s", why);
    free(why);
    if (stopped && !busy)
        page_line(p, INK_WARN, "            go on with preop check --resume");
    if (r.seal[0] && !store_results_get(s, r.id, &res)) {
        for (size_t i = 0; i < res.n_scores; i++)
            if (strcmp(res.scores[i].level, "site") == 0)
                score_sentence(&res.scores[i], &b);
        page_wrap(p, INK_PLAIN, 12, "Ready       %s", buf_str(&b));
        for (size_t i = 0; i < res.n_gates; i++)
            page_line(p, verdict_ink(res.gates[i].verdict), "%s%-12s %s", i ? "            " : "Verdicts    ", res.gates[i].milestone, res.gates[i].verdict);
        results_clear(&res);
    }
    buf_clear(&b);
    run_clear(&r);
}

static int run(struct args *a)
{
    int status = EXIT_DONE;
    struct site *site = args_site(a, &status);
    if (!site)
        return status;
    struct page p = { .out = args_output(a) };
    if (!p.out) {
        site_free(site);
        return EXIT_USAGE;
    }
    args_style(a, p.out, &p.style);
    put_site(&p, site);
    struct store *s = NULL;
    char *why = NULL;
    int err = store_open(&s, arg_text(a, "db"), STORE_READ, &why);
    if (!err)
        put_last_run(&p, s, site->key);
    else if (err == ERR_NOT_FOUND)
        page_line(&p, INK_PLAIN, "Runs        none yet: preop check");
    else
        status = fail_err(err, "%s", why ? why : err_text(err));
    free(why);
    status = args_output_close(a, p.out, status);
    args_records(site, NULL, s);
    if (s)
        store_close(s);
    site_free(site);
    return status;
}

const struct cmd cmd_status = {
    .name = "status", .synopsis = "", .summary = "Where this site stands: permission, milestones, the last run", .group = "read", .min_args = 0, .max_args = 0, .run = run,
};
