/* SNMPv3's users: which protocols a credential names, and its keys. Runs in a worker; passwords come from the job only. */
#include "worker/snmp_usm.h"

#include <openssl/evp.h>
#include <string.h>
#include "base/mem.h"

#define PASSWORD_MIN 8               /* RFC 3414 section 11.2; the library refuses less too */
#define EXPANDED 1048576             /* bytes that a password is repeated to */

static const struct { const char *name; int type; const EVP_MD *(*digest)(void); } auth_names[] = {
    { "MD5", NETSNMP_USMAUTH_HMACMD5, EVP_md5 },
    { "SHA-1", NETSNMP_USMAUTH_HMACSHA1, EVP_sha1 },
    { "SHA", NETSNMP_USMAUTH_HMACSHA1, EVP_sha1 },
    { "SHA-224", NETSNMP_USMAUTH_HMAC128SHA224, EVP_sha224 },
    { "SHA-256", NETSNMP_USMAUTH_HMAC192SHA256, EVP_sha256 },
    { "SHA-384", NETSNMP_USMAUTH_HMAC256SHA384, EVP_sha384 },
    { "SHA-512", NETSNMP_USMAUTH_HMAC384SHA512, EVP_sha512 },
};
/* The plain 192 and 256 extend the key as draft-blumenthal-aes-usm-04 says, -C as Cisco and others do (draft-reeder). */
static const struct { const char *name; int type; } priv_names[] = {
    { "DES", USM_CREATE_USER_PRIV_DES },
    { "AES", USM_CREATE_USER_PRIV_AES },
    { "AES-128", USM_CREATE_USER_PRIV_AES },
    { "AES-192", USM_CREATE_USER_PRIV_AES192 },
    { "AES-256", USM_CREATE_USER_PRIV_AES256 },
    { "AES-192-C", USM_CREATE_USER_PRIV_AES192_CISCO },
    { "AES-256-C", USM_CREATE_USER_PRIV_AES256_CISCO },
};

static int auth_index(const char *name)
{
    for (size_t i = 0; name != NULL && i < N_ELEMENTS(auth_names); i++)
        if (strcmp(name, auth_names[i].name) == 0)
            return (int)i;
    return -1;
}

static int priv_index(const char *name)
{
    for (size_t i = 0; name != NULL && i < N_ELEMENTS(priv_names); i++)
        if (strcmp(name, priv_names[i].name) == 0)
            return (int)i;
    return -1;
}

static int refuse(const char **why, const char *text)
{
    *why = text;
    return ERR_BAD_INPUT;
}

static int configure_auth(const struct job *job, netsnmp_session *s, const char **why)
{
    const char *secret = job_get(job, "snmp.auth_secret");
    int at = auth_index(job_get(job, "snmp.auth"));
    if (at < 0)
        return refuse(why, "the credential names no digest that preop knows");
    if (secret == NULL || strlen(secret) < PASSWORD_MIN)
        return refuse(why, "an SNMPv3 authentication password has 8 characters or more");
    s->securityAuthProto = sc_get_auth_oid(auth_names[at].type, &s->securityAuthProtoLen);
    return s->securityAuthProto != NULL ? 0 : refuse(why, "this net-snmp has no such digest");
}

static int configure_priv(const struct job *job, netsnmp_session *s, const char **why)
{
    const char *secret = job_get(job, "snmp.priv_secret");
    int at = priv_index(job_get(job, "snmp.priv"));
    if (at < 0)
        return refuse(why, "the credential names no encryption that preop knows");
    if (secret == NULL || strlen(secret) < PASSWORD_MIN)
        return refuse(why, "an SNMPv3 privacy password has 8 characters or more");
    s->securityPrivProto = sc_get_priv_oid(priv_names[at].type, &s->securityPrivProtoLen);
    return s->securityPrivProto != NULL ? 0 : refuse(why, "this net-snmp has no such encryption");
}

/* The library takes what it does not mean to change through pointers that are not const. */
static char *not_const(const char *s)
{
    union { const char *in; char *out; } u = { .in = s };
    return u.out;
}

