/* Forms about backups, identity, mail, devices and data: what IT can say and no probe can see. Constants only. */
#include "fact/form_declare.h"

static const struct fact_column hst_def_01[] = {
    ASK_KEY("class", "Firewall, switches, access points, NAS, printers, cameras, modalities, UPS cards"),
    ASK_DATE("changed", "When the password was last changed"),
    ASK_YES_NO("vault", "It is in the vault"),
    ASK_YES_NO("shared", "Several devices or people share it"),
    ASK_YES_NO("is_default", "It is the maker's"),
    ANSWER_HEAD,
};
FORM_ROWS(hst_def_01, "HST-DEF-01", LISTEN, 180, "it-infrastructure", "Since when does each device class have its own password in the vault?", "vault entry (no secret)", "Never write a password here.")

static const struct fact_column lif_db_01[] = {
    ASK_KEY("database", "Which one: server and instance, or the system that it belongs to"),
    ASK_TEXT("product", "Microsoft SQL Server, PostgreSQL, MySQL, MariaDB, Oracle Database, ..."),
    ASK_TEXT("version", "Its version as the product says it: 2019, 15.0.4430, 14.2"),
    ASK_YES_NO("stores_phi", "Patient data is in it"),
    ASK_YES_NO("express", "It is the free Express edition of SQL Server"),
    ASK_NUMBER("used_gb", "GB", "Size of its largest database"),
    ANSWER_HEAD,
};
FORM_ROWS(lif_db_01, "LIF-DB-01", ASSESS, 180, "vendor; it-infrastructure", "Which database engines run here, in which version, and how full are they?", "the product's own version page; vendor's statement", "The vendor of each clinical system knows: often the database came with it.")

static const struct fact_column hst_mdm_01[] = {
    ASK_KEY("device_class", "Clinic phones, private phones, tablets"),
    ASK_WHOLE("devices", "devices", "With patient data"),
    ASK_WHOLE("managed", "devices", "Of these: enrolled, encrypted, can be wiped"),
    ANSWER_HEAD,
};
FORM_ROWS(hst_mdm_01, "HST-MDM-01", ASSESS, 90, "it-infrastructure", "Which phones and tablets have patient data, and are they managed?", "export of the device management", "")

static const struct fact_column net_fw_02[] = {
    ASK_KEY("firewall", "Firewall, as in site.yaml"),
    ASK_TEXT("model", "Model"),
    ASK_NUMBER("inspected_mbps", "Mb/s", "Throughput with threat protection, by its data sheet"),
    ASK_TEXT("circuit", "The circuit behind it, as in the sheet circuits"),
    ANSWER_HEAD,
};
FORM_ROWS(net_fw_02, "NET-FW-02", ASSESS, 0, "it-infrastructure; vendor", "How much can each firewall inspect, by its data sheet?", "data sheet", "The figure for threat protection, not for plain forwarding.")

static const struct fact_column int_aaa_01[] = {
    ASK_KEY("device", "Device or class of devices"),
    ASK_YES_NO("central", "Log-ons are checked by TACACS+ or RADIUS"),
    ASK_YES_NO("named_accounts", "Each administrator has an account of his own"),
    ASK_WHOLE("local_accounts", "accounts", "Local accounts"),
    ASK_YES_NO("break_glass_vaulted", "The one for emergencies is in the vault"),
    ASK_YES_NO("default_credential", "The maker's credential still works"),
    ANSWER_HEAD,
};
FORM_ROWS(int_aaa_01, "INT-AAA-01", ASSESS, 180, "it-infrastructure", "How do administrators log on to network gear?", "configuration without secrets", "Never write a password here.")

static const struct fact_column eml_flt_01[] = {
    FORM_KEY,
    ASK_TEXT("product", "What filters mail"),
    ASK_YES_NO("sandbox", "Attachments are opened in a sandbox first"),
    ASK_YES_NO("impersonation", "Forged names of colleagues are noticed"),
    ASK_YES_NO("external_tag", "Mail from outside is marked"),
    ASK_DATE("phishing_simulation", "The last phishing simulation"),
    ANSWER_HEAD,
};
FORM(eml_flt_01, "EML-FLT-01", ASSESS, 180, "it-infrastructure", "How is inbound mail filtered?", "screenshot of the settings", "Nothing filters it: product none.")

