/* Frames, both ways. The worker puts them; the parent gets them and trusts nothing of them: every getter checks each
 * length, number and type, demands that the frame ends where its content ends, and gives nothing on failure. */
#include "fact/frame.h"

#include <math.h>
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

#define HEAD 5                       /* u32 length and u8 kind */
#define WORDS_MAX 4096               /* bytes of a detail, a note, a question */
#define NAME_MAX_BYTES 1024          /* of names in a peer, a target, a level */
#define BLOB_MAX 65536               /* a certificate, a key, data to sign */
#define NO_TABLE UINT16_MAX          /* a note about the whole job */

int frame_next(const uint8_t *p, size_t len, struct frame *out, size_t *used)
{
    struct reader r;
    uint32_t body;

    if (len < 4)
        return 0;
    reader_init(&r, p, len);
    body = reader_u32(&r);
    if (body < 1 || body > FRAME_MAX - 4)
        return ERR_FORMAT;
    if (len < HEAD)
        return 0;
    if (p[4] < FRAME_ROW || p[4] > FRAME_END)
        return ERR_FORMAT;
    if (len - 4 < body)
        return 0;
    *out = (struct frame){ .kind = (enum frame_kind)p[4], .payload = p + HEAD, .len = body - 1 };
    *used = 4 + (size_t)body;
    return 1;
}

/* Begins a frame: where it stands in out, for frame_close(). */
static size_t frame_open(struct buf *out, enum frame_kind kind)
{
    const size_t start = out->len;

    buf_put_u32(out, 0);
    buf_put_u8(out, (uint8_t)kind);
    return start;
}

/* Writes the length, now known. A frame that did not fit leaves nothing behind but out's overflow. */
static void frame_close(struct buf *out, size_t start)
{
    uint32_t body;

    if (out->overflow) {
        if (out->data) {
            out->len = start;
            out->data[start] = '\0';
        }
        return;
    }
    if (out->len - start > FRAME_MAX)
        BUG("a frame of %zu bytes", out->len - start);
    body = (uint32_t)(out->len - start - 4);
    for (size_t i = 0; i < 4; i++)
        out->data[start + i] = (char)(uint8_t)(body >> (8 * (3 - i)));
}

/* The sender cuts what is too long, between characters. */
static void put_words(struct buf *out, const char *s, size_t max)
{
    s = s ? s : "";
    buf_put_bytes(out, s, utf8_cut(s, strlen(s), max));
}

/* The receiver refuses what is too long, and cleans the rest: it will be stored and shown. */
static char *get_words(struct reader *r, size_t max)
{
    struct buf clean = BUF_INIT(3 * max + 1);
    size_t len;
    const uint8_t *p = reader_bytes(r, &len);

    if (!p || len > max) {
        r->bad = true;
        return NULL;
    }
    text_clean(&clean, p, len);
    return buf_take(&clean);
}

static uint8_t *get_blob(struct reader *r, size_t *len)
{
    const uint8_t *p = reader_bytes(r, len);
    uint8_t *copy;

    if (!p || *len > BLOB_MAX) {
        r->bad = true;
        *len = 0;
        return NULL;
    }
    copy = xmalloc(*len);
    memcpy(copy, p, *len);
    return copy;
}

static void put_blob(struct buf *out, const void *p, size_t len)
{
    if (len > BLOB_MAX)
        BUG("a blob of %zu bytes", len);
    buf_put_bytes(out, p, len);
}

static const struct fact_table *get_table(struct reader *r, bool optional)
{
    const uint16_t index = reader_u16(r);

    if (index < fact_n_tables)
        return fact_tables[index];
    if (index != NO_TABLE || !optional)
        r->bad = true;
    return NULL;
}

static void put_table(struct buf *out, const struct fact_table *t)
{
    buf_put_u16(out, t ? (uint16_t)fact_table_index(t) : NO_TABLE);
}

/* True when r read everything that f has, and no more. */
static bool finished(struct reader *r)
{
    return !r->bad && reader_left(r) == 0;
}

static bool begin(struct reader *r, const struct frame *f, enum frame_kind kind)
{
    reader_init(r, f->payload, f->len);
    return f->kind == kind;
}

/* ---- rows ---- */

static size_t row_size(const struct fact_row *row, size_t text_max)
{
    size_t total = HEAD + 2 + 4 + NAME_MAX_BYTES;

    for (size_t c = 0; c < row->table->n_columns; c++)
        total += 9 + (row->v[c].len < text_max ? row->v[c].len : text_max);
    return total;
}

