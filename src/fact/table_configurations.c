/* The declaration of configurations. Constants only. */
#include "fact/table_configurations.h"

static const struct fact_column columns[] = {
    [CONFIGURATIONS_NUMBER] = { "number", FACT_INTEGER, FACT_KEY, NULL, "always 1", "Its number" },
    [CONFIGURATIONS_RUNNING_CHANGED_S] = { "running_changed_s", FACT_INTEGER, FACT_VOLATILE, "s", "SNMPv2-MIB::sysUpTime less CISCO-CONFIG-MAN-MIB::ccmHistoryRunningLastChanged", "Time since the running configuration was changed; NULL when not since the device started" },
    [CONFIGURATIONS_SAVED_S] = { "saved_s", FACT_INTEGER, FACT_VOLATILE, "s", "SNMPv2-MIB::sysUpTime less CISCO-CONFIG-MAN-MIB::ccmHistoryStartupLastChanged", "Time since it was saved; NULL when not since the device started" },
    [CONFIGURATIONS_UNSAVED] = { "unsaved", FACT_BOOLEAN, FACT_VOLATILE, NULL, "running_changed_s and saved_s", "It was changed after it was saved" },
};
_Static_assert(sizeof columns / sizeof columns[0] == CONFIGURATIONS_COLUMNS, "every column is declared");

const struct fact_table fact_configurations =
    FACT_TABLE_DECLARE("configurations", "Whether the running configuration is saved", FILLED_BY_PROBE, 0, columns);
