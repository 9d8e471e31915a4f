/* A plan carried out into a store: permission, credentials, narrowing, resuming, files, and what each job leaves behind.
 * The targets' names are what the test probes do (tests/lib/test_probe.c): "crash.2" crashes. Nothing is sent but within 127.0.0.0/8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "collect/collect.h"
#include "fact/table_devices.h"
#include "fact/table_interfaces.h"
#include "lib/test_probe.h"

static struct zygote *zygote;

/* --- a site folder, a store, a run ---------------------------------------------------------------------------------------- */

struct world {
    char *dir, *db;
    struct site *site;
    struct credentials *cred;
    struct store *store;
    int64_t run;
    struct collect_options o;
    struct collect_result r;
    struct collection *c; size_t n;
};

static void put_file(const struct world *w, const char *name, const char *text)
{
    char *path = path_join(w->dir, name);
    assert_int_equal(file_write_atomic(path, text, strlen(text), 0600), 0);
    free(path);
}

static void show(const struct diags *d)
{
    for (size_t i = 0; i < d->n; i++)
        printf("# %s:%d: %s\n", d->v[i].file == NULL ? "" : d->v[i].file, d->v[i].line, d->v[i].text);
}

static const char credentials_text[] =
    "key: {ssh: {user: audit, agent: true}}\n"
    "pw: {ssh: {user: audit, password: sesame}}\n"
    "near: {for: [127.0.1.0/24], snmp: {version: 2c, community: public}}\n"
    "com: {snmp: {version: 2c, community: public}}\n"
    "gone: {snmp: {version: 2c, community: {env: PREOP_TEST_NOT_SET}}}\n";

static const char mapping_text[] =
    "mapping: 1\ntitle: Test\nkind: csv\ntables:\n  - {table: interfaces, columns: {name: Name}}\n";

/* targets: the list under `targets:`; authorization NULL: owner. */
static void world_load(struct world *w, const char *authorization, const char *targets)
{
    struct diags d = DIAGS_INIT;
    char *text = xasprintf("preop: 1\nsite: test\nname: Test clinic\nstage: diligence\ntimezone: UTC\nchecklists: [core]\nauthorization: %s\ntargets:\n%s",
                           authorization == NULL ? "owner" : authorization, targets);
    site_free(w->site);
    credentials_free(w->cred);
    put_file(w, "site.yaml", text);
    put_file(w, "credentials.yaml", credentials_text);
    put_file(w, "mappings/csv/test.yaml", mapping_text);
    w->site = site_load(w->dir, &d);
    w->cred = w->site == NULL ? NULL : credentials_load(w->dir, &d);
    if (w->site == NULL || w->cred == NULL)
        show(&d);
    assert_non_null(w->site);
    assert_non_null(w->cred);
    diags_clear(&d);
    free(text);
}

static void run_begin(struct world *w)
{
    struct run run = { .site = xstrdup("test"), .site_name = xstrdup("Test clinic"), .stage = xstrdup("diligence") };
    assert_int_equal(store_run_begin(w->store, &run), 0);
    w->run = run.id;
    run_clear(&run);
}

static int world_setup(void **state)
{
    struct world *w = xcalloc(1, sizeof *w);
    char *why = NULL;
    w->dir = xasprintf("%s/collect-run-%d-XXXXXX", getenv("builddir"), (int)getpid());
    assert_non_null(mkdtemp(w->dir));
    char *maps = path_join(w->dir, "mappings/csv"), *evidence = path_join(w->dir, "evidence");
    assert_int_equal(dir_make(maps, 0700), 0);
    assert_int_equal(dir_make(evidence, 0700), 0);
    free(maps);
    free(evidence);
    w->db = path_join(w->dir, "store/preop.db");
    assert_int_equal(store_open(&w->store, w->db, STORE_WRITE, &why), 0);
    w->o.fast = true;
    run_begin(w);
    *state = w;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static int world_teardown(void **state)
{
    struct world *w = *state;
    collections_free(w->c, w->n);
    collect_result_clear(&w->r);
    site_free(w->site);
    credentials_free(w->cred);
    store_close(w->store);
    nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(w->dir);
    free(w->db);
    free(w);
    return 0;
}

static void check(struct world *w)
{
    struct diags d = DIAGS_INIT;
    struct plan *p = plan_make(w->site, w->cred, w->store, &w->o, clock_now(), &d);
    if (p == NULL)
        show(&d);
    assert_non_null(p);
    collect_result_clear(&w->r);
    assert_int_equal(collect_run(zygote, p, w->site, w->cred, w->store, w->run, &w->o, NULL, NULL, &w->r), 0);
    plan_free(p);
    diags_clear(&d);
    collections_free(w->c, w->n);
    assert_int_equal(store_collections(w->store, w->run, &w->c, &w->n), 0);
}

static void seal(struct world *w)
{
    char hex[SHA256_HEX];
    assert_int_equal(store_run_seal(w->store, w->run, hex), 0);
}

static const struct collection *found(const struct world *w, const char *target, const char *probe, const struct fact_table *t)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->c[i].target, target) == 0 && strcmp(w->c[i].probe, probe) == 0 && w->c[i].table == t)
            return &w->c[i];
    return NULL;
}

