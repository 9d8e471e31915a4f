/* The short hand in which forms_*.c and sheets_*.c are written. Nobody else includes this. */
#ifndef PREOP_FACT_FORM_DECLARE_H
#define PREOP_FACT_FORM_DECLARE_H

#include "fact/form.h"
#include "fact/form_list.h"

#define ASK(name, type, flags, unit, accepted, help) { name, type, flags, unit, accepted, help }
#define ASK_TEXT(name, help) ASK(name, FACT_TEXT, 0, NULL, ANSWER_TEXT, help)
#define ASK_KEY(name, help) ASK(name, FACT_TEXT, FACT_KEY, NULL, ANSWER_TEXT, help)
#define ASK_NAME(name, help) ASK(name, FACT_TEXT, FACT_PERSONAL, NULL, ANSWER_TEXT, help)       /* of a person */
#define ASK_DATE(name, help) ASK(name, FACT_TIMESTAMP, 0, NULL, ANSWER_DATE, help)
#define ASK_MOMENT(name, help) ASK(name, FACT_TIMESTAMP, 0, NULL, ANSWER_MOMENT, help)
#define ASK_CLOCK(name, help) ASK(name, FACT_TEXT, 0, NULL, ANSWER_CLOCK, help)
#define ASK_WHOLE(name, unit, help) ASK(name, FACT_INTEGER, 0, unit, ANSWER_WHOLE, help)
#define ASK_NUMBER(name, unit, help) ASK(name, FACT_REAL, 0, unit, ANSWER_NUMBER, help)
#define ASK_MONEY(name, help) ASK(name, FACT_REAL, FACT_CLEAN_TEAM, "the site's currency", ANSWER_MONEY, help)
#define ASK_YES_NO(name, help) ASK(name, FACT_BOOLEAN, 0, NULL, ANSWER_YES_NO, help)
#define ASK_LIST(name, help) ASK(name, FACT_TEXT, 0, NULL, ANSWER_LIST, help)
#define ASK_NETWORKS(name, help) ASK(name, FACT_TEXT, 0, NULL, ANSWER_NETWORKS, help)
#define ASK_ONE_OF(name, choices, help) ASK(name, FACT_TEXT, 0, NULL, ANSWER_ONE_OF choices, help)
#define ASK_KEY_ONE_OF(name, choices, help) ASK(name, FACT_TEXT, FACT_KEY, NULL, ANSWER_ONE_OF choices, help)

/* Every answer's head, the last columns of each table. */
#define ANSWER_HEAD                                                                                                                         \
    ASK("answered_on", FACT_TIMESTAMP, FACT_VOLATILE, NULL, ANSWER_ITSELF, "The day on which it was answered"),                              \
    ASK("answered_by", FACT_TEXT, FACT_PERSONAL | FACT_VOLATILE, NULL, ANSWER_ITSELF, "Who said it"),                                        \
    ASK("answered_role", FACT_TEXT, FACT_VOLATILE, NULL, ANSWER_ITSELF, "In which role"),                                                    \
    ASK("has_evidence", FACT_BOOLEAN, FACT_VOLATILE, NULL, ANSWER_ITSELF, "A file that proves it is kept, whole"),                           \
    ASK("evidence", FACT_TEXT, FACT_VOLATILE, NULL, ANSWER_ITSELF, "That file, or a link"),                                                  \
    ASK("answer_expires_on", FACT_TIMESTAMP, FACT_VOLATILE, NULL, ANSWER_ITSELF, "The last day on which the answer counts; NULL: it stays true")
#define FORM_KEY ASK("form", FACT_TEXT, FACT_KEY, NULL, ANSWER_ITSELF, "The form's id")

#define ASKED(ident, id_, name, kind_, phase_, days, of, question, proof, help_, checks_)                                                    \
    const struct fact_table form_table_##ident = FACT_TABLE_DECLARE(name, question, FILLED_BY_PERSON, 0, ident);                             \
    const struct form form_##ident = { .id = id_, .table = &form_table_##ident, .kind = kind_, .phase = PHASE_##phase_, .valid_days = days,  \
                                       .asked_of = of, .evidence = proof, .help = help_, .checks = checks_ }
/* ident: also the name of the array of columns. */
#define FORM(ident, id, phase, days, of, question, proof, help) ASKED(ident, id, "form_" #ident, FORM_SINGLE, phase, days, of, question, proof, help, NULL);
#define FORM_ROWS(ident, id, phase, days, of, question, proof, help) ASKED(ident, id, "form_" #ident, FORM_LIST, phase, days, of, question, proof, help, NULL);
#define SHEET(ident, phase, days, of, question, proof, help, checks) ASKED(ident, #ident, #ident, FORM_SHEET, phase, days, of, question, proof, help, checks);

#endif
