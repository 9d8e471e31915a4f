/* What people had written down by a day: waivers, decisions, requests. Each run pins the folder's files as they were, so that every version is there; what is dated
 * by the day and came to the store later is told, and marked. Parent. */
#include "report/lookback_internal.h"

#include <stdlib.h>

#include "base/text.h"
#include "fact/form.h"
#include "report/request.h"

/* One version of the folder's records: the first run that has it. then: no later than the day. */
struct version { struct record_version at; const struct site *site; bool by_then; };
struct records { struct lookback *l; struct version *v; size_t n; };

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* --- what is the same, and what was changed --- */

static bool same_decision(const void *a, const void *b)
{
    const struct decision *x = a, *y = b;
    return x->date == y->date && same_text(x->decided, y->decided) && same_text(x->by, y->by);
}

static bool same_waiver(const void *a, const void *b)
{
    const struct waiver *x = a, *y = b;
    return x->date == y->date && same_text(x->check, y->check) && same_text(x->target, y->target) && same_text(x->subject, y->subject) && same_text(x->accepted_by, y->accepted_by);
}

static bool same_request(const void *a, const void *b)
{
    const struct site_request *x = a, *y = b;
    return strcmp(x->key, y->key) == 0;
}

static bool equal_remedies(const struct decision *x, const struct decision *y)
{
    bool equal = x->n_remedies == y->n_remedies;
    for (size_t i = 0; equal && i < x->n_remedies; i++) {
        const struct remedy *a = &x->remedies[i], *b = &y->remedies[i];
        equal = same_text(a->item, b->item) && a->remedy == b->remedy && same_text(a->note, b->note) && a->has_amount == b->has_amount && a->has_actual_cost == b->has_actual_cost &&
                a->has_actual_days == b->has_actual_days && !(a->amount < b->amount || a->amount > b->amount) && !(a->actual_cost < b->actual_cost || a->actual_cost > b->actual_cost) &&
                !(a->actual_days < b->actual_days || a->actual_days > b->actual_days);
    }
    return equal;
}

static bool equal_decision(const void *a, const void *b)
{
    const struct decision *x = a, *y = b;
    bool equal = same_text(x->run, y->run) && same_text(x->milestone, y->milestone) && x->n_conditions == y->n_conditions && x->n_accepts_unknown == y->n_accepts_unknown &&
                 equal_remedies(x, y);
    for (size_t i = 0; equal && i < x->n_conditions; i++) {
        const struct condition *c = &x->conditions[i], *d = &y->conditions[i];
        equal = same_text(c->text, d->text) && same_text(c->owner, d->owner) && c->due == d->due && c->met == d->met;
    }
    for (size_t i = 0; equal && i < x->n_accepts_unknown; i++)
        equal = same_text(x->accepts_unknown[i], y->accepts_unknown[i]);
    return equal;
}

static bool equal_waiver(const void *a, const void *b)
{
    const struct waiver *x = a, *y = b;
    return x->expires == y->expires && same_text(x->reason, y->reason) && same_text(x->role, y->role) && same_text(x->compensating_control, y->compensating_control);
}

static bool equal_step(const struct request_step *a, const struct request_step *b)
{
    return a->state == b->state && a->on == b->on && same_text(a->by, b->by) && same_text(a->note, b->note);
}

static bool equal_request(const void *a, const void *b)
{
    const struct site_request *x = a, *y = b;
    bool equal = x->n_steps == y->n_steps && same_text(x->what, y->what) && same_text(x->asked_of, y->asked_of) && x->asked == y->asked;
    for (size_t i = 0; equal && i < x->n_steps; i++)
        equal = equal_step(&x->steps[i], &y->steps[i]);
    return equal;
}

/* --- through the versions --- */

/* A kind of record: where it stands in a site, and what makes two of them one. */
struct kind { size_t size; const char *(*list)(const struct site *s, size_t *n); bool (*same)(const void *, const void *), (*equal)(const void *, const void *); };

static const char *decisions_of(const struct site *s, size_t *n)
{
    *n = s->n_decisions;
    return (const char *)s->decisions;
}

static const char *waivers_of(const struct site *s, size_t *n)
{
    *n = s->n_waivers;
    return (const char *)s->waivers;
}

static const char *requests_of(const struct site *s, size_t *n)
{
    *n = s->n_requests;
    return (const char *)s->requests;
}

