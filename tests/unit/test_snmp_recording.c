/* Text of snmpwalk: every form in which net-snmp writes a value, what people's options and editors do to it, and files that end early. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "base/buf.h"
#include "probes/snmp/snmp_recording.h"

static struct snmp_recording *parse(const char *text, struct snmp_recording_account *a)
{
    struct snmp_recording *r = snmp_recording_parse(text, strlen(text));
    snmp_recording_account(r, a);
    return r;
}

/* "TYPE:value", octets as text with \xNN. */
static char *shown(const struct snmp_recording *r, const char *object)
{
    const struct snmp_value *v = snmp_recording_get(r, object);
    struct buf b = BUF_INIT(65536);
    if (v == NULL)
        buf_puts(&b, "none");
    else if (v->type == SNMP_INTEGER)
        buf_printf(&b, "i:%lld", (long long)v->i);
    else if (v->type == SNMP_OBJECT_ID) {
        buf_puts(&b, "o:");
        oid_format(&b, v->oid, v->n_oid);
    } else if (v->type == SNMP_OCTETS || v->type == SNMP_IP_ADDRESS) {
        buf_puts(&b, v->type == SNMP_OCTETS ? "s:" : "a:");
        for (size_t i = 0; i < v->len; i++)
            buf_printf(&b, v->bytes[i] >= 0x20 && v->bytes[i] < 0x7f ? "%c" : "\\x%02x", v->bytes[i]);
    } else
        buf_printf(&b, "%x:%llu", (unsigned)v->type, (unsigned long long)v->u);
    return buf_take(&b);
}

static void expect(const struct snmp_recording *r, const char *object, const char *value)
{
    char *got = shown(r, object);
    assert_string_equal(got, value);
    free(got);
}

static void test_types(void **state)
{
    (void)state;
    struct snmp_recording_account a;
    struct snmp_recording *r = parse(
        ".1.3.6.1.2.1.1.1.0 = STRING: \"Acme \\\"X\\\" C:\\\\boot\nRelease 2\n.1.3 = STRING: no value\"\n"
        ".1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.9.1.1208\n"
        ".1.3.6.1.2.1.1.3.0 = Timeticks: (527120237) 61 days, 0:13:22.37\n"
        ".1.3.6.1.2.1.1.4.0 = \"\"\n"
        ".1.3.6.1.2.1.2.2.1.3.1 = INTEGER: ethernetCsmacd(6)\n"
        ".1.3.6.1.2.1.2.2.1.4.1 = INTEGER: 1500 octets\n"
        ".1.3.6.1.2.1.2.2.1.5.1 = Gauge32: 4294967295\n"
        ".1.3.6.1.2.1.2.2.1.6.1 = Hex-STRING: 00 1A 2B 3C\n4D 5E \n"
        ".1.3.6.1.2.1.2.2.1.6.2 = STRING: 0:1a:2b:3c:4d:5e\n"
        ".1.3.6.1.2.1.2.2.1.10.1 = Counter32: 7\n"
        ".1.3.6.1.2.1.4.20.1.1.10.20.0.1 = IpAddress: 10.20.0.1\n"
        ".1.3.6.1.2.1.4.20.1.1.10.20.0.2 = Network Address: 0A:14:00:02\n"
        ".1.3.6.1.2.1.17.1 = BITS: 28 bridge(2) router(4)\n"
        ".1.3.6.1.2.1.31.1.1.1.1.1 = STRING: 1:24\n"
        ".1.3.6.1.2.1.31.1.1.1.6.1 = Counter64: 18446744073709551615\n"
        ".1.3.6.1.2.1.31.1.1.1.18.1 = STRING: 00:11:22:33:44:55\n"
        ".1.3.6.1.2.1.99.1.0 = INTEGER: -5\n"
        ".1.3.6.1.2.1.99.2.0 = Wrong Type (should be INTEGER): STRING: \"odd\"\n"
        ".1.3.6.1.2.1.99.3.0 = No Such Instance currently exists at this OID\n"
        ".1.3.6.1.2.1.99.4.0 = Hex-STRING: 41 42 00   [AB.]\n"
        ".1.3.6.1.2.1.99.5.0 = No more variables left in this MIB View (It is past the end of the MIB tree)\n", &a);
    assert_int_equal(a.first_unread, 0);
    assert_int_equal(a.n_unread + a.n_untyped + a.n_named, 0);
    assert_int_equal(a.n_values, 19);
    assert_int_equal(a.broken, REASON_NONE);
    assert_true(a.whole);
    expect(r, "1.3.6.1.2.1.1.1.0", "s:Acme \"X\" C:\\boot\\x0aRelease 2\\x0a.1.3 = STRING: no value");
    expect(r, "1.3.6.1.2.1.1.2.0", "o:1.3.6.1.4.1.9.1.1208");
    expect(r, "1.3.6.1.2.1.1.3.0", "43:527120237");
    expect(r, "1.3.6.1.2.1.1.4.0", "s:");
    expect(r, "1.3.6.1.2.1.2.2.1.3.1", "i:6");
    expect(r, "1.3.6.1.2.1.2.2.1.4.1", "i:1500");
    expect(r, "1.3.6.1.2.1.2.2.1.5.1", "42:4294967295");
    expect(r, "1.3.6.1.2.1.2.2.1.6.1", "s:\\x00\\x1a+<M^");
    expect(r, "1.3.6.1.2.1.2.2.1.6.2", "s:\\x00\\x1a+<M^");
    expect(r, "1.3.6.1.2.1.4.20.1.1.10.20.0.1", "a:\\x0a\\x14\\x00\\x01");
    expect(r, "1.3.6.1.2.1.4.20.1.1.10.20.0.2", "a:\\x0a\\x14\\x00\\x02");
    expect(r, "1.3.6.1.2.1.17.1", "s:(");
    expect(r, "1.3.6.1.2.1.31.1.1.1.1.1", "s:1:24");
    expect(r, "1.3.6.1.2.1.31.1.1.1.6.1", "46:18446744073709551615");
    expect(r, "1.3.6.1.2.1.31.1.1.1.18.1", "s:00:11:22:33:44:55");
    expect(r, "1.3.6.1.2.1.99.1.0", "i:-5");
    expect(r, "1.3.6.1.2.1.99.2.0", "s:odd");
    expect(r, "1.3.6.1.2.1.99.3.0", "none");
    expect(r, "1.3.6.1.2.1.99.4.0", "s:AB\\x00");
    snmp_recording_free(r);
}

