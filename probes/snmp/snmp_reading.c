/* Two rounds of questions for all sources, and their rows. */
#include "probes/snmp/snmp_reading.h"

#include <string.h>
#include "fact/table_client_counts.h"

#define SOURCES_MAX 40
#define PARTS_MAX 200                /* different ones */
_Static_assert(PARTS_MAX < READING_WALKS_MAX, "a walk for each part, and one more");
#define MANDATORY_MAX SNMP_COLUMNS_MAX
#define LOOKS_MAX SNMP_COLUMNS_MAX
#define TABLE_BYTES_MAX (48U * 1024U * 1024U)

struct part {
    const struct snmp_part *is;
    struct snmp_table *table;
    const struct snmp_walk *walk;    /* NULL: not asked */
    bool full;                       /* it could take no more */
    bool absent;                     /* a look has told that the agent has nothing of it */
};
struct source_reading { struct part *parts[SOURCE_PARTS_MAX]; bool wanted, read, has_mandatory; };        /* read: asked for, if only to know whose other rows are */

struct snmp_reading {
    struct probe_ctx *ctx;
    struct part parts[PARTS_MAX]; size_t n_parts;
    struct source_reading sources[SOURCES_MAX];
    const char *mandatory[MANDATORY_MAX]; size_t mandatory_of[MANDATORY_MAX], n_mandatory;      /* objects, and the source that each is of */
    const struct snmp_walk *mandatory_walk;
    struct arena *mem;
    const char *looks[LOOKS_MAX]; struct part *look_parts[LOOKS_MAX]; size_t n_looks;     /* names above the parts that are looked at first */
};

static struct source_reading *find(struct snmp_reading *r, const struct snmp_source *source)
{
    for (size_t i = 0; i < snmp_n_sources; i++)
        if (snmp_sources[i] == source)
            return &r->sources[i];
    BUG("no such source: %s", source->table->name);
}

/* --- what is asked ------------------------------------------------------------------------------------------------------ */

static void on_cell(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    static const uint32_t zero = 0;
    struct part *p = arg;
    if (!snmp_value_present(v))
        return;                      /* a single object that is not there */
    bool single = p->is->scalars;
    p->full = !snmp_table_put(p->table, column, single ? &zero : index, single ? 1 : n_index, v) || p->full;
}

static void on_mandatory(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct snmp_reading *r = arg;
    struct source_reading *s = &r->sources[r->mandatory_of[column]];
    (void)index;
    (void)n_index;
    s->has_mandatory = s->has_mandatory || snmp_value_present(v);
}

static void on_look(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    struct snmp_reading *r = arg;
    (void)index;
    (void)n_index;
    r->look_parts[column]->absent = !snmp_value_present(v);
}

/* The longest name that all objects of a part lie below: a table's entry, a group. Which of them an agent leaves out does not matter then. */
static const char *name_above(const struct snmp_part *is, struct arena *mem)
{
    struct snmp_oid above = { .n = 0 }, o;
    for (size_t i = 0; i < is->n_objects; i++) {
        if (!oid_parse(is->objects[i], &o))
            BUG("not an object identifier: %s", is->objects[i]);
        if (i == 0)
            above = o;
        size_t n = 0;
        while (n < above.n && n + 1 < o.n && above.id[n] == o.id[n])
            n++;
        above.n = n;
    }
    struct buf b = BUF_INIT(2048);
    oid_format(&b, above.id, above.n);
    const char *s = arena_strdup(mem, buf_str(&b));
    buf_clear(&b);
    return s;
}

