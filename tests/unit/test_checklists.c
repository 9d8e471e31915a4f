/* Every shipped check against its fixture, tests/checklists/ID.yaml: facts through the store's own intake, the shipped SQL, and each subject's verdict,
 * no subject more and none less. A check that can only say one thing says nothing. */
#include "checklist_fixture.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/path.h"
#include "base/text.h"
#include "check_case.h"

#define FIXTURES_MAX 400
#define CASES_MAX 4000

/* What the cases share: one store, a site and a run for each case. */
static struct { struct checklists *checks; struct check_fixture *fixtures[FIXTURES_MAX]; size_t n_fixtures; struct fx fx; int sites; } all;
struct case_of { const struct check_fixture *f; const struct check_case *c; };

/* --- loading ---------------------------------------------------------------------------------------------------------- */

static char *source(const char *name)
{
    const char *srcdir = getenv("srcdir");
    return path_join(srcdir != NULL ? srcdir : ".", name);
}

static bool load_fixtures(struct diags *d)
{
    char *folder = source("tests/checklists"), *names[FIXTURES_MAX];
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL && n < FIXTURES_MAX; e = readdir(dir))
        if (strlen(e->d_name) > 5 && strcmp(e->d_name + strlen(e->d_name) - 5, ".yaml") == 0)
            names[n++] = path_join(folder, e->d_name);
    if (dir != NULL)
        closedir(dir);
    qsort(names, n, sizeof(*names), text_order);
    for (size_t i = 0; i < n; i++) {
        all.fixtures[all.n_fixtures] = check_fixture_load(names[i], d);
        all.n_fixtures += all.fixtures[all.n_fixtures] != NULL;
        free(names[i]);
    }
    free(folder);
    return n > 0 && d->n_errors == 0;
}

static bool load_all(void)
{
    struct diags d = DIAGS_INIT;
    char *folder = source("checklists");
    setenv("PREOP_DATADIR", folder, 1);
    free(folder);
    all.checks = checklists_load_shipped(&d);
    bool ok = load_fixtures(&d) && all.checks != NULL;
    diags_print(&d, stderr);
    diags_clear(&d);
    return ok;
}

/* --- what the fixtures cover ------------------------------------------------------------------------------------------ */

static const struct check_fixture *fixture_of(const char *id)
{
    for (size_t i = 0; i < all.n_fixtures; i++)
        if (strcmp(all.fixtures[i]->check, id) == 0)
            return all.fixtures[i];
    return NULL;
}

static size_t count_kind(const struct check_fixture *f, enum case_kind k)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_cases; i++)
        n += f->cases[i].kind == k;
    return n;
}

static bool expects_severity(const struct check_fixture *f, enum severity s)
{
    for (size_t i = 0; i < f->n_cases; i++)
        for (size_t k = 0; k < f->cases[i].n_expected; k++) {
            const struct expected *e = &f->cases[i].expected[k];
            if (e->verdict == VERDICT_FAIL && e->graded && e->severity == s)
                return true;
        }
    return false;
}

static bool has_old(const struct check_case *c)
{
    for (size_t i = 0; i < c->n_facts; i++)
        if (c->facts[i].days_old > 0)
            return true;
    return false;
}

/* The check that has a limit of age is tried with older evidence than that. */
static bool tries_age(const struct check_fixture *f)
{
    for (size_t i = 0; i < f->n_cases; i++)
        if (f->cases[i].kind == CASE_UNKNOWN && has_old(&f->cases[i]))
            return true;
    return false;
}

static size_t complain(size_t n, const char *id, const char *what)
{
    print_message("%s: %s\n", id, what);
    return n + 1;
}

