/* The store: one SQLite file with everything that was ever found. Only the parent writes; one writer at a time for a site.
 * All SQL of the product's own lives in this folder. Errors are logged here, once. */
#ifndef PREOP_STORE_STORE_H
#define PREOP_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "fact/reason.h"
#include "fact/row.h"

struct store;
struct sqlite3;

enum store_flags { STORE_READ = 0, STORE_WRITE = 1 };

/* Opens (with STORE_WRITE: creates, 0600 in a 0700 folder, and migrates). ERR_STORE_FOREIGN, ERR_STORE_NEWER, ERR_NOT_FOUND (reading what is not there),
 * -EACCES and so on; *why (owned, may be NULL) is the sentence for the user. path NULL: $PREOP_DB, else $XDG_DATA_HOME/preop/preop.db. */
int store_open(struct store **out, const char *path, unsigned flags, char **why) MUST_CHECK;
void store_close(struct store *s);
const char *store_path(const struct store *s);
struct sqlite3 *store_db(struct store *s);               /* for store/ and checklist/ only */
/* Whether the store's file has this column (column < 0: the table). A store opened for reading may be older than this program's fact tables. */
bool store_has_column(struct store *s, const struct fact_table *t, int column);
char *store_default_path(void);                          /* owned */

/* One check of a site at a time: an OFD lock on PATH.lock. ERR_BUSY with *why "another check of this site is running (pid 12, since ...)". */
int store_lock_site(struct store *s, const char *site, char **why) MUST_CHECK;
void store_unlock_site(struct store *s);
/* Whether a check of this site runs now; asked of the kernel, without taking the lock. *who (owned): the same words as above; NULL when none runs. */
bool store_site_busy(struct store *s, const char *site, char **who);
/* Runs that are `open` while nobody holds their site's lock become `interrupted`. */
int store_sweep(struct store *s) MUST_CHECK;

/* --- runs ------------------------------------------------------------------------------------------------------------ */

struct run {
    int64_t id;
    char uuid[37];
    char *site, *site_name, *stage, *label, *state;      /* state: open, sealed, interrupted */
    int64_t started, finished, as_of, received_at;       /* finished 0 while open */
    bool partial;
    char *narrowed;                                      /* what a partial check was narrowed to, "" otherwise */
    char *vantage;                                       /* JSON object: label, interface, address, prefix, gateway */
    char *authorization;                                 /* one line */
    char *options;                                       /* JSON object of the options that matter */
    char *version;                                       /* of preop */
    char seal[SHA256_HEX], previous_seal[SHA256_HEX];    /* "" when none */
};
void run_clear(struct run *r);                           /* frees what it owns */
/* Texts of a run that was read are never NULL; in one that is begun NULL means "". received_at is this store's own: when it was finished here. */

/* Creates an open run; fills id, uuid, started, as_of (both clock_now()), previous_seal. */
int store_run_begin(struct store *s, struct run *r) MUST_CHECK;
int store_run_get(struct store *s, int64_t id, struct run *out) MUST_CHECK;
/* spec: a number, "latest", "previous", "baseline" (the first sealed), "@label", a date (the last run received by the end of it). NULL: latest.
 * site NULL: any site (numbers only). open_too: also runs that are not sealed. ERR_NOT_FOUND with *why. */
int store_run_find(struct store *s, const char *site, const char *spec, bool open_too, struct run *out, char **why) MUST_CHECK;
int store_runs(struct store *s, const char *site, struct run **out, size_t *n) MUST_CHECK;     /* newest first; runs_free() */
void runs_free(struct run *v, size_t n);
int store_sites(struct store *s, char ***keys, size_t *n) MUST_CHECK;        /* strings_free() */
void strings_free(char **v, size_t n);
int store_run_mark_interrupted(struct store *s, int64_t run) MUST_CHECK;
int store_run_reopen(struct store *s, int64_t run) MUST_CHECK;               /* interrupted -> open, for --resume */
int store_run_set_partial(struct store *s, int64_t run, const char *narrowed) MUST_CHECK;

