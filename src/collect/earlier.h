/* What the store already has: the collections of a run, found by target, probe and table. Parent only. */
#ifndef PREOP_COLLECT_EARLIER_H
#define PREOP_COLLECT_EARLIER_H

#include "store/store.h"

struct earlier { struct collection *v; size_t n; };

/* Of the site's newest sealed run; empty when there is none, or store is NULL. earlier_clear() it. */
int earlier_load_latest(struct earlier *e, struct store *store, const char *site) MUST_CHECK;
int earlier_load_run(struct earlier *e, struct store *store, int64_t run) MUST_CHECK;
void earlier_clear(struct earlier *e);
/* What the probe read itself; for the file probe: of the target that the file is. NULL when there is none. Borrowed. */
const struct collection *earlier_find(const struct earlier *e, const char *target, const char *probe, const struct fact_table *table);

#endif
