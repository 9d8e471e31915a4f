/* vlan_ports: which port of one device is in which virtual network. */
#ifndef PREOP_FACT_TABLE_VLAN_PORTS_H
#define PREOP_FACT_TABLE_VLAN_PORTS_H
#include "fact/table.h"
enum vlan_ports_column {
    VLAN_PORTS_VLAN, VLAN_PORTS_IF_INDEX, VLAN_PORTS_BRIDGE_PORT, VLAN_PORTS_INTERFACE, VLAN_PORTS_TAGGED, VLAN_PORTS_IS_PVID, VLAN_PORTS_MODE, VLAN_PORTS_COLUMNS
};
extern const struct fact_table fact_vlan_ports;
#endif
