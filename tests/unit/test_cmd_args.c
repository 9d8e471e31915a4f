/* The command line as users type it: the whole program but main(), run in a child of the test; its words and exit statuses. */
#include "lib/cmocka_all.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "checklist/evaluate.h"
#include "cmd/args.h"
#include "store_helper.h"

static char *dir;

struct ran { int status; char *out, *err; };

static char *slurp(const char *path)
{
    struct buf b = BUF_INIT(16u << 20);
    assert_int_equal(file_read(path, b.max, &b), 0);
    return buf_take(&b);
}

static void to_file(const char *path, int fd)
{
    int f = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (f < 0 || dup2(f, fd) < 0)
        _exit(99);
}

/* words: "check --target x", split at blanks; %s stands for the test's folder. */
static struct ran preop(const char *words)
{
    char *copy = xstrdup(words), *argv[32] = { xstrdup("preop") }, *out = xasprintf("%s/stdout", dir), *err = xasprintf("%s/stderr", dir);
    int argc = 1, wait_status = 0;
    for (char *p = copy, *word; (word = strsep(&p, " ")) != NULL && argc < 31;)
        if (*word) {
            const char *place = strstr(word, "%s");
            argv[argc++] = place ? xasprintf("%.*s%s%s", (int)(place - word), word, dir, place + 2) : xstrdup(word);
        }
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        to_file(out, STDOUT_FILENO);
        to_file(err, STDERR_FILENO);
        int status = cmd_main(argc, argv);
        fflush(NULL);
        _exit(status);
    }
    assert_int_equal(waitpid(pid, &wait_status, 0), pid);
    assert_true(WIFEXITED(wait_status));
    struct ran r = { WEXITSTATUS(wait_status), slurp(out), slurp(err) };
    for (int i = 0; i < argc; i++)
        free(argv[i]);
    free(copy);
    free(out);
    free(err);
    return r;
}

static void expect(const char *words, int status, const char *in_out, const char *in_err)
{
    struct ran r = preop(words);
    if (r.status != status || (in_out && !strstr(r.out, in_out)) || (in_err && !strstr(r.err, in_err)))
        fail_msg("preop %s: exit %d, out '%.200s', err '%.300s'", words, r.status, r.out, r.err);
    if (status == EXIT_USAGE && strncmp(r.err, "preop: ", 7) != 0 && !in_out)
        fail_msg("preop %s: says nothing of its own: '%.200s'", words, r.err);
    free(r.out);
    free(r.err);
}

static int set_up(void **state)
{
    (void)state;
    dir = helper_dir();
    char *db = xasprintf("%s/store/preop.db", dir), *data = xasprintf("%s/checklists", getenv("srcdir") ? getenv("srcdir") : ".");
    setenv("PREOP_DB", db, 1);
    setenv("PREOP_DATADIR", data, 1);
    free(db);
    free(data);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    helper_remove(dir);
    return 0;
}

/* --- help --- */

static void every_command_has_help(void **state)
{
    (void)state;
    struct ran all = preop("--help");
    assert_int_equal(all.status, 0);
    assert_string_equal(all.err, "");
    for (size_t i = 0; i < n_commands; i++) {
        const struct cmd *c = commands[i];
        char *words = xasprintf("%s --help", c->name), *about = xasprintf("help %s", c->name), *line = xasprintf("  %-10s %s\n", c->name, c->summary);
        assert_non_null(strstr(all.out, line));
        struct ran r = preop(words), same = preop(about);
        assert_int_equal(r.status, 0);
        assert_string_equal(r.err, "");
        assert_string_equal(r.out, same.out);
        for (size_t k = 0; k < opt_count(c); k++) {
            char *option = xasprintf("--%s", opt_at(c, k)->name);
            assert_non_null(strstr(r.out, option));
            assert_true(strlen(opt_at(c, k)->help) > 0);
            free(option);
        }
        free(words);
        free(about);
        free(line);
        free(r.out);
        free(r.err);
        free(same.out);
        free(same.err);
    }
    free(all.out);
    free(all.err);
}

