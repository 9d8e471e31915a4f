/* The declaration of dhcp_scopes. Constants only. */
#include "fact/table_dhcp_scopes.h"

static const struct fact_column columns[] = {
    [DHCP_SCOPES_SCOPE] = { "scope", FACT_TEXT, FACT_KEY, NULL, "DhcpServerv4ScopeStatistics.ScopeId", "What the server calls the scope: usually its network's address" },
    [DHCP_SCOPES_NAME] = { "name", FACT_TEXT, FACT_LABEL, NULL, "a heading of the export", "Its name" },
    [DHCP_SCOPES_PREFIX] = { "prefix", FACT_PREFIX, 0, NULL, "a heading of the export", "Its network" },
    [DHCP_SCOPES_ENABLED] = { "enabled", FACT_BOOLEAN, 0, NULL, "a heading of the export", "The server gives out its addresses" },
    [DHCP_SCOPES_ADDRESSES_IN_USE] = { "addresses_in_use", FACT_INTEGER, FACT_VOLATILE, "addresses", "DhcpServerv4ScopeStatistics.AddressesInUse", "Addresses given out at that moment" },
    [DHCP_SCOPES_ADDRESSES_FREE] = { "addresses_free", FACT_INTEGER, FACT_VOLATILE, "addresses", "DhcpServerv4ScopeStatistics.AddressesFree", "Addresses that it could still give out" },
    [DHCP_SCOPES_ADDRESSES_RESERVED] = { "addresses_reserved", FACT_INTEGER, 0, "addresses", "DhcpServerv4ScopeStatistics.ReservedAddress", "Addresses kept for one device each" },
    [DHCP_SCOPES_PENDING_OFFERS] = { "pending_offers", FACT_INTEGER, FACT_VOLATILE, "addresses", "DhcpServerv4ScopeStatistics.PendingOffers", "Addresses offered and not yet taken" },
    [DHCP_SCOPES_IN_USE_PERCENT] = { "in_use_percent", FACT_REAL, FACT_VOLATILE, "%", "DhcpServerv4ScopeStatistics.PercentageInUse", "Share in use, as the server says it" },
    [DHCP_SCOPES_SUPERSCOPE] = { "superscope", FACT_TEXT, 0, NULL, "DhcpServerv4ScopeStatistics.SuperscopeName", "The group of scopes that serves one network together" },
};
_Static_assert(sizeof columns / sizeof columns[0] == DHCP_SCOPES_COLUMNS, "every column is declared");

const struct fact_table fact_dhcp_scopes = FACT_TABLE_DECLARE("dhcp_scopes", "Ranges of addresses that a DHCP server gives out, and how full they are", FILLED_BY_PROBE, 1, columns);
