/* The pure half of the snmp probe: tables put together from single values, and facts made from them. Runs in a worker;
 * every value is the device's and hostile. Nothing here talks to anybody; unit-tested and fuzzed. */
#ifndef PREOP_PROBES_SNMP_PARSE_H
#define PREOP_PROBES_SNMP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/mem.h"
#include "fact/row.h"
#include "worker/snmp_value.h"

/* --- tables ---------------------------------------------------------------------------------------------------------- */

/* Rows are told apart by their index and kept in its order; a row exists as soon as any column has a value for it, because
 * agents leave columns out, the index column among them. */
struct snmp_table;
struct snmp_table *snmp_table_new(size_t n_columns, size_t rows_max, size_t bytes_max);
void snmp_table_free(struct snmp_table *t);              /* NULL is fine */
/* Copies the value. False, and nothing kept, past a maximum; a second value for one place is ignored. */
bool snmp_table_put(struct snmp_table *t, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v);
size_t snmp_table_rows(const struct snmp_table *t);
const uint32_t *snmp_table_index(const struct snmp_table *t, size_t row, size_t *n);
/* The row with this index; false when there is none. */
bool snmp_table_find(const struct snmp_table *t, const uint32_t *index, size_t n_index, size_t *row);
const struct snmp_value *snmp_table_get(const struct snmp_table *t, size_t row, size_t column);  /* NULL: not there */
bool snmp_table_number(const struct snmp_table *t, size_t row, size_t column, int64_t *out);     /* false: not there, not a number */

/* --- texts ------------------------------------------------------------------------------------------------------------ */

/* Appends an OCTET STRING as UTF-8 text: UTF-8 as it is, UTF-16 (with a mark, or with every other byte zero) and Windows-1252
 * converted, anything else as hex pairs. Blanks and NULs around it are cut. False when nothing is left. */
bool snmp_text(struct buf *out, const struct snmp_value *v);

/* --- facts ------------------------------------------------------------------------------------------------------------ */

enum system_object {
    SYSTEM_DESCR, SYSTEM_OBJECT_ID, SYSTEM_UPTIME, SYSTEM_CONTACT, SYSTEM_NAME, SYSTEM_LOCATION, SYSTEM_SERVICES, SYSTEM_IF_NUMBER,
    SYSTEM_ENGINE_ID, SYSTEM_ENGINE_TIME, SYSTEM_OBJECTS
};
enum interface_column {
    /* ifTable */
    IF_DESCR, IF_TYPE, IF_MTU, IF_SPEED, IF_PHYS_ADDRESS, IF_ADMIN_STATUS, IF_OPER_STATUS, IF_LAST_CHANGE, IF_IN_OCTETS, IF_IN_UCAST,
    IF_IN_DISCARDS, IF_IN_ERRORS, IF_OUT_OCTETS, IF_OUT_UCAST, IF_OUT_DISCARDS, IF_OUT_ERRORS, IF_TABLE_COLUMNS,
    /* ifXTable */
    IFX_NAME = IF_TABLE_COLUMNS, IFX_HC_IN_OCTETS, IFX_HC_IN_UCAST, IFX_HC_OUT_OCTETS, IFX_HC_OUT_UCAST, IFX_HIGH_SPEED,
    IFX_CONNECTOR_PRESENT, IFX_ALIAS, IFX_END,
    /* dot3StatsTable */
    DOT3_DUPLEX = IFX_END, INTERFACE_COLUMNS
};
enum chassis_object { CHASSIS_SERIAL, CHASSIS_MODEL, CHASSIS_OBJECTS };

/* Fills a row of `devices` from the system group: a table of one row (index 0) with SYSTEM_OBJECTS columns. now: when it was
 * read. Texts live in mem. */
void snmp_device_row(const struct snmp_table *group, int64_t now, struct fact_row *out, struct arena *mem);
/* Adds model and serial of the only chassis; what is no serial ("N/A", zeros) stays NULL. A table of one row (index 0). */
void snmp_device_chassis(const struct snmp_table *chassis, struct fact_row *out, struct arena *mem);
void snmp_device_engine(const uint8_t *id, size_t len, struct fact_row *out, struct arena *mem);

/* The entPhysicalIndex of the only chassis in entPhysicalClass (one column); false when there is none or there are several. */
bool snmp_only_chassis(const struct snmp_table *classes, uint32_t *index);
/* Where to look for the whole device in entPhysicalTable: the stack's row if there is exactly one, then the first chassis (of a stack:
 * its first member). Returns how many, at most max. */
size_t snmp_chassis_rows(const struct snmp_table *classes, uint32_t *rows, size_t max);

/* Fills a row of `interfaces`. uptime: sysUpTime in hundredths of a second, -1 when not known. False when the row's index
 * is no interface number: such a row is left out. */
bool snmp_interface_row(const struct snmp_table *t, size_t row, int64_t uptime, struct fact_row *out, struct arena *mem);

/* The counter in one of two columns: 64 bits wide where the agent has it; a zero beside a 32-bit counter that counts is a stub. Says which
 * it was: 1 wide, 0 narrow, or -1 for neither (*v untouched). */
int snmp_counter(const struct snmp_table *t, size_t row, size_t wide, size_t narrow, uint64_t *v);

#endif
