/* What `check` prints for the person on site: permission and vantage, verdicts, what blocks, what is at risk, where sources disagree, what is unknown and what
 * would settle it, what changed, and the next useful command. Parent. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/strset.h"
#include "base/text.h"
#include "fact/form.h"
#include "report/parts.h"

#define MOST_SUBJECTS 5
#define MOST_LINES 12
#define MOST_RISKS 8
#define MOST_NAMES 6
#define SOON_S (14 * (int64_t)86400)

static void put_labelled(struct page *p, const char *label, const char *text)
{
    page_wrap(p, INK_PLAIN, 12, "%-11s %s", label, text);
}

/* --- head --- */

static void add_name(struct buf *b, const char *name)
{
    buf_printf(b, "%s%s", b->len ? ", " : "", name);
}

static void add_prefixes(struct buf *b, const struct cidr *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char text[CIDR_TEXT];
        cidr_format(&v[i], text);
        add_name(b, text);
    }
}

/* Targets that were not asked because nobody may, or because they are not to be touched. */
static void add_untouched(struct buf *b, const struct report *r)
{
    const char *last = NULL;
    size_t n = 0;
    for (size_t i = 0; i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        bool left = c->state == STATE_NOT_ASKED && (c->reason == REASON_NOT_PERMITTED || c->reason == REASON_DO_NOT_TOUCH);
        if (!left || c->carried || (last && strcmp(last, c->target) == 0))
            continue;
        last = c->target;
        if (n++ < MOST_NAMES)
            add_name(b, c->target);
    }
    if (n > MOST_NAMES)
        buf_printf(b, " and %zu more targets", n - MOST_NAMES);
}

static void put_left_alone(struct page *p, const struct report *r)
{
    const struct site *s = r->pinned.site;
    struct buf b = BUF_INIT(65536);
    add_prefixes(&b, s->never, s->n_never);
    for (size_t i = 0; i < s->n_authorizations; i++)
        add_prefixes(&b, s->authorizations[i].never, s->authorizations[i].n_never);
    add_untouched(&b, r);
    if (b.len)
        put_labelled(p, "Left alone", buf_str(&b));
    buf_clear(&b);
}

/* Whether this target was asked just now; *file: it is a file that was read, or what people said. Collections of one target stand together. */
static bool was_asked(const struct report *r, size_t first, size_t *end, bool *file)
{
    bool asked = false;
    *file = true;
    for (*end = first; *end < r->n_collections && strcmp(r->collections[*end].target, r->collections[first].target) == 0; ++*end) {
        const struct collection *c = &r->collections[*end];
        if (c->carried || c->state == STATE_NOT_ASKED)
            continue;
        asked = true;
        *file = *file && strcmp(c->probe, "file") == 0;
    }
    return asked;
}

static void put_asked(struct page *p, const struct report *r, const struct check_notes *n)
{
    struct buf b = BUF_INIT(1024);
    size_t targets = 0, files = 0, end;
    bool file;
    for (size_t i = 0; i < r->n_collections; i = end)
        if (was_asked(r, i, &end, &file))
            ++*(file ? &files : &targets);
    buf_printf(&b, "%zu %s", targets, plural(targets, "target", "targets"));
    if (files)
        buf_printf(&b, ", %zu %s", files, plural(files, "file", "files"));
    if (n) {
        char took[48];
        human_duration(n->ms, took, sizeof(took));
        buf_printf(&b, " in %s; %zu %s sent", took, n->n_questions, plural(n->n_questions, "question", "questions"));
    }
    put_labelled(p, "Asked", buf_str(&b));
    buf_clear(&b);
}

static void put_carried(struct page *p, const struct report *r)
{
    size_t n = 0;
    int64_t oldest = 0;
    for (size_t i = 0; i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        if (!c->carried)
            continue;
        n++;
        if (c->observed_at && (oldest == 0 || c->observed_at < oldest))
            oldest = c->observed_at;
    }
    const char *what = r->run.narrowed && r->run.narrowed[0] ? r->run.narrowed : "a part";
    if (n == 0) {
        page_wrap(p, INK_WARN, 2, "  Asked now: %s. What was not asked is unknown; no earlier run tells of it.", what);
        return;
    }
    char day[16];
    human_day(r->pinned.site->timezone, oldest, r->run.as_of, day);
    page_wrap(p, INK_WARN, 2, "  Asked now: %s. The rest is carried from earlier runs, the oldest of %s, %" PRId64 " days old.", what, oldest ? day : "unknown date",
              oldest ? days_between(oldest, r->run.as_of) : 0);
}

