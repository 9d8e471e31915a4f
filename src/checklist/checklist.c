/* Checklists from files: found, read, tailored, sorted. Parent; the files are hostile. */
#include "checklist/checklist.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/path.h"
#include "base/text.h"
#include "checklist/lint.h"
#include "checklist/load.h"
#include "fact/form.h"
#include "site/mapping.h"

#define SHIPPED_MAX 200

struct document { struct checklist_file *file; const struct yaml_node *root; const char *place; };   /* place: the name in messages */
struct loader { struct checklists *c; const struct site *site; struct diags *diags; struct document *docs; size_t n_docs; };

/* --- finding files ---------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

/* A path in the site's folder that does not lead out of it, or a name. */
static bool name_ok(const char *name)
{
    if (!ends_with(name, ".yaml"))
        return word_ok(name);
    return name[0] != '/' && strcmp(name, "..") != 0 && strncmp(name, "../", 3) != 0 && strstr(name, "/../") == NULL;
}

static bool read_file(const char *path, struct buf *b, int *err)
{
    buf_reset(b);
    *err = file_read(path, YAML_MAX_BYTES, b);
    return *err == 0;
}

/* The path that was read, owned; NULL with *err. */
static char *find_file(const struct site *site, const char *name, struct buf *b, int *err)
{
    char *path = NULL;
    if (ends_with(name, ".yaml")) {
        path = path_join(site->dir, name);
        if (read_file(path, b, err))
            return path;
        free(path);
        return NULL;
    }
    char *file = xasprintf("%s.yaml", name), *own = path_join(site->dir, "checklists");
    path = path_join(own, file);
    if (!read_file(path, b, err) && *err == -ENOENT) {
        free(path);
        path = path_join(data_dir(), file);
        read_file(path, b, err);
    }
    free(own);
    free(file);
    if (*err == 0)
        return path;
    free(path);
    return NULL;
}

static struct checklist_file *add_file(struct loader *l, const char *name, const char *path, const void *bytes, size_t len)
{
    struct checklists *c = l->c;
    struct checklist_file *f = &c->files[c->n_files++];
    *f = (struct checklist_file){ .name = arena_strdup(c->arena, name), .path = arena_strdup(c->arena, path), .len = len };
    f->bytes = arena_strndup(c->arena, bytes, len);
    sha256_hex(bytes, len, f->sha256);
    return f;
}

static void find_all(struct loader *l)
{
    const struct site *site = l->site;
    struct buf b = BUF_INIT(YAML_MAX_BYTES);
    char *site_file = path_join(site->dir, "site.yaml");
    l->c->files = arena_array(l->c->arena, site->n_checklists + 1, sizeof(*l->c->files));
    for (size_t i = 0; i < site->n_checklists; i++) {
        const struct checklist_ref *r = &site->checklists[i];
        int err = 0;
        if (!name_ok(r->name)) {
            diag_add(l->diags, DIAG_ERROR, site_file, r->line, r->column, "'%.60s' is neither the name of a checklist nor a path within the site's folder that ends in .yaml",
                     r->name);
            continue;
        }
        char *path = find_file(site, r->name, &b, &err);
        if (path != NULL)
            add_file(l, r->name, path, b.data, b.len);
        else if (err == -ENOENT)
            diag_add(l->diags, DIAG_ERROR, site_file, r->line, r->column, "there is no checklist '%.60s': neither in the site's folder nor among the shipped ones in %s",
                     r->name, data_dir());
        else
            diag_add(l->diags, DIAG_ERROR, site_file, r->line, r->column, "the checklist '%.60s' cannot be read: %s", r->name, err_text(err));
        free(path);
    }
    free(site_file);
    buf_clear(&b);
}

/* --- reading ---------------------------------------------------------------------------------------------------------- */

