/* Carrying out a plan into a run. Parent only: decides when a job may be started, what its answers mean for others, and hands what was
 * found to the store, job by job. */
#include "collect/collect.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/path.h"
#include "collect/build.h"
#include "collect/earlier.h"
#include "collect/known_hosts.h"
#include "collect/sched.h"
#include "collect/take.h"

#define NO_VIEW_MIN 3                /* fewer silent targets say nothing about the port */

/* A credential during this run. While a password has not been accepted anywhere, it is shown to one server at a time, so
 * that a wrong one is refused once and not in parallel. */
struct cred_use { const char *name; bool password_like, busy, proven, ended; char *why; };

struct collecting {
    const struct plan *plan;
    const struct site *site;
    struct store *store;
    int64_t run;
    const struct collect_options *o;
    struct build_env env;
    struct agent_keys agent;
    struct buf known_before;                     /* known_hosts when the run began */
    struct taker taker;
    struct collect_result *r;
    struct cred_use *creds; size_t n_creds;
    struct jobrun *jobs; size_t n_jobs;
    struct jobrun **held; size_t n_held, n_silent;       /* nobody answered so far: their reason depends on the others; without the watches of the same */
    bool seen;                                   /* somebody answered */
    collect_progress_fn progress; void *progress_ctx;
};

void collect_result_clear(struct collect_result *r)
{
    for (size_t i = 0; i < r->n_accepted_keys; i++)
        free(r->accepted_keys[i]);
    free(r->accepted_keys);
    *r = (struct collect_result){ .n_jobs = 0 };
}

/* --- credentials -------------------------------------------------------------------------------------------------------- */

static struct cred_use *cred_of(struct collecting *c, const struct plan_item *item)
{
    const char *name = item->tp == NULL ? NULL : item->tp->credential;
    for (size_t i = 0; i < c->n_creds && name != NULL; i++)
        if (strcmp(c->creds[i].name, name) == 0)
            return &c->creds[i];
    return NULL;
}

static void creds_init(struct collecting *c)
{
    c->creds = xcalloc(c->plan->n + 1, sizeof *c->creds);
    const char **names = xcalloc(c->plan->n + 1, sizeof *names);
    for (size_t i = 0; i < c->n_jobs; i++) {
        const struct plan_item *item = c->jobs[i].item;
        if (item->tp == NULL || item->tp->credential == NULL || c->env.cred == NULL || cred_of(c, item) != NULL)
            continue;
        names[c->n_creds] = item->tp->credential;
        c->creds[c->n_creds++] = (struct cred_use){ .name = item->tp->credential, .password_like = credentials_password_like(c->env.cred, item->tp->credential) };
    }
    if (c->n_creds > 0)
        credentials_prefetch(c->env.cred, names, c->n_creds);
    for (size_t i = 0; i < c->n_creds; i++) {
        if (!credentials_uses_agent(c->env.cred, c->creds[i].name))
            continue;
        agent_list(getenv("SSH_AUTH_SOCK"), &c->agent);
        break;
    }
    free(names);
}

static void cred_judge(struct collecting *c, const struct jobrun *j)
{
    struct cred_use *use = cred_of(c, j->item);
    if (use == NULL || j->started_ms == 0)
        return;
    use->busy = false;
    for (size_t i = 0; i < j->n_tables; i++) {
        struct job_outcome o = jobrun_outcome(j, &j->tables[i]);
        if (o.reason == REASON_WRONG_PASSWORD && use->password_like && !use->ended) {
            use->ended = true;
            use->why = xasprintf("it was refused at %s in this run", j->item->target->name);
            if (store_credential_end(c->store, c->site->key, use->name, j->item->target->name, clock_now()) != 0)
                log_error("that credential %s was refused could not be stored", use->name);
        }
        if (o.state == STATE_COMPLETE || o.state == STATE_PARTIAL || o.state == STATE_UNSUPPORTED || o.reason == REASON_EMPTY)
            use->proven = true;
    }
}

/* --- what jobs ask of the parent ------------------------------------------------------------------------------------------ */

static void on_asked(void *ctx, struct jobrun *j, const struct frame_asked *a)
{
    struct collecting *c = ctx;
    c->r->n_questions++;
    if (store_asked_log(c->store, c->run, a->at_ms, j->item->target->name, j->item->probe->name, a->to, a->what) != 0)
        jobrun_break(j, REASON_INTERNAL, "the log of questions cannot be written");
}

