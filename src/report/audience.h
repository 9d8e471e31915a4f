/* Who reads a report, and what that reader must not see: one table, applied to the document before any renderer sees it, so that no format can differ.
 * Parent; pure. */
#ifndef PREOP_REPORT_AUDIENCE_H
#define PREOP_REPORT_AUDIENCE_H

#include <stdbool.h>
#include <stddef.h>

struct report;
struct check;

/* What can be left out. Which columns of facts belong to NAMES, CLEAN_TEAM and OTHER_SITES is declared with the fact tables (fact/table.h). */
enum matter {
    MATTER_NAMES = 1,                        /* names of people in facts: personal columns */
    MATTER_CLEAN_TEAM = 2,                   /* prices that the clinic pays, revenue */
    MATTER_OTHER_SITES = 4,                  /* facts of our other sites, with which this one was compared */
    MATTER_PRICES = 8,                       /* what fixes cost, and the clinic's money */
    MATTER_PLAN = 16,                        /* effort, capacity, dates by which to order, earliest dates */
    MATTER_DECISIONS = 32,                   /* decisions, and the words of waivers */
    MATTER_FINDINGS = 64,                    /* the rows behind a verdict: counts stay */
    MATTER_ASKED = 128,                      /* what was asked of which device, from where, by whose permission */
    MATTER_ANSWERABLE = 256,                 /* the names behind owner roles; who accepted, who decided, who said what of a request */
    MATTER_OUR_TASKS = 512,                  /* what is asked of our own people */
    MATTER_REQUESTS = 1024                   /* what is asked of anybody */
};

struct audience {
    const char *name;                        /* --audience NAME */
    const char *title;                       /* "the planning committee" */
    const char *mark;                        /* behind the marking: "prepared for counsel" */
    unsigned leaves_out;                     /* matters */
};
extern const struct audience audiences[];
extern const size_t n_audiences;
const struct audience *audience_find(const char *name);      /* NULL when unknown */

/* The matters among m, one after the other, in words; for (size_t i = 0; (what = matter_text(m, &i));) */
const char *matter_text(unsigned m, size_t *i);

/* Whether a check sets this site against our others: its query reads org_TABLE. */
bool check_reads_other_sites(const struct check *d);

/* Makes r what this reader may see. audience NULL: nothing is left out but the matters in also. Call it once, before rendering. A finding that a waiver covers stays
 * so; counts and verdicts never change. */
void report_for(struct report *r, const struct audience *audience, unsigned also);

#endif
