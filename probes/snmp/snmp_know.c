/* Device rules applied to one device. Pure; bounded in objects, rows and steps of matching. */
#include "probes/snmp/snmp_know.h"

#include <inttypes.h>
#include <string.h>
#include "base/pattern.h"
#include "base/text.h"
#include "fact/device_rules.h"
#include "fact/table_devices.h"
#include "probes/snmp/snmp_parse.h"

#define TEXT_MAX 4096                /* bytes of one answer that are looked at */
#define VALUE_MAX 200                /* bytes of what becomes a fact; longer is no model or serial */

struct cell { const char *text, *mac; };         /* NULL: none */
struct cells { struct cell *v; size_t n; };

struct snmp_know {
    struct device_rules *rules;
    struct arena *mem;
    const struct device_rule **candidates;
    size_t n_candidates;
    struct snmp_known known;
    const char *objects[KNOW_OBJECTS_MAX]; struct cell object_cells[KNOW_OBJECTS_MAX]; size_t n_objects;
    const char *columns[KNOW_COLUMNS_MAX]; struct cells column_cells[KNOW_COLUMNS_MAX]; size_t n_columns;
};

/* --- compiling ---------------------------------------------------------------------------------------------------------- */

/* Only what a device meets: of many hundred patterns a few, and none for an address where nobody answers. */

static bool compile(const char *text, struct pattern **out)
{
    char *why = NULL;
    if (text == NULL || *out != NULL)
        return true;
    *out = pattern_new(text, &why);
    free(why);
    return *out != NULL;
}

static bool compile_takes(const struct device_takes *takes)
{
    bool good = true;
    for (size_t i = 0; i < takes->n; i++)
        good = compile(takes->v[i].match, &takes->v[i].compiled) && good;
    return good;
}

/* A rule that cannot be compiled is no rule; the parent has checked them all. */
static bool compile_rule(struct device_rule *rule)
{
    bool good = compile_takes(&rule->has);
    for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++)
        good = compile_takes(&rule->takes[a]) && good;
    return good;
}

static void free_takes(const struct device_takes *takes)
{
    for (size_t i = 0; i < takes->n; i++)
        pattern_free(takes->v[i].compiled);
}

struct snmp_know *snmp_know_new(const void *wire, size_t len)
{
    struct device_rules *rules = NULL;
    if (device_rules_decode(wire, len, &rules) != 0)
        return NULL;
    struct snmp_know *k = xcalloc(1, sizeof *k);
    k->rules = rules;
    k->mem = arena_new();
    k->candidates = xcalloc(rules->n_rules + 1, sizeof *k->candidates);
    return k;
}

void snmp_know_free(struct snmp_know *k)
{
    if (k == NULL)
        return;
    for (size_t i = 0; i < k->rules->n_rules; i++) {
        pattern_free(k->rules->rules[i].descr_compiled);
        free_takes(&k->rules->rules[i].has);
        for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++)
            free_takes(&k->rules->rules[i].takes[a]);
    }
    device_rules_free(k->rules);
    arena_free(k->mem);
    free(k->candidates);
    free(k);
}

/* --- which rules, which objects -------------------------------------------------------------------------------------------- */

/* Whether id begins with prefix; *rest is where the numbers after it begin. */
static bool begins(const struct snmp_known *known, const char *prefix, size_t *rest)
{
    struct snmp_oid p;
    if (known->object_id == NULL || !oid_parse(prefix, &p) || p.n > known->n_object_id)
        return false;
    *rest = p.n;
    return memcmp(p.id, known->object_id, p.n * sizeof p.id[0]) == 0;
}

static bool may_apply(const struct snmp_know *k, struct device_rule *rule)
{
    bool found = rule->n_object_ids == 0;
    size_t rest;
    for (size_t i = 0; i < rule->n_object_ids && !found; i++)
        found = begins(&k->known, rule->object_ids[i], &rest);
    if (!found || rule->descr == NULL)
        return found;
    return compile(rule->descr, &rule->descr_compiled) && k->known.descr != NULL && pattern_match(rule->descr_compiled, k->known.descr, strlen(k->known.descr), NULL);
}

/* The place of an object in the list; it is added when it is new and there is room. False when there is none. */
static bool place_of(const char **list, size_t *n, size_t max, const char *object, bool add, size_t *at)
{
    for (*at = 0; *at < *n; ++*at)
        if (strcmp(list[*at], object) == 0)
            return true;
    if (!add || *n == max)
        return false;
    list[(*n)++] = object;
    return true;
}

static const char *entity_object(struct snmp_know *k, const struct device_take *t, size_t chassis)
{
    return arena_printf(k->mem, "%s.%u", t->object, (unsigned)k->known.chassis[chassis]);
}

