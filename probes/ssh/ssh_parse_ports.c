/* listening_ports from ss, sockstat, netstat or /proc/net: whichever the host has. Runs in workers on hostile bytes.
 * Listening means: TCP in state LISTEN, UDP bound and not connected. Each protocol, port and address is one row. */
#include "probes/ssh/ssh_parse.h"

#include <arpa/inet.h>
#include "base/cidr.h"
#include "base/mem.h"
#include "fact/table_listening_ports.h"

#define ROWS_MAX 8192
#define LINES_MAX 100000
#define PROCESS_MAX 64

struct port {
    bool udp;
    uint16_t port;
    struct ip ip;
    char process[PROCESS_MAX];       /* "" when not known */
};
struct ports {
    struct port *v;
    size_t n;
    size_t bad;                      /* lines that cannot be read */
    bool full;
};

static void ports_add(struct ports *ports, const struct port *p)
{
    if (ports->n == ROWS_MAX) {
        ports->full = true;
        return;
    }
    ports->v[ports->n++] = *p;
}

/* --- addresses ------------------------------------------------------------------------------------------------------- */

/* "10.0.0.1", "[::1]", "::1", "fe80::1%eth0", "*"; the zone is dropped. In v6 lists a star is every address of both kinds. */
static bool parse_address(struct span s, bool v6, struct ip *out)
{
    char text[IP_TEXT];
    size_t at;
    if (s.len >= 2 && s.p[0] == '[') {
        s = span_from(s, 1);
        if (!span_find(s, "]", &at))
            return false;
        s = span_upto(s, at);
    }
    if (span_find(s, "%", &at))
        s = span_upto(s, at);
    if (span_is(s, "*"))
        return ip_parse(v6 ? "::" : "0.0.0.0", out);
    if (s.len == 0 || s.len >= sizeof(text))
        return false;
    memcpy(text, s.p, s.len);
    text[s.len] = '\0';
    return ip_parse(text, out);
}

/* "ADDRESS<separator>PORT". False for what cannot be read; *port 0 for a star: bound to no port. */
static bool parse_endpoint(struct span s, char separator, bool v6, struct ip *ip, uint16_t *port)
{
    size_t at;
    uint64_t v = 0;
    if (!span_rfind(s, separator, &at))
        return false;
    struct span number = span_from(s, at + 1);
    if (!span_is(number, "*") && (!span_u64(number, &v) || v > 65535))
        return false;
    *port = (uint16_t)v;
    return parse_address(span_upto(s, at), v6, ip);
}

static void set_process(struct port *p, struct span name)
{
    name = span_upto(name, PROCESS_MAX - 1);
    memcpy(p->process, name.p, name.len);
    p->process[name.len] = '\0';
}

/* --- ss -------------------------------------------------------------------------------------------------------------- */

/* users:(("sshd",pid=612,fd=3),...): the first name only. */
static struct span ss_process(struct span rest)
{
    size_t at;
    if (!span_find(rest, "users:((\"", &at))
        return SPAN_NONE;
    rest = span_from(rest, at + strlen("users:((\""));
    return span_find(rest, "\"", &at) ? span_upto(rest, at) : SPAN_NONE;
}

/* tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(...). A star without brackets is a dual-stack socket. */
static void parse_ss_line(struct ports *ports, struct span line)
{
    struct span rest = line, proto, state, word, local;
    struct port p = { 0 };
    if (!span_token(&rest, &proto) || span_is(proto, "Netid") || !(span_is(proto, "tcp") || span_is(proto, "udp")))
        return;
    p.udp = span_is(proto, "udp");
    if (!span_token(&rest, &state) || !span_token(&rest, &word) || !span_token(&rest, &word) || !span_token(&rest, &local)) {
        ports->bad++;
        return;
    }
    if (!span_is(state, p.udp ? "UNCONN" : "LISTEN"))
        return;
    if (!parse_endpoint(local, ':', true, &p.ip, &p.port)) {
        ports->bad++;
        return;
    }
    set_process(&p, ss_process(rest));
    if (p.port != 0)
        ports_add(ports, &p);
}

/* --- sockstat (FreeBSD) ---------------------------------------------------------------------------------------------- */

/* root sshd 612 4 tcp4 *:22 *:* */
static void parse_sockstat_line(struct ports *ports, struct span line)
{
    struct span rest = line, user, process, word, proto, local;
    struct port p = { 0 };
    if (!span_token(&rest, &user) || span_is(user, "USER"))
        return;
    if (!span_token(&rest, &process) || !span_token(&rest, &word) || !span_token(&rest, &word) || !span_token(&rest, &proto) || !span_token(&rest, &local)) {
        ports->bad++;
        return;
    }
    if (!span_starts(proto, "tcp") && !span_starts(proto, "udp"))
        return;
    p.udp = span_starts(proto, "udp");
    size_t at;
    if (!parse_endpoint(local, ':', span_find(proto, "6", &at), &p.ip, &p.port)) {
        ports->bad++;
        return;
    }
    if (!span_is(process, "?"))
        set_process(&p, process);
    if (p.port != 0)
        ports_add(ports, &p);
}

