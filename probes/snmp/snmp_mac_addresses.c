/* Rows of `mac_addresses`: Q-BRIDGE-MIB's forwarding tables (RFC 4363), and what only BRIDGE-MIB's (RFC 4188) has, joined to ports and
 * VLANs. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_mac_addresses.h"

#define MAC_LEN 6

enum { PORT, STATUS, COLUMNS };
enum { PART_Q, PART_D, PART_PORTS, PART_VLANS, PARTS };
_Static_assert(PARTS <= SOURCE_PARTS_MAX, "there is room");

static const char *const q_objects[COLUMNS] = { [PORT] = "1.3.6.1.2.1.17.7.1.2.2.1.2", [STATUS] = "1.3.6.1.2.1.17.7.1.2.2.1.3" };
static const char *const d_objects[COLUMNS] = { [PORT] = "1.3.6.1.2.1.17.4.3.1.2", [STATUS] = "1.3.6.1.2.1.17.4.3.1.3" };

static bool mac_of(const uint32_t *from, uint8_t out[MAC_LEN])
{
    for (size_t i = 0; i < MAC_LEN; i++) {
        if (from[i] > 255)
            return false;
        out[i] = (uint8_t)from[i];
    }
    return true;
}

/* The only VLAN that uses this forwarding table; 0 when there is none, or several. The index is a time mark and the VLAN. */
static uint32_t vlan_of(const struct snmp_table *vlans, uint32_t fdb)
{
    uint32_t found = 0;
    for (size_t i = 0; i < snmp_table_rows(vlans); i++) {
        size_t n;
        int64_t uses;
        const uint32_t *index = snmp_table_index(vlans, i, &n);
        if (n != 2 || !snmp_table_number(vlans, i, 0, &uses) || uses != (int64_t)fdb || index[1] == found)
            continue;
        if (found != 0 || index[1] == 0 || index[1] > 4094)
            return 0;
        found = index[1];
    }
    return found;
}

static void set_port(struct fact_row *row, const struct snmp_view *v, const struct snmp_table *t, size_t i, struct arena *mem)
{
    int64_t port;
    if (!snmp_table_number(t, i, PORT, &port) || port <= 0 || port > UINT32_MAX)
        return;                      /* 0: it does not know */
    fact_set_int(row, MAC_ADDRESSES_BRIDGE_PORT, port);
    snmp_set_interface(v, snmp_bridge_port_interface(v->parts[PART_PORTS], port), row, MAC_ADDRESSES_IF_INDEX, MAC_ADDRESSES_INTERFACE, mem);
}

static void emit_row(const struct snmp_view *v, const struct snmp_table *t, size_t i, const uint8_t mac[MAC_LEN], const uint32_t *fdb, uint32_t vlan)
{
    static const char *const words[] = { NULL, "other", "invalid", "learned", "self", "mgmt" };
    struct arena *mem = arena_new();
    struct fact_row row;
    int64_t status;
    fact_row_init(&row, &fact_mac_addresses);
    fact_set_str(&row, MAC_ADDRESSES_MAC, arena_printf(mem, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]));
    if (fdb != NULL)
        fact_set_int(&row, MAC_ADDRESSES_FDB, *fdb);
    if (vlan != 0)
        fact_set_int(&row, MAC_ADDRESSES_VLAN, vlan);
    set_port(&row, v, t, i, mem);
    if (snmp_table_number(t, i, STATUS, &status) && status > 0 && status < (int64_t)N_ELEMENTS(words))
        fact_set_str(&row, MAC_ADDRESSES_STATUS, words[status]);
    v->emit(v->arg, &row);
    arena_free(mem);
}

static int compare_macs(const void *a, const void *b)
{
    return memcmp(a, b, MAC_LEN);
}

static void rows(const struct snmp_view *v)
{
    const struct snmp_table *q = v->parts[PART_Q], *d = v->parts[PART_D];
    size_t n, n_seen = 0;
    uint8_t (*seen)[MAC_LEN] = xcalloc(snmp_table_rows(q) + 1, sizeof *seen), mac[MAC_LEN];
    uint32_t last_fdb = UINT32_MAX, vlan = 0;
    for (size_t i = 0; i < snmp_table_rows(q); i++) {
        const uint32_t *index = snmp_table_index(q, i, &n);
        /* Some agents write the address with its length before it. */
        if ((n != 1 + MAC_LEN && !(n == 2 + MAC_LEN && index[1] == MAC_LEN)) || !mac_of(index + n - MAC_LEN, mac))
            continue;
        if (i == 0 || index[0] != last_fdb)
            vlan = vlan_of(v->parts[PART_VLANS], index[0]);
        last_fdb = index[0];
        emit_row(v, q, i, mac, index, vlan);
        memcpy(seen[n_seen++], mac, MAC_LEN);
    }
    qsort(seen, n_seen, sizeof *seen, compare_macs);
    for (size_t i = 0; i < snmp_table_rows(d); i++) {
        const uint32_t *index = snmp_table_index(d, i, &n);
        if (n == MAC_LEN && mac_of(index, mac) && bsearch(mac, seen, n_seen, sizeof *seen, compare_macs) == NULL)
            emit_row(v, d, i, mac, NULL, 0);
    }
    free(seen);
}

static const struct snmp_part parts[PARTS] = { [PART_Q] = SNMP_COLUMNS(q_objects, 50000), [PART_D] = SNMP_COLUMNS(d_objects, 50000), [PART_PORTS] = SNMP_BRIDGE_PORTS, [PART_VLANS] = SNMP_VLAN_FDBS };
const struct snmp_source snmp_mac_addresses = { .table = &fact_mac_addresses, .parts = parts, .n_parts = PARTS, .mandatory = { "1.3.6.1.2.1.17.1.2.0" }, .rows = rows };
