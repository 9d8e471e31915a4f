/* TLS under libldap. Debian's libldap uses GnuTLS: its session is reached through libldap's connect callback, so that the
 * certificate can be judged, and named in words, within the handshake. libldap's own demand stays on beside it, and is what
 * holds where libldap was built with another library. Runs in workers, after the lock but for ldap_tls_prepare(). */
#include "worker/ldap_tls.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <ldap.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/cidr.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "worker/authorities.h"

#define MAX_NAMES_SAID 4             /* names of a certificate that a message lists */
#define MAX_DER 65536

void ldap_tls_warm(void)
{
    gnutls_global_init();
}

void ldap_tls_clear(struct ldap_tls *t)
{
    free(t->name);
    free(t->der);
    *t = (struct ldap_tls){ 0 };
}

/* --- the certificate -------------------------------------------------------------------------------------------------- */

static void problem_add(struct ldap_tls *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void problem_add(struct ldap_tls *t, const char *fmt, ...)
{
    size_t used = strlen(t->problem);
    va_list ap;

    if (used > 0 && used + 3 < sizeof(t->problem))
        used += (size_t)snprintf(t->problem + used, sizeof(t->problem) - used, "; ");
    va_start(ap, fmt);
    vsnprintf(t->problem + used, sizeof(t->problem) - used, fmt, ap);
    va_end(ap);
}

static void certificate_describe(struct ldap_tls *t, gnutls_x509_crt_t crt)
{
    size_t subject_len = sizeof(t->subject), issuer_len = sizeof(t->issuer);
    unsigned bits = 0;
    int algorithm = gnutls_x509_crt_get_pk_algorithm(crt, &bits);
    const char *name = algorithm < 0 ? NULL : gnutls_pk_algorithm_get_name((gnutls_pk_algorithm_t)algorithm);

    if (gnutls_x509_crt_get_dn(crt, t->subject, &subject_len) != 0)
        snprintf(t->subject, sizeof(t->subject), "(none)");
    if (gnutls_x509_crt_get_issuer_dn(crt, t->issuer, &issuer_len) != 0)
        snprintf(t->issuer, sizeof(t->issuer), "(none)");
    t->not_before = gnutls_x509_crt_get_activation_time(crt);
    t->not_after = gnutls_x509_crt_get_expiration_time(crt);
    snprintf(t->algorithm, sizeof(t->algorithm), "%s-%u", name == NULL ? "unknown" : name, bits);
}

/* "dc1.clinic.example, 10.20.0.10": the first few names that the certificate is made out to. */
static void certificate_names(gnutls_x509_crt_t crt, char *out, size_t out_len)
{
    size_t used = 0;

    out[0] = '\0';
    for (unsigned i = 0, said = 0; said < MAX_NAMES_SAID && i < 64; i++) {
        char name[256], text[INET6_ADDRSTRLEN];
        size_t len = sizeof(name) - 1;
        int type = gnutls_x509_crt_get_subject_alt_name(crt, i, name, &len, NULL);

        if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            break;
        if (type == GNUTLS_SAN_IPADDRESS && (len == 4 || len == 16) && inet_ntop(len == 4 ? AF_INET : AF_INET6, name, text, sizeof(text)) != NULL)
            snprintf(name, sizeof(name), "%s", text);
        else if (type == GNUTLS_SAN_DNSNAME)
            name[len] = '\0';
        else
            continue;
        int wrote = snprintf(out + used, out_len - used, "%s%s", said++ > 0 ? ", " : "", name);
        if (wrote < 0 || (size_t)wrote >= out_len - used)
            return;
        used += (size_t)wrote;
    }
}

/* A numeric address must stand in the certificate as an address: GnuTLS alone would also take it as a DNS name. */
static bool name_matches(const struct ldap_tls *t, gnutls_x509_crt_t crt)
{
    struct ip ip;

    if (!t->name_is_address)
        return gnutls_x509_crt_check_hostname(crt, t->name) != 0;
    return ip_parse(t->name, &ip) && gnutls_x509_crt_check_ip(crt, ip.b, ip.family == 6 ? 16 : 4, 0) != 0;
}

static void name_judge(struct ldap_tls *t, gnutls_x509_crt_t crt)
{
    char names[200];

    if (name_matches(t, crt))
        return;
    certificate_names(crt, names, sizeof(names));
    problem_add(t, "made out to %s, not to %s", names[0] == '\0' ? "no name but its subject" : names, t->name);
}

static void chain_judge(struct ldap_tls *t, gnutls_session_t session)
{
    static const struct { unsigned bit; const char *text; } problems[] = {
        { GNUTLS_CERT_REVOKED, "revoked" },
        { GNUTLS_CERT_SIGNER_NOT_CA, "signed by a certificate that is no authority's" },
        { GNUTLS_CERT_INSECURE_ALGORITHM, "signed with a broken algorithm" },
        { GNUTLS_CERT_SIGNATURE_FAILURE, "its signature is wrong" },
        { GNUTLS_CERT_PURPOSE_MISMATCH, "not meant for servers" },
        { GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, "its authority may not sign for this name or use" },
    };
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER, day[DATE_LEN];
    gnutls_typed_vdata_st want = { .type = GNUTLS_DT_KEY_PURPOSE_OID, .data = (unsigned char *)purpose, .size = 0 };
    unsigned status = 0;
    int rc = gnutls_certificate_verify_peers(session, &want, 1, &status);

    if (rc < 0) {
        problem_add(t, "cannot be checked: %s", gnutls_strerror(rc));
        return;
    }
    if (status == 0)
        return;
    size_t before = strlen(t->problem);
    if ((status & GNUTLS_CERT_EXPIRED) != 0) {
        date_format(t->not_after, day);
        problem_add(t, "expired (its own validity ends on %s)", day);
    }
    if ((status & GNUTLS_CERT_NOT_ACTIVATED) != 0) {
        date_format(t->not_before, day);
        problem_add(t, "not valid yet (from %s)", day);
    }
    if ((status & GNUTLS_CERT_SIGNER_NOT_FOUND) != 0)
        problem_add(t, strcmp(t->subject, t->issuer) == 0 ? "signed by itself" : "signed by an authority that is not trusted here");
    for (size_t i = 0; i < N_ELEMENTS(problems); i++) {
        if ((status & problems[i].bit) != 0)
            problem_add(t, "%s", problems[i].text);
    }
    if (strlen(t->problem) == before)
        problem_add(t, "not trusted (status %#x)", status);
}

/* GnuTLS calls this once within the handshake, when the certificate is there: 0 goes on, anything else ends it. */
static int judge(gnutls_session_t session)
{
    struct ldap_tls *t = gnutls_session_get_ptr(session);
    unsigned n = 0;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &n);
    gnutls_x509_crt_t crt = NULL;

    t->judged = true;
    t->trusted = false;
    t->problem[0] = '\0';
    if (chain == NULL || n == 0 || chain[0].size > MAX_DER || gnutls_x509_crt_init(&crt) != 0) {
        problem_add(t, "there is none, or it is too large");
        return -1;
    }
    if (gnutls_x509_crt_import(crt, &chain[0], GNUTLS_X509_FMT_DER) == 0) {
        free(t->der);
        t->der_len = chain[0].size;
        t->der = xmalloc(t->der_len + 1);
        memcpy(t->der, chain[0].data, t->der_len);
        certificate_describe(t, crt);
        name_judge(t, crt);
        chain_judge(t, session);
    } else {
        problem_add(t, "it cannot be read");
    }
    gnutls_x509_crt_deinit(crt);
    t->trusted = t->problem[0] == '\0';
    return t->trusted ? 0 : -1;
}

