/* What was so by the day and came later. The facts that came are judged by the checks of the run that brought them, as of the day: a verdict that hangs on the
 * calendar is that day's. Parent. */
#include "report/lookback_internal.h"

#include <stdlib.h>

#include "base/strset.h"
#include "base/text.h"

struct late {
    struct lookback *l;
    struct store *s;
    const struct late_collection *v; size_t n;           /* of the run in hand */
    struct collection *all; size_t n_all;                /* all that this run rests on */
    struct evaluation *then;                             /* that day's run with every subject; NULL */
    struct strset told;                                  /* what an earlier run told already */
    size_t cap_late, cap_good;
};

static void *room(struct arena *arena, void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    *cap = *cap * 2 + 16;
    void *more = arena_array(arena, *cap, size);
    if (n > 0)
        memcpy(more, v, n * size);
    return more;
}

/* --- what a verdict rests on --- */

static bool reads(const struct check_verdicts *c, const char *table)
{
    for (size_t i = 0; i < c->n_tables; i++)
        if (strcmp(c->tables[i], table) == 0)
            return true;
    return false;
}

static bool is_of_one_table(const struct check_verdicts *c)
{
    return c->check->facts && c->n_tables == 1;
}

/* Where a check joins tables nobody can tell which rows met: then all of them must be of the day or before. Another site's facts have no such date here. */
static bool all_by_then(const struct late *x, const struct check_verdicts *c)
{
    for (size_t i = 0; i < c->n_tables; i++)
        if (text_starts_with(c->tables[i], "org_"))
            return false;
    for (size_t i = 0; i < x->n_all; i++)
        if (x->all[i].rows > 0 && x->all[i].observed_at > x->l->moment && reads(c, x->all[i].table->name))
            return false;
    return true;
}

/* The newest late collection that a verdict rests on; NULL: on none. */
static const struct late_collection *rests_on(const struct late *x, const struct check_verdicts *c, const struct subject_verdict *v)
{
    const struct late_collection *best = NULL;
    for (size_t i = 0; i < x->n; i++) {
        const struct late_collection *k = &x->v[i];
        bool here = is_of_one_table(c) ? strcmp(k->target, v->target) == 0 && k->observed_at == v->observed_at
                                       : strcmp(k->target, v->target) == 0 || strcmp(v->target, "(site)") == 0;
        if (here && reads(c, k->table->name) && (!best || k->observed_at > best->observed_at))
            best = k;
    }
    return best;
}

/* --- what was known then --- */

static const struct check_verdicts *then_verdicts(const struct late *x, const struct check *d)
{
    for (size_t i = 0; x->then && i < x->then->n_checks; i++)
        if (check_is_called(d, x->then->checks[i].check->id) || check_is_called(x->then->checks[i].check, d->id))
            return &x->then->checks[i];
    return NULL;
}

