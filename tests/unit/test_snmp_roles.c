/* Roles of interfaces: what each kind of evidence leads to, which is stronger, and where nobody can tell. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "fact/table_interfaces.h"
#include "fact/table_neighbors.h"
#include "fact/table_routes.h"
#include "fact/table_vlan_ports.h"
#include "probes/snmp/snmp_roles.h"

static void note_neighbor(struct snmp_roles *r, int64_t if_index, const char *capabilities)
{
    struct fact_row row;
    fact_row_init(&row, &fact_neighbors);
    fact_set_int(&row, NEIGHBORS_LOCAL_IF_INDEX, if_index);
    fact_set_str(&row, NEIGHBORS_CAPABILITIES, capabilities);
    snmp_roles_note(r, &row);
}

static void note_route(struct snmp_roles *r, int64_t if_index, const char *destination, const char *next_hop)
{
    bool is_default = strcmp(destination, "0.0.0.0/0") == 0;
    struct fact_row row;
    fact_row_init(&row, &fact_routes);
    fact_set_int(&row, ROUTES_IF_INDEX, if_index);
    fact_set_str(&row, ROUTES_DESTINATION, destination);
    fact_set_str(&row, ROUTES_NEXT_HOP, next_hop);
    fact_set_int(&row, ROUTES_IS_DEFAULT, is_default);
    snmp_roles_note(r, &row);
}

static void note_vlan(struct snmp_roles *r, int64_t if_index, bool tagged)
{
    struct fact_row row;
    fact_row_init(&row, &fact_vlan_ports);
    fact_set_int(&row, VLAN_PORTS_IF_INDEX, if_index);
    fact_set_int(&row, VLAN_PORTS_TAGGED, tagged);
    snmp_roles_note(r, &row);
}

struct expected { int64_t if_index; const char *name; int64_t type; const char *alias, *role, *from; };

static void check(struct snmp_roles *r, const struct expected *e, bool neighbors_known)
{
    struct fact_row row;
    fact_row_init(&row, &fact_interfaces);
    fact_set_int(&row, INTERFACES_IF_INDEX, e->if_index);
    fact_set_str(&row, INTERFACES_NAME, e->name);
    fact_set_str(&row, INTERFACES_ALIAS, e->alias);
    if (e->type > 0)
        fact_set_int(&row, INTERFACES_TYPE, e->type);
    snmp_roles_set(r, &row, neighbors_known);
    const struct fact_value *role = &row.v[INTERFACES_ROLE], *from = &row.v[INTERFACES_ROLE_FROM];
    if (e->role == NULL) {
        if (role->kind != FACT_KIND_NULL)
            fail_msg("%s is %s from %s", e->name, role->s, from->s);
        return;
    }
    if (role->kind == FACT_KIND_NULL)
        fail_msg("%s has no role", e->name);
    assert_string_equal(role->s, e->role);
    assert_string_equal(from->s, e->from);
}

static void all_kinds(void **state)
{
    (void)state;
    struct snmp_roles *r = snmp_roles_new();
    note_neighbor(r, 24, "bridge,router");
    note_neighbor(r, 1, "bridge,telephone");
    note_neighbor(r, 2, "bridge,wlanAccessPoint");
    note_neighbor(r, 3, "stationOnly");
    note_neighbor(r, 4, NULL);
    note_route(r, 30, "0.0.0.0/0", "198.51.100.1");
    note_route(r, 30, "198.51.100.0/29", NULL);
    note_route(r, 31, "0.0.0.0/0", "192.168.1.1");
    note_route(r, 32, "0.0.0.0/0", "10.0.0.1");
    note_route(r, 33, "203.0.113.0/24", "198.51.100.1");
    note_vlan(r, 5, false);
    note_vlan(r, 6, false);
    note_vlan(r, 6, true);
    note_vlan(r, 7, false);
    note_vlan(r, 7, true);
    note_vlan(r, 7, true);
    note_vlan(r, 24, false);
    static const struct expected rows[] = {
        { 24, "Gi1/0/24", 6, NULL, "uplink", "neighbor" }, { 1, "Gi1/0/1", 6, NULL, "access", "neighbor" }, { 2, "Gi1/0/2", 6, "uplink", "access", "neighbor" }, { 3, "Gi1/0/3", 6, NULL, "access", "neighbor" },
        { 4, "Gi1/0/4", 6, NULL, NULL, NULL }, { 30, "ge1", 6, NULL, "wan", "default route" }, { 31, "eth0", 6, NULL, NULL, NULL }, { 32, "Di1", 23, NULL, "wan", "default route" }, { 33, "eth3", 6, NULL, NULL, NULL },
        { 5, "Gi1/0/5", 6, NULL, "access", "untagged port" }, { 6, "Gi1/0/6", 6, NULL, "access", "untagged port" }, { 7, "Gi1/0/7", 6, NULL, NULL, NULL },
        { 40, "Vlan10", 53, NULL, "virtual", "type" }, { 41, "Po1", 161, NULL, "virtual", "type" }, { 42, "wlan0", 71, NULL, "wireless", "type" }, { 43, "ath0", 6, NULL, "wireless", "name" },
        { 44, "wan1", 6, NULL, "wan", "name" }, { 45, "igb0", 6, "WAN", "wan", "name" }, { 46, "Gi0/1", 6, "to WAN router", NULL, NULL }, { 47, "mgmt0", 6, NULL, "management", "name" }, { 48, "me0", 6, NULL, "management", "name" },
        { 49, "Gi0/2", 6, "Uplink", "uplink", "name" }, { 50, "br0", 6, NULL, "virtual", "name" }, { 51, "broadcast", 6, NULL, NULL, NULL }, { 52, "lan1", 6, NULL, NULL, NULL }, { 53, "cable0", 127, NULL, "wan", "type" },
        { 54, NULL, 0, NULL, NULL, NULL }, { 55, "fxp2", 6, NULL, NULL, NULL }, { 56, "ppp0", 1, NULL, NULL, NULL }, { 57, "enc0", 244, NULL, NULL, NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(r, &rows[i], true);
    check(r, &(struct expected){ 5, "Gi1/0/5", 6, NULL, NULL, NULL }, false);     /* neighbours are not known: who knows what is on it? */
    snmp_roles_free(r);
}

/* A host with one network behind its interface, and itself: its gateway's public address makes it no router. */
static void hosts(void **state)
{
    (void)state;
    struct snmp_roles *r = snmp_roles_new();
    note_route(r, 2, "0.0.0.0/0", "198.51.100.1");
    note_route(r, 2, "198.51.100.0/24", NULL);
    note_route(r, 1, "127.0.0.0/8", NULL);
    note_route(r, 3, "224.0.0.0/4", NULL);
    check(r, &(struct expected){ 2, "eth0", 6, NULL, NULL, NULL }, true);
    snmp_roles_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(all_kinds), cmocka_unit_test(hosts) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
