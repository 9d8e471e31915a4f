/* Guests and patients among those whom a device knows. Pure. */
#include "probes/snmp/snmp_guests.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/cidr.h"
#include "base/mac.h"
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_neighbors.h"
#include "fact/table_vlans.h"

#define VLAN_MAX 4094

/* What one row says of the network behind an interface. Labels (NULL: not of guests) say what clients there are counted under. */
struct hint {
    int64_t if_index;
    int64_t vlan;                    /* that the interface's name speaks of; 0: none */
    const char *named;               /* it is called so */
    const char *own_in, *arp_in;     /* the device's own address there, or one that it has heard, lies in a network of guests */
    bool own_out, arp_out;           /* the same of an IPv4 address outside of them */
};
/* One hardware address in one row. */
struct sighting {
    uint64_t mac;
    int64_t if_index, vlan;          /* ARP: the interface; forwarding table: the VLAN */
    const char *in;                  /* ARP: its address lies in this network of guests */
    bool is_arp, own, out;           /* own: of the device's own interfaces; out: ARP with an IPv4 address outside of those networks */
};
struct verdict { uint64_t mac; bool is_guest; };

struct snmp_guests {
    const struct guests *told;
    struct arena *mem;
    const char *vlans[VLAN_MAX + 1];         /* labels; NULL: not known to be of guests */
    struct hint *hints; size_t n_hints, cap_hints;           /* after the conclusion: one an interface, by number; `named` is the label */
    struct sighting *seen; size_t n_seen, cap_seen;
    struct verdict *macs; size_t n_macs;
    struct ip *own; size_t n_own, cap_own;
    struct guest_tally tally;
};

struct snmp_guests *snmp_guests_new(const struct guests *told)
{
    struct snmp_guests *g = xcalloc(1, sizeof *g);
    g->told = told;
    g->mem = arena_new();
    for (int vlan = 1; vlan <= VLAN_MAX; vlan++) {           /* the site file may list the number */
        char number[12];
        const char *label = NULL;
        snprintf(number, sizeof number, "%d", vlan);
        if (guests_of_cell(told, number, &label) == GUESTS_YES)
            g->vlans[vlan] = arena_printf(g->mem, "VLAN %d", vlan);
    }
    return g;
}

void snmp_guests_free(struct snmp_guests *g)
{
    if (g == NULL)
        return;
    free(g->hints);
    free(g->seen);
    free(g->macs);
    free(g->own);
    arena_free(g->mem);
    free(g);
}

/* --- what rows say --------------------------------------------------------------------------------------------------------- */

static void *room_for_one(void *v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return v;
    *cap = *cap == 0 ? 64 : 2 * *cap;
    return xrealloc_array(v, *cap, size);
}

static struct hint *add_hint(struct snmp_guests *g, int64_t if_index)
{
    g->hints = room_for_one(g->hints, g->n_hints, &g->cap_hints, sizeof *g->hints);
    g->hints[g->n_hints] = (struct hint){ .if_index = if_index };
    return &g->hints[g->n_hints++];
}

static struct sighting *add_sighting(struct snmp_guests *g, uint64_t mac)
{
    g->seen = room_for_one(g->seen, g->n_seen, &g->cap_seen, sizeof *g->seen);
    g->seen[g->n_seen] = (struct sighting){ .mac = mac };
    return &g->seen[g->n_seen++];
}

static bool text_at(const struct fact_row *row, int column, char *out, size_t size)
{
    const struct fact_value *v = &row->v[column];
    if (v->kind != FACT_KIND_TEXT || v->len == 0 || v->len >= size)
        return false;
    memcpy(out, v->s, v->len);
    out[v->len] = '\0';
    return true;
}

static bool ip_at(const struct fact_row *row, int column, struct ip *ip)
{
    char text[IP_TEXT];
    return text_at(row, column, text, sizeof text) && ip_parse(text, ip);
}

