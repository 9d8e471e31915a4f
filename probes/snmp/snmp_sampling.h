/* interface_load: reads the counters of a device's interfaces again and again, and makes rows of what they did in between. Runs in a worker. */
#ifndef PREOP_PROBES_SNMP_SAMPLING_H
#define PREOP_PROBES_SNMP_SAMPLING_H

#include <stdio.h>
#include "fact/watch.h"
#include "worker/snmp_session.h"

/* Watches as the job says and emits; says the table's outcome where it is not complete. */
void snmp_sample(struct probe_ctx *ctx, struct snmp_session *s, const struct watch *watch);
void snmp_sample_explain(FILE *out);

/* IF-MIB's columns, by enum interface_column (snmp.c). */
extern const char *const snmp_interface_objects[];

#endif
