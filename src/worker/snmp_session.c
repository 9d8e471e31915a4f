/* The session: opening, datagrams under way, repeating what was lost, and why it ended. Runs in a worker, after the lock but for
 * snmp_session_open's first half. What the agent says is hostile; it decides at most how the session ends. */
#include "worker/snmp_session_priv.h"

#include <errno.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "worker/net.h"
#include "worker/sandbox.h"

#define DEFAULT_TIMEOUT_MS 2000
#define DEFAULT_RETRIES 2
#define REPEAT_MIN_MS 300            /* agents need time for a large answer that a first small one does not show */
#define REFUSED_AGAIN_MS 100         /* an agent that restarts refuses for a moment */
#define READS_MAX 64                 /* datagrams read in one step */

const struct snmp_oid session_uptime = { .n = 9, .id = { 1, 3, 6, 1, 2, 1, 1, 3, 0 } };

const char *snmp_session_version(const struct snmp_session *s)
{
    return job_get(probe_job(s->ctx), "snmp.version");
}

const uint8_t *snmp_session_engine_id(const struct snmp_session *s, size_t *len)
{
    return snmp_wire_engine_id(s->wire, len);
}

unsigned snmp_session_questions(const struct snmp_session *s)
{
    return s->questions;
}

const char *snmp_session_detail(const struct snmp_session *s)
{
    return s->detail;
}

void session_end(struct snmp_session *s, enum reason reason, const char *detail)
{
    if (s->ended != REASON_NONE)
        return;
    s->ended = reason;
    snprintf(s->detail, sizeof s->detail, "%s", detail == NULL ? "" : detail);
    for (size_t i = 0; i < FLIGHT_MAX; i++)
        s->flights[i].used = false;
}

void snmp_session_again(struct snmp_session *s)
{
    if (s->ended != REASON_NO_ANSWER || !s->answered)
        return;
    s->ended = REASON_NONE;
    s->detail[0] = '\0';
    s->doubtful = true;
    s->silent = 0;
}

/* --- sending --------------------------------------------------------------------------------------------------------- */

/* The question for the log: every object, those after the first as * and what differs from the one before. In the midst of a column only how many rows came:
 * the row's index may be the address of a guest's or a patient's telephone, which is written nowhere. */
static void describe(const struct flight *f, struct buf *out)
{
    static const char *const words[] = { [SNMP_DISCOVER] = "SNMPv3 engine discovery", [SNMP_UNENCRYPTED] = "GET of nothing, authenticated only", [SNMP_GET] = "GET", [SNMP_GETNEXT] = "GETNEXT", [SNMP_GETBULK] = "GETBULK" };
    buf_puts(out, words[f->kind]);
    if (f->kind == SNMP_GETBULK)
        buf_printf(out, " %ld", f->repetitions);
    if (f->timed) {
        buf_puts(out, " ");
        oid_format(out, session_uptime.id, session_uptime.n);
    }
    for (size_t i = 0; i < f->n; i++) {
        const struct snmp_oid *o = &f->items[i]->base;
        size_t same = 0;
        if (i > 0)
            while (same < o->n && same < f->items[i - 1]->base.n && o->id[same] == f->items[i - 1]->base.id[same])
                same++;
        if (same == o->n)
            same = 0;
        buf_puts(out, same > 0 ? " *." : " ");
        oid_format(out, o->id + same, o->n - same);
        if (f->items[i]->rows > 0 && f->kind != SNMP_GET)
            buf_printf(out, " (row %zu)", f->items[i]->rows + 1);
    }
}

static void log_question(struct snmp_session *s, const struct flight *f, const char *note)
{
    char to[sizeof s->peer.text + 4];
    struct buf what = BUF_INIT(65536);
    snprintf(to, sizeof to, "%s/udp", s->peer.text);
    describe(f, &what);
    buf_puts(&what, note);
    probe_asked(s->ctx, to, buf_str(&what));
    buf_clear(&what);
    s->questions++;
}

/* How long to wait for the answer to the try that was just sent. */
static int64_t patience(const struct snmp_session *s, const struct flight *f)
{
    if (s->srtt < 0 || f->tries > s->retries)
        return s->timeout_ms;
    int64_t ms = s->srtt + 4 * s->rttvar;
    if (ms < REPEAT_MIN_MS)
        ms = REPEAT_MIN_MS;
    for (unsigned i = 1; i < f->tries && ms < s->timeout_ms; i++)
        ms *= 2;
    return ms < s->timeout_ms ? ms : s->timeout_ms;
}

static void network_error(struct snmp_session *s, int err);

