/* What was known on a day, and what has come to light or changed since. Parent. */
#include "report/lookback.h"

#include <stdlib.h>

#include "base/clock.h"

#define LAST_SECOND 86399

/* --- findings --- */

static bool wanted(const struct lookback *l, const struct report_check *c, const struct finding *f)
{
    return !f->gone && f->status != FINDING_PASS && (!l->domain || strcmp(c->def->domain, l->domain) == 0) && (!l->target || strcmp(f->target, l->target) == 0);
}

static const struct finding *same_finding(const struct report *r, const char *check, const char *target, const char *subject)
{
    const struct report_check *c = report_check_find(r, check);
    for (size_t i = 0; c && i < c->n_findings; i++)
        if (strcmp(c->findings[i].target, target) == 0 && strcmp(c->findings[i].subject, subject) == 0)
            return &c->findings[i];
    return NULL;
}

/* The store keeps no row for what passes: what is not listed passes, or there is no such thing any more. */
static const char *standing(const struct report *now, const struct report_check *c, const struct finding *f)
{
    const struct finding *same = same_finding(now, c->def->id, f->target, f->subject);
    if (!report_check_find(now, c->def->id))
        return "no longer checked";
    return !same ? "no longer open" : same->gone ? "gone" : finding_status_name(same->status);
}

static size_t n_findings(const struct report *r)
{
    return r ? r->results.n_findings : 0;
}

static void find_open(struct lookback *l)
{
    const struct report *r = l->then;
    for (size_t i = 0; r && i < r->n_checks; i++) {
        const struct report_check *c = &r->checks[i];
        for (size_t k = 0; k < c->n_findings; k++) {
            const struct finding *f = &c->findings[k];
            if (!wanted(l, c, f))
                continue;
            const struct waiver *w = f->status == FINDING_FAIL ? score_waiver(r->pinned.site, l->moment, c->def, f->target, f->subject) : NULL;
            l->open[l->n_open++] = (struct look_finding){ c, f, report_owner(r, c->def), w, standing(l->now, c, f) };
        }
    }
}

static void find_since(struct lookback *l)
{
    const struct report *r = l->now;
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct report_check *c = &r->checks[i];
        for (size_t k = 0; k < c->n_findings; k++) {
            const struct finding *f = &c->findings[k], *old = l->then ? same_finding(l->then, c->def->id, f->target, f->subject) : NULL;
            if (wanted(l, c, f) && (!old || old->gone || old->status != f->status))
                l->since[l->n_since++] = (struct look_finding){ c, f, report_owner(r, c->def), NULL, finding_status_name(f->status) };
        }
    }
}

/* --- what had not been read --- */

static bool was_read(const struct collection *v, size_t n, const struct collection *c)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].table == c->table && strcmp(v[i].target, c->target) == 0 && (v[i].state == STATE_COMPLETE || v[i].state == STATE_UNSUPPORTED))
            return true;
    return false;
}

static bool already_named(const struct lookback *l, const struct collection *c)
{
    for (size_t i = 0; i < l->n_gaps; i++)
        if (strcmp(l->gaps[i].target, c->target) == 0 && strcmp(l->gaps[i].table, c->table->name) == 0)
            return true;
    return false;
}

/* Of the run that was known: what no run received by then had read either. */
static int find_gaps(struct store *s, struct lookback *l, const struct run *runs, size_t n_runs)
{
    const struct report *r = l->then;
    int err = 0;
    bool *read = arena_array(l->arena, (r ? r->n_collections : 0) + 1, sizeof(bool));
    for (size_t k = 0; r && !err && k < n_runs; k++) {
        struct collection *v = NULL;
        size_t n = 0;
        if (runs[k].received_at > l->moment || strcmp(runs[k].state, "sealed") != 0)
            continue;
        err = store_collections(s, runs[k].id, &v, &n);
        for (size_t i = 0; !err && i < r->n_collections; i++)
            read[i] = read[i] || was_read(v, n, &r->collections[i]);
        collections_free(v, n);
    }
    for (size_t i = 0; r && !err && i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        if (read[i] || already_named(l, c) || (l->target && strcmp(c->target, l->target) != 0))
            continue;
        l->gaps[l->n_gaps++] = (struct look_gap){ c->target, c->table->name, c->reason != REASON_NONE ? reason_info(c->reason)->text : state_name(c->state) };
    }
    return err;
}

/* --- what was true already --- */

static bool known_then(const struct lookback *l, const struct finding *f)
{
    const struct finding *old = l->then ? same_finding(l->then, f->check_id, f->target, f->subject) : NULL;
    if (old && !old->gone && old->status == FINDING_FAIL)
        return true;
    for (size_t i = 0; i < l->n_late; i++)
        if (strcmp(l->late[i].check, f->check_id) == 0 && strcmp(l->late[i].target, f->target) == 0 && strcmp(l->late[i].subject, f->subject) == 0)
            return true;
    return false;
}

