/* The order of a discovery. Parent only. Each step asks only what the steps before it have shown to be safe to ask. */
#include "collect/discover.h"

#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "collect/discover_jobs.h"
#include "site/device_rules.h"

#define ROUNDS_MAX 16                /* of gear that leads to gear */
#define NAMES_AT_ONCE 256
#define SWEEP_HOST_BITS_MAX 16

/* --- beginning --------------------------------------------------------------------------------------------------------------- */

static void add_network(struct discovery *d, const struct cidr *net)
{
    for (size_t i = 0; i < d->n_networks; i++)
        if (cidr_contains(&d->networks[i], &net->ip) && d->networks[i].len <= net->len)
            return;
    d->networks = xrealloc_array(d->networks, d->n_networks + 1, sizeof *d->networks);
    d->networks[d->n_networks++] = *net;
}

/* What was asked for; else what is permitted to anybody's method; the owner of a site means the network that he stands in. */
static void choose_networks(struct discovery *d)
{
    for (size_t i = 0; i < d->o->n_networks; i++)
        add_network(d, &d->o->networks[i]);
    for (size_t i = 0; i < d->site->n_authorizations && d->o->n_networks == 0; i++)
        for (size_t k = 0; k < d->site->authorizations[i].n_networks; k++)
            add_network(d, &d->site->authorizations[i].networks[k]);
    for (size_t i = 0; i < d->link->n_addresses && d->o->n_networks == 0 && d->site->owner_authorized; i++) {
        char text[CIDR_TEXT];
        struct cidr net = { .ip = d->link->addresses[i].ip, .len = d->link->addresses[i].len };
        cidr_format(&net, text);
        if (cidr_parse(text, true, &net) && net.ip.family == 4)
            add_network(d, &net);
    }
}

static void take_own_link(struct discovery *d)
{
    for (size_t i = 0; i < d->link->n_arp; i++) {
        const struct own_arp *a = &d->link->arp[i];
        struct find *f = discover_in_scope(d, &a->ip) ? discover_find_ip(d, &a->ip, true) : NULL;
        if (f == NULL)
            continue;
        discover_set_mac(d, f, a->mac);
        discover_seen_by(d, f, "ARP of this machine");
    }
    for (size_t i = 0; i < d->link->n_peers; i++) {
        const struct own_peer *p = &d->link->peers[i];
        struct find *f = p->address.family != 0 && discover_in_scope(d, &p->address) ? discover_find_ip(d, &p->address, true) : NULL;
        if (f == NULL)
            continue;
        if (p->mac[0] != '\0' && f->mac[0] == '\0')
            discover_set_mac(d, f, p->mac);
        f->lldp_name = p->sys_name;
        f->lldp_descr = p->sys_descr;
        f->chassis_id = p->chassis_id;
        f->gear = true;
        discover_seen_by(d, f, "%s at our own cable, port %s", strcmp(p->via, "cdp") == 0 ? "CDP" : "LLDP", p->port_id != NULL ? p->port_id : "not named");
    }
    const struct ip *gateways[] = { &d->link->gateway, &d->link->gateway6 };
    for (size_t i = 0; i < N_ELEMENTS(gateways); i++) {
        struct find *f = gateways[i]->family != 0 && discover_in_scope(d, gateways[i]) ? discover_find_ip(d, gateways[i], true) : NULL;
        if (f == NULL)
            continue;
        f->gear = true;
        discover_seen_by(d, f, "our own gateway");
    }
}

static bool is_gear_role(const char *role)
{
    static const char *const words[] = { "switch", "router", "firewall", "gateway", "core", "access-point", "wireless", "controller", "network" };
    for (size_t i = 0; i < N_ELEMENTS(words) && role != NULL; i++)
        if (strstr(role, words[i]) != NULL)
            return true;
    return role == NULL;
}

/* Every target of site.yaml with an address in scope, and all gear that it names, wherever that is. */
static void take_targets(struct discovery *d)
{
    for (size_t i = 0; i < d->site->n_targets; i++) {
        const struct target *t = &d->site->targets[i];
        struct ip ip;
        bool snmp = false;
        for (size_t k = 0; k < t->n_probes; k++)
            snmp = snmp || strcmp(t->probes[k].probe, "snmp") == 0;
        if (t->host == NULL || !ip_parse(t->host, &ip) || !(discover_in_scope(d, &ip) || (snmp && is_gear_role(t->role))))
            continue;
        struct find *f = discover_find_ip(d, &ip, true);
        if (f == NULL)
            continue;
        f->target_gear = snmp && is_gear_role(t->role);
        discover_seen_by(d, f, "site.yaml");
    }
    for (size_t i = 0; i < d->o->n_gear; i++) {
        struct find *f = discover_find_ip(d, &d->o->gear[i], true);
        if (f != NULL) {
            f->target_gear = true;
            discover_seen_by(d, f, "the command line");
        }
    }
}

