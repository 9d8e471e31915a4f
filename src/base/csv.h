/* CSV as Excel and its kin write it, read through libcsv. The caller gives text in UTF-8. */
#ifndef PREOP_BASE_CSV_H
#define PREOP_BASE_CSV_H

#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"

/* One record; line is the 1-based number of the record, the header being 1 (empty lines and a "sep=X" line are none).
 * Fields are borrowed, NUL-terminated, cleaned of nothing but the blanks around an unquoted field. Return non-zero to
 * stop: csv_read returns it. */
typedef int (*csv_record_fn)(void *ctx, size_t line, const char *const *fields, size_t n);

#define CSV_MAX_FIELDS 512
#define CSV_MAX_FIELD_BYTES 65536

/* The separator in the first line outside quotes: the most frequent of , ; tab |. A "sep=X" first line wins. */
char csv_guess_separator(const char *p, size_t len);
/* ERR_LIMIT past the maxima above, ERR_FORMAT for a quote that is never closed (the records before it were given). */
int csv_read(const char *p, size_t len, char separator, csv_record_fn fn, void *ctx) MUST_CHECK;

/* Bytes to UTF-8 without BOM: encoding NULL guesses (BOM, valid UTF-8, UTF-16 by BOM or zero bytes, else CP1252).
 * Bytes without a meaning become U+FFFD. ERR_BAD_INPUT for an encoding that iconv does not know.
 * Call csv_warm() before a sandbox that forbids open: iconv loads its tables then. */
int csv_to_utf8(const void *p, size_t len, const char *encoding, struct buf *out) MUST_CHECK;
void csv_warm(void);
int csv_warm_encoding(const char *encoding) MUST_CHECK;   /* one more; ERR_BAD_INPUT when iconv does not know it */

#endif
