/* Forms about support, people and the day of the change. Constants only. */
#include "fact/form_declare.h"

static const struct fact_column sup_pm_01[] = {
    FORM_KEY,
    ASK_YES_NO("record_complete", "The record names critical systems, vendors that work, what was raised and ignored, what was tried"),
    ASK_TEXT("role_after", "The manager's role after close"),
    ASK_YES_NO("leaves", "The manager leaves"),
    ASK_WHOLE("talks", "talks", "Talks so far"),
    ASK_DATE("last", "The last one"),
    ANSWER_HEAD,
};
FORM(sup_pm_01, "SUP-PM-01", LISTEN, 180, "practice manager", "Which systems carry the day, which vendors work, what was raised and ignored, what was tried, what will your role be?",
     "handover record seen by the manager", "This talk matters most. Write the answers into the record; here goes whether it is complete.")

static const struct fact_column sup_stk_01[] = {
    ASK_KEY_ONE_OF("person_role", "finance leader, compliance lead, operations leader, physician champion", "Who was heard, by role"),
    ASK_YES_NO("role_exists", "The clinic has somebody in this role"),
    ASK_DATE("date", "When"),
    ASK_LIST("findings", "Three findings, in a few words each; no names"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_stk_01, "SUP-STK-01", LISTEN, 180, "finance leader; compliance lead; operations leader; physician champion", "What must work, what worries you, what have we missed?", "notes confirmed by the person", "")

static const struct fact_column sup_rsp_01[] = {
    FORM_KEY,
    ASK_WHOLE("n", "tickets", "Tickets of 90 days"),
    ASK_NUMBER("p50_response_min", "minutes", "Half were answered within"),
    ASK_NUMBER("p90_response_min", "minutes", "Nine of ten were answered within"),
    ASK_NUMBER("p90_patient_affecting_min", "minutes", "The same of those with a patient waiting"),
    ANSWER_HEAD,
};
FORM(sup_rsp_01, "SUP-RSP-01", LISTEN, 90, "vendor", "How fast was support, by the ticket clock, over 90 days?", "export file", "In opening hours. The sheet tickets holds the tickets themselves, where they can be had.")

static const struct fact_column sup_rsp_02[] = {
    ASK_KEY("interview", "Number of the interview, as in the sheet interviews"),
    ASK_ONE_OF("role", "medical assistant, provider, front desk, billing, practice manager, other", "Who was asked, by role"),
    ASK_NUMBER("events_week", "times a week", "How often they wait for help with a patient in the room"),
    ASK_NUMBER("minutes_each", "minutes", "How long each time"),
    ASK_TEXT("workaround", "What they do instead"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_rsp_02, "SUP-RSP-02", LISTEN, 120, "medical assistants; providers", "How often do you wait for help with a patient in the room, and how long?", "interview record", "No names.")

static const struct fact_column sup_bck_01[] = {
    FORM_KEY,
    ASK_WHOLE("open_tickets", "tickets", "Open today"),
    ASK_WHOLE("older_30_days_undated", "tickets", "Of these: older than 30 days and without a date"),
    ASK_NUMBER("reopened_percent", "%", "Share that was opened again"),
    ASK_WHOLE("users", "people", "Users that this support serves"),
    ANSWER_HEAD,
};
FORM(sup_bck_01, "SUP-BCK-01", LISTEN, 90, "vendor", "How many tickets are open, how old are they?", "export file", "")

static const struct fact_column sup_hrs_01[] = {
    ASK_KEY_ONE_OF("weekday", "Mon, Tue, Wed, Thu, Fri, Sat, Sun", "Day of the week"),
    ASK_CLOCK("clinic_from", "The clinic opens, 08:00; empty when closed"),
    ASK_CLOCK("clinic_until", "It closes, 17:30"),
    ASK_CLOCK("support_from", "Support answers from"),
    ASK_CLOCK("support_until", "Support answers until"),
    ASK_TEXT("floor_support", "Who is on the floor in the first two weeks, by role"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_hrs_01, "SUP-HRS-01", PLAN, 90, "it-infrastructure", "Which clinic hours does support cover, and who is on the floor for the first two weeks?", "support plan", "Times as 08:00, on a clock of 24 hours.")

static const struct fact_column sup_own_01[] = {
    ASK_KEY("system", "System, as in the sheet systems"),
    ASK_TEXT("infrastructure_owner", "Who answers for the infrastructure, by role"),
    ASK_TEXT("application_owner", "Who answers for how well the application works, by role"),
    ASK_DATE("confirmed_infrastructure", "When that owner said yes"),
    ASK_DATE("confirmed_application", "When that owner said yes"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_own_01, "SUP-OWN-01", ASSESS, 180, "service-line; it-infrastructure", "Who answers for infrastructure and who for the application of each system, and have both confirmed?", "confirmation by each", "")

static const struct fact_column sup_doc_01[] = {
    ASK_KEY("item", "Network drawing, IP plan, rack photos, circuit ids, serial numbers, backup map, phone call-tree ..."),
    ASK_YES_NO("available", "There is one"),
    ASK_DATE("dated", "Its date"),
    ASK_YES_NO("agrees_with_measurement", "It agrees with what was measured"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_doc_01, "SUP-DOC-01", LISTEN, 180, "vendor", "Which documents exist and how old are they?", "the documents", "")

static const struct fact_column sup_day1_01[] = {
    ASK_KEY("step", "Log on, open chart, print label, scan card, prescribe, phone out, fax, portal, lab order, image, downtime copy"),
    ASK_KEY("area", "Where: front desk, exam room 3"),
    ASK_ONE_OF("result", "pass, fail, skip", "How it went"),
    ASK_NUMBER("minutes", "minutes", "How long it took"),
    ASK_DATE("done_on", "When"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_day1_01, "SUP-DAY1-01", PLAN, 14, "clinic-operations", "Which step of the day-1 script passed, on which workstation, in how many minutes?", "signed script", "With test data, never a patient's.")

static const struct fact_column sup_ext_01[] = {
    FORM_KEY,
    ASK_NAME("assessor", "Who assessed or reviewed"),
    ASK_TEXT("qualification", "With which qualification"),
    ASK_YES_NO("independent", "Independent of who runs the systems"),
    ASK_DATE("assessed_on", "When"),
    ANSWER_HEAD,
};
FORM(sup_ext_01, "SUP-EXT-01", ASSESS, 365, "security", "Who assessed, with which qualification, and independent of the operator?", "statement", "")

static const struct fact_column sup_onb_01[] = {
    FORM_KEY,
    ASK_WHOLE("joiners", "people", "Of the last ten who joined: how many were looked at"),
    ASK_NUMBER("joiner_p90_days_late", "days", "Nine of ten had what they needed this many days after their first day, at most"),
    ASK_WHOLE("leavers", "people", "Of the last ten who left: how many were looked at"),
    ASK_NUMBER("leaver_max_days", "days", "Days until the last of them was locked out"),
    ANSWER_HEAD,
};
FORM(sup_onb_01, "SUP-ONB-01", ASSESS, 180, "practice manager; IT provider", "How fast do new staff get access, and leavers lose it?", "tickets of the last ten of each", "Numbers only; no names.")

static const struct fact_column sup_chg_01[] = {
    FORM_KEY,
    ASK_WHOLE("changes", "changes", "Changes to clinical systems in six months"),
    ASK_WHOLE("approved", "changes", "Of these: somebody approved it"),
    ASK_WHOLE("with_back_out", "changes", "Of these: with a way back"),
    ASK_WHOLE("outages", "outages", "Outages that a change caused"),
    ANSWER_HEAD,
};
FORM(sup_chg_01, "SUP-CHG-01", ASSESS, 180, "vendor; it-infrastructure", "How are changes to clinical systems planned, tested and taken back?", "change records", "No records kept: approved 0.")

static const struct fact_column sup_wrk_01[] = {
    ASK_KEY("workaround", "What people do instead, in one line"),
    ASK_TEXT("why", "Why they do it"),
    ASK_NUMBER("minutes_day", "minutes a day", "What it costs all of them together"),
    ASK_WHOLE("people", "people", "How many do it"),
    ASK_YES_NO("bypasses_safeguard", "It goes around a safeguard: shared log-on, private mail, own phone"),
    ASK_TEXT("check_id", "The check or roadmap item that answers it"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_wrk_01, "SUP-WRK-01", LISTEN, 180, "front desk; billing; medical assistants; providers", "Which workarounds are there, why, and what do they cost?", "interview records", "No names.")

static const struct fact_column sup_pir_01[] = {
    ASK_KEY("incident", "A short name or number of its own"),
    ASK_DATE("happened_on", "When"),
    ASK_TEXT("what", "What happened"),
    ASK_TEXT("why", "Why"),
    ASK_TEXT("control_or_decision", "Which control or decision failed or was missing"),
    ASK_LIST("check_ids", "Checks that see it"),
    ASK_TEXT("changed", "What was changed since"),
    ASK_DATE("recorded", "When this record was made"),
    ANSWER_HEAD,
};
FORM_ROWS(sup_pir_01, "SUP-PIR-01", LATER, 365, "it-infrastructure; service-line", "For each patient-affecting incident: what happened, why, which control or decision failed, what changed?", "post-incident record",
          "Facts, not blame; no patient's name. No incident at all: say so with `none`.")

static const struct fact_column cln_reg_01[] = {
    ASK_KEY_ONE_OF("moment", "baseline, day1, day30, day100", "When it was measured"),
    ASK_WHOLE("n", "visits", "Visits that were timed"),
    ASK_NUMBER("median_registered", "minutes", "From arrival to registered, median"),
    ASK_NUMBER("median_roomed", "minutes", "From arrival to the room, median"),
    ASK_TEXT("measured_how", "Tally sheet, EHR time stamps"),
    ANSWER_HEAD,
};
FORM_ROWS(cln_reg_01, "CLN-REG-01", LISTEN, 120, "front desk", "Minutes from arrival to registered and to roomed, over at least 20 visits?", "tally sheet or EHR time stamps", "Times only; nothing of the patients. Measure each time in the same way.")