static void load_domains(const struct yaml_in *in, const struct yaml_node *node, struct checklists *c)
{
    static const char *const keys[] = { "title", "weight" };
    if (node == NULL || !yaml_want(in, node, YAML_MAP, "domains"))
        return;
    struct domain_weight *v = arena_array(c->arena, c->n_domains + node->n + 1, sizeof(*v));
    if (c->n_domains > 0)
        memcpy(v, c->domains, c->n_domains * sizeof(*v));
    c->domains = v;
    for (size_t i = 0; i < node->n && i < LIST_MAX; i++) {
        struct domain_weight d = { .domain = node->keys[i], .weight = 1 };
        if (!word_ok(d.domain))
            yaml_error_at(in, node->key_lines[i], node->key_columns[i], "a domain has only a-z, 0-9 and - and begins with a letter, not '%.40s'", d.domain);
        if (!yaml_want(in, node->items[i], YAML_MAP, "a domain"))
            continue;
        yaml_known_keys(in, node->items[i], "domain", keys, N_ELEMENTS(keys));
        yaml_line(in, yaml_get(node->items[i], "title"), "title", LINE_MAX_BYTES, &d.title);
        yaml_int(in, yaml_get(node->items[i], "weight"), "weight", 0, 1000, &d.weight);
        for (size_t k = 0; k < c->n_domains; k++)
            if (strcmp(v[k].domain, d.domain) == 0 && (v[k].weight != d.weight))
                yaml_error_at(in, node->key_lines[i], node->key_columns[i], "the domain %s has weight %lld in another checklist", d.domain, (long long)v[k].weight);
        v[c->n_domains++] = d;
    }
}

static void add_check(struct loader *l, const struct yaml_in *in, const struct check *one)
{
    struct checklists *c = l->c;
    const struct check *other = check_by_id(c->checks, c->n_checks, one->id);
    if (other != NULL)
        yaml_error_at(in, one->line, one->column, "the id %s stands already in %s, line %d", one->id, other->file, other->line);
    else if (c->n_checks >= CHECKS_MAX)
        yaml_error_at(in, one->line, one->column, "there are more than %d checks", CHECKS_MAX);
    else
        c->checks[c->n_checks++] = *one;
}

static void load_checklist(struct loader *l, const struct yaml_in *in, const struct document *d)
{
    static const char *const keys[] = { "checklist", "version", "title", "domains", "checks" };
    struct checklists *c = l->c;
    const char *name = NULL;
    struct check one;
    yaml_known_keys(in, d->root, "checklist", keys, N_ELEMENTS(keys));
    yaml_line(in, yaml_get(d->root, "checklist"), "checklist", LINE_MAX_BYTES, &name);
    d->file->version = 1;
    yaml_int(in, yaml_get(d->root, "version"), "version", 0, 1000000, &d->file->version);
    yaml_line(in, yaml_need(in, d->root, "a checklist", "title"), "title", LINE_MAX_BYTES, &d->file->title);
    load_domains(in, yaml_get(d->root, "domains"), c);
    const struct yaml_node *list = yaml_need(in, d->root, "a checklist", "checks");
    if (name == NULL || list == NULL || !yaml_want(in, list, YAML_LIST, "checks"))
        return;
    struct check *bigger = arena_array(c->arena, c->n_checks + list->n + 1, sizeof(*bigger));
    if (c->n_checks > 0)
        memcpy(bigger, c->checks, c->n_checks * sizeof(*bigger));
    c->checks = bigger;
    for (size_t i = 0; i < list->n; i++)
        if (check_load(in, list->items[i], name, l->site, &one))
            add_check(l, in, &one);
}

static bool is_overlay(const struct document *d)
{
    return yaml_get(d->root, "overlay") != NULL;
}

