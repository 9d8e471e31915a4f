/* Rows of `neighbors` from LLDP-MIB (IEEE 802.1AB-2005) and CISCO-CDP-MIB. Pure. Everything in it was said by a third device. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "base/text.h"
#include "fact/table_neighbors.h"

enum { REM_CHASSIS_TYPE, REM_CHASSIS, REM_PORT_TYPE, REM_PORT, REM_PORT_DESCR, REM_SYS_NAME, REM_SYS_DESCR, REM_CAPABILITIES, REM_COLUMNS };
enum { LOC_TYPE, LOC_ID, LOC_DESCR, LOC_COLUMNS };
enum { MAN_IF_ID, MAN_COLUMNS };
enum { CDP_ADDRESS_TYPE, CDP_ADDRESS, CDP_VERSION, CDP_DEVICE, CDP_PORT, CDP_PLATFORM, CDP_VLAN, CDP_DUPLEX, CDP_SYS_NAME, CDP_CAPABILITIES, CDP_COLUMNS };
enum { PART_REM, PART_LOC, PART_MAN, PART_CDP, PARTS };
_Static_assert(PARTS <= SOURCE_PARTS_MAX, "there is room");

static const char *const rem_objects[REM_COLUMNS] = {
    [REM_CHASSIS_TYPE] = "1.0.8802.1.1.2.1.4.1.1.4", [REM_CHASSIS] = "1.0.8802.1.1.2.1.4.1.1.5", [REM_PORT_TYPE] = "1.0.8802.1.1.2.1.4.1.1.6", [REM_PORT] = "1.0.8802.1.1.2.1.4.1.1.7",
    [REM_PORT_DESCR] = "1.0.8802.1.1.2.1.4.1.1.8", [REM_SYS_NAME] = "1.0.8802.1.1.2.1.4.1.1.9", [REM_SYS_DESCR] = "1.0.8802.1.1.2.1.4.1.1.10", [REM_CAPABILITIES] = "1.0.8802.1.1.2.1.4.1.1.12" };
static const char *const loc_objects[LOC_COLUMNS] = { [LOC_TYPE] = "1.0.8802.1.1.2.1.3.7.1.2", [LOC_ID] = "1.0.8802.1.1.2.1.3.7.1.3", [LOC_DESCR] = "1.0.8802.1.1.2.1.3.7.1.4" };
static const char *const man_objects[MAN_COLUMNS] = { [MAN_IF_ID] = "1.0.8802.1.1.2.1.4.2.1.4" };
static const char *const cdp_objects[CDP_COLUMNS] = {
    [CDP_ADDRESS_TYPE] = "1.3.6.1.4.1.9.9.23.1.2.1.1.3", [CDP_ADDRESS] = "1.3.6.1.4.1.9.9.23.1.2.1.1.4", [CDP_VERSION] = "1.3.6.1.4.1.9.9.23.1.2.1.1.5", [CDP_DEVICE] = "1.3.6.1.4.1.9.9.23.1.2.1.1.6",
    [CDP_PORT] = "1.3.6.1.4.1.9.9.23.1.2.1.1.7", [CDP_PLATFORM] = "1.3.6.1.4.1.9.9.23.1.2.1.1.8", [CDP_VLAN] = "1.3.6.1.4.1.9.9.23.1.2.1.1.11", [CDP_DUPLEX] = "1.3.6.1.4.1.9.9.23.1.2.1.1.12",
    [CDP_SYS_NAME] = "1.3.6.1.4.1.9.9.23.1.2.1.1.17", [CDP_CAPABILITIES] = "1.3.6.1.4.1.9.9.23.1.2.1.1.9" };

/* --- names of chassis and ports ------------------------------------------------------------------------------------------- */

static const char *const chassis_types[] = { NULL, "chassisComponent", "interfaceAlias", "portComponent", "macAddress", "networkAddress", "interfaceName", "local" };
static const char *const port_types[] = { NULL, "interfaceAlias", "portComponent", "macAddress", "networkAddress", "interfaceName", "agentCircuitId", "local" };

