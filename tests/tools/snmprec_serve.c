/* Serves recordings of SNMP agents (v1, v2c) at many addresses from one process: a test tool, and the demo clinic's gear.
 *
 *   snmprec_serve [--delay MS] [--community TEXT] [--max-size BYTES] [--max-varbinds N] [--quirk ADDR[:PORT]=NAME[:N]]... \
 *                 [--list FILE] [ADDR:PORT=FILE]...
 *
 * --delay: every answer comes so much later. --list names a file with lines ADDR:PORT=FILE. An address may be [v6]:PORT. Once every address is bound, "ready N" is
 * printed. On SIGUSR1, and on SIGTERM or SIGINT before it ends, a line is printed for each address: address, datagrams,
 * get, getnext, getbulk, other, refused; then "end". It answers only to the community, and writes nothing but stdout. */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <netdb.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/mem.h"
#include "tools/snmprec_agent.h"

#define MAX_AGENTS 4096

struct served {
    struct agent agent;
    char *name;              /* ADDR:PORT */
    int fd, other_fd;
};
/* An answer that waits for its time (the quirk "slow"). */
struct late {
    struct late *next;
    int fd;
    int64_t due_ms;
    struct sockaddr_storage to;
    socklen_t to_len;
    size_t len;
    uint8_t bytes[];
};

static struct served *served[MAX_AGENTS];
static size_t n_served;
static struct late *late_first;
static const char *community = "public";
static long delay_ms;
static size_t max_size = 1472, max_varbinds = 4096;

static void die(const char *what, const char *detail)
{
    fprintf(stderr, "snmprec_serve: %s: %s\n", what, detail);
    exit(2);
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- setting up ------------------------------------------------------------------------------------------------------ */

static const struct recording *load_once(const char *path)
{
    for (size_t i = 0; i < n_served; i++)
        if (strcmp(served[i]->agent.recording->path, path) == 0)
            return served[i]->agent.recording;
    struct recording *r = recording_load(path);
    if (r->n_bad > 0)
        fprintf(stderr, "snmprec_serve: %s: %zu lines left out\n", path, r->n_bad);
    return r;
}

static int bind_udp(const char *where, bool any_port)
{
    char *host = xstrdup(where[0] == '[' ? where + 1 : where);
    char *colon = strrchr(host, ':');
    if (colon == NULL)
        die(where, "ADDR:PORT expected");
    *colon = '\0';
    if (where[0] == '[' && colon > host && colon[-1] == ']')
        colon[-1] = '\0';
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_DGRAM }, *found;
    if (getaddrinfo(host, any_port ? "0" : colon + 1, &hints, &found) != 0)
        die(where, "not an address and port");
    int fd = socket(found->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, found->ai_addr, found->ai_addrlen) != 0)
        die(where, strerror(errno));
    freeaddrinfo(found);
    free(host);
    return fd;
}

static void serve(const char *spec)
{
    const char *equals = strchr(spec, '=');
    if (equals == NULL || n_served == MAX_AGENTS)
        die(spec, "ADDR:PORT=FILE expected");
    struct served *s = xcalloc(1, sizeof *s);
    s->name = xstrndup(spec, (size_t)(equals - spec));
    s->agent.recording = load_once(equals + 1);
    s->agent.max_size = max_size;
    s->agent.max_varbinds = max_varbinds;
    s->agent.community = community;
    s->fd = bind_udp(s->name, false);
    s->other_fd = -1;
    served[n_served++] = s;
}

static void serve_list(const char *path)
{
    FILE *f = fopen(path, "r");
    if (f == NULL)
        die(path, strerror(errno));
    char *line = NULL;
    size_t size = 0;
    ssize_t len;
    while ((len = getline(&line, &size, f)) >= 0) {
        while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r' || line[len - 1] == ' '))
            line[--len] = '\0';
        if (len > 0 && line[0] != '#')
            serve(line);
    }
    free(line);
    fclose(f);
}

static void set_quirk(const char *spec)
{
    const char *equals = strchr(spec, '=');
    if (equals == NULL)
        die(spec, "ADDR=QUIRK expected");
    size_t len = (size_t)(equals - spec);
    bool any = false;
    for (size_t i = 0; i < n_served; i++) {
        const char *name = served[i]->name;
        if (strncmp(name, spec, len) != 0 || (name[len] != '\0' && name[len] != ':'))
            continue;
        any = true;
        if (!agent_quirk(&served[i]->agent, equals + 1))
            die(spec, agent_quirk_names());
        if (served[i]->agent.quirks[QUIRK_OTHER_SOURCE] && served[i]->other_fd < 0)
            served[i]->other_fd = bind_udp(name, true);
    }
    if (!any)
        die(spec, "no such address");
}

/* --- serving --------------------------------------------------------------------------------------------------------- */

