/* UPS, printers and their supplies, power over Ethernet, sensors: what tables become, and what must stay NULL. */
#include "lib/cmocka_all.h"

#include "probes/snmp/snmp_dates.h"
#include "unit/snmp_fixture.h"

/* --- dates ------------------------------------------------------------------------------------------------------------------ */

static void dates(void **state)
{
    (void)state;
    static const struct { const char *text, *us, *any; } rows[] = {
        { "06/30/2026", "2026-06-30T00:00:00Z", "2026-06-30T00:00:00Z" }, { "12/01/19", "2019-12-01T00:00:00Z", NULL }, { "02/02/99", "1999-02-02T00:00:00Z", "1999-02-02T00:00:00Z" },
        { "2021-05-04", "2021-05-04T00:00:00Z", "2021-05-04T00:00:00Z" }, { "30/06/2026", NULL, "2026-06-30T00:00:00Z" }, { "06/24/2026 05:06:42", "2026-06-24T00:00:00Z", "2026-06-24T00:00:00Z" },
        { "13/13/2020", NULL, NULL }, { "02/30/2020", NULL, NULL }, { "", NULL, NULL }, { "1/2", NULL, NULL }, { "1/2/3", NULL, NULL }, { "99999999/1/2020", NULL, NULL }, { "May 2020", NULL, NULL },
    };
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct arena *mem = arena_new();
        int64_t day;
        bool us = snmp_us_date(rows[i].text, &day);
        assert_int_equal(us, rows[i].us != NULL);
        if (us)
            assert_string_equal(snmp_date_text(day, mem), rows[i].us);
        bool any = snmp_free_date(rows[i].text, &day);
        assert_int_equal(any, rows[i].any != NULL);
        if (any)
            assert_string_equal(snmp_date_text(day, mem), rows[i].any);
        arena_free(mem);
    }
}

/* --- UPS -------------------------------------------------------------------------------------------------------------------- */

static void ups_standard(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_ups);
    f.uptime = 720000;
    struct snmp_table *t = f.parts[0];
    put(t, 0, "0", number(2));
    put(t, 1, "0", text("TRIPP LITE"));
    put(t, 2, "0", text("SMART1500RMXL2UA"));
    put(t, 3, "0", number(0));
    put(t, 4, "0", number(24));
    put(t, 5, "0", number(100));
    put(t, 6, "0", number(0));                                           /* no sensor */
    put(t, 8, "0", number(3));
    put(t, 9, "0", unsigned_number(SNMP_GAUGE32, 2));
    put(t, 10, "0", number(1));
    put(t, 11, "0", unsigned_number(SNMP_TIME_TICKS, 360000));
    put(f.parts[1], 0, "1", number(27));
    put(f.parts[1], 0, "2", number(31));
    put(f.parts[2], 0, "1", number(122));
    put(f.parts[2], 0, "2", number(119));
    put(f.parts[3], 0, "22", pointer("1.3.6.1.2.1.33.1.6.3.1"));
    static const char *const expected[] = {
        "ups=1|model=SMART1500RMXL2UA|maker=TRIPP LITE|source=UPS-MIB|battery_state=normal|output_source=normal|on_battery=0|on_battery_s=0|charge_percent=100|runtime_s=1440|load_percent=31"
        "|replace_battery=1|test_result=passed|test_at=2026-09-21T13:13:20Z|alarms=2|input_volts=119",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));

    fixture_begin(&f, &snmp_ups);                                        /* nothing known; a test before the card's restart */
    f.uptime = 100;
    put(f.parts[0], 0, "0", number(1));
    put(f.parts[0], 4, "0", number(0));
    put(f.parts[0], 5, "0", number(255));
    put(f.parts[0], 8, "0", number(1));
    put(f.parts[0], 11, "0", unsigned_number(SNMP_TIME_TICKS, 360000));
    static const char *const unknown[] = { "ups=1|source=UPS-MIB|output_source=other" };
    fixture_end(&f, unknown, N_ELEMENTS(unknown));
}

