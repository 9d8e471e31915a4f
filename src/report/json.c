/* The JSON report (design.md section 9): for programs, and for tests. Parent. */
#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "report/impact_out.h"
#include "report/realised_out.h"
#include "report/request.h"

static json_t *text_or_null(const char *s)
{
    return s && s[0] ? json_string(s) : json_null();
}

static json_t *time_or_null(int64_t t)
{
    char text[ISO_LEN];
    if (t <= 0)
        return json_null();
    iso_format(t, text);
    return json_string(text);
}

static json_t *date_or_null(int64_t t)
{
    char text[DATE_LEN];
    if (t <= 0)
        return json_null();
    date_format(t, text);
    return json_string(text);
}

/* Parts per billion as percent with two decimals, floored. */
static json_t *percent(int64_t ppb)
{
    return ppb < 0 ? json_null() : json_real((double)(ppb / (SCORE_ONE / 10000)) / 100.0);
}

/* A text of the store's that is JSON already. */
static json_t *embedded(const char *text)
{
    json_t *j = text && text[0] ? json_loads(text, 0, NULL) : NULL;
    return j ? j : json_null();
}

static json_t *pair(const double v[2])
{
    return json_pack("[f, f]", v[0], v[1]);
}

static json_t *score_json(const struct score_row *s)
{
    json_t *j = json_object(), *seen = json_object(), *adjusted = json_object();
    json_object_set_new(j, "low", percent(s ? s->low : -1));
    json_object_set_new(j, "high", percent(s ? s->high : -1));
    bool any = s && s->low >= 0;
    json_object_set_new(seen, "measured", percent(any ? s->measured : 0));
    json_object_set_new(seen, "documents", percent(any ? s->documents : 0));
    json_object_set_new(seen, "told", percent(any ? s->told : 0));
    json_object_set_new(j, "seen", seen);
    json_object_set_new(adjusted, "low", percent(s ? s->adjusted_low : -1));
    json_object_set_new(adjusted, "high", percent(s ? s->adjusted_high : -1));
    json_object_set_new(j, "adjusted", adjusted);
    return j;
}

static json_t *site_json(const struct report *r)
{
    const struct site *s = r->pinned.site;
    json_t *j = json_object(), *milestones = json_object();
    json_object_set_new(j, "key", json_string(s->key));
    json_object_set_new(j, "name", json_string(report_title(r)));
    json_object_set_new(j, "codename", text_or_null(s->codename));
    json_object_set_new(j, "stage", json_string(stage_name(s->stage)));
    json_object_set_new(j, "timezone", text_or_null(s->timezone));
    json_object_set_new(j, "plan", text_or_null(s->plan));
    json_object_set_new(j, "currency", text_or_null(site_profile_text(s, "currency")));
    for (size_t i = 0; i < s->n_milestones; i++)
        json_object_set_new(milestones, s->milestones[i].name, date_or_null(s->milestones[i].date));
    json_object_set_new(j, "milestones", milestones);
    json_object_set_new(j, "targets", json_integer((json_int_t)r->n_targets));
    return j;
}

static json_t *run_json(const struct report *r)
{
    const struct run *run = &r->run;
    json_t *j = json_object(), *lists = json_array(), *tailorings = json_array();
    json_object_set_new(j, "id", json_integer(run->id));
    json_object_set_new(j, "uuid", json_string(run->uuid));
    json_object_set_new(j, "started", time_or_null(run->started));
    json_object_set_new(j, "finished", time_or_null(run->finished));
    json_object_set_new(j, "stage", text_or_null(run->stage));
    json_object_set_new(j, "label", text_or_null(run->label));
    json_object_set_new(j, "state", text_or_null(run->state));
    json_object_set_new(j, "partial", json_boolean(run->partial));
    json_object_set_new(j, "narrowed", text_or_null(run->narrowed));
    json_object_set_new(j, "vantage", embedded(run->vantage));
    json_object_set_new(j, "authorization", text_or_null(run->authorization));
    json_object_set_new(j, "seal", text_or_null(run->seal));
    json_object_set_new(j, "previous_seal", text_or_null(run->previous_seal));
    const struct checklists *c = r->pinned.checklists;
    for (size_t i = 0; i < c->n_files; i++)
        json_array_append_new(lists, json_pack("{s:s, s:I, s:s}", "name", c->files[i].name, "version", (json_int_t)c->files[i].version, "sha256", c->files[i].sha256));
    json_object_set_new(j, "checklists", lists);
    for (size_t i = 0; i < c->n_tailorings; i++)
        json_array_append_new(tailorings, json_pack("{s:s, s:s, s:s?, s:s?}", "check", c->tailorings[i].check, "what", c->tailorings[i].what,
                                                    "reason", c->tailorings[i].reason, "by", c->tailorings[i].by));
    json_object_set_new(j, "tailorings", tailorings);
    return j;
}

