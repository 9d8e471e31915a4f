/* Work placed into days: small cases worked by hand, and ten thousand generated ones in which no dependency, month or lead time may be broken. */
#include "lib/cmocka_all.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "plan/schedule.h"

static int64_t date(const char *text)
{
    int64_t t = 0;
    assert_true(date_parse(text, &t));
    return day_of(t);
}

static void expect_date(int64_t day, const char *text)
{
    char got[DATE_LEN];
    date_format(day * DAY_S, got);
    assert_string_equal(got, text);
}

/* --- days --- */

static void days(void **state)
{
    (void)state;
    assert_int_equal(day_of(0), 0);
    assert_int_equal(day_of(-1), -1);
    assert_int_equal(day_of(86399), 0);
    expect_date(day_monday(date("2026-11-26")), "2026-11-23");
    expect_date(day_monday(date("2026-11-23")), "2026-11-23");
    expect_date(day_month(date("2028-02-29")), "2028-02-01");
    expect_date(day_add_months(date("2026-11-30"), 3), "2027-02-28");
    expect_date(day_add_months(date("2026-11-26"), 18), "2028-05-26");
    expect_date(day_add_months(date("2026-12-31"), 2), "2027-02-28");
    expect_date(day_add_months(date("2027-12-31"), 2), "2028-02-29");
}

/* Every month of two hundred years sums to its capacity, weekends have none, and no weekday is far from its share. */
static void capacity(void **state)
{
    (void)state;
    static const int64_t sizes[] = { 1, 999, 12000, 10500, 100000000 };
    for (size_t c = 0; c < N_ELEMENTS(sizes); c++) {
        int64_t sum = 0;
        for (int64_t day = date("1900-01-01"); day < date("2100-01-01"); day++) {
            int64_t now = day_capacity(sizes[c], day);
            if (day == day_month(day) && day != date("1900-01-01")) {
                assert_int_equal(sum, sizes[c]);
                sum = 0;
            }
            if (day - day_monday(day) >= 5)
                assert_int_equal(now, 0);
            else
                assert_in_range(now, sizes[c] / 23, sizes[c] / 20 + 1);
            sum += now;
        }
    }
    /* November 2026 has 21 weekdays: floor(12000*1/21) = 571, then floor(12000*2/21) - 571 = 571, ... the last has 12000 - 11428 = 572 */
    assert_int_equal(day_capacity(12000, date("2026-11-02")), 571);
    assert_int_equal(day_capacity(12000, date("2026-11-04")), 572);
    assert_int_equal(day_capacity(12000, date("2026-11-30")), 572);
}

/* --- small cases: Thu 26 Nov 2026; role 0 has 21 days a month (1 on each November weekday), role 1 has 10.5 (a half) --- */

static const int64_t roles[] = { 21000, 10500 };

static void one(const struct job *j, enum slot_state state, const char *start, const char *ready)
{
    struct schedule s;
    schedule_place(date("2026-11-26"), roles, 2, j, 1, &s);
    assert_int_equal(s.slots[0].state, state);
    if (start) {
        expect_date(s.slots[0].start, start);
        expect_date(s.slots[0].ready, ready);
        expect_date(s.slots[0].order_on + j->lead, start);
    }
    schedule_clear(&s);
}