struct discovery *discover_new(const struct site *site, struct credentials *cred, struct store *store, const struct makers *makers, const struct deny *deny,
                               const struct own_link *link, const struct discover_options *o, struct diags *diags)
{
    struct discovery *d = xcalloc(1, sizeof *d);
    *d = (struct discovery){ .site = site, .cred = cred, .store = store, .makers = makers, .deny = deny, .link = link, .o = o, .arena = arena_new(), .started = clock_now() };
    buf_init(&d->device_rules, DEVICE_RULES_MAX_WIRE);
    size_t errors = diags->n_errors;
    choose_networks(d);
    if (d->n_networks == 0)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "there is no network to look at: name one, or permit one under authorization: in site.yaml");
    else if (device_rules_load(site->dir, &d->device_rules, diags) != 0)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "the rules by which devices are known (%s) cannot be used", DEVICE_RULES_FILE);
    if (diags->n_errors == errors) {
        take_targets(d);
        take_own_link(d);
        return d;
    }
    discover_free(d);
    return NULL;
}

void discover_free(struct discovery *d)
{
    if (d == NULL)
        return;
    buf_clear(&d->device_rules);
    free(d->networks);
    free(d->finds);
    arena_free(d->arena);
    free(d);
}

/* --- credentials -------------------------------------------------------------------------------------------------------------- */

/* The SNMP credentials that name this address's network with for:, version 3 first. The n-th of them; NULL: no more. */
static const char *credential_at(const struct discovery *d, const struct find *f, size_t n)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < credentials_count(d->cred); i++) {
            const char *name = credentials_name(d->cred, i);
            bool v3 = strcmp(credentials_snmp_version(d->cred, name), "3") == 0;
            if (credentials_kind(d->cred, name) != CREDENTIAL_SNMP || v3 != (pass == 0) || !credentials_is_for(d->cred, name, &f->ip))
                continue;
            if (n-- == 0)
                return name;
        }
    return NULL;
}

static const char *own_credential(const struct find *f)
{
    for (size_t i = 0; f->known != NULL && i < f->known->n_probes; i++)
        if (strcmp(f->known->probes[i].probe, "snmp") == 0)
            return f->known->probes[i].credential;
    return NULL;
}

/* One question round over SNMP: each that has not answered yet, with its n-th credential. How many were queued. */
static size_t queue_snmp(struct djobs *q, struct find *f, bool gear, size_t n)
{
    const char *own = own_credential(f), *name = f->credential != NULL ? f->credential : own != NULL ? own : credential_at(q->d, f, n);
    if (name == NULL || ((f->credential != NULL || own != NULL) && n > 0))
        return 0;
    struct djob *j = djobs_add(q, gear ? DJOB_GEAR : DJOB_SYSTEM, f, name, f->target_gear || gear);
    for (size_t i = 0; own != NULL && j != NULL && i < f->known->n_probes; i++)
        if (strcmp(f->known->probes[i].probe, "snmp") == 0)
            j->tp = f->known->probes[i];         /* its port and patience */
    return j != NULL;
}

/* --- gear: gateways and switches ------------------------------------------------------------------------------------------------ */

static bool wants_gear(struct discovery *d, struct find *f)
{
    bool gear = f->target_gear || f->gear || (f->services > 0 && (f->services & 6) != 0 && f->credential != NULL);
    return gear && !f->gear_asked && f->ip.family != 0 && !f->no_snmp && discover_may_touch(d, f, "snmp", true);
}

/* All gear that is known, and the gear that its tables lead to. */
static int ask_gear(struct djobs *q)
{
    struct discovery *d = q->d;
    int err = 0;
    for (int round = 0; round < ROUNDS_MAX && err == 0; round++) {
        size_t queued = 0;
        for (size_t n = 0; n < 8 && err == 0; n++) {
            size_t now = 0, n_finds = d->n;
            for (size_t i = 0; i < n_finds; i++) {
                struct find *f = &d->finds[i];
                bool again = n > 0 && f->gear_asked && f->credential == NULL && !f->no_snmp && (f->target_gear || f->gear);
                if (again || (n == 0 && wants_gear(d, f)))
                    now += queue_snmp(q, f, true, n);
            }
            queued += now;
            if (now > 0)
                err = djobs_run(q);
        }
        if (queued == 0)
            break;
    }
    return err;
}

