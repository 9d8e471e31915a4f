/* What judge.c and judge_query.c share. Nobody else includes this. */
#ifndef PREOP_CHECKLIST_JUDGE_INTERNAL_H
#define PREOP_CHECKLIST_JUDGE_INTERNAL_H

#include "checklist/judge.h"

struct tally { int64_t pass, fail, unknown; bool seen; enum method weakest; };

struct judge {
    struct check_db *d;
    const struct eval_job *job;
    struct judge_out *out;
    struct check_reads *reads;   /* by check */
    bool *erred;                 /* by check: nothing more is said of it */
    bool *uses_regexp;           /* by check */
    uint32_t *by_name; size_t n_by_name;     /* this run's targets, sorted by name */
    struct watched_key { uint64_t hash; uint32_t check; } *watch; size_t n_watch;    /* sorted by hash */
    struct buf evidence, detail;
};

enum outcome { OUTCOME_NONE, OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_NULL, OUTCOME_CANNOT_TELL, OUTCOME_BAD_WHERE, OUTCOME_BAD };

/* Said before the work, so that who sees us die knows of what. */
void judge_begin(struct judge *j, const uint32_t *checks, size_t n);
void judge_error(struct judge *j, uint32_t check, const char *text);         /* text may be anything */
void judge_bad(struct judge *j, uint32_t check, const char *what, sqlite3_stmt *st, int column);     /* the error of a verdict that is none; column -1: not at hand */
void judge_counts(struct judge *j, uint32_t check, uint32_t target, const struct tally *t);
void judge_done(struct judge *j, uint32_t check);
void judge_subject(struct judge *j, struct answer *a, const char *subject, size_t len);      /* with j->detail and j->evidence */
void judge_query(struct judge *j, uint32_t check);
enum outcome judge_outcome(sqlite3_stmt *st, int column);
char *judge_trouble(const struct check_db *d);           /* owned: a sentence for what SQLite could not do */
uint64_t subject_hash(uint32_t target, const char *subject, size_t len);
bool judge_watched(const struct judge *j, uint64_t hash, uint32_t check);
void tally_add(struct tally *t, enum verdict v, enum method m);

#endif
