/* What was known on a day: three runs two days apart, the last of which brings a paper that is older than all of them. */
#include "lib/cmocka_all.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/lookback.h"
#include "report_stand.h"

struct days { int64_t first, second, third; };

static const struct fx_how old_paper = { .probe = "file", .method = METHOD_DOCUMENT, .days_old = 6 };
static const char decisions[] =
    "- {decided: go on, by: Board, date: 2020-01-02, conditions: [{text: a second line, owner: A. Sample, due: 2020-02-01}]}\n";

static int64_t day_begin(int64_t t)
{
    return t / DAY * DAY;
}

static struct days three_runs(struct stand *s)
{
    struct days d;
    two_runs(s);
    d.second = day_begin(s->f.now);
    d.first = d.second - 2 * DAY;
    clock_set(s->f.now += 2 * DAY);
    d.third = day_begin(s->f.now);
    site_free(s->site);
    struct diags diags = DIAGS_INIT;
    const struct site_file files[] = { { "site", "site.yaml", stand_site_yaml, strlen(stand_site_yaml) }, { "decisions", "decisions.yaml", decisions, strlen(decisions) } };
    s->site = site_load_files(files, 2, &diags);
    assert_non_null(s->site);
    diags_clear(&diags);
    begin(s, "visit-3", "");
    collect(s, false);
    fx_collect(&s->f, "sw2", "interfaces", &old_paper, "name=P7 admin_up=1 speed_mbps=10 duplex=full alias=x");
    judge(s);
    return d;
}

static struct lookback *look(struct stand *s, int64_t day, const char *domain, const char *target)
{
    struct lookback *l = NULL;
    char *why = NULL;
    if (lookback_make(s->f.s, "riverside", day, domain, target, &l, &why) != 0)
        fail_msg("%s", why ? why : "no lookback");
    free(why);
    return l;
}

static const struct look_finding *find(const struct look_finding *v, size_t n, const char *check, const char *target, const char *subject)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].check->def->id, check) == 0 && strcmp(v[i].f->target, target) == 0 && strstr(v[i].f->subject, subject))
            return &v[i];
    return NULL;
}

static bool has_gap(const struct lookback *l, const char *target, const char *table)
{
    for (size_t i = 0; i < l->n_gaps; i++)
        if (strcmp(l->gaps[i].target, target) == 0 && strcmp(l->gaps[i].table, table) == 0)
            return true;
    return false;
}

static void test_the_first_day(void **state)
{
    struct stand s;
    (void)state;
    struct days d = three_runs(&s);
    struct lookback *l = look(&s, d.first, NULL, NULL);
    assert_string_equal(l->then->run.label, "visit-1");
    assert_string_equal(l->now->run.label, "visit-3");
    const struct look_finding *uplink = find(l->open, l->n_open, "NET-01", "sw1", "P1"), *annex = find(l->open, l->n_open, "NET-01", "sw1", "P2");
    assert_non_null(uplink);
    assert_string_equal(uplink->owner, "Network operations");
    assert_true(strcmp(uplink->now, "pass") == 0 || strcmp(uplink->now, "no longer open") == 0);
    assert_non_null(annex);
    assert_string_equal(annex->now, "fail");
    /* nobody was ever let to the scanner; the switch that is silent today had answered then */
    assert_true(has_gap(l, "mri", "interfaces"));
    assert_false(has_gap(l, "sw2", "interfaces"));
    /* the paper was six days old in the third run: two days older than the first */
    assert_int_equal(l->n_late, 1);
    assert_string_equal(l->late[0].check, "NET-01");
    assert_string_equal(l->late[0].target, "sw2");
    assert_non_null(strstr(l->late[0].subject, "P7"));
    assert_int_equal(l->late[0].run, l->now->run.id);
    assert_true(l->late[0].observed_at <= l->moment && l->late[0].received_at > l->moment);
    assert_null(find(l->open, l->n_open, "NET-01", "sw2", "P7"));
    lookback_free(l);
    stand_close(&s);
    clock_set(-1);
}

static void test_files_as_they_were(void **state)
{
    struct stand s;
    (void)state;
    struct days d = three_runs(&s);
    struct lookback *l = look(&s, d.second, NULL, NULL);
    assert_string_equal(l->then->run.label, "visit-2");
    /* the waivers stand as the second run pinned them, though the third has none; the decision is dated before, and was written down after */
    const struct look_finding *half = find(l->open, l->n_open, "NET-02", "sw1", "P3");
    assert_non_null(half);
    assert_non_null(half->waiver);
    assert_string_equal(half->waiver->id, "W-1");
    assert_int_equal(l->n_waivers, 3);
    assert_false(l->waivers[0].at.later);
    assert_int_equal(l->n_decisions, 1);
    assert_true(l->decisions[0].at.later);
    lookback_free(l);
    l = look(&s, d.third, NULL, NULL);
    assert_false(l->decisions[0].at.later);
    /* taken out of the folder since: they cover nothing that day, and are not forgotten */
    assert_int_equal(l->n_waivers, 3);
    for (size_t i = 0; i < l->n_waivers; i++) {
        assert_false(l->waivers[i].at.held || l->waivers[i].at.later || l->waivers[i].live);
        assert_string_equal(l->waivers[i].at.now, "gone");
    }
    assert_int_equal(l->n_late, 0);
    assert_int_equal(l->n_since, 0);
    lookback_free(l);
    stand_close(&s);
    clock_set(-1);
}

static void test_narrowed(void **state)
{
    struct stand s;
    (void)state;
    struct days d = three_runs(&s);
    struct lookback *l = look(&s, d.first, "hosts", NULL);
    assert_non_null(find(l->open, l->n_open, "HST-01", "ehr", ""));
    assert_null(find(l->open, l->n_open, "NET-01", "sw1", "P1"));
    assert_int_equal(l->n_late, 0);
    lookback_free(l);
    l = look(&s, d.first, NULL, "sw1");
    assert_non_null(find(l->open, l->n_open, "NET-01", "sw1", "P1"));
    assert_null(find(l->open, l->n_open, "HST-01", "ehr", ""));
    assert_false(has_gap(l, "mri", "interfaces"));
    lookback_free(l);
    stand_close(&s);
    clock_set(-1);
}

static void test_before_the_first_run(void **state)
{
    struct stand s;
    char *text = NULL;
    size_t len = 0;
    (void)state;
    struct days d = three_runs(&s);
    struct lookback *l = look(&s, d.first - DAY, NULL, NULL);
    assert_null(l->then);
    assert_int_equal(l->n_open, 0);
    assert_int_equal(l->n_late, 1);
    FILE *f = open_memstream(&text, &len);
    lookback_json(l, f);
    fclose(f);
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    assert_true(json_is_null(json_object_get(j, "run")));
    assert_int_equal(json_array_size(json_object_get(j, "received_later")), 1);
    json_decref(j);
    free(text);
    lookback_free(l);
    stand_close(&s);
    clock_set(-1);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_day),
        cmocka_unit_test(test_files_as_they_were),
        cmocka_unit_test(test_narrowed),
        cmocka_unit_test(test_before_the_first_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
