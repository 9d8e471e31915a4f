/* What this store knew of a site on a day of the past, who owned it, what was asked for, and what was decided: from the last run received by then, with the files
 * that it pinned. Facts and decisions, no judgement of anybody. Parent; reads the store only. */
#ifndef PREOP_REPORT_LOOKBACK_H
#define PREOP_REPORT_LOOKBACK_H

#include <stdio.h>
#include "report/report.h"

/* A finding that was open: as it stood then, and as it stands in the newest run. */
struct look_finding {
    const struct report_check *check;        /* of the run that has it */
    const struct finding *f;
    const char *owner;                       /* the name or the role, as mapped then */
    const struct waiver *waiver;             /* that held on the day; NULL */
    const char *now;                         /* "fail", "unknown", "pass", "gone" in the newest run */
    bool checked_then;                       /* that day's run had this check */
};
/* What no run received by then had read: a table at a target. */
struct look_gap { const char *target, *table, *reason; };
/* True by the day by its own date, and received later: judged as of the day. */
struct look_late { const char *check, *target, *subject; int64_t observed_at, received_at; int64_t run; };
struct look_good {
    const char *check, *target;
    size_t n_pass;                           /* subjects that pass and did not, or were not known to, in that day's run */
    const char **were_open; size_t n_open;   /* those of them that were open then */
    int64_t observed_at, received_at; int64_t run;       /* observed_at: the newest of them */
};
/* Where something that people wrote down stands in the store. */
struct look_record {
    int64_t run, received_at;                /* the first run that has it */
    bool later;                              /* received after the day, though it is dated by it */
    bool held;                               /* in the files of that day's run */
    const char *now;                         /* in the newest run's files: "same", "changed", "gone" */
};
struct look_decision { const struct decision *d; size_t n_left_out; struct look_record at; };        /* d: narrowed; n_left_out: remedies and accepted unknowns of other matters */
struct look_waiver { const struct waiver *w; bool live; struct look_record at; };
struct look_step { const struct request_step *step; bool later; };
struct look_request {
    const struct site_request *q;            /* as it was known last */
    struct look_record at;
    struct look_step *steps; size_t n_steps; /* of the day or before, in order */
    const struct request_step *since;        /* the newest step after the day; NULL */
};

struct lookback {
    struct arena *arena;
    int64_t moment;                          /* the last second of the day, UTC */
    const char *domain, *target;             /* narrowed to; NULL */
    struct report *then, *now;               /* then: NULL when nothing had been received; now: the newest run */
    struct look_finding *open; size_t n_open;
    struct look_gap *gaps; size_t n_gaps;
    struct look_late *late; size_t n_late;
    struct look_good *good; size_t n_good;
    struct look_decision *decisions; size_t n_decisions;         /* of that day or before */
    struct look_waiver *waivers; size_t n_waivers;
    struct look_request *requests; size_t n_requests;            /* asked on that day or before, by number */
    const struct request **unasked; size_t n_unasked;            /* unknown then, and asked of nobody by the day */
    struct look_decision *later; size_t n_later;                 /* decided after the day */
    struct look_finding *since; size_t n_since;                  /* open in the newest run and not then */
    const char **unread; size_t n_unread;                        /* sentences: of which runs the files cannot be read any more */
    struct site **sites; size_t n_sites;                         /* what records point into */
};

/* day: 00:00 UTC. domain, target: NULL for all. ERR_NOT_FOUND with *why (owned) when the site has no run at all. lookback_free() it. */
int lookback_make(struct store *s, const char *site, int64_t day, const char *domain, const char *target, struct lookback **out, char **why) MUST_CHECK;
void lookback_free(struct lookback *l);

void lookback_text(const struct lookback *l, const struct style *style, FILE *out);
void lookback_json(const struct lookback *l, FILE *out);         /* contrib/schema/lookback.schema.json */

#endif
