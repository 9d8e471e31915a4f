/* Checklists in memory: YAML read, checked, tailored. A checklist is untrusted input. Parent, lint and the evaluation child. */
#ifndef PREOP_CHECKLIST_CHECKLIST_H
#define PREOP_CHECKLIST_CHECKLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "checklist/lookup.h"
#include "fact/reason.h"
#include "fact/table.h"
#include "site/site.h"

enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL, SEVERITY_COUNT };
const char *severity_name(enum severity s);
bool severity_parse(const char *s, enum severity *out);
int severity_weight(enum severity s);                    /* 0, 1, 2, 5, 10 */

enum on_missing { MISSING_NOT_APPLICABLE, MISSING_UNKNOWN, MISSING_FAIL, MISSING_PASS };

struct param { const char *name; bool is_text, is_real; int64_t i; double r; const char *s; };
struct grade { const char *when; enum severity severity; };
struct ref { const char *scheme; const char **ids; size_t n; };      /* hipaa: [164.308(a)(1)] */
struct impact_level { const char *dimension, *level; };  /* clinician-efficiency: high */

/* What a failure means in figures (src/plan/impact.h): a driver, and what the check says of its inputs. */
enum impact_driver { IMPACT_NONE, IMPACT_DELAY, IMPACT_LOCKOUT, IMPACT_OUTAGE, IMPACT_QUEUE, IMPACT_DOUBLE_ENTRY, IMPACT_AMOUNT, IMPACT_LOCK_IN, IMPACT_EXPOSURE, IMPACT_DRIVERS };
enum impact_op { OP_TIMES, OP_DIVIDE, OP_ONE_MINUS };    /* how an input enters a product */
struct impact_input {
    const char *name;
    const char *of;                                      /* "subjects", or a number of the profile of which range is the share; NULL */
    const char *column;                                  /* a column of `show` that has the number; NULL */
    const char *source;                                  /* of the assumption; NULL: there is none */
    double range[2];
};
struct impact_model { enum impact_driver driver; const char *cause; struct impact_input *inputs; size_t n_inputs; };

struct check {
    const char *id, *title, *domain, *checklist;         /* checklist: name of the file's checklist */
    const char **was; size_t n_was;                      /* earlier ids */
    enum severity severity;
    const char *gate;                                    /* milestone or NULL */
    const char **gate_plans; size_t n_gate_plans;        /* none: every plan */
    const struct fact_table *facts;                      /* NULL with query */
    const char *where, *pass, *query;                    /* where NULL: every row */
    struct param *params; size_t n_params;
    struct grade *grades; size_t n_grades;
    const char **show; size_t n_show;
    enum method evidence;                                /* weakest that counts; default document */
    int64_t max_age_s;                                   /* 0: any age */
    const char *vantage;                                 /* label, NULL: any */
    enum on_missing on_missing;
    const char *null_ok;                                 /* reason, or NULL */
    const char *why, *fix, *fix_group, *owner, *co_owner, *horizon, *cost_basis, *measured;
    struct impact_level *impacts; size_t n_impacts;
    struct impact_model impact;                          /* driver IMPACT_NONE: words only */
    double effort_days[2], cost[2], cost_yearly[2], lead_days[2];    /* low, high; 0, 0 when absent */
    bool has_cost, has_effort;
    const char **depends; size_t n_depends;
    struct ref *refs; size_t n_refs;
    const char *file; int line, column;                  /* of the check; for messages about the expressions: */
    int where_line, where_column, pass_line, pass_column, query_line, query_column;
};

struct tailoring { const char *check, *what, *reason, *by; };        /* "severity high -> medium", for the report */
struct domain_weight { const char *domain; int64_t weight; const char *title; };
struct checklist_file { const char *name, *title; int64_t version; const char *path; const char *bytes; size_t len; char sha256[65]; bool is_data; /* of a lookup, no checklist */ };

struct checklists {
    struct arena *arena;
    struct check *checks; size_t n_checks;               /* by id; disabled ones are gone */
    struct domain_weight *domains; size_t n_domains;     /* only those named in a file; others weigh 1 */
    struct tailoring *tailorings; size_t n_tailorings;
    struct checklist_file *files; size_t n_files;        /* become inputs of kind "checklist" */
    struct checklist_file data[LOOKUP_COUNT]; size_t n_data;     /* files of lookups that some check names: inputs of kind "data" */
    struct lookup_rows lookups[LOOKUP_COUNT];            /* what checks may join beside facts */
};

/* A checklist file, or an overlay, which tailors the checks of another:
 *   overlay: network               (and optionally checklist: its own name)
 *   by: A. Example, COO            (optional)
 *   checks:
 *     - {id: NET-UPLINK-01, severity: medium, reason: the second uplink is in place}
 *     - {id: NET-POE-02, disable: true, reason: ...}     also gate: MILESTONE or none, params: {name: value} */

/* Loads the site's checklists (and overlays) by name: SITE/checklists/NAME.yaml, then data_dir()/NAME.yaml; a name ending in .yaml is a path in the site's folder.
 * Every check has to compile. All errors to diags; NULL when there was one. site must live as long. */
struct checklists *checklists_load(const struct site *site, struct diags *diags);
/* From a run's pinned inputs (name, bytes, len, and is_data of each). Nothing has to compile: what does not, errs when it is evaluated. */
struct checklists *checklists_load_files(const struct checklist_file *files, size_t n, const struct site *site, struct diags *diags);
/* Files by path, together, for lint: without a site, and not compiled yet. An overlay whose checklist is not among them tailors the shipped one of that name, which
 * then comes along. NULL when one of them had an error. */
struct checklists *checklists_load_paths(const char *const *paths, size_t n, struct diags *diags);
/* Every data_dir()/NAME.yaml; without any, no check. NULL when one of them had an error. */
struct checklists *checklists_load_shipped(struct diags *diags);
void checklists_free(struct checklists *c);
const struct check *checklists_find(const struct checklists *c, const char *id);
int64_t checklists_domain_weight(const struct checklists *c, const char *domain);        /* 1 when not named */
const char *checklists_domain_title(const struct checklists *c, const char *domain);     /* the id itself when not named */
/* Whether its `facts` is this table or its SQL has the name: it may read it. */
bool check_may_read(const struct check *c, const struct fact_table *t);
/* The tables that people fill and that some check may read, by its `facts` or by name in its SQL: at most n_forms. */
size_t checklists_people_tables(const struct checklists *c, const struct fact_table **out);
/* Whether the check is a gate under this site's plan; NULL: not decided, so that every gate stands. */
bool check_gates(const struct check *c, const char *plan);

/* The scanner of engine.md section 4: outside quotes the bracket depth never falls below zero and ends at zero; no ';', no comments, only declared :params,
 * only allowed characters. NULL when fine, otherwise a static sentence and *at, the byte where. */
const char *expression_scan(const char *expr, const struct param *params, size_t n_params, size_t *at);

#endif
