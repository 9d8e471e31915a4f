/* The report document from the store: run, pinned inputs, results, collections, what changed. Parent. */
#include "report/report.h"

#include <jansson.h>
#include <stdlib.h>

#include "fact/row.h"
#include "report/request.h"

static const struct check_result *result_of(const struct results *r, const char *id)
{
    for (size_t i = 0; i < r->n_checks; i++)
        if (strcmp(r->checks[i].check_id, id) == 0)
            return &r->checks[i];
    return NULL;
}

static void fill_check(struct report *r, struct report_check *c)
{
    c->findings = results_of_check(&r->results, c->def->id, &c->n_findings);
    c->shown = c->def->severity;
    c->waivers = arena_array(r->arena, c->n_findings + 1, sizeof(const struct waiver *));
    bool any = false;
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct finding *f = &c->findings[i];
        enum severity graded;
        if (f->status != FINDING_FAIL)
            continue;
        c->waivers[i] = score_waiver(r->pinned.site, r->run.as_of, c->def, f->target, f->subject);
        if (c->waivers[i]) {
            c->n_waived++;
            continue;
        }
        if (f->severity && severity_parse(f->severity, &graded) && (!any || graded > c->shown)) {
            c->shown = graded;
            any = true;
        }
    }
}

static void count_status(struct report *r, const char *status)
{
    if (strcmp(status, "pass") == 0)
        r->n_pass++;
    else if (strcmp(status, "fail") == 0)
        r->n_fail++;
    else if (strcmp(status, "unknown") == 0)
        r->n_unknown++;
    else
        r->n_not_applicable++;
}

static void fill_checks(struct report *r)
{
    const struct checklists *c = r->pinned.checklists;
    r->checks = arena_array(r->arena, c->n_checks + 1, sizeof(*r->checks));
    for (size_t i = 0; i < c->n_checks; i++) {
        const struct check_result *result = result_of(&r->results, c->checks[i].id);
        if (!result)
            continue;                /* an open run that was not judged */
        struct report_check *out = &r->checks[r->n_checks++];
        out->def = &c->checks[i];
        out->result = result;
        fill_check(r, out);
        count_status(r, result->status);
    }
}

const struct report_check *report_check_find(const struct report *r, const char *id)
{
    for (size_t i = 0; i < r->n_checks; i++)
        if (strcmp(r->checks[i].def->id, id) == 0)
            return &r->checks[i];
    return NULL;
}

/* --- gates --- */

/* A JSON array of ids of our own making: ["A-1","B-2"]. */
static size_t list_ids(const struct report *r, const char *json, const struct report_check ***out)
{
    size_t n = 0;
    *out = arena_array(r->arena, r->n_checks + 1, sizeof(const struct report_check *));
    for (size_t i = 0; json && i < r->n_checks; i++) {
        struct buf quoted = BUF_INIT(1024);
        buf_printf(&quoted, "\"%s\"", r->checks[i].def->id);
        if (strstr(json, buf_str(&quoted)))
            (*out)[n++] = &r->checks[i];
        buf_clear(&quoted);
    }
    return n;
}

static const struct roadmap_gate *plan_of(const struct report *r, const char *milestone)
{
    for (size_t i = 0; i < r->roadmap->n_gates; i++)
        if (strcmp(r->roadmap->gates[i].milestone, milestone) == 0)
            return &r->roadmap->gates[i];
    return NULL;
}

static void fill_gate(struct report *r, struct report_gate *g, const struct gate_row *row)
{
    g->row = row;
    g->n_blockers = list_ids(r, row->blockers, &g->blockers);
    g->n_unproven = list_ids(r, row->unproven, &g->unproven);
    g->n_waived = list_ids(r, row->waived, &g->waived);
    g->plan = plan_of(r, row->milestone);
}

/* By when work on an open check must be ordered for the sake of a dated milestone. */
static int64_t order_by(const struct report *r, const struct report_check *c)
{
    const struct work_item *item = work_of_check(r->work, c->def->id, WORK_OPEN);
    bool gated = c->def->gate && check_gates(c->def, r->pinned.site->plan);
    return item && gated && item->gate >= 0 && r->work->milestones[item->gate].date ? roadmap_find(r->roadmap, item)->order_by : 0;
}

static void fill_gates(struct report *r)
{
    r->gates = arena_array(r->arena, r->results.n_gates + 1, sizeof(*r->gates));
    r->n_gates = r->results.n_gates;
    for (size_t i = 0; i < r->n_gates; i++)
        fill_gate(r, &r->gates[i], &r->results.gates[i]);
    for (size_t i = 0; i < r->n_checks; i++)
        r->checks[i].order_by = order_by(r, &r->checks[i]);
}

/* --- money --- */

static json_t *pair(const int64_t v[2], double per)
{
    return json_pack("[f, f]", (double)v[0] / per, (double)v[1] / per);
}