/* An identifier as its kind wants it: a MAC address, an address with its family's number before it, or text. */
static void set_id(struct fact_row *out, int column, const struct snmp_table *t, size_t row, size_t from, const char *type, struct arena *mem)
{
    const struct snmp_value *v = snmp_table_get(t, row, from);
    const char *text = NULL;
    if (v != NULL && v->type == SNMP_OCTETS && type != NULL && strcmp(type, "macAddress") == 0 && v->len == 6)
        text = arena_printf(mem, "%02x:%02x:%02x:%02x:%02x:%02x", v->bytes[0], v->bytes[1], v->bytes[2], v->bytes[3], v->bytes[4], v->bytes[5]);
    else if (v != NULL && v->type == SNMP_OCTETS && type != NULL && strcmp(type, "networkAddress") == 0 && v->len > 1)
        text = snmp_address_text(v->bytes + 1, v->len - 1, mem);
    if (text != NULL)
        fact_set_str(out, column, text);
    else
        snmp_set_text(out, column, t, row, from, mem);
}

/* --- the local port ---------------------------------------------------------------------------------------------------------- */

static size_t find_one(const struct snmp_table *t, uint32_t index)
{
    size_t n, i = 0;
    for (; i < snmp_table_rows(t); i++) {
        const uint32_t *at = snmp_table_index(t, i, &n);
        if (n == 1 && at[0] == index)
            break;
    }
    return i;
}

/* The only interface that calls itself by this text; 0 when there is none, or several. */
static int64_t interface_named(const struct snmp_table *interfaces, const char *name)
{
    static const size_t columns[] = { IFX_NAME, IF_DESCR, IFX_ALIAS };
    for (size_t c = 0; c < N_ELEMENTS(columns); c++) {
        int64_t found = 0;
        size_t hits = 0, n;
        for (size_t i = 0; i < snmp_table_rows(interfaces); i++) {
            const struct snmp_value *s = snmp_table_get(interfaces, i, columns[c]);
            const uint32_t *at = snmp_table_index(interfaces, i, &n);
            if (s == NULL || n != 1 || s->type != SNMP_OCTETS || s->len != strlen(name) || memcmp(s->bytes, name, s->len) != 0)
                continue;
            found = at[0];
            hits++;
        }
        if (hits == 1)
            return found;
    }
    return 0;
}

/* lldpRemLocalPortNum is no ifIndex: only the local port's own name leads to the interface. */
static void set_local_port(struct fact_row *row, const struct snmp_view *v, uint32_t port, struct arena *mem)
{
    const struct snmp_table *loc = v->parts[PART_LOC];
    size_t at = find_one(loc, port);
    const char *type = snmp_word(loc, at, LOC_TYPE, port_types, N_ELEMENTS(port_types));
    const char *names[] = { type != NULL && strcmp(type, "macAddress") == 0 ? NULL : snmp_text_at(loc, at, LOC_ID, mem), snmp_text_at(loc, at, LOC_DESCR, mem) };
    int64_t if_index = 0;
    for (size_t i = 0; i < N_ELEMENTS(names) && if_index == 0; i++)
        if (names[i] != NULL)
            if_index = interface_named(v->interfaces, names[i]);
    const char *name = if_index > 0 ? snmp_interface_name(v->interfaces, if_index, mem) : NULL;
    if (if_index > 0)
        fact_set_int(row, NEIGHBORS_LOCAL_IF_INDEX, if_index);
    fact_set_str(row, NEIGHBORS_LOCAL_PORT, name != NULL ? name : type != NULL && strcmp(type, "interfaceName") == 0 ? names[0] : names[1] != NULL ? names[1] : names[0]);
}

/* --- LLDP -------------------------------------------------------------------------------------------------------------------- */

static void set_capabilities(struct fact_row *row, const struct snmp_table *t, size_t i, struct arena *mem)
{
    static const char *const words[] = { "other", "repeater", "bridge", "wlanAccessPoint", "router", "telephone", "docsisCableDevice", "stationOnly" };
    const struct snmp_value *v = snmp_table_get(t, i, REM_CAPABILITIES);
    struct buf b = BUF_INIT(256);
    if (v != NULL && v->type == SNMP_OCTETS && v->len >= 1)
        for (size_t k = 0; k < N_ELEMENTS(words); k++)
            if ((v->bytes[0] >> (7 - k) & 1) != 0)
                buf_printf(&b, "%s%s", b.len > 0 ? "," : "", words[k]);
    if (b.len > 0)
        fact_set_str(row, NEIGHBORS_CAPABILITIES, arena_strdup(mem, buf_str(&b)));
    buf_clear(&b);
}

