/* One socket to one SNMP agent, through net-snmp: this is the only file that knows the library. It sends single
 * questions and hands over single answers; when to ask again, and what it all means, is snmp_session's business.
 * Runs in a worker. Shared by the files of src/worker/ only. */
#ifndef PREOP_WORKER_SNMP_WIRE_H
#define PREOP_WORKER_SNMP_WIRE_H

#include "base/cidr.h"
#include "base/err.h"
#include "fact/job.h"
#include "fact/reason.h"
#include "worker/net.h"
#include "worker/snmp_value.h"

/* Nothing that writes exists here. SNMP_DISCOVER and SNMP_UNENCRYPTED are GETs of nothing: the first from nobody, to learn the engine id,
 * the second from our user, authenticated only, to tell a wrong privacy password from an agent that does not answer. */
enum snmp_kind { SNMP_DISCOVER, SNMP_UNENCRYPTED, SNMP_GET, SNMP_GETNEXT, SNMP_GETBULK };

struct snmp_question {
    enum snmp_kind kind;
    const struct snmp_oid *const *oid;
    size_t n;
    long repetitions;                /* SNMP_GETBULK */
};

struct snmp_varbind {
    const uint32_t *oid;
    size_t n;
    struct snmp_value value;
};

/* What came for the question with this tag. Borrowed for the call. */
struct snmp_answer {
    uint32_t tag;
    enum reason reason;              /* REASON_NONE, or what a v3 report says */
    const char *detail;              /* words for the reason; may be NULL */
    bool resent;                     /* not an answer: the library has asked once more with the agent's clock */
    long status, index;              /* error-status and error-index of the answer */
    const struct snmp_varbind *varbinds;
    size_t n;
};
typedef void (*snmp_answer_fn)(void *arg, const struct snmp_answer *answer);

struct snmp_wire;

/* Sets the library up in this process (after fork: ids and salts are then its own; no file is read), makes the socket and connects
 * it, so that only the peer is heard. Nothing is sent. ERR_BAD_INPUT with *why when the job's credential cannot be used. */
int snmp_wire_open(const struct job *job, const struct net_peer *peer, struct snmp_wire **out, const char **why) MUST_CHECK;
void snmp_wire_close(struct snmp_wire *w);   /* wipes keys; NULL is fine */
int snmp_wire_fd(const struct snmp_wire *w);
bool snmp_wire_is_v3(const struct snmp_wire *w);
bool snmp_wire_encrypts(const struct snmp_wire *w);       /* authPriv */
bool snmp_wire_has_bulk(const struct snmp_wire *w);      /* v1 has none */

/* One datagram. -ECONNREFUSED and other -errno from the network; ERR_BAD_INPUT when the question cannot be encoded. */
int snmp_wire_send(struct snmp_wire *w, const struct snmp_question *q, uint32_t tag) MUST_CHECK;
/* Reads what is there without waiting and calls fn for each answer to one of our questions. 0, or -errno from the network. */
int snmp_wire_read(struct snmp_wire *w, snmp_answer_fn fn, void *arg) MUST_CHECK;
/* What was wrong with the last datagram that was thrown away: REASON_NONE, REASON_MALFORMED, REASON_WRONG_DIGEST, ... */
enum reason snmp_wire_thrown_away(const struct snmp_wire *w);

/* v3: whether a report has told the agent's engine id; and after it, makes the user's keys (milliseconds of CPU). */
bool snmp_wire_discovered(const struct snmp_wire *w);
int snmp_wire_make_keys(struct snmp_wire *w) MUST_CHECK;
const uint8_t *snmp_wire_engine_id(const struct snmp_wire *w, size_t *len);  /* v3, after discovery; else NULL */

#endif
