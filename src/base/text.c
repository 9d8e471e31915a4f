/* Text made valid, made safe for a terminal, and fitted to it. Runs in every process on hostile bytes: one pass, output
 * at most a small multiple of the input, bounded by the buffer's maximum. */
#include "base/text.h"

#include <langinfo.h>
#include <locale.h>
#include <wchar.h>
#include "base/mem.h"
#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"

static bool is_noncharacter(uint32_t cp)
{
    return (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef);
}

static bool is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f);
}

static bool is_clean(uint32_t cp)
{
    return cp == '\t' || cp == '\n' || (!is_control(cp) && !is_noncharacter(cp) && utf8_is_scalar(cp));
}

void text_clean(struct buf *out, const void *bytes, size_t len)
{
    const char *p = bytes;
    size_t done = 0;         /* p[done..i) is clean and not yet appended: most text is, and goes in one piece */

    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(p + i, len - i, &cp);

        if (n && is_clean(cp)) {
            i += n;
            continue;
        }
        buf_append(out, p + done, i - done);
        if (cp == '\r' && i + 1 < len && p[i + 1] == '\n')
            n = 1;           /* a line's end as the network writes it */
        else
            buf_puts(out, REPLACEMENT);
        i += n ? n : 1;
        done = i;
    }
    if (len)
        buf_append(out, p + done, len - done);
}

bool text_is_utf8(const void *bytes, size_t len)
{
    const char *p = bytes;

    for (size_t i = 0; i < len;) {
        uint32_t cp;
        size_t n = utf8_decode(p + i, len - i, &cp);

        if (!n || !utf8_is_scalar(cp))
            return false;
        i += n;
    }
    return true;
}

bool text_locale_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* What would change the direction, the line or the visibility of the text around it. */
static bool is_invisible(uint32_t cp)
{
    return cp == 0x061c || cp == 0x200b || cp == 0x200e || cp == 0x200f || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xfffb) || (cp >= 0xe0000 && cp <= 0xe007f);
}

/* Base letters of U+00C0 to U+017F; '?' where one ASCII letter will not do. */
static const char latin_bases[] =
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
_Static_assert(sizeof latin_bases - 1 == 0x180 - 0xc0, "one base for each letter");

struct ascii_form {
    uint32_t from, to;
    const char *form;
};
static const struct ascii_form ascii_forms[] = {
    { 0x00a0, 0x00a0, " " },   { 0x00a3, 0x00a3, "GBP" }, { 0x00a9, 0x00a9, "(c)" }, { 0x00ab, 0x00ab, "<<" }, { 0x00ae, 0x00ae, "(R)" },
    { 0x00b1, 0x00b1, "+/-" }, { 0x00b4, 0x00b4, "'" },   { 0x00b5, 0x00b5, "u" },   { 0x00b7, 0x00b7, "." },  { 0x00bb, 0x00bb, ">>" },
    { 0x00d7, 0x00d7, "x" },   { 0x2000, 0x200a, " " },   { 0x2010, 0x2015, "-" },   { 0x2018, 0x201b, "'" },  { 0x201c, 0x201f, "\"" },
    { 0x2022, 0x2022, "*" },   { 0x2026, 0x2026, "..." }, { 0x2032, 0x2032, "'" },   { 0x20ac, 0x20ac, "EUR" }, { 0x2122, 0x2122, "(TM)" },
    { 0x2190, 0x2190, "<-" },  { 0x2192, 0x2192, "->" },  { 0x2212, 0x2212, "-" },   { 0x2264, 0x2264, "<=" }, { 0x2265, 0x2265, ">=" },
    { 0x2500, 0x2501, "-" },   { 0x2502, 0x2503, "|" },   { 0x2504, 0x257f, "+" },   { 0x2580, 0x2590, "#" },  { 0x2591, 0x2593, "." },
    { 0x2713, 0x2714, "v" },   { 0x2717, 0x2718, "x" },
};

static const char *ascii_form(uint32_t cp, char one[2])
{
    for (size_t i = 0; i < N_ELEMENTS(ascii_forms); i++) {
        if (cp >= ascii_forms[i].from && cp <= ascii_forms[i].to)
            return ascii_forms[i].form;
    }
    one[0] = cp >= 0xc0 && cp < 0x180 ? latin_bases[cp - 0xc0] : '?';
    one[1] = '\0';
    return one;
}

void text_terminal(struct buf *out, const char *s, bool ascii)
{
    const size_t len = strlen(s);
    char one[2];

    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(s + i, len - i, &cp);

        if (!n) {
            buf_printf(out, "\\x%02X", (unsigned)(unsigned char)s[i]);
            n = 1;
        } else if (cp < 0x20 || cp == 0x7f) {
            buf_printf(out, "\\x%02X", (unsigned)cp);
        } else if (!is_clean(cp) || is_invisible(cp)) {
            buf_printf(out, "\\u{%X}", (unsigned)cp);
        } else if (ascii && cp >= 0x80) {
            buf_puts(out, ascii_form(cp, one));
        } else {
            buf_append(out, s + i, n);
        }
        i += n;
    }
}

