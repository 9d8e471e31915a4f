/* Work with dates: when a gate could first hold, and by when something must be ordered. Pure; parent. */
#ifndef PREOP_PLAN_PLAN_H
#define PREOP_PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "site/site.h"

/* Something to be done by one owner role (NULL: nobody's). effort_days: person-days for all of it together; lead_days: calendar days from order to arrival that
 * no effort shortens. Low and high each. */
struct work { const char *owner; double effort_days[2], lead_days[2]; };

/* The dates (00:00 UTC) between which all the work could be done when it is begun at as_of: low to high. Each owner role works its items one after the other
 * at the site's capacity; what is ordered arrives while other work goes on. False where a role that has work has no capacity in site.yaml: nobody
 * can say then. No work: both are as_of's day. */
bool plan_earliest(const struct work *w, size_t n, const struct site *site, int64_t as_of, int64_t out[2]);

/* The last day on which this must be ordered (or begun) to be done by milestone, at the high estimates; 0 without a date. Effort counts only where the
 * owner's capacity is known. */
int64_t plan_order_by(const struct work *w, const struct site *site, int64_t milestone);

#endif
