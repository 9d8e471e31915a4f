/* The command line: from argv to a command with its options, through getopt_long and the commands' tables. Parent; argv is the user's. */
#include "cmd/cmd.h"

#include <errno.h>
#include <getopt.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "cmd/args.h"

const struct opt common_opts[] = {
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
const size_t n_common_opts = N_ELEMENTS(common_opts);

#define OPT_INT_MAX 1000000000

size_t opt_count(const struct cmd *c)
{
    return c->n_opts + N_ELEMENTS(common_opts);
}

const struct opt *opt_at(const struct cmd *c, size_t i)
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
    return text && text_parse_int(text, 1, OPT_INT_MAX, out);
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

/* --- parsing --- */

#define LONG_BASE 1000               /* of getopt_long's values for long options; letters are below */

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
    if (o->kind == OPT_INT && !text_parse_int(value, 1, OPT_INT_MAX, &number))
        return fail_usage("%s: --%s wants a whole number from 1 to %d, not '%s'", a->cmd->name, o->name, OPT_INT_MAX, value);
    /* an empty list is a variable that was not set, and would mean everything */
    if (o->kind == OPT_LIST && strspn(value, ",") == strlen(value))
        return fail_usage("%s: --%s names nothing: '%s'", a->cmd->name, o->name, value);
    if (o->kind == OPT_LIST)
        given_add_list(&a->given[place], value);
    else
        given_add(&a->given[place], value ? value : "", value ? strlen(value) : 0);
    return 0;
}

static size_t place_of(const struct cmd *c, int got)
{
    size_t n = opt_count(c);
    if (got >= LONG_BASE)
        return (size_t)(got - LONG_BASE);
    for (size_t i = 0; i < n; i++)
        if (opt_at(c, i)->letter && opt_at(c, i)->letter == got)
            return i;
    return n;
}

/* What getopt_long could not take: got is ':' or '?', word the one it stopped at. */
static int bad_option(const struct cmd *c, int got, const char *word)
{
    char letter[3] = { '-', (char)optopt, '\0' };
    size_t place = optopt ? place_of(c, optopt) : opt_count(c);
    if (got == ':')
        return fail_usage("%s: %s wants a value", c->name, word);
    if (place < opt_count(c))
        return fail_usage("%s: --%s takes no value: '%s'", c->name, opt_at(c, place)->name, word);
    return unknown_option(c, optopt && optopt < LONG_BASE ? letter : word);
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
        size_t place = got == ':' || got == '?' ? n : place_of(a->cmd, got);
        status = place == n ? bad_option(a->cmd, got, argv[optind - 1]) : take_option(a, place, optarg);
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

static bool one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static int bad_choice(const struct args *a, const char *option, const char *const *words)
{
    struct buf b = BUF_INIT(1024);
    for (size_t i = 0; words[i]; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", words[i]);
    int status = fail_usage("%s: --%s is one of: %s; not '%s'", a->cmd->name, option, buf_str(&b), arg_text(a, option));
    buf_clear(&b);
    return status;
}

/* The common options' values, before a command does anything. */
static int check_common(const struct args *a)
{
    static const char *const whens[] = { "auto", "always", "never", NULL };
    const char *when = arg_text(a, "color"), *format = arg_text(a, "format");
    if (when && !one_of(when, whens))
        return bad_choice(a, "color", whens);
    if (format && !one_of(format, cmd_formats(a->cmd)))
        return bad_choice(a, "format", cmd_formats(a->cmd));
    if (arg_text(a, "output") && a->cmd->no_output)
        return fail_usage("%s: there is nothing to write to a file", a->cmd->name);
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
        help_command(c, stdout);
    } else if (!status && arg_flag(&a, "version")) {
        printf("preop %s\n", PACKAGE_VERSION);
    } else if (!status) {
        if (arg_flag(&a, "quiet"))
            log_set_level(LOG_LEVEL_ERROR);
        if (arg_flag(&a, "verbose"))
            log_set_level(LOG_LEVEL_INFO);
        status = check_counts(&a);
        if (!status)
            status = check_common(&a);
        if (!status)
            status = c->run(&a);
    }
    for (size_t i = 0; i < opt_count(c); i++)
        given_clear(&a.given[i]);
    given_clear(&a.rest);
    free(a.given);
    if (a.output_tmp)
        (void)unlink(a.output_tmp);
    free(a.output_tmp);
    return status;
}

/* Whether this word in front of the command is a common option whose value is the next word. */
static bool takes_next(const char *word)
{
    for (size_t i = 0; i < n_common_opts; i++) {
        const struct opt *o = &common_opts[i];
        bool same = word[1] == '-' ? strcmp(word + 2, o->name) == 0 : o->letter && word[1] == o->letter && !word[2];
        if (same)
            return o->kind != OPT_FLAG;
    }
    return false;
}

static bool given(int argc, char **argv, const char *word)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

/* Without a command. */
static int no_command(int argc, char **argv)
{
    if (given(argc, argv, "--version")) {
        printf("preop %s\n", PACKAGE_VERSION);
        return EXIT_DONE;
    }
    if (given(argc, argv, "--help") || given(argc, argv, "-h")) {
        help_overview(stdout);
        return EXIT_DONE;
    }
    if (argc > 1 && takes_next(argv[argc - 1]))
        return fail_usage("%s wants a value", argv[argc - 1]);
    if (argc > 1)
        return fail_usage("%s: which command? `preop --help` lists them", argv[argc - 1]);
    help_overview(stderr);
    return EXIT_USAGE;
}

static int help(int argc, char **argv)
{
    const struct cmd *about = argc > 0 ? find_command(argv[0]) : NULL;
    if (argc > 0 && !about)
        return unknown_command(argv[0]);
    if (about)
        help_command(about, stdout);
    else
        help_overview(stdout);
    return EXIT_DONE;
}

/* Options that stand before the command (preop -C DIR check) are moved behind it. */
static int dispatch(int argc, char **argv)
{
    int at = 1;
    while (at < argc && argv[at][0] == '-' && argv[at][1])
        at += takes_next(argv[at]) ? 2 : 1;
    if (at >= argc)
        return no_command(argc, argv);
    if (strcmp(argv[at], "help") == 0)
        return help(argc - at - 1, argv + at + 1);
    const struct cmd *c = find_command(argv[at]);
    if (!c)
        return unknown_command(argv[at]);
    char **words = xcalloc((size_t)argc + 1, sizeof(char *));
    int n = 0;
    words[n++] = argv[at];
    for (int i = 1; i < argc; i++)
        if (i != at)
            words[n++] = argv[i];
    int status = run_command(c, n, words);
    free(words);
    return status;
}

int cmd_main(int argc, char **argv)
{
    int status = dispatch(argc, argv);
    if ((fflush(stdout) || ferror(stdout)) && !output_has_no_reader() && status != EXIT_NOT_DONE)
        status = fail_err(-errno, "the output cannot be written: %s", strerror(errno));
    return status;
}
