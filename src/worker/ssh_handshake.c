/* Key exchange and host key. Runs in a worker after the lock. Which key types are asked for follows from known_hosts: a host that is
 * known by its Ed25519 key is asked for that one, so that it is not called changed because it would rather show another. */
#include "worker/ssh_internal.h"

#include "base/clock.h"
#include "base/mem.h"

/* Old clinic machines are read too, so SHA-1 is accepted for exchange and integrity where there is nothing better; no DSA, no RC4, no
 * 1024-bit group, because a password may follow. */
#define KEX "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256," \
    "diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1"
#define CIPHERS "aes256-ctr,aes192-ctr,aes128-ctr,aes256-cbc,aes192-cbc,aes128-cbc"
#define MACS "hmac-sha2-256,hmac-sha2-512,hmac-sha1"
#define DETAIL_LIST 160              /* bytes of a server's list that a detail shows */

static const struct { unsigned bit; const char *algorithm; bool needs_rsa_sha2; } host_keys[] = {
    { KNOWN_ED25519, "ssh-ed25519", false },
    { KNOWN_ECDSA_256, "ecdsa-sha2-nistp256", false },
    { KNOWN_ECDSA_384, "ecdsa-sha2-nistp384", false },
    { KNOWN_ECDSA_521, "ecdsa-sha2-nistp521", false },
    { KNOWN_RSA, "rsa-sha2-512", true },
    { KNOWN_RSA, "rsa-sha2-256", true },
    { KNOWN_RSA, "ssh-rsa", false },
};
#define ALL_TYPES (KNOWN_ED25519 | KNOWN_ECDSA_256 | KNOWN_ECDSA_384 | KNOWN_ECDSA_521 | KNOWN_RSA)

static void add_types(struct buf *list, unsigned types, bool rsa_sha2)
{
    for (size_t i = 0; i < N_ELEMENTS(host_keys); i++)
        if ((types & host_keys[i].bit) && (rsa_sha2 || !host_keys[i].needs_rsa_sha2))
            buf_printf(list, "%s%s", list->len ? "," : "", host_keys[i].algorithm);
}

static bool supports(struct ssh_session *s, int kind, const char *word)
{
    const char **list = NULL;
    bool found = false;
    int n = libssh2_session_supported_algs(s->ssh, kind, &list);
    for (int i = 0; i < n && !found; i++)
        found = strcmp(list[i], word) == 0;
    if (n > 0)
        libssh2_free(s->ssh, list);
    return found;
}

static bool is_strict(const struct ssh_session *s)
{
    const char *accept = job_get(probe_job(s->ctx), "ssh.accept");
    return !(accept && strcmp(accept, "new") == 0);
}

/* --- before the exchange --------------------------------------------------------------------------------------------- */

static void look_up(struct ssh_session *s, const void *blob, size_t blob_len)
{
    size_t len = 0;
    const char *file = job_get_bytes(probe_job(s->ctx), "ssh.known_hosts", &len);
    const char *host = job_get(probe_job(s->ctx), "host");
    known_hosts_check(file ? file : "", len, host ? host : "", s->peer.port, blob, blob_len, &s->known);
}

/* Which types "ssh.only" asks for: `discover` holds a server's keys against known_hosts one kind after the other. */
static unsigned only_type(const char *algorithm)
{
    for (size_t i = 0; i < N_ELEMENTS(host_keys); i++)
        if (strcmp(host_keys[i].algorithm, algorithm) == 0)
            return host_keys[i].bit;
    return 0;
}

/* The list that is offered. For `trust`, and where known_hosts only hints, known types merely come first. */
static void choose_host_keys(struct ssh_session *s, struct buf *list)
{
    const char *only = job_get(probe_job(s->ctx), "ssh.only");
    if (only != NULL && only_type(only) != 0) {
        add_types(list, only_type(only), s->rsa_sha2);
        return;
    }
    unsigned known = s->known.types & ALL_TYPES;
    add_types(list, known, s->rsa_sha2);
    if (known == 0 || ssh_is_trust(s) || s->known.by_plain_name)
        add_types(list, ALL_TYPES & ~known, s->rsa_sha2);
}

