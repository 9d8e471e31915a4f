/* A lookback for programs: contrib/schema/lookback.schema.json. Parent. */
#include "report/lookback.h"

#include <jansson.h>

#include "base/clock.h"
#include "report/request.h"

static json_t *day_json(int64_t t)
{
    char text[DATE_LEN];
    date_format(t, text);
    return t ? json_string(text) : json_null();
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
    json_object_set_new(j, "checked_then", json_boolean(v->checked_then));
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

/* Puts what the store knows of a record into its object. */
static json_t *with_record(json_t *j, const struct look_record *r)
{
    json_object_set_new(j, "recorded_later", json_boolean(r->later));
    json_object_set_new(j, "received_at", moment_json(r->received_at));
    json_object_set_new(j, "received_with", json_integer(r->run));
    json_object_set_new(j, "held", json_boolean(r->held));
    json_object_set_new(j, "now", json_string(r->now));
    return j;
}

static json_t *decision_json(const struct look_decision *v)
{
    const struct decision *d = v->d;
    json_t *conditions = json_array(), *remedies = json_array(), *unknown = json_array();
    for (size_t i = 0; i < d->n_conditions; i++) {
        const struct condition *c = &d->conditions[i];
        json_array_append_new(conditions, json_pack("{s:s, s:s, s:o, s:b}", "text", c->text, "owner", c->owner, "due", day_json(c->due), "met", (int)c->met));
    }
    for (size_t i = 0; i < d->n_remedies; i++)
        json_array_append_new(remedies, json_pack("{s:s, s:s, s:s?}", "item", d->remedies[i].item, "remedy", remedy_name(d->remedies[i].remedy), "note", d->remedies[i].note));
    for (size_t i = 0; i < d->n_accepts_unknown; i++)
        json_array_append_new(unknown, json_string(d->accepts_unknown[i]));
    return with_record(json_pack("{s:s, s:s?, s:o, s:s?, s:s?, s:o, s:o, s:o, s:I}", "decided", d->decided, "by", d->by, "on", day_json(d->date), "run", d->run, "milestone", d->milestone,
                                 "conditions", conditions, "remedies", remedies, "accepts_unknown", unknown, "left_out", (json_int_t)v->n_left_out), &v->at);
}

static json_t *waiver_json(const struct look_waiver *v)
{
    const struct waiver *w = v->w;
    return with_record(json_pack("{s:s, s:s?, s:s?, s:s, s:s, s:o, s:o, s:s, s:b}", "check", w->check, "target", w->target, "subject", w->subject, "by", w->accepted_by, "role", w->role, "on",
                                 day_json(w->date), "until", day_json(w->expires), "reason", w->reason, "live", (int)v->live), &v->at);
}

static json_t *step_json(const struct request_step *s)
{
    return json_pack("{s:s, s:o, s:s?, s:s?}", "state", request_state_name(s->state), "on", day_json(s->on), "by", s->by, "note", s->note);
}

/* As the store knew it by then; NULL: it knew of no such request. */
static const char *state_then(const struct look_request *v)
{
    const char *state = v->at.later ? NULL : request_state_name(REQUEST_OPEN);
    for (size_t i = 0; i < v->n_steps; i++)
        if (!v->steps[i].later)
            state = request_state_name(v->steps[i].step->state);
    return state;
}

static json_t *request_look_json(const struct look_request *v)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < v->n_steps; i++) {
        json_t *s = step_json(v->steps[i].step);
        json_object_set_new(s, "recorded_later", json_boolean(v->steps[i].later));
        json_array_append_new(steps, s);
    }
    return with_record(json_pack("{s:I, s:s, s:s, s:s, s:o, s:s?, s:o, s:o}", "number", (json_int_t)v->q->number, "key", v->q->key, "what", v->q->what, "ask", v->q->asked_of, "asked",
                                 day_json(v->q->asked), "state", state_then(v), "steps", steps, "since",
                                 v->since ? step_json(v->since) : json_null()), &v->at);
}

static json_t *records_json(const struct lookback *l)
{
    json_t *decisions = json_array(), *waivers = json_array(), *later = json_array(), *requests = json_array(), *unasked = json_array();
    for (size_t i = 0; i < l->n_decisions; i++)
        json_array_append_new(decisions, decision_json(&l->decisions[i]));
    for (size_t i = 0; i < l->n_later; i++)
        json_array_append_new(later, decision_json(&l->later[i]));
    for (size_t i = 0; i < l->n_waivers; i++)
        json_array_append_new(waivers, waiver_json(&l->waivers[i]));
    for (size_t i = 0; i < l->n_requests; i++)
        json_array_append_new(requests, request_look_json(&l->requests[i]));
    for (size_t i = 0; i < l->n_unasked; i++) {
        const struct request *q = l->unasked[i];
        json_array_append_new(unasked, json_pack("{s:s, s:s, s:s, s:s}", "key", q->key, "what", q->what, "ask", q->asked_of, "matter", q->because));
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "decisions", decisions, "waivers", waivers, "decided_since", later, "requests", requests, "not_asked", unasked);
}

static json_t *good_json(const struct look_good *v)
{
    json_t *open = json_array();
    for (size_t i = 0; i < v->n_open; i++)
        json_array_append_new(open, json_string(v->were_open[i]));
    return json_pack("{s:s, s:s, s:I, s:o, s:o, s:o, s:I}", "check", v->check, "target", v->target, "passes", (json_int_t)v->n_pass, "were_open", open, "observed_at",
                     moment_json(v->observed_at), "received_at", moment_json(v->received_at), "run", (json_int_t)v->run);
}

void lookback_json(const struct lookback *l, FILE *out)
{
    json_t *j = json_object(), *gaps = json_array(), *late = json_array(), *good = json_array(), *unread = json_array();
    for (size_t i = 0; i < l->n_gaps; i++)
        json_array_append_new(gaps, json_pack("{s:s, s:s, s:s}", "target", l->gaps[i].target, "table", l->gaps[i].table, "reason", l->gaps[i].reason));
    for (size_t i = 0; i < l->n_late; i++) {
        const struct look_late *v = &l->late[i];
        json_array_append_new(late, json_pack("{s:s, s:s, s:s, s:o, s:o, s:I}", "check", v->check, "target", v->target, "subject", v->subject, "observed_at", moment_json(v->observed_at), "received_at",
                                              moment_json(v->received_at), "run", (json_int_t)v->run));
    }
    for (size_t i = 0; i < l->n_good; i++)
        json_array_append_new(good, good_json(&l->good[i]));
    for (size_t i = 0; i < l->n_unread; i++)
        json_array_append_new(unread, json_string(l->unread[i]));
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
    json_object_set_new(j, "received_later_good", good);
    json_object_set_new(j, "not_readable", unread);
    json_object_set_new(j, "new_since", findings_json(l->since, l->n_since));
    json_dumpf(j, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(j);
}
