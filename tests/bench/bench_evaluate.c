/* 200 checks over 100,000 rows, half of them selective, 1% failing, findings stored: engine.md section 8 asks for 2 seconds. Figures are the best of
 * three tries, wall clock, the child's start included. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "checklist/evaluate.h"
#include "checklist/score.h"
#include "fact/table_interfaces.h"
#include "store/store.h"

#define TARGETS 100
#define ROWS_EACH 1000
#define CHECKS 200
#define LIMIT_S 2.0

static void die(const char *what, int err)
{
    fprintf(stderr, "bench_evaluate: %s: %s\n", what, err_text(err));
    exit(2);
}

static void must(const char *what, int err)
{
    if (err != 0)
        die(what, err);
}

/* A hundredth of the rows has speed 100; a tenth is of type 24. */
static void put_target(struct store *s, int64_t run, size_t t)
{
    struct intake *in = NULL;
    struct fact_row row;
    char name[32];
    int64_t id = 0;
    snprintf(name, sizeof(name), "sw%03zu", t);
    must("target", store_target_put(s, run, name, "switch", "10.0.0.1", 1, &id));
    struct collection c = { .target_id = id, .probe = "snmp", .table = &fact_interfaces, .state = STATE_COMPLETE, .method = METHOD_MEASURED,
                            .started = clock_now(), .finished = clock_now(), .observed_at = clock_now() };
    must("intake", intake_begin(s, run, &in));
    must("collection", intake_collection(in, &c));
    for (size_t i = 0; i < ROWS_EACH; i++) {
        size_t n = t * ROWS_EACH + i;
        fact_row_init(&row, &fact_interfaces);
        snprintf(name, sizeof(name), "Gi%zu/0/%zu", i / 48, i % 48);
        fact_set_str(&row, INTERFACES_NAME, name);
        fact_set_int(&row, INTERFACES_IF_INDEX, (int64_t)i);
        fact_set_str(&row, INTERFACES_ALIAS, "to the reception desk");
        fact_set_int(&row, INTERFACES_TYPE, n % 10 == 3 ? 24 : 6);
        fact_set_int(&row, INTERFACES_SPEED_MBPS, n / 10 % 100 == 7 ? 100 : 1000);
        fact_set_str(&row, INTERFACES_DUPLEX, "full");
        for (int k = INTERFACES_ADMIN_UP; k <= INTERFACES_OPER_UP; k++)
            fact_set_int(&row, k, 1);
        for (int k = INTERFACES_IN_OCTETS; k <= INTERFACES_OUT_DISCARDS; k++)
            fact_set_int(&row, k, (int64_t)i);
        must("row", intake_row(in, &row));
    }
    must("commit", intake_commit(in));
}

static struct checklists *make_checks(void)
{
    struct buf b = BUF_INIT(1 << 20);
    struct diags d = DIAGS_INIT;
    buf_puts(&b, "checklist: bench\ntitle: Bench\nchecks:\n");
    for (int i = 0; i < CHECKS; i++)
        buf_printf(&b, "  - {id: B-%03d, title: T, domain: d%d, severity: medium, facts: interfaces, %spass: speed_mbps >= :min AND duplex <> 'half', params: {min: %d},"
                       " show: [alias, speed_mbps, duplex], owner: vendor}\n", i, i % 8, i % 2 == 0 ? "where: type = 24 AND admin_up, " : "", 500 + i);
    struct checklist_file f = { .name = "bench", .bytes = buf_str(&b), .len = b.len };
    struct checklists *c = checklists_load_files(&f, 1, NULL, &d);
    diags_print(&d, stderr);
    if (c == NULL)
        die("checks", ERR_BAD_INPUT);
    diags_clear(&d);
    buf_clear(&b);
    return c;
}

static double seconds_since(int64_t ms)
{
    return (double)(clock_mono_ms() - ms) / 1000;
}

/* The whole in seconds; *evaluated: of it, until the verdicts were there. */
static double once(struct store *s, int64_t run, const struct checklists *c, double *evaluated, size_t *findings)
{
    static const struct site site = { 0 };
    struct evaluation *e = NULL;
    struct results r;
    struct run record;
    int64_t start = clock_mono_ms();
    must("evaluate", evaluate_run(s, run, c, NULL, &e));
    *evaluated = seconds_since(start);
    struct score *score = score_evaluation(e, c, &site, clock_now());
    must("run", store_run_get(s, run, &record));
    score_results(e, score, NULL, &record, &r);
    must("store", store_results_put(s, run, &r));
    double all = seconds_since(start);
    *findings = r.n_findings;
    for (size_t i = 0; i < e->n_checks; i++)
        if (e->checks[i].erred)
            die(e->checks[i].error, ERR_INTERNAL);
    results_clear(&r);
    run_clear(&record);
    score_free(score);
    evaluation_free(e);
    return all;
}

static void remove_dir(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL)
        unlinkat(dirfd(d), e->d_name, 0);
    if (d != NULL)
        closedir(d);
    rmdir(dir);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const char *base = getenv("builddir");
    char *dir = xasprintf("%s/bench-evaluate-XXXXXX", base != NULL ? base : "."), *why = NULL;
    struct store *s = NULL;
    if (mkdtemp(dir) == NULL)
        die("folder", ERR_INTERNAL);
    char *path = xasprintf("%s/preop.db", dir);
    must("store", store_open(&s, path, STORE_WRITE, &why));
    char site[] = "bench", word[] = "diligence", none[] = "", object[] = "{}";
    struct run r = { .site = site, .site_name = site, .stage = word, .label = none, .vantage = object, .options = object, .version = none };
    must("run", store_run_begin(s, &r));
    for (size_t t = 0; t < TARGETS; t++)
        put_target(s, r.id, t);
    struct checklists *c = make_checks();
    double best = 1e9, evaluated = 0, first = 0;
    size_t findings = 0;
    for (int i = 0; i < 3; i++) {
        double one = once(s, r.id, c, &first, &findings);
        if (one < best) {
            best = one;
            evaluated = first;
        }
    }
    printf("%d checks over %d rows, %zu findings: evaluate %.2f s, with score and storing %.2f s  <= %.2f  %s\n", CHECKS, TARGETS * ROWS_EACH, findings, evaluated, best, LIMIT_S,
           best <= LIMIT_S ? "ok" : "MISSED");
    checklists_free(c);
    store_close(s);
    remove_dir(dir);
    free(path);
    free(dir);
    return best <= LIMIT_S ? 0 : 1;
}
