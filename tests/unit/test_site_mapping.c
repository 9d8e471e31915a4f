/* Mappings: what survives the wire, values as people write them, the shipped files against headers of such exports. */
#include "lib/cmocka_all.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "fact/mapping.h"
#include "fact/table_directory_accounts.h"
#include "fact/table_hosts.h"
#include "site/mapping.h"

#define HEAD "mapping: 1\ntitle: T\nkind: csv\ntables:\n- table: hosts\n  columns:\n    name: N\n"

static struct mapping *parse(const char *text, const char *zone)
{
    struct diags diags = DIAGS_INIT;
    struct mapping *m = NULL;

    if (mapping_parse("mapping.yaml", text, strlen(text), zone, &m, &diags) != 0) {
        diags_print(&diags, stderr);
        fail_msg("the mapping does not load");
    }
    return m;
}

/* Through the wire, as the worker gets it. */
static struct mapping *over_the_wire(struct mapping *m)
{
    struct buf wire = BUF_INIT(MAPPING_MAX_WIRE), again = BUF_INIT(MAPPING_MAX_WIRE);
    struct mapping *decoded = NULL;

    mapping_encode(m, &wire);
    assert_false(wire.overflow);
    assert_int_equal(mapping_decode(wire.data, wire.len, &decoded), 0);
    mapping_encode(decoded, &again);
    assert_int_equal(wire.len, again.len);
    assert_memory_equal(wire.data, again.data, wire.len);
    mapping_free(m);
    buf_clear(&wire);
    buf_clear(&again);
    return decoded;
}

static struct mapping *load_fixture(void)
{
    const char *srcdir = getenv("srcdir");
    char *path = xasprintf("%s/tests/unit/data/site/good/mapping.yaml", srcdir != NULL ? srcdir : ".");
    struct buf bytes = BUF_INIT(1 << 20);

    assert_int_equal(file_read(path, 1 << 20, &bytes), 0);
    struct mapping *m = parse(buf_str(&bytes), "Europe/Berlin");
    buf_clear(&bytes);
    free(path);
    return m;
}

static void test_everything_survives(void **state)
{
    struct mapping *m = over_the_wire(load_fixture());

    (void)state;
    assert_string_equal(m->title, "An example with everything");
    assert_string_equal(m->encoding, "CP1252");
    assert_int_equal(m->separator, '\t');
    assert_int_equal(m->header_row, 3);
    assert_int_equal(m->n_tables, 2);
    const struct mapping_table *t = &m->tables[0];
    assert_ptr_equal(t->table, &fact_hosts);
    assert_int_equal(t->n_columns, 9);
    const struct mapping_column *c = &t->columns[0];
    assert_int_equal(c->column, HOSTS_NAME);
    assert_int_equal(c->headings.n, 2);
    assert_string_equal(c->headings.v[1], "Hostname");
    assert_true(c->lower && c->short_name && !c->upper);
    assert_string_equal(t->columns[3].constant, "x86_64");
    assert_true(t->columns[4].multiply > 1073741823.5 && t->columns[4].multiply < 1073741824.5);
    assert_string_equal(t->columns[4].strip.v[1], "GiB");
    assert_string_equal(t->columns[5].dates.v[1], "epoch");
    assert_string_equal(t->columns[5].unknown.v[0], "Never");
    assert_int_equal(m->n_zones, 1);
    assert_string_equal(m->zones[t->columns[5].zone].name, "America/Chicago");
    assert_int_equal(t->columns[6].zone, -1);
    assert_string_equal(t->columns[7].map[1].to, "none");
    assert_string_equal(t->columns[8].first, ",");
    assert_int_equal(t->n_where, 2);
    assert_false(t->where[0].negate);
    assert_true(t->where[1].negate);
    assert_int_equal(t->target.n, 2);
    assert_int_equal(t->n_required, 1);
    assert_int_equal(t->required[0], HOSTS_NAME);
    assert_ptr_equal(m->tables[1].table, &fact_directory_accounts);
    assert_string_equal(m->tables[1].target.v[0], "Name");
    mapping_free(m);
}