static const struct fact_column eml_web_01[] = {
    ASK_KEY("site_address", "Web address: public site, booking, portal"),
    ASK_TEXT("owner", "Who answers for it, by role"),
    ASK_TEXT("host", "Who hosts it"),
    ASK_YES_NO("collects_phi", "Patients write health matters there"),
    ASK_YES_NO("baa", "Its vendor has signed a business associate agreement"),
    ASK_YES_NO("trackers", "Advertising or analytics code of others runs on pages for patients"),
    ANSWER_HEAD,
};
FORM_ROWS(eml_web_01, "EML-WEB-01", ASSESS, 180, "practice manager; vendor", "Which web pages does the clinic have, who hosts them, what do they track?", "list; agreement", "")

static const struct fact_column bkp_job_01[] = {
    ASK_KEY("system", "System, as in the sheet systems"),
    ASK_TEXT("product", "What backs it up"),
    ASK_NUMBER("interval_hours", "hours", "It runs every so many hours"),
    ASK_MOMENT("last_success", "End of the last backup that worked; empty when there was none"),
    ASK_ONE_OF("last_result", "success, warning, failed, none", "How the newest one went; none: nothing backs it up"),
    ANSWER_HEAD,
};
FORM_ROWS(bkp_job_01, "BKP-JOB-01", LISTEN, 14, "it-infrastructure; vendor", "When did the last backup of each system end, and did it work?", "backup report",
          "One row for each system that holds data here, also for those that nothing backs up. The backup product's own report is the proof.")

static const struct fact_column bkp_rst_01[] = {
    ASK_KEY("system", "System, as in the sheet systems"),
    ASK_DATE("date", "The last restore; empty when there was none"),
    ASK_WHOLE("minutes", "minutes", "How long it took"),
    ASK_ONE_OF("result", "ok, partly, failed, never", "How it went"),
    ASK_NAME("who", "Who did it"),
    ANSWER_HEAD,
};
FORM_ROWS(bkp_rst_01, "BKP-RST-01", LISTEN, 365, "it-infrastructure", "Which system was restored last, when, how long did it take, did it work?", "restore log", "One row for each system, also for those never restored.")

static const struct fact_column bkp_off_01[] = {
    ASK_KEY("copy", "The copy: which data, where"),
    ASK_ONE_OF("kind", "object_lock, tape, rotated_disk, provider, none", "What keeps it from being changed"),
    ASK_WHOLE("age_days", "days", "Age of the newest"),
    ASK_YES_NO("credential_separate", "It needs a log-in of its own"),
    ANSWER_HEAD,
};
FORM_ROWS(bkp_off_01, "BKP-OFF-01", LISTEN, 90, "it-infrastructure", "Which copy cannot be changed from the network, and how old is it?", "setting or rotation log", "")

static const struct fact_column bkp_rpo_01[] = {
    ASK_KEY("system", "System, as in the sheet systems"),
    ASK_NUMBER("rpo_hours", "hours", "Data of this many hours may be lost"),
    ASK_NUMBER("rto_hours", "hours", "It must be back within"),
    ASK_NAME("signed_by", "Who agreed, for clinic operations"),
    ASK_DATE("signed_on", "When"),
    ANSWER_HEAD,
};
FORM_ROWS(bkp_rpo_01, "BKP-RPO-01", ASSESS, 365, "clinic-operations", "How much data and how many hours may each system lose?", "signed table", "")

static const struct fact_column bkp_enc_01[] = {
    ASK_KEY("copy", "The copy or medium"),
    ASK_YES_NO("leaves_building", "It leaves the building"),
    ASK_YES_NO("encrypted", "It is encrypted"),
    ANSWER_HEAD,
};
FORM_ROWS(bkp_enc_01, "BKP-ENC-01", ASSESS, 180, "it-infrastructure", "Are backups and removable media encrypted?", "job settings", "")

static const struct fact_column bkp_acc_01[] = {
    FORM_KEY,
    ASK_YES_NO("domain_joined", "The backup server or its storage belongs to the domain"),
    ASK_YES_NO("separate_credential", "Its console has a log-in that no domain administrator has"),
    ASK_YES_NO("mfa", "The console wants a second factor"),
    ANSWER_HEAD,
};
FORM(bkp_acc_01, "BKP-ACC-01", ASSESS, 180, "it-infrastructure", "Could one domain log-in destroy the backups?", "screenshot of the settings", "")

