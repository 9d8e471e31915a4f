/* Evaluation end to end: a store, a child, and what each rule of three-valued logic and of what was not collected comes to. */
#include "checklist_fixture.h"

#include <string.h>

#include "base/clock.h"

static const struct fx_how document = { .probe = "file", .state = STATE_COMPLETE, .method = METHOD_DOCUMENT };
static const struct fx_how failed = { .state = STATE_FAILED, .reason = REASON_NO_ANSWER, .detail = "3 tries", .method = METHOD_MEASURED };

static void three_values(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=1000 duplex=full\nname=P2 speed_mbps=100 duplex=full\nname=P3 duplex=half\nname=P4");
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, pass: speed_mbps >= 1000, show: [speed_mbps, duplex]}\n"
        "{id: A-2, facts: interfaces, where: duplex = 'full', pass: speed_mbps >= 1000}\n"          /* P4: cannot tell whether it applies */
        "{id: A-3, facts: interfaces, where: duplex IS 'full', pass: speed_mbps >= 1000}\n"         /* only where known */
        "{id: A-4, facts: interfaces, where: speed_mbps > 5000, pass: admin_up}\n"                  /* P3 and P4 only, unknown */
        "{id: A-5, facts: interfaces, where: name = 'P9', pass: admin_up}\n", NULL);
    fx_expect(e, "A-1", "sw1", 1, 1, 2, false);
    fx_expect(e, "A-2", "sw1", 1, 1, 1, false);
    fx_expect(e, "A-3", "sw1", 1, 1, 0, false);
    fx_expect(e, "A-4", "sw1", 0, 0, 2, false);
    fx_expect_not_applicable(e, "A-5");
    const struct check_verdicts *c = fx_check(e, "A-1");
    assert_int_equal(c->n_subjects, 3);
    const struct subject_verdict *p2 = fx_subject(c, "sw1", "[\"P2\"]"), *p3 = fx_subject(c, "sw1", "[\"P3\"]");
    assert_int_equal(p2->verdict, VERDICT_FAIL);
    assert_string_equal(p2->evidence, "{\"speed_mbps\":100,\"duplex\":\"full\"}");
    assert_null(p2->reason);
    assert_int_equal(p2->severity, SEVERITY_MEDIUM);
    assert_true(p2->seen);
    assert_int_equal(p2->method, METHOD_MEASURED);
    assert_int_equal(p2->observed_at, f.now);
    assert_int_equal(p3->verdict, VERDICT_UNKNOWN);
    assert_string_equal(p3->reason, "not reported: speed_mbps");
    assert_string_equal(p3->settled_by, "not reported: speed_mbps");
    assert_string_equal(p3->evidence, "{\"speed_mbps\":null,\"duplex\":\"half\"}");
    assert_null(fx_subject(c, "sw1", "[\"P1\"]"));
    assert_string_equal(fx_subject(fx_check(e, "A-2"), "sw1", "[\"P4\"]")->reason, "cannot tell whether it applies: not reported: speed_mbps, duplex");
    assert_int_equal(c->n_tables, 1);
    assert_string_equal(c->tables[0], "interfaces");
    evaluation_free(e);
    fx_close(&f);
}

static void verdict_is_a_truth_value(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=1000 alias=1 mtu=2");
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, pass: speed_mbps}\n"
        "{id: A-2, facts: interfaces, pass: alias}\n"                    /* the text '1' is not true */
        "{id: A-3, facts: interfaces, pass: speed_mbps * 0.001}\n"
        "{id: A-4, facts: interfaces, where: mtu, pass: admin_up}\n"
        "{id: A-5, facts: interfaces, where: alias, pass: admin_up}\n"
        "{id: A-6, facts: interfaces, pass: speed_mbps = 1000}\n"
        "{id: A-7, facts: interfaces, where: \"'abc'\", pass: 1}\n", NULL);
    fx_expect_error(e, "A-1", "pass has to be true (1), false (0) or NULL, but gave the integer 1000");
    fx_expect_error(e, "A-2", "but gave the text 1");
    fx_expect_error(e, "A-3", "but gave the number 1.0");
    fx_expect_error(e, "A-4", "where has to be true");
    fx_expect_error(e, "A-5", "where has to be true");
    fx_expect(e, "A-6", "sw1", 1, 0, 0, false);      /* the others of the statement stand */
    fx_expect_error(e, "A-7", "where has to be true");
    evaluation_free(e);
    fx_close(&f);
}