/* --- pinned inputs --------------------------------------------------------------------------------------------------- */

struct input { char *kind, *name; char sha256[SHA256_HEX]; char *bytes; size_t len; };  /* kinds: site, waivers, decisions, work, requests, evidence-index, checklist, data, attestations */
int store_input_put(struct store *s, int64_t run, const char *kind, const char *name, const void *p, size_t len) MUST_CHECK;
int store_inputs(struct store *s, int64_t run, struct input **out, size_t *n) MUST_CHECK;     /* in order of insertion */
void inputs_free(struct input *v, size_t n);

/* --- targets and collections ----------------------------------------------------------------------------------------- */

struct target_record { int64_t id; char *name, *role, *address; int criticality; };
/* The target of this site with this name (created when new), brought up to date, and linked to the run. */
int store_target_put(struct store *s, int64_t run, const char *name, const char *role, const char *address, int criticality, int64_t *id) MUST_CHECK;
int store_targets(struct store *s, int64_t run, struct target_record **out, size_t *n) MUST_CHECK;   /* by name */
void targets_free(struct target_record *v, size_t n);

struct collection {
    int64_t id;                                          /* filled by the store */
    int64_t target_id;
    char *target;                                        /* name: filled when read */
    const char *probe;                                   /* borrowed when written; owned by the collections array when read */
    const struct fact_table *table;
    enum state state;
    enum reason reason;
    char *detail;                                        /* may be NULL */
    enum method method;
    char *vantage;                                       /* label, may be NULL */
    int64_t started, finished, observed_at, received_at; /* received_at 0 when written: now */
    int64_t ms;
    int64_t rows;
    char sha256[SHA256_HEX];
    char *sandbox;                                       /* level, may be NULL */
    char *notes;                                         /* newline-separated, may be NULL */
    int64_t evidence_id;                                 /* 0: none */
    char *evidence;                                      /* the file's name: filled when read, NULL without one */
    bool carried;                                        /* linked from an earlier run */
};
void collections_free(struct collection *v, size_t n);

/* A job's outcome is written in one transaction: intake_begin, then for each collection intake_collection and its rows, then commit (or abort).
 * Rows are normalized (fact_row_normalize), keyed and hashed here; a row with a repeated key gets #n and the collection a note. */
struct intake;
int intake_begin(struct store *s, int64_t run, struct intake **out) MUST_CHECK;
int intake_collection(struct intake *in, const struct collection *c) MUST_CHECK;      /* ends the one before */
int intake_row(struct intake *in, const struct fact_row *row) MUST_CHECK;             /* of the current collection's table */
int intake_note(struct intake *in, const char *text) MUST_CHECK;                      /* to the current collection */
int intake_commit(struct intake *in) MUST_CHECK;                                      /* frees in either way */
void intake_abort(struct intake *in);
int store_collection_link(struct store *s, int64_t run, int64_t collection, bool carried) MUST_CHECK;
/* Removes this run's own collections of target and probe (for --resume: what failed is asked again). Refuses sealed runs. */
int store_collection_drop(struct store *s, int64_t run, int64_t collection) MUST_CHECK;
int store_collections(struct store *s, int64_t run, struct collection **out, size_t *n) MUST_CHECK;  /* by target, probe, table */

int store_evidence_put(struct store *s, const char *site, const char *name, const char *sha256, const char *from, const char *covers,
                       int64_t observed, int64_t received, int64_t *id) MUST_CHECK;

/* A refused password ends its credential for this site until the user says --retry-credential. */
int store_credential_end(struct store *s, const char *site, const char *credential, const char *target, int64_t at) MUST_CHECK;
int store_credential_ended(struct store *s, const char *site, const char *credential, bool *ended, char **text) MUST_CHECK;  /* text: when and where; owned */
int store_credential_retry(struct store *s, const char *site, const char *credential) MUST_CHECK;

/* --- findings and scores --------------------------------------------------------------------------------------------- */

