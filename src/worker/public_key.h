/* Kind and size of a public key in base64, as DKIM records hold one. Through OpenSSL; the text is a stranger's. */
#ifndef PREOP_WORKER_PUBLIC_KEY_H
#define PREOP_WORKER_PUBLIC_KEY_H

#include <stdbool.h>

/* base64: a SubjectPublicKeyInfo or an RSAPublicKey in DER; with raw_ed25519 the 32 bytes of such a key. Blanks in it are passed over. */
bool public_key_describe(const char *base64, bool raw_ed25519, char kind[24], int *bits);

#endif
