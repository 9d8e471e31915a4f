/* Work items, sums, orders and dates from the results of a run, worked by hand. */
#include "lib/cmocka_all.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "plan/roadmap.h"

#define DAY 86400

static int64_t date(const char *text)
{
    int64_t t = 0;
    assert_true(date_parse(text, &t));
    return t;
}

static void expect_date(int64_t t, const char *text)
{
    char got[DATE_LEN];
    date_format(t, got);
    assert_string_equal(t ? got : "", text);
}

/* --- a run with everything: results as the store gives them --- */

static const char *depends_lan[] = { "NET-01" }, *depends_b[] = { "LOOP-B" }, *depends_a[] = { "LOOP-A" };
#define IT .owner = it, .has_effort = true
static const char it[] = "it-infrastructure", vendor[] = "vendor";
static struct check checks[] = {
    { .id = "ANS-01", .title = "Answers", .domain = "b", .severity = SEVERITY_HIGH, .gate = "connect", IT, .effort_days = { 1, 2 }, .cost = { 10, 20 }, .horizon = "now" },
    { .id = "LOOP-A", .title = "A", .domain = "b", .severity = SEVERITY_LOW, IT, .effort_days = { 1, 1 }, .horizon = "18-months", .depends = depends_b, .n_depends = 1 },
    { .id = "LOOP-B", .title = "B", .domain = "b", .severity = SEVERITY_LOW, IT, .effort_days = { 1, 1 }, .horizon = "18-months", .depends = depends_a, .n_depends = 1 },
    { .id = "NET-01", .title = "Inventory", .domain = "a", .severity = SEVERITY_LOW, IT, .effort_days = { 0.5, 1 }, .horizon = "6-months" },
    { .id = "NET-02", .title = "The line", .domain = "a", .severity = SEVERITY_CRITICAL, .gate = "connect", .owner = vendor, .co_owner = it, .has_effort = true, .effort_days = { 0, 0 }, .cost_yearly = { 1200, 2400.5 },
      .lead_days = { 45, 120 }, .cost_basis = "WAN", .horizon = "now", .depends = depends_lan, .n_depends = 1 },
    { .id = "SWT-01", .title = "Switch is old", .domain = "a", .severity = SEVERITY_MEDIUM, IT, .fix_group = "replace-switch", .effort_days = { 0.5, 1 }, .cost = { 800, 6000 }, .cost_basis = "SWA", .horizon = "6-months" },
    { .id = "SWT-02", .title = "Switch has no power", .domain = "a", .severity = SEVERITY_HIGH, .gate = "close", IT, .fix_group = "replace-switch", .effort_days = { 0.25, 1.5 }, .cost = { 900, 5000 },
      .lead_days = { 5, 10.5 }, .horizon = "now" },
    { .id = "WAI-01", .title = "Waived", .domain = "b", .severity = SEVERITY_MEDIUM, IT, .effort_days = { 1, 1 }, .cost = { 7, 7 }, .horizon = "now" },
};
static struct checklists lists = { .checks = checks, .n_checks = N_ELEMENTS(checks) };

