/* Text: made valid, made safe, fitted, parsed. */
#include "lib/cmocka_all.h"

#include <limits.h>
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

#define R "\xef\xbf\xbd"

static void test_clean(void **state)
{
    static const struct {
        const char *in;
        size_t len;
        const char *out;
    } rows[] = {
#define ROW(in, out) { in, sizeof(in) - 1, out }
        ROW("", ""), ROW("plain\ttext\n", "plain\ttext\n"), ROW("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80", "na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80"),
        ROW("a\0b", "a" R "b"), ROW("\x1b[31mred", R "[31mred"), ROW("del\x7f", "del" R), ROW("bell\a\b", "bell" R R),
        ROW("line\r\nline\r\n", "line\nline\n"), ROW("lone\rcr", "lone" R "cr"), ROW("\r", R),
        ROW("c1 \xc2\x85\xc2\x9b" "31m", "c1 " R R "31m"), ROW("\xc2\xa0ok", "\xc2\xa0ok"), ROW("raw c1 \x9b", "raw c1 " R),
        ROW("\x80", R), ROW("\xc3\x28", R "("), ROW("\xff\xfe", R R), ROW("cut \xe2\x82", "cut " R R), ROW("\xf0\x9f\x98", R R R),
        ROW("overlong \xc0\x80", "overlong " R R), ROW("\xc1\xbf", R R), ROW("\xe0\x80\xaf", R R R), ROW("\xf0\x80\x80\x80", R R R R),
        ROW("surrogate \xed\xa0\x80.", "surrogate " R "."), ROW("\xed\xbf\xbf", R), ROW("\xed\x9f\xbf", "\xed\x9f\xbf"),
        ROW("beyond \xf4\x90\x80\x80", "beyond " R R R R), ROW("\xf4\x8f\xbf\xbd", "\xf4\x8f\xbf\xbd"), ROW("\xf5\x80\x80\x80", R R R R),
        ROW("non \xef\xbf\xbe\xef\xbf\xbf", "non " R R), ROW("\xef\xb7\x90", R), ROW("\xf0\x9f\xbf\xbe", R), ROW("\xf8\x88\x80\x80\x80", R R R R R),
        ROW("latin1 caf\xe9", "latin1 caf" R),
#undef ROW
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct buf once = BUF_INIT(1000), twice = BUF_INIT(1000);
        text_clean(&once, rows[i].in, rows[i].len);
        assert_string_equal(buf_str(&once), rows[i].out);
        assert_true(text_is_utf8(once.data ? once.data : "", once.len));
        text_clean(&twice, buf_str(&once), once.len);        /* what is clean stays */
        assert_string_equal(buf_str(&twice), rows[i].out);
        buf_clear(&once);
        buf_clear(&twice);
    }
}

static void test_every_code_point(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x110000; cp++) {
        char bytes[4];
        uint32_t again = 0xffffffff;
        size_t n = utf8_encode(cp, bytes);
        if (cp == 0x110000) {
            assert_int_equal(utf8_decode(bytes, n, &again), 0);
            continue;
        }
        if (utf8_decode(bytes, n, &again) != n || again != cp)
            fail_msg("U+%04X does not come back", (unsigned)cp);
        if (utf8_decode(bytes, n - 1, &again) != 0)
            fail_msg("U+%04X is taken when cut", (unsigned)cp);
        if (text_is_utf8(bytes, n) != utf8_is_scalar(cp))
            fail_msg("U+%04X as text", (unsigned)cp);
    }
}

static void test_cut(void **state)
{
    const char *s = "a\xe2\x82\xac" "b";     /* a, a sign of three bytes, b */

    (void)state;
    assert_int_equal(utf8_cut(s, 5, 0), 0);
    assert_int_equal(utf8_cut(s, 5, 1), 1);
    assert_int_equal(utf8_cut(s, 5, 2), 1);
    assert_int_equal(utf8_cut(s, 5, 3), 1);
    assert_int_equal(utf8_cut(s, 5, 4), 4);
    assert_int_equal(utf8_cut(s, 5, 5), 5);
    assert_int_equal(utf8_cut(s, 5, 99), 5);
    assert_int_equal(utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 5), 5);
}

static void check_terminal(const char *in, bool ascii, const char *expected)
{
    struct buf b = BUF_INIT(1000);

    text_terminal(&b, in, ascii);
    assert_string_equal(buf_str(&b), expected);
    buf_clear(&b);
}

