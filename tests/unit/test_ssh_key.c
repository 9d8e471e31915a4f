/* Private keys in all the forms that users have, and signing with them. The keys are in tests/unit/data/ssh/keys, made by ssh-keygen and
 * openssl for this test; the passphrase is "open sesame" where the name says sealed. Signatures of Ed25519 and RSA have one right value,
 * which was computed with another library; ECDSA's are judged by sshd in the integration test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/evp.h>
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "worker/bcrypt_pbkdf.h"
#include "worker/ssh_key.h"

#define KEY_MAX 65536

static void read_key(const char *name, const char *suffix, struct buf *out)
{
    char *path = xasprintf("%s/tests/unit/data/ssh/keys/%s%s", getenv("srcdir") ? getenv("srcdir") : ".", name, suffix);
    assert_int_equal(file_read(path, KEY_MAX, out), 0);
    free(path);
}

static int parse(const char *name, const char *passphrase, struct ssh_key **key, const char **why)
{
    struct buf file = BUF_INIT(KEY_MAX);
    read_key(name, "", &file);
    int rc = ssh_key_parse(file.data, file.len, passphrase, key, why);
    buf_clear(&file);
    return rc;
}

static struct ssh_key *load(const char *name, const char *passphrase)
{
    struct ssh_key *key = NULL;
    const char *why = NULL;
    if (parse(name, passphrase, &key, &why) != 0)
        fail_msg("%s: %s", name, why);
    return key;
}

static void every_form(void **state)
{
    static const struct { const char *name, *passphrase, *type; } keys[] = {
        { "ed25519", NULL, "ssh-ed25519" }, { "ed25519", "not needed", "ssh-ed25519" }, { "ed25519_sealed", "open sesame", "ssh-ed25519" }, { "ed25519_pkcs8", NULL, "ssh-ed25519" },
        { "ecdsa256", NULL, "ecdsa-sha2-nistp256" }, { "ecdsa384_pem", NULL, "ecdsa-sha2-nistp384" }, { "ecdsa521_sealed", "open sesame", "ecdsa-sha2-nistp521" },
        { "rsa", NULL, "ssh-rsa" }, { "rsa_sealed", "open sesame", "ssh-rsa" }, { "rsa_pem_sealed", "open sesame", "ssh-rsa" }, { "rsa_pkcs8_sealed", "open sesame", "ssh-rsa" },
    };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(keys); i++) {
        struct ssh_key *key = load(keys[i].name, keys[i].passphrase);
        struct buf pub = BUF_INIT(KEY_MAX);
        char type[SSH_TYPE_MAX], *base64;
        size_t len;
        const uint8_t *blob = ssh_key_blob(key, &len);
        ssh_blob_type(blob, len, type);
        assert_string_equal(type, keys[i].type);
        base64 = xmalloc(2 * len + 8);
        EVP_EncodeBlock((unsigned char *)base64, blob, (int)len);
        read_key(keys[i].name, ".pub", &pub);
        if (!strstr(buf_str(&pub), base64))
            fail_msg("%s: the public half is not that of the .pub file", keys[i].name);
        free(base64);
        buf_clear(&pub);
        ssh_key_free(key);
    }
}

static void what_cannot_be_used(void **state)
{
    static const struct { const char *name, *passphrase, *why; } keys[] = {
        { "ed25519_sealed", NULL, "no passphrase" }, { "ed25519_sealed", "open sesam", "does not open" }, { "ed25519_sealed", "", "does not open" },
        { "rsa_sealed", "wrong", "does not open" }, { "rsa_pem_sealed", NULL, "no passphrase" }, { "rsa_pem_sealed", "wrong", "does not open" },
        { "rsa_pkcs8_sealed", NULL, "no passphrase" }, { "rsa_pkcs8_sealed", "wrong", "does not open" }, { "ecdsa521_sealed", "wrong", "does not open" },
        { "ed25519_gcm", "open sesame", "cipher" }, { "dsa", NULL, "of a kind" }, { "putty", NULL, "PuTTY" }, { "rsa.pub", NULL, "public key" },
    };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(keys); i++) {
        struct ssh_key *key = NULL;
        const char *why = NULL;
        assert_int_equal(parse(keys[i].name, keys[i].passphrase, &key, &why), ERR_FORMAT);
        assert_null(key);
        if (!strstr(why, keys[i].why))
            fail_msg("%s: %s", keys[i].name, why);
    }
}

static void sign(const struct ssh_key *key, const char *algorithm, struct buf *sig)
{
    assert_int_equal(ssh_key_sign(key, algorithm, "hello", 5, sig), 0);
}

static void signatures_with_one_value(void **state)
{
    static const struct { const char *name, *passphrase, *algorithm, *sha256; } all[] = {
        { "ed25519", NULL, "ssh-ed25519", "cf83c01116293ac79459e101249a668c862c51c598a3372310912b3e0861fe80" },
        { "rsa", NULL, "rsa-sha2-512", "4da4028211207413bf5121b9200541682d89ee621e852e8d5d2d5ae362799bd6" },
        { "rsa", NULL, "rsa-sha2-256", "449b9a347dc7b27224345a2c06e767eba826535674ee98ad70bc9555274a3596" },
        { "rsa", NULL, "ssh-rsa", "d68d5639da7bba9e4f7449c14443a235135cec8bbb34351b3c0465b5fbb181f1" },
        { "rsa_pem_sealed", "open sesame", "rsa-sha2-512", "c508ce932263eca878a9bc4160014fe408046a62a85600345c87018b8c594f81" },
    };
    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(all); i++) {
        struct ssh_key *key = load(all[i].name, all[i].passphrase);
        struct buf sig = BUF_INIT(KEY_MAX);
        char hex[SHA256_HEX];
        sign(key, all[i].algorithm, &sig);
        sha256_hex(sig.data, sig.len, hex);
        assert_string_equal(hex, all[i].sha256);
        buf_clear(&sig);
        ssh_key_free(key);
    }
}

static void a_key_signs_only_as_what_it_is(void **state)
{
    struct ssh_key *key = load("ed25519", NULL), *rsa = load("rsa", NULL);
    struct buf sig = BUF_INIT(KEY_MAX);
    (void)state;
    assert_int_equal(ssh_key_sign(key, "rsa-sha2-512", "x", 1, &sig), ERR_NOT_FOUND);
    assert_int_equal(ssh_key_sign(rsa, "ssh-ed25519", "x", 1, &sig), ERR_NOT_FOUND);
    assert_int_equal(ssh_key_sign(rsa, "", "x", 1, &sig), ERR_NOT_FOUND);
    assert_int_equal(sig.len, 0);
    ssh_key_free(key);
    ssh_key_free(rsa);
}

/* Two positive mpints no longer than the curve. */
static void ecdsa_signature_form(void **state)
{
    struct ssh_key *key = load("ecdsa256", NULL);
    (void)state;
    for (int i = 0; i < 50; i++) {
        struct buf sig = BUF_INIT(KEY_MAX);
        struct reader r;
        sign(key, "ecdsa-sha2-nistp256", &sig);
        reader_init(&r, sig.data, sig.len);
        for (int k = 0; k < 2; k++) {
            size_t len;
            const uint8_t *p = reader_bytes(&r, &len);
            assert_non_null(p);
            assert_in_range(len, 1, 33);
            assert_true(p[0] < 0x80);
            assert_true(p[0] != 0 || p[1] >= 0x80);
        }
        assert_false(r.bad);
        assert_int_equal(reader_left(&r), 0);
        buf_clear(&sig);
    }
    ssh_key_free(key);
}

