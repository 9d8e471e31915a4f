/* Commands: one const struct cmd per file, listed in main.c.
 *
 * Adding a command: 1. cmd/NAME.c with a static option table and one `const struct cmd cmd_NAME`; 2. its declaration and its line in commands.c. Options as
 * data give parsing, --help and completion. Logic that a test wants to call lives in another room. */
#ifndef PREOP_CMD_CMD_H
#define PREOP_CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "base/err.h"
#include "site/site.h"
#include "store/store.h"

enum opt_kind { OPT_FLAG, OPT_TEXT, OPT_INT, OPT_LIST /* repeatable, and split at commas */, OPT_EACH /* repeatable, each whole */ };
struct opt {
    const char *name;                /* "dry-run" */
    char letter;                     /* 0: none */
    enum opt_kind kind;
    const char *value;               /* "FILE", for --help; NULL for a flag */
    const char *help;
};
struct args;
struct cmd {
    const char *name, *synopsis, *summary, *group;       /* group: prepare, assess, read, keep */
    const char *details;             /* a paragraph or an example for --help; may be NULL */
    const struct opt *opts; size_t n_opts;
    int min_args, max_args;          /* max -1: any number */
    const char *const *formats;      /* what --format takes, NULL at the end, the default first; NULL: only "text" */
    bool no_output;                  /* it does something, or asks somebody: there is no result for -o */
    int (*run)(struct args *a);      /* an exit status */
};
extern const struct cmd *const commands[];               /* commands.c */
extern const size_t n_commands;

/* The whole program but for the internal processes: parses, runs the command, flushes, gives the exit status. */
int cmd_main(int argc, char **argv);

/* What was given. Names are without dashes; asking for one that the command does not declare is a BUG. */
bool arg_flag(const struct args *a, const char *name);
const char *arg_text(const struct args *a, const char *name);            /* NULL when not given */
bool arg_int(const struct args *a, const char *name, long long *out);    /* false when not given */
size_t arg_list(const struct args *a, const char *name, const char *const **out);
size_t arg_rest(const struct args *a, const char *const **out);

/* --- what commands share (context.c) --- */

const char *args_dir(const struct args *a);              /* -C, default "." */
/* The place of --format among the command's formats; the first when it is not given. It was checked before the command ran. */
int args_format(const struct args *a);
/* Where the result goes: stdout or -o FILE. A file appears whole or not at all: a temporary (0600) beside it is renamed by args_output_close(). What is
 * there and no plain file (/dev/null, a pipe) is written as it is. NULL after an error message. */
FILE *args_output(struct args *a);
/* Before long work: false, after the same message, where -o could not be written. */
bool args_output_possible(struct args *a);
/* The status, or EXIT_NOT_DONE when writing failed. With EXIT_USAGE or EXIT_NOT_DONE the file stays as it was. */
int args_output_close(struct args *a, FILE *f, int status);

/* How text may look on the output: its width, colour, UTF-8 (report/style.h has the struct). */
struct style;
void args_style(struct args *a, FILE *f, struct style *out);

/* Loads the folder; all errors are printed. NULL: *status is the exit status. */
struct site *args_site(struct args *a, int *status);
/* Opens the store; the reason is printed. NULL: *status. */
struct store *args_store(struct args *a, unsigned flags, int *status);
/* The site's key: from -C's site.yaml, or --site KEY where the command has it. NULL after an error message. Owned. */
char *args_site_key(struct args *a, int *status);
/* Finds a run of this site by spec (store_run_find); the reason is printed. False: *status. */
bool args_run(struct args *a, struct store *s, const char *site, const char *spec, struct run *out, int *status);
/* Warns of what is wrong in waivers.yaml, decisions.yaml and work.yaml as they are now (checklist/records.h), each thing once, with its place. lists: the folder's
 * checks; NULL: they are loaded. s NULL: there is no store yet. Changes no exit status. */
struct checklists;
void args_records(const struct site *site, const struct checklists *lists, struct store *s);
/* The same, but without what stood so at the end of the sealed run before `run` (the one just made; 0: none was): for who is called by a clock, and hears a thing once. */
void args_records_new(const struct site *site, const struct checklists *lists, struct store *s, int64_t run);
int fail_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));      /* prints "preop: ...", gives EXIT_USAGE */
/* Says that the site has no such target or milestone, and which one may be meant. */
int fail_target(const char *command, const struct site *site, const char *name);
int fail_milestone(const char *command, const struct site *site, const char *name);
int fail_err(int err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));       /* prints, gives exit_for_err(err) */

#endif
