/* Wireless networks, access points and radios of each MIB that is known: what tables become, and what must stay NULL. */
#include "lib/cmocka_all.h"

#include "unit/snmp_fixture.h"

static void standard(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_wireless);
    put(f.interfaces, IFX_NAME, "3", text("wlan0"));
    put_at(&f, "1.2.840.10036.1.1.1.9", "3", text("clinic"));
    put_at(&f, "1.2.840.10036.2.2.1.4", "3", unsigned_number(SNMP_COUNTER32, 200));
    put_at(&f, "1.2.840.10036.2.2.1.13", "3", unsigned_number(SNMP_COUNTER32, 4000));
    put_at(&f, "1.2.840.10036.4.5.1.1", "3", number(11));
    put_at(&f, "1.2.840.10036.1.1.1.9", "4", text("guest"));
    put_at(&f, "1.2.840.10036.2.2.1.4", "4", unsigned_number(SNMP_COUNTER32, 9));
    put_at(&f, "1.2.840.10036.2.2.1.13", "4", unsigned_number(SNMP_COUNTER32, 10));          /* too few to say */
    put_at(&f, "1.2.840.10036.4.5.1.1", "4", number(0));
    put_at(&f, "1.2.840.10036.1.1.1.9", "4.1", text("no index of this table"));
    static const char *const expected[] = {
        "kind=network_on_radio|radio=wlan0|network=clinic|channel=11|tx_packets=4000|tx_retries=200|retry_percent=5",
        "kind=network_on_radio|radio=4|network=guest|tx_packets=10|tx_retries=9",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void unifi(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_wireless);
    put_at(&f, "1.3.6.1.4.1.41112.1.6.3.3.0", "0", text("U6-Pro"));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.3.6.0", "0", text("6.6.55.15189"));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.1.1.3", "1", text("ng"));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.1.1.6", "1", number(43));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.1.1.3", "2", text("new"));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.1.1.6", "2", number(143));                           /* no share */
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.6", "1", text("clinic"));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.4", "1", number(44));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.8", "1", number(17));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.9", "1", text("na"));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.19", "1", unsigned_number(SNMP_COUNTER32, 2000));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.20", "1", unsigned_number(SNMP_COUNTER32, 500));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.21", "1", number(23));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.22", "1", number(1));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.6", "2", text("guest"));
    put_at(&f, "1.3.6.1.4.1.41112.1.6.1.2.1.22", "2", number(2));
    static const char *const expected[] = {
        "kind=network_on_radio|radio=na|network=clinic|band=5 GHz|channel=44|enabled=1|clients=17|power_dbm=23|tx_packets=2000|tx_retries=500|retry_percent=25",
        "kind=network_on_radio|network=guest|enabled=0",
        "kind=radio|radio=ng|band=2.4 GHz|utilization_percent=43",
        "kind=radio|radio=new",
        "kind=access_point|model=U6-Pro|version=6.6.55.15189",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void cisco(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_wireless);
    put_at(&f, "1.3.6.1.4.1.14179.2.1.1.1.2", "1", text("clinic"));
    put_at(&f, "1.3.6.1.4.1.14179.2.1.1.1.38", "1", unsigned_number(SNMP_COUNTER32, 23));
    put_at(&f, "1.3.6.1.4.1.14179.2.1.1.1.6", "1", number(1));
    put_at(&f, "1.3.6.1.4.1.14179.2.2.1.1.3", "0.27.33.0.0.1", text("ap-lobby"));
    put_at(&f, "1.3.6.1.4.1.14179.2.2.1.1.16", "0.27.33.0.0.1", text("AIR-AP2802I-B-K9"));
    put_at(&f, "1.3.6.1.4.1.14179.2.2.1.1.17", "0.27.33.0.0.1", text("FGL2139L0AB"));
    put_at(&f, "1.3.6.1.4.1.14179.2.2.2.1.4", "0.27.33.0.0.1.1", number(36));
    put_at(&f, "1.3.6.1.4.1.14179.2.2.2.1.15", "0.27.33.0.0.1.1", unsigned_number(SNMP_COUNTER32, 9));
    put_at(&f, "1.3.6.1.4.1.14179.2.2.2.1.2", "0.27.33.0.0.1.1", number(2));
    put_at(&f, "1.3.6.1.4.1.14179.2.2.13.1.3", "0.27.33.0.0.1.1", number(61));
    put_at(&f, "1.3.6.1.4.1.14179.2.2.2.1.4", "0.27.33.0.0.9.0", number(6));                 /* an access point without a name */
    static const char *const expected[] = {
        "kind=network|network=clinic|enabled=1|clients=23",
        "kind=access_point|access_point=ap-lobby|model=AIR-AP2802I-B-K9|serial=FGL2139L0AB",
        "kind=radio|access_point=ap-lobby|radio=1|band=5 GHz|channel=36|clients=9|utilization_percent=61",
        "kind=radio|access_point=00:1b:21:00:00:09|radio=0|channel=6",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void aruba(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_wireless);
    put_at(&f, "1.3.6.1.4.1.14823.2.3.3.1.1.7.1.2", "0", text("clinic"));
    put_at(&f, "1.3.6.1.4.1.14823.2.3.3.1.1.7.1.4", "0", unsigned_number(SNMP_GAUGE32, 4));
    put_at(&f, "1.3.6.1.4.1.14823.2.3.3.1.2.1.1.2", "32.76.3.0.0.1", text("iap-1"));
    put_at(&f, "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.4", "32.76.3.0.0.1.0", text("149E"));
    put_at(&f, "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.8", "32.76.3.0.0.1.0", number(12));
    put_at(&f, "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.5", "32.76.3.0.0.1.0", number(18));
    put_at(&f, "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.6", "32.76.3.0.0.1.0", number(-93));
    put_at(&f, "1.3.6.1.4.1.14823.2.3.3.1.2.2.1.4", "32.76.3.0.0.1.1", text("999"));         /* no channel */
    put_at(&f, "1.3.6.1.4.1.14823.2.2.1.5.2.1.8.1.2", "6.99.108.105.110.105.99", unsigned_number(SNMP_GAUGE32, 31));    /* the name is the index */
    put_at(&f, "1.3.6.1.4.1.14823.2.2.1.5.2.1.8.1.2", "6.99.108.105", unsigned_number(SNMP_GAUGE32, 31));       /* not as long as it says */
    static const char *const expected[] = {
        "kind=network|network=clinic|clients=4",
        "kind=access_point|access_point=iap-1",
        "kind=radio|access_point=iap-1|radio=0|channel=149|utilization_percent=12|power_dbm=18|noise_dbm=-93",
        "kind=radio|access_point=iap-1|radio=1",
        "kind=network|clients=31",
        "kind=network|network=clinic|clients=31",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void ruckus(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_wireless);
    put_at(&f, "1.3.6.1.4.1.25053.1.2.2.1.1.1.1.1.1", "6.99.108.105.110.105.99", text("clinic"));
    put_at(&f, "1.3.6.1.4.1.25053.1.2.2.1.1.1.1.1.12", "6.99.108.105.110.105.99", number(8));
    put_at(&f, "1.3.6.1.4.1.25053.1.2.2.1.1.1.1.1.3", "6.99.108.105.110.105.99", text("open"));
    put_at(&f, "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1.2", "6.0.27.33.0.0.1", text("ap-1"));
    put_at(&f, "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1.4", "6.0.27.33.0.0.1", text("zf7363"));
    put_at(&f, "1.3.6.1.4.1.25053.1.2.2.1.1.2.1.1.15", "6.0.27.33.0.0.1", number(3));
    put_at(&f, "1.3.6.1.4.1.25053.1.4.2.1.1.1.2.1.1", "1", text("N/A"));
    put_at(&f, "1.3.6.1.4.1.25053.1.4.2.1.1.1.2.1.12", "1", number(-1));
    put_at(&f, "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1.5", "7", text("sz-ap"));
    put_at(&f, "1.3.6.1.4.1.25053.1.4.2.1.1.2.2.1.9", "7", text("N/A"));
    static const char *const expected[] = {
        "kind=network|network=clinic|clients=8|security=open",
        "kind=access_point|access_point=ap-1|clients=3|model=zf7363",
        "kind=network|network=N/A",                          /* a network may be called anything */
        "kind=access_point|access_point=sz-ap",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(standard), cmocka_unit_test(unifi), cmocka_unit_test(cisco), cmocka_unit_test(aruba), cmocka_unit_test(ruckus) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
