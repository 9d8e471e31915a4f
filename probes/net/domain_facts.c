/* Questions about one domain, one after the other, each as a column or a few. What could not be found out stays NULL and the table partial.
 * Runs in locked workers. */
#include "probes/net/domain_facts.h"

#include <string.h>
#include <strings.h>
#include "base/mem.h"
#include "base/text.h"
#include "fact/table_dkim_keys.h"
#include "fact/table_domains.h"
#include "probes/net/mail_records.h"
#include "probes/net/net_parts.h"

#define MAX_HOSTS 12                 /* name servers, and mail servers, whose addresses are looked up */
#define MAX_NETWORKS 64
#define MAX_PARENTS 4
#define MAX_DEPTH 10                 /* of includes in includes; more is over the limit of look-ups anyway */
#define SPF_LIMIT 10                 /* RFC 7208 section 4.6.4 */
#define SPF_STOP 20

static const char *const common_selectors[] = { "selector1", "selector2", "google", "k1", "default", "s1", "s2", "mail", "dkim", "mandrill" };

struct work {
    struct probe_ctx *ctx;
    struct dns_talk *dns;
    const char *domain;
    const struct fact_table *table;  /* whose questions these are */
    struct arena *arena;             /* texts of the row */
    struct fact_row row;
};

/* --- asking ----------------------------------------------------------------------------------------------------------- */

static enum dns_end ask(struct work *w, const char *name, enum dns_type type, struct dns_answer *a)
{
    enum dns_end end = dns_ask(w->dns, name, type, a);

    if (end == DNS_FAILED)
        probe_table(w->ctx, w->table, STATE_PARTIAL, w->dns->reason, "%s", w->dns->problem);
    return end;
}

static void keep(struct work *w, int column, const char *p, size_t len)
{
    if (len > 0)
        fact_set_text(&w->row, column, arena_strndup(w->arena, p, len), len);
}

/* --- hosts: name servers and mail servers ------------------------------------------------------------------------------ */

struct networks { struct cidr v[MAX_NETWORKS]; size_t n4, n6, n; };

static void network_add(struct networks *n, const struct ip *ip)
{
    struct cidr c = { .ip = *ip, .len = ip->family == 6 ? 48 : 24 };

    memset(c.ip.b + c.len / 8, 0, sizeof c.ip.b - c.len / 8);
    for (size_t i = 0; i < n->n; i++)
        if (n->v[i].ip.family == c.ip.family && memcmp(n->v[i].ip.b, c.ip.b, sizeof c.ip.b) == 0)
            return;
    if (n->n == MAX_NETWORKS)
        return;
    n->v[n->n++] = c;
    *(ip->family == 6 ? &n->n6 : &n->n4) += 1;
}

/* Whether a host has an address: 1, 0, -1 not known. */
static int look_up(struct work *w, const char *host, struct networks *networks, struct buf *out)
{
    static const enum dns_type types[] = { DNS_A, DNS_AAAA };
    bool some = false, unknown = false;

    for (size_t i = 0; i < N_ELEMENTS(types); i++) {
        struct dns_answer a;
        enum dns_end end = ask(w, host, types[i], &a);
        for (size_t k = 0; end == DNS_ANSWERED && k < a.n; k++) {
            char text[IP_TEXT];
            some = true;
            network_add(networks, &a.v[k].ip);
            ip_format(&a.v[k].ip, text);
            if (out != NULL)
                buf_printf(out, "%s%s", out->len > 0 ? ", " : "", text);
        }
        unknown = unknown || end == DNS_FAILED;
        dns_answer_clear(&a);
        if (end == DNS_NO_NAME)
            break;
    }
    return some ? 1 : unknown ? -1 : 0;
}

static int by_preference(const void *a, const void *b)
{
    const struct dns_record *x = a, *y = b;

    return x->preference != y->preference ? (x->preference < y->preference ? -1 : 1) : strcasecmp(x->text, y->text);
}

