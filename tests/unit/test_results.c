/* From verdicts to what the store keeps: the history of findings over three runs, gates with and without dates, waivers beside the bounds, costs. */
#include "lib/cmocka_all.h"

#include <stdlib.h>

#include "checklist/score.h"

#define DAY 86400

/* --- verdicts by hand --- */

struct told { const char *target, *subject; enum verdict v; bool uncollected; };

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct target_verdicts *target_for(struct check_verdicts *c, const char *name)
{
    for (size_t i = 0; i < c->n_targets; i++)
        if (strcmp(c->targets[i].target, name) == 0)
            return &c->targets[i];
    c->targets[c->n_targets] = (struct target_verdicts){ .target = arena_strdup(arena, name), .criticality = 1, .method = METHOD_MEASURED, .seen = true };
    return &c->targets[c->n_targets++];
}

/* The verdicts of one check; nothing told: it did not apply. */
static struct check_verdicts verdicts(const struct check *def, const struct told *v, size_t n)
{
    struct check_verdicts c = { .check = def, .applicable = n > 0 };
    c.targets = arena_array(arena, n + 1, sizeof(*c.targets));
    c.subjects = arena_array(arena, n + 1, sizeof(*c.subjects));
    for (size_t i = 0; i < n; i++) {
        struct target_verdicts *t = target_for(&c, v[i].target);
        c.subjects[c.n_subjects++] = (struct subject_verdict){ .target = t->target, .subject = arena_strdup(arena, v[i].subject), .verdict = v[i].v, .severity = def->severity,
                                                               .uncollected = v[i].uncollected, .seen = !v[i].uncollected, .method = METHOD_MEASURED };
        if (v[i].uncollected)
            t->uncollected = true;
        else
            *(v[i].v == VERDICT_PASS ? &t->n_pass : v[i].v == VERDICT_FAIL ? &t->n_fail : &t->n_unknown) += 1;
    }
    return c;
}

static struct evaluation *evaluation_of(struct check_verdicts *checks, size_t n)
{
    struct evaluation *e = arena_alloc(arena, sizeof(*e));
    *e = (struct evaluation){ .arena = arena, .checks = checks, .n_checks = n };
    return e;
}

static const struct site no_site = { .key = "riverside" };

static void keep_run(struct check_verdicts *checks, size_t n, const struct results *prev, int number, struct results *out)
{
    struct run run = { .id = number, .started = number * (int64_t)DAY };
    (void)snprintf(run.uuid, sizeof(run.uuid), "run-%d", number);
    struct evaluation *e = evaluation_of(checks, n);
    struct score *s = score_evaluation(e, NULL, &no_site, run.started);
    score_results(e, s, prev, &run, out);
    score_free(s);
}

static const struct finding *finding_of(const struct results *r, const char *check, const char *target, const char *subject)
{
    for (size_t i = 0; i < r->n_findings; i++)
        if (strcmp(r->findings[i].check_id, check) == 0 && strcmp(r->findings[i].target, target) == 0 && strcmp(r->findings[i].subject, subject) == 0)
            return &r->findings[i];
    return NULL;
}

static void expect(const struct results *r, const char *check, const char *target, const char *subject, enum finding_status status, bool gone, int since)
{
    const struct finding *f = finding_of(r, check, target, subject);
    char uuid[16];
    if (!f)
        fail_msg("%s: no finding at %s %s", check, target, subject);
    (void)snprintf(uuid, sizeof(uuid), "run-%d", since);
    assert_int_equal(f->status, status);
    assert_int_equal(f->gone, gone);
    assert_int_equal(f->since, since * (int64_t)DAY);
    assert_string_equal(f->since_run_uuid, uuid);
}

/* --- history --- */

static const struct check port = { .id = "NET-1", .title = "Ports", .domain = "network", .severity = SEVERITY_HIGH };

#define SW1(subject, v) { "sw1", "[\"" subject "\"]", v, false }