static void what_was_not_collected(void **state)
{
    static const struct fx_how partial = { .state = STATE_PARTIAL, .reason = REASON_LIMIT, .method = METHOD_MEASURED };
    static const struct fx_how refused = { .state = STATE_REFUSED, .reason = REASON_ACCESS_DENIED, .method = METHOD_MEASURED };
    static const struct fx_how not_asked = { .state = STATE_NOT_ASKED, .reason = REASON_NOT_PERMITTED, .method = METHOD_MEASURED };
    static const struct fx_how unsupported = { .state = STATE_UNSUPPORTED, .reason = REASON_UNSUPPORTED, .method = METHOD_MEASURED };
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=1000");
    fx_collect(&f, "sw2", "interfaces", &failed, NULL);
    fx_collect(&f, "sw3", "interfaces", &partial, "name=P1 speed_mbps=10\nname=P2 speed_mbps=1000");
    fx_collect(&f, "sw4", "interfaces", &refused, NULL);
    fx_collect(&f, "sw5", "interfaces", &not_asked, NULL);
    fx_collect(&f, "ups", "interfaces", &unsupported, NULL);
    fx_collect(&f, "other", "hosts", NULL, "name=h");
    struct evaluation *e = fx_evaluate(&f, "{id: A-1, facts: interfaces, pass: speed_mbps >= 1000}\n", NULL);
    fx_expect(e, "A-1", "sw1", 1, 0, 0, false);
    fx_expect(e, "A-1", "sw2", 0, 0, 0, true);
    fx_expect(e, "A-1", "sw3", 1, 1, 0, true);       /* a fail among the rows that came stands */
    fx_expect(e, "A-1", "sw4", 0, 0, 0, true);
    fx_expect(e, "A-1", "sw5", 0, 0, 0, true);
    const struct check_verdicts *c = fx_check(e, "A-1");
    assert_null(fx_at(c, "ups"));
    assert_null(fx_at(c, "other"));
    assert_int_equal(c->n_targets, 5);
    const struct subject_verdict *s = fx_subject(c, "sw2", "(not collected: interfaces)");
    assert_int_equal(s->verdict, VERDICT_UNKNOWN);
    assert_true(s->uncollected);
    assert_false(s->seen);
    assert_non_null(strstr(s->reason, "no answer (3 tries). "));
    assert_string_equal(s->settled_by, "sw2: no answer");
    assert_int_equal(fx_subject(c, "sw3", "[\"P1\"]")->verdict, VERDICT_FAIL);
    assert_non_null(fx_subject(c, "sw3", "(not collected: interfaces)"));
    assert_string_equal(fx_subject(c, "sw5", "(not collected: interfaces)")->settled_by, "not permitted: snmp");
    assert_true(fx_at(c, "sw1")->seen);
    assert_false(fx_at(c, "sw2")->seen);
    evaluation_free(e);
    fx_close(&f);
}

/* NOT EXISTS over a table that was never collected is true in SQL. */
static void second_table(void **state)
{
    static const struct fx_how ssh = { .probe = "ssh", .state = STATE_COMPLETE, .method = METHOD_MEASURED };
    static const char check[] =
        "{id: A-1, facts: hosts, pass: \"NOT EXISTS (SELECT 1 FROM listening_ports AS p WHERE p.target = hosts.target AND p.port = 23)\", null_ok: absence is meant}\n";
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "h1", "hosts", &ssh, "name=h1");
    fx_collect(&f, "h1", "listening_ports", &ssh, "protocol=tcp port=22 address=0.0.0.0");
    fx_collect(&f, "h2", "hosts", &ssh, "name=h2");
    fx_collect(&f, "h2", "listening_ports", &failed, NULL);
    fx_collect(&f, "h3", "hosts", &document, "name=h3");             /* nobody asked it for ports */
    fx_collect(&f, "h4", "hosts", &ssh, "name=h4");
    fx_collect(&f, "h4", "listening_ports", &ssh, "protocol=tcp port=23 address=0.0.0.0");
    struct evaluation *e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h1", 1, 0, 0, false);
    fx_expect(e, "A-1", "h2", 1, 0, 0, true);
    fx_expect(e, "A-1", "h3", 1, 0, 0, true);
    fx_expect(e, "A-1", "h4", 0, 1, 0, false);
    const struct check_verdicts *c = fx_check(e, "A-1");
    assert_int_equal(c->n_tables, 2);
    assert_non_null(fx_subject(c, "h3", "(not collected: listening_ports)"));
    evaluation_free(e);
    fx_close(&f);
}

