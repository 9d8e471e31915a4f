/* Dates of work, worked by hand: effort over a role's capacity, lead times beside it, and what nobody can know. */
#include "lib/cmocka_all.h"

#include "base/clock.h"
#include "plan/plan.h"

#define DAY 86400
#define MORNING (36000)              /* as_of is 10 o'clock of day 0; dates count from midnight */

static struct capacity capacities[] = { { "it", 10 }, { "vendor", 5 }, { "none", 0 } };
static const struct site site = { .key = "riverside", .capacities = capacities, .n_capacities = 3 };

static void expect(const struct work *w, size_t n, int64_t low, int64_t high)
{
    int64_t out[2] = { 0, 0 };
    assert_true(plan_earliest(w, n, &site, MORNING, out));
    assert_int_equal(out[0], low * DAY);
    assert_int_equal(out[1], high * DAY);
}

static void expect_nobody_knows(const struct work *w, size_t n)
{
    int64_t out[2];
    assert_false(plan_earliest(w, n, &site, MORNING, out));
}

/* ten person-days a month are 0.3288 a day: 1 day of effort takes 3.04 calendar days, 3 take 9.125 */
static void one_owner(void **state)
{
    (void)state;
    const struct work none = { 0 }, effort = { "it", { 1, 3 }, { 0, 0 } }, order = { "it", { 0, 0 }, { 5, 20 } }, both = { "it", { 1, 3 }, { 5, 20 } };
    expect(&none, 0, 0, 0);
    expect(&effort, 1, 4, 10);
    expect(&order, 1, 5, 20);
    expect(&both, 1, 9, 30);         /* 5 + 3.04; 20 + 9.125 */
    /* one after the other: 2 x 3.04 is more than 5 + nothing; the high end waits for the longest order, then works 3 x 9.125 */
    const struct work three[] = { { "it", { 1, 3 }, { 0, 0 } }, { "it", { 1, 3 }, { 0, 10 } }, { "it", { 0, 3 }, { 5, 20 } } };
    expect(three, 3, 7, 48);
}

static void owners_work_beside_each_other(void **state)
{
    (void)state;
    /* the vendor's five a month: 1 day takes 6.08, 2 take 12.17 */
    const struct work w[] = { { "it", { 1, 3 }, { 0, 0 } }, { "vendor", { 1, 2 }, { 10, 45 } } };
    expect(w, 2, 17, 58);
    const struct work swapped[] = { w[1], w[0] };
    expect(swapped, 2, 17, 58);
}

static void unknown_capacity(void **state)
{
    (void)state;
    const struct work w[] = { { "it", { 1, 3 }, { 0, 0 } }, { "nobody", { 1, 2 }, { 0, 0 } }, { "none", { 1, 2 }, { 0, 0 } }, { NULL, { 1, 2 }, { 0, 0 } } };
    expect_nobody_knows(&w[1], 1);
    expect_nobody_knows(&w[2], 1);
    expect_nobody_knows(&w[3], 1);
    expect_nobody_knows(w, 2);
    /* what takes no effort needs no capacity: only its order takes time */
    const struct work order = { "nobody", { 0, 0 }, { 3, 7 } }, half = { "nobody", { 0, 2 }, { 3, 7 } };
    expect(&order, 1, 3, 7);
    expect_nobody_knows(&half, 1);
}

static void order_by(void **state)
{
    (void)state;
    const struct work both = { "it", { 1, 3 }, { 5, 20 } }, unknown = { "nobody", { 1, 3 }, { 5, 20 } }, nothing = { "it", { 0, 0 }, { 0, 0 } };
    assert_int_equal(plan_order_by(&both, &site, 100 * DAY), (100 - 30) * DAY);
    assert_int_equal(plan_order_by(&unknown, &site, 100 * DAY), (100 - 20) * DAY);       /* the order at least */
    assert_int_equal(plan_order_by(&nothing, &site, 100 * DAY), 100 * DAY);
    assert_int_equal(plan_order_by(&both, &site, 10 * DAY), (10 - 30) * DAY);            /* too late already: the past is told */
    assert_int_equal(plan_order_by(&both, &site, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(one_owner), cmocka_unit_test(owners_work_beside_each_other), cmocka_unit_test(unknown_capacity), cmocka_unit_test(order_by) };
    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
