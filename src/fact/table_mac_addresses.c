/* The declaration of mac_addresses. Constants only. */
#include "fact/table_mac_addresses.h"

static const struct fact_column columns[] = {
    [MAC_ADDRESSES_MAC] = { "mac", FACT_MAC, FACT_KEY, NULL, "Q-BRIDGE-MIB::dot1qTpFdbAddress, else BRIDGE-MIB::dot1dTpFdbAddress", "Hardware address of a thing behind a port" },
    [MAC_ADDRESSES_FDB] = { "fdb", FACT_INTEGER, FACT_KEY, NULL, "Q-BRIDGE-MIB::dot1qFdbId", "The switch's number for the forwarding table; NULL where it has one for all VLANs" },
    [MAC_ADDRESSES_VLAN] = { "vlan", FACT_INTEGER, 0, NULL, "Q-BRIDGE-MIB::dot1qVlanFdbId", "The VLAN of that forwarding table; NULL when several share it or none is named" },
    [MAC_ADDRESSES_BRIDGE_PORT] = { "bridge_port", FACT_INTEGER, 0, NULL, "Q-BRIDGE-MIB::dot1qTpFdbPort, else BRIDGE-MIB::dot1dTpFdbPort", "The bridge's number for the port; no ifIndex" },
    [MAC_ADDRESSES_IF_INDEX] = { "if_index", FACT_INTEGER, 0, NULL, "BRIDGE-MIB::dot1dBasePortIfIndex", "The interface's number; joins interfaces.if_index" },
    [MAC_ADDRESSES_INTERFACE] = { "interface", FACT_TEXT, 0, NULL, "IF-MIB::ifName, else ifDescr", "The interface's name" },
    [MAC_ADDRESSES_STATUS] = { "status", FACT_TEXT, 0, NULL, "Q-BRIDGE-MIB::dot1qTpFdbStatus, else BRIDGE-MIB::dot1dTpFdbStatus", "learned (heard), self (the switch's own), mgmt (configured), other, invalid" },
};
_Static_assert(sizeof columns / sizeof columns[0] == MAC_ADDRESSES_COLUMNS, "every column is declared");

const struct fact_table fact_mac_addresses = FACT_TABLE_DECLARE("mac_addresses", "Behind which port a switch has seen which hardware address", FILLED_BY_PROBE, 0, columns);
