/* Rates from counters: what may be a rate, what must not, and what an hour of them comes to. Watches: where rows are cut. */
#include "lib/cmocka_all.h"

#include <math.h>
#include "base/mem.h"
#include "base/spread.h"
#include "fact/table_interface_load.h"
#include "fact/watch.h"
#include "probes/snmp/snmp_load.h"

#define GIGA 1000
#define U32 (UINT64_C(1) << 32)

/* A read `s` seconds after the first, of a device that was up for 1000 s then. */
static struct load_read read_at(double s, bool wide, uint64_t in, uint64_t out)
{
    struct load_read r = { .at_ms = (int64_t)(s * 1000), .discontinuity = 7 };
    for (int c = 0; c < LOAD_COUNTERS; c++)
        r.counters[c].uptime = -1;
    for (int c = LOAD_IN_OCTETS; c <= LOAD_OUT_OCTETS; c++) {
        r.counters[c].has = true;
        r.counters[c].wide = wide;
        r.counters[c].v = c == LOAD_IN_OCTETS ? in : out;
        r.counters[c].uptime = 100000 + (int64_t)(s * 100);
    }
    return r;
}

static void set_uptime(struct load_read *r, int64_t hundredths)
{
    r->counters[LOAD_IN_OCTETS].uptime = r->counters[LOAD_OUT_OCTETS].uptime = hundredths;
}

static enum load_verdict verdict(struct load_read a, struct load_read b, int64_t speed, double *in, double *out)
{
    struct load_pair pair = { 0, NAN, NAN };
    enum load_verdict v = load_between(&a, &b, speed, &pair);
    *in = pair.in_mbps;
    *out = pair.out_mbps;
    if (v != LOAD_GOOD)
        assert_true(isnan(*in) && isnan(*out));          /* a void pair leaves nothing */
    return v;
}

static void test_rates(void **state)
{
    double in, out;

    (void)state;
    assert_int_equal(verdict(read_at(0, true, 1000, 0), read_at(60, true, 1000 + 75000000, 15000000), GIGA, &in, &out), LOAD_GOOD);
    assert_true(fabs(in - 10) < 1e-9 && fabs(out - 2) < 1e-9);
    /* 100 Gb/s for a minute, half full: 375 GB */
    assert_int_equal(verdict(read_at(0, true, 0, 0), read_at(60, true, UINT64_C(375000000000), 0), 100000, &in, &out), LOAD_GOOD);
    assert_true(fabs(in - 50000) < 1e-6);
    /* 102 % is rounding and clocks, more is a wrong number */
    assert_int_equal(verdict(read_at(0, true, 0, 0), read_at(10, true, 12740000, 0), 10, &in, &out), LOAD_GOOD);
    assert_int_equal(verdict(read_at(0, true, 0, 0), read_at(10, true, 12760000, 0), 10, &in, &out), LOAD_TOO_MUCH);
    /* one direction that is not there voids nothing */
    struct load_read a = read_at(0, true, 0, 0), b = read_at(10, true, 1250000, 0);
    a.counters[LOAD_OUT_OCTETS].has = b.counters[LOAD_OUT_OCTETS].has = false;
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_GOOD);
    assert_true(fabs(in - 1) < 1e-9 && isnan(out));
    b.counters[LOAD_IN_OCTETS].has = false;
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_NO_COUNTERS);
    /* without a speed 64-bit counters still give a rate */
    assert_int_equal(verdict(read_at(0, true, 0, 0), read_at(10, true, 1250000, 0), 0, &in, &out), LOAD_GOOD);
}

