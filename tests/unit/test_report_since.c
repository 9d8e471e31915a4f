/* "What changed since the last report": since the last one that this reader was given, and of an earlier run. */
#include "lib/cmocka_all.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/front.h"
#include "report/request.h"
#include "report_stand.h"

/* A third run, two days after the second. The port that was slow in the first two is mended; in the second sw2 did not answer, in the third it does. */
static void third_run(struct stand *s)
{
    clock_set(s->f.now += 2 * DAY);
    begin(s, "visit-3", "");
    collect(s, true);
    judge(s);
}

static void hand_out(struct stand *s, int64_t run, const char *audience, const char *made_for, const char *format)
{
    struct disclosure d = { .run = run, .format = (char *)(uintptr_t)format, .audience = (char *)(uintptr_t)audience, .made_for = (char *)(uintptr_t)made_for };
    clock_set(s->f.now += 60);
    assert_int_equal(store_disclosure_put(s->f.s, &d), 0);
}

static struct report *report_to(struct stand *s, const char *audience, const char *made_for)
{
    struct report *r = load(s, false);
    const struct audience *a = audience ? audience_find(audience) : NULL;
    assert_int_equal(report_find_told(s->f.s, r, a, made_for), 0);
    report_compare(s->f.s, r);
    report_for(r, a, 0);
    return r;
}

/* Which run it is compared with; the first page's sentence begins as said. */
static int64_t since(struct stand *s, const char *audience, const char *made_for, const char *begins)
{
    struct report *r = report_to(s, audience, made_for);
    char *why = NULL;
    struct front *f = front_new(r, NULL, &why);
    assert_non_null(f);
    int64_t run = r->previous.id;
    if (strncmp(f->since, begins, strlen(begins)) != 0)
        fail_msg("'%s' does not begin with '%s'", f->since, begins);
    front_free(f);
    report_free(r);
    return run;
}

static void two_readers(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    int64_t first = s.previous, second = s.run;
    hand_out(&s, first, "committee", "A. Example", "html");
    hand_out(&s, second, "seller", "", "pdf");
    hand_out(&s, second, "committee", "", "svg");         /* a map tells of no changes */
    third_run(&s);
    assert_int_equal(since(&s, "committee", NULL, "Since the report of 20 Nov to the planning committee (html, of run 2): "), first);
    assert_int_equal(since(&s, "seller", NULL, "Since the report of 20 Nov to the seller (pdf, of run 3): "), second);
    assert_int_equal(since(&s, "it", NULL, "No report of an earlier run was handed out to IT. Since the run before, run 3 of 20 Nov: "), second);
    assert_int_equal(since(&s, NULL, NULL, "No report of an earlier run was handed out. Since the run before, run 3 of 20 Nov: "), second);
    /* of this run one is handed out already: the next is compared as that one was */
    hand_out(&s, s.run, "committee", "", "html");
    assert_int_equal(since(&s, "committee", NULL, "Since the report of 20 Nov to the planning committee (html, of run 2): "), first);
    /* what changed is what changed since then: in the second run sw1's uplink was mended, in the third it is slow again */
    struct report *r = report_to(&s, "committee", NULL), *other = report_to(&s, "seller", NULL);
    size_t regressed = 0;
    for (size_t i = 0; i < r->changes->n_findings; i++)
        assert_int_equal(r->changes->findings[i].change, CHANGE_STILL_FAILING);      /* the facts of the third are those of the first */
    for (size_t i = 0; i < other->changes->n_findings; i++)
        regressed += other->changes->findings[i].change == CHANGE_REGRESSED;
    assert_true(regressed > 0);
    report_free(r);
    report_free(other);
    stand_close(&s);
}

static void one_person_of_several(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    int64_t first = s.previous, second = s.run;
    hand_out(&s, first, "committee", "A. Example", "html");
    hand_out(&s, second, "committee", "B. Sample", "html");
    third_run(&s);
    assert_int_equal(since(&s, "committee", "A. Example", "Since the report of 20 Nov to the planning committee (html, of run 2): "), first);
    assert_int_equal(since(&s, "committee", "B. Sample", "Since the report of 20 Nov to the planning committee (html, of run 3): "), second);
    assert_int_equal(since(&s, "committee", "C. New", "Since the report of 20 Nov to the planning committee (html, of run 3): "), second);
    assert_int_equal(since(&s, "seller", "A. Example", "No report of an earlier run was handed out to the seller. "), second);
    stand_close(&s);
}

/* The first run has nothing before it; an old run is compared with what was before it, never with what came later. */
static void runs_of_the_past(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    int64_t first = s.previous, second = s.run;
    hand_out(&s, second, "committee", "", "html");
    s.run = first;
    assert_int_equal(since(&s, "committee", NULL, "This is the first run of this site: there is nothing to compare with."), 0);
    s.run = second;
    assert_int_equal(since(&s, "committee", NULL, "No report of an earlier run was handed out to the planning committee. Since the run before, run 2 of 18 Nov: "), first);
    stand_close(&s);
}

/* A refusal is news to whoever had the last report before it, and to nobody else. */
static void refused_since(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    hand_out(&s, s.previous, "committee", "", "html");
    struct request_step step = { .state = REQUEST_REFUSED, .on = s.f.now };
    struct site_request said = { .number = 1, .key = "data:sw2/snmp", .what = "sw2", .asked_of = "seller", .steps = &step, .n_steps = 1 };
    const struct site folder = { .requests = &said, .n_requests = 1 };
    clock_set(s.f.now += 2 * DAY);
    begin(&s, "visit-3", "");
    collect(&s, false);
    judge(&s);
    for (int k = 0; k < 2; k++) {
        struct report *r = report_to(&s, "committee", NULL);
        report_take_requests(r, &folder);
        char *why = NULL;
        struct front *f = front_new(r, NULL, &why);
        assert_int_equal(strstr(f->since, "; 1 answer was refused.") != NULL, k == 0);
        front_free(f);
        report_free(r);
        step.on -= 2 * DAY;              /* before that report */
    }
    stand_close(&s);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_readers), cmocka_unit_test(one_person_of_several), cmocka_unit_test(runs_of_the_past), cmocka_unit_test(refused_since),
    };
    return cmocka_run_group_tests_name("report_since", tests, NULL, NULL);
}
