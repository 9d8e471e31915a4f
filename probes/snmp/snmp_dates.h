/* Dates as devices write them. Pure. */
#ifndef PREOP_PROBES_SNMP_DATES_H
#define PREOP_PROBES_SNMP_DATES_H

#include <stdbool.h>
#include <stdint.h>
#include "base/mem.h"

/* mm/dd/yy, mm/dd/yyyy, yyyy-mm-dd, with a time behind it or not: the first second of that day, UTC. False for anything else. Years of two digits are
 * of this century before 70. */
bool snmp_us_date(const char *s, int64_t *out);
/* What people type: yyyy-mm-dd, and dd/mm/yyyy or mm/dd/yyyy where only one of the two can be meant. */
bool snmp_free_date(const char *s, int64_t *out);
/* With the month's name: "Sat Jul 26 01:00:00 2025", "Mon 11 November 2030". A day and a year, each once; the weekday and the time are left aside. */
bool snmp_word_date(const char *s, int64_t *out);
/* The days on which clocks begin: nobody has set the date. */
bool snmp_date_is_unset(int64_t day);
const char *snmp_date_text(int64_t t, struct arena *mem);        /* a timestamp column's form */

#endif