static void weak_evidence(void **state)
{
    static const struct fx_how old = { .state = STATE_COMPLETE, .method = METHOD_MEASURED, .days_old = 100 };
    static const struct fx_how outside = { .state = STATE_COMPLETE, .method = METHOD_MEASURED, .vantage = "guest wifi" };
    static const struct fx_how inside = { .state = STATE_COMPLETE, .method = METHOD_MEASURED, .vantage = "Wall port" };
    static const struct fx_how told = { .probe = "file", .state = STATE_COMPLETE, .method = METHOD_PERSON };
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "a-doc", "interfaces", &document, "name=P1 speed_mbps=1000\nname=P2 speed_mbps=10");
    fx_collect(&f, "b-old", "interfaces", &old, "name=P1 speed_mbps=1000");
    fx_collect(&f, "c-out", "interfaces", &outside, "name=P1 speed_mbps=1000");
    fx_collect(&f, "d-in", "interfaces", &inside, "name=P1 speed_mbps=1000");
    fx_collect(&f, "e-told", "interfaces", &told, "name=P1 speed_mbps=1000");
    fx_collect(&f, "f-empty", "interfaces", &document, NULL);
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, pass: speed_mbps >= 1000, evidence: measured}\n"
        "{id: A-2, facts: interfaces, pass: speed_mbps >= 1000}\n"
        "{id: A-3, facts: interfaces, pass: speed_mbps >= 1000, max_age: 90d}\n"
        "{id: A-4, facts: interfaces, pass: speed_mbps >= 1000, vantage: wall port}\n", NULL);
    fx_expect(e, "A-1", "a-doc", 0, 0, 2, false);
    fx_expect(e, "A-1", "b-old", 1, 0, 0, false);
    fx_expect(e, "A-1", "f-empty", 0, 0, 0, true);   /* no rows of a source that does not count: not nothing, but unknown */
    fx_expect(e, "A-2", "a-doc", 1, 1, 0, false);    /* document is the default */
    fx_expect(e, "A-2", "e-told", 0, 0, 1, false);
    fx_expect(e, "A-3", "b-old", 0, 0, 1, false);
    fx_expect(e, "A-3", "c-out", 1, 0, 0, false);
    fx_expect(e, "A-4", "c-out", 0, 0, 1, false);
    fx_expect(e, "A-4", "d-in", 1, 0, 0, false);
    fx_expect(e, "A-4", "b-old", 0, 0, 1, false);    /* from nobody knows where */
    const struct subject_verdict *s = fx_subject(fx_check(e, "A-1"), "a-doc", "[\"P2\"]");
    assert_string_equal(s->reason, "claimed only: read in a document, and this check wants it measured");
    assert_string_equal(s->settled_by, "claimed only: to be measured");
    assert_true(s->seen);
    assert_int_equal(s->method, METHOD_DOCUMENT);
    s = fx_subject(fx_check(e, "A-3"), "b-old", "[\"P1\"]");
    assert_non_null(strstr(s->reason, "too old: seen 2026-08-"));
    assert_non_null(strstr(s->reason, "more than 90 days"));
    assert_string_equal(fx_subject(fx_check(e, "A-4"), "c-out", "[\"P1\"]")->reason, "seen from elsewhere: this check has to look from 'wall port'");
    assert_null(fx_at(fx_check(e, "A-2"), "f-empty"));
    evaluation_free(e);
    fx_close(&f);
}

static void preferred_source(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "h1", "hosts", &document, "name=h1 os_version=7 cpus=4\nname=extra os_version=7");
    fx_collect(&f, "h1", "hosts", &(struct fx_how){ .probe = "ssh", .method = METHOD_MEASURED }, "name=h1 os_version=12");
    fx_collect(&f, "h2", "hosts", &failed, NULL);
    fx_collect(&f, "h2", "hosts", &document, "name=h2 os_version=12");
    fx_collect(&f, "h3", "hosts", &document, "name=RIV-APP os_version=7");
    fx_collect(&f, "h3", "hosts", &(struct fx_how){ .probe = "ssh", .method = METHOD_MEASURED }, "name=h3.clinic.example os_version=12");
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: hosts, pass: os_version = '12', show: [os_version, probe, method]}\n"
        "{id: A-2, facts: hosts, pass: cpus >= 4}\n"                     /* the preferred row does not know */
        "{id: A-3, facts: hosts, pass: os_version = '12', evidence: measured}\n"
        "{id: A-4, query: \"SELECT a.target, a.subject, a.os_version = b.os_version AS ok FROM all_hosts AS a JOIN all_hosts AS b USING (target, subject) WHERE a.probe < b.probe\"}\n", NULL);
    fx_expect(e, "A-1", "h1", 1, 1, 0, false);       /* extra is known to the document alone */
    fx_expect(e, "A-1", "h2", 1, 0, 0, false);       /* the probe failed, and a document is good enough */
    fx_expect(e, "A-1", "h3", 1, 0, 0, false);       /* one computer under two names: the measured row is the one */
    fx_expect(e, "A-2", "h1", 0, 0, 2, false);
    fx_expect(e, "A-3", "h1", 1, 0, 1, false);
    fx_expect(e, "A-3", "h2", 0, 0, 1, true);
    fx_expect(e, "A-4", "h1", 0, 1, 0, false);       /* sources disagree, and that can be asked */
    assert_string_equal(fx_subject(fx_check(e, "A-1"), "h1", "[\"extra\"]")->evidence, "{\"os_version\":\"7\",\"probe\":\"file\",\"method\":\"document\"}");
    evaluation_free(e);
    fx_close(&f);
}

