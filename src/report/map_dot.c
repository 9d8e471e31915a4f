/* The map in Graphviz's language, and its words for people. Every text of a device goes through dot_text(): what dot would take for an escape
 * or an entity, and what a terminal would take for a command, is made harmless there. */
#include "report/map.h"

#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

#define WORDS_MAX 44                 /* columns of one text */
#define TITLE_MAX 120
#define RED "#a4001d"
#define INK "#1b1f24"
#define DIM "#57606a"

/* --- words --------------------------------------------------------------------------------------------------------------- */

bool map_link_is_full(const struct map_link *l)
{
    return l->load_percent >= MAP_LOAD_FULL;
}

static void one_speed(int64_t mbps, struct buf *out)
{
    if (mbps >= 1000 && mbps % 100 == 0)
        buf_printf(out, "%g Gb/s", (double)mbps / 1000);
    else
        buf_printf(out, "%lld Mb/s", (long long)mbps);
}

void map_speed_text(const struct map_link *l, struct buf *out)
{
    if (l->speed_mbps < 0) {
        buf_puts(out, "speed unknown");
        return;
    }
    one_speed(l->speed_mbps, out);
    if (l->speed_max_mbps > l->speed_mbps) {
        buf_puts(out, " to ");
        one_speed(l->speed_max_mbps, out);
    }
}

static void kind_text(const struct map_node *n, struct buf *out)
{
    if (n->n > 1)
        buf_printf(out, "%zu %s%s", n->n, n->read ? "" : "unmanaged ", map_kind_word(n->kind, n->n));
    else if (n->kind != MAP_INTERNET)
        buf_printf(out, "%s%s", n->read ? "" : "unmanaged ", map_kind_word(n->kind, 1));
}

void map_node_text(const struct map_node *n, struct buf *out)
{
    if (n->name != NULL)
        buf_printf(out, "%s", n->name);
    if (n->name != NULL && n->kind != MAP_INTERNET)
        buf_puts(out, ", ");
    kind_text(n, out);
    if (n->detail != NULL)
        buf_printf(out, ", %s", n->detail);
    if (n->address != NULL)
        buf_printf(out, ", %s", n->address);
    for (size_t i = 0; i < n->n_lines; i++)
        buf_printf(out, "%s%s", i == 0 ? ": " : "; ", n->lines[i]);
    if (n->n_lines > 0 && n->n > n->n_lines)
        buf_printf(out, "; and %zu more", n->n - n->n_lines);
    if (n->fails != NULL)
        buf_printf(out, "; fails %s", n->fails);
}

static void end_text(const struct map_node *n, const char *port, struct buf *out)
{
    if (n->name != NULL)
        buf_puts(out, n->name);
    else
        kind_text(n, out);
    if (port != NULL)
        buf_printf(out, " %s", port);
}

void map_link_text(const struct map *m, const struct map_link *l, struct buf *out)
{
    end_text(&m->nodes[l->from], l->from_port, out);
    buf_puts(out, " to ");
    end_text(&m->nodes[l->to], l->to_port, out);
    buf_puts(out, ": ");
    map_speed_text(l, out);
    if (l->load_percent >= 0)
        buf_printf(out, ", %.0f%% used in the worst hour", l->load_percent);
    if (map_link_is_full(l))
        buf_puts(out, ", over its capacity");
    if (l->fails != NULL)
        buf_printf(out, ", fails %s", l->fails);
    buf_printf(out, " (known by %s)", l->how);
}

void map_describe(const struct map *m, struct buf *out)
{
    buf_printf(out, "%zu %s read, %zu only seen by others.\n", m->n_devices, m->n_devices == 1 ? "device was" : "devices were", m->n_unread);
    for (size_t i = 0; i < m->n_nodes; i++) {
        map_node_text(&m->nodes[i], out);
        buf_puts(out, ".\n");
    }
    for (size_t i = 0; i < m->n_links; i++) {
        map_link_text(m, &m->links[i], out);
        buf_puts(out, ".\n");
    }
}

/* --- escaping ------------------------------------------------------------------------------------------------------------ */

