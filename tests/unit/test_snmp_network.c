/* Routes, VLANs and their ports, spanning tree, storage, processors, memory: what tables become, and what must stay NULL. */
#include "lib/cmocka_all.h"

#include "unit/snmp_fixture.h"

/* --- routes -------------------------------------------------------------------------------------------------------------- */

static void routes(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_routes);
    put(f.interfaces, IFX_NAME, "3", text("wan1"));
    struct snmp_table *inet = f.parts[0], *cidr = f.parts[1], *old = f.parts[2];
    put(inet, 0, "1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1", number(3));        /* a policy of two numbers */
    put(inet, 1, "1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1", number(4));
    put(inet, 2, "1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1", number(3));
    put(inet, 3, "1.4.0.0.0.0.0.2.0.0.1.4.192.0.2.1", number(10));
    put(inet, 1, "1.4.10.20.0.0.24.1.0.0.0", number(3));                 /* part of it: no next hop */
    put(inet, 3, "1.4.10.20.0.0.24.1.0.0.0", number(-1));
    put(inet, 2, "2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0.32.0.4.20.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.3", number(13));
    put(inet, 0, "1.4.10.21.0.0.33.0.0.0", number(3));                   /* longer than an address */
    put(inet, 0, "1.4.10.22.0.0.24.9.0.0.0", number(3));                 /* a policy longer than the index */
    put(cidr, 0, "0.0.0.0.0.0.0.0.0.192.0.2.1", number(3));              /* known already */
    put(cidr, 0, "10.30.0.0.255.255.0.0.0.10.20.0.1", number(4));
    put(cidr, 1, "10.30.0.0.255.255.0.0.0.10.20.0.1", number(2));
    put(cidr, 0, "10.31.0.0.255.0.255.0.0.10.20.0.1", number(4));        /* a mask with a hole */
    put(old, 0, "10.40.0.0", bytes(SNMP_IP_ADDRESS, "\x0a\x14\x00\x01", 4));
    put(old, 3, "10.40.0.0", number(4));
    put(old, 5, "10.40.0.0", bytes(SNMP_IP_ADDRESS, "\xff\xff\xff\x00", 4));
    put(old, 3, "10.41.0.0", number(2));                                 /* invalid, it says */
    put(old, 5, "10.41.0.0", bytes(SNMP_IP_ADDRESS, "\xff\xff\xff\x00", 4));
    put(old, 3, "10.42.0.0", number(4));                                 /* no mask: no prefix */
    static const char *const expected[] = {
        "destination=0.0.0.0/0|next_hop=192.0.2.1|if_index=3|interface=wan1|is_default=1|type=remote|protocol=netmgmt|metric=10",
        "destination=10.20.0.0/24|is_default=0|type=local",
        "destination=2001:db8::/32|next_hop=fe80::1|is_default=0|protocol=ospf",
        "destination=10.30.0.0/16|next_hop=10.20.0.1|if_index=4|is_default=0|type=reject",
        "destination=10.40.0.0/24|next_hop=10.20.0.1|is_default=0|type=remote",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- VLANs ---------------------------------------------------------------------------------------------------------------- */

static void vlans(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_vlans);
    struct snmp_table *fixed = f.parts[0], *current = f.parts[1], *vtp = f.parts[2];
    put(fixed, 0, "1", text("default"));
    put(fixed, 3, "1", number(1));
    put(current, 0, "0.1", bytes(SNMP_OCTETS, "\xf0\x01", 2));
    put(current, 1, "0.1", bytes(SNMP_OCTETS, "\xc0", 1));               /* shorter: the rest is zero */
    put(fixed, 1, "20", bytes(SNMP_OCTETS, "\x80\x00", 2));
    put(fixed, 3, "20", number(2));
    put(current, 0, "0.30", text("490,491"));                            /* Junos: text where bits belong */
    put(current, 1, "0.30", text("490"));
    put(fixed, 0, "4095", text("no VLAN"));
    put(vtp, 0, "1.99", number(2));
    put(vtp, 1, "1.99", number(1));
    put(vtp, 2, "1.99", bytes(SNMP_OCTETS, "G\xe4ste", 5));              /* Latin-1 */
    put(f.parts[3], 0, "1", text("clinic"));
    put(f.parts[5], 0, "0.40", number(40));                              /* nothing but its forwarding table */
    static const char *const expected[] = {
        "vlan=1|name=default|configured=1|active=1|tagged_ports=3|untagged_ports=2",
        "vlan=20|configured=1|active=0",
        "vlan=30|configured=0|active=1",
        "vlan=40|configured=0|active=1",
        "vlan=99|name=G\xc3\xa4ste|configured=1|active=0|type=ethernet|domain=clinic",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void vlan_ports(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_vlan_ports);
    put(f.interfaces, IFX_NAME, "1001", text("ge-0/0/1"));
    put(f.parts[3], 0, "1", number(1001));
    put(f.parts[3], 0, "2", number(0));
    put(f.parts[3], 0, "3", text("?"));
    put(f.parts[3], 0, "129", number(1129));
    put(f.parts[1], 0, "0.50", bytes(SNMP_OCTETS, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\n80 00", 22));      /* port 128, that there is not, and 129, in snmpwalk's words */
    put(f.parts[1], 0, "0.20", bytes(SNMP_OCTETS, "\xa0", 1));           /* ports 1 and 3 */
    put(f.parts[1], 1, "0.20", bytes(SNMP_OCTETS, "\x20", 1));           /* 3 untagged */
    put(f.parts[2], 0, "3", number(20));
    put(f.parts[2], 0, "1", number(1));
    put(f.parts[0], 1, "20", bytes(SNMP_OCTETS, "\x01", 1));             /* what is configured yields to what is */
    put(f.parts[0], 1, "40", bytes(SNMP_OCTETS, "\x40", 1));             /* nobody says which are untagged */
    put(f.parts[6], 1, "10101", number(7));                              /* Cisco's is not wanted beside it */
    static const char *const expected[] = {
        "vlan=20|if_index=1001|bridge_port=1|interface=ge-0/0/1|tagged=1|is_pvid=0",
        "vlan=20|bridge_port=3|tagged=0|is_pvid=1",
        "vlan=40|bridge_port=2",
        "vlan=50|if_index=1129|bridge_port=129",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void vlan_ports_cisco(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_vlan_ports);
    put(f.interfaces, IFX_NAME, "10101", text("Gi1/0/1"));
    struct snmp_table *vtp = f.parts[4], *trunk = f.parts[5], *member = f.parts[6];
    put(vtp, 0, "1.1", number(1));
    put(vtp, 0, "1.20", number(1));
    put(vtp, 0, "1.1030", number(1));
    put(member, 1, "10101", number(20));
    put(member, 1, "10102", number(0));                                  /* none */
    put(member, 1, "10148", number(1));                                  /* a trunk by now */
    put(trunk, 0, "10101", number(2));
    put(trunk, 0, "10148", number(1));
    put(trunk, 1, "10148", number(1));
    put(trunk, 2, "10148", bytes(SNMP_OCTETS, "\x7f\xff\xff\xff", 4));   /* VLANs 1 to 31 */
    put(trunk, 3, "10148", bytes(SNMP_OCTETS, "\x02", 1));               /* 1030 */
    static const char *const expected[] = {
        "vlan=20|if_index=10101|interface=Gi1/0/1|tagged=0|is_pvid=1|mode=access",
        "vlan=1|if_index=10148|tagged=0|is_pvid=1|mode=trunk",
        "vlan=20|if_index=10148|tagged=1|is_pvid=0|mode=trunk",
        "vlan=1030|if_index=10148|tagged=1|is_pvid=0|mode=trunk",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* Every VLAN on every port: more rows than are kept is said, not done. */
static void vlan_ports_flood(void **state)
{
    (void)state;
    struct fixture f;
    static char all[2000];
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (char)0xff;
    fixture_begin(&f, &snmp_vlan_ports);
    for (int vlan = 1; vlan <= 10; vlan++) {
        char index[16];
        snprintf(index, sizeof index, "0.%d", vlan);
        put(f.parts[1], 0, index, bytes(SNMP_OCTETS, all, sizeof all));
    }
    fixture_rows(&f);
    assert_true(f.seen.full);
    fixture_clear(&f);
}

/* --- spanning tree ---------------------------------------------------------------------------------------------------------- */

static void spanning_tree(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_spanning_tree);
    put(f.interfaces, IF_DESCR, "24", text("Port 24"));
    struct snmp_table *t = f.parts[0];
    put(t, 0, "0", bytes(SNMP_OCTETS, "\x10\x00\x00\x1b\x21\x00\x00\x09", 8));
    put(t, 1, "0", number(3));
    put(t, 2, "0", number(32768));
    put(t, 3, "0", unsigned_number(SNMP_TIME_TICKS, 360050));
    put(t, 4, "0", unsigned_number(SNMP_COUNTER32, 17));
    put(t, 5, "0", number(20000));
    put(t, 6, "0", number(24));
    put(t, 7, "0", bytes(SNMP_OCTETS, "\x00\x1b\x21\x00\x00\x01", 6));
    put(t, 8, "0", number(2));
    put(f.parts[2], 0, "24", number(24));
    static const char *const expected[] = {
        "protocol=ieee8021d|version=rstp|priority=32768|bridge_mac=00:1b:21:00:00:01|root_mac=00:1b:21:00:00:09|root_priority=4096|is_root=0|root_cost=20000|root_port=24"
        "|root_interface=Port 24|topology_changes=17|since_change_s=3600",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));

    fixture_begin(&f, &snmp_spanning_tree);                              /* switched off */
    put(f.parts[0], 0, "0", bytes(SNMP_OCTETS, "\x80\x00\x00\x00\x00\x00\x00\x00", 8));
    put(f.parts[0], 1, "0", number(1));
    fixture_end(&f, NULL, 0);
    fixture_begin(&f, &snmp_spanning_tree);                              /* no identifier of a bridge */
    put(f.parts[0], 0, "0", text("root"));
    fixture_end(&f, NULL, 0);
}

static void spanning_tree_ports(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_spanning_tree_ports);
    put(f.interfaces, IFX_NAME, "5", text("ge5"));
    put(f.parts[0], 0, "5", number(5));
    put(f.parts[0], 1, "5", number(1));
    put(f.parts[0], 2, "5", number(65535));                              /* see the other column */
    put(f.parts[0], 3, "5", unsigned_number(SNMP_COUNTER32, 3));
    put(f.parts[0], 0, "6", number(9));
    put(f.parts[0], 2, "6", number(19));
    put(f.parts[1], 0, "5", number(1));
    put(f.parts[2], 0, "5", number(5));
    static const char *const expected[] = {
        "bridge_port=5|if_index=5|interface=ge5|state=forwarding|enabled=1|edge=1|transitions=3",
        "bridge_port=6|path_cost=19",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- storage, processors, memory ------------------------------------------------------------------------------------------------ */

static void storage(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_storage);
    struct snmp_table *t = f.parts[0];
    put(t, 0, "31", number(1000));
    put(t, 1, "31", pointer("1.3.6.1.2.1.25.2.1.4"));
    put(t, 2, "31", text("/var"));
    put(t, 3, "31", number(4096));
    put(t, 4, "31", number(250));
    put(t, 5, "31", unsigned_number(SNMP_COUNTER32, 0));
    put(t, 0, "32", number(-5));                                         /* wrapped: nobody knows */
    put(t, 3, "32", number(4096));
    put(t, 4, "32", number(7));
    put(t, 0, "33", number(10));                                         /* more used than there is */
    put(t, 3, "33", number(1));
    put(t, 4, "33", number(11));
    put(t, 0, "34", number(10));                                         /* no unit */
    static const char *const expected[] = {
        "storage=31|name=/var|type=fixedDisk|size_bytes=4096000|used_bytes=1024000|used_percent=25|allocation_failures=0",
        "storage=32|used_bytes=28672",
        "storage=33|size_bytes=10|used_bytes=11",
        "storage=34",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void processors(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_processors);                                 /* a Cisco switch */
    put(f.components, 4, "1000", text("Switch 1"));
    put(f.parts[2], 0, "19", unsigned_number(SNMP_GAUGE32, 12));
    put(f.parts[2], 2, "19", number(1000));
    put(f.parts[2], 1, "20", unsigned_number(SNMP_GAUGE32, 40));
    put(f.parts[3], 0, "0", number(99));                                 /* the older figure is not wanted beside it */
    put(f.parts[1], 0, "0", number(5));
    static const char *const cisco[] = {
        "source=CISCO-PROCESS-MIB|number=19|name=Switch 1|load_percent=12|window_s=300",
        "source=CISCO-PROCESS-MIB|number=20|load_percent=40|window_s=300",
    };
    fixture_end(&f, cisco, N_ELEMENTS(cisco));

    fixture_begin(&f, &snmp_processors);                                 /* a small switch that does not measure, a Linux host */
    put(f.parts[4], 0, "0", number(101));
    put(f.parts[0], 0, "196608", number(3));
    put(f.parts[1], 0, "0", number(5));
    static const char *const mixed[] = {
        "source=CISCOSB-rndMng|number=0|window_s=300",
        "source=HOST-RESOURCES-MIB|number=196608|load_percent=3|window_s=60",
    };
    fixture_end(&f, mixed, N_ELEMENTS(mixed));

    fixture_begin(&f, &snmp_processors);                                 /* idle alone, and Junos' rows of parts without a processor */
    put(f.parts[1], 0, "0", number(80));
    static const char *const idle[] = { "source=UCD-SNMP-MIB|number=0|load_percent=20|window_s=60" };
    fixture_end(&f, idle, N_ELEMENTS(idle));
    fixture_begin(&f, &snmp_processors);
    put(f.parts[7], OPERATING_CPU, "2.1.0.0", number(0));
    put(f.parts[7], OPERATING_CPU, "9.1.0.0", number(7));
    put(f.parts[7], OPERATING_DESCR, "9.1.0.0", text("Routing Engine"));
    static const char *const juniper[] = { "source=JUNIPER-MIB|number=9.1.0.0|name=Routing Engine|load_percent=7" };
    fixture_end(&f, juniper, N_ELEMENTS(juniper));
}

static void memory(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_memory);                                     /* Linux: caches are not in use; RAM of the host's MIB is not wanted beside it */
    put(f.parts[2], 0, "0", number(1000));
    put(f.parts[2], 1, "0", number(100));
    put(f.parts[2], 2, "0", number(50));
    put(f.parts[2], 3, "0", number(350));
    put(f.parts[9], 0, "1", number(1000));
    put(f.parts[9], 1, "1", pointer("1.3.6.1.2.1.25.2.1.2"));
    put(f.parts[9], 3, "1", number(1024));
    static const char *const linux_host[] = { "source=UCD-SNMP-MIB|number=0|total_bytes=1024000|used_bytes=512000|used_percent=50" };
    fixture_end(&f, linux_host, N_ELEMENTS(linux_host));

    fixture_begin(&f, &snmp_memory);                                     /* Cisco, both tables */
    put(f.parts[0], 0, "1", text("Processor"));
    put(f.parts[0], 1, "1", unsigned_number(SNMP_GAUGE32, 30));
    put(f.parts[0], 2, "1", unsigned_number(SNMP_GAUGE32, 70));
    static const char *const cisco[] = { "source=CISCO-MEMORY-POOL-MIB|number=1|name=Processor|total_bytes=100|used_bytes=30|used_percent=30" };
    fixture_end(&f, cisco, N_ELEMENTS(cisco));
    fixture_begin(&f, &snmp_memory);
    put(f.parts[1], 3, "1.1", unsigned_number(SNMP_COUNTER64, 6000000000));
    put(f.parts[1], 4, "1.1", unsigned_number(SNMP_COUNTER64, 2000000000));
    put(f.parts[0], 1, "1", unsigned_number(SNMP_GAUGE32, 30));
    put(f.parts[0], 2, "1", unsigned_number(SNMP_GAUGE32, 70));
    static const char *const cisco_new[] = { "source=CISCO-ENHANCED-MEMPOOL-MIB|number=1.1|total_bytes=8000000000|used_bytes=6000000000|used_percent=75" };
    fixture_end(&f, cisco_new, N_ELEMENTS(cisco_new));

    fixture_begin(&f, &snmp_memory);                                     /* percent alone */
    put(f.parts[3], 0, "0", unsigned_number(SNMP_GAUGE32, 61));
    put(f.parts[3], 1, "0", unsigned_number(SNMP_GAUGE32, 2000));
    static const char *const fortinet[] = { "source=FORTINET-FORTIGATE-MIB|number=0|total_bytes=2048000|used_percent=61" };
    fixture_end(&f, fortinet, N_ELEMENTS(fortinet));

    fixture_begin(&f, &snmp_memory);                                     /* Windows: the host's MIB is all there is */
    put(f.parts[9], 0, "3", number(100));
    put(f.parts[9], 1, "3", pointer("1.3.6.1.2.1.25.2.1.2"));
    put(f.parts[9], 2, "3", text("Physical Memory"));
    put(f.parts[9], 3, "3", number(65536));
    put(f.parts[9], 4, "3", number(40));
    put(f.parts[9], 0, "1", number(100));                                /* a disk */
    put(f.parts[9], 1, "1", pointer("1.3.6.1.2.1.25.2.1.4"));
    put(f.parts[9], 3, "1", number(4096));
    static const char *const windows[] = { "source=HOST-RESOURCES-MIB|number=3|name=Physical Memory|total_bytes=6553600|used_bytes=2621440|used_percent=40" };
    fixture_end(&f, windows, N_ELEMENTS(windows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes), cmocka_unit_test(vlans), cmocka_unit_test(vlan_ports), cmocka_unit_test(vlan_ports_cisco), cmocka_unit_test(vlan_ports_flood), cmocka_unit_test(spanning_tree),
        cmocka_unit_test(spanning_tree_ports), cmocka_unit_test(storage), cmocka_unit_test(processors), cmocka_unit_test(memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