static bool mac_at(const struct fact_row *row, int column, uint64_t *mac)
{
    char text[24];
    unsigned bits;
    return text_at(row, column, text, sizeof text) && mac_prefix_parse(text, mac, &bits) && bits == 48;
}

static int64_t number_at(const struct fact_row *row, int column)
{
    return row->v[column].kind == FACT_KIND_INTEGER ? row->v[column].i : 0;
}

/* Of every network, so of none. */
static bool is_link_local(const struct ip *ip)
{
    return ip->family == 4 ? ip->b[0] == 169 && ip->b[1] == 254 : ip->b[0] == 0xfe && (ip->b[1] & 0xc0) == 0x80;
}

/* The label of the network of guests that an address lies in; NULL: none. *out: an IPv4 address outside of all. A list of IPv4 networks says
 * nothing of IPv6 addresses. */
static const char *network_of(const struct snmp_guests *g, const struct ip *ip, bool *out)
{
    char text[IP_TEXT];
    const char *label = NULL;
    ip_format(ip, text);
    *out = !guests_hold(g->told, text, &label) && ip->family == 4 && !is_link_local(ip);
    return label;
}

/* "Vlan30", "Vl 30", "irb.30", "eth0.30": the VLAN that a routed interface is for. 0: its name does not say. */
static int64_t vlan_of_name(const char *name)
{
    size_t len = strlen(name), at = len;
    int64_t vlan = 0;
    while (at > 0 && isdigit((unsigned char)name[at - 1]))
        at--;
    if (at == 0 || len - at < 1 || len - at > 4)
        return 0;
    for (size_t i = at; i < len; i++)
        vlan = vlan * 10 + (name[i] - '0');
    bool behind_dot = at > 1 && name[at - 1] == '.' && isalpha((unsigned char)name[0]);
    while (at > 0 && !isalnum((unsigned char)name[at - 1]))
        at--;
    bool is_vlan = (at >= 4 && strncasecmp(name + at - 4, "vlan", 4) == 0) || (at == 2 && strncasecmp(name, "vl", 2) == 0);
    return (behind_dot || is_vlan) && vlan <= VLAN_MAX ? vlan : 0;
}

static void note_name(struct snmp_guests *g, struct hint *h, const struct snmp_value *v)
{
    struct buf b = BUF_INIT(4096);
    if (v != NULL && snmp_text(&b, v) && !b.overflow) {
        const char *name = arena_strdup(g->mem, buf_str(&b)), *label;
        if (h->named == NULL && guests_of_link(g->told, name, &label))
            h->named = label;
        if (h->vlan == 0)
            h->vlan = vlan_of_name(name);
    }
    buf_clear(&b);
}

void snmp_guests_interfaces(struct snmp_guests *g, const struct snmp_table *t)
{
    static const size_t names[] = { IFX_NAME, IF_DESCR, IFX_ALIAS };
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        const uint32_t *index = snmp_table_index(t, i, &n);
        const struct snmp_value *phys = snmp_table_get(t, i, IF_PHYS_ADDRESS);
        if (n != 1)
            continue;
        struct hint *h = add_hint(g, index[0]);
        for (size_t k = 0; k < N_ELEMENTS(names); k++)
            note_name(g, h, snmp_table_get(t, i, names[k]));
        if (phys == NULL || phys->type != SNMP_OCTETS || phys->len != 6)
            continue;
        uint64_t mac = 0;
        for (size_t k = 0; k < 6; k++)
            mac = mac << 8 | phys->bytes[k];
        if (mac != 0)
            add_sighting(g, mac)->own = true;
    }
}

static void note_address(struct snmp_guests *g, const struct fact_row *row)
{
    struct ip ip;
    bool out;
    if (!ip_at(row, ADDRESSES_ADDRESS, &ip))
        return;
    g->own = room_for_one(g->own, g->n_own, &g->cap_own, sizeof *g->own);
    g->own[g->n_own++] = ip;
    const char *in = network_of(g, &ip, &out);
    if ((in == NULL && !out) || number_at(row, ADDRESSES_IF_INDEX) <= 0)
        return;
    struct hint *h = add_hint(g, number_at(row, ADDRESSES_IF_INDEX));
    h->own_in = in;
    h->own_out = out;
}

