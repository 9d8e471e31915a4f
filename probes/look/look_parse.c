/* The pure half of the look probe: greetings, DNS answers, ARP replies. Every byte is from the network. */
#include "probes/look/look.h"

#include <arpa/nameser.h>
#include <resolv.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"

#define SSH_LINE_MAX 255
#define SRV_MAX 32
#define SRV_MAX_ADDRESSES 8
#define RECORDS_MAX 256

char *look_ssh_greeting(const char *bytes, size_t len)
{
    /* a server may say other lines before (RFC 4253 section 4.2) */
    for (size_t pos = 0; pos < len;) {
        const char *end = memchr(bytes + pos, '\n', len - pos);
        if (end == NULL)
            return NULL;
        size_t n = (size_t)(end - (bytes + pos));
        if (n > 4 && n <= SSH_LINE_MAX && memcmp(bytes + pos, "SSH-", 4) == 0) {
            struct buf clean = BUF_INIT(4 * SSH_LINE_MAX);
            text_clean(&clean, bytes + pos, n);
            char *out = xstrdup(text_trim(clean.data));
            buf_clear(&clean);
            return out;
        }
        pos += n + 1;
    }
    return NULL;
}

/* A name at *pos; false when there is none. Pointers are followed by dn_expand(), within the answer. */
static bool take_dns_name(const unsigned char *answer, size_t len, size_t *pos, char name[NS_MAXDNAME])
{
    if (*pos >= len)
        return false;
    int n = dn_expand(answer, answer + len, answer + *pos, name, NS_MAXDNAME);
    if (n < 0)
        return false;
    *pos += (size_t)n;
    return true;
}

static unsigned two(const unsigned char *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* One record of an answer (RFC 1035 section 4.1.3). */
struct record { char name[NS_MAXDNAME]; unsigned type; size_t data, len; };

static bool take_record(const unsigned char *answer, size_t len, size_t *pos, struct record *r)
{
    if (!take_dns_name(answer, len, pos, r->name) || *pos + NS_RRFIXEDSZ > len)
        return false;
    r->type = two(answer + *pos);
    r->len = two(answer + *pos + 8);
    r->data = *pos + NS_RRFIXEDSZ;
    if (r->data + r->len > len)
        return false;
    *pos = r->data + r->len;
    return true;
}

static bool is_address(const unsigned char *answer, const struct record *r, struct ip *ip)
{
    bool v4 = r->type == ns_t_a && r->len == 4, v6 = r->type == ns_t_aaaa && r->len == 16;
    *ip = (struct ip){ .family = v4 ? 4 : 6 };
    if (v4 || v6)
        memcpy(ip->b, answer + r->data, r->len);
    return v4 || v6;
}

/* The addresses that the rest of the answer has of this name. How many. */
static unsigned tell_addresses(const unsigned char *answer, size_t len, size_t pos, unsigned records, const char *name, unsigned port, look_srv_fn fn, void *arg)
{
    struct record r;
    struct ip ip;
    unsigned n = 0;
    for (unsigned i = 0; i < records && i < RECORDS_MAX && n < SRV_MAX_ADDRESSES && take_record(answer, len, &pos, &r); i++)
        if (is_address(answer, &r, &ip) && text_equal_nocase(r.name, name)) {
            fn(arg, name, port, &ip);
            n++;
        }
    return n;
}

/* RFC 1035 section 4.1, RFC 2782 */
void look_srv_parse(const unsigned char *answer, size_t len, look_srv_fn fn, void *arg)
{
    char name[NS_MAXDNAME];
    struct record r;
    size_t pos = NS_HFIXEDSZ;
    if (len < NS_HFIXEDSZ || len > NS_MAXMSG)
        return;
    unsigned questions = two(answer + 4), answers = two(answer + 6), records = answers + two(answer + 8) + two(answer + 10);
    for (unsigned i = 0; i < questions; i++) {
        if (i == 4 || !take_dns_name(answer, len, &pos, name))
            return;
        pos += NS_QFIXEDSZ;
    }
    const size_t first = pos;
    for (unsigned i = 0; i < answers && i < SRV_MAX && take_record(answer, len, &pos, &r); i++) {
        size_t target = r.data + 6;
        if (r.type != ns_t_srv || r.len < 7 || !take_dns_name(answer, len, &target, name) || target > pos || name[0] == '\0' || name[0] == '.')
            continue;                /* a lone dot: the service is not there */
        unsigned port = two(answer + r.data + 4);
        if (tell_addresses(answer, len, first, records, name, port, fn, arg) == 0)
            fn(arg, name, port, NULL);
    }
}

bool look_arp_parse(const uint8_t *frame, size_t len, struct ip *ip, uint8_t mac[6])
{
    /* Ethernet type ARP; hardware Ethernet, protocol IPv4, lengths 6 and 4, a reply */
    static const uint8_t head[] = { 0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02 };
    if (len < 42 || memcmp(frame + 12, head, sizeof head) != 0)
        return false;
    memcpy(mac, frame + 22, 6);
    *ip = (struct ip){ .family = 4 };
    memcpy(ip->b, frame + 28, 4);
    return true;
}
