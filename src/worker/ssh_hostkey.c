/* known_hosts. Runs in workers, pure, on bytes that may be anybody's work: a line that cannot be read counts as absent. */
#include "worker/ssh_hostkey.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include "base/mem.h"
#include "base/text.h"
#include "worker/ssh_key.h"

#define LINE_MAX_BYTES 65536
#define LINES_MAX 100000
#define BLOB_MAX 16384
#define NAME_MAX_BYTES 300

struct word { const char *p; size_t len; };
struct line {
    enum { PLAIN, REVOKED, AUTHORITY } marker;
    struct word hosts, type, key;
};

const char *known_verdict_name(enum known_verdict v)
{
    static const char *const names[] = { [KNOWN_OK] = "known", [KNOWN_UNKNOWN] = "unknown", [KNOWN_CHANGED] = "changed", [KNOWN_REVOKED] = "revoked" };
    return names[v];
}

void known_hosts_name(const char *host, uint16_t port, struct buf *out)
{
    char *low = xstrdup(host);
    text_lower_ascii(low);
    if (port == 22)
        buf_puts(out, low);
    else
        buf_printf(out, "[%s]:%u", low, (unsigned)port);
    free(low);
}

/* --- lines ----------------------------------------------------------------------------------------------------------- */

static struct word next_word(const char **p, const char *end)
{
    while (*p < end && (**p == ' ' || **p == '\t'))
        (*p)++;
    const char *start = *p;
    while (*p < end && **p != ' ' && **p != '\t' && **p != '\r')
        (*p)++;
    return (struct word){ .p = start, .len = (size_t)(*p - start) };
}

static bool word_is(struct word w, const char *text)
{
    return w.len == strlen(text) && memcmp(w.p, text, w.len) == 0;
}

static bool line_parse(const char *p, size_t len, struct line *out)
{
    const char *end = p + len;
    struct word first = next_word(&p, end);
    if (len > LINE_MAX_BYTES || first.len == 0 || first.p[0] == '#')
        return false;
    out->marker = PLAIN;
    if (first.p[0] == '@') {
        if (word_is(first, "@revoked"))
            out->marker = REVOKED;
        else if (word_is(first, "@cert-authority"))
            out->marker = AUTHORITY;
        else
            return false;
        first = next_word(&p, end);
    }
    out->hosts = first;
    out->type = next_word(&p, end);
    out->key = next_word(&p, end);
    return out->key.len > 0;
}

/* --- does the line speak of this host? ------------------------------------------------------------------------------- */

/* Decodes base64 of at most max bytes; the length, or 0. */
static size_t base64_decode(struct word w, uint8_t *out, size_t max)
{
    size_t pad = 0;
    while (pad < 2 && pad < w.len && w.p[w.len - 1 - pad] == '=')
        pad++;
    if (w.len == 0 || w.len % 4 != 0 || w.len / 4 * 3 > max)
        return 0;
    int n = EVP_DecodeBlock(out, (const unsigned char *)w.p, (int)w.len);
    return n > (int)pad ? (size_t)n - pad : 0;
}

