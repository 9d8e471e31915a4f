/* See check_case.h. */
#include "check_case.h"

#include <string.h>

#include "base/clock.h"
#include "base/path.h"
#include "site/yaml.h"

#define TODAY "2026-11-20"
#define MEBIBYTE (1u << 20)

static const char *const kinds[CASE_KINDS] = { "pass", "fail", "unknown", "not-applicable" };
static const char *const row_keys[] = { "verdict", "severity", "reason" };       /* what a row says beside its columns */

const char *case_kind_name(enum case_kind k)
{
    return kinds[k];
}

struct loading { const struct yaml_in *in; struct check_fixture *f; struct check_case *c; };

/* --- words ------------------------------------------------------------------------------------------------------------ */

static bool load_state(const struct yaml_in *in, const struct yaml_node *node, enum state *out)
{
    const char *word = NULL;
    if (!yaml_text(in, node, "state", &word) || state_parse(word, out))
        return true;
    yaml_error(in, node, "no state is called '%s'", word);
    return false;
}

static void load_words(const struct yaml_in *in, const struct yaml_node *map, struct case_facts *g)
{
    const char *word = NULL;
    load_state(in, yaml_get(map, "state"), &g->state);
    if (yaml_text(in, yaml_get(map, "reason"), "reason", &word) && !reason_parse(word, &g->reason))
        yaml_error(in, yaml_get(map, "reason"), "no reason is called '%s'", word);
    if (yaml_text(in, yaml_get(map, "method"), "method", &word) && !method_parse(word, &g->method))
        yaml_error(in, yaml_get(map, "method"), "no method is called '%s'", word);
    g->probe = g->method == METHOD_MEASURED ? "snmp" : "file";
    yaml_text(in, yaml_get(map, "probe"), "probe", &g->probe);
    yaml_text(in, yaml_get(map, "vantage"), "vantage", &g->vantage);
    yaml_int(in, yaml_get(map, "days_old"), "days_old", 0, 10000, &g->days_old);
}

/* verdict, severity, reason: of a row, or of an entry of `also`. False when nothing is expected. */
static bool load_expected(const struct yaml_in *in, const struct yaml_node *map, struct expected *e)
{
    static const char *const verdicts[] = { "pass", "fail", "unknown" };
    const char *word = NULL;
    int v = 0;
    e->line = map->line;
    if (!yaml_choice(in, yaml_get(map, "verdict"), "verdict", verdicts, N_ELEMENTS(verdicts), &v))
        return false;
    e->verdict = v == 0 ? VERDICT_PASS : v == 1 ? VERDICT_FAIL : VERDICT_UNKNOWN;
    if (yaml_text(in, yaml_get(map, "severity"), "severity", &word)) {
        e->graded = severity_parse(word, &e->severity);
        if (!e->graded)
            yaml_error(in, yaml_get(map, "severity"), "no severity is called '%s'", word);
    }
    yaml_text(in, yaml_get(map, "reason"), "reason", &e->reason);
    return true;
}

/* --- rows ------------------------------------------------------------------------------------------------------------- */

static bool is_row_key(const char *key)
{
    for (size_t i = 0; i < N_ELEMENTS(row_keys); i++)
        if (strcmp(key, row_keys[i]) == 0)
            return true;
    return false;
}

static void load_value(const struct yaml_in *in, const struct yaml_node *node, struct fact_row *row, int column)
{
    const struct fact_column *c = &row->table->columns[column];
    int64_t i = 0;
    double r = 0;
    bool b = false;
    const char *s = NULL;
    if (yaml_is_null(node))
        return;
    switch (c->type) {
    case FACT_INTEGER:
        if (yaml_int(in, node, c->name, INT64_MIN, INT64_MAX, &i))
            fact_set_int(row, column, i);
        break;
    case FACT_BOOLEAN:
        if (yaml_bool(in, node, c->name, &b))
            fact_set_int(row, column, b);
        break;
    case FACT_REAL:
        if (yaml_real(in, node, c->name, -1e18, 1e18, &r))
            fact_set_real(row, column, r);
        break;
    case FACT_TEXT: case FACT_TIMESTAMP: case FACT_ADDRESS: case FACT_PREFIX: case FACT_MAC:
        if (yaml_text(in, node, c->name, &s))
            fact_set_str(row, column, s);
        break;
    }
}

