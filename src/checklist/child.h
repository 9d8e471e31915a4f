/* Starting and ending the evaluation child. Parent, but for what the two agree on. */
#ifndef PREOP_CHECKLIST_CHILD_H
#define PREOP_CHECKLIST_CHILD_H

#include <stdbool.h>
#include <sys/types.h>
#include "base/buf.h"
#include "base/err.h"

#define EVALUATE_ARGUMENT "--internal-evaluate"
#define EVALUATE_JOB_FD 3
#define EVALUATE_ANSWER_FD 4
#define EVALUATE_EXIT_SETUP 97           /* it could not even begin: nothing that a check did */

struct child { pid_t pid; int fd; };     /* fd: its answers, non-blocking */

/* Executes this program again with the job in fd 3 and a constructed environment. */
int child_start(const struct buf *job, struct child *out) MUST_CHECK;
/* Kills it when it still runs, reaps it, closes the descriptor. Its wait status; -1 when somebody else reaped it. */
int child_end(struct child *c, bool kill_it);

#endif
