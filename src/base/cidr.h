/* IPv4 and IPv6 addresses and prefixes as values. IPv4-mapped IPv6 addresses are read as IPv4, so that a rule for
 * 10.0.0.0/8 cannot be walked around. */
#ifndef PREOP_BASE_CIDR_H
#define PREOP_BASE_CIDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct ip {
    uint8_t family;          /* 4 or 6; 0: none */
    uint8_t b[16];           /* network order; IPv4 in the first four */
};
struct cidr {
    struct ip ip;
    uint8_t len;             /* bits */
};

#define IP_TEXT 46
#define CIDR_TEXT 50

bool ip_parse(const char *s, struct ip *out);            /* no zone, no port, no leading zeros in octets */
void ip_format(const struct ip *ip, char out[IP_TEXT]);  /* as inet_ntop */
bool ip_equal(const struct ip *a, const struct ip *b);
int ip_compare(const struct ip *a, const struct ip *b);  /* by family (none, 4, 6), then in network order */
bool ip_from_sockaddr(const struct sockaddr *sa, struct ip *out);
socklen_t ip_to_sockaddr(const struct ip *ip, uint16_t port, struct sockaddr_storage *out);  /* port in host order */

/* host_bits: whether set host bits are allowed; they are cleared in out either way. An address alone is /32 or /128. */
bool cidr_parse(const char *s, bool host_bits, struct cidr *out);
void cidr_format(const struct cidr *c, char out[CIDR_TEXT]);
bool cidr_contains(const struct cidr *net, const struct ip *ip);
bool cidr_overlaps(const struct cidr *a, const struct cidr *b);

#endif
