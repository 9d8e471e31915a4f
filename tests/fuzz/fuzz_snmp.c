/* Values of an SNMP agent's answers: into tables, and from tables to facts; the same values into the tables of one source, chosen by the input's length. An input is a list of values: table and column (1 byte),
 * length of the index (1) and the index (1 byte each, times a prime), type (1), length (2), bytes. */
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "fact/row.h"
#include "fact/table_devices.h"
#include "probes/snmp/snmp_roles.h"
#include "probes/snmp/snmp_sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW 1700000000

static uint64_t number_of(const uint8_t *p, size_t len)
{
    uint64_t v = 0;
    for (size_t i = 0; i < len && i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

static struct snmp_value read_value(struct reader *r, uint32_t oid[SNMP_OID_MAX])
{
    static const enum snmp_type types[] = { SNMP_INTEGER, SNMP_OCTETS, SNMP_OBJECT_ID, SNMP_IP_ADDRESS, SNMP_COUNTER32, SNMP_GAUGE32, SNMP_TIME_TICKS, SNMP_OPAQUE, SNMP_COUNTER64 };
    struct snmp_value v = { .type = types[reader_u8(r) % N_ELEMENTS(types)] };
    size_t len = reader_u16(r);
    const uint8_t *p = reader_take(r, len);
    if (p == NULL)
        return v;
    uint64_t n = number_of(p, len);
    switch (v.type) {
    case SNMP_INTEGER: memcpy(&v.i, &n, sizeof v.i); break;
    case SNMP_OCTETS: case SNMP_IP_ADDRESS: case SNMP_OPAQUE: v.bytes = p; v.len = len; break;
    case SNMP_COUNTER64: v.u = n; break;
    case SNMP_OBJECT_ID:
        for (v.n_oid = 0; v.n_oid < len && v.n_oid < SNMP_OID_MAX; v.n_oid++)
            oid[v.n_oid] = p[v.n_oid];
        v.oid = oid;
        break;
    default: v.u = (uint32_t)n; break;
    }
    return v;
}

static void check_row(struct fact_row *row)
{
    struct buf mem = BUF_INIT(1U << 24), key = BUF_INIT(FACT_KEY_MAX);
    uint64_t dropped;
    fact_row_normalize(row, &mem, &dropped);
    for (size_t c = 0; c < row->table->n_columns; c++) {
        if (row->v[c].kind == FACT_KIND_TEXT && !text_is_utf8(row->v[c].s, row->v[c].len))
            abort();
        /* What the probe itself writes has its one valid form already. */
        if ((dropped >> c & 1) != 0 && row->table->columns[c].type != FACT_TEXT)
            abort();
    }
    fact_row_key(row, 1, &key);
    if (key.overflow || key.len == 0)
        abort();
    buf_clear(&key);
    buf_clear(&mem);
}

static void on_row(void *arg, const struct fact_row *row)
{
    struct fact_row copy = *row;
    snmp_roles_note(arg, row);
    check_row(&copy);
}

static void on_full(void *arg)
{
    (void)arg;
}

static void check_source(const struct snmp_source *source, struct snmp_table *const *parts, const struct snmp_table *interfaces)
{
    struct snmp_roles *roles = snmp_roles_new();
    source->rows(&(struct snmp_view){ .parts = parts, .interfaces = interfaces, .components = source == &snmp_components ? parts[0] : NULL, .uptime = 123456, .now = NOW, .emit = on_row, .full = on_full, .arg = roles });
    for (size_t i = 0; i < snmp_table_rows(interfaces); i++) {
        struct arena *mem = arena_new();
        struct fact_row row;
        if (snmp_interface_row(interfaces, i, 123456, &row, mem)) {
            snmp_roles_set(roles, &row, i % 2 == 0);
            check_row(&row);
        }
        arena_free(mem);
    }
    snmp_roles_free(roles);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct snmp_source *source = snmp_sources[size % snmp_n_sources];
    struct snmp_table *parts[SOURCE_PARTS_MAX] = { NULL };
    for (size_t i = 0; i < source->n_parts; i++)
        parts[i] = snmp_table_new(source->parts[i].n_objects, 64, 1U << 20);
    static const size_t columns[] = { SYSTEM_OBJECTS, INTERFACE_COLUMNS, 1, CHASSIS_OBJECTS };
    struct snmp_table *tables[N_ELEMENTS(columns)];
    for (size_t i = 0; i < N_ELEMENTS(columns); i++)
        tables[i] = snmp_table_new(columns[i], 64, 1U << 20);
    struct reader r;
    reader_init(&r, data, size);
    while (reader_left(&r) > 0 && !r.bad) {
        uint8_t where = reader_u8(&r);
        uint32_t index[256], oid[SNMP_OID_MAX];
        size_t n = reader_u8(&r), t = where % N_ELEMENTS(columns);
        for (size_t i = 0; i < n; i++)
            index[i] = reader_u8(&r) * 16777213U;
        struct snmp_value v = read_value(&r, oid);
        if (r.bad)
            break;
        (void)snmp_table_put(tables[t], where / N_ELEMENTS(columns) % columns[t], index, n, &v);
        size_t p = where % source->n_parts;
        (void)snmp_table_put(parts[p], where / source->n_parts % source->parts[p].n_objects, index, n, &v);
    }
    struct arena *mem = arena_new();
    struct fact_row row;
    uint32_t at;
    snmp_device_row(tables[0], NOW, &row, mem);
    snmp_device_chassis(tables[3], &row, mem);
    check_row(&row);
    (void)snmp_only_chassis(tables[2], &at);
    check_source(source, parts, tables[1]);
    arena_free(mem);
    for (size_t i = 0; i < N_ELEMENTS(columns); i++)
        snmp_table_free(tables[i]);
    for (size_t i = 0; i < source->n_parts; i++)
        snmp_table_free(parts[i]);
    return 0;
}