static void test_wire_damage(void **state)
{
    struct mapping *m = load_fixture(), *decoded = NULL;
    struct buf wire = BUF_INIT(MAPPING_MAX_WIRE);
    size_t refused = 0;

    (void)state;
    mapping_encode(m, &wire);
    for (size_t len = 0; len < wire.len; len++)
        assert_int_equal(mapping_decode(wire.data, len, &decoded), ERR_FORMAT);
    for (size_t i = 0; i < wire.len; i++) {
        char before = wire.data[i];
        wire.data[i] = (char)(before ^ 0x81);
        if (mapping_decode(wire.data, wire.len, &decoded) == 0)
            mapping_free(decoded);
        else
            refused++;
        wire.data[i] = before;
    }
    assert_true(refused > wire.len / 4);
    buf_putc(&wire, 'x');
    assert_int_equal(mapping_decode(wire.data, wire.len, &decoded), ERR_FORMAT);
    mapping_free(m);
    buf_clear(&wire);
}

/* --- values -------------------------------------------------------------------------------------------------------------- */

struct value { const char *field; enum mapping_result result; const char *text; int64_t number; };

static void check_values(const char *spec, int column, const struct value *v, size_t n)
{
    char *text = xasprintf(HEAD "    %s\n", spec);
    struct mapping *m = over_the_wire(parse(text, "America/Chicago"));
    const struct mapping_column *c = &m->tables[0].columns[1];
    struct buf scratch = BUF_INIT(65536);

    assert_int_equal(c->column, column);
    for (size_t i = 0; i < n; i++) {
        struct fact_row row;
        fact_row_init(&row, &fact_hosts);
        enum mapping_result got = mapping_set(m, c, DATES_UNKNOWN, v[i].field, &row, &scratch);
        const struct fact_value *value = &row.v[column];
        if (got != v[i].result)
            fail_msg("%s: '%s' gives %d", spec, v[i].field != NULL ? v[i].field : "(none)", (int)got);
        if (got != MAPPING_SET)
            assert_int_equal(value->kind, FACT_KIND_NULL);
        else if (value->kind == FACT_KIND_INTEGER && value->i != v[i].number)
            fail_msg("%s: '%s' gives %lld", spec, v[i].field, (long long)value->i);
        else if (value->kind == FACT_KIND_TEXT && (value->len != strlen(v[i].text) || memcmp(value->s, v[i].text, value->len) != 0))
            fail_msg("%s: '%s' gives '%.*s'", spec, v[i].field, (int)value->len, value->s);
    }
    buf_clear(&scratch);
    mapping_free(m);
    free(text);
}
#define CHECK(spec, column, ...) do { static const struct value values[] = { __VA_ARGS__ }; check_values(spec, column, values, N_ELEMENTS(values)); } while (0)

static void test_texts(void **state)
{
    (void)state;
    CHECK("vendor: V", HOSTS_VENDOR, { "  Dell Inc. ", MAPPING_SET, "Dell Inc.", 0 }, { "", MAPPING_EMPTY, NULL, 0 }, { NULL, MAPPING_EMPTY, NULL, 0 },
          { " \t", MAPPING_EMPTY, NULL, 0 }, { "\xc2\xa0""HP\xc2\xa0", MAPPING_SET, "HP", 0 }, { "\xc2\xa0", MAPPING_EMPTY, NULL, 0 });
    CHECK("fqdn: {column: V, lower: true, short: true}", HOSTS_FQDN, { "PC1.Clinic.example", MAPPING_SET, "pc1", 0 },
          { "10.0.0.1", MAPPING_SET, "10.0.0.1", 0 }, { ".x", MAPPING_EMPTY, NULL, 0 });
    CHECK("serial: {column: V, upper: true, unknown: [\"-\", None]}", HOSTS_SERIAL, { "5cg1x", MAPPING_SET, "5CG1X", 0 }, { "none", MAPPING_EMPTY, NULL, 0 },
          { "-", MAPPING_EMPTY, NULL, 0 }, { "--", MAPPING_SET, "--", 0 });
    CHECK("model: {column: V, first: \", \"}", HOSTS_MODEL, { "a, b, c", MAPPING_SET, "a", 0 }, { "a,b", MAPPING_SET, "a,b", 0 });
    CHECK("model: {column: V, map: {Virtual Machine: vm, \"VM \": vm}}", HOSTS_MODEL, { "virtual machine", MAPPING_SET, "vm", 0 },
          { " vm", MAPPING_SET, "vm", 0 }, { "Latitude", MAPPING_SET, "Latitude", 0 });
    CHECK("architecture: {value: x86_64}", HOSTS_ARCHITECTURE, { "anything", MAPPING_SET, "x86_64", 0 }, { NULL, MAPPING_SET, "x86_64", 0 });
}