static void grades(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=10\nname=P2 speed_mbps=100\nname=P3 speed_mbps=500\nname=P4");
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: interfaces, pass: speed_mbps >= :min, params: {min: 1000}, grade: [{when: speed_mbps < 50, severity: critical}, {when: speed_mbps < 200, severity: high}]}\n"
        "{id: A-2, query: \"SELECT target, subject, speed_mbps >= :min AS ok, speed_mbps FROM interfaces\", params: {min: 100}, grade: [{when: speed_mbps < 50, severity: critical}]}\n", NULL);
    const struct check_verdicts *c = fx_check(e, "A-1");
    fx_expect(e, "A-1", "sw1", 0, 3, 1, false);
    assert_int_equal(fx_subject(c, "sw1", "[\"P1\"]")->severity, SEVERITY_CRITICAL);
    assert_int_equal(fx_subject(c, "sw1", "[\"P2\"]")->severity, SEVERITY_HIGH);
    assert_int_equal(fx_subject(c, "sw1", "[\"P3\"]")->severity, SEVERITY_MEDIUM);
    assert_int_equal(fx_subject(c, "sw1", "[\"P4\"]")->severity, SEVERITY_MEDIUM);
    fx_expect(e, "A-2", "sw1", 2, 1, 1, false);
    assert_int_equal(fx_subject(fx_check(e, "A-2"), "sw1", "[\"P1\"]")->severity, SEVERITY_CRITICAL);
    assert_string_equal(fx_subject(fx_check(e, "A-2"), "sw1", "[\"P1\"]")->evidence, "{\"speed_mbps\":10}");
    evaluation_free(e);
    fx_close(&f);
}

static void queries(void **state)
{
    static const char checks[] =
        "{id: A-1, query: \"SELECT NULL AS target, NULL AS subject, (SELECT count(*) FROM interfaces WHERE duplex = 'half') = 0 AS ok\", null_ok: counted}\n"
        "{id: A-2, query: \"SELECT i.target, i.name AS subject, h.cpus > 2 AS ok FROM interfaces AS i JOIN hosts AS h ON h.name = i.alias\"}\n"
        "{id: A-3, query: \"SELECT target, subject, 1 AS ok FROM interfaces UNION ALL SELECT target, subject, 1 FROM interfaces\"}\n"
        "{id: A-4, query: \"SELECT 'nobody' AS target, 'x' AS subject, 1 AS ok\"}\n"
        "{id: A-5, query: \"SELECT target, subject, speed_mbps AS ok FROM interfaces\"}\n"
        "{id: A-6, query: \"SELECT target, subject, 1 AS ok FROM interfaces WHERE 0\"}\n"
        "{id: A-7, query: \"SELECT name AS target, NULL AS subject, criticality <> 'clinical' AS ok FROM targets\"}\n"
        "{id: A-8, query: \"WITH c AS (SELECT target, subject FROM interfaces) SELECT NULL AS target, 'all' AS subject, (SELECT count(*) FROM c) >= 1 AS ok\", null_ok: counted}\n";
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_target(&f, "ehr", 3);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1 alias=h1 duplex=full speed_mbps=10\nname=P2 alias=h2");
    fx_collect(&f, "h1", "hosts", NULL, "name=h1 cpus=4");
    fx_collect(&f, "h2", "hosts", &document, "name=h2");
    struct evaluation *e = fx_evaluate(&f, checks, NULL);
    fx_expect(e, "A-1", "(site)", 1, 0, 0, false);
    fx_expect(e, "A-2", "sw1", 1, 0, 1, false);
    assert_non_null(fx_subject(fx_check(e, "A-2"), "sw1", "[\"P2\"]"));
    assert_int_equal(fx_subject(fx_check(e, "A-2"), "sw1", "[\"P2\"]")->method, METHOD_DOCUMENT);     /* the weakest that it could rest on */
    fx_expect_error(e, "A-3", "twice");
    fx_expect_error(e, "A-4", "the target nobody");
    fx_expect_error(e, "A-5", "ok has to be true");
    fx_expect_not_applicable(e, "A-6");
    fx_expect(e, "A-7", "ehr", 0, 1, 0, false);
    fx_expect(e, "A-7", "sw1", 1, 0, 0, false);
    fx_expect(e, "A-8", "(site)", 1, 0, 0, false);
    evaluation_free(e);

    fx_collect(&f, "sw2", "interfaces", &failed, NULL);              /* one switch is missing */
    e = fx_evaluate(&f, checks, NULL);
    fx_expect(e, "A-1", "(site)", 1, 0, 0, true);
    const struct subject_verdict *s = fx_subject(fx_check(e, "A-1"), "(site)", "(site)");
    assert_int_equal(s->verdict, VERDICT_UNKNOWN);
    assert_true(s->uncollected);
    assert_string_equal(s->settled_by, "sw2: no answer");
    assert_int_equal(fx_check(e, "A-1")->n_subjects, 1);
    assert_null(fx_at(fx_check(e, "A-1"), "sw2"));
    fx_expect(e, "A-2", "sw1", 1, 0, 1, false);
    fx_expect(e, "A-2", "sw2", 0, 0, 0, true);
    fx_expect(e, "A-6", "sw2", 0, 0, 0, true);
    evaluation_free(e);
    const struct evaluate_options all = { .all_subjects = true };
    e = fx_evaluate(&f, checks, &all);
    assert_int_equal(fx_check(e, "A-1")->n_subjects, 1);             /* the site once, and what rests on too little is no pass */
    assert_int_equal(fx_subject(fx_check(e, "A-1"), "(site)", "(site)")->verdict, VERDICT_UNKNOWN);
    evaluation_free(e);
    fx_collect(&f, "sw3", "interfaces", NULL, "name=P1 duplex=half");
    e = fx_evaluate(&f, checks, NULL);
    fx_expect(e, "A-1", "(site)", 0, 1, 0, true);                    /* a fail stands beside */
    assert_int_equal(fx_subject(fx_check(e, "A-1"), "(site)", "(site)")->verdict, VERDICT_FAIL);
    assert_int_equal(fx_subject(fx_check(e, "A-1"), "(site)", "(not collected: interfaces)")->verdict, VERDICT_UNKNOWN);
    evaluation_free(e);
    fx_close(&f);
}

