/* `targets:` of the site file, and evidence that became targets. Parent only; input is a user's file. */
#include "site/load.h"
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "fact/evidence_kind.h"
#include "fact/port.h"

#define MAX_RETRIES 20

/* The probes by which a target can be read. The site room names them itself because it does not link probes; a unit test holds this list
 * against probes/probes.c. */
static const char *const probe_names[] = { "snmp", "ssh", "ldap", "net" };
static const char *const own_keys[] = { "name", "address", "role", "criticality", "file", "as", "encoding", "dates" };
#define KEYS_TEXT "name, address, role, criticality, file, as, encoding and dates"
#define PROBES_TEXT "snmp, ssh, ldap, net and file"

static bool among(const char *word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(word, list[i]) == 0)
            return true;
    }
    return false;
}

/* A key that is neither: says which word it probably is, and of which kind that word is. */
static void unknown_key(const struct yaml_in *in, const struct yaml_node *node, size_t i)
{
    const char *all[N_ELEMENTS(probe_names) + N_ELEMENTS(own_keys)];
    const char *key = node->keys[i];
    int line = node->key_lines[i], column = node->key_columns[i];

    if (in->diags->n >= DIAGS_MAX)
        return;
    memcpy(all, probe_names, sizeof(probe_names));
    memcpy(all + N_ELEMENTS(probe_names), own_keys, sizeof(own_keys));
    const char *nearest = nearest_word(key, all, N_ELEMENTS(all));
    if (nearest == NULL)
        yaml_error_at(in, line, column, "unknown probe or key '%.40s' in a target; probes are " PROBES_TEXT ", keys are " KEYS_TEXT, key);
    else if (among(nearest, probe_names, N_ELEMENTS(probe_names)))
        yaml_error_at(in, line, column, "unknown probe '%.40s' (did you mean '%s'?)", key, nearest);
    else
        yaml_error_at(in, line, column, "unknown key '%.40s' in a target (did you mean '%s'?)", key, nearest);
}

/* --- addresses -------------------------------------------------------------------------------------------------------- */

bool site_host_name_ok(const char *host)
{
    size_t len = strlen(host);

    if (len == 0 || len > 253 || host[0] == '-' || host[0] == '.')
        return false;
    return strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == len && strstr(host, "..") == NULL;
}

/* Digits and dots only: meant as an address, so it must be one ("10.0.0.256" is not a host's name). */
static bool looks_numeric(const char *host)
{
    return host[strspn(host, "0123456789.")] == '\0';
}

static bool split_port(const struct yaml_in *in, const struct yaml_node *node, const char *text, int *port)
{
    long long v = 0;

    if (!text_parse_int(text, 1, 65535, &v)) {
        yaml_error(in, node, "port '%.20s' must be a number from 1 to 65535", text);
        return false;
    }
    *port = (int)v;
    return true;
}

bool load_host(const struct yaml_in *in, const struct yaml_node *node, const char *text, const char **out_host, int *port)
{
    struct ip ip;
    const char *host = NULL, *rest = NULL;

    if (ip_parse(text, &ip)) {
        *out_host = text;
        return true;
    }
    if (text[0] == '[') {
        size_t len = strcspn(text, "]");
        host = arena_strndup(in->arena, text + 1, len > 0 ? len - 1 : 0);
        rest = text[len] == ']' ? text + len + 1 : "?";
        if (!ip_parse(host, &ip) || ip.family != 6) {
            yaml_error(in, node, "'%.80s' is not an IPv6 address in brackets, like [fd00::1]:22", text);
            return false;
        }
    } else {
        size_t len = strcspn(text, ":");
        host = arena_strndup(in->arena, text, len);
        rest = text + len;
    }
    if (text[0] != '[' && (looks_numeric(host) ? !ip_parse(host, &ip) : !site_host_name_ok(host))) {
        yaml_error(in, node, "'%.80s' is neither an address nor a host's name", text);
        return false;
    }
    if (rest[0] == ':' && !split_port(in, node, rest + 1, port))
        return false;
    if (rest[0] != '\0' && rest[0] != ':') {
        yaml_error(in, node, "'%.80s' has something behind the address", text);
        return false;
    }
    *out_host = host;
    return true;
}

