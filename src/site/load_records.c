/* waivers.yaml, decisions.yaml and evidence/index.yaml. Parent only; input is a user's file. */
#include "site/load.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"

#define LAST_SECOND 86399

struct file_place load_place(const struct yaml_node *node)
{
    return node != NULL ? (struct file_place){ node->line, node->column } : (struct file_place){ 0, 0 };
}

/* --- waivers ---------------------------------------------------------------------------------------------------------- */

static void load_waiver(const struct yaml_in *in, const struct yaml_node *node, struct waiver *w)
{
    static const char *const keys[] = { "id", "check", "target", "subject", "reason", "accepted_by", "role", "date", "expires",
                                        "compensating_control" };

    *w = (struct waiver){ .at = load_place(node), .at_check = load_place(yaml_get(node, "check")), .at_target = load_place(yaml_get(node, "target")),
                          .at_subject = load_place(yaml_get(node, "subject")), .at_date = load_place(yaml_get(node, "date")), .at_expires = load_place(yaml_get(node, "expires")) };
    if (!yaml_want(in, node, YAML_MAP, "a waiver"))
        return;
    yaml_known_keys(in, node, "a waiver", keys, N_ELEMENTS(keys));
    load_line(in, node, "id", SITE_MAX_NAME, &w->id);
    (void)yaml_line(in, yaml_need(in, node, "a waiver", "check"), "check", SITE_MAX_NAME, &w->check);
    load_line(in, node, "target", SITE_MAX_NAME, &w->target);
    load_line(in, node, "subject", 2048, &w->subject);
    (void)yaml_need(in, node, "a waiver", "reason");
    load_prose(in, node, "reason", &w->reason);
    (void)yaml_line(in, yaml_need(in, node, "a waiver", "accepted_by"), "accepted_by", SITE_MAX_NAME, &w->accepted_by);
    (void)yaml_line(in, yaml_need(in, node, "a waiver", "role"), "role", SITE_MAX_NAME, &w->role);
    load_prose(in, node, "compensating_control", &w->compensating_control);
    bool dated = yaml_date(in, yaml_need(in, node, "a waiver", "date"), "date", &w->date);
    if (!yaml_date(in, yaml_need(in, node, "a waiver", "expires"), "expires", &w->expires))
        return;
    if (dated && w->expires < w->date)
        yaml_error(in, yaml_get(node, "expires"), "expires is before date: this waiver never holds");
    w->expires += LAST_SECOND;
}

void load_waivers(const struct yaml_in *in, const struct yaml_node *root, struct site *s)
{
    const struct yaml_node *list = load_list(in, root, "waivers.yaml", SITE_MAX_RECORDS);

    if (list == NULL)
        return;
    s->waivers = arena_array(in->arena, list->n + 1, sizeof(*s->waivers));
    for (size_t i = 0; i < list->n; i++)
        load_waiver(in, list->items[i], &s->waivers[s->n_waivers++]);
}

/* --- decisions -------------------------------------------------------------------------------------------------------- */

static void load_condition(const struct yaml_in *in, const struct yaml_node *node, struct condition *c)
{
    static const char *const keys[] = { "text", "owner", "due", "met" };

    c->at = load_place(node);
    c->at_due = load_place(yaml_get(node, "due"));
    if (!yaml_want(in, node, YAML_MAP, "a condition"))
        return;
    yaml_known_keys(in, node, "a condition", keys, N_ELEMENTS(keys));
    (void)yaml_need(in, node, "a condition", "text");
    load_prose(in, node, "text", &c->text);
    (void)yaml_line(in, yaml_need(in, node, "a condition", "owner"), "owner", SITE_MAX_NAME, &c->owner);
    (void)yaml_date(in, yaml_need(in, node, "a condition", "due"), "due", &c->due);
    (void)yaml_bool(in, yaml_get(node, "met"), "met", &c->met);
}

static void load_conditions(const struct yaml_in *in, const struct yaml_node *node, struct decision *d)
{
    const struct yaml_node *list = load_list(in, node, "conditions", SITE_MAX_LIST);

    if (list == NULL)
        return;
    d->conditions = arena_array(in->arena, list->n + 1, sizeof(*d->conditions));
    for (size_t i = 0; i < list->n; i++)
        load_condition(in, list->items[i], &d->conditions[d->n_conditions++]);
}

static void load_milestone_name(const struct yaml_in *in, const struct yaml_node *node, const struct site *s, const char **out)
{
    const char **names = arena_array(in->arena, s->n_milestones + 1, sizeof(*names));
    int which = 0;

    for (size_t i = 0; i < s->n_milestones; i++)
        names[i] = s->milestones[i].name;
    if (yaml_choice(in, node, "milestone", names, s->n_milestones, &which))
        *out = names[which];
}

