/* Figures of a row of figures. */
#include "base/spread.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

struct spread spread_of(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_value);
    return (struct spread){ .median = (v[(n - 1) / 2] + v[n / 2]) / 2, .p95 = v[(95 * n + 99) / 100 - 1], .max = v[n - 1] };
}
