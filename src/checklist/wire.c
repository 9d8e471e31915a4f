/* Job and answers of the evaluation child as bytes. Parent and child; answers are decoded with distrust. */
#include "checklist/wire.h"

#include <string.h>

#include "base/text.h"

#define COUNT_MAX 10000000       /* of anything in a job */

/* --- the job ---------------------------------------------------------------------------------------------------------- */

/* NULL and "" are different for some texts, so a byte says which it is. */
static void put_text(struct buf *b, const char *s)
{
    buf_put_u8(b, s != NULL);
    if (s != NULL)
        buf_put_str(b, s);
}

static void put_real(struct buf *b, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof(bits));
    buf_put_u64(b, bits);
}

static void put_check(struct buf *b, const struct check *c)
{
    buf_put_str(b, c->id);
    buf_put_u16(b, c->facts != NULL ? (uint16_t)fact_table_index(c->facts) : UINT16_MAX);
    put_text(b, c->where);
    put_text(b, c->pass);
    put_text(b, c->query);
    put_text(b, c->vantage);
    buf_put_u8(b, (uint8_t)c->severity);
    buf_put_u8(b, (uint8_t)c->evidence);
    buf_put_u64(b, (uint64_t)c->max_age_s);
    buf_put_u32(b, (uint32_t)c->n_params);
    for (size_t i = 0; i < c->n_params; i++) {
        const struct param *p = &c->params[i];
        buf_put_str(b, p->name);
        buf_put_u8(b, p->is_text ? 2 : p->is_real);
        buf_put_u64(b, (uint64_t)p->i);
        put_real(b, p->r);
        put_text(b, p->s);
    }
    buf_put_u32(b, (uint32_t)c->n_grades);
    for (size_t i = 0; i < c->n_grades; i++) {
        buf_put_str(b, c->grades[i].when);
        buf_put_u8(b, (uint8_t)c->grades[i].severity);
    }
    buf_put_u32(b, (uint32_t)c->n_show);
    for (size_t i = 0; i < c->n_show; i++)
        buf_put_str(b, c->show[i]);
}

static void put_lookups(struct buf *b, const struct eval_job *j)
{
    for (int id = 0; id < LOOKUP_COUNT; id++) {
        const struct lookup_rows *r = &j->lookups[id];
        size_t n = lookup_wanted(j->checks, j->n_checks, (enum lookup_id)id) ? r->n : 0;
        buf_put_u32(b, (uint32_t)n);
        for (size_t i = 0; i < n * lookup_tables[id].n_columns; i++)
            put_text(b, r->values[i]);
    }
}

void eval_job_encode(const struct eval_job *j, struct buf *b)
{
    buf_put_str(b, j->db);
    buf_put_u8(b, j->immutable);
    buf_put_u64(b, (uint64_t)j->as_of);
    buf_put_u64(b, (uint64_t)j->statement_ms);
    buf_put_u8(b, j->all_subjects);
    buf_put_u32(b, (uint32_t)j->n_targets);
    for (size_t i = 0; i < j->n_targets; i++) {
        const struct eval_target *t = &j->targets[i];
        put_text(b, t->site);
        buf_put_str(b, t->name);
        buf_put_str(b, t->role);
        buf_put_str(b, t->address);
        buf_put_u8(b, (uint8_t)t->criticality);
    }
    buf_put_u32(b, (uint32_t)j->n_sources);
    for (size_t i = 0; i < j->n_sources; i++) {
        const struct eval_source *s = &j->sources[i];
        buf_put_u64(b, (uint64_t)s->collection);
        buf_put_u32(b, s->target);
        buf_put_u16(b, s->table);
        buf_put_u16(b, s->rank);
        buf_put_u8(b, (uint8_t)s->method);
        buf_put_u64(b, (uint64_t)s->observed_at);
        put_text(b, s->vantage);
        buf_put_str(b, s->probe);
    }
    buf_put_u32(b, (uint32_t)j->n_checks);
    for (size_t i = 0; i < j->n_checks; i++)
        put_check(b, &j->checks[i]);
    put_lookups(b, j);
    buf_put_u32(b, (uint32_t)j->n_watch);
    for (size_t i = 0; i < j->n_watch; i++) {
        buf_put_u32(b, j->watch[i].check);
        buf_put_u32(b, j->watch[i].target);
        buf_put_str(b, j->watch[i].subject);
    }
    buf_put_u32(b, (uint32_t)j->n_todo);
    for (size_t i = 0; i < j->n_todo; i++) {
        buf_put_u32(b, j->todo[i].check);
        buf_put_u8(b, j->todo[i].solo);
    }
}

