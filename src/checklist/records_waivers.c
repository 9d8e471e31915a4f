/* waivers.yaml against checks, targets, what runs found, and the calendar. Parent. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "checklist/records_internal.h"
#include "checklist/score.h"

#define MOST_SUBJECTS 20000          /* among which a misspelt one is looked for */

static const char file[] = WAIVERS_FILE;

/* --- what a waiver names among the newest run's findings --- */

struct named { size_t failing, uncovered, unknown; bool missing; };      /* uncovered: by no live waiver; missing: a table of its target was not read */

static struct named count_named(const struct records *r, const struct waiver *w, const struct check *c)
{
    struct named n = { 0 };
    size_t n_findings = 0;
    const struct finding *first = results_of_check(r->in->results, c->id, &n_findings);
    for (size_t i = 0; i < n_findings; i++) {
        const struct finding *f = &first[i];
        bool here = !w->target || strcmp(w->target, f->target) == 0;
        if (f->status == FINDING_UNKNOWN && here && f->subject[0] == '(')
            n.missing = true;
        if (!waiver_names(w, c, f->target, f->subject))
            continue;
        n.failing += f->status == FINDING_FAIL;
        n.unknown += f->status == FINDING_UNKNOWN;
        n.uncovered += f->status == FINDING_FAIL && !score_waiver(r->in->site, r->in->now, c, f->target, f->subject);
    }
    return n;
}

/* --- what it never named --- */

struct looking { const struct waiver *w; const struct check *c; bool found; struct arena *arena; const char **near; size_t n_near; };

static bool is_named(void *ctx, const char *target, const char *subject)
{
    struct looking *l = ctx;
    /* a row of a check that had another id is named by what the check is called now */
    l->found = waiver_names(l->w, l->c, target, subject);
    return !l->found;
}

static int ever_failed(const struct records *r, const struct waiver *w, const struct check *c, bool *failed)
{
    struct looking l = { .w = w, .c = c };
    int err = store_failed_each(r->in->store, r->in->site->key, c->id, is_named, &l);
    for (size_t i = 0; !err && !l.found && i < c->n_was; i++)
        err = store_failed_each(r->in->store, r->in->site->key, c->was[i], is_named, &l);
    *failed = l.found;
    return err;
}

static void note_subject(struct looking *l, const char *target, const char *subject)
{
    struct buf human = BUF_INIT(FACT_KEY_MAX * 2);
    if (l->n_near == MOST_SUBJECTS || (l->w->target && strcmp(l->w->target, target) != 0))
        return;
    fact_key_human(subject, &human);
    l->near[l->n_near++] = arena_strdup(l->arena, buf_str(&human));
    buf_clear(&human);
}

static int take_row(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct looking *l = ctx;
    (void)row;
    (void)c;
    l->found = l->found || waiver_names(l->w, l->c, target, subject);
    note_subject(l, target, subject);
    return 0;
}

/* Of a check over facts every row is known, of a query only what did not pass. */
static int check_subject(const struct records *r, const struct waiver *w, const struct check *c)
{
    struct looking l = { .w = w, .c = c, .arena = r->arena };
    const char *at = w->target ? arena_printf(r->arena, " at %s", w->target) : "";
    l.near = arena_array(r->arena, MOST_SUBJECTS, sizeof(*l.near));
    int err = c->facts ? store_facts_each(r->in->store, r->in->run->id, c->facts, take_row, &l) : 0;
    size_t n_findings = 0;
    const struct finding *f = results_of_check(r->in->results, c->id, &n_findings);
    for (size_t i = 0; i < n_findings; i++)
        if (f[i].subject[0] != '(')
            note_subject(&l, f[i].target, f[i].subject);
    if (err || l.found)
        return err;
    const char *near = records_near(r, w->subject, l.near, l.n_near);
    if (c->facts)
        records_say(r, file, w->at_subject, "no row that %s could judge%s is called '%s'%s: this waiver covers nothing", c->id, at, w->subject, near);
    else
        records_say(r, file, w->at_subject, "no run has found %s failing for '%s'%s%s: this waiver covers nothing", c->id, w->subject, at, near);
    return 0;
}

/* Of a waiver that holds today. What failed once is no mistake: it may be mended, or not have been read this time. */
static int check_reach(const struct records *r, const struct waiver *w, const struct check *c)
{
    bool failed = false;
    struct named n = count_named(r, w, c);
    int err = n.failing > 0 ? 0 : ever_failed(r, w, c, &failed);
    if (err || n.failing > 0 || failed)
        return err;
    if (n.unknown > 0)
        records_say(r, file, w->at, "what this waiver names is unknown, and only what fails can be waived: a decision may accept it (accepts_unknown in decisions.yaml)");
    else if (w->subject && !n.missing)
        err = check_subject(r, w, c);
    return err;
}

/* --- days --- */

/* Loud only while something fails that it covered once and nothing covers now: an old waiver of what is mended, or was accepted anew, is a record. */
static void check_expired(const struct records *r, const struct waiver *w, const struct check *c)
{
    char day[DATE_LEN];
    struct named n = { 0 };
    if (r->in->results)
        n = count_named(r, w, c);
    date_format(w->expires, day);
    if (!r->in->results)
        records_say(r, file, w->at_expires, "this waiver of %s expired on %s: what it covered counts again", c->id, day);
    else if (n.uncovered > 0)
        records_say(r, file, w->at_expires, "this waiver of %s expired on %s: %zu failing finding%s that it covered count%s again. Mend them, or accept them anew with a later date",
                    c->id, day, n.uncovered, n.uncovered == 1 ? "" : "s", n.uncovered == 1 ? "s" : "");
}

/* --- all of it --- */

static int check_waiver(const struct records *r, const struct waiver *w)
{
    const struct check *c = records_find(r, w->check);
    if (r->in->lists && !c) {
        records_say(r, file, w->at_check, "no check of this site is called '%s'%s: this waiver covers nothing", w->check, records_near(r, w->check, r->checks, r->n_checks));
        return 0;
    }
    if (w->target && !records_has_target(r, w->target)) {
        records_say(r, file, w->at_target, "no target of this site is called '%s'%s: this waiver covers nothing", w->target, records_near(r, w->target, r->targets, r->n_targets));
        return 0;
    }
    if (w->date > r->in->now)
        records_say(r, file, w->at_date, "this waiver is dated in the future: until then it covers nothing");
    else if (c && w->expires < r->in->now)
        check_expired(r, w, c);
    else if (c && r->in->results)
        return check_reach(r, w, c);
    return 0;
}

int records_waivers(struct records *r)
{
    const struct site *s = r->in->site;
    struct record_id *ids = arena_array(r->arena, s->n_waivers + 1, sizeof(*ids));
    int err = 0;
    for (size_t i = 0; !err && i < s->n_waivers; i++) {
        const struct waiver *w = &s->waivers[i];
        ids[i] = (struct record_id){ w->id, w->at };
        err = check_waiver(r, w);
    }
    if (!err) {
        records_same_ids(r, file, ids, s->n_waivers, "waiver");
        records_overlaps(r);
    }
    return err;
}
