/* What the files of the SSH session share (ssh_session.c, ssh_handshake.c, ssh_auth.c). Not for others. */
#ifndef PREOP_WORKER_SSH_INTERNAL_H
#define PREOP_WORKER_SSH_INTERNAL_H

#include <libssh2.h>
#include "worker/net.h"
#include "worker/ssh_hostkey.h"
#include "worker/ssh_key.h"
#include "worker/ssh_session.h"

#define SSH_GREETING_MAX 16384       /* bytes of the server's clear text that are kept */

struct ssh_session {
    struct probe_ctx *ctx;
    LIBSSH2_SESSION *ssh;
    int fd;
    struct net_peer peer;
    int64_t timeout_ms;              /* of one answer */
    bool rsa_sha2;                   /* this libssh2 does RSA with SHA-2 by itself (1.11) */

    /* the wire (ssh_session.c) */
    bool stop;                       /* nothing is sent or received any more: set where an answer must not go out */
    bool lost;                       /* the server ended the connection */
    bool timed_out;
    size_t received, receive_max;    /* bytes; past the maximum the connection is ended with flooded */
    bool flooded;
    uint8_t *greeting; size_t greeting_len;

    /* who answers (ssh_handshake.c) */
    struct known_answer known;
    struct ssh_offer offer;
    bool no_password;                /* the host key was accepted unseen: a password would go to nobody knows whom */

    /* logging in (ssh_auth.c) */
    const char *user;
    struct ssh_key *key;
    char methods[256];               /* as offered */
    struct talk *talk;               /* while keyboard-interactive goes on */
    bool without_proof;              /* the server let this user in without any */
};

/* Waits until the socket is ready for what libssh2 wants: true to call it again, false after s->timed_out, s->lost or s->stop.
 * by: the moment (clock_mono_ms) at which waiting ends. */
bool ssh_wait(struct ssh_session *s, int64_t by);
int64_t ssh_answer_by(const struct ssh_session *s);      /* now + timeout, not beyond the deadline */
#define SSH_RETRY(s, by, rc, call) do { (rc) = (call); } while ((rc) == LIBSSH2_ERROR_EAGAIN && ssh_wait((s), (by)))

/* Says that the connection ended or nothing came; what: "during the key exchange". */
void ssh_fail_wire(struct ssh_session *s, const char *what);
void ssh_asked(struct ssh_session *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));      /* logs and paces */

bool ssh_is_trust(const struct ssh_session *s);          /* the job only asks who answers */
bool ssh_handshake(struct ssh_session *s);   /* key exchange and host key; false after the outcome was said */
bool ssh_login(struct ssh_session *s);       /* false after the outcome was said */

#endif
