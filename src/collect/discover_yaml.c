/* discovered.yaml. Parent only. Every text in it may be a device's: as a value it is one YAML scalar, in a comment it is one line, whatever it holds. */
#include "collect/discover.h"

#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "site/yaml_put.h"

/* In a comment nothing may end the line: YAML knows more line ends than one. */
static void put_comment(struct buf *out, const char *s)
{
    struct buf safe = BUF_INIT(64 * 1024);
    text_terminal(&safe, s, true);
    buf_append(out, buf_str(&safe), safe.len);
    buf_clear(&safe);
}

static void put_pair(struct buf *out, const char *before, const char *key, const char *value)
{
    if (value == NULL || value[0] == '\0')
        return;
    buf_printf(out, "%s%s: ", before, key);
    yaml_put_scalar(out, value);
}

static void put_ip(struct buf *out, const char *before, const char *key, const struct ip *ip)
{
    char text[IP_TEXT];
    if (ip->family == 0)
        return;
    ip_format(ip, text);
    put_pair(out, before, key, text);
}

/* --- what a comment says of a find ----------------------------------------------------------------------------------------- */

static void say(struct buf *b, const char *before, const char *text)
{
    if (text != NULL && text[0] != '\0')
        buf_printf(b, "%s%s%s", b->len > 0 ? ", " : "", before, text);
}

static void describe(const struct discovery *d, const struct find *f, struct buf *b)
{
    char text[IP_TEXT];
    if (f->vendor != NULL || f->model != NULL)
        buf_printf(b, "%s%s%s", f->vendor != NULL ? f->vendor : "", f->vendor != NULL && f->model != NULL ? " " : "", f->model != NULL ? f->model : "");
    else
        say(b, "", f->platform != NULL ? f->platform : f->sys_descr != NULL ? f->sys_descr : f->lldp_descr);
    say(b, "serial ", f->serial);
    say(b, "calls itself ", f->sys_name != NULL ? f->sys_name : f->lldp_name);
    say(b, "in DNS ", f->dns_name);
    say(b, "directory server ", f->ldap_name != NULL ? f->ldap_name : f->ldap_product);
    say(b, "maker ", f->maker);
    say(b, "", f->mac);
    size_t more = 0;
    for (size_t i = f->device; i != SIZE_MAX; i = d->finds[i].next_of_device)
        if (&d->finds[i] != f && d->finds[i].ip.family != 0 && ++more <= DISCOVER_MAX_LIST) {
            ip_format(&d->finds[i].ip, text);
            say(b, "also at ", text);
        }
    if (more > DISCOVER_MAX_LIST)
        buf_printf(b, " and at %zu more", more - DISCOVER_MAX_LIST);
    bool first = true;
    for (size_t i = 0; i < DISCOVER_PORTS; i++)
        if (f->contacts[i] == CONTACT_OPEN) {
            buf_printf(b, "%s%u", first ? (b->len > 0 ? ", open: " : "open: ") : " ", (unsigned)discover_ports[i]);
            first = false;
        }
    say(b, "", f->ssh_greeting);
    for (size_t i = 0; i < f->n_seen_by; i++)
        say(b, i == 0 ? "seen by " : "", f->seen_by[i]);
}

static void put_seen_by(struct buf *out, const struct find *f)
{
    buf_puts(out, ", seen_by: [");
    for (size_t i = 0; i < f->n_seen_by; i++) {
        buf_puts(out, i > 0 ? ", " : "");
        yaml_put_scalar(out, f->seen_by[i]);
    }
    buf_puts(out, "]");
}

/* --- sections --------------------------------------------------------------------------------------------------------------- */

static const struct find *known_of(const struct discovery *d, const struct find *f)
{
    return d->finds[f->device].device_known;
}

static bool device_answered(const struct discovery *d, const struct find *f)
{
    return d->finds[f->device].device_answered;
}

static bool stands_for_device(const struct discovery *d, const struct find *f)
{
    return f->ip.family != 0 && f->device == (size_t)(f - d->finds);
}

