/* A mapping in memory: how the columns of a CSV that others exported become a fact table's rows. The parent builds it from
 * YAML (site/mapping.c) and encodes it into the job; the file probe decodes it and applies it. Time zones travel as lists of
 * offsets, so that a locked worker needs no zone files. Used by parent and worker; the decoder trusts no length or name. */
#ifndef PREOP_FACT_MAPPING_H
#define PREOP_FACT_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "fact/date_order.h"
#include "fact/row.h"
#include "fact/table.h"

#define MAPPING_MAX_TABLES 9         /* eight, and the count of guests */
#define MAPPING_MAX_LIST 64          /* headings, values, formats in one list */
#define MAPPING_MAX_PAIRS 512        /* values of one map */
#define MAPPING_MAX_ZONES 8
#define MAPPING_MAX_OFFSETS 1024
#define MAPPING_MAX_HEADER_ROW 50
#define MAPPING_MAX_WIRE (1u << 20)  /* bytes of an encoded mapping */

struct mapping_list { const char **v; size_t n; };
struct mapping_pair { const char *from, *to; };
struct mapping_offset { int64_t from; int32_t seconds; };    /* from this moment (UTC) local time is UTC plus seconds */
struct mapping_zone { const char *name; struct mapping_offset *offsets; size_t n; };     /* by time; offsets[0] holds before it too */

struct mapping_column {
    int column;                      /* of the fact table */
    struct mapping_list headings;    /* the first of these that the file has; none: every row has `constant` */
    const char *constant;
    bool lower, upper;
    bool short_name;                 /* cut at the first dot, unless the value is an address */
    const char *first;               /* only what stands before the first of this ("10.0.0.1, fe80::1" with ","); NULL: all */
    struct mapping_list unknown;     /* values that mean "not known": the column stays NULL */
    struct mapping_list strip;       /* endings that are cut, with the blanks before them: "GB" */
    struct mapping_pair *map; size_t n_map;      /* value -> value, without regard to case; others stay as they are */
    struct mapping_list dates;       /* strptime formats, or "epoch", "epoch-ms", "filetime" (100 ns since 1601), "either"; ISO 8601 is always read */
    int zone;                        /* of times that name none: index into zones; -1: UTC */
    double multiply;                 /* of numbers; 1 when not given */
};
struct mapping_where { struct mapping_list headings, values; bool negate; };     /* the value is (not) one of values */

struct mapping_table {
    const struct fact_table *table;
    struct mapping_column *columns; size_t n_columns;
    struct mapping_where *where; size_t n_where;             /* all must hold, else the row is none of this table */
    struct mapping_list target;      /* headings by whose values a row may be recognised as a target of the site; tried in order */
    struct mapping_list guests;      /* headings that say which network a client is in: rows of guests and patients are counted only (fact/guests.h) */
    int required[FACT_MAX_COLUMNS]; size_t n_required;       /* columns without which a row is left out (and counted) */
};
struct mapping {
    struct arena *arena;             /* everything lives here */
    const char *title, *kind;        /* kind: "csv" */
    const char *encoding;            /* NULL: guess */
    char separator;                  /* 0: guess */
    unsigned header_row;             /* from 1: the record that holds the headings; those before it are not read */
    struct mapping_zone *zones; size_t n_zones;
    struct mapping_table *tables; size_t n_tables;
};

struct mapping *mapping_new(void);           /* mapping_free() it */
void mapping_free(struct mapping *m);        /* NULL is fine */

void mapping_encode(const struct mapping *m, struct buf *out);
/* ERR_FORMAT for anything that mapping_encode() would not write. mapping_free(*out). */
int mapping_decode(const void *p, size_t len, struct mapping **out) MUST_CHECK;

/* The place in fields of the first heading that is there; -1 when none is. Case and outer blanks do not count. */
int mapping_find_heading(const struct mapping_list *headings, const char *const *fields, size_t n);
/* Whether a row whose field under w's heading is `field` meets it. NULL (a short row) counts as empty. */
bool mapping_where_holds(const struct mapping_where *w, const char *field);

bool mapping_has_either(const struct mapping_column *c);
/* What one field says of its column's order: MONTH_FIRST when it can only be read so ("11/21/2026"), DAY_FIRST likewise, UNKNOWN for all else. */
enum date_order mapping_date_evidence(const struct mapping *m, const struct mapping_column *c, const char *field, struct buf *scratch);

enum mapping_result { MAPPING_EMPTY, MAPPING_SET, MAPPING_BAD, MAPPING_AMBIGUOUS };
/* Converts one field (UTF-8, NUL-terminated) and sets the row's column. EMPTY: nothing, or a value that means unknown: NULL stays.
 * BAD: it cannot be what the column wants (a date that no format reads, a number or an address that is none): NULL stays, and the caller
 * should count and note it. AMBIGUOUS: a date by the format "either", of which order does not tell which number is the month (or, CONTRADICT, whose column
 * is not believed): NULL stays, to be counted and noted, too. scratch: one buffer for this column, that must live until the row is emitted; it is reset here.
 * Times before 1971 are EMPTY: that is how directories and inventories write "never". field NULL is as "". */
enum mapping_result mapping_set(const struct mapping *m, const struct mapping_column *c, enum date_order order, const char *field, struct fact_row *row, struct buf *scratch);

/* Seconds UTC of a local time (given as if it were UTC) in z. In the hour that comes twice the first one is meant. */
int64_t mapping_zone_utc(const struct mapping_zone *z, int64_t local);
/* Reads text by one format of `dates` other than "either", or (format NULL) as ISO 8601. */
bool mapping_date_parse(const char *text, const char *format, const struct mapping_zone *z, int64_t *out);
/* Whether format is one that mapping_date_parse() knows to read: for the mapping's check. */
bool mapping_date_format_known(const char *format);

#endif
