/* The one wrapper of libldap's operations. Runs in workers; after the lock it only reads and writes its one socket.
 * libldap reads no configuration of its own (LDAPNOINIT is in the zygote's environment), follows no referral, and never
 * waits without a limit. Everything is asked asynchronously and awaited here, so that each wait is ours. */
#include "worker/ldap_session.h"

#include <lber.h>
#include <ldap.h>
#include <netdb.h>
#include <nss.h>
#include <openldap.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "worker/ldap_tls.h"
#include "worker/net.h"
#include "worker/sandbox.h"

#define DEFAULT_TIMEOUT_MS 15000     /* for one answer: a busy domain controller takes seconds for a page */
#define PAGE_ENTRIES 500
#define MAX_MESSAGE (4 * 1024 * 1024)        /* bytes of one LDAP message that are taken in */
#define MAX_EMPTY_PAGES 16           /* in a row: a server may send some, not for ever */
#define MAX_ODD_MESSAGES 1000        /* intermediate answers and references to one search, entries beyond the one asked for */

struct ldap_session {
    struct probe_ctx *ctx;
    LDAP *ld;
    struct net_peer peer;
    char to[80];                     /* "10.0.0.1:636/tcp": for the run's log */
    struct ldap_tls tls;
    struct ldap_tls_facts facts;
    int64_t timeout_ms;
    bool bound;                      /* the one bind was tried */
    bool cut;                        /* an answer was left before its end: what comes next may still belong to it */
    struct ldap_attribute attributes[LDAP_ENTRY_ATTRIBUTES];
    struct ldap_value values[LDAP_ENTRY_VALUES];
};

/* --- outcomes ---------------------------------------------------------------------------------------------------------- */

static void outcome_say(struct ldap_outcome *out, enum reason reason, bool partial, const char *detail)
{
    out->reason = reason;
    out->partial = partial;
    snprintf(out->detail, sizeof(out->detail), "%s", detail);
}

/* Nothing further is asked where an answer was left: it would be read as that of the next question. */
static bool cut_said(bool cut, struct ldap_outcome *out)
{
    if (!cut)
        return false;
    outcome_say(out, REASON_MALFORMED, false, "the server did not end an earlier answer");
    out->code = LDAP_DECODING_ERROR;
    return true;
}

/* libldap's own state after a call that gave no message. */
static int handle_error(LDAP *ld)
{
    int code = LDAP_OTHER;

    if (ldap_get_option(ld, LDAP_OPT_RESULT_CODE, &code) != LDAP_OPT_SUCCESS || code == LDAP_SUCCESS)
        code = LDAP_SERVER_DOWN;
    return code;
}

/* --- waiting ---------------------------------------------------------------------------------------------------------- */

static int64_t wait_ms(const struct ldap_session *s)
{
    int64_t left = probe_left_ms(s->ctx);

    return left < s->timeout_ms ? left : s->timeout_ms;
}

/* The next message of an operation, or NULL with the code. ldap_msgfree() it. */
static LDAPMessage *message_wait(struct ldap_session *s, int id, int *code)
{
    int64_t ms = wait_ms(s);
    struct timeval limit = { .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000 };
    LDAPMessage *m = NULL;
    int rc = ldap_result(s->ld, id, LDAP_MSG_ONE, &limit, &m);

    if (rc > 0 && m != NULL)
        return m;
    ldap_msgfree(m);
    *code = rc == 0 ? LDAP_TIMEOUT : handle_error(s->ld);
    return NULL;
}

/* Takes (and frees) a message that ends an operation. */
static void message_result_take(struct ldap_session *s, LDAPMessage *m, struct ldap_outcome *out, LDAPControl ***controls)
{
    char *diagnostic = NULL;
    int code = LDAP_OTHER, rc = ldap_parse_result(s->ld, m, &code, NULL, &diagnostic, NULL, controls, 0);

    ldap_msgfree(m);
    ldap_outcome_set(out, rc == LDAP_SUCCESS ? code : rc, diagnostic);
    ldap_memfree(diagnostic);
}

/* Takes the one answer of an operation; m is NULL when none came, for the reason rc. */
static void answer_take(struct ldap_session *s, LDAPMessage *m, int type, int rc, struct ldap_outcome *out)
{
    if (m == NULL) {
        ldap_outcome_set(out, rc, NULL);
    } else if (ldap_msgtype(m) == type) {
        message_result_take(s, m, out, NULL);
    } else {
        ldap_msgfree(m);
        outcome_say(out, REASON_MALFORMED, false, "an answer of another kind than the question");
    }
}

