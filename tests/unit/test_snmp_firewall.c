/* Sessions, subscriptions, tunnels, redundancy: what tables become, and what must stay NULL. */
#include "lib/cmocka_all.h"

#include "probes/snmp/snmp_dates.h"
#include "unit/snmp_fixture.h"

static void word_dates(void **state)
{
    (void)state;
    static const struct { const char *text, *day; } rows[] = {
        { "Sat Jul 26 01:00:00 2025", "2025-07-26T00:00:00Z" }, { "Mon Feb  3 02:00:00 2025", "2025-02-03T00:00:00Z" }, { "Mon 11 November 2030", "2030-11-11T00:00:00Z" }, { "Dec 31, 2026", "2026-12-31T00:00:00Z" },
        { "n/a", NULL }, { "", NULL }, { "Feb 30 2025", NULL }, { "July 2025", NULL }, { "1 2 May 2025", NULL }, { "3 May 2025 2026", NULL }, { "3 Mayor 2025", NULL }, { "2025", NULL }, { "99999 May 2025", NULL },
    };
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct arena *mem = arena_new();
        int64_t day;
        bool known = snmp_word_date(rows[i].text, &day);
        assert_int_equal(known, rows[i].day != NULL);
        if (known)
            assert_string_equal(snmp_date_text(day, mem), rows[i].day);
        arena_free(mem);
    }
}

static void sessions(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_sessions);
    put_at(&f, "1.3.6.1.4.1.12356.101.4.1.8.0", "0", unsigned_number(SNMP_GAUGE32, 313));
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.3.1.0", "0", number(12));
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.3.2.0", "0", number(0));         /* it does not say how many it can */
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.3.3.0", "0", number(24000));
    put_at(&f, "1.3.6.1.4.1.8741.1.3.1.1.0", "0", number(375000));
    put_at(&f, "1.3.6.1.4.1.8741.1.3.1.2.0", "0", unsigned_number(SNMP_GAUGE32, 75000));
    put_at(&f, "1.3.6.1.4.1.9.9.147.1.2.2.2.1.5", "40.6", unsigned_number(SNMP_GAUGE32, 7756));
    put_at(&f, "1.3.6.1.4.1.9.9.147.1.2.2.2.1.5", "40.7", unsigned_number(SNMP_GAUGE32, 72363));          /* the most that there ever was */
    put_at(&f, "1.3.6.1.4.1.2636.3.39.1.12.1.1.1.6", "0", unsigned_number(SNMP_GAUGE32, 13153));
    put_at(&f, "1.3.6.1.4.1.2636.3.39.1.12.1.1.1.7", "0", unsigned_number(SNMP_GAUGE32, 131072));
    put_at(&f, "1.3.6.1.4.1.2636.3.39.1.12.1.1.1.5", "1", unsigned_number(SNMP_GAUGE32, 67));              /* a unit that says nothing of sessions */
    static const char *const expected[] = {
        "source=FORTINET-FORTIGATE-MIB|number=0|active=313",
        "source=PAN-COMMON-MIB|number=0|active=24000|used_percent=12",
        "source=SONICWALL-FIREWALL-IP-STATISTICS-MIB|number=0|active=75000|maximum=375000|used_percent=20",
        "source=CISCO-FIREWALL-MIB|number=40.6|active=7756",
        "source=JUNIPER-SRX5000-SPU-MONITORING-MIB|number=0|active=13153|maximum=131072|used_percent=10.0349",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
    fixture_begin(&f, &snmp_sessions);
    put_at(&f, "1.3.6.1.4.1.8741.1.3.1.1.0", "0", number(375000));       /* how many it can, and not how many there are */
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.3.1.0", "0", number(101));
    fixture_end(&f, NULL, 0);
}

