/* Mapping files: YAML, checked against the fact tables, into struct mapping. Parent (and lint). A mapping may come from a stranger:
 * it can name no file and no program, only columns. */
#include "site/mapping.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/path.h"
#include "base/text.h"
#include "fact/evidence_kind.h"
#include "fact/table_arp.h"
#include "fact/table_client_counts.h"
#include "fact/table_network_clients.h"
#include "site/load.h"
#include "site/yaml.h"

#define MAX_TEXT 500
/* The years for which times in exports are converted; outside them the nearest offset is used. */
#define ZONE_FROM 0                  /* 1970-01-01 */
#define ZONE_TO 2556144000           /* 2051-01-01 */

struct build {
    struct yaml_in in;
    struct mapping *m;
    const char *site_zone;
};

/* --- lists and zones --------------------------------------------------------------------------------------------------- */

static bool text_list(struct build *b, const struct yaml_node *node, const char *what, struct mapping_list *out)
{
    const char **v = NULL;
    size_t n = 0;

    if (!yaml_text_list(&b->in, node, what, &v, &n))
        return false;
    if (n == 0 || n > MAPPING_MAX_LIST) {
        yaml_error(&b->in, node, "%s must have 1 to %d entries", what, MAPPING_MAX_LIST);
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const struct yaml_node *at = node->kind == YAML_LIST ? node->items[i] : node;
        if (strlen(v[i]) <= MAX_TEXT)
            continue;
        yaml_error(&b->in, at, "%s is longer than %d bytes", what, MAX_TEXT);
        return false;
    }
    out->v = v;
    out->n = n;
    return true;
}

static bool headings(struct build *b, const struct yaml_node *node, const char *what, struct mapping_list *out)
{
    if (!text_list(b, node, what, out))
        return false;
    for (size_t i = 0; i < out->n; i++) {
        if (out->v[i][0] != '\0')
            continue;
        yaml_error(&b->in, node->kind == YAML_LIST ? node->items[i] : node, "%s is empty", what);
        return false;
    }
    return true;
}

static void fill_zone(struct build *b, struct mapping_zone *z, const char *name)
{
    struct clock_offset *found = xcalloc(MAPPING_MAX_OFFSETS, sizeof(*found));

    z->name = arena_strdup(b->m->arena, name);
    z->n = clock_offsets(name, ZONE_FROM, ZONE_TO, found, MAPPING_MAX_OFFSETS);
    z->offsets = arena_array(b->m->arena, z->n, sizeof(*z->offsets));
    for (size_t i = 0; i < z->n; i++)
        z->offsets[i] = (struct mapping_offset){ found[i].from, found[i].seconds };
    free(found);
}

/* The index of a zone, added when it is new; -1 for UTC, which needs none. */
static int zone_index(struct build *b, const struct yaml_node *node, const char *name)
{
    struct mapping *m = b->m;

    if (strcmp(name, "site") == 0)
        name = b->site_zone;
    if (strcmp(name, "UTC") == 0)
        return -1;
    for (size_t i = 0; i < m->n_zones; i++) {
        if (strcmp(m->zones[i].name, name) == 0)
            return (int)i;
    }
    if (m->n_zones == MAPPING_MAX_ZONES) {
        yaml_error(&b->in, node, "more than %d zones in one mapping", MAPPING_MAX_ZONES);
        return -1;
    }
    if (!clock_zone_known(name)) {
        yaml_error(&b->in, node, "zone must be site, UTC or a name like America/Chicago, not '%.40s'", name);
        return -1;
    }
    fill_zone(b, &m->zones[m->n_zones], name);
    return (int)m->n_zones++;
}

/* --- one column -------------------------------------------------------------------------------------------------------- */

