/* The small text functions: ASCII case, trimming, numbers, durations, CSV fields. Runs in every process. */
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include "base/mem.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int text_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void text_lower_ascii(char *s)
{
    for (; *s; s++)
        *s = lower(*s);
}

bool text_equal_nocase(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool text_starts_with(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

char *text_trim(char *s)
{
    size_t len;

    while (is_blank(*s))
        s++;
    len = strlen(s);
    while (len > 0 && is_blank(s[len - 1]))
        len--;
    s[len] = '\0';
    return s;
}

bool text_parse_int(const char *s, long long min, long long max, long long *out)
{
    char *end;
    long long v;

    /* strtoll would skip blanks and take a plus */
    if (!s || !(is_digit(s[0]) || (s[0] == '-' && is_digit(s[1]))))
        return false;
    errno = 0;
    v = strtoll(s, &end, 10);
    if (errno || *end || v < min || v > max)
        return false;
    *out = v;
    return true;
}

static const struct {
    const char *unit;
    long long ms;
} duration_units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };

bool text_parse_duration(const char *s, long long max_ms, long long *out_ms)
{
    char number[20];
    size_t n = 0;
    long long v;

    if (!s)
        return false;
    while (is_digit(s[n]))
        n++;
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, s, n);
    number[n] = '\0';
    if (!text_parse_int(number, 0, LLONG_MAX, &v))
        return false;
    for (size_t i = 0; i < N_ELEMENTS(duration_units); i++) {
        if (strcmp(s + n, duration_units[i].unit) != 0)
            continue;
        if (v > max_ms / duration_units[i].ms)
            return false;
        *out_ms = v * duration_units[i].ms;
        return true;
    }
    return false;
}

/* -3 and +0.25 are data, which no spreadsheet can run. */
static bool is_plain_number(const char *s)
{
    if (*s == '-' || *s == '+')
        s++;
    if (!is_digit(*s))
        return false;
    while (is_digit(*s))
        s++;
    if (*s == '.' && is_digit(s[1])) {
        s++;
        while (is_digit(*s))
            s++;
    }
    return !*s;
}

void text_csv_field(struct buf *out, const char *s)
{
    const size_t len = strlen(s);
    const bool formula = len && strchr("=+-@\t\r", s[0]) && !is_plain_number(s);
    const bool quote = len && (strpbrk(s, ",;\"\t\r\n") || s[0] == ' ' || s[len - 1] == ' ');

    if (quote)
        buf_putc(out, '"');
    if (formula)
        buf_putc(out, '\'');
    for (; *s; s++) {
        if (*s == '"')
            buf_putc(out, '"');
        buf_putc(out, *s);
    }
    if (quote)
        buf_putc(out, '"');
}
