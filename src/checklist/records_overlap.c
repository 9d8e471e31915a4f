/* Waivers of one check that cover the same finding at the same time. Each is held against the ones that are as wide or wider than it, sorted by day: a folder may
 * have thousands. Parent. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "checklist/records_internal.h"

/* What a waiver covers of a check: one target or any, one subject or any. A waiver of one target's every subject meets one of every target's one subject, though neither
 * is wider: it is listed a second time, as one of SOME_TARGET. */
enum width { EXACT, SOME_TARGET };
struct scope { const char *check; enum width width; const char *target, *subject; const struct waiver *w; };
/* Sorted; last[i]: among those of i's group up to i, the one that ends last. */
struct scopes { const struct records *r; struct scope *v; size_t n, *last; };

static int text_or_any(const char *a, const char *b)
{
    return !a || !b ? (a != NULL) - (b != NULL) : strcmp(a, b);
}

static int by_group(const struct scope *x, const struct scope *y)
{
    int d = strcmp(x->check, y->check);
    if (d == 0)
        d = (int)x->width - (int)y->width;
    if (d == 0)
        d = text_or_any(x->target, y->target);
    return d ? d : text_or_any(x->subject, y->subject);
}

static int by_scope(const void *a, const void *b)
{
    const struct scope *x = a, *y = b;
    int d = by_group(x, y);
    if (d == 0)
        d = (x->w->date > y->w->date) - (x->w->date < y->w->date);
    return d ? d : (x->w > y->w) - (x->w < y->w);
}

static const char *plain_subject(const struct records *r, const char *subject)
{
    struct buf human = BUF_INIT(FACT_KEY_MAX * 2);
    if (!subject || subject[0] != '[')
        return subject;
    fact_key_human(subject, &human);
    const char *copy = arena_strdup(r->arena, buf_str(&human));
    buf_clear(&human);
    return copy;
}

static void say_pair(const struct records *r, const char *check, const struct waiver *x, const struct waiver *y)
{
    char from[DATE_LEN], to[DATE_LEN];
    const struct waiver *first = x < y ? x : y, *second = x < y ? y : x;
    date_format(x->date > y->date ? x->date : y->date, from);
    date_format(x->expires < y->expires ? x->expires : y->expires, to);
    records_say(r, WAIVERS_FILE, second->at, "from %s to %s this waiver and the one in line %d cover the same of %s: keep one, or let one end before the other begins", from, to,
                first->at.line, check);
}

/* Of those up to place i (one of a group), the one that ends last, where it ends after w begins. */
static void meet_up_to(const struct scopes *s, const struct scope *w, size_t i)
{
    const struct waiver *other = s->v[s->last[i]].w;
    if (other->expires >= w->w->date)
        say_pair(s->r, w->check, other, w->w);
}

/* Against the group that is looked for: those that begin before w ends are the ones up to a place. */
static void meet_group(const struct scopes *s, const struct scope *w, enum width width, const char *target, const char *subject)
{
    const struct scope wanted = { w->check, width, target, subject, NULL };
    size_t from = 0, to = s->n;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int d = by_group(&s->v[mid], &wanted);
        if (d < 0 || (d == 0 && s->v[mid].w->date <= w->w->expires))
            from = mid + 1;
        else
            to = mid;
    }
    if (from > 0 && by_group(&s->v[from - 1], &wanted) == 0)
        meet_up_to(s, w, from - 1);
}

static void check_one(const struct scopes *s, size_t i)
{
    const struct scope *w = &s->v[i];
    if (w->width == SOME_TARGET)
        return;
    if (i > 0 && by_group(&s->v[i - 1], w) == 0)
        meet_up_to(s, w, i - 1);
    if (w->target && w->subject)
        meet_group(s, w, EXACT, w->target, NULL);
    if (w->target && w->subject)
        meet_group(s, w, EXACT, NULL, w->subject);
    if (w->target || w->subject)
        meet_group(s, w, EXACT, NULL, NULL);
    if (!w->target && w->subject)
        meet_group(s, w, SOME_TARGET, NULL, NULL);
}

void records_overlaps(const struct records *r)
{
    const struct site *site = r->in->site;
    struct scopes s = { .r = r, .v = arena_array(r->arena, 2 * site->n_waivers + 1, sizeof(*s.v)), .last = arena_array(r->arena, 2 * site->n_waivers + 1, sizeof(*s.last)) };
    for (size_t i = 0; i < site->n_waivers; i++) {
        const struct waiver *w = &site->waivers[i];
        const struct check *c = records_find(r, w->check);
        const char *check = c ? c->id : w->check;
        if (w->expires < r->in->now || w->date > w->expires)
            continue;
        s.v[s.n++] = (struct scope){ check, EXACT, w->target, plain_subject(r, w->subject), w };
        if (w->target && !w->subject)
            s.v[s.n++] = (struct scope){ check, SOME_TARGET, NULL, NULL, w };
    }
    if (s.n > 0)
        qsort(s.v, s.n, sizeof(*s.v), by_scope);
    for (size_t i = 0; i < s.n; i++) {
        bool same = i > 0 && by_group(&s.v[i - 1], &s.v[i]) == 0;
        s.last[i] = same && s.v[s.last[i - 1]].w->expires >= s.v[i].w->expires ? s.last[i - 1] : i;
    }
    for (size_t i = 0; i < s.n; i++)
        check_one(&s, i);
}