/* ssl is libldap's own record of the session; GnuTLS's handle is its first member in every release of libldap. */
static int connect_callback(LDAP *ld, void *ssl, void *ssl_ctx, void *arg)
{
    gnutls_session_t session = *(gnutls_session_t *)ssl;

    (void)ld;
    (void)ssl_ctx;
    gnutls_session_set_ptr(session, arg);
    gnutls_session_set_verify_function(session, judge);
    return 0;
}

/* --- before the lock -------------------------------------------------------------------------------------------------- */

/* Bytes of the job as a file that a library can open; -1 when it cannot be made. Closed by the caller. */
static int memory_file(const void *p, size_t len, char *path, size_t path_len)
{
    int fd = memfd_create("preop-tls", MFD_CLOEXEC);

    if (fd < 0)
        return -1;
    if (fd_write_all(fd, p, len) != 0) {
        close(fd);
        return -1;
    }
    snprintf(path, path_len, "/proc/self/fd/%d", fd);
    return fd;
}

struct tls_files { int ca, certificate, key; };

/* One option that names a file: the job's bytes under key. True when the job has none. */
static bool file_option(LDAP *ld, int option, const struct job *job, const char *key, int *fd)
{
    size_t len = 0;
    const void *p = job_get_bytes(job, key, &len);
    char path[40];

    if (p == NULL)
        return true;
    *fd = memory_file(p, len, path, sizeof(path));
    return *fd >= 0 && ldap_set_option(ld, option, path) == LDAP_OPT_SUCCESS;
}

/* libldap takes a file without a certificate in it for an empty list of authorities. */
static bool holds_certificate(const void *p, size_t len)
{
    gnutls_datum_t datum = { (unsigned char *)(uintptr_t)p, (unsigned)len };
    gnutls_x509_crt_t *list = NULL;
    unsigned n = 0;

    if (gnutls_x509_crt_list_import2(&list, &n, &datum, GNUTLS_X509_FMT_PEM, 0) < 0)
        return false;
    for (unsigned i = 0; i < n; i++)
        gnutls_x509_crt_deinit(list[i]);
    gnutls_free(list);
    return n > 0;
}

