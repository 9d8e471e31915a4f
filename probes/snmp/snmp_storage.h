/* hrStorageTable, which `storage` and `memory` read together. Pure. */
#ifndef PREOP_PROBES_SNMP_STORAGE_H
#define PREOP_PROBES_SNMP_STORAGE_H

#include "probes/snmp/snmp_sources.h"

enum storage_object { STORAGE_OBJECT_SIZE, STORAGE_OBJECT_TYPE, STORAGE_OBJECT_DESCR, STORAGE_OBJECT_UNIT, STORAGE_OBJECT_USED, STORAGE_OBJECT_FAILURES, STORAGE_OBJECTS };

extern const char *const snmp_storage_objects[STORAGE_OBJECTS];
#define SNMP_STORAGE SNMP_COLUMNS_LED(snmp_storage_objects, 4000)

const char *snmp_storage_type(const struct snmp_table *t, size_t row);       /* "ram", "fixedDisk", ...; NULL when it is none that the MIB names */
/* A number of allocation units in bytes; false when the agent's number cannot be one. column: STORAGE_OBJECT_SIZE or _USED. */
bool snmp_storage_bytes(const struct snmp_table *t, size_t row, size_t column, int64_t *out);

#endif
