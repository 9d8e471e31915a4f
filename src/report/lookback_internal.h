/* The parts of a lookback that are found apart. Only for src/report/lookback*.c. */
#ifndef PREOP_REPORT_LOOKBACK_INTERNAL_H
#define PREOP_REPORT_LOOKBACK_INTERNAL_H

#include "report/lookback.h"

/* The run's check that is, or was, called as d is; NULL. r may be NULL. */
const struct report_check *look_check(const struct report *r, const struct check *d);
/* Its finding on this subject; NULL. c may be NULL. */
const struct finding *look_finding_of(const struct report_check *c, const char *target, const char *subject);
bool look_wanted(const struct lookback *l, const struct check *d, const char *target);
/* A run whose files cannot be read any more: what it would add is missing, which is said. */
void look_unread(struct lookback *l, int64_t run, const char *why);

int look_find_late(struct store *s, const char *site, struct lookback *l) MUST_CHECK;
int look_find_records(struct store *s, const char *site, struct lookback *l) MUST_CHECK;

#endif
