/* What stands open and what it costs: failing subjects priced low to high, those under a live waiver apart, the unknown priced high and apart (fixes.h has the
 * arithmetic). Pure. */
#include <stdlib.h>

#include "checklist/fixes.h"
#include "checklist/score.h"

static void put(const struct fixes *f, struct cost *out)
{
    struct amounts a = fixes_sum(f);
    for (int k = 0; k < 2; k++) {
        out->once[k] = (double)a.cost[k] / 100;
        out->yearly[k] = (double)a.yearly[k] / 100;
        out->effort_days[k] = (double)a.effort[k] / 1000;
    }
}

void score_costs(struct score *s, const struct evaluation *e, const struct site *site, int64_t as_of)
{
    struct fixes open = { 0 }, waived = { 0 }, unknown = { 0 };
    struct cost unseen;
    for (size_t i = 0; i < e->n_checks; i++) {
        const struct check_verdicts *c = &e->checks[i];
        int64_t *covered = xcalloc(c->n_targets + 1, sizeof(*covered));
        (void)score_count_waived(c, site, as_of, covered);
        if (c->erred || (c->applicable && c->n_targets == 0))
            fixes_add(&unknown, c->check, "(site)", 1, 0);
        for (size_t j = 0; !c->erred && j < c->n_targets; j++) {
            const struct target_verdicts *t = &c->targets[j];
            fixes_add(&open, c->check, t->target, t->n_fail - covered[j], 0);
            fixes_add(&waived, c->check, t->target, covered[j], 0);
            fixes_add(&unknown, c->check, t->target, t->n_unknown + (t->uncollected ? 1 : 0), 0);
        }
        free(covered);
    }
    fixes_merge(&open);
    fixes_merge(&waived);
    fixes_merge(&unknown);
    fixes_drop(&unknown, &open);
    fixes_drop(&unknown, &waived);
    fixes_drop(&waived, &open);
    put(&open, &s->open);
    put(&waived, &s->waived);
    put(&unknown, &unseen);
    s->unknown_cost = unseen.once[1];
    fixes_clear(&open);
    fixes_clear(&waived);
    fixes_clear(&unknown);
}
