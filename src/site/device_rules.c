/* Device rules: YAML into struct device_rules, with every pattern compiled and every object held against what is never asked for.
 * Parent (and lint). A site's file may come from a stranger: it can name objects to read and words, nothing else. */
#include "site/device_rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/path.h"
#include "base/pattern.h"
#include "base/text.h"
#include "site/load.h"
#include "site/mapping.h"
#include "site/yaml.h"

#define WORDS_MAX 200
#define RULES_FILE_VERSION 1

struct build {
    struct yaml_in in;
    struct device_rules *r;
};

/* --- objects and patterns ------------------------------------------------------------------------------------------------ */

/* What may hold a secret, or what people do: communities, users, access control; running software with its arguments. */
static bool never_asked(const char *oid)
{
    static const char *const never[] = { "1.3.6.1.6.3.12", "1.3.6.1.6.3.13", "1.3.6.1.6.3.15", "1.3.6.1.6.3.16", "1.3.6.1.6.3.18", "1.3.6.1.2.1.25.4",
        "1.3.6.1.4.1.9.9.96", "1.3.6.1.4.1.9.2.1.53", "1.3.6.1.4.1.9.2.1.55", "1.3.6.1.2.1.43.5.1.1.4", "1.3.6.1.2.1.43.5.1.1.5" };
    for (size_t i = 0; i < N_ELEMENTS(never); i++) {
        size_t len = strlen(never[i]), got = strlen(oid);
        if (got <= len ? strncmp(never[i], oid, got) == 0 && (never[i][got] == '\0' || never[i][got] == '.') : strncmp(never[i], oid, len) == 0 && oid[len] == '.')
            return true;
    }
    return false;
}

static bool load_oid(struct build *b, const struct yaml_node *node, const char *what, const char **out)
{
    if (!yaml_line(&b->in, node, what, WORDS_MAX, out))
        return false;
    if (**out == '.')
        ++*out;
    if (device_rules_oid_ok(*out))
        return true;
    yaml_error(&b->in, node, "%s must be numbers with dots between them, like 1.3.6.1.4.1.9.1, not '%.60s'", what, *out);
    return false;
}

static bool load_pattern(struct build *b, const struct yaml_node *node, const char *what, const char **out)
{
    char *why = NULL;
    if (!yaml_text(&b->in, node, what, out))
        return false;
    struct pattern *p = pattern_new(*out, &why);
    if (p == NULL)
        yaml_error(&b->in, node, "%s is no regular expression: %s", what, why);
    free(why);
    pattern_free(p);
    return p != NULL;
}

/* --- one place to look ------------------------------------------------------------------------------------------------------ */

static const char *const entity_names[] = { "descr", "vendor-type", "name", "hardware", "firmware", "software", "serial", "maker", "model" };
static const char *const entity_columns[] = { "1.3.6.1.2.1.47.1.1.1.1.2", "1.3.6.1.2.1.47.1.1.1.1.3", "1.3.6.1.2.1.47.1.1.1.1.7", "1.3.6.1.2.1.47.1.1.1.1.8",
    "1.3.6.1.2.1.47.1.1.1.1.9", "1.3.6.1.2.1.47.1.1.1.1.10", "1.3.6.1.2.1.47.1.1.1.1.11", "1.3.6.1.2.1.47.1.1.1.1.12", "1.3.6.1.2.1.47.1.1.1.1.13" };

static void load_map(struct build *b, const struct yaml_node *node, struct device_take *t)
{
    if (!yaml_want(&b->in, node, YAML_MAP, "map"))
        return;
    if (node->n == 0 || node->n > DEVICE_RULES_MAX_PAIRS) {
        yaml_error(&b->in, node, "map must have 1 to %d values", DEVICE_RULES_MAX_PAIRS);
        return;
    }
    t->map = arena_array(b->r->arena, node->n + 1, sizeof *t->map);
    for (size_t i = 0; i < node->n; i++) {
        const char *to = NULL;
        if (yaml_line(&b->in, node->items[i], "a value of map", WORDS_MAX, &to))
            t->map[t->n_map++] = (struct device_pair){ node->keys[i], to };
    }
}

