/* What was planned and what it came to: for each remedy in decisions.yaml the work as the run said that was decided on, beside what was written down afterwards
 * (actual_cost, actual_days). What has no actual is unknown, and never nothing. Parent; reads the store. The rules: src/plan/README.md. */
#ifndef PREOP_PLAN_REALISED_H
#define PREOP_PLAN_REALISED_H

#include "base/err.h"
#include "plan/work.h"
#include "store/store.h"

struct realised_row {
    const struct decision *decision;
    const struct remedy *remedy;     /* its item names the work; actuals are its */
    const char *title;               /* of the work, as that run had it; NULL */
    int64_t run;                     /* that was decided on: named, else the last received by that day; 0: none is known */
    bool planned_cost, planned_days; /* which of a's figures that run's checks say; neither: why says why */
    enum work_state state;           /* as that run had it */
    struct amounts a;
    const char *why;
    bool superseded;                 /* decided again later: shown because it has an actual */
};
/* Sums compare like with like: only rows with a plan and an actual are in planned and actual. Cents, or thousandths of a person-day. */
struct realised_sum {
    size_t compared; int64_t planned[2], actual;
    size_t open;                     /* without an actual: unknown */
    size_t unplanned; int64_t actual_unplanned;          /* an actual, and no plan */
};
struct realised {
    struct arena *arena;
    struct realised_row *rows; size_t n;                 /* in the order of decisions.yaml */
    struct realised_sum cost, days;                      /* once; effort */
};

/* site: whose decisions; borrowed, must live as long. A run that is gone or cannot be read leaves its rows without a plan. realised_free() it. */
int realised_make(struct store *s, const struct site *site, struct realised **out) MUST_CHECK;
void realised_free(struct realised *r);
/* What a remedy came to, in cents and thousandths; false: not known. */
bool realised_cost(const struct remedy *r, int64_t *cents);
bool realised_days(const struct remedy *r, int64_t *thousandths);

#endif
