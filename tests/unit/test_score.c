/* The arithmetic's promises (engine.md section 5), over 10,000 made-up sites: bounds hold whatever is measured later, order is irrelevant, parts add up. */
#include "lib/cmocka_all.h"

#include <inttypes.h>
#include <stdlib.h>

#include "checklist/compare.h"
#include "checklist/score.h"

#define CASES 10000
#define MAX_CHECKS 7
#define MAX_TARGETS 6
#define MAX_SUBJECTS 5

/* --- a made-up site --- */

static uint64_t seed;
static uint32_t pick(uint32_t n)
{
    seed += 0x9e3779b97f4a7c15ULL;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % n;
}

enum cell_kind { NO_SUBJECT, JUDGED, UNCOLLECTED };
struct cell { enum cell_kind kind; int n; struct { int id; enum verdict v; } s[MAX_SUBJECTS]; enum method method; };
struct model_check { bool present, not_applicable, erred; enum severity severity; int domain; bool gate; struct cell cell[MAX_TARGETS]; };
struct model { struct model_check check[MAX_CHECKS]; int criticality[MAX_TARGETS]; bool target[MAX_TARGETS]; };

static const char *const domain_ids[] = { "hosts", "identity", "network" };
static const char *const target_ids[MAX_TARGETS] = { "dc1", "fw1", "pc1", "pc2", "sw1", "sw2" };
static const char *const check_ids[MAX_CHECKS] = { "A-1", "B-2", "C-3", "D-4", "E-5", "F-6", "G-7" };
static const char *const subject_ids[MAX_SUBJECTS] = { "[\"a\"]", "[\"b\"]", "[\"c\"]", "[\"d\"]", "[\"e\"]" };

static void make_cell(struct cell *c)
{
    c->kind = pick(5) == 0 ? UNCOLLECTED : pick(4) == 0 ? NO_SUBJECT : JUDGED;
    c->method = (enum method)pick(METHOD_COUNT);
    c->n = c->kind == NO_SUBJECT ? 0 : (int)pick(MAX_SUBJECTS + 1);
    if (c->kind == JUDGED && c->n == 0)
        c->n = 1;
    int first = (int)pick(MAX_SUBJECTS);
    for (int i = 0; i < c->n; i++) {
        c->s[i].id = (first + i) % MAX_SUBJECTS;
        c->s[i].v = (enum verdict)pick(3);
    }
}

static void make_model(struct model *m)
{
    memset(m, 0, sizeof(*m));
    for (int t = 0; t < MAX_TARGETS; t++) {
        m->criticality[t] = 1 + (int)pick(3);
        m->target[t] = pick(5) != 0;
    }
    for (int k = 0; k < MAX_CHECKS; k++) {
        struct model_check *c = &m->check[k];
        c->present = pick(5) != 0;
        c->not_applicable = pick(6) == 0;
        c->erred = pick(12) == 0;
        c->severity = (enum severity)pick(SEVERITY_COUNT);
        c->domain = (int)pick(3);
        c->gate = pick(3) == 0;
        for (int t = 0; t < MAX_TARGETS; t++)
            make_cell(&c->cell[t]);
    }
}

/* --- as an evaluation --- */

