/* See checklist_fixture.h. */
#include "checklist_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/text.h"

#define NOW INT64_C(1795000000)      /* November 2026 */

static struct checklists *kept[64];
static size_t n_kept;

void fx_open(struct fx *f)
{
    f->now = NOW;
    clock_set(NOW);
    f->dir = helper_dir();
    char *path = helper_db(f->dir);
    f->s = helper_open(path);
    free(path);
    f->run = fx_run(f, "riverside", "diligence");
}

void fx_close(struct fx *f)
{
    store_close(f->s);
    helper_remove(f->dir);
    for (size_t i = 0; i < n_kept; i++)
        checklists_free(kept[i]);
    n_kept = 0;
    clock_set(-1);
}

int64_t fx_run(struct fx *f, const char *site, const char *stage)
{
    struct run r = { .site = xstrdup(site), .site_name = xstrdup(site), .stage = xstrdup(stage), .label = xstrdup(""), .vantage = xstrdup("{}"), .options = xstrdup("{}"),
                     .version = xstrdup("0") };
    assert_int_equal(store_run_begin(f->s, &r), 0);
    int64_t id = r.id;
    run_clear(&r);
    return id;
}

void fx_target(struct fx *f, const char *target, int criticality)
{
    int64_t id = 0;
    assert_int_equal(store_target_put(f->s, f->run, target, "switch", "10.20.0.2", criticality, &id), 0);
}

static void set_value(struct fact_row *row, const char *name, char *value)
{
    int c = fact_column_find(row->table, name);
    if (c < 0)
        fail_msg("%s has no column %s", row->table->name, name);
    for (char *p = value; *p != '\0'; p++)
        if (*p == '_')
            *p = ' ';
    switch (row->table->columns[c].type) {
    case FACT_INTEGER:
    case FACT_BOOLEAN:
        fact_set_int(row, c, strtoll(value, NULL, 10));
        break;
    case FACT_REAL:
        fact_set_real(row, c, strtod(value, NULL));
        break;
    default:
        fact_set_str(row, c, value);
        break;
    }
}

/* Cuts the text in place: it has to live until the row was taken. */
static void set_row(struct fact_row *row, char *text)
{
    char *end = text + strlen(text);
    while (text < end) {
        text += strspn(text, " ");
        size_t n = strcspn(text, " ");
        text[n] = '\0';
        char *value = strchr(text, '=');
        if (value != NULL) {
            *value = '\0';
            set_value(row, text, value + 1);
        }
        text += n + 1;
    }
}

static void put_rows(struct intake *in, const struct fact_table *t, const char *rows)
{
    while (rows != NULL && *rows != '\0') {
        struct fact_row row;
        size_t n = strcspn(rows, "\n");
        char *line = xstrndup(rows, n);
        fact_row_init(&row, t);
        set_row(&row, line);
        assert_int_equal(intake_row(in, &row), 0);
        free(line);
        rows += n + (rows[n] == '\n');
    }
}

void fx_collect(struct fx *f, const char *target, const char *table, const struct fx_how *how, const char *rows)
{
    static const struct fx_how measured = { .probe = "snmp", .state = STATE_COMPLETE, .method = METHOD_MEASURED };
    struct target_record *targets = NULL;
    struct intake *in = NULL;
    int64_t id = 0;
    size_t n = 0;
    if (how == NULL)
        how = &measured;
    assert_int_equal(store_targets(f->s, f->run, &targets, &n), 0);
    for (size_t i = 0; i < n; i++)
        if (strcmp(targets[i].name, target) == 0)
            id = targets[i].id;
    targets_free(targets, n);
    if (id == 0)
        assert_int_equal(store_target_put(f->s, f->run, target, "switch", "10.20.0.2", 1, &id), 0);
    char *vantage = xstrdup(how->vantage), *detail = xstrdup(how->detail);
    int64_t at = f->now - (int64_t)how->days_old * 86400;
    struct collection c = { .target_id = id, .probe = how->probe != NULL ? how->probe : "snmp", .table = fact_table_find(table), .state = how->state, .reason = how->reason,
                            .detail = detail, .method = how->method, .vantage = vantage, .started = at, .finished = at, .observed_at = at };
    assert_non_null(c.table);
    assert_int_equal(intake_begin(f->s, f->run, &in), 0);
    assert_int_equal(intake_collection(in, &c), 0);
    put_rows(in, c.table, rows);
    assert_int_equal(intake_commit(in), 0);
    free(vantage);
    free(detail);
}