static void note_vlan(struct snmp_guests *g, const struct fact_row *row)
{
    char name[256];
    const char *label;
    int64_t vlan = number_at(row, VLANS_VLAN);
    if (vlan > 0 && vlan <= VLAN_MAX && g->vlans[vlan] == NULL && text_at(row, VLANS_NAME, name, sizeof name) && guests_of_link(g->told, name, &label))
        g->vlans[vlan] = arena_strdup(g->mem, label);
}

static void note_arp(struct snmp_guests *g, const struct fact_row *row)
{
    struct ip ip;
    uint64_t mac;
    bool out;
    if (!mac_at(row, ARP_MAC, &mac) || !ip_at(row, ARP_ADDRESS, &ip))
        return;
    struct sighting *s = add_sighting(g, mac);
    s->is_arp = true;
    s->if_index = number_at(row, ARP_IF_INDEX);
    s->in = network_of(g, &ip, &out);
    s->out = out;
    if (s->in == NULL && !out)
        return;
    struct hint *h = add_hint(g, s->if_index);
    h->arp_in = s->in;
    h->arp_out = out;
}

/* Where a switch does not say which VLAN a forwarding table is for, its number nearly always is the VLAN's. */
static int64_t vlan_of(const struct fact_row *row)
{
    int64_t vlan = number_at(row, MAC_ADDRESSES_VLAN);
    if (vlan <= 0)
        vlan = number_at(row, MAC_ADDRESSES_FDB);
    return vlan > 0 && vlan <= VLAN_MAX ? vlan : 0;
}

static void note_forwarding(struct snmp_guests *g, const struct fact_row *row)
{
    char status[16];
    uint64_t mac;
    if (!mac_at(row, MAC_ADDRESSES_MAC, &mac))
        return;
    struct sighting *s = add_sighting(g, mac);
    s->vlan = vlan_of(row);
    s->own = text_at(row, MAC_ADDRESSES_STATUS, status, sizeof status) && strcmp(status, "self") == 0;
}

void snmp_guests_note(void *arg, const struct fact_row *row)
{
    if (row->table == &fact_addresses)
        note_address(arg, row);
    else if (row->table == &fact_vlans)
        note_vlan(arg, row);
    else if (row->table == &fact_arp)
        note_arp(arg, row);
    else if (row->table == &fact_mac_addresses)
        note_forwarding(arg, row);
}

/* --- what follows from them ------------------------------------------------------------------------------------------------ */

static int by_interface(const void *a, const void *b)
{
    const struct hint *x = a, *y = b;
    return (x->if_index > y->if_index) - (x->if_index < y->if_index);
}

static int by_mac(const void *a, const void *b)
{
    const struct sighting *x = a, *y = b;
    return (x->mac > y->mac) - (x->mac < y->mac);
}

/* Which label a hardware address is counted under must not depend on the order of rows. */
static int by_sighting(const void *a, const void *b)
{
    const struct sighting *x = a, *y = b;
    const int order[] = { by_mac(a, b), (x->if_index > y->if_index) - (x->if_index < y->if_index), (x->vlan > y->vlan) - (x->vlan < y->vlan) };
    for (size_t i = 0; i < N_ELEMENTS(order); i++)
        if (order[i] != 0)
            return order[i];
    return strcmp(x->in != NULL ? x->in : "", y->in != NULL ? y->in : "");
}

static int by_verdict(const void *a, const void *b)
{
    const struct verdict *x = a, *y = b;
    return (x->mac > y->mac) - (x->mac < y->mac);
}

static int by_ip(const void *a, const void *b)
{
    return ip_compare(a, b);
}

