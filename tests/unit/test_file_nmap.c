/* XML of nmap: hosts and their ports, what is left out, and files that are none, are cut, or mean harm. */
#include "lib/cmocka_all.h"
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "probes/file/file_nmap_parse.h"

static struct buf seen = BUF_INIT(1 << 20);
static struct nmap_report report;
static size_t stop_after;

static bool on_host(void *arg, const struct nmap_host *h)
{
    (void)arg;
    buf_printf(&seen, "%s %s", h->address, h->mac[0] == '\0' ? "-" : h->mac);
    for (size_t i = 0; i < h->n_open; i++)
        buf_printf(&seen, " %s/%u", h->open[i].udp ? "udp" : "tcp", h->open[i].port);
    buf_putc(&seen, '\n');
    return stop_after == 0 || --stop_after > 0;
}

static const char *parse(const char *text)
{
    buf_reset(&seen);
    nmap_parse(text, strlen(text), on_host, NULL, &report);
    return buf_str(&seen);
}

#define RUN(args, body) "<?xml version=\"1.0\"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner=\"nmap\" args=\"" args "\" start=\"1793631600\" version=\"7.93\">" \
    body "<runstats><finished time=\"1793631700\" exit=\"success\"/></runstats></nmaprun>\n"
#define HOST(address, body) "<host><status state=\"up\"/><address addr=\"" address "\" addrtype=\"ipv4\"/>" body "</host>"
#define PORT(protocol, number, state) "<port protocol=\"" protocol "\" portid=\"" number "\"><state state=\"" state "\"/></port>"

static void test_hosts(void **state)
{
    (void)state;
    assert_string_equal(parse(RUN("nmap -sS -sU", "<scaninfo protocol=\"tcp\" services=\"1-65535\"/><scaninfo protocol=\"udp\" services=\"53,161\"/>"
        "<hosthint><status state=\"up\"/><address addr=\"10.20.0.99\" addrtype=\"ipv4\"/></hosthint>"
        HOST("10.20.0.2", "<address addr=\"00:1A:2B:3C:4D:5E\" addrtype=\"mac\"/><ports><extraports state=\"closed\" count=\"65531\"/>" PORT("tcp", "22", "open")
             PORT("tcp", "23", "closed") PORT("tcp", "25", "filtered") PORT("udp", "161", "open") PORT("udp", "53", "open|filtered") PORT("sctp", "7", "open") "</ports>")
        "<host><status state=\"down\"/><address addr=\"10.20.0.3\" addrtype=\"ipv4\"/></host>"
        HOST("10.20.0.4", "<ports><extraports state=\"filtered\" count=\"65535\"/></ports>"))),
        "10.20.0.2 00:1a:2b:3c:4d:5e tcp/22 udp/161\n10.20.0.4 -\n");
    assert_int_equal(report.reason, REASON_NONE);
    assert_true(report.is_nmap && report.tcp_whole && !report.udp_whole);
    assert_string_equal(report.ports, "tcp 1-65535, udp 53,161");
    assert_string_equal(report.version, "7.93");
    assert_int_equal(report.started, 1793631600);
    assert_int_equal(report.finished, 1793631700);
    assert_int_equal(report.n_up, 2);
    assert_int_equal(report.n_down, 1);
    assert_int_equal(report.n_without_mac, 1);
    assert_int_equal(report.n_silent, 65535 + 2);    /* filtered, open|filtered, and a host that hides them all */
    assert_int_equal(report.n_other, 1);
}

static void test_options_without_values(void **state)
{
    (void)state;
    parse(RUN("nmap -sS -p 1-9 --script-args=pass=CANARY --data-string CANARY -oX /home/jane/x.xml 10.0.0.0/8", ""));
    assert_string_equal(report.options, "-sS -p --script-args --data-string -oX");
}

