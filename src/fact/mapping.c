/* A mapping's life: making, encoding into the job, decoding in the worker.
 * Parent (encodes) and worker (decodes). The decoder checks every count, name and number against the header's limits. */
#include "fact/mapping.h"
#include "fact/decode.h"
#include <math.h>
#include <string.h>

#define MAPPING_MAGIC 0x4d415031u    /* "MAP1" */

struct mapping *mapping_new(void)
{
    struct arena *arena = arena_new();
    struct mapping *m = arena_alloc(arena, sizeof(*m));

    m->arena = arena;
    m->header_row = 1;
    return m;
}

void mapping_free(struct mapping *m)
{
    if (m != NULL)
        arena_free(m->arena);
}

/* --- writing ---------------------------------------------------------------------------------------------------------- */

static void put_list(struct buf *out, const struct mapping_list *l)
{
    buf_put_u16(out, (uint16_t)l->n);
    for (size_t i = 0; i < l->n; i++)
        buf_put_str(out, l->v[i]);
}

/* A text that may be absent: a byte says whether it is there. */
static void put_optional(struct buf *out, const char *s)
{
    buf_put_u8(out, s != NULL);
    if (s != NULL)
        buf_put_str(out, s);
}

static void put_real(struct buf *out, double v)
{
    uint64_t bits = 0;

    memcpy(&bits, &v, sizeof(bits));
    buf_put_u64(out, bits);
}

static void put_column(struct buf *out, const struct fact_table *table, const struct mapping_column *c)
{
    buf_put_str(out, table->columns[c->column].name);
    put_list(out, &c->headings);
    put_optional(out, c->constant);
    buf_put_u8(out, (uint8_t)((c->lower ? 1 : 0) | (c->upper ? 2 : 0) | (c->short_name ? 4 : 0)));
    put_optional(out, c->first);
    put_list(out, &c->unknown);
    put_list(out, &c->strip);
    buf_put_u16(out, (uint16_t)c->n_map);
    for (size_t i = 0; i < c->n_map; i++) {
        buf_put_str(out, c->map[i].from);
        buf_put_str(out, c->map[i].to);
    }
    put_list(out, &c->dates);
    buf_put_u16(out, (uint16_t)(c->zone + 1));
    put_real(out, c->multiply);
}

static void put_table(struct buf *out, const struct mapping_table *t)
{
    buf_put_str(out, t->table->name);
    buf_put_u16(out, (uint16_t)t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++)
        put_column(out, t->table, &t->columns[i]);
    buf_put_u16(out, (uint16_t)t->n_where);
    for (size_t i = 0; i < t->n_where; i++) {
        put_list(out, &t->where[i].headings);
        put_list(out, &t->where[i].values);
        buf_put_u8(out, t->where[i].negate);
    }
    put_list(out, &t->target);
    put_list(out, &t->guests);
    buf_put_u16(out, (uint16_t)t->n_required);
    for (size_t i = 0; i < t->n_required; i++)
        buf_put_str(out, t->table->columns[t->required[i]].name);
}

