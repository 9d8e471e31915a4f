/* net: dns: what the public DNS and the registry say of a domain. The resolver's sockets and the registry's connection are made before the
 * lock; every answer is read after it. The domain's own name servers and mail servers are never spoken to. Runs in a worker. */
#include "probes/net/net_parts.h"

#include <netdb.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/text.h"
#include "fact/port.h"
#include "fact/table_domain_registrations.h"
#include "fact/table_domains.h"
#include "probes/net/domain_facts.h"
#include "probes/net/net_talk.h"
#include "probes/net/whois_parse.h"
#include "worker/net_permit.h"
#include "worker/sandbox.h"

#define WHOIS_PORT 43
#define WHOIS_TIMEOUT_MS 10000
#define CONNECT_TIMEOUT_MS 3000
#define MAX_ADDRESSES 4

struct registry {
    char host[256];
    struct net_peer peer;
    int fd;
};

/* --- the registry ----------------------------------------------------------------------------------------------------- */

static void registry_failed(struct probe_ctx *ctx, enum reason reason, const char *who, const char *words)
{
    probe_table(ctx, &fact_domain_registrations, reason_info(reason)->state, reason, "the registry's server %s %s", who, words);
}

static bool connect_one(struct probe_ctx *ctx, struct registry *r, const struct sockaddr *at, int port)
{
    struct ip ip;
    char text[IP_TEXT];
    int64_t took_us = 0;
    bool again = false;
    int err = 0;

    if (!ip_from_sockaddr(at, &ip) || net_permit(probe_job(ctx), &ip) == NET_NEVER)
        return false;
    ip_format(&ip, text);
    r->peer = (struct net_peer){ .ip = ip, .port = (uint16_t)port };
    snprintf(r->peer.text, sizeof r->peer.text, ip.family == 6 ? "[%s]:%d" : "%s:%d", text, port);
    r->fd = net_connect(ctx, &r->peer, CONNECT_TIMEOUT_MS, &err, &took_us, &again);
    return r->fd >= 0;
}

/* Without a connection the table has its reason. */
static void registry_open(struct probe_ctx *ctx, const char *domain, struct registry *r)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
    const char *named = job_get(probe_job(ctx), "whois.host");
    int port = (int)job_get_int(probe_job(ctx), "whois.port", WHOIS_PORT);
    struct addrinfo *list = NULL;
    size_t n = 0;

    *r = (struct registry){ .fd = -1 };
    if (!probe_wants(ctx, &fact_domain_registrations) || port_is_never_opened(port))
        return;
    if (named != NULL)
        snprintf(r->host, sizeof r->host, "%s", named);
    else if (!whois_server(domain, r->host))
        return;
    probe_pace(ctx);
    probe_asked(ctx, "the resolver", r->host);
    if (getaddrinfo(r->host, NULL, &hints, &list) != 0) {
        registry_failed(ctx, REASON_NAME_NOT_FOUND, r->host, "has no address: name another one with whois: in site.yaml");
        return;
    }
    for (const struct addrinfo *a = list; a != NULL && n < MAX_ADDRESSES && r->fd < 0; a = a->ai_next, n++)
        (void)connect_one(ctx, r, a->ai_addr, port);
    freeaddrinfo(list);
    if (r->fd < 0)
        registry_failed(ctx, REASON_NO_ANSWER, r->host, "cannot be reached");
}

static void registration_emit(struct probe_ctx *ctx, const char *domain, const struct registry *r, const struct whois *w)
{
    char created[ISO_LEN], expires[ISO_LEN];
    struct fact_row row;

    fact_row_init(&row, &fact_domain_registrations);
    fact_set_str(&row, REGISTRATION_DOMAIN, domain);
    fact_set_str(&row, REGISTRATION_WHOIS_SERVER, r->host);
    fact_set_int(&row, REGISTRATION_REGISTERED, w->known);
    net_set_known(&row, REGISTRATION_REGISTRAR, w->registrar);
    net_set_time(&row, REGISTRATION_CREATED_AT, w->created_at, created);
    net_set_time(&row, REGISTRATION_EXPIRES_AT, w->expires_at, expires);
    if (w->known) {
        net_set_known(&row, REGISTRATION_STATUS, w->status);
        net_set_flag(&row, REGISTRATION_TRANSFER_LOCKED, w->has_status ? w->locked : -1);
    }
    net_set_known(&row, REGISTRATION_ORGANIZATION, w->organization);
    probe_emit(ctx, &row);
}

static void registry_ask(struct probe_ctx *ctx, const char *domain, const struct registry *r, int exists)
{
    struct buf question = BUF_INIT(512), answer = BUF_INIT(WHOIS_MAX_ANSWER);
    struct whois w;

    probe_pace(ctx);
    probe_asked(ctx, r->peer.text, domain);
    buf_printf(&question, "%s\r\n", domain);
    enum talk_end end = net_talk_send(ctx, r->fd, question.data, question.len, WHOIS_TIMEOUT_MS);
    if (end == TALK_DONE)
        end = net_talk_all(ctx, r->fd, &answer, WHOIS_TIMEOUT_MS);
    whois_parse(buf_str(&answer), answer.len, &w);
    if (w.known || (w.free && exists == 0))
        registration_emit(ctx, domain, r, &w);
    else if (w.free)
        registry_failed(ctx, REASON_MALFORMED, r->host, "knows no such domain, though the DNS has it: the address must be the name that was registered, without anything before it");
    else if (answer.len == 0)
        registry_failed(ctx, end == TALK_SILENT ? REASON_NO_ANSWER : REASON_CONNECTION_LOST, r->host, "said nothing");
    else
        registry_failed(ctx, REASON_MALFORMED, r->host, "said nothing that is understood; it may limit how often it is asked");
    buf_clear(&question);
    buf_clear(&answer);
}

/* --- together --------------------------------------------------------------------------------------------------------- */

int net_dns_collect(struct probe_ctx *ctx)
{
    const char *host = job_get(probe_job(ctx), "host");
    char *domain = xstrdup(host == NULL ? "" : host);
    size_t len = strlen(domain);
    struct dns_talk dns = { .n = 0 };
    struct registry registry = { .fd = -1 };
    int rc = 0;

    text_lower_ascii(domain);
    if (len > 0 && domain[len - 1] == '.')
        domain[len - 1] = '\0';
    if (dns_talk_open(ctx, &dns)) {
        registry_open(ctx, domain, &registry);
        rc = sandbox_lock(ctx, SANDBOX_DATAGRAM);
        int exists = rc == 0 ? domain_facts(ctx, &dns, domain) : -1;
        if (rc == 0 && registry.fd >= 0)
            registry_ask(ctx, domain, &registry, exists);
    }
    dns_talk_close(&dns);
    if (registry.fd >= 0)
        close(registry.fd);
    free(domain);
    return rc;
}
