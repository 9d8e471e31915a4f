/* Rows of `memory`: the makers' pools, UCD-SNMP-MIB's figures, else HOST-RESOURCES-MIB's RAM. Pure. */
#include "probes/snmp/snmp_storage.h"

#include <string.h>
#include "fact/table_memory.h"

#define KIB 1024
#define MIB (1024 * 1024)
#define RAM_LEAST MIB                /* printers and network modules call their buffers RAM too */

enum { PART_CISCO, PART_CISCO_NEW, PART_UCD, PART_FORTINET, PART_JUNIPER, PART_SPU, PART_SONICWALL, PART_HP, PART_ARUBA, PART_STORAGE, PARTS };
_Static_assert(PARTS <= SOURCE_PARTS_MAX, "there is room");

enum { POOL_NAME, POOL_USED, POOL_FREE, POOL_HC_USED, POOL_HC_FREE };
static const char *const cisco_objects[] = { "1.3.6.1.4.1.9.9.48.1.1.1.2", "1.3.6.1.4.1.9.9.48.1.1.1.5", "1.3.6.1.4.1.9.9.48.1.1.1.6" };
static const char *const cisco_new_objects[] = { "1.3.6.1.4.1.9.9.221.1.1.1.1.3", "1.3.6.1.4.1.9.9.221.1.1.1.1.7", "1.3.6.1.4.1.9.9.221.1.1.1.1.8", "1.3.6.1.4.1.9.9.221.1.1.1.1.18", "1.3.6.1.4.1.9.9.221.1.1.1.1.20" };
enum { UCD_TOTAL, UCD_FREE, UCD_BUFFERS, UCD_CACHED };
static const char *const ucd_objects[] = { "1.3.6.1.4.1.2021.4.5.0", "1.3.6.1.4.1.2021.4.6.0", "1.3.6.1.4.1.2021.4.14.0", "1.3.6.1.4.1.2021.4.15.0" };
static const char *const fortinet_objects[] = { "1.3.6.1.4.1.12356.101.4.1.4.0", "1.3.6.1.4.1.12356.101.4.1.5.0" };           /* fgSysMemUsage, fgSysMemCapacity (KiB) */
static const char *const sonicwall_objects[] = { "1.3.6.1.4.1.8741.1.3.1.4.0" };                                              /* sonicCurrentRAMUtil */
static const char *const hp_objects[] = { "1.3.6.1.4.1.11.2.14.11.5.1.1.2.1.1.1.5", "1.3.6.1.4.1.11.2.14.11.5.1.1.2.1.1.1.6" };    /* hpLocalMemTotalBytes, FreeBytes */
static const char *const aruba_objects[] = { "1.3.6.1.4.1.14823.2.2.1.2.1.15.1.2", "1.3.6.1.4.1.14823.2.2.1.2.1.15.1.3" };    /* sysExtMemorySize, Used (KiB) */

static const uint32_t hp[] = { 11, 0 }, aruba[] = { 14823, 0 };

/* One row; total and used in bytes, percent for makers that give only that; -1: not known. */
struct figures { const char *source, *name; int64_t total, used, percent; };

static void emit_row(const struct snmp_view *v, const struct snmp_table *t, size_t i, const struct figures *f, struct arena *mem)
{
    struct fact_row row;
    fact_row_init(&row, &fact_memory);
    fact_set_str(&row, MEMORY_SOURCE, f->source);
    fact_set_str(&row, MEMORY_NUMBER, snmp_index_text(t, i, mem));
    fact_set_str(&row, MEMORY_NAME, f->name);
    if (f->total > 0)
        fact_set_int(&row, MEMORY_TOTAL_BYTES, f->total);
    if (f->used >= 0 && f->used <= f->total)
        fact_set_int(&row, MEMORY_USED_BYTES, f->used);
    if (f->percent >= 0 && f->percent <= 100)
        fact_set_real(&row, MEMORY_USED_PERCENT, (double)f->percent);
    else
        snmp_set_percent(&row, MEMORY_USED_PERCENT, f->used, f->total);
    v->emit(v->arg, &row);
}

/* A number of units in bytes; -1 when there is none. */
static int64_t bytes_at(const struct snmp_table *t, size_t row, size_t column, int64_t unit)
{
    int64_t n;
    return snmp_table_number(t, row, column, &n) && n >= 0 && n <= INT64_MAX / unit ? n * unit : -1;
}

static int64_t percent_at(const struct snmp_table *t, size_t row, size_t column)
{
    return bytes_at(t, row, column, 1);
}

/* --- Cisco: the enhanced table counts in 64 bits and has every pool; the older one is read where that is missing ------------------- */

static size_t pool_rows(const struct snmp_view *v, size_t part, const char *source)
{
    const struct snmp_table *t = v->parts[part];
    size_t emitted = 0;
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        int64_t used = bytes_at(t, i, POOL_HC_USED, 1), unused = bytes_at(t, i, POOL_HC_FREE, 1);
        if (used < 0 || unused < 0) {
            used = bytes_at(t, i, POOL_USED, 1);
            unused = bytes_at(t, i, POOL_FREE, 1);
        }
        bool known = used >= 0 && unused >= 0 && used <= INT64_MAX - unused && used + unused > 0;
        const struct figures f = { source, snmp_text_at(t, i, POOL_NAME, mem), known ? used + unused : -1, known ? used : -1, -1 };
        if (known) {
            emit_row(v, t, i, &f, mem);
            emitted++;
        }
        arena_free(mem);
    }
    return emitted;
}

/* --- the other makers ------------------------------------------------------------------------------------------------------------- */

