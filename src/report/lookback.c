/* What was known on a day, and what has come to light or changed since. Parent. */
#include "report/lookback_internal.h"

#include <stdlib.h>

#include "base/clock.h"

#define LAST_SECOND 86399

/* --- findings --- */

const struct report_check *look_check(const struct report *r, const struct check *d)
{
    const struct report_check *same = r ? report_check_find(r, d->id) : NULL;
    for (size_t i = 0; r && !same && i < r->n_checks; i++)
        if (check_is_called(d, r->checks[i].def->id) || check_is_called(r->checks[i].def, d->id))
            same = &r->checks[i];
    return same;
}

const struct finding *look_finding_of(const struct report_check *c, const char *target, const char *subject)
{
    size_t from = 0, to = c ? c->n_findings : 0;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int d = strcmp(c->findings[mid].target, target);
        if (d == 0)
            d = strcmp(c->findings[mid].subject, subject);
        if (d == 0)
            return &c->findings[mid];
        if (d < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return NULL;
}

bool look_wanted(const struct lookback *l, const struct check *d, const char *target)
{
    return (!l->domain || strcmp(d->domain, l->domain) == 0) && (!l->target || strcmp(target, l->target) == 0);
}

void look_unread(struct lookback *l, int64_t run, const char *why)
{
    const char **v = arena_array(l->arena, l->n_unread + 1, sizeof(*v));
    if (l->n_unread > 0)
        memcpy(v, l->unread, l->n_unread * sizeof(*v));
    v[l->n_unread++] = arena_printf(l->arena, "run %lld: %s", (long long)run, why);
    l->unread = v;
}

static bool is_open_finding(const struct finding *f)
{
    return !f->gone && f->status != FINDING_PASS;
}

/* The store keeps no row for what passes: what is not listed passes, or there is no such thing any more. */
static const char *standing(const struct report_check *now, const struct finding *f)
{
    const struct finding *same = look_finding_of(now, f->target, f->subject);
    if (!now)
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
        const struct report_check *c = &r->checks[i], *now = look_check(l->now, c->def);
        for (size_t k = 0; k < c->n_findings; k++) {
            const struct finding *f = &c->findings[k];
            if (!is_open_finding(f) || !look_wanted(l, c->def, f->target))
                continue;
            const struct waiver *w = f->status == FINDING_FAIL ? score_waiver(r->pinned.site, l->moment, c->def, f->target, f->subject) : NULL;
            l->open[l->n_open++] = (struct look_finding){ c, f, report_owner(r, c->def), w, standing(now, f), true };
        }
    }
}

static void find_since(struct lookback *l)
{
    const struct report *r = l->now;
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct report_check *c = &r->checks[i], *then = look_check(l->then, c->def);
        for (size_t k = 0; k < c->n_findings; k++) {
            const struct finding *f = &c->findings[k], *old = look_finding_of(then, f->target, f->subject);
            if (is_open_finding(f) && look_wanted(l, c->def, f->target) && (!old || old->gone || old->status != f->status))
                l->since[l->n_since++] = (struct look_finding){ c, f, report_owner(r, c->def), NULL, finding_status_name(f->status), then != NULL };
        }
    }
}

/* --- what had not been read --- */

static bool was_read(const struct table_read *v, size_t n, const struct collection *c)
{
    size_t from = 0, to = n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int d = strcmp(v[mid].target, c->target);
        if (d == 0)
            d = strcmp(v[mid].table->name, c->table->name);
        if (d == 0)
            return true;
        if (d < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return false;
}

/* Collections come by target, so that another probe's gap of the same table is among the last ones. */
static bool already_named(const struct lookback *l, const struct collection *c)
{
    for (size_t i = l->n_gaps; i > 0 && strcmp(l->gaps[i - 1].target, c->target) == 0; i--)
        if (strcmp(l->gaps[i - 1].table, c->table->name) == 0)
            return true;
    return false;
}

static bool domain_reads(const struct lookback *l, const struct fact_table *t)
{
    bool reads = !l->domain;
    for (size_t i = 0; i < l->then->n_checks && !reads; i++)
        reads = strcmp(l->then->checks[i].def->domain, l->domain) == 0 && check_may_read(l->then->checks[i].def, t);
    return reads;
}

/* Of the run that was known: what no run received by then had read either. */
static int find_gaps(struct store *s, const char *site, struct lookback *l)
{
    const struct report *r = l->then;
    struct table_read *v = NULL;
    size_t n = 0;
    int err = r ? store_tables_read(s, site, l->moment, &v, &n) : 0;
    for (size_t i = 0; r && !err && i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        bool here = (!l->target || strcmp(c->target, l->target) == 0) && domain_reads(l, c->table);
        if (!here || was_read(v, n, c) || already_named(l, c))
            continue;
        l->gaps[l->n_gaps++] = (struct look_gap){ c->target, c->table->name, c->reason != REASON_NONE ? reason_info(c->reason)->text : state_name(c->state) };
    }
    tables_read_free(v, n);
    return err;
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
    *why = NULL;
    *l = (struct lookback){ .arena = arena, .moment = day + LAST_SECOND, .domain = domain, .target = target };
    int err = load_runs(s, site, l, why);
    if (!err) {
        l->open = arena_array(arena, n_findings(l->then) + 1, sizeof(*l->open));
        l->since = arena_array(arena, n_findings(l->now) + 1, sizeof(*l->since));
        l->gaps = arena_array(arena, (l->then ? l->then->n_collections : 0) + 1, sizeof(*l->gaps));
        find_open(l);
        find_since(l);
        err = find_gaps(s, site, l);
    }
    if (!err)
        err = look_find_records(s, site, l);
    if (!err)
        err = look_find_late(s, site, l);
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
    for (size_t i = 0; i < l->n_sites; i++)
        site_free(l->sites[i]);
    report_free(l->then);
    report_free(l->now);
    arena_free(l->arena);
}