static void merge(struct hint *into, const struct hint *h)
{
    into->vlan = into->vlan != 0 ? into->vlan : h->vlan;
    into->named = into->named != NULL ? into->named : h->named;
    into->own_in = into->own_in != NULL ? into->own_in : h->own_in;
    into->arp_in = into->arp_in != NULL ? into->arp_in : h->arp_in;
    into->own_out = into->own_out || h->own_out;
    into->arp_out = into->arp_out || h->arp_out;
}

/* An interface leads to guests when it, or its VLAN, is called so; or when the device's own addresses there all lie in networks of guests; or, where it
 * has told none, the addresses that it has heard there. */
static const char *label_of(const struct snmp_guests *g, const struct hint *h)
{
    if (h->named != NULL)
        return h->named;
    if (h->vlan > 0 && g->vlans[h->vlan] != NULL)
        return g->vlans[h->vlan];
    if (h->own_in != NULL || h->own_out)
        return h->own_out ? NULL : h->own_in;
    return h->arp_out ? NULL : h->arp_in;
}

static void conclude_interfaces(struct snmp_guests *g)
{
    size_t n = 0;
    if (g->n_hints > 0)
        qsort(g->hints, g->n_hints, sizeof *g->hints, by_interface);
    for (size_t i = 0; i < g->n_hints; i++) {
        if (n > 0 && g->hints[n - 1].if_index == g->hints[i].if_index)
            merge(&g->hints[n - 1], &g->hints[i]);
        else
            g->hints[n++] = g->hints[i];
    }
    g->n_hints = n;
    for (size_t i = 0; i < n; i++)
        g->hints[i].named = label_of(g, &g->hints[i]);
    for (size_t i = 0; i < n; i++) {
        const struct hint *h = &g->hints[i];
        if (h->vlan > 0 && h->named != NULL && g->vlans[h->vlan] == NULL)
            g->vlans[h->vlan] = h->named;
    }
}

static const char *interface_label(const struct snmp_guests *g, int64_t if_index)
{
    const struct hint key = { .if_index = if_index }, *h = g->n_hints > 0 ? bsearch(&key, g->hints, g->n_hints, sizeof *g->hints, by_interface) : NULL;
    return h != NULL ? h->named : NULL;
}

/* All rows of one hardware address. ARP counts more than the forwarding table, which knows no addresses: who also has an address outside of the guests'
 * networks is no guest, and only his rows inside of them are left out. */
static void conclude_mac(struct snmp_guests *g, const struct sighting *s, size_t n)
{
    const char *arp = NULL, *forwarding = NULL;
    bool arp_out = false, forwarding_out = false;
    for (size_t i = 0; i < n; i++) {
        if (s[i].own)
            return;
        const char *label = !s[i].is_arp ? g->vlans[s[i].vlan] : s[i].in != NULL ? s[i].in : interface_label(g, s[i].if_index);
        const char **where = s[i].is_arp ? &arp : &forwarding;
        if (label != NULL && *where == NULL)
            *where = label;
        arp_out = arp_out || (s[i].is_arp && label == NULL && s[i].out);
        forwarding_out = forwarding_out || (!s[i].is_arp && label == NULL && s[i].vlan > 0);
    }
    bool only_there = forwarding != NULL && !forwarding_out, is_guest = !arp_out && (arp != NULL || only_there);
    if (arp != NULL || only_there)
        guest_tally_add(&g->tally, arp != NULL ? arp : forwarding);
    g->macs[g->n_macs++] = (struct verdict){ s[0].mac, is_guest };
}

void snmp_guests_conclude(struct snmp_guests *g)
{
    conclude_interfaces(g);
    if (g->n_own > 0)
        qsort(g->own, g->n_own, sizeof *g->own, by_ip);
    if (g->n_seen > 0)
        qsort(g->seen, g->n_seen, sizeof *g->seen, by_sighting);
    g->macs = xcalloc(g->n_seen + 1, sizeof *g->macs);
    for (size_t i = 0, end; i < g->n_seen; i = end) {
        for (end = i + 1; end < g->n_seen && g->seen[end].mac == g->seen[i].mac; end++)
            ;
        conclude_mac(g, g->seen + i, end - i);
    }
}

