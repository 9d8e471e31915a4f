/* Checking what a worker sends. Parent only; the bytes come from a process that may be in the hands of the target. */
#include "collect/jobrun.h"

#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"

#define IN_MAX (FRAME_MAX + 1024 * 1024)
#define FRAME_HEAD 4

void jobrun_init(struct jobrun *j, const struct plan_item *item, uint32_t tables, const struct site *site, const char *spool_dir)
{
    *j = (struct jobrun){ .item = item, .site = site, .frames_fd = -1, .answers_fd = -1, .max_rows = JOB_MAX_ROWS, .max_bytes = JOB_MAX_BYTES };
    buf_init(&j->in, IN_MAX);
    spool_init(&j->spool, spool_dir);
    if (item->n_tables > JOB_MAX_TABLES)
        BUG("%zu tables of one job", item->n_tables);
    for (size_t i = 0; i < item->n_tables; i++)
        if (tables & (UINT32_C(1) << i))
            j->tables[j->n_tables++].table = item->tables[i];
}

void jobrun_clear(struct jobrun *j)
{
    if (j->frames_fd >= 0)
        close(j->frames_fd);
    if (j->answers_fd >= 0)
        close(j->answers_fd);
    for (size_t i = 0; i < j->n_tables; i++)
        free(j->tables[i].detail);
    for (size_t i = 0; i < j->n_notes; i++)
        free(j->notes[i].text);
    free(j->notes);
    free(j->streams);
    free(j->sandbox);
    free(j->broken_detail);
    free(j->host);
    free(j->user);
    buf_clear(&j->in);
    spool_clear(&j->spool);
    jobrun_init(j, j->item, 0, j->site, j->spool.dir);
}

void jobrun_break(struct jobrun *j, enum reason reason, const char *detail, ...)
{
    if (j->broken != REASON_NONE)
        return;
    va_list ap;
    va_start(ap, detail);
    j->broken = reason;
    j->broken_detail = xvasprintf(detail, ap);
    va_end(ap);
}

static void malformed(struct jobrun *j, const char *what)
{
    jobrun_break(j, REASON_MALFORMED, "the worker sent %s that is not in order", what);
}

static struct job_table *job_table(struct jobrun *j, const struct fact_table *t)
{
    for (size_t i = 0; i < j->n_tables; i++)
        if (j->tables[i].table == t)
            return &j->tables[i];
    return NULL;
}

/* The stream of this table at this target (NULL: the job's own), made when new. */
static size_t job_stream(struct jobrun *j, const struct fact_table *t, const struct target *target)
{
    if (j->last_stream < j->n_streams && j->streams[j->last_stream].table == t && j->streams[j->last_stream].target == target)
        return j->last_stream;
    size_t i = 0;
    while (i < j->n_streams && (j->streams[i].table != t || j->streams[i].target != target))
        i++;
    if (i == j->n_streams) {
        if (j->n_streams == j->cap_streams) {
            j->cap_streams = j->cap_streams == 0 ? 4 : 2 * j->cap_streams;
            j->streams = xrealloc_array(j->streams, j->cap_streams, sizeof *j->streams);
        }
        j->streams[j->n_streams++] = (struct job_stream){ .table = t, .target = target };
    }
    j->last_stream = i;
    return i;
}

/* whole: the frame with its length, as it goes into the spool. */
static void take_row(struct jobrun *j, const struct frame *f, const uint8_t *whole, size_t whole_len)
{
    struct fact_row row;
    char *other = NULL;
    if (j->sandbox == NULL || frame_get_row(f, &row, &other) != 0) {
        malformed(j, "a row");
        return;
    }
    struct job_table *t = job_table(j, row.table);
    const struct target *target = other == NULL ? NULL : site_target(j->site, other);
    bool known = other == NULL || (target != NULL && j->item->local_only);
    free(other);
    if (t == NULL || t->said || !known) {
        malformed(j, "a row");
        return;
    }
    if (target == j->item->target)
        target = NULL;
    if (j->rows >= j->max_rows) {
        jobrun_break(j, REASON_LIMIT, "more than %lld rows", (long long)j->max_rows);
        return;
    }
    size_t stream = job_stream(j, row.table, target);
    int err = spool_append(&j->spool, (uint32_t)stream, whole, whole_len);
    if (err != 0) {
        jobrun_break(j, REASON_INTERNAL, "rows could not be kept: %s", err_text(err));
        return;
    }
    j->streams[stream].rows++;
    t->rows++;
    j->rows++;
}

