/* Roles of interfaces. Pure. */
#include "probes/snmp/snmp_roles.h"

#include <string.h>
#include "base/mem.h"
#include "fact/table_interfaces.h"
#include "fact/table_neighbors.h"
#include "fact/table_routes.h"
#include "fact/table_vlan_ports.h"

#define NOTES_MAX 200000
#define ROUTER_INTERFACES 2          /* a device with networks behind one interface is a host: its way out is no WAN link */
#define TAGGED_FEW 1                 /* VLANs with a tag on a port for people: a phone's */

enum what { GEAR = 1, LEAF = 2, WAY_OUT = 4, DEFAULT_ROUTE = 8, TAGGED = 16, UNTAGGED = 32, ROUTED = 64 };
struct note { int64_t if_index; enum what what; };

struct snmp_roles {
    struct note *notes;
    size_t n, cap;
    bool sorted;
    size_t n_routed;                 /* interfaces with networks behind them, once sorted */
};

struct snmp_roles *snmp_roles_new(void)
{
    return xcalloc(1, sizeof(struct snmp_roles));
}

void snmp_roles_free(struct snmp_roles *r)
{
    if (r == NULL)
        return;
    free(r->notes);
    free(r);
}

/* --- taking notes ---------------------------------------------------------------------------------------------------------- */

static void note(struct snmp_roles *r, const struct fact_value *if_index, enum what what)
{
    if (if_index->kind != FACT_KIND_INTEGER || r->n == NOTES_MAX)
        return;
    if (r->n == r->cap) {
        r->cap = r->cap == 0 ? 64 : r->cap * 2;
        r->notes = xrealloc_array(r->notes, r->cap, sizeof *r->notes);
    }
    r->notes[r->n++] = (struct note){ if_index->i, what };
    r->sorted = false;
}

static bool has(const struct fact_value *v, const char *word)
{
    size_t len = strlen(word);
    if (v->kind != FACT_KIND_TEXT)
        return false;
    for (size_t i = 0; i + len <= v->len; i++)
        if (memcmp(v->s + i, word, len) == 0)
            return true;
    return false;
}

static bool is(const struct fact_value *v, const char *text)
{
    return v->kind == FACT_KIND_TEXT && v->len == strlen(text) && memcmp(v->s, text, v->len) == 0;
}

/* Phones bridge the PC behind them, and access points their clients: neither is gear of the network's. */
static void note_neighbor(struct snmp_roles *r, const struct fact_row *row)
{
    const struct fact_value *capabilities = &row->v[NEIGHBORS_CAPABILITIES], *at = &row->v[NEIGHBORS_LOCAL_IF_INDEX];
    if (has(capabilities, "telephone") || has(capabilities, "wlanAccessPoint") || is(capabilities, "stationOnly"))
        note(r, at, LEAF);
    else if (has(capabilities, "bridge") || has(capabilities, "router"))
        note(r, at, GEAR);
}

/* An IPv4 address of the internet, as inet_ntop writes it. */
static bool is_public(const struct fact_value *v)
{
    unsigned b[4] = { 0 };
    size_t part = 0;
    if (v->kind != FACT_KIND_TEXT || v->len > 15)
        return false;
    for (size_t i = 0; i < v->len; i++) {
        if (v->s[i] == '.' && part < 3)
            part++;
        else if (v->s[i] >= '0' && v->s[i] <= '9')
            b[part] = b[part] * 10 + (unsigned)(v->s[i] - '0');
        else
            return false;
    }
    bool own = b[0] == 0 || b[0] == 10 || b[0] == 127 || (b[0] == 172 && b[1] >= 16 && b[1] < 32) || (b[0] == 192 && b[1] == 168) || (b[0] == 100 && b[1] >= 64 && b[1] < 128) || (b[0] == 169 && b[1] == 254);
    return part == 3 && !own && b[0] < 224;
}