static void expect(const struct world *w, const char *target, enum state state, enum reason reason, int64_t rows)
{
    const struct collection *c = NULL;
    for (size_t i = 0; i < w->n && c == NULL; i++)
        if (strcmp(w->c[i].target, target) == 0 && w->c[i].table == &fact_interfaces)
            c = &w->c[i];
    if (c == NULL)
        fail_msg("nothing of %s", target);
    else if (c->state != state || c->reason != reason || c->rows != rows)
        fail_msg("%s: %s, %s (%s), %lld rows", target, state_name(c->state), reason_info(c->reason)->name, c->detail == NULL ? "" : c->detail, (long long)c->rows);
}

#define SSH(name, more) "  - {name: " name ", address: 127.0.1.1, ssh: {use: key, port: 2222" more "}}\n"
#define SNMP(name, cred) "  - {name: " name ", address: 127.0.1.1, snmp: " cred "}\n"

/* --- outcomes ---------------------------------------------------------------------------------------------------------------- */

static void test_each_job_is_stored(void **state)
{
    struct world *w = *state;
    world_load(w, NULL, SSH("rows", "") SSH("crash", "") SSH("exit.1", "") SSH("empty", "") SSH("unsupported", "") SNMP("rows.2", "com") SSH("asked", ""));
    w->o.vantage = "wall port room 4";
    check(w);
    expect(w, "rows", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
    expect(w, "crash", STATE_FAILED, REASON_CRASHED, 0);
    expect(w, "exit.1", STATE_FAILED, REASON_CRASHED, 0);
    expect(w, "empty", STATE_FAILED, REASON_EMPTY, 0);
    expect(w, "unsupported", STATE_UNSUPPORTED, REASON_UNSUPPORTED, 0);
    expect(w, "rows.2", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
    const struct collection *c = found(w, "rows", "ssh", &fact_devices);
    assert_non_null(c);
    assert_int_equal(c->rows, 1);
    assert_int_equal(c->method, METHOD_MEASURED);
    assert_string_equal(c->vantage, "wall port room 4");
    assert_true(c->sandbox != NULL && c->sandbox[0] != '\0');
    assert_int_equal(w->n, 14);      /* every target fills every table of its probe */
    assert_int_equal(w->r.n_jobs, 7);
    assert_int_equal(w->r.n_complete, 7);        /* with the devices of the empty one */
    assert_int_equal(w->r.n_failed, 5);
    assert_int_equal(w->r.n_unsupported, 2);
    assert_int_equal(w->r.n_questions, 1);
    assert_false(w->r.no_view_of_clinic);
    char *log = store_asked_log_path(w->store, w->run);
    struct buf asked = BUF_INIT(65536);
    assert_int_equal(file_read(log, 65536, &asked), 0);
    assert_non_null(strstr(buf_str(&asked), "asked\tssh\t10.0.0.1:161/udp\tGET 1.3 6\n"));      /* one line, whatever the worker said */
    buf_clear(&asked);
    free(log);
}

static void test_nobody_answers(void **state)
{
    struct world *w = *state;
    world_load(w, NULL, SSH("no-answer.1", "") SSH("no-answer.2", "") SSH("unreachable", ""));
    check(w);
    assert_true(w->r.no_view_of_clinic);
    expect(w, "no-answer.1", STATE_FAILED, REASON_NO_VIEW_OF_CLINIC, 0);
    expect(w, "unreachable", STATE_FAILED, REASON_NO_VIEW_OF_CLINIC, 0);
    assert_int_equal(w->r.n_failed, 6);
}

static void test_somebody_answers(void **state)
{
    struct world *w = *state;
    world_load(w, NULL, SSH("no-answer.1", "") SSH("no-answer.2", "") SSH("unreachable", "") SSH("refused", ""));
    check(w);
    assert_false(w->r.no_view_of_clinic);
    expect(w, "no-answer.1", STATE_FAILED, REASON_NO_ANSWER, 0);
    expect(w, "unreachable", STATE_FAILED, REASON_UNREACHABLE, 0);
    expect(w, "refused", STATE_FAILED, REASON_CONNECTION_REFUSED, 0);
}

/* --- permission and credentials ------------------------------------------------------------------------------------------------ */

static void test_permission(void **state)
{
    struct world *w = *state;
    world_load(w,
               "\n  - {by: A. Example, role: COO, organization: Test, on: 2020-01-01, until: 2099-12-31, networks: [127.0.1.0/24, 127.0.3.0/24], never: [127.0.3.0/24], methods: [snmp]}",
               SNMP("rows.1", "com") SSH("rows.2", "") "  - {name: rows.3, address: 127.0.3.1, snmp: com}\n"
               "  - {name: rows.4, address: 127.0.2.1, snmp: com}\n" "  - {name: rows.5, address: 127.0.1.5, snmp: near}\n");
    check(w);
    expect(w, "rows.1", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
    expect(w, "rows.2", STATE_NOT_ASKED, REASON_NOT_PERMITTED, 0);
    expect(w, "rows.3", STATE_NOT_ASKED, REASON_DO_NOT_TOUCH, 0);
    expect(w, "rows.4", STATE_NOT_ASKED, REASON_NOT_PERMITTED, 0);
    expect(w, "rows.5", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
    assert_int_equal(w->r.n_not_asked, 6);
    assert_int_equal(w->r.n_jobs, 2);
    assert_non_null(strstr(found(w, "rows.2", "ssh", &fact_interfaces)->detail, "A. Example"));
}

static void test_credential_networks_and_secrets(void **state)
{
    struct world *w = *state;
    world_load(w, NULL, "  - {name: rows.1, address: 127.0.2.1, snmp: near}\n" SNMP("rows.2", "gone") SNMP("rows.3", "com"));
    check(w);
    expect(w, "rows.1", STATE_NOT_ASKED, REASON_NOT_PERMITTED, 0);
    expect(w, "rows.2", STATE_NOT_ASKED, REASON_SECRET_UNAVAILABLE, 0);
    expect(w, "rows.3", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
}

static void test_names_that_are_not_there(void **state)
{
    struct world *w = *state;
    struct diags d = DIAGS_INIT;
    world_load(w, NULL, SNMP("rows.1", "con") SNMP("rows.2", "key"));
    const char *targets[] = { "rows.l" };
    w->o.targets = targets;
    w->o.n_targets = 1;
    assert_null(plan_make(w->site, w->cred, w->store, &w->o, clock_now(), &d));
    assert_int_equal(d.n_errors, 3);
    struct buf all = BUF_INIT(65536);
    for (size_t i = 0; i < d.n; i++)
        buf_printf(&all, "%s:%d %s\n", d.v[i].file == NULL ? "" : d.v[i].file, d.v[i].line, d.v[i].text);
    assert_non_null(strstr(buf_str(&all), "no target is named \"rows.l\"; did you mean \"rows."));
    assert_non_null(strstr(buf_str(&all), "site.yaml:9 no credential is named \"con\" in credentials.yaml; did you mean \"com\"?"));
    assert_non_null(strstr(buf_str(&all), "site.yaml:10 \"key\" is an ssh credential, and the snmp probe needs an snmp credential"));
    buf_clear(&all);
    diags_clear(&d);
}

/* Planned while it was permitted; asked when the window is about to close, or has closed: nothing is sent past it. */
static void test_window_closes(void **state)
{
    struct world *w = *state;
    int64_t noon = 0;
    assert_true(iso_parse("2026-11-10T12:00:00Z", &noon));           /* a Tuesday */
    const struct { int64_t at; const char *target; enum state state; enum reason reason; } cases[] = {
        { noon - 60, "rows", STATE_COMPLETE, REASON_NONE }, { noon - 1, "rows", STATE_NOT_ASKED, REASON_NOT_PERMITTED },
        { noon, "rows", STATE_NOT_ASKED, REASON_NOT_PERMITTED }, { noon - 4, "hang-rows", STATE_PARTIAL, REASON_TIMEOUT },
    };
    world_load(w, "\n  - {by: A, role: COO, organization: T, on: 2020-01-01, networks: [127.0.1.0/24], methods: [ssh], hours: [\"Mon-Fri 10:00-12:00\"]}",
               SSH("rows", "") SSH("hang-rows", ""));
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct diags d = DIAGS_INIT;
        w->o.targets = (const char *[]){ cases[i].target };
        w->o.n_targets = 1;
        struct plan *p = plan_make(w->site, w->cred, w->store, &w->o, noon - 3600, &d);
        assert_non_null(p);
        assert_int_equal(p->n_to_ask, 1);
        clock_set(cases[i].at);
        int64_t began = clock_mono_ms();
        collect_result_clear(&w->r);
        int err = collect_run(zygote, p, w->site, w->cred, w->store, w->run, &w->o, NULL, NULL, &w->r);
        int64_t took = clock_mono_ms() - began;
        clock_set(-1);
        plan_free(p);
        diags_clear(&d);
        assert_int_equal(err, 0);
        assert_true(took < 4900);
        collections_free(w->c, w->n);
        assert_int_equal(store_collections(w->store, w->run, &w->c, &w->n), 0);
        expect(w, cases[i].target, cases[i].state, cases[i].reason, cases[i].state == STATE_NOT_ASKED ? 0 : TEST_ROWS);
        seal(w);
        run_begin(w);
    }
}

/* Eight servers with one wrong password: it is shown to one, and to nobody in the next run either, until it is said to be right. */
static void test_refused_password_ends_its_credential(void **state)
{
    struct world *w = *state;
    struct buf targets = BUF_INIT(8192);
    for (int i = 1; i <= 8; i++)
        buf_printf(&targets, "  - {name: wrong-password.%d, address: 127.0.1.%d, ssh: pw}\n", i, i);
    buf_puts(&targets, SNMP("rows", "com"));
    world_load(w, NULL, buf_str(&targets));
    check(w);
    assert_int_equal(w->r.n_jobs, 2);            /* one ssh, and the other credential's */
    expect(w, "wrong-password.1", STATE_REFUSED, REASON_WRONG_PASSWORD, 0);
    for (int i = 2; i <= 8; i++) {
        char name[32];
        snprintf(name, sizeof name, "wrong-password.%d", i);
        expect(w, name, STATE_NOT_ASKED, REASON_CREDENTIAL_ENDED, 0);
    }
    seal(w);
    run_begin(w);
    check(w);
    assert_int_equal(w->r.n_jobs, 1);
    expect(w, "wrong-password.1", STATE_NOT_ASKED, REASON_CREDENTIAL_ENDED, 0);
    seal(w);
    run_begin(w);
    const char *again[] = { "pw" };
    w->o.retry_credentials = again;
    w->o.n_retry_credentials = 1;
    check(w);
    assert_int_equal(w->r.n_jobs, 2);
    buf_clear(&targets);
}

/* --- narrowing and resuming ------------------------------------------------------------------------------------------------------ */

static void test_narrowed_run_carries_the_rest(void **state)
{
    struct world *w = *state;
    world_load(w, NULL, SSH("rows.1", "") SSH("rows.2", "") SSH("crash", ""));
    const char *one[] = { "rows.1" };
    w->o.targets = one;
    w->o.n_targets = 1;
    check(w);                        /* nothing earlier: not asked */
    expect(w, "rows.2", STATE_NOT_ASKED, REASON_NARROWED, 0);
    seal(w);
    run_begin(w);
    w->o.n_targets = 0;
    check(w);
    const int64_t whole = found(w, "rows.2", "ssh", &fact_interfaces)->id;
    seal(w);
    run_begin(w);
    w->o.n_targets = 1;
    check(w);
    const struct collection *c = found(w, "rows.2", "ssh", &fact_interfaces);
    assert_int_equal(c->id, whole);
    assert_true(c->carried);
    assert_false(found(w, "rows.1", "ssh", &fact_interfaces)->carried);
    assert_int_equal(w->r.n_jobs, 1);
    seal(w);
    run_begin(w);
    w->o.n_targets = 0;
    w->o.failed_only = true;         /* only the one that crashed */
    check(w);
    assert_int_equal(w->r.n_jobs, 1);
    assert_false(found(w, "crash", "ssh", &fact_interfaces)->carried);
    assert_true(found(w, "rows.1", "ssh", &fact_interfaces)->carried);
    seal(w);
    run_begin(w);
    w->o.failed_only = false;
    w->o.offline = true;
    check(w);
    assert_int_equal(w->r.n_jobs, 0);
    assert_true(found(w, "rows.1", "ssh", &fact_interfaces)->carried);
}

static void interrupt(void *ctx, size_t done, size_t total, size_t rows, size_t watching, int64_t left_ms)
{
    (void)ctx;
    (void)total;
    (void)rows;
    (void)watching;
    (void)left_ms;
    static bool sent;
    if (done >= 1 && !sent)
        sent = kill(getpid(), SIGINT) == 0;
}

static void test_interrupted_and_resumed(void **state)
{
    struct world *w = *state;
    struct diags d = DIAGS_INIT;
    world_load(w, NULL, SSH("rows.1", "") SSH("hang-rows", "") SSH("rows.3", "") SSH("crash", ""));
    w->o.jobs = 1;
    struct plan *p = plan_make(w->site, w->cred, w->store, &w->o, clock_now(), &d);
    assert_non_null(p);
    assert_int_equal(collect_run(zygote, p, w->site, w->cred, w->store, w->run, &w->o, interrupt, NULL, &w->r), 0);
    plan_free(p);
    assert_true(w->r.interrupted);
    assert_int_equal(store_collections(w->store, w->run, &w->c, &w->n), 0);
    expect(w, "rows.1", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
    expect(w, "hang-rows", STATE_PARTIAL, REASON_INTERRUPTED, TEST_ROWS);
    assert_null(found(w, "rows.3", "ssh", &fact_interfaces));
    const int64_t first = found(w, "rows.1", "ssh", &fact_interfaces)->id;
    assert_int_equal(store_run_mark_interrupted(w->store, w->run), 0);
    assert_int_equal(store_run_reopen(w->store, w->run), 0);
    w->o.deadline_ms = 500;
    check(w);
    assert_int_equal(w->r.n_jobs, 3);
    assert_int_equal(found(w, "rows.1", "ssh", &fact_interfaces)->id, first);
    expect(w, "hang-rows", STATE_PARTIAL, REASON_TIMEOUT, TEST_ROWS);
    expect(w, "rows.3", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
    expect(w, "crash", STATE_FAILED, REASON_CRASHED, 0);
    diags_clear(&d);
}

/* --- files ------------------------------------------------------------------------------------------------------------------------ */

static const char file_targets[] =
    "  - {name: file.csv, file: evidence/a.csv, as: csv/test, role: inventory}\n"
    "  - {name: rows.1, address: 127.0.1.1, ssh: key}\n"
    "  - {name: rows.2, address: 127.0.1.2, ssh: key}\n";

static void put_index(const struct world *w, const char *sha256)
{
    char *text = xasprintf("- {file: evidence/a.csv, sha256: %s, from: A. Person, observed: 2020-06-01, received: 2020-06-02}\n", sha256);
    put_file(w, "evidence/index.yaml", text);
    free(text);
}

static void test_file_speaks_of_other_targets(void **state)
{
    struct world *w = *state;
    put_file(w, "evidence/a.csv", "others:rows.1,rows.2\nx\n");
    world_load(w, "\n  - {by: A, role: COO, organization: T, on: 2020-01-01, networks: [127.0.1.0/24], methods: [snmp]}", file_targets);
    check(w);
    const struct collection *own = found(w, "file.csv", "file", &fact_interfaces), *other = found(w, "rows.2", "file", &fact_interfaces);
    assert_non_null(own);
    assert_non_null(other);
    assert_int_equal(own->state, STATE_COMPLETE);
    assert_int_equal(own->rows, 2);
    assert_int_equal(other->rows, 1);
    assert_int_equal(other->method, METHOD_DOCUMENT);
    assert_int_equal(other->observed_at, 1000000000);
    assert_true(other->evidence_id != 0);
    assert_int_equal(found(w, "rows.1", "ssh", &fact_interfaces)->reason, REASON_NOT_PERMITTED);
    assert_int_equal(w->r.n_jobs, 1);            /* a file needs nobody's permission */
    const int64_t was = other->id;
    seal(w);
    run_begin(w);
    const char *one[] = { "rows.1" };
    w->o.targets = one;
    w->o.n_targets = 1;
    check(w);                        /* narrowed: what the file said of others comes along */
    assert_int_equal(found(w, "rows.2", "file", &fact_interfaces)->id, was);
    assert_true(found(w, "rows.2", "file", &fact_interfaces)->carried);
}

static void test_file_is_the_one_that_was_received(void **state)
{
    struct world *w = *state;
    char hex[SHA256_HEX];
    put_file(w, "evidence/a.csv", "Name\nx\n");
    sha256_hex("Name\nx\n", 7, hex);
    put_index(w, hex);
    world_load(w, NULL, file_targets);
    w->o.offline = true;
    check(w);
    expect(w, "file.csv", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
    int64_t observed = 0;
    assert_true(date_parse("2020-06-01", &observed));
    assert_in_range(found(w, "file.csv", "file", &fact_interfaces)->observed_at, observed - 86400, observed + 86400);
    expect(w, "rows.1", STATE_NOT_ASKED, REASON_OFFLINE, 0);
    seal(w);
    run_begin(w);
    put_file(w, "evidence/a.csv", "Name\ny\n");
    check(w);
    expect(w, "file.csv", STATE_FAILED, REASON_FILE_CHANGED, 0);
    seal(w);
    run_begin(w);
    char *path = path_join(w->dir, "evidence/a.csv");
    unlink(path);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    check(w);                        /* a link is not followed */
    assert_int_equal(found(w, "file.csv", "file", &fact_interfaces)->state, STATE_FAILED);
    seal(w);
    run_begin(w);
    unlink(path);
    check(w);
    expect(w, "file.csv", STATE_FAILED, REASON_FILE_MISSING, 0);
    free(path);
}

/* --- keys of hosts, and the agent --------------------------------------------------------------------------------------------------- */

static void test_unknown_host_key_is_recorded(void **state)
{
    struct world *w = *state;
    struct buf known = BUF_INIT(65536);
    char *path = path_join(w->dir, "known_hosts");
    world_load(w, NULL, SSH("peer", ""));
    check(w);
    assert_int_equal(access(path, F_OK), -1);    /* not without being told to */
    seal(w);
    run_begin(w);
    w->o.accept_new = true;
    check(w);
    assert_int_equal(w->r.n_accepted_keys, 1);
    assert_int_equal(strncmp(w->r.accepted_keys[0], "[127.0.1.1]:2222 ssh-ed25519 SHA256:", 36), 0);
    assert_int_equal(file_read(path, 65536, &known), 0);
    assert_int_equal(strncmp(buf_str(&known), "[127.0.1.1]:2222 ssh-ed25519 AAAA", 33), 0);      /* our name of it, not the worker's */
    buf_clear(&known);
    free(path);
}

/* An agent of one key, that signs everything it is asked to. */
static pid_t agent_start(const char *path)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 8), 0);
    pid_t pid = fork();
    if (pid != 0) {
        close(fd);
        return pid;
    }
    for (;;) {
        uint8_t question[4096];
        struct buf key = BUF_INIT(1024), body = BUF_INIT(4096), answer = BUF_INIT(4096);
        int one = accept(fd, NULL, NULL);
        if (one < 0 || recv(one, question, sizeof question, 0) < 5)
            _exit(1);
        buf_put_str(&key, "ssh-ed25519");
        buf_put_bytes(&key, "0123456789abcdef0123456789abcdef", 32);
        if (question[4] == 11) {
            buf_put_u8(&body, 12);
            buf_put_u32(&body, 1);
            buf_put_bytes(&body, key.data, key.len);
            buf_put_str(&body, "comment");
        } else {
            buf_put_u8(&body, 14);
            buf_put_str(&body, "signature");
        }
        buf_put_bytes(&answer, body.data, body.len);
        if (fd_write_all(one, answer.data, answer.len) != 0)
            _exit(1);
        close(one);
        buf_clear(&key);
        buf_clear(&body);
        buf_clear(&answer);
    }
}

static void test_agent_signs_this_login_only(void **state)
{
    struct world *w = *state;
    int dir = open(w->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);        /* a socket's path is short, and the build folder's may be long */
    assert_true(dir >= 0);
    char *socket_path = xasprintf("/proc/self/fd/%d/agent", dir);
    pid_t agent = agent_start(socket_path);
    setenv("SSH_AUTH_SOCK", socket_path, 1);
    world_load(w, NULL, SSH("sign", "") SSH("sign:other-user.1", "") SSH("sign:often.1", ""));
    check(w);
    expect(w, "sign", STATE_COMPLETE, REASON_NONE, TEST_ROWS);
    expect(w, "sign:other-user.1", STATE_FAILED, REASON_MALFORMED, 0);
    expect(w, "sign:often.1", STATE_FAILED, REASON_LIMIT, 0);
    unsetenv("SSH_AUTH_SOCK");
    kill(agent, SIGKILL);
    waitpid(agent, NULL, 0);
    close(dir);
    free(socket_path);
}

struct peers { int n; enum reason reason[8]; char names[8][64]; char verdict[8][32]; };

static void peer_seen(void *ctx, const struct peer_seen *p)
{
    struct peers *seen = ctx;
    assert_true(seen->n < 8);
    seen->reason[seen->n] = p->reason;
    snprintf(seen->names[seen->n], sizeof seen->names[0], "%s %s", p->target->name, p->name);
    snprintf(seen->verdict[seen->n++], sizeof seen->verdict[0], "%s", p->verdict);
}

static void test_peers(void **state)
{
    struct world *w = *state;
    struct peers seen = { .n = 0 };
    world_load(w, NULL, SSH("peer", "") SSH("no-answer", "") SNMP("rows", "com"));
    w->o.jobs = 1;
    assert_int_equal(collect_peers(zygote, w->site, NULL, &w->o, peer_seen, &seen), 0);
    assert_int_equal(seen.n, 2);     /* snmp shows no key */
    assert_string_equal(seen.names[0], "peer [127.0.1.1]:2222");
    assert_string_equal(seen.verdict[0], "unknown");
    assert_int_equal(seen.reason[0], REASON_NONE);
    assert_string_equal(seen.names[1], "no-answer ");
    assert_int_equal(seen.reason[1], REASON_NO_ANSWER);
}

static int setup(void **state)
{
    (void)state;
    return zygote_start(&zygote);
}

static int teardown(void **state)
{
    (void)state;
    zygote_stop(zygote);
    return 0;
}

#define WORLD(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(int argc, char **argv)
{
    if (zygote_invoked(argc, argv))
        return zygote_main();
    const struct CMUnitTest tests[] = {
        WORLD(test_each_job_is_stored), WORLD(test_nobody_answers), WORLD(test_somebody_answers), WORLD(test_permission), WORLD(test_credential_networks_and_secrets),
        WORLD(test_names_that_are_not_there), WORLD(test_window_closes), WORLD(test_refused_password_ends_its_credential), WORLD(test_narrowed_run_carries_the_rest),
        WORLD(test_interrupted_and_resumed), WORLD(test_file_speaks_of_other_targets), WORLD(test_file_is_the_one_that_was_received),
        WORLD(test_unknown_host_key_is_recorded), WORLD(test_agent_signs_this_login_only), WORLD(test_peers),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
