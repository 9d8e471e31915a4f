/* A lookback for readers: text. Parent. */
#include "report/lookback.h"

#include "base/clock.h"
#include "report/parts.h"
#include "report/request.h"

#define LINE_MAX_BYTES 16384

static const char *day(int64_t t, char out[DATE_LEN])
{
    date_format(t, out);
    return out;
}

/* --- text --- */

static void put_finding(struct page *p, const struct look_finding *v, bool then)
{
    struct buf b = BUF_INIT(LINE_MAX_BYTES), e = BUF_INIT(LINE_MAX_BYTES);
    char since[DATE_LEN], on[DATE_LEN];
    finding_text(v->f, &b);
    evidence_text(v->f->evidence, &e);
    if (e.len)
        buf_printf(&b, ": %s", buf_str(&e));
    if (v->f->reason)
        buf_printf(&b, "; %s", v->f->reason);
    buf_printf(&b, "; since %s; owner %s", day(v->f->since, since), v->owner);
    if (v->waiver)
        buf_printf(&b, "; accepted by %s (%s) on %s: %s", v->waiver->accepted_by, v->waiver->role, day(v->waiver->date, on), v->waiver->reason);
    if (then)
        buf_printf(&b, "; in the newest run: %s", v->now);
    else if (!v->checked_then)
        buf_puts(&b, "; not checked then");
    page_wrap(p, INK_PLAIN, 6, "  %s %s  %s", v->f->status == FINDING_FAIL ? "x" : "?", v->check->def->id, buf_str(&b));
    buf_clear(&b);
    buf_clear(&e);
}

static void put_open(struct page *p, const struct lookback *l, enum finding_status status, const char *title)
{
    size_t n = 0;
    page_heading(p, title, "");
    for (size_t i = 0; i < l->n_open; i++)
        if (l->open[i].f->status == status) {
            put_finding(p, &l->open[i], true);
            n++;
        }
    if (n == 0)
        page_line(p, INK_PLAIN, "  nothing");
}

/* " (the store has it since 2027-03-09, run 12; changed since)"; nothing where it was there by then and still is. */
static void record_text(const struct look_record *r, struct buf *b)
{
    char on[DATE_LEN];
    bool taken_out = !r->later && !r->held, moved = strcmp(r->now, "same") != 0;
    buf_reset(b);
    if (r->later)
        buf_printf(b, "the store has it since %s, run %lld", day(r->received_at, on), (long long)r->run);
    if (taken_out)
        buf_printf(b, "the store had it since %s, and that day's run no longer", day(r->received_at, on));
    if (moved && !taken_out)
        buf_printf(b, "%s%s in the newest run", b->len ? "; " : "", r->now);
}

static void put_with_record(struct page *p, const char *line, const struct look_record *r)
{
    struct buf at = BUF_INIT(1024);
    record_text(r, &at);
    if (at.len)
        page_wrap(p, INK_PLAIN, 4, "  %s (%s)", line, buf_str(&at));
    else
        page_wrap(p, INK_PLAIN, 4, "  %s", line);
    buf_clear(&at);
}

static void put_decision(struct page *p, const struct look_decision *v)
{
    char on[DATE_LEN];
    const struct decision *d = v->d;
    struct buf b = BUF_INIT(LINE_MAX_BYTES);
    buf_printf(&b, "%s  %s, by %s%s%s", day(d->date, on), d->decided, d->by, d->run ? ", on run " : "", d->run ? d->run : "");
    put_with_record(p, buf_str(&b), &v->at);
    for (size_t k = 0; k < d->n_conditions; k++)
        page_wrap(p, INK_PLAIN, 6, "      condition: %s; owner %s; due %s%s", d->conditions[k].text, d->conditions[k].owner, day(d->conditions[k].due, on), d->conditions[k].met ? "; met" : "");
    for (size_t k = 0; k < d->n_remedies; k++)
        page_wrap(p, INK_PLAIN, 6, "      %s: %s%s%s", d->remedies[k].item, remedy_name(d->remedies[k].remedy), d->remedies[k].note ? "; " : "", d->remedies[k].note ? d->remedies[k].note : "");
    buf_reset(&b);
    for (size_t k = 0; k < d->n_accepts_unknown; k++)
        buf_printf(&b, "%s%s", k ? ", " : "", d->accepts_unknown[k]);
    if (b.len > 0)
        page_wrap(p, INK_PLAIN, 6, "      accepted as unknown: %s", buf_str(&b));
    if (v->n_left_out > 0)
        page_line(p, INK_DIM, "      and %zu %s of other matters", v->n_left_out, plural(v->n_left_out, "entry", "entries"));
    buf_clear(&b);
}

