/* Connection, wire and command of an SSH session. Runs in a worker: the connection is made before the lock, the first byte of the
 * target is read after it. All waiting is bounded by the job's timeout and deadline, all receiving by a number of bytes, all
 * of libssh2's memory by the size of one allocation, because its lengths are the server's. */
#include "worker/ssh_internal.h"

#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "worker/sandbox.h"

#define ALLOCATION_MAX ((size_t)8 * 1024 * 1024)
#define BEFORE_LOGIN_MAX ((size_t)512 * 1024)  /* bytes from a server that has not let us in */
#define ERR_MAX 4096
#define DEADLINE_RESERVE_MS 500      /* to hand over what has come */
#define DEFAULT_TIMEOUT_MS 10000
#define CLOSE_MS 1000

void ssh_warm(void)
{
    if (libssh2_init(0) != 0)
        BUG("libssh2_init failed");
}

/* --- memory: what libssh2 frees may be a password ------------------------------------------------------------------------ */

static LIBSSH2_ALLOC_FUNC(wire_alloc)
{
    (void)abstract;
    return count <= ALLOCATION_MAX ? malloc(count) : NULL;
}

static LIBSSH2_FREE_FUNC(wire_free)
{
    (void)abstract;
    if (ptr)
        explicit_bzero(ptr, malloc_usable_size(ptr));
    free(ptr);
}

static LIBSSH2_REALLOC_FUNC(wire_realloc)
{
    void *fresh = wire_alloc(count, abstract);
    if (!fresh || !ptr)
        return fresh;
    size_t old = malloc_usable_size(ptr);
    memcpy(fresh, ptr, old < count ? old : count);
    wire_free(ptr, abstract);
    return fresh;
}

/* --- the wire ------------------------------------------------------------------------------------------------------------ */

static void keep_greeting(struct ssh_session *s, const void *p, size_t n)
{
    size_t room = SSH_GREETING_MAX - s->greeting_len;
    if (n > room)
        n = room;
    memcpy(s->greeting + s->greeting_len, p, n);
    s->greeting_len += n;
}

/* libssh2 wants -errno here. */
static LIBSSH2_RECV_FUNC(wire_recv)
{
    struct ssh_session *s = *abstract;
    if (s->stop || s->flooded)
        return -ECONNABORTED;
    ssize_t n = recv(socket, buffer, length, flags);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return -EAGAIN;
    if (n <= 0) {
        s->lost = true;
        return n == 0 ? 0 : -errno;
    }
    s->received += (size_t)n;
    s->flooded = s->received > s->receive_max;
    keep_greeting(s, buffer, (size_t)n);
    return n;
}

static LIBSSH2_SEND_FUNC(wire_send)
{
    struct ssh_session *s = *abstract;
    if (s->stop)
        return -ECONNABORTED;
    ssize_t n = send(socket, buffer, length, flags | MSG_NOSIGNAL);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return -EAGAIN;
    if (n < 0)
        s->lost = true;
    return n < 0 ? -errno : n;
}

int64_t ssh_answer_by(const struct ssh_session *s)
{
    int64_t left = probe_left_ms(s->ctx) - DEADLINE_RESERVE_MS;
    if (left > s->timeout_ms)
        left = s->timeout_ms;
    return clock_mono_ms() + (left > 0 ? left : 0);
}

bool ssh_wait(struct ssh_session *s, int64_t by)
{
    int64_t left = by - clock_mono_ms();
    if (s->stop || s->lost || s->flooded)
        return false;
    if (left <= 0) {
        s->timed_out = true;
        return false;
    }
    bool out = (libssh2_session_block_directions(s->ssh) & LIBSSH2_SESSION_BLOCK_OUTBOUND) != 0;
    /* Where libssh2 waits to write it may have to read first: it is asked again soon. */
    int rc = net_wait(s->ctx, s->fd, out, out && left > 100 ? 100 : left);
    if (rc < 0)
        s->lost = true;
    return rc >= 0;
}

/* The deadline's usual state is partial. Here nothing has been read yet. */
static void fail_by_deadline(struct ssh_session *s, const char *what)
{
    for (size_t i = 0; i < fact_n_tables; i++)
        if (probe_wants(s->ctx, fact_tables[i]))
            probe_table(s->ctx, fact_tables[i], STATE_FAILED, REASON_TIMEOUT, "%s was too slow %s", s->peer.text, what);
}

void ssh_fail_wire(struct ssh_session *s, const char *what)
{
    if (s->flooded)
        probe_fail(s->ctx, REASON_MALFORMED, "%s sent more than %zu bytes %s", s->peer.text, s->receive_max, what);
    else if (s->timed_out && probe_left_ms(s->ctx) <= DEADLINE_RESERVE_MS)
        fail_by_deadline(s, what);
    else if (s->timed_out)
        probe_fail(s->ctx, REASON_NO_ANSWER, "%s takes connections, but said nothing more %s", s->peer.text, what);
    else
        probe_fail(s->ctx, REASON_CONNECTION_LOST, "%s ended the connection %s", s->peer.text, what);
}