/* A query sees only what is good enough for it. */
static void weak_query(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=1000");
    fx_collect(&f, "sw2", "interfaces", &document, "name=P1 speed_mbps=1000");
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, query: \"SELECT target, subject, speed_mbps >= 1000 AS ok FROM interfaces\", evidence: measured}\n"
        "{id: A-2, query: \"SELECT target, subject, speed_mbps >= 1000 AS ok FROM interfaces\"}\n", NULL);
    fx_expect(e, "A-1", "sw1", 1, 0, 0, false);
    fx_expect(e, "A-1", "sw2", 0, 0, 0, true);
    assert_non_null(strstr(fx_subject(fx_check(e, "A-1"), "sw2", "(not collected: interfaces)")->reason, "claimed only"));
    fx_expect(e, "A-2", "sw2", 1, 0, 0, false);
    evaluation_free(e);
    fx_close(&f);
}

static void on_missing(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1");
    static const char checks[] =
        "{id: A-1, facts: interfaces, where: name = 'WAN', pass: oper_up, on_missing: fail}\n"
        "{id: A-2, facts: interfaces, where: name = 'WAN', pass: oper_up, on_missing: pass}\n"
        "{id: A-3, facts: interfaces, where: name = 'WAN', pass: oper_up, on_missing: unknown}\n"
        "{id: A-4, facts: interfaces, where: name = 'WAN', pass: oper_up}\n"
        "{id: A-5, facts: hosts, pass: cpus > 1, on_missing: pass}\n"    /* nobody asked: never a pass */
        "{id: A-6, facts: hosts, pass: cpus > 1}\n";
    struct evaluation *e = fx_evaluate(&f, checks, NULL);
    fx_expect(e, "A-1", "(site)", 0, 1, 0, false);
    assert_int_equal(fx_subject(fx_check(e, "A-1"), "(site)", "(site)")->verdict, VERDICT_FAIL);
    assert_int_equal(fx_subject(fx_check(e, "A-1"), "(site)", "(site)")->method, METHOD_MEASURED);
    fx_expect(e, "A-2", "(site)", 1, 0, 0, false);
    fx_expect(e, "A-3", "(site)", 0, 0, 1, false);
    fx_expect_not_applicable(e, "A-4");
    fx_expect(e, "A-5", "(site)", 0, 0, 0, true);
    assert_non_null(fx_subject(fx_check(e, "A-5"), "(site)", "(not collected: hosts)"));
    fx_expect_not_applicable(e, "A-6");
    evaluation_free(e);
    fx_collect(&f, "sw2", "interfaces", &failed, NULL);
    e = fx_evaluate(&f, checks, NULL);
    for (const char *id = "123"; *id != '\0'; id++) {
        char name[] = "A-x";
        name[2] = *id;
        fx_expect(e, name, "sw2", 0, 0, 0, true);    /* not all are complete: missing says nothing */
        assert_null(fx_at(fx_check(e, name), "(site)"));
    }
    evaluation_free(e);
    fx_close(&f);
}