static void load_map(struct build *b, const struct yaml_node *node, struct mapping_column *c)
{
    if (node == NULL || !yaml_want(&b->in, node, YAML_MAP, "map"))
        return;
    if (node->n > MAPPING_MAX_PAIRS) {
        yaml_error(&b->in, node, "map has %zu values; at most %d are allowed", node->n, MAPPING_MAX_PAIRS);
        return;
    }
    c->map = arena_array(b->m->arena, node->n + 1, sizeof(*c->map));
    for (size_t i = 0; i < node->n; i++) {
        const char *to = NULL;
        if (yaml_text(&b->in, node->items[i], "a value of map", &to))
            c->map[c->n_map++] = (struct mapping_pair){ node->keys[i], to };
    }
}

static void load_dates(struct build *b, const struct yaml_node *map, const struct fact_column *fact, struct mapping_column *c)
{
    const struct yaml_node *node = yaml_get(map, "date"), *zone = yaml_get(map, "zone");
    const char *name = NULL;

    if ((node != NULL || zone != NULL) && fact->type != FACT_TIMESTAMP) {
        yaml_error(&b->in, node != NULL ? node : zone, "%s is for times; %s is %s", node != NULL ? "date" : "zone", fact->name,
                   fact_type_name(fact->type));
        return;
    }
    if (text_list(b, node, "date", &c->dates)) {
        for (size_t i = 0; i < c->dates.n; i++) {
            if (!mapping_date_format_known(c->dates.v[i]))
                yaml_error(&b->in, node->kind == YAML_LIST ? node->items[i] : node,
                           "date '%.40s' is no format: write it like \"%%m/%%d/%%Y %%H:%%M\", or either, epoch, epoch-ms or filetime", c->dates.v[i]);
        }
    }
    if (fact->type == FACT_TIMESTAMP)
        c->zone = zone_index(b, zone != NULL ? zone : map, yaml_line(&b->in, zone, "zone", 64, &name) ? name : "site");
}

static void load_flags(struct build *b, const struct yaml_node *map, const struct fact_column *fact, struct mapping_column *c)
{
    const struct yaml_node *multiply = yaml_get(map, "multiply");

    (void)yaml_bool(&b->in, yaml_get(map, "lower"), "lower", &c->lower);
    (void)yaml_bool(&b->in, yaml_get(map, "upper"), "upper", &c->upper);
    (void)yaml_bool(&b->in, yaml_get(map, "short"), "short", &c->short_name);
    if (c->lower && c->upper)
        yaml_error(&b->in, map, "lower and upper cannot both hold");
    if (multiply != NULL && fact->type != FACT_INTEGER && fact->type != FACT_REAL)
        yaml_error(&b->in, multiply, "multiply is for numbers; %s is %s", fact->name, fact_type_name(fact->type));
    else if (yaml_real(&b->in, multiply, "multiply", -1e18, 1e18, &c->multiply) && (c->multiply >= 0 && c->multiply <= 0))
        yaml_error(&b->in, multiply, "multiply must not be 0");
}

/* A constant must be a value of the column: what the worker would refuse in every row is refused here once. */
static void load_constant(struct build *b, const struct yaml_node *map, const struct fact_table *table, struct mapping_column *c)
{
    const struct yaml_node *node = yaml_get(map, "value");
    struct buf scratch = BUF_INIT(65536);
    struct fact_row row;

    if (node == NULL)
        return;
    if (yaml_get(map, "column") != NULL)
        yaml_error(&b->in, node, "value is for every row: leave out column");
    if (!yaml_line(&b->in, node, "value", MAX_TEXT, &c->constant))
        return;
    struct mapping_column alone = { .column = c->column, .constant = c->constant, .zone = -1, .multiply = 1 };
    fact_row_init(&row, table);
    if (mapping_set(b->m, &alone, DATES_UNKNOWN, NULL, &row, &scratch) != MAPPING_SET)
        yaml_error(&b->in, node, "'%.40s' is not a value for %s, which is %s", c->constant, table->columns[c->column].name,
                   fact_type_name(table->columns[c->column].type));
    buf_clear(&scratch);
}

