/* From verdicts and scores to what the store keeps: findings with their history, results, scores, gates, summary.
 * Runs in the parent; pure but for the memory it gives. */
#include <jansson.h>
#include <stdlib.h>

#include "checklist/score.h"

/* --- findings --- */

static int finding_order(const struct finding *a, const struct finding *b)
{
    int d = strcmp(a->check_id, b->check_id);
    if (d == 0)
        d = strcmp(a->target, b->target);
    return d != 0 ? d : strcmp(a->subject, b->subject);
}

static int by_identity(const void *a, const void *b)
{
    return finding_order(a, b);
}

static int pointer_by_identity(const void *a, const void *b)
{
    return finding_order(*(const struct finding *const *)a, *(const struct finding *const *)b);
}

/* The findings of the run before, sorted, with their check ids as this run's checks call them. */
struct past { const struct finding **v; size_t n; };

static void past_init(struct past *p, const struct results *prev)
{
    p->n = prev ? prev->n_findings : 0;
    p->v = xcalloc(p->n + 1, sizeof(const struct finding *));
    for (size_t i = 0; i < p->n; i++)
        p->v[i] = &prev->findings[i];
    qsort(p->v, p->n, sizeof(const struct finding *), pointer_by_identity);
}

static const struct finding *past_find_id(const struct past *p, const char *id, const char *target, const char *subject)
{
    struct finding key = { 0 };
    char *parts[3] = { xstrdup(id), xstrdup(target), xstrdup(subject) };
    key.check_id = parts[0];
    key.target = parts[1];
    key.subject = parts[2];
    const struct finding *wanted = &key;
    const struct finding **hit = bsearch(&wanted, p->v, p->n, sizeof(const struct finding *), pointer_by_identity);
    for (size_t i = 0; i < N_ELEMENTS(parts); i++)
        free(parts[i]);
    return hit ? *hit : NULL;
}

static const struct finding *past_find(const struct past *p, const struct check *c, const char *target, const char *subject)
{
    if (p->n == 0)
        return NULL;
    const struct finding *f = past_find_id(p, c->id, target, subject);
    for (size_t i = 0; !f && i < c->n_was; i++)
        f = past_find_id(p, c->was[i], target, subject);
    return f;
}

static enum finding_status status_of(enum verdict v)
{
    return v == VERDICT_PASS ? FINDING_PASS : v == VERDICT_FAIL ? FINDING_FAIL : FINDING_UNKNOWN;
}

static void set_since(struct finding *f, const struct finding *before, const struct run *run)
{
    bool unbroken = before && before->status == f->status && !before->gone;
    f->since = unbroken ? before->since : run->started;
    f->since_run_uuid = xstrdup(unbroken ? before->since_run_uuid : run->uuid);
}

static void finding_from(struct finding *f, const struct check *c, const struct subject_verdict *v)
{
    *f = (struct finding){
        .check_id = xstrdup(c->id), .target = xstrdup(v->target), .subject = xstrdup(v->subject), .status = status_of(v->verdict),
        .reason = xstrdup(v->reason), .severity = xstrdup(severity_name(v->verdict == VERDICT_FAIL ? v->severity : c->severity)),
        .method = v->seen ? xstrdup(method_name(v->method)) : NULL, .observed_at = v->observed_at, .evidence = xstrdup(v->evidence),
    };
}

/* This run's verdicts of the check that was called so. */
static const struct check_verdicts *verdicts_now(const struct evaluation *e, const char *id)
{
    for (size_t i = 0; i < e->n_checks; i++)
        if (check_is_called(e->checks[i].check, id))
            return &e->checks[i];
    return NULL;
}

/* Whether this run could tell that a subject is not there: only a check that was decided, at a target that was read, can. */
static bool looked_there(const struct check_verdicts *c, const char *target)
{
    if (c->erred)
        return false;
    for (size_t i = 0; i < c->n_targets; i++)
        if (strcmp(c->targets[i].target, target) == 0)
            return !c->targets[i].uncollected;
    return true;
}

