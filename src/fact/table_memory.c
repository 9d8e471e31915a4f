/* The declaration of memory. Constants only. */
#include "fact/table_memory.h"

static const struct fact_column columns[] = {
    [MEMORY_SOURCE] = { "source", FACT_TEXT, FACT_KEY, NULL, "name of the MIB that answered", "The MIB that it was read from" },
    [MEMORY_NUMBER] = { "number", FACT_TEXT, FACT_KEY, NULL, "the row's index in that MIB", "The device's number for it" },
    [MEMORY_NAME] = { "name", FACT_TEXT, FACT_LABEL, NULL, "CISCO-MEMORY-POOL-MIB::ciscoMemoryPoolName, JUNIPER-MIB::jnxOperatingDescr, HOST-RESOURCES-MIB::hrStorageDescr, ...", "What it is called, where the device says" },
    [MEMORY_TOTAL_BYTES] = { "total_bytes", FACT_INTEGER, 0, "bytes", "used and free together, UCD-SNMP-MIB::memTotalReal, FORTINET-FORTIGATE-MIB::fgSysMemCapacity, ...", "How much there is" },
    [MEMORY_USED_BYTES] = { "used_bytes", FACT_INTEGER, FACT_VOLATILE, "bytes", "CISCO-MEMORY-POOL-MIB::ciscoMemoryPoolUsed, ...", "How much of it is in use; buffers and caches that the system gives back are not, where the MIB tells them apart" },
    [MEMORY_USED_PERCENT] = { "used_percent", FACT_REAL, FACT_VOLATILE, "%", "used of total; FORTINET-FORTIGATE-MIB::fgSysMemUsage, JUNIPER-MIB::jnxOperatingBuffer, SONICWALL-FIREWALL-IP-STATISTICS-MIB::sonicCurrentRAMUtil", "How full it is" },
};
_Static_assert(sizeof columns / sizeof columns[0] == MEMORY_COLUMNS, "every column is declared");

const struct fact_table fact_memory =
    FACT_TABLE_DECLARE("memory", "Working memory of a device and how full it is", FILLED_BY_PROBE, 0, columns);
