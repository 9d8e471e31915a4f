/* A user's private key in memory: read from the forms that ssh-keygen, openssl and ssh agents know, and signing with it.
 * Runs in workers; the bytes are the credential's own. Nothing here opens a file, and no error text holds a part of the key. */
#ifndef PREOP_WORKER_SSH_KEY_H
#define PREOP_WORKER_SSH_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"

struct ssh_key;

/* Reads an OpenSSH private key, or PEM (PKCS#1, SEC1, PKCS#8, encrypted or not): Ed25519, ECDSA on the NIST curves, RSA of 1024 bits or
 * more. passphrase may be NULL. ERR_FORMAT with *why (static text for the user) when it cannot be used. ssh_key_free() it. */
int ssh_key_parse(const void *p, size_t len, const char *passphrase, struct ssh_key **out, const char **why) MUST_CHECK;
void ssh_key_free(struct ssh_key *key);      /* wipes; NULL is fine */

/* The public half as SSH sends it: type, then its numbers. Borrowed. */
const uint8_t *ssh_key_blob(const struct ssh_key *key, size_t *len);
/* Signs data as the named algorithm ("ssh-ed25519", "ecdsa-sha2-nistp256", "rsa-sha2-512", "ssh-rsa", ...). sig gets what stands inside a signature
 * blob, without algorithm and length. ERR_NOT_FOUND when the key cannot do that algorithm. */
int ssh_key_sign(const struct ssh_key *key, const char *algorithm, const void *data, size_t len, struct buf *sig) MUST_CHECK;

/* --- blobs of public keys, ours or an agent's ------------------------------------------------------------------------- */

/* The type that stands first in a public key or signature blob; "" when it is none. */
#define SSH_TYPE_MAX 64
void ssh_blob_type(const void *blob, size_t len, char out[SSH_TYPE_MAX]);
/* The same blob with another type in front: how libssh2 1.10 is made to ask for an RSA signature with SHA-2. */
void ssh_blob_retype(const void *blob, size_t len, const char *type, struct buf *out);

#endif
