/* Two runs side by side: what became of each finding, and where a score's change comes from (engine.md section 5).
 * Runs in the parent; pure. A state is a whole set of verdicts: the path goes from the old run's to the new run's through states that differ in one
 * thing each, so that the differences of their scores add up to the change by construction. */
#include "checklist/compare.h"

#include <stdlib.h>
#include "base/text.h"

static const char *const change_names[CHANGE_COUNT] = {
    [CHANGE_NEW_FAILURE] = "new failure", [CHANGE_REGRESSED] = "regressed", [CHANGE_FIXED] = "fixed", [CHANGE_STILL_FAILING] = "still failing",
    [CHANGE_NEWLY_UNKNOWN] = "newly unknown", [CHANGE_NEWLY_SEEN] = "newly seen", [CHANGE_TARGET_ADDED] = "target added", [CHANGE_TARGET_GONE] = "target gone",
};

const char *change_name(enum change c)
{
    if ((unsigned)c >= CHANGE_COUNT)
        BUG("no such change: %d", (int)c);
    return change_names[c];
}

/* --- subjects of one target, paired --- */

struct pairing { const struct subject_verdict *was, *is; };

static int by_subject(const void *a, const void *b)
{
    const struct subject_verdict *x = *(const struct subject_verdict *const *)a, *y = *(const struct subject_verdict *const *)b;
    return strcmp(x->subject, y->subject);
}

struct subjects { const struct subject_verdict **v; size_t n; };

/* The subjects with verdicts of their own at one target; what stands for the uncollected is left out. */
static struct subjects subjects_of(const struct check_verdicts *c, const char *target)
{
    struct subjects s = { xcalloc((c ? c->n_subjects : 0) + 1, sizeof(const struct subject_verdict *)), 0 };
    for (size_t i = 0; c && i < c->n_subjects; i++)
        if (!c->subjects[i].uncollected && strcmp(c->subjects[i].target, target) == 0)
            s.v[s.n++] = &c->subjects[i];
    qsort(s.v, s.n, sizeof(const struct subject_verdict *), by_subject);
    return s;
}

/* *out is the caller's; a side without the subject is NULL. */
static size_t pair_subjects(const struct check_verdicts *was, const struct check_verdicts *is, const char *target, struct pairing **out)
{
    struct subjects a = subjects_of(was, target), b = subjects_of(is, target);
    struct pairing *p = xcalloc(a.n + b.n + 1, sizeof(*p));
    size_t n = 0, i = 0, j = 0;
    while (i < a.n || j < b.n) {
        int d = i == a.n ? 1 : j == b.n ? -1 : strcmp(a.v[i]->subject, b.v[j]->subject);
        p[n].was = d <= 0 ? a.v[i++] : NULL;
        p[n].is = d >= 0 ? b.v[j++] : NULL;
        n++;
    }
    free(a.v);
    free(b.v);
    *out = p;
    return n;
}

/* --- targets and checks of the two runs --- */

