/* dkim_keys: one row for each DKIM selector of a domain that was named or found. */
#ifndef PREOP_FACT_TABLE_DKIM_KEYS_H
#define PREOP_FACT_TABLE_DKIM_KEYS_H
#include "fact/table.h"
enum dkim_keys_column {
    DKIM_DOMAIN, DKIM_SELECTOR, DKIM_DECLARED, DKIM_FOUND, DKIM_ALIAS_OF, DKIM_VALID, DKIM_PROBLEM, DKIM_REVOKED, DKIM_TESTING, DKIM_KEY, DKIM_KEY_BITS,
    DKIM_COLUMNS
};
extern const struct fact_table fact_dkim_keys;
#endif