static json_t *finding_json(const struct report_check *c, const struct finding *f)
{
    json_t *j = json_object();
    bool waived = f->status == FINDING_FAIL && report_waiver(c, f);
    json_object_set_new(j, "target", json_string(f->target));
    json_object_set_new(j, "subject", json_string(f->subject));
    json_object_set_new(j, "status", json_string(finding_status_name(f->status)));
    json_object_set_new(j, "reason", text_or_null(f->reason));
    json_object_set_new(j, "severity", text_or_null(f->severity));
    json_object_set_new(j, "waived", json_boolean(waived));
    json_object_set_new(j, "since", time_or_null(f->since));
    json_object_set_new(j, "gone", json_boolean(f->gone));
    json_object_set_new(j, "method", text_or_null(f->method));
    json_object_set_new(j, "observed_at", time_or_null(f->observed_at));
    json_object_set_new(j, "evidence", embedded(f->evidence));
    return j;
}

static json_t *refs_json(const struct check *c)
{
    json_t *j = json_object();
    for (size_t i = 0; i < c->n_refs; i++) {
        json_t *ids = json_array();
        for (size_t k = 0; k < c->refs[i].n; k++)
            json_array_append_new(ids, json_string(c->refs[i].ids[k]));
        json_object_set_new(j, c->refs[i].scheme, ids);
    }
    return j;
}

static json_t *check_json(const struct report *r, const struct report_check *c)
{
    const struct check *d = c->def;
    const struct check_result *res = c->result;
    json_t *j = json_object(), *impact = json_object(), *findings = json_array();
    json_object_set_new(j, "id", json_string(d->id));
    json_object_set_new(j, "title", json_string(d->title));
    json_object_set_new(j, "domain", json_string(d->domain));
    json_object_set_new(j, "severity", json_string(severity_name(d->severity)));
    json_object_set_new(j, "gate", text_or_null(d->gate));
    json_object_set_new(j, "status", json_string(res->status));
    json_object_set_new(j, "reason", text_or_null(res->reason));
    json_object_set_new(j, "pass", json_integer(res->n_pass));
    json_object_set_new(j, "fail", json_integer(res->n_fail));
    json_object_set_new(j, "unknown", json_integer(res->n_unknown));
    json_object_set_new(j, "waived", json_integer(c->n_waived));
    json_object_set_new(j, "low", percent(res->low));
    json_object_set_new(j, "high", percent(res->high));
    json_object_set_new(j, "why", text_or_null(d->why));
    for (size_t i = 0; i < d->n_impacts; i++)
        json_object_set_new(impact, d->impacts[i].dimension, json_string(d->impacts[i].level));
    json_object_set_new(j, "impact", impact);
    json_object_set_new(j, "fix", text_or_null(d->fix));
    json_object_set_new(j, "owner", text_or_null(d->owner));
    json_object_set_new(j, "co_owner", text_or_null(d->co_owner));
    json_object_set_new(j, "co_owner_name", text_or_null(d->co_owner ? site_owner_name(r->pinned.site, d->co_owner) : NULL));
    json_object_set_new(j, "owner_name", text_or_null(d->owner ? site_owner_name(r->pinned.site, d->owner) : NULL));
    json_object_set_new(j, "order_by", date_or_null(c->order_by));
    json_object_set_new(j, "horizon", text_or_null(d->horizon));
    json_object_set_new(j, "effort_days", r->left_out & MATTER_PLAN ? json_null() : pair(d->effort_days));
    json_object_set_new(j, "cost", r->left_out & MATTER_PRICES ? json_null() : pair(d->cost));
    json_object_set_new(j, "cost_yearly", r->left_out & MATTER_PRICES ? json_null() : pair(d->cost_yearly));
    json_object_set_new(j, "cost_basis", text_or_null(d->cost_basis));
    json_object_set_new(j, "lead_days", r->left_out & MATTER_PLAN ? json_null() : pair(d->lead_days));
    json_object_set_new(j, "refs", refs_json(d));
    for (size_t i = 0; i < c->n_findings; i++)
        json_array_append_new(findings, finding_json(c, &c->findings[i]));
    json_object_set_new(j, "findings", findings);
    return j;
}

static int64_t earliest_of(const struct report_gate *g, int end)
{
    return g->plan && g->plan->has_earliest ? g->plan->earliest[end] : 0;
}

static json_t *gate_json(const struct report_gate *g)
{
    json_t *j = json_object();
    json_object_set_new(j, "milestone", json_string(g->row->milestone));
    json_object_set_new(j, "date", date_or_null(g->row->date));
    json_object_set_new(j, "verdict", json_string(g->row->verdict));
    json_t *earliest = json_array();
    json_array_append_new(earliest, date_or_null(earliest_of(g, 0)));
    json_array_append_new(earliest, date_or_null(earliest_of(g, 1)));
    json_object_set_new(j, "earliest", earliest);
    json_object_set_new(j, "blockers", embedded(g->row->blockers));
    json_object_set_new(j, "unproven", embedded(g->row->unproven));
    json_object_set_new(j, "waived", embedded(g->row->waived));
    return j;
}

