/* How text may look where it goes: width, colour, UTF-8. And the few things that every text page needs. */
#ifndef PREOP_REPORT_STYLE_H
#define PREOP_REPORT_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "base/buf.h"

struct style { size_t width; bool color, utf8; };        /* width: columns, at least 40 */

enum ink { INK_PLAIN, INK_STRONG, INK_BAD, INK_WARN, INK_GOOD, INK_DIM };

/* A page in the making. Everything put into it is made safe for a terminal, and no line is wider than the style's width. */
struct page { struct style style; FILE *out; };

#define PAGE_MAX_COLUMNS 80          /* of page_row */

/* As it stands where it fits, else wrapped, later lines two blanks further in than its own. */
void page_line(struct page *p, enum ink ink, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Wrapped, later lines indented; the first indent columns of the text are a label and stay as they are. */
void page_wrap(struct page *p, enum ink ink, size_t indent, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void page_blank(struct page *p);
/* left ... right, with right flush at the width; a long left is wrapped, later lines indented. Nothing is cut. */
void page_both(struct page *p, enum ink ink, size_t indent, const char *left, const char *right);
/* One row of columns: widths[i] columns each (0: the rest of the line), one blank between. Cells are cut, but a last one of width 0 goes on below itself;
 * where the widths do not fit, the widest shrink. */
void page_row(struct page *p, enum ink ink, const char *const *cells, const size_t *widths, size_t n);
void page_heading(struct page *p, const char *left, const char *right);
/* A label, then words in inks of their own, wrapped between words; later lines indented by the label's width. */
struct word { const char *text; enum ink ink; };
void page_words(struct page *p, const char *label, const struct word *v, size_t n);

void human_date(int64_t t, int64_t now, char out[16]);   /* "18 Dec"; with the year when it is another one and far away: "18 Dec 2028" */
/* The day of a moment in a zone, the same way. */
void human_day(const char *zone, int64_t t, int64_t now, char out[16]);
void human_bytes(int64_t n, struct buf *out);            /* "8.0 GiB"; exact below 1 KiB */
void human_duration(int64_t ms, char *out, size_t size); /* "1 min 48 s" */
void human_money(double v, const char *currency, struct buf *out);       /* "$84,000" */
enum ink verdict_ink(const char *verdict);

#endif
