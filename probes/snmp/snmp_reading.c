/* Two rounds of questions for all sources, and their rows. */
#include "probes/snmp/snmp_reading.h"

#include <string.h>

#define SOURCES_MAX 40
#define PARTS_MAX 200                /* different ones */
_Static_assert(PARTS_MAX < READING_WALKS_MAX, "a walk for each part, and one more");
#define MANDATORY_MAX SNMP_COLUMNS_MAX
#define TABLE_BYTES_MAX (48U * 1024U * 1024U)

struct part;
struct part_walk { struct part *part; size_t first; const struct snmp_walk *walk; };     /* first: its first object's place; walk NULL: not asked */

struct part {
    const struct snmp_part *is;
    struct snmp_table *table;
    struct part_walk rounds[2];
    bool full;                       /* it could take no more */
};
struct source_reading { struct part *parts[SOURCE_PARTS_MAX]; bool wanted, has_mandatory; };

struct snmp_reading {
    struct probe_ctx *ctx;
    struct part parts[PARTS_MAX]; size_t n_parts;
    struct source_reading sources[SOURCES_MAX];
    const char *mandatory[MANDATORY_MAX]; size_t mandatory_of[MANDATORY_MAX], n_mandatory;      /* objects, and the source that each is of */
    const struct snmp_walk *mandatory_walk;
};

/* --- what is asked ------------------------------------------------------------------------------------------------------ */

static void on_cell(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    static const uint32_t zero = 0;
    const struct part_walk *w = arg;
    struct part *p = w->part;
    if (!snmp_value_present(v))
        return;                      /* a single object that is not there */
    bool single = p->is->scalars;
    p->full = !snmp_table_put(p->table, w->first + column, single ? &zero : index, single ? 1 : n_index, v) || p->full;
}

static void on_mandatory(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct snmp_reading *r = arg;
    struct source_reading *s = &r->sources[r->mandatory_of[column]];
    (void)index;
    (void)n_index;
    s->has_mandatory = s->has_mandatory || snmp_value_present(v);
}

/* Parts of different sources are the same when they name the same list of objects. */
static struct part *part_of(struct snmp_reading *r, const struct snmp_part *is)
{
    for (size_t i = 0; i < r->n_parts; i++)
        if (r->parts[i].is->objects == is->objects)
            return &r->parts[i];
    if (r->n_parts == PARTS_MAX)
        BUG("%d parts", PARTS_MAX);
    struct part *p = &r->parts[r->n_parts++];
    p->is = is;
    p->table = snmp_table_new(is->n_objects, is->scalars ? 1 : is->rows_max, TABLE_BYTES_MAX);
    p->rounds[0].part = p->rounds[1].part = p;
    return p;
}

static void add_mandatory(struct snmp_reading *r, size_t i)
{
    const struct snmp_source *source = snmp_sources[i];
    for (size_t m = 0; m < N_ELEMENTS(source->mandatory) && source->mandatory[m] != NULL; m++) {
        if (r->n_mandatory == MANDATORY_MAX)
            BUG("%d mandatory objects", MANDATORY_MAX);
        r->mandatory_of[r->n_mandatory] = i;
        r->mandatory[r->n_mandatory++] = source->mandatory[m];
    }
}

struct snmp_reading *snmp_reading_new(struct probe_ctx *ctx)
{
    struct snmp_reading *r = xcalloc(1, sizeof *r);
    r->ctx = ctx;
    if (snmp_n_sources > SOURCES_MAX)
        BUG("%zu sources", snmp_n_sources);
    for (size_t i = 0; i < snmp_n_sources; i++) {
        struct source_reading *s = &r->sources[i];
        s->wanted = probe_wants(ctx, snmp_sources[i]->table);
        for (size_t p = 0; p < snmp_sources[i]->n_parts && s->wanted; p++)
            s->parts[p] = part_of(r, &snmp_sources[i]->parts[p]);
        if (s->wanted)
            add_mandatory(r, i);
    }
    return r;
}

void snmp_reading_free(struct snmp_reading *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < r->n_parts; i++)
        snmp_table_free(r->parts[i].table);
    free(r);
}

static void ask(struct part *p, size_t round, size_t first, size_t n, struct snmp_walk *walk)
{
    struct part_walk *w = &p->rounds[round];
    w->first = first;
    w->walk = walk;
    *walk = (struct snmp_walk){ .objects = p->is->objects + first, .n_objects = n, .scalars = p->is->scalars, .rows_hint = p->is->scalars ? 0 : snmp_table_rows(p->table),
                                .rows_max = p->is->rows_max, .cell = on_cell, .arg = w };
}

