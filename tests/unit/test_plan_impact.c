/* Impact in figures: the worked example of a clinic of 12 providers and 48 staff to the digit, what is contained in what, and what stays words. */
#include "lib/cmocka_all.h"

#include <stdlib.h>

#include "plan/impact.h"

#define TEXT(s) (char[]){ s }
static struct impact_input delay[] = { { .name = "users", .of = "staff", .range = { 0.7, 0.9 }, .source = "concurrency" }, { .name = "minutes_per_user_day", .range = { 1, 5 } } };
static struct impact_input less[] = { { .name = "users", .range = { 3, 10 } }, { .name = "minutes_per_user_day", .range = { 1, 5 } } };
static struct impact_input outage[] = { { .name = "scope", .range = { 1, 1 } }, { .name = "hours", .range = { 2, 16 } } };
static struct impact_input lockout[] = { { .name = "accounts", .of = "subjects" }, { .name = "hours", .range = { 0.5, 4 } } };
static struct impact_input amount[] = { { .name = "amount_year", .column = "price" } };
static struct check checks[] = {
    { .id = "AMT-01", .domain = "a", .impact = { IMPACT_AMOUNT, "unused", amount, 1 } },
    { .id = "NET-LAN-03", .domain = "a", .impact = { IMPACT_DELAY, "wan", less, 2 } },
    { .id = "NET-WAN-01", .domain = "a", .impact = { IMPACT_DELAY, "wan", delay, 2 } },
    { .id = "PWR-SPOF-01", .domain = "a", .impact = { IMPACT_OUTAGE, "firewall", outage, 2 } },
    { .id = "XID-UPN-01", .domain = "a", .impact = { IMPACT_LOCKOUT, "identity-day1", lockout, 2 } },
    { .id = "XYZ-01", .domain = "a" },
};
static struct checklists lists = { .checks = checks, .n_checks = N_ELEMENTS(checks) };
#define FAILS(n) TEXT("[{\"t\":\"x\",\"p\":0,\"f\":" #n ",\"u\":0,\"x\":false}]")
static struct check_result rows[] = {
    { .check_id = TEXT("AMT-01"), .status = TEXT("fail"), .target_counts = FAILS(2) }, { .check_id = TEXT("NET-LAN-03"), .status = TEXT("fail"), .target_counts = FAILS(1) },
    { .check_id = TEXT("NET-WAN-01"), .status = TEXT("fail"), .target_counts = FAILS(1) }, { .check_id = TEXT("PWR-SPOF-01"), .status = TEXT("fail"), .target_counts = FAILS(1) },
    { .check_id = TEXT("XID-UPN-01"), .status = TEXT("fail"), .target_counts = FAILS(9) }, { .check_id = TEXT("XYZ-01"), .status = TEXT("fail"), .target_counts = FAILS(9) },
};
static struct finding findings[] = {
    { .check_id = TEXT("AMT-01"), .target = TEXT("x"), .subject = TEXT("[1]"), .status = FINDING_FAIL, .method = TEXT("document"), .evidence = TEXT("{\"price\": 1200}") },
    { .check_id = TEXT("AMT-01"), .target = TEXT("x"), .subject = TEXT("[2]"), .status = FINDING_FAIL, .method = TEXT("document"), .evidence = TEXT("{\"price\": 800.5}") },
};
static struct results results = { .checks = rows, .n_checks = N_ELEMENTS(rows), .findings = findings, .n_findings = N_ELEMENTS(findings) };

struct stand { struct site *site; struct work_set *w; struct impact *i; };

static void stand_open(struct stand *s, const char *more)
{
    char *yaml = xasprintf("preop: 1\nsite: riverside\nname: R\nstage: diligence\ntimezone: UTC\n%s", more);
    const struct site_file files[] = { { "site", "site.yaml", yaml, strlen(yaml) } };
    struct diags d = DIAGS_INIT;
    s->site = site_load_files(files, 1, &d);
    diags_print(&d, stderr);
    diags_clear(&d);
    assert_non_null(s->site);
    s->w = work_make(s->site, &lists, &results, 1);
    s->i = impact_make(s->w, &results);
    free(yaml);
}

static void stand_close(struct stand *s)
{
    impact_free(s->i);
    work_free(s->w);
    site_free(s->site);
}

static const char profile[] = "profile: {currency: USD, providers: 12, staff: 48, visits_per_day: 210, revenue_per_visit: 145, staff_hour_cost: 38}\n";

static const struct impact_figure *figure(const struct stand *s, const char *id, size_t k)
{
    for (size_t i = 0; i < s->i->n_items; i++)
        if (strcmp(s->i->items[i].check->id, id) == 0)
            return &s->i->items[i].figures[k];
    fail_msg("no impact of %s", id);
    return NULL;
}

static void expect(const struct impact_figure *f, int low, int high, enum impact_class how)
{
    assert_true(f->known);
    assert_int_equal((int)impact_round(f->range[0]), low);
    assert_int_equal((int)impact_round(f->range[1]), high);
    assert_int_equal(f->how, how);
}

