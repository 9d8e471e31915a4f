/* Authorization: may this address be asked by this method at this moment? One decision, in one place; the parent asks before a job
 * is started, and hands the networks to the worker, which asks again for the address that it really uses (job keys "permit").
 * Parent only. */
#ifndef PREOP_SITE_PERMIT_H
#define PREOP_SITE_PERMIT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/cidr.h"
#include "fact/job.h"
#include "site/site.h"

struct permit {
    bool allowed;
    char *reason;                            /* owned: "ssh is not among the methods that A. Example (COO) allowed on 2026-11-09", or by whose word it is allowed */
    const struct authorization *by;          /* NULL: owner, or not allowed */
    int64_t until;                           /* when the permission ends next (hours or until), UTC seconds; INT64_MAX: open */
    bool do_not_touch;                       /* a `never` prefix: stronger than any permission */
};

/* addr NULL: a name that the worker will resolve; only method, date and hour are judged then. method as in `methods:`. "file" is always
 * allowed: a file that was handed over is read here, and nothing is asked of the clinic. So is "dns" without an address: this computer's own
 * resolver and the registries are asked, which serve anybody; a resolver that the site file names has an address, and needs permission. */
void permit_ask(const struct site *s, const char *method, const struct ip *addr, int64_t now, struct permit *out);
void permit_clear(struct permit *p);
/* Whether this authorization allows the method at this moment, in its networks. */
bool permit_holds(const struct site *s, const struct authorization *a, const char *method, int64_t now);
/* Whether a `never:` names this: name is a target's or host's name (may be NULL), mac a hardware address (may be NULL). A pattern without a dot also meets the first
 * part of a host's full name. The entry, borrowed; NULL: none. */
const char *permit_never_named(const struct site *s, const char *name, const char *mac);
/* Writes the job's "permit" keys for this method: the networks that are allowed now (or everything for the owner), and every never. */
void permit_to_job(const struct site *s, const char *method, int64_t now, struct job *job);
/* The same for n addresses that were just permitted, and no others. */
void permit_to_job_at(const struct site *s, const struct ip *addrs, size_t n, struct job *job);
/* Do both site files permit exactly the same: by whom, until when, which networks, methods and hours, and what is never touched? */
bool permit_same(const struct site *a, const struct site *b);
/* One line for the head of a report: "COO of the clinic, to 18 Dec: snmp ldap; Mon-Fri 10:00-12:00". */
void permit_summary(const struct site *s, int64_t now, struct buf *out);

#endif
