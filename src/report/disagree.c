/* Where sources disagree: one subject of one target, told differently by several collections. What the preferred one says stands first: that is what the
 * checks use. Parent. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "checklist/gather.h"
#include "report/parts.h"

#define MAX_ROWS 4000               /* rows held at once; a larger overlap is compared as far as this */
#define MAX_DISAGREEMENTS 200
#define SAME_SIZE 0.9                /* sizes in bytes nearer than this are one size: a kernel keeps a part of the memory for itself, makers count in powers of ten */

/* One row, with where it comes from. */
struct told { const char *subject; const struct collection *source; struct eval_source order; struct fact_value value[FACT_MAX_COLUMNS]; };
struct rows { struct arena *arena; const struct collection *source; struct told *v; size_t n; };

static bool has_rows(const struct collection *c)
{
    return c->rows > 0 && (c->state == STATE_COMPLETE || c->state == STATE_PARTIAL);
}

static bool same_place(const struct collection *a, const struct collection *b)
{
    return a->table == b->table && strcmp(a->target, b->target) == 0;
}

static int take(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct rows *g = ctx;
    (void)target;
    if (g->n >= MAX_ROWS)
        return 0;
    struct told *t = &g->v[g->n++];
    *t = (struct told){ .subject = arena_strdup(g->arena, subject), .source = g->source,
                        .order = { .collection = c->id, .method = c->method, .probe = g->source->probe, .observed_at = c->observed_at } };
    for (size_t i = 0; i < c->table->n_columns; i++) {
        t->value[i] = row->v[i];
        if (row->v[i].kind == FACT_KIND_TEXT)
            t->value[i].s = arena_strndup(g->arena, row->v[i].s, row->v[i].len);
    }
    return 0;
}

static int by_preference(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    int d = strcmp(x->subject, y->subject);
    return d != 0 ? d : gather_preference(&x->order, &y->order);
}

/* --- values --- */

static bool same_size(double a, double b)
{
    double small = fmin(fabs(a), fabs(b)), large = fmax(fabs(a), fabs(b));
    return a * b > 0 && small >= large * SAME_SIZE;
}

static bool same_value(const struct fact_column *col, const struct fact_value *a, const struct fact_value *b)
{
    if (a->kind == FACT_KIND_NULL || b->kind == FACT_KIND_NULL)
        return true;                 /* who says nothing disagrees with nobody */
    if (a->kind != b->kind)
        return false;
    if (a->kind == FACT_KIND_TEXT)
        return text_equal_nocase(a->s, b->s);
    double x = a->kind == FACT_KIND_REAL ? a->r : (double)a->i, y = b->kind == FACT_KIND_REAL ? b->r : (double)b->i;
    if (col->unit && strcmp(col->unit, "bytes") == 0 && same_size(x, y))
        return true;
    return a->kind == FACT_KIND_REAL ? same_size(x, y) : a->i == b->i;
}

static const char *value_text(struct arena *a, const struct fact_column *col, const struct fact_value *v)
{
    if (v->kind == FACT_KIND_TEXT)
        return arena_strndup(a, v->s, v->len);
    if (v->kind == FACT_KIND_REAL)
        return arena_printf(a, "%.6g", v->r);
    if (col->type == FACT_BOOLEAN)
        return v->i ? "yes" : "no";
    struct buf b = BUF_INIT(64);
    if (col->unit && strcmp(col->unit, "bytes") == 0)
        human_bytes(v->i, &b);
    else
        buf_printf(&b, "%" PRId64 "%s%s", v->i, col->unit ? " " : "", col->unit ? col->unit : "");
    const char *text = arena_strdup(a, buf_str(&b));
    buf_clear(&b);
    return text;
}

static struct told_value told_value(struct report *r, const struct fact_column *col, const struct told *t, size_t i)
{
    const struct collection *c = t->source;
    const char *file = c->evidence ? strrchr(c->evidence, '/') : NULL;
    const char *who = file ? file + 1 : c->evidence ? c->evidence : c->probe;
    return (struct told_value){ value_text(r->arena, col, &t->value[i]), arena_printf(r->arena, "%s, %s", who, method_name(c->method)) };
}

static void compare_rows(struct report *r, const struct told *used, const struct told *other)
{
    const struct fact_table *t = used->source->table;
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct fact_column *col = &t->columns[i];
        if ((col->flags & (FACT_KEY | FACT_VOLATILE)) || same_value(col, &used->value[i], &other->value[i]) || r->n_disagreements >= MAX_DISAGREEMENTS)
            continue;
        r->disagreements[r->n_disagreements++] = (struct disagreement){ t->name, used->source->target, arena_strdup(r->arena, used->subject), col->name,
                                                                        told_value(r, col, used, i), told_value(r, col, other, i) };
    }
}

/* --- places --- */

/* The first row of each subject is what counts, and the others are held against it. */
static void compare_subjects(struct report *r, const struct told *v, size_t n)
{
    size_t used = 0;
    for (size_t i = 1; i < n; i++) {
        if (strcmp(v[used].subject, v[i].subject) != 0)
            used = i;
        else if (v[i].source != v[used].source)
            compare_rows(r, &v[used], &v[i]);
    }
}

/* In a table that says what the target itself is, the only rows of two sources are about one thing, even where they name it differently. */
static void compare_singles(struct report *r, const struct told *v, size_t n)
{
    const struct told *used = NULL;
    for (size_t i = 0; i < n; i++)
        if (v[i].source->rows == 1 && (!used || gather_preference(&v[i].order, &used->order) < 0))
            used = &v[i];
    for (size_t i = 0; used && i < n; i++)
        if (v[i].source->rows == 1 && strcmp(v[i].subject, used->subject) != 0)
            compare_rows(r, used, &v[i]);
}

/* All that is told of one table at one target. */
static int compare_place(struct store *s, struct report *r, const struct collection **sources, size_t n)
{
    struct rows g = { .arena = arena_new() };
    int err = 0;
    g.v = xcalloc(MAX_ROWS, sizeof(*g.v));
    for (size_t i = 0; i < n && !err; i++) {
        g.source = sources[i];
        err = store_facts_of(s, sources[i], take, &g);
    }
    if (g.n > 0 && !err) {
        qsort(g.v, g.n, sizeof(*g.v), by_preference);
        compare_subjects(r, g.v, g.n);
        if (sources[0]->table->one_per_target)
            compare_singles(r, g.v, g.n);
    }
    free(g.v);
    arena_free(g.arena);
    return err;
}

static int by_place(const void *a, const void *b)
{
    const struct collection *x = *(const struct collection *const *)a, *y = *(const struct collection *const *)b;
    int d = strcmp(x->target, y->target);
    if (d == 0)
        d = strcmp(x->table->name, y->table->name);
    return d != 0 ? d : (x->id > y->id) - (x->id < y->id);
}

int report_find_disagreements(struct store *s, struct report *r)
{
    const struct collection **v = xcalloc(r->n_collections + 1, sizeof(const struct collection *));
    size_t n = 0, end;
    int err = 0;
    r->disagreements = arena_array(r->arena, MAX_DISAGREEMENTS, sizeof(*r->disagreements));
    for (size_t i = 0; i < r->n_collections; i++)
        if (has_rows(&r->collections[i]))
            v[n++] = &r->collections[i];
    if (n > 0)
        qsort(v, n, sizeof(const struct collection *), by_place);
    for (size_t i = 0; i < n && !err; i = end) {
        for (end = i + 1; end < n && same_place(v[i], v[end]); end++)
            ;
        if (end - i > 1)
            err = compare_place(s, r, v + i, end - i);
    }
    free(v);
    return err;
}
