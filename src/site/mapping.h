/* Mapping files (checklists/data/mappings/KIND/NAME.yaml, or the site's mappings/): how a CSV's columns become a fact table's.
 * Parent: loads, checks against the fact tables and serialises for the worker, which never sees YAML. */
#ifndef PREOP_SITE_MAPPING_H
#define PREOP_SITE_MAPPING_H

#include "base/buf.h"
#include "base/diag.h"
#include "base/err.h"
#include "fact/mapping.h"
#include "fact/table.h"

/* Finds `as` ("csv/ninjaone") in the site's folder first (mappings/KIND/NAME.yaml), then in the data folder; writes it to out as
 * mapping_encode() does (fact/mapping.h: the file probe decodes it), and the tables that it fills to tables/n (at most
 * MAPPING_MAX_TABLES, the caller's array). zone: what `zone: site` means; NULL is UTC. ERR_NOT_FOUND when there is no such mapping,
 * ERR_BAD_INPUT when it is wrong; diags has the words. */
int mapping_load(const char *site_dir, const char *as, const char *zone, struct buf *out, const struct fact_table **tables, size_t *n,
                 struct diags *diags) MUST_CHECK;
/* The same from bytes that were read before; file is the name in messages. mapping_free(*out). */
int mapping_parse(const char *file, const void *p, size_t len, const char *zone, struct mapping **out, struct diags *diags) MUST_CHECK;
/* The path of the file that `as` names, owned; NULL when there is none. */
char *mapping_path(const char *site_dir, const char *as);
int mapping_check_file(const char *path, struct diags *diags) MUST_CHECK;    /* for lint */
/* The folder of the shipped checklists, laid out as checklists/ in the source tree: NAME.yaml, data/mappings/csv/NAME.yaml. $PREOP_DATADIR when
 * set and ours alone, else the installed one ($(pkgdatadir)/checklists). Borrowed. */
const char *data_dir(void);

#endif
