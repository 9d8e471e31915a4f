/* The inside of struct args: for cmd.c and context.c only. */
#ifndef PREOP_CMD_ARGS_H
#define PREOP_CMD_ARGS_H

#include <stddef.h>
#include "cmd/cmd.h"

struct given { char **v; size_t n; };
struct args {
    const struct cmd *cmd;
    struct given *given;             /* parallel to the command's options, then the common ones */
    struct given rest;
    char *output_tmp;                /* while -o's temporary is open */
};

#endif
