/* Reading answers. Pure. Parent only; what is read was typed by people or written by a spreadsheet: what could mean two things is refused. */
#include "site/answer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/cidr.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "site/load.h"

/* --- what spreadsheets do to values ----------------------------------------------------------------------------------------- */

static size_t digits(const char *p)
{
    return strspn(p, "0123456789");
}

/* 1.23E+05, 4E+15: a long number that was shown short, and lost its end. */
static bool is_scientific(const char *s)
{
    size_t n = digits(s), more = s[n] == '.' || s[n] == ',' ? 1 + digits(s + n + 1) : 0;
    const char *p = s + n + more;
    return n > 0 && (*p == 'E' || *p == 'e') && (p[1] == '+' || p[1] == '-') && digits(p + 2) > 0 && p[2 + digits(p + 2)] == '\0';
}

static bool is_error_value(const char *s)
{
    static const char *const words[] = { "#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!" };
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (strcmp(s, words[i]) == 0)
            return true;
    return s[0] == '#' && s[1] == '#' && strspn(s, "#") == strlen(s);
}

/* 4-Mar, Mar-26: what became of "3-4" or "March 2026". */
static bool is_made_date(const char *s)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    size_t n = digits(s);
    const char *month = n > 0 && s[n] == '-' ? s + n + 1 : s;
    for (size_t i = 0; i < N_ELEMENTS(months) && n <= 2; i++) {
        if (strncmp(month, months[i], 3) != 0)
            continue;
        if (month != s)
            return month[3] == '\0';
        return month[3] == '-' && digits(month + 4) == 2 && month[6] == '\0';
    }
    return false;
}

static bool says_unknown(const char *s)
{
    static const char *const words[] = { "?", "unknown", "n/a", "not known", "na" };
    for (size_t i = 0; i < N_ELEMENTS(words); i++)
        if (text_equal_nocase(s, words[i]))
            return true;
    return s[0] == '\0';
}

/* --- dates ------------------------------------------------------------------------------------------------------------------ */

/* Three numbers between one of / . - ; false when it is nothing of the kind. */
static bool three_numbers(const char *s, int v[3], size_t width[3], const char **rest)
{
    char separator = 0;
    for (int i = 0; i < 3; i++) {
        width[i] = digits(s);
        if (width[i] == 0 || width[i] > 4)
            return false;
        v[i] = 0;
        for (size_t k = 0; k < width[i]; k++)
            v[i] = 10 * v[i] + (s[k] - '0');
        s += width[i];
        if (i == 2)
            break;
        if (*s != '/' && *s != '.' && *s != '-')
            return false;
        if (separator != 0 && *s != separator)
            return false;
        separator = *s++;
    }
    *rest = s;
    return true;
}

static bool real_date(int year, int month, int day, int64_t *out)
{
    char text[48];
    int n = snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
    return n == 10 && date_parse(text, out);
}

/* 2026-03-31, and other orders where only one day can be meant. *rest: behind it. */
static bool day_parse(const char *s, int64_t *out, const char **rest, char **why)
{
    int v[3] = { 0 };
    size_t w[3] = { 0 };
    if (!three_numbers(s, v, w, rest)) {
        *why = digits(s) == strlen(s) && strlen(s) >= 5 ? xasprintf("must be a date like 2026-03-31: %s is a spreadsheet's own number for a day", s)
                                                        : xasprintf("must be a date like 2026-03-31 (year-month-day), not '%.40s'", s);
        return false;
    }
    if (w[0] == 4) {
        if (real_date(v[0], v[1], v[2], out))
            return true;
    } else if (w[2] == 4) {
        bool month_first = v[0] <= 12, day_first = v[1] <= 12;
        if (month_first && day_first && v[0] != v[1]) {
            *why = xasprintf("may be %04d-%02d-%02d or %04d-%02d-%02d: write the one that is meant", v[2], v[0], v[1], v[2], v[1], v[0]);
            return false;
        }
        if (month_first ? real_date(v[2], v[0], v[1], out) : real_date(v[2], v[1], v[0], out))
            return true;
    } else {
        *why = xasprintf("must have a year of four digits, like 2026-03-31, not '%.40s'", s);
        return false;
    }
    *why = xasprintf("'%.40s' is no day of the calendar", s);
    return false;
}

static int parse_date(const char *s, struct buf *out, char **why)
{
    const char *rest = "";
    char text[DATE_LEN];
    int64_t t = 0;
    if (iso_parse(s, &t)) {
        date_format(t, text);
    } else {
        if (!day_parse(s, &t, &rest, why))
            return ERR_BAD_INPUT;
        if (*rest != '\0' && strcmp(rest, " 00:00") != 0 && strcmp(rest, " 00:00:00") != 0 && strcmp(rest, " 0:00") != 0) {
            *why = xasprintf("must be a date alone, like 2026-03-31, not '%.40s'", s);
            return ERR_BAD_INPUT;
        }
        date_format(t, text);
    }
    buf_puts(out, text);
    return 1;
}