static void test_odd_values(void **state)
{
    (void)state;
    assert_string_equal(parse(RUN("nmap", "<scaninfo protocol=\"tcp\" services=\"1-9;x\"/>" HOST("999.1.1.1", "") HOST("10.1.1.1", "<ports>" PORT("tcp", "70000", "open")
        PORT("tcp", "-1", "open") PORT("tcp", "443", "open") "</ports>"))), "10.1.1.1 - tcp/443\n");
    assert_int_equal(report.n_without_address, 1);
    assert_string_equal(report.ports, "");
    assert_string_equal(parse(RUN("nmap", HOST("10.1.1.1", "<trace><ports>" PORT("tcp", "1", "open") "</ports></trace>"))), "10.1.1.1 -\n");
}

static void expect_bad(const char *text, const char *rows, enum reason reason, const char *detail)
{
    assert_string_equal(parse(text), rows);
    assert_int_equal(report.reason, reason);
    if (strstr(report.detail, detail) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", detail, report.detail);
}

#define BEGUN "<nmaprun version=\"7.93\">"
#define ONE HOST("10.1.1.1", "")

static void test_not_whole(void **state)
{
    (void)state;
    expect_bad("Starting Nmap 7.93\n", "", REASON_BAD_FILE, "not XML");
    expect_bad("", "", REASON_BAD_FILE, "not XML");
    expect_bad("<Report/>", "", REASON_BAD_FILE, "its first element is not nmaprun");
    assert_false(report.is_nmap);
    expect_bad(BEGUN ONE "<host><status state=\"up\"/>", "10.1.1.1 -\n", REASON_BAD_FILE, "cut off");
    assert_true(report.is_nmap);
    expect_bad(BEGUN ONE "</nmaprun>", "10.1.1.1 -\n", REASON_BAD_FILE, "did not write that the scan came to its end");
    expect_bad(BEGUN ONE "<runstats><finished time=\"1\" exit=\"error\"/></runstats></nmaprun>", "10.1.1.1 -\n", REASON_BAD_FILE, "ended with an error");
    expect_bad(BEGUN ONE "<a></b>", "10.1.1.1 -\n", REASON_BAD_FILE, "line 1");
    stop_after = 1;
    expect_bad(BEGUN ONE ONE "</nmaprun>", "10.1.1.1 -\n", REASON_TIMEOUT, "out of time");
    stop_after = 0;
}

static void test_harm(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(4 << 20);
    expect_bad("<!DOCTYPE nmaprun [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><nmaprun args=\"&b;\">" ONE "</nmaprun>", "", REASON_BAD_FILE, "declar");
    expect_bad("<!DOCTYPE nmaprun [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><nmaprun>&x;" ONE "</nmaprun>", "", REASON_BAD_FILE, "declar");
    expect_bad("<!DOCTYPE nmaprun SYSTEM \"http://127.0.0.1/x.dtd\"><nmaprun>" ONE "</nmaprun>", "", REASON_BAD_FILE, "document type");
    expect_bad("<!DOCTYPE html><nmaprun>" ONE "</nmaprun>", "", REASON_BAD_FILE, "document type");
    buf_puts(&b, BEGUN ONE "<host><address addr=\"");
    for (size_t i = 0; i <= NMAP_MAX_VALUE; i++)
        buf_putc(&b, '1');
    buf_puts(&b, "\"/></host></nmaprun>");
    expect_bad(buf_str(&b), "10.1.1.1 -\n", REASON_LIMIT, "more than 1 MiB");
    buf_reset(&b);
    buf_puts(&b, BEGUN ONE "<host");
    for (size_t i = 0; i <= NMAP_MAX_ATTRIBUTES; i++)
        buf_printf(&b, " a%zu=\"1\"", i);
    buf_puts(&b, "/></nmaprun>");
    expect_bad(buf_str(&b), "10.1.1.1 -\n", REASON_LIMIT, "more than 64 attributes");
    buf_reset(&b);
    buf_puts(&b, BEGUN ONE);
    for (size_t i = 0; i < NMAP_MAX_DEPTH; i++)
        buf_puts(&b, "<host>");
    expect_bad(buf_str(&b), "10.1.1.1 -\n", REASON_LIMIT, "64 deep");
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hosts), cmocka_unit_test(test_options_without_values), cmocka_unit_test(test_odd_values),
        cmocka_unit_test(test_not_whole), cmocka_unit_test(test_harm),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    buf_clear(&seen);
    return rc;
}
