/* The registry of fact tables, and lookups in it. Constants only; used by parent and worker. The order is the wire's
 * table number (fact_table_index), which never outlives one run of the program. */
#include "fact/table.h"

#include "base/mem.h"
#include "fact/form_list.h"
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_client_counts.h"
#include "fact/table_components.h"
#include "fact/table_configurations.h"
#include "fact/table_contacts.h"
#include "fact/table_devices.h"
#include "fact/table_dhcp_scopes.h"
#include "fact/table_directories.h"
#include "fact/table_directory_accounts.h"
#include "fact/table_dkim_keys.h"
#include "fact/table_dns_names.h"
#include "fact/table_domain_registrations.h"
#include "fact/table_domains.h"
#include "fact/table_endpoint_load.h"
#include "fact/table_endpoints.h"
#include "fact/table_filesystems.h"
#include "fact/table_hardware_states.h"
#include "fact/table_hosts.h"
#include "fact/table_interface_load.h"
#include "fact/table_interfaces.h"
#include "fact/table_listening_ports.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_memory.h"
#include "fact/table_neighbors.h"
#include "fact/table_network_clients.h"
#include "fact/table_poe.h"
#include "fact/table_poe_ports.h"
#include "fact/table_prefixes.h"
#include "fact/table_printer_supplies.h"
#include "fact/table_printers.h"
#include "fact/table_processors.h"
#include "fact/table_rdp_servers.h"
#include "fact/table_redundancy.h"
#include "fact/table_routes.h"
#include "fact/table_sensors.h"
#include "fact/table_sessions.h"
#include "fact/table_smb_servers.h"
#include "fact/table_spanning_tree.h"
#include "fact/table_spanning_tree_ports.h"
#include "fact/table_storage.h"
#include "fact/table_subscriptions.h"
#include "fact/table_time_sources.h"
#include "fact/table_tunnels.h"
#include "fact/table_ups.h"
#include "fact/table_vlan_ports.h"
#include "fact/table_vlans.h"
#include "fact/table_wireless.h"

const struct fact_table *const fact_tables[] = {
    &fact_devices,
    &fact_interfaces,
    &fact_interface_load,
    &fact_hosts,
    &fact_filesystems,
    &fact_listening_ports,
    &fact_directories,
    &fact_directory_accounts,
    &fact_endpoints,
    &fact_addresses,
    &fact_components,
    &fact_neighbors,
    &fact_arp,
    &fact_mac_addresses,
    &fact_domains,
    &fact_dkim_keys,
    &fact_domain_registrations,
    &fact_smb_servers,
    &fact_rdp_servers,
    &fact_routes,
    &fact_vlans,
    &fact_vlan_ports,
    &fact_storage,
    &fact_processors,
    &fact_memory,
    &fact_ups,
    &fact_printers,
    &fact_printer_supplies,
    &fact_poe,
    &fact_poe_ports,
    &fact_wireless,
    &fact_sensors,
    &fact_spanning_tree,
    &fact_spanning_tree_ports,
    &fact_hardware_states,
    &fact_sessions,
    &fact_subscriptions,
    &fact_tunnels,
    &fact_time_sources,
    &fact_configurations,
    &fact_redundancy,
    &fact_contacts, &fact_dns_names,
    &fact_dhcp_scopes,
    &fact_prefixes,
    &fact_network_clients,
    &fact_client_counts,
#define FORM_TABLE(ident) &form_table_##ident,
    FORM_LIST_ALL(FORM_TABLE)                /* what people are asked: the last, whatever is added before */
#undef FORM_TABLE
    &fact_endpoint_load,
};
const size_t fact_n_tables = N_ELEMENTS(fact_tables);
_Static_assert(N_ELEMENTS(fact_tables) <= FACT_MAX_TABLES, "every name has room");

const struct fact_table *fact_table_find(const char *name)
{
    for (size_t i = 0; i < fact_n_tables; i++) {
        if (strcmp(fact_tables[i]->name, name) == 0)
            return fact_tables[i];
    }
    return NULL;
}

int fact_table_index(const struct fact_table *t)
{
    for (size_t i = 0; i < fact_n_tables; i++) {
        if (fact_tables[i] == t)
            return (int)i;
    }
    BUG("table %s is not in the registry", t ? t->name : "(none)");
}

int fact_column_find(const struct fact_table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        if (strcmp(t->columns[i].name, name) == 0)
            return (int)i;
    }
    return -1;
}

const char *fact_type_name(enum fact_type type)
{
    switch (type) {
    case FACT_TEXT:
        return "text";
    case FACT_INTEGER:
        return "integer";
    case FACT_REAL:
        return "real";
    case FACT_BOOLEAN:
        return "boolean";
    case FACT_TIMESTAMP:
        return "timestamp";
    case FACT_ADDRESS:
        return "address";
    case FACT_PREFIX:
        return "prefix";
    case FACT_MAC:
        return "mac";
    }
    BUG("no fact type %d", (int)type);
}