/* How many have no address; -1 when one could not be looked up, or there are more than are looked up. */
static int unresolved(struct work *w, const struct dns_answer *a, struct networks *networks, struct buf *out)
{
    int none = 0;
    bool unknown = a->n > MAX_HOSTS;

    for (size_t i = 0; i < a->n && i < MAX_HOSTS; i++) {
        int has = look_up(w, a->v[i].text, networks, out);
        none += has == 0;
        unknown = unknown || has < 0;
    }
    return unknown ? -1 : none;
}

static void name_servers(struct work *w)
{
    struct networks networks = { .n = 0 };
    struct buf names = BUF_INIT(DNS_MAX_RECORDS * DNS_MAX_NAME);
    struct dns_answer a;

    if (ask(w, w->domain, DNS_NS, &a) == DNS_ANSWERED) {
        qsort(a.v, a.n, sizeof *a.v, by_preference);
        for (size_t i = 0; i < a.n; i++)
            buf_printf(&names, "%s%s", i > 0 ? ", " : "", a.v[i].text);
        keep(w, DOMAINS_NAME_SERVERS, buf_str(&names), names.len);
        fact_set_int(&w->row, DOMAINS_NAME_SERVER_COUNT, (int64_t)a.n);
        int none = unresolved(w, &a, &networks, NULL);
        if (none >= 0) {
            fact_set_int(&w->row, DOMAINS_NAME_SERVERS_UNRESOLVED, none);
            fact_set_int(&w->row, DOMAINS_NAME_SERVER_NETWORKS, (int64_t)(networks.n4 > networks.n6 ? networks.n4 : networks.n6));
        }
    }
    dns_answer_clear(&a);
    buf_clear(&names);
}

static void mail_servers(struct work *w)
{
    struct networks networks = { .n = 0 };
    struct buf names = BUF_INIT(DNS_MAX_RECORDS * (DNS_MAX_NAME + 16)), addresses = BUF_INIT(65536);
    struct dns_answer a;

    if (ask(w, w->domain, DNS_MX, &a) == DNS_ANSWERED) {
        bool none_wanted = a.n == 1 && a.v[0].preference == 0 && strcmp(a.v[0].text, ".") == 0;
        qsort(a.v, a.n, sizeof *a.v, by_preference);
        for (size_t i = 0; i < a.n; i++)
            buf_printf(&names, "%s%u %s", i > 0 ? ", " : "", (unsigned)a.v[i].preference, a.v[i].text);
        keep(w, DOMAINS_MX, buf_str(&names), names.len);
        fact_set_int(&w->row, DOMAINS_MX_COUNT, none_wanted ? 0 : (int64_t)a.n);
        fact_set_int(&w->row, DOMAINS_MX_NONE_WANTED, none_wanted);
        int none = none_wanted ? 0 : unresolved(w, &a, &networks, &addresses);
        if (none >= 0)
            fact_set_int(&w->row, DOMAINS_MX_UNRESOLVED, none);
        keep(w, DOMAINS_MX_ADDRESSES, buf_str(&addresses), addresses.len);
    }
    dns_answer_clear(&a);
    buf_clear(&names);
    buf_clear(&addresses);
}

/* --- SPF -------------------------------------------------------------------------------------------------------------- */

struct spf_walk {
    unsigned lookups;
    bool unknown, invalid;
    char problem[200];
    char all[5];                     /* of the record, or of where it redirects to */
};

static void spf_wrong(struct spf_walk *walk, const char *at, const char *words)
{
    if (!walk->invalid)
        snprintf(walk->problem, sizeof walk->problem, "%.80s: %.110s", at, words);
    walk->invalid = true;
}

/* The only SPF record among TXT records. NULL with *n, how many there are. */
static const struct dns_record *spf_only(const struct dns_answer *a, size_t *n)
{
    const struct dns_record *first = NULL;

    *n = 0;
    for (size_t i = 0; i < a->n; i++) {
        if (!spf_is_record(a->v[i].text, a->v[i].len))
            continue;
        first = first == NULL ? &a->v[i] : first;
        ++*n;
    }
    return first;
}

static void spf_follow(struct work *w, struct spf_walk *walk, const char *domain, bool redirect, unsigned depth);

