/* What jobs found, into the store: each job's collections with their rows in one transaction. Parent only. */
#ifndef PREOP_COLLECT_TAKE_H
#define PREOP_COLLECT_TAKE_H

#include "collect/jobrun.h"

struct taker {
    struct store *store;
    int64_t run;
    const struct site *site;
    const char *vantage;             /* label; NULL */
    int64_t *target_ids;             /* of site->targets, in order */
    struct collect_result *result;   /* counts collections */
};

/* Links every target of the site to the run. taker_clear() it. */
int taker_init(struct taker *t, struct store *store, int64_t run, const struct site *site, const char *vantage, struct collect_result *result) MUST_CHECK;
void taker_clear(struct taker *t);
int take_job(struct taker *t, struct jobrun *j) MUST_CHECK;
/* Items that are not asked: one collection for each table, all in one transaction. wanted says which tables of an item (bit i: tables[i]). */
int take_not_asked(struct taker *t, const struct plan_item *items, const uint32_t *wanted, size_t n) MUST_CHECK;

#endif