static json_t *collection_json(const struct collection *c)
{
    json_t *j = json_object();
    const struct reason_info *info = reason_info(c->reason);
    bool plain = c->reason == REASON_NONE;
    char *reason = plain ? NULL : c->detail && c->detail[0] ? xasprintf("%s: %s", info->text, c->detail) : xstrdup(info->text);
    json_object_set_new(j, "target", json_string(c->target));
    json_object_set_new(j, "probe", json_string(c->probe));
    json_object_set_new(j, "table", json_string(c->table->name));
    json_object_set_new(j, "state", json_string(state_name(c->state)));
    json_object_set_new(j, "rows", json_integer(c->rows));
    json_object_set_new(j, "ms", json_integer(c->ms));
    json_object_set_new(j, "reason", text_or_null(reason));
    json_object_set_new(j, "action", plain ? json_null() : text_or_null(info->action));
    json_object_set_new(j, "method", json_string(method_name(c->method)));
    json_object_set_new(j, "observed_at", time_or_null(c->observed_at));
    json_object_set_new(j, "received_at", time_or_null(c->received_at));
    json_object_set_new(j, "carried", json_boolean(c->carried));
    json_object_set_new(j, "notes", text_or_null(c->notes));
    free(reason);
    return j;
}

static json_t *disagreement_json(const struct disagreement *d)
{
    json_t *values = json_array();
    const struct told_value *told[] = { &d->used, &d->other };
    for (size_t i = 0; i < N_ELEMENTS(told); i++)
        json_array_append_new(values, json_pack("{s:s, s:s, s:b}", "value", told[i]->value, "source", told[i]->how, "used", (int)(i == 0)));
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "table", d->table, "target", d->target, "subject", d->subject, "column", d->column, "values", values);
}

static json_t *settle_json(const struct settle *s)
{
    json_t *targets = json_array();
    for (size_t i = 0; i < s->n_targets; i++)
        json_array_append_new(targets, json_string(s->targets[i]));
    return json_pack("{s:s, s:o, s:o, s:I, s:o}", "what", s->what, "action", text_or_null(s->action), "targets", targets, "checks", (json_int_t)s->n_checks, "points", percent(s->points));
}

static json_t *score_with_summary(const struct report *r)
{
    json_t *j = score_json(r->site_score), *summary = embedded(r->results.summary);
    if (json_is_object(summary))
        json_object_update(j, summary);
    json_decref(summary);
    return j;
}

static json_t *domain_json(const struct report *r, const struct score_row *s)
{
    json_t *j = json_object();
    json_object_set_new(j, "id", json_string(s->id));
    json_object_set_new(j, "title", json_string(checklists_domain_title(r->pinned.checklists, s->id)));
    json_object_set_new(j, "score", score_json(s));
    json_object_set_new(j, "checks", json_integer(s->n_checks));
    return j;
}

static void put_audience(json_t *j, const struct report *r)
{
    char *marking = report_marking(r);
    json_t *left = json_array();
    const char *what;
    size_t i = 0;
    while ((what = matter_text(r->left_out, &i)))
        json_array_append_new(left, json_string(what));
    json_object_set_new(j, "marking", json_string(marking));
    json_object_set_new(j, "audience", json_pack("{s:s?, s:o}", "name", r->audience ? r->audience->name : NULL, "left_out", left));
    free(marking);
}

void report_json(const struct report *r, FILE *out)
{
    json_t *j = json_object(), *domains = json_array(), *gates = json_array(), *checks = json_array(), *collections = json_array();
    json_object_set_new(j, "preop", json_integer(1));
    put_audience(j, r);
    json_object_set_new(j, "site", site_json(r));
    json_object_set_new(j, "run", run_json(r));
    json_object_set_new(j, "score", score_with_summary(r));
    for (size_t i = 0; i < r->results.n_scores; i++)
        if (strcmp(r->results.scores[i].level, "domain") == 0)
            json_array_append_new(domains, domain_json(r, &r->results.scores[i]));
    json_object_set_new(j, "domains", domains);
    for (size_t i = 0; i < r->n_gates; i++)
        json_array_append_new(gates, gate_json(&r->gates[i]));
    json_object_set_new(j, "gates", gates);
    for (size_t i = 0; i < r->n_checks; i++)
        json_array_append_new(checks, check_json(r, &r->checks[i]));
    json_object_set_new(j, "checks", checks);
    json_t *settles = json_array(), *disagreements = json_array();
    for (size_t i = 0; i < r->n_settles; i++)
        json_array_append_new(settles, settle_json(&r->settles[i]));
    json_object_set_new(j, "impact", impact_json(r));
    json_object_set_new(j, "settles", settles);
    for (size_t i = 0; i < r->n_disagreements; i++)
        json_array_append_new(disagreements, disagreement_json(&r->disagreements[i]));
    json_object_set_new(j, "disagreements", disagreements);
    json_object_set_new(j, "requests", request_list_json(r->requests));
    const struct realised_view realised = report_realised_view(r);
    json_object_set_new(j, "realised", r->left_out & MATTER_DECISIONS ? json_null() : realised_json(&realised));
    for (size_t i = 0; i < r->n_collections; i++)
        json_array_append_new(collections, collection_json(&r->collections[i]));
    json_object_set_new(j, "collections", collections);
    json_dumpf(j, out, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    fputc('\n', out);
    json_decref(j);
}
