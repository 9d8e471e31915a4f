/* Servers that are no SSH servers, or bad ones, for tests of the ssh session: ssh_hostile MODE ADDRESS prints the port it listens on, and serves
 * until it is killed, or two minutes. Modes: silent, close, http, endless (one line without an end), lines (greetings without an end), drip (one byte of
 * a greeting at a time), half (greets and says no more), garbage (greets, then noise), ignore (greets, then packets that say nothing), ssh1. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#define GREETING "SSH-2.0-OpenSSH_9.2p1\r\n"
#define LIFE_S 120

static bool put(int fd, const void *p, size_t len)
{
    return send(fd, p, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static bool put_text(int fd, const char *s)
{
    return put(fd, s, strlen(s));
}

/* Until the other side goes away. */
static void hold(int fd)
{
    char c[256];
    while (read(fd, c, sizeof(c)) > 0)
        continue;
}

static void flood(int fd, const void *p, size_t len)
{
    while (put(fd, p, len))
        continue;
}

static void drip(int fd)
{
    static const char text[] = "SSH-2.0-slow";
    for (size_t i = 0; put(fd, &text[i % 12], 1); i++)
        poll(NULL, 0, 20);
}

static void garbage(int fd)
{
    uint32_t state = 1;
    unsigned char noise[512];
    for (size_t i = 0; i < sizeof(noise); i++) {
        state = state * 1103515245U + 12345U;
        noise[i] = (unsigned char)(state >> 16);
    }
    put(fd, noise, sizeof(noise));
}

static void serve(int fd, const char *mode)
{
    static char as[4096];
    static const unsigned char ignore[16] = { 0, 0, 0, 12, 4, 2, 0, 0, 0, 2, 'x', 'x', 0, 0, 0, 0 };
    memset(as, 'A', sizeof(as));
    if (strcmp(mode, "http") == 0)
        put_text(fd, "HTTP/1.0 400 Bad Request\r\n\r\n\033[31m<html>");
    else if (strcmp(mode, "endless") == 0)
        flood(fd, as, sizeof(as));
    else if (strcmp(mode, "lines") == 0)
        flood(fd, "Welcome\r\n", 9);
    else if (strcmp(mode, "drip") == 0)
        drip(fd);
    else if (strcmp(mode, "ssh1") == 0 && put_text(fd, "SSH-1.5-Cisco-1.25\n"))
        hold(fd);
    else if (strcmp(mode, "silent") == 0)
        hold(fd);
    else if (strcmp(mode, "half") == 0 && put_text(fd, GREETING))
        hold(fd);
    else if (strcmp(mode, "garbage") == 0 && put_text(fd, GREETING))
        garbage(fd);
    else if (strcmp(mode, "ignore") == 0 && put_text(fd, GREETING))
        flood(fd, ignore, sizeof(ignore));
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof(at);
    if (argc != 3 || inet_pton(AF_INET, argv[2], &at.sin_addr) != 1)
        return 2;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&at, len) != 0 || listen(listener, 16) != 0 || getsockname(listener, (struct sockaddr *)&at, &len) != 0) {
        perror("ssh_hostile");
        return 1;
    }
    signal(SIGCHLD, SIG_IGN);
    alarm(LIFE_S);
    printf("%u\n", (unsigned)ntohs(at.sin_port));
    fclose(stdout);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0 && errno != EINTR)
            return 1;
        if (fd >= 0 && fork() == 0) {
            alarm(LIFE_S);
            serve(fd, argv[1]);
            _exit(0);
        }
        if (fd >= 0)
            close(fd);
    }
}
