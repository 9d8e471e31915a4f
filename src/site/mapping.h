/* Mapping files (checklists/data/mappings/KIND/NAME.yaml, or the site's mappings/): how a CSV's columns become a fact table's.
 * Parent: loads, checks against the fact tables and serialises for the worker, which never sees YAML. */
#ifndef PREOP_SITE_MAPPING_H
#define PREOP_SITE_MAPPING_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/err.h"
#include "fact/table.h"

/* Finds `as` ("csv/ninjaone") in the site's folder first, then in the data folder; writes what the file probe needs (probes/file/mapping_wire.h)
 * to out, and the tables that it fills to tables/n (at most 8). */
int mapping_load(const char *site_dir, const char *as, struct buf *out, const struct fact_table **tables, size_t *n, struct diags *diags) MUST_CHECK;
int mapping_check_file(const char *path, struct diags *diags) MUST_CHECK;    /* for lint */
/* Where shipped data are: $PREOP_DATADIR when set and ours alone, else the installed folder. Borrowed. */
const char *data_dir(void);

#endif
