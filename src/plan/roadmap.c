/* The roadmap: work items placed into days, and the dates of milestones. Pure; parent. */
#include "plan/roadmap.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"

const char *roadmap_state_name(enum roadmap_state s)
{
    static const char *const names[] = { "planned", "promised", "no-capacity", "no-estimate", "waits", "too-far", "accepted", "done" };
    return names[s <= ROADMAP_DONE ? s : ROADMAP_PLANNED];
}

struct making {
    struct roadmap *out;
    const struct work_set *work;
    int64_t day0;
    int64_t *per_month; size_t n_roles;      /* by place in site.yaml's capacity */
    const char *const *done; size_t n_done;
};

static int64_t moment(int64_t day)
{
    return day * DAY_S;
}

static int role_of(const struct making *m, const char *role)
{
    const struct site *s = m->work->site;
    for (size_t i = 0; role && i < s->n_capacities; i++)
        if (strcmp(s->capacities[i].role, role) == 0 && m->per_month[i] > 0)
            return (int)i;
    return -1;
}

static bool is_done(const struct making *m, const struct work_item *item)
{
    for (size_t i = 0; i < m->n_done; i++)
        if (work_is_called(item, m->done[i]))
            return true;
    return false;
}

static int64_t due_of(const struct making *m, const struct work_item *item)
{
    if (item->gate < 0)
        return day_add_months(m->day0, horizon_months(item->horizon));
    int64_t date = m->work->milestones[item->gate].date;
    return date ? day_of(date) : 0;
}

/* --- a choice of items as jobs --- */

/* places: of each item of the set among the jobs, SIZE_MAX when it is none. */
struct jobs { struct job *v; const struct work_item **items; size_t n, *places; };

static void jobs_clear(struct jobs *j)
{
    for (size_t i = 0; i < j->n; i++) {
        union { const size_t *in; size_t *out; } after = { .in = j->v[i].after };
        free(after.out);
    }
    free(j->v);
    free(j->items);
    free(j->places);
}

/* end: 0 the low estimates, 1 the high ones. What nobody estimated is as what nobody has hands for. */
static void add_job(const struct making *m, struct jobs *jobs, size_t at, int end)
{
    const struct work_item *item = &m->work->items[at];
    struct job *j = &jobs->v[jobs->n];
    size_t *after = xcalloc(item->n_after + 1, sizeof(*after));
    *j = (struct job){ .role = role_of(m, item->role), .effort = item->a.effort[end], .lead = item->lead_days[end], .due = due_of(m, item), .after = after };
    if (!item->estimated) {
        j->role = -1;
        j->effort = 1;
    }
    if (item->note && item->note->due)
        j->promised = day_of(item->note->due);
    for (size_t k = 0; k < item->n_after; k++)
        if (jobs->places[item->after[k]] != SIZE_MAX)
            after[j->n_after++] = jobs->places[item->after[k]];
    jobs->places[at] = jobs->n;
    jobs->items[jobs->n++] = item;
}

static void choose(const struct making *m, const bool *chosen, int end, struct jobs *out)
{
    size_t n = m->work->n_items;
    *out = (struct jobs){ .v = xcalloc(n + 1, sizeof(*out->v)), .items = xcalloc(n + 1, sizeof(const struct work_item *)), .places = xcalloc(n + 1, sizeof(*out->places)) };
    for (size_t i = 0; i < n; i++)
        out->places[i] = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        if (chosen[i])
            add_job(m, out, i, end);
}

/* --- what it would take --- */

static const char *text_of_date(const struct making *m, int64_t day)
{
    char text[DATE_LEN];
    date_format(moment(day), text);
    return arena_strdup(m->out->arena, text);
}

