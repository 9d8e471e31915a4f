/* Requests in a report: what was asked of whom, what came of it, a refusal on the first page, and what each reader sees of it. */
#include "lib/cmocka_all.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/front.h"
#include "report/request.h"
#include "report_stand.h"

/* Of run 2's unknowns: sw2 does not answer, the MRI may not be touched, and of sw1's port P4 nobody knows the speed; HST-02's processors are nowhere. */
static struct request_step refused_steps[] = { { REQUEST_PROMISED, 1794528000, "B. Sample", NULL }, { REQUEST_REFUSED, 1794960000, "Canary Seller", "canary-note: not before <b>the letter</b>" } };
static struct request_step promised_steps[] = { { REQUEST_PROMISED, 1794873600, NULL, NULL } };
static struct site_request said[] = {
    { .number = 3, .key = "data:sw2/snmp", .what = "sw2", .asked_of = "IT contractor", .asked = 1794355200, .steps = refused_steps, .n_steps = N_ELEMENTS(refused_steps) },
    { .number = 4, .key = "check:NET-01", .what = "NET-01", .asked_of = "Network operations", .asked = 1794355200, .steps = promised_steps, .n_steps = 1 },
    { .number = 6, .key = "data:gone/snmp", .what = "gone", .asked_of = "seller", .asked = 1794355200 },
};
static const struct site folder = { .requests = said, .n_requests = N_ELEMENTS(said) };

static struct report *with_requests(struct stand *s, const char *audience)
{
    two_runs(s);
    struct report *r = load(s, false);
    report_take_requests(r, &folder);
    report_for(r, audience ? audience_find(audience) : NULL, 0);
    return r;
}

static char *made(const struct report *r, enum report_format format)
{
    const struct style style = { .width = 80, .utf8 = true };
    char *bytes = NULL, *why = NULL;
    size_t len = 0;
    if (report_render(r, format, "connect", &style, &bytes, &len, &why) != 0)
        fail_msg("%s", why);
    return bytes;
}

static bool shows(const struct report *r, enum report_format format, const char *what)
{
    char *text = made(r, format);
    bool found = strstr(text, what) != NULL;
    free(text);
    return found;
}

static void counted_and_ordered(void **state)
{
    (void)state;
    struct stand s;
    struct report *r = with_requests(&s, NULL);
    struct request_counts n = request_count(r->requests);
    assert_int_equal(n.by[REQUEST_REFUSED], 1);
    assert_int_equal(n.by[REQUEST_PROMISED], 1);
    assert_int_equal(n.by[REQUEST_RECEIVED], 0);
    assert_int_equal(n.by[REQUEST_OPEN], r->requests->n - 2);
    assert_int_equal(n.unnumbered, 1);        /* the MRI's */
    assert_int_equal(r->requests->n_settled, 1);
    char *text = made(r, REPORT_HTML);
    const char *at = strstr(text, "<section id=\"requests\"");
    /* refused, promised, open: in this order */
    static const char *const told[] = { "1 promised, 0 received and still unknown, 1 refused", "What sw2 tells over snmp", ">refused</span> on 18 Nov by Canary Seller: canary-note: not before &lt;b&gt;the letter&lt;/b&gt;",
                                        "Close, Join the networks", ">promised</span> on 17 Nov<", ">open</span>", "settled in this run: 1.", "</section>" };
    for (size_t i = 0; i < N_ELEMENTS(told); i++) {
        at = at ? strstr(at, told[i]) : NULL;
        if (!at)
            fail_msg("no '%s' behind the one before it in %s", told[i], text);
    }
    assert_non_null(strstr(text, ">open</span>, asked of nobody yet"));
    said[1].n_steps = 0;             /* asked, and nothing heard */
    assert_true(shows(r, REPORT_HTML, ">open</span> since 11 Nov"));
    said[1].n_steps = 1;
    free(text);
    report_free(r);
    stand_close(&s);
}

static void on_the_first_page(void **state)
{
    (void)state;
    struct stand s;
    struct report *r = with_requests(&s, NULL);
    char *why = NULL;
    struct front *f = front_new(r, "connect", &why);
    assert_int_equal(f->n_refused, 1);
    assert_string_equal(f->refused[0], "What sw2 tells over snmp: asked of IT contractor, refused on 18 Nov by Canary Seller (\"canary-note: not before <b>the letter</b>\"). It holds up: Close, Join the networks");
    for (size_t i = 0; i < f->n_gates; i++)
        if (strcmp(f->gates[i].g->row->milestone, "connect") == 0)
            assert_non_null(strstr(f->gates[i].note, "2 answers missing (2 refused)"));
    front_free(f);
    assert_true(shows(r, REPORT_BRIEF, "\nRefused: What sw2 tells over snmp: asked of IT contractor"));
    assert_true(shows(r, REPORT_BRIEF, "1 promised, 0 received, 1 refused."));
    assert_true(shows(r, REPORT_TEXT, "refused on 2026-11-18 by Canary Seller"));
    report_free(r);
    /* what is refused and holds nothing up stands in the list, not on the first page */
    said[0].key = "check:HST-02";
    stand_close(&s);
    r = with_requests(&s, NULL);
    f = front_new(r, "connect", &why);
    assert_int_equal(f->n_refused, 0);
    front_free(f);
    said[0].key = "data:sw2/snmp";
    report_free(r);
    stand_close(&s);
}

