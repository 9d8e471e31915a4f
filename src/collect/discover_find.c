/* Finds: one for each address, and whether it may be touched. Parent only. */
#include "collect/discover.h"

#include <stdarg.h>
#include <string.h>
#include "base/clock.h"
#include "base/mac.h"
#include "base/text.h"

#define TEXT_MAX_BYTES 200

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
    if (d->n == DISCOVER_MAX_FINDS)
        return NULL;
    if (d->finds == NULL)            /* all at once, so that a find keeps its place in memory: pages that are not used cost nothing */
        d->finds = xcalloc(DISCOVER_MAX_FINDS, sizeof *d->finds);
    struct find *f = &d->finds[d->n];
    *f = (struct find){ .services = -1, .device = d->n };
    d->n++;
    return f;
}

static void find_target(struct discovery *d, struct find *f)
{
    struct ip ip;
    for (size_t i = 0; i < d->site->n_targets && f->known == NULL; i++)
        if (d->site->targets[i].host != NULL && ip_parse(d->site->targets[i].host, &ip) && ip_equal(&ip, &f->ip))
            f->known = &d->site->targets[i];
}

struct find *discover_find_ip(struct discovery *d, const struct ip *ip, bool make)
{
    for (size_t i = 0; i < d->n; i++)
        if (ip_equal(&d->finds[i].ip, ip))
            return &d->finds[i];
    struct find *f = make ? add(d) : NULL;
    if (f == NULL)
        return NULL;
    f->ip = *ip;
    find_target(d, f);
    const char *mac = own_link_mac(d->link, ip);
    if (mac != NULL)
        discover_set_mac(d, f, mac);
    return f;
}

struct find *discover_find_mac(struct discovery *d, const char *mac, bool make)
{
    for (size_t i = 0; i < d->n; i++)
        if (strcmp(d->finds[i].mac, mac) == 0)
            return &d->finds[i];
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
    (void)snprintf(f->mac, sizeof f->mac, "%s", mac);
    f->maker = makers_find(d->makers, mac);
    const char *entry = permit_never_named(d->site, NULL, mac), *why = deny_why(d->deny, mac, f->maker);
    if (entry != NULL)
        f->denied = arena_printf(d->arena, "'%s' under never:", entry);
    else if (why != NULL)
        f->denied = why;
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
    if (!allowed || named || f->maker != NULL || may_sweep(d, f))
        return allowed;
    f->not_asked = f->mac[0] == '\0' ? "nobody knows its maker, and its network is not permitted with the method sweep" : "its hardware address names no maker, and its network is not permitted with the method sweep";
    return false;
}
