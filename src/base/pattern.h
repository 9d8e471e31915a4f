/* Regular expressions (PCRE2) with limits on pattern, depth, memory and steps, so that neither a file's pattern nor a device's text can
 * hold anybody up. Used by parent (to check) and worker (to match). */
#ifndef PREOP_BASE_PATTERN_H
#define PREOP_BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#define PATTERN_TEXT_MAX 2000        /* bytes of a pattern */
#define PATTERN_SUBJECT_MAX 65536    /* bytes of a text; longer ones match nothing */
#define PATTERN_GROUPS 10            /* the whole match and $1 to $9 */

struct pattern;
struct pattern_groups { size_t n; struct { const char *s; size_t len; } v[PATTERN_GROUPS]; };    /* borrowed from the text; a group that took no part is NULL */

/* Case counts unless the pattern begins with (?i). NULL: *why (owned, with the byte it is about) says what is wrong. pattern_free() it. */
struct pattern *pattern_new(const char *text, char **why);
void pattern_free(struct pattern *p);        /* NULL is fine */
/* Finds the pattern in text, which is valid UTF-8. False when it is not there, or could not be decided within the limits. groups may be NULL. */
bool pattern_match(const struct pattern *p, const char *text, size_t len, struct pattern_groups *groups);

#endif
