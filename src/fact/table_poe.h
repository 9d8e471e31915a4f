/* poe: the power that one device gives over network cables, by power supply. */
#ifndef PREOP_FACT_TABLE_POE_H
#define PREOP_FACT_TABLE_POE_H
#include "fact/table.h"
enum poe_column {
    POE_SUPPLY, POE_STATE, POE_BUDGET_WATTS, POE_USED_WATTS, POE_USED_PERCENT, POE_POWER_KNOWN, POE_ALLOCATED_WATTS, POE_THRESHOLD_PERCENT, POE_PORTS_DELIVERING,
    POE_PORTS_FAULTY, POE_COLUMNS
};
extern const struct fact_table fact_poe;
#endif
