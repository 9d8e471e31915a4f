/* The declaration of client_counts. Constants only. */
#include "fact/table_client_counts.h"

static const struct fact_column columns[] = {
    [CLIENT_COUNTS_NETWORK] = { "network", FACT_TEXT, FACT_KEY, NULL, "the headings that a mapping names under guests; SNMP: address, VLAN or interface of arp and mac_addresses", "The network of guests or patients: its name, or its prefix or number in the site file" },
    [CLIENT_COUNTS_CLIENTS] = { "clients", FACT_INTEGER, FACT_VOLATILE, "clients", "rows of the export; SNMP: different hardware addresses", "How many the file lists or the device knows; where a switch tells no IP addresses, the network's own router may be among them" },
};
_Static_assert(sizeof columns / sizeof columns[0] == CLIENT_COUNTS_COLUMNS, "every column is declared");

const struct fact_table fact_client_counts =
    FACT_TABLE_DECLARE("client_counts", "How many clients a file or a device knows in networks that are known to be of guests and patients: their names and addresses are not kept", FILLED_BY_PROBE, 0, columns);
