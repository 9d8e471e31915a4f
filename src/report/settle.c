/* What is unknown, grouped by what would settle it, and how much of the score's band that would close. Parent; pure. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "report/report.h"
#include "base/text.h"

#define NOT_COLLECTED "(not collected: "

struct counts { const char *target; int64_t pass, fail, unknown; bool uncollected; };

/* The place of a target among the run's, which are sorted by name; their number when it is none of them, as "(site)" is not. */
static size_t target_place(const struct report *r, const char *target)
{
    size_t from = 0, to = r->n_targets;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int d = strcmp(r->targets[mid].name, target);
        if (d == 0)
            return mid;
        if (d < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return r->n_targets;
}

static int criticality_of(const struct report *r, const char *target)
{
    size_t i = target_place(r, target);
    return i < r->n_targets ? r->targets[i].criticality : CRITICALITY_SUPPORT;
}

static size_t parse_counts(const char *json, struct counts **out, json_t **keep)
{
    json_t *list = json_loads(json ? json : "[]", 0, NULL);
    size_t n = json_array_size(list);
    *out = xcalloc(n + 1, sizeof(**out));
    for (size_t i = 0; i < n; i++) {
        json_t *t = json_array_get(list, i);
        const char *name = json_string_value(json_object_get(t, "t"));
        (*out)[i] = (struct counts){ name ? name : "", json_integer_value(json_object_get(t, "p")), json_integer_value(json_object_get(t, "f")),
                                     json_integer_value(json_object_get(t, "u")), json_is_true(json_object_get(t, "x")) };
    }
    *keep = list;
    return n;
}

/* The part of the site's score that one whole check is, of 1. */
static double check_weight(const struct report *r, const struct report_check *c)
{
    double same_domain = 0, domains = 0;
    const struct checklists *k = r->pinned.checklists;
    for (size_t i = 0; i < r->n_checks; i++)
        if (r->checks[i].result->low >= 0 && strcmp(r->checks[i].def->domain, c->def->domain) == 0)
            same_domain += severity_weight(r->checks[i].def->severity);
    for (size_t i = 0; i < r->results.n_scores; i++)
        if (strcmp(r->results.scores[i].level, "domain") == 0 && r->results.scores[i].low >= 0)
            domains += (double)checklists_domain_weight(k, r->results.scores[i].id);
    double weight = severity_weight(c->def->severity);
    return same_domain > 0 && domains > 0 ? weight / same_domain * (double)checklists_domain_weight(k, c->def->domain) / domains : 0;
}

static bool stands_for_missing(const struct finding *f)
{
    return text_starts_with(f->subject, NOT_COLLECTED);
}

/* How many tables are missing at the target of finding k; findings are sorted by target. */
static size_t n_missing(const struct report_check *c, size_t k)
{
    const char *target = c->findings[k].target;
    size_t n = 0;
    while (k > 0 && strcmp(c->findings[k - 1].target, target) == 0)
        k--;
    for (; k < c->n_findings && strcmp(c->findings[k].target, target) == 0; k++)
        n += stands_for_missing(&c->findings[k]);
    return n;
}

/* Of a query about the site as a whole, the site itself stands for what is missing. */
static bool is_site(const struct finding *f)
{
    return strcmp(f->target, "(site)") == 0 && strcmp(f->subject, "(site)") == 0;
}

/* How much of its check one unknown finding, the k-th, at v holds open. sum: the weight of all targets that count. */
static double finding_share(const struct report *r, const struct report_check *c, size_t k, const struct counts *v, double sum)
{
    double weight = criticality_of(r, v->target), subjects = (double)(v->pass + v->fail + v->unknown);
    if (sum <= 0)
        return 0;
    if (v->uncollected)
        return stands_for_missing(&c->findings[k]) || is_site(&c->findings[k]) ? weight / fmax(1, (double)n_missing(c, k)) / sum : 0;
    return subjects > 0 ? weight / subjects / sum : 0;
}

/* The first of the run's collections at a target; they are sorted by it. */
static size_t first_collection(const struct report *r, const char *target)
{
    size_t from = 0, to = r->n_collections;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (strcmp(r->collections[mid].target, target) < 0)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

/* The collection that a "(not collected: TABLE)" finding speaks of. */
static const struct collection *missing_collection(const struct report *r, const struct finding *f)
{
    if (!stands_for_missing(f))
        return NULL;
    const char *table = f->subject + strlen(NOT_COLLECTED);
    size_t len = strcspn(table, ")");
    for (size_t i = first_collection(r, f->target); i < r->n_collections && strcmp(r->collections[i].target, f->target) == 0; i++) {
        const struct collection *c = &r->collections[i];
        bool wanting = c->state != STATE_COMPLETE && c->state != STATE_UNSUPPORTED;
        if (wanting && strlen(c->table->name) == len && strncmp(c->table->name, table, len) == 0)
            return c;
    }
    return NULL;
}

/* A group in the making: what it will be, which of the run's targets are in it, and the check that was counted last. */
struct group { struct settle s; bool *has; double points; const struct report_check *last; };
struct grouping { struct report *r; struct group *v; size_t n; };

static struct group *group_of(struct grouping *g, const char *what, const struct reason_info *info)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(g->v[i].s.what, what) == 0)
            return &g->v[i];
    struct group *n = &g->v[g->n++];
    n->s = (struct settle){ .what = what, .action = info ? info->action : NULL, .ask = info ? info->ask : NULL };
    n->s.targets = arena_array(g->r->arena, g->r->n_targets + 1, sizeof(const char *));
    n->has = arena_array(g->r->arena, g->r->n_targets + 1, sizeof(bool));
    return n;
}

