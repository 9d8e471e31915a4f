/* netlag measured: delay both ways, exactly the same losses for the same seed, connections kept whole. Starts netlag on
 * ports that the kernel chooses on 127.0.0.1, and is server and client itself. */
#include "lib/cmocka_all.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"

#define WAIT_MS 5000

struct proxy {
    pid_t pid;
    FILE *out;
    uint16_t port;
};

static int loopback_socket(int type, uint16_t *port)
{
    struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof any;
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&any, sizeof any), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&any, &len), 0);
    if (type == SOCK_STREAM)
        assert_int_equal(listen(fd, 64), 0);
    *port = ntohs(any.sin_port);
    return fd;
}

static struct proxy start(uint16_t to, const char *const *arguments)
{
    const char *builddir = getenv("builddir");
    char *program = xasprintf("%s/tests/tools/netlag", builddir ? builddir : "."), *target = xasprintf("127.0.0.1:%u", (unsigned)to);
    const char *argv[20] = { program, "--listen", "127.0.0.1:0", "--to", target };
    struct proxy p = { 0 };
    unsigned port = 0;
    int fds[2];

    for (size_t n = 5; *arguments; n++)
        argv[n] = *arguments++;
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    p.pid = fork();
    assert_true(p.pid >= 0);
    if (p.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(fds[1], STDOUT_FILENO);
        execv(program, (char **)(uintptr_t)argv);
        _exit(127);
    }
    close(fds[1]);
    p.out = fdopen(fds[0], "r");
    assert_non_null(p.out);
    assert_int_equal(fscanf(p.out, "listening 127.0.0.1:%u", &port), 1);
    p.port = (uint16_t)port;
    free(program);
    free(target);
    return p;
}

struct counts {
    unsigned long long clients, passed, lost;
};

static struct counts stop(struct proxy *p)
{
    struct counts c = { 0 };
    int status;

    kill(p->pid, SIGTERM);
    assert_int_equal(fscanf(p->out, " clients %llu passed %llu lost %llu", &c.clients, &c.passed, &c.lost), 3);
    assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fclose(p->out);
    return c;
}

static int connect_to(int type, uint16_t port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(port) };
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static bool readable(int fd, int ms)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };

    return poll(&p, 1, ms) == 1;
}

/* One datagram there and back through an echo that this process does itself: milliseconds, or -1 when lost. */
static int64_t udp_round(int client, int server, int wait_ms)
{
    const int64_t start_ms = clock_mono_ms();
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    char byte = 'x';

    assert_int_equal(send(client, &byte, 1, 0), 1);
    if (!readable(server, wait_ms))
        return -1;
    assert_int_equal(recvfrom(server, &byte, 1, 0, (struct sockaddr *)&from, &len), 1);
    assert_int_equal(sendto(server, &byte, 1, 0, (struct sockaddr *)&from, len), 1);
    if (!readable(client, wait_ms))
        return -1;
    assert_int_equal(recv(client, &byte, 1, 0), 1);
    return clock_mono_ms() - start_ms;
}

static void test_udp_delay(void **state)
{
    static const char *const arguments[] = { "--udp", "--delay-ms", "40", NULL };
    uint16_t port;
    int server = loopback_socket(SOCK_DGRAM, &port), client;
    struct proxy p = start(port, arguments);
    struct counts c;

    (void)state;
    client = connect_to(SOCK_DGRAM, p.port);
    for (int i = 0; i < 3; i++) {
        int64_t ms = udp_round(client, server, WAIT_MS);
        assert_in_range(ms, 79, 79 + 1000);          /* above: a busy machine may be late, below: never */
    }
    c = stop(&p);
    assert_int_equal(c.clients, 1);
    assert_int_equal(c.passed, 6);
    assert_int_equal(c.lost, 0);
    close(client);
    close(server);
}

/* Takes arriving numbers until one is at least from. */
static void take_until(int server, uint32_t from, bool arrived[2000])
{
    uint32_t number;

    do {
        assert_true(readable(server, WAIT_MS));
        assert_int_equal(recv(server, &number, sizeof number, 0), sizeof number);
        arrived[number] = true;
    } while (number < from);
}

/* Which of 2000 numbered datagrams arrive, with a seed. At most two groups of 50 are on their way at once, so that no socket
 * buffer overflows however slow the machine is. */
