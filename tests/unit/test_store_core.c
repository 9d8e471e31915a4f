/* Opening, refusing, runs, inputs, targets, results, the lock, the log of questions. */
#include "store_helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"

static void write_file(const char *path, const char *text, mode_t mode)
{
    assert_int_equal(file_write_atomic(path, text, strlen(text), mode), 0);
}

/* Opens and expects a refusal; gives the sentence. */
static char *refused(const char *path, unsigned flags, int expected)
{
    struct store *s = NULL;
    char *why = NULL;
    assert_int_equal(store_open(&s, path, flags, &why), expected);
    assert_null(s);
    assert_non_null(why);
    return why;
}

static void creates_private(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = xasprintf("%s/data/preop/preop.db", dir), *folder = path_dirname(path);
    struct stat st;
    mode_t old = umask(0);
    struct store *s = helper_open(path);
    umask(old);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_string_equal(store_path(s), path);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
    assert_int_equal(helper_int(s, "PRAGMA foreign_keys"), 1);
    assert_int_equal(helper_int(s, "PRAGMA user_version"), store_n_migrations);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%STRICT%'"), 0);
    store_close(s);
    free(folder);
    free(path);
    helper_remove(dir);
}

static void missing_is_not_found(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    char *why = refused(path, STORE_READ, ERR_NOT_FOUND);
    assert_non_null(strstr(why, "preop check"));
    assert_int_equal(access(path, F_OK), -1);
    free(why);
    write_file(path, "", 0600);          /* left by a process that was killed while it made the store */
    free(refused(path, STORE_READ, ERR_NOT_FOUND));
    store_close(helper_open(path));
    free(path);
    helper_remove(dir);
}

static void foreign_is_refused(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), *why;
    struct buf text = BUF_INIT(1 << 20);
    for (int i = 0; i < 500; i++)
        buf_puts(&text, "this is a letter, not a database\n");
    write_file(path, buf_str(&text), 0600);
    for (unsigned flags = STORE_READ; flags <= STORE_WRITE; flags++) {
        why = refused(path, flags, ERR_STORE_FOREIGN);
        assert_non_null(strstr(why, "no SQLite file"));
        free(why);
    }
    struct buf now = BUF_INIT(1 << 20);
    assert_int_equal(file_read(path, 1 << 20, &now), 0);
    assert_string_equal(buf_str(&now), buf_str(&text));
    buf_clear(&now);
    buf_clear(&text);
    unlink(path);

    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE bookmarks (url TEXT)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    chmod(path, 0600);
    why = refused(path, STORE_WRITE, ERR_STORE_FOREIGN);
    assert_non_null(strstr(why, "another program"));
    free(why);
    free(refused(path, STORE_READ, ERR_STORE_FOREIGN));

    char *folder = xasprintf("%s/folder", dir);
    assert_int_equal(mkdir(folder, 0700), 0);
    free(refused(folder, STORE_WRITE, ERR_STORE_FOREIGN));
    free(folder);
    free(path);
    helper_remove(dir);
}

static void newer_is_refused(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    struct store *s = helper_open(path);
    helper_exec(s, "PRAGMA user_version = 4000");
    store_close(s);
    for (unsigned flags = STORE_READ; flags <= STORE_WRITE; flags++) {
        char *why = refused(path, flags, ERR_STORE_NEWER);
        assert_non_null(strstr(why, "newer preop"));
        free(why);
    }
    free(path);
    helper_remove(dir);
}

static void writable_by_others_is_refused(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    store_close(helper_open(path));
    chmod(path, 0620);
    char *why = refused(path, STORE_READ, ERR_NOT_PRIVATE);
    assert_non_null(strstr(why, "chmod 600"));
    free(why);
    free(path);
    helper_remove(dir);
}

