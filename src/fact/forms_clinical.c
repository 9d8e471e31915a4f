/* Forms about clinical systems, downtime and phones. Constants only. */
#include "fact/form_declare.h"

static const struct fact_column cln_ehr_01[] = {
    FORM_KEY,
    ASK_TEXT("product", "Product"),
    ASK_TEXT("version", "Version, from its about screen"),
    ASK_YES_NO("version_supported", "The vendor supports that version"),
    ASK_TEXT("chpl_id", "Certification number (CHPL)"),
    ASK_ONE_OF("hosting", "on-site, vendor, cloud, home, none", "Where it runs"),
    ASK_DATE("contract_end", "Last day of the contract"),
    ASK_ONE_OF("plan", "keep, interface, migrate", "What is planned; empty when nobody has decided"),
    ANSWER_HEAD,
};
FORM(cln_ehr_01, "CLN-EHR-01", BEFORE, 180, "service-line", "Which EHR, version, certification id, hosting, contract end, and what is planned?", "contract; about screen", "")

static const struct fact_column cln_ehr_03[] = {
    ASK_KEY("workstation", "Where: front desk, exam room 3"),
    ASK_WHOLE("log_ons", "log-ons", "Log-ons that were timed there"),
    ASK_NUMBER("p90_s", "s", "From badge or password to a chart that can be used: nine of ten took this long at most; of fewer than ten, the slowest"),
    ASK_YES_NO("busy_hour", "They were timed while the clinic was open and busy"),
    ANSWER_HEAD,
};
FORM_ROWS(cln_ehr_03, "CLN-EHR-03", ASSESS, 180, "medical assistants; front desk", "How long does a log-on take, from badge or password to a chart that can be used?", "tally sheet", "Take a stop-watch to three users at least. Times only: no names, and nothing of a patient.")

static const struct fact_column cln_int_02[] = {
    ASK_KEY("from_system", "System that has it"),
    ASK_KEY("to_system", "System into which it is typed again"),
    ASK_KEY("role", "Who types, by role"),
    ASK_NUMBER("minutes_day", "minutes a day", "All of that role together"),
    ASK_NUMBER("errors_week", "errors a week", "Mistakes that are found"),
    ASK_WHOLE("n", "people", "People who were asked"),
    ANSWER_HEAD,
};
FORM_ROWS(cln_int_02, "CLN-INT-02", LISTEN, 180, "billing; front desk", "Where is the same data typed twice, how many minutes a day, how many errors a week?", "interview records", "")

static const struct fact_column cln_prn_02[] = {
    ASK_KEY("printer", "Name or place"),
    ASK_TEXT("used_for", "Labels, prescriptions, wristbands, paper"),
    ASK_YES_NO("mapped", "It has a queue and a driver on the home service"),
    ASK_DATE("test_print", "The last test print from there"),
    ASK_DATE("leased_until", "End of its lease"),
    ANSWER_HEAD,
};
FORM_ROWS(cln_prn_02, "CLN-PRN-02", PLAN, 30, "it-infrastructure", "Is each printer and label mapped and test-printed on the home service?", "test prints", "")

static const struct fact_column cln_epcs_01[] = {
    FORM_KEY,
    ASK_WHOLE("prescribers", "people", "Prescribers of controlled substances"),
    ASK_WHOLE("planned", "people", "Of these: with a dated plan for token, proofing and address"),
    ASK_TEXT("token_kind", "Kind of token"),
    ANSWER_HEAD,
};
FORM(cln_epcs_01, "CLN-EPCS-01", PLAN, 60, "service-line", "How many prescribers of controlled substances have a dated plan for token, proofing and address?", "list without identifiers", "Numbers only: no name, no DEA number.")