static void test_narrow_counters(void **state)
{
    double in, out;

    (void)state;
    /* 100 Mb/s wraps in 344 s: one wrap in 60 s is certain, 400 s may hold two */
    assert_int_equal(verdict(read_at(0, false, U32 - 1000, 5), read_at(60, false, 75000000 - 1000, 5), 100, &in, &out), LOAD_GOOD);
    assert_true(fabs(in - 10) < 1e-9 && out == 0);
    assert_int_equal(verdict(read_at(0, false, 0, 0), read_at(400, false, 1000, 1000), 100, &in, &out), LOAD_WRAPPED);
    assert_int_equal(verdict(read_at(0, false, 0, 0), read_at(60, false, 1000, 1000), GIGA, &in, &out), LOAD_WRAPPED);      /* 34 s */
    assert_int_equal(verdict(read_at(0, false, 0, 0), read_at(30, false, 1000, 1000), GIGA, &in, &out), LOAD_GOOD);
    assert_int_equal(verdict(read_at(0, false, 0, 0), read_at(10, false, 1000, 1000), 0, &in, &out), LOAD_WRAPPED);         /* of what speed? */
    /* both directions back in one moment: begun anew, though each alone could be a wrap */
    assert_int_equal(verdict(read_at(0, false, U32 - 1000, U32 - 5), read_at(60, false, 100, 100), 100, &in, &out), LOAD_ANEW);
    /* the agent has grown 64-bit counters meanwhile */
    assert_int_equal(verdict(read_at(0, false, 100, 100), read_at(30, true, 200, 200), 100, &in, &out), LOAD_ANEW);
}

static void test_what_began_anew(void **state)
{
    double in, out;
    struct load_read a = read_at(0, true, 5000, 5000), b = read_at(60, true, 6000, 6000);

    (void)state;
    assert_int_equal(verdict(a, read_at(60, true, 4000, 6000), GIGA, &in, &out), LOAD_ANEW);         /* 64 bits do not wrap */
    b.discontinuity = 8;
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_ANEW);
    b.discontinuity = -1;
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_ANEW);
    b.discontinuity = 7;
    set_uptime(&b, 500);                                 /* restarted */
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_NO_CLOCK);
    set_uptime(&b, 100000 + 500);                        /* restarted long after, and ahead of where it was */
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_NO_CLOCK);
    set_uptime(&b, 100000);                              /* stands still */
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_NO_CLOCK);
    set_uptime(&b, -1);
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_NO_CLOCK);
    set_uptime(&b, 100000 + 5600);                       /* brought up to date every few seconds only */
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_GOOD);
    set_uptime(&a, INT64_C(4294967290));                 /* 497 days */
    set_uptime(&b, 5994);
    assert_int_equal(verdict(a, b, GIGA, &in, &out), LOAD_NO_CLOCK);
    b = read_at(60, true, 6000, 6000);
    b.other_name = true;
    assert_int_equal(verdict(read_at(0, true, 5000, 5000), b, GIGA, &in, &out), LOAD_OTHER_PORT);
}

static double real_of(const struct fact_row *row, int column)
{
    assert_int_equal(row->v[column].kind, FACT_KIND_REAL);
    return row->v[column].r;
}

static int64_t int_of(const struct fact_row *row, int column)
{
    assert_int_equal(row->v[column].kind, FACT_KIND_INTEGER);
    return row->v[column].i;
}

static void set_all(struct load_read *r, uint64_t packets, uint64_t errors)
{
    r->full = true;
    for (int c = LOAD_IN_ERRORS; c < LOAD_COUNTERS; c++) {
        r->counters[c].has = true;
        r->counters[c].wide = c >= LOAD_IN_UCAST;
        r->counters[c].v = c >= LOAD_IN_UCAST ? packets : errors;
    }
}

