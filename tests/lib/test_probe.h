/* Probes for tests only: a test program that links this has no others. What they do is the job's key "act", else the target's
 * name up to its first dot: "crash", "rows", ... ; see test_probe.c. They run in real workers. */
#ifndef PREOP_TESTS_LIB_TEST_PROBE_H
#define PREOP_TESTS_LIB_TEST_PROBE_H

#include "probes/probe.h"

#define TEST_ROWS 10                 /* of interfaces, by the act "rows" */

/* The probes "snmp", "ssh", "ldap" and "file": all fill devices and interfaces. */

#endif
