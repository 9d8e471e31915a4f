/* Known devices at new addresses: what the newest run of this site and its known_hosts know of its targets, held against what was found. Parent only. */
#include "collect/discover.h"

#include <string.h>
#include "base/mac.h"
#include "base/mem.h"
#include "collect/earlier.h"
#include "collect/known_hosts.h"
#include "fact/table_arp.h"
#include "fact/table_devices.h"
#include "fact/table_interfaces.h"
#include "fact/table_mac_addresses.h"
#include "fact/table_neighbors.h"

/* The strongest first. */
enum sign { SIGN_SERIAL, SIGN_ENGINE, SIGN_CHASSIS, SIGN_MAC, SIGN_KEY, SIGNS };
static const char *const because[SIGNS] = { "serial number", "SNMP engine id", "chassis id", "hardware address", "SSH host key" };

/* One thing that is known of a target. */
struct trait { const struct target *target; enum sign sign; const char *value; };
struct traits { struct discovery *d; struct trait *v; size_t n; const struct target *last; };      /* last: of the row before, whose name is mostly the same */

static void add(struct traits *t, const struct target *target, enum sign sign, const char *value)
{
    if (target == NULL || value == NULL || value[0] == '\0')
        return;
    if ((t->n & (t->n - 1)) == 0)
        t->v = xrealloc_array(t->v, t->n == 0 ? 1 : 2 * t->n, sizeof *t->v);
    t->v[t->n++] = (struct trait){ target, sign, value };
}

static bool is_mac(const char *text)
{
    uint64_t bits;
    unsigned n;
    return text != NULL && mac_prefix_parse(text, &bits, &n) && n == 48 && mac_is_identity(text);
}

static void add_mac(struct traits *t, const struct target *target, const char *mac)
{
    if (is_mac(mac))
        add(t, target, SIGN_MAC, mac);
}

/* An engine id may be made of a hardware address (RFC 3411, SnmpEngineID, format 3); the discovery's. */
static const char *engine_mac(struct discovery *d, const char *id)
{
    if (id == NULL || strlen(id) != 22 || strspn(id, "0123456789abcdefABCDEF") != 22 || strchr("01234567", id[0]) != NULL || strncmp(id + 8, "03", 2) != 0)
        return NULL;
    const char *p = id + 10;
    const char *mac = arena_printf(d->arena, "%.2s:%.2s:%.2s:%.2s:%.2s:%.2s", p, p + 2, p + 4, p + 6, p + 8, p + 10);
    return is_mac(mac) ? mac : NULL;
}

/* --- what earlier runs know -------------------------------------------------------------------------------------------------------- */

static const char *text_of(struct traits *t, const struct fact_row *row, int column)
{
    const struct fact_value *v = &row->v[column];
    return v->kind == FACT_KIND_TEXT ? arena_strndup(t->d->arena, v->s, v->len) : NULL;
}

/* The target of site.yaml that has this address. */
static const struct target *target_of(struct traits *t, const struct fact_row *row, int column)
{
    const struct fact_value *v = &row->v[column];
    char text[IP_TEXT];
    struct ip ip;
    if (v->kind != FACT_KIND_TEXT || v->len >= sizeof text)
        return NULL;
    memcpy(text, v->s, v->len);
    text[v->len] = '\0';
    return ip_parse(text, &ip) ? discover_target_at(t->d, &ip) : NULL;
}

static bool is_word(const struct fact_row *row, int column, const char *word)
{
    const struct fact_value *v = &row->v[column];
    return v->kind == FACT_KIND_TEXT && v->len == strlen(word) && memcmp(v->s, word, v->len) == 0;
}

/* What gear said of a neighbour, or of whom it has in its table: of targets alone, the rest is not kept. */
static void take_heard(struct traits *t, const struct fact_row *row, int address, int column)
{
    const struct target *target = target_of(t, row, address);
    const char *id = target != NULL ? text_of(t, row, column) : NULL;
    if (row->table == &fact_arp || is_mac(id))
        add_mac(t, target, id);
    else
        add(t, target, SIGN_CHASSIS, id);
}

