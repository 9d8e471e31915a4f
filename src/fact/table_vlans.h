/* vlans: the virtual networks that one device knows. */
#ifndef PREOP_FACT_TABLE_VLANS_H
#define PREOP_FACT_TABLE_VLANS_H
#include "fact/table.h"
enum vlans_column {
    VLANS_VLAN, VLANS_NAME, VLANS_CONFIGURED, VLANS_ACTIVE, VLANS_TYPE, VLANS_DOMAIN, VLANS_TAGGED_PORTS, VLANS_UNTAGGED_PORTS, VLANS_COLUMNS
};
extern const struct fact_table fact_vlans;
#endif
