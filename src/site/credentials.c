/* credentials.yaml: reading and checking it. Parent only. Everything read from it lives in an arena that is wiped; its messages name
 * places, never values. What becomes of a credential in a job is credentials_job.c. */
#include "site/credentials.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "site/credential.h"
#include "site/load.h"

#define MAX_CREDENTIALS 2000
#define SNMP_MIN_PASSPHRASE 8        /* RFC 3414 section 11.2 */

/* --- SNMP --------------------------------------------------------------------------------------------------------------- */

/* The names that a user may write, and the one that travels in the job. */
struct name_pair { const char *written, *meant; };
static const struct name_pair auth_names[] = {
    { "MD5", "MD5" }, { "SHA-1", "SHA-1" }, { "SHA", "SHA-1" }, { "SHA-224", "SHA-224" }, { "SHA-256", "SHA-256" }, { "SHA-384", "SHA-384" },
    { "SHA-512", "SHA-512" },
};
static const struct name_pair priv_names[] = {
    { "DES", "DES" }, { "AES", "AES-128" }, { "AES-128", "AES-128" }, { "AES-192", "AES-192" }, { "AES-256", "AES-256" },
    { "AES-192-C", "AES-192-C" }, { "AES-256-C", "AES-256-C" },
};

static const char *choose(const struct yaml_in *in, const struct yaml_node *node, const char *what, const struct name_pair *names, size_t n)
{
    const char *written[8];
    int which = 0;

    for (size_t i = 0; i < n; i++)
        written[i] = names[i].written;
    return yaml_choice(in, node, what, written, n, &which) ? names[which].meant : NULL;
}

static void load_secret(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char *dir, struct secret *out)
{
    const struct yaml_node *node = yaml_get(map, key);

    if (node != NULL && !secret_parse(in, node, key, dir, out))
        out->source = SECRET_NONE;
}

static void load_passphrase(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char *dir, struct secret *out)
{
    load_secret(in, map, key, dir, out);
    if (out->source == SECRET_PLAIN && strlen(out->text) < SNMP_MIN_PASSPHRASE)
        yaml_error(in, yaml_get(map, key), "%s has fewer than %d characters: SNMPv3 needs %d or more", key, SNMP_MIN_PASSPHRASE, SNMP_MIN_PASSPHRASE);
}

static void refuse_keys(const struct yaml_in *in, const struct yaml_node *map, const char *why, const char *const *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (yaml_get(map, keys[i]) != NULL)
            yaml_error(in, yaml_get(map, keys[i]), "'%s:' has no meaning %s", keys[i], why);
    }
}

static void need_key(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char *why)
{
    if (yaml_get(map, key) == NULL)
        yaml_error(in, map, "snmp needs '%s:' %s", key, why);
}

/* What the level says must be there, and nothing else: a secret that is not used would look as if it protected something. */
static void check_level(const struct yaml_in *in, const struct yaml_node *map, const char *level)
{
    static const char *const auth[] = { "auth", "auth_secret" }, *const priv[] = { "priv", "priv_secret" };
    bool with_auth = strcmp(level, "noAuth") != 0, with_priv = strcmp(level, "authPriv") == 0;
    const char *why = arena_printf(in->arena, "at level %s", level);

    if (!with_auth)
        refuse_keys(in, map, why, auth, N_ELEMENTS(auth));
    if (!with_priv)
        refuse_keys(in, map, why, priv, N_ELEMENTS(priv));
    for (size_t i = 0; i < 2; i++) {
        if (with_auth)
            need_key(in, map, auth[i], why);
        if (with_priv)
            need_key(in, map, priv[i], why);
    }
}