static void on_peer(void *ctx, struct jobrun *j, const struct frame_peer *p)
{
    struct collecting *c = ctx;
    if (!c->o->accept_new || j->item->probe->credential != CREDENTIAL_SSH || strcmp(p->verdict, "unknown") != 0 || strcmp(p->kind, "ssh-hostkey") != 0)
        return;
    char *algorithm = host_key_algorithm(p->blob, p->len);
    int err = algorithm == NULL ? ERR_FORMAT : known_hosts_add(c->site->dir, j->host, j->port, p->blob, p->len);
    if (err != 0) {
        jobrun_break(j, err == ERR_FORMAT ? REASON_MALFORMED : REASON_INTERNAL, "its host key could not be recorded: %s", err_text(err));
    } else {
        char *fingerprint = key_fingerprint(p->blob, p->len);
        c->r->accepted_keys = xrealloc_array(c->r->accepted_keys, c->r->n_accepted_keys + 1, sizeof *c->r->accepted_keys);
        c->r->accepted_keys[c->r->n_accepted_keys++] = xasprintf("[%s]:%d %s %s", j->host, j->port, algorithm, fingerprint);
        jobrun_note(j, xasprintf("%s[%s]:%d %s %s", NOTE_KEY_ACCEPTED, j->host, j->port, algorithm, fingerprint));
        free(fingerprint);
    }
    free(algorithm);
}

static bool agent_has(const struct agent_keys *keys, const struct frame_sign *s)
{
    for (size_t i = 0; i < keys->n; i++)
        if (keys->v[i].len == s->key_len && memcmp(keys->v[i].blob, s->key, s->key_len) == 0)
            return true;
    return false;
}

/* The agent signs what logs this job's user in with one of its keys, and nothing else. */
static void on_sign(void *ctx, struct jobrun *j, const struct frame_sign *s)
{
    struct collecting *c = ctx;
    if (j->answers_fd < 0 || j->user == NULL || !agent_has(&c->agent, s) || !agent_request_ok(s->data, s->data_len, j->user, s->key, s->key_len, s->flags)) {
        jobrun_break(j, REASON_MALFORMED, "it asked the ssh agent to sign something that is not its own login");
        return;
    }
    struct buf signature = BUF_INIT(16384), answer = BUF_INIT(16384 + 4);
    if (agent_sign(getenv("SSH_AUTH_SOCK"), s->key, s->key_len, s->data, s->data_len, s->flags, &signature) != 0)
        buf_reset(&signature);
    buf_put_bytes(&answer, buf_str(&signature), signature.len);
    if (write(j->answers_fd, answer.data, answer.len) != (ssize_t)answer.len && errno != EPIPE)
        jobrun_break(j, REASON_INTERNAL, "the agent's answer could not be passed on");
    buf_clear(&signature);
    buf_clear(&answer);
}

/* --- starting and ending jobs ------------------------------------------------------------------------------------------------ */

/* The job that reads the same target once: a watch waits for it, because small devices answer one at a time. NULL: there is none. */
static struct jobrun *read_before(const struct collecting *c, const struct jobrun *watch)
{
    size_t at = (size_t)(watch - c->jobs);
    struct jobrun *j = at > 0 ? &c->jobs[at - 1] : NULL;
    return watch->item->watch && j != NULL && j->item->target == watch->item->target && j->item->probe == watch->item->probe && !j->item->watch ? j : NULL;
}

/* What could not be read at all is not watched either: a dead address costs one timeout. */
static void judge_watch(struct collecting *c, const struct jobrun *j)
{
    size_t next = (size_t)(j - c->jobs) + 1;
    if (next >= c->n_jobs || read_before(c, &c->jobs[next]) != j || j->n_tables == 0)
        return;
    struct job_outcome o = { .reason = REASON_NONE };
    for (size_t i = 0; i < j->n_tables; i++) {
        o = jobrun_outcome(j, &j->tables[i]);
        if (o.state != STATE_FAILED && o.state != STATE_REFUSED && o.state != STATE_NOT_ASKED)
            return;
    }
    jobrun_break(&c->jobs[next], o.reason, "%s", o.detail != NULL ? o.detail : "");
}

static enum sched_verdict on_build(void *ctx, struct jobrun *j, struct job **job, int *evidence_fd)
{
    struct collecting *c = ctx;
    struct cred_use *use = cred_of(c, j->item);
    const struct jobrun *before = read_before(c, j);
    if (before != NULL && before->phase != JOB_DONE)
        return SCHED_LATER;
    if (j->broken != REASON_NONE)
        return SCHED_NEVER;
    if (use != NULL && use->ended) {
        jobrun_break(j, REASON_CREDENTIAL_ENDED, "credential %s: %s", use->name, use->why);
        return SCHED_NEVER;
    }
    if (use != NULL && use->password_like && !use->proven && use->busy)
        return SCHED_LATER;
    if (build_job(&c->env, j, job, evidence_fd) != 0)
        return SCHED_NEVER;
    if (use != NULL)
        use->busy = true;
    c->r->n_jobs++;
    return SCHED_START;
}