/* The identity that the store will give this row. */
static const char *subject_of(const struct loading *l, const struct yaml_node *node, const struct fact_row *row, size_t ordinal)
{
    struct fact_row copy = *row;
    struct buf mem = BUF_INIT(MEBIBYTE), key = BUF_INIT(FACT_KEY_MAX);
    uint64_t dropped = 0;
    fact_row_normalize(&copy, &mem, &dropped);
    if (dropped != 0)
        yaml_error(l->in, node, "a value of this row is no value of its column");
    fact_row_key(&copy, ordinal, &key);
    const char *subject = arena_strdup(l->f->arena, buf_str(&key));
    buf_clear(&mem);
    buf_clear(&key);
    return subject;
}

static void load_row(const struct loading *l, const struct yaml_node *node, struct case_facts *g)
{
    struct fact_row *row = &g->rows[g->n_rows++];
    struct expected e = { .target = g->target };
    fact_row_init(row, g->table);
    if (!yaml_want(l->in, node, YAML_MAP, "a row"))
        return;
    for (size_t i = 0; i < node->n; i++) {
        int column = fact_column_find(g->table, node->keys[i]);
        if (column >= 0)
            load_value(l->in, node->items[i], row, column);
        else if (!is_row_key(node->keys[i]))
            yaml_error_at(l->in, node->key_lines[i], node->key_columns[i], "%s has no column %s", g->table->name, node->keys[i]);
    }
    e.subject = subject_of(l, node, row, g->n_rows);
    if (load_expected(l->in, node, &e))
        l->c->expected[l->c->n_expected++] = e;
}

static void load_rows(const struct loading *l, const struct yaml_node *list, struct case_facts *g)
{
    if (list == NULL || g->table == NULL || !yaml_want(l->in, list, YAML_LIST, "rows"))
        return;
    struct expected *more = arena_array(l->f->arena, l->c->n_expected + list->n + 1, sizeof(*more));
    if (l->c->n_expected > 0)
        memcpy(more, l->c->expected, l->c->n_expected * sizeof(*more));
    l->c->expected = more;
    g->rows = arena_array(l->f->arena, list->n + 1, sizeof(*g->rows));
    for (size_t i = 0; i < list->n; i++)
        load_row(l, list->items[i], g);
}

static void load_facts(const struct loading *l, const struct yaml_node *map, const char *site)
{
    static const char *const keys[] = { "target", "role", "address", "criticality", "table", "state", "reason", "method", "probe", "vantage", "days_old", "rows" };
    struct case_facts *g = &l->c->facts[l->c->n_facts];
    const char *table = NULL;
    *g = (struct case_facts){ .site = site, .target = "here", .role = "switch", .address = "10.20.0.2", .table = l->f->rows_of, .state = STATE_COMPLETE, .method = METHOD_MEASURED };
    if (!yaml_want(l->in, map, YAML_MAP, "facts"))
        return;
    yaml_known_keys(l->in, map, "facts", keys, N_ELEMENTS(keys));
    yaml_text(l->in, yaml_get(map, "target"), "target", &g->target);
    yaml_text(l->in, yaml_get(map, "role"), "role", &g->role);
    yaml_text(l->in, yaml_get(map, "address"), "address", &g->address);
    const char *criticality = "support";
    yaml_text(l->in, yaml_get(map, "criticality"), "criticality", &criticality);
    g->clinical = strcmp(criticality, "clinical") == 0;
    if (yaml_text(l->in, yaml_get(map, "table"), "table", &table) && (g->table = fact_table_find(table)) == NULL)
        yaml_error(l->in, yaml_get(map, "table"), "there is no fact table %s", table);
    load_words(l->in, map, g);
    load_rows(l, yaml_get(map, "rows"), g);
    l->c->n_facts++;
}

/* --- cases ------------------------------------------------------------------------------------------------------------ */

static void load_also(const struct loading *l, const struct yaml_node *list)
{
    static const char *const keys[] = { "target", "subject", "verdict", "severity", "reason" };
    if (list == NULL || !yaml_want(l->in, list, YAML_LIST, "also"))
        return;
    struct expected *more = arena_array(l->f->arena, l->c->n_expected + list->n + 1, sizeof(*more));
    if (l->c->n_expected > 0)
        memcpy(more, l->c->expected, l->c->n_expected * sizeof(*more));
    l->c->expected = more;
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml_node *map = list->items[i];
        struct expected e = { .target = "here", .subject = "(site)" };
        if (!yaml_want(l->in, map, YAML_MAP, "an entry of also"))
            continue;
        yaml_known_keys(l->in, map, "also", keys, N_ELEMENTS(keys));
        yaml_text(l->in, yaml_get(map, "target"), "target", &e.target);
        yaml_text(l->in, yaml_get(map, "subject"), "subject", &e.subject);
        if (e.subject[0] != '(')             /* what a query names becomes a key like any other */
            e.subject = arena_printf(l->f->arena, "[\"%s\"]", e.subject);
        if (load_expected(l->in, map, &e))
            l->c->expected[l->c->n_expected++] = e;
    }
}

