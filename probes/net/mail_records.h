/* What a domain says about its mail in TXT records: SPF (RFC 7208), DMARC (RFC 7489), DKIM keys (RFC 6376, 8463). Pure; records are hostile. */
#ifndef PREOP_PROBES_MAIL_RECORDS_H
#define PREOP_PROBES_MAIL_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#define MAIL_MAX_NAME 256

#define SPF_MAX_FOLLOW 20            /* includes of one record that are kept */
struct spf {
    bool valid;
    char problem[120];               /* "" when valid */
    char all[5];                     /* "-all"; "": no word of all */
    unsigned lookups;                /* of its own terms that are ever reached, the followed ones included */
    char include[SPF_MAX_FOLLOW][MAIL_MAX_NAME]; size_t n_include;
    char redirect[MAIL_MAX_NAME];    /* "" when none, or when "all" stands in the way */
    bool macro;                      /* an include or the redirect depends on the message: it cannot be followed */
};
bool spf_is_record(const char *text, size_t len);
void spf_parse(const char *text, size_t len, struct spf *out);

struct dmarc {
    bool valid;
    char problem[120];
    char policy[12], subdomain_policy[12];       /* none, quarantine, reject; subdomain_policy is policy when sp is not said */
    int percent;
    char reports[1024];              /* rua; "" when none */
};
bool dmarc_is_record(const char *text, size_t len);
void dmarc_parse(const char *text, size_t len, struct dmarc *out);

struct dkim {
    bool valid, revoked, testing;
    char problem[120];
    char key[24]; int key_bits;      /* "RSA" or "ED25519" */
};
void dkim_parse(const char *text, size_t len, struct dkim *out);

/* The value of a tag of "a=b; c=d" into out; false when it is not there or does not fit. Blanks around names and values are left out. */
bool mail_tag(const char *text, size_t len, const char *name, char *out, size_t max);

#endif
