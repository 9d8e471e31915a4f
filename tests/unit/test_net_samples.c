/* Figures of connection times, and the ports that are never opened. */
#include "lib/cmocka_all.h"

#include <errno.h>
#include "fact/port.h"
#include "probes/net/net_samples.h"

static bool near(double a, double b)
{
    return a - b < 1e-9 && b - a < 1e-9;
}

static struct net_samples times(const int64_t *us, size_t n)
{
    struct net_samples s = { 0 };
    for (size_t i = 0; i < n; i++)
        net_samples_add(&s, 0, false, us[i]);
    return s;
}

static void test_figures(void **state)
{
    static const struct { int64_t us[20]; size_t n; double median, p95, jitter; } rows[] = {
        { { 2500 }, 1, 2.5, 2.5, -1 },
        { { 9000, 1000 }, 2, 5, 9, -1 },
        { { 3000, 1000, 2000 }, 3, 2, 3, 1 },
        { { 10000, 1000, 3000, 2000 }, 4, 2.5, 10, 7.5 },
        { { 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000, 11000, 12000, 13000, 14000, 15000, 16000, 17000, 18000, 19000, 900000 }, 20, 10.5, 19, 8.5 },
        { { 7000, 7000, 7000 }, 3, 7, 7, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct net_samples s = times(rows[i].us, rows[i].n);
        struct net_figures f = net_samples_figures(&s);
        if (!near(f.median_ms, rows[i].median) || !near(f.p95_ms, rows[i].p95) || !near(f.jitter_ms, rows[i].jitter) || !near(f.lost_percent, 0))
            fail_msg("row %zu: %g %g %g %g", i, f.median_ms, f.p95_ms, f.jitter_ms, f.lost_percent);
    }
}

static void test_losses(void **state)
{
    struct net_samples s = { 0 };
    (void)state;
    struct net_figures f = net_samples_figures(&s);
    assert_true(f.lost_percent < 0 && f.median_ms < 0);      /* nothing tried: nothing known */
    net_samples_add(&s, 0, false, 1000);
    net_samples_add(&s, 0, true, 1020000);                   /* connected, but the greeting was lost once */
    net_samples_add(&s, ETIMEDOUT, true, 3000000);
    net_samples_add(&s, ECONNREFUSED, false, 900);
    f = net_samples_figures(&s);
    assert_int_equal(s.attempts, 4);
    assert_int_equal(s.connected, 2);
    assert_int_equal(s.refused, 1);
    assert_int_equal(s.lost, 2);
    assert_int_equal(s.n, 1);
    assert_true(near(f.lost_percent, 50));
    assert_true(near(f.median_ms, 1));                       /* a repeated greeting's time is no round trip */
    for (int i = 0; i < 100; i++)
        net_samples_add(&s, 0, false, 5);
    assert_int_equal(s.n, NET_MAX_TRIES);
}

static void test_refused_is_not_lost(void **state)
{
    struct net_samples s = { 0 };
    (void)state;
    net_samples_add(&s, ECONNREFUSED, false, 10);
    net_samples_add(&s, ECONNRESET, false, 10);
    struct net_figures f = net_samples_figures(&s);
    assert_true(near(f.lost_percent, 0));
    assert_true(f.median_ms < 0);
    net_samples_add(&s, EHOSTUNREACH, false, 10);
    assert_int_equal(s.lost, 1);
}

static void test_ports(void **state)
{
    static const int never[] = { 104, 515, 631, 2575, 9100, 9101, 9104, 9107, 11112 }, allowed[] = { 0, 1, 80, 103, 105, 443, 514, 632, 9099, 9108, 11111, 11113, 65535 };
    (void)state;
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        assert_true(port_is_never_opened(never[i]));
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        assert_false(port_is_never_opened(allowed[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures), cmocka_unit_test(test_losses), cmocka_unit_test(test_refused_is_not_lost), cmocka_unit_test(test_ports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
