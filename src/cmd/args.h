/* The inside of struct args: for cmd.c, help.c and output.c only. */
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

/* --- options: the command's, then those that all have (cmd.c) --- */

size_t opt_count(const struct cmd *c);
const struct opt *opt_at(const struct cmd *c, size_t i);
extern const struct opt common_opts[];
extern const size_t n_common_opts;

/* --- help.c --- */

void help_command(const struct cmd *c, FILE *out);
void help_overview(FILE *out);

/* The command's formats, NULL at the end. */
const char *const *cmd_formats(const struct cmd *c);

/* Does nobody read standard output any more (`preop facts | head`)? Asked of the pipe: which write failed first, and with which errno, is long past. */
bool output_has_no_reader(void);

#endif
