/* Sheets about lines, rooms, devices and what people say. Constants only. */
#include "fact/form_declare.h"

static const struct fact_column circuits[] = {
    ASK_KEY("circuit", "Circuit id, from the bill"),
    ASK_TEXT("carrier", "Carrier"),
    ASK_ONE_OF("medium", "fiber, coax, dsl, fixed-wireless, cellular, satellite, copper, other", "Over what it comes"),
    ASK_TEXT("entry_path", "Where it enters the building: pole on Main St, east wall"),
    ASK_ONE_OF("used_as", "primary, backup, voice, other", "What for"),
    ASK_NUMBER("down_mbps", "Mb/s", "Down, as contracted"),
    ASK_NUMBER("up_mbps", "Mb/s", "Up, as contracted"),
    ASK_NUMBER("repair_hours", "hours", "Repair promised within"),
    ASK_YES_NO("shared_medium", "The speed is \"up to\", shared with others"),
    ASK_DATE("contract_end", "Last day of the contract"),
    ASK_WHOLE("notice_days", "days", "Notice before that day"),
    ASK_YES_NO("auto_renew", "It renews by itself"),
    ASK_MONEY("price_month", "Monthly price"),
    ASK_TEXT("account_owner", "In whose name the account is"),
    ASK_YES_NO("failover_tested", "Changing over to the backup was tried in the last 12 months"),
    ASK_TEXT("target_interface", "Port at which it ends: fw1 wan1"),
    ASK_DATE("failover_tested_on", "When changing over to the backup was last tried"),
    ANSWER_HEAD,
};
SHEET(circuits, BEFORE, 365, "finance; vendor", "What does each circuit contract promise, down and up, with what repair time, until when?", "bill or contract", "", "NET-WAN-02 NET-WAN-04 NET-FW-02 VND-RNW-01")

static const struct fact_column phone_lines[] = {
    ASK_KEY("number", "The number, or the range"),
    ASK_ONE_OF("used_for", "main, back-line, direct, fax, alarm, elevator, card-terminal, on-call, other", "What for"),
    ASK_TEXT("carrier", "Carrier"),
    ASK_TEXT("account_owner", "In whose name the account is"),
    ASK_YES_NO("owned_by_practice", "That is the practice, not the seller or a vendor"),
    ASK_DATE("portable_from", "It can be moved from"),
    ASK_YES_NO("authorisation_signed", "The letter of authorisation is signed"),
    ASK_TEXT("fails_over_to", "Where calls go when it is down"),
    ANSWER_HEAD,
};
SHEET(phone_lines, BEFORE, 180, "practice manager", "Which numbers exist, on whose account, portable when?", "carrier bill", "Excel drops a leading + or 0: format the column as text.", "CLN-TEL-01 PWR-E911-01")

static const struct fact_column domain_names[] = {
    ASK_KEY("domain", "Domain name"),
    ASK_TEXT("registrar", "Registrar"),
    ASK_TEXT("account_owner", "In whose name the account at the registrar is"),
    ASK_ONE_OF("owned_by", "practice, seller, vendor, former-vendor, unknown", "What that is"),
    ASK_DATE("registered_until", "Registered until"),
    ASK_YES_NO("auto_renew", "It renews by itself"),
    ASK_YES_NO("locked", "The registrar lock is on"),
    ASK_YES_NO("registrar_mfa", "The account has a second factor"),
    ASK_TEXT("used_for", "Mail, web site, portal, nothing"),
    ANSWER_HEAD,
};
SHEET(domain_names, BEFORE, 180, "practice manager", "Who owns each domain at the registrar, until when, under which account?", "registrar screenshot", "Never write the account's password.", "EML-DOM-01")

static const struct fact_column closets[] = {
    ASK_KEY("closet", "Where: basement, behind the front desk"),
    ASK_YES_NO("locked", "Locked"),
    ASK_YES_NO("shared_room", "It is used for something else too"),
    ASK_ONE_OF("cooling", "own, building, door-open, none", "Cooling"),
    ASK_NUMBER("temperature_c", "C", "Temperature, measured"),
    ASK_YES_NO("water_above", "Water pipes or sprinklers above"),
    ASK_WHOLE("power_circuits", "circuits", "Power circuits of its own"),
    ASK_YES_NO("generator", "It is on the generator"),
    ASK_TEXT("ups_model", "UPS"),
    ASK_NUMBER("ups_minutes", "minutes", "Minutes that the UPS lasts, by its display"),
    ASK_DATE("ups_battery_date", "Date of its battery"),
    ASK_YES_NO("ups_managed", "Somebody is told when it runs on battery"),
    ASK_WHOLE("rack_units_free", "units", "Free rack units"),
    ASK_WHOLE("patch_ports_free", "ports", "Free patch ports"),
    ASK_YES_NO("labelled", "Cables are labelled"),
    ANSWER_HEAD,
};
SHEET(closets, LISTEN, 365, "practice manager; it-infrastructure", "Network closets: lock, cooling, power, UPS, space?", "photos of the walk-through", "", "CMP-PHY-01 PWR-UPS-01")

