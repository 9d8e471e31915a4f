/* What collecting costs apart from the targets: CPU and memory of a worker, memory of the parent, rows a second from a worker to committed rows.
 * Each figure is printed with its limit (engine.md section 8); the exit status says whether all were reached. The workers are real ones
 * with the lock; their probes are those of tests/lib/test_probe.c, so no library of a protocol is in the figures. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "collect/collect.h"
#include "lib/acts.h"

#define WORKERS 500
#define TARGETS 1000
#define ROWS_EACH 1000

static int missed;

static void figure(const char *what, double value, const char *unit, double limit, bool at_least)
{
    bool reached = at_least ? value >= limit : value <= limit;
    missed += !reached;
    printf("%-58s %10.2f %-8s %s %.2f  %s\n", what, value, unit, at_least ? ">=" : "<=", limit, reached ? "ok" : "MISSED");
    fflush(stdout);
}

static void die(const char *what, int err)
{
    fprintf(stderr, "bench_collect: %s: %s\n", what, err_text(err));
    exit(2);
}

static double seconds(const struct timeval *t)
{
    return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

/* CPU of a zygote with all its workers, from its start to its end. */
static double zygote_cpu(struct acts *a, const char *const *names, size_t n, double *wall)
{
    struct rusage before, after;
    getrusage(RUSAGE_CHILDREN, &before);
    int err = zygote_start(&a->z);
    if (err != 0)
        die("zygote", err);
    act_run(a, "rows:1");            /* warm */
    int64_t began = clock_mono_ms();
    if (n > 0)
        err = acts_run(a, names, n);
    *wall = (double)(clock_mono_ms() - began) / 1000;
    zygote_stop(a->z);
    if (err != 0)
        die("workers", err);
    getrusage(RUSAGE_CHILDREN, &after);
    return seconds(&after.ru_utime) + seconds(&after.ru_stime) - seconds(&before.ru_utime) - seconds(&before.ru_stime);
}

static void bench_workers(struct acts *a)
{
    static const char *names[WORKERS];
    double wall = 0, none = 0;
    for (size_t i = 0; i < WORKERS; i++)
        names[i] = "rows:1";
    a->max_running = 64;
    double without = zygote_cpu(a, names, 0, &none), with = zygote_cpu(a, names, WORKERS, &wall);
    figure("CPU of one worker: fork, lock, one row, exit", (with - without) / WORKERS * 1000, "ms", 1.0, false);
    figure("500 workers, wall time", wall, "s", 1.0, false);
    a->max_running = 0;
}

/* --- memory of a worker ------------------------------------------------------------------------------------------------------ */

static long read_kib(const char *path, const char *key)
{
    char line[256];
    long kib = -1;
    FILE *f = fopen(path, "re");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, key, strlen(key)) == 0)
            kib = strtol(line + strlen(key), NULL, 10);
    if (f != NULL)
        fclose(f);
    return kib;
}

static long first_child(long pid)
{
    char path[64], text[64] = "";
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/children", pid, pid);
    FILE *f = fopen(path, "re");
    if (f == NULL || fgets(text, sizeof text, f) == NULL)
        text[0] = '\0';
    if (f != NULL)
        fclose(f);
    return text[0] == '\0' ? -1 : strtol(text, NULL, 10);
}

/* While a worker hangs under the lock, a child of ours looks at its memory. */
static void bench_worker_memory(struct acts *a)
{
    int ends[2];
    long kib = -1;
    int err = zygote_start(&a->z);
    if (err != 0 || pipe(ends) != 0)
        die("zygote", err);
    long zygote = first_child(getpid());
    pid_t looker = fork();
    if (looker == 0) {
        char path[64];
        for (int i = 0; i < 200 && kib < 0; i++) {
            long worker = first_child(zygote);
            usleep(10000);
            snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", worker);
            if (i > 50 && worker > 0)
                kib = read_kib(path, "Private_Dirty:");
        }
        if (write(ends[1], &kib, sizeof kib) != (ssize_t)sizeof kib)
            _exit(1);
        _exit(0);
    }
    a->deadline_ms = 3000;
    act_run(a, "hang-rows");
    a->deadline_ms = 0;
    if (read(ends[0], &kib, sizeof kib) != (ssize_t)sizeof kib)
        kib = -1;
    close(ends[0]);
    close(ends[1]);
    waitpid(looker, NULL, 0);
    zygote_stop(a->z);
    if (kib < 0)
        printf("%-58s skipped: only root may look into a worker\n", "private dirty memory of an idle worker");
    else
        figure("private dirty memory of an idle worker", (double)kib / 1024, "MiB", 1.0, false);
}

