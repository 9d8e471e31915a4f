/* Checklists from files: values, every error as it is printed, overlays, lint; and the pure parts below: types of comparisons, versions. */
#include "store_helper.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/path.h"
#include "checklist/checklist.h"
#include "checklist/evaluate.h"
#include "checklist/functions.h"
#include "checklist/types.h"
#include "site/site.h"

static void print_diags(const struct diags *d, struct buf *out)
{
    buf_reset(out);
    for (size_t i = 0; i < d->n; i++)
        buf_printf(out, "%d:%d: %s%s\n", d->v[i].line, d->v[i].column, d->v[i].level == DIAG_WARNING ? "warning: " : d->v[i].level == DIAG_NOTE ? "note: " : "", d->v[i].text);
}

static struct checklists *load(const char *yaml, const char *overlay, struct diags *d)
{
    struct checklist_file f[2] = { { .name = "one", .bytes = yaml, .len = strlen(yaml) }, { .name = "mine", .bytes = overlay, .len = overlay != NULL ? strlen(overlay) : 0 } };
    return checklists_load_files(f, overlay != NULL ? 2 : 1, NULL, d);
}

static const char sample[] =
    "checklist: network\n"
    "version: 3\n"
    "title: Network readiness\n"
    "domains: {network-capacity: {title: Capacity of the network, weight: 2}}\n"
    "checks:\n"
    "  - id: NET-UPLINK-01\n"
    "    title: Uplinks run at 1 Gb/s or faster, full duplex\n"
    "    domain: network-capacity\n"
    "    severity: high\n"
    "    gate: connect\n"
    "    gate_plans: [trust, merge]\n"
    "    facts: interfaces\n"
    "    where: alias = 'uplink' AND admin_up\n"
    "    pass: speed_mbps >= :min_mbps AND duplex <> 'half'\n"
    "    params: {min_mbps: 1000, share: 0.5, word: \"7\"}\n"
    "    grade: [{when: speed_mbps < 100, severity: critical}]\n"
    "    show: [alias, speed_mbps, duplex]\n"
    "    evidence: measured\n"
    "    max_age: 90d\n"
    "    vantage: inside\n"
    "    why: Every computer behind a slow uplink waits whenever images or charts are opened.\n"
    "    impact: {clinician-efficiency: high, patient-access: medium}\n"
    "    fix: Replace the optics or the cable.\n"
    "    fix_group: replace-switch\n"
    "    effort_days: [0.25, 1]\n"
    "    cost: [50, 400]\n"
    "    cost_basis: list price\n"
    "    lead_days: 5\n"
    "    owner: it-infrastructure\n"
    "    horizon: 6-months\n"
    "    depends: [NET-A-02]\n"
    "    refs: {hipaa: [\"164.308(a)(1)\"], nist-csf: [PR.IR-04]}\n"
    "    was: [NET-OLD-01]\n"
    "  - {id: NET-A-02, title: Second, domain: other, severity: low, facts: hosts, pass: cpus > 1}\n";

static void values(void **state)
{
    struct diags d = DIAGS_INIT;
    (void)state;
    struct checklists *c = load(sample, NULL, &d);
    assert_non_null(c);
    assert_int_equal(d.n, 0);
    assert_int_equal(c->n_checks, 2);
    assert_string_equal(c->checks[0].id, "NET-A-02");        /* by id */
    const struct check *k = checklists_find(c, "NET-UPLINK-01");
    assert_string_equal(k->checklist, "network");
    assert_int_equal(k->severity, SEVERITY_HIGH);
    assert_string_equal(k->gate, "connect");
    assert_true(check_gates(k, "trust"));
    assert_false(check_gates(k, "separate"));
    assert_true(check_gates(k, NULL));                       /* the plan is not known: the gate stands */
    assert_ptr_equal(k->facts, &fact_interfaces);
    assert_string_equal(k->where, "alias = 'uplink' AND admin_up");
    assert_int_equal(k->where_line, 13);
    assert_int_equal(k->where_column, 12);
    assert_int_equal(k->n_params, 3);
    assert_int_equal(k->params[0].i, 1000);
    assert_true(k->params[1].is_real && k->params[1].r > 0.4 && k->params[1].r < 0.6);
    assert_true(k->params[2].is_text);
    assert_int_equal(k->grades[0].severity, SEVERITY_CRITICAL);
    assert_int_equal(k->n_show, 3);
    assert_int_equal(k->evidence, METHOD_MEASURED);
    assert_int_equal(k->max_age_s, 90 * 86400);
    assert_string_equal(k->vantage, "inside");
    assert_true(k->has_cost && k->has_effort);
    assert_true(k->cost[1] > 399 && k->lead_days[0] > 4 && k->lead_days[1] < 6);
    assert_string_equal(k->horizon, "6-months");
    assert_int_equal(k->n_impacts, 2);
    assert_string_equal(k->refs[0].ids[0], "164.308(a)(1)");
    assert_string_equal(k->was[0], "NET-OLD-01");
    assert_int_equal(checklists_domain_weight(c, "network-capacity"), 2);
    assert_int_equal(checklists_domain_weight(c, "other"), 1);
    assert_string_equal(checklists_domain_title(c, "network-capacity"), "Capacity of the network");
    assert_string_equal(checklists_domain_title(c, "other"), "other");
    assert_int_equal(c->files[0].version, 3);
    assert_int_equal(strlen(c->files[0].sha256), 64);
    assert_null(checklists_find(c, "NET-OLD-01"));
    assert_int_equal(checklists_find(c, "NET-A-02")->evidence, METHOD_DOCUMENT);
    assert_int_equal(severity_weight(SEVERITY_CRITICAL) + severity_weight(SEVERITY_INFO), 10);
    checklists_free(c);
    diags_clear(&d);
}