/* The files from the given one on; l->docs has room for them. */
static void parse_from(struct loader *l, size_t first)
{
    struct checklists *c = l->c;
    for (size_t i = first; i < c->n_files; i++) {
        struct checklist_file *f = &c->files[i];
        const char *place = f->path != NULL ? f->path : f->name;
        const struct yaml_node *root = yaml_parse(c->arena, place, f->bytes, f->len, l->diags);
        if (root == NULL)
            continue;
        if (root->kind != YAML_MAP || (yaml_get(root, "checklist") == NULL && yaml_get(root, "overlay") == NULL)) {
            diag_add(l->diags, DIAG_ERROR, place, root->line, root->column, "this is no checklist: it begins with 'checklist: NAME' or 'overlay: NAME'");
            continue;
        }
        l->docs[l->n_docs++] = (struct document){ f, root, place };
    }
}

/* Overlays come last, in their order, wherever they stand in the list. */
static void load_all(struct loader *l)
{
    for (size_t i = 0; i < l->n_docs; i++) {
        const struct yaml_in in = { .arena = l->c->arena, .file = l->docs[i].place, .diags = l->diags };
        if (!is_overlay(&l->docs[i]))
            load_checklist(l, &in, &l->docs[i]);
    }
    for (size_t i = 0; i < l->n_docs; i++) {
        const struct yaml_in in = { .arena = l->c->arena, .file = l->docs[i].place, .diags = l->diags };
        struct document *d = &l->docs[i];
        if (!is_overlay(d))
            continue;
        d->file->version = 1;
        yaml_int(&in, yaml_get(d->root, "version"), "version", 0, 1000000, &d->file->version);
        d->file->title = "overlay";
        yaml_line(&in, yaml_get(d->root, "title"), "title", LINE_MAX_BYTES, &d->file->title);
        overlay_apply(&in, d->root, d->file->name, l->site, l->c);
    }
}

static void check_former_ids(struct loader *l)
{
    for (size_t i = 0; i < l->c->n_checks; i++) {
        const struct check *c = &l->c->checks[i];
        for (size_t k = 0; k < c->n_was; k++)
            if (checklists_find(l->c, c->was[k]) != NULL)
                diag_add(l->diags, DIAG_ERROR, c->file, c->line, c->column, "%s says that it was %s, and there is a check of that id: a released id is never used again",
                         c->id, c->was[k]);
    }
}

static int by_id(const void *a, const void *b)
{
    const struct check *x = a, *y = b;
    return strcmp(x->id, y->id);
}

/* --- what checks join beside facts ------------------------------------------------------------------------------------ */

static void take_data(struct loader *l, enum lookup_id id, const char *path, const void *bytes, size_t len)
{
    struct checklists *c = l->c;
    struct checklist_file *f = &c->data[c->n_data++];
    *f = (struct checklist_file){ .name = lookup_tables[id].file, .path = arena_strdup(c->arena, path), .len = len, .is_data = true };
    f->bytes = arena_strndup(c->arena, bytes, len);
    sha256_hex(bytes, len, f->sha256);
    lookup_parse(id, c->arena, path != NULL ? path : f->name, f->bytes, len, l->diags, &c->lookups[id]);
}

/* The site's own copy (SITE/checklists/data/...) before the shipped one. */
static void find_data(struct loader *l, enum lookup_id id)
{
    struct buf b = BUF_INIT(YAML_MAX_BYTES);
    const char *file = lookup_tables[id].file;
    char *own = l->site != NULL ? path_join(l->site->dir, "checklists") : NULL;
    char *path = own != NULL ? path_join(own, file) : NULL;
    int err = -ENOENT;
    if (path == NULL || (!read_file(path, &b, &err) && err == -ENOENT)) {
        free(path);
        path = path_join(data_dir(), file);
        read_file(path, &b, &err);
    }
    if (err == 0)
        take_data(l, id, path, b.data, b.len);
    else
        diag_add(l->diags, DIAG_ERROR, path, 0, 0, "checks read %s, and this file of it cannot be read: %s", lookup_tables[id].name, err_text(err));
    free(own);
    free(path);
    buf_clear(&b);
}

