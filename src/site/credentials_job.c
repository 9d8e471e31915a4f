/* What becomes of a credential: may it be shown, and its keys in a job. Parent only. Secrets pass through buffers that are wiped. */
#include "site/credentials.h"
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/mem.h"
#include "site/credential.h"

#define SNMP_MIN_PASSPHRASE 8

static struct credential *find(const struct credentials *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++) {
        if (strcmp(c->v[i].name, name) == 0)
            return &c->v[i];
    }
    return NULL;
}

bool credentials_has(const struct credentials *c, const char *name)
{
    return find(c, name) != NULL;
}

enum credential_kind credentials_kind(const struct credentials *c, const char *name)
{
    const struct credential *found = find(c, name);

    return found != NULL ? found->kind : CREDENTIAL_NONE;
}

const char *credentials_nearest(const struct credentials *c, const char *name)
{
    const char **names = xcalloc(c->n + 1, sizeof(*names));

    for (size_t i = 0; i < c->n; i++)
        names[i] = c->v[i].name;
    const char *nearest = nearest_word(name, names, c->n);
    free(names);
    return nearest;
}

size_t credentials_count(const struct credentials *c)
{
    return c->n;
}

const char *credentials_name(const struct credentials *c, size_t i)
{
    return c->v[i].name;
}

const char *credentials_snmp_version(const struct credentials *c, const char *name)
{
    const struct credential *found = find(c, name);

    return found != NULL && found->kind == CREDENTIAL_SNMP && found->version != NULL ? found->version : "";
}

bool credentials_is_for(const struct credentials *c, const char *name, const struct ip *addr)
{
    const struct credential *found = find(c, name);

    return found != NULL && found->n_networks > 0 && credentials_may_show(c, name, addr);
}

bool credentials_may_show(const struct credentials *c, const char *name, const struct ip *addr)
{
    const struct credential *found = find(c, name);

    if (found == NULL)
        return false;
    for (size_t i = 0; i < found->n_networks; i++) {
        if (cidr_contains(&found->networks[i], addr))
            return true;
    }
    return found->n_networks == 0;
}

void credentials_for_text(const struct credentials *c, const char *name, struct buf *out)
{
    const struct credential *found = find(c, name);

    for (size_t i = 0; found != NULL && i < found->n_networks; i++) {
        char text[CIDR_TEXT];
        cidr_format(&found->networks[i], text);
        buf_printf(out, "%s%s", i > 0 ? ", " : "", text);
    }
}

bool credentials_password_like(const struct credentials *c, const char *name)
{
    const struct credential *found = find(c, name);

    if (found == NULL)
        return false;
    return (found->kind == CREDENTIAL_LDAP && strcmp(found->bind, "simple") == 0) ||
           (found->kind == CREDENTIAL_SSH && found->secret.source != SECRET_NONE);
}

bool credentials_uses_agent(const struct credentials *c, const char *name)
{
    const struct credential *found = find(c, name);

    return found != NULL && found->kind == CREDENTIAL_SSH && found->agent;
}

void credentials_prefetch(struct credentials *c, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct credential *found = find(c, names[i]);
        if (found == NULL)
            continue;
        secret_prefetch(&found->secret);
        secret_prefetch(&found->auth_secret);
        secret_prefetch(&found->priv_secret);
        secret_prefetch(&found->passphrase);
    }
}

/* --- into a job --------------------------------------------------------------------------------------------------------- */

/* A key of the job and the secret that fills it. min: bytes that it must have. */
static int add_secret(struct job *job, const char *key, const struct secret *s, size_t min, char **why)
{
    struct buf value = BUF_INIT(SECRET_MAX);
    int err = 0;

    if (s->source == SECRET_NONE)
        return 0;
    buf_reserve(&value, SECRET_MAX);
    err = secret_fetch(s, &value, why);
    if (err == 0 && value.len < min) {
        *why = xasprintf("%s has fewer than %zu characters: SNMPv3 needs %zu or more", key, min, min);
        err = ERR_BAD_INPUT;
    }
    if (err == 0)
        job_add(job, key, value.data, value.len);
    buf_wipe(&value);
    return err;
}

static int add_file(struct job *job, const char *key, const char *path, bool secret, char **why)
{
    struct buf bytes = BUF_INIT(SECRET_MAX_PUBLIC + 1);
    int err = 0;

    if (path == NULL)
        return 0;
    err = secret_read_file(path, secret, &bytes, why);
    if (err == 0)
        job_add(job, key, buf_str(&bytes), bytes.len);
    buf_wipe(&bytes);
    return err;
}

static int snmp_to_job(const struct credential *c, struct job *job, char **why)
{
    job_add_str(job, "snmp.version", c->version);
    if (strcmp(c->version, "3") != 0)
        return add_secret(job, "snmp.community", &c->secret, 1, why);
    job_add_str(job, "snmp.user", c->user);
    job_add_str(job, "snmp.level", c->level);
    job_add_str(job, "snmp.auth", c->auth);
    job_add_str(job, "snmp.priv", c->priv);
    job_add_str(job, "snmp.context", c->context);
    int err = add_secret(job, "snmp.auth_secret", &c->auth_secret, SNMP_MIN_PASSPHRASE, why);
    return err != 0 ? err : add_secret(job, "snmp.priv_secret", &c->priv_secret, SNMP_MIN_PASSPHRASE, why);
}

static int ssh_to_job(const struct credential *c, bool with_password, struct job *job, char **why)
{
    job_add_str(job, "ssh.user", c->user);
    int err = add_file(job, "ssh.key", c->key_file, true, why);
    if (err == 0)
        err = add_secret(job, "ssh.passphrase", &c->passphrase, 0, why);
    if (err == 0 && with_password)
        err = add_secret(job, "ssh.password", &c->secret, 0, why);
    return err;
}

static int ldap_to_job(const struct credential *c, struct job *job, char **why)
{
    job_add_str(job, "ldap.bind", c->bind);
    job_add_str(job, "ldap.bind_dn", c->user);
    job_add_str(job, "ldap.base", c->base);
    job_add_str(job, "tls.name", c->tls_name);
    /* At least one byte: a server takes a name with an empty password for an anonymous bind, and calls it success (RFC 4513 section 5.1.2). */
    int err = add_secret(job, "ldap.secret", &c->secret, 1, why);
    if (err == 0)
        err = add_file(job, "tls.ca", c->ca_file, false, why);
    if (err == 0)
        err = add_file(job, "ldap.client_cert", c->cert_file, false, why);
    if (err == 0)
        err = add_file(job, "ldap.client_key", c->key_file, true, why);
    return err;
}

int credentials_to_job(const struct credentials *c, const char *name, bool with_password, struct job *job, char **why)
{
    const struct credential *found = find(c, name);

    *why = NULL;
    if (found == NULL) {
        *why = xasprintf("credentials.yaml has no credential '%s'", name);
        return ERR_NOT_FOUND;
    }
    for (size_t i = 0; i < found->n_networks; i++) {
        char text[CIDR_TEXT], key[CIDR_TEXT + 1];
        cidr_format(&found->networks[i], text);
        (void)snprintf(key, sizeof(key), "=%s", text);
        job_add_str(job, "permit", key);
    }
    if (found->kind == CREDENTIAL_SNMP)
        return snmp_to_job(found, job, why);
    if (found->kind == CREDENTIAL_SSH)
        return ssh_to_job(found, with_password, job, why);
    return ldap_to_job(found, job, why);
}
