/* Rows that workers sent, into finds. Parent only. Rows were checked as frames and normalized; their texts are still a device's words. */
#include "collect/discover.h"

#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_contacts.h"
#include "fact/table_devices.h"
#include "fact/table_directories.h"
#include "fact/table_dns_names.h"
#include "fact/table_interfaces.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_neighbors.h"
#include "fact/table_routes.h"

#define DIRECTORIES_MAX 256

static const char *text_of(struct discovery *d, const struct fact_row *row, int column)
{
    const struct fact_value *v = &row->v[column];
    return v->kind == FACT_KIND_TEXT ? discover_text(d, v->s, v->len) : NULL;
}

static bool ip_of(const struct fact_row *row, int column, struct ip *out)
{
    const struct fact_value *v = &row->v[column];
    char text[IP_TEXT];
    if (v->kind != FACT_KIND_TEXT || v->len >= sizeof text)
        return false;
    memcpy(text, v->s, v->len);
    text[v->len] = '\0';
    return ip_parse(text, out);
}

/* What people call the thing that told us. */
static const char *teller(struct discovery *d, const struct find *from)
{
    if (from == NULL)
        return "this machine";
    if (from->known != NULL)
        return from->known->name;
    if (from->sys_name != NULL)
        return from->sys_name;
    char *text = arena_alloc(d->arena, IP_TEXT);
    ip_format(&from->ip, text);
    return text;
}

/* Addresses of no host: loopback, link-local, multicast. */
static bool is_nobody(const struct ip *ip)
{
    if (ip->family == 4)
        return ip->b[0] == 0 || ip->b[0] == 127 || (ip->b[0] == 169 && ip->b[1] == 254) || ip->b[0] >= 224;
    static const uint8_t loopback[16] = { [15] = 1 }, none[16];
    return memcmp(ip->b, loopback, 16) == 0 || memcmp(ip->b, none, 16) == 0 || ip->b[0] == 0xff || (ip->b[0] == 0xfe && (ip->b[1] & 0xc0) == 0x80);
}

static void add_own(struct find *f, const struct ip *ip)
{
    for (size_t i = 0; i < f->n_own; i++)
        if (ip_equal(&f->own[i], ip))
            return;
    if (f->n_own < DISCOVER_MAX_LIST)
        f->own[f->n_own++] = *ip;
}

static void add_mac(struct find *f, const char *mac)
{
    for (size_t i = 0; i < f->n_macs && mac != NULL; i++)
        if (strcmp(f->macs[i], mac) == 0)
            return;
    if (mac != NULL && f->n_macs < DISCOVER_MAX_LIST)
        f->macs[f->n_macs++] = mac;
}

/* --- what gear knows of others -------------------------------------------------------------------------------------------- */

static void take_arp(struct discovery *d, struct find *from, const struct fact_row *row)
{
    struct ip ip;
    const char *mac = text_of(d, row, ARP_MAC), *type = text_of(d, row, ARP_TYPE);
    if (mac == NULL || !ip_of(row, ARP_ADDRESS, &ip) || (type != NULL && strcmp(type, "invalid") == 0))
        return;
    struct find *f = discover_find_ip(d, &ip, discover_in_scope(d, &ip));        /* gear that a person named may stand elsewhere */
    if (f == NULL)
        return;
    if (f->mac[0] == '\0' || strcmp(f->mac, mac) != 0)
        discover_set_mac(d, f, mac);
    discover_seen_by(d, f, "ARP of %s", teller(d, from));
    if (from != NULL && type != NULL && strcmp(type, "local") == 0)
        add_own(from, &ip);
}

static void take_mac(struct discovery *d, struct find *from, const struct fact_row *row)
{
    const char *mac = text_of(d, row, MAC_ADDRESSES_MAC), *port = text_of(d, row, MAC_ADDRESSES_INTERFACE), *status = text_of(d, row, MAC_ADDRESSES_STATUS);
    if (mac == NULL || from == NULL || (status != NULL && strcmp(status, "invalid") == 0))
        return;
    if (status != NULL && strcmp(status, "self") == 0) {
        add_mac(from, mac);
        return;
    }
    struct find *f = discover_find_mac(d, mac, true);
    if (f != NULL)
        discover_seen_by(d, f, "%s port %s", teller(d, from), port != NULL ? port : "not named");
}

static bool is_gear(const char *capabilities)
{
    return capabilities != NULL && strstr(capabilities, "telephone") == NULL && strstr(capabilities, "station") == NULL &&
           (strstr(capabilities, "bridge") != NULL || strstr(capabilities, "router") != NULL || strstr(capabilities, "switch") != NULL);
}

static void take_neighbor(struct discovery *d, struct find *from, const struct fact_row *row)
{
    struct ip ip;
    const char *id = text_of(d, row, NEIGHBORS_CHASSIS_ID), *id_type = text_of(d, row, NEIGHBORS_CHASSIS_ID_TYPE), *port = text_of(d, row, NEIGHBORS_LOCAL_PORT);
    bool has_mac = id != NULL && id_type != NULL && strcmp(id_type, "macAddress") == 0;
    struct find *f = NULL;
    if (ip_of(row, NEIGHBORS_ADDRESS, &ip) && !is_nobody(&ip))
        f = discover_in_scope(d, &ip) ? discover_find_ip(d, &ip, true) : NULL;
    else if (has_mac)
        f = discover_find_mac(d, id, true);
    if (f == NULL)
        return;
    if (has_mac && f->mac[0] == '\0')
        discover_set_mac(d, f, id);
    f->chassis_id = id;
    f->lldp_name = text_of(d, row, NEIGHBORS_SYS_NAME);
    f->lldp_descr = text_of(d, row, NEIGHBORS_SYS_DESCR);
    f->platform = text_of(d, row, NEIGHBORS_PLATFORM);
    f->capabilities = text_of(d, row, NEIGHBORS_CAPABILITIES);
    f->gear = f->gear || is_gear(f->capabilities);
    const char *protocol = text_of(d, row, NEIGHBORS_PROTOCOL);
    discover_seen_by(d, f, "%s of %s port %s", protocol != NULL && strcmp(protocol, "cdp") == 0 ? "CDP" : "LLDP", teller(d, from), port != NULL ? port : "not named");
}

