/* Sheets about systems, vendors and contracts. Constants only. Names of people are asked for in columns that reports leave out; secrets never. */
#include "fact/form_declare.h"

static const struct fact_column systems[] = {
    ASK_KEY("system", "Name, used the same in every sheet"),
    ASK_ONE_OF("kind", "ehr, practice-management, billing, scheduling, portal, lab, imaging, e-prescribing, phone, fax, payments, mail, files, interface-engine, ai, telehealth, other", "What it is for"),
    ASK_TEXT("vendor", "Vendor, as in the sheet contracts"),
    ASK_ONE_OF("criticality", "clinical, business, support", "clinical: patients wait when it is down"),
    ASK_ONE_OF("hosting", "on-site, vendor, cloud, home", "Where it runs"),
    ASK_TEXT("version", "Version"),
    ASK_TEXT("business_owner", "Who answers for its use, by role"),
    ASK_TEXT("it_owner", "Who answers for its running, by role"),
    ASK_WHOLE("users", "people", "People who use it"),
    ASK_NUMBER("mbps_per_user", "Mb/s", "What one user needs of the line, by the vendor"),
    ASK_TEXT("endpoint", "Host and port that users reach: ehr.example.org:443"),
    ASK_YES_NO("stores_phi", "Patient data is in it"),
    ASK_WHOLE("integrations", "integrations", "Systems that it exchanges data with by itself"),
    ASK_WHOLE("integrations_by_hand", "integrations", "Systems that people feed from it by hand"),
    ASK_YES_NO("downtime_procedure", "What to do without it is written down"),
    ASK_TEXT("plan", "What is planned for it"),
    ASK_DATE("support_end", "Last day of the vendor's support"),
    ASK_YES_NO("single_sign_on", "People log on with their network account"),
    ANSWER_HEAD,
};
SHEET(systems, BEFORE, 180, "practice manager", "Which systems carry the clinic: what for, how critical, hosted where, owned by whom?", "list confirmed in a walk-through",
      "EHR, practice management, billing, scheduling, portal, lab, imaging, prescribing, phone, fax, payments, and each tool without which somebody cannot work. A suite has a row for each of these; what the clinic does not have is a row too: no imaging, of the kind imaging.",
      "CLN-INV-01 CLN-EHR-01 BKP-MAP-01 CMP-RA-01 SUP-OWN-01 NET-WAN-02")

static const struct fact_column contracts[] = {
    ASK_KEY("vendor", "Vendor, named the same everywhere"),
    ASK_KEY("contract", "Which contract: its number or subject"),
    ASK_ONE_OF("kind", "ehr, it-provider, telecom, imaging, lab, e-prescribing, phone, printing, security, software, ai, other", "What it is about"),
    ASK_TEXT("scope", "What is to be delivered, in one line"),
    ASK_TEXT("system", "System, as in the sheet systems"),
    ASK_TEXT("owner", "Who answers for it, by role"),
    ASK_YES_NO("on_file", "The signed contract is on file"),
    ASK_DATE("start_date", "First day"),
    ASK_DATE("renews", "Last day of the term, or day of the next renewal"),
    ASK_YES_NO("auto_renew", "It renews by itself"),
    ASK_WHOLE("notice_days", "days", "Notice before that day"),
    ASK_NUMBER("term_months", "months", "It renews for"),
    ASK_MONEY("price_year", "Yearly price"),
    ASK_ONE_OF("change_of_control", "none, notice, consent, terminates", "What the clause on a change of owner wants"),
    ASK_DATE("consent_obtained", "When the consent was given"),
    ASK_TEXT("promised_level", "Service level promised: four hours to repair"),
    ASK_NUMBER("met_percent", "%", "Share of months in which it was met, over twelve months"),
    ASK_TEXT("paid_unit", "What is counted: seats, modules"),
    ASK_WHOLE("paid", "units", "Paid for"),
    ASK_WHOLE("used", "units", "Used"),
    ASK_MONEY("unit_price", "Yearly price of one"),
    ASK_MONEY("end_fee", "What it costs to end it early"),
    ASK_TEXT("data_return", "In which form data comes back at the end"),
    ASK_WHOLE("data_return_days", "days", "Within how many days"),
    ASK_YES_NO("deletion_certificate", "The vendor certifies deletion"),
    ASK_ONE_OF("decision", "keep, renegotiate, replace, undecided", "What is decided"),
    ASK_DATE("decided_on", "When"),
    ANSWER_HEAD,
};
SHEET(contracts, BEFORE, 365, "practice manager; finance", "Which contracts bind the clinic: term, notice, price, change of owner, promised and measured service, paid and used?", "contract files",
      "One row for each contract. Leave empty what you have not read: empty is unknown, and never counts as good.",
      "VND-CTR-01 VND-RNW-01 VND-COC-01 VND-END-01 VND-USE-01 VND-INV-01 VND-OVL-01 VND-SLA-01")

