/* Who is there on our own link, asked by ARP: a broadcast that every host on it sends all day, and that opens nothing. It tells the maker before the first
 * packet goes to a device. Needs the right to raw sockets; without it the job says so, and nothing
 * is sent; the kernel's own ARP (look_nudge) is for gear that a person named. */
#include "probes/look/look.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "fact/table_arp.h"
#include "worker/net.h"
#include "worker/net_permit.h"
#include "worker/sandbox.h"

#define FRAME_BYTES 42
#define WAIT_MS 1000                 /* after the last question */
#define ROUNDS 2
#define NUDGE_PORT 9

struct wanted { struct ip ip; bool heard; };
struct asking { struct probe_ctx *ctx; int fd; const char *interface; unsigned if_index; uint8_t mac[6], ip[4]; struct wanted v[LOOK_MAX_ARP]; size_t n; };

static bool prepare(struct asking *w)
{
    const struct job *job = probe_job(w->ctx);
    struct ip own;
    struct ifreq req = { 0 };
    const char *source = job_get(job, "look.source");
    w->interface = job_get(job, "look.interface");
    if (w->interface == NULL || source == NULL || !ip_parse(source, &own) || own.family != 4) {
        probe_fail(w->ctx, REASON_INTERNAL, "the job names no interface or address of ours");
        return false;
    }
    memcpy(w->ip, own.b, 4);
    w->if_index = if_nametoindex(w->interface);
    w->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ARP));
    if (w->fd < 0) {
        probe_fail(w->ctx, REASON_ACCESS_DENIED, "ARP needs the right to raw sockets (root, or CAP_NET_RAW)");
        return false;
    }
    const struct sockaddr_ll ll = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP), .sll_ifindex = (int)w->if_index };
    snprintf(req.ifr_name, sizeof req.ifr_name, "%.15s", w->interface);
    if (bind(w->fd, (const struct sockaddr *)&ll, sizeof ll) != 0 || ioctl(w->fd, SIOCGIFHWADDR, &req) != 0) {
        probe_fail(w->ctx, REASON_INTERNAL, "%s: %s", w->interface, strerror(errno));
        return false;
    }
    memcpy(w->mac, req.ifr_hwaddr.sa_data, 6);
    return true;
}

static void put_question(const struct asking *w, const struct ip *ip, uint8_t f[FRAME_BYTES])
{
    static const uint8_t head[] = { 0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01 };
    memset(f, 0, FRAME_BYTES);
    memset(f, 0xff, 6);
    memcpy(f + 6, w->mac, 6);
    memcpy(f + 12, head, sizeof head);
    memcpy(f + 22, w->mac, 6);
    memcpy(f + 28, w->ip, 4);
    memcpy(f + 38, ip->b, 4);
}

/* The addresses that this job may ask for, as the worker sees it. */
static void take_addresses(struct asking *w)
{
    size_t cursor = 0;
    const char *text;
    while ((text = job_next(probe_job(w->ctx), "look.address", &cursor)) != NULL && w->n < LOOK_MAX_ARP) {
        struct ip ip;
        if (ip_parse(text, &ip) && net_permit(probe_job(w->ctx), &ip) == NET_ALLOWED)
            w->v[w->n++] = (struct wanted){ .ip = ip };
    }
}

static void ask(struct asking *w, const struct ip *ip)
{
    uint8_t f[FRAME_BYTES];
    char text[IP_TEXT];
    if (ip->family != 4)
        return;
    ip_format(ip, text);
    put_question(w, ip, f);
    probe_pace(w->ctx);
    probe_asked(w->ctx, "everybody on the link", text);
    (void)!send(w->fd, f, sizeof f, 0);
}

/* Whether it is one that was asked for; what others say on the link is not ours to keep. */
static bool mark(struct asking *w, const struct ip *ip)
{
    for (size_t i = 0; i < w->n; i++)
        if (ip_equal(&w->v[i].ip, ip)) {
            bool first = !w->v[i].heard;
            w->v[i].heard = true;
            return first;
        }
    return false;
}

static void take(struct asking *w)
{
    uint8_t frame[2048], mac[6];
    struct ip ip;
    ssize_t n;
    while ((n = recv(w->fd, frame, sizeof frame, 0)) > 0) {
        char address[IP_TEXT], text[18];
        struct fact_row row;
        if (!look_arp_parse(frame, (size_t)n, &ip, mac) || !mark(w, &ip))
            continue;
        ip_format(&ip, address);
        snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
        fact_row_init(&row, &fact_arp);
        fact_set_int(&row, ARP_IF_INDEX, w->if_index);
        fact_set_str(&row, ARP_ADDRESS, address);
        fact_set_str(&row, ARP_INTERFACE, w->interface);
        fact_set_str(&row, ARP_MAC, text);
        fact_set_str(&row, ARP_TYPE, "dynamic");
        probe_emit(w->ctx, &row);
    }
}

/* Those that were silent are asked once more: a radio that sleeps misses a broadcast. */
static void ask_all(struct asking *w)
{
    for (int round = 0; round < ROUNDS; round++) {
        size_t asked = 0;
        for (size_t i = 0; i < w->n && probe_left_ms(w->ctx) > 0; i++) {
            if (w->v[i].heard)
                continue;
            ask(w, &w->v[i].ip);
            take(w);
            asked++;
        }
        for (int64_t until = clock_mono_ms() + WAIT_MS; asked > 0 && clock_mono_ms() < until && net_wait(w->ctx, w->fd, false, until - clock_mono_ms()) == 1;)
            take(w);
    }
}

int look_arp(struct probe_ctx *ctx)
{
    struct asking *w = xcalloc(1, sizeof *w);
    *w = (struct asking){ .ctx = ctx, .fd = -1 };
    int err = 0;
    if (prepare(w)) {
        take_addresses(w);
        err = sandbox_lock(ctx, SANDBOX_DATAGRAM);
        if (err == 0)
            ask_all(w);
    }
    if (w->fd >= 0)
        close(w->fd);
    free(w);
    return err;
}

/* --- without raw sockets ------------------------------------------------------------------------------------------------- */

/* The kernel asks by ARP for whom it has a packet: an empty datagram to the port "discard" (RFC 863), which never leaves the link. Who does not answer ARP
 * gets nothing. Who does gets this one, and nothing else before its maker was read. What the kernel learned is read by the parent. */
int look_nudge(struct probe_ctx *ctx)
{
    struct asking *w = xcalloc(1, sizeof *w);
    int fds[2] = { socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) };
    w->ctx = ctx;
    take_addresses(w);
    for (size_t i = 0; i < w->n && probe_left_ms(ctx) > 0; i++) {
        struct sockaddr_storage to;
        char text[IP_TEXT];
        socklen_t len = ip_to_sockaddr(&w->v[i].ip, NUDGE_PORT, &to);
        ip_format(&w->v[i].ip, text);
        probe_pace(ctx);
        probe_asked(ctx, text, "one empty UDP datagram to port 9, so that the kernel asks for its hardware address");
        (void)!sendto(fds[w->v[i].ip.family == 6], NULL, 0, MSG_DONTROUTE, (struct sockaddr *)&to, len);
    }
    int64_t until = clock_mono_ms() + WAIT_MS;
    while (clock_mono_ms() < until)
        (void)poll(NULL, 0, (int)(until - clock_mono_ms()));
    for (size_t i = 0; i < 2; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(w);
    return sandbox_lock(ctx, SANDBOX_DATAGRAM);
}
