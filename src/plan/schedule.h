/* Work placed into days: within each role's capacity, after what it depends on, after what was ordered for it has come. Whole days and thousandths of a
 * person-day, so that any program that follows src/plan/README.md finds the same dates. Pure: no store, no clock, no site; parent.
 *
 * A day is a number: days since 1970-01-01. A span of work is half open: it begins on the day `start` and is done when the day `ready` begins. */
#ifndef PREOP_PLAN_SCHEDULE_H
#define PREOP_PLAN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAY_S 86400
#define SCHEDULE_DAYS 3653           /* nothing is placed further ahead than these ten years */

int64_t day_of(int64_t t);           /* of a moment, UTC */
int64_t day_monday(int64_t day);     /* the Monday on or before it */
int64_t day_add_months(int64_t day, int months);         /* the same day of a later month, the last day where that month is shorter */
int64_t day_month(int64_t day);      /* the first day of its month */
/* What a role with so many thousandths of a person-day a month has on this day. A calendar month's capacity is spread over its weekdays, Monday to Friday: of n
 * weekdays the k-th has floor(c*k/n) - floor(c*(k-1)/n), so that a month's days sum to c. Holidays are not known. */
int64_t day_capacity(int64_t per_month, int64_t day);

struct job {
    int role;                        /* place among the capacities; -1: nobody said what capacity the owner has */
    int64_t effort, lead;            /* thousandths of a person-day; days from order to arrival */
    int64_t due;                     /* the day by which it must be done; 0: none. (No deal has a date in 1970.) */
    int64_t promised;                /* role -1: the day on which its owner said that it will be done; 0: never said */
    const size_t *after; size_t n_after;     /* smaller places among the jobs: what must be ready first */
};
enum slot_state {
    SLOT_PLACED,
    SLOT_PROMISED,                   /* its owner's capacity is not known, but a day was promised */
    SLOT_NO_CAPACITY,                /* nor was a day promised, or that day has passed */
    SLOT_WAITS,                      /* something that it depends on has no date */
    SLOT_TOO_FAR,                    /* not within SCHEDULE_DAYS */
};
struct slot {
    enum slot_state state;
    int64_t order_on, start, ready;  /* days; when it has to be ordered for this plan; 0 unless placed or promised */
    int64_t due;                     /* the day by which it must be done, for its own sake or for what depends on it; 0: none */
    int64_t latest_start, order_by;  /* the last days on which to begin and to order, so that it is done by due with all of its role's capacity; 0 without due */
    int64_t missing;                 /* effort that found no room before due, thousandths of a person-day */
};
struct piece { size_t job; int64_t day, effort; };       /* what a job takes of a day */
struct schedule { struct slot *slots; struct piece *pieces; size_t n, n_pieces; };

/* Jobs in order of importance: each in turn takes the first free days of its role. per_month: thousandths of a person-day, by role. schedule_clear() it. */
void schedule_place(int64_t day0, const int64_t *per_month, size_t n_roles, const struct job *jobs, size_t n, struct schedule *out);
void schedule_clear(struct schedule *s);

/* No order of work gets all of it done before this day: the longest chain of what depends on each other, and each role's hands, beginning at day0. -1: a job has
 * effort, and neither a capacity nor a promised day. */
int64_t schedule_bound(int64_t day0, const int64_t *per_month, size_t n_roles, const struct job *jobs, size_t n);

#endif
