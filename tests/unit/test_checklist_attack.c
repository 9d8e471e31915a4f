/* Checklists that mean harm: each is refused or ended, by itself, and the check beside it still gets its verdict. Some of the harm is done by a function that
 * this program puts into its own child: it crashes, hangs, or tries what the child may not do. */
#include "checklist_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "checklist/checklist.h"

/* --- within the child ------------------------------------------------------------------------------------------------- */

static int try_open(void)
{
    int fd = open("/etc/hostname", O_RDONLY);
    return fd < 0 && errno == EACCES;
}

static int try_write(void)
{
    int fd = open("/tmp/preop-evaluation-was-here", O_CREAT | O_WRONLY, 0600);
    return fd < 0 && errno == EACCES;
}

static int try_environment(void)
{
    return getenv("PREOP_TEST_SECRET") == NULL && getenv("HOME") == NULL && getenv("PATH") != NULL;
}

static int try_descriptors(void)
{
    for (int fd = 5; fd < 256; fd++)
        if (fcntl(fd, F_GETFD) >= 0 && lseek(fd, 0, SEEK_CUR) < 0 && errno == ESPIPE)
            return 0;            /* a pipe or a socket of the parent's */
    return 1;
}

/* Stands in for instr(): its first argument says what to do. */
static void act(sqlite3_context *c, int n, sqlite3_value **v)
{
    const char *what = (const char *)sqlite3_value_text(v[0]);
    int result = 0;
    (void)n;
    if (strcmp(what, "crash") == 0)
        raise(SIGKILL);
    else if (strcmp(what, "hang") == 0)
        for (volatile unsigned i = 0;; i++)
            ;
    else if (strcmp(what, "garbage") == 0)
        result = (int)write(4, "\377\377\377\377garbage", 11);
    else if (strcmp(what, "socket") == 0)
        result = socket(AF_INET, SOCK_STREAM, 0);
    else if (strcmp(what, "exec") == 0)
        result = execl("/bin/true", "true", (char *)NULL);
    else if (strcmp(what, "fork") == 0)
        result = fork();
    else if (strcmp(what, "kill") == 0)
        result = kill(getppid(), 0);
    else if (strcmp(what, "open") == 0)
        result = try_open();
    else if (strcmp(what, "write") == 0)
        result = try_write();
    else if (strcmp(what, "environment") == 0)
        result = try_environment();
    else if (strcmp(what, "descriptors") == 0)
        result = try_descriptors();
    sqlite3_result_int(c, result);
}

static int put_act(sqlite3 *db, char **message, const struct sqlite3_api_routines *api)
{
    (void)message;
    (void)api;
    return sqlite3_create_function(db, "instr", 2, SQLITE_UTF8, NULL, act, NULL, NULL);
}

/* --- refused ---------------------------------------------------------------------------------------------------------- */