static void load_snmp_v3(const struct yaml_in *in, const struct yaml_node *map, const char *dir, struct credential *c)
{
    static const char *const levels[] = { "noAuth", "authNoPriv", "authPriv" };
    const char *const community[] = { "community" };
    int level = 0;

    refuse_keys(in, map, "in version 3", community, 1);
    (void)yaml_line(in, yaml_need(in, map, "snmp", "user"), "user", 32, &c->user);
    load_passphrase(in, map, "auth_secret", dir, &c->auth_secret);
    load_passphrase(in, map, "priv_secret", dir, &c->priv_secret);
    if (yaml_get(map, "auth") != NULL)
        c->auth = choose(in, yaml_get(map, "auth"), "auth", auth_names, N_ELEMENTS(auth_names));
    if (yaml_get(map, "priv") != NULL)
        c->priv = choose(in, yaml_get(map, "priv"), "priv", priv_names, N_ELEMENTS(priv_names));
    if (yaml_choice(in, yaml_need(in, map, "snmp", "level"), "level", levels, N_ELEMENTS(levels), &level)) {
        c->level = levels[level];
        check_level(in, map, c->level);
    }
    const struct yaml_node *context = yaml_get(map, "context");
    c->context = "";
    if (context != NULL && yaml_text(in, context, "context", &c->context) && strlen(c->context) > 32)
        yaml_error(in, context, "context is longer than 32 bytes");
}

static void load_snmp(const struct yaml_in *in, const struct yaml_node *map, const char *dir, struct credential *c)
{
    static const char *const keys[] = { "version", "community", "user", "level", "auth", "auth_secret", "priv", "priv_secret", "context" };
    static const char *const for_v3[] = { "user", "level", "auth", "auth_secret", "priv", "priv_secret", "context" };
    static const char *const versions[] = { "1", "2c", "3" };
    int version = 0;

    yaml_known_keys(in, map, "snmp", keys, N_ELEMENTS(keys));
    if (!yaml_choice(in, yaml_need(in, map, "snmp", "version"), "version", versions, N_ELEMENTS(versions), &version))
        return;
    c->version = versions[version];
    if (version == 2) {
        load_snmp_v3(in, map, dir, c);
        return;
    }
    refuse_keys(in, map, arena_printf(in->arena, "in version %s", c->version), for_v3, N_ELEMENTS(for_v3));
    (void)yaml_need(in, map, "snmp", "community");
    load_secret(in, map, "community", dir, &c->secret);
}

/* --- SSH ---------------------------------------------------------------------------------------------------------------- */

/* A file that the credential names; relative ones start from the site folder. */
static void load_file(const struct yaml_in *in, const struct yaml_node *map, const char *key, const char *dir, bool secret, const char **out)
{
    const struct yaml_node *node = yaml_get(map, key);
    const char *name = NULL;
    char *why = NULL;

    if (!yaml_line(in, node, key, 1024, &name))
        return;
    char *path = path_join(dir, name);
    *out = arena_strdup(in->arena, path);
    free(path);
    /* A file that is not there yet is told when it is needed. */
    if (file_check_private(*out, secret, &why) == ERR_NOT_PRIVATE)
        yaml_error(in, node, "%s", why);
    free(why);
}

static void load_ssh(const struct yaml_in *in, const struct yaml_node *map, const char *dir, struct credential *c)
{
    static const char *const keys[] = { "user", "key", "passphrase", "agent", "password" };

    yaml_known_keys(in, map, "ssh", keys, N_ELEMENTS(keys));
    (void)yaml_line(in, yaml_need(in, map, "ssh", "user"), "user", 255, &c->user);
    load_file(in, map, "key", dir, true, &c->key_file);
    load_secret(in, map, "passphrase", dir, &c->passphrase);
    (void)yaml_bool(in, yaml_get(map, "agent"), "agent", &c->agent);
    load_secret(in, map, "password", dir, &c->secret);
    if (yaml_get(map, "passphrase") != NULL && yaml_get(map, "key") == NULL)
        yaml_error(in, yaml_get(map, "passphrase"), "passphrase is for 'key:', which is not there");
    if (yaml_get(map, "key") == NULL && yaml_get(map, "password") == NULL && !c->agent)
        yaml_error(in, map, "ssh needs 'key:', 'agent: true' or 'password:'");
}

