/* Comparing two runs of the store: both runs' pinned inputs and facts are read, the older run's facts are judged by the newer run's checklists too, and
 * compare.c does the rest. Runs in the parent. */
#include <jansson.h>
#include <stdlib.h>

#include "checklist/compare.h"
#include "checklist/pinned.h"

struct one_run {
    struct run run;
    struct pinned pinned;
    struct target_record *targets; size_t n_targets;
    const char **names;
    struct results results;
    struct bounds sealed;
};

/* What a comparison points into. */
struct owned { struct one_run old, now; struct evaluation *e[3]; };

static void one_run_clear(struct one_run *r)
{
    run_clear(&r->run);
    pinned_clear(&r->pinned);
    results_clear(&r->results);
    targets_free(r->targets, r->n_targets);
    free(r->names);
}

static void owned_free(struct owned *o)
{
    if (o->e[1] != o->e[0])
        evaluation_free(o->e[1]);
    evaluation_free(o->e[0]);
    evaluation_free(o->e[2]);
    one_run_clear(&o->old);
    one_run_clear(&o->now);
    free(o);
}

void comparison_free(struct comparison *c)
{
    if (!c)
        return;
    if (c->owned)
        owned_free(c->owned);
    arena_free(c->arena);
}

static int load_sealed_score(struct store *s, struct one_run *r)
{
    int err = store_results_get(s, r->run.id, &r->results);
    if (err)
        return err;
    r->sealed = (struct bounds){ SCORE_NONE, SCORE_NONE };
    for (size_t i = 0; i < r->results.n_scores; i++)
        if (strcmp(r->results.scores[i].level, "site") == 0)
            r->sealed = (struct bounds){ r->results.scores[i].low, r->results.scores[i].high };
    return 0;
}

static int one_run_load(struct store *s, int64_t id, struct one_run *r, char **why)
{
    int err = store_run_get(s, id, &r->run);
    if (!err)
        err = pinned_load(s, id, &r->pinned, why);
    if (!err)
        err = store_targets(s, id, &r->targets, &r->n_targets);
    if (!err)
        err = load_sealed_score(s, r);
    if (err) {
        if (why && !*why)
            *why = xasprintf("run %lld cannot be read: %s", (long long)id, err_text(err));
        return err;
    }
    r->names = xcalloc(r->n_targets + 1, sizeof(const char *));
    for (size_t i = 0; i < r->n_targets; i++)
        r->names[i] = r->targets[i].name;
    return 0;
}

/* The place a run was seen from, as people call it; "" when it was not said. */
static char *vantage_label(const struct run *r)
{
    json_t *j = r->vantage ? json_loads(r->vantage, 0, NULL) : NULL;
    const char *label = j ? json_string_value(json_object_get(j, "label")) : NULL;
    char *out = xstrdup(label ? label : "");
    json_decref(j);
    return out;
}

static bool vantages_differ(const struct run *a, const struct run *b)
{
    char *x = vantage_label(a), *y = vantage_label(b);
    bool differ = x[0] && y[0] && strcmp(x, y) != 0;
    free(x);
    free(y);
    return differ;
}

/* Since when what still fails has failed, as the newer run has it. */
static void fill_since(struct comparison *c, const struct results *now)
{
    size_t at = 0;
    for (size_t i = 0; i < c->n_findings; i++) {
        struct changed_finding *f = &c->findings[i];
        if (f->change != CHANGE_STILL_FAILING)
            continue;
        /* both are sorted by check, target and subject */
        for (; at < now->n_findings; at++) {
            const struct finding *k = &now->findings[at];
            int d = strcmp(k->check_id, f->check->id);
            if (d == 0)
                d = strcmp(k->target, f->target);
            if (d == 0)
                d = strcmp(k->subject, f->subject);
            if (d == 0)
                f->since = k->since;
            if (d >= 0)
                break;
        }
    }
}

int compare_runs(struct store *s, int64_t old_run, int64_t new_run, struct comparison **out, char **why)
{
    *out = NULL;
    if (why)
        *why = NULL;
    struct owned *o = xcalloc(1, sizeof(*o));
    int err = one_run_load(s, old_run, &o->old, why);
    if (!err)
        err = one_run_load(s, new_run, &o->now, why);
    if (!err && strcmp(o->old.run.site, o->now.run.site) != 0) {
        err = ERR_BAD_INPUT;
        if (why)
            *why = xasprintf("run %lld is of %s and run %lld of %s: two runs of one site are compared", (long long)old_run, o->old.run.site, (long long)new_run, o->now.run.site);
    }
    const struct evaluate_options all = { .all_subjects = true };
    if (!err)
        err = evaluate_run(s, old_run, o->old.pinned.checklists, &all, &o->e[0]);
    bool same = strcmp(o->old.pinned.fingerprint, o->now.pinned.fingerprint) == 0;
    if (!err && same)
        o->e[1] = o->e[0];
    else if (!err)
        err = evaluate_run(s, old_run, o->now.pinned.checklists, &all, &o->e[1]);
    if (!err)
        err = evaluate_run(s, new_run, o->now.pinned.checklists, &all, &o->e[2]);
    if (err) {
        if (why && !*why)
            *why = xasprintf("the runs cannot be judged again: %s", err_text(err));
        owned_free(o);
        return err;
    }
    struct compare_side a = { o->e[0], o->old.pinned.checklists, o->old.names, o->old.n_targets, o->old.sealed };
    struct compare_side b = { o->e[1], o->now.pinned.checklists, o->old.names, o->old.n_targets, { SCORE_NONE, SCORE_NONE } };
    struct compare_side f = { o->e[2], o->now.pinned.checklists, o->now.names, o->now.n_targets, o->now.sealed };
    *out = compare_evaluations(&a, &b, &f, vantages_differ(&o->old.run, &o->now.run));
    (*out)->checklists_differ = !same;
    (*out)->title = site_title(o->now.pinned.site);
    (*out)->owned = o;
    fill_since(*out, &o->now.results);
    return 0;
}