static void put_records(struct page *p, const struct lookback *l)
{
    char on[DATE_LEN], until[DATE_LEN];
    page_heading(p, "DECIDED AND ACCEPTED BY THEN", "");
    if (l->n_decisions + l->n_waivers == 0)
        page_line(p, INK_PLAIN, "  nothing");
    for (size_t i = 0; i < l->n_decisions; i++)
        put_decision(p, &l->decisions[i]);
    for (size_t i = 0; i < l->n_waivers; i++) {
        const struct waiver *w = l->waivers[i].w;
        struct buf b = BUF_INIT(LINE_MAX_BYTES);
        buf_printf(&b, "%s  %s", day(w->date, on), w->check);
        if (w->target)
            buf_printf(&b, " at %s%s%s", w->target, w->subject ? " / " : "", w->subject ? w->subject : "");
        buf_printf(&b, " accepted by %s (%s) until %s%s: %s", w->accepted_by, w->role, day(w->expires, until), w->expires < l->moment ? ", ended by this day" : "", w->reason);
        put_with_record(p, buf_str(&b), &l->waivers[i].at);
        buf_clear(&b);
    }
}

static void put_step(struct page *p, const struct request_step *s, const char *after)
{
    char on[DATE_LEN];
    page_wrap(p, INK_PLAIN, 8, "      %s on %s%s%s%s%s%s", request_state_name(s->state), day(s->on, on), s->by ? " by " : "", s->by ? s->by : "", s->note ? ": " : "", s->note ? s->note : "", after);
}

static void put_requests(struct page *p, const struct lookback *l)
{
    char on[DATE_LEN];
    page_heading(p, "ASKED FOR BY THEN", "");
    if (l->n_requests == 0)
        page_line(p, INK_PLAIN, "  nothing");
    for (size_t i = 0; i < l->n_requests; i++) {
        const struct look_request *v = &l->requests[i];
        struct buf b = BUF_INIT(LINE_MAX_BYTES);
        buf_printf(&b, "request %lld: %s; asked of %s; listed on %s%s", (long long)v->q->number, v->q->what, v->q->asked_of, day(v->q->asked, on), v->n_steps ? "" : "; nothing was heard by then");
        put_with_record(p, buf_str(&b), &v->at);
        for (size_t k = 0; k < v->n_steps; k++)
            put_step(p, v->steps[k].step, v->steps[k].later ? " (received by the store after this day)" : "");
        if (v->since)
            put_step(p, v->since, " (after this day)");
        buf_clear(&b);
    }
    page_heading(p, "UNKNOWN, AND NOT ASKED FOR BY THEN", "");
    if (l->n_unasked == 0)
        page_line(p, INK_PLAIN, "  nothing");
    for (size_t i = 0; i < l->n_unasked; i++)
        page_wrap(p, INK_PLAIN, 4, "  %s; to be asked of %s: %s", l->unasked[i]->what, l->unasked[i]->asked_of, l->unasked[i]->because);
}

/* Tables that lack at one target for one reason stand in one line. */
static void put_gaps(struct page *p, const struct lookback *l)
{
    for (size_t i = 0, n; i < l->n_gaps; i += n) {
        struct buf tables = BUF_INIT(LINE_MAX_BYTES);
        for (n = 0; i + n < l->n_gaps; n++) {
            const struct look_gap *g = &l->gaps[i + n];
            if (strcmp(g->target, l->gaps[i].target) != 0 || strcmp(g->reason, l->gaps[i].reason) != 0)
                break;
            buf_printf(&tables, "%s%s", n ? ", " : "", g->table);
        }
        page_wrap(p, INK_PLAIN, 4, "  %s: %s: %s", l->gaps[i].target, l->gaps[i].reason, buf_str(&tables));
        buf_clear(&tables);
    }
}

