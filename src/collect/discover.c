/* The order of a discovery. Parent only. Each step asks only what the steps before it have shown to be safe to ask. */
#include "collect/discover.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "collect/discover_jobs.h"
#include "site/device_rules.h"

#define ROUNDS_MAX 16                /* of gear that leads to gear */
#define CREDENTIALS_MAX 8            /* that one address is shown */
#define NAMES_AT_ONCE 256
#define HEAR_AT_ONCE 256              /* addresses of one ARP job */
#define NUDGE_AT_ONCE 64              /* the kernel holds 1,024 neighbours at most, and eight jobs run at a time */

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

static bool within(const struct cidr *outer, const struct cidr *inner)
{
    return outer->len <= inner->len && cidr_contains(outer, &inner->ip);
}

/* Whether guests and patients have all of what is to be looked at. */
static bool only_guests(const struct discovery *d)
{
    for (size_t i = 0; i < d->n_networks; i++) {
        bool in = false;
        for (size_t k = 0; k < d->site->n_guest_networks && !in; k++) {
            struct cidr net;
            in = cidr_parse(d->site->guest_networks[k], false, &net) && within(&net, &d->networks[i]);
        }
        if (!in)
            return false;
    }
    return d->n_networks > 0;
}

/* Keeps the largest only, so that no address counts twice. */
static void add_sweep(struct discovery *d, const struct cidr *part)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->n_sweeps; i++)
        if (within(&d->sweeps[i], part))
            return;
    for (size_t i = 0; i < d->n_sweeps; i++)
        if (!within(part, &d->sweeps[i]))
            d->sweeps[kept++] = d->sweeps[i];
    d->sweeps = xrealloc_array(d->sweeps, kept + 1, sizeof *d->sweeps);
    d->sweeps[kept] = *part;
    d->n_sweeps = kept + 1;
}

/* IPv4 only: nobody can sweep an IPv6 network. The owner of a site sweeps what he names. */
static void choose_sweeps(struct discovery *d)
{
    for (size_t i = 0; i < d->n_networks; i++) {
        const struct cidr *net = &d->networks[i];
        if (net->ip.family == 4 && d->site->owner_authorized && d->o->n_networks > 0)
            add_sweep(d, net);
        for (size_t k = 0; k < d->site->n_authorizations && net->ip.family == 4; k++) {
            const struct authorization *a = &d->site->authorizations[k];
            for (size_t m = 0; m < a->n_networks && permit_holds(d->site, a, "sweep", d->started); m++)
                if (a->networks[m].ip.family == 4 && cidr_overlaps(net, &a->networks[m]))
                    add_sweep(d, within(net, &a->networks[m]) ? &a->networks[m] : net);     /* the narrower */
        }
    }
}

