/* Who announces itself at the other end of our cable: LLDP frames that systemd-networkd kept, and what lldpd tells (LLDP and CDP). Pure. The
 * bytes come from the network: every length is checked, every text cleaned. */
#include "collect/own_link.h"

#include <stdio.h>
#include <string.h>
#include "base/text.h"

#define ETHERNET_HEAD 14
#define FRAME_MAX_BYTES 9216
#define TEXT_MAX_BYTES 512           /* a TLV carries 511 */

enum tlv { TLV_END = 0, TLV_CHASSIS = 1, TLV_PORT = 2, TLV_PORT_DESCR = 4, TLV_SYS_NAME = 5, TLV_SYS_DESCR = 6, TLV_ADDRESS = 8, TLV_ORGANIZATION = 127 };

static const char *clean(struct own_link *l, const void *p, size_t len)
{
    struct buf b = BUF_INIT(4 * TEXT_MAX_BYTES);
    text_clean(&b, p, len < TEXT_MAX_BYTES ? len : TEXT_MAX_BYTES);
    for (size_t i = 0; i < b.len; i++)
        if (b.data[i] == '\n' || b.data[i] == '\t')
            b.data[i] = ' ';
    const char *out = b.len > 0 ? arena_strdup(l->arena, text_trim(b.data)) : NULL;
    buf_clear(&b);
    return out != NULL && out[0] != '\0' ? out : NULL;
}

