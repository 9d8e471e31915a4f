/* The declaration of interfaces. Constants only. */
#include "fact/table_interfaces.h"

static const struct fact_column columns[] = {
    [INTERFACES_NAME] = { "name", FACT_TEXT, FACT_KEY, NULL, "IF-MIB::ifName, else ifDescr", "What people call the port: Gi1/0/24" },
    [INTERFACES_IF_INDEX] = { "if_index", FACT_INTEGER, 0, NULL, "IF-MIB::ifIndex", "The device's number for it; may change when it restarts" },
    [INTERFACES_DESCR] = { "descr", FACT_TEXT, 0, NULL, "IF-MIB::ifDescr", "The device's long name for it" },
    [INTERFACES_ALIAS] = { "alias", FACT_TEXT, 0, NULL, "IF-MIB::ifAlias", "The description that somebody gave it" },
    [INTERFACES_TYPE] = { "type", FACT_INTEGER, 0, NULL, "IF-MIB::ifType", "IANA's number for the kind: 6 is Ethernet" },
    [INTERFACES_TYPE_NAME] = { "type_name", FACT_TEXT, 0, NULL, "IANAifType-MIB", "IANA's word for the kind: ethernetCsmacd" },
    [INTERFACES_SPEED_MBPS] = { "speed_mbps", FACT_INTEGER, 0, "Mb/s", "IF-MIB::ifHighSpeed, else ifSpeed", "Speed now; NULL when the device does not know it" },
    [INTERFACES_DUPLEX] = { "duplex", FACT_TEXT, 0, NULL, "EtherLike-MIB::dot3StatsDuplexStatus", "full or half; NULL when the device does not know it" },
    [INTERFACES_ADMIN_UP] = { "admin_up", FACT_BOOLEAN, 0, NULL, "IF-MIB::ifAdminStatus", "Switched on by configuration" },
    [INTERFACES_OPER_UP] = { "oper_up", FACT_BOOLEAN, 0, NULL, "IF-MIB::ifOperStatus", "Passing traffic now" },
    [INTERFACES_OPER_STATUS] = { "oper_status", FACT_TEXT, 0, NULL, "IF-MIB::ifOperStatus", "The state in IF-MIB's word: up, down, dormant, notPresent, ..." },
    [INTERFACES_MTU] = { "mtu", FACT_INTEGER, 0, "bytes", "IF-MIB::ifMtu", "Largest packet" },
    [INTERFACES_MAC] = { "mac", FACT_MAC, 0, NULL, "IF-MIB::ifPhysAddress", "Hardware address" },
    [INTERFACES_CONNECTOR_PRESENT] = { "connector_present", FACT_BOOLEAN, 0, NULL, "IF-MIB::ifConnectorPresent", "A physical port, not a virtual one" },
    [INTERFACES_LAST_CHANGE_S] = { "last_change_s", FACT_INTEGER, FACT_VOLATILE, "s", "SNMPv2-MIB::sysUpTime.0 minus IF-MIB::ifLastChange", "Seconds since its state last changed" },
    [INTERFACES_IN_OCTETS] = { "in_octets", FACT_INTEGER, FACT_VOLATILE, "bytes", "IF-MIB::ifHCInOctets, else ifInOctets", "Bytes received since the counter began" },
    [INTERFACES_OUT_OCTETS] = { "out_octets", FACT_INTEGER, FACT_VOLATILE, "bytes", "IF-MIB::ifHCOutOctets, else ifOutOctets", "Bytes sent since the counter began" },
    [INTERFACES_IN_PACKETS] = { "in_packets", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifHCInUcastPkts, else ifInUcastPkts", "Unicast packets received" },
    [INTERFACES_OUT_PACKETS] = { "out_packets", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifHCOutUcastPkts, else ifOutUcastPkts", "Unicast packets sent" },
    [INTERFACES_IN_ERRORS] = { "in_errors", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifInErrors", "Packets received damaged" },
    [INTERFACES_OUT_ERRORS] = { "out_errors", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifOutErrors", "Packets that could not be sent" },
    [INTERFACES_IN_DISCARDS] = { "in_discards", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifInDiscards", "Good packets dropped on the way in, often for want of room" },
    [INTERFACES_OUT_DISCARDS] = { "out_discards", FACT_INTEGER, FACT_VOLATILE, "packets", "IF-MIB::ifOutDiscards", "Good packets dropped on the way out, often for want of room" },
    [INTERFACES_COUNTERS_64BIT] = { "counters_64bit", FACT_BOOLEAN, 0, NULL, "whether IF-MIB::ifHC* answered", "Byte counters are 64 bits wide; 32-bit ones wrap in 34 s at 1 Gb/s" },
    [INTERFACES_ROLE] = { "role", FACT_TEXT, 0, NULL, "derived: IF-MIB::ifType, neighbours' capabilities (LLDP, CDP), the default route, names", "uplink, access, wan, management, wireless, virtual; NULL when nobody can tell" },
    [INTERFACES_ROLE_FROM] = { "role_from", FACT_TEXT, 0, NULL, "derived with role", "What the role was concluded from: neighbor, default route, type, name, untagged port" },
};
_Static_assert(sizeof columns / sizeof columns[0] == INTERFACES_COLUMNS, "every column is declared");

const struct fact_table fact_interfaces =
    FACT_TABLE_DECLARE("interfaces", "Network interfaces of a device: speed, state, errors", FILLED_BY_PROBE, 1, columns);
