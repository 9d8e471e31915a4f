/* A CSV that others exported, through its mapping, to rows: pure, over hostile bytes, unit-tested and fuzzed. Runs in workers.
 * What is read wrongly becomes a fact, so that in doubt a value stays unknown, a row is left out, and both are counted. */
#ifndef PREOP_PROBES_FILE_PARSE_H
#define PREOP_PROBES_FILE_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "fact/guests.h"
#include "fact/mapping.h"
#include "fact/reason.h"
#include "fact/row.h"

/* Which target of the site a value in a row stands for: its name, address or serial number. Values are compared without
 * regard to case and outer blanks; one that stands for two targets stands for none. */
struct file_aliases;
struct file_aliases *file_aliases_new(void);             /* file_aliases_free() it */
void file_aliases_free(struct file_aliases *a);          /* NULL is fine */
void file_aliases_add(struct file_aliases *a, const char *value, const char *target);
const char *file_aliases_find(struct file_aliases *a, const char *value);    /* borrowed; NULL: no target's */

/* What became of one column and one table. record: the place in the file, counted from 1 as a spreadsheet without blank lines does. */
struct file_column_result {
    bool present;                    /* the file has one of its headings, or it is a constant */
    char heading[64];                /* the one that it has, as the file writes it; "" for a constant */
    size_t n_bad, first_bad;         /* values that could not be read */
    /* of a column whose dates may have the month or the day first */
    enum date_order order;           /* what the whole column shows, else what the site says */
    size_t month_first, day_first;   /* the first record that can only be read so; 0: none */
    size_t n_ambiguous, first_ambiguous;         /* dates that stay unknown, because nothing tells, or what tells contradicts itself */
};
struct file_table_result {
    bool usable;                     /* the file has what the table cannot do without */
    char lacks[160];                 /* else: the heading that is missing, in words */
    size_t rows;                     /* emitted */
    size_t n_incomplete, first_incomplete;       /* rows without a required value */
    size_t n_unreadable, first_unreadable;       /* rows whose required value could not be read */
    struct file_column_result columns[FACT_MAX_COLUMNS];     /* in the mapping's order */
};
struct file_result {
    enum reason reason;              /* REASON_NONE: read to its end */
    bool partial;                    /* rows were emitted before it went wrong */
    char detail[512];
    size_t header_record;            /* 0: not found */
    size_t n_shifted, first_shifted; /* rows with more fields than headings: left out */
    size_t n_remarks, first_remark;  /* rows that are a sum or a remark below the list: left out */
    struct guest_tally guests;       /* clients in networks of guests and patients: counted, and nothing else of them is kept */
    size_t n_undecided, first_undecided;         /* rows of which it cannot be told whether they are: left out */
    char repeated_heading[128];      /* one that stands twice; "" for none */
    struct file_table_result tables[MAPPING_MAX_TABLES];     /* in the mapping's order */
};

/* Takes one row; target NULL: of the file's own target. False stops the reading. */
typedef bool (*file_row_fn)(void *arg, const char *target, const struct fact_row *row);
struct file_how {
    const bool *wanted;              /* which of the mapping's tables; NULL: all */
    struct file_aliases *aliases;    /* NULL: no row is another target's */
    enum date_order dates;           /* what the site says of the file's dates; UNKNOWN: nothing. A file that shows otherwise is believed in neither */
    const struct guests *guests;     /* NULL: a mapping that has `guests` keeps no row of these tables */
    file_row_fn fn; void *arg;
};
/* text: the whole file in UTF-8. */
void file_csv_parse(const struct mapping *m, const struct file_how *how, const char *text, size_t len, struct file_result *out);

#endif
