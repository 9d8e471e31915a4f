/* Makers of network interfaces, the list of those never touched, and what a site's never: names. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "base/path.h"
#include "site/deny.h"
#include "site/makers.h"
#include "site/permit.h"
#include "site/site.h"

static struct makers *parsed(const char *text)
{
    struct makers *m = makers_new();
    (void)makers_parse(m, text, strlen(text));
    makers_ready(m);
    return m;
}

static void test_csv(void **state)
{
    (void)state;
    struct makers *m = parsed("Registry,Assignment,Organization Name,Organization Address\r\nMA-L,00000C,\"Cisco Systems, Inc\",170 Tasman\r\n"
                              "MA-L,741AE0,IEEE Registration Authority,x\r\nMA-M,741AE01,\"Socionext \x1b[31m\",x\r\nMA-S,70B3D5F2F,Teleplatforms,x\r\nMA-L,ABCDEF,Private,\r\nMA-L,nonsense,X,\r\n");
    assert_int_equal(makers_count(m), 5);
    assert_string_equal(makers_find(m, "00:00:0c:01:02:03"), "Cisco Systems, Inc");
    assert_non_null(strstr(makers_find(m, "74:1a:e0:1f:ff:ff"), "Socionext"));
    assert_null(strchr(makers_find(m, "74:1a:e0:1f:ff:ff"), 0x1b));
    assert_null(makers_find(m, "74:1a:e0:2f:ff:ff"));           /* divided further, and that part is nobody's here */
    assert_string_equal(makers_find(m, "70:b3:d5:f2:f0:01"), "Teleplatforms");
    assert_null(makers_find(m, "70:b3:d5:f2:e0:01"));
    assert_null(makers_find(m, "ab:cd:ef:00:00:01"));           /* locally administered, and private */
    assert_null(makers_find(m, "00:00:0c"));
    assert_null(makers_find(m, "garbage"));
    makers_free(m);
}

static void test_texts(void **state)
{
    (void)state;
    struct makers *m = parsed("OUI/MA-L\tOrganization\ncompany_id\tOrganization\n\n00-80-A3   (hex)\t\tLantronix\r\n0080A3     (base 16)\t\tLantronix\r\n\t\t\t\tIrvine\r\n"
                              "# Wireshark\n00:00:0C\tCisco\tCisco Systems, Inc\n00:1B:C5:00:10:00/36\tOpenRBco\tOpenRB.com\n001122 Plain Maker\n00:11/16 too short\n");
    assert_int_equal(makers_count(m), 4);
    assert_string_equal(makers_find(m, "00:80:a3:01:02:03"), "Lantronix");
    assert_string_equal(makers_find(m, "00:00:0c:01:02:03"), "Cisco Systems, Inc");
    assert_string_equal(makers_find(m, "00:1b:c5:00:10:ff"), "OpenRB.com");
    assert_null(makers_find(m, "00:1b:c5:00:20:ff"));
    assert_string_equal(makers_find(m, "00:11:22:00:20:ff"), "Plain Maker");
    makers_free(m);
}

static void test_none(void **state)
{
    (void)state;
    struct diags d = DIAGS_INIT;
    assert_null(makers_load("/nonexistent/oui.csv", &d));
    assert_int_equal(d.n_errors, 1);
    assert_null(makers_load("/dev/null", &d));
    assert_int_equal(d.n_errors, 2);
    diags_clear(&d);
}

static void test_identity(void **state)
{
    (void)state;
    assert_true(mac_is_identity("00:1b:21:01:02:03"));
    const char *const shared[] = { "02:1b:21:01:02:03", "01:00:5e:00:00:01", "00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:00:0c:9f:f1:23", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "00:1b:21" };
    for (size_t i = 0; i < N_ELEMENTS(shared); i++)
        assert_false(mac_is_identity(shared[i]));
}