static bool set_preferences(struct ssh_session *s, const char *list)
{
    return libssh2_session_method_pref(s->ssh, LIBSSH2_METHOD_KEX, KEX) == 0 && libssh2_session_method_pref(s->ssh, LIBSSH2_METHOD_HOSTKEY, list) == 0 &&
           libssh2_session_method_pref(s->ssh, LIBSSH2_METHOD_CRYPT_CS, CIPHERS) == 0 && libssh2_session_method_pref(s->ssh, LIBSSH2_METHOD_CRYPT_SC, CIPHERS) == 0 &&
           libssh2_session_method_pref(s->ssh, LIBSSH2_METHOD_MAC_CS, MACS) == 0 && libssh2_session_method_pref(s->ssh, LIBSSH2_METHOD_MAC_SC, MACS) == 0;
}

/* --- why it failed --------------------------------------------------------------------------------------------------- */

/* Does it offer RSA keys, and nothing else that could be used, in the one form that libssh2 1.10 does not know? */
static bool only_rsa_sha2(const struct ssh_session *s, unsigned wanted)
{
    struct buf mine = BUF_INIT(1024);
    add_types(&mine, wanted, s->rsa_sha2);
    bool none = !ssh_lists_meet(s->offer.host_keys, buf_str(&mine));
    buf_clear(&mine);
    return none && (ssh_list_has(s->offer.host_keys, "rsa-sha2-512") || ssh_list_has(s->offer.host_keys, "rsa-sha2-256"));
}

static void fail_host_keys(struct ssh_session *s)
{
    if (only_rsa_sha2(s, ALL_TYPES))
        probe_fail(s->ctx, REASON_ONLY_RSA_HOST_KEY, "%s offers only %.*s", s->peer.text, DETAIL_LIST, s->offer.host_keys);
    else if (s->known.types == KNOWN_RSA && only_rsa_sha2(s, KNOWN_RSA))
        probe_fail(s->ctx, REASON_ONLY_RSA_HOST_KEY, "known_hosts knows %s by an RSA key only, but it has others (%.*s): trust one of those", s->peer.text, DETAIL_LIST, s->offer.host_keys);
    else if (s->known.types & ALL_TYPES)
        probe_fail(s->ctx, REASON_HOST_KEY_CHANGED, "%s no longer offers a key of the kind that known_hosts has, but %.*s", s->peer.text, DETAIL_LIST, s->offer.host_keys);
    else
        probe_fail(s->ctx, REASON_NO_COMMON_ALGORITHM, "host keys: %s offers only %.*s", s->peer.text, DETAIL_LIST, s->offer.host_keys);
}

static void fail_exchange(struct ssh_session *s, const char *mine)
{
    const struct { const char *what, *ours, *theirs; } lists[] = {
        { "key exchange", KEX, s->offer.kex }, { "ciphers", CIPHERS, s->offer.ciphers }, { "integrity", MACS, s->offer.macs },
    };
    if (s->offer.complete && !ssh_lists_meet(mine, s->offer.host_keys)) {
        fail_host_keys(s);
        return;
    }
    for (size_t i = 0; i < N_ELEMENTS(lists) && s->offer.complete; i++)
        if (!ssh_lists_meet(lists[i].ours, lists[i].theirs)) {
            probe_fail(s->ctx, REASON_NO_COMMON_ALGORITHM, "%s: %s offers only %.*s", lists[i].what, s->peer.text, DETAIL_LIST, lists[i].theirs);
            return;
        }
    if (s->lost)
        ssh_fail_wire(s, "during the key exchange");
    else
        probe_fail(s->ctx, REASON_MALFORMED, "the key exchange with %s failed (libssh2 error %d)", s->peer.text, libssh2_session_last_errno(s->ssh));
}

/* The first line of what it said instead of an SSH greeting, printable only. */
static void first_words(const struct ssh_session *s, char out[81])
{
    size_t n = 0;
    while (n < s->greeting_len && n < 80 && s->greeting[n] != '\r' && s->greeting[n] != '\n') {
        out[n] = s->greeting[n] >= 0x20 && s->greeting[n] < 0x7f ? (char)s->greeting[n] : '?';
        n++;
    }
    out[n] = '\0';
}

