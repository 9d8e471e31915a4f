/* netlag's parts: the loop with its timers (netlag.c), and the two ways to carry (netlag_udp.c, netlag_tcp.c).
 * One thread, loopback addresses only; both ends are programs of our tests. */
#ifndef PREOP_TESTS_TOOLS_NETLAG_H
#define PREOP_TESTS_TOOLS_NETLAG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lag_options {
    struct sockaddr_in listen, to;
    bool udp;
    int64_t delay_ms, jitter_ms;     /* one way: a round trip takes twice the delay longer */
    unsigned loss_ppm;               /* parts per million, of each direction */
    uint64_t seed;
};
struct lag_counts {
    uint64_t passed, lost, clients;
};
extern const struct lag_options *const lag_options;
extern struct lag_counts lag_counts;

enum lag_direction { TO_SERVER, TO_CLIENT };

int64_t lag_now_ns(void);
/* Whether the n-th packet of a flow in one direction is lost, and when it is due: the seed alone decides. */
bool lag_is_lost(uint64_t flow, enum lag_direction direction, uint64_t n);
int64_t lag_due_ns(uint64_t flow, enum lag_direction direction, uint64_t n);

/* What epoll wakes. The owner keeps it while fd is watched; lag_later() is for freeing it behind the current round. */
struct lag_watch {
    int fd;
    void (*ready)(struct lag_watch *w, uint32_t events);
};
void lag_watch(struct lag_watch *w, uint32_t events);
void lag_rewatch(struct lag_watch *w, uint32_t events);
void lag_unwatch(struct lag_watch *w);
void lag_later(void *memory);                /* free() it when this round of events is over */
void lag_at(int64_t due_ns, void (*fn)(void *arg), void *arg);       /* earlier ones first, equal ones in order */

int lag_udp_start(void);                     /* the listening socket, or -errno */
int lag_tcp_start(void);

#endif