/* Adds up a record and what it takes over. own: it is the domain's, or where that redirects to, and its "all" is what counts. */
static void spf_add(struct work *w, struct spf_walk *walk, const struct dns_record *record, const char *at, bool own, unsigned depth)
{
    struct spf *s = xmalloc(sizeof *s);

    spf_parse(record->text, record->len, s);
    walk->lookups += s->lookups;
    walk->unknown = walk->unknown || s->macro;
    if (!s->valid)
        spf_wrong(walk, at, s->problem);
    if (own)
        memcpy(walk->all, s->all, sizeof walk->all);
    for (size_t i = 0; i < s->n_include; i++)
        spf_follow(w, walk, s->include[i], false, depth + 1);
    if (s->redirect[0] != '\0')
        spf_follow(w, walk, s->redirect, own, depth + 1);
    free(s);
}

static void spf_follow(struct work *w, struct spf_walk *walk, const char *domain, bool own, unsigned depth)
{
    struct dns_answer a;
    size_t n = 0;

    if (depth > MAX_DEPTH || walk->lookups > SPF_STOP)
        return;
    enum dns_end end = ask(w, domain, DNS_TXT, &a);
    const struct dns_record *record = end == DNS_ANSWERED ? spf_only(&a, &n) : NULL;
    if (end == DNS_FAILED)
        walk->unknown = true;
    else if (n == 0)
        spf_wrong(walk, domain, "it is taken over, and has no SPF record");
    else if (n > 1)
        spf_wrong(walk, domain, "it is taken over, and has several SPF records");
    else
        spf_add(w, walk, record, domain, own, depth);
    dns_answer_clear(&a);
}

static void spf_set(struct work *w, struct spf_walk *walk)
{
    unsigned lookups = walk->lookups < SPF_STOP ? walk->lookups : SPF_STOP;

    if (walk->lookups > SPF_LIMIT)
        spf_wrong(walk, w->domain, "evaluating it needs more than 10 DNS look-ups, and receivers stop there");
    if (!walk->unknown || walk->lookups > SPF_LIMIT)
        fact_set_int(&w->row, DOMAINS_SPF_LOOKUPS, lookups);
    if (walk->invalid || !walk->unknown)
        fact_set_int(&w->row, DOMAINS_SPF_VALID, !walk->invalid);
    keep(w, DOMAINS_SPF_PROBLEM, walk->problem, strlen(walk->problem));
    keep(w, DOMAINS_SPF_ALL, walk->all, strlen(walk->all));
}

static void includes_set(struct work *w, const struct dns_record *record)
{
    struct buf names = BUF_INIT(SPF_MAX_FOLLOW * MAIL_MAX_NAME + MAIL_MAX_NAME);
    struct spf *s = xmalloc(sizeof *s);

    spf_parse(record->text, record->len, s);
    for (size_t i = 0; i < s->n_include; i++)
        buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", s->include[i]);
    if (s->redirect[0] != '\0')
        buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", s->redirect);
    keep(w, DOMAINS_SPF_INCLUDES, buf_str(&names), names.len);
    free(s);
    buf_clear(&names);
}

static void senders(struct work *w)
{
    struct spf_walk walk = { .lookups = 0 };
    struct dns_answer a;
    size_t n = 0;

    if (ask(w, w->domain, DNS_TXT, &a) == DNS_ANSWERED) {
        const struct dns_record *record = spf_only(&a, &n);
        fact_set_int(&w->row, DOMAINS_SPF_COUNT, (int64_t)n);
        if (record != NULL) {
            keep(w, DOMAINS_SPF, record->text, record->len);
            includes_set(w, record);
            if (n > 1)
                spf_wrong(&walk, w->domain, "it has several SPF records");
            spf_add(w, &walk, record, w->domain, true, 0);
            spf_set(w, &walk);
        }
    }
    dns_answer_clear(&a);
}

/* --- DMARC and other records by name ----------------------------------------------------------------------------------- */

