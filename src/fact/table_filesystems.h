/* filesystems: mounted file systems of a host that hold data. */
#ifndef PREOP_FACT_TABLE_FILESYSTEMS_H
#define PREOP_FACT_TABLE_FILESYSTEMS_H
#include "fact/table.h"
enum filesystems_column {
    FILESYSTEMS_MOUNT, FILESYSTEMS_DEVICE, FILESYSTEMS_TYPE, FILESYSTEMS_SIZE_BYTES, FILESYSTEMS_USED_BYTES, FILESYSTEMS_AVAILABLE_BYTES,
    FILESYSTEMS_USED_PERCENT, FILESYSTEMS_READ_ONLY, FILESYSTEMS_COLUMNS
};
extern const struct fact_table fact_filesystems;
#endif
