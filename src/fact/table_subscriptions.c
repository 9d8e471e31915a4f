/* The declaration of subscriptions. Constants only. */
#include "fact/table_subscriptions.h"

static const struct fact_column columns[] = {
    [SUBSCRIPTIONS_KIND] = { "kind", FACT_TEXT, FACT_KEY, NULL, "the MIB table that the row is from", "contract or signatures" },
    [SUBSCRIPTIONS_NAME] = { "name", FACT_TEXT, FACT_KEY, NULL, "FORTINET-FORTIGATE-MIB::fgLicContractDesc; PAN-COMMON-MIB and FORTINET-FORTIGATE-MIB: what the signatures are for", "What it is" },
    [SUBSCRIPTIONS_EXPIRES_AT] = { "expires_at", FACT_TIMESTAMP, 0, NULL, "FORTINET-FORTIGATE-MIB::fgLicContractExpiry", "When the contract ends" },
    [SUBSCRIPTIONS_VERSION] = { "version", FACT_TEXT, 0, NULL, "FORTINET-FORTIGATE-MIB::fgSysVersionAv, fgSysVersionIps, PAN-COMMON-MIB::panSysAppVersion, panSysAvVersion, panSysThreatVersion", "Version of the signatures" },
    [SUBSCRIPTIONS_RELEASED_AT] = { "released_at", FACT_TIMESTAMP, 0, NULL, "FORTINET-FORTIGATE-MIB::fgSysVersionAv, fgSysVersionIps", "When they came, where the version says so" },
};
_Static_assert(sizeof columns / sizeof columns[0] == SUBSCRIPTIONS_COLUMNS, "every column is declared");

const struct fact_table fact_subscriptions =
    FACT_TABLE_DECLARE("subscriptions", "Subscriptions of a firewall: contracts with their ends, signatures with their dates", FILLED_BY_PROBE, 0, columns);