static bool set_int(LDAP *ld, int option, int value)
{
    return ldap_set_option(ld, option, &value) == LDAP_OPT_SUCCESS;
}

static bool is_gnutls(void)
{
    char *package = NULL;
    bool yes = ldap_get_option(NULL, LDAP_OPT_X_TLS_PACKAGE, &package) == LDAP_OPT_SUCCESS && package != NULL && strcmp(package, "GnuTLS") == 0;

    ldap_memfree(package);
    return yes;
}

static const char *options_set(struct ldap_tls *t, LDAP *ld, const struct job *job, struct tls_files *files)
{
    const union { int (*function)(LDAP *, void *, void *, void *); const void *pointer; } callback = { .function = connect_callback };
    const char *places = authorities_file();
    size_t len = 0;
    const void *ca = job_get_bytes(job, "tls.ca", &len);

    if (!set_int(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, LDAP_OPT_X_TLS_DEMAND) || !set_int(ld, LDAP_OPT_X_TLS_REQUIRE_SAN, LDAP_OPT_X_TLS_TRY))
        return "libldap does not take the demand for a certificate";
    if (ca != NULL && !holds_certificate(ca, len))
        return "the file with the authorities' certificates (tls: ca) holds none in PEM form";
    if (ca == NULL) {
        if (places == NULL)
            return "this machine has no certificates of authorities, and the credential names none (tls: {ca: FILE})";
        if (ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, places) != LDAP_OPT_SUCCESS)
            return "libldap does not take the system's authorities";
    } else if (!file_option(ld, LDAP_OPT_X_TLS_CACERTFILE, job, "tls.ca", &files->ca)) {
        return "the authorities' certificates (tls: ca) could not be handed to the TLS library";
    }
    if (!file_option(ld, LDAP_OPT_X_TLS_CERTFILE, job, "ldap.client_cert", &files->certificate) ||
        !file_option(ld, LDAP_OPT_X_TLS_KEYFILE, job, "ldap.client_key", &files->key))
        return "the client certificate could not be handed to the TLS library";
    if (is_gnutls() && (ldap_set_option(ld, LDAP_OPT_X_TLS_CONNECT_CB, callback.pointer) != LDAP_OPT_SUCCESS ||
                        ldap_set_option(ld, LDAP_OPT_X_TLS_CONNECT_ARG, t) != LDAP_OPT_SUCCESS))
        return "libldap does not take the check of the certificate";
    if (!set_int(ld, LDAP_OPT_X_TLS_NEWCTX, 0))
        return files->certificate >= 0 ? "the client certificate, its key, or the authorities' certificates cannot be read" :
                                         "the authorities' certificates cannot be read";
    return NULL;
}

bool ldap_tls_prepare(struct ldap_tls *t, struct ldap *ld, const struct job *job, const char *name, char *why, size_t why_len)
{
    struct tls_files files = { -1, -1, -1 };
    const char *wanted = job_get(job, "tls.name"), *problem;
    struct ip ip;

    *t = (struct ldap_tls){ 0 };
    t->name = xstrdup(wanted != NULL ? wanted : name);
    t->name_is_address = ip_parse(t->name, &ip);
    problem = options_set(t, ld, job, &files);
    if (files.ca >= 0)
        close(files.ca);
    if (files.certificate >= 0)
        close(files.certificate);
    if (files.key >= 0)
        close(files.key);
    if (problem != NULL)
        snprintf(why, why_len, "%s", problem);
    return problem == NULL;
}

/* --- the handshake ---------------------------------------------------------------------------------------------------- */

/* libldap keeps only GnuTLS's words for an error: this finds its number again. */
static enum reason handshake_reason(const char *text)
{
    static const struct { int code; enum reason reason; } known[] = {
        { GNUTLS_E_UNEXPECTED_PACKET_LENGTH, REASON_NO_TLS },
        { GNUTLS_E_UNEXPECTED_PACKET, REASON_NO_TLS },
        { GNUTLS_E_UNSUPPORTED_VERSION_PACKET, REASON_NO_COMMON_ALGORITHM },
        { GNUTLS_E_FATAL_ALERT_RECEIVED, REASON_NO_COMMON_ALGORITHM },
        { GNUTLS_E_NO_CIPHER_SUITES, REASON_NO_COMMON_ALGORITHM },
        { GNUTLS_E_UNKNOWN_CIPHER_SUITE, REASON_NO_COMMON_ALGORITHM },
        { GNUTLS_E_INSUFFICIENT_SECURITY, REASON_NO_COMMON_ALGORITHM },
        { GNUTLS_E_DH_PRIME_UNACCEPTABLE, REASON_NO_COMMON_ALGORITHM },
        { GNUTLS_E_NO_COMMON_KEY_SHARE, REASON_NO_COMMON_ALGORITHM },
        { GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM, REASON_NO_COMMON_ALGORITHM },
        { GNUTLS_E_PREMATURE_TERMINATION, REASON_CONNECTION_LOST },
        { GNUTLS_E_PULL_ERROR, REASON_CONNECTION_LOST },
        { GNUTLS_E_PUSH_ERROR, REASON_CONNECTION_LOST },
    };

