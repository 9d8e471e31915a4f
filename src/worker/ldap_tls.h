/* TLS of an LDAP connection: options set on the handle before the lock, the server's certificate judged during the handshake,
 * before anything else is said. Workers only, used by ldap_session.c. The certificate is hostile bytes. */
#ifndef PREOP_WORKER_LDAP_TLS_H
#define PREOP_WORKER_LDAP_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "fact/job.h"
#include "fact/reason.h"

struct ldap;                                 /* libldap's handle */

struct ldap_tls {
    char *name;                              /* owned: whom the certificate must name */
    bool name_is_address;
    bool judged, trusted;                    /* a certificate was seen; and found right */
    uint8_t *der;                            /* owned: the server's own certificate */
    size_t der_len;
    char algorithm[48];                      /* "RSA-2048" */
    char version[32];                        /* "TLS1.3", once up */
    char subject[256], issuer[256];
    int64_t not_before, not_after;
    char problem[400];                       /* what is wrong with it, in words */
};

/* Puts every TLS option on the handle: certificate demanded, authorities from the job or the system, client certificate from
 * the job; and reads their files, so before the lock. name: the host as asked for, unless the job has tls.name.
 * t must stay where it is until ldap_tls_clear(). False with words in why. */
bool ldap_tls_prepare(struct ldap_tls *t, struct ldap *ld, const struct job *job, const char *name, char *why, size_t why_len);
/* The handshake on an open connection, within timeout_ms. REASON_NONE, or what went wrong with words in why. */
enum reason ldap_tls_start(struct ldap_tls *t, struct ldap *ld, int64_t timeout_ms, char *why, size_t why_len);
void ldap_tls_clear(struct ldap_tls *t);
void ldap_tls_warm(void);

#endif
