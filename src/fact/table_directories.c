/* The declaration of directories. Constants only. */
#include "fact/table_directories.h"

static const struct fact_column columns[] = {
    [DIRECTORIES_NAMING_CONTEXT] = { "naming_context", FACT_TEXT, FACT_KEY, NULL, "root DSE defaultNamingContext, else namingContexts", "The tree that holds the accounts" },
    [DIRECTORIES_PRODUCT] = { "product", FACT_TEXT, 0, NULL, "root DSE supportedCapabilities, vendorName, objectClass", "Kind of server: active-directory, samba-ad, ad-lds, openldap, 389-ds, freeipa, edirectory, oracle-ds, opendj, pingdirectory, apacheds" },
    [DIRECTORIES_VENDOR_NAME] = { "vendor_name", FACT_TEXT, 0, NULL, "root DSE vendorName", "Who made the server, as it says" },
    [DIRECTORIES_VENDOR_VERSION] = { "vendor_version", FACT_TEXT, 0, NULL, "root DSE vendorVersion", "Its version, as it says" },
    [DIRECTORIES_DNS_HOST_NAME] = { "dns_host_name", FACT_TEXT, 0, NULL, "root DSE dnsHostName", "The server's name in DNS" },
    [DIRECTORIES_DOMAIN_LEVEL] = { "domain_level", FACT_INTEGER, 0, NULL, "root DSE domainFunctionality", "Active Directory domain level: 4 is 2008 R2, 7 is 2016" },
    [DIRECTORIES_FOREST_LEVEL] = { "forest_level", FACT_INTEGER, 0, NULL, "root DSE forestFunctionality", "Active Directory forest level, same numbers" },
    [DIRECTORIES_DC_LEVEL] = { "dc_level", FACT_INTEGER, 0, NULL, "root DSE domainControllerFunctionality", "Highest level that this domain controller can do" },
    [DIRECTORIES_PROTOCOL_VERSION] = { "protocol_version", FACT_INTEGER, 0, NULL, "root DSE supportedLDAPVersion", "Highest LDAP version that it speaks" },
    [DIRECTORIES_SASL_MECHANISMS] = { "sasl_mechanisms", FACT_TEXT, 0, NULL, "root DSE supportedSASLMechanisms", "Ways to log in beside a simple bind, separated by blanks" },
    [DIRECTORIES_START_TLS] = { "start_tls", FACT_BOOLEAN, 0, NULL, "root DSE supportedExtension 1.3.6.1.4.1.1466.20037; our own StartTLS", "Offers StartTLS" },
    [DIRECTORIES_TLS_VERSION] = { "tls_version", FACT_TEXT, 0, NULL, "the session", "TLS version of our session: TLSv1.3" },
    [DIRECTORIES_TLS_USED] = { "tls_used", FACT_BOOLEAN, 0, NULL, "the session", "Our session was encrypted" },
    [DIRECTORIES_CERTIFICATE_NOT_AFTER] = { "certificate_not_after", FACT_TIMESTAMP, 0, NULL, "the server's certificate", "Last moment at which its certificate is valid" },
    [DIRECTORIES_ANONYMOUS_READ] = { "anonymous_read", FACT_BOOLEAN, 0, NULL, "a search for one account before logging in", "Shows accounts to anybody without logging in" },
    [DIRECTORIES_CLOCK_OFFSET_S] = { "clock_offset_s", FACT_INTEGER, FACT_VOLATILE, "s", "root DSE currentTime minus our clock", "How far its clock is ahead of ours; Kerberos fails beyond 300" },
    [DIRECTORIES_PAGED_RESULTS] = { "paged_results", FACT_BOOLEAN, 0, NULL, "root DSE supportedControl 1.2.840.113556.1.4.319", "Gives long answers in pages" },
};
_Static_assert(sizeof columns / sizeof columns[0] == DIRECTORIES_COLUMNS, "every column is declared");

const struct fact_table fact_directories =
    FACT_TABLE_DECLARE("directories", "Directory servers: kind, level, encryption", FILLED_BY_PROBE, 1, columns);
