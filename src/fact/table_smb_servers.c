/* The declaration of smb_servers. Constants only. */
#include "fact/table_smb_servers.h"

static const struct fact_column columns[] = {
    [SMB_HOST] = { "host", FACT_TEXT, FACT_KEY, NULL, "site.yaml: address", "The name or address that was asked for" },
    [SMB_PORT] = { "port", FACT_INTEGER, FACT_KEY, NULL, "site.yaml: address or port", "Its TCP port" },
    [SMB_ADDRESS] = { "address", FACT_ADDRESS, FACT_VOLATILE, NULL, "the system's resolver", "The address that was really used" },
    [SMB_REACHABLE] = { "reachable", FACT_BOOLEAN, 0, NULL, "TCP connect", "A connection was accepted; 0: it was refused. One that never answers has no row" },
    [SMB_SMB2] = { "smb2", FACT_BOOLEAN, 0, NULL, "SMB2 NEGOTIATE", "It speaks SMB 2 or 3; unknown when it gave no clear answer" },
    [SMB_SMB1_ACCEPTED] = { "smb1_accepted", FACT_BOOLEAN, 0, NULL, "SMB1 NEGOTIATE that offers NT LM 0.12 alone", "It accepts SMB 1; unknown when it gave no clear answer" },
    [SMB_DIALECT] = { "dialect", FACT_TEXT, 0, NULL, "SMB2 NEGOTIATE: DialectRevision", "3.1.1, 3.0.2, 3.0, 2.1 or 2.0.2: what it chose of all; NT LM 0.12 where it speaks SMB 1 alone" },
    [SMB_SIGNING_ENABLED] = { "signing_enabled", FACT_BOOLEAN, 0, NULL, "SMB2 NEGOTIATE: SecurityMode", "It can sign messages" },
    [SMB_SIGNING_REQUIRED] = { "signing_required", FACT_BOOLEAN, 0, NULL, "SMB2 NEGOTIATE: SecurityMode", "It demands that messages be signed" },
    [SMB_SERVER_GUID] = { "server_guid", FACT_TEXT, 0, NULL, "SMB2 NEGOTIATE: ServerGuid", "Its own identifier; the same at two addresses means one machine" },
    [SMB_SERVER_TIME_AT] = { "server_time_at", FACT_TIMESTAMP, FACT_VOLATILE, NULL, "SMB2 NEGOTIATE: SystemTime", "Its clock when it answered" },
    [SMB_CLOCK_OFFSET_S] = { "clock_offset_s", FACT_REAL, FACT_VOLATILE, "s", "SMB2 NEGOTIATE: SystemTime", "Its clock less this computer's, half of the round trip taken off; above 0: it is ahead" },
    [SMB_SOFTWARE] = { "software", FACT_TEXT, 0, NULL, "NTLM challenge: Version", "windows or samba, by the form of the version that it tells; unknown when it tells none or another" },
    [SMB_OS_VERSION] = { "os_version", FACT_TEXT, 0, NULL, "NTLM challenge: Version", "Version of Windows: 10.0; unknown for Samba, which tells one that is not its own" },
    [SMB_OS_BUILD] = { "os_build", FACT_INTEGER, 0, NULL, "NTLM challenge: Version", "Build of Windows: 20348; unknown for Samba" },
    [SMB_COMPUTER_NAME] = { "computer_name", FACT_TEXT, 0, NULL, "NTLM challenge: MsvAvNbComputerName", "Its NetBIOS name" },
    [SMB_DOMAIN_NAME] = { "domain_name", FACT_TEXT, 0, NULL, "NTLM challenge: MsvAvNbDomainName", "NetBIOS name of its domain; its own name where it is in none" },
    [SMB_DNS_COMPUTER_NAME] = { "dns_computer_name", FACT_TEXT, 0, NULL, "NTLM challenge: MsvAvDnsComputerName", "Its full name" },
    [SMB_DNS_DOMAIN_NAME] = { "dns_domain_name", FACT_TEXT, 0, NULL, "NTLM challenge: MsvAvDnsDomainName", "DNS name of its domain" },
    [SMB_DNS_FOREST_NAME] = { "dns_forest_name", FACT_TEXT, 0, NULL, "NTLM challenge: MsvAvDnsTreeName", "DNS name of its forest" },
};
_Static_assert(sizeof columns / sizeof columns[0] == SMB_COLUMNS, "every column is declared");

const struct fact_table fact_smb_servers =
    FACT_TABLE_DECLARE("smb_servers", "File servers of Windows and Samba: what they tell anyone before a log-on", FILLED_BY_PROBE, 1, columns);
