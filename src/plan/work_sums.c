/* What open work comes to, by one property or another. Pure; parent. */
#include <stdlib.h>

#include "plan/work.h"

static const char *key_of(const struct work_set *w, const struct work_item *item, enum work_by by)
{
    switch (by) {
    case BY_MILESTONE: return item->gate < 0 ? "" : w->milestones[item->gate].name;
    case BY_DOMAIN: return item->lead->domain;
    case BY_OWNER: return item->role ? item->role : "";
    case BY_REMEDY: return remedy_name(item->remedy);
    case BY_HORIZON: return horizon_name(item->horizon);
    }
    return "";
}

/* Where the key stands among the others: what is left open ("") last. */
static int place_of(const struct work_set *w, const struct work_item *item, enum work_by by)
{
    switch (by) {
    case BY_MILESTONE: return item->gate < 0 ? INT32_MAX : item->gate;
    case BY_DOMAIN: return 0;
    case BY_OWNER: return item->role ? 0 : 1;
    case BY_REMEDY: return item->remedy == REMEDY_UNDECIDED ? REMEDY_COUNT : (int)item->remedy;
    case BY_HORIZON: return (int)item->horizon;
    }
    (void)w;
    return 0;
}

struct placed_sum { int place; struct work_sum sum; };

static int by_place(const void *a, const void *b)
{
    const struct placed_sum *x = a, *y = b;
    return x->place != y->place ? (x->place < y->place ? -1 : 1) : strcmp(x->sum.key, y->sum.key);
}

size_t work_sums(const struct work_set *w, enum work_by by, struct work_sum **out)
{
    struct placed_sum *v = xcalloc(w->n_items + 1, sizeof(*v));
    size_t n = 0;
    for (size_t i = 0; i < w->n_items; i++) {
        const struct work_item *item = &w->items[i];
        size_t at = 0;
        if (item->state != WORK_OPEN)
            continue;
        while (at < n && strcmp(v[at].sum.key, key_of(w, item, by)) != 0)
            at++;
        if (at == n)
            v[n++] = (struct placed_sum){ place_of(w, item, by), { .key = key_of(w, item, by) } };
        v[at].sum.items++;
        amounts_add(&v[at].sum.a, &item->a);
    }
    if (n > 0)
        qsort(v, n, sizeof(*v), by_place);
    *out = arena_array(w->arena, n + 1, sizeof(**out));
    for (size_t i = 0; i < n; i++)
        (*out)[i] = v[i].sum;
    free(v);
    return n;
}

struct amounts work_total(const struct work_set *w, enum work_state state)
{
    struct amounts sum = { 0 };
    for (size_t i = 0; i < w->n_items; i++)
        if (w->items[i].state == state)
            amounts_add(&sum, &w->items[i].a);
    return sum;
}
