/* Text pages: safe for a terminal, within the width, honest without UTF-8 and without colour. Parent. */
#include "report/style.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define RAW_MAX (4u << 20)           /* bytes of one text before it is made safe, which can take ten times as many */
#define SAFE_MAX (10 * RAW_MAX + 4096)
#define LEAST_REST 10                /* columns that the rest of a row gets at least */
#define LEAST_CELL 3
#define LEAST_LEFT 24                /* columns that words need: beside an indent, or beside a text on the right */

static const char *ink_on(enum ink ink)
{
    switch (ink) {
    case INK_STRONG: return "\033[1m";
    case INK_BAD: return "\033[1;31m";
    case INK_WARN: return "\033[33m";
    case INK_GOOD: return "\033[32m";
    case INK_DIM: return "\033[2m";
    case INK_PLAIN: break;
    }
    return "";
}

/* Blanks at the end of a line help nobody and make diffs noisy. */
static void cut_trailing(struct buf *b)
{
    while (b->len > 0 && b->data[b->len - 1] == ' ')
        b->data[--b->len] = '\0';
}

/* One line, no wider than the page whatever was put into it. */
static void put(struct page *p, enum ink ink, const char *text)
{
    struct buf line = BUF_INIT(SAFE_MAX);
    text_fit(&line, text, p->style.width, false);
    cut_trailing(&line);
    bool colored = p->style.color && ink != INK_PLAIN && line.len > 0;
    fprintf(p->out, "%s%s%s\n", colored ? ink_on(ink) : "", buf_str(&line), colored ? "\033[0m" : "");
    buf_clear(&line);
}

static void put_lines(struct page *p, enum ink ink, const char *lines)
{
    while (*lines) {
        size_t len = strcspn(lines, "\n");
        char *one = xstrndup(lines, len);
        put(p, ink, one);
        free(one);
        lines += len + (lines[len] == '\n');
    }
}

static void safe_text(const struct page *p, struct buf *out, const char *text)
{
    text_terminal(out, text, !p->style.utf8);
    if (out->overflow) {
        buf_reset(out);
        buf_puts(out, "(too long to show)");
    }
}

static void safe_format(const struct page *p, struct buf *out, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));
static void safe_format(const struct page *p, struct buf *out, const char *fmt, va_list ap)
{
    struct buf raw = BUF_INIT(RAW_MAX);
    buf_vprintf(&raw, fmt, ap);
    safe_text(p, out, raw.overflow ? "(too long to show)" : buf_str(&raw));
    buf_clear(&raw);
}

/* An indent that leaves room for words. */
static size_t fair_indent(const struct page *p, size_t indent)
{
    return indent + LEAST_LEFT > p->style.width ? p->style.width / 4 : indent;
}

/* Bytes of s that fill the first columns. */
static size_t label_bytes(const char *s, size_t columns)
{
    size_t end = 0, width = 0;
    while (s[end] && width < columns) {
        size_t next = end + 1;
        while (((unsigned char)s[next] & 0xc0) == 0x80)
            next++;
        char *one = xstrndup(s + end, next - end);
        width += text_width(one);
        free(one);
        if (width <= columns)
            end = next;
    }
    return end;
}

/* safe: wrapped behind its label of so many columns, later lines at the indent. */
static void put_wrapped(struct page *p, enum ink ink, size_t label, size_t indent, const char *safe)
{
    struct buf text = BUF_INIT(2 * SAFE_MAX);
    size_t kept = label_bytes(safe, label);
    buf_append(&text, safe, kept);
    text_wrap(&text, safe + kept, p->style.width, fair_indent(p, indent));
    put_lines(p, ink, buf_str(&text));
    buf_clear(&text);
}

void page_line(struct page *p, enum ink ink, const char *fmt, ...)
{
    struct buf safe = BUF_INIT(SAFE_MAX);
    va_list ap;
    va_start(ap, fmt);
    safe_format(p, &safe, fmt, ap);
    va_end(ap);
    const char *s = buf_str(&safe);
    size_t blanks = strspn(s, " ");
    if (text_width(s) <= p->style.width)
        put(p, ink, s);
    else
        put_wrapped(p, ink, blanks, blanks + 2, s);
    buf_clear(&safe);
}

