/* Device rules: YAML to struct, the wire, what a rule makes of answers, and what must stay unknown. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "base/diag.h"
#include "fact/device_rules.h"
#include "fact/table_devices.h"
#include "probes/snmp/snmp_know.h"
#include "site/device_rules.h"

static struct device_rules *parse(const char *text, struct diags *d)
{
    struct device_rules *r = NULL;
    int err = device_rules_parse("device-rules.yaml", text, strlen(text), &r, d);
    assert_true((err == 0) == (d->n_errors == 0));
    return r;
}

/* --- the file ---------------------------------------------------------------------------------------------------------- */

static void assert_error(const char *text, int line, int column, const char *words)
{
    struct diags d = DIAGS_INIT;
    struct device_rules *r = parse(text, &d);
    assert_null(r);
    assert_true(d.n_errors > 0);
    if (d.v[0].line != line || d.v[0].column != column || strstr(d.v[0].text, words) == NULL)
        fail_msg("%d:%d: %s", d.v[0].line, d.v[0].column, d.v[0].text);
    diags_clear(&d);
}

static void errors_have_places(void **state)
{
    (void)state;
    assert_error("device_rules: 2\n", 1, 15, "version 2");
    assert_error("device_rules: 1\nvendors: {cisco: 9}\n", 2, 11, "enterprise number");
    assert_error("device_rules: 1\nrules:\n  - {name: a, when: {descr: '(x'}}\n", 3, 29, "no regular expression");
    assert_error("device_rules: 1\nrules:\n  - {name: a, model: [{oid: 1.3.x}]}\n", 3, 29, "numbers with dots");
    assert_error("device_rules: 1\nrules:\n  - {name: a, model: [{oid: 1.3.6.1.6.3.18.1.1.1.2}]}\n", 3, 29, "never asked for");
    assert_error("device_rules: 1\nrules:\n  - {name: a, model: [{column: 1.3.6.1.2.1.25.4.2.1.5}]}\n", 3, 32, "never asked for");
    assert_error("device_rules: 1\nrules:\n  - {name: a, model: [{column: 1.3.6.1}]}\n", 3, 32, "never asked for");
    assert_error("device_rules: 1\nrules:\n  - {name: a, serial: X12345}\n", 3, 23, "never written in a rule");
    assert_error("device_rules: 1\nrules:\n  - {name: a, model: [{entity: modell}]}\n", 3, 32, "model");
    assert_error("device_rules: 1\nrules:\n  - {name: a, model: [{match: x}]}\n", 3, 23, "nowhere to look");
    assert_error("device_rules: 1\nrules:\n  - {name: a, model: [{oid: 1.2, descr: x}]}\n", 3, 29, "two places");
    assert_error("device_rules: 1\nrules:\n  - {name: a, modle: x}\n", 3, 15, "modle");
}

/* --- the wire ---------------------------------------------------------------------------------------------------------- */

static const char sample[] =
    "device_rules: 1\n"
    "vendors: {9: Cisco, 4: Four, 55555: Acme}\n"
    "rules:\n"
    "  - name: by object\n"
    "    when: {object_id: 1.3.6.1.4.1.55555.2, has: [{oid: 1.3.6.1.4.1.55555.1.0}]}\n"
    "    os: acmeos\n"
    "    model: [{oid: 1.3.6.1.4.1.55555.1.0, match: '^M-(\\d+)(x)?', as: 'Model $1$2'}]\n"
    "    serial: [{column: 1.3.6.1.4.1.55555.3.1}, {entity: serial}]\n"
    "    final: true\n"
    "  - name: by words\n"
    "    when: {descr: '^(?i)gateway'}\n"
    "    model: [{object_id: 1.3.6.1.4.1.55555, map: {'7.1': Seven}}]\n"
    "    os_version: [{descr: 'v(\\d+\\.\\d+)'}]\n"
    "    serial: [{column: 1.3.6.1.4.1.55555.3.1, only: true}, {column: 1.3.6.1.2.1.2.2.1.6, mac: true}]\n";

static void wire_of(const char *text, struct buf *wire)
{
    struct diags d = DIAGS_INIT;
    struct device_rules *r = parse(text, &d);
    assert_non_null(r);
    device_rules_encode(r, wire);
    device_rules_free(r);
    diags_clear(&d);
}

