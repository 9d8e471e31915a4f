/* Data files that checks join, from a site's folder or a run's inputs: any bytes. What is taken has every column that is needed, and dates that can be read. */
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "checklist/lookup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct lookup_table *t = &lookup_tables[LOOKUP_EOL];
    struct diags d = DIAGS_INIT;
    struct arena *a = arena_new();
    struct lookup_rows rows;
    int64_t at = 0;

    lookup_parse(LOOKUP_EOL, a, "eol.tsv", size > 0 ? (const char *)data : "", size, &d, &rows);
    must(rows.n <= LOOKUP_MAX_ROWS);
    for (size_t i = 0; i < rows.n * t->n_columns && d.n_errors == 0; i++) {
        const struct lookup_column *c = &t->columns[i % t->n_columns];
        must(rows.values[i] != NULL || !c->needed);
        must(rows.values[i] == NULL || c->type != FACT_TIMESTAMP || iso_parse(rows.values[i], &at));
    }
    diags_clear(&d);
    arena_free(a);
    return 0;
}