static size_t fortinet_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_FORTINET];
    struct arena *mem = arena_new();
    const struct figures f = { "FORTINET-FORTIGATE-MIB", NULL, bytes_at(t, 0, 1, KIB), -1, percent_at(t, 0, 0) };
    bool known = f.percent >= 0;
    if (known)
        emit_row(v, t, 0, &f, mem);
    arena_free(mem);
    return known;
}

/* All parts of the chassis are rows; those without memory have zeros. */
static size_t juniper_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_JUNIPER];
    size_t emitted = 0;
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        const struct figures f = { "JUNIPER-MIB", snmp_text_at(t, i, OPERATING_DESCR, mem), bytes_at(t, i, OPERATING_MEMORY, MIB), -1, percent_at(t, i, OPERATING_BUFFER) };
        if (f.percent > 0) {
            emit_row(v, t, i, &f, mem);
            emitted++;
        }
        arena_free(mem);
    }
    return emitted;
}

static size_t percent_rows(const struct snmp_view *v, size_t part, size_t column, const char *source)
{
    const struct snmp_table *t = v->parts[part];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        emit_row(v, t, i, &(struct figures){ source, NULL, -1, -1, percent_at(t, i, column) }, mem);
        arena_free(mem);
    }
    return snmp_table_rows(t);
}

/* Total and free, or total and used, of each row. */
static size_t total_rows(const struct snmp_view *v, size_t part, const char *source, int64_t unit, bool second_is_free)
{
    const struct snmp_table *t = v->parts[part];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        struct arena *mem = arena_new();
        int64_t total = bytes_at(t, i, 0, unit), second = bytes_at(t, i, 1, unit);
        emit_row(v, t, i, &(struct figures){ source, NULL, total, second < 0 ? -1 : second_is_free ? total - second : second, -1 }, mem);
        arena_free(mem);
    }
    return snmp_table_rows(t);
}

/* Buffers and caches are given back when somebody wants the memory, so they count as free. */
static size_t ucd_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_UCD];
    int64_t total = bytes_at(t, 0, UCD_TOTAL, KIB), unused = bytes_at(t, 0, UCD_FREE, KIB), buffers = bytes_at(t, 0, UCD_BUFFERS, KIB), cached = bytes_at(t, 0, UCD_CACHED, KIB);
    if (total <= 0 || unused < 0 || unused > total)
        return 0;
    int64_t spare = unused;
    if (buffers > 0 && buffers <= total - spare)
        spare += buffers;
    if (cached > 0 && cached <= total - spare)
        spare += cached;
    struct arena *mem = arena_new();
    emit_row(v, t, 0, &(struct figures){ "UCD-SNMP-MIB", NULL, total, total - spare, -1 }, mem);
    arena_free(mem);
    return 1;
}

/* Where nobody said more: stores of the type RAM. On Linux they count caches as used, but Linux' own agent has UCD-SNMP-MIB. */
static void ram_rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[PART_STORAGE];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        int64_t size, used;
        const char *type = snmp_storage_type(t, i);
        if (type == NULL || strcmp(type, "ram") != 0 || !snmp_storage_bytes(t, i, STORAGE_OBJECT_SIZE, &size) || size < RAM_LEAST)
            continue;
        struct arena *mem = arena_new();
        if (!snmp_storage_bytes(t, i, STORAGE_OBJECT_USED, &used))
            used = -1;
        emit_row(v, t, i, &(struct figures){ "HOST-RESOURCES-MIB", snmp_text_at(t, i, STORAGE_OBJECT_DESCR, mem), size, used, -1 }, mem);
        arena_free(mem);
    }
}

static void rows(const struct snmp_view *v)
{
    size_t n = pool_rows(v, PART_CISCO_NEW, "CISCO-ENHANCED-MEMPOOL-MIB");
    if (n == 0)
        n = pool_rows(v, PART_CISCO, "CISCO-MEMORY-POOL-MIB");
    n += fortinet_rows(v) + juniper_rows(v);
    n += percent_rows(v, PART_SPU, SPU_MEMORY, "JUNIPER-SRX5000-SPU-MONITORING-MIB") + percent_rows(v, PART_SONICWALL, 0, "SONICWALL-FIREWALL-IP-STATISTICS-MIB");
    n += total_rows(v, PART_HP, "NETSWITCH-MIB", 1, true) + total_rows(v, PART_ARUBA, "WLSX-SYSTEMEXT-MIB", KIB, false);
    n += ucd_rows(v);
    if (n == 0)
        ram_rows(v);
}

static const struct snmp_part parts[PARTS] = {
    [PART_CISCO] = SNMP_COLUMNS_OF(snmp_cisco, cisco_objects, 1000), [PART_CISCO_NEW] = SNMP_COLUMNS_OF(snmp_cisco, cisco_new_objects, 1000), [PART_UCD] = SNMP_SINGLES_LED(ucd_objects),
    [PART_FORTINET] = SNMP_SINGLES_OF(snmp_fortinet, fortinet_objects), [PART_JUNIPER] = SNMP_OPERATING, [PART_SPU] = SNMP_SPUS,
    [PART_SONICWALL] = SNMP_SINGLES_OF(snmp_sonicwall, sonicwall_objects), [PART_HP] = SNMP_COLUMNS_OF(hp, hp_objects, 100), [PART_ARUBA] = SNMP_COLUMNS_OF(aruba, aruba_objects, 100),
    [PART_STORAGE] = SNMP_STORAGE };
const struct snmp_source snmp_memory = { .table = &fact_memory, .parts = parts, .n_parts = PARTS, .mandatory = { NULL }, .rows = rows };
