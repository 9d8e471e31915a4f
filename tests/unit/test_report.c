/* The report of a store with known facts: the pages as they should be (tests/unit/data/report), the JSON, and the same counts in every one of them.
 * With REPORT_GOLDEN=write in the environment the pages are written instead of compared. */
#include "lib/cmocka_all.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "fact/table_hosts.h"
#include "report/parts.h"
#include "report_stand.h"

/* --- pages as texts --- */

typedef void render_fn(const struct report *r, const struct style *style, FILE *out);

static void render_check(const struct report *r, const struct style *style, FILE *out)
{
    const struct check_notes notes = { .dir = "clinics/riverside", .n_questions = 41, .asked_log = "log/2.tsv", .ms = 108000, .exit_status = EXIT_UNREACHED };
    report_check_page(r, &notes, style, out);
}

static char *rendered(const struct report *r, render_fn *fn, size_t width, bool utf8, bool color)
{
    const struct style style = { .width = width, .utf8 = utf8, .color = color };
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    assert_non_null(f);
    fn(r, &style, f);
    fclose(f);
    char *page = xstrndup(text, len);
    free(text);
    return page;
}

/* Seals hang on random ids: their digits are masked. */
static void mask_seals(char *text)
{
    for (char *p = text; *p;) {
        size_t n = strspn(p, "0123456789abcdef");
        if (n >= 12)
            memset(p, 'x', n);
        p += n ? n : 1;
    }
}

static void compare_golden(const char *name, char *text)
{
    char *path = xasprintf("%s/tests/unit/data/report/%s", getenv("srcdir") ? getenv("srcdir") : ".", name);
    struct buf b = BUF_INIT(1 << 20);
    mask_seals(text);
    if (getenv("REPORT_GOLDEN")) {
        assert_int_equal(file_write_atomic(path, text, strlen(text), 0644), 0);
    } else {
        assert_int_equal(file_read(path, b.max, &b), 0);
        if (strcmp(buf_str(&b), text) != 0) {
            size_t at = 0;
            while (buf_str(&b)[at] == text[at])
                at++;
            fail_msg("%s differs at byte %zu: wanted '%.120s', made '%.120s'", name, at, buf_str(&b) + at, text + at);
        }
    }
    buf_clear(&b);
    free(path);
    free(text);
}

static void golden_pages(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, true);
    compare_golden("check-80.txt", rendered(r, render_check, 80, true, false));
    compare_golden("check-60.txt", rendered(r, render_check, 60, false, false));
    compare_golden("check-40.txt", rendered(r, render_check, 40, true, false));
    compare_golden("report-80.txt", rendered(r, report_text, 80, true, false));
    report_free(r);
    stand_close(&s);
}

/* Colours change nothing but colours. */
static void colours_only(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, true);
    char *plain = rendered(r, render_check, 80, true, false), *inked = rendered(r, render_check, 80, true, true), *to = inked;
    assert_non_null(strstr(inked, "\033[1;31m"));
    for (const char *p = inked; *p;) {
        if (*p == '\033')
            p = strchr(p, 'm') + 1;
        else
            *to++ = *p++;
    }
    *to = '\0';
    assert_string_equal(plain, inked);
    free(plain);
    free(inked);
    report_free(r);
    stand_close(&s);
}

/* --- the same counts everywhere --- */

static json_t *json_of(const struct report *r)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    report_json(r, f);
    fclose(f);
    json_error_t error;
    json_t *j = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!j)
        fail_msg("%s", error.text);
    free(text);
    return j;
}

static void count_findings(const json_t *check, const char *status, size_t *n)
{
    size_t i;
    json_t *f;
    json_array_foreach(json_object_get(check, "findings"), i, f)
        *n += strcmp(json_string_value(json_object_get(f, "status")), status) == 0;
}

