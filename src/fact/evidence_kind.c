/* The kinds of evidence that need no mapping. */
#include "fact/evidence_kind.h"

#include <string.h>
#include "base/mem.h"
#include "fact/table_arp.h"
#include "fact/table_client_counts.h"
#include "fact/table_listening_ports.h"
#include "fact/table_network_clients.h"

static const struct fact_table *const nmap_tables[] = { &fact_arp, &fact_listening_ports, &fact_client_counts };
static const struct fact_table *const lease_tables[] = { &fact_network_clients, &fact_client_counts };

const struct evidence_kind evidence_kinds[] = {
    { .name = "snmpwalk", .title = "text of `snmpbulkwalk -v2c -c ... -On HOST .1` (net-snmp): one device, all its network tables", .probe = "snmp", .device_rules = true },
    { .name = "nmap", .title = "XML of `nmap -oX FILE ...`: which hosts and ports a scan met", .tables = nmap_tables, .n_tables = N_ELEMENTS(nmap_tables) },
    { .name = "dhcpd-leases", .title = "dhcpd.leases of an ISC DHCP server: who has which address", .tables = lease_tables, .n_tables = N_ELEMENTS(lease_tables) },
    { .name = "kea-leases", .title = "kea-leases4.csv or kea-leases6.csv of a Kea server, with the older files joined before it", .tables = lease_tables, .n_tables = N_ELEMENTS(lease_tables) },
};
const size_t evidence_n_kinds = N_ELEMENTS(evidence_kinds);

const struct evidence_kind *evidence_kind_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < evidence_n_kinds; i++)
        if (strcmp(evidence_kinds[i].name, name) == 0)
            return &evidence_kinds[i];
    return NULL;
}
