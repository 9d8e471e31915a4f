/* Logging in: agent's keys, the credential's key, then one password, by whichever way the server offers. Runs in a worker after the
 * host key was judged. A password is sent once at most: a second try, even the same by another method, can lock an account. */
#include "worker/ssh_internal.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

#define AGENT_KEYS_MAX 4             /* servers end the connection after six refusals, hardened ones after four */
#define AGENT_RSA_SHA2_256 2U
#define AGENT_RSA_SHA2_512 4U
#define SIGNATURE_MAX 65536
#define PROMPT_MAX 200

enum outcome { NEXT, IN, ENDED };    /* try the next thing; logged in; said why it ends */

struct login {
    struct ssh_session *s;
    int keys_offered, keys_refused;
    const char *key_problem;         /* why a key of the credential could not be used */
    bool signed_in_vain;             /* a key was accepted and signed with, and yet we are not in: a second factor is asked for */
};

/* --- which methods --------------------------------------------------------------------------------------------------- */

static bool wire_broken(const struct ssh_session *s)
{
    return s->lost || s->timed_out || s->flooded || s->stop;
}

/* Asks with "none", as every client does. */
static enum outcome ask_methods(struct ssh_session *s)
{
    int64_t by = ssh_answer_by(s);
    char *list;
    int rc;
    ssh_asked(s, "SSH: which ways to log in are there for this user (\"none\")");
    do {
        list = libssh2_userauth_list(s->ssh, s->user, (unsigned)strlen(s->user));
        rc = list ? 0 : libssh2_session_last_errno(s->ssh);
    } while (rc == LIBSSH2_ERROR_EAGAIN && ssh_wait(s, by));
    if (list) {
        snprintf(s->methods, sizeof(s->methods), "%s", list);
        for (char *c = s->methods; *c; c++)
            if (*c < 0x20 || *c > 0x7e)
                *c = '?';
        return NEXT;
    }
    if (libssh2_userauth_authenticated(s->ssh))
        return IN;
    ssh_fail_wire(s, "when it was asked for ways to log in");
    return ENDED;
}

/* --- keys ------------------------------------------------------------------------------------------------------------ */

/* One key as the sign callback needs it. */
struct signer {
    struct ssh_session *s;
    const struct ssh_key *key;       /* NULL: the agent's */
    const uint8_t *blob; size_t blob_len;
    bool asked;                      /* the server accepted the key and wants a signature */
    bool failed;                     /* which could not be made */
};

/* The algorithm that the request to be signed names (RFC 4252, section 7). */
static bool request_algorithm(const uint8_t *data, size_t len, char out[SSH_TYPE_MAX])
{
    struct reader r;
    size_t n;
    reader_init(&r, data, len);
    (void)reader_bytes(&r, &n);      /* session id */
    (void)reader_u8(&r);
    for (int i = 0; i < 3; i++)      /* user, service, "publickey" */
        (void)reader_bytes(&r, &n);
    (void)reader_u8(&r);
    out[0] = '\0';
    if (!r.bad)
        ssh_blob_type(r.p + r.pos, r.len - r.pos, out);
    return out[0] != '\0';
}

/* An agent's answer is a whole signature blob: algorithm, then the signature. */
static int agent_sign(struct signer *k, const char *algorithm, const uint8_t *data, size_t len, struct buf *sig)
{
    struct buf blob = BUF_INIT(SIGNATURE_MAX);
    struct reader r;
    size_t n = 0;
    char type[SSH_TYPE_MAX];
    uint32_t flags = strcmp(algorithm, "rsa-sha2-512") == 0 ? AGENT_RSA_SHA2_512 : strcmp(algorithm, "rsa-sha2-256") == 0 ? AGENT_RSA_SHA2_256 : 0;
    int rc = probe_sign(k->s->ctx, k->blob, k->blob_len, data, len, flags, &blob);
    if (rc == 0) {
        ssh_blob_type(blob.data, blob.len, type);
        reader_init(&r, blob.data, blob.len);
        (void)reader_bytes(&r, &n);
        const uint8_t *p = reader_bytes(&r, &n);
        if (p && strcmp(type, algorithm) == 0)
            buf_append(sig, p, n);
        else
            rc = ERR_FORMAT;
    }
    buf_clear(&blob);
    return rc;
}

static LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC(sign_request)
{
    struct signer *k = *abstract;
    struct buf out = BUF_INIT(SIGNATURE_MAX);
    char algorithm[SSH_TYPE_MAX];
    (void)session;
    k->asked = true;
    if (!request_algorithm(data, data_len, algorithm))
        return -1;
    int rc = k->key ? ssh_key_sign(k->key, algorithm, data, data_len, &out) : agent_sign(k, algorithm, data, data_len, &out);
    k->failed = rc != 0;
    *sig_len = out.len;
    *sig = rc == 0 ? malloc(out.len) : NULL;             /* libssh2 frees it through our own function */
    if (*sig)
        memcpy(*sig, out.data, out.len);
    buf_clear(&out);
    return *sig ? 0 : -1;
}

/* Offers the key under one algorithm. The key type in the blob is that algorithm's name: libssh2 1.10 sends it for both. */
static enum outcome offer_as(struct login *l, struct signer *k, const char *algorithm)
{
    struct ssh_session *s = l->s;
    struct buf blob = BUF_INIT(SIGNATURE_MAX);
    void *abstract = k;
    int rc;
    ssh_blob_retype(k->blob, k->blob_len, algorithm, &blob);
    k->asked = k->failed = false;
    int64_t by = ssh_answer_by(s);
    ssh_asked(s, "SSH login as %s with a key (%s%s)", s->user, algorithm, k->key ? "" : ", agent");
    SSH_RETRY(s, by, rc, libssh2_userauth_publickey(s->ssh, s->user, (const unsigned char *)buf_str(&blob), blob.len, sign_request, &abstract));
    buf_clear(&blob);
    if (rc == 0)
        return IN;
    if (wire_broken(s) && (s->timed_out || s->flooded || l->keys_offered == 0)) {
        ssh_fail_wire(s, "during the login");
        return ENDED;
    }
    l->keys_refused++;
    l->signed_in_vain = l->signed_in_vain || (k->asked && !k->failed);
    if (k->failed)
        l->key_problem = "the server takes a key, but the agent gave no signature for it: is it locked, or was it not confirmed?";
    if (!wire_broken(s))
        return NEXT;
    probe_fail(s->ctx, REASON_KEY_REFUSED, "%s refused %d keys for %s and ended the connection", s->peer.text, l->keys_refused, s->user);
    return ENDED;
}

/* The version behind "OpenSSH_" as 100 * major + minor; 0 for other servers. */
static int openssh_version(const struct ssh_session *s)
{
    const char *at = strstr(s->offer.banner, "OpenSSH_");
    int major = 0, minor = 0;
    if (!at || sscanf(at + strlen("OpenSSH_"), "%4d.%4d", &major, &minor) != 2)
        return 0;
    return 100 * major + minor;
}

/* RSA: SHA-2 where the server knows it. libssh2 1.10 cannot name algorithm and key type apart: OpenSSH takes the algorithm's name for both
 * (7.2 and later), dropbear does not, and knows only SHA-1 from us. */
static enum outcome offer_rsa(struct login *l, struct signer *k)
{
    int version = openssh_version(l->s);
    bool dropbear = strstr(l->s->offer.banner, "dropbear") != NULL;
    bool old = dropbear || (version > 0 && version < 702);
    if (l->s->rsa_sha2)
        return offer_as(l, k, "ssh-rsa");
    enum outcome o = old ? NEXT : offer_as(l, k, "rsa-sha2-512");
    if (o != NEXT || (version >= 702 && !dropbear) || k->asked)
        return o;
    if (k->key)
        return offer_as(l, k, "ssh-rsa");
    l->key_problem = "an RSA key of the agent is of use only with servers that take SHA-2 signatures of it: give the agent an Ed25519 key";
    return NEXT;                     /* the parent lets the agent sign nothing with SHA-1 */
}

