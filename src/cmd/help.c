/* What --help prints, out of the commands' tables. Parent. */
#include "base/buf.h"
#include "base/mem.h"
#include "cmd/args.h"

static void print_opts(FILE *out, const struct opt *opts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct buf left = BUF_INIT(256);
        if (opts[i].letter)
            buf_printf(&left, "  -%c, --%s", opts[i].letter, opts[i].name);
        else
            buf_printf(&left, "      --%s", opts[i].name);
        if (opts[i].value)
            buf_printf(&left, " %s", opts[i].value);
        fprintf(out, "%-34s %s\n", buf_str(&left), opts[i].help);
        buf_clear(&left);
    }
}

static void print_formats(const struct cmd *c, FILE *out)
{
    if (!c->formats)
        return;
    fputs("\nFormats: ", out);
    for (size_t i = 0; c->formats[i]; i++)
        fprintf(out, "%s%s", i ? ", " : "", c->formats[i]);
    fputs("\n", out);
}

void help_command(const struct cmd *c, FILE *out)
{
    fprintf(out, "preop %s%s%s\n\n%s.\n", c->name, c->synopsis[0] ? " " : "", c->synopsis, c->summary);
    if (c->details)
        fprintf(out, "\n%s\n", c->details);
    print_formats(c, out);
    if (c->n_opts) {
        fputs("\nOptions\n", out);
        print_opts(out, c->opts, c->n_opts);
    }
    fputs("\nCommon options\n", out);
    print_opts(out, common_opts, n_common_opts);
}

void help_overview(FILE *out)
{
    static const char *const groups[] = { "prepare", "assess", "read", "keep" };
    fputs("preop: is this clinic's technology ready, how do we know, what does it take and by when?\n\n"
          "usage: preop COMMAND [OPTIONS]        preop COMMAND --help\n", out);
    for (size_t g = 0; g < N_ELEMENTS(groups); g++) {
        fprintf(out, "\n%s\n", groups[g]);
        for (size_t i = 0; i < n_commands; i++)
            if (strcmp(commands[i]->group, groups[g]) == 0)
                fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    }
    fputs("\nA first visit: preop init DIR, edit DIR/site.yaml, preop -C DIR check --dry-run, preop -C DIR check\n"
          "Exit status: 0 done, 1 not ready (only with --fail-on), 2 bad usage or file, 3 done but a target could not be read, 4 not done\n", out);
}
