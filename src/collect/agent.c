/* The ssh-agent protocol, as far as logging in needs it: draft-miller-ssh-agent sections 4.4 and 4.5. Parent only. */
#include "collect/agent.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"

#define AGENT_REQUEST_IDENTITIES 11
#define AGENT_IDENTITIES_ANSWER 12
#define AGENT_SIGN_REQUEST 13
#define AGENT_SIGN_RESPONSE 14
#define AGENT_MESSAGE_MAX (256 * 1024)
#define AGENT_WAIT_MS 15000          /* the user may have to confirm */
#define USERAUTH_REQUEST 50
#define RSA_SHA2_256 2U
#define RSA_SHA2_512 4U

void agent_keys_clear(struct agent_keys *k)
{
    for (size_t i = 0; i < k->n; i++)
        free(k->v[i].blob);
    k->n = 0;
}

static int agent_connect(const char *path)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    if (path == NULL || *path == '\0' || strlen(path) >= sizeof to.sun_path)
        return ERR_NOT_FOUND;
    memcpy(to.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        return ERR_NOT_FOUND;
    }
    return fd;
}

/* Moves all of p in one direction before until. */
static bool agent_move(int fd, uint8_t *p, size_t len, bool out, int64_t until)
{
    while (len > 0) {
        int64_t left = until - clock_mono_ms();
        struct pollfd ready = { .fd = fd, .events = out ? POLLOUT : POLLIN };
        if (left <= 0 || (poll(&ready, 1, (int)left) < 0 && errno != EINTR))
            return false;
        if (ready.revents == 0)
            continue;
        ssize_t n = out ? send(fd, p, len, MSG_NOSIGNAL) : recv(fd, p, len, 0);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            return false;
        p += n;
        len -= (size_t)n;
    }
    return true;
}

/* One question and its answer (type and contents, without the length), in a buffer of the caller. */
static int agent_ask(const char *path, const struct buf *question, struct buf *answer)
{
    int fd = agent_connect(path);
    if (fd < 0)
        return fd;
    int64_t until = clock_mono_ms() + AGENT_WAIT_MS;
    struct buf framed = BUF_INIT(AGENT_MESSAGE_MAX);
    buf_put_bytes(&framed, question->data, question->len);
    uint8_t head[4];
    size_t len = 0;
    bool fine = !framed.overflow && agent_move(fd, (uint8_t *)framed.data, framed.len, true, until) && agent_move(fd, head, sizeof head, false, until);
    if (fine) {
        struct reader r;
        reader_init(&r, head, sizeof head);
        len = reader_u32(&r);
        fine = len > 0 && len <= AGENT_MESSAGE_MAX;
    }
    if (fine) {
        uint8_t *bytes = xmalloc(len);
        fine = agent_move(fd, bytes, len, false, until);
        if (fine)
            buf_append(answer, bytes, len);
        free(bytes);
    }
    buf_clear(&framed);
    close(fd);
    return fine && !answer->overflow ? 0 : ERR_NOT_FOUND;
}

void agent_list(const char *path, struct agent_keys *out)
{
    *out = (struct agent_keys){ .n = 0 };
    struct buf question = BUF_INIT(16), answer = BUF_INIT(AGENT_MESSAGE_MAX);
    buf_put_u8(&question, AGENT_REQUEST_IDENTITIES);
    struct reader r;
    reader_init(&r, "", 0);
    uint32_t n = 0;
    if (agent_ask(path, &question, &answer) == 0) {
        reader_init(&r, answer.data, answer.len);
        n = reader_u8(&r) == AGENT_IDENTITIES_ANSWER ? reader_u32(&r) : 0;
    }
    for (uint32_t i = 0; i < n && i < AGENT_MAX_KEYS; i++) {
        size_t len = 0, comment = 0;
        const uint8_t *blob = reader_bytes(&r, &len);
        reader_bytes(&r, &comment);
        if (r.bad || len == 0)
            break;
        out->v[out->n].blob = xmalloc(len);
        memcpy(out->v[out->n].blob, blob, len);
        out->v[out->n++].len = len;
    }
    buf_clear(&question);
    buf_clear(&answer);
}