static struct check_verdicts build_check(struct arena *a, const struct model *m, int k, const int *order)
{
    const struct model_check *mc = &m->check[k];
    struct check *def = arena_alloc(a, sizeof(*def));
    *def = (struct check){ .id = check_ids[k], .title = check_ids[k], .domain = domain_ids[mc->domain], .severity = mc->severity, .gate = mc->gate ? "close" : NULL };
    struct check_verdicts c = { .check = def, .erred = mc->erred };
    if (mc->erred)
        return c;
    c.targets = arena_array(a, MAX_TARGETS, sizeof(*c.targets));
    c.subjects = arena_array(a, MAX_TARGETS * (MAX_SUBJECTS + 1), sizeof(*c.subjects));
    for (int i = 0; i < MAX_TARGETS && !mc->not_applicable; i++) {
        int t = order[i];
        const struct cell *cell = &mc->cell[t];
        if (!m->target[t] || cell->kind == NO_SUBJECT)
            continue;
        struct target_verdicts *tv = &c.targets[c.n_targets++];
        *tv = (struct target_verdicts){ .target = arena_strdup(a, target_ids[t]), .criticality = m->criticality[t], .uncollected = cell->kind == UNCOLLECTED,
                                        .method = cell->method, .seen = cell->kind == JUDGED };
        for (int j = 0; j < cell->n; j++) {
            enum verdict v = cell->s[j].v;
            *(v == VERDICT_PASS ? &tv->n_pass : v == VERDICT_FAIL ? &tv->n_fail : &tv->n_unknown) += 1;
            c.subjects[c.n_subjects++] = (struct subject_verdict){ .target = tv->target, .subject = arena_strdup(a, subject_ids[cell->s[j].id]), .verdict = v, .severity = mc->severity };
        }
        if (tv->uncollected)
            c.subjects[c.n_subjects++] = (struct subject_verdict){ .target = tv->target, .subject = arena_strdup(a, "(not collected: x)"), .verdict = VERDICT_UNKNOWN, .uncollected = true };
    }
    c.applicable = c.n_targets > 0;
    return c;
}

static const int in_order[] = { 0, 1, 2, 3, 4, 5, 6 };

static struct evaluation *build(const struct model *m, const int *check_order, const int *target_order)
{
    struct arena *a = arena_new();
    struct evaluation *e = arena_alloc(a, sizeof(*e));
    e->arena = a;
    e->checks = arena_array(a, MAX_CHECKS, sizeof(*e->checks));
    for (int i = 0; i < MAX_CHECKS; i++)
        if (m->check[check_order[i]].present)
            e->checks[e->n_checks++] = build_check(a, m, check_order[i], target_order);
    return e;
}

static struct milestone close_only[] = { { .name = "close", .date = 1000 } };
static struct site plain_site = { .milestones = close_only, .n_milestones = 1 };

static struct bounds known(struct bounds b)
{
    return b.low == SCORE_NONE ? (struct bounds){ 0, SCORE_ONE } : b;
}

static struct bounds model_bounds(const struct model *m)
{
    struct evaluation *e = build(m, in_order, in_order);
    struct score *s = score_evaluation(e, NULL, &plain_site, 0);
    struct bounds b = s->b;
    score_free(s);
    arena_free(e->arena);
    return b;
}

static void assert_same(struct bounds a, struct bounds b)
{
    assert_int_equal(a.low, b.low);
    assert_int_equal(a.high, b.high);
}

static void shuffle(int *v, int n)
{
    for (int i = 0; i < n; i++)
        v[i] = i;
    for (int i = n - 1; i > 0; i--) {
        int j = (int)pick((uint32_t)i + 1), x = v[i];
        v[i] = v[j];
        v[j] = x;
    }
}

/* --- properties --- */

static void check_parts(const struct bounds b, const struct seen seen)
{
    if (b.low == SCORE_NONE)
        return;
    assert_in_range((uintmax_t)b.low, 0, SCORE_ONE);
    assert_true(b.low <= b.high && b.high <= SCORE_ONE);
    assert_true(seen.measured >= 0 && seen.documents >= 0 && seen.told >= 0);
    assert_int_equal(seen.measured + seen.documents + seen.told, SCORE_ONE - (b.high - b.low));
}

static void bounds_are_bounds(void **state)
{
    (void)state;
    seed = 1;
    for (int i = 0; i < CASES; i++) {
        struct model m;
        make_model(&m);
        struct evaluation *e = build(&m, in_order, in_order);
        struct score *s = score_evaluation(e, NULL, &plain_site, 0);
        check_parts(s->b, s->seen);
        for (size_t d = 0; d < s->n_domains; d++)
            check_parts(s->domains[d].b, s->domains[d].seen);
        for (size_t k = 0; k < e->n_checks; k++)
            check_parts(s->checks[k].b, s->checks[k].seen);
        score_free(s);
        arena_free(e->arena);
    }
}