static void print_diags(const struct diags *d)
{
    for (size_t i = 0; i < d->n; i++)
        print_message("%s:%d:%d: %s\n", d->v[i].file != NULL ? d->v[i].file : "", d->v[i].line, d->v[i].column, d->v[i].text);
}

struct checklists *fx_checks(const char *yaml)
{
    struct diags d = DIAGS_INIT;
    struct checklist_file f = { .name = "test", .bytes = yaml, .len = strlen(yaml) };
    struct checklists *c = checklists_load_files(&f, 1, NULL, &d);
    print_diags(&d);
    assert_non_null(c);
    diags_clear(&d);
    if (n_kept == N_ELEMENTS(kept))
        fail_msg("too many checklists for one test");
    kept[n_kept++] = c;
    return c;
}

struct evaluation *fx_evaluate(struct fx *f, const char *checks, const struct evaluate_options *o)
{
    struct buf yaml = BUF_INIT(1 << 20);
    struct evaluation *e = NULL;
    buf_puts(&yaml, "checklist: test\ntitle: Test\nchecks:\n");
    while (*checks != '\0') {
        size_t n = strcspn(checks, "\n");
        if (n > 0 && checks[n - 1] == '}')
            buf_printf(&yaml, "  - %.*s%s%s}\n", (int)n - 1, checks, strstr(checks, "title:") == NULL ? ", title: T, domain: d" : "",
                       memmem(checks, n, "severity:", 9) == NULL || memmem(checks, n, "when:", 5) != NULL ? ", severity: medium" : "");
        checks += n + (checks[n] == '\n');
    }
    assert_int_equal(evaluate_run(f->s, f->run, fx_checks(buf_str(&yaml)), o, &e), 0);
    buf_clear(&yaml);
    assert_non_null(e);
    return e;
}

const struct check_verdicts *fx_check(const struct evaluation *e, const char *id)
{
    for (size_t i = 0; i < e->n_checks; i++)
        if (strcmp(e->checks[i].check->id, id) == 0)
            return &e->checks[i];
    fail_msg("no check %s", id);
    return NULL;
}

const struct subject_verdict *fx_subject(const struct check_verdicts *c, const char *target, const char *subject)
{
    for (size_t i = 0; i < c->n_subjects; i++)
        if (strcmp(c->subjects[i].target, target) == 0 && strcmp(c->subjects[i].subject, subject) == 0)
            return &c->subjects[i];
    return NULL;
}

const struct target_verdicts *fx_at(const struct check_verdicts *c, const char *target)
{
    for (size_t i = 0; i < c->n_targets; i++)
        if (strcmp(c->targets[i].target, target) == 0)
            return &c->targets[i];
    return NULL;
}

void fx_expect(const struct evaluation *e, const char *id, const char *target, int pass, int fail, int unknown, bool uncollected)
{
    const struct check_verdicts *c = fx_check(e, id);
    if (c->erred)
        fail_msg("%s erred: %s", id, c->error);
    const struct target_verdicts *t = fx_at(c, target);
    if (t == NULL) {
        fail_msg("%s says nothing of %s", id, target);
        return;                  /* fail_msg does not come back, but the compiler cannot know */
    }
    if (t->n_pass != pass || t->n_fail != fail || t->n_unknown != unknown || t->uncollected != uncollected)
        fail_msg("%s at %s: %lld pass, %lld fail, %lld unknown%s", id, target, (long long)t->n_pass, (long long)t->n_fail, (long long)t->n_unknown,
                 t->uncollected ? ", not collected" : "");
    assert_true(c->applicable);
}

void fx_expect_error(const struct evaluation *e, const char *id, const char *part)
{
    const struct check_verdicts *c = fx_check(e, id);
    if (!c->erred || strstr(c->error, part) == NULL)
        fail_msg("%s should err with '%s', but: %s", id, part, c->erred ? c->error : "did not");
    assert_int_equal(c->n_targets, 0);
    assert_int_equal(c->n_subjects, 0);
}

void fx_expect_not_applicable(const struct evaluation *e, const char *id)
{
    const struct check_verdicts *c = fx_check(e, id);
    assert_false(c->erred);
    assert_false(c->applicable);
    assert_int_equal(c->n_targets, 0);
    assert_int_equal(c->n_subjects, 0);
}