/* By whose permission, from where, whom, and whom not. */
static void put_where_from(struct page *p, const struct report *r, const struct check_notes *n)
{
    struct buf b = BUF_INIT(8192);
    put_labelled(p, "Permission", r->run.authorization && r->run.authorization[0] ? r->run.authorization : "none");
    vantage_text(&r->run, &b);
    put_labelled(p, "Seen from", b.len ? buf_str(&b) : "not said (--from \"wall port room 4\")");
    put_asked(p, r, n);
    put_left_alone(p, r);
    buf_clear(&b);
}

static void put_head(struct page *p, const struct report *r, const struct check_notes *n)
{
    struct buf left = BUF_INIT(4096), right = BUF_INIT(256);
    static const char *const stages[] = { [STAGE_DILIGENCE] = "before signing", [STAGE_SIGNED] = "signed", [STAGE_OWNED] = "owned", [STAGE_HOME] = "home", [STAGE_DEAD] = "the deal is off" };
    buf_printf(&left, "%s%s, %s", r->run.partial ? "PARTIAL  " : "", report_title(r), stages[r->pinned.site->stage]);
    run_text(r, &right);
    page_both(p, r->run.partial ? INK_WARN : INK_STRONG, 2, buf_str(&left), buf_str(&right));
    if (r->run.partial)
        put_carried(p, r);
    if (!(r->left_out & MATTER_ASKED))
        put_where_from(p, r, n);
    buf_clear(&left);
    buf_clear(&right);
}

static void put_gate_words(struct page *p, const struct report *r)
{
    struct word *v = xcalloc(r->n_gates + 1, sizeof(*v));
    char **texts = xcalloc(r->n_gates + 1, sizeof(char *));
    for (size_t i = 0; i < r->n_gates; i++) {
        const struct gate_row *g = r->gates[i].row;
        texts[i] = xasprintf("%s %s%s", g->milestone, g->verdict, i + 1 < r->n_gates ? "," : "");
        v[i] = (struct word){ texts[i], verdict_ink(g->verdict) };
    }
    page_words(p, "Verdicts    ", v, r->n_gates);
    for (size_t i = 0; i < r->n_gates; i++)
        free(texts[i]);
    free(texts);
    free(v);
}

static void put_verdicts(struct page *p, const struct report *r)
{
    struct buf b = BUF_INIT(4096);
    page_blank(p);
    if (r->n_gates)
        put_gate_words(p, r);
    else
        put_labelled(p, "Verdicts", "no milestone is set");
    score_sentence(r->site_score, &b);
    put_labelled(p, "Ready", buf_str(&b));
    buf_reset(&b);
    open_work_text(r, &b);
    if (b.len)
        put_labelled(p, "Open", buf_str(&b));
    page_wrap(p, INK_PLAIN, 12, "Checks      %zu pass, %zu fail, %zu unknown, %zu not applicable; %zu in all", r->n_pass, r->n_fail, r->n_unknown, r->n_not_applicable, r->n_checks);
    buf_clear(&b);
}

/* --- what blocks, what is at risk --- */

/* One or two subjects with what was seen of them; of more only the names, target by target, and how many are left out. */
/* What a live waiver covers does not block and is told under ACCEPTED. */
static bool is_shown(const struct report_check *c, const struct finding *f, enum finding_status status)
{
    return f->status == status && (status != FINDING_FAIL || !report_waiver(c, f));
}

static void put_subjects(struct page *p, const struct report_check *c, enum finding_status status)
{
    struct buf b = BUF_INIT(16384);
    size_t shown = 0, total = 0;
    const char *target = NULL;
    for (size_t i = 0; i < c->n_findings; i++)
        total += is_shown(c, &c->findings[i], status);
    for (size_t i = 0; i < c->n_findings && shown < MOST_SUBJECTS; i++) {
        const struct finding *f = &c->findings[i];
        if (!is_shown(c, f, status))
            continue;
        if (total <= 2) {
            struct buf e = BUF_INIT(8192);
            buf_puts(&b, shown ? "; " : "");
            finding_text(f, &b);
            evidence_text(f->evidence, &e);
            if (e.len)
                buf_printf(&b, ": %s", buf_str(&e));
            buf_clear(&e);
        } else if (target && strcmp(target, f->target) == 0) {
            buf_puts(&b, ", ");
            key_text(f->subject, f->evidence, &b);
        } else {
            buf_puts(&b, shown ? "; " : "");
            finding_text(f, &b);
        }
        target = f->target;
        shown++;
    }
    if (total > shown)
        buf_printf(&b, " and %zu more", total - shown);
    if (b.len)
        page_wrap(p, INK_PLAIN, 5, "     %s", buf_str(&b));
    buf_clear(&b);
}

