/* From a run's facts to its sealed verdicts. Runs in the parent; the checks themselves run in the evaluation child. */
#include "checklist/assess.h"

#include <stdlib.h>

#include "checklist/evaluate.h"
#include "checklist/score.h"

/* What failed or was unknown before is reported even when it passes now, so that "passes" and "gone" can be told apart. A check that was renamed is
 * watched by its new name. */
static struct watched *watch_list(const struct results *prev, const struct checklists *c, size_t *n)
{
    struct watched *v = xcalloc(prev->n_findings + 1, sizeof(*v));
    const struct check *check = NULL;
    *n = 0;
    for (size_t i = 0; i < prev->n_findings; i++) {
        const struct finding *f = &prev->findings[i];
        if (f->status == FINDING_PASS || f->gone)
            continue;
        if (!check || !check_is_called(check, f->check_id)) {
            check = NULL;
            for (size_t k = 0; k < c->n_checks && !check; k++)
                check = check_is_called(&c->checks[k], f->check_id) ? &c->checks[k] : NULL;
        }
        if (check)
            v[(*n)++] = (struct watched){ check->id, f->target, f->subject };
    }
    return v;
}

static int store_verdicts(struct store *s, const struct run *run, const struct results *prev, const struct evaluation *e, const struct site *site, const struct checklists *c)
{
    struct results out;
    struct score *score = score_evaluation(e, c, site, run->as_of);
    score_results(e, score, prev, run, &out);
    int err = store_results_put(s, run->id, &out);
    results_clear(&out);
    score_free(score);
    return err;
}

int assess_run(struct store *s, int64_t run, int64_t prev, const struct site *site, const struct checklists *c, char seal[SHA256_HEX])
{
    struct run r = { 0 };
    struct results before = { 0 };
    struct evaluation *e = NULL;
    struct evaluate_options o = { 0 };
    int err = store_run_get(s, run, &r);
    if (!err && prev)
        err = store_results_get(s, prev, &before);
    struct watched *watch = watch_list(&before, c, &o.n_watch);
    o.watch = watch;
    if (!err)
        err = evaluate_run(s, run, c, &o, &e);
    if (!err)
        err = store_verdicts(s, &r, prev ? &before : NULL, e, site, c);
    if (!err)
        err = store_run_seal(s, run, seal);
    evaluation_free(e);
    results_clear(&before);
    free(watch);
    run_clear(&r);
    return err;
}
