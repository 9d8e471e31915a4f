/* Tables put together from single values that come in any order. Pure; bounded in rows and bytes. */
#include "probes/snmp/snmp_parse.h"

#include <string.h>

struct row {
    size_t n_index;
    const uint32_t *index;
    const struct snmp_value **cells;     /* NULL: not there */
};

struct snmp_table {
    struct arena *mem;
    size_t n_columns, rows_max, bytes_left;
    struct row *rows;                    /* sorted by index */
    size_t n, cap;
    size_t last;                         /* where the last value went: the next one is mostly after it */
};

struct snmp_table *snmp_table_new(size_t n_columns, size_t rows_max, size_t bytes_max)
{
    struct snmp_table *t = xcalloc(1, sizeof *t);
    t->mem = arena_new();
    t->n_columns = n_columns;
    t->rows_max = rows_max;
    t->bytes_left = bytes_max;
    return t;
}

void snmp_table_free(struct snmp_table *t)
{
    if (t == NULL)
        return;
    arena_free(t->mem);
    free(t->rows);
    free(t);
}

static int compare(const struct row *r, const uint32_t *index, size_t n)
{
    return oid_compare(r->index, r->n_index, index, n);
}

/* The place of the first row that is not before index. */
static size_t find(const struct snmp_table *t, const uint32_t *index, size_t n)
{
    size_t low = 0, high = t->n;
    if (t->last + 1 < t->n && compare(&t->rows[t->last + 1], index, n) == 0)
        return t->last + 1;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare(&t->rows[mid], index, n) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool take_bytes(struct snmp_table *t, size_t n)
{
    if (n > t->bytes_left)
        return false;
    t->bytes_left -= n;
    return true;
}

static bool row_insert(struct snmp_table *t, size_t at, const uint32_t *index, size_t n)
{
    if (t->n >= t->rows_max || !take_bytes(t, sizeof(struct row) + n * sizeof *index + t->n_columns * sizeof(struct snmp_value *)))
        return false;
    if (t->n == t->cap) {
        t->cap = t->cap == 0 ? 32 : t->cap * 2;
        t->rows = xrealloc_array(t->rows, t->cap, sizeof *t->rows);
    }
    uint32_t *copy = arena_array(t->mem, n + 1, sizeof *copy);
    memcpy(copy, index, n * sizeof *copy);
    memmove(t->rows + at + 1, t->rows + at, (t->n - at) * sizeof *t->rows);
    t->rows[at] = (struct row){ .n_index = n, .index = copy, .cells = arena_array(t->mem, t->n_columns, sizeof(struct snmp_value *)) };
    t->n++;
    return true;
}

static const struct snmp_value *value_copy(struct snmp_table *t, const struct snmp_value *v)
{
    size_t bytes = v->type == SNMP_OBJECT_ID ? v->n_oid * sizeof *v->oid : v->len;
    if (!take_bytes(t, sizeof *v + bytes))
        return NULL;
    struct snmp_value *copy = arena_alloc(t->mem, sizeof *copy);
    *copy = *v;
    if (v->type == SNMP_OBJECT_ID) {
        uint32_t *oid = arena_array(t->mem, v->n_oid + 1, sizeof *oid);
        if (v->n_oid > 0)
            memcpy(oid, v->oid, bytes);
        copy->oid = oid;
    } else {
        uint8_t *p = arena_alloc(t->mem, bytes + 1);
        if (bytes > 0)
            memcpy(p, v->bytes, bytes);
        copy->bytes = p;
    }
    return copy;
}

bool snmp_table_put(struct snmp_table *t, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v)
{
    if (column >= t->n_columns)
        BUG("column %zu of %zu", column, t->n_columns);
    if (n_index > SNMP_OID_MAX)
        return false;
    size_t at = find(t, index, n_index);
    if ((at == t->n || compare(&t->rows[at], index, n_index) != 0) && !row_insert(t, at, index, n_index))
        return false;
    t->last = at;
    if (t->rows[at].cells[column] != NULL)
        return true;
    t->rows[at].cells[column] = value_copy(t, v);
    return t->rows[at].cells[column] != NULL;
}

size_t snmp_table_rows(const struct snmp_table *t)
{
    return t->n;
}

const uint32_t *snmp_table_index(const struct snmp_table *t, size_t row, size_t *n)
{
    *n = t->rows[row].n_index;
    return t->rows[row].index;
}

bool snmp_table_find(const struct snmp_table *t, const uint32_t *index, size_t n_index, size_t *row)
{
    *row = find(t, index, n_index);
    return *row < t->n && compare(&t->rows[*row], index, n_index) == 0;
}

const struct snmp_value *snmp_table_get(const struct snmp_table *t, size_t row, size_t column)
{
    return row < t->n && column < t->n_columns ? t->rows[row].cells[column] : NULL;
}

bool snmp_table_number(const struct snmp_table *t, size_t row, size_t column, int64_t *out)
{
    const struct snmp_value *v = snmp_table_get(t, row, column);
    return v != NULL && snmp_value_number(v, out);
}