static void by_text(const struct report *r, const struct report_check *c, int64_t milestone, struct buf *out)
{
    char date[16];
    int64_t by = c->order_by ? c->order_by : milestone;
    if (by == 0)
        return;
    human_date(by, r->run.as_of, date);
    buf_printf(out, "%s%s", date, days_between(r->run.as_of, by) < 0 ? " too late" : by - r->run.as_of < SOON_S ? " !" : "");
}

static void put_blocker(struct page *p, const struct report *r, const struct report_check *c, const struct report_gate *g)
{
    struct buf left = BUF_INIT(8192), by = BUF_INIT(64), who = BUF_INIT(1024);
    buf_printf(&left, " x %-13s%-9s%s", c->def->id, c->def->gate, c->def->title);
    by_text(r, c, g->row->date, &by);
    page_both(p, INK_BAD, 25, buf_str(&left), buf_str(&by));
    put_subjects(p, c, FINDING_FAIL);
    buf_printf(&who, "     %s", report_owner(r, c->def));
    if (c->def->lead_days[1] > 0)
        buf_printf(&who, "; the order takes %g to %g days", c->def->lead_days[0], c->def->lead_days[1]);
    page_wrap(p, INK_DIM, 5, "%s", buf_str(&who));
    buf_clear(&left);
    buf_clear(&by);
    buf_clear(&who);
}

static void put_earliest(struct page *p, const struct report *r, const struct report_gate *g)
{
    char from[16], to[16];
    if (!g->plan || !g->plan->has_earliest || g->n_blockers == 0)
        return;
    human_date(g->plan->earliest[0], r->run.as_of, from);
    human_date(g->plan->earliest[1], r->run.as_of, to);
    page_wrap(p, INK_PLAIN, 5, "   earliest for %s: %s to %s, if all is ordered today%s", g->row->milestone, from, to,
              g->n_unproven ? "; the later date counts in what is unknown" : "");
}

static void put_blockers(struct page *p, const struct report *r)
{
    bool any = false;
    for (size_t g = 0; g < r->n_gates; g++)
        for (size_t i = 0; i < r->gates[g].n_blockers; i++) {
            const struct report_check *c = r->gates[g].blockers[i];
            if (strcmp(c->def->gate, r->gates[g].row->milestone) != 0)
                continue;            /* said at its own milestone */
            if (!any)
                page_heading(p, "BLOCKS", "order by");
            any = true;
            put_blocker(p, r, c, &r->gates[g]);
        }
    for (size_t g = 0; g < r->n_gates; g++)
        put_earliest(p, r, &r->gates[g]);
}

static bool gates_something(const struct report *r, const struct report_check *c)
{
    return c->def->gate && check_gates(c->def, r->pinned.site->plan);
}

static int worse_first(const void *a, const void *b)
{
    const struct report_check *x = *(const struct report_check *const *)a, *y = *(const struct report_check *const *)b;
    if (x->shown != y->shown)
        return x->shown > y->shown ? -1 : 1;
    return strcmp(x->def->id, y->def->id);
}

/* The page on site is kept short; the full report has everything. */
static size_t most(const struct check_notes *n, size_t lines)
{
    return n ? lines : SIZE_MAX;
}

