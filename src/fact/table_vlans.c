/* The declaration of vlans. Constants only. */
#include "fact/table_vlans.h"

static const struct fact_column columns[] = {
    [VLANS_VLAN] = { "vlan", FACT_INTEGER, FACT_KEY, NULL, "Q-BRIDGE-MIB::dot1qVlanIndex, CISCO-VTP-MIB::vtpVlanIndex", "The VLAN's number" },
    [VLANS_NAME] = { "name", FACT_TEXT, FACT_LABEL, NULL, "Q-BRIDGE-MIB::dot1qVlanStaticName, else CISCO-VTP-MIB::vtpVlanName", "Its name" },
    [VLANS_CONFIGURED] = { "configured", FACT_BOOLEAN, 0, NULL, "whether dot1qVlanStaticTable or vtpVlanTable has it", "Somebody configured it here; else it was learned from a neighbour" },
    [VLANS_ACTIVE] = { "active", FACT_BOOLEAN, 0, NULL, "Q-BRIDGE-MIB::dot1qVlanStaticRowStatus, dot1qVlanCurrentTable, CISCO-VTP-MIB::vtpVlanState", "It carries traffic; NULL when the device does not say" },
    [VLANS_TYPE] = { "type", FACT_TEXT, 0, NULL, "CISCO-VTP-MIB::vtpVlanType", "ethernet, fddi, tokenRing, ... ; NULL where the device has one kind only" },
    [VLANS_DOMAIN] = { "domain", FACT_TEXT, 0, NULL, "CISCO-VTP-MIB::managementDomainName", "The VTP domain, within which switches copy VLANs from each other" },
    [VLANS_TAGGED_PORTS] = { "tagged_ports", FACT_INTEGER, 0, "ports", "Q-BRIDGE-MIB::dot1qVlanCurrentEgressPorts less dot1qVlanCurrentUntaggedPorts, else the Static ones", "Ports where its packets carry the VLAN's number" },
    [VLANS_UNTAGGED_PORTS] = { "untagged_ports", FACT_INTEGER, 0, "ports", "Q-BRIDGE-MIB::dot1qVlanCurrentUntaggedPorts, else dot1qVlanStaticUntaggedPorts", "Ports where its packets carry no number" },
};
_Static_assert(sizeof columns / sizeof columns[0] == VLANS_COLUMNS, "every column is declared");

const struct fact_table fact_vlans =
    FACT_TABLE_DECLARE("vlans", "Virtual networks (VLANs) that a device knows, with names and how many ports are in each", FILLED_BY_PROBE, 0, columns);
