/* Runs in workers. OpenSSL's own decoders read the key. */
#include "worker/public_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

#define MAX_BASE64 4096

/* The bytes of text, at most max; 0 when it is no base64. */
static int decode(const char *text, unsigned char *out)
{
    char packed[MAX_BASE64 + 4];
    size_t n = 0, padding = 0;

    for (; *text != '\0' && n < MAX_BASE64; text++)
        if (strchr(" \t\r\n", *text) == NULL)
            packed[n++] = *text;
    while (n > padding && packed[n - 1 - padding] == '=')
        padding++;
    if (*text != '\0' || n == 0 || n % 4 != 0 || padding > 2)
        return 0;
    int len = EVP_DecodeBlock(out, (const unsigned char *)packed, (int)n);
    return len > (int)padding ? len - (int)padding : 0;
}

bool public_key_describe(const char *base64, bool raw_ed25519, char kind[24], int *bits)
{
    unsigned char der[MAX_BASE64];
    const unsigned char *p = der;
    int len = decode(base64, der);
    EVP_PKEY *key = NULL;

    if (len > 0 && raw_ed25519)
        key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, der, (size_t)len);
    if (len > 0 && !raw_ed25519 && (key = d2i_PUBKEY(NULL, &p, len)) == NULL) {
        p = der;
        key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, len);
    }
    const char *name = key == NULL ? NULL : EVP_PKEY_get0_type_name(key);
    if (name != NULL) {
        snprintf(kind, 24, "%s", name);
        *bits = EVP_PKEY_get_bits(key);
    }
    EVP_PKEY_free(key);
    ERR_clear_error();
    return name != NULL;
}
