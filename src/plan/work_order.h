/* The order of work items. Only for src/plan/. */
#ifndef PREOP_PLAN_WORK_ORDER_H
#define PREOP_PLAN_WORK_ORDER_H

#include "plan/work.h"

/* Sorts the set's items by importance, each after what it depends on, and fills after and together. */
void work_order(struct work_set *w);

#endif
