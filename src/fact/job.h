/* What a worker is told to do: an ordered list of key = bytes, written into a memfd by the parent, read by the worker.
 * It carries secrets: it is wiped when freed, has no printer, and is never logged.
 *
 * Keys (repeatable ones marked *):
 *   probe, target, site         names
 *   mode                        "collect" | "trust" (only learn who answers: emit FRAME_PEER, ask nothing) | "discover" (ldap: the root DSE alone)
 *                               | "contact" | "names" | "arp" (look)
 *   table *                     names of the fact tables to fill
 *   host, port                  where: a numeric address or a name; decimal port
 *   scheme                      ldap: "ldaps" | "ldap" (StartTLS) | "ldap+plain"
 *   permit *                    "+prefix" allowed, "-prefix" never (it wins), "=prefix" the credential may be shown there only (its `for:`; an
 *                               address must lie in one of them when there is any): checked by net.c in the worker on the address really used
 *   timeout_ms, retries         per request
 *   deadline_ms                 from the worker's start; the parent kills later than this
 *   permitted_ms                from the worker's start: when the permission ends, where that cut deadline_ms short
 *   sample_ms, every_ms, clinic_hours ("1": the site names some), open * ("from until", UTC seconds)
 *                               a watch (fact/watch.h): the same figures again and again; its tables are the probe's `sampled` ones
 *   max_rows, max_bytes         limits the parent will enforce
 *   fast                        "1": no politeness limits
 *   require_sandbox             "1"
 *   snmp.version (1, 2c, 3) snmp.community snmp.user snmp.level (noAuth authNoPriv authPriv) snmp.auth (MD5 SHA-1 SHA-224 SHA-256 SHA-384 SHA-512)
 *   snmp.auth_secret snmp.priv (DES AES-128 AES-192 AES-256 AES-192-C AES-256-C) snmp.priv_secret snmp.context
 *   snmp.rules (the device rules, serialised by site/device_rules)
 *   ssh.user ssh.password ssh.key (PEM bytes) ssh.passphrase ssh.agent_key * (public blobs)  ssh.known_hosts (file's bytes) ssh.accept ("strict" | "new")
 *   ldap.bind ("simple" | "external" | "anonymous") ldap.bind_dn ldap.secret ldap.base ldap.client_cert ldap.client_key (PEM)
 *   net.use ("tls" | "tcp" | "smb" | "rdp" | "dns")  net.tries (1 to 20)  net.ca (PEM bytes: authorities beside the system's)  net.in_clinic_hours ("1" | "0"; absent: not known)
 *   dns.resolver (address; absent: the system's, and "permit" then only says what is never touched)  dns.resolver_port  dns.selector *
 *   whois.host (absent: by the domain's last label)  whois.port
 *   tls.ca (PEM bytes; absent: the system's store, read before the lock)  tls.name (expected name)
 *   look.port *, look.pause_ms (contact)  look.address * (names, arp)  look.suffix * (names)  look.interface, look.source (arp)
 *   file.name file.kind file.mapping (the mapping, serialised by site/mapping) file.observed (ISO time) file.encoding
 *   file.dates (month-first, day-first)
 *   alias *                     "value<TAB>target": a row of a file that names value belongs to that target
 */
#ifndef PREOP_FACT_JOB_H
#define PREOP_FACT_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

#define JOB_MAX_TABLES 32            /* fact tables that one job asks for: bits of one number */

struct job;
struct job *job_new(void);
void job_free(struct job *j);                            /* wipes */
void job_add(struct job *j, const char *key, const void *value, size_t len);
void job_add_str(struct job *j, const char *key, const char *value);         /* NULL adds nothing */
void job_add_int(struct job *j, const char *key, int64_t value);
const char *job_get(const struct job *j, const char *key);           /* the first, NUL-terminated, or NULL; borrowed */
const void *job_get_bytes(const struct job *j, const char *key, size_t *len);
int64_t job_get_int(const struct job *j, const char *key, int64_t otherwise);
const char *job_next(const struct job *j, const char *key, size_t *cursor);  /* start with *cursor = 0; NULL at the end */
const void *job_next_bytes(const struct job *j, const char *key, size_t *cursor, size_t *len);
void job_encode(const struct job *j, struct buf *out);               /* wipe out afterwards */
int job_decode(const void *p, size_t len, struct job **out) MUST_CHECK;

#endif
