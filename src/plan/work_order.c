/* Work items in order of importance, each after what it depends on. Pure; parent. */
#include "plan/work_order.h"

#include <stdlib.h>

/* An item while it is being ordered. gate, horizon and severity are those of the most important item that waits for it, or its own. */
struct node {
    struct work_item *item;
    int64_t gate; enum horizon horizon; enum severity severity;
    size_t *after; size_t n_after, n_left;   /* places among the nodes; left: not yet in order */
    bool out;
};
struct ordering { struct node *v; size_t n; size_t *sequence; size_t n_out; bool *seen; };

static bool counts(const struct work_item *item)
{
    return item->state != WORK_WAIVED;
}

/* --- what depends on what --- */

static bool depends_on(const struct work_item *a, const struct work_item *b)
{
    for (size_t i = 0; i < a->n_checks; i++)
        for (size_t d = 0; d < a->checks[i]->n_depends; d++)
            for (size_t k = 0; k < b->n_checks; k++)
                if (check_is_called(b->checks[k], a->checks[i]->depends[d]))
                    return true;
    return false;
}

static bool asks_first(const struct work_item *a)
{
    for (size_t i = 0; i < a->n_checks; i++)
        if (a->checks[i]->n_depends > 0)
            return true;
    return false;
}

static bool shares_check(const struct work_item *a, const struct work_item *b)
{
    return a->state != b->state && strcmp(a->fix, b->fix) == 0;
}

static void find_after(struct ordering *o, struct arena *arena, size_t i)
{
    struct node *x = &o->v[i];
    if (!counts(x->item) || !asks_first(x->item))
        return;
    x->after = arena_array(arena, o->n, sizeof(*x->after));
    for (size_t j = 0; j < o->n; j++)
        if (j != i && counts(o->v[j].item) && !shares_check(x->item, o->v[j].item) && depends_on(x->item, o->v[j].item))
            x->after[x->n_after++] = j;
    x->n_left = x->n_after;
}

/* --- importance --- */

static int compare_rank(const struct node *a, const struct node *b)
{
    if (a->gate != b->gate)
        return a->gate < b->gate ? -1 : 1;
    if (a->horizon != b->horizon)
        return a->horizon < b->horizon ? -1 : 1;
    return a->severity != b->severity ? (a->severity > b->severity ? -1 : 1) : 0;
}

/* What more important work waits for is as important. */
static void inherit(struct ordering *o)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < o->n; i++)
            for (size_t k = 0; k < o->v[i].n_after; k++) {
                struct node *first = &o->v[o->v[i].after[k]];
                if (compare_rank(&o->v[i], first) >= 0)
                    continue;
                first->gate = o->v[i].gate;
                first->horizon = o->v[i].horizon;
                first->severity = o->v[i].severity;
                changed = true;
            }
    }
}

/* More subjects for the same effort first; what takes no effort before all. */
static int compare_value(const struct work_item *a, const struct work_item *b)
{
    double x = (double)a->subjects * (double)b->a.effort[1], y = (double)b->subjects * (double)a->a.effort[1];
    if (a->a.effort[1] == 0 && b->a.effort[1] == 0)
        return a->subjects != b->subjects ? (a->subjects > b->subjects ? -1 : 1) : 0;
    return x > y ? -1 : x < y;
}

static int compare_nodes(const struct node *a, const struct node *b)
{
    int d = compare_rank(a, b);
    if (d == 0)
        d = compare_value(a->item, b->item);
    if (d == 0)
        d = strcmp(a->item->id, b->item->id);
    return d != 0 ? d : (int)a->item->state - (int)b->item->state;
}

static int by_importance(const void *a, const void *b)
{
    return compare_nodes(*(const struct node *const *)a, *(const struct node *const *)b);
}

/* --- the order --- */

static void mark_reachable(struct ordering *o, size_t from)
{
    size_t *stack = xcalloc(o->n + 1, sizeof(*stack)), top = 0;
    stack[top++] = from;
    while (top > 0) {
        const struct node *x = &o->v[stack[--top]];
        for (size_t k = 0; k < x->n_after; k++) {
            size_t next = x->after[k];
            if (o->v[next].out || o->seen[next])
                continue;
            o->seen[next] = true;
            stack[top++] = next;
        }
    }
    free(stack);
}

