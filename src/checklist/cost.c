/* What stands open and what it costs: failing subjects priced low to high, the unknown priced high and kept apart.
 * Findings that one fix answers (fix_group) are priced once per target. Pure. */
#include <stdlib.h>

#include "checklist/score.h"

enum heap { OPEN, UNKNOWN_HEAP, N_HEAPS };

/* One fix at one target, with the dearest of the checks that ask for it. */
struct fix { const char *target, *group; double cost[2], yearly[2], effort[2]; };
struct fixes { struct fix *v; size_t n, cap; };

static void raise(double into[2], const double from[2])
{
    for (int k = 0; k < 2; k++)
        if (from[k] > into[k])
            into[k] = from[k];
}

static struct fix *fix_of(struct fixes *f, const char *target, const char *group)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->v[i].target, target) == 0 && strcmp(f->v[i].group, group) == 0)
            return &f->v[i];
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 16;
        f->v = xrealloc_array(f->v, f->cap, sizeof(*f->v));
    }
    f->v[f->n] = (struct fix){ .target = target, .group = group };
    return &f->v[f->n++];
}

struct tally { double cost[2], yearly[2], effort[2]; struct fixes fixes; };

static void tally_add(struct tally *t, const struct check *c, const char *target, int64_t n)
{
    if (n <= 0)
        return;
    if (c->fix_group) {
        struct fix *f = fix_of(&t->fixes, target, c->fix_group);
        raise(f->cost, c->cost);
        raise(f->yearly, c->cost_yearly);
        raise(f->effort, c->effort_days);
        return;
    }
    for (int k = 0; k < 2; k++) {
        t->cost[k] += c->cost[k] * (double)n;
        t->yearly[k] += c->cost_yearly[k] * (double)n;
        t->effort[k] += c->effort_days[k] * (double)n;
    }
}

/* except: fixes that are priced already. */
static void tally_end(struct tally *t, struct fixes *except)
{
    for (size_t i = 0; i < t->fixes.n; i++) {
        const struct fix *f = &t->fixes.v[i];
        bool priced = false;
        for (size_t j = 0; except && j < except->n; j++)
            priced = priced || (strcmp(except->v[j].target, f->target) == 0 && strcmp(except->v[j].group, f->group) == 0);
        for (int k = 0; k < 2 && !priced; k++) {
            t->cost[k] += f->cost[k];
            t->yearly[k] += f->yearly[k];
            t->effort[k] += f->effort[k];
        }
    }
}

void score_costs(struct score *s, const struct evaluation *e)
{
    struct tally heap[N_HEAPS] = { 0 };
    for (size_t i = 0; i < e->n_checks; i++) {
        const struct check_verdicts *c = &e->checks[i];
        if (c->erred || (c->applicable && c->n_targets == 0))
            tally_add(&heap[UNKNOWN_HEAP], c->check, "(site)", 1);
        for (size_t j = 0; !c->erred && j < c->n_targets; j++) {
            const struct target_verdicts *t = &c->targets[j];
            tally_add(&heap[OPEN], c->check, t->target, t->n_fail);
            tally_add(&heap[UNKNOWN_HEAP], c->check, t->target, t->n_unknown + (t->uncollected ? 1 : 0));
        }
    }
    tally_end(&heap[OPEN], NULL);
    tally_end(&heap[UNKNOWN_HEAP], &heap[OPEN].fixes);
    for (int k = 0; k < 2; k++) {
        s->open_cost[k] = heap[OPEN].cost[k];
        s->open_cost_yearly[k] = heap[OPEN].yearly[k];
        s->open_effort_days[k] = heap[OPEN].effort[k];
    }
    s->unknown_cost = heap[UNKNOWN_HEAP].cost[1];
    for (int h = 0; h < N_HEAPS; h++)
        free(heap[h].fixes.v);
}
