/* Rows of `vlans` and `vlan_ports`: Q-BRIDGE-MIB (RFC 4363), and Cisco's VTP and VLAN membership MIBs. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_vlan_ports.h"
#include "fact/table_vlans.h"

#define VLAN_MAX 4094
#define MEMBERS_MAX 50000            /* rows of vlan_ports of one device */

enum { STATIC_NAME, STATIC_EGRESS, STATIC_UNTAGGED, STATIC_STATUS, STATIC_COLUMNS };
enum { CURRENT_EGRESS, CURRENT_UNTAGGED, CURRENT_STATUS, CURRENT_COLUMNS };
enum { VTP_STATE, VTP_TYPE, VTP_NAME, VTP_COLUMNS };
enum { TRUNK_STATUS, TRUNK_NATIVE, TRUNK_VLANS, TRUNK_VLANS_2K, TRUNK_VLANS_3K, TRUNK_VLANS_4K, TRUNK_COLUMNS };
enum { MEMBER_TYPE, MEMBER_VLAN, MEMBER_COLUMNS };

static const char *const static_objects[STATIC_COLUMNS] = {
    [STATIC_NAME] = "1.3.6.1.2.1.17.7.1.4.3.1.1", [STATIC_EGRESS] = "1.3.6.1.2.1.17.7.1.4.3.1.2", [STATIC_UNTAGGED] = "1.3.6.1.2.1.17.7.1.4.3.1.4", [STATIC_STATUS] = "1.3.6.1.2.1.17.7.1.4.3.1.5" };
static const char *const current_objects[CURRENT_COLUMNS] = {
    [CURRENT_EGRESS] = "1.3.6.1.2.1.17.7.1.4.2.1.4", [CURRENT_UNTAGGED] = "1.3.6.1.2.1.17.7.1.4.2.1.5", [CURRENT_STATUS] = "1.3.6.1.2.1.17.7.1.4.2.1.6" };
static const char *const vtp_objects[VTP_COLUMNS] = { [VTP_STATE] = "1.3.6.1.4.1.9.9.46.1.3.1.1.2", [VTP_TYPE] = "1.3.6.1.4.1.9.9.46.1.3.1.1.3", [VTP_NAME] = "1.3.6.1.4.1.9.9.46.1.3.1.1.4" };
static const char *const domain_objects[] = { "1.3.6.1.4.1.9.9.46.1.2.1.1.2" };
static const char *const pvid_objects[] = { "1.3.6.1.2.1.17.7.1.4.5.1.1" };
static const char *const trunk_objects[TRUNK_COLUMNS] = {
    [TRUNK_STATUS] = "1.3.6.1.4.1.9.9.46.1.6.1.1.14", [TRUNK_NATIVE] = "1.3.6.1.4.1.9.9.46.1.6.1.1.5", [TRUNK_VLANS] = "1.3.6.1.4.1.9.9.46.1.6.1.1.4",
    [TRUNK_VLANS_2K] = "1.3.6.1.4.1.9.9.46.1.6.1.1.17", [TRUNK_VLANS_3K] = "1.3.6.1.4.1.9.9.46.1.6.1.1.18", [TRUNK_VLANS_4K] = "1.3.6.1.4.1.9.9.46.1.6.1.1.19" };
static const char *const member_objects[MEMBER_COLUMNS] = { [MEMBER_TYPE] = "1.3.6.1.4.1.9.9.68.1.2.2.1.1", [MEMBER_VLAN] = "1.3.6.1.4.1.9.9.68.1.2.2.1.2" };

#define PART_STATIC_IS SNMP_COLUMNS(static_objects, VLAN_MAX)
#define PART_CURRENT_IS SNMP_COLUMNS(current_objects, 3 * VLAN_MAX)
#define PART_VTP_IS SNMP_COLUMNS_OF(snmp_cisco, vtp_objects, 2 * VLAN_MAX)

/* --- bit strings ----------------------------------------------------------------------------------------------------------- */

struct bits { const uint8_t *b; size_t len; };           /* b NULL: not known */

/* Port 1, or VLAN 0, is the high bit of the first byte. */
static bool bit(struct bits v, size_t n)
{
    return n / 8 < v.len && (v.b[n / 8] >> (7 - n % 8) & 1) != 0;
}

