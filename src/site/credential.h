/* One credential in memory. Inside src/site only; parent only. It lives in an arena that is wiped. */
#ifndef PREOP_SITE_CREDENTIAL_H
#define PREOP_SITE_CREDENTIAL_H

#include "base/cidr.h"
#include "base/mem.h"
#include "probes/probe.h"
#include "site/credentials.h"
#include "site/secret.h"

struct credential {
    const char *name;
    enum credential_kind kind;
    struct cidr *networks; size_t n_networks;                /* `for:`; none: everywhere */
    const char *user;                                        /* SNMPv3 and SSH user, LDAP bind_dn */
    struct secret secret;                                    /* community, SSH password, LDAP secret */
    const char *version, *level, *auth, *priv, *context;     /* SNMP, in the job's words */
    struct secret auth_secret, priv_secret;
    const char *key_file;                                    /* SSH private key; key of the LDAP client certificate */
    struct secret passphrase;
    bool agent;
    const char *bind, *base, *ca_file, *cert_file, *tls_name;    /* LDAP */
};
struct credentials { struct arena *arena; struct credential *v; size_t n; };

/* credentials.yaml from bytes; file is the name in messages. NULL when there was an error. credentials_free() it. */
struct credentials *credentials_parse(const char *dir, const char *file, const void *p, size_t len, struct diags *diags);

#endif