void ssh_asked(struct ssh_session *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *what = xvasprintf(fmt, ap);
    va_end(ap);
    probe_pace(s->ctx);
    probe_asked(s->ctx, s->peer.text, what);
    free(what);
}

/* --- open and close ------------------------------------------------------------------------------------------------------ */

static bool session_make(struct ssh_session *s)
{
    s->ssh = libssh2_session_init_ex(wire_alloc, wire_free, wire_realloc, s);
    if (!s->ssh)
        return false;
    /* libssh2 takes all its callbacks through one pointer to data. */
    union { LIBSSH2_RECV_FUNC((*recv)); LIBSSH2_SEND_FUNC((*send)); void *data; } hook;
    hook.recv = wire_recv;
    libssh2_session_callback_set(s->ssh, LIBSSH2_CALLBACK_RECV, hook.data);
    hook.send = wire_send;
    libssh2_session_callback_set(s->ssh, LIBSSH2_CALLBACK_SEND, hook.data);
    libssh2_session_set_blocking(s->ssh, 0);
    return true;
}

/* The credential's own key is read before anything is asked of anybody, where nothing else could log in: a wrong passphrase is found here. */
static bool key_ready(struct ssh_session *s)
{
    size_t len = 0, cursor = 0, agent_len;
    const struct job *job = probe_job(s->ctx);
    const void *pem = job_get_bytes(job, "ssh.key", &len);
    const char *why = NULL;
    bool other = job_get(job, "ssh.password") || job_next_bytes(job, "ssh.agent_key", &cursor, &agent_len);
    if (!pem || other || ssh_key_parse(pem, len, job_get(job, "ssh.passphrase"), &s->key, &why) == 0)
        return true;
    probe_fail(s->ctx, REASON_SECRET_UNAVAILABLE, "%s", why);
    return false;
}

bool ssh_is_trust(const struct ssh_session *s)
{
    const char *mode = job_get(probe_job(s->ctx), "mode");
    return mode && strcmp(mode, "trust") == 0;
}

int ssh_session_open(struct probe_ctx *ctx, struct ssh_session **out)
{
    struct ssh_session *s = xcalloc(1, sizeof(*s));
    int rc = 0;
    *out = NULL;
    s->ctx = ctx;
    s->fd = -1;
    s->greeting = xmalloc(SSH_GREETING_MAX);
    s->receive_max = BEFORE_LOGIN_MAX;
    s->timeout_ms = job_get_int(probe_job(ctx), "timeout_ms", DEFAULT_TIMEOUT_MS);
    s->user = job_get(probe_job(ctx), "ssh.user");
    bool good = ssh_is_trust(s) || key_ready(s);
    if (good)
        s->fd = net_connect_tcp(ctx, &s->peer);
    good = good && s->fd >= 0;
    if (good)
        rc = sandbox_lock(ctx, SANDBOX_STREAM);
    good = good && rc == 0;
    if (good && !session_make(s)) {
        probe_fail(ctx, REASON_INTERNAL, "libssh2 gives no session");
        good = false;
    }
    good = good && ssh_handshake(s) && !ssh_is_trust(s) && ssh_login(s);
    if (good) {
        *out = s;
        return 0;
    }
    ssh_session_close(s);
    return rc;
}

void ssh_session_close(struct ssh_session *s)
{
    if (!s)
        return;
    if (s->ssh) {
        int rc;
        /* Politeness must not eat what is left of the deadline: rows may still have to be read and sent. */
        int64_t share = probe_left_ms(s->ctx) / 4, by = clock_mono_ms() + (share < CLOSE_MS ? share : CLOSE_MS);
        if (s->fd >= 0 && !s->lost && !s->stop)
            SSH_RETRY(s, by, rc, libssh2_session_disconnect(s->ssh, "done"));
        s->stop = true;              /* what is left to free must not wait for the server */
        do {
            rc = libssh2_session_free(s->ssh);
        } while (rc == LIBSSH2_ERROR_EAGAIN && clock_mono_ms() < by);
    }
    if (s->fd >= 0)
        close(s->fd);
    ssh_key_free(s->key);
    free(s->greeting);
    free(s);
}

const char *ssh_session_peer(const struct ssh_session *s)
{
    return s->peer.text;
}

bool ssh_session_without_proof(const struct ssh_session *s)
{
    return s->without_proof;
}

/* --- one command --------------------------------------------------------------------------------------------------------- */

static bool exec_fail(struct ssh_session *s, int rc, const char *what)
{
    if (s->timed_out || s->lost || s->flooded || rc == LIBSSH2_ERROR_SOCKET_SEND || rc == LIBSSH2_ERROR_SOCKET_DISCONNECT)
        ssh_fail_wire(s, "after the login");
    else
        probe_fail(s->ctx, REASON_COMMAND_FAILED, "%s: ask for an account that may run commands, without ForceCommand or MaxSessions 0", what);
    return false;
}