static const struct fact_column bkp_saas_01[] = {
    ASK_KEY("service", "Microsoft 365, hosted EHR, file service"),
    ASK_ONE_OF("copy", "independent, contractual-export, vendor-only, none", "What copy there is"),
    ASK_WHOLE("age_days", "days", "Age of the newest"),
    ASK_WHOLE("retention_days", "days", "For how long it is kept"),
    ANSWER_HEAD,
};
FORM_ROWS(bkp_saas_01, "BKP-SAAS-01", ASSESS, 180, "it-infrastructure; vendor", "Which cloud data has an independent copy?", "backup report; contract clause", "")

static const struct fact_column bkp_map_01[] = {
    ASK_KEY("system", "System, as in the sheet systems"),
    ASK_TEXT("location", "Where its patient data lies"),
    ASK_TEXT("owner", "Who answers for it, by role"),
    ASK_LIST("flows_to", "Where it goes: systems, vendors"),
    ASK_NUMBER("retention_years", "years", "For how long it is kept"),
    ANSWER_HEAD,
};
FORM_ROWS(bkp_map_01, "BKP-MAP-01", LISTEN, 365, "compliance lead", "Where is patient data stored and where does it go?", "data map", "Places, never data.")

static const struct fact_column bkp_dis_01[] = {
    FORM_KEY,
    ASK_YES_NO("log_kept", "There is a log of what was disposed of"),
    ASK_YES_NO("certificates", "There are certificates of destruction for 24 months"),
    ASK_DATE("last_pickup", "The last pick-up"),
    ASK_YES_NO("copier_disks", "Disks of copiers and printers are part of it"),
    ASK_WHOLE("stockpile", "devices", "Old computers and disks that still lie about"),
    ANSWER_HEAD,
};
FORM(bkp_dis_01, "BKP-DIS-01", ASSESS, 365, "practice manager; it-infrastructure", "How are old computers, disks and copiers disposed of?", "certificates; log", "")

static const struct fact_column bkp_ret_01[] = {
    FORM_KEY,
    ASK_NUMBER("retention_years", "years", "For how long records are kept here"),
    ASK_WHOLE("legal_holds", "holds", "Legal holds in force"),
    ASK_WHOLE("systems_retiring", "systems", "Systems that will be switched off within 12 months"),
    ASK_WHOLE("with_archive_plan", "systems", "Of these: with a plan and an owner for the archive"),
    ANSWER_HEAD,
};
FORM(bkp_ret_01, "BKP-RET-01", ASSESS, 365, "compliance lead; counsel", "How long are records kept, and where do those of retired systems go?", "retention rule; archive plan", "")

static const struct fact_column idn_mfa_01[] = {
    ASK_KEY_ONE_OF("area", "remote, mail, admin, ehr", "Where"),
    ASK_YES_NO("enforced", "A second factor is enforced"),
    ASK_WHOLE("users", "people", "Users there"),
    ASK_WHOLE("exceptions", "people", "Users who are excepted"),
    ASK_TEXT("factor", "Which second factor: app, key, text message"),
    ANSWER_HEAD,
};
FORM_ROWS(idn_mfa_01, "IDN-MFA-01", LISTEN, 90, "it-infrastructure", "Where is a second factor enforced, for whom, with which exceptions?", "policy export", "All four areas: a row each.")

static const struct fact_column idn_acc_02[] = {
    FORM_KEY,
    ASK_YES_NO("whole_list", "Personnel gave a whole list of those who left in 24 months"),
    ASK_WHOLE("left_people", "people", "How many left in 24 months"),
    ASK_WHOLE("still_enabled", "accounts", "Of their accounts: may still log in"),
    ASK_WHOLE("used_since", "accounts", "Of these: used after the last day of work"),
    ANSWER_HEAD,
};
FORM(idn_acc_02, "IDN-ACC-02", ASSESS, 90, "practice manager; it-infrastructure", "Of those who left in the last 24 months, how many can still log in?", "list of leavers beside the directory, counted", "Numbers only; no names.")

static const struct fact_column idn_acc_05[] = {
    FORM_KEY,
    ASK_WHOLE("mapped", "accounts", "Accounts on the migration map: person, mail, future name, and whether to keep, merge, create or drop"),
    ASK_DATE("map_date", "Date of that map"),
    ANSWER_HEAD,
};
FORM(idn_acc_05, "IDN-ACC-05", PLAN, 30, "it-infrastructure", "How many of the clinic's accounts are on the migration map?", "migration map", "The number only.")

