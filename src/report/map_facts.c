/* What the map is made of, out of a run's facts and failing findings. Parent. */
#include "report/map.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/text.h"
#include "fact/table_addresses.h"
#include "fact/table_arp.h"
#include "fact/table_devices.h"
#include "fact/table_interface_load.h"
#include "fact/table_interfaces.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_neighbors.h"

#define ROWS_MAX 200000              /* of one table */

struct gather { struct map_facts *f; size_t cap[6]; };
enum { CAP_PORTS, CAP_HEARD, CAP_SEEN, CAP_ARP, CAP_OWN };

static const char *text_at(const struct map_facts *f, const struct fact_row *row, int column)
{
    const struct fact_value *v = &row->v[column];
    return v->kind == FACT_KIND_TEXT && v->len > 0 ? arena_strndup(f->arena, v->s, v->len) : NULL;
}

static int64_t number_at(const struct fact_row *row, int column)
{
    const struct fact_value *v = &row->v[column];
    return v->kind == FACT_KIND_INTEGER ? v->i : -1;
}

static bool device_of(const struct map_facts *f, const char *target, size_t *out)
{
    for (size_t i = 0; i < f->n_devices; i++)
        if (strcmp(f->devices[i].name, target) == 0) {
            *out = i;
            return true;
        }
    return false;
}

#define PUSH(g, which, field, n, value)                                                                       \
    do {                                                                                                      \
        if ((g)->f->n == (g)->cap[which]) {                                                                   \
            (g)->cap[which] = (g)->cap[which] == 0 ? 64 : 2 * (g)->cap[which];                                \
            (g)->f->field = xrealloc_array((g)->f->field, (g)->cap[which], sizeof *(g)->f->field);            \
        }                                                                                                     \
        (g)->f->field[(g)->f->n++] = (value);                                                                 \
    } while (0)

static int on_device(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct map_facts *f = ((struct gather *)ctx)->f;
    size_t d;
    (void)subject;
    (void)c;
    if (!device_of(f, target, &d) || f->devices[d].sys_name != NULL)
        return 0;
    f->devices[d].read = true;
    f->devices[d].sys_name = text_at(f, row, DEVICES_SYS_NAME);
    f->devices[d].maker = text_at(f, row, DEVICES_VENDOR);
    f->devices[d].model = text_at(f, row, DEVICES_MODEL);
    return 0;
}

static struct map_port *port_of(const struct map_facts *f, size_t device, const char *name)
{
    for (size_t i = 0; i < f->n_ports; i++)
        if (f->ports[i].device == device && f->ports[i].name != NULL && strcmp(f->ports[i].name, name) == 0)
            return &f->ports[i];
    return NULL;
}

static int on_interface(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct gather *g = ctx;
    size_t d;
    int role = fact_column_find(row->table, "role");
    (void)subject;
    (void)c;
    if (!device_of(g->f, target, &d) || g->f->n_ports >= ROWS_MAX)
        return 0;
    const struct map_port p = {
        .device = d, .name = text_at(g->f, row, INTERFACES_NAME), .descr = text_at(g->f, row, INTERFACES_DESCR), .alias = text_at(g->f, row, INTERFACES_ALIAS),
        .role = role < 0 ? NULL : text_at(g->f, row, role), .mac = text_at(g->f, row, INTERFACES_MAC), .if_index = number_at(row, INTERFACES_IF_INDEX),
        .speed_mbps = number_at(row, INTERFACES_SPEED_MBPS), .up = number_at(row, INTERFACES_OPER_UP) == 1, .load_percent = -1,
    };
    if (p.name != NULL && port_of(g->f, d, p.name) != NULL)
        return 0;                    /* another source told it already */
    g->f->devices[d].read = true;
    PUSH(g, CAP_PORTS, ports, n_ports, p);
    return 0;
}

static int on_load(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    const struct gather *g = ctx;
    const struct fact_value *name = &row->v[INTERFACE_LOAD_NAME], *p95 = &row->v[INTERFACE_LOAD_BUSIER_PERCENT_P95];
    size_t d;
    (void)subject;
    (void)c;
    if (name->kind != FACT_KIND_TEXT || p95->kind != FACT_KIND_REAL || !device_of(g->f, target, &d))
        return 0;
    char *text = xstrndup(name->s, name->len);
    struct map_port *p = port_of(g->f, d, text);
    if (p != NULL && p95->r > p->load_percent)
        p->load_percent = p95->r;
    free(text);
    return 0;
}

static int on_neighbor(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct gather *g = ctx;
    size_t d;
    (void)subject;
    (void)c;
    if (!device_of(g->f, target, &d) || g->f->n_heard >= ROWS_MAX)
        return 0;
    const struct map_heard h = {
        .device = d, .port = text_at(g->f, row, NEIGHBORS_LOCAL_PORT), .if_index = number_at(row, NEIGHBORS_LOCAL_IF_INDEX), .chassis = text_at(g->f, row, NEIGHBORS_CHASSIS_ID),
        .their_port = text_at(g->f, row, NEIGHBORS_PORT_ID), .their_descr = text_at(g->f, row, NEIGHBORS_PORT_DESCR), .sys_name = text_at(g->f, row, NEIGHBORS_SYS_NAME),
        .address = text_at(g->f, row, NEIGHBORS_ADDRESS), .platform = text_at(g->f, row, NEIGHBORS_PLATFORM), .capabilities = text_at(g->f, row, NEIGHBORS_CAPABILITIES),
    };
    PUSH(g, CAP_HEARD, heard, n_heard, h);
    return 0;
}