static void late_of_run(struct lookback *l, const struct report *r)
{
    size_t more = 0;
    struct look_late *v = arena_array(l->arena, l->n_late + n_findings(r) + 1, sizeof(*v));
    if (l->n_late > 0)
        memcpy(v, l->late, l->n_late * sizeof(*v));
    l->late = v;
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct report_check *c = &r->checks[i];
        for (size_t k = 0; k < c->n_findings; k++) {
            const struct finding *f = &c->findings[k];
            bool told = f->status == FINDING_FAIL && f->observed_at != 0 && f->observed_at <= l->moment;
            if (!told || !wanted(l, c, f) || known_then(l, f))
                continue;
            v[l->n_late + more] = (struct look_late){ arena_strdup(l->arena, f->check_id), arena_strdup(l->arena, f->target), arena_strdup(l->arena, f->subject), f->observed_at,
                                                      r->run.received_at, r->run.id };
            more++;
        }
    }
    l->n_late += more;
}

/* Runs received afterwards, the oldest first: the first that shows it is when it came. */
static int find_late(struct store *s, struct lookback *l, const struct run *runs, size_t n_runs)
{
    int err = 0;
    for (size_t k = n_runs; !err && k > 0; k--) {
        struct report *r = NULL;
        if (runs[k - 1].received_at <= l->moment || strcmp(runs[k - 1].state, "sealed") != 0)
            continue;
        char *why = NULL;
        err = report_load(s, runs[k - 1].id, false, &r, &why);
        free(why);
        if (!err)
            late_of_run(l, r);
        report_free(r);
    }
    return err;
}

/* --- what was decided --- */

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool has_decision(const struct site *s, const struct decision *d)
{
    for (size_t i = 0; s && i < s->n_decisions; i++)
        if (s->decisions[i].date == d->date && same_text(s->decisions[i].decided, d->decided) && same_text(s->decisions[i].by, d->by))
            return true;
    return false;
}

static bool has_waiver(const struct site *s, const struct waiver *w)
{
    for (size_t i = 0; s && i < s->n_waivers; i++) {
        const struct waiver *x = &s->waivers[i];
        if (x->date == w->date && same_text(x->check, w->check) && same_text(x->target, w->target) && same_text(x->subject, w->subject) && x->expires == w->expires)
            return true;
    }
    return false;
}

static void take_records(struct lookback *l, const struct site *from, const struct site *known)
{
    bool later = from != known;
    for (size_t i = 0; i < from->n_decisions; i++) {
        const struct decision *d = &from->decisions[i];
        if (d->date <= l->moment && !(later && has_decision(known, d)))
            l->decisions[l->n_decisions++] = (struct look_decision){ d, later };
    }
    for (size_t i = 0; i < from->n_waivers; i++) {
        const struct waiver *w = &from->waivers[i];
        if (w->date <= l->moment && !(later && has_waiver(known, w)))
            l->waivers[l->n_waivers++] = (struct look_waiver){ w, waiver_live(w, l->moment), later };
    }
}

static void find_records(struct lookback *l)
{
    const struct site *known = l->then ? l->then->pinned.site : NULL, *now = l->now->pinned.site;
    l->decisions = arena_array(l->arena, (known ? known->n_decisions : 0) + now->n_decisions + 1, sizeof(*l->decisions));
    l->waivers = arena_array(l->arena, (known ? known->n_waivers : 0) + now->n_waivers + 1, sizeof(*l->waivers));
    if (known)
        take_records(l, known, known);
    take_records(l, now, known);
    l->later = arena_array(l->arena, now->n_decisions + 1, sizeof(*l->later));
    for (size_t i = 0; i < now->n_decisions; i++)
        if (now->decisions[i].date > l->moment)
            l->later[l->n_later++] = &now->decisions[i];
}

/* --- all of it --- */

static int load_runs(struct store *s, const char *site, struct lookback *l, char **why)
{
    struct run run = { 0 };
    char day[DATE_LEN];
    int err = store_run_find(s, site, "latest", false, &run, why);
    if (!err)
        err = report_load(s, run.id, false, &l->now, why);
    run_clear(&run);
    date_format(l->moment, day);
    if (err)
        return err;
    char *none = NULL;
    run = (struct run){ 0 };
    if (store_run_find(s, site, day, false, &run, &none) == 0)
        err = report_load(s, run.id, false, &l->then, why);
    free(none);
    run_clear(&run);
    return err;
}

int lookback_make(struct store *s, const char *site, int64_t day, const char *domain, const char *target, struct lookback **out, char **why)
{
    struct arena *arena = arena_new();
    struct lookback *l = arena_alloc(arena, sizeof(*l));
    struct run *runs = NULL;
    size_t n_runs = 0;
    *why = NULL;
    *l = (struct lookback){ .arena = arena, .moment = day + LAST_SECOND, .domain = domain, .target = target };
    int err = load_runs(s, site, l, why);
    if (!err)
        err = store_runs(s, site, &runs, &n_runs);
    if (!err) {
        l->open = arena_array(arena, n_findings(l->then) + 1, sizeof(*l->open));
        l->since = arena_array(arena, n_findings(l->now) + 1, sizeof(*l->since));
        l->gaps = arena_array(arena, (l->then ? l->then->n_collections : 0) + 1, sizeof(*l->gaps));
        find_open(l);
        find_since(l);
        find_records(l);
        err = find_gaps(s, l, runs, n_runs);
    }
    if (!err)
        err = find_late(s, l, runs, n_runs);
    runs_free(runs, n_runs);
    if (err) {
        lookback_free(l);
        l = NULL;
    }
    *out = l;
    return err;
}

void lookback_free(struct lookback *l)
{
    if (!l)
        return;
    report_free(l->then);
    report_free(l->now);
    arena_free(l->arena);
}