static struct bits bits_at(const struct snmp_table *t, size_t row, size_t column)
{
    const struct snmp_value *v = snmp_table_get(t, row, column);
    return v != NULL && v->type == SNMP_OCTETS ? (struct bits){ v->bytes, v->len } : (struct bits){ NULL, 0 };
}

/* Some agents write the ports as text, comma separated (Junos), where bits belong; as bits it would name ports at random. Three or more digits and
 * commas look so, and no honest bit string is likely to. */
static bool is_text(struct bits v)
{
    size_t odd = 0;
    for (size_t i = 0; i < v.len; i++)
        odd += !((v.b[i] >= '0' && v.b[i] <= '9') || v.b[i] == ',');
    return odd == 0 && v.len >= 3;
}

static int nibble(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Recordings made from snmpwalk's output: after sixteen bytes follow a line feed and the rest in hexadecimal, "00 1F ", line by line. Nothing
 * else looks so. Gives the bits as they were. */
static struct bits unwrap(struct bits v, struct arena *mem)
{
    enum { LINE = 16 };
    if (v.len <= LINE + 1 || v.b[LINE] != '\n')
        return v;
    uint8_t *out = arena_alloc(mem, v.len);
    memcpy(out, v.b, LINE);
    size_t n = LINE;
    for (size_t i = LINE + 1; i < v.len; i++) {
        if (v.b[i] == ' ' || v.b[i] == '\n')
            continue;
        if (i + 1 == v.len || nibble(v.b[i]) < 0 || nibble(v.b[i + 1]) < 0)
            return v;
        out[n++] = (uint8_t)(nibble(v.b[i]) << 4 | nibble(v.b[i + 1]));
        i++;
    }
    return (struct bits){ out, n };
}

/* What is known of one VLAN's ports. */
struct members { struct bits egress, untagged; };

static struct members members_of(const struct snmp_table *t, size_t row, size_t egress, size_t untagged, struct arena *mem)
{
    struct members m = { unwrap(bits_at(t, row, egress), mem), unwrap(bits_at(t, row, untagged), mem) };
    if (is_text(m.egress) || m.egress.b == NULL)
        return (struct members){ { NULL, 0 }, { NULL, 0 } };
    if (is_text(m.untagged))
        m.untagged = (struct bits){ NULL, 0 };
    return m;
}

/* Is there such a port? Agents fill their bit strings beyond it. A bridge that does not list its ports is believed. */
static bool has_port(const struct snmp_table *ports, size_t at)
{
    const uint32_t port = (uint32_t)at + 1;
    size_t row;
    return snmp_table_rows(ports) == 0 || snmp_table_find(ports, &port, 1, &row);
}

/* --- the VLANs that there are ------------------------------------------------------------------------------------------------- */

/* One VLAN's rows in the tables; SIZE_MAX: it has none there. live: some column of dot1qVlanCurrentTable has it. */
struct vlan { size_t fixed, current, vtp; bool live; };

static void find_vlans(const struct snmp_table *fixed, const struct snmp_table *current, const struct snmp_table *vtp, struct vlan vlans[VLAN_MAX + 1])
{
    size_t n;
    for (size_t i = 0; i <= VLAN_MAX; i++)
        vlans[i] = (struct vlan){ SIZE_MAX, SIZE_MAX, SIZE_MAX, false };
    for (size_t i = 0; i < snmp_table_rows(fixed); i++) {
        const uint32_t *index = snmp_table_index(fixed, i, &n);
        if (n == 1 && index[0] > 0 && index[0] <= VLAN_MAX)
            vlans[index[0]].fixed = i;
    }
    for (size_t i = 0; i < snmp_table_rows(current); i++) {      /* a time mark, then the VLAN: the last one counts */
        const uint32_t *index = snmp_table_index(current, i, &n);
        if (n == 2 && index[1] > 0 && index[1] <= VLAN_MAX)
            vlans[index[1]] = (struct vlan){ vlans[index[1]].fixed, i, vlans[index[1]].vtp, true };
    }
    for (size_t i = 0; vtp != NULL && i < snmp_table_rows(vtp); i++) {       /* the domain, then the VLAN: the first one counts */
        const uint32_t *index = snmp_table_index(vtp, i, &n);
        if (n == 2 && index[1] > 0 && index[1] <= VLAN_MAX && vlans[index[1]].vtp == SIZE_MAX)
            vlans[index[1]].vtp = i;
    }
}

static struct members vlan_members(const struct snmp_table *fixed, const struct snmp_table *current, const struct vlan *at, struct arena *mem)
{
    struct members m = { { NULL, 0 }, { NULL, 0 } };
    if (at->current != SIZE_MAX)
        m = members_of(current, at->current, CURRENT_EGRESS, CURRENT_UNTAGGED, mem);
    if (m.egress.b == NULL && at->fixed != SIZE_MAX)
        m = members_of(fixed, at->fixed, STATIC_EGRESS, STATIC_UNTAGGED, mem);
    return m;
}

/* --- vlans --------------------------------------------------------------------------------------------------------------------- */

enum { VLANS_STATIC, VLANS_CURRENT, VLANS_VTP, VLANS_DOMAINS, VLANS_BRIDGE, VLANS_FDBS, VLANS_PARTS };

static void set_counts(struct fact_row *row, const struct snmp_table *ports, struct members m)
{
    size_t tagged = 0, untagged = 0;
    if (m.egress.b == NULL || m.untagged.b == NULL)
        return;
    for (size_t i = 0; i < m.egress.len * 8; i++)
        if (bit(m.egress, i) && has_port(ports, i)) {
            untagged += bit(m.untagged, i);
            tagged += !bit(m.untagged, i);
        }
    fact_set_int(row, VLANS_TAGGED_PORTS, (int64_t)tagged);
    fact_set_int(row, VLANS_UNTAGGED_PORTS, (int64_t)untagged);
}

static void set_active(struct fact_row *row, const struct snmp_view *v, const struct vlan *at)
{
    int64_t n;
    if (at->vtp != SIZE_MAX && snmp_table_number(v->parts[VLANS_VTP], at->vtp, VTP_STATE, &n) && n >= 1 && n <= 4)
        fact_set_int(row, VLANS_ACTIVE, n == 1);
    else if (at->live)
        fact_set_int(row, VLANS_ACTIVE, 1);
    else if (at->fixed != SIZE_MAX && snmp_table_number(v->parts[VLANS_STATIC], at->fixed, STATIC_STATUS, &n) && n >= 1 && n <= 3)
        fact_set_int(row, VLANS_ACTIVE, n == 1);
}

static void set_vtp(struct fact_row *row, const struct snmp_view *v, size_t at, struct arena *mem)
{
    static const char *const types[] = { NULL, "ethernet", "fddi", "tokenRing", "fddiNet", "trNet", "deprecated" };
    const struct snmp_table *vtp = v->parts[VLANS_VTP], *domains = v->parts[VLANS_DOMAINS];
    size_t n, domain;
    if (at == SIZE_MAX)
        return;
    fact_set_str(row, VLANS_TYPE, snmp_word(vtp, at, VTP_TYPE, types, N_ELEMENTS(types)));
    if (row->v[VLANS_NAME].kind == FACT_KIND_NULL)
        fact_set_str(row, VLANS_NAME, snmp_text_at(vtp, at, VTP_NAME, mem));
    if (snmp_table_find(domains, snmp_table_index(vtp, at, &n), 1, &domain))
        fact_set_str(row, VLANS_DOMAIN, snmp_text_at(domains, domain, 0, mem));
}

/* Some agents show of the current VLANs only which forwarding table each uses. */
static void find_live(const struct snmp_table *fdbs, struct vlan vlans[VLAN_MAX + 1])
{
    size_t n;
    for (size_t i = 0; i < snmp_table_rows(fdbs); i++) {
        const uint32_t *index = snmp_table_index(fdbs, i, &n);
        if (n == 2 && index[1] > 0 && index[1] <= VLAN_MAX)
            vlans[index[1]].live = true;
    }
}

static void vlan_rows(const struct snmp_view *v)
{
    struct vlan *vlans = xcalloc(VLAN_MAX + 1, sizeof *vlans);
    const struct snmp_table *fixed = v->parts[VLANS_STATIC], *current = v->parts[VLANS_CURRENT];
    find_vlans(fixed, current, v->parts[VLANS_VTP], vlans);
    find_live(v->parts[VLANS_FDBS], vlans);
    for (size_t i = 1; i <= VLAN_MAX; i++) {
        const struct vlan *at = &vlans[i];
        if (at->fixed == SIZE_MAX && !at->live && at->vtp == SIZE_MAX)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_vlans);
        fact_set_int(&row, VLANS_VLAN, (int64_t)i);
        if (at->fixed != SIZE_MAX)
            fact_set_str(&row, VLANS_NAME, snmp_text_at(fixed, at->fixed, STATIC_NAME, mem));
        fact_set_int(&row, VLANS_CONFIGURED, at->fixed != SIZE_MAX || at->vtp != SIZE_MAX);
        set_active(&row, v, at);
        set_vtp(&row, v, at->vtp, mem);
        set_counts(&row, v->parts[VLANS_BRIDGE], vlan_members(fixed, current, at, mem));
        v->emit(v->arg, &row);
        arena_free(mem);
    }
    free(vlans);
}