static void dmarc_set(struct work *w, const struct dns_record *record, size_t n, const char *at)
{
    struct dmarc d;

    dmarc_parse(record->text, record->len, &d);
    keep(w, DOMAINS_DMARC, record->text, record->len);
    keep(w, DOMAINS_DMARC_DOMAIN, at, strlen(at));
    fact_set_int(&w->row, DOMAINS_DMARC_VALID, d.valid && n == 1);
    if (!d.valid || n > 1) {
        const char *problem = n > 1 ? "there are several DMARC records" : d.problem;
        keep(w, DOMAINS_DMARC_PROBLEM, problem, strlen(problem));
        return;
    }
    const char *policy = at == w->domain ? d.policy : d.subdomain_policy;
    keep(w, DOMAINS_DMARC_POLICY, policy, strlen(policy));
    keep(w, DOMAINS_DMARC_SUBDOMAIN_POLICY, d.subdomain_policy, strlen(d.subdomain_policy));
    fact_set_int(&w->row, DOMAINS_DMARC_PERCENT, d.percent);
    keep(w, DOMAINS_DMARC_REPORTS, d.reports, strlen(d.reports));
}

/* At the domain itself, else at the nearest one above it that has a record. */
static void forged_mail(struct work *w)
{
    const char *at = w->domain;

    for (int i = 0; i <= MAX_PARENTS && at != NULL && strchr(at, '.') != NULL; i++) {
        struct dns_answer a;
        const struct dns_record *first = NULL;
        size_t n = 0;
        enum dns_end end = ask(w, arena_printf(w->arena, "_dmarc.%s", at), DNS_TXT, &a);
        for (size_t k = 0; end == DNS_ANSWERED && k < a.n; k++) {
            if (!dmarc_is_record(a.v[k].text, a.v[k].len))
                continue;
            first = first == NULL ? &a.v[k] : first;
            n++;
        }
        if (first != NULL)
            dmarc_set(w, first, n, at);
        if (end != DNS_FAILED && (n > 0 || i == 0))
            fact_set_int(&w->row, DOMAINS_DMARC_COUNT, (int64_t)n);
        dns_answer_clear(&a);
        if (end == DNS_FAILED || n > 0)
            return;
        at = strchr(at, '.') + 1;
    }
}

/* The one TXT record at PREFIX.domain whose tag v is version: 1, 0, -1 not known. */
static int tagged(struct work *w, const char *prefix, const char *version, const char *tag, int column)
{
    char value[64], wanted[1024];
    struct dns_answer a;
    size_t n = 0;
    enum dns_end end = ask(w, arena_printf(w->arena, "%s.%s", prefix, w->domain), DNS_TXT, &a);

    for (size_t i = 0; end == DNS_ANSWERED && i < a.n; i++) {
        if (!mail_tag(a.v[i].text, a.v[i].len, "v", value, sizeof value) || strcmp(value, version) != 0)
            continue;
        n++;
        if (tag != NULL && n == 1 && mail_tag(a.v[i].text, a.v[i].len, tag, wanted, sizeof wanted))
            keep(w, column, wanted, strlen(wanted));
    }
    dns_answer_clear(&a);
    return end == DNS_FAILED ? -1 : n == 1;
}

static void authorities(struct work *w)
{
    struct buf all = BUF_INIT(65536);
    struct dns_answer a;

    if (ask(w, w->domain, DNS_CAA, &a) == DNS_ANSWERED) {
        for (size_t i = 0; i < a.n; i++)
            buf_printf(&all, "%s%s", i > 0 ? ", " : "", a.v[i].text);
        keep(w, DOMAINS_CAA, buf_str(&all), all.len);
        fact_set_int(&w->row, DOMAINS_CAA_COUNT, (int64_t)a.n);
    }
    dns_answer_clear(&a);
    if (ask(w, w->domain, DNS_DS, &a) == DNS_ANSWERED)
        fact_set_int(&w->row, DOMAINS_DNSSEC, a.n > 0);
    dns_answer_clear(&a);
    buf_clear(&all);
}

/* --- DKIM ------------------------------------------------------------------------------------------------------------- */

