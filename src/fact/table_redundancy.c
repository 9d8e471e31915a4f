/* The declaration of redundancy. Constants only. */
#include "fact/table_redundancy.h"

static const struct fact_column columns[] = {
    [REDUNDANCY_SOURCE] = { "source", FACT_TEXT, FACT_KEY, NULL, "name of the MIB that answered", "The MIB that it was read from" },
    [REDUNDANCY_NUMBER] = { "number", FACT_TEXT, FACT_KEY, NULL, "the row's index in that MIB; 0 for the whole device", "Which member; 0 is the device itself" },
    [REDUNDANCY_MODE] = { "mode", FACT_TEXT, 0, NULL, "FORTINET-FORTIGATE-MIB::fgHaSystemMode, PAN-COMMON-MIB::panSysHAMode, CISCO-STACKWISE-MIB::cswSwitchRole", "standalone, activePassive, activeActive; of a stack's members master, member, standby" },
    [REDUNDANCY_STATE] = { "state", FACT_TEXT, FACT_VOLATILE, NULL, "PAN-COMMON-MIB::panSysHAState, CISCO-STACKWISE-MIB::cswSwitchState", "The MIB's own word: active, passive, ready, ..." },
    [REDUNDANCY_SYNCHRONIZED] = { "synchronized", FACT_BOOLEAN, FACT_VOLATILE, NULL, "FORTINET-FORTIGATE-MIB::fgHaStatsSyncStatus", "It has the other's configuration" },
    [REDUNDANCY_MEMBER_SERIAL] = { "member_serial", FACT_TEXT, 0, NULL, "FORTINET-FORTIGATE-MIB::fgHaStatsSerial", "The member's serial number" },
    [REDUNDANCY_MEMBER_NAME] = { "member_name", FACT_TEXT, FACT_LABEL, NULL, "FORTINET-FORTIGATE-MIB::fgHaStatsHostname", "The member's name" },
};
_Static_assert(sizeof columns / sizeof columns[0] == REDUNDANCY_COLUMNS, "every column is declared");

const struct fact_table fact_redundancy =
    FACT_TABLE_DECLARE("redundancy", "High availability: pairs and stacks as a device sees them", FILLED_BY_PROBE, 0, columns);
