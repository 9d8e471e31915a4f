/* A job's SNMPv3 user as net-snmp's session has it. For snmp_wire.c only. */
#ifndef PREOP_WORKER_SNMP_USM_H
#define PREOP_WORKER_SNMP_USM_H

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/library/large_fd_set.h>
#include "base/err.h"
#include "fact/job.h"

/* Checks the credential and fills level, names, protocols and context of s; what it points to is borrowed from job. ERR_BAD_INPUT and *why. */
int snmp_usm_configure(const struct job *job, netsnmp_session *s, const char **why) MUST_CHECK;
/* Makes the user at the engine that s has discovered: password to key (RFC 3414 appendix A.2), then localized by the library. */
int snmp_usm_make_user(const struct job *job, netsnmp_session *s) MUST_CHECK;

#endif
