/* Finds: one for each address, and whether it may be touched. Parent only. */
#include "collect/discover.h"

#include <stdarg.h>
#include <string.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mac.h"
#include "base/strset.h"
#include "base/text.h"
#include "fact/device_rules.h"

#define TEXT_MAX_BYTES 200
#define SLOTS (2 * DISCOVER_MAX_FINDS)       /* a power of two */
#define SHARED_MAX 4                 /* addresses of one hardware address on our link; more of them, and it answers for others */

/* Finds by address and by hardware address. Slots hold a find's place plus one; 0 is empty. Addresses come from other people's tables: the seed is not
 * theirs to know. */
struct find_index {
    uint64_t seed;
    struct target_at { struct ip ip; const struct target *target; } *targets; size_t n_targets;      /* of site.yaml, by address, then in its order */
    uint32_t by_ip[SLOTS];
    uint32_t by_mac[SLOTS];          /* the first of the slot's finds; the others follow */
    uint32_t next[DISCOVER_MAX_FINDS], before[DISCOVER_MAX_FINDS];       /* of the slot's finds; before 0: the first */
};

static int by_address(const void *a, const void *b)
{
    const struct target_at *x = a, *y = b;
    int order = ip_compare(&x->ip, &y->ip);
    return order != 0 ? order : (x->target > y->target) - (x->target < y->target);
}

static void index_targets(struct discovery *d)
{
    struct find_index *x = d->index;
    x->targets = xcalloc(d->site->n_targets + 1, sizeof *x->targets);
    for (size_t i = 0; i < d->site->n_targets; i++)
        if (d->site->targets[i].host != NULL && ip_parse(d->site->targets[i].host, &x->targets[x->n_targets].ip))
            x->targets[x->n_targets++].target = &d->site->targets[i];
    qsort(x->targets, x->n_targets, sizeof *x->targets, by_address);
}

static struct find_index *index_of(struct discovery *d)
{
    if (d->index == NULL) {
        d->index = xcalloc(1, sizeof *d->index);
        d->index->seed = seed_make();
        index_targets(d);
    }
    return d->index;
}

void discover_index_free(struct discovery *d)
{
    if (d->index != NULL)
        free(d->index->targets);
    free(d->index);
    d->index = NULL;
}

static size_t slot_of(const struct find_index *x, const void *p, size_t len)
{
    return (size_t)(seed_hash(x->seed, p, len) >> 20) & (SLOTS - 1);
}

static size_t ip_len(const struct ip *ip)
{
    return ip->family == 4 ? 4 : 16;
}

/* The slot of ip: its own, or the empty one where it belongs. Half of all slots stay empty, so there is always one. */
static uint32_t *ip_slot(struct find_index *x, const struct discovery *d, const struct ip *ip)
{
    size_t at = slot_of(x, ip->b, ip_len(ip));
    while (x->by_ip[at] != 0 && !ip_equal(&d->finds[x->by_ip[at] - 1].ip, ip))
        at = (at + 1) & (SLOTS - 1);
    return &x->by_ip[at];
}

static void mac_add(struct discovery *d, const struct find *f)
{
    struct find_index *x = index_of(d);
    uint32_t *first = &x->by_mac[slot_of(x, f->mac, strlen(f->mac))];
    const uint32_t place = (uint32_t)(f - d->finds) + 1;
    x->next[place - 1] = *first;
    x->before[place - 1] = 0;
    if (*first != 0)
        x->before[*first - 1] = place;
    *first = place;
}

static void mac_remove(struct discovery *d, const struct find *f)
{
    struct find_index *x = index_of(d);
    const uint32_t place = (uint32_t)(f - d->finds) + 1;
    const uint32_t next = x->next[place - 1], before = x->before[place - 1];
    if (next != 0)
        x->before[next - 1] = before;
    *(before != 0 ? &x->next[before - 1] : &x->by_mac[slot_of(x, f->mac, strlen(f->mac))]) = next;
}