/* Which of the keys that name a source is there; exactly one must be. */
static int find_source(struct build *b, const struct yaml_node *map, const char *const *names, size_t n)
{
    int found = -1;
    for (size_t i = 0; i < n; i++) {
        if (yaml_get(map, names[i]) == NULL)
            continue;
        if (found >= 0) {
            yaml_error(&b->in, yaml_get(map, names[i]), "'%s' and '%s' are two places: write them one after the other", names[found], names[i]);
            return -1;
        }
        found = (int)i;
    }
    if (found < 0)
        yaml_error(&b->in, map, "it says nowhere to look: value, descr, name, object_id, oid, column or entity");
    return found;
}

static void load_source(struct build *b, const struct yaml_node *node, struct device_take *t)
{
    int which = 0;
    switch (t->source) {
    case DEVICE_FROM_VALUE:
        (void)yaml_line(&b->in, node, "value", WORDS_MAX, &t->as);
        break;
    case DEVICE_FROM_DESCR:
    case DEVICE_FROM_NAME:
        (void)load_pattern(b, node, t->source == DEVICE_FROM_DESCR ? "descr" : "name", &t->match);
        break;
    case DEVICE_FROM_OBJECT_ID:
        (void)load_oid(b, node, "object_id", &t->object);
        break;
    case DEVICE_FROM_OID:
    case DEVICE_FROM_COLUMN:
        if (load_oid(b, node, t->source == DEVICE_FROM_OID ? "oid" : "column", &t->object) && never_asked(t->object))
            yaml_error(&b->in, node, "%s is never asked for: it may hold a secret, or what people do", t->object);
        break;
    case DEVICE_FROM_ENTITY:
        if (yaml_choice(&b->in, node, "entity", entity_names, N_ELEMENTS(entity_names), &which))
            t->object = entity_columns[which];
        break;
    case DEVICE_SOURCES:
        break;
    }
}

static void load_take(struct build *b, const struct yaml_node *node, struct device_take *t)
{
    static const char *const sources[] = { "value", "descr", "name", "object_id", "oid", "column", "entity" };
    static const char *const keys[] = { "value", "descr", "name", "object_id", "oid", "column", "entity", "match", "as", "map", "mac", "only" };
    if (node->kind == YAML_SCALAR) {
        t->source = DEVICE_FROM_VALUE;
        (void)yaml_line(&b->in, node, "a value", WORDS_MAX, &t->as);
        return;
    }
    if (!yaml_want(&b->in, node, YAML_MAP, "a place to look"))
        return;
    yaml_known_keys(&b->in, node, "a place to look", keys, N_ELEMENTS(keys));
    int source = find_source(b, node, sources, N_ELEMENTS(sources));
    if (source < 0)
        return;
    t->source = (enum device_source)source;
    load_source(b, yaml_get(node, sources[source]), t);
    const struct yaml_node *match = yaml_get(node, "match"), *as = yaml_get(node, "as"), *map = yaml_get(node, "map");
    if (match != NULL && (t->match != NULL || t->source == DEVICE_FROM_VALUE))
        yaml_error(&b->in, match, "'%s' is the pattern itself: leave out match", sources[source]);
    else if (match != NULL)
        (void)load_pattern(b, match, "match", &t->match);
    if (as != NULL && t->source == DEVICE_FROM_VALUE)
        yaml_error(&b->in, as, "value is the text itself: leave out as");
    else if (as != NULL)
        (void)yaml_line(&b->in, as, "as", WORDS_MAX, &t->as);
    (void)yaml_bool(&b->in, yaml_get(node, "mac"), "mac", &t->mac);
    if (yaml_bool(&b->in, yaml_get(node, "only"), "only", &t->only) && t->only && t->source != DEVICE_FROM_COLUMN)
        yaml_error(&b->in, yaml_get(node, "only"), "only is for a column");
    if (map != NULL)
        load_map(b, map, t);
}