static void start(struct fx *f)
{
    fx_open(f);
    fx_collect(f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=1000 alias=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\nname=P2 speed_mbps=10");
}

/* What the loader refuses: the scanner's sentences. */
static void refused_by_scanner(void **state)
{
    static const char *const attacks[][2] = {
        { "1) UNION SELECT 1, 2, 3 FROM (SELECT 1", "a closing bracket has no opening one" },
        { "(1", "a bracket is not closed" },
        { "1; DELETE FROM interfaces", "a second statement is not allowed" },
        { "1 -- the rest is gone", "comments are not allowed in an expression" },
        { "1 /* and this", "comments are not allowed in an expression" },
        { "name = 'open", "a quote is not closed, or holds a control character" },
        { ":secret = 1", "this param is not declared under params:" },
        { "?1 = 1", "this character is not allowed in an expression" },
        { "[speed_mbps] = 1", "this character is not allowed in an expression" },
        { "`speed_mbps` = 1", "this character is not allowed in an expression" },
        { "$speed = 1", "this character is not allowed in an expression" },
        { "", "the expression is empty" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
        size_t at = 0;
        const char *bad = expression_scan(attacks[i][0], NULL, 0, &at);
        assert_non_null(bad);
        assert_string_equal(bad, attacks[i][1]);
    }
    size_t at = 0;
    assert_null(expression_scan("name = ')' AND \"alias\" <> '--;''(' AND (speed_mbps) > 1", NULL, 0, &at));
}

/* What compiles as an expression and is refused as an act. */
static void refused_by_authorizer(void **state)
{
    static const char checks[] =
        "{id: A-1, facts: interfaces, pass: load_extension('evil') IS NULL}\n"
        "{id: A-2, facts: interfaces, pass: \"printf('%1000000000d', 1) IS NULL\"}\n"
        "{id: A-3, facts: interfaces, pass: \"EXISTS (SELECT 1 FROM finding)\"}\n"
        "{id: A-4, facts: interfaces, pass: \"EXISTS (SELECT 1 FROM main.interfaces)\"}\n"
        "{id: A-5, facts: interfaces, pass: \"EXISTS (SELECT 1 FROM sqlite_temp_master)\"}\n"
        "{id: A-6, facts: interfaces, pass: \"EXISTS (SELECT 1 FROM pragma_database_list)\"}\n"
        "{id: A-7, facts: interfaces, pass: \"EXISTS (SELECT 1 FROM json_each('[1]'))\"}\n"
        "{id: A-8, facts: interfaces, pass: randomblob(9) IS NULL}\n"
        "{id: A-9, facts: interfaces, pass: current_timestamp > name}\n"
        "{id: B-1, query: \"DELETE FROM interfaces RETURNING target, subject, 1 AS ok\"}\n"
        "{id: B-2, query: \"ATTACH '/tmp/x' AS y\"}\n"
        "{id: B-3, query: \"WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT NULL AS target, x AS subject, 1 AS ok FROM c\"}\n"
        "{id: B-4, query: \"WITH interfaces AS (SELECT * FROM main.interfaces) SELECT NULL AS target, subject, 1 AS ok FROM interfaces\"}\n"
        "{id: B-5, query: \"WITH _interfaces AS (SELECT * FROM main.interfaces) SELECT NULL AS target, subject, 1 AS ok FROM _interfaces\"}\n"
        "{id: B-6, query: \"SELECT NULL AS target, count(*) AS subject, 1 AS ok FROM finding\"}\n"
        "{id: B-7, query: \"PRAGMA user_version\"}\n"
        "{id: B-8, query: \"SELECT key AS target, name AS subject, 1 AS ok FROM site\"}\n"
        "{id: B-9, query: \"WITH c AS (SELECT target, 1 AS one FROM interfaces), d AS (DELETE FROM interfaces) SELECT NULL AS target, 1 AS subject, 1 AS ok FROM c\"}\n"
        "{id: C-1, facts: interfaces, pass: speed_mbps >= 1000}\n";
    static const char *const expected[][2] = {
        { "A-1", "may not call load_extension" }, { "A-2", "may not call printf" }, { "A-3", "fact tables only, not finding" }, { "A-4", "fact tables only, not interfaces" },
        { "A-5", "not sqlite_" }, { "A-6", "a check may only SELECT" }, { "A-7", "a check may only SELECT" }, { "A-8", "may not call randomblob" }, { "A-9", "may not call current_timestamp" },
        { "B-1", "a query begins with SELECT or WITH" }, { "B-2", "a query begins with SELECT or WITH" }, { "B-3", "may not use WITH RECURSIVE" }, { "B-4", "fact tables only, not interfaces" },
        { "B-5", "fact tables only, not interfaces" }, { "B-6", "fact tables only, not finding" }, { "B-7", "a query begins with" }, { "B-8", "fact tables only, not site" }, { "B-9", "syntax error" },
    };
    struct fx f;
    (void)state;
    start(&f);
    struct evaluation *e = fx_evaluate(&f, checks, NULL);
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        fx_expect_error(e, expected[i][0], expected[i][1]);
    fx_expect(e, "C-1", "sw1", 1, 1, 0, false);
    evaluation_free(e);
    assert_int_equal(helper_int(f.s, "SELECT count(*) FROM interfaces"), 2);
    fx_close(&f);
}

static void aggregates_fold_nothing(void **state)
{
    struct fx f;
    (void)state;
    start(&f);
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, pass: count(*) > 0, null_ok: x}\n"
        "{id: A-2, facts: interfaces, where: max(speed_mbps) > 1, pass: 1}\n"
        "{id: C-1, facts: interfaces, pass: speed_mbps >= 1000}\n", NULL);
    fx_expect_error(e, "A-1", "misuse of aggregate");
    fx_expect_error(e, "A-2", "misuse of aggregate");
    fx_expect(e, "C-1", "sw1", 1, 1, 0, false);
    evaluation_free(e);
    fx_close(&f);
}

