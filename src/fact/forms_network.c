/* Forms about the network's edges and joints: what is tried or read by hand, because the program does not send what it would take. Constants only. */
#include "fact/form_declare.h"

static const struct fact_column net_dns_01[] = {
    ASK_KEY("resolver", "Address of a server that the clinic's computers ask for names"),
    ASK_YES_NO("on_site", "It stands in the clinic"),
    ASK_YES_NO("answers", "It answers questions for the health record's name and for a name of home"),
    ASK_NUMBER("failed_percent", "%", "Share of questions on a clinic day that got no answer or a failure"),
    ANSWER_HEAD,
};
FORM_ROWS(net_dns_01, "NET-DNS-01", ASSESS, 180, "it-infrastructure; vendor", "Which servers do the clinic's computers ask for names, and do all of them answer?", "settings handed out (DHCP); the server's statistics", "The addresses stand in the settings that computers get when they start.")

static const struct fact_column int_vlan_03[] = {
    ASK_KEY("zones", "From and to: staff to medical devices, guests to staff, staff to management, clinic to home"),
    ASK_YES_NO("any_to_any", "A rule lets everything through between them"),
    ASK_DATE("tested", "When connections were tried from a computer in the first zone"),
    ASK_TEXT("opened", "Ports that answered, of 22, 23, 80, 443, 445 and 3389; none when none did"),
    ANSWER_HEAD,
};
FORM_ROWS(int_vlan_03, "INT-VLAN-03", ASSESS, 180, "security; it-infrastructure", "What may pass between the zones of the network, and what did when it was tried?", "export of the firewall's rules; record of the test",
          "One row for each pair of zones. Never try a connection to a medical device: use a printer or a spare address in that zone.")

static const struct fact_column int_rte_02[] = {
    ASK_KEY("router", "Router or firewall, as in site.yaml"),
    ASK_KEY_ONE_OF("protocol", "static, ospf, bgp, eigrp, rip, other", "How it learns routes"),
    ASK_TEXT("router_id", "Its router id in that protocol"),
    ASK_WHOLE("as_number", NULL, "Its autonomous system, for BGP"),
    ASK_YES_NO("with_home", "It is to speak this protocol with home's routers"),
    ASK_ONE_OF("authentication", "none, password, md5, sha", "How neighbours prove who they are"),
    ASK_YES_NO("agreed", "How routes are exchanged with home is agreed in writing"),
    ANSWER_HEAD,
};
FORM_ROWS(int_rte_02, "INT-RTE-02", ASSESS, 180, "it-infrastructure", "How does each router learn its routes, and under which identity?", "configuration without secrets", "Fixed routes are a row too: protocol static. Home and owned sites answer it as well.")

static const struct fact_column int_ca_01[] = {
    ASK_KEY("authority", "Its name, as its certificates show it"),
    ASK_TEXT("key_id", "Its key identifier"),
    ASK_ONE_OF("key_kind", "rsa-1024, rsa-2048, rsa-3072, rsa-4096, p-256, p-384, p-521, ed25519", "Kind and size of its key"),
    ASK_DATE("valid_until", "Last day of its own certificate"),
    ASK_TEXT("owner", "Who answers for it, by role"),
    ASK_YES_NO("revocation_works", "Its list of revoked certificates can be fetched and is current"),
    ASK_YES_NO("log_on", "Windows accepts its certificates for logging on (NTAuth)"),
    ANSWER_HEAD,
};
FORM_ROWS(int_ca_01, "INT-CA-01", ASSESS, 365, "it-infrastructure; vendor", "Which certificate authorities of its own does the clinic have, and who answers for each?", "certificate of each authority", "Look on the domain controllers and the firewall. Home and owned sites answer it as well.")

static const struct fact_column int_mon_01[] = {
    FORM_KEY,
    ASK_WHOLE("devices_in_scope", "devices", "Devices of the clinic that home is to watch from day 1 on"),
    ASK_WHOLE("devices_answering", "devices", "Of these: answer home's monitoring on every port that was agreed"),
    ASK_YES_NO("logs_arrive", "Their logs arrive at home"),
    ASK_DATE("checked", "When that was counted"),
    ANSWER_HEAD,
};
FORM(int_mon_01, "INT-MON-01", PLAN, 90, "it-infrastructure", "How many of the clinic's devices answer home's monitoring?", "export of home's monitoring", "")

static const struct fact_column hst_ext_01[] = {
    ASK_KEY("address", "Public address of the clinic"),
    ASK_DATE("scanned", "When it was tried from outside"),
    ASK_WHOLE("ports_tried", "ports", "How many TCP ports were tried"),
    ASK_TEXT("open_ports", "Ports that answered, by commas; none when none did"),
    ASK_WHOLE("undeclared", "ports", "Of these: nobody meant them to be open"),
    ASK_YES_NO("management_page", "A page for managing a firewall or another device answers, on any port"),
    ASK_YES_NO("outdated", "A service that answers is past its support"),
    ANSWER_HEAD,
};
FORM_ROWS(hst_ext_01, "HST-EXT-01", ASSESS, 90, "security; it-infrastructure", "What does each public address of the clinic answer to the internet?", "report of the scan",
          "Only with the written permission that covers these addresses (CMP-AUTH-01), from outside the clinic. The thousand most used TCP ports are enough.")

static const struct fact_column eml_tls_01[] = {
    ASK_KEY("mail_server", "Mail server that takes the clinic's mail (MX), by its name"),
    ASK_YES_NO("starttls", "It offers encryption (STARTTLS)"),
    ASK_YES_NO("certificate_valid", "Its certificate is valid for that name"),
    ASK_DATE("tested", "When that was tried"),
    ANSWER_HEAD,
};
FORM_ROWS(eml_tls_01, "EML-TLS-01", ASSESS, 180, "it-infrastructure; vendor", "Does each mail server take mail encrypted, with a valid certificate?", "report of a mail server test", "")

static const struct fact_column eml_relay_01[] = {
    ASK_KEY("host", "Mail server, copier that sends mail, or name server that the internet reaches"),
    ASK_YES_NO("relays", "It takes mail from anybody for a foreign domain"),
    ASK_YES_NO("recursion", "It looks up foreign names for anybody"),
    ASK_DATE("tested", "When that was tried from outside"),
    ANSWER_HEAD,
};
FORM_ROWS(eml_relay_01, "EML-RELAY-01", ASSESS, 180, "it-infrastructure; security", "Does any server of the clinic pass on mail or look up names for strangers?", "record of the test, which stops before any mail is sent", "Only with the written permission that covers these addresses (CMP-AUTH-01).")
