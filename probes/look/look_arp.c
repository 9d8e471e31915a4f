/* Who is there on our own link, asked by ARP: a broadcast that every host on it sends all day, and that opens nothing. It tells the maker before the first
 * packet goes to a device. Needs the right to raw sockets; without it the job says so, and `discover` contacts only whom it knows otherwise. */
#include "probes/look/look.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "fact/table_arp.h"
#include "worker/net.h"
#include "worker/net_permit.h"
#include "worker/sandbox.h"

#define FRAME_BYTES 42
#define WAIT_MS 1000                 /* after the last question */

struct asking { struct probe_ctx *ctx; int fd; const char *interface; unsigned if_index; uint8_t mac[6], ip[4]; };

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

static void ask(struct asking *w, const char *text)
{
    static const uint8_t head[] = { 0x08, 0x06, 0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01 };
    uint8_t f[FRAME_BYTES] = { 0 };
    struct ip ip;
    if (!ip_parse(text, &ip) || ip.family != 4 || net_permit(probe_job(w->ctx), &ip) != NET_ALLOWED)
        return;
    memset(f, 0xff, 6);
    memcpy(f + 6, w->mac, 6);
    memcpy(f + 12, head, sizeof head);
    memcpy(f + 22, w->mac, 6);
    memcpy(f + 28, w->ip, 4);
    memcpy(f + 38, ip.b, 4);
    probe_pace(w->ctx);
    probe_asked(w->ctx, "everybody on the link", text);
    (void)!send(w->fd, f, sizeof f, 0);
}

static void take(struct asking *w)
{
    uint8_t frame[2048], mac[6];
    struct ip ip;
    ssize_t n;
    while ((n = recv(w->fd, frame, sizeof frame, 0)) > 0) {
        char address[IP_TEXT], text[18];
        struct fact_row row;
        if (!look_arp_parse(frame, (size_t)n, &ip, mac))
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

int look_arp(struct probe_ctx *ctx)
{
    struct asking w = { .ctx = ctx, .fd = -1 };
    size_t cursor = 0;
    const char *text;
    if (!prepare(&w)) {
        if (w.fd >= 0)
            close(w.fd);
        return 0;
    }
    int err = sandbox_lock(ctx, SANDBOX_DATAGRAM);
    while (err == 0 && probe_left_ms(ctx) > 0 && (text = job_next(probe_job(ctx), "look.address", &cursor)) != NULL) {
        ask(&w, text);
        take(&w);
    }
    for (int64_t until = clock_mono_ms() + WAIT_MS; err == 0 && clock_mono_ms() < until && net_wait(ctx, w.fd, false, until - clock_mono_ms()) == 1;)
        take(&w);
    close(w.fd);
    return err;
}