/* A stranger's text within "..." of a label: cut, without controls, with nothing that dot expands (\N, &lt;). */
static void dot_text_wide(struct buf *out, const char *s, size_t width)
{
    struct buf safe = BUF_INIT(1U << 20), cut = BUF_INIT(4096);
    text_terminal(&safe, s, false);
    text_fit(&cut, buf_str(&safe), width, false);
    for (const char *p = buf_str(&cut); *p != '\0'; p++) {
        if (*p == '"')
            buf_puts(out, "&quot;");
        else if (*p == '&')
            buf_puts(out, "&amp;");
        else if (*p == '<')
            buf_puts(out, "&lt;");
        else if (*p == '>')
            buf_puts(out, "&gt;");
        else if (*p == '\\')
            buf_puts(out, "&#92;");
        else
            buf_putc(out, *p);
    }
    buf_clear(&safe);
    buf_clear(&cut);
}

static void dot_text(struct buf *out, const char *s)
{
    dot_text_wide(out, s, WORDS_MAX);
}

/* --- the drawing --------------------------------------------------------------------------------------------------------- */

static const char *shape_of(const struct map_node *n)
{
    static const char *const shapes[MAP_KINDS] = {
        [MAP_INTERNET] = "ellipse", [MAP_FIREWALL] = "octagon", [MAP_ROUTER] = "hexagon", [MAP_SWITCH] = "box", [MAP_ACCESS_POINT] = "trapezium", [MAP_SERVER] = "box3d",
        [MAP_STORAGE] = "cylinder", [MAP_PRINTER] = "note", [MAP_PHONE] = "box", [MAP_CAMERA] = "box", [MAP_POWER] = "component", [MAP_COMPUTER] = "box", [MAP_OTHER] = "box",
    };
    return n->n > 1 ? "box" : shapes[n->kind];
}

static bool node_is_wrong(const struct map *m, size_t node)
{
    const struct map_node *n = &m->nodes[node];
    for (size_t i = 0; n->n > 1 && i < m->n_links; i++)
        if (m->links[i].to == node && (m->links[i].fails != NULL || map_link_is_full(&m->links[i])))
            return true;
    return n->fails != NULL;
}

static void node_label(const struct map_node *n, struct buf *out)
{
    struct buf kind = BUF_INIT(256);
    const char *newline = n->n > 1 ? "\\l" : "\\n";
    kind_text(n, &kind);
    if (n->name != NULL)
        dot_text(out, n->name);
    if (kind.len > 0) {
        buf_puts(out, n->name != NULL ? "\\n" : "");
        dot_text(out, buf_str(&kind));
    }
    if (n->n > 1)
        buf_puts(out, "\\l");
    if (n->detail != NULL) {
        buf_puts(out, newline);
        dot_text(out, n->detail);
    }
    if (n->address != NULL) {
        buf_puts(out, newline);
        dot_text(out, n->address);
    }
    for (size_t i = 0; i < n->n_lines; i++) {
        dot_text(out, n->lines[i]);
        buf_puts(out, "\\l");
    }
    if (n->n_lines > 0 && n->n > n->n_lines)
        buf_printf(out, "and %zu more\\l", n->n - n->n_lines);
    if (n->fails != NULL) {
        buf_puts(out, "\\n! ");
        dot_text(out, n->fails);
    }
    buf_clear(&kind);
}

static void put_node(const struct map *m, size_t i, struct buf *out)
{
    const struct map_node *n = &m->nodes[i];
    bool wrong = node_is_wrong(m, i);
    buf_printf(out, "  n%zu [id=\"n%zu\" shape=%s style=\"filled%s%s\" fillcolor=\"%s\" color=\"%s\" penwidth=%s%s label=\"", i, i, shape_of(n),
               n->read ? "" : ",dashed", n->n > 1 && n->read ? ",rounded" : "", n->kind <= MAP_ROUTER ? "#e6effa" : n->kind == MAP_SWITCH ? "#eef3e6" : "#ffffff",
               wrong ? RED : INK, wrong ? "2.5" : "1", wrong ? " peripheries=2" : "");
    node_label(n, out);
    buf_puts(out, "\"];\n");
}

static void link_label(const struct map_link *l, struct buf *out)
{
    if (l->from_port != NULL)
        dot_text(out, l->from_port);
    if (l->from_port != NULL && l->to_port != NULL)
        buf_puts(out, " - ");
    if (l->to_port != NULL)
        dot_text(out, l->to_port);
    if (l->from_port != NULL || l->to_port != NULL)
        buf_puts(out, "\\n");
    map_speed_text(l, out);
    if (l->load_percent >= 0)
        buf_printf(out, "\\n%.0f%% used", l->load_percent);
    if (map_link_is_full(l))
        buf_puts(out, "\\n! OVER CAPACITY");
    if (l->fails != NULL) {
        buf_puts(out, "\\n! ");
        dot_text(out, l->fails);
    }
    if (l->fails != NULL || map_link_is_full(l))
        buf_puts(out, "\\n ");        /* a double line is broad: room between it and the words */
}

