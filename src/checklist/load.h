/* What the parts of the checklist loader share. Parent only; the files are hostile. */
#ifndef PREOP_CHECKLIST_LOAD_H
#define PREOP_CHECKLIST_LOAD_H

#include "checklist/checklist.h"
#include "site/yaml.h"

#define CHECKS_MAX 5000
#define LIST_MAX 500             /* params, grades, refs, ... of one check */
#define LINE_MAX_BYTES 200
#define PROSE_MAX_BYTES 4000

/* Reads one entry of `checks:` into out; false when it is no map. Errors go to in->diags. site may be NULL (lint). */
bool check_load(const struct yaml_in *in, const struct yaml_node *node, const char *checklist, const struct site *site, struct check *out);
/* Parts of it that overlays use too. */
bool check_load_severity(const struct yaml_in *in, const struct yaml_node *node, enum severity *out);
void check_load_gate(const struct yaml_in *in, const struct yaml_node *node, const struct site *site, const char **out);
bool param_load(const struct yaml_in *in, const char *name, const struct yaml_node *node, struct param *out);
bool word_ok(const char *s);     /* a-z, 0-9, -, beginning with a letter, at most 64 */

/* Applies an overlay's root to the checks that are loaded. */
void overlay_apply(const struct yaml_in *in, const struct yaml_node *root, const char *name, const struct site *site, struct checklists *c);
/* Finds by id in an unsorted array. */
struct check *check_by_id(struct check *v, size_t n, const char *id);

extern const char *const owner_names[];
extern const size_t n_owner_names;

#endif