static void subscriptions(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_subscriptions);
    put_at(&f, "1.3.6.1.4.1.12356.101.4.6.3.1.2.1.1", "1.1", text("FortiCare Support"));
    put_at(&f, "1.3.6.1.4.1.12356.101.4.6.3.1.2.1.2", "1.1", text("Sat Jul 26 01:00:00 2025"));
    put_at(&f, "1.3.6.1.4.1.12356.101.4.6.3.1.2.1.1", "1.2", text("Firmware"));
    put_at(&f, "1.3.6.1.4.1.12356.101.4.6.3.1.2.1.2", "1.2", text("n/a"));
    put_at(&f, "1.3.6.1.4.1.12356.101.4.2.1.0", "0", text("91.04218(2024-09-18 20:26)"));
    put_at(&f, "1.3.6.1.4.1.12356.101.4.2.2.0", "0", text("0.00000(2001-01-01 00:00)"));      /* never loaded */
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.1.7.0", "0", text("8870-8836"));
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.1.8.0", "0", text("0"));
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.1.9.0", "0", text("8870-8836"));
    static const char *const expected[] = {
        "kind=contract|name=FortiCare Support|expires_at=2025-07-26T00:00:00Z",
        "kind=contract|name=Firmware",
        "kind=signatures|name=antivirus|version=91.04218|released_at=2024-09-18T00:00:00Z",
        "kind=signatures|name=applications|version=8870-8836",
        "kind=signatures|name=threats|version=8870-8836",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- tunnels -------------------------------------------------------------------------------------------------------------------- */

static void tunnels(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_tunnels);
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.2", "1.1", text("to-home"));
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.3", "1.1", text("to-home-lan"));
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.4", "1.1", bytes(SNMP_IP_ADDRESS, "\xc0\x00\x02\x01", 4));
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.6", "1.1", bytes(SNMP_IP_ADDRESS, "\0\0\0\0", 4));
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.18", "1.1", unsigned_number(SNMP_COUNTER64, 5000000000));
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.20", "1.1", number(2));
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.2", "2.1", text("old"));
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.20", "2.1", number(1));
    put_at(&f, "1.3.6.1.4.1.12356.101.12.2.2.1.20", "3.1", number(3));                   /* the MIB has no third */
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.3.2.1.2", "3395", number(13876));
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.3.2.1.5", "3395", bytes(SNMP_OCTETS, "\xc4\x2c\x8c\xd6", 4));
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.3.2.1.26", "3395", unsigned_number(SNMP_COUNTER32, 70));
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.3.2.1.27", "3395", unsigned_number(SNMP_COUNTER64, 0));            /* a stub beside a counter that counts */
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.3.2.1.40", "3395", unsigned_number(SNMP_COUNTER64, 9));
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.3.2.1.51", "3395", number(1));
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.2.3.1.10", "13876", number(2));
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.2.3.1.11", "13876", number(3));
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.2.3.1.12", "13876", number(6));                    /* AES, says no MIB */
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.2.3.1.13", "13876", number(2));
    put_at(&f, "1.3.6.1.4.1.9.9.171.1.3.2.1.2", "3396", number(9999));                   /* keys that are not there */
    static const char *const expected[] = {
        "name=to-home-lan|number=1|up=1|remote_address=192.0.2.1|in_octets=5000000000",
        "name=old|number=2|up=0",
        "number=3",
        "name=196.44.140.214|number=3395|up=1|remote_address=196.44.140.214|in_octets=70|out_octets=9|negotiation=aggressive|hash=md5|dh_group=2",
        "number=3396",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void juniper_tunnels(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_tunnels);
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.2.2.1.5", "1.4.192.0.2.7.131073", bytes(SNMP_OCTETS, "\xc6\x33\x64\x01", 4));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.2.2.1.10", "1.4.192.0.2.7.131073", unsigned_number(SNMP_COUNTER64, 17));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.2.2.1.12", "1.4.192.0.2.7.131073", unsigned_number(SNMP_COUNTER64, 18));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.2.2.1.10", "1.4.192.0.2.8.5", unsigned_number(SNMP_COUNTER64, 1));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.2.2.1.10", "1.4.192.0.2.300.5", unsigned_number(SNMP_COUNTER64, 1));     /* no byte */
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.2.2.1.10", "1.5.192.0.2.3.5", unsigned_number(SNMP_COUNTER64, 1));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.1.2.1.15", "1.4.192.0.2.7.88", number(3));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.1.2.1.16", "1.4.192.0.2.7.88", number(14));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.1.2.1.17", "1.4.192.0.2.7.88", number(9));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.1.2.1.18", "1.4.192.0.2.7.88", number(3));
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.1.2.1.17", "1.4.192.0.2.8.90", number(1));       /* two exchanges: whose keys are they? */
    put_at(&f, "1.3.6.1.4.1.2636.3.52.1.1.2.1.17", "1.4.192.0.2.8.91", number(6));
    static const char *const expected[] = {
        "name=192.0.2.7|number=131073|up=1|remote_address=192.0.2.7|local_address=198.51.100.1|in_octets=18|out_octets=17|negotiation=ikev2|encryption=aes256-gcm|hash=sha256|dh_group=14",
        "name=192.0.2.8|number=5|up=1|remote_address=192.0.2.8|out_octets=1",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- redundancy ------------------------------------------------------------------------------------------------------------------ */

static void pairs(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_redundancy);
    put_at(&f, "1.3.6.1.4.1.12356.101.13.1.1.0", "0", number(3));
    put_at(&f, "1.3.6.1.4.1.12356.101.13.2.1.1.2", "1", text("FGT60F0000000001"));
    put_at(&f, "1.3.6.1.4.1.12356.101.13.2.1.1.11", "1", text("fw-a"));
    put_at(&f, "1.3.6.1.4.1.12356.101.13.2.1.1.12", "1", number(1));
    put_at(&f, "1.3.6.1.4.1.12356.101.13.2.1.1.12", "2", number(0));
    put_at(&f, "1.3.6.1.4.1.12356.101.13.2.1.1.12", "3", number(2));
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.1.11.0", "0", text("active"));
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.1.12.0", "0", text("passive"));
    put_at(&f, "1.3.6.1.4.1.25461.2.1.2.1.13.0", "0", text("active-passive"));
    put_at(&f, "1.3.6.1.4.1.9.9.147.1.2.1.1.1.2", "6", text("Primary unit (this device)"));
    put_at(&f, "1.3.6.1.4.1.9.9.147.1.2.1.1.1.3", "6", number(9));
    put_at(&f, "1.3.6.1.4.1.9.9.147.1.2.1.1.1.3", "7", number(10));
    put_at(&f, "1.3.6.1.4.1.9.9.147.1.2.1.1.1.3", "4", number(2));                       /* the interface between them */
    static const char *const expected[] = {
        "source=FORTINET-FORTIGATE-MIB|number=0|mode=activePassive",
        "source=FORTINET-FORTIGATE-MIB|number=1|mode=activePassive|synchronized=1|member_serial=FGT60F0000000001|member_name=fw-a",
        "source=FORTINET-FORTIGATE-MIB|number=2|mode=activePassive|synchronized=0",
        "source=FORTINET-FORTIGATE-MIB|number=3|mode=activePassive",
        "source=PAN-COMMON-MIB|number=0|mode=activePassive|state=active|peer=passive",
        "source=CISCO-FIREWALL-MIB|number=6|state=active|member_name=Primary unit (this device)",
        "source=CISCO-FIREWALL-MIB|number=7|state=standby",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void stacks_and_groups(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_redundancy);
    put(f.components, 0, "1001", number(3));
    put_at(&f, "1.3.6.1.4.1.9.9.500.1.2.1.1.3", "1001", number(1));
    put_at(&f, "1.3.6.1.4.1.9.9.500.1.2.1.1.6", "1001", number(4));
    put_at(&f, "1.3.6.1.4.1.9.9.500.1.2.1.1.3", "2001", number(9));
    put_at(&f, "1.3.6.1.4.1.2636.3.40.1.4.1.1.1.2", "0", text("PE3710200001"));
    put_at(&f, "1.3.6.1.4.1.2636.3.40.1.4.1.1.1.3", "0", number(2));
    put_at(&f, "1.3.6.1.2.1.68.1.3.1.3", "5.1", number(2));
    put_at(&f, "1.3.6.1.2.1.68.1.3.1.7", "5.1", bytes(SNMP_IP_ADDRESS, "\x0a\x00\x00\x02", 4));
    put_at(&f, "1.3.6.1.2.1.68.1.3.1.3", "5.2", number(3));
    put_at(&f, "1.3.6.1.2.1.68.1.3.1.7", "5.2", bytes(SNMP_IP_ADDRESS, "\x0a\x00\x00\x01", 4));
    put_at(&f, "1.3.6.1.2.1.207.1.1.1.1.6", "5.7.1", number(1));
    put_at(&f, "1.3.6.1.4.1.9.9.106.1.2.1.1.13", "10.1", bytes(SNMP_IP_ADDRESS, "\x0a\x00\x00\x01", 4));
    put_at(&f, "1.3.6.1.4.1.9.9.106.1.2.1.1.14", "10.1", bytes(SNMP_IP_ADDRESS, "\0\0\0\0", 4));
    put_at(&f, "1.3.6.1.4.1.9.9.106.1.2.1.1.15", "10.1", number(6));                     /* active, and nobody stands by */
    put_at(&f, "1.3.6.1.4.1.9.9.106.1.2.1.1.13", "10.2", bytes(SNMP_IP_ADDRESS, "\x0a\x00\x00\x09", 4));
    put_at(&f, "1.3.6.1.4.1.9.9.106.1.2.1.1.15", "10.2", number(5));
    static const char *const expected[] = {
        "source=CISCO-STACKWISE-MIB|number=1001|mode=master|state=ready",
        "source=CISCO-STACKWISE-MIB|number=2001",
        "source=JUNIPER-VIRTUALCHASSIS-MIB|number=0|mode=standby|state=backup|member_serial=PE3710200001",
        "source=VRRP-MIB|number=5.1|mode=activePassive|state=backup|peer=10.0.0.2",
        "source=VRRP-MIB|number=5.2|mode=activePassive|state=master",
        "source=VRRPV3-MIB|number=5.7.1|mode=activePassive|state=initialize",
        "source=CISCO-HSRP-MIB|number=10.1|mode=activePassive|state=active",
        "source=CISCO-HSRP-MIB|number=10.2|mode=activePassive|state=standby|peer=10.0.0.9",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(word_dates), cmocka_unit_test(sessions), cmocka_unit_test(subscriptions), cmocka_unit_test(tunnels), cmocka_unit_test(juniper_tunnels), cmocka_unit_test(pairs),
        cmocka_unit_test(stacks_and_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
