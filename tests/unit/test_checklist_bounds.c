/* The property of engine.md section 5 for the rule of what was not collected: whatever is measured later, the new bounds lie within the old ones. Worlds are made
 * at random, seen in part, and uncovered target by target. Pure: no store, no child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist/compile.h"
#include "checklist/score.h"
#include "checklist/settle.h"

#define WORLDS 10000
#define TARGETS 6

static uint64_t seed = 0x9e3779b97f4a7c15U;

static unsigned pick(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % n;
}

/* What is true of a target, and how much of it is seen. */
struct truth {
    bool has[2];                 /* the table is filled here: the check's own, and a second one that it reads */
    int64_t pass, fail, null;    /* subjects; null stays unknown whatever is measured */
    enum state state[2];
    enum method method[2];
    int64_t arrived_pass, arrived_fail;      /* of a partial answer */
};
struct world { struct truth t[TARGETS]; int criticality[TARGETS]; unsigned n_tables; enum on_missing missing; bool query; enum method evidence; };

static bool settled(const struct world *w, const struct truth *t, unsigned table)
{
    return !t->has[table] || (t->state[table] == STATE_COMPLETE && t->method[table] >= w->evidence) || t->state[table] == STATE_UNSUPPORTED;
}

static void make_world(struct world *w)
{
    static const enum state states[] = { STATE_COMPLETE, STATE_PARTIAL, STATE_FAILED, STATE_REFUSED, STATE_NOT_ASKED };
    memset(w, 0, sizeof(*w));
    w->n_tables = 1 + pick(2);
    w->missing = (enum on_missing)pick(4);
    w->query = pick(4) == 0;
    w->evidence = (enum method)pick(METHOD_COUNT);
    for (unsigned i = 0; i < TARGETS; i++) {
        struct truth *t = &w->t[i];
        w->criticality[i] = 1 + (int)pick(3);
        for (unsigned k = 0; k < w->n_tables; k++) {
            t->has[k] = pick(5) > 0;
            t->state[k] = states[pick(5)];
            t->method[k] = (enum method)pick(METHOD_COUNT);
        }
        if (!t->has[0])
            continue;
        t->pass = pick(4);
        t->fail = pick(3);
        t->null = pick(5) == 0;
        t->arrived_pass = t->pass > 0 ? (int64_t)pick((unsigned)t->pass + 1) : 0;
        t->arrived_fail = t->fail > 0 ? (int64_t)pick((unsigned)t->fail + 1) : 0;
    }
}

/* What the child would count: rows of a source that is too weak are unknown for a check over the table, and not there for a query. */
static struct raw_count counted(const struct world *w, uint32_t i)
{
    const struct truth *t = &w->t[i];
    struct raw_count c = { .target = i };
    bool strong = t->method[0] >= w->evidence;
    if (!t->has[0] || (t->state[0] != STATE_COMPLETE && t->state[0] != STATE_PARTIAL) || (!strong && w->query))
        return c;
    bool whole = t->state[0] == STATE_COMPLETE;
    c.pass = whole ? t->pass : t->arrived_pass;
    c.fail = whole ? t->fail : t->arrived_fail;
    c.unknown = whole ? t->null : 0;
    if (!strong) {
        c.unknown += c.pass + c.fail;
        c.pass = c.fail = 0;
    }
    c.seen = c.pass + c.fail > 0;
    c.method = t->method[0];
    return c;
}

