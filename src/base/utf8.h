/* One code point at a time. Hostile bytes welcome. */
#ifndef PREOP_BASE_UTF8_H
#define PREOP_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the code point at p (1 to 4) and its value; 0 when the bytes are no UTF-8 (stray, overlong, cut, above
 * U+10FFFF) or len is 0. Surrogates are decoded, so that the caller can replace one as a whole: see utf8_is_scalar. */
size_t utf8_decode(const void *p, size_t len, uint32_t *cp);
bool utf8_is_scalar(uint32_t cp);            /* no surrogate, at most U+10FFFF */
size_t utf8_encode(uint32_t cp, char out[4]);
/* The largest n <= max that does not cut a code point of p[0..len). */
size_t utf8_cut(const char *p, size_t len, size_t max);

#endif