static void counts_are_equal(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, false);
    struct results stored;
    assert_int_equal(store_results_get(s.f.s, s.run, &stored), 0);
    json_t *j = json_of(r), *check;
    size_t i, by[4] = { 0 };
    static const char *const names[] = { "pass", "fail", "unknown", "not-applicable" };
    assert_int_equal(json_array_size(json_object_get(j, "checks")), stored.n_checks);
    json_array_foreach(json_object_get(j, "checks"), i, check) {
        const struct check_result *c = &stored.checks[i];
        size_t n_fail = 0, n_unknown = 0;
        assert_string_equal(json_string_value(json_object_get(check, "id")), c->check_id);
        assert_string_equal(json_string_value(json_object_get(check, "status")), c->status);
        assert_int_equal(json_integer_value(json_object_get(check, "pass")), c->n_pass);
        assert_int_equal(json_integer_value(json_object_get(check, "fail")), c->n_fail);
        assert_int_equal(json_integer_value(json_object_get(check, "unknown")), c->n_unknown);
        count_findings(check, "fail", &n_fail);
        count_findings(check, "unknown", &n_unknown);
        assert_int_equal(n_fail, c->n_fail);             /* every failing and unknown subject has a row */
        assert_int_equal(n_unknown, c->n_unknown);
        for (size_t k = 0; k < 4; k++)
            by[k] += strcmp(c->status, names[k]) == 0;
    }
    assert_int_equal(by[0], r->n_pass);
    assert_int_equal(by[1], r->n_fail);
    assert_int_equal(by[2], r->n_unknown);
    assert_int_equal(by[3], r->n_not_applicable);
    char *line = xasprintf("Checks      %zu pass, %zu fail, %zu unknown, %zu not applicable; %zu in all\n", by[0], by[1], by[2], by[3], stored.n_checks);
    char *page = rendered(r, render_check, 80, true, false), *full = rendered(r, report_text, 80, true, false);
    assert_non_null(strstr(page, line));
    assert_non_null(strstr(full, line));
    for (i = 0; i < stored.n_checks; i++) {
        const struct check_result *c = &stored.checks[i];
        char *counts = xasprintf("  %d pass  %d fail  %d unknown", (int)c->n_pass, (int)c->n_fail, (int)c->n_unknown), *at = strstr(strstr(full, "EVERY CHECK"), c->check_id);
        assert_non_null(at);
        assert_true(strncmp(strchr(at, '\n') + 1, counts, strlen(counts)) == 0);
        free(counts);
    }
    assert_int_equal(json_array_size(json_object_get(j, "gates")), stored.n_gates);
    assert_int_equal(json_array_size(json_object_get(j, "domains")) + 1, stored.n_scores);
    json_decref(j);
    results_clear(&stored);
    free(line);
    free(page);
    free(full);
    report_free(r);
    stand_close(&s);
}

/* --- scores --- */

static double number(const json_t *j, const char *a, const char *b)
{
    const json_t *v = json_object_get(j, a);
    if (b)
        v = json_object_get(v, b);
    assert_true(json_is_number(v));
    return json_number_value(v);
}

static void scores_in_json(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, false);
    json_t *j = json_of(r), *score = json_object_get(j, "score");
    /* sw1, clinical, weighs 3: P1 passes, P2 fails, P3 and P4 did not tell; sw2 and mri, support, weigh 1 each and were not read */
    const struct report_check *net1 = report_check_find(r, "NET-01");
    assert_int_equal(net1->result->low, SCORE_ONE / 4 * 3 / 5);
    assert_int_equal(net1->result->high, (SCORE_ONE / 4 * 3 * 3 + 2 * SCORE_ONE) / 5);
    assert_true(number(score, "low", NULL) <= number(score, "high", NULL));
    double seen = number(json_object_get(score, "seen"), "measured", NULL) + number(json_object_get(score, "seen"), "documents", NULL) + number(json_object_get(score, "seen"), "told", NULL);
    assert_true(seen <= 99.99);      /* something is unknown */
    assert_true(seen <= 100 - (number(score, "high", NULL) - number(score, "low", NULL)) + 0.021);
    assert_true(number(json_object_get(score, "adjusted"), "high", NULL) > number(score, "high", NULL));     /* the live waiver */
    assert_string_equal(json_string_value(json_object_get(score, "worst_open")), "critical");
    json_decref(j);
    report_free(r);
    stand_close(&s);
}

/* What would settle the unknown closes at the most what is open, and all of it together closes all. */
static void settle_points(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, false);
    int64_t sum = 0, band = r->site_score->high - r->site_score->low;
    assert_true(r->n_settles >= 3);
    for (size_t i = 0; i < r->n_settles; i++) {
        sum += r->settles[i].points;
        assert_true(r->settles[i].points >= 0);
        assert_true(i == 0 || r->settles[i].points <= r->settles[i - 1].points);
        assert_true(r->settles[i].n_targets >= 1);
        assert_true(r->settles[i].n_checks >= 1);
    }
    assert_in_range(sum, (uintmax_t)band - 1000, (uintmax_t)band + 1000);        /* floors of parts per billion */
    assert_int_equal(r->settles[0].points, r->settles[1].points);        /* as much each, then by name */
    assert_string_equal(r->settles[1].what, "no answer");
    assert_int_equal(r->settles[1].n_targets, 1);
    assert_string_equal(r->settles[1].targets[0], "sw2");
    assert_int_equal(r->settles[1].n_checks, 3);
    report_free(r);
    stand_close(&s);
}

