/* The model of the map: who is who among names and addresses, links told by neighbours, and what hangs at which port by the switches' MAC
 * tables. Pure. Everything is looked at in a fixed order, so that the same facts give the same map. */
#include "report/map.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "report/map_build.h"

#define NONE SIZE_MAX

/* --- kinds --------------------------------------------------------------------------------------------------------------- */

static const struct { const char *one, *many; } words[MAP_KINDS] = {
    [MAP_INTERNET] = { "internet", "internet" }, [MAP_FIREWALL] = { "firewall", "firewalls" }, [MAP_ROUTER] = { "router", "routers" }, [MAP_SWITCH] = { "switch", "switches" },
    [MAP_ACCESS_POINT] = { "access point", "access points" }, [MAP_SERVER] = { "server", "servers" }, [MAP_STORAGE] = { "storage", "storage" },
    [MAP_PRINTER] = { "printer", "printers" }, [MAP_PHONE] = { "phone", "phones" }, [MAP_CAMERA] = { "camera", "cameras" }, [MAP_POWER] = { "UPS", "UPSs" },
    [MAP_COMPUTER] = { "computer", "computers" }, [MAP_OTHER] = { "thing", "things" },
};

const char *map_kind_word(enum map_kind kind, size_t n)
{
    return n == 1 ? words[kind].one : words[kind].many;
}

/* A word of the role as people write it in site.yaml. */
static enum map_kind kind_of_role(const char *role)
{
    static const struct { const char *part; enum map_kind kind; } parts[] = {
        { "firewall", MAP_FIREWALL }, { "router", MAP_ROUTER }, { "gateway", MAP_ROUTER }, { "switch", MAP_SWITCH }, { "access-point", MAP_ACCESS_POINT }, { "access point", MAP_ACCESS_POINT },
        { "wireless", MAP_ACCESS_POINT }, { "wifi", MAP_ACCESS_POINT }, { "nas", MAP_STORAGE }, { "storage", MAP_STORAGE }, { "server", MAP_SERVER }, { "directory", MAP_SERVER },
        { "hypervisor", MAP_SERVER }, { "printer", MAP_PRINTER }, { "phone", MAP_PHONE }, { "camera", MAP_CAMERA }, { "dvr", MAP_CAMERA }, { "ups", MAP_POWER }, { "power", MAP_POWER },
        { "workstation", MAP_COMPUTER }, { "computer", MAP_COMPUTER }, { "laptop", MAP_COMPUTER }, { "pc", MAP_COMPUTER },
    };
    char *lower = xstrdup(role != NULL ? role : "");
    enum map_kind kind = MAP_OTHER;
    text_lower_ascii(lower);
    for (size_t i = 0; i < N_ELEMENTS(parts) && kind == MAP_OTHER; i++)
        if (strstr(lower, parts[i].part) != NULL)
            kind = parts[i].kind;
    free(lower);
    return kind;
}

/* What a neighbour says it does (LLDP, CDP). A telephone has a bridge in it, an access point too. */
static enum map_kind kind_of_capabilities(const char *c)
{
    if (c == NULL)
        return MAP_OTHER;
    return strstr(c, "telephone") != NULL ? MAP_PHONE : strstr(c, "wlan") != NULL ? MAP_ACCESS_POINT : strstr(c, "router") != NULL && strstr(c, "bridge") == NULL ? MAP_ROUTER :
           strstr(c, "bridge") != NULL || strstr(c, "switch") != NULL ? MAP_SWITCH : strstr(c, "station") != NULL || strstr(c, "host") != NULL ? MAP_COMPUTER : MAP_OTHER;
}

static bool passes_on(enum map_kind k)
{
    return k <= MAP_SWITCH || k == MAP_ACCESS_POINT;
}