static bool among(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* "(site)" and its like stand for the site, which both runs have. */
static bool in_run(const struct compare_side *side, const char *target)
{
    return target[0] == '(' || among(side->targets, side->n_targets, target);
}

static const struct target_verdicts *target_of(const struct check_verdicts *c, const char *name)
{
    for (size_t i = 0; c && i < c->n_targets; i++)
        if (strcmp(c->targets[i].target, name) == 0)
            return &c->targets[i];
    return NULL;
}

static const struct check_verdicts *verdicts_of(const struct evaluation *e, const char *id)
{
    for (size_t i = 0; i < e->n_checks; i++)
        if (strcmp(e->checks[i].check->id, id) == 0)
            return &e->checks[i];
    return NULL;
}

/* --- states --- */

/* One check in a state; absent: the state's checklists do not have it. */
struct place { bool present; const struct check *check; struct bounds b; };
struct standing { struct place *v; };       /* parallel to the walk's ids */

struct walk {
    struct arena *arena;
    const struct compare_side *old, *under, *now;
    const char **ids; size_t n;          /* every check of either side, in order */
    struct weighed *scratch;
};

static void collect_ids(struct walk *w)
{
    const struct evaluation *e[3] = { w->old->e, w->under->e, w->now->e };
    size_t total = e[0]->n_checks + e[1]->n_checks + e[2]->n_checks, n = 0;
    w->ids = arena_array(w->arena, total + 1, sizeof(const char *));
    for (size_t k = 0; k < N_ELEMENTS(e); k++)
        for (size_t i = 0; i < e[k]->n_checks; i++)
            w->ids[n++] = e[k]->checks[i].check->id;
    qsort(w->ids, n, sizeof(const char *), text_order);
    for (size_t i = 0; i < n; i++)
        if (w->n == 0 || strcmp(w->ids[w->n - 1], w->ids[i]) != 0)
            w->ids[w->n++] = w->ids[i];
    w->scratch = arena_array(w->arena, w->n + 1, sizeof(*w->scratch));
}

static struct standing state_new(struct walk *w)
{
    return (struct standing){ arena_array(w->arena, w->n + 1, sizeof(struct place)) };
}

static void place_set(struct place *p, const struct check_verdicts *c)
{
    p->present = c != NULL;
    p->check = c ? c->check : NULL;
    p->b = c ? score_check(c) : (struct bounds){ SCORE_NONE, SCORE_NONE };
}

static struct standing state_of(struct walk *w, const struct evaluation *e)
{
    struct standing s = state_new(w);
    for (size_t i = 0; i < w->n; i++)
        place_set(&s.v[i], verdicts_of(e, w->ids[i]));
    return s;
}

/* A check with these targets in place of its own. */
static void place_with(struct place *p, const struct check_verdicts *like, struct target_verdicts *targets, size_t n)
{
    struct check_verdicts c = *like;
    c.applicable = n > 0 || (like->applicable && like->n_targets == 0);
    c.targets = targets;
    c.n_targets = n;
    place_set(p, &c);
}

/* Only the targets that both runs have. */
static struct standing state_common(struct walk *w, const struct evaluation *e)
{
    struct standing s = state_new(w);
    for (size_t i = 0; i < w->n; i++) {
        const struct check_verdicts *c = verdicts_of(e, w->ids[i]);
        if (!c) {
            place_set(&s.v[i], NULL);
            continue;
        }
        struct target_verdicts *targets = xcalloc(c->n_targets + 1, sizeof(*targets));
        size_t n = 0;
        for (size_t t = 0; t < c->n_targets; t++)
            if (in_run(w->old, c->targets[t].target) && in_run(w->now, c->targets[t].target))
                targets[n++] = c->targets[t];
        place_with(&s.v[i], c, targets, n);
        free(targets);
    }
    return s;
}

static void count(struct target_verdicts *t, enum verdict v)
{
    if (v == VERDICT_PASS)
        t->n_pass++;
    else if (v == VERDICT_FAIL)
        t->n_fail++;
    else
        t->n_unknown++;
}

/* What the site itself did at one target: the new verdict where both runs saw the subject, and subjects that came or went. */
static struct target_verdicts seen_change(const struct check_verdicts *was, const struct check_verdicts *is, const struct target_verdicts *like)
{
    struct target_verdicts t = { .target = like->target, .criticality = like->criticality, .method = like->method, .seen = like->seen };
    struct pairing *p;
    size_t n = pair_subjects(was, is, like->target, &p);
    for (size_t i = 0; i < n; i++) {
        if (!p[i].is)
            continue;
        bool both_saw = p[i].was && p[i].was->verdict != VERDICT_UNKNOWN && p[i].is->verdict != VERDICT_UNKNOWN;
        count(&t, p[i].was && !both_saw ? p[i].was->verdict : p[i].is->verdict);
    }
    free(p);
    return t;
}

static void place_site_change(struct walk *w, struct place *p, const struct check_verdicts *was, const struct check_verdicts *is)
{
    struct target_verdicts *targets = xcalloc(was->n_targets + is->n_targets + 1, sizeof(*targets));
    size_t n = 0;
    for (int side = 0; side < 2; side++) {
        const struct check_verdicts *c = side == 0 ? was : is;
        for (size_t i = 0; i < c->n_targets; i++) {
            const char *name = c->targets[i].target;
            const struct target_verdicts *before = target_of(was, name), *after = target_of(is, name);
            if (!in_run(w->old, name) || !in_run(w->now, name) || (side == 1 && before))
                continue;
            if ((before && before->uncollected) || (after && after->uncollected)) {
                /* what one run could not see tells nothing about the site: left to the coverage step */
                if (before)
                    targets[n++] = *before;
                continue;
            }
            struct target_verdicts t = seen_change(was, is, &c->targets[i]);
            if (after)
                t.criticality = after->criticality;
            if (t.n_pass + t.n_fail + t.n_unknown > 0)
                targets[n++] = t;
        }
    }
    place_with(p, was, targets, n);
    free(targets);
}

static struct standing state_site(struct walk *w, const struct standing *before)
{
    struct standing s = state_new(w);
    for (size_t i = 0; i < w->n; i++) {
        const struct check_verdicts *was = verdicts_of(w->under->e, w->ids[i]), *is = verdicts_of(w->now->e, w->ids[i]);
        if (!was || !is || was->erred || is->erred)
            s.v[i] = before->v[i];
        else
            place_site_change(w, &s.v[i], was, is);
    }
    return s;
}

/* --- the path --- */

#define PRINTED (SCORE_ONE / 10000)          /* one hundredth of a percent: what a report shows */

/* A score as reports print it, so that the printed parts add up to the printed change; without any, nothing is known. */
static struct bounds as_printed(struct bounds b)
{
    if (b.low == SCORE_NONE)
        return (struct bounds){ 0, SCORE_ONE };
    return (struct bounds){ b.low - b.low % PRINTED, b.high - b.high % PRINTED };
}

static struct bounds state_score(struct walk *w, const struct standing *s, const struct checklists *c)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++)
        if (s->v[i].present)
            w->scratch[n++] = (struct weighed){ s->v[i].check->domain, severity_weight(s->v[i].check->severity), s->v[i].b };
    return as_printed(score_combine(w->scratch, n, c));
}