/* One entry of checks, and what is said of it. */
static const char *const errors[][2] = {
    { "{id: A-1, title: T, domain: d, severity: hihg, facts: hosts, pass: 1}", "4:46: unknown severity 'hihg' (did you mean 'high'?)" },
    { "{id: a-1, title: T, domain: d, severity: high, facts: hosts, pass: 1}", "4:10: an id has only A-Z, 0-9 and - and begins with a letter, not 'a-1'" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: host, pass: 1}", "4:59: there is no fact table 'host' (did you mean 'hosts'?)" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts}", "needs facts and pass, or a query" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, query: SELECT 1}", "has a query, and facts, where or pass beside it" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: cpus > :min}", "pass: this param is not declared under params:" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: (cpus > 1}", "pass: a bracket is not closed" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, show: [cpu]}", "show: hosts has no column 'cpu' (did you mean 'cpus'?)" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, gate: conect}", "there is no milestone 'conect' (did you mean 'connect'?)" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, owner: it-infrastrcture}", "there is no owner 'it-infrastrcture' (did you mean 'it-infrastructure'?)" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, owner: vendor, co_owner: service-lin}", "there is no owner 'service-lin' (did you mean 'service-line'?)" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, owner: vendor, co_owner: vendor}", "co_owner is who shares the check with another owner: here both are the same" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, co_owner: vendor}", "co_owner is who shares the check with another owner: it has none" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, cost: [5, 1]}", "cost is [low, high], and its low is more than its high" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, horizon: soon}", "horizon must be now, 6-months or 18-months, not 'soon'" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, where_: 1}", "unknown key 'where_' in check (did you mean 'where'?)" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, gate_plans: [trusted]}", "gate_plans has 'separate', 'trust' and 'merge', not 'trusted'" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, max_age: never}", "max_age" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, params: {Min: 1}}", "a param's name has only a-z" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1, impact: {speed: high}}", "unknown key 'speed' in impact" },
    { "{id: A-1, domain: d, severity: high, facts: hosts, pass: 1}", "title" },
    { "{id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1}\n  - {id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1}", "5:5: the id A-1 stands already in one, line 4" },
    { "{id: A-2, title: T, domain: d, severity: high, facts: hosts, pass: 1, was: [A-1]}\n  - {id: A-1, title: T, domain: d, severity: high, facts: hosts, pass: 1}", "a released id is never used again" },
};

static void each_error(void **state)
{
    struct buf said = BUF_INIT(1 << 16);
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(errors); i++) {
        struct diags d = DIAGS_INIT;
        char *yaml = xasprintf("checklist: one\ntitle: T\nchecks:\n  - %s\n", errors[i][0]);
        assert_null(load(yaml, NULL, &d));
        print_diags(&d, &said);
        if (strstr(buf_str(&said), errors[i][1]) == NULL)
            fail_msg("%s\nwas to say: %s\nand said: %s", errors[i][0], errors[i][1], buf_str(&said));
        free(yaml);
        diags_clear(&d);
    }
    buf_clear(&said);
}

/* All errors of a file in one go. */
static void all_errors(void **state)
{
    struct diags d = DIAGS_INIT;
    (void)state;
    assert_null(load("checklist: one\ntitel: T\nchecks:\n  - {id: A-1, severity: x}\n  - {id: B-1, title: T, domain: D, severity: low, facts: nothing, pass: 1;}\n", NULL, &d));
    assert_true(d.n_errors >= 7);
    diags_clear(&d);
    assert_null(load("- a\n", NULL, &d));
    assert_non_null(strstr(d.v[0].text, "this is no checklist"));
    diags_clear(&d);
}

