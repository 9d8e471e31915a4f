/* The sample of the design as values, targets' addresses, milestones' order, lookups, and files that must not load. */
#include "lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "site/site.h"

static struct site *load_text(const char *text, struct diags *diags)
{
    const struct site_file file = { "site", "site.yaml", text, strlen(text) };

    return site_load_files(&file, 1, diags);
}

static struct site *load_fixture(const char *name)
{
    const char *srcdir = getenv("srcdir");
    char *path = xasprintf("%s/tests/unit/data/site/good/%s", srcdir != NULL ? srcdir : ".", name);
    struct buf bytes = BUF_INIT(1 << 20);
    struct diags diags = DIAGS_INIT;

    assert_int_equal(file_read(path, 1 << 20, &bytes), 0);
    struct site *s = load_text(buf_str(&bytes), &diags);
    assert_non_null(s);
    assert_int_equal(diags.n, 0);
    buf_clear(&bytes);
    free(path);
    return s;
}

static int64_t day(const char *text)
{
    int64_t t = 0;

    assert_true(date_parse(text, &t));
    return t;
}

static int64_t moment(const char *text)
{
    int64_t t = 0;

    assert_true(iso_parse(text, &t));
    return t;
}

static void test_design_head(void **state)
{
    struct site *s = load_fixture("site-design.yaml");
    double number = 0;

    (void)state;
    assert_string_equal(s->key, "riverside");
    assert_string_equal(s->name, "Riverside Family Clinic");
    assert_string_equal(s->codename, "BIRCH");
    assert_int_equal(s->stage, STAGE_DILIGENCE);
    assert_string_equal(s->timezone, "America/Chicago");
    assert_string_equal(s->plan, "trust");
    assert_int_equal(s->n_clinic_hours, 1);
    assert_int_equal(s->clinic_hours[0].days, 0x1f);
    assert_int_equal(s->clinic_hours[0].from_min, 480);
    assert_int_equal(s->clinic_hours[0].to_min, 1050);
    assert_string_equal(site_profile_text(s, "currency"), "USD");
    assert_true(site_profile_number(s, "revenue_per_visit", &number));
    assert_true(number > 144.9 && number < 145.1);
    assert_false(site_profile_number(s, "currency", &number));
    assert_false(site_profile_number(s, "pcs", &number));
    assert_null(site_profile_text(s, "providers"));
    assert_int_equal(s->n_capacities, 2);
    assert_string_equal(s->capacities[1].role, "vendor");
    assert_true(s->capacities[1].days_per_month > 3.9 && s->capacities[1].days_per_month < 4.1);
    assert_string_equal(site_owner_name(s, "service-line"), "Ambulatory care");
    assert_null(site_owner_name(s, "vendor"));
    assert_int_equal(s->n_checklists, 5);
    assert_string_equal(s->checklists[4].name, "hipaa");
    assert_int_equal(s->checklists[4].line, 17);
    assert_int_equal(s->n_files, 1);
    assert_string_equal(s->files[0].kind, "site");
    site_free(s);
}

static void test_design_authorization(void **state)
{
    struct site *s = load_fixture("site-design.yaml");
    char net[CIDR_TEXT];

    (void)state;
    assert_false(s->owner_authorized);
    assert_int_equal(s->n_authorizations, 1);
    const struct authorization *a = &s->authorizations[0];
    assert_string_equal(a->by, "A. Example");
    assert_string_equal(a->role, "COO");
    assert_string_equal(a->organization, "Riverside");
    assert_string_equal(a->evidence, "evidence/letter.pdf");
    assert_string_equal(a->stop_contact, "+1 555 0100");
    assert_int_equal(a->on, day("2026-11-09"));
    /* the end of 18 December in Chicago */
    assert_int_equal(a->until, moment("2026-12-19T05:59:59Z"));
    assert_int_equal(a->n_networks, 1);
    cidr_format(&a->never[0], net);
    assert_string_equal(net, "10.20.3.0/24");
    assert_int_equal(a->n_methods, 8);
    assert_string_equal(a->methods[3], "snmp");
    assert_int_equal(a->n_hours, 1);
    assert_int_equal(a->line, 11);
    site_free(s);
}

