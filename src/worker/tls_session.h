/* TLS handshakes that look and do not judge: any version from 1.0 on and any cipher is accepted, any certificate is described, and no
 * application data is ever sent. For the net probe only; whoever shows a secret uses a session that demands trust. Through OpenSSL's libssl,
 * because it still speaks the old versions that have to be found, and reports why a chain is not trusted in one number. */
#ifndef PREOP_WORKER_TLS_SESSION_H
#define PREOP_WORKER_TLS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "probes/probe.h"
#include "worker/tls_certificate.h"

struct tls_session;

enum tls_outcome {
    TLS_DONE,                /* encrypted */
    TLS_REFUSED,             /* it speaks TLS and ended the handshake, or nothing is common */
    TLS_NOT_TLS,             /* it answered with something else */
    TLS_SILENT,              /* no answer in time, and nothing that could be judged */
    TLS_LOST                 /* it closed the connection without a word of TLS */
};

struct tls_seen {
    enum tls_outcome outcome;
    const char *version;     /* "TLSv1.2"; static; NULL unless done */
    char cipher[64];         /* the standard's name; "" unless done */
    int64_t handshake_us;    /* -1 unless done */
    char problem[200];       /* words for everything but TLS_DONE */
    struct tls_certificate certificate;      /* as far as it was shown, also when the handshake failed after it */
};

/* Before the lock: makes the context, reads the system's authorities, and takes extra_pem (may be NULL) beside them. NULL with *why (static)
 * when extra_pem holds no certificate or memory fails. tls_session_free() it. */
struct tls_session *tls_session_new(const void *extra_pem, size_t extra_len, const char **why);
void tls_session_free(struct tls_session *t);
/* After the lock: one handshake over fd, asking for name (a host's name, or an address, which is not sent). legacy: offers TLS 1.0 and 1.1 only.
 * Ends the connection in order; fd stays the caller's. tls_seen_clear() what was seen. */
void tls_session_look(struct tls_session *t, struct probe_ctx *ctx, int fd, const char *name, bool legacy, int64_t timeout_ms, struct tls_seen *out);
void tls_seen_clear(struct tls_seen *seen);
void tls_session_warm(void);             /* in the zygote, once */

#endif