static void overlays(void **state)
{
    struct diags d = DIAGS_INIT;
    (void)state;
    struct checklists *c = load(sample,
        "checklist: riverside\noverlay: network\nversion: 1\nby: A. Example, COO\nchecks:\n"
        "  - {id: NET-A-02, disable: true, reason: one computer only}\n"
        "  - {id: NET-UPLINK-01, severity: medium, gate: close, params: {min_mbps: 100}, reason: the second uplink is in place}\n", &d);
    assert_non_null(c);
    assert_int_equal(c->n_checks, 1);
    assert_int_equal(c->checks[0].severity, SEVERITY_MEDIUM);
    assert_string_equal(c->checks[0].gate, "close");
    assert_int_equal(c->checks[0].params[0].i, 100);
    static const char *const what[] = { "disabled", "severity high -> medium", "gate connect -> close", "param min_mbps 1000 -> 100" };
    assert_int_equal(c->n_tailorings, N_ELEMENTS(what));
    for (size_t i = 0; i < N_ELEMENTS(what); i++) {
        assert_string_equal(c->tailorings[i].what, what[i]);
        assert_string_equal(c->tailorings[i].by, "A. Example, COO");
        assert_string_equal(c->tailorings[i].reason, i == 0 ? "one computer only" : "the second uplink is in place");
    }
    assert_int_equal(c->n_files, 2);
    checklists_free(c);

    static const char *const bad[][2] = {
        { "{id: NET-A-02, disable: true}", "reason" }, { "{id: NET-X-01, disable: true, reason: r}", "the checklist network has no check 'NET-X-01'" },
        { "{id: NET-UPLINK-01, reason: r}", "changes nothing" }, { "{id: NET-UPLINK-01, params: {max: 1}, reason: r}", "NET-UPLINK-01 has no param 'max'" },
        { "{id: NET-UPLINK-01, params: {min_mbps: fast}, reason: r}", "the param min_mbps of NET-UPLINK-01 is a number" },
        { "{id: NET-UPLINK-01, pass: 1, reason: r}", "unknown key 'pass' in overlay" },
    };
    struct buf said = BUF_INIT(1 << 16);
    for (size_t i = 0; i < N_ELEMENTS(bad); i++) {
        char *yaml = xasprintf("overlay: network\nchecks:\n  - %s\n", bad[i][0]);
        assert_null(load(sample, yaml, &d));
        print_diags(&d, &said);
        if (strstr(buf_str(&said), bad[i][1]) == NULL)
            fail_msg("%s: %s", bad[i][0], buf_str(&said));
        diags_clear(&d);
        free(yaml);
    }
    buf_clear(&said);
}

/* --- by a site's names ------------------------------------------------------------------------------------------------ */

static void put_file(const char *dir, const char *name, const char *text)
{
    char *path = path_join(dir, name);
    assert_int_equal(file_write_atomic(path, text, strlen(text), 0600), 0);
    free(path);
}

