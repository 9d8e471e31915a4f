/* What stands open and what it costs: failing subjects priced low to high, the unknown priced high and kept apart.
 * Findings that one fix answers (fix_group) are priced once per target. Pure. */
#include <stdlib.h>

#include "checklist/score.h"

enum heap { OPEN, UNKNOWN_HEAP, N_HEAPS };

/* One fix at one target, as dear as the dearest of the checks that ask for it. */
struct fix { const char *target, *group; double cost[2], yearly[2], effort[2]; };
struct fixes { struct fix *v; size_t n, cap; };

static int by_place(const void *a, const void *b)
{
    const struct fix *x = a, *y = b;
    int d = strcmp(x->target, y->target);
    return d != 0 ? d : strcmp(x->group, y->group);
}

static void raise(double into[2], const double from[2])
{
    for (int k = 0; k < 2; k++)
        if (from[k] > into[k])
            into[k] = from[k];
}

static void fixes_add(struct fixes *f, const struct check *c, const char *target)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 16;
        f->v = xrealloc_array(f->v, f->cap, sizeof(*f->v));
    }
    f->v[f->n++] = (struct fix){ target, c->fix_group, { c->cost[0], c->cost[1] }, { c->cost_yearly[0], c->cost_yearly[1] }, { c->effort_days[0], c->effort_days[1] } };
}

/* Sorted, with one entry for each place. */
static void fixes_merge(struct fixes *f)
{
    size_t n = 0;
    if (f->n > 0)
        qsort(f->v, f->n, sizeof(*f->v), by_place);
    for (size_t i = 0; i < f->n; i++) {
        if (n == 0 || by_place(&f->v[n - 1], &f->v[i]) != 0) {
            f->v[n++] = f->v[i];
            continue;
        }
        raise(f->v[n - 1].cost, f->v[i].cost);
        raise(f->v[n - 1].yearly, f->v[i].yearly);
        raise(f->v[n - 1].effort, f->v[i].effort);
    }
    f->n = n;
}

struct tally { double cost[2], yearly[2], effort[2]; struct fixes fixes; };

static void tally_add(struct tally *t, const struct check *c, const char *target, int64_t n)
{
    if (n > 0 && c->fix_group)
        fixes_add(&t->fixes, c, target);
    for (int k = 0; k < 2 && n > 0 && !c->fix_group; k++) {
        t->cost[k] += c->cost[k] * (double)n;
        t->yearly[k] += c->cost_yearly[k] * (double)n;
        t->effort[k] += c->effort_days[k] * (double)n;
    }
}

/* except: fixes that are priced already, merged. */
static void tally_end(struct tally *t, const struct fixes *except)
{
    fixes_merge(&t->fixes);
    for (size_t i = 0; i < t->fixes.n; i++) {
        const struct fix *f = &t->fixes.v[i];
        bool priced = except && except->n > 0 && bsearch(f, except->v, except->n, sizeof(*f), by_place) != NULL;
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
