/* Memory that never fails: out of memory ends the process (engine: nothing sensible is left to do).
 * Used by every process. An arena holds what lives and dies together, such as a parsed site. */
#ifndef PREOP_BASE_MEM_H
#define PREOP_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>

void *xmalloc(size_t size);                  /* never NULL; free() it */
void *xcalloc(size_t n, size_t size);        /* zeroed; the product is checked for overflow */
void *xrealloc_array(void *p, size_t n, size_t size);
char *xstrdup(const char *s);                /* NULL gives NULL */
char *xstrndup(const char *s, size_t len);   /* copies len bytes and adds a NUL */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *xvasprintf(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

struct arena;
struct arena *arena_new(void);               /* arena_free() it */
void arena_free(struct arena *a);            /* everything in it goes; NULL is fine */
void arena_wipe(struct arena *a);            /* as arena_free, and overwrites everything first: for secrets */
void *arena_alloc(struct arena *a, size_t size);                     /* zeroed, aligned for any type */
void *arena_array(struct arena *a, size_t n, size_t size);           /* zeroed; overflow checked */
char *arena_strdup(struct arena *a, const char *s);                  /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A broken invariant of ours: says where, and aborts. Never for input. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
void bug_at(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4), noreturn));

#define N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))

#endif