#define TEXT(s) (char[]){ s }
static struct check_result results_of_checks[] = {
    { .check_id = TEXT("ANS-01"), .status = TEXT("unknown"), .n_unknown = 2, .target_counts = TEXT("[{\"t\":\"dc1\",\"p\":0,\"f\":0,\"u\":1,\"x\":true}]") },
    { .check_id = TEXT("LOOP-A"), .status = TEXT("fail"), .n_fail = 1, .target_counts = TEXT("[{\"t\":\"dc1\",\"p\":0,\"f\":1,\"u\":0,\"x\":false}]") },
    { .check_id = TEXT("LOOP-B"), .status = TEXT("fail"), .n_fail = 2, .target_counts = TEXT("[{\"t\":\"dc1\",\"p\":0,\"f\":2,\"u\":0,\"x\":false}]") },
    { .check_id = TEXT("NET-01"), .status = TEXT("fail"), .n_fail = 3, .target_counts = TEXT("[{\"t\":\"sw1\",\"p\":0,\"f\":2,\"u\":0,\"x\":false},{\"t\":\"sw2\",\"p\":4,\"f\":1,\"u\":0,\"x\":false}]") },
    { .check_id = TEXT("NET-02"), .status = TEXT("fail"), .n_fail = 1, .target_counts = TEXT("[{\"t\":\"fw1\",\"p\":0,\"f\":1,\"u\":0,\"x\":false}]") },
    { .check_id = TEXT("SWT-01"), .status = TEXT("fail"), .n_fail = 3, .n_unknown = 1,
      .target_counts = TEXT("[{\"t\":\"sw1\",\"p\":0,\"f\":1,\"u\":0,\"x\":false},{\"t\":\"sw2\",\"p\":0,\"f\":2,\"u\":0,\"x\":false},{\"t\":\"sw3\",\"p\":0,\"f\":0,\"u\":1,\"x\":false}]") },
    { .check_id = TEXT("SWT-02"), .status = TEXT("fail"), .n_fail = 1, .n_unknown = 1,
      .target_counts = TEXT("[{\"t\":\"sw1\",\"p\":0,\"f\":1,\"u\":0,\"x\":false},{\"t\":\"sw2\",\"p\":0,\"f\":0,\"u\":1,\"x\":false}]") },
    { .check_id = TEXT("WAI-01"), .status = TEXT("fail"), .n_fail = 2, .target_counts = TEXT("[{\"t\":\"dc1\",\"p\":0,\"f\":2,\"u\":0,\"x\":false}]") },
};
static struct finding findings[] = {
    { .check_id = TEXT("LOOP-A"), .target = TEXT("dc1"), .subject = TEXT("[\"x\"]"), .status = FINDING_FAIL, .severity = TEXT("low") },
    { .check_id = TEXT("NET-01"), .target = TEXT("sw1"), .subject = TEXT("[\"1\"]"), .status = FINDING_FAIL, .severity = TEXT("medium") },      /* graded */
    { .check_id = TEXT("WAI-01"), .target = TEXT("dc1"), .subject = TEXT("[\"x\"]"), .status = FINDING_FAIL, .severity = TEXT("medium") },
    { .check_id = TEXT("WAI-01"), .target = TEXT("dc1"), .subject = TEXT("[\"y\"]"), .status = FINDING_FAIL, .severity = TEXT("critical") },
};
static struct results results = { .checks = results_of_checks, .n_checks = N_ELEMENTS(results_of_checks), .findings = findings, .n_findings = N_ELEMENTS(findings) };

/* Thu 26 Nov 2026. it-infrastructure has 21 person-days a month: one on each weekday of November. */
static const char site_yaml[] =
    "preop: 1\nsite: riverside\nname: Riverside\nstage: diligence\ntimezone: UTC\n"
    "milestones: {close: 2026-12-15, connect: 2027-03-01}\n"
    "capacity: {it-infrastructure: 21}\nowners: {it-infrastructure: Network operations}\n";
static const char waivers_yaml[] = "- {check: WAI-01, target: dc1, subject: x, reason: r, accepted_by: a, role: r, date: 2026-11-01, expires: 2027-12-31}\n";

struct stand { struct site *site; struct work_set *w; struct roadmap *r; };

static void stand_open_with(struct stand *s, const char *decisions, const char *work, const char *const *done, size_t n_done)
{
    const struct site_file files[] = { { "site", "site.yaml", site_yaml, strlen(site_yaml) }, { "waivers", "waivers.yaml", waivers_yaml, strlen(waivers_yaml) },
                                       { "decisions", "decisions.yaml", decisions, strlen(decisions) }, { "work", "work.yaml", work, strlen(work) } };
    struct diags d = DIAGS_INIT;
    s->site = site_load_files(files, N_ELEMENTS(files), &d);
    diags_print(&d, stderr);
    diags_clear(&d);
    assert_non_null(s->site);
    s->w = work_make(s->site, &lists, &results, date("2026-11-26") + 36000);
    s->r = roadmap_make(s->w, date("2026-11-26") + 36000, done, n_done);
}

static void stand_open(struct stand *s)
{
    stand_open_with(s, "", "", NULL, 0);
}

static void stand_close(struct stand *s)
{
    roadmap_free(s->r);
    work_free(s->w);
    site_free(s->site);
}

