/* Text pages: safe for a terminal, within the width, honest without UTF-8 and without colour. Parent. */
#include "report/style.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"

#define LINE_MAX_BYTES 65536

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

static void put(struct page *p, enum ink ink, const char *text)
{
    bool colored = p->style.color && ink != INK_PLAIN && text[0];
    fprintf(p->out, "%s%s%s\n", colored ? ink_on(ink) : "", text, colored ? "\033[0m" : "");
}

/* Blanks at the end of a line help nobody and make diffs noisy. */
static void cut_trailing(struct buf *b)
{
    while (b->len > 0 && b->data[b->len - 1] == ' ')
        b->data[--b->len] = '\0';
}

static void safe_format(struct page *p, struct buf *out, const char *fmt, va_list ap)
{
    struct buf raw = BUF_INIT(LINE_MAX_BYTES);
    buf_vprintf(&raw, fmt, ap);
    text_terminal(out, buf_str(&raw), !p->style.utf8);
    buf_clear(&raw);
}

void page_line(struct page *p, enum ink ink, const char *fmt, ...)
{
    struct buf safe = BUF_INIT(LINE_MAX_BYTES), line = BUF_INIT(LINE_MAX_BYTES);
    va_list ap;
    va_start(ap, fmt);
    safe_format(p, &safe, fmt, ap);
    va_end(ap);
    text_fit(&line, buf_str(&safe), p->style.width, false);
    cut_trailing(&line);
    put(p, ink, buf_str(&line));
    buf_clear(&safe);
    buf_clear(&line);
}

void page_wrap(struct page *p, enum ink ink, size_t indent, const char *fmt, ...)
{
    struct buf safe = BUF_INIT(LINE_MAX_BYTES), text = BUF_INIT(2 * LINE_MAX_BYTES);
    va_list ap;
    va_start(ap, fmt);
    safe_format(p, &safe, fmt, ap);
    va_end(ap);
    /* what stands over the indent is a label: its blanks stay */
    const char *s = buf_str(&safe);
    size_t label = 0;
    while (label < indent && s[label] >= ' ' && s[label] <= '~')
        label++;
    buf_append(&text, s, label);
    text_wrap(&text, s + label, p->style.width, indent);
    const char *line = buf_str(&text);
    while (*line) {
        size_t len = strcspn(line, "\n");
        char *one = xstrndup(line, len);
        put(p, ink, one);
        free(one);
        line += len + (line[len] == '\n');
    }
    buf_clear(&safe);
    buf_clear(&text);
}

void page_blank(struct page *p)
{
    fputc('\n', p->out);
}

void page_both(struct page *p, enum ink ink, const char *left, const char *right)
{
    struct buf l = BUF_INIT(LINE_MAX_BYTES), r = BUF_INIT(LINE_MAX_BYTES), line = BUF_INIT(LINE_MAX_BYTES);
    text_terminal(&l, left, !p->style.utf8);
    text_terminal(&r, right, !p->style.utf8);
    size_t right_width = text_width(buf_str(&r));
    if (right_width + 8 < p->style.width && right_width > 0) {
        text_fit(&line, buf_str(&l), p->style.width - right_width - 1, true);
        buf_printf(&line, " %s", buf_str(&r));
    } else {
        text_fit(&line, buf_str(&l), p->style.width, false);
    }
    cut_trailing(&line);
    put(p, ink, buf_str(&line));
    buf_clear(&l);
    buf_clear(&r);
    buf_clear(&line);
}

void page_row(struct page *p, enum ink ink, const char *const *cells, const size_t *widths, size_t n)
{
    struct buf line = BUF_INIT(LINE_MAX_BYTES);
    size_t used = n > 0 ? n - 1 : 0;
    for (size_t i = 0; i < n; i++)
        used += widths[i];
    for (size_t i = 0; i < n; i++) {
        struct buf safe = BUF_INIT(LINE_MAX_BYTES);
        size_t width = widths[i] ? widths[i] : used < p->style.width ? p->style.width - used : 8;
        text_terminal(&safe, cells[i] ? cells[i] : "", !p->style.utf8);
        text_fit(&line, buf_str(&safe), width, i + 1 < n);
        if (i + 1 < n)
            buf_putc(&line, ' ');
        buf_clear(&safe);
    }
    cut_trailing(&line);
    put(p, ink, buf_str(&line));
    buf_clear(&line);
}

void page_heading(struct page *p, const char *left, const char *right)
{
    page_blank(p);
    page_both(p, INK_STRONG, left, right);
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
    char digits[40];
    int n = snprintf(digits, sizeof(digits), "%.0f", fabs(v));
    if (v < 0)
        buf_putc(out, '-');
    if (currency && strcmp(currency, "USD") == 0)
        buf_putc(out, '$');
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            buf_putc(out, ',');
        buf_putc(out, digits[i]);
    }
    if (!currency || strcmp(currency, "USD") != 0)
        buf_printf(out, " %s", currency ? currency : "");
}

enum ink verdict_ink(const char *verdict)
{
    if (strcmp(verdict, "GO") == 0)
        return INK_GOOD;
    return strcmp(verdict, "NO-GO") == 0 ? INK_BAD : INK_WARN;
}
