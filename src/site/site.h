/* The site folder in memory: site.yaml, waivers.yaml, decisions.yaml. Everything lives in one arena.
 * Parent only. credentials.yaml is apart (credentials.h), because it holds secrets. */
#ifndef PREOP_SITE_SITE_H
#define PREOP_SITE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/cidr.h"
#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "fact/date_order.h"

enum stage { STAGE_DILIGENCE, STAGE_SIGNED, STAGE_OWNED, STAGE_HOME, STAGE_DEAD };
const char *stage_name(enum stage s);

struct hours { unsigned days; int from_min, to_min; };   /* days: bit 0 Monday ... bit 6 Sunday; minutes of the local day, to exclusive */

struct authorization {
    const char *by, *role, *organization, *evidence, *stop_contact;
    int64_t on;                              /* 00:00 UTC of the day; the permission begins with that day in the site's time zone */
    int64_t until;                           /* the last second, in UTC, of that day in the site's time zone; 0 when absent: no end */
    struct cidr *networks; size_t n_networks;
    struct cidr *never; size_t n_never;
    const char **methods; size_t n_methods;
    struct hours *hours; size_t n_hours;     /* none: any hour */
    int line;
};

/* date: 00:00 UTC of the day, 0 when not dated. listed: named in site.yaml; the others of design.md are there too, so that no gate vanishes. */
struct milestone { const char *name; int64_t date; bool listed; };

enum criticality { CRITICALITY_SUPPORT = 1, CRITICALITY_BUSINESS = 2, CRITICALITY_CLINICAL = 3 };

/* How one probe is to read a target: `snmp: gear-v3` or `snmp: {use: gear-v3, port: 1161, timeout: 2s, retries: 3}` */
struct target_probe {
    const char *probe;                       /* "snmp" */
    const char *credential;                  /* name in credentials.yaml; NULL for the file probe */
    int port;                                /* 0: the default */
    int64_t timeout_ms;                      /* 0: the default */
    int retries;                             /* -1: the default */
    /* `net: tls`, `net: {use: tls, port: 443, timeout: 2s, tries: 10, name: portal.example.org, ca: clinic-ca.pem}`, or a list: `net: [smb, rdp]` */
    const char *use;                         /* net: "tls", "tcp", "smb", "rdp" or "dns"; NULL for probes that need a credential */
    const char *server_name;                 /* net: expected in the certificate; NULL: the target's host */
    const char *ca;                          /* net: authorities beside the system's, a PEM file relative to the site folder; NULL: none */
    int tries;                               /* net: connections; 0: the default */
    const char *resolver; int resolver_port; /* dns: who is asked, an address; NULL: this computer's own. Port 0: 53 */
    const char **selectors; size_t n_selectors;      /* dns: names of DKIM keys */
    const char *whois; int whois_port;       /* dns: the registry's server; NULL: by the last label. Port 0: 43 */
    int line, column;
};
struct target {
    const char *name, *role;
    const char *scheme;                      /* "ldaps" (also when an address read by ldap names none), "ldap", "ldap+plain", or NULL without an ldap probe */
    const char *host;                        /* numeric or a name; NULL for a file */
    int port;                                /* from the address; 0: the probe's default. It is also in the port of the one probe that it means */
    const char *file, *as;                   /* evidence: file relative to the site folder, and mapping ("csv/ninjaone") */
    const char *encoding;
    enum date_order dates;                   /* whether the file's dates have the month or the day first; UNKNOWN: the file has to show it */
    enum criticality criticality;
    struct target_probe *probes; size_t n_probes;
    int line, column;
};

struct checklist_ref { const char *name; int line, column; };        /* a shipped name, or a path ending in .yaml relative to the site folder */
struct owner { const char *role, *name; };
struct marking { const char *audience, *text; };
struct capacity { const char *role; double days_per_month; };
struct profile_value { const char *name; double value, high; const char *text; };      /* text for currency and other words, else NULL */
/* `impact: {NET-WAN-01: {minutes_per_user_day: [2, 3]}}`: what the site knows better than a check assumes. */
struct impact_override { const char *check, *input; double low, high; };
struct form;                                 /* fact/form.h */
struct evidence {                            /* evidence/index.yaml, written by `evidence add` */
    const char *file;                        /* relative to the site folder: "evidence/rmm.csv" */
    const char *sha256, *from, *covers;      /* covers: NULL when not said */
    enum date_order dates;
    const char *as, *target;                 /* the mapping and the target that it became; NULL: kept as proof only */
    int64_t observed, received;
    int line;
};

