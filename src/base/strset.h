/* A set of texts, and the hash under it. Texts come from networks, so the hash has a seed that nobody outside knows: no choice of texts makes it slow. */
#ifndef PREOP_BASE_STRSET_H
#define PREOP_BASE_STRSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

uint64_t seed_make(void);                    /* random; the clock where there is no randomness yet */
uint64_t seed_hash(uint64_t seed, const void *p, size_t len);        /* its upper bits are the better ones */

struct strset { char **v; size_t n, cap; uint64_t seed; };   /* begin with { 0 } */
bool strset_has(const struct strset *s, const char *text);
bool strset_add(struct strset *s, const char *text);         /* keeps a copy; false when it was in it already */
void strset_clear(struct strset *s);

#endif
