/* The declaration of dkim_keys. Constants only. */
#include "fact/table_dkim_keys.h"

static const struct fact_column columns[] = {
    [DKIM_DOMAIN] = { "domain", FACT_TEXT, FACT_KEY, NULL, "site.yaml: address", "The domain whose mail it signs" },
    [DKIM_SELECTOR] = { "selector", FACT_TEXT, FACT_KEY, NULL, "site.yaml: net.selectors, or common ones", "The key's name" },
    [DKIM_DECLARED] = { "declared", FACT_BOOLEAN, 0, NULL, "site.yaml: net.selectors", "The site file names it; 0: it is a common name that was tried. Keys of other names cannot be found" },
    [DKIM_FOUND] = { "key_found", FACT_BOOLEAN, 0, NULL, "DNS TXT of SELECTOR._domainkey", "There is a record; 0 only where the site file names it" },
    [DKIM_ALIAS_OF] = { "alias_of", FACT_TEXT, 0, NULL, "DNS CNAME of SELECTOR._domainkey", "The name at which the key really stands: who keeps it" },
    [DKIM_VALID] = { "valid", FACT_BOOLEAN, 0, NULL, "RFC 6376, RFC 8463", "One record in the right form with a key that can be read, or a revoked one; unknown without a record" },
    [DKIM_PROBLEM] = { "problem", FACT_TEXT, 0, NULL, "RFC 6376, RFC 8463", "Why not" },
    [DKIM_REVOKED] = { "revoked", FACT_BOOLEAN, 0, NULL, "DKIM p", "The key was withdrawn: p is empty" },
    [DKIM_TESTING] = { "testing", FACT_BOOLEAN, 0, NULL, "DKIM t=y", "The domain only tries it: receivers treat its mail as unsigned" },
    [DKIM_KEY] = { "key_type", FACT_TEXT, 0, NULL, "DKIM k", "RSA or ED25519" },
    [DKIM_KEY_BITS] = { "key_bits", FACT_INTEGER, 0, "bits", "DKIM p", "Its size" },
};
_Static_assert(sizeof columns / sizeof columns[0] == DKIM_COLUMNS, "every column is declared");

const struct fact_table fact_dkim_keys = FACT_TABLE_DECLARE("dkim_keys", "Keys by which a domain's mail is signed, as far as their names are known", FILLED_BY_PROBE, 0, columns);