static void load_column_map(struct build *b, const struct yaml_node *map, const struct fact_table *table, struct mapping_column *c)
{
    static const char *const keys[] = { "column", "value", "lower", "upper", "short", "first", "unknown", "strip", "map", "date", "zone",
                                        "multiply" };
    const struct fact_column *fact = &table->columns[c->column];

    yaml_known_keys(&b->in, map, "a column", keys, N_ELEMENTS(keys));
    if (yaml_get(map, "value") == NULL)
        (void)headings(b, yaml_need(&b->in, map, "a column", "column"), "column", &c->headings);
    load_constant(b, map, table, c);
    load_flags(b, map, fact, c);
    if (yaml_text(&b->in, yaml_get(map, "first"), "first", &c->first) && (c->first[0] == '\0' || strlen(c->first) > 10)) {
        yaml_error(&b->in, yaml_get(map, "first"), "first must be 1 to 10 bytes: what separates several values in one field");
        c->first = NULL;
    }
    (void)text_list(b, yaml_get(map, "unknown"), "unknown", &c->unknown);
    (void)text_list(b, yaml_get(map, "strip"), "strip", &c->strip);
    load_map(b, yaml_get(map, "map"), c);
    load_dates(b, map, fact, c);
}

static void load_column(struct build *b, const struct yaml_node *node, const struct fact_table *table, int column, struct mapping_column *c)
{
    *c = (struct mapping_column){ .column = column, .zone = -1, .multiply = 1 };
    if (node->kind == YAML_MAP) {
        load_column_map(b, node, table, c);
        return;
    }
    (void)headings(b, node, "a column", &c->headings);
    if (table->columns[column].type == FACT_TIMESTAMP)
        c->zone = zone_index(b, node, "site");
}

/* --- one table --------------------------------------------------------------------------------------------------------- */

static int column_index(struct build *b, const struct fact_table *table, const char *name, int line, int column)
{
    const char *names[FACT_MAX_COLUMNS];
    int found = fact_column_find(table, name);

    if (found >= 0)
        return found;
    for (size_t i = 0; i < table->n_columns; i++)
        names[i] = table->columns[i].name;
    const char *nearest = nearest_word(name, names, table->n_columns);
    yaml_error_at(&b->in, line, column, "table %s has no column '%.60s'%s%s%s", table->name, name, nearest != NULL ? " (did you mean '" : "",
                  nearest != NULL ? nearest : "", nearest != NULL ? "'?)" : "");
    return -1;
}

static bool maps_column(const struct mapping_table *t, int column)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        if (t->columns[i].column == column)
            return true;
    }
    return false;
}

static void load_columns(struct build *b, const struct yaml_node *node, struct mapping_table *t)
{
    if (!yaml_want(&b->in, node, YAML_MAP, "columns"))
        return;
    t->columns = arena_array(b->m->arena, t->table->n_columns + 1, sizeof(*t->columns));
    for (size_t i = 0; i < node->n; i++) {
        int column = column_index(b, t->table, node->keys[i], node->key_lines[i], node->key_columns[i]);
        if (column >= 0 && !maps_column(t, column))
            load_column(b, node->items[i], t->table, column, &t->columns[t->n_columns++]);
    }
    for (size_t i = 0; i < t->table->n_columns; i++) {
        if ((t->table->columns[i].flags & FACT_KEY) != 0 && maps_column(t, (int)i))
            return;
    }
    yaml_error(&b->in, node, "no key column of table %s is mapped: its rows could not be told apart", t->table->name);
}

static void load_where(struct build *b, const struct yaml_node *node, struct mapping_where *w)
{
    static const char *const keys[] = { "column", "is", "not" };

    if (!yaml_want(&b->in, node, YAML_MAP, "where"))
        return;
    yaml_known_keys(&b->in, node, "where", keys, N_ELEMENTS(keys));
    const struct yaml_node *is = yaml_get(node, "is"), *not = yaml_get(node, "not");
    (void)headings(b, yaml_need(&b->in, node, "where", "column"), "column", &w->headings);
    if ((is == NULL) == (not == NULL))
        yaml_error(&b->in, node, "where needs either 'is:' or 'not:'");
    w->negate = not != NULL;
    (void)text_list(b, is != NULL ? is : not, is != NULL ? "is" : "not", &w->values);
}

