/* Taking discovered targets over into site.yaml, without touching a byte of what stands there. Parent only. */
#ifndef PREOP_SITE_MERGE_H
#define PREOP_SITE_MERGE_H

#include <stddef.h>
#include "base/buf.h"
#include "base/diag.h"
#include "base/err.h"

/* The targets of dir/discovered.yaml that site.yaml has not (by address), behind those it has. *n: how many were added. What comes out is read again and held
 * against what was there: ERR_BAD_INPUT, with words in diags, where it cannot be done so that nothing else changes. */
int site_merge_discovered(const char *dir, size_t *n, struct diags *diags) MUST_CHECK;
/* The pure half: site.yaml's and discovered.yaml's bytes to site.yaml's new bytes. *n 0: nothing is new, out stays empty. */
int site_merge_bytes(const char *site, size_t site_len, const char *found, size_t found_len, struct buf *out, size_t *n, struct diags *diags) MUST_CHECK;

#endif