enum part { PART_CHECKLIST, PART_SCOPE, PART_COVERAGE, PART_SITE };

static int64_t *part_of(struct change_parts *p, enum part part)
{
    switch (part) {
    case PART_CHECKLIST: return &p->checklist;
    case PART_SCOPE: return &p->scope;
    case PART_COVERAGE: return &p->coverage;
    case PART_SITE: break;
    }
    return &p->site;
}

static void add_share(struct comparison *out, struct check_share *share, enum part part, struct bounds from, struct bounds to)
{
    *part_of(&share->low, part) += to.low - from.low;
    *part_of(&share->high, part) += to.high - from.high;
    *part_of(&out->low, part) += to.low - from.low;
    *part_of(&out->high, part) += to.high - from.high;
}

/* Switches the checks one by one, in order of id: each difference is that check's share. */
static void walk_step(struct walk *w, struct comparison *out, enum part part, const struct standing *from, const struct standing *to, const struct checklists *c)
{
    struct standing mixed = state_new(w);
    memcpy(mixed.v, from->v, w->n * sizeof(*mixed.v));
    struct bounds at = state_score(w, &mixed, c);
    for (size_t i = 0; i < w->n; i++) {
        mixed.v[i] = to->v[i];
        struct bounds next = state_score(w, &mixed, c);
        add_share(out, &out->shares[i], part, at, next);
        at = next;
    }
}

static bool is_zero(const struct check_share *s)
{
    return !s->low.checklist && !s->low.scope && !s->low.coverage && !s->low.site && !s->high.checklist && !s->high.scope && !s->high.coverage && !s->high.site;
}