const char *discover_text(struct discovery *d, const char *s, size_t len)
{
    struct buf b = BUF_INIT(4 * TEXT_MAX_BYTES + 16);
    text_clean(&b, s, len < TEXT_MAX_BYTES ? len : TEXT_MAX_BYTES);
    for (size_t i = 0; i < b.len; i++)
        if (b.data[i] == '\n' || b.data[i] == '\t')
            b.data[i] = ' ';
    const char *trimmed = b.len > 0 ? text_trim(b.data) : "";
    const char *out = trimmed[0] != '\0' ? arena_strdup(d->arena, trimmed) : NULL;
    buf_clear(&b);
    return out;
}

static struct find *add(struct discovery *d)
{
    if (d->n == DISCOVER_MAX_FINDS) {
        if (!d->full)
            log_warning("more than %d addresses were told of; the discovery goes on without the rest", DISCOVER_MAX_FINDS);
        d->full = true;
        return NULL;
    }
    if (d->finds == NULL)            /* all at once, so that a find keeps its place in memory: pages that are not used cost nothing */
        d->finds = xcalloc(DISCOVER_MAX_FINDS, sizeof *d->finds);
    struct find *f = &d->finds[d->n];
    *f = (struct find){ .services = -1, .device = d->n };
    d->n++;
    return f;
}

