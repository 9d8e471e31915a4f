/* The map while it is made: single things and wires, before they are put into lists and levels. Only for map.c and map_arrange.c. */
#ifndef PREOP_REPORT_MAP_BUILD_H
#define PREOP_REPORT_MAP_BUILD_H

#include "report/map.h"

struct map_entry { const char *key; size_t value; };
struct map_index { struct map_entry *v; size_t n, cap; bool sorted; };

struct map_thing {
    enum map_kind kind;
    const char *name, *detail, *address, *mac;           /* NULL: not known */
    bool read, wired;
};
/* SIZE_MAX: no such port is known; then the name may be. */
struct map_wire { size_t a, b, port_a, port_b; const char *name_a, *name_b, *how; };

struct map_build {
    const struct map_facts *f;
    struct arena *arena;             /* texts; becomes the map's */
    struct map_thing *nodes; size_t n_nodes, cap_nodes;
    struct map_wire *wires; size_t n_wires, cap_wires;
    struct map_index names, addresses, macs, arp;        /* values: nodes; of arp: its row */
    size_t *node_of;                 /* of a device; SIZE_MAX: not drawn */
    bool *trunk;                     /* of a port: it leads on to a switch or router */
    size_t *behind;                  /* of a port: hardware addresses seen there */
    size_t *seen_ports;              /* of a sighting: its port */
};

/* Leaves of one kind at one device become a list, everything gets its level, and out is filled; takes b's arena. */
void map_arrange(struct map_build *b, struct map *out);

#endif
