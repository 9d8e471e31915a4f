/* Several addresses of one device become one. Parent only. */
#include "collect/discover.h"

#include <string.h>
#include "base/mac.h"

static size_t root_of(struct discovery *d, size_t i)
{
    while (d->finds[i].device != i)
        i = d->finds[i].device = d->finds[d->finds[i].device].device;
    return i;
}

static bool differ(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) != 0;
}

static bool same(const char *a, const char *b)
{
    return a != NULL && b != NULL && a[0] != '\0' && strcmp(a, b) == 0;
}

/* Cloned machines share host keys and engine ids: what is told apart by a stronger sign is not one device. */
static bool contradict(const struct find *a, const struct find *b)
{
    return differ(a->serial, b->serial) || differ(a->sys_name, b->sys_name) || (a->serial == NULL && b->serial == NULL && differ(a->engine_id, b->engine_id));
}

static void unite(struct discovery *d, size_t a, size_t b)
{
    size_t x = root_of(d, a), y = root_of(d, b);
    if (x == y || contradict(&d->finds[a], &d->finds[b]) || contradict(&d->finds[x], &d->finds[y]))
        return;
    /* who is known by name, then who answered, then the lower address stands for the device */
    const struct find *p = &d->finds[x], *q = &d->finds[y];
    bool second = p->known == NULL && (q->known != NULL || (p->sys_name == NULL && q->sys_name != NULL));
    d->finds[second ? x : y].device = second ? y : x;
}

static bool owns(const struct find *a, const struct find *b)
{
    for (size_t i = 0; i < a->n_own; i++)
        if (ip_equal(&a->own[i], &b->ip))
            return true;
    for (size_t i = 0; i < a->n_macs && b->mac[0] != '\0'; i++)
        if (mac_is_identity(b->mac) && strcmp(a->macs[i], b->mac) == 0)
            return true;
    return false;
}

static bool is_one(const struct find *a, const struct find *b)
{
    if (same(a->serial, b->serial) && same(a->vendor, b->vendor))
        return true;
    if (same(a->engine_id, b->engine_id) || same(a->chassis_id, b->chassis_id) || same(a->host_key, b->host_key))
        return true;
    if (same(a->mac, b->mac) && mac_is_identity(a->mac))
        return true;
    return owns(a, b) || owns(b, a);
}

void discover_join(struct discovery *d)
{
    for (size_t i = 0; i < d->n; i++)
        d->finds[i].device = i;
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = i + 1; k < d->n; k++)
            if (is_one(&d->finds[i], &d->finds[k]))
                unite(d, i, k);
    for (size_t i = 0; i < d->n; i++)
        d->finds[i].device = root_of(d, i);
}