/* --- who is who ---------------------------------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const struct map_entry *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order != 0 ? order : x->value < y->value ? -1 : x->value > y->value;
}

static void index_add(struct map_build *b, struct map_index *x, const char *key, size_t value)
{
    if (key == NULL || key[0] == '\0')
        return;
    if (x->n == x->cap) {
        x->cap = x->cap == 0 ? 64 : 2 * x->cap;
        x->v = xrealloc_array(x->v, x->cap, sizeof *x->v);
    }
    char *copy = arena_strdup(b->arena, key);
    text_lower_ascii(copy);
    x->v[x->n++] = (struct map_entry){ copy, value };
    x->sorted = false;
}

/* NONE when it is not there, or stands for two. */
static size_t index_find(struct map_index *x, const char *key)
{
    if (key == NULL || x->n == 0)
        return NONE;
    if (!x->sorted)
        qsort(x->v, x->n, sizeof *x->v, by_key);
    x->sorted = true;
    char *lower = xstrdup(key);
    text_lower_ascii(lower);
    size_t low = 0, high = x->n, found = NONE;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(x->v[middle].key, lower) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < x->n && strcmp(x->v[low].key, lower) == 0; low++) {
        if (found != NONE && found != x->v[low].value) {
            found = NONE;
            break;
        }
        found = x->v[low].value;
    }
    free(lower);
    return found;
}

static void add_name(struct map_build *b, const char *name, size_t node)
{
    if (name == NULL)
        return;
    index_add(b, &b->names, name, node);
    size_t host = strcspn(name, ".");
    if (host > 0 && name[host] == '.')
        index_add(b, &b->names, arena_strndup(b->arena, name, host), node);
}

static size_t node_add(struct map_build *b, enum map_kind kind, const char *name, bool read)
{
    if (b->n_nodes == b->cap_nodes) {
        b->cap_nodes = b->cap_nodes == 0 ? 64 : 2 * b->cap_nodes;
        b->nodes = xrealloc_array(b->nodes, b->cap_nodes, sizeof *b->nodes);
    }
    b->nodes[b->n_nodes] = (struct map_thing){ .kind = kind, .name = name, .read = read };
    return b->n_nodes++;
}

/* A device is drawn when it told of itself, or when its role says what it is in the network. */
static bool is_drawn(const struct map_device *d)
{
    static const char *const not_things[] = { "evidence", "inventory", "endpoint" };
    for (size_t i = 0; d->role != NULL && i < N_ELEMENTS(not_things); i++)
        if (!d->read && strcmp(d->role, not_things[i]) == 0)
            return false;
    return d->read || (kind_of_role(d->role) != MAP_OTHER && d->address != NULL && strchr(d->address, '/') == NULL);
}

static void devices_take(struct map_build *b)
{
    const struct map_facts *f = b->f;
    b->node_of = arena_array(b->arena, f->n_devices + 1, sizeof *b->node_of);
    for (size_t i = 0; i < f->n_devices; i++) {
        const struct map_device *d = &f->devices[i];
        b->node_of[i] = NONE;
        if (!is_drawn(d))
            continue;
        size_t n = b->node_of[i] = node_add(b, kind_of_role(d->role), d->name, d->read);
        b->nodes[n].address = d->address;
        b->nodes[n].detail = d->maker == NULL ? d->model : d->model == NULL || text_starts_with(d->model, d->maker) ? (d->model != NULL ? d->model : d->maker) :
                             arena_printf(b->arena, "%s %s", d->maker, d->model);
        add_name(b, d->name, n);
        if (d->sys_name != NULL && strcmp(d->sys_name, d->name) != 0)
            add_name(b, d->sys_name, n);
        index_add(b, &b->addresses, d->address, n);
    }
    for (size_t i = 0; i < f->n_own; i++)
        if (b->node_of[f->own[i].device] != NONE && strcmp(f->own[i].address, "127.0.0.1") != 0 && strcmp(f->own[i].address, "::1") != 0)
            index_add(b, &b->addresses, f->own[i].address, b->node_of[f->own[i].device]);
    for (size_t i = 0; i < f->n_ports; i++)
        if (f->ports[i].mac != NULL && b->node_of[f->ports[i].device] != NONE)
            index_add(b, &b->macs, f->ports[i].mac, b->node_of[f->ports[i].device]);
    for (size_t i = 0; i < f->n_seen; i++)
        if (b->node_of[f->seen[i].device] != NONE && b->nodes[b->node_of[f->seen[i].device]].kind == MAP_OTHER)
            b->nodes[b->node_of[f->seen[i].device]].kind = MAP_SWITCH;       /* who forwards is a switch, whatever its role says */
    for (size_t i = 0; i < f->n_arp; i++) {          /* a host without SNMP is known by its address */
        size_t n = index_find(&b->addresses, f->arp[i].address);
        if (n != NONE && index_find(&b->macs, f->arp[i].mac) == NONE)
            index_add(b, &b->macs, f->arp[i].mac, n);
        index_add(b, &b->arp, f->arp[i].mac, i);
    }
}

