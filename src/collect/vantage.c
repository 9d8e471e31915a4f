/* From where we look, as the run keeps it. Nothing is sent. Parent. */
#include "collect/vantage.h"

#include <stdio.h>
#include <string.h>
#include "base/text.h"

static void json_string_put(struct buf *out, const char *key, const char *value)
{
    struct buf clean = BUF_INIT(4096);
    if (value == NULL || value[0] == '\0')
        return;
    text_clean(&clean, value, strlen(value));
    buf_printf(out, "%s\"%s\":\"", out->len > 1 ? "," : "", key);
    for (const char *p = buf_str(&clean); *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            buf_putc(out, '\\');
        buf_putc(out, *p == '\n' || *p == '\t' ? ' ' : *p);
    }
    buf_putc(out, '"');
    buf_clear(&clean);
}

static void json_ip_put(struct buf *out, const char *key, const struct ip *ip)
{
    char text[IP_TEXT];
    if (ip->family == 0)
        return;
    ip_format(ip, text);
    json_string_put(out, key, text);
}

/* The first IPv4 address, else the first of all: what people call the machine's address. */
static void put_address(struct buf *out, const struct own_link *l)
{
    const struct own_address *a = l->n_addresses > 0 ? &l->addresses[0] : NULL;
    char ip[IP_TEXT], text[IP_TEXT + 8];
    for (size_t i = 0; i < l->n_addresses; i++)
        if (l->addresses[i].ip.family == 4 && a->ip.family != 4)
            a = &l->addresses[i];
    if (a == NULL)
        return;
    ip_format(&a->ip, ip);
    (void)snprintf(text, sizeof text, "%s/%u", ip, (unsigned)a->len);
    json_string_put(out, "address", text);
}

static void put_names(struct buf *out, const struct own_link *l)
{
    struct buf b = BUF_INIT(4096);
    for (size_t i = 0; i < l->n_resolvers; i++) {
        char ip[IP_TEXT];
        ip_format(&l->resolvers[i], ip);
        buf_printf(&b, "%s%s", i > 0 ? " " : "", ip);
    }
    json_string_put(out, "resolvers", buf_str(&b));
    buf_reset(&b);
    for (size_t i = 0; i < l->n_suffixes; i++)
        buf_printf(&b, "%s%s", i > 0 ? " " : "", l->suffixes[i]);
    json_string_put(out, "dns_suffixes", buf_str(&b));
    buf_clear(&b);
}

static void put_peer(struct buf *out, const struct own_peer *p)
{
    json_string_put(out, "neighbor", p->sys_name != NULL ? p->sys_name : p->chassis_id);
    json_string_put(out, "neighbor_port", p->port_id != NULL ? p->port_id : p->port_descr);
    json_string_put(out, "neighbor_chassis_id", p->chassis_id);
    json_ip_put(out, "neighbor_address", &p->address);
}

void vantage_json(const char *label, const struct own_link *l, struct buf *out)
{
    buf_putc(out, '{');
    json_string_put(out, "label", label);
    if (l != NULL) {
        int vlan = l->vlan >= 0 ? l->vlan : l->n_peers > 0 ? l->peers[0].vlan : -1;
        char text[16];
        json_string_put(out, "interface", l->interface);
        put_address(out, l);
        json_ip_put(out, "gateway", l->gateway.family != 0 ? &l->gateway : &l->gateway6);
        (void)snprintf(text, sizeof text, "%d", vlan);
        if (vlan >= 0)
            json_string_put(out, "vlan", text);
        json_string_put(out, "ssid", l->ssid);
        json_string_put(out, "mac", l->mac);
        put_names(out, l);
        json_string_put(out, "dhcp_server", l->lease.server);
        if (l->n_peers > 0)
            put_peer(out, &l->peers[0]);
    }
    buf_putc(out, '}');
}

void vantage_describe(const char *label, bool offline, struct buf *out)
{
    struct own_link *l = offline ? NULL : own_link_read(NULL);
    vantage_json(label, l, out);
    own_link_free(l);
}