static const char *days_text(const struct making *m, int64_t thousandths)
{
    int64_t tenths = (thousandths + 99) / 100;
    return arena_printf(m->out->arena, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
}

/* "close on 2027-03-18 or later"; of what blocks no milestone, a later end. */
static const char *later(const struct making *m, const struct roadmap_item *r)
{
    const char *date = text_of_date(m, day_of(r->ready));
    return r->item->gate >= 0 ? arena_printf(m->out->arena, "%s on %s or later", m->work->milestones[r->item->gate].name, date)
                              : arena_printf(m->out->arena, "time until %s", date);
}

static const char *takes_undated(const struct making *m, const struct roadmap_item *r)
{
    struct arena *a = m->out->arena;
    const struct work_item *item = r->item;
    if (r->state == ROADMAP_NO_ESTIMATE)
        return arena_printf(a, "an estimate (effort_days or lead_days of %s), or a due date for it in work.yaml", item->lead->id);
    if (r->state == ROADMAP_TOO_FAR)
        return arena_printf(a, "more capacity of %s: there is no room within ten years", item->role);
    if (r->state == ROADMAP_WAITS)
        return "dates for what it waits for";
    if (!item->role)
        return arena_printf(a, "an owner (owner of %s), or a due date for it in work.yaml", item->lead->id);
    return arena_printf(a, "person-days per month (capacity.%s in site.yaml), or a due date for it in work.yaml", item->role);
}

static const char *takes(const struct making *m, const struct roadmap_item *r)
{
    struct arena *a = m->out->arena;
    if (r->state >= ROADMAP_ACCEPTED || (r->due == 0 && r->state <= ROADMAP_PROMISED))
        return NULL;
    if (r->state > ROADMAP_PROMISED)
        return takes_undated(m, r);
    if (!r->late)
        return NULL;
    if (r->too_late && r->item->lead_days[1] > 0)
        return arena_printf(a, "%s, or its order in less than %lld days", later(m, r), (long long)r->item->lead_days[1]);
    if (r->missing > 0 && r->state == ROADMAP_PLANNED)
        return arena_printf(a, "%s more person-days of %s before %s, or %s", days_text(m, r->missing), r->item->role, text_of_date(m, day_of(r->due)), later(m, r));
    return later(m, r);
}

/* --- the plan --- */

static enum roadmap_state state_of(const struct work_item *item, const struct slot *s)
{
    switch (s->state) {
    case SLOT_PLACED: return ROADMAP_PLANNED;
    case SLOT_PROMISED: return ROADMAP_PROMISED;
    case SLOT_NO_CAPACITY: return item->estimated ? ROADMAP_NO_CAPACITY : ROADMAP_NO_ESTIMATE;
    case SLOT_WAITS: return ROADMAP_WAITS;
    case SLOT_TOO_FAR: return ROADMAP_TOO_FAR;
    }
    return ROADMAP_NO_CAPACITY;
}

static void fill_item(const struct making *m, struct roadmap_item *r, const struct slot *s)
{
    r->state = state_of(r->item, s);
    if (r->state <= ROADMAP_PROMISED) {
        r->order_on = moment(s->order_on);
        r->start = moment(s->start);
        r->ready = moment(s->ready);
    }
    if (s->due) {
        r->due = moment(s->due);
        r->order_by = moment(s->order_by);
        r->too_late = s->order_by < m->day0;
        r->late = r->ready == 0 || r->ready > r->due;
    }
    r->missing = s->missing;
}

/* The role's month among out->load[first..], made when it is new. */
static struct roadmap_load *load_of(const struct making *m, size_t role, size_t first, int64_t month)
{
    struct roadmap *out = m->out;
    size_t at = first;
    while (at < out->n_load && out->load[at].month < month)
        at++;
    if (at < out->n_load && out->load[at].month == month)
        return &out->load[at];
    memmove(&out->load[at + 1], &out->load[at], (out->n_load - at) * sizeof(*out->load));
    out->n_load++;
    out->load[at] = (struct roadmap_load){ .role = m->work->site->capacities[role].role, .month = month, .capacity = m->per_month[role] };
    return &out->load[at];
}

static void fill_load(const struct making *m, const struct jobs *jobs, const struct schedule *plan)
{
    m->out->load = arena_array(m->out->arena, plan->n_pieces + 1, sizeof(*m->out->load));
    for (size_t r = 0; r < m->n_roles; r++) {
        size_t first = m->out->n_load;
        for (size_t i = 0; i < plan->n_pieces; i++)
            if (jobs->v[plan->pieces[i].job].role == (int)r)
                load_of(m, r, first, moment(day_month(plan->pieces[i].day)))->used += plan->pieces[i].effort;
    }
}

static void plan_items(const struct making *m)
{
    struct roadmap *out = m->out;
    size_t n = m->work->n_items;
    bool *chosen = xcalloc(n + 1, sizeof(*chosen));
    struct jobs jobs;
    struct schedule plan;
    out->items = arena_array(out->arena, n + 1, sizeof(*out->items));
    for (size_t i = 0; i < n; i++) {
        const struct work_item *item = &m->work->items[i];
        if (item->state != WORK_OPEN)
            continue;
        struct roadmap_item *r = &out->items[out->n_items++];
        r->item = item;
        r->state = is_done(m, item) ? ROADMAP_DONE : item->remedy == REMEDY_ACCEPT ? ROADMAP_ACCEPTED : ROADMAP_PLANNED;
        chosen[i] = r->state == ROADMAP_PLANNED;
    }
    choose(m, chosen, 1, &jobs);
    schedule_place(m->day0, m->per_month, m->n_roles, jobs.v, jobs.n, &plan);
    for (size_t i = 0, k = 0; i < out->n_items; i++)
        if (out->items[i].state == ROADMAP_PLANNED)
            fill_item(m, &out->items[i], &plan.slots[k++]);
    for (size_t i = 0; i < out->n_items; i++)
        out->items[i].takes = takes(m, &out->items[i]);
    fill_load(m, &jobs, &plan);
    schedule_clear(&plan);
    jobs_clear(&jobs);
    free(chosen);
}

/* --- milestones --- */

/* What must be done before this milestone: what blocks it or an earlier one, and what that depends on. */
static void choose_for(const struct making *m, int gate, bool unknown_too, bool *chosen)
{
    size_t n = m->work->n_items;
    for (size_t i = 0; i < n; i++) {
        const struct work_item *item = &m->work->items[i];
        bool counts = item->state == WORK_OPEN || (unknown_too && item->state == WORK_UNKNOWN);
        chosen[i] = counts && item->gate >= 0 && item->gate <= gate && !is_done(m, item);
    }
    for (size_t i = n; i-- > 0;) {           /* what an item depends on stands before it */
        const struct work_item *item = &m->work->items[i];
        for (size_t k = 0; chosen[i] && k < item->n_after; k++) {
            const struct work_item *first = &m->work->items[item->after[k]];
            if ((first->state == WORK_OPEN || unknown_too) && !is_done(m, first))
                chosen[item->after[k]] = true;
        }
    }
}

static const char *why_undated(const struct making *m, const struct jobs *jobs)
{
    for (size_t i = 0; i < jobs->n; i++) {
        const struct job *j = &jobs->v[i];
        const struct work_item *item = jobs->items[i];
        if (j->effort == 0 || j->role >= 0 || j->promised >= m->day0)
            continue;
        if (!item->estimated)
            return arena_printf(m->out->arena, "nobody estimated %s", item->id);
        return item->role ? arena_printf(m->out->arena, "site.yaml has no capacity of %s, for %s", item->role, item->id)
                          : arena_printf(m->out->arena, "%s has no owner", item->id);
    }
    return "there is no room within ten years";
}

/* Between when and when; false with g->why. */
static bool find_earliest(const struct making *m, struct roadmap_gate *g, int gate, bool *chosen)
{
    struct jobs low, high;
    struct schedule plan;
    choose_for(m, gate, false, chosen);
    choose(m, chosen, 0, &low);
    int64_t bound = schedule_bound(m->day0, m->per_month, m->n_roles, low.v, low.n), last = bound;
    choose_for(m, gate, true, chosen);
    choose(m, chosen, 1, &high);
    schedule_place(m->day0, m->per_month, m->n_roles, high.v, high.n, &plan);
    for (size_t i = 0; i < plan.n && last >= 0; i++)
        last = plan.slots[i].state > SLOT_PROMISED ? -1 : plan.slots[i].ready > last ? plan.slots[i].ready : last;
    g->has_earliest = last >= 0;
    if (g->has_earliest) {
        g->earliest[0] = moment(bound);
        g->earliest[1] = moment(last);
    } else {
        g->why = why_undated(m, &high);
    }
    schedule_clear(&plan);
    jobs_clear(&low);
    jobs_clear(&high);
    return g->has_earliest;
}

static void fill_gate(const struct making *m, struct roadmap_gate *g, int gate, bool *chosen)
{
    const struct roadmap *out = m->out;
    bool dated = true;
    for (size_t i = 0; i < m->work->n_items; i++) {
        const struct work_item *item = &m->work->items[i];
        if (item->gate < 0 || item->gate > gate || is_done(m, item))
            continue;
        g->n_open += item->state == WORK_OPEN;
        g->n_unknown += item->state == WORK_UNKNOWN;
    }
    for (size_t i = 0; i < out->n_items; i++) {
        const struct roadmap_item *r = &out->items[i];
        if (r->item->gate < 0 || r->item->gate > gate || r->state == ROADMAP_DONE)
            continue;
        dated = dated && r->ready != 0;
        g->ready = r->ready > g->ready ? r->ready : g->ready;
        g->too_late = g->too_late || (g->date && r->too_late);
    }
    if (!dated)
        g->ready = 0;
    if (g->n_open + g->n_unknown > 0 && find_earliest(m, g, gate, chosen))
        g->too_late = g->too_late || (g->date && g->earliest[0] > g->date);
}

static bool blocked(const struct work_set *w, int gate)
{
    for (size_t i = 0; i < w->n_items; i++)
        if (w->items[i].gate == gate)
            return true;
    return false;
}

static void plan_gates(const struct making *m)
{
    struct roadmap *out = m->out;
    bool *chosen = xcalloc(m->work->n_items + 1, sizeof(*chosen));
    out->gates = arena_array(out->arena, m->work->n_milestones + 1, sizeof(*out->gates));
    for (size_t i = 0; i < m->work->n_milestones; i++) {
        const struct milestone *s = &m->work->milestones[i];
        if (!s->date && !blocked(m->work, (int)i))
            continue;
        struct roadmap_gate *g = &out->gates[out->n_gates++];
        *g = (struct roadmap_gate){ .milestone = s->name, .date = s->date };
        fill_gate(m, g, (int)i, chosen);
    }
    free(chosen);
}

/* --- the whole --- */

struct roadmap *roadmap_make(const struct work_set *work, int64_t begin, const char *const *done, size_t n_done)
{
    struct arena *arena = arena_new();
    struct roadmap *out = arena_alloc(arena, sizeof(*out));
    const struct site *s = work->site;
    struct making m = { .out = out, .work = work, .day0 = day_of(begin), .n_roles = s->n_capacities, .done = done, .n_done = n_done };
    m.per_month = xcalloc(m.n_roles + 1, sizeof(*m.per_month));
    for (size_t i = 0; i < m.n_roles; i++)
        m.per_month[i] = (int64_t)llround(s->capacities[i].days_per_month * 1000);
    out->arena = arena;
    out->work = work;
    out->begin = moment(m.day0);
    plan_items(&m);
    plan_gates(&m);
    free(m.per_month);
    return out;
}

void roadmap_free(struct roadmap *r)
{
    if (r)
        arena_free(r->arena);
}

const struct roadmap_item *roadmap_find(const struct roadmap *r, const struct work_item *item)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].item == item)
            return &r->items[i];
    return NULL;
}

size_t roadmap_late(const struct roadmap *r, int days, size_t **out)
{
    size_t *v = xcalloc(r->n_items + 1, sizeof(*v)), n = 0;
    for (size_t i = 0; i < r->n_items; i++) {
        const struct roadmap_item *x = &r->items[i];
        if (x->due == 0 || x->state >= ROADMAP_ACCEPTED || x->order_by > r->begin + (int64_t)days * DAY_S)
            continue;
        size_t at = n++;
        for (; at > 0 && r->items[v[at - 1]].order_by > x->order_by; at--)
            v[at] = v[at - 1];
        v[at] = i;
    }
    *out = v;
    return n;
}