static void put_risks(struct page *p, const struct report *r, const struct check_notes *notes)
{
    const struct report_check **v = xcalloc(r->n_checks + 1, sizeof(const struct report_check *));
    size_t n = 0;
    for (size_t i = 0; i < r->n_checks; i++)
        if (is_open(&r->checks[i]) && !gates_something(r, &r->checks[i]))
            v[n++] = &r->checks[i];
    qsort(v, n, sizeof(const struct report_check *), worse_first);
    if (n > 0) {
        struct buf b = BUF_INIT(128);
        buf_printf(&b, "%zu %s", n, plural(n, "check", "checks"));
        page_heading(p, "AT RISK, NOT BLOCKING", buf_str(&b));
        buf_clear(&b);
    }
    for (size_t i = 0; i < n && i < most(notes, MOST_RISKS); i++) {
        page_wrap(p, INK_WARN, 25, " ! %-13s%-9s%s", v[i]->def->id, severity_name(v[i]->shown), v[i]->def->title);
        put_subjects(p, v[i], FINDING_FAIL);
    }
    if (n > most(notes, MOST_RISKS))
        page_line(p, INK_DIM, "   and %zu more: preop report", n - MOST_RISKS);
    free(v);
}

static bool put_once(struct page *p, bool said, const char *heading)
{
    if (!said)
        page_heading(p, heading, "");
    return true;
}

/* Whether a failing finding of this run is one that the waiver names, ended or not. */
static bool covers_failure(const struct report *r, const struct waiver *w)
{
    for (size_t i = 0; i < r->n_checks; i++)
        for (size_t k = 0; check_is_called(r->checks[i].def, w->check) && k < r->checks[i].n_findings; k++) {
            const struct finding *f = &r->checks[i].findings[k];
            if (f->status == FINDING_FAIL && waiver_names(w, r->checks[i].def, f->target, f->subject))
                return true;
        }
    return false;
}

/* A waiver that ended before the run is a failing finding again; one that ended since does not change the run's verdicts. Both are loud. */
static bool put_ended(struct page *p, const struct report *r, const struct waiver *w, bool said)
{
    char date[16];
    bool before = w->expires < r->run.as_of;
    if ((!before && w->expires >= clock_now()) || !covers_failure(r, w))
        return said;
    said = put_once(p, said, "ACCEPTED");
    human_date(w->expires, r->run.as_of, date);
    page_wrap(p, INK_BAD, 3, " ! WAIVER of %s EXPIRED on %s%s", w->check, date, before ? ": what it covered counts again" : ", since this run: the next one counts it again");
    return said;
}

static bool put_accepted_unknowns(struct page *p, const struct report *r, const struct decision *d, bool said)
{
    char date[16];
    for (size_t k = 0; k < d->n_accepts_unknown; k++) {
        const struct report_check *c = report_check_find(r, d->accepts_unknown[k]);
        if (!c || c->result->n_unknown == 0)
            continue;
        said = put_once(p, said, "ACCEPTED");
        human_date(d->date, r->run.as_of, date);
        page_wrap(p, INK_PLAIN, 17, " d %-13s unknown, accepted on %s by %s; it stays unknown", c->def->id, date, d->by ? d->by : "the committee");
    }
    return said;
}

/* What people accepted: failures by waiver, what is unknown by decision. */
static void put_accepted_by_people(struct page *p, const struct report *r)
{
    const struct site *s = r->pinned.site;
    bool said = false;
    for (size_t i = 0; i < r->n_checks; i++)
        if (r->checks[i].n_waived > 0) {
            said = put_once(p, said, "ACCEPTED");
            page_wrap(p, INK_PLAIN, 17, " w %-13s %" PRId64 " failing, by waiver: %s", r->checks[i].def->id, r->checks[i].n_waived, r->checks[i].def->title);
        }
    for (size_t i = 0; i < s->n_decisions; i++)
        said = put_accepted_unknowns(p, r, &s->decisions[i], said);
    for (size_t i = 0; i < s->n_waivers; i++)
        said = put_ended(p, r, &s->waivers[i], said);
}

/* --- what is not known for sure --- */

static void put_disagreements(struct page *p, const struct report *r, const struct check_notes *n)
{
    if (r->n_disagreements == 0)
        return;
    page_heading(p, "SOURCES DISAGREE", "the first value counts");
    for (size_t i = 0; i < r->n_disagreements && i < most(n, MOST_LINES); i++) {
        const struct disagreement *d = &r->disagreements[i];
        struct buf what = BUF_INIT(4096);
        subject_text(d->target, d->subject, NULL, &what);
        page_wrap(p, INK_PLAIN, 5, " = %s, %s: %s (%s), but %s (%s)", buf_str(&what), d->column, d->used.value, d->used.how, d->other.value, d->other.how);
        buf_clear(&what);
    }
    if (r->n_disagreements > most(n, MOST_LINES))
        page_line(p, INK_DIM, "   and %zu more: preop report", r->n_disagreements - MOST_LINES);
}