static int on_row(void *ctx, const struct fact_row *row, const char *target_name, const char *subject, const struct collection *c)
{
    struct traits *t = ctx;
    (void)subject;
    (void)c;
    if (t->last == NULL || strcmp(t->last->name, target_name) != 0)
        t->last = site_target(t->d->site, target_name);
    if (row->table == &fact_devices) {
        const char *engine_id = text_of(t, row, DEVICES_ENGINE_ID);
        add(t, t->last, SIGN_SERIAL, text_of(t, row, DEVICES_SERIAL));
        add(t, t->last, SIGN_ENGINE, engine_id);
        add_mac(t, t->last, engine_mac(t->d, engine_id));
    } else if (row->table == &fact_interfaces) {
        add_mac(t, t->last, text_of(t, row, INTERFACES_MAC));
    } else if (row->table == &fact_mac_addresses) {
        if (is_word(row, MAC_ADDRESSES_STATUS, "self"))
            add_mac(t, t->last, text_of(t, row, MAC_ADDRESSES_MAC));
    } else if (row->table == &fact_arp) {
        take_heard(t, row, ARP_ADDRESS, ARP_MAC);
    } else if (row->table == &fact_neighbors) {
        take_heard(t, row, NEIGHBORS_ADDRESS, NEIGHBORS_CHASSIS_ID);
    }
    return 0;
}

static int load_runs(struct traits *t)
{
    struct earlier had;
    int err = earlier_load_latest(&had, t->d->store, t->d->site->key);
    for (size_t i = 0; i < had.n && err == 0; i++) {
        const struct fact_table *table = had.v[i].table;
        if (table == &fact_devices || table == &fact_interfaces || table == &fact_mac_addresses || table == &fact_arp || table == &fact_neighbors)
            err = store_facts_of(t->d->store, &had.v[i], on_row, t);
    }
    earlier_clear(&had);
    return err;
}

/* --- what known_hosts knows --------------------------------------------------------------------------------------------------------- */

/* "type base64" of one line of known_hosts, as a find has it, without marker and comment; the discovery's. NULL: none. */
static const char *key_of_line(struct discovery *d, const char *line)
{
    static const char blank[] = " \t\r";
    const char *p = line + strspn(line, blank);
    if (*p == '#' || *p == '@' || *p == '\0')        /* @revoked, @cert-authority: nobody's own key */
        return NULL;
    p += strcspn(p, blank);
    p += strspn(p, blank);
    const size_t n_type = strcspn(p, blank);
    const char *key = p + n_type + strspn(p + n_type, blank);
    const size_t n_key = strcspn(key, blank);
    return n_type > 0 && n_key > 0 ? arena_printf(d->arena, "%.*s %.*s", (int)n_type, p, (int)n_key, key) : NULL;
}

/* fn for each line that has a key. */
typedef void (*key_fn)(void *ctx, const char *line, const char *key);
static int known_keys(struct discovery *d, key_fn fn, void *ctx)
{
    struct buf known = BUF_INIT(KNOWN_HOSTS_MAX);
    int err = known_hosts_read(d->site->dir, &known);
    for (const char *p = buf_str(&known); err == 0 && *p != '\0';) {
        size_t n = strcspn(p, "\n");
        char *line = xstrndup(p, n);
        const char *key = key_of_line(d, line);
        if (key != NULL)
            fn(ctx, line, key);
        free(line);
        p += n + (p[n] == '\n');
    }
    buf_clear(&known);
    return err;
}

struct matching { struct traits *t; struct strset found; };

/* Hashed names cost a computation for each target: only for the keys that were found. */
static void on_known_key(void *ctx, const char *line, const char *key)
{
    struct matching *m = ctx;
    const struct site *s = m->t->d->site;
    for (size_t i = 0; i < s->n_targets && strset_has(&m->found, key); i++)
        if (s->targets[i].host != NULL && known_hosts_names(line, s->targets[i].host, 22))
            add(m->t, &s->targets[i], SIGN_KEY, key);
}

static int load_keys(struct traits *t)
{
    struct matching m = { .t = t };
    for (size_t i = 0; i < t->d->n; i++)
        for (size_t k = 0; k < t->d->finds[i].n_host_keys; k++)
            (void)strset_add(&m.found, t->d->finds[i].host_keys[k]);
    int err = m.found.n > 0 ? known_keys(t->d, on_known_key, &m) : 0;
    strset_clear(&m.found);
    return err;
}

struct kinds { const char **v; size_t n, max; struct discovery *d; };

static void on_kind(void *ctx, const char *line, const char *key)
{
    struct kinds *k = ctx;
    const char *kind = arena_strndup(k->d->arena, key, strcspn(key, " "));
    (void)line;
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(k->v[i], kind) == 0)
            return;
    if (k->n < k->max)
        k->v[k->n++] = kind;
}

size_t discover_known_kinds(struct discovery *d, const char **out, size_t max)
{
    struct kinds k = { .v = out, .max = max, .d = d };
    return known_keys(d, on_kind, &k) == 0 ? k.n : 0;
}

/* --- who is it? ------------------------------------------------------------------------------------------------------------------------ */

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

