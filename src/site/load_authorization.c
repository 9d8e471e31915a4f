/* `authorization:` of the site file: who allowed what. Parent only. What is unclear here is an error, never a permission. */
#include "site/load.h"
#include <string.h>
#include "base/clock.h"
#include "base/text.h"

static const char *const methods[] = { "own-link", "dns", "tls", "smb", "rdp", "tcp", "snmp", "ssh", "ldap", "sweep", "file", "person" };

static void load_methods(const struct yaml_in *in, const struct yaml_node *node, struct authorization *a)
{
    const char **v = NULL;
    size_t n = 0;

    if (!yaml_text_list(in, node, "methods", &v, &n))
        return;
    for (size_t i = 0; i < n; i++) {
        int which = 0;
        const struct yaml_node *at = node->kind == YAML_LIST ? node->items[i] : node;
        if (yaml_choice(in, at, "method", methods, N_ELEMENTS(methods), &which))
            v[i] = methods[which];
    }
    a->methods = v;
    a->n_methods = n;
}

/* Methods that send packets to addresses of the clinic: an authorization for them must say to which. */
static bool asks_addresses(const struct authorization *a)
{
    static const char *const asking[] = { "tls", "smb", "rdp", "tcp", "snmp", "ssh", "ldap", "sweep" };

    for (size_t i = 0; i < a->n_methods; i++) {
        for (size_t j = 0; j < N_ELEMENTS(asking); j++) {
            if (strcmp(a->methods[i], asking[j]) == 0)
                return true;
        }
    }
    return false;
}

static void load_days(const struct yaml_in *in, const struct yaml_node *node, const char *zone, struct authorization *a)
{
    int64_t last = 0;
    const struct yaml_node *until = yaml_get(node, "until");

    (void)yaml_date(in, yaml_need(in, node, "an authorization", "on"), "on", &a->on);
    if (!yaml_date(in, until, "until", &last))
        return;
    if (a->on != 0 && last < a->on)
        yaml_error(in, until, "until is before on: this authorization never holds");
    /* The beginning of the next day, less a second: a day that has 23 or 25 hours is a day, too. */
    a->until = site_day_start(zone, last + 86400) - 1;
}

static void load_one(const struct yaml_in *in, const struct yaml_node *node, struct site *s, struct authorization *a)
{
    static const char *const keys[] = { "by", "role", "organization", "on", "until", "evidence", "networks", "never", "methods", "hours",
                                        "stop_contact" };

    if (!yaml_want(in, node, YAML_MAP, "an authorization"))
        return;
    a->line = node->line;
    yaml_known_keys(in, node, "an authorization", keys, N_ELEMENTS(keys));
    (void)yaml_line(in, yaml_need(in, node, "an authorization", "by"), "by", SITE_MAX_NAME, &a->by);
    (void)yaml_line(in, yaml_need(in, node, "an authorization", "role"), "role", SITE_MAX_NAME, &a->role);
    load_line(in, node, "organization", SITE_MAX_NAME, &a->organization);
    load_line(in, node, "stop_contact", SITE_MAX_NAME, &a->stop_contact);
    (void)load_path(in, yaml_get(node, "evidence"), "evidence", &a->evidence);
    load_days(in, node, s->timezone, a);
    load_methods(in, yaml_need(in, node, "an authorization", "methods"), a);
    (void)load_networks(in, yaml_get(node, "networks"), "networks", &a->networks, &a->n_networks);
    (void)load_never(in, yaml_get(node, "never"), s, &a->never, &a->n_never);
    if (yaml_get(node, "networks") == NULL && asks_addresses(a))
        yaml_error(in, node, "an authorization for methods that ask addresses needs 'networks:'");
    if (load_hours(in, yaml_get(node, "hours"), "hours", &a->hours, &a->n_hours) && a->n_hours == 0)
        yaml_error(in, yaml_get(node, "hours"), "hours is empty: leave it out when every hour is allowed");
}

void load_authorization(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    if (node == NULL)
        return;
    if (node->kind == YAML_SCALAR && !yaml_is_null(node)) {
        s->owner_authorized = strcmp(node->text, "owner") == 0;
        if (!s->owner_authorized)
            yaml_error(in, node, "authorization must be a list of permissions or the word owner, not '%.40s'", node->text);
        return;
    }
    node = load_list(in, node, "authorization", SITE_MAX_LIST);
    if (node == NULL)
        return;
    s->authorizations = arena_array(in->arena, node->n + 1, sizeof(*s->authorizations));
    for (size_t i = 0; i < node->n; i++)
        load_one(in, node->items[i], s, &s->authorizations[s->n_authorizations++]);
}