/* A worker may say how its table ended, but some reasons are the parent's alone. */
static bool state_is_sane(const struct frame_table_state *s)
{
    static const enum reason parents[] = { REASON_NONE, REASON_NO_VIEW_OF_CLINIC, REASON_CREDENTIAL_ENDED, REASON_SECRET_UNAVAILABLE,
        REASON_NARROWED, REASON_NOT_WATCHED, REASON_OFFLINE, REASON_FILE_CHANGED, REASON_CRASHED, REASON_INTERRUPTED };
    if (s->state == STATE_COMPLETE)
        return s->reason == REASON_NONE;
    for (size_t i = 0; i < N_ELEMENTS(parents); i++)
        if (s->reason == parents[i])
            return false;
    return s->state != STATE_NOT_ASKED || reason_info(s->reason)->state == STATE_NOT_ASKED;
}

static void take_table_state(struct jobrun *j, const struct frame *f)
{
    struct frame_table_state s = { 0 };
    if (frame_get_table_state(f, &s) != 0) {
        malformed(j, "an outcome");
        return;
    }
    struct job_table *t = job_table(j, s.table);
    if (t == NULL || t->said || !state_is_sane(&s)) {
        malformed(j, "an outcome");
    } else {
        t->said = true;
        t->state = s.state;
        t->reason = s.reason;
        t->observed_at = s.observed_at;
        t->detail = s.detail;
        s.detail = NULL;
    }
    frame_table_state_clear(&s);
}

static void take_note(struct jobrun *j, const struct frame *f)
{
    struct frame_note n = { 0 };
    if (frame_get_note(f, &n) != 0) {
        malformed(j, "a note");
        return;
    }
    if (n.table != NULL && job_table(j, n.table) == NULL) {
        malformed(j, "a note");
    } else if (j->n_notes >= JOB_MAX_NOTES) {
        jobrun_break(j, REASON_LIMIT, "more than %d notes", JOB_MAX_NOTES);
    } else {
        j->notes = xrealloc_array(j->notes, j->n_notes + 1, sizeof *j->notes);
        j->notes[j->n_notes++] = (struct job_note){ .table = n.table, .text = n.text };
        n.text = NULL;
    }
    frame_note_clear(&n);
}

void jobrun_note(struct jobrun *j, char *text_take)
{
    j->notes = xrealloc_array(j->notes, j->n_notes + 1, sizeof *j->notes);
    j->notes[j->n_notes++] = (struct job_note){ .text = text_take };
}

static void take_asked(struct jobrun *j, const struct frame *f, const struct jobrun_ops *ops, void *ctx)
{
    struct frame_asked a = { 0 };
    if (frame_get_asked(f, &a) != 0) {
        malformed(j, "a question");
        return;
    }
    int64_t now_ms = clock_now() * 1000 + 999;
    if (a.at_ms < j->started * 1000 || a.at_ms > now_ms)     /* the worker's clock is ours: anything else is made up */
        a.at_ms = now_ms - 999;
    if (j->n_asked++ >= JOB_MAX_ASKED)
        jobrun_break(j, REASON_LIMIT, "more than %d questions", JOB_MAX_ASKED);
    else if (ops->asked != NULL)
        ops->asked(ctx, j, &a);
    frame_asked_clear(&a);
}

static void take_peer(struct jobrun *j, const struct frame *f, const struct jobrun_ops *ops, void *ctx)
{
    struct frame_peer p = { 0 };
    if (frame_get_peer(f, &p) != 0) {
        malformed(j, "a key");
        return;
    }
    if (j->n_peers++ >= JOB_MAX_PEERS)
        jobrun_break(j, REASON_LIMIT, "more than %d keys", JOB_MAX_PEERS);
    else if (ops->peer != NULL)
        ops->peer(ctx, j, &p);
    frame_peer_clear(&p);
}

static void take_sign(struct jobrun *j, const struct frame *f, const struct jobrun_ops *ops, void *ctx)
{
    struct frame_sign s = { 0 };
    if (frame_get_sign(f, &s) != 0) {
        malformed(j, "a request to sign");
        return;
    }
    if (j->n_signs++ >= JOB_MAX_SIGNS)
        jobrun_break(j, REASON_LIMIT, "more than %d requests to sign", JOB_MAX_SIGNS);
    else if (ops->sign != NULL)
        ops->sign(ctx, j, &s);
    else
        malformed(j, "a request to sign");
    frame_sign_clear(&s);
}

static void take_sandbox(struct jobrun *j, const struct frame *f)
{
    char *level = NULL;
    if (j->sandbox != NULL || frame_get_sandbox(f, &level) != 0) {
        malformed(j, "a sandbox level");
        return;
    }
    j->sandbox = level;
}

