/* Knowing a device: which rules it meets, which objects they want, and what they make of the answers. Pure: it asks nobody. Runs in a
 * worker; rules come from the parent, every answer from the device. */
#ifndef PREOP_PROBES_SNMP_KNOW_H
#define PREOP_PROBES_SNMP_KNOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/mem.h"
#include "fact/row.h"
#include "worker/snmp_value.h"

#define KNOW_OBJECTS_MAX 256         /* single objects asked of one device for all rules together */
#define KNOW_COLUMNS_MAX 32
#define KNOW_ROWS_MAX 32             /* rows of a column that are looked at */
#define KNOW_CHASSIS_MAX 2

struct snmp_know;
/* Decodes; patterns are compiled when a device meets their rule. NULL when the bytes are not in order. snmp_know_free() it. */
struct snmp_know *snmp_know_new(const void *wire, size_t len);
void snmp_know_free(struct snmp_know *k);                        /* NULL is fine */

/* What is known before asking. Texts are borrowed as long as k lives, and may be NULL. */
struct snmp_known {
    const char *descr, *name;
    const uint32_t *object_id; size_t n_object_id;
    uint32_t chassis[KNOW_CHASSIS_MAX]; size_t n_chassis;        /* rows of entPhysicalTable: the stack, the first chassis */
};
/* Finds the rules that may apply, and what they want to know. Once for each k. */
void snmp_know_begin(struct snmp_know *k, const struct snmp_known *known);
const char *const *snmp_know_objects(const struct snmp_know *k, size_t *n);     /* whole, with their instance */
const char *const *snmp_know_columns(const struct snmp_know *k, size_t *n);
void snmp_know_object(struct snmp_know *k, size_t object, const struct snmp_value *v);       /* an answer */
void snmp_know_cell(struct snmp_know *k, size_t column, const struct snmp_value *v);         /* the next row's */
/* Sets vendor, model, os, os_version and serial of a row of `devices`; what no rule knows stays NULL. Texts live in mem. */
void snmp_know_end(struct snmp_know *k, struct fact_row *out, struct arena *mem);

#endif
