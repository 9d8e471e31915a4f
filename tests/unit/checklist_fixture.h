/* A store of its own with one open run, filled from short texts, and checklists from YAML texts: what the tests of evaluation stand on. */
#ifndef PREOP_TESTS_CHECKLIST_FIXTURE_H
#define PREOP_TESTS_CHECKLIST_FIXTURE_H

#include "store_helper.h"
#include "checklist/evaluate.h"

struct fx { char *dir; struct store *s; int64_t run; int64_t now; };
void fx_open(struct fx *f);                  /* the clock stands still at f->now */
void fx_close(struct fx *f);
int64_t fx_run(struct fx *f, const char *site, const char *stage);           /* a further run */

struct fx_how { const char *probe; enum state state; enum reason reason; const char *detail; enum method method; const char *vantage; int days_old; };
/* Defaults: snmp, complete, measured. rows: one a line, "name=P1 speed_mbps=100 alias=up_link"; _ stands for a blank. NULL: none. */
void fx_collect(struct fx *f, const char *target, const char *table, const struct fx_how *how, const char *rows);
void fx_target(struct fx *f, const char *target, int criticality);

/* Checks of one checklist called test; every check gets title, domain and severity unless it says them. */
struct checklists *fx_checks(const char *yaml);
/* checks: entries like "{id: A-1, facts: interfaces, pass: speed_mbps >= 1000}" on lines of their own. Fails the test when evaluation as a whole fails. */
struct evaluation *fx_evaluate(struct fx *f, const char *checks, const struct evaluate_options *o);       /* the checklists live until fx_close() */
const struct check_verdicts *fx_check(const struct evaluation *e, const char *id);
const struct subject_verdict *fx_subject(const struct check_verdicts *c, const char *target, const char *subject);    /* NULL when not listed */
const struct target_verdicts *fx_at(const struct check_verdicts *c, const char *target);                             /* NULL when not there */
/* The counts at a target, exactly. */
void fx_expect(const struct evaluation *e, const char *id, const char *target, int pass, int fail, int unknown, bool uncollected);
void fx_expect_error(const struct evaluation *e, const char *id, const char *part_of_text);
void fx_expect_not_applicable(const struct evaluation *e, const char *id);

#endif
