/* prefixes: one row for each network in a register of addresses (IPAM). What devices have themselves stands in addresses and routes. */
#ifndef PREOP_FACT_TABLE_PREFIXES_H
#define PREOP_FACT_TABLE_PREFIXES_H
#include "fact/table.h"
enum prefixes_column { PREFIXES_PREFIX, PREFIXES_VRF, PREFIXES_STATUS, PREFIXES_ROLE, PREFIXES_PLACE, PREFIXES_TENANT, PREFIXES_VLAN, PREFIXES_COLUMNS };
extern const struct fact_table fact_prefixes;
#endif
