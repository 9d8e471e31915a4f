/* tcp_hostile: a TCP server that misbehaves before any protocol begins. Part of the tests; it listens on 127.0.0.0/8 only.
 *
 * (and, with file:PATH, one that behaves: whatever it is asked, it sends that file and ends)
 *
 *   tcp_hostile ADDRESS MODE     prints the port, then serves one connection after the other until it is ended
 *
 * Modes: silent, close, reset, banner, http, garbage, endless, drip, half (the head of a TLS record and no more), records (TLS records of
 * nonsense), full (nobody is let in: greetings are lost until SIGUSR1, then everybody is). */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILL 16                      /* connections that certainly fill a queue of none */

static volatile sig_atomic_t open_now;

static void on_usr1(int number)
{
    (void)number;
    open_now = 1;
}

static int listen_at(struct sockaddr_in *at, int queue)
{
    socklen_t len = sizeof *at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)at, sizeof *at) != 0 || listen(fd, queue) != 0 || getsockname(fd, (struct sockaddr *)at, &len) != 0)
        return -1;
    printf("%u\n", (unsigned)ntohs(at->sin_port));
    return fd;
}

static bool put(int fd, const void *p, size_t len)
{
    return send(fd, p, len, MSG_NOSIGNAL) > 0;
}

/* Until the other side ends it. */
static void wait_end(int fd)
{
    char rest[4096];

    while (recv(fd, rest, sizeof rest, 0) > 0)
        ;
}

static void send_file(int fd, const char *path)
{
    char bytes[4096];
    FILE *f = recv(fd, bytes, sizeof bytes, 0) > 0 ? fopen(path, "r") : NULL;
    size_t n;

    while (f != NULL && (n = fread(bytes, 1, sizeof bytes, f)) > 0 && put(fd, bytes, n))
        ;
    if (f != NULL)
        fclose(f);
    shutdown(fd, SHUT_WR);
}

static void serve(int fd, const char *mode)
{
    static const char banner[] = "220 mail.clinic.example ESMTP\r\n", http[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    static const char half[] = "\x16\x03\x03\x3f", records[] = "\x16\x03\x03\x00\x10nonsense-nonsens";
    char junk[4096];

    memset(junk, 0xa5, sizeof junk);
    if (strncmp(mode, "file:", 5) == 0)
        send_file(fd, mode + 5);
    else if (strcmp(mode, "banner") == 0)
        put(fd, banner, sizeof banner - 1);
    else if (strcmp(mode, "http") == 0 && recv(fd, junk, sizeof junk, 0) > 0)
        put(fd, http, sizeof http - 1);
    else if (strcmp(mode, "garbage") == 0)
        put(fd, junk, 100);
    else if (strcmp(mode, "half") == 0)
        put(fd, half, sizeof half - 1);
    while (strcmp(mode, "endless") == 0 && put(fd, junk, sizeof junk))
        ;
    while (strcmp(mode, "records") == 0 && put(fd, records, sizeof records - 1))
        ;
    while (strcmp(mode, "drip") == 0 && put(fd, "\x16", 1))
        poll(NULL, 0, 50);
    if (strcmp(mode, "close") != 0 && strcmp(mode, "reset") != 0)
        wait_end(fd);
}

/* The greeting is read first where the connection has to end after it. */
static void end(int fd, const char *mode)
{
    char greeting[4096];
    const struct linger now = { .l_onoff = 1, .l_linger = 0 };

    if (strcmp(mode, "close") == 0 || strcmp(mode, "reset") == 0)
        (void)!recv(fd, greeting, sizeof greeting, 0);
    if (strcmp(mode, "reset") == 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

/* Fills the queue by connections that stay open, so that the kernel drops further greetings, and waits for the signal. */
static void fill(const struct sockaddr_in *at)
{
    sigset_t usr1, before;

    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, &before);
    for (int i = 0; i < FILL; i++) {
        struct pollfd p = { .events = POLLOUT };
        p.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (p.fd >= 0 && connect(p.fd, (const struct sockaddr *)at, sizeof *at) != 0 && errno == EINPROGRESS && poll(&p, 1, 200) == 0) {
            close(p.fd);
            break;
        }
    }
    fflush(stdout);                  /* the port: it is full now */
    while (!open_now)
        sigsuspend(&before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    struct sigaction usr1 = { .sa_handler = on_usr1 };

    if (argc != 3 || inet_pton(AF_INET, argv[1], &at.sin_addr) != 1 || strncmp(argv[1], "127.", 4) != 0) {
        fprintf(stderr, "usage: tcp_hostile 127.X.X.X MODE\n");
        return 2;
    }
    sigaction(SIGUSR1, &usr1, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    int fd = listen_at(&at, strcmp(argv[2], "full") == 0 ? 0 : 64);
    if (fd < 0)
        return 1;
    if (strcmp(argv[2], "full") == 0)
        fill(&at);
    listen(fd, 64);                  /* from now on nobody is lost while this program waits for a processor */
    fflush(stdout);
    for (;;) {
        int one = accept(fd, NULL, NULL);
        if (one < 0 && errno != EINTR)
            return 1;
        if (one >= 0 && strcmp(argv[2], "full") != 0)
            serve(one, argv[2]);
        if (one >= 0)
            end(one, argv[2]);
    }
}