/* --- the parent -------------------------------------------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static void make_site(struct site *site, const char *dir)
{
    struct arena *arena = arena_new();
    *site = (struct site){ .arena = arena, .dir = dir, .key = "bench", .name = "Bench", .timezone = "UTC", .owner_authorized = true, .n_targets = TARGETS };
    site->targets = arena_array(arena, TARGETS, sizeof *site->targets);
    for (int i = 0; i < TARGETS; i++) {
        struct target *t = &site->targets[i];
        t->name = arena_printf(arena, "rows:%d.%04d", ROWS_EACH, i);
        t->host = "127.0.1.1";
        t->criticality = CRITICALITY_SUPPORT;
        t->probes = arena_alloc(arena, sizeof *t->probes);
        t->n_probes = 1;
        t->probes[0] = (struct target_probe){ .probe = "snmp", .credential = "com", .retries = -1 };
    }
}

/* In a process of its own, so that its greatest size is this run's alone. */
static void run_whole(const char *dir)
{
    struct zygote *z = NULL;
    struct site site;
    struct store *store = NULL;
    struct diags d = DIAGS_INIT;
    struct collect_options o = { .fast = true };
    struct collect_result r;
    char *why = NULL, *db = path_join(dir, "bench.db"), *cred_path = path_join(dir, "credentials.yaml");
    const char *text = "com: {snmp: {version: 2c, community: public}}\n";
    int err = zygote_start(&z);
    if (err == 0)
        err = file_write_atomic(cred_path, text, strlen(text), 0600);
    if (err == 0)
        err = store_open(&store, db, STORE_WRITE, &why);
    if (err != 0)
        die(why != NULL ? why : "store", err);
    make_site(&site, dir);
    struct credentials *cred = credentials_load(dir, &d);
    struct run run = { .site = xstrdup("bench"), .site_name = xstrdup("Bench"), .stage = xstrdup("owned") };
    err = store_run_begin(store, &run);
    struct plan *p = cred == NULL ? NULL : plan_make(&site, cred, store, &o, clock_now(), &d);
    if (err != 0 || p == NULL) {
        diags_print(&d, stderr);
        die("plan", err);
    }
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    err = collect_run(z, p, &site, cred, store, run.id, &o, NULL, NULL, &r);
    if (err != 0 || r.rows != (int64_t)TARGETS * (ROWS_EACH + 1) || r.n_complete != 2 * (size_t)TARGETS)
        die("collect_run", err);
    figure("parent: 1,000 targets, 1 million rows, greatest size", (double)read_kib("/proc/self/status", "VmHWM:") / 1024, "MiB", 40.0, false);
    getrusage(RUSAGE_SELF, &after);
    double cpu = seconds(&after.ru_utime) + seconds(&after.ru_stime) - seconds(&before.ru_utime) - seconds(&before.ru_stime);
    printf("%-58s %10.2f %-8s (with the workers that make them, on the same machine)\n", "from 1,000 jobs to committed rows, wall time", (double)r.rows / ((double)r.ms / 1000), "rows/s");
    figure("the same, for each second of the parent's CPU", (double)r.rows / cpu, "rows/s", 200000.0, true);
    store_close(store);
    zygote_stop(z);
    _exit(missed);
}

static void bench_parent(const char *dir)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        run_whole(dir);
    int status = 0;
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 2)
        exit(2);
    missed += WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    if (zygote_invoked(argc, argv))
        return zygote_main();
    const char *base = getenv("builddir");
    char *dir = xasprintf("%s/bench-collect-XXXXXX", base == NULL ? "." : base);
    if (mkdtemp(dir) == NULL)
        die(dir, -errno);
    struct acts *a = xcalloc(1, sizeof *a);
    a->fast = true;
    a->dir = dir;
    bench_parent(dir);
    bench_workers(a);
    bench_worker_memory(a);
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(a);
    free(dir);
    return missed == 0 ? 0 : 1;
}
