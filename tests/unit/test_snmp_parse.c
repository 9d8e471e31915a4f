/* The pure half of the snmp probe: tables with holes, texts in odd codes, and what must stay NULL. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "base/clock.h"
#include "fact/table_devices.h"
#include "fact/table_interfaces.h"
#include "probes/snmp/if_types.h"
#include "probes/snmp/snmp_parse.h"

static struct snmp_value integer(int64_t i) { return (struct snmp_value){ .type = SNMP_INTEGER, .i = i }; }
static struct snmp_value number(enum snmp_type type, uint64_t u) { return (struct snmp_value){ .type = type, .u = u }; }
static struct snmp_value octets(const char *s, size_t len)
{
    union { const char *c; const uint8_t *u; } p = { .c = s };
    return (struct snmp_value){ .type = SNMP_OCTETS, .bytes = p.u, .len = len };
}
static struct snmp_value text(const char *s) { return octets(s, strlen(s)); }

struct fixture {
    struct snmp_table *t;
    struct arena *mem;
    struct fact_row row;
};
static int setup(void **state)
{
    struct fixture *f = xcalloc(1, sizeof *f);
    f->t = snmp_table_new(INTERFACE_COLUMNS, 1000, 1000000);
    f->mem = arena_new();
    *state = f;
    return 0;
}
static int teardown(void **state)
{
    struct fixture *f = *state;
    snmp_table_free(f->t);
    arena_free(f->mem);
    free(f);
    return 0;
}
static void put(struct fixture *f, uint32_t index, size_t column, struct snmp_value v)
{
    assert_true(snmp_table_put(f->t, column, &index, 1, &v));
}
static void assert_cell(const struct fact_row *r, int column, const char *expected)
{
    const struct fact_value *v = &r->v[column];
    if (expected == NULL) {
        if (v->kind != FACT_KIND_NULL)
            fail_msg("%s is not NULL", r->table->columns[column].name);
        return;
    }
    char *got = v->kind == FACT_KIND_INTEGER ? xasprintf("%lld", (long long)v->i) : v->kind == FACT_KIND_TEXT ? xstrndup(v->s, v->len) : xstrdup("(NULL)");
    assert_string_equal(got, expected);
    free(got);
}
static struct fact_row *make(struct fixture *f, int64_t uptime)
{
    assert_true(snmp_interface_row(f->t, 0, uptime, &f->row, f->mem));
    return &f->row;
}

/* --- object identifiers -------------------------------------------------------------------------------------------------- */

static void oids(void **state)
{
    (void)state;
    struct snmp_oid a, b;
    assert_true(oid_parse("1.3.6.1.2.1", &a));
    assert_int_equal(a.n, 6);
    assert_true(oid_parse(".1.3.6.1.2.1.4294967295", &b));
    assert_int_equal(b.id[6], UINT32_MAX);
    assert_true(oid_under(&a, b.id, b.n));
    assert_false(oid_under(&a, a.id, a.n));
    assert_false(oid_under(&b, a.id, a.n));
    assert_true(oid_compare(a.id, a.n, b.id, b.n) < 0);
    assert_true(oid_compare(b.id, b.n, a.id, a.n) > 0);
    assert_int_equal(oid_compare(a.id, a.n, a.id, a.n), 0);
    struct buf text_of = BUF_INIT(100);
    oid_format(&text_of, b.id, b.n);
    assert_string_equal(buf_str(&text_of), "1.3.6.1.2.1.4294967295");
    buf_clear(&text_of);
    static const char *const bad[] = { "", ".", "1.", "1..2", "1.3.6.4294967296", "1.a", "1.-3", " 1.3" };
    for (size_t i = 0; i < N_ELEMENTS(bad); i++)
        assert_false(oid_parse(bad[i], &a));
    char long_one[600] = "1";
    for (size_t i = 0; i < SNMP_OID_MAX; i++)
        memcpy(long_one + 1 + 2 * i, ".1", 3);
    assert_false(oid_parse(long_one, &a));
}

/* --- tables -------------------------------------------------------------------------------------------------------------- */

