/* time_sources: from whom one device has its time. */
#ifndef PREOP_FACT_TABLE_TIME_SOURCES_H
#define PREOP_FACT_TABLE_TIME_SOURCES_H
#include "fact/table.h"
enum time_sources_column {
    TIME_SOURCES_SOURCE, TIME_SOURCES_NUMBER, TIME_SOURCES_ADDRESS, TIME_SOURCES_STRATUM, TIME_SOURCES_REACHABLE, TIME_SOURCES_OFFSET_MS, TIME_SOURCES_COLUMNS
};
extern const struct fact_table fact_time_sources;
#endif
