/* The list of sources, and what they share. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "base/cidr.h"

const struct snmp_source *const snmp_sources[] = { &snmp_addresses, &snmp_components, &snmp_neighbors, &snmp_arp, &snmp_mac_addresses };
const size_t snmp_n_sources = N_ELEMENTS(snmp_sources);

void snmp_set_text(struct fact_row *out, int column, const struct snmp_table *t, size_t row, size_t from, struct arena *mem)
{
    const struct snmp_value *v = snmp_table_get(t, row, from);
    struct buf b = BUF_INIT(262144);
    if (v != NULL && snmp_text(&b, v) && !b.overflow)
        fact_set_text(out, column, arena_strndup(mem, b.data, b.len), b.len);
    buf_clear(&b);
}

const char *snmp_interface_name(const struct snmp_table *interfaces, int64_t if_index, struct arena *mem)
{
    size_t low = 0, high = snmp_table_rows(interfaces), n;
    while (low < high) {             /* rows are in the order of their index */
        size_t mid = low + (high - low) / 2;
        const uint32_t *at = snmp_table_index(interfaces, mid, &n);
        if (n > 0 && (int64_t)at[0] < if_index)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == snmp_table_rows(interfaces) || snmp_table_index(interfaces, low, &n)[0] != (uint64_t)if_index || n != 1)
        return NULL;
    static const size_t columns[] = { IFX_NAME, IF_DESCR };
    const char *name = NULL;
    for (size_t i = 0; i < N_ELEMENTS(columns) && name == NULL; i++) {
        const struct snmp_value *v = snmp_table_get(interfaces, low, columns[i]);
        struct buf b = BUF_INIT(262144);
        if (v != NULL && snmp_text(&b, v) && !b.overflow)
            name = arena_strdup(mem, buf_str(&b));
        buf_clear(&b);
    }
    return name;
}

const char *snmp_address_text(const uint8_t *p, size_t len, struct arena *mem)
{
    struct ip ip = { .family = len == 4 ? 4 : 6 };
    if (len != 4 && len != 16)
        return NULL;
    memcpy(ip.b, p, len);
    char *text = arena_alloc(mem, IP_TEXT);
    ip_format(&ip, text);
    return text;
}

const char *snmp_mac_text(const uint8_t *p, size_t len, struct arena *mem)
{
    static const uint8_t none[6];
    if (len != sizeof none || memcmp(p, none, sizeof none) == 0)
        return NULL;
    return arena_printf(mem, "%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
}
