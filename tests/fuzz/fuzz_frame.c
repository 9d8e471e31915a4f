/* What a worker sends, as the parent reads it: frames cut from a stream, each decoded; rows go on to normalization, key
 * and canonical bytes. A job's bytes are tried on the same input. */
#include "base/mem.h"
#include "base/text.h"
#include "fact/frame.h"
#include "fact/job.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void row_twice(const struct fact_row *row, const char *other)
{
    struct buf out = BUF_INIT(FRAME_MAX);
    struct frame again;
    struct fact_row copy;
    char *other_again;
    size_t used;

    frame_put_row(&out, row, other);
    must(!out.overflow);
    must(frame_next((const uint8_t *)out.data, out.len, &again, &used) == 1 && used == out.len);
    must(frame_get_row(&again, &copy, &other_again) == 0);
    for (size_t c = 0; c < row->table->n_columns; c++) {
        must(copy.v[c].kind == row->v[c].kind && copy.v[c].i == row->v[c].i);
        must(row->v[c].kind != FACT_KIND_REAL || copy.v[c].r >= row->v[c].r);
    }
    free(other_again);
    buf_clear(&out);
}

static void try_row(const struct frame *f)
{
    struct fact_row row;
    struct buf mem = BUF_INIT(4 * FRAME_MAX), key = BUF_INIT(FACT_KEY_MAX), human = BUF_INIT(FACT_KEY_MAX);
    uint8_t digest[SHA256_LEN];
    struct sha256 *h;
    uint64_t dropped;
    char *other;

    if (frame_get_row(f, &row, &other))
        return;
    row_twice(&row, other);
    fact_row_normalize(&row, &mem, &dropped);
    for (size_t c = 0; c < row.table->n_columns; c++)
        must(row.v[c].kind != FACT_KIND_TEXT || text_is_utf8(row.v[c].s, row.v[c].len));
    fact_row_key(&row, 1, &key);
    must(!key.overflow && text_is_utf8(key.data, key.len));
    fact_key_again(&key, 2);
    fact_key_human(buf_str(&key), &human);
    h = sha256_new();
    fact_row_canonical(&row, buf_str(&key), h);
    sha256_end(h, digest);
    free(other);
    buf_clear(&mem);
    buf_clear(&key);
    buf_clear(&human);
}

static void try_others(const struct frame *f)
{
    struct frame_table_state state;
    struct frame_note note;
    struct frame_asked asked;
    struct frame_peer peer;
    struct frame_sign sign;
    char *level;

    if (frame_get_table_state(f, &state) == 0)
        frame_table_state_clear(&state);
    if (frame_get_note(f, &note) == 0)
        frame_note_clear(&note);
    if (frame_get_asked(f, &asked) == 0)
        frame_asked_clear(&asked);
    if (frame_get_peer(f, &peer) == 0)
        frame_peer_clear(&peer);
    if (frame_get_sign(f, &sign) == 0)
        frame_sign_clear(&sign);
    if (frame_get_sandbox(f, &level) == 0)
        free(level);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct job *job;
    struct frame f;
    size_t at = 0, used = 0;

    while (frame_next(data + at, size - at, &f, &used) == 1) {
        must(used >= 5 && used <= size - at);
        try_row(&f);
        try_others(&f);
        at += used;
    }
    if (job_decode(data, size, &job) == 0)
        job_free(job);
    return 0;
}
