/* One check from YAML. Parent; the file is hostile: every text has a maximum, every word a list. */
#include "checklist/load.h"

#include <string.h>

#include "checklist/views.h"

const char *const owner_names[] = { "it-infrastructure", "security", "compliance", "finance", "clinic-operations", "service-line", "vendor", "seller" };
const size_t n_owner_names = N_ELEMENTS(owner_names);

static const char *const check_keys[] = {
    "id", "title", "domain", "severity", "gate", "gate_plans", "facts", "where", "pass", "query", "params", "grade", "show", "evidence", "max_age", "vantage", "on_missing",
    "null_ok", "why", "impact", "fix", "fix_group", "effort_days", "cost", "cost_yearly", "cost_basis", "lead_days", "owner", "co_owner", "horizon", "depends", "refs", "was", "measured", "impact_model",
};

/* --- words ------------------------------------------------------------------------------------------------------------ */

static const char *const severity_names[SEVERITY_COUNT] = { "info", "low", "medium", "high", "critical" };

const char *severity_name(enum severity s)
{
    return s < SEVERITY_COUNT ? severity_names[s] : "info";
}

bool severity_parse(const char *s, enum severity *out)
{
    for (size_t i = 0; i < SEVERITY_COUNT; i++)
        if (strcmp(severity_names[i], s) == 0) {
            *out = (enum severity)i;
            return true;
        }
    return false;
}

int severity_weight(enum severity s)
{
    static const int weights[SEVERITY_COUNT] = { 0, 1, 2, 5, 10 };
    return s < SEVERITY_COUNT ? weights[s] : 0;
}

static bool word_of(const char *s, const char *first, const char *rest, size_t max)
{
    return s[0] != '\0' && strchr(first, s[0]) != NULL && strspn(s, rest) == strlen(s) && strlen(s) <= max;
}

bool word_ok(const char *s)
{
    return word_of(s, "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789-", 64);
}

static bool id_ok(const char *s)
{
    return word_of(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", 48);
}

static bool param_name_ok(const char *s)
{
    return word_of(s, "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789_", 48);
}

static const char *hint(struct arena *a, const char *near)
{
    return near != NULL ? arena_printf(a, " (did you mean '%s'?)", near) : "";
}

/* --- parts ------------------------------------------------------------------------------------------------------------ */

static void load_line(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char **out)
{
    yaml_line(in, yaml_get(map, key), key, LINE_MAX_BYTES, out);
}

/* Words for readers: folded to one paragraph by YAML, or not. */
static void load_prose(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char **out)
{
    const struct yaml_node *node = yaml_get(map, key);
    const char *text = NULL;
    if (!yaml_text(in, node, key, &text))
        return;
    size_t len = strlen(text);
    if (len > PROSE_MAX_BYTES)
        yaml_error(in, node, "%s is longer than %d bytes", key, PROSE_MAX_BYTES);
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
        len--;
    *out = arena_strndup(in->arena, text, len);
}

static void load_word(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char **out)
{
    const struct yaml_node *node = yaml_get(map, key);
    const char *text = NULL;
    if (!yaml_line(in, node, key, LINE_MAX_BYTES, &text))
        return;
    if (!word_ok(text))
        yaml_error(in, node, "%s has only a-z, 0-9 and - and begins with a letter, not '%.40s'", key, text);
    else
        *out = text;
}

bool check_load_severity(const struct yaml_in *in, const struct yaml_node *node, enum severity *out)
{
    int i = 0;
    if (!yaml_choice(in, node, "severity", severity_names, SEVERITY_COUNT, &i))
        return false;
    *out = (enum severity)i;
    return true;
}

static bool site_has_milestone(const struct site *site, const char *name)
{
    return site != NULL && milestone_order(site, name) >= 0;
}

static bool canonical_milestone(const char *name)
{
    for (size_t i = 0; i < n_milestone_names; i++)
        if (strcmp(milestone_names[i], name) == 0)
            return true;
    return false;
}

void check_load_gate(const struct yaml_in *in, const struct yaml_node *node, const struct site *site, const char **out)
{
    const char *text = NULL;
    if (!yaml_line(in, node, "gate", LINE_MAX_BYTES, &text))
        return;
    if (canonical_milestone(text) || site_has_milestone(site, text)) {
        *out = text;
        return;
    }
    const char *near = nearest_word(text, milestone_names, n_milestone_names);
    yaml_error(in, node, "there is no milestone '%.40s'%s; it is one of the usual ones or of the site's own", text, hint(in->arena, near));
}

bool param_load(const struct yaml_in *in, const char *name, const struct yaml_node *node, struct param *out)
{
    *out = (struct param){ .name = name };
    if (!yaml_want(in, node, YAML_SCALAR, name))
        return false;
    const char *text = node->text;
    size_t len = strlen(text);
    bool number = !node->quoted && len > 0 && len < 40 && strspn(text, "+-0123456789.eE") == len && strpbrk(text, "0123456789") != NULL;
    if (number && strpbrk(text, ".eE") == NULL)
        return yaml_int(in, node, name, INT64_MIN, INT64_MAX, &out->i);
    out->is_real = number;
    if (number)
        return yaml_real(in, node, name, -1e300, 1e300, &out->r);
    if (!node->quoted && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)) {
        out->i = text[0] == 't';
        return true;
    }
    out->is_text = true;
    out->s = text;
    if (len <= PROSE_MAX_BYTES)
        return true;
    yaml_error(in, node, "the param %s is longer than %d bytes", name, PROSE_MAX_BYTES);
    return false;
}

