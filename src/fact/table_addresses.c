/* The declaration of addresses. Constants only. */
#include "fact/table_addresses.h"

static const struct fact_column columns[] = {
    [ADDRESSES_ADDRESS] = { "address", FACT_ADDRESS, FACT_KEY, NULL, "IP-MIB::ipAddressTable's index, else ipAdEntAddr", "IPv4 or IPv6 address" },
    [ADDRESSES_IF_INDEX] = { "if_index", FACT_INTEGER, FACT_KEY, NULL, "IP-MIB::ipAddressIfIndex, else ipAdEntIfIndex", "The interface's number; joins interfaces.if_index" },
    [ADDRESSES_INTERFACE] = { "interface", FACT_TEXT, FACT_LABEL, NULL, "IF-MIB::ifName, else ifDescr", "The interface's name" },
    [ADDRESSES_PREFIX] = { "prefix", FACT_PREFIX, 0, NULL, "IP-MIB::ipAddressPrefix, else ipAdEntNetMask", "The network it is in; NULL when the device does not say" },
    [ADDRESSES_PREFIX_LENGTH] = { "prefix_length", FACT_INTEGER, 0, "bits", "IP-MIB::ipAddressPrefix, else ipAdEntNetMask", "Length of that network's prefix" },
    [ADDRESSES_ORIGIN] = { "origin", FACT_TEXT, 0, NULL, "IP-MIB::ipAddressOrigin", "manual, dhcp, linklayer, random or other" },
    [ADDRESSES_TYPE] = { "type", FACT_TEXT, 0, NULL, "IP-MIB::ipAddressType", "unicast, anycast or broadcast" },
    [ADDRESSES_ZONE] = { "zone", FACT_INTEGER, FACT_KEY, NULL, "IP-MIB::ipAddressTable's index (ipv4z, ipv6z)", "The zone of a link-local address" },
};
_Static_assert(sizeof columns / sizeof columns[0] == ADDRESSES_COLUMNS, "every column is declared");

const struct fact_table fact_addresses = FACT_TABLE_DECLARE("addresses", "IP addresses of a device, with the networks they are in", FILLED_BY_PROBE, 0, columns);
