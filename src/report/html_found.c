/* What was found across checks: what changed, collisions with other sites, what is unknown and would settle it, what people accepted. Parent. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "report/html_parts.h"
#include "report/parts.h"

#define MOST_ROWS 60
#define MOST_NAMES 8
#define TEXT_MAX 65536

static void put_subject(struct html *h, const char *target, const char *subject, const char *evidence)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    subject_text(target, subject, evidence, &b);
    html(h, "%s", buf_str(&b));
    buf_clear(&b);
}

static void put_more(struct html *h, size_t n, size_t shown, const char *command)
{
    if (n > shown)
        html(h, "<p>And %zu more: <code>%s</code>.</p>\n", n - shown, command);
}

/* --- changes --- */

static bool is_told(const struct changed_finding *f)
{
    return f->change != CHANGE_STILL_FAILING && f->change != CHANGE_NEWLY_SEEN;
}

void html_changes(struct html_page *p)
{
    const struct comparison *k = p->r->changes;
    struct html *h = &p->h;
    size_t n = 0, shown = 0;
    html(h, "<p>%s</p>\n", p->f->since);
    for (size_t i = 0; k && i < k->n_findings; i++)
        n += is_told(&k->findings[i]);
    if (n == 0)
        return;
    html_table_begin(h, "What changed, newly failing first");
    html(h, "<thead><tr><th scope=\"col\">Change</th><th scope=\"col\">Check</th><th scope=\"col\">Where</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < k->n_findings && shown < MOST_ROWS; i++) {
        const struct changed_finding *f = &k->findings[i];
        if (!is_told(f))
            continue;
        html(h, "<tr><td>%s</td><th scope=\"row\">%s %s</th><td>", change_name(f->change), f->check ? f->check->id : "", f->check ? f->check->title : "");
        put_subject(h, f->target, f->subject ? f->subject : "", f->evidence);
        html(h, "</td></tr>\n");
        shown++;
    }
    html(h, "</tbody>");
    html_table_end(h);
    char *command = xasprintf("preop compare %" PRId64 " %" PRId64, p->r->previous.id, p->r->run.id);
    put_more(h, n, shown, command);
    free(command);
}

/* --- collisions --- */

static void put_collision(struct html *h, const struct report_check *c)
{
    size_t shown = 0, n = 0;
    html(h, "<h3><a href=\"#c-%s\">%s</a></h3>\n<p>", c->def->id, c->def->title);
    html_status(h, c->result->status);
    html(h, " %s</p>\n<ul>\n", c->result->reason ? c->result->reason : "");
    for (size_t i = 0; i < c->n_findings; i++) {
        const struct finding *f = &c->findings[i];
        struct buf e = BUF_INIT(TEXT_MAX);
        n += f->status != FINDING_PASS;
        if (f->status == FINDING_PASS || shown >= MOST_ROWS)
            continue;
        shown++;
        evidence_text(f->evidence, &e);
        html(h, "<li>");
        put_subject(h, f->target, f->subject, f->evidence);
        html(h, "%s%s%s%s</li>\n", e.len ? ": " : "", e.len ? buf_str(&e) : "", f->reason ? "; " : "", f->reason ? f->reason : "");
        buf_clear(&e);
    }
    html(h, "</ul>\n");
    put_more(h, n, shown, "preop report --format json");
}

/* Checks that set this site against our others: address ranges, names and numbers that both use. */
void html_collisions(struct html_page *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->r->n_checks; i++) {
        const struct report_check *c = &p->r->checks[i];
        if (!check_reads_other_sites(c->def))
            continue;
        n++;
        put_collision(&p->h, c);
    }
    if (n == 0)
        html(&p->h, "<p>No check of this run sets the site against our others.</p>\n");
}

/* --- unknown --- */

static void put_disagreements(struct html_page *p)
{
    const struct report *r = p->r;
    struct html *h = &p->h;
    size_t shown = 0;
    html(h, "<h3>Where sources disagree</h3>\n");
    if (r->n_disagreements == 0) {
        html(h, "<p>No two sources tell one thing differently.</p>\n");
        return;
    }
    html_table_begin(h, "Where sources disagree; the first value counts");
    html(h, "<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Column</th><th scope=\"col\">Counts</th><th scope=\"col\">Against it</th></tr></thead>\n<tbody>\n");
    for (; shown < r->n_disagreements && shown < MOST_ROWS; shown++) {
        const struct disagreement *d = &r->disagreements[shown];
        html(h, "<tr><th scope=\"row\">");
        put_subject(h, d->target, d->subject, NULL);
        html(h, "</th><td>%s</td><td>%s <span class=\"dim\">(%s)</span></td><td>%s <span class=\"dim\">(%s)</span></td></tr>\n", d->column, d->used.value, d->used.how, d->other.value, d->other.how);
    }
    html(h, "</tbody>");
    html_table_end(h);
    put_more(h, r->n_disagreements, shown, "preop report --format json");
}