    for (size_t i = 0; i < N_ELEMENTS(known); i++) {
        if (strcmp(text, gnutls_strerror(known[i].code)) == 0)
            return known[i].reason;
    }
    if (strstr(text, "certificate") != NULL || strstr(text, "hostname") != NULL)
        return REASON_CERT_NOT_TRUSTED;
    return REASON_MALFORMED;
}

static void certificate_words(const struct ldap_tls *t, char *why, size_t why_len)
{
    uint8_t digest[SHA256_LEN];
    char hex[SHA256_HEX];
    struct sha256 *h = sha256_new();

    sha256_add(h, t->der, t->der_len);
    sha256_end(h, digest);
    hex_encode(digest, SHA256_LEN, hex);
    snprintf(why, why_len, "the certificate is not trusted: %s. Subject %.120s, issuer %.120s, SHA-256 %s", t->problem, t->subject, t->issuer, hex);
}

static enum reason handshake_failed(const struct ldap_tls *t, LDAP *ld, int rc, char *why, size_t why_len)
{
    char *text = NULL;
    enum reason reason;

    if (t->judged && !t->trusted) {
        if (t->der != NULL)
            certificate_words(t, why, why_len);
        else
            snprintf(why, why_len, "the certificate is not trusted: %s", t->problem);
        return REASON_CERT_NOT_TRUSTED;
    }
    if (rc == LDAP_TIMEOUT) {
        snprintf(why, why_len, "no answer to the TLS handshake");
        return REASON_NO_ANSWER;
    }
    ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &text);
    reason = text == NULL ? REASON_MALFORMED : handshake_reason(text);
    snprintf(why, why_len, "the TLS handshake failed: %.300s", text == NULL ? ldap_err2string(rc) : text);
    ldap_memfree(text);
    return reason;
}

/* What was negotiated, and the certificate where the callback could not see it. */
static void negotiated(struct ldap_tls *t, LDAP *ld)
{
    char *version = NULL;
    struct berval der = { 0, NULL };

    if (ldap_get_option(ld, LDAP_OPT_X_TLS_VERSION, &version) == LDAP_OPT_SUCCESS && version != NULL)
        snprintf(t->version, sizeof(t->version), "%.30s", version);
    ldap_memfree(version);
    if (t->der != NULL || ldap_get_option(ld, LDAP_OPT_X_TLS_PEERCERT, &der) != LDAP_OPT_SUCCESS || der.bv_val == NULL)
        return;
    if (der.bv_len <= MAX_DER) {
        gnutls_x509_crt_t crt = NULL;
        gnutls_datum_t datum = { (unsigned char *)der.bv_val, (unsigned)der.bv_len };

        t->der_len = der.bv_len;
        t->der = xmalloc(t->der_len + 1);
        memcpy(t->der, der.bv_val, t->der_len);
        if (gnutls_x509_crt_init(&crt) == 0 && gnutls_x509_crt_import(crt, &datum, GNUTLS_X509_FMT_DER) == 0)
            certificate_describe(t, crt);
        gnutls_x509_crt_deinit(crt);
    }
    ldap_memfree(der.bv_val);
}

enum reason ldap_tls_start(struct ldap_tls *t, struct ldap *ld, int64_t timeout_ms, char *why, size_t why_len)
{
    struct timeval limit = { .tv_sec = timeout_ms / 1000, .tv_usec = (timeout_ms % 1000) * 1000 };
    int rc;

    /* Only in its "asynchronous" mode does libldap wait for a slow handshake with a limit; otherwise it spins. */
    if (ldap_set_option(ld, LDAP_OPT_NETWORK_TIMEOUT, &limit) != LDAP_OPT_SUCCESS ||
        ldap_set_option(ld, LDAP_OPT_CONNECT_ASYNC, LDAP_OPT_ON) != LDAP_OPT_SUCCESS) {
        snprintf(why, why_len, "libldap does not take a time limit");
        return REASON_INTERNAL;
    }
    rc = ldap_install_tls(ld);
    ldap_set_option(ld, LDAP_OPT_CONNECT_ASYNC, LDAP_OPT_OFF);
    if (rc != LDAP_SUCCESS)
        return handshake_failed(t, ld, rc, why, why_len);
    negotiated(t, ld);
    t->trusted = true;
    return REASON_NONE;
}
