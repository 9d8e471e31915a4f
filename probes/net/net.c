/* The net probe: what a service, a computer or a domain tells anyone before a log-on. Each way of using it is a file of its own; here is
 * what they share, the table of uses, and every question word for word. Runs in a worker. */
#include "probes/net/net_parts.h"

#include <string.h>
#include "base/mem.h"
#include "fact/port.h"
#include "fact/table_dkim_keys.h"
#include "fact/table_domain_registrations.h"
#include "fact/table_domains.h"
#include "fact/table_endpoint_load.h"
#include "fact/table_endpoints.h"
#include "fact/table_rdp_servers.h"
#include "fact/table_smb_servers.h"
#include "worker/tls_session.h"

#define RESOLVER_LIMITS "timeout:2 attempts:2"           /* the system's resolver waits 5 seconds, twice, for each server otherwise */

static const struct fact_table *const tables[] = { &fact_endpoints, &fact_smb_servers, &fact_rdp_servers, &fact_domains, &fact_dkim_keys, &fact_domain_registrations };

static const struct fact_table *const watched[] = { &fact_endpoint_load };

static const struct probe_use uses[] = {
    { .name = "tls", .permission = "tls", .tables = &tables[0], .n_tables = 1, .port = 443, .sampled = watched, .n_sampled = 1 },
    { .name = "tcp", .permission = "tls", .tables = &tables[0], .n_tables = 1, .sampled = watched, .n_sampled = 1 },
    { .name = "smb", .permission = "smb", .tables = &tables[1], .n_tables = 1, .port = 445 },
    { .name = "rdp", .permission = "rdp", .tables = &tables[2], .n_tables = 1, .port = 3389 },
    { .name = "dns", .permission = "dns", .tables = &tables[3], .n_tables = 3, .port = 53 },
};
static int (*const collects[])(struct probe_ctx *ctx) = { net_endpoint_collect, net_endpoint_collect, net_smb_collect, net_rdp_collect, net_dns_collect };
_Static_assert(N_ELEMENTS(uses) == N_ELEMENTS(collects), "each use has its collect()");

/* --- shared ----------------------------------------------------------------------------------------------------------- */

bool net_port_ok(struct probe_ctx *ctx)
{
    int port = (int)job_get_int(probe_job(ctx), "port", 0);

    if (!port_is_never_opened(port))
        return true;
    probe_fail(ctx, REASON_DO_NOT_TOUCH, "port %d is never opened: devices behind it may fail or print", port);
    return false;
}

void net_set_known(struct fact_row *row, int column, const char *text)
{
    if (text != NULL && text[0] != '\0')
        fact_set_str(row, column, text);
}

void net_set_time(struct fact_row *row, int column, int64_t t, char iso[ISO_LEN])
{
    iso_format(t, iso);
    if (t != INT64_MIN)
        net_set_known(row, column, iso);
}

void net_set_flag(struct fact_row *row, int column, int yes)
{
    if (yes >= 0)
        fact_set_int(row, column, yes != 0);
}

void net_set_certificate(struct fact_row *row, const struct net_certificate_columns *at, const struct tls_certificate *c, char from[ISO_LEN], char to[ISO_LEN])
{
    fact_set_text(row, at->subject, c->subject.data, c->subject.len);
    fact_set_text(row, at->issuer, c->issuer.data, c->issuer.len);
    if (c->names.len > 0)
        fact_set_text(row, at->names, c->names.data, c->names.len);
    net_set_time(row, at->not_before, c->not_before, from);
    net_set_time(row, at->not_after, c->not_after, to);
    fact_set_int(row, at->self_signed, c->self_signed);
    net_set_known(row, at->key, c->key);
    if (c->key_bits > 0)
        fact_set_int(row, at->key_bits, c->key_bits);
    if (c->security_bits > 0)
        fact_set_int(row, at->security_bits, c->security_bits);
    net_set_known(row, at->signature, c->signature);
    net_set_known(row, at->sha256, c->sha256);
}

/* --- the probe -------------------------------------------------------------------------------------------------------- */

static int collect(struct probe_ctx *ctx)
{
    const char *mode = job_get(probe_job(ctx), "mode"), *use = job_get(probe_job(ctx), "net.use");

    if (mode != NULL && strcmp(mode, "trust") == 0)
        return 0;                    /* nobody is trusted here, so nobody needs to be known */
    setenv("RES_OPTIONS", RESOLVER_LIMITS, 1);
    struct watch watch;
    if (watch_of_job(probe_job(ctx), &watch))
        return net_series_collect(ctx, &watch);
    for (size_t i = 0; i < N_ELEMENTS(uses); i++)
        if (use != NULL && strcmp(use, uses[i].name) == 0)
            return collects[i](ctx);
    probe_fail(ctx, REASON_INTERNAL, "the job does not say what to try");
    return 0;
}