const struct guest_tally *snmp_guests_tally(const struct snmp_guests *g)
{
    return &g->tally;
}

bool snmp_guests_lack_vlan(const struct snmp_guests *g)
{
    bool forwards = false;
    if (!guests_named(g->told))
        return false;
    for (size_t i = 1; i <= VLAN_MAX; i++)
        if (g->vlans[i] != NULL)
            return false;
    for (size_t i = 0; i < g->n_seen && !forwards; i++)
        forwards = !g->seen[i].is_arp && g->seen[i].vlan > 0;
    return forwards;
}

/* --- rows ------------------------------------------------------------------------------------------------------------------ */

/* *own: one of the device's own interfaces has it. */
static bool mac_is_guest(const struct snmp_guests *g, uint64_t mac, bool *own)
{
    const struct verdict key = { .mac = mac }, *v = g->n_macs > 0 ? bsearch(&key, g->macs, g->n_macs, sizeof *g->macs, by_verdict) : NULL;
    const struct sighting seen = { .mac = mac };
    *own = v == NULL && g->n_seen > 0 && bsearch(&seen, g->seen, g->n_seen, sizeof *g->seen, by_mac) != NULL;
    return v != NULL && v->is_guest;
}

static bool holds_arp(const struct snmp_guests *g, const struct fact_row *row)
{
    struct ip ip;
    uint64_t mac;
    bool own = false, is_guest = mac_at(row, ARP_MAC, &mac) && mac_is_guest(g, mac, &own), out;
    if (!ip_at(row, ARP_ADDRESS, &ip))
        return is_guest;
    if (own || (g->n_own > 0 && bsearch(&ip, g->own, g->n_own, sizeof *g->own, by_ip) != NULL))
        return false;
    return is_guest || network_of(g, &ip, &out) != NULL || interface_label(g, number_at(row, ARP_IF_INDEX)) != NULL;
}

static bool holds_forwarding(const struct snmp_guests *g, const struct fact_row *row)
{
    uint64_t mac;
    bool own = false, is_guest = mac_at(row, MAC_ADDRESSES_MAC, &mac) && mac_is_guest(g, mac, &own);
    return is_guest || (!own && g->vlans[vlan_of(row)] != NULL);
}

/* A computer that says who it is (LLDP), its name among it. */
static bool holds_neighbor(const struct snmp_guests *g, const struct fact_row *row)
{
    static const struct { int column, type; } ids[] = { { NEIGHBORS_CHASSIS_ID, NEIGHBORS_CHASSIS_ID_TYPE }, { NEIGHBORS_PORT_ID, NEIGHBORS_PORT_ID_TYPE } };
    struct ip ip;
    bool out, own;
    if (ip_at(row, NEIGHBORS_ADDRESS, &ip) && network_of(g, &ip, &out) != NULL)
        return true;
    for (size_t i = 0; i < N_ELEMENTS(ids); i++) {
        char type[32];
        uint64_t mac;
        if (!text_at(row, ids[i].type, type, sizeof type))
            continue;
        if (strcmp(type, "macAddress") == 0 && mac_at(row, ids[i].column, &mac) && mac_is_guest(g, mac, &own))
            return true;
        if (strcmp(type, "networkAddress") == 0 && ip_at(row, ids[i].column, &ip) && network_of(g, &ip, &out) != NULL)
            return true;
    }
    return false;
}

bool snmp_guests_hold(const struct snmp_guests *g, const struct fact_row *row)
{
    if (row->table == &fact_arp)
        return holds_arp(g, row);
    if (row->table == &fact_mac_addresses)
        return holds_forwarding(g, row);
    return row->table == &fact_neighbors && holds_neighbor(g, row);
}
