/* The declaration of vlan_ports. Constants only. */
#include "fact/table_vlan_ports.h"

static const struct fact_column columns[] = {
    [VLAN_PORTS_VLAN] = { "vlan", FACT_INTEGER, FACT_KEY, NULL, "Q-BRIDGE-MIB::dot1qVlanIndex, CISCO-VLAN-MEMBERSHIP-MIB::vmVlan, CISCO-VTP-MIB::vlanTrunkPortVlansEnabled", "The VLAN's number" },
    [VLAN_PORTS_IF_INDEX] = { "if_index", FACT_INTEGER, FACT_KEY, NULL, "BRIDGE-MIB::dot1dBasePortIfIndex; Cisco: the row's index", "The interface's number; joins interfaces.if_index" },
    [VLAN_PORTS_BRIDGE_PORT] = { "bridge_port", FACT_INTEGER, FACT_KEY, NULL, "BRIDGE-MIB::dot1dBasePort", "The port's number within the bridge; NULL where only the interface is known" },
    [VLAN_PORTS_INTERFACE] = { "interface", FACT_TEXT, FACT_LABEL, NULL, "IF-MIB::ifName, else ifDescr", "The interface's name" },
    [VLAN_PORTS_TAGGED] = { "tagged", FACT_BOOLEAN, 0, NULL, "Q-BRIDGE-MIB::dot1qVlanCurrentUntaggedPorts, else dot1qVlanStaticUntaggedPorts; Cisco: vlanTrunkPortNativeVlan, vmVlan", "Packets carry the VLAN's number on this port" },
    [VLAN_PORTS_IS_PVID] = { "is_pvid", FACT_BOOLEAN, 0, NULL, "Q-BRIDGE-MIB::dot1qPvid; Cisco: vmVlan, vlanTrunkPortNativeVlan", "Packets that arrive without a number are of this VLAN" },
    [VLAN_PORTS_MODE] = { "mode", FACT_TEXT, 0, NULL, "CISCO-VTP-MIB::vlanTrunkPortDynamicStatus, CISCO-VLAN-MEMBERSHIP-MIB::vmVlanType", "access or trunk; NULL when the device does not say" },
};
_Static_assert(sizeof columns / sizeof columns[0] == VLAN_PORTS_COLUMNS, "every column is declared");

const struct fact_table fact_vlan_ports =
    FACT_TABLE_DECLARE("vlan_ports", "Which port is in which VLAN, with or without a tag", FILLED_BY_PROBE, 0, columns);