static void take_route(struct discovery *d, struct find *from, const struct fact_row *row)
{
    struct ip ip;
    if (!ip_of(row, ROUTES_NEXT_HOP, &ip) || is_nobody(&ip) || !discover_in_scope(d, &ip))
        return;
    struct find *f = discover_find_ip(d, &ip, true);
    if (f == NULL || f == from)
        return;
    f->gear = true;
    discover_seen_by(d, f, "a route of %s", teller(d, from));
}

/* --- what it says of itself ------------------------------------------------------------------------------------------------ */

static void take_device(struct discovery *d, struct find *f, const struct fact_row *row)
{
    f->answered = true;
    f->sys_name = text_of(d, row, DEVICES_SYS_NAME);
    f->sys_descr = text_of(d, row, DEVICES_SYS_DESCR);
    f->engine_id = text_of(d, row, DEVICES_ENGINE_ID);
    f->serial = text_of(d, row, DEVICES_SERIAL);
    f->vendor = text_of(d, row, DEVICES_VENDOR);
    f->model = text_of(d, row, DEVICES_MODEL);
    f->os = text_of(d, row, DEVICES_OS);
    f->os_version = text_of(d, row, DEVICES_OS_VERSION);
    f->snmp_version = text_of(d, row, DEVICES_SNMP_VERSION);
    if (row->v[DEVICES_SERVICES].kind == FACT_KIND_INTEGER)
        f->services = row->v[DEVICES_SERVICES].i;
}

static void take_contact(struct discovery *d, struct find *f, const struct fact_row *row)
{
    static const char *const words[] = { [CONTACT_OPEN] = "open", [CONTACT_REFUSED] = "refused", [CONTACT_SILENT] = "silent", [CONTACT_UNREACHABLE] = "unreachable" };
    const char *outcome = text_of(d, row, CONTACTS_OUTCOME), *greeting = text_of(d, row, CONTACTS_GREETING);
    for (size_t i = 0; i < DISCOVER_PORTS; i++) {
        if (row->v[CONTACTS_PORT].kind != FACT_KIND_INTEGER || row->v[CONTACTS_PORT].i != discover_ports[i])
            continue;
        for (size_t k = CONTACT_OPEN; k <= CONTACT_UNREACHABLE && outcome != NULL; k++)
            if (strcmp(outcome, words[k]) == 0)
                f->contacts[i] = (enum contact_outcome)k;
        f->reached = f->reached || f->contacts[i] == CONTACT_OPEN || f->contacts[i] == CONTACT_REFUSED;
        f->answered = f->answered || f->contacts[i] == CONTACT_OPEN;
    }
    if (greeting != NULL)
        f->ssh_greeting = greeting;
}

static void take_name(struct discovery *d, const struct fact_row *row)
{
    struct ip ip;
    const char *type = text_of(d, row, DNS_NAMES_TYPE), *name = text_of(d, row, DNS_NAMES_NAME);
    if (type != NULL && strcmp(type, "PTR") == 0) {
        const char *query = text_of(d, row, DNS_NAMES_QUERY);
        struct find *f = query != NULL && ip_parse(query, &ip) ? discover_find_ip(d, &ip, false) : NULL;
        if (f == NULL)
            return;
        f->name_known = true;
        f->dns_name = name != NULL ? name : f->dns_name;
        return;
    }
    if (type == NULL || name == NULL)
        return;
    char *lower = xstrdup(name);             /* a server of the directory service: by its address, where the answer has it, and by its name (discover_join) */
    text_lower_ascii(lower);
    if (d->directories.n < DIRECTORIES_MAX)
        (void)strset_add(&d->directories, lower);
    free(lower);
    const char *query = text_of(d, row, DNS_NAMES_QUERY);
    struct find *f = query != NULL && ip_of(row, DNS_NAMES_ADDRESS, &ip) && !is_nobody(&ip) && discover_in_scope(d, &ip) ? discover_find_ip(d, &ip, true) : NULL;
    if (f == NULL)
        return;
    f->ldap_service = true;
    discover_seen_by(d, f, "DNS: %s", query);
}

void discover_take_row(struct discovery *d, struct find *from, const struct fact_row *row)
{
    struct ip ip;
    if (row->table == &fact_arp)
        take_arp(d, from, row);
    else if (row->table == &fact_dns_names)
        take_name(d, row);
    else if (from == NULL)
        return;
    else if (row->table == &fact_mac_addresses)
        take_mac(d, from, row);
    else if (row->table == &fact_neighbors)
        take_neighbor(d, from, row);
    else if (row->table == &fact_routes)
        take_route(d, from, row);
    else if (row->table == &fact_devices)
        take_device(d, from, row);
    else if (row->table == &fact_addresses && ip_of(row, ADDRESSES_ADDRESS, &ip) && !is_nobody(&ip))
        add_own(from, &ip);
    else if (row->table == &fact_interfaces)
        add_mac(from, text_of(d, row, INTERFACES_MAC));
    else if (row->table == &fact_contacts)
        take_contact(d, from, row);
    else if (row->table == &fact_directories) {
        from->answered = true;
        from->ldap_name = text_of(d, row, DIRECTORIES_DNS_HOST_NAME);
        from->ldap_product = text_of(d, row, DIRECTORIES_PRODUCT);
    }
}
