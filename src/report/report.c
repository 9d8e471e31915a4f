/* The report document from the store: run, pinned inputs, results, collections, what changed. Parent. */
#include "report/report.h"

#include <stdlib.h>

#include "fact/row.h"
#include "plan/plan.h"

static const struct check_result *result_of(const struct results *r, const char *id)
{
    for (size_t i = 0; i < r->n_checks; i++)
        if (strcmp(r->checks[i].check_id, id) == 0)
            return &r->checks[i];
    return NULL;
}

static int by_identity(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    int d = strcmp(x->check_id, y->check_id);
    if (d == 0)
        d = strcmp(x->target, y->target);
    return d != 0 ? d : strcmp(x->subject, y->subject);
}

static void fill_check(struct report *r, struct report_check *c)
{
    const struct results *res = &r->results;
    size_t first = 0;
    while (first < res->n_findings && strcmp(res->findings[first].check_id, c->def->id) < 0)
        first++;
    c->findings = &res->findings[first];
    while (first + c->n_findings < res->n_findings && strcmp(res->findings[first + c->n_findings].check_id, c->def->id) == 0)
        c->n_findings++;
    c->shown = c->def->severity;
    bool any = false;
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct finding *f = &c->findings[i];
        enum severity graded;
        if (f->status != FINDING_FAIL)
            continue;
        if (score_waiver(r->pinned.site, r->run.as_of, c->def, f->target, f->subject)) {
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
    if (r->results.n_findings > 0)           /* qsort() takes no NULL, not even for nothing */
        qsort(r->results.findings, r->results.n_findings, sizeof(*r->results.findings), by_identity);
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

static bool open_at(const struct report *r, const struct report_check *c, const char *target)
{
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct finding *f = &c->findings[i];
        if (f->status == FINDING_FAIL && strcmp(f->target, target) == 0 && !score_waiver(r->pinned.site, r->run.as_of, c->def, f->target, f->subject))
            return true;
    }
    return false;
}

/* Of the checks that ask for the same fix at a target, the dearest counts, the first where they cost the same. */
static bool counted_elsewhere(const struct report *r, const struct report_check *c, const char *target, const struct report_check *const *others, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct report_check *o = others[i];
        if (o == c || !o->def->fix_group || strcmp(o->def->fix_group, c->def->fix_group) != 0 || !open_at(r, o, target))
            continue;
        double more = o->def->effort_days[1] - c->def->effort_days[1];
        if (more > 0 || (more >= 0 && strcmp(o->def->id, c->def->id) < 0))
            return true;
    }
    return false;
}

/* How often the check's effort is to be spent on what is open: once a subject, or once a target where one fix answers them all and no other of these
 * checks asks for the same fix there. */
static double open_times(const struct report *r, const struct report_check *c, const struct report_check *const *others, size_t n_others)
{
    const char *last = NULL;
    size_t n = 0;
    if (!c->def->fix_group)
        return (double)(c->result->n_fail - c->n_waived);
    for (size_t i = 0; i < c->n_findings; i++) {
        const char *target = c->findings[i].target;
        if (last && strcmp(last, target) == 0)
            continue;
        last = target;
        n += open_at(r, c, target) && !counted_elsewhere(r, c, target, others, n_others);
    }
    return (double)n;
}

/* low and high: how often it has to be done. What may not have to be done at all has no lead time at the low end. */
static struct work work_of(const struct check *d, double low, double high)
{
    return (struct work){ d->owner, { d->effort_days[0] * low, d->effort_days[1] * high }, { low > 0 ? d->lead_days[0] : 0, d->lead_days[1] } };
}

/* What is unknown may have to be done too: the high end has it all, the low end nothing of it. */
static void fill_earliest(struct report *r, struct report_gate *g)
{
    struct work *w = xcalloc(g->n_blockers + g->n_unproven + 1, sizeof(*w));
    size_t n = 0;
    for (size_t i = 0; i < g->n_blockers; i++) {
        double times = open_times(r, g->blockers[i], g->blockers, g->n_blockers);
        w[n++] = work_of(g->blockers[i]->def, times, times);
    }
    for (size_t i = 0; i < g->n_unproven; i++)
        w[n++] = work_of(g->unproven[i]->def, 0, (double)g->unproven[i]->result->n_unknown);
    g->has_earliest = n > 0 && plan_earliest(w, n, r->pinned.site, r->run.as_of, g->earliest);
    free(w);
}

static void fill_gate(struct report *r, struct report_gate *g, const struct gate_row *row)
{
    g->row = row;
    g->n_blockers = list_ids(r, row->blockers, &g->blockers);
    g->n_unproven = list_ids(r, row->unproven, &g->unproven);
    g->n_waived = list_ids(r, row->waived, &g->waived);
    fill_earliest(r, g);
}

static void fill_order_by(struct report *r, struct report_check *c)
{
    if (!c->def->gate || !check_gates(c->def, r->pinned.site->plan) || c->result->n_fail <= c->n_waived)
        return;
    double times = open_times(r, c, NULL, 0);
    struct work w = work_of(c->def, times, times);
    for (size_t g = 0; g < r->n_gates; g++)
        if (strcmp(r->gates[g].row->milestone, c->def->gate) == 0)
            c->order_by = plan_order_by(&w, r->pinned.site, r->gates[g].row->date);
}

static void fill_gates(struct report *r)
{
    r->gates = arena_array(r->arena, r->results.n_gates + 1, sizeof(*r->gates));
    r->n_gates = r->results.n_gates;
    for (size_t i = 0; i < r->n_gates; i++)
        fill_gate(r, &r->gates[i], &r->results.gates[i]);
    for (size_t i = 0; i < r->n_checks; i++)
        fill_order_by(r, &r->checks[i]);
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
        fill_gates(r);
        report_find_settles(r);
        err = report_find_disagreements(s, r);
    }
    if (err) {
        if (!*why)
            *why = xasprintf("run %lld cannot be read: %s", (long long)run, err_text(err));
        report_free(r);
        return err;
    }
    /* a comparison that cannot be made spoils no report: it says so */
    if (with_changes && r->has_previous && compare_runs(s, r->previous.id, run, &r->changes, &r->changes_why))
        r->changes = NULL;
    *out = r;
    return 0;
}

void report_free(struct report *r)
{
    if (!r)
        return;
    comparison_free(r->changes);
    free(r->changes_why);
    run_clear(&r->run);
    run_clear(&r->previous);
    pinned_clear(&r->pinned);
    results_clear(&r->results);
    collections_free(r->collections, r->n_collections);
    targets_free(r->targets, r->n_targets);
    arena_free(r->arena);
}

const char *report_title(const struct report *r)
{
    return site_title(r->pinned.site);
}

const char *report_owner(const struct report *r, const struct check *c)
{
    const char *name = c->owner ? site_owner_name(r->pinned.site, c->owner) : NULL;
    return name ? name : c->owner ? c->owner : "nobody";
}
