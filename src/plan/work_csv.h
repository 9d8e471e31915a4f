/* Owner, due date, status and ticket of work items from a spreadsheet, as `roadmap --format csv` writes it and people fill it in. Pure; parent. */
#ifndef PREOP_PLAN_WORK_CSV_H
#define PREOP_PLAN_WORK_CSV_H

#include "site/site.h"

#define WORK_CSV_MAX 20000           /* rows */

/* What the site's work.yaml says (old, n_old), with the rows of a CSV in its place where they name the same item; a row that says nothing of an item takes it out. The columns
 * item, owner, due, status and ticket are found by their names in the first row, whatever else there is and in any order; a column that is not there leaves what was.
 * known: names of items that there are. Errors with row and column go to diags, all of them; NULL when there was one. The result, sorted by item, lives in arena. */
struct site_work *work_csv_read(struct arena *arena, const char *file, const void *p, size_t len, const struct site_work *old, size_t n_old,
                                const char *const *known, size_t n_known, size_t *n, struct diags *diags);

#endif
