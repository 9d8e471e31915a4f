/* Rows of `storage` from HOST-RESOURCES-MIB (RFC 2790). Pure. */
#include "probes/snmp/snmp_storage.h"

#include "fact/table_storage.h"

const char *const snmp_storage_objects[STORAGE_OBJECTS] = {
    [STORAGE_OBJECT_SIZE] = "1.3.6.1.2.1.25.2.3.1.5", [STORAGE_OBJECT_TYPE] = "1.3.6.1.2.1.25.2.3.1.2", [STORAGE_OBJECT_DESCR] = "1.3.6.1.2.1.25.2.3.1.3", [STORAGE_OBJECT_UNIT] = "1.3.6.1.2.1.25.2.3.1.4",
    [STORAGE_OBJECT_USED] = "1.3.6.1.2.1.25.2.3.1.6", [STORAGE_OBJECT_FAILURES] = "1.3.6.1.2.1.25.2.3.1.7" };

/* hrStorageTypes: the last number under 1.3.6.1.2.1.25.2.1. */
const char *snmp_storage_type(const struct snmp_table *t, size_t row)
{
    static const uint32_t types[] = { 1, 3, 6, 1, 2, 1, 25, 2, 1 };
    static const char *const words[] = { NULL, "other", "ram", "virtualMemory", "fixedDisk", "removableDisk", "floppyDisk", "compactDisc", "ramDisk", "flashMemory", "networkDisk" };
    const struct snmp_value *v = snmp_table_get(t, row, STORAGE_OBJECT_TYPE);
    if (v == NULL || v->type != SNMP_OBJECT_ID || v->n_oid != N_ELEMENTS(types) + 1 || oid_compare(v->oid, N_ELEMENTS(types), types, N_ELEMENTS(types)) != 0)
        return NULL;
    uint32_t n = v->oid[N_ELEMENTS(types)];
    return n < N_ELEMENTS(words) ? words[n] : NULL;
}

/* The MIB's numbers have 32 bits with a sign: of volumes beyond 2^31 units agents send negative or wrapped ones, which say nothing. */
bool snmp_storage_bytes(const struct snmp_table *t, size_t row, size_t column, int64_t *out)
{
    int64_t n, unit;
    if (!snmp_table_number(t, row, column, &n) || n < 0 || !snmp_table_number(t, row, STORAGE_OBJECT_UNIT, &unit) || unit <= 0 || unit > INT32_MAX || n > INT64_MAX / unit)
        return false;
    *out = n * unit;
    return true;
}

static void rows(const struct snmp_view *v)
{
    const struct snmp_table *t = v->parts[0];
    for (size_t i = 0; i < snmp_table_rows(t); i++) {
        size_t n;
        int64_t size, used;
        const uint32_t *index = snmp_table_index(t, i, &n);
        if (n != 1)
            continue;
        struct arena *mem = arena_new();
        struct fact_row row;
        fact_row_init(&row, &fact_storage);
        fact_set_int(&row, STORAGE_STORAGE, index[0]);
        fact_set_str(&row, STORAGE_NAME, snmp_text_at(t, i, STORAGE_OBJECT_DESCR, mem));
        fact_set_str(&row, STORAGE_TYPE, snmp_storage_type(t, i));
        bool sized = snmp_storage_bytes(t, i, STORAGE_OBJECT_SIZE, &size), filled = snmp_storage_bytes(t, i, STORAGE_OBJECT_USED, &used);
        if (sized)
            fact_set_int(&row, STORAGE_SIZE_BYTES, size);
        if (filled)
            fact_set_int(&row, STORAGE_USED_BYTES, used);
        if (sized && filled)
            snmp_set_percent(&row, STORAGE_USED_PERCENT, used, size);
        snmp_set_number(&row, STORAGE_ALLOCATION_FAILURES, t, i, STORAGE_OBJECT_FAILURES, 0, UINT32_MAX);
        v->emit(v->arg, &row);
        arena_free(mem);
    }
}

static const struct snmp_part parts[] = { SNMP_STORAGE };
const struct snmp_source snmp_storage = { .table = &fact_storage, .parts = parts, .n_parts = 1, .mandatory = { "1.3.6.1.2.1.25.1.1.0" }, .rows = rows };