static const struct fact_column business_associates[] = {
    ASK_KEY("vendor", "Vendor that can see patient data"),
    ASK_YES_NO("has_access", "It has access today"),
    ASK_TEXT("access", "How: remote tool, hosting, paper"),
    ASK_YES_NO("agreement", "A business associate agreement is signed"),
    ASK_DATE("signed", "When"),
    ASK_ONE_OF("assignable", "yes, no, consent, silent", "Whether it survives when the clinic is sold"),
    ASK_WHOLE("notice_days", "days", "Days within which an incident is to be reported; empty when it does not say"),
    ASK_YES_NO("subcontractors", "It binds subcontractors too"),
    ASK_YES_NO("return_clause", "Data is returned or destroyed at the end"),
    ASK_YES_NO("right_to_audit", "We may audit"),
    ASK_YES_NO("ai", "It uses AI on our data"),
    ANSWER_HEAD,
};
SHEET(business_associates, BEFORE, 365, "compliance lead; practice manager", "Which vendors can see patient data, and what does each have signed?", "each agreement", "", "CMP-BAA-01 CMP-BAA-02 AIR-BAA-01")

static const struct fact_column licences[] = {
    ASK_KEY("product", "Product and edition"),
    ASK_TEXT("vendor", "Vendor, as in the sheet contracts"),
    ASK_ONE_OF("kind", "subscription, volume, oem, retail, other", "Kind"),
    ASK_WHOLE("owned", "licences", "Owned, by proof of purchase"),
    ASK_WHOLE("installed", "licences", "Installed or assigned"),
    ASK_ONE_OF("transferable", "yes, no, consent, silent", "Whether it may pass to the buyer"),
    ASK_DATE("paid_until", "Paid until"),
    ASK_MONEY("unit_price", "List price of one"),
    ASK_YES_NO("is_server", "A server or database product"),
    ANSWER_HEAD,
};
SHEET(licences, ASSESS, 180, "it-infrastructure; finance", "Which software licences are owned, installed, and may they pass to the buyer?", "proofs of purchase; licence portal export", "", "VND-LIC-01 VND-USE-01")

static const struct fact_column transition_services[] = {
    ASK_KEY("service", "What the seller or its contractor goes on doing"),
    ASK_TEXT("provider", "Who does it"),
    ASK_DATE("until_date", "Until when"),
    ASK_MONEY("price_month", "Monthly price"),
    ASK_TEXT("replaced_by", "What takes its place"),
    ASK_TEXT("exit_test", "How we will know that it can end"),
    ASK_DATE("exit_tested", "When that test passed"),
    ANSWER_HEAD,
};
SHEET(transition_services, PLAN, 180, "seller executive; counsel", "Which services does the seller go on giving, until when, and how do we know that each can end?", "transition services agreement", "", "VND-HND-01")

static const struct fact_column data_feeds[] = {
    ASK_KEY("from_system", "System that sends, as in the sheet systems"),
    ASK_KEY("to_system", "System that receives"),
    ASK_ONE_OF("kind", "hl7-v2, fhir, x12, dicom, file, screen, device, other", "Kind"),
    ASK_KEY("content", "What goes over it: lab results, claims, images, demographics"),
    ASK_ONE_OF("direction", "one-way, both", "Direction"),
    ASK_TEXT("engine", "Interface engine, where there is one"),
    ASK_TEXT("endpoint", "Host and port: 10.20.0.15:6661"),
    ASK_WHOLE("messages_day", "messages a day", "Volume"),
    ASK_ONE_OF("criticality", "clinical, business, support", "How critical"),
    ASK_TEXT("owner", "Who answers for it, by role"),
    ASK_YES_NO("monitored", "Somebody notices when it stands still"),
    ASK_TEXT("fallback", "What is done then, by hand"),
    ASK_YES_NO("rebuild_needed", "It has to be built anew for the change"),
    ASK_YES_NO("under_contract", "A contract covers it"),
    ASK_YES_NO("protected_path", "Where it is not encrypted: all of its way is one protected network or a tunnel"),
    ANSWER_HEAD,
};
SHEET(data_feeds, LISTEN, 180, "vendor", "Which interfaces move data: from, to, kind, endpoint, owner, who notices, what is the fallback?", "interface list of the vendor", "", "CLN-INT-01 CLN-INT-03 AIR-FND-01")

static const struct fact_column admin_custody[] = {
    ASK_KEY("what", "Firewall, switches, Wi-Fi, hypervisor, directory, EHR, tenant, registrar, DNS, internet provider, phone, backup key, door"),
    ASK_TEXT("held_by", "Which company or function can log on"),
    ASK_YES_NO("held_by_us", "The clinic or the buyer can log on without that company"),
    ASK_TEXT("vault_entry", "Name of its entry in the vault; never the secret"),
    ASK_DATE("received", "When it was handed over"),
    ASK_DATE("proven_by_logon", "When somebody last logged on with it"),
    ASK_NAME("tested_by", "Who did"),
    ASK_DATE("rotate_by", "When it is to be changed"),
    ASK_DATE("rotated", "When it was changed"),
    ASK_YES_NO("lost", "Nobody has it any more"),
    ANSWER_HEAD,
};
SHEET(admin_custody, BEFORE, 30, "vendor; practice manager", "Who holds each administrative log-in, and when was it proven by logging on?", "vault entry (no secret)",
      "Never write a password, key, PIN or recovery code here or in any answer: say in which vault entry it is.", "SUP-CRED-01 VND-HND-01")
