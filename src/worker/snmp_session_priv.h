/* What snmp_session.c (datagrams, repeating, round trips) and snmp_fetch.c (which objects to ask for next) share. */
#ifndef PREOP_WORKER_SNMP_SESSION_PRIV_H
#define PREOP_WORKER_SNMP_SESSION_PRIV_H

#include "worker/snmp_session.h"
#include "worker/snmp_wire.h"

#define FLIGHT_MAX 4                 /* questions under way at once: small agents have small receive buffers */
#define QUESTION_OBJECTS 64          /* objects in one question */
#define TRIES_MAX 16

/* One object being fetched. */
struct item {
    struct snmp_walk *walk;
    size_t column;                   /* its place in walk->objects */
    struct snmp_oid base, at;        /* at: the last object that came, or base */
    size_t rows;
    enum { ITEM_IDLE, ITEM_ASKED, ITEM_DONE } state;
    uint32_t group;                  /* of its walk: objects that belong together */
    struct item *scout;              /* tells first whether its table has anything; NULL: it is asked for at once */
    bool is_scout;                   /* base is a whole table: one look at what follows it */
    size_t bytes;                    /* of the values that came: long ones are no good to go ahead with */
    bool alone;                      /* caused an error in company: to be asked by itself */
};

struct flight {
    bool used;
    uint32_t generation;             /* of this place: late answers to an earlier question are told apart by it */
    enum snmp_kind kind;
    struct item *items[QUESTION_OBJECTS];
    size_t n;
    long repetitions;
    bool timed;                      /* sysUpTime stands before the items */
    unsigned tries;
    int64_t sent_ms[TRIES_MAX];
    int64_t due_ms;                  /* when to repeat, or to give up */
};

struct snmp_session {
    struct probe_ctx *ctx;
    struct snmp_wire *wire;
    struct net_peer peer;
    int64_t timeout_ms;
    unsigned retries;
    unsigned questions;
    bool answered;                   /* ever; since the discovery for v3 */
    bool doubtful;                   /* it was silent before, and has not answered since */
    enum reason ended;               /* why the session is over, or REASON_NONE */
    char detail[200];
    /* round trips, RFC 6298 in ms */
    int64_t srtt, rttvar;            /* srtt -1: none measured */
    struct flight flights[FLIGHT_MAX];
    bool refused_once;
    bool asked_unencrypted;
    /* for snmp_fetch.c */
    struct item *items;
    size_t n_items;
    size_t cells_max;                /* varbinds that an answer should have */
    size_t objects_max;              /* objects in one question */
    size_t cell_bytes;               /* mean size of a varbind, in sixteenths of a byte */
    unsigned errors;                 /* about one object in a question of several */
    bool bulk, bulk_known;           /* GETBULK is used; it has worked */
    unsigned silent;                 /* times in a row that questions stayed without any answer */
    int64_t silent_ms;               /* when the last time was; questions sent before it belong to it */
};

/* snmp_session.c */
struct flight *session_free_flight(struct snmp_session *s);                  /* NULL: enough are under way */
void session_send(struct snmp_session *s, struct flight *f);                 /* f->kind, items, n, repetitions are set */
void session_step(struct snmp_session *s);                                   /* waits for the next event and handles it */
void session_end(struct snmp_session *s, enum reason reason, const char *detail);

extern const struct snmp_oid session_uptime;     /* sysUpTime.0, which stands before the items of a timed question */

/* snmp_fetch.c: what to do with what came, or did not. f is free for a new question afterwards. */
void fetch_answer(struct snmp_session *s, struct flight *f, const struct snmp_answer *a);
void fetch_silence(struct snmp_session *s, struct flight *f);

#endif
