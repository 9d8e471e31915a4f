/* What people wrote down in waivers.yaml, decisions.yaml and work.yaml, held against what it speaks of: checks, targets, subjects, runs, days. Whoever writes a
 * waiver that covers nothing believes otherwise, so it is told. Nothing of this is an error: checks come and go with their lists, and no verdict and no exit
 * status hangs on it. Parent. */
#ifndef PREOP_CHECKLIST_RECORDS_H
#define PREOP_CHECKLIST_RECORDS_H

#include "checklist/checklist.h"
#include "store/store.h"

/* site: the folder as it is now. lists: its checks; NULL: they cannot be read, and what rests on them is not judged. store, and run with its results: the site's
 * newest sealed run; NULL where there is none. now: for expiries and due dates. All are borrowed. */
struct records_in {
    const struct site *site;
    const struct checklists *lists;
    struct store *store;
    const struct run *run; const struct results *results;
    int64_t now;
};
/* Adds a warning with its place for each thing that is wrong; none where nothing is. A failure is the store's, and leaves the warnings that were found. */
int records_check(const struct records_in *in, struct diags *diags) MUST_CHECK;
/* Takes out of d what told has too, wherever it stands in its file: for who wants to hear a thing once. */
void records_drop_told(struct diags *d, const struct diags *told);

#endif
