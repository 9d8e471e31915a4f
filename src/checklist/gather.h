/* From the store to an evaluation job: targets, collections and their order of preference, home and the owned sites. Parent. */
#ifndef PREOP_CHECKLIST_GATHER_H
#define PREOP_CHECKLIST_GATHER_H

#include "checklist/settle.h"
#include "store/store.h"

struct gathered {
    struct arena *arena;
    struct run run;
    struct eval_job job;                 /* without checks */
    struct settle_input settle;
};
/* with_org: also home and every owned site, from the newest sealed run of each that was finished when this run began: what was known then is
 * what counts, also when it is evaluated again later. gather_clear() it, also after an error. */
int gather(struct store *s, int64_t run, bool with_org, struct gathered *out) MUST_CHECK;
void gather_clear(struct gathered *g);
/* Below zero when x is preferred to y, two sources of one table at one target: method, then the probe's place in design.md, then the newer. */
int gather_preference(const struct eval_source *x, const struct eval_source *y);
/* Gives each source its rank by that preference. */
void gather_rank(struct eval_job *job);

#endif