static const struct kind decision_kind = { sizeof(struct decision), decisions_of, same_decision, equal_decision };
static const struct kind waiver_kind = { sizeof(struct waiver), waivers_of, same_waiver, equal_waiver };
static const struct kind request_kind = { sizeof(struct site_request), requests_of, same_request, equal_request };

/* The same record in a site; NULL. */
static const void *find_in(const struct kind *k, const struct site *s, const void *record)
{
    size_t n = 0;
    const char *v = s ? k->list(s, &n) : NULL;
    for (size_t i = 0; i < n; i++)
        if (k->same(v + i * k->size, record))
            return v + i * k->size;
    return NULL;
}

struct found { const void *record; struct look_record at; };

static struct found *found_same(const struct kind *k, struct found *v, size_t n, const void *record)
{
    for (size_t i = 0; i < n; i++)
        if (k->same(v[i].record, record))
            return &v[i];
    return NULL;
}

/* Every record that some version has, in the order in which they came: as that day's run had it, else as it was known by then, else as it first came. */
static size_t find_all(const struct records *r, const struct kind *k, struct found **out)
{
    const struct lookback *l = r->l;
    const struct site *then = l->then ? l->then->pinned.site : NULL, *now = l->now->pinned.site;
    size_t n = 0, most = 0, here;
    for (size_t i = 0; i < r->n; i++) {
        (void)k->list(r->v[i].site, &here);
        most += here;
    }
    struct found *v = arena_array(l->arena, most + 1, sizeof(*v));
    for (size_t i = 0; i < r->n; i++) {
        const char *list = k->list(r->v[i].site, &here);
        for (size_t j = 0; j < here; j++) {
            const void *record = list + j * k->size;
            struct found *old = found_same(k, v, n, record);
            if (old && r->v[i].by_then)
                old->record = record;
            else if (!old)
                v[n++] = (struct found){ record, { .run = r->v[i].at.run, .received_at = r->v[i].at.received_at, .later = !r->v[i].by_then } };
        }
    }
    for (size_t i = 0; i < n; i++) {
        const void *held = find_in(k, then, v[i].record), *newest = find_in(k, now, v[i].record);
        v[i].at.held = held != NULL;
        v[i].record = held ? held : v[i].record;
        v[i].at.now = !newest ? "gone" : k->equal(newest, v[i].record) ? "same" : "changed";
    }
    *out = v;
    return n;
}

/* --- narrowed --- */

static bool is_at_target(const struct report *r, const struct check *d, const char *target)
{
    const struct report_check *c = look_check(r, d);
    char *quoted = xasprintf("\"t\":\"%s\"", target);
    bool at = c && c->result->target_counts && strstr(c->result->target_counts, quoted);
    free(quoted);
    return at;
}

/* Whether a check that is called so is among what is looked at: by id, earlier id, fix group, or an item's name with a milestone behind it. */
static bool name_wanted(const struct lookback *l, const char *name)
{
    const struct report *const runs[] = { l->then, l->now };
    size_t len = strcspn(name, ":");
    if (!l->domain && !l->target)
        return true;
    for (size_t k = 0; k < N_ELEMENTS(runs); k++)
        for (size_t i = 0; runs[k] && i < runs[k]->n_checks; i++) {
            const struct check *d = runs[k]->checks[i].def;
            const char *fix = fix_name(d);
            bool called = check_is_called(d, name) || (strlen(d->id) == len && strncmp(d->id, name, len) == 0) || (strlen(fix) == len && strncmp(fix, name, len) == 0);
            if (called && (!l->domain || strcmp(d->domain, l->domain) == 0) && (!l->target || is_at_target(runs[k], d, l->target)))
                return true;
        }
    return false;
}

/* A waiver speaks of its own target, or of every one. */
static bool waiver_wanted(const struct lookback *l, const struct waiver *w)
{
    const struct lookback by_domain = { .then = l->then, .now = l->now, .domain = l->domain, .target = w->target ? NULL : l->target };
    return (!l->target || !w->target || strcmp(w->target, l->target) == 0) && name_wanted(&by_domain, w->check);
}

