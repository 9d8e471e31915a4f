/* The declaration of poe_ports. Constants only. */
#include "fact/table_poe_ports.h"

static const struct fact_column columns[] = {
    [POE_PORTS_SUPPLY] = { "supply", FACT_INTEGER, FACT_KEY, NULL, "POWER-ETHERNET-MIB::pethPsePortGroupIndex", "The power supply's number; joins poe.supply" },
    [POE_PORTS_PORT] = { "port", FACT_INTEGER, FACT_KEY, NULL, "POWER-ETHERNET-MIB::pethPsePortIndex", "The port's number within it" },
    [POE_PORTS_INTERFACE] = { "interface", FACT_TEXT, FACT_LABEL, NULL, "CISCO-POWER-ETHERNET-EXT-MIB::cpeExtPsePortEntPhyIndex with ENTITY-MIB::entPhysicalName", "The interface's name, where the device joins the two; the MIB itself does not" },
    [POE_PORTS_ENABLED] = { "enabled", FACT_BOOLEAN, 0, NULL, "POWER-ETHERNET-MIB::pethPsePortAdminEnable", "Power is switched on by configuration" },
    [POE_PORTS_STATE] = { "state", FACT_TEXT, 0, NULL, "POWER-ETHERNET-MIB::pethPsePortDetectionStatus", "disabled, searching, deliveringPower, fault, test, otherFault" },
    [POE_PORTS_POWER_CLASS] = { "power_class", FACT_INTEGER, 0, NULL, "POWER-ETHERNET-MIB::pethPsePortPowerClassifications", "IEEE 802.3 class of the device on it, 0 to 8; of ports that give power only" },
    [POE_PORTS_PRIORITY] = { "priority", FACT_TEXT, 0, NULL, "POWER-ETHERNET-MIB::pethPsePortPowerPriority", "critical, high, low: who keeps power when it is short" },
    [POE_PORTS_USED_WATTS] = { "used_watts", FACT_REAL, FACT_VOLATILE, "W", "CISCO-POWER-ETHERNET-EXT-MIB::cpeExtPsePortPwrConsumption, HP-ICF-POE-MIB::hpicfPoePethPsePortActualPower", "What it gives now" },
    [POE_PORTS_ALLOCATED_WATTS] = { "allocated_watts", FACT_REAL, FACT_VOLATILE, "W", "CISCO-POWER-ETHERNET-EXT-MIB::cpeExtPsePortPwrAllocated", "What it has promised to the device" },
    [POE_PORTS_DENIED] = { "denied", FACT_INTEGER, FACT_VOLATILE, NULL, "POWER-ETHERNET-MIB::pethPsePortPowerDeniedCounter", "Times that a device was denied power" },
    [POE_PORTS_OVERLOADS] = { "overloads", FACT_INTEGER, FACT_VOLATILE, NULL, "POWER-ETHERNET-MIB::pethPsePortOverLoadCounter", "Times that a device took too much" },
};
_Static_assert(sizeof columns / sizeof columns[0] == POE_PORTS_COLUMNS, "every column is declared");

const struct fact_table fact_poe_ports =
    FACT_TABLE_DECLARE("poe_ports", "Power over Ethernet of each port: state, class, denials", FILLED_BY_PROBE, 0, columns);