static void names_of_files(void **state)
{
    struct diags d = DIAGS_INIT;
    char *dir = helper_dir(), *own = xasprintf("%s/checklists", dir), *data = xasprintf("%s/data", dir);
    (void)state;
    assert_int_equal(mkdir(own, 0700), 0);
    assert_int_equal(mkdir(data, 0700), 0);
    setenv("PREOP_DATADIR", data, 1);
    put_file(data, "network.yaml", "checklist: shipped\ntitle: T\nchecks: []\n");
    put_file(data, "hosts.yaml", "checklist: hosts\ntitle: T\nchecks:\n  - {id: H-1, title: T, domain: d, severity: low, facts: hosts, pass: cpus > 1}\n");
    put_file(own, "network.yaml", "checklist: network\ntitle: T\nchecks:\n  - {id: N-1, title: T, domain: d, severity: low, facts: interfaces, pass: admin_up, gate: move-in, owner: landlord}\n");
    put_file(dir, "mine.yaml", "overlay: network\nchecks:\n  - {id: N-1, severity: high, reason: r}\n");
    put_file(dir, "bad.yaml", "checklist: bad\ntitle: T\nchecks:\n  - {id: B-1, title: T, domain: d, severity: low, facts: hosts,\n     pass: cpuz > 1}\n");
    static const char site_file[] = "preop: 1\nsite: riverside\nname: R\nstage: diligence\ntimezone: UTC\nauthorization: owner\nmilestones: {move-in: 2027-01-01}\nowners: {landlord: L}\n"
                                    "checklists: [hosts, network, mine.yaml%s]\ntargets: []\n";
    char *text = xasprintf(site_file, "");
    put_file(dir, "site.yaml", text);
    free(text);
    struct site *s = site_load(dir, &d);
    diags_print(&d, stderr);
    assert_non_null(s);
    struct checklists *c = checklists_load(s, &d);
    diags_print(&d, stderr);
    assert_non_null(c);
    assert_int_equal(c->n_checks, 2);
    assert_string_equal(checklists_find(c, "N-1")->gate, "move-in");         /* the site's own file, milestone and owner */
    assert_int_equal(checklists_find(c, "N-1")->severity, SEVERITY_HIGH);
    checklists_free(c);
    site_free(s);

    text = xasprintf(site_file, ", nonesuch, bad.yaml, /etc/passwd.yaml, ../x.yaml");
    put_file(dir, "site.yaml", text);
    free(text);
    s = site_load(dir, &d);
    if (s != NULL) {                     /* unless the site's loader refuses the paths itself */
        struct buf said = BUF_INIT(1 << 16);
        assert_null(checklists_load(s, &d));
        print_diags(&d, &said);
        assert_non_null(strstr(buf_str(&said), "there is no checklist 'nonesuch'"));
        assert_non_null(strstr(buf_str(&said), "'../x.yaml' is neither"));
        assert_non_null(strstr(buf_str(&said), "'/etc/passwd.yaml' is neither"));
        buf_clear(&said);
        site_free(s);
    }
    diags_clear(&d);
    text = xasprintf(site_file, ", bad.yaml");
    put_file(dir, "site.yaml", text);
    free(text);
    s = site_load(dir, &d);
    assert_non_null(s);
    assert_null(checklists_load(s, &d));
    assert_int_equal(d.n_errors, 1);
    assert_string_equal(d.v[0].text, "B-1: pass: no such column: cpuz (did you mean 'cpus'?)");
    assert_int_equal(d.v[0].line, 5);
    assert_int_equal(d.v[0].column, 12);
    site_free(s);
    diags_clear(&d);
    unsetenv("PREOP_DATADIR");
    free(own);
    free(data);
    helper_remove(dir);
}

/* --- lint ------------------------------------------------------------------------------------------------------------- */

static const char whole[] = "why: Short., fix: F, owner: vendor, impact: {patient-access: low}, effort_days: 1";

static const char *const lints[][2] = {
    { "facts: interfaces, pass: \"speed_mbps > 'fast'\"", "pass: speed_mbps is a number, and is compared with text" },
    { "facts: interfaces, pass: admin_up = 2", "pass: admin_up is true or false, and is compared with 2" },
    { "facts: interfaces, pass: speed_mbps = NULL", "never true: write IS NULL" },
    { "facts: interfaces, pass: \"system('rm')\"", "no such function: system" },
    { "facts: interfaces, pass: \"load_extension('x')\"", "a check may not call load_extension" },
    { "facts: interfaces, pass: \"coalesce(speed_mbps, 0) > 5\"", "warning: A-1: pass uses coalesce(), which makes true or false of what is not known" },
    { "facts: interfaces, pass: alias IS NOT NULL", "warning: A-1: pass uses IS NOT," },
    { "facts: interfaces, pass: \"name NOT IN ('a', 'b')\"", "warning: A-1: pass uses NOT IN," },
    { "query: \"SELECT NULL AS target, NULL AS subject, (SELECT count(*) FROM hosts) > 1 AS ok\"", "warning: A-1: query uses count()," },
    { "query: \"SELECT target, subject FROM hosts\"", "a query gives exactly one column each named target, subject and ok" },
    { "query: \"SELECT target, subject, 1 AS ok FROM hosts\", show: [cpus]", "show cpus: the query gives no such column, or several" },
    { "query: \"VALUES (1, 2, 3)\"", "a query begins with SELECT or WITH" },
    { "facts: interfaces, pass: admin_up, cost: [1, 2]", "has no cost_basis" },
    { "facts: interfaces, pass: admin_up, depends: [A-1]", "depends on A-1, which depends on it in turn" },
    { "facts: interfaces, pass: admin_up, depends: [Z-9]", "warning: A-1: depends on Z-9, which is neither among these checks nor among the shipped ones" },
    { "facts: interfaces, pass: admin_up, refs: {hipaa: [\"164.999\"]}", "refs: hipaa has no '164.999'" },
    { "facts: interfaces, pass: admin_up, refs: {cis: [\"12.9\"]}", "refs: cis has no '12.9'" },
};