static void three_runs(void **state)
{
    (void)state;
    struct told first[] = { SW1("a", VERDICT_FAIL), SW1("b", VERDICT_FAIL), SW1("c", VERDICT_UNKNOWN), SW1("d", VERDICT_FAIL), SW1("e", VERDICT_PASS) };
    struct told second[] = { SW1("a", VERDICT_FAIL), SW1("b", VERDICT_PASS), SW1("c", VERDICT_FAIL), SW1("e", VERDICT_FAIL) };       /* d was taken out */
    struct told third[] = { SW1("a", VERDICT_FAIL), SW1("b", VERDICT_FAIL), SW1("c", VERDICT_FAIL), SW1("d", VERDICT_FAIL), SW1("e", VERDICT_UNKNOWN) };
    struct check_verdicts v1 = verdicts(&port, first, 5), v2 = verdicts(&port, second, 4), v3 = verdicts(&port, third, 5);
    struct results r1, r2, r3;
    keep_run(&v1, 1, NULL, 1, &r1);
    keep_run(&v2, 1, &r1, 2, &r2);
    keep_run(&v3, 1, &r2, 3, &r3);
    assert_int_equal(r1.n_findings, 4);      /* what passed and was never otherwise needs no row */
    expect(&r1, "NET-1", "sw1", "[\"a\"]", FINDING_FAIL, false, 1);
    assert_int_equal(r2.n_findings, 5);
    expect(&r2, "NET-1", "sw1", "[\"a\"]", FINDING_FAIL, false, 1);
    expect(&r2, "NET-1", "sw1", "[\"b\"]", FINDING_PASS, false, 2);
    expect(&r2, "NET-1", "sw1", "[\"c\"]", FINDING_FAIL, false, 2);
    expect(&r2, "NET-1", "sw1", "[\"d\"]", FINDING_PASS, true, 2);
    expect(&r2, "NET-1", "sw1", "[\"e\"]", FINDING_FAIL, false, 2);
    expect(&r3, "NET-1", "sw1", "[\"a\"]", FINDING_FAIL, false, 1);
    expect(&r3, "NET-1", "sw1", "[\"b\"]", FINDING_FAIL, false, 3);      /* failed, passed, fails: a new series */
    expect(&r3, "NET-1", "sw1", "[\"c\"]", FINDING_FAIL, false, 2);
    expect(&r3, "NET-1", "sw1", "[\"d\"]", FINDING_FAIL, false, 3);      /* gone and back */
    expect(&r3, "NET-1", "sw1", "[\"e\"]", FINDING_UNKNOWN, false, 3);
    assert_int_equal(r3.n_findings, 5);
    results_clear(&r1);
    results_clear(&r2);
    results_clear(&r3);
}

/* What could not be looked at has not gone: neither at a target that did not answer nor under a check that erred. */
static void unseen_is_not_gone(void **state)
{
    (void)state;
    struct told before[] = { SW1("a", VERDICT_FAIL), { "sw2", "[\"a\"]", VERDICT_FAIL, false }, { "sw3", "(not collected: interfaces)", VERDICT_UNKNOWN, true } };
    struct told blind[] = { { "sw1", "(not collected: interfaces)", VERDICT_UNKNOWN, true }, { "sw2", "[\"b\"]", VERDICT_PASS, false }, { "sw3", "[\"b\"]", VERDICT_PASS, false } };
    struct check_verdicts v1 = verdicts(&port, before, 3), v2 = verdicts(&port, blind, 3), v3 = { .check = &port, .erred = true, .error = arena_strdup(arena, "no such column") };
    struct results r1, r2, r3;
    keep_run(&v1, 1, NULL, 1, &r1);
    keep_run(&v2, 1, &r1, 2, &r2);
    keep_run(&v3, 1, &r1, 2, &r3);
    assert_null(finding_of(&r2, "NET-1", "sw1", "[\"a\"]"));
    expect(&r2, "NET-1", "sw1", "(not collected: interfaces)", FINDING_UNKNOWN, false, 2);
    expect(&r2, "NET-1", "sw2", "[\"a\"]", FINDING_PASS, true, 2);
    expect(&r2, "NET-1", "sw3", "(not collected: interfaces)", FINDING_PASS, true, 2);
    assert_string_equal(finding_of(&r2, "NET-1", "sw3", "(not collected: interfaces)")->reason, "known now");
    for (size_t i = 0; i < r3.n_findings; i++)
        assert_false(r3.findings[i].gone);
    results_clear(&r1);
    results_clear(&r2);
    results_clear(&r3);
}

static void a_renamed_check_keeps_its_history(void **state)
{
    (void)state;
    const char *was[] = { "NET-1" };
    const struct check renamed = { .id = "NET-PORT-01", .title = "Ports", .domain = "network", .severity = SEVERITY_HIGH, .was = was, .n_was = 1 };
    struct told before[] = { SW1("a", VERDICT_FAIL), SW1("b", VERDICT_FAIL) }, after[] = { SW1("a", VERDICT_FAIL) };
    struct check_verdicts v1 = verdicts(&port, before, 2), v2 = verdicts(&renamed, after, 1);
    struct results r1, r2;
    keep_run(&v1, 1, NULL, 1, &r1);
    keep_run(&v2, 1, &r1, 2, &r2);
    assert_int_equal(r2.n_findings, 2);
    expect(&r2, "NET-PORT-01", "sw1", "[\"a\"]", FINDING_FAIL, false, 1);
    expect(&r2, "NET-PORT-01", "sw1", "[\"b\"]", FINDING_PASS, true, 2);
    results_clear(&r1);
    results_clear(&r2);
}

