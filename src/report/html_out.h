/* Markup that is written: the one way in which HTML and SVG leave this room. Markup is a constant of ours; everything that is put into it is escaped here,
 * so that a name that a device made up can never be more than text. Only for src/report/. */
#ifndef PREOP_REPORT_HTML_OUT_H
#define PREOP_REPORT_HTML_OUT_H

#include <stdint.h>
#include <stdio.h>
#include "base/buf.h"

struct html { FILE *out; struct buf scratch; };

void html_init(struct html *h, FILE *out);
void html_clear(struct html *h);
/* markup with %s (escaped for text and for quoted attributes alike), %d, %zu, %ld, %.1f and %%; another conversion is a BUG. NULL for %s is "". */
void html(struct html *h, const char *markup, ...) __attribute__((format(printf, 2, 3)));
/* The same bytes, for style sheets and drawings that are markup already. Never for anything from outside. */
void html_raw(struct html *h, const char *markup);

#endif