static void answer_later(int fd, const struct sockaddr_storage *to, socklen_t to_len, const uint8_t *p, size_t len, long after_ms)
{
    struct late *l = xmalloc(sizeof *l + len);
    *l = (struct late){ .fd = fd, .due_ms = now_ms() + after_ms, .to = *to, .to_len = to_len, .len = len };
    memcpy(l->bytes, p, len);
    struct late **at = &late_first;
    while (*at != NULL && (*at)->due_ms <= l->due_ms)
        at = &(*at)->next;
    l->next = *at;
    *at = l;
}

static int send_late(void)
{
    int64_t now = now_ms();
    while (late_first != NULL && late_first->due_ms <= now) {
        struct late *l = late_first;
        late_first = l->next;
        (void)!sendto(l->fd, l->bytes, l->len, 0, (const struct sockaddr *)&l->to, l->to_len);
        free(l);
    }
    return late_first == NULL ? -1 : (int)(late_first->due_ms - now);
}

static void read_one(struct served *s)
{
    static uint8_t in[AGENT_DATAGRAM], out[AGENT_DATAGRAM];
    struct sockaddr_storage from;
    socklen_t from_len = sizeof from;
    for (int burst = 0; burst < 64; burst++) {
        ssize_t n = recvfrom(s->fd, in, sizeof in, 0, (struct sockaddr *)&from, &from_len);
        if (n < 0)
            return;
        size_t len = agent_answer(&s->agent, in, (size_t)n, out);
        int fd = s->other_fd >= 0 ? s->other_fd : s->fd;
        if (len == 0)
            continue;
        long later = delay_ms + (s->agent.quirks[QUIRK_SLOW] ? s->agent.number[QUIRK_SLOW] : 0);
        if (later > 0)
            answer_later(fd, &from, from_len, out, len, later);
        else
            (void)!sendto(fd, out, len, 0, (const struct sockaddr *)&from, from_len);
        if (s->agent.quirks[QUIRK_TWICE])
            (void)!sendto(fd, out, len, 0, (const struct sockaddr *)&from, from_len);
    }
}

static void print_counts(void)
{
    for (size_t i = 0; i < n_served; i++) {
        const struct agent *a = &served[i]->agent;
        printf("%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\n", served[i]->name, a->datagrams, a->get,
               a->getnext, a->getbulk, a->other, a->refused);
    }
    puts("end");
    fflush(stdout);
}

static int watch(int *signals)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    *signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    int ep = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ev = { .events = EPOLLIN, .data.u64 = UINT64_MAX };
    if (*signals < 0 || ep < 0 || epoll_ctl(ep, EPOLL_CTL_ADD, *signals, &ev) != 0)
        die("epoll", strerror(errno));
    for (size_t i = 0; i < n_served; i++) {
        ev.data.u64 = i;
        if (epoll_ctl(ep, EPOLL_CTL_ADD, served[i]->fd, &ev) != 0)
            die("epoll", strerror(errno));
    }
    return ep;
}

/* True when a signal says that it is time to end. */
static bool take_signals(int fd)
{
    struct signalfd_siginfo info;
    bool end = false;
    while (read(fd, &info, sizeof info) == (ssize_t)sizeof info) {
        print_counts();
        end = end || info.ssi_signo != SIGUSR1;
    }
    return end;
}

static void loop(void)
{
    int signals, ep = watch(&signals);
    struct epoll_event ev[64];
    printf("ready %zu\n", n_served);
    fflush(stdout);
    for (;;) {
        int n = epoll_wait(ep, ev, (int)N_ELEMENTS(ev), send_late());
        for (int i = 0; i < n; i++) {
            if (ev[i].data.u64 != UINT64_MAX)
                read_one(served[ev[i].data.u64]);
            else if (take_signals(signals))
                return;
        }
    }
}

static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "community", required_argument, NULL, 'c' }, { "max-size", required_argument, NULL, 's' }, { "max-varbinds", required_argument, NULL, 'v' },
        { "list", required_argument, NULL, 'l' }, { "quirk", required_argument, NULL, 'q' },
        { "delay", required_argument, NULL, 'd' }, { 0 },
    };
    char *lists[16], **quirks = xcalloc((size_t)argc, sizeof(char *));
    size_t n_lists = 0, n_quirks = 0;
    int c;
    while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (c) {
        case 'c': community = optarg; break;
        case 'd': delay_ms = strtol(optarg, NULL, 10); break;
        case 's': max_size = strtoul(optarg, NULL, 10); break;
        case 'v': max_varbinds = strtoul(optarg, NULL, 10); break;
        case 'l':
            if (n_lists < N_ELEMENTS(lists))
                lists[n_lists++] = optarg;
            break;
        case 'q': quirks[n_quirks++] = optarg; break;
        default: return 2;
        }
    }
    if (max_size > AGENT_DATAGRAM || max_size < 484)
        die("--max-size", "484 to 65507 expected");
    raise_descriptors();
    for (size_t i = 0; i < n_lists; i++)
        serve_list(lists[i]);
    for (; optind < argc; optind++)
        serve(argv[optind]);
    for (size_t i = 0; i < n_quirks; i++)
        set_quirk(quirks[i]);
    free(quirks);
    loop();
    return 0;
}
