/* Describing a server's certificate. Runs in locked workers; every text in it is a stranger's: lengths are bounded here, characters are
 * cleaned where texts become facts. */
#include "worker/tls_certificate.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>
#include "base/cidr.h"
#include "base/mem.h"

#define MAX_NAME 1024                /* bytes of a subject or an issuer */
#define MAX_NAMES 32                 /* names of one certificate that are kept */
#define MAX_NAMES_BYTES 4096
#define MAX_DER 262144

void tls_certificate_init(struct tls_certificate *c)
{
    *c = (struct tls_certificate){ .not_before = INT64_MIN, .not_after = INT64_MIN, .trust = TLS_TRUST_UNKNOWN };
    buf_init(&c->subject, MAX_NAME);
    buf_init(&c->issuer, MAX_NAME);
    buf_init(&c->names, MAX_NAMES_BYTES);
}

void tls_certificate_clear(struct tls_certificate *c)
{
    buf_clear(&c->subject);
    buf_clear(&c->issuer);
    buf_clear(&c->names);
}

static void append_cut(struct buf *out, const void *p, size_t len)
{
    size_t room = out->max > out->len + 1 ? out->max - out->len - 1 : 0;

    buf_append(out, p, len < room ? len : room);
}

/* --- texts ------------------------------------------------------------------------------------------------------------ */

static void name_put(struct buf *out, const X509_NAME *name)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;

    if (memory == NULL)
        return;
    if (X509_NAME_print_ex(memory, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
        long len = BIO_get_mem_data(memory, &text);
        if (len > 0)
            append_cut(out, text, (size_t)len);
    }
    BIO_free(memory);
}

static void alternative_put(struct buf *out, const GENERAL_NAME *name)
{
    const ASN1_STRING *s = name->type == GEN_DNS ? name->d.dNSName : name->type == GEN_IPADD ? name->d.iPAddress : NULL;
    char text[INET6_ADDRSTRLEN];

    if (s == NULL)
        return;
    int len = ASN1_STRING_length(s);
    if (name->type == GEN_IPADD) {
        if ((len != 4 && len != 16) || inet_ntop(len == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(s), text, sizeof text) == NULL)
            return;
        append_cut(out, out->len > 0 ? ", " : "", out->len > 0 ? 2 : 0);
        append_cut(out, text, strlen(text));
    } else if (len > 0 && len <= 255) {
        append_cut(out, out->len > 0 ? ", " : "", out->len > 0 ? 2 : 0);
        append_cut(out, ASN1_STRING_get0_data(s), (size_t)len);
    }
}

static void names_put(struct buf *out, X509 *leaf)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; names != NULL && i < sk_GENERAL_NAME_num(names) && i < MAX_NAMES; i++)
        alternative_put(out, sk_GENERAL_NAME_value(names, i));
    GENERAL_NAMES_free(names);
}

/* --- values ----------------------------------------------------------------------------------------------------------- */

static int64_t seconds(const ASN1_TIME *t)
{
    struct tm tm;

    return t != NULL && ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) : INT64_MIN;
}

static void key_put(struct tls_certificate *c, X509 *leaf)
{
    EVP_PKEY *key = X509_get0_pubkey(leaf);
    const char *kind = key == NULL ? NULL : EVP_PKEY_get0_type_name(key);

    if (kind == NULL)
        return;
    snprintf(c->key, sizeof c->key, "%s", kind);
    c->key_bits = EVP_PKEY_get_bits(key);
    c->security_bits = EVP_PKEY_get_security_bits(key);
}

static void signature_put(struct tls_certificate *c, X509 *leaf)
{
    int digest = NID_undef, key = NID_undef;
    const char *word = NULL;

    if (X509_get_signature_info(leaf, &digest, &key, NULL, NULL) == 1)
        word = digest != NID_undef ? OBJ_nid2sn(digest) : OBJ_nid2sn(key);
    else if (X509_get_signature_nid(leaf) != NID_undef)
        word = OBJ_nid2sn(X509_get_signature_nid(leaf));
    snprintf(c->signature, sizeof c->signature, "%s", word == NULL ? "" : word);
}

/* Today's clients look at subjectAltName alone, and take an address only where it stands as an address. */
static bool name_matches(X509 *leaf, const char *name)
{
    struct ip ip;

    if (ip_parse(name, &ip))
        return X509_check_ip(leaf, ip.b, ip.family == 6 ? 16 : 4, 0) == 1;
    return X509_check_host(leaf, name, strlen(name), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, NULL) == 1;
}

static void fingerprint_put(struct tls_certificate *c, X509 *leaf)
{
    unsigned char *der = NULL;
    uint8_t digest[SHA256_LEN];
    int len = i2d_X509(leaf, &der);

    if (len > 0 && len <= MAX_DER) {
        struct sha256 *h = sha256_new();
        sha256_add(h, der, (size_t)len);
        sha256_end(h, digest);
        hex_encode(digest, SHA256_LEN, c->sha256);
    }
    OPENSSL_free(der);
}

void tls_certificate_describe(struct tls_certificate *c, struct x509_st *leaf, const char *name)
{
    c->seen = true;
    name_put(&c->subject, X509_get_subject_name(leaf));
    name_put(&c->issuer, X509_get_issuer_name(leaf));
    names_put(&c->names, leaf);
    c->not_before = seconds(X509_get0_notBefore(leaf));
    c->not_after = seconds(X509_get0_notAfter(leaf));
    c->self_signed = (X509_get_extension_flags(leaf) & EXFLAG_SS) != 0;
    c->name_matches = name_matches(leaf, name);
    key_put(c, leaf);
    signature_put(c, leaf);
    fingerprint_put(c, leaf);
}

/* --- trust ------------------------------------------------------------------------------------------------------------ */

/* The leaf's dates are facts of their own; those of an authority in between are part of whether it can be trusted. */
static int leaf_dates_aside(int ok, X509_STORE_CTX *v)
{
    int err = X509_STORE_CTX_get_error(v);

    if (ok == 1 || X509_STORE_CTX_get_error_depth(v) > 0)
        return ok;
    if (err != X509_V_ERR_CERT_HAS_EXPIRED && err != X509_V_ERR_CERT_NOT_YET_VALID)
        return 0;
    X509_STORE_CTX_set_error(v, X509_V_OK);
    return 1;
}

static const char *words(int err)
{
    switch (err) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "it signed itself";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return "its chain ends at an authority that is not trusted here";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT: case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return "its authority is not trusted here, or the server does not send the certificates in between";
    case X509_V_ERR_INVALID_PURPOSE:
        return "it is not meant for servers";
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return "an authority in its chain has expired";
    default:
        return X509_verify_cert_error_string(err);
    }
}

void tls_certificate_judge(struct tls_certificate *c, struct x509_store_ctx_st *verification, bool has_authorities)
{
    const STACK_OF(X509) *sent = X509_STORE_CTX_get0_untrusted(verification);

    c->chain_length = sent == NULL ? 1 : sk_X509_num(sent);
    if (!has_authorities)
        return;
    X509_STORE_CTX_set_verify_cb(verification, leaf_dates_aside);
    bool trusted = X509_verify_cert(verification) == 1;
    int err = X509_STORE_CTX_get_error(verification);
    c->trust = trusted ? TLS_TRUSTED : TLS_UNTRUSTED;
    if (!trusted)
        snprintf(c->problem, sizeof c->problem, "%s", words(err));
}