static const char *html_entity(uint32_t cp)
{
    switch (cp) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void text_html(struct buf *out, const char *s)
{
    const size_t len = strlen(s);

    for (size_t i = 0; i < len;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(s + i, len - i, &cp);
        const char *entity = n == 1 ? html_entity(cp) : NULL;

        if (!n) {
            buf_printf(out, "\\x%02X", (unsigned)(unsigned char)s[i]);
            n = 1;
        } else if (entity) {
            buf_puts(out, entity);
        } else if (!is_clean(cp) || is_invisible(cp)) {
            buf_printf(out, "\\u{%X}", (unsigned)cp);
        } else {
            buf_append(out, s + i, n);
        }
        i += n;
    }
}

/* wcwidth() follows the thread's locale; a program that never called setlocale() must get the same columns. */
static int code_point_width(uint32_t cp)
{
    static locale_t utf8;
    static bool tried;
    locale_t before;
    int w;

    if (cp >= 0x20 && cp < 0x7f)
        return 1;
    if (is_control(cp))
        return 0;
    if (!tried) {
        utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
        tried = true;
    }
    if (!utf8)
        return 1;
    before = uselocale(utf8);
    w = wcwidth((wchar_t)cp);
    uselocale(before);
    return w < 0 ? 1 : w;
}

/* Bytes of the colour sequence (ESC [ digits ; m) at p, or 0. Only we write these: cleaned text holds no ESC. */
static size_t colour_len(const char *p, size_t len)
{
    size_t i = 2;

    if (len < 3 || p[0] != '\x1b' || p[1] != '[')
        return 0;
    while (i < len && ((p[i] >= '0' && p[i] <= '9') || p[i] == ';'))
        i++;
    return i < len && p[i] == 'm' ? i + 1 : 0;
}

/* One step over p: its bytes, and the columns that they take. */
static size_t step(const char *p, size_t len, size_t *width)
{
    uint32_t cp;
    size_t n = colour_len(p, len);

    *width = 0;
    if (n)
        return n;
    n = utf8_decode(p, len, &cp);
    if (!n) {
        *width = 1;          /* a terminal shows a replacement */
        return 1;
    }
    *width = (size_t)code_point_width(cp);
    return n;
}

static size_t width_of(const char *p, size_t len)
{
    size_t total = 0, w;

    for (size_t i = 0; i < len; total += w)
        i += step(p + i, len - i, &w);
    return total;
}

size_t text_width(const char *s)
{
    return width_of(s, strlen(s));
}

/* Bytes of s that fit into width columns, and those columns. */
static size_t bytes_for_width(const char *s, size_t len, size_t width, size_t *used)
{
    size_t i = 0, w, n;

    *used = 0;
    while (i < len) {
        n = step(s + i, len - i, &w);
        if (*used + w > width)
            break;
        *used += w;
        i += n;
    }
    return i;
}

static void put_blanks(struct buf *out, size_t n)
{
    while (n-- > 0 && !out->overflow)
        buf_putc(out, ' ');
}

void text_fit(struct buf *out, const char *s, size_t width, bool pad)
{
    const size_t len = strlen(s);
    size_t used = width_of(s, len);

    if (used <= width) {
        buf_append(out, s, len);
    } else if (width <= 3) {
        buf_append(out, "...", width);
        used = width;
    } else {
        buf_append(out, s, bytes_for_width(s, len, width - 3, &used));
        buf_puts(out, "...");
        used += 3;
    }
    if (pad && used < width)
        put_blanks(out, width - used);
}

static size_t column_of(const struct buf *out)
{
    size_t start = out->len;

    while (start > 0 && out->data[start - 1] != '\n')
        start--;
    return width_of(out->data ? out->data + start : "", out->len - start);
}

/* State of one text_wrap call: where the line stands, and whether a word already stands on it. */
struct wrap {
    struct buf *out;
    size_t width, indent, column;
    bool fresh;
};

static void wrap_newline(struct wrap *w)
{
    buf_putc(w->out, '\n');
    put_blanks(w->out, w->indent);
    w->column = w->indent;
    w->fresh = true;
}

static void wrap_word(struct wrap *w, const char *word, size_t len)
{
    size_t columns = width_of(word, len), used, n;

    if ((!w->fresh || w->column > w->indent) && w->column + !w->fresh + columns > w->width) {
        wrap_newline(w);
    } else if (!w->fresh) {
        buf_putc(w->out, ' ');
        w->column++;
    }
    /* a word longer than a line is cut: a terminal would do it at a worse place */
    while (w->column + columns > w->width && w->width > w->indent + 1) {
        n = w->column < w->width ? bytes_for_width(word, len, w->width - w->column, &used) : 0;
        if (n == 0 && w->column == w->indent)
            break;           /* not even one wide character fits */
        buf_append(w->out, word, n);
        columns -= n ? used : 0;
        word += n;
        len -= n;
        wrap_newline(w);
    }
    buf_append(w->out, word, len);
    w->column += columns;
    w->fresh = false;
}

void text_wrap(struct buf *out, const char *s, size_t width, size_t indent)
{
    struct wrap w = { .out = out, .width = width, .indent = indent, .column = column_of(out), .fresh = true };

    while (*s && !out->overflow) {
        size_t len = strcspn(s, " \n");

        if (len)
            wrap_word(&w, s, len);
        s += len;
        if (*s == '\n')
            wrap_newline(&w);
        if (*s)
            s++;
    }
}
