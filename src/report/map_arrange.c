/* From single things and wires to what is drawn: leaves of one kind at one device become a list, parallel knowledge one link, and everything
 * gets its level, counted from the way in. Pure. */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "report/map_build.h"

#define NONE SIZE_MAX
#define UNREAD_LINES 4               /* of a list of things that nobody read: examples */

struct arrange {
    struct map_build *b;
    struct map *out;
    size_t *degree, *wire_of;        /* of a thing: its wires, and one of them */
    size_t *drawn;                   /* of a thing: its node on the map */
    size_t cap_nodes, cap_links;
};

static size_t out_node(struct arrange *a, struct map_node n)
{
    struct map *m = a->out;
    if (m->n_nodes == a->cap_nodes) {
        a->cap_nodes = a->cap_nodes == 0 ? 64 : 2 * a->cap_nodes;
        m->nodes = xrealloc_array(m->nodes, a->cap_nodes, sizeof *m->nodes);
    }
    m->nodes[m->n_nodes] = n;
    return m->n_nodes++;
}

static struct map_link *out_link(struct arrange *a, struct map_link l)
{
    struct map *m = a->out;
    if (m->n_links == a->cap_links) {
        a->cap_links = a->cap_links == 0 ? 64 : 2 * a->cap_links;
        m->links = xrealloc_array(m->links, a->cap_links, sizeof *m->links);
    }
    m->links[m->n_links] = l;
    return &m->links[m->n_links++];
}

static const char *joined(struct arena *arena, const char *a, const char *b)
{
    return a == NULL ? b : b == NULL || strstr(a, b) != NULL ? a : arena_printf(arena, "%s, %s", a, b);
}

static const struct map_port *port_at(const struct map_build *b, size_t port)
{
    return port == NONE ? NULL : &b->f->ports[port];
}

/* What both ends of a wire know of it. Where they disagree on the speed, the slower one is what passes. */
static void wire_figures(const struct map_build *b, const struct map_wire *w, struct map_link *l)
{
    const struct map_port *ends[2] = { port_at(b, w->port_a), port_at(b, w->port_b) };
    l->speed_mbps = -1;
    l->load_percent = -1;
    for (size_t i = 0; i < 2; i++) {
        if (ends[i] == NULL)
            continue;
        if (ends[i]->speed_mbps >= 0 && (l->speed_mbps < 0 || ends[i]->speed_mbps < l->speed_mbps))
            l->speed_mbps = ends[i]->speed_mbps;
        if (ends[i]->load_percent > l->load_percent)
            l->load_percent = ends[i]->load_percent;
        l->fails = joined(b->arena, l->fails, ends[i]->fails);
    }
    l->speed_max_mbps = l->speed_mbps;
    l->how = w->how;
}

static const char *port_word(const struct map_build *b, size_t port, const char *name)
{
    return port != NONE && b->f->ports[port].name != NULL ? b->f->ports[port].name : name;
}

/* --- lists --------------------------------------------------------------------------------------------------------------- */

static size_t other_end(const struct map_wire *w, size_t thing)
{
    return w->a == thing ? w->b : w->a;
}

static bool is_leaf(const struct arrange *a, size_t t)
{
    const struct map_thing *n = &a->b->nodes[t];
    return (n->kind > MAP_SWITCH || (n->kind == MAP_OTHER)) && a->degree[t] <= 1;
}

/* Leaves that may share a list: at one device (or at none), of one kind, both read or both not. */
static bool same_list(const struct arrange *a, size_t t, size_t u)
{
    const struct map_thing *x = &a->b->nodes[t], *y = &a->b->nodes[u];
    if (!is_leaf(a, u) || x->kind != y->kind || x->read != y->read || a->degree[t] != a->degree[u])
        return false;
    return a->degree[t] == 0 || other_end(&a->b->wires[a->wire_of[t]], t) == other_end(&a->b->wires[a->wire_of[u]], u);
}

static const char *thing_name(const struct map_thing *n)
{
    return n->name != NULL ? n->name : n->address != NULL ? n->address : n->mac != NULL ? n->mac : "no name";
}

static const char *thing_line(const struct arrange *a, size_t t)
{
    const struct map_build *b = a->b;
    const struct map_thing *n = &b->nodes[t];
    struct map_link l = { .fails = NULL };
    struct buf line = BUF_INIT(4096);
    buf_puts(&line, thing_name(n));
    if (n->detail != NULL && !n->read)
        buf_printf(&line, ", %s", n->detail);
    if (a->degree[t] == 1) {
        const struct map_wire *w = &b->wires[a->wire_of[t]];
        const char *port = w->a == t ? port_word(b, w->port_b, w->name_b) : port_word(b, w->port_a, w->name_a);
        wire_figures(b, w, &l);
        if (port != NULL)
            buf_printf(&line, " at %s", port);
        if (l.speed_mbps >= 0) {
            buf_puts(&line, ", ");
            map_speed_text(&l, &line);
        }
        if (map_link_is_full(&l))
            buf_printf(&line, " ! over capacity: %.0f%%", l.load_percent);
        if (l.fails != NULL)
            buf_printf(&line, " ! %s", l.fails);
    }
    const char *text = arena_strdup(b->arena, buf_str(&line));
    buf_clear(&line);
    return text;
}