/* All of it, or nothing and why: a discovery that silently left addresses out would be believed. */
static bool sweep_fits(const struct discovery *d, struct diags *diags)
{
    uint64_t n = 0;
    size_t widest = 0;
    for (size_t i = 0; i < d->n_sweeps; i++) {
        n += UINT64_C(1) << (32 - d->sweeps[i].len);
        widest = d->sweeps[i].len < d->sweeps[widest].len ? i : widest;
    }
    if (n <= DISCOVER_MAX_SWEEP)
        return true;
    char text[CIDR_TEXT];
    cidr_format(&d->sweeps[widest], text);
    diag_add(diags, DIAG_ERROR, NULL, 0, 0, "%llu addresses may be swept there (%s alone has %llu); one discovery sweeps %d at most. Nothing was sent. Name smaller networks, one after the other (a /18 has 16384), "
             "or leave the method sweep out of that permission", (unsigned long long)n, text, 1ULL << (32 - d->sweeps[widest].len), DISCOVER_MAX_SWEEP);
    return false;
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
                               struct own_link *link, const struct discover_options *o, struct diags *diags)
{
    struct discovery *d = xcalloc(1, sizeof *d);
    *d = (struct discovery){ .site = site, .cred = cred, .store = store, .makers = makers, .deny = deny, .link = link, .o = o, .arena = arena_new(), .started = clock_now(),
                             .guests = guests_new(site->guests_told, site->guest_networks, site->n_guest_networks) };
    buf_init(&d->device_rules, DEVICE_RULES_MAX_WIRE);
    size_t errors = diags->n_errors;
    choose_networks(d);
    if (d->n_networks == 0)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "there is no network to look at: name one, or permit one under authorization: in site.yaml");
    else if (only_guests(d))
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "only guests and patients are in what is to be looked at (guest_networks: in site.yaml): nobody there is looked for or asked. Name another network");
    else if (device_rules_load(site->dir, &d->device_rules, diags) != 0)
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "the rules by which devices are known (%s) cannot be used", DEVICE_RULES_FILE);
    choose_sweeps(d);
    if (sweep_fits(d, diags) && diags->n_errors == errors) {
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
    strset_clear(&d->directories);
    guests_free(d->guests);
    free(d->networks);
    free(d->sweeps);
    free(d->finds);
    discover_index_free(d);
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

/* --- whose address is it? ------------------------------------------------------------------------------------------------------ */

/* Who has the addresses of our own link that are about to be asked? One ARP broadcast for each, which goes to nobody in particular. Only then is it known
 * whose they are, and whether they may be asked at all. Where this machine may not send one (and for IPv6, which has no broadcast), the kernel could only be
 * moved to ask with a packet that would reach a medical device as well: so only gear that a person named is asked for that way (DJOB_NUDGE), the rest waits. */
static int hear(struct djobs *q, bool (*wanted)(struct discovery *d, struct find *f))
{
    struct discovery *d = q->d;
    int err = 0;
    for (int pass = 0; pass < 2 && err == 0; pass++) {           /* the second: those for whom ARP could not be sent */
        struct djob *jobs[2] = { NULL, NULL };
        for (size_t i = 0; i < d->n; i++) {
            struct find *f = &d->finds[i];
            const bool nudge = d->no_arp || f->ip.family != 4;
            if (!discover_must_hear(d, f) || (nudge && !f->target_gear) || !wanted(d, f))
                continue;
            struct djob **j = &jobs[nudge];
            if (*j == NULL || (*j)->n_addresses == (nudge ? NUDGE_AT_ONCE : HEAR_AT_ONCE)) {
                *j = djobs_add(q, nudge ? DJOB_NUDGE : DJOB_ARP, NULL, NULL, false);
                (*j)->addresses = xcalloc(HEAR_AT_ONCE, sizeof *(*j)->addresses);
            }
            (*j)->addresses[(*j)->n_addresses++] = f->ip;
        }
        if (jobs[0] == NULL && jobs[1] == NULL)
            break;
        err = djobs_run(q);
    }
    discover_mark_stand_ins(d);
    return err;
}

/* --- names ------------------------------------------------------------------------------------------------------------------------ */

static bool may_ask_resolver(const struct discovery *d)
{
    struct permit p;
    permit_ask(d->site, "dns", NULL, clock_now(), &p);
    bool allowed = p.allowed;
    permit_clear(&p);
    return allowed && !d->no_names;
}

/* The resolver is asked for names; nothing is sent to those who have them. */
static int ask_names(struct djobs *q, bool (*wanted)(struct discovery *d, struct find *f))
{
    struct discovery *d = q->d;
    struct djob *j = NULL;
    const bool may = may_ask_resolver(d);
    for (size_t i = 0; i < d->n && may; i++) {
        struct find *f = &d->finds[i];
        if (f->ip.family == 0 || f->name_asked || !wanted(d, f))
            continue;
        if (j == NULL || j->n_addresses == NAMES_AT_ONCE) {
            j = djobs_add(q, DJOB_NAMES, NULL, NULL, false);
            j->addresses = xcalloc(NAMES_AT_ONCE, sizeof *j->addresses);
        }
        j->addresses[j->n_addresses++] = f->ip;
    }
    return djobs_run(q);
}

/* Denied or not. */
static bool is_there(struct discovery *d, struct find *f)
{
    (void)d;
    return f->mac[0] != '\0' || f->reached || f->answered;
}

/* Where never: has names, they are asked for before anything is sent to who may have one of them. */
static int ask_never_names(struct djobs *q, bool (*wanted)(struct discovery *d, struct find *f))
{
    return q->d->site->n_never_names > 0 ? ask_names(q, wanted) : 0;
}

/* The servers of the directory service, by the DNS suffixes that this machine was given. */
static int ask_srv(struct djobs *q)
{
    if (q->d->srv_asked || q->d->link->n_suffixes == 0 || !may_ask_resolver(q->d))
        return 0;
    (void)djobs_add(q, DJOB_SRV, NULL, NULL, false);
    return djobs_run(q);
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
        err = hear(q, wants_gear);
        if (err == 0)
            err = ask_never_names(q, wants_gear);
        for (size_t n = 0; n < CREDENTIALS_MAX && err == 0; n++) {
            size_t now = 0, n_finds = d->n;
            for (size_t i = 0; i < n_finds; i++) {
                struct find *f = &d->finds[i];
                bool again = n > 0 && f->gear_asked && f->credential == NULL && !f->no_snmp && (f->target_gear || f->gear);
                if ((again || (n == 0 && wants_gear(d, f))) && !discover_must_wait(d, f))
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

/* A network's own address, or its broadcast address. */
static bool is_edge(const struct discovery *d, const struct ip *ip)
{
    struct ip up = *ip;
    bool last = !next_ip(&up);
    for (size_t i = 0; i < d->n_networks; i++) {
        const struct cidr *net = &d->networks[i];
        if (net->len < 31 && cidr_contains(net, ip) && (last || ip_equal(ip, &net->ip) || !cidr_contains(net, &up)))
            return true;
    }
    return false;
}

static bool is_own(const struct own_link *l, const struct ip *ip)
{
    for (size_t i = 0; i < l->n_addresses; i++)
        if (ip_equal(&l->addresses[i].ip, ip))
            return true;
    return false;
}

/* Every IPv4 address that may be swept and is not known yet. */
static void sweep(struct discovery *d)
{
    for (size_t i = 0; i < d->n_sweeps && !d->swept; i++) {
        struct ip ip = d->sweeps[i].ip;
        for (bool more = true; more && cidr_contains(&d->sweeps[i], &ip); more = next_ip(&ip)) {
            struct find trial = { .ip = ip };
            if (is_edge(d, &ip) || is_own(d->link, &ip) || !discover_in_scope(d, &ip) || discover_find_ip(d, &ip, false) != NULL || !discover_may_touch(d, &trial, "sweep", false))
                continue;
            struct find *f = discover_find_ip(d, &ip, true);
            if (f != NULL)
                f->swept = true;
        }
    }
    d->swept = true;
}

/* --- single addresses ------------------------------------------------------------------------------------------------------------ */

static bool may_touch_somehow(struct discovery *d, struct find *f)
{
    return discover_in_scope(d, &f->ip) && discover_method(d, f) != NULL;
}

/* Connections: to all ports that are permitted where the maker is known, else to one. *knocked: how many of these. */
static int ask_contacts(struct djobs *q, size_t *knocked)
{
    size_t n = q->d->n;
    *knocked = 0;
    for (size_t i = 0; i < n; i++) {
        struct find *f = &q->d->finds[i];
        bool lone = discover_is_lone(f) && !f->target_gear;
        if (f->ip.family == 0 || (lone ? f->knocked : f->contacted) || !discover_in_scope(q->d, &f->ip) || !discover_may_connect(q->d, f) || discover_must_wait(q->d, f))
            continue;
        bool queued = djobs_add(q, lone ? DJOB_KNOCK : DJOB_CONTACT, f, NULL, f->target_gear) != NULL;
        *knocked += lone && queued;
    }
    return djobs_run(q);
}

/* A router resolves an address when the first packet goes through it: now its ARP table may name the makers of those that were knocked at. */
static int ask_routers_again(struct djobs *q)
{
    for (size_t i = 0; i < q->d->n; i++) {
        struct find *f = &q->d->finds[i];
        if (f->gear_asked && f->credential != NULL && discover_may_touch(q->d, f, "snmp", true))
            (void)djobs_add(q, DJOB_AGAIN, f, f->credential, true);
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
    for (size_t n = 0; n < CREDENTIALS_MAX && err == 0; n++) {
        size_t queued = 0;
        for (size_t i = 0; i < q->d->n; i++) {
            struct find *f = &q->d->finds[i];
            bool lone = discover_is_lone(f) && !f->target_gear;
            if (lone || f->ip.family == 0 || f->credential != NULL || f->gear_asked || f->no_snmp || is_unreachable(f) || !discover_in_scope(q->d, &f->ip))
                continue;
            if (discover_may_touch(q->d, f, "snmp", f->target_gear) && !discover_must_wait(q->d, f))
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

/* A server shows one kind of key at a time. Of those that are no targets yet the kinds are asked for that known_hosts has: one of them may be known by it. */
static int ask_other_keys(struct djobs *q)
{
    const char *kinds[DISCOVER_MAX_KEYS];
    const size_t n_kinds = discover_known_kinds(q->d, kinds, DISCOVER_MAX_KEYS);
    for (size_t i = 0; i < q->d->n; i++) {
        struct find *f = &q->d->finds[i];
        if (f->known != NULL || f->n_host_keys == 0 || !discover_may_touch(q->d, f, "ssh", f->target_gear))
            continue;
        for (size_t k = 0; k < n_kinds; k++)
            if (!discover_has_key(f, kinds[k]))
                (void)djobs_add(q, DJOB_KEYS, f, kinds[k], f->target_gear);
    }
    return djobs_run(q);
}

static int ask_services(struct djobs *q)
{
    for (size_t i = 0; i < q->d->n; i++) {
        struct find *f = &q->d->finds[i];
        if (is_open(f, 22) && f->n_host_keys == 0 && discover_may_touch(q->d, f, "ssh", f->target_gear))
            (void)djobs_add(q, DJOB_KEYS, f, NULL, f->target_gear);
        if (is_open(f, 389) && f->ldap_product == NULL && discover_may_touch(q->d, f, "ldap", f->target_gear))
            (void)djobs_add(q, DJOB_DIRECTORY, f, NULL, f->target_gear);
    }
    int err = djobs_run(q);
    return err != 0 ? err : ask_other_keys(q);
}

/* All steps, each round of them with what the one before has told. */
static int ask_all(struct djobs *q)
{
    struct discovery *d = q->d;
    int err = ask_srv(q);
    for (int round = 0; round < ROUNDS_MAX && err == 0; round++) {
        size_t before = d->n_jobs, knocked = 0;
        err = ask_gear(q);
        sweep(d);
        if (err == 0)
            err = hear(q, may_touch_somehow);
        if (err == 0)
            err = ask_never_names(q, may_touch_somehow);
        if (err == 0)
            err = ask_contacts(q, &knocked);
        if (err == 0 && knocked > 0)
            err = ask_routers_again(q);
        if (err == 0)
            err = ask_systems(q);
        if (err == 0 && d->n_jobs == before)
            break;
    }
    if (err == 0)
        err = ask_services(q);
    return err != 0 ? err : ask_names(q, is_there);
}

int discover_run(struct discovery *d, struct zygote *z, collect_progress_fn progress, void *progress_ctx)
{
    struct djobs q;
    const struct timespec now = { 0 };
    sigset_t stops, old;
    sigemptyset(&stops);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGTERM);
    djobs_init(&q, d, z);
    q.progress = progress;
    q.progress_ctx = progress_ctx;
    int err = journal_open(&q, d->o->resume);
    if (err != 0) {
        djobs_clear(&q);
        return err;
    }
    sigprocmask(SIG_BLOCK, &stops, &old);    /* a Ctrl-C between two batches waits for the next, which stops at it */
    err = ask_all(&q);
    while (sigtimedwait(&stops, NULL, &now) > 0)
        ;                            /* one of the last moment must not end us before what was found is written */
    sigprocmask(SIG_SETMASK, &old, NULL);
    journal_end(&q, err == 0);
    djobs_clear(&q);
    return err;
}

/* --- before ------------------------------------------------------------------------------------------------------------------------ */

void discover_forecast(struct discovery *d, struct discover_forecast *out)
{
    *out = (struct discover_forecast){ 0 };
    discover_mark_stand_ins(d);
    sweep(d);
    for (size_t i = 0; i < d->n; i++) {
        struct find *f = &d->finds[i];
        bool gear = f->target_gear || f->gear;
        if (f->swept) {
            out->n_sweep++;
            out->n_direct += discover_on_link(d, &f->ip);
        } else if (gear && discover_may_touch(d, f, "snmp", true))
            out->n_gear++;
        else if (f->denied != NULL)
            out->n_denied++;
        else if (discover_method(d, f) != NULL)
            out->n_known++;
        else
            out->n_unknown++;
    }
}

bool discover_may_send_arp(void)
{
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);      /* protocol 0: it receives nothing */
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}