/* 8:15, 08:15:00, 8:15 PM to seconds of the day. */
static bool clock_parse(const char *s, int *seconds)
{
    int v[3] = { 0 };
    for (int i = 0; i < 3; i++) {
        size_t n = digits(s);
        if (n == 0 || n > 2)
            return false;
        v[i] = n == 2 ? 10 * (s[0] - '0') + (s[1] - '0') : s[0] - '0';
        s += n;
        if (*s != ':') {
            if (i == 0)
                return false;
            break;
        }
        s++;
    }
    s += strspn(s, " ");
    bool pm = text_equal_nocase(s, "pm"), am = text_equal_nocase(s, "am");
    if ((*s != '\0' && !pm && !am) || ((am || pm) && (v[0] < 1 || v[0] > 12)) || v[0] > 23 || v[1] > 59 || v[2] > 59)
        return false;
    if (am || pm)
        v[0] = v[0] % 12 + (pm ? 12 : 0);
    *seconds = 3600 * v[0] + 60 * v[1] + v[2];
    return true;
}

static int parse_moment(const char *s, const struct answer_context *ctx, struct buf *out, char **why)
{
    const char *rest = "";
    char text[ISO_LEN];
    int64_t t = 0;
    int seconds = 0;
    if (!iso_parse(s, &t)) {
        if (!day_parse(s, &t, &rest, why))
            return ERR_BAD_INPUT;
        if (*rest != '\0' && ((*rest != ' ' && *rest != 'T') || !clock_parse(rest + 1, &seconds))) {
            *why = xasprintf("must be a date and time like 2026-11-02 08:15, not '%.40s'", s);
            return ERR_BAD_INPUT;
        }
        t = site_day_start(ctx->timezone, t) + seconds;
    }
    iso_format(t, text);
    buf_puts(out, text);
    return 1;
}

