/* What `discover` prints. Parent. */
#ifndef PREOP_CMD_DISCOVER_PAGE_H
#define PREOP_CMD_DISCOVER_PAGE_H

#include "collect/own_link.h"
#include "report/style.h"

/* Our own link, a line for each thing that is known. */
void discover_put_own_link(struct page *p, const struct own_link *l, const char *label);

#endif
