/* Impact: products of ranges (impact.h). Pure; parent. */
#include "plan/impact.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *impact_kind_name(enum impact_kind k)
{
    static const char *const names[IMPACT_KINDS] = { "staff-time", "visits", "cash" };
    return names[k < IMPACT_KINDS ? k : IMPACT_CASH];
}

const char *impact_unit_name(enum impact_kind k)
{
    static const char *const names[IMPACT_KINDS] = { "hours", "visits", NULL };
    return k < IMPACT_KINDS ? names[k] : NULL;
}

const char *impact_per_name(enum impact_per p)
{
    static const char *const names[IMPACT_PERS] = { "year", "event", "once" };
    return names[p < IMPACT_PERS ? p : ONCE];
}

/* A hair more before rounding, so that what is exactly a half is one in any order of multiplying. */
double impact_round(double v)
{
    if (v <= 0)
        return 0;
    double unit = pow(10, floor(log10(v * (1 + 1e-9))) - 1);
    return floor(v * (1 + 1e-9) / unit + 0.5) * unit;
}

/* --- the formulas --- */

/* of: an input of the check's, a field of the profile (with what is assumed where it is not given), or a number. price: it turns hours or visits into money; such
 * factors come last. */
enum of { OF_CHECK, OF_PROFILE, OF_NUMBER };
struct factor { enum of of; const char *name; enum impact_op op; double assumed[2]; enum impact_class how; bool price; };
struct formula { enum impact_driver driver; enum impact_kind kind; enum impact_per per; struct factor factors[8]; };

#define CHECK(n) { OF_CHECK, n, OP_TIMES, { 0, 0 }, CLASS_D, false }
#define PROFILE(n) { OF_PROFILE, n, OP_TIMES, { -1, -1 }, CLASS_B, false }
#define PRICE(n) { OF_PROFILE, n, OP_TIMES, { -1, -1 }, CLASS_B, true }
#define NUMBER(n, o) { OF_NUMBER, NULL, o, { n, n }, CLASS_A, false }
#define DAYS { OF_PROFILE, "clinic_days_per_year", OP_TIMES, { 230, 260 }, CLASS_C, false }
#define HOURS { OF_PROFILE, "clinic_hours_per_day", OP_DIVIDE, { 8, 8 }, CLASS_C, false }
#define LOST { OF_PROFILE, "recover_share", OP_ONE_MINUS, { 0.4, 0.9 }, CLASS_D, false }
#define CONTRIBUTION { OF_PROFILE, "contribution_share", OP_TIMES, { 0.3, 1 }, CLASS_D, true }

static const struct formula formulas[] = {
    { IMPACT_DELAY, IMPACT_STAFF_TIME, PER_YEAR, { CHECK("users"), CHECK("minutes_per_user_day"), NUMBER(60, OP_DIVIDE), DAYS, PRICE("staff_hour_cost") } },
    { IMPACT_LOCKOUT, IMPACT_STAFF_TIME, ONCE, { CHECK("accounts"), CHECK("hours"), PRICE("staff_hour_cost") } },
    { IMPACT_OUTAGE, IMPACT_VISITS, PER_EVENT, { PROFILE("visits_per_day"), HOURS, CHECK("hours"), CHECK("scope"), LOST, PRICE("revenue_per_visit"), CONTRIBUTION } },
    { IMPACT_OUTAGE, IMPACT_STAFF_TIME, PER_EVENT, { PROFILE("staff"), CHECK("scope"), CHECK("hours"), PRICE("staff_hour_cost") } },
    { IMPACT_QUEUE, IMPACT_STAFF_TIME, PER_YEAR, { CHECK("minutes_per_visit"), PROFILE("visits_per_day"), DAYS, NUMBER(60, OP_DIVIDE), PRICE("staff_hour_cost") } },
    { IMPACT_DOUBLE_ENTRY, IMPACT_STAFF_TIME, PER_YEAR, { CHECK("minutes_per_day"), NUMBER(60, OP_DIVIDE), DAYS, PRICE("staff_hour_cost") } },
    { IMPACT_AMOUNT, IMPACT_CASH, PER_YEAR, { CHECK("amount_year") } },
    { IMPACT_LOCK_IN, IMPACT_CASH, ONCE, { CHECK("price_year"), CHECK("term_years") } },
};

