/* CSV as it really comes: separators, sep=, quotes, encodings, and damage. */
#include "lib/cmocka_all.h"

#include "base/csv.h"
#include "base/mem.h"
#include "base/text.h"

struct seen {
    struct buf b;
    size_t stop_at;
};

/* Writes records as "line:field|field\n". */
static int record(void *ctx, size_t line, const char *const *fields, size_t n)
{
    struct seen *s = ctx;

    buf_printf(&s->b, "%zu:", line);
    for (size_t i = 0; i < n; i++)
        buf_printf(&s->b, "%s%s", i ? "|" : "", fields[i]);
    buf_putc(&s->b, '\n');
    return line == s->stop_at ? 77 : 0;
}

static void check(const char *in, size_t len, const char *expected, int expected_rc)
{
    struct seen s = { .b = BUF_INIT(1 << 20) };
    int rc = csv_read(in, len, csv_guess_separator(in, len), record, &s);

    assert_string_equal(buf_str(&s.b), expected);
    assert_int_equal(rc, expected_rc);
    buf_clear(&s.b);
}
#define CHECK(in, expected, rc) check(in, sizeof(in) - 1, expected, rc)

static void test_separators(void **state)
{
    (void)state;
    CHECK("a,b,c\n1,2,3\n", "1:a|b|c\n2:1|2|3\n", 0);
    CHECK("a;b;c\r\n1,5;2;3\r\n", "1:a|b|c\n2:1,5|2|3\n", 0);
    CHECK("a\tb\tc\n1\t\t3\n", "1:a|b|c\n2:1||3\n", 0);
    CHECK("a|b\n1|2", "1:a|b\n2:1|2\n", 0);
    CHECK("sep=;\r\na,x;b\r\n1;2\r\n", "1:a,x|b\n2:1|2\n", 0);
    CHECK("SEP=|\na|b\n", "1:a|b\n", 0);
    CHECK("sep=\ta\n1\n", "1:sep=|a\n2:1\n", 0);     /* a header, not an instruction */
    CHECK("\"a,b,c,d\";b\n1;2\n", "1:a,b,c,d|b\n2:1|2\n", 0);
    CHECK("one\ntwo\n", "1:one\n2:two\n", 0);
    CHECK("", "", 0);
    assert_int_equal(csv_guess_separator("", 0), ',');
    assert_int_equal(csv_guess_separator("a;b", 3), ';');
    assert_int_equal(csv_guess_separator("sep=", 4), ',');
}

static void test_quotes(void **state)
{
    (void)state;
    CHECK("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", "1:a|b\n2:x,y|say \"hi\"\n", 0);
    CHECK("a,b\n\"line 1\nline 2\",z\n", "1:a|b\n2:line 1\nline 2|z\n", 0);
    CHECK("a,b\n\"line 1\r\nline 2\",z\r\n", "1:a|b\n2:line 1\r\nline 2|z\n", 0);
    CHECK("a,b\n  x  , \"y \" \n", "1:a|b\n2:x|y \n", 0);
    CHECK("a,b\n\"\",\n", "1:a|b\n2:|\n", 0);
    CHECK("a,b\n\n\n1,2\n", "1:a|b\n2:1|2\n", 0);
    CHECK("a,b\n1,5\" pipe\n", "1:a|b\n2:1|5\" pipe\n", 0);
    CHECK("a,b\n1\n1,2,3\n", "1:a|b\n2:1\n3:1|2|3\n", 0);
    CHECK("a,b\n1,\"x\"", "1:a|b\n2:1|x\n", 0);
}

static void test_damage(void **state)
{
    struct buf big = BUF_INIT(1 << 22);
    struct seen s = { .b = BUF_INIT(1 << 20) };

    (void)state;
    CHECK("a,b\n1,\"cut in the mid", "1:a|b\n", ERR_FORMAT);

    buf_puts(&big, "a,\"");
    for (int i = 0; i < 300000; i++)
        buf_puts(&big, "x\n");
    assert_int_equal(csv_read(big.data, big.len, ',', record, &s), ERR_LIMIT);
    assert_int_equal(s.b.len, 0);

    buf_reset(&big);
    for (int i = 0; i < CSV_MAX_FIELDS; i++)
        buf_puts(&big, "x,");
    assert_int_equal(csv_read(big.data, big.len, ',', record, &s), ERR_LIMIT);
    big.len--;
    assert_int_equal(csv_read(big.data, big.len, ',', record, &s), 0);

    buf_reset(&big);
    for (int i = 0; i <= CSV_MAX_FIELD_BYTES; i++)
        buf_putc(&big, 'x');
    assert_int_equal(csv_read(big.data, big.len, ',', record, &s), ERR_LIMIT);
    big.len--;
    assert_int_equal(csv_read(big.data, big.len, ',', record, &s), 0);
    buf_clear(&big);
    buf_clear(&s.b);
}