static bool has_finding(const struct results *out, size_t n, const char *id, const struct finding *was)
{
    char *name = xstrdup(id);
    struct finding key = { .check_id = name, .target = was->target, .subject = was->subject };
    bool there = bsearch(&key, out->findings, n, sizeof(*out->findings), by_identity) != NULL;
    free(name);
    return there;
}

/* What failed or was unknown before and no longer has a verdict is gone, where this run looked; where it could not look nothing is said of it. A check that
 * is no longer asked is left to its old run. */
static void add_gone(struct results *out, size_t *cap, const struct past *p, const struct evaluation *e, const struct run *run)
{
    size_t n_now = out->n_findings;
    qsort(out->findings, n_now, sizeof(*out->findings), by_identity);
    for (size_t i = 0; i < p->n; i++) {
        const struct finding *was = p->v[i];
        if (was->status == FINDING_PASS || was->gone)
            continue;
        const struct check_verdicts *now = verdicts_now(e, was->check_id);
        if (!now || !looked_there(now, was->target) || has_finding(out, n_now, now->check->id, was))
            continue;
        if (out->n_findings == *cap) {
            *cap = *cap * 2 + 16;
            out->findings = xrealloc_array(out->findings, *cap, sizeof(*out->findings));
        }
        out->findings[out->n_findings++] = (struct finding){
            .check_id = xstrdup(now->check->id), .target = xstrdup(was->target), .subject = xstrdup(was->subject), .status = FINDING_PASS, .gone = true,
            .reason = xstrdup(was->subject[0] == '(' ? "known now" : "no longer there"), .severity = xstrdup(severity_name(now->check->severity)),
            .since = run->started, .since_run_uuid = xstrdup(run->uuid) };
    }
}

static void put_findings(struct results *out, const struct evaluation *e, const struct results *prev, const struct run *run)
{
    struct past past;
    past_init(&past, prev);
    size_t cap = 0;
    for (size_t i = 0; i < e->n_checks; i++)
        cap += e->checks[i].n_subjects + 1;
    out->findings = xcalloc(cap + 1, sizeof(*out->findings));
    for (size_t i = 0; i < e->n_checks; i++) {
        const struct check_verdicts *c = &e->checks[i];
        for (size_t j = 0; j < c->n_subjects; j++) {
            const struct subject_verdict *v = &c->subjects[j];
            const struct finding *before = past_find(&past, c->check, v->target, v->subject);
            bool worth_a_row = v->verdict != VERDICT_PASS || (before && before->status != FINDING_PASS);
            if (!worth_a_row)
                continue;
            struct finding *f = &out->findings[out->n_findings++];
            finding_from(f, c->check, v);
            set_since(f, before, run);
        }
        if (c->erred) {
            struct subject_verdict v = { .verdict = VERDICT_UNKNOWN, .reason = c->error };
            char target[] = "(site)", subject[] = "(check)";
            v.target = target;
            v.subject = subject;
            struct finding *f = &out->findings[out->n_findings++];
            finding_from(f, c->check, &v);
            set_since(f, past_find(&past, c->check, target, subject), run);
        }
    }
    add_gone(out, &cap, &past, e, run);
    qsort(out->findings, out->n_findings, sizeof(*out->findings), by_identity);
    free(past.v);
}

/* --- checks, scores, gates --- */

static char *json_text(json_t *j)
{
    char *text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
    json_decref(j);
    if (!text)
        BUG("JSON of our own cannot be written");
    return text;
}

static char *counts_json(const struct check_verdicts *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < c->n_targets; i++) {
        const struct target_verdicts *t = &c->targets[i];
        json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:I, s:b}", "t", t->target, "p", (json_int_t)t->n_pass, "f", (json_int_t)t->n_fail,
                                              "u", (json_int_t)t->n_unknown, "x", (int)t->uncollected));
    }
    return json_text(list);
}