/* --- ports and links ----------------------------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && text_equal_nocase(a, b);
}

/* A port of a node by what people and protocols call it; NONE when it is not known there. */
static size_t port_find(const struct map_build *b, size_t node, int64_t if_index, const char *name)
{
    for (size_t i = 0; i < b->f->n_ports; i++) {
        const struct map_port *p = &b->f->ports[i];
        if (b->node_of[p->device] == node && ((if_index >= 0 && p->if_index == if_index) || (name != NULL && same_text(p->name, name))))
            return i;
    }
    for (size_t i = 0; name != NULL && i < b->f->n_ports; i++) {
        const struct map_port *p = &b->f->ports[i];
        if (b->node_of[p->device] == node && (same_text(p->descr, name) || same_text(p->mac, name) || same_text(p->alias, name)))
            return i;
    }
    return NONE;
}

static bool same_end(size_t node_a, size_t port_a, const char *name_a, size_t node_b, size_t port_b, const char *name_b)
{
    return node_a == node_b && (port_a == NONE && name_a == NULL ? true : port_b == NONE && name_b == NULL ? true : port_a != NONE && port_b != NONE ? port_a == port_b : same_text(name_a, name_b));
}

/* Both ends tell of one link, and LLDP and CDP both do. */
static bool same_wire(const struct map_wire *x, const struct map_wire *y)
{
    return (same_end(x->a, x->port_a, x->name_a, y->a, y->port_a, y->name_a) && same_end(x->b, x->port_b, x->name_b, y->b, y->port_b, y->name_b)) ||
           (same_end(x->a, x->port_a, x->name_a, y->b, y->port_b, y->name_b) && same_end(x->b, x->port_b, x->name_b, y->a, y->port_a, y->name_a));
}

static void wire_add(struct map_build *b, struct map_wire w)
{
    if (w.a == w.b)
        return;
    for (size_t i = 0; i < b->n_wires; i++)
        if (same_wire(&b->wires[i], &w))
            return;
    if (b->n_wires == b->cap_wires) {
        b->cap_wires = b->cap_wires == 0 ? 64 : 2 * b->cap_wires;
        b->wires = xrealloc_array(b->wires, b->cap_wires, sizeof *b->wires);
    }
    b->wires[b->n_wires++] = w;
    b->nodes[w.a].wired = b->nodes[w.b].wired = true;
}

/* The node that a neighbour is: known by a hardware address, an address or a name of its own; else a new one that nobody read. */
static size_t neighbor_node(struct map_build *b, const struct map_heard *h)
{
    size_t n = index_find(&b->macs, h->chassis);
    if (n == NONE)
        n = index_find(&b->addresses, h->address);
    if (n == NONE)
        n = index_find(&b->names, h->sys_name);
    if (n == NONE && h->sys_name != NULL && strchr(h->sys_name, '.') != NULL) {
        char *host = xstrndup(h->sys_name, strcspn(h->sys_name, "."));
        n = index_find(&b->names, host);
        free(host);
    }
    if (n == NONE)
        n = index_find(&b->names, h->chassis);
    if (n != NONE) {
        if (b->nodes[n].kind == MAP_OTHER)
            b->nodes[n].kind = kind_of_capabilities(h->capabilities);
        return n;
    }
    n = node_add(b, kind_of_capabilities(h->capabilities), h->sys_name != NULL ? h->sys_name : h->chassis != NULL ? h->chassis : h->address, false);
    b->nodes[n].address = h->address;
    b->nodes[n].detail = h->platform != NULL ? h->platform : b->f->maker != NULL && h->chassis != NULL ? b->f->maker(h->chassis) : NULL;
    index_add(b, &b->macs, h->chassis, n);
    add_name(b, h->chassis, n);
    add_name(b, h->sys_name, n);
    index_add(b, &b->addresses, h->address, n);
    return n;
}

