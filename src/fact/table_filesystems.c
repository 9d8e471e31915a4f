/* The declaration of filesystems. Constants only. */
#include "fact/table_filesystems.h"

static const struct fact_column columns[] = {
    [FILESYSTEMS_MOUNT] = { "mount", FACT_TEXT, FACT_KEY, NULL, "df -P", "Where it is mounted" },
    [FILESYSTEMS_DEVICE] = { "device", FACT_TEXT, 0, NULL, "df -P", "What is mounted there" },
    [FILESYSTEMS_TYPE] = { "type", FACT_TEXT, 0, NULL, "/proc/mounts", "Kind of file system: ext4, xfs, nfs4" },
    [FILESYSTEMS_SIZE_BYTES] = { "size_bytes", FACT_INTEGER, 0, "bytes", "df -P -k", "Size" },
    [FILESYSTEMS_USED_BYTES] = { "used_bytes", FACT_INTEGER, FACT_VOLATILE, "bytes", "df -P -k", "Used" },
    [FILESYSTEMS_AVAILABLE_BYTES] = { "available_bytes", FACT_INTEGER, FACT_VOLATILE, "bytes", "df -P -k", "Free for ordinary users" },
    [FILESYSTEMS_USED_PERCENT] = { "used_percent", FACT_REAL, FACT_VOLATILE, "%", "used / (used + available)", "Used share of what ordinary users can have" },
    [FILESYSTEMS_READ_ONLY] = { "read_only", FACT_BOOLEAN, 0, NULL, "/proc/mounts", "Mounted without the right to write" },
};
_Static_assert(sizeof columns / sizeof columns[0] == FILESYSTEMS_COLUMNS, "every column is declared");

const struct fact_table fact_filesystems =
    FACT_TABLE_DECLARE("filesystems", "Mounted file systems that hold data: size and room", FILLED_BY_PROBE, 1, columns);
