/* Addresses and prefixes: one meaning for each text, mapped IPv4 is IPv4. */
#include "lib/cmocka_all.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include "base/cidr.h"
#include "base/mem.h"

static void test_addresses(void **state)
{
    static const struct {
        const char *in, *out;        /* out NULL: refused */
    } rows[] = {
        { "10.20.0.1", "10.20.0.1" }, { "0.0.0.0", "0.0.0.0" }, { "255.255.255.255", "255.255.255.255" },
        { "::", "::" }, { "::1", "::1" }, { "2001:DB8:0:0:0:0:0:1", "2001:db8::1" }, { "fe80::1", "fe80::1" },
        { "::ffff:10.0.0.1", "10.0.0.1" }, { "::ffff:0a00:0001", "10.0.0.1" }, { "::FFFF:10.0.0.1", "10.0.0.1" },
        { "0:0:0:0:0:ffff:10.0.0.1", "10.0.0.1" }, { "::10.0.0.1", "::10.0.0.1" }, { "64:ff9b::10.0.0.1", "64:ff9b::a00:1" },
        { "", NULL }, { "10.0.0", NULL }, { "10.0.0.256", NULL }, { "10.0.0.1.1", NULL }, { "010.0.0.1", NULL }, { "10.0.0.01", NULL },
        { " 10.0.0.1", NULL }, { "10.0.0.1 ", NULL }, { "10.0.0.1:80", NULL }, { "0x0a.0.0.1", NULL }, { "167772161", NULL }, { "10.1", NULL },
        { "fe80::1%eth0", NULL }, { "[::1]", NULL }, { ":::", NULL }, { "1::2::3", NULL }, { "12345::", NULL }, { "host", NULL },
        { "10.0.0.-1", NULL }, { "+1.0.0.0", NULL }, { "::ffff:10.0.0.256", NULL }, { "1:2:3:4:5:6:7:8:9", NULL },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct ip ip;
        char text[IP_TEXT];
        if (!ip_parse(rows[i].in, &ip)) {
            if (rows[i].out)
                fail_msg("refused '%s'", rows[i].in);
            continue;
        }
        if (!rows[i].out)
            fail_msg("took '%s'", rows[i].in);
        ip_format(&ip, text);
        assert_string_equal(text, rows[i].out);
    }
    assert_false(ip_parse(NULL, &(struct ip){ 0 }));
}

static void test_prefixes(void **state)
{
    static const struct {
        const char *in;
        bool host_bits;
        const char *out;
    } rows[] = {
        { "10.20.0.0/22", false, "10.20.0.0/22" }, { "10.20.1.7/22", false, NULL }, { "10.20.1.7/22", true, "10.20.0.0/22" },
        { "10.20.3.255/22", true, "10.20.0.0/22" }, { "10.20.0.1", false, "10.20.0.1/32" }, { "::1", false, "::1/128" },
        { "0.0.0.0/0", false, "0.0.0.0/0" }, { "1.2.3.4/0", true, "0.0.0.0/0" }, { "1.2.3.4/0", false, NULL }, { "10.0.0.1/32", false, "10.0.0.1/32" },
        { "10.0.0.1/31", false, NULL }, { "10.0.0.1/31", true, "10.0.0.0/31" }, { "255.255.255.255/1", true, "128.0.0.0/1" },
        { "2001:db8::/32", false, "2001:db8::/32" }, { "2001:db8::1/32", false, NULL }, { "2001:db8:ffff::/33", true, "2001:db8:8000::/33" },
        { "::/0", false, "::/0" }, { "::ffff:10.0.0.0/104", false, "10.0.0.0/8" }, { "::ffff:10.1.0.0/104", true, "10.0.0.0/8" },
        { "::ffff:0.0.0.0/96", false, "0.0.0.0/0" }, { "::ffff:10.0.0.1", false, "10.0.0.1/32" }, { "::ffff:10.0.0.1/128", false, "10.0.0.1/32" },
        { "10.0.0.0/33", true, NULL }, { "::/129", true, NULL }, { "10.0.0.0/", true, NULL }, { "10.0.0.0/08", true, NULL }, { "10.0.0.0/-1", true, NULL },
        { "10.0.0.0/+8", true, NULL }, { "10.0.0.0/8 ", true, NULL }, { "10.0.0.0/255.0.0.0", true, NULL }, { "10.0.0/8", true, NULL }, { "/8", true, NULL },
        { "", true, NULL }, { "10.0.0.0/8/8", true, NULL }, { "10.0.0.0/4294967304", true, NULL },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct cidr c;
        char text[CIDR_TEXT];
        if (!cidr_parse(rows[i].in, rows[i].host_bits, &c)) {
            if (rows[i].out)
                fail_msg("refused '%s'", rows[i].in);
            continue;
        }
        if (!rows[i].out)
            fail_msg("took '%s'", rows[i].in);
        cidr_format(&c, text);
        assert_string_equal(text, rows[i].out);
    }
}