static void add_finding(void *ctx, const struct report_check *c, const struct finding *f, const struct collection *missing, double points)
{
    struct grouping *g = ctx;
    const struct reason_info *info = missing ? reason_info(missing->reason) : NULL;
    const char *what = info && missing->reason != REASON_NONE ? info->text : f->reason ? f->reason : "the source did not tell";
    struct group *s = group_of(g, what, info);
    size_t place = target_place(g->r, f->target);
    if (!s->has[place])
        s->s.targets[s->s.n_targets++] = f->target;
    s->has[place] = true;
    s->points += points;
    s->s.n_checks += s->last != c;
    s->last = c;
}

static void each_of_check(const struct report *r, const struct report_check *c, report_unknown_fn fn, void *ctx)
{
    struct counts *v;
    json_t *keep;
    size_t n = parse_counts(c->result->target_counts, &v, &keep), n_unknown = 0, at = 0;
    double weight = c->result->low >= 0 ? check_weight(r, c) : 0, sum = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i].uncollected || v[i].pass + v[i].fail + v[i].unknown > 0)
            sum += criticality_of(r, v[i].target);
    for (size_t k = 0; k < c->n_findings; k++)
        n_unknown += c->findings[k].status == FINDING_UNKNOWN;
    for (size_t k = 0; k < c->n_findings; k++) {
        const struct finding *f = &c->findings[k];
        if (f->status != FINDING_UNKNOWN)
            continue;
        /* both are sorted by target; a check that erred has no targets, and is open as a whole */
        while (at < n && strcmp(v[at].target, f->target) < 0)
            at++;
        double share = n == 0 ? 1.0 / (double)n_unknown : at < n && strcmp(v[at].target, f->target) == 0 ? finding_share(r, c, k, &v[at], sum) : 0;
        fn(ctx, c, f, missing_collection(r, f), weight * share);
    }
    free(v);
    json_decref(keep);
}

void report_each_unknown(const struct report *r, report_unknown_fn fn, void *ctx)
{
    for (size_t i = 0; i < r->n_checks; i++)
        each_of_check(r, &r->checks[i], fn, ctx);
}

static int by_points(const void *a, const void *b)
{
    const struct settle *x = a, *y = b;
    if (x->points != y->points)
        return x->points > y->points ? -1 : 1;
    if (x->n_checks != y->n_checks)
        return x->n_checks > y->n_checks ? -1 : 1;
    return strcmp(x->what, y->what);
}

void report_find_settles(struct report *r)
{
    struct grouping g = { .r = r };
    g.v = arena_array(r->arena, r->results.n_findings + 1, sizeof(*g.v));
    report_each_unknown(r, add_finding, &g);
    r->settles = arena_array(r->arena, g.n + 1, sizeof(*r->settles));
    for (size_t i = 0; i < g.n; i++) {
        r->settles[i] = g.v[i].s;
        r->settles[i].points = (int64_t)(g.v[i].points * (double)SCORE_ONE);
    }
    r->n_settles = g.n;
    if (g.n > 0)
        qsort(r->settles, g.n, sizeof(*r->settles), by_points);
}