static void test_terminal(void **state)
{
    (void)state;
    check_terminal("plain", false, "plain");
    check_terminal("\x1b]0;title\a", false, "\\x1B]0;title\\x07");
    check_terminal("a\tb\nc\r\x7f", false, "a\\x09b\\x0Ac\\x0D\\x7F");
    check_terminal("\x9b" "31m", false, "\\x9B31m");
    check_terminal("\xc2\x9b" "31m", false, "\\u{9B}31m");
    check_terminal("\xe2\x80\xae" "evil\xe2\x80\xac", false, "\\u{202E}evil\\u{202C}");
    check_terminal("\xe2\x81\xa6\xe2\x81\xa9\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", false, "\\u{2066}\\u{2069}\\u{200E}\\u{200F}\\u{61C}");
    check_terminal("\xed\xa0\x80", false, "\\u{D800}");
    check_terminal("\xef\xbf\xbf", false, "\\u{FFFF}");
    check_terminal("caf\xc3\xa9 \xe2\x86\x92 \xe4\xb8\xad", false, "caf\xc3\xa9 \xe2\x86\x92 \xe4\xb8\xad");
    check_terminal("caf\xc3\xa9 \xc3\x84\xc3\x9f \xc5\x81\xc3\xb3\xc5\xba \xe2\x86\x92 \xe4\xb8\xad\xe2\x80\x99", true, "cafe As Loz -> ?'");
    check_terminal("\xc5\xbe\xc5\xbf", true, "zs");
    check_terminal("\xe2\x80\xae", true, "\\u{202E}");
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("caf\xc3\xa9"), 4);
    assert_int_equal(text_width("\xe4\xb8\xad\xe6\x96\x87"), 4);     /* wide */
    assert_int_equal(text_width("e\xcc\x81"), 1);                    /* combining */
    assert_int_equal(text_width("\x1b[1;31mred\x1b[0m"), 3);         /* our own colours */
}

static void check_fit(const char *s, size_t width, bool pad, const char *expected)
{
    struct buf b = BUF_INIT(1000);

    text_fit(&b, s, width, pad);
    assert_string_equal(buf_str(&b), expected);
    buf_clear(&b);
}

static void test_fit(void **state)
{
    (void)state;
    check_fit("abcdef", 6, true, "abcdef");
    check_fit("abcdef", 8, true, "abcdef  ");
    check_fit("abcdef", 8, false, "abcdef");
    check_fit("abcdef", 5, true, "ab...");
    check_fit("abcdef", 3, true, "...");
    check_fit("abcdef", 2, true, "..");
    check_fit("abcdef", 0, true, "");
    check_fit("", 2, true, "  ");
    check_fit("\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", 6, true, "\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97");
    check_fit("\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", 5, true, "\xe4\xb8\xad...");
    check_fit("\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", 4, true, "... ");
}

static void check_wrap(const char *before, const char *s, size_t width, size_t indent, const char *expected)
{
    struct buf b = BUF_INIT(1000);

    buf_puts(&b, before);
    text_wrap(&b, s, width, indent);
    assert_string_equal(buf_str(&b), expected);
    buf_clear(&b);
}

static void test_wrap(void **state)
{
    (void)state;
    check_wrap("", "one two three", 80, 2, "one two three");
    check_wrap("", "one two three", 9, 2, "one two\n  three");
    check_wrap("", "one two three", 7, 0, "one two\nthree");
    check_wrap("", "one  two", 80, 0, "one two");
    check_wrap("", "one\ntwo", 80, 3, "one\n   two");
    check_wrap("x: ", "one two three", 10, 3, "x: one two\n   three");
    check_wrap("line\nx: ", "one two three", 10, 3, "line\nx: one two\n   three");
    check_wrap("a long label: ", "word", 12, 2, "a long label: \n  word");
    check_wrap("", "abcdefghij", 4, 0, "abcd\nefgh\nij");
    check_wrap("", "ab abcdefghij", 6, 1, "ab\n abcde\n fghij");
    check_wrap("", "", 10, 2, "");
    check_wrap("", "abc def", 0, 0, "abc\ndef");      /* a width that cannot be met must still end */
    check_wrap("", "abc def", 2, 5, "abc\n     def");
    check_wrap("", "\xe4\xb8\xad\xe6\x96\x87", 1, 0, "\xe4\xb8\xad\xe6\x96\x87");
}