struct file_place { int line, column; };          /* in the file that says it, from 1; 0: it does not */

struct waiver {
    const char *id, *check, *target, *subject, *reason, *accepted_by, *role, *compensating_control;
    int64_t date, expires;                   /* expires: end of that day, UTC */
    struct file_place at, at_check, at_target, at_subject, at_date, at_expires;
};
struct condition { const char *text, *owner; int64_t due; bool met; struct file_place at, at_due; };
/* What is to become of a work item, and what it came to. */
enum remedy_kind { REMEDY_UNDECIDED, REMEDY_SELLER_FIXES, REMEDY_PRICE, REMEDY_ESCROW, REMEDY_TSA, REMEDY_WE_FIX, REMEDY_ACCEPT, REMEDY_COUNT };
const char *remedy_name(enum remedy_kind r);             /* "seller-fixes", "price", ... */
struct remedy {
    const char *item;                        /* a check id, a fix_group, or one of them with ":MILESTONE" */
    enum remedy_kind remedy;
    const char *note;
    bool has_amount, has_actual_cost, has_actual_days;
    double amount, actual_cost, actual_days; /* what was agreed (off the price, into escrow); what it cost and took in the end */
    struct file_place at_item;
};
struct decision {
    const char *id, *run, *decided, *by, *milestone; int64_t date;
    struct condition *conditions; size_t n_conditions;
    const char **accepts_unknown; size_t n_accepts_unknown;          /* check ids whose unknown the committee accepted */
    struct file_place *at_accepts;                /* of each of them */
    struct remedy *remedies; size_t n_remedies;
    struct file_place at, at_run, at_date;
};
/* work.yaml: what those who do the work say of an item. `roadmap --in` writes it. */
enum work_status { WORK_STATUS_NONE, WORK_STATUS_OPEN, WORK_STATUS_ORDERED, WORK_STATUS_IN_PROGRESS, WORK_STATUS_BLOCKED, WORK_STATUS_DONE, WORK_STATUS_COUNT };
const char *work_status_name(enum work_status s);        /* "" for none */
bool work_status_parse(const char *text, enum work_status *out);         /* "" is none */
struct site_work { const char *item, *owner, *ticket; enum work_status status; int64_t due; struct file_place at; };

/* requests.yaml: what was asked of others, under a number that never changes. `preop request` writes it. */
enum request_state { REQUEST_OPEN, REQUEST_PROMISED, REQUEST_RECEIVED, REQUEST_REFUSED, REQUEST_STATES };
const char *request_state_name(enum request_state s);    /* "open", ... */
bool request_state_parse(const char *text, enum request_state *out);
struct request_step { enum request_state state; int64_t on; const char *by, *note; };    /* by, note: NULL when not said */
struct site_request {
    int64_t number;                          /* from 1 */
    const char *key;                         /* what it is about, the same in every run: "attest:CMP-RA-01", "data:sw2/snmp", "check:NET-WAN-01" */
    const char *what, *asked_of;             /* in words, as it was first asked */
    int64_t asked;                           /* the day on which it was first listed */
    struct request_step *steps; size_t n_steps;      /* in the order in which they were written down */
    int line;
};

/* What people answered: an entry of attestations.yaml, and for a sheet the rows of its CSV file. */
struct answer_row { const char **values; };  /* by column of the form's table, in the form of answer_parse(); NULL: not known */
struct attestation {
    const struct form *form;
    const char *by, *role;
    int64_t on, expires;                     /* expires: end of that day, UTC; 0: never */
    bool expires_said;                       /* the entry says when; otherwise it follows from the form's days */
    const char *evidence;                    /* a file of the index, or a link; NULL: only said */
    bool has_file;                           /* evidence is a file of the index */
    bool none;                               /* asked, and there is no such thing here */
    struct answer_row *rows; size_t n_rows;
    const char *sha256;                      /* of the sheet as it was taken in; NULL: not said */
    const char *problem;                     /* why the sheet does not count, one sentence; NULL */
    int line, column;
};

