/* Time: the one text form, days, zones. */
#include "lib/cmocka_all.h"

#include "base/clock.h"
#include "base/mem.h"

static void test_iso_round_trip(void **state)
{
    static const struct {
        int64_t t;
        const char *text;
    } rows[] = {
        { 0, "1970-01-01T00:00:00Z" },
        { -1, "1969-12-31T23:59:59Z" },
        { 951782399, "2000-02-28T23:59:59Z" },
        { 951782400, "2000-02-29T00:00:00Z" },
        { 1709164800, "2024-02-29T00:00:00Z" },
        { INT64_C(4294967296), "2106-02-07T06:28:16Z" },
        { INT64_C(-2208988800), "1900-01-01T00:00:00Z" },
        { INT64_C(253402300799), "9999-12-31T23:59:59Z" },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        char text[ISO_LEN];
        int64_t t = 1;
        iso_format(rows[i].t, text);
        assert_string_equal(text, rows[i].text);
        assert_true(iso_parse(rows[i].text, &t));
        assert_true(t == rows[i].t);
    }
}

static void test_iso_refuses(void **state)
{
    static const char *const bad[] = {
        "", "2024", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2024-00-10T00:00:00Z",
        "2024-13-10T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-32T00:00:00Z", "2024-04-31T00:00:00Z", "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00z", "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00Z ", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00+00:00", "+024-01-01T00:00:00Z", "2024-1-01T00:00:00Z",
        "2024-01-01T00:00:00.5Z", "1899-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
    };
    int64_t t = 42;

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        if (iso_parse(bad[i], &t))
            fail_msg("took '%s'", bad[i]);
    }
    assert_false(iso_parse(NULL, &t));
    assert_false(date_parse(NULL, &t));
    assert_true(t == 42);
}

static void test_out_of_range_has_no_text(void **state)
{
    static const int64_t out[] = { INT64_MAX, INT64_MIN, INT64_C(253402300800), INT64_C(-2208988801) };
    char text[ISO_LEN] = "x", date[DATE_LEN] = "x";

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(out); i++) {
        iso_format(out[i], text);
        date_format(out[i], date);
        assert_string_equal(text, "");
        assert_string_equal(date, "");
    }
}

static void test_dates(void **state)
{
    char date[DATE_LEN];
    int64_t t;

    (void)state;
    assert_true(date_parse("2026-11-09", &t));
    assert_true(t == 1794182400);
    date_format(t + 86399, date);
    assert_string_equal(date, "2026-11-09");
    assert_false(date_parse("2026-11-31", &t));
    assert_false(date_parse("2026-11-09T00:00:00Z", &t));
    assert_false(date_parse("9.11.2026", &t));
    assert_false(date_parse("2026-11", &t));
}

static void test_days(void **state)
{
    const int64_t noon = 1794182400 + 43200;

    (void)state;
    assert_int_equal(days_between(noon, noon), 0);
    assert_int_equal(days_between(noon, noon + 43199), 0);
    assert_int_equal(days_between(noon, noon + 43200), 1);
    assert_int_equal(days_between(noon, noon - 43200), 0);
    assert_int_equal(days_between(noon, noon - 43201), -1);
    assert_int_equal(days_between(-1, 0), 1);
    assert_int_equal(days_between(-86400, -1), 0);
    assert_int_equal(days_between(-86401, -1), 1);
}

static void test_frozen(void **state)
{
    int64_t before, after;

    (void)state;
    clock_set(1000);
    assert_true(clock_now() == 1000);
    clock_set(0);
    assert_true(clock_now() == 0);
    clock_set(-1);
    assert_true(clock_now() > 1600000000);
    before = clock_mono_ms();
    after = clock_mono_ms();
    assert_true(after >= before);
}

static void test_zone_names(void **state)
{
    static const char *const bad[] = { "", "/etc/passwd", "../../etc/passwd", "America//Chicago", "America/", "/UTC", "America/Chicago\n",
        "No/Such_Zone", "America", ".", "..", "America/../UTC", "EST5EDT,M3.2.0", "zone.tab", "tzdata.zi" };

    (void)state;
    assert_true(clock_zone_known("UTC"));
    assert_false(clock_zone_known(NULL));
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        if (clock_zone_known(bad[i]))
            fail_msg("took '%s'", bad[i]);
    }
}

static void test_local_time(void **state)
{
    struct tm tm;

    (void)state;
    if (!clock_zone_known("America/Chicago")) {
        print_message("# no tzdata on this machine\n");
        skip();
    }
    setenv("TZ", "Asia/Tokyo", 1);
    clock_local("America/Chicago", 1768478400, &tm);         /* 2026-01-15T12:00:00Z, winter: -6 */
    assert_int_equal(tm.tm_hour, 6);
    assert_int_equal(tm.tm_mday, 15);
    assert_int_equal(tm.tm_wday, 4);
    clock_local("America/Chicago", 1784116800, &tm);         /* 2026-07-15T12:00:00Z, summer: -5 */
    assert_int_equal(tm.tm_hour, 7);
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    clock_local("No/Such_Zone", 1784116800, &tm);
    assert_int_equal(tm.tm_hour, 12);
    clock_local(NULL, 1784116800, &tm);
    assert_int_equal(tm.tm_hour, 12);
    unsetenv("TZ");
    clock_local("America/Chicago", 1784116800, &tm);
    assert_null(getenv("TZ"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_iso_round_trip),
        cmocka_unit_test(test_iso_refuses),
        cmocka_unit_test(test_out_of_range_has_no_text),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_frozen),
        cmocka_unit_test(test_zone_names),
        cmocka_unit_test(test_local_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
