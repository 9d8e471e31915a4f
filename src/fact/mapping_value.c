/* Applying a mapping: headings, row conditions, and one field of an exported file into one column of a fact row.
 * Worker (file probe). Fields are hostile: everything is bounded by the field's length, and what does not parse stays NULL. */
#include "fact/mapping.h"
#include <locale.h>
#include <math.h>
#include <string.h>
#include <time.h>
#include "base/cidr.h"
#include "base/clock.h"
#include "base/text.h"

#define FIRST_REAL_TIME 31536000     /* 1971-01-01: before it stand the epochs by which programs write "never" */
#define FILETIME_OFFSET 11644473600  /* seconds from 1601 to 1970 */
#define VALUE_MAX 65536
#define EITHER "either"

/* The C locale, whatever the process has set: month names and decimal points must not depend on the user's language. */
static locale_t c_locale(void)
{
    static locale_t loc = (locale_t)0;

    if (loc == (locale_t)0)
        loc = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return loc;
}

/* s without outer blanks, as (p, len). U+00A0 counts as a blank: spreadsheets leave it behind. */
static const char *trimmed(const char *s, size_t *len)
{
    const char *end = s + strlen(s);

    for (;;) {
        if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
            s++;
        else if ((unsigned char)s[0] == 0xc2 && (unsigned char)s[1] == 0xa0)
            s += 2;
        else
            break;
    }
    for (;;) {
        if (end > s && (end[-1] == ' ' || (end[-1] >= '\t' && end[-1] <= '\r')))
            end--;
        else if (end - s >= 2 && (unsigned char)end[-2] == 0xc2 && (unsigned char)end[-1] == 0xa0)
            end -= 2;
        else
            break;
    }
    *len = (size_t)(end - s);
    return s;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_value(const char *p, size_t len, const char *word)
{
    size_t word_len = 0;
    const char *w = trimmed(word, &word_len);

    if (word_len != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (lower(p[i]) != lower(w[i]))
            return false;
    }
    return true;
}

static bool in_list(const struct mapping_list *l, const char *p, size_t len)
{
    for (size_t i = 0; i < l->n; i++) {
        if (same_value(p, len, l->v[i]))
            return true;
    }
    return false;
}

int mapping_find_heading(const struct mapping_list *headings, const char *const *fields, size_t n)
{
    for (size_t i = 0; i < headings->n; i++) {
        for (size_t j = 0; j < n; j++) {
            size_t len = 0;
            const char *p = trimmed(fields[j], &len);
            if (same_value(p, len, headings->v[i]))
                return (int)j;
        }
    }
    return -1;
}

bool mapping_where_holds(const struct mapping_where *w, const char *field)
{
    size_t len = 0;
    const char *p = trimmed(field != NULL ? field : "", &len);

    return in_list(&w->values, p, len) != w->negate;
}

/* --- times ------------------------------------------------------------------------------------------------------------ */

int64_t mapping_zone_utc(const struct mapping_zone *z, int64_t local)
{
    for (size_t i = 0; i < z->n; i++) {
        int64_t t = local - z->offsets[i].seconds;
        if (i + 1 == z->n || t < z->offsets[i + 1].from)
            return t;
    }
    return local;
}

/* A broken-down time that exists (no 31 February), as if it were UTC. */
static bool tm_seconds(const struct tm *tm, int64_t *out)
{
    struct tm copy = *tm, back;

    copy.tm_isdst = 0;
    if (copy.tm_year < -300 || copy.tm_year > 8099 || copy.tm_sec > 59)
        return false;
    int64_t t = (int64_t)timegm(&copy);
    time_t again = (time_t)t;
    if (gmtime_r(&again, &back) == NULL || back.tm_mday != tm->tm_mday || back.tm_mon != tm->tm_mon || back.tm_hour != tm->tm_hour)
        return false;
    *out = t;
    return true;
}

static bool digits(const char **s, int n, int *out)
{
    int v = 0;

    for (int i = 0; i < n; i++) {
        char c = (*s)[i];
        if (c < '0' || c > '9')
            return false;
        v = v * 10 + (c - '0');
    }
    *s += n;
    *out = v;
    return true;
}

/* Z, +02:00, +0200 or +02 at s; *offset in seconds; false when something else stands there. */
static bool iso_offset(const char *s, bool *named, int *offset)
{
    int hours = 0, minutes = 0;

    *named = *s != '\0';
    if (*s == '\0' || strcmp(s, "Z") == 0 || strcmp(s, "z") == 0)
        return true;
    int sign = *s == '-' ? -1 : 1;
    if (*s != '+' && *s != '-')
        return false;
    s++;
    if (!digits(&s, 2, &hours))
        return false;
    if (*s == ':')
        s++;
    if (*s != '\0' && !digits(&s, 2, &minutes))
        return false;
    *offset = sign * (hours * 3600 + minutes * 60);
    return *s == '\0' && hours <= 14 && minutes <= 59;
}

/* YYYY-MM-DD, then perhaps T or a blank and HH:MM[:SS[.fraction]], then perhaps an offset. */
static bool iso_date(const char *s, const struct mapping_zone *z, int64_t *out)
{
    struct tm tm = { 0 };
    int year = 0, month = 0, offset = 0;
    int64_t t = 0;
    bool named = false;

    if (!digits(&s, 4, &year) || *s++ != '-' || !digits(&s, 2, &month) || *s++ != '-' || !digits(&s, 2, &tm.tm_mday))
        return false;
    tm.tm_year = year - 1900;
    tm.tm_mon = month - 1;
    if ((*s == 'T' || *s == 't' || *s == ' ') && s[1] >= '0' && s[1] <= '9') {
        s++;
        if (!digits(&s, 2, &tm.tm_hour) || *s++ != ':' || !digits(&s, 2, &tm.tm_min))
            return false;
        if (*s == ':' && (s++, !digits(&s, 2, &tm.tm_sec)))
            return false;
        if (*s == '.' || *s == ',')
            s += 1 + strspn(s + 1, "0123456789");
    }
    s += strspn(s, " ");
    if (month < 1 || tm.tm_hour > 23 || tm.tm_min > 59 || !iso_offset(s, &named, &offset) || !tm_seconds(&tm, &t))
        return false;
    *out = named || z == NULL ? t - offset : mapping_zone_utc(z, t);
    return true;
}

/* Whole seconds since 1970 from a count in units of 1/per_second that starts `before` seconds earlier. A fraction is cut. */
static bool counted_date(const char *s, int64_t per_second, int64_t before, int64_t *out)
{
    char whole[24];
    size_t len = strspn(s, "0123456789");
    long long v = 0;

    if (len >= sizeof(whole) || (s[len] != '\0' && s[len] != '.') || (s[len] == '.' && s[len + 1 + strspn(s + len + 1, "0123456789")] != '\0'))
        return false;
    memcpy(whole, s, len);
    whole[len] = '\0';
    if (!text_parse_int(whole, 0, INT64_MAX, &v))
        return false;
    if (v == INT64_MAX)      /* a directory's "never" */
        *out = 0;
    else
        *out = v / per_second - before;
    return true;
}

static bool has_zone_directive(const char *format)
{
    for (const char *p = format; *p != '\0'; p++) {
        if (p[0] == '%' && p[1] == 'z')
            return true;
        if (p[0] == '%' && p[1] != '\0')
            p++;
    }
    return false;
}

bool mapping_date_parse(const char *text, const char *format, const struct mapping_zone *z, int64_t *out)
{
    struct tm tm = { .tm_mday = 1 };
    int64_t t = 0;

    if (format == NULL)
        return iso_date(text, z, out);
    if (strcmp(format, "epoch") == 0)
        return counted_date(text, 1, 0, out);
    if (strcmp(format, "epoch-ms") == 0)
        return counted_date(text, 1000, 0, out);
    if (strcmp(format, "filetime") == 0)
        return counted_date(text, 10000000, FILETIME_OFFSET, out);

    const char *end = strptime_l(text, format, &tm, c_locale());
    if (end == NULL || *end != '\0')
        return false;
    long offset = tm.tm_gmtoff;
    if (!tm_seconds(&tm, &t))
        return false;
    *out = has_zone_directive(format) ? t - offset : z != NULL ? mapping_zone_utc(z, t) : t;
    return true;
}

bool mapping_date_format_known(const char *format)
{
    bool day = false;

    if (strcmp(format, EITHER) == 0 || strcmp(format, "epoch") == 0 || strcmp(format, "epoch-ms") == 0 || strcmp(format, "filetime") == 0)
        return true;
    for (const char *p = format; *p != '\0'; p++) {
        if (*p != '%')
            continue;
        p++;
        if (*p == '\0' || strchr("YymdHIMSpbBhaAejzTDRF%", *p) == NULL)
            return false;
        if (strchr("dejDF", *p) != NULL)
            day = true;
    }
    return day;
}

/* --- month or day first --------------------------------------------------------------------------------------------------- */

bool mapping_has_either(const struct mapping_column *c)
{
    for (size_t i = 0; i < c->dates.n; i++) {
        if (strcmp(c->dates.v[i], EITHER) == 0)
            return true;
    }
    return false;
}

/* Past blanks; Windows puts a narrow one (U+202F) before AM and PM. */
static const char *past_blanks(const char *s)
{
    for (;;) {
        if (*s == ' ' || *s == '\t')
            s++;
        else if (strncmp(s, "\xe2\x80\xaf", 3) == 0)
            s += 3;
        else if (strncmp(s, "\xc2\xa0", 2) == 0)
            s += 2;
        else
            return s;
    }
}

/* One or two digits. */
static bool small(const char **s, int *out)
{
    size_t n = strspn(*s, "0123456789");

    return n >= 1 && n <= 2 && digits(s, (int)n, out);
}

/* HH:MM, perhaps :SS and a fraction, perhaps AM or PM; to the end. */
static bool clock_of(const char *s, struct tm *tm)
{
    if (!small(&s, &tm->tm_hour) || *s++ != ':' || !digits(&s, 2, &tm->tm_min))
        return false;
    if (*s == ':' && (s++, !digits(&s, 2, &tm->tm_sec)))
        return false;
    if (*s == '.')
        s += 1 + strspn(s + 1, "0123456789");
    s = past_blanks(s);
    bool am = strncasecmp(s, "am", 2) == 0 || strncasecmp(s, "a.m.", 4) == 0, pm = strncasecmp(s, "pm", 2) == 0 || strncasecmp(s, "p.m.", 4) == 0;
    if (am || pm) {
        s += s[1] == '.' ? 4 : 2;
        if (tm->tm_hour < 1 || tm->tm_hour > 12)
            return false;
        tm->tm_hour = tm->tm_hour % 12 + (pm ? 12 : 0);
    }
    return *past_blanks(s) == '\0' && tm->tm_hour < 24 && tm->tm_min < 60;
}

/* Two numbers and a year of four digits, with / or - between them, and perhaps a time. In each of the two orders
 * (the month first, the day first): whether there is such a day, and when it is. */
static bool either_read(const char *s, const struct mapping_zone *z, bool exists[2], int64_t at[2])
{
    struct tm tm = { 0 };
    int parts[2], year;

    if (!small(&s, &parts[0]) || (*s != '/' && *s != '-'))
        return false;
    char between = *s++;
    if (!small(&s, &parts[1]) || *s++ != between || !digits(&s, 4, &year))
        return false;
    if (*s == ',')
        s++;
    const char *clock = past_blanks(s);
    if (*clock != '\0' && (clock == s || !clock_of(clock, &tm)))
        return false;
    for (int day_first = 0; day_first < 2; day_first++) {
        tm.tm_year = year - 1900;
        tm.tm_mon = parts[day_first] - 1;
        tm.tm_mday = parts[!day_first];
        exists[day_first] = tm.tm_mon >= 0 && tm.tm_mon < 12 && tm_seconds(&tm, &at[day_first]);
        if (exists[day_first] && z != NULL)
            at[day_first] = mapping_zone_utc(z, at[day_first]);
    }
    return exists[0] || exists[1];
}

/* A day that is the same in both orders needs none, nor does one by which programs write "never" in both. */
static enum mapping_result set_either(const char *value, enum date_order order, const struct mapping_zone *z, int64_t *out)
{
    bool exists[2] = { false, false };
    int64_t at[2] = { 0, 0 };

    if (!either_read(value, z, exists, at))
        return MAPPING_BAD;
    if (order == DATES_CONTRADICT)
        return MAPPING_AMBIGUOUS;
    if (order == DATES_UNKNOWN && exists[0] && exists[1] && at[0] != at[1] && (at[0] >= FIRST_REAL_TIME || at[1] >= FIRST_REAL_TIME))
        return MAPPING_AMBIGUOUS;
    const size_t used = order == DATES_UNKNOWN ? exists[1] : order == DATES_DAY_FIRST;
    *out = at[used];
    return exists[used] ? MAPPING_SET : MAPPING_BAD;
}

/* By the mapping's own formats first, so that "epoch" is not read as a year. */
static enum mapping_result read_time(const struct mapping *m, const struct mapping_column *c, enum date_order order, const char *value, int64_t *t)
{
    const struct mapping_zone *z = c->zone >= 0 ? &m->zones[c->zone] : NULL;
    enum mapping_result got = MAPPING_BAD;

    for (size_t i = 0; i < c->dates.n && got == MAPPING_BAD; i++) {
        if (strcmp(c->dates.v[i], EITHER) == 0)
            got = set_either(value, order, z, t);
        else if (mapping_date_parse(value, c->dates.v[i], z, t))
            got = MAPPING_SET;
    }
    return got == MAPPING_BAD && mapping_date_parse(value, NULL, z, t) ? MAPPING_SET : got;
}

static enum mapping_result set_time(const struct mapping *m, const struct mapping_column *c, enum date_order order, const char *value, struct fact_row *row, struct buf *scratch)
{
    int64_t t = 0;
    char iso[ISO_LEN];
    enum mapping_result got = read_time(m, c, order, value, &t);

    if (got != MAPPING_SET)
        return got;
    if (t < FIRST_REAL_TIME || t > 253402300799)
        return MAPPING_EMPTY;
    iso_format(t, iso);
    buf_reset(scratch);
    buf_puts(scratch, iso);
    fact_set_text(row, c->column, scratch->data, scratch->len);
    return MAPPING_SET;
}

/* --- other types ------------------------------------------------------------------------------------------------------ */

/* A decimal number, perhaps with commas between groups of three digits. */
static bool parse_number(const char *s, double *out)
{
    char plain[64];
    size_t n = 0;
    bool grouped = false;
    size_t group = 0;

    for (const char *p = s; *p != '\0'; p++) {
        if (*p == ',') {
            if ((grouped && group != 3) || group == 0 || group > 3)
                return false;
            grouped = true;
            group = 0;
            continue;
        }
        bool digit = *p >= '0' && *p <= '9';
        if (!digit && grouped && group != 3)
            return false;
        if (!digit && strchr("+-.eE", *p) == NULL)
            return false;
        if (!digit)
            grouped = false;
        group = digit ? group + 1 : 0;
        if (n + 1 >= sizeof(plain))
            return false;
        plain[n++] = *p;
    }
    if (n == 0 || (grouped && group != 3))
        return false;
    plain[n] = '\0';
    char *end = NULL;
    *out = strtod_l(plain, &end, c_locale());
    return *end == '\0' && isfinite(*out);
}

static enum mapping_result set_number(const struct mapping_column *c, enum fact_type type, const char *value, struct fact_row *row)
{
    double v = 0;
    long long whole = 0;

    /* Whole numbers do not pass through a double, which holds 53 bits only. */
    if (type == FACT_INTEGER && c->multiply == 1.0 && text_parse_int(value, INT64_MIN, INT64_MAX, &whole)) {
        fact_set_int(row, c->column, whole);
        return MAPPING_SET;
    }
    if (!parse_number(value, &v))
        return MAPPING_BAD;
    v *= c->multiply;
    if (!isfinite(v))
        return MAPPING_BAD;
    if (type == FACT_REAL) {
        fact_set_real(row, c->column, v);
        return MAPPING_SET;
    }
    v = round(v);
    if (v < -9.2e18 || v > 9.2e18)
        return MAPPING_BAD;
    fact_set_int(row, c->column, (int64_t)v);
    return MAPPING_SET;
}

static enum mapping_result set_boolean(const struct mapping_column *c, const char *value, struct fact_row *row)
{
    static const char *const yes[] = { "true", "yes", "y", "1", "on", "enabled" };
    static const char *const no[] = { "false", "no", "n", "0", "off", "disabled" };

    for (size_t i = 0; i < N_ELEMENTS(yes); i++) {
        bool is_yes = text_equal_nocase(value, yes[i]);
        if (is_yes || text_equal_nocase(value, no[i])) {
            fact_set_int(row, c->column, is_yes);
            return MAPPING_SET;
        }
    }
    return MAPPING_BAD;
}

static void cut(struct buf *b, size_t len)
{
    if (len < b->len) {
        b->len = len;
        b->data[len] = '\0';
    }
}

static void strip_endings(const struct mapping_column *c, struct buf *b)
{
    for (size_t i = 0; i < c->strip.n; i++) {
        size_t n = strlen(c->strip.v[i]);
        if (n == 0 || n > b->len || !text_equal_nocase(b->data + b->len - n, c->strip.v[i]))
            continue;
        size_t len = b->len - n;
        while (len > 0 && b->data[len - 1] == ' ')
            len--;
        cut(b, len);
        return;
    }
}

/* The field's text after everything that works on text: into b, NUL-terminated. */
static void shape(const struct mapping_column *c, const char *p, size_t len, struct buf *b)
{
    struct ip ip;

    buf_reset(b);
    buf_append(b, p, len);
    (void)buf_str(b);
    if (c->first != NULL) {
        const char *at = strstr(b->data, c->first);
        if (at != NULL) {
            size_t end = (size_t)(at - b->data);
            while (end > 0 && b->data[end - 1] == ' ')
                end--;
            cut(b, end);
        }
    }
    strip_endings(c, b);
    for (size_t i = 0; i < c->n_map; i++) {
        if (same_value(b->data, b->len, c->map[i].from)) {
            buf_reset(b);
            buf_puts(b, c->map[i].to);
            (void)buf_str(b);
            break;
        }
    }
    if (c->short_name && !ip_parse(b->data, &ip))
        cut(b, strcspn(b->data, "."));
    if (c->lower)
        text_lower_ascii(b->data);
    for (size_t i = 0; c->upper && i < b->len; i++) {
        if (b->data[i] >= 'a' && b->data[i] <= 'z')
            b->data[i] = (char)(b->data[i] - 32);
    }
}

/* The field's text as its column wants it, into scratch; EMPTY or BAD when there is none. */
static enum mapping_result shaped(const struct mapping_column *c, const char *field, struct buf *scratch)
{
    size_t len = 0;
    const char *p = trimmed(c->headings.n == 0 ? (c->constant != NULL ? c->constant : "") : field != NULL ? field : "", &len);

    if (len == 0 || in_list(&c->unknown, p, len))
        return MAPPING_EMPTY;
    if (len > VALUE_MAX || len > scratch->max)
        return MAPPING_BAD;
    shape(c, p, len, scratch);
    if (scratch->overflow)
        return MAPPING_BAD;
    return scratch->len == 0 ? MAPPING_EMPTY : MAPPING_SET;
}

enum date_order mapping_date_evidence(const struct mapping *m, const struct mapping_column *c, const char *field, struct buf *scratch)
{
    int64_t t = 0, at[2] = { 0, 0 };
    bool exists[2] = { false, false };

    if (!mapping_has_either(c) || shaped(c, field, scratch) != MAPPING_SET)
        return DATES_UNKNOWN;
    for (size_t i = 0; i < c->dates.n && strcmp(c->dates.v[i], EITHER) != 0; i++) {
        if (mapping_date_parse(scratch->data, c->dates.v[i], NULL, &t))
            return DATES_UNKNOWN;
    }
    if (!either_read(scratch->data, c->zone >= 0 ? &m->zones[c->zone] : NULL, exists, at) || (exists[0] && exists[1]))
        return DATES_UNKNOWN;
    return exists[0] ? DATES_MONTH_FIRST : DATES_DAY_FIRST;
}

enum mapping_result mapping_set(const struct mapping *m, const struct mapping_column *c, enum date_order order, const char *field, struct fact_row *row, struct buf *scratch)
{
    enum fact_type type = row->table->columns[c->column].type;
    enum mapping_result text = shaped(c, field, scratch);

    if (text != MAPPING_SET)
        return text;
    switch (type) {
    case FACT_TIMESTAMP: {
        char *value = xstrndup(scratch->data, scratch->len);
        enum mapping_result r = set_time(m, c, order, value, row, scratch);
        free(value);
        return r;
    }
    case FACT_INTEGER:
    case FACT_REAL:
        return set_number(c, type, scratch->data, row);
    case FACT_BOOLEAN:
        return set_boolean(c, scratch->data, row);
    case FACT_TEXT:
    case FACT_ADDRESS:
    case FACT_PREFIX:
    case FACT_MAC:
        if (!fact_text_fits(type, scratch->data))
            return MAPPING_BAD;
        fact_set_text(row, c->column, scratch->data, scratch->len);
        return MAPPING_SET;
    }
    return MAPPING_BAD;
}