/* The decision with only those remedies and accepted unknowns that are looked at; false: it names some, and none of these. */
static bool narrow_decision(const struct lookback *l, const struct decision *d, struct look_decision *out)
{
    struct decision *copy = arena_alloc(l->arena, sizeof(*copy));
    size_t n = d->n_remedies + d->n_accepts_unknown;
    *copy = *d;
    copy->remedies = arena_array(l->arena, d->n_remedies + 1, sizeof(*copy->remedies));
    copy->accepts_unknown = arena_array(l->arena, d->n_accepts_unknown + 1, sizeof(*copy->accepts_unknown));
    copy->n_remedies = copy->n_accepts_unknown = 0;
    for (size_t i = 0; i < d->n_remedies; i++)
        if (name_wanted(l, d->remedies[i].item))
            copy->remedies[copy->n_remedies++] = d->remedies[i];
    for (size_t i = 0; i < d->n_accepts_unknown; i++)
        if (name_wanted(l, d->accepts_unknown[i]))
            copy->accepts_unknown[copy->n_accepts_unknown++] = d->accepts_unknown[i];
    out->d = copy;
    out->n_left_out = n - copy->n_remedies - copy->n_accepts_unknown;
    return n == 0 || out->n_left_out < n;
}

static bool form_wanted(const struct lookback *l, const struct form *f)
{
    const struct report *const runs[] = { l->then, l->now };
    char *place = form_target(f);
    bool wanted = !l->target || strcmp(place, l->target) == 0;
    free(place);
    if (!wanted || !l->domain)
        return wanted;
    for (size_t k = 0; k < N_ELEMENTS(runs); k++)
        for (size_t i = 0; runs[k] && i < runs[k]->n_checks; i++)
            if (strcmp(runs[k]->checks[i].def->domain, l->domain) == 0 && check_may_read(runs[k]->checks[i].def, f->table))
                return true;
    return false;
}

/* Of data, by what it would have settled in one of the two runs. */
static bool data_wanted(const struct lookback *l, const char *key, const char *at)
{
    const struct report *const runs[] = { l->then, l->now };
    const char *slash = strrchr(at, '/');
    size_t len = slash ? (size_t)(slash - at) : strlen(at);
    if (l->target && (strlen(l->target) != len || strncmp(l->target, at, len) != 0))
        return false;
    for (size_t k = 0; l->domain && k < N_ELEMENTS(runs); k++)
        for (size_t i = 0; runs[k] && i < runs[k]->requests->n; i++) {
            const struct request *q = &runs[k]->requests->v[i];
            for (size_t c = 0; strcmp(q->key, key) == 0 && c < q->n_checks; c++)
                if (strcmp(q->checks[c]->def->domain, l->domain) == 0)
                    return true;
        }
    return !l->domain;
}

static bool request_wanted(const struct lookback *l, const char *key)
{
    const char *rest = strchr(key, ':');
    if ((!l->domain && !l->target) || !rest)
        return true;
    rest++;
    if (text_starts_with(key, "check:"))
        return name_wanted(l, rest);
    const struct form *f = text_starts_with(key, "attest:") ? form_find(rest) : NULL;
    return f ? form_wanted(l, f) : data_wanted(l, key, rest);
}

/* --- what is told --- */

static void take_decisions(const struct records *r)
{
    struct lookback *l = r->l;
    struct found *v;
    size_t n = find_all(r, &decision_kind, &v);
    l->decisions = arena_array(l->arena, n + 1, sizeof(*l->decisions));
    l->later = arena_array(l->arena, n + 1, sizeof(*l->later));
    for (size_t i = 0; i < n; i++) {
        const struct decision *d = v[i].record;
        struct look_decision out = { .at = v[i].at };
        if (!narrow_decision(l, d, &out))
            continue;
        if (d->date <= l->moment)
            l->decisions[l->n_decisions++] = out;
        else
            l->later[l->n_later++] = out;
    }
}

static void take_waivers(const struct records *r)
{
    struct lookback *l = r->l;
    struct found *v;
    size_t n = find_all(r, &waiver_kind, &v);
    l->waivers = arena_array(l->arena, n + 1, sizeof(*l->waivers));
    for (size_t i = 0; i < n; i++) {
        const struct waiver *w = v[i].record;
        bool taken_back = !v[i].at.later && !v[i].at.held;
        if (w->date <= l->moment && waiver_wanted(l, w))
            l->waivers[l->n_waivers++] = (struct look_waiver){ w, waiver_live(w, l->moment) && !taken_back, v[i].at };
    }
}

static void add_steps(const struct lookback *l, struct look_request *out, const struct site_request *q, bool later)
{
    for (size_t i = 0; i < q->n_steps; i++) {
        const struct request_step *s = &q->steps[i];
        bool known = false;
        for (size_t k = 0; k < out->n_steps; k++)
            known = known || equal_step(out->steps[k].step, s);
        if (s->on <= l->moment && !known)
            out->steps[out->n_steps++] = (struct look_step){ s, later };
    }
}

