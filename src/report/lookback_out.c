/* A lookback for readers: text and JSON. Parent. */
#include "report/lookback.h"

#include <jansson.h>

#include "base/clock.h"
#include "report/parts.h"

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

static void put_decision(struct page *p, const struct decision *d, bool recorded_later)
{
    char on[DATE_LEN];
    struct buf b = BUF_INIT(LINE_MAX_BYTES);
    page_wrap(p, INK_PLAIN, 4, "  %s  %s, by %s%s%s%s", day(d->date, on), d->decided, d->by, d->run ? ", on run " : "", d->run ? d->run : "", recorded_later ? " (written down after this day)" : "");
    for (size_t k = 0; k < d->n_conditions; k++)
        page_wrap(p, INK_PLAIN, 6, "      condition: %s; owner %s; due %s%s", d->conditions[k].text, d->conditions[k].owner, day(d->conditions[k].due, on), d->conditions[k].met ? "; met" : "");
    for (size_t k = 0; k < d->n_remedies; k++)
        page_wrap(p, INK_PLAIN, 6, "      %s: %s%s%s", d->remedies[k].item, remedy_name(d->remedies[k].remedy), d->remedies[k].note ? "; " : "", d->remedies[k].note ? d->remedies[k].note : "");
    for (size_t k = 0; k < d->n_accepts_unknown; k++)
        buf_printf(&b, "%s%s", k ? ", " : "", d->accepts_unknown[k]);
    if (b.len > 0)
        page_wrap(p, INK_PLAIN, 6, "      accepted as unknown: %s", buf_str(&b));
    buf_clear(&b);
}

static void put_records(struct page *p, const struct lookback *l)
{
    char on[DATE_LEN], until[DATE_LEN];
    page_heading(p, "DECIDED AND ACCEPTED BY THEN", "");
    if (l->n_decisions + l->n_waivers == 0)
        page_line(p, INK_PLAIN, "  nothing");
    for (size_t i = 0; i < l->n_decisions; i++)
        put_decision(p, l->decisions[i].d, l->decisions[i].recorded_later);
    for (size_t i = 0; i < l->n_waivers; i++) {
        const struct waiver *w = l->waivers[i].w;
        page_wrap(p, INK_PLAIN, 4, "  %s  %s%s%s accepted by %s (%s) until %s%s: %s%s", day(w->date, on), w->check, w->target ? " at " : "", w->target ? w->target : "", w->accepted_by, w->role,
                  day(w->expires, until), l->waivers[i].live ? "" : ", ended by this day", w->reason, l->waivers[i].recorded_later ? " (written down after this day)" : "");
    }
}

static void put_late(struct page *p, const struct lookback *l)
{
    page_heading(p, "TRUE BY THEN, AND RECEIVED LATER", "");
    if (l->n_late == 0)
        page_line(p, INK_PLAIN, "  nothing");
    for (size_t i = 0; i < l->n_late; i++) {
        const struct look_late *v = &l->late[i];
        struct buf b = BUF_INIT(LINE_MAX_BYTES);
        char seen[DATE_LEN], came[DATE_LEN];
        subject_text(v->target, v->subject, NULL, &b);
        page_wrap(p, INK_PLAIN, 4, "  %s  %s: observed %s, received %s with run %lld", v->check, buf_str(&b), day(v->observed_at, seen), day(v->received_at, came), (long long)v->run);
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
        put_decision(p, l->later[i], false);
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
    for (size_t i = 0; i < l->n_gaps; i++)
        page_wrap(&p, INK_PLAIN, 4, "  %s, %s: %s", l->gaps[i].target, l->gaps[i].table, l->gaps[i].reason);
    put_records(&p, l);
    put_late(&p, l);
    put_since(&p, l);
}

/* --- JSON --- */

static json_t *day_json(int64_t t)
{
    char text[DATE_LEN];
    return t ? json_string(day(t, text)) : json_null();
}

static json_t *moment_json(int64_t t)
{
    char text[ISO_LEN];
    iso_format(t, text);
    return t ? json_string(text) : json_null();
}

static json_t *finding_json(const struct look_finding *v)
{
    const struct waiver *w = v->waiver;
    json_t *j = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?, s:s, s:s}", "check", v->check->def->id, "domain", v->check->def->domain, "target", v->f->target, "subject", v->f->subject, "status",
                          finding_status_name(v->f->status), "reason", v->f->reason, "owner", v->owner, "now", v->now);
    json_object_set_new(j, "since", moment_json(v->f->since));
    json_object_set_new(j, "accepted", w ? json_pack("{s:s, s:s, s:o, s:o, s:s}", "by", w->accepted_by, "role", w->role, "on", day_json(w->date), "until", day_json(w->expires), "reason", w->reason) : json_null());
    return j;
}

