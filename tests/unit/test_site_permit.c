/* Permission: every ground for a refusal in its own words, hours on the clinic's wall clock, never before all. */
#include "lib/cmocka_all.h"

#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "site/load.h"
#include "site/permit.h"
#include "site/site.h"

#define HEAD "preop: 1\nsite: a\nname: A\nstage: diligence\ntimezone: America/Chicago\n"

static const char seller[] = HEAD
    "authorization:\n"
    "- {by: A. Example, role: COO, organization: the clinic, on: 2026-11-09, until: 2026-12-18, networks: [10.20.0.0/22],\n"
    "   never: [10.20.3.0/24], methods: [snmp, ldap], hours: [\"Mon-Fri 10:00-12:00\", \"Wed 11:30-13:00\"]}\n"
    "- {by: B. Example, role: CIO, on: 2026-11-10, networks: [10.20.0.0/24, \"fd00:20::/48\"], methods: [ssh]}\n";

static struct site *load_text(const char *text)
{
    const struct site_file file = { "site", "site.yaml", text, strlen(text) };
    struct diags diags = DIAGS_INIT;
    struct site *s = site_load_files(&file, 1, &diags);

    assert_non_null(s);
    return s;
}

static int64_t moment(const char *text)
{
    int64_t t = 0;

    assert_true(iso_parse(text, &t));
    return t;
}

struct question { const char *method, *address, *at; bool allowed; const char *reason, *until; };

static void ask(const struct site *s, const struct question *q)
{
    struct permit p;
    struct ip ip;

    if (q->address != NULL)
        assert_true(ip_parse(q->address, &ip));
    permit_ask(s, q->method, q->address != NULL ? &ip : NULL, moment(q->at), &p);
    assert_string_equal(p.reason, q->reason);
    assert_int_equal(p.allowed, q->allowed);
    if (q->until != NULL)
        assert_int_equal(p.until, moment(q->until));
    else if (q->allowed)
        assert_true(p.until == INT64_MAX);
    assert_int_equal(p.do_not_touch, strstr(q->reason, "never touched") != NULL);
    permit_clear(&p);
}

static void test_seller(void **state)
{
    /* 18 November 2026 is a Wednesday; Chicago is six hours behind UTC */
    static const struct question questions[] = {
        { "snmp", "10.20.0.5", "2026-11-18T16:30:00Z", true, "A. Example (COO) allowed it on 2026-11-09", "2026-11-18T19:00:00Z" },
        { "snmp", "10.20.0.5", "2026-11-17T17:59:59Z", true, "A. Example (COO) allowed it on 2026-11-09", "2026-11-17T18:00:00Z" },
        { "snmp", "10.20.0.5", "2026-11-17T18:00:00Z", false, "outside the hours that A. Example (COO) allowed: Mon-Fri 10:00-12:00, Wed 11:30-13:00", NULL },
        { "snmp", "10.20.0.5", "2026-11-18T15:59:59Z", false, "outside the hours that A. Example (COO) allowed: Mon-Fri 10:00-12:00, Wed 11:30-13:00", NULL },
        { "snmp", "10.20.0.5", "2026-11-21T16:30:00Z", false, "outside the hours that A. Example (COO) allowed: Mon-Fri 10:00-12:00, Wed 11:30-13:00", NULL },
        { "snmp", NULL, "2026-11-18T16:30:00Z", true, "A. Example (COO) allowed it on 2026-11-09", "2026-11-18T19:00:00Z" },
        { "snmp", "10.20.4.1", "2026-11-18T16:30:00Z", false, "10.20.4.1 is not in the networks that A. Example (COO) allowed on 2026-11-09", NULL },
        { "snmp", "10.20.3.9", "2026-11-18T16:30:00Z", false, "10.20.3.9 lies in 10.20.3.0/24, which A. Example (COO) excluded: never touched", NULL },
        { "ssh", "::ffff:10.20.3.9", "2026-11-18T16:30:00Z", false, "10.20.3.9 lies in 10.20.3.0/24, which A. Example (COO) excluded: never touched", NULL },
        { "ssh", "10.20.0.5", "2026-11-18T03:30:00Z", true, "B. Example (CIO) allowed it on 2026-11-10", NULL },
        { "ssh", "fd00:20::1", "2026-11-18T03:30:00Z", true, "B. Example (CIO) allowed it on 2026-11-10", NULL },
        { "ssh", "10.20.1.5", "2026-11-18T03:30:00Z", false, "10.20.1.5 is not in the networks that B. Example (CIO) allowed on 2026-11-10", NULL },
        { "smb", "10.20.0.5", "2026-11-18T16:30:00Z", false, "smb is not among the methods that A. Example (COO) allowed on 2026-11-09", NULL },
        /* the ninth begins, and the eighteenth ends, in Chicago */
        { "snmp", "10.20.0.5", "2026-11-09T05:59:59Z", false, "the permission of A. Example (COO) begins on 2026-11-09", NULL },
        { "snmp", "10.20.0.5", "2026-11-09T16:00:00Z", true, "A. Example (COO) allowed it on 2026-11-09", "2026-11-09T18:00:00Z" },
        { "snmp", "10.20.0.5", "2026-12-18T16:00:00Z", true, "A. Example (COO) allowed it on 2026-11-09", "2026-12-18T18:00:00Z" },
        { "snmp", "10.20.0.5", "2026-12-19T06:00:00Z", false, "the permission of A. Example (COO) ended on 2026-12-18", NULL },
        { "file", NULL, "2030-01-01T00:00:00Z", true, "a file that was handed over: nothing is asked of the clinic", NULL },
    };
    struct site *s = load_text(seller);

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(questions); i++)
        ask(s, &questions[i]);
    site_free(s);
}