/* One link for all of a list: from which speed to which, and everything that is wrong with one of them. */
static void list_link_add(const struct arrange *a, struct map_link *sum, size_t t, bool first)
{
    struct map_link l = { .fails = NULL };
    wire_figures(a->b, &a->b->wires[a->wire_of[t]], &l);
    if (first) {
        size_t from = sum->from, to = sum->to;
        *sum = l;
        sum->from = from;
        sum->to = to;
        return;
    }
    if (l.speed_mbps >= 0 && (sum->speed_mbps < 0 || l.speed_mbps < sum->speed_mbps))
        sum->speed_mbps = l.speed_mbps;
    if (l.speed_mbps > sum->speed_max_mbps)
        sum->speed_max_mbps = l.speed_mbps;
    if (l.load_percent > sum->load_percent)
        sum->load_percent = l.load_percent;
    sum->fails = joined(a->b->arena, sum->fails, l.fails);
}

static bool line_is_wrong(const struct arrange *a, size_t t)
{
    struct map_link l = { .fails = NULL };
    if (a->degree[t] == 1)
        wire_figures(a->b, &a->b->wires[a->wire_of[t]], &l);
    return l.fails != NULL || (a->degree[t] == 1 && map_link_is_full(&l));
}

/* All leaves like t from t on. What is wrong with one comes first: it must not be among those that are only counted. */
static void list_make(struct arrange *a, size_t t)
{
    struct map_build *b = a->b;
    struct map_node n = { .kind = b->nodes[t].kind, .read = b->nodes[t].read };
    size_t most = n.read ? MAP_LINES_MAX : UNREAD_LINES;
    for (int pass = 0; pass < 2; pass++)
        for (size_t u = t; u < b->n_nodes; u++) {
            if (!same_list(a, t, u) || line_is_wrong(a, u) != (pass == 0))
                continue;
            n.n++;
            if (n.n_lines < most)
                n.lines[n.n_lines++] = thing_line(a, u);
        }
    size_t node = out_node(a, n);
    struct map_link l = { .to = node };
    bool first = true;
    for (size_t u = t; u < b->n_nodes; u++) {
        if (!same_list(a, t, u))
            continue;
        a->drawn[u] = node;
        if (a->degree[u] == 1) {
            l.from = other_end(&b->wires[a->wire_of[u]], u);         /* a thing still: settled when all are drawn */
            list_link_add(a, &l, u, first);
            first = false;
        }
    }
    if (!first)
        (void)out_link(a, l);
}

static void nodes_make(struct arrange *a)
{
    struct map_build *b = a->b;
    for (size_t t = 0; t < b->n_nodes; t++)
        a->drawn[t] = NONE;
    for (size_t t = 0; t < b->n_nodes; t++) {
        const struct map_thing *n = &b->nodes[t];
        size_t like = 0;
        if (a->drawn[t] != NONE)
            continue;
        for (size_t u = t; is_leaf(a, t) && u < b->n_nodes && like < 2; u++)
            like += same_list(a, t, u);
        if (like >= 2)
            list_make(a, t);
        else
            a->drawn[t] = out_node(a, (struct map_node){ .kind = n->kind, .name = thing_name(n), .detail = n->detail, .read = n->read, .n = 1,
                                                         .address = n->address != NULL && strcmp(thing_name(n), n->address) != 0 ? n->address : NULL });
    }
    for (size_t i = 0; i < a->out->n_links; i++)
        a->out->links[i].from = a->drawn[a->out->links[i].from];
}

static void links_make(struct arrange *a)
{
    struct map_build *b = a->b;
    for (size_t i = 0; i < b->n_wires; i++) {
        const struct map_wire *w = &b->wires[i];
        size_t from = a->drawn[w->a], to = a->drawn[w->b];
        if (a->out->nodes[from].name == NULL || a->out->nodes[to].name == NULL)
            continue;                /* a list's: drawn already */
        struct map_link *l = out_link(a, (struct map_link){ .from = from, .to = to });
        wire_figures(b, w, l);
        l->from_port = port_word(b, w->port_a, w->name_a);
        l->to_port = port_word(b, w->port_b, w->name_b);
    }
}

