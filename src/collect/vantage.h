/* From where we look: what this machine's own link knows, without sending anything. Parent. */
#ifndef PREOP_COLLECT_VANTAGE_H
#define PREOP_COLLECT_VANTAGE_H

#include <stdbool.h>
#include "base/buf.h"

/* A JSON object: label (a person's word, may be NULL), and unless offline interface, address (with prefix length), gateway of the default route, else of the first
 * interface that is up. */
void vantage_describe(const char *label, bool offline, struct buf *out);

#endif
