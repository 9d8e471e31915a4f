/* The roadmap: open work in order of importance, placed into days at the high estimates, within the capacity of each owner role; and, for each milestone, between
 * which dates it could first hold. Deterministic; src/plan/README.md has the rules to the digit. Pure; parent. Times are 00:00 UTC of a day; 0: none. */
#ifndef PREOP_PLAN_ROADMAP_H
#define PREOP_PLAN_ROADMAP_H

#include "plan/work.h"

enum roadmap_state {
    ROADMAP_PLANNED,                 /* has dates */
    ROADMAP_PROMISED,                /* its owner's capacity is not known; ready when work.yaml says that it is due */
    ROADMAP_NO_CAPACITY,
    ROADMAP_NO_ESTIMATE,
    ROADMAP_WAITS,                   /* what it depends on has no date */
    ROADMAP_TOO_FAR,                 /* no room within ten years */
    ROADMAP_ACCEPTED,                /* the committee accepted it: nothing is planned. It blocks its gate until it is waived */
    ROADMAP_DONE,                    /* the user said so (--done); the run has not seen it */
};
const char *roadmap_state_name(enum roadmap_state s);

struct roadmap_item {
    const struct work_item *item;
    enum roadmap_state state;
    int64_t order_on, start, ready;  /* order: start less lead time; work begins; done when that day begins */
    int64_t due;                     /* its milestone's date, its horizon's end, or earlier where other work needs it; 0: an undated milestone */
    int64_t order_by;                /* due less effort at the role's whole capacity less lead time, all at the high estimates; 0 without due */
    bool too_late;                   /* order_by is past: even alone it is not done by due, at the high estimates */
    bool late;                       /* ready after due, or has no date at all though it is due */
    int64_t missing;                 /* thousandths of a person-day that found no room before due */
    const char *takes;               /* what it would take to be in time, a sentence; NULL where it is */
};
struct roadmap_gate {
    const char *milestone; int64_t date;
    size_t n_open, n_unknown;        /* items that block it or an earlier one, open and unknown */
    int64_t ready;                   /* when this plan has all open ones done; 0: none, or one has no date */
    bool has_earliest; int64_t earliest[2];              /* could hold at the earliest: what is open alone at the low estimates, nothing is quicker; and by
                                                          * this plan if all that is unknown fails, at the high ones, with nothing else to do */
    const char *why;                 /* no earliest though there is work: why; NULL */
    bool too_late;                   /* dated, and an item of it is too late, or earliest[0] is after the date */
};
/* What a role's open work takes, and has. */
struct roadmap_load { const char *role; int64_t month; int64_t used, capacity; };        /* month: its first day; thousandths of a person-day; only months with work */

struct roadmap {
    struct arena *arena;
    const struct work_set *work;
    int64_t begin;                   /* the day from which it plans */
    struct roadmap_item *items; size_t n_items;          /* the set's open items, in its order */
    struct roadmap_gate *gates; size_t n_gates;          /* milestones that are dated or that work blocks, in order */
    struct roadmap_load *load; size_t n_load;            /* by role in the order of site.yaml, then month */
};

/* done: check ids, fix groups or item ids taken as done. Borrows work, which must live as long. roadmap_free() it. */
struct roadmap *roadmap_make(const struct work_set *work, int64_t begin, const char *const *done, size_t n_done);
void roadmap_free(struct roadmap *r);

/* Items to be ordered (or begun) by begin + days, soonest first, past ones included: places among r->items, owned. */
size_t roadmap_late(const struct roadmap *r, int days, size_t **out);
const struct roadmap_item *roadmap_find(const struct roadmap *r, const struct work_item *item);      /* NULL */

#endif