static bool parse_address(const struct yaml_in *in, const struct yaml_node *node, struct target *t)
{
    static const char *const schemes[] = { "ldaps", "ldap", "ldap+plain" };
    const char *text = NULL;

    if (!yaml_line(in, node, "address", 300, &text))
        return false;
    const char *colons = strstr(text, "://");
    if (colons != NULL) {
        const char *scheme = arena_strndup(in->arena, text, (size_t)(colons - text));
        if (!among(scheme, schemes, N_ELEMENTS(schemes))) {
            yaml_error(in, node, "unknown scheme '%.20s://'; there are ldaps://, ldap:// (StartTLS) and ldap+plain:// (no encryption)", scheme);
            return false;
        }
        t->scheme = scheme;
        text = colons + 3;
        size_t len = strlen(text);
        if (len > 0 && text[len - 1] == '/')
            text = arena_strndup(in->arena, text, len - 1);
    }
    return load_host(in, node, text, &t->host, &t->port);
}

/* --- probes ----------------------------------------------------------------------------------------------------------- */

static bool load_credential(const struct yaml_in *in, const struct yaml_node *node, const char *what, struct target_probe *p)
{
    return yaml_line(in, node, what, SITE_MAX_NAME, &p->credential);
}

static void load_probe(const struct yaml_in *in, const char *name, const struct yaml_node *node, struct target_probe *p)
{
    static const char *const keys[] = { "use", "port", "timeout", "retries" };
    int64_t v = 0;

    *p = (struct target_probe){ .probe = name, .retries = -1, .line = node->line, .column = node->column };
    if (node->kind == YAML_SCALAR) {
        (void)load_credential(in, node, name, p);
        return;
    }
    if (!yaml_want(in, node, YAML_MAP, name))
        return;
    yaml_known_keys(in, node, arena_printf(in->arena, "'%s:'", name), keys, N_ELEMENTS(keys));
    (void)load_credential(in, yaml_need(in, node, arena_printf(in->arena, "'%s:'", name), "use"), "use", p);
    load_port_and_timeout(in, node, p);
    if (yaml_int(in, yaml_get(node, "retries"), "retries", 0, MAX_RETRIES, &v))
        p->retries = (int)v;
}

static struct target_probe *find_probe(const struct target *t, const char *name)
{
    for (size_t i = 0; i < t->n_probes; i++) {
        if (strcmp(t->probes[i].probe, name) == 0)
            return &t->probes[i];
    }
    return NULL;
}

/* A port in the address means one probe: the scheme's, or the only one that has no port of its own. */
static void settle_port(const struct yaml_in *in, const struct yaml_node *node, struct target *t)
{
    struct target_probe *ldap = find_probe(t, "ldap"), *meant = NULL;
    size_t n_without = 0;

    if (t->scheme != NULL && ldap == NULL)
        yaml_error(in, yaml_get(node, "address"), "%s:// is for targets with 'ldap:'", t->scheme);
    for (size_t i = 0; i < t->n_probes; i++) {
        if (t->probes[i].port == 0) {
            n_without++;
            meant = &t->probes[i];
        }
    }
    if (t->port != 0 && t->scheme != NULL && ldap != NULL) {
        meant = ldap;
    } else if (t->port != 0 && n_without != 1 && t->n_probes > 0) {
        yaml_error(in, yaml_get(node, "address"), "port %d of the address could mean %s: give each probe its own 'port:'", t->port,
                   n_without == 0 ? "none of the probes" : "several probes");
        return;
    }
    if (t->port != 0 && meant != NULL && meant->port == 0)
        meant->port = t->port;
    if (t->port != 0 && t->n_probes > 1)
        t->port = 0;
    if (ldap != NULL && t->scheme == NULL)
        t->scheme = "ldaps";
}

