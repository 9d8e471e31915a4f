/* A site with everything that a report can show, assessed twice. */
#include "lib/cmocka_all.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checklist/assess.h"
#include "report_stand.h"

/* --- a site with everything that a page can show --- */

const char stand_site_yaml[] =
    "preop: 1\n"
    "site: riverside\n"
    "name: Riverside Family Clinic\n"
    "stage: signed\n"
    "timezone: America/Chicago\n"
    "milestones: {close: 2027-02-01, connect: 2027-02-01, day-1: 2027-02-08, ehr-go-live: 2026-11-20}\n"
    "authorization:\n"
    "  - {by: A. Example, role: COO, organization: Riverside Family Clinic, on: 2026-11-01, until: 2026-12-18, networks: [10.20.0.0/22], never: [10.20.3.0/24], methods: [snmp, ssh, file]}\n"
    "integration: {plan: trust}\n"
    "profile: {currency: USD}\n"
    "capacity: {it-infrastructure: 10}\n"
    "owners: {it-infrastructure: Network operations}\n"
    "checklists: [test]\n"
    "targets:\n"
    "  - {name: sw1, address: 10.20.0.2, role: switch, criticality: clinical, snmp: gear}\n"
    "  - {name: sw2, address: 10.20.0.3, role: switch, snmp: gear}\n"
    "  - {name: ehr, address: 10.20.0.15, role: server, criticality: business, ssh: admin}\n"
    "  - {name: mri, address: 10.20.3.9, role: imaging, snmp: gear}\n";

const char stand_waivers_yaml[] =
    "- {id: W-1, check: NET-02, target: sw1, subject: P3, date: 2026-11-01, accepted_by: A. Example, role: CIO, reason: replaced in spring, expires: 2027-01-31}\n"
    "- {id: W-2, check: NET-01, target: sw1, subject: P2, date: 2026-10-01, accepted_by: A. Example, role: CIO, reason: waiting for parts, expires: 2026-11-10}\n"
    "- {id: W-3, check: HST-01, date: 2026-10-01, accepted_by: A. Example, role: CIO, reason: it was, expires: 2026-11-10}\n";

const char stand_checks_yaml[] =
    "checklist: test\n"
    "version: 2\n"
    "title: Test\n"
    "domains:\n"
    "  network: {title: The network}\n"
    "  hosts: {title: Computers}\n"
    "checks:\n"
    "  - {id: NET-01, title: Uplinks run at 1 Gb/s or faster, domain: network, severity: high, gate: connect, facts: interfaces, where: admin_up, pass: \"speed_mbps >= 1000\",\n"
    "     show: [alias, speed_mbps], grade: [{when: speed_mbps < 100, severity: critical}], why: Everybody waits., fix: Replace the cable., owner: it-infrastructure, effort_days: [1, 2],\n"
    "     cost: [50, 400], cost_basis: a guess, lead_days: [5, 20], horizon: now, impact: {clinician-efficiency: high}, refs: {cis: [\"12.1\"]}}\n"
    "  - {id: NET-02, title: No port runs half duplex, domain: network, severity: medium, gate: close, facts: interfaces, pass: \"duplex = 'full'\", show: [duplex], why: Collisions., fix: Set it., owner: it-infrastructure, effort_days: [0.5, 1]}\n"
    "  - {id: NET-03, title: Ports are described, domain: network, severity: low, facts: interfaces, pass: alias IS NOT NULL, why: Nobody knows what hangs there., fix: Describe them., owner: clinic-operations}\n"
    "  - {id: HST-01, title: Hosts run a supported system, domain: hosts, severity: critical, gate: ehr-go-live, facts: hosts, pass: \"os_version = '12'\", show: [os_version, memory_bytes], why: No more updates., fix: Upgrade., owner: it-infrastructure}\n"
    "  - {id: HST-02, title: Hosts have 4 processors, domain: hosts, severity: low, facts: hosts, pass: cpus >= 4, why: They are slow., fix: Replace them., owner: it-infrastructure}\n"
    "  - {id: PRN-01, title: Nothing prints, domain: hosts, severity: low, facts: filesystems, pass: \"size_bytes > 0\", why: There is nothing., fix: None., owner: it-infrastructure}\n";

static void print_problems(const struct diags *d)
{
    for (size_t i = 0; i < d->n; i++)
        print_message("%s:%d:%d: %s\n", d->v[i].file ? d->v[i].file : "", d->v[i].line, d->v[i].column, d->v[i].text);
}

struct site *load_site(const char *text, const char *waivers)
{
    struct diags d = DIAGS_INIT;
    const struct site_file files[] = { { "site", "site.yaml", text, strlen(text) }, { "waivers", "waivers.yaml", waivers ? waivers : "", waivers ? strlen(waivers) : 0 } };
    struct site *site = site_load_files(files, waivers ? 2 : 1, &d);
    print_problems(&d);
    assert_non_null(site);
    diags_clear(&d);
    return site;
}