static const struct fact_column air_dat_01[] = {
    ASK_KEY("source", "System or file"),
    ASK_TEXT("owner", "Who owns it, by role"),
    ASK_YES_NO("definitions", "Visit, no-show, panel, revenue are defined"),
    ASK_TEXT("refresh", "How often it is refreshed"),
    ASK_NUMBER("completeness_percent", "%", "How complete the ten key fields are"),
    ANSWER_HEAD,
};
FORM_ROWS(air_dat_01, "AIR-DAT-01", LATER, 365, "service-line; finance", "Which data sources exist, who owns and defines them, how complete are the key fields?", "quality report without patient data", "")

static const struct fact_column air_rpt_01[] = {
    ASK_KEY("report", "Which report"),
    ASK_NUMBER("hours_month", "hours a month", "Made by hand"),
    ASK_LIST("sources", "From which systems"),
    ASK_TEXT("readers", "Who reads it, by role"),
    ANSWER_HEAD,
};
FORM_ROWS(air_rpt_01, "AIR-RPT-01", LATER, 180, "finance; administrators", "Which reports are made by hand, how many hours a month, who reads them?", "interview record", "")

static const struct fact_column air_api_01[] = {
    ASK_KEY("system", "System, as in the sheet systems"),
    ASK_ONE_OF("interface", "fhir-r4, hl7-v2, bulk-export, none", "What it offers"),
    ASK_YES_NO("licensed", "It is licensed"),
    ASK_YES_NO("planned", "Something is planned that needs it"),
    ANSWER_HEAD,
};
FORM_ROWS(air_api_01, "AIR-API-01", LATER, 365, "vendor", "Which integration points do clinical systems offer?", "contract; vendor's statement", "")

static const struct fact_column air_gov_01[] = {
    FORM_KEY,
    ASK_DATE("policy_date", "Date of the policy on AI and data use; empty when there is none"),
    ASK_YES_NO("inventory", "AI tools in use are listed"),
    ASK_YES_NO("human_review", "It says what a person must review"),
    ASK_YES_NO("patient_notice", "It says what patients are told"),
    ASK_YES_NO("scribes_in_use", "AI writes visit notes here"),
    ANSWER_HEAD,
};
FORM(air_gov_01, "AIR-GOV-01", LATER, 365, "compliance lead", "Is there a policy on AI and data use?", "policy; inventory", "")

static const struct fact_column air_baa_01[] = {
    ASK_KEY("vendor", "Vendor of an AI tool"),
    ASK_DATE("baa", "Date of its business associate agreement; empty when there is none"),
    ASK_ONE_OF("training", "no, yes, silent", "Whether it may train on our data"),
    ASK_WHOLE("retention_days", "days", "For how long it keeps data"),
    ASK_YES_NO("deletion", "It must delete at the end"),
    ANSWER_HEAD,
};
FORM_ROWS(air_baa_01, "AIR-BAA-01", LATER, 180, "compliance lead", "For each AI vendor: agreement, training use, retention, deletion?", "agreement", "")

static const struct fact_column air_plt_01[] = {
    ASK_KEY("codes", "Provider, location, department, payer, chart of accounts"),
    ASK_WHOLE("total", "codes", "How many the clinic has"),
    ASK_WHOLE("mapped", "codes", "Of these: mapped to home"),
    ANSWER_HEAD,
};
FORM_ROWS(air_plt_01, "AIR-PLT-01", LATER, 365, "finance; service-line", "How many of the clinic's codes are mapped to the home data platform?", "mapping table", "")

static const struct fact_column air_shd_01[] = {
    ASK_KEY("tool", "AI tool that is in use, bought or not"),
    ASK_TEXT("owner", "Who answers for it, by role"),
    ASK_YES_NO("approved", "Somebody approved it"),
    ASK_YES_NO("baa", "Its vendor has signed a business associate agreement"),
    ASK_YES_NO("phi_possible", "Patient data can get into it"),
    ANSWER_HEAD,
};
FORM_ROWS(air_shd_01, "AIR-SHD-01", LISTEN, 180, "practice manager; providers", "Which AI tools do people here use already?", "interview records", "")
