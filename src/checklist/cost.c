/* What stands open and what it costs: failing subjects priced low to high, the unknown priced high and kept apart (fixes.h has the arithmetic). Pure. */
#include "checklist/fixes.h"
#include "checklist/score.h"

void score_costs(struct score *s, const struct evaluation *e)
{
    struct fixes open = { 0 }, unknown = { 0 };
    for (size_t i = 0; i < e->n_checks; i++) {
        const struct check_verdicts *c = &e->checks[i];
        if (c->erred || (c->applicable && c->n_targets == 0))
            fixes_add(&unknown, c->check, "(site)", 1, 0);
        for (size_t j = 0; !c->erred && j < c->n_targets; j++) {
            const struct target_verdicts *t = &c->targets[j];
            fixes_add(&open, c->check, t->target, t->n_fail, 0);
            fixes_add(&unknown, c->check, t->target, t->n_unknown + (t->uncollected ? 1 : 0), 0);
        }
    }
    fixes_merge(&open);
    fixes_merge(&unknown);
    fixes_drop(&unknown, &open);
    struct amounts failing = fixes_sum(&open), unseen = fixes_sum(&unknown);
    for (int k = 0; k < 2; k++) {
        s->open_cost[k] = (double)failing.cost[k] / 100;
        s->open_cost_yearly[k] = (double)failing.yearly[k] / 100;
        s->open_effort_days[k] = (double)failing.effort[k] / 1000;
    }
    s->unknown_cost = (double)unseen.cost[1] / 100;
    fixes_clear(&open);
    fixes_clear(&unknown);
}