static void load_accepted(const struct yaml_in *in, const struct yaml_node *node, struct decision *d)
{
    if (!yaml_text_list(in, node, "accepts_unknown", &d->accepts_unknown, &d->n_accepts_unknown))
        return;
    d->at_accepts = arena_array(in->arena, d->n_accepts_unknown + 1, sizeof(*d->at_accepts));
    for (size_t i = 0; i < d->n_accepts_unknown; i++)
        d->at_accepts[i] = load_place(node->kind == YAML_LIST ? node->items[i] : node);
}

static void load_decision(const struct yaml_in *in, const struct yaml_node *node, const struct site *s, struct decision *d)
{
    static const char *const keys[] = { "id", "run", "decided", "by", "milestone", "date", "conditions", "accepts_unknown", "remedies" };

    d->at = load_place(node);
    d->at_run = load_place(yaml_get(node, "run"));
    d->at_date = load_place(yaml_get(node, "date"));
    if (!yaml_want(in, node, YAML_MAP, "a decision"))
        return;
    yaml_known_keys(in, node, "a decision", keys, N_ELEMENTS(keys));
    load_line(in, node, "id", SITE_MAX_NAME, &d->id);
    load_line(in, node, "run", SITE_MAX_NAME, &d->run);
    (void)yaml_need(in, node, "a decision", "decided");
    load_prose(in, node, "decided", &d->decided);
    (void)yaml_line(in, yaml_need(in, node, "a decision", "by"), "by", SITE_MAX_NAME, &d->by);
    load_milestone_name(in, yaml_get(node, "milestone"), s, &d->milestone);
    (void)yaml_date(in, yaml_need(in, node, "a decision", "date"), "date", &d->date);
    load_conditions(in, yaml_get(node, "conditions"), d);
    load_accepted(in, yaml_get(node, "accepts_unknown"), d);
    load_remedies(in, yaml_get(node, "remedies"), d);
}

void load_decisions(const struct yaml_in *in, const struct yaml_node *root, struct site *s)
{
    const struct yaml_node *list = load_list(in, root, "decisions.yaml", SITE_MAX_RECORDS);

    if (list == NULL)
        return;
    s->decisions = arena_array(in->arena, list->n + 1, sizeof(*s->decisions));
    for (size_t i = 0; i < list->n; i++)
        load_decision(in, list->items[i], s, &s->decisions[s->n_decisions++]);
}

/* --- evidence --------------------------------------------------------------------------------------------------------- */

/* A day, or a moment in UTC. */
static void load_moment(const struct yaml_in *in, const struct yaml_node *node, const char *what, int64_t *out)
{
    const char *text = NULL;

    if (!yaml_text(in, node, what, &text) || iso_parse(text, out) || date_parse(text, out))
        return;
    yaml_error(in, node, "%s must be a date like 2026-12-15 or a moment like 2026-12-15T09:30:00Z, not '%.40s'", what, text);
}

static void load_file(const struct yaml_in *in, const struct yaml_node *node, struct evidence *e)
{
    static const char *const keys[] = { "file", "sha256", "from", "observed", "received", "covers", "as", "dates", "target" };

    *e = (struct evidence){ .line = node->line };
    if (!yaml_want(in, node, YAML_MAP, "an evidence file"))
        return;
    yaml_known_keys(in, node, "an evidence file", keys, N_ELEMENTS(keys));
    (void)load_path(in, yaml_need(in, node, "an evidence file", "file"), "file", &e->file);
    if (yaml_line(in, yaml_need(in, node, "an evidence file", "sha256"), "sha256", 64, &e->sha256) &&
        (strlen(e->sha256) != 64 || strspn(e->sha256, "0123456789abcdef") != 64))
        yaml_error(in, yaml_get(node, "sha256"), "sha256 must be 64 hexadecimal digits, lower case");
    (void)yaml_line(in, yaml_need(in, node, "an evidence file", "from"), "from", SITE_MAX_NAME, &e->from);
    load_moment(in, yaml_need(in, node, "an evidence file", "observed"), "observed", &e->observed);
    load_moment(in, yaml_need(in, node, "an evidence file", "received"), "received", &e->received);
    load_line(in, node, "covers", SITE_MAX_PROSE, &e->covers);
    if (yaml_get(node, "as") != NULL) {
        load_mapping_name(in, yaml_get(node, "as"), &e->as);
        load_dates_order(in, yaml_get(node, "dates"), e->as, &e->dates);
        (void)yaml_line(in, yaml_need(in, node, "an evidence file with 'as:'", "target"), "target", SITE_MAX_NAME, &e->target);
    }
}

void load_evidence(const struct yaml_in *in, const struct yaml_node *root, struct site *s)
{
    const struct yaml_node *list = load_list(in, root, "evidence/index.yaml", SITE_MAX_EVIDENCE);

    if (list == NULL)
        return;
    s->evidence = arena_array(in->arena, list->n + 1, sizeof(*s->evidence));
    for (size_t i = 0; i < list->n; i++)
        load_file(in, list->items[i], &s->evidence[s->n_evidence++]);
}
