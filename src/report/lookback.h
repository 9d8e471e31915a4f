/* What this store knew of a site on a day of the past, who owned it, and what was decided: from the last run received by then, with the files that it pinned.
 * Facts and decisions, no judgement of anybody. Parent; reads the store only. */
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
};
/* What no run received by then had read: a table at a target. */
struct look_gap { const char *target, *table, *reason; };
/* True by the day by its own date, and received later. */
struct look_late { const char *check, *target, *subject; int64_t observed_at, received_at; int64_t run; };
struct look_decision { const struct decision *d; bool recorded_later; };     /* recorded_later: dated by the day, and written down after it */
struct look_waiver { const struct waiver *w; bool live, recorded_later; };

struct lookback {
    struct arena *arena;
    int64_t moment;                          /* the last second of the day, UTC */
    const char *domain, *target;             /* narrowed to; NULL */
    struct report *then, *now;               /* then: NULL when nothing had been received; now: the newest run */
    struct look_finding *open; size_t n_open;
    struct look_gap *gaps; size_t n_gaps;
    struct look_late *late; size_t n_late;
    struct look_decision *decisions; size_t n_decisions;         /* of that day or before */
    struct look_waiver *waivers; size_t n_waivers;
    const struct decision **later; size_t n_later;               /* decided after the day, as the newest run knows them */
    struct look_finding *since; size_t n_since;                  /* open in the newest run and not then */
};

/* day: 00:00 UTC. domain, target: NULL for all. ERR_NOT_FOUND with *why (owned) when the site has no run at all. lookback_free() it. */
int lookback_make(struct store *s, const char *site, int64_t day, const char *domain, const char *target, struct lookback **out, char **why) MUST_CHECK;
void lookback_free(struct lookback *l);

void lookback_text(const struct lookback *l, const struct style *style, FILE *out);
void lookback_json(const struct lookback *l, FILE *out);

#endif
