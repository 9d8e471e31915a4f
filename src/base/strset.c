#include "base/strset.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "base/clock.h"
#include "base/mem.h"

#define FIRST_CAP 64                 /* a power of two, as every later one */

uint64_t seed_make(void)
{
    uint64_t seed;
    return getrandom(&seed, sizeof seed, GRND_NONBLOCK) == (ssize_t)sizeof seed ? seed : (uint64_t)clock_mono_ms();
}

uint64_t seed_hash(uint64_t seed, const void *p, size_t len)
{
    const uint8_t *b = p;
    uint64_t h = seed;
    for (size_t i = 0; i < len; i++) {
        h = (h ^ b[i]) * UINT64_C(0x9e3779b97f4a7c15);
        h ^= h >> 29;
    }
    return h;
}

/* Where text is, or the empty place where it belongs. At least half of all places are empty. */
static size_t place_of(const struct strset *s, const char *text)
{
    size_t at = (size_t)(seed_hash(s->seed, text, strlen(text)) >> 20) & (s->cap - 1);
    while (s->v[at] != NULL && strcmp(s->v[at], text) != 0)
        at = (at + 1) & (s->cap - 1);
    return at;
}

bool strset_has(const struct strset *s, const char *text)
{
    return s->n > 0 && s->v[place_of(s, text)] != NULL;
}

static void grow(struct strset *s)
{
    struct strset more = { .v = xcalloc(s->cap == 0 ? FIRST_CAP : 2 * s->cap, sizeof *s->v), .n = s->n, .cap = s->cap == 0 ? FIRST_CAP : 2 * s->cap, .seed = s->cap == 0 ? seed_make() : s->seed };
    for (size_t i = 0; i < s->cap; i++)
        if (s->v[i] != NULL)
            more.v[place_of(&more, s->v[i])] = s->v[i];
    free(s->v);
    *s = more;
}

bool strset_add(struct strset *s, const char *text)
{
    if (2 * (s->n + 1) > s->cap)
        grow(s);
    char **at = &s->v[place_of(s, text)];
    if (*at != NULL)
        return false;
    *at = xstrdup(text);
    s->n++;
    return true;
}

void strset_clear(struct strset *s)
{
    for (size_t i = 0; i < s->cap; i++)
        free(s->v[i]);
    free(s->v);
    *s = (struct strset){ 0 };
}