static void want_takes(struct snmp_know *k, const struct device_takes *takes)
{
    size_t at;
    for (size_t i = 0; i < takes->n; i++) {
        const struct device_take *t = &takes->v[i];
        if (t->source == DEVICE_FROM_OID)
            (void)place_of(k->objects, &k->n_objects, KNOW_OBJECTS_MAX, t->object, true, &at);
        else if (t->source == DEVICE_FROM_COLUMN)
            (void)place_of(k->columns, &k->n_columns, KNOW_COLUMNS_MAX, t->object, true, &at);
        for (size_t c = 0; t->source == DEVICE_FROM_ENTITY && c < k->known.n_chassis; c++)
            (void)place_of(k->objects, &k->n_objects, KNOW_OBJECTS_MAX, entity_object(k, t, c), true, &at);
    }
}

void snmp_know_begin(struct snmp_know *k, const struct snmp_known *known)
{
    k->known = *known;
    for (size_t i = 0; i < k->rules->n_rules; i++) {
        struct device_rule *rule = &k->rules->rules[i];
        if (!may_apply(k, rule) || !compile_rule(rule))
            continue;
        k->candidates[k->n_candidates++] = rule;
        want_takes(k, &rule->has);
        for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++)
            want_takes(k, &rule->takes[a]);
        if (rule->final && rule->has.n == 0)
            break;
    }
}

const char *const *snmp_know_objects(const struct snmp_know *k, size_t *n)
{
    *n = k->n_objects;
    return k->objects;
}

const char *const *snmp_know_columns(const struct snmp_know *k, size_t *n)
{
    *n = k->n_columns;
    return k->columns;
}

/* --- answers ---------------------------------------------------------------------------------------------------------------- */

static struct cell make_cell(struct snmp_know *k, const struct snmp_value *v)
{
    struct cell c = { NULL, NULL };
    struct buf b = BUF_INIT(TEXT_MAX), clean = BUF_INIT(4 * TEXT_MAX);
    int64_t n;
    if (v->type == SNMP_OBJECT_ID)
        oid_format(&b, v->oid, v->n_oid);
    else if (v->type == SNMP_IP_ADDRESS && v->len == 4)
        buf_printf(&b, "%u.%u.%u.%u", v->bytes[0], v->bytes[1], v->bytes[2], v->bytes[3]);
    else if (snmp_value_number(v, &n))
        buf_printf(&b, "%" PRId64, n);
    else
        (void)snmp_text(&b, v);
    if (!b.overflow && b.len > 0) {
        text_clean(&clean, b.data, b.len);
        c.text = arena_strdup(k->mem, buf_str(&clean));
    }
    static const uint8_t none[6];
    if (v->type == SNMP_OCTETS && v->len == 6 && memcmp(v->bytes, none, 6) != 0)
        c.mac = arena_printf(k->mem, "%02x:%02x:%02x:%02x:%02x:%02x", v->bytes[0], v->bytes[1], v->bytes[2], v->bytes[3], v->bytes[4], v->bytes[5]);
    buf_clear(&b);
    buf_clear(&clean);
    return c;
}

void snmp_know_object(struct snmp_know *k, size_t object, const struct snmp_value *v)
{
    if (object < k->n_objects && snmp_value_present(v))
        k->object_cells[object] = make_cell(k, v);
}

void snmp_know_cell(struct snmp_know *k, size_t column, const struct snmp_value *v)
{
    if (column >= k->n_columns || !snmp_value_present(v))
        return;
    struct cells *c = &k->column_cells[column];
    if (c->v == NULL)
        c->v = arena_array(k->mem, KNOW_ROWS_MAX, sizeof *c->v);
    if (c->n < KNOW_ROWS_MAX)
        c->v[c->n++] = make_cell(k, v);
}

/* --- what they mean --------------------------------------------------------------------------------------------------------- */

static const char *fill(struct arena *mem, const char *as, const struct pattern_groups *g)
{
    struct buf b = BUF_INIT(TEXT_MAX);
    for (const char *p = as; *p != '\0'; p++) {
        size_t group = p[0] == '$' && p[1] >= '0' && p[1] <= '9' ? (size_t)(p[1] - '0') : PATTERN_GROUPS;
        if (group == PATTERN_GROUPS)
            buf_putc(&b, *p);
        else if (++p, group < g->n && g->v[group].s != NULL)
            buf_append(&b, g->v[group].s, g->v[group].len);
    }
    const char *s = b.overflow ? NULL : arena_strdup(mem, buf_str(&b));
    buf_clear(&b);
    return s;
}

static const char *by_map(const struct device_take *t, const char *s)
{
    if (t->n_map == 0)
        return s;
    for (size_t i = 0; i < t->n_map; i++)
        if (text_equal_nocase(t->map[i].from, s))
            return t->map[i].to;
    return NULL;
}