/* A case of a kind says at least that, and nothing that would belong under another. */
static void check_kind(const struct loading *l, const struct yaml_node *at)
{
    const struct check_case *c = l->c;
    size_t n[3] = { 0 };
    for (size_t i = 0; i < c->n_expected; i++)
        n[c->expected[i].verdict]++;
    size_t unknown = n[VERDICT_UNKNOWN] + c->n_uncollected;
    bool fits = false;
    switch (c->kind) {
    case CASE_PASS: fits = n[VERDICT_PASS] > 0 && n[VERDICT_FAIL] + unknown == 0; break;
    case CASE_FAIL: fits = n[VERDICT_FAIL] > 0; break;
    case CASE_UNKNOWN: fits = unknown > 0 && n[VERDICT_FAIL] == 0; break;
    case CASE_NONE: fits = c->n_expected + c->n_uncollected == 0; break;
    case CASE_KINDS: break;
    }
    if (!fits)
        yaml_error(l->in, at, "what this case expects is not '%s'", kinds[c->kind]);
}

/* How many facts the runs of other sites bring. */
static size_t count_theirs(const struct loading *l, const struct yaml_node *list)
{
    size_t n = 0;
    for (size_t i = 0; list != NULL && yaml_want(l->in, list, YAML_LIST, "sites") && i < list->n; i++) {
        const struct yaml_node *facts = yaml_get(list->items[i], "facts");
        n += facts != NULL && yaml_want(l->in, facts, YAML_LIST, "facts") ? facts->n : 0;
    }
    return n;
}

static void load_sites(struct loading *l, const struct yaml_node *list)
{
    static const char *const keys[] = { "site", "stage", "facts" };
    l->c->sites = arena_array(l->f->arena, (list != NULL ? list->n : 0) + 1, sizeof(*l->c->sites));
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        const struct yaml_node *map = list->items[i], *facts = yaml_get(map, "facts");
        struct case_site *s = &l->c->sites[l->c->n_sites++];
        *s = (struct case_site){ .name = "", .stage = "owned" };
        yaml_known_keys(l->in, map, "site", keys, N_ELEMENTS(keys));
        yaml_text(l->in, yaml_need(l->in, map, "a site", "site"), "site", &s->name);
        yaml_text(l->in, yaml_get(map, "stage"), "stage", &s->stage);
        for (size_t k = 0; facts != NULL && k < facts->n; k++)
            load_facts(l, facts->items[k], s->name);
    }
}

static void load_earlier(struct loading *l, const struct yaml_node *list)
{
    static const char *const keys[] = { "days_ago", "ready", "partial", "lost", "other_checklist" };
    size_t n = list != NULL && yaml_want(l->in, list, YAML_LIST, "earlier") ? list->n : 0;
    l->c->earlier = arena_array(l->f->arena, n + 1, sizeof(*l->c->earlier));
    for (size_t i = 0; i < n; i++) {
        const struct yaml_node *map = list->items[i];
        struct case_earlier *e = &l->c->earlier[l->c->n_earlier++];
        *e = (struct case_earlier){ 0 };
        yaml_known_keys(l->in, map, "earlier run", keys, N_ELEMENTS(keys));
        yaml_int(l->in, yaml_need(l->in, map, "an earlier run", "days_ago"), "days_ago", 0, 10000, &e->days_ago);
        yaml_int(l->in, yaml_need(l->in, map, "an earlier run", "ready"), "ready", 0, 100, &e->ready);
        yaml_bool(l->in, yaml_get(map, "partial"), "partial", &e->partial);
        yaml_bool(l->in, yaml_get(map, "lost"), "lost", &e->lost);
        yaml_bool(l->in, yaml_get(map, "other_checklist"), "other_checklist", &e->other_checklist);
    }
}

