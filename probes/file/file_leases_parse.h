/* The files in which DHCP servers keep who has which address, to leases: pure, over hostile bytes, unit-tested and fuzzed. Runs in workers.
 * Both are logs: each change of a lease is appended, and the last entry of an address is the one that holds. Sources: dhcpd.leases(5) of ISC
 * DHCP 4.4; the Kea administrator's manual ("memfile", "Lease File Cleanup", "lease states") and the heading of its files. */
#ifndef PREOP_PROBES_FILE_LEASES_PARSE_H
#define PREOP_PROBES_FILE_LEASES_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/cidr.h"
#include "fact/reason.h"

#define LEASES_MAX 400000            /* addresses of one file */
#define LEASES_MAX_NAME 255          /* bytes of a client's name; the rest is cut */

struct lease {
    struct ip ip;                    /* never none */
    char mac[18];                    /* "aa:bb:cc:dd:ee:ff"; "": not said, or no Ethernet address */
    const char *name; size_t name_len;       /* as the client called itself, any bytes; NULL: not said */
    const char *state;               /* Active, ActiveReservation, Free, Backup, Expired, Released, Reset, Abandoned, Declined, Registered; NULL: not said */
    int64_t ends;                    /* seconds since 1970; 0: not said, or never */
    int64_t scope;                   /* the server's number for the network; -1: not said */
};
struct leases_report {
    enum reason reason;              /* REASON_NONE: read to its end */
    char detail[256];
    bool is_leases;                  /* it is such a file at all */
    size_t n_entries;                /* in the file */
    size_t n_earlier;                /* of them: a later one of the same address holds */
    size_t n_removed;                /* addresses whose last entry says that the lease was removed */
    size_t n_prefixes;               /* entries about whole prefixes, given to routers: left out */
    size_t n_unread, first_unread;   /* entries that could not be read, and the first one's line; no lease of their addresses is handed over */
    size_t n_bad_ends, first_bad_ends;       /* leases whose end is no time: it stays 0 */
    size_t n_headings;               /* Kea: lines of headings; more than one when its files were joined */
};

/* Takes one lease: an address at most once, in the order of addresses. False stops (REASON_TIMEOUT). */
typedef bool (*lease_fn)(void *arg, const struct lease *l);
/* text: the whole file in UTF-8. Past LEASES_MAX addresses no lease is handed over (REASON_LIMIT): which entry holds is known at the end only. */
void leases_parse_dhcpd(const char *text, size_t len, lease_fn fn, void *arg, struct leases_report *out);
void leases_parse_kea(const char *text, size_t len, lease_fn fn, void *arg, struct leases_report *out);

#endif