static void test_objects(void **state)
{
    (void)state;
    struct snmp_recording_account a;
    struct snmp_recording *r = parse(
        "$ snmpwalk -v2c -c secret 10.0.0.1\r\n"
        "iso.3.6.1.2.1.1.5.0 = STRING: \"sw1\"\r\n"
        "SNMPv2-SMI::mib-2.2.2.1.2.1 = STRING: \"eth\"\r\n"
        "SNMPv2-SMI::enterprises.9.2.1.3.0 = STRING: \"x\"\r\n"
        ".1.3.6.1.2.1.2.2.1.2[2] = STRING: lo\r\n"
        "IF-MIB::ifDescr.3 = STRING: no numbers\r\n"
        ".1.3.6.1.2.1.2.2.1.2.4 untyped\r\n"
        ".1.3.6.1.2.1.2.2.1.2.5 = untyped too\r\n"
        ".1.3.6.1.2.1.2.2.1.5.1 = Gauge32: 4294967296\r\n"
        ".1.3.6.1.2.1.2.2.1.5.2 = INTEGER: many\r\n", &a);
    expect(r, "1.3.6.1.2.1.1.5.0", "s:sw1");
    expect(r, "1.3.6.1.2.1.2.2.1.2.1", "s:eth");
    expect(r, "1.3.6.1.4.1.9.2.1.3.0", "s:x");
    expect(r, "1.3.6.1.2.1.2.2.1.2.2", "s:lo");
    assert_int_equal(a.n_values, 4);
    assert_int_equal(a.n_named, 1);
    assert_int_equal(a.first_named, 6);
    assert_int_equal(a.n_untyped, 2);
    assert_int_equal(a.first_untyped, 7);
    assert_int_equal(a.n_unread, 2);
    assert_int_equal(a.first_unread, 9);
    assert_false(a.whole);
    snmp_recording_free(r);
}