/* --- the sweep: addresses that nobody has told of ------------------------------------------------------------------------------ */

static bool next_ip(struct ip *ip)
{
    for (int i = 3; i >= 0; i--)
        if (++ip->b[i] != 0)
            return true;
    return false;
}

/* A network's own address and its broadcast address. */
static bool is_edge(const struct cidr *net, const struct ip *ip)
{
    struct ip up = *ip;
    return net->len < 31 && (ip_equal(ip, &net->ip) || !next_ip(&up) || !cidr_contains(net, &up));
}

static bool is_own(const struct own_link *l, const struct ip *ip)
{
    for (size_t i = 0; i < l->n_addresses; i++)
        if (ip_equal(&l->addresses[i].ip, ip))
            return true;
    return false;
}

/* Every IPv4 address of the networks that is permitted with sweep and not known yet; fn for each. */
static size_t each_swept(struct discovery *d, void (*fn)(void *ctx, const struct ip *ip), void *ctx)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_networks; i++) {
        const struct cidr *net = &d->networks[i];
        if (net->ip.family != 4 || 32 - net->len > SWEEP_HOST_BITS_MAX)
            continue;
        struct ip ip = net->ip;
        for (bool more = true; more && cidr_contains(net, &ip) && n < DISCOVER_MAX_SWEEP; more = next_ip(&ip)) {
            struct find trial = { .ip = ip };
            if (is_edge(net, &ip) || is_own(d->link, &ip) || discover_find_ip(d, &ip, false) != NULL || !discover_may_touch(d, &trial, "sweep", false))
                continue;
            fn(ctx, &ip);
            n++;
        }
    }
    return n;
}

struct listing { struct djobs *q; struct ip *v; size_t n, n_direct; };

static void list_one(void *ctx, const struct ip *ip)
{
    struct listing *l = ctx;
    l->n_direct += own_link_is_direct(l->q->d->link, ip);
    l->v = xrealloc_array(l->v, l->n + 1, sizeof *l->v);
    l->v[l->n++] = *ip;
}

/* On our own link ARP tells first who is there and who made it, so that a denied device is known before anything is sent to it. Where ARP cannot be asked
 * or does not reach, the addresses are unknown ones, and the permission to sweep is what allows them. */
static int sweep(struct djobs *q)
{
    struct listing l = { .q = q };
    int err = 0;
    if (q->d->swept)
        return 0;
    q->d->swept = true;
    (void)each_swept(q->d, list_one, &l);
    bool heard = false;
    if (l.n_direct > 0 && strcmp(q->d->link->interface, "lo") != 0) {
        struct djob *j = djobs_add(q, DJOB_ARP, NULL, NULL, false);
        j->addresses = xcalloc(l.n_direct, sizeof *j->addresses);
        for (size_t i = 0; i < l.n; i++)
            if (own_link_is_direct(q->d->link, &l.v[i]))
                j->addresses[j->n_addresses++] = l.v[i];
        q->arp_failed = false;
        err = djobs_run(q);
        heard = err == 0 && !q->arp_failed;
    }
    for (size_t i = 0; i < l.n && err == 0; i++) {
        bool answers_arp = heard && own_link_is_direct(q->d->link, &l.v[i]);
        if (!answers_arp)                        /* those that did answer are finds by now */
            (void)discover_find_ip(q->d, &l.v[i], true);
    }
    free(l.v);
    return err;
}

/* --- single addresses ------------------------------------------------------------------------------------------------------------ */

static bool any_method(struct discovery *d, struct find *f)
{
    static const char *const methods[] = { "tcp", "ssh", "ldap", "tls", "smb", "rdp", "dns" };
    for (size_t i = 0; i < N_ELEMENTS(methods); i++)
        if (discover_may_touch(d, f, methods[i], f->target_gear))
            return true;
    return false;
}

static int ask_contacts(struct djobs *q)
{
    size_t n = q->d->n;
    for (size_t i = 0; i < n; i++) {
        struct find *f = &q->d->finds[i];
        if (f->ip.family != 0 && !f->contacted && discover_in_scope(q->d, &f->ip) && any_method(q->d, f))
            (void)djobs_add(q, DJOB_CONTACT, f, NULL, f->target_gear);
    }
    return djobs_run(q);
}

