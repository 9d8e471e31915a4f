/* Discovery: what is there, in a safe order (own link; gateways and switches; then only addresses whose maker is known and not denied). Parent only.
 * Everything that devices said is hostile text: it is cleaned when it is taken in, and escaped where it is written. */
#ifndef PREOP_COLLECT_DISCOVER_H
#define PREOP_COLLECT_DISCOVER_H

#include "base/strset.h"
#include "collect/collect.h"
#include "collect/own_link.h"
#include "fact/guests.h"
#include "site/deny.h"
#include "site/makers.h"

#define DISCOVERED_FILE "discovered.yaml"
#define DISCOVER_MAX_FINDS 65536     /* addresses and hardware addresses */
#define DISCOVER_MAX_SWEEP 16384     /* addresses that one run may sweep; more are refused before anything is sent */
#define DISCOVER_MAX_LIST 16         /* what one thing is seen by, further addresses, ... */
#define DISCOVER_MAX_KEYS 5          /* host keys of one server: one of each kind that can be asked for */

struct discover_options {
    const struct cidr *networks; size_t n_networks;
    const struct ip *gear; size_t n_gear;        /* gateways and switches named on the command line */
    bool fast, require_sandbox, resume;
    bool without_names;              /* also who may have a name of never: that nobody could look up */
    int jobs;
    const char *vantage;
};

/* What an address waits for before anything is sent to it: its maker, its name. */
enum discover_wait { WAIT_NONE, WAIT_MAKER, WAIT_NAME };
enum contact_outcome { CONTACT_NONE, CONTACT_OPEN, CONTACT_REFUSED, CONTACT_SILENT, CONTACT_UNREACHABLE };
#define DISCOVER_PORTS 8
extern const uint16_t discover_ports[DISCOVER_PORTS];

/* One address, or one hardware address without any. Texts are the discovery's, clean, NULL when not known. */
struct find {
    struct ip ip;                    /* family 0: seen by its hardware address only */
    char mac[OWN_LINK_MAC];          /* "" when not known */
    const char *maker;
    const char *denied;              /* why it is never touched */
    const char *not_asked;           /* why else nothing was sent to it */
    const char *seen_by[DISCOVER_MAX_LIST]; size_t n_seen_by;    /* "ARP of fw1", "sw1 port Gi1/0/3" */
    const char *sys_name, *sys_descr, *engine_id, *serial, *vendor, *model, *os, *os_version, *chassis_id;
    int64_t services;                /* sysServices; -1 */
    const char *lldp_name, *lldp_descr, *platform, *capabilities;
    const char *dns_name, *ldap_name, *ldap_product, *ssh_greeting;
    const char *host_keys[DISCOVER_MAX_KEYS]; size_t n_host_keys;        /* "ssh-rsa AAAA...", as in known_hosts; none twice */
    const char *credential, *snmp_version;       /* with which it answered */
    enum contact_outcome contacts[DISCOVER_PORTS];
    struct ip own[DISCOVER_MAX_LIST]; size_t n_own;              /* addresses that it says are its own */
    const char *macs[DISCOVER_MAX_LIST]; size_t n_macs;          /* hardware addresses of its interfaces */
    bool answered, gear, gear_asked, contacted, ldap_service, reached, no_snmp, target_gear;
    bool swept;                      /* nobody told of it: it lies in a network that may be swept */
    bool arp_asked;                  /* our own link was asked who has it */
    bool name_asked;                 /* the resolver was asked for its name */
    bool name_known;                 /* and answered: with a name, or that it has none */
    enum discover_wait wait;         /* nothing was sent to it for want of this */
    bool stand_in;                   /* the hardware address is another's that answers ARP for it: it says nothing of its maker */
    bool nudged, knocked;            /* one empty datagram, one TCP connection went to it before its maker was known */
    const struct target *known;      /* of site.yaml, at this address */
    size_t device;                   /* place of the find that stands for the whole device (discover_join) */
    size_t next_of_device;           /* the device's next address, from the one that stands for it; SIZE_MAX: no more */
    const struct find *device_known; bool device_answered;       /* at the one that stands for it: an address that site.yaml has, and whether any answered */
    bool told;                       /* of no IP address, and some device with one has this hardware address */
    bool moved;                      /* at the one that stands for the device: it is a target of site.yaml at another address (discover_moves) */
};