static void home_and_owned(void **state)
{
    static const char check[] =
        "{id: A-1, query: \"SELECT h.target, h.subject, NOT EXISTS (SELECT 1 FROM org_hosts AS o WHERE o.name = h.name AND o.site = 'home') AS ok FROM hosts AS h\", null_ok: absence}\n";
    struct fx f;
    char seal[SHA256_HEX];
    (void)state;
    fx_open(&f);
    fx_collect(&f, "h1", "hosts", NULL, "name=h1");
    fx_collect(&f, "h2", "hosts", NULL, "name=h2");
    struct evaluation *e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h1", 1, 0, 0, true);        /* nothing is known of home */
    assert_non_null(strstr(fx_subject(fx_check(e, "A-1"), "h1", "(not collected: org_hosts)")->reason, "no home or owned site"));
    evaluation_free(e);

    int64_t ours = f.run;
    f.run = fx_run(&f, "home", "home");
    fx_collect(&f, "x", "hosts", NULL, "name=h1");
    assert_int_equal(store_run_seal(f.s, f.run, seal), 0);
    f.run = fx_run(&f, "dead-deal", "dead");
    fx_collect(&f, "x", "hosts", NULL, "name=h2");
    assert_int_equal(store_run_seal(f.s, f.run, seal), 0);
    f.run = ours;
    e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h1", 0, 1, 0, false);
    fx_expect(e, "A-1", "h2", 1, 0, 0, false);
    assert_int_equal(fx_check(e, "A-1")->n_tables, 2);
    evaluation_free(e);

    clock_set(f.now + 86400);                        /* what home learns later was not known in this run */
    f.run = fx_run(&f, "home", "home");
    fx_collect(&f, "x", "hosts", NULL, "name=h2");
    assert_int_equal(store_run_seal(f.s, f.run, seal), 0);
    f.run = ours;
    e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h2", 1, 0, 0, false);
    evaluation_free(e);
    fx_close(&f);
}

static void sealed_run(struct fx *f, const char *site, const char *stage, const char *table, const char *rows)
{
    char seal[SHA256_HEX];
    int64_t ours = f->run;
    f->run = fx_run(f, site, stage);
    if (table != NULL)
        fx_collect(f, "x", table, NULL, rows);
    assert_int_equal(store_run_seal(f->s, f->run, seal), 0);
    f->run = ours;
}

/* A comparison with the organisation rests on all of it: what home or an owned site was never asked for could be what collides. */
static void organisation_not_known(void **state)
{
    static const char check[] =
        "{id: A-1, query: \"SELECT h.target, h.subject, NOT EXISTS (SELECT 1 FROM org_hosts AS o WHERE o.name = h.name) AS ok FROM hosts AS h\", null_ok: absence}\n";
    const char *missing = "(not collected: org_hosts)";
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "h1", "hosts", NULL, "name=h1");
    sealed_run(&f, "northgate", "owned", "hosts", "name=h9");
    struct evaluation *e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h1", 1, 0, 0, true);
    assert_non_null(strstr(fx_subject(fx_check(e, "A-1"), "h1", missing)->reason, "the home site has not been assessed"));
    evaluation_free(e);

    sealed_run(&f, "home", "home", "interfaces", "name=P1");
    e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h1", 1, 0, 0, true);        /* a home of which this was never asked */
    assert_non_null(strstr(fx_subject(fx_check(e, "A-1"), "h1", missing)->reason, "home has never been read for hosts"));
    evaluation_free(e);

    sealed_run(&f, "home", "home", "hosts", "name=h7");
    sealed_run(&f, "westside", "owned", NULL, NULL);
    e = fx_evaluate(&f, check, NULL);
    assert_non_null(strstr(fx_subject(fx_check(e, "A-1"), "h1", missing)->reason, "westside has never been read for hosts"));
    evaluation_free(e);

    sealed_run(&f, "westside", "owned", "hosts", "name=h1");
    e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h1", 0, 1, 0, false);
    evaluation_free(e);

    int64_t ours = f.run;
    char seal[SHA256_HEX];
    f.run = fx_run(&f, "home", "home");
    fx_collect(&f, "x", "hosts", &failed, NULL);
    assert_int_equal(store_run_seal(f.s, f.run, seal), 0);
    f.run = ours;
    e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h1", 0, 1, 0, true);        /* the collision stands; that there is no other is not known */
    assert_non_null(strstr(fx_subject(fx_check(e, "A-1"), "h1", missing)->reason, "no answer"));
    evaluation_free(e);
    fx_close(&f);
}