static void lint_one(const char *entry, struct buf *said, size_t *n)
{
    struct diags d = DIAGS_INIT;
    char *yaml = xasprintf("checklist: one\ntitle: T\nchecks:\n  - {id: A-1, title: T, domain: d, severity: low, %s}\n", entry);
    struct checklists *c = load(yaml, NULL, &d);
    print_diags(&d, said);
    if (c == NULL)
        fail_msg("%s: %s", entry, buf_str(said));
    evaluate_lint(c, NULL, &d);
    print_diags(&d, said);
    *n = d.n;
    checklists_free(c);
    diags_clear(&d);
    free(yaml);
}

static void use_shipped_data(void)
{
    const char *srcdir = getenv("srcdir");
    char *data = xasprintf("%s/checklists", srcdir != NULL ? srcdir : ".");
    setenv("PREOP_DATADIR", data, 1);
    free(data);
}

static void lint(void **state)
{
    struct buf said = BUF_INIT(1 << 16);
    size_t n = 0;
    (void)state;
    use_shipped_data();
    for (size_t i = 0; i < N_ELEMENTS(lints); i++) {
        char *entry = xasprintf("%s, %s", lints[i][0], whole);
        lint_one(entry, &said, &n);
        if (strstr(buf_str(&said), lints[i][1]) == NULL)
            fail_msg("%s\nwas to say: %s\nand said: %s", lints[i][0], lints[i][1], buf_str(&said));
        free(entry);
    }
    char *entry = xasprintf("facts: interfaces, pass: alias IS NOT NULL, null_ok: a port without a name is what is looked for, refs: {hipaa: [\"164.308(a)(1)\"]}, %s", whole);
    lint_one(entry, &said, &n);
    assert_string_equal(buf_str(&said), "");
    free(entry);
    lint_one("facts: interfaces, pass: admin_up", &said, &n);
    static const char *const missing[] = { "has no why", "has no fix", "has no owner", "has no impact", "has no effort_days" };
    for (size_t i = 0; i < N_ELEMENTS(missing); i++)
        assert_non_null(strstr(buf_str(&said), missing[i]));
    lint_one("facts: interfaces, pass: admin_up, fix: F, owner: vendor, impact: {patient-access: low}, effort_days: 1,\n"
             "     why: The XQZT of the EHR (electronic health record) and PCs wait. One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
             " seventeen eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four twenty-five twenty-six.", &said, &n);
    assert_non_null(strstr(buf_str(&said), "why says XQZT, which is neither expanded there nor in the glossary"));
    assert_non_null(strstr(buf_str(&said), "why has a sentence of 26 words"));
    assert_int_equal(n, 2);
    unsetenv("PREOP_DATADIR");
    buf_clear(&said);
}

/* Nothing fills hosts: a check that names it, by `facts` or deep in a query, can only be unknown. */
static void lint_unfed(void **state)
{
    static const char yaml[] = "checklist: one\ntitle: T\nchecks:\n"
        "  - {id: A-1, title: T, domain: d, severity: low, facts: hosts, pass: cpus > 1, why: Short., fix: F, owner: vendor, impact: {patient-access: low}, effort_days: 1}\n"
        "  - {id: A-2, title: T, domain: d, severity: low, query: \"SELECT i.target, i.subject, i.admin_up AS ok FROM interfaces AS i JOIN org_hosts AS h ON h.target = i.target\","
        " why: Short., fix: F, owner: vendor, impact: {patient-access: low}, effort_days: 1}\n"
        "  - {id: A-3, title: T, domain: d, severity: low, facts: interfaces, pass: admin_up, why: Short., fix: F, owner: vendor, impact: {patient-access: low}, effort_days: 1}\n";
    struct diags d = DIAGS_INIT;
    struct buf said = BUF_INIT(1 << 16);
    bool *fed = xcalloc(fact_n_tables, sizeof(*fed));
    (void)state;
    use_shipped_data();
    for (size_t i = 0; i < fact_n_tables; i++)
        fed[i] = strcmp(fact_tables[i]->name, "hosts") != 0;
    struct checklists *c = load(yaml, NULL, &d);
    assert_non_null(c);
    evaluate_lint(c, fed, &d);
    print_diags(&d, &said);
    assert_non_null(strstr(buf_str(&said), "A-1: nothing fills hosts, no probe, kind of evidence, form or sheet: this check can only be unknown"));
    assert_non_null(strstr(buf_str(&said), "A-2: nothing fills hosts,"));
    assert_int_equal(d.n, 2);
    unsetenv("PREOP_DATADIR");
    checklists_free(c);
    free(fed);
    diags_clear(&d);
    buf_clear(&said);
}

