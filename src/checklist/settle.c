/* Settling a check at each target. Pure; runs in the parent on counts that the child gave and on collections that the store keeps. */
#include "checklist/settle.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "checklist/compile.h"
#include "fact/form.h"

static const char site_word[] = "(site)";

/* --- collections of one table at one target --------------------------------------------------------------------------- */

static int by_table_target(const void *a, const void *b)
{
    const struct settle_collection *x = a, *y = b;
    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    return (x->target > y->target) - (x->target < y->target);
}

void settle_sort(struct settle_input *in)
{
    if (in->n_collections > 0)
        qsort(in->collections, in->n_collections, sizeof(*in->collections), by_table_target);
}

/* The first collection of the table at this target or a later one. */
static size_t first_of(const struct settle_input *in, uint16_t table, uint32_t target)
{
    const struct settle_collection key = { .table = table, .target = target };
    size_t low = 0, high = in->n_collections;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (by_table_target(&in->collections[mid], &key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

enum cell { CELL_ABSENT, CELL_SETTLED, CELL_WEAK, CELL_UNSETTLED };      /* the later, the worse, of several cells */
struct cell_state {
    enum cell cell;
    const struct settle_collection *because;     /* WEAK, UNSETTLED */
    enum eval_why weak;
    const char *lacks;                           /* ABSENT of an org_ table: who was never asked for it, as a sentence */
    bool seen; enum method method;               /* SETTLED: of the best that is good enough; seen false: unsupported, or nothing */
    int64_t observed_at;
};

/* Of several collections that fall short, the one that tells most. */
static int tells(enum state s)
{
    static const int order[STATE_COUNT] = { [STATE_FAILED] = 5, [STATE_REFUSED] = 4, [STATE_PARTIAL] = 3, [STATE_NOT_ASKED] = 2 };
    return s < STATE_COUNT ? order[s] : 0;
}

static enum eval_why weakness(const struct settle_collection *k, const struct check *c, int64_t as_of)
{
    const struct eval_source s = { .method = k->method, .observed_at = k->observed_at, .vantage = k->vantage };
    return source_weakness(&s, c, as_of);
}

static void cell_add(struct cell_state *out, const struct settle_collection *k, const struct check *c, int64_t as_of, bool *good)
{
    if (k->state == STATE_UNSUPPORTED) {
        if (out->cell == CELL_ABSENT)
            out->cell = CELL_SETTLED;
        return;
    }
    enum eval_why weak = weakness(k, c, as_of);
    if (k->state == STATE_COMPLETE && weak == WHY_NONE) {
        *good = true;
        if (!out->seen || k->method > out->method) {
            out->method = k->method;
            out->observed_at = k->observed_at;
        }
        out->seen = true;
        return;
    }
    enum cell is = k->state == STATE_COMPLETE ? CELL_WEAK : CELL_UNSETTLED;
    if (is > out->cell || (is == out->cell && (out->because == NULL || tells(k->state) > tells(out->because->state)))) {
        out->cell = is;
        out->because = k;
        out->weak = is == CELL_WEAK ? weak : WHY_NONE;
    }
}

/* Settled when one collection is complete and good enough, or when all say that there is no such thing. */
static struct cell_state cell_of(const struct settle_input *in, const struct check *c, uint16_t table, uint32_t target)
{
    struct cell_state out = { .cell = CELL_ABSENT };
    bool good = false;
    for (size_t i = first_of(in, table, target); i < in->n_collections && in->collections[i].table == table && in->collections[i].target == target; i++)
        cell_add(&out, &in->collections[i], c, in->as_of, &good);
    if (good) {
        out.cell = CELL_SETTLED;
        out.because = NULL;
    }
    return out;
}

static bool site_has(const struct settle_input *in, uint16_t table, const char *site)
{
    for (size_t i = first_of(in, table, 0); i < in->n_collections && in->collections[i].table == table; i++) {
        const char *of = in->targets[in->collections[i].target].site;
        if (of != NULL && strcmp(of, site) == 0)
            return true;
    }
    return false;
}

/* A comparison with the organisation rests on all of it: home, and every owned site. What one of them was never asked for could be what collides. */
static const char *lacking(const struct settle_input *in, uint16_t table)
{
    if (!in->home_known && in->n_others == 0)
        return "no home or owned site has been assessed. Assess the home site first";
    if (!in->home_known)
        return "the home site has not been assessed. Assess it first";
    for (size_t i = 0; i < in->n_others; i++)
        if (!site_has(in, table, in->others[i]))
            return arena_printf(in->arena, "%s has never been read for %s. Assess it for that first", in->others[i], fact_tables[table]->name);
    return NULL;
}

static void settle_org(const struct settle_input *in, uint16_t table, struct cell_state *out)
{
    const char *lacks = lacking(in, table);
    if (out->cell == CELL_UNSETTLED)
        return;
    if (lacks != NULL)
        *out = (struct cell_state){ .cell = CELL_ABSENT, .lacks = lacks };
    else if (out->cell == CELL_ABSENT)           /* home, while it owns nothing: there is nothing to compare with */
        out->cell = CELL_SETTLED;
}

/* The same over the whole site (or over home and the owned sites): the worst of all cells; absent when there is none. */
static struct cell_state whole_of(const struct settle_input *in, const struct check *c, uint16_t table)
{
    struct cell_state out = { .cell = CELL_ABSENT };
    bool org = (table & EVAL_ORG) != 0;
    uint16_t t = table & (uint16_t)~EVAL_ORG;
    uint32_t last = UINT32_MAX;
    for (size_t i = first_of(in, t, 0); i < in->n_collections && in->collections[i].table == t; i++) {
        uint32_t target = in->collections[i].target;
        if (target == last || (in->targets[target].site != NULL) != org)
            continue;
        last = target;
        struct cell_state one = cell_of(in, c, t, target);
        bool weaker = one.seen && (!out.seen || one.method < out.method);
        enum method m = weaker ? one.method : out.method;
        int64_t at = out.observed_at == 0 || (one.observed_at != 0 && one.observed_at < out.observed_at) ? one.observed_at : out.observed_at;
        bool seen = out.seen || one.seen;
        if (one.cell > out.cell)
            out = one;
        out.seen = seen;
        out.method = m;
        out.observed_at = at;
    }
    if (org)
        settle_org(in, t, &out);
    return out;
}

/* --- words ------------------------------------------------------------------------------------------------------------ */

static const char *method_words(enum method m)
{
    return m == METHOD_MEASURED ? "measured" : m == METHOD_DOCUMENT ? "read in a document" : "told by a person";
}

void settle_why(struct arena *a, const struct check *c, enum eval_why why, const char *detail, enum method method, int64_t observed_at, char **reason, char **settled_by)
{
    char day[32] = "at an unknown time";
    const char *of = detail[0] != '\0' ? detail : "a value that it needs";
    if (observed_at != 0)
        date_format(observed_at, day);
    switch (why) {
    case WHY_APPLIES:
        *reason = arena_printf(a, "cannot tell whether it applies: not reported: %s", of);
        *settled_by = arena_printf(a, "not reported: %s", of);
        break;
    case WHY_CLAIMED:
        *reason = arena_printf(a, "claimed only: %s, and this check wants it %s", method_words(method), method_words(c->evidence));
        *settled_by = arena_printf(a, c->evidence == METHOD_MEASURED ? "claimed only: to be measured" : "claimed only: to be shown in a document");
        break;
    case WHY_OLD:
        *reason = arena_printf(a, "too old: seen %s, and more than %lld days do not count", day, (long long)(c->max_age_s / 86400));
        *settled_by = arena_strdup(a, "evidence too old");
        break;
    case WHY_ELSEWHERE:
        *reason = arena_printf(a, "seen from elsewhere: this check has to look from '%s'", c->vantage != NULL ? c->vantage : "");
        *settled_by = arena_printf(a, "a look from '%s'", c->vantage != NULL ? c->vantage : "");
        break;
    case WHY_PATTERN:
        *reason = arena_strdup(a, "a text pattern took too long on this value");
        *settled_by = arena_printf(a, "the pattern of check %s", c->id);
        break;
    case WHY_NONE:
    case WHY_NOT_REPORTED:
    case WHY_COUNT:
        *reason = arena_printf(a, "not reported: %s", of);
        *settled_by = arena_printf(a, "not reported: %s", of);
        break;
    }
}

static const char *table_word(struct arena *a, uint16_t table)
{
    const char *name = fact_tables[table & (uint16_t)~EVAL_ORG]->name;
    return table & EVAL_ORG ? arena_printf(a, "org_%s", name) : name;
}

/* What people are asked, and nobody has answered. */
static void unanswered_words(const struct settle_input *in, const struct form *f, struct subject_verdict *v)
{
    if (f->kind == FORM_SHEET) {
        v->reason = arena_printf(in->arena, "nobody has filled the sheet %s. Ask %s (`preop attest %s`)", f->id, f->asked_of, f->id);
        v->settled_by = arena_printf(in->arena, "sheet %s: nobody has filled it", f->id);
    } else {
        v->reason = arena_printf(in->arena, "nobody has answered this. Ask %s (`preop attest %s`)", f->asked_of, f->id);
        v->settled_by = arena_strdup(in->arena, "questions that nobody has answered: preop attest");
    }
}

/* What stands at a target, or at the site, for a table that is not settled. */
static void uncollected_words(const struct settle_input *in, const struct check *c, uint16_t table, const struct cell_state *s, struct subject_verdict *v)
{
    const struct settle_collection *k = s->because;
    const struct form *f = form_of_table(fact_tables[table & (uint16_t)~EVAL_ORG]);
    if (f != NULL && (table & EVAL_ORG) == 0 && (s->cell == CELL_ABSENT || (k != NULL && k->reason == REASON_NOT_ANSWERED))) {
        unanswered_words(in, f, v);
        return;
    }
    if (s->cell == CELL_ABSENT) {
        v->reason = s->lacks != NULL ? arena_strdup(in->arena, s->lacks)
                                     : arena_printf(in->arena, "nothing was ever asked for %s here", table_word(in->arena, table));
        v->settled_by = arena_printf(in->arena, "never asked for: %s", table_word(in->arena, table));
        return;
    }
    if (s->cell == CELL_WEAK) {
        settle_why(in->arena, c, s->weak, "", k->method, k->observed_at, &v->reason, &v->settled_by);
        return;
    }
    const struct reason_info *r = reason_info(k->reason);
    const char *text = k->reason == REASON_NONE ? (k->state == STATE_PARTIAL ? "only a part was read" : state_name(k->state)) : r->text;
    bool detail = k->detail != NULL && k->detail[0] != '\0';
    v->reason = arena_printf(in->arena, "%s%s%s%s. %s", text, detail ? " (" : "", detail ? k->detail : "", detail ? ")" : "", r->action != NULL ? r->action : "");
    /* What was not asked has one cause for all targets; what did not answer has one for each. */
    if (k->state == STATE_NOT_ASKED)
        v->settled_by = arena_printf(in->arena, "%s: %s", text, k->probe != NULL ? k->probe : "");
    else
        v->settled_by = arena_printf(in->arena, "%s: %s", in->targets[k->target].name, text);
}

/* --- one check -------------------------------------------------------------------------------------------------------- */

struct work {
    const struct settle_input *in;
    const struct check *c;
    const struct raw_check *raw;
    struct check_verdicts *out;
    size_t cap_targets, cap_subjects;
    struct cell_state *whole;    /* by place in raw->tables: over the site, or over home and the owned sites */
    bool sitewide;               /* a query that speaks of the site */
};

/* Arrays in the arena grow by doubling; what is left behind is little. */
static void *grow(struct arena *a, void *p, size_t n, size_t *cap, size_t size)
{
    if (n < *cap)
        return p;
    size_t more = *cap == 0 ? 8 : 2 * *cap;
    void *bigger = arena_array(a, more, size);
    if (n > 0)
        memcpy(bigger, p, n * size);
    *cap = more;
    return bigger;
}

static char *name_of(const struct work *w, uint32_t target)
{
    return target == EVAL_SITE ? arena_strdup(w->in->arena, site_word) : arena_strdup(w->in->arena, w->in->targets[target].name);
}

static struct target_verdicts *add_target(struct work *w, uint32_t target)
{
    w->out->targets = grow(w->in->arena, w->out->targets, w->out->n_targets, &w->cap_targets, sizeof(*w->out->targets));
    struct target_verdicts *t = &w->out->targets[w->out->n_targets++];
    *t = (struct target_verdicts){ .target = name_of(w, target), .criticality = target == EVAL_SITE ? CRITICALITY_SUPPORT : w->in->targets[target].criticality };
    return t;
}

static struct subject_verdict *add_subject(struct work *w, const char *target, enum verdict v, const char *subject)
{
    w->out->subjects = grow(w->in->arena, w->out->subjects, w->out->n_subjects, &w->cap_subjects, sizeof(*w->out->subjects));
    struct subject_verdict *s = &w->out->subjects[w->out->n_subjects++];
    *s = (struct subject_verdict){ .target = arena_strdup(w->in->arena, target), .verdict = v, .severity = w->c->severity, .subject = arena_strdup(w->in->arena, subject) };
    return s;
}

static struct subject_verdict *find_subject(const struct work *w, const char *target, const char *subject)
{
    for (size_t i = 0; i < w->out->n_subjects; i++)
        if (strcmp(w->out->subjects[i].target, target) == 0 && strcmp(w->out->subjects[i].subject, subject) == 0)
            return &w->out->subjects[i];
    return NULL;
}

/* The unknown that stands for what was not collected. Of a query about the site it is the site itself, in place of a verdict that rests on too little;
 * but a fail stands. */
static struct subject_verdict *uncollected_subject(struct work *w, const char *target, uint16_t table)
{
    bool site = w->c->query != NULL && strcmp(target, site_word) == 0;
    struct subject_verdict *v = site ? find_subject(w, target, site_word) : NULL;
    if (v != NULL && v->verdict != VERDICT_FAIL) {
        *v = (struct subject_verdict){ .target = v->target, .subject = v->subject, .verdict = VERDICT_UNKNOWN, .severity = w->c->severity };
        return v;
    }
    if (site && v == NULL)
        return add_subject(w, target, VERDICT_UNKNOWN, site_word);
    return add_subject(w, target, VERDICT_UNKNOWN, arena_printf(w->in->arena, "(not collected: %s)", table_word(w->in->arena, table)));
}

static void mark_uncollected(struct work *w, struct target_verdicts *t, uint16_t table, const struct cell_state *s)
{
    t->uncollected = true;
    t->seen = false;
    struct subject_verdict *v = uncollected_subject(w, t->target, table);
    v->uncollected = true;
    uncollected_words(w->in, w->c, table, s, v);
}

/* How a table stands for what is said about one target. What the target has of it counts; where it has none, a query joins it from elsewhere, and
 * then all of it counts; a check over a table's rows has to have it here. */
static struct cell_state stands(const struct work *w, size_t i, uint32_t target)
{
    uint16_t table = w->raw->tables[i];
    if (target == EVAL_SITE || (table & EVAL_ORG) != 0)
        return w->whole[i];
    struct cell_state s = cell_of(w->in, w->c, table, target);
    return s.cell == CELL_ABSENT && w->c->query != NULL ? w->whole[i] : s;
}

static const struct raw_count *count_of(const struct work *w, uint32_t target)
{
    for (size_t i = 0; i < w->raw->n_counts; i++)
        if (w->raw->counts[i].target == target)
            return &w->raw->counts[i];
    return NULL;
}

/* A target that has subjects, or a collection of a table that the check reads. */
static void settle_target(struct work *w, uint32_t target, const struct raw_count *n)
{
    bool subjects = n != NULL && n->pass + n->fail + n->unknown > 0;
    struct cell_state worst = { .cell = CELL_SETTLED };
    size_t at = 0;
    bool seen = false;
    enum method weakest = METHOD_MEASURED;
    for (size_t i = 0; i < w->raw->n_tables; i++) {
        struct cell_state s = stands(w, i, target);
        bool own = target != EVAL_SITE && (w->raw->tables[i] & EVAL_ORG) == 0 && cell_of(w->in, w->c, w->raw->tables[i], target).cell != CELL_ABSENT;
        if (s.seen && s.method < weakest)
            weakest = s.method;
        seen |= s.seen;
        /* Where nothing is said, only what the target itself fell short of is worth a word. */
        if (s.cell == CELL_SETTLED || (!subjects && !own))
            continue;
        /* Subjects of a source that is too weak are unknown already, each with its reason. */
        if (s.cell == CELL_WEAK && subjects && w->c->facts != NULL && own && fact_tables[w->raw->tables[i]] == w->c->facts)
            continue;
        if (worst.cell == CELL_SETTLED || s.cell > worst.cell) {
            worst = s;
            at = i;
        }
    }
    if (!subjects && worst.cell == CELL_SETTLED)
        return;
    struct target_verdicts *t = add_target(w, target);
    if (n != NULL) {
        t->n_pass = n->pass;
        t->n_fail = n->fail;
        t->n_unknown = n->unknown;
        t->seen = n->pass + n->fail > 0;
        t->method = n->seen ? n->method : seen ? weakest : METHOD_PERSON;
    }
    if (worst.cell != CELL_SETTLED)
        mark_uncollected(w, t, w->raw->tables[at], &worst);
}

/* Whether any collection of a table that the check reads is at this target. */
static bool concerns(const struct work *w, uint32_t target)
{
    for (size_t i = 0; i < w->raw->n_tables; i++) {
        uint16_t table = w->raw->tables[i];
        size_t k = (table & EVAL_ORG) != 0 ? w->in->n_collections : first_of(w->in, table, target);
        if (k < w->in->n_collections && w->in->collections[k].table == table && w->in->collections[k].target == target)
            return true;
    }
    return false;
}

static void settle_targets(struct work *w)
{
    const struct raw_count **counts = xcalloc(w->in->n_targets + 1, sizeof(*counts));
    for (size_t i = 0; i < w->raw->n_counts; i++)
        if (w->raw->counts[i].target < w->in->n_targets)
            counts[w->raw->counts[i].target] = &w->raw->counts[i];
    for (uint32_t t = 0; t < w->in->n_targets; t++) {
        if (w->in->targets[t].site != NULL)
            continue;
        if (counts[t] != NULL || (!w->sitewide && concerns(w, t)))
            settle_target(w, t, counts[t]);
    }
    free(counts);
    if (w->sitewide)
        settle_target(w, EVAL_SITE, count_of(w, EVAL_SITE));
}

static bool absent_primary(const struct work *w)
{
    for (size_t i = 0; i < w->raw->n_tables; i++)
        if ((w->raw->tables[i] & EVAL_ORG) == 0 && fact_tables[w->raw->tables[i]] == w->c->facts)
            return w->whole[i].cell == CELL_ABSENT;
    return true;
}

/* No subject anywhere, and nothing that fell short. */
static void settle_missing(struct work *w)
{
    size_t n_absent = 0, absent = 0;
    bool unanswered = false;     /* what people are asked is asked everywhere: silence is unknown, never "not applicable" */
    for (size_t i = 0; i < w->raw->n_tables; i++)
        if (w->whole[i].cell == CELL_ABSENT) {
            bool people = (w->raw->tables[i] & EVAL_ORG) == 0 && form_of_table(fact_tables[w->raw->tables[i]]) != NULL;
            n_absent++;
            absent = unanswered ? absent : i;
            unanswered = unanswered || people;
        }
    /* A table that nobody fills here is no concern of the site's. One of several that a query joins, or that another table's rows are judged by, is. */
    bool none = !unanswered && (n_absent == w->raw->n_tables || (w->c->facts != NULL && absent_primary(w)));
    if (w->c->on_missing == MISSING_NOT_APPLICABLE && (n_absent == 0 || none))
        return;
    w->out->applicable = true;
    struct target_verdicts *t = add_target(w, EVAL_SITE);
    if (n_absent > 0) {          /* what nobody asked for is not missing: it is unknown */
        mark_uncollected(w, t, w->raw->tables[absent], &w->whole[absent]);
        return;
    }
    struct cell_state all = { .cell = CELL_SETTLED };
    for (size_t i = 0; i < w->raw->n_tables; i++)
        if (w->whole[i].seen && (!all.seen || w->whole[i].method < all.method))
            all = w->whole[i];
    enum verdict v = w->c->on_missing == MISSING_PASS ? VERDICT_PASS : w->c->on_missing == MISSING_FAIL ? VERDICT_FAIL : VERDICT_UNKNOWN;
    *(v == VERDICT_PASS ? &t->n_pass : v == VERDICT_FAIL ? &t->n_fail : &t->n_unknown) = 1;
    t->seen = v != VERDICT_UNKNOWN;
    t->method = all.seen ? all.method : METHOD_PERSON;
    struct subject_verdict *s = add_subject(w, site_word, v, site_word);
    s->seen = all.seen;
    s->method = all.method;
    s->observed_at = all.observed_at;
    if (v != VERDICT_PASS)
        s->reason = arena_strdup(w->in->arena, "nothing was found that this check could look at");
    if (v == VERDICT_UNKNOWN)
        s->settled_by = arena_printf(w->in->arena, "nothing found: %s", w->raw->n_tables > 0 ? table_word(w->in->arena, w->raw->tables[0]) : "facts");
}

static int compare_names(const void *a, const void *b, void *ctx)
{
    const struct settle_input *in = ctx;
    const uint32_t *x = a, *y = b;
    return strcmp(in->targets[*x].name, in->targets[*y].name);
}

/* This run's targets sorted by name; owned. */
static uint32_t *targets_by_name(const struct settle_input *in, size_t *n)
{
    uint32_t *v = xcalloc(in->n_targets + 1, sizeof(*v));
    struct settle_input copy = *in;
    *n = 0;
    for (uint32_t t = 0; t < in->n_targets; t++)
        if (in->targets[t].site == NULL)
            v[(*n)++] = t;
    qsort_r(v, *n, sizeof(*v), compare_names, &copy);
    return v;
}

static uint32_t find_target(const struct settle_input *in, const uint32_t *v, size_t n, const char *name)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int r = strcmp(in->targets[v[mid]].name, name);
        if (r == 0)
            return v[mid];
        if (r < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return EVAL_SITE;
}

/* How well what a query says of a target is known: as well as the weakest that it could rest on, as old as the oldest. */
static struct cell_state rests_on(const struct work *w, uint32_t target)
{
    struct cell_state out = { .cell = CELL_ABSENT };
    for (size_t k = 0; k < w->raw->n_tables; k++) {
        struct cell_state c = stands(w, k, target);
        if (!c.seen)
            continue;
        if (!out.seen || c.method < out.method)
            out.method = c.method;
        if (c.observed_at != 0 && (out.observed_at == 0 || c.observed_at < out.observed_at))
            out.observed_at = c.observed_at;
        out.seen = true;
    }
    return out;
}

/* A query's rows have no collection of their own. The last place is the site's. */
static void complete_subjects(struct work *w)
{
    struct known { bool done; struct cell_state s; } *known;
    size_t n = 0;
    if (w->c->query == NULL || w->out->n_subjects == 0)
        return;
    uint32_t *v = targets_by_name(w->in, &n);
    known = xcalloc(w->in->n_targets + 1, sizeof(*known));
    for (size_t i = 0; i < w->out->n_subjects; i++) {
        struct subject_verdict *s = &w->out->subjects[i];
        uint32_t target = find_target(w->in, v, n, s->target);
        struct known *k = &known[target == EVAL_SITE ? w->in->n_targets : target];
        if (!k->done)
            *k = (struct known){ true, rests_on(w, target) };
        s->seen = k->s.seen;
        s->method = k->s.method;
        s->observed_at = k->s.observed_at;
    }
    free(known);
    free(v);
}

static int compare_subjects(const void *a, const void *b)
{
    const struct subject_verdict *x = a, *y = b;
    int r = strcmp(x->target, y->target);
    return r != 0 ? r : strcmp(x->subject, y->subject);
}

static int compare_targets(const void *a, const void *b)
{
    const struct target_verdicts *x = a, *y = b;
    return strcmp(x->target, y->target);
}

static void name_tables(struct work *w)
{
    w->out->tables = arena_array(w->in->arena, w->raw->n_tables + 1, sizeof(*w->out->tables));
    for (size_t i = 0; i < w->raw->n_tables; i++)
        w->out->tables[w->out->n_tables++] = table_word(w->in->arena, w->raw->tables[i]);
}

void settle_check(const struct settle_input *in, struct raw_check *raw, struct check_verdicts *out)
{
    struct work w = { .in = in, .c = raw->check, .raw = raw, .out = out };
    *out = (struct check_verdicts){ .check = raw->check, .erred = raw->erred };
    name_tables(&w);
    if (raw->erred) {
        out->applicable = true;
        out->error = arena_strdup(in->arena, raw->error != NULL ? raw->error : "it could not be evaluated");
        return;
    }
    out->subjects = raw->subjects;
    out->n_subjects = raw->n_subjects;
    w.cap_subjects = raw->n_subjects;
    w.whole = xcalloc(raw->n_tables + 1, sizeof(*w.whole));
    for (size_t i = 0; i < raw->n_tables; i++)
        w.whole[i] = whole_of(in, raw->check, raw->tables[i]);
    w.sitewide = raw->check->query != NULL && count_of(&w, EVAL_SITE) != NULL;
    complete_subjects(&w);
    settle_targets(&w);
    out->applicable = out->n_targets > 0;
    if (!out->applicable)
        settle_missing(&w);
    free(w.whole);
    if (out->n_subjects > 0)
        qsort(out->subjects, out->n_subjects, sizeof(*out->subjects), compare_subjects);
    if (out->n_targets > 0)
        qsort(out->targets, out->n_targets, sizeof(*out->targets), compare_targets);
}