/* |1|salt|hash: HMAC-SHA1 of the name. */
static bool hashed_match(struct word pattern, const char *name)
{
    uint8_t salt[64], hash[64], ours[EVP_MAX_MD_SIZE];
    unsigned ours_len = 0;
    const char *bar = memchr(pattern.p + 3, '|', pattern.len - 3);
    if (!bar)
        return false;
    struct word salt_word = { .p = pattern.p + 3, .len = (size_t)(bar - pattern.p - 3) };
    struct word hash_word = { .p = bar + 1, .len = pattern.len - salt_word.len - 4 };
    size_t salt_len = base64_decode(salt_word, salt, sizeof(salt)), hash_len = base64_decode(hash_word, hash, sizeof(hash));
    if (salt_len == 0 || hash_len != 20)
        return false;
    return HMAC(EVP_sha1(), salt, (int)salt_len, (const unsigned char *)name, strlen(name), ours, &ours_len) && ours_len == hash_len &&
           CRYPTO_memcmp(ours, hash, hash_len) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* * and ?, without recursion: on a mismatch the last star takes one character more. */
static bool wildcard_match(struct word pattern, const char *name)
{
    size_t p = 0, n = 0, len = strlen(name), star = SIZE_MAX, taken = 0;
    while (n < len) {
        if (p < pattern.len && pattern.p[p] == '*') {
            star = p++;
            taken = n;
        } else if (p < pattern.len && (pattern.p[p] == '?' || lower(pattern.p[p]) == name[n])) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++taken;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.p[p] == '*')
        p++;
    return p == pattern.len;
}

/* A list separated by commas; one negated pattern that fits undoes all others. */
static bool hosts_match(struct word hosts, const char *name)
{
    bool found = false;
    if (hosts.len > 3 && memcmp(hosts.p, "|1|", 3) == 0)
        return hashed_match(hosts, name);
    while (hosts.len > 0) {
        const char *comma = memchr(hosts.p, ',', hosts.len);
        struct word one = { .p = hosts.p, .len = comma ? (size_t)(comma - hosts.p) : hosts.len };
        hosts.p += comma ? one.len + 1 : one.len;
        hosts.len -= comma ? one.len + 1 : one.len;
        bool negated = one.len > 0 && one.p[0] == '!';
        if (negated)
            one = (struct word){ .p = one.p + 1, .len = one.len - 1 };
        if (one.len == 0 || one.len > NAME_MAX_BYTES || !wildcard_match(one, name))
            continue;
        if (negated)
            return false;
        found = true;
    }
    return found;
}

/* --- the verdict ----------------------------------------------------------------------------------------------------- */

static unsigned type_bit(const char *type)
{
    static const struct { const char *type; unsigned bit; } bits[] = {
        { "ssh-ed25519", KNOWN_ED25519 }, { "ecdsa-sha2-nistp256", KNOWN_ECDSA_256 }, { "ecdsa-sha2-nistp384", KNOWN_ECDSA_384 },
        { "ecdsa-sha2-nistp521", KNOWN_ECDSA_521 }, { "ssh-rsa", KNOWN_RSA },
    };
    for (size_t i = 0; i < N_ELEMENTS(bits); i++)
        if (strcmp(type, bits[i].type) == 0)
            return bits[i].bit;
    return KNOWN_OTHER;
}

struct look_up {
    const char *name;
    const uint8_t *blob;
    size_t blob_len;
    bool same, other, other_here, revoked, authority;    /* other_here: another key of the same type */
    unsigned types;
};

static bool same_type(const struct look_up *l, const char *type)
{
    char theirs[SSH_TYPE_MAX];
    ssh_blob_type(l->blob, l->blob ? l->blob_len : 0, theirs);
    return strcmp(theirs, type) == 0;
}

static void judge_line(struct look_up *l, const struct line *line, uint8_t key[BLOB_MAX])
{
    char type[SSH_TYPE_MAX];
    if (!hosts_match(line->hosts, l->name))
        return;
    size_t len = base64_decode(line->key, key, BLOB_MAX);
    ssh_blob_type(key, len, type);
    if (len == 0 || !word_is(line->type, type))
        return;
    bool same = l->blob && len == l->blob_len && memcmp(key, l->blob, len) == 0;
    switch (line->marker) {
    case REVOKED:
        l->revoked = l->revoked || same;
        break;
    case AUTHORITY:
        l->authority = true;
        break;
    case PLAIN:
        l->same = l->same || same;
        l->other = l->other || !same;
        l->other_here = l->other_here || (!same && same_type(l, type));
        l->types |= type_bit(type);
        break;
    }
}

static void look_up(struct look_up *l, const char *file, size_t len)
{
    uint8_t *key = xmalloc(BLOB_MAX);
    const char *end = file + len;
    for (int i = 0; i < LINES_MAX && file < end; i++) {
        struct line line;
        const char *nl = memchr(file, '\n', (size_t)(end - file));
        size_t line_len = nl ? (size_t)(nl - file) : (size_t)(end - file);
        if (line_parse(file, line_len, &line))
            judge_line(l, &line, key);
        file += nl ? line_len + 1 : line_len;
    }
    free(key);
}

static void answer(const struct look_up *l, struct known_answer *out)
{
    out->types = l->types;
    out->authority = l->authority;
    if (l->revoked)
        out->verdict = KNOWN_REVOKED;
    else if (l->same || (!l->blob && l->types))
        out->verdict = KNOWN_OK;
    else
        out->verdict = l->other && l->blob ? KNOWN_CHANGED : KNOWN_UNKNOWN;
    out->other_kind = out->verdict == KNOWN_CHANGED && !l->other_here;
}

void known_hosts_check(const char *file, size_t len, const char *host, uint16_t port, const void *blob, size_t blob_len, struct known_answer *out)
{
    struct buf name = BUF_INIT(NAME_MAX_BYTES), plain = BUF_INIT(NAME_MAX_BYTES);
    known_hosts_name(host, port, &name);
    known_hosts_name(host, 22, &plain);
    struct look_up l = { .name = buf_str(&name), .blob = blob, .blob_len = blob_len };
    *out = (struct known_answer){ .verdict = KNOWN_UNKNOWN };
    if (!name.overflow && len > 0) {
        look_up(&l, file, len);
        answer(&l, out);
    }
    if (!name.overflow && len > 0 && port != 22 && out->verdict != KNOWN_REVOKED && !l.types) {
        struct look_up again = { .name = buf_str(&plain), .blob = blob, .blob_len = blob_len };
        struct known_answer second;
        look_up(&again, file, len);
        answer(&again, &second);
        /* Another key under the plain name says nothing about this port: another machine may answer behind a forwarded one. */
        if (second.verdict == KNOWN_OK || second.verdict == KNOWN_REVOKED) {
            *out = second;
            out->by_plain_name = true;
        }
    }
    buf_clear(&name);
    buf_clear(&plain);
}
