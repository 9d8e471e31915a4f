/* What a registry says of a domain over WHOIS (RFC 3912), which has no format: the words of the registries that matter. Pure; answers are
 * hostile. */
#ifndef PREOP_PROBES_WHOIS_PARSE_H
#define PREOP_PROBES_WHOIS_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WHOIS_MAX_ANSWER 65536

struct whois {
    bool known;                      /* the registry has it */
    bool free;                       /* it says that it has not; neither: the answer says nothing that is understood */
    char registrar[256], organization[256], status[512];     /* "" when not told; status by commas */
    bool has_status, locked;
    int64_t created_at, expires_at;  /* INT64_MIN when not told, or in no form that is known */
};
void whois_parse(const char *text, size_t len, struct whois *out);
/* The registry's server for a domain, by its last label: one that is known, else "whois.nic.LABEL". False when domain has no label. */
bool whois_server(const char *domain, char out[256]);

#endif