struct discovery {
    const struct site *site;
    struct credentials *cred;
    struct store *store;
    const struct makers *makers;
    const struct deny *deny;
    struct own_link *link;           /* its table of hardware addresses is read again on the way */
    const struct discover_options *o;
    struct arena *arena;
    struct cidr *networks; size_t n_networks;    /* what is looked at: asked for, else permitted */
    struct guests *guests;                       /* of the site file; NULL: none. Nobody in their networks is looked for, asked or kept */
    struct cidr *sweeps; size_t n_sweeps;        /* the parts of it that may be swept now; none lies in another */
    struct find *finds; size_t n;
    struct find_index *index;        /* discover_find.c's */
    struct strset directories;       /* the names of servers that _ldap._tcp has, in lower case */
    struct buf device_rules;
    size_t n_questions, n_jobs;
    bool interrupted, swept, srv_asked;
    bool full;                       /* more was told of than there is room for: the rest is left out, and discovered.yaml says so */
    bool no_names;                   /* the resolver does not answer */
    bool no_arp;                     /* this computer may not ask by ARP */
    int64_t started;
};

/* Makes the discovery: networks, own link, known targets. Nothing is sent. NULL with words in diags. discover_free() it. */
struct discovery *discover_new(const struct site *site, struct credentials *cred, struct store *store, const struct makers *makers, const struct deny *deny,
                               struct own_link *link, const struct discover_options *o, struct diags *diags);
void discover_free(struct discovery *d);
/* Does it all, or (--resume) what is missing of the one that was interrupted. ERR_INTERRUPTED when it was stopped: then what is known stands, and the rest waits. */
int discover_run(struct discovery *d, struct zygote *z, collect_progress_fn progress, void *progress_ctx) MUST_CHECK;

/* What would be sent, as far as it can be known before anything is. */
/* n_sweep: addresses nobody told of; n_direct of them lie on our own link, where ARP tells the maker first. */
struct discover_forecast { size_t n_gear, n_known, n_denied, n_unknown, n_sweep, n_direct; };
void discover_forecast(struct discovery *d, struct discover_forecast *out);
bool discover_may_send_arp(void);            /* whether this machine lets us: root, or CAP_NET_RAW */

/* --- discover_find.c: what is known of one address ------------------------------------------------------------------------ */

