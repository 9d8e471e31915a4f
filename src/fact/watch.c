/* Watches, to and from a job. Pure; used by parent and worker. */
#include "fact/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"

#define HOUR_S 3600

void watch_to_job(const struct watch *w, struct job *job)
{
    job_add_int(job, "sample_ms", w->sample_ms);
    job_add_int(job, "every_ms", w->every_ms);
    if (w->hours_known)
        job_add_str(job, "clinic_hours", "1");
    for (size_t i = 0; i < w->n_open; i++) {
        char *range = xasprintf("%lld %lld", (long long)w->open[i].from, (long long)w->open[i].until);
        job_add_str(job, "open", range);
        free(range);
    }
}

static bool parse_range(const char *text, struct watch_open *out)
{
    char *copy = xstrdup(text), *blank = strchr(copy, ' ');
    long long from, until;
    bool good = blank != NULL;

    if (good) {
        *blank = '\0';
        good = text_parse_int(copy, INT64_MIN, INT64_MAX, &from) && text_parse_int(blank + 1, INT64_MIN, INT64_MAX, &until) && from < until;
    }
    if (good)
        *out = (struct watch_open){ from, until };
    free(copy);
    return good;
}

static int64_t within(int64_t v, int64_t min, int64_t max)
{
    return v < min ? min : v > max ? max : v;
}

bool watch_of_job(const struct job *job, struct watch *out)
{
    *out = (struct watch){ .sample_ms = job_get_int(job, "sample_ms", 0), .hours_known = job_get(job, "clinic_hours") != NULL };
    if (out->sample_ms <= 0)
        return false;
    out->sample_ms = within(out->sample_ms, WATCH_SAMPLE_MIN_MS, WATCH_SAMPLE_MAX_MS);
    out->every_ms = within(job_get_int(job, "every_ms", out->sample_ms), WATCH_EVERY_MIN_MS, out->sample_ms);
    size_t cursor = 0;
    const char *range;
    while (out->n_open < WATCH_OPEN_MAX && (range = job_next(job, "open", &cursor)) != NULL)
        out->n_open += parse_range(range, &out->open[out->n_open]);
    return true;
}

int64_t watch_cut(const struct watch *w, int64_t t)
{
    int64_t cut = (t / HOUR_S + 1) * HOUR_S;
    for (size_t i = 0; i < w->n_open; i++) {
        if (w->open[i].from > t && w->open[i].from < cut)
            cut = w->open[i].from;
        if (w->open[i].until > t && w->open[i].until < cut)
            cut = w->open[i].until;
    }
    return cut;
}

int watch_in_clinic_hours(const struct watch *w, int64_t t)
{
    if (!w->hours_known)
        return -1;
    for (size_t i = 0; i < w->n_open; i++)
        if (t >= w->open[i].from && t < w->open[i].until)
            return 1;
    return 0;
}
