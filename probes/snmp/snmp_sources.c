/* The list of sources, and what they share. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "base/cidr.h"
#include "fact/device_rules.h"

const struct snmp_source *const snmp_sources[] = {
    &snmp_addresses, &snmp_components, &snmp_neighbors, &snmp_arp, &snmp_mac_addresses, &snmp_routes, &snmp_vlans, &snmp_vlan_ports, &snmp_spanning_tree, &snmp_spanning_tree_ports, &snmp_storage,
    &snmp_processors, &snmp_memory, &snmp_ups, &snmp_printers, &snmp_printer_supplies, &snmp_poe, &snmp_poe_ports, &snmp_wireless, &snmp_sensors, &snmp_hardware_states, &snmp_sessions,
    &snmp_subscriptions, &snmp_tunnels, &snmp_time_sources, &snmp_configurations, &snmp_redundancy,
};
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

/* --- shared by several sources ------------------------------------------------------------------------------------------ */

const char *const snmp_bridge_port_objects[1] = { "1.3.6.1.2.1.17.1.4.1.2" };
const char *const snmp_vlan_fdb_objects[1] = { "1.3.6.1.2.1.17.7.1.4.2.1.3" };
const char *const snmp_operating_objects[OPERATING_OBJECTS] = {
    [OPERATING_DESCR] = "1.3.6.1.4.1.2636.3.1.13.1.5", [OPERATING_STATE] = "1.3.6.1.4.1.2636.3.1.13.1.6", [OPERATING_CPU] = "1.3.6.1.4.1.2636.3.1.13.1.8", [OPERATING_BUFFER] = "1.3.6.1.4.1.2636.3.1.13.1.11",
    [OPERATING_MEMORY] = "1.3.6.1.4.1.2636.3.1.13.1.15" };          /* the last in MiB */
const char *const snmp_spu_objects[SPU_OBJECTS] = {
    [SPU_CPU] = "1.3.6.1.4.1.2636.3.39.1.12.1.1.1.4", [SPU_MEMORY] = "1.3.6.1.4.1.2636.3.39.1.12.1.1.1.5", [SPU_SESSIONS] = "1.3.6.1.4.1.2636.3.39.1.12.1.1.1.6", [SPU_SESSIONS_MAX] = "1.3.6.1.4.1.2636.3.39.1.12.1.1.1.7" };
const char *const snmp_envmon_temperature_objects[SNMP_ENVMON_OBJECTS] = {
    [SNMP_ENVMON_STATE] = "1.3.6.1.4.1.9.9.13.1.3.1.6", [SNMP_ENVMON_DESCR] = "1.3.6.1.4.1.9.9.13.1.3.1.2", [SNMP_ENVMON_VALUE] = "1.3.6.1.4.1.9.9.13.1.3.1.3" };
const char *const snmp_stack_objects[SNMP_STACK_OBJECTS] = { [SNMP_STACK_ROLE] = "1.3.6.1.4.1.9.9.500.1.2.1.1.3", [SNMP_STACK_STATE] = "1.3.6.1.4.1.9.9.500.1.2.1.1.6" };
const uint32_t snmp_cisco[] = { 9, 0 }, snmp_juniper[] = { 2636, 0 }, snmp_fortinet[] = { 12356, 0 }, snmp_palo_alto[] = { 25461, 0 }, snmp_sonicwall[] = { 8741, 0 };

int64_t snmp_bridge_port_interface(const struct snmp_table *ports, int64_t port)
{
    size_t at;
    int64_t if_index;
    if (port <= 0 || port > UINT32_MAX)
        return 0;
    const uint32_t index = (uint32_t)port;
    return snmp_table_find(ports, &index, 1, &at) && snmp_table_number(ports, at, 0, &if_index) && if_index > 0 ? if_index : 0;
}

void snmp_set_interface(const struct snmp_view *v, int64_t if_index, struct fact_row *out, int number_column, int name_column, struct arena *mem)
{
    if (if_index <= 0)
        return;
    fact_set_int(out, number_column, if_index);
    fact_set_str(out, name_column, snmp_interface_name(v->interfaces, if_index, mem));
}

void snmp_set_number(struct fact_row *out, int column, const struct snmp_table *t, size_t row, size_t from, int64_t min, int64_t max)
{
    int64_t n;
    if (!snmp_table_number(t, row, from, &n) || n < min || n > max)
        return;
    if (out->table->columns[column].type == FACT_REAL)
        fact_set_real(out, column, (double)n);
    else
        fact_set_int(out, column, n);
}

const char *snmp_word(const struct snmp_table *t, size_t row, size_t column, const char *const *words, size_t n_words)
{
    int64_t i;
    return snmp_table_number(t, row, column, &i) && i >= 0 && i < (int64_t)n_words ? words[i] : NULL;
}

const char *snmp_text_at(const struct snmp_table *t, size_t row, size_t column, struct arena *mem)
{
    const struct snmp_value *v = snmp_table_get(t, row, column);
    struct buf b = BUF_INIT(65536);
    const char *s = v != NULL && snmp_text(&b, v) && !b.overflow ? arena_strdup(mem, buf_str(&b)) : NULL;
    buf_clear(&b);
    return s;
}

const char *snmp_words_at(const struct snmp_table *t, size_t row, size_t column, struct arena *mem)
{
    const char *s = snmp_text_at(t, row, column, mem);
    return s == NULL || device_text_is_placeholder(s) ? NULL : s;
}

const char *snmp_index_text(const struct snmp_table *t, size_t row, struct arena *mem)
{
    size_t n;
    const uint32_t *index = snmp_table_index(t, row, &n);
    struct buf b = BUF_INIT(2048);
    oid_format(&b, index, n);
    const char *s = arena_strdup(mem, buf_str(&b));
    buf_clear(&b);
    return s;
}

void snmp_set_percent(struct fact_row *out, int column, int64_t part, int64_t whole)
{
    if (whole > 0 && part >= 0 && part <= whole)
        fact_set_real(out, column, 100.0 * (double)part / (double)whole);
}
