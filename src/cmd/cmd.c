/* The command line: from argv to a command with its options, through getopt_long and the commands' tables. Parent; argv is the user's. */
#include "cmd/cmd.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/args.h"

static const struct opt common_opts[] = {
    { "directory", 'C', OPT_TEXT, "DIR", "the site's folder (default: this one)" },
    { "db", 0, OPT_TEXT, "FILE", "the store (default: $PREOP_DB, else $XDG_DATA_HOME/preop/preop.db)" },
    { "format", 0, OPT_TEXT, "FORMAT", "how the result is written" },
    { "output", 'o', OPT_TEXT, "FILE", "write the result to FILE" },
    { "quiet", 'q', OPT_FLAG, NULL, "only the result and errors" },
    { "verbose", 'v', OPT_FLAG, NULL, "say more on stderr" },
    { "color", 0, OPT_TEXT, "WHEN", "auto, always or never" },
    { "help", 'h', OPT_FLAG, NULL, "this text" },
    { "version", 0, OPT_FLAG, NULL, "the version" },
};

static size_t opt_count(const struct cmd *c)
{
    return c->n_opts + N_ELEMENTS(common_opts);
}

static const struct opt *opt_at(const struct cmd *c, size_t i)
{
    return i < c->n_opts ? &c->opts[i] : &common_opts[i - c->n_opts];
}

static size_t opt_place(const struct args *a, const char *name)
{
    for (size_t i = 0; i < opt_count(a->cmd); i++)
        if (strcmp(opt_at(a->cmd, i)->name, name) == 0)
            return i;
    BUG("the command %s has no option --%s", a->cmd->name, name);
}

bool arg_flag(const struct args *a, const char *name)
{
    return a->given[opt_place(a, name)].n > 0;
}

const char *arg_text(const struct args *a, const char *name)
{
    const struct given *g = &a->given[opt_place(a, name)];
    return g->n ? g->v[g->n - 1] : NULL;
}

bool arg_int(const struct args *a, const char *name, long long *out)
{
    const char *text = arg_text(a, name);
    return text && text_parse_int(text, 0, 1000000000, out);
}

size_t arg_list(const struct args *a, const char *name, const char *const **out)
{
    const struct given *g = &a->given[opt_place(a, name)];
    *out = (const char *const *)g->v;
    return g->n;
}

size_t arg_rest(const struct args *a, const char *const **out)
{
    *out = (const char *const *)a->rest.v;
    return a->rest.n;
}

static void given_add(struct given *g, const char *s, size_t len)
{
    g->v = xrealloc_array(g->v, g->n + 2, sizeof(char *));
    g->v[g->n++] = xstrndup(s, len);
    g->v[g->n] = NULL;
}

static void given_add_list(struct given *g, const char *s)
{
    for (;;) {
        size_t len = strcspn(s, ",");
        if (len > 0)
            given_add(g, s, len);
        if (!s[len])
            return;
        s += len + 1;
    }
}

static void given_clear(struct given *g)
{
    for (size_t i = 0; i < g->n; i++)
        free(g->v[i]);
    free(g->v);
}

/* --- help --- */

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

static void print_help(const struct cmd *c, FILE *out)
{
    fprintf(out, "preop %s%s%s\n\n%s.\n", c->name, c->synopsis[0] ? " " : "", c->synopsis, c->summary);
    if (c->details)
        fprintf(out, "\n%s\n", c->details);
    if (c->n_opts) {
        fputs("\nOptions\n", out);
        print_opts(out, c->opts, c->n_opts);
    }
    fputs("\nCommon options\n", out);
    print_opts(out, common_opts, N_ELEMENTS(common_opts));
}

static void print_overview(FILE *out)
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

/* --- parsing --- */

#define LONG_BASE 1000

static int unknown_option(const struct cmd *c, const char *word)
{
    const char **names = xcalloc(opt_count(c) + 1, sizeof(const char *));
    for (size_t i = 0; i < opt_count(c); i++)
        names[i] = opt_at(c, i)->name;
    char *plain = xstrndup(word + strspn(word, "-"), strcspn(word + strspn(word, "-"), "="));
    const char *near = nearest_word(plain, names, opt_count(c));
    int status = near ? fail_usage("%s: unknown option '%s' (did you mean --%s?)", c->name, word, near)
                      : fail_usage("%s: unknown option '%s'; `preop %s --help` lists them", c->name, word, c->name);
    free(names);
    free(plain);
    return status;
}

static int take_option(struct args *a, size_t place, const char *value)
{
    const struct opt *o = opt_at(a->cmd, place);
    long long number;
    if (o->kind == OPT_INT && !text_parse_int(value, 0, 1000000000, &number))
        return fail_usage("%s: --%s wants a whole number, not '%s'", a->cmd->name, o->name, value);
    if (o->kind == OPT_LIST)
        given_add_list(&a->given[place], value);
    else
        given_add(&a->given[place], value ? value : "", value ? strlen(value) : 0);
    return 0;
}

