/* The declaration of network_clients. Constants only. */
#include "fact/table_network_clients.h"

static const struct fact_column columns[] = {
    [NETWORK_CLIENTS_MAC] = { "mac", FACT_MAC, FACT_KEY, NULL, "DHCP: ClientId, hardware, hwaddr; UniFi, Meraki: mac", "Its hardware address; phones invent one for each network" },
    [NETWORK_CLIENTS_ADDRESS] = { "address", FACT_ADDRESS, FACT_KEY, NULL, "DHCP: IPAddress, lease, address; UniFi, Meraki: ip", "Its IP address" },
    [NETWORK_CLIENTS_NAME] = { "name", FACT_TEXT, FACT_PERSONAL | FACT_LABEL, NULL, "DHCP: HostName, client-hostname, hostname; UniFi: name, hostname; Meraki: description", "What it calls itself, or people call it" },
    [NETWORK_CLIENTS_NETWORK] = { "network", FACT_TEXT, 0, NULL, "UniFi: essid, network; Meraki: ssid", "The network's name, of wireless its SSID" },
    [NETWORK_CLIENTS_VLAN] = { "vlan", FACT_INTEGER, 0, NULL, "UniFi, Meraki: vlan", "The VLAN's number" },
    [NETWORK_CLIENTS_SCOPE] = { "scope", FACT_TEXT, 0, NULL, "DHCP: ScopeId; Kea: subnet_id", "The DHCP scope; joins dhcp_scopes.scope" },
    [NETWORK_CLIENTS_ATTACHED_TO] = { "attached_to", FACT_TEXT, 0, NULL, "UniFi: ap_mac, sw_mac; Meraki: recentDeviceName", "The access point or switch that it was seen at, by name or hardware address" },
    [NETWORK_CLIENTS_PORT] = { "port", FACT_TEXT, 0, NULL, "UniFi: sw_port; Meraki: switchport", "The switch's port" },
    [NETWORK_CLIENTS_WIRED] = { "wired", FACT_BOOLEAN, 0, NULL, "UniFi: is_wired; Meraki: recentDeviceConnection", "By cable, not by radio" },
    [NETWORK_CLIENTS_VENDOR] = { "vendor", FACT_TEXT, 0, NULL, "UniFi: oui; Meraki: manufacturer", "The maker, from the hardware address" },
    [NETWORK_CLIENTS_OS_NAME] = { "os_name", FACT_TEXT, 0, NULL, "Meraki: os", "Its system, as the controller guesses it" },
    [NETWORK_CLIENTS_LEASE_STATE] = { "lease_state", FACT_TEXT, 0, NULL, "DHCP: AddressState, binding state, state", "Active, ActiveReservation, InactiveReservation, Offered, Expired, Released, Declined or Abandoned (in use by another), Free, Backup, Reset, Registered" },
    [NETWORK_CLIENTS_LEASE_EXPIRES_AT] = { "lease_expires_at", FACT_TIMESTAMP, FACT_VOLATILE, NULL, "DHCP: LeaseExpiryTime, ends, expire", "When its lease ends; NULL when never" },
    [NETWORK_CLIENTS_FIRST_SEEN_AT] = { "first_seen_at", FACT_TIMESTAMP, 0, NULL, "UniFi: first_seen; Meraki: firstSeen", "When it was seen for the first time" },
    [NETWORK_CLIENTS_LAST_SEEN_AT] = { "last_seen_at", FACT_TIMESTAMP, FACT_VOLATILE, NULL, "UniFi: last_seen; Meraki: lastSeen", "When it was seen last" },
};
_Static_assert(sizeof columns / sizeof columns[0] == NETWORK_CLIENTS_COLUMNS, "every column is declared");

const struct fact_table fact_network_clients =
    FACT_TABLE_DECLARE("network_clients", "Devices that a DHCP server or a network's controller lists; those of guests and patients are in client_counts only", FILLED_BY_PROBE, 0, columns);
