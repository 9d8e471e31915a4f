/* The job: ordered key = bytes pairs. Written by the parent, read by one worker. Every value may be a secret: each copy
 * is wiped, and buffers are sized before they are filled so that growing leaves no copy behind. */
#include "fact/job.h"

#include <inttypes.h>
#include "base/mem.h"
#include "base/text.h"

#define JOB_MAGIC UINT32_C(0x504a4f31)       /* "PJO1" */
#define JOB_MAX_ENTRIES 65536
#define JOB_MAX_VALUE (64u << 20)

struct entry {
    char *key;
    char *value;             /* len bytes and a NUL */
    size_t len;
};
struct job {
    struct entry *v;
    size_t n, cap;
};

struct job *job_new(void)
{
    return xcalloc(1, sizeof(struct job));
}

void job_free(struct job *j)
{
    if (!j)
        return;
    for (size_t i = 0; i < j->n; i++) {
        explicit_bzero(j->v[i].value, j->v[i].len);
        free(j->v[i].value);
        free(j->v[i].key);
    }
    free(j->v);
    free(j);
}

void job_add(struct job *j, const char *key, const void *value, size_t len)
{
    if (!*key || j->n == JOB_MAX_ENTRIES || len > JOB_MAX_VALUE)
        BUG("a job entry (%s) beyond its limits", key);
    if (j->n == j->cap) {
        j->cap = j->cap ? 2 * j->cap : 32;
        j->v = xrealloc_array(j->v, j->cap, sizeof *j->v);
    }
    j->v[j->n++] = (struct entry){ .key = xstrdup(key), .value = xstrndup(value, len), .len = len };
}

void job_add_str(struct job *j, const char *key, const char *value)
{
    if (value)
        job_add(j, key, value, strlen(value));
}

void job_add_int(struct job *j, const char *key, int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRId64, value);
    job_add_str(j, key, text);
}

const void *job_next_bytes(const struct job *j, const char *key, size_t *cursor, size_t *len)
{
    for (; *cursor < j->n; ++*cursor) {
        const struct entry *e = &j->v[*cursor];
        if (strcmp(e->key, key) != 0)
            continue;
        ++*cursor;
        if (len)
            *len = e->len;
        return e->value;
    }
    if (len)
        *len = 0;
    return NULL;
}

const char *job_next(const struct job *j, const char *key, size_t *cursor)
{
    return job_next_bytes(j, key, cursor, NULL);
}

const void *job_get_bytes(const struct job *j, const char *key, size_t *len)
{
    size_t cursor = 0;

    return job_next_bytes(j, key, &cursor, len);
}

const char *job_get(const struct job *j, const char *key)
{
    return job_get_bytes(j, key, NULL);
}

int64_t job_get_int(const struct job *j, const char *key, int64_t otherwise)
{
    const char *s = job_get(j, key);
    long long v;

    return s && text_parse_int(s, INT64_MIN, INT64_MAX, &v) ? (int64_t)v : otherwise;
}

void job_encode(const struct job *j, struct buf *out)
{
    size_t total = 8;

    for (size_t i = 0; i < j->n; i++)
        total += 8 + strlen(j->v[i].key) + j->v[i].len;
    if (total > out->max - out->len) {
        out->overflow = true;        /* as a buffer that was too small for the last piece would say, with nothing copied */
        return;
    }
    buf_reserve(out, total);
    buf_put_u32(out, JOB_MAGIC);
    buf_put_u32(out, (uint32_t)j->n);
    for (size_t i = 0; i < j->n; i++) {
        buf_put_str(out, j->v[i].key);
        buf_put_bytes(out, j->v[i].value, j->v[i].len);
    }
}

int job_decode(const void *p, size_t len, struct job **out)
{
    struct job *j = job_new();
    struct reader r;
    uint32_t magic, n;

    reader_init(&r, p, len);
    magic = reader_u32(&r);
    n = reader_u32(&r);
    if (r.bad || magic != JOB_MAGIC || n > JOB_MAX_ENTRIES)
        goto malformed;
    for (uint32_t i = 0; i < n; i++) {
        char *key = reader_str(&r);
        size_t value_len;
        const uint8_t *value = reader_bytes(&r, &value_len);

        if (r.bad || !key || !*key || value_len > JOB_MAX_VALUE) {
            free(key);
            goto malformed;
        }
        job_add(j, key, value, value_len);
        free(key);
    }
    if (reader_left(&r))
        goto malformed;
    *out = j;
    return 0;

malformed:
    job_free(j);
    return ERR_FORMAT;
}
