/* The declaration of client_counts. Constants only. */
#include "fact/table_client_counts.h"

static const struct fact_column columns[] = {
    [CLIENT_COUNTS_NETWORK] = { "network", FACT_TEXT, FACT_KEY, NULL, "the headings that a mapping names under guests", "The network of guests or patients: its name, or its prefix in the site file" },
    [CLIENT_COUNTS_CLIENTS] = { "clients", FACT_INTEGER, FACT_VOLATILE, "clients", "rows of the export", "How many the file lists" },
};
_Static_assert(sizeof columns / sizeof columns[0] == CLIENT_COUNTS_COLUMNS, "every column is declared");

const struct fact_table fact_client_counts =
    FACT_TABLE_DECLARE("client_counts", "How many clients a file lists in networks of guests and patients: their names and addresses are not kept", FILLED_BY_PROBE, 0, columns);
