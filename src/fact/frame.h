/* The frames in which a worker's facts travel to the parent: u32 length (of kind and payload), u8 kind, payload.
 * The parent trusts nothing of it: every length, index, type and count is checked, and the first bad frame ends the job. */
#ifndef PREOP_FACT_FRAME_H
#define PREOP_FACT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/err.h"
#include "fact/reason.h"
#include "fact/row.h"

enum frame_kind {
    FRAME_ROW = 1,           /* u16 table, str other target ("" = the job's own), then per column u8 kind and value */
    FRAME_TABLE_STATE,       /* the outcome for one table */
    FRAME_NOTE,              /* something a reader of this collection should know */
    FRAME_ASKED,             /* one question that was sent: for the run's log */
    FRAME_PEER,              /* who answered: a host key or a certificate */
    FRAME_SIGN,              /* a request to the ssh agent, answered over the second pipe: u32 length and the signature, length 0 = refused */
    FRAME_SANDBOX,           /* the level reached, once, before anything of the target was read */
    FRAME_END                /* the worker ended in order; a stream without it was cut */
};

#define FRAME_MAX (512 * 1024)       /* bytes of one frame; a row's texts are cut at FACT_TEXT_MAX each by the sender */
#define FACT_TEXT_MAX 65536

struct frame {
    enum frame_kind kind;
    const uint8_t *payload;
    size_t len;
};

/* Cuts the next whole frame off p[0..len): 1 and *used on success, 0 when more bytes are needed, ERR_FORMAT when it
 * cannot be one. */
int frame_next(const uint8_t *p, size_t len, struct frame *out, size_t *used) MUST_CHECK;

void frame_put_row(struct buf *out, const struct fact_row *row, const char *other_target);
/* Decodes and checks against the declaration. Texts of the row are borrowed from the frame; *other_target is owned
 * (NULL for none). ERR_FORMAT for anything that an honest worker would not send. Not yet normalized. */
int frame_get_row(const struct frame *f, struct fact_row *row, char **other_target) MUST_CHECK;

struct frame_table_state {
    const struct fact_table *table;
    enum state state;
    enum reason reason;
    char *detail;            /* owned, cleaned; may be "" */
    int64_t observed_at;     /* 0: when the job ended */
};
void frame_put_table_state(struct buf *out, const struct frame_table_state *s);
int frame_get_table_state(const struct frame *f, struct frame_table_state *out) MUST_CHECK;

struct frame_note { const struct fact_table *table; char *text; };
void frame_put_note(struct buf *out, const struct fact_table *table, const char *text);
int frame_get_note(const struct frame *f, struct frame_note *out) MUST_CHECK;

struct frame_asked { int64_t at_ms; char *to, *what; };  /* at_ms: milliseconds since 1970, UTC */
void frame_put_asked(struct buf *out, const struct frame_asked *a);
int frame_get_asked(const struct frame *f, struct frame_asked *out) MUST_CHECK;

struct frame_peer {
    char *kind;              /* "ssh-hostkey", "tls-certificate" */
    char *name;              /* the name or [name]:port that it stands for in known_hosts, or host:port */
    char *algorithm;         /* "ssh-ed25519", ... */
    uint8_t *blob;           /* the public key blob, or the certificate in DER */
    size_t len;
    char *verdict;           /* "known", "unknown", "changed", "revoked", "trusted", "not trusted" */
};
void frame_put_peer(struct buf *out, const struct frame_peer *p);
int frame_get_peer(const struct frame *f, struct frame_peer *out) MUST_CHECK;

struct frame_sign { uint8_t *key; size_t key_len; uint8_t *data; size_t data_len; uint32_t flags; };
void frame_put_sign(struct buf *out, const struct frame_sign *s);
int frame_get_sign(const struct frame *f, struct frame_sign *out) MUST_CHECK;

void frame_put_sandbox(struct buf *out, const char *level);          /* "nnp+landlock3+seccomp" */
int frame_get_sandbox(const struct frame *f, char **level) MUST_CHECK;
void frame_put_end(struct buf *out);

void frame_table_state_clear(struct frame_table_state *s);
void frame_note_clear(struct frame_note *n);
void frame_asked_clear(struct frame_asked *a);
void frame_peer_clear(struct frame_peer *p);
void frame_sign_clear(struct frame_sign *s);

#endif