static const struct fact_column cln_img_01[] = {
    ASK_KEY("study", "Kind of study: mammogram, CT, ultrasound"),
    ASK_NUMBER("study_mb", "MB", "Size of the largest routine one"),
    ASK_NUMBER("studies_hour", "studies an hour", "In the busiest hour"),
    ASK_YES_NO("read_stat", "It is read at once, by somebody elsewhere"),
    ASK_NUMBER("minutes_allowed", "minutes", "It may take this long to arrive"),
    ANSWER_HEAD,
};
FORM_ROWS(cln_img_01, "CLN-IMG-01", ASSESS, 180, "service-line; vendor", "How large are imaging studies, how many an hour, and how fast must they arrive?", "report of the image archive", "Sizes and counts only.")

static const struct fact_column cln_por_01[] = {
    ASK_KEY("service", "Portal, booking, payment"),
    ASK_TEXT("address", "Its web address"),
    ASK_TEXT("owner", "Who answers for it, by role"),
    ASK_DATE("redirect_planned", "When patients will be led to the new one"),
    ASK_YES_NO("patients_told", "Patients have been told"),
    ANSWER_HEAD,
};
FORM_ROWS(cln_por_01, "CLN-POR-01", PLAN, 90, "service-line; vendor", "How do portal, booking and payment continue for patients?", "plan", "")

static const struct fact_column cln_pci_01[] = {
    ASK_KEY("terminal", "Card terminal: its place"),
    ASK_YES_NO("p2pe", "It encrypts from the card to the bank (P2PE)"),
    ASK_YES_NO("own_zone", "It has a network of its own"),
    ASK_DATE("saq_date", "Date of the last self-assessment questionnaire"),
    ASK_YES_NO("contract_transferable", "Its contract may pass to the buyer"),
    ANSWER_HEAD,
};
FORM_ROWS(cln_pci_01, "CLN-PCI-01", ASSESS, 365, "finance; practice manager", "How are card terminals connected, and does their contract pass over?", "questionnaire; acquirer's contract", "")

static const struct fact_column cln_pid_01[] = {
    FORM_KEY,
    ASK_WHOLE("active_patients", "patients", "Active patients, counted by the EHR's own report"),
    ASK_NUMBER("duplicate_percent", "%", "Share of duplicate charts, from the same report"),
    ASK_NUMBER("known_at_home_percent", "%", "Share known at the home site"),
    ASK_YES_NO("match_plan", "There is a plan for matching"),
    ANSWER_HEAD,
};
FORM(cln_pid_01, "CLN-PID-01", ASSESS, 180, "service-line", "How many active patients, how many duplicate charts?", "EHR report without patient data", "Counts only. preop reads no patient data, and none may be written here.")

static const struct fact_column cln_saf_01[] = {
    FORM_KEY,
    ASK_DATE("date", "When the SAFER guides were last gone through"),
    ASK_WHOLE("guides", "guides", "How many of them"),
    ASK_NAME("signed_by", "Who signed"),
    ANSWER_HEAD,
};
FORM(cln_saf_01, "CLN-SAF-01", ASSESS, 365, "service-line", "When was the EHR's safety self-assessment (SAFER) made?", "scores with date and signer", "")

static const struct fact_column pwr_e911_01[] = {
    ASK_KEY("phone_system", "Phone system or line"),
    ASK_DATE("tested", "The last test call"),
    ASK_YES_NO("address_ok", "The right address and floor were shown"),
    ASK_YES_NO("works_without_power", "It works when power and internet are out"),
    ANSWER_HEAD,
};
FORM_ROWS(pwr_e911_01, "PWR-E911-01", LISTEN, 365, "clinic-operations", "When was an emergency test call made from each phone system, and which address was shown?", "call record", "Agree a test call with the local dispatch centre first.")

static const struct fact_column pwr_gen_01[] = {
    FORM_KEY,
    ASK_DATE("last_test", "The last test of generator or transfer switch"),
    ASK_YES_NO("vaccine_covered", "The vaccine refrigerator's outlet is on it"),
    ASK_YES_NO("network_covered", "The network closet's outlet is on it"),
    ASK_YES_NO("alarm_reaches_person", "The refrigerator's alarm reaches a person at night"),
    ANSWER_HEAD,
};
FORM(pwr_gen_01, "PWR-GEN-01", LISTEN, 365, "practice manager", "Do vaccine refrigerator, lab and network have backup power, and when was it tested?", "test log", "")
