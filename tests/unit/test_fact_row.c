/* Rows: normal forms, keys, canonical bytes. A table of the test's own has one column of each type. */
#include "lib/cmocka_all.h"

#include <math.h>
#include "base/mem.h"
#include "base/text.h"
#include "fact/frame.h"
#include "fact/row.h"
#include "fact/table_filesystems.h"
#include "fact/table_interfaces.h"
#include "fact/table_listening_ports.h"

enum { ZEBRA, COUNT, SHARE, YES, WHEN, WHERE, NET, MAC, ALPHA, N };
static const struct fact_column columns[] = {
    [ZEBRA] = { "zebra", FACT_TEXT, FACT_KEY, NULL, "-", "-" },
    [COUNT] = { "count", FACT_INTEGER, FACT_KEY, NULL, "-", "-" },
    [SHARE] = { "share", FACT_REAL, 0, NULL, "-", "-" },
    [YES] = { "yes", FACT_BOOLEAN, 0, NULL, "-", "-" },
    [WHEN] = { "when_at", FACT_TIMESTAMP, 0, NULL, "-", "-" },
    [WHERE] = { "address", FACT_ADDRESS, 0, NULL, "-", "-" },
    [NET] = { "net", FACT_PREFIX, 0, NULL, "-", "-" },
    [MAC] = { "mac", FACT_MAC, 0, NULL, "-", "-" },
    [ALPHA] = { "alpha", FACT_TEXT, 0, NULL, "-", "-" },
};
static const struct fact_table every_type = FACT_TABLE_DECLARE("every_type", "One of each", FILLED_BY_PROBE, 0, columns);

/* The normal form of a text in a column, or NULL; *dropped says whether it counts as malformed. */
static char *form_of(int column, const char *s, size_t len, bool *dropped)
{
    struct buf mem = BUF_INIT(1 << 20);
    struct fact_row row;
    uint64_t bits;
    char *result = NULL;

    fact_row_init(&row, &every_type);
    fact_set_text(&row, column, s, len);
    fact_row_normalize(&row, &mem, &bits);
    if (row.v[column].kind == FACT_KIND_TEXT)
        result = xstrndup(row.v[column].s, row.v[column].len);
    *dropped = bits == UINT64_C(1) << column;
    assert_true(*dropped || bits == 0);
    buf_clear(&mem);
    return result;
}

static void test_forms(void **state)
{
    static const struct {
        int column;
        const char *in, *out;        /* out NULL: malformed */
    } rows[] = {
        { WHEN, "2026-11-09T10:00:00Z", "2026-11-09T10:00:00Z" }, { WHEN, " 2026-11-09T10:00:00Z\n", "2026-11-09T10:00:00Z" },
        { WHEN, "2026-02-30T10:00:00Z", NULL }, { WHEN, "2026-11-09", NULL }, { WHEN, "yesterday", NULL },
        { WHERE, "10.0.0.1", "10.0.0.1" }, { WHERE, "2001:DB8:0::1", "2001:db8::1" }, { WHERE, "::ffff:10.0.0.1", "10.0.0.1" },
        { WHERE, "10.0.0.1/8", NULL }, { WHERE, "fe80::1%eth0", NULL }, { WHERE, "*", NULL },
        { NET, "10.20.1.1/22", "10.20.0.0/22" }, { NET, "2001:DB8::1/32", "2001:db8::/32" }, { NET, "10.0.0.1", "10.0.0.1/32" }, { NET, "10.0.0.0/99", NULL },
        { MAC, "00:1B:2c:3D:4e:5F", "00:1b:2c:3d:4e:5f" }, { MAC, "00-1B-2C-3D-4E-5F", "00:1b:2c:3d:4e:5f" },
        { MAC, "001b.2c3d.4e5f", "00:1b:2c:3d:4e:5f" }, { MAC, "001B2C3D4E5F", "00:1b:2c:3d:4e:5f" },
        { MAC, "0:1b:2c:3d:4e:5f", NULL }, { MAC, "00:1b:2c:3d:4e:5g", NULL }, { MAC, "00:1b-2c:3d:4e:5f", NULL }, { MAC, "001b.2c3d.4e5", NULL },
        { MAC, "00:1b:2c:3d:4e:5f:60:61", NULL }, { MAC, "00.1b.2c.3d.4e.5f", NULL }, { MAC, "001b-2c3d-4e5f", NULL }, { MAC, ":::::::::::::::::", NULL },
        { ZEBRA, "plain", "plain" }, { ZEBRA, "  kept in front ", "  kept in front" }, { ZEBRA, "esc \x1b[0m", "esc \xef\xbf\xbd[0m" },
        { ZEBRA, "two\r\nlines\r\n", "two\nlines" }, { ZEBRA, "", "" }, { ZEBRA, " \n", "" },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        bool dropped;
        char *form = form_of(rows[i].column, rows[i].in, strlen(rows[i].in), &dropped);
        assert_int_equal(dropped, rows[i].out == NULL);
        if (!rows[i].out && form)
            fail_msg("'%s' became '%s'", rows[i].in, form);
        if (rows[i].out)
            assert_string_equal(form, rows[i].out);
        free(form);
    }
}

