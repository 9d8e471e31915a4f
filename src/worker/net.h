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

/* Waits for fd to be readable (or writable) until the smaller of timeout_ms and the job's deadline: 1, 0 on timeout, -errno. */
int net_wait(struct probe_ctx *ctx, int fd, bool for_write, int64_t timeout_ms);

#endif
