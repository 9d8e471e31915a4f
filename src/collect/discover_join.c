/* Several addresses of one device become one. Parent only. A wrong union hides a device, a missing one lists it twice: in doubt they stay apart.
 * Finds are sorted by each sign and compared within its groups only, so that the whole is near-linear, whatever a hostile table holds. */
#include "collect/discover.h"

#include <string.h>
#include "base/mac.h"
#include "base/mem.h"
#include "base/text.h"

#define CLUSTERS_MAX 32              /* devices of one sign that a further address is held against */
#define PAIRS_MAX 256                /* addresses of two devices that are held against each other */
#define END SIZE_MAX

/* What all addresses of one device agree on; NULL: none of them said. */
struct identity { const char *serial, *sys_name, *engine_id, *chassis_id, *greeting; size_t first, last, n; };
struct sign { const char *value, *more; size_t find; };
struct joining { struct discovery *d; struct identity *v; struct sign *signs; size_t n_signs; };

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

static bool has_ip(const struct find *f, const struct ip *ip)
{
    if (ip_equal(&f->ip, ip))
        return true;
    for (size_t i = 0; i < f->n_own; i++)
        if (ip_equal(&f->own[i], ip))
            return true;
    return false;
}

static bool mac_is_sign(const struct find *f)
{
    return f->mac[0] != '\0' && !f->stand_in && mac_is_identity(f->mac);
}

/* It lists its addresses, all of them, and the other's is not among them. */
static bool disowns(const struct find *f, const struct find *other)
{
    return other->ip.family != 0 && f->n_own > 0 && f->n_own < DISCOVER_MAX_LIST && !has_ip(f, &other->ip);
}

/* What a stronger sign tells apart is not one device, whoever of its addresses said so. */
static bool contradict(const struct identity *a, const struct identity *b)
{
    return differ(a->serial, b->serial) || differ(a->sys_name, b->sys_name) || (a->serial == NULL && b->serial == NULL && differ(a->engine_id, b->engine_id));
}

/* Copies of one virtual machine share host keys and engine ids: these join only what nothing else tells apart. */
static bool contradict_weakly(const struct joining *j, const struct identity *a, const struct identity *b)
{
    const struct find *finds = j->d->finds;
    if (differ(a->engine_id, b->engine_id) || differ(a->chassis_id, b->chassis_id) || differ(a->greeting, b->greeting) || a->n * b->n > PAIRS_MAX)
        return true;
    const bool same_name = a->sys_name != NULL && b->sys_name != NULL;       /* they do not differ: contradict() */
    for (size_t x = a->first; x != END; x = finds[x].next_of_device)
        for (size_t y = b->first; y != END; y = finds[y].next_of_device) {
            const struct find *f = &finds[x], *g = &finds[y];
            bool other_mac = mac_is_sign(f) && mac_is_sign(g) && strcmp(f->mac, g->mac) != 0;
            if ((other_mac && !same_name) || disowns(f, g) || disowns(g, f))
                return true;
        }
    return false;
}

static const char *either(const char *a, const char *b)
{
    return a != NULL ? a : b;
}

static bool unite(struct joining *j, size_t a, size_t b, bool weak)
{
    struct find *finds = j->d->finds;
    size_t x = root_of(j->d, a), y = root_of(j->d, b);
    if (x == y)
        return true;
    struct identity *p = &j->v[x], *q = &j->v[y];
    if (contradict(p, q) || (weak && contradict_weakly(j, p, q)))
        return false;
    /* who is known by name, then who answered, then the earlier find stands for the device */
    bool second = finds[x].known == NULL && (finds[y].known != NULL || (finds[x].sys_name == NULL && finds[y].sys_name != NULL));
    size_t root = second ? y : x, rest = second ? x : y;
    const struct identity r = j->v[root], s = j->v[rest];
    finds[rest].device = root;
    finds[r.last].next_of_device = s.first;
    j->v[root] = (struct identity){ either(r.serial, s.serial), either(r.sys_name, s.sys_name), either(r.engine_id, s.engine_id), either(r.chassis_id, s.chassis_id),
                                    either(r.greeting, s.greeting), r.first, s.last, r.n + s.n };
    return true;
}

/* --- signs --------------------------------------------------------------------------------------------------------------------- */

static void add_sign(struct joining *j, const char *value, const char *more, size_t find)
{
    if (value != NULL && value[0] != '\0')
        j->signs[j->n_signs++] = (struct sign){ value, more, find };
}

static int by_value(const void *a, const void *b)
{
    const struct sign *x = a, *y = b;
    int order = strcmp(x->value, y->value);
    if (order == 0 && x->more != NULL && y->more != NULL)
        order = strcmp(x->more, y->more);
    return order != 0 ? order : (x->find > y->find) - (x->find < y->find);
}

static bool same_sign(const struct sign *a, const struct sign *b)
{
    return strcmp(a->value, b->value) == 0 && (a->more == NULL || b->more == NULL || strcmp(a->more, b->more) == 0);
}

/* Each is held against the devices that its group has so far. */
static void unite_group(struct joining *j, const struct sign *s, size_t n, bool weak)
{
    size_t clusters[CLUSTERS_MAX], n_clusters = 0;
    for (size_t i = 0; i < n; i++) {
        bool joined = false;
        for (size_t k = 0; k < n_clusters && !joined; k++)
            joined = unite(j, clusters[k], s[i].find, weak);
        if (!joined && n_clusters < CLUSTERS_MAX)
            clusters[n_clusters++] = s[i].find;
    }
}