/* Home itself, while it owns nothing, has nothing to collide with. */
static void home_alone(void **state)
{
    static const char check[] =
        "{id: A-1, query: \"SELECT h.target, h.subject, NOT EXISTS (SELECT 1 FROM org_hosts AS o WHERE o.name = h.name) AS ok FROM hosts AS h\", null_ok: absence}\n";
    struct fx f;
    (void)state;
    fx_open(&f);
    f.run = fx_run(&f, "home", "home");
    fx_collect(&f, "h1", "hosts", NULL, "name=h1");
    struct evaluation *e = fx_evaluate(&f, check, NULL);
    fx_expect(e, "A-1", "h1", 1, 0, 0, false);
    evaluation_free(e);
    fx_close(&f);
}

/* Without a site the profile is there, one row, and nothing in it is known. */
static void profile_is_there(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, query: \"SELECT NULL AS target, NULL AS subject, staff > 10 AS ok, staff FROM site_profile\"}\n"
        "{id: A-2, query: \"SELECT NULL AS target, NULL AS subject, 1 AS ok FROM site_profile WHERE staff_high IS NULL AND integration_plan IS NULL\"}\n"
        "{id: A-3, query: \"SELECT NULL AS target, NULL AS subject, headcount AS ok FROM site_profile\"}\n", NULL);
    fx_expect(e, "A-1", "(site)", 0, 0, 1, false);
    fx_expect(e, "A-2", "(site)", 1, 0, 0, false);
    fx_expect_error(e, "A-3", "no such column: headcount");
    evaluation_free(e);
    fx_close(&f);
}

static void watched_and_all(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=1000\nname=P2 speed_mbps=1000\nname=P3 speed_mbps=10");
    const struct watched watch[] = { { "A-1", "sw1", "[\"P2\"]" }, { "A-1", "sw9", "[\"P2\"]" }, { "A-9", "sw1", "[\"P1\"]" }, { "A-1", "sw1", "[\"P7\"]" } };
    const struct evaluate_options some = { .watch = watch, .n_watch = N_ELEMENTS(watch) }, all = { .all_subjects = true };
    static const char checks[] = "{id: A-1, facts: interfaces, pass: speed_mbps >= 1000}\n{id: A-2, facts: interfaces, pass: speed_mbps >= 1000}\n";
    struct evaluation *e = fx_evaluate(&f, checks, &some);
    const struct check_verdicts *c = fx_check(e, "A-1");
    assert_int_equal(c->n_subjects, 2);
    assert_int_equal(fx_subject(c, "sw1", "[\"P2\"]")->verdict, VERDICT_PASS);
    assert_int_equal(fx_check(e, "A-2")->n_subjects, 1);
    evaluation_free(e);
    e = fx_evaluate(&f, checks, &all);
    assert_int_equal(fx_check(e, "A-1")->n_subjects, 3);
    assert_int_equal(fx_subject(fx_check(e, "A-1"), "sw1", "[\"P1\"]")->verdict, VERDICT_PASS);
    evaluation_free(e);
    fx_close(&f);
}

/* Enough of everything that sorting needs memory, and the child asks for it behind the lock. */
static void many(void **state)
{
    static struct watched watch[2000];
    static char names[600][24];
    struct buf checks = BUF_INIT(1 << 20);
    struct fx f;
    (void)state;
    fx_open(&f);
    for (size_t i = 0; i < N_ELEMENTS(names); i++) {
        snprintf(names[i], sizeof(names[i]), "t%zu", i);
        fx_collect(&f, names[i], "interfaces", NULL, i % 100 == 7 ? "name=P1 speed_mbps=10" : "name=P1 speed_mbps=1000");
    }
    for (size_t i = 0; i < N_ELEMENTS(watch); i++)
        watch[i] = (struct watched){ "A-1", names[i % N_ELEMENTS(names)], i % 3 == 0 ? "[\"P1\"]" : "[\"P2\"]" };
    for (int i = 0; i < 120; i++)        /* three statements */
        buf_printf(&checks, "{id: A-%d, facts: interfaces, pass: speed_mbps >= 1000}\n", i);
    buf_puts(&checks, "{id: Q-1, query: \"SELECT target, subject, speed_mbps >= 1000 AS ok FROM interfaces\"}\n");
    const struct evaluate_options o = { .watch = watch, .n_watch = N_ELEMENTS(watch) };
    struct evaluation *e = fx_evaluate(&f, buf_str(&checks), &o);
    for (int i = 0; i < 120; i++) {
        char id[16];
        snprintf(id, sizeof(id), "A-%d", i);
        const struct check_verdicts *c = fx_check(e, id);
        assert_int_equal(c->n_targets, N_ELEMENTS(names));
        fx_expect(e, id, "t7", 0, 1, 0, false);
        fx_expect(e, id, "t599", 1, 0, 0, false);
        if (i != 1)
            assert_int_equal(c->n_subjects, 6);
        for (size_t k = 1; k < c->n_targets; k++)
            assert_true(strcmp(c->targets[k - 1].target, c->targets[k].target) < 0);
    }
    assert_int_equal(fx_check(e, "A-1")->n_subjects, 200 + 4);   /* every third watched, and those that fail beside */
    assert_int_equal(fx_check(e, "Q-1")->n_subjects, 6);
    evaluation_free(e);
    buf_clear(&checks);
    fx_close(&f);
}