static void mac_text(const uint8_t m[6], char out[OWN_LINK_MAC])
{
    (void)snprintf(out, OWN_LINK_MAC, "%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
}

/* An address as LLDP writes it: its IANA family in one byte, then its bytes. */
static bool address_of(const uint8_t *p, size_t len, struct ip *out)
{
    *out = (struct ip){ .family = 0 };
    if (len == 5 && p[0] == 1)
        out->family = 4;
    else if (len == 17 && p[0] == 2)
        out->family = 6;
    if (out->family != 0)
        memcpy(out->b, p + 1, len - 1);
    return out->family != 0;
}

/* A chassis or port id: a hardware address, an IP address, or a name. mac_type, ip_type: the subtypes that mean so. */
static const char *id_of(struct own_link *l, const uint8_t *p, size_t len, uint8_t mac_type, uint8_t ip_type, char mac[OWN_LINK_MAC])
{
    struct ip ip;
    char text[IP_TEXT];
    mac[0] = '\0';
    if (len < 2)
        return NULL;
    if (p[0] == mac_type && len == 7) {
        mac_text(p + 1, mac);
        return arena_strdup(l->arena, mac);
    }
    if (p[0] == ip_type && address_of(p + 1, len - 1, &ip)) {
        ip_format(&ip, text);
        return arena_strdup(l->arena, text);
    }
    return clean(l, p + 1, len - 1);
}

static void take_tlv(struct own_link *l, struct own_peer *peer, unsigned type, const uint8_t *p, size_t len)
{
    char mac[OWN_LINK_MAC];
    switch (type) {
    case TLV_CHASSIS:
        peer->chassis_id = id_of(l, p, len, 4, 5, peer->mac);
        break;
    case TLV_PORT:
        peer->port_id = id_of(l, p, len, 3, 4, mac);
        break;
    case TLV_PORT_DESCR:
        peer->port_descr = clean(l, p, len);
        break;
    case TLV_SYS_NAME:
        peer->sys_name = clean(l, p, len);
        break;
    case TLV_SYS_DESCR:
        peer->sys_descr = clean(l, p, len);
        break;
    case TLV_ADDRESS:                /* its own length in one byte, which counts the family */
        if (len >= 2 && (size_t)p[0] + 1 <= len && peer->address.family != 4)
            (void)address_of(p + 1, p[0], &peer->address);
        break;
    case TLV_ORGANIZATION:           /* IEEE 802.1: port VLAN id */
        if (len == 6 && memcmp(p, "\x00\x80\xc2\x01", 4) == 0)
            peer->vlan = (p[4] << 8 | p[5]) & 0xfff;
        break;
    default:
        break;
    }
}

bool own_lldp_frame_parse(struct own_link *l, unsigned if_index, const uint8_t *frame, size_t len)
{
    struct own_peer peer = { .via = "lldp", .vlan = -1, .if_index = if_index };
    struct reader r;
    if (l->n_peers == OWN_LINK_MAX_PEERS || len < ETHERNET_HEAD || frame[12] != 0x88 || frame[13] != 0xcc)
        return false;
    reader_init(&r, frame + ETHERNET_HEAD, len - ETHERNET_HEAD);
    while (!r.bad && reader_left(&r) >= 2) {
        unsigned head = reader_u16(&r);
        size_t n = head & 0x1ff;
        const uint8_t *p = reader_take(&r, n);
        if (head >> 9 == TLV_END)
            break;
        if (p != NULL)
            take_tlv(l, &peer, head >> 9, p, n);
    }
    if (r.bad || peer.chassis_id == NULL || peer.port_id == NULL)
        return false;
    l->peers[l->n_peers++] = peer;
    return true;
}

void own_lldp_file_parse(struct own_link *l, unsigned if_index, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    while (len >= 8) {
        uint64_t n = 0;
        for (int i = 7; i >= 0; i--)
            n = n << 8 | p[i];
        p += 8;
        len -= 8;
        if (n > len || n > FRAME_MAX_BYTES)
            return;
        (void)own_lldp_frame_parse(l, if_index, p, (size_t)n);
        p += n;
        len -= (size_t)n;
    }
}

/* --- lldpd ------------------------------------------------------------------------------------------------------------ */

static bool hex_mac(const char *s, char out[OWN_LINK_MAC])
{
    static const char digits[] = "0123456789abcdefABCDEF";
    if (strlen(s) != 17)
        return false;
    for (int i = 0; i < 17; i++)
        if (i % 3 == 2 ? s[i] != ':' : strchr(digits, s[i]) == NULL)
            return false;
    memcpy(out, s, OWN_LINK_MAC);
    text_lower_ascii(out);
    return true;
}

static void lldpcli_value(struct own_link *l, struct own_peer *peer, const char *key, const char *value)
{
    const char *text = clean(l, value, strlen(value));
    long long vlan = 0;
    if (strcmp(key, "chassis.mac") == 0 && hex_mac(value, peer->mac))
        peer->chassis_id = text;
    else if (text_starts_with(key, "chassis.") && (strcmp(key + 8, "local") == 0 || strcmp(key + 8, "ip") == 0 || strcmp(key + 8, "ifname") == 0))
        peer->chassis_id = text;
    else if (strcmp(key, "chassis.name") == 0)
        peer->sys_name = text;
    else if (strcmp(key, "chassis.descr") == 0)
        peer->sys_descr = text;
    else if (strcmp(key, "chassis.mgmt-ip") == 0 && peer->address.family != 4)
        (void)ip_parse(value, &peer->address);
    else if (strcmp(key, "port.ifname") == 0 || strcmp(key, "port.local") == 0 || strcmp(key, "port.mac") == 0)
        peer->port_id = text;
    else if (strcmp(key, "port.descr") == 0)
        peer->port_descr = text;
    else if (strcmp(key, "vlan.vlan-id") == 0 && peer->vlan < 0 && text_parse_int(value, 1, 4094, &vlan))
        peer->vlan = (int)vlan;      /* the first that is told is the untagged one */
}

/* "lldp.eth0.chassis.name=sw1": the key behind the interface, when it is ours; NULL. An interface's name may hold dots. */
static const char *key_of_ours(const struct own_link *l, const char *line)
{
    size_t n = strlen(l->interface);
    if (!text_starts_with(line, "lldp.") || strncmp(line + 5, l->interface, n) != 0 || line[5 + n] != '.')
        return NULL;
    return line + 6 + n;
}

void own_lldpcli_parse(struct own_link *l, const char *bytes, size_t len)
{
    char line[2 * TEXT_MAX_BYTES];
    struct own_peer *peer = NULL;
    size_t first = l->n_peers;
    for (size_t pos = 0; pos < len;) {
        const char *end = memchr(bytes + pos, '\n', len - pos);
        size_t n = end != NULL ? (size_t)(end - (bytes + pos)) : len - pos, take = n < sizeof line - 1 ? n : sizeof line - 1;
        memcpy(line, bytes + pos, take);
        line[take] = '\0';
        pos += n + 1;
        char *equals = strchr(line, '=');
        const char *key = key_of_ours(l, line);
        if (key == NULL || equals == NULL || equals < key)
            continue;
        *equals = '\0';
        if (strcmp(key, "via") == 0) {       /* each neighbour begins with it */
            if (l->n_peers == OWN_LINK_MAX_PEERS)
                break;
            peer = &l->peers[l->n_peers++];
            *peer = (struct own_peer){ .via = text_starts_with(equals + 1, "CDP") ? "cdp" : "lldp", .vlan = -1, .if_index = l->if_index };
        } else if (peer != NULL) {
            lldpcli_value(l, peer, key, equals + 1);
        }
    }
    for (size_t i = first; i < l->n_peers;) {        /* who does not even name itself is nobody */
        if (l->peers[i].chassis_id != NULL || l->peers[i].sys_name != NULL)
            i++;
        else
            memmove(&l->peers[i], &l->peers[i + 1], (--l->n_peers - i) * sizeof *l->peers);
    }
}