static void lint_paths(const char *const *paths, size_t n, struct diags *d)
{
    struct checklists *c = checklists_load_paths(paths, n, d);
    if (c != NULL)
        evaluate_lint(c, NULL, d);
    checklists_free(c);
}

static void expect_said(const struct diags *d, size_t n, const char *const *lines)
{
    struct buf said = BUF_INIT(1 << 16);
    print_diags(d, &said);
    for (size_t i = 0; i < n; i++)
        if (strstr(buf_str(&said), lines[i]) == NULL)
            fail_msg("was to say: %s\nand said: %s", lines[i], buf_str(&said));
    if (d->n != n)
        fail_msg("was to say %zu things, and said: %s", n, buf_str(&said));
    buf_clear(&said);
}

/* What is shipped is whole: each file alone, which rests on checks of others, and all together. */
static void shipped(void **state)
{
    char *paths[64];
    size_t n = 0;
    struct diags d = DIAGS_INIT;
    (void)state;
    use_shipped_data();
    const char *folder = getenv("PREOP_DATADIR");
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
        if (strlen(e->d_name) > 5 && strcmp(e->d_name + strlen(e->d_name) - 5, ".yaml") == 0)
            paths[n++] = path_join(folder, e->d_name);
    closedir(dir);
    assert_true(n >= 4);
    for (size_t i = 0; i < n; i++)
        lint_paths((const char *const *)&paths[i], 1, &d);
    expect_said(&d, 0, NULL);
    lint_paths((const char *const *)paths, n, &d);
    expect_said(&d, 0, NULL);
    struct checklists *c = checklists_load_shipped(&d);
    assert_non_null(c);
    assert_int_equal(c->n_files, n);
    assert_non_null(checklists_find(c, "NET-LAN-01"));
    checklists_free(c);
    for (size_t i = 0; i < n; i++)
        free(paths[i]);
    diags_clear(&d);
    unsetenv("PREOP_DATADIR");
}

static void several_files(void **state)
{
    struct diags d = DIAGS_INIT;
    char *dir = helper_dir(), *a = xasprintf("%s/a.yaml", dir), *b = xasprintf("%s/b.yaml", dir), *mine = xasprintf("%s/mine.yaml", dir);
    const char *const both[] = { a, b };
    char *text = xasprintf("checklist: a\ntitle: T\nchecks:\n"
                           "  - {id: A-1, title: T, domain: d, severity: low, facts: hosts, pass: cpus > 1, depends: [B-1, NET-LAN-00], %s}\n", whole);
    (void)state;
    use_shipped_data();
    put_file(dir, "a.yaml", text);
    free(text);
    text = xasprintf("checklist: b\ntitle: T\nchecks:\n  - {id: B-1, title: T, domain: d, severity: low, facts: hosts, pass: cpuz > 1, %s}\n"
                     "  - {id: B-2, title: T, domain: d, severity: low, facts: hosts, pass: cpus > 1, depends: [B-3], %s}\n", whole, whole);
    put_file(dir, "b.yaml", text);
    free(text);
    lint_paths(both, 1, &d);             /* a alone: its check in b is missed, the shipped one is not */
    expect_said(&d, 1, (const char *const[]){ "warning: A-1: depends on B-1, which is neither among these checks nor among the shipped ones" });
    assert_string_equal(d.v[0].file, a);
    diags_clear(&d);
    lint_paths(both, 2, &d);
    expect_said(&d, 2, (const char *const[]){ "B-1: pass: no such column: cpuz", "warning: B-2: depends on B-3" });
    assert_string_equal(d.v[0].file, b);
    assert_string_equal(d.v[1].file, b);
    diags_clear(&d);

    put_file(dir, "b.yaml", "checklist: b\ntitle: T\nchecks:\n\n  - {id: A-1, title: T, domain: d, severity: low, facts: hosts, pass: cpus > 1}\n");
    lint_paths(both, 2, &d);
    char *expected = xasprintf("the id A-1 stands already in %s, line 4", a);
    expect_said(&d, 1, (const char *const[]){ expected });
    assert_string_equal(d.v[0].file, b);
    assert_int_equal(d.v[0].line, 5);
    free(expected);
    diags_clear(&d);

    put_file(dir, "mine.yaml", "overlay: network\nchecks:\n  - {id: NET-LAN-02, severity: low, reason: r}\n  - {id: NET-LAN-77, disable: true, reason: r}\n");
    lint_paths((const char *const[]){ mine }, 1, &d);        /* of a shipped checklist that is not named */
    expect_said(&d, 1, (const char *const[]){ "the checklist network has no check 'NET-LAN-77'" });
    diags_clear(&d);
    put_file(dir, "mine.yaml", "overlay: network\nchecks:\n  - {id: NET-LAN-02, severity: low, reason: r}\n");
    lint_paths((const char *const[]){ mine }, 1, &d);
    expect_said(&d, 0, NULL);
    diags_clear(&d);

    char *gone = xasprintf("%s/gone.yaml", dir);
    lint_paths((const char *const[]){ gone, mine }, 2, &d);
    expect_said(&d, 1, (const char *const[]){ "it cannot be read: " });
    assert_string_equal(d.v[0].file, gone);
    diags_clear(&d);
    free(gone);
    free(a);
    free(b);
    free(mine);
    helper_remove(dir);
    unsetenv("PREOP_DATADIR");
}