/* The first management address of this neighbour: its index goes on with the address' family, length and bytes. */
static void set_managed_at(struct fact_row *row, const struct snmp_table *man, const uint32_t *rem, struct arena *mem)
{
    for (size_t i = 0; i < snmp_table_rows(man); i++) {
        size_t n;
        const uint32_t *at = snmp_table_index(man, i, &n);
        uint8_t b[16];
        if (n < 9 || at[1] != rem[1] || at[2] != rem[2] || at[4] != n - 5 || at[4] > sizeof b || (at[3] != 1 && at[3] != 2))
            continue;
        for (size_t k = 0; k < at[4]; k++)
            b[k] = (uint8_t)at[5 + k];
        fact_set_str(row, NEIGHBORS_ADDRESS, snmp_address_text(b, at[4], mem));
        if (row->v[NEIGHBORS_ADDRESS].kind != FACT_KIND_NULL)
            return;
    }
}

static void emit_lldp(const struct snmp_view *v, size_t i, const uint32_t *index)
{
    const struct snmp_table *t = v->parts[PART_REM];
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_neighbors);
    fact_set_str(&row, NEIGHBORS_PROTOCOL, "lldp");
    fact_set_int(&row, NEIGHBORS_LOCAL_PORT_NUMBER, (int64_t)index[1]);
    fact_set_int(&row, NEIGHBORS_NUMBER, (int64_t)index[2]);
    set_local_port(&row, v, index[1], mem);
    const char *chassis = snmp_word(t, i, REM_CHASSIS_TYPE, chassis_types, N_ELEMENTS(chassis_types)), *port = snmp_word(t, i, REM_PORT_TYPE, port_types, N_ELEMENTS(port_types));
    fact_set_str(&row, NEIGHBORS_CHASSIS_ID_TYPE, chassis);
    fact_set_str(&row, NEIGHBORS_PORT_ID_TYPE, port);
    set_id(&row, NEIGHBORS_CHASSIS_ID, t, i, REM_CHASSIS, chassis, mem);
    set_id(&row, NEIGHBORS_PORT_ID, t, i, REM_PORT, port, mem);
    snmp_set_text(&row, NEIGHBORS_PORT_DESCR, t, i, REM_PORT_DESCR, mem);
    snmp_set_text(&row, NEIGHBORS_SYS_NAME, t, i, REM_SYS_NAME, mem);
    snmp_set_text(&row, NEIGHBORS_SYS_DESCR, t, i, REM_SYS_DESCR, mem);
    set_capabilities(&row, t, i, mem);
    set_managed_at(&row, v->parts[PART_MAN], index, mem);
    v->emit(v->arg, &row);
    arena_free(mem);
}

/* The same neighbour may stand under several time marks (RFC 4502's TimeFilter): the last one counts. */
static bool comes_again(const struct snmp_table *t, size_t i, const uint32_t *index)
{
    size_t n;
    for (size_t k = i + 1; k < snmp_table_rows(t); k++) {
        const uint32_t *other = snmp_table_index(t, k, &n);
        if (n == 3 && other[1] == index[1] && other[2] == index[2])
            return true;
    }
    return false;
}

/* --- CDP --------------------------------------------------------------------------------------------------------------------- */

/* Four bytes, the lowest bit last, put into LLDP's words. Cisco's access points say that they bridge; their platform tells them apart. */
static void set_cdp_capabilities(struct fact_row *row, const struct snmp_table *t, size_t i, struct arena *mem)
{
    static const struct { uint32_t bits; const char *word; } words[] = { { 0x40, "repeater" }, { 0x0e, "bridge" }, { 0x01, "router" }, { 0x80, "telephone" } };
    const struct snmp_value *v = snmp_table_get(t, i, CDP_CAPABILITIES);
    const struct fact_value *platform = &row->v[NEIGHBORS_PLATFORM];
    if (v == NULL || v->type != SNMP_OCTETS || v->len != 4)
        return;
    uint32_t is = (uint32_t)v->bytes[0] << 24 | (uint32_t)v->bytes[1] << 16 | (uint32_t)v->bytes[2] << 8 | v->bytes[3];
    struct buf b = BUF_INIT(256);
    for (size_t k = 0; k < N_ELEMENTS(words); k++)
        if ((is & words[k].bits) != 0)
            buf_printf(&b, "%s%s", b.len > 0 ? "," : "", words[k].word);
    if (platform->kind == FACT_KIND_TEXT && (strncmp(platform->s, "cisco AIR-", 10) == 0 || strncmp(platform->s, "cisco C91", 9) == 0))
        buf_printf(&b, "%swlanAccessPoint", b.len > 0 ? "," : "");
    if (b.len == 0 && (is & 0x10) != 0)
        buf_puts(&b, "stationOnly");
    if (b.len > 0)
        fact_set_str(row, NEIGHBORS_CAPABILITIES, arena_strdup(mem, buf_str(&b)));
    buf_clear(&b);
}

