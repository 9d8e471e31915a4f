/* The pages of `discover`. Every text on them may have come from a network: the page makes it safe for a terminal. */
#include "cmd/discover_page.h"

#include <string.h>

#include "base/clock.h"
#include "fact/port.h"

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
    page_line(p, INK_PLAIN, "ARP         %zu %s known to this machine%s", l->n_arp, l->n_arp == 1 ? "address" : "addresses", l->arp_cut ? "; it has more, which are not read" : "");
    for (size_t i = 0; i < l->n_arp; i++) {
        char text[IP_TEXT];
        ip_format(&l->arp[i].ip, text);
        page_line(p, INK_PLAIN, "            %-39s %s", text, l->arp[i].mac);
    }
}

/* --- a discovery ------------------------------------------------------------------------------------------------------------- */

static void put_networks(struct page *p, const struct discovery *d)
{
    struct buf b = BUF_INIT(64 * 1024);
    for (size_t i = 0; i < d->n_networks; i++) {
        char text[CIDR_TEXT];
        cidr_format(&d->networks[i], text);
        buf_printf(&b, "%s%s", i > 0 ? ", " : "", text);
    }
    page_wrap(p, INK_PLAIN, 12, "Where       %s", buf_str(&b));
    buf_clear(&b);
}

static void put_guests(struct page *p, const struct discovery *d)
{
    struct buf b = BUF_INIT(64 * 1024);
    const struct site *s = d->site;
    for (size_t i = 0; i < s->n_guest_networks; i++)
        buf_printf(&b, "%s%s", i > 0 ? ", " : "", s->guest_networks[i]);
    if (s->n_guest_networks > 0)
        page_wrap(p, INK_STRONG, 12, "Left out    guests and patients (%s): nobody in their networks is looked for, asked or written down", buf_str(&b));
    buf_clear(&b);
}

static void put_never(struct page *p, const struct discovery *d)
{
    struct buf b = BUF_INIT(64 * 1024);
    const struct site *s = d->site;
    for (size_t i = 0; i <= s->n_authorizations; i++) {
        const struct cidr *v = i < s->n_authorizations ? s->authorizations[i].never : s->never;
        size_t n = i < s->n_authorizations ? s->authorizations[i].n_never : s->n_never;
        for (size_t k = 0; k < n; k++) {
            char text[CIDR_TEXT];
            cidr_format(&v[k], text);
            buf_printf(&b, "%s, ", text);
        }
    }
    for (size_t i = 0; i < s->n_never_names; i++)
        buf_printf(&b, "%s, ", s->never_names[i]);
    for (size_t i = 0; i < s->n_never_macs; i++)
        buf_printf(&b, "%s, ", s->never_macs[i]);
    page_wrap(p, INK_STRONG, 12, "Never       %sdevices of medical makers and of the modules inside them (%zu entries of %s); the ports %s", buf_str(&b), deny_count(d->deny), DENY_FILE, PORTS_NEVER_OPENED);
    buf_clear(&b);
}

static void put_gear(struct page *p, struct discovery *d)
{
    for (size_t i = 0; i < d->n; i++) {
        struct find *f = &d->finds[i];
        char text[IP_TEXT];
        if (!f->target_gear && !f->gear)
            continue;
        bool may = discover_may_touch(d, f, "snmp", true);
        ip_format(&f->ip, text);
        page_wrap(p, may ? INK_PLAIN : INK_WARN, 20, "  %-17s %s", text, may ? "its tables over SNMP" : f->denied != NULL ? f->denied : f->not_asked != NULL ? f->not_asked : "");
    }
}

static void put_names(struct page *p, const struct discovery *d)
{
    if (d->site->n_never_names == 0)
        return;
    page_wrap(p, d->o->without_names ? INK_WARN : INK_PLAIN, 12, d->o->without_names ? "Names       never: has names. Addresses whose name this computer's resolver does not know are asked all the same (--without-names)"
              : "Names       never: has names, so this computer's resolver is asked for the name of each address first. While it does not answer, nothing is sent to that address");
}

