/* Private keys: PEM through libcrypto, and signing. Runs in workers on the credential's own bytes. */
#include "worker/ssh_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include "base/mem.h"
#include "worker/ssh_key_file.h"

#define RSA_BITS_MIN 1024
#define MPINT_MAX 4096               /* bytes */
#define BLOB_MAX 16384
#define SIGNATURE_MAX 16384
#define KEY_BYTES_MAX (64 * 1024)

struct ssh_key {
    EVP_PKEY *pkey;
    char type[SSH_TYPE_MAX];         /* "ssh-rsa", "ecdsa-sha2-nistp256", ... */
    struct buf blob;
};

/* --- blobs ----------------------------------------------------------------------------------------------------------- */

void ssh_blob_type(const void *blob, size_t len, char out[SSH_TYPE_MAX])
{
    struct reader r;
    size_t n = 0;
    reader_init(&r, blob, len);
    const uint8_t *p = reader_bytes(&r, &n);
    out[0] = '\0';
    if (!p || n == 0 || n >= SSH_TYPE_MAX || memchr(p, '\0', n))
        return;
    memcpy(out, p, n);
    out[n] = '\0';
}

void ssh_blob_retype(const void *blob, size_t len, const char *type, struct buf *out)
{
    struct reader r;
    size_t n;
    reader_init(&r, blob, len);
    (void)reader_bytes(&r, &n);
    if (r.bad)
        return;
    buf_put_str(out, type);
    buf_append(out, r.p + r.pos, r.len - r.pos);
}

/* SSH's mpint: big-endian, a zero byte in front where the highest bit is set. */
static void put_mpint(struct buf *out, const BIGNUM *n)
{
    uint8_t bytes[MPINT_MAX + 1];
    int len = BN_num_bytes(n);
    if (len > MPINT_MAX) {
        out->overflow = true;
        return;
    }
    bytes[0] = 0;
    BN_bn2bin(n, bytes + 1);
    bool pad = len > 0 && (bytes[1] & 0x80);
    buf_put_bytes(out, pad ? bytes : bytes + 1, (size_t)len + pad);
}

/* --- the public half ------------------------------------------------------------------------------------------------- */

static const struct { const char *group, *group2, *curve, *type; } curves[] = {
    { "prime256v1", "P-256", "nistp256", "ecdsa-sha2-nistp256" },
    { "secp384r1", "P-384", "nistp384", "ecdsa-sha2-nistp384" },
    { "secp521r1", "P-521", "nistp521", "ecdsa-sha2-nistp521" },
};

static bool put_rsa(struct ssh_key *key)
{
    BIGNUM *n = NULL, *e = NULL;
    bool good = EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_RSA_N, &n) == 1 && EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_RSA_E, &e) == 1;
    if (good) {
        buf_put_str(&key->blob, key->type);
        put_mpint(&key->blob, e);
        put_mpint(&key->blob, n);
    }
    BN_free(n);
    BN_free(e);
    return good;
}

static bool put_ecdsa(struct ssh_key *key)
{
    char group[64];
    uint8_t point[256];
    size_t len = 0;
    if (EVP_PKEY_get_group_name(key->pkey, group, sizeof(group), NULL) != 1)
        return false;
    for (size_t i = 0; i < N_ELEMENTS(curves); i++) {
        if (strcmp(group, curves[i].group) != 0 && strcmp(group, curves[i].group2) != 0)
            continue;
        if (EVP_PKEY_get_octet_string_param(key->pkey, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point), &len) != 1 || len == 0 || point[0] != 4)
            return false;
        snprintf(key->type, sizeof(key->type), "%s", curves[i].type);
        buf_put_str(&key->blob, key->type);
        buf_put_str(&key->blob, curves[i].curve);
        buf_put_bytes(&key->blob, point, len);
        return true;
    }
    return false;
}

static bool put_ed25519(struct ssh_key *key)
{
    uint8_t pub[32];
    size_t len = sizeof(pub);
    if (EVP_PKEY_get_raw_public_key(key->pkey, pub, &len) != 1 || len != sizeof(pub))
        return false;
    buf_put_str(&key->blob, key->type);
    buf_put_bytes(&key->blob, pub, len);
    return true;
}

/* Takes pkey. */
static int key_make(EVP_PKEY *pkey, struct ssh_key **out, const char **why)
{
    struct ssh_key *key = xcalloc(1, sizeof(*key));
    bool good = false;
    key->pkey = pkey;
    buf_init(&key->blob, BLOB_MAX);
    *why = "the key is of a kind that is not used here: Ed25519, ECDSA and RSA are";
    switch (EVP_PKEY_get_base_id(pkey)) {
    case EVP_PKEY_RSA:
        snprintf(key->type, sizeof(key->type), "ssh-rsa");
        *why = "the RSA key has fewer than 1024 bits";
        good = EVP_PKEY_get_bits(pkey) >= RSA_BITS_MIN && put_rsa(key);
        break;
    case EVP_PKEY_EC:
        good = put_ecdsa(key);
        break;
    case EVP_PKEY_ED25519:
        snprintf(key->type, sizeof(key->type), "ssh-ed25519");
        good = put_ed25519(key);
        break;
    default:
        break;
    }
    if (!good || key->blob.overflow) {
        ssh_key_free(key);
        return ERR_FORMAT;
    }
    *out = key;
    return 0;
}

