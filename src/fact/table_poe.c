/* The declaration of poe. Constants only. */
#include "fact/table_poe.h"

static const struct fact_column columns[] = {
    [POE_SUPPLY] = { "supply", FACT_INTEGER, FACT_KEY, NULL, "POWER-ETHERNET-MIB::pethMainPseGroupIndex", "The power supply's number; in a stack, the switch's" },
    [POE_STATE] = { "state", FACT_TEXT, 0, NULL, "POWER-ETHERNET-MIB::pethMainPseOperStatus", "on, off, faulty" },
    [POE_BUDGET_WATTS] = { "budget_watts", FACT_REAL, 0, "W", "POWER-ETHERNET-MIB::pethMainPsePower", "What it can give" },
    [POE_USED_WATTS] = { "used_watts", FACT_REAL, FACT_VOLATILE, "W", "POWER-ETHERNET-MIB::pethMainPseConsumptionPower, else CISCO-POWER-ETHERNET-EXT-MIB::cpeExtMainPseUsedPower", "What it gives now. Some switches say 0 under load: see power_known" },
    [POE_USED_PERCENT] = { "used_percent", FACT_REAL, FACT_VOLATILE, "%", "used of budget", "Share of the budget that is given now; NULL when power_known is not true" },
    [POE_POWER_KNOWN] = { "power_known", FACT_BOOLEAN, 0, NULL, "used_watts, and whether a port gives power (pethPsePortDetectionStatus)", "False when the switch says that it gives nothing while ports give power" },
    [POE_ALLOCATED_WATTS] = { "allocated_watts", FACT_REAL, FACT_VOLATILE, "W", "CISCO-POWER-ETHERNET-EXT-MIB::cpeExtPsePortPwrAllocated, all ports of the supply", "What it has promised to the devices on its ports" },
    [POE_THRESHOLD_PERCENT] = { "threshold_percent", FACT_INTEGER, 0, "%", "POWER-ETHERNET-MIB::pethMainPseUsageThreshold", "The share at which it raises an alarm" },
    [POE_PORTS_DELIVERING] = { "ports_delivering", FACT_INTEGER, FACT_VOLATILE, "ports", "POWER-ETHERNET-MIB::pethPsePortDetectionStatus", "Ports that give power now" },
    [POE_PORTS_FAULTY] = { "ports_faulty", FACT_INTEGER, FACT_VOLATILE, "ports", "POWER-ETHERNET-MIB::pethPsePortDetectionStatus", "Ports with a fault" },
};
_Static_assert(sizeof columns / sizeof columns[0] == POE_COLUMNS, "every column is declared");

const struct fact_table fact_poe =
    FACT_TABLE_DECLARE("poe", "Power over Ethernet: what a switch can give, and gives", FILLED_BY_PROBE, 0, columns);
