/* Questions to a resolver: its sockets are made before the lock, one of UDP and, for answers that are longer, one of TCP; after the lock
 * question and answer alternate. Runs in workers only. */
#ifndef PREOP_PROBES_DNS_TALK_H
#define PREOP_PROBES_DNS_TALK_H

#include "probes/net/dns_message.h"
#include "worker/net.h"

#define DNS_MAX_RESOLVERS 2

struct dns_talk {
    struct probe_ctx *ctx;
    struct { struct net_peer peer; int udp, tcp; } v[DNS_MAX_RESOLVERS];
    size_t n, at;                    /* at: the one that answers */
    int64_t timeout_ms;
    char problem[160];               /* of the last question that failed */
    enum reason reason;
};

/* The resolver of the job (dns.resolver, which must be permitted), else those of /etc/resolv.conf that may be touched. False after
 * probe_fail(). dns_talk_close() it. */
bool dns_talk_open(struct probe_ctx *ctx, struct dns_talk *out);
void dns_talk_close(struct dns_talk *t);

enum dns_end {
    DNS_ANSWERED,                    /* v may be empty: there are no such records */
    DNS_NO_NAME,                     /* the name does not exist */
    DNS_FAILED                       /* not known: no answer, or an error of the resolver; t->problem and t->reason say which */
};
/* dns_answer_clear() the answer, whatever the end. */
enum dns_end dns_ask(struct dns_talk *t, const char *name, enum dns_type type, struct dns_answer *out);

#endif