static void put_settle(struct page *p, const struct settle *s)
{
    struct buf left = BUF_INIT(65536), right = BUF_INIT(64);
    buf_printf(&left, " ? %2zu %s  ", s->n_checks, plural(s->n_checks, "check ", "checks"));
    for (size_t i = 0; i < s->n_targets && i < MOST_NAMES; i++)
        buf_printf(&left, "%s%s", i ? ", " : "", s->targets[i]);
    if (s->n_targets > MOST_NAMES)
        buf_printf(&left, " and %zu more", s->n_targets - MOST_NAMES);
    buf_printf(&left, ": %s", s->what);
    int64_t tenths = s->points / (SCORE_ONE / 1000);
    buf_printf(&right, "%" PRId64 ".%" PRId64 " pts", tenths / 10, tenths % 10);
    page_both(p, INK_PLAIN, 14, buf_str(&left), buf_str(&right));
    if (s->action && s->action[0])
        page_wrap(p, INK_DIM, 14, "              %s", s->action);
    buf_clear(&left);
    buf_clear(&right);
}

static void put_unknown(struct page *p, const struct report *r, const struct check_notes *n)
{
    if (r->n_settles == 0)
        return;
    page_heading(p, "UNKNOWN, AND WHAT WOULD SETTLE IT", "settles");
    if (n && n->no_view)
        page_wrap(p, INK_BAD, 3, " ! Nothing at the clinic answered: this port cannot see it. Try another port or VLAN, then preop check --failed.");
    for (size_t i = 0; i < r->n_settles && i < most(n, MOST_LINES); i++)
        put_settle(p, &r->settles[i]);
    if (r->n_settles > most(n, MOST_LINES))
        page_line(p, INK_DIM, "   and %zu more: preop report", r->n_settles - MOST_LINES);
}

static void put_changes(struct page *p, const struct report *r, const struct check_notes *n)
{
    if (!r->has_previous)
        return;
    struct buf left = BUF_INIT(1024), counts = BUF_INIT(1024);
    char date[16];
    human_day(r->pinned.site->timezone, r->told.at ? r->told.at : r->previous.started, r->run.as_of, date);
    buf_printf(&left, "SINCE %sRUN %" PRId64 "%s%s, %s%s", r->told.at ? "THE LAST REPORT, OF " : "", r->previous.id, r->previous.label[0] ? " @" : "", r->previous.label, r->told.at ? "written " : "",
               date);
    if (!r->changes) {
        page_heading(p, buf_str(&left), "");
        page_wrap(p, INK_WARN, 2, "  cannot be compared: %s", r->changes_why ? r->changes_why : "unknown");
    } else {
        size_t by[CHANGE_COUNT] = { 0 };
        for (size_t i = 0; i < r->changes->n_findings; i++)
            by[r->changes->findings[i].change]++;
        for (int k = 0; k < CHANGE_COUNT; k++)
            if (by[k] && k != CHANGE_STILL_FAILING)
                buf_printf(&counts, "%s%zu %s", counts.len ? "  " : "", by[k], change_name((enum change)k));
        page_heading(p, buf_str(&left), counts.len ? buf_str(&counts) : "nothing changed");
        size_t shown = 0;
        for (size_t i = 0; i < r->changes->n_findings && shown < most(n, MOST_LINES); i++) {
            const struct changed_finding *f = &r->changes->findings[i];
            if (f->change == CHANGE_STILL_FAILING || f->change == CHANGE_NEWLY_SEEN)
                continue;
            struct buf what = BUF_INIT(4096);
            subject_text(f->target, f->subject, f->evidence, &what);
            const char *cells[] = { " ", change_name(f->change), f->check ? f->check->id : "", buf_str(&what) };
            const size_t widths[] = { 1, 14, 13, 0 };
            page_row(p, f->change <= CHANGE_REGRESSED ? INK_BAD : INK_PLAIN, cells, widths, N_ELEMENTS(cells));
            buf_clear(&what);
            shown++;
        }
    }
    buf_clear(&left);
    buf_clear(&counts);
}