struct seen { size_t n; uint32_t last; };

static void on_cell(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct seen *s = arg;
    (void)column;
    assert_int_equal(n_index, 1);
    assert_true(snmp_value_present(v));
    assert_true(s->n == 0 || index[0] > s->last);
    s->last = index[0];
    s->n++;
}

static enum reason fetch(struct snmp_recording *r, const char *column, size_t rows_max, size_t *n)
{
    struct seen s = { 0, 0 };
    struct snmp_walk w = { .objects = &column, .n_objects = 1, .rows_max = rows_max, .cell = on_cell, .arg = &s };
    assert_int_equal(snmp_recording_fetch(r, &w, 1), REASON_NONE);
    assert_int_equal(w.n_cells, s.n);
    *n = s.n;
    return w.reason;
}

static const char two_columns[] =
    ".1.3.6.1.2.1.2.2.1.2.2 = STRING: b\n.1.3.6.1.2.1.2.2.1.2.1 = STRING: a\n.1.3.6.1.2.1.2.2.1.2.1 = STRING: again\n.1.3.6.1.2.1.2.2.1.3.1 = INTEGER: 6\n";

static void test_columns(void **state)
{
    (void)state;
    struct snmp_recording_account a;
    size_t n;
    struct snmp_recording *r = parse(two_columns, &a);
    assert_int_equal(fetch(r, "1.3.6.1.2.1.2.2.1.2", 0, &n), REASON_NONE);
    assert_int_equal(n, 2);          /* in order, and the repeated row once */
    expect(r, "1.3.6.1.2.1.2.2.1.2.1", "s:a");
    assert_int_equal(fetch(r, "1.3.6.1.2.1.2.2.1.2", 1, &n), REASON_LIMIT);
    assert_int_equal(n, 1);
    assert_int_equal(fetch(r, "1.3.6.1.2.1.2.2.1.9", 0, &n), REASON_NONE);
    assert_int_equal(n, 0);
    assert_false(a.whole);
    snmp_recording_free(r);
}

static void broken(const char *tail, enum reason reason, size_t n_values)
{
    char text[1024];
    struct snmp_recording_account a;
    size_t n;
    snprintf(text, sizeof text, "%s%s", two_columns, tail);
    struct snmp_recording *r = parse(text, &a);
    assert_int_equal(a.broken, reason);
    assert_int_equal(a.n_values, n_values);
    assert_false(a.whole);
    assert_int_equal(fetch(r, "1.3.6.1.2.1.2.2.1.2", 0, &n), REASON_NONE);           /* finished before it broke */
    assert_int_equal(fetch(r, "1.3.6.1.2.1.2.2.1.3", 0, &n), reason);                /* perhaps not */
    assert_int_equal(fetch(r, "1.3.6.1.2.1.2.2.1.10", 0, &n), reason);               /* behind it */
    snmp_recording_free(r);
}

static void test_broken(void **state)
{
    (void)state;
    broken("Timeout: No Response from 10.0.0.1\n", REASON_NO_ANSWER, 4);
    broken("snmpbulkwalk: Timeout\n", REASON_NO_ANSWER, 4);
    broken("Error: OID not increasing: .1.3.6.1.2.1.2.2.1.3.1\n", REASON_NO_ANSWER, 4);
    broken(".1.3.6.1.2.1.2.2.1.3.2 = INTEGER: 1", REASON_BAD_FILE, 4);               /* 1 of what? */
    broken(".1.3.6.1.2.1.2.2.1.3.2 = STRING: \"a\nb\n", REASON_BAD_FILE, 4);
    struct snmp_recording_account a;
    struct snmp_recording *r = parse(".1.3.6.1.2.1.1.1.0 = STRING: \"x\"\nEnd of MIB", &a);
    assert_int_equal(a.broken, REASON_NONE);
    assert_int_equal(a.n_values, 1);
    assert_true(a.whole);
    snmp_recording_free(r);
    r = parse("", &a);
    assert_int_equal(a.n_values, 0);
    snmp_recording_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
