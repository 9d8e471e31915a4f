/* Time through one door. Runs in every process; clock_local changes TZ and so only in the single-threaded parent. */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"

static int64_t frozen = -1;

int64_t clock_now(void)
{
    return frozen >= 0 ? frozen : (int64_t)time(NULL);
}

int64_t clock_mono_ms(void)
{
    struct timespec ts;

    if (clock_gettime(CLOCK_MONOTONIC, &ts) < 0)
        BUG("no monotonic clock: %s", strerrorname_np(errno));
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void clock_set(int64_t now)
{
    frozen = now;
}

#define FIRST_SECOND INT64_C(-2208988800)    /* 1900-01-01 */
#define LAST_SECOND INT64_C(253402300799)    /* 9999-12-31T23:59:59 */

static bool broken_down(int64_t t, struct tm *tm)
{
    time_t when = (time_t)t;

    return t >= FIRST_SECOND && t <= LAST_SECOND && gmtime_r(&when, tm);
}

void iso_format(int64_t t, char out[ISO_LEN])
{
    struct tm tm;

    out[0] = '\0';
    if (broken_down(t, &tm))
        strftime(out, ISO_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void date_format(int64_t t, char out[DATE_LEN])
{
    struct tm tm;

    out[0] = '\0';
    if (broken_down(t, &tm))
        strftime(out, DATE_LEN, "%Y-%m-%d", &tm);
}

/* s against a form of literals and digits ('0'), with nothing behind it. */
static bool matches(const char *s, const char *form)
{
    for (; *form; s++, form++) {
        if (*form == '0' ? *s < '0' || *s > '9' : *s != *form)
            return false;
    }
    return !*s;
}

static int digits(const char *s, size_t n)
{
    int v = 0;

    for (size_t i = 0; i < n; i++)
        v = v * 10 + (s[i] - '0');
    return v;
}

/* timegm() would make 2 March of 30 February: only what comes back unchanged is a real date. */
static bool date_to_seconds(const char *s, int64_t *t)
{
    const int year = digits(s, 4), month = digits(s + 5, 2), day = digits(s + 8, 2);
    struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };

    if (year < 1900 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *t = (int64_t)timegm(&tm);
    return tm.tm_mon == month - 1 && tm.tm_mday == day;
}

bool iso_parse(const char *s, int64_t *t)
{
    int64_t day;
    int hour, minute, second;

    if (!s || !matches(s, "0000-00-00T00:00:00Z") || !date_to_seconds(s, &day))
        return false;
    hour = digits(s + 11, 2);
    minute = digits(s + 14, 2);
    second = digits(s + 17, 2);
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *t = day + hour * 3600 + minute * 60 + second;
    return true;
}

bool date_parse(const char *s, int64_t *t)
{
    int64_t day;

    if (!s || !matches(s, "0000-00-00") || !date_to_seconds(s, &day))
        return false;
    *t = day;
    return true;
}

static int64_t day_of(int64_t t)
{
    return t >= 0 ? t / 86400 : -((-(t + 1)) / 86400) - 1;
}

int64_t days_between(int64_t from, int64_t to)
{
    return day_of(to) - day_of(from);
}

/* A zone's name comes from a person's file: letters, digits and _ + - in components, so that it cannot leave the folder. */
static bool zone_name_is_safe(const char *tz)
{
    const char *component = tz;

    if (!*tz || *tz == '/' || strlen(tz) > 64)
        return false;
    for (const char *p = tz;; p++) {
        if (*p == '/' || !*p) {
            if (p == component)
                return false;
            component = p + 1;
            if (!*p)
                return true;
            continue;
        }
        if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9') && !strchr("_+-", *p))
            return false;
    }
}

bool clock_zone_known(const char *tz)
{
    const char *folder = getenv("TZDIR");
    char magic[4];
    char *path;
    bool known;
    int fd;

    if (!tz || !zone_name_is_safe(tz))
        return false;
    if (strcmp(tz, "UTC") == 0)
        return true;
    path = xasprintf("%s/%s", folder && *folder ? folder : "/usr/share/zoneinfo", tz);
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    free(path);
    if (fd < 0)
        return false;
    known = read(fd, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", 4) == 0;
    close(fd);
    return known;
}

/* Sets TZ for a moment. What it was is given back by zone_leave(). */
static char *zone_enter(const char *tz)
{
    const char *before = getenv("TZ");
    char *saved = xstrdup(before);
    char *zone = xasprintf(":%s", tz);

    setenv("TZ", zone, 1);
    tzset();
    free(zone);
    return saved;
}

static void zone_leave(char *saved)
{
    if (saved)
        setenv("TZ", saved, 1);
    else
        unsetenv("TZ");
    tzset();
    free(saved);
}

static bool zone_is_utc(const char *tz)
{
    return !tz || strcmp(tz, "UTC") == 0 || !clock_zone_known(tz);
}

void clock_local(const char *tz, int64_t t, struct tm *out)
{
    const time_t when = (time_t)t;
    char *saved;

    memset(out, 0, sizeof *out);
    if (zone_is_utc(tz)) {
        gmtime_r(&when, out);
        return;
    }
    saved = zone_enter(tz);
    localtime_r(&when, out);
    zone_leave(saved);
    out->tm_zone = NULL;     /* it would point into the zone that has just been left */
}

static int32_t offset_at(int64_t t)
{
    const time_t when = (time_t)t;
    struct tm tm;

    return localtime_r(&when, &tm) ? (int32_t)tm.tm_gmtoff : 0;
}

/* The first second in (a, b] whose offset is not that of a. */
static int64_t change_between(int64_t a, int64_t b)
{
    const int32_t before = offset_at(a);

    while (b - a > 1) {
        int64_t mid = a + (b - a) / 2;
        if (offset_at(mid) == before)
            a = mid;
        else
            b = mid;
    }
    return b;
}

size_t clock_offsets(const char *tz, int64_t from, int64_t to, struct clock_offset *out, size_t max)
{
    const int64_t step = 14 * 86400;     /* shorter than any daylight saving time, Ramadan's pauses included */
    size_t n = 0;
    char *saved;

    if (max == 0)
        return 0;
    out[n++] = (struct clock_offset){ from, 0 };
    if (zone_is_utc(tz))
        return n;
    saved = zone_enter(tz);
    out[0].seconds = offset_at(from);
    for (int64_t t = from; t < to && n < max;) {
        int64_t next = to - t < step ? to : t + step;
        if (offset_at(next) != out[n - 1].seconds) {
            next = change_between(t, next);
            out[n++] = (struct clock_offset){ next, offset_at(next) };
        }
        t = next;
    }
    zone_leave(saved);
    return n;
}
