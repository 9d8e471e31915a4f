/* printers: how one printer does. */
#ifndef PREOP_FACT_TABLE_PRINTERS_H
#define PREOP_FACT_TABLE_PRINTERS_H
#include "fact/table.h"
enum printers_column {
    PRINTERS_PRINTER, PRINTERS_STATUS, PRINTERS_ERRORS, PRINTERS_JAMMED, PRINTERS_OFFLINE, PRINTERS_SERVICE_REQUESTED, PRINTERS_PAGES,
    PRINTERS_CRITICAL_ALERTS, PRINTERS_SERIAL, PRINTERS_COLUMNS
};
extern const struct fact_table fact_printers;
#endif
