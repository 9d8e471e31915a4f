/* An exported file through its mapping, as the file probe does it: bytes to UTF-8, records, headings, rows. The input is a u32 length, that
 * many bytes of an encoded mapping (length 0: one that is built here), and the file. */
#include "base/csv.h"
#include "base/mem.h"
#include "base/text.h"
#include "fact/mapping.h"
#include "fact/table_hosts.h"
#include "probes/file/file_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static const char *name_headings[] = { "Name", "Hostname" }, *seen_headings[] = { "Last seen" }, *memory_headings[] = { "Memory" };
static const char *type_headings[] = { "Type" }, *printers[] = { "Printer" }, *formats[] = { "%m/%d/%Y %H:%M", "%d.%m.%Y", "epoch", "either" };
static const char *units[] = { "GB" }, *unknown[] = { "n/a", "-" };
static struct mapping_pair systems[] = { { "Win 10", "Windows 10" } };
static const char *os_headings[] = { "OS" }, *target_headings[] = { "Name" };
static struct mapping_column columns[] = {
    { .column = HOSTS_NAME, .headings = { name_headings, 2 }, .zone = -1, .multiply = 1, .lower = true, .short_name = true },
    { .column = HOSTS_LAST_SEEN_AT, .headings = { seen_headings, 1 }, .zone = 0, .multiply = 1, .dates = { formats, 4 } },
    { .column = HOSTS_MEMORY_BYTES, .headings = { memory_headings, 1 }, .zone = -1, .multiply = 1073741824.0, .strip = { units, 1 } },
    { .column = HOSTS_OS_NAME, .headings = { os_headings, 1 }, .zone = -1, .multiply = 1, .map = systems, .n_map = 1, .unknown = { unknown, 2 }, .first = "," },
};
static struct mapping_where where[] = { { { type_headings, 1 }, { printers, 1 }, true } };
static struct mapping_offset offsets[] = { { 0, -21600 }, { 1700000000, -18000 } };
static struct mapping_zone zones[] = { { "America/Chicago", offsets, 2 } };
static struct mapping_table tables[] = {
    { .table = &fact_hosts, .columns = columns, .n_columns = N_ELEMENTS(columns), .where = where, .n_where = 1, .target = { target_headings, 1 },
      .required = { HOSTS_NAME }, .n_required = 1 },
};
static const struct mapping built_in = { .title = "built in", .kind = "csv", .header_row = 1, .zones = zones, .n_zones = 1, .tables = tables, .n_tables = 1 };

struct sink { const struct mapping *m; size_t rows; };

static bool on_row(void *arg, const char *target, const struct fact_row *row)
{
    struct sink *s = arg;
    struct fact_row copy = *row;
    struct buf mem = BUF_INIT(1 << 26);
    uint64_t dropped = 0;

    must(target == NULL || strcmp(target, "front-desk") == 0);
    for (size_t t = 0; t < s->m->n_tables; t++) {
        for (size_t r = 0; s->m->tables[t].table == row->table && s->m->n_tables == 1 && r < s->m->tables[t].n_required; r++)
            must(row->v[s->m->tables[t].required[r]].kind != FACT_KIND_NULL);
    }
    fact_row_normalize(&copy, &mem, &dropped);
    for (size_t c = 0; c < copy.table->n_columns; c++)
        must(copy.v[c].kind != FACT_KIND_TEXT || text_is_utf8(copy.v[c].s, copy.v[c].len));
    buf_clear(&mem);
    return ++s->rows < 10000;
}

static void try_file(const struct mapping *m, const uint8_t *data, size_t size)
{
    struct buf text = BUF_INIT(1 << 24);
    struct file_aliases *aliases = file_aliases_new();
    struct job *job = job_new();
    struct guests *guests = guests_of(job);
    struct file_result *r = xcalloc(1, sizeof(*r));
    struct sink s = { m, 0 };
    size_t rows = 0;

    file_aliases_add(aliases, "PC1", "front-desk");
    if (csv_to_utf8(data, size, NULL, &text) == 0) {
        must(text_is_utf8(buf_str(&text), text.len));
        const struct file_how how = { .aliases = aliases, .dates = (enum date_order)(size % 3), .guests = guests, .fn = on_row, .arg = &s };
        file_csv_parse(m, &how, buf_str(&text), text.len, r);
        for (size_t t = 0; t < m->n_tables; t++)
            rows += r->tables[t].rows;
        must(rows == s.rows);
        must(r->header_record != 0 || (rows == 0 && r->reason != REASON_NONE));
        must(r->header_record < MAPPING_MAX_HEADER_ROW + 1);
    }
    file_aliases_free(aliases);
    guests_free(guests);
    job_free(job);
    free(r);
    buf_clear(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r;
    struct mapping *m = NULL;
    size_t len = 0;

    reader_init(&r, data, size);
    const uint8_t *wire = reader_bytes(&r, &len);
    if (r.bad || (len > 0 && mapping_decode(wire, len, &m) != 0))
        return 0;
    if (m != NULL) {
        struct buf again = BUF_INIT(MAPPING_MAX_WIRE + 65536);

        mapping_encode(m, &again);
        must(again.overflow || (again.len == len && memcmp(again.data, wire, len) == 0));
        buf_clear(&again);
    }
    try_file(m != NULL ? m : &built_in, data + r.pos, reader_left(&r));
    mapping_free(m);
    return 0;
}