static const struct work_item *item(const struct stand *s, const char *id, enum work_state state)
{
    for (size_t i = 0; i < s->w->n_items; i++)
        if (strcmp(s->w->items[i].id, id) == 0 && s->w->items[i].state == state)
            return &s->w->items[i];
    fail_msg("no item %s", id);
    return NULL;
}

static const struct roadmap_item *planned(const struct stand *s, const char *id)
{
    return roadmap_find(s->r, item(s, id, WORK_OPEN));
}

/* --- items --- */

static void expect_amounts(const struct amounts *a, int64_t cost_low, int64_t cost_high, int64_t effort_low, int64_t effort_high)
{
    assert_int_equal(a->cost[0], cost_low);
    assert_int_equal(a->cost[1], cost_high);
    assert_int_equal(a->effort[0], effort_low);
    assert_int_equal(a->effort[1], effort_high);
}

static void items(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s);
    const struct work_item *x = item(&s, "NET-01", WORK_OPEN);
    assert_int_equal(x->subjects, 3);
    assert_int_equal(x->n_targets, 2);
    assert_int_equal(x->severity, SEVERITY_MEDIUM);
    expect_amounts(&x->a, 0, 0, 1500, 3000);
    assert_string_equal(x->owner, "Network operations");
    assert_int_equal(x->gate, -1);
    /* one switch for both checks at sw1, as dear as the dearer, and wanted for close; sw2 only for the one that fails there, whatever is unknown of the other */
    x = item(&s, "replace-switch:close", WORK_OPEN);
    expect_amounts(&x->a, 90000, 600000, 500, 1500);
    assert_int_equal(x->subjects, 2);
    assert_int_equal(x->n_checks, 2);
    assert_string_equal(x->lead->id, "SWT-02");
    assert_string_equal(x->basis, "SWA");
    assert_int_equal(x->lead_days[0], 5);
    assert_int_equal(x->lead_days[1], 11);           /* whole days */
    assert_int_equal(x->horizon, HORIZON_NOW);
    x = item(&s, "replace-switch", WORK_OPEN);
    expect_amounts(&x->a, 80000, 600000, 500, 1000);
    assert_int_equal(x->n_targets, 1);
    assert_string_equal(x->targets[0], "sw2");
    x = item(&s, "replace-switch", WORK_UNKNOWN);    /* sw3; what may be at sw2 is paid for */
    assert_int_equal(x->n_targets, 1);
    assert_string_equal(x->targets[0], "sw3");
    x = item(&s, "NET-02", WORK_OPEN);
    assert_int_equal(x->a.yearly[1], 240050);
    assert_string_equal(x->owner, "vendor");
    assert_string_equal(x->role, "vendor");          /* whose capacity it takes */
    assert_string_equal(x->co_owner, "Network operations");
    assert_null(item(&s, "NET-01", WORK_OPEN)->co_owner);
    /* half of it is waived, and the gravest of it is not */
    assert_int_equal(item(&s, "WAI-01", WORK_WAIVED)->subjects, 1);
    assert_int_equal(item(&s, "WAI-01", WORK_WAIVED)->severity, SEVERITY_MEDIUM);
    assert_int_equal(item(&s, "WAI-01", WORK_OPEN)->subjects, 1);
    assert_int_equal(item(&s, "WAI-01", WORK_OPEN)->severity, SEVERITY_CRITICAL);
    assert_int_equal(item(&s, "ANS-01", WORK_UNKNOWN)->subjects, 2);
    stand_close(&s);
}

static void order(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s);
    /* close; connect, what it waits for first, as grave as it; then now, 6 months, 18 months. A before B though both wait for each other */
    static const char *const expected[] = { "replace-switch:close", "NET-01", "NET-02", "ANS-01", "WAI-01", "WAI-01", "replace-switch", "replace-switch", "LOOP-A", "LOOP-B" };
    assert_int_equal(s.w->n_items, N_ELEMENTS(expected));
    for (size_t i = 0; i < N_ELEMENTS(expected); i++)
        assert_string_equal(s.w->items[i].id, expected[i]);
    const struct work_item *line = item(&s, "NET-02", WORK_OPEN), *a = item(&s, "LOOP-A", WORK_OPEN), *b = item(&s, "LOOP-B", WORK_OPEN);
    assert_int_equal(line->n_after, 1);
    assert_string_equal(s.w->items[line->after[0]].id, "NET-01");
    assert_int_equal(a->n_after, 0);
    assert_int_equal(a->n_together, 1);
    assert_string_equal(s.w->items[a->together[0]].id, "LOOP-B");
    assert_int_equal(b->n_after, 1);
    stand_close(&s);
}