/* --- pure parts ------------------------------------------------------------------------------------------------------- */

static void types(void **state)
{
    static const struct param params[] = { { .name = "n", .i = 1 }, { .name = "t", .is_text = true, .s = "x" } };
    static const char *const fine[] = {
        "speed_mbps >= 1000", "speed_mbps >= :n", "alias = :t", "admin_up = 1", "admin_up", "admin_up = TRUE", "length(alias) > 5", "alias || 5 = 'x5'", "speed_mbps / 10 > 5", "-5 < speed_mbps",
        "speed_mbps BETWEEN 1 AND 5", "speed_mbps IS NULL", "alias IS NOT NULL", "alias IN ('a', 'b')", "speed_mbps IN (1, 2, 3)", "interfaces.speed_mbps > 1", "observed_at > '2026-01-01'",
        "alias LIKE 'x%'", "alias || 'x' LIKE 5", "in_octets > out_octets", "CASE WHEN speed_mbps > 5 THEN 'a' ELSE 'b' END = 'a'",
    };
    static const char *const wrong[] = {
        "speed_mbps >= '1000'", "'1000' < speed_mbps", "alias > 5", "speed_mbps = :t", "alias = :n", "speed_mbps BETWEEN 1 AND 'x'", "speed_mbps NOT IN (1, 'x')", "admin_up = 'true'", "alias = NULL",
        "interfaces.speed_mbps = 'x'", "speed_mbps IS 'x'", "speed_mbps IS NOT 'x'", "observed_at > 5", "observed_at > 'soon'", "speed_mbps LIKE '1%'", "alias = speed_mbps", "x = 1 AND \"alias\" = 3",
        "admin_up = 5", "speed_mbps != x'00'",
    };
    size_t at = 0;
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(fine); i++) {
        char *bad = expression_types(fine[i], &fact_interfaces, params, 2, &at);
        if (bad != NULL)
            fail_msg("%s: %s", fine[i], bad);
    }
    for (size_t i = 0; i < N_ELEMENTS(wrong); i++) {
        char *bad = expression_types(wrong[i], &fact_interfaces, params, 2, &at);
        if (bad == NULL)
            fail_msg("%s was not refused", wrong[i]);
        free(bad);
    }
}

static void versions(void **state)
{
    static const struct { const char *a, *b; int expected; } v[] = {
        { "10.0.19045", "10.0.2", 1 }, { "1.2", "1.10", -1 }, { "1.0", "1", 0 }, { "1.0.0.1", "1", 1 }, { "7.4rc1", "7.4", -1 }, { "7.4", "7.4p1", -1 }, { "7.4~beta", "7.4", -1 },
        { "v2", "v10", -1 }, { "00012", "12", 0 }, { "5.10.0-28-amd64", "5.10.0-9-amd64", 1 }, { "99999999999999999999999999", "1", 1 }, { "15.2(4)M3", "15.2(4)M11", -1 },
    };
    bool known = false;
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(v); i++) {
        if (version_compare(v[i].a, v[i].b, &known) != v[i].expected || version_compare(v[i].b, v[i].a, &known) != -v[i].expected || !known)
            fail_msg("%s and %s: %d", v[i].a, v[i].b, version_compare(v[i].a, v[i].b, &known));
        assert_int_equal(version_compare(v[i].a, v[i].a, &known), 0);
    }
    version_compare("unknown", "1", &known);
    assert_false(known);
    version_compare("1", "", &known);
    assert_false(known);
}

/* --- data files ------------------------------------------------------------------------------------------------------- */

#define EOL_HEAD "product\tkind\tname_pattern\tversion_pattern\tstatus\tsupport_ends_on\textended_ends_on\tsource\tchecked_on\n"
#define EOL_ROW "FortiOS 7.2\tdevice-os\t^fortigate$\t^7\\.2\tdated\t2026-09-30\t-\tvendor\t2026-08-22\n"