static void table_rows_come_from_any_column(void **state)
{
    struct fixture *f = *state;
    put(f, 7, IF_MTU, integer(1500));
    put(f, 3, IFX_NAME, text("three"));
    put(f, 3, IF_MTU, integer(9000));
    put(f, 5, DOT3_DUPLEX, integer(3));
    assert_int_equal(snmp_table_rows(f->t), 3);
    static const uint32_t order[] = { 3, 5, 7 };
    for (size_t i = 0; i < 3; i++) {
        size_t n;
        assert_int_equal(snmp_table_index(f->t, i, &n)[0], order[i]);
        assert_int_equal(n, 1);
    }
    int64_t mtu;
    assert_true(snmp_table_number(f->t, 0, IF_MTU, &mtu));
    assert_int_equal(mtu, 9000);
    assert_false(snmp_table_number(f->t, 1, IF_MTU, &mtu));
    assert_null(snmp_table_get(f->t, 9, IF_MTU));
}

static void table_keeps_the_first_of_two(void **state)
{
    struct fixture *f = *state;
    put(f, 1, IF_MTU, integer(1500));
    put(f, 1, IF_MTU, integer(17));
    int64_t mtu;
    assert_true(snmp_table_number(f->t, 0, IF_MTU, &mtu));
    assert_int_equal(mtu, 1500);
}

static void table_is_bounded(void **state)
{
    (void)state;
    struct snmp_table *t = snmp_table_new(1, 2, 4096);
    struct snmp_value v = integer(1);
    for (uint32_t i = 0; i < 2; i++)
        assert_true(snmp_table_put(t, 0, &i, 1, &v));
    uint32_t third = 2;
    assert_false(snmp_table_put(t, 0, &third, 1, &v));
    assert_int_equal(snmp_table_rows(t), 2);
    snmp_table_free(t);
    t = snmp_table_new(2, 100, 1000);
    static char big[2000];
    struct snmp_value huge = octets(big, sizeof big);
    uint32_t at = 1;
    assert_false(snmp_table_put(t, 0, &at, 1, &huge));
    assert_null(snmp_table_get(t, 0, 0));
    snmp_table_free(t);
}

static void table_takes_any_index(void **state)
{
    struct fixture *f = *state;
    uint32_t deep[SNMP_OID_MAX + 1] = { 1, 2, 3 };
    struct snmp_value v = integer(1);
    assert_true(snmp_table_put(f->t, 0, deep, SNMP_OID_MAX, &v));
    assert_false(snmp_table_put(f->t, 0, deep, SNMP_OID_MAX + 1, &v));
    assert_true(snmp_table_put(f->t, 0, deep, 0, &v));
    assert_int_equal(snmp_table_rows(f->t), 2);
    assert_false(snmp_interface_row(f->t, 0, 0, &f->row, f->mem));
    assert_false(snmp_interface_row(f->t, 1, 0, &f->row, f->mem));
}

/* --- texts --------------------------------------------------------------------------------------------------------------- */

static const struct { const char *name; const char *bytes; size_t len; const char *expected; } texts[] = {
    { "ASCII", "eth0", 4, "eth0" },
    { "blanks and NULs around", " \t eth0 \r\n\0\0", 12, "eth0" },
    { "only blanks", "  \0", 3, NULL },
    { "nothing", "", 0, NULL },
    { "UTF-8", "B\xc3\xbcro", 5, "B\xc3\xbcro" },
    { "Latin-1", "B\xfcro 2", 6, "B\xc3\xbcro 2" },
    { "Windows-1252", "\x93OP 1\x94 \x80", 8, "\xe2\x80\x9cOP 1\xe2\x80\x9d \xe2\x82\xac" },
    { "UTF-16 little-endian", "L\0A\0N\0 \0001\0", 10, "LAN 1" },
    { "UTF-16 big-endian", "\0L\0A\0N", 6, "LAN" },
    { "UTF-16 with a mark", "\xff\xfe\x42\x00\xfc\x00", 6, "B\xc3\xbc" },
    { "UTF-16 with its terminator", "L\0A\0N\0\0\0", 8, "LAN" },
    { "UTF-16 surrogates", "\xfe\xff\xd8\x3d\xde\x00", 6, "\xf0\x9f\x98\x80" },
    { "UTF-16 broken surrogate", "\xfe\xff\xd8\x3d\0A", 6, "\xef\xbf\xbd" "A" },
    { "binary", "\x00\x1b\x21\x03\xff\x80", 6, "00 1b 21 03 ff 80" },
    { "binary that is UTF-8", "\x01\x02\x03\x04", 4, "01 02 03 04" },
    { "an escape in a text stays for the door to clean", "up\x1b[31m link", 12, "up\x1b[31m link" },
};

