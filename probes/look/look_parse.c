/* The pure half of the look probe: greetings, DNS answers, ARP replies. Every byte is from the network. */
#include "probes/look/look.h"

#include <arpa/nameser.h>
#include <resolv.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"

#define SSH_LINE_MAX 255
#define SRV_MAX 32

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

/* RFC 1035 section 4.1, RFC 2782 */
void look_srv_parse(const unsigned char *answer, size_t len, look_srv_fn fn, void *arg)
{
    char name[NS_MAXDNAME];
    size_t pos = NS_HFIXEDSZ;
    if (len < NS_HFIXEDSZ || len > NS_MAXMSG)
        return;
    unsigned questions = two(answer + 4), answers = two(answer + 6);
    for (unsigned i = 0; i < questions; i++) {
        if (i == 4 || !take_dns_name(answer, len, &pos, name))
            return;
        pos += NS_QFIXEDSZ;
    }
    for (unsigned i = 0; i < answers && i < SRV_MAX; i++) {
        if (!take_dns_name(answer, len, &pos, name) || pos + NS_RRFIXEDSZ > len)
            return;
        unsigned type = two(answer + pos), n = two(answer + pos + 8);
        size_t data = pos + NS_RRFIXEDSZ, target = data + 6;
        if (data + n > len)
            return;
        pos = data + n;
        if (type == ns_t_srv && n >= 7 && take_dns_name(answer, len, &target, name) && target <= pos && name[0] != '\0' && name[0] != '.')
            fn(arg, name, two(answer + data + 4));       /* a lone dot: the service is not there */
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