static void functions(void **state)
{
    struct fx f;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "h1", "hosts", NULL, "name=h1 os_version=10.0.19045 last_seen_at=2026-10-01T00:00:00Z fqdn=10.20.3.4");
    struct evaluation *e = fx_evaluate(&f,
        "{id: A-1, facts: hosts, pass: \"version_cmp(os_version, '10.0.2') = 1\"}\n"
        "{id: A-2, facts: hosts, pass: days_since(last_seen_at) = 48}\n"
        "{id: A-3, facts: hosts, pass: days_until(last_seen_at) = -48}\n"
        "{id: A-4, facts: hosts, pass: \"cidr_contains('10.20.0.0/16', fqdn)\"}\n"
        "{id: A-5, facts: hosts, pass: \"cidr_overlaps('10.20.0.0/16', '10.0.0.0/8') AND NOT cidr_overlaps('10.20.0.0/16', '10.21.0.0/16')\"}\n"
        "{id: A-6, facts: hosts, pass: \"regexp('^h[0-9]$', name) AND name REGEXP '(?i)H'\"}\n"
        "{id: A-7, facts: hosts, pass: \"days_until('soon') > 1\"}\n"
        "{id: A-8, facts: hosts, pass: \"version_cmp('unknown', os_version) = 1\"}\n"
        "{id: A-9, facts: hosts, pass: \"cidr_contains('nonsense', fqdn)\"}\n", NULL);
    for (const char *id = "123456789"; *id != '\0'; id++) {
        char name[] = "A-x";
        name[2] = *id;
        fx_expect(e, name, "h1", *id < '7', 0, *id >= '7', false);
    }
    evaluation_free(e);
    fx_close(&f);
}

static int take_row(void *ctx, const char *const *values, size_t n)
{
    struct buf *b = ctx;
    assert_int_equal(n, 4 + fact_interfaces.n_columns);
    buf_printf(b, "%s %s %s %s;", values[0], values[1], values[2], values[4 + INTERFACES_SPEED_MBPS] != NULL ? values[4 + INTERFACES_SPEED_MBPS] : "-");
    return 0;
}

static void facts_where(void **state)
{
    struct fx f;
    struct buf b = BUF_INIT(4096);
    char *why = NULL;
    (void)state;
    fx_open(&f);
    fx_collect(&f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=1000\nname=P2 speed_mbps=10\nname=P3");
    assert_int_equal(evaluate_facts(f.s, f.run, &fact_interfaces, "speed_mbps < 100", take_row, &b, &why), 0);
    assert_string_equal(buf_str(&b), "sw1 [\"P2\"] measured 10;");
    buf_reset(&b);
    assert_int_equal(evaluate_facts(f.s, f.run, &fact_interfaces, NULL, take_row, &b, &why), 0);
    assert_string_equal(buf_str(&b), "sw1 [\"P1\"] measured 1000;sw1 [\"P2\"] measured 10;sw1 [\"P3\"] measured -;");
    static const char *const refused[][2] = {
        { "1) UNION SELECT 1 --", "closing bracket" }, { "spede_mbps = 1", "no such column" }, { "speed_mbps > 'fast'", "compared with text" }, { "load_extension('x')", "may not call" },
    };
    for (size_t i = 0; i < N_ELEMENTS(refused); i++) {
        why = NULL;
        assert_int_equal(evaluate_facts(f.s, f.run, &fact_interfaces, refused[i][0], take_row, &b, &why), ERR_BAD_INPUT);
        assert_non_null(why);
        if (strstr(why, refused[i][1]) == NULL)
            fail_msg("%s: %s", refused[i][0], why);
        free(why);
    }
    buf_clear(&b);
    fx_close(&f);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_values), cmocka_unit_test(verdict_is_a_truth_value), cmocka_unit_test(what_was_not_collected), cmocka_unit_test(second_table),
        cmocka_unit_test(weak_evidence), cmocka_unit_test(preferred_source), cmocka_unit_test(grades), cmocka_unit_test(queries), cmocka_unit_test(weak_query),
        cmocka_unit_test(on_missing), cmocka_unit_test(home_and_owned), cmocka_unit_test(organisation_not_known), cmocka_unit_test(home_alone), cmocka_unit_test(profile_is_there), cmocka_unit_test(watched_and_all), cmocka_unit_test(many), cmocka_unit_test(functions), cmocka_unit_test(facts_where),
    };
    return cmocka_run_group_tests_name("checklist_evaluate", tests, NULL, NULL);
}
