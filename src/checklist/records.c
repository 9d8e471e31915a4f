/* decisions.yaml and work.yaml against runs, checks, work items and the calendar; and the beginning and the end of all of it. Parent. */
#include "checklist/records_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/strset.h"
#include "base/text.h"
#include "checklist/fixes.h"
#include "checklist/score.h"

#define LAST_SECOND 86399
#define SHOWN 60                     /* bytes of a condition's text that are quoted */

static const char decisions_file[] = "decisions.yaml", work_file[] = "work.yaml";

void records_say(const struct records *r, const char *file, struct file_place at, const char *fmt, ...)
{
    char *path = site_file_path(r->in->site, file);
    va_list ap;
    va_start(ap, fmt);
    diag_addv(r->diags, DIAG_WARNING, path, at.line, at.column, fmt, ap);
    va_end(ap);
    free(path);
}

const char *records_near(const struct records *r, const char *word, const char *const *among, size_t n)
{
    const char *near = nearest_word(word, among, n);
    return near ? arena_printf(r->arena, " (did you mean '%s'?)", near) : "";
}

const struct check *records_find(const struct records *r, const char *id)
{
    const struct checklists *c = r->in->lists;
    for (size_t i = 0; c && i < c->n_checks; i++)
        if (check_is_called(&c->checks[i], id))
            return &c->checks[i];
    return NULL;
}

bool records_has_target(const struct records *r, const char *name)
{
    return r->n_targets > 0 && bsearch(&name, r->targets, r->n_targets, sizeof(*r->targets), text_order);
}

static int by_id(const void *a, const void *b)
{
    const struct record_id *x = a, *y = b;
    if (!x->id || !y->id)
        return (x->id == NULL) - (y->id == NULL);
    int d = strcmp(x->id, y->id);
    return d ? d : x->at.line != y->at.line ? x->at.line - y->at.line : x->at.column - y->at.column;
}

void records_same_ids(const struct records *r, const char *file, struct record_id *v, size_t n, const char *what)
{
    if (n > 0)
        qsort(v, n, sizeof(*v), by_id);
    for (size_t i = 1, first = 0; i < n && v[i].id; i++) {
        if (strcmp(v[i].id, v[first].id) == 0)
            records_say(r, file, v[i].at, "the id '%s' stands in line %d too: give each %s its own", v[i].id, v[first].at.line, what);
        else
            first = i;
    }
}

/* --- decisions --- */

/* Words that name another run after every check. */
static bool is_moving(const char *spec)
{
    return strcmp(spec, "latest") == 0 || strcmp(spec, "previous") == 0;
}

static int check_run(const struct records *r, const struct decision *d)
{
    struct run run = { 0 };
    char *why = NULL, day[DATE_LEN], taken[DATE_LEN];
    if (!d->run || !r->in->store)
        return 0;
    if (is_moving(d->run)) {
        records_say(r, decisions_file, d->at_run, "run '%s' is another one after every check: name the run that the committee had before it by its number or its label", d->run);
        return 0;
    }
    int err = store_run_find(r->in->store, r->in->site->key, d->run, false, &run, &why);
    date_format(d->date, day);
    date_format(run.started, taken);
    if (err == ERR_NOT_FOUND)
        records_say(r, decisions_file, d->at_run, "%s", why ? why : "there is no such run");
    else if (!err && run.started > d->date + LAST_SECOND)
        records_say(r, decisions_file, d->at_run, "run %lld was taken on %s, after this was decided on %s: correct the run or the date", (long long)run.id, taken, day);
    run_clear(&run);
    free(why);
    return err == ERR_NOT_FOUND ? 0 : err;
}

static void check_condition(const struct records *r, const struct decision *d, const struct condition *c)
{
    char due[DATE_LEN], day[DATE_LEN];
    int64_t late = -days_between(r->in->now, c->due);
    date_format(c->due, due);
    date_format(d->date, day);
    if (c->due < d->date)
        records_say(r, decisions_file, c->at_due, "this condition is due on %s, before it was decided on %s: correct one of them", due, day);
    else if (!c->met && late > 0)
        records_say(r, decisions_file, c->at_due, "the condition '%.*s%s' of %s was due on %s, %lld day%s ago, and is not marked as met: write met: true when it is, or decide anew",
                    SHOWN, c->text, strlen(c->text) > SHOWN ? "..." : "", c->owner, due, (long long)late, late == 1 ? "" : "s");
}

static bool is_milestone(const struct records *r, const char *name)
{
    const struct checklists *c = r->in->lists;
    for (size_t i = 0; i < c->n_checks; i++)
        if (c->checks[i].gate && strcmp(c->checks[i].gate, name) == 0)
            return true;
    return milestone_order(r->in->site, name) >= 0;
}

/* What work is called: a fix, or FIX:MILESTONE. Work that is done has no item any more, and its name stays right. */
static bool is_fix(const struct records *r, const char *name)
{
    const struct checklists *c = r->in->lists;
    const char *colon = strchr(name, ':');
    size_t len = colon ? (size_t)(colon - name) : strlen(name);
    for (size_t i = 0; i < c->n_checks; i++) {
        const char *fix = fix_name(&c->checks[i]);
        if (strncmp(fix, name, len) == 0 && fix[len] == '\0')
            return !colon || is_milestone(r, colon + 1);
    }
    return false;
}