static bool is_new(const struct discovery *d, const struct find *f)
{
    return stands_for_device(d, f) && f->denied == NULL && known_of(d, f) == NULL && !f->moved && device_answered(d, f);
}

static void put_target(struct discovery *d, const struct find *f, const char *name, struct buf *out)
{
    struct buf b = BUF_INIT(32 * 1024);
    const char *role = discover_role(f);
    describe(d, f, &b);
    buf_puts(out, "  # ");
    put_comment(out, b.len > 0 ? buf_str(&b) : "answers, and says nothing of itself");
    buf_puts(out, "\n");
    if (f->credential == NULL && f->ssh_greeting != NULL)
        buf_puts(out, "  # It can be read over SSH: add ssh: with a credential's name.\n");
    if (f->credential == NULL && f->ldap_product != NULL)
        buf_puts(out, "  # It can be read over LDAP: write the address as ldaps://, and add ldap: with a credential's name.\n");
    buf_puts(out, "  - {");
    put_pair(out, "", "name", name);
    put_ip(out, ", ", "address", &f->ip);
    put_pair(out, ", ", "role", role);
    put_pair(out, ", ", "snmp", f->credential);
    buf_puts(out, "}\n");
    buf_clear(&b);
}

static void put_targets(struct discovery *d, struct buf *out)
{
    struct strset taken = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < d->site->n_targets; i++)
        (void)strset_add(&taken, d->site->targets[i].name);
    for (size_t i = 0; i < d->n; i++)
        n += is_new(d, &d->finds[i]);
    buf_printf(out, "\n# New: what answered and is no target of site.yaml yet. `preop discover --merge` adds these lines to it; take out first what you do not want.\ntargets:%s\n", n == 0 ? " []" : "");
    for (size_t i = 0; i < d->n; i++)
        if (is_new(d, &d->finds[i]))
            put_target(d, &d->finds[i], discover_name(d, &d->finds[i], &taken), out);
    strset_clear(&taken);
}

static void put_changes(const struct moves *m, struct buf *out)
{
    buf_printf(out, "\n# Known devices at another address than in site.yaml: change it there by hand when it is so.\nchanges:%s\n", m->n == 0 ? " []" : "");
    for (size_t i = 0; i < m->n; i++) {
        if (!m->v[i].was_asked)
            buf_puts(out, "  # Its address in site.yaml was not asked in this discovery: it may have both.\n");
        buf_puts(out, "  - {");
        put_pair(out, "", "target", m->v[i].target->name);
        put_ip(out, ", ", "address", &m->v[i].f->ip);
        put_pair(out, ", ", "was", m->v[i].target->host);
        put_pair(out, ", ", "because", m->v[i].because);
        buf_puts(out, "}\n");
    }
}

static void put_known(const struct discovery *d, struct buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct find *f = &d->finds[i], *known = known_of(d, f);
        if (known == NULL || known == f || f->ip.family == 0)
            continue;
        buf_puts(out, n++ == 0 ? "\n# Further addresses of targets that site.yaml has: nothing to do.\nalso_at:\n" : "");
        buf_puts(out, "  - {");
        put_pair(out, "", "target", known->known->name);
        put_ip(out, ", ", "address", &f->ip);
        buf_puts(out, "}\n");
    }
    if (n == 0)
        buf_puts(out, "\nalso_at: []\n");
}

static void put_thing(const struct find *f, const char *why, struct buf *out)
{
    bool ip = f->ip.family != 0;
    buf_puts(out, "  - {");
    put_ip(out, "", "address", &f->ip);
    put_pair(out, ip ? ", " : "", "mac", f->mac);
    put_pair(out, ", ", "maker", f->maker);
    put_pair(out, ", ", "name", f->dns_name != NULL ? f->dns_name : f->lldp_name);
    put_pair(out, ", ", "why", why);
    put_seen_by(out, f);
    buf_puts(out, "}\n");
}

enum list { LIST_UNMANAGED, LIST_NEVER, LIST_NOT_ASKED };

