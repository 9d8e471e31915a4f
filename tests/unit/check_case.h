/* Fixtures of shipped checks, tests/checklists/ID.yaml: facts, and what the check has to say of each. tests/checklists/README.md has the form. */
#ifndef PREOP_TESTS_CHECK_CASE_H
#define PREOP_TESTS_CHECK_CASE_H

#include "base/diag.h"
#include "base/mem.h"
#include "checklist/evaluate.h"
#include "fact/row.h"

enum case_kind { CASE_PASS, CASE_FAIL, CASE_UNKNOWN, CASE_NONE, CASE_KINDS };
const char *case_kind_name(enum case_kind k);    /* the key in the file: "pass", ..., "not-applicable" */

struct expected { const char *target, *subject; enum verdict verdict; bool graded; enum severity severity; const char *reason; int line; };
struct case_facts {
    const char *site;                            /* NULL: the case's own run; otherwise a run of that name before it */
    const char *target, *role, *address, *probe, *vantage;
    bool clinical;                               /* the target; otherwise support */
    const struct fact_table *table;
    enum state state;
    enum reason reason;
    enum method method;
    int64_t days_old;
    struct fact_row *rows; size_t n_rows;        /* texts live in the fixture's arena */
};
struct case_site { const char *name, *stage; };
struct case_earlier { int64_t days_ago, ready; bool partial, lost, other_checklist; };
struct check_case {
    enum case_kind kind;
    const char *is;
    int line;
    int64_t today;                               /* noon */
    const char *site_yaml;                       /* lines of site.yaml, for site_profile and owner_roles; NULL: no site */
    const char *decisions_yaml;                  /* decisions.yaml, for conditions; NULL: none */
    struct case_site *sites; size_t n_sites;     /* runs of other sites, sealed the day before */
    struct case_earlier *earlier; size_t n_earlier;      /* sealed runs of the site itself, oldest first */
    struct case_facts *facts; size_t n_facts;    /* theirs too */
    struct expected *expected; size_t n_expected;
    const char **uncollected; size_t n_uncollected;      /* targets of which a table was not collected */
};
struct check_fixture { struct arena *arena; const char *path, *check, *never_unknown; const struct fact_table *rows_of; struct check_case *cases; size_t n_cases; };

/* Reads one file. All errors to diags, also of cases that do not fit their kind; NULL when there was one. check_fixture_free() it. */
struct check_fixture *check_fixture_load(const char *path, struct diags *diags);
void check_fixture_free(struct check_fixture *f);

#endif
