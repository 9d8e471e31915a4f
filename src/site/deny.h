/* Makers whose devices are never sent a packet by `discover`: checklists/data/deny-makers.yaml, and a site's own deny-makers.yaml beside it.
 * Parent only. */
#ifndef PREOP_SITE_DENY_H
#define PREOP_SITE_DENY_H

#include "base/diag.h"
#include "base/err.h"

#define DENY_FILE "deny-makers.yaml"
#define DENY_MAX 2000

struct deny;
/* One file's bytes; file is the name in messages. NULL when there was an error. deny_free() it. */
struct deny *deny_parse(const char *file, const void *p, size_t len, struct diags *diags);
/* The shipped list, then the site's (site_dir may be NULL; a missing site file is none). NULL with words in diags when the shipped one is missing,
 * or one of them is wrong: without it nothing may be sent. */
struct deny *deny_load(const char *site_dir, struct diags *diags);
int deny_check_file(const char *path, struct diags *diags) MUST_CHECK;       /* for lint */
void deny_free(struct deny *d);              /* NULL is fine */
size_t deny_count(const struct deny *d);
/* Why a thing of this hardware address and maker (NULL: not known) is not touched: the entry's words. NULL: nothing denies it. Borrowed. */
const char *deny_why(const struct deny *d, const char *mac, const char *maker);

#endif