static void neighbors_take(struct map_build *b)
{
    for (size_t i = 0; i < b->f->n_heard; i++) {
        const struct map_heard *h = &b->f->heard[i];
        size_t a = b->node_of[h->device];
        if (a == NONE || (h->sys_name == NULL && h->chassis == NULL && h->address == NULL))
            continue;
        size_t other = neighbor_node(b, h);
        struct map_wire w = { .a = a, .b = other, .port_a = port_find(b, a, h->if_index, h->port), .name_a = h->port, .name_b = h->their_port, .how = "LLDP or CDP" };
        w.port_b = port_find(b, other, -1, h->their_port);
        if (w.port_b == NONE && h->their_descr != NULL)
            w.port_b = port_find(b, other, -1, h->their_descr);
        wire_add(b, w);
    }
}

/* --- what hangs at a port ------------------------------------------------------------------------------------------------ */

static bool is_group_address(const char *mac)
{
    static const char *const shared[] = { "00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f" };        /* addresses that redundant gateways share */
    for (size_t i = 0; i < N_ELEMENTS(shared); i++)
        if (text_starts_with(mac, shared[i]))
            return true;
    return strlen(mac) < 2 || strchr("13579bdf", mac[1]) != NULL;
}

static size_t seen_port(const struct map_build *b, const struct map_seen *m)
{
    return port_find(b, b->node_of[m->device], m->if_index, m->port);
}

/* Whether a port leads on to other network devices: what is behind it is theirs. */
static void trunks_find(struct map_build *b)
{
    b->trunk = arena_array(b->arena, b->f->n_ports + 1, sizeof *b->trunk);
    b->behind = arena_array(b->arena, b->f->n_ports + 1, sizeof *b->behind);
    for (size_t i = 0; i < b->n_wires; i++) {
        const struct map_wire *w = &b->wires[i];
        if (w->port_a != NONE && passes_on(b->nodes[w->b].kind) && b->nodes[w->b].kind != MAP_ACCESS_POINT)
            b->trunk[w->port_a] = true;
        if (w->port_b != NONE && passes_on(b->nodes[w->a].kind) && b->nodes[w->a].kind != MAP_ACCESS_POINT)
            b->trunk[w->port_b] = true;
    }
    b->seen_ports = arena_array(b->arena, b->f->n_seen + 1, sizeof *b->seen_ports);
    for (size_t i = 0; i < b->f->n_seen; i++) {
        size_t p = b->seen_ports[i] = b->node_of[b->f->seen[i].device] == NONE ? NONE : seen_port(b, &b->f->seen[i]);
        if (p == NONE)
            continue;
        b->behind[p]++;
        size_t n = index_find(&b->macs, b->f->seen[i].mac);
        if (n != NONE && b->nodes[n].kind == MAP_SWITCH)
            b->trunk[p] = true;
    }
}

struct sighting { const char *mac; size_t at; };

static int by_mac(const void *a, const void *b)
{
    const struct sighting *x = a, *y = b;
    int order = strcmp(x->mac, y->mac);
    return order != 0 ? order : x->at < y->at ? -1 : x->at > y->at;
}

/* The sighting nearest to the thing: at a port that leads on to no switch, with the fewest others behind it. */
static size_t nearest(const struct map_build *b, const struct sighting *s, size_t n)
{
    size_t best = NONE;
    for (size_t i = 0; i < n; i++) {
        size_t p = b->seen_ports[s[i].at];
        if (p != NONE && !b->trunk[p] && (best == NONE || b->behind[p] < b->behind[b->seen_ports[best]]))
            best = s[i].at;
    }
    return best;
}

static void thing_attach(struct map_build *b, const char *mac, size_t at)
{
    size_t port = b->seen_ports[at], sw = b->node_of[b->f->seen[at].device], n = index_find(&b->macs, mac);
    size_t arp = index_find(&b->arp, mac);
    if (n == NONE) {
        n = node_add(b, MAP_OTHER, NULL, false);
        b->nodes[n].mac = mac;
        b->nodes[n].address = arp != NONE ? b->f->arp[arp].address : NULL;
        b->nodes[n].detail = b->f->maker != NULL ? b->f->maker(mac) : NULL;
        index_add(b, &b->macs, mac, n);
    }
    if (!b->nodes[n].wired && !(n == sw))
        wire_add(b, (struct map_wire){ .a = sw, .b = n, .port_a = port, .port_b = NONE, .name_a = b->f->ports[port].name, .how = "MAC table" });
}