static int parse_clock(const char *s, struct buf *out, char **why)
{
    int seconds = 0;
    if (!clock_parse(s, &seconds)) {
        *why = xasprintf("must be a time of day like 08:00, not '%.40s'", s);
        return ERR_BAD_INPUT;
    }
    buf_printf(out, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
    return 1;
}

/* --- numbers ---------------------------------------------------------------------------------------------------------------- */

/* What a number has that makes it doubtful; a static sentence, or NULL. */
static const char *doubtful(const char *s, const struct answer_context *ctx)
{
    if (is_scientific(s))
        return "was shortened by a spreadsheet and has lost digits: write it out";
    if (strpbrk(s, ",'") != NULL || strchr(s, ' ') != NULL)
        return "must be written without commas, apostrophes and blanks, with a point before decimals: 1234.5";
    if (strpbrk(s, "$\xc2\xe2") != NULL)
        return "must be a plain number: no currency sign";
    const char *point = strchr(s, '.');
    if (ctx->semicolons && point != NULL && digits(point + 1) == 3 && point[4] == '\0')
        return "may be a thousand times more: in a file with semicolons 1.234 can mean 1234. Write 1234, or 1.2340";
    return NULL;
}

/* [+-]digits[.digits], at most 15 digits: what a double holds exactly. *whole: bytes of the part before the point. */
static bool plain_number(const char *p, bool want_whole, size_t *whole)
{
    size_t n = digits(p), decimals = p[n] == '.' ? digits(p + n + 1) : 0;
    *whole = n;
    if (n == 0 || n + decimals > 15 || (p[n] == '.' && decimals == 0) || p[n + (p[n] == '.') + decimals] != '\0')
        return false;
    return !want_whole || strspn(p + n + (p[n] == '.'), "0") == decimals;
}

static int parse_number(const struct fact_column *c, const char *text, const struct answer_context *ctx, struct buf *out, char **why)
{
    bool percent = c->unit != NULL && strcmp(c->unit, "%") == 0, whole = c->type == FACT_INTEGER;
    size_t len = strlen(text), n = 0;
    char *raw = xstrndup(text, percent && text[len - 1] == '%' ? len - 1 : len), *s = text_trim(raw);
    const char *doubt = doubtful(s, ctx), *p = s + (s[0] == '-' || s[0] == '+');
    bool ok = plain_number(p, whole, &n);
    if (doubt != NULL)
        *why = xasprintf("%s (it says '%.40s')", doubt, text);
    else if (!ok)
        *why = xasprintf("must be %s like %s, not '%.40s'", whole ? "a whole number" : "a number", whole ? "12" : "12.5", text);
    else if (s[0] == '-')
        *why = xasprintf("cannot be below zero: '%.40s'", text);
    else
        buf_append(out, p, whole ? n : strlen(p));
    free(raw);
    return *why != NULL ? ERR_BAD_INPUT : 1;
}

/* --- the rest --------------------------------------------------------------------------------------------------------------- */

static int parse_yes_no(const char *s, struct buf *out, char **why)
{
    static const char *const yes[] = { "yes", "y", "true", "1" }, *const no[] = { "no", "n", "false", "0" };
    for (size_t i = 0; i < N_ELEMENTS(yes); i++) {
        if (!text_equal_nocase(s, yes[i]) && !text_equal_nocase(s, no[i]))
            continue;
        buf_puts(out, text_equal_nocase(s, yes[i]) ? "true" : "false");
        return 1;
    }
    *why = xasprintf("must be yes or no, not '%.40s'; leave it empty when nobody knows", s);
    return ERR_BAD_INPUT;
}

static int parse_choice(const struct fact_column *c, const char *s, struct buf *out, char **why)
{
    struct buf wanted = BUF_INIT(4096);
    size_t len = 0;
    const char *p;
    for (size_t n = 0; (p = form_choice(c, n, &len)) != NULL; n++) {
        if (strlen(s) != len || strncasecmp(s, p, len) != 0)
            continue;
        buf_append(out, p, len);
        return 1;
    }
    answer_wanted(c, &wanted);
    *why = xasprintf("must be %s, not '%.40s'", buf_str(&wanted), s);
    buf_clear(&wanted);
    return ERR_BAD_INPUT;
}

/* Items between commas, each in its form. */
static int parse_list(const char *text, bool networks, struct buf *out, char **why)
{
    char form[CIDR_TEXT];
    struct cidr net;
    for (const char *p = text; *p != '\0' && *why == NULL;) {
        size_t len = strcspn(p, ",");
        char *own = xstrndup(p, len), *item = text_trim(own);
        if (*item != '\0' && networks && !cidr_parse(item, true, &net)) {
            *why = xasprintf("must be networks like 10.20.0.0/22, and '%.40s' is none", item);
        } else if (*item != '\0') {
            if (networks)
                cidr_format(&net, form);
            buf_printf(out, "%s%s", out->len > 0 ? ", " : "", networks ? form : item);
        }
        free(own);
        p += len;
        p += *p == ',';
    }
    return *why != NULL ? ERR_BAD_INPUT : out->len > 0;
}

static int parse_text(const char *s, struct buf *out, char **why)
{
    if (is_scientific(s))
        *why = xasprintf("'%.40s' was a number before a spreadsheet shortened it: write it out, and format the column as text", s);
    else if (is_made_date(s))
        *why = xasprintf("'%.40s' may be what a spreadsheet made of something else, like 3-4: write it out, and format the column as text", s);
    else
        buf_puts(out, s);
    return *why != NULL ? ERR_BAD_INPUT : 1;
}

static int parse_trimmed(const struct fact_column *c, const char *s, const struct answer_context *ctx, struct buf *out, char **why)
{
    size_t len = 0;
    bool choices = form_choice(c, 0, &len) != NULL;
    if (choices && parse_choice(c, s, out, why) == 1)    /* "unknown" may be one of them */
        return 1;
    if (says_unknown(s)) {
        free(*why);
        *why = NULL;
        return 0;
    }
    if (choices)
        return ERR_BAD_INPUT;
    if (is_error_value(s)) {
        *why = xasprintf("is an error of the spreadsheet: '%.40s'", s);
        return ERR_BAD_INPUT;
    }
    if (strcmp(c->source, ANSWER_MOMENT) == 0)
        return parse_moment(s, ctx, out, why);
    if (strcmp(c->source, ANSWER_CLOCK) == 0)
        return parse_clock(s, out, why);
    if (strcmp(c->source, ANSWER_LIST) == 0 || strcmp(c->source, ANSWER_NETWORKS) == 0)
        return parse_list(s, strcmp(c->source, ANSWER_NETWORKS) == 0, out, why);
    if (c->type == FACT_TIMESTAMP)
        return parse_date(s, out, why);
    if (c->type == FACT_INTEGER || c->type == FACT_REAL)
        return parse_number(c, s, ctx, out, why);
    return c->type == FACT_BOOLEAN ? parse_yes_no(s, out, why) : parse_text(s, out, why);
}

/* Valid, in one line, without blanks around. */
static char *cleaned(const char *text)
{
    struct buf b = BUF_INIT(4 * ANSWER_MAX + 64);
    text_clean(&b, text, strlen(text));
    char *s = buf_take(&b);
    for (char *p = s; *p != '\0'; p++)
        if (*p == '\n' || *p == '\t')
            *p = ' ';
    char *trimmed = xstrdup(text_trim(s));
    free(s);
    return trimmed;
}

int answer_parse(const struct fact_column *c, const char *text, const struct answer_context *ctx, struct buf *out, char **why)
{
    *why = NULL;
    buf_reset(out);
    if (strlen(text) > ANSWER_MAX) {
        *why = xasprintf("has more than %d bytes", ANSWER_MAX);
        return ERR_BAD_INPUT;
    }
    char *s = cleaned(text);
    /* what our own CSV puts before a value that a spreadsheet would calculate */
    const char *from = s[0] == '\'' && s[1] != '\0' && strchr("=+-@", s[1]) != NULL ? s + 1 : s;
    int r = parse_trimmed(c, from, ctx, out, why);
    if (r == 1 && out->overflow) {
        *why = xasprintf("has more than %d bytes", ANSWER_MAX);
        r = ERR_BAD_INPUT;
    }
    free(s);
    return r;
}

void answer_set(struct fact_row *row, size_t column, const char *form, struct arena *arena)
{
    const struct fact_column *c = &row->table->columns[column];
    char text[ISO_LEN];
    long long whole = 0;
    int64_t t = 0;
    switch (c->type) {
    case FACT_BOOLEAN:
        fact_set_int(row, (int)column, strcmp(form, "true") == 0);
        return;
    case FACT_INTEGER:
        if (text_parse_int(form, INT64_MIN, INT64_MAX, &whole))
            fact_set_int(row, (int)column, whole);
        return;
    case FACT_REAL:
        fact_set_real(row, (int)column, strtod(form, NULL));
        return;
    case FACT_TIMESTAMP:
        if (!date_parse(form, &t) && !iso_parse(form, &t))
            return;
        iso_format(t, text);
        fact_set_str(row, (int)column, arena_strdup(arena, text));
        return;
    default:
        fact_set_str(row, (int)column, form);
    }
}

/* --- secrets ---------------------------------------------------------------------------------------------------------------- */

/* "password: x", "PIN is 1234": the word, and something behind it. */
static bool names_secret(const char *text)
{
    static const char *const words[] = { "password", "passwd", "pwd", "passphrase", "secret", "pin", "recovery code", "passcode", "pw" };
    for (size_t i = 0; i < N_ELEMENTS(words); i++) {
        for (const char *p = text; (p = strcasestr(p, words[i])) != NULL; p++) {
            const char *after = p + strlen(words[i]);
            if (p > text && isalnum((unsigned char)p[-1]))
                continue;
            after += strspn(after, " ");
            if ((*after == ':' || *after == '=') && after[1 + strspn(after + 1, " ")] != '\0')
                return true;
            if (strncasecmp(after, "is ", 3) == 0 && strpbrk(after + 3, "0123456789") != NULL)
                return true;
        }
    }
    return strstr(text, "-----BEGIN") != NULL;
}

/* One word of letters in both cases, digits and something else than what names are made with. */
static bool made_like_secret(const char *s)
{
    bool lower = false, upper = false, digit = false, sign = false;
    if (strlen(s) < 8 || strchr(s, ' ') != NULL)
        return false;
    for (const char *p = s; *p != '\0'; p++) {
        lower |= islower((unsigned char)*p) != 0;
        upper |= isupper((unsigned char)*p) != 0;
        digit |= isdigit((unsigned char)*p) != 0;
        sign |= ispunct((unsigned char)*p) != 0 && strchr("-_./:@\\", *p) == NULL;
    }
    return lower + upper + digit >= 2 && sign;
}

bool answer_looks_secret(const struct fact_table *t, const char *text)
{
    return names_secret(text) || (strcmp(t->name, "admin_custody") == 0 && made_like_secret(text));
}

void answer_wanted(const struct fact_column *c, struct buf *out)
{
    size_t len = 0;
    const char *p;
    if (form_choice(c, 0, &len) != NULL) {
        for (size_t n = 0; (p = form_choice(c, n, &len)) != NULL; n++) {
            size_t next = 0;
            buf_puts(out, n == 0 ? "one of " : form_choice(c, n + 1, &next) != NULL ? ", " : " or ");
            buf_append(out, p, len);
        }
        return;
    }
    const char *unit = c->unit;
    if (strcmp(c->source, ANSWER_DATE) == 0)
        buf_puts(out, "a date like 2026-03-31");
    else if (strcmp(c->source, ANSWER_MOMENT) == 0)
        buf_puts(out, "a date and time like 2026-11-02 08:15");
    else if (strcmp(c->source, ANSWER_CLOCK) == 0)
        buf_puts(out, "a time of day like 08:00");
    else if (strcmp(c->source, ANSWER_MONEY) == 0)
        buf_puts(out, "an amount like 1200.50, in the site's currency");
    else if (c->type == FACT_INTEGER || c->type == FACT_REAL)
        buf_printf(out, "%s%s%s", c->type == FACT_INTEGER ? "a whole number" : "a number", unit != NULL ? ": " : "", unit != NULL ? unit : "");
    else
        buf_puts(out, c->source);
}
