/* Reads what an evaluation rests on out of the store. Parent. */
#include "checklist/gather.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"

/* The order of design.md section 1; what is not named comes after. */
static size_t probe_place(const char *probe)
{
    static const char *const order[] = { "snmp", "ssh", "ldap", "net", "file" };
    size_t i = 0;
    while (i < N_ELEMENTS(order) && strcmp(order[i], probe) != 0)
        i++;
    return i;
}

int gather_preference(const struct eval_source *x, const struct eval_source *y)
{
    if (x->method != y->method)
        return x->method > y->method ? -1 : 1;
    size_t p = probe_place(x->probe), q = probe_place(y->probe);
    if (p != q)
        return p < q ? -1 : 1;
    if (x->observed_at != y->observed_at)
        return x->observed_at > y->observed_at ? -1 : 1;
    return (x->collection < y->collection) - (x->collection > y->collection);
}

static int by_preference(const void *a, const void *b)
{
    const struct eval_source *x = a, *y = b;
    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    if (x->target != y->target)
        return x->target < y->target ? -1 : 1;
    return gather_preference(x, y);
}

void gather_rank(struct eval_job *job)
{
    if (job->n_sources > 0)
        qsort(job->sources, job->n_sources, sizeof(*job->sources), by_preference);
    for (size_t i = 0; i < job->n_sources; i++) {
        struct eval_source *s = &job->sources[i], *before = i > 0 ? s - 1 : NULL;
        bool same = before != NULL && before->table == s->table && before->target == s->target;
        s->rank = same && before->rank < UINT16_MAX ? (uint16_t)(before->rank + 1) : same ? before->rank : 0;
    }
}

/* Room for n more of what the arrays hold; what was there moves. */
static void *more_room(struct arena *a, const void *p, size_t n, size_t more, size_t size)
{
    void *bigger = arena_array(a, n + more + 1, size);
    if (n > 0)
        memcpy(bigger, p, n * size);
    return bigger;
}

static void add_targets(struct gathered *g, const char *site, const struct target_record *v, size_t n)
{
    struct eval_job *j = &g->job;
    j->targets = more_room(g->arena, j->targets, j->n_targets, n, sizeof(*j->targets));
    for (size_t i = 0; i < n; i++)
        j->targets[j->n_targets++] = (struct eval_target){
            .site = arena_strdup(g->arena, site), .name = arena_strdup(g->arena, v[i].name), .role = arena_strdup(g->arena, v[i].role != NULL ? v[i].role : ""),
            .address = arena_strdup(g->arena, v[i].address != NULL ? v[i].address : ""), .criticality = v[i].criticality };
}

static void add_collection(struct gathered *g, const struct collection *c, uint32_t target)
{
    struct eval_job *j = &g->job;
    struct settle_input *in = &g->settle;
    const char *probe = arena_strdup(g->arena, c->probe), *vantage = arena_strdup(g->arena, c->vantage);
    uint16_t table = (uint16_t)fact_table_index(c->table);
    in->collections[in->n_collections++] = (struct settle_collection){
        .target = target, .table = table, .state = c->state, .reason = c->reason, .detail = arena_strdup(g->arena, c->detail), .probe = probe,
        .method = c->method, .vantage = vantage, .observed_at = c->observed_at };
    if (c->rows > 0)
        j->sources[j->n_sources++] = (struct eval_source){ .collection = c->id, .target = target, .table = table, .method = c->method,
                                                           .observed_at = c->observed_at, .vantage = vantage, .probe = probe };
}

/* One run's targets and collections; site NULL: the run that is evaluated. */
static int add_run(struct gathered *g, struct store *s, int64_t run, const char *site)
{
    struct target_record *targets = NULL;
    struct collection *v = NULL;
    size_t n_targets = 0, n = 0;
    uint32_t first = (uint32_t)g->job.n_targets;
    int err = store_targets(s, run, &targets, &n_targets);
    if (err == 0)
        err = store_collections(s, run, &v, &n);
    if (err == 0) {
        add_targets(g, site, targets, n_targets);
        g->job.sources = more_room(g->arena, g->job.sources, g->job.n_sources, n, sizeof(*g->job.sources));
        g->settle.collections = more_room(g->arena, g->settle.collections, g->settle.n_collections, n, sizeof(*g->settle.collections));
    }
    /* A store from a newer program may have tables that this one does not know: nothing here can read them. */
    for (size_t i = 0; err == 0 && i < n; i++)
        for (uint32_t t = 0; v[i].table != NULL && t < n_targets; t++)
            if (targets[t].id == v[i].target_id) {
                add_collection(g, &v[i], first + t);
                break;
            }
    targets_free(targets, n_targets);
    collections_free(v, n);
    return err;
}

/* The newest sealed run of another site that was finished when ours began, when that site is ours. */
static int add_site(struct gathered *g, struct store *s, const char *site)
{
    struct run *runs = NULL;
    size_t n = 0;
    int err = store_runs(s, site, &runs, &n);
    for (size_t i = 0; err == 0 && i < n; i++) {
        const struct run *r = &runs[i];
        if (strcmp(r->state, "sealed") != 0 || r->finished > g->run.as_of || r->received_at > g->run.as_of)
            continue;
        bool home = strcmp(r->stage, stage_name(STAGE_HOME)) == 0;
        if (home || strcmp(r->stage, stage_name(STAGE_OWNED)) == 0) {
            g->settle.others = more_room(g->arena, g->settle.others, g->settle.n_others, 1, sizeof(*g->settle.others));
            g->settle.others[g->settle.n_others++] = arena_strdup(g->arena, site);
            g->settle.home_known |= home;
            err = add_run(g, s, r->id, site);
        }
        break;
    }
    runs_free(runs, n);
    return err;
}

static int add_sites(struct gathered *g, struct store *s)
{
    char **sites = NULL;
    size_t n = 0;
    int err = store_sites(s, &sites, &n);
    for (size_t i = 0; err == 0 && i < n; i++)
        if (strcmp(sites[i], g->run.site) != 0)
            err = add_site(g, s, sites[i]);
    strings_free(sites, n);
    return err;
}

int gather(struct store *s, int64_t run, bool with_org, struct gathered *out)
{
    *out = (struct gathered){ .arena = arena_new() };
    int err = store_run_get(s, run, &out->run);
    out->settle.home_known = err == 0 && strcmp(out->run.stage, stage_name(STAGE_HOME)) == 0;
    if (err == 0)
        err = add_run(out, s, run, NULL);
    if (err == 0 && with_org)
        err = add_sites(out, s);
    out->job.db = store_path(s);
    out->job.as_of = out->run.as_of;
    gather_rank(&out->job);
    out->settle.arena = out->arena;
    out->settle.targets = out->job.targets;
    out->settle.n_targets = out->job.n_targets;
    out->settle.as_of = out->run.as_of;
    settle_sort(&out->settle);
    return err;
}

void gather_clear(struct gathered *g)
{
    run_clear(&g->run);
    arena_free(g->arena);
    g->arena = NULL;
}