/* Checks that fail at a port which no link shows stand at the device. */
static void fails_keep(struct arrange *a)
{
    struct map_build *b = a->b;
    bool *shown = xcalloc(b->f->n_ports + 1, sizeof *shown);
    for (size_t i = 0; i < b->n_wires; i++) {
        if (b->wires[i].port_a != NONE)
            shown[b->wires[i].port_a] = true;
        if (b->wires[i].port_b != NONE)
            shown[b->wires[i].port_b] = true;
    }
    for (size_t i = 0; i < b->f->n_ports; i++) {
        const struct map_port *p = &b->f->ports[i];
        if (p->fails == NULL || shown[i] || b->node_of[p->device] == NONE)
            continue;
        struct map_node *n = &a->out->nodes[a->drawn[b->node_of[p->device]]];
        const char *where = arena_printf(b->arena, "%s at %s", p->fails, p->name != NULL ? p->name : "a port");
        n->fails = joined(b->arena, n->fails, where);
    }
    free(shown);
}

/* --- levels -------------------------------------------------------------------------------------------------------------- */

/* The way in: the internet, else firewall, router, switch; of several the one with most links. */
static size_t root_of(const struct map *m, const bool *done)
{
    size_t best = NONE, best_links = 0;
    for (size_t i = 0; i < m->n_nodes; i++) {
        size_t links = 0;
        if (done[i])
            continue;
        for (size_t k = 0; k < m->n_links; k++)
            links += m->links[k].from == i || m->links[k].to == i;
        if (best == NONE || m->nodes[i].kind < m->nodes[best].kind || (m->nodes[i].kind == m->nodes[best].kind && links > best_links)) {
            best = i;
            best_links = links;
        }
    }
    return best;
}

static void spread(struct map *m, size_t root, bool *done, size_t *queue)
{
    size_t head = 0, tail = 0;
    queue[tail++] = root;
    done[root] = true;
    while (head < tail) {
        size_t at = queue[head++];
        for (size_t k = 0; k < m->n_links; k++) {
            const struct map_link *l = &m->links[k];
            size_t other = l->from == at ? l->to : l->to == at ? l->from : NONE;
            if (other == NONE || done[other])
                continue;
            done[other] = true;
            m->nodes[other].level = m->nodes[at].level + 1;
            queue[tail++] = other;
        }
    }
}

static void levels_set(struct map *m)
{
    bool *done = xcalloc(m->n_nodes + 1, sizeof *done);
    size_t *queue = xcalloc(m->n_nodes + 1, sizeof *queue);
    for (size_t root; (root = root_of(m, done)) != NONE;) {
        m->nodes[root].level = m->nodes[root].kind == MAP_INTERNET ? 0 : m->nodes[root].kind <= MAP_ROUTER ? 1 : 2;
        spread(m, root, done, queue);
    }
    for (size_t k = 0; k < m->n_links; k++) {
        struct map_link *l = &m->links[k];
        if (m->nodes[l->from].level <= m->nodes[l->to].level)
            continue;
        size_t from = l->from;
        const char *port = l->from_port;
        l->from = l->to;
        l->from_port = l->to_port;
        l->to = from;
        l->to_port = port;
    }
    free(done);
    free(queue);
}

void map_arrange(struct map_build *b, struct map *out)
{
    struct arrange a = { .b = b, .out = out };
    *out = (struct map){ .arena = b->arena };
    a.degree = xcalloc(b->n_nodes + 1, sizeof *a.degree);
    a.wire_of = xcalloc(b->n_nodes + 1, sizeof *a.wire_of);
    a.drawn = xcalloc(b->n_nodes + 1, sizeof *a.drawn);
    for (size_t i = 0; i < b->n_wires; i++) {
        a.degree[b->wires[i].a]++;
        a.degree[b->wires[i].b]++;
        a.wire_of[b->wires[i].a] = a.wire_of[b->wires[i].b] = i;
    }
    /* two leaves wired to each other are no list */
    for (size_t i = 0; i < b->n_wires; i++)
        if (is_leaf(&a, b->wires[i].a) && is_leaf(&a, b->wires[i].b))
            a.degree[b->wires[i].a] = 2;
    nodes_make(&a);
    links_make(&a);
    fails_keep(&a);
    for (size_t i = 0; i < b->n_nodes; i++) {
        out->n_devices += b->nodes[i].read && b->nodes[i].kind != MAP_INTERNET;
        out->n_unread += !b->nodes[i].read;
    }
    levels_set(out);
    /* texts of the facts end with them */
    for (size_t i = 0; i < out->n_nodes; i++) {
        struct map_node *n = &out->nodes[i];
        n->name = arena_strdup(b->arena, n->name);
        n->detail = arena_strdup(b->arena, n->detail);
        n->address = arena_strdup(b->arena, n->address);
        n->fails = arena_strdup(b->arena, n->fails);
    }
    for (size_t i = 0; i < out->n_links; i++) {
        struct map_link *l = &out->links[i];
        l->from_port = arena_strdup(b->arena, l->from_port);
        l->to_port = arena_strdup(b->arena, l->to_port);
        l->fails = arena_strdup(b->arena, l->fails);
    }
    free(a.degree);
    free(a.wire_of);
    free(a.drawn);
}
