/* sessions: how many connections one firewall keeps, of how many it can. */
#ifndef PREOP_FACT_TABLE_SESSIONS_H
#define PREOP_FACT_TABLE_SESSIONS_H
#include "fact/table.h"
enum sessions_column {
    SESSIONS_SOURCE, SESSIONS_NUMBER, SESSIONS_ACTIVE, SESSIONS_MAXIMUM, SESSIONS_USED_PERCENT, SESSIONS_COLUMNS
};
extern const struct fact_table fact_sessions;
#endif
