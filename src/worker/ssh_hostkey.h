/* Who answers: the site's known_hosts, and what a server offers in its first packet. Pure: bytes in, verdict out.
 * Runs in workers; known_hosts comes from the parent (but may be anybody's work), the server's bytes from the target. */
#ifndef PREOP_WORKER_SSH_HOSTKEY_H
#define PREOP_WORKER_SSH_HOSTKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

/* --- known_hosts, as OpenSSH reads it ---------------------------------------------------------------------------------- */

enum known_verdict { KNOWN_OK, KNOWN_UNKNOWN, KNOWN_CHANGED, KNOWN_REVOKED };
const char *known_verdict_name(enum known_verdict v);    /* "known", "unknown", "changed", "revoked" */

/* Key types that known_hosts may know a host by. */
enum known_type { KNOWN_ED25519 = 1, KNOWN_ECDSA_256 = 2, KNOWN_ECDSA_384 = 4, KNOWN_ECDSA_521 = 8, KNOWN_RSA = 16, KNOWN_OTHER = 32 };

struct known_answer {
    enum known_verdict verdict;
    unsigned types;          /* enum known_type: by which kinds of key the host is known (revoked ones do not count) */
    bool by_plain_name;      /* it is known on port 22 only, and asked about on another: types are a hint then */
    bool other_kind;         /* with KNOWN_CHANGED: the host is known, but by no key of this kind */
    bool authority;          /* an @cert-authority line names the host: host certificates are not read here */
};
/* host as the user wrote it, a name or a numeric address. blob NULL: only what is known of the host, verdict KNOWN_UNKNOWN or KNOWN_OK.
 * A host on another port than 22 is "[host]:port"; when nothing is known under that name, its plain name counts too, as in OpenSSH. */
void known_hosts_check(const char *file, size_t len, const char *host, uint16_t port, const void *blob, size_t blob_len, struct known_answer *out);
/* The name under which the host stands in the file: "host" or "[host]:port", lower case. */
void known_hosts_name(const char *host, uint16_t port, struct buf *out);

/* --- the server's offer ------------------------------------------------------------------------------------------------ */

#define SSH_OFFER_TEXT 1024
struct ssh_offer {           /* comma-separated lists as the server sent them, cut at SSH_OFFER_TEXT, printable only */
    char banner[256];        /* "SSH-2.0-OpenSSH_9.2p1"; "" when it has not come */
    bool complete;           /* the lists below were read */
    char kex[SSH_OFFER_TEXT], host_keys[SSH_OFFER_TEXT], ciphers[SSH_OFFER_TEXT], macs[SSH_OFFER_TEXT];
};
/* p: what the server sent first, in clear: its greeting and KEXINIT (RFC 4253, sections 4.2 and 7.1). */
void ssh_offer_parse(const void *p, size_t len, struct ssh_offer *out);
bool ssh_list_has(const char *list, const char *word);               /* in a comma-separated list */
bool ssh_lists_meet(const char *a, const char *b);                   /* have they a word in common */

#endif
