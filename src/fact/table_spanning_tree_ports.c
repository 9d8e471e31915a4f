/* The declaration of spanning_tree_ports. Constants only. */
#include "fact/table_spanning_tree_ports.h"

static const struct fact_column columns[] = {
    [SPANNING_TREE_PORTS_BRIDGE_PORT] = { "bridge_port", FACT_INTEGER, FACT_KEY, NULL, "BRIDGE-MIB::dot1dStpPort", "The port's number within the bridge" },
    [SPANNING_TREE_PORTS_IF_INDEX] = { "if_index", FACT_INTEGER, 0, NULL, "BRIDGE-MIB::dot1dBasePortIfIndex", "The interface's number; joins interfaces.if_index" },
    [SPANNING_TREE_PORTS_INTERFACE] = { "interface", FACT_TEXT, FACT_LABEL, NULL, "IF-MIB::ifName, else ifDescr", "The interface's name" },
    [SPANNING_TREE_PORTS_STATE] = { "state", FACT_TEXT, FACT_VOLATILE, NULL, "BRIDGE-MIB::dot1dStpPortState", "disabled, blocking, listening, learning, forwarding, broken" },
    [SPANNING_TREE_PORTS_ENABLED] = { "enabled", FACT_BOOLEAN, 0, NULL, "BRIDGE-MIB::dot1dStpPortEnable", "Spanning tree is on at this port" },
    [SPANNING_TREE_PORTS_PATH_COST] = { "path_cost", FACT_INTEGER, 0, NULL, "RSTP-MIB::dot1dStpPortPathCost32, else BRIDGE-MIB::dot1dStpPortPathCost", "Cost of going through it" },
    [SPANNING_TREE_PORTS_EDGE] = { "edge", FACT_BOOLEAN, 0, NULL, "RSTP-MIB::dot1dStpPortOperEdgePort", "It leads to no other switch, as far as the protocol sees" },
    [SPANNING_TREE_PORTS_TRANSITIONS] = { "transitions", FACT_INTEGER, FACT_VOLATILE, NULL, "BRIDGE-MIB::dot1dStpPortForwardTransitions", "Times that it began to forward" },
};
_Static_assert(sizeof columns / sizeof columns[0] == SPANNING_TREE_PORTS_COLUMNS, "every column is declared");

const struct fact_table fact_spanning_tree_ports =
    FACT_TABLE_DECLARE("spanning_tree_ports", "Spanning tree of each port: state, cost, transitions", FILLED_BY_PROBE, 0, columns);
