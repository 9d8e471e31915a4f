/* What people answered (attestations.yaml, sheets/) goes into a run like what was measured: a collection for each form and sheet. Parent only. */
#ifndef PREOP_COLLECT_PEOPLE_H
#define PREOP_COLLECT_PEOPLE_H

#include "base/err.h"
#include "fact/table.h"
#include "site/site.h"
#include "store/store.h"

#define PEOPLE_PROBE "person"                /* in the place of a probe's name */

/* The answers of the site as they count at as_of: what is kept as a file is a document, what was only said a person's word; what has expired is not-asked,
 * "answer-expired"; a sheet that cannot be read has failed. wanted: tables that the run's checks read; of those nobody answered for, "not-answered". A form
 * whose collection the run has already (--resume) is left alone. Opens files of the evidence folder to see that they are what was added. */
int collect_people(struct store *store, int64_t run, const struct site *site, const struct fact_table *const *wanted, size_t n_wanted, int64_t as_of) MUST_CHECK;

#endif