static void test_prefixes(void **state)
{
    (void)state;
    uint64_t bits;
    unsigned n;
    assert_true(mac_prefix_parse("AA-bb-Cc", &bits, &n) && n == 24 && bits == UINT64_C(0xaabbcc000000));
    assert_true(mac_prefix_holds(bits, n, "aa:bb:cc:dd:ee:ff"));
    assert_false(mac_prefix_holds(bits, n, "aa:bb:cd:dd:ee:ff"));
    assert_true(mac_prefix_parse("aabbccd", &bits, &n) && n == 28);
    const char *const bad[] = { "", "aa:bb", "aa:bb:cc:", ":aa:bb:cc", "aa::bb:cc", "aa:bb:cg", "aabbccddeeff0", "aabb c" };
    for (size_t i = 0; i < N_ELEMENTS(bad); i++)
        assert_false(mac_prefix_parse(bad[i], &bits, &n));
}

/* --- the shipped list ------------------------------------------------------------------------------------------------------ */

static void test_shipped(void **state)
{
    (void)state;
    static const char *const never[] = { "Philips Patient Monitoring", "Draeger Medical Systems, Inc.", "Drägerwerk AG & Co. KG aA", "Mindray Co., Ltd.", "NIHON KOHDEN AMERICA", "Smiths Medical", "Alaris, Inc.",
        "ICU Medical, Inc.", "B.Braun Melsungen AG", "Baxter International Inc", "Carefusion", "Becton Dickinson", "GE Healthcare", "Siemens Healthcare Diagnostics", "SonoSite, Inc.", "Hologic Inc",
        "Carestream Health, Inc.", "Abbott Point of Care", "Roche Diagnostics GmbH", "Sysmex Corporation", "Beckman Coulter K.K.", "Cepheid", "Masimo Corporation", "Welch Allyn, Inc.", "ZOLL Lifecor Corporation",
        "Lantronix", "DigiBoard", "Digi International Inc.", "MaxStream, Inc", "silex technology, Inc.", "MOXA TECHNOLOGIES CORP., LTD.", "Quatech Inc.", "B&B Electronics Manufacturing Co.", "Laird Connectivity",
        "Redpine Signals, Inc.", "Murata Manufacturing Co., Ltd.", "Some New Medical Devices GmbH", "Olympus Corporation", "TOPCON CORPORATION" };
    static const char *const not_denied[] = { "Cisco Systems, Inc", "Hewlett Packard Enterprise", "Aruba, a Hewlett Packard Enterprise Company", "Ubiquiti Inc", "Fortinet, Inc.", "Dell Inc.", "Intel Corporate", "Cisco Meraki",
        "Juniper Networks", "NETGEAR", "TP-LINK TECHNOLOGIES CO.,LTD.", "Brother industries, LTD.", "Lexmark International, Inc.", "American Power Conversion Corp", "VMware, Inc.", "Super Micro Computer, Inc.",
        "Apple, Inc.", "Polycom", "Yealink(Xiamen) Network Technology Co.,Ltd.", "Synology Incorporated", "Hangzhou Hikvision Digital Technology Co.,Ltd.", "Micro-Star INTL CO., LTD.", "HP Inc.", "Extreme Networks, Inc." };
    struct diags d = DIAGS_INIT;
    struct deny *list = deny_load(NULL, &d);
    diags_print(&d, stderr);
    assert_non_null(list);
    for (size_t i = 0; i < N_ELEMENTS(never); i++)
        if (deny_why(list, NULL, never[i]) == NULL)
            fail_msg("%s is not on the list", never[i]);
    for (size_t i = 0; i < N_ELEMENTS(not_denied); i++)
        if (deny_why(list, NULL, not_denied[i]) != NULL)
            fail_msg("%s is on the list: %s", not_denied[i], deny_why(list, NULL, not_denied[i]));
    assert_non_null(deny_why(list, "00:80:a3:01:02:03", NULL));
    assert_null(deny_why(list, "00:00:0c:01:02:03", NULL));
    assert_null(deny_why(list, NULL, NULL));
    deny_free(list);
    diags_clear(&d);
}

