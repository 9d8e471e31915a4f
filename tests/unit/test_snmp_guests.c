/* Guests among those whom a device knows: by address, VLAN, interface and hardware address, in any order of rows; and who is none. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_neighbors.h"
#include "fact/table_routes.h"
#include "fact/table_vlans.h"
#include "probes/snmp/snmp_guests.h"
#include "unit/snmp_fixture.h"

static struct fact_row address(int64_t if_index, const char *text)
{
    struct fact_row row;
    fact_row_init(&row, &fact_addresses);
    fact_set_int(&row, ADDRESSES_IF_INDEX, if_index);
    fact_set_str(&row, ADDRESSES_ADDRESS, text);
    return row;
}

static struct fact_row vlan(int64_t number, const char *name)
{
    struct fact_row row;
    fact_row_init(&row, &fact_vlans);
    fact_set_int(&row, VLANS_VLAN, number);
    fact_set_str(&row, VLANS_NAME, name);
    return row;
}

static struct fact_row arp(int64_t if_index, const char *ip, const char *mac)
{
    struct fact_row row;
    fact_row_init(&row, &fact_arp);
    fact_set_int(&row, ARP_IF_INDEX, if_index);
    fact_set_str(&row, ARP_ADDRESS, ip);
    fact_set_str(&row, ARP_MAC, mac);
    return row;
}

static struct fact_row forwarding(int64_t of_vlan, const char *mac, const char *status)
{
    struct fact_row row;
    fact_row_init(&row, &fact_mac_addresses);
    if (of_vlan > 0)
        fact_set_int(&row, MAC_ADDRESSES_VLAN, of_vlan);
    fact_set_str(&row, MAC_ADDRESSES_MAC, mac);
    fact_set_str(&row, MAC_ADDRESSES_STATUS, status);
    return row;
}

static struct fact_row neighbor(const char *mac, const char *ip)
{
    struct fact_row row;
    fact_row_init(&row, &fact_neighbors);
    fact_set_str(&row, NEIGHBORS_CHASSIS_ID, mac);
    fact_set_str(&row, NEIGHBORS_CHASSIS_ID_TYPE, "macAddress");
    fact_set_str(&row, NEIGHBORS_ADDRESS, ip);
    return row;
}

#define STAFF "00:11:22:33:44:01"
#define BOTH "00:11:22:33:44:02"
#define ROUTER "00:11:22:00:00:fe"
#define GUEST "de:ad:be:ef:00:01"
#define LOCAL_ONLY "de:ad:be:ef:00:02"
#define BY_VLAN "de:ad:be:ef:00:03"
#define NEVER_SEEN "00:11:22:33:44:09"

struct expected { struct fact_row row; bool held; };

static void check(const struct snmp_guests *g, const struct expected *e, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (snmp_guests_hold(g, &e[i].row) != e[i].held)
            fail_msg("row %zu (%s) is judged otherwise", i, e[i].row.table->name);
}

static size_t clients(const struct snmp_guests *g, const char *network)
{
    const struct guest_tally *t = snmp_guests_tally(g);
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->v[i].network, network) == 0)
            return t->v[i].clients;
    return 0;
}

static struct snmp_table *interfaces(void)
{
    struct snmp_table *t = snmp_table_new(INTERFACE_COLUMNS, 16, 65536);
    put(t, IFX_NAME, "1", text("Gi1/0/30"));
    put(t, IFX_NAME, "10", text("Vlan10"));
    put(t, IFX_NAME, "30", text("Vlan30"));
    put(t, IFX_NAME, "50", text("Vlan50"));
    put(t, IFX_ALIAS, "50", text("Visitors"));
    put(t, IFX_NAME, "60", text("wan"));
    put(t, IFX_ALIAS, "60", text("Public internet"));
    put(t, IF_PHYS_ADDRESS, "10", bytes(SNMP_OCTETS, "\x00\x11\x22\x00\x00\xfe", 6));
    put(t, IF_PHYS_ADDRESS, "30", bytes(SNMP_OCTETS, "\x00\x11\x22\x00\x00\xfe", 6));
    return t;
}

/* All of one device, noted forwards and backwards: what is concluded must not depend on it. */
static void test_any_order(void **state)
{
    (void)state;
    static const char *const entries[] = { "10.20.3.0/24" };
    const struct fact_row rows[] = {
        address(10, "10.20.0.254"), address(30, "10.20.3.254"), vlan(10, "Staff"), vlan(20, "Phones"), vlan(40, "Riverside Guest"), vlan(41, "Patient monitors"),
        arp(10, "10.20.0.51", STAFF), arp(10, "10.20.0.61", BOTH), arp(30, "10.20.3.61", BOTH), arp(30, "10.20.3.11", GUEST), arp(30, "fe80::1", GUEST), arp(30, "fe80::2", LOCAL_ONLY),
        arp(30, "10.20.3.254", ROUTER), forwarding(10, STAFF, "learned"), forwarding(10, BOTH, "learned"), forwarding(20, GUEST, "learned"), forwarding(40, BY_VLAN, "learned"), forwarding(30, ROUTER, "learned"),
    };
    const struct expected expected[] = {
        { arp(10, "10.20.0.51", STAFF), false }, { arp(10, "10.20.0.61", BOTH), false }, { arp(30, "10.20.3.61", BOTH), true }, { arp(30, "10.20.3.11", GUEST), true },
        { arp(30, "fe80::1", GUEST), true }, { arp(30, "fe80::2", LOCAL_ONLY), true }, { arp(30, "10.20.3.254", ROUTER), false },
        { arp(30, "10.20.3.99", NULL), true },               /* nobody has answered for it yet */
        { arp(50, "10.20.5.1", NEVER_SEEN), true },          /* by the interface's description */
        { arp(60, "198.51.100.1", NEVER_SEEN), false },      /* "public" is the internet there */
        { forwarding(10, STAFF, "learned"), false }, { forwarding(10, BOTH, "learned"), false }, { forwarding(20, GUEST, "learned"), true }, { forwarding(0, GUEST, "learned"), true },
        { forwarding(40, BY_VLAN, "learned"), true }, { forwarding(40, STAFF, "learned"), true }, { forwarding(30, NEVER_SEEN, "learned"), true }, { forwarding(30, ROUTER, "learned"), false },
        { forwarding(41, NEVER_SEEN, "learned"), false }, { forwarding(1, NEVER_SEEN, "learned"), false },
        { neighbor(STAFF, NULL), false }, { neighbor(GUEST, NULL), true }, { neighbor(BY_VLAN, NULL), true }, { neighbor(STAFF, "10.20.3.77"), true },
        { address(30, "10.20.3.254"), false }, { vlan(40, "Riverside Guest"), false },
    };
    for (int backwards = 0; backwards < 2; backwards++) {
        struct guests *told = guests_new(true, entries, N_ELEMENTS(entries));
        struct snmp_guests *g = snmp_guests_new(told);
        struct snmp_table *t = interfaces();
        if (!backwards)
            snmp_guests_interfaces(g, t);
        for (size_t i = 0; i < N_ELEMENTS(rows); i++)
            snmp_guests_note(g, &rows[backwards ? N_ELEMENTS(rows) - 1 - i : i]);
        if (backwards)
            snmp_guests_interfaces(g, t);
        snmp_guests_conclude(g);
        check(g, expected, N_ELEMENTS(expected));
        assert_int_equal(clients(g, "10.20.3.0/24"), 3);     /* GUEST, LOCAL_ONLY, BOTH */
        assert_int_equal(clients(g, "Riverside Guest"), 1);
        assert_int_equal(snmp_guests_tally(g)->n, 2);
        assert_false(snmp_guests_lack_vlan(g));
        snmp_table_free(t);
        snmp_guests_free(g);
        guests_free(told);
    }
}

