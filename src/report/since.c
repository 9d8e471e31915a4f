/* What a report's changes are told against: the run of the last report that the same reader was given, else the run before. Parent. */
#include <string.h>

#include "report/request.h"

/* A map tells nothing of changes, so it is no report that the next one could follow. */
static bool is_report(const struct disclosure *d)
{
    return strcmp(d->format, "svg") != 0 && strcmp(d->format, "dot") != 0;
}

static bool is_earlier(const struct run *runs, size_t n, int64_t id, const struct run *than)
{
    for (size_t i = 0; i < n; i++)
        if (runs[i].id == id)
            return id != than->id && runs[i].started <= than->started;
    return false;
}

/* v: newest first. Of one run several reports may be written, as html and pdf: those tell nobody of an earlier state. NULL: none. */
static const struct disclosure *last_to(const struct disclosure *v, size_t n, const struct run *runs, size_t n_runs, const struct report *r, const char *audience, const char *made_for)
{
    for (size_t i = 0; i < n; i++)
        if (is_report(&v[i]) && strcmp(v[i].audience, audience) == 0 && (!made_for || strcmp(v[i].made_for, made_for) == 0) && is_earlier(runs, n_runs, v[i].run, &r->run))
            return &v[i];
    return NULL;
}

static int take(struct store *s, struct report *r, const struct disclosure *d)
{
    struct run run = { 0 };
    int err = store_run_get(s, d->run, &run);
    if (err)
        return err;
    run_clear(&r->previous);
    r->previous = run;
    r->has_previous = true;
    r->told = (struct report_told){ .at = d->at, .format = arena_strdup(r->arena, d->format) };
    return 0;
}

int report_find_told(struct store *s, struct report *r, const struct audience *audience, const char *made_for)
{
    struct disclosure *v = NULL;
    struct run *runs = NULL;
    size_t n = 0, n_runs = 0;
    const char *name = audience ? audience->name : "";
    int err = store_disclosures(s, r->run.site, &v, &n);
    if (!err)
        err = store_runs(s, r->run.site, &runs, &n_runs);
    const struct disclosure *d = err || !made_for ? NULL : last_to(v, n, runs, n_runs, r, name, made_for);
    if (!d && !err)
        d = last_to(v, n, runs, n_runs, r, name, NULL);
    r->handed_out = true;
    if (d)
        err = take(s, r, d);
    disclosures_free(v, n);
    runs_free(runs, n_runs);
    return err;
}

void report_compare(struct store *s, struct report *r)
{
    /* a comparison that cannot be made spoils no report: it says so */
    if (r->has_previous && compare_runs(s, r->previous.id, r->run.id, &r->changes, &r->changes_why))
        r->changes = NULL;
}

size_t report_n_refused_since(const struct report *r)
{
    const struct request *q;
    int64_t from = r->told.at ? r->told.at : r->previous.started;
    size_t n = 0;
    from -= from % 86400;            /* what was said is known by its day */
    for (size_t i = 0; r->has_previous && (q = request_next(r->requests, REQUEST_REFUSED, &i));)
        n += site_request_standing(q->said)->on >= from;
    return n;
}
