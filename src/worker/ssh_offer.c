/* What an SSH server offers before anything is encrypted. Runs in workers, pure, on the target's first bytes. Only to say why
 * a key exchange failed: libssh2 does the exchange itself. */
#include "worker/ssh_hostkey.h"

#include "base/mem.h"

#define LINES_MAX 1024
#define KEXINIT 20
#define COOKIE 16

static void copy_text(char *to, size_t size, const uint8_t *p, size_t len)
{
    size_t n = len < size - 1 ? len : size - 1;
    for (size_t i = 0; i < n; i++)
        to[i] = p[i] >= 0x20 && p[i] < 0x7f ? (char)p[i] : '?';
    to[n] = '\0';
}

/* Lines before the one that starts with "SSH-" are allowed. The place behind it, or 0. */
static size_t read_banner(const uint8_t *p, size_t len, struct ssh_offer *out)
{
    size_t at = 0;
    for (int i = 0; i < LINES_MAX && at < len; i++) {
        const uint8_t *nl = memchr(p + at, '\n', len - at);
        if (!nl)
            return 0;
        size_t n = (size_t)(nl - (p + at)), text = n > 0 && p[at + n - 1] == '\r' ? n - 1 : n;
        if (n >= 4 && memcmp(p + at, "SSH-", 4) == 0) {
            copy_text(out->banner, sizeof(out->banner), p + at, text);
            return at + n + 1;
        }
        at += n + 1;
    }
    return 0;
}

static void read_list(struct reader *r, char out[SSH_OFFER_TEXT])
{
    size_t len = 0;
    const uint8_t *p = reader_bytes(r, &len);
    if (p)
        copy_text(out, SSH_OFFER_TEXT, p, len);
}

void ssh_offer_parse(const void *bytes, size_t len, struct ssh_offer *out)
{
    struct reader r;
    memset(out, 0, sizeof(*out));
    size_t at = len ? read_banner(bytes, len, out) : 0;
    if (at == 0)
        return;
    reader_init(&r, (const uint8_t *)bytes + at, len - at);
    (void)reader_u32(&r);                                /* length of the packet */
    (void)reader_u8(&r);                                 /* and of its padding */
    if (reader_u8(&r) != KEXINIT || !reader_take(&r, COOKIE))
        return;
    char other[SSH_OFFER_TEXT];
    read_list(&r, out->kex);
    read_list(&r, out->host_keys);
    read_list(&r, other);                                /* ciphers to the server: the same in practice as those from it */
    read_list(&r, out->ciphers);
    read_list(&r, other);
    read_list(&r, out->macs);
    out->complete = !r.bad;
}

bool ssh_list_has(const char *list, const char *word)
{
    size_t len = strlen(word);
    while (*list) {
        size_t n = strcspn(list, ",");
        if (n == len && memcmp(list, word, n) == 0)
            return true;
        list += list[n] == ',' ? n + 1 : n;
    }
    return false;
}

bool ssh_lists_meet(const char *a, const char *b)
{
    char word[SSH_OFFER_TEXT];
    while (*a) {
        size_t n = strcspn(a, ",");
        if (n > 0 && n < sizeof(word)) {
            memcpy(word, a, n);
            word[n] = '\0';
            if (ssh_list_has(b, word))
                return true;
        }
        a += a[n] == ',' ? n + 1 : n;
    }
    return false;
}
