/* Our own link from files, frames and kernel answers: values as they stand there, and nothing from what is cut or foreign. */
#include "lib/cmocka_all.h"

#include <arpa/inet.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include "collect/own_link.h"
#include "collect/vantage.h"

static struct own_link *link_new(void)
{
    struct own_link *l = own_link_new();
    (void)snprintf(l->interface, sizeof l->interface, "eth0");
    l->if_index = 2;
    return l;
}

static void test_resolv(void **state)
{
    (void)state;
    struct own_link *l = link_new();
    const char text[] = "# by dhcp\n; nameserver 9.9.9.9\nnameserver 10.20.0.10\r\nnameserver   fe80::1%eth0\nnameserver 10.20.0.10\nnameserver nonsense\n"
                        "search Clinic.Example. corp.example ..bad\ndomain clinic.example\noptions timeout:1\n";
    own_resolv_parse(l, text, sizeof text - 1);
    assert_int_equal(l->n_resolvers, 2);
    char ip[IP_TEXT];
    ip_format(&l->resolvers[0], ip);
    assert_string_equal(ip, "10.20.0.10");
    ip_format(&l->resolvers[1], ip);
    assert_string_equal(ip, "fe80::1");
    assert_int_equal(l->n_suffixes, 2);
    assert_string_equal(l->suffixes[0], "clinic.example");
    assert_string_equal(l->suffixes[1], "corp.example");
    own_link_free(l);
}

static void test_lease(void **state)
{
    (void)state;
    struct own_link *l = link_new();
    const char networkd[] = "# This is private data. Do not parse.\nADDRESS=10.20.0.77\nNETMASK=255.255.252.0\nROUTER=10.20.0.1\nSERVER_ADDRESS=10.20.0.5\n"
                            "LIFETIME=86400\nDNS=10.20.0.10 10.20.0.11\nDOMAINNAME=clinic.example\n";
    assert_true(own_lease_parse(l, "/run/x", networkd, sizeof networkd - 1));
    assert_string_equal(l->lease.server, "10.20.0.5");
    assert_string_equal(l->lease.router, "10.20.0.1");
    assert_string_equal(l->lease.domain, "clinic.example");
    assert_string_equal(l->lease.resolvers, "10.20.0.10 10.20.0.11");
    assert_string_equal(l->lease.lifetime, "86400");
    assert_string_equal(l->suffixes[0], "clinic.example");
    assert_false(own_lease_parse(l, "/run/y", "nothing here\n", 13));
    assert_string_equal(l->lease.file, "/run/x");
    own_link_free(l);

    l = link_new();
    /* the last of our interface counts; another interface's does not */
    const char dhclient[] = "lease {\n  interface \"eth0\";\n  option dhcp-server-identifier 10.0.0.1;\n}\n"
                            "lease {\n  interface \"eth0\";\n  fixed-address 10.20.0.77;\n  option routers 10.20.0.1;\n  option domain-name \"cl\x1b[31minic\";\n"
                            "  option dhcp-server-identifier 10.20.0.6;\n}\nlease {\n  interface \"eth00\";\n  option dhcp-server-identifier 10.0.0.9;\n}\nlease {\n  interface \"eth0\";\n";
    assert_true(own_lease_parse(l, "f", dhclient, sizeof dhclient - 1));
    assert_string_equal(l->lease.server, "10.20.0.6");
    assert_string_equal(l->lease.router, "10.20.0.1");
    assert_null(strchr(l->lease.domain, 0x1b));
    assert_int_equal(l->n_suffixes, 0);
    own_link_free(l);
}

static void test_vlan(void **state)
{
    (void)state;
    struct own_link *l = link_new();
    (void)snprintf(l->interface, sizeof l->interface, "eth0.20");
    const char text[] = "VLAN Dev name\t | VLAN ID\nName-Type: VLAN_NAME_TYPE_RAW_PLUS_VID_NO_PAD\neth0.30        | 30  | eth0\neth0.20        | 20  | eth0\n";
    own_vlan_parse(l, text, sizeof text - 1);
    assert_int_equal(l->vlan, 20);
    own_link_free(l);
}

/* --- LLDP --------------------------------------------------------------------------------------------------------------- */

static void put_tlv(struct buf *b, unsigned type, const void *p, size_t len)
{
    buf_put_u16(b, (uint16_t)(type << 9 | len));
    buf_append(b, p, len);
}