static void wire_round_trip(void **state)
{
    (void)state;
    struct buf wire = BUF_INIT(DEVICE_RULES_MAX_WIRE), again = BUF_INIT(DEVICE_RULES_MAX_WIRE);
    struct device_rules *r = NULL;
    wire_of(sample, &wire);
    assert_int_equal(device_rules_decode(wire.data, wire.len, &r), 0);
    device_rules_encode(r, &again);
    assert_int_equal(again.len, wire.len);
    assert_memory_equal(again.data, wire.data, wire.len);
    assert_string_equal(device_rules_vendor(r, (const uint32_t[]){ 1, 3, 6, 1, 4, 1, 9, 1 }, 8), "Cisco");
    assert_null(device_rules_vendor(r, (const uint32_t[]){ 1, 3, 6, 1, 4, 1, 10, 1 }, 8));
    assert_null(device_rules_vendor(r, (const uint32_t[]){ 1, 3, 6, 1, 4, 1 }, 6));
    device_rules_free(r);
    for (size_t len = 0; len < wire.len; len++)
        assert_int_not_equal(device_rules_decode(wire.data, len, &r), 0);
    uint32_t random = 12345;
    for (size_t n = 0; n < 3000; n++) {
        random = random * 1664525U + 1013904223U;
        size_t at = random % wire.len;
        char was = wire.data[at];
        wire.data[at] = (char)(random >> 24);
        if (device_rules_decode(wire.data, wire.len, &r) == 0)
            device_rules_free(r);
        wire.data[at] = was;
    }
    buf_clear(&wire);
    buf_clear(&again);
}

/* --- one device -------------------------------------------------------------------------------------------------------- */

struct answer { const char *object; const char *text; size_t len; };

static struct snmp_value octets(const struct answer *a)
{
    union { const char *c; const uint8_t *u; } p = { .c = a->text };
    return (struct snmp_value){ .type = SNMP_OCTETS, .bytes = p.u, .len = a->len > 0 ? a->len : strlen(a->text) };
}

static void know(const struct snmp_known *known, const struct answer *answers, size_t n, const char *const expected[DEVICE_ATTRIBUTES])
{
    static const int columns[] = { DEVICES_VENDOR, DEVICES_MODEL, DEVICES_OS, DEVICES_OS_VERSION, DEVICES_SERIAL };
    struct buf wire = BUF_INIT(DEVICE_RULES_MAX_WIRE);
    wire_of(sample, &wire);
    struct snmp_know *k = snmp_know_new(wire.data, wire.len);
    assert_non_null(k);
    snmp_know_begin(k, known);
    size_t n_objects, n_columns;
    const char *const *objects = snmp_know_objects(k, &n_objects), *const *asked = snmp_know_columns(k, &n_columns);
    for (size_t i = 0; i < n; i++) {
        struct snmp_value v = octets(&answers[i]);
        for (size_t o = 0; o < n_objects; o++)
            if (strcmp(objects[o], answers[i].object) == 0)
                snmp_know_object(k, o, &v);
        for (size_t c = 0; c < n_columns; c++)
            if (strcmp(asked[c], answers[i].object) == 0)
                snmp_know_cell(k, c, &v);
    }
    struct arena *mem = arena_new();
    struct fact_row row;
    fact_row_init(&row, &fact_devices);
    snmp_know_end(k, &row, mem);
    snmp_know_free(k);
    for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++) {
        const struct fact_value *v = &row.v[columns[a]];
        char *got = v->kind == FACT_KIND_TEXT ? xstrndup(v->s, v->len) : xstrdup("(NULL)");
        assert_string_equal(got, expected[a] == NULL ? "(NULL)" : expected[a]);
        free(got);
    }
    arena_free(mem);
    buf_clear(&wire);
}

static const uint32_t acme2[] = { 1, 3, 6, 1, 4, 1, 55555, 2, 9 }, acme7[] = { 1, 3, 6, 1, 4, 1, 55555, 7, 1 };