static void transmit(struct snmp_session *s, struct flight *f)
{
    const struct snmp_oid *oid[QUESTION_OBJECTS + 1];
    size_t n = 0;
    if (f->timed)
        oid[n++] = &session_uptime;
    for (size_t i = 0; i < f->n; i++)
        oid[n++] = &f->items[i]->at;
    struct snmp_question q = { .kind = f->kind, .oid = oid, .n = n, .repetitions = f->repetitions };
    uint32_t tag = (f->generation & 0xFFFFU) << 16 | (uint32_t)(f - s->flights) << 8 | f->tries;
    probe_pace(s->ctx);
    log_question(s, f, f->tries == 0 ? "" : " (again)");
    f->sent_ms[f->tries++] = clock_mono_ms();
    f->due_ms = clock_mono_ms() + patience(s, f);
    int rc = snmp_wire_send(s->wire, &q, tag);
    if (rc == -ECONNREFUSED) {       /* the word on an earlier datagram; this one was not sent */
        network_error(s, ECONNREFUSED);
        if (s->ended == REASON_NONE)
            rc = snmp_wire_send(s->wire, &q, tag);
    }
    if (rc == ERR_BAD_INPUT)
        session_end(s, REASON_INTERNAL, "a question could not be encoded");
    else if (rc < 0)
        network_error(s, -rc);
}

/* One question only until the agent has answered one: a dead address costs no more, and a wrong secret is shown once. */
struct flight *session_free_flight(struct snmp_session *s)
{
    for (size_t i = 0; i < (s->answered && !s->doubtful ? FLIGHT_MAX : 1); i++)
        if (!s->flights[i].used)
            return &s->flights[i];
    return NULL;
}

void session_send(struct snmp_session *s, struct flight *f)
{
    f->used = true;
    f->generation++;
    f->tries = 0;
    transmit(s, f);
}

/* --- receiving ------------------------------------------------------------------------------------------------------- */

static void measure(struct snmp_session *s, int64_t ms)
{
    if (s->srtt < 0) {
        s->srtt = ms;
        s->rttvar = ms / 2;
        return;
    }
    int64_t off = ms > s->srtt ? ms - s->srtt : s->srtt - ms;
    s->rttvar = (3 * s->rttvar + off) / 4;
    s->srtt = (7 * s->srtt + ms) / 8;
}

static const char not_this_user[] = "it names its SNMPv3 engine, but does not answer this user: a wrong privacy password, or an access list";

/* Agents throw away what they cannot decrypt, most of them without a word. That they answer the same user without encryption, or refuse
 * it by name, proves user and digest right. */
static void ask_unencrypted(struct snmp_session *s)
{
    struct flight *f = &s->flights[0];
    s->asked_unencrypted = true;
    f->kind = SNMP_UNENCRYPTED;
    f->n = 0;
    f->timed = false;
    session_send(s, f);
}

static void unencrypted_answer(struct snmp_session *s, const struct snmp_answer *a)
{
    if (a->reason == REASON_NONE)
        session_end(s, REASON_DECRYPTION, "it answers this user without encryption only");
    else if (a->reason == REASON_UNKNOWN_USER || a->reason == REASON_WRONG_DIGEST)
        session_end(s, a->reason, a->detail);
    else
        session_end(s, REASON_NO_ANSWER, not_this_user);
}

static void on_answer(void *arg, const struct snmp_answer *a)
{
    struct snmp_session *s = arg;
    size_t place = a->tag >> 8 & 0xFFU, try = a->tag & 0xFFU;
    if (place >= FLIGHT_MAX || try >= TRIES_MAX)
        return;
    struct flight *f = &s->flights[place];
    if (!f->used || (f->generation & 0xFFFFU) != a->tag >> 16)
        return;                      /* late: its question was repeated and answered, or given up */
    if (a->resent) {
        log_question(s, f, " (again, with the agent's clock)");
        f->due_ms = clock_mono_ms() + s->timeout_ms;
        return;
    }
    f->used = false;
    measure(s, clock_mono_ms() - f->sent_ms[try]);
    if (f->kind == SNMP_DISCOVER)
        return;
    if (f->kind == SNMP_UNENCRYPTED) {
        unencrypted_answer(s, a);
        return;
    }
    if (a->reason != REASON_NONE) {
        session_end(s, a->reason, a->detail);
        return;
    }
    s->answered = true;
    s->doubtful = false;
    s->silent = 0;
    fetch_answer(s, f, a);
}

static void network_error(struct snmp_session *s, int err)
{
    if (s->answered)
        return;                      /* one such word in a conversation is noise; silence will tell */
    if (err == ECONNREFUSED && !s->refused_once) {
        s->refused_once = true;
        for (size_t i = 0; i < FLIGHT_MAX; i++)
            s->flights[i].due_ms = clock_mono_ms() + REFUSED_AGAIN_MS;
    } else if (err == ECONNREFUSED) {
        session_end(s, REASON_CONNECTION_REFUSED, "nothing listens on this UDP port");
    } else if (err == EHOSTUNREACH || err == ENETUNREACH || err == ENETDOWN || err == EHOSTDOWN || err == EACCES || err == EPERM) {
        session_end(s, REASON_UNREACHABLE, strerror(err));
    }
}

