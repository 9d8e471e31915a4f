/* The text that net-snmp's snmpwalk prints (`snmpwalk -On`, and what people get without the option), as an agent that answers from it. Pure:
 * unit-tested and fuzzed. Runs in a worker; the text is a stranger's. */
#ifndef PREOP_PROBES_SNMP_RECORDING_H
#define PREOP_PROBES_SNMP_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include "worker/snmp_session.h"

#define RECORDING_VALUES_MAX 1000000
#define RECORDING_VALUE_MAX 65536            /* bytes of one value */

struct snmp_recording;
/* Never NULL; snmp_recording_free() it. text is borrowed until then. */
struct snmp_recording *snmp_recording_parse(const char *text, size_t len);
void snmp_recording_free(struct snmp_recording *r);      /* NULL is fine */

/* What the text was like. Lines are counted from 1. */
struct snmp_recording_account {
    size_t n_values;
    size_t n_named, first_named;             /* lines whose object is a name that only a MIB file could turn into numbers: left out */
    size_t n_untyped, first_untyped;         /* values without their type (-Oq, -OQ): left out */
    size_t n_unread, first_unread;           /* values that are not what their type says, or more than is kept: left out */
    bool full;                               /* there were more than RECORDING_VALUES_MAX */
    enum reason broken;                      /* the walk did not get to its end: REASON_NO_ANSWER, REASON_BAD_FILE (the file is cut); else REASON_NONE */
    size_t broken_line;
    bool whole;                              /* one walk from the system group to the agent's last object: what is not in it, the agent does not have */
};
void snmp_recording_account(const struct snmp_recording *r, struct snmp_recording_account *out);

/* One value; NULL when it is not there. object: dotted, whole. */
const struct snmp_value *snmp_recording_get(const struct snmp_recording *r, const char *object);
/* As snmp_session_fetch(). A column that the walk may not have got to the end of has the reason for that. arg: the recording. */
enum reason snmp_recording_fetch(void *arg, struct snmp_walk *walks, size_t n);

#endif
