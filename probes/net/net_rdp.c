/* net: rdp: which protection a remote desktop demands, and its certificate. Three connections are made before the lock, one for each offer.
 * No log-on is tried. Runs in a worker. */
#include "probes/net/net_parts.h"

#include <string.h>
#include <sys/socket.h>
#include "base/mem.h"
#include "fact/table_rdp_servers.h"
#include "probes/net/net_talk.h"
#include "probes/net/rdp_parse.h"
#include "worker/sandbox.h"
#include "worker/tls_session.h"

#define TIMEOUT_MS 5000

enum offer { OFFER_ALL, OFFER_TLS, OFFER_STANDARD, N_OFFERS };

static const struct { uint32_t protocols; const char *words; } offers[N_OFFERS] = {
    [OFFER_ALL] = { RDP_TLS | RDP_NLA | RDP_NLA_EARLY, "RDP Connection Request: TLS, CredSSP" },
    [OFFER_TLS] = { RDP_TLS, "RDP Connection Request: TLS alone" },
    [OFFER_STANDARD] = { RDP_STANDARD, "RDP Connection Request: standard alone" },
};

struct work {
    struct probe_ctx *ctx;
    int64_t timeout_ms;
    struct net_talk talk;
    struct tls_session *session;
    struct { enum talk_end end; struct rdp_answer answer; } seen[N_OFFERS];
    struct tls_seen tls;
    bool looked;
};

static enum talk_end ask(struct work *w, enum offer which, struct rdp_answer *answer)
{
    uint8_t request[RDP_REQUEST_LEN], reply[RDP_MAX_ANSWER];
    int fd = w->talk.fd[which];

    *answer = (struct rdp_answer){ RDP_NONE, 0 };
    if (fd < 0)
        return TALK_SILENT;
    probe_pace(w->ctx);
    probe_asked(w->ctx, w->talk.peer.text, offers[which].words);
    rdp_request_put(offers[which].protocols, request);
    enum talk_end end = net_talk_send(w->ctx, fd, request, sizeof request, w->timeout_ms);
    if (end == TALK_DONE)
        end = net_talk_take(w->ctx, fd, reply, RDP_HEAD_LEN, w->timeout_ms);
    size_t len = end == TALK_DONE ? rdp_answer_len(reply) : 0;
    if (len == 0)
        return end;
    end = net_talk_take(w->ctx, fd, reply + RDP_HEAD_LEN, len - RDP_HEAD_LEN, w->timeout_ms);
    if (end == TALK_DONE)
        *answer = rdp_answer_parse(reply, len);
    return end;
}

static void look(struct work *w)
{
    const struct rdp_answer *all = &w->seen[OFFER_ALL].answer;

    if (all->kind != RDP_CHOSE || all->value == RDP_STANDARD)
        return;
    probe_asked(w->ctx, w->talk.peer.text, "TLS handshake, 1.0 to 1.3");
    tls_session_look(w->session, w->ctx, w->talk.fd[OFFER_ALL], job_get(probe_job(w->ctx), "host"), false, w->timeout_ms, &w->tls);
    w->looked = true;
}

/* --- what the answers mean -------------------------------------------------------------------------------------------- */

/* Whether it took the one protocol that was offered alone: 1, 0, or -1 when it gave no clear answer. */
static int took(const struct work *w, enum offer which)
{
    const struct rdp_answer *a = &w->seen[which].answer;

    if (a->kind == RDP_NONE)
        return -1;
    return a->kind == RDP_CHOSE && a->value == offers[which].protocols;
}

static int nla_offered(const struct work *w)
{
    const struct rdp_answer *a = &w->seen[OFFER_ALL].answer;

    if (a->kind == RDP_CHOSE)
        return a->value == RDP_NLA || a->value == RDP_NLA_EARLY;
    return a->kind == RDP_DECLINED && (a->value == RDP_TLS_NOT_ALLOWED || a->value == RDP_NO_CERTIFICATE) ? 0 : -1;
}

static int nla_required(const struct work *w)
{
    int standard = took(w, OFFER_STANDARD), tls = took(w, OFFER_TLS), nla = nla_offered(w);

    if (standard == 1 || tls == 1 || nla == 0)
        return 0;
    return standard == 0 && tls == 0 && nla == 1 ? 1 : -1;
}

static const char *security(const struct work *w)
{
    const struct rdp_answer *a = &w->seen[OFFER_ALL].answer;

    if (a->kind != RDP_CHOSE)
        return NULL;
    return a->value == RDP_STANDARD ? "standard" : a->value == RDP_TLS ? "tls" : a->value == RDP_NLA || a->value == RDP_NLA_EARLY ? "nla" : NULL;
}