struct find *discover_find_ip(struct discovery *d, const struct ip *ip, bool make);      /* NULL: not there, or no room (then d->full) */
struct find *discover_find_mac(struct discovery *d, const char *mac, bool make);         /* any of this hardware address */
void discover_set_mac(struct discovery *d, struct find *f, const char *mac);
void discover_add_host_key(struct discovery *d, struct find *f, const char *key);
bool discover_has_key(const struct find *f, const char *kind);            /* a host key of this kind */
/* The target of site.yaml at this address, the first of several; NULL: none. */
const struct target *discover_target_at(struct discovery *d, const struct ip *ip);
/* A serial number that tells devices apart: NULL for what a factory left ("0000", "To be filled by O.E.M."). */
const char *discover_serial(const struct find *f);
void discover_seen_by(struct discovery *d, struct find *f, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
const char *discover_text(struct discovery *d, const char *s, size_t len);               /* clean, one line, at most 200 bytes; NULL when empty */
bool discover_in_scope(const struct discovery *d, const struct ip *ip);         /* in the networks that are looked at, and in none of guests and patients */
/* May discover send to it by this method now? The reason otherwise is kept in the find. named: site.yaml or the command line
 * names it, so its maker need not be known; the deny-list still holds. */
bool discover_may_touch(struct discovery *d, struct find *f, const char *method, bool named);
/* The first method by which anything may be sent to it now; NULL: none. Gear and what site.yaml names as gear need no known maker. */
const char *discover_method(struct discovery *d, struct find *f);
bool discover_may_connect(struct discovery *d, struct find *f);          /* by any method that opens TCP connections */
/* Whether our own link can be asked by ARP who has this address: it lies in a network of an interface that has a hardware address itself. */
bool discover_on_link(const struct discovery *d, const struct ip *ip);
/* On our own link, and not asked for yet: nothing is sent to it before. */
bool discover_must_hear(const struct discovery *d, const struct find *f);
/* Where never: has names, whether its name is not known yet, though it may be asked otherwise. What site.yaml or the command line names is known to a person. */
bool discover_must_name(const struct discovery *d, const struct find *f);
/* Whether nothing may be sent to it yet: its maker or its name must be known first. Which, and in words why it is not asked, is kept in the find. */
bool discover_must_wait(struct discovery *d, struct find *f);
/* Its maker cannot be read: it lies behind a router that has not told its hardware address, or another answers ARP for it. Where the method sweep is
 * permitted, one TCP connection is all that it ever gets. */
bool discover_is_lone(const struct find *f);
/* Marks the addresses of our own link for which another answers ARP. */
void discover_mark_stand_ins(struct discovery *d);
void discover_index_free(struct discovery *d);
/* Sorts the finds by address, those without one behind by hardware address: when everybody has been asked, so that what is made of them does not depend on who
 * answered first, or on an interruption. No pointer to a find holds over it. */
void discover_sort(struct discovery *d);

/* --- discover_take.c: rows into finds --------------------------------------------------------------------------------------- */

/* One normalized row that the job at `from` (NULL: of no address) said. */
void discover_take_row(struct discovery *d, struct find *from, const struct fact_row *row);

/* --- discover_join.c: devices ------------------------------------------------------------------------------------------------ */

/* Joins addresses of one device: serial, chassis id, hardware addresses and what it says of itself; and by engine id or host key, which copies of a machine
 * share, where nothing tells them apart. Holds for the whole device: no chain of signs joins what contradicts each other. */
void discover_join(struct discovery *d);

/* --- discover_known.c: known devices at new addresses ------------------------------------------------------------------------- */

/* Targets of site.yaml that were found at another address than they have there: by what the newest run and known_hosts know of them, the strongest sign first. A sign
 * that two targets or two of the devices found share is nobody's. A target that has a host's name instead of an address has not moved: the find is known then.
 * was_asked: its old address was asked, and did not answer. After discover_join(). */
struct moves { struct move { const struct find *f; const struct target *target; const char *because; bool was_asked; } *v; size_t n; };
int discover_moves(struct discovery *d, struct moves *out) MUST_CHECK;
/* The kinds of keys that the site's known_hosts has ("ssh-rsa"), at most max; the discovery's. */
size_t discover_known_kinds(struct discovery *d, const char **out, size_t max);
void moves_clear(struct moves *m);

/* --- discover_notes.c: what limits it ------------------------------------------------------------------------------------------- */

#define DISCOVER_MAX_NOTES 5
struct discover_notes { const char *v[DISCOVER_MAX_NOTES]; size_t n; };
/* One sentence or two for each thing that was left out for want of room, of a right, or of a resolver; the discovery's. */
void discover_notes(struct discovery *d, struct discover_notes *out);

/* --- discover_name.c, discover_yaml.c ---------------------------------------------------------------------------------------- */

const char *discover_role(const struct find *f);         /* "switch", "router", ...; NULL: no guess */
/* A name for a new target: none of those in taken, to which it is added; [a-z0-9-]; the discovery's. */
const char *discover_name(struct discovery *d, const struct find *f, struct strset *taken);
/* The whole discovered.yaml. */
void discover_render(struct discovery *d, const struct moves *moves, struct buf *out);

#endif
