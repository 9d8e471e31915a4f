/* Rows of `arp`: IP-MIB's ipNetToPhysicalTable (RFC 4293), and what only the older ipNetToMediaTable has. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_arp.h"

enum { PHYS, TYPE, COLUMNS };
enum { PART_NEW, PART_OLD, PARTS };

static const char *const new_objects[COLUMNS] = { [PHYS] = "1.3.6.1.2.1.4.35.1.4", [TYPE] = "1.3.6.1.2.1.4.35.1.6" };
static const char *const old_objects[COLUMNS] = { [PHYS] = "1.3.6.1.2.1.4.22.1.2", [TYPE] = "1.3.6.1.2.1.4.22.1.4" };

struct place { uint32_t if_index; uint8_t b[16]; size_t len; };

static bool octets_of(const uint32_t *from, size_t n, struct place *out)
{
    for (size_t i = 0; i < n; i++) {
        if (from[i] > 255)
            return false;
        out->b[i] = (uint8_t)from[i];
    }
    out->len = n;
    return true;
}

/* Interface, kind of address (1 IPv4, 2 IPv6), its length, its bytes; a zone after the bytes (kinds 3 and 4) says no more than the interface. */
static bool new_parse(const uint32_t *index, size_t n, struct place *out)
{
    if (n < 3 || index[1] < 1 || index[1] > 4)
        return false;
    size_t len = index[1] % 2 == 1 ? 4 : 16, zone = index[1] > 2 ? 4 : 0;
    out->if_index = index[0];
    return index[2] == len + zone && n == 3 + len + zone && octets_of(index + 3, len, out);
}

/* Interface and four bytes; agents of RFC 1066's time put a 1 (the protocol) between them. */
static bool old_parse(const uint32_t *index, size_t n, struct place *out)
{
    if (n != 5 && !(n == 6 && index[1] == 1))
        return false;
    out->if_index = index[0];
    return octets_of(index + n - 4, 4, out);
}

static void emit_row(const struct snmp_view *v, const struct snmp_table *t, size_t i, const struct place *at)
{
    static const char *const types[] = { NULL, "other", "invalid", "dynamic", "static", "local" };
    const struct snmp_value *phys = snmp_table_get(t, i, PHYS);
    struct arena *mem = arena_new();
    struct fact_row row;
    int64_t type;
    fact_row_init(&row, &fact_arp);
    fact_set_int(&row, ARP_IF_INDEX, at->if_index);
    fact_set_str(&row, ARP_ADDRESS, snmp_address_text(at->b, at->len, mem));
    fact_set_str(&row, ARP_INTERFACE, snmp_interface_name(v->interfaces, at->if_index, mem));
    if (phys != NULL && phys->type == SNMP_OCTETS)
        fact_set_str(&row, ARP_MAC, snmp_mac_text(phys->bytes, phys->len, mem));
    if (snmp_table_number(t, i, TYPE, &type) && type > 0 && type < (int64_t)N_ELEMENTS(types))
        fact_set_str(&row, ARP_TYPE, types[type]);
    v->emit(v->arg, &row);
    arena_free(mem);
}

/* Whether the newer table has this row too: its index is made and looked for. */
static bool in_new(const struct snmp_table *t, const struct place *at)
{
    const uint32_t index[] = { at->if_index, 1, 4, at->b[0], at->b[1], at->b[2], at->b[3] };
    size_t row;
    return snmp_table_find(t, index, N_ELEMENTS(index), &row);
}

static void rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_NEW], *old = v->parts[PART_OLD];
    struct place at;
    size_t n;
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (new_parse(index, n, &at))
            emit_row(v, t, i, &at);
    }
    for (size_t i = 0; i < snmp_table_rows(old); i++) {
        const uint32_t *index = snmp_table_index(old, i, &n);
        if (old_parse(index, n, &at) && !in_new(t, &at))
            emit_row(v, old, i, &at);
    }
}

static const struct snmp_part parts[PARTS] = { [PART_NEW] = SNMP_COLUMNS(new_objects, 50000), [PART_OLD] = SNMP_COLUMNS(old_objects, 50000) };
const struct snmp_source snmp_arp = { .table = &fact_arp, .parts = parts, .n_parts = PARTS, .mandatory = { "1.3.6.1.2.1.4.1.0" }, .rows = rows };
