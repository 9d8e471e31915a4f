/* The declaration of tunnels. Constants only. */
#include "fact/table_tunnels.h"

static const struct fact_column columns[] = {
    [TUNNELS_NAME] = { "name", FACT_TEXT, FACT_KEY, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntPhase2Name, else fgVpnTunEntPhase1Name", "Its name" },
    [TUNNELS_NUMBER] = { "number", FACT_INTEGER, FACT_KEY, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntIndex", "The device's number for it" },
    [TUNNELS_UP] = { "up", FACT_BOOLEAN, FACT_VOLATILE, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntStatus", "It is up" },
    [TUNNELS_REMOTE_ADDRESS] = { "remote_address", FACT_ADDRESS, 0, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntRemGwyIp", "The other end" },
    [TUNNELS_LOCAL_ADDRESS] = { "local_address", FACT_ADDRESS, 0, NULL, "FORTINET-FORTIGATE-MIB::fgVpnTunEntLocGwyIp", "This end" },
    [TUNNELS_IN_OCTETS] = { "in_octets", FACT_INTEGER, FACT_VOLATILE, "bytes", "FORTINET-FORTIGATE-MIB::fgVpnTunEntInOctets", "Bytes received through it" },
    [TUNNELS_OUT_OCTETS] = { "out_octets", FACT_INTEGER, FACT_VOLATILE, "bytes", "FORTINET-FORTIGATE-MIB::fgVpnTunEntOutOctets", "Bytes sent through it" },
};
_Static_assert(sizeof columns / sizeof columns[0] == TUNNELS_COLUMNS, "every column is declared");

const struct fact_table fact_tunnels =
    FACT_TABLE_DECLARE("tunnels", "Site-to-site tunnels and whether they are up", FILLED_BY_PROBE, 0, columns);
