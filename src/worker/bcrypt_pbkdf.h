/* The key derivation of OpenSSH's encrypted private keys (kdf "bcrypt"), which libcrypto does not have; the cipher in it is
 * libcrypto's. Pure. Runs in workers on the credential's own bytes. */
#ifndef PREOP_WORKER_BCRYPT_PBKDF_H
#define PREOP_WORKER_BCRYPT_PBKDF_H

#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

#define BCRYPT_ROUNDS_MAX 1024       /* over half a minute of work; ssh-keygen uses 16 or 24 */

/* Fills out[0..out_len), at most 1024 bytes. ERR_LIMIT for sizes or rounds that no honest key has. */
int bcrypt_pbkdf(const void *pass, size_t pass_len, const void *salt, size_t salt_len, uint32_t rounds, uint8_t *out, size_t out_len) MUST_CHECK;

#endif