/* One text through one place's pattern, words and map; NULL when it gives nothing. */
static const char *take_text(struct snmp_know *k, const struct device_take *t, const char *text)
{
    struct pattern_groups g = { .n = 0 };
    if (text == NULL)
        return NULL;
    if (t->compiled != NULL && !pattern_match(t->compiled, text, strlen(text), &g))
        return NULL;
    const char *s = text;
    if (t->as != NULL && t->source != DEVICE_FROM_VALUE)
        s = fill(k->mem, t->as, &g);
    else if (g.n > 1)
        s = g.v[1].s == NULL ? NULL : arena_strndup(k->mem, g.v[1].s, g.v[1].len);
    else if (g.n == 1)
        s = arena_strndup(k->mem, g.v[0].s, g.v[0].len);
    if (s == NULL)
        return NULL;
    char *line = arena_strndup(k->mem, s, strcspn(s, "\r\n"));
    const char *value = by_map(t, text_trim(line));
    return value == NULL || strlen(value) > VALUE_MAX || device_text_is_placeholder(value) ? NULL : value;
}

static const char *take_cell(struct snmp_know *k, const struct device_take *t, const struct cell *c, bool serial)
{
    const char *s = take_text(k, t, t->mac ? c->mac : c->text);
    return s != NULL && serial && device_serial_is_placeholder(s) ? NULL : s;
}

static const char *take_object(struct snmp_know *k, const struct device_take *t, const char *object, bool serial)
{
    size_t at;
    return place_of(k->objects, &k->n_objects, KNOW_OBJECTS_MAX, object, false, &at) ? take_cell(k, t, &k->object_cells[at], serial) : NULL;
}

static const char *take_object_id(struct snmp_know *k, const struct device_take *t)
{
    size_t rest;
    if (!begins(&k->known, t->object, &rest) || rest == k->known.n_object_id)
        return NULL;
    struct buf b = BUF_INIT(TEXT_MAX);
    oid_format(&b, k->known.object_id + rest, k->known.n_object_id - rest);
    const char *s = take_text(k, t, arena_strdup(k->mem, buf_str(&b)));
    buf_clear(&b);
    return s;
}

static const char *take_column(struct snmp_know *k, const struct device_take *t, bool serial)
{
    const char *found = NULL;
    size_t at;
    if (!place_of(k->columns, &k->n_columns, KNOW_COLUMNS_MAX, t->object, false, &at))
        return NULL;
    for (size_t i = 0; i < k->column_cells[at].n; i++) {
        const char *s = take_cell(k, t, &k->column_cells[at].v[i], serial);
        if (s != NULL && found != NULL && strcmp(s, found) != 0)
            return NULL;             /* t->only: another one */
        if (s != NULL)
            found = s;
        if (found != NULL && !t->only)
            break;
    }
    return found;
}

static const char *take(struct snmp_know *k, const struct device_take *t, bool serial)
{
    const char *s = NULL;
    switch (t->source) {
    case DEVICE_FROM_VALUE: return take_text(k, t, t->as);
    case DEVICE_FROM_DESCR: return take_cell(k, t, &(struct cell){ k->known.descr, NULL }, serial);
    case DEVICE_FROM_NAME: return take_cell(k, t, &(struct cell){ k->known.name, NULL }, serial);
    case DEVICE_FROM_OBJECT_ID: return take_object_id(k, t);
    case DEVICE_FROM_OID: return take_object(k, t, t->object, serial);
    case DEVICE_FROM_COLUMN: return take_column(k, t, serial);
    case DEVICE_FROM_ENTITY:
        for (size_t i = 0; i < k->known.n_chassis && s == NULL; i++)
            s = take_object(k, t, entity_object(k, t, i), serial);
        return s;
    case DEVICE_SOURCES: break;
    }
    return NULL;
}

static bool applies(struct snmp_know *k, const struct device_rule *rule)
{
    for (size_t i = 0; i < rule->has.n; i++)
        if (take(k, &rule->has.v[i], false) == NULL)
            return false;
    return true;
}

void snmp_know_end(struct snmp_know *k, struct fact_row *out, struct arena *mem)
{
    static const int columns[DEVICE_ATTRIBUTES] = { [DEVICE_VENDOR] = DEVICES_VENDOR, [DEVICE_MODEL] = DEVICES_MODEL, [DEVICE_OS] = DEVICES_OS,
        [DEVICE_OS_VERSION] = DEVICES_OS_VERSION, [DEVICE_SERIAL] = DEVICES_SERIAL };
    const char *found[DEVICE_ATTRIBUTES] = { NULL };
    for (size_t i = 0; i < k->n_candidates; i++) {
        const struct device_rule *rule = k->candidates[i];
        if (!applies(k, rule))
            continue;
        for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++)
            for (size_t n = 0; n < rule->takes[a].n && found[a] == NULL; n++)
                found[a] = take(k, &rule->takes[a].v[n], a == DEVICE_SERIAL);
        if (rule->final)
            break;
    }
    if (found[DEVICE_VENDOR] == NULL && k->known.object_id != NULL)
        found[DEVICE_VENDOR] = device_rules_vendor(k->rules, k->known.object_id, k->known.n_object_id);
    for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++)
        fact_set_str(out, columns[a], arena_strdup(mem, found[a]));
}
