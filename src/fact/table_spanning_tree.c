/* The declaration of spanning_tree. Constants only. */
#include "fact/table_spanning_tree.h"

static const struct fact_column columns[] = {
    [SPANNING_TREE_PROTOCOL] = { "protocol", FACT_TEXT, FACT_KEY, NULL, "BRIDGE-MIB::dot1dStpProtocolSpecification", "ieee8021d, decLb100; NULL when it does not say" },
    [SPANNING_TREE_VERSION] = { "version", FACT_TEXT, 0, NULL, "RSTP-MIB::dot1dStpVersion, CISCO-STP-EXTENSIONS-MIB::stpxSpanningTreeType", "stpCompatible, rstp, mstp; Cisco: pvstPlus, rapidPvstPlus, mst, ..." },
    [SPANNING_TREE_PRIORITY] = { "priority", FACT_INTEGER, 0, NULL, "BRIDGE-MIB::dot1dStpPriority", "The bridge's own priority; the lowest becomes root, 32768 is the factory's value" },
    [SPANNING_TREE_BRIDGE_MAC] = { "bridge_mac", FACT_MAC, 0, NULL, "BRIDGE-MIB::dot1dBaseBridgeAddress", "The bridge's own address" },
    [SPANNING_TREE_ROOT_MAC] = { "root_mac", FACT_MAC, 0, NULL, "BRIDGE-MIB::dot1dStpDesignatedRoot", "The root bridge's address" },
    [SPANNING_TREE_ROOT_PRIORITY] = { "root_priority", FACT_INTEGER, 0, NULL, "BRIDGE-MIB::dot1dStpDesignatedRoot", "The root bridge's priority" },
    [SPANNING_TREE_IS_ROOT] = { "is_root", FACT_BOOLEAN, 0, NULL, "root_mac and bridge_mac", "This device is the root" },
    [SPANNING_TREE_ROOT_COST] = { "root_cost", FACT_INTEGER, 0, NULL, "BRIDGE-MIB::dot1dStpRootCost", "Cost of the way to the root; 0 at the root" },
    [SPANNING_TREE_ROOT_PORT] = { "root_port", FACT_INTEGER, 0, NULL, "BRIDGE-MIB::dot1dStpRootPort", "The port that leads to the root; NULL at the root" },
    [SPANNING_TREE_ROOT_INTERFACE] = { "root_interface", FACT_TEXT, 0, NULL, "BRIDGE-MIB::dot1dBasePortIfIndex with IF-MIB::ifName", "Its name" },
    [SPANNING_TREE_TOPOLOGY_CHANGES] = { "topology_changes", FACT_INTEGER, FACT_VOLATILE, NULL, "BRIDGE-MIB::dot1dStpTopChanges", "Times that the network's shape changed since the device started" },
    [SPANNING_TREE_SINCE_CHANGE_S] = { "since_change_s", FACT_INTEGER, FACT_VOLATILE, "s", "BRIDGE-MIB::dot1dStpTimeSinceTopologyChange", "Time since it last did" },
};
_Static_assert(sizeof columns / sizeof columns[0] == SPANNING_TREE_COLUMNS, "every column is declared");

const struct fact_table fact_spanning_tree =
    FACT_TABLE_DECLARE("spanning_tree", "Spanning tree as a switch sees it: root, cost, topology changes", FILLED_BY_PROBE, 0, columns);
