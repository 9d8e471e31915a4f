/* What is handed out: the first page's model, HTML and the brief as bytes, what each reader must not see in any format, and the record of it.
 * With REPORT_GOLDEN=write in the environment the brief is written instead of compared. */
#include "lib/cmocka_all.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "fact/reason.h"
#include "report/front.h"
#include "report/html_out.h"
#include "report_stand.h"

static char *made(const struct report *r, enum report_format format)
{
    const struct style style = { .width = 80, .utf8 = true };
    char *bytes = NULL, *why = NULL;
    size_t len = 0;
    if (report_render(r, format, NULL, &style, &bytes, &len, &why) != 0)
        fail_msg("%s", why);
    assert_int_equal(strlen(bytes), len);
    return bytes;
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

/* --- the brief --- */

static void brief_page(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, true);
    report_for(r, audience_find("counsel"), 0);
    char *text = made(r, REPORT_BRIEF), *path = xasprintf("%s/tests/unit/data/report/brief.txt", getenv("srcdir") ? getenv("srcdir") : ".");
    struct buf golden = BUF_INIT(65536);
    size_t lines = 0;
    for (const char *p = text; *p; p += strcspn(p, "\n") + 1, lines++) {
        char *line = xstrndup(p, strcspn(p, "\n"));
        assert_in_range(text_width(line), 1, 80);
        free(line);
    }
    assert_in_range(lines, 10, 30);
    mask_seals(text);
    if (getenv("REPORT_GOLDEN"))
        assert_int_equal(file_write_atomic(path, text, strlen(text), 0644), 0);
    assert_int_equal(file_read(path, golden.max, &golden), 0);
    assert_string_equal(text, buf_str(&golden));
    buf_clear(&golden);
    free(path);
    free(text);
    report_free(r);
    stand_close(&s);
}

/* A hundred checks that fail: what does not fit is counted. */
static void brief_of_many(void **state)
{
    (void)state;
    struct stand s;
    struct buf b = BUF_INIT(1 << 20);
    buf_puts(&b, "checklist: test\nversion: 1\ntitle: Test\nchecks:\n");
    for (int i = 0; i < 100; i++)
        buf_printf(&b, "  - {id: MANY-%03d, title: One of many things that should hold at this clinic before it joins number %d, domain: network, severity: high, gate: connect, facts: interfaces,"
                       " pass: speed_mbps > 99999, why: It is so., fix: Mend it., owner: it-infrastructure}\n", i, i);
    stand_open_with(&s, stand_site_yaml, NULL, buf_str(&b));
    begin(&s, "one", "");
    collect(&s, true);
    judge(&s);
    struct report *r = load(&s, false);
    char *text = made(r, REPORT_BRIEF);
    size_t lines = 0, listed = 0;
    for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
        lines++;
    for (const char *p = text; (p = strstr(p, "One of many")); p++)
        listed++;
    /* the end is never crowded out */
    if (lines > 30 || !strstr(text, "\nFrom run "))
        fail_msg("%s", text);
    assert_in_range(lines, 20, 30);
    assert_in_range(listed, 2, 98);
    char *more = xasprintf("    and %zu more in the full report\n", 100 - listed);
    assert_non_null(strstr(text, more));
    free(more);
    free(text);
    report_free(r);
    stand_close(&s);
    buf_clear(&b);
}

/* --- the first page --- */

static struct front *front_of(const struct report *r, const char *ask)
{
    char *why = NULL;
    struct front *f = front_new(r, ask, &why);
    assert_non_null(f);
    return f;
}

static void front_page(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, true);
    struct front *f = front_of(r, NULL);
    /* the run is of 20 November: that day's milestone is not past yet */
    assert_string_equal(f->question, "May the EHR (electronic health record) go live on 20 November 2026?");
    assert_string_equal(f->asked->verdict, "GO");
    assert_int_equal(f->n_obstacles, 1);
    assert_string_equal(f->obstacles[0].c->def->id, "NET-01");
    assert_string_equal(f->obstacles[0].owner, "Network operations");
    assert_string_equal(f->obstacles[0].by, "order by 5 Jan");
    assert_string_equal(f->obstacles[0].what, "not so at 1 of 6: sw1 / P2");
    assert_string_equal(f->decide[0], "Go ahead");
    front_free(f);
    f = front_of(r, "connect");
    assert_string_equal(f->question, "May we join the networks on 1 February 2027?");
    assert_string_equal(f->answer, "1 check that must hold stands in the way, and 2 answers are missing.");
    assert_string_equal(f->decide[0], "Order now, before all is known: Uplinks run at 1 Gb/s or faster (takes 5 to 20 days)");
    front_free(f);
    char *why = NULL;
    assert_null(front_new(r, "tsa-exit", &why));
    assert_string_equal(why, "no milestone 'tsa-exit' in this run; it has ehr-go-live, close, connect, day-1");
    free(why);
    /* what is decided is not asked again */
    static struct decision decided = { .milestone = "ehr-go-live", .decided = "go", .by = "the board" };
    r->pinned.site->decisions = &decided;
    r->pinned.site->n_decisions = 1;
    f = front_of(r, NULL);
    assert_string_equal(f->asked->g->row->milestone, "close");
    front_free(f);
    report_free(r);
    stand_close(&s);
}

