/* Memory and arenas; errors and exit statuses. */
#include "lib/cmocka_all.h"

#include <errno.h>
#include "base/err.h"
#include "base/mem.h"

static void test_strings(void **state)
{
    char *s = xstrndup("abc\0def", 5);

    (void)state;
    assert_memory_equal(s, "abc\0d\0", 6);
    free(s);
    assert_null(xstrdup(NULL));
    s = xasprintf("%d-%s", 42, "x");
    assert_string_equal(s, "42-x");
    free(s);
}

static void test_arena_keeps_everything(void **state)
{
    struct arena *a = arena_new();
    char *strings[2000];

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(strings); i++) {
        /* now and then a block larger than a chunk */
        char *big = i % 500 == 7 ? arena_alloc(a, 100000) : NULL;
        if (big) {
            for (size_t k = 0; k < 100000; k++)
                assert_int_equal(big[k], 0);
            memset(big, 'z', 100000);
        }
        strings[i] = arena_printf(a, "string %zu", i);
    }
    for (size_t i = 0; i < N_ELEMENTS(strings); i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "string %zu", i);
        assert_string_equal(strings[i], expected);
    }
    arena_free(a);
    arena_free(NULL);
}

static void test_arena_is_aligned_and_zeroed(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    for (size_t size = 0; size < 300; size++) {
        unsigned char *p = arena_alloc(a, size);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xaa, size);
    }
    assert_null(arena_strdup(a, NULL));
    assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
    arena_free(a);
}

static void test_error_texts(void **state)
{
    (void)state;
    for (int e = ERR_FIRST; e < ERR_LAST; e++) {
        assert_non_null(err_text(e));
        assert_string_not_equal(err_text(e), "unknown error");
    }
    assert_string_equal(err_text(0), "success");
    assert_string_equal(err_text(-ENOENT), "No such file or directory");
    assert_string_equal(err_text(-99999), "unknown error");
    assert_string_equal(err_text(ERR_LAST), "unknown error");
    assert_string_equal(err_text(7), "unknown error");
}

static void test_exit_statuses(void **state)
{
    static const int worst_first[] = { EXIT_NOT_DONE, EXIT_USAGE, EXIT_READINESS, EXIT_UNREACHED, EXIT_DONE };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(worst_first); i++) {
        for (size_t k = i; k < N_ELEMENTS(worst_first); k++) {
            assert_int_equal(exit_worse(worst_first[i], worst_first[k]), worst_first[i]);
            assert_int_equal(exit_worse(worst_first[k], worst_first[i]), worst_first[i]);
        }
    }
    assert_int_equal(exit_for_err(0), 0);
    assert_int_equal(exit_for_err(ERR_BAD_INPUT), 2);
    assert_int_equal(exit_for_err(ERR_NOT_PRIVATE), 2);
    assert_int_equal(exit_for_err(ERR_NOT_FOUND), 2);
    assert_int_equal(exit_for_err(ERR_BUSY), 4);
    assert_int_equal(exit_for_err(-ENOSPC), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings),
        cmocka_unit_test(test_arena_keeps_everything),
        cmocka_unit_test(test_arena_is_aligned_and_zeroed),
        cmocka_unit_test(test_error_texts),
        cmocka_unit_test(test_exit_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
