/* Whether 11/5/2026 is in November or in May. Parent and worker; pure. */
#ifndef PREOP_FACT_DATE_ORDER_H
#define PREOP_FACT_DATE_ORDER_H

#include <stdbool.h>

/* What a mapping's date format "either" leaves to the file. CONTRADICT: some values have the month first, others the day. */
enum date_order { DATES_UNKNOWN, DATES_MONTH_FIRST, DATES_DAY_FIRST, DATES_CONTRADICT };
const char *date_order_name(enum date_order o);                      /* "month-first", "day-first"; NULL for the others */
bool date_order_parse(const char *text, enum date_order *out);       /* these two words; false for any other */

#endif
