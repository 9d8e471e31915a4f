/* Pure but for glibc's parser of messages. Nothing of an answer is believed but what it says about the very name and type that were asked. */
#include "probes/net/dns_message.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <string.h>
#include <strings.h>
#include "base/mem.h"

#define MAX_ALIASES 8
#define OPT 41

const char *dns_type_name(enum dns_type type)
{
    switch (type) {
    case DNS_A:
        return "A";
    case DNS_NS:
        return "NS";
    case DNS_CNAME:
        return "CNAME";
    case DNS_SOA:
        return "SOA";
    case DNS_MX:
        return "MX";
    case DNS_TXT:
        return "TXT";
    case DNS_AAAA:
        return "AAAA";
    case DNS_DS:
        return "DS";
    case DNS_CAA:
        return "CAA";
    }
    BUG("no DNS type %d", (int)type);
}

bool dns_question_put(struct buf *out, uint16_t id, const char *name, enum dns_type type)
{
    uint8_t wire[NS_MAXCDNAME];
    int len = ns_name_pton(name, wire, sizeof wire) < 0 ? -1 : 0;

    if (len < 0)
        return false;
    while (wire[len] != 0)
        len += wire[len] + 1;
    buf_put_u16(out, id);
    buf_put_u16(out, 0x0100);        /* recursion desired */
    buf_put_u16(out, 1);
    buf_put_u16(out, 0);
    buf_put_u16(out, 0);
    buf_put_u16(out, 1);
    buf_append(out, wire, (size_t)len + 1);
    buf_put_u16(out, (uint16_t)type);
    buf_put_u16(out, ns_c_in);
    buf_put_u8(out, 0);              /* the root: EDNS, with the size that we take */
    buf_put_u16(out, OPT);
    buf_put_u16(out, DNS_UDP_SIZE);
    buf_put_u32(out, 0);
    buf_put_u16(out, 0);
    return true;
}

void dns_answer_clear(struct dns_answer *a)
{
    for (size_t i = 0; i < a->n; i++)
        free(a->v[i].text);
    free(a->v);
    free(a->alias);
    *a = (struct dns_answer){ 0 };
}

/* --- records ---------------------------------------------------------------------------------------------------------- */

/* A name inside rdata, owned; NULL when it is none. */
static char *name_at(ns_msg *m, const uint8_t *p)
{
    char name[DNS_MAX_NAME];

    if (dn_expand(ns_msg_base(*m), ns_msg_end(*m), p, name, sizeof name) < 0)
        return NULL;
    return xstrdup(name[0] == '\0' ? "." : name);
}

static void texts_put(const uint8_t *p, size_t len, struct buf *out)
{
    for (size_t at = 0; at < len;) {
        size_t n = p[at++];
        n = n < len - at ? n : len - at;
        size_t room = out->max - out->len;
        buf_append(out, p + at, n < room ? n : room);
        at += n;
    }
}

static void caa_put(const uint8_t *p, size_t len, struct buf *out)
{
    if (len < 2 || p[1] == 0 || p[1] > len - 2 || p[1] > 15)
        return;
    size_t value = len - 2 - p[1];
    buf_append(out, p + 2, p[1]);
    buf_putc(out, ' ');
    buf_append(out, p + 2 + p[1], value < out->max - out->len ? value : out->max - out->len);
}

static bool record_read(ns_msg *m, const ns_rr *rr, enum dns_type type, struct dns_record *out)
{
    const uint8_t *p = ns_rr_rdata(*rr);
    size_t len = ns_rr_rdlen(*rr);
    struct buf text = BUF_INIT(DNS_MAX_TEXT);

    *out = (struct dns_record){ 0 };
    if (type == DNS_A || type == DNS_AAAA) {
        out->ip.family = type == DNS_A ? 4 : 6;
        memcpy(out->ip.b, p, len < 16 ? len : 16);
        return len == (type == DNS_A ? 4 : 16);
    }
    if (type == DNS_NS || type == DNS_CNAME)
        out->text = name_at(m, p);
    else if (type == DNS_MX && len > 2) {
        out->preference = (uint16_t)(p[0] << 8 | p[1]);
        out->text = name_at(m, p + 2);
    } else if (type == DNS_TXT || type == DNS_CAA) {
        if (type == DNS_TXT)
            texts_put(p, len, &text);
        else
            caa_put(p, len, &text);
        out->len = text.len;
        out->text = type == DNS_CAA && text.len == 0 ? NULL : buf_take(&text);
        return out->text != NULL;
    } else if (type == DNS_SOA || type == DNS_DS) {
        out->text = xstrdup("");     /* that it is there is all that is wanted */
    }
    out->len = out->text == NULL ? 0 : strlen(out->text);
    return out->text != NULL;
}

/* --- the answer ------------------------------------------------------------------------------------------------------- */

static bool question_matches(ns_msg *m, const char *name, enum dns_type type)
{
    ns_rr rr;

    return ns_msg_count(*m, ns_s_qd) == 1 && ns_parserr(m, ns_s_qd, 0, &rr) == 0 && (int)ns_rr_type(rr) == (int)type && strcasecmp(ns_rr_name(rr), name) == 0;
}

/* Where the alias of name leads, owned; NULL: it is none. */
static char *alias_of(ns_msg *m, const char *name)
{
    ns_rr rr;

    for (int i = 0; i < ns_msg_count(*m, ns_s_an); i++)
        if (ns_parserr(m, ns_s_an, i, &rr) == 0 && ns_rr_type(rr) == ns_t_cname && strcasecmp(ns_rr_name(rr), name) == 0)
            return name_at(m, ns_rr_rdata(rr));
    return NULL;
}

static void follow(ns_msg *m, const char *name, struct dns_answer *out)
{
    for (int i = 0; i < MAX_ALIASES; i++) {
        char *next = alias_of(m, out->alias != NULL ? out->alias : name);
        if (next == NULL)
            return;
        free(out->alias);
        out->alias = next;
    }
}

bool dns_answer_parse(const void *p, size_t len, uint16_t id, const char *name, enum dns_type type, struct dns_answer *out)
{
    ns_msg m;
    ns_rr rr;

    *out = (struct dns_answer){ 0 };
    if (len > DNS_MAX_MESSAGE || ns_initparse(p, (int)len, &m) != 0 || ns_msg_id(m) != id || ns_msg_getflag(m, ns_f_qr) != 1 || !question_matches(&m, name, type))
        return false;
    out->rcode = ns_msg_getflag(m, ns_f_rcode);
    out->truncated = ns_msg_getflag(m, ns_f_tc) != 0;
    if (type != DNS_CNAME)
        follow(&m, name, out);
    out->v = xcalloc(DNS_MAX_RECORDS, sizeof *out->v);
    for (int i = 0; i < ns_msg_count(m, ns_s_an) && out->n < DNS_MAX_RECORDS; i++) {
        if (ns_parserr(&m, ns_s_an, i, &rr) != 0)
            return false;
        if ((int)ns_rr_type(rr) != (int)type || ns_rr_class(rr) != ns_c_in || strcasecmp(ns_rr_name(rr), out->alias != NULL ? out->alias : name) != 0)
            continue;
        if (record_read(&m, &rr, type, &out->v[out->n]))
            out->n++;
        else
            free(out->v[out->n].text);
    }
    return true;
}