static void points_add_up(void **state)
{
    (void)state;
    static const struct { struct score_row s; const char *text; } rows[] = {
        { { .low = 380000000, .high = 710000000, .measured = 410000000, .documents = 180000000, .told = 80000000, .adjusted_low = 380000000, .adjusted_high = 710000000 },
          "38 of 100 proven ready, 71 at most; seen 67 (measured 41, documents 18, told 8)" },
        { { .low = 389999999, .high = 710000001, .measured = 419999999, .documents = 179999999, .told = 80000000, .adjusted_low = 400000000, .adjusted_high = 720000000 },
          "38 of 100 proven ready, 72 at most; seen 66 (measured 41, documents 17, told 8); without what is waived 40, 72 at most" },
        { { .low = 502000000, .high = 502000000, .measured = SCORE_ONE, .adjusted_low = -1, .adjusted_high = -1 }, "50 of 100 proven ready, 50 at most; seen 100 (measured 100, documents 0, told 0)" },
        { { .low = 999999999, .high = SCORE_ONE, .measured = 999999999, .adjusted_low = -1, .adjusted_high = -1 }, "99 of 100 proven ready, 100 at most; seen 99 (measured 99, documents 0, told 0)" },
        { { .low = 0, .high = SCORE_ONE, .adjusted_low = 0, .adjusted_high = SCORE_ONE }, "0 of 100 proven ready, 100 at most; seen 0 (measured 0, documents 0, told 0)" },
        { { .low = -1, .high = -1 }, "not assessed: nothing applicable was seen" },
    };
    for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
        struct buf b = BUF_INIT(1024);
        score_sentence(&rows[i].s, &b);
        assert_string_equal(buf_str(&b), rows[i].text);
        buf_clear(&b);
    }
}

/* --- what people accepted, what sources say, what is partial --- */

static void waivers(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, false);
    assert_int_equal(report_check_find(r, "NET-02")->n_waived, 1);
    assert_int_equal(report_check_find(r, "NET-01")->n_waived, 0);
    char *page = rendered(r, render_check, 80, true, false);
    assert_non_null(strstr(page, " w NET-02        1 failing, by waiver: No port runs half duplex\n"));
    assert_non_null(strstr(page, " ! WAIVER of NET-01 EXPIRED on 10 Nov: what it covered counts again\n"));
    assert_null(strstr(page, "WAIVER of HST-01"));       /* it covers nothing that fails */
    assert_null(strstr(page, "since this run"));
    free(page);
    clock_set(s.f.now + 100 * DAY);                      /* read later, when the other waiver has run out too */
    page = rendered(r, render_check, 80, true, false);
    assert_non_null(strstr(page, " ! WAIVER of NET-02 EXPIRED on 31 Jan, since this run: the next one counts it\n"));
    free(page);
    report_free(r);
    stand_close(&s);
}

static void sources_disagree(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, false);
    /* one computer, called otherwise by each; hpe and HPE are one maker, and who says nothing disagrees with nobody */
    assert_int_equal(r->n_disagreements, 2);
    const struct disagreement *d = &r->disagreements[0], *m = &r->disagreements[1];
    assert_string_equal(d->target, "ehr");
    assert_string_equal(d->subject, "[\"ehr.local\"]");
    assert_string_equal(d->column, "os_version");
    assert_string_equal(d->used.value, "12");
    assert_string_equal(d->used.how, "ssh, measured");
    assert_string_equal(d->other.value, "11");
    assert_string_equal(d->other.how, "file, document");
    assert_string_equal(m->column, "memory_bytes");
    assert_string_equal(m->used.value, "8.0 GiB");
    assert_string_equal(m->other.value, "16.0 GiB");
    /* the stronger method's value is what the check used, and the host counts once */
    const struct report_check *c = report_check_find(r, "HST-01");
    assert_string_equal(c->result->status, "pass");
    assert_int_equal(c->result->n_pass, 1);
    report_free(r);
    stand_close(&s);
}

