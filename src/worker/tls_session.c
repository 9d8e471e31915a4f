/* Handshakes through libssl. Runs in workers: the context and its authorities before the lock, the handshake after it. Whatever the server
 * shows is described and nothing follows from it: no data is sent over what was encrypted. */
#include "worker/tls_session.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <string.h>
#include <time.h>
#include "base/cidr.h"
#include "base/clock.h"
#include "base/mem.h"
#include "worker/authorities.h"
#include "worker/net.h"
#include "worker/sandbox.h"

#define MAX_EXTRA 1000               /* certificates of one net.ca */
#define MAX_CHAIN_BYTES 65536        /* of what a server may send as its chain */

struct tls_session {
    SSL_CTX *ctx;
    bool has_authorities;
    /* of the handshake that is under way */
    const char *name;
    struct tls_seen *seen;
    bool spoke;                      /* a message of TLS arrived */
};

void tls_session_warm(void)
{
    /* A machine's openssl.cnf may forbid old versions, which would hide them. */
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
}

void tls_seen_clear(struct tls_seen *seen)
{
    tls_certificate_clear(&seen->certificate);
}

/* --- before the lock -------------------------------------------------------------------------------------------------- */

static int add_extra(X509_STORE *store, const void *pem, size_t len)
{
    BIO *memory = BIO_new_mem_buf(pem, (int)len);
    X509 *one;
    int n = 0;

    while (memory != NULL && n < MAX_EXTRA && (one = PEM_read_bio_X509_AUX(memory, NULL, NULL, NULL)) != NULL) {
        n += X509_STORE_add_cert(store, one);
        X509_free(one);
    }
    BIO_free(memory);
    ERR_clear_error();
    return n;
}

static int judge(X509_STORE_CTX *verification, void *arg)
{
    struct tls_session *t = arg;
    X509 *leaf = X509_STORE_CTX_get0_cert(verification);

    if (leaf != NULL && !t->seen->certificate.seen) {
        tls_certificate_describe(&t->seen->certificate, leaf, t->name);
        tls_certificate_judge(&t->seen->certificate, verification, t->has_authorities);
    }
    X509_STORE_CTX_set_error(verification, X509_V_OK);
    return 1;
}

static void message(int sent, int version, int type, const void *p, size_t len, SSL *ssl, void *arg)
{
    struct tls_session *t = arg;

    (void)version;
    (void)p;
    (void)len;
    (void)ssl;
    if (sent == 0 && (type == SSL3_RT_ALERT || type == SSL3_RT_HANDSHAKE))
        t->spoke = true;
}

