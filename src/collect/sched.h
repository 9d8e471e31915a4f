/* The scheduler: starts jobs through the zygote, reads their pipes, keeps their deadlines, and ends them. It knows nothing of sites
 * and stores; what a job is told and what becomes of it is the caller's. Parent only. */
#ifndef PREOP_COLLECT_SCHED_H
#define PREOP_COLLECT_SCHED_H

#include "collect/jobrun.h"
#include "fact/job.h"

enum sched_verdict {
    SCHED_START,             /* *job and *evidence_fd are given: they are the scheduler's to free and close */
    SCHED_LATER,             /* not while another job runs that this one has to wait for */
    SCHED_NEVER              /* settled without asking: jobrun_break() said why */
};

struct sched_ops {
    enum sched_verdict (*build)(void *ctx, struct jobrun *j, struct job **job, int *evidence_fd);
    /* The job is over, settled, and its rows are in the spool. Cleared afterwards unless *keep is set (then the caller clears it).
     * A negative value stops everything. */
    int (*done)(void *ctx, struct jobrun *j, bool *keep);
    void (*tick)(void *ctx, size_t n_done, size_t n_jobs, size_t n_watching, int64_t left_ms);   /* at most ten times a second; left_ms -1: not known */
    struct jobrun_ops frames;
    void *ctx;
};

/* Runs all of jobs[0..n), at most max_running at once. Watches do not count among these: they rest nearly all the time, and who waited for them
 * would wait for hours; as many of them run as descriptors allow, all within the shared packet rate. SIGINT and SIGTERM stop it: no new jobs, 2 s of grace in which watches are to end by themselves, then the rest is killed
 * (at once on a second one); *interrupted says so, and jobs that were never started stay JOB_WAITING.
 * ERR_INTERNAL when the zygote died twice; else 0 or what done() gave. */
int sched_run(struct zygote *z, struct jobrun *jobs, size_t n, size_t max_running, const struct sched_ops *ops, bool *interrupted) MUST_CHECK;

/* How many workers may run at once: asked for (0: the default), within what descriptors and politeness allow. */
size_t sched_limit(int asked, bool fast);

#endif
