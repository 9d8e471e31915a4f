/* Work items from a run's results. Pure; parent. */
#include "plan/work.h"

#include <jansson.h>
#include <stdlib.h>

#include "plan/work_order.h"

const char *horizon_name(enum horizon h)
{
    static const char *const names[HORIZONS] = { "now", "6-months", "18-months" };
    return names[h < HORIZONS ? h : HORIZON_NOW];
}

int horizon_months(enum horizon h)
{
    static const int months[HORIZONS] = { 3, 6, 18 };
    return months[h < HORIZONS ? h : HORIZON_NOW];
}

static enum horizon horizon_of(const struct check *c)
{
    for (int h = 0; c->horizon && h < HORIZONS; h++)
        if (strcmp(c->horizon, horizon_name((enum horizon)h)) == 0)
            return (enum horizon)h;
    return HORIZON_NOW;
}

/* --- what is asked for where --- */

/* So many subjects of a check at a target, in one state. */
struct demand { const struct check *check; const char *target; enum work_state state; int64_t n; enum severity severity; };
struct making {
    struct work_set *set;
    const struct results *results;
    int64_t as_of;
    struct demand *v; size_t n, cap;
    struct fixes fixes[WORK_STATES];
};

static void demand(struct making *m, const struct check *c, const char *target, enum work_state state, int64_t n, enum severity severity)
{
    if (n <= 0)
        return;
    if (m->n == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 256;
        m->v = xrealloc_array(m->v, m->cap, sizeof(*m->v));
    }
    m->v[m->n++] = (struct demand){ c, arena_strdup(m->set->arena, target), state, n, severity };
}

/* Of the failing subjects at a target, those under a waiver, and the worst severity of the others. */
static int64_t waived_at(const struct making *m, const struct check *c, const struct finding *of_check, size_t n_of_check, const char *target, enum severity worst[2])
{
    size_t n = 0;
    const struct finding *f = results_of_target(of_check, n_of_check, target, &n);
    int64_t waived = 0;
    bool any[2] = { false, false };
    worst[WORK_OPEN] = worst[WORK_WAIVED] = c->severity;
    for (size_t i = 0; i < n; i++) {
        enum severity graded = c->severity;
        if (f[i].status != FINDING_FAIL)
            continue;
        int which = score_waiver(m->set->site, m->as_of, c, target, f[i].subject) ? WORK_WAIVED : WORK_OPEN;
        waived += which == WORK_WAIVED;
        if (f[i].severity && severity_parse(f[i].severity, &graded) && (!any[which] || graded > worst[which])) {
            worst[which] = graded;
            any[which] = true;
        }
    }
    return waived;
}

static void demand_check(struct making *m, const struct check *c, const struct check_result *r)
{
    size_t n = 0;
    const struct finding *f = results_of_check(m->results, c->id, &n);
    json_t *counts = r->target_counts ? json_loads(r->target_counts, 0, NULL) : NULL;
    size_t n_targets = json_array_size(counts);
    if (r->reason || (n_targets == 0 && strcmp(r->status, "not-applicable") != 0))
        demand(m, c, "(site)", WORK_UNKNOWN, 1, c->severity);
    for (size_t i = 0; !r->reason && i < n_targets; i++) {
        const json_t *t = json_array_get(counts, i);
        const char *target = json_string_value(json_object_get(t, "t"));
        int64_t failing = json_integer_value(json_object_get(t, "f")), unknown = json_integer_value(json_object_get(t, "u"));
        enum severity worst[2];
        if (!target)
            continue;
        int64_t waived = failing > 0 ? waived_at(m, c, f, n, target, worst) : 0;
        demand(m, c, target, WORK_OPEN, failing - waived, failing > 0 ? worst[WORK_OPEN] : c->severity);
        demand(m, c, target, WORK_WAIVED, waived, failing > 0 ? worst[WORK_WAIVED] : c->severity);
        demand(m, c, target, WORK_UNKNOWN, unknown + (json_is_true(json_object_get(t, "x")) ? 1 : 0), c->severity);
    }
    json_decref(counts);
}

static const struct check_result *result_of(const struct results *r, const char *id)
{
    for (size_t i = 0; i < r->n_checks; i++)
        if (strcmp(r->checks[i].check_id, id) == 0)
            return &r->checks[i];
    return NULL;
}

/* --- milestones --- */

