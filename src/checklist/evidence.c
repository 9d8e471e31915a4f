/* What a finding shows: the row's columns as a JSON object of at most 2 KiB, written by hand because a hundred thousand of them are made
 * in one evaluation. Evaluation child; the values are clean where they come from a fact table, and anything where a query made them. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "checklist/judge.h"

#define VALUE_MAX 240            /* bytes of one text */
#define NAME_MAX_BYTES 60

static void put_json_text(struct buf *b, const char *s, size_t len)
{
    buf_putc(b, '"');
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c < 0x20)
            buf_printf(b, "\\u%04x", c);
        else
            buf_putc(b, (char)c);
    }
    buf_putc(b, '"');
}

static void put_cut(struct buf *b, const char *s, size_t len)
{
    static const char dots[] = "\xe2\x80\xa6";
    char cut[VALUE_MAX + sizeof(dots)];
    if (len <= VALUE_MAX) {
        put_json_text(b, s, len);
        return;
    }
    size_t n = text_cut(s, len, VALUE_MAX);
    memcpy(cut, s, n);
    memcpy(cut + n, dots, sizeof(dots) - 1);
    put_json_text(b, cut, n + sizeof(dots) - 1);
}

static void put_text(struct buf *b, sqlite3_stmt *st, int column)
{
    const char *s = (const char *)sqlite3_column_text(st, column);
    size_t len = (size_t)sqlite3_column_bytes(st, column);
    if (s == NULL) {
        buf_puts(b, "null");
        return;
    }
    if (memchr(s, 0, len) == NULL && text_is_utf8(s, len)) {
        put_cut(b, s, len);
        return;
    }
    struct buf clean = BUF_INIT(4 * VALUE_MAX);
    text_clean(&clean, s, len < VALUE_MAX ? len : VALUE_MAX);
    put_cut(b, buf_str(&clean), clean.len);
    buf_clear(&clean);
}

static void put_value(struct buf *b, bool boolean, sqlite3_stmt *st, int column)
{
    double v;
    switch (sqlite3_column_type(st, column)) {
    case SQLITE_INTEGER:
        if (boolean)
            buf_puts(b, sqlite3_column_int64(st, column) ? "true" : "false");
        else
            buf_printf(b, "%lld", (long long)sqlite3_column_int64(st, column));
        break;
    case SQLITE_FLOAT:
        v = sqlite3_column_double(st, column);
        if (isfinite(v))
            buf_printf(b, "%.15g", v);
        else
            buf_puts(b, "null");
        break;
    case SQLITE_TEXT:
        put_text(b, st, column);
        break;
    default:                     /* NULL; bytes are nothing to show */
        buf_puts(b, "null");
        break;
    }
}

void evidence_begin(struct buf *b)
{
    buf_reset(b);
    buf_putc(b, '{');
}

void evidence_add(struct buf *b, const char *name, bool boolean, sqlite3_stmt *st, int column)
{
    size_t before = b->len;
    if (before > 1)
        buf_putc(b, ',');
    /* A query's column without AS is named like its expression, however long. */
    put_json_text(b, name, text_is_utf8(name, strlen(name)) ? text_cut(name, strlen(name), NAME_MAX_BYTES) : 0);
    buf_putc(b, ':');
    put_value(b, boolean, st, column);
    if (b->overflow || b->len + 1 > EVAL_EVIDENCE_MAX) {
        b->overflow = false;
        b->len = before;
        b->data[before] = '\0';
    }
}

void evidence_end(struct buf *b)
{
    buf_putc(b, '}');
}