static void asked(struct ldap_session *s, const char *what)
{
    probe_pace(s->ctx);
    probe_asked(s->ctx, s->to, what);
}

/* --- opening ---------------------------------------------------------------------------------------------------------- */

enum scheme { SCHEME_LDAPS, SCHEME_START_TLS, SCHEME_PLAIN };

static bool scheme_parse(const char *text, enum scheme *out)
{
    static const char *const names[] = { "ldaps", "ldap", "ldap+plain" };

    *out = SCHEME_LDAPS;             /* an address without a scheme is never met in the clear */
    if (text == NULL)
        return true;
    for (size_t i = 0; i < N_ELEMENTS(names); i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (enum scheme)i;
            return true;
        }
    }
    return false;
}

/* What may stand in a URL and in a certificate; keeps quotes, blanks and slashes out of libldap's parser. */
static bool host_is_plain(const char *host)
{
    return host != NULL && host[0] != '\0' && strlen(host) < 254 &&
           strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:") == strlen(host);
}

static bool handle_options(LDAP *ld)
{
    int version = LDAP_VERSION3, deref = LDAP_DEREF_NEVER;
    ber_len_t max = MAX_MESSAGE;
    Sockbuf *sb = NULL;

    return ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_DEREF, &deref) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS &&
           ldap_set_option(ld, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
           ldap_get_option(ld, LDAP_OPT_SOCKBUF, &sb) == LDAP_OPT_SUCCESS && sb != NULL &&
           ber_sockbuf_ctrl(sb, LBER_SB_OPT_SET_MAX_INCOMING, &max) >= 0;
}

/* Takes the descriptor. */
static bool handle_make(struct ldap_session *s, int fd)
{
    const char *host = job_get(probe_job(s->ctx), "tls.name");
    char *url;
    int rc;

    if (host == NULL)
        host = job_get(probe_job(s->ctx), "host");
    url = xasprintf(strchr(host, ':') != NULL ? "ldap://[%s]:%u" : "ldap://%s:%u", host, (unsigned)s->peer.port);
    /* libldap looks up this machine's own name when it starts: in files only, never by a question to the network. */
    __nss_configure_lookup("hosts", "files");
    rc = ldap_init_fd(fd, LDAP_PROTO_TCP, url, &s->ld);
    free(url);
    if (rc != LDAP_SUCCESS) {
        close(fd);
        s->ld = NULL;
        return false;
    }
    return handle_options(s->ld);
}

static void peer_say(struct ldap_session *s)
{
    if (s->tls.der == NULL)
        return;
    probe_peer(s->ctx, "tls-certificate", s->peer.text, s->tls.algorithm, s->tls.der, s->tls.der_len, s->tls.trusted ? "trusted" : "not trusted");
}

static bool tls_up(struct ldap_session *s)
{
    char why[512] = "";
    enum reason reason;

    probe_pace(s->ctx);
    probe_asked(s->ctx, s->to, "TLS handshake");
    reason = ldap_tls_start(&s->tls, s->ld, wait_ms(s), why, sizeof(why));
    peer_say(s);
    if (reason != REASON_NONE) {
        probe_fail(s->ctx, reason, "%s: %s", s->peer.text, why);
        return false;
    }
    s->facts.used = true;
    s->facts.not_after = s->tls.not_after;
    /* GnuTLS writes TLS1.3 where everybody else writes TLSv1.3 */
    if (strncmp(s->tls.version, "TLS", 3) == 0 && s->tls.version[3] >= '0' && s->tls.version[3] <= '9')
        snprintf(s->facts.version, sizeof(s->facts.version), "TLSv%.20s", s->tls.version + 3);
    else
        snprintf(s->facts.version, sizeof(s->facts.version), "%.30s", s->tls.version);
    return true;
}

/* Asks for TLS on the plain connection; nothing else is ever said before it is up. */
static bool start_tls(struct ldap_session *s)
{
    struct ldap_outcome out = { 0 };
    LDAPMessage *m;
    int id = -1, rc;

    asked(s, "StartTLS");
    rc = ldap_start_tls(s->ld, NULL, NULL, &id);
    m = rc == LDAP_SUCCESS ? message_wait(s, id, &rc) : NULL;
    answer_take(s, m, LDAP_RES_EXTENDED, rc, &out);
    if (out.reason == REASON_NONE)
        return s->facts.by_start_tls = tls_up(s);
    if (out.code > 0)        /* the server answered, and will not */
        probe_fail(s->ctx, REASON_NO_TLS, "%s does not start TLS: %s", s->peer.text, out.detail);
    else
        probe_fail(s->ctx, out.reason, "%s: StartTLS: %s", s->peer.text, out.detail);
    return false;
}