static void unite_signs(struct joining *j, bool weak)
{
    qsort(j->signs, j->n_signs, sizeof *j->signs, by_value);
    for (size_t i = 0, end; i < j->n_signs; i = end) {
        for (end = i + 1; end < j->n_signs && same_sign(&j->signs[i], &j->signs[end]);)
            end++;
        unite_group(j, &j->signs[i], end - i, weak);
    }
    j->n_signs = 0;
}

static bool is_mac_identity(const char *text)
{
    uint64_t bits;
    unsigned n;
    return text != NULL && mac_prefix_parse(text, &bits, &n) && n == 48 && mac_is_identity(text);
}

static void join_strong(struct joining *j)
{
    struct discovery *d = j->d;
    for (size_t i = 0; i < d->n; i++)
        if (d->finds[i].vendor != NULL)
            add_sign(j, discover_serial(&d->finds[i]), d->finds[i].vendor, i);
    unite_signs(j, false);
    for (size_t i = 0; i < d->n; i++)
        if (is_mac_identity(d->finds[i].chassis_id))
            add_sign(j, d->finds[i].chassis_id, NULL, i);
    unite_signs(j, false);
    for (size_t i = 0; i < d->n; i++)
        if (mac_is_sign(&d->finds[i]))
            add_sign(j, d->finds[i].mac, NULL, i);
    unite_signs(j, false);
    for (size_t i = 0; i < d->n; i++) {
        const struct find *f = &d->finds[i], *other;
        for (size_t k = 0; k < f->n_own; k++)
            if ((other = discover_find_ip(d, &f->own[k], false)) != NULL)
                (void)unite(j, i, (size_t)(other - d->finds), false);
        for (size_t k = 0; k < f->n_macs; k++)
            if (mac_is_identity(f->macs[k]) && (other = discover_find_mac(d, f->macs[k], false)) != NULL && !other->stand_in)
                (void)unite(j, i, (size_t)(other - d->finds), false);
    }
}

static void join_weak(struct joining *j)
{
    struct discovery *d = j->d;
    for (size_t i = 0; i < d->n; i++)
        add_sign(j, d->finds[i].engine_id, NULL, i);
    unite_signs(j, true);
    for (size_t i = 0; i < d->n; i++)        /* "local" ids are what somebody typed, or a model's default */
        if (!is_mac_identity(d->finds[i].chassis_id))
            add_sign(j, d->finds[i].chassis_id, NULL, i);
    unite_signs(j, true);
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < d->finds[i].n_host_keys; k++)
            add_sign(j, d->finds[i].host_keys[k], NULL, i);
    unite_signs(j, true);
}

/* --- what the lists ask of whole devices ------------------------------------------------------------------------------------------ */

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

/* A hardware address without an IP address that some device with one has, too, is told there. */
static void mark_told(struct discovery *d)
{
    size_t n = 0, max = 1;
    for (size_t i = 0; i < d->n; i++)
        max += 1 + d->finds[i].n_macs;
    const char **macs = xcalloc(max, sizeof *macs);
    for (size_t i = 0; i < d->n; i++) {
        const struct find *f = &d->finds[i];
        if (f->ip.family == 0)
            continue;
        if (f->mac[0] != '\0')
            macs[n++] = f->mac;
        for (size_t k = 0; k < f->n_macs; k++)
            macs[n++] = f->macs[k];
    }
    qsort(macs, n, sizeof *macs, by_text);
    for (size_t i = 0; i < d->n; i++) {
        const char *mac = d->finds[i].mac;
        d->finds[i].told = d->finds[i].ip.family == 0 && n > 0 && bsearch(&mac, macs, n, sizeof *macs, by_text) != NULL;
    }
    free(macs);
}

/* The directory service's servers, among those whose name is known. */
static bool is_directory(const struct discovery *d, const char *dns_name)
{
    char *lower = d->directories.n > 0 ? xstrdup(dns_name) : NULL;
    if (lower == NULL)
        return false;
    text_lower_ascii(lower);
    bool yes = strset_has(&d->directories, lower);
    free(lower);
    return yes;
}

void discover_join(struct discovery *d)
{
    struct joining j = { .d = d, .v = xcalloc(d->n + 1, sizeof *j.v), .signs = xcalloc(DISCOVER_MAX_KEYS * d->n + 1, sizeof *j.signs) };
    for (size_t i = 0; i < d->n; i++) {
        struct find *f = &d->finds[i];
        f->device = i;
        f->next_of_device = END;
        f->device_known = NULL;
        f->device_answered = false;
        f->ldap_service = f->ldap_service || is_directory(d, f->dns_name);
        j.v[i] = (struct identity){ discover_serial(f), f->sys_name, f->engine_id, f->chassis_id, f->ssh_greeting, i, i, 1 };
    }
    join_strong(&j);
    join_weak(&j);
    for (size_t i = 0; i < d->n; i++) {
        struct find *f = &d->finds[i], *root = &d->finds[root_of(d, i)];
        f->device = (size_t)(root - d->finds);
        if (root->device_known == NULL && f->known != NULL)
            root->device_known = f;
        root->device_answered = root->device_answered || f->answered || f->reached;
    }
    mark_told(d);
    free(j.signs);
    free(j.v);
}
