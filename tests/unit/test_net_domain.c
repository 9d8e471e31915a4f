/* What the DNS and registries answer about a domain: messages, SPF, DMARC, DKIM and WHOIS, right, odd and hostile. */
#include "lib/cmocka_all.h"

#include "base/clock.h"
#include "base/mem.h"
#include "probes/net/dns_message.h"
#include "probes/net/mail_records.h"
#include "probes/net/whois_parse.h"

/* --- messages --------------------------------------------------------------------------------------------------------- */

#define QUESTION "\x06" "clinic" "\x07" "example" "\0"

static void put_head(struct buf *b, unsigned flags, unsigned answers, unsigned type)
{
    buf_put_u16(b, 0x1234);
    buf_put_u16(b, (uint16_t)flags);
    buf_put_u16(b, 1);
    buf_put_u16(b, (uint16_t)answers);
    buf_put_u32(b, 0);
    buf_append(b, QUESTION, sizeof QUESTION - 1);
    buf_put_u16(b, (uint16_t)type);
    buf_put_u16(b, 1);
}

static void put_record(struct buf *b, const void *owner, size_t owner_len, unsigned type, const void *data, size_t len)
{
    buf_append(b, owner, owner_len);
    buf_put_u16(b, (uint16_t)type);
    buf_put_u16(b, 1);
    buf_put_u32(b, 300);
    buf_put_u16(b, (uint16_t)len);
    buf_append(b, data, len);
}

#define OWNER "\xc0\x0c", 2

static void test_mx(void **state)
{
    struct buf b = BUF_INIT(1024);
    struct dns_answer a;

    (void)state;
    put_head(&b, 0x8180, 2, DNS_MX);
    put_record(&b, OWNER, DNS_MX, "\0\x14\4mail\xc0\x0c", 9);
    put_record(&b, OWNER, DNS_MX, "\0\0\0", 3);
    assert_true(dns_answer_parse(b.data, b.len, 0x1234, "clinic.example", DNS_MX, &a));
    assert_int_equal(a.n, 2);
    assert_int_equal(a.v[0].preference, 20);
    assert_string_equal(a.v[0].text, "mail.clinic.example");
    assert_string_equal(a.v[1].text, ".");
    dns_answer_clear(&a);
    static const struct { unsigned id; const char *name; enum dns_type type; } others[] = { { 0x1235, "clinic.example", DNS_MX }, { 0x1234, "other.example", DNS_MX }, { 0x1234, "clinic.example", DNS_NS } };
    for (size_t i = 0; i < N_ELEMENTS(others); i++) {    /* an answer to another question */
        assert_false(dns_answer_parse(b.data, b.len, (uint16_t)others[i].id, others[i].name, others[i].type, &a));
        dns_answer_clear(&a);
    }
    for (size_t len = 0; len < b.len; len++) {
        assert_false(dns_answer_parse(b.data, len, 0x1234, "clinic.example", DNS_MX, &a));
        dns_answer_clear(&a);
    }
    buf_clear(&b);
}

static void test_alias_and_text(void **state)
{
    struct buf b = BUF_INIT(1024);
    struct dns_answer a;

    (void)state;
    put_head(&b, 0x8380, 4, DNS_TXT);
    put_record(&b, OWNER, DNS_CNAME, "\4keys\4host\0", 11);
    put_record(&b, "\4keys\4host\0", 11, DNS_TXT, "\3abc\2de\0", 8);
    put_record(&b, OWNER, DNS_TXT, "\3xyz", 4);           /* beside an alias: not what was asked for */
    put_record(&b, "\4keys\4host\0", 11, DNS_TXT, "\xff" "cut", 4);
    assert_true(dns_answer_parse(b.data, b.len, 0x1234, "CLINIC.example", DNS_TXT, &a));
    assert_true(a.truncated);
    assert_string_equal(a.alias, "keys.host");
    assert_int_equal(a.n, 2);
    assert_string_equal(a.v[0].text, "abcde");
    assert_string_equal(a.v[1].text, "cut");
    dns_answer_clear(&a);
    buf_reset(&b);
    put_head(&b, 0x8180, 1, DNS_TXT);
    put_record(&b, OWNER, DNS_CNAME, "\xc0\x0c", 2);      /* an alias of itself */
    assert_true(dns_answer_parse(b.data, b.len, 0x1234, "clinic.example", DNS_TXT, &a));
    assert_int_equal(a.n, 0);
    dns_answer_clear(&a);
    buf_clear(&b);
}

