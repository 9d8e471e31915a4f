/* The growing buffer and the reader with a sticky error. Runs in every process and on hostile bytes: lengths are
 * compared by subtraction, so that no sum can wrap. */
#include "base/buf.h"

#include "base/mem.h"

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf)BUF_INIT(max);
}

void buf_clear(struct buf *b)
{
    free(b->data);
    buf_init(b, b->max);
}

void buf_wipe(struct buf *b)
{
    if (b->data)
        explicit_bzero(b->data, b->cap);
    buf_clear(b);
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->overflow = false;
    if (b->data)
        b->data[0] = '\0';
}

static void resize(struct buf *b, size_t cap)
{
    b->data = xrealloc_array(b->data, cap, 1);
    b->cap = cap;
    b->data[b->len] = '\0';
}

/* Room for more bytes and a NUL; false, with overflow set, when that would pass the maximum. */
static bool grow(struct buf *b, size_t more)
{
    size_t need, cap;

    if (b->overflow || more > b->max - b->len || more >= SIZE_MAX - b->len) {
        b->overflow = true;
        return false;
    }
    need = b->len + more + 1;
    if (need <= b->cap)
        return true;
    cap = b->cap < 64 ? 64 : b->cap;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    resize(b, cap);
    return true;
}

void buf_reserve(struct buf *b, size_t more)
{
    if (b->overflow || more > b->max - b->len || more >= SIZE_MAX - b->len)
        return;
    if (b->len + more + 1 > b->cap)
        resize(b, b->len + more + 1);
}

void buf_append(struct buf *b, const void *p, size_t len)
{
    if (!grow(b, len))
        return;
    if (len)
        memcpy(b->data + b->len, p, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    buf_append(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
    buf_append(b, &c, 1);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
    va_list again;
    char small[256];
    int n;

    va_copy(again, ap);
    n = vsnprintf(small, sizeof small, fmt, ap);
    if (n < 0)
        BUG("a format string that vsnprintf refuses");
    if ((size_t)n < sizeof small) {
        buf_append(b, small, (size_t)n);
    } else if (grow(b, (size_t)n)) {
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_vprintf(b, fmt, ap);
    va_end(ap);
}

static void put_big_endian(struct buf *b, uint64_t v, size_t bytes)
{
    uint8_t out[8];

    for (size_t i = 0; i < bytes; i++)
        out[i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
    buf_append(b, out, bytes);
}

void buf_put_u8(struct buf *b, uint8_t v)
{
    put_big_endian(b, v, 1);
}

void buf_put_u16(struct buf *b, uint16_t v)
{
    put_big_endian(b, v, 2);
}

void buf_put_u32(struct buf *b, uint32_t v)
{
    put_big_endian(b, v, 4);
}

void buf_put_u64(struct buf *b, uint64_t v)
{
    put_big_endian(b, v, 8);
}

void buf_put_bytes(struct buf *b, const void *p, size_t len)
{
    if (len > UINT32_MAX) {
        b->overflow = true;
        return;
    }
    buf_put_u32(b, (uint32_t)len);
    buf_append(b, p, len);
}

void buf_put_str(struct buf *b, const char *s)
{
    buf_put_bytes(b, s ? s : "", s ? strlen(s) : 0);
}

const char *buf_str(struct buf *b)
{
    return b->data ? b->data : "";
}

char *buf_take(struct buf *b)
{
    char *s = b->data ? b->data : xstrdup("");

    buf_init(b, b->max);
    return s;
}

void reader_init(struct reader *r, const void *p, size_t len)
{
    *r = (struct reader){ .p = p, .len = len };
}

const uint8_t *reader_take(struct reader *r, size_t len)
{
    const uint8_t *p;

    if (r->bad || len > r->len - r->pos) {
        r->bad = true;
        return NULL;
    }
    /* an empty reader may have no pointer; what it gives must still not look like a failure */
    p = r->p ? r->p + r->pos : (const uint8_t *)"";
    r->pos += len;
    return p;
}

static uint64_t take_big_endian(struct reader *r, size_t bytes)
{
    const uint8_t *p = reader_take(r, bytes);
    uint64_t v = 0;

    if (!p)
        return 0;
    for (size_t i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)take_big_endian(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
    return (uint16_t)take_big_endian(r, 2);
}

uint32_t reader_u32(struct reader *r)
{
    return (uint32_t)take_big_endian(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
    return take_big_endian(r, 8);
}

const uint8_t *reader_bytes(struct reader *r, size_t *len)
{
    uint32_t n = reader_u32(r);
    const uint8_t *p = reader_take(r, n);

    *len = p ? n : 0;
    return p;
}

char *reader_str(struct reader *r)
{
    size_t len;
    const uint8_t *p = reader_bytes(r, &len);

    return p ? xstrndup((const char *)p, strnlen((const char *)p, len)) : NULL;
}

size_t reader_left(const struct reader *r)
{
    return r->bad ? 0 : r->len - r->pos;
}