static void every_check_is_tried(void **state)
{
    size_t wrong = 0;
    (void)state;
    assert_true(all.checks->n_checks > 20);
    for (size_t i = 0; i < all.checks->n_checks; i++) {
        const struct check *c = &all.checks->checks[i];
        const struct check_fixture *f = fixture_of(c->id);
        if (f == NULL) {
            wrong = complain(wrong, c->id, "has no fixture in tests/checklists/");
            continue;
        }
        for (int k = CASE_PASS; k <= CASE_UNKNOWN; k++)
            if (count_kind(f, (enum case_kind)k) == 0 && !(k == CASE_UNKNOWN && f->never_unknown != NULL))
                wrong = complain(wrong, c->id, case_kind_name((enum case_kind)k));
        for (size_t g = 0; g < c->n_grades; g++)
            if (!expects_severity(f, c->grades[g].severity))
                wrong = complain(wrong, c->id, severity_name(c->grades[g].severity));
        if (c->max_age_s > 0 && !tries_age(f))
            wrong = complain(wrong, c->id, "is not tried with old evidence");
    }
    for (size_t i = 0; i < all.n_fixtures; i++) {
        char *name = xasprintf("/%s.yaml", all.fixtures[i]->check);
        if (checklists_find(all.checks, all.fixtures[i]->check) == NULL)
            wrong = complain(wrong, all.fixtures[i]->path, "there is no such check");
        if (strstr(all.fixtures[i]->path, name) == NULL)
            wrong = complain(wrong, all.fixtures[i]->path, "is named after another check");
        free(name);
    }
    assert_int_equal(wrong, 0);
}

/* --- one case --------------------------------------------------------------------------------------------------------- */

static int64_t target_id(struct fx *f, const struct case_facts *g)
{
    struct target_record *v = NULL;
    size_t n = 0;
    int64_t id = 0;
    assert_int_equal(store_targets(f->s, f->run, &v, &n), 0);
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].name, g->target) == 0)
            id = v[i].id;
    targets_free(v, n);
    if (id == 0)
        assert_int_equal(store_target_put(f->s, f->run, g->target, g->role, g->address, g->clinical ? CRITICALITY_CLINICAL : CRITICALITY_SUPPORT, &id), 0);
    return id;
}

static void collect(struct fx *f, const struct case_facts *g)
{
    struct intake *in = NULL;
    char *vantage = xstrdup(g->vantage);
    int64_t at = f->now - g->days_old * 86400;
    const struct collection c = { .target_id = target_id(f, g), .probe = g->probe, .table = g->table, .state = g->state, .reason = g->reason, .method = g->method,
                                  .vantage = vantage, .started = at, .finished = at, .observed_at = at };
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    for (size_t i = 0; i < g->n_rows; i++) {
        struct fact_row row = g->rows[i];
        assert_int_equal(intake_row(in, &row), 0);
    }
    assert_int_equal(intake_commit(in), 0);
    free(vantage);
}

static const char *verdict_word(enum verdict v)
{
    return v == VERDICT_PASS ? "pass" : v == VERDICT_FAIL ? "fail" : "unknown";
}

static const struct expected *expected_of(const struct check_case *c, const struct subject_verdict *s)
{
    for (size_t i = 0; i < c->n_expected; i++)
        if (strcmp(c->expected[i].target, s->target) == 0 && strcmp(c->expected[i].subject, s->subject) == 0)
            return &c->expected[i];
    return NULL;
}

/* Prints what is not as expected, and says how much. */
static size_t compare_subjects(const struct case_of *o, const struct check_verdicts *v)
{
    size_t wrong = 0;
    for (size_t i = 0; i < o->c->n_expected; i++) {
        const struct expected *e = &o->c->expected[i];
        const struct subject_verdict *s = fx_subject(v, e->target, e->subject);
        if (s == NULL || s->verdict != e->verdict) {
            print_message("%s:%d: %s %s is %s%s%s%s, not %s\n", o->f->path, e->line, e->target, e->subject, s != NULL ? verdict_word(s->verdict) : "no subject",
                          s != NULL && s->reason != NULL ? " (" : "", s != NULL && s->reason != NULL ? s->reason : "", s != NULL && s->reason != NULL ? ")" : "",
                          verdict_word(e->verdict));
            wrong++;
            continue;
        }
        enum severity severity = e->graded ? e->severity : v->check->severity;
        if (e->verdict == VERDICT_FAIL && s->severity != severity) {
            print_message("%s:%d: %s is shown as %s, not as %s\n", o->f->path, e->line, e->subject, severity_name(s->severity), severity_name(severity));
            wrong++;
        }
        if (e->reason != NULL && (s->reason == NULL || strstr(s->reason, e->reason) == NULL)) {
            print_message("%s:%d: %s is unknown for another reason: %s\n", o->f->path, e->line, e->subject, s->reason != NULL ? s->reason : "none");
            wrong++;
        }
    }
    for (size_t i = 0; i < v->n_subjects; i++)
        if (!v->subjects[i].uncollected && expected_of(o->c, &v->subjects[i]) == NULL) {
            print_message("%s:%d: %s %s is %s, which nobody expects\n", o->f->path, o->c->line, v->subjects[i].target, v->subjects[i].subject, verdict_word(v->subjects[i].verdict));
            wrong++;
        }
    return wrong;
}

