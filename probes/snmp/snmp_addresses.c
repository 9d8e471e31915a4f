/* Rows of `addresses`: IP-MIB's ipAddressTable (RFC 4293), and what only the older ipAddrTable (RFC 1213) has. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "base/cidr.h"
#include "fact/table_addresses.h"

enum { NEW_IF_INDEX, NEW_TYPE, NEW_PREFIX, NEW_ORIGIN, NEW_COLUMNS };
enum { OLD_IF_INDEX, OLD_MASK, OLD_COLUMNS };
enum { PART_NEW, PART_OLD, PARTS };

static const char *const new_objects[NEW_COLUMNS] = {
    [NEW_IF_INDEX] = "1.3.6.1.2.1.4.34.1.3", [NEW_TYPE] = "1.3.6.1.2.1.4.34.1.4", [NEW_PREFIX] = "1.3.6.1.2.1.4.34.1.5", [NEW_ORIGIN] = "1.3.6.1.2.1.4.34.1.6" };
static const char *const old_objects[OLD_COLUMNS] = { [OLD_IF_INDEX] = "1.3.6.1.2.1.4.20.1.2", [OLD_MASK] = "1.3.6.1.2.1.4.20.1.3" };

struct place { struct ip ip; int64_t zone; };        /* zone -1: none */

static bool octets_of(const uint32_t *from, size_t n, uint8_t *out)
{
    for (size_t i = 0; i < n; i++) {
        if (from[i] > 255)
            return false;
        out[i] = (uint8_t)from[i];
    }
    return true;
}

/* InetAddressType, then the address with its length before it, which some agents leave out. Kinds 3 and 4 end with a zone of four bytes. */
static bool place_parse(const uint32_t *index, size_t n, struct place *out)
{
    static const uint8_t lengths[] = { 0, 4, 16, 8, 20 };
    uint8_t b[20];
    if (n < 5 || index[0] < 1 || index[0] > 4)
        return false;
    size_t len = lengths[index[0]], skip = n == len + 2 && index[1] == len ? 2 : 1;
    if (n != len + skip || !octets_of(index + skip, len, b))
        return false;
    bool zoned = index[0] > 2;
    size_t bytes = len - (zoned ? 4 : 0);
    *out = (struct place){ .ip = { .family = bytes == 4 ? 4 : 6 }, .zone = -1 };
    memcpy(out->ip.b, b, bytes);
    if (zoned)
        out->zone = (int64_t)b[bytes] << 24 | b[bytes + 1] << 16 | b[bytes + 2] << 8 | b[bytes + 3];
    return true;
}

static void set_address(struct fact_row *row, const struct place *at, int64_t if_index, const struct snmp_view *v, struct arena *mem)
{
    char *text = arena_alloc(mem, IP_TEXT);
    ip_format(&at->ip, text);
    fact_set_str(row, ADDRESSES_ADDRESS, text);
    if (at->zone >= 0)
        fact_set_int(row, ADDRESSES_ZONE, at->zone);
    if (if_index <= 0)
        return;
    fact_set_int(row, ADDRESSES_IF_INDEX, if_index);
    fact_set_str(row, ADDRESSES_INTERFACE, snmp_interface_name(v->interfaces, if_index, mem));
}

static void set_prefix(struct fact_row *row, const struct place *at, int64_t bits, struct arena *mem)
{
    if (bits < 0 || bits > (at->ip.family == 4 ? 32 : 128))
        return;
    char *whole = arena_alloc(mem, CIDR_TEXT + 8), address[IP_TEXT];
    struct cidr net;
    ip_format(&at->ip, address);
    const char *text = arena_printf(mem, "%s/%d", address, (int)bits);
    fact_set_int(row, ADDRESSES_PREFIX_LENGTH, bits);
    if (!cidr_parse(text, true, &net))
        return;
    cidr_format(&net, whole);
    fact_set_str(row, ADDRESSES_PREFIX, whole);
}

/* ipAddressPrefix points at a row of ipAddressPrefixTable, whose index ends with the length. 0.0 points nowhere. */
static int64_t pointed_length(const struct snmp_table *t, size_t row)
{
    static const uint32_t table[] = { 1, 3, 6, 1, 2, 1, 4, 32, 1 };
    const struct snmp_value *v = snmp_table_get(t, row, NEW_PREFIX);
    if (v == NULL || v->type != SNMP_OBJECT_ID || v->n_oid < N_ELEMENTS(table) + 6 || memcmp(v->oid, table, sizeof table) != 0)
        return -1;
    return v->oid[v->n_oid - 1];
}