static json_t *findings_json(const struct look_finding *v, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, finding_json(&v[i]));
    return list;
}

static json_t *decision_json(const struct decision *d, bool recorded_later)
{
    json_t *conditions = json_array(), *remedies = json_array(), *unknown = json_array();
    for (size_t i = 0; i < d->n_conditions; i++) {
        const struct condition *c = &d->conditions[i];
        json_array_append_new(conditions, json_pack("{s:s, s:s, s:o, s:b}", "text", c->text, "owner", c->owner, "due", day_json(c->due), "met", (int)c->met));
    }
    for (size_t i = 0; i < d->n_remedies; i++)
        json_array_append_new(remedies, json_pack("{s:s, s:s, s:s?}", "item", d->remedies[i].item, "remedy", remedy_name(d->remedies[i].remedy), "note", d->remedies[i].note));
    for (size_t i = 0; i < d->n_accepts_unknown; i++)
        json_array_append_new(unknown, json_string(d->accepts_unknown[i]));
    return json_pack("{s:s, s:s?, s:o, s:s?, s:s?, s:o, s:o, s:o, s:b}", "decided", d->decided, "by", d->by, "on", day_json(d->date), "run", d->run, "milestone", d->milestone, "conditions",
                     conditions, "remedies", remedies, "accepts_unknown", unknown, "recorded_later", (int)recorded_later);
}

static json_t *records_json(const struct lookback *l)
{
    json_t *decisions = json_array(), *waivers = json_array(), *later = json_array();
    for (size_t i = 0; i < l->n_decisions; i++)
        json_array_append_new(decisions, decision_json(l->decisions[i].d, l->decisions[i].recorded_later));
    for (size_t i = 0; i < l->n_later; i++)
        json_array_append_new(later, decision_json(l->later[i], false));
    for (size_t i = 0; i < l->n_waivers; i++) {
        const struct waiver *w = l->waivers[i].w;
        json_array_append_new(waivers, json_pack("{s:s, s:s?, s:s?, s:s, s:s, s:o, s:o, s:s, s:b, s:b}", "check", w->check, "target", w->target, "subject", w->subject, "by", w->accepted_by, "role",
                                                 w->role, "on", day_json(w->date), "until", day_json(w->expires), "reason", w->reason, "live", (int)l->waivers[i].live, "recorded_later",
                                                 (int)l->waivers[i].recorded_later));
    }
    return json_pack("{s:o, s:o, s:o}", "decisions", decisions, "waivers", waivers, "decided_since", later);
}

void lookback_json(const struct lookback *l, FILE *out)
{
    json_t *j = json_object(), *gaps = json_array(), *late = json_array();
    for (size_t i = 0; i < l->n_gaps; i++)
        json_array_append_new(gaps, json_pack("{s:s, s:s, s:s}", "target", l->gaps[i].target, "table", l->gaps[i].table, "reason", l->gaps[i].reason));
    for (size_t i = 0; i < l->n_late; i++) {
        const struct look_late *v = &l->late[i];
        json_array_append_new(late, json_pack("{s:s, s:s, s:s, s:o, s:o, s:I}", "check", v->check, "target", v->target, "subject", v->subject, "observed_at", moment_json(v->observed_at), "received_at",
                                              moment_json(v->received_at), "run", (json_int_t)v->run));
    }
    json_object_set_new(j, "preop", json_integer(1));
    json_object_set_new(j, "site", json_string(l->now->run.site));
    json_object_set_new(j, "day", day_json(l->moment));
    json_object_set_new(j, "domain", l->domain ? json_string(l->domain) : json_null());
    json_object_set_new(j, "target", l->target ? json_string(l->target) : json_null());
    json_object_set_new(j, "run", l->then ? json_integer(l->then->run.id) : json_null());
    json_object_set_new(j, "newest_run", json_integer(l->now->run.id));
    json_object_set_new(j, "open", findings_json(l->open, l->n_open));
    json_object_set_new(j, "never_read", gaps);
    json_object_update_new(j, records_json(l));
    json_object_set_new(j, "received_later", late);
    json_object_set_new(j, "new_since", findings_json(l->since, l->n_since));
    json_dumpf(j, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(j);
}
