/* 200 checks over 100,000 rows, half of them selective, 1% failing, findings stored: engine.md section 8 asks for 2 seconds. Figures are the best of
 * three tries, wall clock, the child's start included. */
#include "bench.h"

#include <stdlib.h>
#include "base/clock.h"
#include "base/mem.h"
#include "fact/table_interfaces.h"

#define TARGETS 100
#define ROWS_EACH 1000
#define CHECKS 200
#define LIMIT_S 2.0

/* A hundredth of the rows has speed 100; a tenth is of type 24. */
static void put_target(struct store *s, int64_t run, size_t t)
{
    struct intake *in = NULL;
    struct fact_row row;
    char name[32];
    int64_t id = 0;
    snprintf(name, sizeof(name), "sw%03zu", t);
    bench_must("target", store_target_put(s, run, name, "switch", "10.0.0.1", 1, &id));
    struct collection c = { .target_id = id, .probe = "snmp", .table = &fact_interfaces, .state = STATE_COMPLETE, .method = METHOD_MEASURED,
                            .started = clock_now(), .finished = clock_now(), .observed_at = clock_now() };
    bench_must("intake", intake_begin(s, run, &in));
    bench_must("collection", intake_collection(in, &c));
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
        bench_must("row", intake_row(in, &row));
    }
    bench_must("commit", intake_commit(in));
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
    bench_must("checks", c != NULL ? 0 : ERR_BAD_INPUT);
    diags_clear(&d);
    buf_clear(&b);
    return c;
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    struct bench b = bench_begin();
    for (size_t t = 0; t < TARGETS; t++)
        put_target(b.s, b.run, t);
    struct checklists *c = make_checks();
    struct bench_judged best = bench_judge(&b, c);
    for (int i = 1; i < 3; i++) {
        struct bench_judged one = bench_judge(&b, c);
        best = one.all < best.all ? one : best;
    }
    bench_must("a check errs", best.erred > 0 ? ERR_INTERNAL : 0);
    printf("%d checks over %d rows, %zu findings: evaluate %.2f s, with score and storing %.2f s  <= %.2f  %s\n", CHECKS, TARGETS * ROWS_EACH, best.findings, best.evaluated, best.all, LIMIT_S,
           best.all <= LIMIT_S ? "ok" : "MISSED");
    checklists_free(c);
    bench_end(&b);
    return best.all <= LIMIT_S ? 0 : 1;
}