int agent_sign(const char *path, const uint8_t *key, size_t key_len, const uint8_t *data, size_t data_len, uint32_t flags, struct buf *out)
{
    struct buf question = BUF_INIT(AGENT_MESSAGE_MAX), answer = BUF_INIT(AGENT_MESSAGE_MAX);
    buf_put_u8(&question, AGENT_SIGN_REQUEST);
    buf_put_bytes(&question, key, key_len);
    buf_put_bytes(&question, data, data_len);
    buf_put_u32(&question, flags);
    int err = question.overflow ? ERR_LIMIT : agent_ask(path, &question, &answer);
    if (err == 0) {
        struct reader r;
        size_t len = 0;
        reader_init(&r, answer.data, answer.len);
        bool signature = reader_u8(&r) == AGENT_SIGN_RESPONSE;
        const uint8_t *blob = reader_bytes(&r, &len);
        if (signature && !r.bad && len > 0)
            buf_append(out, blob, len);
        else
            err = ERR_NOT_FOUND;
    }
    buf_clear(&question);
    buf_clear(&answer);
    return err;
}

static bool bytes_are(const uint8_t *p, size_t len, const char *text)
{
    return p != NULL && len == strlen(text) && memcmp(p, text, len) == 0;
}

/* An RSA key (named ssh-rsa in its blob) signs as the flags say; every other key has one algorithm, its own name. */
static bool algorithm_fits(const uint8_t *algorithm, size_t len, const uint8_t *key, size_t key_len, uint32_t flags)
{
    struct reader r;
    size_t type_len = 0;
    reader_init(&r, key, key_len);
    const uint8_t *type = reader_bytes(&r, &type_len);
    if (r.bad || type_len == 0)
        return false;
    if (!bytes_are(type, type_len, "ssh-rsa"))
        return flags == 0 && len == type_len && memcmp(algorithm, type, len) == 0;
    if (flags == RSA_SHA2_512)
        return bytes_are(algorithm, len, "rsa-sha2-512");
    if (flags == RSA_SHA2_256)
        return bytes_are(algorithm, len, "rsa-sha2-256");
    return false;                    /* SHA-1: no server that we log in to needs it */
}

/* The request's key is the job's, byte for byte; or, for RSA, with the algorithm's name in place of the key's type: libssh2 before 1.11
 * has one name for both, and servers that take it compare the numbers behind. */
static bool key_fits(const uint8_t *blob, size_t blob_len, const uint8_t *key, size_t key_len, const uint8_t *algorithm, size_t algorithm_len)
{
    if (blob_len == key_len && memcmp(blob, key, key_len) == 0)
        return true;
    struct reader b, k;
    size_t b_type_len = 0, k_type_len = 0;
    reader_init(&b, blob, blob_len);
    reader_init(&k, key, key_len);
    const uint8_t *b_type = reader_bytes(&b, &b_type_len), *k_type = reader_bytes(&k, &k_type_len);
    if (b.bad || k.bad || !bytes_are(k_type, k_type_len, "ssh-rsa") || b_type_len != algorithm_len || memcmp(b_type, algorithm, algorithm_len) != 0)
        return false;
    return reader_left(&b) == reader_left(&k) && memcmp(b.p + b.pos, k.p + k.pos, reader_left(&k)) == 0;
}

bool agent_request_ok(const uint8_t *data, size_t len, const char *user, const uint8_t *key, size_t key_len, uint32_t flags)
{
    struct reader r;
    size_t session_len = 0, user_len = 0, service_len = 0, method_len = 0, algorithm_len = 0, blob_len = 0;
    reader_init(&r, data, len);
    reader_bytes(&r, &session_len);
    bool message = reader_u8(&r) == USERAUTH_REQUEST;
    const uint8_t *who = reader_bytes(&r, &user_len);
    const uint8_t *service = reader_bytes(&r, &service_len);
    const uint8_t *method = reader_bytes(&r, &method_len);
    bool has_signature = reader_u8(&r) == 1;
    const uint8_t *algorithm = reader_bytes(&r, &algorithm_len);
    const uint8_t *blob = reader_bytes(&r, &blob_len);
    if (r.bad || reader_left(&r) != 0 || !message || !has_signature || session_len < 20 || session_len > 64)
        return false;
    return bytes_are(who, user_len, user) && bytes_are(service, service_len, "ssh-connection") && bytes_are(method, method_len, "publickey") &&
           key_fits(blob, blob_len, key, key_len, algorithm, algorithm_len) && algorithm_fits(algorithm, algorithm_len, key, key_len, flags);
}
