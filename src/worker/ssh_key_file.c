/* OpenSSH's private key file: PROTOCOL.key of OpenSSH. Base64 between two lines; inside a cipher, a key derivation, the public
 * key and the encrypted private part. Runs in workers on the credential's own bytes; what was decrypted is wiped. */
#include "worker/ssh_key_file.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include "base/buf.h"
#include "base/mem.h"
#include "worker/bcrypt_pbkdf.h"

#define BEGIN_LINE "-----BEGIN OPENSSH PRIVATE KEY-----"
#define END_LINE "-----END OPENSSH PRIVATE KEY-----"
#define MAGIC "openssh-key-v1"       /* with its closing NUL */
#define BODY_MAX (64 * 1024)

struct key_file {
    struct buf body;                 /* decoded */
    char *cipher, *kdf;
    const uint8_t *kdf_options; size_t kdf_options_len;
    const uint8_t *sealed; size_t sealed_len;
    uint8_t *open; size_t open_len;  /* decrypted; owned */
};

static const struct { const char *name, *evp; size_t key, iv; } ciphers[] = {
    { "aes256-ctr", "AES-256-CTR", 32, 16 }, { "aes192-ctr", "AES-192-CTR", 24, 16 }, { "aes128-ctr", "AES-128-CTR", 16, 16 },
    { "aes256-cbc", "AES-256-CBC", 32, 16 }, { "aes192-cbc", "AES-192-CBC", 24, 16 }, { "aes128-cbc", "AES-128-CBC", 16, 16 },
};

static const char *skip_blank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p;
}

bool ssh_key_file_is(const void *bytes, size_t len)
{
    const char *p = skip_blank(bytes, (const char *)bytes + len);
    size_t left = len - (size_t)(p - (const char *)bytes);
    return left > strlen(BEGIN_LINE) && memcmp(p, BEGIN_LINE, strlen(BEGIN_LINE)) == 0;
}

static bool decode_body(struct key_file *f, const char *p, size_t len)
{
    const char *end = p + len;
    p = skip_blank(p, end) + strlen(BEGIN_LINE);
    const char *stop = memmem(p, (size_t)(end - p), END_LINE, strlen(END_LINE));
    EVP_ENCODE_CTX *b64 = EVP_ENCODE_CTX_new();
    uint8_t *out = xmalloc(len + 64);
    int n = 0, tail = 0;
    EVP_DecodeInit(b64);
    bool good = stop && EVP_DecodeUpdate(b64, out, &n, (const uint8_t *)p, (int)(stop - p)) >= 0 && EVP_DecodeFinal(b64, out + n, &tail) == 1;
    if (good)
        buf_append(&f->body, out, (size_t)(n + tail));
    explicit_bzero(out, len + 64);
    free(out);
    EVP_ENCODE_CTX_free(b64);
    return good && !f->body.overflow;
}

static bool read_frame(struct key_file *f)
{
    struct reader r;
    size_t n;
    reader_init(&r, f->body.data, f->body.len);
    const uint8_t *magic = reader_take(&r, sizeof(MAGIC));
    if (!magic || memcmp(magic, MAGIC, sizeof(MAGIC)) != 0)
        return false;
    f->cipher = reader_str(&r);
    f->kdf = reader_str(&r);
    f->kdf_options = reader_bytes(&r, &f->kdf_options_len);
    uint32_t keys = reader_u32(&r);
    (void)reader_bytes(&r, &n);      /* the public key: the private part has it again */
    f->sealed = reader_bytes(&r, &f->sealed_len);
    return !r.bad && keys == 1 && f->sealed_len > 0;
}

static bool decrypt(const char *evp, const uint8_t *key, const uint8_t *iv, struct key_file *f)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, evp, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0;
    bool good = cipher && ctx && EVP_DecryptInit_ex2(ctx, cipher, key, iv, NULL) == 1 && EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
                EVP_DecryptUpdate(ctx, f->open, &n, f->sealed, (int)f->sealed_len) == 1 && (size_t)n == f->sealed_len;
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return good;
}

static int open_sealed(struct key_file *f, const char *passphrase, const char **why)
{
    f->open = xmalloc(f->sealed_len);
    f->open_len = f->sealed_len;
    if (strcmp(f->cipher, "none") == 0) {
        memcpy(f->open, f->sealed, f->sealed_len);
        return 0;
    }
    size_t c = 0;
    while (c < N_ELEMENTS(ciphers) && strcmp(ciphers[c].name, f->cipher) != 0)
        c++;
    *why = "the key is encrypted with a cipher that is not read here: `ssh-keygen -p -Z aes256-ctr` changes it";
    if (c == N_ELEMENTS(ciphers) || strcmp(f->kdf, "bcrypt") != 0)
        return ERR_FORMAT;
    *why = SSH_KEY_NO_PASSPHRASE;
    if (!passphrase)
        return ERR_FORMAT;
    struct reader r;
    size_t salt_len;
    uint8_t derived[48];
    reader_init(&r, f->kdf_options, f->kdf_options_len);
    const uint8_t *salt = reader_bytes(&r, &salt_len);
    uint32_t rounds = reader_u32(&r);
    *why = "the key's encryption asks for more work than any key of ssh-keygen";
    if (r.bad || bcrypt_pbkdf(passphrase, strlen(passphrase), salt, salt_len, rounds, derived, ciphers[c].key + ciphers[c].iv) != 0)
        return ERR_FORMAT;
    bool good = decrypt(ciphers[c].evp, derived, derived + ciphers[c].key, f);
    explicit_bzero(derived, sizeof(derived));
    *why = SSH_KEY_WRONG_PASSPHRASE;
    return good ? 0 : ERR_FORMAT;
}