static void put_settle(struct html *h, const struct settle *s)
{
    html(h, "<tr><th scope=\"row\">");
    for (size_t i = 0; i < s->n_targets && i < MOST_NAMES; i++)
        html(h, "%s%s", i ? ", " : "", s->targets[i]);
    if (s->n_targets > MOST_NAMES)
        html(h, " and %zu more", s->n_targets - MOST_NAMES);
    html(h, "%s%s</th><td>%s</td><td class=\"n\">%zu</td><td class=\"n\">%.1f</td></tr>\n", s->n_targets ? ": " : "", s->what, s->action, s->n_checks,
         (double)(s->points / (SCORE_ONE / 1000)) / 10);
}

void html_unknown(struct html_page *p)
{
    const struct report *r = p->r;
    struct html *h = &p->h;
    size_t shown = 0;
    if (r->n_settles == 0) {
        html(h, "<p>Nothing is unknown.</p>\n");
    } else {
        html(h, "<p>What is unknown never passes. What would settle most of it stands first; points are those of the score, of 100.</p>\n");
        html_table_begin(h, "What is unknown, and what would settle it");
        html(h, "<thead><tr><th scope=\"col\">Unknown</th><th scope=\"col\">What to do</th><th scope=\"col\" class=\"n\">Checks</th><th scope=\"col\" class=\"n\">Points</th></tr></thead>\n<tbody>\n");
        for (; shown < r->n_settles && shown < MOST_ROWS; shown++)
            put_settle(h, &r->settles[shown]);
        html(h, "</tbody>");
        html_table_end(h);
        put_more(h, r->n_settles, shown, "preop report --format json");
    }
    if (!html_is_left_out(p, MATTER_FINDINGS))
        put_disagreements(p);
}

/* --- accepted and decided --- */

/* "d07 / Gi0/2": a row may be named by its key as facts have it. */
static void put_reach(struct html_page *p, const struct waiver *w)
{
    bool rows = (p->r->left_out & (MATTER_FINDINGS | MATTER_NAMES)) == 0;
    struct buf b = BUF_INIT(16384);
    if (rows && w->subject && w->subject[0] == '[')
        key_text(w->subject, NULL, &b);
    else if (rows && w->subject)
        buf_puts(&b, w->subject);
    html(&p->h, "<td>%s%s%s</td>", w->target ? w->target : "everywhere", b.len ? " / " : "", buf_str(&b));
    buf_clear(&b);
}

static const char *waiver_standing(const struct waiver *w, int64_t as_of)
{
    if (waiver_live(w, as_of))
        return "";
    return w->date > as_of ? " (not begun: it covers nothing yet)" : " (ended: it counts again)";
}

static void put_waivers(struct html_page *p)
{
    const struct site *s = p->r->pinned.site;
    html_table_begin(&p->h, "Exceptions that somebody accepted");
    html(&p->h, "<thead><tr><th scope=\"col\">Check</th><th scope=\"col\">Where</th><th scope=\"col\">Accepted by</th><th scope=\"col\">Until</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < s->n_waivers; i++) {
        const struct waiver *w = &s->waivers[i];
        char until[DATE_LEN];
        date_format(w->expires, until);
        html(&p->h, "<tr><th scope=\"row\">%s</th>", w->check);
        put_reach(p, w);
        html(&p->h, "<td>%s</td><td><span class=\"nw\">%s</span>%s</td><td>%s%s%s</td></tr>\n", w->accepted_by, until, waiver_standing(w, p->r->run.as_of), w->reason, w->compensating_control ? "; instead: " : "", w->compensating_control ? w->compensating_control : "");
    }
    html(&p->h, "</tbody>");
    html_table_end(&p->h);
}

static void put_decision(struct html *h, const struct report *r, const struct decision *d)
{
    char day[32], due[16];
    front_date(d->date, day);
    html(h, "<h3>%s: %s</h3>\n<p>%s, by %s</p>\n", day, d->milestone ? front_milestone(d->milestone) : "the run as a whole", d->decided, d->by);
    if (d->n_conditions)
        html(h, "<ul>\n");
    for (size_t i = 0; i < d->n_conditions; i++) {
        const struct condition *c = &d->conditions[i];
        bool late = !c->met && c->due && days_between(r->run.as_of, c->due) < 0;
        if (c->due)
            human_date(c->due, r->run.as_of, due);
        html(h, "<li>%s (%s%s%s): %s</li>\n", c->text, c->owner, c->due ? ", by " : "", c->due ? due : "", c->met ? "met" : late ? "not met, and its day is past" : "open");
    }
    if (d->n_conditions)
        html(h, "</ul>\n");
    for (size_t i = 0; i < d->n_accepts_unknown; i++)
        html(h, "<p>Accepted although unknown: %s; it stays unknown.</p>\n", d->accepts_unknown[i]);
}

void html_accepted(struct html_page *p)
{
    const struct site *s = p->r->pinned.site;
    if (s->n_waivers == 0)
        html(&p->h, "<p>No exception was accepted.</p>\n");
    else
        put_waivers(p);
    if (html_is_left_out(p, MATTER_DECISIONS))
        return;
    if (s->n_decisions == 0)
        html(&p->h, "<p>No decision is recorded.</p>\n");
    for (size_t i = 0; i < s->n_decisions; i++)
        put_decision(&p->h, p->r, &s->decisions[i]);
}