static void text_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
        struct buf b = BUF_INIT(1000);
        struct snmp_value v = octets(texts[i].bytes, texts[i].len);
        bool any = snmp_text(&b, &v);
        if (any != (texts[i].expected != NULL) || (any && strcmp(buf_str(&b), texts[i].expected) != 0))
            fail_msg("%s: got \"%s\"", texts[i].name, buf_str(&b));
        buf_clear(&b);
    }
    struct buf b = BUF_INIT(100);
    struct snmp_value v = integer(7);
    assert_false(snmp_text(&b, &v));
    buf_clear(&b);
}

/* --- interfaces ---------------------------------------------------------------------------------------------------------- */

static void interface_whole(void **state)
{
    struct fixture *f = *state;
    put(f, 10124, IF_DESCR, text("GigabitEthernet1/0/24"));
    put(f, 10124, IFX_NAME, text("Gi1/0/24"));
    put(f, 10124, IFX_ALIAS, text("uplink to core"));
    put(f, 10124, IF_TYPE, integer(6));
    put(f, 10124, IFX_HIGH_SPEED, number(SNMP_GAUGE32, 1000));
    put(f, 10124, IF_SPEED, number(SNMP_GAUGE32, 1000000000));
    put(f, 10124, IF_ADMIN_STATUS, integer(1));
    put(f, 10124, IF_OPER_STATUS, integer(2));
    put(f, 10124, IF_MTU, integer(1500));
    put(f, 10124, IF_PHYS_ADDRESS, octets("\x00\x1B\x21\xAB\xCD\xEF", 6));
    put(f, 10124, IFX_CONNECTOR_PRESENT, integer(1));
    put(f, 10124, IF_LAST_CHANGE, number(SNMP_TIME_TICKS, 4000));
    put(f, 10124, DOT3_DUPLEX, integer(2));
    put(f, 10124, IF_IN_ERRORS, number(SNMP_COUNTER32, 5));
    put(f, 10124, IF_OUT_DISCARDS, number(SNMP_COUNTER32, 4294967295));
    const struct fact_row *r = make(f, 10000);
    assert_cell(r, INTERFACES_NAME, "Gi1/0/24");
    assert_cell(r, INTERFACES_IF_INDEX, "10124");
    assert_cell(r, INTERFACES_DESCR, "GigabitEthernet1/0/24");
    assert_cell(r, INTERFACES_ALIAS, "uplink to core");
    assert_cell(r, INTERFACES_TYPE, "6");
    assert_cell(r, INTERFACES_TYPE_NAME, "ethernetCsmacd");
    assert_cell(r, INTERFACES_SPEED_MBPS, "1000");
    assert_cell(r, INTERFACES_DUPLEX, "half");
    assert_cell(r, INTERFACES_ADMIN_UP, "1");
    assert_cell(r, INTERFACES_OPER_UP, "0");
    assert_cell(r, INTERFACES_OPER_STATUS, "down");
    assert_cell(r, INTERFACES_MTU, "1500");
    assert_cell(r, INTERFACES_MAC, "00:1b:21:ab:cd:ef");
    assert_cell(r, INTERFACES_CONNECTOR_PRESENT, "1");
    assert_cell(r, INTERFACES_LAST_CHANGE_S, "60");
    assert_cell(r, INTERFACES_IN_ERRORS, "5");
    assert_cell(r, INTERFACES_OUT_DISCARDS, "4294967295");
    assert_cell(r, INTERFACES_OUT_ERRORS, NULL);
    assert_cell(r, INTERFACES_COUNTERS_64BIT, NULL);
}

static void interface_with_nothing(void **state)
{
    struct fixture *f = *state;
    put(f, 3, IF_OPER_STATUS, text("up"));
    const struct fact_row *r = make(f, -1);
    for (int c = 0; c < INTERFACES_COLUMNS; c++)
        if (c != INTERFACES_IF_INDEX)
            assert_cell(r, c, NULL);
}

static void interface_name_falls_back(void **state)
{
    struct fixture *f = *state;
    put(f, 3, IF_DESCR, text("Port 3"));
    put(f, 3, IFX_NAME, text("  "));
    assert_cell(make(f, -1), INTERFACES_NAME, "Port 3");
}

