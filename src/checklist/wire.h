/* What the parent tells the evaluation child, and what the child answers. The job is trusted by the child; the answers are trusted by nobody: every
 * length, index and word is checked, because the child runs what strangers wrote. Both sides. */
#ifndef PREOP_CHECKLIST_WIRE_H
#define PREOP_CHECKLIST_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "checklist/checklist.h"
#include "checklist/evaluate.h"

#define EVAL_SITE UINT32_MAX             /* in place of a target: the site as a whole */
#define EVAL_JOB_MAX (256u << 20)        /* bytes */
#define EVAL_ANSWER_MAX (64u << 10)      /* bytes of one answer */
#define EVAL_EVIDENCE_MAX 2048
#define EVAL_TEXT_MAX 1024               /* bytes of a reason or an error */

struct eval_target {
    const char *site;                    /* NULL: of this run; otherwise of the pinned run of home or of an owned site (org_ tables) */
    const char *name, *role, *address;
    int criticality;
};
/* A collection whose rows checks may see. */
struct eval_source {
    int64_t collection;
    uint32_t target;                     /* index in targets */
    uint16_t table;                      /* in the registry */
    uint16_t rank;                       /* 0: preferred among the collections of this target and table */
    enum method method;
    int64_t observed_at;                 /* 0: not known */
    const char *vantage;                 /* NULL: not known */
    const char *probe;
};
struct eval_watch { uint32_t check, target; const char *subject; };
struct eval_todo { uint32_t check; bool solo; };         /* solo: in a statement of its own, because a shared one went wrong */
struct eval_job {
    struct arena *arena;                 /* of a decoded job; NULL when the caller owns everything */
    const char *db;                      /* path, "" in tests with a connection of their own */
    bool immutable;                      /* the parent reads the file as immutable (read-only media) */
    int64_t as_of, statement_ms;         /* a statement that takes longer errs */
    bool all_subjects;
    struct eval_target *targets; size_t n_targets;
    struct eval_source *sources; size_t n_sources;
    struct check *checks; size_t n_checks;       /* id, facts, where, pass, query, params, grades, show, evidence, max_age_s, vantage, severity only */
    struct lookup_rows lookups[LOOKUP_COUNT];    /* of those that its checks name */
    struct eval_watch *watch; size_t n_watch;
    struct eval_todo *todo; size_t n_todo;
};
void eval_job_encode(const struct eval_job *j, struct buf *out);
int eval_job_decode(const void *p, size_t len, struct eval_job **out) MUST_CHECK;
void eval_job_free(struct eval_job *j);

/* Why a verdict is unknown; detail completes the sentence. */
enum eval_why {
    WHY_NONE, WHY_APPLIES,               /* detail: the columns without a value, "" when none */
    WHY_NOT_REPORTED,                    /* detail: the same */
    WHY_CLAIMED, WHY_OLD, WHY_ELSEWHERE, /* too weak, too old, seen from another place: detail "" */
    WHY_PATTERN,                         /* a regexp reached its limits */
    WHY_COUNT
};

enum answer_kind {
    ANSWER_BEGIN = 1,        /* these checks are being worked on now */
    ANSWER_RESET,            /* forget what was said of this check: it is done again */
    ANSWER_TABLES,           /* the fact tables that it reads */
    ANSWER_COUNT,            /* pass, fail, unknown at one target */
    ANSWER_SUBJECT,
    ANSWER_ERROR,            /* this check erred */
    ANSWER_DONE,             /* nothing more comes of this check */
    ANSWER_END
};
struct answer {
    enum answer_kind kind;
    uint32_t check, target;                      /* target: index, EVAL_SITE */
    const uint8_t *checks; size_t n_checks;      /* BEGIN: big-endian u32 each */
    const uint8_t *tables; size_t n_tables;      /* TABLES: u16 each, the highest bit set for org_ */
    int64_t pass, fail, unknown;                 /* COUNT */
    enum verdict verdict; enum eval_why why; enum severity severity;     /* SUBJECT */
    enum method method; bool seen;               /* COUNT: the weakest that decided; SUBJECT: of the row */
    int64_t observed_at;
    const char *text; size_t text_len;           /* SUBJECT: detail; ERROR: what went wrong. Borrowed, not terminated */
    const char *subject; size_t subject_len;
    const char *evidence; size_t evidence_len;
};
size_t text_cut(const char *s, size_t len, size_t max);         /* how many of s's bytes fit into max without cutting a character in two */
void answer_put_begin(struct buf *out, const uint32_t *checks, size_t n);
void answer_put_check(struct buf *out, enum answer_kind kind, uint32_t check);           /* RESET, DONE, END */
void answer_put_tables(struct buf *out, uint32_t check, const uint16_t *tables, size_t n);
void answer_put_count(struct buf *out, const struct answer *a);
void answer_put_subject(struct buf *out, const struct answer *a);
void answer_put_error(struct buf *out, uint32_t check, const char *text);
/* Cuts the next answer off p[0..len): 1 and *used, 0 when more bytes are needed, ERR_FORMAT. n_checks, n_targets: what indexes may reach. */
int answer_next(const uint8_t *p, size_t len, size_t n_checks, size_t n_targets, struct answer *out, size_t *used) MUST_CHECK;

#endif