static void partial(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s);
    begin(&s, "visit-1", "");
    collect(&s, true);
    judge(&s);
    int64_t first = s.run;
    clock_set(s.f.now += 9 * DAY);
    begin(&s, "again", "ehr");
    struct collection *v = NULL;
    size_t n = 0;
    assert_int_equal(store_collections(s.f.s, first, &v, &n), 0);
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].target, "ehr") != 0)
            assert_int_equal(store_collection_link(s.f.s, s.run, v[i].id, true), 0);
    collections_free(v, n);
    fx_collect(&s.f, "ehr", "hosts", &stand_ssh, "name=ehr.local os_version=12");
    fx_collect(&s.f, "ehr", "filesystems", &stand_has_none, NULL);
    judge(&s);
    struct report *r = load(&s, true);
    char *page = rendered(r, render_check, 80, true, false);
    assert_true(text_starts_with(page, "PARTIAL  Riverside Family Clinic, signed "));
    assert_non_null(strstr(page, "\n  Asked now: ehr. The rest is carried from earlier runs, the oldest of 18 Nov, 9\n  days old.\n"));
    assert_non_null(strstr(page, "\nAsked       1 target in 1 min 48 s; 41 questions sent\n"));
    json_t *j = json_of(r);
    assert_true(json_is_true(json_object_get(json_object_get(j, "run"), "partial")));
    json_decref(j);
    free(page);
    report_free(r);
    stand_close(&s);
}

/* --- gates and dates --- */

static void gates(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, false);
    static const char *const order[] = { "ehr-go-live", "close", "connect", "day-1" };
    static const char *const verdicts[] = { "GO", "UNPROVEN", "NO-GO", "NO-GO" };
    assert_int_equal(r->n_gates, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(r->gates[i].row->milestone, order[i]);
        assert_string_equal(r->gates[i].row->verdict, verdicts[i]);
    }
    /* connect, from Fri 20 Nov; 10 days a month are 476 thousandths on most of November's 21 weekdays, 434 on December's 23. One failing port: 1 day, ordered now, comes
     * Wed 25 Nov: 476, 476, 48, done on Sat 28. At the worst also what is unknown: P3, P4, sw2, mri of NET-01, 8 days, and sw2, mri of NET-02, 2 days: all that waits for
     * its order of 20 days (Thu 10 Dec) takes 10 days; NET-02 is done before that. Of December 16 weekdays are left, 6.957 days; the rest takes 7 of January's (21, 476 each) */
    const struct report_gate *g = &r->gates[2];
    int64_t midnight = r->run.as_of - r->run.as_of % DAY;
    assert_true(g->plan->has_earliest);
    assert_int_equal((g->plan->earliest[0] - midnight) / DAY, 8);
    assert_int_equal((g->plan->earliest[1] - midnight) / DAY, 53);
    const struct report_check *c = report_check_find(r, "NET-01");
    int64_t connect = 0;
    assert_true(date_parse("2027-02-01", &connect));
    assert_int_equal((connect - c->order_by) / DAY, 27);             /* 2 days: the 5 weekdays before it, from Mon 25 Jan; and 20 */
    /* what is unproven alone: today at best */
    assert_true(r->gates[1].plan->has_earliest);
    assert_int_equal(r->gates[1].plan->earliest[0], midnight);
    assert_false(r->gates[0].plan->has_earliest);
    report_free(r);
    stand_close(&s);
}

/* --- hostile facts --- */

static void hostile_facts(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s);
    begin(&s, "visit-1", "");
    struct buf rows = BUF_INIT(1 << 20);
    for (int i = 0; i < 40; i++)
        buf_printf(&rows, "name=\033[2JP%d\xe2\x80\xae admin_up=1 speed_mbps=10 duplex=half alias=<script>\x1b]0;x\a\xff\xfe\n", i);
    buf_puts(&rows, "name=");
    for (int i = 0; i < 65536; i++)
        buf_putc(&rows, 'N');
    buf_puts(&rows, " admin_up=1 speed_mbps=10 alias=\xe5\xad\x97\xe5\xad\x97");
    fx_collect(&s.f, "sw1", "interfaces", NULL, buf_str(&rows));
    buf_clear(&rows);
    judge(&s);
    struct report *r = load(&s, true);
    static const size_t widths[] = { 80, 60, 40 };
    static render_fn *const pages[] = { render_check, report_text };
    for (size_t w = 0; w < N_ELEMENTS(widths); w++)
        for (size_t k = 0; k < N_ELEMENTS(pages); k++) {
            char *text = rendered(r, pages[k], widths[w], w != 1, false);
            for (char *line = text, *next; line && *line; line = next) {
                next = strchr(line, '\n');
                if (next)
                    *next++ = '\0';
                assert_true(text_width(line) <= widths[w]);
                for (const char *p = line; *p; p++)
                    assert_true((unsigned char)*p >= ' ' && *p != 0x7f && (w != 1 || (unsigned char)*p < 0x80));
                assert_null(strstr(line, "\xe2\x80\xae"));
            }
            free(text);
        }
    json_decref(json_of(r));
    report_free(r);
    stand_close(&s);
}

