/* configurations: whether the configuration that one device runs is saved. */
#ifndef PREOP_FACT_TABLE_CONFIGURATIONS_H
#define PREOP_FACT_TABLE_CONFIGURATIONS_H
#include "fact/table.h"
enum configurations_column {
    CONFIGURATIONS_NUMBER, CONFIGURATIONS_RUNNING_CHANGED_S, CONFIGURATIONS_SAVED_S, CONFIGURATIONS_UNSAVED, CONFIGURATIONS_COLUMNS
};
extern const struct fact_table fact_configurations;
#endif