static void load_takes(struct build *b, const struct yaml_node *node, const char *what, struct device_takes *out)
{
    if (node == NULL)
        return;
    size_t n = node->kind == YAML_LIST ? node->n : 1;
    if (n == 0 || n > DEVICE_RULES_MAX_TAKES) {
        yaml_error(&b->in, node, "%s must have 1 to %d places to look", what, DEVICE_RULES_MAX_TAKES);
        return;
    }
    out->v = arena_array(b->r->arena, n + 1, sizeof *out->v);
    for (size_t i = 0; i < n; i++)
        load_take(b, node->kind == YAML_LIST ? node->items[i] : node, &out->v[out->n++]);
}

/* --- one rule --------------------------------------------------------------------------------------------------------------- */

static void load_prefixes(struct build *b, const struct yaml_node *node, struct device_rule *rule)
{
    size_t n = node->kind == YAML_LIST ? node->n : 1;
    if (n == 0 || n > DEVICE_RULES_MAX_PREFIXES) {
        yaml_error(&b->in, node, "object_id must have 1 to %d entries", DEVICE_RULES_MAX_PREFIXES);
        return;
    }
    rule->object_ids = arena_array(b->r->arena, n + 1, sizeof *rule->object_ids);
    for (size_t i = 0; i < n; i++)
        if (load_oid(b, node->kind == YAML_LIST ? node->items[i] : node, "object_id", &rule->object_ids[rule->n_object_ids]))
            rule->n_object_ids++;
}

static void load_when(struct build *b, const struct yaml_node *node, struct device_rule *rule)
{
    static const char *const keys[] = { "object_id", "descr", "has" };
    if (!yaml_want(&b->in, node, YAML_MAP, "when"))
        return;
    yaml_known_keys(&b->in, node, "when", keys, N_ELEMENTS(keys));
    if (yaml_get(node, "object_id") != NULL)
        load_prefixes(b, yaml_get(node, "object_id"), rule);
    if (yaml_get(node, "descr") != NULL)
        (void)load_pattern(b, yaml_get(node, "descr"), "descr", &rule->descr);
    load_takes(b, yaml_get(node, "has"), "has", &rule->has);
}

static void load_rule(struct build *b, const struct yaml_node *node, struct device_rule *rule)
{
    static const char *const keys[] = { "name", "when", "vendor", "model", "os", "os_version", "serial", "final" };
    if (!yaml_want(&b->in, node, YAML_MAP, "a rule"))
        return;
    rule->name = "";
    yaml_known_keys(&b->in, node, "a rule", keys, N_ELEMENTS(keys));
    (void)yaml_line(&b->in, yaml_need(&b->in, node, "a rule", "name"), "name", WORDS_MAX, &rule->name);
    if (yaml_get(node, "when") != NULL)
        load_when(b, yaml_get(node, "when"), rule);
    for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++) {
        const char *name = device_attribute_name((enum device_attribute)a);
        load_takes(b, yaml_get(node, name), name, &rule->takes[a]);
    }
    (void)yaml_bool(&b->in, yaml_get(node, "final"), "final", &rule->final);
    if (rule->takes[DEVICE_SERIAL].n > 0 && rule->takes[DEVICE_SERIAL].v[0].source == DEVICE_FROM_VALUE)
        yaml_error(&b->in, yaml_get(node, "serial"), "a serial is read from a device, never written in a rule");
}

/* --- vendors ---------------------------------------------------------------------------------------------------------------- */

static int vendor_compare(const void *a, const void *b)
{
    const struct device_vendor *x = a, *y = b;
    return x->enterprise < y->enterprise ? -1 : x->enterprise > y->enterprise;
}

