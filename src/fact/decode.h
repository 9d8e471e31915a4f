/* Reading what one process of ours wrote for another: strings, optional strings and counts, with a sticky error. What the two wire forms of rules
 * (mapping.c, device_rules.c) share. Used by workers; the bytes come from the parent, and are checked all the same. */
#ifndef PREOP_FACT_DECODE_H
#define PREOP_FACT_DECODE_H

#include <stddef.h>
#include "base/buf.h"
#include "base/mem.h"

struct decoder { struct reader r; struct arena *arena; };    /* r.bad: something was not as it must be */

const char *decode_str(struct decoder *d);               /* in the arena; valid UTF-8 without NUL, or "" and bad */
const char *decode_optional(struct decoder *d);          /* NULL when it was not there */
/* A count of things that take at least one byte each, so that a short message cannot ask for much memory; 0 and bad above max. */
size_t decode_count(struct decoder *d, size_t max);

#endif