/* Every host has routes to itself, to groups and to its link: those are no networks behind an interface. */
static void note_route(struct snmp_roles *r, const struct fact_row *row)
{
    static const char *const own[] = { "127.", "224.", "239.", "255.", "fe80:", "ff", "::1/" };
    const struct fact_value *to = &row->v[ROUTES_DESTINATION], *at = &row->v[ROUTES_IF_INDEX];
    if (row->v[ROUTES_IS_DEFAULT].i == 1) {
        note(r, at, is_public(&row->v[ROUTES_NEXT_HOP]) ? WAY_OUT : DEFAULT_ROUTE);
        return;
    }
    for (size_t i = 0; i < N_ELEMENTS(own); i++)
        if (to->kind != FACT_KIND_TEXT || strncmp(to->s, own[i], strlen(own[i])) == 0)
            return;
    note(r, at, ROUTED);
}

void snmp_roles_note(void *arg, const struct fact_row *row)
{
    struct snmp_roles *r = arg;
    if (row->table == &fact_neighbors)
        note_neighbor(r, row);
    else if (row->table == &fact_routes)
        note_route(r, row);
    else if (row->table == &fact_vlan_ports && row->v[VLAN_PORTS_TAGGED].kind == FACT_KIND_INTEGER)
        note(r, &row->v[VLAN_PORTS_IF_INDEX], row->v[VLAN_PORTS_TAGGED].i == 1 ? TAGGED : UNTAGGED);
}

/* --- what is known of one interface -------------------------------------------------------------------------------------------- */

struct known { unsigned what; size_t tagged, untagged; };

static int compare(const void *a, const void *b)
{
    const struct note *x = a, *y = b;
    return (x->if_index > y->if_index) - (x->if_index < y->if_index);
}

static void sort(struct snmp_roles *r)
{
    if (!r->sorted && r->n > 0)
        qsort(r->notes, r->n, sizeof *r->notes, compare);
    r->sorted = true;
    r->n_routed = 0;
    int64_t last = -1;
    for (size_t i = 0; i < r->n; i++)
        if (r->notes[i].what == ROUTED && r->notes[i].if_index != last) {
            last = r->notes[i].if_index;
            r->n_routed++;
        }
}

static struct known look(struct snmp_roles *r, int64_t if_index)
{
    struct known k = { 0, 0, 0 };
    size_t low = 0, high = r->n;
    if (!r->sorted)
        sort(r);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->notes[mid].if_index < if_index)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < r->n && r->notes[low].if_index == if_index; low++) {
        k.what |= (unsigned)r->notes[low].what;
        k.tagged += r->notes[low].what == TAGGED;
        k.untagged += r->notes[low].what == UNTAGGED;
    }
    return k;
}

/* --- names ------------------------------------------------------------------------------------------------------------------------ */

/* One of the words, in any case, and after it nothing but a number, or a dot or slash and anything. */
static bool is_called(const struct fact_value *v, const char *const *words)
{
    for (; v->kind == FACT_KIND_TEXT && *words != NULL; words++) {
        size_t len = strlen(*words), i = 0;
        for (; i < len && i < v->len && (v->s[i] | 0x20) == (*words)[i]; i++)
            ;
        if (i < len)
            continue;
        for (; i < v->len && v->s[i] >= '0' && v->s[i] <= '9'; i++)
            ;
        if (i == v->len || v->s[i] == '.' || v->s[i] == '/' || v->s[i] == ':')
            return true;
    }
    return false;
}

static const char *const wan_names[] = { "wan", "wwan", "outside", "untrust", "internet", "isp", "cellular", "lte", NULL };
static const char *const management_names[] = { "mgmt", "management", "oob", "oobm", "fxp0", "me0", "mgt", NULL };
static const char *const wireless_names[] = { "wlan", "wifi", "ath", "wl", "rai", "radio", NULL };
static const char *const virtual_names[] = { "lo", "loopback", "vlan", "null", "docker", "veth", "virbr", "br", "tun", "tap", "dummy", "ifb", "gre", "bond", "tunnel", "cpu", NULL };

/* --- the role ------------------------------------------------------------------------------------------------------------------------ */

