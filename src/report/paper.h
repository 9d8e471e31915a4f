/* Forms for paper: what is asked, with room to write. Parent. */
#ifndef PREOP_REPORT_PAPER_H
#define PREOP_REPORT_PAPER_H

#include "fact/form.h"
#include "report/style.h"
#include "site/site.h"

/* pages: a form feed before each form but the first, for a printer. */
void paper_forms(struct page *p, const struct site *site, const struct form *const *list, size_t n, bool pages);

#endif