static int speaks(const struct work *w)
{
    bool silent = true;

    for (int i = 0; i < N_OFFERS; i++) {
        if (w->seen[i].answer.kind != RDP_NONE)
            return 1;
        silent = silent && w->seen[i].end == TALK_SILENT;
    }
    return silent ? -1 : 0;
}

/* --- the row ---------------------------------------------------------------------------------------------------------- */

static void emit(struct work *w)
{
    static const struct net_certificate_columns at = {
        RDP_CERTIFICATE_SUBJECT, RDP_CERTIFICATE_ISSUER, RDP_CERTIFICATE_NAMES, RDP_CERTIFICATE_NOT_BEFORE_AT, RDP_CERTIFICATE_NOT_AFTER_AT, RDP_CERTIFICATE_SELF_SIGNED,
        RDP_CERTIFICATE_KEY, RDP_CERTIFICATE_KEY_BITS, RDP_CERTIFICATE_SECURITY_BITS, RDP_CERTIFICATE_SIGNATURE, RDP_CERTIFICATE_SHA256,
    };
    char address[IP_TEXT], from[ISO_LEN], to[ISO_LEN];
    struct fact_row row;

    fact_row_init(&row, &fact_rdp_servers);
    ip_format(&w->talk.peer.ip, address);
    fact_set_str(&row, RDP_HOST, job_get(probe_job(w->ctx), "host"));
    fact_set_int(&row, RDP_PORT, w->talk.peer.port);
    fact_set_str(&row, RDP_ADDRESS, address);
    fact_set_int(&row, RDP_REACHABLE, !w->talk.refused);
    if (!w->talk.refused) {
        net_set_flag(&row, RDP_RDP, speaks(w));
        net_set_known(&row, RDP_SECURITY, security(w));
        net_set_flag(&row, RDP_STANDARD_ACCEPTED, took(w, OFFER_STANDARD));
        net_set_flag(&row, RDP_TLS_ACCEPTED, took(w, OFFER_TLS));
        net_set_flag(&row, RDP_NLA_OFFERED, nla_offered(w));
        net_set_flag(&row, RDP_NLA_REQUIRED, nla_required(w));
    }
    if (w->looked) {
        net_set_known(&row, RDP_TLS_VERSION, w->tls.version);
        net_set_known(&row, RDP_TLS_PROBLEM, w->tls.problem);
    }
    if (w->looked && w->tls.certificate.seen)
        net_set_certificate(&row, &at, &w->tls.certificate, from, to);
    probe_emit(w->ctx, &row);
}

static void say_outcome(struct work *w)
{
    int rdp = w->talk.refused ? 1 : speaks(w);
    bool some = false;

    for (int i = 0; i < N_OFFERS; i++)
        some = some || w->seen[i].answer.kind == RDP_NONE;
    if (rdp < 0)
        probe_table(w->ctx, &fact_rdp_servers, STATE_PARTIAL, REASON_NO_ANSWER, "%s accepts connections, and says nothing to a greeting in RDP", w->talk.peer.text);
    else if (rdp == 1 && some && !w->talk.refused)
        probe_table(w->ctx, &fact_rdp_servers, STATE_PARTIAL, REASON_CONNECTION_LOST, "%s answered only some of three greetings", w->talk.peer.text);
}

int net_rdp_collect(struct probe_ctx *ctx)
{
    struct work w = { .ctx = ctx, .timeout_ms = job_get_int(probe_job(ctx), "timeout_ms", TIMEOUT_MS) };
    const char *why = NULL;
    int rc = 0;

    if (!net_port_ok(ctx))
        return 0;
    w.session = tls_session_new(NULL, 0, &why);
    if (w.session == NULL)
        probe_fail(ctx, REASON_INTERNAL, "%s", why);
    else if (net_talk_open(ctx, N_OFFERS, w.timeout_ms, &w.talk)) {
        rc = sandbox_lock(ctx, SANDBOX_STREAM);
        for (enum offer i = OFFER_ALL; rc == 0 && !w.talk.refused && i < N_OFFERS; i++) {
            w.seen[i].end = ask(&w, i, &w.seen[i].answer);
            if (i == OFFER_ALL)
                look(&w);
        }
        if (rc == 0) {
            emit(&w);
            say_outcome(&w);
        }
        net_talk_close(&w.talk);
    }
    if (w.looked)
        tls_seen_clear(&w.tls);
    tls_session_free(w.session);
    return rc;
}
