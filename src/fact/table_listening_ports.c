/* The declaration of listening_ports. Constants only. */
#include "fact/table_listening_ports.h"

static const struct fact_column columns[] = {
    [LISTENING_PORTS_PROTOCOL] = { "protocol", FACT_TEXT, FACT_KEY, NULL, "ss -lntu, else netstat -lntu, else /proc/net", "tcp or udp" },
    [LISTENING_PORTS_PORT] = { "port", FACT_INTEGER, FACT_KEY, NULL, "ss -lntu, else netstat -lntu, else /proc/net", "Port number" },
    [LISTENING_PORTS_ADDRESS] = { "address", FACT_ADDRESS, FACT_KEY, NULL, "ss -lntu, else netstat -lntu, else /proc/net", "Address that it listens on; 0.0.0.0 or :: for every one" },
    [LISTENING_PORTS_ANY_ADDRESS] = { "any_address", FACT_BOOLEAN, 0, NULL, "the address", "Listens on every address of the host" },
    [LISTENING_PORTS_LOOPBACK_ONLY] = { "loopback_only", FACT_BOOLEAN, 0, NULL, "the address", "Reachable from the host itself only" },
    [LISTENING_PORTS_PROCESS] = { "process", FACT_TEXT, 0, NULL, "ss -p, where our rights allow it", "Name of the program, never its command line" },
};
_Static_assert(sizeof columns / sizeof columns[0] == LISTENING_PORTS_COLUMNS, "every column is declared");

/* min_rows 0: a host that listens on nothing is a finding, not a failure. */
const struct fact_table fact_listening_ports =
    FACT_TABLE_DECLARE("listening_ports", "What a host accepts from the network", FILLED_BY_PROBE, 0, columns);
