/* Messages about files that people wrote: file:line:column, what is wrong, what to do. Collected, so that all
 * errors of a file come in one go. */
#ifndef PREOP_BASE_DIAG_H
#define PREOP_BASE_DIAG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

enum diag_level { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

struct diag {
    enum diag_level level;
    char *file;              /* NULL: no file */
    int line, column;        /* from 1; 0: not known */
    char *text;
};
struct diags {
    struct diag *v;
    size_t n, n_errors, n_warnings;
    size_t cap;
};
#define DIAGS_INIT { 0 }
#define DIAGS_MAX 200        /* more are counted, not kept */

void diags_clear(struct diags *d);
void diag_add(struct diags *d, enum diag_level level, const char *file, int line, int column, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
void diag_addv(struct diags *d, enum diag_level level, const char *file, int line, int column, const char *fmt, va_list ap)
    __attribute__((format(printf, 6, 0)));
/* One line each, sorted by file and position, made safe for a terminal. */
void diags_print(const struct diags *d, FILE *out);

/* The nearest of n candidates to word within an edit distance of a third of its length, or NULL. Borrowed. */
const char *nearest_word(const char *word, const char *const *candidates, size_t n);
/* " (did you mean 'x'?)" to stand behind such a word, or "": in out, which it gives back. */
#define DID_YOU_MEAN_LEN 96
const char *did_you_mean(const char *word, const char *const *candidates, size_t n, char out[DID_YOU_MEAN_LEN]);

#endif
