/* From a check to SQL: each expression is scanned and compiled alone first, then together with others over the same table.
 * Evaluation child and lint. */
#ifndef PREOP_CHECKLIST_COMPILE_H
#define PREOP_CHECKLIST_COMPILE_H

#include "checklist/views.h"

enum check_part { PART_WHERE, PART_PASS, PART_QUERY, PART_GRADE, PART_SHOW };
struct compile_error { enum check_part part; size_t item; size_t at; char *text; };      /* item: of a grade or a shown column; at: byte, text: owned */

/* What one check reads. */
struct check_reads {
    uint16_t *tables; size_t n_tables;   /* registry index, EVAL_ORG set for org_; owned */
    uint64_t columns;                    /* of check->facts: bits of declared columns */
};
#define EVAL_ORG 0x8000u

/* Compiles every part of the check alone. 0, or ERR_BAD_INPUT and *e. reads->tables is the caller's to free. */
int check_compile(struct check_db *d, const struct check *c, struct check_reads *reads, struct compile_error *e) MUST_CHECK;

/* A statement over one fact table for several checks. Row: 0 the source's index, 1 the subject, then the raw columns, then the verdicts. */
struct group_sql {
    sqlite3_stmt *stmt;
    int columns[FACT_MAX_COLUMNS + 16]; size_t n_columns;    /* raw: index of a declared column, or -1 - i for view_columns[i] */
    int verdict[64], grade[64];          /* result columns, by place in the group; grade -1: none */
};
#define GROUP_MAX 50
/* What a verdict column says beside 0, 1 and NULL. No honest expression gives these; one that does errs no otherwise than it would anyway. */
#define VERDICT_NO_SUBJECT INT64_C(-7046029254386353131)
#define VERDICT_CANNOT_TELL INT64_C(-7046029254386353132)
#define VERDICT_BAD_WHERE INT64_C(-7046029254386353133)
int group_compile(struct check_db *d, const struct check *const *v, const struct check_reads *const *reads, size_t n, struct group_sql *out, char **why) MUST_CHECK;

/* The statement of a query check. */
struct query_sql {
    sqlite3_stmt *stmt;
    int target, subject, ok, grade;      /* result columns; grade -1: none */
    int shown[64]; size_t n_shown;
};
int query_compile(struct check_db *d, const struct check *c, struct query_sql *out, char **why) MUST_CHECK;
/* `facts --where`: the rows of a table that meet an expression (NULL: all). Row: target, subject, method, observed_at, the declared columns. */
int facts_compile(struct check_db *d, const struct fact_table *t, const char *where, sqlite3_stmt **out, char **why) MUST_CHECK;

#endif