/* No two options of a command share a name or a letter, and none hides a common one. */
static void options_are_distinct(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_commands; i++)
        for (size_t a = 0; a < opt_count(commands[i]); a++)
            for (size_t b = 0; b < a; b++) {
                const struct opt *x = opt_at(commands[i], a), *y = opt_at(commands[i], b);
                assert_string_not_equal(x->name, y->name);
                assert_true(!x->letter || x->letter != y->letter);
            }
}

static void without_a_command(void **state)
{
    (void)state;
    expect("", EXIT_USAGE, NULL, "usage: preop COMMAND");
    expect("--version", 0, "preop " PACKAGE_VERSION, NULL);
    expect("check --version", 0, "preop " PACKAGE_VERSION, NULL);
    expect("-C %s --help", 0, "usage: preop COMMAND", NULL);
    expect("help", 0, "usage: preop COMMAND", NULL);
    expect("help nosuch", EXIT_USAGE, NULL, "unknown command 'nosuch'");
    expect("-C", EXIT_USAGE, NULL, "-C wants a value");
    expect("--bogus", EXIT_USAGE, NULL, "--bogus");
}

/* --- mistakes --- */

static void mistakes(void **state)
{
    (void)state;
    static const struct { const char *words, *says; } bad[] = {
        { "chek", "unknown command 'chek' (did you mean 'check'?)" },
        { "xyzzy", "unknown command 'xyzzy'; `preop --help` lists them" },
        { "check --dry-rn", "unknown option '--dry-rn' (did you mean --dry-run?)" },
        { "--dry-rn check", "unknown option '--dry-rn'" },
        { "check --frobnicate", "unknown option '--frobnicate'; `preop check --help` lists them" },
        { "check -x", "unknown option '-x'" },
        { "check -xq", "unknown option '-x'" },
        { "check -qx", "unknown option '-x'" },
        { "check --target", "--target wants a value" },
        { "check -j", "-j wants a value" },
        { "check --offline=yes", "--offline takes no value" },
        { "check --target ,", "--target names nothing" },
        { "check --jobs 0", "whole number from 1" },
        { "check --jobs many", "whole number from 1" },
        { "check --jobs 99999999999999999999", "whole number from 1" },
        { "check extra", "'extra' is one too many" },
        { "compare 1 2 3", "'3' is one too many" },
        { "init", "something is missing; usage: preop init DIR" },
        { "lint", "something is missing" },
        { "report --format xml", "--format is one of: text, json, html, brief, svg, dot, pdf; not 'xml'" },
        { "report --audience everybody", "report: --audience is one of: committee, it, seller, insurer, counsel; not 'everybody'" },
        { "facts --format text", "--format is one of: table, csv, json" },
        { "status --format json", "--format is one of: text" },
        { "report --color sometimes", "--color is one of: auto, always, never" },
        { "trust -o file", "there is nothing to write to a file" },
        { "facts interfces", "no table 'interfces' (did you mean 'interfaces'?)" },
        { "explain", "which check?" },
        { "explain --probe snpm", "no probe 'snpm' (did you mean 'snmp'?)" },
        { "evidence burn", "'add FILE...' or 'list', not 'burn'" },
        { "evidence add x.csv", "--from WHO is missing" },
        { "evidence add x.csv --from A --observed yesterday", "--observed YYYY-MM-DD" },
        { "evidence add x.csv --from A --observed 2999-01-01", "in the future" },
    };
    for (size_t i = 0; i < N_ELEMENTS(bad); i++)
        expect(bad[i].words, EXIT_USAGE, NULL, bad[i].says);
}

/* A name out of a terminal's reach does not reach the terminal. */
static void mistakes_are_shown_escaped(void **state)
{
    (void)state;
    struct ran r = preop("\033[31mcheck\a");
    assert_int_equal(r.status, EXIT_USAGE);
    assert_null(strchr(r.err, '\033'));
    assert_null(strchr(r.err, '\a'));
    assert_non_null(strstr(r.err, "\\x1B[31m"));
    free(r.out);
    free(r.err);
}

