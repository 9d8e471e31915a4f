/* The figures of a row of connection times. Pure. */
#ifndef PREOP_PROBES_NET_SAMPLES_H
#define PREOP_PROBES_NET_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_MAX_TRIES 20
#define NET_MIN_FOR_JITTER 3         /* fewer times say nothing about their spread */

struct net_samples {
    unsigned attempts, connected, refused, lost;         /* lost: no answer, or only to a repeated greeting */
    int64_t us[NET_MAX_TRIES];                           /* times of connections without a loss, in the order they were made */
    size_t n;
};

struct net_figures {
    double median_ms, p95_ms, jitter_ms, lost_percent;   /* negative: unknown */
};

/* How one attempt ended: err 0 or an errno; again: the greeting was sent more than once. */
void net_samples_add(struct net_samples *s, int err, bool again, int64_t took_us);
struct net_figures net_samples_figures(const struct net_samples *s);

#endif
