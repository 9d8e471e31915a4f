/* A directory server that means no good: a test tool, on loopback only. Answers whatever is asked in one bad way.
 *
 *   ldap_hostile ADDRESS MODE      prints its port, serves one connection after the other until it is ended
 *
 * Modes: silent | close | garbage | endless-garbage | truncated | huge-length | deep | drip | endless-entries | endless-at-once |
 * endless-pages | empty-pages | no-cookie | referral | endless-references | wrong-id | wrong-kind | refuse-tls | tls-garbage | error-TEXT */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#define MANY 2000000000L

static const char *mode;
static int peer;
static bool bound;                   /* most wait for the login, so that the account search meets them */

static bool is(const char *word)
{
    return strcmp(mode, word) == 0;
}

/* False when the peer has gone. */
static bool send_all(const void *bytes, size_t len)
{
    const char *p = bytes;

    while (len > 0) {
        ssize_t n = send(peer, p, len, MSG_NOSIGNAL);
        if (n <= 0 && errno != EINTR)
            return false;
        if (n > 0) {
            p += n;
            len -= (size_t)n;
        }
    }
    return true;
}

/* --- just enough of BER ------------------------------------------------------------------------------------------------ */

struct message { unsigned char b[1024]; size_t len; };

static void put(struct message *m, const void *p, size_t len)
{
    if (m->len + len > sizeof(m->b))
        abort();
    memcpy(m->b + m->len, p, len);
    m->len += len;
}

static void put_element(struct message *m, unsigned char tag, const void *p, size_t len)
{
    const unsigned char head[4] = { tag, 0x82, (unsigned char)(len >> 8), (unsigned char)len };

    put(m, head, 4);
    put(m, p, len);
}

static void put_text(struct message *m, unsigned char tag, const char *s)
{
    put_element(m, tag, s, strlen(s));
}

/* One LDAPMessage: id, operation, and controls (NULL for none). */
static bool reply(int id, const struct message *op, const struct message *controls)
{
    struct message in = { .len = 0 }, out = { .len = 0 };
    const unsigned char id_bytes[4] = { 2, 2, (unsigned char)(id >> 8), (unsigned char)id };

    put(&in, id_bytes, 4);
    put(&in, op->b, op->len);
    if (controls != NULL)
        put_element(&in, 0xa0, controls->b, controls->len);
    put_element(&out, 0x30, in.b, in.len);
    return send_all(out.b, out.len);
}

static bool result(int id, unsigned char tag, unsigned char code, const char *text, const struct message *controls)
{
    struct message in = { .len = 0 }, op = { .len = 0 };
    const unsigned char code_bytes[3] = { 10, 1, code };

    put(&in, code_bytes, 3);
    put_text(&in, 4, "");
    put_text(&in, 4, text);
    put_element(&op, tag, in.b, in.len);
    return reply(id, &op, controls);
}

static void put_attribute(struct message *list, const char *name, const char *value)
{
    struct message set = { .len = 0 }, in = { .len = 0 };

    put_text(&set, 4, value);
    put_text(&in, 4, name);
    put_element(&in, 0x31, set.b, set.len);
    put_element(list, 0x30, in.b, in.len);
}

static bool entry(int id, long number, bool root)
{
    struct message list = { .len = 0 }, in = { .len = 0 }, op = { .len = 0 };
    char name[64];

    snprintf(name, sizeof(name), "uid=u%ld,dc=clinic", number);
    if (root) {
        put_attribute(&list, "namingContexts", "dc=clinic");
        put_attribute(&list, "supportedControl", "1.2.840.113556.1.4.319");
        put_attribute(&list, "vendorName", "\x1b]0;title\x07\xff\xfe<script>");
    } else {
        put_attribute(&list, "objectClass", "inetOrgPerson");
        put_attribute(&list, "uid", "\x1b[2J\xc3(");
        put_attribute(&list, "userPassword", "CANARY-never-asked-for");
    }
    put_text(&in, 4, root ? "" : name);
    put_element(&in, 0x30, list.b, list.len);
    put_element(&op, 0x64, in.b, in.len);
    return reply(id, &op, NULL);
}

/* The control of a page: cookie "c", or the last page's empty one. */
static struct message page_control(bool last)
{
    struct message value = { .len = 0 }, sequence = { .len = 0 }, in = { .len = 0 }, list = { .len = 0 };
    static const unsigned char size[3] = { 2, 1, 0 };

    put(&value, size, 3);
    put_text(&value, 4, last ? "" : "c");
    put_element(&sequence, 0x30, value.b, value.len);
    put_text(&in, 4, "1.2.840.113556.1.4.319");
    put_element(&in, 4, sequence.b, sequence.len);
    put_element(&list, 0x30, in.b, in.len);
    return list;
}

/* --- one question ------------------------------------------------------------------------------------------------------ */

