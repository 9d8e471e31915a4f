/* The declaration of storage. Constants only. */
#include "fact/table_storage.h"

static const struct fact_column columns[] = {
    [STORAGE_STORAGE] = { "storage", FACT_INTEGER, FACT_KEY, NULL, "HOST-RESOURCES-MIB::hrStorageIndex", "The device's number for it" },
    [STORAGE_NAME] = { "name", FACT_TEXT, FACT_LABEL, NULL, "HOST-RESOURCES-MIB::hrStorageDescr", "Its name: /var, C:\\ Label, Physical memory" },
    [STORAGE_TYPE] = { "type", FACT_TEXT, 0, NULL, "HOST-RESOURCES-MIB::hrStorageType", "ram, virtualMemory, fixedDisk, removableDisk, compactDisc, ramDisk, flashMemory, networkDisk, other" },
    [STORAGE_SIZE_BYTES] = { "size_bytes", FACT_INTEGER, 0, "bytes", "HOST-RESOURCES-MIB::hrStorageSize times hrStorageAllocationUnits", "How much it holds" },
    [STORAGE_USED_BYTES] = { "used_bytes", FACT_INTEGER, FACT_VOLATILE, "bytes", "HOST-RESOURCES-MIB::hrStorageUsed times hrStorageAllocationUnits", "How much of it is used; of memory on Linux, caches count as used" },
    [STORAGE_USED_PERCENT] = { "used_percent", FACT_REAL, FACT_VOLATILE, "%", "HOST-RESOURCES-MIB::hrStorageUsed of hrStorageSize", "How full it is" },
    [STORAGE_ALLOCATION_FAILURES] = { "allocation_failures", FACT_INTEGER, FACT_VOLATILE, NULL, "HOST-RESOURCES-MIB::hrStorageAllocationFailures", "Times that it was full when something was to be stored" },
};
_Static_assert(sizeof columns / sizeof columns[0] == STORAGE_COLUMNS, "every column is declared");

const struct fact_table fact_storage =
    FACT_TABLE_DECLARE("storage", "Storage of a device: volumes, memory, swap, with how full they are", FILLED_BY_PROBE, 0, columns);