/* One file of the folder as it was read: becomes an input that the run pins. */
struct site_file { const char *kind; /* "site", "waivers", "decisions", "work", "requests", "evidence-index", "attestations", "sheet" */ const char *name; const char *bytes; size_t len; };

struct site {
    struct arena *arena;
    const char *dir;                         /* the folder */
    const char *key, *name, *codename, *timezone, *plan;     /* plan: separate | trust | merge, or NULL */
    const char *marking;                     /* on every page of every report; NULL: the default */
    struct marking *markings; size_t n_markings;             /* for one audience each, in place of it */
    enum stage stage;
    struct hours *clinic_hours; size_t n_clinic_hours;
    struct milestone *milestones; size_t n_milestones;       /* by date, then in the order of design.md; undated ones after what precedes them there */
    bool owner_authorized;                   /* authorization: owner */
    struct cidr *never; size_t n_never;      /* top-level `never:` of the site file: holds for owners too */
    const char **never_names; size_t n_never_names;          /* every `never:` together: names of hosts and targets, with * and ? */
    const char **never_macs; size_t n_never_macs;            /* and beginnings of hardware addresses: "aa:bb:cc" */
    const char **guest_networks; size_t n_guest_networks;    /* networks and names of networks of guests and patients */
    bool guests_told;                        /* the site file has that list, be it empty */
    struct authorization *authorizations; size_t n_authorizations;
    struct profile_value *profile; size_t n_profile;
    struct capacity *capacities; size_t n_capacities;
    struct impact_override *impacts; size_t n_impacts;
    struct owner *owners; size_t n_owners;
    struct checklist_ref *checklists; size_t n_checklists;
    struct target *targets; size_t n_targets;
    struct evidence *evidence; size_t n_evidence;
    struct waiver *waivers; size_t n_waivers;
    struct decision *decisions; size_t n_decisions;
    struct site_work *work; size_t n_work;
    struct site_request *requests; size_t n_requests;        /* by number */
    struct attestation *answers; size_t n_answers;              /* at most one for each form */
    struct site_file *files; size_t n_files;
};

/* Reads and checks the folder. Errors go to diags, all of them; NULL when there was one. Evidence of the index that has a mapping is
 * among the targets. site_free() it. */
struct site *site_load(const char *dir, struct diags *diags);
/* The same from pinned bytes (a run's inputs): files[0] must be the site file. */
struct site *site_load_files(const struct site_file *files, size_t n, struct diags *diags);
void site_free(struct site *s);

/* Where `file` of a target or of evidence lies: owned. */
char *site_file_path(const struct site *s, const char *file);
const struct evidence *site_evidence(const struct site *s, const char *file);            /* NULL when the index does not have it */
const struct attestation *site_attestation(const struct site *s, const struct form *f);            /* NULL when nobody answered */
bool attestation_live(const struct attestation *a, int64_t as_of);                                 /* it has not expired */
const struct target *site_target(const struct site *s, const char *name);
/* What reports call the site: the codename, where there is one, until the deal is signed; else the name. */
const char *site_title(const struct site *s);
/* What every page of a report bears: `marking:` of the site file, else "CONFIDENTIAL". audience: what the file says for just that one; NULL when it says nothing. */
const char *site_marking(const struct site *s, const char *audience);
const char *site_owner_name(const struct site *s, const char *role);         /* NULL when not mapped */
const char *site_owner_text(const struct site *s, const char *role);         /* the name, else the role itself */
const char *site_profile_text(const struct site *s, const char *name);       /* "USD"; NULL */
bool site_profile_number(const struct site *s, const char *name, double *out);     /* of a range its low end */
bool site_profile_range(const struct site *s, const char *name, double out[2]);
int milestone_order(const struct site *s, const char *name);                 /* place in s->milestones, -1 when unknown */
/* What was decided last of a work item: the newest decision that names it by id, or by its fix (of the same date, the later in the file); NULL. */
const struct remedy *site_remedy(const struct site *s, const char *item, const char *fix);
const struct site_work *site_work_of(const struct site *s, const char *item, const char *fix);        /* NULL; the id is preferred */
const struct site_request *site_request_of(const struct site *s, const char *key);      /* NULL when it was never asked */
/* The newest step; NULL: it is open, and nothing was heard of it. */
const struct request_step *site_request_standing(const struct site_request *r);
/* For questions of the kind "what if": moves a milestone (all are put in order again) or sets a role's capacity. False for a milestone that the site does not have. */
bool site_set_milestone(struct site *s, const char *name, int64_t date) MUST_CHECK;
void site_set_capacity(struct site *s, const char *role, double days_per_month);
bool waiver_live(const struct waiver *w, int64_t as_of);
/* Whether the clinic is open at that moment by its clinic_hours: 1, 0, or -1 when it names none. */
int site_in_clinic_hours(const struct site *s, int64_t at);
/* The canonical milestones of design.md: sign, close, connect, day-1, ehr-go-live, day-100, tsa-exit. */
extern const char *const milestone_names[];
extern const size_t n_milestone_names;
/* For whom a report can be made: committee, it, seller, insurer, counsel. What each must not see is declared in report/audience.c. */
extern const char *const audience_names[];
extern const size_t n_audience_names;


