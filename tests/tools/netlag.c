/* netlag: a small UDP or TCP proxy that adds delay and loss, for kernels without netem. Part of the tests; it listens and
 * connects on 127.0.0.0/8 only. Loss and jitter follow from the seed and a packet's number in its flow, so that two runs
 * lose the same packets. TCP has no packets here: a lost piece costs the wait for its retransmission instead. */
#include "tools/netlag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include "base/cidr.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

static struct lag_options options;
const struct lag_options *const lag_options = &options;
struct lag_counts lag_counts;

/* ---- chance ---- */

/* splitmix64: the same bits for the same packet, whatever came before. */
static uint64_t chance(uint64_t flow, enum lag_direction direction, uint64_t n, uint64_t purpose)
{
    uint64_t z = options.seed * UINT64_C(0x9e3779b97f4a7c15) + flow * UINT64_C(0xbf58476d1ce4e5b9) +
                 n * UINT64_C(0x94d049bb133111eb) + purpose * 2 + (uint64_t)direction + 1;

    for (int round = 0; round < 2; round++) {
        z += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        z ^= z >> 31;
    }
    return z;
}

bool lag_is_lost(uint64_t flow, enum lag_direction direction, uint64_t n)
{
    return chance(flow, direction, n, 1) % 1000000 < options.loss_ppm;
}

int64_t lag_now_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t lag_due_ns(uint64_t flow, enum lag_direction direction, uint64_t n)
{
    int64_t jitter = options.jitter_ms ? (int64_t)(chance(flow, direction, n, 2) % (uint64_t)(options.jitter_ms * 1000000)) : 0;

    return lag_now_ns() + options.delay_ms * 1000000 + jitter;
}

/* ---- timers: a heap, the earliest first ---- */

struct timer {
    int64_t due_ns;
    uint64_t order;
    void (*fn)(void *arg);
    void *arg;
};
static struct timer *heap;
static size_t heap_n, heap_cap;
static uint64_t timers_made;
static int timer_fd, epoll_fd;