/* -1: not there. */
static const struct { int64_t high, low; const char *expected; } speeds[] = {
    { 1000, 1000000000, "1000" }, { 100000, 4294967295, "100000" }, { 0, 100000000, "100" }, { -1, 10000000, "10" }, { -1, 1544000, "2" },
    { 0, 0, NULL }, { -1, 0, NULL }, { -1, -1, NULL }, { 0, 4294967295, NULL }, { -1, 4294967295, NULL }, { 4294, 4294967295, NULL },
    { -1, 64000, NULL }, { 1000000000, 1000000000, "1000" }, { 4294967295, 4294967295, NULL }, { 10, -1, "10" },
};

static void interface_speeds(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(speeds); i++) {
        void *one;
        setup(&one);
        struct fixture *f = one;
        put(f, 1, IF_MTU, integer(1500));
        if (speeds[i].high >= 0)
            put(f, 1, IFX_HIGH_SPEED, number(SNMP_GAUGE32, (uint64_t)speeds[i].high));
        if (speeds[i].low >= 0)
            put(f, 1, IF_SPEED, number(SNMP_GAUGE32, (uint64_t)speeds[i].low));
        assert_cell(make(f, -1), INTERFACES_SPEED_MBPS, speeds[i].expected);
        teardown(&one);
    }
}

static void interface_counters_64(void **state)
{
    struct fixture *f = *state;
    put(f, 1, IF_IN_OCTETS, number(SNMP_COUNTER32, 7));
    put(f, 1, IF_OUT_OCTETS, number(SNMP_COUNTER32, 8));
    put(f, 1, IFX_HC_IN_OCTETS, number(SNMP_COUNTER64, 5000000007));
    put(f, 1, IFX_HC_OUT_OCTETS, number(SNMP_COUNTER64, UINT64_MAX));
    const struct fact_row *r = make(f, -1);
    assert_cell(r, INTERFACES_IN_OCTETS, "5000000007");
    assert_cell(r, INTERFACES_OUT_OCTETS, NULL);
    assert_cell(r, INTERFACES_COUNTERS_64BIT, "1");
}

static void interface_counters_32(void **state)
{
    struct fixture *f = *state;
    put(f, 1, IF_IN_OCTETS, number(SNMP_COUNTER32, 7));
    put(f, 1, IFX_HC_IN_OCTETS, number(SNMP_COUNTER64, 0));
    put(f, 1, IF_OUT_OCTETS, number(SNMP_COUNTER32, 0));
    put(f, 1, IFX_HC_OUT_OCTETS, number(SNMP_COUNTER64, 0));
    put(f, 1, IF_IN_UCAST, number(SNMP_COUNTER32, 9));
    put(f, 1, IFX_HC_OUT_UCAST, text("many"));
    const struct fact_row *r = make(f, -1);
    assert_cell(r, INTERFACES_IN_OCTETS, "7");
    assert_cell(r, INTERFACES_OUT_OCTETS, "0");
    assert_cell(r, INTERFACES_IN_PACKETS, "9");
    assert_cell(r, INTERFACES_OUT_PACKETS, NULL);
    assert_cell(r, INTERFACES_COUNTERS_64BIT, "0");
}

static void interface_odd_values(void **state)
{
    struct fixture *f = *state;
    put(f, 1, IF_ADMIN_STATUS, integer(3));
    put(f, 1, IF_OPER_STATUS, integer(4));
    put(f, 1, DOT3_DUPLEX, integer(1));
    put(f, 1, IF_PHYS_ADDRESS, octets("\0\0\0\0\0\0", 6));
    put(f, 1, IF_LAST_CHANGE, number(SNMP_TIME_TICKS, 20000));
    put(f, 1, IF_TYPE, integer(99999));
    put(f, 1, IF_MTU, integer(0));
    put(f, 1, IFX_CONNECTOR_PRESENT, integer(0));
    put(f, 1, IF_IN_ERRORS, integer(-1));
    const struct fact_row *r = make(f, 10000);
    assert_cell(r, INTERFACES_ADMIN_UP, NULL);
    assert_cell(r, INTERFACES_OPER_UP, NULL);
    assert_cell(r, INTERFACES_OPER_STATUS, "unknown");
    assert_cell(r, INTERFACES_DUPLEX, NULL);
    assert_cell(r, INTERFACES_MAC, NULL);
    assert_cell(r, INTERFACES_LAST_CHANGE_S, NULL);
    assert_cell(r, INTERFACES_TYPE, "99999");
    assert_cell(r, INTERFACES_TYPE_NAME, NULL);
    assert_cell(r, INTERFACES_MTU, NULL);
    assert_cell(r, INTERFACES_CONNECTOR_PRESENT, NULL);
    assert_cell(r, INTERFACES_IN_ERRORS, NULL);
}

