/* Hours of a week: "Mon-Fri 08:00-17:30", "Mon,Wed 10:00-12:00", "daily 22:00-06:00". Parent only; pure. */
#include "site/load.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/text.h"

#define DAY_MINUTES 1440
#define WEEK_MINUTES (7 * DAY_MINUTES)

static const char *const day_names[7] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static int day_number(const char *p)
{
    for (int i = 0; i < 7; i++) {
        char word[4] = { p[0], p[0] ? p[1] : '\0', p[0] && p[1] ? p[2] : '\0', '\0' };
        if (text_equal_nocase(word, day_names[i]))
            return i;
    }
    return -1;
}

/* "Mon", "Mon-Fri", "Mon,Wed-Fri", "daily" up to the first blank; the rest in *rest. */
static bool parse_days(const char *p, unsigned *out, const char **rest)
{
    unsigned days = 0;

    if (strncmp(p, "daily", 5) == 0) {
        *out = 0x7f;
        *rest = p + 5;
        return true;
    }
    for (;;) {
        int from = day_number(p), to = from;
        if (from < 0)
            return false;
        p += 3;
        if (*p == '-') {
            to = day_number(p + 1);
            if (to < 0)
                return false;
            p += 4;
        }
        for (int d = from;; d = (d + 1) % 7) {
            days |= 1u << d;
            if (d == to)
                break;
        }
        if (*p != ',')
            break;
        p++;
    }
    *out = days;
    *rest = p;
    return true;
}

/* HH:MM, 24:00 included; -1 when it is none. */
static int parse_minute(const char *p)
{
    for (int i = 0; i < 5; i++) {
        if (i == 2 ? p[i] != ':' : (p[i] < '0' || p[i] > '9'))
            return -1;
    }
    int hour = (p[0] - '0') * 10 + (p[1] - '0'), minute = (p[3] - '0') * 10 + (p[4] - '0');
    if (minute > 59 || hour > 24 || (hour == 24 && minute != 0))
        return -1;
    return hour * 60 + minute;
}

bool hours_parse(const char *text, struct hours out[2], size_t *n, const char **why)
{
    const char *p = text;
    unsigned days = 0;

    *why = "must be days and hours like \"Mon-Fri 08:00-17:30\", \"Mon,Wed 10:00-12:00\" or \"daily 00:00-24:00\"";
    if (!parse_days(p, &days, &p) || *p != ' ')
        return false;
    p += strspn(p, " ");
    if (strlen(p) != 11 || p[5] != '-')
        return false;
    int from = parse_minute(p), to = parse_minute(p + 6);
    if (from < 0 || to < 0) {
        *why = "has a time that does not exist: write hours from 00:00 to 24:00";
        return false;
    }
    if (from == to) {
        *why = "begins and ends at the same minute: write 00:00-24:00 for the whole day";
        return false;
    }
    if (from < to) {
        out[0] = (struct hours){ days, from, to };
        *n = 1;
        return true;
    }
    unsigned next = ((days << 1) | (days >> 6)) & 0x7f;
    *n = 0;
    if (from < DAY_MINUTES)
        out[(*n)++] = (struct hours){ days, from, DAY_MINUTES };
    if (to > 0)
        out[(*n)++] = (struct hours){ next, 0, to };
    return *n > 0;
}

static bool holds(const struct hours *hours, size_t n, int day, int minute)
{
    for (size_t i = 0; i < n; i++) {
        if ((hours[i].days >> day & 1) != 0 && minute >= hours[i].from_min && minute < hours[i].to_min)
            return true;
    }
    return false;
}

int hours_left(const struct hours *hours, size_t n, int day, int minute)
{
    int left = 0;

    while (left < WEEK_MINUTES) {
        int at = (day * DAY_MINUTES + minute + left) % WEEK_MINUTES;
        if (!holds(hours, n, at / DAY_MINUTES, at % DAY_MINUTES))
            return left;
        left++;
    }
    return -1;
}

/* Runs of days: "Mon-Fri", "Mon,Wed". */
static void format_days(unsigned days, struct buf *out)
{
    bool first = true;

    if (days == 0x7f) {
        buf_puts(out, "daily");
        return;
    }
    for (int d = 0; d < 7; d++) {
        if ((days >> d & 1) == 0)
            continue;
        int last = d;
        while (last < 6 && (days >> (last + 1) & 1) != 0)
            last++;
        buf_printf(out, "%s%s", first ? "" : ",", day_names[d]);
        if (last > d)
            buf_printf(out, "%s%s", last == d + 1 ? "," : "-", day_names[last]);
        first = false;
        d = last;
    }
}

void hours_format(const struct hours *h, struct buf *out)
{
    format_days(h->days, out);
    buf_printf(out, " %02d:%02d-%02d:%02d", h->from_min / 60, h->from_min % 60, h->to_min / 60, h->to_min % 60);
}