static void put_frame(struct buf *b, const char *name)
{
    buf_append(b, "\x01\x80\xc2\x00\x00\x0e\x00\x1b\x21\x0a\x0b\x0c\x88\xcc", 14);
    put_tlv(b, 1, "\x04\x00\x1b\x21\xaa\xbb\xcc", 7);
    put_tlv(b, 2, "\x05Gi1/0/24", 9);
    put_tlv(b, 3, "\0\x78", 2);
    put_tlv(b, 4, "room 4", 6);
    put_tlv(b, 5, name, strlen(name));
    put_tlv(b, 8, "\x05\x01\x0a\x14\x00\x02\x02\x00\x00\x00\x01\x00", 12);
    put_tlv(b, 127, "\x00\x80\xc2\x01\x00\x14", 6);
    put_tlv(b, 0, "", 0);
}

static void test_lldp_frame(void **state)
{
    (void)state;
    struct own_link *l = link_new();
    struct buf b = BUF_INIT(4096);
    put_frame(&b, "sw1\n- name: evil");
    assert_true(own_lldp_frame_parse(l, 2, (const uint8_t *)b.data, b.len));
    const struct own_peer *p = &l->peers[0];
    char ip[IP_TEXT];
    assert_int_equal(l->n_peers, 1);
    assert_string_equal(p->chassis_id, "00:1b:21:aa:bb:cc");
    assert_string_equal(p->mac, "00:1b:21:aa:bb:cc");
    assert_string_equal(p->port_id, "Gi1/0/24");
    assert_string_equal(p->port_descr, "room 4");
    assert_string_equal(p->sys_name, "sw1 - name: evil");
    assert_int_equal(p->vlan, 20);
    ip_format(&p->address, ip);
    assert_string_equal(ip, "10.20.0.2");
    for (size_t cut = 0; cut < b.len - 2; cut++) {      /* the end TLV may be missing, anything else not */
        char *part = malloc(cut + 1);
        memcpy(part, b.data, cut);
        size_t before = l->n_peers;
        if (own_lldp_frame_parse(l, 2, (const uint8_t *)part, cut))
            l->n_peers = before;
        free(part);
    }
    b.data[12] = 0x08;                                  /* another protocol */
    assert_false(own_lldp_frame_parse(l, 2, (const uint8_t *)b.data, b.len));
    assert_int_equal(l->n_peers, 1);
    buf_clear(&b);
    own_link_free(l);
}

static void test_lldp_file(void **state)
{
    (void)state;
    struct own_link *l = link_new();
    struct buf frame = BUF_INIT(4096), file = BUF_INIT(16384);
    const char *const names[] = { "sw1", "phone" };
    for (size_t i = 0; i < 2; i++) {
        buf_reset(&frame);
        put_frame(&frame, names[i]);
        const uint8_t len[8] = { (uint8_t)frame.len, (uint8_t)(frame.len >> 8) };
        buf_append(&file, len, 8);
        buf_append(&file, frame.data, frame.len);
    }
    buf_append(&file, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);       /* a length that nothing has */
    own_lldp_file_parse(l, 2, file.data, file.len);
    assert_int_equal(l->n_peers, 2);
    assert_string_equal(l->peers[1].sys_name, "phone");
    buf_clear(&frame);
    buf_clear(&file);
    own_link_free(l);
}

static void test_lldpcli(void **state)
{
    (void)state;
    struct own_link *l = link_new();
    const char text[] = "lldp.eth1.via=LLDP\nlldp.eth1.chassis.name=other\nlldp.eth0.via=CDPv2\nlldp.eth0.chassis.local=sw2.clinic.example\nlldp.eth0.chassis.name=sw2\n"
                        "lldp.eth0.chassis.mgmt-ip=10.20.0.3\nlldp.eth0.chassis.descr=Cisco IOS\nlldp.eth0.port.ifname=Gi0/7\nlldp.eth0.vlan.vlan-id=20\nlldp.eth0.vlan.vlan-id=30\n"
                        "lldp.eth0.via=LLDP\nlldp.eth0.chassis.mac=00:1B:21:aa:bb:cc\nlldp.eth0.port.descr=x\nlldp.eth0.via=LLDP\nlldp.eth0.port.descr=nobody\n";
    own_lldpcli_parse(l, text, sizeof text - 1);
    assert_int_equal(l->n_peers, 2);
    assert_string_equal(l->peers[0].via, "cdp");
    assert_string_equal(l->peers[0].sys_name, "sw2");
    assert_string_equal(l->peers[0].port_id, "Gi0/7");
    assert_int_equal(l->peers[0].vlan, 20);
    assert_string_equal(l->peers[1].via, "lldp");
    assert_string_equal(l->peers[1].mac, "00:1b:21:aa:bb:cc");
    own_link_free(l);
}