static void sums(void **state)
{
    (void)state;
    struct stand s;
    stand_open_with(&s, "- {decided: d, by: b, date: 2026-11-20, remedies: [{item: replace-switch, remedy: price}, {item: WAI-01, remedy: accept}]}\n"
                        "- {decided: d, by: b, date: 2026-11-21, remedies: [{item: \"replace-switch:close\", remedy: seller-fixes}]}\n", "", NULL, 0);
    struct work_sum *v = NULL;
    assert_int_equal(work_sums(s.w, BY_MILESTONE, &v), 3);
    assert_string_equal(v[0].key, "close");
    assert_string_equal(v[1].key, "connect");
    assert_string_equal(v[2].key, "");
    assert_int_equal(v[0].a.cost[1], 600000);
    assert_int_equal(v[1].a.yearly[0], 120000);
    assert_int_equal(v[2].a.cost[1], 600700);
    assert_int_equal(v[2].items, 5);
    assert_int_equal(work_sums(s.w, BY_REMEDY, &v), 4);
    assert_string_equal(v[0].key, "seller-fixes");
    assert_string_equal(v[1].key, "price");
    assert_string_equal(v[2].key, "accept");
    assert_string_equal(v[3].key, "undecided");
    assert_int_equal(v[1].a.cost[0], 80000);
    assert_int_equal(work_sums(s.w, BY_OWNER, &v), 3);
    assert_string_equal(v[1].key, "seller");         /* the switch at sw1 is the seller's now */
    assert_int_equal(work_sums(s.w, BY_DOMAIN, &v), 2);
    assert_int_equal(work_sums(s.w, BY_HORIZON, &v), 3);
    struct amounts open = work_total(s.w, WORK_OPEN), unknown = work_total(s.w, WORK_UNKNOWN), waived = work_total(s.w, WORK_WAIVED);
    expect_amounts(&open, 90000 + 80000 + 700, 600000 + 600000 + 700, 6500, 9500);
    expect_amounts(&unknown, 82000, 604000, 2500, 5000);
    expect_amounts(&waived, 700, 700, 1000, 1000);
    stand_close(&s);
}

/* --- dates --- */

static void dates(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s);
    /* the switch comes in 11 days, Mon 7 Dec: 913 thousandths a day, so 2 days; ordered today, it could be ordered until: 15 Dec less 2 days (Fri 11 was not enough: Mon 14 and
     * Fri 11 have 1826) less 11 */
    const struct roadmap_item *x = planned(&s, "replace-switch:close");
    expect_date(x->order_on, "2026-11-26");
    expect_date(x->start, "2026-12-07");
    expect_date(x->ready, "2026-12-09");
    expect_date(x->due, "2026-12-15");
    expect_date(x->order_by, "2026-11-30");
    assert_false(x->too_late || x->late);
    assert_null(x->takes);
    /* the inventory: Thu, Fri, Mon; due when the order of the line must have come */
    x = planned(&s, "NET-01");
    expect_date(x->start, "2026-11-26");
    expect_date(x->ready, "2026-12-01");
    expect_date(x->due, "2027-03-01");
    /* 120 days from today are past connect */
    x = planned(&s, "NET-02");
    expect_date(x->ready, "2027-03-26");
    expect_date(x->order_by, "2026-11-01");
    assert_true(x->too_late && x->late);
    assert_string_equal(x->takes, "connect on 2027-03-26 or later, or its order in less than 120 days");
    /* milestones */
    assert_int_equal(s.r->n_gates, 2);
    const struct roadmap_gate *g = &s.r->gates[0];
    expect_date(g->ready, "2026-12-09");
    expect_date(g->earliest[0], "2026-12-02");       /* 5 days, Tue 1 Dec: half a day */
    expect_date(g->earliest[1], "2026-12-09");
    assert_false(g->too_late);
    g = &s.r->gates[1];
    assert_int_equal(g->n_open, 2);
    assert_int_equal(g->n_unknown, 1);
    expect_date(g->earliest[0], "2027-01-10");       /* 45 days */
    expect_date(g->earliest[1], "2027-03-26");
    assert_true(g->too_late);
    /* what must be ordered soon, the latest first */
    size_t *late = NULL;
    assert_int_equal(roadmap_late(s.r, 14, &late), 2);
    assert_string_equal(s.r->items[late[0]].item->id, "NET-02");
    assert_string_equal(s.r->items[late[1]].item->id, "replace-switch:close");
    free(late);
    assert_int_equal(roadmap_late(s.r, 3, &late), 1);
    free(late);
    assert_string_equal(s.r->load[0].role, it);
    expect_date(s.r->load[0].month, "2026-11-01");
    assert_int_equal(s.r->load[0].used, 3000);
    assert_int_equal(s.r->load[0].capacity, 21000);
    stand_close(&s);
}

