/* A whole worker's stream, as the parent takes it in: in pieces, with every rule of a job. The first byte says how large the pieces are
 * and whether the job is a file's. Whatever came, the outcomes are consistent, and every row that was taken reads back. */
#include "base/mem.h"
#include "collect/jobrun.h"
#include "fact/table_devices.h"
#include "fact/table_interfaces.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static int read_back(void *ctx, const struct frame *f)
{
    struct fact_row row;
    char *other = NULL;
    int64_t *n = ctx;
    must(frame_get_row(f, &row, &other) == 0);
    free(other);
    (*n)++;
    return 0;
}

static void rows_read_back(struct jobrun *j)
{
    int64_t total = 0;
    for (size_t i = 0; i < j->n_streams; i++) {
        int64_t n = 0;
        must(spool_each(&j->spool, (uint32_t)i, read_back, &n) == 0);
        must(n == j->streams[i].rows);
        total += n;
    }
    must(total == j->rows);
}

static void outcomes_hold(const struct jobrun *j)
{
    for (size_t i = 0; i < j->n_tables; i++) {
        struct job_outcome o = jobrun_outcome(j, &j->tables[i]);
        must(o.state != STATE_COMPLETE || (o.reason == REASON_NONE && j->ended && j->broken == REASON_NONE && j->tables[i].rows >= (int64_t)j->tables[i].table->min_rows));
        must(o.state == STATE_COMPLETE || o.reason != REASON_NONE);
        must(!o.keep_rows || o.state == STATE_COMPLETE || o.state == STATE_PARTIAL);
        must(o.state == STATE_COMPLETE || o.detail != NULL);
    }
    must(j->rows == 0 || j->sandbox != NULL);
}

static void no_sign(void *ctx, struct jobrun *j, const struct frame_sign *s)
{
    (void)ctx;
    (void)j;
    must(s->key != NULL && s->data != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char t1[] = "t1", t2[] = "t2";
    struct target targets[] = { { .name = t1, .host = "127.0.0.1" }, { .name = t2, .host = "127.0.0.2" } };
    struct site site = { .key = "fuzz", .targets = targets, .n_targets = 2 };
    struct plan_item item = { .target = &targets[0], .tables = { &fact_devices, &fact_interfaces }, .n_tables = 2 };
    const struct jobrun_ops ops = { .sign = no_sign };
    struct jobrun j;
    if (size == 0)
        return 0;
    size_t piece = (data[0] & 0x7fU) + 1U;
    item.local_only = (data[0] & 0x80U) != 0;
    jobrun_init(&j, &item, UINT32_MAX, &site, ".");
    j.started_ms = 1;
    j.max_rows = 50;
    j.max_bytes = 65536;
    for (size_t at = 1; at < size; at += piece)
        jobrun_feed(&j, data + at, size - at < piece ? size - at : piece, &ops, NULL);
    rows_read_back(&j);
    jobrun_settle(&j);
    outcomes_hold(&j);
    jobrun_clear(&j);
    must(spool_memory() == 0);
    return 0;
}