/* argv[0] is the command's name. 0 or an exit status. */
static int parse(struct args *a, int argc, char **argv)
{
    size_t n = opt_count(a->cmd);
    struct option *longs = xcalloc(n + 1, sizeof(*longs));
    struct buf shorts = BUF_INIT(256);
    buf_puts(&shorts, ":");
    for (size_t i = 0; i < n; i++) {
        const struct opt *o = opt_at(a->cmd, i);
        longs[i] = (struct option){ o->name, o->kind == OPT_FLAG ? no_argument : required_argument, NULL, LONG_BASE + (int)i };
        if (o->letter)
            buf_printf(&shorts, "%c%s", o->letter, o->kind == OPT_FLAG ? "" : ":");
    }
    int status = 0, got;
    optind = 1;
    opterr = 0;
    while (!status && (got = getopt_long(argc, argv, buf_str(&shorts), longs, NULL)) != -1) {
        size_t place = n;
        if (got >= LONG_BASE)
            place = (size_t)(got - LONG_BASE);
        for (size_t i = 0; got < LONG_BASE && i < n; i++)
            if (opt_at(a->cmd, i)->letter == got)
                place = i;
        if (got == ':')
            status = fail_usage("%s: %s wants a value", a->cmd->name, argv[optind - 1]);
        else if (place == n)
            status = unknown_option(a->cmd, argv[optind - 1]);
        else
            status = take_option(a, place, optarg);
    }
    for (int i = optind; !status && i < argc; i++)
        given_add(&a->rest, argv[i], strlen(argv[i]));
    free(longs);
    buf_clear(&shorts);
    return status;
}

static int check_counts(const struct args *a)
{
    int n = (int)a->rest.n;
    if (n < a->cmd->min_args)
        return fail_usage("%s: something is missing; usage: preop %s %s", a->cmd->name, a->cmd->name, a->cmd->synopsis);
    if (a->cmd->max_args >= 0 && n > a->cmd->max_args)
        return fail_usage("%s: '%s' is one too many; usage: preop %s %s", a->cmd->name, a->rest.v[a->cmd->max_args], a->cmd->name, a->cmd->synopsis);
    return 0;
}

static const struct cmd *find_command(const char *name)
{
    for (size_t i = 0; i < n_commands; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char **names = xcalloc(n_commands + 1, sizeof(const char *));
    for (size_t i = 0; i < n_commands; i++)
        names[i] = commands[i]->name;
    const char *near = nearest_word(name, names, n_commands);
    int status = near ? fail_usage("unknown command '%s' (did you mean '%s'?)", name, near) : fail_usage("unknown command '%s'; `preop --help` lists them", name);
    free(names);
    return status;
}

static int run_command(const struct cmd *c, int argc, char **argv)
{
    struct args a = { .cmd = c, .given = xcalloc(opt_count(c), sizeof(struct given)) };
    int status = parse(&a, argc, argv);
    if (!status && arg_flag(&a, "help")) {
        print_help(c, stdout);
    } else if (!status && arg_flag(&a, "version")) {
        printf("preop %s\n", PACKAGE_VERSION);
    } else if (!status) {
        if (arg_flag(&a, "quiet"))
            log_set_level(LOG_LEVEL_ERROR);
        if (arg_flag(&a, "verbose"))
            log_set_level(LOG_LEVEL_INFO);
        status = check_counts(&a);
        if (!status)
            status = c->run(&a);
    }
    for (size_t i = 0; i < opt_count(c); i++)
        given_clear(&a.given[i]);
    given_clear(&a.rest);
    free(a.given);
    free(a.output_tmp);
    return status;
}

/* Options that stand before the command (preop -C DIR check) are moved behind it. */
static int split_front(int argc, char **argv, int *command)
{
    int i = 1;
    while (i < argc && argv[i][0] == '-' && argv[i][1]) {
        bool takes_value = strcmp(argv[i], "-C") == 0 || strcmp(argv[i], "--directory") == 0 || strcmp(argv[i], "--db") == 0 || strcmp(argv[i], "--color") == 0;
        i += takes_value ? 2 : 1;
    }
    *command = i < argc ? i : 0;
    return i;
}

int cmd_main(int argc, char **argv)
{
    int at;
    split_front(argc, argv, &at);
    if (at == 0) {
        for (int i = 1; i < argc; i++)
            if (strcmp(argv[i], "--version") == 0) {
                printf("preop %s\n", PACKAGE_VERSION);
                return EXIT_DONE;
            }
        bool asked = argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
        print_overview(asked ? stdout : stderr);
        return asked ? EXIT_DONE : EXIT_USAGE;
    }
    if (strcmp(argv[at], "help") == 0) {
        const struct cmd *about = at + 1 < argc ? find_command(argv[at + 1]) : NULL;
        if (about)
            print_help(about, stdout);
        else
            print_overview(stdout);
        return EXIT_DONE;
    }
    const struct cmd *c = find_command(argv[at]);
    if (!c)
        return unknown_command(argv[at]);
    char **rest = xcalloc((size_t)argc + 1, sizeof(char *));
    int n = 0;
    rest[n++] = argv[at];
    for (int i = 1; i < argc; i++)
        if (i != at)
            rest[n++] = argv[i];
    int status = run_command(c, n, rest);
    free(rest);
    if ((fflush(stdout) || ferror(stdout)) && errno != EPIPE && status == EXIT_DONE)
        status = EXIT_NOT_DONE;
    return status;
}