/* The counts that scores are made of, and the targets of which something was not collected. */
static size_t compare_targets(const struct case_of *o, const struct check_verdicts *v)
{
    size_t wrong = 0, n_uncollected = 0;
    for (size_t i = 0; i < v->n_targets; i++) {
        const struct target_verdicts *t = &v->targets[i];
        int64_t n[3] = { 0 };
        for (size_t k = 0; k < o->c->n_expected; k++)
            if (strcmp(o->c->expected[k].target, t->target) == 0)
                n[o->c->expected[k].verdict]++;
        if (t->n_pass != n[VERDICT_PASS] || t->n_fail != n[VERDICT_FAIL] || t->n_unknown != n[VERDICT_UNKNOWN]) {
            print_message("%s:%d: %s counts %lld pass, %lld fail, %lld unknown\n", o->f->path, o->c->line, t->target, (long long)t->n_pass, (long long)t->n_fail, (long long)t->n_unknown);
            wrong++;
        }
        bool expected = false;
        for (size_t k = 0; k < o->c->n_uncollected; k++)
            expected |= strcmp(o->c->uncollected[k], t->target) == 0;
        n_uncollected += t->uncollected;
        if (expected != t->uncollected) {
            print_message("%s:%d: %s is %s\n", o->f->path, o->c->line, t->target, t->uncollected ? "not wholly collected" : "wholly collected");
            wrong++;
        }
    }
    if (n_uncollected != o->c->n_uncollected) {
        print_message("%s:%d: %zu targets are not wholly collected\n", o->f->path, o->c->line, n_uncollected);
        wrong++;
    }
    return wrong;
}

static void collect_of(struct fx *f, const struct check_case *c, const char *site)
{
    for (size_t i = 0; i < c->n_facts; i++)
        if (site == NULL ? c->facts[i].site == NULL : c->facts[i].site != NULL && strcmp(c->facts[i].site, site) == 0)
            collect(f, &c->facts[i]);
}

/* The runs of other sites, the day before. */
static void assess_others(struct fx *f, const struct check_case *c)
{
    char seal[SHA256_HEX];
    clock_set(c->today - 86400);
    f->now = c->today - 86400;
    for (size_t i = 0; i < c->n_sites; i++) {
        f->run = fx_run(f, c->sites[i].name, c->sites[i].stage);
        collect_of(f, c, c->sites[i].name);
        assert_int_equal(store_run_seal(f->s, f->run, seal), 0);
    }
}

/* The site's own earlier runs: each passed a check at fw1, or lost it. */
static void assess_earlier(struct fx *f, const struct check_case *c, const char *site)
{
    for (size_t i = 0; i < c->n_earlier; i++) {
        const struct case_earlier *e = &c->earlier[i];
        char seal[SHA256_HEX], check[] = "HIS-LOST-01", target[] = "fw1", subject[] = "fw1", critical[] = "critical", passes[] = "pass", site_level[] = "site", none[] = "";
        char passed[] = "[{\"t\": \"fw1\", \"p\": 1, \"f\": 0, \"u\": 0, \"x\": 0}]";
        int64_t ppb = e->ready * 10000000;
        clock_set(c->today - e->days_ago * 86400);
        f->run = fx_run(f, site, "diligence");
        struct check_result k = { .check_id = check, .status = passes, .n_pass = 1, .low = ppb, .high = ppb, .target_counts = passed };
        struct finding lost = { .check_id = check, .target = target, .subject = subject, .status = FINDING_FAIL, .severity = critical, .since = clock_now() };
        struct score_row score = { .level = site_level, .id = none, .low = ppb, .high = ppb, .measured = ppb, .adjusted_low = -1, .adjusted_high = -1, .n_checks = 1 };
        const struct results r = { .checks = &k, .n_checks = 1, .findings = &lost, .n_findings = e->lost, .scores = &score, .n_scores = 1 };
        assert_int_equal(store_results_put(f->s, f->run, &r), 0);
        assert_int_equal(store_input_put(f->s, f->run, "checklist", "core", e->other_checklist ? "b" : "a", 1), 0);
        if (e->partial)
            assert_int_equal(store_run_set_partial(f->s, f->run, "narrowed"), 0);
        assert_int_equal(store_run_seal(f->s, f->run, seal), 0);
    }
}

