/* Lease files of DHCP servers: which entry holds, what each says, and files that are none, are cut, or mean harm. */
#include "lib/cmocka_all.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "probes/file/file_leases_parse.h"

static struct buf seen = BUF_INIT(1 << 20);
static struct leases_report report;
static size_t stop_after;

static bool on_lease(void *arg, const struct lease *l)
{
    char address[IP_TEXT];
    (void)arg;
    ip_format(&l->ip, address);
    buf_printf(&seen, "%s %s %s %.*s %lld %lld\n", address, l->mac[0] == '\0' ? "-" : l->mac, l->state == NULL ? "-" : l->state,
               l->name == NULL ? 1 : (int)l->name_len, l->name == NULL ? "-" : l->name, (long long)l->ends, (long long)l->scope);
    return stop_after == 0 || --stop_after > 0;
}

static const char *dhcpd(const char *text)
{
    buf_reset(&seen);
    leases_parse_dhcpd(text, strlen(text), on_lease, NULL, &report);
    return buf_str(&seen);
}

static const char *kea(const char *text)
{
    buf_reset(&seen);
    leases_parse_kea(text, strlen(text), on_lease, NULL, &report);
    return buf_str(&seen);
}

/* A file of the fuzz target's corpus, behind the byte that says whose it is. */
static char *corpus(const char *name)
{
    struct buf b = BUF_INIT(1 << 20);
    char *path = xasprintf("%s/tests/fuzz/corpus/leases/%s", getenv("srcdir"), name);
    assert_int_equal(file_read(path, 1 << 20, &b), 0);
    char *text = xstrdup(buf_str(&b) + 1);
    buf_clear(&b);
    free(path);
    return text;
}

static void test_dhcpd(void **state)
{
    char *text = corpus("dhcpd.leases");
    (void)state;
    assert_string_equal(dhcpd(text),
        "10.20.0.51 00:11:22:33:44:07 Active NURSE \"1\" \303\274 { 1795716000 -1\n"
        "10.20.0.52 00:1a:2b:3c:4d:5e ActiveReservation - 0 -1\n"
        "10.20.0.53 - Abandoned - 1795716000 -1\n"
        "10.20.0.54 00:11:22:33:44:0a Expired - 0 -1\n"
        "10.20.3.17 de:ad:be:ef:00:07 Active CANARY-PHONE 1795716000 -1\n"
        "fd00:20::51 - Active srv1.clinic.local 1795730400 -1\n");
    assert_int_equal(report.reason, REASON_NONE);
    assert_int_equal(report.n_entries, 7);
    assert_int_equal(report.n_earlier, 1);
    assert_int_equal(report.n_prefixes, 1);
    assert_int_equal(report.n_bad_ends, 1);
    assert_int_equal(report.first_bad_ends, 42);
    assert_int_equal(report.n_unread, 0);
    free(text);
}

static void test_kea(void **state)
{
    char *text = corpus("kea4.csv");
    (void)state;
    assert_string_equal(kea(text),
        "10.20.0.51 00:11:22:33:44:07 Active nurse-1.clinic.local 1795716000 1\n"
        "10.20.0.52 00:11:22:33:44:08 Active front desk, 2 1795716000 1\n"
        "10.20.0.53 - Declined - 1795716000 1\n"
        "10.20.0.55 00:11:22:33:44:0b Active - 0 2\n"
        "10.20.3.17 de:ad:be:ef:00:07 Active CANARY-PHONE 1795716000 3\n");
    assert_int_equal(report.reason, REASON_NONE);
    assert_int_equal(report.n_entries, 8);
    assert_int_equal(report.n_earlier, 2);
    assert_int_equal(report.n_removed, 1);
    assert_int_equal(report.n_headings, 2);
    free(text);
    text = corpus("kea6.csv");
    assert_string_equal(kea(text), "fd00:20::51 00:11:22:33:44:77 Active srv1 1795716000 1\nfd00:20::52 - Expired srv2 1795716000 1\n");
    assert_int_equal(report.n_prefixes, 1);
    free(text);
}

