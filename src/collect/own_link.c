/* Reading our own link. Parent; opens files and asks the kernel, sends nothing. What cannot be read is left out: the vantage says what it knows. */
#include "collect/own_link.h"

#include <dirent.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/wireless.h>           /* behind net/if.h, which it completes */
#include "base/path.h"
#include "base/text.h"
#include "site/secret.h"

#define FILE_MAX_BYTES (256 * 1024)
#define LLDPD_SOCKET "/run/lldpd.socket"
#define LLDPCLI_MS 3000

/* --- interfaces and routes -------------------------------------------------------------------------------------------- */

/* The default IPv4 route: of the interface that was asked for, else the first. */
static void default_route4(struct own_link *l)
{
    FILE *f = fopen("/proc/net/route", "re");
    char line[512], iface[IF_NAMESIZE];
    unsigned dest, gate, flags, mask;
    while (f != NULL && l->gateway.family == 0 && fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, "%15s %x %x %x %*s %*s %*s %x", iface, &dest, &gate, &flags, &mask) != 5 || dest != 0 || mask != 0 || gate == 0)
            continue;
        if (l->interface[0] != '\0' && strcmp(l->interface, iface) != 0)
            continue;
        (void)snprintf(l->interface, sizeof l->interface, "%s", iface);
        l->gateway.family = 4;
        memcpy(l->gateway.b, &gate, 4);      /* the kernel prints it as it lies in memory */
    }
    if (f != NULL)
        fclose(f);
}

static bool hex_ip6(const char *s, struct ip *out)
{
    *out = (struct ip){ .family = 6 };
    for (size_t i = 0; i < 16; i++) {
        unsigned byte = 0;
        if (sscanf(s + 2 * i, "%2x", &byte) != 1)
            return false;
        out->b[i] = (uint8_t)byte;
    }
    return true;
}

static void default_route6(struct own_link *l)
{
    static const uint8_t none[16];
    FILE *f = fopen("/proc/net/ipv6_route", "re");
    char line[512], gate[33], iface[IF_NAMESIZE];
    unsigned dest_len;
    struct ip ip;
    while (f != NULL && l->gateway6.family == 0 && fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, "%*s %x %*s %*s %32s %*s %*s %*s %*s %15s", &dest_len, gate, iface) != 3 || dest_len != 0)
            continue;
        if (!hex_ip6(gate, &ip) || memcmp(ip.b, none, 16) == 0 || (l->interface[0] != '\0' && strcmp(l->interface, iface) != 0))
            continue;
        (void)snprintf(l->interface, sizeof l->interface, "%s", iface);
        l->gateway6 = ip;
    }
    if (f != NULL)
        fclose(f);
}

static int mask_length(const struct sockaddr *mask)
{
    struct ip m;
    int n = 0;
    if (mask == NULL || !ip_from_sockaddr(mask, &m))
        return 0;
    for (int i = 0; i < (m.family == 4 ? 4 : 16); i++)
        n += __builtin_popcount(m.b[i]);
    return n;
}

/* An IPv4-mapped mask would be read as IPv4: IPv6 masks are counted from their own bytes. */
static int prefix_length(const struct ifaddrs *i)
{
    if (i->ifa_addr->sa_family != AF_INET6 || i->ifa_netmask == NULL)
        return mask_length(i->ifa_netmask);
    const uint8_t *b = (const uint8_t *)i->ifa_netmask + 8;      /* sin6_addr */
    int n = 0;
    for (int k = 0; k < 16; k++)
        n += __builtin_popcount(b[k]);
    return n;
}

static void take_mac(struct own_link *l, const struct sockaddr *sa)
{
    struct sockaddr_ll ll;
    static const uint8_t none[6];
    memcpy(&ll, sa, sizeof ll);
    if (ll.sll_halen == 6 && memcmp(ll.sll_addr, none, 6) != 0)
        (void)snprintf(l->mac, sizeof l->mac, "%02x:%02x:%02x:%02x:%02x:%02x", ll.sll_addr[0], ll.sll_addr[1], ll.sll_addr[2], ll.sll_addr[3], ll.sll_addr[4], ll.sll_addr[5]);
}

static void take_addresses(struct own_link *l, const struct ifaddrs *all)
{
    for (const struct ifaddrs *i = all; i != NULL; i = i->ifa_next) {
        struct own_address a;
        if (i->ifa_addr == NULL || strcmp(i->ifa_name, l->interface) != 0)
            continue;
        if (i->ifa_addr->sa_family == AF_PACKET)
            take_mac(l, i->ifa_addr);
        else if (l->n_addresses < OWN_LINK_MAX_ADDRESSES && ip_from_sockaddr(i->ifa_addr, &a.ip)) {
            a.len = (uint8_t)prefix_length(i);
            l->addresses[l->n_addresses++] = a;
        }
    }
}

