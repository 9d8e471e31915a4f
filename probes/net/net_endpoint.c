/* net: tls, net: tcp: how well a service can be reached from here, and what it shows of itself before anybody logs on. Every
 * connection is made before the lock and no byte is read until then, so that the lock needs to allow no further one. Runs in a worker. */
#include "probes/net/net_parts.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "fact/table_endpoints.h"
#include "probes/net/net_samples.h"
#include "worker/net.h"
#include "worker/sandbox.h"
#include "worker/tls_session.h"

#define DEFAULT_TRIES 10
#define CONNECT_TIMEOUT_MS 3000      /* a lost greeting is repeated by the kernel after one second */
#define TLS_TIMEOUT_MS 5000
#define PAUSE_MS 100                 /* between two connections */
#define FAST_PAUSE_MS 5
#define ENOUGH_FAILURES 3            /* nothing but refusals or silence: it is not asked on */
#define MAX_ADDRESSES 4              /* of one name that are tried */

struct work {
    struct probe_ctx *ctx;
    const char *host, *name;
    bool tls;
    int64_t pause_ms, connect_ms, tls_ms, resolve_us;
    unsigned tries;
    struct net_peer peer;
    struct net_samples samples;
    struct tls_session *session;
    int fd, legacy_fd;               /* connected and untouched; -1 for none */
    int legacy;                      /* 1, 0; -1 not known */
    struct tls_seen seen;
    bool looked;
};

/* --- the job ---------------------------------------------------------------------------------------------------------- */

static bool prepare(struct work *w)
{
    const struct job *job = probe_job(w->ctx);
    const char *use = job_get(job, "net.use");
    int64_t tries = job_get_int(job, "net.tries", DEFAULT_TRIES), timeout = job_get_int(job, "timeout_ms", 0);

    w->host = job_get(job, "host");
    w->name = job_get(job, "tls.name") != NULL ? job_get(job, "tls.name") : w->host;
    w->tls = use != NULL && strcmp(use, "tls") == 0;
    w->tries = (unsigned)(tries < 1 ? 1 : tries > NET_MAX_TRIES ? NET_MAX_TRIES : tries);
    w->pause_ms = job_get_int(job, "fast", 0) != 0 ? FAST_PAUSE_MS : PAUSE_MS;
    w->connect_ms = timeout > 0 ? timeout : CONNECT_TIMEOUT_MS;
    w->tls_ms = timeout > 0 ? timeout : TLS_TIMEOUT_MS;
    if (w->host == NULL || use == NULL || (!w->tls && strcmp(use, "tcp") != 0)) {
        probe_fail(w->ctx, REASON_INTERNAL, "the job names no host, or not what to try");
        return false;
    }
    return net_port_ok(w->ctx);
}

/* --- connections ------------------------------------------------------------------------------------------------------ */

/* One attempt, counted. The fd, or -1 with *err. */
static int attempt(struct work *w, const struct net_peer *peer, struct net_samples *samples, int *err)
{
    int64_t took_us = 0;
    bool again = false;
    int fd = net_connect(w->ctx, peer, w->connect_ms, err, &took_us, &again);

    net_samples_add(samples, fd >= 0 ? 0 : *err, again, took_us);
    return fd;
}

static bool answered(int err)
{
    return err == 0 || err == ECONNREFUSED || err == ECONNRESET;
}

/* Takes the first address that accepts a connection; when none does, the first that refuses one. False after probe_fail(). */
static bool choose_address(struct work *w)
{
    struct net_peer list[MAX_ADDRESSES];
    size_t n = net_candidates(w->ctx, list, MAX_ADDRESSES, &w->resolve_us);
    int first_err = 0;
    bool chosen = false;

    for (size_t i = 0; i < n && probe_left_ms(w->ctx) > 0; i++) {
        struct net_samples samples = { 0 };
        int err = 0, fd = attempt(w, &list[i], &samples, &err);
        if (i == 0)
            first_err = err;
        if (fd >= 0)
            close(fd);
        if (!answered(err) || (chosen && err != 0))
            continue;
        chosen = true;
        w->peer = list[i];
        w->samples = samples;
        if (err == 0)
            return true;
    }
    if (!chosen && n > 0 && first_err != ETIMEDOUT)
        net_connect_failed(w->ctx, &list[0], first_err);
    else if (!chosen && n > 0) {
        w->peer = list[0];
        w->samples = (struct net_samples){ .attempts = 1, .lost = 1 };
        return true;
    }
    return chosen;
}