/* --- what a committee does not type --- */

static void plain(struct arena *a, const char *text, const char *wanted)
{
    assert_string_equal(front_plain(a, text), wanted);
}

static void no_commands(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    plain(a, "no answer", "no answer");
    plain(a, "nobody has answered this. Ask practice manager (`preop attest CMP-RA-01`)", "nobody has answered this. Ask practice manager");
    plain(a, "the answer is too old: X-1 counted until 2026-11-21. Ask it-infrastructure; vendor again: `preop attest X-1`", "the answer is too old: X-1 counted until 2026-11-21. Ask it-infrastructure; vendor again");
    plain(a, "One. Run `preop check` now. Two", "One. Two");
    plain(a, "`preop check", "");
    plain(a, "Run `preop a` or `preop b`", "");
    for (int r = REASON_NONE + 1; r < REASON_COUNT; r++) {
        const struct reason_info *info = reason_info((enum reason)r);
        const char *said = arena_printf(a, "%s (a detail). %s", info->text, info->action), *got = front_plain(a, said);
        const char *wanted = arena_printf(a, "%s (a detail). %s", info->text, info->ask);
        assert_string_equal(got, wanted);
    }
    arena_free(a);
}

/* The part of a page before its second section. */
static char *first_page(const struct report *r)
{
    char *page = made(r, REPORT_HTML), *from = strstr(page, "<section id=\"first\""), *to = strstr(from, "</section>");
    char *first = xstrndup(from, (size_t)(to - from));
    free(page);
    return first;
}

static void first_page_without_commands(void **state)
{
    (void)state;
    static const struct fx_how not_watched = { .state = STATE_NOT_ASKED, .reason = REASON_NOT_WATCHED, .method = METHOD_MEASURED };
    struct stand s;
    stand_open(&s);
    begin(&s, "one", "");
    fx_collect(&s.f, "sw1", "interfaces", NULL, "name=P1 admin_up=1 speed_mbps=1000 duplex=full alias=x");
    fx_collect(&s.f, "sw2", "interfaces", &not_watched, NULL);
    judge(&s);
    struct report *r = load(&s, false);
    char *first = first_page(r), *brief = made(r, REPORT_BRIEF), *page = made(r, REPORT_HTML);
    assert_non_null(strstr(first, "sw2: not watched in this check (3 checks). Our IT measures it on a working day, for at least eight clinic hours."));
    assert_null(strchr(first, '`'));
    assert_null(strstr(first, "preop check"));
    assert_null(strchr(brief, '`'));
    assert_non_null(strstr(page, "Run `preop check --sample 8h"));       /* IT has it still */
    free(first);
    free(brief);
    free(page);
    report_free(r);
    stand_close(&s);
}

/* --- a step before which nothing was tested --- */

static const char untested_checks[] =
    "checklist: test\nversion: 1\ntitle: Test\nchecks:\n"
    "  - {id: NET-01, title: Uplinks, domain: network, severity: high, gate: connect, facts: interfaces, where: speed_mbps > 99999, pass: duplex = 'full', why: So., fix: Mend it., owner: it-infrastructure}\n"
    "  - {id: NET-02, title: Ports, domain: network, severity: high, facts: interfaces, pass: duplex = 'full', why: So., fix: Mend it., owner: it-infrastructure}\n";

