/* Rows of `routes`: IP-FORWARD-MIB's inetCidrRouteTable (RFC 4292), what only the older ipCidrRouteTable (RFC 2096) has, and what only RFC 1213's
 * ipRouteTable has. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_routes.h"

#define ROUTES_MAX 5000              /* of one table; the default route comes first in it */

enum { IF_INDEX, TYPE, PROTO, METRIC, COLUMNS };
enum { OLD_NEXT_HOP, OLD_IF_INDEX, OLD_METRIC, OLD_TYPE, OLD_PROTO, OLD_MASK, OLD_COLUMNS };
enum { PART_INET, PART_CIDR, PART_OLD, PARTS };
_Static_assert(PARTS <= SOURCE_PARTS_MAX, "there is room");

static const char *const inet_objects[COLUMNS] = { [IF_INDEX] = "1.3.6.1.2.1.4.24.7.1.7", [TYPE] = "1.3.6.1.2.1.4.24.7.1.8", [PROTO] = "1.3.6.1.2.1.4.24.7.1.9", [METRIC] = "1.3.6.1.2.1.4.24.7.1.12" };
static const char *const cidr_objects[COLUMNS] = { [IF_INDEX] = "1.3.6.1.2.1.4.24.4.1.5", [TYPE] = "1.3.6.1.2.1.4.24.4.1.6", [PROTO] = "1.3.6.1.2.1.4.24.4.1.7", [METRIC] = "1.3.6.1.2.1.4.24.4.1.11" };
static const char *const old_objects[OLD_COLUMNS] = {
    [OLD_NEXT_HOP] = "1.3.6.1.2.1.4.21.1.7", [OLD_IF_INDEX] = "1.3.6.1.2.1.4.21.1.2", [OLD_METRIC] = "1.3.6.1.2.1.4.21.1.3",
    [OLD_TYPE] = "1.3.6.1.2.1.4.21.1.8", [OLD_PROTO] = "1.3.6.1.2.1.4.21.1.9", [OLD_MASK] = "1.3.6.1.2.1.4.21.1.11" };

static const char *const types[] = { NULL, "other", "reject", "local", "remote", "blackhole" };
static const char *const old_types[] = { NULL, "other", "invalid", "local", "remote" };
/* IANA-RTPROTO-MIB */
static const char *const protocols[] = { NULL, "other", "local", "netmgmt", "icmp", "egp", "ggp", "hello", "rip", "isIs", "esIs", "ciscoIgrp", "bbnSpfIgp", "ospf", "bgp", "idpr",
                                         "ciscoEigrp", "dvmrp", "rpl", "dhcp" };

struct address { uint8_t b[16]; size_t len; };
struct route { struct address destination, next_hop; unsigned prefix; };

static bool octets_of(const uint32_t *from, size_t n, struct address *out)
{
    for (size_t i = 0; i < n; i++) {
        if (from[i] > 255)
            return false;
        out->b[i] = (uint8_t)from[i];
    }
    out->len = n;
    return true;
}

/* Kind of address (1 IPv4, 2 IPv6, 3 and 4 with a zone behind; 0 none), its length, its bytes. Gives how many numbers it took; 0: it is none. */
static size_t take_address(const uint32_t *at, size_t n, struct address *out)
{
    out->len = 0;
    if (n < 2 || at[0] > 4)
        return 0;
    size_t len = at[0] == 0 ? 0 : at[0] % 2 == 1 ? 4 : 16, zone = at[0] > 2 ? 4 : 0;
    return at[1] == len + zone && n >= 2 + len + zone && octets_of(at + 2, len, out) ? 2 + len + zone : 0;
}

/* Destination, length of its prefix, a policy (an object identifier with its length before it), next hop. */
static bool inet_parse(const uint32_t *index, size_t n, struct route *out)
{
    size_t at = take_address(index, n, &out->destination);
    if (at == 0 || out->destination.len == 0 || n < at + 2 || index[at] > out->destination.len * 8)
        return false;
    out->prefix = index[at++];
    if (index[at] > n - at - 1)
        return false;
    at += 1 + index[at];
    size_t hop = take_address(index + at, n - at, &out->next_hop);
    return hop != 0 && at + hop == n && (out->next_hop.len == 0 || out->next_hop.len == out->destination.len);
}

/* The length of a mask; false when its ones are not all at the front. */
static bool mask_length(const uint8_t mask[4], unsigned *out)
{
    uint32_t m = (uint32_t)mask[0] << 24 | (uint32_t)mask[1] << 16 | (uint32_t)mask[2] << 8 | mask[3];
    unsigned n = 0;
    for (; n < 32 && (m & 0x80000000U) != 0; n++)
        m <<= 1;
    *out = n;
    return m == 0;
}

/* Destination, mask, type of service, next hop. */
static bool cidr_parse(const uint32_t *index, size_t n, struct route *out)
{
    struct address mask;
    return n == 13 && octets_of(index, 4, &out->destination) && octets_of(index + 4, 4, &mask) && octets_of(index + 9, 4, &out->next_hop) && mask_length(mask.b, &out->prefix);
}

