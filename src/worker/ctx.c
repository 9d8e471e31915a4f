/* What a probe may do, as frames to the parent. Runs in a worker, after the lock mostly; nothing here opens or allocates
 * anything but memory. The limits are kept here so that an honest worker ends in order; the parent enforces them again. */
#include "worker/ctx.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "fact/frame.h"
#include "worker/sandbox.h"
#include "worker/worker.h"

#define FLUSH_BYTES 65536
#define OUT_MAX (FLUSH_BYTES + 2 * FRAME_MAX)
#define DETAIL_MAX 500               /* bytes of a detail or a note */
#define DEFAULT_DEADLINE_MS 60000
#define DEFAULT_MAX_ROWS 1000000
#define DEFAULT_MAX_BYTES (INT64_C(512) * 1024 * 1024)
#define BYTES_RESERVED (1024 * 1024) /* of max_bytes: for outcomes, notes and questions */
#define SIGNATURE_MAX 65536
#define SIGN_WAIT_MS 20000           /* longer than the parent waits for the agent */
#define REST_RESERVED_MS 500         /* of the deadline: to emit what there is */
#define REST_SLICE_MS 60000
#define PEER_MAX 65536               /* bytes of a key or certificate; nothing honest is larger */

void ctx_init(struct probe_ctx *ctx, struct job *job_take, int out_fd, int in_fd, int evidence_fd)
{
    *ctx = (struct probe_ctx){ .job = job_take, .out_fd = out_fd, .in_fd = in_fd, .evidence_fd = evidence_fd };
    buf_init(&ctx->out, OUT_MAX);
    ctx->deadline = clock_mono_ms() + job_get_int(ctx->job, "deadline_ms", DEFAULT_DEADLINE_MS);
    ctx->max_rows = job_get_int(ctx->job, "max_rows", DEFAULT_MAX_ROWS);
    ctx->max_bytes = job_get_int(ctx->job, "max_bytes", DEFAULT_MAX_BYTES) - BYTES_RESERVED;
    size_t cursor = 0;
    const char *name;
    while ((name = job_next(ctx->job, "table", &cursor)) != NULL && ctx->n_tables < JOB_MAX_TABLES) {
        const struct fact_table *t = fact_table_find(name);
        if (t != NULL)
            ctx->tables[ctx->n_tables++].table = t;
    }
}

void ctx_flush(struct probe_ctx *ctx)
{
    const char *p = ctx->out.data;
    size_t left = ctx->out.len;
    while (left > 0) {
        ssize_t n = write(ctx->out_fd, p, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            _exit(1);
        p += n;
        left -= (size_t)n;
    }
    if (ctx->out.overflow)
        BUG("frames of more than %d bytes were queued", OUT_MAX);
    buf_reset(&ctx->out);
}

/* Called after each frame was queued. */
static void queued(struct probe_ctx *ctx, size_t before, bool now)
{
    ctx->bytes += (int64_t)(ctx->out.len - before);
    if (now || ctx->out.len >= FLUSH_BYTES)
        ctx_flush(ctx);
}

static struct ctx_table *ctx_table(struct probe_ctx *ctx, const struct fact_table *t)
{
    for (size_t i = 0; i < ctx->n_tables; i++)
        if (ctx->tables[i].table == t)
            return &ctx->tables[i];
    return NULL;
}

const struct job *probe_job(const struct probe_ctx *ctx)
{
    return ctx->job;
}

bool probe_wants(const struct probe_ctx *ctx, const struct fact_table *t)
{
    for (size_t i = 0; i < ctx->n_tables; i++)
        if (ctx->tables[i].table == t)
            return true;
    return false;
}

int64_t probe_left_ms(const struct probe_ctx *ctx)
{
    int64_t left = ctx->over ? 0 : ctx->deadline - clock_mono_ms();
    return left > 0 ? left : 0;
}

int worker_evidence_fd(const struct probe_ctx *ctx)
{
    return ctx->evidence_fd;
}

/* --- outcomes -------------------------------------------------------------------------------------------------------- */

static int badness(enum state s)
{
    static const int order[STATE_COUNT] = {
        [STATE_COMPLETE] = 0, [STATE_UNSUPPORTED] = 1, [STATE_PARTIAL] = 2, [STATE_NOT_ASKED] = 3, [STATE_REFUSED] = 4, [STATE_FAILED] = 5,
    };
    return order[s];
}

static void settle(struct ctx_table *t, enum state state, enum reason reason, const char *detail)
{
    if (t->said && badness(state) <= badness(t->state))
        return;
    t->said = true;
    t->state = state;
    t->reason = reason;
    free(t->detail);
    size_t len = strlen(detail);
    t->detail = xstrndup(detail, len < DETAIL_MAX ? len : DETAIL_MAX);
}

static char *vdetail(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));
static char *vdetail(const char *fmt, va_list ap)
{
    return fmt == NULL ? xstrdup("") : xvasprintf(fmt, ap);
}

