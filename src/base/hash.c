/* SHA-256 through libcrypto's EVP, hex, and random UUIDs. Used by every process. libcrypto failing here means that
 * the library is broken, which no caller could mend: BUG. */
#include "base/hash.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/random.h>
#include "base/mem.h"

struct sha256 {
    EVP_MD_CTX *ctx;
};

void hash_init(void)
{
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
        BUG("libcrypto cannot be initialised");
}

struct sha256 *sha256_new(void)
{
    struct sha256 *h = xcalloc(1, sizeof *h);

    h->ctx = EVP_MD_CTX_new();
    if (!h->ctx || EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1)
        BUG("libcrypto has no SHA-256");
    return h;
}

void sha256_add(struct sha256 *h, const void *p, size_t len)
{
    if (len && EVP_DigestUpdate(h->ctx, p, len) != 1)
        BUG("EVP_DigestUpdate failed");
}

void sha256_add_field(struct sha256 *h, const void *p, size_t len)
{
    uint8_t prefix[8];

    for (size_t i = 0; i < sizeof prefix; i++)
        prefix[i] = (uint8_t)((uint64_t)len >> (8 * (7 - i)));
    sha256_add(h, prefix, sizeof prefix);
    sha256_add(h, p, len);
}

void sha256_end(struct sha256 *h, uint8_t out[SHA256_LEN])
{
    unsigned n = 0;

    if (EVP_DigestFinal_ex(h->ctx, out, &n) != 1 || n != SHA256_LEN)
        BUG("EVP_DigestFinal_ex failed");
    EVP_MD_CTX_free(h->ctx);
    free(h);
}

void sha256_hex(const void *p, size_t len, char out[SHA256_HEX])
{
    uint8_t digest[SHA256_LEN];
    struct sha256 *h = sha256_new();

    sha256_add(h, p, len);
    sha256_end(h, digest);
    hex_encode(digest, sizeof digest, out);
}

void hex_encode(const uint8_t *p, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * len] = '\0';
}

void uuid_make(char out[37])
{
    uint8_t r[16];
    char hex[33];

    if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r)
        BUG("getrandom: %s", strerrorname_np(errno));
    r[6] = (uint8_t)((r[6] & 0x0f) | 0x40);
    r[8] = (uint8_t)((r[8] & 0x3f) | 0x80);
    hex_encode(r, sizeof r, hex);
    snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

void base64_encode(const uint8_t *p, size_t len, char *out)
{
    (void)EVP_EncodeBlock((unsigned char *)out, p, (int)len);
}