static void test_numbers(void **state)
{
    (void)state;
    CHECK("memory_bytes: {column: V, strip: [GB, GiB], multiply: 1073741824}", HOSTS_MEMORY_BYTES, { "16", MAPPING_SET, NULL, 17179869184 },
          { "16 GB", MAPPING_SET, NULL, 17179869184 }, { "7.5gib", MAPPING_SET, NULL, 8053063680 }, { "16 MB", MAPPING_BAD, NULL, 0 },
          { "1,024", MAPPING_SET, NULL, 1099511627776 }, { "1,02", MAPPING_BAD, NULL, 0 }, { "1e400", MAPPING_BAD, NULL, 0 }, { "nan", MAPPING_BAD, NULL, 0 },
          { "0x10", MAPPING_BAD, NULL, 0 }, { "GB", MAPPING_EMPTY, NULL, 0 }, { "1e30", MAPPING_BAD, NULL, 0 });
    CHECK("cpus: V", HOSTS_CPUS, { "8", MAPPING_SET, NULL, 8 }, { "-1", MAPPING_SET, NULL, -1 }, { "9007199254740993", MAPPING_SET, NULL, 9007199254740993 },
          { "9223372036854775808", MAPPING_BAD, NULL, 0 }, { "1,234,567", MAPPING_SET, NULL, 1234567 }, { "12,34,567", MAPPING_BAD, NULL, 0 },
          { ",123", MAPPING_BAD, NULL, 0 }, { "1 2", MAPPING_BAD, NULL, 0 }, { "eight", MAPPING_BAD, NULL, 0 }, { "2.5", MAPPING_SET, NULL, 3 });
}

static void test_times(void **state)
{
    (void)state;
    CHECK("last_seen_at: {column: V, date: [\"%m/%d/%Y %I:%M:%S %p\", \"%m/%d/%Y\"], unknown: Never}", HOSTS_LAST_SEEN_AT,
          { "11/6/2026 9:20:00 PM", MAPPING_SET, "2026-11-07T03:20:00Z", 0 },       /* Chicago, winter */
          { "7/4/2026", MAPPING_SET, "2026-07-04T05:00:00Z", 0 },                   /* summer */
          { "13/6/2026", MAPPING_BAD, NULL, 0 }, { "2/30/2026", MAPPING_BAD, NULL, 0 }, { "11/6/2026 9:20", MAPPING_BAD, NULL, 0 },
          { "never", MAPPING_EMPTY, NULL, 0 }, { "12/31/1600 6:09:24 PM", MAPPING_EMPTY, NULL, 0 }, { "1/1/1970", MAPPING_EMPTY, NULL, 0 },
          { "2026-11-06", MAPPING_SET, "2026-11-06T06:00:00Z", 0 }, { "2026-11-06T21:20:00Z", MAPPING_SET, "2026-11-06T21:20:00Z", 0 },
          { "2026-11-06 21:20:30.123 +02:00", MAPPING_SET, "2026-11-06T19:20:30Z", 0 }, { "2026-11-06T21:20", MAPPING_SET, "2026-11-07T03:20:00Z", 0 },
          { "2026-11-06T25:20", MAPPING_BAD, NULL, 0 }, { "2026-11-06x", MAPPING_BAD, NULL, 0 }, { "2026-02-30", MAPPING_BAD, NULL, 0 },
          { "11/1/2026 1:30:00 AM", MAPPING_SET, "2026-11-01T06:30:00Z", 0 },       /* comes twice: the first */
          { "11/1/2026 2:00:00 AM", MAPPING_SET, "2026-11-01T08:00:00Z", 0 });
    CHECK("booted_at: {column: V, zone: UTC}", HOSTS_BOOTED_AT, { "2026-11-06 12:00", MAPPING_SET, "2026-11-06T12:00:00Z", 0 });
    CHECK("booted_at: {column: V, date: [epoch]}", HOSTS_BOOTED_AT, { "1793913600", MAPPING_SET, "2026-11-05T21:20:00Z", 0 },
          { "1793913600.25", MAPPING_SET, "2026-11-05T21:20:00Z", 0 }, { "0", MAPPING_EMPTY, NULL, 0 }, { "1.2.3", MAPPING_BAD, NULL, 0 },
          { "99999999999999999999999", MAPPING_BAD, NULL, 0 }, { "999999999999", MAPPING_EMPTY, NULL, 0 });
    CHECK("booted_at: {column: V, date: epoch-ms}", HOSTS_BOOTED_AT, { "1793913600000", MAPPING_SET, "2026-11-05T21:20:00Z", 0 });
    CHECK("booted_at: {column: V, date: filetime}", HOSTS_BOOTED_AT, { "134383872000000000", MAPPING_SET, "2026-11-05T21:20:00Z", 0 },
          { "0", MAPPING_EMPTY, NULL, 0 }, { "9223372036854775807", MAPPING_EMPTY, NULL, 0 });
    CHECK("booted_at: {column: V, date: \"%d.%m.%Y %H:%M %z\"}", HOSTS_BOOTED_AT, { "06.11.2026 12:00 +0100", MAPPING_SET, "2026-11-06T11:00:00Z", 0 });
}

