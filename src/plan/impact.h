/* What failing checks mean in business terms: ranges under stated assumptions, never a probability, never a sum of unlike things. Pure; parent.
 * A check's impact_model names a driver and its inputs; the site's profile gives the rest. src/plan/README.md has the formulas and the rounding. */
#ifndef PREOP_PLAN_IMPACT_H
#define PREOP_PLAN_IMPACT_H

#include "plan/work.h"

enum impact_kind { IMPACT_STAFF_TIME, IMPACT_VISITS, IMPACT_CASH, IMPACT_KINDS };     /* never added together. Exposure has words only */
enum impact_per { PER_YEAR, PER_EVENT, ONCE, IMPACT_PERS };
const char *impact_kind_name(enum impact_kind k);        /* "staff-time", "visits", "cash" */
const char *impact_unit_name(enum impact_kind k);        /* what its amount counts: "hours", "visits"; NULL: money alone */
const char *impact_per_name(enum impact_per p);          /* "year", "event", "once" */
/* How an input is known: A measured in this run, B documented at the site, C assumed with a source, D assumed without one. A figure is as its worst input. */
enum impact_class { CLASS_A, CLASS_B, CLASS_C, CLASS_D };

struct impact_value {
    const char *name;                /* "minutes_per_user_day" */
    const char *key;                 /* what overrides it in site.yaml: "profile.staff_hour_cost", "impact.NET-WAN-01.minutes_per_user_day" */
    const char *source;              /* NULL */
    double range[2];
    enum impact_class how;
    enum impact_op op;               /* how it enters the product */
    bool price;                      /* turns hours or visits into money */
};
struct impact_figure {
    enum impact_kind kind; enum impact_per per;
    bool counted;                    /* in hours or visits (impact_unit_name); of cash the money. False: words only, because of `missing` */
    bool known;                      /* in money too. False: because of `missing`, or, with that NULL, because this reader must not see it (report/audience.h) */
    const char *missing;             /* the profile's field that would make it a figure */
    double amount[2], range[2];      /* hours or visits; money. Not rounded: impact_round() for readers */
    enum impact_class how;
    struct impact_value *values; size_t n_values;        /* factors, in the order of the product */
    const char *narrow;              /* key of the input whose halving would narrow it most; NULL: all are exact */
    const char *contained_in;        /* the check whose figure of the same cause and kind is larger and counts instead; NULL: this one counts */
};
struct impact_item { const struct check *check; int64_t subjects; bool unknown; const char *cause; struct impact_figure *figures; size_t n_figures; };
struct impact_sum { bool counted, any; double amount[2], range[2]; size_t causes; };        /* counted: there is one; any: in money too */
/* A check that has to hold before day 1 and fails, or is unknown: the share of a day's visits that it touches. */
struct impact_share { const struct check *check; bool unknown, known; double range[2]; const char *missing; /* what would say it; NULL: no input of the check's says it */ };
/* Visits that would meet what fails if day 1 came as the clinic is. */
struct impact_day1 {
    struct impact_share *shares; size_t n_shares;        /* by id; none: nothing that stops day 1 fails or is unknown */
    size_t n_failing, n_without;     /* of them fail; of these have no share, and are not in `exposed` */
    bool counted; const char *missing;                   /* false: no failing one has a share, or, with `missing`, nobody said how many visits there are */
    double visits[2], exposed[2];    /* a day */
    double not_excluded;             /* a day, at the most, if what is unknown fails too; 0: nothing unknown has a share */
};
/* What is rare and large: patient records, at the worst all of them, and no chance and no money. */
struct impact_exposure { size_t n_failing, n_unknown; bool known; double records[2]; const char *missing; };
struct impact {
    struct arena *arena;
    struct impact_item *items; size_t n_items;           /* of checks with a model that fail (unwaived) or are unknown, by id */
    struct impact_sum sums[IMPACT_KINDS][IMPACT_PERS];   /* of failing ones, over different causes; per event the largest, not a sum */
    struct impact_sum unknown[IMPACT_KINDS][IMPACT_PERS];        /* not excluded: the largest that one unknown check could come to */
    struct impact_day1 day1;
    struct impact_exposure exposure;
};

/* Borrows all; impact_free() it. */
struct impact *impact_make(const struct work_set *work, const struct results *results);
void impact_free(struct impact *i);
/* Takes out what a kind comes to in money, and the prices that it was made of; hours and visits stay. Cash is money alone: nothing stays. */
void impact_hide_money(struct impact *i, enum impact_kind k);

/* To two significant digits, halves away from zero. */
double impact_round(double v);

#endif
