/* mac_addresses: behind which port a switch has seen which hardware address. */
#ifndef PREOP_FACT_TABLE_MAC_ADDRESSES_H
#define PREOP_FACT_TABLE_MAC_ADDRESSES_H
#include "fact/table.h"
enum mac_addresses_column { MAC_ADDRESSES_MAC, MAC_ADDRESSES_FDB, MAC_ADDRESSES_VLAN, MAC_ADDRESSES_BRIDGE_PORT, MAC_ADDRESSES_IF_INDEX, MAC_ADDRESSES_INTERFACE, MAC_ADDRESSES_STATUS, MAC_ADDRESSES_COLUMNS };
extern const struct fact_table fact_mac_addresses;
#endif