static int on_mac(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct gather *g = ctx;
    const char *status = text_at(g->f, row, MAC_ADDRESSES_STATUS);
    size_t d;
    (void)subject;
    (void)c;
    if (!device_of(g->f, target, &d) || g->f->n_seen >= ROWS_MAX || (status != NULL && strcmp(status, "learned") != 0))
        return 0;
    const struct map_seen m = { .device = d, .mac = text_at(g->f, row, MAC_ADDRESSES_MAC), .port = text_at(g->f, row, MAC_ADDRESSES_INTERFACE), .if_index = number_at(row, MAC_ADDRESSES_IF_INDEX) };
    if (m.mac != NULL)
        PUSH(g, CAP_SEEN, seen, n_seen, m);
    return 0;
}

static int on_arp(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct gather *g = ctx;
    const char *type = text_at(g->f, row, ARP_TYPE);
    size_t d;
    (void)subject;
    (void)c;
    if (!device_of(g->f, target, &d) || g->f->n_arp >= ROWS_MAX || (type != NULL && (strcmp(type, "invalid") == 0 || strcmp(type, "local") == 0)))
        return 0;
    const struct map_arp a = { .device = d, .address = text_at(g->f, row, ARP_ADDRESS), .mac = text_at(g->f, row, ARP_MAC), .port = text_at(g->f, row, ARP_INTERFACE) };
    if (a.mac != NULL)
        PUSH(g, CAP_ARP, arp, n_arp, a);
    return 0;
}

static int on_address(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c)
{
    struct gather *g = ctx;
    size_t d;
    (void)subject;
    (void)c;
    if (!device_of(g->f, target, &d) || g->f->n_own >= ROWS_MAX)
        return 0;
    const struct map_own o = { .device = d, .address = text_at(g->f, row, ADDRESSES_ADDRESS) };
    if (o.address != NULL)
        PUSH(g, CAP_OWN, own, n_own, o);
    return 0;
}

/* The interface of a finding: the first value of its key. */
static void fail_at(struct map_facts *f, const struct check *check, const struct finding *x)
{
    json_t *key = x->subject != NULL && x->subject[0] == '[' ? json_loads(x->subject, 0, NULL) : NULL;
    const char *name = json_string_value(json_array_get(key, 0));
    size_t d;
    struct map_port *p = name != NULL && device_of(f, x->target, &d) ? port_of(f, d, name) : NULL;
    if (p != NULL && p->fails == NULL)
        p->fails = check->id;
    else if (p != NULL && strstr(p->fails, check->id) == NULL)
        p->fails = arena_printf(f->arena, "%s, %s", p->fails, check->id);
    if (p != NULL)
        p->fails = arena_strdup(f->arena, p->fails);
    json_decref(key);
}

static void fails_find(struct map_facts *f, const struct report *r)
{
    for (size_t i = 0; i < r->n_checks; i++) {
        const struct report_check *c = &r->checks[i];
        if (!text_starts_with(c->def->id, "NET-LAN-") && !text_starts_with(c->def->id, "NET-WAN-"))
            continue;
        for (size_t k = 0; k < c->n_findings; k++)
            if (c->findings[k].status == FINDING_FAIL && !c->findings[k].gone)
                fail_at(f, c->def, &c->findings[k]);
    }
}

/* A server that was read over ssh or ldap told of itself, though it has no row among the devices. */
static bool was_read(const struct report *r, const char *target)
{
    for (size_t i = 0; i < r->n_collections; i++) {
        const struct collection *c = &r->collections[i];
        bool came = c->rows > 0 && (c->state == STATE_COMPLETE || c->state == STATE_PARTIAL);
        if (came && c->method == METHOD_MEASURED && (strcmp(c->probe, "ssh") == 0 || strcmp(c->probe, "ldap") == 0) && strcmp(c->target, target) == 0)
            return true;
    }
    return false;
}

int map_facts_load(struct store *s, const struct report *r, struct map_facts *out)
{
    static const struct { const struct fact_table *table; store_fact_fn fn; } tables[] = {
        { &fact_devices, on_device }, { &fact_interfaces, on_interface }, { &fact_interface_load, on_load }, { &fact_neighbors, on_neighbor },
        { &fact_mac_addresses, on_mac }, { &fact_arp, on_arp }, { &fact_addresses, on_address },
    };
    struct gather g = { .f = out };
    int err = 0;
    *out = (struct map_facts){ .arena = arena_new() };
    out->devices = xcalloc(r->n_targets + 1, sizeof *out->devices);
    for (size_t i = 0; i < r->n_targets; i++) {
        const struct target_record *t = &r->targets[i];
        out->devices[out->n_devices++] = (struct map_device){ .name = arena_strdup(out->arena, t->name), .role = arena_strdup(out->arena, t->role), .address = arena_strdup(out->arena, t->address),
                                                               .read = was_read(r, t->name) };
    }
    for (size_t i = 0; err == 0 && i < N_ELEMENTS(tables); i++)
        err = store_facts_each(s, r->run.id, tables[i].table, tables[i].fn, &g);
    fails_find(out, r);
    if (err != 0)
        map_facts_free(out);
    return err;
}

void map_facts_free(struct map_facts *f)
{
    arena_free(f->arena);
    free(f->devices);
    free(f->ports);
    free(f->heard);
    free(f->seen);
    free(f->arp);
    free(f->own);
    *f = (struct map_facts){ .arena = NULL };
}