void probe_table(struct probe_ctx *ctx, const struct fact_table *t, enum state state, enum reason reason, const char *detail, ...)
{
    struct ctx_table *mine = ctx_table(ctx, t);
    if (mine == NULL)
        return;
    va_list ap;
    va_start(ap, detail);
    char *text = vdetail(detail, ap);
    va_end(ap);
    settle(mine, state, reason, text);
    free(text);
}

static void settle_all(struct probe_ctx *ctx, enum state state, enum reason reason, const char *detail)
{
    for (size_t i = 0; i < ctx->n_tables; i++)
        if (!ctx->tables[i].said)
            settle(&ctx->tables[i], state, reason, detail);
}

void probe_fail(struct probe_ctx *ctx, enum reason reason, const char *detail, ...)
{
    va_list ap;
    va_start(ap, detail);
    char *text = vdetail(detail, ap);
    va_end(ap);
    settle_all(ctx, reason_info(reason)->state, reason, text);
    free(text);
}

void probe_observed(struct probe_ctx *ctx, const struct fact_table *t, int64_t observed_at)
{
    struct ctx_table *mine = ctx_table(ctx, t);
    if (mine != NULL)
        mine->observed_at = observed_at;
}

/* --- rows ------------------------------------------------------------------------------------------------------------ */

/* The length at which text is cut: whole UTF-8 characters where it is UTF-8. */
static size_t cut_text(const char *s, size_t len)
{
    if (len <= FACT_TEXT_MAX)
        return len;
    size_t at = FACT_TEXT_MAX;
    for (int back = 0; back < 3 && ((unsigned char)s[at] & 0xC0U) == 0x80U; back++)
        at--;
    return at;
}

static void emit_row(struct probe_ctx *ctx, const char *target, const struct fact_row *row)
{
    if (!sandbox_locked())
        BUG("a row of %s before the lock", row->table->name);
    struct ctx_table *mine = ctx_table(ctx, row->table);
    if (mine == NULL)
        return;
    if (ctx->rows >= ctx->max_rows || ctx->bytes >= ctx->max_bytes) {
        settle(mine, STATE_PARTIAL, REASON_LIMIT, ctx->rows >= ctx->max_rows ? "more rows than a job may send" : "more bytes than a job may send");
        return;
    }
    struct fact_row cut = *row;
    size_t total = 0;
    for (size_t i = 0; i < row->table->n_columns; i++) {
        if (cut.v[i].kind == FACT_KIND_TEXT)
            total += cut.v[i].len = cut_text(cut.v[i].s, cut.v[i].len);
        total += 16;
    }
    if (total > FRAME_MAX - 1024) {
        settle(mine, STATE_PARTIAL, REASON_SIZE_LIMIT, "a row larger than 512 KiB was left out");
        return;
    }
    size_t before = ctx->out.len;
    frame_put_row(&ctx->out, &cut, target);
    ctx->rows++;
    mine->rows++;
    queued(ctx, before, false);
}

void probe_emit(struct probe_ctx *ctx, const struct fact_row *row)
{
    emit_row(ctx, NULL, row);
}

void probe_emit_at(struct probe_ctx *ctx, const char *target, const struct fact_row *row)
{
    emit_row(ctx, target, row);
}

/* --- everything else that a reader of the run should know -------------------------------------------------------------- */

