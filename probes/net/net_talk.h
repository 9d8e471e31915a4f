/* A few messages over TCP with servers that are greeted before a log-on: connections before the lock, exact reads and whole writes after it.
 * Runs in workers only; what is read is a stranger's. */
#ifndef PREOP_PROBES_NET_TALK_H
#define PREOP_PROBES_NET_TALK_H

#include "worker/net.h"

#define NET_TALK_MAX 3

struct net_talk {
    struct net_peer peer;
    bool refused;                    /* nobody let us in: no fd */
    int fd[NET_TALK_MAX];            /* -1: not connected, or not wanted */
};

/* Opens n connections to the first of the host's addresses that takes one, each for one greeting. When all refuse, true with refused. False
 * after probe_fail(). The fds are the caller's: net_talk_close(). */
bool net_talk_open(struct probe_ctx *ctx, size_t n, int64_t timeout_ms, struct net_talk *out);
void net_talk_close(struct net_talk *t);

enum talk_end { TALK_DONE, TALK_SILENT, TALK_CLOSED };       /* silent: no, or not enough, answer in time; closed: they, or an error, ended it */
enum talk_end net_talk_send(struct probe_ctx *ctx, int fd, const void *p, size_t len, int64_t timeout_ms);
/* Exactly len bytes. timeout_ms is for all of them: a byte now and then does not buy more time. */
enum talk_end net_talk_take(struct probe_ctx *ctx, int fd, void *p, size_t len, int64_t timeout_ms);
/* What there is until they close the connection, at most out->max bytes (then TALK_DONE, with out->overflow false and out->len the maximum). */
enum talk_end net_talk_all(struct probe_ctx *ctx, int fd, struct buf *out, int64_t timeout_ms);

#endif
