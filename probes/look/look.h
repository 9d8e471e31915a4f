/* The parts of the look probe (one job of `discover` each), for its own files and tests. Runs in workers. */
#ifndef PREOP_PROBES_LOOK_LOOK_H
#define PREOP_PROBES_LOOK_LOOK_H

#include "base/cidr.h"
#include "probes/probe.h"

#define LOOK_MAX_PORTS 32
#define LOOK_MAX_NAMES 4096
#define LOOK_MAX_ARP 256             /* addresses of one job */

int look_contact(struct probe_ctx *ctx);     /* mode "contact": connections to the ports "look.port" of host */
int look_names(struct probe_ctx *ctx);       /* mode "names": "look.address" (PTR) and "look.suffix" (SRV of _ldap._tcp) */
int look_arp(struct probe_ctx *ctx);         /* mode "arp": who has the addresses "look.address", asked on "look.interface" */

int look_nudge(struct probe_ctx *ctx);       /* mode "nudge": the same without raw sockets; emits nothing, the parent reads the kernel's table */

/* The first line of a greeting, cleaned, when it is an SSH server's (RFC 4253 section 4.2); NULL: not yet, or another. Owned. Pure. */
char *look_ssh_greeting(const char *bytes, size_t len);
/* An answer of DNS to one SRV question: fn for each target, at most 32, once for each address that the answer has of it (at most 8), else once with NULL. Pure. */
typedef void (*look_srv_fn)(void *arg, const char *name, unsigned port, const struct ip *address);
void look_srv_parse(const unsigned char *answer, size_t len, look_srv_fn fn, void *arg);
/* An ARP reply (RFC 826) in its Ethernet frame: who has the address. False for anything else. Pure. */
bool look_arp_parse(const uint8_t *frame, size_t len, struct ip *ip, uint8_t mac[6]);

#endif
