/* Writing YAML scalars. Parent only. */
#ifndef PREOP_SITE_YAML_PUT_H
#define PREOP_SITE_YAML_PUT_H

#include "base/buf.h"

/* One scalar on one line that YAML reads as this very text: plain where it cannot be mistaken, else in double quotes with escapes. */
void yaml_put_scalar(struct buf *out, const char *s);

#endif
