/* The HTML report as PDF, through a program that is installed: WeasyPrint, else Chromium. Parent. */
#ifndef PREOP_REPORT_PDF_H
#define PREOP_REPORT_PDF_H

#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"

/* html[0..len) becomes out. The program runs without a shell, in a private temporary folder, with an environment made from nothing, without a network and for two
 * minutes at the most. -ENOENT where neither is installed, or another error, with *why (owned) that says what to do. */
int pdf_from_html(const char *html, size_t len, struct buf *out, char **why) MUST_CHECK;

#endif