/* The format "either": by the order that is known, and what a value says of it. */
static void test_either(void **state)
{
    static const struct { const char *field; enum date_order order; enum mapping_result result; const char *text; enum date_order says; } cases[] = {
        { "11/5/2026", DATES_UNKNOWN, MAPPING_AMBIGUOUS, NULL, DATES_UNKNOWN },
        { "11/5/2026", DATES_MONTH_FIRST, MAPPING_SET, "2026-11-05T06:00:00Z", DATES_UNKNOWN },
        { "11/5/2026", DATES_DAY_FIRST, MAPPING_SET, "2026-05-11T05:00:00Z", DATES_UNKNOWN },
        { "11/5/2026", DATES_CONTRADICT, MAPPING_AMBIGUOUS, NULL, DATES_UNKNOWN },
        { "11/21/2026", DATES_UNKNOWN, MAPPING_SET, "2026-11-21T06:00:00Z", DATES_MONTH_FIRST },
        { "11/21/2026", DATES_DAY_FIRST, MAPPING_BAD, NULL, DATES_MONTH_FIRST },
        { "11/21/2026", DATES_CONTRADICT, MAPPING_AMBIGUOUS, NULL, DATES_MONTH_FIRST },
        { "21/11/2026", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_DAY_FIRST },
        { "21-11-2026 14:05:59.123", DATES_DAY_FIRST, MAPPING_SET, "2026-11-21T20:05:59Z", DATES_DAY_FIRST },
        { "31/6/2026", DATES_UNKNOWN, MAPPING_BAD, NULL, DATES_UNKNOWN },         /* no such day in either order: it says nothing */
        { "2/30/2026", DATES_UNKNOWN, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "13/13/2026", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "5/5/2026", DATES_UNKNOWN, MAPPING_SET, "2026-05-05T05:00:00Z", DATES_UNKNOWN },        /* the same in both */
        { "5/5/2026", DATES_CONTRADICT, MAPPING_AMBIGUOUS, NULL, DATES_UNKNOWN },
        { "11/6/2026 9:20:00 PM", DATES_MONTH_FIRST, MAPPING_SET, "2026-11-07T03:20:00Z", DATES_UNKNOWN },
        { "11/6/2026 12:20\xe2\x80\xaf" "AM", DATES_MONTH_FIRST, MAPPING_SET, "2026-11-06T06:20:00Z", DATES_UNKNOWN },
        { "6/11/2026, 9:20 p.m.", DATES_DAY_FIRST, MAPPING_SET, "2026-11-07T03:20:00Z", DATES_UNKNOWN },
        { "11/6/2026 13:20 PM", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "11/6/2026 0:20 AM", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "11/6/2026 24:00", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "11/6/2026 9:20x", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "11/6/20269:20", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "11/6/26", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "11/6-2026", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "5.11.2026", DATES_DAY_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },       /* written so in other lands: a format of its own */
        { "0/6/2026", DATES_MONTH_FIRST, MAPPING_BAD, NULL, DATES_UNKNOWN },
        { "1/2/1601", DATES_UNKNOWN, MAPPING_EMPTY, NULL, DATES_UNKNOWN },        /* never, in both */
        { "12/31/1600 6:09:24 PM", DATES_UNKNOWN, MAPPING_EMPTY, NULL, DATES_MONTH_FIRST },
        { "2026-05-11", DATES_CONTRADICT, MAPPING_SET, "2026-05-11T05:00:00Z", DATES_UNKNOWN },
        { "Nov 5 2026", DATES_CONTRADICT, MAPPING_SET, "2026-11-05T06:00:00Z", DATES_UNKNOWN },
        { "Never", DATES_MONTH_FIRST, MAPPING_EMPTY, NULL, DATES_UNKNOWN },
    };
    char *text = xasprintf(HEAD "    last_seen_at: {column: V, date: [\"%%b %%d %%Y\", either], unknown: Never}\n");
    struct mapping *m = over_the_wire(parse(text, "America/Chicago"));
    const struct mapping_column *c = &m->tables[0].columns[1];
    struct buf scratch = BUF_INIT(1000);

    (void)state;
    assert_true(mapping_has_either(c));
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct fact_row row;
        fact_row_init(&row, &fact_hosts);
        if (mapping_set(m, c, cases[i].order, cases[i].field, &row, &scratch) != cases[i].result)
            fail_msg("%s is read otherwise (case %zu)", cases[i].field, i);
        const struct fact_value *v = &row.v[HOSTS_LAST_SEEN_AT];
        assert_int_equal(v->kind, cases[i].text == NULL ? FACT_KIND_NULL : FACT_KIND_TEXT);
        if (cases[i].text != NULL)
            assert_memory_equal(v->s, cases[i].text, strlen(cases[i].text));
        if (mapping_date_evidence(m, c, cases[i].field, &scratch) != cases[i].says)
            fail_msg("%s says another order (case %zu)", cases[i].field, i);
    }
    buf_clear(&scratch);
    mapping_free(m);
    free(text);
}