static const struct snmp_part vlans_parts[VLANS_PARTS] = { [VLANS_STATIC] = PART_STATIC_IS, [VLANS_CURRENT] = PART_CURRENT_IS, [VLANS_VTP] = PART_VTP_IS, [VLANS_DOMAINS] = SNMP_COLUMNS_OF(snmp_cisco, domain_objects, 16),
                                                         [VLANS_BRIDGE] = SNMP_BRIDGE_PORTS, [VLANS_FDBS] = SNMP_VLAN_FDBS };
const struct snmp_source snmp_vlans = { .table = &fact_vlans, .parts = vlans_parts, .n_parts = VLANS_PARTS, .mandatory = { "1.3.6.1.2.1.17.7.1.1.4.0", "1.3.6.1.4.1.9.9.46.1.1.1.0" }, .rows = vlan_rows };

/* --- vlan_ports -------------------------------------------------------------------------------------------------------------------- */

enum { PORTS_STATIC, PORTS_CURRENT, PORTS_PVID, PORTS_BRIDGE, PORTS_VTP, PORTS_TRUNK, PORTS_MEMBER, PORTS_PARTS };
_Static_assert(PORTS_PARTS <= SOURCE_PARTS_MAX, "there is room");

struct membership { int64_t vlan, if_index, bridge_port; int tagged, is_pvid; const char *mode; };       /* tagged, is_pvid: -1 not known */

