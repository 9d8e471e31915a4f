/* Memory that never fails, and arenas. Runs in every process; sizes may come from checked input, so products are
 * checked for overflow here once more. */
#include "base/mem.h"

#include <stdint.h>
#include <unistd.h>

static void out_of_memory(void)
{
    static const char text[] = "preop: out of memory\n";

    /* write() only: stdio may want memory itself */
    ssize_t ignored = write(STDERR_FILENO, text, sizeof text - 1);
    (void)ignored;
    _exit(4);
}

void *xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *xcalloc(size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size ? size : 1);

    if (!p)
        out_of_memory();
    return p;
}

void *xrealloc_array(void *p, size_t n, size_t size)
{
    void *q;

    if (!n || !size)
        n = size = 1;
    q = reallocarray(p, n, size);
    if (!q)
        out_of_memory();
    return q;
}

char *xstrdup(const char *s)
{
    return s ? xstrndup(s, strlen(s)) : NULL;
}

char *xstrndup(const char *s, size_t len)
{
    char *copy;

    if (len == SIZE_MAX)
        out_of_memory();
    copy = xmalloc(len + 1);
    if (len)
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *xvasprintf(const char *fmt, va_list ap)
{
    char *s = NULL;

    if (vasprintf(&s, fmt, ap) < 0)
        out_of_memory();
    return s;
}

char *xasprintf(const char *fmt, ...)
{
    va_list ap;
    char *s;

    va_start(ap, fmt);
    s = xvasprintf(fmt, ap);
    va_end(ap);
    return s;
}

#define ARENA_CHUNK 16384

struct chunk {
    struct chunk *next;
    size_t used, size;
    max_align_t data[];
};
struct arena {
    struct chunk *head;      /* the chunk that is being filled; full ones hang behind it */
};

struct arena *arena_new(void)
{
    return xcalloc(1, sizeof(struct arena));
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct chunk *c = a->head; c;) {
        struct chunk *next = c->next;
        free(c);
        c = next;
    }
    free(a);
}

void arena_wipe(struct arena *a)
{
    if (!a)
        return;
    for (struct chunk *c = a->head; c; c = c->next)
        explicit_bzero(c->data, c->size);
    arena_free(a);
}

static struct chunk *chunk_new(size_t size)
{
    struct chunk *c = xcalloc(1, sizeof *c + size);

    c->size = size;
    return c;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    struct chunk *c;
    void *p;

    if (size > SIZE_MAX / 2)
        out_of_memory();
    size = size ? (size + align - 1) / align * align : align;
    c = a->head;
    if (!c || c->size - c->used < size) {
        c = chunk_new(size > ARENA_CHUNK / 4 ? size : ARENA_CHUNK);
        if (a->head && c->size == size) {
            /* a large block of its own goes behind the chunk that still has room */
            c->next = a->head->next;
            a->head->next = c;
        } else {
            c->next = a->head;
            a->head = c;
        }
    }
    p = (char *)c->data + c->used;
    c->used += size;
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(n, size, &total))
        out_of_memory();
    return arena_alloc(a, total);
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *copy;

    if (len == SIZE_MAX)
        out_of_memory();
    copy = arena_alloc(a, len + 1);
    if (len)
        memcpy(copy, s, len);
    return copy;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *s, *copy;

    va_start(ap, fmt);
    s = xvasprintf(fmt, ap);
    va_end(ap);
    copy = arena_strdup(a, s);
    free(s);
    return copy;
}

void bug_at(const char *file, int line, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "preop: a fault of preop itself (%s:%d): ", file, line);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}
