/* Files and kernel answers about our own link, as bytes. Pure. Their texts may have come over the network (a DHCP server's domain name): they
 * are cleaned, and nothing is trusted but to be shown. */
#include "collect/own_link.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"

#define LINE_MAX_BYTES 1024
#define NAME_MAX_BYTES 253           /* of a domain */

struct own_link *own_link_new(void)
{
    struct own_link *l = xcalloc(1, sizeof *l);
    l->arena = arena_new();
    l->vlan = -1;
    return l;
}

void own_link_free(struct own_link *l)
{
    if (l == NULL)
        return;
    arena_free(l->arena);
    free(l->arp);
    free(l);
}

/* --- lines ---------------------------------------------------------------------------------------------------------- */

/* The next line of bytes, without its end, cut at LINE_MAX_BYTES; false at the end. */
static bool next_line(const char *bytes, size_t len, size_t *pos, char out[LINE_MAX_BYTES + 1])
{
    if (*pos >= len)
        return false;
    const char *start = bytes + *pos, *end = memchr(start, '\n', len - *pos);
    size_t n = end != NULL ? (size_t)(end - start) : len - *pos;
    *pos += n + 1;
    n = n < LINE_MAX_BYTES ? n : LINE_MAX_BYTES;
    memcpy(out, start, n);
    out[n] = '\0';
    out[strcspn(out, "\r")] = '\0';
    return true;
}

static const char *clean(struct own_link *l, const char *s, size_t len)
{
    struct buf b = BUF_INIT(4 * LINE_MAX_BYTES);
    text_clean(&b, s, len);
    for (size_t i = 0; i < b.len; i++)
        if (b.data[i] == '\n' || b.data[i] == '\t')
            b.data[i] = ' ';
    const char *out = b.len > 0 ? arena_strdup(l->arena, buf_str(&b)) : NULL;
    buf_clear(&b);
    return out;
}