/* --- the kernel ----------------------------------------------------------------------------------------------------------- */

static void put_neigh(struct buf *b, uint16_t kernel_state, const char *address, const uint8_t mac[6])
{
    struct { struct nlmsghdr h; struct ndmsg nd; struct rtattr da; uint8_t dst[4]; struct rtattr la; uint8_t mac[8]; } m = {
        .h = { .nlmsg_len = sizeof m, .nlmsg_type = RTM_NEWNEIGH }, .nd = { .ndm_family = AF_INET, .ndm_ifindex = 2, .ndm_state = kernel_state },
        .da = { .rta_len = 8, .rta_type = NDA_DST }, .la = { .rta_len = 10, .rta_type = NDA_LLADDR },
    };
    assert_int_equal(inet_pton(AF_INET, address, m.dst), 1);
    memcpy(m.mac, mac, 6);
    buf_append(b, &m, sizeof m);
}

static void test_neigh(void **state)
{
    (void)state;
    struct own_link *l = link_new();
    struct buf b = BUF_INIT(65536);
    const uint8_t one[6] = { 0, 0x1b, 0x21, 1, 2, 3 }, none[6] = { 0 };
    put_neigh(&b, NUD_REACHABLE, "10.20.0.1", one);
    put_neigh(&b, NUD_FAILED, "10.20.0.9", one);
    put_neigh(&b, NUD_STALE, "10.20.0.8", none);
    put_neigh(&b, NUD_STALE, "10.20.0.7", one);
    for (size_t cut = 0; cut < b.len; cut++) {          /* never beyond what is there */
        char *part = malloc(cut + 1);
        memcpy(part, b.data, cut);
        struct own_link *other = link_new();
        own_neigh_parse(other, part, cut);
        assert_true(other->n_arp <= 1 + (cut == b.len));
        own_link_free(other);
        free(part);
    }
    own_neigh_parse(l, b.data, b.len);
    own_link_sort_arp(l);
    assert_int_equal(l->n_arp, 2);
    struct ip ip;
    assert_true(ip_parse("10.20.0.7", &ip));
    assert_string_equal(own_link_mac(l, &ip), "00:1b:21:01:02:03");
    assert_true(ip_parse("10.20.0.9", &ip));
    assert_null(own_link_mac(l, &ip));
    buf_clear(&b);
    own_link_free(l);
}

static void test_vantage(void **state)
{
    (void)state;
    struct own_link *l = link_new();
    struct buf b = BUF_INIT(4096);
    assert_true(ip_parse("fd00::2", &l->addresses[0].ip) && ip_parse("10.20.0.77", &l->addresses[1].ip) && ip_parse("10.20.0.1", &l->gateway));
    l->addresses[0].len = 64;
    l->addresses[1].len = 22;
    l->n_addresses = 2;
    l->peers[0] = (struct own_peer){ .via = "lldp", .sys_name = "a\"b\\", .port_id = "1", .vlan = 20 };
    l->n_peers = 1;
    vantage_json("room 4", l, &b);
    assert_string_equal(buf_str(&b), "{\"label\":\"room 4\",\"interface\":\"eth0\",\"address\":\"10.20.0.77/22\",\"gateway\":\"10.20.0.1\",\"vlan\":\"20\",\"neighbor\":\"a\\\"b\\\\\",\"neighbor_port\":\"1\"}");
    struct ip ip;
    assert_true(ip_parse("10.20.3.254", &ip) && own_link_is_direct(l, &ip));
    assert_true(ip_parse("10.20.4.1", &ip) && !own_link_is_direct(l, &ip));
    buf_clear(&b);
    own_link_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolv), cmocka_unit_test(test_lease), cmocka_unit_test(test_vlan), cmocka_unit_test(test_lldp_frame), cmocka_unit_test(test_lldp_file),
        cmocka_unit_test(test_lldpcli), cmocka_unit_test(test_neigh), cmocka_unit_test(test_vantage),
    };
    return cmocka_run_group_tests_name("own_link", tests, NULL, NULL);
}
