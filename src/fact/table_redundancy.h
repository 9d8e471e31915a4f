/* redundancy: whether another device takes over when one fails. */
#ifndef PREOP_FACT_TABLE_REDUNDANCY_H
#define PREOP_FACT_TABLE_REDUNDANCY_H
#include "fact/table.h"
enum redundancy_column {
    REDUNDANCY_SOURCE, REDUNDANCY_NUMBER, REDUNDANCY_MODE, REDUNDANCY_STATE, REDUNDANCY_SYNCHRONIZED, REDUNDANCY_MEMBER_SERIAL, REDUNDANCY_MEMBER_NAME, REDUNDANCY_PEER, REDUNDANCY_COLUMNS
};
extern const struct fact_table fact_redundancy;
#endif
