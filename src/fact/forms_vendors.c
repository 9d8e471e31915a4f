/* Forms about vendors, money and who is accountable. Constants only. */
#include "fact/form_declare.h"

static const struct fact_column vnd_inv_01[] = {
    ASK_KEY("vendor", "Name as it stands in accounts payable"),
    ASK_TEXT("what", "What was paid for"),
    ASK_MONEY("paid_12m", "Paid in the last 12 months"),
    ASK_MONEY("paid_24m", "Paid in the last 24 months"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_inv_01, "VND-INV-01", BEFORE, 180, "finance", "Which vendors were paid for technology in 24 months, how much?", "accounts-payable export", "Use the same vendor names as in the sheet contracts.")

static const struct fact_column vnd_scp_01[] = {
    ASK_KEY("vendor", "Vendor, as in the sheet contracts"),
    ASK_KEY("line", "The line of the contract's scope"),
    ASK_ONE_OF("delivered", "yes, partly, no, not_measurable", "Whether it is delivered"),
    ASK_TEXT("check_id", "The check that measures it, if one does"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_scp_01, "VND-SCP-01", ASSESS, 180, "practice manager", "Which lines of the scope are delivered?", "contract schedule; proof for each line", "")

static const struct fact_column vnd_sla_01[] = {
    ASK_KEY("vendor", "Vendor, as in the sheet contracts"),
    ASK_KEY("level", "The service level: answer, repair, availability"),
    ASK_NUMBER("goal", NULL, "The figure agreed, in the contract's unit"),
    ASK_NUMBER("met_percent", "%", "Share of months or cases in which it was met, over twelve months"),
    ASK_MONEY("credits", "Credits claimed in that time"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_sla_01, "VND-SLA-01", ASSESS, 180, "vendor", "Which service levels are agreed and were they met in the last twelve months?", "monthly reports or ticket export", "")

static const struct fact_column vnd_sat_01[] = {
    ASK_KEY("vendor", "Vendor, as in the sheet contracts"),
    ASK_KEY("interview", "Number of the interview, as in the sheet interviews"),
    ASK_ONE_OF("role", "front desk, billing, medical assistant, provider, practice manager, other", "Who was asked, by role"),
    ASK_WHOLE("score", "1 to 5", "How satisfied, 5 is best"),
    ASK_TEXT("line", "Why, in one line; no names"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_sat_01, "VND-SAT-01", LISTEN, 180, "front desk; billing; medical assistants; providers; practice manager", "How satisfied are you with each vendor (1 to 5), and why, in one line?", "interview record", "")

static const struct fact_column vnd_gap_01[] = {
    ASK_KEY("function", "Patching, backup, restore test, firewall rules, EHR administration, printers, phones, disposal ..."),
    ASK_TEXT("accountable_before", "Who answers for it today: one company or team"),
    ASK_TEXT("accountable_after", "Who answers for it after day 1"),
    ASK_WHOLE("parties_before", "parties", "How many say today that it is theirs; 0 when nobody does"),
    ASK_WHOLE("parties_after", "parties", "How many after day 1"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_gap_01, "VND-GAP-01", ASSESS, 180, "it-infrastructure", "For each function: who is accountable before and after day 1?", "matrix, agreed by both", "")

static const struct fact_column vnd_hnd_01[] = {
    ASK_KEY("line", "Administrator log-ins, documentation, tenant ownership, registrar, backup keys, removal of remote tools ..."),
    ASK_DATE("done", "When it was handed over"),
    ASK_NAME("signed_by", "Who signed for it"),
    ASK_YES_NO("refused", "The vendor refuses"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_hnd_01, "VND-HND-01", PLAN, 30, "vendor", "Which hand-over lines are done and signed?", "signed list", "")

static const struct fact_column vnd_rmt_01[] = {
    ASK_KEY("tool", "TeamViewer, AnyDesk, ScreenConnect, Splashtop, management agent, VPN account of the vendor ..."),
    ASK_TEXT("vendor", "Which company comes in with it, as in the sheet contracts"),
    ASK_YES_NO("current_vendor", "That company works for the clinic today"),
    ASK_TEXT("owner", "Who on our side answers for it, by role"),
    ASK_YES_NO("named_accounts", "Each person has an account of their own"),
    ASK_YES_NO("second_factor", "A second factor is asked"),
    ASK_YES_NO("logged", "Who came in and when is kept"),
    ASK_YES_NO("can_switch_off", "We can switch it off ourselves"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_rmt_01, "VND-RMT-01", ASSESS, 90, "vendor; it-infrastructure", "By which ways do vendors come in from outside, who owns each, and can we switch it off?", "export of the tool's accounts; list of installed programs",
          "Also what a former contractor left behind. Never write a password or a key here.")

static const struct fact_column vnd_dec_01[] = {
    ASK_KEY("vendor", "Vendor, as in the sheet contracts"),
    ASK_ONE_OF("verdict", "keep, renegotiate, replace", "The decision"),
    ASK_LIST("facts", "The checks on which it rests"),
    ASK_TEXT("reason", "Why, in one line"),
    ASK_NAME("decided_by", "Who decided"),
    ASK_DATE("decided_on", "When"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_dec_01, "VND-DEC-01", PLAN, 365, "it-infrastructure; finance", "Keep, renegotiate or replace, on which facts?", "decision record", "")

static const struct fact_column vnd_sec_01[] = {
    ASK_KEY("vendor", "Vendor, as in the sheet contracts"),
    ASK_ONE_OF("report", "soc2-type2, hitrust, iso27001, other, none", "What it shows of its security"),
    ASK_DATE("report_date", "Date of that report"),
    ASK_YES_NO("exceptions", "It has exceptions that matter here"),
    ASK_YES_NO("critical", "The clinic cannot work without this vendor"),
    ANSWER_HEAD,
};
FORM_ROWS(vnd_sec_01, "VND-SEC-01", ASSESS, 365, "vendor", "Which critical vendors show a current security report?", "the reports", "")

static const struct fact_column sup_gov_01[] = {
    ASK_KEY_ONE_OF("decision", "letter-of-intent, exclusivity, sign, close, ehr-expansion, vendor-selection, new-service-line", "What was decided"),
    ASK_DATE("decided_on", "When"),
    ASK_DATE("it_statement", "When IT had said how ready the clinic is; empty when it was not asked"),
    ASK_TEXT("verdict", "What IT had said"),
    ASK_NAME("accepted_by", "Who decided against a NO-GO, if somebody did"),
    ASK_TEXT("reason", "Why"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_gov_01, "SUP-GOV-01", BEFORE, 0, "executive sponsor", "When were letter of intent, exclusivity, signing and closing decided, and what did IT state before each?", "decision record; number of a sealed run", "")

static const struct fact_column sup_exp_01[] = {
    FORM_KEY,
    ASK_YES_NO("expectations", "What is expected by which milestone is written down"),
    ASK_YES_NO("authority", "Who may decide what, up to which sum, is written down"),
    ASK_YES_NO("budget", "The budget is written down"),
    ASK_YES_NO("candour", "It is written down that uncomfortable findings will be reported unchanged"),
    ASK_NAME("signed_by", "Who signed it"),
    ASK_DATE("signed_on", "When"),
    ANSWER_HEAD,
};
FORM(sup_exp_01, "SUP-EXP-01", BEFORE, 365, "executive sponsor", "What is expected by when, who may decide what, what budget, and will uncomfortable findings be reported unchanged?", "signed page", "")

static const struct fact_column sup_bud_01[] = {
    FORM_KEY,
    ASK_MONEY("spend_12m", "Spent on technology in the last 12 months"),
    ASK_MONEY("spend_24m", "Spent in the last 24 months"),
    ASK_MONEY("run_rate_after", "Yearly, as planned after close"),
    ASK_MONEY("reserve", "Reserved in the deal for repairs"),
    ASK_DATE("approved", "When that reserve was approved"),
    ANSWER_HEAD,
};
FORM(sup_bud_01, "SUP-BUD-01", BEFORE, 180, "finance", "What was spent in 24 months, what is planned, what is reserved for remediation?", "deal model line", "No line for repairs at all: reserve 0.")

static const struct fact_column sup_cap_01[] = {
    FORM_KEY,
    ASK_NUMBER("person_days_month", "person-days a month", "Free for this site"),
    ASK_WHOLE("items_in_progress", "items", "Roadmap items that are worked on at the same time"),
    ASK_DATE("freeze_from", "First day of a change freeze"),
    ASK_DATE("freeze_until", "Its last day"),
    ANSWER_HEAD,
};
FORM(sup_cap_01, "SUP-CAP-01", PLAN, 90, "it-infrastructure", "How many person-days a month are free for this site, until when?", "resource plan", "")

static const struct fact_column sup_sus_01[] = {
    ASK_KEY("function", "Help desk, network, security monitoring, EHR administration, backup ..."),
    ASK_TEXT("who", "Which team or vendor does it in year three"),
    ASK_TEXT("deputy", "Who stands in"),
    ASK_MONEY("cost_year3", "What it costs in that year"),
    ASK_YES_NO("funded", "That money is planned"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_sus_01, "SUP-SUS-01", PLAN, 365, "finance; it-infrastructure", "Who does each function in year three, and is it funded?", "plan", "")

static const struct fact_column sup_src_01[] = {
    ASK_KEY("function", "Help desk, network, security monitoring, EHR administration, backup, procurement"),
    ASK_ONE_OF("decision", "in, out, shared", "Own staff, a vendor, or both"),
    ASK_TEXT("reason", "Why, in one line"),
    ASK_DATE("decided_on", "When"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_src_01, "SUP-SRC-01", PLAN, 365, "it-infrastructure; finance", "For each function: own staff, vendor or shared, and why?", "decision record", "")

static const struct fact_column sup_fnd_01[] = {
    ASK_KEY("programme", "State plan under the Rural Health Transformation Program, Healthcare Connect Fund ..."),
    ASK_YES_NO("checked", "It was looked into for this site"),
    ASK_YES_NO("eligible", "The site may take part"),
    ASK_DATE("deadline", "Last day to apply"),
    ASK_TEXT("owner", "Who follows it, by role"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_fnd_01, "SUP-FND-01", ASSESS, 365, "finance", "Which grants and programmes were checked for this site?", "note of the check", "")