static void walk_path(struct walk *w, struct comparison *out, bool apart)
{
    /* two shares beside the checks': the domains' weights, and what the arithmetic of another version of preop made of the same verdicts */
    out->shares = arena_array(w->arena, w->n + 2, sizeof(*out->shares));
    for (size_t i = 0; i < w->n; i++)
        out->shares[i].check_id = w->ids[i];
    struct check_share *weights = &out->shares[w->n], *scoring = &out->shares[w->n + 1];
    weights->check_id = "(domain weights)";
    scoring->check_id = "(scoring)";
    struct standing a = state_of(w, w->old->e), b = state_of(w, w->under->e), f = state_of(w, w->now->e);
    const struct checklists *before = w->old->c, *after = w->now->c;
    add_share(out, scoring, PART_CHECKLIST, out->before, state_score(w, &a, before));
    walk_step(w, out, PART_CHECKLIST, &a, &b, before);
    add_share(out, weights, PART_CHECKLIST, state_score(w, &b, before), state_score(w, &b, after));
    if (apart) {
        walk_step(w, out, PART_SCOPE, &b, &f, after);
    } else {
        struct standing c = state_common(w, w->under->e), e = state_common(w, w->now->e);
        struct standing d = state_site(w, &c);
        walk_step(w, out, PART_SCOPE, &b, &c, after);
        walk_step(w, out, PART_SITE, &c, &d, after);
        walk_step(w, out, PART_COVERAGE, &d, &e, after);
        walk_step(w, out, PART_SCOPE, &e, &f, after);
    }
    add_share(out, scoring, PART_CHECKLIST, state_score(w, &f, after), out->after);
    for (size_t i = 0; i < w->n + 2; i++)
        if (!is_zero(&out->shares[i]))
            out->shares[out->n_shares++] = out->shares[i];
}

/* --- findings --- */

static const char *verdict_text(const struct subject_verdict *v)
{
    return !v ? "not there" : v->verdict == VERDICT_PASS ? "pass" : v->verdict == VERDICT_FAIL ? "fail" : "unknown";
}

/* What became of one subject; false: nothing worth a line. A subject that came failing is a new failure, one that failed and went is fixed. */
static bool classify(const struct subject_verdict *was, const struct subject_verdict *is, enum change *out)
{
    bool failed = was && was->verdict == VERDICT_FAIL, passed = was && was->verdict == VERDICT_PASS, was_unknown = was && was->verdict == VERDICT_UNKNOWN;
    if (is && is->verdict == VERDICT_FAIL)
        *out = failed ? CHANGE_STILL_FAILING : passed ? CHANGE_REGRESSED : CHANGE_NEW_FAILURE;
    else if (is && is->verdict == VERDICT_UNKNOWN && !was_unknown)
        *out = CHANGE_NEWLY_UNKNOWN;
    else if (failed)
        *out = CHANGE_FIXED;
    else if (was_unknown && is && is->verdict == VERDICT_PASS)
        *out = CHANGE_NEWLY_SEEN;
    else
        return false;
    return true;
}

struct finding_list { struct comparison *out; size_t cap; };

static void push(struct finding_list *l, struct changed_finding f)
{
    struct comparison *out = l->out;
    if (out->n_findings == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 64;
        struct changed_finding *v = arena_array(out->arena, cap, sizeof(*v));
        if (out->n_findings > 0)
            memcpy(v, out->findings, out->n_findings * sizeof(*v));
        out->findings = v;
        l->cap = cap;
    }
    out->findings[out->n_findings++] = f;
}