static enum outcome offer_key(struct login *l, struct signer *k)
{
    static const char *const plain[] = { "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521" };
    char type[SSH_TYPE_MAX];
    enum outcome o = NEXT;
    ssh_blob_type(k->blob, k->blob_len, type);
    if (strcmp(type, "ssh-rsa") == 0) {
        o = offer_rsa(l, k);
        l->keys_offered++;
    }
    for (size_t i = 0; i < N_ELEMENTS(plain); i++)       /* others, such as certificates and tokens, libssh2 cannot present */
        if (strcmp(type, plain[i]) == 0) {
            o = offer_as(l, k, type);
            l->keys_offered++;
        }
    return o;
}

static enum outcome try_keys(struct login *l)
{
    const struct job *job = probe_job(l->s->ctx);
    size_t cursor = 0, len = 0;
    const void *p;
    enum outcome o = NEXT;
    while (o == NEXT && l->keys_offered < AGENT_KEYS_MAX && (p = job_next_bytes(job, "ssh.agent_key", &cursor, &len)) != NULL) {
        struct signer k = { .s = l->s, .blob = p, .blob_len = len };
        o = offer_key(l, &k);
    }
    p = job_get_bytes(job, "ssh.key", &len);
    if (o != NEXT || !p)
        return o;
    if (!l->s->key && ssh_key_parse(p, len, job_get(job, "ssh.passphrase"), &l->s->key, &l->key_problem) != 0)
        return NEXT;
    struct signer k = { .s = l->s, .key = l->s->key };
    k.blob = ssh_key_blob(l->s->key, &k.blob_len);
    return offer_key(l, &k);
}

/* --- the password, once ---------------------------------------------------------------------------------------------- */

static enum outcome wrong_password(struct ssh_session *s)
{
    probe_fail(s->ctx, REASON_WRONG_PASSWORD, "%s refused the password for %s; it was tried once", s->peer.text, s->user);
    return ENDED;
}

static enum outcome try_password(struct ssh_session *s, const char *password)
{
    int rc;
    int64_t by = ssh_answer_by(s);
    ssh_asked(s, "SSH login as %s with a password", s->user);
    SSH_RETRY(s, by, rc, libssh2_userauth_password_ex(s->ssh, s->user, (unsigned)strlen(s->user), password, (unsigned)strlen(password), NULL));
    if (rc == 0)
        return IN;
    if (rc == LIBSSH2_ERROR_PASSWORD_EXPIRED) {
        s->stop = true;
        probe_fail(s->ctx, REASON_ACCESS_DENIED, "the password of %s has expired and must be changed by its owner", s->user);
        return ENDED;
    }
    /* A server that hangs up on the password has refused it too: whoever doubts must not try again. */
    if (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED || s->lost)
        return wrong_password(s);
    ssh_fail_wire(s, "during the login");
    return ENDED;
}

/* The conversation of keyboard-interactive. */
struct talk {
    const char *password;
    int rounds;                      /* with prompts */
    bool answered;
    char prompt[PROMPT_MAX];         /* what was asked that we do not answer */
};

static void refuse(struct ssh_session *s, struct talk *t, const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompt)
{
    size_t n = prompt->text && prompt->length < PROMPT_MAX - 1 ? prompt->length : prompt->text ? PROMPT_MAX - 1 : 0;
    for (size_t i = 0; i < n; i++)
        t->prompt[i] = prompt->text[i] >= 0x20 && prompt->text[i] < 0x7f ? prompt->text[i] : ' ';
    t->prompt[n] = '\0';
    s->stop = true;                  /* not even an empty answer goes out: it would count as a try */
}

static LIBSSH2_USERAUTH_KBDINT_RESPONSE_FUNC(answer_prompts)
{
    struct ssh_session *s = *abstract;
    struct talk *t = s->talk;
    (void)name; (void)name_len; (void)instruction; (void)instruction_len;
    if (num_prompts <= 0)            /* words only */
        return;
    t->rounds++;
    if (t->rounds > 1 || num_prompts != 1 || prompts[0].echo) {
        refuse(s, t, &prompts[0]);
        return;
    }
    responses[0].text = strdup(t->password);
    responses[0].length = responses[0].text ? (unsigned)strlen(t->password) : 0;
    t->answered = true;
}

static bool mentions(const char *prompt, const char *const *words, size_t n)
{
    char *low = xstrdup(prompt);
    bool found = false;
    text_lower_ascii(low);
    for (size_t i = 0; i < n; i++)
        found = found || strstr(low, words[i]) != NULL;
    free(low);
    return found;
}

