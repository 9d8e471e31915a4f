/* Device rules in YAML (checklists/data/device-rules.yaml, and a site's own device-rules.yaml before it): how devices are known. The
 * format is described in checklists/data/device-rules.md. Parent: loads, checks and serialises for the worker, which never sees YAML. */
#ifndef PREOP_SITE_DEVICE_RULES_H
#define PREOP_SITE_DEVICE_RULES_H

#include <stdio.h>
#include "base/buf.h"
#include "base/diag.h"
#include "base/err.h"
#include "fact/device_rules.h"

#define DEVICE_RULES_FILE "device-rules.yaml"

/* Parses one file's bytes; file is the name in messages. ERR_BAD_INPUT when it is wrong: diags has the words. device_rules_free(*out). */
int device_rules_parse(const char *file, const void *p, size_t len, struct device_rules **out, struct diags *diags) MUST_CHECK;
int device_rules_check_file(const char *path, struct diags *diags) MUST_CHECK;       /* for lint */
/* The site's rules, then the shipped ones, written as device_rules_encode() does. A file that is not there is none: with neither, out
 * stays empty. ERR_BAD_INPUT (with diags) when one of them is wrong. site_dir may be NULL. */
int device_rules_load(const char *site_dir, struct buf *out, struct diags *diags) MUST_CHECK;
/* Every object that these rules may ask for, one line each. */
void device_rules_explain(const char *site_dir, FILE *out);

#endif
