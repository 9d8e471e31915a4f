/* The set of texts: what it has, what it has not, growing, equal texts, and a hash whose seed changes it. */
#include "lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/strset.h"

static void test_empty(void **state)
{
    (void)state;
    struct strset s = { 0 };
    assert_false(strset_has(&s, ""));
    assert_false(strset_has(&s, "a"));
    strset_clear(&s);                /* of nothing is fine, and twice */
    strset_clear(&s);
    assert_int_equal(s.n, 0);
    assert_null(s.v);
}

static void test_adds_once(void **state)
{
    (void)state;
    struct strset s = { 0 };
    char text[] = "sw1";
    assert_true(strset_add(&s, text));
    assert_false(strset_add(&s, text));
    assert_int_equal(s.n, 1);
    text[2] = '2';                   /* the set has its own copy */
    assert_true(strset_has(&s, "sw1"));
    assert_false(strset_has(&s, "sw2"));
    assert_false(strset_has(&s, "sw"));
    assert_false(strset_has(&s, "SW1"));
    assert_true(strset_add(&s, ""));
    assert_true(strset_has(&s, ""));
    assert_int_equal(s.n, 2);
    strset_clear(&s);
    assert_false(strset_has(&s, "sw1"));
    assert_true(strset_add(&s, "sw1"));          /* usable again */
    strset_clear(&s);
}

/* Each size on the way: none is lost when it grows, none is there that was not added, and at least half of all places stay empty. */
static void test_grows(void **state)
{
    (void)state;
    struct strset s = { 0 };
    char text[32];
    for (unsigned i = 0; i < 5000; i++) {
        (void)snprintf(text, sizeof text, "host-%u", i);
        assert_false(strset_has(&s, text));
        assert_true(strset_add(&s, text));
        assert_int_equal(s.n, i + 1);
        assert_true(2 * s.n <= s.cap);
        assert_int_equal(s.cap & (s.cap - 1), 0);
    }
    for (unsigned i = 0; i < 10000; i++) {
        (void)snprintf(text, sizeof text, "host-%u", i);
        assert_int_equal(strset_has(&s, text), i < 5000);
        assert_int_equal(strset_add(&s, text), i >= 5000);
    }
    strset_clear(&s);
}

/* Texts of one length that differ in one place stand far apart: the longest run of full places stays short. */
static void test_spreads(void **state)
{
    (void)state;
    struct strset s = { 0 };
    char text[64];
    size_t run = 0, longest = 0;
    for (unsigned i = 0; i < 16384; i++) {
        (void)snprintf(text, sizeof text, "10.%u.%u.1", i / 256, i % 256);
        (void)strset_add(&s, text);
    }
    for (size_t i = 0; i < s.cap; i++) {
        run = s.v[i] != NULL ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    assert_true(longest < 200);      /* half full and even: about 30 */
    strset_clear(&s);
}

static void test_seed(void **state)
{
    (void)state;
    assert_int_equal(seed_hash(7, "abc", 3), seed_hash(7, "abc", 3));
    assert_int_not_equal(seed_hash(7, "abc", 3), seed_hash(8, "abc", 3));
    assert_int_not_equal(seed_hash(7, "abc", 3), seed_hash(7, "abd", 3));
    assert_int_not_equal(seed_hash(7, "abc", 3), seed_hash(7, "ab", 2));
    assert_int_not_equal(seed_make(), seed_make());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty), cmocka_unit_test(test_adds_once), cmocka_unit_test(test_grows), cmocka_unit_test(test_spreads), cmocka_unit_test(test_seed),
    };
    return cmocka_run_group_tests_name("base_strset", tests, NULL, NULL);
}