static bool in_list(const struct discovery *d, const struct find *f, enum list list)
{
    bool silent = !device_answered(d, f) && known_of(d, f) == NULL;
    bool asked = f->contacted || f->gear_asked || f->ip.family == 0;
    if (f->told)
        return false;
    if (list == LIST_NEVER)
        return f->denied != NULL;
    if (f->denied != NULL || !silent || f->mac[0] == '\0')
        return list == LIST_NOT_ASKED && f->denied == NULL && silent && !asked && f->not_asked != NULL && f->n_seen_by > 0;
    return (list == LIST_UNMANAGED) == asked;
}

/* A denied device of which no table told: what reached it before its maker was known is not hidden. */
static const char *sent_before(const struct find *f)
{
    if (f->contacted || f->answered)
        return " (it was asked before its maker was known)";
    if (f->knocked)
        return " (one TCP connection was made to it before its maker was known)";
    return f->nudged && f->mac[0] != '\0' ? " (one empty datagram reached it before its maker was known)" : "";
}

static void put_list(const struct discovery *d, const char *heading, const char *key, enum list list, struct buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        n += in_list(d, &d->finds[i], list);
    buf_printf(out, "\n# %s\n%s:%s\n", heading, key, n == 0 ? " []" : "");
    for (size_t i = 0; i < d->n; i++) {
        const struct find *f = &d->finds[i];
        if (!in_list(d, f, list))
            continue;
        char *why = list == LIST_NEVER ? xasprintf("%s%s", f->denied, sent_before(f)) : NULL;
        put_thing(f, list == LIST_NOT_ASKED ? f->not_asked : why, out);
        free(why);
    }
}

static void put_notes(struct discovery *d, struct buf *out)
{
    struct discover_notes notes;
    discover_notes(d, &notes);
    buf_printf(out, "\n# What limits this.\nnotes:%s\n", notes.n == 0 ? " []" : "");
    for (size_t i = 0; i < notes.n; i++) {
        buf_puts(out, "  - ");
        yaml_put_scalar(out, notes.v[i]);
        buf_puts(out, "\n");
    }
}

void discover_render(struct discovery *d, const struct moves *moves, struct buf *out)
{
    char at[ISO_LEN];
    iso_format(d->started, at);
    buf_puts(out, "# What preop discover found. preop reads this file only for `preop discover --merge`, and then only its targets.\n"
                  "# Names, roles and makers are what devices, switches and registries say: look before you take them over.\n"
                  "preop: 1\nsite: ");
    yaml_put_scalar(out, d->site->key);
    buf_printf(out, "\nseen_at: \"%s\"\ncomplete: %s\nnetworks: [", at, d->interrupted || d->full ? "false" : "true");
    for (size_t i = 0; i < d->n_networks; i++) {
        char text[CIDR_TEXT];
        cidr_format(&d->networks[i], text);
        buf_printf(out, "%s\"%s\"", i > 0 ? ", " : "", text);
    }
    buf_puts(out, "]\nseen_from: {");
    put_pair(out, "", "interface", d->link->interface[0] != '\0' ? d->link->interface : "none");
    if (d->link->n_addresses > 0)
        put_ip(out, ", ", "address", &d->link->addresses[0].ip);
    put_ip(out, ", ", "gateway", &d->link->gateway);
    put_pair(out, ", ", "label", d->o->vantage);
    buf_puts(out, "}\n");
    put_notes(d, out);
    put_targets(d, out);
    put_changes(moves, out);
    put_known(d, out);
    put_list(d, "Unmanaged: what answered nothing, but stands in an ARP or forwarding table.", "unmanaged", LIST_UNMANAGED, out);
    put_list(d, "Never touched: nothing is sent to these. What stands here is from switches and ARP tables; where a packet went before its maker was known, that stands with it.", "never_touched", LIST_NEVER, out);
    put_list(d, "Not asked: nothing was sent to these either; why stands with each.", "not_asked", LIST_NOT_ASKED, out);
}
