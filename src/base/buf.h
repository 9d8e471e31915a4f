/* One growing byte buffer with a hard maximum, and one reader with a sticky error.
 * Used by every process, on hostile bytes too. */
#ifndef PREOP_BASE_BUF_H
#define PREOP_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* data is always NUL-terminated once anything was appended or buf_str() was called.
 * Appending past max appends nothing and sets overflow, which stays set: test it once, at the end. */
struct buf {
    char *data;
    size_t len;      /* bytes, without the closing NUL */
    size_t cap;
    size_t max;      /* bytes that len may reach */
    bool overflow;
};

#define BUF_INIT(maximum) { .data = NULL, .len = 0, .cap = 0, .max = (maximum), .overflow = false }
void buf_init(struct buf *b, size_t max);
void buf_clear(struct buf *b);               /* frees; the buffer may be used again with the same max */
void buf_wipe(struct buf *b);                /* as buf_clear, and overwrites the bytes first: for secrets */
void buf_reset(struct buf *b);               /* len = 0 and no overflow, memory kept */
void buf_reserve(struct buf *b, size_t more);   /* room for more bytes at once, so that no copy of a secret stays behind
                                                 * in memory that growing gave back; past max it does nothing */
void buf_append(struct buf *b, const void *p, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
void buf_put_u8(struct buf *b, uint8_t v);
void buf_put_u16(struct buf *b, uint16_t v); /* big-endian, as all of these */
void buf_put_u32(struct buf *b, uint32_t v);
void buf_put_u64(struct buf *b, uint64_t v);
void buf_put_bytes(struct buf *b, const void *p, size_t len);   /* u32 length, then the bytes */
void buf_put_str(struct buf *b, const char *s);                 /* as buf_put_bytes; NULL is written as "" */
const char *buf_str(struct buf *b);          /* borrowed, never NULL */
char *buf_take(struct buf *b);               /* gives the string (never NULL), leaves the buffer empty */

/* Reads big-endian values; past the end everything is 0 or NULL and bad stays true. */
struct reader {
    const uint8_t *p;
    size_t len, pos;
    bool bad;
};
void reader_init(struct reader *r, const void *p, size_t len);  /* borrows */
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r);
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
const uint8_t *reader_take(struct reader *r, size_t len);       /* borrowed, NULL when short */
const uint8_t *reader_bytes(struct reader *r, size_t *len);     /* u32 length, then bytes: borrowed */
char *reader_str(struct reader *r);          /* u32 length, then text: an owned copy cut at an inner NUL; NULL when bad */
size_t reader_left(const struct reader *r);

#endif
