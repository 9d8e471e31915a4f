/* dns_names: what the site's resolver says of addresses (PTR) and services (SRV), asked by `discover`. */
#ifndef PREOP_FACT_TABLE_DNS_NAMES_H
#define PREOP_FACT_TABLE_DNS_NAMES_H
#include "fact/table.h"
enum dns_names_column { DNS_NAMES_QUERY, DNS_NAMES_TYPE, DNS_NAMES_NAME, DNS_NAMES_PORT, DNS_NAMES_ADDRESS, DNS_NAMES_COLUMNS };
extern const struct fact_table fact_dns_names;
#endif
