/* storage: disks, memory and other stores of one device. */
#ifndef PREOP_FACT_TABLE_STORAGE_H
#define PREOP_FACT_TABLE_STORAGE_H
#include "fact/table.h"
enum storage_column {
    STORAGE_STORAGE, STORAGE_NAME, STORAGE_TYPE, STORAGE_SIZE_BYTES, STORAGE_USED_BYTES, STORAGE_USED_PERCENT, STORAGE_ALLOCATION_FAILURES, STORAGE_COLUMNS
};
extern const struct fact_table fact_storage;
#endif