static void test_booleans(void **state)
{
    static const struct { const char *field; enum mapping_result result; int64_t v; } cases[] = {
        { "True", MAPPING_SET, 1 }, { "FALSE", MAPPING_SET, 0 }, { "yes", MAPPING_SET, 1 }, { "0", MAPPING_SET, 0 }, { "Enabled", MAPPING_SET, 1 },
        { "active", MAPPING_SET, 1 }, { "Disabled", MAPPING_SET, 0 }, { "perhaps", MAPPING_BAD, 0 }, { "", MAPPING_EMPTY, 0 },
    };
    struct mapping *m = over_the_wire(load_fixture());
    const struct mapping_column *c = &m->tables[1].columns[1];
    struct buf scratch = BUF_INIT(1000);

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct fact_row row;
        fact_row_init(&row, &fact_directory_accounts);
        assert_int_equal(mapping_set(m, c, DATES_UNKNOWN, cases[i].field, &row, &scratch), cases[i].result);
        if (cases[i].result == MAPPING_SET)
            assert_int_equal(row.v[c->column].i, cases[i].v);
    }
    buf_clear(&scratch);
    mapping_free(m);
}

static void test_headings_and_where(void **state)
{
    struct mapping *m = over_the_wire(load_fixture());
    const struct mapping_table *t = &m->tables[0];
    static const char *const header[] = { "Type", " HOSTNAME ", "Operating System" };

    (void)state;
    assert_int_equal(mapping_find_heading(&t->columns[0].headings, header, 3), 1);
    assert_int_equal(mapping_find_heading(&t->columns[2].headings, header, 3), -1);
    assert_int_equal(mapping_find_heading(&t->where[0].headings, header, 3), 0);
    assert_true(mapping_where_holds(&t->where[0], " server "));
    assert_false(mapping_where_holds(&t->where[0], "Printer"));
    assert_false(mapping_where_holds(&t->where[0], NULL));
    assert_true(mapping_where_holds(&t->where[1], "In use"));
    assert_true(mapping_where_holds(&t->where[1], ""));
    assert_false(mapping_where_holds(&t->where[1], "RETIRED"));
    mapping_free(m);
}

/* --- shipped files -------------------------------------------------------------------------------------------------------- */

static void test_shipped(void **state)
{
    const char *srcdir = getenv("srcdir");
    char *dir = xasprintf("%s/checklists/data/mappings/csv", srcdir != NULL ? srcdir : ".");
    struct dirent **entries = NULL;
    int n = scandir(dir, &entries, NULL, alphasort);
    size_t seen = 0;

    (void)state;
    assert_true(n > 0);
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name, *end = strrchr(name, '.');
        struct diags diags = DIAGS_INIT;
        if (end != NULL && strcmp(end, ".yaml") == 0) {
            char *path = path_join(dir, name);
            if (mapping_check_file(path, &diags) != 0 || diags.n != 0) {
                diags_print(&diags, stderr);
                fail_msg("%s does not load", path);
            }
            free(path);
            seen++;
        }
        diags_clear(&diags);
        free(entries[i]);
    }
    assert_true(seen >= 4);
    free(entries);
    free(dir);
}

