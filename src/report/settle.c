/* What is unknown, grouped by what would settle it, and how much of the score's band that would close. Parent; pure. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "report/report.h"
#include "base/text.h"

#define NOT_COLLECTED "(not collected: "

struct counts { const char *target; int64_t pass, fail, unknown; bool uncollected; };

/* One unknown finding's share of the band, and the group that it belongs to. */
struct share { const struct report_check *check; const struct finding *finding; double points; };

static int criticality_of(const struct report *r, const char *target)
{
    for (size_t i = 0; i < r->n_targets; i++)
        if (strcmp(r->targets[i].name, target) == 0)
            return r->targets[i].criticality;
    return CRITICALITY_SUPPORT;
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

static size_t n_missing(const struct report_check *c, const char *target)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_findings; i++)
        n += stands_for_missing(&c->findings[i]) && strcmp(c->findings[i].target, target) == 0;
    return n;
}

/* How much of its check one unknown finding holds open. */
static double finding_share(const struct report *r, const struct report_check *c, const struct finding *f, const struct counts *v, size_t n)
{
    double sum = 0, own = 0;
    if (n == 0)
        return 1.0 / (double)c->n_findings;
    for (size_t i = 0; i < n; i++) {
        double weight = criticality_of(r, v[i].target);
        double subjects = (double)(v[i].pass + v[i].fail + v[i].unknown);
        sum += weight;
        if (strcmp(v[i].target, f->target) != 0)
            continue;
        if (v[i].uncollected)
            own = stands_for_missing(f) ? weight / fmax(1, (double)n_missing(c, f->target)) : 0;
        else if (subjects > 0)
            own = weight / subjects;
    }
    return sum > 0 ? own / sum : 0;
}

/* The collection that a "(not collected: TABLE)" finding speaks of. */
static const struct collection *missing_collection(const struct report *r, const struct finding *f)
{
    if (!stands_for_missing(f))
        return NULL;
    const char *table = f->subject + strlen(NOT_COLLECTED);
    size_t len = strcspn(table, ")");
    for (size_t i = 0; i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        bool wanting = c->state != STATE_COMPLETE && c->state != STATE_UNSUPPORTED;
        if (wanting && strcmp(c->target, f->target) == 0 && strlen(c->table->name) == len && strncmp(c->table->name, table, len) == 0)
            return c;
    }
    return NULL;
}

struct grouping { struct settle *v; size_t n; struct arena *arena; const char **last_check; size_t cap; };

static struct settle *group_of(struct grouping *g, const char *what, const char *action, size_t *place)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(g->v[i].what, what) == 0) {
            *place = i;
            return &g->v[i];
        }
    *place = g->n;
    g->v[g->n] = (struct settle){ .what = what, .action = action };
    return &g->v[g->n++];
}

static void add_target(struct grouping *g, struct settle *s, const char *target, size_t most)
{
    for (size_t i = 0; i < s->n_targets; i++)
        if (strcmp(s->targets[i], target) == 0)
            return;
    if (!s->targets)
        s->targets = arena_array(g->arena, most + 1, sizeof(const char *));
    if (s->n_targets < most)
        s->targets[s->n_targets++] = target;
}

static void add_finding(struct report *r, struct grouping *g, const struct report_check *c, const struct finding *f, double points)
{
    const struct collection *missing = missing_collection(r, f);
    const struct reason_info *info = missing ? reason_info(missing->reason) : NULL;
    const char *what = info && missing->reason != REASON_NONE ? info->text : f->reason ? f->reason : "the source did not tell";
    size_t place;
    struct settle *s = group_of(g, what, info ? info->action : NULL, &place);
    add_target(g, s, f->target, r->n_targets + 1);
    s->points += (int64_t)(points * (double)SCORE_ONE);
    if (!g->last_check[place] || strcmp(g->last_check[place], c->def->id) != 0)
        s->n_checks++;
    g->last_check[place] = c->def->id;
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
    struct grouping g = { .arena = r->arena, .cap = r->results.n_findings + 1 };
    g.v = arena_array(r->arena, g.cap, sizeof(*g.v));
    g.last_check = arena_array(r->arena, g.cap, sizeof(const char *));
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct report_check *c = &r->checks[i];
        struct counts *v;
        json_t *keep;
        size_t n = parse_counts(c->result->target_counts, &v, &keep);
        double weight = c->result->low >= 0 ? check_weight(r, c) : 0;
        for (size_t k = 0; k < c->n_findings; k++)
            if (c->findings[k].status == FINDING_UNKNOWN)
                add_finding(r, &g, c, &c->findings[k], weight * finding_share(r, c, &c->findings[k], v, n));
        free(v);
        json_decref(keep);
    }
    qsort(g.v, g.n, sizeof(*g.v), by_points);
    r->settles = g.v;
    r->n_settles = g.n;
}
