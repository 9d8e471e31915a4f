/* What a worker knows of its job, shared by the files of src/worker/ only; probes see it through probes/probe.h. */
#ifndef PREOP_WORKER_CTX_H
#define PREOP_WORKER_CTX_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "fact/control.h"
#include "fact/job.h"
#include "probes/probe.h"

#define CTX_MAX_NOTES 90             /* the parent ends a job at 100 */
#define CTX_MAX_ASKED 99990          /* the parent ends a job at 100,000 */
#define CTX_MAX_PEERS 16

struct ctx_table {
    const struct fact_table *table;
    bool said;                       /* an outcome was given */
    enum state state;
    enum reason reason;
    char *detail;
    int64_t observed_at;
    int64_t rows;
};

struct probe_ctx {
    struct job *job;
    const struct probe *probe;
    int out_fd, in_fd, evidence_fd;
    struct pace_page *pace;          /* NULL: no limit */
    int64_t deadline;                /* clock_mono_ms() */
    int64_t max_rows, max_bytes;
    int64_t rows, bytes, notes, asked, peers;
    bool over;                       /* a limit was reached: nothing more may be asked */
    struct buf out;                  /* frames not yet written */
    struct ctx_table tables[JOB_MAX_TABLES];
    size_t n_tables;
};

/* Takes the job. The descriptors stay open until the process ends. */
void ctx_init(struct probe_ctx *ctx, struct job *job_take, int out_fd, int in_fd, int evidence_fd);
void ctx_flush(struct probe_ctx *ctx);                       /* ends the process when nobody listens any more */
void ctx_sandbox(struct probe_ctx *ctx, const char *level);  /* FRAME_SANDBOX */
/* Says the outcome of every wanted table, the end, and flushes. rc: what collect() returned. */
void ctx_finish(struct probe_ctx *ctx, int rc);

#endif