/* The site that the case describes, with what a site file needs beside. */
static struct site *site_of(const struct check_case *c)
{
    struct diags d = DIAGS_INIT;
    char *text = xasprintf("preop: 1\nsite: fixture\nname: Fixture\nstage: diligence\ntimezone: America/Chicago\nauthorization: owner\n%s\n", c->site_yaml);
    const char *decided = c->decisions_yaml != NULL ? c->decisions_yaml : "";
    const struct site_file files[] = { { "site", "site.yaml", text, strlen(text) }, { "decisions", "decisions.yaml", decided, strlen(decided) } };
    struct site *s = site_load_files(files, c->decisions_yaml != NULL ? 2 : 1, &d);
    diags_print(&d, stderr);
    assert_non_null(s);
    diags_clear(&d);
    free(text);
    return s;
}

static void one_case(void **state)
{
    const struct case_of *o = *state;
    const struct check *check = checklists_find(all.checks, o->f->check);
    const struct evaluate_options options = { .all_subjects = true };
    struct evaluation *e = NULL;
    if (check == NULL)
        fail_msg("there is no check %s", o->f->check);
    struct check only = *check;
    struct checklists one = *all.checks;
    one.checks = &only;
    one.n_checks = 1;
    struct site *described = o->c->site_yaml != NULL ? site_of(o->c) : NULL;
    struct arena *arena = arena_new();
    lookup_site(arena, described, all.checks->checks, all.checks->n_checks, one.lookups);
    struct fx own = all.fx, *f = &own;
    if (o->c->n_sites > 0)           /* home and owned sites would be seen by every other case */
        fx_open(f);
    assess_others(f, o->c);
    char *site = xasprintf("case-%d", ++all.sites);
    assess_earlier(f, o->c, site);
    f->now = o->c->today;
    clock_set(o->c->today);
    f->run = fx_run(f, site, "diligence");
    free(site);
    collect_of(f, o->c, NULL);
    assert_int_equal(evaluate_run(f->s, f->run, &one, &options, &e), 0);
    const struct check_verdicts *v = &e->checks[0];
    if (v->erred)
        fail_msg("%s:%d: the check errs: %s", o->f->path, o->c->line, v->error);
    size_t wrong = compare_subjects(o, v) + compare_targets(o, v);
    if (v->applicable != (o->c->kind != CASE_NONE)) {
        print_message("%s:%d: the check is %s\n", o->f->path, o->c->line, v->applicable ? "applicable" : "not applicable");
        wrong++;
    }
    evaluation_free(e);
    if (o->c->n_sites > 0)
        fx_close(f);
    arena_free(arena);
    site_free(described);
    assert_int_equal(wrong, 0);
}

/* --- all -------------------------------------------------------------------------------------------------------------- */

static int open_store(void **state)
{
    (void)state;
    fx_open(&all.fx);
    return 0;
}

static int close_store(void **state)
{
    (void)state;
    fx_close(&all.fx);
    return 0;
}

static size_t list_cases(struct CMUnitTest *tests, struct case_of *cases)
{
    size_t n = 0;
    tests[n++] = (struct CMUnitTest){ .name = "every check passes, fails and is unknown in some case", .test_func = every_check_is_tried };
    for (size_t i = 0; i < all.n_fixtures; i++)
        for (size_t k = 0; k < all.fixtures[i]->n_cases && n < CASES_MAX; k++) {
            const struct check_fixture *f = all.fixtures[i];
            cases[n] = (struct case_of){ f, &f->cases[k] };
            tests[n] = (struct CMUnitTest){ .name = arena_printf(f->arena, "%s %s: %s", f->check, case_kind_name(f->cases[k].kind), f->cases[k].is),
                                            .test_func = one_case, .initial_state = &cases[n] };
            n++;
        }
    return n;
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    if (!load_all())
        return 1;
    struct CMUnitTest *tests = xcalloc(CASES_MAX, sizeof(*tests));
    struct case_of *cases = xcalloc(CASES_MAX, sizeof(*cases));
    size_t n = list_cases(tests, cases);
    int failed = _cmocka_run_group_tests("checklists", tests, n, open_store, close_store);
    free(cases);
    free(tests);
    for (size_t i = 0; i < all.n_fixtures; i++)
        check_fixture_free(all.fixtures[i]);
    checklists_free(all.checks);
    return failed;
}
