/* What this machine's own link knows, without sending anything: interface, lease, resolver, neighbour, the kernel's table of hardware
 * addresses. The parent reads the kernel's tables and files that the machine's own services wrote; what stands in them may come from the
 * network, so the parsing halves (own_link_parse.c, own_link_lldp.c) are pure and fuzzed, and keep valid UTF-8 only. */
#ifndef PREOP_COLLECT_OWN_LINK_H
#define PREOP_COLLECT_OWN_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/cidr.h"
#include "base/mem.h"

#define OWN_LINK_MAX_ADDRESSES 16
#define OWN_LINK_MAX_RESOLVERS 8
#define OWN_LINK_MAX_SUFFIXES 8
#define OWN_LINK_MAX_PEERS 32        /* neighbours by LLDP or CDP */
#define OWN_LINK_MAX_ARP 65536
#define OWN_LINK_MAC 18              /* "aa:bb:cc:dd:ee:ff" */

struct own_address { struct ip ip; uint8_t len; };
/* A switch (or phone, or access point) that announces itself at the other end of our cable. Texts may be NULL. */
struct own_peer {
    const char *via;                 /* "lldp" or "cdp" */
    const char *chassis_id, *sys_name, *sys_descr, *port_id, *port_descr;
    char mac[OWN_LINK_MAC];          /* the chassis id where it is one; else "" */
    struct ip address;               /* where it is managed; family 0: not said */
    int vlan;                        /* the untagged VLAN of the port; -1: not said */
    unsigned if_index;               /* ours; 0: not known */
};
struct own_arp { struct ip ip; char mac[OWN_LINK_MAC]; unsigned if_index; };
struct own_lease { const char *file, *server, *router, *domain, *resolvers, *lifetime; };    /* as the client wrote it; NULL: not said */

struct own_link {
    struct arena *arena;             /* every text */
    char interface[32]; unsigned if_index;       /* "": no interface is up */
    char mac[OWN_LINK_MAC];
    const char *ssid;                /* wireless; NULL */
    int vlan;                        /* the tag of our own interface; -1: none */
    struct own_address addresses[OWN_LINK_MAX_ADDRESSES]; size_t n_addresses;
    struct ip gateway, gateway6;     /* family 0: none */
    struct ip resolvers[OWN_LINK_MAX_RESOLVERS]; size_t n_resolvers;
    const char *suffixes[OWN_LINK_MAX_SUFFIXES]; size_t n_suffixes;
    struct own_lease lease;          /* file NULL: none could be read */
    struct own_peer peers[OWN_LINK_MAX_PEERS]; size_t n_peers;
    struct own_arp *arp; size_t n_arp;           /* of all interfaces, by address */
    bool arp_cut;                                /* the kernel has more than OWN_LINK_MAX_ARP of them */
};

/* Reads it all. interface NULL: that of the default route, else the first that is up. NULL: no such interface. own_link_free() it. */
struct own_link *own_link_read(const char *interface);
void own_link_free(struct own_link *l);      /* NULL is fine */
struct own_link *own_link_new(void);         /* empty: for tests and fuzzers */
/* The hardware address that the kernel knew for ip when the table was read; NULL. Borrowed. Needs a table that is sorted. */
const char *own_link_mac(const struct own_link *l, const struct ip *ip);
/* Whether ip lies in a network of our own interface: then its frames go to it, not to a gateway. */
bool own_link_is_direct(const struct own_link *l, const struct ip *ip);
/* Reads the kernel's table of hardware addresses anew. 0 or -errno. */
int own_link_refresh_arp(struct own_link *l);
void own_link_sort_arp(struct own_link *l);  /* for who fills the table by own_neigh_parse() */

/* --- the pure halves: own_link_parse.c, own_link_lldp.c ------------------------------------------------------------------ */

/* resolv.conf: nameserver, domain, search. Resolvers and suffixes are added, each once. */
void own_resolv_parse(struct own_link *l, const char *bytes, size_t len);
/* A lease of systemd-networkd or NetworkManager (KEY=value), or of dhclient: the last lease { } of the interface that the file has. */
bool own_lease_parse(struct own_link *l, const char *file, const char *bytes, size_t len);
/* /proc/net/vlan/config: the tag of our interface. */
void own_vlan_parse(struct own_link *l, const char *bytes, size_t len);
/* An answer of the kernel to RTM_GETNEIGH: adds what has a hardware address. */
void own_neigh_parse(struct own_link *l, const void *bytes, size_t len);
/* `lldpcli -f keyvalue show neighbors`: those at our interface. */
void own_lldpcli_parse(struct own_link *l, const char *bytes, size_t len);
/* /run/systemd/netif/lldp/N: frames, each after its length in 8 bytes, little-endian. */
void own_lldp_file_parse(struct own_link *l, unsigned if_index, const void *bytes, size_t len);
/* One LLDP frame with its Ethernet head (IEEE 802.1AB). False when it is none; nothing is added then. */
bool own_lldp_frame_parse(struct own_link *l, unsigned if_index, const uint8_t *frame, size_t len);

#endif