static bool old_parse(const struct snmp_table *t, size_t i, const uint32_t *index, size_t n, struct route *out)
{
    const struct snmp_value *hop = snmp_table_get(t, i, OLD_NEXT_HOP), *mask = snmp_table_get(t, i, OLD_MASK);
    if (n != 4 || !octets_of(index, 4, &out->destination) || mask == NULL || mask->type != SNMP_IP_ADDRESS || mask->len != 4 || !mask_length(mask->bytes, &out->prefix))
        return false;
    out->next_hop.len = 0;
    if (hop != NULL && hop->type == SNMP_IP_ADDRESS && hop->len == 4) {
        memcpy(out->next_hop.b, hop->bytes, 4);
        out->next_hop.len = 4;
    }
    return true;
}

static bool is_zero(const struct address *a)
{
    static const uint8_t zero[16];
    return memcmp(a->b, zero, a->len) == 0;
}

static void emit_row(const struct snmp_view *v, const struct snmp_table *t, size_t i, const struct route *r, const size_t columns[COLUMNS], const char *type)
{
    struct arena *mem = arena_new();
    struct fact_row row;
    int64_t if_index;
    fact_row_init(&row, &fact_routes);
    fact_set_str(&row, ROUTES_DESTINATION, arena_printf(mem, "%s/%u", snmp_address_text(r->destination.b, r->destination.len, mem), r->prefix));
    if (r->next_hop.len > 0 && !is_zero(&r->next_hop))
        fact_set_str(&row, ROUTES_NEXT_HOP, snmp_address_text(r->next_hop.b, r->next_hop.len, mem));
    if (snmp_table_number(t, i, columns[IF_INDEX], &if_index))
        snmp_set_interface(v, if_index, &row, ROUTES_IF_INDEX, ROUTES_INTERFACE, mem);
    fact_set_int(&row, ROUTES_IS_DEFAULT, r->prefix == 0 && is_zero(&r->destination));
    fact_set_str(&row, ROUTES_TYPE, type);
    fact_set_str(&row, ROUTES_PROTOCOL, snmp_word(t, i, columns[PROTO], protocols, N_ELEMENTS(protocols)));
    snmp_set_number(&row, ROUTES_METRIC, t, i, columns[METRIC], 0, INT32_MAX);       /* -1: not used */
    v->emit(v->arg, &row);
    arena_free(mem);
}

static bool same(const struct address *a, const struct address *b)
{
    return a->len == b->len && memcmp(a->b, b->b, a->len) == 0;
}

/* Whether a newer table has this route: rows of one destination stand together there, and the tables are in the same order. */
static bool is_known(const struct route *known, size_t n, const struct route *r)
{
    for (size_t i = 0; i < n; i++)
        if (known[i].prefix == r->prefix && same(&known[i].destination, &r->destination) && (same(&known[i].next_hop, &r->next_hop) || is_zero(&known[i].next_hop) || is_zero(&r->next_hop)))
            return true;
    return false;
}

/* Routes of one table that no newer one has; gives them on as known. */
static void table_rows(const struct snmp_view *v, size_t part, struct route *known, size_t *n_known)
{
    static const size_t columns[COLUMNS] = { IF_INDEX, TYPE, PROTO, METRIC }, old_columns[COLUMNS] = { OLD_IF_INDEX, OLD_TYPE, OLD_PROTO, OLD_METRIC };
    const struct snmp_table *t = v->parts[part];
    size_t n, before = *n_known;
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        const uint32_t *index = snmp_table_index(t, i, &n);
        struct route r;
        memset(&r, 0, sizeof r);
        bool good = part == PART_INET ? inet_parse(index, n, &r) : part == PART_CIDR ? cidr_parse(index, n, &r) : old_parse(t, i, index, n, &r);
        const char *type = part == PART_OLD ? snmp_word(t, i, OLD_TYPE, old_types, N_ELEMENTS(old_types)) : snmp_word(t, i, TYPE, types, N_ELEMENTS(types));
        if (!good || (type != NULL && strcmp(type, "invalid") == 0) || is_known(known, before, &r))
            continue;
        emit_row(v, t, i, &r, part == PART_OLD ? old_columns : columns, type);
        known[(*n_known)++] = r;
    }
}

static void rows(const struct snmp_view *v)
{
    size_t n_known = 0;
    struct route *known = xcalloc(snmp_table_rows(v->parts[PART_INET]) + snmp_table_rows(v->parts[PART_CIDR]) + snmp_table_rows(v->parts[PART_OLD]) + 1, sizeof *known);
    for (size_t part = 0; part < PARTS; part++)
        table_rows(v, part, known, &n_known);
    free(known);
}

static const struct snmp_part parts[PARTS] = { [PART_INET] = SNMP_COLUMNS_LED(inet_objects, ROUTES_MAX), [PART_CIDR] = SNMP_COLUMNS_LED(cidr_objects, ROUTES_MAX), [PART_OLD] = SNMP_COLUMNS_LED(old_objects, ROUTES_MAX) };
const struct snmp_source snmp_routes = { .table = &fact_routes, .parts = parts, .n_parts = PARTS, .mandatory = { "1.3.6.1.2.1.4.1.0" }, .rows = rows };
