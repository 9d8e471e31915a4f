/* One LDAP conversation with one server: connect, lock the process, TLS, root DSE, one bind, searches, unbind.
 * Runs in workers only. Everything that the server sends is hostile: sizes, counts, waiting and paging are bounded.
 * libldap's structures stay inside ldap_session.c and ldap_tls.c; probes see struct ldap_entry. */
#ifndef PREOP_WORKER_LDAP_SESSION_H
#define PREOP_WORKER_LDAP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "probes/probe.h"

/* An entry as it came, borrowed for the time of a callback. Values are bytes, not NUL-terminated. */
struct ldap_value { const char *p; size_t len; };
struct ldap_attribute {
    const char *name;
    const struct ldap_value *values;
    size_t n;
};
struct ldap_entry {
    const char *dn;
    const struct ldap_attribute *attributes;
    size_t n;
};
#define LDAP_ENTRY_ATTRIBUTES 64     /* attributes of one entry that are looked at */
#define LDAP_ENTRY_VALUES 1024       /* values of one entry that are looked at, over all attributes */

/* What was negotiated; all of it empty for ldap+plain. */
struct ldap_tls_facts {
    bool used, by_start_tls;
    char version[32];                /* "TLSv1.3" */
    int64_t not_after;               /* end of the certificate's validity; 0: not known */
};

struct ldap_session;

/* Connects as the job says (host, port, scheme, tls.*, ldap.client_*), locks the process, then brings TLS up and checks the
 * certificate; emits the certificate (probe_peer). 0, or -1 after probe_fail() told why. In mode "trust" the session is
 * over after this. ldap_session_close() it. */
int ldap_session_open(struct probe_ctx *ctx, struct ldap_session **out) MUST_CHECK;
void ldap_session_close(struct ldap_session *s);         /* sends unbind; NULL is fine */
const struct ldap_tls_facts *ldap_session_tls(const struct ldap_session *s);

/* How an operation ended. reason REASON_NONE: in order. Anything else comes with its words for the collection. */
struct ldap_outcome {
    int code;                        /* LDAP result code (0 success); negative: libldap's own, nothing came back */
    enum reason reason;
    bool partial;                    /* what was emitted is right but not all */
    bool ended;                      /* a search: the server ended its last answer itself */
    char detail[512];
    size_t n_entries, n_references;
};

/* The job's bind (simple, external, anonymous), tried exactly once in a session's life: a second call is a BUG. */
void ldap_session_bind(struct ldap_session *s, struct ldap_outcome *out);

enum ldap_scope { LDAP_READ_BASE, LDAP_READ_SUBTREE };
struct ldap_query {
    const char *base;                /* "" for the root DSE */
    enum ldap_scope scope;
    const char *filter;
    const char *const *attributes;   /* NULL-terminated; never empty: an empty list would ask for everything */
    bool paged;                      /* pages of 500 by control 1.2.840.113556.1.4.319 */
    bool first_only;                 /* one entry is enough: the server is told so, and its "size limit" is no fault then */
    bool paging_known;               /* the server lists that control, so an answer without it is cut short */
    size_t max_entries;              /* more than these end the search with REASON_LIMIT */
};
/* Streams the entries one by one: memory does not grow with the directory. Return false from fn to stop. */
typedef bool (*ldap_entry_fn)(void *arg, const struct ldap_entry *entry);
void ldap_session_search(struct ldap_session *s, const struct ldap_query *q, ldap_entry_fn fn, void *arg, struct ldap_outcome *out);

/* The reason and words for a result code and the server's diagnostic text (may be NULL): pure, for tests too. */
void ldap_outcome_set(struct ldap_outcome *out, int code, const char *diagnostic);

/* Once in the zygote: the TLS library. */
void ldap_session_warm(void);

#endif
