/* poe_ports: the power that one port gives. */
#ifndef PREOP_FACT_TABLE_POE_PORTS_H
#define PREOP_FACT_TABLE_POE_PORTS_H
#include "fact/table.h"
enum poe_ports_column {
    POE_PORTS_SUPPLY, POE_PORTS_PORT, POE_PORTS_INTERFACE, POE_PORTS_ENABLED, POE_PORTS_STATE, POE_PORTS_POWER_CLASS, POE_PORTS_PRIORITY, POE_PORTS_USED_WATTS,
    POE_PORTS_ALLOCATED_WATTS, POE_PORTS_DENIED, POE_PORTS_OVERLOADS, POE_PORTS_COLUMNS
};
extern const struct fact_table fact_poe_ports;
#endif
