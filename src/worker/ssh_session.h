/* One SSH session of a worker: connects, locks the process, checks who answers, logs in, runs one command. Through libssh2.
 * Runs in workers only; everything that the server sends is hostile. Whatever goes wrong becomes the tables' outcome (probe_fail) here,
 * with its reason and what was seen; the caller has nothing to add. */
#ifndef PREOP_WORKER_SSH_SESSION_H
#define PREOP_WORKER_SSH_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "probes/probe.h"

struct ssh_session;

void ssh_warm(void);                 /* once, before any fork: initialises libssh2 and libcrypto */

/* Job keys: host, port, timeout_ms, mode, ssh.*. *out is a session that is logged in, or NULL: then the outcome has been said (or, with mode
 * "trust", the server's key has been reported and nothing else was asked). 0, or ERR_SANDBOX. */
int ssh_session_open(struct probe_ctx *ctx, struct ssh_session **out) MUST_CHECK;
void ssh_session_close(struct ssh_session *s);           /* wipes and frees; NULL is fine */

struct ssh_result {
    struct buf out;                  /* standard output, at most max bytes */
    struct buf err;                  /* the first 4 KiB of standard error */
    int exit;                        /* status; -1 when the server sent none */
    char signal[32];                 /* the signal's name when one ended it, else "" */
    enum reason cut;                 /* why out ends early: timeout, connection lost, limit; REASON_NONE when the server ended it */
    int64_t first_at;                /* our clock when the first byte of output came, UTC seconds; 0: none came */
};
/* Runs the command with input as its standard input. False when it could not be started: the outcome has been said. ssh_result_clear() out
 * either way. Once for a session. */
bool ssh_session_exec(struct ssh_session *s, const char *command, const void *input, size_t len, size_t max, struct ssh_result *out);
void ssh_result_clear(struct ssh_result *r);
const char *ssh_session_peer(const struct ssh_session *s);           /* "10.0.0.1:22", borrowed */
bool ssh_session_without_proof(const struct ssh_session *s);         /* the server let the user in without key or password */

#endif
