/* A comparison as text and as JSON. Parent. */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "report/parts.h"

/* Points of 100 with two decimals and a sign. */
static void points(int64_t ppb, char out[16])
{
    int64_t hundredths = ppb / (SCORE_ONE / 10000), size = hundredths < 0 ? -hundredths : hundredths;
    (void)snprintf(out, 16, "%c%" PRId64 ".%02" PRId64, hundredths < 0 ? '-' : '+', size / 100 % 1000, size % 100);
}

static void put_parts(struct page *p, const struct comparison *c)
{
    const struct { const char *name, *meaning; int64_t low, high; } rows[] = {
        { "site", "the clinic itself changed", c->low.site, c->high.site },
        { "coverage", "more or less was seen", c->low.coverage, c->high.coverage },
        { "scope", "targets were added or are gone", c->low.scope, c->high.scope },
        { "checklist", "other checks or thresholds", c->low.checklist, c->high.checklist },
    };
    const size_t widths[] = { 2, 11, 10, 10, 0 };
    const char *head[] = { "", "part", "proven", "at most", "" };
    page_row(p, INK_DIM, head, widths, N_ELEMENTS(widths));
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        char low[16], high[16];
        points(rows[i].low, low);
        points(rows[i].high, high);
        const char *cells[] = { "", rows[i].name, low, high, rows[i].meaning };
        page_row(p, INK_PLAIN, cells, widths, N_ELEMENTS(widths));
    }
    char low[16], high[16];
    points(c->after.low - c->before.low, low);
    points(c->after.high - c->before.high, high);
    const char *cells[] = { "", "together", low, high, "" };
    page_row(p, INK_STRONG, cells, widths, N_ELEMENTS(widths));
}

static void put_shares(struct page *p, const struct comparison *c)
{
    const size_t widths[] = { 2, 18, 10, 10, 10, 10 };
    const char *head[] = { "", "check (proven)", "site", "coverage", "scope", "checklist" };
    page_heading(p, "WHICH CHECKS MOVED IT", "");
    page_row(p, INK_DIM, head, widths, N_ELEMENTS(widths));
    for (size_t i = 0; i < c->n_shares; i++) {
        const struct check_share *s = &c->shares[i];
        char a[16], b[16], d[16], e[16];
        points(s->low.site, a);
        points(s->low.coverage, b);
        points(s->low.scope, d);
        points(s->low.checklist, e);
        const char *cells[] = { "", s->check_id, a, b, d, e };
        page_row(p, INK_PLAIN, cells, widths, N_ELEMENTS(widths));
    }
}

/* What has not changed is told in short: a check's subjects together, from the i-th finding on. Returns how many it has. */
static size_t put_still(struct page *p, const struct comparison *c, size_t i)
{
    enum { MOST = 5 };
    struct buf what = BUF_INIT(65536);
    const struct changed_finding *first = &c->findings[i];
    const char *target = NULL;
    size_t n = 0;
    for (; i + n < c->n_findings; n++) {
        const struct changed_finding *f = &c->findings[i + n];
        if (f->change != first->change || f->check != first->check)
            break;
        if (n >= MOST)
            continue;
        bool same = target && strcmp(target, f->target) == 0;
        buf_puts(&what, n == 0 ? "" : same ? ", " : "; ");
        if (same)
            key_text(f->subject, f->evidence, &what);
        else
            subject_text(f->target, f->subject, f->evidence, &what);
        target = f->target;
    }
    if (n > MOST)
        buf_printf(&what, " and %zu more", n - MOST);
    page_wrap(p, INK_PLAIN, 18, "   %-14s %s", first->check ? first->check->id : "", buf_str(&what));
    buf_clear(&what);
    return n;
}

static void put_findings(struct page *p, const struct comparison *c)
{
    enum change last = CHANGE_COUNT;
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct changed_finding *f = &c->findings[i];
        if (f->change != last)
            page_heading(p, change_name(f->change), "");
        last = f->change;
        if (f->change == CHANGE_STILL_FAILING) {
            i += put_still(p, c, i) - 1;
            continue;
        }
        struct buf what = BUF_INIT(8192);
        subject_text(f->target, f->subject, f->evidence, &what);
        if (f->check)
            buf_printf(&what, ": %s, was %s", f->is, f->was);
        const char *cells[] = { "", f->check ? f->check->id : "", buf_str(&what) };
        const size_t widths[] = { 2, 14, 0 };
        page_row(p, f->change <= CHANGE_REGRESSED ? INK_BAD : f->change == CHANGE_FIXED ? INK_GOOD : INK_PLAIN, cells, widths, N_ELEMENTS(widths));
        buf_clear(&what);
    }
}

