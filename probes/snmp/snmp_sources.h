/* Fact tables that are made of MIB tables alone: each is a source, which names the columns that it wants and makes rows of their answers.
 * All sources are fetched in flight together. Pure but for the columns' names: nothing here talks to anybody. Runs in a worker. */
#ifndef PREOP_PROBES_SNMP_SOURCES_H
#define PREOP_PROBES_SNMP_SOURCES_H

#include "fact/row.h"
#include "probes/snmp/snmp_parse.h"

#define SOURCE_PARTS_MAX 40

/* When a part is asked for: always, in the first round; led by one look at the name above its objects, and only if anything lies there, because few
 * devices have them; or in the second round, of the makers whose MIB it is. */
enum snmp_ask { SNMP_ASK_ALWAYS, SNMP_ASK_LED, SNMP_ASK_VENDOR };

/* Columns of one MIB table, which share rows; or single objects, which make one row of index 0. Sources that name the same list share it. */
struct snmp_part {
    const char *const *objects;
    size_t n_objects, rows_max;
    enum snmp_ask ask;
    bool scalars;
    const uint32_t *enterprises;             /* SNMP_ASK_VENDOR: the makers' numbers below 1.3.6.1.4.1, then 0 */
};
#define SNMP_PART(list, max, when, single, makers) { .objects = (list), .n_objects = N_ELEMENTS(list), .rows_max = (max), .ask = (when), .scalars = (single), .enterprises = (makers) }
#define SNMP_COLUMNS(list, max) SNMP_PART(list, max, SNMP_ASK_ALWAYS, false, NULL)
#define SNMP_COLUMNS_LED(list, max) SNMP_PART(list, max, SNMP_ASK_LED, false, NULL)
#define SNMP_COLUMNS_OF(makers, list, max) SNMP_PART(list, max, SNMP_ASK_VENDOR, false, makers)
#define SNMP_SINGLES(list) SNMP_PART(list, 1, SNMP_ASK_ALWAYS, true, NULL)
#define SNMP_SINGLES_LED(list) SNMP_PART(list, 1, SNMP_ASK_LED, true, NULL)
#define SNMP_SINGLES_OF(makers, list) SNMP_PART(list, 1, SNMP_ASK_VENDOR, true, makers)

/* What was answered, and where rows go. parts: one table for each part of the source, columns as in its objects. */
struct snmp_view {
    struct snmp_table *const *parts;
    const struct snmp_table *interfaces;     /* INTERFACE_COLUMNS; empty when the job does not want them */
    const struct snmp_table *components;     /* entPhysicalTable as snmp_components asks for it; NULL when the job does not want it */
    int64_t uptime, now;                     /* sysUpTime in hundredths of a second, -1 when not known; seconds since 1970 */
    bool uptime_wrapped;                     /* sysUpTime is known to have begun anew since the device started: it counts to 497 days */
    void (*emit)(void *arg, const struct fact_row *row);     /* takes what it needs before it returns */
    void (*full)(void *arg);                 /* there were more rows than are kept */
    void *arg;
};
struct snmp_source {
    const struct fact_table *table;
    const struct snmp_part *parts; size_t n_parts;
    const char *mandatory[2];                /* objects that an agent with these MIBs must have: if it has none of them and no row, it does not have this table */
    void (*rows)(const struct snmp_view *v);
};
extern const struct snmp_source *const snmp_sources[];
extern const size_t snmp_n_sources;
extern const struct snmp_source snmp_addresses, snmp_arp, snmp_components, snmp_configurations, snmp_hardware_states, snmp_mac_addresses, snmp_memory, snmp_neighbors, snmp_poe, snmp_poe_ports,
    snmp_printer_supplies, snmp_printers, snmp_processors, snmp_redundancy, snmp_routes, snmp_sensors, snmp_sessions, snmp_spanning_tree, snmp_spanning_tree_ports, snmp_storage, snmp_subscriptions,
    snmp_time_sources, snmp_tunnels, snmp_ups, snmp_vlan_ports, snmp_vlans, snmp_wireless;

/* Sets a text column from a value of a part; nothing there, or no text: stays NULL. */
void snmp_set_text(struct fact_row *out, int column, const struct snmp_table *t, size_t row, size_t from, struct arena *mem);
/* The name of an interface: ifName, else ifDescr; NULL when it is not known. */
const char *snmp_interface_name(const struct snmp_table *interfaces, int64_t if_index, struct arena *mem);
/* Four or sixteen bytes as an address; NULL for other lengths. */
const char *snmp_address_text(const uint8_t *p, size_t len, struct arena *mem);

