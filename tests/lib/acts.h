/* Runs acts of the test probes (test_probe.h) as jobs: through a real zygote, in real workers, under the real scheduler. */
#ifndef PREOP_TESTS_LIB_ACTS_H
#define PREOP_TESTS_LIB_ACTS_H

#include "collect/jobrun.h"
#include "collect/sched.h"

#define ACTS_MAX 1200

/* What became of one act: the outcomes of devices and interfaces, copied. */
struct act_result {
    enum state state[2];
    enum reason reason[2];
    char detail[2][600];
    int64_t rows;                    /* of both tables, that arrived */
    bool keep_rows;                  /* of interfaces */
    char sandbox[64];
    bool started;
    int64_t ms, cpu_us;
    int status;
    int64_t finished_ms;             /* since acts_run() began */
};

struct acts {
    struct zygote *z;
    const char *dir;                 /* for spools; NULL: builddir */
    size_t max_running;              /* 0: 8 */
    int64_t deadline_ms;             /* of each job, after which it is killed; 0: 10 s */
    int64_t max_rows, max_bytes;     /* 0: as in a real run */
    bool fast, require_sandbox, local_only;
    bool interrupted;                /* result */
    int64_t n_asked;                 /* result */
    void (*extra)(struct job *job, size_t i);    /* adds keys to the i-th job */
    void (*done)(struct acts *a, size_t i);      /* called as each ends */
    struct act_result r[ACTS_MAX];
};

int acts_run(struct acts *a, const char *const *acts, size_t n);
/* One act with everything else as it is in a. */
const struct act_result *act_run(struct acts *a, const char *act);

#endif
