/* The declaration of devices. Constants only. */
#include "fact/table_devices.h"

static const struct fact_column columns[] = {
    [DEVICES_SYS_NAME] = { "sys_name", FACT_TEXT, FACT_KEY, NULL, "SNMPv2-MIB::sysName.0", "The name that the device has for itself" },
    [DEVICES_SYS_DESCR] = { "sys_descr", FACT_TEXT, 0, NULL, "SNMPv2-MIB::sysDescr.0", "What the device says it is, as it says it" },
    [DEVICES_SYS_OBJECT_ID] = { "sys_object_id", FACT_TEXT, 0, NULL, "SNMPv2-MIB::sysObjectID.0", "The vendor's number for this kind of device, dotted" },
    [DEVICES_UPTIME_S] = { "uptime_s", FACT_INTEGER, FACT_VOLATILE, "s", "SNMPv2-MIB::sysUpTime.0", "Seconds since its management started; wraps after 497 days" },
    [DEVICES_CONTACT] = { "contact", FACT_TEXT, FACT_PERSONAL, NULL, "SNMPv2-MIB::sysContact.0", "Whom the device names as its contact" },
    [DEVICES_LOCATION] = { "location", FACT_TEXT, 0, NULL, "SNMPv2-MIB::sysLocation.0", "Where the device says it stands" },
    [DEVICES_SERVICES] = { "services", FACT_INTEGER, 0, NULL, "SNMPv2-MIB::sysServices.0", "Layers that it serves, as a sum: 2 switches, 4 routes, 64 applications" },
    [DEVICES_ENGINE_ID] = { "engine_id", FACT_TEXT, 0, NULL, "SNMP-FRAMEWORK-MIB::snmpEngineID.0", "SNMPv3 engine id in hex; two devices with one id are clones" },
    [DEVICES_SNMP_VERSION] = { "snmp_version", FACT_TEXT, 0, NULL, "the session", "The version it was read with: 1, 2c or 3" },
    [DEVICES_BOOTED_AT] = { "booted_at", FACT_TIMESTAMP, FACT_VOLATILE, NULL, "time of the answer minus SNMPv2-MIB::sysUpTime.0", "When its management last started" },
    [DEVICES_VENDOR] = { "vendor", FACT_TEXT, 0, NULL, "device-rules.yaml, else the enterprise number in sysObjectID", "Who made it; of a computer without a maker of its own, who made its agent" },
    [DEVICES_MODEL] = { "model", FACT_TEXT, 0, NULL, "device-rules.yaml: vendor MIBs, ENTITY-MIB, sysDescr, sysObjectID", "Model; of a computer that tells none, its architecture" },
    [DEVICES_OS] = { "os", FACT_TEXT, 0, NULL, "device-rules.yaml: sysObjectID, sysDescr", "Operating system or firmware, a short name: ios, iosxe, fortigate, windows" },
    [DEVICES_OS_VERSION] = { "os_version", FACT_TEXT, 0, NULL, "device-rules.yaml: vendor MIBs, ENTITY-MIB, sysDescr", "Its version" },
    [DEVICES_SERIAL] = { "serial", FACT_TEXT, 0, NULL, "device-rules.yaml: vendor MIBs, ENTITY-MIB, Printer-MIB", "Serial number; of a stack, its first member's" },
};
_Static_assert(sizeof columns / sizeof columns[0] == DEVICES_COLUMNS, "every column is declared");

const struct fact_table fact_devices =
    FACT_TABLE_DECLARE_ONE("devices", "Network gear and other things that answer SNMP: what they say they are", FILLED_BY_PROBE, 1, columns);