static void take_frame(struct jobrun *j, const struct frame *f, const uint8_t *whole, size_t whole_len, const struct jobrun_ops *ops, void *ctx)
{
    if (j->ended) {
        malformed(j, "something after its end");
        return;
    }
    switch (f->kind) {
    case FRAME_ROW:
        take_row(j, f, whole, whole_len);
        break;
    case FRAME_TABLE_STATE:
        take_table_state(j, f);
        break;
    case FRAME_NOTE:
        take_note(j, f);
        break;
    case FRAME_ASKED:
        take_asked(j, f, ops, ctx);
        break;
    case FRAME_PEER:
        take_peer(j, f, ops, ctx);
        break;
    case FRAME_SIGN:
        take_sign(j, f, ops, ctx);
        break;
    case FRAME_SANDBOX:
        take_sandbox(j, f);
        break;
    case FRAME_END:
        if (f->len != 0)
            malformed(j, "an end");
        j->ended = true;
        break;
    default:
        malformed(j, "a frame");
    }
}

/* Takes whole frames off p and returns how many bytes they were. */
static size_t take_frames(struct jobrun *j, const uint8_t *p, size_t len, const struct jobrun_ops *ops, void *ctx)
{
    size_t used = 0;
    while (used < len && j->broken == REASON_NONE) {
        struct frame f;
        size_t one = 0;
        int got = frame_next(p + used, len - used, &f, &one);
        if (got == 0)
            break;
        if (got < 0) {
            malformed(j, "a frame");
            break;
        }
        take_frame(j, &f, p + used, one, ops, ctx);
        used += one;
    }
    return used;
}

void jobrun_feed(struct jobrun *j, const void *p, size_t len, const struct jobrun_ops *ops, void *ops_ctx)
{
    if (j->broken != REASON_NONE)
        return;
    j->bytes += (int64_t)len;
    if (j->bytes > j->max_bytes) {
        jobrun_break(j, REASON_LIMIT, "more than %lld bytes", (long long)j->max_bytes);
        return;
    }
    if (j->in.len == 0) {            /* the usual case: no copy of whole frames */
        size_t used = take_frames(j, p, len, ops, ops_ctx);
        buf_append(&j->in, (const uint8_t *)p + used, len - used);
    } else {
        buf_append(&j->in, p, len);
        size_t used = take_frames(j, (const uint8_t *)j->in.data, j->in.len, ops, ops_ctx);
        size_t left = j->in.len - used;
        memmove(j->in.data, j->in.data + used, left);
        j->in.len = left;
    }
    if (j->in.overflow)
        malformed(j, "a frame");
    if (j->broken != REASON_NONE || j->in.len == 0)
        buf_clear(&j->in);           /* most jobs wait most of the time: they should hold no memory meanwhile */
}

static void settle_crash(struct jobrun *j)
{
    if (WIFSIGNALED(j->status)) {
        int sig = WTERMSIG(j->status);
        if (sig == SIGSYS)
            jobrun_break(j, REASON_CRASHED, "the worker tried what the sandbox forbids (signal %d)", sig);
        else
            jobrun_break(j, REASON_CRASHED, "the worker was ended by signal %d (%s)", sig, strsignal(sig));
    } else if (WEXITSTATUS(j->status) != 0) {
        jobrun_break(j, REASON_CRASHED, "the worker ended with status %d", WEXITSTATUS(j->status));
    }
}

void jobrun_settle(struct jobrun *j)
{
    if (j->started_ms == 0)
        return;
    settle_crash(j);                 /* does nothing where the parent itself ended it */
    if (!j->ended || j->in.len > 0)
        malformed(j, "a stream");
    for (size_t i = 0; i < j->n_tables; i++)
        if (!j->tables[i].said)
            malformed(j, "a stream");
}

/* A row that arrived before the deadline or a Ctrl-C is true; one from a worker that broke the rules may be anything. */
struct job_outcome jobrun_outcome(const struct jobrun *j, const struct job_table *t)
{
    struct job_outcome o = { .state = STATE_FAILED, .reason = j->broken, .detail = j->broken_detail, .keep_rows = false };
    if (j->no_view) {
        o.reason = REASON_NO_VIEW_OF_CLINIC;
        o.detail = t->detail;
        return o;
    }
    if (j->broken == REASON_TIMEOUT || j->broken == REASON_INTERRUPTED) {
        o.state = t->rows > 0 ? STATE_PARTIAL : STATE_FAILED;
        o.keep_rows = t->rows > 0;
        return o;
    }
    if (j->broken != REASON_NONE) {
        if (j->started_ms == 0)      /* it was never sent */
            o.state = reason_info(j->broken)->state;
        return o;
    }
    o.state = t->state;
    o.reason = t->reason;
    o.detail = t->detail;
    if (j->hung_up && t->state == STATE_PARTIAL)
        o.reason = REASON_INTERRUPTED;       /* the worker ended it because we asked it to */
    o.keep_rows = t->state == STATE_COMPLETE || t->state == STATE_PARTIAL;
    if (t->state == STATE_COMPLETE && t->rows < (int64_t)t->table->min_rows) {
        o.state = STATE_FAILED;
        o.reason = REASON_EMPTY;
        o.detail = "empty: view or access list?";
        o.keep_rows = false;
    }
    return o;
}
