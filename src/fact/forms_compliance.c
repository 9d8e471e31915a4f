/* Forms about permission, HIPAA, insurance and incidents. Constants only. */
#include "fact/form_declare.h"

static const struct fact_column cmp_auth_01[] = {
    FORM_KEY,
    ASK_NAME("granted_by", "Who gave the permission"),
    ASK_DATE("granted_on", "On which day"),
    ASK_NETWORKS("networks", "Networks that may be read"),
    ASK_DATE("valid_from", "First day"),
    ASK_DATE("valid_until", "Last day"),
    ASK_NAME("stop_contact", "Whom to call to stop it at once"),
    ASK_YES_NO("clean_team", "Counsel has said what may be shown before the deal is closed"),
    ANSWER_HEAD,
};
FORM(cmp_auth_01, "CMP-AUTH-01", BEFORE, 0, "seller executive; counsel", "Who permits preop to read which networks and hosts, from when to when, and whom do we call to stop?",
     "signed letter or data-room document", "This answer is the record. What is really read follows `authorization:` in site.yaml: write the letter there too.")

static const struct fact_column cmp_ra_01[] = {
    FORM_KEY,
    ASK_DATE("date", "When it was finished"),
    ASK_TEXT("author", "Which company or function made it"),
    ASK_TEXT("analysis_method", "By which method, such as NIST SP 800-30"),
    ASK_LIST("systems", "Systems in its scope, by the names of the sheet systems"),
    ASK_YES_NO("signed", "Signed by somebody who may sign for the practice"),
    ANSWER_HEAD,
};
FORM(cmp_ra_01, "CMP-RA-01", LISTEN, 365, "compliance lead", "When was the last HIPAA risk analysis done, by whom, with which method, over which systems?",
     "the analysis itself, with its scope pages", "A questionnaire without a list of systems is no risk analysis. If there never was one, say signed: no and leave the date empty.")

static const struct fact_column cmp_rmp_01[] = {
    FORM_KEY,
    ASK_WHOLE("items_high", "items", "High findings of that analysis"),
    ASK_WHOLE("closed_high", "items", "Of these: closed, or still in date"),
    ASK_WHOLE("overdue", "items", "Findings of any kind past their date"),
    ASK_WHOLE("samples_proven", "items", "Of three closed ones drawn at random: proven"),
    ANSWER_HEAD,
};
FORM(cmp_rmp_01, "CMP-RMP-01", LISTEN, 180, "compliance lead", "Which findings of that analysis are closed, with what proof for three drawn at random?",
     "risk management plan; three proofs", "Draw the three yourself, from the closed ones.")

static const struct fact_column cmp_off_01[] = {
    FORM_KEY,
    ASK_NAME("security_official", "The security official's name"),
    ASK_DATE("since", "Since when"),
    ASK_YES_NO("is_vendor", "That is somebody of a vendor"),
    ASK_YES_NO("aware", "Knows of it, when asked"),
    ASK_NAME("privacy_official", "The privacy official's name"),
    ASK_NAME("after_close", "Who takes over when the deal is closed"),
    ANSWER_HEAD,
};
FORM(cmp_off_01, "CMP-OFF-01", LISTEN, 365, "practice manager", "Who is the security official, who the privacy official, since when, and who after close?",
     "appointment letter or job text", "Where nobody is named, write none.")

static const struct fact_column cmp_pol_01[] = {
    ASK_KEY("standard", "The standard of the Security Rule that it answers: 164.308(a)(1)"),
    ASK_YES_NO("written", "There is a written policy of this practice's own"),
    ASK_DATE("reviewed", "Last reviewed"),
    ASK_YES_NO("six_years_kept", "Its versions of six years are kept"),
    ANSWER_HEAD,
};
FORM_ROWS(cmp_pol_01, "CMP-POL-01", ASSESS, 365, "compliance lead", "For each standard of the HIPAA Security Rule: is there a policy, and when was it last reviewed?",
          "the policies", "164.308 to 164.312 have 18 standards. A template with another company's name is not written.")

static const struct fact_column cmp_trn_01[] = {
    FORM_KEY,
    ASK_WHOLE("staff", "people", "Staff today"),
    ASK_WHOLE("trained", "people", "Of these: trained in the last twelve months"),
    ASK_DATE("last", "The last training"),
    ASK_WHOLE("new_hire_days", "days", "Days until somebody new is trained"),
    ASK_YES_NO("phishing_test", "A phishing test was made in the last twelve months"),
    ANSWER_HEAD,
};
FORM(cmp_trn_01, "CMP-TRN-01", LISTEN, 365, "compliance lead", "How many of the staff were trained in the last twelve months?", "training log", "Numbers only; no names.")