static void put_link(const struct map *m, size_t i, struct buf *out)
{
    const struct map_link *l = &m->links[i];
    bool wrong = l->fails != NULL || map_link_is_full(l);
    bool told = l->how[0] == 'L';
    buf_printf(out, "  n%zu -> n%zu [id=\"e%zu\" color=\"%s\" penwidth=%s style=%s fontcolor=\"%s\" label=\"", l->from, l->to, i,
               wrong ? RED ":white:" RED : INK, wrong ? "2" : l->speed_mbps >= 10000 ? "3" : l->speed_mbps >= 1000 ? "2" : "1",
               wrong ? "solid" : l->speed_mbps < 0 ? "dotted" : told ? "solid" : "dashed", wrong ? RED : DIM);
    link_label(l, out);
    buf_puts(out, "\"];\n");
}

/* Everything that a sign means, in one box. */
static void put_legend(struct buf *out)
{
    buf_puts(out, "  subgraph cluster_legend {\n    label=\"How to read it\"; fontsize=11; fontcolor=\"" DIM "\"; color=\"#d0d7de\"; style=rounded;\n"
                  "    legend_read [shape=box style=filled fillcolor=\"#ffffff\" color=\"" INK "\" label=\"full frame: a device\\nthat told of itself\" fontsize=9];\n"
                  "    legend_seen [shape=box style=\"filled,dashed\" fillcolor=\"#ffffff\" color=\"" INK "\" label=\"dashed frame, 'unmanaged':\\nonly seen by others\" fontsize=9];\n"
                  "    legend_wrong [shape=box style=filled fillcolor=\"#ffffff\" color=\"" RED "\" penwidth=2.5 peripheries=2 label=\"double red frame or line, and !:\\n"
                  "a check of its capacity fails there,\\nor its line was 80% full or more\" fontsize=9];\n"
                  "    legend_lines [shape=plaintext label=\"full line: its devices tell of it (LLDP, CDP)\\ldashed line: by MAC or ARP table\\ldotted line: speed unknown\\lthicker: 1 Gb/s, 10 Gb/s and more\\l\" fontsize=9];\n  }\n");
}

void map_dot(const struct map *m, const char *title, struct buf *out)
{
    size_t deepest = 0;
    buf_puts(out, "digraph map {\n  graph [rankdir=LR bgcolor=\"#ffffff\" fontname=\"Helvetica,Arial,sans-serif\" fontsize=16 fontcolor=\"" INK "\" labelloc=t nodesep=0.18 ranksep=0.5 label=\"");
    dot_text_wide(out, title, TITLE_MAX);
    if (m->n_nodes == 0)
        buf_puts(out, "\\n\\nNo device of this run told of itself or of its neighbours.");
    buf_puts(out, "\\n\"];\n  node [fontname=\"Helvetica,Arial,sans-serif\" fontsize=10 fontcolor=\"" INK "\" margin=\"0.12,0.06\"];\n"
                  "  edge [dir=none fontname=\"Helvetica,Arial,sans-serif\" fontsize=9];\n");
    for (size_t i = 0; i < m->n_nodes; i++) {
        put_node(m, i, out);
        if (m->nodes[i].level > deepest)
            deepest = m->nodes[i].level;
    }
    for (size_t i = 0; i < m->n_links; i++)
        put_link(m, i, out);
    for (size_t level = 0; level <= deepest; level++) {
        size_t n = 0;
        for (size_t i = 0; i < m->n_nodes; i++)
            n += m->nodes[i].level == level && m->nodes[i].n == 1;
        if (n < 2)
            continue;
        buf_puts(out, "  { rank=same;");
        for (size_t i = 0; i < m->n_nodes; i++)
            if (m->nodes[i].level == level && m->nodes[i].n == 1)
                buf_printf(out, " n%zu;", i);
        buf_puts(out, " }\n");
    }
    put_legend(out);
    buf_puts(out, "}\n");
}