/* --- one target ------------------------------------------------------------------------------------------------------- */

static bool target_name_ok(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > SITE_MAX_NAME || name[0] == ' ' || name[len - 1] == ' ')
        return false;
    for (size_t i = 0; i < len; i++) {
        if (name[i] < 0x20 || name[i] > 0x7e || name[i] == '/')
            return false;
    }
    return true;
}

void load_mapping_name(const struct yaml_in *in, const struct yaml_node *node, const char **out)
{
    const char *as = NULL;

    if (!yaml_line(in, node, "as", 100, &as))
        return;
    if (!site_mapping_name_ok(as))
        yaml_error(in, node, "as must name a mapping like csv/generic-assets, not '%.60s'", as);
    else
        *out = as;
}

void load_dates_order(const struct yaml_in *in, const struct yaml_node *node, const char *as, enum date_order *out)
{
    const char *text = NULL;

    if (node == NULL || !yaml_line(in, node, "dates", 40, &text))
        return;
    if (!date_order_parse(text, out))
        yaml_error(in, node, "dates must be month-first (11/21/2026) or day-first (21/11/2026), not '%.40s'", text);
    else if (as != NULL && evidence_kind_find(as) != NULL)
        yaml_error(in, node, "'dates:' is for files that a mapping reads (as: csv/NAME)");
}

static void load_file_target(const struct yaml_in *in, const struct yaml_node *node, struct target *t)
{
    if (yaml_get(node, "address") != NULL)
        yaml_error(in, yaml_get(node, "address"), "a target is either a file or an address, not both");
    if (t->n_probes > 0)
        yaml_error_at(in, t->probes[0].line, t->probes[0].column, "a file is read by no other probe than file");
    (void)load_path(in, yaml_get(node, "file"), "file", &t->file);
    load_mapping_name(in, yaml_need(in, node, "a target with 'file:'", "as"), &t->as);
    load_line(in, node, "encoding", 40, &t->encoding);
    load_dates_order(in, yaml_get(node, "dates"), t->as, &t->dates);
}

static void load_address_target(const struct yaml_in *in, const struct yaml_node *node, struct target *t)
{
    static const char *const for_files[] = { "as", "encoding", "dates" };

    for (size_t i = 0; i < N_ELEMENTS(for_files); i++) {
        if (yaml_get(node, for_files[i]) != NULL)
            yaml_error(in, yaml_get(node, for_files[i]), "'%s:' is for targets with 'file:'", for_files[i]);
    }
    if (yaml_get(node, "address") == NULL)
        yaml_error(in, node, "a target needs 'address:' or 'file:'");
    else if (parse_address(in, yaml_get(node, "address"), t)) {
        settle_port(in, node, t);
        load_net_settle(in, yaml_get(node, "address"), t);
    }
}

static void load_one(const struct yaml_in *in, const struct yaml_node *node, struct target *t)
{
    static const char *const criticalities[] = { "support", "business", "clinical" };
    int criticality = 0;

    *t = (struct target){ .name = "", .criticality = CRITICALITY_SUPPORT, .line = node->line, .column = node->column };
    if (!yaml_want(in, node, YAML_MAP, "a target"))
        return;
    t->probes = arena_array(in->arena, N_ELEMENTS(probe_names) + NET_MAX_USES + 1, sizeof(*t->probes));
    for (size_t i = 0; i < node->n; i++) {
        bool probe = among(node->keys[i], probe_names, N_ELEMENTS(probe_names));
        if (probe && find_probe(t, node->keys[i]) != NULL)
            continue;                /* said twice: the reader of the file has complained */
        if (probe && strcmp(node->keys[i], "net") == 0)
            load_net(in, node->items[i], t);
        else if (probe)
            load_probe(in, node->keys[i], node->items[i], &t->probes[t->n_probes++]);
        else if (!probe && !among(node->keys[i], own_keys, N_ELEMENTS(own_keys)))
            unknown_key(in, node, i);
    }
    if (yaml_line(in, yaml_need(in, node, "a target", "name"), "name", SITE_MAX_NAME, &t->name) && !target_name_ok(t->name))
        yaml_error(in, yaml_get(node, "name"), "a target's name has printable ASCII characters only, and no '/'");
    load_line(in, node, "role", SITE_MAX_NAME, &t->role);
    if (yaml_choice(in, yaml_get(node, "criticality"), "criticality", criticalities, N_ELEMENTS(criticalities), &criticality))
        t->criticality = (enum criticality)(criticality + 1);
    if (yaml_get(node, "file") != NULL)
        load_file_target(in, node, t);
    else
        load_address_target(in, node, t);
}