static void load_wheres(struct build *b, const struct yaml_node *node, struct mapping_table *t)
{
    size_t n = 0;

    if (node == NULL)
        return;
    n = node->kind == YAML_LIST ? node->n : 1;
    if (n > MAPPING_MAX_LIST) {
        yaml_error(&b->in, node, "where has more than %d conditions", MAPPING_MAX_LIST);
        return;
    }
    t->where = arena_array(b->m->arena, n + 1, sizeof(*t->where));
    for (size_t i = 0; i < n; i++)
        load_where(b, node->kind == YAML_LIST ? node->items[i] : node, &t->where[t->n_where++]);
}

static void load_target_columns(struct build *b, const struct yaml_node *node, struct mapping_table *t)
{
    static const char *const keys[] = { "column" };

    if (node == NULL)
        return;
    if (node->kind == YAML_MAP) {
        yaml_known_keys(&b->in, node, "target", keys, N_ELEMENTS(keys));
        node = yaml_need(&b->in, node, "target", "column");
    }
    (void)headings(b, node, "target", &t->target);
}

/* Tables that list clients may hold guests and patients: a mapping that fills one must say how they are known. */
static void load_guests(struct build *b, const struct yaml_node *table, struct mapping_table *t)
{
    static const struct fact_table *const of_clients[] = { &fact_network_clients, &fact_arp };
    const struct yaml_node *node = yaml_get(table, "guests");

    if (node != NULL)
        (void)headings(b, node, "guests", &t->guests);
    for (size_t i = 0; node == NULL && i < N_ELEMENTS(of_clients); i++) {
        if (t->table == of_clients[i])
            yaml_error(&b->in, table, "table %s lists clients: name under 'guests' the headings that say which network one is in, so that guests and patients are counted only", t->table->name);
    }
}

static void load_required(struct build *b, const struct yaml_node *node, struct mapping_table *t)
{
    struct mapping_list names = { 0 };

    if (node == NULL || !text_list(b, node, "required", &names))
        return;
    for (size_t i = 0; i < names.n; i++) {
        const struct yaml_node *at = node->kind == YAML_LIST ? node->items[i] : node;
        int column = column_index(b, t->table, names.v[i], at->line, at->column);
        if (column >= 0 && !maps_column(t, column))
            yaml_error(&b->in, at, "required column '%s' is not among columns", names.v[i]);
        else if (column >= 0 && t->n_required < FACT_MAX_COLUMNS)
            t->required[t->n_required++] = column;
    }
}

static const struct fact_table *load_table_name(struct build *b, const struct yaml_node *node)
{
    const char *names[FACT_MAX_TABLES], *name = NULL;
    size_t n = fact_n_tables < N_ELEMENTS(names) ? fact_n_tables : N_ELEMENTS(names);
    int which = 0;

    for (size_t i = 0; i < n; i++)
        names[i] = fact_tables[i]->name;
    if (!yaml_choice(&b->in, node, "table", names, n, &which))
        return NULL;
    name = names[which];
    if (strcmp(name, fact_client_counts.name) == 0) {
        yaml_error(&b->in, node, "table %s is filled by counting the rows that 'guests' leaves out", name);
        return NULL;
    }
    for (size_t i = 0; i < b->m->n_tables; i++) {
        if (b->m->tables[i].table != NULL && strcmp(b->m->tables[i].table->name, name) == 0) {
            yaml_error(&b->in, node, "table %s is filled twice", name);
            return NULL;
        }
    }
    return fact_table_find(name);
}