/* Who shares a check with its owner is named wherever the owner is, and nobody where a reader must not see names. */
static void shared_owners(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    for (int names = 0; names < 2; names++) {
        struct report *r = load(&s, false);
        struct check *d = (struct check *)(uintptr_t)report_check_find(r, "NET-01")->def;
        struct work_item *item = (struct work_item *)(uintptr_t)work_of_check(r->work, "NET-01", WORK_OPEN);
        d->co_owner = "service-line";
        item->co_role = "service-line";
        item->co_owner = "Canary Care";
        r->pinned.site->owners = (struct owner[]){ { "it-infrastructure", "Network operations" }, { "service-line", "Canary Care" } };
        r->pinned.site->n_owners = 2;
        report_for(r, names ? NULL : audience_find("seller"), 0);
        for (int k = REPORT_TEXT; k <= REPORT_BRIEF; k++)
            assert_int_equal(shows(r, (enum report_format)k, "Canary"), names);      /* one word: lines of text are wrapped */
        assert_true(shows(r, REPORT_HTML, names ? "Network operations with Canary Care" : "it-infrastructure with service-line"));
        assert_true(shows(r, REPORT_JSON, "\"co_owner\": \"service-line\""));
        report_free(r);
    }
    stand_close(&s);
}

/* A role that only shares a check is asked for its name like any other. */
static void shared_with_nobody(void **state)
{
    (void)state;
    static const char text[] =
        "checklist: test\nversion: 1\ntitle: Test\nchecks:\n"
        "  - {id: OWN-01, title: Roles are somebody, domain: d, severity: high, query: \"SELECT NULL AS target, role AS subject, name IS NOT NULL AS ok, checks FROM owner_roles\",\n"
        "     null_ok: a role without a name is the finding, evidence: person, why: So., fix: Name them., owner: it-infrastructure, co_owner: service-line}\n";
    struct stand s;
    stand_open_with(&s, stand_site_yaml, NULL, text);
    begin(&s, "one", "");
    judge(&s);
    struct report *r = load(&s, false);
    const struct report_check *c = report_check_find(r, "OWN-01");
    assert_int_equal(c->result->n_fail, 2);          /* a stand's checks are loaded without its site, so nobody has a name */
    assert_string_equal(c->findings[0].subject, "[\"it-infrastructure\"]");
    assert_string_equal(c->findings[1].subject, "[\"service-line\"]");
    assert_string_equal(c->findings[1].evidence, "{\"checks\":1}");
    report_free(r);
    stand_close(&s);
}

/* The run's own copy counts until the folder's is taken. */
static void as_programs_read_it(void **state)
{
    (void)state;
    struct stand s;
    struct report *r = with_requests(&s, NULL);
    char *text = made(r, REPORT_JSON);
    json_t *j = json_loads(text, 0, NULL), *list = json_object_get(j, "requests"), *q;
    size_t i, n = 0;
    assert_int_equal(json_array_size(list), r->requests->n);
    json_array_foreach(list, i, q) {
        if (strcmp(json_string_value(json_object_get(q, "key")), "data:sw2/snmp") != 0)
            continue;
        n++;
        assert_string_equal(json_string_value(json_object_get(q, "state")), "refused");
        assert_int_equal(json_array_size(json_object_get(q, "steps")), 2);
    }
    assert_int_equal(n, 1);
    json_decref(j);
    free(text);
    report_free(r);
    r = load(&s, false);
    assert_int_equal(request_count(r->requests).by[REQUEST_REFUSED], 0);
    report_free(r);
    stand_close(&s);
}

static void each_reader(void **state)
{
    (void)state;
    /* whose: who sees what is asked of them; names: who said it */
    static const struct { const char *audience; bool list, ours, names; } readers[] = {
        { "committee", true, true, true }, { "it", true, true, true }, { "seller", true, false, false }, { "insurer", false, false, false }, { "counsel", true, true, true },
    };
    for (size_t i = 0; i < N_ELEMENTS(readers); i++) {
        struct stand s;
        struct report *r = with_requests(&s, readers[i].audience);
        for (int k = REPORT_TEXT; k <= REPORT_BRIEF; k++) {
            assert_int_equal(shows(r, (enum report_format)k, "canary-note"), readers[i].names);
            assert_int_equal(shows(r, (enum report_format)k, "Canary Seller"), readers[i].names);
        }
        assert_int_equal(shows(r, REPORT_JSON, "data:sw2/snmp"), readers[i].list);
        assert_int_equal(shows(r, REPORT_JSON, "check:NET-01"), readers[i].ours);        /* it-infrastructure answers it */
        assert_int_equal(r->requests->n > 0, readers[i].list);
        report_free(r);
        stand_close(&s);
    }
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counted_and_ordered), cmocka_unit_test(on_the_first_page), cmocka_unit_test(shared_owners), cmocka_unit_test(shared_with_nobody), cmocka_unit_test(as_programs_read_it), cmocka_unit_test(each_reader),
    };
    return cmocka_run_group_tests_name("report_requests", tests, NULL, NULL);
}
