/* Scores and bounds: shares of targets to checks, to domains, to the site (engine.md section 5).
 * Runs in the parent; pure: integers in parts per billion, floor at each division, nothing read and nothing written.
 * Floors keep the bounds honest: a larger exact value never has a smaller floor, so whatever is measured later stays
 * within the bounds of today. */
#include "checklist/score.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "fact/row.h"

struct bounds score_target(const struct target_verdicts *t)
{
    if (t->uncollected)
        return (struct bounds){ 0, SCORE_ONE };
    int64_t n = t->n_pass + t->n_fail + t->n_unknown;
    if (n <= 0)
        return (struct bounds){ SCORE_NONE, SCORE_NONE };
    /* n is bounded by the row limit of a job, so the product stays below 2^63 */
    return (struct bounds){ t->n_pass * SCORE_ONE / n, (t->n_pass + t->n_unknown) * SCORE_ONE / n };
}

struct sum { int64_t low, high, measured, documents, told, weight; };

static void sum_add(struct sum *s, int64_t weight, struct bounds b, struct seen seen)
{
    s->low += weight * b.low;
    s->high += weight * b.high;
    s->measured += weight * seen.measured;
    s->documents += weight * seen.documents;
    s->told += weight * seen.told;
    s->weight += weight;
}

static struct bounds sum_bounds(const struct sum *s)
{
    if (s->weight == 0)
        return (struct bounds){ SCORE_NONE, SCORE_NONE };
    return (struct bounds){ s->low / s->weight, s->high / s->weight };
}

/* The split is floored part by part; what the floors lost goes to the largest part, so that the parts sum to what was seen. */
static struct seen sum_seen(const struct sum *s, struct bounds b)
{
    struct seen seen = { 0, 0, 0 };
    if (s->weight == 0)
        return seen;
    seen.measured = s->measured / s->weight;
    seen.documents = s->documents / s->weight;
    seen.told = s->told / s->weight;
    int64_t rest = SCORE_ONE - (b.high - b.low) - seen.measured - seen.documents - seen.told;
    int64_t *largest = &seen.measured;
    if (seen.documents > *largest)
        largest = &seen.documents;
    if (seen.told > *largest)
        largest = &seen.told;
    *largest += rest;
    return seen;
}

static struct seen target_seen(const struct target_verdicts *t, struct bounds b)
{
    struct seen seen = { 0, 0, 0 };
    int64_t share = SCORE_ONE - (b.high - b.low);
    if (t->method == METHOD_MEASURED)
        seen.measured = share;
    else if (t->method == METHOD_DOCUMENT)
        seen.documents = share;
    else
        seen.told = share;
    return seen;
}

static int64_t target_weight(const struct target_verdicts *t)
{
    return t->criticality >= CRITICALITY_SUPPORT && t->criticality <= CRITICALITY_CLINICAL ? t->criticality : CRITICALITY_SUPPORT;
}

/* waived: how many failing subjects of each target to leave out (parallel to c->targets); NULL: none. */
static struct sum check_sum(const struct check_verdicts *c, const int64_t *waived)
{
    struct sum s = { 0, 0, 0, 0, 0, 0 };
    for (size_t i = 0; i < c->n_targets; i++) {
        struct target_verdicts t = c->targets[i];
        if (waived)
            t.n_fail -= waived[i];
        struct bounds b = score_target(&t);
        if (b.low != SCORE_NONE)
            sum_add(&s, target_weight(&t), b, target_seen(&t, b));
    }
    return s;
}

static struct bounds check_bounds(const struct check_verdicts *c, const struct sum *s)
{
    struct bounds everything = { 0, SCORE_ONE };
    if (c->erred)
        return everything;
    if (!c->applicable)
        return (struct bounds){ SCORE_NONE, SCORE_NONE };
    /* applicable without any target to judge by: nothing is known of it */
    if (c->n_targets == 0)
        return everything;
    return sum_bounds(s);
}

struct bounds score_check(const struct check_verdicts *c)
{
    struct sum s = check_sum(c, NULL);
    return check_bounds(c, &s);
}

static int64_t n_failing(const struct check_verdicts *c)
{
    int64_t n = 0;
    for (size_t i = 0; i < c->n_targets; i++)
        n += c->targets[i].n_fail;
    return n;
}