static void things_take(struct map_build *b)
{
    struct sighting *s = xcalloc(b->f->n_seen + 1, sizeof *s);
    size_t n = 0;
    for (size_t i = 0; i < b->f->n_seen; i++)
        if (!is_group_address(b->f->seen[i].mac))
            s[n++] = (struct sighting){ b->f->seen[i].mac, i };
    qsort(s, n, sizeof *s, by_mac);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && strcmp(s[end].mac, s[i].mac) == 0; end++)
            continue;
        size_t at = nearest(b, s + i, end - i);
        if (at != NONE)
            thing_attach(b, s[i].mac, at);
    }
    free(s);
    /* what stands in an ARP table only: somewhere behind whoever knows it */
    for (size_t i = 0; i < b->f->n_arp; i++) {
        const struct map_arp *a = &b->f->arp[i];
        size_t router = b->node_of[a->device], n_thing = index_find(&b->macs, a->mac);
        if (router == NONE || is_group_address(a->mac))
            continue;
        if (n_thing == NONE) {
            n_thing = node_add(b, MAP_OTHER, NULL, false);
            b->nodes[n_thing].mac = a->mac;
            b->nodes[n_thing].address = a->address;
            b->nodes[n_thing].detail = b->f->maker != NULL ? b->f->maker(a->mac) : NULL;
            index_add(b, &b->macs, a->mac, n_thing);
        }
        if (!b->nodes[n_thing].wired && n_thing != router && !b->nodes[n_thing].read)
            wire_add(b, (struct map_wire){ .a = router, .b = n_thing, .port_a = NONE, .port_b = NONE, .name_a = a->port, .how = "ARP" });
    }
}

/* --- outside ------------------------------------------------------------------------------------------------------------- */

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = text; p != NULL && *p != '\0'; p++) {
        bool begins = p == text || !((p[-1] >= 'a' && p[-1] <= 'z') || (p[-1] >= 'A' && p[-1] <= 'Z'));
        char *part = begins ? xstrndup(p, len) : NULL;
        bool same = part != NULL && text_equal_nocase(part, word) && !((p[len] >= 'a' && p[len] <= 'z') || (p[len] >= 'A' && p[len] <= 'Z'));
        free(part);
        if (same)
            return true;
    }
    return false;
}

static bool is_way_out(const struct map_build *b, const struct map_port *p)
{
    static const char *const outside[] = { "wan", "internet", "isp", "outside" };
    enum map_kind kind = b->nodes[b->node_of[p->device]].kind;
    if (p->role != NULL && strcmp(p->role, "wan") == 0)
        return true;
    for (size_t i = 0; (kind == MAP_FIREWALL || kind == MAP_ROUTER) && i < N_ELEMENTS(outside); i++)
        if (has_word(p->alias, outside[i]) || has_word(p->name, outside[i]))
            return true;
    return false;
}

static void internet_take(struct map_build *b)
{
    size_t internet = NONE;
    for (size_t i = 0; i < b->f->n_ports; i++) {
        const struct map_port *p = &b->f->ports[i];
        bool wired = false;
        if (b->node_of[p->device] == NONE || !p->up || !is_way_out(b, p))
            continue;
        for (size_t k = 0; k < b->n_wires; k++)
            wired = wired || b->wires[k].port_a == i || b->wires[k].port_b == i;
        if (wired)
            continue;                /* its neighbour is known */
        if (internet == NONE)
            internet = node_add(b, MAP_INTERNET, "Internet", true);
        wire_add(b, (struct map_wire){ .a = internet, .b = b->node_of[p->device], .port_a = NONE, .port_b = i, .name_b = p->name, .how = "by its name or role" });
    }
}

void map_make(const struct map_facts *f, struct map *out)
{
    struct map_build b = { .f = f, .arena = arena_new() };
    devices_take(&b);
    neighbors_take(&b);
    trunks_find(&b);
    things_take(&b);
    internet_take(&b);
    map_arrange(&b, out);
    free(b.names.v);
    free(b.addresses.v);
    free(b.macs.v);
    free(b.arp.v);
    free(b.nodes);
    free(b.wires);
}

void map_free(struct map *m)
{
    arena_free(m->arena);
    free(m->nodes);
    free(m->links);
    *m = (struct map){ .arena = NULL };
}
