/* net: smb: what a file server tells anyone. Two connections are made before the lock; on one it is greeted in SMB 2 and sends its challenge,
 * on the other it is offered SMB 1 alone. No log-on is tried. Runs in a worker. */
#include "probes/net/net_parts.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>
#include "base/mem.h"
#include "fact/table_smb_servers.h"
#include "probes/net/net_talk.h"
#include "probes/net/smb_parse.h"
#include "worker/sandbox.h"

#define TIMEOUT_MS 5000
#define FRAME_HEAD 4

struct work {
    struct probe_ctx *ctx;
    int64_t timeout_ms;
    struct net_talk talk;
    struct buf answer;
    int smb2, smb1;                  /* 1, 0; -1 not known */
    struct smb_negotiated negotiated;
    double offset_s, server_time;
    bool has_time, has_challenge, silent;
    struct smb_challenge challenge;
};

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One message and its answer, without the four bytes before it, into w->answer. */
static enum talk_end ask(struct work *w, int fd, struct buf *question, const char *what)
{
    uint8_t head[FRAME_HEAD];

    probe_pace(w->ctx);
    probe_asked(w->ctx, w->talk.peer.text, what);
    buf_reset(&w->answer);
    enum talk_end end = net_talk_send(w->ctx, fd, question->data, question->len, w->timeout_ms);
    buf_clear(question);
    if (end == TALK_DONE)
        end = net_talk_take(w->ctx, fd, head, sizeof head, w->timeout_ms);
    if (end != TALK_DONE)
        return end;
    size_t len = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (head[0] != 0 || len > SMB_MAX_MESSAGE)
        return TALK_DONE;            /* no SMB: an empty answer is none either */
    char *bytes = xmalloc(len + 1);
    end = net_talk_take(w->ctx, fd, bytes, len, w->timeout_ms);
    if (end == TALK_DONE)
        buf_append(&w->answer, bytes, len);
    free(bytes);
    return end;
}

static void keep_time(struct work *w, double asked, double answered)
{
    w->has_time = smb_time(w->negotiated.system_time, &w->server_time);
    w->offset_s = w->server_time - (asked + answered) / 2;
}

static void greet(struct work *w)
{
    struct buf question = BUF_INIT(1024);
    uint8_t random[48];
    double began = now_s();

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        BUG("no random bytes");
    smb2_negotiate_put(&question, random);
    enum talk_end end = ask(w, w->talk.fd[0], &question, "SMB2 NEGOTIATE, 2.0.2 to 3.1.1");
    if (end == TALK_DONE && smb2_negotiate_parse(w->answer.data, w->answer.len, &w->negotiated)) {
        w->smb2 = 1;
        keep_time(w, began, now_s());
    } else {
        w->smb2 = end == TALK_SILENT ? -1 : 0;
        w->silent = end == TALK_SILENT;
    }
    if (w->smb2 != 1)
        return;
    smb2_session_setup_put(&question);
    end = ask(w, w->talk.fd[0], &question, "SMB2 SESSION_SETUP, first leg of NTLM without a user");
    w->has_challenge = end == TALK_DONE && smb2_challenge_parse(w->answer.data, w->answer.len, &w->challenge);
}

/* A server that has SMB 1 switched off closes the connection or says that no dialect is common. */
static void offer_smb1(struct work *w)
{
    struct buf question = BUF_INIT(256);
    struct smb_negotiated old;
    bool accepted = false;

    if (w->talk.fd[1] < 0)
        return;
    double began = now_s();
    smb1_negotiate_put(&question);
    enum talk_end end = ask(w, w->talk.fd[1], &question, "SMB1 NEGOTIATE, NT LM 0.12");
    bool parsed = end == TALK_DONE && smb1_negotiate_parse(w->answer.data, w->answer.len, &accepted, &old);
    if (parsed)
        w->smb1 = accepted;
    else if (w->smb2 == 1 && end != TALK_SILENT)
        w->smb1 = 0;
    if (w->smb1 == 1 && w->smb2 != 1) {
        w->negotiated = old;
        keep_time(w, began, now_s());
    }
}

/* --- the row ---------------------------------------------------------------------------------------------------------- */