void probe_note(struct probe_ctx *ctx, const struct fact_table *t, const char *text, ...)
{
    if ((t != NULL && ctx_table(ctx, t) == NULL) || ctx->notes >= CTX_MAX_NOTES)
        return;
    va_list ap;
    va_start(ap, text);
    char *said = xvasprintf(text, ap);
    va_end(ap);
    if (strlen(said) > DETAIL_MAX)
        said[DETAIL_MAX] = '\0';
    size_t before = ctx->out.len;
    frame_put_note(&ctx->out, t, said);
    ctx->notes++;
    queued(ctx, before, false);
    free(said);
}

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Written out at once: the log must know a question even when its answer crashes the worker. */
void probe_asked(struct probe_ctx *ctx, const char *to, const char *what)
{
    if (ctx->asked >= CTX_MAX_ASKED) {
        ctx->over = true;
        for (size_t i = 0; i < ctx->n_tables; i++)
            settle(&ctx->tables[i], STATE_PARTIAL, REASON_LIMIT, "more questions than a job may send");
        return;
    }
    char *to_copy = xstrndup(to, strnlen(to, DETAIL_MAX)), *what_copy = xstrndup(what, strnlen(what, DETAIL_MAX));
    struct frame_asked asked = { .at_ms = wall_ms(), .to = to_copy, .what = what_copy };
    size_t before = ctx->out.len;
    frame_put_asked(&ctx->out, &asked);
    ctx->asked++;
    queued(ctx, before, true);
    frame_asked_clear(&asked);
}

void probe_peer(struct probe_ctx *ctx, const char *kind, const char *name, const char *algorithm, const void *blob, size_t len, const char *verdict)
{
    if (ctx->peers >= CTX_MAX_PEERS || len > PEER_MAX)
        return;
    struct frame_peer peer = { .kind = xstrdup(kind), .name = xstrdup(name), .algorithm = xstrdup(algorithm), .len = len, .verdict = xstrdup(verdict) };
    peer.blob = xmalloc(len + 1);
    if (len > 0)
        memcpy(peer.blob, blob, len);
    size_t before = ctx->out.len;
    frame_put_peer(&ctx->out, &peer);
    ctx->peers++;
    queued(ctx, before, true);
    frame_peer_clear(&peer);
}