static bool worth_another(const struct work *w)
{
    return w->samples.attempts < w->tries && (w->samples.connected > 0 || w->samples.attempts < ENOUGH_FAILURES) &&
           probe_left_ms(w->ctx) > (w->tls ? w->tls_ms : 0) + w->connect_ms;
}

static void measure(struct work *w)
{
    while (worth_another(w)) {
        int err = 0;
        poll(NULL, 0, (int)w->pause_ms);
        int fd = attempt(w, &w->peer, &w->samples, &err);
        if (fd >= 0)
            close(fd);
    }
    if (w->samples.connected == 0 && w->samples.refused == 0)
        net_connect_failed(w->ctx, &w->peer, ETIMEDOUT);
}

static int open_one(struct work *w)
{
    int64_t took_us = 0;
    bool again = false;
    int err = 0;

    return net_connect(w->ctx, &w->peer, w->connect_ms, &err, &took_us, &again);
}

/* --- TLS -------------------------------------------------------------------------------------------------------------- */

static bool prepare_tls(struct work *w)
{
    size_t len = 0;
    const void *ca = job_get_bytes(probe_job(w->ctx), "net.ca", &len);
    const char *why = NULL;

    if (!w->tls)
        return true;
    w->session = tls_session_new(ca, len, &why);
    if (w->session == NULL)
        probe_fail(w->ctx, REASON_BAD_FILE, "%s", why);
    return w->session != NULL;
}

static void look(struct work *w)
{
    struct tls_seen old;

    probe_asked(w->ctx, w->peer.text, "TLS handshake, 1.0 to 1.3");
    tls_session_look(w->session, w->ctx, w->fd, w->name, false, w->tls_ms, &w->seen);
    w->looked = true;
    close(w->fd);
    w->fd = -1;
    if (w->seen.outcome != TLS_DONE)
        return;
    if (strcmp(w->seen.version, "TLSv1") == 0 || strcmp(w->seen.version, "TLSv1.1") == 0) {
        w->legacy = 1;
        return;
    }
    if (w->legacy_fd < 0)
        return;
    probe_asked(w->ctx, w->peer.text, "TLS handshake, 1.0 and 1.1 only");
    tls_session_look(w->session, w->ctx, w->legacy_fd, w->name, true, w->tls_ms, &old);
    if (old.outcome == TLS_DONE)
        w->legacy = 1;
    else if (old.outcome == TLS_REFUSED || old.outcome == TLS_LOST)      /* many servers just hang up */
        w->legacy = 0;
    tls_seen_clear(&old);
}

/* What the handshake left open for the table: silence may pass, an answer that is no TLS will not. */
static void say_outcome(struct work *w)
{
    if (w->samples.connected > 0 && w->tls && !w->looked)
        probe_table(w->ctx, &fact_endpoints, STATE_PARTIAL, REASON_CONNECTION_LOST, "%s accepted connections, but not the one for the TLS greeting", w->peer.text);
    else if (w->looked && (w->seen.outcome == TLS_SILENT || w->seen.outcome == TLS_LOST))
        probe_table(w->ctx, &fact_endpoints, STATE_PARTIAL, w->seen.outcome == TLS_SILENT ? REASON_NO_ANSWER : REASON_CONNECTION_LOST, "TLS at %s: %s",
                    w->peer.text, w->seen.problem);
}

/* --- the row ---------------------------------------------------------------------------------------------------------- */

static void set_ms(struct fact_row *row, int column, double ms)
{
    if (ms >= 0)
        fact_set_real(row, column, ms);
}

static void set_tcp(struct fact_row *row, const struct work *w)
{
    struct net_figures f = net_samples_figures(&w->samples);
    int64_t open = job_get_int(probe_job(w->ctx), "net.in_clinic_hours", -1);

    fact_set_str(row, ENDPOINTS_HOST, w->host);
    fact_set_int(row, ENDPOINTS_PORT, w->peer.port);
    if (w->resolve_us >= 0)
        set_ms(row, ENDPOINTS_RESOLVE_MS, (double)w->resolve_us / 1000.0);
    if (open >= 0)
        fact_set_int(row, ENDPOINTS_IN_CLINIC_HOURS, open != 0);
    fact_set_int(row, ENDPOINTS_REACHABLE, w->samples.connected > 0);
    fact_set_int(row, ENDPOINTS_ATTEMPTS, w->samples.attempts);
    fact_set_int(row, ENDPOINTS_CONNECTED, w->samples.connected);
    fact_set_int(row, ENDPOINTS_REFUSED, w->samples.refused);
    set_ms(row, ENDPOINTS_LOST_PERCENT, f.lost_percent);
    set_ms(row, ENDPOINTS_CONNECT_MS_MEDIAN, f.median_ms);
    set_ms(row, ENDPOINTS_CONNECT_MS_P95, f.p95_ms);
    set_ms(row, ENDPOINTS_CONNECT_MS_JITTER, f.jitter_ms);
}