static void load_params(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    if (node == NULL || !yaml_want(in, node, YAML_MAP, "params"))
        return;
    c->params = arena_array(in->arena, node->n + 1, sizeof(*c->params));
    for (size_t i = 0; i < node->n && i < LIST_MAX; i++) {
        if (!param_name_ok(node->keys[i]))
            yaml_error_at(in, node->key_lines[i], node->key_columns[i], "a param's name has only a-z, 0-9 and _ and begins with a letter, not '%.40s'", node->keys[i]);
        else if (param_load(in, node->keys[i], node->items[i], &c->params[c->n_params]))
            c->n_params++;
    }
}

static void load_grades(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    static const char *const keys[] = { "when", "severity" };
    if (node == NULL || !yaml_want(in, node, YAML_LIST, "grade"))
        return;
    c->grades = arena_array(in->arena, node->n + 1, sizeof(*c->grades));
    for (size_t i = 0; i < node->n && i < LIST_MAX; i++) {
        const struct yaml_node *one = node->items[i];
        struct grade *g = &c->grades[c->n_grades];
        if (!yaml_want(in, one, YAML_MAP, "an entry of grade"))
            continue;
        yaml_known_keys(in, one, "grade", keys, N_ELEMENTS(keys));
        bool when = yaml_text(in, yaml_need(in, one, "an entry of grade", "when"), "when", &g->when);
        if (when && check_load_severity(in, yaml_need(in, one, "an entry of grade", "severity"), &g->severity))
            c->n_grades++;
    }
}

static void load_texts(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char ***out, size_t *n)
{
    const struct yaml_node *node = yaml_get(map, key);
    if (node == NULL || !yaml_text_list(in, node, key, out, n))
        return;
    for (size_t i = 0; i < *n; i++)
        if (strlen((*out)[i]) > LINE_MAX_BYTES || strpbrk((*out)[i], "\n\t") != NULL)
            yaml_error(in, node, "%s has an entry that is longer than %d bytes, or of several lines", key, LINE_MAX_BYTES);
}

static void load_impact(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    static const char *const dimensions[] = { "risk-mitigation", "patient-access", "clinician-efficiency", "financial-performance" };
    static const char *const levels[] = { "low", "medium", "high" };
    int level = 0;
    if (node == NULL || !yaml_want(in, node, YAML_MAP, "impact"))
        return;
    yaml_known_keys(in, node, "impact", dimensions, N_ELEMENTS(dimensions));
    c->impacts = arena_array(in->arena, node->n + 1, sizeof(*c->impacts));
    for (size_t i = 0; i < node->n; i++)
        if (yaml_choice(in, node->items[i], node->keys[i], levels, N_ELEMENTS(levels), &level))
            c->impacts[c->n_impacts++] = (struct impact_level){ node->keys[i], levels[level] };
}

static void load_refs(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    static const char *const schemes[] = { "hipaa", "nist-csf", "cis", "hicp", "hph-cpg", "insurance" };
    if (node == NULL || !yaml_want(in, node, YAML_MAP, "refs"))
        return;
    yaml_known_keys(in, node, "refs", schemes, N_ELEMENTS(schemes));
    c->refs = arena_array(in->arena, node->n + 1, sizeof(*c->refs));
    for (size_t i = 0; i < node->n; i++) {
        struct ref *r = &c->refs[c->n_refs];
        r->scheme = node->keys[i];
        if (yaml_text_list(in, node->items[i], node->keys[i], &r->ids, &r->n))
            c->n_refs++;
    }
}

