/* Rows of `spanning_tree` and `spanning_tree_ports` from BRIDGE-MIB (RFC 4188), RSTP-MIB (RFC 4318) and Cisco's extensions. Pure. */
#include "probes/snmp/snmp_sources.h"

#include <string.h>
#include "fact/table_spanning_tree.h"
#include "fact/table_spanning_tree_ports.h"

#define BRIDGE_ID_LEN 8              /* two bytes of priority, then the address */

enum { ROOT, PROTOCOL, PRIORITY, SINCE, CHANGES, COST, ROOT_PORT, ADDRESS, TREE_VERSION, TREE_OBJECTS };
enum { PORT_STATE, PORT_ENABLE, PORT_COST, PORT_TRANSITIONS, PORT_COST_32, PORT_COLUMNS };

static const char *const tree_objects[TREE_OBJECTS] = {
    [ROOT] = "1.3.6.1.2.1.17.2.5.0", [PROTOCOL] = "1.3.6.1.2.1.17.2.1.0", [PRIORITY] = "1.3.6.1.2.1.17.2.2.0", [SINCE] = "1.3.6.1.2.1.17.2.3.0", [CHANGES] = "1.3.6.1.2.1.17.2.4.0",
    [COST] = "1.3.6.1.2.1.17.2.6.0", [ROOT_PORT] = "1.3.6.1.2.1.17.2.7.0", [ADDRESS] = "1.3.6.1.2.1.17.1.1.0", [TREE_VERSION] = "1.3.6.1.2.1.17.2.16.0" };
static const char *const cisco_objects[] = { "1.3.6.1.4.1.9.9.82.1.6.1.0" };
static const char *const port_objects[PORT_COLUMNS] = {
    [PORT_STATE] = "1.3.6.1.2.1.17.2.15.1.3", [PORT_ENABLE] = "1.3.6.1.2.1.17.2.15.1.4", [PORT_COST] = "1.3.6.1.2.1.17.2.15.1.5", [PORT_TRANSITIONS] = "1.3.6.1.2.1.17.2.15.1.10",
    [PORT_COST_32] = "1.3.6.1.2.1.17.2.15.1.11" };
static const char *const edge_objects[] = { "1.3.6.1.2.1.17.2.19.1.3" };

/* --- spanning_tree ----------------------------------------------------------------------------------------------------------- */

enum { TREE_SELF, TREE_CISCO, TREE_PORTS, TREE_PARTS };

static void set_root(const struct snmp_view *v, const struct snmp_value *root, struct fact_row *row, struct arena *mem)
{
    const struct snmp_table *t = v->parts[TREE_SELF];
    const struct snmp_value *own = snmp_table_get(t, 0, ADDRESS);
    int64_t port;
    fact_set_str(row, SPANNING_TREE_ROOT_MAC, snmp_mac_text(root->bytes + 2, 6, mem));
    fact_set_int(row, SPANNING_TREE_ROOT_PRIORITY, root->bytes[0] << 8 | root->bytes[1]);
    if (own != NULL && own->type == SNMP_OCTETS && own->len == 6) {
        fact_set_str(row, SPANNING_TREE_BRIDGE_MAC, snmp_mac_text(own->bytes, 6, mem));
        fact_set_int(row, SPANNING_TREE_IS_ROOT, memcmp(own->bytes, root->bytes + 2, 6) == 0);
    }
    if (!snmp_table_number(t, 0, ROOT_PORT, &port) || port <= 0 || port > 65535)
        return;
    fact_set_int(row, SPANNING_TREE_ROOT_PORT, port);
    fact_set_str(row, SPANNING_TREE_ROOT_INTERFACE, snmp_interface_name(v->interfaces, snmp_bridge_port_interface(v->parts[TREE_PORTS], port), mem));
}

static void set_version(const struct snmp_view *v, struct fact_row *row)
{
    static const char *const versions[] = { "stpCompatible", NULL, "rstp", "mstp" };
    static const char *const cisco[] = { NULL, "pvstPlus", "mistp", "mistpPvstPlus", "mst", "rapidPvstPlus" };
    const char *word = snmp_word(v->parts[TREE_CISCO], 0, 0, cisco, N_ELEMENTS(cisco));
    fact_set_str(row, SPANNING_TREE_VERSION, word != NULL ? word : snmp_word(v->parts[TREE_SELF], 0, TREE_VERSION, versions, N_ELEMENTS(versions)));
}