static void interface_mac_of_other_lengths(void **state)
{
    struct fixture *f = *state;
    put(f, 1, IF_PHYS_ADDRESS, text("00:1b:21:ab:cd:ef"));
    assert_cell(make(f, -1), INTERFACES_MAC, NULL);
}

static void type_names(void **state)
{
    (void)state;
    assert_string_equal(if_type_name(1), "other");
    assert_string_equal(if_type_name(24), "softwareLoopback");
    assert_string_equal(if_type_name(161), "ieee8023adLag");
    assert_null(if_type_name(0));
    assert_null(if_type_name(-1));
    assert_null(if_type_name(INT64_MAX));
    assert_null(if_type_name(275));
}

/* --- devices ------------------------------------------------------------------------------------------------------------- */

static const uint32_t zero;

static void device_whole(void **state)
{
    struct fixture *f = *state;
    struct snmp_table *t = snmp_table_new(SYSTEM_OBJECTS, 1, 10000);
    static const uint32_t kind[] = { 1, 3, 6, 1, 4, 1, 9, 1, 1208 };
    const struct { size_t column; struct snmp_value v; } values[] = {
        { SYSTEM_NAME, text("sw1") }, { SYSTEM_DESCR, text("Example OS\r\nVersion 1") }, { SYSTEM_LOCATION, text("closet") }, { SYSTEM_CONTACT, text("it@x") },
        { SYSTEM_OBJECT_ID, { .type = SNMP_OBJECT_ID, .oid = kind, .n_oid = 9 } }, { SYSTEM_UPTIME, number(SNMP_TIME_TICKS, 8640050) },
        { SYSTEM_SERVICES, integer(6) }, { SYSTEM_ENGINE_ID, octets("\x80\x00\x00\x09\x03\x00\x1b\x21\xab\xcd\xef", 11) },
    };
    for (size_t i = 0; i < N_ELEMENTS(values); i++)
        assert_true(snmp_table_put(t, values[i].column, &zero, 1, &values[i].v));
    snmp_device_row(t, 1700000000, &f->row, f->mem);
    assert_cell(&f->row, DEVICES_SYS_NAME, "sw1");
    assert_cell(&f->row, DEVICES_SYS_DESCR, "Example OS\r\nVersion 1");
    assert_cell(&f->row, DEVICES_SYS_OBJECT_ID, "1.3.6.1.4.1.9.1.1208");
    assert_cell(&f->row, DEVICES_UPTIME_S, "86400");
    assert_cell(&f->row, DEVICES_BOOTED_AT, "2023-11-13T22:13:20Z");
    assert_cell(&f->row, DEVICES_SERVICES, "6");
    assert_cell(&f->row, DEVICES_ENGINE_ID, "8000000903001b21abcdef");
    assert_cell(&f->row, DEVICES_VENDOR, NULL);
    snmp_table_free(t);
}

/* sysUpTime has wrapped once: the engine counts on. */
static void device_uptime_wrapped(void **state)
{
    struct fixture *f = *state;
    struct snmp_table *t = snmp_table_new(SYSTEM_OBJECTS, 1, 10000);
    struct snmp_value up = number(SNMP_TIME_TICKS, 100000), engine = integer(42949672 + 1000);
    assert_true(snmp_table_put(t, SYSTEM_UPTIME, &zero, 1, &up));
    assert_true(snmp_table_put(t, SYSTEM_ENGINE_TIME, &zero, 1, &engine));
    snmp_device_row(t, 1700000000, &f->row, f->mem);
    assert_cell(&f->row, DEVICES_UPTIME_S, "1000");
    char iso[ISO_LEN];
    iso_format(1700000000 - 42949672 - 1000, iso);
    assert_cell(&f->row, DEVICES_BOOTED_AT, iso);
    snmp_table_free(t);
}

/* An engine that counts from another moment proves nothing. */
static void device_engine_time_differs(void **state)
{
    struct fixture *f = *state;
    struct snmp_table *t = snmp_table_new(SYSTEM_OBJECTS, 1, 10000);
    struct snmp_value up = number(SNMP_TIME_TICKS, 100000), engine = integer(50000000);
    assert_true(snmp_table_put(t, SYSTEM_UPTIME, &zero, 1, &up));
    assert_true(snmp_table_put(t, SYSTEM_ENGINE_TIME, &zero, 1, &engine));
    snmp_device_row(t, 1700000000, &f->row, f->mem);
    assert_cell(&f->row, DEVICES_BOOTED_AT, "2023-11-14T21:56:40Z");
    snmp_table_free(t);
}