static bool context_make(struct tls_session *t)
{
    t->ctx = SSL_CTX_new(TLS_client_method());
    if (t->ctx == NULL || SSL_CTX_set_min_proto_version(t->ctx, TLS1_VERSION) != 1 || SSL_CTX_set_max_proto_version(t->ctx, 0) != 1 ||
        SSL_CTX_set_cipher_list(t->ctx, "DEFAULT:@SECLEVEL=0") != 1)
        return false;
    SSL_CTX_set_security_level(t->ctx, 0);
    SSL_CTX_set_options(t->ctx, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_max_cert_list(t->ctx, MAX_CHAIN_BYTES);
    SSL_CTX_set_verify(t->ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(t->ctx, judge, t);
    SSL_CTX_set_msg_callback(t->ctx, message);
    return true;
}

struct tls_session *tls_session_new(const void *extra_pem, size_t extra_len, const char **why)
{
    struct tls_session *t = xcalloc(1, sizeof *t);
    const char *file = authorities_file();

    *why = NULL;
    if (!context_make(t)) {
        *why = "the TLS library cannot be set up";
    } else {
        X509_STORE *store = SSL_CTX_get_cert_store(t->ctx);
        t->has_authorities = file != NULL && X509_STORE_load_file(store, file) == 1;
        int extra = extra_pem == NULL ? 0 : add_extra(store, extra_pem, extra_len);
        if (extra_pem != NULL && extra == 0)
            *why = "the file with further authorities (net: ca) holds no certificate in PEM form";
        t->has_authorities = t->has_authorities || extra > 0;
    }
    ERR_clear_error();
    if (*why == NULL)
        return t;
    tls_session_free(t);
    return NULL;
}

void tls_session_free(struct tls_session *t)
{
    if (t == NULL)
        return;
    SSL_CTX_free(t->ctx);
    free(t);
}

/* --- the handshake ---------------------------------------------------------------------------------------------------- */

static int64_t mono_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void settle(struct tls_seen *out, enum tls_outcome outcome, const char *problem)
{
    out->outcome = outcome;
    snprintf(out->problem, sizeof out->problem, "%s", problem);
}

static void failed(const struct tls_session *t, int kind, struct tls_seen *out)
{
    unsigned long code = ERR_peek_error();
    const char *words = code == 0 ? NULL : ERR_reason_error_string(code);
    bool ended = kind != SSL_ERROR_SSL || ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING;

    if (ended && t->spoke)
        settle(out, TLS_REFUSED, "it closed the connection in the middle of the handshake");
    else if (ended)
        settle(out, TLS_LOST, "it closed the connection when it was greeted in TLS");
    else if (!t->spoke)
        settle(out, TLS_NOT_TLS, "it answered with something that is not TLS");
    else
        settle(out, TLS_REFUSED, words == NULL ? "the handshake failed" : words);
}

static void done(const SSL *ssl, int64_t began, struct tls_seen *out)
{
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    const char *name = cipher == NULL ? NULL : SSL_CIPHER_standard_name(cipher);

    out->handshake_us = mono_us() - began;
    out->outcome = TLS_DONE;
    out->version = SSL_get_version(ssl);
    snprintf(out->cipher, sizeof out->cipher, "%s", name == NULL ? "" : name);
}

/* Drives the handshake within its time; each round waits for the network. */
static void shake(struct tls_session *t, SSL *ssl, struct probe_ctx *ctx, int fd, int64_t timeout_ms, struct tls_seen *out)
{
    int64_t began = mono_us(), until = clock_mono_ms() + timeout_ms;

    for (;;) {
        ERR_clear_error();
        int rc = SSL_connect(ssl), kind = SSL_get_error(ssl, rc);
        int64_t left = until - clock_mono_ms();
        if (rc == 1) {
            done(ssl, began, out);
            return;
        }
        if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE) {
            failed(t, kind, out);
            return;
        }
        if (left <= 0 || net_wait(ctx, fd, kind == SSL_ERROR_WANT_WRITE, left) != 1) {
            settle(out, TLS_SILENT, t->spoke ? "it stopped in the middle of the handshake" : "it accepts connections, and says nothing to a TLS greeting");
            return;
        }
    }
}

void tls_session_look(struct tls_session *t, struct probe_ctx *ctx, int fd, const char *name, bool legacy, int64_t timeout_ms, struct tls_seen *out)
{
    struct ip ip;
    char *sni = xstrdup(name);               /* OpenSSL's macro takes no const text */
    SSL *ssl = SSL_new(t->ctx);

    *out = (struct tls_seen){ .outcome = TLS_SILENT, .handshake_us = -1 };
    tls_certificate_init(&out->certificate);
    t->name = name;
    t->seen = out;
    t->spoke = false;
    if (!sandbox_locked())
        BUG("a TLS greeting before the lock");
    if (ssl == NULL || SSL_set_fd(ssl, fd) != 1 || (legacy && SSL_set_max_proto_version(ssl, TLS1_1_VERSION) != 1) ||
        (!ip_parse(name, &ip) && SSL_set_tlsext_host_name(ssl, sni) != 1)) {
        settle(out, TLS_SILENT, "the greeting could not be made");
    } else {
        SSL_set_msg_callback_arg(ssl, t);
        shake(t, ssl, ctx, fd, timeout_ms, out);
        if (out->outcome == TLS_DONE)
            SSL_shutdown(ssl);               /* says goodbye, and waits for no answer */
    }
    SSL_free(ssl);
    free(sni);
    ERR_clear_error();
    t->seen = NULL;
}
