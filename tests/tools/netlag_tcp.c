/* netlag's connections. Pieces of the stream wait for their time in a queue for each direction, in order; a lost piece waits
 * for the retransmission that TCP would have done. The upstream connection is made three one-way delays after the client's,
 * which is when a server behind such a line would see the handshake's end. */
#include "tools/netlag.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"

#define PIECE_MAX 16384
#define QUEUE_MAX (1u << 20)             /* bytes waiting in one direction: then nothing more is read */
#define RETRANSMIT_NS INT64_C(200000000)

struct piece {
    struct piece *next;
    int64_t due_ns;
    size_t len, sent;                    /* len 0: the stream's end */
    char bytes[];
};
struct side {
    struct lag_watch watch;              /* first, so that a watch is its side */
    struct connection *of;
    struct piece *first, *last;          /* what was read here and goes to the other side */
    size_t queued;
    uint64_t n;
    int64_t latest_ns;
    bool ended, full, blocked, timer;    /* ended: read to the end; blocked: the other side's socket is full */
    bool watched;
};
struct connection {
    struct side side[2];                 /* [TO_SERVER] reads from the client, [TO_CLIENT] from the server */
    uint64_t number;
    bool connected, closed;
    unsigned timers;
};

static struct lag_watch listener;

static struct side *other_side(struct side *s)
{
    return &s->of->side[s == &s->of->side[TO_SERVER] ? TO_CLIENT : TO_SERVER];
}

static enum lag_direction direction_of(const struct side *s)
{
    return s == &s->of->side[TO_SERVER] ? TO_SERVER : TO_CLIENT;
}

static void release(struct connection *c)
{
    if (c->closed && c->timers == 0)
        lag_later(c);
}

static void close_connection(struct connection *c)
{
    if (c->closed)
        return;
    c->closed = true;
    for (int i = 0; i < 2; i++) {
        struct side *s = &c->side[i];
        if (s->watch.fd >= 0)
            close(s->watch.fd);
        s->watch.fd = -1;
        while (s->first) {
            struct piece *p = s->first;
            s->first = p->next;
            free(p);
        }
    }
    release(c);
}

