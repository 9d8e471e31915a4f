/* CSV through libcsv, and its bytes to UTF-8 through iconv. Runs in parent and workers on files that anybody may have
 * made: the input is bounded by its length, fields and records by the limits of the header. */
#include "base/csv.h"

#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

/* The line "sep=X" that Excel writes and reads: its bytes, line end included, or 0. */
static size_t separator_line(const char *p, size_t len, char *separator)
{
    size_t used = 5;

    if (len < 5 || strncasecmp(p, "sep=", 4) != 0 || p[4] == '\r' || p[4] == '\n')
        return 0;
    if (used < len && p[used] == '\r')
        used++;
    if (used < len && p[used] == '\n')
        used++;
    if (used == 5 && used < len)
        return 0;            /* something else stands behind: a header that happens to begin so */
    *separator = p[4];
    return used;
}

char csv_guess_separator(const char *p, size_t len)
{
    static const char separators[] = ",;\t|";
    size_t count[sizeof separators - 1] = { 0 };
    size_t best = 0;
    bool quoted = false;
    char named;

    if (separator_line(p, len, &named))
        return named;
    for (size_t i = 0; i < len; i++) {
        const char *found;

        if (p[i] == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (p[i] == '\n' || p[i] == '\r')
            break;
        found = p[i] ? strchr(separators, p[i]) : NULL;
        if (found)
            count[found - separators]++;
    }
    for (size_t i = 1; i < N_ELEMENTS(count); i++) {
        if (count[i] > count[best])
            best = i;
    }
    return separators[best];
}

/* What the callbacks of libcsv share. The fields of a record lie in text, one behind the other. */
struct csv_state {
    csv_record_fn fn;
    void *ctx;
    struct buf text;
    size_t start[CSV_MAX_FIELDS];
    size_t n, line;
    int rc;
};

static void on_field(void *p, size_t len, void *ctx)
{
    struct csv_state *s = ctx;

    if (s->rc)
        return;
    if (s->n == CSV_MAX_FIELDS || len > CSV_MAX_FIELD_BYTES) {
        s->rc = ERR_LIMIT;
        return;
    }
    s->start[s->n++] = s->text.len;
    buf_append(&s->text, p, len);
    buf_putc(&s->text, '\0');
    if (s->text.overflow)
        s->rc = ERR_LIMIT;
}

static void on_record(int end, void *ctx)
{
    struct csv_state *s = ctx;
    const char *fields[CSV_MAX_FIELDS];

    (void)end;
    if (s->rc)
        return;
    s->line++;
    for (size_t i = 0; i < s->n; i++)
        fields[i] = s->text.data + s->start[i];
    s->rc = s->fn(s->ctx, s->line, fields, s->n);
    s->n = 0;
    buf_reset(&s->text);
}

int csv_read(const char *p, size_t len, char separator, csv_record_fn fn, void *ctx)
{
    /* libcsv cannot be stopped from a callback: small pieces keep what is read in vain short */
    const size_t piece = 65536;
    struct csv_state s = { .fn = fn, .ctx = ctx, .text = BUF_INIT((size_t)CSV_MAX_FIELDS * (CSV_MAX_FIELD_BYTES + 1)) };
    struct csv_parser parser;
    char named;
    size_t skip = separator_line(p, len, &named);

    if (skip) {
        p += skip;
        len -= skip;
    }
    if (csv_init(&parser, CSV_APPEND_NULL) != 0)
        BUG("csv_init failed");
    csv_set_delim(&parser, (unsigned char)separator);
    for (size_t at = 0; at < len && !s.rc;) {
        size_t n = len - at < piece ? len - at : piece;
        if (csv_parse(&parser, p + at, n, on_field, on_record, &s) != n && !s.rc)
            s.rc = csv_error(&parser) == CSV_ENOMEM ? -ENOMEM : ERR_FORMAT;
        if (!s.rc && parser.entry_pos > CSV_MAX_FIELD_BYTES)
            s.rc = ERR_LIMIT;
        at += n;
    }
    if (!s.rc) {
        /* a quote that is never closed means that the file was cut or means something else: not a last field */
        csv_set_opts(&parser, CSV_APPEND_NULL | CSV_STRICT | CSV_STRICT_FINI);
        if (csv_fini(&parser, on_field, on_record, &s) != 0 && !s.rc)
            s.rc = ERR_FORMAT;
    }
    csv_free(&parser);
    buf_clear(&s.text);
    return s.rc;
}

/* Open converters are kept: inside the sandbox iconv could not load its tables, and closing one might unload them. */
#define CONVERTERS_MAX 16
#define ENCODING_NAME_MAX 40
static struct converter {
    char name[ENCODING_NAME_MAX];
    iconv_t cd;
} converters[CONVERTERS_MAX];
static size_t n_converters;

/* "//TRANSLIT" and its kin change what iconv does: a name is letters, digits and - _ . : only. */
static bool encoding_name_is_safe(const char *name)
{
    if (!*name || strlen(name) >= ENCODING_NAME_MAX)
        return false;
    for (; *name; name++) {
        if (!(*name >= 'a' && *name <= 'z') && !(*name >= 'A' && *name <= 'Z') && !(*name >= '0' && *name <= '9') && !strchr("-_.:", *name))
            return false;
    }
    return true;
}

static int find_converter(const char *name, iconv_t *out)
{
    struct converter *c;
    iconv_t cd;

    if (!encoding_name_is_safe(name))
        return ERR_BAD_INPUT;
    for (size_t i = 0; i < n_converters; i++) {
        if (text_equal_nocase(converters[i].name, name)) {
            iconv(converters[i].cd, NULL, NULL, NULL, NULL);
            *out = converters[i].cd;
            return 0;
        }
    }
    if (n_converters == CONVERTERS_MAX)
        return ERR_LIMIT;
    cd = iconv_open("UTF-8", name);
    if (cd == (iconv_t)-1)
        return errno == EINVAL ? ERR_BAD_INPUT : -errno;
    c = &converters[n_converters++];
    memcpy(c->name, name, strlen(name) + 1);
    c->cd = cd;
    *out = cd;
    return 0;
}

int csv_warm_encoding(const char *encoding)
{
    iconv_t cd;

    return find_converter(encoding, &cd);
}

void csv_warm(void)
{
    static const char *const common[] = { "UTF-8", "CP1252", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "ISO-8859-15", "CP850", "CP437" };

    for (size_t i = 0; i < N_ELEMENTS(common); i++) {
        int rc = csv_warm_encoding(common[i]);
        (void)rc;            /* a machine without one of them reads files in the others */
    }
}

/* The encoding's smallest unit: how far to go on behind a byte that has no meaning. */
static size_t encoding_unit(const char *encoding)
{
    if (strcasestr(encoding, "UTF-16") || strcasestr(encoding, "UTF16") || strcasestr(encoding, "UCS-2") || strcasestr(encoding, "UCS2"))
        return 2;
    return strcasestr(encoding, "UTF-32") || strcasestr(encoding, "UTF32") || strcasestr(encoding, "UCS-4") ? 4 : 1;
}

/* UTF-8 with mistakes in it: each becomes U+FFFD. glibc's iconv lets code points above U+10FFFF through, so it is not asked. */
static int mend_utf8(const char *p, size_t len, struct buf *out)
{
    size_t done = 0;

    for (size_t i = 0; i < len && !out->overflow;) {
        uint32_t cp = 0;
        size_t n = utf8_decode(p + i, len - i, &cp);

        if (n > 0 && utf8_is_scalar(cp)) {
            i += n;
            continue;
        }
        buf_append(out, p + done, i - done);
        buf_puts(out, "\xef\xbf\xbd");
        i += n > 0 ? n : 1;
        done = i;
    }
    buf_append(out, p + done, len - done);
    return out->overflow ? ERR_LIMIT : 0;
}

static int convert(const char *p, size_t len, const char *encoding, struct buf *out)
{
    const size_t unit = encoding_unit(encoding);
    char piece[4096];
    iconv_t cd;
    int rc = find_converter(encoding, &cd);

    if (rc)
        return rc;
    /* iconv's prototype lacks the const that it keeps */
    char *from = (char *)(uintptr_t)p;
    while (len > 0 && !out->overflow) {
        char *to = piece;
        size_t room = sizeof piece;
        size_t n = iconv(cd, &from, &len, &to, &room);
        const int err = errno;

        buf_append(out, piece, (size_t)(to - piece));
        if (n != (size_t)-1 || err == E2BIG)
            continue;
        buf_puts(out, "\xef\xbf\xbd");
        from += len < unit ? len : unit;
        len -= len < unit ? len : unit;
    }
    return out->overflow ? ERR_LIMIT : 0;
}

/* Bytes of the mark at the beginning, and which encoding it names. */
static size_t byte_order_mark(const unsigned char *p, size_t len, const char **encoding)
{
    if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        *encoding = "UTF-8";
        return 3;
    }
    if (len >= 2 && p[0] == 0xff && p[1] == 0xfe) {
        *encoding = "UTF-16LE";
        return 2;
    }
    if (len >= 2 && p[0] == 0xfe && p[1] == 0xff) {
        *encoding = "UTF-16BE";
        return 2;
    }
    return 0;
}