static void test_ends_of_texts(void **state)
{
    bool dropped;
    char *form = form_of(ZEBRA, "name\0\0\0", 7, &dropped);

    (void)state;
    assert_string_equal(form, "name");       /* fixed-width fields of devices are padded with NUL */
    free(form);
    form = form_of(ZEBRA, "na\0me", 5, &dropped);
    assert_string_equal(form, "na\xef\xbf\xbdme");
    free(form);
    form = form_of(WHERE, "10.0.0.1\0 x", 11, &dropped);
    assert_null(form);
    assert_true(dropped);
    /* nothing was said: NULL, and not malformed */
    form = form_of(WHERE, "", 0, &dropped);
    assert_null(form);
    assert_false(dropped);
    form = form_of(WHEN, " \0", 2, &dropped);
    assert_null(form);
    assert_false(dropped);
}

static void test_long_text(void **state)
{
    char *text = xmalloc(3 * FACT_TEXT_MAX);
    bool dropped;
    char *form;

    (void)state;
    for (size_t i = 0; i < FACT_TEXT_MAX; i++)
        memcpy(text + 3 * i, "\xe2\x82\xac", 3);
    form = form_of(ZEBRA, text, 3 * FACT_TEXT_MAX, &dropped);
    assert_int_equal(strlen(form), FACT_TEXT_MAX / 3 * 3);
    assert_true(text_is_utf8(form, strlen(form)));
    free(form);
    free(text);
}

static void test_numbers(void **state)
{
    struct buf mem = BUF_INIT(1000);
    struct fact_row row;
    uint64_t dropped;

    (void)state;
    fact_row_init(&row, &every_type);
    fact_set_u64(&row, COUNT, UINT64_MAX);
    assert_int_equal(row.v[COUNT].kind, FACT_KIND_NULL);
    fact_set_u64(&row, COUNT, INT64_MAX);
    assert_true(row.v[COUNT].i == INT64_MAX);
    fact_set_real(&row, SHARE, INFINITY);
    assert_int_equal(row.v[SHARE].kind, FACT_KIND_NULL);
    fact_set_real(&row, SHARE, -0.0);
    fact_set_int(&row, YES, 1);
    fact_set_str(&row, ZEBRA, NULL);
    assert_int_equal(row.v[ZEBRA].kind, FACT_KIND_NULL);
    fact_row_normalize(&row, &mem, &dropped);
    assert_true(dropped == 0);
    assert_false(signbit(row.v[SHARE].r));
    row.v[YES].i = 2;
    row.v[SHARE].r = NAN;
    fact_row_normalize(&row, &mem, &dropped);
    assert_true(dropped == (UINT64_C(1) << YES | UINT64_C(1) << SHARE));
    assert_int_equal(row.v[YES].kind, FACT_KIND_NULL);
    assert_int_equal(row.v[SHARE].kind, FACT_KIND_NULL);
    buf_clear(&mem);
}

/* All texts of a row stay right while mem grows under them, and again when mem serves the next row. */
static void test_memory_of_texts(void **state)
{
    struct buf mem = BUF_INIT(1 << 20);
    struct fact_row row;
    uint64_t dropped;
    char big[5000];

    (void)state;
    memset(big, 'b', sizeof big);
    for (int round = 0; round < 2; round++) {
        fact_row_init(&row, &every_type);
        fact_set_str(&row, ZEBRA, "first");
        fact_set_str(&row, WHERE, "10.0.0.1");
        fact_set_text(&row, ALPHA, big, sizeof big);
        fact_row_normalize(&row, &mem, &dropped);
        assert_memory_equal(row.v[ZEBRA].s, "first", 5);
        assert_int_equal(row.v[ZEBRA].len, 5);
        assert_memory_equal(row.v[WHERE].s, "10.0.0.1", 8);
        assert_memory_equal(row.v[ALPHA].s, big, sizeof big);
        assert_int_equal(row.v[ALPHA].i, 0);
    }
    buf_clear(&mem);

    struct buf tiny = BUF_INIT(6);
    fact_row_init(&row, &every_type);
    fact_set_str(&row, ZEBRA, "first");
    fact_set_str(&row, ALPHA, "does not fit");
    fact_row_normalize(&row, &tiny, &dropped);
    assert_int_equal(row.v[ALPHA].kind, FACT_KIND_NULL);
    assert_true(dropped & UINT64_C(1) << ALPHA);
    assert_memory_equal(row.v[ZEBRA].s, "first", 5);
    buf_clear(&tiny);
}

