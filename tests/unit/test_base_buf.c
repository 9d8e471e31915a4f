/* The growing buffer and the reader. */
#include "lib/cmocka_all.h"

#include "base/buf.h"
#include "base/mem.h"

static void test_append_and_take(void **state)
{
    struct buf b = BUF_INIT(100);
    char *s;

    (void)state;
    assert_string_equal(buf_str(&b), "");
    buf_puts(&b, "ab");
    buf_putc(&b, 'c');
    buf_printf(&b, "%03d", 7);
    assert_string_equal(buf_str(&b), "abc007");
    assert_int_equal(b.len, 6);
    s = buf_take(&b);
    assert_string_equal(s, "abc007");
    assert_null(b.data);
    assert_int_equal(b.max, 100);
    free(s);
    s = buf_take(&b);
    assert_string_equal(s, "");
    free(s);
}

static void test_overflow_sticks(void **state)
{
    struct buf b = BUF_INIT(5);

    (void)state;
    buf_puts(&b, "12345");
    assert_false(b.overflow);
    buf_putc(&b, '6');
    assert_true(b.overflow);
    assert_string_equal(buf_str(&b), "12345");
    b.len = 0;               /* room again, but something is missing: nothing may follow */
    buf_putc(&b, 'x');
    assert_int_equal(b.len, 0);
    buf_reset(&b);
    buf_putc(&b, 'x');
    assert_string_equal(buf_str(&b), "x");
    assert_false(b.overflow);
    buf_append(&b, "", SIZE_MAX);
    assert_true(b.overflow);
    buf_clear(&b);
    assert_false(b.overflow);
    assert_int_equal(b.max, 5);
}

static void test_no_maximum(void **state)
{
    struct buf b = BUF_INIT(SIZE_MAX);

    (void)state;
    buf_puts(&b, "x");
    assert_string_equal(buf_str(&b), "x");
    buf_append(&b, "y", SIZE_MAX - 1);
    assert_true(b.overflow);
    buf_clear(&b);
}

static void test_long_printf(void **state)
{
    struct buf b = BUF_INIT(2000);
    char text[1001];

    (void)state;
    memset(text, 'q', 1000);
    text[1000] = '\0';
    buf_printf(&b, "<%s>", text);
    assert_int_equal(b.len, 1002);
    assert_int_equal(b.data[0], '<');
    assert_int_equal(b.data[1001], '>');
    assert_int_equal(b.data[1002], '\0');
    buf_printf(&b, "%s", text);
    assert_true(b.overflow);
    assert_int_equal(b.len, 1002);
    buf_clear(&b);
}

static void test_reserve_never_moves(void **state)
{
    struct buf b = BUF_INIT(10000);
    const char *before;

    (void)state;
    buf_reserve(&b, 5000);
    assert_false(b.overflow);
    before = b.data;
    for (int i = 0; i < 5000; i++)
        buf_putc(&b, 's');
    assert_ptr_equal(b.data, before);
    buf_reserve(&b, 100000);         /* more than may be: no harm, the append will tell */
    assert_false(b.overflow);
    buf_wipe(&b);
    assert_null(b.data);
}

static void test_round_trip(void **state)
{
    struct buf b = BUF_INIT(1000);
    struct reader r;
    size_t len;
    char *s;

    (void)state;
    buf_put_u8(&b, 0xfe);
    buf_put_u16(&b, 0xfedc);
    buf_put_u32(&b, 0xfedcba98);
    buf_put_u64(&b, UINT64_C(0xfedcba9876543210));
    buf_put_bytes(&b, "a\0b", 3);
    buf_put_str(&b, "text");
    buf_put_str(&b, NULL);
    buf_put_bytes(&b, "cut\0here", 8);
    assert_memory_equal(b.data, "\xfe\xfe\xdc\xfe\xdc\xba\x98", 7);

    reader_init(&r, b.data, b.len);
    assert_int_equal(reader_u8(&r), 0xfe);
    assert_int_equal(reader_u16(&r), 0xfedc);
    assert_int_equal(reader_u32(&r), 0xfedcba98);
    assert_true(reader_u64(&r) == UINT64_C(0xfedcba9876543210));
    assert_memory_equal(reader_bytes(&r, &len), "a\0b", 3);
    assert_int_equal(len, 3);
    s = reader_str(&r);
    assert_string_equal(s, "text");
    free(s);
    s = reader_str(&r);
    assert_string_equal(s, "");
    free(s);
    s = reader_str(&r);
    assert_string_equal(s, "cut");
    free(s);
    assert_int_equal(reader_left(&r), 0);
    assert_false(r.bad);
    buf_clear(&b);
}

static void test_reader_error_sticks(void **state)
{
    static const uint8_t bytes[] = { 0, 0, 0, 9, 1, 2, 3, 4, 5 };
    struct reader r;
    size_t len = 77;

    (void)state;
    reader_init(&r, bytes, sizeof bytes);
    assert_null(reader_bytes(&r, &len));     /* says 9, has 5 */
    assert_int_equal(len, 0);
    assert_true(r.bad);
    assert_int_equal(reader_u8(&r), 0);      /* there are bytes, but no trust */
    assert_null(reader_str(&r));
    assert_int_equal(reader_left(&r), 0);

    reader_init(&r, "\xff\xff\xff\xff", 4);
    assert_null(reader_bytes(&r, &len));
    assert_true(r.bad);

    reader_init(&r, bytes, 3);
    assert_int_equal(reader_u32(&r), 0);
    assert_true(r.bad);

    reader_init(&r, NULL, 0);
    assert_non_null(reader_take(&r, 0));
    assert_false(r.bad);
    assert_null(reader_take(&r, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_append_and_take),
        cmocka_unit_test(test_overflow_sticks),
        cmocka_unit_test(test_no_maximum),
        cmocka_unit_test(test_long_printf),
        cmocka_unit_test(test_reserve_never_moves),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_reader_error_sticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