int snmp_usm_configure(const struct job *job, netsnmp_session *s, const char **why)
{
    const char *user = job_get(job, "snmp.user"), *level = job_get(job, "snmp.level"), *context = job_get(job, "snmp.context");
    if (user == NULL || *user == '\0' || strlen(user) > 32)
        return refuse(why, "an SNMPv3 user has 1 to 32 characters");
    s->securityModel = SNMP_SEC_MODEL_USM;
    s->securityName = not_const(user);
    s->securityNameLen = strlen(user);
    s->contextName = not_const(context == NULL ? "" : context);
    s->contextNameLen = strlen(s->contextName);
    s->securityAuthProto = sc_get_auth_oid(NETSNMP_USMAUTH_NOAUTH, &s->securityAuthProtoLen);
    s->securityPrivProto = sc_get_priv_oid(USM_CREATE_USER_PRIV_NONE, &s->securityPrivProtoLen);
    if (level != NULL && strcmp(level, "noAuthNoPriv") == 0) {
        s->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
        return 0;
    }
    int rc = configure_auth(job, s, why);
    if (rc != 0)
        return rc;
    if (level != NULL && strcmp(level, "authNoPriv") == 0) {
        s->securityLevel = SNMP_SEC_LEVEL_AUTHNOPRIV;
        return 0;
    }
    if (level == NULL || strcmp(level, "authPriv") != 0)
        return refuse(why, "the SNMPv3 level is noAuthNoPriv, authNoPriv or authPriv");
    s->securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
    return configure_priv(job, s, why);
}

/* RFC 3414 appendix A.2: the digest of the password repeated to a megabyte. The library has the same, byte by byte, at
 * four times the cost; it is most of what a worker's CPU goes to. */
static int password_to_key(const EVP_MD *md, const char *password, uint8_t *key, size_t *key_len)
{
    size_t len = strlen(password), times = 4096 / len + 1, block_len = len * times;
    uint8_t *block = xmalloc(block_len);
    for (size_t i = 0; i < times; i++)
        memcpy(block + i * len, password, len);
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    unsigned n = 0;
    bool good = c != NULL && EVP_DigestInit_ex(c, md, NULL) == 1;
    for (size_t left = EXPANDED; good && left > 0;) {
        size_t part = left < block_len ? left : block_len;
        good = EVP_DigestUpdate(c, block, part) == 1;
        left -= part;
    }
    good = good && EVP_DigestFinal_ex(c, key, &n) == 1;
    EVP_MD_CTX_free(c);
    explicit_bzero(block, block_len);
    free(block);
    *key_len = n;
    return good ? 0 : ERR_INTERNAL;
}

int snmp_usm_make_user(const struct job *job, netsnmp_session *s)
{
    int rc = 0;
    _Static_assert(USM_AUTH_KU_LEN >= EVP_MAX_MD_SIZE && USM_PRIV_KU_LEN >= EVP_MAX_MD_SIZE, "keys fit");
    uint8_t key[EVP_MAX_MD_SIZE];
    size_t len;
    if (s->securityLevel != SNMP_SEC_LEVEL_NOAUTH) {
        const EVP_MD *md = auth_names[auth_index(job_get(job, "snmp.auth"))].digest();
        const char *auth = job_get(job, "snmp.auth_secret"), *priv = job_get(job, "snmp.priv_secret");
        rc = password_to_key(md, auth, key, &len);
        if (rc == 0)
            memcpy(s->securityAuthKey, key, s->securityAuthKeyLen = len);
        if (rc == 0 && s->securityLevel == SNMP_SEC_LEVEL_AUTHPRIV) {
            if (strcmp(auth, priv) != 0)
                rc = password_to_key(md, priv, key, &len);
            if (rc == 0)
                memcpy(s->securityPrivKey, key, s->securityPrivKeyLen = len);
        }
    }
    explicit_bzero(key, sizeof key);
    if (rc == 0 && usm_create_user_from_session(s) != SNMPERR_SUCCESS)
        rc = ERR_INTERNAL;
    explicit_bzero(s->securityAuthKey, sizeof s->securityAuthKey);
    explicit_bzero(s->securityPrivKey, sizeof s->securityPrivKey);
    return rc;
}
