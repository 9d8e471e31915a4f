/* The declaration of neighbors. Constants only. */
#include "fact/table_neighbors.h"

static const struct fact_column columns[] = {
    [NEIGHBORS_PROTOCOL] = { "protocol", FACT_TEXT, FACT_KEY, NULL, "LLDP-MIB, CISCO-CDP-MIB", "lldp or cdp" },
    [NEIGHBORS_LOCAL_PORT_NUMBER] = { "local_port_number", FACT_INTEGER, FACT_KEY, NULL, "LLDP-MIB::lldpRemLocalPortNum, CISCO-CDP-MIB::cdpCacheIfIndex", "The protocol's number for the local port; LLDP's is no ifIndex" },
    [NEIGHBORS_NUMBER] = { "number", FACT_INTEGER, FACT_KEY, NULL, "LLDP-MIB::lldpRemIndex, CISCO-CDP-MIB::cdpCacheDeviceIndex", "Tells neighbours at one port apart" },
    [NEIGHBORS_LOCAL_PORT] = { "local_port", FACT_TEXT, FACT_LABEL, NULL, "LLDP-MIB::lldpLocPortId or lldpLocPortDesc, IF-MIB::ifName", "The local port's name" },
    [NEIGHBORS_LOCAL_IF_INDEX] = { "local_if_index", FACT_INTEGER, 0, NULL, "CISCO-CDP-MIB::cdpCacheIfIndex; for LLDP the interface of that name", "The local interface's number; joins interfaces.if_index" },
    [NEIGHBORS_CHASSIS_ID] = { "chassis_id", FACT_TEXT, 0, NULL, "LLDP-MIB::lldpRemChassisId, CISCO-CDP-MIB::cdpCacheDeviceId", "The neighbour's name for itself" },
    [NEIGHBORS_CHASSIS_ID_TYPE] = { "chassis_id_type", FACT_TEXT, 0, NULL, "LLDP-MIB::lldpRemChassisIdSubtype", "What kind of name: macAddress, networkAddress, interfaceName, local, ..." },
    [NEIGHBORS_PORT_ID] = { "port_id", FACT_TEXT, 0, NULL, "LLDP-MIB::lldpRemPortId, CISCO-CDP-MIB::cdpCacheDevicePort", "The neighbour's port" },
    [NEIGHBORS_PORT_ID_TYPE] = { "port_id_type", FACT_TEXT, 0, NULL, "LLDP-MIB::lldpRemPortIdSubtype", "What kind of name that is: interfaceName, macAddress, local, ..." },
    [NEIGHBORS_PORT_DESCR] = { "port_descr", FACT_TEXT, 0, NULL, "LLDP-MIB::lldpRemPortDesc", "The description of the neighbour's port" },
    [NEIGHBORS_SYS_NAME] = { "sys_name", FACT_TEXT, 0, NULL, "LLDP-MIB::lldpRemSysName, CISCO-CDP-MIB::cdpCacheSysName", "The neighbour's host name" },
    [NEIGHBORS_SYS_DESCR] = { "sys_descr", FACT_TEXT, 0, NULL, "LLDP-MIB::lldpRemSysDesc, CISCO-CDP-MIB::cdpCacheVersion", "What the neighbour says it is" },
    [NEIGHBORS_PLATFORM] = { "platform", FACT_TEXT, 0, NULL, "CISCO-CDP-MIB::cdpCachePlatform", "The neighbour's model" },
    [NEIGHBORS_ADDRESS] = { "address", FACT_ADDRESS, 0, NULL, "LLDP-MIB::lldpRemManAddrTable's index, CISCO-CDP-MIB::cdpCacheAddress", "Where the neighbour can be managed" },
    [NEIGHBORS_CAPABILITIES] = { "capabilities", FACT_TEXT, 0, NULL, "LLDP-MIB::lldpRemSysCapEnabled, CISCO-CDP-MIB::cdpCacheCapabilities", "What it does, comma separated: bridge, router, wlanAccessPoint, telephone, ..." },
    [NEIGHBORS_NATIVE_VLAN] = { "native_vlan", FACT_INTEGER, 0, NULL, "CISCO-CDP-MIB::cdpCacheNativeVLAN", "The untagged VLAN at the neighbour's end" },
    [NEIGHBORS_DUPLEX] = { "duplex", FACT_TEXT, 0, NULL, "CISCO-CDP-MIB::cdpCacheDuplex", "The neighbour's duplex: full or half" },
};
_Static_assert(sizeof columns / sizeof columns[0] == NEIGHBORS_COLUMNS, "every column is declared");

const struct fact_table fact_neighbors = FACT_TABLE_DECLARE("neighbors", "What a device hears from the devices on its links (LLDP, CDP)", FILLED_BY_PROBE, 0, columns);
