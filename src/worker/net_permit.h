/* May this worker speak to this address? Decided from the job's "permit" keys alone (fact/job.h). Pure. */
#ifndef PREOP_WORKER_NET_PERMIT_H
#define PREOP_WORKER_NET_PERMIT_H

#include "base/cidr.h"
#include "fact/job.h"

enum net_verdict {
    NET_ALLOWED,
    NET_NEVER,               /* a "-" prefix: wins over everything */
    NET_OUTSIDE,             /* in no "+" prefix */
    NET_NOT_FOR_CREDENTIAL   /* there are "=" prefixes, and it is in none */
};
/* A rule that cannot be read forbids everything: NET_NEVER. */
enum net_verdict net_permit(const struct job *job, const struct ip *addr);

#endif
