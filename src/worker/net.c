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
#include <time.h>
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
static size_t look_up(const char *host, struct ip *out, size_t max, int *error)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *list = NULL;
    *error = getaddrinfo(host, NULL, &hints, &list);
    if (*error != 0)
        return 0;
    size_t n = 0;
    for (const struct addrinfo *a = list; a != NULL && n < max; a = a->ai_next)
        if (ip_from_sockaddr(a->ai_addr, &out[n]))
            n++;
    freeaddrinfo(list);
    return n;
}

static int64_t mono_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static size_t addresses(struct probe_ctx *ctx, const char *host, struct ip out[MAX_ADDRESSES], int64_t *resolve_us, int *error)
{
    *resolve_us = -1;
    *error = 0;
    if (ip_parse(host, &out[0]))
        return 1;
    probe_pace(ctx);
    probe_asked(ctx, "the resolver", host);
    int64_t began = mono_us();
    size_t n = look_up(host, out, MAX_ADDRESSES, error);
    *resolve_us = mono_us() - began;
    return n;
}

/* A resolver that says nothing, or that it cannot tell, is no proof that the name does not exist (getaddrinfo(3): EAI_AGAIN, EAI_FAIL, EAI_SYSTEM). */
static void no_address(struct probe_ctx *ctx, const char *host, int error)
{
    if (error == EAI_AGAIN || error == EAI_FAIL || error == EAI_SYSTEM)
        probe_fail(ctx, REASON_NO_ANSWER, "the resolver gave no answer about %s", host);
    else
        probe_fail(ctx, REASON_NAME_NOT_FOUND, "%s has no address", host);
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
    if (first == NET_NEVER)
        probe_fail(ctx, REASON_DO_NOT_TOUCH, "%s (%s) is never to be touched", host, denied);
    else if (first == NET_NOT_FOR_CREDENTIAL)
        probe_fail(ctx, REASON_NOT_PERMITTED, "the credential is not to be shown to %s (%s)", host, denied);
    else
        probe_fail(ctx, REASON_NOT_PERMITTED, "%s (%s) is outside the permitted networks", host, denied);
    return 0;
}

size_t net_candidates(struct probe_ctx *ctx, struct net_peer *list, size_t max, int64_t *resolve_us)
{
    struct ip found[MAX_ADDRESSES];
    const char *host = job_get(probe_job(ctx), "host");
    int64_t p = job_get_int(probe_job(ctx), "port", 0);
    if (host == NULL || p < 1 || p > 65535) {
        probe_fail(ctx, REASON_INTERNAL, "the job names no host or port");
        return 0;
    }
    int error;
    size_t n = addresses(ctx, host, found, resolve_us, &error);
    if (n == 0) {
        no_address(ctx, host, error);
        return 0;
    }
    n = permitted(ctx, host, found, n);
    size_t kept = n < max ? n : max;
    for (size_t i = 0; i < kept; i++) {
        list[i] = (struct net_peer){ .ip = found[i], .port = (uint16_t)p };
        peer_text(&list[i]);
    }
    return kept;
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

static bool sent_again(int fd)
{
    struct tcp_info info = { 0 };
    socklen_t len = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 && info.tcpi_total_retrans > 0;
}

int net_connect(struct probe_ctx *ctx, const struct net_peer *peer, int64_t timeout_ms, int *err, int64_t *took_us, bool *again)
{
    struct sockaddr_storage to;
    socklen_t to_len = ip_to_sockaddr(&peer->ip, peer->port, &to);
    int fd = socket(peer->ip.family == 6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *took_us = 0;
    *again = false;
    if (fd < 0) {
        *err = errno;
        return -1;
    }
    int one = 1;     /* without it every login waits for delayed acknowledgements */
    *err = setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) == 0 ? 0 : errno;
    probe_pace(ctx);
    probe_asked(ctx, peer->text, "TCP connection");
    int64_t began = mono_us();
    if (*err == 0 && connect(fd, (struct sockaddr *)&to, to_len) != 0)
        *err = errno == EINPROGRESS ? connect_finish(ctx, fd, timeout_ms) : errno;
    *took_us = mono_us() - began;
    *again = sent_again(fd);
    if (*err == 0)
        return fd;
    close(fd);
    return -1;
}

void net_connect_failed(struct probe_ctx *ctx, const struct net_peer *peer, int err)
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
    struct net_peer list[MAX_TRIES], first = { 0 };
    int64_t took_us = 0, timeout_ms = job_get_int(probe_job(ctx), "timeout_ms", DEFAULT_TIMEOUT_MS);
    size_t n = net_candidates(ctx, list, MAX_TRIES, &took_us);
    int first_err = 0;
    for (size_t i = 0; i < n && probe_left_ms(ctx) > 0; i++) {
        int err = 0;
        bool again = false;
        *peer = list[i];
        int fd = net_connect(ctx, peer, timeout_ms, &err, &took_us, &again);
        if (fd >= 0)
            return fd;
        if (first_err == 0) {
            first = *peer;
            first_err = err;
        }
    }
    if (first_err != 0)
        net_connect_failed(ctx, &first, first_err);
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
    struct net_peer list[MAX_ADDRESSES];
    int64_t resolve_us = 0;
    size_t n = net_candidates(ctx, list, MAX_ADDRESSES, &resolve_us);
    for (size_t i = 0; i < n; i++) {
        *peer = list[i];
        if (has_route(&peer->ip, peer->port))
            return 0;
    }
    if (n > 0)
        probe_fail(ctx, REASON_UNREACHABLE, "no way to %s from here", peer->text);
    return -1;
}