static void fail_handshake(struct ssh_session *s, int rc, const char *mine)
{
    char words[81];
    first_words(s, words);
    ssh_offer_parse(s->greeting, s->greeting_len, &s->offer);
    bool old = strncmp(s->offer.banner, "SSH-1.", 6) == 0 && strncmp(s->offer.banner, "SSH-1.99", 8) != 0;
    if (old)
        probe_fail(s->ctx, REASON_NO_COMMON_ALGORITHM, "%s speaks only version 1 of SSH (%s)", s->peer.text, s->offer.banner);
    else if (s->offer.complete && !s->timed_out)
        fail_exchange(s, mine);
    else if (s->timed_out || s->flooded || s->received == 0)
        ssh_fail_wire(s, s->offer.banner[0] ? "during the key exchange" : "before its greeting");
    else if (!s->offer.banner[0] && (rc == LIBSSH2_ERROR_BANNER_RECV || s->lost))
        probe_fail(s->ctx, REASON_MALFORMED, "%s does not speak SSH; it said: %s", s->peer.text, words);
    else if (s->lost)
        ssh_fail_wire(s, "during the key exchange");
    else
        probe_fail(s->ctx, REASON_MALFORMED, "the key exchange with %s failed (libssh2 error %d)", s->peer.text, rc);
}

/* --- who it is ------------------------------------------------------------------------------------------------------- */

static bool judge(struct ssh_session *s, const char *name, const char *algorithm)
{
    switch (s->known.verdict) {
    case KNOWN_OK:
        return true;
    case KNOWN_CHANGED:
        probe_fail(s->ctx, REASON_HOST_KEY_CHANGED, "%s shows another %s key than known_hosts has", name, algorithm);
        return false;
    case KNOWN_REVOKED:
        probe_fail(s->ctx, REASON_HOST_KEY_REVOKED, "%s shows a %s key that known_hosts marks as revoked", name, algorithm);
        return false;
    case KNOWN_UNKNOWN:
        break;
    }
    if (is_strict(s)) {
        probe_fail(s->ctx, REASON_HOST_KEY_UNKNOWN, "%s shows a %s key; known_hosts has none%s", name, algorithm,
                   s->known.authority ? " (a certificate authority for it is there, which is not used here)" : "");
        return false;
    }
    s->no_password = true;
    return true;
}

static bool check_host_key(struct ssh_session *s)
{
    size_t len = 0;
    int type = 0;
    char algorithm[SSH_TYPE_MAX];
    const char *blob = libssh2_session_hostkey(s->ssh, &len, &type);
    struct buf name = BUF_INIT(512);
    ssh_blob_type(blob, blob ? len : 0, algorithm);
    if (!blob || !algorithm[0]) {
        probe_fail(s->ctx, REASON_MALFORMED, "%s shows no host key", s->peer.text);
        return false;
    }
    look_up(s, blob, len);
    known_hosts_name(job_get(probe_job(s->ctx), "host"), s->peer.port, &name);
    /* For `trust`, a key of a further kind is new, not changed. */
    enum known_verdict shown = ssh_is_trust(s) && s->known.other_kind ? KNOWN_UNKNOWN : s->known.verdict;
    probe_peer(s->ctx, "ssh-hostkey", buf_str(&name), algorithm, blob, len, known_verdict_name(shown));
    bool good = ssh_is_trust(s) || judge(s, buf_str(&name), algorithm);
    buf_clear(&name);
    return good;
}

bool ssh_handshake(struct ssh_session *s)
{
    struct buf mine = BUF_INIT(1024);
    int rc;
    bool good = false;
    s->rsa_sha2 = supports(s, LIBSSH2_METHOD_HOSTKEY, "rsa-sha2-512");
    look_up(s, NULL, 0);
    choose_host_keys(s, &mine);
    if (!set_preferences(s, buf_str(&mine))) {
        probe_fail(s->ctx, REASON_INTERNAL, "libssh2 takes none of the algorithms %s", buf_str(&mine));
        goto out;
    }
    ssh_asked(s, "SSH key exchange");
    int64_t by = ssh_answer_by(s);
    size_t before = s->received;
    do {
        rc = libssh2_session_handshake(s->ssh, s->fd);
        if (s->received != before)   /* as long as it goes on talking, up to the deadline and the limit of bytes */
            by = ssh_answer_by(s);
        before = s->received;
    } while (rc == LIBSSH2_ERROR_EAGAIN && ssh_wait(s, by));
    if (rc == 0)
        ssh_offer_parse(s->greeting, s->greeting_len, &s->offer);
    else
        fail_handshake(s, rc, buf_str(&mine));
    good = rc == 0 && check_host_key(s);
out:
    buf_clear(&mine);
    return good;
}