static void ups_apc(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_ups);
    struct snmp_table *t = f.parts[4];
    put(t, 0, "0", text("Smart-UPS 1000"));
    put(t, 1, "0", text("08/13/22"));
    put(t, 2, "0", number(2));
    put(t, 3, "0", unsigned_number(SNMP_TIME_TICKS, 1500));
    put(t, 4, "0", text("2000-01-01"));                                  /* nobody has set it */
    put(t, 6, "0", unsigned_number(SNMP_GAUGE32, 255));                  /* absent */
    put(t, 7, "0", unsigned_number(SNMP_TIME_TICKS, UINT32_MAX));        /* absent */
    put(t, 8, "0", number(2));
    put(t, 10, "0", number(3));
    put(t, 12, "0", number(2));
    put(t, 13, "0", text("12/31/2030"));                                 /* a day to come */
    put(t, 14, "0", text("05/20/2031"));
    put(t, 15, "0", unsigned_number(SNMP_GAUGE32, 985));
    put(t, 16, "0", unsigned_number(SNMP_GAUGE32, 280));
    put(t, 17, "0", unsigned_number(SNMP_GAUGE32, 2301));
    put(t, 18, "0", unsigned_number(SNMP_GAUGE32, 378));
    put(f.parts[0], 0, "0", number(3));                                  /* the maker's own figure counts */
    static const char *const expected[] = {
        "ups=1|model=Smart-UPS 1000|maker=APC|source=PowerNet-MIB, UPS-MIB|battery_state=normal|output_source=battery|on_battery=1|on_battery_s=15|charge_percent=98.5|load_percent=37.8"
        "|battery_celsius=28|replace_battery=1|battery_replace_by_at=2031-05-20T00:00:00Z|made_at=2022-08-13T00:00:00Z|test_result=failed|input_volts=230.1",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));

    fixture_begin(&f, &snmp_ups);                                        /* APC's rack bar: its card has the MIB, and no UPS */
    put(f.parts[4], 0, "0", text("AP8959EU3"));
    fixture_end(&f, NULL, 0);
}

static void ups_others(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_ups);
    put(f.parts[5], 0, "0", text("PR2200RT2UC"));
    put(f.parts[5], 4, "0", text("06/30/2026"));
    put(f.parts[5], 7, "0", unsigned_number(SNMP_TIME_TICKS, 1050000));
    put(f.parts[5], 9, "0", unsigned_number(SNMP_GAUGE32, 1210));
    put(f.parts[5], 10, "0", number(10));
    static const char *const cyberpower[] = {
        "ups=1|model=PR2200RT2UC|maker=CyberPower|source=CPS-MIB|output_source=reducer|on_battery=0|runtime_s=10500|battery_replaced_at=2026-06-30T00:00:00Z|input_volts=121" };
    fixture_end(&f, cyberpower, N_ELEMENTS(cyberpower));

    fixture_begin(&f, &snmp_ups);
    put(f.parts[6], 0, "0", text("EATON"));
    put(f.parts[6], 2, "0", number(900));
    put(f.parts[6], 4, "0", number(8));
    put(f.parts[6], 5, "0", text("03/04/2024"));                         /* March or April? */
    put(f.parts[6], 7, "0", number(12));
    put(f.parts[7], 3, "0", number(1));
    static const char *const eaton[] = { "ups=1|maker=EATON|source=XUPS-MIB, MG-SNMP-UPS-MIB|battery_state=faulty|output_source=normal|on_battery=0|runtime_s=900|replace_battery=1" };
    fixture_end(&f, eaton, N_ELEMENTS(eaton));
}

/* --- printers ------------------------------------------------------------------------------------------------------------------ */