/* --- inputs --- */

struct making { struct impact *out; const struct work_set *work; const struct results *results; };

static const struct impact_input *input_of(const struct check *c, const char *name)
{
    for (size_t i = 0; i < c->impact.n_inputs; i++)
        if (strcmp(c->impact.inputs[i].name, name) == 0)
            return &c->impact.inputs[i];
    return NULL;
}

/* The smallest and the largest that the evidence of the check's failing subjects says. False: none says a number. */
static bool from_evidence(const struct making *m, const struct check *c, const char *column, double range[2], enum impact_class *how)
{
    bool any = false;
    size_t n = 0;
    const struct finding *of_check = results_of_check(m->results, c->id, &n);
    for (size_t i = 0; i < n; i++) {
        const struct finding *f = &of_check[i];
        if (f->status != FINDING_FAIL || !f->evidence)
            continue;
        json_t *j = json_loads(f->evidence, 0, NULL);
        const json_t *v = json_object_get(j, column);
        double value = json_number_value(v);
        if (json_is_number(v) && value >= 0) {
            range[0] = any && range[0] < value ? range[0] : value;
            range[1] = any && range[1] > value ? range[1] : value;
            *how = f->method && strcmp(f->method, "measured") == 0 && (!any || *how == CLASS_A) ? CLASS_A : CLASS_B;
            any = true;
        }
        json_decref(j);
    }
    return any;
}

static bool site_says(const struct site *s, const char *check, const char *name, double range[2])
{
    for (size_t i = 0; i < s->n_impacts; i++)
        if (strcmp(s->impacts[i].check, check) == 0 && strcmp(s->impacts[i].input, name) == 0) {
            range[0] = s->impacts[i].low;
            range[1] = s->impacts[i].high;
            return true;
        }
    return false;
}

/* A share of a profile's number of people is a number of people: whole. */
static bool share_of(const struct making *m, const struct impact_input *in, struct impact_value *v, const char **missing)
{
    double of[2];
    if (!site_profile_range(m->work->site, in->of, of)) {
        *missing = arena_printf(m->out->arena, "profile.%s", in->of);
        return false;
    }
    for (int k = 0; k < 2; k++)
        v->range[k] = floor(of[k] * in->range[k] * (1 + 1e-9) + 0.5);
    v->how = in->source ? CLASS_C : CLASS_D;
    return true;
}

static bool check_value(const struct making *m, const struct check *c, int64_t subjects, const char *name, struct impact_value *v, const char **missing)
{
    const struct impact_input *in = input_of(c, name);
    v->key = arena_printf(m->out->arena, "impact.%s.%s", c->id, name);
    v->source = in ? in->source : NULL;
    if (site_says(m->work->site, c->id, name, v->range)) {
        v->how = CLASS_B;
        return true;
    }
    *missing = v->key;
    if (!in)
        return false;
    if (in->of && strcmp(in->of, "subjects") == 0) {
        v->range[0] = v->range[1] = (double)subjects;
        v->how = CLASS_A;
        return true;
    }
    if (in->of)
        return share_of(m, in, v, missing);
    if (in->column)
        return from_evidence(m, c, in->column, v->range, &v->how);
    v->range[0] = in->range[0];
    v->range[1] = in->range[1];
    v->how = in->source ? CLASS_C : CLASS_D;
    return true;
}

static bool profile_value(const struct making *m, const struct factor *f, struct impact_value *v, const char **missing)
{
    v->key = arena_printf(m->out->arena, "profile.%s", f->name);
    v->how = CLASS_B;
    if (site_profile_range(m->work->site, f->name, v->range))
        return true;
    *missing = v->key;
    v->range[0] = f->assumed[0];
    v->range[1] = f->assumed[1];
    v->how = f->how;
    return f->assumed[0] >= 0;
}

/* --- figures --- */

static double apply(double product, const struct impact_value *v, int end)
{
    switch (v->op) {
    case OP_TIMES: return product * v->range[end];
    case OP_DIVIDE: return v->range[1 - end] > 0 ? product / v->range[1 - end] : 0;
    case OP_ONE_MINUS: return product * (1 - v->range[1 - end]);
    }
    return product;
}