/* [low, high], or one number for both. */
static bool load_range(const struct yaml_in *in, const struct yaml_node *map, const char *key, double out[2])
{
    const struct yaml_node *node = yaml_get(map, key);
    double low = 0, high = 0;
    if (node == NULL)
        return false;
    if (node->kind == YAML_SCALAR) {
        if (!yaml_real(in, node, key, 0, 1e12, &low))
            return false;
        out[0] = out[1] = low;
        return true;
    }
    if (node->kind != YAML_LIST || node->n != 2) {
        yaml_error(in, node, "%s is [low, high]", key);
        return false;
    }
    if (!yaml_real(in, node->items[0], key, 0, 1e12, &low) || !yaml_real(in, node->items[1], key, 0, 1e12, &high))
        return false;
    if (low > high) {
        yaml_error(in, node, "%s is [low, high], and its low is more than its high", key);
        return false;
    }
    out[0] = low;
    out[1] = high;
    return true;
}

/* --- what is judged --------------------------------------------------------------------------------------------------- */

static void load_expression(const struct yaml_in *in, const struct yaml_node *map, const char *key, const struct check *c, const char **out, int *line, int *column)
{
    const struct yaml_node *node = yaml_get(map, key);
    size_t at = 0;
    if (!yaml_text(in, node, key, out))
        return;
    *line = node->line;
    *column = node->column;
    const char *bad = expression_scan(*out, c->params, c->n_params, &at);
    if (bad == NULL)
        return;
    /* Only a plain text of one line stands in the file as it stands here. */
    if (node->quoted || strchr(*out, '\n') != NULL)
        yaml_error(in, node, "%s, at character %zu: %s", key, at + 1, bad);
    else
        yaml_error_at(in, node->line, node->column + (int)at, "%s: %s", key, bad);
}

static void load_table(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    const char *name = NULL;
    if (!yaml_line(in, node, "facts", LINE_MAX_BYTES, &name))
        return;
    c->facts = fact_table_find(name);
    if (c->facts != NULL)
        return;
    const char **names = arena_array(in->arena, fact_n_tables + 1, sizeof(*names));
    for (size_t i = 0; i < fact_n_tables; i++)
        names[i] = fact_tables[i]->name;
    const char *near = nearest_word(name, names, fact_n_tables);
    yaml_error(in, node, "there is no fact table '%.40s'%s", name, hint(in->arena, near));
}

static void check_shown(const struct yaml_in *in, const struct yaml_node *node, const struct check *c)
{
    const char *names[FACT_MAX_COLUMNS + 16];
    size_t n = 0;
    for (size_t i = 0; i < c->facts->n_columns; i++)
        names[n++] = c->facts->columns[i].name;
    for (size_t i = 0; i < n_view_columns; i++)
        names[n++] = view_columns[i];
    for (size_t i = 0; i < c->n_show; i++) {
        if (view_column_known(c->facts, c->show[i]))
            continue;
        const char *near = nearest_word(c->show[i], names, n);
        yaml_error(in, node, "show: %s has no column '%.40s'%s", c->facts->name, c->show[i], hint(in->arena, near));
    }
}

static void load_condition(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    load_params(in, yaml_get(node, "params"), c);
    load_grades(in, yaml_get(node, "grade"), c);
    load_table(in, yaml_get(node, "facts"), c);
    load_expression(in, node, "where", c, &c->where, &c->where_line, &c->where_column);
    load_expression(in, node, "pass", c, &c->pass, &c->pass_line, &c->pass_column);
    load_expression(in, node, "query", c, &c->query, &c->query_line, &c->query_column);
    load_texts(in, node, "show", &c->show, &c->n_show);
    if (c->query != NULL && (yaml_get(node, "facts") != NULL || c->where != NULL || c->pass != NULL))
        yaml_error(in, node, "%s has a query, and facts, where or pass beside it: it is one or the other", c->id);
    else if (c->query == NULL && (yaml_get(node, "facts") == NULL || c->pass == NULL))
        yaml_error(in, node, "%s needs facts and pass, or a query", c->id);
    if (c->n_show > 40)
        yaml_error(in, yaml_get(node, "show"), "show has more than 40 columns");
    else if (c->facts != NULL && c->n_show > 0)
        check_shown(in, yaml_get(node, "show"), c);
    for (size_t i = 0; i < c->n_grades; i++) {
        size_t at = 0;
        const char *bad = expression_scan(c->grades[i].when, c->params, c->n_params, &at);
        if (bad != NULL)
            yaml_error(in, yaml_get(node, "grade"), "grade, at character %zu: %s", at + 1, bad);
    }
}

