/* The SQL functions that a check may call: ours, and a list of SQLite's deterministic ones. Evaluation child, lint, `facts --where`. */
#ifndef PREOP_CHECKLIST_FUNCTIONS_H
#define PREOP_CHECKLIST_FUNCTIONS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

/* What the functions share with whoever steps the statement. Must live as long as the connection. */
struct functions {
    int64_t as_of;           /* days_until and days_since count from here, never from today's clock */
    bool regexp_limit;       /* set when a regexp gave NULL because its limits were reached; the reader clears it */
};

/* Adds cidr_overlaps(a, b), cidr_contains(net, addr), version_cmp(a, b), days_until(t), days_since(t), regexp(pattern, text). */
int functions_register(sqlite3 *db, struct functions *f) MUST_CHECK;
bool function_allowed(const char *name);                 /* whatever the case */
extern const char *const function_names[];               /* for "did you mean" */
extern const size_t n_function_names;

/* -1, 0, 1 as a stands to b, number by number; *known false when either holds no digit. "10.0.19045" > "10.0.2"; "7.4rc1" < "7.4"; "1.0" = "1". */
int version_compare(const char *a, const char *b, bool *known);

#endif
