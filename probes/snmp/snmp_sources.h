/* Fact tables that are made of MIB tables alone: each is a source, which names the columns that it wants and makes rows of their answers.
 * All sources are fetched in flight together. Pure but for the columns' names: nothing here talks to anybody. Runs in a worker. */
#ifndef PREOP_PROBES_SNMP_SOURCES_H
#define PREOP_PROBES_SNMP_SOURCES_H

#include "fact/row.h"
#include "probes/snmp/snmp_parse.h"

#define SOURCE_PARTS_MAX 4

struct snmp_part { const char *const *objects; size_t n_objects, rows_max; };    /* columns of one MIB table: they share rows */

/* What was answered, and where rows go. parts: one table for each part of the source, columns as in its objects. */
struct snmp_view {
    struct snmp_table *const *parts;
    const struct snmp_table *interfaces;     /* INTERFACE_COLUMNS; empty when the job does not want them */
    void (*emit)(void *arg, const struct fact_row *row);     /* takes what it needs before it returns */
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
extern const struct snmp_source snmp_addresses, snmp_arp, snmp_components, snmp_mac_addresses, snmp_neighbors;

/* Sets a text column from a value of a part; nothing there, or no text: stays NULL. */
void snmp_set_text(struct fact_row *out, int column, const struct snmp_table *t, size_t row, size_t from, struct arena *mem);
/* The name of an interface: ifName, else ifDescr; NULL when it is not known. */
const char *snmp_interface_name(const struct snmp_table *interfaces, int64_t if_index, struct arena *mem);
/* Four or sixteen bytes as an address; NULL for other lengths. */
const char *snmp_address_text(const uint8_t *p, size_t len, struct arena *mem);

/* Six bytes, not all zero, as a MAC address; else NULL. */
const char *snmp_mac_text(const uint8_t *p, size_t len, struct arena *mem);

#endif
