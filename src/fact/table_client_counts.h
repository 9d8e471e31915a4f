/* client_counts: how many clients were in each network of guests or patients; nothing else of them is kept. */
#ifndef PREOP_FACT_TABLE_CLIENT_COUNTS_H
#define PREOP_FACT_TABLE_CLIENT_COUNTS_H
#include "fact/table.h"
enum client_counts_column { CLIENT_COUNTS_NETWORK, CLIENT_COUNTS_CLIENTS, CLIENT_COUNTS_COLUMNS };
extern const struct fact_table fact_client_counts;
#endif
