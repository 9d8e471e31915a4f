/* From a run's facts to its sealed verdicts: evaluate, score, write, seal. Parent. */
#ifndef PREOP_CHECKLIST_ASSESS_H
#define PREOP_CHECKLIST_ASSESS_H

#include "base/err.h"
#include "checklist/checklist.h"
#include "site/site.h"
#include "store/store.h"

/* Assesses the open run and seals it. prev: the site's previous sealed run's id, 0 for none; its findings give `since`, `gone` and what now passes.
 * Called again on an open run it replaces what an earlier try left. */
int assess_run(struct store *s, int64_t run, int64_t prev, const struct site *site, const struct checklists *c, char seal[SHA256_HEX]) MUST_CHECK;

#endif