static void finds(const struct mapping *m, int column, const char *const *header, size_t n, int expected)
{
    for (size_t i = 0; i < m->tables[0].n_columns; i++) {
        if (m->tables[0].columns[i].column == column) {
            assert_int_equal(mapping_find_heading(&m->tables[0].columns[i].headings, header, n), expected);
            return;
        }
    }
    fail_msg("column %d is not mapped", column);
}

static struct mapping *load_shipped(const char *site_dir, const char *as, const struct fact_table *expected)
{
    const struct fact_table *tables[MAPPING_MAX_TABLES];
    struct buf wire = BUF_INIT(MAPPING_MAX_WIRE);
    struct diags diags = DIAGS_INIT;
    struct mapping *m = NULL;
    size_t n = 0;

    if (mapping_load(site_dir, as, "America/Chicago", &wire, tables, &n, &diags) != 0)
        diags_print(&diags, stderr);
    assert_int_equal(n, 1);
    assert_ptr_equal(tables[0], expected);
    assert_int_equal(mapping_decode(wire.data, wire.len, &m), 0);
    buf_clear(&wire);
    return m;
}

static void test_shipped_headers(void **state)
{
    static const char *const entra[] = { "userPrincipalName", "displayName", "surname", "mail", "givenName", "objectId", "userType", "jobTitle",
                                         "department", "accountEnabled" };
    static const char *const ad[] = { "DistinguishedName", "Enabled", "LastLogonDate", "ObjectGUID", "PasswordNeverExpires", "SamAccountName" };
    static const char *const assets[] = { "Device Name", "Operating System", "Serial Number", "RAM (GB)", "Last Seen", "IP Address" };

    (void)state;
    struct mapping *m = load_shipped(NULL, "csv/ad-users", &fact_directory_accounts);
    finds(m, DIRECTORY_ACCOUNTS_ID, entra, N_ELEMENTS(entra), 5);
    finds(m, DIRECTORY_ACCOUNTS_ENABLED, entra, N_ELEMENTS(entra), 9);
    finds(m, DIRECTORY_ACCOUNTS_LAST_LOGON_AT, entra, N_ELEMENTS(entra), -1);
    finds(m, DIRECTORY_ACCOUNTS_ID, ad, N_ELEMENTS(ad), 3);
    finds(m, DIRECTORY_ACCOUNTS_LAST_LOGON_AT, ad, N_ELEMENTS(ad), 2);
    finds(m, DIRECTORY_ACCOUNTS_PASSWORD_NEVER_EXPIRES, ad, N_ELEMENTS(ad), 4);
    mapping_free(m);
    m = load_shipped("/nonexistent", "csv/generic-assets", &fact_hosts);
    finds(m, HOSTS_NAME, assets, N_ELEMENTS(assets), 0);
    finds(m, HOSTS_MEMORY_BYTES, assets, N_ELEMENTS(assets), 3);
    assert_int_equal(mapping_find_heading(&m->tables[0].target, assets, N_ELEMENTS(assets)), 5);
    mapping_free(m);
}

static void test_finding(void **state)
{
    struct diags diags = DIAGS_INIT;
    struct buf wire = BUF_INIT(MAPPING_MAX_WIRE);
    const struct fact_table *tables[MAPPING_MAX_TABLES];
    size_t n = 7;

    (void)state;
    assert_int_equal(mapping_load(NULL, "csv/no-such", NULL, &wire, tables, &n, &diags), ERR_NOT_FOUND);
    assert_int_equal(n, 0);
    assert_int_equal(diags.n_errors, 1);
    assert_null(mapping_path(NULL, "csv/../../core"));
    assert_null(mapping_path(NULL, "csv/"));
    assert_null(mapping_path(NULL, "xml/x"));
    diags_clear(&diags);
    buf_clear(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_survives),
        cmocka_unit_test(test_wire_damage),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_times), cmocka_unit_test(test_either),
        cmocka_unit_test(test_booleans),
        cmocka_unit_test(test_headings_and_where),
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_shipped_headers),
        cmocka_unit_test(test_finding),
    };
    const char *srcdir = getenv("srcdir");
    char *data = xasprintf("%s/checklists", srcdir != NULL ? srcdir : ".");
    int failed = setenv("PREOP_DATADIR", data, 1);

    failed += cmocka_run_group_tests(tests, NULL, NULL);
    free(data);
    return failed;
}
