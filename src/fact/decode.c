/* Strings and counts of our own wire forms, checked. Runs in workers. */
#include "fact/decode.h"

#include "base/text.h"

const char *decode_str(struct decoder *d)
{
    size_t len = 0;
    const uint8_t *p = reader_bytes(&d->r, &len);
    if (p == NULL || memchr(p, '\0', len) != NULL || !text_is_utf8(p, len)) {
        d->r.bad = true;
        return "";
    }
    return arena_strndup(d->arena, (const char *)p, len);
}

const char *decode_optional(struct decoder *d)
{
    return reader_u8(&d->r) != 0 ? decode_str(d) : NULL;
}

size_t decode_count(struct decoder *d, size_t max)
{
    size_t n = reader_u16(&d->r);
    if (n <= max && n <= reader_left(&d->r))
        return n;
    d->r.bad = true;
    return 0;
}
