#include "bench.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "checklist/score.h"

void bench_must(const char *what, int err)
{
    if (err == 0)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, err_text(err));
    exit(2);
}

struct bench bench_begin(void)
{
    const char *base = getenv("builddir");
    char *why = NULL, name[] = "bench", word[] = "diligence", none[] = "", object[] = "{}";
    struct bench b = { .dir = xasprintf("%s/bench-XXXXXX", base != NULL ? base : ".") };
    bench_must("folder", mkdtemp(b.dir) == NULL ? ERR_INTERNAL : 0);
    char *path = xasprintf("%s/preop.db", b.dir);
    bench_must("store", store_open(&b.s, path, STORE_WRITE, &why));
    struct run r = { .site = name, .site_name = name, .stage = word, .label = none, .vantage = object, .options = object, .version = none };
    bench_must("run", store_run_begin(b.s, &r));
    b.run = r.id;
    free(path);
    return b;
}

void bench_end(struct bench *b)
{
    store_close(b->s);
    DIR *d = opendir(b->dir);
    struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL)
        unlinkat(dirfd(d), e->d_name, 0);
    if (d != NULL)
        closedir(d);
    rmdir(b->dir);
    free(b->dir);
}

static double seconds_since(int64_t ms)
{
    return (double)(clock_mono_ms() - ms) / 1000;
}

struct bench_judged bench_judge(const struct bench *b, const struct checklists *c)
{
    static const struct site site = { 0 };
    struct bench_judged j = { 0 };
    struct evaluation *e = NULL;
    struct results r;
    struct run record;
    int64_t start = clock_mono_ms();
    bench_must("evaluate", evaluate_run(b->s, b->run, c, NULL, &e));
    j.evaluated = seconds_since(start);
    struct score *score = score_evaluation(e, c, &site, clock_now());
    bench_must("run", store_run_get(b->s, b->run, &record));
    score_results(e, score, NULL, &record, &r);
    bench_must("store", store_results_put(b->s, b->run, &r));
    j.all = seconds_since(start);
    j.findings = r.n_findings;
    for (size_t i = 0; i < e->n_checks; i++) {
        j.erred += e->checks[i].erred;
        if (e->checks[i].erred)
            fprintf(stderr, "bench: %s: %s\n", c->checks[i].id, e->checks[i].error);
    }
    results_clear(&r);
    run_clear(&record);
    score_free(score);
    evaluation_free(e);
    return j;
}
