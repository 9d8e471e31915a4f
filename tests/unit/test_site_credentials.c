/* Credentials: what goes into a job, where secrets come from, which files are refused. Works in a folder of its own below the current one. */
#include "lib/cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "site/credential.h"
#include "site/credentials.h"

static char folder[] = "test_site_credentials.XXXXXX";
static char *absolute;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int setup(void **state)
{
    (void)state;
    umask(022);
    if (mkdtemp(folder) == NULL || chmod(folder, 0700) != 0)
        return -1;
    absolute = realpath(folder, NULL);
    return absolute != NULL ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    free(absolute);
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void put_file(const char *name, const char *text, mode_t mode)
{
    char *path = path_join(folder, name);

    assert_int_equal(file_write_atomic(path, text, strlen(text), mode), 0);
    assert_int_equal(chmod(path, mode), 0);
    free(path);
}

static struct credentials *load_text(const char *text, struct diags *diags)
{
    return credentials_parse(folder, "credentials.yaml", text, strlen(text), diags);
}

static struct credentials *must_load(const char *text)
{
    struct diags diags = DIAGS_INIT;
    struct credentials *c = load_text(text, &diags);

    if (c == NULL)
        diags_print(&diags, stderr);
    assert_non_null(c);
    assert_int_equal(diags.n, 0);
    return c;
}

static void expect_key(const struct job *job, const char *key, const char *value)
{
    const char *found = job_get(job, key);

    if (value == NULL && found != NULL)
        fail_msg("%s should not be there", key);
    if (value != NULL && (found == NULL || strcmp(found, value) != 0))
        fail_msg("%s is '%s' and not '%s'", key, found != NULL ? found : "(absent)", value);
}

static struct job *to_job(const struct credentials *c, const char *name, bool with_password)
{
    struct job *job = job_new();
    char *why = NULL;

    if (credentials_to_job(c, name, with_password, job, &why) != 0)
        fail_msg("%s: %s", name, why);
    assert_null(why);
    return job;
}

static void fails(const struct credentials *c, const char *name, const char *expected)
{
    struct job *job = job_new();
    char *why = NULL;

    assert_int_not_equal(credentials_to_job(c, name, true, job, &why), 0);
    assert_string_equal(why, expected);
    free(why);
    job_free(job);
}

static void test_snmp(void **state)
{
    struct credentials *c = must_load(
        "v3: {for: [10.20.0.0/22, \"fd00::/8\"], snmp: {version: 3, user: preop, level: authPriv, auth: SHA, auth_secret: authauth, priv: AES,"
        " priv_secret: {file: priv.txt}, context: vlan-1}}\n"
        "v2: {snmp: {version: 2c, community: \"p: ublic\"}}\n");

    (void)state;
    put_file("priv.txt", "privpriv\n", 0600);
    struct job *job = to_job(c, "v3", true);
    expect_key(job, "snmp.version", "3");
    expect_key(job, "snmp.user", "preop");
    expect_key(job, "snmp.level", "authPriv");
    expect_key(job, "snmp.auth", "SHA-1");
    expect_key(job, "snmp.auth_secret", "authauth");
    expect_key(job, "snmp.priv", "AES-128");
    expect_key(job, "snmp.priv_secret", "privpriv");
    expect_key(job, "snmp.context", "vlan-1");
    expect_key(job, "snmp.community", NULL);
    size_t cursor = 0;
    assert_string_equal(job_next(job, "permit", &cursor), "=10.20.0.0/22");
    assert_string_equal(job_next(job, "permit", &cursor), "=fd00::/8");
    assert_null(job_next(job, "permit", &cursor));
    job_free(job);
    job = to_job(c, "v2", true);
    expect_key(job, "snmp.version", "2c");
    expect_key(job, "snmp.community", "p: ublic");
    expect_key(job, "permit", NULL);
    job_free(job);
    put_file("priv.txt", "short\n", 0600);
    fails(c, "v3", "snmp.priv_secret has fewer than 8 characters: SNMPv3 needs 8 or more");
    credentials_free(c);
}

static void test_ssh(void **state)
{
    struct credentials *c = must_load("admin: {ssh: {user: audit, key: id_ed25519, passphrase: {env: TEST_PASSPHRASE}, agent: true, password: secret}}\n"
                                      "agent: {ssh: {user: audit, agent: true}}\n");

    (void)state;
    put_file("id_ed25519", "-----BEGIN\nkey\n", 0600);
    assert_int_equal(unsetenv("TEST_PASSPHRASE"), 0);
    fails(c, "admin", "environment variable TEST_PASSPHRASE is not set");
    assert_int_equal(setenv("TEST_PASSPHRASE", "open sesame", 1), 0);
    struct job *job = to_job(c, "admin", true);
    expect_key(job, "ssh.user", "audit");
    expect_key(job, "ssh.key", "-----BEGIN\nkey\n");
    expect_key(job, "ssh.passphrase", "open sesame");
    expect_key(job, "ssh.password", "secret");
    job_free(job);
    /* an unknown host key was accepted: it gets no password */
    job = to_job(c, "admin", false);
    expect_key(job, "ssh.password", NULL);
    expect_key(job, "ssh.passphrase", "open sesame");
    job_free(job);
    assert_true(credentials_uses_agent(c, "admin"));
    assert_true(credentials_password_like(c, "admin"));
    assert_false(credentials_password_like(c, "agent"));
    assert_int_equal(unsetenv("TEST_PASSPHRASE"), 0);
    credentials_free(c);
}

static void test_ldap(void **state)
{
    struct credentials *c = must_load(
        "reader: {ldap: {bind_dn: \"cn=a,dc=b\", secret: {env: TEST_LDAP}, base: \"dc=b\", tls: {ca: ca.pem, name: dc1.b}}}\n"
        "cert: {ldap: {bind: external, tls: {cert: c.pem, key: k.pem}}}\n"
        "anon: {ldap: {bind: anonymous}}\n");

    (void)state;
    put_file("ca.pem", "CA", 0644);
    put_file("c.pem", "CERT", 0644);
    put_file("k.pem", "KEY", 0600);
    assert_int_equal(setenv("TEST_LDAP", "", 1), 0);
    /* never a bind with a name and no password */
    fails(c, "reader", "environment variable TEST_LDAP is empty");
    assert_int_equal(setenv("TEST_LDAP", "word", 1), 0);
    struct job *job = to_job(c, "reader", true);
    expect_key(job, "ldap.bind", "simple");
    expect_key(job, "ldap.bind_dn", "cn=a,dc=b");
    expect_key(job, "ldap.secret", "word");
    expect_key(job, "ldap.base", "dc=b");
    expect_key(job, "tls.ca", "CA");
    expect_key(job, "tls.name", "dc1.b");
    job_free(job);
    job = to_job(c, "cert", true);
    expect_key(job, "ldap.bind", "external");
    expect_key(job, "ldap.client_cert", "CERT");
    expect_key(job, "ldap.client_key", "KEY");
    expect_key(job, "ldap.secret", NULL);
    job_free(job);
    assert_true(credentials_password_like(c, "reader"));
    assert_false(credentials_password_like(c, "cert"));
    assert_false(credentials_password_like(c, "anon"));
    assert_int_equal(unsetenv("TEST_LDAP"), 0);
    credentials_free(c);
}

static void test_lookups(void **state)
{
    struct credentials *c = must_load("gear-v3: {for: 10.20.0.0/22, snmp: {version: 2c, community: x}}\nadmin: {ssh: {user: a, agent: true}}\n");
    struct buf text = BUF_INIT(200);
    struct ip in, out;

    (void)state;
    assert_true(ip_parse("10.20.1.1", &in) && ip_parse("10.20.4.1", &out));
    assert_true(credentials_has(c, "admin"));
    assert_false(credentials_has(c, "gear"));
    assert_string_equal(credentials_nearest(c, "gaer-v3"), "gear-v3");
    assert_null(credentials_nearest(c, "something"));
    assert_int_equal(credentials_kind(c, "gear-v3"), CREDENTIAL_SNMP);
    assert_int_equal(credentials_kind(c, "admin"), CREDENTIAL_SSH);
    assert_int_equal(credentials_kind(c, "other"), CREDENTIAL_NONE);
    assert_true(credentials_may_show(c, "gear-v3", &in));
    assert_false(credentials_may_show(c, "gear-v3", &out));
    assert_true(credentials_may_show(c, "admin", &out));
    assert_false(credentials_may_show(c, "other", &in));
    credentials_for_text(c, "gear-v3", &text);
    assert_string_equal(buf_str(&text), "10.20.0.0/22");
    buf_reset(&text);
    credentials_for_text(c, "admin", &text);
    assert_string_equal(buf_str(&text), "");
    fails(c, "other", "credentials.yaml has no credential 'other'");
    buf_clear(&text);
    credentials_free(c);
}

/* --- where secrets come from -------------------------------------------------------------------------------------------- */

static void test_systemd(void **state)
{
    struct credentials *c = must_load("a: {ssh: {user: a, password: {systemd: ssh-pass}}}\n");

    (void)state;
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    fails(c, "a", "systemd credential ssh-pass: CREDENTIALS_DIRECTORY is not set; run this as a unit with LoadCredential=ssh-pass:...");
    put_file("ssh-pass", "from systemd", 0440);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", absolute, 1), 0);
    struct job *job = to_job(c, "a", true);
    expect_key(job, "ssh.password", "from systemd");
    job_free(job);
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    credentials_free(c);
}

static void test_secret_files(void **state)
{
    struct credentials *c = must_load("a: {ssh: {user: a, password: {file: later.txt}}}\n");
    struct diags diags = DIAGS_INIT;
    char *expected = NULL;

    (void)state;
    expected = xasprintf("file %s/later.txt cannot be read: No such file or directory", folder);
    fails(c, "a", expected);
    free(expected);
    put_file("later.txt", "two\nlines\n", 0600);
    expected = xasprintf("file %s/later.txt gave more than one line: a secret is one", folder);
    fails(c, "a", expected);
    free(expected);
    put_file("later.txt", "\n", 0600);
    expected = xasprintf("file %s/later.txt gave nothing", folder);
    fails(c, "a", expected);
    free(expected);
    /* opened to others since it was checked */
    put_file("later.txt", "open\n", 0644);
    expected = xasprintf("%s/later.txt can be read by others (mode 0644): chmod go= '%s/later.txt'", folder, folder);
    fails(c, "a", expected);
    free(expected);
    put_file("later.txt", "windows\r\n", 0600);
    struct job *job = to_job(c, "a", true);
    expect_key(job, "ssh.password", "windows");
    job_free(job);
    credentials_free(c);
    /* known at reading already: with its place */
    put_file("later.txt", "open\n", 0644);
    assert_null(load_text("a: {ssh: {user: a, password: {file: later.txt}}}\n", &diags));
    assert_int_equal(diags.n_errors, 1);
    assert_int_equal(diags.v[0].line, 1);
    assert_int_equal(diags.v[0].column, 37);
    assert_non_null(strstr(diags.v[0].text, "can be read by others"));
    diags_clear(&diags);
    put_file("key", "open\n", 0640);
    assert_null(load_text("a: {ssh: {user: a, key: key}}\n", &diags));
    assert_non_null(strstr(diags.v[0].text, "can be read by others"));
    diags_clear(&diags);
    put_file("ca", "open\n", 0666);
    assert_null(load_text("a: {ldap: {bind: anonymous, tls: {ca: ca}}}\n", &diags));
    assert_non_null(strstr(diags.v[0].text, "can be changed by others"));
    diags_clear(&diags);
}

static void run_command(const char *command, const char *expected, const char *error)
{
    char *text = xasprintf("a: {ssh: {user: a, password: {command: %s}}}\n", command);
    struct credentials *c = must_load(text);
    const char *const names[] = { "a", "no such" };

    fails(c, "a", "command 'env' was not run");
    credentials_prefetch(c, names, 2);
    if (error != NULL) {
        fails(c, "a", error);
    } else {
        struct job *job = to_job(c, "a", true);
        expect_key(job, "ssh.password", expected);
        job_free(job);
    }
    credentials_free(c);
    free(text);
}

static void test_commands(void **state)
{
    (void)state;
    assert_int_equal(setenv("TEST_CANARY", "not for children", 1), 0);
    run_command("[env, printf, \"pass word\\\\n\"]", "pass word", NULL);
    run_command("\"env printf 'pass  word'\"", "pass  word", NULL);
    char *seen = xasprintf("-%s-", getenv("HOME") != NULL ? getenv("HOME") : "");
    run_command("[env, sh, -c, 'printf %s \"$TEST_CANARY-$HOME-$(cat)\"']", seen, NULL);
    free(seen);
    run_command("[env, sh, -c, \"echo a; echo b\"]", NULL, "command 'env' gave more than one line: a secret is one");
    run_command("[env, sh, -c, \"exit 3\"]", NULL, "command 'env' failed with status 3: run it by hand to see why");
    run_command("[env, sh, -c, \"kill -9 $$\"]", NULL, "command 'env' was ended by signal 9");
    run_command("[env, \"true\"]", NULL, "command 'env' gave nothing");
    run_command("[env, head, -c, \"70000\", /dev/zero]", NULL, "command 'env' wrote more than 64 KiB");
}

static void test_command_limits(void **state)
{
    static const char *const sleeper[] = { "sleep", "60", NULL }, *const missing[] = { "/nonexistent/program", NULL };
    static const char *const quiet[] = { "sh", "-c", "exec >&-; sleep 60", NULL };
    struct buf out = BUF_INIT(SECRET_MAX);
    char *why = NULL;
    int64_t begin = clock_mono_ms();

    (void)state;
    assert_int_equal(secret_run(sleeper, 200, &out, &why), -ETIMEDOUT);
    assert_string_equal(why, "command 'sleep' did not end in time");
    free(why);
    assert_int_equal(secret_run(quiet, 200, &out, &why), -ETIMEDOUT);
    free(why);
    assert_true(clock_mono_ms() - begin < 20000);
    assert_int_equal(secret_run(missing, 1000, &out, &why), -ENOENT);
    assert_string_equal(why, "command '/nonexistent/program' cannot be run: No such file or directory");
    free(why);
    assert_int_equal(out.len, 0);
    buf_clear(&out);
}

static void test_no_descriptors_for_commands(void **state)
{
    static const char *const lister[] = { "sh", "-c", "ls /proc/self/fd | tr '\\n' ' '", NULL };
    struct buf out = BUF_INIT(SECRET_MAX);
    char *why = NULL;
    int fd = open("/dev/null", O_RDONLY);    /* not close-on-exec, on purpose */

    (void)state;
    if (access("/proc/self/fd", R_OK) != 0) {
        print_message("# no /proc on this machine\n");
        skip();
    }
    assert_true(fd > 2);
    assert_int_equal(secret_run(lister, 10000, &out, &why), 0);
    /* 3 is the folder that ls itself reads */
    assert_string_equal(buf_str(&out), "0 1 2 3 ");
    (void)close(fd);
    buf_clear(&out);
}

static void test_split(void **state)
{
    static const struct { const char *line, *joined; } cases[] = {
        { "pass show clinic/snmp", "pass|show|clinic/snmp" },
        { "  a\t b  ", "a|b" },
        { "a 'b c' \"d e\" f\\ g h''i", "a|b c|d e|f g|hi" },
        { "a '' b", "a||b" },
        { "a 'x|y;$z' #", NULL },
        { "a x#y ~b c~d", NULL },
        { "a x#y c~d", "a|x#y|c~d" },
        { "a \"\\\"q\\\"\"", "a|\"q\"" },
        { "a | b", NULL }, { "a; b", NULL }, { "a $B", NULL }, { "a `b`", NULL }, { "a > b", NULL }, { "a * b", NULL }, { "a \"$B\"", NULL },
        { "a 'b", NULL }, { "a \"b", NULL }, { "", NULL }, { "   ", NULL }, { "'' a", NULL }, { "a & b", NULL }, { "a (b)", NULL },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct arena *arena = arena_new();
        struct buf joined = BUF_INIT(1000);
        const char *why = NULL, **argv = secret_split_command(arena, cases[i].line, &why);
        for (size_t j = 0; argv != NULL && argv[j] != NULL; j++)
            buf_printf(&joined, "%s%s", j > 0 ? "|" : "", argv[j]);
        if ((argv == NULL) != (cases[i].joined == NULL) || (argv != NULL && strcmp(buf_str(&joined), cases[i].joined) != 0))
            fail_msg("'%s' splits into '%s'", cases[i].line, argv != NULL ? buf_str(&joined) : why);
        buf_clear(&joined);
        arena_free(arena);
    }
}

/* --- the file itself ----------------------------------------------------------------------------------------------------- */

static void refused(const char *words)
{
    struct diags diags = DIAGS_INIT;

    assert_null(credentials_load(folder, &diags));
    assert_int_equal(diags.n_errors, 1);
    if (strstr(diags.v[0].text, words) == NULL)
        fail_msg("'%s' does not say '%s'", diags.v[0].text, words);
    diags_clear(&diags);
}

static void test_file_must_be_private(void **state)
{
    static const mode_t bad[] = { 0640, 0604, 0644, 0660, 0606, 0610 };
    static const char text[] = "a: {ssh: {user: a, agent: true}}\n";
    struct diags diags = DIAGS_INIT;
    char *path = path_join(folder, "credentials.yaml"), *link = path_join(folder, "elsewhere");

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        put_file("credentials.yaml", text, bad[i]);
        refused("by others");
    }
    put_file("credentials.yaml", text, 0400);
    struct credentials *c = credentials_load(folder, &diags);
    assert_non_null(c);
    assert_true(credentials_has(c, "a"));
    credentials_free(c);
    /* a folder in which others can put another file there */
    assert_int_equal(chmod(folder, 0777), 0);
    refused("can be changed by others");
    assert_int_equal(chmod(folder, 0700), 0);
    /* a link to a file that others can read */
    assert_int_equal(rename(path, link), 0);
    assert_int_equal(chmod(link, 0644), 0);
    assert_int_equal(symlink("elsewhere", path), 0);
    refused("by others");
    assert_int_equal(unlink(path), 0);
    c = credentials_load(folder, &diags);
    assert_non_null(c);
    assert_false(credentials_has(c, "a"));
    credentials_free(c);
    put_file("credentials.yaml", "# nothing yet\n\n", 0600);
    c = credentials_load(folder, &diags);
    assert_non_null(c);
    credentials_free(c);
    assert_int_equal(diags.n, 0);
    free(path);
    free(link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snmp),
        cmocka_unit_test(test_ssh),
        cmocka_unit_test(test_ldap),
        cmocka_unit_test(test_lookups),
        cmocka_unit_test(test_systemd),
        cmocka_unit_test(test_secret_files),
        cmocka_unit_test(test_commands),
        cmocka_unit_test(test_command_limits),
        cmocka_unit_test(test_no_descriptors_for_commands),
        cmocka_unit_test(test_split),
        cmocka_unit_test(test_file_must_be_private),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
