/* What has to be done where, and what it takes: one fix for each check and target, or, where checks share a fix_group, one for the group at each target, as
 * dear as the dearest of the checks that ask for it. Integers only, so that no sum depends on its order. Pure; parent. The sums of a run's summary (cost.c) and
 * the work items (src/plan/work.h) both rest on this. */
#ifndef PREOP_CHECKLIST_FIXES_H
#define PREOP_CHECKLIST_FIXES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "checklist/checklist.h"

/* Low and high each. Money in hundredths of the site's currency, effort in thousandths of a person-day, lead in whole calendar days (rounded up: nobody delivers at
 * noon). A checklist's figures are rounded to the nearest unit, halves up. Sums and products stop at AMOUNT_MAX. */
#define AMOUNT_MAX 9000000000000000LL        /* below 2^53: a double holds it exactly */
#define LEAD_MAX 36500                       /* days: a hundred years */
struct amounts { int64_t cost[2], yearly[2], effort[2]; };

struct amounts amounts_of(const struct check *c);        /* for one failing subject */
void lead_of(const struct check *c, int64_t out[2]);     /* days between order and arrival */
struct amounts amounts_times(const struct amounts *a, int64_t n);
void amounts_add(struct amounts *into, const struct amounts *a);
void amounts_raise(struct amounts *into, const struct amounts *a);       /* each to the larger of both */

/* What the check asks for: its fix_group, or its own id (no group is written in capitals, so that the two cannot meet). */
const char *fix_name(const struct check *c);

struct fix { const char *name, *target; bool group; int64_t rank, subjects; struct amounts a; };
struct fixes { struct fix *v; size_t n, cap; };

/* n failing or unknown subjects of a check at a target; n <= 0 adds nothing. rank: what it is wanted for, smaller is sooner; a merged fix has the smallest.
 * Names are borrowed. */
void fixes_add(struct fixes *f, const struct check *c, const char *target, int64_t n, int64_t rank);
/* Sorted by name and target, one for each place: call it once after the last fixes_add. */
void fixes_merge(struct fixes *f);
const struct fix *fixes_find(const struct fixes *f, const char *name, const char *target);       /* of merged ones; NULL */
/* Drops from f the group fixes that other has too: they are paid for there. Both merged. */
void fixes_drop(struct fixes *f, const struct fixes *other);
struct amounts fixes_sum(const struct fixes *f);
void fixes_clear(struct fixes *f);

#endif