/* What collections say under a mark: notes that nobody may overlook. They stay with the run, so that every later report of it has them, too. */
static void put_marked(struct page *p, const struct report *r, const char *mark, const char *heading, const char *beside)
{
    bool first = true;
    struct strset said = { 0 };
    for (size_t i = 0; i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        for (const char *at = c->notes && !c->carried ? strstr(c->notes, mark) : NULL; at; at = strstr(at, mark)) {
            at += strlen(mark);
            char *line = xasprintf("%s: %.*s", c->target, (int)strcspn(at, "\n"), at);
            if (first)
                page_heading(p, heading, beside);
            first = false;
            if (strset_add(&said, line))
                page_wrap(p, INK_WARN, 5, "   %s", line);
            free(line);
        }
    }
    strset_clear(&said);
}

static bool is_unread(const struct collection *c)
{
    return !c->carried && reason_unreached(c->state, c->reason);
}

/* In the network or in a file: what people answer hangs on names of its own (people.h), and nobody fails to reach those. */
static bool is_readable(const struct collection *c)
{
    return form_of_table(c->table) == NULL;
}

/* How many targets have such a collection; collections come by target. */
static size_t n_targets_with(const struct report *r, bool (*is_such)(const struct collection *))
{
    size_t n = 0;
    const char *last = NULL;
    for (size_t i = 0; i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        if (!is_such(c) || (last && strcmp(last, c->target) == 0))
            continue;
        last = c->target;
        n++;
    }
    return n;
}

/* "preop check --failed", or "preop -C DIR check --failed" as the user called it. A command is there to be copied: what it is for gives way where both do not fit. */
static void put_next(struct page *p, bool first, const struct check_notes *n, const char *command, const char *what)
{
    struct buf b = BUF_INIT(65536);
    buf_printf(&b, "%spreop%s%s %s", first ? "Next  " : "      ", n && n->dir ? " -C " : "", n && n->dir ? n->dir : "", command);
    bool both = text_width(buf_str(&b)) + 2 + text_width(what) <= p->style.width;
    page_both(p, INK_PLAIN, 8, buf_str(&b), both ? what : "");
    buf_clear(&b);
}

static void put_tail(struct page *p, const struct report *r, const struct check_notes *n)
{
    page_blank(p);
    if (r->run.seal[0])
        page_wrap(p, INK_PLAIN, 2, "Stored as run %" PRId64 ", sealed %.12s.%s%s", r->run.id, r->run.seal, n && n->asked_log ? " Every question sent: " : "", n && n->asked_log ? n->asked_log : "");
    else
        page_wrap(p, INK_WARN, 2, "Stored as run %" PRId64 ", %s: go on with preop check --resume.", r->run.id, r->run.state);
    size_t unread = n_targets_with(r, is_unread);
    const struct report_check *open = NULL;
    for (size_t g = 0; g < r->n_gates && !open; g++)
        open = r->gates[g].n_blockers ? r->gates[g].blockers[0] : NULL;
    for (size_t i = 0; i < r->n_checks && !open; i++)
        open = is_open(&r->checks[i]) ? &r->checks[i] : NULL;
    char *explain = open ? xasprintf("explain %s", open->def->id) : NULL;
    if (explain)
        put_next(p, true, n, explain, "why, and what to do");
    if (unread)
        put_next(p, !explain, n, "check --failed", "when what could not be read is mended");
    put_next(p, !explain && !unread, n, "report", "every check with its evidence");
    free(explain);
    if (unread)
        page_line(p, INK_WARN, "%zu of %zu targets could not be read%s", unread, n_targets_with(r, is_readable), n && n->exit_status == EXIT_UNREACHED ? " (exit 3)" : "");
}

void report_check_page(const struct report *r, const struct check_notes *n, const struct style *style, FILE *out)
{
    struct page p = { *style, out };
    put_head(&p, r, n);
    put_verdicts(&p, r);
    put_blockers(&p, r);
    put_risks(&p, r, n);
    put_accepted_by_people(&p, r);
    put_disagreements(&p, r, n);
    put_unknown(&p, r, n);
    put_changes(&p, r, n);
    put_marked(&p, r, NOTE_DATES, "DATES LEFT UNKNOWN", "no guess is made");
    put_marked(&p, r, NOTE_KEY_ACCEPTED, "HOST KEYS ACCEPTED UNSEEN", "compare them with the clinic's");
    put_tail(&p, r, n);
}