/* priced: in money; else in hours or visits. */
static void multiply(const struct impact_figure *f, bool priced, double out[2])
{
    for (int end = 0; end < 2; end++) {
        out[end] = 1;
        for (size_t i = 0; i < f->n_values; i++)
            if (priced || !f->values[i].price)
                out[end] = apply(out[end], &f->values[i], end);
    }
}

/* Each input in turn with half its width, about its middle. */
static const char *narrowing(const struct impact_figure *f)
{
    double least = f->known ? f->range[1] - f->range[0] : f->amount[1] - f->amount[0];
    const char *key = NULL;
    for (size_t i = 0; i < f->n_values; i++) {
        struct impact_value *v = &f->values[i];
        const double was[2] = { v->range[0], v->range[1] }, quarter = (was[1] - was[0]) / 4;
        double now[2];
        v->range[0] += quarter;
        v->range[1] -= quarter;
        multiply(f, f->known, now);
        v->range[0] = was[0];
        v->range[1] = was[1];
        if (now[1] - now[0] < least * (1 - 1e-9)) {
            least = now[1] - now[0];
            key = v->key;
        }
    }
    return key;
}

/* One factor's value. False: nobody said it, and *missing says what it is. */
static bool factor_value(const struct making *m, const struct impact_item *item, const struct factor *x, struct impact_value *v, const char **missing)
{
    *v = (struct impact_value){ .name = x->name, .op = x->op, .price = x->price, .range = { x->assumed[0], x->assumed[1] }, .how = x->how };
    if (x->of == OF_CHECK)
        return check_value(m, item->check, item->subjects, x->name, v, missing);
    return x->of == OF_NUMBER || profile_value(m, x, v, missing);
}

/* Without a price there are hours or visits all the same, and no money; without anything else there is nothing. */
static void fill_figure(const struct making *m, const struct impact_item *item, const struct formula *how, struct impact_figure *f)
{
    *f = (struct impact_figure){ .kind = how->kind, .per = how->per, .known = true, .values = arena_array(m->out->arena, N_ELEMENTS(how->factors), sizeof(*f->values)) };
    bool any_counted = true;
    for (size_t i = 0; any_counted && i < N_ELEMENTS(how->factors) && (how->factors[i].name || how->factors[i].of == OF_NUMBER); i++) {
        struct impact_value *v = &f->values[f->n_values];
        const char *missing = NULL;
        if (factor_value(m, item, &how->factors[i], v, &missing)) {
            f->how = v->how > f->how ? v->how : f->how;
            f->n_values++;
            continue;
        }
        f->missing = f->known ? missing : f->missing;
        f->known = false;
        any_counted = v->price;
    }
    f->counted = any_counted;
    if (!f->counted)
        return;
    multiply(f, false, f->amount);
    if (f->known)
        multiply(f, true, f->range);
    f->narrow = narrowing(f);
}

static void add_item(const struct making *m, const struct check *c, int64_t subjects, bool unknown)
{
    struct impact_item *item = &m->out->items[m->out->n_items++];
    *item = (struct impact_item){ .check = c, .subjects = subjects, .unknown = unknown, .cause = c->impact.cause,
                                  .figures = arena_array(m->out->arena, N_ELEMENTS(formulas), sizeof(*item->figures)) };
    for (size_t i = 0; i < N_ELEMENTS(formulas); i++)
        if (formulas[i].driver == c->impact.driver)
            fill_figure(m, item, &formulas[i], &item->figures[item->n_figures++]);
}

/* --- what counts --- */

/* The larger by its high end, then by its low one; of equals the first. Of one kind all have the same price. */
static bool larger(const struct impact_figure *a, const struct impact_figure *b)
{
    return a->amount[1] > b->amount[1] || (a->amount[1] >= b->amount[1] && a->amount[0] > b->amount[0]);
}

static void contain(const struct impact *out, const struct impact_item *item, struct impact_figure *f)
{
    const struct impact_figure *best = f;
    for (size_t i = 0; i < out->n_items; i++) {
        const struct impact_item *other = &out->items[i];
        if (other == item || other->unknown || strcmp(other->cause, item->cause) != 0)
            continue;
        for (size_t k = 0; k < other->n_figures; k++) {
            const struct impact_figure *g = &other->figures[k];
            bool same = g->counted && g->kind == f->kind && g->per == f->per;
            if (!same || !(larger(g, best) || (other < item && best == f && !larger(f, g))))
                continue;
            best = g;
            f->contained_in = other->check->id;
        }
    }
}