static void emit_cdp(const struct snmp_view *v, size_t i, const uint32_t *index)
{
    static const char *const duplexes[] = { NULL, NULL, "half", "full" };
    const struct snmp_table *t = v->parts[PART_CDP];
    const struct snmp_value *address = snmp_table_get(t, i, CDP_ADDRESS);
    struct arena *mem = arena_new();
    struct fact_row row;
    int64_t number;
    fact_row_init(&row, &fact_neighbors);
    fact_set_str(&row, NEIGHBORS_PROTOCOL, "cdp");
    fact_set_int(&row, NEIGHBORS_LOCAL_PORT_NUMBER, (int64_t)index[0]);
    fact_set_int(&row, NEIGHBORS_NUMBER, (int64_t)index[1]);
    fact_set_int(&row, NEIGHBORS_LOCAL_IF_INDEX, (int64_t)index[0]);
    fact_set_str(&row, NEIGHBORS_LOCAL_PORT, snmp_interface_name(v->interfaces, index[0], mem));
    snmp_set_text(&row, NEIGHBORS_CHASSIS_ID, t, i, CDP_DEVICE, mem);
    snmp_set_text(&row, NEIGHBORS_PORT_ID, t, i, CDP_PORT, mem);
    snmp_set_text(&row, NEIGHBORS_SYS_NAME, t, i, CDP_SYS_NAME, mem);
    snmp_set_text(&row, NEIGHBORS_SYS_DESCR, t, i, CDP_VERSION, mem);
    snmp_set_text(&row, NEIGHBORS_PLATFORM, t, i, CDP_PLATFORM, mem);
    set_cdp_capabilities(&row, t, i, mem);
    if (address != NULL && address->type == SNMP_OCTETS)
        fact_set_str(&row, NEIGHBORS_ADDRESS, snmp_address_text(address->bytes, address->len, mem));
    if (snmp_table_number(t, i, CDP_VLAN, &number) && number > 0 && number < 4096)
        fact_set_int(&row, NEIGHBORS_NATIVE_VLAN, number);
    fact_set_str(&row, NEIGHBORS_DUPLEX, snmp_word(t, i, CDP_DUPLEX, duplexes, N_ELEMENTS(duplexes)));
    v->emit(v->arg, &row);
    arena_free(mem);
}

static void rows(const struct snmp_view *v)
{
    const struct snmp_table *rem = v->parts[PART_REM], *cdp = v->parts[PART_CDP];
    size_t n;
    for (size_t i = 0; i < snmp_table_rows(rem); i++) {
        const uint32_t *index = snmp_table_index(rem, i, &n);
        if (n == 3 && !comes_again(rem, i, index))
            emit_lldp(v, i, index);
    }
    for (size_t i = 0; i < snmp_table_rows(cdp); i++) {
        const uint32_t *index = snmp_table_index(cdp, i, &n);
        if (n == 2)
            emit_cdp(v, i, index);
    }
}

static const struct snmp_part parts[PARTS] = { [PART_REM] = SNMP_COLUMNS(rem_objects, 2000), [PART_LOC] = SNMP_COLUMNS(loc_objects, 4000), [PART_MAN] = SNMP_COLUMNS(man_objects, 4000), [PART_CDP] = SNMP_COLUMNS(cdp_objects, 2000) };
const struct snmp_source snmp_neighbors = { .table = &fact_neighbors, .parts = parts, .n_parts = PARTS, .mandatory = { "1.0.8802.1.1.2.1.3.2.0", "1.3.6.1.4.1.9.9.23.1.3.1.0" }, .rows = rows };
