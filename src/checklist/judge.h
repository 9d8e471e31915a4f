/* Runs the statements of a job on a connection that views.c made fit, and says what came of each check. Evaluation child; tests and the fuzz target
 * run it within themselves. */
#ifndef PREOP_CHECKLIST_JUDGE_H
#define PREOP_CHECKLIST_JUDGE_H

#include "checklist/compile.h"

/* Where answers go: write is called with whole answers, 0 or an error that ends the work. */
struct judge_out {
    struct buf b;
    int (*write)(void *ctx, const void *p, size_t len);
    void *ctx;
    int err;
};
void judge_out_init(struct judge_out *o, int (*write)(void *, const void *, size_t), void *ctx);
void judge_out_clear(struct judge_out *o);

/* Works off job->todo, each check to its ANSWER_DONE, and says ANSWER_END. Only a failing write ends it before: that error is returned. */
int judge_run(struct check_db *d, struct judge_out *o) MUST_CHECK;

/* Evidence: appends "name": value to a JSON object under construction, unless that made it longer than EVAL_EVIDENCE_MAX. */
void evidence_begin(struct buf *b);
void evidence_add(struct buf *b, const char *name, bool boolean, sqlite3_stmt *st, int column);
void evidence_end(struct buf *b);

#endif