static enum outcome fail_talk(struct ssh_session *s, const struct talk *t)
{
    static const char *const change[] = { "new ", "change", "expired", "retype" };
    static const char *const second[] = { "code", "otp", "token", "factor", "duo", "verification", "challenge", "passcode", "option" };
    if (t->prompt[0] && mentions(t->prompt, second, N_ELEMENTS(second)))
        probe_fail(s->ctx, REASON_NO_AUTH_METHOD, "%s asks for a second factor (\"%s\"): give a key to this credential", s->peer.text, t->prompt);
    else if (t->answered && t->prompt[0] && mentions(t->prompt, change, N_ELEMENTS(change)))
        probe_fail(s->ctx, REASON_ACCESS_DENIED, "the password of %s has expired and must be changed by its owner", s->user);
    else if (!t->answered && s->stop)
        probe_fail(s->ctx, REASON_NO_AUTH_METHOD, "%s asks more than a password (\"%s\"): nothing was answered", s->peer.text, t->prompt);
    else if (t->answered && (!wire_broken(s) || s->stop || s->lost))
        return wrong_password(s);
    else if (!wire_broken(s))
        probe_fail(s->ctx, REASON_NO_AUTH_METHOD, "%s offers keyboard-interactive for %s, but asked nothing", s->peer.text, s->user);
    else
        ssh_fail_wire(s, "during the login");
    return ENDED;
}

static enum outcome try_talk(struct ssh_session *s, const char *password)
{
    struct talk t = { .password = password };
    int rc;
    int64_t by = ssh_answer_by(s);
    s->talk = &t;
    ssh_asked(s, "SSH login as %s with a password (keyboard-interactive)", s->user);
    SSH_RETRY(s, by, rc, libssh2_userauth_keyboard_interactive_ex(s->ssh, s->user, (unsigned)strlen(s->user), answer_prompts));
    s->talk = NULL;
    return rc == 0 ? IN : fail_talk(s, &t);
}

/* --- together -------------------------------------------------------------------------------------------------------- */

static bool fail_login(const struct login *l)
{
    const struct ssh_session *s = l->s;
    const struct job *job = probe_job(s->ctx);
    bool password = job_get(job, "ssh.password") != NULL;
    const char *held = password && s->no_password ? "; no password is shown to a host whose key is new" : "";
    if (l->signed_in_vain)
        probe_fail(s->ctx, REASON_KEY_REFUSED, "%s accepts a key of %s, but wants more or distrusts its signature (it now offers: %s)%s", s->peer.text, s->user, s->methods, held);
    else if (l->key_problem)
        probe_fail(s->ctx, l->keys_refused ? REASON_KEY_REFUSED : REASON_SECRET_UNAVAILABLE, "%s%s", l->key_problem, held);
    else if (l->keys_refused > 0)
        probe_fail(s->ctx, REASON_KEY_REFUSED, "%s takes none of the keys for %s (%d tried)%s", s->peer.text, s->user, l->keys_offered, held);
    else
        probe_fail(s->ctx, REASON_NO_AUTH_METHOD, "%s offers %s for %s%s", s->peer.text, s->methods[0] ? s->methods : "nothing", s->user, held);
    return false;
}

bool ssh_login(struct ssh_session *s)
{
    struct login l = { .s = s };
    const char *password = s->no_password ? NULL : job_get(probe_job(s->ctx), "ssh.password");
    if (!s->user || !*s->user) {
        probe_fail(s->ctx, REASON_NO_CREDENTIAL, "the credential names no user");
        return false;
    }
    enum outcome o = ask_methods(s);
    if (o == IN)
        s->without_proof = true;
    if (o == NEXT && ssh_list_has(s->methods, "publickey"))
        o = try_keys(&l);
    if (o == NEXT && l.signed_in_vain && password)       /* perhaps one of two factors: what is asked for now? */
        o = ask_methods(s);
    if (o == NEXT && password && ssh_list_has(s->methods, "password"))
        o = try_password(s, password);
    else if (o == NEXT && password && ssh_list_has(s->methods, "keyboard-interactive"))
        o = try_talk(s, password);
    return o == IN || (o == NEXT && fail_login(&l));
}