void mapping_encode(const struct mapping *m, struct buf *out)
{
    buf_put_u32(out, MAPPING_MAGIC);
    buf_put_str(out, m->title);
    buf_put_str(out, m->kind);
    put_optional(out, m->encoding);
    buf_put_u8(out, (uint8_t)m->separator);
    buf_put_u32(out, m->header_row);
    buf_put_u16(out, (uint16_t)m->n_zones);
    for (size_t i = 0; i < m->n_zones; i++) {
        buf_put_str(out, m->zones[i].name);
        buf_put_u16(out, (uint16_t)m->zones[i].n);
        for (size_t j = 0; j < m->zones[i].n; j++) {
            buf_put_u64(out, (uint64_t)m->zones[i].offsets[j].from);
            buf_put_u32(out, (uint32_t)m->zones[i].offsets[j].seconds);
        }
    }
    buf_put_u16(out, (uint16_t)m->n_tables);
    for (size_t i = 0; i < m->n_tables; i++)
        put_table(out, &m->tables[i]);
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

static void get_list(struct decoder *d, struct mapping_list *l)
{
    l->n = decode_count(d, MAPPING_MAX_LIST);
    l->v = arena_array(d->arena, l->n + 1, sizeof(*l->v));
    for (size_t i = 0; i < l->n; i++)
        l->v[i] = decode_str(d);
}

static double get_real(struct decoder *d)
{
    uint64_t bits = reader_u64(&d->r);
    double v = 0;

    memcpy(&v, &bits, sizeof(v));
    if (!isfinite(v))
        d->r.bad = true;
    return v;
}

static int get_column_index(struct decoder *d, const struct fact_table *table)
{
    int column = fact_column_find(table, decode_str(d));

    if (column < 0) {
        d->r.bad = true;
        return 0;
    }
    return column;
}

static void get_column(struct decoder *d, const struct mapping *m, const struct fact_table *table, struct mapping_column *c)
{
    c->column = get_column_index(d, table);
    get_list(d, &c->headings);
    c->constant = decode_optional(d);
    uint8_t flags = reader_u8(&d->r);
    c->lower = (flags & 1) != 0;
    c->upper = (flags & 2) != 0;
    c->short_name = (flags & 4) != 0;
    c->first = decode_optional(d);
    get_list(d, &c->unknown);
    get_list(d, &c->strip);
    c->n_map = decode_count(d, MAPPING_MAX_PAIRS);
    c->map = arena_array(d->arena, c->n_map + 1, sizeof(*c->map));
    for (size_t i = 0; i < c->n_map; i++) {
        c->map[i].from = decode_str(d);
        c->map[i].to = decode_str(d);
    }
    get_list(d, &c->dates);
    c->zone = (int)reader_u16(&d->r) - 1;
    c->multiply = get_real(d);
    if (flags > 7 || c->zone >= (int)m->n_zones || (c->first != NULL && c->first[0] == '\0'))
        d->r.bad = true;
}

static void get_table(struct decoder *d, const struct mapping *m, struct mapping_table *t)
{
    t->table = fact_table_find(decode_str(d));
    if (t->table == NULL) {
        d->r.bad = true;
        return;
    }
    t->n_columns = decode_count(d, t->table->n_columns);
    t->columns = arena_array(d->arena, t->n_columns + 1, sizeof(*t->columns));
    for (size_t i = 0; i < t->n_columns; i++)
        get_column(d, m, t->table, &t->columns[i]);
    t->n_where = decode_count(d, MAPPING_MAX_LIST);
    t->where = arena_array(d->arena, t->n_where + 1, sizeof(*t->where));
    for (size_t i = 0; i < t->n_where; i++) {
        get_list(d, &t->where[i].headings);
        get_list(d, &t->where[i].values);
        t->where[i].negate = reader_u8(&d->r) != 0;
    }
    get_list(d, &t->target);
    get_list(d, &t->guests);
    t->n_required = decode_count(d, FACT_MAX_COLUMNS);
    for (size_t i = 0; i < t->n_required; i++)
        t->required[i] = get_column_index(d, t->table);
}

static void get_zone(struct decoder *d, struct mapping_zone *z)
{
    z->name = decode_str(d);
    z->n = decode_count(d, MAPPING_MAX_OFFSETS);
    z->offsets = arena_array(d->arena, z->n + 1, sizeof(*z->offsets));
    for (size_t i = 0; i < z->n; i++) {
        z->offsets[i].from = (int64_t)reader_u64(&d->r);
        z->offsets[i].seconds = (int32_t)reader_u32(&d->r);
        if (z->offsets[i].seconds < -86400 || z->offsets[i].seconds > 86400 || (i > 0 && z->offsets[i].from <= z->offsets[i - 1].from))
            d->r.bad = true;
    }
    if (z->n == 0)
        d->r.bad = true;
}

static void get_mapping(struct decoder *d, struct mapping *m)
{
    if (reader_u32(&d->r) != MAPPING_MAGIC) {
        d->r.bad = true;
        return;
    }
    m->title = decode_str(d);
    m->kind = decode_str(d);
    m->encoding = decode_optional(d);
    m->separator = (char)reader_u8(&d->r);
    m->header_row = reader_u32(&d->r);
    if (m->header_row < 1 || m->header_row > MAPPING_MAX_HEADER_ROW)
        d->r.bad = true;
    m->n_zones = decode_count(d, MAPPING_MAX_ZONES);
    m->zones = arena_array(d->arena, m->n_zones + 1, sizeof(*m->zones));
    for (size_t i = 0; i < m->n_zones && !d->r.bad; i++)
        get_zone(d, &m->zones[i]);
    m->n_tables = decode_count(d, MAPPING_MAX_TABLES);
    m->tables = arena_array(d->arena, m->n_tables + 1, sizeof(*m->tables));
    for (size_t i = 0; i < m->n_tables && !d->r.bad; i++)
        get_table(d, m, &m->tables[i]);
}

int mapping_decode(const void *p, size_t len, struct mapping **out)
{
    if (len > MAPPING_MAX_WIRE)
        return ERR_FORMAT;

    struct mapping *m = mapping_new();
    struct decoder d = { .arena = m->arena };

    reader_init(&d.r, p, len);
    get_mapping(&d, m);
    if (d.r.bad || reader_left(&d.r) != 0) {
        mapping_free(m);
        return ERR_FORMAT;
    }
    *out = m;
    return 0;
}