static bool is_unreachable(const struct find *f)
{
    for (size_t i = 0; i < DISCOVER_PORTS; i++)
        if (f->contacts[i] == CONTACT_UNREACHABLE)
            return true;
    return false;
}

static int ask_systems(struct djobs *q)
{
    int err = 0;
    for (size_t n = 0; n < 8 && err == 0; n++) {
        size_t queued = 0;
        for (size_t i = 0; i < q->d->n; i++) {
            struct find *f = &q->d->finds[i];
            if (f->ip.family == 0 || f->credential != NULL || f->gear_asked || f->no_snmp || is_unreachable(f) || !discover_in_scope(q->d, &f->ip))
                continue;
            if (discover_may_touch(q->d, f, "snmp", f->target_gear))
                queued += queue_snmp(q, f, false, n);
        }
        if (queued > 0)
            err = djobs_run(q);
    }
    return err;
}

static bool is_open(const struct find *f, uint16_t port)
{
    for (size_t i = 0; i < DISCOVER_PORTS; i++)
        if (discover_ports[i] == port)
            return f->contacts[i] == CONTACT_OPEN;
    return false;
}

static int ask_services(struct djobs *q)
{
    for (size_t i = 0; i < q->d->n; i++) {
        struct find *f = &q->d->finds[i];
        if (is_open(f, 22) && f->host_key == NULL && discover_may_touch(q->d, f, "ssh", f->target_gear))
            (void)djobs_add(q, DJOB_KEYS, f, NULL, f->target_gear);
        if (is_open(f, 389) && f->ldap_product == NULL && discover_may_touch(q->d, f, "ldap", f->target_gear))
            (void)djobs_add(q, DJOB_DIRECTORY, f, NULL, f->target_gear);
    }
    return djobs_run(q);
}

/* The resolver is asked for names of what is there, denied or not: nothing is sent to those. */
static int ask_names(struct djobs *q)
{
    struct permit p;
    permit_ask(q->d->site, "dns", NULL, clock_now(), &p);
    bool allowed = p.allowed;
    permit_clear(&p);
    struct djob *j = NULL;
    for (size_t i = 0; i < q->d->n && allowed; i++) {
        const struct find *f = &q->d->finds[i];
        if (f->ip.family == 0 || f->dns_name != NULL || !(f->mac[0] != '\0' || f->reached || f->answered))
            continue;
        if (j == NULL || j->n_addresses == NAMES_AT_ONCE) {
            j = djobs_add(q, DJOB_NAMES, NULL, NULL, false);
            j->addresses = xcalloc(NAMES_AT_ONCE, sizeof *j->addresses);
        }
        j->addresses[j->n_addresses++] = f->ip;
    }
    return djobs_run(q);
}

int discover_run(struct discovery *d, struct zygote *z, collect_progress_fn progress, void *progress_ctx)
{
    struct djobs q;
    djobs_init(&q, d, z);
    q.progress = progress;
    q.progress_ctx = progress_ctx;
    int err = journal_open(&q, d->o->resume);
    if (err != 0) {
        djobs_clear(&q);
        return err;
    }
    for (int round = 0; round < ROUNDS_MAX && err == 0; round++) {
        size_t before = d->n_jobs;
        err = ask_gear(&q);
        if (err == 0)
            err = sweep(&q);
        if (err == 0)
            err = ask_contacts(&q);
        if (err == 0)
            err = ask_systems(&q);
        if (err == 0 && d->n_jobs == before)
            break;
    }
    if (err == 0)
        err = ask_services(&q);
    if (err == 0)
        err = ask_names(&q);
    journal_end(&q, err == 0);
    djobs_clear(&q);
    return err;
}

/* --- before ------------------------------------------------------------------------------------------------------------------------ */

static void count_one(void *ctx, const struct ip *ip)
{
    (void)ip;
    ++*(size_t *)ctx;
}

void discover_forecast(struct discovery *d, struct discover_forecast *out)
{
    *out = (struct discover_forecast){ 0 };
    for (size_t i = 0; i < d->n; i++) {
        struct find *f = &d->finds[i];
        bool gear = f->target_gear || f->gear;
        if (gear && discover_may_touch(d, f, "snmp", true))
            out->n_gear++;
        else if (f->denied != NULL)
            out->n_denied++;
        else if (any_method(d, f))
            out->n_known++;
        else
            out->n_unknown++;
    }
    (void)each_swept(d, count_one, &out->n_sweep);
}