static void rules_know_devices(void **state)
{
    (void)state;
    static const struct answer answers[] = {
        { "1.3.6.1.4.1.55555.1.0", "M-12x rev 3", 0 }, { "1.3.6.1.4.1.55555.3.1", "N/A", 0 }, { "1.3.6.1.4.1.55555.3.1", "AC0000017", 0 }, { "1.3.6.1.4.1.55555.3.1", "AC0000018", 0 },
        { "1.3.6.1.2.1.2.2.1.6", "\0\0\0\0\0\0", 6 }, { "1.3.6.1.2.1.2.2.1.6", "\x00\x40\x8c\x01\x02\x03", 6 } };
    const struct snmp_known by_object = { .descr = "gateway v1.2", .object_id = acme2, .n_object_id = N_ELEMENTS(acme2) };
    know(&by_object, answers, 4, (const char *const[]){ "Acme", "Model 12x", "acmeos", NULL, "AC0000017" });      /* final: no version from the next rule */
    know(&by_object, answers, 0, (const char *const[]){ "Acme", NULL, NULL, "1.2", NULL });                       /* `has` gives nothing: the next rule */
    const struct snmp_known by_words = { .descr = "Gateway v1.2", .object_id = acme7, .n_object_id = N_ELEMENTS(acme7) };
    know(&by_words, answers, 6, (const char *const[]){ "Acme", "Seven", NULL, "1.2", "00:40:8c:01:02:03" });      /* two rows differ: `only` gives nothing */
    know(&by_words, answers, 3, (const char *const[]){ "Acme", "Seven", NULL, "1.2", "AC0000017" });
    know(&(struct snmp_known){ .descr = "a toaster" }, answers, 6, (const char *const[]){ NULL, NULL, NULL, NULL, NULL });
    know(&(struct snmp_known){ .descr = NULL }, answers, 6, (const char *const[]){ NULL, NULL, NULL, NULL, NULL });
}

static void chassis_rows_are_asked(void **state)
{
    (void)state;
    static const struct answer answers[] = { { "1.3.6.1.4.1.55555.1.0", "M-1", 0 }, { "1.3.6.1.2.1.47.1.1.1.1.11.1", "0000000000", 0 }, { "1.3.6.1.2.1.47.1.1.1.1.11.1001", "FDO1234X0AB", 0 } };
    const struct snmp_known known = { .object_id = acme2, .n_object_id = N_ELEMENTS(acme2), .chassis = { 1, 1001 }, .n_chassis = 2 };
    know(&known, answers, 3, (const char *const[]){ "Acme", "Model 1", "acmeos", NULL, "FDO1234X0AB" });
}

static void bytes_that_are_no_rules(void **state)
{
    (void)state;
    assert_null(snmp_know_new("", 0));
    assert_null(snmp_know_new("nonsense", 8));
}

/* --- serials ----------------------------------------------------------------------------------------------------------- */

static void no_wrong_serial(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "N/A", "na", "none", "Not Specified", "To be filled by O.E.M.", "To Be Filled By O.E.M", "System Serial Number", "Default string", "<private>", "0", "0000000000", "000-000-000",
        "0123456789", "123456789", "1234567890", "12345678", "1234567890123", "xxxxxxxxxx", "XXXX-XXXX", "FFFFFFFFFFFF", "1111111111", "********", "AB12****", "upsserialnum", "unknown", "12" };
    static const char *const good[] = { "FDO1622Y10H", "A1BC-D2EF-34GH", "10512508", "5A1638E01463", "S192L02000374", "7062184", "211838000212", "b8:a4:4f:96:fa:a4" };
    for (size_t i = 0; i < N_ELEMENTS(bad); i++)
        if (!device_serial_is_placeholder(bad[i]))
            fail_msg("'%s' was taken for a serial", bad[i]);
    for (size_t i = 0; i < N_ELEMENTS(good); i++)
        if (device_serial_is_placeholder(good[i]))
            fail_msg("'%s' was not taken for a serial", good[i]);
    assert_true(device_text_is_placeholder("Default String"));
    assert_false(device_text_is_placeholder("C9300-48P"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_have_places), cmocka_unit_test(wire_round_trip), cmocka_unit_test(rules_know_devices), cmocka_unit_test(chassis_rows_are_asked),
        cmocka_unit_test(bytes_that_are_no_rules), cmocka_unit_test(no_wrong_serial),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