/* --- LDAP --------------------------------------------------------------------------------------------------------------- */

static void load_tls(const struct yaml_in *in, const struct yaml_node *map, const char *dir, struct credential *c)
{
    static const char *const keys[] = { "ca", "cert", "key", "name" };

    if (map == NULL || !yaml_want(in, map, YAML_MAP, "tls"))
        return;
    yaml_known_keys(in, map, "tls", keys, N_ELEMENTS(keys));
    load_file(in, map, "ca", dir, false, &c->ca_file);
    load_file(in, map, "cert", dir, false, &c->cert_file);
    load_file(in, map, "key", dir, true, &c->key_file);
    (void)yaml_line(in, yaml_get(map, "name"), "name", 253, &c->tls_name);
    if ((yaml_get(map, "cert") == NULL) != (yaml_get(map, "key") == NULL))
        yaml_error(in, map, "tls needs both 'cert:' and 'key:', or neither");
}

static void load_ldap(const struct yaml_in *in, const struct yaml_node *map, const char *dir, struct credential *c)
{
    static const char *const keys[] = { "bind", "bind_dn", "secret", "base", "tls" };
    static const char *const binds[] = { "simple", "external", "anonymous" };
    static const char *const for_simple[] = { "bind_dn", "secret" };
    int bind = 0;

    yaml_known_keys(in, map, "ldap", keys, N_ELEMENTS(keys));
    (void)yaml_choice(in, yaml_get(map, "bind"), "bind", binds, N_ELEMENTS(binds), &bind);
    c->bind = binds[bind];
    load_tls(in, yaml_get(map, "tls"), dir, c);
    (void)yaml_line(in, yaml_get(map, "base"), "base", 1024, &c->base);
    if (bind == 0) {
        (void)yaml_line(in, yaml_need(in, map, "ldap", "bind_dn"), "bind_dn", 1024, &c->user);
        (void)yaml_need(in, map, "ldap", "secret");
        load_secret(in, map, "secret", dir, &c->secret);
        return;
    }
    refuse_keys(in, map, arena_printf(in->arena, "with bind: %s", c->bind), for_simple, N_ELEMENTS(for_simple));
    if (bind == 1 && c->cert_file == NULL)
        yaml_error(in, map, "bind: external needs 'tls:' with 'cert:' and 'key:'");
}

/* --- one credential ----------------------------------------------------------------------------------------------------- */

struct kind_loader {
    const char *name;
    enum credential_kind kind;
    void (*load)(const struct yaml_in *in, const struct yaml_node *map, const char *dir, struct credential *c);
};
static const struct kind_loader kinds[] = {
    { "snmp", CREDENTIAL_SNMP, load_snmp },
    { "ssh", CREDENTIAL_SSH, load_ssh },
    { "ldap", CREDENTIAL_LDAP, load_ldap },
};

static void load_one(const struct yaml_in *in, const struct yaml_node *map, const char *dir, struct credential *c)
{
    static const char *const keys[] = { "for", "snmp", "ssh", "ldap" };
    size_t n = 0;

    if (!yaml_want(in, map, YAML_MAP, "a credential"))
        return;
    yaml_known_keys(in, map, "a credential", keys, N_ELEMENTS(keys));
    if (load_networks(in, yaml_get(map, "for"), "for", &c->networks, &c->n_networks) && c->n_networks == 0)
        yaml_error(in, yaml_get(map, "for"), "for is empty: leave it out when the credential may be shown everywhere");
    for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
        const struct yaml_node *node = yaml_get(map, kinds[i].name);
        if (node == NULL)
            continue;
        c->kind = kinds[i].kind;
        if (n++ == 0 && yaml_want(in, node, YAML_MAP, kinds[i].name))
            kinds[i].load(in, node, dir, c);
    }
    if (n != 1)
        yaml_error(in, map, "a credential needs exactly one of 'snmp:', 'ssh:' and 'ldap:'");
}

