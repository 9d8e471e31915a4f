/* The declaration of domains. Constants only. */
#include "fact/table_domains.h"

static const struct fact_column columns[] = {
    [DOMAINS_DOMAIN] = { "domain", FACT_TEXT, FACT_KEY, NULL, "site.yaml: address", "The domain, in lower case, without a dot at its end" },
    [DOMAINS_RESOLVER] = { "resolver", FACT_ADDRESS, FACT_VOLATILE, NULL, "resolv.conf, or site.yaml: net.resolver", "Whom all was asked" },
    [DOMAINS_EXISTS] = { "domain_exists", FACT_BOOLEAN, 0, NULL, "DNS SOA", "The name exists; 0: the DNS says that there is none, and all else is unknown" },
    [DOMAINS_NAME_SERVERS] = { "name_servers", FACT_TEXT, 0, NULL, "DNS NS", "Its name servers, sorted, by commas" },
    [DOMAINS_NAME_SERVER_COUNT] = { "name_server_count", FACT_INTEGER, 0, NULL, "DNS NS", "How many; 0 for a name inside another's domain" },
    [DOMAINS_NAME_SERVERS_UNRESOLVED] = { "name_servers_unresolved", FACT_INTEGER, 0, NULL, "DNS A and AAAA of each NS", "Name servers that have no address; unknown when one could not be looked up" },
    [DOMAINS_NAME_SERVER_NETWORKS] = { "name_server_networks", FACT_INTEGER, 0, NULL, "DNS A and AAAA of each NS", "Different networks in which they lie (IPv4 by /24, IPv6 by /48, the greater number)" },
    [DOMAINS_MX] = { "mx", FACT_TEXT, 0, NULL, "DNS MX", "Mail servers with their preference, by preference: 10 mail.example, 20 backup.example" },
    [DOMAINS_MX_COUNT] = { "mx_count", FACT_INTEGER, 0, NULL, "DNS MX", "How many mail servers; 0: none is named" },
    [DOMAINS_MX_NONE_WANTED] = { "mx_none_wanted", FACT_BOOLEAN, 0, NULL, "DNS MX, RFC 7505", "It says outright that it takes no mail (\"0 .\")" },
    [DOMAINS_MX_UNRESOLVED] = { "mx_unresolved", FACT_INTEGER, 0, NULL, "DNS A and AAAA of each MX", "Mail servers that have no address; unknown when one could not be looked up" },
    [DOMAINS_MX_ADDRESSES] = { "mx_addresses", FACT_TEXT, FACT_VOLATILE, NULL, "DNS A and AAAA of each MX", "Addresses of the mail servers, by commas" },
    [DOMAINS_SPF] = { "spf", FACT_TEXT, 0, NULL, "DNS TXT, RFC 7208", "The record that says who may send its mail; the first, where there are several" },
    [DOMAINS_SPF_COUNT] = { "spf_count", FACT_INTEGER, 0, NULL, "DNS TXT, RFC 7208", "SPF records; more than one is an error for every receiver" },
    [DOMAINS_SPF_VALID] = { "spf_valid", FACT_BOOLEAN, 0, NULL, "DNS TXT, RFC 7208", "A receiver can use it: one record, right syntax, includes that exist, at most 10 look-ups; unknown without a record" },
    [DOMAINS_SPF_PROBLEM] = { "spf_problem", FACT_TEXT, 0, NULL, "DNS TXT, RFC 7208", "Why not" },
    [DOMAINS_SPF_LOOKUPS] = { "spf_lookups", FACT_INTEGER, 0, NULL, "DNS TXT, RFC 7208 section 4.6.4", "DNS look-ups that evaluating it can need, includes and redirects followed; counted up to 20" },
    [DOMAINS_SPF_ALL] = { "spf_all", FACT_TEXT, 0, NULL, "DNS TXT, RFC 7208", "What it says of all other senders: -all (refuse), ~all (suspect), ?all (no word), +all (all may); a redirect is followed; unknown when it says nothing" },
    [DOMAINS_SPF_INCLUDES] = { "spf_includes", FACT_TEXT, 0, NULL, "DNS TXT, RFC 7208", "Domains whose senders it takes over, by commas: who else sends its mail" },
    [DOMAINS_DMARC] = { "dmarc", FACT_TEXT, 0, NULL, "DNS TXT of _dmarc, RFC 7489", "The record that says what receivers do with forged mail; the first, where there are several" },
    [DOMAINS_DMARC_COUNT] = { "dmarc_count", FACT_INTEGER, 0, NULL, "DNS TXT of _dmarc", "DMARC records; more than one is as good as none" },
    [DOMAINS_DMARC_DOMAIN] = { "dmarc_domain", FACT_TEXT, 0, NULL, "DNS TXT of _dmarc", "The domain at which it was found: its own, or one above it" },
    [DOMAINS_DMARC_VALID] = { "dmarc_valid", FACT_BOOLEAN, 0, NULL, "DNS TXT of _dmarc", "One record, in the right form; unknown without one" },
    [DOMAINS_DMARC_PROBLEM] = { "dmarc_problem", FACT_TEXT, 0, NULL, "DNS TXT of _dmarc", "Why not" },
    [DOMAINS_DMARC_POLICY] = { "dmarc_policy", FACT_TEXT, 0, NULL, "DMARC p, or sp of a domain above", "none, quarantine or reject: what holds for this domain" },
    [DOMAINS_DMARC_SUBDOMAIN_POLICY] = { "dmarc_subdomain_policy", FACT_TEXT, 0, NULL, "DMARC sp, else p", "What holds for names below it" },
    [DOMAINS_DMARC_PERCENT] = { "dmarc_percent", FACT_INTEGER, 0, "%", "DMARC pct", "Share of mail for which the policy holds; 100 when it does not say" },
    [DOMAINS_DMARC_REPORTS] = { "dmarc_reports", FACT_TEXT, 0, NULL, "DMARC rua", "Where reports go; unknown when nowhere" },
    [DOMAINS_CAA] = { "caa", FACT_TEXT, 0, NULL, "DNS CAA, RFC 8659", "Who may issue certificates for it: tag and value, by commas" },
    [DOMAINS_CAA_COUNT] = { "caa_count", FACT_INTEGER, 0, NULL, "DNS CAA, RFC 8659", "How many such records; 0: anybody may" },
    [DOMAINS_DNSSEC] = { "dnssec", FACT_BOOLEAN, 0, NULL, "DNS DS", "The domain above vouches for its keys (a DS record stands there): its answers can be verified" },
    [DOMAINS_MTA_STS] = { "mta_sts", FACT_BOOLEAN, 0, NULL, "DNS TXT of _mta-sts, RFC 8461", "It announces a policy that mail to it must be encrypted; the policy itself is not fetched" },
    [DOMAINS_TLS_REPORTS] = { "tls_reports", FACT_TEXT, 0, NULL, "DNS TXT of _smtp._tls, RFC 8460", "Where reports on encryption of mail go; unknown when nowhere" },
};
_Static_assert(sizeof columns / sizeof columns[0] == DOMAINS_COLUMNS, "every column is declared");

const struct fact_table fact_domains =
    FACT_TABLE_DECLARE("domains", "DNS domains of the site: name servers, mail servers, and what protects its mail from forgery", FILLED_BY_PROBE, 1, columns);
