/* Kinds of evidence files that are read without a mapping: their form is a program's, not a spreadsheet's. `as: snmpwalk` in site.yaml. The
 * parent plans by it, the file probe reads by it. Constants only. */
#ifndef PREOP_FACT_EVIDENCE_KIND_H
#define PREOP_FACT_EVIDENCE_KIND_H

#include <stdbool.h>
#include "fact/table.h"

struct evidence_kind {
    const char *name;                /* "snmpwalk" */
    const char *title;               /* for people: what it is and how it is made */
    const char *probe;               /* it fills what this probe fills; NULL: tables */
    const struct fact_table *const *tables; size_t n_tables;
    bool device_rules;               /* the reader wants the rules by which devices are known */
};
extern const struct evidence_kind evidence_kinds[];
extern const size_t evidence_n_kinds;
const struct evidence_kind *evidence_kind_find(const char *name);    /* NULL when there is none; name NULL is fine */

#endif