static void load_table(struct build *b, const struct yaml_node *node)
{
    static const char *const keys[] = { "table", "columns", "where", "target", "guests", "required" };
    struct mapping_table t = { 0 };

    if (!yaml_want(&b->in, node, YAML_MAP, "a table"))
        return;
    yaml_known_keys(&b->in, node, "a table", keys, N_ELEMENTS(keys));
    t.table = load_table_name(b, yaml_need(&b->in, node, "a table", "table"));
    const struct yaml_node *columns = yaml_need(&b->in, node, "a table", "columns");
    if (t.table == NULL || columns == NULL)
        return;
    load_columns(b, columns, &t);
    load_wheres(b, yaml_get(node, "where"), &t);
    load_target_columns(b, yaml_get(node, "target"), &t);
    load_guests(b, node, &t);
    load_required(b, yaml_get(node, "required"), &t);
    b->m->tables[b->m->n_tables++] = t;
}

/* --- the file ---------------------------------------------------------------------------------------------------------- */

static void load_separator(struct build *b, const struct yaml_node *node)
{
    static const char *const names[] = { ",", ";", "|", "\t", "tab" };
    static const char *const shown[] = { "\",\"", "\";\"", "\"|\"", "tab" };
    const char *text = NULL;

    if (!yaml_text(&b->in, node, "separator", &text))
        return;
    for (size_t i = 0; i < N_ELEMENTS(names); i++) {
        if (strcmp(text, names[i]) == 0) {
            b->m->separator = strcmp(text, "tab") == 0 ? '\t' : text[0];
            return;
        }
    }
    yaml_error(&b->in, node, "separator must be %s, %s, %s or %s", shown[0], shown[1], shown[2], shown[3]);
}

static void load_root(struct build *b, const struct yaml_node *root)
{
    static const char *const keys[] = { "mapping", "title", "kind", "separator", "encoding", "header_row", "tables" };
    static const char *const kinds[] = { "csv" };
    const struct yaml_in *in = &b->in;
    int64_t number = 0;
    int kind = 0;

    if (!yaml_want(in, root, YAML_MAP, "a mapping"))
        return;
    yaml_known_keys(in, root, "a mapping", keys, N_ELEMENTS(keys));
    const struct yaml_node *version = yaml_need(in, root, "a mapping", "mapping");
    if (yaml_int(in, version, "mapping", 1, 1000000, &number) && number != 1)
        yaml_error(in, version, "this mapping is of version %lld; this preop reads version 1", (long long)number);
    (void)yaml_line(in, yaml_need(in, root, "a mapping", "title"), "title", MAX_TEXT, &b->m->title);
    if (yaml_choice(in, yaml_need(in, root, "a mapping", "kind"), "kind", kinds, N_ELEMENTS(kinds), &kind))
        b->m->kind = kinds[kind];
    load_separator(b, yaml_get(root, "separator"));
    (void)yaml_line(in, yaml_get(root, "encoding"), "encoding", 40, &b->m->encoding);
    if (yaml_int(in, yaml_get(root, "header_row"), "header_row", 1, MAPPING_MAX_HEADER_ROW, &number))
        b->m->header_row = (unsigned)number;
    const struct yaml_node *tables = load_list(in, yaml_need(in, root, "a mapping", "tables"), "tables", MAPPING_MAX_TABLES - 1);
    for (size_t i = 0; tables != NULL && i < tables->n; i++)
        load_table(b, tables->items[i]);
    if (tables != NULL && tables->n == 0)
        yaml_error(in, tables, "tables is empty");
}

int mapping_parse(const char *file, const void *p, size_t len, const char *zone, struct mapping **out, struct diags *diags)
{
    struct mapping *m = mapping_new();
    struct build b = { .in = { .arena = m->arena, .file = file, .diags = diags }, .m = m };
    size_t errors_before = diags->n_errors;

    b.site_zone = zone != NULL && clock_zone_known(zone) ? zone : "UTC";
    m->title = m->kind = "";
    m->zones = arena_array(m->arena, MAPPING_MAX_ZONES, sizeof(*m->zones));
    m->tables = arena_array(m->arena, MAPPING_MAX_TABLES, sizeof(*m->tables));
    const struct yaml_node *root = yaml_parse(m->arena, file, p, len, diags);
    if (root != NULL)
        load_root(&b, root);
    if (diags->n_errors != errors_before) {
        mapping_free(m);
        return ERR_BAD_INPUT;
    }
    *out = m;
    return 0;
}