static void order_is_irrelevant(void **state)
{
    (void)state;
    seed = 2;
    for (int i = 0; i < CASES; i++) {
        struct model m;
        int checks[MAX_CHECKS], targets[MAX_TARGETS];
        make_model(&m);
        shuffle(checks, MAX_CHECKS);
        shuffle(targets, MAX_TARGETS);
        struct evaluation *e = build(&m, checks, targets);
        struct score *s = score_evaluation(e, NULL, &plain_site, 0);
        assert_same(s->b, model_bounds(&m));
        score_free(s);
        arena_free(e->arena);
    }
}

static void not_applicable_changes_nothing(void **state)
{
    (void)state;
    seed = 3;
    for (int i = 0; i < CASES; i++) {
        struct model m;
        make_model(&m);
        int k = (int)pick(MAX_CHECKS);
        m.check[k].erred = false;
        m.check[k].not_applicable = true;
        m.check[k].present = false;
        struct bounds without = model_bounds(&m);
        m.check[k].present = true;
        assert_same(without, model_bounds(&m));
    }
}

/* One random subject that was judged; NULL when the site has none. */
static enum verdict *some_verdict(struct model *m, enum verdict wanted)
{
    for (int tries = 0; tries < 60; tries++) {
        struct model_check *c = &m->check[pick(MAX_CHECKS)];
        struct cell *cell = &c->cell[pick(MAX_TARGETS)];
        if (cell->n == 0)
            continue;
        enum verdict *v = &cell->s[pick((uint32_t)cell->n)].v;
        if (*v == wanted)
            return v;
    }
    return NULL;
}

static void mending_never_lowers(void **state)
{
    (void)state;
    seed = 4;
    for (int i = 0; i < CASES; i++) {
        struct model m;
        make_model(&m);
        struct bounds before = model_bounds(&m);
        enum verdict *v = some_verdict(&m, VERDICT_FAIL);
        if (!v)
            continue;
        *v = VERDICT_PASS;
        struct bounds after = model_bounds(&m);
        assert_true(after.low >= before.low && after.high >= before.high);
    }
}

static void reveal_subject(struct cell *cell, int j)
{
    uint32_t how = pick(3);
    if (how < 2) {
        cell->s[j].v = how == 0 ? VERDICT_PASS : VERDICT_FAIL;
        return;
    }
    cell->s[j] = cell->s[--cell->n];         /* it turns out that the check does not apply to it */
    if (cell->n == 0)
        cell->kind = NO_SUBJECT;
}

static void reveal_target(struct cell *cell)
{
    make_cell(cell);
    if (cell->kind == UNCOLLECTED)
        cell->kind = cell->n > 0 ? JUDGED : NO_SUBJECT;
}

/* Whatever unknown thing is measured next, with any number of subjects or none, the score stays within the bounds. */
static void measuring_narrows(void **state)
{
    (void)state;
    seed = 5;
    int narrowed = 0;
    for (int i = 0; i < CASES; i++) {
        struct model m;
        make_model(&m);
        for (int step = 0; step < 6; step++) {
            struct bounds before = known(model_bounds(&m));
            struct model_check *c = &m.check[pick(MAX_CHECKS)];
            struct cell *cell = &c->cell[pick(MAX_TARGETS)];
            if (cell->kind == UNCOLLECTED)
                reveal_target(cell);
            else if (cell->n > 0 && cell->s[0].v == VERDICT_UNKNOWN)
                reveal_subject(cell, 0);
            else
                continue;
            struct bounds after = known(model_bounds(&m));
            assert_true(after.low >= before.low);
            assert_true(after.high <= before.high);
            narrowed += after.low != before.low || after.high != before.high;
        }
    }
    assert_true(narrowed > CASES / 4);       /* the walk did move */
}

