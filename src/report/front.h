/* The first page: what a committee is asked, what stands in the way, what it takes, how sure we are, what to decide. The model of it, from the report document;
 * html_front.c and brief.c render it. Parent; pure. */
#ifndef PREOP_REPORT_FRONT_H
#define PREOP_REPORT_FRONT_H

#include "report/impact_words.h"
#include "report/report.h"

/* One milestone. note: "2 blockers, 3 answers missing; earliest 2 Jan to 18 Mar". */
struct front_gate { const struct report_gate *g; const char *name, *date, *verdict, *note; };
/* One blocker, at its own milestone. what: where it fails; by: "order by 18 Dec", "begin by 15 Jan", or the milestone; late: that day is past. */
struct front_obstacle { const struct report_check *c; const char *title, *what, *milestone, *owner, *by; bool late; };

struct front {
    struct arena *arena;
    const struct front_gate *asked;              /* NULL: no milestone is set */
    const char *question, *answer;               /* "May we sign on 15 December 2026?"; the verdict in one sentence */
    struct front_gate *gates; size_t n_gates;
    struct front_obstacle *obstacles; size_t n_obstacles;        /* by milestone, then the day by which, then the id; all of them */
    size_t n_missing;                            /* gating checks whose answer is unknown, over all milestones */
    const char **missing; size_t n_missing_lines;                /* what would settle most of them: "sw2: no answer. Ask ..." */
    const char **refused; size_t n_refused, n_refused_lines;     /* requests that were refused and whose answers a step waits for; of the first, a line each */
    const char *money, *money_without;           /* a sentence each; money_without NULL: nothing is left out of it */
    struct impact_words means;                   /* for patients and staff */
    const char *sure;
    const char *since;                           /* what changed since the run before, as a sentence */
    const char **decide; size_t n_decide;        /* what to tick */
};

/* ask: the milestone that is asked about; NULL: the next one that is not decided yet. NULL with *why (owned) where the site has no such milestone. r has to live
 * as long. front_free() it. */
struct front *front_new(const struct report *r, const char *ask, char **why);
void front_free(struct front *f);

/* text, which is for IT, for who types no commands: what IT is told to do as what is to be done and by whom, and no command at all. Lives in a, or is text. */
const char *front_plain(struct arena *a, const char *text);
/* A milestone as people say it: "Join the networks", "EHR go-live"; the site's own as it is written. */
const char *front_milestone(const char *name);
/* "15 December 2026" */
void front_date(int64_t t, char out[32]);

#endif