static void expect_bad(const char *rows, const char *want, enum reason reason, const char *detail)
{
    assert_string_equal(rows, want);
    assert_int_equal(report.reason, reason);
    if (strstr(report.detail, detail) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", detail, report.detail);
}

#define ONE "lease 10.0.0.5 { binding state active; hardware ethernet 00:11:22:33:44:55; }\n"
#define ONE_ROW "10.0.0.5 00:11:22:33:44:55 Active - 0 -1\n"

/* What a cut entry would have said is not known: the entry before it no longer speaks for its address. */
static void test_dhcpd_not_whole(void **state)
{
    (void)state;
    expect_bad(dhcpd(ONE "lease 10.0.0.6 { binding state"), ONE_ROW, REASON_BAD_FILE, "cut off: it ends within a declaration, in line 2");
    expect_bad(dhcpd(ONE "lease 10.0.0.5 { binding state free; client-hostname \"x"), "", REASON_BAD_FILE, "cut off");
    assert_int_equal(report.n_unread, 1);
    expect_bad(dhcpd(ONE "failover peer \"x\" state { a {"), ONE_ROW, REASON_BAD_FILE, "cut off");
    expect_bad(dhcpd(ONE "ia-na \"x\" { cltt never;"), ONE_ROW, REASON_BAD_FILE, "cut off");
    expect_bad(dhcpd(ONE "lease 10.0"), ONE_ROW, REASON_BAD_FILE, "cut off");
    expect_bad(dhcpd(""), "", REASON_BAD_FILE, "no declaration of a lease");
    expect_bad(dhcpd("hello; { }"), "", REASON_BAD_FILE, "no declaration of a lease");
    expect_bad(dhcpd("lease { interface \"eth0\"; fixed-address 10.0.0.5; }"), "", REASON_BAD_FILE, "dhclient");
    assert_string_equal(dhcpd("authoring-byte-order little-endian;\n"), "");
    assert_int_equal(report.reason, REASON_NONE);        /* a server that gave out nothing */
    assert_string_equal(dhcpd(ONE "lease 10.0.0.999 { binding state active; }\nlease 10.0.0.5 { binding state free }\n"), "");
    assert_int_equal(report.n_unread, 2);
    assert_int_equal(report.first_unread, 2);
    assert_string_equal(dhcpd(ONE "}}; lease 10.0.0.6 { binding state odd; hardware ethernet 1:2:3:4:5; }"), ONE_ROW "10.0.0.6 - - - 0 -1\n");
}

#define HEADINGS "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context\n"

static void test_kea_not_whole(void **state)
{
    (void)state;
    expect_bad(kea(""), "", REASON_BAD_FILE, "first line is not Kea's headings");
    expect_bad(kea("Address,MAC\n10.0.0.5,x\n"), "", REASON_BAD_FILE, "first line");
    expect_bad(kea("address,colour\n"), "", REASON_BAD_FILE, "first line");
    assert_false(report.is_leases);
    assert_string_equal(kea(HEADINGS "10.0.0.5,,,60,1795716000,1,0,0,x,0,"), "10.0.0.5 - Active x 1795716000 1\n");
    assert_int_equal(report.reason, REASON_NONE);
    expect_bad(kea(HEADINGS "10.0.0.5,,,60,1795716000,1,0,0,x,0,\n10.0.0.5,,,60,179"), "", REASON_BAD_FILE, "ends within line 3");
    expect_bad(kea(HEADINGS "10.0.0.5,,,60,1795716000,1,0,0,x,0,\n10.0.0.5"), "10.0.0.5 - Active x 1795716000 1\n", REASON_BAD_FILE, "ends within line 3");
    expect_bad(kea(HEADINGS "10.0.0.5,,,60,1795716000,1,0,0,x,0,\naddress,colour\n10.0.0.6,red\n"), "10.0.0.5 - Active x 1795716000 1\n", REASON_BAD_FILE, "line 3");
    assert_string_equal(kea(HEADINGS "10.0.0.5,,,60,1795716000,1,0,0,x,0,\r\n10.0.0.5,,,soon,1795716000,1,0,0,x,0,\n10.0.0.6,,,60,-1,1,0,0,x,0,\n,,,,,,,,,,\n10.0.0.7,,,60,9,x,0,0,x,9,\n"),
                        "10.0.0.7 - - x 9 -1\n");
    assert_int_equal(report.n_unread, 3);
    assert_int_equal(report.first_unread, 3);
}

static void test_harm(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(64u << 20);
    buf_puts(&b, "lease 10.0.0.5 { on x ");
    for (size_t i = 0; i < 1000000; i++)
        buf_putc(&b, '{');
    expect_bad(dhcpd(buf_str(&b)), "", REASON_BAD_FILE, "cut off");
    buf_reset(&b);
    buf_puts(&b, "lease 10.0.0.5 { client-hostname \"");
    for (size_t i = 0; i < 1000; i++)
        buf_puts(&b, "\\000a");
    buf_puts(&b, "\"; }");
    (void)dhcpd(buf_str(&b));
    assert_int_equal(report.reason, REASON_NONE);
    buf_reset(&b);
    stop_after = 1;
    expect_bad(dhcpd(ONE "lease 10.0.0.6 { }"), ONE_ROW, REASON_TIMEOUT, "out of time");
    stop_after = 0;
    buf_puts(&b, HEADINGS);
    for (unsigned i = 0; i <= LEASES_MAX; i++)
        buf_printf(&b, "10.%u.%u.%u,,,60,9,1,0,0,,0,\n", i >> 16, (i >> 8) & 255, i & 255);
    expect_bad(kea(buf_str(&b)), "", REASON_LIMIT, "more than 400000");
    buf_reset(&b);
    buf_puts(&b, HEADINGS);
    for (unsigned i = 0; i < 2 * LEASES_MAX + 10; i++)
        buf_printf(&b, "10.0.0.%u,,,60,%u,1,0,0,,0,\n", i & 1, i + 1);
    assert_string_equal(kea(buf_str(&b)), "10.0.0.0 - Active - 800009 1\n10.0.0.1 - Active - 800010 1\n");    /* a long log of few addresses is none too many */
    assert_int_equal(report.n_earlier, 2 * LEASES_MAX + 8);
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dhcpd), cmocka_unit_test(test_kea), cmocka_unit_test(test_dhcpd_not_whole), cmocka_unit_test(test_kea_not_whole), cmocka_unit_test(test_harm),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    buf_clear(&seen);
    return rc;
}