/* --- netstat (BSD, macOS, and Linux's in case) ----------------------------------------------------------------------- */

/* tcp4 0 0 *.22 *.* LISTEN; Linux separates address and port by a colon. */
static void parse_netstat_line(struct ports *ports, struct span line)
{
    struct span rest = line, proto, word, local, remote, state = SPAN_NONE;
    struct port p = { 0 };
    size_t at;
    if (!span_token(&rest, &proto) || !(span_starts(proto, "tcp") || span_starts(proto, "udp")))
        return;
    p.udp = span_starts(proto, "udp");
    if (!span_token(&rest, &word) || !span_token(&rest, &word) || !span_token(&rest, &local) || !span_token(&rest, &remote)) {
        ports->bad++;
        return;
    }
    (void)span_token(&rest, &state);
    bool nobody = remote.len >= 2 && remote.p[remote.len - 1] == '*';
    if (p.udp ? !nobody : !span_starts(state, "LISTEN"))
        return;
    char separator = span_rfind(local, ':', &at) && span_find(span_from(local, at), ".", &at) == false && !span_starts(local, "*.") ? ':' : '.';
    if (!parse_endpoint(local, separator, span_find(proto, "6", &at), &p.ip, &p.port)) {
        ports->bad++;
        return;
    }
    if (p.port != 0)
        ports_add(ports, &p);
}

/* --- /proc/net ------------------------------------------------------------------------------------------------------- */

/* The kernel prints the address as 32-bit words in the machine's order. */
static bool proc_address(struct span hex, bool big_endian, struct ip *out)
{
    uint8_t b[16] = { 0 };
    if (hex.len != 8 && hex.len != 32)
        return false;
    for (size_t w = 0; w < hex.len / 8; w++) {
        uint64_t v;
        if (!span_hex((struct span){ .p = hex.p + 8 * w, .len = 8 }, &v))
            return false;
        for (size_t i = 0; i < 4; i++)
            b[4 * w + i] = (uint8_t)(v >> (big_endian ? 24 - 8 * i : 8 * i));
    }
    char text[INET6_ADDRSTRLEN];
    return inet_ntop(hex.len == 8 ? AF_INET : AF_INET6, b, text, sizeof(text)) && ip_parse(text, out);
}

/* 0: 0100007F:0035 00000000:0000 0A ... */
static void parse_proc_line(struct ports *ports, struct span line, bool udp, bool big_endian)
{
    struct span rest = line, slot, local, remote, state;
    struct port p = { .udp = udp };
    uint64_t port;
    size_t at;
    if (!span_token(&rest, &slot) || slot.p[slot.len - 1] != ':')
        return;
    if (!span_token(&rest, &local) || !span_token(&rest, &remote) || !span_token(&rest, &state) || !span_find(local, ":", &at) ||
        !span_hex(span_from(local, at + 1), &port) || port > 65535 || !proc_address(span_upto(local, at), big_endian, &p.ip)) {
        ports->bad++;
        return;
    }
    p.port = (uint16_t)port;
    if (span_is(state, udp ? "07" : "0A") && port != 0)
        ports_add(ports, &p);
}

/* --- rows ------------------------------------------------------------------------------------------------------------ */

static int by_key(const void *a, const void *b)
{
    const struct port *x = a, *y = b;
    if (x->udp != y->udp)
        return x->udp - y->udp;
    if (x->port != y->port)
        return x->port < y->port ? -1 : 1;
    if (x->ip.family != y->ip.family)
        return x->ip.family < y->ip.family ? -1 : 1;
    int d = memcmp(x->ip.b, y->ip.b, sizeof(x->ip.b));
    return d ? d : strcmp(y->process, x->process);       /* a known process before an unknown one */
}

static bool same_key(const struct port *a, const struct port *b)
{
    return a->udp == b->udp && a->port == b->port && ip_equal(&a->ip, &b->ip);
}

static void emit(const struct port *p, const struct ssh_sink *sink)
{
    struct fact_row row;
    char text[IP_TEXT];
    ip_format(&p->ip, text);
    bool any = strcmp(text, "0.0.0.0") == 0 || strcmp(text, "::") == 0;
    fact_row_init(&row, &fact_listening_ports);
    fact_set_str(&row, LISTENING_PORTS_PROTOCOL, p->udp ? "udp" : "tcp");
    fact_set_int(&row, LISTENING_PORTS_PORT, p->port);
    fact_set_str(&row, LISTENING_PORTS_ADDRESS, text);
    fact_set_int(&row, LISTENING_PORTS_ANY_ADDRESS, any);
    fact_set_int(&row, LISTENING_PORTS_LOOPBACK_ONLY, (p->ip.family == 4 && p->ip.b[0] == 127) || strcmp(text, "::1") == 0);
    if (p->process[0])
        fact_set_str(&row, LISTENING_PORTS_PROCESS, p->process);
    sink->row(sink->ctx, &row);
}