static int by_day(const void *a, const void *b)
{
    const struct look_step *x = a, *y = b;
    if (x->step->on != y->step->on)
        return x->step->on < y->step->on ? -1 : 1;
    return (int)x->later - (int)y->later;
}

/* What was heard of it, from every version: those of the day's run first, then what came to the store later. */
static void fill_steps(const struct records *r, struct look_request *out)
{
    struct lookback *l = r->l;
    size_t most = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct site_request *q = find_in(&request_kind, r->v[i].site, out->q);
        most += q ? q->n_steps : 0;
    }
    out->steps = arena_array(l->arena, most + 1, sizeof(*out->steps));
    for (int later = 0; later < 2; later++)
        for (size_t i = 0; i < r->n; i++) {
            const struct site_request *q = r->v[i].by_then == !later ? find_in(&request_kind, r->v[i].site, out->q) : NULL;
            if (q)
                add_steps(l, out, q, later);
        }
    /* stable: what was written down first stays first */
    for (size_t i = 1; i < out->n_steps; i++)
        for (size_t k = i; k > 0 && by_day(&out->steps[k - 1], &out->steps[k]) > 0; k--) {
            struct look_step x = out->steps[k];
            out->steps[k] = out->steps[k - 1];
            out->steps[k - 1] = x;
        }
    const struct site_request *newest = find_in(&request_kind, l->now->pinned.site, out->q);
    const struct request_step *last = newest ? site_request_standing(newest) : NULL;
    out->since = last && last->on > l->moment ? last : NULL;
}

static int by_number(const void *a, const void *b)
{
    const struct look_request *x = a, *y = b;
    return (x->q->number > y->q->number) - (x->q->number < y->q->number);
}

static void take_requests(const struct records *r)
{
    struct lookback *l = r->l;
    struct found *v;
    size_t n = find_all(r, &request_kind, &v);
    l->requests = arena_array(l->arena, n + 1, sizeof(*l->requests));
    for (size_t i = 0; i < n; i++) {
        struct look_request out = { .q = v[i].record, .at = v[i].at };
        if (out.q->asked > l->moment || !request_wanted(l, out.q->key))
            continue;
        fill_steps(r, &out);
        l->requests[l->n_requests++] = out;
    }
    if (l->n_requests > 0)
        qsort(l->requests, l->n_requests, sizeof(*l->requests), by_number);
}

/* What was unknown that day, and nobody had been asked for, whatever the store heard of it later. */
static void take_unasked(struct lookback *l)
{
    const struct request_list *list = l->then ? l->then->requests : NULL;
    l->unasked = arena_array(l->arena, (list ? list->n : 0) + 1, sizeof(const struct request *));
    for (size_t i = 0; list && i < list->n; i++) {
        const struct request *q = &list->v[i];
        bool asked = !request_wanted(l, q->key);
        for (size_t k = 0; k < l->n_requests && !asked; k++)
            asked = strcmp(l->requests[k].q->key, q->key) == 0;
        if (!asked)
            l->unasked[l->n_unasked++] = q;
    }
}

static int load_versions(struct store *s, const struct record_version *v, size_t n, struct records *r)
{
    struct lookback *l = r->l;
    r->v = arena_array(l->arena, n + 1, sizeof(*r->v));
    l->sites = arena_array(l->arena, n + 1, sizeof(*l->sites));
    for (size_t i = 0; i < n; i++) {
        struct site *site = NULL;
        char *why = NULL;
        int err = pinned_records(s, v[i].run, &site, &why);
        if (err && !why)
            return err;
        if (site) {
            l->sites[l->n_sites++] = site;
            r->v[r->n++] = (struct version){ v[i], site, v[i].received_at <= l->moment };
        } else
            look_unread(l, v[i].run, why);
        free(why);
    }
    return 0;
}

int look_find_records(struct store *s, const char *site, struct lookback *l)
{
    struct record_version *v = NULL;
    size_t n = 0;
    struct records r = { .l = l };
    int err = store_record_versions(s, site, &v, &n);
    if (!err)
        err = load_versions(s, v, n, &r);
    free(v);
    if (err)
        return err;
    take_decisions(&r);
    take_waivers(&r);
    take_requests(&r);
    take_unasked(l);
    return 0;
}