static struct bounds bounds_of(const struct world *w, bool *applicable)
{
    struct eval_target targets[TARGETS];
    struct settle_collection v[2 * TARGETS];
    struct raw_count counts[TARGETS];
    uint16_t tables[] = { 0, 1 };
    char names[TARGETS][8];
    struct check c = { .id = "A-1", .evidence = w->evidence, .on_missing = w->missing, .facts = w->query ? NULL : fact_tables[0], .query = w->query ? "SELECT" : NULL };
    struct settle_input in = { .arena = arena_new(), .targets = targets, .n_targets = TARGETS, .collections = v, .as_of = 1000000 };
    struct raw_check raw = { .check = &c, .done = true, .tables = tables, .n_tables = w->n_tables, .counts = counts };
    struct check_verdicts out;
    for (uint32_t i = 0; i < TARGETS; i++) {
        snprintf(names[i], sizeof(names[i]), "t%u", i);
        targets[i] = (struct eval_target){ .name = names[i], .role = "", .address = "", .criticality = w->criticality[i] };
        for (uint16_t k = 0; k < w->n_tables; k++)
            if (w->t[i].has[k])
                v[in.n_collections++] = (struct settle_collection){ .target = i, .table = k, .state = w->t[i].state[k], .reason = REASON_NO_ANSWER, .method = w->t[i].method[k], .observed_at = 999999 };
        counts[raw.n_counts] = counted(w, i);
        const struct raw_count *n = &counts[raw.n_counts];
        raw.n_counts += n->pass + n->fail + n->unknown > 0;
    }
    settle_sort(&in);
    settle_check(&in, &raw, &out);
    *applicable = out.applicable;
    struct bounds b = score_check(&out);
    arena_free(in.arena);
    return b;
}

static void narrows(void **state)
{
    size_t changed = 0, undecided = 0;
    (void)state;
    for (int n = 0; n < WORLDS; n++) {
        struct world w;
        bool applicable = false;
        make_world(&w);
        struct bounds old = bounds_of(&w, &applicable);
        undecided += applicable && old.low < old.high;
        /* Uncover what was not seen, one table at one target after the other, in order of place. */
        for (unsigned i = 0; i < 2 * TARGETS; i++) {
            struct truth *t = &w.t[i / 2];
            if (i % 2 >= w.n_tables || settled(&w, t, i % 2))
                continue;
            t->state[i % 2] = STATE_COMPLETE;
            t->method[i % 2] = METHOD_MEASURED;
            struct bounds now = bounds_of(&w, &applicable);
            if (!applicable) {
                assert_int_equal(now.low, SCORE_NONE);
                break;           /* it turned out that nothing is there: no figure to compare with */
            }
            if (old.low != SCORE_NONE && (now.low < old.low || now.high > old.high))
                fail_msg("world %d, place %u: [%lld, %lld] became [%lld, %lld]", n, i, (long long)old.low, (long long)old.high, (long long)now.low, (long long)now.high);
            changed += now.low != old.low || now.high != old.high;
            old = now;
        }
        assert_true(!applicable || (old.low >= 0 && old.low <= old.high && old.high <= SCORE_ONE));
    }
    assert_true(undecided > WORLDS / 2);
    assert_true(changed > WORLDS / 2);
}

/* A target where nothing is to be judged changes nothing. */
static void not_applicable_changes_nothing(void **state)
{
    (void)state;
    for (int n = 0; n < WORLDS / 10; n++) {
        struct world w;
        bool one = false, two = false;
        make_world(&w);
        struct truth *t = &w.t[TARGETS - 1];
        memset(t, 0, sizeof(*t));
        struct bounds without = bounds_of(&w, &one);
        for (unsigned k = 0; k < w.n_tables; k++) {
            t->has[k] = true;
            t->state[k] = STATE_UNSUPPORTED;
        }
        struct bounds with = bounds_of(&w, &two);
        if (!one)                /* the first collection of a table turns "nobody asked" into "nothing found" */
            continue;
        bool nothing_else = true;
        for (unsigned i = 0; i + 1 < TARGETS; i++)
            nothing_else &= !w.t[i].has[0] || (w.t[i].pass + w.t[i].fail + w.t[i].null == 0);
        if (nothing_else)
            continue;
        if (with.low != without.low || with.high != without.high)
            fail_msg("world %d: [%lld, %lld] became [%lld, %lld]", n, (long long)without.low, (long long)without.high, (long long)with.low, (long long)with.high);
        assert_true(two);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(narrows), cmocka_unit_test(not_applicable_changes_nothing) };
    return cmocka_run_group_tests_name("checklist_bounds", tests, NULL, NULL);
}