static const char *get_str(struct arena *a, struct reader *r)
{
    size_t len = 0;
    const uint8_t *p = reader_bytes(r, &len);
    return p != NULL ? arena_strndup(a, (const char *)p, len) : "";
}

static const char *get_text(struct arena *a, struct reader *r)
{
    return reader_u8(r) ? get_str(a, r) : NULL;
}

static double get_real(struct reader *r)
{
    uint64_t bits = reader_u64(r);
    double v;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

/* A count cannot be larger than the bytes that are left: each thing takes one at least. */
static size_t get_count(struct reader *r)
{
    uint32_t n = reader_u32(r);
    if (n > reader_left(r) || n > COUNT_MAX) {
        r->bad = true;
        return 0;
    }
    return n;
}

static void get_check(struct arena *a, struct reader *r, struct check *c)
{
    c->id = get_str(a, r);
    uint16_t table = reader_u16(r);
    c->facts = table < fact_n_tables ? fact_tables[table] : NULL;
    c->where = get_text(a, r);
    c->pass = get_text(a, r);
    c->query = get_text(a, r);
    c->vantage = get_text(a, r);
    c->severity = (enum severity)reader_u8(r);
    c->evidence = (enum method)reader_u8(r);
    c->max_age_s = (int64_t)reader_u64(r);
    c->n_params = get_count(r);
    c->params = arena_array(a, c->n_params + 1, sizeof(*c->params));
    for (size_t i = 0; i < c->n_params && !r->bad; i++) {
        struct param *p = &c->params[i];
        p->name = get_str(a, r);
        uint8_t kind = reader_u8(r);
        p->is_text = kind == 2;
        p->is_real = kind == 1;
        p->i = (int64_t)reader_u64(r);
        p->r = get_real(r);
        p->s = get_text(a, r);
    }
    c->n_grades = get_count(r);
    c->grades = arena_array(a, c->n_grades + 1, sizeof(*c->grades));
    for (size_t i = 0; i < c->n_grades && !r->bad; i++) {
        c->grades[i].when = get_str(a, r);
        c->grades[i].severity = (enum severity)reader_u8(r);
    }
    c->n_show = get_count(r);
    c->show = arena_array(a, c->n_show + 1, sizeof(*c->show));
    for (size_t i = 0; i < c->n_show && !r->bad; i++)
        c->show[i] = get_str(a, r);
    if ((c->facts == NULL) != (c->query != NULL) || (c->facts != NULL && c->pass == NULL))
        r->bad = true;
}

static void get_targets(struct eval_job *j, struct reader *r)
{
    j->n_targets = get_count(r);
    j->targets = arena_array(j->arena, j->n_targets + 1, sizeof(*j->targets));
    for (size_t i = 0; i < j->n_targets && !r->bad; i++) {
        struct eval_target *t = &j->targets[i];
        t->site = get_text(j->arena, r);
        t->name = get_str(j->arena, r);
        t->role = get_str(j->arena, r);
        t->address = get_str(j->arena, r);
        t->criticality = reader_u8(r);
    }
}

static void get_sources(struct eval_job *j, struct reader *r)
{
    j->n_sources = get_count(r);
    j->sources = arena_array(j->arena, j->n_sources + 1, sizeof(*j->sources));
    for (size_t i = 0; i < j->n_sources && !r->bad; i++) {
        struct eval_source *s = &j->sources[i];
        s->collection = (int64_t)reader_u64(r);
        s->target = reader_u32(r);
        s->table = reader_u16(r);
        s->rank = reader_u16(r);
        s->method = (enum method)reader_u8(r);
        s->observed_at = (int64_t)reader_u64(r);
        s->vantage = get_text(j->arena, r);
        s->probe = get_str(j->arena, r);
        r->bad |= s->target >= j->n_targets || s->table >= fact_n_tables || s->method >= METHOD_COUNT;
    }
}

static void get_lookups(struct eval_job *j, struct reader *r)
{
    for (int id = 0; id < LOOKUP_COUNT; id++) {
        struct lookup_rows *out = &j->lookups[id];
        size_t n = get_count(r), columns = lookup_tables[id].n_columns;
        r->bad |= n > LOOKUP_MAX_ROWS;
        if (r->bad)
            return;
        out->values = arena_array(j->arena, n * columns + 1, sizeof(*out->values));
        for (size_t i = 0; i < n * columns && !r->bad; i++)
            out->values[i] = get_text(j->arena, r);
        out->n = n;
    }
}

static void get_rest(struct eval_job *j, struct reader *r)
{
    j->n_checks = get_count(r);
    j->checks = arena_array(j->arena, j->n_checks + 1, sizeof(*j->checks));
    for (size_t i = 0; i < j->n_checks && !r->bad; i++)
        get_check(j->arena, r, &j->checks[i]);
    get_lookups(j, r);
    j->n_watch = get_count(r);
    j->watch = arena_array(j->arena, j->n_watch + 1, sizeof(*j->watch));
    for (size_t i = 0; i < j->n_watch && !r->bad; i++) {
        j->watch[i].check = reader_u32(r);
        j->watch[i].target = reader_u32(r);
        j->watch[i].subject = get_str(j->arena, r);
        r->bad |= j->watch[i].check >= j->n_checks;
    }
    j->n_todo = get_count(r);
    j->todo = arena_array(j->arena, j->n_todo + 1, sizeof(*j->todo));
    for (size_t i = 0; i < j->n_todo && !r->bad; i++) {
        j->todo[i].check = reader_u32(r);
        j->todo[i].solo = reader_u8(r) != 0;
        r->bad |= j->todo[i].check >= j->n_checks;
    }
}

int eval_job_decode(const void *p, size_t len, struct eval_job **out)
{
    struct reader r;
    struct arena *a = arena_new();
    struct eval_job *j = arena_alloc(a, sizeof(*j));
    *out = NULL;
    j->arena = a;
    reader_init(&r, p, len);
    j->db = get_str(a, &r);
    j->immutable = reader_u8(&r) != 0;
    j->as_of = (int64_t)reader_u64(&r);
    j->statement_ms = (int64_t)reader_u64(&r);
    j->all_subjects = reader_u8(&r) != 0;
    get_targets(j, &r);
    get_sources(j, &r);
    get_rest(j, &r);
    if (r.bad || reader_left(&r) != 0) {
        arena_free(a);
        return ERR_FORMAT;
    }
    *out = j;
    return 0;
}

void eval_job_free(struct eval_job *j)
{
    if (j != NULL)
        arena_free(j->arena);
}

/* --- answers ---------------------------------------------------------------------------------------------------------- */

size_t text_cut(const char *s, size_t len, size_t max)
{
    if (len <= max)
        return len;
    while (max > 0 && ((unsigned char)s[max] & 0xc0) == 0x80)
        max--;
    return max;
}

static size_t open_answer(struct buf *out, enum answer_kind kind)
{
    size_t at = out->len;
    buf_put_u32(out, 0);
    buf_put_u8(out, (uint8_t)kind);
    return at;
}

static void close_answer(struct buf *out, size_t at)
{
    if (out->overflow)
        return;
    size_t n = out->len - at - 4;
    for (size_t i = 0; i < 4; i++)
        out->data[at + i] = (char)(uint8_t)(n >> (24 - 8 * i));
}

void answer_put_begin(struct buf *out, const uint32_t *checks, size_t n)
{
    size_t at = open_answer(out, ANSWER_BEGIN);
    for (size_t i = 0; i < n; i++)
        buf_put_u32(out, checks[i]);
    close_answer(out, at);
}

void answer_put_check(struct buf *out, enum answer_kind kind, uint32_t check)
{
    size_t at = open_answer(out, kind);
    buf_put_u32(out, check);
    close_answer(out, at);
}

void answer_put_tables(struct buf *out, uint32_t check, const uint16_t *tables, size_t n)
{
    size_t at = open_answer(out, ANSWER_TABLES);
    buf_put_u32(out, check);
    for (size_t i = 0; i < n; i++)
        buf_put_u16(out, tables[i]);
    close_answer(out, at);
}

void answer_put_count(struct buf *out, const struct answer *a)
{
    size_t at = open_answer(out, ANSWER_COUNT);
    buf_put_u32(out, a->check);
    buf_put_u32(out, a->target);
    buf_put_u64(out, (uint64_t)a->pass);
    buf_put_u64(out, (uint64_t)a->fail);
    buf_put_u64(out, (uint64_t)a->unknown);
    buf_put_u8(out, a->seen ? (uint8_t)a->method : METHOD_COUNT);
    close_answer(out, at);
}

void answer_put_subject(struct buf *out, const struct answer *a)
{
    size_t at = open_answer(out, ANSWER_SUBJECT);
    buf_put_u32(out, a->check);
    buf_put_u32(out, a->target);
    buf_put_u8(out, (uint8_t)a->verdict);
    buf_put_u8(out, (uint8_t)a->why);
    buf_put_u8(out, (uint8_t)a->severity);
    buf_put_u8(out, a->seen ? (uint8_t)a->method : METHOD_COUNT);
    buf_put_u64(out, (uint64_t)a->observed_at);
    buf_put_bytes(out, a->subject, a->subject_len);
    buf_put_bytes(out, a->text, a->text_len);
    buf_put_bytes(out, a->evidence, a->evidence_len);
    close_answer(out, at);
}

void answer_put_error(struct buf *out, uint32_t check, const char *text)
{
    size_t at = open_answer(out, ANSWER_ERROR);
    buf_put_u32(out, check);
    buf_put_bytes(out, text, text_cut(text, strlen(text), EVAL_TEXT_MAX));
    close_answer(out, at);
}

/* Valid UTF-8 of at most max bytes; whatever an honest child would not send is bad. */
static const char *get_checked(struct reader *r, size_t max, size_t *len)
{
    const uint8_t *p = reader_bytes(r, len);
    if (p == NULL) {
        *len = 0;
        return "";
    }
    if (*len > max || memchr(p, 0, *len) != NULL || !text_is_utf8(p, *len))
        r->bad = true;
    return (const char *)p;
}

static void get_method(struct reader *r, struct answer *a)
{
    uint8_t m = reader_u8(r);
    a->seen = m < METHOD_COUNT;
    a->method = a->seen ? (enum method)m : METHOD_PERSON;
    if (m > METHOD_COUNT)
        r->bad = true;
}

static void get_count_answer(struct reader *r, struct answer *a)
{
    a->pass = (int64_t)reader_u64(r);
    a->fail = (int64_t)reader_u64(r);
    a->unknown = (int64_t)reader_u64(r);
    get_method(r, a);
    /* Far below what could overflow when parts per billion are counted. */
    if (a->pass < 0 || a->fail < 0 || a->unknown < 0 || a->pass > INT32_MAX || a->fail > INT32_MAX || a->unknown > INT32_MAX)
        r->bad = true;
}

static void get_subject_answer(struct reader *r, struct answer *a)
{
    uint8_t verdict = reader_u8(r), why = reader_u8(r), severity = reader_u8(r);
    get_method(r, a);
    a->observed_at = (int64_t)reader_u64(r);
    a->subject = get_checked(r, FACT_KEY_MAX, &a->subject_len);
    a->text = get_checked(r, EVAL_TEXT_MAX, &a->text_len);
    a->evidence = get_checked(r, EVAL_EVIDENCE_MAX, &a->evidence_len);
    if (verdict > VERDICT_UNKNOWN || why >= WHY_COUNT || severity >= SEVERITY_COUNT || a->subject_len == 0)
        r->bad = true;
    a->verdict = (enum verdict)verdict;
    a->why = (enum eval_why)why;
    a->severity = (enum severity)severity;
}

static void get_indexes(struct reader *r, size_t size, const uint8_t **p, size_t *n)
{
    size_t left = reader_left(r);
    *n = left / size;
    *p = reader_take(r, left);
    if (left % size != 0)
        r->bad = true;
}

static void get_answer(struct reader *r, size_t n_targets, struct answer *a)
{
    if (a->kind == ANSWER_COUNT || a->kind == ANSWER_SUBJECT) {
        a->target = reader_u32(r);
        if (a->target >= n_targets && a->target != EVAL_SITE)
            r->bad = true;
    }
    if (a->kind == ANSWER_COUNT)
        get_count_answer(r, a);
    else if (a->kind == ANSWER_SUBJECT)
        get_subject_answer(r, a);
    else if (a->kind == ANSWER_ERROR)
        a->text = get_checked(r, EVAL_TEXT_MAX, &a->text_len);
    else if (a->kind == ANSWER_TABLES)
        get_indexes(r, 2, &a->tables, &a->n_tables);
}

int answer_next(const uint8_t *p, size_t len, size_t n_checks, size_t n_targets, struct answer *out, size_t *used)
{
    struct reader r;
    reader_init(&r, p, len);
    size_t n = reader_u32(&r);
    if (r.bad)
        return 0;
    if (n == 0 || n > EVAL_ANSWER_MAX)
        return ERR_FORMAT;
    if (reader_left(&r) < n)
        return 0;
    reader_init(&r, p + 4, n);
    *out = (struct answer){ .kind = (enum answer_kind)reader_u8(&r) };
    if (out->kind < ANSWER_BEGIN || out->kind > ANSWER_END)
        return ERR_FORMAT;
    if (out->kind == ANSWER_BEGIN) {
        get_indexes(&r, 4, &out->checks, &out->n_checks);
    } else {
        out->check = reader_u32(&r);
        if (out->check >= n_checks && out->kind != ANSWER_END)
            r.bad = true;
        get_answer(&r, n_targets, out);
    }
    if (r.bad || reader_left(&r) != 0)
        return ERR_FORMAT;
    *used = n + 4;
    return 1;
}
