/* What is unknown as a list of what to ask of whom, in which form, by when, and what it would settle: most first. Parent; pure.
 *
 * A request is about one form or sheet that people fill ("attest:CMP-RA-01"), about what one probe reads at one target ("data:sw2/snmp"), or, where everything was
 * collected and still does not tell, about one check ("check:NET-WAN-01"). Such keys are the same in every run; numbers stand in the folder's requests.yaml. */
#ifndef PREOP_REPORT_REQUEST_H
#define PREOP_REPORT_REQUEST_H

#include <jansson.h>
#include <stdio.h>
#include "report/report.h"

struct request {
    const char *key, *what;          /* what: one line for a reader who does not know preop */
    const char *asked_of;            /* "IT contractor", "compliance lead", "us" for what only we can do */
    bool ours;                       /* our own people are asked, not the clinic's, its contractors or its seller */
    const char *because;             /* what is the matter: "no answer", "nobody has answered this" */
    const char *why;                 /* of its gravest check, for a committee; "" when it says nothing */
    const struct form *form;         /* NULL: it is not about one */
    const struct collection *missing;/* of data: one of the collections that are missing; NULL */
    const char **accepted; size_t n_accepted;            /* the forms in which an answer is taken, best first */
    const char **tables; size_t n_tables;                /* of data: what is missing, by name */
    const struct report_check **checks; size_t n_checks; /* that it would settle, by id */
    const char **gates; size_t n_gates;                  /* milestones that these checks hold up, soonest first */
    int64_t due;                     /* the date of the first of them that has one; 0: none */
    double share;                    /* while it is made: of 1 */
    int64_t points;                  /* ppb of the site's band that it would close at the most */
    int64_t number;                  /* 0: not numbered yet */
    const struct site_request *said; /* what requests.yaml says of it; NULL */
};
struct request_counts { size_t by[REQUEST_STATES], unnumbered; };        /* unnumbered, among the open ones: nobody was asked yet */
struct request_list {
    struct arena *arena;
    const struct report *r;
    struct request *v; size_t n;
    const struct site_request **settled; size_t n_settled;       /* asked once, and nothing unknown any more */
};

/* said: the folder whose requests.yaml counts (not changed; it must live as long, as r must). request_list_free() it. */
struct request_list *request_list_make(const struct report *r, const struct site *said);
void request_list_free(struct request_list *l);
struct request_counts request_count(const struct request_list *l);
/* In which states are told: what stands in the way of an answer first (refused, promised, open, received and still unknown). */
extern const enum request_state request_order[REQUEST_STATES];
/* The i-th of those in a state, in the order of the list, or NULL behind the last: for (size_t i = 0; (q = request_next(l, state, &i));) */
const struct request *request_next(const struct request_list *l, enum request_state state, size_t *i);
/* "open", "promised", "received", "refused". */
enum request_state request_standing(const struct request *q);
/* What requests.yaml has to hold now: everything that it held, and behind it a number for each request that has none, in the order of the list. Fills q->number.
 * In l's arena; *added: how many are new. today: for their day. */
struct site_request *request_number(struct request_list *l, const struct site *said, int64_t today, size_t *n, size_t *added);

/* Fills q->accepted and q->asked_of (request_forms.c). */
void request_fill_forms(struct arena *arena, const struct report *r, struct request *q);

/* "refused on 2026-11-24 by B. Sample: not before the letter"; "" while nothing was heard. */
void request_said_text(const struct site_request *said, struct buf *b);
/* In a report of the run: a line for each, and the same for programs (owned), as in request_json(). */
void request_put(struct page *p, const struct request_list *l);
json_t *request_list_json(const struct request_list *l);

void request_text(const struct request_list *l, const struct style *style, FILE *out);
void request_csv(const struct request_list *l, FILE *out);
void request_json(const struct request_list *l, FILE *out);      /* contrib/schema/request.schema.json */
void request_html(const struct request_list *l, FILE *out);      /* a page to print or to send: no script, nothing loaded */

#endif
