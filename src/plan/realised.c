/* Planned against actual, from decisions and the runs that they rest on. Parent. */
#include "plan/realised.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "checklist/pinned.h"

/* One run's work at a time: decisions mostly rest on the same one. */
struct planned_run { int64_t id; struct pinned pinned; struct results results; struct work_set *work; };

static void planned_clear(struct planned_run *p)
{
    work_free(p->work);
    results_clear(&p->results);
    pinned_clear(&p->pinned);
    *p = (struct planned_run){ 0 };
}

/* work stays NULL where the run cannot be read any more: what was planned is not known then. */
static int planned_load(struct store *s, const struct run *run, struct planned_run *p)
{
    char *why = NULL;
    if (p->id == run->id)
        return 0;
    planned_clear(p);
    p->id = run->id;
    int err = pinned_load(s, run->id, &p->pinned, &why);
    free(why);
    if (err)
        return err == ERR_STORE ? err : 0;
    err = store_results_get(s, run->id, &p->results);
    if (!err)
        p->work = work_make(p->pinned.site, p->pinned.checklists, &p->results, run->as_of);
    return err;
}

static int find_run(struct store *s, const struct site *site, const struct decision *d, struct run *out)
{
    char day[DATE_LEN];
    date_format(d->date, day);
    return store_run_find(s, site->key, d->run ? d->run : day, false, out, NULL);
}

/* Whether the item is this remedy's: named by its id, or by its fix where the same decision has none for the id. */
static bool is_of(const struct work_item *item, const struct decision *d, const struct remedy *r)
{
    if (strcmp(item->id, r->item) == 0)
        return true;
    if (strcmp(item->fix, r->item) != 0)
        return false;
    for (size_t i = 0; i < d->n_remedies; i++)
        if (strcmp(d->remedies[i].item, item->id) == 0)
            return false;
    return true;
}

/* What was open; of what was not, what was waived, or what it would have taken if the unknown had failed. A sum that no check says anything of is no plan. */
static void take_plan(struct realised *out, struct realised_row *row, const struct work_set *w)
{
    bool found = false;
    for (int state = 0; state < WORK_STATES && !found; state++) {
        for (size_t i = 0; i < w->n_items; i++) {
            const struct work_item *item = &w->items[i];
            if (item->state != (enum work_state)state || !is_of(item, row->decision, row->remedy))
                continue;
            found = true;
            row->title = row->title ? row->title : arena_strdup(out->arena, item->lead->title);
            row->state = item->state;
            amounts_add(&row->a, &item->a);
            for (size_t k = 0; k < item->n_checks; k++) {
                row->planned_cost |= item->checks[k]->has_cost;
                row->planned_days |= item->checks[k]->has_effort;
            }
        }
    }
    if (!found)
        row->why = arena_printf(out->arena, "run %lld had no such work", (long long)row->run);
    else if (!row->planned_cost && !row->planned_days)
        row->why = "its checks estimate neither cost nor work";
}

static bool has_actual(const struct remedy *r)
{
    return r->has_actual_cost || r->has_actual_days;
}

/* The order of site_remedy(): by date, then by place in the file. */
static bool decided_again(const struct site *s, const struct decision *d, const char *item)
{
    for (const struct decision *o = s->decisions; o < s->decisions + s->n_decisions; o++) {
        bool later = o->date > d->date || (o->date == d->date && o > d);
        for (size_t k = 0; later && k < o->n_remedies; k++)
            if (strcmp(o->remedies[k].item, item) == 0)
                return true;
    }
    return false;
}

static int add_decision(struct store *s, const struct site *site, const struct decision *d, struct planned_run *p, struct realised *out)
{
    struct run run = { 0 };
    int err = d->n_remedies > 0 ? find_run(s, site, d, &run) : 0;
    bool found = err == 0 && run.id > 0;
    if (err == ERR_NOT_FOUND)
        err = 0;
    if (!err && found)
        err = planned_load(s, &run, p);
    for (size_t i = 0; !err && i < d->n_remedies; i++) {
        struct realised_row row = { .decision = d, .remedy = &d->remedies[i], .run = found ? run.id : 0, .superseded = decided_again(site, d, d->remedies[i].item) };
        if (row.superseded && !has_actual(row.remedy))
            continue;
        if (!found)
            row.why = "the run that was decided on is not in this store";
        else if (!p->work)
            row.why = arena_printf(out->arena, "run %lld cannot be read", (long long)run.id);
        else
            take_plan(out, &row, p->work);
        out->rows[out->n++] = row;
    }
    run_clear(&run);
    return err;
}

/* --- sums --- */

bool realised_cost(const struct remedy *r, int64_t *cents)
{
    *cents = r->has_actual_cost ? llround(r->actual_cost * 100) : 0;
    return r->has_actual_cost;
}

bool realised_days(const struct remedy *r, int64_t *thousandths)
{
    *thousandths = r->has_actual_days ? llround(r->actual_days * 1000) : 0;
    return r->has_actual_days;
}

static void add_up(struct realised_sum *sum, bool planned, const int64_t plan[2], bool known, int64_t actual)
{
    if (!known) {
        sum->open++;
        return;
    }
    if (!planned) {
        sum->unplanned++;
        sum->actual_unplanned += actual;
        return;
    }
    sum->compared++;
    sum->actual += actual;
    for (int k = 0; k < 2; k++)
        sum->planned[k] += plan[k];
}

int realised_make(struct store *s, const struct site *site, struct realised **out)
{
    struct arena *arena = arena_new();
    struct realised *r = arena_alloc(arena, sizeof(*r));
    struct planned_run p = { 0 };
    size_t n = 0;
    int err = 0;
    r->arena = arena;
    for (size_t i = 0; i < site->n_decisions; i++)
        n += site->decisions[i].n_remedies;
    r->rows = arena_array(arena, n + 1, sizeof(*r->rows));
    for (size_t i = 0; !err && i < site->n_decisions; i++)
        err = add_decision(s, site, &site->decisions[i], &p, r);
    planned_clear(&p);
    for (size_t i = 0; i < r->n; i++) {
        const struct realised_row *row = &r->rows[i];
        int64_t cents, days;
        bool cost_known = realised_cost(row->remedy, &cents), days_known = realised_days(row->remedy, &days);
        add_up(&r->cost, row->planned_cost, row->a.cost, cost_known, cents);
        add_up(&r->days, row->planned_days, row->a.effort, days_known, days);
    }
    if (err) {
        realised_free(r);
        r = NULL;
    }
    *out = r;
    return err;
}

void realised_free(struct realised *r)
{
    if (r)
        arena_free(r->arena);
}