/* Reads one message: its id and the tag of its operation; -1 when the peer has gone. All our questions are short-form or 0x81-0x84. */
static int question(unsigned char *tag, bool *root)
{
    unsigned char b[8192];
    size_t have = 0, at = 2;
    ssize_t n;

    do {
        n = recv(peer, b + have, sizeof(b) - have, 0);
        if (n <= 0)
            return -1;
        have += (size_t)n;
    } while (have < 16 && have < sizeof(b));
    if (b[1] > 0x80)
        at += b[1] & 0x7f;
    if (at + 3 > have || b[at] != 2 || b[at + 1] != 1)
        return -1;
    *tag = b[at + 3];
    /* a search: [3] { base, scope 0 is the root DSE for us } */
    size_t body = at + 4 + 1;
    if (b[at + 4] > 0x80)
        body += b[at + 4] & 0x7f;
    *root = *tag == 0x63 && body + 1 < have && b[body] == 4 && b[body + 1] == 0;
    return b[at + 2];
}

static bool search_badly(int id)
{
    struct message control = page_control(is("no-cookie")), reference = { .len = 0 };

    if (!bound && !is("endless-at-once"))
        return result(id, 0x65, 0, "", NULL);
    if (is("endless-entries") || is("endless-at-once")) {
        for (long i = 0; i < MANY; i++)
            if (!entry(id, i, false))
                return false;
    }
    if (is("endless-references") || is("wrong-id")) {
        put_text(&reference, 0x73, "\x04\x04ldap");
        for (long i = 0; i < MANY; i++)
            if (!reply(is("wrong-id") ? 77 : id, &reference, NULL))
                return false;
    }
    if (is("referral"))
        return result(id, 0x65, 10, "elsewhere", NULL);
    if (is("wrong-kind"))
        return result(id, 0x61, 0, "", NULL);
    if (strncmp(mode, "error-", 6) == 0)
        return result(id, 0x65, 53, mode + 6, NULL);
    if (is("endless-pages") && !entry(id, 1, false))
        return false;
    if (is("no-cookie") && !entry(id, 1, false))
        return false;
    return result(id, 0x65, 0, "", is("no-cookie") ? NULL : &control);
}

static bool serve_raw(void)
{
    static const unsigned char huge[] = { 0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 2, 1, 1 }, cut[] = { 0x30, 0x50, 2, 1, 1, 0x64, 0x4b, 4 };
    unsigned char noise[4096];

    for (size_t i = 0; i < sizeof(noise); i++)
        noise[i] = is("deep") ? (unsigned char)(i % 2 == 0 ? 0x30 : 0x7f) : (unsigned char)(i * 2654435761u >> 13);
    if (is("huge-length") && send_all(huge, sizeof(huge)))
        for (long i = 0; i < MANY && send_all(noise, sizeof(noise)); i++)
            continue;
    if (is("truncated"))
        return send_all(cut, sizeof(cut)) && false;
    if (is("garbage") || is("deep"))
        return send_all(noise, sizeof(noise)) && false;
    for (long i = 0; is("endless-garbage") && i < MANY; i++)
        if (!send_all(noise, sizeof(noise)))
            return false;
    for (long i = 0; is("drip") && i < MANY; i++) {
        const unsigned char slow = i == 0 ? 0x30 : i == 1 ? 0x84 : i < 6 ? 0 : 4;
        if (!send_all(i == 4 ? "\x20" : (const char *)&slow, 1))
            return false;
        poll(NULL, 0, 50);
    }
    return true;
}

static void serve(void)
{
    unsigned char tag = 0;
    bool root = false;
    int id;

    char unheard[512];

    while (is("silent") && recv(peer, unheard, sizeof(unheard), 0) > 0)
        continue;
    while (!is("close") && (id = question(&tag, &root)) >= 0) {
        if (tag == 0x77) {           /* StartTLS */
            if (!result(id, 0x78, is("refuse-tls") ? 2 : 0, is("refuse-tls") ? "no" : "", NULL))
                return;
            if (is("tls-garbage"))
                mode = "garbage";
            continue;
        }
        if (tag == 0x42 || !serve_raw())
            return;
        bound = bound || tag == 0x60;
        if (tag == 0x60 && !result(id, 0x61, 0, "", NULL))
            return;
        if (tag == 0x63 && root && (!entry(id, 0, true) || !result(id, 0x65, 0, "", NULL)))
            return;
        if (tag == 0x63 && !root && !search_badly(id))
            return;
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (argc != 3 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1 || (ntohl(at.sin_addr.s_addr) >> 24) != 127)
        return 2;
    mode = argv[2];
    signal(SIGPIPE, SIG_IGN);
    if (bind(listener, (struct sockaddr *)&at, sizeof(at)) != 0 || listen(listener, 5) != 0 || getsockname(listener, (struct sockaddr *)&at, &len) != 0)
        return 1;
    printf("%u\n", ntohs(at.sin_port));
    fflush(stdout);
    for (;;) {
        const char *asked = mode;

        peer = accept(listener, NULL, NULL);
        if (peer < 0)
            return 1;
        bound = false;
        serve();
        mode = asked;
        close(peer);
    }
}
