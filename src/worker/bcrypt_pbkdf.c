/* bcrypt's expensive key schedule inside PBKDF2's loop, as OpenSSH defines it. Runs in workers on the credential's own bytes;
 * everything derived from the passphrase is wiped. Blowfish is deprecated in libcrypto, and needed: it is what ssh-keygen uses. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "worker/bcrypt_pbkdf.h"

#include <openssl/blowfish.h>
#include <openssl/sha.h>
#include "base/mem.h"
#include "worker/blowfish_start.h"

#define BLOCK 32                     /* bytes of one bcrypt hash */
#define BLOCK_WORDS (BLOCK / 4)
#define OUT_MAX 1024
#define SALT_MAX 1024

_Static_assert(sizeof(((BF_KEY *)0)->P) / sizeof(BF_LONG) == 18 && sizeof(((BF_KEY *)0)->S) / sizeof(BF_LONG) == 1024, "Blowfish's state");

static void state_start(BF_KEY *k)
{
    for (size_t i = 0; i < 18; i++)
        k->P[i] = blowfish_start[i];
    for (size_t i = 0; i < 1024; i++)
        k->S[i] = blowfish_start[18 + i];
}

/* The next four bytes of data, which repeats for ever. */
static BF_LONG word_at(const uint8_t *data, size_t len, size_t *at)
{
    BF_LONG v = 0;
    for (int i = 0; i < 4; i++) {
        v = (v << 8) | data[*at];
        *at = (*at + 1) % len;
    }
    return v;
}

/* salt may be NULL: then only the key is mixed in. */
static void expand(BF_KEY *k, const uint8_t *salt, size_t salt_len, const uint8_t *key, size_t key_len)
{
    BF_LONG block[2] = { 0, 0 };
    size_t at = 0;
    for (size_t i = 0; i < 18; i++)
        k->P[i] ^= word_at(key, key_len, &at);
    at = 0;
    for (size_t i = 0; i < 18 + 1024; i += 2) {
        if (salt) {
            block[0] ^= word_at(salt, salt_len, &at);
            block[1] ^= word_at(salt, salt_len, &at);
        }
        BF_encrypt(block, k);
        BF_LONG *to = i < 18 ? &k->P[i] : &k->S[i - 18];
        to[0] = block[0];
        to[1] = block[1];
    }
}

static void bcrypt_hash(const uint8_t pass[SHA512_DIGEST_LENGTH], const uint8_t salt[SHA512_DIGEST_LENGTH], uint8_t out[BLOCK])
{
    static const char text[BLOCK + 1] = "OxychromaticBlowfishSwatDynamite";
    BF_KEY k;
    BF_LONG words[BLOCK_WORDS];
    size_t at = 0;
    state_start(&k);
    expand(&k, salt, SHA512_DIGEST_LENGTH, pass, SHA512_DIGEST_LENGTH);
    for (int i = 0; i < 64; i++) {
        expand(&k, NULL, 0, salt, SHA512_DIGEST_LENGTH);
        expand(&k, NULL, 0, pass, SHA512_DIGEST_LENGTH);
    }
    for (size_t i = 0; i < BLOCK_WORDS; i++)
        words[i] = word_at((const uint8_t *)text, BLOCK, &at);
    for (int i = 0; i < 64; i++)
        for (size_t w = 0; w < BLOCK_WORDS; w += 2)
            BF_encrypt(&words[w], &k);
    for (size_t i = 0; i < BLOCK_WORDS; i++)             /* least significant byte first */
        for (size_t b = 0; b < 4; b++)
            out[4 * i + b] = (uint8_t)(words[i] >> (8 * b));
    explicit_bzero(&k, sizeof(k));
    explicit_bzero(words, sizeof(words));
}

/* One block of the result: hash of the salt with a counter, then hash of hash, all of them xored. */
static void derive_block(const uint8_t pass[SHA512_DIGEST_LENGTH], uint8_t *salt, size_t salt_len, uint32_t count, uint32_t rounds, uint8_t sum[BLOCK])
{
    uint8_t digest[SHA512_DIGEST_LENGTH], hash[BLOCK];
    for (size_t b = 0; b < 4; b++)
        salt[salt_len + b] = (uint8_t)(count >> (24 - 8 * b));
    SHA512(salt, salt_len + 4, digest);
    bcrypt_hash(pass, digest, hash);
    memcpy(sum, hash, BLOCK);
    for (uint32_t i = 1; i < rounds; i++) {
        SHA512(hash, BLOCK, digest);
        bcrypt_hash(pass, digest, hash);
        for (size_t b = 0; b < BLOCK; b++)
            sum[b] ^= hash[b];
    }
    explicit_bzero(digest, sizeof(digest));
    explicit_bzero(hash, sizeof(hash));
}

int bcrypt_pbkdf(const void *pass, size_t pass_len, const void *salt, size_t salt_len, uint32_t rounds, uint8_t *out, size_t out_len)
{
    uint8_t pass_digest[SHA512_DIGEST_LENGTH], counted[SALT_MAX + 4], sum[BLOCK];
    if (rounds == 0 || rounds > BCRYPT_ROUNDS_MAX || salt_len == 0 || salt_len > SALT_MAX || out_len == 0 || out_len > OUT_MAX)
        return ERR_LIMIT;
    SHA512(pass, pass_len, pass_digest);
    memcpy(counted, salt, salt_len);
    size_t blocks = (out_len + BLOCK - 1) / BLOCK;
    for (size_t block = 0; block < blocks; block++) {
        derive_block(pass_digest, counted, salt_len, (uint32_t)block + 1, rounds, sum);
        for (size_t i = 0; i < BLOCK; i++)           /* each block's bytes are spread over the whole result */
            if (i * blocks + block < out_len)
                out[i * blocks + block] = sum[i];
    }
    explicit_bzero(pass_digest, sizeof(pass_digest));
    explicit_bzero(sum, sizeof(sum));
    return 0;
}