static const struct fact_column cmp_irp_01[] = {
    FORM_KEY,
    ASK_DATE("plan_date", "Date of the plan"),
    ASK_DATE("exercised", "When it was last exercised"),
    ASK_NAME("decider", "Who decides on notification"),
    ASK_NAME("day1_lead", "Who leads on day 1"),
    ASK_TEXT("insurer_hotline", "The insurer's hot line"),
    ASK_YES_NO("contacts_valid", "Every number in it was tried and works"),
    ASK_YES_NO("written", "There is a written plan"),
    ASK_WHOLE("exercises", "times", "How often it was exercised in three years; 0 when never"),
    ANSWER_HEAD,
};
FORM(cmp_irp_01, "CMP-IRP-01", LISTEN, 365, "compliance lead; security", "Is there an incident plan, when was it exercised, who decides on notification, who leads on day 1?",
     "plan; exercise minutes", "")

static const struct fact_column cmp_con_01[] = {
    FORM_KEY,
    ASK_DATE("backup_plan", "Data backup plan: its date"),
    ASK_DATE("recovery_plan", "Disaster recovery plan: its date"),
    ASK_DATE("emergency_mode", "Emergency mode operation plan: its date"),
    ASK_DATE("criticality", "Analysis of the criticality of applications and data: its date"),
    ASK_DATE("testing", "Procedure for testing and revision: its date"),
    ASK_DATE("last_test", "When one of them was last tested"),
    ASK_WHOLE("parts_missing", "parts", "How many of the five parts do not exist"),
    ASK_WHOLE("tests", "tests", "Tests of any of them in three years; 0 when never"),
    ANSWER_HEAD,
};
FORM(cmp_con_01, "CMP-CON-01", LISTEN, 365, "compliance lead", "Which of the five contingency parts exist, and when was one tested?", "the plans; test record",
     "Leave the date of a part that does not exist empty, and count it in parts_missing.")

static const struct fact_column cmp_log_01[] = {
    FORM_KEY,
    ASK_TEXT("reviewer", "Which function reviews activity in the EHR and the systems"),
    ASK_WHOLE("interval_days", "days", "Days from one review to the next"),
    ASK_DATE("last", "The last review"),
    ASK_WHOLE("notes", "notes", "Of the last three reviews: how many left a note"),
    ASK_WHOLE("kept_days", "days", "Days for which activity records are kept"),
    ANSWER_HEAD,
};
FORM(cmp_log_01, "CMP-LOG-01", LISTEN, 90, "compliance lead", "Who reviews EHR and system activity, how often, and what did the last three reviews find?", "three review notes",
     "If nobody does, say notes: 0 and leave the rest empty.")

static const struct fact_column cmp_acc_01[] = {
    FORM_KEY,
    ASK_WHOLE("samples_authorised", "people", "Of five users drawn at random: how many have a record of who allowed their access"),
    ASK_DATE("last_review", "The last review of who has access"),
    ASK_YES_NO("role_based", "Rights in the EHR come from roles"),
    ASK_YES_NO("emergency_rule", "There is a rule for emergency access"),
    ANSWER_HEAD,
};
FORM(cmp_acc_01, "CMP-ACC-01", ASSESS, 365, "compliance lead; practice manager", "Is access to patient data authorised, by role, and reviewed?", "five authorisation records; review record", "")

static const struct fact_column cmp_san_01[] = {
    FORM_KEY,
    ASK_YES_NO("policy", "There is a written sanction policy"),
    ASK_YES_NO("communicated", "Staff have been told of it"),
    ASK_WHOLE("applied", "times", "How often it was applied in six years"),
    ANSWER_HEAD,
};
FORM(cmp_san_01, "CMP-SAN-01", ASSESS, 365, "compliance lead", "Is there a sanction policy, and was it applied?", "policy; log without names", "Numbers only; no names.")

static const struct fact_column cmp_evl_01[] = {
    FORM_KEY,
    ASK_DATE("evaluation", "The last evaluation"),
    ASK_DATE("last_big_change", "The last big change to the EHR or the network"),
    ANSWER_HEAD,
};
FORM(cmp_evl_01, "CMP-EVL-01", ASSESS, 365, "compliance lead", "When was security last evaluated as a whole, and when was the last big change?", "evaluation report", "")

static const struct fact_column cmp_phy_01[] = {
    ASK_KEY("place", "Server room, closet, front desk, storage ..."),
    ASK_YES_NO("locked", "Locked when nobody is there"),
    ASK_YES_NO("key_list", "Who has keys is written down"),
    ASK_YES_NO("visitors_logged", "Visitors are written down"),
    ASK_YES_NO("screens_turned", "Patients cannot read the screens"),
    ASK_YES_NO("has_server", "A server or storage stands there"),
    ANSWER_HEAD,
};
FORM_ROWS(cmp_phy_01, "CMP-PHY-01", LISTEN, 365, "practice manager", "Walk through: are rooms, closets and screens protected?", "photos of the walk-through", "No patient may be in a photo.")