static void gate_verdicts(void **state)
{
    (void)state;
    seed = 6;
    int seen[4] = { 0, 0, 0, 0 };
    for (int i = 0; i < CASES; i++) {
        struct model m;
        make_model(&m);
        struct evaluation *e = build(&m, in_order, in_order);
        struct score *s = score_evaluation(e, NULL, &plain_site, 0);
        bool fails = false, unknown = false, passed = false;
        for (size_t k = 0; k < e->n_checks; k++) {
            const struct check_score *c = &s->checks[k];
            if (!e->checks[k].check->gate || (!e->checks[k].applicable && !e->checks[k].erred))
                continue;
            fails = fails || c->n_fail > 0;
            unknown = unknown || c->n_unknown > 0;
            passed = passed || (c->n_fail == 0 && c->n_unknown == 0 && c->n_pass > 0);
        }
        const char *wanted = fails ? "NO-GO" : unknown || !passed ? "UNPROVEN" : "GO";
        assert_int_equal(s->n_gates, 1);
        assert_string_equal(s->gates[0].verdict, wanted);
        seen[fails ? 0 : unknown ? 1 : passed ? 2 : 3]++;
        score_free(s);
        arena_free(e->arena);
    }
    for (int k = 0; k < 4; k++)
        assert_true(seen[k] > 0);
}

/* --- waivers --- */

static void waivers_change_no_bound(void **state)
{
    (void)state;
    seed = 7;
    int differed = 0;
    for (int i = 0; i < CASES; i++) {
        struct model m;
        make_model(&m);
        struct waiver w[2] = { { .id = "W1", .check = check_ids[pick(MAX_CHECKS)], .target = pick(2) ? target_ids[pick(MAX_TARGETS)] : NULL, .expires = 100 },
                               { .id = "W2", .check = check_ids[pick(MAX_CHECKS)], .subject = pick(2) ? "b" : NULL, .expires = 5 } };
        struct site site = plain_site;
        site.waivers = w;
        site.n_waivers = 2;
        struct evaluation *e = build(&m, in_order, in_order);
        struct score *s = score_evaluation(e, NULL, &site, 10);
        assert_same(s->b, model_bounds(&m));
        assert_true(known(s->adjusted).low >= known(s->b).low || s->adjusted.low == SCORE_NONE);
        assert_true(known(s->adjusted).high >= known(s->b).high);
        differed += s->adjusted.low != s->b.low;
        for (size_t k = 0; k < e->n_checks; k++)         /* the second one has expired */
            if (strcmp(e->checks[k].check->id, w[0].check) != 0)
                assert_int_equal(s->checks[k].n_waived, 0);
        score_free(s);
        arena_free(e->arena);
    }
    assert_true(differed > 100);
}

/* --- compare --- */

static struct comparison *compare_models(const struct model *a, const struct model *under, const struct model *b, bool apart, struct evaluation *e[3])
{
    const struct model *m[3] = { a, under, b };
    const char *names[3][MAX_TARGETS];
    struct compare_side side[3];
    for (int i = 0; i < 3; i++) {
        size_t n = 0;
        for (int t = 0; t < MAX_TARGETS; t++)
            if (m[i]->target[t])
                names[i][n++] = target_ids[t];
        e[i] = build(m[i], in_order, in_order);
        side[i] = (struct compare_side){ e[i], NULL, names[i], n, model_bounds(m[i]) };
    }
    return compare_evaluations(&side[0], &side[1], &side[2], apart);
}

static int64_t parts_sum(const struct change_parts *p)
{
    return p->checklist + p->scope + p->coverage + p->site;
}