static void load_vendors(struct build *b, const struct yaml_node *node)
{
    if (node == NULL || !yaml_want(&b->in, node, YAML_MAP, "vendors"))
        return;
    if (node->n > DEVICE_RULES_MAX_VENDORS) {
        yaml_error(&b->in, node, "vendors has more than %d entries", DEVICE_RULES_MAX_VENDORS);
        return;
    }
    struct device_rules *r = b->r;
    r->vendors = arena_array(r->arena, node->n + 1, sizeof *r->vendors);
    for (size_t i = 0; i < node->n; i++) {
        long long number = 0;
        const char *name = NULL;
        if (!text_parse_int(node->keys[i], 1, UINT32_MAX, &number))
            yaml_error_at(&b->in, node->key_lines[i], node->key_columns[i], "vendors are by IANA's enterprise number, not by '%.40s'", node->keys[i]);
        else if (yaml_line(&b->in, node->items[i], "a vendor's name", WORDS_MAX, &name))
            r->vendors[r->n_vendors++] = (struct device_vendor){ (uint32_t)number, name };
    }
    qsort(r->vendors, r->n_vendors, sizeof *r->vendors, vendor_compare);
    for (size_t i = 1; i < r->n_vendors; i++)
        if (r->vendors[i].enterprise == r->vendors[i - 1].enterprise)
            yaml_error(&b->in, node, "vendor %u is named twice", (unsigned)r->vendors[i].enterprise);
}

/* --- the file --------------------------------------------------------------------------------------------------------------- */

static void load_root(struct build *b, const struct yaml_node *root)
{
    static const char *const keys[] = { "device_rules", "title", "vendors", "rules" };
    const struct yaml_in *in = &b->in;
    int64_t version = 0;
    const char *title = NULL;
    if (!yaml_want(in, root, YAML_MAP, "device rules"))
        return;
    yaml_known_keys(in, root, "device rules", keys, N_ELEMENTS(keys));
    const struct yaml_node *node = yaml_need(in, root, "device rules", "device_rules");
    if (yaml_int(in, node, "device_rules", 1, 1000000, &version) && version != RULES_FILE_VERSION)
        yaml_error(in, node, "these device rules are of version %lld; this preop reads version %d", (long long)version, RULES_FILE_VERSION);
    (void)yaml_line(in, yaml_get(root, "title"), "title", WORDS_MAX, &title);
    load_vendors(b, yaml_get(root, "vendors"));
    if (yaml_get(root, "rules") == NULL)
        return;
    const struct yaml_node *rules = load_list(in, yaml_get(root, "rules"), "rules", DEVICE_RULES_MAX);
    if (rules == NULL)
        return;
    b->r->rules = arena_array(b->r->arena, rules->n + 1, sizeof *b->r->rules);
    for (size_t i = 0; i < rules->n; i++)
        load_rule(b, rules->items[i], &b->r->rules[b->r->n_rules++]);
}

int device_rules_parse(const char *file, const void *p, size_t len, struct device_rules **out, struct diags *diags)
{
    struct device_rules *r = device_rules_new();
    struct build b = { .in = { .arena = r->arena, .file = file, .diags = diags }, .r = r };
    size_t errors_before = diags->n_errors;
    const struct yaml_node *root = yaml_parse(r->arena, file, p, len, diags);
    if (root != NULL)
        load_root(&b, root);
    if (diags->n_errors != errors_before || root == NULL) {
        device_rules_free(r);
        return ERR_BAD_INPUT;
    }
    *out = r;
    return 0;
}

/* 0 with *out NULL when the file is not there. */
static int read_rules(const char *path, struct device_rules **out, struct diags *diags)
{
    struct buf bytes = BUF_INIT(YAML_MAX_BYTES + 1);
    *out = NULL;
    int err = file_read(path, YAML_MAX_BYTES, &bytes);
    if (err == 0)
        err = device_rules_parse(path, buf_str(&bytes), bytes.len, out, diags);
    else if (err == -ENOENT)
        err = 0;
    else
        diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", err_text(err));
    buf_clear(&bytes);
    return err;
}

int device_rules_check_file(const char *path, struct diags *diags)
{
    struct device_rules *r = NULL;
    int err = read_rules(path, &r, diags);
    if (err == 0 && r == NULL) {
        diag_add(diags, DIAG_ERROR, path, 0, 0, "there is no such file");
        err = ERR_NOT_FOUND;
    }
    device_rules_free(r);
    return err;
}

