/* Taking in. Parent only. Rows come out of the spool, where they were checked as frames; the store brings their values into form. */
#include "collect/take.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

int taker_init(struct taker *t, struct store *store, int64_t run, const struct site *site, const char *vantage, struct collect_result *result)
{
    *t = (struct taker){ .store = store, .run = run, .site = site, .vantage = vantage, .result = result };
    t->target_ids = xcalloc(site->n_targets + 1, sizeof *t->target_ids);
    for (size_t i = 0; i < site->n_targets; i++) {
        const struct target *target = &site->targets[i];
        int err = store_target_put(store, run, target->name, target->role, target->host != NULL ? target->host : target->file,
                                   (int)target->criticality, &t->target_ids[i]);
        if (err != 0)
            return err;
    }
    return 0;
}

void taker_clear(struct taker *t)
{
    free(t->target_ids);
    t->target_ids = NULL;
}

static int64_t target_id(const struct taker *t, const struct target *target)
{
    return t->target_ids[target - t->site->targets];
}

static void count(struct collect_result *r, enum state state)
{
    switch (state) {
    case STATE_COMPLETE:
        r->n_complete++;
        break;
    case STATE_PARTIAL:
        r->n_partial++;
        break;
    case STATE_FAILED:
        r->n_failed++;
        break;
    case STATE_UNSUPPORTED:
        r->n_unsupported++;
        break;
    case STATE_REFUSED:
        r->n_refused++;
        break;
    case STATE_NOT_ASKED:
    case STATE_COUNT:
        r->n_not_asked++;
        break;
    }
}

struct taking { struct intake *in; };

static int take_row(void *ctx, const struct frame *f)
{
    struct taking *taking = ctx;
    struct fact_row row;
    char *other = NULL;
    int err = frame_get_row(f, &row, &other);
    if (err == 0)
        err = intake_row(taking->in, &row);
    free(other);
    return err;
}

/* When the facts were true: what the worker says, as long as it is not later than now; else the file's date, else the job's end. */
static int64_t observed_at(const struct jobrun *j, const struct job_table *t, enum state state)
{
    if (state == STATE_NOT_ASKED)
        return 0;                    /* nothing was */
    if (t->observed_at > 0 && t->observed_at <= j->finished)
        return t->observed_at;
    return j->item->local_only && j->evidence_observed > 0 ? j->evidence_observed : j->finished;
}

static int take_notes(const struct jobrun *j, const struct fact_table *table, struct intake *in)
{
    int err = 0;
    for (size_t i = 0; i < j->n_notes && err == 0; i++)
        if (j->notes[i].table == NULL || j->notes[i].table == table)
            err = intake_note(in, j->notes[i].text);
    return err;
}

/* One table at one target. stream NULL: no rows. */
static int take_collection(struct taker *t, struct jobrun *j, const struct job_table *table, const struct job_outcome *o, const struct target *target,
                           const struct job_stream *stream, struct intake *in)
{
    struct collection c = {
        .target_id = target_id(t, target), .probe = j->item->probe->name, .table = table->table, .state = o->state, .reason = o->reason,
        .method = j->item->local_only ? METHOD_DOCUMENT : METHOD_MEASURED,
        .started = j->started, .finished = j->finished, .observed_at = observed_at(j, table, o->state), .received_at = clock_now(), .ms = j->ms,
        .rows = stream != NULL && o->keep_rows ? stream->rows : 0, .sandbox = j->sandbox, .evidence_id = j->evidence_id,
    };
    c.detail = xstrdup(o->detail);
    c.vantage = xstrdup(t->vantage);
    int err = intake_collection(in, &c);
    if (err == 0)
        err = take_notes(j, table->table, in);
    if (err == 0 && stream != NULL && o->keep_rows) {
        struct taking taking = { .in = in };
        err = spool_each(&j->spool, (uint32_t)(stream - j->streams), take_row, &taking);
    }
    free(c.detail);
    free(c.vantage);
    if (err == 0)
        count(t->result, o->state);
    return err;
}

static int take_table(struct taker *t, struct jobrun *j, const struct job_table *table, struct intake *in)
{
    struct job_outcome o = jobrun_outcome(j, table);
    const struct job_stream *own = NULL;
    for (size_t i = 0; i < j->n_streams; i++)
        if (j->streams[i].table == table->table && j->streams[i].target == NULL)
            own = &j->streams[i];
    int err = take_collection(t, j, table, &o, j->item->target, own, in);
    for (size_t i = 0; i < j->n_streams && err == 0 && o.keep_rows; i++)         /* a file that speaks of other targets */
        if (j->streams[i].table == table->table && j->streams[i].target != NULL)
            err = take_collection(t, j, table, &o, j->streams[i].target, &j->streams[i], in);
    return err;
}

int take_job(struct taker *t, struct jobrun *j)
{
    struct intake *in = NULL;
    int err = intake_begin(t->store, t->run, &in);
    if (err != 0)
        return err;
    for (size_t i = 0; i < j->n_tables && err == 0; i++)
        err = take_table(t, j, &j->tables[i], in);
    if (err == 0)
        return intake_commit(in);
    intake_abort(in);
    log_error("what %s said to %s could not be stored: %s", j->item->target->name, j->item->probe->name, err_text(err));
    return err;
}

static int take_item(struct taker *t, const struct plan_item *item, uint32_t wanted, struct intake *in)
{
    int64_t now = clock_now();
    for (size_t i = 0; i < item->n_tables; i++) {
        if ((wanted & (UINT32_C(1) << i)) == 0)
            continue;
        enum state state = STATE_NOT_ASKED;
        struct collection c = {
            .target_id = target_id(t, item->target), .probe = item->probe->name, .table = item->tables[i], .state = state, .reason = item->reason,
            .detail = item->detail, .method = item->local_only ? METHOD_DOCUMENT : METHOD_MEASURED, .started = now, .finished = now, .received_at = now,     /* nothing was observed */
        };
        c.vantage = xstrdup(t->vantage);
        int err = intake_collection(in, &c);
        free(c.vantage);
        if (err != 0)
            return err;
        count(t->result, state);
    }
    return 0;
}

int take_not_asked(struct taker *t, const struct plan_item *items, const uint32_t *wanted, size_t n)
{
    struct intake *in = NULL;
    int err = intake_begin(t->store, t->run, &in);
    if (err != 0)
        return err;
    for (size_t i = 0; i < n && err == 0; i++)
        if (items[i].reason != REASON_NONE && wanted[i] != 0)
            err = take_item(t, &items[i], wanted[i], in);
    if (err == 0)
        return intake_commit(in);
    intake_abort(in);
    return err;
}
