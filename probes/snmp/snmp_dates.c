/* Dates as devices write them. Pure. */
#include "probes/snmp/snmp_dates.h"

#include <stdio.h>
#include <string.h>
#include "base/clock.h"

/* Three numbers with the same sign between them; what follows a blank is a time. */
static bool three(const char *s, char sign, unsigned out[3], size_t digits[3])
{
    for (size_t i = 0; i < 3; i++) {
        out[i] = 0;
        for (digits[i] = 0; *s >= '0' && *s <= '9' && digits[i] < 5; digits[i]++)
            out[i] = out[i] * 10 + (unsigned)(*s++ - '0');
        if (digits[i] == 0 || (i < 2 && *s++ != sign))
            return false;
    }
    return *s == '\0' || *s == ' ';
}

static bool day_of(unsigned year, unsigned month, unsigned day, int64_t *out)
{
    char text[40];
    snprintf(text, sizeof text, "%04u-%02u-%02u", year, month, day);
    return date_parse(text, out);    /* real dates only */
}

static bool iso_day(const char *s, int64_t *out)
{
    unsigned n[3];
    size_t digits[3];
    return three(s, '-', n, digits) && digits[0] == 4 && day_of(n[0], n[1], n[2], out);
}

/* The year behind two numbers, of two or four digits. */
static bool slashes(const char *s, unsigned n[3])
{
    size_t digits[3];
    if (!three(s, '/', n, digits) || digits[0] > 2 || digits[1] > 2 || (digits[2] != 2 && digits[2] != 4))
        return false;
    if (digits[2] == 2)
        n[2] += n[2] < 70 ? 2000 : 1900;
    return true;
}

bool snmp_us_date(const char *s, int64_t *out)
{
    unsigned n[3];
    return iso_day(s, out) || (slashes(s, n) && day_of(n[2], n[0], n[1], out));
}

bool snmp_free_date(const char *s, int64_t *out)
{
    unsigned n[3];
    if (iso_day(s, out))
        return true;
    if (!slashes(s, n))
        return false;
    if (n[0] == n[1] || (n[1] > 12 && n[0] <= 12))
        return day_of(n[2], n[0], n[1], out);
    return n[0] > 12 && n[1] <= 12 && day_of(n[2], n[1], n[0], out);
}

bool snmp_date_is_unset(int64_t day)
{
    static const char *const first[] = { "1970-01-01", "1980-01-01", "1999-12-31", "2000-01-01" };
    for (size_t i = 0; i < N_ELEMENTS(first); i++) {
        int64_t t;
        if (date_parse(first[i], &t) && t == day)
            return true;
    }
    return false;
}

const char *snmp_date_text(int64_t t, struct arena *mem)
{
    char *iso = arena_alloc(mem, ISO_LEN);
    iso_format(t, iso);
    return iso;
}

/* Is the word at s the month m (0: January), whole or its first three letters? */
static bool is_month(const char *s, size_t len, size_t m)
{
    static const char *const months[] = { "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december" };
    if (len != 3 && len != strlen(months[m]))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((s[i] | 0x20) != months[m][i])
            return false;
    return true;
}

bool snmp_word_date(const char *s, int64_t *out)
{
    unsigned year = 0, month = 0, day = 0;
    for (size_t words = 0; *s != '\0' && words < 8; words++) {
        size_t len = strcspn(s, " ,"), digits = strspn(s, "0123456789");
        for (unsigned m = 0; m < 12 && month == 0; m++)
            month = is_month(s, len, m) ? m + 1 : 0;
        unsigned n = 0;
        for (size_t i = 0; i < digits && digits == len && len <= 4; i++)
            n = n * 10 + (unsigned)(s[i] - '0');
        unsigned *what = digits != len ? NULL : len == 4 ? &year : len == 1 || len == 2 ? &day : NULL;
        if (what != NULL && *what != 0)
            return false;
        if (what != NULL)
            *what = n;
        s += len;
        s += strspn(s, " ,");
    }
    return year > 0 && month > 0 && day > 0 && day_of(year, month, day, out);
}
