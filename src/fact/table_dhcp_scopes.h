/* dhcp_scopes: one row for each range of addresses that a DHCP server gives out. */
#ifndef PREOP_FACT_TABLE_DHCP_SCOPES_H
#define PREOP_FACT_TABLE_DHCP_SCOPES_H
#include "fact/table.h"
enum dhcp_scopes_column {
    DHCP_SCOPES_SCOPE, DHCP_SCOPES_NAME, DHCP_SCOPES_PREFIX, DHCP_SCOPES_ENABLED, DHCP_SCOPES_ADDRESSES_IN_USE, DHCP_SCOPES_ADDRESSES_FREE,
    DHCP_SCOPES_ADDRESSES_RESERVED, DHCP_SCOPES_PENDING_OFFERS, DHCP_SCOPES_IN_USE_PERCENT, DHCP_SCOPES_SUPERSCOPE, DHCP_SCOPES_COLUMNS
};
extern const struct fact_table fact_dhcp_scopes;
#endif