/* first's rules before second's; a vendor that both name is first's. */
static void join(const struct device_rules *first, const struct device_rules *second, struct device_rules *out)
{
    const struct device_rules *const both[] = { first, second };
    out->vendors = arena_array(out->arena, first->n_vendors + second->n_vendors + 1, sizeof *out->vendors);
    out->rules = arena_array(out->arena, first->n_rules + second->n_rules + 1, sizeof *out->rules);
    for (size_t i = 0; i < N_ELEMENTS(both); i++)
        for (size_t k = 0; k < both[i]->n_rules; k++)
            out->rules[out->n_rules++] = both[i]->rules[k];
    for (size_t i = 0, k = 0; i < first->n_vendors || k < second->n_vendors;) {
        bool from_first = k == second->n_vendors || (i < first->n_vendors && first->vendors[i].enterprise <= second->vendors[k].enterprise);
        if (from_first && k < second->n_vendors && first->vendors[i].enterprise == second->vendors[k].enterprise)
            k++;
        out->vendors[out->n_vendors++] = from_first ? first->vendors[i++] : second->vendors[k++];
    }
}

static int load_both(const char *site_dir, struct device_rules **site, struct device_rules **shipped, struct diags *diags)
{
    char *own = site_dir != NULL ? path_join(site_dir, DEVICE_RULES_FILE) : NULL, *data = path_join(data_dir(), "data/" DEVICE_RULES_FILE);
    int err = own != NULL ? read_rules(own, site, diags) : 0;
    if (err == 0)
        err = read_rules(data, shipped, diags);
    free(own);
    free(data);
    return err;
}

int device_rules_load(const char *site_dir, struct buf *out, struct diags *diags)
{
    struct device_rules *site = NULL, *shipped = NULL, *none = device_rules_new(), *all = device_rules_new();
    int err = load_both(site_dir, &site, &shipped, diags);
    if (err == 0 && (site != NULL || shipped != NULL)) {
        join(site != NULL ? site : none, shipped != NULL ? shipped : none, all);
        if (all->n_rules > DEVICE_RULES_MAX || all->n_vendors > DEVICE_RULES_MAX_VENDORS)
            diag_add(diags, DIAG_ERROR, DEVICE_RULES_FILE, 0, 0, "more than %d rules or %d vendors together with the shipped ones", DEVICE_RULES_MAX, DEVICE_RULES_MAX_VENDORS);
        else
            device_rules_encode(all, out);
    }
    if (err == 0 && (out->overflow || all->n_rules > DEVICE_RULES_MAX || all->n_vendors > DEVICE_RULES_MAX_VENDORS))
        err = ERR_LIMIT;
    device_rules_free(site);
    device_rules_free(shipped);
    device_rules_free(none);
    device_rules_free(all);
    return err;
}

/* --- what they ask for ------------------------------------------------------------------------------------------------------ */

static void explain_takes(FILE *out, const struct device_takes *takes)
{
    for (size_t i = 0; i < takes->n; i++) {
        const struct device_take *t = &takes->v[i];
        if (t->source == DEVICE_FROM_OID || t->source == DEVICE_FROM_COLUMN)
            fprintf(out, "    %s%s\n", t->object, t->source == DEVICE_FROM_COLUMN ? " (a column)" : "");
    }
}

void device_rules_explain(const char *site_dir, FILE *out)
{
    struct device_rules *v[2] = { NULL, NULL };
    struct diags diags = DIAGS_INIT;
    if (load_both(site_dir, &v[0], &v[1], &diags) != 0)
        fputs("The device rules cannot be read; see preop lint.\n", out);
    fputs("Of a device that meets a rule of device-rules.yaml, what the rule names, and of its chassis the columns of entPhysicalTable:\n", out);
    for (size_t i = 0; i < N_ELEMENTS(v); i++) {
        for (size_t k = 0; v[i] != NULL && k < v[i]->n_rules; k++) {
            fprintf(out, "  %s\n", v[i]->rules[k].name);
            explain_takes(out, &v[i]->rules[k].has);
            for (size_t a = 0; a < DEVICE_ATTRIBUTES; a++)
                explain_takes(out, &v[i]->rules[k].takes[a]);
        }
        device_rules_free(v[i]);
    }
    diags_clear(&diags);
}
