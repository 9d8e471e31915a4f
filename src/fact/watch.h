/* A watch: how long a job reads the same figures again and again, and where its rows are cut. `preop check --sample` makes such jobs. The
 * parent writes it into the job, because it alone knows time zone and clinic hours; the worker reads it. */
#ifndef PREOP_FACT_WATCH_H
#define PREOP_FACT_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include "fact/job.h"

#define WATCH_SAMPLE_MIN_MS 1000
#define WATCH_SAMPLE_MAX_MS (INT64_C(21) * 24 * 3600 * 1000)
#define WATCH_EVERY_MIN_MS 1000          /* many devices bring their counters up to date every few seconds only */
#define WATCH_EVERY_MAX_MS (INT64_C(3600) * 1000)
#define WATCH_OPEN_MAX 64

struct watch {
    int64_t sample_ms, every_ms;         /* the whole, and from one read to the next; every_ms = sample_ms: two reads */
    bool hours_known;                    /* the site names clinic hours */
    struct watch_open { int64_t from, until; } open[WATCH_OPEN_MAX]; size_t n_open;      /* when the clinic is open meanwhile, UTC seconds, in order */
};

/* The keys sample_ms, every_ms, clinic_hours and open. */
void watch_to_job(const struct watch *w, struct job *job);
/* False: the job is none that watches. Figures out of bounds are brought into them. */
bool watch_of_job(const struct job *job, struct watch *out);
/* The next moment after t at which a row ends: a full hour (UTC), or the clinic opens or closes. UTC seconds. */
int64_t watch_cut(const struct watch *w, int64_t t);
/* Whether the clinic is open at t: 1, 0, or -1 when that is not known. */
int watch_in_clinic_hours(const struct watch *w, int64_t t);

#endif
