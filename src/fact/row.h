/* One row of a fact table in memory, its checking, its subject key and its canonical bytes.
 * Used by worker (to fill) and parent (to check). */
#ifndef PREOP_FACT_ROW_H
#define PREOP_FACT_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/hash.h"
#include "fact/table.h"

enum fact_kind { FACT_KIND_NULL, FACT_KIND_INTEGER, FACT_KIND_REAL, FACT_KIND_TEXT };
struct fact_value {
    enum fact_kind kind;
    int64_t i;               /* INTEGER and BOOLEAN columns */
    double r;
    const char *s;           /* all other types: borrowed, len bytes, not NUL-terminated */
    size_t len;
};
struct fact_row {
    const struct fact_table *table;
    struct fact_value v[FACT_MAX_COLUMNS];
};

enum fact_kind fact_kind_of(enum fact_type type);         /* how values of this type travel */
void fact_row_init(struct fact_row *row, const struct fact_table *table);    /* all NULL */
/* Setters borrow until the row is emitted. A setter of the wrong kind for the column is a BUG. NULL text leaves NULL. */
void fact_set_text(struct fact_row *row, int column, const char *s, size_t len);
void fact_set_str(struct fact_row *row, int column, const char *s);
void fact_set_int(struct fact_row *row, int column, int64_t v);              /* also booleans */
void fact_set_u64(struct fact_row *row, int column, uint64_t v);             /* above INT64_MAX: stays NULL */
void fact_set_real(struct fact_row *row, int column, double v);              /* not finite: stays NULL */

/* Whether s, without blanks before it, has a form of this type; of the types that are texts. For who reads texts and wants to say where one is none. */
bool fact_text_fits(enum fact_type type, const char *s);
/* Brings a row that came from anywhere into the form that the store takes: text cleaned (text_clean), trailing NULs
 * and blanks of text cut, timestamps, addresses, prefixes and MACs put into their one form. A value that has no valid
 * form becomes NULL and its column's bit is set in *dropped (an empty one becomes NULL without it; an empty TEXT stays).
 * *mem is emptied first and then holds the row's texts: it serves one row at a time and must live as long as that row. Texts
 * longer than FACT_TEXT_MAX are cut between characters. */
void fact_row_normalize(struct fact_row *row, struct buf *mem, uint64_t *dropped);

/* Identity: the JSON array of the key values after cleaning, numbers as numbers, e.g. ["Gi1/0/24"]. Each text is cut
 * at 255 bytes, with ~ and 8 hex digits of its SHA-256 behind. A key of only NULL or empty values gives ["#n"] with n =
 * ordinal (from 1); a repeated identity gets "#n" as a further element (fact_key_again). */
#define FACT_KEY_MAX 2048
void fact_row_key(const struct fact_row *row, size_t ordinal, struct buf *out);
void fact_key_again(struct buf *key, size_t n);          /* ["a"] -> ["a","#2"] */
void fact_key_human(const char *key_json, struct buf *out);          /* ["tcp",443] -> tcp, 443 */

/* Canonical bytes (engine.md section 3): the key, the number of non-NULL columns, then those columns in name order, each as length-prefixed name, type
 * letter, value. Written into *bytes, which grows (free() it; NULL and a *cap of 0 are fine); returns how many there are. */
size_t fact_row_canonical_bytes(const struct fact_row *row, const char *key, uint8_t **bytes, size_t *cap);
void fact_row_canonical(const struct fact_row *row, const char *key, struct sha256 *h);      /* the same bytes, for one row */

#endif
