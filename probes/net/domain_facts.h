/* The rows of domains and dkim_keys, by questions to a resolver. Runs in locked workers. */
#ifndef PREOP_PROBES_DOMAIN_FACTS_H
#define PREOP_PROBES_DOMAIN_FACTS_H

#include "probes/net/dns_talk.h"

/* Asks all that is wanted about domain (lower case, no dot at its end) and emits it. Whether the domain exists: 1, 0, -1 not known. */
int domain_facts(struct probe_ctx *ctx, struct dns_talk *dns, const char *domain);

#endif
