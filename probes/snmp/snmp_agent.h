/* Whom the snmp probe's reading asks: a live agent through a session, or a recording of one. What is read and what becomes of it is the same
 * for both. Runs in a worker; every answer is hostile. */
#ifndef PREOP_PROBES_SNMP_AGENT_H
#define PREOP_PROBES_SNMP_AGENT_H

#include "probes/snmp/snmp_know.h"
#include "worker/snmp_session.h"

struct snmp_agent {
    void *arg;
    /* As snmp_session_fetch(): hands over what there is, sets each walk's reason, gives why no more can be read. */
    enum reason (*fetch)(void *arg, struct snmp_walk *walks, size_t n);
    const char *(*detail)(void *arg);                        /* words for that */
    enum reason (*thrown_away)(void *arg);                   /* why an answer was thrown away; REASON_NONE: none was */
    const uint8_t *(*engine_id)(void *arg, size_t *len);     /* beside the object; NULL: not known */
    const char *version;                                     /* "1", "2c", "3"; NULL: not known */
    const char *target;                                      /* the site's target that its rows are about; NULL: the job's own */
    bool shows_part;                                         /* what it does not show, it may have all the same: a file that is no whole walk */
    int64_t answered_at;                                     /* when it said so; 0: now */
};

extern const struct probe probe_snmp;        /* its tables are what snmp_read() may fill */

/* Reads every wanted table and emits it, or says why not. know: the device rules, may be NULL; stays the caller's. */
void snmp_read(struct probe_ctx *ctx, const struct snmp_agent *agent, struct snmp_know *know);

#endif
