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

#define BOTH_BOUNDS 78               /* columns from which on a share shows what it did to both bounds */

static void share_text(int64_t low, int64_t high, bool both, char out[40])
{
    char l[16], h[16];
    points(low, l);
    points(high, h);
    (void)snprintf(out, 40, "%s%s%s", l, both ? " " : "", both ? h : "");
}

static void put_shares(struct page *p, const struct comparison *c)
{
    bool both = p->style.width >= BOTH_BOUNDS;
    const size_t wide = both ? 13 : 8, widths[] = { 2, 16, wide, wide, wide, wide };
    const char *head[] = { "", "check", "site", "coverage", "scope", "checklist" };
    page_heading(p, "WHICH CHECKS MOVED IT", both ? "proven, at most" : "proven");
    page_row(p, INK_DIM, head, widths, N_ELEMENTS(widths));
    for (size_t i = 0; i < c->n_shares; i++) {
        const struct check_share *s = &c->shares[i];
        char a[40], b[40], d[40], e[40];
        share_text(s->low.site, s->high.site, both, a);
        share_text(s->low.coverage, s->high.coverage, both, b);
        share_text(s->low.scope, s->high.scope, both, d);
        share_text(s->low.checklist, s->high.checklist, both, e);
        const char *cells[] = { "", s->check_id, a, b, d, e };
        page_row(p, INK_PLAIN, cells, widths, N_ELEMENTS(widths));
    }
}

/* "NEW FAILURE ... 3" over the findings that became so. */
static void put_change_heading(struct page *p, const struct comparison *c, size_t first)
{
    enum change change = c->findings[first].change;
    char name[32], count[24];
    size_t n = 0, i;
    for (i = 0; change_name(change)[i] && i + 1 < sizeof(name); i++) {
        char letter = change_name(change)[i];
        name[i] = letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
    }
    name[i] = '\0';
    while (first + n < c->n_findings && c->findings[first + n].change == change)
        n++;
    (void)snprintf(count, sizeof(count), "%zu", n);
    page_heading(p, name, count);
}

/* What has not changed is told in short: a check's subjects together, with the first day of the oldest, from the i-th finding on. Returns how many it has. */
static size_t put_still(struct page *p, const struct comparison *c, size_t i, int64_t now)
{
    enum { MOST = 5 };
    struct buf what = BUF_INIT(65536);
    const struct changed_finding *first = &c->findings[i];
    const char *target = NULL;
    int64_t oldest = 0;
    size_t n = 0;
    for (; i + n < c->n_findings; n++) {
        const struct changed_finding *f = &c->findings[i + n];
        if (f->change != first->change || f->check != first->check)
            break;
        if (f->since && (oldest == 0 || f->since < oldest))
            oldest = f->since;
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
    if (oldest) {
        char day[16];
        human_date(oldest, now, day);
        buf_printf(&what, "; since %s", day);
    }
    page_wrap(p, INK_PLAIN, 17, "  %-14s %s", first->check ? first->check->id : "", buf_str(&what));
    buf_clear(&what);
    return n;
}

static void put_findings(struct page *p, const struct comparison *c, int64_t now)
{
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct changed_finding *f = &c->findings[i];
        if (i == 0 || f->change != c->findings[i - 1].change)
            put_change_heading(p, c, i);
        if (f->change == CHANGE_STILL_FAILING) {
            i += put_still(p, c, i, now) - 1;
            continue;
        }
        struct buf what = BUF_INIT(65536);
        subject_text(f->target, f->subject, f->evidence, &what);
        if (f->check)
            buf_printf(&what, ": %s, was %s", f->is, f->was);
        enum ink ink = f->change <= CHANGE_REGRESSED ? INK_BAD : f->change == CHANGE_FIXED ? INK_GOOD : INK_PLAIN;
        if (f->check)
            page_wrap(p, ink, 17, "  %-14s %s", f->check->id, buf_str(&what));
        else
            page_wrap(p, ink, 2, "  %s", buf_str(&what));
        buf_clear(&what);
    }
}

void compare_text(const struct comparison *c, const struct run *old, const struct run *now, const struct style *style, FILE *out)
{
    struct page p = { *style, out };
    char from[16], to[16], a[8], b[8], d[8], e[8];
    human_date(old->started, now->started, from);
    human_date(now->started, now->started, to);
    page_line(&p, INK_STRONG, "%s", c->title ? c->title : now->site_name);
    page_line(&p, INK_PLAIN, "Run %" PRId64 "%s%s, %s  ->  run %" PRId64 "%s%s, %s", old->id, old->label && old->label[0] ? " @" : "", old->label ? old->label : "", from, now->id,
              now->label && now->label[0] ? " @" : "", now->label ? now->label : "", to);
    score_percent(c->before.low, a);
    score_percent(c->before.high, b);
    score_percent(c->after.low, d);
    score_percent(c->after.high, e);
    page_line(&p, INK_PLAIN, "Proven ready %s -> %s, at most %s -> %s", a, d, b, e);
    if (c->checklists_differ)
        page_wrap(&p, INK_WARN, 0, "The checklists differ: the older run's facts were judged by the newer ones, so that like is compared with like.");
    if (c->vantages_differ)
        page_wrap(&p, INK_WARN, 0, "The two runs looked from different places: no finding is paired, and what is not the checklist is scope.");
    page_heading(&p, "WHERE THE CHANGE COMES FROM (points of 100)", "");
    put_parts(&p, c);
    if (c->n_shares)
        put_shares(&p, c);
    put_findings(&p, c, now->started);
    if (c->n_findings == 0 && c->n_shares == 0)
        page_line(&p, INK_PLAIN, "Nothing changed.");
}

/* With two decimals, which is all that a comparison has: they add up. */
static json_t *percent(int64_t ppb)
{
    return json_real((double)(ppb / (SCORE_ONE / 10000)) / 100.0);
}

static json_t *parts_json(const struct change_parts *p)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "checklist", percent(p->checklist), "scope", percent(p->scope), "coverage", percent(p->coverage), "site", percent(p->site));
}

static json_t *time_or_null(int64_t t)
{
    char text[ISO_LEN];
    if (t <= 0)
        return json_null();
    iso_format(t, text);
    return json_string(text);
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
        json_array_append_new(findings, json_pack("{s:s, s:s?, s:s, s:s, s:s, s:s, s:s?, s:o}", "change", change_name(f->change), "check", f->check ? f->check->id : NULL,
                                                  "target", f->target, "subject", f->subject, "was", f->was, "is", f->is, "reason", f->reason, "since", time_or_null(f->since)));
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