/* IANAifType; 244, the other of its cellular kinds, is FreeBSD's number for IPsec */
enum { OTHER = 1, ETHERNET = 6, PPP = 23, LOOPBACK = 24, PROP_VIRTUAL = 53, ETHERNET_FAST = 62, ETHERNET_FAST_FX = 69, WIRELESS = 71, ADSL = 94, SDSL = 96, VDSL = 97, GIGABIT = 117, CABLE = 127, TUNNEL = 131,
       L2_VLAN = 135, L3_VLAN = 136, LAG = 161, SHDSL = 169, BRIDGE = 209, ADSL2 = 230, WWAN = 243, VDSL2 = 251 };

static const char *role_of_type(int64_t type)
{
    switch (type) {
    case LOOPBACK: case PROP_VIRTUAL: case TUNNEL: case L2_VLAN: case L3_VLAN: case LAG: case BRIDGE:
        return "virtual";
    case WIRELESS:
        return "wireless";
    case ADSL: case SDSL: case VDSL: case CABLE: case SHDSL: case ADSL2: case WWAN: case VDSL2:
        return "wan";
    default:
        return NULL;
    }
}

static bool is_ethernet(int64_t type)
{
    return type == ETHERNET || type == ETHERNET_FAST || type == ETHERNET_FAST_FX || type == GIGABIT;
}

static const char *role_of_name(const struct fact_row *row, int64_t type)
{
    const struct fact_value *name = &row->v[INTERFACES_NAME], *descr = &row->v[INTERFACES_DESCR], *alias = &row->v[INTERFACES_ALIAS];
    static const char *const uplink[] = { "uplink", NULL };
    if (is_called(name, wan_names) || is_called(alias, wan_names))
        return "wan";
    if (is_ethernet(type) && (is_called(name, management_names) || is_called(descr, management_names)))
        return "management";
    if (is_called(name, wireless_names))
        return "wireless";
    if (is_called(name, virtual_names))
        return "virtual";
    return is_called(alias, uplink) ? "uplink" : NULL;
}

/* A port of a switch with people's things on it: one VLAN without a tag, and at most a phone's with one. No neighbour that is gear; and where the
 * device does not tell its neighbours, nobody knows. */
static bool is_access(const struct known *k, int64_t type, bool neighbors_known)
{
    bool plain = k->untagged == 1 && k->tagged <= TAGGED_FEW;
    return is_ethernet(type) && (k->what & GEAR) == 0 && plain && neighbors_known;
}

static void set(struct fact_row *row, const char *role, const char *from)
{
    fact_set_str(row, INTERFACES_ROLE, role);
    fact_set_str(row, INTERFACES_ROLE_FROM, from);
}

void snmp_roles_set(struct snmp_roles *r, struct fact_row *row, bool neighbors_known)
{
    const struct fact_value *index = &row->v[INTERFACES_IF_INDEX], *kind = &row->v[INTERFACES_TYPE];
    int64_t type = kind->kind == FACT_KIND_INTEGER ? kind->i : 0;
    struct known k = index->kind == FACT_KIND_INTEGER ? look(r, index->i) : (struct known){ 0, 0, 0 };
    const char *by_type = role_of_type(type), *by_name = role_of_name(row, type);
    if (((k.what & WAY_OUT) != 0 && r->n_routed >= ROUTER_INTERFACES) || ((k.what & DEFAULT_ROUTE) != 0 && type == PPP))
        set(row, "wan", "default route");
    else if (by_type != NULL)
        set(row, by_type, "type");
    else if (by_name != NULL && strcmp(by_name, "uplink") != 0)
        set(row, by_name, "name");
    else if ((k.what & GEAR) != 0)
        set(row, "uplink", "neighbor");
    else if ((k.what & LEAF) != 0)
        set(row, "access", "neighbor");
    else if (by_name != NULL)
        set(row, by_name, "name");
    else if (is_access(&k, type, neighbors_known))
        set(row, "access", "untagged port");
}
