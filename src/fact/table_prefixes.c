/* The declaration of prefixes. Constants only. Descriptions are not read: people write anything into them. */
#include "fact/table_prefixes.h"

static const struct fact_column columns[] = {
    [PREFIXES_PREFIX] = { "prefix", FACT_PREFIX, FACT_KEY, NULL, "NetBox: Prefix; phpIPAM: Subnet", "The network" },
    [PREFIXES_VRF] = { "vrf", FACT_TEXT, FACT_KEY, NULL, "NetBox, phpIPAM: VRF", "The routing table that it belongs to; NULL: the common one" },
    [PREFIXES_STATUS] = { "status", FACT_TEXT, 0, NULL, "NetBox: Status", "container (only holds others), active, reserved or deprecated, in lower case; NULL where the register has none" },
    [PREFIXES_ROLE] = { "role", FACT_TEXT, 0, NULL, "NetBox: Role", "What it is for, in the register's word" },
    [PREFIXES_PLACE] = { "place", FACT_TEXT, 0, NULL, "NetBox: Site or Scope; phpIPAM: Section", "Where it is, in the register's word" },
    [PREFIXES_TENANT] = { "tenant", FACT_TEXT, 0, NULL, "NetBox: Tenant; phpIPAM: Customer", "Whose it is, in the register's word" },
    [PREFIXES_VLAN] = { "vlan", FACT_TEXT, 0, NULL, "NetBox, phpIPAM: VLAN", "Its VLAN, as the register writes it: a number, a name or both" },
};
_Static_assert(sizeof columns / sizeof columns[0] == PREFIXES_COLUMNS, "every column is declared");

const struct fact_table fact_prefixes = FACT_TABLE_DECLARE("prefixes", "Networks in a register of addresses (IPAM): what is planned and owned, not what was seen", FILLED_BY_PROBE, 1, columns);