static void load_evidence(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    static const char *const methods[] = { "person", "document", "measured" };
    static const char *const missing[] = { "not-applicable", "unknown", "fail", "pass" };
    int i = METHOD_DOCUMENT;
    int64_t ms = 0;
    c->evidence = METHOD_DOCUMENT;
    if (yaml_choice(in, yaml_get(node, "evidence"), "evidence", methods, N_ELEMENTS(methods), &i))
        c->evidence = (enum method)i;
    if (yaml_choice(in, yaml_get(node, "on_missing"), "on_missing", missing, N_ELEMENTS(missing), &i))
        c->on_missing = (enum on_missing)i;
    if (yaml_duration(in, yaml_get(node, "max_age"), "max_age", INT64_C(3650) * 86400000, &ms))
        c->max_age_s = ms / 1000;
    load_line(in, node, "vantage", &c->vantage);
    load_prose(in, node, "null_ok", &c->null_ok);
}

static bool known_owner(const struct site *site, const char *role)
{
    for (size_t i = 0; i < n_owner_names; i++)
        if (strcmp(owner_names[i], role) == 0)
            return true;
    return site != NULL && site_owner_name(site, role) != NULL;
}

static void load_owner(const struct yaml_in *in, const struct yaml_node *node, const struct site *site, const char *key, const char **out)
{
    load_word(in, node, key, out);
    if (*out != NULL && !known_owner(site, *out)) {
        const char *near = nearest_word(*out, owner_names, n_owner_names);
        yaml_error(in, yaml_get(node, key), "there is no owner '%s'%s; it is one of the usual ones or of the site's owners", *out, hint(in->arena, near));
    }
}

static void load_work(const struct yaml_in *in, const struct yaml_node *node, const struct site *site, struct check *c)
{
    static const char *const horizons[] = { "now", "6-months", "18-months" };
    int i = 0;
    c->has_effort = load_range(in, node, "effort_days", c->effort_days);
    bool once = load_range(in, node, "cost", c->cost), yearly = load_range(in, node, "cost_yearly", c->cost_yearly);
    c->has_cost = once || yearly;
    load_range(in, node, "lead_days", c->lead_days);
    load_prose(in, node, "cost_basis", &c->cost_basis);
    load_word(in, node, "fix_group", &c->fix_group);
    load_owner(in, node, site, "owner", &c->owner);
    load_owner(in, node, site, "co_owner", &c->co_owner);
    if (c->co_owner != NULL && (c->owner == NULL || strcmp(c->owner, c->co_owner) == 0))
        yaml_error(in, yaml_get(node, "co_owner"), "co_owner is who shares the check with another owner: %s", c->owner == NULL ? "it has none" : "here both are the same");
    if (yaml_choice(in, yaml_get(node, "horizon"), "horizon", horizons, N_ELEMENTS(horizons), &i))
        c->horizon = horizons[i];
}

static void load_gate_plans(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    static const char *const plans[] = { "separate", "trust", "merge" };
    load_texts(in, node, "gate_plans", &c->gate_plans, &c->n_gate_plans);
    for (size_t i = 0; i < c->n_gate_plans; i++) {
        bool known = false;
        for (size_t k = 0; k < N_ELEMENTS(plans); k++)
            known |= strcmp(plans[k], c->gate_plans[i]) == 0;
        if (!known)
            yaml_error(in, yaml_get(node, "gate_plans"), "gate_plans has 'separate', 'trust' and 'merge', not '%.40s'", c->gate_plans[i]);
    }
    if (c->n_gate_plans > 0 && c->gate == NULL && yaml_get(node, "gate") == NULL)
        yaml_error(in, yaml_get(node, "gate_plans"), "gate_plans says when the gate holds, and there is no gate");
}

/* --- impact_model ----------------------------------------------------------------------------------------------------- */

struct driver { const char *name; const char *inputs[2]; };
static const struct driver drivers[IMPACT_DRIVERS] = {
    [IMPACT_DELAY] = { "delay", { "users", "minutes_per_user_day" } }, [IMPACT_LOCKOUT] = { "day1-lockout", { "accounts", "hours" } },
    [IMPACT_OUTAGE] = { "outage", { "scope", "hours" } }, [IMPACT_QUEUE] = { "queue", { "minutes_per_visit" } }, [IMPACT_DOUBLE_ENTRY] = { "double-entry", { "minutes_per_day" } },
    [IMPACT_AMOUNT] = { "amount", { "amount_year" } }, [IMPACT_LOCK_IN] = { "lock-in", { "price_year", "term_years" } }, [IMPACT_EXPOSURE] = { "exposure", { NULL } },
};