/* --- writing the folder ------------------------------------------------------------------------------------------------- */

/* Makes a site folder in dir: a commented site.yaml, an empty credentials.yaml (0600) and known_hosts, and evidence/. Nothing that is there is
 * overwritten: ERR_BAD_INPUT. key NULL: from dir's last component. like_dir: another site's folder whose checklists, owners, capacity and
 * integration plan are taken over, and neither its targets, permissions nor secrets; NULL for none. diags has the words, notes included. */
int site_init(const char *dir, const char *key, const char *like_dir, struct diags *diags) MUST_CHECK;

/* Writes work.yaml anew (0600): all of v, in this order. */
int site_work_write(const char *dir, const struct site_work *v, size_t n) MUST_CHECK;

/* Writes requests.yaml anew (0600): all of v, in this order. */
int site_requests_write(const char *dir, const struct site_request *v, size_t n) MUST_CHECK;

/* Keeps src_file as evidence: a copy (0600) under evidence/ with a name of its own, and an entry in evidence/index.yaml with its SHA-256, who
 * gave it (from), when it was observed (UTC seconds), now as received, what it covers (may be NULL), the order of its dates. as ("csv/NAME") makes it a target, read by
 * the file probe: that entry alone does it, site.yaml is not touched. *target_name, owned: the target, or NULL without as. The same bytes a
 * second time change nothing (a note says so). ERR_BAD_INPUT or another error with words in diags. */
struct evidence_words { const char *from, *covers, *as; enum date_order dates; int64_t observed; };
int site_evidence_add(const char *dir, const char *src_file, const struct evidence_words *words, char **target_name, struct diags *diags) MUST_CHECK;

#define ATTESTATIONS_FILE "attestations.yaml"
#define ATTESTATIONS_DRAFT "attestations.draft.yaml"     /* answers that were begun and not finished; no check reads it */

/* Keeps an answer in FILE (one of the two above): its form's entry there is replaced or added, all else of the file stays as it stands, and the file appears
 * whole or not at all. Of a sheet only the head is kept; its rows are the file's. The folder is loaded anew to see that it takes the entry, and nothing is
 * written where it does not. */
int site_attest(const char *dir, const char *file, const struct attestation *a, struct diags *diags) MUST_CHECK;
/* Removes the form's entry; none is fine. */
int site_attest_forget(const char *dir, const char *file, const struct form *f, struct diags *diags) MUST_CHECK;
/* Writes the rows of a->form as sheets/NAME.csv and keeps the head with the file's SHA-256. */
int site_sheet_put(const char *dir, const struct attestation *a, struct diags *diags) MUST_CHECK;
/* Reads entries of a YAML file in the form of attestations.yaml into *out (in s's arena), judged by the folder s; those without by, role, on or evidence take them
 * from defaults (NULL: they must have them). A file that is not there has none. What is wrong goes to diags: ERR_BAD_INPUT. */
int site_attestations_read(struct site *s, const char *path, const struct attestation *defaults, struct attestation **out, size_t *n, struct diags *diags) MUST_CHECK;

#endif
