/* The appendix's checks: every one with its evidence. Long lists are cut with a count and a pointer to where everything is. Parent. */
#include <inttypes.h>

#include "base/text.h"
#include "report/html_parts.h"
#include "report/parts.h"

#define MOST_FINDINGS 15             /* of one check: a report of 200 checks stays below 2 MiB */
#define TEXT_MAX 65536

static void put_kv(struct html *h, const char *key, const char *value)
{
    if (value && value[0])
        html(h, "<dt>%s</dt><dd>%s</dd>\n", key, value);
}

static void money_text(const struct report *r, const struct check *d, struct buf *b)
{
    const char *currency = site_profile_text(r->pinned.site, "currency");
    if (d->has_cost) {
        money_range(d->cost[0], d->cost[1], currency, b);
        buf_puts(b, " once");
    }
    if (d->has_cost && d->cost_yearly[1] > 0) {
        buf_puts(b, ", ");
        money_range(d->cost_yearly[0], d->cost_yearly[1], currency, b);
        buf_puts(b, " a year");
    }
    if (d->has_cost)
        buf_printf(b, ", each (%s)", d->cost_basis ? d->cost_basis : "no basis given");
    if (d->has_effort)
        buf_printf(b, "%s%g to %g days of work each", b->len ? "; " : "", d->effort_days[0], d->effort_days[1]);
    if (d->lead_days[1] > 0)
        buf_printf(b, "%san order takes %g to %g days", b->len ? "; " : "", d->lead_days[0], d->lead_days[1]);
}

static void impact_text(const struct check *d, struct buf *b)
{
    for (size_t i = 0; i < d->n_impacts; i++)
        buf_printf(b, "%s%s %s", i ? ", " : "", d->impacts[i].dimension, d->impacts[i].level);
}

static void refs_text(const struct check *d, struct buf *b)
{
    for (size_t i = 0; i < d->n_refs; i++) {
        buf_printf(b, "%s%s", i ? "; " : "", d->refs[i].scheme);
        for (size_t k = 0; k < d->refs[i].n; k++)
            buf_printf(b, "%s%s", k ? ", " : " ", d->refs[i].ids[k]);
    }
}

static void put_texts(struct html *h, const struct report *r, const struct report_check *c)
{
    const struct check *d = c->def;
    struct buf b = BUF_INIT(TEXT_MAX);
    bool open = strcmp(c->result->status, "pass") != 0 && strcmp(c->result->status, "not-applicable") != 0;
    html(h, "<dl class=\"kv\">\n");
    put_kv(h, "Error", c->result->reason);
    put_kv(h, "Why", d->why);
    if (open)
        put_kv(h, "Fix", d->fix);
    put_kv(h, "Owner", report_owner(r, d));
    if (open)
        money_text(r, d, &b);
    put_kv(h, "Takes", buf_str(&b));
    buf_reset(&b);
    if (open)
        impact_text(d, &b);
    put_kv(h, "Impact", buf_str(&b));
    buf_reset(&b);
    refs_text(d, &b);
    put_kv(h, "References", buf_str(&b));
    html(h, "</dl>\n");
    buf_clear(&b);
}

static const char *finding_status(const struct report_check *c, const struct finding *f)
{
    return f->status == FINDING_FAIL && report_waiver(c, f) ? "accepted" : finding_status_name(f->status);
}

static void put_finding(struct html *h, const struct report *r, const struct report_check *c, const struct finding *f)
{
    struct buf b = BUF_INIT(TEXT_MAX), e = BUF_INIT(TEXT_MAX);
    const struct waiver *w = f->status == FINDING_FAIL ? report_waiver(c, f) : NULL;
    char since[16];
    human_day(r->pinned.site->timezone, f->since, r->run.as_of, since);
    finding_text(f, &b);
    evidence_text(f->evidence, &e);
    html(h, "<tr><th scope=\"row\">%s</th><td>", buf_str(&b));
    html_status(h, finding_status(c, f));
    html(h, "</td><td>%s%s%s", e.len ? buf_str(&e) : "", e.len && f->reason ? "; " : "", f->reason);
    if (w)
        html(h, "%saccepted by %s: %s", e.len || f->reason ? "; " : "", w->accepted_by, w->reason);
    html(h, "</td><td>%s</td><td class=\"nw\">%s</td></tr>\n", f->gone ? "gone" : f->method ? f->method : "not seen", since);
    buf_clear(&b);
    buf_clear(&e);
}

static void put_findings(struct html *h, const struct report *r, const struct report_check *c)
{
    size_t shown = 0;
    if (c->n_findings == 0)
        return;
    struct buf label = BUF_INIT(1024);
    buf_printf(&label, "Findings of %s", c->def->id);
    html_table_begin(h, buf_str(&label));
    buf_clear(&label);
    html(h, "<thead><tr><th scope=\"col\">Where</th><th scope=\"col\">Verdict</th><th scope=\"col\">Seen</th><th scope=\"col\">How</th><th scope=\"col\">Since</th></tr></thead>\n<tbody>\n");
    /* failing first, then unknown, then what was so in the run before */
    static const enum finding_status order[] = { FINDING_FAIL, FINDING_UNKNOWN, FINDING_PASS };
    for (size_t k = 0; k < N_ELEMENTS(order); k++)
        for (size_t i = 0; i < c->n_findings && shown < MOST_FINDINGS; i++)
            if (c->findings[i].status == order[k]) {
                put_finding(h, r, c, &c->findings[i]);
                shown++;
            }
    html(h, "</tbody>");
    html_table_end(h);
    if (c->n_findings > shown)
        html(h, "<p>And %zu more: <code>preop explain %s</code>, or all in <code>preop report --format json</code>.</p>\n", c->n_findings - shown, c->def->id);
}

static void put_check(struct html *h, const struct report *r, const struct report_check *c)
{
    const struct check *d = c->def;
    html(h, "<article class=\"check\" id=\"c-%s\" aria-labelledby=\"c-%s-h\"><h3 id=\"c-%s-h\">%s %s</h3>\n<p>", d->id, d->id, d->id, d->id, d->title);
    html_status(h, c->result->status);
    html(h, ", %s; %ld pass, %ld fail, %ld unknown", severity_name(c->shown), (long)c->result->n_pass, (long)c->result->n_fail, (long)c->result->n_unknown);
    if (c->n_waived)
        html(h, ", %ld of the failing accepted", (long)c->n_waived);
    if (d->gate)
        html(h, "; must hold before: %s", front_milestone(d->gate));
    html(h, "</p>\n");
    put_texts(h, r, c);
    put_findings(h, r, c);
    html(h, "</article>\n");
}

void html_checks(struct html_page *p)
{
    const struct report *r = p->r;
    html(&p->h, "<p>%zu pass, %zu fail, %zu unknown, %zu not applicable; %zu in all.</p>\n", r->n_pass, r->n_fail, r->n_unknown, r->n_not_applicable, r->n_checks);
    (void)html_is_left_out(p, MATTER_FINDINGS);
    for (size_t i = 0; i < r->n_checks; i++)
        put_check(&p->h, r, &r->checks[i]);
}
