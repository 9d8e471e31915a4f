/* Control messages: explicit bytes, never structs, in one packet each. Used by parent and zygote. */
#include "fact/control.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/buf.h"

#define CONTROL_BYTES 64

void control_init(struct control_msg *m, enum control_kind kind, uint32_t job)
{
    *m = (struct control_msg){ .kind = kind, .job = job };
    for (int i = 0; i < CONTROL_FDS; i++)
        m->fd[i] = -1;
}

void control_close_fds(struct control_msg *m)
{
    for (int i = 0; i < CONTROL_FDS; i++) {
        if (m->fd[i] >= 0)
            close(m->fd[i]);
        m->fd[i] = -1;
    }
}

/* The descriptors travel in order; a bit for each says which are there. */
static uint8_t fds_present(const struct control_msg *m, int *fds, size_t *n)
{
    unsigned present = 0;
    *n = 0;
    for (int i = 0; i < CONTROL_FDS; i++) {
        if (m->fd[i] < 0)
            continue;
        present |= 1U << i;
        fds[(*n)++] = m->fd[i];
    }
    return (uint8_t)present;
}

int control_send(int fd, const struct control_msg *m)
{
    int fds[CONTROL_FDS];
    size_t n_fds = 0;
    struct buf b = BUF_INIT(CONTROL_BYTES);
    buf_put_u8(&b, (uint8_t)m->kind);
    buf_put_u32(&b, m->job);
    buf_put_u8(&b, fds_present(m, fds, &n_fds));
    buf_put_u32(&b, (uint32_t)m->status);
    buf_put_u64(&b, (uint64_t)m->cpu_us);
    buf_put_u64(&b, (uint64_t)m->maxrss_kib);

    union { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof fds)]; } control;
    memset(&control, 0, sizeof control);
    struct iovec iov = { .iov_base = b.data, .iov_len = b.len };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
    if (n_fds > 0) {
        msg.msg_control = control.bytes;
        msg.msg_controllen = CMSG_SPACE(n_fds * sizeof fds[0]);
        struct cmsghdr *c = &control.head;
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(n_fds * sizeof fds[0]);
        memcpy(CMSG_DATA(c), fds, n_fds * sizeof fds[0]);
    }
    ssize_t sent;
    do
        sent = sendmsg(fd, &msg, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    int err = sent < 0 ? -errno : 0;
    buf_clear(&b);
    return err;
}

/* Takes every descriptor of the packet; more than were promised are closed by the caller's check. */
static size_t fds_received(struct msghdr *msg, int fds[CONTROL_FDS])
{
    size_t n = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS || c->cmsg_len < CMSG_LEN(0))
            continue;
        size_t here = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int one;
            memcpy(&one, CMSG_DATA(c) + i * sizeof one, sizeof one);
            if (n < CONTROL_FDS)
                fds[n++] = one;
            else
                close(one);
        }
    }
    return n;
}

static int control_decode(const uint8_t *p, size_t len, const int *fds, size_t n_fds, struct control_msg *out)
{
    struct reader r;
    reader_init(&r, p, len);
    unsigned kind = reader_u8(&r);
    uint32_t job = reader_u32(&r);
    unsigned present = reader_u8(&r);
    control_init(out, (enum control_kind)kind, job);
    out->status = (int)reader_u32(&r);
    out->cpu_us = (int64_t)reader_u64(&r);
    out->maxrss_kib = (int64_t)reader_u64(&r);
    size_t used = 0;
    for (int i = 0; i < CONTROL_FDS && used < n_fds; i++)
        if (present & (1U << i))
            out->fd[i] = fds[used++];
    unsigned needed = (1U << CONTROL_FD_EVIDENCE) - 1U;
    bool fds_right = kind == CONTROL_START ? (present & needed) == needed : present == 0;
    if (r.bad || reader_left(&r) != 0 || kind < CONTROL_START || kind > CONTROL_EXIT || !fds_right ||
        (size_t)__builtin_popcount(present) != n_fds) {
        for (size_t i = used; i < n_fds; i++)
            close(fds[i]);
        control_close_fds(out);
        return ERR_FORMAT;
    }
    return 1;
}

int control_recv(int fd, struct control_msg *out)
{
    uint8_t bytes[CONTROL_BYTES];
    int fds[CONTROL_FDS];
    union { struct cmsghdr head; char bytes[CMSG_SPACE(sizeof fds)]; } control;
    struct iovec iov = { .iov_base = bytes, .iov_len = sizeof bytes };
    struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes };
    control_init(out, CONTROL_KILL, 0);
    ssize_t got;
    do
        got = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == ECONNRESET ? 0 : -errno;
    size_t n_fds = fds_received(&msg, fds);
    if (got == 0) {
        for (size_t i = 0; i < n_fds; i++)
            close(fds[i]);
        return 0;
    }
    return control_decode(bytes, (size_t)got, fds, n_fds, out);
}
