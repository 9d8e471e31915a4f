/* The BER of SNMP messages: X.690 as far as RFC 3417 section 8 allows it. Part of the test tool snmprec_serve. */
#include "tools/snmprec.h"

#include <string.h>

void ber_put(struct ber_out *o, const void *p, size_t len)
{
    if (o->overflow || len > o->at) {
        o->overflow = true;
        return;
    }
    o->at -= len;
    if (len > 0)
        memcpy(o->room + o->at, p, len);
}

void ber_head(struct ber_out *o, uint8_t tag, size_t len)
{
    uint8_t head[6] = { tag };
    size_t n = 1;
    if (len < 0x80) {
        head[n++] = (uint8_t)len;
    } else if (len < 0x100) {
        head[n++] = 0x81;
        head[n++] = (uint8_t)len;
    } else {
        head[n++] = 0x82;
        head[n++] = (uint8_t)(len >> 8);
        head[n++] = (uint8_t)(len & 0xFF);
    }
    ber_put(o, head, n);
    if (len > 0xFFFF)
        o->overflow = true;
}

size_t ber_int_content(int64_t v, uint8_t out[9])
{
    uint64_t u = (uint64_t)v;
    size_t n = 8;
    while (n > 1) {
        uint8_t top = (uint8_t)(u >> (8 * (n - 1))), next = (uint8_t)(u >> (8 * (n - 2)));
        if (!((top == 0 && next < 0x80) || (top == 0xFF && next >= 0x80)))
            break;
        n--;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)(u >> (8 * (n - 1 - i)));
    return n;
}

size_t ber_uint_content(uint64_t v, uint8_t out[9])
{
    if (v <= INT64_MAX)
        return ber_int_content((int64_t)v, out);
    out[0] = 0;
    for (size_t i = 0; i < 8; i++)
        out[1 + i] = (uint8_t)(v >> (8 * (7 - i)));
    return 9;
}

void ber_int(struct ber_out *o, int64_t v)
{
    uint8_t content[9];
    size_t n = ber_int_content(v, content);
    ber_put(o, content, n);
    ber_head(o, REC_INTEGER, n);
}

static void put_subid(struct ber_out *o, uint32_t v)
{
    uint8_t bytes[5];
    size_t n = 0;
    do {
        bytes[4 - n] = (uint8_t)((v & 0x7F) | (n > 0 ? 0x80U : 0U));
        n++;
        v >>= 7;
    } while (v != 0);
    ber_put(o, bytes + 5 - n, n);
}

void ber_oid(struct ber_out *o, const uint32_t *oid, size_t n)
{
    size_t end = o->at;
    for (size_t i = n; i > 2; i--)
        put_subid(o, oid[i - 1]);
    put_subid(o, n >= 2 ? oid[0] * 40 + oid[1] : n == 1 ? oid[0] * 40 : 0);
    if (!o->overflow)
        ber_head(o, REC_OID, end - o->at);
}

/* --- reading --------------------------------------------------------------------------------------------------------- */

struct ber_in ber_open(struct ber_in *in, uint8_t *tag)
{
    struct ber_in none = { .p = in->p, .len = 0, .bad = true };
    *tag = 0;
    if (in->bad || in->len < 2)
        goto bad;
    size_t len = in->p[1], head = 2;
    if (len >= 0x80) {
        size_t n = len & 0x7F;
        if (n == 0 || n > 4 || in->len < 2 + n)
            goto bad;
        len = 0;
        for (size_t i = 0; i < n; i++)
            len = len << 8 | in->p[2 + i];
        head += n;
    }
    if (len > in->len - head)
        goto bad;
    *tag = in->p[0];
    struct ber_in content = { .p = in->p + head, .len = len, .bad = false };
    in->p += head + len;
    in->len -= head + len;
    return content;
bad:
    in->bad = true;
    return none;
}

int64_t ber_get_int(struct ber_in *in)
{
    uint8_t tag;
    struct ber_in c = ber_open(in, &tag);
    if (c.bad || tag != REC_INTEGER || c.len == 0 || c.len > 8) {
        in->bad = true;
        return 0;
    }
    uint64_t v = (c.p[0] & 0x80) != 0 ? UINT64_MAX : 0;
    for (size_t i = 0; i < c.len; i++)
        v = v << 8 | c.p[i];
    return (int64_t)v;
}

bool ber_get_oid(struct ber_in *in, struct rec_oid *out)
{
    uint8_t tag;
    struct ber_in c = ber_open(in, &tag);
    out->n = 0;
    if (c.bad || tag != REC_OID || c.len == 0) {
        in->bad = true;
        return false;
    }
    uint32_t v = 0;
    for (size_t i = 0; i < c.len; i++) {
        v = v << 7 | (c.p[i] & 0x7FU);
        if ((c.p[i] & 0x80) != 0)
            continue;
        if (out->n + 2 > REC_OID_MAX) {
            in->bad = true;
            return false;
        }
        if (out->n == 0) {
            out->id[out->n++] = v < 80 ? v / 40 : 2;
            out->id[out->n++] = v < 80 ? v % 40 : v - 80;
        } else {
            out->id[out->n++] = v;
        }
        v = 0;
    }
    return true;
}
