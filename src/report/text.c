/* The whole report as text, for a reader with time: head, verdicts, domains, every check with its evidence, every collection with its reason, the inputs, the seal.
 * Parent. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "report/impact_out.h"
#include "report/realised_out.h"
#include "report/parts.h"
#include "report/request.h"

static void put_domains(struct page *p, const struct report *r)
{
    const char *head[] = { "domain", "proven", "at most", "seen", "checks" };
    const size_t widths[] = { 30, 8, 8, 8, 6 };
    page_heading(p, "DOMAINS", "");
    page_row(p, INK_DIM, head, widths, N_ELEMENTS(head));
    if (r->results.n_scores <= 1)
        page_line(p, INK_PLAIN, "  none: nothing was judged");
    for (size_t i = 0; i < r->results.n_scores; i++) {
        const struct score_row *s = &r->results.scores[i];
        char low[8] = "-", high[8] = "-", seen[8] = "-", n[24];
        if (strcmp(s->level, "domain") != 0)
            continue;
        if (s->low >= 0) {
            score_percent(s->low, low);
            score_percent(s->high, high);
            score_percent(SCORE_ONE - (s->high - s->low), seen);
        }
        (void)snprintf(n, sizeof(n), "%" PRId64, s->n_checks);
        const char *cells[] = { checklists_domain_title(r->pinned.checklists, s->id), low, high, seen, n };
        page_row(p, INK_PLAIN, cells, widths, N_ELEMENTS(cells));
    }
}

static void put_gates(struct page *p, const struct report *r)
{
    page_heading(p, "MILESTONES", "");
    for (size_t i = 0; i < r->n_gates; i++) {
        const struct report_gate *g = &r->gates[i];
        struct buf b = BUF_INIT(8192);
        char date[16] = "no date";
        if (g->row->date)
            human_date(g->row->date, r->run.as_of, date);
        for (size_t k = 0; k < g->n_blockers; k++)
            buf_printf(&b, "%s%s", k ? " " : "blocked by ", g->blockers[k]->def->id);
        for (size_t k = 0; k < g->n_unproven; k++)
            buf_printf(&b, "%s%s", k ? " " : b.len ? "; unproven " : "unproven ", g->unproven[k]->def->id);
        for (size_t k = 0; k < g->n_waived; k++)
            buf_printf(&b, "%s%s", k ? " " : b.len ? "; accepted " : "accepted ", g->waived[k]->def->id);
        if (b.len == 0 && strcmp(g->row->verdict, "UNPROVEN") == 0)
            buf_puts(&b, "no check that must hold before it applied here");
        page_wrap(p, verdict_ink(g->row->verdict), 40, "  %-12s %-12s %-11s %s", g->row->milestone, date, g->row->verdict, buf_str(&b));
        buf_clear(&b);
    }
}

static void put_money(struct page *p, const struct report *r, const struct check *d)
{
    struct buf b = BUF_INIT(512);
    const char *currency = site_profile_text(r->pinned.site, "currency");
    if (d->has_cost) {
        buf_puts(&b, "cost ");
        money_range(d->cost[0], d->cost[1], currency, &b);
        if (d->cost_yearly[1] > 0) {
            buf_puts(&b, ", yearly ");
            money_range(d->cost_yearly[0], d->cost_yearly[1], currency, &b);
        }
        buf_printf(&b, " each (%s)", d->cost_basis ? d->cost_basis : "no basis given");
    }
    if (d->has_effort)
        buf_printf(&b, "%seffort %g to %g days each", b.len ? "; " : "", d->effort_days[0], d->effort_days[1]);
    if (d->lead_days[1] > 0)
        buf_printf(&b, "%sorder takes %g to %g days", b.len ? "; " : "", d->lead_days[0], d->lead_days[1]);
    if (b.len)
        page_wrap(p, INK_PLAIN, 9, "  price  %s", buf_str(&b));
    buf_clear(&b);
}

static void put_finding(struct page *p, const struct report *r, const struct report_check *c, const struct finding *f)
{
    struct buf b = BUF_INIT(16384), e = BUF_INIT(8192);
    char since[16];
    human_day(r->pinned.site->timezone, f->since, r->run.as_of, since);
    finding_text(f, &b);
    evidence_text(f->evidence, &e);
    if (e.len)
        buf_printf(&b, ": %s", buf_str(&e));
    if (f->reason)
        buf_printf(&b, "; %s", f->reason);
    buf_printf(&b, " (%s%ssince %s)", f->gone ? "" : f->method ? f->method : "not seen", f->gone ? "" : ", ", since);
    if (f->status == FINDING_FAIL) {
        const struct waiver *w = report_waiver(c, f);
        if (w)
            buf_printf(&b, "; accepted by %s: %s", w->accepted_by, w->reason);
    }
    static const char *const marks[] = { [FINDING_PASS] = "+", [FINDING_FAIL] = "x", [FINDING_UNKNOWN] = "?" };
    page_wrap(p, f->status == FINDING_FAIL ? INK_BAD : INK_PLAIN, 6, "    %s %s", marks[f->status], buf_str(&b));
    buf_clear(&b);
    buf_clear(&e);
}

static enum ink status_ink(const char *status)
{
    return strcmp(status, "pass") == 0 ? INK_GOOD : strcmp(status, "fail") == 0 ? INK_BAD : INK_WARN;
}

static void put_check(struct page *p, const struct report *r, const struct report_check *c)
{
    const struct check *d = c->def;
    struct buf left = BUF_INIT(4096), right = BUF_INIT(256);
    buf_printf(&left, "%s  %s", d->id, d->title);
    buf_printf(&right, "%s, %s", c->result->status, severity_name(c->shown));
    page_blank(p);
    page_both(p, status_ink(c->result->status), 2, buf_str(&left), buf_str(&right));
    page_line(p, INK_DIM, "  %" PRId64 " pass  %" PRId64 " fail  %" PRId64 " unknown  %" PRId64 " waived%s%s", c->result->n_pass, c->result->n_fail,
              c->result->n_unknown, c->n_waived, d->gate ? "; must hold before " : "", d->gate ? d->gate : "");
    if (c->result->reason)
        page_wrap(p, INK_WARN, 9, "  error  %s", c->result->reason);
    if (strcmp(c->result->status, "pass") != 0 && strcmp(c->result->status, "not-applicable") != 0) {
        page_wrap(p, INK_PLAIN, 9, "  why    %s", d->why ? d->why : "");
        page_wrap(p, INK_PLAIN, 9, "  fix    %s", d->fix ? d->fix : "");
        page_line(p, INK_PLAIN, "  owner  %s", report_owner(r, d));
        put_money(p, r, d);
    }
    for (size_t i = 0; i < c->n_findings; i++)
        put_finding(p, r, c, &c->findings[i]);
    buf_clear(&left);
    buf_clear(&right);
}

static void put_collections(struct page *p, const struct report *r)
{
    if (r->left_out & MATTER_ASKED)
        return;
    page_heading(p, "WHAT WAS ASKED", "");
    page_line(p, INK_DIM, "%-14s %-5s %-18s %-11s %7s  %s", "target", "probe", "table", "state", "rows", "reason");
    for (size_t i = 0; i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        struct buf why = BUF_INIT(65536);
        if (c->reason != REASON_NONE)
            buf_printf(&why, "%s%s%s", reason_info(c->reason)->text, c->detail && c->detail[0] ? ": " : "", c->detail ? c->detail : "");
        if (c->carried && c->observed_at) {
            char seen[16];
            human_day(r->pinned.site->timezone, c->observed_at, r->run.as_of, seen);
            buf_printf(&why, "%scarried from %s", why.len ? "; " : "", seen);
        } else if (c->carried) {
            buf_printf(&why, "%scarried from an earlier run", why.len ? "; " : "");
        }
        page_wrap(p, c->state == STATE_COMPLETE || c->state == STATE_UNSUPPORTED ? INK_PLAIN : INK_WARN, 61, "%-14s %-5s %-18s %-11s %7" PRId64 "  %s", c->target, c->probe,
                  c->table->name, state_name(c->state), c->rows, buf_str(&why));
        buf_clear(&why);
    }
}

static void put_inputs(struct page *p, const struct report *r)
{
    page_heading(p, "RESTS ON", "");
    const struct checklists *c = r->pinned.checklists;
    for (size_t i = 0; i < c->n_files; i++)
        page_line(p, INK_PLAIN, "  checklist %s, version %" PRId64 ", sha256 %.12s", c->files[i].name, c->files[i].version, c->files[i].sha256);
    for (size_t i = 0; i < c->n_tailorings; i++)
        page_wrap(p, INK_PLAIN, 4, "  tailored  %s: %s, because %s", c->tailorings[i].check, c->tailorings[i].what, c->tailorings[i].reason);
    page_line(p, INK_PLAIN, "  seal      %s", r->run.seal[0] ? r->run.seal : "none: this run is not finished");
    page_line(p, INK_PLAIN, "  before it %s", r->run.previous_seal[0] ? r->run.previous_seal : "nothing");
}

static void put_marking(struct page *p, const struct report *r)
{
    char *marking = report_marking(r);
    page_line(p, INK_STRONG, "%s", marking);
    free(marking);
    if (!r->left_out)
        return;
    struct buf b = BUF_INIT(4096);
    const char *what;
    size_t i = 0;
    while ((what = matter_text(r->left_out, &i)))
        buf_printf(&b, "%s%s", b.len ? "; " : "", what);
    page_wrap(p, INK_PLAIN, 2, "Left out for this reader: %s.", buf_str(&b));
    buf_clear(&b);
}

void report_text(const struct report *r, const struct style *style, FILE *out)
{
    struct page p = { *style, out };
    put_marking(&p, r);
    report_check_page(r, NULL, style, out);
    put_gates(&p, r);
    put_impact(&p, r);
    request_put(&p, r->requests);
    const struct realised_view realised = report_realised_view(r);
    if (!(r->left_out & MATTER_DECISIONS))
        realised_text(&p, &realised);
    put_domains(&p, r);
    page_heading(&p, "EVERY CHECK", "");
    for (size_t i = 0; i < r->n_checks; i++)
        put_check(&p, r, &r->checks[i]);
    put_collections(&p, r);
    put_inputs(&p, r);
}
