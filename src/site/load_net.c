/* `net:` of a target: what is to be tried without a log-in, at its address or about its domain. Parent only; input is a user's file. */
#include "site/load.h"
#include <string.h>
#include "base/text.h"
#include "fact/port.h"

#define MAX_TIMEOUT_MS 300000
#define MAX_TRIES 20                 /* connections to one endpoint: enough for a median, too few to be felt */
#define MAX_SELECTORS 20
#define MAX_LABEL 63

/* The keys that a use takes beside use, port and timeout. */
struct use {
    const char *name;
    int port;                        /* where the address names none; 0: it must */
    bool endpoint;                   /* tries */
    bool certificate;                /* name, ca */
    bool domain;                     /* resolver, selectors, whois; no port of its own */
};
static const struct use uses[] = {
    { .name = "tls", .port = 443, .endpoint = true, .certificate = true },
    { .name = "tcp", .endpoint = true },
    { .name = "smb", .port = 445 },
    { .name = "rdp", .port = 3389 },
    { .name = "dns", .port = 53, .domain = true },
};

static const struct use *use_of(const struct target_probe *p)
{
    for (size_t i = 0; p->use != NULL && i < N_ELEMENTS(uses); i++) {
        if (strcmp(p->use, uses[i].name) == 0)
            return &uses[i];
    }
    return NULL;
}

void load_port_and_timeout(const struct yaml_in *in, const struct yaml_node *node, struct target_probe *p)
{
    int64_t v = 0;

    if (yaml_int(in, yaml_get(node, "port"), "port", 1, 65535, &v))
        p->port = (int)v;
    if (yaml_duration(in, yaml_get(node, "timeout"), "timeout", MAX_TIMEOUT_MS, &p->timeout_ms) && p->timeout_ms == 0)
        yaml_error(in, yaml_get(node, "timeout"), "timeout must be more than nothing");
}

static void load_use(const struct yaml_in *in, const struct yaml_node *node, const char *what, struct target_probe *p)
{
    const char *names[N_ELEMENTS(uses)];
    int which = 0;

    for (size_t i = 0; i < N_ELEMENTS(uses); i++)
        names[i] = uses[i].name;
    if (yaml_choice(in, node, what, names, N_ELEMENTS(names), &which))
        p->use = uses[which].name;
}

static bool selector_ok(const char *s)
{
    size_t len = strlen(s);

    return len > 0 && len <= MAX_LABEL && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == len && s[0] != '.' && s[len - 1] != '.' &&
           strstr(s, "..") == NULL;
}

static void load_domain(const struct yaml_in *in, const struct yaml_node *node, struct target_probe *p)
{
    const struct yaml_node *resolver = yaml_get(node, "resolver"), *whois = yaml_get(node, "whois"), *selectors = yaml_get(node, "selectors");
    const char *text = NULL;
    struct ip ip;

    if (resolver != NULL && yaml_line(in, resolver, "resolver", 300, &text) && load_host(in, resolver, text, &p->resolver, &p->resolver_port) &&
        !ip_parse(p->resolver, &ip))
        yaml_error(in, resolver, "resolver must be an address, not the name '%.80s'", p->resolver);
    if (whois != NULL && yaml_line(in, whois, "whois", 300, &text))
        (void)load_host(in, whois, text, &p->whois, &p->whois_port);
    if (port_is_never_opened(p->resolver_port) || port_is_never_opened(p->whois_port))
        yaml_error(in, node, "never opened are the ports " PORTS_NEVER_OPENED);
    if (selectors == NULL || !yaml_text_list(in, selectors, "selectors", &p->selectors, &p->n_selectors))
        return;
    if (p->n_selectors > MAX_SELECTORS)
        yaml_error(in, selectors, "more than %d selectors", MAX_SELECTORS);
    for (size_t i = 0; i < p->n_selectors; i++) {
        if (!selector_ok(p->selectors[i]))
            yaml_error(in, selectors->kind == YAML_LIST ? selectors->items[i] : selectors, "'%.80s' is not a selector, like selector1", p->selectors[i]);
    }
}

/* A key that another use takes. */
static void refuse_keys(const struct yaml_in *in, const struct yaml_node *node, bool taken, const char *for_uses, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n && !taken; i++) {
        if (yaml_get(node, keys[i]) != NULL)
            yaml_error(in, yaml_get(node, keys[i]), "'%s:' is for 'use: %s'", keys[i], for_uses);
    }
}