static void put_late(struct page *p, const struct lookback *l)
{
    page_heading(p, "TRUE BY THEN, AND RECEIVED LATER", "");
    if (l->n_late + l->n_good == 0)
        page_line(p, INK_PLAIN, "  nothing");
    for (size_t i = 0; i < l->n_late; i++) {
        const struct look_late *v = &l->late[i];
        struct buf b = BUF_INIT(LINE_MAX_BYTES);
        char seen[DATE_LEN], came[DATE_LEN];
        subject_text(v->target, v->subject, NULL, &b);
        page_wrap(p, INK_PLAIN, 4, "  x %s  %s: fails; observed %s, received %s with run %lld", v->check, buf_str(&b), day(v->observed_at, seen), day(v->received_at, came), (long long)v->run);
        buf_clear(&b);
    }
    for (size_t i = 0; i < l->n_good; i++) {
        const struct look_good *v = &l->good[i];
        struct buf b = BUF_INIT(LINE_MAX_BYTES);
        char seen[DATE_LEN], came[DATE_LEN];
        for (size_t k = 0; k < v->n_open; k++) {
            buf_puts(&b, k ? ", " : "; open in that day's run: ");
            key_text(v->were_open[k], NULL, &b);
        }
        page_wrap(p, INK_PLAIN, 4, "  + %s  %s: %zu %s; observed %s, received %s with run %lld%s", v->check, v->target, v->n_pass, plural(v->n_pass, "passes", "pass"), day(v->observed_at, seen),
                  day(v->received_at, came), (long long)v->run, buf_str(&b));
        buf_clear(&b);
    }
}

static void put_head(struct page *p, const struct lookback *l)
{
    char on[DATE_LEN];
    struct buf left = BUF_INIT(4096), run = BUF_INIT(256);
    buf_printf(&left, "Lookback to %s, %s", day(l->moment, on), report_title(l->now));
    if (l->then)
        run_text(l->then, &run);
    page_both(p, INK_STRONG, 2, buf_str(&left), l->then ? buf_str(&run) : "no run had been received");
    if (l->domain || l->target)
        page_line(p, INK_DIM, "Only%s%s%s%s", l->domain ? " domain " : "", l->domain ? l->domain : "", l->target ? " target " : "", l->target ? l->target : "");
    page_wrap(p, INK_DIM, 0, "Days are UTC. What this store had received by the end of that day, with the files as they were then.");
    for (size_t i = 0; i < l->n_unread; i++)
        page_wrap(p, INK_WARN, 2, "Missing here is what cannot be read any more: %s", l->unread[i]);
    buf_clear(&left);
    buf_clear(&run);
}

static void put_since(struct page *p, const struct lookback *l)
{
    page_heading(p, "OPEN IN THE NEWEST RUN, AND NOT THEN", "");
    if (l->n_since == 0)
        page_line(p, INK_PLAIN, "  nothing");
    for (size_t i = 0; i < l->n_since; i++)
        put_finding(p, &l->since[i], false);
    page_heading(p, "DECIDED SINCE", "");
    if (l->n_later == 0)
        page_line(p, INK_PLAIN, "  nothing");
    for (size_t i = 0; i < l->n_later; i++)
        put_decision(p, &l->later[i]);
}

void lookback_text(const struct lookback *l, const struct style *style, FILE *out)
{
    struct page p = { *style, out };
    put_head(&p, l);
    put_open(&p, l, FINDING_FAIL, "KNOWN TO FAIL");
    put_open(&p, l, FINDING_UNKNOWN, "KNOWN TO BE UNKNOWN");
    page_heading(&p, "NEVER READ BY THEN", "");
    if (l->n_gaps == 0)
        page_line(&p, INK_PLAIN, "  %s", l->then ? "nothing of what was asked for" : "anything");
    put_gaps(&p, l);
    put_requests(&p, l);
    put_records(&p, l);
    put_late(&p, l);
    put_since(&p, l);
}
