/* Another program, run without a shell, with an environment made from nothing and a limit of time. Parent only. */
#ifndef PREOP_REPORT_CONVERTER_H
#define PREOP_REPORT_CONVERTER_H

#include <stdbool.h>
#include "base/buf.h"
#include "base/err.h"

struct converter {
    const char *const *argv;         /* argv[0]: a path with a slash */
    const char *const *env;          /* all of its environment */
    const char *dir;                 /* its folder */
    int timeout_ms;
    bool no_network;                 /* in a network of its own, where nothing is, as far as the kernel lets us */
};

/* Runs it to its end with no input and none of our descriptors. What it says on stdout and stderr goes to said as far as that takes it. 0, whatever it made of it:
 * *status is as waitpid() has it; -ETIMEDOUT when it was killed, with all that it started; or another negative errno. */
int converter_run(const struct converter *p, struct buf *said, int *status) MUST_CHECK;
/* The first of names that is an executable in one of path's folders (a $PATH; only absolute folders count): owned; NULL when none is. */
char *converter_find(const char *const *names, size_t n, const char *path);

#endif