static bool exec_start(struct ssh_session *s, const char *command, LIBSSH2_CHANNEL **channel)
{
    int64_t by = ssh_answer_by(s);
    int rc;
    do {
        *channel = libssh2_channel_open_session(s->ssh);
        rc = *channel ? 0 : libssh2_session_last_errno(s->ssh);
    } while (rc == LIBSSH2_ERROR_EAGAIN && ssh_wait(s, by));
    if (!*channel)
        return exec_fail(s, rc, "the server lets us log in, but opens no session");
    by = ssh_answer_by(s);
    SSH_RETRY(s, by, rc, libssh2_channel_process_startup(*channel, "exec", 4, command, (unsigned)strlen(command)));
    return rc == 0 || exec_fail(s, rc, "the server lets us log in, but runs no command");
}

/* Takes what both streams hold now. True when something came. */
static bool drain(struct ssh_session *s, LIBSSH2_CHANNEL *channel, struct ssh_result *r)
{
    static char chunk[32768];
    bool any = false;
    for (int stream = 0; stream <= 1; stream++) {
        ssize_t n;
        while ((n = libssh2_channel_read_ex(channel, stream, chunk, sizeof(chunk))) > 0) {
            any = true;
            if (stream == 0 && r->first_at == 0)
                r->first_at = clock_now();
            struct buf *to = stream == 0 ? &r->out : &r->err;
            size_t room = to->max - to->len;
            buf_append(to, chunk, (size_t)n < room ? (size_t)n : room);
            if (stream == 0 && (size_t)n > room) {
                r->cut = REASON_LIMIT;
                return false;
            }
        }
        if (n < 0 && n != LIBSSH2_ERROR_EAGAIN)
            s->lost = true;
    }
    return any;
}

static void send_input(struct ssh_session *s, LIBSSH2_CHANNEL *channel, const char *input, size_t len, struct ssh_result *r, int64_t by)
{
    size_t sent = 0;
    while (sent < len && r->cut == REASON_NONE) {
        ssize_t n = libssh2_channel_write(channel, input + sent, len - sent);
        if (n > 0)
            sent += (size_t)n;
        else if (n != LIBSSH2_ERROR_EAGAIN)
            break;                   /* it reads no further: what it printed says why */
        else if (!drain(s, channel, r) && !ssh_wait(s, by))
            return;
    }
    int rc;
    SSH_RETRY(s, by, rc, libssh2_channel_send_eof(channel));
}

static void read_output(struct ssh_session *s, LIBSSH2_CHANNEL *channel, struct ssh_result *r, int64_t by)
{
    while (r->cut == REASON_NONE && !libssh2_channel_eof(channel)) {
        if (drain(s, channel, r))
            continue;
        if (r->cut != REASON_NONE || libssh2_channel_eof(channel))
            break;
        if (!ssh_wait(s, by))
            r->cut = s->timed_out ? REASON_TIMEOUT : s->flooded ? REASON_LIMIT : REASON_CONNECTION_LOST;
    }
}

static void read_status(struct ssh_session *s, LIBSSH2_CHANNEL *channel, struct ssh_result *r)
{
    int rc;
    int64_t by = ssh_answer_by(s);
    SSH_RETRY(s, by, rc, libssh2_channel_close(channel));
    if (rc == 0)
        SSH_RETRY(s, by, rc, libssh2_channel_wait_closed(channel));
    char *signal = NULL;
    size_t len = 0;
    (void)libssh2_channel_get_exit_signal(channel, &signal, &len, NULL, NULL, NULL, NULL);
    if (signal)
        snprintf(r->signal, sizeof(r->signal), "%.*s", (int)(len < sizeof(r->signal) ? len : sizeof(r->signal) - 1), signal);
    libssh2_free(s->ssh, signal);
    if (rc == 0)
        r->exit = libssh2_channel_get_exit_status(channel);
}

bool ssh_session_exec(struct ssh_session *s, const char *command, const void *input, size_t len, size_t max, struct ssh_result *out)
{
    LIBSSH2_CHANNEL *channel = NULL;
    *out = (struct ssh_result){ .exit = -1 };
    buf_init(&out->out, max);
    buf_init(&out->err, ERR_MAX);
    s->receive_max = s->received + 2 * max + BEFORE_LOGIN_MAX;
    bool started = exec_start(s, command, &channel);
    if (started) {
        int64_t by = clock_mono_ms() + probe_left_ms(s->ctx) - DEADLINE_RESERVE_MS;
        send_input(s, channel, input, len, out, by);
        read_output(s, channel, out, by);
        if (out->cut == REASON_NONE)
            read_status(s, channel, out);
    }
    return started;                  /* the channel goes with the session */
}

void ssh_result_clear(struct ssh_result *r)
{
    buf_clear(&r->out);
    buf_clear(&r->err);
}
