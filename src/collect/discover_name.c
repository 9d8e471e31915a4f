/* Names and roles of finds. Parent only. A guess is a guess: discovered.yaml is read by a person before it becomes targets. */
#include "collect/discover.h"

#include <stdio.h>
#include <string.h>
#include "base/text.h"

#define NAME_MAX_BYTES 40

static const struct { const char *os, *role; } by_os[] = {
    { "fortigate", "firewall" }, { "fortios", "firewall" }, { "panos", "firewall" }, { "asa", "firewall" }, { "pix", "firewall" }, { "ftd", "firewall" }, { "sonicwall", "firewall" }, { "screenos", "firewall" },
    { "pfsense", "firewall" }, { "opnsense", "firewall" }, { "sophos-xg", "firewall" }, { "stormshield", "firewall" }, { "zywall", "firewall" }, { "fireware", "firewall" }, { "gaia", "firewall" },
    { "apc", "ups" }, { "poweralert", "ups" }, { "raritan-pdu", "pdu" }, { "sentry", "pdu" }, { "netbotz", "sensor" },
    { "airos", "access-point" }, { "unifi", "access-point" }, { "zyxelnwa", "access-point" }, { "polycom", "phone" }, { "yealink", "phone" },
    { "jetdirect", "printer" }, { "ricoh", "printer" }, { "sharp", "printer" }, { "toshiba", "printer" }, { "zebra", "printer" }, { "okilan", "printer" }, { "brother", "printer" }, { "lexmark", "printer" },
    { "qnap", "nas" }, { "dsm", "nas" }, { "truenas", "nas" }, { "netapp", "nas" }, { "windows", "server" }, { "linux", "server" }, { "vmware-esxi", "server" }, { "proxmox", "server" },
};

static bool open_at(const struct find *f, uint16_t port)
{
    for (size_t i = 0; i < DISCOVER_PORTS; i++)
        if (discover_ports[i] == port)
            return f->contacts[i] == CONTACT_OPEN;
    return false;
}

static bool has(const char *text, const char *word)
{
    return text != NULL && strstr(text, word) != NULL;
}

static const char *role_by_os(const char *os)
{
    for (size_t i = 0; i < N_ELEMENTS(by_os) && os != NULL; i++)
        if (strcmp(by_os[i].os, os) == 0)
            return by_os[i].role;
    if (has(os, "printer"))
        return "printer";
    return has(os, "ruckuswireless") ? "access-point" : NULL;
}

const char *discover_role(const struct find *f)
{
    const char *role = role_by_os(f->os);
    if (f->ldap_product != NULL || f->ldap_service || (open_at(f, 389) && open_at(f, 53) && open_at(f, 445)))
        return "directory";
    if (role != NULL)
        return role;
    if (has(f->capabilities, "wlanAccessPoint"))
        return "access-point";
    if (has(f->capabilities, "telephone"))
        return "phone";
    if (has(f->capabilities, "router") || (f->services > 0 && (f->services & 4) != 0 && (f->services & 2) == 0 && (f->services & 64) == 0))
        return "router";
    if (has(f->capabilities, "bridge") || (f->services > 0 && (f->services & 2) != 0))
        return "switch";
    if (open_at(f, 3389) || open_at(f, 445))
        return "computer";
    if (open_at(f, 22))
        return "server";
    return f->gear ? "router" : NULL;
}

/* The first part of a host's name, as far as it is [a-z0-9-]; "" when nothing is left. */
static void slug(const char *from, char out[NAME_MAX_BYTES + 1])
{
    size_t n = 0;
    for (const char *p = from; p != NULL && *p != '\0' && *p != '.' && n < NAME_MAX_BYTES; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain)
            out[n++] = c;
        else if (n > 0 && out[n - 1] != '-')
            out[n++] = '-';
    }
    while (n > 0 && out[n - 1] == '-')
        n--;
    out[n] = '\0';
    if (strpbrk(out, "abcdefghijklmnopqrstuvwxyz") == NULL)       /* digits alone are no name */
        out[0] = '\0';
}

static bool taken_with(const struct strset *taken, const char *name, unsigned number)
{
    char numbered[NAME_MAX_BYTES + 16];
    (void)snprintf(numbered, sizeof numbered, "%s-%u", name, number);
    return strset_has(taken, numbered);
}

/* A number that is free behind name. A thousand devices of one name have the numbers from 2 on, so the free one is looked for in leaps, then between them. */
static unsigned free_number(const struct strset *taken, const char *name)
{
    unsigned low = 1, high = 2;      /* low is taken, or the name itself */
    while (taken_with(taken, name, high)) {
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        unsigned middle = low + (high - low) / 2;
        if (taken_with(taken, name, middle))
            low = middle;
        else
            high = middle;
    }
    return high;
}

const char *discover_name(struct discovery *d, const struct find *f, struct strset *taken)
{
    const char *const from[] = { f->sys_name, f->ldap_name, f->dns_name, f->lldp_name };
    char name[NAME_MAX_BYTES + 1] = "";
    for (size_t i = 0; i < N_ELEMENTS(from) && name[0] == '\0'; i++)
        slug(from[i], name);
    if (name[0] == '\0') {
        const char *role = discover_role(f);
        char ip[IP_TEXT];
        ip_format(&f->ip, ip);
        for (char *p = ip; *p != '\0'; p++)
            *p = *p == '.' || *p == ':' ? '-' : *p;
        (void)snprintf(name, sizeof name, "%s-%.30s", role != NULL && strlen(role) < 10 ? role : "host", ip);
    }
    const char *out = strset_has(taken, name) ? arena_printf(d->arena, "%s-%u", name, free_number(taken, name)) : arena_strdup(d->arena, name);
    (void)strset_add(taken, out);
    return out;
}