/* 20 samples of 1, 2, ... 20 Mb/s in and 5 Mb/s out on a port of 100. */
static void test_hour(void **state)
{
    struct load_hour h = { .n = 0 };
    struct load_read r = read_at(0, true, 0, 0);
    struct fact_row row;
    uint64_t in = 0;

    (void)state;
    set_all(&r, 1000, 10);
    load_hour_begin(&h, &r);
    for (int i = 1; i <= 20; i++) {
        in += (uint64_t)i * 7500000;
        r = read_at(60.0 * i, true, in, (uint64_t)i * 5 * 7500000);
        if (i == 20)
            set_all(&r, 1000 + 500000, 10 + 25);
        assert_int_equal(load_hour_add(&h, &r, 100), LOAD_GOOD);
    }
    fact_row_init(&row, &fact_interface_load);
    load_hour_row(&h, 100, &row);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_COVERED_S), 1200);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_SAMPLES), 20);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_VOID_SAMPLES), 0);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_COUNTERS_64BIT), 1);
    assert_true(real_of(&row, INTERFACE_LOAD_IN_MBPS_MEDIAN) == 10.5 && real_of(&row, INTERFACE_LOAD_IN_MBPS_P95) == 19 && real_of(&row, INTERFACE_LOAD_IN_MBPS_MAX) == 20);
    assert_true(real_of(&row, INTERFACE_LOAD_OUT_PERCENT_MAX) == 5);
    assert_true(real_of(&row, INTERFACE_LOAD_BUSIER_MBPS_MEDIAN) == 10.5 && real_of(&row, INTERFACE_LOAD_BUSIER_PERCENT_P95) == 19);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_IN_PACKETS), 1500000);          /* three kinds of 500,000 */
    assert_int_equal(int_of(&row, INTERFACE_LOAD_IN_ERRORS), 25);
    assert_true(fabs(real_of(&row, INTERFACE_LOAD_OUT_DISCARDS_PER_MILLION) - 16.667) < 1e-9);
    load_hour_clear(&h);
}

/* A restart in the middle voids one sample, and what was counted from end to end. */
static void test_broken_hour(void **state)
{
    struct load_hour h = { .n = 0 };
    struct load_read r = read_at(0, true, 1000000, 1000000);
    struct fact_row row;

    (void)state;
    set_all(&r, 1000, 10);
    load_hour_begin(&h, &r);
    r = read_at(60, true, 8500000, 8500000);
    assert_int_equal(load_hour_add(&h, &r, 100), LOAD_GOOD);
    assert_int_equal(load_hour_add(&h, NULL, 100), LOAD_NO_COUNTERS);
    r = read_at(180, true, 500, 500);
    set_uptime(&r, 3000);
    assert_int_equal(load_hour_add(&h, &r, 100), LOAD_ANEW);
    struct load_read s = read_at(240, true, 7500500, 500);
    set_uptime(&s, 9000);
    set_all(&s, 1000000, 20);
    assert_int_equal(load_hour_add(&h, &s, 100), LOAD_GOOD);
    fact_row_init(&row, &fact_interface_load);
    load_hour_row(&h, 100, &row);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_SAMPLES), 2);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_VOID_SAMPLES), 2);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_COVERED_S), 120);
    assert_true(real_of(&row, INTERFACE_LOAD_IN_MBPS_MAX) == 1);
    assert_int_equal(row.v[INTERFACE_LOAD_IN_ERRORS].kind, FACT_KIND_NULL);
    assert_int_equal(row.v[INTERFACE_LOAD_IN_PACKETS].kind, FACT_KIND_NULL);
    /* the memory serves the next hour; silence when it began costs no sample, and no wrong one */
    load_hour_begin(&h, NULL);
    assert_int_equal(load_hour_add(&h, &s, 100), LOAD_GOOD);
    fact_row_init(&row, &fact_interface_load);
    load_hour_row(&h, 0, &row);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_SAMPLES), 0);
    assert_int_equal(row.v[INTERFACE_LOAD_IN_MBPS_MEDIAN].kind, FACT_KIND_NULL);
    assert_int_equal(row.v[INTERFACE_LOAD_SPEED_MBPS].kind, FACT_KIND_NULL);
    load_hour_clear(&h);
}