static void check_key(const struct fact_row *row, size_t ordinal, const char *key, const char *human)
{
    struct buf b = BUF_INIT(FACT_KEY_MAX), h = BUF_INIT(FACT_KEY_MAX);

    fact_row_key(row, ordinal, &b);
    assert_string_equal(buf_str(&b), key);
    fact_key_human(buf_str(&b), &h);
    assert_string_equal(buf_str(&h), human);
    buf_clear(&b);
    buf_clear(&h);
}

static void test_keys(void **state)
{
    struct fact_row row;

    (void)state;
    fact_row_init(&row, &fact_interfaces);
    fact_set_str(&row, INTERFACES_NAME, "Gi1/0/24");
    check_key(&row, 7, "[\"Gi1/0/24\"]", "Gi1/0/24");
    fact_set_str(&row, INTERFACES_NAME, "a \"b\\c\" [d], e\tf\n");
    check_key(&row, 7, "[\"a \\\"b\\\\c\\\" [d], e\\tf\\n\"]", "a \"b\\c\" [d], e\tf\n");
    fact_set_str(&row, INTERFACES_NAME, "");
    check_key(&row, 7, "[\"#7\"]", "#7");
    fact_row_init(&row, &fact_interfaces);
    check_key(&row, 1, "[\"#1\"]", "#1");

    fact_row_init(&row, &fact_listening_ports);
    fact_set_str(&row, LISTENING_PORTS_PROTOCOL, "tcp");
    fact_set_int(&row, LISTENING_PORTS_PORT, 443);
    check_key(&row, 1, "[\"tcp\",443,null]", "tcp, 443, null");
    fact_set_str(&row, LISTENING_PORTS_ADDRESS, "::");
    check_key(&row, 1, "[\"tcp\",443,\"::\"]", "tcp, 443, ::");
}

static void test_long_keys_stay_apart(void **state)
{
    struct buf a = BUF_INIT(FACT_KEY_MAX), b = BUF_INIT(FACT_KEY_MAX);
    char text[600];
    char hex[SHA256_HEX];
    struct fact_row row;

    (void)state;
    memset(text, 'x', sizeof text);
    fact_row_init(&row, &fact_interfaces);
    fact_set_text(&row, INTERFACES_NAME, text, 255);
    fact_row_key(&row, 1, &a);
    assert_int_equal(a.len, 255 + 4);
    buf_reset(&a);
    fact_set_text(&row, INTERFACES_NAME, text, 600);
    fact_row_key(&row, 1, &a);
    text[599] = 'y';
    fact_row_key(&row, 1, &b);
    assert_string_not_equal(buf_str(&a), buf_str(&b));
    sha256_hex(text, 600, hex);
    assert_int_equal(b.len, 2 + 255 + 1 + 8 + 2);
    assert_int_equal(b.data[2 + 255], '~');
    assert_memory_equal(b.data + 2 + 256, hex, 8);
    /* the worst: three key texts of nothing but quotes still fit */
    buf_reset(&a);
    memset(text, '"', sizeof text);
    fact_row_init(&row, &fact_listening_ports);
    fact_set_text(&row, LISTENING_PORTS_PROTOCOL, text, 600);
    fact_set_text(&row, LISTENING_PORTS_ADDRESS, text, 600);
    fact_set_int(&row, LISTENING_PORTS_PORT, INT64_MIN);
    fact_row_key(&row, 1, &a);
    assert_false(a.overflow);
    buf_clear(&a);
    buf_clear(&b);
}