static void data_rows(void **state)
{
    static const char text[] = "# why\r\n" EOL_HEAD "\r\n" EOL_ROW "# more\n" "X\tdevice-os\tx\t.\topen\t\t-\tvendor\t2026-08-22";
    struct arena *a = arena_new();
    struct diags d = DIAGS_INIT;
    struct lookup_rows rows;
    (void)state;
    lookup_parse(LOOKUP_EOL, a, "eol.tsv", text, strlen(text), &d, &rows);
    assert_int_equal(d.n, 0);
    assert_int_equal(rows.n, 2);
    assert_string_equal(rows.values[0], "FortiOS 7.2");
    assert_string_equal(rows.values[5], "2026-09-30T00:00:00Z");
    assert_null(rows.values[6]);
    assert_string_equal(rows.values[9], "X");
    assert_null(rows.values[9 + 5]);
    arena_free(a);
}

static void data_errors(void **state)
{
    static const struct { const char *text, *expected; } v[] = {
        { "product\tname\n", "1:1: a row has 9 fields, separated by tabs\n" },
        { "product\tsort\tname_pattern\tversion_pattern\tstatus\tsupport_ends_on\textended_ends_on\tsource\tchecked_on\n", "1:2: column 2 is called 'kind' here, not 'sort'\n" },
        { EOL_HEAD "X\tk\tn\tv\tdated\t2026-13-30\t-\ts\t2026-08-22\n", "2:6: support_ends_on is a date like 2027-10-12, not '2026-13-30'\n" },
        { EOL_HEAD "X\tk\t\tv\tdated\t2026-09-30\t-\ts\t-\n", "2:3: name_pattern is missing\n2:9: checked_on is missing\n" },
        { EOL_HEAD "X\tk\tn\tv\n" EOL_ROW, "2:1: a row has 9 fields, separated by tabs\n" },
        { EOL_HEAD "X\xff\tk\tn\tv\topen\t-\t-\ts\t2026-08-22\n", "2:1: product is longer than 1000 bytes or no UTF-8\n" },
    };
    struct buf out = BUF_INIT(1 << 16);
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(v); i++) {
        struct arena *a = arena_new();
        struct diags d = DIAGS_INIT;
        struct lookup_rows rows;
        lookup_parse(LOOKUP_EOL, a, "eol.tsv", v[i].text, strlen(v[i].text), &d, &rows);
        print_diags(&d, &out);
        assert_string_equal(buf_str(&out), v[i].expected);
        diags_clear(&d);
        arena_free(a);
    }
    buf_clear(&out);
}

/* Pinned data is what counts, and what was not pinned is no row. */
static void data_pinned(void **state)
{
    static const char yaml[] = "checklist: test\ntitle: T\nchecks:\n"
        "  - {id: A-1, title: T, domain: d, severity: low, query: \"SELECT NULL AS target, NULL AS subject, count(*) > 0 AS ok FROM data_eol\", null_ok: counting}\n";
    static const char text[] = EOL_HEAD EOL_ROW;
    const struct checklist_file f[2] = { { .name = "test", .bytes = yaml, .len = strlen(yaml) }, { .name = "data/eol.tsv", .bytes = text, .len = strlen(text), .is_data = true } };
    struct diags d = DIAGS_INIT;
    (void)state;
    struct checklists *c = checklists_load_files(f, 2, NULL, &d);
    assert_non_null(c);
    assert_int_equal(c->n_files, 1);
    assert_int_equal(c->n_data, 1);
    assert_int_equal(c->lookups[LOOKUP_EOL].n, 1);
    checklists_free(c);
    c = checklists_load_files(f, 1, NULL, &d);
    assert_non_null(c);
    assert_int_equal(c->n_data, 0);
    assert_int_equal(c->lookups[LOOKUP_EOL].n, 0);
    checklists_free(c);
    assert_int_equal(d.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values), cmocka_unit_test(each_error), cmocka_unit_test(all_errors), cmocka_unit_test(overlays), cmocka_unit_test(names_of_files),
        cmocka_unit_test(lint), cmocka_unit_test(lint_unfed), cmocka_unit_test(shipped), cmocka_unit_test(several_files), cmocka_unit_test(types), cmocka_unit_test(versions),
        cmocka_unit_test(data_rows), cmocka_unit_test(data_errors), cmocka_unit_test(data_pinned),
    };
    return cmocka_run_group_tests_name("checklist_load", tests, NULL, NULL);
}
