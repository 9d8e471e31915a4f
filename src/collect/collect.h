/* The parent's side of collecting: plan the jobs, ask permission, start workers through the zygote, check and take in their frames. */
#ifndef PREOP_COLLECT_COLLECT_H
#define PREOP_COLLECT_COLLECT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "probes/probe.h"
#include "site/credentials.h"
#include "site/permit.h"
#include "site/site.h"
#include "store/store.h"
#include "worker/zygote.h"

struct collect_options {
    bool offline;                    /* only the file probe; no socket is opened */
    bool fast;                       /* no politeness limits */
    bool accept_new;                 /* record unknown host keys; show no password to them */
    bool require_sandbox;
    int jobs;                        /* 0: 8, or the machine's limit with fast */
    int64_t deadline_ms;             /* per job; 0: the probe's. A watch has its own length on top */
    int64_t sample_ms, every_ms;     /* --sample: fill the tables that need watching for so long, with a look every so often; 0: do not */
    const char **targets; size_t n_targets;      /* narrowed to these; none: all */
    const char **probes; size_t n_probes;
    const struct fact_table *const *tables; size_t n_tables;     /* only what fills one of these (--gate); none: all */
    const char *vantage;             /* label */
    bool failed_only;                /* --failed: only what failed or was partial in the previous run */
    const char **retry_credentials; size_t n_retry_credentials;
};

/* One thing to do, or not to do with its reason. */
struct plan_item {
    const struct target *target;
    const struct target_probe *tp;           /* NULL for evidence files */
    const struct probe *probe;
    const struct fact_table *tables[32]; size_t n_tables;
    enum reason reason;                      /* REASON_NONE: will be asked */
    char *detail;                            /* owned: why not, or by whose permission */
    int64_t permitted_until;
    bool carried;                            /* not asked now: an earlier collection is linked */
    bool local_only;                         /* the file probe */
    bool watch;                              /* the probe's sampled tables; stands behind the item of its other ones */
};
struct plan {
    struct plan_item *items; size_t n;
    size_t n_to_ask;
    struct buf device_rules;                 /* as device_rules_encode() writes them, where the snmp probe is used; else empty */
};
/* The tables, permission and port of an item: those of its probe, as the site file uses it. */
struct probe_use plan_item_use(const struct plan_item *item);
/* The address that is asked, as far as the site file has it: the target's, or for a DNS domain the resolver's that is named for it. False: a
 * name that the worker looks up, or for a domain this computer's own resolver. */
bool plan_item_address(const struct plan_item *item, struct ip *out);
/* Decides, sends nothing. Unknown credentials and probes are errors of the site file (diags). plan_free() it. */
struct plan *plan_make(const struct site *site, const struct credentials *cred, struct store *store /* NULL for --dry-run without store */, const struct collect_options *o, int64_t now, struct diags *diags);
void plan_free(struct plan *p);

/* The zygote: must be started before credentials are read. This program executes itself once more for it: main() begins with
 * `if (zygote_invoked(argc, argv)) return zygote_main();` (worker/zygote.h), and so does the main() of every test that starts one. */
struct zygote;
int zygote_start(struct zygote **out) MUST_CHECK;
void zygote_stop(struct zygote *z);                      /* with its workers; NULL is fine */

struct collect_result {
    size_t n_jobs, n_complete, n_partial, n_failed, n_refused, n_not_asked, n_unsupported;      /* collections, but n_jobs */
    size_t n_accepted_keys; char **accepted_keys;        /* "[10.0.0.1]:22 ssh-ed25519 SHA256:..." recorded unseen */
    size_t n_questions;
    int64_t rows;
    int64_t worker_cpu_ms;                   /* of all workers together */
    bool no_view_of_clinic;                  /* nobody answered at all: every collection of the network says so too */
    bool interrupted;                        /* jobs that were not started have no collection: --resume asks them */
    int64_t ms;
};
void collect_result_clear(struct collect_result *r);

/* What a progress bar needs; called whenever something changed, at most ten times a second. */
typedef void (*collect_progress_fn)(void *ctx, size_t done, size_t total, size_t rows, size_t watching, int64_t left_ms);
/* Carries out the plan into an open run. What the run already has (--resume: it was interrupted) is kept where it is complete, unsupported or
 * refused, and asked again otherwise. Stops at SIGINT (2 s of grace; a second one at once) with r->interrupted. */
int collect_run(struct zygote *z, const struct plan *p, const struct site *site, struct credentials *cred, struct store *store, int64_t run,
                const struct collect_options *o, collect_progress_fn progress, void *progress_ctx, struct collect_result *r) MUST_CHECK;

/* Who answers at these targets: for `trust`. fn gets each host key or certificate; for a target that showed none, once the reason (blob NULL).
 * Sends only what permission allows; each question is logged in store (run 0: of no run), which may be NULL in tests only. name is "[host]:port" as in known_hosts. Everything is borrowed for the call; texts come from the target: escape them. */
struct peer_seen { const struct target *target; const char *host; int port; const char *probe, *kind, *name, *algorithm, *verdict; const uint8_t *blob; size_t len; const char *fingerprint; /* SHA256:base64 */ enum reason reason; const char *detail; };
typedef void (*peer_fn)(void *ctx, const struct peer_seen *p);
int collect_peers(struct zygote *z, const struct site *site, struct store *store, const struct collect_options *o, peer_fn fn, void *ctx) MUST_CHECK;

#endif
