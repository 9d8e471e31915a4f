/* One batch of discovery's jobs: queued, run through the scheduler, their rows taken in. Inside src/collect only. */
#ifndef PREOP_COLLECT_DISCOVER_JOBS_H
#define PREOP_COLLECT_DISCOVER_JOBS_H

#include "base/strset.h"
#include "collect/build.h"
#include "collect/discover.h"
#include "collect/sched.h"

/* ARP: who has these addresses of our own link; NUDGE: the same of gear that a person named, where this machine may not send ARP itself. KNOCK: one connection to an address whose maker
 * cannot be known. AGAIN: a router's ARP table once more, after the knocks went through it. */
enum djob_kind { DJOB_GEAR, DJOB_SYSTEM, DJOB_CONTACT, DJOB_KEYS, DJOB_DIRECTORY, DJOB_NAMES, DJOB_SRV, DJOB_ARP, DJOB_NUDGE, DJOB_KNOCK, DJOB_AGAIN, DJOB_KINDS };

struct djob {
    struct plan_item item;           /* first: a jobrun points here */
    struct target target;
    struct target_probe tp;
    enum djob_kind kind;
    struct find *find;               /* NULL: of no address */
    bool named;                      /* by site.yaml or the command line */
    const char *key_kind;            /* of KEYS: the one kind of key that is asked for; NULL: any */
    char *key;                       /* what a journal knows it by; owned */
    char name[IP_TEXT];              /* the target's name and address, where it has no other */
    struct ip *addresses; size_t n_addresses;    /* NAMES, ARP, NUDGE; owned */
    enum reason reason;              /* how it ended, when it did */
    bool over, answered;
};

struct djobs {
    struct discovery *d;
    struct zygote *z;
    struct djob **v; size_t n, cap;  /* of this batch */
    struct strset done;              /* keys of jobs that are over, in this discovery or in the one that it resumes */
    int journal;                     /* descriptor; -1 */
    collect_progress_fn progress; void *progress_ctx;
    size_t running, n_over;          /* over all batches */
    int64_t rows;
    /* backing off: round trips of the first addresses, and of the latest */
    double first_ms[16], latest_ms[8]; size_t n_first, n_latest; unsigned slow;
    struct build_env env;
    struct collect_options options;
    struct agent_keys no_keys;
};

void djobs_init(struct djobs *q, struct discovery *d, struct zygote *z);
void djobs_clear(struct djobs *q);
/* Queues one, unless the journal has it. find, with: may be NULL. with: the credential, of KEYS the kind of key that alone is asked for. The job: what may still be added
 * to; NULL when it is done already. */
struct djob *djobs_add(struct djobs *q, enum djob_kind kind, struct find *find, const char *with, bool named);
int djobs_run(struct djobs *q) MUST_CHECK;               /* runs and empties the queue */

/* What the end of a job means for its find, whether it ran now or in the discovery that is resumed. */
void djob_settle(enum djob_kind kind, struct find *f, const char *credential, bool answered, enum reason reason);

/* Whether it asks others about a list of addresses, and the end of such a job for one of them. */
bool djob_has_list(enum djob_kind kind);
/* One round trip more: backs off when they double, goes on as before when they are as before. slow: how often it has halved the addresses at a time. */
void djobs_back_off(struct djobs *q, double ms);
void djob_settle_one(struct discovery *d, enum djob_kind kind, const struct ip *ip);

/* --- discover_journal.c --- */

#define DISCOVER_JOURNAL ".discover.journal"
/* Opens the site's journal: anew, or (resume) reads what it has: each job's rows go to discover_take_row(), its key to q->done. ERR_NOT_FOUND: nothing to
 * resume; ERR_FORMAT: of another version or of other networks. */
int journal_open(struct djobs *q, bool resume) MUST_CHECK;
int journal_put(struct djobs *q, const struct djob *j, struct buf *frames) MUST_CHECK;
/* The pure half of resuming, for tests: a journal's bytes. *whole: how many of them were in order; the head says for which networks, begun when. */
int journal_replay(struct djobs *q, const struct buf *bytes, size_t *whole) MUST_CHECK;
void journal_head(const struct djobs *q, int64_t started, struct buf *out);
void journal_end(struct djobs *q, bool remove);

#endif