size_t snmp_reading_first(struct snmp_reading *r, struct snmp_walk *walks)
{
    size_t n = 0;
    walks[n] = (struct snmp_walk){ .objects = r->mandatory, .n_objects = r->n_mandatory, .scalars = true, .cell = on_mandatory, .arg = r };
    r->mandatory_walk = &walks[n++];
    for (size_t i = 0; i < r->n_parts; i++)
        if (r->parts[i].is->ask != SNMP_ASK_VENDOR) {
            ask(&r->parts[i], 0, 0, r->parts[i].is->ask == SNMP_ASK_LED ? 1 : r->parts[i].is->n_objects, &walks[n]);
            n++;
        }
    return n;
}

/* Is the agent one of these makers'? The first number below enterprises (1.3.6.1.4.1) in sysObjectID tells. */
static bool is_of(const struct snmp_value *id, const uint32_t *enterprises)
{
    static const uint32_t root[] = { 1, 3, 6, 1, 4, 1 };
    if (id == NULL || id->type != SNMP_OBJECT_ID || id->n_oid <= N_ELEMENTS(root) || memcmp(id->oid, root, sizeof root) != 0)
        return true;                 /* nobody knows */
    for (; *enterprises != 0; enterprises++)
        if (id->oid[N_ELEMENTS(root)] == *enterprises)
            return true;
    return false;
}

size_t snmp_reading_second(struct snmp_reading *r, const struct snmp_value *object_id, struct snmp_walk *walks)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_parts; i++) {
        struct part *p = &r->parts[i];
        size_t asked = p->is->ask == SNMP_ASK_VENDOR ? 0 : 1;
        if (p->is->ask == SNMP_ASK_ALWAYS || asked == p->is->n_objects)
            continue;
        if (asked == 1 ? snmp_table_rows(p->table) == 0 : !is_of(object_id, p->is->enterprises))
            continue;
        ask(p, 1, asked, p->is->n_objects - asked, &walks[n]);
        n++;
    }
    return n;
}

/* --- what came ----------------------------------------------------------------------------------------------------------- */

static const struct snmp_walk *part_why(const struct part *p)
{
    static const struct snmp_walk fine = { .reason = REASON_NONE };
    for (size_t i = 0; i < N_ELEMENTS(p->rounds); i++)
        if (p->rounds[i].walk != NULL && p->rounds[i].walk->reason != REASON_NONE)
            return p->rounds[i].walk;
    return &fine;
}

static const struct source_reading *find(const struct snmp_reading *r, const struct snmp_source *source)
{
    for (size_t i = 0; i < snmp_n_sources; i++)
        if (snmp_sources[i] == source)
            return &r->sources[i];
    BUG("no such source: %s", source->table->name);
}

const struct snmp_table *snmp_reading_part(const struct snmp_reading *r, const struct snmp_source *source, size_t part, const struct snmp_walk **why)
{
    const struct source_reading *s = find(r, source);
    if (!s->wanted)
        return NULL;
    *why = part_why(s->parts[part]);
    return s->parts[part]->table;
}

static const struct snmp_walk *source_why(const struct source_reading *s, size_t n_parts, bool *full)
{
    const struct snmp_walk *why = part_why(s->parts[0]);
    *full = false;
    for (size_t p = 0; p < n_parts; p++) {
        *full = *full || s->parts[p]->full;
        if (why->reason == REASON_NONE)
            why = part_why(s->parts[p]);
    }
    return why;
}

bool snmp_reading_is_whole(const struct snmp_reading *r, const struct snmp_source *source)
{
    const struct source_reading *s = find(r, source);
    bool full;
    return s->wanted && source_why(s, source->n_parts, &full)->reason == REASON_NONE && !full;
}

bool snmp_reading_has(const struct snmp_reading *r, const struct snmp_source *source)
{
    return find(r, source)->has_mandatory;
}

/* --- outcomes ------------------------------------------------------------------------------------------------------------ */

void snmp_emit_at(struct probe_ctx *ctx, const struct snmp_agent *agent, const struct fact_row *row)
{
    if (agent->target != NULL)
        probe_emit_at(ctx, agent->target, row);
    else
        probe_emit(ctx, row);
}

void snmp_say_partial(struct probe_ctx *ctx, const struct fact_table *t, const struct snmp_walk *w)
{
    if (w->reason != REASON_NONE)
        probe_table(ctx, t, STATE_PARTIAL, w->reason, "%s", w->detail);
}

