/* Addresses and prefixes as values. Runs in parent and workers: the permission check rests on it, so a text has one
 * meaning only, and IPv4-mapped IPv6 is IPv4 everywhere. */
#include "base/cidr.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const uint8_t mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static void unmap(struct ip *ip)
{
    if (ip->family != 6 || memcmp(ip->b, mapped_prefix, sizeof mapped_prefix) != 0)
        return;
    ip->family = 4;
    memmove(ip->b, ip->b + 12, 4);
    memset(ip->b + 4, 0, 12);
}

/* inet_pton of glibc takes no leading zeros in octets, no zone and no blanks. */
static bool parse_unmapped(const char *s, struct ip *out)
{
    struct ip ip = { 0 };

    if (!s)
        return false;
    if (inet_pton(AF_INET, s, ip.b) == 1)
        ip.family = 4;
    else if (inet_pton(AF_INET6, s, ip.b) == 1)
        ip.family = 6;
    else
        return false;
    *out = ip;
    return true;
}

bool ip_parse(const char *s, struct ip *out)
{
    struct ip ip;

    if (!parse_unmapped(s, &ip))
        return false;
    unmap(&ip);
    *out = ip;
    return true;
}

void ip_format(const struct ip *ip, char out[IP_TEXT])
{
    out[0] = '\0';
    if (ip->family == 4)
        inet_ntop(AF_INET, ip->b, out, IP_TEXT);
    else if (ip->family == 6)
        inet_ntop(AF_INET6, ip->b, out, IP_TEXT);
}

bool ip_equal(const struct ip *a, const struct ip *b)
{
    return a->family == b->family && memcmp(a->b, b->b, a->family == 4 ? 4 : 16) == 0;
}

int ip_compare(const struct ip *a, const struct ip *b)
{
    return a->family != b->family ? (a->family < b->family ? -1 : 1) : memcmp(a->b, b->b, a->family == 4 ? 4 : 16);
}

bool ip_from_sockaddr(const struct sockaddr *sa, struct ip *out)
{
    struct ip ip = { 0 };

    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof in);
        ip.family = 4;
        memcpy(ip.b, &in.sin_addr, 4);
    } else if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, sa, sizeof in6);
        ip.family = 6;
        memcpy(ip.b, &in6.sin6_addr, 16);
        unmap(&ip);
    } else {
        return false;
    }
    *out = ip;
    return true;
}

socklen_t ip_to_sockaddr(const struct ip *ip, uint16_t port, struct sockaddr_storage *out)
{
    memset(out, 0, sizeof *out);
    if (ip->family == 4) {
        struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
        memcpy(&in.sin_addr, ip->b, 4);
        memcpy(out, &in, sizeof in);
        return sizeof in;
    }
    if (ip->family == 6) {
        struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
        memcpy(&in6.sin6_addr, ip->b, 16);
        memcpy(out, &in6, sizeof in6);
        return sizeof in6;
    }
    return 0;
}

static unsigned address_bits(const struct ip *ip)
{
    return ip->family == 4 ? 32 : 128;
}

/* Clears the bits behind len; true when there were none. */
static bool clear_host_bits(struct ip *ip, unsigned len)
{
    bool clean = true;

    for (unsigned i = 0; i < address_bits(ip) / 8; i++) {
        unsigned kept = len <= i * 8 ? 0 : len - i * 8;
        unsigned mask = kept >= 8 ? 0xff : (0xff00u >> kept) & 0xff;
        unsigned masked = ip->b[i] & mask;
        clean = clean && masked == ip->b[i];
        ip->b[i] = (uint8_t)masked;
    }
    return clean;
}

/* "0" to "128": digits only, no sign, no leading zero. */
static bool parse_prefix_len(const char *s, unsigned *out)
{
    unsigned v = 0;

    if (!*s || strlen(s) > 3 || (s[0] == '0' && s[1]))
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return false;
        v = v * 10 + (unsigned)(*s - '0');
    }
    *out = v;
    return true;
}

bool cidr_parse(const char *s, bool host_bits, struct cidr *out)
{
    const char *slash;
    char address[IP_TEXT];
    struct cidr c;
    unsigned len;

    if (!s)
        return false;
    slash = strchr(s, '/');
    if (!slash) {
        if (!ip_parse(s, &c.ip))
            return false;
        c.len = (uint8_t)address_bits(&c.ip);
        *out = c;
        return true;
    }
    if ((size_t)(slash - s) >= sizeof address)
        return false;
    memcpy(address, s, (size_t)(slash - s));
    address[slash - s] = '\0';
    if (!parse_unmapped(address, &c.ip) || !parse_prefix_len(slash + 1, &len) || len > address_bits(&c.ip))
        return false;
    if (!clear_host_bits(&c.ip, len) && !host_bits)
        return false;
    /* ::ffff:10.0.0.0/104 is 10.0.0.0/8; a shorter one such as ::/0 stays IPv6 */
    if (len >= 96 && c.ip.family == 6) {
        unmap(&c.ip);
        if (c.ip.family == 4)
            len -= 96;
    }
    c.len = (uint8_t)len;
    *out = c;
    return true;
}

void cidr_format(const struct cidr *c, char out[CIDR_TEXT])
{
    char address[IP_TEXT];

    ip_format(&c->ip, address);
    snprintf(out, CIDR_TEXT, "%s/%u", address, (unsigned)c->len);
}

bool cidr_contains(const struct cidr *net, const struct ip *ip)
{
    struct ip copy = *ip;

    if (!net->ip.family || net->ip.family != ip->family)
        return false;
    clear_host_bits(&copy, net->len);
    return ip_equal(&copy, &net->ip);
}

bool cidr_overlaps(const struct cidr *a, const struct cidr *b)
{
    return a->len <= b->len ? cidr_contains(a, &b->ip) : cidr_contains(b, &a->ip);
}
