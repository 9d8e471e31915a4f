/* Where sources disagree: one subject of one target, told differently by two collections. Parent. */
#include <inttypes.h>
#include <stdlib.h>

#include "report/report.h"

#define MAX_ROWS 20000               /* rows held at once; a larger overlap is compared as far as this */
#define MAX_DISAGREEMENTS 200

struct told { const char *target, *subject, *source; const char *value[FACT_MAX_COLUMNS]; };
struct gather { struct report *r; const struct fact_table *table; struct arena *arena; struct told *v; size_t n; };

static bool has_rows(const struct collection *c)
{
    return c->rows > 0 && (c->state == STATE_COMPLETE || c->state == STATE_PARTIAL);
}

static size_t n_sources(const struct report *r, const struct fact_table *t, const char *target)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_collections; i++)
        n += has_rows(&r->collections[i]) && r->collections[i].table == t && strcmp(r->collections[i].target, target) == 0;
    return n;
}

static const char *value_text(struct arena *a, const struct fact_column *col, const struct fact_value *v)
{
    switch (v->kind) {
    case FACT_KIND_NULL: return NULL;
    case FACT_KIND_TEXT: return arena_strndup(a, v->s, v->len);
    case FACT_KIND_REAL: return arena_printf(a, "%.6g", v->r);
    case FACT_KIND_INTEGER: break;
    }
    if (col->type == FACT_BOOLEAN)
        return v->i ? "yes" : "no";
    return arena_printf(a, "%" PRId64, v->i);
}

static int take(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct gather *g = ctx;
    if (g->n >= MAX_ROWS || n_sources(g->r, g->table, target) < 2)
        return 0;
    struct told *t = &g->v[g->n++];
    *t = (struct told){ .target = arena_strdup(g->arena, target), .subject = arena_strdup(g->arena, subject),
                        .source = arena_printf(g->arena, "%s, %s", c->probe, method_name(c->method)) };
    for (size_t i = 0; i < g->table->n_columns; i++)
        t->value[i] = value_text(g->arena, &g->table->columns[i], &row->v[i]);
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    int d = strcmp(x->target, y->target);
    if (d == 0)
        d = strcmp(x->subject, y->subject);
    return d != 0 ? d : strcmp(x->source, y->source);
}

static void compare_pair(struct report *r, const struct fact_table *t, const struct told *a, const struct told *b)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct fact_column *col = &t->columns[i];
        bool same = !a->value[i] || !b->value[i] || strcmp(a->value[i], b->value[i]) == 0;
        if (same || (col->flags & (FACT_KEY | FACT_VOLATILE)) || r->n_disagreements >= MAX_DISAGREEMENTS)
            continue;
        r->disagreements[r->n_disagreements++] = (struct disagreement){ t->name, arena_strdup(r->arena, a->target), arena_strdup(r->arena, a->subject), col->name,
            arena_printf(r->arena, "%s (%s), %s (%s)", a->value[i], a->source, b->value[i], b->source) };
    }
}

static int gather_table(struct store *s, struct report *r, const struct fact_table *t)
{
    struct gather g = { .r = r, .table = t, .arena = arena_new() };
    g.v = xcalloc(MAX_ROWS, sizeof(*g.v));
    int err = store_facts_each(s, r->run.id, t, take, &g);
    qsort(g.v, g.n, sizeof(*g.v), by_place);
    for (size_t i = 1; i < g.n; i++)
        if (strcmp(g.v[i - 1].target, g.v[i].target) == 0 && strcmp(g.v[i - 1].subject, g.v[i].subject) == 0)
            compare_pair(r, t, &g.v[i - 1], &g.v[i]);
    free(g.v);
    arena_free(g.arena);
    return err;
}

int report_find_disagreements(struct store *s, struct report *r)
{
    r->disagreements = arena_array(r->arena, MAX_DISAGREEMENTS, sizeof(*r->disagreements));
    for (size_t t = 0; t < fact_n_tables; t++) {
        bool twice = false;
        for (size_t i = 0; i < r->n_collections && !twice; i++)
            twice = r->collections[i].table == fact_tables[t] && has_rows(&r->collections[i]) && n_sources(r, fact_tables[t], r->collections[i].target) > 1;
        int err = twice ? gather_table(s, r, fact_tables[t]) : 0;
        if (err)
            return err;
    }
    return 0;
}