void compare_text(const struct comparison *c, const struct run *old, const struct run *now, const struct style *style, FILE *out)
{
    struct page p = { *style, out };
    char from[16], to[16], a[8], b[8], d[8], e[8];
    human_date(old->started, now->started, from);
    human_date(now->started, now->started, to);
    page_line(&p, INK_STRONG, "%s", now->site_name);
    page_line(&p, INK_PLAIN, "Run %" PRId64 "%s%s, %s  ->  run %" PRId64 "%s%s, %s", old->id, old->label && old->label[0] ? " @" : "", old->label ? old->label : "", from, now->id,
              now->label && now->label[0] ? " @" : "", now->label ? now->label : "", to);
    score_percent(c->before.low, a);
    score_percent(c->before.high, b);
    score_percent(c->after.low, d);
    score_percent(c->after.high, e);
    page_line(&p, INK_PLAIN, "Proven ready %s -> %s, at most %s -> %s", a, d, b, e);
    if (c->checklists_differ)
        page_wrap(&p, INK_WARN, 2, "The checklists differ: the older run's facts were judged by the newer ones, so that like is compared with like.");
    if (c->vantages_differ)
        page_wrap(&p, INK_WARN, 2, "The two runs looked from different places: no finding is paired, and what is not the checklist is scope.");
    page_heading(&p, "WHERE THE CHANGE COMES FROM (points of 100)", "");
    put_parts(&p, c);
    if (c->n_shares)
        put_shares(&p, c);
    put_findings(&p, c);
    if (c->n_findings == 0 && c->n_shares == 0)
        page_line(&p, INK_PLAIN, "Nothing changed.");
}

static json_t *percent(int64_t ppb)
{
    return json_real((double)ppb / (double)(SCORE_ONE / 100));
}

static json_t *parts_json(const struct change_parts *p)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "checklist", percent(p->checklist), "scope", percent(p->scope), "coverage", percent(p->coverage), "site", percent(p->site));
}

static json_t *run_json(const struct run *r)
{
    char started[ISO_LEN];
    iso_format(r->started, started);
    return json_pack("{s:I, s:s, s:s, s:s?, s:s}", "id", (json_int_t)r->id, "uuid", r->uuid, "started", started, "label", r->label && r->label[0] ? r->label : NULL, "seal", r->seal);
}

void compare_json(const struct comparison *c, const struct run *old, const struct run *now, FILE *out)
{
    json_t *findings = json_array(), *shares = json_array();
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct changed_finding *f = &c->findings[i];
        json_array_append_new(findings, json_pack("{s:s, s:s?, s:s, s:s, s:s, s:s, s:s?}", "change", change_name(f->change), "check", f->check ? f->check->id : NULL,
                                                  "target", f->target, "subject", f->subject, "was", f->was, "is", f->is, "reason", f->reason));
    }
    for (size_t i = 0; i < c->n_shares; i++)
        json_array_append_new(shares, json_pack("{s:s, s:o, s:o}", "check", c->shares[i].check_id, "low", parts_json(&c->shares[i].low), "high", parts_json(&c->shares[i].high)));
    json_t *j = json_pack("{s:i, s:o, s:o, s:{s:o, s:o}, s:{s:o, s:o}, s:{s:o, s:o}, s:b, s:b, s:o, s:o}", "preop", 1, "old", run_json(old), "new", run_json(now),
                          "before", "low", percent(c->before.low), "high", percent(c->before.high), "after", "low", percent(c->after.low), "high", percent(c->after.high),
                          "parts", "low", parts_json(&c->low), "high", parts_json(&c->high), "checklists_differ", (int)c->checklists_differ,
                          "vantages_differ", (int)c->vantages_differ, "shares", shares, "findings", findings);
    json_dumpf(j, out, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
    fputc('\n', out);
    json_decref(j);
}