static void test_addresses_and_caa(void **state)
{
    struct buf b = BUF_INIT(1024);
    struct dns_answer a;
    char text[IP_TEXT];

    (void)state;
    put_head(&b, 0x8180, 2, DNS_A);
    put_record(&b, OWNER, DNS_A, "\x0a\x14\0\1", 4);
    put_record(&b, OWNER, DNS_A, "\x0a\x14\0", 3);
    assert_true(dns_answer_parse(b.data, b.len, 0x1234, "clinic.example", DNS_A, &a));
    assert_int_equal(a.n, 1);
    ip_format(&a.v[0].ip, text);
    assert_string_equal(text, "10.20.0.1");
    dns_answer_clear(&a);
    buf_reset(&b);
    put_head(&b, 0x8183, 3, DNS_CAA);
    put_record(&b, OWNER, DNS_CAA, "\0\5issueca.example", 17);
    put_record(&b, OWNER, DNS_CAA, "\0\xffissue", 7);
    put_record(&b, OWNER, DNS_CAA, "\0", 1);
    assert_true(dns_answer_parse(b.data, b.len, 0x1234, "clinic.example", DNS_CAA, &a));
    assert_int_equal(a.rcode, DNS_NOT_FOUND);
    assert_int_equal(a.n, 1);
    assert_string_equal(a.v[0].text, "issue ca.example");
    dns_answer_clear(&a);
    buf_reset(&b);
    assert_true(dns_question_put(&b, 7, "clinic.example", DNS_CAA));
    assert_int_equal(b.len, 12 + 16 + 4 + 11);
    assert_memory_equal(b.data + 12, QUESTION "\1\1\0\1", sizeof QUESTION - 1 + 4);
    assert_false(dns_question_put(&b, 7, "a..b", DNS_A));
    assert_false(dns_question_put(&b, 7, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example", DNS_A));
    buf_clear(&b);
}

/* --- mail ------------------------------------------------------------------------------------------------------------- */

static void test_spf(void **state)
{
    static const struct { const char *text; bool valid; unsigned lookups; const char *all, *include, *redirect; } rows[] = {
        { "v=spf1 -all", true, 0, "-all", "", "" },
        { "v=spf1 include:_spf.mail.example ~all", true, 1, "~all", "_spf.mail.example", "" },
        { "v=spf1 a mx:mail.example/24 ptr exists:x.example ip4:10.0.0.0/8 ip6:fd00::/8 ?all", true, 4, "?all", "", "" },
        { "v=spf1 all", true, 0, "+all", "", "" },
        { "V=SPF1  MX   -ALL include:late.example", true, 1, "-all", "", "" },
        { "v=spf1 redirect=other.example", true, 1, "", "", "other.example" },
        { "v=spf1 -all redirect=other.example", true, 0, "-all", "", "" },
        { "v=spf1 exp=why.example x-new=1 -all", true, 0, "-all", "", "" },
        { "v=spf1", true, 0, "", "", "" },
        { "v=spf1 ip4:10.0.0.256 -all", false, 0, "-all", "", "" },
        { "v=spf1 ip4:fd00::1 -all", false, 0, "-all", "", "" },
        { "v=spf1 ipv4:10.0.0.1 -all", false, 1, "-all", "", "" },
        { "v=spf1 include -all", false, 1, "-all", "", "" },
        { "v=spf1 include: -all", false, 1, "-all", "", "" },
        { "v=spf1 include:%{d}.spf.example -all", true, 1, "-all", "", "" },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct spf s;
        assert_true(spf_is_record(rows[i].text, strlen(rows[i].text)));
        spf_parse(rows[i].text, strlen(rows[i].text), &s);
        if (s.valid != rows[i].valid || s.lookups != rows[i].lookups || strcmp(s.all, rows[i].all) != 0)
            fail_msg("%s: valid %d, %u look-ups, %s: %s", rows[i].text, s.valid, s.lookups, s.all, s.problem);
        assert_int_equal(s.valid, s.problem[0] == '\0');
        assert_string_equal(s.n_include > 0 ? s.include[0] : "", rows[i].include);
        assert_string_equal(s.redirect, rows[i].redirect);
        assert_int_equal(s.macro, strchr(rows[i].text, '%') != NULL);
    }
    assert_false(spf_is_record("v=spf10 -all", 12));
    assert_false(spf_is_record("v=spf", 5));
    assert_false(spf_is_record("google-site-verification=1", 26));
}

static void test_dmarc(void **state)
{
    static const struct { const char *text; bool valid; const char *policy, *sub; int percent; const char *reports; } rows[] = {
        { "v=DMARC1; p=reject; rua=mailto:a@clinic.example", true, "reject", "reject", 100, "mailto:a@clinic.example" },
        { "v=DMARC1;p=Quarantine;sp=none;pct=25", true, "quarantine", "none", 25, "" },
        { "v=DMARC1 ; p = none ;", true, "none", "none", 100, "" },
        { "v=DMARC1; rua=mailto:a@clinic.example", false, "", "", 100, "mailto:a@clinic.example" },
        { "v=DMARC1; p=block", false, "block", "block", 100, "" },
        { "v=DMARC1; p=reject; sp=maybe", false, "reject", "maybe", 100, "" },
        { "v=DMARC1; p=reject; pct=110", false, "reject", "reject", 100, "" },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct dmarc d;
        assert_true(dmarc_is_record(rows[i].text, strlen(rows[i].text)));
        dmarc_parse(rows[i].text, strlen(rows[i].text), &d);
        if (d.valid != rows[i].valid)
            fail_msg("%s: %d, %s", rows[i].text, d.valid, d.problem);
        assert_string_equal(d.policy, rows[i].policy);
        assert_string_equal(d.subdomain_policy, rows[i].sub);
        assert_int_equal(d.percent, rows[i].percent);
        assert_string_equal(d.reports, rows[i].reports);
    }
    assert_false(dmarc_is_record("v=spf1 -all", 11));
    assert_false(dmarc_is_record("p=reject; v=DMARC1", 18));
}


static void test_dkim(void **state)
{
    struct dkim d;
    static const char ed25519[] = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", revoked[] = "v=DKIM1; p=", broken[] = "v=DKIM1; k=rsa; p=AAAA",
                      testing[] = "v=DKIM1; t=y:s; p=", none[] = "v=DKIM1; k=rsa", other[] = "v=DKIM2; p=";

    (void)state;
    dkim_parse(ed25519, strlen(ed25519), &d);
    assert_true(d.valid && !d.revoked && !d.testing);
    assert_string_equal(d.key, "ED25519");
    assert_int_equal(d.key_bits, 256);
    dkim_parse(revoked, strlen(revoked), &d);
    assert_true(d.valid && d.revoked);
    dkim_parse(broken, strlen(broken), &d);
    assert_false(d.valid || d.revoked);
    assert_string_equal(d.problem, "its key cannot be read");
    dkim_parse(testing, strlen(testing), &d);
    assert_true(d.testing);
    dkim_parse(none, strlen(none), &d);
    assert_false(d.valid);
    dkim_parse(other, strlen(other), &d);
    assert_false(d.valid);
}

/* --- WHOIS ------------------------------------------------------------------------------------------------------------ */

static const char *iso(int64_t t, char out[ISO_LEN])
{
    if (t == INT64_MIN)
        return "";
    iso_format(t, out);
    return out;
}

static void test_whois(void **state)
{
    static const struct { const char *text; bool known, free; const char *registrar, *expires, *created, *status; int locked; const char *organization; } rows[] = {
        { "   Domain Name: CLINIC.EXAMPLE\r\n   Registrar: Example Registrar, Inc.\r\n   Creation Date: 2004-08-13T04:00:00Z\r\n   Registry Expiry Date: 2027-08-13T04:00:00Z\r\n"
          "   Domain Status: clientDeleteProhibited https://icann.org/epp#clientDeleteProhibited\r\n   Domain Status: clientTransferProhibited https://icann.org/epp#x\r\n"
          "Registrant Organization: Riverside Clinic PLLC\r\n",
          true, false, "Example Registrar, Inc.", "2027-08-13T04:00:00Z", "2004-08-13T04:00:00Z", "clientDeleteProhibited, clientTransferProhibited", 1, "Riverside Clinic PLLC" },
        { "    Registrar:\n        Example Ltd [Tag = EX]\n\n    Registered on: 26-Aug-1996\n    Expiry date:  06-Dec-2026\n    Registration status:\n        Registered until expiry date.\n", true, false,
          "Example Ltd [Tag = EX]", "2026-12-06T00:00:00Z", "1996-08-26T00:00:00Z", "Registered", 0, "" },
        { "domain: clinic.example\npaid-till: 2027.03.01\nregistrar:     R01\n", true, false, "R01", "2027-03-01T00:00:00Z", "", "", -1, "" },
        { "domain.......: clinic.example\nstatus.......: Registered\ncreated......: 2003-03-03\nexpires......: 2027/03/04\n", true, false, "", "2027-03-04T00:00:00Z", "2003-03-03T00:00:00Z", "Registered", 0, "" },
        { "Registrar: A\nRegistrar: B\nRegistry Expiry Date: soon\nRegistrant Organization: REDACTED FOR PRIVACY\n", true, false, "A", "", "", "", -1, "" },
        { "No match for domain \"CLINIC.EXAMPLE\".\r\n>>> Last update of whois database\r\n", false, true, "", "", "", "", -1, "" },
        { "Domain not found.\n", false, true, "", "", "", "", -1, "" },
        { "Status: free\n", false, true, "", "", "", "", -1, "" },
        { "WHOIS LIMIT EXCEEDED - SEE WWW.PIR.ORG/WHOIS\n", false, false, "", "", "", "", -1, "" },
        { "", false, false, "", "", "", "", -1, "" },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct whois w;
        char text[ISO_LEN];
        whois_parse(rows[i].text, strlen(rows[i].text), &w);
        if (w.known != rows[i].known || w.free != rows[i].free)
            fail_msg("row %zu: known %d, free %d", i, w.known, w.free);
        assert_string_equal(w.registrar, rows[i].registrar);
        assert_string_equal(iso(w.expires_at, text), rows[i].expires);
        assert_string_equal(iso(w.created_at, text), rows[i].created);
        assert_string_equal(w.status, rows[i].status);
        assert_int_equal(w.has_status ? w.locked : -1, rows[i].locked);
        assert_string_equal(w.organization, rows[i].organization);
    }
}

static void test_whois_server(void **state)
{
    char server[256];

    (void)state;
    assert_true(whois_server("clinic.COM", server));
    assert_string_equal(server, "whois.verisign-grs.com");
    assert_true(whois_server("riverside.clinic", server));
    assert_string_equal(server, "whois.nic.clinic");
    assert_false(whois_server("clinic", server));
    assert_false(whois_server("clinic.", server));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mx),    cmocka_unit_test(test_alias_and_text), cmocka_unit_test(test_addresses_and_caa), cmocka_unit_test(test_spf),
        cmocka_unit_test(test_dmarc), cmocka_unit_test(test_dkim),           cmocka_unit_test(test_whois),             cmocka_unit_test(test_whois_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
