/* Of whom a request asks, and in which forms an answer is taken. Commands and menu paths are constants; names are the site's own. Parent; pure. */
#include "report/request.h"

#include "base/mem.h"
#include "fact/form.h"
#include "fact/reason.h"

#define MAX_FORMS 8

static const char it_contractor[] = "IT contractor";
static const char only_us[] = "us";

/* What only we can mend, and who permits. Everything else about a device is the IT contractor's. */
static const char *of_whom(enum reason r)
{
    switch (r) {
    case REASON_NOT_PERMITTED:
    case REASON_DO_NOT_TOUCH:
        return "seller";
    case REASON_NARROWED:
    case REASON_NOT_WATCHED:
    case REASON_SECRET_UNAVAILABLE:
    case REASON_CREDENTIAL_ENDED:
    case REASON_FILE_CHANGED:
    case REASON_FILE_MISSING:
    case REASON_NO_MAPPING:
    case REASON_TIMEOUT:
    case REASON_CRASHED:
    case REASON_INTERRUPTED:
    case REASON_INTERNAL:
    case REASON_SANDBOX:
        return only_us;
    default:
        return it_contractor;
    }
}

/* Whose checks the clinic, its seller or their vendors answer; the other roles are our own. */
static bool is_ours(const char *owner)
{
    static const char *const theirs[] = { "seller", "vendor", "clinic-operations" };
    for (size_t i = 0; owner && i < N_ELEMENTS(theirs); i++)
        if (strcmp(theirs[i], owner) == 0)
            return false;
    return true;
}

static void accept_form(struct request *q, char *text)
{
    if (q->n_accepted < MAX_FORMS)
        q->accepted[q->n_accepted++] = text;
}

static bool wants(const struct request *q, const char *table)
{
    for (size_t i = 0; i < q->n_tables; i++)
        if (strcmp(q->tables[i], table) == 0)
            return true;
    return false;
}

/* --- what people fill --- */

static void take_form(struct arena *a, struct request *q)
{
    const struct form *f = q->form;
    q->asked_of = f->asked_of;
    if (f->evidence && f->evidence[0])
        accept_form(q, arena_printf(a, "a document: %s (kept with `preop evidence add FILE --from WHO --observed DATE`, then named as evidence in `preop attest %s`)", f->evidence, f->id));
    if (f->kind == FORM_SHEET)
        accept_form(q, arena_printf(a, "the sheet as a table: `preop attest --sheet %s --csv out` writes an empty one, `preop attest --sheet %s --csv in` takes it back", f->id, f->id));
    else
        accept_form(q, arena_printf(a, "an answer, with the name of who gave it: `preop attest %s`", f->id));
    accept_form(q, arena_printf(a, "on paper: `preop attest %s --print`", f->id));
}

/* --- what a device or a file says --- */

static void take_hosts(struct arena *a, struct request *q, const char *target)
{
    if (!wants(q, "hosts"))
        return;
    accept_form(q, arena_printf(a, "the list of devices of the remote management tool, exported as CSV (NinjaOne or Datto), or a spreadsheet of the computers: "
                                   "`preop evidence add FILE --from WHO --observed DATE --as csv/ninjaone` (or csv/datto-rmm, csv/generic-assets); %s has to be in it", target));
}

static void take_accounts(struct arena *a, struct request *q)
{
    if (!wants(q, "directory_accounts"))
        return;
    accept_form(q, arena_strdup(a, "the users as CSV, from a domain controller: `Get-ADUser -Filter * -Properties DisplayName,mail,LockedOut,LastLogonDate,PasswordLastSet,PasswordNeverExpires "
                                   "| Export-Csv users.csv -NoTypeInformation -Encoding UTF8`; then `preop evidence add users.csv --from WHO --observed DATE --as csv/ad-users`"));
    accept_form(q, arena_strdup(a, "of Microsoft 365: Entra admin center, Users, All users, Download users; then the same with --as csv/ad-users"));
}

static void take_snmp(struct arena *a, struct request *q, const char *address)
{
    accept_form(q, arena_printf(a, "a read-only SNMPv3 user (authPriv) on %s, for the address of the computer that checks", address));
    accept_form(q, arena_printf(a, "a file: `snmpbulkwalk -v3 -l authPriv -u USER -a SHA -A SECRET -x AES -X SECRET -On %s .1 >%s.txt` (or -v2c -c COMMUNITY), "
                                   "then `preop evidence add %s.txt --from WHO --observed DATE --as snmpwalk`", address, q->missing->target, q->missing->target));
}

static void take_data(struct arena *a, const struct report *r, struct request *q)
{
    const struct target *t = site_target(r->pinned.site, q->missing->target);
    const char *target = q->missing->target, *probe = q->missing->probe, *address = t && t->host ? t->host : target;
    const struct reason_info *info = reason_info(q->missing->reason);
    q->asked_of = of_whom(q->missing->reason);
    q->ours = q->asked_of == only_us;
    if (info->action && info->action[0])
        accept_form(q, arena_strdup(a, info->action));
    if (q->asked_of == only_us)
        return;
    if (strcmp(probe, "snmp") == 0)
        take_snmp(a, q, address);
    else if (strcmp(probe, "ssh") == 0)
        accept_form(q, arena_printf(a, "a log-in with our public key on %s for a user who may not change anything; `preop explain --probe ssh` shows what is run", address));
    else if (strcmp(probe, "ldap") == 0)
        accept_form(q, arena_printf(a, "an account that may only read the directory at %s, over ldaps:// or StartTLS", address));
    else if (strcmp(probe, "file") == 0 && t && t->as)
        accept_form(q, arena_printf(a, "the file anew, exported with everything: `preop evidence add FILE --from WHO --observed DATE --as %s`", t->as));
    take_hosts(a, q, target);
    take_accounts(a, q);
}

void request_fill_forms(struct arena *a, const struct report *r, struct request *q)
{
    q->accepted = arena_array(a, MAX_FORMS, sizeof(const char *));
    if (q->form) {
        take_form(a, q);
        return;
    }
    if (q->missing) {
        take_data(a, r, q);
        return;
    }
    const struct check *d = q->checks[0]->def;
    q->asked_of = report_owner(r, d);
    q->ours = is_ours(d->owner);
    if (d->measured && d->measured[0])
        accept_form(q, arena_printf(a, "what decides it: %s", d->measured));
    accept_form(q, arena_printf(a, "`preop explain %s` shows what each subject lacks", d->id));
}