static void read_only_folder(void **state)
{
    (void)state;
    if (geteuid() == 0) {
        print_message("root may write everywhere: nothing to test\n");
        skip();
    }
    char *dir = helper_dir(), *path = helper_db(dir), seal[SHA256_HEX], *why;
    struct store *s = helper_open(path);
    helper_sealed(s, "riverside", 1000, seal);
    store_close(s);
    chmod(dir, 0500);
    why = refused(path, STORE_WRITE, -EACCES);
    assert_non_null(strstr(why, dir));
    free(why);
    assert_int_equal(store_open(&s, path, STORE_READ, &why), 0);
    assert_int_equal(store_verify(s, NULL, seal, NULL, NULL, NULL), 0);
    store_close(s);
    char *other = xasprintf("%s/other.db", dir);
    free(refused(other, STORE_WRITE, -EACCES));
    free(other);
    free(path);
    helper_remove(dir);
}

static void reading_cannot_write(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), *why = NULL;
    struct store *s = helper_open(path);
    int64_t run = helper_run(s, "riverside");
    store_close(s);
    assert_int_equal(store_open(&s, path, STORE_READ, &why), 0);
    assert_int_equal(store_run_mark_interrupted(s, run), -EROFS);
    assert_int_equal(sqlite3_exec(store_db(s), "DELETE FROM run", NULL, NULL, NULL) & 0xff, SQLITE_READONLY);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void network_file_systems(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), *why = NULL, seal[SHA256_HEX];
    struct store *s = NULL;
    const struct store_open_options nfs = { .vfs = NULL, .fs_type = 0x6969 };
    assert_true(store_fs_is_remote(0x6969));
    assert_true(store_fs_is_remote((long)(int32_t)0xff534d42));      /* as a 32-bit kernel gives it */
    assert_true(store_fs_is_remote(0x65735546));
    assert_true(store_fs_is_remote(0x01021997));
    assert_false(store_fs_is_remote(0xef53));                        /* ext4 */
    assert_false(store_fs_is_remote(0x01021994));                    /* tmpfs */
    assert_int_equal(store_open_with(&s, path, STORE_WRITE, &nfs, &why), 0);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM pragma_journal_mode WHERE journal_mode = 'delete'"), 1);
    helper_sealed(s, "riverside", 1000, seal);
    assert_int_equal(store_verify(s, NULL, NULL, NULL, NULL, NULL), 0);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void runs(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), seals[3][SHA256_HEX], *why = NULL;
    struct store *s = helper_open(path);
    struct run r, *v = NULL;
    size_t n = 0;
    int64_t id[3], other, open;
    for (int i = 0; i < 3; i++) {
        clock_set(1700000000 + i * 86400);
        id[i] = helper_sealed(s, "riverside", 1000, seals[i]);
    }
    other = helper_sealed(s, "hilltop", 1000, (char[SHA256_HEX]){ 0 });
    open = helper_run(s, "riverside");
    assert_int_equal(store_run_get(s, id[1], &r), 0);
    assert_string_equal(r.site, "riverside");
    assert_string_equal(r.state, "sealed");
    assert_string_equal(r.label, "pre-close");
    assert_string_equal(r.vantage, "{\"label\": \"wall port\"}");
    assert_string_equal(r.narrowed, "");
    assert_string_equal(r.seal, seals[1]);
    assert_string_equal(r.previous_seal, seals[0]);
    assert_int_equal(strlen(r.uuid), 36);
    assert_int_equal(r.started, 1700000000 + 86400);
    assert_int_equal(r.as_of, r.started);
    assert_int_equal(r.finished, r.started);
    assert_false(r.partial);
    run_clear(&r);

    const struct { const char *site, *spec; bool open_too; int64_t expected; } specs[] = {
        { "riverside", NULL, false, id[2] }, { "riverside", "latest", false, id[2] }, { "riverside", "latest", true, open },
        { "riverside", "previous", false, id[1] }, { "riverside", "baseline", false, id[0] }, { "riverside", "@pre-close", false, id[2] },
        { "riverside", "2023-11-15", false, id[1] }, { "riverside", "2023-11-14", false, id[0] }, { "riverside", "2023-11-13", false, 0 },
        { "riverside", "2030-01-01", false, id[2] }, { "riverside", "@nothing", false, 0 }, { "riverside", "yesterday", false, 0 },
        { "hilltop", "latest", false, other }, { "hilltop", "previous", false, 0 }, { "nowhere", "latest", false, 0 }, { NULL, "latest", false, 0 },
        { "riverside", "1", false, 1 }, { "hilltop", "1", false, 0 }, { NULL, "1", false, 1 }, { NULL, "999", false, 0 }, { NULL, "0", false, 0 },
        { "riverside", "5", false, 0 }, { "riverside", "5", true, 5 },
    };
    assert_int_equal(open, 5);
    for (size_t i = 0; i < N_ELEMENTS(specs); i++) {
        int err = store_run_find(s, specs[i].site, specs[i].spec, specs[i].open_too, &r, &why);
        if ((err == 0) != (specs[i].expected != 0) || (err == 0 && r.id != specs[i].expected))
            fail_msg("case %zu (%s): %d, run %lld", i, specs[i].spec, err, (long long)r.id);
        assert_int_equal(why != NULL, err != 0);
        if (err != 0)
            assert_int_equal(err, ERR_NOT_FOUND);
        free(why);
        run_clear(&r);
    }
    assert_int_equal(store_runs(s, "riverside", &v, &n), 0);
    assert_int_equal(n, 4);
    assert_int_equal(v[0].id, open);
    assert_int_equal(v[3].id, id[0]);
    runs_free(v, n);
    char **sites = NULL;
    assert_int_equal(store_sites(s, &sites, &n), 0);
    assert_int_equal(n, 2);
    assert_string_equal(sites[0], "hilltop");
    strings_free(sites, n);
    assert_int_equal(store_run_set_partial(s, open, "target sw1"), 0);
    assert_int_equal(store_run_get(s, open, &r), 0);
    assert_true(r.partial);
    assert_string_equal(r.narrowed, "target sw1");
    run_clear(&r);
    clock_set(-1);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void texts_are_cleaned_at_the_door(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), site[] = "riverside", label[] = "pre\x1b[2J\xff", name[] = "Clínica";
    struct store *s = helper_open(path);
    struct run r = { .site = site, .site_name = name, .label = label }, out;
    int64_t id = 0;
    assert_int_equal(store_run_begin(s, &r), 0);
    free(r.state);
    assert_int_equal(store_run_get(s, r.id, &out), 0);
    assert_string_equal(out.label, "pre\xef\xbf\xbd[2J\xef\xbf\xbd");
    assert_string_equal(out.site_name, "Clínica");
    run_clear(&out);
    assert_int_equal(store_run_find(s, "riverside", "@pre\x1b[2J\xff", true, &out, NULL), 0);        /* and found by what was given */
    run_clear(&out);
    assert_int_equal(store_target_put(s, r.id, "sw1", "role\x07", "\xc0\x80", 1, &id), 0);
    assert_int_equal(helper_int(s, "SELECT role = 'role' || char(0xfffd) AND address = char(0xfffd, 0xfffd) FROM run_target"), 1);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void sealed_runs_do_not_change(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), seal[SHA256_HEX];
    struct store *s = helper_open(path);
    int64_t run = helper_sealed(s, "riverside", 1000, seal), id = 0;
    struct intake *in = NULL;
    assert_int_not_equal(store_input_put(s, run, "site", "x", "x", 1), 0);
    assert_int_not_equal(store_target_put(s, run, "sw9", "", "", 1, &id), 0);
    assert_int_not_equal(intake_begin(s, run, &in), 0);
    assert_null(in);
    assert_int_not_equal(store_collection_link(s, run, 1, true), 0);
    assert_int_not_equal(store_collection_drop(s, run, 1), 0);
    assert_int_not_equal(helper_results(s, run), 0);
    assert_int_not_equal(store_run_seal(s, run, seal), 0);
    assert_string_equal(seal, "");
    assert_int_not_equal(store_run_mark_interrupted(s, run), 0);
    assert_int_not_equal(store_run_reopen(s, run), 0);
    assert_int_not_equal(store_run_set_partial(s, run, "x"), 0);
    assert_int_equal(store_verify(s, NULL, NULL, NULL, NULL, NULL), 0);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void inputs_and_targets(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    struct store *s = helper_open(path);
    struct input *in = NULL;
    struct target_record *t = NULL;
    size_t n = 0;
    int64_t first = helper_run(s, "riverside"), second = helper_run(s, "riverside"), a = 0, b = 0, again = 0;
    const char zero[] = "a\0b";
    assert_int_equal(store_input_put(s, first, "site", "site.yaml", "preop: 1\n", 9), 0);
    assert_int_equal(store_input_put(s, first, "checklist", "core.yaml", zero, 3), 0);
    assert_int_equal(store_input_put(s, first, "waivers", "waivers.yaml", NULL, 0), 0);
    assert_int_equal(store_input_put(s, second, "site", "site.yaml", "preop: 1\n", 9), 0);
    assert_int_equal(helper_int(s, "SELECT count(*) FROM input"), 3);
    assert_int_equal(store_inputs(s, first, &in, &n), 0);
    assert_int_equal(n, 3);
    assert_string_equal(in[0].kind, "site");
    assert_string_equal(in[0].name, "site.yaml");
    assert_string_equal(in[0].bytes, "preop: 1\n");
    assert_int_equal(in[1].len, 3);
    assert_memory_equal(in[1].bytes, zero, 4);
    assert_string_equal(in[2].kind, "waivers");
    assert_int_equal(in[2].len, 0);
    inputs_free(in, n);

    assert_int_equal(store_target_put(s, first, "sw1", "switch", "10.0.0.1", 1, &a), 0);
    assert_int_equal(store_target_put(s, first, "fw1", "firewall", "10.0.0.254", 3, &b), 0);
    assert_int_equal(store_target_put(s, second, "sw1", "switch", "10.0.0.99", 2, &again), 0);
    assert_int_equal(a, again);
    assert_int_equal(store_targets(s, first, &t, &n), 0);
    assert_int_equal(n, 2);
    assert_string_equal(t[0].name, "fw1");
    assert_string_equal(t[1].address, "10.0.0.1");           /* as it was for that run */
    assert_int_equal(t[1].criticality, 1);
    targets_free(t, n);
    assert_int_equal(store_targets(s, second, &t, &n), 0);
    assert_string_equal(t[0].address, "10.0.0.99");
    targets_free(t, n);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void results(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    struct store *s = helper_open(path);
    struct results r;
    int64_t run = helper_run(s, "riverside");
    assert_int_equal(store_results_get(s, run, &r), 0);
    assert_int_equal(r.n_checks, 0);
    assert_string_equal(r.summary, "{}");
    results_clear(&r);
    assert_int_equal(helper_results(s, run), 0);
    assert_int_equal(helper_results(s, run), 0);             /* again replaces */
    assert_int_equal(store_results_get(s, run, &r), 0);
    assert_int_equal(r.n_checks, 2);
    assert_string_equal(r.checks[0].check_id, "NET-A-01");
    assert_int_equal(r.checks[0].low, 333333333);
    assert_int_equal(r.n_findings, 3);
    assert_int_equal(r.findings[0].status, FINDING_FAIL);
    assert_null(r.findings[0].reason);
    assert_int_equal(r.findings[0].observed_at, 1700000000);
    assert_string_equal(r.findings[0].evidence, "{\"speed_mbps\": 100}");
    assert_int_equal(r.findings[0].since, 1600000000);
    assert_string_equal(r.findings[1].reason, "evidence too old");
    assert_int_equal(r.findings[1].observed_at, 0);
    assert_null(r.findings[1].method);
    assert_true(r.findings[2].gone);
    assert_int_equal(r.n_scores, 2);
    assert_string_equal(r.scores[0].level, "site");
    assert_int_equal(r.scores[1].low, -1);
    assert_int_equal(r.scores[1].adjusted_high, -1);
    assert_int_equal(r.n_gates, 1);
    assert_string_equal(r.gates[0].verdict, "NO-GO");
    assert_int_equal(r.gates[0].date, 1800000000);
    assert_string_equal(r.summary, "{\"worst_open\": \"high\"}");
    results_clear(&r);
    /* Longer evidence than there may be costs the evidence, not the run. */
    char *long_text = xcalloc(1, 5000);
    memset(long_text, 'x', 4999);
    struct finding f = { .check_id = xstrdup("X"), .target = xstrdup("t"), .subject = xstrdup("s"), .severity = xstrdup("low"), .evidence = long_text };
    const struct results one = { .findings = &f, .n_findings = 1 };
    assert_int_equal(store_results_put(s, run, &one), 0);
    assert_int_equal(helper_int(s, "SELECT length(evidence) < 100 AND json_valid(evidence) FROM finding"), 1);
    free(f.check_id);
    free(f.target);
    free(f.subject);
    free(f.severity);
    free(long_text);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void credentials_end(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), *text = NULL;
    struct store *s = helper_open(path);
    bool ended = true;
    assert_int_equal(store_credential_ended(s, "riverside", "reader", &ended, &text), 0);
    assert_false(ended);
    assert_null(text);
    assert_int_equal(store_credential_end(s, "riverside", "reader", "dc1", 1700000000), 0);
    assert_int_equal(store_credential_end(s, "riverside", "reader", "dc2", 1700009999), 0);      /* the first refusal stays */
    assert_int_equal(store_credential_ended(s, "riverside", "reader", &ended, &text), 0);
    assert_true(ended);
    assert_string_equal(text, "refused by dc1 at 2023-11-14T22:13:20Z");
    free(text);
    assert_int_equal(store_credential_ended(s, "hilltop", "reader", &ended, NULL), 0);
    assert_false(ended);
    assert_int_equal(store_credential_retry(s, "riverside", "reader"), 0);
    assert_int_equal(store_credential_ended(s, "riverside", "reader", &ended, NULL), 0);
    assert_false(ended);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void one_check_of_a_site_at_a_time(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), *why = NULL;
    struct store *a = helper_open(path), *b = helper_open(path);
    char expected[80];
    clock_set(1700000000);
    assert_int_equal(store_lock_site(a, "riverside", &why), 0);
    assert_null(why);
    assert_int_equal(store_lock_site(b, "riverside", &why), ERR_BUSY);
    snprintf(expected, sizeof(expected), "(pid %ld, since 2023-11-14T22:13:20Z)", (long)getpid());
    assert_non_null(strstr(why, expected));
    free(why);
    assert_int_equal(store_lock_site(b, "hilltop", &why), 0);        /* another site is free */
    store_unlock_site(b);
    store_unlock_site(a);
    assert_int_equal(store_lock_site(b, "riverside", &why), 0);
    store_close(b);                                                  /* unlocks */
    assert_int_equal(store_lock_site(a, "riverside", &why), 0);
    clock_set(-1);
    store_close(a);
    free(path);
    helper_remove(dir);
}

static char *run_state(struct store *s, int64_t run)
{
    struct run r;
    assert_int_equal(store_run_get(s, run, &r), 0);
    char *state = xstrdup(r.state);
    run_clear(&r);
    return state;
}

static void expect_state(struct store *s, int64_t run, const char *expected)
{
    char *now = run_state(s, run);
    assert_string_equal(now, expected);
    free(now);
}

static void killed_checks_are_swept(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir), *why = NULL;
    int ready[2], go[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(go), 0);
    store_close(helper_open(path));
    pid_t pid = fork();
    if (pid == 0) {
        struct store *c = NULL;
        if (store_open(&c, path, STORE_WRITE, NULL) != 0 || store_lock_site(c, "riverside", NULL) != 0)
            _exit(1);
        helper_run(c, "riverside");
        if (write(ready[1], "", 1) != 1 || read(go[0], &byte, 1) < 0)
            _exit(1);
        _exit(0);
    }
    close(go[0]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    struct store *s = helper_open(path);
    assert_int_equal(store_sweep(s), 0);
    expect_state(s, 1, "open");                                      /* its check lives */
    assert_int_equal(store_lock_site(s, "riverside", &why), ERR_BUSY);
    free(why);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    assert_int_equal(store_sweep(s), 0);
    expect_state(s, 1, "interrupted");
    assert_int_equal(store_lock_site(s, "riverside", &why), 0);
    assert_int_equal(store_run_reopen(s, 1), 0);
    assert_int_equal(store_sweep(s), 0);
    expect_state(s, 1, "open");                                      /* ours */
    int64_t mine = helper_run(s, "riverside");
    assert_int_equal(store_sweep(s), 0);
    expect_state(s, 1, "interrupted");                               /* not ours any more */
    expect_state(s, mine, "open");
    store_close(s);
    close(go[1]);
    close(ready[0]);
    close(ready[1]);
    free(path);
    helper_remove(dir);
}

static void questions_are_logged(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    struct store *s = helper_open(path);
    struct stat st;
    struct buf text = BUF_INIT(65536);
    int64_t run = helper_run(s, "riverside");
    assert_int_equal(store_asked_log(s, run, 1700000000123, "sw1", "snmp", "10.20.0.2:161/udp", "GETBULK 1.3.6.1\tx\ny\x1b[2J"), 0);
    assert_int_equal(store_asked_log(s, run, 1700000001000, "sw1", "snmp", "10.20.0.2:161/udp", NULL), 0);
    char *log = store_asked_log_path(s, run), *folder = path_dirname(log);
    store_close(s);
    assert_int_equal(stat(log, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(file_read(log, 65536, &text), 0);
    const char *lines = strchr(buf_str(&text), '\n');
    assert_memory_equal(buf_str(&text), "# run 1 of riverside, ", 22);
    assert_string_equal(lines + 1, "2023-11-14T22:13:20.123Z\tsw1\tsnmp\t10.20.0.2:161/udp\tGETBULK 1.3.6.1 x y\xef\xbf\xbd[2J\n"
                                   "2023-11-14T22:13:21.000Z\tsw1\tsnmp\t10.20.0.2:161/udp\t\n");
    buf_clear(&text);
    free(log);
    free(folder);
    free(path);
    helper_remove(dir);
}

static void evidence_is_never_changed(void **state)
{
    (void)state;
    char *dir = helper_dir(), *path = helper_db(dir);
    struct store *s = helper_open(path);
    int64_t a = 0, b = 0, c = 0;
    assert_int_equal(store_evidence_put(s, "riverside", "evidence/rmm.csv", "00", "MSP", "PCs", 1700000000, 1700000001, &a), 0);
    assert_int_equal(store_evidence_put(s, "riverside", "evidence/rmm.csv", "00", "MSP", "PCs", 1700000000, 1700000001, &b), 0);
    assert_int_equal(store_evidence_put(s, "riverside", "evidence/rmm.csv", "00", "MSP", NULL, 0, 1700000001, &c), 0);
    assert_int_equal(a, b);
    assert_int_not_equal(a, c);
    store_close(s);
    free(path);
    helper_remove(dir);
}

static void default_path(void **state)
{
    (void)state;
    setenv("PREOP_DB", "/x/y.db", 1);
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("HOME", "/home/a", 1);
    char *p = store_default_path();
    assert_string_equal(p, "/x/y.db");
    free(p);
    unsetenv("PREOP_DB");
    p = store_default_path();
    assert_string_equal(p, "/data/preop/preop.db");
    free(p);
    unsetenv("XDG_DATA_HOME");
    p = store_default_path();
    assert_string_equal(p, "/home/a/.local/share/preop/preop.db");
    free(p);
    unsetenv("HOME");                /* never the folder that we happen to be in */
    p = store_default_path();
    assert_int_equal(p[0], '/');
    assert_non_null(strstr(p, "/.local/share/preop/preop.db"));
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(creates_private), cmocka_unit_test(missing_is_not_found), cmocka_unit_test(foreign_is_refused), cmocka_unit_test(newer_is_refused),
        cmocka_unit_test(writable_by_others_is_refused), cmocka_unit_test(read_only_folder), cmocka_unit_test(reading_cannot_write),
        cmocka_unit_test(network_file_systems), cmocka_unit_test(runs), cmocka_unit_test(texts_are_cleaned_at_the_door), cmocka_unit_test(sealed_runs_do_not_change), cmocka_unit_test(inputs_and_targets),
        cmocka_unit_test(results), cmocka_unit_test(credentials_end), cmocka_unit_test(one_check_of_a_site_at_a_time), cmocka_unit_test(killed_checks_are_swept),
        cmocka_unit_test(questions_are_logged), cmocka_unit_test(evidence_is_never_changed), cmocka_unit_test(default_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