static void test_key_again(void **state)
{
    struct buf b = BUF_INIT(FACT_KEY_MAX), h = BUF_INIT(100);

    (void)state;
    buf_puts(&b, "[\"a\"]");
    fact_key_again(&b, 2);
    assert_string_equal(buf_str(&b), "[\"a\",\"#2\"]");
    fact_key_human(buf_str(&b), &h);
    assert_string_equal(buf_str(&h), "a, #2");
    buf_reset(&h);
    fact_key_human("not a key", &h);
    assert_string_equal(buf_str(&h), "not a key");
    buf_reset(&h);
    fact_key_human("[\"\\u00e9\\u0041\\ud800\\q\",\"\\", &h);       /* damaged: shown, never read past */
    buf_reset(&h);
    fact_key_human("[\"\\u00e9\\u0041\"]", &h);
    assert_string_equal(buf_str(&h), "\xc3\xa9" "A");
    buf_reset(&h);
    fact_key_human("[\"\\]", &h);
    buf_reset(&h);
    fact_key_human("[]", &h);
    assert_string_equal(buf_str(&h), "");
    buf_clear(&b);
    buf_clear(&h);
}

static void digest_of(const struct fact_row *row, const char *key, char hex[SHA256_HEX])
{
    struct sha256 *h = sha256_new();
    uint8_t digest[SHA256_LEN];

    fact_row_canonical(row, key, h);
    sha256_end(h, digest);
    hex_encode(digest, sizeof digest, hex);
}

/* The bytes are a promise to every sealed store: written out here by hand. */
static void test_canonical_bytes(void **state)
{
    static const char bytes[] =
        "\0\0\0\0\0\0\0\7" "[\"key\"]"
        "\0\0\0\0\0\0\0\4"
        "\0\0\0\0\0\0\0\5" "alpha" "\0\0\0\0\0\0\0\1" "t" "\0\0\0\0\0\0\0\0"
        "\0\0\0\0\0\0\0\5" "count" "\0\0\0\0\0\0\0\1" "i" "\0\0\0\0\0\0\0\10" "\377\377\377\377\377\377\377\376"
        "\0\0\0\0\0\0\0\5" "share" "\0\0\0\0\0\0\0\1" "r" "\0\0\0\0\0\0\0\10" "\100\127\120\0\0\0\0\0"
        "\0\0\0\0\0\0\0\5" "zebra" "\0\0\0\0\0\0\0\1" "t" "\0\0\0\0\0\0\0\2" "zz";
    char hex[SHA256_HEX], expected[SHA256_HEX];
    struct fact_row row;

    (void)state;
    fact_row_init(&row, &every_type);
    fact_set_str(&row, ZEBRA, "zz");
    fact_set_int(&row, COUNT, -2);
    fact_set_real(&row, SHARE, 93.25);
    fact_set_str(&row, ALPHA, "");
    digest_of(&row, "[\"key\"]", hex);
    sha256_hex(bytes, sizeof bytes - 1, expected);
    assert_string_equal(hex, expected);
}

static void test_canonical_differences(void **state)
{
    char a[SHA256_HEX], b[SHA256_HEX];
    struct fact_row row;
    char big[9000];

    (void)state;
    fact_row_init(&row, &every_type);
    fact_set_real(&row, SHARE, 0.0);
    digest_of(&row, "[]", a);
    row.v[SHARE].r = -0.0;
    digest_of(&row, "[]", b);
    assert_string_equal(a, b);               /* -0 is 0 */
    digest_of(&row, "[1]", b);
    assert_string_not_equal(a, b);
    fact_set_str(&row, ALPHA, "");
    digest_of(&row, "[]", b);
    assert_string_not_equal(a, b);           /* an empty text is a value, NULL is none */
    /* texts longer than one gathered piece */
    memset(big, 'q', sizeof big);
    fact_set_text(&row, ALPHA, big, sizeof big);
    digest_of(&row, "[]", a);
    big[8999] = 'r';
    digest_of(&row, "[]", b);
    assert_string_not_equal(a, b);
    /* another table in between, and the first again */
    struct fact_row other;
    fact_row_init(&other, &fact_filesystems);
    fact_set_str(&other, FILESYSTEMS_MOUNT, "/");
    digest_of(&other, "[\"/\"]", a);
    digest_of(&row, "[]", a);
    assert_string_equal(a, b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_ends_of_texts),
        cmocka_unit_test(test_long_text),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_memory_of_texts),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_long_keys_stay_apart),
        cmocka_unit_test(test_key_again),
        cmocka_unit_test(test_canonical_bytes),
        cmocka_unit_test(test_canonical_differences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
