/* Commands: one const struct cmd per file, listed in main.c.
 *
 * Adding a command: 1. cmd/NAME.c with a static option table and one `const struct cmd cmd_NAME`; 2. a line in main.c's table. Options as data give parsing,
 * --help, completion and the manual. Logic that a test wants to call lives in another room. */
#ifndef PREOP_CMD_CMD_H
#define PREOP_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "base/err.h"

enum opt_kind { OPT_FLAG, OPT_TEXT, OPT_INT, OPT_LIST /* repeatable */ };
struct opt {
    const char *name;                /* "dry-run" */
    char letter;                     /* 0: none */
    enum opt_kind kind;
    const char *value;               /* "FILE", for --help */
    const char *help;
};
enum cmd_needs { NEEDS_SITE = 1, NEEDS_STORE_READ = 2, NEEDS_STORE_WRITE = 4 };
struct args;
struct cmd {
    const char *name, *synopsis, *summary, *group;       /* group: prepare, assess, read, keep */
    const struct opt *opts; size_t n_opts;
    int min_args, max_args;          /* -1: any number */
    int (*run)(const struct args *a);        /* an exit status */
};

bool arg_flag(const struct args *a, const char *name);
const char *arg_text(const struct args *a, const char *name);            /* NULL when not given; common options too: "directory", "db", "format", "output" */
bool arg_int(const struct args *a, const char *name, long long *out);    /* false when not given */
size_t arg_list(const struct args *a, const char *name, const char *const **out);
size_t arg_rest(const struct args *a, const char *const **out);

#endif
