/* The fact-table contract: what a table is called, which columns it has and what they mean. The same declaration
 * makes the SQLite table, checks frames, prints `facts --schema` and decides what reports leave out.
 *
 * Adding a table: 1. a header table_NAME.h with the enum of its columns, 2. a table_NAME.c with the declaration,
 * 3. a line in registry.c, 4. a store migration is not needed: the store creates missing tables and columns by itself.
 * Column names are append-only and never change their meaning, because seals are computed over them.
 *
 * Used by parent and worker; trusts nothing, holds only constants. */
#ifndef PREOP_FACT_TABLE_H
#define PREOP_FACT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum fact_type {
    FACT_TEXT,               /* valid UTF-8 after cleaning */
    FACT_INTEGER,            /* int64 */
    FACT_REAL,               /* finite */
    FACT_BOOLEAN,            /* 0, 1 */
    FACT_TIMESTAMP,          /* YYYY-MM-DDTHH:MM:SSZ */
    FACT_ADDRESS,            /* inet_ntop's form */
    FACT_PREFIX,             /* address/len, host bits cleared */
    FACT_MAC                 /* lower case, colons */
};

enum fact_column_flags {
    FACT_KEY = 1,            /* part of the subject's identity, in the order of declaration; at least one a table */
    FACT_PERSONAL = 2,       /* left out by --no-names */
    FACT_CLEAN_TEAM = 4,     /* prices, revenue */
    FACT_ORG_VALUE = 8,      /* shows another site's data */
    FACT_LABEL = 32,         /* what people call a row whose key is a number of the machine's: shown beside or instead of the key */
    FACT_VOLATILE = 16       /* changes by itself (uptime, counters): two sources never disagree on it */
};

struct fact_column {
    const char *name;        /* lower case, unit in the name: speed_mbps */
    enum fact_type type;
    unsigned flags;
    const char *unit;        /* "Mb/s", "bytes", NULL */
    const char *source;      /* MIB object, command, attribute */
    const char *help;        /* one line */
};

enum fact_filled_by { FILLED_BY_PROBE = 1, FILLED_BY_PERSON = 2 };

struct fact_table {
    const char *name;        /* plural, lower case */
    const char *summary;     /* one line */
    unsigned filled_by;
    unsigned min_rows;       /* fewer rows in an answer that looks complete is a failure: "empty: view or access list?" */
    const struct fact_column *columns;
    size_t n_columns;
    bool one_per_target;     /* a row says what its target itself is: the only rows of two sources at one target are about the same thing, whatever name each gives it */
};

#define FACT_MAX_COLUMNS 64
#define FACT_MAX_TABLES 512  /* for arrays of their names */
#define FACT_TABLE_DECLARE(table_name, table_summary, who, minimum, cols)                                  \
    { .name = (table_name), .summary = (table_summary), .filled_by = (who), .min_rows = (minimum),         \
      .columns = (cols), .n_columns = sizeof(cols) / sizeof((cols)[0]) }

#define FACT_TABLE_DECLARE_ONE(table_name, table_summary, who, minimum, cols)                              \
    { .name = (table_name), .summary = (table_summary), .filled_by = (who), .min_rows = (minimum),         \
      .columns = (cols), .n_columns = sizeof(cols) / sizeof((cols)[0]), .one_per_target = true }

extern const struct fact_table *const fact_tables[];     /* the registry (registry.c) */
extern const size_t fact_n_tables;
const struct fact_table *fact_table_find(const char *name);          /* NULL when unknown */
int fact_table_index(const struct fact_table *t);                    /* its place in the registry; BUG when absent */
int fact_column_find(const struct fact_table *t, const char *name);  /* -1 when unknown */
const char *fact_type_name(enum fact_type type);

#endif