/* --- ended ------------------------------------------------------------------------------------------------------------ */

/* Over the limit is NULL with a reason, and takes no time. */
static void catastrophic_pattern(void **state)
{
    struct fx f;
    (void)state;
    start(&f);
    int64_t before = clock_mono_ms();
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, where: alias IS NOT NULL, pass: \"regexp('^(a+)+$', alias)\"}\n"
        "{id: A-2, facts: interfaces, pass: \"regexp('(', name)\"}\n"
        "{id: C-1, facts: interfaces, pass: speed_mbps >= 1000}\n", NULL);
    assert_true(clock_mono_ms() - before < 5000);
    fx_expect(e, "A-1", "sw1", 0, 0, 1, false);
    assert_string_equal(fx_subject(fx_check(e, "A-1"), "sw1", "[\"P1\"]")->reason, "a text pattern took too long on this value");
    fx_expect_error(e, "A-2", "regexp: missing closing parenthesis");
    fx_expect(e, "C-1", "sw1", 1, 1, 0, false);
    evaluation_free(e);
    fx_close(&f);
}

static void endless_join(void **state)
{
    struct fx f;
    struct buf rows = BUF_INIT(1 << 20);
    (void)state;
    fx_open(&f);
    for (int i = 0; i < 400; i++)
        buf_printf(&rows, "name=P%d speed_mbps=1000\n", i);
    fx_collect(&f, "sw1", "interfaces", NULL, buf_str(&rows));
    const struct evaluate_options o = { .limit_ms = 12000 };
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, query: \"SELECT NULL AS target, NULL AS subject, (SELECT count(*) FROM interfaces AS a, interfaces AS b, interfaces AS c, interfaces AS d) = 0 AS ok\", null_ok: x}\n"
        "{id: A-2, facts: interfaces, pass: \"(SELECT sum(a.speed_mbps * b.speed_mbps) FROM interfaces AS a, interfaces AS b, interfaces AS c) > 0\"}\n"
        "{id: A-3, query: \"SELECT NULL AS target, NULL AS subject, length(group_concat(replace(hex.x, 'P', (SELECT group_concat(name) FROM interfaces)))) > 0 AS ok"
        " FROM (SELECT a.name || b.name || c.name AS x FROM interfaces AS a, interfaces AS b, interfaces AS c) AS hex\", null_ok: x}\n"
        "{id: C-1, facts: interfaces, pass: speed_mbps >= 1000}\n"
        "{id: C-2, query: \"SELECT target, subject, 1 AS ok FROM interfaces\"}\n", &o);
    fx_expect_error(e, "A-1", "over the time limit");
    fx_expect_error(e, "A-2", "over the time limit");
    assert_true(fx_check(e, "A-3")->erred);          /* too big or too slow, whatever comes first */
    fx_expect(e, "C-1", "sw1", 400, 0, 0, false);    /* shared a statement with A-2 */
    fx_expect(e, "C-2", "sw1", 400, 0, 0, false);
    evaluation_free(e);
    buf_clear(&rows);
    fx_close(&f);
}

/* The whole has an end too: what was not reached says so. */
static void deadline(void **state)
{
    struct fx f;
    (void)state;
    start(&f);
    const struct evaluate_options o = { .limit_ms = 600 };
    int64_t before = clock_mono_ms();
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, pass: \"instr('hang', name) = 1\"}\n{id: A-2, query: \"SELECT target, subject, 1 AS ok FROM interfaces\"}\n", &o);
    assert_true(clock_mono_ms() - before < 10000);
    fx_expect_error(e, "A-1", "over the time limit");
    fx_expect_error(e, "A-2", "over the time limit");
    evaluation_free(e);
    fx_close(&f);
}