/* 12, [1, 5], subjects, {column: minutes}, {of: staff, range: [0.7, 0.9], source: ...} or {range: [1, 5], source: ...} */
static void load_input(const struct yaml_in *in, const struct yaml_node *map, const char *name, struct impact_input *x)
{
    static const char *const keys[] = { "of", "range", "column", "source" };
    const struct yaml_node *node = yaml_get(map, name);
    *x = (struct impact_input){ .name = name };
    if (node->kind == YAML_SCALAR && strcmp(node->text, "subjects") == 0) {
        x->of = "subjects";
        return;
    }
    if (node->kind != YAML_MAP) {
        load_range(in, map, name, x->range);
        return;
    }
    yaml_known_keys(in, node, name, keys, N_ELEMENTS(keys));
    load_line(in, node, "of", &x->of);
    load_line(in, node, "column", &x->column);
    load_line(in, node, "source", &x->source);
    if (x->column == NULL && !load_range(in, node, "range", x->range))
        yaml_error(in, node, "%s needs 'range: [low, high]' or 'column: NAME'", name);
}

static void load_model(const struct yaml_in *in, const struct yaml_node *node, struct check *c)
{
    const char *names[IMPACT_DRIVERS], *keys[4] = { "driver", "cause" };
    size_t n_keys = 2;
    int which = 0;
    if (node == NULL || !yaml_want(in, node, YAML_MAP, "impact_model"))
        return;
    for (size_t i = 1; i < IMPACT_DRIVERS; i++)
        names[i - 1] = drivers[i].name;
    if (!yaml_choice(in, yaml_need(in, node, "impact_model", "driver"), "driver", names, IMPACT_DRIVERS - 1, &which))
        return;
    yaml_need(in, node, "impact_model", "cause");
    load_word(in, node, "cause", &c->impact.cause);
    c->impact.driver = c->impact.cause != NULL ? (enum impact_driver)(which + 1) : IMPACT_NONE;
    c->impact.inputs = arena_array(in->arena, 2, sizeof(*c->impact.inputs));
    for (size_t i = 0; i < 2 && drivers[which + 1].inputs[i] != NULL; i++) {
        const char *name = drivers[which + 1].inputs[i];
        keys[n_keys++] = name;
        if (yaml_get(node, name) != NULL)
            load_input(in, node, name, &c->impact.inputs[c->impact.n_inputs++]);
    }
    yaml_known_keys(in, node, "impact_model", keys, n_keys);
}

bool check_load(const struct yaml_in *in, const struct yaml_node *node, const char *checklist, const struct site *site, struct check *c)
{
    *c = (struct check){ .checklist = checklist, .file = in->file, .line = node->line, .column = node->column, .horizon = "now" };
    if (!yaml_want(in, node, YAML_MAP, "a check"))
        return false;
    yaml_known_keys(in, node, "check", check_keys, N_ELEMENTS(check_keys));
    if (!yaml_line(in, yaml_need(in, node, "a check", "id"), "id", LINE_MAX_BYTES, &c->id))
        return false;
    if (!id_ok(c->id)) {
        yaml_error(in, yaml_get(node, "id"), "an id has only A-Z, 0-9 and - and begins with a letter, not '%.40s'", c->id);
        return false;
    }
    yaml_line(in, yaml_need(in, node, "a check", "title"), "title", LINE_MAX_BYTES, &c->title);
    yaml_need(in, node, "a check", "domain");
    load_word(in, node, "domain", &c->domain);
    check_load_severity(in, yaml_need(in, node, "a check", "severity"), &c->severity);
    check_load_gate(in, yaml_get(node, "gate"), site, &c->gate);
    load_gate_plans(in, node, c);
    load_condition(in, node, c);
    load_evidence(in, node, c);
    load_prose(in, node, "why", &c->why);
    load_prose(in, node, "fix", &c->fix);
    load_prose(in, node, "measured", &c->measured);
    load_work(in, node, site, c);
    load_impact(in, yaml_get(node, "impact"), c);
    load_model(in, yaml_get(node, "impact_model"), c);
    load_refs(in, yaml_get(node, "refs"), c);
    load_texts(in, node, "depends", &c->depends, &c->n_depends);
    load_texts(in, node, "was", &c->was, &c->n_was);
    return true;
}
