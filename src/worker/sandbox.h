/* The lock of a worker: no_new_privs, Landlock with an empty rule set, seccomp. After it no file can be opened, no socket
 * made, nothing executed, no process made or signalled. Sessions call it after connecting and before the target's first byte.
 * Left out of sanitizer and valgrind builds at build time (PREOP_NO_SANDBOX). */
#ifndef PREOP_WORKER_SANDBOX_H
#define PREOP_WORKER_SANDBOX_H

#include <stdbool.h>
#include "base/err.h"
#include "probes/probe.h"

enum sandbox_profile {
    SANDBOX_STREAM,          /* one connected TCP socket: ssh, ldap */
    SANDBOX_DATAGRAM,        /* one UDP socket: snmp */
    SANDBOX_FILE             /* an open file, no network */
};

/* Locks this process for good and reports the level reached (FRAME_SANDBOX). With the job's require_sandbox, a missing layer
 * fails the job (REASON_SANDBOX) and returns ERR_SANDBOX; else it goes on with what the kernel has. Idempotent. */
int sandbox_lock(struct probe_ctx *ctx, enum sandbox_profile profile) MUST_CHECK;
bool sandbox_locked(void);
/* In the zygote, once: compiles the filters, so that each worker finds them ready. */
void sandbox_warm(void);

#endif
