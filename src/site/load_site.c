/* site.yaml's top level and its small maps: stage, profile, capacity, owners, checklists. Parent only; input is a user's file. */
#include "site/load.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"
#include "site/profile.h"

static const char *const stage_names[] = { "diligence", "signed", "owned", "home", "dead" };

const char *stage_name(enum stage s)
{
    return stage_names[s];
}

/* --- profile ---------------------------------------------------------------------------------------------------------- */

struct profile_key { const char *name; bool text; double max; };
#define PROFILE_WORD(name) { name, true, 0 },
#define PROFILE_NUMBER(name, max) { name, false, max },
static const struct profile_key profile_keys[] = { PROFILE_KEYS(PROFILE_WORD, PROFILE_NUMBER) };

static void load_currency(const struct yaml_in *in, const struct yaml_node *node, const char *text)
{
    if (strlen(text) != 3 || strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        yaml_error(in, node, "currency must be three capital letters like USD, not '%.20s'", text);
}

/* 210, or [180, 240]. */
static bool load_number_or_range(const struct yaml_in *in, const struct yaml_node *node, const char *what, double max, double *low, double *high)
{
    if (node->kind != YAML_LIST) {
        bool ok = yaml_real(in, node, what, 0, max, low);
        *high = *low;
        return ok;
    }
    if (node->n != 2) {
        yaml_error(in, node, "%s is a number, or [low, high]", what);
        return false;
    }
    if (!yaml_real(in, node->items[0], what, 0, max, low) || !yaml_real(in, node->items[1], what, 0, max, high))
        return false;
    if (*low <= *high)
        return true;
    yaml_error(in, node, "%s is [low, high], and its low is more than its high", what);
    return false;
}

static void load_profile_value(const struct yaml_in *in, const struct yaml_node *node, const struct profile_key *key, struct site *s)
{
    struct profile_value v = { .name = key->name };

    if (key->text) {
        if (!yaml_line(in, node, key->name, SITE_MAX_NAME, &v.text))
            return;
        if (strcmp(key->name, "currency") == 0)
            load_currency(in, node, v.text);
    } else if (!load_number_or_range(in, node, key->name, key->max, &v.value, &v.high)) {
        return;
    }
    s->profile[s->n_profile++] = v;
}

static void load_profile(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    const char *names[N_ELEMENTS(profile_keys)];

    if (node == NULL || yaml_is_null(node) || !yaml_want(in, node, YAML_MAP, "profile"))
        return;
    for (size_t i = 0; i < N_ELEMENTS(profile_keys); i++)
        names[i] = profile_keys[i].name;
    yaml_known_keys(in, node, "profile", names, N_ELEMENTS(names));
    s->profile = arena_array(in->arena, N_ELEMENTS(profile_keys) + 1, sizeof(*s->profile));
    for (size_t i = 0; i < N_ELEMENTS(profile_keys); i++) {
        const struct yaml_node *value = yaml_get(node, profile_keys[i].name);
        if (value != NULL)
            load_profile_value(in, value, &profile_keys[i], s);
    }
}

/* --- capacity, owners, integration, checklists ------------------------------------------------------------------------- */

/* A map by role: gives the number of its entries, 0 when it is not one. */
static size_t role_map(const struct yaml_in *in, const struct yaml_node *node, const char *what)
{
    if (node == NULL || yaml_is_null(node) || !yaml_want(in, node, YAML_MAP, what))
        return 0;
    if (node->n > SITE_MAX_LIST) {
        yaml_error(in, node, "%s has more than %d entries", what, SITE_MAX_LIST);
        return 0;
    }
    for (size_t i = 0; i < node->n; i++) {
        if (!site_key_ok(node->keys[i]))
            yaml_error_at(in, node->key_lines[i], node->key_columns[i], "a role in %s has only a-z, 0-9 and -, not '%.40s'", what, node->keys[i]);
    }
    return node->n;
}

static void load_capacity(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    size_t n = role_map(in, node, "capacity");

    s->capacities = arena_array(in->arena, n + 1, sizeof(*s->capacities));
    for (size_t i = 0; i < n; i++) {
        struct capacity c = { .role = node->keys[i] };
        if (!yaml_real(in, node->items[i], "capacity", 0, 1e5, &c.days_per_month))
            continue;
        if (c.days_per_month <= 0)
            yaml_error(in, node->items[i], "capacity must be more than 0 person-days per month: leave out who has none");
        s->capacities[s->n_capacities++] = c;
    }
}

static void load_owners(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    size_t n = role_map(in, node, "owners");

    s->owners = arena_array(in->arena, n + 1, sizeof(*s->owners));
    for (size_t i = 0; i < n; i++) {
        struct owner o = { .role = node->keys[i] };
        if (yaml_line(in, node->items[i], "an owner", SITE_MAX_NAME, &o.name))
            s->owners[s->n_owners++] = o;
    }
}

/* One text for every reader, or a map: default, and one for an audience. */
static void load_marking(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    const char *keys[16] = { "default" };

    if (node == NULL || yaml_is_null(node))
        return;
    if (node->kind != YAML_MAP) {
        (void)yaml_line(in, node, "marking", SITE_MAX_NAME, &s->marking);
        return;
    }
    for (size_t i = 0; i < n_audience_names; i++)
        keys[i + 1] = audience_names[i];
    yaml_known_keys(in, node, "marking", keys, n_audience_names + 1);
    load_line(in, node, "default", SITE_MAX_NAME, &s->marking);
    s->markings = arena_array(in->arena, n_audience_names + 1, sizeof(*s->markings));
    for (size_t i = 0; i < n_audience_names; i++) {
        struct marking m = { .audience = audience_names[i] };
        if (yaml_get(node, m.audience) != NULL && yaml_line(in, yaml_get(node, m.audience), "a marking", SITE_MAX_NAME, &m.text))
            s->markings[s->n_markings++] = m;
    }
}

static void load_integration(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    static const char *const keys[] = { "plan" };
    static const char *const plans[] = { "separate", "trust", "merge" };
    int plan = 0;

    if (node == NULL || yaml_is_null(node) || !yaml_want(in, node, YAML_MAP, "integration"))
        return;
    yaml_known_keys(in, node, "integration", keys, N_ELEMENTS(keys));
    if (yaml_choice(in, yaml_get(node, "plan"), "plan", plans, N_ELEMENTS(plans), &plan))
        s->plan = plans[plan];
}

static void load_impact_of(const struct yaml_in *in, const char *check, const struct yaml_node *node, struct site *s)
{
    if (!yaml_want(in, node, YAML_MAP, "an entry of impact"))
        return;
    for (size_t i = 0; i < node->n && s->n_impacts < SITE_MAX_LIST; i++) {
        struct impact_override o = { .check = check, .input = node->keys[i] };
        if (load_number_or_range(in, node->items[i], node->keys[i], 1e12, &o.low, &o.high))
            s->impacts[s->n_impacts++] = o;
    }
}

static void load_impact(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    if (node == NULL || yaml_is_null(node) || !yaml_want(in, node, YAML_MAP, "impact"))
        return;
    s->impacts = arena_array(in->arena, SITE_MAX_LIST, sizeof(*s->impacts));
    for (size_t i = 0; i < node->n; i++)
        load_impact_of(in, node->keys[i], node->items[i], s);
}

static bool ends_with(const char *s, const char *end)
{
    size_t len = strlen(s), n = strlen(end);

    return len >= n && strcmp(s + len - n, end) == 0;
}

static void load_checklists(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    node = load_list(in, node, "checklists", 200);
    if (node == NULL)
        return;
    s->checklists = arena_array(in->arena, node->n + 1, sizeof(*s->checklists));
    for (size_t i = 0; i < node->n; i++) {
        const struct yaml_node *at = node->items[i];
        struct checklist_ref ref = { .line = at->line, .column = at->column };
        const char *why = NULL;
        if (!yaml_line(in, at, "a checklist", 1024, &ref.name))
            continue;
        for (size_t j = 0; j < s->n_checklists; j++) {
            if (strcmp(s->checklists[j].name, ref.name) == 0)
                yaml_error(in, at, "checklist '%.60s' is named twice; first in line %d", ref.name, s->checklists[j].line);
        }
        if (ends_with(ref.name, ".yaml") ? !site_path_ok(ref.name, &why) : !site_key_ok(ref.name)) {
            yaml_error(in, at, "checklist '%.60s' %s", ref.name, why != NULL ? why : "must be a shipped name like core, or a path that ends in .yaml");
            continue;
        }
        s->checklists[s->n_checklists++] = ref;
    }
}

/* --- networks of guests and patients ----------------------------------------------------------------------------------- */

/* What is meant as a network and is none must not pass as a name: its clients would be kept. */
static void load_guest_network(const struct yaml_in *in, const struct yaml_node *at, const char *text, struct site *s)
{
    struct cidr net, loose;
    char said[CIDR_TEXT];

    if (text[0] == '\0' || strlen(text) > 120) {
        yaml_error(in, at, "guest_networks: a network or a name of 1 to 120 bytes");
    } else if (!cidr_parse(text, false, &net) && cidr_parse(text, true, &loose)) {
        cidr_format(&loose, said);
        yaml_error(in, at, "guest_networks '%s' has bits set behind its prefix length: did you mean %s?", text, said);
    } else if (!cidr_parse(text, false, &net) && strspn(text, "0123456789abcdefABCDEF.:/") == strlen(text) && strpbrk(text, ".:/") != NULL) {
        yaml_error(in, at, "guest_networks '%s' is no network: write it like 10.20.3.0/24 or fd00:20:3::/64", text);
    } else {
        s->guest_networks[s->n_guest_networks++] = text;
    }
}

static void load_guest_networks(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    const char **texts = NULL;
    size_t n = 0;

    s->guests_told = node != NULL && !yaml_is_null(node);
    if (!s->guests_told || !yaml_text_list(in, node, "guest_networks", &texts, &n))
        return;
    if (n > SITE_MAX_LIST) {
        yaml_error(in, node, "guest_networks has more than %d entries", SITE_MAX_LIST);
        return;
    }
    s->guest_networks = arena_array(in->arena, n + 1, sizeof(*s->guest_networks));
    for (size_t i = 0; i < n; i++)
        load_guest_network(in, node->kind == YAML_LIST ? node->items[i] : node, texts[i], s);
}

/* --- the whole -------------------------------------------------------------------------------------------------------- */

static void load_identity(const struct yaml_in *in, const struct yaml_node *root, struct site *s)
{
    const struct yaml_node *version = yaml_need(in, root, "a site file", "preop");
    int64_t number = 0;
    int stage = 0;

    if (yaml_int(in, version, "preop", 1, 1000000, &number) && number != 1)
        yaml_error(in, version, "this site file is of version %lld; this preop reads version 1", (long long)number);
    if (yaml_line(in, yaml_need(in, root, "a site file", "site"), "site", SITE_MAX_NAME, &s->key) && !site_key_ok(s->key))
        yaml_error(in, yaml_get(root, "site"), "site must be a key of a-z, 0-9 and -, at most 64, not '%.60s'", s->key);
    (void)yaml_line(in, yaml_need(in, root, "a site file", "name"), "name", SITE_MAX_NAME, &s->name);
    load_line(in, root, "codename", SITE_MAX_NAME, &s->codename);
    if (yaml_choice(in, yaml_need(in, root, "a site file", "stage"), "stage", stage_names, N_ELEMENTS(stage_names), &stage))
        s->stage = (enum stage)stage;
    if (yaml_line(in, yaml_need(in, root, "a site file", "timezone"), "timezone", 64, &s->timezone) && !clock_zone_known(s->timezone)) {
        yaml_error(in, yaml_get(root, "timezone"), "timezone '%s' is not known on this machine: write it like America/Chicago (package tzdata has them)",
                   s->timezone);
        s->timezone = "UTC";
    }
}

void load_site_file(const struct yaml_in *in, const struct yaml_node *root, struct site *s)
{
    static const char *const keys[] = { "preop", "site", "name", "codename", "marking", "stage", "timezone", "clinic_hours", "milestones", "authorization",
                                        "never", "guest_networks", "integration", "profile", "capacity", "owners", "impact", "checklists", "targets" };

    if (!yaml_want(in, root, YAML_MAP, "a site file"))
        return;
    yaml_known_keys(in, root, "a site file", keys, N_ELEMENTS(keys));
    load_identity(in, root, s);
    (void)load_hours(in, yaml_get(root, "clinic_hours"), "clinic_hours", &s->clinic_hours, &s->n_clinic_hours);
    load_milestones(in, yaml_get(root, "milestones"), s);
    load_authorization(in, yaml_get(root, "authorization"), s);
    (void)load_never(in, yaml_get(root, "never"), s, &s->never, &s->n_never);
    load_guest_networks(in, yaml_get(root, "guest_networks"), s);
    load_integration(in, yaml_get(root, "integration"), s);
    load_profile(in, yaml_get(root, "profile"), s);
    load_capacity(in, yaml_get(root, "capacity"), s);
    load_owners(in, yaml_get(root, "owners"), s);
    load_marking(in, yaml_get(root, "marking"), s);
    load_impact(in, yaml_get(root, "impact"), s);
    load_checklists(in, yaml_get(root, "checklists"), s);
    load_targets(in, yaml_get(root, "targets"), s);
}
