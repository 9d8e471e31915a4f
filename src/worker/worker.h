/* A worker's life: read the job, run the probe, say how it ended. Runs in the forked process only. */
#ifndef PREOP_WORKER_WORKER_H
#define PREOP_WORKER_WORKER_H

/* job_fd: the sealed memfd; out_fd: frames go here; in_fd: answers of the parent come from here; pace_fd: the shared limit's page; evidence_fd: an open file or -1.
 * Ends the process. */
void worker_main(int job_fd, int out_fd, int in_fd, int pace_fd, int evidence_fd) __attribute__((noreturn));

/* For probes whose job is an open file (the file probe): its descriptor, -1 when there is none. */
struct probe_ctx;
int worker_evidence_fd(const struct probe_ctx *ctx);

#endif