static void explain(FILE *out)
{
    fputs("Nothing here logs on, and no use sends anything that another one names.\n\n"
          "net: tls and net: tcp: TCP connections to one port, and at most two TLS greetings.\n"
          "No data is ever sent over them: no log-in, no request, nothing of the service's own protocol.\n\n"
          "1. The name is looked up once by this computer's resolver. Every address is held against the\n"
          "   permission before it is used; the method is tls, for net: tcp as for net: tls.\n"
          "2. 10 TCP connections (tries: 1 to 20), one after the other, 100 ms apart, each closed as soon\n"
          "   as it is there. After 3 that are refused or stay silent no more are tried.\n"
          "3. With net: tls, one further connection with a TLS greeting (versions 1.0 to 1.3, the\n"
          "   server's name in it), and one with a greeting of TLS 1.0 and 1.1 only. Both end when the\n"
          "   encryption stands or is refused. The certificate is held against the authorities that\n"
          "   this computer trusts and those of the file net: ca.\n"
          "4. With `check --sample`, a job of its own: one TCP connection after the other, --every seconds\n"
          "   apart (a minute, unless said), to the address that answered first, each closed at once.\n\n"
          "net: smb: two TCP connections to port 445, three messages in all.\n\n"
          "1. SMB2 NEGOTIATE: offers the dialects 2.0.2, 2.1, 3.0, 3.0.2 and 3.1.1 (integrity SHA-512,\n"
          "   encryption AES-128-GCM and AES-128-CCM, a client id and a salt made of random bytes).\n"
          "2. On the same connection SMB2 SESSION_SETUP, its first leg: NTLM's NEGOTIATE message, without\n"
          "   user, domain or password. The server answers with a challenge, in which it says who it is.\n"
          "   The connection is closed then: nothing answers the challenge, so no log-on is tried, none is\n"
          "   counted as failed, and no account can be locked.\n"
          "3. On the other connection SMB1 NEGOTIATE: offers \"NT LM 0.12\" alone, to see whether it is taken.\n\n"
          "net: rdp: three TCP connections to port 3389, with one message on each: the X.224 Connection\n"
          "Request, without a user's name, that offers\n\n"
          "1. TLS, CredSSP and CredSSP with early authorization (what newer clients offer); where the\n"
          "   server takes one of them, a TLS greeting follows (versions 1.0 to 1.3), which ends when the\n"
          "   encryption stands: its certificate is described. Nothing is sent through it.\n"
          "2. TLS alone.\n"
          "3. RDP's own encryption alone.\n\n"
          "net: dns: questions about a domain, none of them to the domain's own servers. Without resolver:\n"
          "in site.yaml this computer's resolver (/etc/resolv.conf) is asked and no permission is needed: the\n"
          "answers are public. A resolver that is named there needs the method dns for its address.\n\n"
          "1. DNS over UDP, over TCP where an answer is long: SOA, NS, MX, TXT, CAA and DS of the domain; A and\n"
          "   AAAA of up to 12 name servers and 12 mail servers; TXT of each domain that its SPF record takes\n"
          "   over, until 20 look-ups are counted; TXT of _dmarc at the domain, and where nothing is, at up to 4\n"
          "   domains above it; TXT of _mta-sts and _smtp._tls; TXT of SELECTOR._domainkey for the selectors\n"
          "   that site.yaml names and for selector1, selector2, google, k1, default, s1, s2, mail, dkim and\n"
          "   mandrill.\n"
          "2. WHOIS over TCP port 43: one line with the domain's name, to the registry's server (whois: in\n"
          "   site.yaml, else the one that is known for the last label, else whois.nic.LABEL).\n\n"
          "Never opened, whoever permits it: " PORTS_NEVER_OPENED ".\n", out);
}

const struct probe probe_net = {
    .name = "net",
    .summary = "what services, computers and domains tell anyone before a log-on: reachable, how fast, encryption, certificate, names",
    .permission = "tls",
    .credential = CREDENTIAL_NONE,
    .tables = tables,
    .n_tables = N_ELEMENTS(tables),
    .port = 443,
    .deadline_ms = 120000,
    .warm = tls_session_warm,
    .collect = collect,
    .explain = explain,
    .uses = uses,
    .n_uses = N_ELEMENTS(uses),
};
