/* OCTET STRINGs as text. MIBs promise NVT ASCII or UTF-8; devices send Latin-1, Windows-1252, UTF-16 and plain binary too. Pure. */
#include "probes/snmp/snmp_parse.h"

#include <string.h>
#include "base/text.h"

#define HEX_MAX 64                   /* bytes of a binary value that are shown */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

static void put_code_point(struct buf *out, uint32_t c)
{
    if (c < 0x80) {
        buf_putc(out, (char)c);
    } else if (c < 0x800) {
        buf_putc(out, (char)(0xC0 | c >> 6));
        buf_putc(out, (char)(0x80 | (c & 0x3F)));
    } else if (c < 0x10000) {
        buf_putc(out, (char)(0xE0 | c >> 12));
        buf_putc(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buf_putc(out, (char)(0x80 | (c & 0x3F)));
    } else {
        buf_putc(out, (char)(0xF0 | c >> 18));
        buf_putc(out, (char)(0x80 | (c >> 12 & 0x3F)));
        buf_putc(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buf_putc(out, (char)(0x80 | (c & 0x3F)));
    }
}

/* --- UTF-16 ---------------------------------------------------------------------------------------------------------- */

/* 0: not UTF-16; 1: big-endian; 2: little-endian. Without a mark, at least two thirds of one half of the bytes must be zero and
 * none of the other: that is how western text looks, and nothing else does. */
static int utf16_kind(const uint8_t *p, size_t len)
{
    size_t zero[2] = { 0, 0 }, pairs = len / 2;
    if (len % 2 != 0 || pairs == 0)
        return 0;
    if (p[0] == 0xFE && p[1] == 0xFF)
        return 1;
    if (p[0] == 0xFF && p[1] == 0xFE)
        return 2;
    while (pairs > 1 && p[2 * pairs - 1] == 0 && p[2 * pairs - 2] == 0)
        pairs--;                     /* the terminator says nothing */
    for (size_t i = 0; i < 2 * pairs; i++)
        zero[i % 2] += p[i] == 0;
    if (pairs < 2)
        return 0;
    if (zero[0] * 3 >= pairs * 2 && zero[1] == 0)
        return 1;
    return zero[1] * 3 >= pairs * 2 && zero[0] == 0 ? 2 : 0;
}

static uint32_t unit16(const uint8_t *p, int kind)
{
    return kind == 1 ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static void put_utf16(struct buf *out, const uint8_t *p, size_t len, int kind)
{
    for (size_t i = 0; i + 1 < len; i += 2) {
        uint32_t c = unit16(p + i, kind);
        if (c == 0xFEFF)
            continue;
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < len) {
            uint32_t low = unit16(p + i + 2, kind);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        put_code_point(out, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
    }
}

/* --- Windows-1252, of which Latin-1 is nearly a part ---------------------------------------------------------------------- */

static const uint16_t cp1252_c1[32] = {
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
};

/* Text in a one-byte code: no controls but blanks, and at least half of it ASCII. */
static bool looks_cp1252(const uint8_t *p, size_t len)
{
    size_t ascii = 0;
    for (size_t i = 0; i < len; i++) {
        if ((p[i] < 0x20 && !is_blank(p[i])) || p[i] == 0 || p[i] == 0x7F || (p[i] >= 0x80 && p[i] < 0xA0 && cp1252_c1[p[i] - 0x80] == 0))
            return false;
        ascii += p[i] < 0x80;
    }
    return ascii * 2 >= len;
}

static void put_cp1252(struct buf *out, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        put_code_point(out, p[i] >= 0x80 && p[i] < 0xA0 ? cp1252_c1[p[i] - 0x80] : p[i]);
}

/* --- any ------------------------------------------------------------------------------------------------------------- */

static bool has_controls(const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((p[i] < 0x20 && !is_blank(p[i])) || p[i] == 0x7F || p[i] == 0)
            return true;
    return false;
}

static void put_hex(struct buf *out, const uint8_t *p, size_t len)
{
    for (size_t i = 0; i < len && i < HEX_MAX; i++)
        buf_printf(out, i == 0 ? "%02x" : " %02x", (unsigned)p[i]);
    if (len > HEX_MAX)
        buf_puts(out, " ...");
}

/* Bytes that happen to be valid UTF-8 but are mostly controls are no text. Escape sequences in a text are: they are cleaned later,
 * at the store's door, and must not hide what is around them. */
static bool is_binary(const uint8_t *p, size_t len)
{
    size_t odd = 0;
    for (size_t i = 0; i < len; i++)
        odd += (p[i] < 0x20 && !is_blank(p[i])) || p[i] == 0x7F || p[i] == 0;
    return odd * 3 > len;
}

bool snmp_text(struct buf *out, const struct snmp_value *v)
{
    if (v->type != SNMP_OCTETS)
        return false;
    const uint8_t *p = v->bytes;
    size_t len = v->len, before = out->len;
    int kind = utf16_kind(p, len);
    if (kind != 0) {
        while (len >= 2 && unit16(p + len - 2, kind) <= 0x20)
            len -= 2;
        put_utf16(out, p, len, kind);
        return out->len > before;
    }
    while (len > 0 && is_blank(p[len - 1]))
        len--;
    for (; len > 0 && *p != 0 && is_blank(*p); p++)
        len--;
    if (len == 0)
        return false;
    if (text_is_utf8(p, len) && !is_binary(p, len))
        buf_append(out, p, len);
    else if (!has_controls(p, len) && looks_cp1252(p, len))
        put_cp1252(out, p, len);
    else if (!is_binary(p, len) && len > HEX_MAX)
        buf_append(out, p, len);     /* text with a few wrong bytes: the door replaces those */
    else
        put_hex(out, p, len);
    return true;
}
