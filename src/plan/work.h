/* Work items: what stands open in a run as things to do, each with what it takes, who does it, by when, and what must be done first. Pure; parent.
 *
 * An item is what one check asks for, or what one fix_group asks for, everywhere where it is open and for the same milestone; a fix that several checks ask
 * for is counted once at each target. What is waived, and what is unknown and would have to be done if it failed, are items of their own, never added in. */
#ifndef PREOP_PLAN_WORK_H
#define PREOP_PLAN_WORK_H

#include "checklist/fixes.h"
#include "checklist/score.h"
#include "plan/schedule.h"

enum work_state {
    WORK_OPEN,                       /* fails, and no live waiver covers it */
    WORK_WAIVED,                     /* fails under a live waiver */
    WORK_UNKNOWN,                    /* not known to fail: its cost is "not excluded", and stated beside */
    WORK_STATES
};
enum horizon { HORIZON_NOW, HORIZON_6_MONTHS, HORIZON_18_MONTHS, HORIZONS };
const char *horizon_name(enum horizon h);                /* "now", "6-months", "18-months" */
int horizon_months(enum horizon h);                      /* 3, 6, 18: by when it should be done */

struct work_item {
    const char *id;                  /* "NET-WAN-02"; "replace-switch", or "replace-switch:connect" where it blocks a milestone; unique among the items of a state */
    const char *fix;                 /* the check's id or the fix_group: what --done and decisions may name too */
    enum work_state state;
    const struct check *lead;        /* the gravest of its checks, then the one of most effort, then the first: gives title, fix and owner */
    const struct check **checks; size_t n_checks;        /* by id */
    int64_t *per_check;              /* subjects of each of them, here */
    const char **targets; size_t n_targets;              /* by name; "(site)" for what concerns no one target */
    int64_t subjects;                /* failing (or unknown) subjects, over all checks and targets */
    struct amounts a;                /* for all of it: cents, thousandths of a person-day */
    int64_t lead_days[2];            /* from order to arrival */
    bool estimated;                  /* a check of it says how much effort or how long an order it takes: otherwise nobody can date it */
    const char *basis;               /* of the cost: cost_basis of its dearest check that has one; NULL */
    const char *role;                /* who does it: the check's owner, or "seller" where a decision says so; NULL: nobody */
    const char *owner;               /* for people: who work.yaml says, else the role's mapped name, else the role, else "nobody" */
    const char *co_role, *co_owner;  /* who shares it, by the leading check, and for people; NULL: nobody. The work and its capacity stay the owner's */
    int gate;                        /* the first milestone that it blocks: place among the set's milestones; -1: none */
    enum horizon horizon;            /* the soonest of its checks' */
    enum severity severity;          /* the worst as graded */
    const size_t *after; size_t n_after;     /* places among the set's items, smaller than its own: open or unknown work that must be done, or known, first */
    const size_t *together; size_t n_together;           /* work that depends on it and on which it depends: no order can be kept between them */
    enum remedy_kind remedy;         /* as decided; REMEDY_UNDECIDED */
    const struct remedy *decided;    /* NULL: not */
    const struct site_work *note;    /* what work.yaml says of it; NULL */
};

struct work_set {
    struct arena *arena;
    const struct site *site;
    const struct check *checks; size_t n_checks;         /* of the checklists, by id */
    const struct milestone *milestones; size_t n_milestones;         /* the site's, then those that only a check names */
    struct work_item *items; size_t n_items;             /* in order of importance: by milestone, horizon, severity, subjects for the effort, id; and after what they depend on */
};

/* site, checklists and results are borrowed and must live as long. as_of: of the run, for waivers. work_free() it. */
struct work_set *work_make(const struct site *site, const struct checklists *c, const struct results *results, int64_t as_of);
void work_free(struct work_set *w);

/* Whether `name` is the item's id or its fix. */
bool work_is_called(const struct work_item *item, const char *name);
const struct work_item *work_of_check(const struct work_set *w, const char *check_id, enum work_state state);       /* the first that has it; NULL */

/* What open items come to, added up by one of their properties. */
enum work_by { BY_MILESTONE, BY_DOMAIN, BY_OWNER, BY_REMEDY, BY_HORIZON };
struct work_sum { const char *key; size_t items; struct amounts a; };
/* In the order of milestones ("" without one, last), of domain ids (of each item's leading check), of roles ("" last), of remedies, of horizons. Sums of no item are
 * left out; all sums are of disjoint items. *out lives in the set's arena. */
size_t work_sums(const struct work_set *w, enum work_by by, struct work_sum **out);
/* All items of a state. Unknown: only the high ends mean something. */
struct amounts work_total(const struct work_set *w, enum work_state state);

#endif