static int by_name(const void *a, const void *b)
{
    const struct target *const *x = a, *const *y = b;
    int order = strcmp((*x)->name, (*y)->name);

    if (order != 0)
        return order;
    return (*x)->line != (*y)->line ? ((*x)->line < (*y)->line ? -1 : 1) : (*x)->column < (*y)->column ? -1 : (*x)->column > (*y)->column;
}

static void refuse_same_names(const struct yaml_in *in, const struct site *s)
{
    const struct target **v = xcalloc(s->n_targets + 1, sizeof(*v));

    for (size_t i = 0; i < s->n_targets; i++)
        v[i] = &s->targets[i];
    qsort(v, s->n_targets, sizeof(const struct target *), by_name);
    for (size_t i = 1; i < s->n_targets; i++) {
        if (v[i]->name[0] != '\0' && strcmp(v[i]->name, v[i - 1]->name) == 0)
            yaml_error_at(in, v[i]->line, v[i]->column, "a target named '%s' stands here already, in line %d", v[i]->name, v[i - 1]->line);
    }
    free(v);
}

void load_targets(const struct yaml_in *in, const struct yaml_node *node, struct site *s)
{
    node = load_list(in, node, "targets", SITE_MAX_TARGETS);
    if (node == NULL)
        return;
    s->targets = arena_array(in->arena, node->n + 1, sizeof(*s->targets));
    for (size_t i = 0; i < node->n; i++)
        load_one(in, node->items[i], &s->targets[s->n_targets++]);
    refuse_same_names(in, s);
}

/* --- evidence --------------------------------------------------------------------------------------------------------- */

static bool file_is_target(const struct site *s, size_t n_targets, const char *file)
{
    for (size_t i = 0; i < n_targets; i++) {
        if (s->targets[i].file != NULL && strcmp(s->targets[i].file, file) == 0)
            return true;
    }
    return false;
}

/* What site.yaml says about a file stands; a name that it uses for something else is an error of the index. */
void load_evidence_targets(const struct yaml_in *in, struct site *s)
{
    size_t n_listed = s->n_targets;
    struct target *v = arena_array(in->arena, s->n_targets + s->n_evidence + 1, sizeof(*v));

    if (s->n_targets > 0)
        memcpy(v, s->targets, s->n_targets * sizeof(*v));
    s->targets = v;
    for (size_t i = 0; i < s->n_evidence; i++) {
        const struct evidence *e = &s->evidence[i];
        if (e->as == NULL || e->target == NULL || e->file == NULL || file_is_target(s, n_listed, e->file))
            continue;
        if (!target_name_ok(e->target))
            yaml_error_at(in, e->line, 1, "a target's name has printable ASCII characters only, and no '/'");
        else if (site_target(s, e->target) != NULL)
            yaml_error_at(in, e->line, 1, "target '%s' stands already elsewhere: give this one another name", e->target);
        else
            v[s->n_targets++] = (struct target){ .name = e->target, .role = "evidence", .file = e->file, .as = e->as, .dates = e->dates,
                                                 .criticality = CRITICALITY_SUPPORT, .line = e->line, .column = 1 };
    }
}