/* --- the numbers ----------------------------------------------------------------------------------------------------- */

static BIGNUM *read_mpint(struct reader *r)
{
    size_t n;
    const uint8_t *p = reader_bytes(r, &n);
    return p && n <= 4096 ? BN_bin2bn(p, (int)n, NULL) : NULL;
}

static EVP_PKEY *pkey_make(const char *kind, OSSL_PARAM_BLD *build)
{
    EVP_PKEY *pkey = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return pkey;
}

/* d mod (prime - 1) */
static BIGNUM *exponent_for(const BIGNUM *d, const BIGNUM *prime, BN_CTX *ctx)
{
    BIGNUM *less = BN_dup(prime), *e = BN_new();
    bool good = less && e && BN_sub_word(less, 1) == 1 && !BN_is_zero(less) && BN_mod(e, d, less, ctx) == 1;
    BN_clear_free(less);
    if (good)
        return e;
    BN_clear_free(e);
    return NULL;
}

static EVP_PKEY *read_rsa(struct reader *r)
{
    enum { N, E, D, IQMP, P, Q, DP, DQ, COUNT };
    static const char *const names[COUNT] = {
        OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
        OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2, OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
    };
    BIGNUM *v[COUNT] = { NULL };
    EVP_PKEY *pkey = NULL;
    BN_CTX *ctx = BN_CTX_new();
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    bool good = ctx && build;
    for (int i = N; i <= Q && good; i++)
        good = (v[i] = read_mpint(r)) != NULL;
    good = good && (v[DP] = exponent_for(v[D], v[P], ctx)) != NULL && (v[DQ] = exponent_for(v[D], v[Q], ctx)) != NULL;
    for (int i = N; i < COUNT && good; i++)
        good = OSSL_PARAM_BLD_push_BN(build, names[i], v[i]) == 1;
    if (good)
        pkey = pkey_make("RSA", build);
    OSSL_PARAM_BLD_free(build);
    BN_CTX_free(ctx);
    for (int i = N; i < COUNT; i++)
        BN_clear_free(v[i]);
    return pkey;
}

static EVP_PKEY *read_ecdsa(struct reader *r)
{
    EVP_PKEY *pkey = NULL;
    size_t point_len = 0;
    char *curve = reader_str(r);
    const uint8_t *point = reader_bytes(r, &point_len);
    BIGNUM *d = read_mpint(r);
    const char *group = !curve ? NULL : strcmp(curve, "nistp256") == 0 ? "prime256v1" : strcmp(curve, "nistp384") == 0 ? "secp384r1" :
                        strcmp(curve, "nistp521") == 0 ? "secp521r1" : NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (build && group && point && d && OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, point_len) == 1 && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1)
        pkey = pkey_make("EC", build);
    OSSL_PARAM_BLD_free(build);
    BN_clear_free(d);
    free(curve);
    return pkey;
}

static EVP_PKEY *read_ed25519(struct reader *r)
{
    size_t public_len, secret_len;
    (void)reader_bytes(r, &public_len);
    const uint8_t *secret = reader_bytes(r, &secret_len);            /* the seed, then the public half again */
    return secret && secret_len == 64 ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, 32) : NULL;
}

static int read_private(const struct key_file *f, EVP_PKEY **out, const char **why)
{
    struct reader r;
    reader_init(&r, f->open, f->open_len);
    uint32_t a = reader_u32(&r), b = reader_u32(&r);
    if (r.bad || a != b) {                               /* the same number twice, if the passphrase was right */
        *why = strcmp(f->cipher, "none") == 0 ? "the key file is damaged" : SSH_KEY_WRONG_PASSPHRASE;
        return ERR_FORMAT;
    }
    char *type = reader_str(&r);
    *why = "the key is of a kind that is not used here: Ed25519, ECDSA and RSA are";
    if (type && strcmp(type, "ssh-rsa") == 0)
        *out = read_rsa(&r);
    else if (type && strncmp(type, "ecdsa-sha2-", 11) == 0)
        *out = read_ecdsa(&r);
    else if (type && strcmp(type, "ssh-ed25519") == 0)
        *out = read_ed25519(&r);
    free(type);
    ERR_clear_error();
    return *out ? 0 : ERR_FORMAT;
}

int ssh_key_file_parse(const void *p, size_t len, const char *passphrase, EVP_PKEY **out, const char **why)
{
    struct key_file f = { .body = BUF_INIT(BODY_MAX) };
    int rc = ERR_FORMAT;
    *out = NULL;
    *why = "the key file is damaged";
    if (decode_body(&f, p, len) && read_frame(&f)) {
        rc = open_sealed(&f, passphrase, why);
        if (rc == 0)
            rc = read_private(&f, out, why);
    }
    if (f.open)
        explicit_bzero(f.open, f.open_len);
    free(f.open);
    free(f.cipher);
    free(f.kdf);
    buf_wipe(&f.body);
    return rc;
}