static void emit_member(const struct snmp_view *v, const struct membership *m, size_t *n)
{
    if (*n == MEMBERS_MAX) {
        v->full(v->arg);
        return;
    }
    ++*n;
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_vlan_ports);
    fact_set_int(&row, VLAN_PORTS_VLAN, m->vlan);
    snmp_set_interface(v, m->if_index, &row, VLAN_PORTS_IF_INDEX, VLAN_PORTS_INTERFACE, mem);
    if (m->bridge_port > 0)
        fact_set_int(&row, VLAN_PORTS_BRIDGE_PORT, m->bridge_port);
    if (m->tagged >= 0)
        fact_set_int(&row, VLAN_PORTS_TAGGED, m->tagged);
    if (m->is_pvid >= 0)
        fact_set_int(&row, VLAN_PORTS_IS_PVID, m->is_pvid);
    fact_set_str(&row, VLAN_PORTS_MODE, m->mode);
    v->emit(v->arg, &row);
    arena_free(mem);
}

static void bridge_member(const struct snmp_view *v, int64_t vlan, const struct members *m, size_t at, size_t *n)
{
    const uint32_t port = (uint32_t)at + 1;
    size_t row;
    int64_t pvid;
    struct membership is = { .vlan = vlan, .bridge_port = port, .tagged = -1, .is_pvid = -1 };
    is.if_index = snmp_bridge_port_interface(v->parts[PORTS_BRIDGE], port);
    if (m->untagged.b != NULL)
        is.tagged = !bit(m->untagged, at);
    if (snmp_table_find(v->parts[PORTS_PVID], &port, 1, &row) && snmp_table_number(v->parts[PORTS_PVID], row, 0, &pvid) && pvid > 0)
        is.is_pvid = pvid == vlan;
    emit_member(v, &is, n);
}