static const struct fact_column cmp_brh_01[] = {
    FORM_KEY,
    ASK_WHOLE("incidents", "incidents", "Security incidents in six years"),
    ASK_WHOLE("reportable", "incidents", "Of these: breaches that had to be reported"),
    ASK_WHOLE("unreported", "incidents", "Of these: not reported"),
    ASK_WHOLE("open_matters", "matters", "Letters, complaints and claims that are still open"),
    ASK_YES_NO("ransom_paid", "Ransom was paid"),
    ASK_YES_NO("log_kept", "There is a log of incidents"),
    ANSWER_HEAD,
};
FORM(cmp_brh_01, "CMP-BRH-01", BEFORE, 90, "seller executive; counsel", "Which incidents, breaches, complaints, ransom payments and regulator letters were there in six years?",
     "incident log; letters; claims", "Numbers only; no patient's name.")

static const struct fact_column cmp_ins_01[] = {
    FORM_KEY,
    ASK_TEXT("insurer", "Insurer"),
    ASK_MONEY("limit_amount", "Limit"),
    ASK_MONEY("retention", "Retention"),
    ASK_MONEY("ransomware_sublimit", "Sub-limit for ransomware"),
    ASK_DATE("policy_ends", "Last day of the policy"),
    ASK_ONE_OF("change_of_control", "continues, runoff, ends, silent", "What happens to it at close"),
    ASK_YES_NO("tail_bought", "A tail for earlier acts is bought"),
    ASK_DATE("buyer_cover_from", "The buyer's policy covers the site from"),
    ASK_WHOLE("patient_records", "records", "Patient records that could be lost: how many"),
    ANSWER_HEAD,
};
FORM(cmp_ins_01, "CMP-INS-01", BEFORE, 180, "finance", "Which cyber policy is in force, what limit, what happens to it at close?", "declarations page; endorsement",
     "silent: the policy says nothing of a change of owner. If nobody has read that clause, leave it empty.")

static const struct fact_column cmp_ins_02[] = {
    FORM_KEY,
    ASK_YES_NO("mfa_remote", "A second factor for remote access"),
    ASK_YES_NO("mfa_mail", "A second factor for mail"),
    ASK_YES_NO("mfa_admin", "A second factor for administration"),
    ASK_YES_NO("edr_all", "Endpoint protection (EDR) on every computer"),
    ASK_YES_NO("backup_offline", "A backup copy that is off line or cannot be changed"),
    ASK_WHOLE("patch_days", "days", "Days until a critical patch is installed"),
    ASK_YES_NO("eol_systems", "Systems past their support are in use"),
    ASK_YES_NO("segmented", "The network is divided into zones"),
    ASK_YES_NO("mail_filtered", "Mail is filtered"),
    ASK_YES_NO("privileged_separate", "Administrators have accounts of their own for that"),
    ASK_DATE("signed_on", "When the application was signed"),
    ASK_YES_NO("all_copied", "Everything that the form answered to these questions is copied here"),
    ANSWER_HEAD,
};
FORM(cmp_ins_02, "CMP-INS-02", BEFORE, 365, "finance", "What did the last insurance application answer?", "the application form",
     "Write what the form says, not what is true: preop measures that, and shows both. Leave out what the form did not ask.")

static const struct fact_column cmp_clm_01[] = {
    ASK_KEY("check_id", "The check that would measure it, such as HST-EDR-01"),
    ASK_KEY("stated_by", "Which company or function said it"),
    ASK_TEXT("claim", "What was said, in one line"),
    ASK_TEXT("value", "A figure in it, if any"),
    ASK_YES_NO("claims_good", "It says that this is in order"),
    ASK_DATE("stated_on", "When it was said"),
    ANSWER_HEAD,
};
FORM_ROWS(cmp_clm_01, "CMP-CLM-01", LISTEN, 180, "IT provider; seller", "What does the IT provider state about patching, antivirus, encryption, backups, second factors, inventory, monitoring?",
          "letter, report or mail of the provider", "One row for each statement. preop puts each beside what was measured.")

static const struct fact_column cmp_vul_01[] = {
    FORM_KEY,
    ASK_DATE("scan", "The last vulnerability scan"),
    ASK_DATE("penetration_test", "The last penetration test"),
    ASK_WHOLE("critical_open", "findings", "Critical findings that are open"),
    ASK_WHOLE("critical_oldest_days", "days", "Age of the oldest of these"),
    ANSWER_HEAD,
};
FORM(cmp_vul_01, "CMP-VUL-01", ASSESS, 180, "security; IT provider", "When were the last vulnerability scan and penetration test, and what is still open?", "the reports' summary pages", "")

static const struct fact_column cmp_law_01[] = {
    ASK_KEY("rule", "42 CFR Part 2, state privacy law, PCI DSS, CLIA, 340B, ADA Title II ..."),
    ASK_YES_NO("applies", "It binds this clinic"),
    ASK_TEXT("owner", "Who answers for it, by role"),
    ASK_YES_NO("met", "It is met, as far as known"),
    ANSWER_HEAD,
};
FORM_ROWS(cmp_law_01, "CMP-LAW-01", ASSESS, 365, "counsel; compliance lead", "Which other rules bind this clinic, and who answers for each?", "counsel's list", "Say applies: no for what was looked at and does not bind.")
