/* Addresses, components and neighbours from the tables of MIBs: indexes of all kinds, what must stay NULL, and rows of hostile indexes. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_components.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_neighbors.h"
#include "unit/snmp_fixture.h"

/* --- addresses --------------------------------------------------------------------------------------------------------- */

static void addresses(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_addresses);
    put(f.interfaces, IFX_NAME, "7", text("Gi0/7"));
    struct snmp_table *t = f.parts[0], *old = f.parts[1];
    put(t, 0, "1.4.10.20.0.9", number(7));
    put(t, 1, "1.4.10.20.0.9", number(1));
    put(t, 2, "1.4.10.20.0.9", pointer("1.3.6.1.2.1.4.32.1.5.7.1.4.10.20.0.0.24"));
    put(t, 3, "1.4.10.20.0.9", number(4));
    put(old, 0, "10.20.0.9", number(7));
    put(t, 1, "1.10.30.0.1", number(3));                     /* without its length; the older table knows the rest */
    put(old, 0, "10.30.0.1", number(8));
    put(old, 1, "10.30.0.1", bytes(SNMP_IP_ADDRESS, "\xff\xff\xfe\x00", 4));
    put(t, 0, "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.5", number(7));
    put(t, 2, "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.5", pointer("0.0"));
    put(t, 0, "4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.3", number(3));
    put(t, 0, "1.4.10.20.0.300", number(7));                 /* no byte */
    put(t, 0, "16.4.10.20.0.1", number(7));                  /* a DNS name, says the type */
    put(old, 1, "192.0.2.1", bytes(SNMP_IP_ADDRESS, "\xff\x00\xff\x00", 4));      /* a mask with a hole is no prefix */
    put(old, 1, "0.0.0.0", bytes(SNMP_IP_ADDRESS, "\0\0\0\0", 4));
    static const char *const expected[] = {
        "address=10.20.0.9|if_index=7|interface=Gi0/7|prefix=10.20.0.0/24|prefix_length=24|origin=dhcp|type=unicast",
        "address=10.30.0.1|if_index=8|prefix=10.30.0.0/23|prefix_length=23|type=broadcast",
        "address=2001:db8::5|if_index=7|interface=Gi0/7",
        "address=fe80::1|if_index=3|zone=3",
        "address=0.0.0.0|prefix=0.0.0.0/0|prefix_length=0",
        "address=192.0.2.1",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- components ---------------------------------------------------------------------------------------------------------- */

static void components(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_components);
    struct snmp_table *t = f.parts[0];
    put(t, 0, "1", number(3));
    put(t, 1, "1", text("48 ports"));
    put(t, 2, "1", number(0));
    put(t, 8, "1", text("FDO1622Y10H"));
    put(t, 9, "1", text("N/A"));
    put(t, 10, "1", text("WS-C3750"));
    put(t, 11, "1", number(1));
    put(t, 0, "2", number(99));
    put(t, 2, "2", number(1));
    put(t, 3, "2", number(-1));
    put(t, 8, "2", text("0000000000"));
    put(t, 4, "3.1", text("no index of this table"));
    static const char *const expected[] = {
        "component=1|descr=48 ports|class=chassis|contained_in=0|serial=FDO1622Y10H|model=WS-C3750|replaceable=1",
        "component=2|contained_in=1",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- neighbours ------------------------------------------------------------------------------------------------------------ */

static void lldp(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_neighbors);
    struct snmp_table *rem = f.parts[0], *loc = f.parts[1], *man = f.parts[2];
    put(f.interfaces, IFX_NAME, "10103", text("Gi1/0/3"));
    put(f.interfaces, IFX_NAME, "3", text("Vlan3"));         /* the port's number is no ifIndex */
    put(loc, 0, "3", number(5));
    put(loc, 1, "3", text("Gi1/0/3"));
    put(rem, 0, "100.3.1", number(4));
    put(rem, 1, "100.3.1", text("old row"));
    put(rem, 0, "200.3.1", number(4));
    put(rem, 1, "200.3.1", bytes(SNMP_OCTETS, "\x00\x1b\x21\x00\x00\x02", 6));
    put(rem, 2, "200.3.1", number(4));
    put(rem, 3, "200.3.1", bytes(SNMP_OCTETS, "\x01\x0a\x00\x00\x02", 5));
    put(rem, 5, "200.3.1", text("ap-lobby"));
    put(rem, 7, "200.3.1", bytes(SNMP_OCTETS, "\x30\x00", 2));
    put(man, 0, "200.3.1.1.4.10.0.0.2", number(1));
    put(rem, 1, "5.9.4", text("x"));                         /* a port that nothing names */
    put(rem, 1, "5.9", text("no index of this table"));
    static const char *const expected[] = {
        "protocol=lldp|local_port_number=9|number=4|chassis_id=x",
        "protocol=lldp|local_port_number=3|number=1|local_port=Gi1/0/3|local_if_index=10103|chassis_id=00:1b:21:00:00:02|chassis_id_type=macAddress|port_id=10.0.0.2|port_id_type=networkAddress|"
        "sys_name=ap-lobby|address=10.0.0.2|capabilities=bridge,wlanAccessPoint",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void cdp(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_neighbors);
    struct snmp_table *t = f.parts[3];
    put(f.interfaces, IF_DESCR, "10", text("FastEthernet0/10"));
    put(t, 1, "10.2", bytes(SNMP_OCTETS, "\x0a\x00\x00\x07", 4));
    put(t, 3, "10.2", text("SEP0011"));
    put(t, 4, "10.2", text("Port 1"));
    put(t, 5, "10.2", text("Cisco IP Phone 7960"));
    put(t, 6, "10.2", number(0));
    put(t, 7, "10.2", number(3));
    put(t, 9, "10.2", bytes(SNMP_OCTETS, "\0\0\x04\x90", 4));
    put(t, 5, "11.1", text("cisco AIR-AP2802I-B-K9"));
    put(t, 9, "11.1", bytes(SNMP_OCTETS, "\0\0\0\x2a", 4));
    put(t, 9, "12.1", bytes(SNMP_OCTETS, "\0\0\0\x29", 4));
    put(t, 9, "13.1", bytes(SNMP_OCTETS, "\x29", 1));
    static const char *const expected[] = {
        "protocol=cdp|local_port_number=10|number=2|local_port=FastEthernet0/10|local_if_index=10|chassis_id=SEP0011|port_id=Port 1|platform=Cisco IP Phone 7960|address=10.0.0.7|capabilities=telephone|duplex=full",
        "protocol=cdp|local_port_number=11|number=1|local_if_index=11|platform=cisco AIR-AP2802I-B-K9|capabilities=bridge,wlanAccessPoint",
        "protocol=cdp|local_port_number=12|number=1|local_if_index=12|capabilities=bridge,router",
        "protocol=cdp|local_port_number=13|number=1|local_if_index=13",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- arp, forwarding tables -------------------------------------------------------------------------------------------------- */

static void arp(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_arp);
    put(f.interfaces, IFX_NAME, "2", text("lan"));
    struct snmp_table *t = f.parts[0], *old = f.parts[1];
    put(t, 0, "2.1.4.10.0.0.5", bytes(SNMP_OCTETS, "\x00\x1b\x21\x00\x00\x05", 6));
    put(t, 1, "2.1.4.10.0.0.5", number(3));
    put(t, 0, "2.2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.5", bytes(SNMP_OCTETS, "\0\0\0\0\0\0", 6));
    put(t, 1, "2.16.4.10.0.0.6", number(3));                 /* no kind of address */
    put(old, 0, "2.10.0.0.5", bytes(SNMP_OCTETS, "\x00\x1b\x21\x00\x00\x05", 6));
    put(old, 1, "9.10.0.0.7", number(2));
    put(old, 1, "9.10.0.0.777", number(2));
    static const char *const expected[] = {
        "if_index=2|address=10.0.0.5|interface=lan|mac=00:1b:21:00:00:05|type=dynamic",
        "if_index=2|address=fe80::5|interface=lan",
        "if_index=9|address=10.0.0.7|type=invalid",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void forwarding(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_mac_addresses);
    put(f.interfaces, IFX_NAME, "1003", text("ge-0/0/3"));
    struct snmp_table *q = f.parts[0], *d = f.parts[1];
    put(f.parts[2], 0, "3", number(1003));
    put(f.parts[3], 0, "0.20", number(5));
    put(f.parts[3], 0, "0.30", number(6));
    put(f.parts[3], 0, "0.31", number(6));
    put(q, 0, "5.0.27.33.0.0.1", number(3));
    put(q, 1, "5.0.27.33.0.0.1", number(3));
    put(q, 0, "6.0.27.33.0.0.2", number(0));                 /* two VLANs share it; the port is not known */
    put(q, 0, "6.0.27.33.0.0.256", number(1));
    put(d, 0, "0.27.33.0.0.1", number(3));                   /* stands above already */
    put(d, 0, "0.27.33.0.0.9", number(4));
    put(d, 1, "0.27.33.0.0.9", number(4));
    static const char *const expected[] = {
        "mac=00:1b:21:00:00:01|fdb=5|vlan=20|bridge_port=3|if_index=1003|interface=ge-0/0/3|status=learned",
        "mac=00:1b:21:00:00:02|fdb=6",
        "mac=00:1b:21:00:00:09|bridge_port=4|status=self",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- anything --------------------------------------------------------------------------------------------------------------- */

static uint32_t next_random(void)
{
    static uint32_t random = 7;
    random = random * 1664525U + 1013904223U;
    return random;
}

static void hostile_indexes(void **state)
{
    (void)state;
    for (size_t round = 0; round < 400; round++) {
        struct fixture f;
        fixture_begin(&f, snmp_sources[round % snmp_n_sources]);
        for (size_t i = 0; i < 60; i++) {
            uint32_t index[24], n = next_random() >> 27, random = next_random();
            for (size_t k = 0; k < N_ELEMENTS(index); k++)
                index[k] = next_random() >> (k % 4 == 0 ? 8 : 29);
            struct snmp_table *t = f.parts[i % f.source->n_parts];
            struct snmp_value values[] = { number((int64_t)(random >> 16) - 30000), bytes(SNMP_OCTETS, "\xff\xfe\x00\x01garbage", random % 12), bytes(SNMP_IP_ADDRESS, "\xff\xff\x01\x00", random % 5) };
            (void)snmp_table_put(t, (random >> 8) % f.source->parts[i % f.source->n_parts].n_objects, index, n % 25, &values[random % 3]);
        }
        fixture_rows(&f);
        fixture_clear(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses), cmocka_unit_test(components), cmocka_unit_test(lldp), cmocka_unit_test(cdp), cmocka_unit_test(arp), cmocka_unit_test(forwarding), cmocka_unit_test(hostile_indexes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
