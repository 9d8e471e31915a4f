/* Connections of a worker, made before the lock: permission is checked here on the very address that is used.
 * Runs in workers only. */
#ifndef PREOP_WORKER_NET_H
#define PREOP_WORKER_NET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/cidr.h"
#include "base/err.h"
#include "probes/probe.h"

struct net_peer {
    struct ip ip;
    uint16_t port;
    char text[IP_TEXT + 10];         /* "10.0.0.1:22" or "[::1]:22" */
};

/* Resolves the job's host (numeric or a name), takes the first permitted address, connects TCP within the job's timeout,
 * sets TCP_NODELAY and close-on-exec, non-blocking. On failure calls probe_fail() with the reason (no answer, refused, unreachable,
 * name not found, not permitted) and returns -1. The fd is the caller's. Logs the question. */
int net_connect_tcp(struct probe_ctx *ctx, struct net_peer *peer);
/* The same without connecting: only resolves and checks. 0, or -1 after probe_fail(). For UDP libraries that open their own socket. */
int net_resolve(struct probe_ctx *ctx, struct net_peer *peer);

/* The steps of the above, for who measures them. The job's host as permitted addresses, at most max of them, in the resolver's order; 0 after
 * probe_fail(). *resolve_us: how long the resolver took; -1 when the host is an address. */
size_t net_candidates(struct probe_ctx *ctx, struct net_peer *list, size_t max, int64_t *resolve_us);
/* One connection, logged and paced. The fd (as from net_connect_tcp), or -1 with its errno (ETIMEDOUT: no answer) in *err. *took_us: from the
 * call of connect() to its outcome; *again: the kernel had to send its greeting more than once. */
int net_connect(struct probe_ctx *ctx, const struct net_peer *peer, int64_t timeout_ms, int *err, int64_t *took_us, bool *again);
/* Gives a failed connection's reason and words to probe_fail(). */
void net_connect_failed(struct probe_ctx *ctx, const struct net_peer *peer, int err);

/* Waits for fd to be readable (or writable) until the smaller of timeout_ms and the job's deadline: 1, 0 on timeout, -errno. */
int net_wait(struct probe_ctx *ctx, int fd, bool for_write, int64_t timeout_ms);

#endif