/* As the reason usually ends, and failed where that would mean that some rows came. */
void snmp_say_none(struct probe_ctx *ctx, const struct fact_table *t, enum reason reason, const char *detail)
{
    enum state state = reason_info(reason)->state;
    probe_table(ctx, t, state == STATE_PARTIAL || state == STATE_COMPLETE ? STATE_FAILED : state, reason, "%s", detail);
}

struct emitting { struct snmp_reading *r; const struct snmp_agent *agent; size_t n; bool full; };

static void on_full(void *arg)
{
    struct emitting *e = arg;
    e->full = true;
}

static void on_row(void *arg, const struct fact_row *row)
{
    struct emitting *e = arg;
    snmp_emit_at(e->r->ctx, e->agent, row);
    e->n++;
}

/* No row and no reason: an agent that shows an object which the MIB demands has an empty table, one that says it has no such object does not
 * have the table. */
static void say_outcome(struct snmp_reading *r, size_t i, const struct snmp_agent *agent, const struct emitting *e)
{
    const struct snmp_source *source = snmp_sources[i];
    struct source_reading *s = &r->sources[i];
    bool full;
    const struct snmp_walk *why = source_why(s, source->n_parts, &full), *mandatory = r->mandatory_walk;
    if (e->n > 0 && (full || e->full))
        probe_table(r->ctx, source->table, STATE_PARTIAL, REASON_LIMIT, "more than is kept of one device");
    if (e->n > 0)
        snmp_say_partial(r->ctx, source->table, why);
    else if (why->reason != REASON_NONE)
        snmp_say_none(r->ctx, source->table, why->reason, why->detail);
    else if (agent->thrown_away(agent->arg) == REASON_MALFORMED)     /* of an agent whose answers are damaged, "nothing" proves nothing */
        snmp_say_none(r->ctx, source->table, REASON_MALFORMED, "some of its answers were thrown away");
    else if (!s->has_mandatory && mandatory->reason != REASON_NONE)
        snmp_say_none(r->ctx, source->table, mandatory->reason, mandatory->detail);
    else if (!s->has_mandatory && agent->shows_part)
        snmp_say_none(r->ctx, source->table, REASON_NOT_IN_FILE, "");
    else if (!s->has_mandatory)
        probe_table(r->ctx, source->table, STATE_UNSUPPORTED, REASON_UNSUPPORTED, "the agent answers, and says that it has none of these objects");
}

static void make_rows(const struct source_reading *s, const struct snmp_source *source, const struct snmp_view *context, void (*emit)(void *, const struct fact_row *), void (*full)(void *), void *arg)
{
    struct snmp_table *parts[SOURCE_PARTS_MAX] = { NULL };
    for (size_t p = 0; p < source->n_parts; p++)
        parts[p] = s->parts[p]->table;
    struct snmp_view view = *context;
    view.parts = parts;
    view.emit = emit;
    view.full = full;
    view.arg = arg;
    source->rows(&view);
}

static void ignore_full(void *arg)
{
    (void)arg;
}

void snmp_reading_look(const struct snmp_reading *r, const struct snmp_source *source, const struct snmp_view *context, void (*fn)(void *arg, const struct fact_row *row), void *arg)
{
    const struct source_reading *s = find(r, source);
    if (s->wanted)
        make_rows(s, source, context, fn, ignore_full, arg);
}

void snmp_reading_emit(struct snmp_reading *r, const struct snmp_agent *agent, const struct snmp_view *context)
{
    for (size_t i = 0; i < snmp_n_sources; i++) {
        if (!r->sources[i].wanted)
            continue;
        struct emitting e = { .r = r, .agent = agent };
        make_rows(&r->sources[i], snmp_sources[i], context, on_row, on_full, &e);
        say_outcome(r, i, agent, &e);
    }
}

void snmp_reading_explain(FILE *out)
{
    for (size_t i = 0; i < snmp_n_sources; i++) {
        const struct snmp_source *source = snmp_sources[i];
        fprintf(out, "For %s:\n", source->table->name);
        for (size_t p = 0; p < source->n_parts; p++) {
            const struct snmp_part *part = &source->parts[p];
            const char *when = part->ask == SNMP_ASK_LED ? ", the others only if the first has anything" : part->ask == SNMP_ASK_VENDOR ? ", of this maker's devices only" : "";
            fprintf(out, " %s%s:\n", part->scalars ? "Single objects" : "Columns", when);
            for (size_t k = 0; k < part->n_objects; k++)
                fprintf(out, "  %s\n", part->objects[k]);
        }
        for (size_t m = 0; m < N_ELEMENTS(source->mandatory) && source->mandatory[m] != NULL; m++)
            fprintf(out, "  %s (whether it has them)\n", source->mandatory[m]);
    }
}