/* Everything before the lock. */
static bool session_connect(struct ldap_session *s, enum scheme scheme)
{
    const struct job *job = probe_job(s->ctx);
    const char *host = job_get(job, "host"), *name = job_get(job, "tls.name");
    char why[256];
    int fd;

    if (!host_is_plain(host) || (name != NULL && !host_is_plain(name))) {
        probe_fail(s->ctx, REASON_NAME_NOT_FOUND, "the host name holds characters that no host name has");
        return false;
    }
    fd = net_connect_tcp(s->ctx, &s->peer);
    if (fd < 0)
        return false;
    snprintf(s->to, sizeof(s->to), "%s/tcp", s->peer.text);
    if (!handle_make(s, fd)) {
        probe_fail(s->ctx, REASON_INTERNAL, "libldap does not take its options");
        return false;
    }
    if (scheme != SCHEME_PLAIN && !ldap_tls_prepare(&s->tls, s->ld, job, host, why, sizeof(why))) {
        probe_fail(s->ctx, REASON_SECRET_UNAVAILABLE, "%s", why);
        return false;
    }
    return true;
}

int ldap_session_open(struct probe_ctx *ctx, struct ldap_session **out)
{
    struct ldap_session *s = xcalloc(1, sizeof(*s));
    const char *scheme_text = job_get(probe_job(ctx), "scheme"), *mode = job_get(probe_job(ctx), "mode");
    enum scheme scheme = SCHEME_LDAPS;
    bool up = false;

    *out = s;
    s->ctx = ctx;
    s->timeout_ms = job_get_int(probe_job(ctx), "timeout_ms", DEFAULT_TIMEOUT_MS);
    if (!scheme_parse(scheme_text, &scheme)) {
        probe_fail(ctx, REASON_INTERNAL, "unknown scheme");
        return -1;
    }
    if (scheme == SCHEME_PLAIN && mode != NULL && strcmp(mode, "trust") == 0) {
        probe_fail(ctx, REASON_NO_TLS, "ldap+plain shows no certificate");
        return -1;
    }
    if (!session_connect(s, scheme) || sandbox_lock(ctx, SANDBOX_STREAM) != 0)
        return -1;
    if (scheme == SCHEME_LDAPS)
        up = tls_up(s);
    else
        up = scheme == SCHEME_PLAIN || start_tls(s);
    return up ? 0 : -1;
}

void ldap_session_close(struct ldap_session *s)
{
    if (s == NULL)
        return;
    if (s->ld != NULL) {
        if (sandbox_locked())
            ldap_unbind_ext(s->ld, NULL, NULL);
        else
            ldap_destroy(s->ld);     /* nothing was said yet, so there is nothing to end */
    }
    ldap_tls_clear(&s->tls);
    free(s);
}

const struct ldap_tls_facts *ldap_session_tls(const struct ldap_session *s)
{
    return &s->facts;
}

void ldap_session_warm(void)
{
    /* The zygote's environment has it already; a process that has another must not read a stranger's ldaprc either. */
    if (setenv("LDAPNOINIT", "1", 1) != 0)
        BUG("no memory for the environment");
    ldap_tls_warm();
}

/* --- bind ------------------------------------------------------------------------------------------------------------- */

/* The credential's request, sent once. The message id, or the code that kept it from being sent. */
static int bind_send(struct ldap_session *s, const char *how, int *id)
{
    const struct job *job = probe_job(s->ctx);
    const char *dn = job_get(job, "ldap.bind_dn");
    char what[300], empty[] = "";
    struct berval secret = { 0, empty };     /* there and empty: EXTERNAL would be asked once more without it */
    int rc;

    if (strcmp(how, "external") == 0) {
        asked(s, "BIND SASL EXTERNAL");
        return ldap_sasl_bind(s->ld, NULL, "EXTERNAL", &secret, NULL, NULL, id);
    }
    if (strcmp(how, "anonymous") == 0) {
        asked(s, "BIND anonymous");
        return ldap_sasl_bind(s->ld, NULL, LDAP_SASL_SIMPLE, &secret, NULL, NULL, id);
    }
    const void *bytes = job_get_bytes(job, "ldap.secret", &secret.bv_len);
    /* libldap only reads it; the copy is there because its type is not const */
    secret.bv_val = xmalloc(secret.bv_len + 1);
    memcpy(secret.bv_val, bytes, secret.bv_len);
    snprintf(what, sizeof(what), "BIND simple as %.250s", dn);
    asked(s, what);
    rc = ldap_sasl_bind(s->ld, dn, LDAP_SASL_SIMPLE, &secret, NULL, NULL, id);
    explicit_bzero(secret.bv_val, secret.bv_len);
    free(secret.bv_val);
    return rc;
}

