/* The declaration of endpoints. Constants only. */
#include "fact/table_endpoints.h"

static const struct fact_column columns[] = {
    [ENDPOINTS_HOST] = { "host", FACT_TEXT, FACT_KEY, NULL, "site.yaml: address", "The name or address that was asked for" },
    [ENDPOINTS_PORT] = { "port", FACT_INTEGER, FACT_KEY, NULL, "site.yaml: address or port", "Its TCP port" },
    [ENDPOINTS_ADDRESS] = { "address", FACT_ADDRESS, FACT_VOLATILE, NULL, "the system's resolver", "The address that was really used" },
    [ENDPOINTS_RESOLVE_MS] = { "resolve_ms", FACT_REAL, FACT_VOLATILE, "ms", "clock around getaddrinfo()", "Time to turn the name into addresses, caches included; unknown for a plain address" },
    [ENDPOINTS_IN_CLINIC_HOURS] = { "in_clinic_hours", FACT_BOOLEAN, FACT_VOLATILE, NULL, "site.yaml: clinic_hours", "Whether it was measured while the clinic was open; unknown when the site names no hours" },
    [ENDPOINTS_REACHABLE] = { "reachable", FACT_BOOLEAN, 0, NULL, "TCP connect", "A connection was accepted; 0: each was refused. One that never answers has no row" },
    [ENDPOINTS_ATTEMPTS] = { "attempts", FACT_INTEGER, FACT_VOLATILE, NULL, "TCP connect", "Connections that were tried one after the other, closed at once" },
    [ENDPOINTS_CONNECTED] = { "connected", FACT_INTEGER, FACT_VOLATILE, NULL, "TCP connect", "Connections that were accepted" },
    [ENDPOINTS_REFUSED] = { "refused", FACT_INTEGER, FACT_VOLATILE, NULL, "TCP connect", "Connections that were refused or reset" },
    [ENDPOINTS_LOST_PERCENT] = { "lost_percent", FACT_REAL, FACT_VOLATILE, "%", "TCP connect, tcp_info.tcpi_total_retrans", "Share of attempts that got no answer, or only after the greeting was sent again" },
    [ENDPOINTS_CONNECT_MS_MEDIAN] = { "connect_ms_median", FACT_REAL, FACT_VOLATILE, "ms", "clock around TCP connect", "Middle time of connections without a loss: one round trip" },
    [ENDPOINTS_CONNECT_MS_P95] = { "connect_ms_p95", FACT_REAL, FACT_VOLATILE, "ms", "clock around TCP connect", "95th percentile of the same times, by nearest rank" },
    [ENDPOINTS_CONNECT_MS_JITTER] = { "connect_ms_jitter", FACT_REAL, FACT_VOLATILE, "ms", "clock around TCP connect", "95th percentile less the median; unknown below three times" },
    [ENDPOINTS_TLS] = { "tls", FACT_BOOLEAN, 0, NULL, "TLS greeting", "It speaks TLS; 0: it answered with something else; unknown when not asked or silent" },
    [ENDPOINTS_TLS_VERSION] = { "tls_version", FACT_TEXT, 0, NULL, "TLS ServerHello", "TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3: what it chose of all four" },
    [ENDPOINTS_TLS_CIPHER] = { "tls_cipher", FACT_TEXT, 0, NULL, "TLS ServerHello", "The cipher suite that it chose, by its name in the standard" },
    [ENDPOINTS_TLS_HANDSHAKE_MS] = { "tls_handshake_ms", FACT_REAL, FACT_VOLATILE, "ms", "clock around the handshake", "From greeting to encryption, without the TCP connection" },
    [ENDPOINTS_TLS_LEGACY_ACCEPTED] = { "tls_legacy_accepted", FACT_BOOLEAN, 0, NULL, "a second greeting, TLS 1.0 and 1.1 only", "It accepts TLS below 1.2; unknown when it gave no clear answer" },
    [ENDPOINTS_TLS_PROBLEM] = { "tls_problem", FACT_TEXT, 0, NULL, "the handshake", "Why there was no encryption; unknown when there was" },
    [ENDPOINTS_SERVER_NAME] = { "server_name", FACT_TEXT, 0, NULL, "site.yaml: address or net.name", "The name that is asked for in the greeting and expected in the certificate; unknown where site.yaml does not ask for TLS" },
    [ENDPOINTS_CERTIFICATE_SUBJECT] = { "certificate_subject", FACT_TEXT, 0, NULL, "the server's certificate: subject", "Whom it was made out to" },
    [ENDPOINTS_CERTIFICATE_ISSUER] = { "certificate_issuer", FACT_TEXT, 0, NULL, "the server's certificate: issuer", "Who signed it" },
    [ENDPOINTS_CERTIFICATE_NAMES] = { "certificate_names", FACT_TEXT, 0, NULL, "the server's certificate: subjectAltName", "DNS names and addresses that it is valid for, by commas; the first 32" },
    [ENDPOINTS_CERTIFICATE_NOT_BEFORE_AT] = { "certificate_not_before_at", FACT_TIMESTAMP, 0, NULL, "the server's certificate: notBefore", "Valid from" },
    [ENDPOINTS_CERTIFICATE_NOT_AFTER_AT] = { "certificate_not_after_at", FACT_TIMESTAMP, 0, NULL, "the server's certificate: notAfter", "Valid until" },
    [ENDPOINTS_CERTIFICATE_TRUSTED] = { "certificate_trusted", FACT_BOOLEAN, 0, NULL, "verification of the chain", "Its chain leads to an authority that is trusted here or named in net.ca; name, own dates and strength are judged apart" },
    [ENDPOINTS_CERTIFICATE_PROBLEM] = { "certificate_problem", FACT_TEXT, 0, NULL, "verification of the chain", "Why it is not trusted" },
    [ENDPOINTS_CERTIFICATE_NAME_MATCHES] = { "certificate_name_matches", FACT_BOOLEAN, 0, NULL, "subjectAltName and server_name", "It is valid for the name that was asked for; the subject alone does not count" },
    [ENDPOINTS_CERTIFICATE_SELF_SIGNED] = { "certificate_self_signed", FACT_BOOLEAN, 0, NULL, "the server's certificate", "It signed itself" },
    [ENDPOINTS_CERTIFICATE_KEY] = { "certificate_key", FACT_TEXT, 0, NULL, "the server's certificate: public key", "Kind of key: RSA, EC, ED25519" },
    [ENDPOINTS_CERTIFICATE_KEY_BITS] = { "certificate_key_bits", FACT_INTEGER, 0, "bits", "the server's certificate: public key", "Size of that key" },
    [ENDPOINTS_CERTIFICATE_SECURITY_BITS] = { "certificate_security_bits", FACT_INTEGER, 0, "bits", "NIST SP 800-57, by kind and size of the key", "Strength of that key: 112 for RSA of 2048 bits, 128 for EC of 256" },
    [ENDPOINTS_CERTIFICATE_SIGNATURE] = { "certificate_signature", FACT_TEXT, 0, NULL, "the server's certificate: signatureAlgorithm", "Digest of its signature: SHA256, SHA1; the algorithm's name where it has no digest of its own" },
    [ENDPOINTS_CERTIFICATE_CHAIN_LENGTH] = { "certificate_chain_length", FACT_INTEGER, 0, NULL, "the handshake", "Certificates that the server sent" },
    [ENDPOINTS_CERTIFICATE_SHA256] = { "certificate_sha256", FACT_TEXT, 0, NULL, "the server's certificate", "Its fingerprint" },
};
_Static_assert(sizeof columns / sizeof columns[0] == ENDPOINTS_COLUMNS, "every column is declared");

const struct fact_table fact_endpoints =
    FACT_TABLE_DECLARE("endpoints", "TCP and TLS services that the site lives on: reachable, how fast, with which encryption and certificate", FILLED_BY_PROBE, 1, columns);