/* Whether all that it waits for waits for it in turn. */
static bool in_closed_circle(struct ordering *o, size_t i)
{
    bool *waits_for = xcalloc(o->n + 1, sizeof(*waits_for)), closed = true;
    memset(o->seen, 0, o->n * sizeof(*o->seen));
    mark_reachable(o, i);
    memcpy(waits_for, o->seen, o->n * sizeof(*waits_for));
    for (size_t j = 0; j < o->n && closed; j++) {
        if (!waits_for[j])
            continue;
        memset(o->seen, 0, o->n * sizeof(*o->seen));
        mark_reachable(o, j);
        closed = o->seen[i];
    }
    free(waits_for);
    return closed;
}

/* sorted[from] is the first that is not in order yet. Where all that are left wait, some wait in a circle: the most important of a circle goes first. */
static size_t pick(struct ordering *o, struct node *const *sorted, size_t from)
{
    for (size_t i = from; i < o->n; i++)
        if (!sorted[i]->out && sorted[i]->n_left == 0)
            return (size_t)(sorted[i] - o->v);
    for (size_t i = from; i < o->n; i++)
        if (!sorted[i]->out && in_closed_circle(o, (size_t)(sorted[i] - o->v)))
            return (size_t)(sorted[i] - o->v);
    BUG("work waits for itself, and not in a circle");
}

static void put_out(struct ordering *o, size_t i)
{
    o->v[i].out = true;
    o->sequence[o->n_out++] = i;
    for (size_t j = 0; j < o->n; j++)
        for (size_t k = 0; k < o->v[j].n_after; k++)
            o->v[j].n_left -= o->v[j].after[k] == i;
}

static void put_in_order(struct ordering *o)
{
    struct node **sorted = xcalloc(o->n + 1, sizeof(struct node *));
    size_t from = 0;
    for (size_t i = 0; i < o->n; i++)
        sorted[i] = &o->v[i];
    if (o->n > 0)
        qsort(sorted, o->n, sizeof(struct node *), by_importance);
    while (o->n_out < o->n) {
        while (sorted[from]->out)
            from++;
        put_out(o, pick(o, sorted, from));
    }
    free(sorted);
}

static int by_size(const void *a, const void *b)
{
    const size_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* after and together in the new places. What it depends on and stands behind it waits for it too. */
static void fill_links(struct work_set *w, const struct ordering *o)
{
    size_t *place = xcalloc(o->n + 1, sizeof(*place));
    for (size_t i = 0; i < o->n; i++)
        place[o->sequence[i]] = i;
    for (size_t i = 0; i < o->n; i++) {
        const struct node *x = &o->v[o->sequence[i]];
        size_t *after = arena_array(w->arena, x->n_after + 1, sizeof(*after)), *together = arena_array(w->arena, x->n_after + 1, sizeof(*together));
        struct work_item *item = &w->items[i];
        for (size_t k = 0; k < x->n_after; k++) {
            if (place[x->after[k]] < i)
                after[item->n_after++] = place[x->after[k]];
            else
                together[item->n_together++] = place[x->after[k]];
        }
        if (item->n_after > 0)
            qsort(after, item->n_after, sizeof(*after), by_size);
        if (item->n_together > 0)
            qsort(together, item->n_together, sizeof(*together), by_size);
        item->after = after;
        item->together = together;
    }
    free(place);
}

void work_order(struct work_set *w)
{
    struct ordering o = { .n = w->n_items };
    struct work_item *items = arena_array(w->arena, w->n_items + 1, sizeof(*items));
    o.v = xcalloc(o.n + 1, sizeof(*o.v));
    o.sequence = xcalloc(o.n + 1, sizeof(*o.sequence));
    o.seen = xcalloc(o.n + 1, sizeof(*o.seen));
    for (size_t i = 0; i < o.n; i++) {
        struct work_item *item = &w->items[i];
        o.v[i] = (struct node){ .item = item, .gate = item->gate < 0 ? INT64_MAX : item->gate, .horizon = item->horizon, .severity = item->severity };
        if (item->gate >= 0)         /* what blocks a milestone is wanted for it, whenever else it would be */
            o.v[i].horizon = HORIZON_NOW;
    }
    for (size_t i = 0; i < o.n; i++)
        find_after(&o, w->arena, i);
    inherit(&o);
    put_in_order(&o);
    for (size_t i = 0; i < o.n; i++)
        items[i] = *o.v[o.sequence[i]].item;
    w->items = items;
    fill_links(w, &o);
    free(o.v);
    free(o.sequence);
    free(o.seen);
}
