/* The words for whether the month or the day comes first. */
#include "fact/date_order.h"

#include <stddef.h>
#include <string.h>
#include "base/mem.h"

static const char *const order_names[] = { [DATES_MONTH_FIRST] = "month-first", [DATES_DAY_FIRST] = "day-first" };

const char *date_order_name(enum date_order o)
{
    return o < N_ELEMENTS(order_names) ? order_names[o] : NULL;
}

bool date_order_parse(const char *text, enum date_order *out)
{
    for (size_t i = DATES_MONTH_FIRST; i < N_ELEMENTS(order_names); i++) {
        if (strcmp(text, order_names[i]) == 0) {
            *out = (enum date_order)i;
            return true;
        }
    }
    return false;
}