/* An interface with a network of the clinic's own beside that of guests leads to neither: there, each address speaks for itself. */
static void test_shared_interface(void **state)
{
    (void)state;
    static const char *const entries[] = { "10.20.3.0/24", "77" };
    struct guests *told = guests_new(true, entries, N_ELEMENTS(entries));
    struct snmp_guests *g = snmp_guests_new(told);
    const struct fact_row rows[] = { address(1, "10.20.0.254"), address(1, "10.20.3.254"), arp(1, "10.20.0.51", STAFF), arp(1, "10.20.3.11", GUEST), arp(2, "10.20.3.12", LOCAL_ONLY) };
    for (size_t i = 0; i < N_ELEMENTS(rows); i++)
        snmp_guests_note(g, &rows[i]);
    snmp_guests_conclude(g);
    const struct expected expected[] = {
        { arp(1, "10.20.0.51", STAFF), false }, { arp(1, "10.20.3.11", GUEST), true }, { arp(1, "fe80::9", NEVER_SEEN), false }, { arp(2, "fe80::9", NEVER_SEEN), true },
        { forwarding(77, NEVER_SEEN, "learned"), true }, { forwarding(78, NEVER_SEEN, "learned"), false },
    };
    check(g, expected, N_ELEMENTS(expected));
    snmp_guests_free(g);
    guests_free(told);
}

/* A switch that tells no addresses, where the site file lists a network but no VLAN: that is said. */
static void test_vlan_unknown(void **state)
{
    (void)state;
    static const char *const entries[] = { "10.20.3.0/24" };
    for (size_t n = 0; n < 2; n++) {
        struct guests *told = guests_new(true, entries, n);
        struct snmp_guests *g = snmp_guests_new(told);
        const struct fact_row row = forwarding(30, GUEST, "learned");
        snmp_guests_note(g, &row);
        snmp_guests_conclude(g);
        assert_int_equal(snmp_guests_lack_vlan(g), n == 1);
        snmp_guests_free(g);
        guests_free(told);
    }
}

/* Nothing known, nothing said: nobody is a guest. */
static void test_nothing(void **state)
{
    (void)state;
    struct guests *told = guests_new(false, NULL, 0);
    struct snmp_guests *g = snmp_guests_new(told);
    snmp_guests_conclude(g);
    const struct expected expected[] = { { arp(1, "10.20.3.11", GUEST), false }, { forwarding(0, GUEST, "learned"), false }, { neighbor(GUEST, "10.20.3.11"), false } };
    check(g, expected, N_ELEMENTS(expected));
    assert_int_equal(snmp_guests_tally(g)->n, 0);
    snmp_guests_free(g);
    guests_free(told);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_any_order), cmocka_unit_test(test_shared_interface), cmocka_unit_test(test_vlan_unknown), cmocka_unit_test(test_nothing) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
