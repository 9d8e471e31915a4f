/* Overlays: how a site tailors checks that others wrote. Everything that it changes is recorded with its reason, because the report prints it. Parent. */
#include "checklist/load.h"

#include <string.h>

struct overlay { const struct yaml_in *in; const struct site *site; struct checklists *c; const char *of, *by; };

struct check *check_by_id(struct check *v, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].id != NULL && strcmp(v[i].id, id) == 0)
            return &v[i];
    return NULL;
}

static void record(const struct overlay *o, const struct check *c, const char *what, const char *reason)
{
    struct checklists *l = o->c;
    struct tailoring *bigger = arena_array(l->arena, l->n_tailorings + 1, sizeof(*bigger));
    if (l->n_tailorings > 0)
        memcpy(bigger, l->tailorings, l->n_tailorings * sizeof(*bigger));
    bigger[l->n_tailorings++] = (struct tailoring){ .check = c->id, .what = what, .reason = reason, .by = o->by };
    l->tailorings = bigger;
}

static void change_severity(const struct overlay *o, const struct yaml_node *node, struct check *c, const char *reason)
{
    enum severity to = c->severity;
    if (!check_load_severity(o->in, node, &to))
        return;
    record(o, c, arena_printf(o->c->arena, "severity %s -> %s", severity_name(c->severity), severity_name(to)), reason);
    c->severity = to;
}

static void change_gate(const struct overlay *o, const struct yaml_node *node, struct check *c, const char *reason)
{
    const char *to = NULL;
    bool none = node->kind == YAML_SCALAR && strcmp(node->text, "none") == 0;
    if (!none)
        check_load_gate(o->in, node, o->site, &to);
    if (!none && to == NULL)
        return;
    record(o, c, arena_printf(o->c->arena, "gate %s -> %s", c->gate != NULL ? c->gate : "none", to != NULL ? to : "none"), reason);
    c->gate = to;
}

static const char *param_text(struct arena *a, const struct param *p)
{
    if (p->is_text)
        return arena_printf(a, "'%s'", p->s);
    return p->is_real ? arena_printf(a, "%.15g", p->r) : arena_printf(a, "%lld", (long long)p->i);
}

/* A param keeps its type: what was compared with a number still is. */
static void change_param(const struct overlay *o, const char *name, const struct yaml_node *node, struct check *c, const char *reason)
{
    struct param to;
    for (size_t i = 0; i < c->n_params; i++) {
        struct param *p = &c->params[i];
        if (strcmp(p->name, name) != 0)
            continue;
        if (!param_load(o->in, p->name, node, &to))
            return;
        if (to.is_text != p->is_text) {
            yaml_error(o->in, node, "the param %s of %s is %s", name, c->id, p->is_text ? "text" : "a number");
            return;
        }
        record(o, c, arena_printf(o->c->arena, "param %s %s -> %s", name, param_text(o->c->arena, p), param_text(o->c->arena, &to)), reason);
        *p = to;
        return;
    }
    yaml_error(o->in, node, "%s has no param '%.40s'", c->id, name);
}

/* *disable: the check is to go. */
static void change(const struct overlay *o, const struct yaml_node *node, struct check *c, const char *reason, bool *disable)
{
    const struct yaml_node *severity = yaml_get(node, "severity"), *gate = yaml_get(node, "gate"), *params = yaml_get(node, "params");
    yaml_bool(o->in, yaml_get(node, "disable"), "disable", disable);
    if (*disable)
        record(o, c, "disabled", reason);
    if (severity != NULL)
        change_severity(o, severity, c, reason);
    if (gate != NULL)
        change_gate(o, gate, c, reason);
    if (params != NULL && yaml_want(o->in, params, YAML_MAP, "params"))
        for (size_t i = 0; i < params->n && i < LIST_MAX; i++)
            change_param(o, params->keys[i], params->items[i], c, reason);
    if (!*disable && severity == NULL && gate == NULL && params == NULL)
        yaml_error(o->in, node, "this entry changes nothing: it has one of disable, severity, gate, params");
}

static void drop(struct checklists *c, struct check *gone)
{
    size_t i = (size_t)(gone - c->checks);
    memmove(gone, gone + 1, (c->n_checks - i - 1) * sizeof(*gone));
    c->n_checks--;
}

static void apply(const struct overlay *o, const struct yaml_node *node)
{
    static const char *const keys[] = { "id", "disable", "severity", "gate", "params", "reason" };
    const char *id = NULL, *reason = NULL;
    bool disable = false;
    if (!yaml_want(o->in, node, YAML_MAP, "an entry of the overlay"))
        return;
    yaml_known_keys(o->in, node, "overlay", keys, N_ELEMENTS(keys));
    bool named = yaml_line(o->in, yaml_need(o->in, node, "an entry of the overlay", "id"), "id", LINE_MAX_BYTES, &id);
    bool said = yaml_line(o->in, yaml_need(o->in, node, "an entry of the overlay", "reason"), "reason", 1000, &reason);
    struct check *c = named ? check_by_id(o->c->checks, o->c->n_checks, id) : NULL;
    if (named && (c == NULL || strcmp(c->checklist, o->of) != 0)) {
        yaml_error(o->in, yaml_get(node, "id"), "the checklist %s has no check '%.60s'", o->of, id);
        return;
    }
    if (!said || c == NULL)
        return;
    change(o, node, c, reason, &disable);
    if (disable)
        drop(o->c, c);
}

void overlay_apply(const struct yaml_in *in, const struct yaml_node *root, const char *name, const struct site *site, struct checklists *c)
{
    static const char *const keys[] = { "checklist", "overlay", "title", "by", "version", "checks" };
    struct overlay o = { .in = in, .site = site, .c = c, .by = name };
    const struct yaml_node *list = yaml_need(in, root, "an overlay", "checks");
    yaml_known_keys(in, root, "overlay", keys, N_ELEMENTS(keys));
    yaml_line(in, yaml_get(root, "checklist"), "checklist", LINE_MAX_BYTES, &o.by);
    yaml_line(in, yaml_get(root, "by"), "by", LINE_MAX_BYTES, &o.by);
    if (!yaml_line(in, yaml_get(root, "overlay"), "overlay", LINE_MAX_BYTES, &o.of) || list == NULL || !yaml_want(in, list, YAML_LIST, "checks"))
        return;
    for (size_t i = 0; i < list->n && i < CHECKS_MAX; i++)
        apply(&o, list->items[i]);
}
