/* What check SQL may join beside facts: the site's profile, its owners and what was decided, its earlier runs, and data files that say when products lose their support. They are inputs
 * of a run and no facts: pinned with the site and the checklists, so that a run that is judged again is judged by what was known then, and an older run's facts by a newer run's
 * inputs; but a run's earlier runs are always its own. Declarations are constants; the rows live with struct checklists (parent) or with a decoded job (evaluation child). Files are hostile.
 *
 * Adding one: 1. an id here, 2. its columns and a row of lookup_tables[] in lookup.c, 3. a line in checklists/README.md. */
#ifndef PREOP_CHECKLIST_LOOKUP_H
#define PREOP_CHECKLIST_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "fact/table.h"

struct site;
struct check;
struct store;

enum lookup_id { LOOKUP_SITE_PROFILE, LOOKUP_OWNER_ROLES, LOOKUP_CONDITIONS, LOOKUP_EARLIER_RUNS, LOOKUP_EOL, LOOKUP_COUNT };
struct lookup_column { const char *name; enum fact_type type; bool needed; };    /* TEXT, REAL or TIMESTAMP (a date in a file); needed: never NULL */
struct lookup_table {
    const char *name;                    /* as SQL calls it */
    const char *file;                    /* below the data folder; NULL: the site's own files are its source, or the store */
    const struct lookup_column *columns; size_t n_columns;
};
struct lookup_rows { const char **values; size_t n; };       /* n rows of n_columns texts; NULL: not known */

#define LOOKUP_MAX_ROWS 5000

extern const struct lookup_table lookup_tables[LOOKUP_COUNT];
bool lookup_known(const char *name);                         /* some lookup is called that, letter by letter */
bool lookup_wanted(const struct check *checks, size_t n, enum lookup_id id);      /* the SQL of one of them may read it */

/* The lookups whose source is the site. site may be NULL.
 * site_profile: always one row, all of it NULL without a site. A number's column has the low end of a range, NAME_high its high end;
 * a milestone of the usual ones is NAME_on, its date (day-1: day_1_on).
 * owner_roles: each role that owns one of these checks, alone or with another, by name; whom the site maps it to, NULL for nobody; how many checks.
 * conditions: those of decisions.yaml, in its order; met is 0 or 1. */
void lookup_site(struct arena *a, const struct site *site, const struct check *checks, size_t n_checks, struct lookup_rows out[LOOKUP_COUNT]);
/* earlier_runs: the site's whole sealed runs before this one, newest first; back is 1 for the newest. Scores in percent, NULL where nothing was assessed. */
int lookup_earlier(struct arena *a, struct store *s, int64_t run, struct lookup_rows *out) MUST_CHECK;
/* A file's rows: tab-separated, a header of the declared names, '#' for comments, an empty field or '-' for what is not known. Errors to diags with their line. */
void lookup_parse(enum lookup_id id, struct arena *a, const char *file, const char *p, size_t len, struct diags *diags, struct lookup_rows *out);

#endif
