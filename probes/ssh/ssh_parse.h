/* The pure half of the ssh probe: what the script printed becomes fact rows. Runs in workers; every byte is hostile: lengths
 * are checked, loops have a maximum, what cannot be read is NULL and never a guess. Nothing here opens, sends or waits. */
#ifndef PREOP_PROBES_SSH_PARSE_H
#define PREOP_PROBES_SSH_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "fact/reason.h"
#include "fact/row.h"

/* A piece of the output: borrowed, not NUL-terminated. p is never NULL. */
struct span {
    const char *p;
    size_t len;
};

/* --- the output, cut into sections ---------------------------------------------------------------------------------- */

#define SSH_SECTIONS_MAX 48
struct ssh_section {
    struct span name;
    struct span body;        /* without the newline that stands before the closing marker */
    int exit;                /* the command's status; 127: the host does not have it */
    bool ended;              /* its closing marker was seen; otherwise body is what came until the output was cut */
};
struct ssh_output {
    struct ssh_section v[SSH_SECTIONS_MAX];
    size_t n;
    bool finished;           /* the script reached its end */
    bool repeated;           /* a section came twice: the first one counts */
    struct span noise;       /* what stood before the first marker: a login message, or an error of the login shell */
};
/* nonce: the word that the script was given and that starts every marker line. The result borrows from p. */
void ssh_output_split(const char *p, size_t len, const char *nonce, struct ssh_output *out);
const struct ssh_section *ssh_output_find(const struct ssh_output *o, const char *name);     /* NULL when it never began */

/* --- rows ------------------------------------------------------------------------------------------------------------ */

/* Where rows and outcomes go: frames in the worker, an array in tests. Texts of a row live until row() returns. */
struct ssh_sink {
    void *ctx;
    void (*row)(void *ctx, const struct fact_row *row);
    void (*table)(void *ctx, const struct fact_table *t, enum state state, enum reason reason, const char *detail);
    void (*note)(void *ctx, const struct fact_table *t, const char *text);
};

/* What is known about the reading itself. */
struct ssh_reading {
    int64_t now;             /* our clock when the first output arrived, UTC seconds */
    enum reason cut;         /* why the output was cut, REASON_NONE when it was not: what is missing is then not the host's doing */
};

void ssh_parse_hosts(const struct ssh_output *o, const struct ssh_reading *r, const struct ssh_sink *sink);
void ssh_parse_filesystems(const struct ssh_output *o, const struct ssh_reading *r, const struct ssh_sink *sink);
void ssh_parse_listening_ports(const struct ssh_output *o, const struct ssh_reading *r, const struct ssh_sink *sink);

/* --- pieces that the parsers share (ssh_span.c) ---------------------------------------------------------------------- */

bool span_line(struct span *rest, struct span *line);                /* cuts the next line off, without its CR LF; false at the end */
bool span_token(struct span *rest, struct span *token);              /* blanks and tabs separate; false when none is left */
struct span span_trim(struct span s);
bool span_is(struct span s, const char *text);
bool span_starts(struct span s, const char *prefix);
bool span_find(struct span s, const char *needle, size_t *at);       /* first place */
bool span_rfind(struct span s, char c, size_t *at);
struct span span_from(struct span s, size_t at);                     /* without the first at bytes; empty past the end */
struct span span_upto(struct span s, size_t len);
bool span_u64(struct span s, uint64_t *out);                         /* decimal digits only, no overflow */
bool span_hex(struct span s, uint64_t *out);                         /* at most 16 hex digits */
char *span_lower(struct span s);                                     /* owned, ASCII lower case */

#define SPAN_NONE ((struct span){ .p = "", .len = 0 })

#endif
