/* Runs in workers. The resolver's file is this machine's own and is read before the lock; what the resolver says is a stranger's. */
#include "probes/net/dns_talk.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "probes/net/net_talk.h"
#include "worker/net_permit.h"

#define RESOLVER_FILE "/etc/resolv.conf"
#define RESOLVER_FILE_MAX 65536
#define PORT 53
#define TIMEOUT_MS 2000
#define TRIES 3

/* --- before the lock -------------------------------------------------------------------------------------------------- */

static int connect_udp(const struct net_peer *peer)
{
    struct sockaddr_storage to;
    socklen_t len = ip_to_sockaddr(&peer->ip, peer->port, &to);
    int fd = socket(peer->ip.family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, len) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static void add(struct dns_talk *t, const struct ip *ip, uint16_t port)
{
    struct net_peer peer = { .ip = *ip, .port = port };
    char text[IP_TEXT];
    int64_t took_us = 0;
    bool again = false;
    int err = 0;

    if (t->n == DNS_MAX_RESOLVERS)
        return;
    ip_format(ip, text);
    snprintf(peer.text, sizeof peer.text, ip->family == 6 ? "[%s]:%u" : "%s:%u", text, (unsigned)port);
    int udp = connect_udp(&peer);
    if (udp < 0)
        return;
    t->v[t->n].peer = peer;
    t->v[t->n].udp = udp;
    t->v[t->n++].tcp = net_connect(t->ctx, &peer, t->timeout_ms, &err, &took_us, &again);
}

/* "nameserver ADDRESS" lines; without any it is this machine, as for every program. */
static void add_own(struct dns_talk *t)
{
    struct buf file = BUF_INIT(RESOLVER_FILE_MAX);
    struct ip ip;
    size_t seen = 0;

    if (file_read(RESOLVER_FILE, RESOLVER_FILE_MAX, &file) != 0)
        buf_reset(&file);
    char *text = buf_take(&file), *rest = text, *line;
    while ((line = strsep(&rest, "\n")) != NULL) {
        line[strcspn(line, "#;")] = '\0';
        line = text_trim(line);
        if (strncmp(line, "nameserver", 10) != 0 || !ip_parse(text_trim(line + 10), &ip))
            continue;
        seen++;
        if (net_permit(probe_job(t->ctx), &ip) != NET_NEVER)
            add(t, &ip, PORT);
    }
    free(text);
    if (seen == 0 && ip_parse("127.0.0.1", &ip))
        add(t, &ip, PORT);
    if (t->n == 0)
        probe_fail(t->ctx, REASON_DO_NOT_TOUCH, "this computer has no resolver that may be asked (" RESOLVER_FILE ")");
}

bool dns_talk_open(struct probe_ctx *ctx, struct dns_talk *out)
{
    const struct job *job = probe_job(ctx);
    const char *named = job_get(job, "dns.resolver");
    struct ip ip;

    *out = (struct dns_talk){ .ctx = ctx, .timeout_ms = job_get_int(job, "timeout_ms", TIMEOUT_MS) };
    if (named == NULL) {
        add_own(out);
        return out->n > 0;
    }
    enum net_verdict v = ip_parse(named, &ip) ? net_permit(job, &ip) : NET_NEVER;
    if (v == NET_ALLOWED)
        add(out, &ip, (uint16_t)job_get_int(job, "dns.resolver_port", PORT));
    else
        probe_fail(ctx, v == NET_NEVER ? REASON_DO_NOT_TOUCH : REASON_NOT_PERMITTED, "the resolver %s %s", named, v == NET_NEVER ? "is never to be touched" : "is outside the permitted networks");
    if (v == NET_ALLOWED && out->n == 0)
        probe_fail(ctx, REASON_UNREACHABLE, "no way to the resolver %s", named);
    return out->n > 0;
}

void dns_talk_close(struct dns_talk *t)
{
    for (size_t i = 0; i < t->n; i++) {
        close(t->v[i].udp);
        if (t->v[i].tcp >= 0)
            close(t->v[i].tcp);
    }
    t->n = 0;
}

/* --- after it --------------------------------------------------------------------------------------------------------- */

static void failed(struct dns_talk *t, enum reason reason, const char *name, enum dns_type type, const char *words)
{
    t->reason = reason;
    snprintf(t->problem, sizeof t->problem, "%s %.60s: %s", dns_type_name(type), name, words);
}

/* Waits for the answer to this question; others are passed over. 1, 0 for none in time, -1 when nobody listens there. */
static int listen_udp(struct dns_talk *t, int fd, uint16_t id, const char *name, enum dns_type type, struct dns_answer *out)
{
    uint8_t bytes[4096];
    int64_t until = clock_mono_ms() + t->timeout_ms;

    while (clock_mono_ms() < until && net_wait(t->ctx, fd, false, until - clock_mono_ms()) == 1) {
        ssize_t n = recv(fd, bytes, sizeof bytes, 0);
        if (n < 0 && errno == ECONNREFUSED)
            return -1;
        if (n > 0 && dns_answer_parse(bytes, (size_t)n, id, name, type, out))
            return 1;
        dns_answer_clear(out);
    }
    return 0;
}

static int ask_udp(struct dns_talk *t, const struct buf *question, uint16_t id, const char *name, enum dns_type type, struct dns_answer *out)
{
    int got = 0;

    for (int i = 0; i < TRIES && got == 0 && probe_left_ms(t->ctx) > 0; i++) {
        probe_pace(t->ctx);
        (void)!send(t->v[t->at].udp, question->data, question->len, MSG_NOSIGNAL);
        got = listen_udp(t, t->v[t->at].udp, id, name, type, out);
    }
    return got;
}

/* The same question over TCP, with its length before it. A resolver that hangs up is not asked so again. */
static bool ask_tcp(struct dns_talk *t, const struct buf *question, uint16_t id, const char *name, enum dns_type type, struct dns_answer *out)
{
    struct buf framed = BUF_INIT(1024);
    uint8_t head[2];
    int *fd = &t->v[t->at].tcp;
    bool got = false;

    if (*fd < 0)
        return false;
    buf_put_u16(&framed, (uint16_t)question->len);
    buf_append(&framed, question->data, question->len);
    probe_pace(t->ctx);
    if (net_talk_send(t->ctx, *fd, framed.data, framed.len, t->timeout_ms) == TALK_DONE && net_talk_take(t->ctx, *fd, head, sizeof head, t->timeout_ms) == TALK_DONE) {
        size_t len = (size_t)head[0] << 8 | head[1];
        uint8_t *bytes = xmalloc(len + 1);
        got = net_talk_take(t->ctx, *fd, bytes, len, t->timeout_ms) == TALK_DONE && dns_answer_parse(bytes, len, id, name, type, out);
        free(bytes);
    }
    buf_clear(&framed);
    if (!got) {
        dns_answer_clear(out);
        close(*fd);
        *fd = -1;
    }
    return got;
}

static enum dns_end judge(struct dns_talk *t, const char *name, enum dns_type type, const struct dns_answer *a)
{
    static const char *const codes[] = { [1] = "the resolver does not understand the question", [2] = "the resolver could not find out (SERVFAIL)", [5] = "the resolver refused" };

    if (a->rcode == 0)
        return DNS_ANSWERED;
    if (a->rcode == DNS_NOT_FOUND)
        return DNS_NO_NAME;
    failed(t, a->rcode == 5 ? REASON_ACCESS_DENIED : REASON_NO_ANSWER, name, type,
           (size_t)a->rcode < N_ELEMENTS(codes) && codes[a->rcode] != NULL ? codes[a->rcode] : "the resolver gave an error");
    return DNS_FAILED;
}

enum dns_end dns_ask(struct dns_talk *t, const char *name, enum dns_type type, struct dns_answer *out)
{
    struct buf question = BUF_INIT(512);
    char words[DNS_MAX_NAME + 16];
    uint16_t id = 0;
    int got = 0;

    *out = (struct dns_answer){ 0 };
    if (getrandom(&id, sizeof id, 0) != (ssize_t)sizeof id)
        BUG("no random bytes");
    if (!dns_question_put(&question, id, name, type)) {
        buf_clear(&question);
        failed(t, REASON_MALFORMED, name, type, "it is no name of the DNS");
        return DNS_FAILED;
    }
    snprintf(words, sizeof words, "%s %s", dns_type_name(type), name);
    for (size_t tried = 0; tried < t->n && got != 1; tried++) {
        probe_asked(t->ctx, t->v[t->at].peer.text, words);
        got = ask_udp(t, &question, id, name, type, out);
        if (got != 1)
            t->at = (t->at + 1) % t->n;
    }
    if (got == 1 && out->truncated) {
        dns_answer_clear(out);
        if (!ask_tcp(t, &question, id, name, type, out)) {
            failed(t, REASON_CONNECTION_LOST, name, type, "the answer is long, and the resolver gives no long ones over TCP");
            buf_clear(&question);
            return DNS_FAILED;
        }
    }
    buf_clear(&question);
    if (got != 1) {
        failed(t, got < 0 ? REASON_CONNECTION_REFUSED : REASON_NO_ANSWER, name, type, got < 0 ? "no resolver listens there" : "the resolver did not answer");
        return DNS_FAILED;
    }
    return judge(t, name, type, out);
}