/* Subjects and, for each target that was not wholly collected, the one that stands for what is missing. */
static int64_t n_unknown(const struct check_verdicts *c)
{
    int64_t n = 0;
    for (size_t i = 0; i < c->n_targets; i++)
        n += c->targets[i].n_unknown + (c->targets[i].uncollected ? 1 : 0);
    return n;
}

const char *check_status(const struct check_verdicts *c)
{
    if (c->erred)
        return "unknown";
    if (!c->applicable)
        return "not-applicable";
    if (n_failing(c) > 0)
        return "fail";
    return n_unknown(c) > 0 || c->n_targets == 0 ? "unknown" : "pass";
}

static bool named(const char *pattern, const char *value)
{
    return !pattern || strcmp(pattern, value) == 0;
}

bool check_is_called(const struct check *c, const char *id)
{
    if (strcmp(c->id, id) == 0)
        return true;
    for (size_t i = 0; i < c->n_was; i++)
        if (strcmp(c->was[i], id) == 0)
            return true;
    return false;
}

static bool subject_named(const char *pattern, const char *subject)
{
    if (named(pattern, subject))
        return true;
    struct buf human = BUF_INIT(FACT_KEY_MAX * 2);
    fact_key_human(subject, &human);
    bool same = strcmp(pattern, buf_str(&human)) == 0;
    buf_clear(&human);
    return same;
}

bool waiver_names(const struct waiver *w, const struct check *c, const char *target, const char *subject)
{
    return check_is_called(c, w->check) && named(w->target, target) && subject_named(w->subject, subject);
}

const struct waiver *score_waiver(const struct site *site, int64_t as_of, const struct check *c, const char *target, const char *subject)
{
    for (size_t i = 0; i < site->n_waivers; i++)
        if (waiver_live(&site->waivers[i], as_of) && waiver_names(&site->waivers[i], c, target, subject))
            return &site->waivers[i];
    return NULL;
}

static size_t target_place(const struct check_verdicts *c, const char *name)
{
    for (size_t i = 0; i < c->n_targets; i++)
        if (strcmp(c->targets[i].target, name) == 0)
            return i;
    return c->n_targets;
}

int64_t score_count_waived(const struct check_verdicts *c, const struct site *site, int64_t as_of, int64_t *per_target)
{
    int64_t total = 0;
    if (site->n_waivers == 0)
        return 0;
    for (size_t i = 0; i < c->n_subjects; i++) {
        const struct subject_verdict *v = &c->subjects[i];
        if (v->verdict != VERDICT_FAIL || !score_waiver(site, as_of, c->check, v->target, v->subject))
            continue;
        size_t place = target_place(c, v->target);
        if (place < c->n_targets) {
            per_target[place]++;
            total++;
        }
    }
    return total;
}

static void score_one_check(struct check_score *out, const struct check_verdicts *c, const struct site *site, int64_t as_of)
{
    struct sum s = check_sum(c, NULL);
    out->b = check_bounds(c, &s);
    out->seen = c->erred || c->n_targets == 0 ? (struct seen){ 0, 0, 0 } : sum_seen(&s, out->b);
    out->status = check_status(c);
    for (size_t i = 0; i < c->n_targets; i++)
        out->n_pass += c->targets[i].n_pass;
    out->n_fail = n_failing(c);
    out->n_unknown = c->erred || (c->applicable && c->n_targets == 0) ? 1 : n_unknown(c);
    out->adjusted = out->b;
    int64_t *waived = xcalloc(c->n_targets + 1, sizeof(*waived));
    out->n_waived = score_count_waived(c, site, as_of, waived);
    if (out->n_waived > 0) {
        struct sum a = check_sum(c, waived);
        out->adjusted = sum_bounds(&a);
    }
    free(waived);
}

static int by_domain(const void *a, const void *b)
{
    const struct domain_score *x = a, *y = b;
    return strcmp(x->domain, y->domain);
}

static size_t domain_place(const struct domain_score *v, size_t n, const char *domain)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].domain, domain) == 0)
            return i;
    return n;
}

static void list_domains(struct score *s, const struct evaluation *e)
{
    s->domains = arena_array(s->arena, e->n_checks + 1, sizeof(*s->domains));
    for (size_t i = 0; i < e->n_checks; i++) {
        const char *domain = e->checks[i].check->domain;
        size_t d = domain_place(s->domains, s->n_domains, domain);
        if (d == s->n_domains)
            s->domains[s->n_domains++].domain = arena_strdup(s->arena, domain);
        s->domains[d].n_checks++;
    }
    qsort(s->domains, s->n_domains, sizeof(*s->domains), by_domain);
}