/* --- gates --- */

static const struct gate_score *gate(const struct score *s, const char *milestone)
{
    for (size_t i = 0; i < s->n_gates; i++)
        if (strcmp(s->gates[i].milestone, milestone) == 0)
            return &s->gates[i];
    fail_msg("no gate %s", milestone);
    return NULL;
}

/* A check that gates a milestone without a date stands where design.md has it: before what comes after, and counts there too. */
static void undated_milestones(void **state)
{
    (void)state;
    struct milestone m[] = { { "sign", 10 * DAY, true }, { "day-1", 40 * DAY, true } };
    const struct site site = { .key = "riverside", .milestones = m, .n_milestones = 2 };
    const struct check a = { .id = "A", .domain = "d", .severity = SEVERITY_LOW, .gate = "sign" }, b = { .id = "B", .domain = "d", .severity = SEVERITY_LOW, .gate = "connect" };
    const struct check c = { .id = "C", .domain = "d", .severity = SEVERITY_LOW, .gate = "our-own" }, d = { .id = "D", .domain = "d", .severity = SEVERITY_LOW };
    struct told pass[] = { SW1("a", VERDICT_PASS) }, fails[] = { SW1("a", VERDICT_FAIL) }, unknown[] = { SW1("a", VERDICT_UNKNOWN) };
    struct check_verdicts v[] = { verdicts(&a, pass, 1), verdicts(&b, fails, 1), verdicts(&c, unknown, 1), verdicts(&d, fails, 1) };
    struct score *s = score_evaluation(evaluation_of(v, 4), NULL, &site, 0);
    const char *order[] = { "sign", "connect", "day-1", "our-own" };
    assert_int_equal(s->n_gates, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(s->gates[i].milestone, order[i]);
    assert_string_equal(gate(s, "sign")->verdict, "GO");
    assert_string_equal(gate(s, "connect")->verdict, "NO-GO");
    assert_int_equal(gate(s, "connect")->date, 0);
    assert_string_equal(gate(s, "day-1")->verdict, "NO-GO");         /* what blocked earlier blocks still */
    assert_int_equal(gate(s, "day-1")->n_blockers, 1);
    assert_string_equal(gate(s, "day-1")->blockers[0], "B");
    assert_int_equal(gate(s, "our-own")->n_unproven, 1);
    score_free(s);
}

static void nothing_gated_proves_nothing(void **state)
{
    (void)state;
    struct milestone m[] = { { "sign", 10 * DAY, true } };
    const struct site site = { .key = "riverside", .milestones = m, .n_milestones = 1 };
    const struct check a = { .id = "A", .domain = "d", .severity = SEVERITY_LOW }, b = { .id = "B", .domain = "d", .severity = SEVERITY_LOW, .gate = "sign" };
    struct told pass[] = { SW1("a", VERDICT_PASS) };
    struct check_verdicts v[] = { verdicts(&a, pass, 1), verdicts(&b, NULL, 0) };
    struct score *s = score_evaluation(evaluation_of(v, 2), NULL, &site, 0);
    assert_string_equal(gate(s, "sign")->verdict, "UNPROVEN");
    assert_int_equal(s->b.low, SCORE_ONE);
    score_free(s);
}

/* --- waivers --- */

static void waivers_live_and_expired(void **state)
{
    (void)state;
    struct milestone m[] = { { "sign", 10 * DAY, true } };
    struct waiver w = { .id = "W1", .check = "A", .target = "sw1", .subject = "b", .expires = 5 * DAY };
    const struct site site = { .key = "riverside", .milestones = m, .n_milestones = 1, .waivers = &w, .n_waivers = 1 };
    const struct check a = { .id = "A", .domain = "d", .severity = SEVERITY_LOW, .gate = "sign" }, b = { .id = "B", .domain = "d", .severity = SEVERITY_LOW, .gate = "sign" };
    struct told one[] = { SW1("a", VERDICT_PASS), SW1("b", VERDICT_FAIL) }, pass[] = { SW1("a", VERDICT_PASS) };
    struct check_verdicts v[] = { verdicts(&a, one, 2), verdicts(&b, pass, 1) };
    struct score *live = score_evaluation(evaluation_of(v, 2), NULL, &site, 4 * DAY), *late = score_evaluation(evaluation_of(v, 2), NULL, &site, 6 * DAY);
    assert_string_equal(gate(live, "sign")->verdict, "CONDITIONAL");
    assert_int_equal(live->b.low, SCORE_ONE * 3 / 4);
    assert_int_equal(live->b.high, SCORE_ONE * 3 / 4);       /* no bound is changed by a waiver */
    assert_int_equal(live->adjusted.low, SCORE_ONE);
    assert_false(live->any_open);
    assert_string_equal(gate(late, "sign")->verdict, "NO-GO");
    assert_int_equal(late->adjusted.low, late->b.low);
    assert_true(late->any_open);
    score_free(live);
    score_free(late);
}

/* --- money --- */

/* What one fix answers is priced once at a target, at the dearest; what is unknown is priced apart, and never where the fix is priced already. */
static void costs(void **state)
{
    (void)state;
    const struct check plain = { .id = "A", .domain = "d", .severity = SEVERITY_LOW, .cost = { 10, 20 }, .cost_yearly = { 1, 2 }, .effort_days = { 0.5, 1 } };
    const struct check swap1 = { .id = "B", .domain = "d", .severity = SEVERITY_LOW, .fix_group = "replace-switch", .cost = { 100, 300 }, .effort_days = { 1, 2 } };
    const struct check swap2 = { .id = "C", .domain = "d", .severity = SEVERITY_LOW, .fix_group = "replace-switch", .cost = { 150, 200 }, .effort_days = { 1, 3 } };
    struct told two_ports[] = { SW1("a", VERDICT_FAIL), SW1("b", VERDICT_FAIL), SW1("c", VERDICT_UNKNOWN) };
    struct told switches[] = { SW1("a", VERDICT_FAIL), { "sw2", "[\"a\"]", VERDICT_UNKNOWN, false }, { "sw3", "(not collected: interfaces)", VERDICT_UNKNOWN, true } };
    struct told again[] = { SW1("x", VERDICT_UNKNOWN), { "sw2", "[\"a\"]", VERDICT_FAIL, false } };
    struct check_verdicts v[] = { verdicts(&plain, two_ports, 3), verdicts(&swap1, switches, 3), verdicts(&swap2, again, 2), { .check = &plain, .erred = true } };
    struct score *s = score_evaluation(evaluation_of(v, 4), NULL, &no_site, 0);
    assert_true(s->open.once[0] == 2 * 10 + 100 + 150);      /* sw1 for B, sw2 for C */
    assert_true(s->open.once[1] == 2 * 20 + 300 + 200);
    assert_true(s->open.yearly[1] == 2 * 2);
    assert_true(s->open.effort_days[1] == 2 * 1 + 2 + 3);
    assert_true(s->unknown_cost == 20 + 300 + 20);           /* port c, sw3, and the check that erred */
    assert_true(s->waived.once[1] == 0 && s->waived.effort_days[1] == 0);
    score_free(s);

    /* what is waived is beside what is open; a fix that an open finding asks for too is open, and one that only waived findings ask for is no unknown one any more */
    struct waiver w[] = { { .id = "W1", .check = "A", .target = "sw1", .subject = "b", .expires = 5 * DAY }, { .id = "W2", .check = "B", .target = "sw1", .expires = 5 * DAY } };
    const struct site site = { .key = "riverside", .waivers = w, .n_waivers = 2 };
    s = score_evaluation(evaluation_of(v, 4), NULL, &site, 4 * DAY);
    assert_true(s->open.once[0] == 10 + 150 && s->open.once[1] == 20 + 200);
    assert_true(s->open.yearly[1] == 2 && s->open.effort_days[1] == 1 + 3);
    assert_true(s->waived.once[0] == 10 + 100 && s->waived.once[1] == 20 + 300);
    assert_true(s->waived.yearly[1] == 2 && s->waived.effort_days[1] == 1 + 2);
    assert_true(s->unknown_cost == 20 + 300 + 20);
    score_free(s);
    s = score_evaluation(evaluation_of(v, 4), NULL, &site, 6 * DAY);
    assert_true(s->open.once[1] == 2 * 20 + 300 + 200 && s->waived.once[1] == 0);
    score_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(three_runs, begin, end), cmocka_unit_test_setup_teardown(unseen_is_not_gone, begin, end),
        cmocka_unit_test_setup_teardown(a_renamed_check_keeps_its_history, begin, end), cmocka_unit_test_setup_teardown(undated_milestones, begin, end),
        cmocka_unit_test_setup_teardown(nothing_gated_proves_nothing, begin, end), cmocka_unit_test_setup_teardown(waivers_live_and_expired, begin, end),
        cmocka_unit_test_setup_teardown(costs, begin, end),
    };
    return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
