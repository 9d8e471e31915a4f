/* The map of a site: which devices there are, how they are connected, and what a check says is too slow. A model made of facts alone, which
 * the renderers (map_dot.c, map_svg.c) draw. Only for src/report/. Parent. What is not known is not drawn: a link without a speed has none. */
#ifndef PREOP_REPORT_MAP_H
#define PREOP_REPORT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "report/report.h"

/* --- what it is made of ------------------------------------------------------------------------------------------------ */

struct map_device { const char *name, *role, *address, *sys_name, *maker, *model; bool read; };     /* read: it told of itself */
struct map_port {
    size_t device;
    const char *name, *descr, *alias, *role, *mac;       /* NULL: not known */
    int64_t if_index, speed_mbps;                        /* -1: not known */
    bool up;
    double load_percent;                                 /* the worst hour's 95th percentile in the busier direction; -1: not known */
    const char *fails;                                   /* ids of checks that fail there: "NET-LAN-01, NET-LAN-02"; NULL: none */
};
struct map_heard { size_t device; const char *port, *chassis, *their_port, *their_descr, *sys_name, *address, *platform, *capabilities; int64_t if_index; };
struct map_seen { size_t device; const char *mac, *port; int64_t if_index; };        /* a hardware address behind a switch's port */
struct map_arp { size_t device; const char *address, *mac, *port; };
struct map_own { size_t device; const char *address; };
struct map_facts {
    struct arena *arena;
    struct map_device *devices; size_t n_devices;
    struct map_port *ports; size_t n_ports;
    struct map_heard *heard; size_t n_heard;
    struct map_seen *seen; size_t n_seen;
    struct map_arp *arp; size_t n_arp;
    struct map_own *own; size_t n_own;
    const char *(*maker)(const char *mac);               /* who made it, by its address; NULL when no table of makers is at hand */
};
/* Of the report's run. map_facts_free() it. */
int map_facts_load(struct store *s, const struct report *r, struct map_facts *out) MUST_CHECK;
void map_facts_free(struct map_facts *f);

/* --- what comes of it --------------------------------------------------------------------------------------------------- */

enum map_kind { MAP_INTERNET, MAP_FIREWALL, MAP_ROUTER, MAP_SWITCH, MAP_ACCESS_POINT, MAP_SERVER, MAP_STORAGE, MAP_PRINTER, MAP_PHONE, MAP_CAMERA, MAP_POWER, MAP_COMPUTER, MAP_OTHER, MAP_KINDS };
const char *map_kind_word(enum map_kind kind, size_t n);         /* "switch", "switches" */

#define MAP_LINES_MAX 12             /* of one list; what is beyond is counted */

/* A device, or a list of several of one kind behind one device. */
struct map_node {
    enum map_kind kind;
    const char *name, *detail, *address;                 /* of a list: name NULL */
    bool read;                                           /* false: only seen by others */
    const char *fails;                                   /* checks that fail at its ports which no link is drawn for */
    size_t n;                                            /* how many devices; 1 for a device */
    const char *lines[MAP_LINES_MAX]; size_t n_lines;    /* of a list */
    size_t level;                                        /* from 0, the way in from outside */
};
struct map_link {
    size_t from, to;                                     /* nodes; from is not further inside than to */
    const char *from_port, *to_port;                     /* NULL: not known, or several */
    int64_t speed_mbps, speed_max_mbps;                  /* -1: not known; a list's links may differ */
    double load_percent;                                 /* -1: not known */
    const char *fails;
    const char *how;                                     /* "LLDP", "CDP", "MAC table", "ARP" */
};
struct map {
    struct arena *arena;
    struct map_node *nodes; size_t n_nodes;
    struct map_link *links; size_t n_links;
    size_t n_devices, n_unread;                          /* devices that were read; things that were only seen */
};
/* From facts; map_free() it. The facts may go afterwards. */
void map_make(const struct map_facts *f, struct map *out);
void map_free(struct map *m);

#define MAP_LOAD_FULL 80.0           /* percent of an interface's speed: nothing bursts through above it */
bool map_link_is_full(const struct map_link *l);         /* measured at MAP_LOAD_FULL or more */
/* "1 Gb/s", "100 Mb/s to 1 Gb/s", "speed unknown". */
void map_speed_text(const struct map_link *l, struct buf *out);
/* What a screen reader says: nodes and links, a line each. */
void map_describe(const struct map *m, struct buf *out);
void map_node_text(const struct map_node *n, struct buf *out);
void map_link_text(const struct map *m, const struct map_link *l, struct buf *out);

/* In Graphviz's language; title: what stands above. */
void map_dot(const struct map *m, const char *title, struct buf *out);
/* dot's SVG made fit to stand in a page of ours: texts for those who cannot see it, nothing that runs or loads. ERR_FORMAT when something else
 * than drawing is in it. */
int map_svg_finish(const struct map *m, const char *title, const char *svg, size_t len, struct buf *out) MUST_CHECK;

#endif
