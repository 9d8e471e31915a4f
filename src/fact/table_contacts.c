/* The declaration of contacts. Constants only. */
#include "fact/table_contacts.h"

static const struct fact_column columns[] = {
    [CONTACTS_ADDRESS] = { "address", FACT_ADDRESS, FACT_KEY, NULL, "the connection", "IPv4 or IPv6 address" },
    [CONTACTS_PORT] = { "port", FACT_INTEGER, FACT_KEY, NULL, "the connection", "TCP port" },
    [CONTACTS_OUTCOME] = { "outcome", FACT_TEXT, 0, NULL, "the connection", "open, refused, silent or unreachable" },
    [CONTACTS_CONNECT_MS] = { "connect_ms", FACT_REAL, FACT_VOLATILE, "ms", "the connection", "Time until it was open or refused" },
    [CONTACTS_GREETING] = { "greeting", FACT_TEXT, 0, NULL, "what the service says first", "SSH: its version line; nothing is sent to get it" },
};
_Static_assert(sizeof columns / sizeof columns[0] == CONTACTS_COLUMNS, "every column is declared");

const struct fact_table fact_contacts = FACT_TABLE_DECLARE("contacts", "What TCP connections of `discover` met: connect-only, one to a port", FILLED_BY_PROBE, 0, columns);
