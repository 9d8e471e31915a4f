/* SHA-256, hex and UUIDs. */
#include "lib/cmocka_all.h"

#include "base/hash.h"
#include "base/mem.h"

static void test_known_digests(void **state)
{
    char hex[SHA256_HEX];

    (void)state;
    sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void digest_of(const char *first, const char *second, uint8_t out[SHA256_LEN])
{
    struct sha256 *h = sha256_new();

    sha256_add_field(h, first, strlen(first));
    sha256_add_field(h, second, strlen(second));
    sha256_end(h, out);
}

static void test_fields_do_not_run_together(void **state)
{
    uint8_t a[SHA256_LEN], b[SHA256_LEN], c[SHA256_LEN];
    char hex[SHA256_HEX], expected[SHA256_HEX];

    (void)state;
    digest_of("ab", "c", a);
    digest_of("a", "bc", b);
    assert_memory_not_equal(a, b, SHA256_LEN);
    digest_of("ab", "c", c);
    assert_memory_equal(a, c, SHA256_LEN);
    sha256_hex("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c", 19, expected);
    hex_encode(a, SHA256_LEN, hex);
    assert_string_equal(hex, expected);
}

static void test_uuid(void **state)
{
    char a[37], b[37];

    (void)state;
    uuid_make(a);
    uuid_make(b);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), 36);
    assert_int_equal(strspn(a, "0123456789abcdef-"), 36);
    assert_int_equal(a[14], '4');
    assert_non_null(strchr("89ab", a[19]));
    assert_true(a[8] == '-' && a[13] == '-' && a[18] == '-' && a[23] == '-');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_digests),
        cmocka_unit_test(test_fields_do_not_run_together),
        cmocka_unit_test(test_uuid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