/* 32-bit packet counters of a fast port may have wrapped twice in an hour; a speed that changed gives a rate without a share of it. */
static void test_doubts(void **state)
{
    struct load_hour h = { .n = 0 };
    struct load_read r = read_at(0, true, 0, 0);
    struct fact_row row;

    (void)state;
    set_all(&r, 0, 0);
    r.counters[LOAD_IN_UCAST].wide = false;
    load_hour_begin(&h, &r);
    r = read_at(3600, true, 1000, 1000);
    set_all(&r, 1000, 5);
    r.counters[LOAD_IN_UCAST].wide = false;
    r.other_speed = true;
    assert_int_equal(load_hour_add(&h, &r, 10 * GIGA), LOAD_GOOD);
    fact_row_init(&row, &fact_interface_load);
    load_hour_row(&h, 10 * GIGA, &row);
    assert_int_equal(row.v[INTERFACE_LOAD_IN_PACKETS].kind, FACT_KIND_NULL);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_OUT_PACKETS), 3000);
    assert_int_equal(int_of(&row, INTERFACE_LOAD_IN_ERRORS), 5);
    assert_int_equal(row.v[INTERFACE_LOAD_IN_ERRORS_PER_MILLION].kind, FACT_KIND_NULL);
    assert_int_equal(row.v[INTERFACE_LOAD_IN_MBPS_MAX].kind, FACT_KIND_REAL);
    assert_int_equal(row.v[INTERFACE_LOAD_IN_PERCENT_MAX].kind, FACT_KIND_NULL);
    load_hour_clear(&h);
}

static void test_spread(void **state)
{
    double one[] = { 4 }, two[] = { 9, 1 }, v[100];

    (void)state;
    for (int i = 0; i < 100; i++)
        v[i] = 99 - i;
    struct spread s = spread_of(one, 1), t = spread_of(two, 2), u = spread_of(v, 100);
    assert_true(s.median == 4 && s.p95 == 4 && s.max == 4);
    assert_true(t.median == 5 && t.p95 == 9 && t.max == 9);
    assert_true(u.median == 49.5 && u.p95 == 94 && u.max == 99);
}

static void test_watch(void **state)
{
    const int64_t nine = 1793000000 - 1793000000 % 3600;
    struct watch w = { .sample_ms = 8 * 3600000, .every_ms = 60000, .hours_known = true, .open = { { nine + 600, nine + 5400 } }, .n_open = 1 }, back;
    struct job *job = job_new();

    (void)state;
    assert_false(watch_of_job(job, &back));
    watch_to_job(&w, job);
    assert_true(watch_of_job(job, &back));
    assert_int_equal(back.sample_ms, w.sample_ms);
    assert_int_equal(back.every_ms, 60000);
    assert_int_equal(watch_cut(&back, nine), nine + 600);                        /* it opens */
    assert_int_equal(watch_cut(&back, nine + 600), nine + 3600);                 /* a full hour */
    assert_int_equal(watch_cut(&back, nine + 3600), nine + 5400);                /* it closes */
    assert_int_equal(watch_cut(&back, nine + 5400), nine + 7200);
    assert_int_equal(watch_in_clinic_hours(&back, nine + 599), 0);
    assert_int_equal(watch_in_clinic_hours(&back, nine + 600), 1);
    assert_int_equal(watch_in_clinic_hours(&back, nine + 5400), 0);
    job_free(job);
    job = job_new();
    job_add_int(job, "sample_ms", 30000);
    job_add_int(job, "every_ms", 600000);
    job_add_str(job, "open", "12");
    assert_true(watch_of_job(job, &back));
    assert_int_equal(back.every_ms, 30000);                                      /* two reads */
    assert_int_equal(back.n_open, 0);
    assert_int_equal(watch_in_clinic_hours(&back, nine), -1);
    job_free(job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rates), cmocka_unit_test(test_narrow_counters), cmocka_unit_test(test_what_began_anew), cmocka_unit_test(test_hour),
        cmocka_unit_test(test_broken_hour), cmocka_unit_test(test_doubts), cmocka_unit_test(test_spread), cmocka_unit_test(test_watch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
