/* The XML that nmap writes (-oX), to hosts: pure, over hostile bytes, unit-tested and fuzzed. Runs in workers. Only what the scan met is read:
 * names of services and guesses at systems are nmap's opinion, and stay out; so does every output of a script. Source: nmap's own DTD
 * (docs/nmap.dtd, xmloutputversion 1.05). */
#ifndef PREOP_PROBES_FILE_NMAP_PARSE_H
#define PREOP_PROBES_FILE_NMAP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/cidr.h"
#include "fact/reason.h"

#define NMAP_MAX_DEPTH 64            /* elements within each other */
#define NMAP_MAX_ATTRIBUTES 64       /* of one element */
#define NMAP_MAX_VALUE (1024 * 1024) /* bytes of one attribute: a script's output is one */
#define NMAP_MAX_ELEMENTS 10000000
#define NMAP_MAX_PORTS 131072        /* open ports of one host: all of TCP and UDP */
#define NMAP_MAX_OPTIONS 400         /* bytes of nmap's options that are kept */

struct nmap_port { bool udp; uint16_t port; };
struct nmap_host {
    char address[IP_TEXT];           /* as inet_ntop writes it; never "" */
    char mac[24];                    /* "aa:bb:cc:dd:ee:ff"; "": the scan did not see it */
    const struct nmap_port *open; size_t n_open;     /* accepted a connection, or (UDP) answered */
};
struct nmap_report {
    enum reason reason;              /* REASON_NONE: read to its end, and the scan came to its own */
    char detail[256];
    bool is_nmap;                    /* it is such a file at all */
    int64_t started, finished;       /* the scan's own, seconds since 1970; 0: not said */
    char version[32];
    char options[NMAP_MAX_OPTIONS];  /* "-sS -p -T4": without values, in which passwords are found */
    char ports[256];                 /* "tcp 1-1024, udp 53"; the scanner's words, cut at this length */
    bool tcp_whole, udp_whole;       /* every port of the protocol was tried */
    size_t n_up, n_down, n_without_mac, n_without_address;
    size_t n_silent;                 /* ports of hosts that are up, from which nothing certain came: filtered, open|filtered, ... */
    size_t n_other;                  /* open ports of other protocols than TCP and UDP */
};

/* Takes one host that is up; false stops the reading (REASON_TIMEOUT). */
typedef bool (*nmap_host_fn)(void *arg, const struct nmap_host *h);
/* text: the whole file in UTF-8. Hosts that came before the file went wrong are handed over; *out says what went wrong. */
void nmap_parse(const char *text, size_t len, nmap_host_fn fn, void *arg, struct nmap_report *out);

#endif