static void test_endpoints(void **state)
{
    struct site *s = load_fixture("site-targets.yaml");
    const struct target_probe *plain = &site_target(s, "portal")->probes[0], *full = &site_target(s, "portal-inside")->probes[0];
    const struct target_probe *tcp = &site_target(s, "many")->probes[1];

    (void)state;
    assert_string_equal(plain->use, "tls");
    assert_null(plain->credential);
    assert_int_equal(plain->port, 443);
    assert_null(plain->server_name);
    assert_null(plain->ca);
    assert_int_equal(plain->tries, 0);
    assert_int_equal(full->port, 8443);
    assert_int_equal(full->tries, 20);
    assert_int_equal(full->timeout_ms, 1500);
    assert_string_equal(full->server_name, "portal.example.org");
    assert_string_equal(full->ca, "evidence/clinic-ca.pem");
    assert_string_equal(tcp->use, "tcp");
    assert_int_equal(tcp->port, 8080);
    const struct target *windows = site_target(s, "windows");
    static const struct { const char *use; int port; } several[] = { { "smb", 445 }, { "rdp", 3390 }, { "tls", 443 } };
    assert_int_equal(windows->n_probes, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(windows->probes[i].probe, "net");
        assert_string_equal(windows->probes[i].use, several[i].use);
        assert_int_equal(windows->probes[i].port, several[i].port);
    }
    assert_int_equal(windows->probes[1].timeout_ms, 2000);
    const struct target_probe *dns = &site_target(s, "mail-domain")->probes[0];
    assert_string_equal(dns->use, "dns");
    assert_string_equal(dns->resolver, "10.0.0.53");
    assert_int_equal(dns->resolver_port, 5353);
    assert_int_equal(dns->n_selectors, 2);
    assert_string_equal(dns->selectors[1], "k2.mail");
    assert_string_equal(dns->whois, "whois.nic.clinic");
    assert_int_equal(dns->whois_port, 0);
    assert_null(site_target(s, "domain")->probes[0].resolver);
    site_free(s);
}

/* 2026-11-23 is a Monday; Chicago is six hours behind. */
static void test_clinic_hours(void **state)
{
    struct site *s = load_fixture("site-design.yaml");

    (void)state;
    assert_int_equal(site_in_clinic_hours(s, moment("2026-11-23T13:59:59Z")), 0);
    assert_int_equal(site_in_clinic_hours(s, moment("2026-11-23T14:00:00Z")), 1);
    assert_int_equal(site_in_clinic_hours(s, moment("2026-11-23T23:29:00Z")), 1);
    assert_int_equal(site_in_clinic_hours(s, moment("2026-11-23T23:30:00Z")), 0);
    assert_int_equal(site_in_clinic_hours(s, moment("2026-11-22T18:00:00Z")), 0);
    site_free(s);
    s = load_fixture("site-least.yaml");
    assert_int_equal(site_in_clinic_hours(s, moment("2026-11-23T18:00:00Z")), -1);
    site_free(s);
}

static void test_design_targets(void **state)
{
    struct site *s = load_fixture("site-design.yaml");

    (void)state;
    assert_int_equal(s->n_targets, 5);
    const struct target *t = site_target(s, "ehr-app");
    assert_non_null(t);
    assert_string_equal(t->host, "10.20.0.15");
    assert_string_equal(t->role, "server");
    assert_int_equal(t->criticality, CRITICALITY_CLINICAL);
    assert_int_equal(t->n_probes, 2);
    assert_string_equal(t->probes[0].probe, "ssh");
    assert_string_equal(t->probes[0].credential, "admin");
    assert_int_equal(t->probes[0].port, 0);
    assert_int_equal(t->probes[0].retries, -1);
    assert_string_equal(t->probes[1].probe, "snmp");
    assert_string_equal(t->probes[1].credential, "gear-v3");
    assert_int_equal(t->probes[1].port, 1161);
    assert_int_equal(t->probes[1].timeout_ms, 2000);
    assert_int_equal(t->probes[1].retries, 3);
    t = site_target(s, "dc1");
    assert_string_equal(t->scheme, "ldaps");
    assert_string_equal(t->host, "10.20.0.10");
    assert_int_equal(t->criticality, CRITICALITY_SUPPORT);
    t = site_target(s, "rmm");
    assert_null(t->host);
    assert_string_equal(t->file, "evidence/rmm.csv");
    assert_string_equal(t->as, "csv/ninjaone");
    assert_int_equal(t->n_probes, 0);
    assert_string_equal(site_target(s, "ehr")->probes[0].use, "tls");
    site_free(s);
}

