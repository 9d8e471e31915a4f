/* Time through one door, so that tests can set it. Seconds since 1970-01-01 UTC in an int64_t; texts are
 * ISO 8601 in UTC, exactly YYYY-MM-DDTHH:MM:SSZ. */
#ifndef PREOP_BASE_CLOCK_H
#define PREOP_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define ISO_LEN 21           /* with the closing NUL */
#define DATE_LEN 11

int64_t clock_now(void);
int64_t clock_mono_ms(void);                 /* for durations and deadlines; never set by tests */
void clock_set(int64_t now);                 /* tests only: freezes clock_now(); a negative value unfreezes */

void iso_format(int64_t t, char out[ISO_LEN]);           /* "" outside the years 1900 to 9999, as date_format */
bool iso_parse(const char *s, int64_t *t);   /* the exact form only, and only real dates, years 1900 to 9999 */
void date_format(int64_t t, char out[DATE_LEN]);
bool date_parse(const char *s, int64_t *t);  /* YYYY-MM-DD; gives the first second of that day, UTC */
int64_t days_between(int64_t from, int64_t to);          /* whole UTC calendar days, negative when to is earlier */

bool clock_zone_known(const char *tz);       /* an IANA name that this machine has, or UTC */
/* Local time in zone tz (borrowed); UTC where tz is NULL or unknown. */
void clock_local(const char *tz, int64_t t, struct tm *out);
/* How far local time is from UTC, from each moment on: at most max entries for [from, to], the first at `from`; gives their number. For
 * processes that cannot open zone files. UTC where tz is NULL or unknown. */
struct clock_offset { int64_t from; int32_t seconds; };
size_t clock_offsets(const char *tz, int64_t from, int64_t to, struct clock_offset *out, size_t max);

#endif