static int milestone_place(const struct work_set *w, const char *name)
{
    for (size_t i = 0; i < w->n_milestones; i++)
        if (strcmp(w->milestones[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void list_milestones(struct work_set *w, const struct checklists *c)
{
    const struct site *s = w->site;
    struct milestone *v = arena_array(w->arena, s->n_milestones + c->n_checks + 1, sizeof(*v));
    for (size_t i = 0; i < s->n_milestones; i++)
        v[i] = s->milestones[i];
    w->milestones = v;
    w->n_milestones = s->n_milestones;
    for (size_t i = 0; i < c->n_checks; i++)
        if (c->checks[i].gate && check_gates(&c->checks[i], s->plan) && milestone_place(w, c->checks[i].gate) < 0)
            v[w->n_milestones++] = (struct milestone){ .name = c->checks[i].gate };
}

static int gate_of(const struct work_set *w, const struct check *c)
{
    return c->gate && check_gates(c, w->site->plan) ? milestone_place(w, c->gate) : -1;
}

/* --- items --- */

#define NO_GATE 1000000              /* a rank after every milestone */

static int by_item(const void *a, const void *b)
{
    const struct fix *x = a, *y = b;
    int d = strcmp(x->name, y->name);
    if (d == 0 && x->rank != y->rank)
        d = x->rank < y->rank ? -1 : 1;
    return d != 0 ? d : strcmp(x->target, y->target);
}

static bool same_item(const struct fix *a, const struct fix *b)
{
    return strcmp(a->name, b->name) == 0 && a->rank == b->rank;
}

static void begin_item(struct work_set *w, enum work_state state, const struct fix *f, size_t n)
{
    struct work_item *item = &w->items[w->n_items++];
    bool gated = f->rank != NO_GATE;
    *item = (struct work_item){ .fix = arena_strdup(w->arena, f->name), .state = state, .gate = gated ? (int)f->rank : -1, .horizon = HORIZON_18_MONTHS,
                                .severity = SEVERITY_INFO, .targets = arena_array(w->arena, n + 1, sizeof(*item->targets)) };
    item->id = f->group && gated ? arena_printf(w->arena, "%s:%s", f->name, w->milestones[f->rank].name) : item->fix;
    for (size_t i = 0; i < n; i++) {
        item->targets[item->n_targets++] = f[i].target;
        item->subjects += f[i].subjects;
        amounts_add(&item->a, &f[i].a);
    }
}

/* One item for each run of places with the same name and milestone. Each place then says in rank which item it belongs to. */
static void make_items(struct making *m, enum work_state state)
{
    struct fixes *f = &m->fixes[state];
    struct work_set *w = m->set;
    struct fix *v = xcalloc(f->n + 1, sizeof(*v));
    if (f->n > 0) {
        memcpy(v, f->v, f->n * sizeof(*v));
        qsort(v, f->n, sizeof(*v), by_item);
    }
    for (size_t i = 0, n; i < f->n; i += n) {
        for (n = 1; i + n < f->n && same_item(&v[i], &v[i + n]);)
            n++;
        begin_item(w, state, &v[i], n);
        for (size_t k = i; k < i + n; k++)
            v[k].rank = (int64_t)w->n_items - 1;
    }
    if (f->n > 0)
        memcpy(f->v, v, f->n * sizeof(*v));
    free(v);
    fixes_merge(f);          /* back in the order in which they are found */
}

/* Whether a check of this severity leads the item instead of the one that does: checks come in the order of their ids. */
static bool leads(const struct work_item *item, const struct check *c, enum severity severity)
{
    if (!item->lead || severity != item->severity)
        return !item->lead || severity > item->severity;
    return amounts_of(c).effort[1] > amounts_of(item->lead).effort[1];
}

static void add_check(struct work_set *w, struct work_item *item, const struct demand *d, size_t n_checks)
{
    const struct check *c = d->check;
    int64_t lead[2];
    if (!item->checks) {
        item->checks = arena_array(w->arena, n_checks + 1, sizeof(const struct check *));
        item->per_check = arena_array(w->arena, n_checks + 1, sizeof(*item->per_check));
    }
    if (leads(item, c, d->severity))
        item->lead = c;
    item->severity = d->severity > item->severity ? d->severity : item->severity;
    if (item->n_checks > 0 && item->checks[item->n_checks - 1] == c) {
        item->per_check[item->n_checks - 1] += d->n;
        return;
    }
    item->per_check[item->n_checks] = d->n;
    item->checks[item->n_checks++] = c;
    lead_of(c, lead);
    for (int k = 0; k < 2; k++)
        item->lead_days[k] = lead[k] > item->lead_days[k] ? lead[k] : item->lead_days[k];
    item->estimated |= c->has_effort || lead[1] > 0;
    item->horizon = horizon_of(c) < item->horizon ? horizon_of(c) : item->horizon;
}

static const char *basis_of(const struct work_item *item)
{
    const struct check *best = NULL;
    for (size_t i = 0; i < item->n_checks; i++) {
        const struct check *c = item->checks[i];
        if (c->cost_basis && (!best || amounts_of(c).cost[1] > amounts_of(best).cost[1]))
            best = c;
    }
    return best ? best->cost_basis : NULL;
}

static void set_people(struct work_set *w, struct work_item *item)
{
    item->decided = site_remedy(w->site, item->id, item->fix);
    item->remedy = item->decided ? item->decided->remedy : REMEDY_UNDECIDED;
    item->note = site_work_of(w->site, item->id, item->fix);
    item->role = item->remedy == REMEDY_SELLER_FIXES ? "seller" : item->lead->owner;
    item->co_role = item->lead->co_owner && (!item->role || strcmp(item->lead->co_owner, item->role) != 0) ? item->lead->co_owner : NULL;
    item->co_owner = item->co_role ? site_owner_text(w->site, item->co_role) : NULL;
    const char *mapped = item->role ? site_owner_name(w->site, item->role) : NULL;
    item->owner = item->note && item->note->owner ? item->note->owner : mapped ? mapped : item->role ? item->role : "nobody";
}

static void complete_items(struct making *m, size_t n_checks)
{
    struct work_set *w = m->set;
    for (size_t i = 0; i < m->n; i++) {
        const struct demand *d = &m->v[i];
        const struct fix *f = fixes_find(&m->fixes[d->state], fix_name(d->check), d->target);
        if (f)               /* else it is paid for in another state */
            add_check(w, &w->items[f->rank], d, n_checks);
    }
    for (size_t i = 0; i < w->n_items; i++) {
        w->items[i].basis = basis_of(&w->items[i]);
        set_people(w, &w->items[i]);
    }
}

struct work_set *work_make(const struct site *site, const struct checklists *c, const struct results *results, int64_t as_of)
{
    struct arena *arena = arena_new();
    struct work_set *w = arena_alloc(arena, sizeof(*w));
    struct making m = { .set = w, .results = results, .as_of = as_of };
    size_t n = 0;
    w->arena = arena;
    w->site = site;
    w->checks = c->checks;
    w->n_checks = c->n_checks;
    list_milestones(w, c);
    for (size_t i = 0; i < c->n_checks; i++) {
        const struct check_result *r = result_of(results, c->checks[i].id);
        if (r)
            demand_check(&m, &c->checks[i], r);
    }
    for (size_t i = 0; i < m.n; i++) {
        int gate = gate_of(w, m.v[i].check);
        fixes_add(&m.fixes[m.v[i].state], m.v[i].check, m.v[i].target, m.v[i].n, gate < 0 ? NO_GATE : gate);
    }
    for (int s = 0; s < WORK_STATES; s++)
        fixes_merge(&m.fixes[s]);
    fixes_drop(&m.fixes[WORK_UNKNOWN], &m.fixes[WORK_OPEN]);
    fixes_drop(&m.fixes[WORK_UNKNOWN], &m.fixes[WORK_WAIVED]);
    fixes_drop(&m.fixes[WORK_WAIVED], &m.fixes[WORK_OPEN]);
    for (int s = 0; s < WORK_STATES; s++)
        n += m.fixes[s].n;
    w->items = arena_array(arena, n + 1, sizeof(*w->items));
    for (int s = 0; s < WORK_STATES; s++)
        make_items(&m, (enum work_state)s);
    complete_items(&m, c->n_checks);
    work_order(w);
    for (int s = 0; s < WORK_STATES; s++)
        fixes_clear(&m.fixes[s]);
    free(m.v);
    return w;
}

void work_free(struct work_set *w)
{
    if (w)
        arena_free(w->arena);
}

bool work_is_called(const struct work_item *item, const char *name)
{
    if (strcmp(item->id, name) == 0 || strcmp(item->fix, name) == 0)
        return true;
    for (size_t i = 0; i < item->n_checks; i++)
        if (item->n_checks == 1 && check_is_called(item->checks[i], name))
            return true;
    return false;
}

const struct work_item *work_of_check(const struct work_set *w, const char *check_id, enum work_state state)
{
    for (size_t i = 0; i < w->n_items; i++)
        for (size_t k = 0; w->items[i].state == state && k < w->items[i].n_checks; k++)
            if (strcmp(w->items[i].checks[k]->id, check_id) == 0)
                return &w->items[i];
    return NULL;
}
