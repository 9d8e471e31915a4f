/* routes: where one device sends packets for which networks. */
#ifndef PREOP_FACT_TABLE_ROUTES_H
#define PREOP_FACT_TABLE_ROUTES_H
#include "fact/table.h"
enum routes_column {
    ROUTES_DESTINATION, ROUTES_NEXT_HOP, ROUTES_IF_INDEX, ROUTES_INTERFACE, ROUTES_IS_DEFAULT, ROUTES_TYPE, ROUTES_PROTOCOL, ROUTES_METRIC, ROUTES_COLUMNS
};
extern const struct fact_table fact_routes;
#endif