static void untested_step(void **state)
{
    (void)state;
    struct stand s;
    stand_open_with(&s, stand_site_yaml, NULL, untested_checks);
    begin(&s, "one", "");
    fx_collect(&s.f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=10 duplex=full");
    judge(&s);
    struct report *r = load(&s, false);
    struct front *f = front_of(r, "close");
    assert_string_equal(f->asked->verdict, "UNPROVEN");
    assert_string_equal(f->answer, "not tested: none of the checks that were chosen for this clinic has to hold before this step, so nothing speaks for it or against it.");
    assert_int_equal(f->n_decide, 3);
    assert_string_equal(f->decide[0], "Say first what has to hold before this step, and have it looked at:");
    assert_string_equal(f->decide[1], "Decide on other grounds than this report, which are:");
    front_free(f);
    f = front_of(r, "day-1");                            /* after connect, whose check applies to nothing here */
    assert_string_equal(f->asked->verdict, "UNPROVEN");
    assert_string_equal(f->answer, "not tested: 1 check has to hold before it, and nothing was found at this clinic to which it applies.");
    assert_string_equal(f->decide[0], "Have somebody who knows the clinic confirm that none of it applies here, by name:");
    front_free(f);
    report_free(r);
    stand_close(&s);
}

/* --- HTML --- */

static void html_escapes(void **state)
{
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);
    struct html h;
    html_init(&h, f);
    html(&h, "<p title=\"%s\">%d %zu %ld %.1f%%</p>", "\"><script>'&\xe2\x80\xae\x01", 1, (size_t)2, 3L, 4.25);
    html_clear(&h);
    fclose(f);
    assert_string_equal(text, "<p title=\"&quot;&gt;&lt;script&gt;&#39;&amp;\\u{202E}\\u{1}\">1 2 3 4.2%</p>");
    free(text);
}

static void policy_names_its_style(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, true);
    r->pinned.site->marking = "x\"}</style><script>";
    char *text = made(r, REPORT_HTML), *from = strstr(text, "<style>") + 7, *to = strstr(from, "</style>"), b64[64];
    uint8_t digest[SHA256_LEN];
    struct sha256 *h = sha256_new();
    sha256_add(h, from, (size_t)(to - from));
    sha256_end(h, digest);
    base64_encode(digest, sizeof(digest), b64);
    char *policy = xasprintf("content=\"default-src 'none'; style-src 'sha256-%s'; img-src data:; base-uri 'none'; form-action 'none'\"", b64);
    assert_non_null(strstr(text, policy));
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "style=\""));
    assert_null(strstr(text, "src="));
    assert_null(strstr(text, "url("));
    assert_null(strstr(to + 8, "</style>"));
    free(policy);
    free(text);
    report_free(r);
    stand_close(&s);
}

static size_t times(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

static void html_has_everything(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, true);
    char *text = made(r, REPORT_HTML);
    assert_int_equal(times(text, "<article class=\"check\""), r->n_checks);
    char *counts = xasprintf("<p>%zu pass, %zu fail, %zu unknown, %zu not applicable; %zu in all.</p>", r->n_pass, r->n_fail, r->n_unknown, r->n_not_applicable, r->n_checks);
    assert_non_null(strstr(text, counts));
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct check_result *c = r->checks[i].result;
        char *one = xasprintf("; %d pass, %d fail, %d unknown", (int)c->n_pass, (int)c->n_fail, (int)c->n_unknown), *id = xasprintf("id=\"c-%s\"", c->check_id), *at = strstr(text, id);
        assert_non_null(at);
        assert_non_null(strstr(at, one));
        assert_in_range(strstr(at, one) - at, 1, 500);
        free(one);
        free(id);
    }
    assert_int_equal(times(text, r->run.seal), 2);       /* in the appendix and at the end */
    assert_non_null(strstr(text, "test</th><td>2</td>"));            /* the checklist's version */
    assert_non_null(strstr(text, "3 tries in 6 s"));     /* why a collection failed */
    assert_non_null(strstr(text, "<html lang=\"en\">"));
    free(counts);
    free(text);
    report_free(r);
    stand_close(&s);
}

/* What a device, a person or a file calls itself is text and never markup. */
static void hostile_names(void **state)
{
    (void)state;
    static const char evil[] = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, true);
    r->pinned.site->owners[0].name = evil;
    r->pinned.site->waivers[0].reason = evil;
    r->pinned.site->waivers[0].accepted_by = evil;
    r->pinned.site->name = evil;
    r->collections[0].detail = xstrdup(evil);
    r->collections[0].reason = REASON_NO_ANSWER;
    for (size_t i = 0; i < r->results.n_findings; i++) {
        free(r->results.findings[i].subject);
        r->results.findings[i].subject = xstrdup("[\"\\\"'><script>alert(1)</script><img src=x onerror=alert(2)>\"]");
    }
    char *text = made(r, REPORT_HTML);
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "<img"));
    assert_in_range(times(text, "&lt;script&gt;alert(1)&lt;/script&gt;"), 6, 100);
    free(text);
    report_free(r);
    stand_close(&s);
}

/* The height at which the drawing has a step's name. */
static long label_y(const char *page, const char *name)
{
    char *text = xasprintf("\">%s</text>", name), *at = strstr(page, text), *y = at;
    assert_non_null(at);
    while (y > page && strncmp(y, " y=\"", 4) != 0)
        y--;
    free(text);
    return strtol(y + 4, NULL, 10);
}

