/* What has to be done where, and what it takes. Pure; parent. */
#include "checklist/fixes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- amounts --- */

static int64_t units(double v, double per_unit)
{
    double x = v * per_unit;
    return x >= (double)AMOUNT_MAX ? AMOUNT_MAX : x <= 0 ? 0 : (int64_t)llround(x);
}

struct amounts amounts_of(const struct check *c)
{
    struct amounts a;
    for (int k = 0; k < 2; k++) {
        a.cost[k] = units(c->cost[k], 100);
        a.yearly[k] = units(c->cost_yearly[k], 100);
        a.effort[k] = units(c->effort_days[k], 1000);
    }
    return a;
}

void lead_of(const struct check *c, int64_t out[2])
{
    for (int k = 0; k < 2; k++)
        out[k] = c->lead_days[k] >= LEAD_MAX ? LEAD_MAX : (int64_t)ceil(c->lead_days[k]);
}

static int64_t times(int64_t a, int64_t n)
{
    int64_t out;
    return __builtin_mul_overflow(a, n, &out) || out > AMOUNT_MAX ? AMOUNT_MAX : out;
}

static int64_t plus(int64_t a, int64_t b)
{
    return a > AMOUNT_MAX - b ? AMOUNT_MAX : a + b;
}

struct amounts amounts_times(const struct amounts *a, int64_t n)
{
    struct amounts out;
    for (int k = 0; k < 2; k++) {
        out.cost[k] = times(a->cost[k], n);
        out.yearly[k] = times(a->yearly[k], n);
        out.effort[k] = times(a->effort[k], n);
    }
    return out;
}

void amounts_add(struct amounts *into, const struct amounts *a)
{
    for (int k = 0; k < 2; k++) {
        into->cost[k] = plus(into->cost[k], a->cost[k]);
        into->yearly[k] = plus(into->yearly[k], a->yearly[k]);
        into->effort[k] = plus(into->effort[k], a->effort[k]);
    }
}

static void raise_to(int64_t *into, int64_t v)
{
    if (v > *into)
        *into = v;
}

void amounts_raise(struct amounts *into, const struct amounts *a)
{
    for (int k = 0; k < 2; k++) {
        raise_to(&into->cost[k], a->cost[k]);
        raise_to(&into->yearly[k], a->yearly[k]);
        raise_to(&into->effort[k], a->effort[k]);
    }
}

/* --- fixes --- */

const char *fix_name(const struct check *c)
{
    return c->fix_group ? c->fix_group : c->id;
}

static int by_place(const void *a, const void *b)
{
    const struct fix *x = a, *y = b;
    int d = strcmp(x->name, y->name);
    return d != 0 ? d : strcmp(x->target, y->target);
}

void fixes_add(struct fixes *f, const struct check *c, const char *target, int64_t n, int64_t rank)
{
    struct amounts each = amounts_of(c);
    if (n <= 0)
        return;
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 16;
        f->v = xrealloc_array(f->v, f->cap, sizeof(*f->v));
    }
    f->v[f->n++] = (struct fix){ .name = fix_name(c), .target = target, .group = c->fix_group != NULL, .rank = rank, .subjects = n,
                                 .a = c->fix_group ? each : amounts_times(&each, n) };
}

void fixes_merge(struct fixes *f)
{
    size_t n = 0;
    if (f->n > 0)
        qsort(f->v, f->n, sizeof(*f->v), by_place);
    for (size_t i = 0; i < f->n; i++) {
        if (n == 0 || by_place(&f->v[n - 1], &f->v[i]) != 0) {
            f->v[n++] = f->v[i];
            continue;
        }
        struct fix *into = &f->v[n - 1];
        if (into->group)
            amounts_raise(&into->a, &f->v[i].a);
        else
            amounts_add(&into->a, &f->v[i].a);
        into->subjects = plus(into->subjects, f->v[i].subjects);
        if (f->v[i].rank < into->rank)
            into->rank = f->v[i].rank;
    }
    f->n = n;
}

const struct fix *fixes_find(const struct fixes *f, const char *name, const char *target)
{
    struct fix key = { .name = name, .target = target };
    return f->n > 0 ? bsearch(&key, f->v, f->n, sizeof(*f->v), by_place) : NULL;
}

void fixes_drop(struct fixes *f, const struct fixes *other)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (!f->v[i].group || !fixes_find(other, f->v[i].name, f->v[i].target))
            f->v[n++] = f->v[i];
    f->n = n;
}

struct amounts fixes_sum(const struct fixes *f)
{
    struct amounts sum = { 0 };
    for (size_t i = 0; i < f->n; i++)
        amounts_add(&sum, &f->v[i].a);
    return sum;
}

void fixes_clear(struct fixes *f)
{
    free(f->v);
    *f = (struct fixes){ 0 };
}