/* A simple bind without a name or a password would be taken as anonymous by many servers. */
static const char *bind_missing(const struct job *job, const char *how)
{
    size_t len = 0;
    const char *dn = job_get(job, "ldap.bind_dn");

    if (strcmp(how, "external") == 0)
        return job_get(job, "ldap.client_cert") == NULL ? "SASL EXTERNAL needs a client certificate" : NULL;
    if (strcmp(how, "simple") != 0)
        return strcmp(how, "anonymous") == 0 ? NULL : "unknown way to bind";
    if (dn == NULL || dn[0] == '\0')
        return "a simple bind needs a bind_dn";
    return job_get_bytes(job, "ldap.secret", &len) == NULL || len == 0 ? "the secret is empty" : NULL;
}

void ldap_session_bind(struct ldap_session *s, struct ldap_outcome *out)
{
    const char *how = job_get(probe_job(s->ctx), "ldap.bind"), *missing;
    LDAPMessage *m;
    int id = -1, rc;

    if (s->bound)
        BUG("a second bind: it could lock the account");
    s->bound = true;
    *out = (struct ldap_outcome){ 0 };
    if (how == NULL)
        how = "anonymous";
    if (cut_said(s->cut, out))
        return;
    missing = bind_missing(probe_job(s->ctx), how);
    if (missing != NULL) {
        outcome_say(out, REASON_SECRET_UNAVAILABLE, false, missing);
        return;
    }
    rc = bind_send(s, how, &id);
    m = rc == LDAP_SUCCESS ? message_wait(s, id, &rc) : NULL;
    answer_take(s, m, LDAP_RES_BIND, rc, out);
}

/* --- search ----------------------------------------------------------------------------------------------------------- */

/* The entry's parts as they lie in the message: nothing is copied but libldap's list of values, kept in held until the callback is done. */
static bool entry_read(struct ldap_session *s, LDAPMessage *m, struct ldap_entry *e, BerVarray held[LDAP_ENTRY_ATTRIBUTES], size_t *n_held)
{
    BerElement *ber = NULL;
    struct berval dn, name;
    size_t n_values = 0;

    *n_held = 0;
    if (ldap_get_dn_ber(s->ld, m, &ber, &dn) != LDAP_SUCCESS || dn.bv_val == NULL) {
        ber_free(ber, 0);
        return false;
    }
    *e = (struct ldap_entry){ .dn = dn.bv_val, .attributes = s->attributes };
    while (*n_held < LDAP_ENTRY_ATTRIBUTES) {
        BerVarray values = NULL;

        if (ldap_get_attribute_ber(s->ld, m, ber, &name, &values) != LDAP_SUCCESS || name.bv_val == NULL)
            break;
        held[(*n_held)++] = values;
        struct ldap_attribute *a = &s->attributes[e->n++];
        *a = (struct ldap_attribute){ .name = name.bv_val, .values = &s->values[n_values] };
        for (size_t i = 0; values != NULL && values[i].bv_val != NULL && n_values < LDAP_ENTRY_VALUES; i++) {
            s->values[n_values++] = (struct ldap_value){ values[i].bv_val, values[i].bv_len };
            a->n++;
        }
    }
    ber_free(ber, 0);
    return true;
}

/* False when the search is to stop: out says why, or the callback wished it. */
static bool entry_take(struct ldap_session *s, const struct ldap_query *q, LDAPMessage *m, ldap_entry_fn fn, void *arg, struct ldap_outcome *out)
{
    BerVarray held[LDAP_ENTRY_ATTRIBUTES];
    struct ldap_entry e;
    size_t n_held = 0;
    bool go_on;

    if (out->n_entries >= q->max_entries && q->first_only && out->n_entries < MAX_ODD_MESSAGES) {
        out->n_entries++;            /* a server that does not keep to the size asked for */
        return true;
    }
    if (out->n_entries >= q->max_entries) {
        outcome_say(out, REASON_LIMIT, true, "more entries than a job may read");
        return false;
    }
    if (!entry_read(s, m, &e, held, &n_held)) {
        outcome_say(out, REASON_MALFORMED, out->n_entries > 0, "an entry that cannot be read");
        return false;
    }
    out->n_entries++;
    go_on = fn(arg, &e);
    for (size_t i = 0; i < n_held; i++)
        ber_memfree(held[i]);
    return go_on;
}

struct page { struct berval cookie; bool answered; };    /* cookie: owned by libldap */