/* --- a site --- */

static void a_site(void **state)
{
    (void)state;
    expect("init %s/clinic -q", 0, NULL, NULL);
    expect("init %s/clinic", EXIT_USAGE, "", NULL);
    expect("-C %s/clinic status", 0, "none yet: preop check", NULL);
    expect("status -C %s/clinic", 0, "none yet: preop check", NULL);
    expect("--directory=%s/clinic status", 0, "none yet", NULL);
    expect("--color never -C %s/clinic status", 0, "none yet", NULL);
    expect("-C %s/nowhere status", EXIT_USAGE, "", "no site file here");
    expect("-C %s/clinic report", EXIT_USAGE, NULL, "no store");
    expect("-C %s/clinic check --target pc77", EXIT_USAGE, NULL, "no target 'pc77'");
    expect("-C %s/clinic check --probe telnet", EXIT_USAGE, NULL, "no probe 'telnet'");
    expect("-C %s/clinic check --fail-on monday", EXIT_USAGE, NULL, "--fail-on is");
    expect("-C %s/clinic check --label a/b", EXIT_USAGE, NULL, "a label has");
    expect("-C %s/clinic explain CORE-NOTHING-99", EXIT_USAGE, NULL, "no check 'CORE-NOTHING-99'");
    expect("-C %s/clinic explain --probe ssh", 0, "It only reads", NULL);
    expect("facts --schema", 0, "interfaces", NULL);
    expect("facts interfaces --schema --format json", 0, "\"speed_mbps\"", NULL);
}

/* --- -o --- */

static void check_file(const char *path, const char *starts)
{
    struct stat st;
    char *text = slurp(path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(text_starts_with(text, starts));
    free(text);
}

static size_t n_entries(const char *folder)
{
    DIR *d = opendir(folder);
    size_t n = 0;
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    closedir(d);
    return n;
}

static void output_is_whole_or_not_at_all(void **state)
{
    (void)state;
    char *folder = xasprintf("%s/out", dir), *file = xasprintf("%s/out/a", dir), *link_name = xasprintf("%s/out/link", dir);
    assert_int_equal(mkdir(folder, 0700), 0);
    expect("facts --schema -o %s/out/a", 0, "", NULL);
    check_file(file, "\n");
    assert_int_equal(n_entries(folder), 1);
    /* a link stays a link, and what it names is replaced */
    assert_int_equal(symlink("a", link_name), 0);
    expect("facts interfaces --schema --format json -o %s/out/link", 0, "", NULL);
    struct stat st;
    assert_int_equal(lstat(link_name, &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    check_file(file, "[");
    /* what fails leaves the file as it was, and nothing beside it */
    expect("-C %s/clinic2 facts interfaces -o %s/out/a", EXIT_USAGE, "", "no site file");
    expect("facts --schema -o %s/out/missing/a", EXIT_USAGE, "", "cannot be written");
    expect("facts --schema -o %s/out", EXIT_USAGE, "", "cannot be written");
    check_file(file, "[");
    assert_int_equal(n_entries(folder), 2);
    /* devices are written, never replaced */
    expect("facts --schema -o /dev/null", 0, "", NULL);
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    expect("facts --schema -o /dev/full", EXIT_NOT_DONE, "", "cannot be written");
    expect("facts --schema -o -", 0, "interfaces", NULL);
    assert_int_equal(unlink(link_name), 0);
    free(folder);
    free(file);
    free(link_name);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_has_help), cmocka_unit_test(options_are_distinct), cmocka_unit_test(without_a_command), cmocka_unit_test(mistakes),
        cmocka_unit_test(mistakes_are_shown_escaped), cmocka_unit_test(a_site), cmocka_unit_test(output_is_whole_or_not_at_all),
    };
    return cmocka_run_group_tests_name("cmd_args", tests, set_up, tear_down);
}