void stand_open_with(struct stand *s, const char *site, const char *waivers, const char *checks)
{
    *s = (struct stand){ 0 };
    fx_open(&s->f);
    s->site = load_site(site, waivers);
    s->lists = fx_checks(checks);
}

void stand_open(struct stand *s)
{
    stand_open_with(s, stand_site_yaml, stand_waivers_yaml, stand_checks_yaml);
}

void stand_close(struct stand *s)
{
    site_free(s->site);
    fx_close(&s->f);
}

void begin(struct stand *s, const char *label, const char *narrowed)
{
    struct run r = { .site = xstrdup("riverside"), .site_name = xstrdup(s->site->name), .stage = xstrdup(stage_name(s->site->stage)), .label = xstrdup(label), .narrowed = xstrdup(narrowed),
                     .partial = narrowed[0] != '\0', .vantage = xstrdup("{\"label\":\"wall port room 4\",\"address\":\"10.20.1.77/24\",\"gateway\":\"10.20.0.1\"}"),
                     .authorization = xstrdup("COO of Riverside Family Clinic, to 18 Dec: snmp ssh file"), .options = xstrdup("{}"), .version = xstrdup("0") };
    s->previous = s->run;
    assert_int_equal(store_run_begin(s->f.s, &r), 0);
    s->run = s->f.run = r.id;
    run_clear(&r);
    assert_int_equal(pinned_put(s->f.s, s->run, s->site, s->lists), 0);
    fx_target(&s->f, "sw1", 3);
    fx_target(&s->f, "sw2", 1);
    fx_target(&s->f, "ehr", 2);
    fx_target(&s->f, "mri", 1);
}

void judge(struct stand *s)
{
    assert_int_equal(assess_run(s->f.s, s->run, s->previous, s->site, s->lists, s->seal), 0);
}

const struct fx_how stand_ssh = { .probe = "ssh", .method = METHOD_MEASURED }, stand_file = { .probe = "file", .method = METHOD_DOCUMENT, .days_old = 3 };
const struct fx_how stand_no_answer = { .state = STATE_FAILED, .reason = REASON_NO_ANSWER, .method = METHOD_MEASURED, .detail = "3 tries in 6 s" };
const struct fx_how stand_untouched = { .state = STATE_NOT_ASKED, .reason = REASON_DO_NOT_TOUCH, .method = METHOD_MEASURED };
const struct fx_how stand_has_none = { .probe = "ssh", .state = STATE_UNSUPPORTED, .reason = REASON_UNSUPPORTED, .method = METHOD_MEASURED };

/* One run's facts; before: as they were in the first run. */
void collect(struct stand *s, bool before)
{
    struct fx *f = &s->f;
    fx_collect(f, "sw1", "interfaces", NULL, before ? "name=P1 admin_up=1 speed_mbps=100 duplex=full alias=uplink\nname=P2 admin_up=1 speed_mbps=10 duplex=full alias=annex\nname=P3 duplex=half\nname=P5 admin_up=1 speed_mbps=1000"
                                                    : "name=P1 admin_up=1 speed_mbps=1000 duplex=full alias=uplink\nname=P2 admin_up=1 speed_mbps=10 duplex=full alias=annex\nname=P3 duplex=half\nname=P4 admin_up=1 duplex=full");
    fx_collect(f, "sw2", "interfaces", before ? NULL : &stand_no_answer, before ? "name=P1 admin_up=1 speed_mbps=10 duplex=full alias=x" : NULL);
    fx_collect(f, "mri", "interfaces", &stand_untouched, NULL);
    fx_collect(f, "ehr", "hosts", &stand_ssh, before ? "name=ehr.local os_version=11 cpus=4 memory_bytes=8589934592" : "name=ehr.local os_version=12 cpus=4 memory_bytes=8589934592 vendor=HPE");
    fx_collect(f, "ehr", "hosts", &stand_file, "name=EHR os_version=11 memory_bytes=17179869184 vendor=hpe serial=X1");
    fx_collect(f, "ehr", "filesystems", &stand_has_none, NULL);
}

void two_runs(struct stand *s)
{
    stand_open(s);
    begin(s, "visit-1", "");
    collect(s, true);
    judge(s);
    clock_set(s->f.now += 2 * DAY);
    begin(s, "visit-2", "");
    collect(s, false);
    judge(s);
}

struct report *load(struct stand *s, bool with_changes)
{
    struct report *r = NULL;
    char *why = NULL;
    if (report_load(s->f.s, s->run, with_changes, &r, &why) != 0)
        fail_msg("%s", why ? why : "no report");
    free(why);
    return r;
}
