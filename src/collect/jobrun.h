/* One job as the parent sees it: what it was told, what its worker has sent so far, and whether that can be believed.
 * Every frame is checked here against the declaration and the job's limits; the first that is not in order breaks the job. */
#ifndef PREOP_COLLECT_JOBRUN_H
#define PREOP_COLLECT_JOBRUN_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "collect/collect.h"
#include "collect/spool.h"
#include "fact/frame.h"
#include "fact/job.h"

#define JOB_MAX_ROWS INT64_C(1000000)
#define JOB_MAX_BYTES (INT64_C(512) * 1024 * 1024)
#define JOB_MAX_NOTES 100
#define JOB_MAX_ASKED 100000
#define JOB_MAX_PEERS 16
#define JOB_MAX_SIGNS 3

enum job_phase { JOB_WAITING, JOB_RUNNING, JOB_DONE };

/* The outcome for one table, as said by the worker. */
struct job_table {
    const struct fact_table *table;
    bool said;
    enum state state;
    enum reason reason;
    char *detail;
    int64_t observed_at;
    int64_t rows;                    /* of all targets */
};
/* Rows of one table at one target. */
struct job_stream { const struct fact_table *table; const struct target *target; int64_t rows; };
struct job_note { const struct fact_table *table; char *text; };     /* table NULL: about the whole job */

struct jobrun {
    const struct plan_item *item;    /* borrowed */
    const struct site *site;         /* borrowed */
    enum job_phase phase;
    uint32_t id;
    int frames_fd, answers_fd;       /* -1 when closed */
    struct buf in;                   /* the start of a frame that is not whole yet */
    struct spool spool;
    struct job_table tables[JOB_MAX_TABLES]; size_t n_tables;
    struct job_stream *streams; size_t n_streams, cap_streams, last_stream;
    struct job_note *notes; size_t n_notes;
    int64_t rows, bytes, n_asked;
    int n_peers, n_signs;
    char *sandbox;                   /* level; NULL before the lock */
    bool ended;                      /* FRAME_END was seen */
    bool eof, exited;                /* of the pipe; of the process */
    int status;                      /* as from wait4() */
    int64_t cpu_us, maxrss_kib;
    enum reason broken;              /* why the parent ended it: malformed, limit, timeout, interrupted, internal; REASON_NONE */
    char *broken_detail;
    bool killed;                     /* CONTROL_KILL was sent */
    bool hung_up;                    /* its watch was to end: the answers' pipe was closed */
    int64_t started, finished;       /* wall clock, seconds */
    int64_t started_ms, deadline_ms, ms;         /* monotonic: when it began, when it is killed; how long it took */
    int64_t allowed_ms;              /* set by who builds the job: after so long it is killed */
    int64_t watch_ms;                /* likewise, of a watch: how long it looks; else 0 */
    int64_t max_rows, max_bytes;
    /* of the job that was built, for checking later */
    char *host; int port;
    char *user;                      /* ssh */
    int64_t evidence_id, evidence_observed;
    bool no_view;                    /* nobody answered any job: the reason is where we stand, not this target */
    size_t credential;               /* place among the run's credentials */
};

/* What the parent does with what is not a fact. Any may be NULL. */
struct jobrun_ops {
    void (*asked)(void *ctx, struct jobrun *j, const struct frame_asked *a);
    void (*peer)(void *ctx, struct jobrun *j, const struct frame_peer *p);
    void (*sign)(void *ctx, struct jobrun *j, const struct frame_sign *s);
};

/* tables: which of the item's tables (bit i: item->tables[i]). item, site and spool_dir are borrowed. */
void jobrun_init(struct jobrun *j, const struct plan_item *item, uint32_t tables, const struct site *site, const char *spool_dir);
/* Frees everything and leaves an empty job of the same item without tables. */
void jobrun_clear(struct jobrun *j);
/* Takes bytes from the worker. After a frame out of order j->broken is set and everything else is ignored. */
void jobrun_feed(struct jobrun *j, const void *p, size_t len, const struct jobrun_ops *ops, void *ops_ctx);
void jobrun_break(struct jobrun *j, enum reason reason, const char *detail, ...) __attribute__((format(printf, 3, 4)));
/* A note of the parent's own, for every collection of the job. */
void jobrun_note(struct jobrun *j, char *text_take);

/* The outcome for one table, when the job is over: what the worker said where it ended in order, else what the parent knows. *detail is borrowed. */
struct job_outcome { enum state state; enum reason reason; const char *detail; bool keep_rows; };
void jobrun_settle(struct jobrun *j);        /* once, before the outcomes are read: crash and cut streams become j->broken */
struct job_outcome jobrun_outcome(const struct jobrun *j, const struct job_table *t);

#endif