void page_wrap(struct page *p, enum ink ink, size_t indent, const char *fmt, ...)
{
    struct buf safe = BUF_INIT(SAFE_MAX);
    va_list ap;
    va_start(ap, fmt);
    safe_format(p, &safe, fmt, ap);
    va_end(ap);
    put_wrapped(p, ink, indent, indent, buf_str(&safe));
    buf_clear(&safe);
}

void page_blank(struct page *p)
{
    fputc('\n', p->out);
}

static void put_flush(struct page *p, enum ink ink, const char *left, const char *right, size_t right_width)
{
    struct buf line = BUF_INIT(SAFE_MAX);
    text_fit(&line, left, p->style.width - right_width - 1, true);
    buf_printf(&line, " %s", right);
    put(p, ink, buf_str(&line));
    buf_clear(&line);
}

/* left is too long for one line with right: wrapped beside it. */
static void put_beside(struct page *p, enum ink ink, size_t indent, const char *left, const char *right, size_t right_width)
{
    struct page narrow = *p;
    struct buf text = BUF_INIT(2 * SAFE_MAX);
    narrow.style.width -= right_width + 2;
    size_t kept = label_bytes(left, indent);
    buf_append(&text, left, kept);
    text_wrap(&text, left + kept, narrow.style.width, fair_indent(&narrow, indent));
    const char *lines = buf_str(&text);
    size_t first = strcspn(lines, "\n");
    char *one = xstrndup(lines, first);
    put_flush(p, ink, one, right, right_width);
    put_lines(p, ink, lines + first + (lines[first] == '\n'));
    free(one);
    buf_clear(&text);
}

void page_both(struct page *p, enum ink ink, size_t indent, const char *left, const char *right)
{
    struct buf l = BUF_INIT(SAFE_MAX), r = BUF_INIT(SAFE_MAX);
    safe_text(p, &l, left);
    safe_text(p, &r, right);
    size_t width = p->style.width, right_width = text_width(buf_str(&r));
    if (right_width == 0)
        put_wrapped(p, ink, indent, indent, buf_str(&l));
    else if (text_width(buf_str(&l)) + right_width + 1 <= width)
        put_flush(p, ink, buf_str(&l), buf_str(&r), right_width);
    else if (right_width + 2 + LEAST_LEFT <= width)
        put_beside(p, ink, indent, buf_str(&l), buf_str(&r), right_width);
    else {
        put_wrapped(p, ink, indent, indent, buf_str(&l));
        if (right_width < width)
            put_flush(p, ink, "", buf_str(&r), right_width);
        else
            put_wrapped(p, ink, 0, indent, buf_str(&r));
    }
    buf_clear(&l);
    buf_clear(&r);
}

/* Widths that fit the page: the widest column gives first, and the rest goes to the column that asked for it. */
static void fit_columns(const struct page *p, const size_t *widths, size_t n, size_t *out)
{
    size_t used = n > 0 ? n - 1 : 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = widths[i] ? widths[i] : LEAST_REST;
        used += out[i];
    }
    while (used > p->style.width) {
        size_t widest = 0;
        for (size_t i = 1; i < n; i++)
            if (out[i] > out[widest])
                widest = i;
        if (out[widest] <= LEAST_CELL)
            break;
        out[widest]--;
        used--;
    }
    for (size_t i = 0; i < n; i++)
        if (!widths[i] && used < p->style.width) {
            out[i] += p->style.width - used;
            used = p->style.width;
        }
}

void page_row(struct page *p, enum ink ink, const char *const *cells, const size_t *widths, size_t n)
{
    struct buf line = BUF_INIT(SAFE_MAX);
    size_t fitted[PAGE_MAX_COLUMNS];
    if (n > PAGE_MAX_COLUMNS)
        BUG("a row of %zu columns", n);
    fit_columns(p, widths, n, fitted);
    for (size_t i = 0; i < n; i++) {
        struct buf safe = BUF_INIT(SAFE_MAX);
        safe_text(p, &safe, cells[i] ? cells[i] : "");
        if (i + 1 == n && !widths[i] && fitted[i] > LEAST_REST)
            text_wrap(&line, buf_str(&safe), p->style.width, p->style.width - fitted[i]);
        else
            text_fit(&line, buf_str(&safe), fitted[i], i + 1 < n);
        if (i + 1 < n)
            buf_putc(&line, ' ');
        buf_clear(&safe);
    }
    put_lines(p, ink, buf_str(&line));
    buf_clear(&line);
}

