/* credentials.yaml: what we log in with. Refused unless it, its folder and every file that it names are ours alone.
 * Secrets are fetched when a job is built and wiped after; nothing here can print one. Parent only. */
#ifndef PREOP_SITE_CREDENTIALS_H
#define PREOP_SITE_CREDENTIALS_H

#include <stdbool.h>
#include "base/cidr.h"
#include "base/diag.h"
#include "base/err.h"
#include "fact/job.h"
#include "probes/probe.h"

struct credentials;

/* dir: the site folder. A missing file is an empty set. NULL when there was an error (all are in diags). */
struct credentials *credentials_load(const char *dir, struct diags *diags);
void credentials_free(struct credentials *c);            /* wipes */

bool credentials_has(const struct credentials *c, const char *name);
enum credential_kind credentials_kind(const struct credentials *c, const char *name);    /* CREDENTIAL_NONE when unknown */
/* All of them, in the file's order, and what `discover` must know of each: "1", "2c", "3" ("" when it is not for SNMP), and whether its `for:` names this address
 * (false where it names no networks: then it is shown only where site.yaml names it). */
size_t credentials_count(const struct credentials *c);
const char *credentials_name(const struct credentials *c, size_t i);
const char *credentials_snmp_version(const struct credentials *c, const char *name);
bool credentials_is_for(const struct credentials *c, const char *name, const struct ip *addr);
const char *credentials_nearest(const struct credentials *c, const char *name);          /* for "did you mean"; NULL */
/* Whether the credential may be shown to this address (`for:`); true where it names no networks. */
bool credentials_may_show(const struct credentials *c, const char *name, const struct ip *addr);
void credentials_for_text(const struct credentials *c, const char *name, struct buf *out);   /* "10.20.0.0/22"; "" for everywhere */
bool credentials_password_like(const struct credentials *c, const char *name);   /* LDAP simple bind, SSH password: one refusal ends it */
bool credentials_uses_agent(const struct credentials *c, const char *name);

/* Runs every {command: ...} of the names in use, once, before the zygote exists: 30 s, 64 KiB, no shell. Errors are kept per credential and
 * come back from credentials_to_job(). */
void credentials_prefetch(struct credentials *c, const char *const *names, size_t n);
/* Adds the job keys of this credential ("snmp.user", ...), and `for:` as "permit" "=prefix" keys (they narrow; job.h). ERR_NOT_FOUND; or another error with *why (owned)
 * when a secret cannot be had: "environment variable SNMP_AUTH is not set". Passwords are left out when with_password is false (unknown host key accepted). */
int credentials_to_job(const struct credentials *c, const char *name, bool with_password, struct job *job, char **why) MUST_CHECK;

#endif
