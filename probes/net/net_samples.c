/* Medians and percentiles by nearest rank: with twenty times at most, each figure is one that was really measured, but for the median of an
 * even number, which lies between the two in the middle. */
#include "probes/net/net_samples.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void net_samples_add(struct net_samples *s, int err, bool again, int64_t took_us)
{
    s->attempts++;
    if (err == 0)
        s->connected++;
    else if (err == ECONNREFUSED || err == ECONNRESET)
        s->refused++;
    if (again || (err != 0 && err != ECONNREFUSED && err != ECONNRESET))
        s->lost++;
    else if (err == 0 && s->n < NET_MAX_TRIES)
        s->us[s->n++] = took_us;
}

static int by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

struct net_figures net_samples_figures(const struct net_samples *s)
{
    struct net_figures f = { -1, -1, -1, -1 };
    int64_t sorted[NET_MAX_TRIES];
    size_t n = s->n;

    if (s->attempts > 0)
        f.lost_percent = 100.0 * s->lost / s->attempts;
    if (n == 0)
        return f;
    memcpy(sorted, s->us, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_value);
    f.median_ms = (double)(sorted[(n - 1) / 2] + sorted[n / 2]) / 2000.0;
    f.p95_ms = (double)sorted[(95 * n + 99) / 100 - 1] / 1000.0;
    if (n >= NET_MIN_FOR_JITTER)
        f.jitter_ms = f.p95_ms - f.median_ms;
    return f;
}
