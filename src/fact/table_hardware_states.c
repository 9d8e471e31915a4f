/* The declaration of hardware_states. Constants only. */
#include "fact/table_hardware_states.h"

static const struct fact_column columns[] = {
    [HARDWARE_STATES_SOURCE] = { "source", FACT_TEXT, FACT_KEY, NULL, "name of the MIB that answered", "The MIB that it was read from" },
    [HARDWARE_STATES_KIND] = { "kind", FACT_TEXT, FACT_KEY, NULL, "the MIB table that the row is from", "powerSupply, fan, temperature, voltage, disk, array, system, stackMember, alarm, component" },
    [HARDWARE_STATES_NUMBER] = { "number", FACT_TEXT, FACT_KEY, NULL, "the row's index in that MIB", "The device's number for it" },
    [HARDWARE_STATES_NAME] = { "name", FACT_TEXT, FACT_LABEL, NULL, "CISCO-ENVMON-MIB::ciscoEnvMonSupplyStatusDescr, SYNOLOGY-DISK-MIB::diskID, HP-ICF-CHASSIS::hpicfSensorDescr, ...", "What it is called" },
    [HARDWARE_STATES_STATE] = { "state", FACT_TEXT, FACT_VOLATILE, NULL, "the MIB's state, put into one of these words", "ok, warning, failed, absent; NULL when the device does not know" },
    [HARDWARE_STATES_WORD] = { "word", FACT_TEXT, FACT_VOLATILE, NULL, "CISCO-ENVMON-MIB::ciscoEnvMonSupplyState, ENTITY-STATE-MIB::entStateOper, SYNOLOGY-RAID-MIB::raidStatus, JUNIPER-ALARM-MIB::jnxRedAlarmState, CISCO-STACKWISE-MIB::cswSwitchState, ...", "The MIB's own word for it" },
};
_Static_assert(sizeof columns / sizeof columns[0] == HARDWARE_STATES_COLUMNS, "every column is declared");

const struct fact_table fact_hardware_states =
    FACT_TABLE_DECLARE("hardware_states", "Power supplies, fans, temperatures, disks and arrays as the device judges them", FILLED_BY_PROBE, 0, columns);
