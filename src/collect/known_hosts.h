/* The site's known_hosts file as the parent sees it: whether a host is in it at all, and adding one that was accepted unseen.
 * Judging a key is the worker's part (libssh2). Parent only. */
#ifndef PREOP_COLLECT_KNOWN_HOSTS_H
#define PREOP_COLLECT_KNOWN_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

#define KNOWN_HOSTS_MAX (1024 * 1024)        /* bytes of the file */
#define HOST_KEY_MAX 16384                   /* bytes of a key blob */

/* Reads the site's file into out; a missing file is empty. */
int known_hosts_read(const char *site_dir, struct buf *out) MUST_CHECK;
/* Whether a line that is not @revoked names host at port: plainly, as [host]:port, or hashed. Patterns with * and ? do not count. */
bool known_hosts_names(const char *bytes, const char *host, int port);
/* The key's own algorithm name out of its blob (RFC 4253 section 6.6), checked; owned, NULL when it is none. */
char *host_key_algorithm(const uint8_t *blob, size_t len);
/* The key as known_hosts has it: base64 of its blob; owned. */
char *key_base64(const uint8_t *blob, size_t len);
/* "SHA256:base64" as OpenSSH prints it; owned. */
char *key_fingerprint(const uint8_t *blob, size_t len);
/* Appends "[host]:port algorithm base64" (0600) unless the file has that very line. ERR_FORMAT for a blob or host that cannot stand there. */
int known_hosts_add(const char *site_dir, const char *host, int port, const uint8_t *blob, size_t len) MUST_CHECK;
/* Drops every line that names host at port and is not @revoked, as `ssh-keygen -R` does: for a key that a person has judged anew. */
int known_hosts_forget(const char *site_dir, const char *host, int port) MUST_CHECK;

#endif