/* pinned: data files among a run's inputs, which nothing else may stand in for; NULL: they are looked for. */
static void load_lookups(struct loader *l, const struct checklist_file *pinned, size_t n)
{
    lookup_site(l->c->arena, l->site, l->c->checks, l->c->n_checks, l->c->lookups);
    for (int id = 0; id < LOOKUP_COUNT; id++) {
        if (lookup_tables[id].file == NULL || !lookup_wanted(l->c->checks, l->c->n_checks, (enum lookup_id)id))
            continue;
        if (pinned == NULL)
            find_data(l, (enum lookup_id)id);
        for (size_t i = 0; pinned != NULL && i < n; i++)
            if (pinned[i].is_data && strcmp(pinned[i].name, lookup_tables[id].file) == 0) {
                take_data(l, (enum lookup_id)id, NULL, pinned[i].bytes, pinned[i].len);
                break;
            }
    }
}

static struct checklists *start(void)
{
    struct arena *a = arena_new();
    struct checklists *c = arena_alloc(a, sizeof(*c));
    c->arena = a;
    return c;
}

static void parse_all(struct loader *l)
{
    l->docs = arena_array(l->c->arena, l->c->n_files + 1, sizeof(*l->docs));
    parse_from(l, 0);
}

/* The common half: files are parsed, errors before are counted from n_before. */
static struct checklists *finish(struct loader *l, size_t n_before, const struct checklist_file *pinned, size_t n_pinned)
{
    load_all(l);
    load_lookups(l, pinned, n_pinned);
    if (l->c->n_checks > 0)
        qsort(l->c->checks, l->c->n_checks, sizeof(*l->c->checks), by_id);
    check_former_ids(l);
    if (l->diags->n_errors == n_before)
        return l->c;
    checklists_free(l->c);
    return NULL;
}

struct checklists *checklists_load(const struct site *site, struct diags *diags)
{
    struct loader l = { .c = start(), .site = site, .diags = diags };
    size_t before = diags->n_errors;
    find_all(&l);
    parse_all(&l);
    struct checklists *c = finish(&l, before, NULL, 0);
    if (c != NULL)
        lint_compile(c, diags);
    if (c != NULL && diags->n_errors > before) {
        checklists_free(c);
        c = NULL;
    }
    return c;
}

struct checklists *checklists_load_files(const struct checklist_file *files, size_t n, const struct site *site, struct diags *diags)
{
    struct loader l = { .c = start(), .site = site, .diags = diags };
    l.c->files = arena_array(l.c->arena, n + 1, sizeof(*l.c->files));
    for (size_t i = 0; i < n; i++)
        if (!files[i].is_data)
            add_file(&l, files[i].name, NULL, files[i].bytes, files[i].len);
    size_t before = diags->n_errors;
    parse_all(&l);
    return finish(&l, before, files, n);
}

/* A file that cannot be read is an error with its name. */
static void add_path(struct loader *l, const char *path)
{
    struct buf b = BUF_INIT(YAML_MAX_BYTES);
    int err = file_read(path, YAML_MAX_BYTES, &b);
    if (err != 0)
        diag_add(l->diags, DIAG_ERROR, path, 0, 0, "it cannot be read: %s", err_text(err));
    else
        add_file(l, path, path, b.data, b.len);
    buf_clear(&b);
}

static bool has_checklist(const struct loader *l, const char *name)
{
    for (size_t i = 0; i < l->n_docs; i++) {
        const struct yaml_node *said = yaml_get(l->docs[i].root, "checklist");
        if (!is_overlay(&l->docs[i]) && said != NULL && said->kind == YAML_SCALAR && strcmp(said->text, name) == 0)
            return true;
    }
    return false;
}

