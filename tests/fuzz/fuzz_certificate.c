/* A server's certificate, as any server may send it: the input is one line with the name that was asked for, then DER. Described and judged
 * as in a handshake, without authorities and with an empty list of them. */
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include "base/mem.h"
#include "worker/tls_certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
    if (!condition)
        abort();
}

static void judge(struct tls_certificate *c, X509 *leaf, bool has_authorities)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *verification = X509_STORE_CTX_new();

    if (store != NULL && verification != NULL && X509_STORE_CTX_init(verification, store, leaf, NULL) == 1)
        tls_certificate_judge(c, verification, has_authorities);
    X509_STORE_CTX_free(verification);
    X509_STORE_free(store);
}

static void check(const struct tls_certificate *c, bool has_authorities)
{
    must(c->seen && !c->subject.overflow && !c->issuer.overflow && !c->names.overflow);
    must(c->subject.len < 1024 && c->issuer.len < 1024 && c->names.len < 4096);
    must(c->trust == (has_authorities ? TLS_UNTRUSTED : TLS_TRUST_UNKNOWN));         /* nothing leads to an empty list */
    must((c->problem[0] != '\0') == has_authorities);
    must(c->key_bits >= 0 || c->key[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line_end = memchr(data, '\n', size);
    size_t name_len = line_end == NULL ? 0 : (size_t)(line_end - data);

    if (line_end == NULL || size - name_len - 1 > 65536)
        return 0;
    const unsigned char *der = line_end + 1;
    X509 *leaf = d2i_X509(NULL, &der, (long)(size - name_len - 1));
    if (leaf == NULL)
        return 0;
    char *name = xstrndup((const char *)data, name_len);
    for (int has = 0; has < 2; has++) {
        struct tls_certificate c;
        tls_certificate_init(&c);
        tls_certificate_describe(&c, leaf, name);
        judge(&c, leaf, has == 1);
        check(&c, has == 1);
        tls_certificate_clear(&c);
    }
    free(name);
    X509_free(leaf);
    return 0;
}