static void udp_losses(const char *seed, bool arrived[2000])
{
    const char *const arguments[] = { "--udp", "--loss-percent", "10", "--seed", seed, NULL };
    uint16_t port;
    int server = loopback_socket(SOCK_DGRAM, &port), client;
    struct proxy p = start(port, arguments);
    struct counts c;
    unsigned n_arrived = 0;

    client = connect_to(SOCK_DGRAM, p.port);
    memset(arrived, 0, 2000 * sizeof *arrived);
    for (uint32_t i = 0; i < 2000; i++) {
        assert_int_equal(send(client, &i, sizeof i, 0), sizeof i);
        if (i % 50 == 49)
            take_until(server, i - 49, arrived);
    }
    while (readable(server, 500))
        take_until(server, 0, arrived);
    for (int i = 0; i < 2000; i++)
        n_arrived += arrived[i];
    c = stop(&p);
    assert_int_equal(c.passed, n_arrived);
    assert_int_equal(c.passed + c.lost, 2000);
    assert_in_range(c.lost, 150, 250);               /* 200 expected, 13.4 the standard deviation */
    close(client);
    close(server);
}

static void test_udp_loss_follows_the_seed(void **state)
{
    bool first[2000], again[2000], other[2000];

    (void)state;
    udp_losses("7", first);
    udp_losses("7", again);
    udp_losses("8", other);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
}

static void test_udp_many_clients(void **state)
{
    static const char *const arguments[] = { "--udp", NULL };
    uint16_t port;
    int server = loopback_socket(SOCK_DGRAM, &port), clients[300];
    struct proxy p = start(port, arguments);

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(clients); i++)
        clients[i] = connect_to(SOCK_DGRAM, p.port);
    for (size_t i = 0; i < N_ELEMENTS(clients); i++)         /* each gets its own answer back */
        assert_true(udp_round(clients[i], server, WAIT_MS) >= 0);
    assert_int_equal(stop(&p).clients, N_ELEMENTS(clients));
    for (size_t i = 0; i < N_ELEMENTS(clients); i++)
        close(clients[i]);
    close(server);
}

static void test_tcp_delay(void **state)
{
    static const char *const arguments[] = { "--delay-ms", "30", NULL };
    uint16_t port;
    int listener = loopback_socket(SOCK_STREAM, &port), client, server;
    struct proxy p = start(port, arguments);
    int64_t start_ms = clock_mono_ms();
    char byte;

    (void)state;
    client = connect_to(SOCK_STREAM, p.port);
    assert_true(readable(listener, WAIT_MS));
    server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_int_equal(send(server, "g", 1, 0), 1);            /* a server that greets, as SSH does */
    assert_true(readable(client, WAIT_MS));
    assert_in_range(clock_mono_ms() - start_ms, 119, 1200);  /* two round trips */
    assert_int_equal(recv(client, &byte, 1, 0), 1);
    for (int i = 0; i < 3; i++) {
        start_ms = clock_mono_ms();
        assert_int_equal(send(client, "q", 1, 0), 1);
        assert_int_equal(recv(server, &byte, 1, MSG_WAITALL), 1);
        assert_int_equal(send(server, "a", 1, 0), 1);
        assert_int_equal(recv(client, &byte, 1, MSG_WAITALL), 1);
        assert_int_equal(byte, 'a');
        assert_in_range(clock_mono_ms() - start_ms, 59, 1000);
    }
    /* one end closes, the other still sends: nothing is lost */
    shutdown(client, SHUT_WR);
    assert_int_equal(recv(server, &byte, 1, 0), 0);
    assert_int_equal(send(server, "last", 4, 0), 4);
    close(server);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(recv(client, &byte, 1, 0), 1);
        assert_int_equal(byte, "last"[i]);
    }
    assert_int_equal(recv(client, &byte, 1, 0), 0);
    assert_int_equal(stop(&p).clients, 1);
    close(client);
    close(listener);
}

static char pattern(size_t at)
{
    return (char)(at * 31 + at / 4096);
}

