/* Median, 95th percentile and worst of a row of figures. Pure. */
#ifndef PREOP_BASE_SPREAD_H
#define PREOP_BASE_SPREAD_H

#include <stddef.h>

struct spread { double median, p95, max; };

/* v is sorted in place; n > 0 and no NaN among them. The 95th percentile is by nearest rank: a figure that was really measured; the median
 * of an even number lies between the two in the middle. */
struct spread spread_of(double *v, size_t n);

#endif