static void take_figure(struct impact_sum *sum, const struct impact_figure *f, bool add)
{
    for (int end = 0; end < 2; end++) {
        sum->amount[end] = (add ? sum->amount[end] : 0) + f->amount[end];
        sum->range[end] = (add ? sum->range[end] : 0) + f->range[end];
    }
    sum->any = f->known;
    sum->counted = true;
    sum->causes = add ? sum->causes + 1 : 1;
}

static void add_up(struct impact *out)
{
    for (size_t i = 0; i < out->n_items; i++)
        for (size_t k = 0; k < out->items[i].n_figures; k++) {
            struct impact_figure *f = &out->items[i].figures[k];
            struct impact_sum *sum = out->items[i].unknown ? &out->unknown[f->kind][f->per] : &out->sums[f->kind][f->per];
            if (!f->counted)
                continue;
            if (!out->items[i].unknown)
                contain(out, &out->items[i], f);
            if (f->contained_in)
                continue;
            bool add = !out->items[i].unknown && f->per != PER_EVENT;
            const struct impact_figure before = { .amount = { sum->amount[0], sum->amount[1] } };
            if (add || !sum->counted || larger(f, &before))
                take_figure(sum, f, add);
        }
}

static int64_t subjects_in(const struct work_set *w, const struct check *c, enum work_state state)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->n_items; i++)
        for (size_t k = 0; w->items[i].state == state && k < w->items[i].n_checks; k++)
            if (w->items[i].checks[k] == c)
                n += w->items[i].per_check[k];
    return n;
}

/* --- day 1 --- */

/* How many people of all who work there: as a share of the visits, for these are spread over them. */
static bool share_of_staff(const struct making *m, const struct impact_value *people, double range[2], const char **missing)
{
    double staff[2];
    if (!site_profile_range(m->work->site, "staff", staff)) {
        *missing = "profile.staff";
        return false;
    }
    for (int end = 0; end < 2; end++)
        range[end] = staff[1 - end] > 0 ? fmin(1, people->range[end] / staff[1 - end]) : 1;
    return true;
}

static bool share_of_visits(const struct making *m, const struct check *c, int64_t subjects, double range[2], const char **missing)
{
    const char *input = c->impact.driver == IMPACT_OUTAGE ? "scope" : c->impact.driver == IMPACT_DELAY ? "users" : c->impact.driver == IMPACT_LOCKOUT ? "accounts" : NULL;
    struct impact_value v = { .range = { 0, 0 } };
    range[0] = range[1] = 1;
    if (!input)
        return c->impact.driver == IMPACT_QUEUE;         /* at the desk everybody queues */
    if (!check_value(m, c, subjects, input, &v, missing))
        return false;
    if (c->impact.driver != IMPACT_OUTAGE)
        return share_of_staff(m, &v, range, missing);
    for (int end = 0; end < 2; end++)
        range[end] = fmin(1, v.range[end]);
    return true;
}