static int read_mapping(const char *path, const char *zone, struct mapping **out, struct diags *diags)
{
    struct buf bytes = BUF_INIT(YAML_MAX_BYTES + 1);
    int err = file_read(path, YAML_MAX_BYTES, &bytes);

    if (err != 0)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", err_text(err));
    else
        err = mapping_parse(path, buf_str(&bytes), bytes.len, zone, out, diags);
    buf_clear(&bytes);
    return err;
}

int mapping_check_file(const char *path, struct diags *diags)
{
    struct mapping *m = NULL;
    int err = read_mapping(path, "UTC", &m, diags);

    if (err == 0)
        mapping_free(m);
    return err;
}

/* --- finding it -------------------------------------------------------------------------------------------------------- */

/* A folder that others can write to could bring rules and mappings of theirs: refused, and said once. Root may name anybody's, as in a
 * container that builds a user's checkout, but not one that everybody writes to. */
static bool ours_alone(const char *dir)
{
    struct stat st;

    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode) || (st.st_mode & S_IWOTH) != 0)
        return false;
    if (geteuid() == 0)
        return true;
    bool group_ok = (st.st_mode & S_IWGRP) == 0 || st.st_gid == getegid() || st.st_gid == 0;
    return group_ok && (st.st_uid == geteuid() || st.st_uid == 0);
}

const char *data_dir(void)
{
    static char *chosen = NULL;
    const char *wanted = getenv("PREOP_DATADIR");

    if (wanted == NULL || wanted[0] == '\0')
        return PREOP_DATADIR_DEFAULT "/checklists";
    if (chosen != NULL && strcmp(chosen, wanted) == 0)
        return chosen;
    if (!ours_alone(wanted)) {
        log_warning("PREOP_DATADIR is ignored: it is not a folder that only you (or root) can write to");
        return PREOP_DATADIR_DEFAULT "/checklists";
    }
    free(chosen);
    chosen = xstrdup(wanted);
    return chosen;
}

char *mapping_path(const char *site_dir, const char *as)
{
    if (!site_mapping_name_ok(as) || evidence_kind_find(as) != NULL)
        return NULL;
    char *name = xasprintf("mappings/%s.yaml", as), *shipped = xasprintf("data/mappings/%s.yaml", as);
    char *path = site_dir != NULL ? path_join(site_dir, name) : NULL;
    if (path == NULL || access(path, R_OK) != 0) {
        free(path);
        path = path_join(data_dir(), shipped);
    }
    if (access(path, R_OK) != 0) {
        free(path);
        path = NULL;
    }
    free(name);
    free(shipped);
    return path;
}

int mapping_load(const char *site_dir, const char *as, const char *zone, struct buf *out, const struct fact_table **tables, size_t *n,
                 struct diags *diags)
{
    struct mapping *m = NULL;
    char *path = mapping_path(site_dir, as);

    *n = 0;
    if (path == NULL) {
        diag_add(diags, DIAG_ERROR, NULL, 0, 0, "there is no mapping '%s': neither mappings/%s.yaml in the site folder nor among the shipped ones", as, as);
        return ERR_NOT_FOUND;
    }
    int err = read_mapping(path, zone, &m, diags);
    free(path);
    if (err != 0)
        return err;
    mapping_encode(m, out);
    bool counts = false;
    for (size_t i = 0; i < m->n_tables; i++) {
        tables[(*n)++] = m->tables[i].table;
        counts = counts || m->tables[i].guests.n > 0;
    }
    if (counts)
        tables[(*n)++] = &fact_client_counts;
    mapping_free(m);
    return out->overflow ? ERR_LIMIT : 0;
}