/* A run of an earlier version of this program counted what is waived among what is open: what is told is of one kind for every run. */
static void fill_costs(struct report *r)
{
    struct amounts open = work_total(r->work, WORK_OPEN), waived = work_total(r->work, WORK_WAIVED);
    json_t *j = json_loads(r->results.summary, 0, NULL);
    if (!json_object_get(j, "open_cost")) {
        json_decref(j);              /* an open run that was not judged */
        return;
    }
    json_object_set_new(j, "open_cost", pair(open.cost, 100));
    json_object_set_new(j, "open_cost_yearly", pair(open.yearly, 100));
    json_object_set_new(j, "open_effort_days", pair(open.effort, 1000));
    json_object_set_new(j, "waived_cost", pair(waived.cost, 100));
    json_object_set_new(j, "waived_cost_yearly", pair(waived.yearly, 100));
    json_object_set_new(j, "waived_effort_days", pair(waived.effort, 1000));
    char *text = json_dumps(j, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
    if (text) {
        free(r->results.summary);
        r->results.summary = text;
    }
    json_decref(j);
}

/* --- loading --- */

static int find_previous(struct store *s, struct report *r)
{
    struct run *v = NULL;
    size_t n = 0;
    if (!r->run.previous_seal[0])
        return 0;
    int err = store_runs(s, r->run.site, &v, &n);
    if (err)
        return err;
    for (size_t i = 0; i < n && !r->has_previous; i++)
        if (strcmp(v[i].seal, r->run.previous_seal) == 0) {
            r->has_previous = true;
            err = store_run_get(s, v[i].id, &r->previous);
        }
    runs_free(v, n);
    return err;
}

static int load_parts(struct store *s, int64_t run, struct report *r, char **why)
{
    int err = store_run_get(s, run, &r->run);
    if (!err)
        err = pinned_load(s, run, &r->pinned, why);
    if (!err)
        err = store_results_get(s, run, &r->results);
    if (!err)
        err = store_collections(s, run, &r->collections, &r->n_collections);
    if (!err)
        err = store_targets(s, run, &r->targets, &r->n_targets);
    if (!err)
        err = find_previous(s, r);
    if (!err)
        err = store_trend(s, run, &r->trend, &r->n_trend);
    return err;
}

int report_load(struct store *s, int64_t run, bool with_changes, struct report **out, char **why)
{
    struct arena *arena = arena_new();
    struct report *r = arena_alloc(arena, sizeof(*r));
    *out = NULL;
    *why = NULL;
    r->arena = arena;
    int err = load_parts(s, run, r, why);
    if (!err) {
        for (size_t i = 0; i < r->results.n_scores; i++)
            if (strcmp(r->results.scores[i].level, "site") == 0)
                r->site_score = &r->results.scores[i];
        fill_checks(r);
        r->work = work_make(r->pinned.site, r->pinned.checklists, &r->results, r->run.as_of);
        fill_costs(r);
        r->impact = impact_make(r->work, &r->results);
        r->roadmap = roadmap_make(r->work, r->run.as_of, NULL, 0);
        fill_gates(r);
        report_find_settles(r);
        r->requests = request_list_make(r, r->pinned.site);
        err = report_find_disagreements(s, r);
        if (!err)
            err = realised_make(s, r->pinned.site, &r->realised);
    }
    if (err) {
        if (!*why)
            *why = xasprintf("run %lld cannot be read: %s", (long long)run, err_text(err));
        report_free(r);
        return err;
    }
    if (with_changes)
        report_compare(s, r);
    *out = r;
    return 0;
}

void report_take_requests(struct report *r, const struct site *said)
{
    request_list_free(r->requests);
    r->requests = request_list_make(r, said);
}

void report_free(struct report *r)
{
    if (!r)
        return;
    report_page_free(r);
    comparison_free(r->changes);
    request_list_free(r->requests);
    realised_free(r->realised);
    impact_free(r->impact);
    roadmap_free(r->roadmap);
    work_free(r->work);
    free(r->changes_why);
    run_clear(&r->run);
    run_clear(&r->previous);
    pinned_clear(&r->pinned);
    results_clear(&r->results);
    collections_free(r->collections, r->n_collections);
    targets_free(r->targets, r->n_targets);
    trend_free(r->trend, r->n_trend);
    arena_free(r->arena);
}

const struct waiver *report_waiver(const struct report_check *c, const struct finding *f)
{
    return c->waivers[f - c->findings];
}

char *report_marking(const struct report *r)
{
    const char *own = r->audience ? site_marking(r->pinned.site, r->audience->name) : NULL, *general = site_marking(r->pinned.site, NULL);
    if (own)
        return xstrdup(own);
    return r->audience ? xasprintf("%s - %s", general, r->audience->mark) : xstrdup(general);
}

const char *report_title(const struct report *r)
{
    return site_title(r->pinned.site);
}

const char *report_owner(const struct report *r, const struct check *c)
{
    const char *owner = c->owner ? site_owner_text(r->pinned.site, c->owner) : "nobody";
    return c->co_owner ? arena_printf(r->arena, "%s with %s", owner, site_owner_text(r->pinned.site, c->co_owner)) : owner;
}