static int held_flush(struct collecting *c, bool no_view)
{
    int err = 0;
    for (size_t i = 0; i < c->n_held; i++) {
        c->held[i]->no_view = no_view;
        if (err == 0)
            err = take_job(&c->taker, c->held[i]);
        jobrun_clear(c->held[i]);
        c->held[i]->phase = JOB_DONE;
    }
    c->n_held = c->n_silent = 0;
    return err;
}

enum view { VIEW_NONE, VIEW_SILENT, VIEW_UNCLEAR, VIEW_SEEN };

/* What a job of the network says about whether the clinic can be seen from here at all. */
static enum view job_view(const struct jobrun *j)
{
    if (j->item->watch && j->started_ms == 0 && (j->broken == REASON_NO_ANSWER || j->broken == REASON_UNREACHABLE))
        return VIEW_SILENT;
    if (j->item->local_only || j->started_ms == 0 || j->broken == REASON_INTERNAL || j->broken == REASON_INTERRUPTED)
        return VIEW_NONE;
    if (j->broken == REASON_TIMEOUT && j->rows == 0)
        return VIEW_UNCLEAR;
    if (j->broken != REASON_NONE)
        return VIEW_SEEN;
    bool silent = true, unclear = true;
    for (size_t i = 0; i < j->n_tables; i++) {
        enum reason r = j->tables[i].reason;
        silent = silent && (r == REASON_NO_ANSWER || r == REASON_UNREACHABLE);
        unclear = unclear && (r == REASON_NAME_NOT_FOUND || r == REASON_NOT_PERMITTED || r == REASON_DO_NOT_TOUCH || r == REASON_INTERNAL || r == REASON_SANDBOX || r == REASON_TIMEOUT);
    }
    return silent ? VIEW_SILENT : unclear ? VIEW_UNCLEAR : VIEW_SEEN;
}

static int on_done(void *ctx, struct jobrun *j, bool *keep)
{
    struct collecting *c = ctx;
    c->r->rows += j->rows;
    c->r->worker_cpu_ms += (j->cpu_us + 500) / 1000;
    cred_judge(c, j);
    judge_watch(c, j);
    enum view view = job_view(j);
    if (view == VIEW_SILENT && !c->seen) {
        spool_clear(&j->spool);
        c->held[c->n_held++] = j;
        c->n_silent += !j->item->watch;
        *keep = true;
        return 0;
    }
    int err = 0;
    if (view == VIEW_SEEN && !c->seen) {
        c->seen = true;
        err = held_flush(c, false);
    }
    return err != 0 ? err : take_job(&c->taker, j);
}

static void on_tick(void *ctx, size_t n_done, size_t n_jobs, size_t n_watching, int64_t left_ms)
{
    struct collecting *c = ctx;
    int64_t rows = c->r->rows;
    for (size_t i = 0; i < c->n_jobs; i++)
        if (c->jobs[i].phase == JOB_RUNNING)
            rows += c->jobs[i].rows;
    if (c->progress != NULL)
        c->progress(c->progress_ctx, n_done, n_jobs, (size_t)rows, n_watching, left_ms);
}

/* --- what is not asked now -------------------------------------------------------------------------------------------------- */

static bool stays(const struct collection *had, const struct plan_item *item)
{
    if (had->carried || had->state == STATE_COMPLETE || had->state == STATE_UNSUPPORTED || had->state == STATE_REFUSED)
        return true;
    if (item->watch && had->rows > 0)
        return true;                 /* what was seen in those hours cannot be seen again */
    return had->state == STATE_NOT_ASKED && item->reason != REASON_NONE;
}

/* Which tables of each item are still wanted, after what a resumed run already has. What is asked again is dropped first, with all that the
 * same evidence said of other targets. */
static int wanted_make(struct collecting *c, uint32_t *wanted)
{
    struct earlier had;
    int err = earlier_load_run(&had, c->store, c->run);
    for (size_t i = 0; i < c->plan->n && err == 0; i++) {
        const struct plan_item *item = &c->plan->items[i];
        for (size_t k = 0; k < item->n_tables && err == 0; k++) {
            const struct collection *old = earlier_find(&had, item->target->name, item->probe->name, item->tables[k]);
            if (old == NULL || !stays(old, item))
                wanted[i] |= UINT32_C(1) << k;
            if (old == NULL || stays(old, item))
                continue;
            for (size_t n = 0; n < had.n && err == 0; n++)
                if (had.v[n].id == old->id || (old->evidence_id != 0 && had.v[n].evidence_id == old->evidence_id && had.v[n].table == old->table && !had.v[n].carried))
                    err = store_collection_drop(c->store, c->run, had.v[n].id);
        }
    }
    earlier_clear(&had);
    return err;
}