/* A server that refuses or dies is seen as such by the client. */
static void reset_connection(struct connection *c)
{
    const struct linger now = { .l_onoff = 1, .l_linger = 0 };

    for (int i = 0; i < 2; i++) {
        if (c->side[i].watch.fd >= 0)
            setsockopt(c->side[i].watch.fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close_connection(c);
}

/* A side that waits for nothing is not watched at all: epoll would report its hangup over and over. */
static void update(struct side *s)
{
    uint32_t events = 0;

    if (s->watch.fd < 0)
        return;
    if (!s->ended && !s->full)
        events |= EPOLLIN;
    if (other_side(s)->blocked || (s == &s->of->side[TO_CLIENT] && !s->of->connected))
        events |= EPOLLOUT;
    if (events)
        (s->watched ? lag_rewatch : lag_watch)(&s->watch, events);
    else if (s->watched)
        lag_unwatch(&s->watch);
    s->watched = events != 0;
}

static void flush_side(struct side *s);

static void timer_fired(void *arg)
{
    struct side *s = arg;
    struct connection *c = s->of;

    c->timers--;
    s->timer = false;
    if (c->closed)
        release(c);
    else
        flush_side(s);
}

/* Sends one piece; false when it has to wait or the connection is gone. */
static bool send_piece(struct side *s, struct piece *p)
{
    const int fd = other_side(s)->watch.fd;
    ssize_t n;

    if (p->len == 0) {
        shutdown(fd, SHUT_WR);
        p->sent = 0;
        return true;
    }
    n = send(fd, p->bytes + p->sent, p->len - p->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        s->blocked = true;
        return false;
    }
    if (n < 0) {
        reset_connection(s->of);
        return false;
    }
    p->sent += (size_t)n;
    s->blocked = p->sent < p->len;
    return !s->blocked;
}

/* Sends what is due of what s has read, and sets the timer for the rest. */
static void flush_side(struct side *s)
{
    struct connection *c = s->of;
    bool ended = false;

    s->blocked = false;
    while (c->connected && s->first && s->first->due_ns <= lag_now_ns()) {
        struct piece *p = s->first;
        if (!send_piece(s, p))
            break;
        ended = p->len == 0;
        s->queued -= p->len;
        s->first = p->next;
        lag_counts.passed += p->len != 0;
        free(p);
    }
    if (c->closed)
        return;
    if (ended && other_side(s)->ended && !other_side(s)->first) {
        close_connection(c);
        return;
    }
    if (c->connected && s->first && !s->blocked && !s->timer) {
        s->timer = true;
        c->timers++;
        lag_at(s->first->due_ns, timer_fired, s);
    }
    s->full = s->queued >= QUEUE_MAX;
    update(s);
    update(other_side(s));
}

static void enqueue(struct side *s, const char *bytes, size_t len)
{
    const enum lag_direction direction = direction_of(s);
    struct piece *p = xmalloc(sizeof *p + len);

    *p = (struct piece){ .due_ns = lag_due_ns(s->of->number, direction, s->n), .len = len };
    if (len)
        memcpy(p->bytes, bytes, len);
    if (len && lag_is_lost(s->of->number, direction, s->n)) {
        lag_counts.lost++;
        p->due_ns += RETRANSMIT_NS + 2 * lag_options->delay_ms * 1000000;
    }
    s->n++;
    if (p->due_ns < s->latest_ns)
        p->due_ns = s->latest_ns;        /* a stream keeps its order */
    s->latest_ns = p->due_ns;
    s->queued += len;
    if (s->first)
        s->last->next = p;
    else
        s->first = p;
    s->last = p;
}

static void read_side(struct side *s)
{
    char bytes[PIECE_MAX];
    ssize_t n = recv(s->watch.fd, bytes, sizeof bytes, MSG_DONTWAIT);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n < 0) {
        reset_connection(s->of);
        return;
    }
    s->ended = n == 0;
    enqueue(s, bytes, (size_t)n);
    flush_side(s);
}

static bool finish_connect(struct connection *c)
{
    int error = 0;
    socklen_t len = sizeof error;

    getsockopt(c->side[TO_CLIENT].watch.fd, SOL_SOCKET, SO_ERROR, &error, &len);
    if (error) {
        reset_connection(c);
        return false;
    }
    c->connected = true;
    flush_side(&c->side[TO_SERVER]);
    return !c->closed;
}

static void side_ready(struct lag_watch *w, uint32_t events)
{
    struct side *s = (struct side *)w;
    struct connection *c = s->of;

    if (s == &c->side[TO_CLIENT] && !c->connected && !finish_connect(c))
        return;
    if (events & EPOLLOUT && other_side(s)->blocked)
        flush_side(other_side(s));
    if (c->closed)
        return;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !s->ended && !s->full)
        read_side(s);
    else if (events & EPOLLERR)
        reset_connection(c);
}

static void set_nodelay(int fd)
{
    const int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void connect_upstream(void *arg)
{
    struct connection *c = arg;
    struct side *s = &c->side[TO_CLIENT];

    c->timers--;
    if (c->closed) {
        release(c);
        return;
    }
    s->watch.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->watch.fd < 0) {
        reset_connection(c);
        return;
    }
    set_nodelay(s->watch.fd);
    if (connect(s->watch.fd, (const struct sockaddr *)&lag_options->to, sizeof lag_options->to) < 0 && errno != EINPROGRESS) {
        reset_connection(c);
        return;
    }
    update(s);
}

static void accept_ready(struct lag_watch *w, uint32_t events)
{
    int fd;

    (void)events;
    while ((fd = accept4(w->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct connection *c = xcalloc(1, sizeof *c);
        for (int i = 0; i < 2; i++) {
            c->side[i].watch = (struct lag_watch){ .fd = -1, .ready = side_ready };
            c->side[i].of = c;
        }
        c->number = lag_counts.clients++;
        c->side[TO_SERVER].watch.fd = fd;
        set_nodelay(fd);
        update(&c->side[TO_SERVER]);
        c->timers++;
        lag_at(lag_now_ns() + 3 * lag_options->delay_ms * 1000000, connect_upstream, c);
    }
}

int lag_tcp_start(void)
{
    const int on = 1;

    listener = (struct lag_watch){ .ready = accept_ready };
    listener.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener.fd < 0)
        return -errno;
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener.fd, (const struct sockaddr *)&lag_options->listen, sizeof lag_options->listen) < 0 || listen(listener.fd, 1024) < 0)
        return -errno;
    lag_watch(&listener, EPOLLIN);
    return listener.fd;
}