struct check_result {                                    /* one for each selected check and run */
    char *check_id; char *status;                        /* pass, fail, unknown, not-applicable */
    char *reason;                                        /* why the check as a whole is unknown (it erred), or NULL */
    int64_t n_pass, n_fail, n_unknown;
    int64_t low, high;                                   /* parts per billion; -1 when not applicable */
    char *target_counts;                                 /* JSON: [{"t":"sw1","p":1,"f":0,"u":0,"x":false}, ...] by target name */
};
enum finding_status { FINDING_PASS, FINDING_FAIL, FINDING_UNKNOWN };
const char *finding_status_name(enum finding_status s);
struct finding {
    char *check_id, *target, *subject;                   /* subject: the key's JSON array, or a word in brackets such as "(not collected: interfaces)" */
    enum finding_status status;
    char *reason;                                        /* reason's stored name or a sentence; NULL for a plain fail */
    char *severity;                                      /* as shown (grade) */
    char *method;                                        /* measured, document, person; NULL when nothing was seen */
    int64_t observed_at;                                 /* 0: not seen */
    char *evidence;                                      /* JSON object of the `show` columns, at most 2 KiB */
    char *since_run_uuid; int64_t since;                 /* first run of the unbroken series with this status; start time */
    bool gone;                                           /* failed or was unknown in the run before, and is not there now */
};
struct score_row {                                       /* level: site, domain, check is check_result */
    char *level, *id;
    int64_t low, high, measured, documents, told;        /* ppb; seen = measured + documents + told */
    int64_t adjusted_low, adjusted_high;
    int64_t n_checks;
};
struct gate_row { char *milestone; int64_t date; char *verdict; char *blockers, *unproven, *waived; };  /* JSON arrays of check ids; date 0: not dated */

/* Writes everything that evaluation found, in one transaction, replacing what an earlier try of this open run left. */
struct results {
    struct check_result *checks; size_t n_checks;
    struct finding *findings; size_t n_findings;
    struct score_row *scores; size_t n_scores;
    struct gate_row *gates; size_t n_gates;
    char *summary;                                       /* JSON object with the rest: worst_open, open_cost, ... */
};
int store_results_put(struct store *s, int64_t run, const struct results *r) MUST_CHECK;
/* Checks by id; findings by check, target, subject; scores: the site's, then by level and id; gates in the order in which they were put. summary is never NULL. */
int store_results_get(struct store *s, int64_t run, struct results *out) MUST_CHECK;
void results_clear(struct results *r);
/* The findings of a check, and among them those of a target, as store_results_get() orders them: borrowed; *n 0: none. */
const struct finding *results_of_check(const struct results *r, const char *check_id, size_t *n);
const struct finding *results_of_target(const struct finding *of_check, size_t n_of_check, const char *target, size_t *n);
/* Every finding of a check that failed in a sealed run of the site, newest run first, until fn gives false. */
typedef bool (*store_failed_fn)(void *ctx, const char *target, const char *subject);
int store_failed_each(struct store *s, const char *site, const char *check_id, store_failed_fn fn, void *ctx) MUST_CHECK;

/* What the site's sealed runs scored, from the first up to this one: oldest first, parts per billion, -1 where nothing was assessed. trend_free() it. */
struct trend_point { int64_t run, started; char *label; int64_t low, high; };
int store_trend(struct store *s, int64_t run, struct trend_point **out, size_t *n) MUST_CHECK;
void trend_free(struct trend_point *v, size_t n);

/* The site's whole (not partial) sealed runs before this one that the store had when it began: newest first, at most max. earlier_free() it. */
struct earlier_run {
    int64_t started; char *label;
    int64_t low, high;                                   /* parts per billion, -1 where nothing was assessed */
    int64_t critical;                                    /* failing critical findings */
    int64_t critical_again;                              /* of these: new since the run before, where that check had passed on something at that target; -1: no run before */
    int same_checklists;                                 /* as the run before: 1, 0; -1: no run before */
};
int store_earlier(struct store *s, int64_t run, size_t max, struct earlier_run **out, size_t *n) MUST_CHECK;
void earlier_free(struct earlier_run *v, size_t n);

