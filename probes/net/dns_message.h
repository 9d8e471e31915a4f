/* One DNS question and its answer (RFC 1035, 6891, 8659), read with glibc's ns_parse, which holds every length against the message's end.
 * Pure; answers are hostile. */
#ifndef PREOP_PROBES_DNS_MESSAGE_H
#define PREOP_PROBES_DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/cidr.h"

enum dns_type { DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28, DNS_DS = 43, DNS_CAA = 257 };
const char *dns_type_name(enum dns_type type);

#define DNS_MAX_MESSAGE 65535
#define DNS_UDP_SIZE 1232            /* what is asked for: never in fragments */
#define DNS_MAX_RECORDS 64           /* of one answer that are kept */
#define DNS_MAX_TEXT 4096            /* bytes of one record's text */
#define DNS_MAX_NAME 1026            /* of a name as text: bytes outside ASCII stand as \DDD */
#define DNS_NOT_FOUND 3              /* the response code of a name that does not exist */

struct dns_record {
    uint16_t preference;             /* MX */
    struct ip ip;                    /* A, AAAA */
    char *text;                      /* owned: NS, MX, CNAME: a name ("." for the root); TXT: its strings in one; CAA: "tag value" */
    size_t len;
};
struct dns_answer {
    int rcode;
    bool truncated;                  /* the whole answer comes over TCP only */
    char *alias;                     /* owned: the name at which the records really stand; NULL: the one that was asked for */
    struct dns_record *v; size_t n;
};

/* Appends the question, recursion desired. False when name is none. */
bool dns_question_put(struct buf *out, uint16_t id, const char *name, enum dns_type type);
/* False when it is no well-formed answer to that question. dns_answer_clear() it either way. Aliases are followed inside the answer. */
bool dns_answer_parse(const void *p, size_t len, uint16_t id, const char *name, enum dns_type type, struct dns_answer *out);
void dns_answer_clear(struct dns_answer *a);

#endif
