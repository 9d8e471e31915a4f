/* From where we look: the kernel's own tables are read, nothing is sent. Parent. */
#include "collect/vantage.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/cidr.h"
#include "base/path.h"
#include "base/text.h"

static void json_string_put(struct buf *out, const char *key, const char *value)
{
    struct buf clean = BUF_INIT(4096);
    text_clean(&clean, value, strlen(value));
    buf_printf(out, "%s\"%s\":\"", out->len > 1 ? "," : "", key);
    for (const char *p = buf_str(&clean); *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_putc(out, '\\');
        if (*p == '\n' || *p == '\t')
            buf_putc(out, ' ');
        else
            buf_putc(out, *p);
    }
    buf_putc(out, '"');
    buf_clear(&clean);
}

/* The default route of /proc/net/route: interface and gateway; false when there is none. */
static bool default_route(char name[IF_NAMESIZE], char gateway[INET_ADDRSTRLEN])
{
    FILE *f = fopen("/proc/net/route", "re");
    char line[512], iface[IF_NAMESIZE];
    unsigned dest, gate, flags, mask;
    bool found = false;
    while (f && !found && fgets(line, sizeof(line), f))
        if (sscanf(line, "%15s %x %x %x %*s %*s %*s %x", iface, &dest, &gate, &flags, &mask) == 5 && dest == 0 && mask == 0 && gate != 0) {
            struct in_addr a = { .s_addr = gate };
            memcpy(name, iface, sizeof(iface));
            found = inet_ntop(AF_INET, &a, gateway, INET_ADDRSTRLEN) != NULL;
        }
    if (f)
        fclose(f);
    return found;
}

static int prefix_length(const struct sockaddr *mask)
{
    struct ip m;
    int n = 0;
    if (!mask || !ip_from_sockaddr(mask, &m))
        return -1;
    for (int i = 0; i < (m.family == 4 ? 4 : 16); i++)
        n += __builtin_popcount(m.b[i]);
    return n;
}

static void put_interface(struct buf *out, const char *wanted)
{
    struct ifaddrs *all = NULL;
    if (getifaddrs(&all))
        return;
    for (const struct ifaddrs *i = all; i; i = i->ifa_next) {
        struct ip ip;
        char text[IP_TEXT], full[IP_TEXT + 16];
        bool usable = i->ifa_addr && (i->ifa_flags & IFF_UP) && (wanted[0] ? strcmp(i->ifa_name, wanted) == 0 : !(i->ifa_flags & IFF_LOOPBACK));
        if (!usable || !ip_from_sockaddr(i->ifa_addr, &ip) || ip.family != 4)
            continue;
        ip_format(&ip, text);
        (void)snprintf(full, sizeof(full), "%s/%d", text, prefix_length(i->ifa_netmask));
        json_string_put(out, "interface", i->ifa_name);
        json_string_put(out, "address", full);
        break;
    }
    freeifaddrs(all);
}

void vantage_describe(const char *label, bool offline, struct buf *out)
{
    char name[IF_NAMESIZE] = "", gateway[INET_ADDRSTRLEN] = "";
    buf_putc(out, '{');
    if (label)
        json_string_put(out, "label", label);
    if (!offline) {
        bool routed = default_route(name, gateway);
        put_interface(out, name);
        if (routed)
            json_string_put(out, "gateway", gateway);
    }
    buf_putc(out, '}');
}
