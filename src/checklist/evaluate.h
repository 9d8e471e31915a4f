/* From facts to verdicts: each check becomes SQL over the run's collections, run in a child process without credentials or network, on a
 * read-only connection, under authorizer, step limit and wall-clock limit. The parent reads the child's verdicts back as frames that it checks. */
#ifndef PREOP_CHECKLIST_EVALUATE_H
#define PREOP_CHECKLIST_EVALUATE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "checklist/checklist.h"
#include "store/store.h"

enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_UNKNOWN };

struct subject_verdict {
    char *target;                    /* "(site)" for a site-wide query without target */
    char *subject;                   /* the key's JSON, or "(not collected: TABLE)", "(site)" */
    enum verdict verdict;
    bool uncollected;                /* the extra unknown of a target that was not (wholly) collected */
    char *reason;                    /* for unknown, and what settles it: a sentence */
    char *settled_by;                /* groups unknowns: "sw2: no answer", "evidence too old", ...; NULL for pass and fail */
    enum severity severity;          /* as graded */
    enum method method; bool seen;   /* method of the row's collection; seen false: nothing */
    int64_t observed_at;
    char *evidence;                  /* JSON object of the shown columns (fail and unknown only), at most 2 KiB */
};
/* What one check came to, before any arithmetic. */
struct target_verdicts {
    char *target;
    int criticality;
    int64_t n_pass, n_fail, n_unknown;       /* subjects; the (not collected) one is not among them */
    bool uncollected;                        /* share low 0, high 1 */
    enum method method; bool seen;           /* weakest method among the collections that decided it */
};
struct check_verdicts {
    const struct check *check;
    bool erred; char *error;                 /* the check itself failed: unknown at every target */
    bool applicable;                         /* false: no subject, all tables complete, on_missing not-applicable */
    struct target_verdicts *targets; size_t n_targets;           /* by name; those with a subject or uncollected */
    struct subject_verdict *subjects; size_t n_subjects;         /* fail and unknown, and watched passes; with all_subjects every pass; by target, subject */
    const char **tables; size_t n_tables;    /* read, by the authorizer's word */
};
struct evaluation {
    struct arena *arena;
    struct check_verdicts *checks; size_t n_checks;              /* in order of check id */
};

/* A subject that failed or was unknown in the run before: reported even when it passes now, so that "passes" and "gone" can be told apart. */
struct watched { const char *check_id, *target, *subject; };
struct evaluate_options {
    bool all_subjects;               /* also passing ones (compare) */
    const struct watched *watch; size_t n_watch;     /* in any order; ignored with all_subjects */
    int64_t limit_ms;                /* wall clock for all checks, default 60000 */
    int64_t as_of;                   /* 0: the run's */
};
/* Evaluates these checks over the collections of a run. Never fails because of a check: that check errs. The store must be open for reading or writing
 * and have no open transaction. evaluation_free() it. */
int evaluate_run(struct store *s, int64_t run, const struct checklists *c, const struct evaluate_options *o, struct evaluation **out) MUST_CHECK;
void evaluation_free(struct evaluation *e);

/* Whether this program was executed again as the evaluation child: main() (of tests too) then returns evaluate_child_main() and does nothing else. */
bool evaluate_invoked(int argc, char **argv);
/* The internal entry of the child (`preop` re-executed): reads its job from fd 3, writes frames to fd 4. Never returns. */
int evaluate_child_main(void);

/* `facts TABLE --where EXPR`: rows through the same authorizer and views. fn's text values are borrowed; NULL is NULL. diags: a bad expression. */
typedef int (*facts_row_fn)(void *ctx, const char *const *values, size_t n);
int evaluate_facts(struct store *s, int64_t run, const struct fact_table *t, const char *where, facts_row_fn fn, void *ctx, char **why) MUST_CHECK;   /* values: target, subject, method, observed_at, then the table's columns */

/* Compiles a check against empty tables under the authorizer; problems go to diags with places. For lint.
 * fed: for each table of the registry, whether anything can fill it; a check that reads another one can only be unknown, an error. NULL: not looked at. */
void evaluate_lint(const struct checklists *c, const bool *fed, struct diags *diags);

#endif
