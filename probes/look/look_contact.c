/* Connections to a few ports of one address: made at once, closed at once, nothing is sent over them. The greeting of an SSH server, which speaks
 * first, is read after the lock. */
#include "probes/look/look.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "fact/port.h"
#include "fact/table_contacts.h"
#include "worker/net.h"
#include "worker/sandbox.h"

#define SSH_PORT 22
#define TIMEOUT_MS 900               /* below the second after which the kernel would send again */
#define GREETING_MS 2000
#define GREETING_MAX 1024

struct attempt { uint16_t port; int fd, err; int64_t began_us, took_us; bool over; };
struct contact { struct probe_ctx *ctx; struct net_peer peer; struct attempt v[LOOK_MAX_PORTS]; size_t n, open; int64_t timeout_ms, pause_ms; };

static int64_t mono_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void begin(struct contact *c, struct attempt *a)
{
    struct sockaddr_storage to;
    socklen_t to_len = ip_to_sockaddr(&c->peer.ip, a->port, &to);
    char text[sizeof c->peer.text], ip[IP_TEXT];
    ip_format(&c->peer.ip, ip);
    snprintf(text, sizeof text, c->peer.ip.family == 6 ? "[%s]:%u" : "%s:%u", ip, (unsigned)a->port);
    a->fd = socket(c->peer.ip.family == 6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (a->fd < 0) {
        a->err = errno;
        a->over = true;
        return;
    }
    probe_pace(c->ctx);
    probe_asked(c->ctx, text, "TCP connection, closed at once");
    a->began_us = mono_us();
    if (connect(a->fd, (struct sockaddr *)&to, to_len) != 0) {
        a->err = errno;
        if (a->err == EINPROGRESS) {
            c->open++;
            return;
        }
    }
    a->took_us = mono_us() - a->began_us;
    a->over = true;
}

static void finish(struct contact *c, struct attempt *a)
{
    socklen_t len = sizeof a->err;
    if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &a->err, &len) != 0)
        a->err = errno;
    a->took_us = mono_us() - a->began_us;
    a->over = true;
    c->open--;
}

/* Ends what has waited long enough: after a second the kernel would send its greeting again, and nobody would have logged that. *next_ms: when the next ends. */
static void end_overdue(struct contact *c, int64_t *next_ms)
{
    const int64_t now = mono_us();
    for (size_t i = 0; i < c->n; i++) {
        struct attempt *a = &c->v[i];
        if (a->over || a->fd < 0 || a->began_us == 0)
            continue;
        int64_t left_ms = (a->began_us - now) / 1000 + c->timeout_ms;
        if (left_ms > 0) {
            *next_ms = left_ms < *next_ms ? left_ms : *next_ms;
            continue;
        }
        close(a->fd);
        a->fd = -1;
        a->err = ETIMEDOUT;
        a->over = true;
        c->open--;
    }
}

/* How long the oldest is under way. Who waits for a turn to send cannot end another in time: before that, old ones are waited for. */
static int64_t oldest_ms(const struct contact *c)
{
    int64_t oldest = 0, now = mono_us();
    for (size_t i = 0; i < c->n; i++)
        if (!c->v[i].over && c->v[i].began_us > 0 && (now - c->v[i].began_us) / 1000 > oldest)
            oldest = (now - c->v[i].began_us) / 1000;
    return oldest;
}

/* Waits for what is under way, at most wait_ms. */
static void gather(struct contact *c, int64_t wait_ms)
{
    const int64_t until_ms = clock_mono_ms() + wait_ms;
    while (c->open > 0 && probe_left_ms(c->ctx) > 0) {
        struct pollfd p[LOOK_MAX_PORTS];
        struct attempt *of[LOOK_MAX_PORTS];
        nfds_t n = 0;
        int64_t left = until_ms - clock_mono_ms(), next = left;
        end_overdue(c, &next);
        for (size_t i = 0; i < c->n; i++)
            if (!c->v[i].over && c->v[i].fd >= 0 && c->v[i].began_us > 0) {
                of[n] = &c->v[i];
                p[n++] = (struct pollfd){ .fd = c->v[i].fd, .events = POLLOUT };
            }
        int ready = n > 0 ? poll(p, n, next > 0 ? (int)next : 0) : 0;
        if ((ready < 0 && errno != EINTR) || (ready <= 0 && left <= 0))
            return;
        for (nfds_t i = 0; i < n && ready > 0; i++)
            if (p[i].revents != 0)
                finish(c, of[i]);
    }
}

