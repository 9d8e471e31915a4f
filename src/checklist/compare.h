/* Two runs side by side: findings sorted by what became of them, and the score's change split into parts that add up (engine.md section 5). */
#ifndef PREOP_CHECKLIST_COMPARE_H
#define PREOP_CHECKLIST_COMPARE_H

#include <stdbool.h>
#include <stdint.h>
#include "checklist/evaluate.h"
#include "checklist/score.h"

enum change { CHANGE_NEW_FAILURE, CHANGE_REGRESSED, CHANGE_FIXED, CHANGE_STILL_FAILING, CHANGE_NEWLY_UNKNOWN, CHANGE_NEWLY_SEEN, CHANGE_TARGET_ADDED, CHANGE_TARGET_GONE, CHANGE_COUNT };
const char *change_name(enum change c);      /* "new failure", "regressed", ... */

struct changed_finding { enum change change; const struct check *check; const char *target, *subject, *was, *is, *reason; const char *evidence; /* JSON of the failing or unknown side, or NULL */ int64_t since; /* of what failed before too: since when; 0: not known */ };
struct change_parts { int64_t checklist, scope, coverage, site; };           /* ppb, signed, whole hundredths of a percent; they sum to after - before */
struct check_share { const char *check_id; struct change_parts low, high; };
struct comparison {
    struct arena *arena;
    struct bounds before, after;             /* the sealed scores as printed: hundredths of a percent */
    struct change_parts low, high;
    struct check_share *shares; size_t n_shares;     /* of checks with a non-zero part, by id; their sums are the parts */
    struct changed_finding *findings; size_t n_findings;     /* newly failing first */
    const char *title;                       /* what reports call the site, as of the newer run; NULL from the pure half */
    bool checklists_differ;
    bool vantages_differ;                    /* nothing was paired then */
    void *owned;                             /* what compare_runs() keeps alive for it */
};

/* The pure half: old and new verdicts, all subjects, with their checklists and sites; old_under_new is the old run's facts under the new inputs. */
struct compare_side {
    const struct evaluation *e;
    const struct checklists *c;              /* for the domains' weights */
    const char *const *targets; size_t n_targets;    /* of the run, whether or not a check looked at them */
    struct bounds sealed;                    /* as stored; SCORE_NONE counts as [0, 1]: nothing is known */
};
/* vantages_differ: the two runs looked from different places, so nothing is paired and all that is not the checklist is scope. comparison_free() it. */
struct comparison *compare_evaluations(const struct compare_side *old, const struct compare_side *old_under_new, const struct compare_side *new_run, bool vantages_differ);
/* The whole: reads both runs' pinned inputs and facts, evaluates three times, compares. *why for the user. */
int compare_runs(struct store *s, int64_t old_run, int64_t new_run, struct comparison **out, char **why) MUST_CHECK;
void comparison_free(struct comparison *c);

#endif