static void assert_adds_up(const struct comparison *c)
{
    struct change_parts low = { 0 }, high = { 0 };
    assert_int_equal(parts_sum(&c->low), c->after.low - c->before.low);
    assert_int_equal(parts_sum(&c->high), c->after.high - c->before.high);
    for (size_t i = 0; i < c->n_shares; i++) {
        low.checklist += c->shares[i].low.checklist;
        low.scope += c->shares[i].low.scope;
        low.coverage += c->shares[i].low.coverage;
        low.site += c->shares[i].low.site;
        high.checklist += c->shares[i].high.checklist;
        high.site += c->shares[i].high.site;
        assert_string_not_equal(c->shares[i].check_id, "(scoring)");
    }
    assert_memory_equal(&low, &c->low, sizeof(low));
    assert_int_equal(high.checklist, c->high.checklist);
    assert_int_equal(high.site, c->high.site);
}

/* The old facts under new checklists: other checks present, the old facts otherwise. */
static void make_trio(struct model *a, struct model *under, struct model *b)
{
    make_model(a);
    make_model(b);
    *under = *a;
    for (int k = 0; k < MAX_CHECKS; k++) {
        struct model_check *u = &under->check[k], *n = &b->check[k];
        u->present = n->present;
        u->severity = n->severity;
        u->domain = n->domain;
        u->gate = n->gate;
        if (!a->check[k].present)
            for (int t = 0; t < MAX_TARGETS; t++)
                make_cell(&u->cell[t]);
    }
}

static void change_adds_up(void **state)
{
    (void)state;
    seed = 8;
    int with[4] = { 0, 0, 0, 0 };
    for (int i = 0; i < CASES; i++) {
        struct model a, under, b;
        struct evaluation *e[6];
        make_trio(&a, &under, &b);
        struct comparison *c = compare_models(&a, &under, &b, pick(8) == 0, e), *back = compare_models(&b, &b, &a, false, e + 3);
        assert_adds_up(c);
        assert_adds_up(back);
        assert_int_equal(parts_sum(&c->low), -parts_sum(&back->low));
        assert_int_equal(parts_sum(&c->high), -parts_sum(&back->high));
        with[0] += c->low.checklist != 0;
        with[1] += c->low.scope != 0;
        with[2] += c->low.coverage != 0;
        with[3] += c->low.site != 0;
        comparison_free(c);
        comparison_free(back);
        for (int k = 0; k < 6; k++)
            arena_free(e[k]->arena);
    }
    for (int k = 0; k < 4; k++)
        assert_true(with[k] > CASES / 10);
}

static void same_run_no_change(void **state)
{
    (void)state;
    seed = 9;
    for (int i = 0; i < CASES / 10; i++) {
        struct model a;
        struct evaluation *e[3];
        make_model(&a);
        struct comparison *c = compare_models(&a, &a, &a, false, e);
        assert_int_equal(c->n_shares, 0);
        for (size_t k = 0; k < c->n_findings; k++)
            assert_int_equal(c->findings[k].change, CHANGE_STILL_FAILING);
        comparison_free(c);
        for (int k = 0; k < 3; k++)
            arena_free(e[k]->arena);
    }
}

/* One check, one target, one thing changed at a time: each lands in its own part. */
static void only(struct model *m, enum verdict v)
{
    memset(m, 0, sizeof(*m));
    m->target[0] = true;
    m->criticality[0] = 1;
    m->check[0] = (struct model_check){ .present = true, .severity = SEVERITY_HIGH };
    m->check[0].cell[0] = (struct cell){ .kind = JUDGED, .n = 1, .s = { { 0, v } }, .method = METHOD_MEASURED };
}

static void expect_change(const struct model *a, const struct model *b, enum change change, int64_t site, int64_t coverage, int64_t scope)
{
    struct evaluation *e[3];
    struct comparison *c = compare_models(a, a, b, false, e);
    bool found = false;
    for (size_t i = 0; i < c->n_findings; i++)
        found = found || c->findings[i].change == change;
    assert_true(found);
    assert_int_equal(c->low.site, site);
    assert_int_equal(c->low.coverage, coverage);
    assert_int_equal(c->low.scope, scope);
    assert_int_equal(c->low.checklist, 0);
    comparison_free(c);
    for (int k = 0; k < 3; k++)
        arena_free(e[k]->arena);
}