/* Steps of one day, or of days that lie near each other, have their names one below the other. */
static void step_names_apart(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, false);
    char *page = made(r, REPORT_HTML);
    assert_true(label_y(page, "Close") != label_y(page, "Join the networks"));
    assert_true(label_y(page, "Day 1") != label_y(page, "Join the networks"));
    free(page);
    report_free(r);
    stand_close(&s);
}

static void accepted_as_it_stands(void **state)
{
    (void)state;
    struct stand s;
    two_runs(&s);
    struct report *r = load(&s, false);
    r->pinned.site->waivers[0].subject = "[\"P3\",443]";
    r->pinned.site->waivers[0].date = r->run.as_of + 5 * DAY;
    char *page = made(r, REPORT_HTML);
    assert_non_null(strstr(page, "<td>sw1 / P3, 443</td>"));
    assert_non_null(strstr(page, "2027-01-31</span> (not begun: it covers nothing yet)"));
    assert_non_null(strstr(page, "2026-11-10</span> (ended: it counts again)"));
    free(page);
    report_free(r);
    stand_close(&s);
}

/* --- for patients and staff --- */

static const char means_checks[] =
    "checklist: test\nversion: 1\ntitle: Test\nchecks:\n"
    "  - {id: DLY-01, title: Lines are quick, domain: network, severity: high, gate: connect, facts: interfaces, pass: speed_mbps >= 1000, show: [alias], why: So., fix: Mend it., owner: it-infrastructure,\n"
    "     impact_model: {driver: delay, cause: wan, users: {of: staff, range: [0.7, 0.9], source: a planning figure}, minutes_per_user_day: [1, 5]}}\n"
    "  - {id: OUT-01, title: Ports are spare, domain: network, severity: high, gate: day-1, facts: interfaces, pass: duplex = 'half', why: So., fix: Mend it., owner: it-infrastructure,\n"
    "     impact_model: {driver: outage, cause: switch, hours: [2, 16], scope: 1}}\n"
    "  - {id: UNS-01, title: Hosts are new, domain: hosts, severity: high, gate: day-1, facts: hosts, pass: cpus > 1, why: So., fix: Mend it., owner: it-infrastructure,\n"
    "     impact_model: {driver: day1-lockout, cause: accounts, accounts: 9, hours: [0.5, 4]}}\n";