static void single(void **state)
{
    (void)state;
    one(&(struct job){ .role = 0, .effort = 1000 }, SLOT_PLACED, "2026-11-26", "2026-11-27");
    one(&(struct job){ .role = 0, .effort = 1001 }, SLOT_PLACED, "2026-11-26", "2026-11-28");
    one(&(struct job){ .role = 0, .effort = 3000 }, SLOT_PLACED, "2026-11-26", "2026-12-01");        /* over the weekend */
    one(&(struct job){ .role = 1, .effort = 1000 }, SLOT_PLACED, "2026-11-26", "2026-11-28");
    one(&(struct job){ .role = 0, .effort = 500, .lead = 2 }, SLOT_PLACED, "2026-11-30", "2026-12-01");      /* comes on Saturday */
    one(&(struct job){ .role = 0, .lead = 2 }, SLOT_PLACED, "2026-11-28", "2026-11-28");                /* nothing but the order */
    one(&(struct job){ .role = -1 }, SLOT_PLACED, "2026-11-26", "2026-11-26");
    one(&(struct job){ .role = -1, .effort = 1 }, SLOT_NO_CAPACITY, NULL, NULL);
    one(&(struct job){ .role = -1, .effort = 1, .promised = date("2026-12-24") }, SLOT_PROMISED, "2026-12-24", "2026-12-24");
    one(&(struct job){ .role = -1, .effort = 1, .promised = date("2026-12-24"), .lead = 40 }, SLOT_PROMISED, "2027-01-05", "2027-01-05");
    one(&(struct job){ .role = -1, .effort = 1, .promised = date("2026-11-25") }, SLOT_NO_CAPACITY, NULL, NULL);
    one(&(struct job){ .role = 0, .effort = 21000 * 121 }, SLOT_TOO_FAR, NULL, NULL);
}

/* The more important takes the days; the other fills what is left, also before it. */
static void beside_each_other(void **state)
{
    (void)state;
    const size_t first[] = { 0 };
    const struct job jobs[] = {
        { .role = 0, .effort = 2000, .lead = 5, .due = 0 },          /* comes Tue 1 Dec */
        { .role = 0, .effort = 2500 },                               /* Thu, Fri, half of Mon */
        { .role = 1, .effort = 500, .after = first, .n_after = 1 },
        { .role = -1, .effort = 1 },
        { .role = 0, .effort = 1, .after = (const size_t[]){ 3 }, .n_after = 1 },
    };
    struct schedule s;
    schedule_place(date("2026-11-26"), roles, 2, jobs, N_ELEMENTS(jobs), &s);
    expect_date(s.slots[0].start, "2026-12-01");
    expect_date(s.slots[0].order_on, "2026-11-26");
    expect_date(s.slots[0].ready, "2026-12-04");                     /* December has 23 weekdays: 913 a day, so 3 */
    expect_date(s.slots[1].start, "2026-11-26");
    expect_date(s.slots[1].ready, "2026-12-01");
    expect_date(s.slots[2].start, "2026-12-04");                     /* not on the day on which the other is still at it */
    assert_int_equal(s.slots[4].state, SLOT_WAITS);
    schedule_clear(&s);
}

static void latest(void **state)
{
    (void)state;
    const struct job jobs[] = {
        { .role = 1, .effort = 1000, .lead = 3 },                    /* needed by the second: due when that begins */
        { .role = 0, .effort = 2000, .lead = 20, .due = date("2026-12-01"), .after = (const size_t[]){ 0 }, .n_after = 1 },
        { .role = 0, .effort = 2000, .due = date("2026-12-01") },
        { .role = -1, .effort = 2000, .lead = 4, .due = date("2026-12-01") },
    };
    struct schedule s;
    schedule_place(date("2026-11-26"), roles, 2, jobs, N_ELEMENTS(jobs), &s);
    expect_date(s.slots[1].latest_start, "2026-11-27");              /* Fri and Mon */
    expect_date(s.slots[1].order_by, "2026-11-07");
    expect_date(s.slots[0].due, "2026-11-27");
    expect_date(s.slots[0].latest_start, "2026-11-25");
    expect_date(s.slots[0].order_by, "2026-11-22");
    expect_date(s.slots[3].order_by, "2026-11-27");                  /* the order at least */
    assert_int_equal(s.slots[2].missing, 0);                         /* Thu, Fri, Mon: room for 3 days, and it is the first there */
    expect_date(s.slots[2].ready, "2026-11-28");
    expect_date(s.slots[1].start, "2026-12-16");
    assert_int_equal(s.slots[1].missing, 2000);
    schedule_clear(&s);
}

