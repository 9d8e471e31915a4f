/* SHA-256 through libcrypto, lower-case hex, and base64. */
#ifndef PREOP_BASE_HASH_H
#define PREOP_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_LEN 32
#define SHA256_HEX 65

/* First thing in main(): libcrypto reads no configuration of the caller's ($OPENSSL_CONF could take the digests away, or load code). */
void hash_init(void);

struct sha256;
struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *h, const void *p, size_t len);
void sha256_add_field(struct sha256 *h, const void *p, size_t len);  /* u64 big-endian length, then the bytes */
void sha256_end(struct sha256 *h, uint8_t out[SHA256_LEN]);          /* frees h */
void sha256_hex(const void *p, size_t len, char out[SHA256_HEX]);
void hex_encode(const uint8_t *p, size_t len, char *out);            /* 2 * len + 1 bytes */
void base64_encode(const uint8_t *p, size_t len, char *out);           /* with padding; 4 * ((len + 2) / 3) + 1 bytes */
void uuid_make(char out[37]);                                        /* random, version 4 */

#endif