/* Links what an earlier run knows of items that are not asked now, and takes those tables off wanted. */
static int carry(struct collecting *c, uint32_t *wanted)
{
    struct earlier last;
    int err = earlier_load_latest(&last, c->store, c->site->key);
    for (size_t i = 0; i < c->plan->n && err == 0; i++) {
        const struct plan_item *item = &c->plan->items[i];
        for (size_t k = 0; k < item->n_tables && err == 0 && item->carried; k++) {
            const struct collection *old = earlier_find(&last, item->target->name, item->probe->name, item->tables[k]);
            if ((wanted[i] & (UINT32_C(1) << k)) == 0 || old == NULL || old->state == STATE_NOT_ASKED)
                continue;
            wanted[i] &= ~(UINT32_C(1) << k);
            for (size_t n = 0; n < last.n && err == 0; n++)          /* a file's rows about other targets come along */
                if (last.v[n].id == old->id || (old->evidence_id != 0 && last.v[n].evidence_id == old->evidence_id && last.v[n].table == old->table))
                    err = store_collection_link(c->store, c->run, last.v[n].id, true);
        }
    }
    earlier_clear(&last);
    return err;
}

static int retry_credentials(struct collecting *c)
{
    int err = 0;
    for (size_t i = 0; i < c->o->n_retry_credentials && err == 0; i++)
        err = store_credential_retry(c->store, c->site->key, c->o->retry_credentials[i]);
    return err;
}

static int prepare(struct collecting *c, const char *spool_dir)
{
    uint32_t *wanted = xcalloc(c->plan->n + 1, sizeof *wanted);
    int err = retry_credentials(c);
    if (err == 0)
        err = taker_init(&c->taker, c->store, c->run, c->site, c->o->vantage, c->r);
    if (err == 0)
        err = wanted_make(c, wanted);
    if (err == 0)
        err = carry(c, wanted);
    if (err == 0)
        err = take_not_asked(&c->taker, c->plan->items, wanted, c->plan->n);
    c->jobs = xcalloc(c->plan->n + 1, sizeof *c->jobs);
    c->held = xcalloc(c->plan->n + 1, sizeof *c->held);
    for (size_t i = 0; i < c->plan->n && err == 0; i++)
        if (c->plan->items[i].reason == REASON_NONE && wanted[i] != 0)
            jobrun_init(&c->jobs[c->n_jobs++], &c->plan->items[i], wanted[i], c->site, spool_dir);
    free(wanted);
    return err;
}

static int carry_out(struct collecting *c, struct zygote *z)
{
    const struct sched_ops ops = { .build = on_build, .done = on_done, .tick = on_tick, .frames = { .asked = on_asked, .peer = on_peer, .sign = on_sign }, .ctx = c };
    creds_init(c);
    int err = sched_run(z, c->jobs, c->n_jobs, sched_limit(c->o->jobs, c->o->fast), &ops, &c->r->interrupted);
    c->r->no_view_of_clinic = err == 0 && !c->r->interrupted && !c->seen && c->n_silent >= NO_VIEW_MIN;
    int held = err == 0 ? held_flush(c, c->r->no_view_of_clinic) : 0;
    return err != 0 ? err : held;
}

static void collecting_clear(struct collecting *c)
{
    for (size_t i = 0; i < c->n_jobs; i++)
        jobrun_clear(&c->jobs[i]);
    for (size_t i = 0; i < c->n_creds; i++)
        free(c->creds[i].why);
    buf_clear(&c->known_before);
    free(c->creds);
    free(c->jobs);
    free(c->held);
    agent_keys_clear(&c->agent);
    taker_clear(&c->taker);
}

int collect_run(struct zygote *z, const struct plan *p, const struct site *site, struct credentials *cred, struct store *store, int64_t run,
                const struct collect_options *o, collect_progress_fn progress, void *progress_ctx, struct collect_result *r)
{
    *r = (struct collect_result){ .n_jobs = 0 };
    struct collecting c = { .plan = p, .site = site, .store = store, .run = run, .o = o, .r = r, .progress = progress, .progress_ctx = progress_ctx,
                            .known_before = BUF_INIT(KNOWN_HOSTS_MAX) };
    c.env = (struct build_env){ .site = site, .cred = cred, .store = store, .o = o, .mode = "collect", .agent = &c.agent, .device_rules = &p->device_rules };
    int64_t began = clock_mono_ms();
    char *spool_dir = path_dirname(store_path(store));
    int err = prepare(&c, spool_dir);
    if (err == 0 && known_hosts_read(site->dir, &c.known_before) == 0)       /* each ssh job says so itself when it cannot be read */
        c.env.known_before = buf_str(&c.known_before);
    if (err == 0)
        err = carry_out(&c, z);
    r->ms = clock_mono_ms() - began;
    collecting_clear(&c);
    free(spool_dir);
    return err;
}