static void retyped_blobs(void **state)
{
    static const uint8_t blob[] = { 0, 0, 0, 7, 's', 's', 'h', '-', 'r', 's', 'a', 0, 0, 0, 1, 3 };
    static const uint8_t want[] = { 0, 0, 0, 12, 'r', 's', 'a', '-', 's', 'h', 'a', '2', '-', '5', '1', '2', 0, 0, 0, 1, 3 };
    struct buf out = BUF_INIT(100);
    char type[SSH_TYPE_MAX];
    (void)state;
    ssh_blob_retype(blob, sizeof(blob), "rsa-sha2-512", &out);
    assert_int_equal(out.len, sizeof(want));
    assert_memory_equal(out.data, want, sizeof(want));
    buf_reset(&out);
    ssh_blob_retype(blob, 9, "rsa-sha2-512", &out);              /* cut within the type */
    assert_int_equal(out.len, 0);
    ssh_blob_type(blob, 9, type);
    assert_string_equal(type, "");
    ssh_blob_type(blob, 0, type);
    assert_string_equal(type, "");
    ssh_blob_type("\0\0\0\3a\0b", 7, type);
    assert_string_equal(type, "");
    buf_clear(&out);
}

/* Damaged at every place and cut at every length: refused, or read, but no crash. */
static void damaged_keys(void **state)
{
    struct buf file = BUF_INIT(KEY_MAX);
    int good = 0;
    (void)state;
    read_key("ecdsa256", "", &file);
    for (size_t i = 0; i < file.len; i++) {
        struct ssh_key *key = NULL;
        const char *why;
        char *copy = xmalloc(file.len);
        memcpy(copy, file.data, file.len);
        copy[i] = copy[i] == 'A' ? 'B' : 'A';
        if (ssh_key_parse(copy, file.len, NULL, &key, &why) == 0)
            good++;
        ssh_key_free(key);
        key = NULL;
        char *part = xmalloc(i + 1);
        memcpy(part, file.data, i);
        if (i < file.len - 40)
            assert_int_not_equal(ssh_key_parse(part, i, NULL, &key, &why), 0);
        ssh_key_free(key);
        free(part);
        free(copy);
    }
    assert_true((size_t)good < file.len / 2);
    buf_clear(&file);
}

