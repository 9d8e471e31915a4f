/* Which networks are of guests and patients: clients in them are counted, and neither their names nor their addresses become facts. The parent
 * puts what the site file says into the job, a worker that reads lists of clients asks here. Parent and worker; pure. */
#ifndef PREOP_FACT_GUESTS_H
#define PREOP_FACT_GUESTS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "fact/job.h"

#define GUESTS_JOB_KEY "guest_network"       /* repeatable: a network, or a name */
#define GUESTS_JOB_TOLD "guest_networks"     /* there when the site file has the list, be it empty */

#define GUEST_TALLY_MAX 32                   /* networks; more are counted together */

struct guest_tally {
    struct { char network[128]; size_t clients; } v[GUEST_TALLY_MAX];
    size_t n;
};
void guest_tally_add(struct guest_tally *t, const char *network);

struct guests;
/* Reads the job's keys. guests_free() it. */
struct guests *guests_of(const struct job *job);
struct guests *guests_new(bool told, const char *const *entries, size_t n);      /* the same, from the site file's own list */
void guests_free(struct guests *g);          /* NULL is fine */
/* Whether the site file says which networks are of guests: without it an address tells nothing. */
bool guests_told(const struct guests *g);
bool guests_named(const struct guests *g);   /* it says so, and there are some */

enum guests_verdict {
    GUESTS_CANNOT_TELL,              /* an address, a number or nothing, and the site file has no list */
    GUESTS_NO,                       /* a network of the clinic's own */
    GUESTS_YES
};
/* What a cell says of the network that a client is in: its name (SSID, VLAN), number, address or prefix, or yes or no where the heading asks
 * for guests. A name is of guests when the site file lists it, or when it says so itself: guest, visitor, hotspot, and beginning a word
 * patient, public, waiting; in any case, and their Spanish forms. "Outpatient" is a clinic's.
 * YES: *label takes what to count it under: the cell, the site file's network, or "guests"; it lives as long as both. */
enum guests_verdict guests_of_cell(const struct guests *g, const char *cell, const char **label);
/* The same of a VLAN's or an interface's name, on switches and routers: there "public" is the internet, and "patient" a guest only where the name
 * ends with it or speaks of Wi-Fi or the internet ("Patient monitors" is a VLAN of the clinic's own devices). A list changes nothing for
 * names that it has not. */
bool guests_of_link(const struct guests *g, const char *name, const char **label);
/* Whether an address lies in a network that the site file lists; *label (may be NULL) takes that network. */
bool guests_hold(const struct guests *g, const char *address, const char **label);

#endif
