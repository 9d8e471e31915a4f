/* Runs in workers. Nothing is read before the lock; net_connect() has paced and logged each connection. */
#include "probes/net/net_talk.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "worker/sandbox.h"

#define MAX_ADDRESSES 4              /* of one name that are tried */
#define CHUNK 4096

static int open_one(struct probe_ctx *ctx, const struct net_peer *peer, int64_t timeout_ms, int *err)
{
    int64_t took_us = 0;
    bool again = false;

    return net_connect(ctx, peer, timeout_ms, err, &took_us, &again);
}

bool net_talk_open(struct probe_ctx *ctx, size_t n, int64_t timeout_ms, struct net_talk *out)
{
    struct net_peer list[MAX_ADDRESSES];
    int64_t resolve_us = 0;
    size_t n_addresses = net_candidates(ctx, list, MAX_ADDRESSES, &resolve_us);
    int first_err = 0, err = 0;

    *out = (struct net_talk){ .fd = { -1, -1, -1 } };
    for (size_t i = 0; i < n_addresses && out->fd[0] < 0 && probe_left_ms(ctx) > 0; i++) {
        out->fd[0] = open_one(ctx, &list[i], timeout_ms, &err);
        if (out->fd[0] >= 0 || i == 0 || (err == ECONNREFUSED && !out->refused))
            out->peer = list[i];
        if (i == 0)
            first_err = err;
        out->refused = out->refused || (out->fd[0] < 0 && err == ECONNREFUSED);
    }
    if (out->fd[0] < 0 && out->refused)
        return true;
    out->refused = false;
    if (out->fd[0] < 0) {
        if (n_addresses > 0)
            net_connect_failed(ctx, &list[0], first_err == 0 ? ETIMEDOUT : first_err);
        return false;
    }
    for (size_t i = 1; i < n && i < NET_TALK_MAX; i++)
        out->fd[i] = open_one(ctx, &out->peer, timeout_ms, &err);
    return true;
}

void net_talk_close(struct net_talk *t)
{
    for (size_t i = 0; i < NET_TALK_MAX; i++) {
        if (t->fd[i] >= 0)
            close(t->fd[i]);
        t->fd[i] = -1;
    }
}

static enum talk_end ended(int ready)
{
    return ready == 0 ? TALK_SILENT : TALK_CLOSED;
}

enum talk_end net_talk_send(struct probe_ctx *ctx, int fd, const void *p, size_t len, int64_t timeout_ms)
{
    int64_t until = clock_mono_ms() + timeout_ms;
    const char *at = p;

    if (!sandbox_locked())
        BUG("a question before the lock");
    while (len > 0) {
        int ready = net_wait(ctx, fd, true, until - clock_mono_ms());
        if (ready != 1)
            return ended(ready);
        ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (n < 0)
            return TALK_CLOSED;
        at += n;
        len -= (size_t)n;
    }
    return TALK_DONE;
}

/* Some bytes: how many in *n. */
static enum talk_end take_some(struct probe_ctx *ctx, int fd, void *p, size_t max, int64_t until, size_t *n)
{
    for (;;) {
        int ready = net_wait(ctx, fd, false, until - clock_mono_ms());
        if (ready != 1)
            return ended(ready);
        ssize_t got = recv(fd, p, max, 0);
        if (got > 0) {
            *n = (size_t)got;
            return TALK_DONE;
        }
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            return TALK_CLOSED;
    }
}

enum talk_end net_talk_take(struct probe_ctx *ctx, int fd, void *p, size_t len, int64_t timeout_ms)
{
    int64_t until = clock_mono_ms() + timeout_ms;
    char *at = p;

    while (len > 0) {
        size_t n = 0;
        if (clock_mono_ms() >= until)
            return TALK_SILENT;
        enum talk_end end = take_some(ctx, fd, at, len, until, &n);
        if (end != TALK_DONE)
            return end;
        at += n;
        len -= n;
    }
    return TALK_DONE;
}

enum talk_end net_talk_all(struct probe_ctx *ctx, int fd, struct buf *out, int64_t timeout_ms)
{
    int64_t until = clock_mono_ms() + timeout_ms;
    char chunk[CHUNK];

    while (out->len < out->max) {
        size_t n = 0, room = out->max - out->len;
        if (clock_mono_ms() >= until)
            return TALK_SILENT;
        enum talk_end end = take_some(ctx, fd, chunk, room < sizeof chunk ? room : sizeof chunk, until, &n);
        if (end != TALK_DONE)
            return end;
        buf_append(out, chunk, n);
    }
    return TALK_DONE;
}
