/* netlag's datagrams. Each client (address and port) has an upstream socket of its own, so that the server sees as many
 * clients as there are; the longest unused one makes room when there are too many. */
#include "tools/netlag.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"

#define FLOWS_MAX 4096
#define DATAGRAM_MAX 65536
#define DATAGRAMS_A_ROUND 256

struct flow {
    struct lag_watch watch;              /* the upstream socket; first, so that a watch is its flow */
    struct sockaddr_in client;
    uint64_t number, n[2];               /* n: datagrams seen in each direction */
    size_t pending;                      /* datagrams on their way */
    struct flow *newer, *older;          /* in the order of use */
};
struct datagram {
    struct flow *flow;
    enum lag_direction direction;
    size_t len;
    char bytes[];
};

static struct lag_watch listener;
static struct flow *newest, *oldest;
static size_t n_flows;

static void unlink_flow(struct flow *f)
{
    *(f->newer ? &f->newer->older : &newest) = f->older;
    *(f->older ? &f->older->newer : &oldest) = f->newer;
    f->newer = f->older = NULL;
}

static void link_newest(struct flow *f)
{
    f->older = newest;
    *(newest ? &newest->newer : &oldest) = f;
    newest = f;
}

static void send_now(void *arg)
{
    struct datagram *d = arg;
    ssize_t n;

    if (d->direction == TO_SERVER)
        n = send(d->flow->watch.fd, d->bytes, d->len, MSG_DONTWAIT);
    else
        n = sendto(listener.fd, d->bytes, d->len, MSG_DONTWAIT, (const struct sockaddr *)&d->flow->client, sizeof d->flow->client);
    lag_counts.passed += n >= 0;
    d->flow->pending--;
    free(d);
}

static void carry(struct flow *f, enum lag_direction direction, const char *bytes, size_t len)
{
    const uint64_t n = f->n[direction]++;
    struct datagram *d;

    if (lag_is_lost(f->number, direction, n)) {
        lag_counts.lost++;
        return;
    }
    d = xmalloc(sizeof *d + len);
    d->flow = f;
    d->direction = direction;
    d->len = len;
    memcpy(d->bytes, bytes, len);
    f->pending++;
    lag_at(lag_due_ns(f->number, direction, n), send_now, d);
}

static void server_ready(struct lag_watch *w, uint32_t events)
{
    static char bytes[DATAGRAM_MAX];
    struct flow *f = (struct flow *)w;

    (void)events;
    for (int i = 0; i < DATAGRAMS_A_ROUND; i++) {
        ssize_t n = recv(w->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n < 0 && errno == ECONNREFUSED)
            continue;                    /* nobody listens there: the client gets silence, as through a firewall */
        if (n < 0)
            return;
        carry(f, TO_CLIENT, bytes, (size_t)n);
    }
}

/* The longest unused flow without a datagram on its way goes. */
static void make_room(void)
{
    struct flow *f = oldest;

    while (f && f->pending)
        f = f->newer;
    if (!f)
        return;
    unlink_flow(f);
    close(f->watch.fd);
    f->watch.fd = -1;
    n_flows--;
    lag_later(f);
}

static struct flow *flow_new(const struct sockaddr_in *client)
{
    struct flow *f;
    int fd;

    if (n_flows >= FLOWS_MAX)
        make_room();
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 && n_flows > 0) {
        make_room();
        fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    }
    if (fd < 0)
        return NULL;
    if (connect(fd, (const struct sockaddr *)&lag_options->to, sizeof lag_options->to) < 0) {
        close(fd);
        return NULL;
    }
    f = xcalloc(1, sizeof *f);
    f->watch = (struct lag_watch){ .fd = fd, .ready = server_ready };
    f->client = *client;
    f->number = lag_counts.clients++;
    n_flows++;
    lag_watch(&f->watch, EPOLLIN);
    return f;
}

static struct flow *flow_of(const struct sockaddr_in *client)
{
    struct flow *f = newest;

    while (f && (f->client.sin_port != client->sin_port || f->client.sin_addr.s_addr != client->sin_addr.s_addr))
        f = f->older;
    if (f)
        unlink_flow(f);
    else
        f = flow_new(client);
    if (f)
        link_newest(f);
    return f;
}

static void client_ready(struct lag_watch *w, uint32_t events)
{
    static char bytes[DATAGRAM_MAX];

    (void)events;
    for (int i = 0; i < DATAGRAMS_A_ROUND; i++) {
        struct sockaddr_in client;
        socklen_t len = sizeof client;
        ssize_t n = recvfrom(w->fd, bytes, sizeof bytes, MSG_DONTWAIT, (struct sockaddr *)&client, &len);
        struct flow *f;
        if (n < 0)
            return;
        f = flow_of(&client);
        if (f)
            carry(f, TO_SERVER, bytes, (size_t)n);
    }
}

int lag_udp_start(void)
{
    const int room = 8 << 20;

    listener = (struct lag_watch){ .ready = client_ready };
    listener.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener.fd < 0)
        return -errno;
    setsockopt(listener.fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (bind(listener.fd, (const struct sockaddr *)&lag_options->listen, sizeof lag_options->listen) < 0)
        return -errno;
    lag_watch(&listener, EPOLLIN);
    return listener.fd;
}
