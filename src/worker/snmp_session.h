/* A session with one SNMP agent: it connects, locks the worker, learns a v3 agent's engine, and then fetches scalars and
 * whole columns with few questions: many columns of any tables in one GETBULK, several questions in flight, answers kept near
 * the size of one unfragmented datagram. It sends nothing but GET, GETNEXT and GETBULK. Runs in a worker.
 *
 * Every question is paced (probe_pace) and logged (probe_asked), again when it is repeated. Lost datagrams are repeated after
 * a time taken from measured round trips, at most the job's `retries` times, the last with the job's whole `timeout_ms`. */
#ifndef PREOP_WORKER_SNMP_SESSION_H
#define PREOP_WORKER_SNMP_SESSION_H

#include "base/err.h"
#include "fact/reason.h"
#include "probes/probe.h"
#include "worker/snmp_value.h"

struct snmp_session;

/* Resolves, opens, locks (SANDBOX_DATAGRAM), discovers. 0; -1 after probe_fail() has said why; or a negative err.h code (ours). */
int snmp_session_open(struct probe_ctx *ctx, struct snmp_session **out) MUST_CHECK;
void snmp_session_close(struct snmp_session *s);                         /* NULL is fine */
const char *snmp_session_version(const struct snmp_session *s);          /* "1", "2c", "3" */
const uint8_t *snmp_session_engine_id(const struct snmp_session *s, size_t *len);        /* v3's agent; else NULL */
unsigned snmp_session_questions(const struct snmp_session *s);           /* datagrams sent so far */

/* One value. For a column: index is what follows the column in the object's name, and the value is present (snmp_value_present).
 * For a scalar: index is empty, and the value may be an exception. Everything is borrowed for the call. */
typedef void (*snmp_cell_fn)(void *arg, size_t column, const uint32_t *index, size_t n_index, const struct snmp_value *v);

#define SNMP_COLUMNS_MAX 64          /* of one walk */
#define SNMP_ROWS_MAX 200000         /* of one column, unless the walk says less */

/* Something to fetch: the columns of a table, or scalars (with their .0). */
struct snmp_walk {
    const char *const *objects;      /* dotted; at most SNMP_COLUMNS_MAX */
    size_t n_objects;
    bool scalars;
    bool looks;                      /* objects are names that others lie below (a table's entry, a group): one look at each. cell gets the first value below it, or
                                      * one that is not present where the agent shows nothing; it is not called where that cannot be told */
    bool there;                      /* a table that is known to have something: its columns are asked for at once */
    size_t rows_hint;                /* rows to expect in a table (ifNumber); 0: not known. Only makes it faster */
    size_t rows_max;                 /* stops there with REASON_LIMIT; 0: SNMP_ROWS_MAX */
    bool timed;                      /* scalars: sysUpTime comes in every answer, for counters that are to become rates */
    const uint32_t *groups;          /* scalars: a number for each object; neighbours of one number go into one question if they can. NULL: as it comes */
    snmp_cell_fn cell;
    void *arg;
    /* How it went, set by snmp_session_fetch: REASON_NONE when everything came that the agent shows us. */
    enum reason reason;
    char detail[200];
    size_t n_cells;
    int64_t uptime;                  /* timed: before each call of cell, the sysUpTime of its answer in hundredths of a second; -1: it had none */
};

/* Fetches all walks together. Gives REASON_NONE, or why the agent could not be read any further (no answer, wrong digest, ...): then the
 * walks that were not finished have that reason too. What came before has been handed over. A session that ended so stays ended. */
enum reason snmp_session_fetch(struct snmp_session *s, struct snmp_walk *walks, size_t n);
/* After a session ended by silence: it may be asked again, with one question at a time until an answer comes. Other ends stay. */
void snmp_session_again(struct snmp_session *s);
/* Why a datagram of the peer was thrown away, if any was: REASON_NONE, REASON_MALFORMED, ... */
enum reason snmp_session_thrown_away(const struct snmp_session *s);
/* Words for why the session ended; "" when there is nothing to add to the reason. */
const char *snmp_session_detail(const struct snmp_session *s);

#endif