static void score_domains(struct score *s, const struct evaluation *e, const struct checklists *c)
{
    struct sum site = { 0 }, site_adjusted = { 0 };
    const struct seen none = { 0, 0, 0 };
    for (size_t d = 0; d < s->n_domains; d++) {
        struct domain_score *out = &s->domains[d];
        struct sum sum = { 0 }, adjusted = { 0 };
        for (size_t i = 0; i < e->n_checks; i++) {
            const struct check_score *k = &s->checks[i];
            int64_t weight = severity_weight(e->checks[i].check->severity);
            if (strcmp(e->checks[i].check->domain, out->domain) != 0 || weight == 0)
                continue;
            if (k->b.low != SCORE_NONE)
                sum_add(&sum, weight, k->b, k->seen);
            if (k->adjusted.low != SCORE_NONE)
                sum_add(&adjusted, weight, k->adjusted, none);
        }
        out->b = sum_bounds(&sum);
        out->seen = sum_seen(&sum, out->b);
        out->adjusted = sum_bounds(&adjusted);
        int64_t weight = c ? checklists_domain_weight(c, out->domain) : 1;
        if (out->b.low != SCORE_NONE)
            sum_add(&site, weight, out->b, out->seen);
        if (out->adjusted.low != SCORE_NONE)
            sum_add(&site_adjusted, weight, out->adjusted, none);
    }
    s->b = sum_bounds(&site);
    s->seen = sum_seen(&site, s->b);
    s->adjusted = sum_bounds(&site_adjusted);
}

/* The same sums as score_domains(), for states that compare makes up. */
struct bounds score_combine(const struct weighed *v, size_t n, const struct checklists *c)
{
    struct domain_score *domains = xcalloc(n + 1, sizeof(*domains));
    struct sum *sums = xcalloc(n + 1, sizeof(*sums));
    size_t n_domains = 0;
    const struct seen none = { 0, 0, 0 };
    for (size_t i = 0; i < n; i++) {
        if (v[i].b.low == SCORE_NONE || v[i].weight == 0)
            continue;
        size_t d = domain_place(domains, n_domains, v[i].domain);
        if (d == n_domains)
            domains[n_domains++].domain = v[i].domain;
        sum_add(&sums[d], v[i].weight, v[i].b, none);
    }
    struct sum site = { 0 };
    for (size_t d = 0; d < n_domains; d++)
        sum_add(&site, c ? checklists_domain_weight(c, domains[d].domain) : 1, sum_bounds(&sums[d]), none);
    free(domains);
    free(sums);
    return sum_bounds(&site);
}

static void worst_open(struct score *s, const struct evaluation *e, const struct site *site, int64_t as_of)
{
    for (size_t i = 0; i < e->n_checks; i++)
        for (size_t j = 0; j < e->checks[i].n_subjects; j++) {
            const struct subject_verdict *v = &e->checks[i].subjects[j];
            if (v->verdict != VERDICT_FAIL || score_waiver(site, as_of, e->checks[i].check, v->target, v->subject))
                continue;
            if (!s->any_open || v->severity > s->worst_open)
                s->worst_open = v->severity;
            s->any_open = true;
        }
}

struct score *score_evaluation(const struct evaluation *e, const struct checklists *c, const struct site *site, int64_t as_of)
{
    struct arena *arena = arena_new();
    struct score *s = arena_alloc(arena, sizeof(*s));
    s->arena = arena;
    s->checks = arena_array(arena, e->n_checks + 1, sizeof(*s->checks));
    for (size_t i = 0; i < e->n_checks; i++)
        score_one_check(&s->checks[i], &e->checks[i], site, as_of);
    list_domains(s, e);
    score_domains(s, e, c);
    worst_open(s, e, site, as_of);
    score_gates(s, e, site);
    score_costs(s, e, site, as_of);
    return s;
}

void score_free(struct score *s)
{
    if (s)
        arena_free(s->arena);
}

void score_percent(int64_t ppb, char out[8])
{
    int64_t hundredths = ppb < 0 ? 0 : ppb / (SCORE_ONE / 10000);
    (void)snprintf(out, 8, "%" PRId64 ".%02" PRId64, hundredths / 100 % 1000, hundredths % 100);
}