/* seen: the host answers, and passes. */
static void means_stand(struct stand *s, const char *profile, bool seen)
{
    const char *old = "profile: {currency: USD}\n", *at = strstr(stand_site_yaml, old);
    assert_non_null(at);
    char *site = xasprintf("%.*s%s%s", (int)(at - stand_site_yaml), stand_site_yaml, profile, at + strlen(old));
    stand_open_with(s, site, NULL, means_checks);
    begin(s, "one", "");
    fx_collect(&s->f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=10 duplex=full alias=x");
    fx_collect(&s->f, "ehr", "hosts", seen ? &stand_ssh : &stand_no_answer, seen ? "name=ehr cpus=4" : NULL);
    judge(s);
    free(site);
}

/* Text's line breaks, and its marks at the beginning of lines, as single blanks. */
static char *in_one_line(char *text)
{
    char *to = text;
    for (const char *p = text; *p; p++)
        if (*p != ' ' && *p != '\n')
            *to++ = *p;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    *to = '\0';
    return text;
}

static void all_say(const struct report *r, const char *what, bool in_brief)
{
    static const enum report_format formats[] = { REPORT_TEXT, REPORT_HTML, REPORT_BRIEF };
    for (size_t i = 0; i < N_ELEMENTS(formats); i++) {
        char *text = in_one_line(made(r, formats[i]));
        bool wanted = formats[i] != REPORT_BRIEF || in_brief;
        if ((strstr(text, what) != NULL) != wanted)
            fail_msg("'%s' is %s in format %d: %s", what, wanted ? "missing" : "there", (int)formats[i], strstr(text, "PATIENTS") ? strstr(text, "PATIENTS") : text);
        free(text);
    }
}

static double json_figure(const struct report *r, const char *list, const char *kind, const char *what, size_t end)
{
    char *text = made(r, REPORT_JSON);
    json_t *j = json_loads(text, 0, NULL), *sums = json_object_get(json_object_get(j, "impact"), list), *one;
    size_t i;
    double v = -1;
    json_array_foreach(sums, i, one)
        if (strcmp(json_string_value(json_object_get(one, "kind")), kind) == 0 && json_is_array(json_object_get(one, what)))
            v = json_number_value(json_array_get(json_object_get(one, what), end));
    json_decref(j);
    free(text);
    return v;
}

#define EQUALS(a, b) assert_true((a) > (b) - 1e-9 && (a) < (b) + 1e-9)

static void means_in_figures(void **state)
{
    (void)state;
    struct stand s;
    means_stand(&s, "profile: {currency: USD, providers: 12, staff: 48, visits_per_day: 210, revenue_per_visit: 145, staff_hour_cost: 38}\n", false);
    struct report *r = load(&s, false);
    all_say(r, "210 of 210 visits a day would meet what fails, if day 1 came as it is", true);
    all_say(r, "5.3 to 250 visits lost at each failure, worth $230 to $37,000", false);
    all_say(r, "130 to 930 hours of staff time a year, worth $5,000 to $35,000: time, not cash", false);
    all_say(r, "not excluded, for nobody could see it: 4.5 to 36 hours of staff time, once, worth $170 to $1,400: time, not cash", false);
    EQUALS(json_figure(r, "sums", "visits", "amount", 1), 250);
    EQUALS(json_figure(r, "sums", "visits", "range", 1), 37000);
    EQUALS(json_figure(r, "not_excluded", "staff-time", "amount", 0), 4.5);
    char *page = made(r, REPORT_HTML), *first = strstr(page, "<section id=\"first\""), *end = strstr(first, "</section>");
    const char *order[] = { "<p class=\"q\">", "<h3>Each step", "<h3>What stands", "<h3>Money", "<h3>What it means for patients and staff", "<h3>How sure", "<h3>What changed", "<h3>To decide" };
    for (size_t i = 0; i < N_ELEMENTS(order); i++) {
        first = strstr(first, order[i]);
        assert_non_null(first);
        assert_true(first < end);
    }
    const char *assumed = strstr(page, "Assumed: ");
    assert_non_null(assumed);
    assert_true(assumed < end);
    assert_int_equal(strncmp(assumed, "Assumed: the visits are spread evenly over rooms and people; people who are slowed down: 34 to 43 (a planning figure); minutes lost per person and day: 1 to 5 (no source)", 169), 0);
    assert_non_null(strstr(end, "Lines are quick</a>: touches 71 to 90% of the visits</li>"));
    assert_non_null(strstr(end, "Hosts are new</a>: not excluded, for nobody could see it: touches 19% of the visits</li>"));
    /* each input has the key that replaces it */
    assert_non_null(strstr(end, "<code>impact.DLY-01.minutes_per_user_day</code>"));
    assert_non_null(strstr(end, "<code>profile.recover_share</code>"));
    free(page);
    report_free(r);
    stand_close(&s);
}

/* Money of visits and cash is for counsel alone, prices at all for neither IT nor those outside; what patients and staff lose is for all. */
static void means_for_readers(void **state)
{
    (void)state;
    static const struct { const char *text, *seen_by; } parts[] = {
        { "5.3 to 250 visits lost", " committee it seller insurer counsel " }, { "130 to 930 hours of staff time", " committee it seller insurer counsel " },
        { "$230 to $37,000", " counsel " }, { "profile.revenue_per_visit", " counsel " }, { "profile.contribution_share", " counsel " },
        { "$5,000 to $35,000", " committee counsel " }, { "profile.staff_hour_cost", " committee counsel " },
    };
    struct stand s;
    means_stand(&s, "profile: {currency: USD, staff: 48, visits_per_day: 210, revenue_per_visit: 145, staff_hour_cost: 38}\n", false);
    for (size_t a = 0; a < n_audiences; a++) {
        struct report *r = load(&s, false);
        report_for(r, &audiences[a], 0);
        for (int k = REPORT_TEXT; k <= REPORT_BRIEF; k++) {
            char *text = in_one_line(made(r, (enum report_format)k)), *word = xasprintf(" %s ", audiences[a].name);
            for (size_t i = 0; i < N_ELEMENTS(parts); i++) {
                bool may = strstr(parts[i].seen_by, word) != NULL, seen = strstr(text, parts[i].text) != NULL, must = may && k == REPORT_HTML;
                if ((seen && !may) || (must && !seen))
                    fail_msg("'%s' is %s for %s in format %d", parts[i].text, seen ? "seen" : "missing", audiences[a].name, k);
            }
            free(word);
            free(text);
        }
        report_free(r);
    }
    stand_close(&s);
}

static void rare_and_large(void **state)
{
    (void)state;
    static const char yaml[] = "checklist: test\nversion: 1\ntitle: Test\nchecks:\n"
        "  - {id: EXP-01, title: Desktops are shut, domain: network, severity: high, facts: interfaces, pass: speed_mbps >= 1000, why: So., fix: Mend it., owner: it-infrastructure, impact_model: {driver: exposure, cause: records}}\n";
    static const char *const profiles[] = { "", ", patient_records: [14000, 16000]" };
    static const char *const said[] = { "all patient records, exposed at the worst by 1 failure", "all patient records, 14,000 to 16,000 as the clinic has it, exposed at the worst by 1 failure" };
    for (size_t i = 0; i < N_ELEMENTS(said); i++) {
        struct stand s;
        char *profile = xasprintf("profile: {currency: USD%s}", profiles[i]), *site = xasprintf("%.*s%s%s", (int)(strstr(stand_site_yaml, "profile:") - stand_site_yaml), stand_site_yaml,
                                  profile, strstr(stand_site_yaml, "\ncapacity:"));
        stand_open_with(&s, site, NULL, yaml);
        begin(&s, "one", "");
        fx_collect(&s.f, "sw1", "interfaces", NULL, "name=P1 speed_mbps=10");
        judge(&s);
        struct report *r = load(&s, false);
        char *page = made(r, REPORT_HTML), *brief = in_one_line(made(r, REPORT_BRIEF));
        assert_non_null(strstr(page, said[i]));
        assert_non_null(strstr(brief, said[i]));
        assert_non_null(strstr(page, "Assumed: one intruder or one loss reaches all"));
        assert_int_equal(strstr(page, "Nobody has said how many patient records the clinic holds.") != NULL, i == 0);
        free(page);
        free(brief);
        report_free(r);
        stand_close(&s);
        free(site);
        free(profile);
    }
}

static void means_nothing(void **state)
{
    (void)state;
    struct stand s;
    means_stand(&s, "profile: {currency: USD}\n", false);
    struct report *r = load(&s, false);
    all_say(r, "not excluded, for nobody could see it: 4.5 to 36 hours of staff time, once", false);
    report_free(r);
    stand_close(&s);
    means_stand(&s, "profile: {currency: USD}\n", true);
    r = load(&s, false);
    char *page = made(r, REPORT_HTML), *brief = in_one_line(made(r, REPORT_BRIEF));
    assert_non_null(strstr(page, "No figure can be given: what it takes has not been said."));
    assert_non_null(strstr(page, "Nobody has said how many visits the clinic has a day; how many people work at the clinic."));
    assert_non_null(strstr(brief, "Patients and staff: no figure, for nobody has said how many visits the clinic has a day, and more."));
    free(page);
    free(brief);
    report_free(r);
    stand_close(&s);
    two_runs(&s);
    r = load(&s, false);
    page = made(r, REPORT_HTML);
    assert_int_equal(times(page, "No check that failed or has no answer says what its failure costs patients or staff."), 2);
    free(page);
    report_free(r);
    stand_close(&s);
}

/* --- readers --- */

static const char readers_checks[] =
    "checklist: test\nversion: 1\ntitle: Test\nchecks:\n"
    "  - {id: NET-01, title: Uplinks, domain: network, severity: high, gate: connect, facts: interfaces, pass: speed_mbps >= 1000, show: [alias], why: So., fix: Mend it., owner: it-infrastructure,\n"
    "     cost: [7919, 7919], cost_yearly: [6133, 6133], cost_basis: canary-basis, effort_days: [1.37, 1.37], lead_days: [43, 43]}\n"
    "  - {id: ACC-01, title: Accounts, domain: people, severity: high, facts: directory_accounts, pass: enabled = 0, show: [login, display_name, enabled], why: So., fix: Mend it., owner: it-infrastructure}\n"
    "  - {id: ACC-02, title: Logins, domain: people, severity: high, query: \"SELECT target, login AS subject, 0 AS ok FROM directory_accounts\", why: So., fix: Mend it., owner: it-infrastructure}\n"
    "  - {id: ORG-01, title: Others, domain: network, severity: high, query: \"SELECT i.target, i.name AS subject, 0 AS ok, 'canary-org' AS theirs, (SELECT count(*) FROM org_hosts) AS n FROM interfaces i\", why: So., fix: Mend it., owner: it-infrastructure}\n";

static const char readers_waivers[] =
    "- {id: W-1, check: NET-01, target: sw1, subject: canaryport, date: 2026-11-01, accepted_by: Zoe Canary, role: CIO, reason: canary-reason, expires: 2027-01-31}\n";

/* Canaries, and who must not see them: nobody else may lose them. In lower case, as the texts are searched. */
static const struct { const char *text, *hidden_from; } canaries[] = {
    { "canary-decided", " seller insurer " },
    { "yan canary", " seller insurer " },
    { "zoe canary", " seller insurer " },
    { "canary-reason", " seller insurer " },
    { "xia canary", " seller insurer " },
    { "wanda.canary", " committee seller insurer " },
    { "vera canary", " committee seller insurer " },
    { "7919", " it seller insurer " },
    { "7,919", " it seller insurer " },
    { "canary-basis", " it seller insurer " },
    { "1.37", " seller insurer " },
    { "canaryport", " insurer " },
    { "canary-org", " seller insurer " },
    { "canary-detail", " insurer " },
};

static void readers_stand(struct stand *s)
{
    char *text = xasprintf("%s", stand_site_yaml), *owner = strstr(text, "Network operations");
    assert_non_null(owner);
    *owner = '\0';
    char *site = xasprintf("%sXia Canary%s", text, strstr(stand_site_yaml, "Network operations") + strlen("Network operations"));
    stand_open_with(s, site, readers_waivers, readers_checks);
    begin(s, "one", "");
    fx_collect(&s->f, "sw1", "interfaces", NULL, "name=canaryport admin_up=1 speed_mbps=10 alias=canaryport\nname=P2 speed_mbps=10");
    fx_collect(&s->f, "ehr", "directory_accounts", NULL, "id=1 login=wanda.canary display_name=Vera_Canary enabled=1");
    fx_collect(&s->f, "sw2", "interfaces", &(struct fx_how){ .state = STATE_FAILED, .reason = REASON_NO_ANSWER, .method = METHOD_MEASURED, .detail = "canary-detail" }, NULL);
    judge(s);
    free(site);
    free(text);
}

static struct report *load_for(struct stand *s, const char *audience, unsigned also)
{
    static struct decision decided;
    static const char *accepts[] = { "NET-01" };
    decided = (struct decision){ .milestone = "sign", .decided = "canary-decided", .by = "Yan Canary", .date = 1762000000, .accepts_unknown = accepts, .n_accepts_unknown = 1 };
    struct report *r = load(s, false);
    r->pinned.site->decisions = &decided;
    r->pinned.site->n_decisions = 1;
    report_for(r, audience ? audience_find(audience) : NULL, also);
    return r;
}

/* All formats together, in lower case. */
static char *all_formats(const struct report *r)
{
    struct buf b = BUF_INIT(16 << 20);
    for (int k = REPORT_TEXT; k <= REPORT_BRIEF; k++) {
        char *one = made(r, (enum report_format)k);
        buf_printf(&b, "%s\n", one);
        free(one);
    }
    char *text = buf_take(&b);
    text_lower_ascii(text);
    return text;
}

static void each_sees_theirs(void **state)
{
    (void)state;
    struct stand s;
    readers_stand(&s);
    for (size_t a = 0; a <= n_audiences; a++) {
        const char *name = a < n_audiences ? audiences[a].name : NULL;
        struct report *r = load_for(&s, name, 0);
        char *text = all_formats(r);
        for (size_t k = 0; k < N_ELEMENTS(canaries); k++) {
            char *word = xasprintf(" %s ", name ? name : "nobody");
            bool hidden = strstr(canaries[k].hidden_from, word) != NULL, seen = strstr(text, canaries[k].text) != NULL;
            if (hidden == seen)
                fail_msg("'%s' is %s for %s", canaries[k].text, seen ? "seen" : "hidden", name ? name : "everybody");
            free(word);
        }
        for (size_t i = 0; i < r->n_checks; i++)
            assert_int_equal(r->checks[i].result->n_fail, i == 0 || i == 1 ? 1 : 2);         /* counts stay, whoever reads: ACC-01, ACC-02, NET-01, ORG-01 */
        const struct report_check *net = report_check_find(r, "NET-01");
        assert_int_equal(net->n_waived, 1);
        free(text);
        report_free(r);
    }
    stand_close(&s);
}

/* Each way of reaching a person's name is shut by --no-names alone, and every other matter stays. */
static void no_names(void **state)
{
    (void)state;
    struct stand s;
    readers_stand(&s);
    struct report *r = load_for(&s, NULL, MATTER_NAMES | MATTER_ANSWERABLE);
    char *text = all_formats(r);
    assert_null(strstr(text, "wanda"));
    assert_null(strstr(text, "zoe canary"));
    assert_non_null(strstr(text, "7,919"));
    assert_non_null(strstr(text, "canary-decided"));
    assert_non_null(strstr(text, "left out 1"));
    free(text);
    report_free(r);
    stand_close(&s);
}

static void readers_are_declared(void **state)
{
    (void)state;
    struct stand s;
    assert_int_equal(n_audiences, n_audience_names);
    for (size_t i = 0; i < n_audiences; i++)
        assert_string_equal(audiences[i].name, audience_names[i]);
    readers_stand(&s);
    struct report *r = load_for(&s, "insurer", 0);
    char *marking = report_marking(r), *html_text = made(r, REPORT_HTML), *json_text = made(r, REPORT_JSON);
    assert_string_equal(marking, "CONFIDENTIAL - for the insurer");
    assert_int_equal(times(html_text, "<p class=\"mark\">CONFIDENTIAL - for the insurer</p>"), 2);
    json_t *j = json_loads(json_text, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(j, "marking")), marking);
    assert_int_equal(json_array_size(json_object_get(json_object_get(j, "audience"), "left_out")), 10);
    assert_true(json_is_null(json_object_get(json_array_get(json_object_get(j, "checks"), 0), "cost")));     /* not 0: it is not told */
    json_decref(j);
    free(html_text);
    free(json_text);
    free(marking);
    report_free(r);
    stand_close(&s);
}