/* 8 MiB each way at once, far more than any queue takes, with loss and jitter: every byte in order. */
static void test_tcp_stream_whole(void **state)
{
    static const char *const arguments[] = { "--delay-ms", "2", "--jitter-ms", "3", "--loss-percent", "0.2", "--seed", "3", NULL };
    const size_t total = 8u << 20;
    uint16_t port;
    int listener = loopback_socket(SOCK_STREAM, &port), fd[2];
    struct proxy p = start(port, arguments);
    size_t sent[2] = { 0 }, got[2] = { 0 };
    const int64_t end = clock_mono_ms() + 60000;
    char bytes[65536];

    (void)state;
    fd[0] = connect_to(SOCK_STREAM, p.port);
    assert_true(readable(listener, WAIT_MS));
    fd[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    while ((got[0] < total || got[1] < total) && clock_mono_ms() < end) {
        struct pollfd polled[2];
        for (int i = 0; i < 2; i++)
            polled[i] = (struct pollfd){ .fd = fd[i], .events = (short)(POLLIN | (sent[i] < total ? POLLOUT : 0)) };
        assert_true(poll(polled, 2, WAIT_MS) > 0);
        for (int i = 0; i < 2; i++) {
            ssize_t n;
            if (polled[i].revents & POLLOUT) {
                size_t want = total - sent[i] < sizeof bytes ? total - sent[i] : sizeof bytes;
                for (size_t k = 0; k < want; k++)
                    bytes[k] = pattern(sent[i] + k);
                n = send(fd[i], bytes, want, MSG_DONTWAIT);
                sent[i] += n > 0 ? (size_t)n : 0;
            }
            if (!(polled[i].revents & POLLIN))
                continue;
            n = recv(fd[i], bytes, sizeof bytes, MSG_DONTWAIT);
            assert_true(n > 0);
            for (ssize_t k = 0; k < n; k++) {
                if (bytes[k] != pattern(got[i] + (size_t)k))
                    fail_msg("byte %zu is wrong", got[i] + (size_t)k);
            }
            got[i] += (size_t)n;
        }
    }
    assert_int_equal(got[0], total);
    assert_int_equal(got[1], total);
    assert_true(stop(&p).lost > 0);
    close(fd[0]);
    close(fd[1]);
    close(listener);
}

static void test_tcp_refused(void **state)
{
    static const char *const arguments[] = { "--delay-ms", "1", NULL };
    uint16_t port;
    int taken = loopback_socket(SOCK_DGRAM, &port), client;
    struct proxy p;
    char byte;

    (void)state;
    close(taken);
    p = start(port, arguments);                      /* nobody listens there */
    client = connect_to(SOCK_STREAM, p.port);
    assert_int_equal(recv(client, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
    close(client);
    assert_int_equal(stop(&p).clients, 1);
}

static int exit_status_of(const char *const *arguments)
{
    const char *builddir = getenv("builddir");
    char *program = xasprintf("%s/tests/tools/netlag", builddir ? builddir : ".");
    const char *argv[10] = { program };
    pid_t pid;
    int status;

    for (size_t n = 1; *arguments; n++)
        argv[n] = *arguments++;
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(STDERR_FILENO);
        execv(program, (char **)(uintptr_t)argv);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    free(program);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_only_loopback(void **state)
{
    static const char *const bad[][6] = {
        { "--listen", "0.0.0.0:0", "--to", "127.0.0.1:9" }, { "--listen", "127.0.0.1:0", "--to", "192.0.2.1:9" }, { "--listen", "127.0.0.1:0" },
        { "--listen", "127.0.0.1:0", "--to", "127.0.0.1:0" }, { "--listen", "127.0.0.1:0", "--to", "127.0.0.1:99999" }, { "--loss-percent", "101" },
        { "--delay-ms", "-1" }, { "--no-such-option" },
    };

    (void)state;
    for (size_t i = 0; i < N_ELEMENTS(bad); i++)
        assert_int_equal(exit_status_of(bad[i]), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_udp_delay),
        cmocka_unit_test(test_udp_loss_follows_the_seed),
        cmocka_unit_test(test_udp_many_clients),
        cmocka_unit_test(test_tcp_delay),
        cmocka_unit_test(test_tcp_stream_whole),
        cmocka_unit_test(test_tcp_refused),
        cmocka_unit_test(test_only_loopback),
    };
    alarm(120);              /* whatever hangs ends here, and netlag with us */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