/* --- reading --------------------------------------------------------------------------------------------------------- */

struct asked { const char *passphrase; bool was_asked; };

static int pem_passphrase(char *to, int size, int writing, void *ctx)
{
    struct asked *asked = ctx;
    (void)writing;
    asked->was_asked = true;
    size_t len = asked->passphrase ? strlen(asked->passphrase) : 0;
    if (!asked->passphrase || len > (size_t)size)
        return -1;
    memcpy(to, asked->passphrase, len);
    return (int)len;
}

static int pem_parse(const void *p, size_t len, const char *passphrase, EVP_PKEY **out, const char **why)
{
    struct asked asked = { .passphrase = passphrase };
    BIO *bio = BIO_new_mem_buf(p, (int)len);
    *out = bio ? PEM_read_bio_PrivateKey(bio, NULL, pem_passphrase, &asked) : NULL;
    BIO_free(bio);
    ERR_clear_error();
    if (*out)
        return 0;
    *why = !asked.was_asked ? "the key is in no form that is known here (OpenSSH, PEM or PKCS#8)" :
           passphrase ? SSH_KEY_WRONG_PASSPHRASE : SSH_KEY_NO_PASSPHRASE;
    return ERR_FORMAT;
}

int ssh_key_parse(const void *p, size_t len, const char *passphrase, struct ssh_key **out, const char **why)
{
    EVP_PKEY *pkey = NULL;
    *out = NULL;
    *why = "the key is larger than 64 KiB, or empty";
    if (len == 0 || len > KEY_BYTES_MAX)
        return ERR_FORMAT;
    *why = "the key is in PuTTY's form: export it as an OpenSSH key with puttygen";
    if (len > 10 && memcmp(p, "PuTTY-User", 10) == 0)
        return ERR_FORMAT;
    *why = "this is a public key: name the private one";
    if (len > 4 && (memcmp(p, "ssh-", 4) == 0 || memcmp(p, "ecds", 4) == 0))
        return ERR_FORMAT;
    int rc = ssh_key_file_is(p, len) ? ssh_key_file_parse(p, len, passphrase, &pkey, why) : pem_parse(p, len, passphrase, &pkey, why);
    return rc == 0 ? key_make(pkey, out, why) : rc;
}

void ssh_key_free(struct ssh_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    buf_wipe(&key->blob);
    free(key);
}

const uint8_t *ssh_key_blob(const struct ssh_key *key, size_t *len)
{
    *len = key->blob.len;
    return (const uint8_t *)key->blob.data;
}

/* --- signing --------------------------------------------------------------------------------------------------------- */

static const struct { const char *algorithm, *type, *digest; } algorithms[] = {
    { "ssh-ed25519", "ssh-ed25519", NULL },
    { "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", "SHA256" },
    { "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", "SHA384" },
    { "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", "SHA512" },
    { "rsa-sha2-512", "ssh-rsa", "SHA512" },
    { "rsa-sha2-256", "ssh-rsa", "SHA256" },
    { "ssh-rsa", "ssh-rsa", "SHA1" },
};

/* DER from libcrypto to SSH's two mpints. */
static bool put_ecdsa_signature(struct buf *sig, const uint8_t *der, size_t len)
{
    ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &der, (long)len);
    if (!s)
        return false;
    put_mpint(sig, ECDSA_SIG_get0_r(s));
    put_mpint(sig, ECDSA_SIG_get0_s(s));
    ECDSA_SIG_free(s);
    return true;
}

int ssh_key_sign(const struct ssh_key *key, const char *algorithm, const void *data, size_t len, struct buf *sig)
{
    size_t i = 0, n = SIGNATURE_MAX;
    uint8_t raw[SIGNATURE_MAX];
    while (i < N_ELEMENTS(algorithms) && (strcmp(algorithms[i].algorithm, algorithm) != 0 || strcmp(algorithms[i].type, key->type) != 0))
        i++;
    if (i == N_ELEMENTS(algorithms))
        return ERR_NOT_FOUND;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool good = md && EVP_DigestSignInit_ex(md, NULL, algorithms[i].digest, NULL, NULL, key->pkey, NULL) == 1 &&
                EVP_DigestSign(md, raw, &n, data, len) == 1;
    EVP_MD_CTX_free(md);
    ERR_clear_error();
    if (good && strncmp(algorithm, "ecdsa-", 6) == 0)
        good = put_ecdsa_signature(sig, raw, n);
    else if (good)
        buf_append(sig, raw, n);
    return good && !sig->overflow ? 0 : ERR_INTERNAL;
}
