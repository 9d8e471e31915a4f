/* The declaration of processors. Constants only. */
#include "fact/table_processors.h"

static const struct fact_column columns[] = {
    [PROCESSORS_SOURCE] = { "source", FACT_TEXT, FACT_KEY, NULL, "name of the MIB that answered", "The MIB that it was read from" },
    [PROCESSORS_NUMBER] = { "number", FACT_TEXT, FACT_KEY, NULL, "the row's index in that MIB", "The device's number for it" },
    [PROCESSORS_NAME] = { "name", FACT_TEXT, FACT_LABEL, NULL, "ENTITY-MIB::entPhysicalName by CISCO-PROCESS-MIB::cpmCPUTotalPhysicalIndex, JUNIPER-MIB::jnxOperatingDescr, ...", "What it is called, where the device says" },
    [PROCESSORS_LOAD_PERCENT] = { "load_percent", FACT_REAL, FACT_VOLATILE, "%", "HOST-RESOURCES-MIB::hrProcessorLoad, CISCO-PROCESS-MIB::cpmCPUTotal5minRev, FORTINET-FORTIGATE-MIB::fgSysCpuUsage, JUNIPER-MIB::jnxOperatingCPU, ...", "How busy it is; NULL when not measured" },
    [PROCESSORS_WINDOW_S] = { "window_s", FACT_INTEGER, 0, "s", "the MIB's definition", "Over how long the load is a mean; NULL when the MIB does not say" },
};
_Static_assert(sizeof columns / sizeof columns[0] == PROCESSORS_COLUMNS, "every column is declared");

const struct fact_table fact_processors =
    FACT_TABLE_DECLARE("processors", "Processors of a device and how busy they are", FILLED_BY_PROBE, 0, columns);