/* Reads exactly len bytes of the parent's answer, or says no. */
static bool answer_read(struct probe_ctx *ctx, void *p, size_t len)
{
    uint8_t *at = p;
    int64_t until = clock_mono_ms() + SIGN_WAIT_MS;
    while (len > 0) {
        int64_t left = until - clock_mono_ms();
        struct pollfd waiting = { .fd = ctx->in_fd, .events = POLLIN };
        if (left <= 0 || probe_left_ms(ctx) == 0 || poll(&waiting, 1, (int)left) <= 0)
            return false;
        ssize_t n = read(ctx->in_fd, at, len);
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

int probe_sign(struct probe_ctx *ctx, const void *key, size_t key_len, const void *data, size_t data_len, uint32_t flags, struct buf *signature)
{
    if (key_len > SIGNATURE_MAX || data_len > SIGNATURE_MAX)
        return ERR_NOT_FOUND;
    struct frame_sign ask = { .key_len = key_len, .data_len = data_len, .flags = flags };
    ask.key = xmalloc(key_len + 1);
    memcpy(ask.key, key, key_len);
    ask.data = xmalloc(data_len + 1);
    memcpy(ask.data, data, data_len);
    size_t before = ctx->out.len;
    frame_put_sign(&ctx->out, &ask);
    queued(ctx, before, true);
    frame_sign_clear(&ask);

    uint8_t head[4];
    if (!answer_read(ctx, head, sizeof head))
        return ERR_NOT_FOUND;
    size_t len = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (len == 0 || len > SIGNATURE_MAX)
        return ERR_NOT_FOUND;
    uint8_t *bytes = xmalloc(len);
    bool whole = answer_read(ctx, bytes, len);
    if (whole)
        buf_append(signature, bytes, len);
    free(bytes);
    return whole ? 0 : ERR_NOT_FOUND;
}

/* --- the shared packet rate ------------------------------------------------------------------------------------------- */

static uint64_t mono_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* Takes the next free slot. A slot further ahead than all workers together could have taken was written by a worker that
 * is not honest: it is read as "now", so that nobody can be held up by it. */
static uint64_t pace_slot(struct pace_page *page)
{
    uint64_t next = atomic_load(&page->next_ns), slot, now;
    do {
        now = mono_ns();
        slot = next < now || next - now > PACE_AHEAD_NS ? now : next;
    } while (!atomic_compare_exchange_weak(&page->next_ns, &next, slot + UINT64_C(1000000000) / PACE_PER_SECOND));
    return slot;
}

void probe_pace(struct probe_ctx *ctx)
{
    if (ctx->pace == NULL)
        return;
    uint64_t slot = pace_slot(ctx->pace);
    for (int rounds = 0; rounds < 100; rounds++) {
        uint64_t now = mono_ns();
        if (now >= slot)
            return;
        poll(NULL, 0, (int)((slot - now + 999999U) / 1000000U));
    }
}

/* --- watches ---------------------------------------------------------------------------------------------------------- */

/* The parent closes its end of the answers' pipe when a watch is to end. Jobs that may sign have that pipe for answers, and are no watches. */
static bool parent_has_hung_up(const struct probe_ctx *ctx, int wait_ms)
{
    struct pollfd line = { .fd = ctx->in_fd, .events = 0 };
    return poll(&line, 1, wait_ms) > 0 && (line.revents & (POLLHUP | POLLERR)) != 0;
}

enum rest probe_rest(struct probe_ctx *ctx, int64_t ms)
{
    int64_t until = clock_mono_ms() + (ms > 0 ? ms : 0);
    ctx_flush(ctx);
    for (;;) {
        int64_t wait = until - clock_mono_ms(), left = probe_left_ms(ctx) - REST_RESERVED_MS;
        if (left <= 0)
            return job_get_int(ctx->job, "permitted_ms", INT64_MAX) <= job_get_int(ctx->job, "deadline_ms", DEFAULT_DEADLINE_MS) ? REST_PERMISSION_ENDS : REST_DEADLINE;
        if (wait > left)
            wait = left;
        if (parent_has_hung_up(ctx, wait <= 0 ? 0 : wait < REST_SLICE_MS ? (int)wait : REST_SLICE_MS))
            return REST_STOP;
        if (clock_mono_ms() >= until)
            return REST_DONE;
    }
}

int64_t probe_questions_left(const struct probe_ctx *ctx)
{
    return ctx->asked < CTX_MAX_ASKED ? CTX_MAX_ASKED - ctx->asked : 0;
}

/* --- the end ---------------------------------------------------------------------------------------------------------- */

static void table_end(struct probe_ctx *ctx, struct ctx_table *t)
{
    /* What came before a connection broke is true as far as it goes; a part of nothing is nothing. */
    if (t->rows > 0 && (t->state == STATE_FAILED || t->state == STATE_REFUSED || t->state == STATE_NOT_ASKED))
        t->state = STATE_PARTIAL;
    else if (t->rows == 0 && t->state == STATE_PARTIAL)
        t->state = STATE_FAILED;
    struct frame_table_state s = { .table = t->table, .state = t->state, .reason = t->reason, .detail = t->detail, .observed_at = t->observed_at };
    size_t before = ctx->out.len;
    frame_put_table_state(&ctx->out, &s);
    queued(ctx, before, false);
    free(t->detail);
    t->detail = NULL;
}

void ctx_finish(struct probe_ctx *ctx, int rc)
{
    if (rc < 0)
        settle_all(ctx, STATE_FAILED, rc == ERR_SANDBOX ? REASON_SANDBOX : REASON_INTERNAL, err_text(rc));
    else
        settle_all(ctx, STATE_COMPLETE, REASON_NONE, "");
    for (size_t i = 0; i < ctx->n_tables; i++)
        table_end(ctx, &ctx->tables[i]);
    frame_put_end(&ctx->out);
    ctx_flush(ctx);
    buf_clear(&ctx->out);
}

void ctx_sandbox(struct probe_ctx *ctx, const char *level)
{
    size_t before = ctx->out.len;
    frame_put_sandbox(&ctx->out, level);
    queued(ctx, before, true);
}