static bool earlier(const struct timer *a, const struct timer *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

static void swap(size_t a, size_t b)
{
    struct timer t = heap[a];

    heap[a] = heap[b];
    heap[b] = t;
}

static void arm(void)
{
    struct itimerspec when = { 0 };

    if (heap_n) {
        int64_t due = heap[0].due_ns > 0 ? heap[0].due_ns : 1;
        when.it_value.tv_sec = due / 1000000000;
        when.it_value.tv_nsec = due % 1000000000;
    }
    timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

void lag_at(int64_t due_ns, void (*fn)(void *arg), void *arg)
{
    size_t i = heap_n++;

    if (heap_n > heap_cap) {
        heap_cap = heap_cap ? 2 * heap_cap : 256;
        heap = xrealloc_array(heap, heap_cap, sizeof *heap);
    }
    heap[i] = (struct timer){ .due_ns = due_ns, .order = timers_made++, .fn = fn, .arg = arg };
    for (; i > 0 && earlier(&heap[i], &heap[(i - 1) / 2]); i = (i - 1) / 2)
        swap(i, (i - 1) / 2);
    if (i == 0)
        arm();
}

static struct timer heap_pop(void)
{
    struct timer first = heap[0];

    heap[0] = heap[--heap_n];
    for (size_t i = 0;;) {
        size_t least = i;
        for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < heap_n; child++)
            least = earlier(&heap[child], &heap[least]) ? child : least;
        if (least == i)
            return first;
        swap(i, least);
        i = least;
    }
}

static void timers_ready(struct lag_watch *w, uint32_t events)
{
    const int64_t now = lag_now_ns();
    uint64_t expired;
    ssize_t n = read(w->fd, &expired, sizeof expired);

    (void)n;
    (void)events;
    while (heap_n && heap[0].due_ns <= now) {
        struct timer t = heap_pop();
        t.fn(t.arg);
    }
    arm();
}

/* ---- the loop ---- */

static void **graves;
static size_t graves_n, graves_cap;

void lag_later(void *memory)
{
    if (graves_n == graves_cap) {
        graves_cap = graves_cap ? 2 * graves_cap : 64;
        graves = xrealloc_array(graves, graves_cap, sizeof *graves);
    }
    graves[graves_n++] = memory;
}

static void control(int operation, struct lag_watch *w, uint32_t events)
{
    struct epoll_event e = { .events = events, .data.ptr = w };

    if (epoll_ctl(epoll_fd, operation, w->fd, &e) < 0)
        BUG("epoll_ctl: %s", err_text(-errno));
}

void lag_watch(struct lag_watch *w, uint32_t events)
{
    control(EPOLL_CTL_ADD, w, events);
}

void lag_rewatch(struct lag_watch *w, uint32_t events)
{
    control(EPOLL_CTL_MOD, w, events);
}

void lag_unwatch(struct lag_watch *w)
{
    control(EPOLL_CTL_DEL, w, 0);
}

static bool stopping;

static void stop(struct lag_watch *w, uint32_t events)
{
    (void)w;
    (void)events;
    stopping = true;
}

static void loop(void)
{
    struct epoll_event events[256];

    while (!stopping) {
        int n = epoll_wait(epoll_fd, events, N_ELEMENTS(events), -1);
        for (int i = 0; i < n; i++) {
            struct lag_watch *w = events[i].data.ptr;
            if (w->fd >= 0)              /* closed earlier in this round */
                w->ready(w, events[i].events);
        }
        while (graves_n)
            free(graves[--graves_n]);
    }
}

/* ---- options ---- */

static int usage(const char *problem, const char *value)
{
    fprintf(stderr, "netlag: %s%s%s\n"
                    "usage: netlag --listen 127.X.X.X:PORT --to 127.X.X.X:PORT [--udp] [--delay-ms N] [--jitter-ms N]\n"
                    "              [--loss-percent N] [--seed N]\n"
                    "Port 0 takes a free one. Prints \"listening ADDRESS:PORT\", and at SIGTERM or SIGINT what it carried.\n",
            problem, value ? ": " : "", value ? value : "");
    return EXIT_USAGE;
}

static bool parse_endpoint(const char *s, struct sockaddr_in *out)
{
    const char *colon = strchr(s, ':');
    char address[IP_TEXT];
    struct cidr loopback;
    struct ip ip;
    long long port;

    if (!colon || (size_t)(colon - s) >= sizeof address || !text_parse_int(colon + 1, 0, 65535, &port))
        return false;
    memcpy(address, s, (size_t)(colon - s));
    address[colon - s] = '\0';
    if (!cidr_parse("127.0.0.0/8", false, &loopback) || !ip_parse(address, &ip) || !cidr_contains(&loopback, &ip))
        return false;
    *out = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    memcpy(&out->sin_addr, ip.b, 4);
    return true;
}

/* "2.5" percent to parts per million. */
static bool parse_percent(const char *s, unsigned *ppm)
{
    char *end;
    double v = strtod(s, &end);

    if (end == s || *end || !(v >= 0 && v <= 100))
        return false;
    *ppm = (unsigned)(v * 10000 + 0.5);
    return true;
}

static bool parse_one(int option, const char *value)
{
    long long v = 0;

    switch (option) {
    case 'l':
        return parse_endpoint(value, &options.listen);
    case 't':
        return parse_endpoint(value, &options.to);
    case 'u':
        options.udp = true;
        return true;
    case 'p':
        return parse_percent(value, &options.loss_ppm);
    case 's':
        if (!text_parse_int(value, 0, INT64_MAX, &v))
            return false;
        options.seed = (uint64_t)v;
        return true;
    default:
        if (!text_parse_int(value, 0, 60000, &v))
            return false;
        *(option == 'd' ? &options.delay_ms : &options.jitter_ms) = v;
        return true;
    }
}

static int parse_options(int argc, char **argv)
{
    static const struct option names[] = {
        { "listen", required_argument, NULL, 'l' }, { "to", required_argument, NULL, 't' }, { "udp", no_argument, NULL, 'u' },
        { "delay-ms", required_argument, NULL, 'd' }, { "jitter-ms", required_argument, NULL, 'j' },
        { "loss-percent", required_argument, NULL, 'p' }, { "seed", required_argument, NULL, 's' }, { 0 },
    };
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (option == '?')
            return usage("unknown option or missing value", argv[optind - 1]);
        if (!parse_one(option, optarg))
            return usage("bad value", optarg);
    }
    if (optind < argc)
        return usage("unexpected argument", argv[optind]);
    if (!options.listen.sin_family || !options.to.sin_family || !options.to.sin_port)
        return usage("--listen and --to are needed", NULL);
    return 0;
}

static int start(void)
{
    static struct lag_watch timers = { .ready = timers_ready }, signals = { .ready = stop };
    struct rlimit files;
    sigset_t set;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    timer_fd = timers.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    signals.fd = signalfd(-1, &set, SFD_CLOEXEC);
    if (epoll_fd < 0 || timer_fd < 0 || signals.fd < 0)
        return -errno;
    lag_watch(&timers, EPOLLIN);
    lag_watch(&signals, EPOLLIN);
    return options.udp ? lag_udp_start() : lag_tcp_start();
}

int main(int argc, char **argv)
{
    struct sockaddr_in bound;
    socklen_t len = sizeof bound;
    int rc = parse_options(argc, argv), fd;

    if (rc)
        return rc;
    fd = start();
    if (fd < 0) {
        fprintf(stderr, "netlag: cannot listen: %s\n", err_text(fd));
        return EXIT_NOT_DONE;
    }
    getsockname(fd, (struct sockaddr *)&bound, &len);
    printf("listening %s:%u\n", inet_ntoa(bound.sin_addr), (unsigned)ntohs(bound.sin_port));
    fflush(stdout);
    loop();
    printf("clients %llu passed %llu lost %llu\n", (unsigned long long)lag_counts.clients, (unsigned long long)lag_counts.passed,
           (unsigned long long)lag_counts.lost);
    return 0;
}