static void counts(const double range[2], double low, double high)
{
    for (int end = 0; end < 2; end++) {
        double want = end ? high : low, got = impact_round(range[end]);
        assert_true(got > want - 1e-9 && got < want + 1e-9);
    }
}

static void rounding(void **state)
{
    (void)state;
    static const double cases[][2] = { { 4952, 5000 }, { 35403, 35000 }, { 171, 170 }, { 1368, 1400 }, { 99.6, 100 }, { 0.12345, 0.12 }, { 1250, 1300 }, { 1249, 1200 }, { 9, 9 }, { 0, 0 }, { 995, 1000 } };
    for (size_t i = 0; i < N_ELEMENTS(cases); i++)
        assert_true(impact_round(cases[i][0]) > cases[i][1] - 1e-9 && impact_round(cases[i][0]) < cases[i][1] + 1e-9);
}

static void worked_example(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s, profile);
    const struct impact_figure *f = figure(&s, "NET-WAN-01", 0);
    expect(f, 5000, 35000, CLASS_D);                     /* 34 x 1 / 60 x 38 x 230; 43 x 5 / 60 x 38 x 260 */
    assert_true(f->values[0].range[0] > 33.9 && f->values[0].range[0] < 34.1 && f->values[0].range[1] > 42.9 && f->values[0].range[1] < 43.1);
    assert_int_equal(f->values[0].how, CLASS_C);
    counts(f->amount, 130, 930);                         /* hours: 34 x 1 / 60 x 230; 43 x 5 / 60 x 260 */
    assert_string_equal(f->values[1].key, "impact.NET-WAN-01.minutes_per_user_day");
    assert_string_equal(f->narrow, "impact.NET-WAN-01.minutes_per_user_day");
    assert_int_equal(f->per, PER_YEAR);
    assert_null(f->contained_in);
    f = figure(&s, "PWR-SPOF-01", 0);
    expect(f, 230, 37000, CLASS_D);
    assert_int_equal(f->kind, IMPACT_VISITS);
    counts(f->amount, 5.3, 250);                         /* visits: 26.25 x 2 x 0.1; 26.25 x 16 x 0.6 */
    expect(figure(&s, "PWR-SPOF-01", 1), 3600, 29000, CLASS_D);
    expect(figure(&s, "XID-UPN-01", 0), 170, 1400, CLASS_D);
    expect(figure(&s, "AMT-01", 0), 800, 1200, CLASS_B);
    /* the same cause: the larger counts */
    assert_string_equal(figure(&s, "NET-LAN-03", 0)->contained_in, "NET-WAN-01");
    const struct impact_sum *sum = &s.i->sums[IMPACT_STAFF_TIME][PER_YEAR];
    assert_true(sum->any);
    assert_int_equal((int)impact_round(sum->range[1]), 35000);
    counts(sum->amount, 130, 930);
    assert_int_equal((int)impact_round(s.i->sums[IMPACT_VISITS][PER_EVENT].range[1]), 37000);
    assert_false(s.i->sums[IMPACT_VISITS][PER_YEAR].any);
    assert_int_equal(s.i->n_items, 5);
    stand_close(&s);
}

static void the_site_knows(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s, "profile: {staff: 48, staff_hour_cost: [30, 40], clinic_days_per_year: 250}\n"
                   "impact: {NET-WAN-01: {minutes_per_user_day: [2, 3], users: 40}, PWR-SPOF-01: {hours: 1}}\n");
    expect(figure(&s, "NET-WAN-01", 0), 10000, 20000, CLASS_B);      /* 40 x 2 / 60 x 30 x 250; 40 x 3 / 60 x 40 x 250 */
    const struct impact_figure *f = figure(&s, "PWR-SPOF-01", 0);
    assert_false(f->known);
    assert_string_equal(f->missing, "profile.visits_per_day");
    expect(figure(&s, "PWR-SPOF-01", 1), 1400, 1900, CLASS_D);
    stand_close(&s);
    stand_open(&s, "");
    assert_false(figure(&s, "NET-WAN-01", 0)->known);
    assert_string_equal(figure(&s, "NET-WAN-01", 0)->missing, "profile.staff");
    assert_false(s.i->sums[IMPACT_STAFF_TIME][PER_YEAR].any);
    stand_close(&s);
}

/* Who lacks a price has hours and visits, and which of them is larger does not hang on it. */
static void without_prices(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s, "profile: {staff: 48, visits_per_day: 210}\n");
    const struct impact_figure *f = figure(&s, "NET-WAN-01", 0);
    assert_true(f->counted);
    assert_false(f->known);
    assert_string_equal(f->missing, "profile.staff_hour_cost");
    assert_string_equal(f->narrow, "impact.NET-WAN-01.minutes_per_user_day");
    assert_int_equal(f->how, CLASS_D);
    counts(f->amount, 130, 930);
    assert_string_equal(figure(&s, "NET-LAN-03", 0)->contained_in, "NET-WAN-01");
    f = figure(&s, "PWR-SPOF-01", 0);
    assert_string_equal(f->missing, "profile.revenue_per_visit");
    counts(f->amount, 5.3, 250);
    const struct impact_sum *sum = &s.i->sums[IMPACT_STAFF_TIME][PER_YEAR];
    assert_true(sum->counted && !sum->any);
    assert_int_equal(sum->causes, 1);
    counts(sum->amount, 130, 930);
    stand_close(&s);
}