static void test_stop(void **state)
{
    struct seen s = { .b = BUF_INIT(1000), .stop_at = 2 };

    (void)state;
    assert_int_equal(csv_read("a\nb\nc\n", 6, ',', record, &s), 77);
    assert_string_equal(buf_str(&s.b), "1:a\n2:b\n");
    buf_clear(&s.b);
}

static void check_utf8(const char *in, size_t len, const char *encoding, const char *expected)
{
    struct buf b = BUF_INIT(1000);

    assert_int_equal(csv_to_utf8(in, len, encoding, &b), 0);
    assert_string_equal(buf_str(&b), expected);
    buf_clear(&b);
}
#define UTF8(in, encoding, expected) check_utf8(in, sizeof(in) - 1, encoding, expected)

static void test_encodings(void **state)
{
    (void)state;
    UTF8("plain", NULL, "plain");
    UTF8("", NULL, "");
    UTF8("\xef\xbb\xbfname", NULL, "name");
    UTF8("\xef\xbb\xbfname", "UTF-8", "name");
    UTF8("caf\xc3\xa9", NULL, "caf\xc3\xa9");
    UTF8("caf\xe9 \x80 \x93x\x94", NULL, "caf\xc3\xa9 \xe2\x82\xac \xe2\x80\x9cx\xe2\x80\x9d");
    UTF8("a\x81z", NULL, "a\xef\xbf\xbdz");          /* no meaning in CP1252 */
    UTF8("\xff\xfe" "a\0\xe9\0", NULL, "a\xc3\xa9");
    UTF8("\xfe\xff" "\0a\0\xe9", NULL, "a\xc3\xa9");
    UTF8("a\0,\0b\0\n\0", NULL, "a,b\n");
    UTF8("\0a\0,\0b\0\n", NULL, "a,b\n");
    UTF8("\xff\xfe" "a\0\x00\xd8" "b\0", NULL, "a\xef\xbf\xbd" "b");        /* half a surrogate pair */
    UTF8("\xff\xfe" "a\0b", NULL, "a\xef\xbf\xbd");                         /* half a unit */
    UTF8("\xff\xfe" "a\0", "UTF-16", "a");
    UTF8("\xfe\xff" "\0a", "UTF-16", "a");
    UTF8("\xff\xfe" "a\0", "UTF-16LE", "a");
    UTF8("bad \xff utf8", "UTF-8", "bad \xef\xbf\xbd utf8");
    UTF8("\xef\xbb\xbf" "a\xf6\x8f\xa3\xa1z", NULL, "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");      /* above U+10FFFF */
    UTF8("a\xed\xa0\x80z", "UTF-8", "a\xef\xbf\xbdz");                    /* a surrogate */
    UTF8("caf\x82", "CP850", "caf\xc3\xa9");
    UTF8("\xa4", "iso-8859-15", "\xe2\x82\xac");
}

static void test_encoding_names(void **state)
{
    static const char *const bad[] = { "no-such-encoding", "", "UTF-8//IGNORE", "UTF-8/../x", "UTF-16 ", "cp1252\n" };
    struct buf b = BUF_INIT(100), tiny = BUF_INIT(2);

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(bad); i++)
        assert_int_equal(csv_to_utf8("x\xff", 2, bad[i], &b), ERR_BAD_INPUT);
    assert_int_equal(csv_to_utf8("abc", 3, "UTF-8", &tiny), ERR_LIMIT);
    buf_reset(&tiny);
    assert_int_equal(csv_to_utf8("a\xe9\xe9", 3, NULL, &tiny), ERR_LIMIT);
    csv_warm();
    csv_warm();
    assert_int_equal(csv_warm_encoding("ISO-8859-2"), 0);
    assert_int_equal(csv_warm_encoding("nonsense"), ERR_BAD_INPUT);
    buf_clear(&b);
    buf_clear(&tiny);
}

static void test_long_text_in_pieces(void **state)
{
    struct buf in = BUF_INIT(200000), out = BUF_INIT(400000);

    (void)state;
    for (int i = 0; i < 50000; i++)
        buf_putc(&in, i % 7 == 0 ? '\xe9' : 'e');
    assert_int_equal(csv_to_utf8(in.data, in.len, "CP1252", &out), 0);
    assert_int_equal(out.len, 50000 + 7143);
    assert_true(text_is_utf8(out.data, out.len));
    buf_clear(&in);
    buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_separators),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_encoding_names),
        cmocka_unit_test(test_long_text_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
