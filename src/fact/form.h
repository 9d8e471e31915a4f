/* What people are asked. A form is one question for one person, a sheet a list that people fill row by row; each is a fact table, so that the
 * same declaration asks, stores, prints the paper form and the schema, and checks read it like any other. Constants only.
 *
 * A column's `source` says what is accepted as an answer: ANSWER_* below, or "one of: a, b, c".
 * The order of forms[] (form_list.h) is the order in which `attest` asks: that of the first 90 days.
 *
 * Adding a form: 1. FORM or FORM_ROWS in the forms_*.c of its domain, named by the id of the check that needs it, 2. a line in form_list.h. A sheet:
 * the same with SHEET. Column names are append-only, as in every fact table, and no SQL keyword. */
#ifndef PREOP_FACT_FORM_H
#define PREOP_FACT_FORM_H

#include "fact/table.h"

#define ANSWER_TEXT "text"
#define ANSWER_DATE "date"
#define ANSWER_MOMENT "date and time"      /* in the site's time zone */
#define ANSWER_CLOCK "time of day"         /* 08:00 */
#define ANSWER_WHOLE "whole number"
#define ANSWER_NUMBER "number"
#define ANSWER_MONEY "amount of money"
#define ANSWER_YES_NO "yes or no"
#define ANSWER_LIST "list, by commas"
#define ANSWER_NETWORKS "networks, by commas"
#define ANSWER_ONE_OF "one of: "         /* and the choices, separated by ", " */
#define ANSWER_ITSELF "attest"           /* filled from the answer's own head: who, when, evidence; never asked as a field */

/* When it is asked, counted from the letter of intent. */
enum form_phase { PHASE_BEFORE, PHASE_LISTEN, PHASE_ASSESS, PHASE_PLAN, PHASE_LATER };
const char *form_phase_title(enum form_phase p);

enum form_kind {
    FORM_SINGLE,             /* one answer: one row, whose key is the form's id */
    FORM_LIST,               /* a row for each thing; kept in attestations.yaml */
    FORM_SHEET               /* the same, kept in sheets/NAME.csv */
};

struct form {
    const char *id;          /* of the check that needs it: CMP-RA-01; of a sheet its table's name */
    const struct fact_table *table;
    enum form_kind kind;
    enum form_phase phase;
    int valid_days;          /* until an answer without an expiry of its own is too old; 0: never */
    const char *asked_of;    /* practice manager; compliance lead */
    const char *evidence;    /* what would prove it; never empty */
    const char *help;        /* how to answer; "" when the question says it */
    const char *checks;      /* of a sheet: ids of the checks that read it, by blanks; else NULL: its own id */
};
/* The question is the table's summary. */

extern const struct form *const forms[];
extern const size_t n_forms;
const struct form *form_find(const char *id);                        /* by id (CMP-RA-01, any case) or table name; NULL */
const struct form *form_of_table(const struct fact_table *t);        /* NULL when people are not asked for it */
/* The target at which a form's answers stand: "attestations", of a sheet "sheet NAME". Owned. */
#define PEOPLE_TARGET "attestations"
char *form_target(const struct form *f);
bool form_asks(const struct form *f, size_t column);                 /* false for the answer's own head: form, answered_on, ... */
/* The n-th choice of a column, with its length, or NULL behind the last and where any answer is taken. */
const char *form_choice(const struct fact_column *c, size_t n, size_t *len);

#endif