static void load_all(const struct yaml_in *in, const struct yaml_node *root, const char *dir, struct credentials *set)
{
    if (yaml_is_null(root) || !yaml_want(in, root, YAML_MAP, "credentials.yaml"))
        return;
    if (root->n > MAX_CREDENTIALS) {
        yaml_error(in, root, "more than %d credentials", MAX_CREDENTIALS);
        return;
    }
    set->v = arena_array(in->arena, root->n + 1, sizeof(*set->v));
    for (size_t i = 0; i < root->n; i++) {
        struct credential *c = &set->v[set->n++];
        c->name = root->keys[i];
        if (c->name[0] == '\0' || strpbrk(c->name, "\n\t") != NULL)
            yaml_error_at(in, root->key_lines[i], root->key_columns[i], "a credential's name must be one line, and not empty");
        load_one(in, root->items[i], dir, c);
    }
}

/* --- the file ----------------------------------------------------------------------------------------------------------- */

static struct credentials *credentials_new(void)
{
    struct credentials *set = xcalloc(1, sizeof(*set));

    set->arena = arena_new();
    return set;
}

void credentials_free(struct credentials *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->n; i++) {
        secret_clear(&c->v[i].secret);
        secret_clear(&c->v[i].auth_secret);
        secret_clear(&c->v[i].priv_secret);
        secret_clear(&c->v[i].passphrase);
    }
    arena_wipe(c->arena);
    free(c);
}

/* Only blank lines and comments: an empty set, as `init` writes it. */
static bool says_nothing(const struct buf *b)
{
    for (size_t i = 0; i < b->len; i++) {
        if (b->data[i] == '#')
            i += strcspn(b->data + i, "\n");
        else if (strchr(" \t\r\n", b->data[i]) == NULL)
            return false;
    }
    return true;
}

struct credentials *credentials_parse(const char *dir, const char *file, const void *p, size_t len, struct diags *diags)
{
    struct credentials *set = credentials_new();
    struct yaml_in in = { .arena = set->arena, .file = file, .diags = diags, .secret = true };
    size_t errors_before = diags->n_errors;

    const struct yaml_node *root = yaml_parse_secret(set->arena, file, p, len, diags);
    if (root != NULL)
        load_all(&in, root, dir, set);
    if (diags->n_errors == errors_before)
        return set;
    credentials_free(set);
    return NULL;
}

/* From here on this process holds secrets: no core is written of it, and others of the same user cannot read its memory. Sanitizers
 * have to. */
static void memory_close(void)
{
#ifndef PREOP_NO_SANDBOX
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        BUG("the process cannot be made unreadable");
#endif
}

struct credentials *credentials_load(const char *dir, struct diags *diags)
{
    memory_close();
    struct buf bytes = BUF_INIT(YAML_MAX_BYTES + 1);
    struct credentials *set = NULL;
    char *path = path_join(strcmp(dir, ".") == 0 ? "" : dir, "credentials.yaml"), *why = NULL;
    int err = file_check_private(path, true, &why);

    if (err == -ENOENT) {
        set = credentials_new();
    } else if (err != 0) {
        diag_add(diags, DIAG_ERROR, path, 0, 0, "%s", why);
    } else {
        err = file_read(path, YAML_MAX_BYTES, &bytes);
        if (err != 0)
            diag_add(diags, DIAG_ERROR, path, 0, 0, "cannot be read: %s", err_text(err));
        else if (says_nothing(&bytes))
            set = credentials_new();
        else
            set = credentials_parse(dir, path, buf_str(&bytes), bytes.len, diags);
    }
    buf_wipe(&bytes);
    free(why);
    free(path);
    return set;
}
