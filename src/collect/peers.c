/* Who answers: for `trust`. The same jobs, workers and checks as a run's, in the mode that asks nothing. Parent only. */
#include "collect/collect.h"

#include <string.h>
#include "base/mem.h"
#include "collect/build.h"
#include "collect/known_hosts.h"
#include "collect/sched.h"

struct asking {
    struct build_env env;
    struct agent_keys no_keys;
    struct store *store;
    peer_fn fn;
    void *ctx;
};

static enum sched_verdict on_build(void *ctx, struct jobrun *j, struct job **job, int *evidence_fd)
{
    struct asking *a = ctx;
    return build_job(&a->env, j, job, evidence_fd) == 0 ? SCHED_START : SCHED_NEVER;
}

static void on_asked(void *ctx, struct jobrun *j, const struct frame_asked *q)
{
    struct asking *a = ctx;
    if (a->store != NULL && store_asked_log(a->store, 0, q->at_ms, j->item->target->name, j->item->probe->name, q->to, q->what) != 0)
        jobrun_break(j, REASON_INTERNAL, "the log of questions cannot be written");
}

/* The name under which a key is kept is ours, and its algorithm is what the key itself says. */
static void on_peer(void *ctx, struct jobrun *j, const struct frame_peer *p)
{
    struct asking *a = ctx;
    bool host_key = strcmp(p->kind, "ssh-hostkey") == 0;
    char *algorithm = host_key ? host_key_algorithm(p->blob, p->len) : xstrdup(p->algorithm);
    if (algorithm == NULL || p->len == 0) {
        jobrun_break(j, REASON_MALFORMED, "it showed a key that is none");
        free(algorithm);
        return;
    }
    char *name = xasprintf("[%s]:%d", j->host, j->port), *fingerprint = key_fingerprint(p->blob, p->len);
    struct peer_seen seen = {
        .target = j->item->target, .host = j->host, .port = j->port, .probe = j->item->probe->name, .kind = p->kind, .name = name, .algorithm = algorithm, .verdict = p->verdict,
        .blob = p->blob, .len = p->len, .fingerprint = fingerprint, .reason = REASON_NONE, .detail = "",
    };
    a->fn(a->ctx, &seen);
    free(algorithm);
    free(name);
    free(fingerprint);
}

static int on_done(void *ctx, struct jobrun *j, bool *keep)
{
    struct asking *a = ctx;
    *keep = false;
    if (j->n_peers > 0 && j->broken == REASON_NONE)
        return 0;
    struct job_outcome o = { .state = STATE_FAILED, .reason = j->broken, .detail = j->broken_detail, .keep_rows = false };
    if (j->n_tables > 0)
        o = jobrun_outcome(j, &j->tables[0]);
    struct peer_seen none = { .target = j->item->target, .host = j->host, .port = j->port, .probe = j->item->probe->name, .kind = "", .name = "", .algorithm = "", .verdict = "", .fingerprint = "",
                              .reason = o.reason, .detail = o.detail == NULL ? "" : o.detail };
    a->fn(a->ctx, &none);
    return 0;
}

/* Whether this probe's targets show who they are. */
static bool shows_itself(const struct probe *probe, const struct target *t)
{
    if (probe->credential == CREDENTIAL_LDAP)
        return t->scheme == NULL || strcmp(t->scheme, "ldap+plain") != 0;
    return probe->credential == CREDENTIAL_SSH;
}

static bool chosen(const char **names, size_t n, const char *name)
{
    bool found = n == 0;
    for (size_t i = 0; i < n && !found; i++)
        found = strcmp(names[i], name) == 0;
    return found;
}

static size_t items_make(const struct site *site, const struct collect_options *o, struct plan_item *items, size_t max)
{
    size_t n = 0;
    for (size_t i = 0; i < site->n_targets; i++) {
        const struct target *t = &site->targets[i];
        for (size_t k = 0; k < t->n_probes && t->host != NULL; k++) {
            const struct probe *probe = probe_find(t->probes[k].probe);
            if (probe == NULL || !shows_itself(probe, t) || n == max)
                continue;
            if (!chosen(o->targets, o->n_targets, t->name) || !chosen(o->probes, o->n_probes, probe->name))
                continue;
            items[n] = (struct plan_item){ .target = t, .tp = &t->probes[k], .probe = probe, .n_tables = probe->n_tables, .permitted_until = INT64_MAX };
            memcpy(items[n].tables, probe->tables, probe->n_tables * sizeof *probe->tables);
            n++;
        }
    }
    return n;
}

int collect_peers(struct zygote *z, const struct site *site, struct store *store, const struct collect_options *o, peer_fn fn, void *ctx)
{
    struct asking a = { .store = store, .fn = fn, .ctx = ctx };
    a.env = (struct build_env){ .site = site, .o = o, .mode = "trust", .agent = &a.no_keys };
    size_t max = 0;
    for (size_t i = 0; i < site->n_targets; i++)
        max += site->targets[i].n_probes;
    struct plan_item *items = xcalloc(max + 1, sizeof *items);
    struct jobrun *jobs = xcalloc(max + 1, sizeof *jobs);
    size_t n = items_make(site, o, items, max);
    for (size_t i = 0; i < n; i++) {
        jobrun_init(&jobs[i], &items[i], UINT32_MAX, site, site->dir);
        jobs[i].max_rows = 0;        /* nothing was asked: a row would be a lie */
    }
    const struct sched_ops ops = { .build = on_build, .done = on_done, .frames = { .asked = on_asked, .peer = on_peer }, .ctx = &a };
    bool interrupted = false;
    int err = sched_run(z, jobs, n, sched_limit(o->jobs, o->fast), &ops, &interrupted);
    for (size_t i = 0; i < n; i++)
        jobrun_clear(&jobs[i]);
    free(jobs);
    free(items);
    return err == 0 && interrupted ? ERR_INTERRUPTED : err;
}