void discover_put_dry_run(struct page *p, struct discovery *d)
{
    struct discover_forecast n;
    struct buf b = BUF_INIT(8192);
    const bool may_arp = discover_may_send_arp();
    discover_forecast(d, &n);
    page_line(p, INK_STRONG, "%s: what a discovery would send, and to whom. Nothing has been sent.", d->site->name);
    permit_summary(d->site, clock_now(), &b);
    page_wrap(p, INK_PLAIN, 12, "Permission  %s", buf_str(&b));
    buf_clear(&b);
    for (size_t i = 0; i < d->site->n_authorizations; i++)
        if (d->site->authorizations[i].stop_contact != NULL)
            page_wrap(p, INK_STRONG, 12, "To stop it  call %s, or press Ctrl-C on the laptop: nothing is sent after 2 seconds", d->site->authorizations[i].stop_contact);
    put_networks(p, d);
    put_guests(p, d);
    put_never(p, d);
    page_wrap(p, d->o->fast ? INK_WARN : INK_PLAIN, 12, "How often   %s", d->o->fast ? "as fast as the machine can (--fast)" : "at most 50 packets/s and 8 addresses at a time; fewer when round trips double");
    put_names(p, d);
    page_heading(p, "1. GATEWAYS AND SWITCHES, FOR THEIR TABLES", "");
    put_gear(p, d);
    page_wrap(p, INK_PLAIN, 2, "  and the switches and routers that these name as neighbours or next hops, where SNMP is permitted");
    if (!may_arp)
        page_wrap(p, INK_PLAIN, 2, "  Gear that site.yaml names on our own link gets one empty UDP datagram to port 9 first, when its maker is not known: this computer may not ask by ARP itself");
    page_heading(p, "2. ADDRESSES WHOSE MAKER IS KNOWN AND NOT DENIED", "");
    page_wrap(p, INK_PLAIN, 2, "  %zu known now; step 1 will name more. Each: TCP connections to 22, 53, 80, 389, 443, 445, 636, 3389 as far as permitted, closed at once; its SNMP system group with each "
              "credential that is for its network; where they answer and it is permitted, an SSH host key and an LDAP root DSE. Never touched: %zu. Not asked, because the maker is unknown or "
              "nobody permitted it: %zu", n.n_known, n.n_denied, n.n_unknown);
    page_heading(p, "3. ADDRESSES OF UNKNOWN MAKER (SWEEP)", "");
    if (n.n_sweep == 0)
        page_wrap(p, INK_PLAIN, 2, "  None: no IPv4 network is permitted with the method sweep, or all of its addresses are known");
    if (n.n_direct > 0 && !may_arp)
        page_wrap(p, INK_WARN, 2, "  %zu on our own link. This computer may not ask by ARP whose they are (not root, and without CAP_NET_RAW), so none of these is asked. Run preop as root, give it the right "
                  "(setcap cap_net_raw+ep FILE), or name what is to be read in site.yaml", n.n_direct);
    else if (n.n_direct > 0)
        page_wrap(p, INK_WARN, 2, "  %zu on our own link. Each is asked for by ARP first, which goes to nobody in particular and tells the maker; a denied device gets nothing after it, and who does not answer is left "
                  "alone. The others are then asked as in step 2", n.n_direct);
    if (n.n_sweep > n.n_direct)
        page_wrap(p, INK_WARN, 2, "  %zu behind a router. Their makers cannot be known here, so each gets one TCP connection, closed at once, and nothing more, unless a router's ARP table then names a maker that is "
                  "not denied. A medical device among them gets that connection, too: exclude it under never:, or leave sweep out", n.n_sweep - n.n_direct);
    page_wrap(p, INK_PLAIN, 2, "  IPv6 networks are not swept: there, only what tables name is asked");
    page_wrap(p, INK_PLAIN, 2, "  At most %zu packets for steps 2 and 3 as they stand now", (n.n_known + (may_arp ? n.n_direct : 0)) * (DISCOVER_PORTS + 8) + (n.n_sweep - n.n_direct));
    page_blank(p);
    page_line(p, INK_PLAIN, "Agreed: ______________________________   Date: ______________");
}

void discover_put_result(struct page *p, struct discovery *d, const struct moves *moves)
{
    size_t n_new = 0, n_known = 0, n_denied = 0, n_silent = 0;
    struct discover_notes notes;
    discover_notes(d, &notes);
    for (size_t i = 0; i < d->n; i++) {
        const struct find *f = &d->finds[i];
        n_denied += f->denied != NULL;
        if (f->denied != NULL || f->ip.family == 0 || f->device != i)
            continue;
        n_known += f->known != NULL;
        if (f->moved)
            continue;
        n_new += f->known == NULL && (f->answered || f->reached);
        n_silent += f->known == NULL && !f->answered && !f->reached && (f->mac[0] != '\0' || !f->swept);
    }
    page_line(p, INK_STRONG, "%s: %zu new, %zu known, %zu at another address, %zu silent or not asked, %zu never touched", d->site->name, n_new, n_known, moves->n, n_silent, n_denied);
    for (size_t i = 0; i < d->n; i++) {
        const struct find *f = &d->finds[i];
        char text[IP_TEXT];
        if (f->denied != NULL || f->ip.family == 0 || f->device != i || f->known != NULL || f->moved || !(f->answered || f->reached))
            continue;
        ip_format(&f->ip, text);
        const char *role = discover_role(f), *name = f->sys_name != NULL ? f->sys_name : f->ldap_name != NULL ? f->ldap_name : f->dns_name;
        page_wrap(p, INK_PLAIN, 20, "  %-17s %s%s%s%s%s", text, role != NULL ? role : "answers", name != NULL ? ", " : "", name != NULL ? name : "", f->vendor != NULL || f->maker != NULL ? ", " : "",
                  f->vendor != NULL ? f->vendor : f->maker != NULL ? f->maker : "");
    }
    for (size_t i = 0; i < moves->n; i++) {
        char text[IP_TEXT];
        ip_format(&moves->v[i].f->ip, text);
        page_wrap(p, INK_WARN, 20, "  %-17s %s, which site.yaml has at %s (known by its %s)", text, moves->v[i].target->name, moves->v[i].target->host, moves->v[i].because);
    }
    for (size_t i = 0; i < notes.n; i++)
        page_wrap(p, INK_WARN, 2, "  %s.", notes.v[i]);
    page_wrap(p, INK_PLAIN, 0, "%zu questions were sent; each stands in the log. Read %s, then: preop discover --merge", d->n_questions, DISCOVERED_FILE);
}