static void compare_target(struct finding_list *l, const struct check_verdicts *was, const struct check_verdicts *is, const char *target)
{
    const struct target_verdicts *before = target_of(was, target), *after = target_of(is, target);
    struct arena *arena = l->out->arena;
    bool blind_before = before && before->uncollected, blind_now = after && after->uncollected;
    if (blind_now && !blind_before)
        push(l, (struct changed_finding){ CHANGE_NEWLY_UNKNOWN, is->check, arena_strdup(arena, target), "(not collected)", "seen", "unknown", NULL, NULL, 0 });
    if (blind_before && !blind_now && after)
        push(l, (struct changed_finding){ CHANGE_NEWLY_SEEN, is->check, arena_strdup(arena, target), "(not collected)", "unknown", "seen", NULL, NULL, 0 });
    struct pairing *p;
    size_t n = pair_subjects(was, is, target, &p);
    for (size_t i = 0; i < n; i++) {
        enum change change;
        /* what an incomplete answer does not mention is neither fixed nor gone */
        if ((!p[i].is && blind_now) || !classify(p[i].was, p[i].is, &change))
            continue;
        const struct subject_verdict *v = p[i].is ? p[i].is : p[i].was;
        const char *evidence = p[i].is && p[i].is->evidence ? p[i].is->evidence : p[i].was ? p[i].was->evidence : NULL;
        push(l, (struct changed_finding){ change, is->check, arena_strdup(arena, target), arena_strdup(arena, v->subject), verdict_text(p[i].was), verdict_text(p[i].is),
                                          arena_strdup(arena, v->reason), arena_strdup(arena, evidence), 0 });
    }
    free(p);
}

static void compare_check(struct walk *w, struct finding_list *l, const struct check_verdicts *was, const struct check_verdicts *is)
{
    const char **names = xcalloc(was->n_targets + is->n_targets + 1, sizeof(const char *));
    size_t n = 0;
    for (size_t i = 0; i < was->n_targets; i++)
        names[n++] = was->targets[i].target;
    for (size_t i = 0; i < is->n_targets; i++)
        names[n++] = is->targets[i].target;
    qsort(names, n, sizeof(const char *), text_order);
    for (size_t i = 0; i < n; i++)
        if ((i == 0 || strcmp(names[i - 1], names[i]) != 0) && in_run(w->old, names[i]) && in_run(w->now, names[i]))
            compare_target(l, was, is, names[i]);
    free(names);
}

static void compare_targets(struct walk *w, struct finding_list *l)
{
    for (size_t i = 0; i < w->now->n_targets; i++)
        if (!among(w->old->targets, w->old->n_targets, w->now->targets[i]))
            push(l, (struct changed_finding){ .change = CHANGE_TARGET_ADDED, .target = arena_strdup(w->arena, w->now->targets[i]), .subject = "", .was = "not there", .is = "there" });
    for (size_t i = 0; i < w->old->n_targets; i++)
        if (!among(w->now->targets, w->now->n_targets, w->old->targets[i]))
            push(l, (struct changed_finding){ .change = CHANGE_TARGET_GONE, .target = arena_strdup(w->arena, w->old->targets[i]), .subject = "", .was = "there", .is = "not there" });
}

static int by_change(const void *a, const void *b)
{
    const struct changed_finding *x = a, *y = b;
    if (x->change != y->change)
        return x->change < y->change ? -1 : 1;
    int d = strcmp(x->check ? x->check->id : "", y->check ? y->check->id : "");
    if (d == 0)
        d = strcmp(x->target, y->target);
    return d != 0 ? d : strcmp(x->subject, y->subject);
}

struct comparison *compare_evaluations(const struct compare_side *old, const struct compare_side *old_under_new, const struct compare_side *new_run, bool vantages_differ)
{
    struct arena *arena = arena_new();
    struct comparison *out = arena_alloc(arena, sizeof(*out));
    struct walk w = { .arena = arena, .old = old, .under = old_under_new, .now = new_run };
    out->arena = arena;
    out->before = as_printed(old->sealed);
    out->after = as_printed(new_run->sealed);
    out->vantages_differ = vantages_differ;
    collect_ids(&w);
    walk_path(&w, out, vantages_differ);
    struct finding_list l = { out, 0 };
    if (!vantages_differ) {
        for (size_t i = 0; i < w.n; i++) {
            const struct check_verdicts *was = verdicts_of(old_under_new->e, w.ids[i]), *is = verdicts_of(new_run->e, w.ids[i]);
            if (was && is)
                compare_check(&w, &l, was, is);
        }
        compare_targets(&w, &l);
        if (out->n_findings > 0)
            qsort(out->findings, out->n_findings, sizeof(*out->findings), by_change);
    }
    return out;
}
