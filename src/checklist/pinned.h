/* What a run rested on, as it was: the site and the checklists from the bytes that the run pinned. Parent. */
#ifndef PREOP_CHECKLIST_PINNED_H
#define PREOP_CHECKLIST_PINNED_H

#include "base/err.h"
#include "checklist/checklist.h"
#include "site/site.h"
#include "store/store.h"

struct pinned { struct site *site; struct checklists *checklists; char fingerprint[65]; /* over the checklists' and data files' names and hashes, and the profile */ };

/* Pins the folder's files and the checklists as inputs of an open run. */
int pinned_put(struct store *s, int64_t run, const struct site *site, const struct checklists *c) MUST_CHECK;
/* Loads them again. *why (owned) says which input could not be read. pinned_clear() it. */
int pinned_load(struct store *s, int64_t run, struct pinned *out, char **why) MUST_CHECK;
/* Only what people had written down: the site with its waivers, decisions and requests, and neither answers nor checklists. site_free() it. *why (owned): as above. */
int pinned_records(struct store *s, int64_t run, struct site **out, char **why) MUST_CHECK;
void pinned_clear(struct pinned *p);

#endif
