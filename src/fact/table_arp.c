/* The declaration of arp. Constants only. */
#include "fact/table_arp.h"

static const struct fact_column columns[] = {
    [ARP_IF_INDEX] = { "if_index", FACT_INTEGER, FACT_KEY, NULL, "IP-MIB::ipNetToPhysicalIfIndex, else ipNetToMediaIfIndex", "The interface's number; joins interfaces.if_index" },
    [ARP_ADDRESS] = { "address", FACT_ADDRESS, FACT_KEY, NULL, "IP-MIB::ipNetToPhysicalNetAddress, else ipNetToMediaNetAddress", "IPv4 or IPv6 address of a thing on that network" },
    [ARP_INTERFACE] = { "interface", FACT_TEXT, 0, NULL, "IF-MIB::ifName, else ifDescr", "The interface's name" },
    [ARP_MAC] = { "mac", FACT_MAC, 0, NULL, "IP-MIB::ipNetToPhysicalPhysAddress, else ipNetToMediaPhysAddress", "Its hardware address; NULL while it is being looked for" },
    [ARP_TYPE] = { "type", FACT_TEXT, 0, NULL, "IP-MIB::ipNetToPhysicalType, else ipNetToMediaType", "dynamic (heard), static (configured), local (the device's own), other, invalid" },
};
_Static_assert(sizeof columns / sizeof columns[0] == ARP_COLUMNS, "every column is declared");

const struct fact_table fact_arp = FACT_TABLE_DECLARE("arp", "Which hardware address a device knows for which IP address (ARP, IPv6 neighbours)", FILLED_BY_PROBE, 0, columns);
