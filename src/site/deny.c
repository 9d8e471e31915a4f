/* The list of makers that are never touched. Parent only; its files are ours and the user's. */
#include "site/deny.h"

#include <errno.h>
#include <string.h>
#include "base/mem.h"
#include "base/path.h"
#include "base/pattern.h"
#include "site/load.h"
#include "site/makers.h"
#include "site/mapping.h"

struct entry {
    struct pattern *maker;           /* NULL: by ouis */
    uint64_t *bits; unsigned *n_bits; size_t n;
    const char *why;
};
struct deny { struct arena *arena; struct entry *v; size_t n; };

static struct deny *deny_new(void)
{
    struct deny *d = xcalloc(1, sizeof *d);
    d->arena = arena_new();
    d->v = xcalloc(DENY_MAX, sizeof *d->v);
    return d;
}

void deny_free(struct deny *d)
{
    if (d == NULL)
        return;
    for (size_t i = 0; i < d->n; i++)
        pattern_free(d->v[i].maker);
    free(d->v);
    arena_free(d->arena);
    free(d);
}

size_t deny_count(const struct deny *d)
{
    return d->n;
}

/* --- loading ------------------------------------------------------------------------------------------------------------ */

static void load_maker(const struct yaml_in *in, const struct yaml_node *node, struct entry *e)
{
    const char *text = NULL;
    char *why = NULL;
    if (!yaml_line(in, node, "maker", PATTERN_TEXT_MAX - 4, &text))
        return;
    e->maker = pattern_new(arena_printf(in->arena, "(?i)%s", text), &why);
    if (e->maker == NULL)
        yaml_error(in, node, "maker '%.60s' is no pattern: %s", text, why != NULL ? why : "");
    free(why);
}

static void load_ouis(const struct yaml_in *in, const struct yaml_node *node, struct entry *e)
{
    const char **texts = NULL;
    size_t n = 0;
    if (node == NULL || !yaml_text_list(in, node, "oui", &texts, &n))
        return;
    e->bits = arena_array(in->arena, n + 1, sizeof *e->bits);
    e->n_bits = arena_array(in->arena, n + 1, sizeof *e->n_bits);
    for (size_t i = 0; i < n; i++) {
        if (mac_prefix_parse(texts[i], &e->bits[e->n], &e->n_bits[e->n]))
            e->n++;
        else
            yaml_error(in, node->kind == YAML_LIST ? node->items[i] : node, "'%.40s' is no beginning of a hardware address, like aa:bb:cc", texts[i]);
    }
}

static void load_entry(const struct yaml_in *in, const struct yaml_node *node, struct deny *d)
{
    static const char *const keys[] = { "maker", "oui", "kind", "why", "source" };
    static const char *const kinds[] = { "infusion", "monitoring", "imaging", "laboratory", "therapy", "dental-eye", "module", "other" };
    struct entry e = { .maker = NULL };
    int kind = 0;
    if (!yaml_want(in, node, YAML_MAP, "an entry"))
        return;
    yaml_known_keys(in, node, "an entry", keys, N_ELEMENTS(keys));
    load_maker(in, yaml_get(node, "maker"), &e);
    load_ouis(in, yaml_get(node, "oui"), &e);
    if (yaml_get(node, "maker") == NULL && yaml_get(node, "oui") == NULL)
        yaml_error(in, node, "an entry needs 'maker:' (a pattern) or 'oui:'");
    (void)yaml_choice(in, yaml_need(in, node, "an entry", "kind"), "kind", kinds, N_ELEMENTS(kinds), &kind);
    (void)yaml_line(in, yaml_need(in, node, "an entry", "why"), "why", SITE_MAX_PROSE, &e.why);
    d->v[d->n++] = e;
}

static void load_file(struct deny *d, const char *file, const void *p, size_t len, struct diags *diags)
{
    static const char *const keys[] = { "deny_makers", "updated", "makers" };
    const struct yaml_in in = { .arena = d->arena, .file = arena_strdup(d->arena, file), .diags = diags };
    const struct yaml_node *root = yaml_parse(d->arena, in.file, p, len, diags), *list;
    int64_t version = 0;
    if (root == NULL || !yaml_want(&in, root, YAML_MAP, "a list of makers"))
        return;
    yaml_known_keys(&in, root, "a list of makers", keys, N_ELEMENTS(keys));
    if (yaml_int(&in, yaml_need(&in, root, "a list of makers", "deny_makers"), "deny_makers", 1, 1000000, &version) && version != 1)
        yaml_error(&in, root, "this list is of version %lld; this preop reads version 1", (long long)version);
    list = load_list(&in, yaml_need(&in, root, "a list of makers", "makers"), "makers", DENY_MAX / 2);
    for (size_t i = 0; list != NULL && i < list->n; i++)
        load_entry(&in, list->items[i], d);
}

struct deny *deny_parse(const char *file, const void *p, size_t len, struct diags *diags)
{
    struct deny *d = deny_new();
    size_t errors = diags->n_errors;
    load_file(d, file, p, len, diags);
    if (diags->n_errors == errors)
        return d;
    deny_free(d);
    return NULL;
}

static int read_into(struct deny *d, const char *path, bool needed, struct diags *diags)
{
    struct buf bytes = BUF_INIT(YAML_MAX_BYTES + 1);
    size_t errors = diags->n_errors;
    int err = file_read(path, YAML_MAX_BYTES, &bytes);
    if (err == 0)
        load_file(d, path, buf_str(&bytes), bytes.len, diags);
    else if (err != -ENOENT || needed)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "the list of makers that are never touched cannot be read: %s", err_text(err));
    buf_clear(&bytes);
    return diags->n_errors == errors ? 0 : ERR_BAD_INPUT;
}

struct deny *deny_load(const char *site_dir, struct diags *diags)
{
    struct deny *d = deny_new();
    char *shipped = path_join(data_dir(), "data/" DENY_FILE), *own = site_dir != NULL ? path_join(site_dir, DENY_FILE) : NULL;
    int err = read_into(d, shipped, true, diags);
    if (own != NULL && read_into(d, own, false, diags) != 0)
        err = ERR_BAD_INPUT;
    free(shipped);
    free(own);
    if (err == 0)
        return d;
    deny_free(d);
    return NULL;
}

int deny_check_file(const char *path, struct diags *diags)
{
    struct deny *d = deny_new();
    int err = read_into(d, path, true, diags);
    deny_free(d);
    return err;
}

/* --- asking ------------------------------------------------------------------------------------------------------------- */

const char *deny_why(const struct deny *d, const char *mac, const char *maker)
{
    for (size_t i = 0; i < d->n; i++) {
        const struct entry *e = &d->v[i];
        if (e->maker != NULL && maker != NULL && pattern_match(e->maker, maker, strlen(maker), NULL))
            return e->why;
        for (size_t k = 0; k < e->n && mac != NULL; k++)
            if (mac_prefix_holds(e->bits[k], e->n_bits[k], mac))
                return e->why;
    }
    return NULL;
}