static void set_tls(struct fact_row *row, const struct work *w)
{
    const struct tls_seen *s = &w->seen;

    if (s->outcome == TLS_DONE || s->outcome == TLS_REFUSED)
        fact_set_int(row, ENDPOINTS_TLS, 1);
    else if (s->outcome == TLS_NOT_TLS)
        fact_set_int(row, ENDPOINTS_TLS, 0);
    net_set_known(row, ENDPOINTS_TLS_VERSION, s->version);
    net_set_known(row, ENDPOINTS_TLS_CIPHER, s->cipher);
    net_set_known(row, ENDPOINTS_TLS_PROBLEM, s->problem);
    if (s->handshake_us >= 0)
        set_ms(row, ENDPOINTS_TLS_HANDSHAKE_MS, (double)s->handshake_us / 1000.0);
    if (w->legacy >= 0)
        fact_set_int(row, ENDPOINTS_TLS_LEGACY_ACCEPTED, w->legacy);
}

static void set_certificate(struct fact_row *row, const struct tls_certificate *c, char from[ISO_LEN], char to[ISO_LEN])
{
    static const struct net_certificate_columns at = {
        ENDPOINTS_CERTIFICATE_SUBJECT, ENDPOINTS_CERTIFICATE_ISSUER, ENDPOINTS_CERTIFICATE_NAMES, ENDPOINTS_CERTIFICATE_NOT_BEFORE_AT, ENDPOINTS_CERTIFICATE_NOT_AFTER_AT,
        ENDPOINTS_CERTIFICATE_SELF_SIGNED, ENDPOINTS_CERTIFICATE_KEY, ENDPOINTS_CERTIFICATE_KEY_BITS, ENDPOINTS_CERTIFICATE_SECURITY_BITS,
        ENDPOINTS_CERTIFICATE_SIGNATURE, ENDPOINTS_CERTIFICATE_SHA256,
    };

    net_set_certificate(row, &at, c, from, to);
    if (c->trust != TLS_TRUST_UNKNOWN)
        fact_set_int(row, ENDPOINTS_CERTIFICATE_TRUSTED, c->trust == TLS_TRUSTED);
    net_set_known(row, ENDPOINTS_CERTIFICATE_PROBLEM, c->problem);
    fact_set_int(row, ENDPOINTS_CERTIFICATE_NAME_MATCHES, c->name_matches);
    fact_set_int(row, ENDPOINTS_CERTIFICATE_CHAIN_LENGTH, c->chain_length);
}

static void emit(struct work *w)
{
    char from[ISO_LEN], to[ISO_LEN], address[IP_TEXT];
    struct fact_row row;

    fact_row_init(&row, &fact_endpoints);
    ip_format(&w->peer.ip, address);
    fact_set_str(&row, ENDPOINTS_ADDRESS, address);
    set_tcp(&row, w);
    if (w->tls)
        fact_set_str(&row, ENDPOINTS_SERVER_NAME, w->name);
    if (w->looked)
        set_tls(&row, w);
    if (w->looked && w->seen.certificate.seen)
        set_certificate(&row, &w->seen.certificate, from, to);
    probe_emit(w->ctx, &row);
}

/* --- together --------------------------------------------------------------------------------------------------------- */

static int converse(struct work *w)
{
    if (w->samples.connected > 0 && w->tls) {
        w->fd = open_one(w);
        w->legacy_fd = w->fd < 0 ? -1 : open_one(w);
    }
    int err = sandbox_lock(w->ctx, SANDBOX_STREAM);
    if (err != 0)
        return err;
    if (w->fd >= 0)
        look(w);
    emit(w);
    say_outcome(w);
    return 0;
}

int net_endpoint_collect(struct probe_ctx *ctx)
{
    struct work w = { .ctx = ctx, .fd = -1, .legacy_fd = -1, .legacy = -1, .resolve_us = -1 };
    int rc = 0;

    if (prepare(&w) && prepare_tls(&w) && choose_address(&w)) {
        measure(&w);
        if (w.samples.connected > 0 || w.samples.refused > 0)
            rc = converse(&w);
    }
    if (w.fd >= 0)
        close(w.fd);
    if (w.legacy_fd >= 0)
        close(w.legacy_fd);
    if (w.looked)
        tls_seen_clear(&w.seen);
    tls_session_free(w.session);
    return rc;
}
