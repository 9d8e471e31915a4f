/* Failures of ours: 0, a negative errno, or one of these. (What happens to a target is data, not an error:
 * see fact/reason.h.) Used by every process. */
#ifndef PREOP_BASE_ERR_H
#define PREOP_BASE_ERR_H

enum err {
    ERR_FIRST = -2000,
    ERR_BAD_INPUT = -2000,   /* a file or an option of the user's; the diagnostics say what */
    ERR_NOT_FOUND,           /* no such run, site, check, ... */
    ERR_LIMIT,               /* a maximum of ours was reached */
    ERR_FORMAT,              /* bytes that are not what they should be */
    ERR_NOT_PRIVATE,         /* a secret file that others can read or change */
    ERR_STORE_FOREIGN,       /* not a SQLite file, or not one of ours */
    ERR_STORE_NEWER,         /* made by a newer preop */
    ERR_STORE,               /* SQLite failed; logged where it happened */
    ERR_BUSY,                /* another check of this site is running */
    ERR_SEAL,                /* content and seal differ */
    ERR_INTERRUPTED,         /* Ctrl-C */
    ERR_SANDBOX,             /* the kernel lacks a layer and --require-sandbox was given */
    ERR_INTERNAL,
    ERR_LAST
};

const char *err_text(int err);               /* also for -errno and 0; never NULL */

#define MUST_CHECK __attribute__((warn_unused_result))

/* Exit statuses (design.md section 8). */
enum exit_status { EXIT_DONE = 0, EXIT_READINESS = 1, EXIT_USAGE = 2, EXIT_UNREACHED = 3, EXIT_NOT_DONE = 4 };
int exit_worse(int a, int b);                /* the higher in the order 4, 2, 1, 3, 0 */
int exit_for_err(int err);                   /* 0 for 0; EXIT_USAGE for bad input, not private, not found; else EXIT_NOT_DONE */

#endif