static void test_owner(void **state)
{
    static const struct question questions[] = {
        { "ssh", "192.0.2.1", "2026-11-18T03:30:00Z", true, "the site is our own", NULL },
        { "ssh", "10.9.1.1", "2026-11-18T03:30:00Z", false, "10.9.1.1 lies in 10.9.0.0/16, which the site file excludes: never touched", NULL },
    };
    struct site *s = load_text(HEAD "authorization: owner\nnever: 10.9.0.0/16\n");

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(questions); i++)
        ask(s, &questions[i]);
    site_free(s);
}

static void test_nobody(void **state)
{
    static const struct question q = { "ssh", "192.0.2.1", "2026-11-18T03:30:00Z", false,
                                       "site.yaml has no authorization: nobody has allowed anything yet", NULL };
    struct site *s = load_text(HEAD);

    (void)state;
    ask(s, &q);
    site_free(s);
}

/* The day of `until` is the last one, to its last second in the clinic's zone. */
static void test_until_is_inclusive(void **state)
{
    static const struct question questions[] = {
        { "ssh", "192.0.2.1", "2026-12-19T05:59:58Z", true, "N. Example (CIO) allowed it on 2026-01-01", "2026-12-19T06:00:00Z" },
        { "ssh", "192.0.2.1", "2026-12-19T05:59:59Z", true, "N. Example (CIO) allowed it on 2026-01-01", "2026-12-19T06:00:00Z" },
        { "ssh", "192.0.2.1", "2026-12-19T06:00:00Z", false, "the permission of N. Example (CIO) ended on 2026-12-18", NULL },
    };
    struct site *s = load_text(HEAD "authorization: [{by: N. Example, role: CIO, on: 2026-01-01, until: 2026-12-18, networks: 192.0.2.0/24, methods: ssh}]\n");

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(questions); i++)
        ask(s, &questions[i]);
    site_free(s);
}

/* The clocks go back on 1 November 2026 at two in the morning: a night's window still ends at six on the wall. */
static void test_change_of_clocks(void **state)
{
    static const struct question q = { "ssh", "192.0.2.1", "2026-11-01T04:00:00Z", true, "N. Example (CIO) allowed it on 2026-01-01", "2026-11-01T12:00:00Z" };
    struct site *s = load_text(HEAD "authorization: [{by: N. Example, role: CIO, on: 2026-01-01, networks: 192.0.2.0/24, methods: ssh, hours: daily 22:00-06:00}]\n");

    (void)state;
    ask(s, &q);
    site_free(s);
}

static void all_permits(const struct job *job, struct buf *out)
{
    size_t cursor = 0;

    for (const char *p = job_next(job, "permit", &cursor); p != NULL; p = job_next(job, "permit", &cursor))
        buf_printf(out, "%s ", p);
}

static void check_job(const struct site *s, const char *method, const char *at, const char *expected)
{
    struct job *job = job_new();
    struct buf text = BUF_INIT(4096);

    permit_to_job(s, method, moment(at), job);
    all_permits(job, &text);
    assert_string_equal(buf_str(&text), expected);
    buf_clear(&text);
    job_free(job);
}