/* Published vectors of bcrypt_pbkdf. */
static void key_derivation(void **state)
{
    static const uint8_t want4[32] = { 0x5b, 0xbf, 0x0c, 0xc2, 0x93, 0x58, 0x7f, 0x1c, 0x36, 0x35, 0x55, 0x5c, 0x27, 0x79, 0x65, 0x98,
                                       0xd4, 0x7e, 0x57, 0x90, 0x71, 0xbf, 0x42, 0x7e, 0x9d, 0x8f, 0xbe, 0x84, 0x2a, 0xba, 0x34, 0xd9 };
    uint8_t out[32];
    (void)state;
    assert_int_equal(bcrypt_pbkdf("password", 8, "salt", 4, 4, out, sizeof(out)), 0);
    assert_memory_equal(out, want4, sizeof(out));
    assert_int_equal(bcrypt_pbkdf("password", 8, "salt", 4, 0, out, sizeof(out)), ERR_LIMIT);
    assert_int_equal(bcrypt_pbkdf("password", 8, "salt", 4, BCRYPT_ROUNDS_MAX + 1, out, sizeof(out)), ERR_LIMIT);
    assert_int_equal(bcrypt_pbkdf("password", 8, "", 0, 4, out, sizeof(out)), ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form), cmocka_unit_test(what_cannot_be_used), cmocka_unit_test(signatures_with_one_value), cmocka_unit_test(a_key_signs_only_as_what_it_is),
        cmocka_unit_test(ecdsa_signature_form), cmocka_unit_test(retyped_blobs), cmocka_unit_test(damaged_keys), cmocka_unit_test(key_derivation),
    };
    return cmocka_run_group_tests_name("ssh_key", tests, NULL, NULL);
}