static void what_if(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s);
    assert_true(site_set_milestone(s.site, "connect", date("2027-04-01")));
    assert_false(site_set_milestone(s.site, "conect", date("2027-04-01")));
    site_set_capacity(s.site, it, 2.1);              /* 100 thousandths a day and less */
    site_set_capacity(s.site, vendor, 1);
    roadmap_free(s.r);
    work_free(s.w);
    s.w = work_make(s.site, &lists, &results, date("2026-11-26"));
    s.r = roadmap_make(s.w, date("2026-11-26"), NULL, 0);
    assert_false(planned(&s, "NET-02")->late);
    const struct roadmap_item *x = planned(&s, "replace-switch:close");
    assert_true(x->late && x->too_late);
    expect_date(x->ready, "2026-12-30");             /* from Mon 7 Dec: 91 or 92 thousandths a day, 1500: 17 weekdays */
    assert_string_equal(x->takes, "close on 2026-12-30 or later, or its order in less than 11 days");
    /* and where there is time for the order, hands */
    x = planned(&s, "WAI-01");
    assert_false(x->late);
    stand_close(&s);
}

static void people(void **state)
{
    (void)state;
    struct stand s;
    static const char *const done[] = { "replace-switch", "LOOP-A" };
    stand_open_with(&s, "- {decided: d, by: b, date: 2026-11-20, remedies: [{item: WAI-01, remedy: accept}, {item: LOOP-B, remedy: seller-fixes}]}\n",
                    "- {item: LOOP-B, due: 2027-02-03, owner: B. Sample, status: ordered, ticket: T-1}\n", done, N_ELEMENTS(done));
    assert_int_equal(planned(&s, "replace-switch")->state, ROADMAP_DONE);
    assert_int_equal(planned(&s, "replace-switch:close")->state, ROADMAP_DONE);
    assert_int_equal(planned(&s, "LOOP-A")->state, ROADMAP_DONE);
    assert_int_equal(planned(&s, "WAI-01")->state, ROADMAP_ACCEPTED);
    const struct roadmap_item *x = planned(&s, "LOOP-B");
    assert_int_equal(x->state, ROADMAP_PROMISED);
    expect_date(x->ready, "2027-02-03");
    assert_string_equal(x->item->owner, "B. Sample");
    assert_string_equal(x->item->note->ticket, "T-1");
    assert_int_equal(x->item->note->status, WORK_STATUS_ORDERED);
    assert_int_equal(s.r->gates[0].n_open, 0);
    assert_false(s.r->gates[0].has_earliest);
    stand_close(&s);
    stand_open_with(&s, "- {decided: d, by: b, date: 2026-11-20, remedies: [{item: \"replace-switch:close\", remedy: seller-fixes}]}\n", "", NULL, 0);
    x = planned(&s, "replace-switch:close");
    assert_int_equal(x->state, ROADMAP_NO_CAPACITY);
    assert_true(x->late);
    assert_string_equal(x->takes, "person-days per month (capacity.seller in site.yaml), or a due date for it in work.yaml");
    assert_false(s.r->gates[0].has_earliest);
    assert_string_equal(s.r->gates[0].why, "site.yaml has no capacity of seller, for replace-switch:close");
    assert_int_equal(s.r->gates[0].ready, 0);
    stand_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(items), cmocka_unit_test(order), cmocka_unit_test(sums), cmocka_unit_test(dates), cmocka_unit_test(what_if), cmocka_unit_test(people) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
