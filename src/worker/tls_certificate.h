/* What a server's certificate says, as plain values. Pure but for OpenSSL's parser; runs in workers, on hostile bytes. */
#ifndef PREOP_WORKER_TLS_CERTIFICATE_H
#define PREOP_WORKER_TLS_CERTIFICATE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/hash.h"

struct x509_st;
struct x509_store_ctx_st;

enum tls_trust { TLS_TRUST_UNKNOWN = -1, TLS_UNTRUSTED = 0, TLS_TRUSTED = 1 };

struct tls_certificate {
    bool seen;
    struct buf subject, issuer, names;       /* RFC 2253; names by commas */
    int64_t not_before, not_after;           /* UTC seconds; INT64_MIN when unreadable */
    char key[24], signature[32];             /* "" when unknown */
    int key_bits, security_bits;             /* 0 when unknown */
    bool self_signed, name_matches;
    enum tls_trust trust;
    char problem[120];                       /* why it is not trusted; "" */
    int chain_length;
    char sha256[SHA256_HEX];
};

void tls_certificate_init(struct tls_certificate *c);
void tls_certificate_clear(struct tls_certificate *c);
/* Everything but trust and chain_length. name: what was asked for, a host's name or an address. */
void tls_certificate_describe(struct tls_certificate *c, struct x509_st *leaf, const char *name);
/* trust, problem and chain_length, from a verification that is about to be done: the leaf's own dates do not count. has_authorities: whether
 * there was anything to hold the chain against; without, trust stays unknown. */
void tls_certificate_judge(struct tls_certificate *c, struct x509_store_ctx_st *verification, bool has_authorities);

#endif