static void page_take(struct ldap_session *s, struct page *page, LDAPControl **controls)
{
    LDAPControl *c = controls == NULL ? NULL : ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
    ber_int_t estimate = 0;

    ber_memfree(page->cookie.bv_val);
    page->cookie = (struct berval){ 0, NULL };
    page->answered = c != NULL && ldap_parse_pageresponse_control(s->ld, c, &estimate, &page->cookie) == LDAP_SUCCESS;
    ldap_controls_free(controls);
}

static int search_send(struct ldap_session *s, const struct ldap_query *q, struct page *page, int *id)
{
    LDAPControl *control = NULL, *list[2] = { NULL, NULL };
    char *attributes[LDAP_ENTRY_ATTRIBUTES + 1];
    struct timeval limit = { .tv_sec = probe_left_ms(s->ctx) / 1000 + 1 };
    char what[400];
    size_t n = 0;
    int rc = LDAP_SUCCESS;

    for (; q->attributes[n] != NULL && n < LDAP_ENTRY_ATTRIBUTES; n++)
        attributes[n] = xstrdup(q->attributes[n]);       /* libldap's type is not const */
    attributes[n] = NULL;
    if (q->paged)
        rc = ldap_create_page_control(s->ld, PAGE_ENTRIES, page->cookie.bv_val == NULL ? NULL : &page->cookie, 0, &control);
    list[0] = control;
    if (rc == LDAP_SUCCESS) {
        snprintf(what, sizeof(what), "SRCH base=\"%.200s\" %s %.150s%s", q->base, q->scope == LDAP_READ_BASE ? "base" : "subtree", q->filter,
                 page->cookie.bv_len > 0 ? " (next page)" : "");
        asked(s, what);
        rc = ldap_search_ext(s->ld, q->base, q->scope == LDAP_READ_BASE ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE, q->filter, attributes, 0,
                             list, NULL, &limit, q->first_only ? 1 : LDAP_NO_LIMIT, id);
    }
    if (control != NULL)
        ldap_control_free(control);
    for (size_t i = 0; i < n; i++)
        free(attributes[i]);
    return rc;
}

/* One page: true when its end came in order and the search may go on. */
static bool page_read(struct ldap_session *s, const struct ldap_query *q, struct page *page, ldap_entry_fn fn, void *arg, struct ldap_outcome *out)
{
    LDAPControl **controls = NULL;
    LDAPMessage *m;
    size_t odd = 0;
    int id = -1, code = search_send(s, q, page, &id);

    out->ended = false;
    if (code != LDAP_SUCCESS) {
        ldap_outcome_set(out, code, NULL);
        return false;
    }
    while ((m = message_wait(s, id, &code)) != NULL) {
        int type = ldap_msgtype(m);

        if (type == LDAP_RES_SEARCH_RESULT) {
            message_result_take(s, m, out, &controls);
            out->ended = true;
            page_take(s, page, controls);
            return out->reason == REASON_NONE;
        }
        bool go_on = type != LDAP_RES_SEARCH_ENTRY || entry_take(s, q, m, fn, arg, out);
        if (type == LDAP_RES_SEARCH_REFERENCE)
            out->n_references++;
        ldap_msgfree(m);
        if (type != LDAP_RES_SEARCH_ENTRY && ++odd > MAX_ODD_MESSAGES) {
            outcome_say(out, REASON_MALFORMED, out->n_entries > 0, "references and intermediate answers without end");
            return false;
        }
        if (!go_on)
            return false;
    }
    ldap_outcome_set(out, code, NULL);
    return false;
}

void ldap_session_search(struct ldap_session *s, const struct ldap_query *q, ldap_entry_fn fn, void *arg, struct ldap_outcome *out)
{
    struct page page = { { 0, NULL }, false };
    bool control_seen = q->paging_known;
    size_t empty = 0, before;

    *out = (struct ldap_outcome){ 0 };
    if (cut_said(s->cut, out))
        return;
    do {
        before = out->n_entries;
        if (!page_read(s, q, &page, fn, arg, out)) {
            s->cut = !out->ended;
            break;
        }
        if (q->paged && !page.answered && control_seen) {
            outcome_say(out, REASON_MALFORMED, true, "the last page came without its cookie, so that more may be missing");
            break;
        }
        control_seen = control_seen || page.answered;
        empty = out->n_entries == before ? empty + 1 : 0;
        if (empty > MAX_EMPTY_PAGES) {
            outcome_say(out, REASON_LOOP, true, "empty pages without end");
            break;
        }
    } while (q->paged && page.cookie.bv_len > 0);
    ber_memfree(page.cookie.bv_val);
    if (out->reason != REASON_NONE && out->n_entries > 0)
        out->partial = true;
}