static int milestone_place(const struct work_set *w, const char *name)
{
    for (size_t i = 0; name && i < w->n_milestones; i++)
        if (strcmp(w->milestones[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int64_t unknown_of(const struct results *r, const char *check)
{
    for (size_t i = 0; i < r->n_checks; i++)
        if (strcmp(r->checks[i].check_id, check) == 0)
            return r->checks[i].n_unknown;
    return 0;
}

static void find_shares(const struct making *m, struct impact_day1 *d)
{
    int day1 = milestone_place(m->work, "day-1");
    d->shares = arena_array(m->out->arena, m->work->n_checks + 1, sizeof(*d->shares));
    for (size_t i = 0; i < m->work->n_checks; i++) {
        const struct check *c = &m->work->checks[i];
        int place = c->gate && check_gates(c, m->work->site->plan) ? milestone_place(m->work, c->gate) : -1;
        if (place < 0 || place > day1)
            continue;
        int64_t failing = subjects_in(m->work, c, WORK_OPEN), unknown = unknown_of(m->results, c->id);
        if (failing + unknown == 0)
            continue;
        struct impact_share *s = &d->shares[d->n_shares++];
        *s = (struct impact_share){ .check = c, .unknown = failing == 0 };
        const char *missing = NULL;
        s->known = share_of_visits(m, c, failing > 0 ? failing : unknown, s->range, &missing);
        s->missing = s->known ? NULL : missing;
        d->n_failing += !s->unknown;
        d->n_without += !s->unknown && !s->known;
    }
}

/* Shares may lie over each other wholly or not at all: at least the largest, at most their sum. */
static void fill_day1(const struct making *m)
{
    struct impact_day1 *d = &m->out->day1;
    double low = 0, high = 0, unseen = 0;
    find_shares(m, d);
    for (size_t i = 0; i < d->n_shares; i++) {
        const struct impact_share *s = &d->shares[i];
        if (!s->known)
            continue;
        low = s->unknown ? low : fmax(low, s->range[0]);
        high += s->unknown ? 0 : s->range[1];
        unseen += s->unknown ? s->range[1] : 0;
    }
    if (d->n_failing == d->n_without && unseen <= 0)
        return;
    if (!site_profile_range(m->work->site, "visits_per_day", d->visits)) {
        d->missing = "profile.visits_per_day";
        return;
    }
    d->counted = d->n_failing > d->n_without;
    d->exposed[0] = d->counted ? low * d->visits[0] : 0;
    d->exposed[1] = d->counted ? fmin(1, high) * d->visits[1] : 0;
    d->not_excluded = unseen > 0 ? fmin(1, high + unseen) * d->visits[1] : 0;
}

/* One breach may reach every record that the clinic holds: the one assumption. */
static void fill_exposure(const struct making *m)
{
    struct impact_exposure *e = &m->out->exposure;
    for (size_t i = 0; i < m->out->n_items; i++) {
        e->n_failing += m->out->items[i].check->impact.driver == IMPACT_EXPOSURE && !m->out->items[i].unknown;
        e->n_unknown += m->out->items[i].check->impact.driver == IMPACT_EXPOSURE && m->out->items[i].unknown;
    }
    if (e->n_failing + e->n_unknown == 0)
        return;
    e->known = site_profile_range(m->work->site, "patient_records", e->records);
    e->missing = e->known ? NULL : "profile.patient_records";
}

struct impact *impact_make(const struct work_set *work, const struct results *results)
{
    struct arena *arena = arena_new();
    struct impact *out = arena_alloc(arena, sizeof(*out));
    struct making m = { out, work, results };
    out->arena = arena;
    out->items = arena_array(arena, work->n_checks + 1, sizeof(*out->items));
    for (size_t i = 0; i < work->n_checks; i++) {
        const struct check *c = &work->checks[i];
        int64_t failing = c->impact.driver ? subjects_in(work, c, WORK_OPEN) : 0, unknown = c->impact.driver ? subjects_in(work, c, WORK_UNKNOWN) : 0;
        if (failing + unknown > 0)
            add_item(&m, c, failing > 0 ? failing : unknown, failing == 0);
    }
    add_up(out);
    fill_day1(&m);
    fill_exposure(&m);
    return out;
}

static void hide_money(struct impact_figure *f)
{
    size_t n = 0;
    f->known = false;
    f->missing = f->counted && f->kind != IMPACT_CASH ? NULL : f->missing;
    f->counted = f->counted && f->kind != IMPACT_CASH;
    f->range[0] = f->range[1] = 0;
    for (size_t i = 0; i < f->n_values; i++)
        if (f->counted && !f->values[i].price)
            f->values[n++] = f->values[i];
    f->n_values = n;
    f->narrow = f->counted ? narrowing(f) : NULL;
}

void impact_hide_money(struct impact *m, enum impact_kind k)
{
    for (size_t i = 0; i < m->n_items; i++)
        for (size_t j = 0; j < m->items[i].n_figures; j++)
            if (m->items[i].figures[j].kind == k)
                hide_money(&m->items[i].figures[j]);
    for (int per = 0; per < IMPACT_PERS; per++) {
        struct impact_sum *both[] = { &m->sums[k][per], &m->unknown[k][per] };
        for (size_t i = 0; i < N_ELEMENTS(both); i++) {
            both[i]->any = false;
            both[i]->counted = both[i]->counted && k != IMPACT_CASH;
            both[i]->range[0] = both[i]->range[1] = 0;
        }
    }
}

void impact_free(struct impact *i)
{
    if (i)
        arena_free(i->arena);
}
