/* memory: how full the working memory of one device is. */
#ifndef PREOP_FACT_TABLE_MEMORY_H
#define PREOP_FACT_TABLE_MEMORY_H
#include "fact/table.h"
enum memory_column {
    MEMORY_SOURCE, MEMORY_NUMBER, MEMORY_NAME, MEMORY_TOTAL_BYTES, MEMORY_USED_BYTES, MEMORY_USED_PERCENT, MEMORY_COLUMNS
};
extern const struct fact_table fact_memory;
#endif
