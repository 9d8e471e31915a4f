/* The pages of `discover`. Every text on them may have come from a network: the page makes it safe for a terminal. */
#include "cmd/discover_page.h"

#include <string.h>

static void put_ips(struct page *p, const char *label, const struct ip *v, size_t n)
{
    struct buf b = BUF_INIT(4096);
    for (size_t i = 0; i < n; i++) {
        char text[IP_TEXT];
        if (v[i].family == 0)
            continue;
        ip_format(&v[i], text);
        buf_printf(&b, "%s%s", b.len > 0 ? ", " : "", text);
    }
    if (b.len > 0)
        page_wrap(p, INK_PLAIN, 12, "%-11s %s", label, buf_str(&b));
    buf_clear(&b);
}

static void put_addresses(struct page *p, const struct own_link *l)
{
    struct buf b = BUF_INIT(4096);
    for (size_t i = 0; i < l->n_addresses; i++) {
        char text[IP_TEXT];
        ip_format(&l->addresses[i].ip, text);
        buf_printf(&b, "%s%s/%u", b.len > 0 ? ", " : "", text, (unsigned)l->addresses[i].len);
    }
    page_wrap(p, INK_PLAIN, 12, "Address     %s", b.len > 0 ? buf_str(&b) : "none");
    buf_clear(&b);
}

static void put_lease(struct page *p, const struct own_lease *lease)
{
    struct buf b = BUF_INIT(8192);
    if (lease->file == NULL) {
        page_wrap(p, INK_DIM, 12, "Lease       none that can be read (a fixed address, or its file is not readable for you)");
        return;
    }
    if (lease->server != NULL)
        buf_printf(&b, "from %s", lease->server);
    if (lease->domain != NULL)
        buf_printf(&b, "%sdomain %s", b.len > 0 ? ", " : "", lease->domain);
    if (lease->lifetime != NULL)
        buf_printf(&b, "%s%s s", b.len > 0 ? ", for " : "for ", lease->lifetime);
    page_wrap(p, INK_PLAIN, 12, "Lease       %s%s(%s)", buf_str(&b), b.len > 0 ? " " : "", lease->file);
    buf_clear(&b);
}

static void put_suffixes(struct page *p, const struct own_link *l)
{
    struct buf b = BUF_INIT(4096);
    for (size_t i = 0; i < l->n_suffixes; i++)
        buf_printf(&b, "%s%s", i > 0 ? ", " : "", l->suffixes[i]);
    if (b.len > 0)
        page_wrap(p, INK_PLAIN, 12, "DNS suffix  %s", buf_str(&b));
    buf_clear(&b);
}

static void put_peer(struct page *p, const struct own_peer *peer)
{
    struct buf b = BUF_INIT(8192);
    char text[IP_TEXT];
    buf_puts(&b, peer->sys_name != NULL ? peer->sys_name : peer->chassis_id != NULL ? peer->chassis_id : "without a name");
    if (peer->port_id != NULL)
        buf_printf(&b, ", its port %s", peer->port_id);
    if (peer->port_descr != NULL && (peer->port_id == NULL || strcmp(peer->port_descr, peer->port_id) != 0))
        buf_printf(&b, " (%s)", peer->port_descr);
    if (peer->vlan > 0)
        buf_printf(&b, ", VLAN %d", peer->vlan);
    if (peer->address.family != 0) {
        ip_format(&peer->address, text);
        buf_printf(&b, ", managed at %s", text);
    }
    if (peer->sys_name != NULL && peer->chassis_id != NULL)
        buf_printf(&b, ", chassis %s", peer->chassis_id);
    if (peer->sys_descr != NULL)
        buf_printf(&b, ": %s", peer->sys_descr);
    page_wrap(p, INK_PLAIN, 12, "Neighbour   %s (by %s)", buf_str(&b), strcmp(peer->via, "cdp") == 0 ? "CDP" : "LLDP");
    buf_clear(&b);
}

void discover_put_own_link(struct page *p, const struct own_link *l, const char *label)
{
    const struct ip gateways[] = { l->gateway, l->gateway6 };
    page_line(p, INK_STRONG, "What this machine's own link knows. Nothing was sent.");
    if (label != NULL)
        page_wrap(p, INK_PLAIN, 12, "Place       %s", label);
    if (l->interface[0] == '\0') {
        page_wrap(p, INK_WARN, 12, "Interface   none is up");
        return;
    }
    page_line(p, INK_PLAIN, "Interface   %s%s%s", l->interface, l->mac[0] != '\0' ? ", " : "", l->mac);
    if (l->ssid != NULL)
        page_wrap(p, INK_PLAIN, 12, "Wireless    %s", l->ssid);
    put_addresses(p, l);
    if (l->vlan >= 0)
        page_line(p, INK_PLAIN, "VLAN        %d, tagged by this machine", l->vlan);
    put_ips(p, "Gateway", gateways, 2);
    put_lease(p, &l->lease);
    put_ips(p, "Resolver", l->resolvers, l->n_resolvers);
    put_suffixes(p, l);
    for (size_t i = 0; i < l->n_peers; i++)
        put_peer(p, &l->peers[i]);
    if (l->n_peers == 0)
        page_wrap(p, INK_DIM, 12, "Neighbour   none that can be read: with lldpd, or LLDP= in systemd-networkd, the switch and its port stand here");
    page_line(p, INK_PLAIN, "ARP         %zu %s known to this machine", l->n_arp, l->n_arp == 1 ? "address" : "addresses");
    for (size_t i = 0; i < l->n_arp; i++) {
        char text[IP_TEXT];
        ip_format(&l->arp[i].ip, text);
        page_line(p, INK_PLAIN, "            %-39s %s", text, l->arp[i].mac);
    }
}