static int64_t mask_length(const struct snmp_table *t, size_t row)
{
    const struct snmp_value *v = snmp_table_get(t, row, OLD_MASK);
    if (v == NULL || v->type != SNMP_IP_ADDRESS || v->len != 4)
        return -1;
    uint32_t mask = (uint32_t)v->bytes[0] << 24 | (uint32_t)v->bytes[1] << 16 | (uint32_t)v->bytes[2] << 8 | v->bytes[3];
    int64_t bits = 0;
    while (bits < 32 && (mask >> (31 - bits) & 1) != 0)
        bits++;
    return bits < 32 && (uint32_t)(mask << bits) != 0 ? -1 : bits;       /* with holes: no prefix */
}

static const char *word(const struct snmp_table *t, size_t row, size_t column, const char *const *words, size_t n)
{
    int64_t i;
    return snmp_table_number(t, row, column, &i) && i > 0 && i < (int64_t)n ? words[i] : NULL;
}

/* The row of ipAddrTable with this address; its number of rows when there is none. */
static size_t old_row(const struct snmp_table *old, const struct ip *ip)
{
    uint8_t b[4];
    size_t n, i = 0;
    for (; i < snmp_table_rows(old); i++) {
        const uint32_t *at = snmp_table_index(old, i, &n);
        if (ip->family == 4 && n == 4 && octets_of(at, 4, b) && memcmp(b, ip->b, 4) == 0)
            break;
    }
    return i;
}

static void emit_new(const struct snmp_view *v, size_t i, bool *in_old)
{
    static const char *const types[] = { NULL, "unicast", "anycast", "broadcast" };
    static const char *const origins[] = { NULL, "other", "manual", NULL, "dhcp", "linklayer", "random" };
    const struct snmp_table *t = v->parts[PART_NEW], *old = v->parts[PART_OLD];
    struct place at;
    size_t n;
    int64_t if_index = 0;
    const uint32_t *index = snmp_table_index(t, i, &n);
    if (!place_parse(index, n, &at))
        return;
    size_t also = old_row(old, &at.ip);
    bool both = also < snmp_table_rows(old);
    if (!snmp_table_number(t, i, NEW_IF_INDEX, &if_index) && both)
        (void)snmp_table_number(old, also, OLD_IF_INDEX, &if_index);
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_addresses);
    set_address(&row, &at, if_index, v, mem);
    int64_t bits = pointed_length(t, i);
    set_prefix(&row, &at, bits < 0 && both ? mask_length(old, also) : bits, mem);
    fact_set_str(&row, ADDRESSES_TYPE, word(t, i, NEW_TYPE, types, N_ELEMENTS(types)));
    fact_set_str(&row, ADDRESSES_ORIGIN, word(t, i, NEW_ORIGIN, origins, N_ELEMENTS(origins)));
    v->emit(v->arg, &row);
    arena_free(mem);
    if (both)
        in_old[also] = true;
}

static void emit_old(const struct snmp_view *v, size_t i)
{
    const struct snmp_table *t = v->parts[PART_OLD];
    struct place at = { .ip = { .family = 4 }, .zone = -1 };
    int64_t if_index = 0;
    size_t n;
    const uint32_t *index = snmp_table_index(t, i, &n);
    if (n != 4 || !octets_of(index, 4, at.ip.b))
        return;
    (void)snmp_table_number(t, i, OLD_IF_INDEX, &if_index);
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_addresses);
    set_address(&row, &at, if_index, v, mem);
    set_prefix(&row, &at, mask_length(t, i), mem);
    v->emit(v->arg, &row);
    arena_free(mem);
}

static void rows(const struct snmp_view *v)
{
    size_t n_old = snmp_table_rows(v->parts[PART_OLD]);
    bool *seen = xcalloc(n_old + 1, sizeof *seen);
    for (size_t i = 0; i < snmp_table_rows(v->parts[PART_NEW]); i++)
        emit_new(v, i, seen);
    for (size_t i = 0; i < n_old; i++)
        if (!seen[i])
            emit_old(v, i);
    free(seen);
}

static const struct snmp_part parts[PARTS] = { [PART_NEW] = SNMP_COLUMNS(new_objects, 8000), [PART_OLD] = SNMP_COLUMNS(old_objects, 8000) };
const struct snmp_source snmp_addresses = { .table = &fact_addresses, .parts = parts, .n_parts = PARTS, .mandatory = { "1.3.6.1.2.1.4.1.0" }, .rows = rows };
