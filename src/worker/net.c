/* Connections before the lock. Runs in a worker that has not read a byte of the target yet; the resolver's answer is the
 * only thing from outside, and each address in it is held against the job's permission before it is used. */
#include "worker/net.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "worker/net_permit.h"

#define MAX_ADDRESSES 16             /* of one name that are looked at */
#define MAX_TRIES 4                  /* addresses that are connected to */
#define DEFAULT_TIMEOUT_MS 5000

static void peer_text(struct net_peer *p)
{
    char ip[IP_TEXT];
    ip_format(&p->ip, ip);
    snprintf(p->text, sizeof p->text, p->ip.family == 6 ? "[%s]:%u" : "%s:%u", ip, (unsigned)p->port);
}

/* The addresses of a name in the resolver's order. */
static size_t look_up(const char *host, struct ip *out, size_t max)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *list = NULL;
    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return 0;
    size_t n = 0;
    for (const struct addrinfo *a = list; a != NULL && n < max; a = a->ai_next)
        if (ip_from_sockaddr(a->ai_addr, &out[n]))
            n++;
    freeaddrinfo(list);
    return n;
}

static size_t addresses(struct probe_ctx *ctx, const char *host, struct ip out[MAX_ADDRESSES])
{
    if (ip_parse(host, &out[0]))
        return 1;
    probe_pace(ctx);
    probe_asked(ctx, "the resolver", host);
    return look_up(host, out, MAX_ADDRESSES);
}

/* Keeps the permitted ones, in order; when none is left, says why with the first one's verdict. */
static size_t permitted(struct probe_ctx *ctx, const char *host, struct ip *list, size_t n)
{
    enum net_verdict first = NET_ALLOWED;
    char denied[IP_TEXT] = "";
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        enum net_verdict v = net_permit(probe_job(ctx), &list[i]);
        if (v == NET_ALLOWED)
            list[kept++] = list[i];
        else if (denied[0] == '\0') {
            first = v;
            ip_format(&list[i], denied);
        }
    }
    if (kept > 0)
        return kept;
    if (n == 0)
        probe_fail(ctx, REASON_NAME_NOT_FOUND, "%s has no address", host);
    else if (first == NET_NEVER)
        probe_fail(ctx, REASON_DO_NOT_TOUCH, "%s (%s) is never to be touched", host, denied);
    else if (first == NET_NOT_FOR_CREDENTIAL)
        probe_fail(ctx, REASON_NOT_PERMITTED, "the credential is not to be shown to %s (%s)", host, denied);
    else
        probe_fail(ctx, REASON_NOT_PERMITTED, "%s (%s) is outside the permitted networks", host, denied);
    return 0;
}

static size_t candidates(struct probe_ctx *ctx, struct ip list[MAX_ADDRESSES], uint16_t *port)
{
    const char *host = job_get(probe_job(ctx), "host");
    int64_t p = job_get_int(probe_job(ctx), "port", 0);
    if (host == NULL || p < 1 || p > 65535) {
        probe_fail(ctx, REASON_INTERNAL, "the job names no host or port");
        return 0;
    }
    *port = (uint16_t)p;
    return permitted(ctx, host, list, addresses(ctx, host, list));
}

int net_wait(struct probe_ctx *ctx, int fd, bool for_write, int64_t timeout_ms)
{
    int64_t until = clock_mono_ms() + timeout_ms;
    for (;;) {
        int64_t left = until - clock_mono_ms(), job_left = probe_left_ms(ctx);
        if (left > job_left)
            left = job_left;
        struct pollfd p = { .fd = fd, .events = for_write ? POLLOUT : POLLIN };
        int n = poll(&p, 1, left > 0 ? (int)left : 0);
        if (n > 0)
            return 1;
        if (n < 0 && errno != EINTR)
            return -errno;
        if (n == 0 && (left <= 0 || clock_mono_ms() >= until || probe_left_ms(ctx) == 0))
            return 0;
    }
}