/* What the overlays tailor, from the shipped ones, where it is not there. There is room for one more file for each. */
static void add_tailored(struct loader *l)
{
    size_t n = l->n_docs;
    for (size_t i = 0; i < n; i++) {
        const struct yaml_node *of = yaml_get(l->docs[i].root, "overlay");
        if (of == NULL || of->kind != YAML_SCALAR || !word_ok(of->text) || has_checklist(l, of->text))
            continue;
        char *file = xasprintf("%s.yaml", of->text), *path = path_join(data_dir(), file);
        if (access(path, R_OK) == 0) {
            add_path(l, path);
            parse_from(l, l->c->n_files - 1);
        }
        free(path);
        free(file);
    }
}

struct checklists *checklists_load_paths(const char *const *paths, size_t n, struct diags *diags)
{
    struct loader l = { .c = start(), .diags = diags };
    size_t before = diags->n_errors;
    l.c->files = arena_array(l.c->arena, 2 * n + 1, sizeof(*l.c->files));
    l.docs = arena_array(l.c->arena, 2 * n + 1, sizeof(*l.docs));
    for (size_t i = 0; i < n; i++)
        add_path(&l, paths[i]);
    parse_from(&l, 0);
    add_tailored(&l);
    return finish(&l, before, NULL, 0);
}

struct checklists *checklists_load_shipped(struct diags *diags)
{
    char *paths[SHIPPED_MAX];
    size_t n = 0;
    DIR *dir = opendir(data_dir());
    for (struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL && n < SHIPPED_MAX; e = readdir(dir))
        if (e->d_name[0] != '.' && ends_with(e->d_name, ".yaml"))
            paths[n++] = path_join(data_dir(), e->d_name);
    if (dir != NULL)
        closedir(dir);
    qsort(paths, n, sizeof(*paths), text_order);
    struct checklists *c = checklists_load_paths((const char *const *)paths, n, diags);
    for (size_t i = 0; i < n; i++)
        free(paths[i]);
    return c;
}

void checklists_free(struct checklists *c)
{
    if (c != NULL)
        arena_free(c->arena);
}

/* --- asking ----------------------------------------------------------------------------------------------------------- */

const struct check *checklists_find(const struct checklists *c, const char *id)
{
    const struct check key = { .id = id };
    return c->n_checks > 0 ? bsearch(&key, c->checks, c->n_checks, sizeof(*c->checks), by_id) : NULL;
}

static const struct domain_weight *find_domain(const struct checklists *c, const char *domain)
{
    for (size_t i = 0; i < c->n_domains; i++)
        if (strcmp(c->domains[i].domain, domain) == 0)
            return &c->domains[i];
    return NULL;
}

int64_t checklists_domain_weight(const struct checklists *c, const char *domain)
{
    const struct domain_weight *d = find_domain(c, domain);
    return d != NULL ? d->weight : 1;
}

const char *checklists_domain_title(const struct checklists *c, const char *domain)
{
    const struct domain_weight *d = find_domain(c, domain);
    return d != NULL && d->title != NULL ? d->title : domain;
}

bool check_may_read(const struct check *c, const struct fact_table *t)
{
    const char *const texts[] = { c->query, c->where, c->pass };
    for (size_t i = 0; i < N_ELEMENTS(texts); i++)
        if (texts[i] != NULL && strcasestr(texts[i], t->name) != NULL)
            return true;
    return c->facts == t;
}

size_t checklists_people_tables(const struct checklists *c, const struct fact_table **out)
{
    size_t n = 0;
    for (size_t i = 0; i < n_forms; i++) {
        bool read = false;
        for (size_t k = 0; k < c->n_checks && !read; k++)
            read = check_may_read(&c->checks[k], forms[i]->table);
        if (read)
            out[n++] = forms[i]->table;
    }
    return n;
}

bool check_gates(const struct check *c, const char *plan)
{
    if (c->gate == NULL)
        return false;
    if (plan == NULL)            /* not decided yet: it may become any of them */
        return true;
    for (size_t i = 0; i < c->n_gate_plans; i++)
        if (strcmp(c->gate_plans[i], plan) == 0)
            return true;
    return c->n_gate_plans == 0;
}