/* A domain name, lower case, without the dot at its end; false when it is none. */
static bool domain_of(const char *word, char out[NAME_MAX_BYTES + 1])
{
    size_t len = strlen(word);
    if (len > 0 && word[len - 1] == '.')
        len--;
    if (len == 0 || len > NAME_MAX_BYTES || word[0] == '.' || word[0] == '-')
        return false;
    memcpy(out, word, len);
    out[len] = '\0';
    text_lower_ascii(out);
    return strspn(out, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == len && strstr(out, "..") == NULL;
}

static void add_suffix(struct own_link *l, const char *word)
{
    char name[NAME_MAX_BYTES + 1];
    if (l->n_suffixes == OWN_LINK_MAX_SUFFIXES || !domain_of(word, name))
        return;
    for (size_t i = 0; i < l->n_suffixes; i++)
        if (strcmp(l->suffixes[i], name) == 0)
            return;
    l->suffixes[l->n_suffixes++] = arena_strdup(l->arena, name);
}

static void add_resolver(struct own_link *l, char *word)
{
    struct ip ip;
    word[strcspn(word, "%")] = '\0';         /* a link-local address with its interface */
    if (l->n_resolvers == OWN_LINK_MAX_RESOLVERS || !ip_parse(word, &ip))
        return;
    for (size_t i = 0; i < l->n_resolvers; i++)
        if (ip_equal(&l->resolvers[i], &ip))
            return;
    l->resolvers[l->n_resolvers++] = ip;
}

void own_resolv_parse(struct own_link *l, const char *bytes, size_t len)
{
    char line[LINE_MAX_BYTES + 1];
    for (size_t pos = 0; next_line(bytes, len, &pos, line);) {
        char *rest = text_trim(line), *word = strsep(&rest, " \t");
        bool server = strcmp(word, "nameserver") == 0, suffix = strcmp(word, "search") == 0 || strcmp(word, "domain") == 0;
        while (rest != NULL && (server || suffix)) {
            char *w = strsep(&rest, " \t");
            if (server)
                add_resolver(l, w);
            else
                add_suffix(l, w);
        }
    }
}

/* --- leases --------------------------------------------------------------------------------------------------------- */

static bool lease_field(struct own_link *l, struct own_lease *to, const char *key, const char *value, size_t len)
{
    static const struct { const char *networkd, *dhclient; size_t offset; } fields[] = {
        { "SERVER_ADDRESS", "option dhcp-server-identifier", offsetof(struct own_lease, server) },
        { "ROUTER", "option routers", offsetof(struct own_lease, router) },
        { "DOMAINNAME", "option domain-name", offsetof(struct own_lease, domain) },
        { "DNS", "option domain-name-servers", offsetof(struct own_lease, resolvers) },
        { "LIFETIME", "option dhcp-lease-time", offsetof(struct own_lease, lifetime) },
    };
    for (size_t i = 0; i < N_ELEMENTS(fields); i++) {
        if (strcmp(key, fields[i].networkd) != 0 && strcmp(key, fields[i].dhclient) != 0)
            continue;
        const char *text = clean(l, value, len);
        memcpy((char *)to + fields[i].offset, &text, sizeof text);
        return true;
    }
    return false;
}

/* "  option routers 10.0.0.1;" to key and value. */
static void dhclient_line(struct own_link *l, struct own_lease *to, char *line)
{
    char *s = text_trim(line);
    size_t len = strlen(s);
    if (len > 0 && s[len - 1] == ';')
        s[--len] = '\0';
    char *space = strchr(s, ' ');
    if (space != NULL && text_starts_with(s, "option "))
        space = strchr(space + 1, ' ');
    if (space == NULL)
        return;
    *space = '\0';
    char *value = text_trim(space + 1);
    size_t n = strlen(value);
    if (n >= 2 && value[0] == '"' && value[n - 1] == '"') {
        value++;
        n -= 2;
    }
    (void)lease_field(l, to, s, value, n);
}

static bool names_interface(const struct own_link *l, char *line)
{
    char *s = text_trim(line);
    size_t n = strlen(l->interface);
    return text_starts_with(s, "interface \"") && strncmp(s + 11, l->interface, n) == 0 && s[11 + n] == '"';
}

static bool dhclient_parse(struct own_link *l, struct own_lease *out, const char *bytes, size_t len)
{
    char line[LINE_MAX_BYTES + 1];
    struct own_lease now = { 0 };
    bool inside = false, ours = false, found = false;
    for (size_t pos = 0; next_line(bytes, len, &pos, line);) {
        char *s = text_trim(line);
        if (text_starts_with(s, "lease {")) {
            now = (struct own_lease){ 0 };
            inside = true;
            ours = false;
        } else if (inside && s[0] == '}') {
            if (ours)
                *out = now;
            found = found || ours;
            inside = false;
        } else if (inside && text_starts_with(s, "interface ")) {
            ours = names_interface(l, s);
        } else if (inside) {
            dhclient_line(l, &now, s);
        }
    }
    return found;
}

static bool networkd_parse(struct own_link *l, struct own_lease *out, const char *bytes, size_t len)
{
    char line[LINE_MAX_BYTES + 1];
    bool found = false;
    for (size_t pos = 0; next_line(bytes, len, &pos, line);) {
        char *equals = strchr(line, '=');
        if (equals == NULL || line[0] == '#')
            continue;
        *equals = '\0';
        found = lease_field(l, out, line, equals + 1, strlen(equals + 1)) || found;
    }
    return found;
}

bool own_lease_parse(struct own_link *l, const char *file, const char *bytes, size_t len)
{
    struct own_lease lease = { 0 };
    bool dhclient = memmem(bytes, len, "lease {", 7) != NULL;
    bool found = dhclient ? dhclient_parse(l, &lease, bytes, len) : networkd_parse(l, &lease, bytes, len);
    if (!found)
        return false;
    lease.file = arena_strdup(l->arena, file);
    l->lease = lease;
    if (lease.domain != NULL)
        add_suffix(l, lease.domain);
    return true;
}

/* --- VLAN ----------------------------------------------------------------------------------------------------------- */

void own_vlan_parse(struct own_link *l, const char *bytes, size_t len)
{
    char line[LINE_MAX_BYTES + 1];
    for (size_t pos = 0; next_line(bytes, len, &pos, line);) {
        char *rest = line, *name = strsep(&rest, "|"), *tag = rest != NULL ? strsep(&rest, "|") : NULL;
        long long vlan = 0;
        if (tag != NULL && strcmp(text_trim(name), l->interface) == 0 && text_parse_int(text_trim(tag), 0, 4094, &vlan))
            l->vlan = (int)vlan;
    }
}

/* --- the kernel's neighbours ------------------------------------------------------------------------------------------ */

static bool add_arp(struct own_link *l, const struct ndmsg *nd, const uint8_t *address, size_t address_len, const uint8_t *mac, size_t mac_len)
{
    struct own_arp a = { .if_index = (unsigned)nd->ndm_ifindex };
    if (mac == NULL || mac_len != 6 || address == NULL)
        return false;
    static const uint8_t none[6];
    if (memcmp(mac, none, 6) == 0)
        return false;                /* loopback */
    if (nd->ndm_family == AF_INET && address_len == 4)
        a.ip.family = 4;
    else if (nd->ndm_family == AF_INET6 && address_len == 16)
        a.ip.family = 6;
    else
        return false;
    if (l->n_arp == OWN_LINK_MAX_ARP) {
        l->arp_cut = true;
        return false;
    }
    memcpy(a.ip.b, address, address_len);
    (void)snprintf(a.mac, sizeof a.mac, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
    if ((l->n_arp & (l->n_arp - 1)) == 0)
        l->arp = xrealloc_array(l->arp, l->n_arp == 0 ? 1 : 2 * l->n_arp, sizeof *l->arp);
    l->arp[l->n_arp++] = a;
    return true;
}

static void one_neigh(struct own_link *l, const uint8_t *p, size_t len)
{
    struct ndmsg nd;
    const uint8_t *address = NULL, *mac = NULL;
    size_t address_len = 0, mac_len = 0, pos = NLMSG_ALIGN(sizeof nd);
    if (len < sizeof nd)
        return;
    memcpy(&nd, p, sizeof nd);
    if ((nd.ndm_state & (NUD_INCOMPLETE | NUD_FAILED | NUD_NOARP)) != 0)
        return;                      /* looked for, and not found */
    while (pos + sizeof(struct rtattr) <= len) {
        struct rtattr a;
        memcpy(&a, p + pos, sizeof a);
        if (a.rta_len < sizeof a || a.rta_len > len - pos)
            return;
        const uint8_t *value = p + pos + sizeof a;
        size_t n = a.rta_len - sizeof a;
        if (a.rta_type == NDA_DST) {
            address = value;
            address_len = n;
        } else if (a.rta_type == NDA_LLADDR) {
            mac = value;
            mac_len = n;
        }
        pos += RTA_ALIGN(a.rta_len);
    }
    (void)add_arp(l, &nd, address, address_len, mac, mac_len);
}

void own_neigh_parse(struct own_link *l, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    while (len >= sizeof(struct nlmsghdr)) {
        struct nlmsghdr h;
        memcpy(&h, p, sizeof h);
        if (h.nlmsg_len < sizeof h || h.nlmsg_len > len)
            return;
        if (h.nlmsg_type == RTM_NEWNEIGH)
            one_neigh(l, p + sizeof h, h.nlmsg_len - sizeof h);
        size_t step = NLMSG_ALIGN(h.nlmsg_len);
        if (step > len)
            return;
        p += step;
        len -= step;
    }
}