static const struct fact_column rooms[] = {
    ASK_KEY("room", "Room"),
    ASK_ONE_OF("kind", "front-desk, exam, procedure, lab, imaging, office, waiting, storage, other", "Kind"),
    ASK_WHOLE("jacks", "jacks", "Network jacks"),
    ASK_WHOLE("jacks_free", "jacks", "Of these: free and live"),
    ASK_WHOLE("computers", "devices", "Computers"),
    ASK_WHOLE("printers", "devices", "Printers"),
    ASK_WHOLE("label_printers", "devices", "Label and wristband printers"),
    ASK_WHOLE("scanners", "devices", "Scanners, card and paper"),
    ASK_WHOLE("signature_pads", "devices", "Signature pads"),
    ASK_WHOLE("badge_readers", "devices", "Badge readers"),
    ASK_WHOLE("card_terminals", "devices", "Card terminals"),
    ASK_WHOLE("phones", "devices", "Phones"),
    ASK_ONE_OF("wifi", "good, weak, none", "Wi-Fi, tried with a phone there"),
    ASK_YES_NO("screen_private", "Patients cannot read the screen"),
    ANSWER_HEAD,
};
SHEET(rooms, LISTEN, 365, "practice manager", "Rooms: jacks, devices, Wi-Fi?", "walk-through", "", "CLN-PRN-02 CMP-PHY-01")

static const struct fact_column medical_devices[] = {
    ASK_KEY("device", "Name or inventory number"),
    ASK_TEXT("maker", "Maker"),
    ASK_TEXT("model", "Model"),
    ASK_TEXT("os", "Operating system, as on its screen or MDS2 form"),
    ASK_YES_NO("networked", "It is on the network"),
    ASK_YES_NO("os_supported", "That system still gets security updates"),
    ASK_DATE("support_end", "Last day of the maker's support"),
    ASK_YES_NO("ephi", "Patient data is stored on it"),
    ASK_YES_NO("mds2", "The maker's security form (MDS2) is on file"),
    ASK_YES_NO("isolated", "It is in a zone of its own"),
    ASK_TEXT("compensating_control", "What protects it otherwise"),
    ASK_TEXT("location", "Room"),
    ANSWER_HEAD,
};
SHEET(medical_devices, LISTEN, 365, "service-line", "For each networked medical device: maker, model, operating system, support end, patient data, MDS2 on file?", "inventory; MDS2 forms", "preop never touches a medical device: this sheet is the only way to know.", "LIF-MED-01 CLN-DEV-01")

static const struct fact_column downtime[] = {
    ASK_KEY("area", "Front desk, exam rooms, lab, billing"),
    ASK_DATE("drill", "When working without the systems was last practised"),
    ASK_WHOLE("people", "people", "Who took part: how many"),
    ASK_YES_NO("procedure", "What to do is written down"),
    ASK_YES_NO("forms_on_site", "Paper forms are there, in print"),
    ASK_YES_NO("chart_copy", "A copy of charts to read from is there"),
    ASK_YES_NO("prescription_pads", "Prescriptions can be written on paper"),
    ANSWER_HEAD,
};
SHEET(downtime, LISTEN, 365, "practice manager", "When was downtime last practised, by whom, and where are the forms?", "drill record; photo of the binder", "", "PWR-DWN-01")

static const struct fact_column interviews[] = {
    ASK_KEY("interview", "A number of its own; no name"),
    ASK_ONE_OF("role", "front desk, billing, medical assistant, provider, practice manager, other", "Who was asked, by role"),
    ASK_DATE("date", "When"),
    ASK_TEXT("slow", "What is slow"),
    ASK_TEXT("breaks", "What breaks"),
    ASK_TEXT("workaround", "What they work around"),
    ASK_TEXT("gave_up", "What they have given up asking for"),
    ASK_NUMBER("minutes_day", "minutes a day", "What it costs them"),
    ASK_LIST("check_ids", "Checks that see it; \"new\" where none does"),
    ANSWER_HEAD,
};
SHEET(interviews, LISTEN, 180, "front desk; billing; medical assistants; providers; practice manager", "What is slow? What breaks? What do you work around? What have you given up asking for? How many minutes a day does it cost you?",
      "interview records", "Write no names: neither of who spoke nor of whom they speak. Nothing about patients.", "SUP-INT-01 SUP-RSP-02 SUP-WRK-01")

static const struct fact_column tickets[] = {
    ASK_KEY("ticket", "Its number"),
    ASK_MOMENT("opened_at", "When it was opened"),
    ASK_MOMENT("responded_at", "When a person first answered"),
    ASK_MOMENT("closed_at", "When it was closed; empty while open"),
    ASK_NUMBER("response_minutes", "minutes", "From opened to the first answer, in opening hours"),
    ASK_TEXT("category", "Category"),
    ASK_TEXT("priority", "Priority"),
    ASK_YES_NO("patient_affecting", "A patient was waiting"),
    ASK_YES_NO("reopened", "It was opened again"),
    ANSWER_HEAD,
};
SHEET(tickets, LISTEN, 90, "vendor", "Tickets of 90 days: opened, answered, closed, category, priority?", "ticket export", "No text of a ticket, no names: those columns do not exist here, and must not be squeezed into others.", "SUP-RSP-01 SUP-BCK-01")
