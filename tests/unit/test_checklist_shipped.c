/* Every shipped check with facts that make it pass, fail and be unknown (data/checklist/shipped.txt), in one run of many targets: a check that can only
 * say one thing says nothing. */
#include "checklist_fixture.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/path.h"

static char *source(const char *name)
{
    const char *srcdir = getenv("srcdir");
    return path_join(srcdir != NULL ? srcdir : ".", name);
}

/* The shipped checklists as one set, so that their ids are known to differ. */
static struct checklists *all_shipped(void)
{
    char *dir = source("checklists");
    struct checklist_file files[64];
    struct buf bytes[64];
    size_t n = 0;
    struct diags d = DIAGS_INIT;
    DIR *list = opendir(dir);
    struct dirent *e;
    assert_non_null(list);
    while ((e = readdir(list)) != NULL && n < N_ELEMENTS(files)) {
        size_t len = strlen(e->d_name);
        if (len < 6 || strcmp(e->d_name + len - 5, ".yaml") != 0)
            continue;
        char *path = path_join(dir, e->d_name);
        buf_init(&bytes[n], 1 << 22);
        assert_int_equal(file_read(path, bytes[n].max, &bytes[n]), 0);
        files[n] = (struct checklist_file){ .name = xstrdup(e->d_name), .bytes = buf_str(&bytes[n]), .len = bytes[n].len };
        free(path);
        n++;
    }
    closedir(list);
    free(dir);
    struct checklists *c = checklists_load_files(files, n, NULL, &d);
    diags_print(&d, stderr);
    assert_non_null(c);
    for (size_t i = 0; i < n; i++) {
        union { const char *in; char *out; } name = { .in = files[i].name };
        free(name.out);
        buf_clear(&bytes[i]);
    }
    diags_clear(&d);
    return c;
}

struct expected { char id[64], verdict[16], target[96]; };
struct plan { struct fx f; struct expected v[600]; size_t n; struct { char table[64]; struct buf rows; } tables[8]; size_t n_tables; };

/* What was said of a target becomes one collection for each table. */
static void flush(struct plan *p)
{
    for (size_t i = 0; i < p->n_tables; i++) {
        fx_collect(&p->f, p->v[p->n - 1].target, p->tables[i].table, NULL, buf_str(&p->tables[i].rows));
        buf_clear(&p->tables[i].rows);
    }
    p->n_tables = 0;
}

static void add_row(struct plan *p, const char *line)
{
    static const struct fx_how failed = { .state = STATE_FAILED, .reason = REASON_NO_ANSWER, .method = METHOD_MEASURED };
    size_t len = strcspn(line, " "), i = 0;
    assert_true(p->n > 0);
    if (len == 6 && strncmp(line, "failed", 6) == 0) {
        fx_collect(&p->f, p->v[p->n - 1].target, line + 7, &failed, NULL);
        return;
    }
    while (i < p->n_tables && (strlen(p->tables[i].table) != len || strncmp(p->tables[i].table, line, len) != 0))
        i++;
    if (i == p->n_tables) {
        assert_true(p->n_tables < N_ELEMENTS(p->tables));
        snprintf(p->tables[i].table, sizeof(p->tables[i].table), "%.*s", (int)len, line);
        buf_init(&p->tables[i].rows, 1 << 16);
        p->n_tables++;
    }
    buf_printf(&p->tables[i].rows, "%s\n", line + len + 1);
}

static void read_plan(struct plan *p)
{
    char *path = source("tests/unit/data/checklist/shipped.txt");
    struct buf b = BUF_INIT(1 << 20);
    assert_int_equal(file_read(path, b.max, &b), 0);
    char *at = b.data;
    while (at != NULL && *at != '\0') {
        char *line = strsep(&at, "\n");
        struct expected *e = &p->v[p->n];
        if (line[0] == '#' || line[0] == '\0')
            continue;
        if (line[0] < 'A' || line[0] > 'Z') {
            add_row(p, line);
            continue;
        }
        flush(p);
        assert_true(p->n < N_ELEMENTS(p->v));
        char id[64], verdict[16];
        assert_int_equal(sscanf(line, "%63s %15s", id, verdict), 2);
        snprintf(e->id, sizeof(e->id), "%s", id);
        snprintf(e->verdict, sizeof(e->verdict), "%s", verdict);
        snprintf(e->target, sizeof(e->target), "%s-%s", id, verdict);
        p->n++;
    }
    flush(p);
    free(path);
    buf_clear(&b);
}

static const char *verdict_of(const struct target_verdicts *t)
{
    return t == NULL ? "nothing" : t->uncollected || t->n_unknown > 0 ? "unknown" : t->n_fail > 0 ? "fail" : t->n_pass > 0 ? "pass" : "nothing";
}

static void pass_fail_unknown(void **state)
{
    struct plan *p = xcalloc(1, sizeof(*p));
    struct evaluation *e = NULL;
    size_t wrong = 0;
    (void)state;
    fx_open(&p->f);
    int64_t then = 0;
    assert_true(iso_parse("2026-11-18T12:00:00Z", &then));
    p->f.now = then;
    clock_set(then);
    p->f.run = fx_run(&p->f, "shipped", "diligence");
    read_plan(p);
    struct checklists *c = all_shipped();
    assert_int_equal(evaluate_run(p->f.s, p->f.run, c, NULL, &e), 0);
    for (size_t i = 0; i < p->n; i++) {
        const struct check_verdicts *v = fx_check(e, p->v[i].id);
        const char *is = v->erred ? v->error : verdict_of(fx_at(v, p->v[i].target));
        if (strcmp(is, p->v[i].verdict) != 0) {
            print_message("# %s was to be %s at %s, and is: %s\n", p->v[i].id, p->v[i].verdict, p->v[i].target, is);
            wrong++;
        }
    }
    for (size_t i = 0; i < c->n_checks; i++) {
        size_t n = 0;
        for (size_t k = 0; k < p->n; k++)
            n += strcmp(p->v[k].id, c->checks[i].id) == 0;
        if (n < 3) {
            print_message("# %s has no facts for pass, fail and unknown in shipped.txt\n", c->checks[i].id);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    evaluation_free(e);
    checklists_free(c);
    fx_close(&p->f);
    free(p);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const struct CMUnitTest tests[] = { cmocka_unit_test(pass_fail_unknown) };
    return cmocka_run_group_tests_name("checklist_shipped", tests, NULL, NULL);
}
