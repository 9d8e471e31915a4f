/* The entries of a server's lease file while it is read: the last one of an address holds. Only for the two parsers; pure. */
#ifndef PREOP_PROBES_FILE_LEASES_LIST_H
#define PREOP_PROBES_FILE_LEASES_LIST_H

#include "base/buf.h"
#include "probes/file/file_leases_parse.h"

enum lease_fate { LEASE_HOLDS, LEASE_REMOVED, LEASE_UNREAD };
struct lease_entry {
    struct lease lease;              /* its name as the file writes it */
    enum lease_fate fate;
    size_t order;                    /* set by the list */
};
struct lease_list { struct lease_entry *v; size_t n, cap, total; bool over; };

void lease_list_add(struct lease_list *l, const struct lease_entry *e);
/* Appends a name that the file writes as (p, len), without the file's escapes. */
typedef void (*lease_unescape_fn)(const char *p, size_t len, struct buf *out);
/* Hands over what holds, counts the rest in *out, and empties the list. */
void lease_list_give(struct lease_list *l, lease_unescape_fn unescape, lease_fn fn, void *arg, struct leases_report *out);

/* "0:1a:2b:3c:4d:5e" of (p, len) in the form of a fact; "" when it is no Ethernet address. */
void lease_mac(const char *p, size_t len, char out[18]);
/* (p, len) as an address; false when it is none. */
bool lease_address(const char *p, size_t len, struct ip *out);
void lease_note_at(size_t *n, size_t *first, size_t line);

#endif
