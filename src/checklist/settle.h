/* The rule of engine.md sections 4 and 5: what a check read and could not get is unknown. Turns a check's counts and the collections of the tables that it
 * read into its verdicts. Pure. Parent. */
#ifndef PREOP_CHECKLIST_SETTLE_H
#define PREOP_CHECKLIST_SETTLE_H

#include "checklist/wire.h"

/* Every collection of the run, with rows or without, and those of the pinned runs of home and owned sites. */
struct settle_collection {
    uint32_t target;             /* index in targets; its site tells whose it is */
    uint16_t table;
    enum state state;
    enum reason reason;
    const char *detail, *probe;
    enum method method;
    const char *vantage;
    int64_t observed_at;
};
struct settle_input {
    struct arena *arena;         /* where verdicts live */
    const struct eval_target *targets; size_t n_targets;
    struct settle_collection *collections; size_t n_collections;     /* settle_sort() them once */
    const char **others; size_t n_others;    /* home and the owned sites of which a run is known: what org_ tables are to have */
    bool home_known;             /* one of them is home, or this site is */
    int64_t as_of;
};
void settle_sort(struct settle_input *in);

struct raw_count { uint32_t target; int64_t pass, fail, unknown; bool seen; enum method method; };
/* What the child said of one check. */
struct raw_check {
    const struct check *check;
    bool done, erred, solo;
    char *error;
    uint16_t *tables; size_t n_tables;           /* EVAL_ORG for org_ */
    struct raw_count *counts; size_t n_counts;
    struct subject_verdict *subjects; size_t n_subjects;
    size_t cap_counts, cap_subjects;
};
/* subjects move over; all else is read. */
void settle_check(const struct settle_input *in, struct raw_check *raw, struct check_verdicts *out);

/* The sentence and the group for a verdict that is unknown; both in the arena. observed_at: of the source. */
void settle_why(struct arena *a, const struct check *c, enum eval_why why, const char *detail, enum method method, int64_t observed_at, char **reason, char **settled_by);

#endif
