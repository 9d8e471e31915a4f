/* What the benches over a store share: a store in a folder of its own with one open run, and the way from its facts to stored verdicts. Any failure ends
 * the program with 2. */
#ifndef PREOP_BENCH_BENCH_H
#define PREOP_BENCH_BENCH_H

#include "checklist/evaluate.h"
#include "store/store.h"

struct bench { char *dir; struct store *s; int64_t run; };

void bench_must(const char *what, int err);
/* Below $builddir. bench_end() closes and removes it. */
struct bench bench_begin(void);
void bench_end(struct bench *b);

struct bench_judged { double evaluated, all; size_t findings, erred; };      /* seconds until the verdicts were there, and until they were stored; checks that err, each named on stderr */
struct bench_judged bench_judge(const struct bench *b, const struct checklists *c);

#endif
