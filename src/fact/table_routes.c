/* The declaration of routes. Constants only. */
#include "fact/table_routes.h"

static const struct fact_column columns[] = {
    [ROUTES_DESTINATION] = { "destination", FACT_PREFIX, FACT_KEY, NULL, "IP-FORWARD-MIB::inetCidrRouteTable, else ipCidrRouteTable, else RFC1213-MIB::ipRouteTable", "The network; 0.0.0.0/0 and ::/0 are everything else" },
    [ROUTES_NEXT_HOP] = { "next_hop", FACT_ADDRESS, FACT_KEY, NULL, "IP-FORWARD-MIB::inetCidrRouteNextHop, else ipCidrRouteNextHop, else RFC1213-MIB::ipRouteNextHop", "Who is sent the packets; NULL for networks that the device is itself part of" },
    [ROUTES_IF_INDEX] = { "if_index", FACT_INTEGER, FACT_KEY, NULL, "IP-FORWARD-MIB::inetCidrRouteIfIndex, else ipCidrRouteIfIndex, else RFC1213-MIB::ipRouteIfIndex", "The interface's number; joins interfaces.if_index" },
    [ROUTES_INTERFACE] = { "interface", FACT_TEXT, 0, NULL, "IF-MIB::ifName, else ifDescr", "The interface's name" },
    [ROUTES_IS_DEFAULT] = { "is_default", FACT_BOOLEAN, 0, NULL, "destination of length 0", "The way to everything else" },
    [ROUTES_TYPE] = { "type", FACT_TEXT, 0, NULL, "IP-FORWARD-MIB::inetCidrRouteType, else ipCidrRouteType, else RFC1213-MIB::ipRouteType", "local (part of the network), remote (through the next hop), reject, blackhole, other" },
    [ROUTES_PROTOCOL] = { "protocol", FACT_TEXT, 0, NULL, "IP-FORWARD-MIB::inetCidrRouteProto, else ipCidrRouteProto, else RFC1213-MIB::ipRouteProto", "Who put it there, in IANA's word: local, netmgmt (configured), ospf, bgp, rip, ..." },
    [ROUTES_METRIC] = { "metric", FACT_INTEGER, 0, NULL, "IP-FORWARD-MIB::inetCidrRouteMetric1, else ipCidrRouteMetric1, else RFC1213-MIB::ipRouteMetric1", "Cost; lower is preferred. NULL when the protocol has none" },
};
_Static_assert(sizeof columns / sizeof columns[0] == ROUTES_COLUMNS, "every column is declared");

const struct fact_table fact_routes =
    FACT_TABLE_DECLARE("routes", "Routes of a device: which networks it reaches, and through whom", FILLED_BY_PROBE, 0, columns);
