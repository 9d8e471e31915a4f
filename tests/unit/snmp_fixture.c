/* The fixture of tests over the snmp probe's sources. */
#include "lib/cmocka_all.h"

#include <string.h>
#include "unit/snmp_fixture.h"

/* "column=value|column=value" of what is not NULL. */
static void on_row(void *arg, const struct fact_row *row)
{
    struct seen *s = arg;
    struct buf b = BUF_INIT(65536);
    for (size_t c = 0; c < row->table->n_columns; c++) {
        const struct fact_value *v = &row->v[c];
        if (v->kind == FACT_KIND_INTEGER)
            buf_printf(&b, "%s%s=%lld", b.len > 0 ? "|" : "", row->table->columns[c].name, (long long)v->i);
        else if (v->kind == FACT_KIND_REAL)
            buf_printf(&b, "%s%s=%.6g", b.len > 0 ? "|" : "", row->table->columns[c].name, v->r);
        else if (v->kind == FACT_KIND_TEXT)
            buf_printf(&b, "%s%s=%.*s", b.len > 0 ? "|" : "", row->table->columns[c].name, (int)v->len, v->s);
    }
    struct fact_row copy = *row;
    struct buf mem = BUF_INIT(1U << 20);
    uint64_t dropped;
    fact_row_normalize(&copy, &mem, &dropped);
    for (size_t c = 0; c < row->table->n_columns; c++)
        assert_false((dropped >> c & 1) != 0 && row->table->columns[c].type != FACT_TEXT);
    buf_clear(&mem);
    if (s->n < N_ELEMENTS(s->lines))
        s->lines[s->n++] = buf_take(&b);
    buf_clear(&b);
}

static void on_full(void *arg)
{
    struct seen *s = arg;
    s->full = true;
}

void fixture_begin(struct fixture *f, const struct snmp_source *source)
{
    memset(f, 0, sizeof *f);
    f->source = source;
    f->uptime = -1;
    f->interfaces = snmp_table_new(INTERFACE_COLUMNS, 100, 100000);
    f->components = snmp_table_new(snmp_components.parts[0].n_objects, 100, 100000);
    for (size_t p = 0; p < source->n_parts; p++)
        f->parts[p] = snmp_table_new(source->parts[p].n_objects, 1000, 1000000);
}

void fixture_rows(struct fixture *f)
{
    f->source->rows(&(struct snmp_view){ .parts = f->parts, .interfaces = f->interfaces, .components = f->components, .uptime = f->uptime, .uptime_wrapped = f->uptime_wrapped, .now = FIXTURE_NOW,
                                         .emit = on_row, .full = on_full, .arg = &f->seen });
}

void fixture_clear(struct fixture *f)
{
    for (size_t i = 0; i < f->seen.n; i++)
        free(f->seen.lines[i]);
    f->seen.n = 0;
    for (size_t p = 0; p < SOURCE_PARTS_MAX; p++)
        snmp_table_free(f->parts[p]);
    snmp_table_free(f->interfaces);
    snmp_table_free(f->components);
}

void fixture_end(struct fixture *f, const char *const *expected, size_t n)
{
    fixture_rows(f);
    for (size_t i = 0; i < n && i < f->seen.n; i++)
        assert_string_equal(f->seen.lines[i], expected[i]);
    assert_int_equal(f->seen.n, n);
    fixture_clear(f);
}

void put(struct snmp_table *t, size_t column, const char *index, struct snmp_value v)
{
    struct snmp_oid at;
    assert_true(oid_parse(index, &at));
    assert_true(snmp_table_put(t, column, at.id, at.n, &v));
}

/* The part of a source that asks for this object: its place in parts[], and the column. */
static struct snmp_table *part_with(struct fixture *f, const char *object, size_t *column)
{
    for (size_t p = 0; p < f->source->n_parts; p++)
        for (size_t c = 0; c < f->source->parts[p].n_objects; c++)
            if (strcmp(f->source->parts[p].objects[c], object) == 0) {
                *column = c;
                return f->parts[p];
            }
    fail_msg("nobody asks for %s", object);
    return NULL;
}

void put_at(struct fixture *f, const char *object, const char *index, struct snmp_value v)
{
    size_t column = 0;
    struct snmp_table *t = part_with(f, object, &column);
    put(t, column, index, v);
}

struct snmp_value number(int64_t i) { return (struct snmp_value){ .type = SNMP_INTEGER, .i = i }; }
struct snmp_value unsigned_number(enum snmp_type type, uint64_t u) { return (struct snmp_value){ .type = type, .u = u }; }
struct snmp_value bytes(enum snmp_type type, const char *s, size_t len)
{
    union { const char *c; const uint8_t *u; } p = { .c = s };
    return (struct snmp_value){ .type = type, .bytes = p.u, .len = len };
}
struct snmp_value text(const char *s) { return bytes(SNMP_OCTETS, s, strlen(s)); }
struct snmp_value pointer(const char *oid)
{
    static struct snmp_oid kept;
    assert_true(oid_parse(oid, &kept));
    return (struct snmp_value){ .type = SNMP_OBJECT_ID, .oid = kept.id, .n_oid = kept.n };
}