const struct target *discover_target_at(struct discovery *d, const struct ip *ip)
{
    const struct find_index *x = index_of(d);
    size_t low = 0, high = x->n_targets;
    while (low < high) {             /* the first of this address */
        size_t middle = low + (high - low) / 2;
        if (ip_compare(&x->targets[middle].ip, ip) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x->n_targets && ip_equal(&x->targets[low].ip, ip) ? x->targets[low].target : NULL;
}

static int by_place(const void *a, const void *b)
{
    const struct find *x = a, *y = b;
    if (x->ip.family == 0 || y->ip.family == 0)
        return x->ip.family != y->ip.family ? (x->ip.family == 0 ? 1 : -1) : strcmp(x->mac, y->mac);
    return ip_compare(&x->ip, &y->ip);
}

void discover_sort(struct discovery *d)
{
    struct find_index *x = index_of(d);
    if (d->n > 0)
        qsort(d->finds, d->n, sizeof *d->finds, by_place);
    memset(x->by_ip, 0, sizeof x->by_ip);
    memset(x->by_mac, 0, sizeof x->by_mac);
    for (size_t i = d->n; i-- > 0;) {        /* backwards: the first of a hardware address is found first */
        if (d->finds[i].ip.family != 0)
            *ip_slot(x, d, &d->finds[i].ip) = (uint32_t)i + 1;
        if (d->finds[i].mac[0] != '\0')
            mac_add(d, &d->finds[i]);
    }
}

struct find *discover_find_ip(struct discovery *d, const struct ip *ip, bool make)
{
    uint32_t *slot = ip_slot(index_of(d), d, ip);
    if (*slot != 0)
        return &d->finds[*slot - 1];
    struct find *f = make ? add(d) : NULL;
    if (f == NULL)
        return NULL;
    f->ip = *ip;
    *slot = (uint32_t)d->n;
    f->known = discover_target_at(d, ip);
    const char *mac = own_link_mac(d->link, ip);
    if (mac != NULL)
        discover_set_mac(d, f, mac);
    return f;
}

struct find *discover_find_mac(struct discovery *d, const char *mac, bool make)
{
    const struct find_index *x = index_of(d);
    for (uint32_t at = x->by_mac[slot_of(x, mac, strlen(mac))]; at != 0; at = x->next[at - 1])
        if (strcmp(d->finds[at - 1].mac, mac) == 0)
            return &d->finds[at - 1];
    struct find *f = make ? add(d) : NULL;
    if (f != NULL)
        discover_set_mac(d, f, mac);
    return f;
}

void discover_set_mac(struct discovery *d, struct find *f, const char *mac)
{
    uint64_t bits;
    unsigned n;
    if (!mac_prefix_parse(mac, &bits, &n) || n != 48 || bits == 0 || strlen(mac) >= sizeof f->mac)
        return;
    if (f->denied != NULL && f->mac[0] != '\0')
        return;                      /* what was denied once stays so */
    if (f->mac[0] != '\0')
        mac_remove(d, f);
    (void)snprintf(f->mac, sizeof f->mac, "%s", mac);
    mac_add(d, f);
    f->maker = makers_find(d->makers, mac);
    const char *entry = permit_never_named(d->site, NULL, mac), *why = deny_why(d->deny, mac, f->maker);
    if (entry != NULL)
        f->denied = arena_printf(d->arena, "'%s' under never:", entry);
    else if (why != NULL)
        f->denied = why;
}

void discover_add_host_key(struct discovery *d, struct find *f, const char *key)
{
    for (size_t i = 0; i < f->n_host_keys; i++)
        if (strcmp(f->host_keys[i], key) == 0)
            return;
    if (f->n_host_keys < DISCOVER_MAX_KEYS)
        f->host_keys[f->n_host_keys++] = arena_strdup(d->arena, key);
}

bool discover_has_key(const struct find *f, const char *kind)
{
    const size_t n = strlen(kind);
    for (size_t i = 0; i < f->n_host_keys; i++)
        if (strncmp(f->host_keys[i], kind, n) == 0 && f->host_keys[i][n] == ' ')
            return true;
    return false;
}

const char *discover_serial(const struct find *f)
{
    return f->serial != NULL && !device_serial_is_placeholder(f->serial) ? f->serial : NULL;
}

void discover_seen_by(struct discovery *d, struct find *f, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *raw = xvasprintf(fmt, ap);
    va_end(ap);
    const char *text = discover_text(d, raw, strlen(raw));
    free(raw);
    for (size_t i = 0; i < f->n_seen_by && text != NULL; i++)
        if (strcmp(f->seen_by[i], text) == 0)
            return;
    if (text != NULL && f->n_seen_by < DISCOVER_MAX_LIST)
        f->seen_by[f->n_seen_by++] = text;
}

bool discover_in_scope(const struct discovery *d, const struct ip *ip)
{
    char text[IP_TEXT];
    ip_format(ip, text);
    if (d->guests != NULL && guests_hold(d->guests, text, NULL))
        return false;
    for (size_t i = 0; i < d->n_networks; i++)
        if (cidr_contains(&d->networks[i], ip))
            return true;
    return false;
}

static const char *never_name(const struct discovery *d, const struct find *f)
{
    const char *const names[] = { f->known != NULL ? f->known->name : NULL, f->sys_name, f->lldp_name, f->dns_name, f->ldap_name };
    for (size_t i = 0; i < N_ELEMENTS(names); i++) {
        const char *entry = names[i] != NULL ? permit_never_named(d->site, names[i], NULL) : NULL;
        if (entry != NULL)
            return entry;
    }
    return NULL;
}

/* Addresses of unknown maker: only where the method sweep is permitted, too. The owner of a site has permitted it for the networks that he names. */
static bool may_sweep(struct discovery *d, struct find *f)
{
    struct permit p;
    permit_ask(d->site, "sweep", &f->ip, clock_now(), &p);
    bool yes = p.allowed && (!d->site->owner_authorized || d->o->n_networks > 0);
    permit_clear(&p);
    return yes;
}

/* --- hardware addresses, before anything is sent -------------------------------------------------------------------------------- */

/* This machine itself needs no protection from itself. */
static bool is_this_machine(const struct ip *ip)
{
    static const uint8_t loopback[16] = { [15] = 1 };
    return ip->family == 4 ? ip->b[0] == 127 : memcmp(ip->b, loopback, 16) == 0;
}

bool discover_on_link(const struct discovery *d, const struct ip *ip)
{
    return ip->family != 0 && d->link->mac[0] != '\0' && !is_this_machine(ip) && own_link_is_direct(d->link, ip);
}

bool discover_must_hear(const struct discovery *d, const struct find *f)
{
    return !f->arp_asked && f->mac[0] == '\0' && discover_on_link(d, &f->ip);
}

bool discover_must_name(const struct discovery *d, const struct find *f)
{
    return d->site->n_never_names > 0 && !d->o->without_names && f->ip.family != 0 && !f->name_known && f->known == NULL && !f->target_gear;
}

bool discover_must_wait(struct discovery *d, struct find *f)
{
    f->wait = discover_must_hear(d, f) ? WAIT_MAKER : discover_must_name(d, f) ? WAIT_NAME : WAIT_NONE;
    if (f->wait == WAIT_NAME)
        f->not_asked = "never: has names, and nobody could look up its name";
    else if (f->wait == WAIT_MAKER)
        f->not_asked = "nobody knows its maker, and this computer cannot ask for its hardware address: run preop as root or with CAP_NET_RAW, or name it in site.yaml";
    return f->wait != WAIT_NONE;
}

bool discover_is_lone(const struct find *f)
{
    return f->ip.family != 0 && (f->mac[0] == '\0' || f->stand_in) && !is_this_machine(&f->ip);
}

/* A router with proxy ARP answers for every address behind it, with its own hardware address: its maker would pass for theirs. */
void discover_mark_stand_ins(struct discovery *d)
{
    const char *gateway = d->link->gateway.family != 0 ? own_link_mac(d->link, &d->link->gateway) : NULL;
    const struct find_index *x = index_of(d);
    for (size_t i = 0; i < d->n; i++) {
        struct find *f = &d->finds[i];
        size_t same = 0;
        if (f->mac[0] == '\0' || !discover_on_link(d, &f->ip) || ip_equal(&f->ip, &d->link->gateway))
            continue;
        for (uint32_t at = x->by_mac[slot_of(x, f->mac, strlen(f->mac))]; at != 0 && same <= SHARED_MAX; at = x->next[at - 1])
            same += d->finds[at - 1].ip.family != 0 && strcmp(d->finds[at - 1].mac, f->mac) == 0;
        f->stand_in = same > SHARED_MAX || (gateway != NULL && strcmp(gateway, f->mac) == 0);
    }
}

/* Why an address that may be asked otherwise gets nothing (more): NULL when it does. */
static const char *held_back(struct discovery *d, struct find *f, bool named)
{
    if (f->arp_asked && f->mac[0] == '\0' && discover_on_link(d, &f->ip))
        return "nobody on our own link answers for it";
    if (named || (f->maker != NULL && !f->stand_in))
        return NULL;
    if (!may_sweep(d, f))
        return f->stand_in ? "another answers ARP for it, so nobody knows its maker, and its network is not permitted with the method sweep"
             : f->mac[0] == '\0' ? "nobody knows its maker, and its network is not permitted with the method sweep"
                                 : "its hardware address names no maker, and its network is not permitted with the method sweep";
    if (discover_is_lone(f) && f->knocked)
        return "nobody knows its maker: the one TCP connection that sweep permits was made; to have it asked, name it in site.yaml, or permit SNMP to the router before it";
    return NULL;
}

bool discover_may_touch(struct discovery *d, struct find *f, const char *method, bool named)
{
    struct permit p;
    const char *entry = never_name(d, f);
    if (f->denied == NULL && entry != NULL)
        f->denied = arena_printf(d->arena, "'%s' under never:", entry);
    if (f->denied != NULL || f->ip.family == 0)
        return false;
    permit_ask(d->site, method, &f->ip, clock_now(), &p);
    bool allowed = p.allowed;
    const char *reason = arena_strdup(d->arena, p.reason);
    if (p.do_not_touch)
        f->denied = reason;
    else if (!allowed)
        f->not_asked = reason;
    permit_clear(&p);
    const char *why = allowed ? held_back(d, f, named) : NULL;
    if (why != NULL)
        f->not_asked = why;
    return allowed && why == NULL;
}

static const char *first_method(struct discovery *d, struct find *f, bool tcp_only)
{
    static const char *const methods[] = { "snmp", "tcp", "ssh", "ldap", "tls", "smb", "rdp", "dns" };
    for (size_t i = tcp_only; i < N_ELEMENTS(methods); i++)
        if (discover_may_touch(d, f, methods[i], f->target_gear || (i == 0 && f->gear)))
            return methods[i];
    return NULL;
}

const char *discover_method(struct discovery *d, struct find *f)
{
    return first_method(d, f, false);
}

bool discover_may_connect(struct discovery *d, struct find *f)
{
    return first_method(d, f, true) != NULL;
}