static void test_bad_list(void **state)
{
    (void)state;
    static const char *const bad[] = { "deny_makers: 1\nmakers:\n  - {maker: \"(\", kind: imaging, why: x}\n", "deny_makers: 1\nmakers:\n  - {oui: [\"00:1\"], kind: imaging, why: x}\n",
        "deny_makers: 1\nmakers:\n  - {kind: imaging, why: x}\n", "deny_makers: 2\nmakers: []\n", "deny_makers: 1\nmakers:\n  - {maker: x, kind: toys, why: x}\n", "deny_makers: 1\nmakers:\n  - {maker: x, kind: other}\n", "[]\n" };
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        struct diags d = DIAGS_INIT;
        assert_null(deny_parse("f", bad[i], strlen(bad[i]), &d));
        assert_true(d.n_errors > 0);
        diags_clear(&d);
    }
}

/* --- never: ------------------------------------------------------------------------------------------------------------------ */

#define HEAD "preop: 1\nsite: a\nname: A\nstage: owned\ntimezone: UTC\n"

static struct site *load(const char *text, struct diags *d)
{
    struct site_file f = { .kind = "site", .name = "site.yaml", .bytes = text, .len = strlen(text) };
    return site_load_files(&f, 1, d);
}

static void test_never(void **state)
{
    (void)state;
    struct diags d = DIAGS_INIT;
    struct site *s = load(HEAD "never: [10.20.3.0/24, \"00:1b:21\", \"mri-*\", pacs]\nauthorization:\n  - {by: B, role: C, on: 2020-01-01, networks: [10.20.0.0/22], methods: [snmp, sweep], never: [\"aa:bb:cc:dd\", 10.20.1.5, x-ray.clinic.example]}\n", &d);
    diags_print(&d, stderr);
    assert_non_null(s);
    assert_int_equal(s->n_never, 1);
    assert_int_equal(s->authorizations[0].n_never, 1);
    assert_string_equal(permit_never_named(s, "MRI-2", NULL), "mri-*");
    assert_string_equal(permit_never_named(s, "mri-2.clinic.example", NULL), "mri-*");
    assert_string_equal(permit_never_named(s, "pacs.clinic.example", NULL), "pacs");
    assert_string_equal(permit_never_named(s, "x-ray.clinic.example", NULL), "x-ray.clinic.example");
    assert_null(permit_never_named(s, "x-ray", NULL));
    assert_null(permit_never_named(s, "pacs2", NULL));
    assert_string_equal(permit_never_named(s, NULL, "00:1b:21:00:00:01"), "00:1b:21");
    assert_string_equal(permit_never_named(s, NULL, "aa:bb:cc:dd:00:01"), "aa:bb:cc:dd");
    assert_null(permit_never_named(s, "sw1", "aa:bb:cc:de:00:01"));
    struct permit p;
    struct ip ip;
    assert_true(ip_parse("10.20.0.9", &ip));
    permit_ask(s, "sweep", &ip, 1700000000, &p);
    assert_true(p.allowed);
    permit_clear(&p);
    struct job *job = job_new();
    permit_to_job_at(s, &ip, 1, job);
    size_t cursor = 0;
    assert_string_equal(job_next(job, "permit", &cursor), "-10.20.3.0/24");
    assert_string_equal(job_next(job, "permit", &cursor), "-10.20.1.5/32");
    assert_string_equal(job_next(job, "permit", &cursor), "+10.20.0.9/32");
    assert_null(job_next(job, "permit", &cursor));
    job_free(job);
    site_free(s);
    static const char *const bad[] = { HEAD "never: [10.20.3.1/24]\n", HEAD "never: [10.20.3.0/33]\n", HEAD "never: [\"*\"]\n", HEAD "never: [10.20.3.256]\n", HEAD "never: [\"aa:bb\"]\n", HEAD "never: [\"a b\"]\n" };
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        size_t before = d.n_errors;
        assert_null(load(bad[i], &d));
        assert_int_equal(d.n_errors, before + 1);
    }
    diags_clear(&d);
}

int main(void)
{
    const char *srcdir = getenv("srcdir");
    char *data = path_join(srcdir != NULL ? srcdir : ".", "checklists");
    setenv("PREOP_DATADIR", data, 1);
    free(data);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv), cmocka_unit_test(test_texts), cmocka_unit_test(test_none), cmocka_unit_test(test_identity), cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_shipped), cmocka_unit_test(test_bad_list), cmocka_unit_test(test_never),
    };
    return cmocka_run_group_tests_name("makers", tests, NULL, NULL);
}