static const struct subject_verdict *then_verdict(const struct check_verdicts *c, const struct subject_verdict *v)
{
    size_t from = 0, to = c ? c->n_subjects : 0;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int d = strcmp(c->subjects[mid].target, v->target);
        if (d == 0)
            d = strcmp(c->subjects[mid].subject, v->subject);
        if (d == 0)
            return &c->subjects[mid];
        if (d < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

/* --- telling --- */

static bool tell_once(struct late *x, const struct check_verdicts *c, const struct subject_verdict *v)
{
    char *key = xasprintf("%d\t%s\t%s\t%s", (int)v->verdict, c->check->id, v->target, v->subject);
    bool first = strset_add(&x->told, key);
    free(key);
    return first;
}

static void tell_late(struct late *x, const struct check_verdicts *c, const struct subject_verdict *v, const struct late_collection *k)
{
    struct lookback *l = x->l;
    l->late = room(l->arena, l->late, l->n_late, &x->cap_late, sizeof(*l->late));
    l->late[l->n_late++] = (struct look_late){ arena_strdup(l->arena, c->check->id), arena_strdup(l->arena, v->target), arena_strdup(l->arena, v->subject), k->observed_at,
                                               k->received_at, k->run };
}

/* Verdicts come by target: those of one check at one target are one piece of news. */
static void tell_good(struct late *x, const struct check_verdicts *c, const struct subject_verdict *v, const struct late_collection *k, bool was_open)
{
    struct lookback *l = x->l;
    struct look_good *g = l->n_good > 0 ? &l->good[l->n_good - 1] : NULL;
    if (!g || g->run != k->run || strcmp(g->check, c->check->id) != 0 || strcmp(g->target, v->target) != 0) {
        l->good = room(l->arena, l->good, l->n_good, &x->cap_good, sizeof(*l->good));
        g = &l->good[l->n_good++];
        *g = (struct look_good){ .check = arena_strdup(l->arena, c->check->id), .target = arena_strdup(l->arena, v->target), .received_at = k->received_at, .run = k->run };
        g->were_open = arena_array(l->arena, c->n_subjects + 1, sizeof(const char *));
    }
    g->n_pass++;
    if (k->observed_at > g->observed_at)
        g->observed_at = k->observed_at;
    if (was_open)
        g->were_open[g->n_open++] = arena_strdup(l->arena, v->subject);
}

static void take_check(struct late *x, const struct check_verdicts *c)
{
    const struct check_verdicts *old = then_verdicts(x, c->check);
    if (c->erred || !(is_of_one_table(c) || all_by_then(x, c)))
        return;
    for (size_t i = 0; i < c->n_subjects; i++) {
        const struct subject_verdict *v = &c->subjects[i];
        const struct late_collection *k = v->verdict != VERDICT_UNKNOWN && look_wanted(x->l, c->check, v->target) ? rests_on(x, c, v) : NULL;
        const struct subject_verdict *was = k ? then_verdict(old, v) : NULL;
        if (!k || (was && was->verdict == v->verdict) || !tell_once(x, c, v))
            continue;
        if (v->verdict == VERDICT_FAIL)
            tell_late(x, c, v, k);
        else
            tell_good(x, c, v, k, was != NULL);
    }
}

/* v, n: the late collections that this run was the first to bring. */
static int take_run(struct late *x, const struct late_collection *v, size_t n)
{
    struct pinned p = { 0 };
    struct evaluation *e = NULL;
    char *why = NULL;
    const struct evaluate_options all = { .all_subjects = true, .as_of = x->l->moment };
    x->v = v;
    x->n = n;
    int err = pinned_load(x->s, v->run, &p, &why);
    if (!err)
        err = store_collections(x->s, v->run, &x->all, &x->n_all);
    if (!err)
        err = evaluate_run(x->s, v->run, p.checklists, &all, &e);
    for (size_t i = 0; !err && i < e->n_checks; i++)
        take_check(x, &e->checks[i]);
    if (err && why) {
        look_unread(x->l, v->run, why);
        err = 0;
    }
    free(why);
    evaluation_free(e);
    collections_free(x->all, x->n_all);
    x->all = NULL;
    x->n_all = 0;
    pinned_clear(&p);
    return err;
}

int look_find_late(struct store *s, const char *site, struct lookback *l)
{
    struct late_collection *v = NULL;
    size_t n = 0;
    struct late x = { .l = l, .s = s };
    const struct evaluate_options all = { .all_subjects = true };
    int err = store_late(s, site, l->moment, &v, &n);
    if (!err && n > 0 && l->then)
        err = evaluate_run(s, l->then->run.id, l->then->pinned.checklists, &all, &x.then);
    for (size_t from = 0, to; !err && from < n; from = to) {
        for (to = from + 1; to < n && v[to].run == v[from].run; to++)
            ;
        err = take_run(&x, &v[from], to - from);
    }
    evaluation_free(x.then);
    strset_clear(&x.told);
    late_free(v, n);
    return err;
}
