/* What a check's SQL may touch: the allow-list that SQLite asks while it compiles. Whoever compiles what a checklist says.
 *
 * A fact table is reached through views only. SQLite names the view that is responsible for an access, but a common table expression may bear
 * any name, the view's too (`WITH interfaces AS (SELECT * FROM main.interfaces)`), so the views that may read have names that nobody can guess. */
#ifndef PREOP_CHECKLIST_AUTHORIZE_H
#define PREOP_CHECKLIST_AUTHORIZE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_LEN 16            /* hex digits in the names of hidden views and tables */
/* Hidden names: "_" SECRET LETTER "_" TABLE. The letters: */
#define HIDDEN_SOURCES 's'       /* temporary table: the run's collections of TABLE */
#define HIDDEN_ORG_SOURCES 'o'   /* the same of the pinned runs of home and owned sites */
#define HIDDEN_ROWS 'i'          /* view: one row per key, from the preferred source */
#define HIDDEN_ALL 'a'           /* view: the rows of every source */
#define HIDDEN_ORG 'p'           /* view: org_TABLE */
#define HIDDEN_TARGETS 't'       /* temporary table: the run's targets */
#define HIDDEN_LOOKUP 'l'        /* temporary table: a lookup's rows (lookup.h) */

struct authorizer {
    char secret[SECRET_LEN + 1];
    sqlite3 *db;
    char **other_tables; size_t n_other_tables;      /* names of everything else that FROM could reach */
    /* What the statement being compiled reads; authorizer_reset() clears it. */
    bool *plain, *org;           /* by registry index */
    uint64_t *columns;           /* by registry index: bits of declared columns of the table's own view */
    char refused[160];           /* the first thing refused, as a sentence; "" */
};

void authorizer_init(struct authorizer *a, sqlite3 *db);             /* makes the secret; reads the names of other tables */
void authorizer_clear(struct authorizer *a);
void authorizer_reset(struct authorizer *a);
void authorizer_on(struct authorizer *a);    /* from now on every compilation asks */
void authorizer_off(struct authorizer *a);   /* for our own statements */
/* out has room for any table's name: HIDDEN_NAME_MAX bytes. */
#define HIDDEN_NAME_MAX 128
void hidden_name(const struct authorizer *a, char letter, const char *table, char out[HIDDEN_NAME_MAX]);

#endif