static void bound(void **state)
{
    (void)state;
    const size_t first[] = { 0 };
    const struct job chain[] = { { .role = 0, .effort = 1000, .lead = 1 }, { .role = 1, .effort = 500, .lead = 3, .after = first, .n_after = 1 } };
    expect_date(schedule_bound(date("2026-11-26"), roles, 2, chain, 2), "2026-12-01");
    /* three days of one role's hands, whatever their order: Thu, Fri, Mon */
    const struct job hands[] = { { .role = 0, .effort = 1000, .lead = 3 }, { .role = 0, .effort = 1500 }, { .role = 0, .effort = 500 } };
    expect_date(schedule_bound(date("2026-11-26"), roles, 2, hands, 3), "2026-12-01");
    const struct job nobody[] = { { .role = -1, .effort = 1 } };
    assert_int_equal(schedule_bound(date("2026-11-26"), roles, 2, nobody, 1), -1);
    expect_date(schedule_bound(date("2026-11-26"), roles, 2, NULL, 0), "2026-11-26");
}

/* --- generated cases --- */

#define N_CASES 10000
#define MAX_JOBS 24
#define MAX_ROLES 4

static uint64_t dice_state = 20261126;
static int64_t dice(int64_t n)                                       /* 0 .. n-1 */
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (int64_t)(dice_state % (uint64_t)n);
}

struct world { int64_t day0, per_month[MAX_ROLES]; size_t n_roles, n; struct job jobs[MAX_JOBS]; size_t after[MAX_JOBS][MAX_JOBS]; };

static void generate(struct world *w)
{
    *w = (struct world){ .day0 = date("2026-01-01") + dice(1500), .n_roles = (size_t)(1 + dice(MAX_ROLES)), .n = (size_t)dice(MAX_JOBS + 1) };
    for (size_t r = 0; r < w->n_roles; r++)
        w->per_month[r] = 1 + dice(dice(2) ? 1000 : 25000);
    for (size_t i = 0; i < w->n; i++) {
        struct job *j = &w->jobs[i];
        *j = (struct job){ .role = (int)dice((int64_t)w->n_roles), .effort = dice(4) ? dice(9000) : 0, .lead = dice(3) ? dice(120) : 0, .after = w->after[i] };
        j->due = dice(2) ? w->day0 - 30 + dice(300) : 0;
        if (dice(12) == 0)
            j->role = -1;
        if (dice(3) == 0)
            j->promised = w->day0 - 20 + dice(200);
        for (size_t k = 0; k < i; k++)
            if (dice((int64_t)i + 2) == 0)
                w->after[i][j->n_after++] = k;
    }
}

static void keeps_what_it_promises(const struct world *w, const struct schedule *s)
{
    int64_t done[MAX_JOBS] = { 0 };
    for (size_t k = 0; k < s->n_pieces; k++) {
        const struct piece *p = &s->pieces[k];
        const struct slot *at = &s->slots[p->job];
        assert_true(p->effort > 0 && at->state == SLOT_PLACED);
        assert_true(p->day >= at->start && p->day < at->ready && p->day >= w->day0);
        done[p->job] += p->effort;
    }
    for (size_t i = 0; i < w->n; i++) {
        const struct job *j = &w->jobs[i];
        const struct slot *at = &s->slots[i];
        bool dated = at->state <= SLOT_PROMISED;
        assert_int_equal(done[i], at->state == SLOT_PLACED ? j->effort : 0);
        if (at->due)
            assert_true(at->order_by == at->latest_start - j->lead && at->latest_start <= at->due && (!j->due || at->due <= j->due));
        if (!dated)
            continue;
        assert_true(at->order_on >= w->day0 && at->start == at->order_on + j->lead && at->ready >= at->start);
        for (size_t k = 0; k < j->n_after; k++) {
            assert_true(s->slots[j->after[k]].state <= SLOT_PROMISED);
            assert_true(s->slots[j->after[k]].ready <= at->start);
        }
    }
}