/* Every hardware address that it is known by: that of its own address, of its interfaces, of its chassis, of its engine id. */
static const struct target *by_mac(const struct traits *t, const struct find *f)
{
    const char *const more[] = { f->stand_in ? NULL : f->mac, f->chassis_id, engine_mac(t->d, f->engine_id) };
    const struct target *target = NULL;
    for (size_t i = 0; i < N_ELEMENTS(more) && target == NULL; i++)
        target = is_mac(more[i]) ? who_has(t, SIGN_MAC, more[i]) : NULL;
    for (size_t i = 0; i < f->n_macs && target == NULL; i++)
        target = is_mac(f->macs[i]) ? who_has(t, SIGN_MAC, f->macs[i]) : NULL;
    return target;
}

static const struct target *by_sign(const struct traits *t, const struct find *f, enum sign sign)
{
    const struct target *target = NULL;
    switch (sign) {
    case SIGN_SERIAL:
        return who_has(t, sign, discover_serial(f));
    case SIGN_ENGINE:
        return who_has(t, sign, f->engine_id);
    case SIGN_CHASSIS:
        return who_has(t, sign, f->chassis_id);
    case SIGN_MAC:
        return by_mac(t, f);
    default:
        for (size_t i = 0; i < f->n_host_keys && target == NULL; i++)
            target = who_has(t, SIGN_KEY, f->host_keys[i]);
        return target;
    }
}

/* Whether the target still answers where it was: then this is another with the same sign. */
static bool still_there(struct discovery *d, const struct target *t, bool *asked)
{
    struct ip ip;
    const struct find *f = t->host != NULL && ip_parse(t->host, &ip) ? discover_find_ip(d, &ip, false) : NULL;
    *asked = f != NULL && (f->contacted || f->gear_asked || f->arp_asked);
    return f != NULL && (f->answered || f->reached);
}

/* The devices that have a target's sign: none, one, or (two) nobody knows which. */
struct claim { size_t device; bool some, two; };

static void claim(struct claim *c, size_t device)
{
    c->two = c->two || (c->some && c->device != device);
    c->device = device;
    c->some = true;
}

/* A target that site.yaml knows by a host's name has not moved: this is where it is. */
static void settle(struct discovery *d, const struct target *target, struct find *f, enum sign sign, struct moves *out)
{
    struct ip ip;
    bool asked;
    f->moved = true;
    if (target->host == NULL || !ip_parse(target->host, &ip)) {
        f->known = target;
        f->device_known = f;
        return;
    }
    (void)still_there(d, target, &asked);
    if ((out->n & (out->n - 1)) == 0)
        out->v = xrealloc_array(out->v, out->n == 0 ? 1 : 2 * out->n, sizeof *out->v);
    out->v[out->n++] = (struct move){ f, target, because[sign], asked };
}

/* All devices by one sign. What is settled by a stronger one stays. */
static void moves_by(struct traits *t, enum sign sign, struct claim *claims, bool *taken, struct moves *out)
{
    struct discovery *d = t->d;
    const struct target *first = d->site->targets;
    memset(claims, 0, d->site->n_targets * sizeof *claims);
    for (size_t i = 0; i < d->n; i++) {
        const struct find *f = &d->finds[i], *root = &d->finds[f->device];
        bool asked;
        /* a device of which one address is a target's already has not moved: it has one more address */
        const struct target *target = root->ip.family == 0 || root->device_known != NULL || root->moved ? NULL : by_sign(t, f, sign);
        if (target != NULL && !taken[target - first] && !still_there(d, target, &asked))
            claim(&claims[target - first], f->device);
    }
    for (size_t i = 0; i < d->site->n_targets; i++) {
        if (!claims[i].some || claims[i].two || d->finds[claims[i].device].moved)
            continue;
        taken[i] = true;
        settle(d, &first[i], &d->finds[claims[i].device], sign, out);
    }
}

int discover_moves(struct discovery *d, struct moves *out)
{
    struct traits t = { .d = d };
    struct claim *claims = xcalloc(d->site->n_targets + 1, sizeof *claims);
    bool *taken = xcalloc(d->site->n_targets + 1, sizeof *taken);
    *out = (struct moves){ 0 };
    int err = load_runs(&t);
    if (err == 0)
        err = load_keys(&t);
    if (t.n > 0)
        qsort(t.v, t.n, sizeof *t.v, by_value);
    for (enum sign sign = SIGN_SERIAL; sign < SIGNS && err == 0; sign++)
        moves_by(&t, sign, claims, taken, out);
    free(claims);
    free(taken);
    free(t.v);
    return err;
}

void moves_clear(struct moves *m)
{
    free(m->v);
    *m = (struct moves){ 0 };
}
