/* The declaration of dns_names. Constants only. */
#include "fact/table_dns_names.h"

static const struct fact_column columns[] = {
    [DNS_NAMES_QUERY] = { "query", FACT_TEXT, FACT_KEY, NULL, "the question", "An address, or a service like _ldap._tcp.clinic.example" },
    [DNS_NAMES_TYPE] = { "type", FACT_TEXT, FACT_KEY, NULL, "the question", "PTR or SRV" },
    [DNS_NAMES_NAME] = { "name", FACT_TEXT, FACT_KEY, NULL, "DNS PTR, SRV target", "The name that the resolver gives; of an address NULL when it says that there is none" },
    [DNS_NAMES_PORT] = { "port", FACT_INTEGER, FACT_KEY, NULL, "DNS SRV", "The service's port" },
    [DNS_NAMES_ADDRESS] = { "address", FACT_ADDRESS, 0, NULL, "DNS A, AAAA", "An address of that name" },
};
_Static_assert(sizeof columns / sizeof columns[0] == DNS_NAMES_COLUMNS, "every column is declared");

const struct fact_table fact_dns_names = FACT_TABLE_DECLARE("dns_names", "What the resolver says of addresses and directory services, asked by `discover`", FILLED_BY_PROBE, 0, columns);