static void set_challenge(struct fact_row *row, const struct smb_challenge *c, char version[16])
{
    net_set_known(row, SMB_COMPUTER_NAME, c->computer);
    net_set_known(row, SMB_DOMAIN_NAME, c->domain);
    net_set_known(row, SMB_DNS_COMPUTER_NAME, c->dns_computer);
    net_set_known(row, SMB_DNS_DOMAIN_NAME, c->dns_domain);
    net_set_known(row, SMB_DNS_FOREST_NAME, c->dns_forest);
    if (c->software == SMB_SOFTWARE_SAMBA)
        fact_set_str(row, SMB_SOFTWARE, "samba");
    if (c->software != SMB_SOFTWARE_WINDOWS)
        return;
    snprintf(version, 16, "%u.%u", c->major, c->minor);
    fact_set_str(row, SMB_SOFTWARE, "windows");
    fact_set_str(row, SMB_OS_VERSION, version);
    fact_set_int(row, SMB_OS_BUILD, c->build);
}

/* The first three parts of a GUID are numbers, written with their highest byte first. */
static void guid_format(const uint8_t g[16], char out[40])
{
    snprintf(out, 40, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", g[3], g[2], g[1], g[0], g[5], g[4], g[7], g[6], g[8], g[9], g[10], g[11], g[12], g[13],
             g[14], g[15]);
}

static void emit(struct work *w)
{
    char address[IP_TEXT], guid[40], time_iso[ISO_LEN], version[16];
    struct fact_row row;

    fact_row_init(&row, &fact_smb_servers);
    ip_format(&w->talk.peer.ip, address);
    fact_set_str(&row, SMB_HOST, job_get(probe_job(w->ctx), "host"));
    fact_set_int(&row, SMB_PORT, w->talk.peer.port);
    fact_set_str(&row, SMB_ADDRESS, address);
    fact_set_int(&row, SMB_REACHABLE, !w->talk.refused);
    net_set_flag(&row, SMB_SMB2, w->smb2);
    net_set_flag(&row, SMB_SMB1_ACCEPTED, w->smb1);
    if (w->smb2 == 1 || w->smb1 == 1) {
        fact_set_str(&row, SMB_DIALECT, w->smb2 == 1 ? smb_dialect_name(w->negotiated.dialect) : "NT LM 0.12");
        fact_set_int(&row, SMB_SIGNING_ENABLED, w->negotiated.signing_enabled);
        fact_set_int(&row, SMB_SIGNING_REQUIRED, w->negotiated.signing_required);
    }
    if (w->negotiated.has_guid) {
        guid_format(w->negotiated.guid, guid);
        fact_set_str(&row, SMB_SERVER_GUID, guid);
    }
    if (w->has_time) {
        net_set_time(&row, SMB_SERVER_TIME_AT, (int64_t)w->server_time, time_iso);
        fact_set_real(&row, SMB_CLOCK_OFFSET_S, w->offset_s);
    }
    if (w->has_challenge)
        set_challenge(&row, &w->challenge, version);
    probe_emit(w->ctx, &row);
}

static void say_outcome(struct work *w)
{
    const char *who = w->talk.peer.text;

    if (w->talk.refused)
        return;
    if (w->smb2 != 1 && w->smb1 != 1)
        probe_table(w->ctx, &fact_smb_servers, STATE_PARTIAL, w->silent ? REASON_NO_ANSWER : REASON_MALFORMED, "%s accepts connections, and %s", who,
                    w->silent ? "says nothing to a greeting in SMB" : "does not speak SMB");
    else if (w->smb2 == 1 && !w->has_challenge)
        probe_note(w->ctx, &fact_smb_servers, "%s gave no NTLM challenge: its names and its version are not known", who);
}

int net_smb_collect(struct probe_ctx *ctx)
{
    struct work w = { .ctx = ctx, .timeout_ms = job_get_int(probe_job(ctx), "timeout_ms", TIMEOUT_MS), .answer = BUF_INIT(SMB_MAX_MESSAGE), .smb2 = -1, .smb1 = -1 };
    int rc = 0;

    if (!net_port_ok(ctx) || !net_talk_open(ctx, 2, w.timeout_ms, &w.talk))
        return 0;
    rc = sandbox_lock(ctx, SANDBOX_STREAM);
    if (rc == 0 && !w.talk.refused) {
        greet(&w);
        offer_smb1(&w);
    }
    if (rc == 0) {
        emit(&w);
        say_outcome(&w);
    }
    net_talk_close(&w.talk);
    buf_clear(&w.answer);
    return rc;
}