/* --- compare --- */

static void compare_pages(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, true);
    assert_non_null(r->changes);
    char *text = NULL, *json = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    const struct style style = { .width = 80, .utf8 = true };
    compare_text(r->changes, &r->previous, &r->run, &style, f);
    fclose(f);
    compare_golden("compare-80.txt", text);
    f = open_memstream(&json, &len);
    compare_json(r->changes, &r->previous, &r->run, f);
    fclose(f);
    json_t *j = json_loads(json, JSON_REJECT_DUPLICATES, NULL), *finding;
    assert_non_null(j);
    static const char *const bounds[] = { "low", "high" }, *const parts[] = { "checklist", "scope", "coverage", "site" };
    for (size_t b = 0; b < 2; b++) {
        int64_t sum = 0, change = llround(100 * number(j, "after", bounds[b])) - llround(100 * number(j, "before", bounds[b]));
        for (size_t k = 0; k < 4; k++)
            sum += llround(100 * number(json_object_get(json_object_get(j, "parts"), bounds[b]), parts[k], NULL));
        assert_int_equal(sum, change);
    }
    size_t i, still = 0;
    json_array_foreach(json_object_get(j, "findings"), i, finding) {
        bool is_still = strcmp(json_string_value(json_object_get(finding, "change")), "still failing") == 0;
        still += is_still;
        if (is_still)
            assert_string_equal(json_string_value(json_object_get(finding, "since")), "2026-11-18T11:06:40Z");
    }
    assert_true(still >= 2);
    json_decref(j);
    free(json);
    report_free(r);
    stand_close(&s);
}

/* A site under a code name is not named, in any format. */
static void code_name(void **state)
{
    (void)state;
    struct stand s;
    stand_open(&s);
    site_free(s.site);
    char *text = xstrdup(stand_site_yaml), *stage = strstr(text, "stage: signed"), *coded;
    memcpy(stage, "stage: owned ", 13);
    coded = xasprintf("%s", text);
    char *at = strstr(coded, "stage: owned ");
    *at = '\0';
    char *yaml = xasprintf("%scodename: BIRCH\nstage: diligence\n%s", coded, at + 14);
    s.site = load_site(yaml, NULL);
    begin(&s, "one", "");
    collect(&s, true);
    judge(&s);
    begin(&s, "two", "");
    collect(&s, false);
    judge(&s);
    struct report *r = load(&s, true);
    char *page = rendered(r, render_check, 80, true, false), *compared = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&compared, &len);
    const struct style style = { .width = 80, .utf8 = true };
    compare_text(r->changes, &r->previous, &r->run, &style, f);
    fclose(f);
    json_t *j = json_of(r);
    assert_true(text_starts_with(page, "BIRCH, before signing"));
    assert_true(text_starts_with(compared, "BIRCH\n"));
    assert_string_equal(json_string_value(json_object_get(json_object_get(j, "site"), "name")), "BIRCH");
    json_decref(j);
    free(page);
    free(compared);
    free(text);
    free(coded);
    free(yaml);
    report_free(r);
    stand_close(&s);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_pages), cmocka_unit_test(colours_only), cmocka_unit_test(counts_are_equal), cmocka_unit_test(scores_in_json), cmocka_unit_test(settle_points),
        cmocka_unit_test(points_add_up), cmocka_unit_test(waivers), cmocka_unit_test(sources_disagree), cmocka_unit_test(partial), cmocka_unit_test(gates),
        cmocka_unit_test(hostile_facts), cmocka_unit_test(compare_pages), cmocka_unit_test(code_name),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
