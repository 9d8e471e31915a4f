/* OpenSSH's own private key file ("openssh-key-v1"), which libcrypto cannot read. For ssh_key.c. */
#ifndef PREOP_WORKER_SSH_KEY_FILE_H
#define PREOP_WORKER_SSH_KEY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/evp.h>
#include "base/err.h"

#define SSH_KEY_NO_PASSPHRASE "the key is encrypted and the credential has no passphrase for it"
#define SSH_KEY_WRONG_PASSPHRASE "the passphrase does not open the key"

bool ssh_key_file_is(const void *p, size_t len);
/* ERR_FORMAT with *why (static). The caller frees *out. */
int ssh_key_file_parse(const void *p, size_t len, const char *passphrase, EVP_PKEY **out, const char **why) MUST_CHECK;

#endif