static void test_addresses(void **state)
{
    static const struct { const char *name, *scheme, *host; int port, first_port; } expected[] = {
        { "v6", NULL, "fd00::1", 0, 0 },
        { "v6 port", NULL, "fd00::1", 2222, 2222 },
        { "v4-port", NULL, "10.0.0.1", 0, 2222 },
        { "by-name", NULL, "srv_1.clinic.example", 0, 0 },
        { "plain", "ldap+plain", "dc2.clinic.example", 0, 1389 },
        { "starttls", "ldap", "10.0.0.2", 0, 0 },
        { "no-scheme", "ldaps", "10.0.0.3", 0, 0 },
    };
    struct site *s = load_fixture("site-targets.yaml");

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(expected); i++) {
        const struct target *t = site_target(s, expected[i].name);
        assert_non_null(t);
        assert_string_equal(t->host, expected[i].host);
        assert_int_equal(t->port, expected[i].port);
        assert_int_equal(t->probes[0].port, expected[i].first_port);
        if (expected[i].scheme != NULL)
            assert_string_equal(t->scheme, expected[i].scheme);
        else
            assert_null(t->scheme);
    }
    /* the port of an ldap:// address is not the ssh probe's */
    assert_int_equal(site_target(s, "plain")->probes[1].port, 0);
    assert_int_equal(site_target(s, "starttls")->probes[0].timeout_ms, 500);
    assert_int_equal(site_target(s, "v4-port")->criticality, CRITICALITY_BUSINESS);
    assert_string_equal(site_target(s, "pcs")->encoding, "CP1252");
    assert_int_equal(site_target(s, "pcs")->dates, DATES_DAY_FIRST);
    site_free(s);
}

static void test_days_follow_the_zone(void **state)
{
    struct site *s = load_fixture("site-targets.yaml");

    (void)state;
    /* 28 March in Berlin ends an hour before summer time begins */
    assert_int_equal(s->authorizations[1].until, moment("2026-03-28T22:59:59Z"));
    assert_int_equal(s->authorizations[0].until, 0);
    assert_int_equal(s->n_clinic_hours, 5);          /* the night counts twice */
    assert_int_equal(s->clinic_hours[3].to_min, 1440);
    assert_int_equal(s->clinic_hours[4].from_min, 0);
    assert_int_equal(s->clinic_hours[4].to_min, 360);
    site_free(s);
}

static void test_milestones(void **state)
{
    static const struct { const char *name; const char *date; bool listed; } expected[] = {
        { "sign", NULL, false },
        { "close", "2026-05-01", true },
        { "connect", NULL, false },
        { "day-1", NULL, false },
        { "ehr-go-live", NULL, true },
        { "day-100", NULL, false },
        { "tsa-exit", NULL, false },
        { "go-home", "2026-05-01", true },
        { "day-30", "2026-05-31", true },
    };
    struct site *s = load_fixture("site-targets.yaml");

    (void)state;
    assert_int_equal(s->n_milestones, N_ELEMENTS(expected));
    for (size_t i = 0; i < N_ELEMENTS(expected); i++) {
        assert_string_equal(s->milestones[i].name, expected[i].name);
        assert_int_equal(s->milestones[i].date, expected[i].date != NULL ? day(expected[i].date) : 0);
        assert_int_equal(s->milestones[i].listed, expected[i].listed);
        assert_int_equal(milestone_order(s, expected[i].name), i);
    }
    assert_int_equal(milestone_order(s, "nothing"), -1);
    assert_int_equal(n_milestone_names, 7);
    site_free(s);
}