static void each_cause_in_its_part(void **state)
{
    (void)state;
    struct model pass, fail, unknown, blind, more;
    only(&pass, VERDICT_PASS);
    only(&fail, VERDICT_FAIL);
    only(&unknown, VERDICT_UNKNOWN);
    only(&blind, VERDICT_PASS);
    blind.check[0].cell[0].kind = UNCOLLECTED;
    blind.check[0].cell[0].n = 0;
    expect_change(&pass, &fail, CHANGE_REGRESSED, -SCORE_ONE, 0, 0);
    expect_change(&fail, &pass, CHANGE_FIXED, SCORE_ONE, 0, 0);
    expect_change(&unknown, &fail, CHANGE_NEW_FAILURE, 0, 0, 0);
    expect_change(&unknown, &pass, CHANGE_NEWLY_SEEN, 0, SCORE_ONE, 0);
    expect_change(&pass, &unknown, CHANGE_NEWLY_UNKNOWN, 0, -SCORE_ONE, 0);
    expect_change(&pass, &blind, CHANGE_NEWLY_UNKNOWN, 0, -SCORE_ONE, 0);
    expect_change(&blind, &pass, CHANGE_NEWLY_SEEN, 0, SCORE_ONE, 0);
    more = pass;
    more.target[1] = true;
    more.criticality[1] = 3;
    more.check[0].cell[1] = fail.check[0].cell[0];
    expect_change(&pass, &more, CHANGE_TARGET_ADDED, 0, 0, SCORE_ONE / 4 - SCORE_ONE);
    expect_change(&more, &pass, CHANGE_TARGET_GONE, 0, 0, SCORE_ONE - SCORE_ONE / 4);
}

/* --- worked by hand --- */

static void worked_example(void **state)
{
    (void)state;
    struct model m;
    memset(&m, 0, sizeof(m));
    /* one business and one clinical target; a high check 1 of 3 proven at the first, uncollected at the second */
    m.target[0] = m.target[1] = true;
    m.criticality[0] = 2;
    m.criticality[1] = 3;
    m.check[0] = (struct model_check){ .present = true, .severity = SEVERITY_HIGH, .domain = 0 };
    m.check[0].cell[0] = (struct cell){ .kind = JUDGED, .n = 3, .s = { { 0, VERDICT_PASS }, { 1, VERDICT_FAIL }, { 2, VERDICT_UNKNOWN } }, .method = METHOD_DOCUMENT };
    m.check[0].cell[1] = (struct cell){ .kind = UNCOLLECTED };
    struct evaluation *e = build(&m, in_order, in_order);
    struct score *s = score_evaluation(e, NULL, &plain_site, 0);
    assert_int_equal(s->b.low, 333333333 * 2 / 5);
    assert_int_equal(s->b.high, (666666666LL * 2 + 3 * SCORE_ONE) / 5);
    assert_int_equal(s->seen.measured, 0);
    assert_int_equal(s->seen.documents, SCORE_ONE - (s->b.high - s->b.low));
    assert_int_equal(s->checks[0].n_unknown, 2);
    char text[8];
    score_percent(s->b.low, text);
    assert_string_equal(text, "13.33");
    score_percent(SCORE_ONE - 1, text);
    assert_string_equal(text, "99.99");
    score_percent(SCORE_ONE, text);
    assert_string_equal(text, "100.00");
    score_free(s);
    arena_free(e->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_bounds), cmocka_unit_test(order_is_irrelevant), cmocka_unit_test(not_applicable_changes_nothing),
        cmocka_unit_test(mending_never_lowers), cmocka_unit_test(measuring_narrows), cmocka_unit_test(gate_verdicts), cmocka_unit_test(waivers_change_no_bound),
        cmocka_unit_test(change_adds_up), cmocka_unit_test(same_run_no_change), cmocka_unit_test(each_cause_in_its_part), cmocka_unit_test(worked_example),
    };
    return cmocka_run_group_tests_name("score", tests, NULL, NULL);
}
