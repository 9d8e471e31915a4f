/* Diagnostics in order, and the nearest word. The log's one safe line. */
#include "lib/cmocka_all.h"

#include <fcntl.h>
#include <unistd.h>
#include "base/diag.h"
#include "base/log.h"
#include "base/mem.h"

static char *printed(const struct diags *d)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    assert_non_null(f);
    diags_print(d, f);
    fclose(f);
    return text;
}

static void test_sorted_and_safe(void **state)
{
    struct diags d = DIAGS_INIT;
    char *text;

    (void)state;
    diag_add(&d, DIAG_ERROR, "site.yaml", 10, 3, "second");
    diag_add(&d, DIAG_WARNING, "site.yaml", 9, 7, "first %s", "\x1b[31m");
    diag_add(&d, DIAG_ERROR, "site.yaml", 10, 4, "third");
    diag_add(&d, DIAG_NOTE, "site.yaml", 10, 4, "fourth");
    diag_add(&d, DIAG_ERROR, "a.yaml", 0, 5, "no line");
    diag_add(&d, DIAG_ERROR, NULL, 0, 0, "no file");
    assert_int_equal(d.n_errors, 4);
    assert_int_equal(d.n_warnings, 1);
    text = printed(&d);
    assert_string_equal(text, "error: no file\n"
                              "a.yaml: error: no line\n"
                              "site.yaml:9:7: warning: first \\x1B[31m\n"
                              "site.yaml:10:3: error: second\n"
                              "site.yaml:10:4: error: third\n"
                              "site.yaml:10:4: note: fourth\n");
    free(text);
    diags_clear(&d);
    assert_int_equal(d.n, 0);
    assert_int_equal(d.n_errors, 0);
}

static void test_more_than_kept(void **state)
{
    struct diags d = DIAGS_INIT;
    char *text;

    (void)state;
    for (int i = 0; i < DIAGS_MAX + 50; i++)
        diag_add(&d, DIAG_WARNING, "f", i + 1, 1, "w");
    diag_add(&d, DIAG_ERROR, "f", 1000, 1, "the one error");
    assert_int_equal(d.n, DIAGS_MAX);
    assert_int_equal(d.n_warnings, DIAGS_MAX + 50);
    assert_int_equal(d.n_errors, 1);
    text = printed(&d);
    assert_non_null(strstr(text, "f:1000:1: error: the one error\n"));
    assert_non_null(strstr(text, "... and 51 more\n"));
    free(text);
    diags_clear(&d);
}

static void test_nearest_word(void **state)
{
    static const char *const keys[] = { "name", "address", "networks", "timezone", "milestones", "snmp", "to" };

    (void)state;
    assert_string_equal(nearest_word("adress", keys, N_ELEMENTS(keys)), "address");
    assert_string_equal(nearest_word("nmae", keys, N_ELEMENTS(keys)), "name");
    assert_string_equal(nearest_word("Milestone", keys, N_ELEMENTS(keys)), "milestones");
    assert_string_equal(nearest_word("time-zone", keys, N_ELEMENTS(keys)), "timezone");
    assert_string_equal(nearest_word("smnp", keys, N_ELEMENTS(keys)), "snmp");
    assert_null(nearest_word("credentials", keys, N_ELEMENTS(keys)));
    assert_null(nearest_word("", keys, N_ELEMENTS(keys)));
    assert_null(nearest_word("name", keys, 0));
    assert_null(nearest_word("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", keys, N_ELEMENTS(keys)));
}

static int hook_calls;

static void hook(void)
{
    hook_calls++;
}

/* What fn writes to stderr. */
static void captured(void (*fn)(void), char *out, size_t size)
{
    int saved = dup(STDERR_FILENO), fds[2];
    ssize_t n;

    assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
    dup2(fds[1], STDERR_FILENO);
    fn();
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    n = read(fds[0], out, size - 1);
    out[n > 0 ? n : 0] = '\0';
    close(saved);
    close(fds[0]);
    close(fds[1]);
}

static void say(void)
{
    log_info("not at this level");
    log_warning("port %d: %s", 161, "a\nb\x1b[2J");
    log_set_level(LOG_LEVEL_INFO);
    log_info("now");
    log_set_level(LOG_LEVEL_WARNING);
}

static void test_log(void **state)
{
    char text[500];

    (void)state;
    log_set_hook(hook);
    captured(say, text, sizeof text);
    assert_string_equal(text, "preop: warning: port 161: a\\x0Ab\\x1B[2J\npreop: now\n");
    assert_int_equal(hook_calls, 2);
    log_silence();
    captured(say, text, sizeof text);
    assert_string_equal(text, "");
    assert_int_equal(hook_calls, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted_and_safe),
        cmocka_unit_test(test_more_than_kept),
        cmocka_unit_test(test_nearest_word),
        cmocka_unit_test(test_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
