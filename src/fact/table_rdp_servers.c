/* The declaration of rdp_servers. Constants only. */
#include "fact/table_rdp_servers.h"

static const struct fact_column columns[] = {
    [RDP_HOST] = { "host", FACT_TEXT, FACT_KEY, NULL, "site.yaml: address", "The name or address that was asked for" },
    [RDP_PORT] = { "port", FACT_INTEGER, FACT_KEY, NULL, "site.yaml: address or port", "Its TCP port" },
    [RDP_ADDRESS] = { "address", FACT_ADDRESS, FACT_VOLATILE, NULL, "the system's resolver", "The address that was really used" },
    [RDP_REACHABLE] = { "reachable", FACT_BOOLEAN, 0, NULL, "TCP connect", "A connection was accepted; 0: it was refused. One that never answers has no row" },
    [RDP_RDP] = { "rdp", FACT_BOOLEAN, 0, NULL, "X.224 Connection Request", "It speaks RDP; 0: it answered with something else; unknown when it said nothing" },
    [RDP_SECURITY] = { "security", FACT_TEXT, 0, NULL, "RDP Negotiation Response", "standard (RDP's own encryption), tls, or nla (log-on before the session: CredSSP): what it chose when all were offered" },
    [RDP_STANDARD_ACCEPTED] = { "standard_accepted", FACT_BOOLEAN, 0, NULL, "RDP Negotiation Response to an offer of standard alone", "It accepts RDP's own encryption, which does not prove who the server is; unknown when it gave no clear answer" },
    [RDP_TLS_ACCEPTED] = { "tls_accepted", FACT_BOOLEAN, 0, NULL, "RDP Negotiation Response to an offer of TLS alone", "It shows its log-on screen to anyone over TLS; unknown when it gave no clear answer" },
    [RDP_NLA_OFFERED] = { "nla_offered", FACT_BOOLEAN, 0, NULL, "RDP Negotiation Response", "It can ask for the log-on before the session begins" },
    [RDP_NLA_REQUIRED] = { "nla_required", FACT_BOOLEAN, 0, NULL, "RDP Negotiation Responses", "It takes nothing less than that; unknown when one of the answers is" },
    [RDP_TLS_VERSION] = { "tls_version", FACT_TEXT, 0, NULL, "TLS ServerHello", "TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3: what it chose of all four" },
    [RDP_TLS_PROBLEM] = { "tls_problem", FACT_TEXT, 0, NULL, "the handshake", "Why there was no encryption although it chose it; unknown when there was" },
    [RDP_CERTIFICATE_SUBJECT] = { "certificate_subject", FACT_TEXT, 0, NULL, "the server's certificate: subject", "Whom it was made out to: mostly the computer's name" },
    [RDP_CERTIFICATE_ISSUER] = { "certificate_issuer", FACT_TEXT, 0, NULL, "the server's certificate: issuer", "Who signed it" },
    [RDP_CERTIFICATE_NAMES] = { "certificate_names", FACT_TEXT, 0, NULL, "the server's certificate: subjectAltName", "DNS names and addresses that it is valid for, by commas; the first 32" },
    [RDP_CERTIFICATE_NOT_BEFORE_AT] = { "certificate_not_before_at", FACT_TIMESTAMP, 0, NULL, "the server's certificate: notBefore", "Valid from" },
    [RDP_CERTIFICATE_NOT_AFTER_AT] = { "certificate_not_after_at", FACT_TIMESTAMP, 0, NULL, "the server's certificate: notAfter", "Valid until" },
    [RDP_CERTIFICATE_SELF_SIGNED] = { "certificate_self_signed", FACT_BOOLEAN, 0, NULL, "the server's certificate", "It signed itself" },
    [RDP_CERTIFICATE_KEY] = { "certificate_key", FACT_TEXT, 0, NULL, "the server's certificate: public key", "Kind of key: RSA, EC, ED25519" },
    [RDP_CERTIFICATE_KEY_BITS] = { "certificate_key_bits", FACT_INTEGER, 0, "bits", "the server's certificate: public key", "Size of that key" },
    [RDP_CERTIFICATE_SECURITY_BITS] = { "certificate_security_bits", FACT_INTEGER, 0, "bits", "NIST SP 800-57, by kind and size of the key", "Strength of that key" },
    [RDP_CERTIFICATE_SIGNATURE] = { "certificate_signature", FACT_TEXT, 0, NULL, "the server's certificate: signatureAlgorithm", "Digest of its signature: SHA256, SHA1" },
    [RDP_CERTIFICATE_SHA256] = { "certificate_sha256", FACT_TEXT, 0, NULL, "the server's certificate", "Its fingerprint" },
};
_Static_assert(sizeof columns / sizeof columns[0] == RDP_COLUMNS, "every column is declared");

const struct fact_table fact_rdp_servers = FACT_TABLE_DECLARE("rdp_servers", "Remote desktops: which protection they demand before a log-on, and their certificate", FILLED_BY_PROBE, 1, columns);