/* Without a root there is no tree: agents whose spanning tree is off have zeros there. */
static void tree_rows(const struct snmp_view *v)
{
    static const uint8_t none[6];
    static const char *const protocols[] = { NULL, NULL, "decLb100", "ieee8021d" };
    const struct snmp_table *t = v->parts[TREE_SELF];
    const struct snmp_value *root = snmp_table_get(t, 0, ROOT);
    int64_t since;
    if (root == NULL || root->type != SNMP_OCTETS || root->len != BRIDGE_ID_LEN || memcmp(root->bytes + 2, none, sizeof none) == 0)
        return;
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_spanning_tree);
    fact_set_str(&row, SPANNING_TREE_PROTOCOL, snmp_word(t, 0, PROTOCOL, protocols, N_ELEMENTS(protocols)));
    set_version(v, &row);
    snmp_set_number(&row, SPANNING_TREE_PRIORITY, t, 0, PRIORITY, 0, 65535);
    set_root(v, root, &row, mem);
    snmp_set_number(&row, SPANNING_TREE_ROOT_COST, t, 0, COST, 0, INT32_MAX);
    snmp_set_number(&row, SPANNING_TREE_TOPOLOGY_CHANGES, t, 0, CHANGES, 0, UINT32_MAX);
    if (snmp_table_number(t, 0, SINCE, &since) && since >= 0)
        fact_set_int(&row, SPANNING_TREE_SINCE_CHANGE_S, since / 100);
    v->emit(v->arg, &row);
    arena_free(mem);
}

static const struct snmp_part tree_parts[TREE_PARTS] = { [TREE_SELF] = SNMP_SINGLES_LED(tree_objects), [TREE_CISCO] = SNMP_SINGLES_OF(snmp_cisco, cisco_objects), [TREE_PORTS] = SNMP_BRIDGE_PORTS };
const struct snmp_source snmp_spanning_tree = { .table = &fact_spanning_tree, .parts = tree_parts, .n_parts = TREE_PARTS, .mandatory = { "1.3.6.1.2.1.17.1.2.0" }, .rows = tree_rows };

/* --- spanning_tree_ports ------------------------------------------------------------------------------------------------------ */

enum { PORTS_SELF, PORTS_EDGE, PORTS_BRIDGE, PORTS_PARTS };

static void set_cost(struct fact_row *row, const struct snmp_table *t, size_t i)
{
    snmp_set_number(row, SPANNING_TREE_PORTS_PATH_COST, t, i, PORT_COST_32, 1, 200000000);
    if (row->v[SPANNING_TREE_PORTS_PATH_COST].kind == FACT_KIND_NULL)
        snmp_set_number(row, SPANNING_TREE_PORTS_PATH_COST, t, i, PORT_COST, 1, 65534);      /* 65535: more than the old column holds */
}

static void port_rows(const struct snmp_view *v)
{
    static const char *const states[] = { NULL, "disabled", "blocking", "listening", "learning", "forwarding", "broken" };
    const struct snmp_table *t = v->parts[PORTS_SELF], *edges = v->parts[PORTS_EDGE];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n, edge;
        int64_t is;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 1)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_spanning_tree_ports);
        fact_set_int(&row, SPANNING_TREE_PORTS_BRIDGE_PORT, index[0]);
        snmp_set_interface(v, snmp_bridge_port_interface(v->parts[PORTS_BRIDGE], index[0]), &row, SPANNING_TREE_PORTS_IF_INDEX, SPANNING_TREE_PORTS_INTERFACE, mem);
        fact_set_str(&row, SPANNING_TREE_PORTS_STATE, snmp_word(t, i, PORT_STATE, states, N_ELEMENTS(states)));
        if (snmp_table_number(t, i, PORT_ENABLE, &is) && (is == 1 || is == 2))
            fact_set_int(&row, SPANNING_TREE_PORTS_ENABLED, is == 1);
        set_cost(&row, t, i);
        if (snmp_table_find(edges, index, 1, &edge) && snmp_table_number(edges, edge, 0, &is) && (is == 1 || is == 2))
            fact_set_int(&row, SPANNING_TREE_PORTS_EDGE, is == 1);
        snmp_set_number(&row, SPANNING_TREE_PORTS_TRANSITIONS, t, i, PORT_TRANSITIONS, 0, UINT32_MAX);
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static const struct snmp_part ports_parts[PORTS_PARTS] = { [PORTS_SELF] = SNMP_COLUMNS_LED(port_objects, 8000), [PORTS_EDGE] = SNMP_COLUMNS(edge_objects, 8000), [PORTS_BRIDGE] = SNMP_BRIDGE_PORTS };
const struct snmp_source snmp_spanning_tree_ports = { .table = &fact_spanning_tree_ports, .parts = ports_parts, .n_parts = PORTS_PARTS, .mandatory = { "1.3.6.1.2.1.17.1.2.0" }, .rows = port_rows };
