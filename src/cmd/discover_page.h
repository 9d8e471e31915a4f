/* What `discover` prints. Parent. */
#ifndef PREOP_CMD_DISCOVER_PAGE_H
#define PREOP_CMD_DISCOVER_PAGE_H

#include "collect/discover.h"
#include "collect/own_link.h"
#include "report/style.h"

/* Our own link, a line for each thing that is known. */
void discover_put_own_link(struct page *p, const struct own_link *l, const char *label);
/* One page to sign: what would be sent, and to whom. */
void discover_put_dry_run(struct page *p, struct discovery *d);
void discover_put_result(struct page *p, struct discovery *d, const struct moves *moves);

#endif
