/* See store_helper.h. */
#include "store_helper.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"

char *helper_dir(void)
{
    const char *base = getenv("builddir");
    char *dir = xasprintf("%s/store-test-XXXXXX", base != NULL ? base : ".");
    assert_non_null(mkdtemp(dir));
    return dir;
}

static void remove_tree(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    if (d == NULL)
        return;
    while ((e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        char *path = xasprintf("%s/%s", dir, e->d_name);
        if (unlink(path) != 0)
            remove_tree(path);
        free(path);
    }
    closedir(d);
    rmdir(dir);
}

void helper_remove(char *dir)
{
    chmod(dir, 0700);
    remove_tree(dir);
    free(dir);
}

char *helper_db(const char *dir)
{
    return xasprintf("%s/preop.db", dir);
}

struct store *helper_open(const char *path)
{
    struct store *s = NULL;
    char *why = NULL;
    int err = store_open(&s, path, STORE_WRITE, &why);
    if (err != 0)
        fail_msg("%s", why != NULL ? why : err_text(err));
    return s;
}

int64_t helper_run(struct store *s, const char *site)
{
    struct run r = { .site = xstrdup(site), .site_name = xstrdup("Riverside Family Clinic"), .stage = xstrdup("diligence"), .label = xstrdup("pre-close"),
                     .vantage = xstrdup("{\"label\": \"wall port\"}"), .options = xstrdup("{}"), .version = xstrdup("0.1.0") };
    assert_int_equal(store_run_begin(s, &r), 0);
    int64_t id = r.id;
    run_clear(&r);
    return id;
}

int helper_job(struct store *s, int64_t run, int64_t target, size_t n, int64_t speed)
{
    struct intake *in = NULL;
    struct fact_row row;
    char name[32];
    struct collection c = { .target_id = target, .probe = "snmp", .table = &fact_interfaces, .state = STATE_COMPLETE, .method = METHOD_MEASURED,
                            .started = clock_now(), .finished = clock_now(), .observed_at = clock_now(), .ms = 12 };
    int err = intake_begin(s, run, &in);
    if (err != 0)
        return err;
    err = intake_collection(in, &c);
    for (size_t i = 0; err == 0 && i < n; i++) {
        snprintf(name, sizeof(name), "P%zu", i);
        fact_row_init(&row, &fact_interfaces);
        fact_set_str(&row, INTERFACES_NAME, name);
        fact_set_int(&row, INTERFACES_SPEED_MBPS, speed);
        fact_set_int(&row, INTERFACES_ADMIN_UP, 1);
        err = intake_row(in, &row);
    }
    c.table = &fact_hosts;
    if (err == 0)
        err = intake_collection(in, &c);
    for (size_t i = 0; err == 0 && i < n; i++) {
        snprintf(name, sizeof(name), "host%zu", n - i);
        fact_row_init(&row, &fact_hosts);
        fact_set_str(&row, HOSTS_NAME, name);
        err = intake_row(in, &row);
    }
    int ended = intake_commit(in);
    return err != 0 ? err : ended;
}

void helper_interfaces(struct store *s, int64_t run, const char *target, size_t n, int64_t speed)
{
    int64_t id = 0;
    assert_int_equal(store_target_put(s, run, target, "switch", "10.20.0.2", 2, &id), 0);
    assert_int_equal(helper_job(s, run, id, n, speed), 0);
}

int helper_results(struct store *s, int64_t run)
{
    char a[] = "NET-A-01", b[] = "NET-B-01", sw1[] = "sw1", port[] = "[\"P1\"]", port2[] = "[\"P2\"]", gone[] = "[\"P9\"]", pass[] = "pass", fail[] = "fail",
         high[] = "high", measured[] = "measured", old[] = "evidence too old", show[] = "{\"speed_mbps\": 100}", counts[] = "[{\"t\":\"sw1\",\"p\":1,\"f\":1,\"u\":1,\"x\":false}]",
         none[] = "[]", blockers[] = "[\"NET-A-01\"]", close[] = "close", nogo[] = "NO-GO", site[] = "site", domain[] = "domain", net[] = "network", empty[] = "",
         summary[] = "{\"worst_open\": \"high\"}", uuid[] = "00000000-0000-4000-8000-000000000000";
    struct check_result checks[] = {
        { .check_id = a, .status = fail, .n_pass = 1, .n_fail = 1, .n_unknown = 1, .low = 333333333, .high = 666666666, .target_counts = counts },
        { .check_id = b, .status = pass, .n_pass = 3, .low = 1000000000, .high = 1000000000, .target_counts = none },
    };
    struct finding findings[] = {
        { .check_id = a, .target = sw1, .subject = port, .status = FINDING_FAIL, .severity = high, .method = measured, .observed_at = 1700000000, .evidence = show,
          .since_run_uuid = uuid, .since = 1600000000 },
        { .check_id = a, .target = sw1, .subject = port2, .status = FINDING_UNKNOWN, .reason = old, .severity = high },
        { .check_id = a, .target = sw1, .subject = gone, .status = FINDING_PASS, .severity = high, .gone = true },
    };
    struct score_row scores[] = {
        { .level = site, .id = empty, .low = 500000000, .high = 750000000, .measured = 750000000, .adjusted_low = 500000000, .adjusted_high = 750000000, .n_checks = 2 },
        { .level = domain, .id = net, .low = -1, .high = -1, .adjusted_low = -1, .adjusted_high = -1, .n_checks = 2 },
    };
    struct gate_row gates[] = { { .milestone = close, .date = 1800000000, .verdict = nogo, .blockers = blockers, .unproven = none, .waived = none } };
    const struct results r = { .checks = checks, .n_checks = 2, .findings = findings, .n_findings = 3, .scores = scores, .n_scores = 2, .gates = gates, .n_gates = 1, .summary = summary };
    return store_results_put(s, run, &r);
}

int64_t helper_sealed(struct store *s, const char *site, int64_t speed, char seal[SHA256_HEX])
{
    int64_t run = helper_run(s, site);
    assert_int_equal(store_input_put(s, run, "site", "site.yaml", "preop: 1\n", 9), 0);
    helper_interfaces(s, run, "sw1", 5, speed);
    helper_interfaces(s, run, "sw2", 3, 1000);
    assert_int_equal(helper_results(s, run), 0);
    assert_int_equal(store_run_seal(s, run, seal), 0);
    assert_int_equal(strlen(seal), SHA256_HEX - 1);
    return run;
}

int64_t helper_int(struct store *s, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t v = 0;
    assert_int_equal(sql_prepare(s, sql, &st), 0);
    assert_int_equal(sql_int_once(s, st, &v), 0);
    return v;
}

void helper_exec(struct store *s, const char *sql)
{
    assert_int_equal(sql_exec(s, sql), 0);
}

void helper_problem(void *buf, const char *problem)
{
    buf_printf(buf, "%s\n", problem);
}