static void test_small_ones(void **state)
{
    char mixed[] = "MiXed \xc3\x84", blanks[] = " \t x y \r\n", nothing[] = "  ";

    (void)state;
    text_lower_ascii(mixed);
    assert_string_equal(mixed, "mixed \xc3\x84");
    assert_true(text_equal_nocase("ABC", "abc"));
    assert_false(text_equal_nocase("ABC", "abcd"));
    assert_false(text_equal_nocase("ABCD", "abc"));
    assert_true(text_starts_with("prefix", "pre"));
    assert_false(text_starts_with("pr", "pre"));
    assert_string_equal(text_trim(blanks), "x y");
    assert_string_equal(text_trim(nothing), "");
}

static void test_int(void **state)
{
    static const char *const bad[] = { "", " 1", "1 ", "+1", "-", "--1", "0x10", "1e3", "1.0", "9223372036854775808", "abc", "-9223372036854775809" };
    long long v = 5;

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        if (text_parse_int(bad[i], LLONG_MIN, LLONG_MAX, &v))
            fail_msg("took '%s'", bad[i]);
    }
    assert_int_equal(v, 5);
    assert_true(text_parse_int("-9223372036854775808", LLONG_MIN, LLONG_MAX, &v));
    assert_true(v == LLONG_MIN);
    assert_true(text_parse_int("161", 1, 65535, &v));
    assert_int_equal(v, 161);
    assert_false(text_parse_int("0", 1, 65535, &v));
    assert_false(text_parse_int("65536", 1, 65535, &v));
}

static void test_duration(void **state)
{
    static const char *const bad[] = { "", "2", "s", "-2s", "2 s", "2sec", "1.5s", "2S", "99999999999999999999d", "9223372036854775807d" };
    long long ms = 5;

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        if (text_parse_duration(bad[i], LLONG_MAX, &ms))
            fail_msg("took '%s'", bad[i]);
    }
    assert_int_equal(ms, 5);
    assert_true(text_parse_duration("500ms", 60000, &ms) && ms == 500);
    assert_true(text_parse_duration("2s", 60000, &ms) && ms == 2000);
    assert_true(text_parse_duration("3m", 600000, &ms) && ms == 180000);
    assert_true(text_parse_duration("1h", LLONG_MAX, &ms) && ms == 3600000);
    assert_true(text_parse_duration("90d", LLONG_MAX, &ms) && ms == 7776000000);
    assert_true(text_parse_duration("0s", 1000, &ms) && ms == 0);
    assert_true(text_parse_duration("1s", 1000, &ms));
    assert_false(text_parse_duration("1001ms", 1000, &ms));
    assert_false(text_parse_duration("2s", 1999, &ms));
}

static void test_csv_field(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        { "plain", "plain" }, { "", "" }, { "a,b", "\"a,b\"" }, { "a;b", "\"a;b\"" }, { "say \"hi\"", "\"say \"\"hi\"\"\"" }, { "two\nlines", "\"two\nlines\"" },
        { " blank", "\" blank\"" }, { "blank ", "\"blank \"" }, { "=1+1", "'=1+1" }, { "+1 555 0100", "'+1 555 0100" }, { "@SUM(A1)", "'@SUM(A1)" },
        { "-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0" }, { "=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"" },
        { "\tx", "\"'\tx\"" }, { "\rx", "\"'\rx\"" }, { "-5", "-5" }, { "-5.25", "-5.25" }, { "+5", "+5" }, { "-5+1", "'-5+1" }, { "-", "'-" }, { "-5.", "'-5." },
        { "a=b", "a=b" },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct buf b = BUF_INIT(1000);
        text_csv_field(&b, rows[i].in);
        assert_string_equal(buf_str(&b), rows[i].out);
        buf_clear(&b);
    }
}

static void html(void **state)
{
    (void)state;
    struct buf b = BUF_INIT(1024);
    text_html(&b, "a<b> & \"c\" 'd'\t\n\xc3\xa9 \xe2\x80\xae \x01 \xff");
    assert_string_equal(buf_str(&b), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;\t\n\xc3\xa9 \\u{202E} \\u{1} \\xFF");
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html), cmocka_unit_test(test_clean),
        cmocka_unit_test(test_every_code_point),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_terminal),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_small_ones),
        cmocka_unit_test(test_int),
        cmocka_unit_test(test_duration),
        cmocka_unit_test(test_csv_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