/* --- looking back ------------------------------------------------------------------------------------------------------ */

/* Facts that were so by the moment by their own date, and that the store received later: with the first sealed run that rests on them. Rows that it had by then
 * already, from another collection of the same day, are not among them. By run as received, then target, then table. late_free() it. */
struct late_collection { int64_t run, received_at, observed_at; char *target; const struct fact_table *table; };
int store_late(struct store *s, const char *site, int64_t moment, struct late_collection **out, size_t *n) MUST_CHECK;
void late_free(struct late_collection *v, size_t n);
/* What was wholly read, or is known not to be there, in some sealed run received by the moment: by target, then table. tables_read_free() it. */
struct table_read { char *target; const struct fact_table *table; };
int store_tables_read(struct store *s, const char *site, int64_t moment, struct table_read **out, size_t *n) MUST_CHECK;
void tables_read_free(struct table_read *v, size_t n);
/* The sealed runs whose waivers, decisions or requests are not those of the run before, in the order in which they were received. free() it. */
struct record_version { int64_t run, received_at; };
int store_record_versions(struct store *s, const char *site, struct record_version **out, size_t *n) MUST_CHECK;

/* --- reports that were written -------------------------------------------------------------------------------------------------- */

struct disclosure {
    int64_t id, run, at;                                 /* id, at: filled by the store */
    char *format, *audience, *left_out;                  /* audience: "" for none; left_out: the matters in words, "; " between them */
    char *made_for;                                      /* --for: who gets it; "" when not said */
    char *marking, *file;                                /* file: as the user named it, "-" for the standard output */
    char sha256[SHA256_HEX];                             /* of the bytes as written */
    int64_t bytes;
};
int store_disclosure_put(struct store *s, const struct disclosure *d) MUST_CHECK;    /* NULL texts mean "" */
int store_disclosures(struct store *s, const char *site, struct disclosure **out, size_t *n) MUST_CHECK;     /* newest first; disclosures_free() */
void disclosures_free(struct disclosure *v, size_t n);

/* --- seals ----------------------------------------------------------------------------------------------------------- */

/* Computes the seal over the run's canonical content, marks it sealed. Durable when it returns 0. */
int store_run_seal(struct store *s, int64_t run, char seal[SHA256_HEX]) MUST_CHECK;
/* Recomputes everything; problems go to fn, one sentence each. ERR_SEAL when there was one. expect: a seal, or at least 12 hex digits of one, that must be in the store's
 * tree (ERR_NOT_FOUND otherwise); NULL. site NULL: all. */
int store_verify(struct store *s, const char *site, const char *expect, void (*fn)(void *ctx, const char *problem), void *ctx, size_t *n_runs) MUST_CHECK;

#define ASKED_DISCOVER INT64_C(-1)   /* instead of a run: a question of `discover`, in LOGDIR/discover.tsv */
/* Every question that was sent, when, to whom: a line is appended to LOGDIR/RUN.tsv beside the store (0600). run 0: a question of
 * no run (`trust`), in LOGDIR/trust.tsv. */
int store_asked_log(struct store *s, int64_t run, int64_t at_ms, const char *target, const char *probe, const char *to, const char *what) MUST_CHECK;
char *store_asked_log_path(struct store *s, int64_t run);    /* owned */

/* --- reading for people ---------------------------------------------------------------------------------------------- */

/* Runs SELECT over one table's rows of a run for `facts`: where is a user's expression (checked by the caller's scanner; runs under the authorizer).
 * columns: target, subject, then the table's. Values as text; NULL for NULL. */
typedef int (*store_fact_fn)(void *ctx, const struct fact_row *row, const char *target, const char *subject, const struct collection *c);
/* The same of one collection that was read. */
int store_facts_of(struct store *s, const struct collection *c, store_fact_fn fn, void *ctx) MUST_CHECK;
int store_facts_each(struct store *s, int64_t run, const struct fact_table *t, store_fact_fn fn, void *ctx) MUST_CHECK;

#endif