static bool nobody_there(const struct contact *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].over && (c->v[i].err == EHOSTUNREACH || c->v[i].err == ENETUNREACH))
            return true;
    return false;
}

/* What is open is closed again; but for SSH's, whose greeting is read later. */
static void close_all(struct contact *c, bool ssh_too)
{
    for (size_t i = 0; i < c->n; i++) {
        struct attempt *a = &c->v[i];
        if (a->fd < 0 || (!ssh_too && a->port == SSH_PORT && a->over && a->err == 0))
            continue;
        close(a->fd);
        a->fd = -1;
    }
}

static char *read_greeting(struct contact *c, int fd)
{
    char bytes[GREETING_MAX];
    size_t len = 0;
    int64_t until = clock_mono_ms() + GREETING_MS;
    while (len < sizeof bytes && clock_mono_ms() < until && net_wait(c->ctx, fd, false, until - clock_mono_ms()) == 1) {
        ssize_t n = recv(fd, bytes + len, sizeof bytes - len, 0);
        if (n <= 0)
            break;
        len += (size_t)n;
        char *line = look_ssh_greeting(bytes, len);
        if (line != NULL)
            return line;
    }
    return NULL;
}

static const char *outcome(const struct attempt *a)
{
    if (!a->over)
        return "silent";
    switch (a->err) {
    case 0:
        return "open";
    case ECONNREFUSED: case ECONNRESET:
        return "refused";
    case ETIMEDOUT:
        return "silent";
    default:
        return "unreachable";
    }
}

static void emit(struct contact *c, struct attempt *a)
{
    struct fact_row row;
    char address[IP_TEXT];
    char *greeting = a->fd >= 0 && a->err == 0 && a->over ? read_greeting(c, a->fd) : NULL;
    fact_row_init(&row, &fact_contacts);
    ip_format(&c->peer.ip, address);
    fact_set_str(&row, CONTACTS_ADDRESS, address);
    fact_set_int(&row, CONTACTS_PORT, a->port);
    fact_set_str(&row, CONTACTS_OUTCOME, outcome(a));
    if (a->over && (a->err == 0 || a->err == ECONNREFUSED))
        fact_set_real(&row, CONTACTS_CONNECT_MS, (double)a->took_us / 1000.0);
    fact_set_str(&row, CONTACTS_GREETING, greeting);
    probe_emit(c->ctx, &row);
    free(greeting);
}

/* The ports that may be opened at all, each once. */
static void take_ports(struct contact *c)
{
    size_t cursor = 0;
    const char *text;
    while ((text = job_next(probe_job(c->ctx), "look.port", &cursor)) != NULL && c->n < LOOK_MAX_PORTS) {
        long port = strtol(text, NULL, 10);
        if (port < 1 || port > 65535 || port_is_never_opened((int)port))
            continue;
        c->v[c->n++] = (struct attempt){ .port = (uint16_t)port, .fd = -1 };
    }
}

int look_contact(struct probe_ctx *ctx)
{
    struct contact c = { .ctx = ctx, .timeout_ms = job_get_int(probe_job(ctx), "timeout_ms", TIMEOUT_MS), .pause_ms = job_get_int(probe_job(ctx), "look.pause_ms", 0) };
    int64_t took_us = 0;
    if (c.timeout_ms > TIMEOUT_MS)
        c.timeout_ms = TIMEOUT_MS;
    if (net_candidates(ctx, &c.peer, 1, &took_us) == 0)      /* the permission, for the address that is used */
        return 0;
    take_ports(&c);
    for (size_t i = 0; i < c.n && !nobody_there(&c) && probe_left_ms(ctx) > 0; i++) {
        if (i > 0)
            gather(&c, c.pause_ms > 0 ? c.pause_ms : oldest_ms(&c) > TIMEOUT_MS / 2 ? TIMEOUT_MS : 0);
        begin(&c, &c.v[i]);
    }
    gather(&c, c.timeout_ms);
    close_all(&c, false);
    int err = sandbox_lock(ctx, SANDBOX_STREAM);
    for (size_t i = 0; i < c.n && err == 0; i++)
        if (c.v[i].began_us > 0)
            emit(&c, &c.v[i]);
    close_all(&c, true);
    return err;
}
