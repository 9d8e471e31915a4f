/* Comparisons of columns with things of another type: SQLite finds 5 < 'abc' true. Pure. Lint, and the parent before it evaluates. */
#ifndef PREOP_CHECKLIST_TYPES_H
#define PREOP_CHECKLIST_TYPES_H

#include "checklist/checklist.h"

/* NULL when nothing is wrong in the text (which has passed the scanner); otherwise an owned sentence and *at, the byte. t: the check's table, or NULL for a query,
 * whose columns are looked up in all tables. */
char *expression_types(const char *expr, const struct fact_table *t, const struct param *params, size_t n_params, size_t *at);
/* The same for every expression of a check; the name of the part before the sentence. */
char *check_types(const struct check *c);

#endif