static bool rests_on(const struct impact_figure *f, const char *key)
{
    for (size_t i = 0; i < f->n_values; i++)
        if (f->values[i].key && strcmp(f->values[i].key, key) == 0)
            return true;
    return false;
}

static void money_is_taken_out(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s, profile);
    const struct impact_figure *visits = figure(&s, "PWR-SPOF-01", 0), *time = figure(&s, "PWR-SPOF-01", 1), *cash = figure(&s, "AMT-01", 0);
    assert_true(rests_on(visits, "profile.revenue_per_visit") && rests_on(visits, "profile.contribution_share"));
    impact_hide_money(s.i, IMPACT_VISITS);
    assert_true(visits->counted && !visits->known && !visits->missing);
    counts(visits->amount, 5.3, 250);
    counts(visits->range, 0, 0);
    assert_false(rests_on(visits, "profile.revenue_per_visit") || rests_on(visits, "profile.contribution_share"));
    assert_true(rests_on(visits, "profile.visits_per_day"));
    assert_string_equal(visits->narrow, "impact.PWR-SPOF-01.hours");
    expect(time, 3600, 29000, CLASS_D);
    expect(cash, 800, 1200, CLASS_B);
    assert_true(s.i->sums[IMPACT_VISITS][PER_EVENT].counted && !s.i->sums[IMPACT_VISITS][PER_EVENT].any);
    impact_hide_money(s.i, IMPACT_CASH);
    assert_false(cash->counted || cash->known || cash->n_values);
    assert_false(s.i->sums[IMPACT_CASH][PER_YEAR].counted);
    impact_hide_money(s.i, IMPACT_STAFF_TIME);
    assert_true(time->counted && !time->known && !rests_on(time, "profile.staff_hour_cost"));
    stand_close(&s);
}

/* Wanted before day 1: half of the staff's users and one in five log-ins; what comes later, or says nothing of visits, is not in it. */
static void visits_of_day1(void **state)
{
    (void)state;
    struct stand s;
    checks[0].gate = "day-1";                            /* AMT-01: no visits */
    checks[2].gate = "connect";                          /* NET-WAN-01: 34 to 43 of 48 */
    checks[3].gate = "day-100";                          /* PWR-SPOF-01 */
    checks[4].gate = "day-1";                            /* XID-UPN-01: 9 of 48 */
    stand_open(&s, "milestones: {connect: 2027-02-01, day-1: 2027-02-01, day-100: 2027-05-01}\nprofile: {staff: 48, visits_per_day: [180, 240]}\n");
    const struct impact_day1 *d = &s.i->day1;
    assert_int_equal(d->n_shares, 3);
    assert_string_equal(d->shares[0].check->id, "AMT-01");
    assert_false(d->shares[0].known);
    assert_int_equal(d->n_failing, 3);
    assert_int_equal(d->n_without, 1);
    assert_true(d->counted);
    counts(d->exposed, 130, 240);                        /* 34 / 48 x 180; all: 43 / 48 + 9 / 48 is more than 1 */
    assert_true(d->not_excluded <= 0);
    stand_close(&s);
    /* two of them unknown: the largest of the rest, and the bound with them beside */
    rows[2].target_counts = TEXT("[{\"t\":\"x\",\"p\":0,\"f\":0,\"u\":1,\"x\":false}]");
    rows[2].n_unknown = 1;
    stand_open(&s, "milestones: {day-1: 2027-02-01}\nprofile: {staff: [40, 48], visits_per_day: 200}\n");
    d = &s.i->day1;
    counts(d->exposed, 38, 45);                          /* 9 / 48 and 9 / 40 of 200 */
    counts((double[]){ 0, d->not_excluded }, 0, 200);
    assert_true(d->shares[1].unknown && d->shares[1].known);
    stand_close(&s);
    stand_open(&s, "milestones: {day-1: 2027-02-01}\nprofile: {staff: 48}\n");
    assert_false(s.i->day1.counted);
    assert_string_equal(s.i->day1.missing, "profile.visits_per_day");
    stand_close(&s);
    stand_open(&s, "milestones: {day-1: 2027-02-01}\nprofile: {visits_per_day: 210}\n");
    assert_false(s.i->day1.counted || s.i->day1.missing);
    assert_string_equal(s.i->day1.shares[2].missing, "profile.staff");
    stand_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(rounding), cmocka_unit_test(worked_example), cmocka_unit_test(the_site_knows), cmocka_unit_test(without_prices),
                                        cmocka_unit_test(money_is_taken_out), cmocka_unit_test(visits_of_day1) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
