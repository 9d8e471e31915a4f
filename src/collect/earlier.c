/* Earlier collections. Parent only. */
#include "collect/earlier.h"

#include <string.h>
#include "base/mem.h"

int earlier_load_run(struct earlier *e, struct store *store, int64_t run)
{
    *e = (struct earlier){ .n = 0 };
    return store_collections(store, run, &e->v, &e->n);
}

int earlier_load_latest(struct earlier *e, struct store *store, const char *site)
{
    *e = (struct earlier){ .n = 0 };
    if (store == NULL)
        return 0;
    struct run latest = { 0 };
    char *why = NULL;
    int err = store_run_find(store, site, "latest", false, &latest, &why);
    free(why);
    if (err != 0)
        return err == ERR_NOT_FOUND ? 0 : err;
    err = earlier_load_run(e, store, latest.id);
    run_clear(&latest);
    return err;
}

void earlier_clear(struct earlier *e)
{
    collections_free(e->v, e->n);
    *e = (struct earlier){ .n = 0 };
}

/* The array is sorted by target, probe, table (store.h), but how names compare is the store's: a plain search is certain. */
const struct collection *earlier_find(const struct earlier *e, const char *target, const char *probe, const struct fact_table *table)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->v[i].table == table && strcmp(e->v[i].target, target) == 0 && strcmp(e->v[i].probe, probe) == 0)
            return &e->v[i];
    return NULL;
}
