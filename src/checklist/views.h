/* A read-only connection made fit for strangers' SQL: hardened, with the views that checks see, behind the authorizer.
 * Evaluation child, lint, `facts --where`.
 *
 * What a check sees, for each fact table T:
 *   T        one row per key and target, from the preferred source
 *   all_T    every source's rows
 *   org_T    the rows of the newest run of home and of every owned site, with `site` before the rest
 * Columns: target, subject (the key's JSON), the declared ones, then method, observed_at, vantage, probe, target_role, target_address,
 * target_criticality (a declared column of the same name stands instead). And
 *   targets  name, role, address, criticality: the run's targets
 * and, where a check names them, site_profile and the data tables of lookup.h */
#ifndef PREOP_CHECKLIST_VIEWS_H
#define PREOP_CHECKLIST_VIEWS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include "checklist/authorize.h"
#include "checklist/functions.h"
#include "checklist/wire.h"

struct check_db {
    sqlite3 *db;
    const struct eval_job *job;
    struct authorizer auth;
    struct functions functions;
    int64_t deadline_ms;         /* clock_mono_ms() at which the running statement is interrupted; 0: never */
    bool timed_out;
    struct shown_table {         /* by registry index */
        unsigned views;          /* which of its views there are: only what some check of the job may read, since making all takes longer than most checks */
        size_t first_source, n_sources;      /* its sources in by_table */
        bool filled;             /* what its views show now: the sources that are good enough for filter, every one if that is NULL */
        const struct check *filter;
    } *tables;
    size_t *by_table;            /* the job's sources, a table's side by side and in their order */
};

/* Opens the store's file read-only: SQLite's code. immutable: nobody can write it, and there may be no shared memory. *out is the caller's to close, in any case. */
int check_db_open(const char *path, bool immutable, sqlite3 **out) MUST_CHECK;
/* Takes db over as it is (the caller closes it after check_db_clear()). job must live as long. *why is owned. */
int check_db_init(struct check_db *d, sqlite3 *db, const struct eval_job *job, char **why) MUST_CHECK;
void check_db_clear(struct check_db *d);
/* Before a statement of these checks is stepped: lets the views of the tables that they name show the rows of every collection (filter NULL), or of those only that
 * are good enough for filter, which must live as long as d, unchanged. Not while a statement is open. */
int check_db_show(struct check_db *d, const struct check *filter, const struct check *const *checks, size_t n) MUST_CHECK;
/* Whether this source is good enough for the check, and why not. */
enum eval_why source_weakness(const struct eval_source *s, const struct check *c, int64_t as_of);
void check_db_deadline(struct check_db *d, int64_t ms);      /* from now */
/* Prepares under the authorizer; refuses what is more than one statement. *why: owned, a sentence. */
int check_db_prepare(struct check_db *d, const char *sql, sqlite3_stmt **out, char **why) MUST_CHECK;

/* The columns beside the declared ones, before and after them. */
extern const char *const view_columns[];
extern const size_t n_view_columns;
bool view_column_known(const struct fact_table *t, const char *name);        /* declared, or one of these */
const char *criticality_name(int criticality);

#endif