static void key_emit(struct work *w, const char *selector, bool declared, const struct dns_answer *a)
{
    struct dkim d = { .valid = false };
    struct fact_row row;
    bool found = false;

    for (size_t i = 0; i < a->n && !found; i++) {
        found = memmem(a->v[i].text, a->v[i].len, "p=", 2) != NULL;  /* a wildcard answers for every name */
        if (found)
            dkim_parse(a->v[i].text, a->v[i].len, &d);
    }
    if (!found && !declared)
        return;
    fact_row_init(&row, &fact_dkim_keys);
    fact_set_str(&row, DKIM_DOMAIN, w->domain);
    fact_set_str(&row, DKIM_SELECTOR, selector);
    fact_set_int(&row, DKIM_DECLARED, declared);
    fact_set_int(&row, DKIM_FOUND, found);
    net_set_known(&row, DKIM_ALIAS_OF, a->alias);
    if (found) {
        fact_set_int(&row, DKIM_VALID, d.valid && a->n == 1);
        net_set_known(&row, DKIM_PROBLEM, a->n > 1 ? "there are several records" : d.problem);
        fact_set_int(&row, DKIM_REVOKED, d.revoked);
        fact_set_int(&row, DKIM_TESTING, d.testing);
        net_set_known(&row, DKIM_KEY, d.key);
    }
    if (d.key_bits > 0)
        fact_set_int(&row, DKIM_KEY_BITS, d.key_bits);
    probe_emit(w->ctx, &row);
}

static void key_ask(struct work *w, const char *selector, bool declared)
{
    struct dns_answer a;

    if (ask(w, arena_printf(w->arena, "%s._domainkey.%s", selector, w->domain), DNS_TXT, &a) != DNS_FAILED)
        key_emit(w, selector, declared, &a);
    dns_answer_clear(&a);
}

static bool declared_too(struct work *w, const char *selector)
{
    size_t cursor = 0;
    const char *s;

    while ((s = job_next(probe_job(w->ctx), "dns.selector", &cursor)) != NULL)
        if (strcasecmp(s, selector) == 0)
            return true;
    return false;
}

static void keys(struct work *w)
{
    size_t cursor = 0;
    const char *s;

    w->table = &fact_dkim_keys;
    while ((s = job_next(probe_job(w->ctx), "dns.selector", &cursor)) != NULL)
        key_ask(w, s, true);
    for (size_t i = 0; i < N_ELEMENTS(common_selectors); i++)
        if (!declared_too(w, common_selectors[i]))
            key_ask(w, common_selectors[i], false);
}

/* --- together --------------------------------------------------------------------------------------------------------- */

static int exists(struct work *w)
{
    struct dns_answer a;
    enum dns_end end = ask(w, w->domain, DNS_SOA, &a);

    dns_answer_clear(&a);
    if (end == DNS_FAILED)
        probe_table(w->ctx, &fact_dkim_keys, STATE_FAILED, w->dns->reason, "%s", w->dns->problem);
    return end == DNS_FAILED ? -1 : end == DNS_ANSWERED;
}

int domain_facts(struct probe_ctx *ctx, struct dns_talk *dns, const char *domain)
{
    struct work w = { .ctx = ctx, .dns = dns, .domain = domain, .table = &fact_domains, .arena = arena_new() };
    char resolver[IP_TEXT];
    int there = exists(&w);

    fact_row_init(&w.row, &fact_domains);
    fact_set_str(&w.row, DOMAINS_DOMAIN, domain);
    net_set_flag(&w.row, DOMAINS_EXISTS, there);
    if (there == 1) {
        name_servers(&w);
        mail_servers(&w);
        senders(&w);
        forged_mail(&w);
        authorities(&w);
        net_set_flag(&w.row, DOMAINS_MTA_STS, tagged(&w, "_mta-sts", "STSv1", NULL, -1));
        (void)tagged(&w, "_smtp._tls", "TLSRPTv1", "rua", DOMAINS_TLS_REPORTS);
    }
    ip_format(&dns->v[dns->at].peer.ip, resolver);
    fact_set_str(&w.row, DOMAINS_RESOLVER, resolver);
    if (there >= 0)
        probe_emit(ctx, &w.row);
    if (there == 1 && probe_wants(ctx, &fact_dkim_keys))
        keys(&w);
    arena_free(w.arena);
    return there;
}