static void load_case(struct loading *l, const struct yaml_node *map, enum case_kind kind)
{
    static const char *const keys[] = { "is", "today", "site", "decisions", "rows", "facts", "sites", "earlier", "also", "uncollected" };
    struct check_case *c = l->c = &l->f->cases[l->f->n_cases++];
    *c = (struct check_case){ .kind = kind, .is = "", .line = map->line };
    if (!yaml_want(l->in, map, YAML_MAP, "a case"))
        return;
    yaml_known_keys(l->in, map, "case", keys, N_ELEMENTS(keys));
    yaml_text(l->in, yaml_need(l->in, map, "a case", "is"), "is", &c->is);
    date_parse(TODAY, &c->today);
    yaml_date(l->in, yaml_get(map, "today"), "today", &c->today);
    c->today += 12 * 3600;
    yaml_text(l->in, yaml_get(map, "site"), "site", &c->site_yaml);
    yaml_text(l->in, yaml_get(map, "decisions"), "decisions", &c->decisions_yaml);
    const struct yaml_node *facts = yaml_get(map, "facts"), *rows = yaml_get(map, "rows"), *sites = yaml_get(map, "sites");
    size_t n = facts != NULL && yaml_want(l->in, facts, YAML_LIST, "facts") ? facts->n : 0;
    c->facts = arena_array(l->f->arena, n + count_theirs(l, sites) + 1, sizeof(*c->facts));
    if (rows != NULL) {
        struct case_facts *g = &c->facts[c->n_facts++];
        *g = (struct case_facts){ .target = "here", .role = "switch", .address = "10.20.0.2", .probe = "snmp", .table = l->f->rows_of, .state = STATE_COMPLETE, .method = METHOD_MEASURED };
        load_rows(l, rows, g);
    }
    for (size_t i = 0; i < n; i++)
        load_facts(l, facts->items[i], NULL);
    load_sites(l, sites);
    load_earlier(l, yaml_get(map, "earlier"));
    load_also(l, yaml_get(map, "also"));
    yaml_text_list(l->in, yaml_get(map, "uncollected"), "uncollected", &c->uncollected, &c->n_uncollected);
    check_kind(l, map);
}

static void load_root(struct loading *l, const struct yaml_node *root)
{
    static const char *const keys[] = { "check", "rows_of", "never_unknown", "pass", "fail", "unknown", "not-applicable" };
    const char *table = NULL;
    size_t n = 0;
    if (!yaml_want(l->in, root, YAML_MAP, "a fixture"))
        return;
    yaml_known_keys(l->in, root, "fixture", keys, N_ELEMENTS(keys));
    yaml_text(l->in, yaml_need(l->in, root, "a fixture", "check"), "check", &l->f->check);
    if (yaml_text(l->in, yaml_need(l->in, root, "a fixture", "rows_of"), "rows_of", &table) && (l->f->rows_of = fact_table_find(table)) == NULL)
        yaml_error(l->in, yaml_get(root, "rows_of"), "there is no fact table %s", table);
    yaml_text(l->in, yaml_get(root, "never_unknown"), "never_unknown", &l->f->never_unknown);
    for (int k = 0; k < CASE_KINDS; k++)
        n += yaml_get(root, kinds[k]) != NULL ? yaml_get(root, kinds[k])->n : 0;
    l->f->cases = arena_array(l->f->arena, n + 1, sizeof(*l->f->cases));
    for (int k = 0; k < CASE_KINDS; k++) {
        bool may_lack = k == CASE_NONE || (k == CASE_UNKNOWN && l->f->never_unknown != NULL);
        const struct yaml_node *list = may_lack ? yaml_get(root, kinds[k]) : yaml_need(l->in, root, "a fixture", kinds[k]);
        if (list != NULL && yaml_want(l->in, list, YAML_LIST, kinds[k]))
            for (size_t i = 0; i < list->n; i++)
                load_case(l, list->items[i], (enum case_kind)k);
    }
}

struct check_fixture *check_fixture_load(const char *path, struct diags *diags)
{
    struct arena *a = arena_new();
    struct check_fixture *f = arena_alloc(a, sizeof(*f));
    const struct yaml_in in = { .arena = a, .file = path, .diags = diags };
    struct loading l = { .in = &in, .f = f };
    struct buf b = BUF_INIT(YAML_MAX_BYTES);
    size_t before = diags->n_errors;
    f->arena = a;
    f->path = arena_strdup(a, path);
    int err = file_read(path, b.max, &b);
    if (err != 0)
        diag_add(diags, DIAG_ERROR, path, 0, 0, "%s", err_text(err));
    const struct yaml_node *root = err == 0 ? yaml_parse(a, path, b.data, b.len, diags) : NULL;
    if (root != NULL)
        load_root(&l, root);
    buf_clear(&b);
    if (diags->n_errors == before)
        return f;
    arena_free(a);
    return NULL;
}

void check_fixture_free(struct check_fixture *f)
{
    if (f != NULL)
        arena_free(f->arena);
}