/* ASCII in UTF-16 has a zero in every second byte; no other encoding of text has zeros at all. */
static const char *guess_without_mark(const unsigned char *p, size_t len)
{
    const size_t look = len < 1024 ? len : 1024;
    size_t zeros[2] = { 0, 0 };

    for (size_t i = 0; i < look; i++)
        zeros[i % 2] += p[i] == 0;
    if (len % 2 == 0 && zeros[1] > look / 4 && zeros[0] < zeros[1] / 4)
        return "UTF-16LE";
    if (len % 2 == 0 && zeros[0] > look / 4 && zeros[1] < zeros[0] / 4)
        return "UTF-16BE";
    return text_is_utf8(p, len) ? "UTF-8" : "CP1252";
}

int csv_to_utf8(const void *bytes, size_t len, const char *encoding, struct buf *out)
{
    const char *p = bytes, *marked = NULL;
    size_t mark;

    if (!len)
        return 0;
    mark = byte_order_mark(bytes, len, &marked);
    /* a mark is believed over a name of its own family, and is no part of the text either way */
    if (!encoding)
        encoding = marked ? marked : guess_without_mark(bytes, len);
    else if (marked && encoding_unit(encoding) == encoding_unit(marked) && text_equal_nocase(encoding, "UTF-16"))
        encoding = marked;
    else if (marked && encoding_unit(encoding) != encoding_unit(marked))
        mark = 0;
    if (text_equal_nocase(encoding, "UTF-8") || text_equal_nocase(encoding, "UTF8"))
        return mend_utf8(p + mark, len - mark, out);
    return convert(p + mark, len - mark, encoding, out);
}
