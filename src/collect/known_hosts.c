/* known_hosts of a site. Parent only. The host and port are the plan's own; the blob comes from a worker, and is taken as bytes
 * that are written in base64. */
#include "collect/known_hosts.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include "base/hash.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"

#define LINES_MAX 100000
#define NAMES_MAX 1000               /* in one line */

int known_hosts_read(const char *site_dir, struct buf *out)
{
    char *path = path_join(site_dir, "known_hosts");
    int err = file_read(path, KNOWN_HOSTS_MAX, out);
    free(path);
    return err == -ENOENT ? 0 : err;
}

/* |1|base64 salt|base64 HMAC-SHA1(salt, name) */
static bool hashed_matches(const char *hashed, size_t len, const char *name)
{
    char text[128];
    unsigned char salt[64], want[64], got[EVP_MAX_MD_SIZE];
    unsigned int got_len = 0;
    if (len < 4 || len >= sizeof text)
        return false;
    memcpy(text, hashed + 3, len - 3);
    text[len - 3] = '\0';
    char *bar = strchr(text, '|');
    if (bar == NULL || bar - text != 28 || strlen(bar + 1) != 28)      /* 20 bytes each, in base64 */
        return false;
    if (EVP_DecodeBlock(salt, (const unsigned char *)text, 28) != 21 || EVP_DecodeBlock(want, (const unsigned char *)bar + 1, 28) != 21)
        return false;
    if (HMAC(EVP_sha1(), salt, SHA_DIGEST_LENGTH, (const unsigned char *)name, strlen(name), got, &got_len) == NULL)
        return false;
    return got_len == SHA_DIGEST_LENGTH && CRYPTO_memcmp(got, want, SHA_DIGEST_LENGTH) == 0;
}

static bool name_matches(const char *name, size_t len, const char *plain, const char *bracketed, bool plain_counts)
{
    if (len > 3 && memcmp(name, "|1|", 3) == 0)
        return hashed_matches(name, len, bracketed) || (plain_counts && hashed_matches(name, len, plain));
    return (len == strlen(bracketed) && memcmp(name, bracketed, len) == 0) || (plain_counts && len == strlen(plain) && memcmp(name, plain, len) == 0);
}

static bool line_names(const char *line, size_t len, const char *plain, const char *bracketed, bool plain_counts)
{
    size_t at = 0;
    while (at < len && (line[at] == ' ' || line[at] == '\t'))
        at++;
    if (at == len || line[at] == '#' || line[at] == '@')                /* a comment; @revoked and @cert-authority speak for no single key */
        return false;
    for (int n = 0; n < NAMES_MAX && at < len; n++) {
        size_t end = at;
        while (end < len && line[end] != ',' && line[end] != ' ' && line[end] != '\t')
            end++;
        if (name_matches(line + at, end - at, plain, bracketed, plain_counts))
            return true;
        if (end == len || line[end] != ',')
            return false;
        at = end + 1;
    }
    return false;
}

bool known_hosts_names(const char *bytes, const char *host, int port)
{
    char *bracketed = xasprintf("[%s]:%d", host, port);
    bool found = false;
    for (int n = 0; n < LINES_MAX && *bytes != '\0' && !found; n++) {
        size_t len = strcspn(bytes, "\r\n");
        found = line_names(bytes, len, host, bracketed, port == 22);
        bytes += len;
        bytes += strspn(bytes, "\r\n");
    }
    free(bracketed);
    return found;
}

char *host_key_algorithm(const uint8_t *blob, size_t len)
{
    struct reader r;
    size_t name_len = 0;
    reader_init(&r, blob, len);
    const uint8_t *name = reader_bytes(&r, &name_len);
    if (r.bad || len > HOST_KEY_MAX || name_len == 0 || name_len > 64 || reader_left(&r) == 0)
        return NULL;
    for (size_t i = 0; i < name_len; i++) {
        bool fine = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '-' || name[i] == '.' || name[i] == '@';
        if (!fine)
            return NULL;
    }
    return xstrndup((const char *)name, name_len);
}

char *key_base64(const uint8_t *p, size_t len)
{
    char *out = xmalloc(4 * ((len + 2) / 3) + 1);
    base64_encode(p, len, out);
    return out;
}

char *key_fingerprint(const uint8_t *blob, size_t len)
{
    uint8_t digest[SHA256_LEN];
    struct sha256 *h = sha256_new();
    sha256_add(h, blob, len);
    sha256_end(h, digest);
    char *b64 = key_base64(digest, sizeof digest);
    b64[strcspn(b64, "=")] = '\0';
    char *text = xasprintf("SHA256:%s", b64);
    free(b64);
    return text;
}

/* What may stand in a known_hosts line as a host: nothing that would end the name or the line. */
static bool host_is_plain(const char *host)
{
    for (const char *c = host; *c != '\0'; c++)
        if (*c <= ' ' || *c > '~' || strchr(",[]*?!|#@", *c) != NULL)
            return false;
    return *host != '\0';
}

static bool has_line(const char *bytes, const char *line)
{
    size_t len = strlen(line);
    for (const char *at = strstr(bytes, line); at != NULL; at = strstr(at + 1, line))
        if ((at == bytes || at[-1] == '\n') && (at[len] == '\n' || at[len] == '\0' || at[len] == ' ' || at[len] == '\r'))
            return true;
    return false;
}

int known_hosts_add(const char *site_dir, const char *host, int port, const uint8_t *blob, size_t len)
{
    char *algorithm = host_key_algorithm(blob, len);
    if (algorithm == NULL || !host_is_plain(host)) {
        free(algorithm);
        return ERR_FORMAT;
    }
    struct buf now = BUF_INIT(KNOWN_HOSTS_MAX), add = BUF_INIT(KNOWN_HOSTS_MAX);
    char *b64 = key_base64(blob, len), *path = path_join(site_dir, "known_hosts");
    buf_printf(&add, "[%s]:%d %s %s", host, port, algorithm, b64);
    int err = known_hosts_read(site_dir, &now);
    if (err == 0 && !has_line(buf_str(&now), buf_str(&add))) {
        struct buf line = BUF_INIT(KNOWN_HOSTS_MAX);
        if (now.len > 0 && now.data[now.len - 1] != '\n')
            buf_putc(&line, '\n');
        buf_append(&line, add.data, add.len);
        buf_putc(&line, '\n');
        err = file_append(path, line.data, line.len, 0600);
        buf_clear(&line);
    }
    buf_clear(&now);
    buf_clear(&add);
    free(algorithm);
    free(b64);
    free(path);
    return err;
}

int known_hosts_forget(const char *site_dir, const char *host, int port)
{
    struct buf now = BUF_INIT(KNOWN_HOSTS_MAX), kept = BUF_INIT(KNOWN_HOSTS_MAX);
    char *bracketed = xasprintf("[%s]:%d", host, port), *path = path_join(site_dir, "known_hosts");
    int err = known_hosts_read(site_dir, &now);
    const char *at = buf_str(&now);
    for (int n = 0; err == 0 && n < LINES_MAX && *at != '\0'; n++) {
        size_t len = strcspn(at, "\n"), whole = len + (at[len] == '\n');
        if (!line_names(at, len > 0 && at[len - 1] == '\r' ? len - 1 : len, host, bracketed, port == 22))
            buf_append(&kept, at, whole);
        at += whole;
    }
    if (err == 0 && kept.len != now.len)
        err = file_write_atomic(path, kept.data ? kept.data : "", kept.len, 0600);
    buf_clear(&now);
    buf_clear(&kept);
    free(bracketed);
    free(path);
    return err;
}