/* Nothing came in the time of all tries. */
static void silence(struct snmp_session *s, struct flight *f)
{
    f->used = false;
    enum reason odd = snmp_wire_thrown_away(s->wire);
    if (s->answered)
        fetch_silence(s, f);
    else if (odd != REASON_NONE)
        session_end(s, odd, "its answers were thrown away");
    else if (snmp_wire_discovered(s->wire) && snmp_wire_encrypts(s->wire) && !s->asked_unencrypted)
        ask_unencrypted(s);
    else if (snmp_wire_discovered(s->wire))
        session_end(s, REASON_NO_ANSWER, not_this_user);
    else
        session_end(s, REASON_NO_ANSWER, "");
}

static void expire(struct snmp_session *s)
{
    for (size_t i = 0; i < FLIGHT_MAX && s->ended == REASON_NONE; i++) {
        struct flight *f = &s->flights[i];
        if (!f->used || f->due_ms > clock_mono_ms())
            continue;
        if (f->tries <= s->retries && f->tries < TRIES_MAX)
            transmit(s, f);
        else
            silence(s, f);
    }
}

static int64_t next_due(const struct snmp_session *s)
{
    int64_t due = INT64_MAX;
    for (size_t i = 0; i < FLIGHT_MAX; i++)
        if (s->flights[i].used && s->flights[i].due_ms < due)
            due = s->flights[i].due_ms;
    return due;
}

void session_step(struct snmp_session *s)
{
    int64_t now = clock_mono_ms(), due = next_due(s);
    int64_t wait = due == INT64_MAX || due <= now ? 0 : due - now;
    for (int reads = 0; reads < READS_MAX && s->ended == REASON_NONE; reads++) {
        int ready = net_wait(s->ctx, snmp_wire_fd(s->wire), false, wait);
        if (ready <= 0)
            break;
        int rc = snmp_wire_read(s->wire, on_answer, s);
        if (rc < 0)
            network_error(s, -rc);
        wait = 0;
    }
    if (s->ended == REASON_NONE && probe_left_ms(s->ctx) == 0)
        session_end(s, REASON_TIMEOUT, "");
    expire(s);
}

/* --- opening --------------------------------------------------------------------------------------------------------- */

static void discover(struct snmp_session *s)
{
    struct flight *f = &s->flights[0];
    f->kind = SNMP_DISCOVER;
    f->n = 0;
    session_send(s, f);
    while (f->used && s->ended == REASON_NONE)
        session_step(s);
    if (s->ended != REASON_NONE)
        return;
    if (!snmp_wire_discovered(s->wire))
        session_end(s, REASON_MALFORMED, "it answers the discovery without an engine id");
    else if (snmp_wire_make_keys(s->wire) != 0)
        session_end(s, REASON_INTERNAL, "the keys could not be made");
}

static int open_wire(struct probe_ctx *ctx, struct snmp_session *s)
{
    const char *why = "";
    int rc = snmp_wire_open(probe_job(ctx), &s->peer, &s->wire, &why);
    if (rc == ERR_BAD_INPUT) {
        probe_fail(ctx, REASON_SECRET_UNAVAILABLE, "%s", why);
        return -1;
    }
    if (rc < 0 && rc > ERR_LAST) {
        probe_fail(ctx, REASON_UNREACHABLE, "%s: %s", s->peer.text, strerror(-rc));
        return -1;
    }
    return rc;
}

int snmp_session_open(struct probe_ctx *ctx, struct snmp_session **out)
{
    struct snmp_session *s = xcalloc(1, sizeof *s);
    const struct job *job = probe_job(ctx);
    int64_t retries = job_get_int(job, "retries", DEFAULT_RETRIES);
    s->ctx = ctx;
    s->srtt = -1;
    s->timeout_ms = job_get_int(job, "timeout_ms", DEFAULT_TIMEOUT_MS);
    if (s->timeout_ms < 10)
        s->timeout_ms = 10;
    s->retries = retries < 0 ? 0 : retries >= TRIES_MAX ? TRIES_MAX - 1 : (unsigned)retries;
    int rc = net_resolve(ctx, &s->peer);
    if (rc == 0)
        rc = open_wire(ctx, s);
    if (rc == 0)
        rc = sandbox_lock(ctx, SANDBOX_DATAGRAM);
    if (rc == 0 && snmp_wire_is_v3(s->wire))
        discover(s);
    if (rc == 0 && s->ended != REASON_NONE) {
        probe_fail(ctx, s->ended, "%s", s->detail);
        rc = -1;
    }
    if (rc == 0) {
        *out = s;
        return 0;
    }
    snmp_session_close(s);
    return rc;
}

void snmp_session_close(struct snmp_session *s)
{
    if (s == NULL)
        return;
    snmp_wire_close(s->wire);
    free(s->items);
    free(s);
}

enum reason snmp_session_thrown_away(const struct snmp_session *s)
{
    return snmp_wire_thrown_away(s->wire);
}