static void put_value(struct buf *out, const struct fact_value *v, size_t text_max)
{
    uint64_t bits;

    buf_put_u8(out, (uint8_t)v->kind);
    switch (v->kind) {
    case FACT_KIND_NULL:
        return;
    case FACT_KIND_INTEGER:
        buf_put_u64(out, (uint64_t)v->i);
        return;
    case FACT_KIND_REAL:
        memcpy(&bits, &v->r, sizeof bits);
        buf_put_u64(out, bits);
        return;
    case FACT_KIND_TEXT:
        buf_put_bytes(out, v->s, utf8_cut(v->s, v->len, text_max));
        return;
    }
}

void frame_put_row(struct buf *out, const struct fact_row *row, const char *other_target)
{
    size_t text_max = FACT_TEXT_MAX, start;

    /* many long texts in one row: all are cut alike until the row fits into a frame */
    while (row_size(row, text_max) > FRAME_MAX)
        text_max /= 2;
    start = frame_open(out, FRAME_ROW);
    put_table(out, row->table);
    put_words(out, other_target, NAME_MAX_BYTES);
    for (size_t c = 0; c < row->table->n_columns; c++)
        put_value(out, &row->v[c], text_max);
    frame_close(out, start);
}

static void get_value(struct reader *r, enum fact_type type, struct fact_value *v)
{
    const uint8_t kind = reader_u8(r);
    uint64_t bits;

    *v = (struct fact_value){ .kind = FACT_KIND_NULL };
    if (kind == FACT_KIND_NULL)
        return;
    if (kind != fact_kind_of(type)) {
        r->bad = true;
        return;
    }
    v->kind = (enum fact_kind)kind;
    if (kind == FACT_KIND_TEXT) {
        v->s = (const char *)reader_bytes(r, &v->len);
        r->bad = r->bad || v->len > FACT_TEXT_MAX;
        return;
    }
    bits = reader_u64(r);
    if (kind == FACT_KIND_INTEGER) {
        v->i = (int64_t)bits;
        r->bad = r->bad || (type == FACT_BOOLEAN && bits > 1);
    } else {
        memcpy(&v->r, &bits, sizeof bits);
        r->bad = r->bad || !isfinite(v->r);
    }
}

int frame_get_row(const struct frame *f, struct fact_row *row, char **other_target)
{
    const struct fact_table *table;
    struct reader r;
    char *other;

    *other_target = NULL;
    if (!begin(&r, f, FRAME_ROW))
        return ERR_FORMAT;
    table = get_table(&r, false);
    other = get_words(&r, NAME_MAX_BYTES);
    if (!table || !other)
        goto malformed;
    fact_row_init(row, table);
    for (size_t c = 0; c < table->n_columns && !r.bad; c++)
        get_value(&r, table->columns[c].type, &row->v[c]);
    if (!finished(&r))
        goto malformed;
    if (*other)
        *other_target = other;
    else
        free(other);
    return 0;

malformed:
    free(other);
    return ERR_FORMAT;
}

/* ---- everything else ---- */

void frame_put_table_state(struct buf *out, const struct frame_table_state *s)
{
    const size_t start = frame_open(out, FRAME_TABLE_STATE);

    put_table(out, s->table);
    buf_put_u8(out, (uint8_t)s->state);
    buf_put_u16(out, (uint16_t)s->reason);
    put_words(out, s->detail, WORDS_MAX);
    buf_put_u64(out, (uint64_t)s->observed_at);
    frame_close(out, start);
}

int frame_get_table_state(const struct frame *f, struct frame_table_state *out)
{
    const int64_t year_10000 = INT64_C(253402300800);
    struct frame_table_state s = { 0 };
    struct reader r;
    uint8_t state;
    uint16_t reason;

    if (!begin(&r, f, FRAME_TABLE_STATE))
        return ERR_FORMAT;
    s.table = get_table(&r, false);
    state = reader_u8(&r);
    reason = reader_u16(&r);
    s.detail = get_words(&r, WORDS_MAX);
    s.observed_at = (int64_t)reader_u64(&r);
    if (!finished(&r) || state >= STATE_COUNT || reason >= REASON_COUNT || s.observed_at < 0 || s.observed_at >= year_10000) {
        frame_table_state_clear(&s);
        return ERR_FORMAT;
    }
    s.state = (enum state)state;
    s.reason = (enum reason)reason;
    *out = s;
    return 0;
}

void frame_table_state_clear(struct frame_table_state *s)
{
    free(s->detail);
    *s = (struct frame_table_state){ 0 };
}

void frame_put_note(struct buf *out, const struct fact_table *table, const char *text)
{
    const size_t start = frame_open(out, FRAME_NOTE);

    put_table(out, table);
    put_words(out, text, WORDS_MAX);
    frame_close(out, start);
}

