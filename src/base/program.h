/* Another program, run without a shell: what it may see and take is bounded. Parent only; its output is a stranger's. */
#ifndef PREOP_BASE_PROGRAM_H
#define PREOP_BASE_PROGRAM_H

#include <stddef.h>
#include "base/buf.h"
#include "base/err.h"

#define PROGRAM_PATH "/usr/local/bin:/usr/bin:/bin"      /* for env, where nothing else is said */

/* Runs argv (argv[0] is looked for in our PATH) with env as its whole environment, stderr closed off and none of our descriptors. It reads
 * in_len bytes from stdin; what it writes to stdout is appended to out. 0 with *status as of waitpid(), or: -ENOENT not installed, -ETIMEDOUT
 * (it was killed), ERR_LIMIT past out->max (killed), another -errno. out has what came before. */
int program_run(const char *const *argv, char *const *env, const void *in, size_t in_len, int timeout_ms, struct buf *out, int *status) MUST_CHECK;

#endif