static void put_checks(struct results *out, const struct evaluation *e, const struct score *s)
{
    out->checks = xcalloc(e->n_checks + 1, sizeof(*out->checks));
    out->n_checks = e->n_checks;
    for (size_t i = 0; i < e->n_checks; i++) {
        const struct check_verdicts *c = &e->checks[i];
        const struct check_score *k = &s->checks[i];
        out->checks[i] = (struct check_result){
            .check_id = xstrdup(c->check->id), .status = xstrdup(k->status), .reason = c->erred ? xstrdup(c->error) : NULL,
            .n_pass = k->n_pass, .n_fail = k->n_fail, .n_unknown = k->n_unknown, .low = k->b.low, .high = k->b.high, .target_counts = counts_json(c) };
    }
}

static void put_scores(struct results *out, const struct score *s, size_t n_checks)
{
    out->scores = xcalloc(s->n_domains + 1, sizeof(*out->scores));
    out->n_scores = s->n_domains + 1;
    out->scores[0] = (struct score_row){ .level = xstrdup("site"), .id = xstrdup(""), .low = s->b.low, .high = s->b.high, .measured = s->seen.measured,
        .documents = s->seen.documents, .told = s->seen.told, .adjusted_low = s->adjusted.low, .adjusted_high = s->adjusted.high, .n_checks = (int64_t)n_checks };
    for (size_t i = 0; i < s->n_domains; i++) {
        const struct domain_score *d = &s->domains[i];
        out->scores[i + 1] = (struct score_row){ .level = xstrdup("domain"), .id = xstrdup(d->domain), .low = d->b.low, .high = d->b.high,
            .measured = d->seen.measured, .documents = d->seen.documents, .told = d->seen.told,
            .adjusted_low = d->adjusted.low, .adjusted_high = d->adjusted.high, .n_checks = (int64_t)d->n_checks };
    }
}

static char *ids_json(const char **ids, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, json_string(ids[i]));
    return json_text(list);
}

static void put_gates(struct results *out, const struct score *s)
{
    out->gates = xcalloc(s->n_gates + 1, sizeof(*out->gates));
    out->n_gates = s->n_gates;
    for (size_t i = 0; i < s->n_gates; i++) {
        const struct gate_score *g = &s->gates[i];
        out->gates[i] = (struct gate_row){ .milestone = xstrdup(g->milestone), .date = g->date, .verdict = xstrdup(g->verdict),
            .blockers = ids_json(g->blockers, g->n_blockers), .unproven = ids_json(g->unproven, g->n_unproven), .waived = ids_json(g->waived, g->n_waived) };
    }
}

static json_t *pair(const double v[2])
{
    return json_pack("[f, f]", v[0], v[1]);
}

static char *summary_json(const struct score *s)
{
    json_t *j = json_object();
    json_object_set_new(j, "worst_open", s->any_open ? json_string(severity_name(s->worst_open)) : json_null());
    json_object_set_new(j, "open_cost", pair(s->open.once));
    json_object_set_new(j, "open_cost_yearly", pair(s->open.yearly));
    json_object_set_new(j, "open_effort_days", pair(s->open.effort_days));
    json_object_set_new(j, "waived_cost", pair(s->waived.once));
    json_object_set_new(j, "waived_cost_yearly", pair(s->waived.yearly));
    json_object_set_new(j, "waived_effort_days", pair(s->waived.effort_days));
    json_object_set_new(j, "unknown_cost", json_real(s->unknown_cost));
    return json_text(j);
}

void score_results(const struct evaluation *e, const struct score *s, const struct results *prev, const struct run *run, struct results *out)
{
    *out = (struct results){ 0 };
    put_findings(out, e, prev, run);
    put_checks(out, e, s);
    put_scores(out, s, e->n_checks);
    put_gates(out, s);
    out->summary = summary_json(s);
}