static bool read_interface(struct own_link *l)
{
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all) != 0)
        return l->interface[0] == '\0';
    for (const struct ifaddrs *i = all; i != NULL && l->interface[0] == '\0'; i = i->ifa_next)
        if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET && (i->ifa_flags & IFF_UP) != 0 && (i->ifa_flags & IFF_LOOPBACK) == 0)
            (void)snprintf(l->interface, sizeof l->interface, "%s", i->ifa_name);
    take_addresses(l, all);
    freeifaddrs(all);
    l->if_index = l->interface[0] != '\0' ? if_nametoindex(l->interface) : 0;
    return l->interface[0] == '\0' || l->if_index != 0;
}

static void read_ssid(struct own_link *l)
{
    char name[IW_ESSID_MAX_SIZE + 1] = "";
    struct iwreq req = { .u.essid = { .pointer = name, .length = IW_ESSID_MAX_SIZE } };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    (void)snprintf(req.ifr_name, sizeof req.ifr_name, "%.15s", l->interface);
    if (fd >= 0 && ioctl(fd, SIOCGIWESSID, &req) == 0 && name[0] != '\0') {
        struct buf b = BUF_INIT(256);
        text_clean(&b, name, strnlen(name, IW_ESSID_MAX_SIZE));
        l->ssid = arena_strdup(l->arena, buf_str(&b));
        buf_clear(&b);
    }
    if (fd >= 0)
        close(fd);
}

/* --- the kernel's neighbours ------------------------------------------------------------------------------------------- */

static int by_ip(const void *a, const void *b)
{
    const struct own_arp *x = a, *y = b;
    int order = ip_compare(&x->ip, &y->ip);
    return order != 0 ? order : strcmp(x->mac, y->mac);
}

/* The type of the last message of a datagram: newer kernels put the end of a dump behind its last entries. */
static int last_type(const uint8_t *p, size_t len)
{
    int type = NLMSG_NOOP;
    while (len >= sizeof(struct nlmsghdr)) {
        struct nlmsghdr h;
        memcpy(&h, p, sizeof h);
        size_t step = NLMSG_ALIGN(h.nlmsg_len);
        if (h.nlmsg_len < sizeof h || h.nlmsg_len > len)
            break;
        type = h.nlmsg_type;
        if (step > len)
            break;
        p += step;
        len -= step;
    }
    return type;
}

static int read_neigh(struct own_link *l, int fd)
{
    struct { struct nlmsghdr h; struct ndmsg nd; } ask = { .h = { .nlmsg_len = sizeof ask, .nlmsg_type = RTM_GETNEIGH, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP, .nlmsg_seq = 1 } };
    static _Alignas(struct nlmsghdr) uint8_t bytes[64 * 1024];
    if (send(fd, &ask, sizeof ask, 0) != (ssize_t)sizeof ask)
        return -errno;
    for (;;) {
        ssize_t n = recv(fd, bytes, sizeof bytes, 0);
        if (n < (ssize_t)sizeof(struct nlmsghdr))
            return n < 0 ? -errno : ERR_FORMAT;
        own_neigh_parse(l, bytes, (size_t)n);
        int type = last_type(bytes, (size_t)n);
        if (type == NLMSG_DONE || type == NLMSG_ERROR)
            return type == NLMSG_DONE ? 0 : ERR_FORMAT;
    }
}

int own_link_refresh_arp(struct own_link *l)
{
    const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    const struct timeval patience = { .tv_sec = 2 };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), err = fd < 0 ? -errno : 0;
    l->n_arp = 0;
    l->arp_cut = false;
    free(l->arp);
    l->arp = NULL;
    if (err == 0 && (connect(fd, (const struct sockaddr *)&kernel, sizeof kernel) != 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0))
        err = -errno;
    if (err == 0)
        err = read_neigh(l, fd);
    if (fd >= 0)
        close(fd);
    own_link_sort_arp(l);
    return err;
}

void own_link_sort_arp(struct own_link *l)
{
    if (l->n_arp > 1)
        qsort(l->arp, l->n_arp, sizeof *l->arp, by_ip);
}

