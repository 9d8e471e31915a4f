/* Checklist files from strangers: the loader and lint on any bytes, alone and as an overlay of a checklist that is fine. What is accepted has an id, a condition that
 * the scanner takes, and is found again. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checklist/checklist.h"
#include "checklist/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void look(const struct checklists *c)
{
    for (size_t i = 0; i < c->n_checks; i++) {
        const struct check *k = &c->checks[i];
        const char *const texts[] = { k->where, k->pass, k->query };
        size_t at = 0;
        must(k->id != NULL && k->checklist != NULL && checklists_find(c, k->id) == k);
        must((k->facts == NULL) == (k->query != NULL));
        for (size_t t = 0; t < N_ELEMENTS(texts); t++)
            must(texts[t] == NULL || expression_scan(texts[t], k->params, k->n_params, &at) == NULL);
    }
}

static void try_files(const struct checklist_file *files, size_t n)
{
    struct diags d = DIAGS_INIT;
    struct checklists *c = checklists_load_files(files, n, NULL, &d);
    must((c == NULL) == (d.n_errors > 0));
    if (c != NULL) {
        look(c);
        if (c->n_checks < 5)             /* compiling costs what making the views costs */
            lint_compile(c, &d);
    }
    checklists_free(c);
    diags_clear(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char fine[] = "checklist: one\ntitle: T\nchecks:\n  - {id: A-1, title: T, domain: d, severity: low, facts: hosts, pass: cpus > :min, params: {min: 1}, gate: close}\n";
    const struct checklist_file files[] = { { .name = "fuzz", .bytes = (const char *)data, .len = size }, { .name = "one", .bytes = fine, .len = sizeof(fine) - 1 } };
    try_files(files, 2);
    return 0;
}
