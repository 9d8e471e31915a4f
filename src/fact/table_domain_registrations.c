/* The declaration of domain_registrations. Constants only. */
#include "fact/table_domain_registrations.h"

static const struct fact_column columns[] = {
    [REGISTRATION_DOMAIN] = { "domain", FACT_TEXT, FACT_KEY, NULL, "site.yaml: address", "The domain" },
    [REGISTRATION_WHOIS_SERVER] = { "whois_server", FACT_TEXT, 0, NULL, "site.yaml: net.whois, or by the last label", "The registry's server that was asked" },
    [REGISTRATION_REGISTERED] = { "registered", FACT_BOOLEAN, 0, NULL, "WHOIS", "The registry knows it; 0: it is free for anybody to take" },
    [REGISTRATION_REGISTRAR] = { "registrar", FACT_TEXT, 0, NULL, "WHOIS: Registrar", "The company at which it is registered" },
    [REGISTRATION_CREATED_AT] = { "created_at", FACT_TIMESTAMP, 0, NULL, "WHOIS: Creation Date", "Registered since" },
    [REGISTRATION_EXPIRES_AT] = { "expires_at", FACT_TIMESTAMP, 0, NULL, "WHOIS: Registry Expiry Date", "Until when it is paid; unknown where the registry does not tell" },
    [REGISTRATION_STATUS] = { "registration_status", FACT_TEXT, 0, NULL, "WHOIS: Domain Status", "Status words, by commas: clientTransferProhibited, pendingDelete" },
    [REGISTRATION_TRANSFER_LOCKED] = { "transfer_locked", FACT_BOOLEAN, 0, NULL, "WHOIS: Domain Status", "It cannot be moved to another registrar before the lock is taken off; unknown where no status is told" },
    [REGISTRATION_ORGANIZATION] = { "organization", FACT_TEXT, FACT_PERSONAL, NULL, "WHOIS: Registrant Organization", "To whom it belongs; unknown where hidden. Names of persons are not read" },
};
_Static_assert(sizeof columns / sizeof columns[0] == REGISTRATION_COLUMNS, "every column is declared");

const struct fact_table fact_domain_registrations =
    FACT_TABLE_DECLARE("domain_registrations", "Registrations of the site's domains: at which registrar, until when, locked or not", FILLED_BY_PROBE, 1, columns);