static size_t bridge_rows(const struct snmp_view *v, const struct vlan *vlans)
{
    size_t n = 0;
    for (size_t i = 1; i <= VLAN_MAX; i++) {
        struct arena *mem = arena_new();
        struct members m = vlan_members(v->parts[PORTS_STATIC], v->parts[PORTS_CURRENT], &vlans[i], mem);
        for (size_t k = 0; k < m.egress.len * 8 && n <= MEMBERS_MAX; k++)
            if (bit(m.egress, k) && has_port(v->parts[PORTS_BRIDGE], k))
                bridge_member(v, (int64_t)i, &m, k, &n);
        arena_free(mem);
    }
    return n;
}

static bool is_trunk(const struct snmp_view *v, const uint32_t *index, size_t n)
{
    size_t row;
    int64_t status;
    return snmp_table_find(v->parts[PORTS_TRUNK], index, n, &row) && snmp_table_number(v->parts[PORTS_TRUNK], row, TRUNK_STATUS, &status) && status == 1;
}

/* The VLANs that a trunk lets through and that there are; without VTP's list nobody knows which there are. */
static void trunk_rows(const struct snmp_view *v, size_t i, uint32_t if_index, const struct vlan *vlans, size_t *n)
{
    const struct snmp_table *t = v->parts[PORTS_TRUNK];
    int64_t native = 0;
    (void)snmp_table_number(t, i, TRUNK_NATIVE, &native);
    for (size_t vlan = 1; vlan <= VLAN_MAX && *n <= MEMBERS_MAX; vlan++) {
        static const size_t columns[] = { TRUNK_VLANS, TRUNK_VLANS_2K, TRUNK_VLANS_3K, TRUNK_VLANS_4K };
        if (vlans[vlan].vtp == SIZE_MAX || !bit(bits_at(t, i, columns[vlan / 1024]), vlan % 1024))
            continue;
        emit_member(v, &(struct membership){ .vlan = (int64_t)vlan, .if_index = if_index, .tagged = native > 0 ? native != (int64_t)vlan : -1, .is_pvid = native > 0 ? native == (int64_t)vlan : -1, .mode = "trunk" }, n);
    }
}

static void cisco_rows(const struct snmp_view *v, const struct vlan *vlans)
{
    size_t n = 0, n_index;
    const struct snmp_table *members = v->parts[PORTS_MEMBER], *trunks = v->parts[PORTS_TRUNK];
    for (size_t i = 0; i < snmp_table_rows(members); i++) {
        int64_t vlan;
        const uint32_t *index = snmp_table_index(members, i, &n_index);
        if (n_index == 1 && snmp_table_number(members, i, MEMBER_VLAN, &vlan) && vlan > 0 && vlan <= VLAN_MAX && !is_trunk(v, index, 1))
            emit_member(v, &(struct membership){ .vlan = vlan, .if_index = index[0], .tagged = 0, .is_pvid = 1, .mode = "access" }, &n);
    }
    for (size_t i = 0; i < snmp_table_rows(trunks); i++) {
        const uint32_t *index = snmp_table_index(trunks, i, &n_index);
        if (n_index == 1 && is_trunk(v, index, 1))
            trunk_rows(v, i, index[0], vlans, &n);
    }
}

static void port_rows(const struct snmp_view *v)
{
    struct vlan *vlans = xcalloc(VLAN_MAX + 1, sizeof *vlans);
    find_vlans(v->parts[PORTS_STATIC], v->parts[PORTS_CURRENT], v->parts[PORTS_VTP], vlans);
    if (bridge_rows(v, vlans) == 0)
        cisco_rows(v, vlans);
    free(vlans);
}

static const struct snmp_part ports_parts[PORTS_PARTS] = {
    [PORTS_STATIC] = PART_STATIC_IS, [PORTS_CURRENT] = PART_CURRENT_IS, [PORTS_PVID] = SNMP_COLUMNS(pvid_objects, 8000), [PORTS_BRIDGE] = SNMP_BRIDGE_PORTS, [PORTS_VTP] = PART_VTP_IS,
    [PORTS_TRUNK] = SNMP_COLUMNS_OF(snmp_cisco, trunk_objects, 8000), [PORTS_MEMBER] = SNMP_COLUMNS_OF(snmp_cisco, member_objects, 8000) };
const struct snmp_source snmp_vlan_ports = { .table = &fact_vlan_ports, .parts = ports_parts, .n_parts = PORTS_PARTS, .mandatory = { "1.3.6.1.2.1.17.7.1.1.4.0", "1.3.6.1.4.1.9.9.46.1.1.1.0" }, .rows = port_rows };
