/* Text: making bytes valid, fitting it to a terminal, splitting. */
#ifndef PREOP_BASE_TEXT_H
#define PREOP_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

/* Appends p as valid UTF-8: invalid bytes, NUL, controls other than tab and newline (C1 included), surrogates and
 * noncharacters become U+FFFD each; CR LF becomes a newline. This is the store's door (engine.md section 2). */
void text_clean(struct buf *out, const void *p, size_t len);
bool text_is_utf8(const void *p, size_t len);

bool text_locale_is_utf8(void);              /* whether setlocale() said that the terminal takes UTF-8 */
/* Appends s safe for a terminal: what text_clean would replace, also tab, newline and the bidirectional controls, as
 * visible \xNN or \u{N} escapes. With ascii, everything beyond ASCII too becomes its nearest ASCII form or '?'. */
void text_terminal(struct buf *out, const char *s, bool ascii);
size_t text_width(const char *s);            /* columns on a terminal (wide characters 2, combining 0) */
/* Appends s cut to width columns, with "..." when cut, and padded with blanks to exactly width when pad. */
void text_fit(struct buf *out, const char *s, size_t width, bool pad);
/* Appends s wrapped at blanks so that no line is wider than width columns; each line after the first begins with indent
 * blanks. The first line goes on where out's last line ends: a label may already stand there. Colour sequences take no column. */
void text_wrap(struct buf *out, const char *s, size_t width, size_t indent);

void text_lower_ascii(char *s);
bool text_equal_nocase(const char *a, const char *b);    /* ASCII case only */
int text_order(const void *a, const void *b);            /* for qsort() and bsearch() over an array of texts: by bytes */
bool text_starts_with(const char *s, const char *prefix);
char *text_trim(char *s);                    /* in place: returns s moved past leading blanks, trailing ones cut */
bool text_parse_int(const char *s, long long min, long long max, long long *out);   /* the whole string, decimal */
/* "2s", "500ms", "3m", "1h", "90d" to milliseconds; false when malformed, negative or over max_ms. */
bool text_parse_duration(const char *s, long long max_ms, long long *out_ms);
/* Appends s safe as HTML or SVG text and as a quoted attribute's value: markup characters as entities; what would change the direction or visibility of the
 * text around it as visible \u{N} escapes, as text_terminal() does. Tabs and newlines stay. */
void text_html(struct buf *out, const char *s);
void text_csv_field(struct buf *out, const char *s);     /* quoted when needed; formula starts (= + - @ tab CR) defused with '; plain numbers stay */

#endif
