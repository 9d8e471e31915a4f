/* Acts as jobs. Runs in a test, in the place of the parent. */
#include "lib/acts.h"

#include "base/clock.h"
#include "base/mem.h"
#include "probes/probe.h"

struct running { struct acts *a; const char *const *acts; struct jobrun *jobs; int64_t began; };

static enum sched_verdict on_build(void *ctx, struct jobrun *j, struct job **out, int *evidence_fd)
{
    struct running *run = ctx;
    size_t i = (size_t)(j - run->jobs);
    struct job *job = job_new();
    *evidence_fd = -1;
    job_add_str(job, "probe", "ssh");
    job_add_str(job, "target", j->item->target->name);
    job_add_str(job, "site", "test");
    job_add_str(job, "act", run->acts[i]);
    job_add_str(job, "table", "devices");
    job_add_str(job, "table", "interfaces");
    job_add_str(job, "permit", "+127.0.0.0/8");
    job_add_int(job, "deadline_ms", 60000);
    job_add_int(job, "max_rows", run->a->max_rows > 0 ? run->a->max_rows : JOB_MAX_ROWS);
    if (run->a->fast)
        job_add_str(job, "fast", "1");
    if (run->a->require_sandbox)
        job_add_str(job, "require_sandbox", "1");
    if (run->a->extra != NULL)
        run->a->extra(job, i);
    j->allowed_ms = run->a->deadline_ms > 0 ? run->a->deadline_ms : 10000;
    if (run->a->max_rows > 0)
        j->max_rows = run->a->max_rows;
    if (run->a->max_bytes > 0)
        j->max_bytes = run->a->max_bytes;
    *out = job;
    return SCHED_START;
}

static int on_done(void *ctx, struct jobrun *j, bool *keep)
{
    struct running *run = ctx;
    size_t i = (size_t)(j - run->jobs);
    struct act_result *r = &run->a->r[i];
    *keep = false;
    *r = (struct act_result){ .rows = j->rows, .started = j->started_ms != 0, .ms = j->ms, .cpu_us = j->cpu_us, .status = j->status,
                              .finished_ms = clock_mono_ms() - run->began };
    snprintf(r->sandbox, sizeof r->sandbox, "%s", j->sandbox == NULL ? "" : j->sandbox);
    for (size_t t = 0; t < j->n_tables && t < 2; t++) {
        struct job_outcome o = jobrun_outcome(j, &j->tables[t]);
        r->state[t] = o.state;
        r->reason[t] = o.reason;
        r->keep_rows = o.keep_rows;
        snprintf(r->detail[t], sizeof r->detail[t], "%s", o.detail == NULL ? "" : o.detail);
    }
    if (run->a->done != NULL)
        run->a->done(run->a, i);
    return 0;
}

static void on_asked(void *ctx, struct jobrun *j, const struct frame_asked *a)
{
    struct running *run = ctx;
    (void)j;
    (void)a;
    run->a->n_asked++;
}

int acts_run(struct acts *a, const char *const *acts, size_t n)
{
    static struct target target = { .name = "t1", .host = "127.0.0.1" };
    static struct site site = { .key = "test", .targets = &target, .n_targets = 1 };
    const struct probe *probe = probe_find("ssh");
    struct plan_item item = { .target = &target, .probe = probe, .n_tables = probe->n_tables, .local_only = a->local_only };
    memcpy(item.tables, probe->tables, probe->n_tables * sizeof *probe->tables);
    struct jobrun *jobs = xcalloc(n + 1, sizeof *jobs);
    struct running run = { .a = a, .acts = acts, .jobs = jobs, .began = clock_mono_ms() };
    const char *dir = a->dir != NULL ? a->dir : getenv("builddir");
    if (n > ACTS_MAX)
        BUG("%zu acts", n);
    for (size_t i = 0; i < n; i++) {
        a->r[i] = (struct act_result){ .started = false };
        jobrun_init(&jobs[i], &item, UINT32_MAX, &site, dir != NULL ? dir : ".");
    }
    const struct sched_ops ops = { .build = on_build, .done = on_done, .frames = { .asked = on_asked }, .ctx = &run };
    a->n_asked = 0;
    int err = sched_run(a->z, jobs, n, a->max_running > 0 ? a->max_running : 8, &ops, &a->interrupted);
    for (size_t i = 0; i < n; i++)
        jobrun_clear(&jobs[i]);
    free(jobs);
    return err;
}

const struct act_result *act_run(struct acts *a, const char *act)
{
    int err = acts_run(a, &act, 1);
    if (err != 0)
        BUG("the act %s could not be run: %s", act, err_text(err));
    return &a->r[0];
}
