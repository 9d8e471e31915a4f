/* Scores, bounds, gates: pure integer arithmetic over verdicts (engine.md section 5). Parts per billion, floor at each division, in the order target,
 * check, domain, site. No store, no clock: everything is given. */
#ifndef PREOP_CHECKLIST_SCORE_H
#define PREOP_CHECKLIST_SCORE_H

#include <stdbool.h>
#include <stdint.h>
#include "checklist/checklist.h"
#include "checklist/evaluate.h"

#define SCORE_ONE 1000000000LL               /* 100 % */
#define SCORE_NONE (-1LL)                    /* no score: nothing applicable */

struct bounds { int64_t low, high; };        /* SCORE_NONE both when there is none */
struct seen { int64_t measured, documents, told; };      /* sums to SCORE_ONE - (high - low) */

struct check_score { struct bounds b, adjusted; struct seen seen; const char *status; int64_t n_pass, n_fail, n_unknown, n_waived; };
struct domain_score { const char *domain; struct bounds b, adjusted; struct seen seen; size_t n_checks; };
struct gate_score {
    const char *milestone; int64_t date;
    const char *verdict;                     /* GO, CONDITIONAL, UNPROVEN, NO-GO */
    const char **blockers; size_t n_blockers;        /* check ids, in id order */
    const char **unproven; size_t n_unproven;
    const char **waived; size_t n_waived;
};
struct cost { double once[2], yearly[2], effort_days[2]; };
struct score {
    struct arena *arena;
    struct check_score *checks;              /* parallel to evaluation.checks */
    struct domain_score *domains; size_t n_domains;  /* by id */
    struct bounds b, adjusted; struct seen seen;     /* of the site; low SCORE_NONE: not assessed */
    struct gate_score *gates; size_t n_gates;
    enum severity worst_open; bool any_open;
    struct cost open, waived; double unknown_cost;       /* failing without and with a live waiver, and unknown: never one within another; fix_group once per target */
};

/* The parts, for properties and for compare. */
struct bounds score_target(const struct target_verdicts *t);     /* no subject and collected: SCORE_NONE */
struct bounds score_check(const struct check_verdicts *c);       /* not applicable: SCORE_NONE; erred: [0, 1] */
/* One check's place in the sum: its domain, its weight (0: listed only) and its bounds (SCORE_NONE: left out). */
struct weighed { const char *domain; int64_t weight; struct bounds b; };
/* Checks to domains to site. c gives the domains' weights; NULL: all 1. The order of v is irrelevant. */
struct bounds score_combine(const struct weighed *v, size_t n, const struct checklists *c);
/* "pass", "fail", "unknown", "not-applicable" */
const char *check_status(const struct check_verdicts *c);
/* Whether id is the check's or one that it had (`was:`). */
bool check_is_called(const struct check *c, const char *id);
/* Whether w speaks of this subject, whatever the day. subject is the key's JSON; the waiver has that or its human form. */
bool waiver_names(const struct waiver *w, const struct check *c, const char *target, const char *subject);
/* The live waiver that covers this failing subject, or NULL. subject is the key's JSON or its human form in the waiver. */
const struct waiver *score_waiver(const struct site *site, int64_t as_of, const struct check *c, const char *target, const char *subject);
/* The whole. site gives milestones, plan, waivers (live ones as of as_of), domains' weights come from c. score_free() it. */
struct score *score_evaluation(const struct evaluation *e, const struct checklists *c, const struct site *site, int64_t as_of);
void score_free(struct score *s);

/* "38.00" style: ppb to percent with two decimals, floor. */
void score_percent(int64_t ppb, char out[8]);

/* The parts of score_evaluation(), in files of their own: gates.c and cost.c. */
void score_gates(struct score *s, const struct evaluation *e, const struct site *site);
void score_costs(struct score *s, const struct evaluation *e, const struct site *site, int64_t as_of);
/* How many failing subjects a live waiver covers: adds them up per target (zeroed, as many as targets), and gives their number. */
int64_t score_count_waived(const struct check_verdicts *c, const struct site *site, int64_t as_of, int64_t *per_target);

/* Fills what the store keeps of a run (store.h) from evaluation and score. prev: results of the site's previous sealed run, for since and gone; NULL when none.
 * results_clear() it. */
void score_results(const struct evaluation *e, const struct score *s, const struct results *prev, const struct run *run, struct results *out);

#endif