static void load_options(const struct yaml_in *in, const struct yaml_node *node, struct target_probe *p)
{
    static const char *const keys[] = { "use", "port", "timeout", "tries", "name", "ca", "resolver", "selectors", "whois" };
    int64_t v = 0;

    yaml_known_keys(in, node, "'net:'", keys, N_ELEMENTS(keys));
    load_use(in, yaml_need(in, node, "'net:'", "use"), "use", p);
    load_port_and_timeout(in, node, p);
    if (yaml_int(in, yaml_get(node, "tries"), "tries", 1, MAX_TRIES, &v))
        p->tries = (int)v;
    load_line(in, node, "name", 253, &p->server_name);
    if (p->server_name != NULL && !site_host_name_ok(p->server_name))
        yaml_error(in, yaml_get(node, "name"), "name '%.80s' is not a host's name", p->server_name);
    (void)load_path(in, yaml_get(node, "ca"), "ca", &p->ca);
    load_domain(in, node, p);
    const struct use *use = use_of(p);
    if (use == NULL)
        return;
    refuse_keys(in, node, use->certificate, "tls", (const char *const[]){ "name", "ca" }, 2);
    refuse_keys(in, node, use->endpoint, "tls' or 'use: tcp", (const char *const[]){ "tries" }, 1);
    refuse_keys(in, node, use->domain, "dns", (const char *const[]){ "resolver", "selectors", "whois" }, 3);
    refuse_keys(in, node, !use->domain, "tls', 'tcp', 'smb' and 'rdp", (const char *const[]){ "port" }, 1);
}

static void load_one(const struct yaml_in *in, const struct yaml_node *node, struct target *t)
{
    struct target_probe *p = &t->probes[t->n_probes++];

    *p = (struct target_probe){ .probe = "net", .retries = -1, .line = node->line, .column = node->column };
    if (node->kind == YAML_SCALAR)
        load_use(in, node, "net", p);
    else if (yaml_want(in, node, YAML_MAP, "net"))
        load_options(in, node, p);
    const struct use *use = use_of(p);
    for (struct target_probe *other = t->probes; use != NULL && other < p; other++) {
        const struct use *seen = use_of(other);
        if (seen != NULL && (seen == use || (seen->endpoint && use->endpoint)))
            yaml_error(in, node, "net: %s stands beside net: %s: one of them is enough", use->name, seen->name);
        else if (seen != NULL && seen->domain != use->domain)
            yaml_error(in, node, "net: dns is about a domain, net: %s about a computer: give each a target of its own", seen->domain ? use->name : seen->name);
    }
}

void load_net(const struct yaml_in *in, const struct yaml_node *node, struct target *t)
{
    if (node->kind != YAML_LIST) {
        load_one(in, node, t);
        return;
    }
    if (node->n == 0 || node->n > NET_MAX_USES)
        yaml_error(in, node, "net: one use, or a list of up to %d", NET_MAX_USES);
    for (size_t i = 0; i < node->n && i < NET_MAX_USES; i++)
        load_one(in, node->items[i], t);
}

static void settle_one(const struct yaml_in *in, const struct yaml_node *address, const struct target *t, struct target_probe *p)
{
    const struct use *use = use_of(p);
    struct ip ip;

    if (use == NULL)
        return;
    if (use->domain && t->host != NULL && (ip_parse(t->host, &ip) || strchr(t->host, '.') == NULL || t->port != 0 || p->port != 0))
        yaml_error(in, address, "'net: dns' is about a domain like clinic.example; its address is that name alone");
    if (p->port == 0)
        p->port = use->port;
    if (p->port == 0)
        yaml_error_at(in, p->line, p->column, "'net: %s' needs a port: in the address, like host:8080, or as 'port:'", use->name);
    else if (port_is_never_opened(p->port))
        yaml_error_at(in, p->line, p->column, "port %d is never opened: devices behind it may fail or print; never opened are " PORTS_NEVER_OPENED, p->port);
}

void load_net_settle(const struct yaml_in *in, const struct yaml_node *address, struct target *t)
{
    for (size_t i = 0; i < t->n_probes; i++)
        settle_one(in, address, t, &t->probes[i]);
}