static void device_wrong_types(void **state)
{
    struct fixture *f = *state;
    struct snmp_table *t = snmp_table_new(SYSTEM_OBJECTS, 1, 10000);
    for (size_t i = 0; i < SYSTEM_OBJECTS; i++) {
        struct snmp_value v = i == SYSTEM_UPTIME || i == SYSTEM_OBJECT_ID ? text("x") : number(SNMP_COUNTER64, UINT64_MAX);
        assert_true(snmp_table_put(t, i, &zero, 1, &v));
    }
    snmp_device_row(t, 1700000000, &f->row, f->mem);
    for (int c = 0; c < DEVICES_COLUMNS; c++)
        assert_cell(&f->row, c, NULL);
    snmp_table_free(t);
}

static void chassis(void **state)
{
    (void)state;
    struct snmp_table *t = snmp_table_new(1, 100, 10000);
    uint32_t at = 1001, found = 0;
    struct snmp_value is_chassis = integer(3), is_module = integer(9);
    assert_false(snmp_only_chassis(t, &found));
    assert_true(snmp_table_put(t, 0, &at, 1, &is_chassis));
    at = 1002;
    assert_true(snmp_table_put(t, 0, &at, 1, &is_module));
    assert_true(snmp_only_chassis(t, &found));
    assert_int_equal(found, 1001);
    at = 2001;
    assert_true(snmp_table_put(t, 0, &at, 1, &is_chassis));
    assert_false(snmp_only_chassis(t, &found));
    snmp_table_free(t);
}

static const struct { const char *serial, *expected; } serials[] = {
    { "FDO1622Y10H", "FDO1622Y10H" }, { " 12AB34 ", "12AB34" }, { "N/A", NULL }, { "none", NULL }, { "0000000000", NULL }, { "xxxx", NULL }, { "<private>", NULL },
    { "To be filled by O.E.M.", NULL }, { "", NULL }, { "0", NULL }, { "00-00.00", NULL }, { "100000", "100000" }, { "Default string", NULL },
};

static void placeholders_are_no_serials(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < N_ELEMENTS(serials); i++) {
        struct snmp_table *t = snmp_table_new(CHASSIS_OBJECTS, 1, 10000);
        struct snmp_value v = text(serials[i].serial);
        assert_true(snmp_table_put(t, CHASSIS_SERIAL, &zero, 1, &v));
        fact_row_init(&f->row, &fact_devices);
        snmp_device_chassis(t, &f->row, f->mem);
        assert_cell(&f->row, DEVICES_SERIAL, serials[i].expected);
        assert_cell(&f->row, DEVICES_MODEL, NULL);
        snmp_table_free(t);
    }
}

static void engine_ids(void **state)
{
    struct fixture *f = *state;
    static const uint8_t id[40] = { 0x80, 0, 0x1f, 0x88, 4, 'a' };
    fact_row_init(&f->row, &fact_devices);
    snmp_device_engine(id, 4, &f->row, f->mem);
    snmp_device_engine(id, 33, &f->row, f->mem);
    snmp_device_engine(NULL, 0, &f->row, f->mem);
    assert_cell(&f->row, DEVICES_ENGINE_ID, NULL);
    snmp_device_engine(id, 6, &f->row, f->mem);
    assert_cell(&f->row, DEVICES_ENGINE_ID, "80001f880461");
}

int main(void)
{
#define WITH(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oids), WITH(table_rows_come_from_any_column), WITH(table_keeps_the_first_of_two), cmocka_unit_test(table_is_bounded),
        WITH(table_takes_any_index), cmocka_unit_test(text_forms), WITH(interface_whole), WITH(interface_with_nothing), WITH(interface_name_falls_back),
        cmocka_unit_test(interface_speeds), WITH(interface_counters_64), WITH(interface_counters_32), WITH(interface_odd_values),
        WITH(interface_mac_of_other_lengths), cmocka_unit_test(type_names), WITH(device_whole), WITH(device_uptime_wrapped), WITH(device_engine_time_differs),
        WITH(device_wrong_types), cmocka_unit_test(chassis), WITH(placeholders_are_no_serials), WITH(engine_ids),
    };
    return cmocka_run_group_tests_name("snmp_parse", tests, NULL, NULL);
}
