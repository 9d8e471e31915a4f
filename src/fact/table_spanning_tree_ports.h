/* spanning_tree_ports: what spanning tree does with each port of a switch. */
#ifndef PREOP_FACT_TABLE_SPANNING_TREE_PORTS_H
#define PREOP_FACT_TABLE_SPANNING_TREE_PORTS_H
#include "fact/table.h"
enum spanning_tree_ports_column {
    SPANNING_TREE_PORTS_BRIDGE_PORT, SPANNING_TREE_PORTS_IF_INDEX, SPANNING_TREE_PORTS_INTERFACE, SPANNING_TREE_PORTS_STATE, SPANNING_TREE_PORTS_ENABLED,
    SPANNING_TREE_PORTS_PATH_COST, SPANNING_TREE_PORTS_EDGE, SPANNING_TREE_PORTS_TRANSITIONS, SPANNING_TREE_PORTS_COLUMNS
};
extern const struct fact_table fact_spanning_tree_ports;
#endif