static void add_look(struct snmp_reading *r, struct part *p)
{
    if (r->n_looks == LOOKS_MAX)
        BUG("%d looks", LOOKS_MAX);
    r->look_parts[r->n_looks] = p;
    r->looks[r->n_looks++] = name_above(p->is, r->mem);
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

/* Who is a guest in one table is known from others, which then are read, too, even when nobody wants their rows. */
static void need_for_guests(struct snmp_reading *r)
{
    static const struct { const struct snmp_source *of, *needs; } needs[] = {      /* what a needed one needs stands below it */
        { &snmp_neighbors, &snmp_mac_addresses }, { &snmp_mac_addresses, &snmp_arp }, { &snmp_mac_addresses, &snmp_vlans }, { &snmp_arp, &snmp_addresses }, { &snmp_arp, &snmp_vlans },
    };
    bool counted = probe_wants(r->ctx, &fact_client_counts);
    for (size_t i = 0; i < snmp_n_sources; i++)
        r->sources[i].read = r->sources[i].wanted || (counted && snmp_sources[i] == &snmp_mac_addresses);
    for (size_t n = 0; n < N_ELEMENTS(needs); n++)
        if (find(r, needs[n].of)->read)
            find(r, needs[n].needs)->read = true;
}

struct snmp_reading *snmp_reading_new(struct probe_ctx *ctx)
{
    struct snmp_reading *r = xcalloc(1, sizeof *r);
    r->ctx = ctx;
    r->mem = arena_new();
    if (snmp_n_sources > SOURCES_MAX)
        BUG("%zu sources", snmp_n_sources);
    for (size_t i = 0; i < snmp_n_sources; i++)
        r->sources[i].wanted = probe_wants(ctx, snmp_sources[i]->table);
    need_for_guests(r);
    for (size_t i = 0; i < snmp_n_sources; i++) {
        struct source_reading *s = &r->sources[i];
        for (size_t p = 0; p < snmp_sources[i]->n_parts && s->read; p++)
            s->parts[p] = part_of(r, &snmp_sources[i]->parts[p]);
        if (s->read)
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
    arena_free(r->mem);
    free(r);
}

static void ask(struct part *p, struct snmp_walk *walk)
{
    p->walk = walk;
    *walk = (struct snmp_walk){ .objects = p->is->objects, .n_objects = p->is->n_objects, .scalars = p->is->scalars, .there = p->is->ask == SNMP_ASK_LED && !p->is->scalars, .rows_max = p->is->rows_max,
                                .cell = on_cell, .arg = p };
}

size_t snmp_reading_first(struct snmp_reading *r, struct snmp_walk *walks)
{
    size_t n = 0;
    walks[n] = (struct snmp_walk){ .objects = r->mandatory, .n_objects = r->n_mandatory, .scalars = true, .cell = on_mandatory, .arg = r };
    r->mandatory_walk = &walks[n++];
    for (size_t i = 0; i < r->n_parts; i++) {
        if (r->parts[i].is->ask == SNMP_ASK_ALWAYS)
            ask(&r->parts[i], &walks[n++]);
        else if (r->parts[i].is->ask == SNMP_ASK_LED)
            add_look(r, &r->parts[i]);
    }
    walks[n++] = (struct snmp_walk){ .objects = r->looks, .n_objects = r->n_looks, .looks = true, .cell = on_look, .arg = r };
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
        if (p->is->ask == SNMP_ASK_LED ? !p->absent : p->is->ask == SNMP_ASK_VENDOR && is_of(object_id, p->is->enterprises))
            ask(p, &walks[n++]);
    }
    return n;
}

/* --- what came ----------------------------------------------------------------------------------------------------------- */

static const struct snmp_walk *part_why(const struct part *p)
{
    static const struct snmp_walk fine = { .reason = REASON_NONE };
    return p->walk != NULL ? p->walk : &fine;
}

const struct snmp_table *snmp_reading_part(struct snmp_reading *r, const struct snmp_source *source, size_t part, const struct snmp_walk **why)
{
    const struct source_reading *s = find(r, source);
    if (!s->read)
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

bool snmp_reading_is_whole(struct snmp_reading *r, const struct snmp_source *source)
{
    const struct source_reading *s = find(r, source);
    bool full;
    return s->read && source_why(s, source->n_parts, &full)->reason == REASON_NONE && !full;
}

bool snmp_reading_has(struct snmp_reading *r, const struct snmp_source *source)
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

bool snmp_is_damaged(const struct snmp_agent *agent)
{
    return agent->thrown_away(agent->arg) == REASON_MALFORMED;
}

void snmp_say_doubtful(struct probe_ctx *ctx, const struct fact_table *t, const struct snmp_agent *agent, const struct snmp_walk *w)
{
    if (w->reason == REASON_NONE && snmp_is_damaged(agent))
        probe_table(ctx, t, STATE_PARTIAL, REASON_MALFORMED, "some of its answers were thrown away");
}

/* As the reason usually ends, and failed where that would mean that some rows came. */
void snmp_say_none(struct probe_ctx *ctx, const struct fact_table *t, enum reason reason, const char *detail)
{
    enum state state = reason_info(reason)->state;
    probe_table(ctx, t, state == STATE_PARTIAL || state == STATE_COMPLETE ? STATE_FAILED : state, reason, "%s", detail);
}

struct emitting { struct snmp_reading *r; const struct snmp_agent *agent; const struct snmp_guests *guests; size_t n; bool full; };

static void on_full(void *arg)
{
    struct emitting *e = arg;
    e->full = true;
}

static void on_row(void *arg, const struct fact_row *row)
{
    struct emitting *e = arg;
    if (!snmp_guests_hold(e->guests, row))
        snmp_emit_at(e->r->ctx, e->agent, row);
    e->n++;                          /* the agent has it, in either case */
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
    if (e->n > 0) {
        snmp_say_partial(r->ctx, source->table, why);
        snmp_say_doubtful(r->ctx, source->table, agent, why);
    } else if (why->reason != REASON_NONE)
        snmp_say_none(r->ctx, source->table, why->reason, why->detail);
    else if (snmp_is_damaged(agent))     /* "nothing" proves nothing then */
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

void snmp_reading_look(struct snmp_reading *r, const struct snmp_source *source, const struct snmp_view *context, void (*fn)(void *arg, const struct fact_row *row), void *arg)
{
    const struct source_reading *s = find(r, source);
    if (s->read)
        make_rows(s, source, context, fn, ignore_full, arg);
}

void snmp_reading_emit(struct snmp_reading *r, const struct snmp_agent *agent, const struct snmp_view *context, const struct snmp_guests *guests)
{
    for (size_t i = 0; i < snmp_n_sources; i++) {
        if (!r->sources[i].wanted)
            continue;
        struct emitting e = { .r = r, .agent = agent, .guests = guests };
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
            const char *when = part->ask == SNMP_ASK_LED ? ", only if a look at the name above them shows anything" : part->ask == SNMP_ASK_VENDOR ? ", of this maker's devices only" : "";
            fprintf(out, " %s%s:\n", part->scalars ? "Single objects" : "Columns", when);
            for (size_t k = 0; k < part->n_objects; k++)
                fprintf(out, "  %s\n", part->objects[k]);
        }
        for (size_t m = 0; m < N_ELEMENTS(source->mandatory) && source->mandatory[m] != NULL; m++)
            fprintf(out, "  %s (whether it has them)\n", source->mandatory[m]);
    }
}