static void markings(void **state)
{
    (void)state;
    char *plain = xasprintf("marking: Top secret\n%s", stand_site_yaml), *each = xasprintf("marking: {default: Mine, counsel: Privileged}\n%s", stand_site_yaml);
    struct site *s = load_site(plain, NULL);
    assert_string_equal(site_marking(s, NULL), "Top secret");
    assert_null(site_marking(s, "counsel"));
    site_free(s);
    s = load_site(each, NULL);
    assert_string_equal(site_marking(s, NULL), "Mine");
    assert_string_equal(site_marking(s, "counsel"), "Privileged");
    assert_null(site_marking(s, "it"));
    site_free(s);
    s = load_site(stand_site_yaml, NULL);
    assert_string_equal(site_marking(s, NULL), "CONFIDENTIAL");
    site_free(s);
    free(plain);
    free(each);
}

/* --- the record --- */

static void recorded(void **state)
{
    (void)state;
    struct stand s;
    readers_stand(&s);
    struct report *r = load_for(&s, "seller", 0);
    char *bytes = made(r, REPORT_HTML), sha[SHA256_HEX];
    struct disclosure *d = report_disclosure(r, "html", "A. Example", "out.html", bytes, strlen(bytes)), *v = NULL;
    size_t n = 0;
    sha256_hex(bytes, strlen(bytes), sha);
    assert_int_equal(store_disclosure_put(s.f.s, d), 0);
    clock_set(s.f.now + 60);
    assert_int_equal(store_disclosure_put(s.f.s, d), 0);
    disclosures_free(d, 1);
    assert_int_equal(store_disclosures(s.f.s, "riverside", &v, &n), 0);
    assert_int_equal(n, 2);
    assert_int_equal(v[0].at, s.f.now + 60);             /* newest first */
    assert_int_equal(v[1].at, s.f.now);
    assert_int_equal(v[0].run, s.run);
    assert_string_equal(v[0].sha256, sha);
    assert_int_equal(v[0].bytes, strlen(bytes));
    assert_string_equal(v[0].made_for, "A. Example");
    assert_string_equal(v[0].audience, "seller");
    assert_string_equal(v[0].marking, "CONFIDENTIAL - for the seller");
    assert_string_equal(v[0].left_out, "names of people; names of who owns, accepted or decided what; prices and revenue of the clinic; facts of other sites; what it costs; effort and dates of the work; "
                                       "decisions and why exceptions were accepted; what is asked of our own people");
    disclosures_free(v, n);
    assert_int_equal(store_disclosures(s.f.s, "elsewhere", &v, &n), 0);
    assert_int_equal(n, 0);
    disclosures_free(v, n);
    assert_int_equal(store_verify(s.f.s, NULL, NULL, NULL, NULL, NULL), 0);      /* it is in no seal */
    free(bytes);
    report_free(r);
    stand_close(&s);
}

int main(int argc, char **argv)
{
    if (evaluate_invoked(argc, argv))
        return evaluate_child_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brief_page), cmocka_unit_test(brief_of_many), cmocka_unit_test(front_page), cmocka_unit_test(no_commands), cmocka_unit_test(first_page_without_commands),
        cmocka_unit_test(untested_step), cmocka_unit_test(html_escapes), cmocka_unit_test(policy_names_its_style),
        cmocka_unit_test(html_has_everything), cmocka_unit_test(hostile_names), cmocka_unit_test(step_names_apart),
        cmocka_unit_test(accepted_as_it_stands),
        cmocka_unit_test(means_in_figures), cmocka_unit_test(means_for_readers), cmocka_unit_test(means_nothing), cmocka_unit_test(rare_and_large), cmocka_unit_test(each_sees_theirs), cmocka_unit_test(no_names), cmocka_unit_test(readers_are_declared),
        cmocka_unit_test(markings), cmocka_unit_test(recorded),
    };
    return cmocka_run_group_tests_name("report_html", tests, NULL, NULL);
}
