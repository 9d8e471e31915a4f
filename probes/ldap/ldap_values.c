/* LDAP attribute values to numbers, times and identifiers. Pure, over hostile bytes; runs in workers. */
#include "probes/ldap/ldap_parse.h"

#include <string.h>
#include <time.h>
#include "base/text.h"

#define YEAR_9999_END 253402300799LL
#define FILETIME_TICKS_PER_S 10000000LL
#define FILETIME_EPOCH_S 11644473600LL       /* from 1601 to 1970 */

bool ldap_int_parse(const struct ldap_value *v, int64_t *out)
{
    char text[24];
    long long n;

    if (v->len == 0 || v->len >= sizeof(text))
        return false;
    memcpy(text, v->p, v->len);
    text[v->len] = '\0';
    if (!text_parse_int(text, INT64_MIN, INT64_MAX, &n))
        return false;
    *out = n;
    return true;
}

bool ldap_filetime_parse(const struct ldap_value *v, int64_t *out)
{
    int64_t ticks, t;

    if (!ldap_int_parse(v, &ticks) || ticks <= 0)
        return false;
    t = ticks / FILETIME_TICKS_PER_S - FILETIME_EPOCH_S;
    if (t > YEAR_9999_END)
        return false;
    *out = t;
    return true;
}

/* n decimal digits at p, -1 when they are not. */
static int digits(const char *p, size_t n)
{
    int v = 0;

    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return -1;
        v = v * 10 + (p[i] - '0');
    }
    return v;
}

/* Seconds of a broken-down time in UTC; false for days that do not exist. */
static bool civil_seconds(int year, int month, int day, int64_t seconds, int64_t *out)
{
    struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };
    time_t t = timegm(&tm);          /* brings 31 February to March */

    if (tm.tm_mon != month - 1 || tm.tm_mday != day)
        return false;
    *out = (int64_t)t + seconds;
    return true;
}

/* The zone at the end: Z, +hh, +hhmm. */
static bool zone_offset_s(const char *p, size_t len, int64_t *offset)
{
    int hours, minutes = 0;

    if (len == 1 && *p == 'Z') {
        *offset = 0;
        return true;
    }
    if ((len != 3 && len != 5) || (*p != '+' && *p != '-'))
        return false;
    hours = digits(p + 1, 2);
    if (len == 5)
        minutes = digits(p + 3, 2);
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return false;
    *offset = (*p == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

/* RFC 4517 section 3.3.13: YYYYMMDDHH[MM[SS]][fraction]zone. A fraction of anything but a second is not used by servers. */
bool ldap_time_parse(const struct ldap_value *v, int64_t *out)
{
    const char *p = v->p;
    size_t pos = 10;
    int year, month, day, hour, minute = 0, second = 0;
    int64_t offset;

    if (v->len < 11 || v->len > 40)
        return false;
    year = digits(p, 4);
    month = digits(p + 4, 2);
    day = digits(p + 6, 2);
    hour = digits(p + 8, 2);
    if (pos + 2 <= v->len && digits(p + pos, 2) >= 0) {
        minute = digits(p + pos, 2);
        pos += 2;
        if (pos + 2 <= v->len && digits(p + pos, 2) >= 0) {
            second = digits(p + pos, 2);
            pos += 2;
            if (pos < v->len && (p[pos] == '.' || p[pos] == ',')) {
                pos++;
                while (pos < v->len && digits(p + pos, 1) >= 0)
                    pos++;
            }
        }
    }
    if (year < 1900 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute > 59 || second > 60 || pos >= v->len ||
        !zone_offset_s(p + pos, v->len - pos, &offset))
        return false;
    if (second == 60)        /* a leap second */
        second = 59;
    return civil_seconds(year, month, day, hour * 3600 + minute * 60 + second - offset, out);
}

bool ldap_guid_text(const struct ldap_value *v, char out[37])
{
    /* the first three fields are stored little-endian, the rest in order */
    static const uint8_t order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
    static const char hex[] = "0123456789abcdef";
    size_t o = 0;

    if (v->len != 16)
        return false;
    for (size_t i = 0; i < 16; i++) {
        uint8_t b = (uint8_t)v->p[order[i]];

        if (i == 4 || i == 6 || i == 8 || i == 10)
            out[o++] = '-';
        out[o++] = hex[b >> 4];
        out[o++] = hex[b & 15];
    }
    out[o] = '\0';
    return true;
}

bool ldap_sid_text(const struct ldap_value *v, char out[192])
{
    const uint8_t *p = (const uint8_t *)v->p;
    uint64_t authority = 0;
    size_t n, used;

    if (v->len < 8 || p[0] != 1 || p[1] > 15 || v->len != 8 + 4 * (size_t)p[1])
        return false;
    n = p[1];
    for (size_t i = 2; i < 8; i++)
        authority = authority << 8 | p[i];
    used = (size_t)snprintf(out, 192, "S-1-%llu", (unsigned long long)authority);
    for (size_t i = 0; i < n; i++) {
        const uint8_t *q = p + 8 + 4 * i;
        uint32_t sub = (uint32_t)q[0] | (uint32_t)q[1] << 8 | (uint32_t)q[2] << 16 | (uint32_t)q[3] << 24;

        used += (size_t)snprintf(out + used, 192 - used, "-%u", sub);
    }
    return true;
}