static struct cidr net_of(const char *s)
{
    struct cidr c;

    assert_true(cidr_parse(s, false, &c));
    return c;
}

static void test_contains(void **state)
{
    static const struct {
        const char *net, *ip;
        bool in;
    } rows[] = {
        { "10.20.0.0/22", "10.20.0.0", true }, { "10.20.0.0/22", "10.20.3.255", true }, { "10.20.0.0/22", "10.20.4.0", false },
        { "10.20.0.0/22", "10.19.255.255", false }, { "10.0.0.0/8", "::ffff:10.1.2.3", true }, { "0.0.0.0/0", "::1", false },
        { "::/0", "10.0.0.1", false }, { "::/0", "2001:db8::1", true }, { "2001:db8::/33", "2001:db8:8000::", false },
        { "10.0.0.1", "10.0.0.1", true }, { "10.0.0.1", "10.0.0.2", false }, { "::1", "::1", true }, { "::ffff:10.0.0.0/104", "10.9.9.9", true },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct cidr net = net_of(rows[i].net);
        struct ip ip;
        assert_true(ip_parse(rows[i].ip, &ip));
        if (cidr_contains(&net, &ip) != rows[i].in)
            fail_msg("%s in %s", rows[i].ip, rows[i].net);
    }
    /* a prefix that was never set contains nothing */
    assert_false(cidr_contains(&(struct cidr){ 0 }, &(struct ip){ 0 }));
}

static void test_overlaps(void **state)
{
    static const struct {
        const char *a, *b;
        bool yes;
    } rows[] = {
        { "10.0.0.0/8", "10.20.0.0/22", true }, { "10.20.0.0/22", "10.20.4.0/22", false }, { "10.20.0.0/22", "10.20.0.0/22", true },
        { "10.20.0.0/22", "10.20.3.7", true }, { "0.0.0.0/0", "192.168.0.0/16", true }, { "0.0.0.0/0", "::/0", false },
        { "2001:db8::/32", "2001:db8:1::/48", true }, { "2001:db8::/32", "2001:db9::/32", false }, { "::ffff:10.0.0.0/104", "10.1.0.0/16", true },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct cidr a = net_of(rows[i].a), b = net_of(rows[i].b);
        if (cidr_overlaps(&a, &b) != rows[i].yes || cidr_overlaps(&b, &a) != rows[i].yes)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
    }
}

static void test_sockaddr(void **state)
{
    static const char *const addresses[] = { "10.1.2.3", "2001:db8::5" };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(addresses); i++) {
        struct ip ip, again;
        struct sockaddr_storage ss;
        assert_true(ip_parse(addresses[i], &ip));
        assert_int_equal(ip_to_sockaddr(&ip, 161, &ss), i ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in));
        assert_int_equal(i ? ((struct sockaddr_in6 *)&ss)->sin6_port : ((struct sockaddr_in *)&ss)->sin_port, htons(161));
        assert_true(ip_from_sockaddr((struct sockaddr *)&ss, &again));
        assert_true(ip_equal(&ip, &again));
    }
    struct sockaddr_in6 mapped = { .sin6_family = AF_INET6 };
    struct ip ip;
    assert_int_equal(inet_pton(AF_INET6, "::ffff:10.0.0.9", &mapped.sin6_addr), 1);
    assert_true(ip_from_sockaddr((struct sockaddr *)&mapped, &ip));
    assert_int_equal(ip.family, 4);
    assert_false(ip_from_sockaddr(&(struct sockaddr){ .sa_family = AF_UNIX }, &ip));
    assert_int_equal(ip_to_sockaddr(&(struct ip){ 0 }, 1, &(struct sockaddr_storage){ 0 }), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_contains),
        cmocka_unit_test(test_overlaps),
        cmocka_unit_test(test_sockaddr),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