static void printers(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_printers);
    struct snmp_table *t = f.parts[0], *counts = f.parts[1], *alerts = f.parts[2];
    put(t, 0, "1", number(3));
    put(t, 1, "1", bytes(SNMP_OCTETS, "\x26\x20", 2));
    put(t, 0, "2", number(4));
    put(t, 1, "2", bytes(SNMP_OCTETS, "", 0));
    put(t, 0, "3", number(2));
    put(t, 1, "3", text("ready now"));                                   /* no bit string */
    put(counts, 0, "1.1", unsigned_number(SNMP_COUNTER32, 12));
    put(counts, 1, "1.1", number(16));                                   /* feet */
    put(counts, 0, "1.2", unsigned_number(SNMP_COUNTER32, 40321));
    put(counts, 1, "1.2", number(7));
    put(alerts, 0, "1.9", number(3));
    put(alerts, 0, "1.10", number(4));
    put(f.parts[3], 0, "1", text("VNB3X12345"));
    put(f.parts[3], 0, "2", text("0000000000"));
    static const char *const expected[] = {
        "printer=1|status=idle|errors=lowToner,jammed,offline,markerSupplyMissing|jammed=1|offline=1|service_requested=0|pages=40321|critical_alerts=1|serial=VNB3X12345",
        "printer=2|status=printing|errors=|jammed=0|offline=0|service_requested=0|critical_alerts=0",
        "printer=3|critical_alerts=0",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void supplies(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_printer_supplies);
    struct snmp_table *t = f.parts[0];
    static const struct { const char *index; int64_t level, max, unit, class; } rows[] = {
        { "1.1", 450, 1500, 13, 3 }, { "1.2", -3, -2, 19, 4 }, { "1.3", -2, 100, 7, 3 }, { "1.4", -1, -1, 1, 3 }, { "1.5", 120, 100, 19, 3 }, { "1.6", 7, -2, 19, 3 }, { "1.7", -9, 0, 2, 1 },
    };
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        put(t, 0, rows[i].index, number(rows[i].level));
        put(t, 6, rows[i].index, number(rows[i].max));
        put(t, 5, rows[i].index, number(rows[i].unit));
        put(t, 2, rows[i].index, number(rows[i].class));
    }
    put(t, 1, "1.1", number(4));
    put(t, 3, "1.1", number(21));
    put(t, 4, "1.1", bytes(SNMP_OCTETS, "Schwarz \xe4\0", 10));
    put(f.parts[1], 0, "1.4", text("Black"));
    static const char *const expected[] = {
        "printer=1|supply=1|description=Schwarz \xc3\xa4|type=tonerCartridge|color=black|is_waste=0|unit=tenthsOfGrams|capacity=1500|level=450|level_percent=30|level_state=measured",
        "printer=1|supply=2|is_waste=1|unit=percent|capacity=100|level_state=some",
        "printer=1|supply=3|is_waste=0|unit=impressions|capacity=100|level_state=unknown",
        "printer=1|supply=4|is_waste=0|unit=other|level_state=unlimited",
        "printer=1|supply=5|is_waste=0|unit=percent|capacity=100|level=120|level_state=measured",
        "printer=1|supply=6|is_waste=0|unit=percent|capacity=100|level=7|level_percent=7|level_state=measured",
        "printer=1|supply=7",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- power over Ethernet ----------------------------------------------------------------------------------------------------------- */

static void poe(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_poe);
    struct snmp_table *t = f.parts[0], *ports = f.parts[1];
    put(t, 0, "1", unsigned_number(SNMP_GAUGE32, 370));
    put(t, 1, "1", number(1));
    put(t, 2, "1", unsigned_number(SNMP_GAUGE32, 74));
    put(t, 3, "1", number(80));
    put(t, 0, "2", unsigned_number(SNMP_GAUGE32, 370));                  /* says 0 under load */
    put(t, 2, "2", unsigned_number(SNMP_GAUGE32, 0));
    put(t, 0, "3", unsigned_number(SNMP_GAUGE32, 100));                  /* nothing on it */
    put(t, 2, "3", unsigned_number(SNMP_GAUGE32, 0));
    put(t, 0, "4", unsigned_number(SNMP_GAUGE32, 100));
    put(t, 2, "4", unsigned_number(SNMP_GAUGE32, 0));                    /* Cisco knows better */
    put(ports, 0, "1.1", number(3));
    put(ports, 0, "1.2", number(4));
    put(ports, 0, "2.1", number(3));
    put(ports, 0, "3.1", number(2));
    put(f.parts[2], 0, "1.1", unsigned_number(SNMP_GAUGE32, 15400));
    put(f.parts[3], 0, "4", unsigned_number(SNMP_GAUGE32, 25500));
    static const char *const expected[] = {
        "supply=1|state=on|budget_watts=370|used_watts=74|used_percent=20|power_known=1|allocated_watts=15.4|threshold_percent=80|ports_delivering=1|ports_faulty=1",
        "supply=2|budget_watts=370|used_watts=0|power_known=0|ports_delivering=1|ports_faulty=0",
        "supply=3|budget_watts=100|used_watts=0|used_percent=0|power_known=1|ports_delivering=0|ports_faulty=0",
        "supply=4|budget_watts=100|used_watts=25.5|used_percent=25.5|power_known=1",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void poe_ports(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_poe_ports);
    struct snmp_table *t = f.parts[0];
    put(t, 0, "1.1", number(3));
    put(t, 1, "1.1", number(1));
    put(t, 2, "1.1", number(3));
    put(t, 3, "1.1", number(5));
    put(t, 4, "1.1", unsigned_number(SNMP_COUNTER32, 2));
    put(t, 0, "1.2", number(2));
    put(t, 3, "1.2", number(1));                                         /* the class of nothing */
    put(f.parts[1], 0, "1.1", unsigned_number(SNMP_GAUGE32, 30000));
    put(f.parts[1], 1, "1.1", unsigned_number(SNMP_GAUGE32, 12750));
    put(f.parts[1], 2, "1.1", number(1005));
    put(f.components, 4, "1005", text("Gi1/0/1"));
    put(f.parts[2], 0, "1.2", number(4300));
    static const char *const expected[] = {
        "supply=1|port=1|interface=Gi1/0/1|enabled=1|state=deliveringPower|power_class=4|priority=low|used_watts=12.75|allocated_watts=30|denied=2",
        "supply=1|port=2|state=searching|used_watts=4.3",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- sensors ------------------------------------------------------------------------------------------------------------------------ */

static void sensors(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_sensors);
    struct snmp_table *t = f.parts[0];
    put(f.components, 1, "11", text("Inlet"));
    static const struct { const char *index; int64_t value, type, scale, precision, state; } rows[] = {
        { "11", 2350, 8, 9, 2, 1 }, { "12", 3300, 4, 8, 0, 1 }, { "13", 25, 8, 9, 0, 2 }, { "14", 1000000000, 8, 9, 0, 1 }, { "15", 25, 8, 99, 0, 1 }, { "16", 3, 6, 10, 0, 1 }, { "17", 25, 77, 9, 40, 1 },
    };
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        put(t, 0, rows[i].index, number(rows[i].value));
        put(t, 1, rows[i].index, number(rows[i].type));
        put(t, 2, rows[i].index, number(rows[i].scale));
        put(t, 3, rows[i].index, number(rows[i].precision));
        put(t, 4, rows[i].index, number(rows[i].state));
    }
    put(f.parts[1], 0, "11", number(1));                                 /* the same sensor, in the older MIB */
    put(f.parts[2], 0, "1006", number(2));
    put(f.parts[2], 1, "1006", text("SW#1, Sensor#1, GREEN"));
    put(f.parts[2], 2, "1006", unsigned_number(SNMP_GAUGE32, 46));
    put(f.parts[2], 0, "1007", number(5));                               /* not present */
    static const char *const expected[] = {
        "source=ENTITY-SENSOR-MIB|sensor=11|name=Inlet|kind=celsius|value=23.5|state=ok",
        "source=ENTITY-SENSOR-MIB|sensor=12|kind=voltsDC|value=3.3|state=ok",
        "source=ENTITY-SENSOR-MIB|sensor=13|kind=celsius|state=unavailable",
        "source=ENTITY-SENSOR-MIB|sensor=14|kind=celsius|state=ok",
        "source=ENTITY-SENSOR-MIB|sensor=15|kind=celsius|state=ok",
        "source=ENTITY-SENSOR-MIB|sensor=16|kind=watts|value=3000|state=ok",
        "source=ENTITY-SENSOR-MIB|sensor=17|state=ok",
        "source=CISCO-ENVMON-MIB|sensor=1006|name=SW#1, Sensor#1, GREEN|kind=celsius|value=46|judged=warning",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates), cmocka_unit_test(ups_standard), cmocka_unit_test(ups_apc), cmocka_unit_test(ups_others), cmocka_unit_test(printers), cmocka_unit_test(supplies), cmocka_unit_test(poe),
        cmocka_unit_test(poe_ports), cmocka_unit_test(sensors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