/* --- which source ---------------------------------------------------------------------------------------------------- */

struct source {
    const char *section;
    char kind;                       /* s ss, k sockstat, n netstat, t u /proc/net of TCP or UDP */
};
static const struct source sources[] = {
    { "ss", 's' }, { "sockstat", 'k' }, { "netstat-inet", 'n' }, { "netstat-inet6", 'n' },
    { "proc-net-tcp", 't' }, { "proc-net-tcp6", 't' }, { "proc-net-udp", 'u' }, { "proc-net-udp6", 'u' },
};

/* uname -m says "mips" for both orders, so the script asks; where it could not, the architecture's name has to do. */
static bool is_big_endian(const struct ssh_output *o)
{
    static const char *const names[] = { "s390x", "s390", "ppc", "ppc64", "mips", "mips64", "sparc64", "parisc64", "armeb" };
    const struct ssh_section *order = ssh_output_find(o, "byte-order"), *machine = ssh_output_find(o, "uname-m");
    if (order && (span_is(span_trim(order->body), "b") || span_is(span_trim(order->body), "l")))
        return span_is(span_trim(order->body), "b");
    for (size_t i = 0; machine && i < N_ELEMENTS(names); i++)
        if (span_is(span_trim(machine->body), names[i]))
            return true;
    return false;
}

static void parse_section(struct ports *ports, struct span body, char kind, bool big_endian)
{
    struct span line;
    for (int i = 0; span_line(&body, &line); i++) {
        if (i == LINES_MAX) {
            ports->full = true;
            return;
        }
        switch (kind) {
        case 's': parse_ss_line(ports, line); break;
        case 'k': parse_sockstat_line(ports, line); break;
        case 'n': parse_netstat_line(ports, line); break;
        default: parse_proc_line(ports, line, kind == 'u', big_endian); break;
        }
    }
}

/* What the sources together are worth: any that worked counts; one that was cut makes the answer partial. */
struct verdict { bool worked, cut, present; int exit; };

static struct verdict parse_all(struct ports *ports, const struct ssh_output *o)
{
    struct verdict v = { 0 };
    for (size_t i = 0; i < N_ELEMENTS(sources); i++) {
        const struct ssh_section *s = ssh_output_find(o, sources[i].section);
        if (!s || s->exit == 127)
            continue;
        v.present = true;
        v.cut = v.cut || !s->ended;
        if (s->ended && s->exit != 0) {
            v.exit = s->exit;
            continue;
        }
        v.worked = v.worked || s->ended;
        struct span body = s->body;
        size_t at;
        if (!s->ended)               /* the last line may be half of one */
            body = span_rfind(body, '\n', &at) ? span_upto(body, at) : SPAN_NONE;
        parse_section(ports, body, sources[i].kind, is_big_endian(o));
    }
    return v;
}

static void judge(const struct ports *ports, const struct verdict *v, const struct ssh_output *o, const struct ssh_reading *r, const struct ssh_sink *sink)
{
    const struct fact_table *t = &fact_listening_ports;
    if (r->cut != REASON_NONE && (v->cut || (!v->worked && !o->finished)))
        sink->table(sink->ctx, t, v->present ? STATE_PARTIAL : STATE_FAILED, r->cut, "the output ends before all ports were listed");
    else if (!v->present)
        sink->table(sink->ctx, t, STATE_UNSUPPORTED, REASON_UNSUPPORTED, "the host has none of ss, sockstat, netstat and /proc/net/tcp");
    else if (!v->worked)
        sink->table(sink->ctx, t, STATE_FAILED, REASON_COMMAND_FAILED, "the host's command that lists ports failed");
    if (ports->full)
        sink->table(sink->ctx, t, STATE_PARTIAL, REASON_LIMIT, "more ports than are read of one host");
    if (ports->bad) {
        char *text = xasprintf("%zu lines of the list of ports cannot be read", ports->bad);
        sink->table(sink->ctx, t, STATE_PARTIAL, REASON_MALFORMED, text);
        free(text);
    }
}

void ssh_parse_listening_ports(const struct ssh_output *o, const struct ssh_reading *r, const struct ssh_sink *sink)
{
    struct ports ports = { .v = xcalloc(ROWS_MAX, sizeof(struct port)) };
    struct verdict v = parse_all(&ports, o);
    qsort(ports.v, ports.n, sizeof(ports.v[0]), by_key);
    for (size_t i = 0; i < ports.n; i++)
        if (i == 0 || !same_key(&ports.v[i], &ports.v[i - 1]))
            emit(&ports.v[i], sink);
    judge(&ports, &v, o, r, sink);
    free(ports.v);
}