/* Six bytes, not all zero, as a MAC address; else NULL. */
const char *snmp_mac_text(const uint8_t *p, size_t len, struct arena *mem);

/* --- shared by several sources ------------------------------------------------------------------------------------------ */

extern const char *const snmp_bridge_port_objects[1];            /* dot1dBasePortIfIndex, by bridge port */
#define SNMP_BRIDGE_PORTS SNMP_COLUMNS(snmp_bridge_port_objects, 8000)
extern const char *const snmp_vlan_fdb_objects[1];               /* dot1qVlanFdbId, by time mark and VLAN */
#define SNMP_VLAN_FDBS SNMP_COLUMNS(snmp_vlan_fdb_objects, 12000)
extern const uint32_t snmp_cisco[], snmp_juniper[], snmp_fortinet[], snmp_palo_alto[], snmp_sonicwall[];     /* makers, for SNMP_..._OF */

/* jnxOperatingTable, of all parts of a chassis; jnxJsSPUMonitoringObjectsTable, of a firewall's processing units. */
enum { OPERATING_DESCR, OPERATING_STATE, OPERATING_CPU, OPERATING_BUFFER, OPERATING_MEMORY, OPERATING_OBJECTS };
extern const char *const snmp_operating_objects[OPERATING_OBJECTS];
#define SNMP_OPERATING SNMP_COLUMNS_OF(snmp_juniper, snmp_operating_objects, 1000)
enum { SPU_CPU, SPU_MEMORY, SPU_SESSIONS, SPU_SESSIONS_MAX, SPU_OBJECTS };
extern const char *const snmp_spu_objects[SPU_OBJECTS];
#define SNMP_SPUS SNMP_COLUMNS_OF(snmp_juniper, snmp_spu_objects, 100)
enum { SNMP_ENVMON_STATE, SNMP_ENVMON_DESCR, SNMP_ENVMON_VALUE, SNMP_ENVMON_OBJECTS };
extern const char *const snmp_envmon_temperature_objects[SNMP_ENVMON_OBJECTS];   /* ciscoEnvMonTemperatureStatusTable */
#define SNMP_ENVMON_TEMPERATURES SNMP_COLUMNS_OF(snmp_cisco, snmp_envmon_temperature_objects, 1000)
enum { SNMP_STACK_ROLE, SNMP_STACK_STATE, SNMP_STACK_OBJECTS };
extern const char *const snmp_stack_objects[SNMP_STACK_OBJECTS];                 /* cswSwitchInfoTable */
#define SNMP_STACK SNMP_COLUMNS_OF(snmp_cisco, snmp_stack_objects, 200)

/* The interface of a bridge port; 0 when the bridge does not say. ports: snmp_bridge_port_objects. */
int64_t snmp_bridge_port_interface(const struct snmp_table *ports, int64_t port);
/* Sets number and name of an interface. */
void snmp_set_interface(const struct snmp_view *v, int64_t if_index, struct fact_row *out, int number_column, int name_column, struct arena *mem);

/* entPhysicalName, else entPhysicalDescr, of a component; NULL when it is not known. components: may be NULL. */
const char *snmp_component_name(const struct snmp_table *components, int64_t index, struct arena *mem);

/* A number within its range; else the column stays NULL. */
void snmp_set_number(struct fact_row *out, int column, const struct snmp_table *t, size_t row, size_t from, int64_t min, int64_t max);
/* The MIB's word for an enumerated value; NULL when it has none. words: by number, NULL where there is none. */
const char *snmp_word(const struct snmp_table *t, size_t row, size_t column, const char *const *words, size_t n_words);
/* A value as text; NULL when there is none. */
const char *snmp_text_at(const struct snmp_table *t, size_t row, size_t column, struct arena *mem);
/* Words that stand for "none" (device_text_is_placeholder) give NULL too. */
const char *snmp_words_at(const struct snmp_table *t, size_t row, size_t column, struct arena *mem);
/* An index as text: 3.1. */
const char *snmp_index_text(const struct snmp_table *t, size_t row, struct arena *mem);
/* A share of a whole in percent; leaves NULL what is no share (none known, negative, more than the whole). */
void snmp_set_percent(struct fact_row *out, int column, int64_t part, int64_t whole);

#endif
