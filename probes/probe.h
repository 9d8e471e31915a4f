/* The probe contract.
 *
 * Adding a probe, in five steps:
 *  1. declare the fact tables it fills in src/fact/ (see fact/table.h), unless they exist;
 *  2. write probes/NAME/: a pure half that parses bytes (NAME_parse*.c: unit-tested and fuzzed) and a sequential half
 *     that talks and emits (NAME.c), everything static but one `const struct probe probe_NAME`;
 *  3. list it in probes/probes.c;
 *  4. give its credential a schema in src/site/credentials.c and its job keys in src/fact/job.h;
 *  5. test it against a real daemon in tests/integration/.
 *
 * collect() runs in a worker of its own and may block within its deadline. It opens its connection with a session of
 * src/worker/ (ssh_session.h, snmp_session.h, ldap_session.h), which connects, locks the process (sandbox.h), and only
 * then reads the target's first byte. It only reads. It never sees the store. */
#ifndef PREOP_PROBES_PROBE_H
#define PREOP_PROBES_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "fact/job.h"
#include "fact/reason.h"
#include "fact/row.h"
#include "fact/table.h"

struct probe_ctx;

enum credential_kind { CREDENTIAL_NONE, CREDENTIAL_SNMP, CREDENTIAL_SSH, CREDENTIAL_LDAP };

/* One way of using a probe that has several (`net: tls`): its own tables, permission and port. */
struct probe_use {
    const char *name;                /* "tls"; NULL for a probe with one way only */
    const char *permission;          /* the method that an authorization must name */
    const struct fact_table *const *tables;
    size_t n_tables;
    uint16_t port;                   /* default; 0 for none */
    const struct fact_table *const *sampled;     /* filled by watching for a while; see struct probe */
    size_t n_sampled;
};

struct probe {
    const char *name;
    const char *summary;             /* one line */
    const char *permission;          /* the method that an authorization must name: "snmp", "ssh", "ldap", "tls", "file" */
    enum credential_kind credential;
    const struct fact_table *const *tables;
    size_t n_tables;
    const struct fact_table *const *sampled;     /* filled by watching for a while (`check --sample`), in a job of their own that has the keys of */
    size_t n_sampled;                            /* fact/watch.h: collect() asks watch_of_job() which kind of job it has */
    uint16_t port;                   /* default; 0 for none */
    int64_t deadline_ms;             /* default for one job */
    void (*warm)(void);              /* optional: once in the zygote, before any fork: library initialisation, locale, iconv */
    int (*collect)(struct probe_ctx *ctx);       /* 0, or a negative err.h code for a failure of ours (the job fails as internal) */
    void (*explain)(FILE *out);      /* everything it may send, in full: for `explain --probe NAME` */
    const struct probe_use *uses;    /* several ways of using it; NULL: one, as above. tables above are those of all */
    size_t n_uses;
};

extern const struct probe *const probes[];       /* probes.c */
extern const size_t n_probes;
const struct probe *probe_find(const char *name);
/* What a probe fills, needs and listens at when it is used so; use NULL or unknown: the probe's own. */
static inline struct probe_use probe_use_of(const struct probe *p, const char *use)
{
    for (size_t i = 0; use != NULL && i < p->n_uses; i++)
        if (strcmp(p->uses[i].name, use) == 0)
            return p->uses[i];
    return (struct probe_use){ .permission = p->permission, .tables = p->tables, .n_tables = p->n_tables, .port = p->port,
                                .sampled = p->sampled, .n_sampled = p->n_sampled };
}

/* What collect() may use (implemented in src/worker/ctx.c; all of it only queues or writes frames). */
const struct job *probe_job(const struct probe_ctx *ctx);
bool probe_wants(const struct probe_ctx *ctx, const struct fact_table *t);   /* is this table among the job's? */
int64_t probe_left_ms(const struct probe_ctx *ctx);                          /* to the deadline, never negative */

/* Rests between two looks of a watch (a job of `sampled` tables). REST_STOP: the user wants it to end; REST_DEADLINE, REST_PERMISSION_ENDS: there
 * is no time for another look. Then nothing more is sent: emit what there is, say STATE_PARTIAL, and return within a second. */
enum rest { REST_DONE, REST_STOP, REST_DEADLINE, REST_PERMISSION_ENDS };
enum rest probe_rest(struct probe_ctx *ctx, int64_t ms);
int64_t probe_questions_left(const struct probe_ctx *ctx);                   /* before the job's limit of them is reached */

/* Emits one row; afterwards its texts may go. Past the job's row limit rows are dropped and the table ends partial with REASON_LIMIT. */
void probe_emit(struct probe_ctx *ctx, const struct fact_row *row);
/* The same for a row that belongs to another target of this site (evidence files about many things). */
void probe_emit_at(struct probe_ctx *ctx, const char *target, const struct fact_row *row);

/* The outcome for one table; without a call a wanted table is complete when collect() returns 0. Said twice, the worse stands
 * (failed, refused over partial over unsupported over complete). detail is printf-like, about this target, never a secret. */
void probe_table(struct probe_ctx *ctx, const struct fact_table *t, enum state state, enum reason reason, const char *detail, ...)
    __attribute__((format(printf, 5, 6)));
/* The outcome for every wanted table that has none yet, with the reason's usual state. */
void probe_fail(struct probe_ctx *ctx, enum reason reason, const char *detail, ...) __attribute__((format(printf, 3, 4)));
/* Something a reader of this table's collection should know; t NULL: of every table's. */
void probe_note(struct probe_ctx *ctx, const struct fact_table *t, const char *text, ...) __attribute__((format(printf, 3, 4)));
void probe_observed(struct probe_ctx *ctx, const struct fact_table *t, int64_t observed_at);

/* One question for the run's log, before it is sent: to ("10.20.0.1:161/udp"), what ("GETBULK 1.3.6.1.2.1.2.2"). */
void probe_asked(struct probe_ctx *ctx, const char *to, const char *what);
void probe_peer(struct probe_ctx *ctx, const char *kind, const char *name, const char *algorithm, const void *blob, size_t len, const char *verdict);
/* The agent's signature over data (SSH wire format) or ERR_NOT_FOUND: the parent decides (engine.md section 1). */
int probe_sign(struct probe_ctx *ctx, const void *key, size_t key_len, const void *data, size_t data_len, uint32_t flags, struct buf *signature);

/* Waits until one more packet may be sent (the site's shared limit; at most one second). Called by the sessions. */
void probe_pace(struct probe_ctx *ctx);

#endif