/* 0, or the errno with which it failed (ETIMEDOUT for no answer). */
static int connect_finish(struct probe_ctx *ctx, int fd, int64_t timeout_ms)
{
    int ready = net_wait(ctx, fd, true, timeout_ms);
    if (ready == 0)
        return ETIMEDOUT;
    if (ready < 0)
        return -ready;
    int err = 0;
    socklen_t len = sizeof err;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) == 0 ? err : errno;
}

static int connect_one(struct probe_ctx *ctx, const struct net_peer *peer, int *err)
{
    struct sockaddr_storage to;
    socklen_t to_len = ip_to_sockaddr(&peer->ip, peer->port, &to);
    int fd = socket(peer->ip.family == 6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        *err = errno;
        return -1;
    }
    int one = 1;     /* without it every login waits for delayed acknowledgements */
    *err = setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0 ? 0 : errno;
    probe_pace(ctx);
    probe_asked(ctx, peer->text, "TCP connection");
    if (*err == 0 && connect(fd, (struct sockaddr *)&to, to_len) != 0)
        *err = errno == EINPROGRESS ? connect_finish(ctx, fd, job_get_int(probe_job(ctx), "timeout_ms", DEFAULT_TIMEOUT_MS)) : errno;
    if (*err == 0)
        return fd;
    close(fd);
    return -1;
}

static void connect_failed(struct probe_ctx *ctx, const struct net_peer *peer, int err)
{
    switch (err) {
    case ECONNREFUSED:
        probe_fail(ctx, REASON_CONNECTION_REFUSED, "%s refused the connection", peer->text);
        break;
    case ETIMEDOUT: case EAGAIN:
        probe_fail(ctx, REASON_NO_ANSWER, "%s did not answer", peer->text);
        break;
    case EHOSTUNREACH: case ENETUNREACH: case ENETDOWN: case EHOSTDOWN: case EADDRNOTAVAIL: case EACCES: case EPERM: case EAFNOSUPPORT:
        probe_fail(ctx, REASON_UNREACHABLE, "no way to %s: %s", peer->text, err_text(-err));
        break;
    case ECONNRESET: case EPIPE:
        probe_fail(ctx, REASON_CONNECTION_LOST, "%s closed the connection", peer->text);
        break;
    default:
        probe_fail(ctx, REASON_INTERNAL, "connecting to %s: %s", peer->text, err_text(-err));
    }
}

int net_connect_tcp(struct probe_ctx *ctx, struct net_peer *peer)
{
    struct ip list[MAX_ADDRESSES];
    uint16_t port = 0;
    size_t n = candidates(ctx, list, &port);
    struct net_peer first = { 0 };
    int first_err = 0;
    for (size_t i = 0; i < n && i < MAX_TRIES && probe_left_ms(ctx) > 0; i++) {
        int err = 0;
        *peer = (struct net_peer){ .ip = list[i], .port = port };
        peer_text(peer);
        int fd = connect_one(ctx, peer, &err);
        if (fd >= 0)
            return fd;
        if (first_err == 0) {
            first = *peer;
            first_err = err;
        }
    }
    if (first_err != 0)
        connect_failed(ctx, &first, first_err);
    else if (n > 0)
        probe_fail(ctx, REASON_TIMEOUT, "no time was left to connect");
    return -1;
}

/* Whether this machine has a way to the address at all. Connecting a UDP socket sends nothing. */
static bool has_route(const struct ip *ip, uint16_t port)
{
    struct sockaddr_storage to;
    socklen_t len = ip_to_sockaddr(ip, port, &to);
    int fd = socket(ip->family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    bool yes = connect(fd, (struct sockaddr *)&to, len) == 0;
    close(fd);
    return yes;
}

int net_resolve(struct probe_ctx *ctx, struct net_peer *peer)
{
    struct ip list[MAX_ADDRESSES];
    uint16_t port = 0;
    size_t n = candidates(ctx, list, &port);
    for (size_t i = 0; i < n; i++) {
        *peer = (struct net_peer){ .ip = list[i], .port = port };
        peer_text(peer);
        if (has_route(&list[i], port))
            return 0;
    }
    if (n > 0)
        probe_fail(ctx, REASON_UNREACHABLE, "no way to %s from here", peer->text);
    return -1;
}
