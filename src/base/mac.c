/* Hardware addresses. */
#include "base/mac.h"

#include "base/mem.h"

#define ALL_BITS 48

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool mac_prefix_parse(const char *s, uint64_t *bits, unsigned *n_bits)
{
    uint64_t v = 0;
    unsigned digits = 0;
    for (size_t i = 0; s[i] != '\0'; i++) {
        int d = hex_digit(s[i]);
        if (d < 0 && (s[i] == ':' || s[i] == '-' || s[i] == '.') && digits > 0 && s[i + 1] != '\0' && digits % 2 == 0 && hex_digit(s[i - 1]) >= 0)
            continue;
        if (d < 0 || digits == 12)
            return false;
        v = v << 4 | (uint64_t)d;
        digits++;
    }
    if (digits < 6)
        return false;
    *bits = v << (ALL_BITS - 4 * digits);
    *n_bits = 4 * digits;
    return true;
}

uint64_t mac_mask(unsigned n_bits)
{
    return n_bits == 0 ? 0 : ((UINT64_C(1) << n_bits) - 1) << (ALL_BITS - n_bits);
}

bool mac_prefix_holds(uint64_t bits, unsigned n_bits, const char *mac)
{
    uint64_t v;
    unsigned n;
    return mac_prefix_parse(mac, &v, &n) && n >= n_bits && (v & mac_mask(n_bits)) == bits;
}

bool mac_is_identity(const char *mac)
{
    static const struct { uint64_t bits; unsigned n_bits; } shared[] = {
        { UINT64_C(0x00005e000000), 32 },    /* VRRP, CARP: 00:00:5e:00 */
        { UINT64_C(0x00000c07ac00), 40 },    /* HSRP */
        { UINT64_C(0x00000c9ff000), 36 },    /* HSRP, version 2 */
        { UINT64_C(0x0007b4000000), 32 },    /* GLBP */
    };
    uint64_t v;
    unsigned n;
    if (!mac_prefix_parse(mac, &v, &n) || n != ALL_BITS || v == 0 || (v >> 40 & 3) != 0)
        return false;
    for (size_t i = 0; i < N_ELEMENTS(shared); i++)
        if ((v & mac_mask(shared[i].n_bits)) == shared[i].bits)
            return false;
    return true;
}