static void load_record(const char *kind, const char *fixture, struct site **out)
{
    static const char base[] = "preop: 1\nsite: a\nname: A\nstage: diligence\ntimezone: UTC\n";
    const char *srcdir = getenv("srcdir");
    char *path = xasprintf("%s/tests/unit/data/site/good/%s", srcdir != NULL ? srcdir : ".", fixture);
    struct buf bytes = BUF_INIT(1 << 20);
    struct diags diags = DIAGS_INIT;

    assert_int_equal(file_read(path, 1 << 20, &bytes), 0);
    const struct site_file files[] = { { "site", "site.yaml", base, sizeof(base) - 1 }, { kind, fixture, buf_str(&bytes), bytes.len } };
    *out = site_load_files(files, 2, &diags);
    assert_non_null(*out);
    buf_clear(&bytes);
    free(path);
}

static void test_waivers(void **state)
{
    struct site *s = NULL;

    (void)state;
    load_record("waivers", "waivers.yaml", &s);
    assert_int_equal(s->n_waivers, 2);
    const struct waiver *w = &s->waivers[0];
    assert_string_equal(w->id, "W-1");
    assert_string_equal(w->reason, "The X-ray's vendor certifies Windows 10 only.\n");
    assert_string_equal(w->subject, "pc-xr1");
    assert_false(waiver_live(w, moment("2026-11-19T23:59:59Z")));
    assert_true(waiver_live(w, moment("2026-11-20T00:00:00Z")));
    assert_true(waiver_live(w, moment("2027-02-20T23:59:59Z")));
    assert_false(waiver_live(w, moment("2027-02-21T00:00:00Z")));
    assert_null(s->waivers[1].target);
    assert_true(waiver_live(&s->waivers[1], moment("2026-11-20T12:00:00Z")));
    site_free(s);
}

static void test_decisions(void **state)
{
    struct site *s = NULL;

    (void)state;
    load_record("decisions", "decisions.yaml", &s);
    assert_int_equal(s->n_decisions, 1);
    const struct decision *d = &s->decisions[0];
    assert_string_equal(d->run, "14");
    assert_string_equal(d->milestone, "sign");
    assert_int_equal(d->date, day("2026-12-01"));
    assert_int_equal(d->n_conditions, 2);
    assert_string_equal(d->conditions[0].owner, "Seller");
    assert_false(d->conditions[0].met);
    assert_true(d->conditions[1].met);
    assert_int_equal(d->conditions[1].due, day("2026-12-18"));
    assert_int_equal(d->n_accepts_unknown, 2);
    assert_string_equal(d->accepts_unknown[1], "NET-WAN-02");
    site_free(s);
}

static void test_evidence_is_a_target(void **state)
{
    struct site *s = NULL;

    (void)state;
    load_record("evidence-index", "evidence-index.yaml", &s);
    assert_int_equal(s->n_evidence, 2);
    assert_string_equal(s->evidence[0].from, "A. \"IT\" Example");
    assert_int_equal(s->evidence[0].observed, moment("2026-11-06T21:20:00Z"));
    assert_int_equal(s->evidence[1].observed, day("2026-11-09"));
    assert_int_equal(s->n_targets, 1);
    assert_string_equal(s->targets[0].name, "rmm-export");
    assert_string_equal(s->targets[0].as, "csv/ninjaone");
    assert_ptr_equal(site_evidence(s, "evidence/rmm.csv"), &s->evidence[0]);
    assert_null(site_evidence(s, "evidence/other.csv"));
    site_free(s);
}

