/* Pieces of text without copying, for the ssh probe's parsers. Runs in workers on hostile bytes; borrows throughout. */
#include "probes/ssh/ssh_parse.h"

#include "base/mem.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool span_line(struct span *rest, struct span *line)
{
    if (rest->len == 0)
        return false;
    const char *nl = memchr(rest->p, '\n', rest->len);
    size_t len = nl ? (size_t)(nl - rest->p) : rest->len;
    size_t used = nl ? len + 1 : len;
    *line = span_upto(*rest, len);
    *rest = span_from(*rest, used);
    while (line->len > 0 && line->p[line->len - 1] == '\r')
        line->len--;
    return true;
}

bool span_token(struct span *rest, struct span *token)
{
    size_t i = 0;
    while (i < rest->len && is_blank(rest->p[i]))
        i++;
    size_t start = i;
    while (i < rest->len && !is_blank(rest->p[i]))
        i++;
    *token = (struct span){ .p = rest->p + start, .len = i - start };
    *rest = span_from(*rest, i);
    return token->len > 0;
}

struct span span_trim(struct span s)
{
    while (s.len > 0 && (is_blank(s.p[0]) || s.p[0] == '\n' || s.p[0] == '\r')) {
        s.p++;
        s.len--;
    }
    while (s.len > 0 && (is_blank(s.p[s.len - 1]) || s.p[s.len - 1] == '\n' || s.p[s.len - 1] == '\r'))
        s.len--;
    return s;
}

bool span_is(struct span s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.p, text, s.len) == 0;
}

bool span_starts(struct span s, const char *prefix)
{
    size_t len = strlen(prefix);
    return s.len >= len && memcmp(s.p, prefix, len) == 0;
}

bool span_find(struct span s, const char *needle, size_t *at)
{
    const char *hit = memmem(s.p, s.len, needle, strlen(needle));
    if (!hit)
        return false;
    *at = (size_t)(hit - s.p);
    return true;
}

bool span_rfind(struct span s, char c, size_t *at)
{
    const char *hit = s.len ? memrchr(s.p, c, s.len) : NULL;
    if (!hit)
        return false;
    *at = (size_t)(hit - s.p);
    return true;
}

struct span span_from(struct span s, size_t at)
{
    if (at > s.len)
        at = s.len;
    return (struct span){ .p = s.p + at, .len = s.len - at };
}

struct span span_upto(struct span s, size_t len)
{
    return (struct span){ .p = s.p, .len = len < s.len ? len : s.len };
}

bool span_u64(struct span s, uint64_t *out)
{
    uint64_t v = 0;
    if (s.len == 0 || s.len > 20)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(v, 10U, &v) || __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
            return false;
    }
    *out = v;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool span_hex(struct span s, uint64_t *out)
{
    uint64_t v = 0;
    if (s.len == 0 || s.len > 16)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        int d = hex_value(s.p[i]);
        if (d < 0)
            return false;
        v = (v << 4) | (uint64_t)d;
    }
    *out = v;
    return true;
}

char *span_lower(struct span s)
{
    char *out = xstrndup(s.p, s.len);
    for (size_t i = 0; i < s.len; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] - 'A' + 'a');
    return out;
}