void page_heading(struct page *p, const char *left, const char *right)
{
    page_blank(p);
    page_both(p, INK_STRONG, 2, left, right);
}

void page_words(struct page *p, const char *label, const struct word *v, size_t n)
{
    size_t indent = text_width(label), column = indent;
    bool fresh = true;
    fputs(label, p->out);
    for (size_t i = 0; i < n; i++) {
        struct buf safe = BUF_INIT(SAFE_MAX), word = BUF_INIT(SAFE_MAX);
        safe_text(p, &safe, v[i].text);
        text_fit(&word, buf_str(&safe), p->style.width > indent ? p->style.width - indent : 1, false);
        size_t width = text_width(buf_str(&word));
        if (!fresh && column + 1 + width > p->style.width) {
            fprintf(p->out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!fresh) {
            fputc(' ', p->out);
            column++;
        }
        bool colored = p->style.color && v[i].ink != INK_PLAIN;
        fprintf(p->out, "%s%s%s", colored ? ink_on(v[i].ink) : "", buf_str(&word), colored ? "\033[0m" : "");
        column += width;
        fresh = false;
        buf_clear(&safe);
        buf_clear(&word);
    }
    fputc('\n', p->out);
}

void human_date(int64_t t, int64_t now, char out[16])
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct tm at, today;
    clock_local("UTC", t, &at);
    clock_local("UTC", now, &today);
    const char *month = months[(unsigned)at.tm_mon % 12];
    bool near = t - now < 300 * (int64_t)86400 && now - t < 300 * (int64_t)86400;
    if (at.tm_year == today.tm_year || near)
        (void)snprintf(out, 16, "%d %s", at.tm_mday % 100, month);
    else
        (void)snprintf(out, 16, "%d %s %d", at.tm_mday % 100, month, (at.tm_year + 1900) % 10000);
}

void human_day(const char *zone, int64_t t, int64_t now, char out[16])
{
    char day[DATE_LEN];
    struct tm at;
    int64_t midnight = t;
    clock_local(zone, t, &at);
    (void)snprintf(day, sizeof(day), "%04u-%02u-%02u", (unsigned)(at.tm_year + 1900) % 10000, (unsigned)(at.tm_mon + 1) % 100, (unsigned)at.tm_mday % 100);
    if (!date_parse(day, &midnight))
        midnight = t;
    human_date(midnight, now, out);
}

void human_bytes(int64_t n, struct buf *out)
{
    static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    double v = (double)n;
    size_t unit = 0;
    while (fabs(v) >= 1024 && unit + 1 < N_ELEMENTS(units)) {
        v /= 1024;
        unit++;
    }
    if (unit == 0)
        buf_printf(out, "%" PRId64 " bytes", n);
    else
        buf_printf(out, "%.1f %s", v, units[unit]);
}

void human_duration(int64_t ms, char *out, size_t size)
{
    int64_t s = (ms + 500) / 1000;
    int n;
    if (s < 60)
        n = snprintf(out, size, "%" PRId64 " s", s);
    else if (s < 3600)
        n = snprintf(out, size, "%" PRId64 " min %" PRId64 " s", s / 60, s % 60);
    else
        n = snprintf(out, size, "%" PRId64 " h %" PRId64 " min", s / 3600, s / 60 % 60);
    if (n < 0 || (size_t)n >= size)
        BUG("no room for a duration");
}

void human_money(double v, const char *currency, struct buf *out)
{
    char digits[400];
    int n = snprintf(digits, sizeof(digits), "%.0f", fabs(v));
    bool dollars = currency && strcmp(currency, "USD") == 0;
    if (v < 0 && strcmp(digits, "0") != 0)
        buf_putc(out, '-');
    if (dollars)
        buf_putc(out, '$');
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            buf_putc(out, ',');
        buf_putc(out, digits[i]);
    }
    if (currency && currency[0] && !dollars)
        buf_printf(out, " %s", currency);
}

enum ink verdict_ink(const char *verdict)
{
    if (strcmp(verdict, "GO") == 0)
        return INK_GOOD;
    return strcmp(verdict, "NO-GO") == 0 ? INK_BAD : INK_WARN;
}