int frame_get_note(const struct frame *f, struct frame_note *out)
{
    struct frame_note n = { 0 };
    struct reader r;

    if (!begin(&r, f, FRAME_NOTE))
        return ERR_FORMAT;
    n.table = get_table(&r, true);
    n.text = get_words(&r, WORDS_MAX);
    if (!finished(&r)) {
        frame_note_clear(&n);
        return ERR_FORMAT;
    }
    *out = n;
    return 0;
}

void frame_note_clear(struct frame_note *n)
{
    free(n->text);
    *n = (struct frame_note){ 0 };
}

void frame_put_asked(struct buf *out, const struct frame_asked *a)
{
    const size_t start = frame_open(out, FRAME_ASKED);

    buf_put_u64(out, (uint64_t)a->at_ms);
    put_words(out, a->to, NAME_MAX_BYTES);
    put_words(out, a->what, WORDS_MAX);
    frame_close(out, start);
}

int frame_get_asked(const struct frame *f, struct frame_asked *out)
{
    struct frame_asked a = { 0 };
    struct reader r;

    if (!begin(&r, f, FRAME_ASKED))
        return ERR_FORMAT;
    a.at_ms = (int64_t)reader_u64(&r);
    a.to = get_words(&r, NAME_MAX_BYTES);
    a.what = get_words(&r, WORDS_MAX);
    if (!finished(&r) || a.at_ms < 0) {
        frame_asked_clear(&a);
        return ERR_FORMAT;
    }
    *out = a;
    return 0;
}

void frame_asked_clear(struct frame_asked *a)
{
    free(a->to);
    free(a->what);
    *a = (struct frame_asked){ 0 };
}

void frame_put_peer(struct buf *out, const struct frame_peer *p)
{
    const size_t start = frame_open(out, FRAME_PEER);

    put_words(out, p->kind, NAME_MAX_BYTES);
    put_words(out, p->name, NAME_MAX_BYTES);
    put_words(out, p->algorithm, NAME_MAX_BYTES);
    put_blob(out, p->blob, p->len);
    put_words(out, p->verdict, NAME_MAX_BYTES);
    frame_close(out, start);
}

int frame_get_peer(const struct frame *f, struct frame_peer *out)
{
    struct frame_peer p = { 0 };
    struct reader r;

    if (!begin(&r, f, FRAME_PEER))
        return ERR_FORMAT;
    p.kind = get_words(&r, NAME_MAX_BYTES);
    p.name = get_words(&r, NAME_MAX_BYTES);
    p.algorithm = get_words(&r, NAME_MAX_BYTES);
    p.blob = get_blob(&r, &p.len);
    p.verdict = get_words(&r, NAME_MAX_BYTES);
    if (!finished(&r)) {
        frame_peer_clear(&p);
        return ERR_FORMAT;
    }
    *out = p;
    return 0;
}

void frame_peer_clear(struct frame_peer *p)
{
    free(p->kind);
    free(p->name);
    free(p->algorithm);
    free(p->blob);
    free(p->verdict);
    *p = (struct frame_peer){ 0 };
}

void frame_put_sign(struct buf *out, const struct frame_sign *s)
{
    const size_t start = frame_open(out, FRAME_SIGN);

    put_blob(out, s->key, s->key_len);
    put_blob(out, s->data, s->data_len);
    buf_put_u32(out, s->flags);
    frame_close(out, start);
}

int frame_get_sign(const struct frame *f, struct frame_sign *out)
{
    struct frame_sign s = { 0 };
    struct reader r;

    if (!begin(&r, f, FRAME_SIGN))
        return ERR_FORMAT;
    s.key = get_blob(&r, &s.key_len);
    s.data = get_blob(&r, &s.data_len);
    s.flags = reader_u32(&r);
    if (!finished(&r)) {
        frame_sign_clear(&s);
        return ERR_FORMAT;
    }
    *out = s;
    return 0;
}

void frame_sign_clear(struct frame_sign *s)
{
    free(s->key);
    free(s->data);
    *s = (struct frame_sign){ 0 };
}

void frame_put_sandbox(struct buf *out, const char *level)
{
    const size_t start = frame_open(out, FRAME_SANDBOX);

    put_words(out, level, NAME_MAX_BYTES);
    frame_close(out, start);
}

int frame_get_sandbox(const struct frame *f, char **level)
{
    struct reader r;
    char *s;

    if (!begin(&r, f, FRAME_SANDBOX))
        return ERR_FORMAT;
    s = get_words(&r, NAME_MAX_BYTES);
    if (!finished(&r)) {
        free(s);
        return ERR_FORMAT;
    }
    *level = s;
    return 0;
}

void frame_put_end(struct buf *out)
{
    frame_close(out, frame_open(out, FRAME_END));
}