/* The room names the probes itself, because it does not link them: held here against the list that the product has. */
static void test_probes_are_those_of_the_product(void **state)
{
    const char *srcdir = getenv("srcdir");
    char *path = xasprintf("%s/probes/probes.c", srcdir != NULL ? srcdir : ".");
    struct buf bytes = BUF_INIT(1 << 20);
    size_t seen = 0;

    (void)state;
    assert_int_equal(file_read(path, 1 << 20, &bytes), 0);
    for (const char *p = strstr(buf_str(&bytes), "&probe_"); p != NULL; p = strstr(p + 1, "&probe_")) {
        int len = (int)strspn(p + 7, "abcdefghijklmnopqrstuvwxyz");
        if (strncmp(p + 7, "look", 4) == 0)
            continue;                /* discover's own: no target names it */
        bool file = strncmp(p + 7, "file", 4) == 0;
        char *text = xasprintf("preop: 1\nsite: a\nname: A\nstage: home\ntimezone: UTC\ntargets: [{name: t, %s%.*s: %s}]\n",
                               file ? "as: csv/x, " : "address: 10.0.0.1, ", len, p + 7,
                               file ? "x.csv" : strncmp(p + 7, "net", 3) == 0 ? "tls" : "some-credential");
        struct diags diags = DIAGS_INIT;
        struct site *s = load_text(text, &diags);
        if (s == NULL)
            fail_msg("probe %.*s is not known to the loader", len, p + 7);
        site_free(s);
        free(text);
        seen++;
    }
    assert_int_equal(seen, 5);
    buf_clear(&bytes);
    free(path);
}

/* Words that look like other types are texts where texts are wanted. */
static void test_no_coercion(void **state)
{
    struct diags diags = DIAGS_INIT;
    struct site *s = load_text("preop: 1\nsite: 007\nname: yes\nstage: home\ntimezone: UTC\ntargets: [{name: 1e3, address: 10.0.0.1, role: null }]\n", &diags);

    (void)state;
    assert_null(s);
    assert_int_equal(diags.n_errors, 1);
    assert_string_equal(diags.v[0].text, "role is empty");
    diags_clear(&diags);
    s = load_text("preop: 1\nsite: 007\nname: yes\nstage: home\ntimezone: UTC\ntargets: [{name: 1e3, address: 10.0.0.1}]\n", &diags);
    assert_non_null(s);
    assert_string_equal(s->key, "007");
    assert_string_equal(s->name, "yes");
    assert_string_equal(s->targets[0].name, "1e3");
    site_free(s);
}

static void test_limits(void **state)
{
    struct buf text = BUF_INIT(8 << 20);
    struct diags diags = DIAGS_INIT;
    struct site *s = NULL;

    (void)state;
    buf_puts(&text, "preop: 1\nsite: a\nname: A\nstage: home\ntimezone: UTC\ntargets:\n");
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "- {name: t%d, address: 10.0.0.1}\n", i);
    s = load_text(buf_str(&text), &diags);
    assert_non_null(s);
    assert_int_equal(s->n_targets, 20000);
    site_free(s);
    buf_puts(&text, "- {name: more, address: 10.0.0.1}\n");
    assert_null(load_text(buf_str(&text), &diags));
    assert_string_equal(diags.v[0].text, "targets has 20001 entries; at most 20000 are allowed");
    diags_clear(&diags);
    buf_clear(&text);
}

static void test_pinned_files_need_a_site(void **state)
{
    const struct site_file file = { "waivers", "waivers.yaml", "[]", 2 };
    struct diags diags = DIAGS_INIT;

    (void)state;
    assert_null(site_load_files(&file, 1, &diags));
    assert_int_equal(diags.n_errors, 1);
    diags_clear(&diags);
    assert_null(site_load("/nonexistent/folder", &diags));
    assert_int_equal(diags.n_errors, 1);
    assert_string_equal(diags.v[0].file, "/nonexistent/folder/site.yaml");
    diags_clear(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_design_head),
        cmocka_unit_test(test_design_authorization),
        cmocka_unit_test(test_design_targets), cmocka_unit_test(test_endpoints), cmocka_unit_test(test_clinic_hours),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_days_follow_the_zone),
        cmocka_unit_test(test_milestones),
        cmocka_unit_test(test_waivers),
        cmocka_unit_test(test_decisions),
        cmocka_unit_test(test_evidence_is_a_target),
        cmocka_unit_test(test_probes_are_those_of_the_product),
        cmocka_unit_test(test_no_coercion),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_pinned_files_need_a_site),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
