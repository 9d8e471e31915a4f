/* Known devices at new addresses: what the newest run of this site knows of its targets, held against what was found. Parent only. */
#include "collect/discover.h"

#include <string.h>
#include "base/mac.h"
#include "base/mem.h"
#include "collect/earlier.h"
#include "collect/known_hosts.h"
#include "fact/table_arp.h"
#include "fact/table_devices.h"
#include "fact/table_interfaces.h"
#include "fact/table_neighbors.h"

enum sign { SIGN_SERIAL, SIGN_ENGINE, SIGN_CHASSIS, SIGN_MAC };
/* One thing that an earlier run knows of a target. */
struct trait { const struct target *target; enum sign sign; const char *value; };
struct traits { struct discovery *d; struct trait *v; size_t n; };

static void add(struct traits *t, const struct target *target, enum sign sign, const struct fact_value *v)
{
    if (target == NULL || v->kind != FACT_KIND_TEXT || v->len == 0)
        return;
    t->v = xrealloc_array(t->v, t->n + 1, sizeof *t->v);
    t->v[t->n++] = (struct trait){ target, sign, arena_strndup(t->d->arena, v->s, v->len) };
}

/* The target of site.yaml that has this address. */
static const struct target *target_at(const struct discovery *d, const struct fact_value *v)
{
    for (size_t i = 0; i < d->site->n_targets && v->kind == FACT_KIND_TEXT; i++) {
        const char *host = d->site->targets[i].host;
        if (host != NULL && strlen(host) == v->len && memcmp(host, v->s, v->len) == 0)
            return &d->site->targets[i];
    }
    return NULL;
}

static int on_row(void *ctx, const struct fact_row *row, const char *target_name, const char *subject, const struct collection *c)
{
    struct traits *t = ctx;
    const struct target *target = site_target(t->d->site, target_name);
    (void)subject;
    (void)c;
    if (row->table == &fact_devices) {
        add(t, target, SIGN_SERIAL, &row->v[DEVICES_SERIAL]);
        add(t, target, SIGN_ENGINE, &row->v[DEVICES_ENGINE_ID]);
    } else if (row->table == &fact_interfaces) {
        add(t, target, SIGN_MAC, &row->v[INTERFACES_MAC]);
    } else if (row->table == &fact_arp) {
        add(t, target_at(t->d, &row->v[ARP_ADDRESS]), SIGN_MAC, &row->v[ARP_MAC]);
    } else if (row->table == &fact_neighbors) {
        add(t, target_at(t->d, &row->v[NEIGHBORS_ADDRESS]), SIGN_CHASSIS, &row->v[NEIGHBORS_CHASSIS_ID]);
    }
    return 0;
}

static int load_traits(struct traits *t)
{
    struct earlier had;
    int err = earlier_load_latest(&had, t->d->store, t->d->site->key);
    for (size_t i = 0; i < had.n && err == 0; i++) {
        const struct fact_table *table = had.v[i].table;
        if (table == &fact_devices || table == &fact_interfaces || table == &fact_arp || table == &fact_neighbors)
            err = store_facts_of(t->d->store, &had.v[i], on_row, t);
    }
    earlier_clear(&had);
    return err;
}

static int by_value(const void *a, const void *b)
{
    const struct trait *x = a, *y = b;
    return x->sign != y->sign ? (x->sign < y->sign ? -1 : 1) : strcmp(x->value, y->value);
}

/* The one target that has this sign. Copies of a machine share signs: what two targets have is nobody's. */
static const struct target *who_has(const struct traits *t, enum sign sign, const char *value)
{
    const struct trait key = { NULL, sign, value };
    const struct trait *hit = value != NULL && value[0] != '\0' && t->n > 0 ? bsearch(&key, t->v, t->n, sizeof *t->v, by_value) : NULL;
    if (hit == NULL)
        return NULL;
    for (const struct trait *p = hit; p > t->v && by_value(p - 1, &key) == 0; p--)
        if (p[-1].target != hit->target)
            return NULL;
    for (const struct trait *p = hit + 1; p < t->v + t->n && by_value(p, &key) == 0; p++)
        if (p->target != hit->target)
            return NULL;
    return hit->target;
}

static const struct target *by_trait(const struct traits *t, const struct find *f, const char **because)
{
    const struct { enum sign sign; const char *value, *because; } signs[] = {
        { SIGN_SERIAL, f->serial, "serial number" }, { SIGN_ENGINE, f->engine_id, "SNMP engine id" }, { SIGN_CHASSIS, f->chassis_id, "chassis id" },
        { SIGN_MAC, mac_is_identity(f->mac) && !f->stand_in ? f->mac : NULL, "hardware address" },
    };
    for (size_t i = 0; i < N_ELEMENTS(signs); i++) {
        const struct target *target = who_has(t, signs[i].sign, signs[i].value);
        *because = signs[i].because;
        if (target != NULL)
            return target;
    }
    return NULL;
}

/* A line of known_hosts with this very key that names a target. */
static const struct target *by_key(const struct discovery *d, const struct find *f, const char *known)
{
    while (f->host_key != NULL && *known != '\0') {
        size_t n = strcspn(known, "\n");
        char *line = xstrndup(known, n);
        const struct target *found = NULL;
        for (size_t i = 0; i < d->site->n_targets && strstr(line, f->host_key) != NULL && found == NULL; i++)
            if (d->site->targets[i].host != NULL && known_hosts_names(line, d->site->targets[i].host, 22))
                found = &d->site->targets[i];
        free(line);
        if (found != NULL)
            return found;
        known += n + (known[n] == '\n');
    }
    return NULL;
}

/* Whether the target still answers where it was: then this is another with the same sign. */
static bool still_there(const struct discovery *d, const struct target *t)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->finds[i].known == t && (d->finds[i].answered || d->finds[i].reached))
            return true;
    return false;
}

static void add_move(struct moves *out, const struct find *f, const struct target *t, const char *because)
{
    for (size_t i = 0; i < out->n; i++)
        if (out->v[i].target == t)
            return;
    out->v = xrealloc_array(out->v, out->n + 1, sizeof *out->v);
    out->v[out->n++] = (struct move){ f, t, because };
}

int discover_moves(struct discovery *d, struct moves *out)
{
    struct traits t = { .d = d };
    struct buf known = BUF_INIT(KNOWN_HOSTS_MAX);
    *out = (struct moves){ 0 };
    int err = load_traits(&t);
    if (t.n > 0)
        qsort(t.v, t.n, sizeof *t.v, by_value);
    if (err == 0)
        err = known_hosts_read(d->site->dir, &known);
    for (size_t i = 0; i < d->n && err == 0; i++) {
        const struct find *f = &d->finds[i];
        const struct target *target = NULL;
        const char *because = NULL;
        /* a device of which one address is a target's already has not moved: it has one more address */
        if (f->ip.family == 0 || d->finds[f->device].device_known != NULL)
            continue;
        target = by_trait(&t, f, &because);
        if (target == NULL && (target = by_key(d, f, buf_str(&known))) != NULL)
            because = "SSH host key";
        if (target != NULL && !still_there(d, target))
            add_move(out, f, target, because);
    }
    buf_clear(&known);
    free(t.v);
    return err;
}

void moves_clear(struct moves *m)
{
    free(m->v);
    *m = (struct moves){ 0 };
}