static void check_item(const struct records *r, const char *file, struct file_place at, const char *item, const char *whose)
{
    const struct checklists *c = r->in->lists;
    if (!c || is_fix(r, item))
        return;
    const struct check *check = records_find(r, item);
    if (check) {
        records_say(r, file, at, "the work of %s is called '%s': under this name %s reaches nothing", item, fix_name(check), whose);
        return;
    }
    const char **fixes = arena_array(r->arena, c->n_checks + 1, sizeof(*fixes));
    for (size_t i = 0; i < c->n_checks; i++)
        fixes[i] = fix_name(&c->checks[i]);
    records_say(r, file, at, "no work is called '%s'%s: %s reaches nothing. `preop roadmap` shows what each is called", item, records_near(r, item, fixes, c->n_checks), whose);
}

static int check_decision(const struct records *r, const struct decision *d)
{
    if (d->date > r->in->now)
        records_say(r, decisions_file, d->at_date, "this decision is dated in the future: correct the date, or write it down when it is made");
    for (size_t i = 0; i < d->n_conditions; i++)
        check_condition(r, d, &d->conditions[i]);
    for (size_t i = 0; r->in->lists && i < d->n_accepts_unknown; i++)
        if (!records_find(r, d->accepts_unknown[i]))
            records_say(r, decisions_file, d->at_accepts[i], "no check of this site is called '%s'%s: nothing is accepted by it", d->accepts_unknown[i],
                        records_near(r, d->accepts_unknown[i], r->checks, r->n_checks));
    for (size_t i = 0; i < d->n_remedies; i++)
        check_item(r, decisions_file, d->remedies[i].at_item, d->remedies[i].item, "this remedy");
    return check_run(r, d);
}

static int check_decisions(const struct records *r)
{
    const struct site *s = r->in->site;
    struct record_id *ids = arena_array(r->arena, s->n_decisions + 1, sizeof(*ids));
    int err = 0;
    for (size_t i = 0; !err && i < s->n_decisions; i++) {
        const struct decision *d = &s->decisions[i];
        ids[i] = (struct record_id){ d->id, d->at };
        err = check_decision(r, d);
    }
    if (!err)
        records_same_ids(r, decisions_file, ids, s->n_decisions, "decision");
    return err;
}

static void check_work(const struct records *r)
{
    for (size_t i = 0; i < r->in->site->n_work; i++)
        check_item(r, work_file, r->in->site->work[i].at, r->in->site->work[i].item, "this entry");
}

/* --- all of it --- */

static void list_checks(struct records *r)
{
    const struct checklists *c = r->in->lists;
    size_t n = 0;
    for (size_t i = 0; c && i < c->n_checks; i++)
        n += 1 + c->checks[i].n_was;
    r->checks = arena_array(r->arena, n + 1, sizeof(*r->checks));
    for (size_t i = 0; c && i < c->n_checks; i++) {
        r->checks[r->n_checks++] = c->checks[i].id;
        for (size_t k = 0; k < c->checks[i].n_was; k++)
            r->checks[r->n_checks++] = c->checks[i].was[k];
    }
}

/* Those of the folder, and those of the run: people's answers stand at targets that no file names. */
static int list_targets(struct records *r)
{
    const struct site *s = r->in->site;
    const struct results *res = r->in->results;
    struct target_record *v = NULL;
    size_t n = 0;
    int err = r->in->run ? store_targets(r->in->store, r->in->run->id, &v, &n) : 0;
    r->targets = arena_array(r->arena, s->n_targets + n + (res ? res->n_findings : 0) + 2, sizeof(*r->targets));
    r->targets[r->n_targets++] = "(site)";
    for (size_t i = 0; i < s->n_targets; i++)
        r->targets[r->n_targets++] = s->targets[i].name;
    for (size_t i = 0; i < n; i++)
        r->targets[r->n_targets++] = arena_strdup(r->arena, v[i].name);
    for (size_t i = 0; res && i < res->n_findings; i++)
        if (i == 0 || strcmp(res->findings[i].target, res->findings[i - 1].target) != 0)
            r->targets[r->n_targets++] = res->findings[i].target;
    qsort(r->targets, r->n_targets, sizeof(*r->targets), text_order);
    targets_free(v, n);
    return err;
}

int records_check(const struct records_in *in, struct diags *diags)
{
    const struct site *s = in->site;
    struct records r = { .in = in, .diags = diags };
    if (s->n_waivers + s->n_decisions + s->n_work == 0)
        return 0;
    r.arena = arena_new();
    list_checks(&r);
    int err = list_targets(&r);
    if (!err)
        err = records_waivers(&r);
    if (!err)
        err = check_decisions(&r);
    check_work(&r);
    arena_free(r.arena);
    return err;
}

/* --- what was told before --- */

/* File, and text without how many days ago: that is another number each day, and no news. Owned. */
static char *told_key(const struct diag *d)
{
    const char *name = d->file ? strrchr(d->file, '/') : NULL;
    struct buf b = BUF_INIT(1 << 16);
    buf_printf(&b, "%s:", name ? name + 1 : d->file ? d->file : "");
    for (const char *p = d->text; *p;) {
        size_t digits = strspn(p, "0123456789");
        if (digits == 0)
            buf_putc(&b, *p++);
        else if (!text_starts_with(p + digits, " day"))
            buf_append(&b, p, digits);
        p += digits;
    }
    char *key = xstrdup(buf_str(&b));
    buf_clear(&b);
    return key;
}

void records_drop_told(struct diags *d, const struct diags *told)
{
    struct strset known = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < told->n; i++) {
        char *key = told_key(&told->v[i]);
        (void)strset_add(&known, key);
        free(key);
    }
    for (size_t i = 0; i < d->n; i++) {
        char *key = told_key(&d->v[i]);
        bool old = strset_has(&known, key);
        free(key);
        if (!old) {
            d->v[n++] = d->v[i];
            continue;
        }
        free(d->v[i].file);
        free(d->v[i].text);
        d->n_warnings--;
    }
    d->n = n;
    strset_clear(&known);
}
