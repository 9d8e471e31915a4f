/* What devices think of their parts, whether their configuration is saved, where they have their time from: what tables become, and what must stay NULL. */
#include "lib/cmocka_all.h"

#include "unit/snmp_fixture.h"

/* --- hardware_states ----------------------------------------------------------------------------------------------------------- */

static void envmon(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_hardware_states);
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.5.1.3", "1003", number(1));
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.5.1.2", "1003", text("Sw1, PS1 Normal, RPS NotExist"));
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.5.1.3", "1004", number(5));
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.5.1.3", "1005", number(6));
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.5.1.3", "1006", number(7));                         /* the MIB has no seventh */
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.5.1.2", "1007", text("a name without a state"));
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.4.1.3", "1", number(2));
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.3.1.6", "1", number(3));
    put_at(&f, "1.3.6.1.4.1.9.9.13.1.3.1.2", "1", text("chassis"));
    put_at(&f, "1.3.6.1.4.1.9.6.1.101.83.1.2.1.3", "67109185", number(8));
    put_at(&f, "1.3.6.1.4.1.9.6.1.101.83.1.2.1.3", "67109186", number(9));
    static const char *const expected[] = {
        "source=CISCO-ENVMON-MIB|kind=powerSupply|number=1003|name=Sw1, PS1 Normal, RPS NotExist|state=ok|word=normal",
        "source=CISCO-ENVMON-MIB|kind=powerSupply|number=1004|state=absent|word=notPresent",
        "source=CISCO-ENVMON-MIB|kind=powerSupply|number=1005|state=failed|word=notFunctioning",
        "source=CISCO-ENVMON-MIB|kind=powerSupply|number=1006",
        "source=CISCO-ENVMON-MIB|kind=fan|number=1|state=warning|word=warning",
        "source=CISCO-ENVMON-MIB|kind=temperature|number=1|name=chassis|state=failed|word=critical",
        "source=CISCOSB-HWENVIROMENT|kind=powerSupply|number=67109185|state=warning|word=backingUp",
        "source=CISCOSB-HWENVIROMENT|kind=powerSupply|number=67109186|word=readingFailed",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* Tables by entPhysicalIndex: what it is stands in entPhysicalClass, and ports, sensors and slots are none of ours. */
static void components(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_hardware_states);
    static const struct { const char *index; int64_t class; const char *name; } parts[] = {
        { "1", 3, "Chassis" }, { "10", 6, "Power Supply A" }, { "20", 7, "Fan 1" }, { "30", 10, "Gi1/0/1" }, { "40", 9, "Linecard 1" }, { "50", 5, "Slot 2" } };
    for (size_t i = 0; i < N_ELEMENTS(parts); i++) {
        put(f.components, 0, parts[i].index, number(parts[i].class));
        put(f.components, 4, parts[i].index, text(parts[i].name));
    }
    put_at(&f, "1.3.6.1.4.1.9.9.117.1.1.2.1.2", "10", number(8));
    put_at(&f, "1.3.6.1.4.1.9.9.117.1.1.2.1.2", "30", number(2));                        /* a port has power too, and is no part */
    put_at(&f, "1.3.6.1.4.1.9.9.117.1.1.2.1.2", "99", number(2));                        /* nobody says what that is */
    put_at(&f, "1.3.6.1.4.1.9.9.117.1.4.1.1.1", "20", number(1));
    put_at(&f, "1.3.6.1.4.1.9.9.117.1.2.1.1.2", "40", number(13));
    put_at(&f, "1.3.6.1.4.1.9.9.117.1.2.1.1.2", "41", number(11));
    put_at(&f, "1.3.6.1.4.1.9.9.500.1.2.1.1.6", "1", number(4));
    put_at(&f, "1.3.6.1.4.1.9.9.500.1.2.1.1.6", "2001", number(6));
    put_at(&f, "1.3.6.1.2.1.131.1.1.1.3", "1", number(3));
    put_at(&f, "1.3.6.1.2.1.131.1.1.1.3", "10", number(2));
    put_at(&f, "1.3.6.1.2.1.131.1.1.1.3", "20", number(1));
    put_at(&f, "1.3.6.1.2.1.131.1.1.1.3", "30", number(2));
    put_at(&f, "1.3.6.1.2.1.131.1.1.1.3", "50", number(2));
    static const char *const expected[] = {
        "source=CISCO-ENTITY-FRU-CONTROL-MIB|kind=powerSupply|number=10|name=Power Supply A|state=failed|word=failed",
        "source=CISCO-ENTITY-FRU-CONTROL-MIB|kind=fan|number=20|name=Fan 1|word=unknown",
        "source=CISCO-ENTITY-FRU-CONTROL-MIB|kind=component|number=40|name=Linecard 1|word=outOfServiceAdmin",
        "source=CISCO-ENTITY-FRU-CONTROL-MIB|kind=component|number=41|state=failed|word=diagFailed",
        "source=CISCO-STACKWISE-MIB|kind=stackMember|number=1|name=Chassis|state=ok|word=ready",
        "source=CISCO-STACKWISE-MIB|kind=stackMember|number=2001|state=failed|word=verMismatch",
        "source=ENTITY-STATE-MIB|kind=component|number=1|name=Chassis|state=ok|word=enabled",
        "source=ENTITY-STATE-MIB|kind=powerSupply|number=10|name=Power Supply A|state=failed|word=disabled",
        "source=ENTITY-STATE-MIB|kind=fan|number=20|name=Fan 1|word=unknown",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void juniper(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_hardware_states);
    static const struct { const char *index, *name; int64_t type, fru, operating; } parts[] = {
        { "2.1.0.0", "PEM 0", 7, 6, 2 }, { "2.2.0.0", "PEM 1", 7, 3, 6 }, { "2.3.0.0", "PEM 2", 18, 8, 1 }, { "4.1.0.0", "Fan 1", 13, 6, 5 }, { "7.2.0.0", "FPC @ 1/*/*", 3, 2, 6 }, { "9.9.0.0", "strange", 99, 6, 2 } };
    for (size_t i = 0; i < N_ELEMENTS(parts); i++) {
        put_at(&f, "1.3.6.1.4.1.2636.3.1.15.1.5", parts[i].index, text(parts[i].name));
        put_at(&f, "1.3.6.1.4.1.2636.3.1.15.1.6", parts[i].index, number(parts[i].type));
        put_at(&f, "1.3.6.1.4.1.2636.3.1.15.1.8", parts[i].index, number(parts[i].fru));
        put_at(&f, "1.3.6.1.4.1.2636.3.1.13.1.6", parts[i].index, number(parts[i].operating));
    }
    put_at(&f, "1.3.6.1.4.1.2636.3.4.2.2.1.0", "0", number(3));
    put_at(&f, "1.3.6.1.4.1.2636.3.4.2.3.1.0", "0", number(2));
    static const char *const expected[] = {
        "source=JUNIPER-ALARM-MIB|kind=alarm|number=yellow|name=yellow|state=warning|word=on",
        "source=JUNIPER-ALARM-MIB|kind=alarm|number=red|name=red|state=ok|word=off",
        "source=JUNIPER-MIB|kind=powerSupply|number=2.1.0.0|name=PEM 0|state=ok|word=running",
        "source=JUNIPER-MIB|kind=powerSupply|number=2.2.0.0|name=PEM 1|state=failed|word=down",
        "source=JUNIPER-MIB|kind=powerSupply|number=2.3.0.0|name=PEM 2|state=failed|word=offline",
        "source=JUNIPER-MIB|kind=fan|number=4.1.0.0|name=Fan 1|state=ok|word=runningAtFullSpeed",
        "source=JUNIPER-MIB|kind=component|number=7.2.0.0|name=FPC @ 1/*/*|state=absent|word=empty",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void hp(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_hardware_states);
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.1.2.6.1.2", "1", pointer("1.3.6.1.4.1.11.2.3.7.8.3.2"));
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.1.2.6.1.4", "1", number(4));
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.1.2.6.1.7", "1", text("Fan Sensor"));
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.1.2.6.1.2", "2", pointer("1.3.6.1.4.1.11.2.3.7.8.3.1"));
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.1.2.6.1.4", "2", number(2));
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.1.2.6.1.4", "3", number(1));
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.5.1.54.2.1.1.4", "6", number(0));
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.5.1.54.2.1.1.4", "7", number(6));                 /* "maxstate" is no state */
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.5.1.55.1.1.1.2", "1", number(3));
    put_at(&f, "1.3.6.1.4.1.11.2.14.11.5.1.55.1.1.1.2", "2", number(2));
    put_at(&f, "1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.3", "1.1", text("1/1"));
    put_at(&f, "1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.4", "1.1", text("ok"));
    put_at(&f, "1.3.6.1.4.1.47196.4.1.1.3.11.2.1.1.4", "1.2", text("fault_input"));
    put_at(&f, "1.3.6.1.4.1.47196.4.1.1.3.11.5.1.1.5", "1.1", text("a new word"));
    static const char *const expected[] = {
        "source=FAN-MIB|kind=fan|number=6|state=failed|word=failed",
        "source=FAN-MIB|kind=fan|number=7",
        "source=POWERSUPPLY-MIB|kind=powerSupply|number=1|state=ok|word=psPowered",
        "source=POWERSUPPLY-MIB|kind=powerSupply|number=2|state=warning|word=psNotPlugged",
        "source=ARUBAWIRED-POWERSUPPLY-MIB|kind=powerSupply|number=1.1|name=1/1|state=ok|word=ok",
        "source=ARUBAWIRED-POWERSUPPLY-MIB|kind=powerSupply|number=1.2|state=failed|word=fault_input",
        "source=ARUBAWIRED-FAN-MIB|kind=fan|number=1.1|word=a new word",
        "source=HP-ICF-CHASSIS|kind=fan|number=1|name=Fan Sensor|state=ok|word=good",
        "source=HP-ICF-CHASSIS|kind=powerSupply|number=2|state=failed|word=bad",
        "source=HP-ICF-CHASSIS|kind=component|number=3|word=unknown",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

static void servers_and_stores(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_hardware_states);
    put_at(&f, "1.3.6.1.4.1.12356.101.4.3.2.1.2", "7", text("PS2 Status"));
    put_at(&f, "1.3.6.1.4.1.12356.101.4.3.2.1.4", "7", number(1));
    put_at(&f, "1.3.6.1.4.1.6574.1.1.0", "0", number(1));
    put_at(&f, "1.3.6.1.4.1.6574.1.3.0", "0", number(2));
    put_at(&f, "1.3.6.1.4.1.6574.2.1.1.2", "0", text("Disk 1"));
    put_at(&f, "1.3.6.1.4.1.6574.2.1.1.5", "0", number(5));
    put_at(&f, "1.3.6.1.4.1.6574.3.1.1.2", "0", text("Volume 1"));
    put_at(&f, "1.3.6.1.4.1.6574.3.1.1.3", "0", number(11));
    put_at(&f, "1.3.6.1.4.1.6574.3.1.1.3", "1", number(13));
    put_at(&f, "1.3.6.1.4.1.674.10892.5.2.1.0", "0", number(4));
    put_at(&f, "1.3.6.1.4.1.674.10892.5.4.600.12.1.5", "1.2", number(5));
    put_at(&f, "1.3.6.1.4.1.674.10892.5.4.600.12.1.8", "1.2", text("PS2 Status"));
    put_at(&f, "1.3.6.1.4.1.674.10892.5.4.700.12.1.5", "1.1", number(10));
    put_at(&f, "1.3.6.1.4.1.232.6.1.3.0", "0", number(1));
    put_at(&f, "1.3.6.1.4.1.232.3.2.5.1.1.37", "0.3", number(3));
    put_at(&f, "1.3.6.1.4.1.232.3.2.5.1.1.64", "0.3", text("Port 1I Box 6 Bay 1"));
    put_at(&f, "1.3.6.1.4.1.232.6.2.9.3.1.4", "0.1", number(2));
    put_at(&f, "1.3.6.1.4.1.232.6.2.9.3.1.3", "0.1", number(3));
    put_at(&f, "1.3.6.1.4.1.232.6.2.9.3.1.4", "0.2", number(1));
    put_at(&f, "1.3.6.1.4.1.232.6.2.9.3.1.3", "0.2", number(2));
    put_at(&f, "1.3.6.1.4.1.50536.1.1.1.1.2", "1", text("tank"));
    put_at(&f, "1.3.6.1.4.1.50536.1.1.1.1.7", "1", number(1));
    put_at(&f, "1.3.6.1.4.1.1991.1.1.1.2.1.1.3", "1", number(3));
    static const char *const expected[] = {
        "source=FORTINET-FORTIGATE-MIB|kind=alarm|number=7|name=PS2 Status|state=failed|word=true",
        "source=SYNOLOGY-SYSTEM-MIB|kind=system|number=volumes|name=volumes|state=ok|word=normal",
        "source=SYNOLOGY-SYSTEM-MIB|kind=powerSupply|number=all power supplies|name=all power supplies|state=failed|word=failed",
        "source=SYNOLOGY-DISK-MIB|kind=disk|number=0|name=Disk 1|state=failed|word=crashed",
        "source=SYNOLOGY-RAID-MIB|kind=array|number=0|name=Volume 1|state=failed|word=degrade",
        "source=SYNOLOGY-RAID-MIB|kind=array|number=1",
        "source=IDRAC-MIB-SMIv2|kind=system|number=0|state=warning|word=nonCritical",
        "source=IDRAC-MIB-SMIv2|kind=powerSupply|number=1.2|name=PS2 Status|state=failed|word=critical",
        "source=IDRAC-MIB-SMIv2|kind=fan|number=1.1|state=failed|word=failed",
        "source=CPQHLTH-MIB|kind=system|number=0|word=other",
        "source=CPQIDA-MIB|kind=disk|number=0.3|name=Port 1I Box 6 Bay 1|state=warning|word=degraded",
        "source=FREENAS-MIB|kind=array|number=1|name=tank|state=failed|word=degraded",
        "source=FOUNDRY-SN-AGENT-MIB|kind=powerSupply|number=1|state=failed|word=failure",
        "source=CPQHLTH-MIB|kind=powerSupply|number=0.1|state=ok|word=ok",
        "source=CPQHLTH-MIB|kind=powerSupply|number=0.2|state=absent|word=absent",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

/* --- configurations -------------------------------------------------------------------------------------------------------------- */

/* In hundredths of a second. */
static void one_configuration(int64_t uptime, bool wrapped, int64_t changed, int64_t saved, const char *expected)
{
    struct fixture f;
    fixture_begin(&f, &snmp_configurations);
    f.uptime = uptime;
    f.uptime_wrapped = wrapped;
    if (changed >= 0)
        put(f.parts[0], 0, "0", unsigned_number(SNMP_TIME_TICKS, (uint64_t)changed));
    if (saved >= 0)
        put(f.parts[0], 1, "0", unsigned_number(SNMP_TIME_TICKS, (uint64_t)saved));
    fixture_end(&f, &expected, expected != NULL);
}

static void configurations(void **state)
{
    (void)state;
    one_configuration(10000000, false, 9000000, 8000000, "number=1|running_changed_s=10000|saved_s=20000|unsaved=1");
    one_configuration(10000000, false, 8000000, 8000100, "number=1|running_changed_s=20000|saved_s=19999|unsaved=0");
    one_configuration(10000000, false, 9000000, 0, "number=1|running_changed_s=10000|unsaved=1");          /* never saved since the start */
    one_configuration(10000000, false, 4200, 0, "number=1|running_changed_s=99958");                       /* the start itself, or a change just then */
    one_configuration(10000000, false, 0, 0, "number=1|unsaved=0");
    one_configuration(1000, false, 9000000, 8000000, "number=1");                                          /* before the clock began anew */
    one_configuration(10000000, true, 9000000, 8000000, "number=1");
    one_configuration(-1, false, 9000000, 8000000, "number=1");
    one_configuration(10000000, false, 9000000, -1, "number=1|running_changed_s=10000");
    one_configuration(10000000, false, -1, -1, NULL);
}

/* --- time_sources ------------------------------------------------------------------------------------------------------------------ */

static void time_sources(void **state)
{
    (void)state;
    struct fixture f;
    fixture_begin(&f, &snmp_time_sources);
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.2", "1", text("ntp1.example.org"));
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.5", "1", bytes(SNMP_OCTETS, "\x0a\x14\x00\x05", 4));
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.6", "1", text("-0.032 ms"));
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.7", "1", unsigned_number(SNMP_GAUGE32, 2));
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.5", "2", bytes(SNMP_OCTETS, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x03", 20));
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.6", "2", text("1.232 s"));
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.7", "2", unsigned_number(SNMP_GAUGE32, 16));
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.6", "3", text("5 fortnights"));
    put_at(&f, "1.3.6.1.2.1.197.1.3.1.1.7", "3", unsigned_number(SNMP_GAUGE32, 99));
    put_at(&f, "1.3.6.1.4.1.9.9.168.1.2.1.1.3", "7", bytes(SNMP_IP_ADDRESS, "\x0a\x14\x00\x06", 4));
    put_at(&f, "1.3.6.1.4.1.9.9.168.1.2.1.1.9", "7", number(3));
    put_at(&f, "1.3.6.1.4.1.9.9.168.1.2.1.1.21", "7", number(255));
    put_at(&f, "1.3.6.1.4.1.9.9.168.1.2.1.1.23", "7", bytes(SNMP_OCTETS, "\xff\xff\xc0\x00", 4));
    put_at(&f, "1.3.6.1.4.1.9.9.168.1.2.1.1.3", "8", bytes(SNMP_IP_ADDRESS, "\x0a\x14\x00\x07", 4));
    put_at(&f, "1.3.6.1.4.1.9.9.168.1.2.1.1.9", "8", number(0));
    put_at(&f, "1.3.6.1.4.1.9.9.168.1.2.1.1.21", "8", number(0));
    put_at(&f, "1.3.6.1.4.1.9.9.168.1.2.1.1.23", "8", bytes(SNMP_OCTETS, "\0\0\0\0", 4));
    static const char *const expected[] = {
        "source=ntp1.example.org|number=1|address=10.20.0.5|stratum=2|reachable=1|offset_ms=-0.032",
        "source=fe80::1|number=2|address=fe80::1|stratum=16|reachable=0|offset_ms=1232",
        "number=3",
        "source=10.20.0.6|number=7|address=10.20.0.6|stratum=3|reachable=1|offset_ms=-250",
        "source=10.20.0.7|number=8|address=10.20.0.7|reachable=0",
    };
    fixture_end(&f, expected, N_ELEMENTS(expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(envmon), cmocka_unit_test(components), cmocka_unit_test(juniper), cmocka_unit_test(hp), cmocka_unit_test(servers_and_stores), cmocka_unit_test(configurations), cmocka_unit_test(time_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
