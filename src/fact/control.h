/* What parent and zygote say to each other over a SOCK_SEQPACKET socket, one message a packet, and the page in which a
 * run's workers share their packet rate. The parent believes the zygote's job numbers only where it has such a job. */
#ifndef PREOP_FACT_CONTROL_H
#define PREOP_FACT_CONTROL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

enum control_kind {
    CONTROL_START = 1,       /* parent: fork a worker for this job; carries its descriptors */
    CONTROL_KILL,            /* parent: end this job's worker now */
    CONTROL_STARTED,         /* zygote: it runs */
    CONTROL_EXIT             /* zygote: it is gone and reaped; status and what it used */
};

enum control_fd { CONTROL_FD_JOB, CONTROL_FD_FRAMES, CONTROL_FD_ANSWERS, CONTROL_FD_PACE, CONTROL_FD_EVIDENCE, CONTROL_FDS };

struct control_msg {
    enum control_kind kind;
    uint32_t job;
    int status;              /* EXIT: as from wait4() */
    int64_t cpu_us;          /* EXIT: user and system time */
    int64_t maxrss_kib;      /* EXIT */
    int fd[CONTROL_FDS];     /* START: all but EVIDENCE (-1: none) are set. The receiver owns them */
};

void control_init(struct control_msg *m, enum control_kind kind, uint32_t job);     /* no descriptors */
/* 0, -EAGAIN when the socket is full (non-blocking), or another -errno. Descriptors stay the caller's. */
int control_send(int fd, const struct control_msg *m) MUST_CHECK;
/* 1 and *out, 0 at the end of the connection, -EAGAIN, another -errno, ERR_FORMAT for a packet that is none of these. */
int control_recv(int fd, struct control_msg *out) MUST_CHECK;
void control_close_fds(struct control_msg *m);

/* The shared packet rate of a run: when the next packet may be sent, CLOCK_MONOTONIC nanoseconds. Every worker of the run can
 * write here, so nobody believes a value that lies further ahead than PACE_AHEAD_NS. */
struct pace_page { _Atomic uint64_t next_ns; };
#define PACE_PER_SECOND 50
#define PACE_AHEAD_NS UINT64_C(1000000000)

#endif