static void child_dies(void **state)
{
    struct fx f;
    (void)state;
    start(&f);
    const struct evaluate_options o = { .limit_ms = 20000 };
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, pass: \"instr('crash', name) = 1\"}\n"
        "{id: A-2, facts: interfaces, pass: \"instr('hang', name) = 1\"}\n"
        "{id: A-3, facts: interfaces, pass: \"instr('garbage', name) = 1\"}\n"
        "{id: A-4, query: \"SELECT target, subject, instr('crash', name) AS ok FROM interfaces\"}\n"
        "{id: C-1, facts: interfaces, pass: speed_mbps >= 1000}\n"
        "{id: C-2, query: \"SELECT target, subject, speed_mbps >= 1000 AS ok FROM interfaces\"}\n", &o);
    fx_expect_error(e, "A-1", "ended unexpectedly");
    fx_expect_error(e, "A-2", "over the time limit");
    fx_expect_error(e, "A-3", "answered nonsense");
    fx_expect_error(e, "A-4", "ended unexpectedly");
    fx_expect(e, "C-1", "sw1", 1, 1, 0, false);
    assert_int_equal(fx_check(e, "C-1")->n_subjects, 1);         /* said twice, kept once */
    fx_expect(e, "C-2", "sw1", 1, 1, 0, false);
    evaluation_free(e);
    fx_close(&f);
}

static void forbidden_acts(void **state)
{
    struct fx f;
    (void)state;
    start(&f);
    setenv("PREOP_TEST_SECRET", "canary", 1);
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, pass: \"instr('environment', name) = 1\"}\n"
        "{id: A-2, facts: interfaces, pass: \"instr('descriptors', name) = 1\"}\n", NULL);
    fx_expect(e, "A-1", "sw1", 2, 0, 0, false);
    fx_expect(e, "A-2", "sw1", 2, 0, 0, false);
    evaluation_free(e);
#ifdef PREOP_NO_SANDBOX
    print_message("# the sandbox is left out of this build: what it denies is not tried\n");
#else
    e = fx_evaluate(&f,
        "{id: B-1, facts: interfaces, pass: \"instr('open', name) = 1\"}\n"
        "{id: B-2, facts: interfaces, pass: \"instr('write', name) = 1\"}\n"
        "{id: B-3, facts: interfaces, pass: \"instr('socket', name) = 1\"}\n"
        "{id: B-4, facts: interfaces, pass: \"instr('exec', name) = 1\"}\n"
        "{id: B-5, facts: interfaces, pass: \"instr('fork', name) = 1\"}\n"
        "{id: B-6, facts: interfaces, pass: \"instr('kill', name) = 1\"}\n", NULL);
    fx_expect(e, "B-1", "sw1", 2, 0, 0, false);      /* an error */
    fx_expect(e, "B-2", "sw1", 2, 0, 0, false);
    fx_expect_error(e, "B-3", "ended unexpectedly"); /* the end */
    fx_expect_error(e, "B-4", "ended unexpectedly");
    fx_expect_error(e, "B-5", "ended unexpectedly");
    fx_expect_error(e, "B-6", "ended unexpectedly");
    assert_int_equal(access("/tmp/preop-evaluation-was-here", F_OK), -1);
    evaluation_free(e);
#endif
    fx_close(&f);
}

/* Nothing of ours may be left behind, whatever happened to the children. */
static void no_zombies(void **state)
{
    (void)state;
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv)) {
        sqlite3_auto_extension((void (*)(void))put_act);
        return evaluate_child_main();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_by_scanner), cmocka_unit_test(refused_by_authorizer), cmocka_unit_test(aggregates_fold_nothing), cmocka_unit_test(catastrophic_pattern),
        cmocka_unit_test(endless_join), cmocka_unit_test(deadline), cmocka_unit_test(child_dies), cmocka_unit_test(forbidden_acts), cmocka_unit_test(no_zombies),
    };
    return cmocka_run_group_tests_name("checklist_attack", tests, NULL, NULL);
}