static void test_job(void **state)
{
    struct site *s = load_text(seller), *own = load_text(HEAD "authorization: owner\nnever: [10.9.0.0/16]\n");

    (void)state;
    check_job(s, "snmp", "2026-11-18T16:30:00Z", "-10.20.3.0/24 +10.20.0.0/22 ");
    check_job(s, "snmp", "2026-11-18T03:30:00Z", "-10.20.3.0/24 ");
    check_job(s, "ssh", "2026-11-18T16:30:00Z", "-10.20.3.0/24 +10.20.0.0/24 +fd00:20::/48 ");
    check_job(own, "ssh", "2026-11-18T16:30:00Z", "-10.9.0.0/16 +0.0.0.0/0 +::/0 ");
    site_free(s);
    site_free(own);
}

static void check_summary(const struct site *s, const char *at, const char *expected)
{
    struct buf text = BUF_INIT(4096);

    permit_summary(s, moment(at), &text);
    assert_string_equal(buf_str(&text), expected);
    buf_clear(&text);
}

static void test_summary(void **state)
{
    struct site *s = load_text(seller), *own = load_text(HEAD "authorization: owner\n"), *none = load_text(HEAD);

    (void)state;
    check_summary(s, "2026-11-18T16:30:00Z",
                  "COO of the clinic, to 18 Dec: snmp ldap; Mon-Fri 10:00-12:00, Wed 11:30-13:00 | CIO: ssh");
    check_summary(s, "2026-11-01T16:30:00Z", "none holds today");
    check_summary(own, "2026-11-18T16:30:00Z", "the site is our own");
    check_summary(none, "2026-11-18T16:30:00Z", "none");
    site_free(s);
    site_free(own);
    site_free(none);
}

static void test_hours_parse(void **state)
{
    static const struct { const char *text, *formatted; } cases[] = {
        { "Mon-Fri 08:00-17:30", "Mon-Fri 08:00-17:30" },
        { "Sat 09:00-12:00", "Sat 09:00-12:00" },
        { "daily 00:00-24:00", "daily 00:00-24:00" },
        { "Mon,Wed 10:00-12:00", "Mon,Wed 10:00-12:00" },
        { "mon-wed,FRI 10:00-12:00", "Mon-Wed,Fri 10:00-12:00" },
        { "Sat-Mon 10:00-12:00", "Mon,Sat,Sun 10:00-12:00" },
        { "Sun 22:00-06:00", "Sun 22:00-24:00; Mon 00:00-06:00" },
        { "Fri 22:00-00:00", "Fri 22:00-24:00" },
        { "", NULL }, { "Mon", NULL }, { "Mon-", NULL }, { "Mon- 08:00-09:00", NULL }, { "Mon 8:00-9:00", NULL }, { "Mon 08:00-09:60", NULL },
        { "Mon 08:00-24:01", NULL }, { "Mon 08:00 - 09:00", NULL }, { "Mon, 08:00-09:00", NULL }, { "Mon 08:00-09:00 x", NULL },
        { "dailyx 08:00-09:00", NULL }, { "Mon 24:00-00:00", NULL }, { "M", NULL }, { "Mon 08:00-08:00", NULL },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
        struct hours pair[2];
        size_t n = 0;
        const char *why = NULL;
        struct buf text = BUF_INIT(200);
        bool ok = hours_parse(cases[i].text, pair, &n, &why);
        for (size_t j = 0; ok && j < n; j++) {
            buf_puts(&text, j > 0 ? "; " : "");
            hours_format(&pair[j], &text);
        }
        if (ok != (cases[i].formatted != NULL) || (ok && strcmp(buf_str(&text), cases[i].formatted) != 0))
            fail_msg("'%s' gives '%s'", cases[i].text, ok ? buf_str(&text) : why);
        buf_clear(&text);
    }
}

static void test_hours_left(void **state)
{
    static const struct hours week[] = { { 0x7f, 0, 1440 } }, nights[] = { { 0x40, 1320, 1440 }, { 0x01, 0, 360 } };

    (void)state;
    assert_int_equal(hours_left(week, 1, 3, 100), -1);
    assert_int_equal(hours_left(nights, 2, 6, 1320), 480);           /* over midnight from Sunday to Monday */
    assert_int_equal(hours_left(nights, 2, 6, 1319), 0);
    assert_int_equal(hours_left(nights, 2, 0, 359), 1);
    assert_int_equal(hours_left(nights, 2, 0, 360), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seller),
        cmocka_unit_test(test_owner),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_until_is_inclusive),
        cmocka_unit_test(test_change_of_clocks),
        cmocka_unit_test(test_job),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_hours_parse),
        cmocka_unit_test(test_hours_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