const char *own_link_mac(const struct own_link *l, const struct ip *ip)
{
    size_t low = 0, high = l->n_arp;
    while (low < high) {             /* the first of this address */
        size_t middle = low + (high - low) / 2;
        if (ip_compare(&l->arp[middle].ip, ip) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < l->n_arp && ip_equal(&l->arp[low].ip, ip) ? l->arp[low].mac : NULL;
}

bool own_link_is_direct(const struct own_link *l, const struct ip *ip)
{
    for (size_t i = 0; i < l->n_addresses; i++) {
        const struct cidr net = { .ip = l->addresses[i].ip, .len = l->addresses[i].len };
        char text[CIDR_TEXT];
        struct cidr cut;
        cidr_format(&net, text);
        if (cidr_parse(text, true, &cut) && cidr_contains(&cut, ip))
            return true;
    }
    return false;
}

/* --- what the machine's services wrote ---------------------------------------------------------------------------------- */

static bool read_file(const char *path, struct buf *out)
{
    buf_reset(out);
    return file_read(path, FILE_MAX_BYTES, out) == 0 && out->len > 0;
}

/* systemd-resolved puts itself into resolv.conf, and the real ones beside it. */
static void read_resolvers(struct own_link *l, struct buf *b)
{
    if (read_file("/etc/resolv.conf", b))
        own_resolv_parse(l, buf_str(b), b->len);
    bool stub = l->n_resolvers == 1 && l->resolvers[0].family == 4 && l->resolvers[0].b[0] == 127 && l->resolvers[0].b[3] == 53;
    if (!stub || !read_file("/run/systemd/resolve/resolv.conf", b))
        return;
    l->n_resolvers = 0;
    own_resolv_parse(l, buf_str(b), b->len);
}

/* The files of dir whose name holds the interface's, the newest name last. */
static bool read_leases_in(struct own_link *l, const char *dir, struct buf *b)
{
    DIR *d = opendir(dir);
    bool found = false;
    const struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL) {
        bool lease = strstr(e->d_name, ".lease") != NULL && e->d_name[0] != '.';
        bool ours = strstr(e->d_name, l->interface) != NULL || strcmp(e->d_name, "dhclient.leases") == 0;
        if (!lease || !ours)
            continue;
        char *path = path_join(dir, e->d_name);
        found = (read_file(path, b) && own_lease_parse(l, path, buf_str(b), b->len)) || found;
        free(path);
    }
    if (d != NULL)
        closedir(d);
    return found;
}

static void read_lease(struct own_link *l, struct buf *b)
{
    char *path = arena_printf(l->arena, "/run/systemd/netif/leases/%u", l->if_index);
    if (read_file(path, b) && own_lease_parse(l, path, buf_str(b), b->len))
        return;
    static const char *const dirs[] = { "/var/lib/NetworkManager", "/run/NetworkManager", "/var/lib/dhcp", "/var/lib/dhclient" };
    for (size_t i = 0; i < N_ELEMENTS(dirs); i++)
        if (read_leases_in(l, dirs[i], b))
            return;
}

/* lldpd tells through its own client, which asks the daemon on this machine and nobody else. */
static void read_lldpd(struct own_link *l)
{
    static const char *const argv[] = { "lldpcli", "-f", "keyvalue", "show", "neighbors", NULL };
    struct buf out = BUF_INIT(SECRET_MAX);
    char *why = NULL;
    if ((access(LLDPD_SOCKET, W_OK) == 0 || access("/run/lldpd/lldpd.socket", W_OK) == 0) && secret_run(argv, LLDPCLI_MS, &out, &why) == 0)
        own_lldpcli_parse(l, buf_str(&out), out.len);
    free(why);
    buf_clear(&out);
}

static void read_services(struct own_link *l)
{
    struct buf b = BUF_INIT(FILE_MAX_BYTES + 1);
    read_resolvers(l, &b);
    if (l->if_index != 0) {
        read_lease(l, &b);
        char *path = arena_printf(l->arena, "/run/systemd/netif/lldp/%u", l->if_index);
        if (read_file(path, &b))
            own_lldp_file_parse(l, l->if_index, b.data, b.len);
        if (l->n_peers == 0)
            read_lldpd(l);
        if (read_file("/proc/net/vlan/config", &b))
            own_vlan_parse(l, buf_str(&b), b.len);
    }
    buf_clear(&b);
}

struct own_link *own_link_read(const char *interface)
{
    struct own_link *l = own_link_new();
    if (interface != NULL)
        (void)snprintf(l->interface, sizeof l->interface, "%s", interface);
    default_route4(l);
    default_route6(l);
    if (!read_interface(l)) {
        own_link_free(l);
        return NULL;
    }
    if (l->if_index != 0)
        read_ssid(l);
    read_services(l);
    (void)own_link_refresh_arp(l);
    return l;
}
