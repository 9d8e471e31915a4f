/* processors: how busy the processors of one device are. */
#ifndef PREOP_FACT_TABLE_PROCESSORS_H
#define PREOP_FACT_TABLE_PROCESSORS_H
#include "fact/table.h"
enum processors_column {
    PROCESSORS_SOURCE, PROCESSORS_NUMBER, PROCESSORS_NAME, PROCESSORS_LOAD_PERCENT, PROCESSORS_WINDOW_S, PROCESSORS_COLUMNS
};
extern const struct fact_table fact_processors;
#endif