/* Per role and calendar month, and per day: counted anew from the pieces alone. */
static void keeps_capacity(const struct world *w, const struct schedule *s)
{
    static int64_t day_used[SCHEDULE_DAYS], month_used[SCHEDULE_DAYS + 31];
    for (size_t r = 0; r < w->n_roles; r++) {
        for (size_t k = 0; k < s->n_pieces; k++)
            if (w->jobs[s->pieces[k].job].role == (int)r) {
                day_used[s->pieces[k].day - w->day0] += s->pieces[k].effort;
                month_used[day_month(s->pieces[k].day) - w->day0 + 31] += s->pieces[k].effort;
            }
        for (size_t k = 0; k < s->n_pieces; k++) {
            int64_t day = s->pieces[k].day;
            assert_true(day_used[day - w->day0] <= day_capacity(w->per_month[r], day) || w->jobs[s->pieces[k].job].role != (int)r);
            assert_true(month_used[day_month(day) - w->day0 + 31] <= w->per_month[r]);
        }
        for (size_t k = 0; k < s->n_pieces; k++) {
            day_used[s->pieces[k].day - w->day0] = 0;
            month_used[day_month(s->pieces[k].day) - w->day0 + 31] = 0;
        }
    }
}

/* Nothing is placed before the bound, whatever its order; and less to do never raises the bound. */
static void keeps_the_bound(const struct world *w, const struct schedule *s)
{
    int64_t low = schedule_bound(w->day0, w->per_month, w->n_roles, w->jobs, w->n), last = w->day0;
    struct world less = *w;
    for (size_t i = 0; i < w->n; i++) {
        last = s->slots[i].state <= SLOT_PROMISED && last >= 0 ? (s->slots[i].ready > last ? s->slots[i].ready : last) : -1;
        less.jobs[i].effort -= less.jobs[i].effort > 0 ? dice(less.jobs[i].effort) : 0;
        less.jobs[i].lead -= less.jobs[i].lead > 0 ? dice(less.jobs[i].lead) : 0;
    }
    if (last < 0)
        return;
    assert_true(low >= w->day0 && low <= last);
    int64_t lower = schedule_bound(w->day0, w->per_month, w->n_roles, less.jobs, w->n);
    assert_true(lower >= w->day0 && lower <= low);
}

static void generated(void **state)
{
    (void)state;
    static struct world w;
    size_t n_pieces = 0, n_late = 0, n_after = 0;
    for (int i = 0; i < N_CASES; i++) {
        struct schedule s, again;
        generate(&w);
        schedule_place(w.day0, w.per_month, w.n_roles, w.jobs, w.n, &s);
        keeps_what_it_promises(&w, &s);
        keeps_capacity(&w, &s);
        keeps_the_bound(&w, &s);
        if (i % 100 == 0) {
            schedule_place(w.day0, w.per_month, w.n_roles, w.jobs, w.n, &again);
            assert_int_equal(again.n_pieces, s.n_pieces);
            for (size_t k = 0; k < s.n; k++)
                assert_true(again.slots[k].state == s.slots[k].state && again.slots[k].ready == s.slots[k].ready && again.slots[k].order_by == s.slots[k].order_by);
            schedule_clear(&again);
        }
        n_pieces += s.n_pieces;
        for (size_t k = 0; k < s.n; k++) {
            n_late += s.slots[k].missing > 0;
            n_after += w.jobs[k].n_after;
        }
        schedule_clear(&s);
    }
    /* the cases are such that something can go wrong in them */
    assert_true(n_pieces > 1000000 && n_late > 10000 && n_after > 50000);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(days), cmocka_unit_test(capacity), cmocka_unit_test(single), cmocka_unit_test(beside_each_other),
                                        cmocka_unit_test(latest), cmocka_unit_test(bound), cmocka_unit_test(generated) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
