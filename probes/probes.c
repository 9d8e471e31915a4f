/* The table of probes: one line each. Used by parent (to plan) and workers (to run). */
#include "probes/probe.h"

#include <string.h>

extern const struct probe probe_ldap;
extern const struct probe probe_snmp;
extern const struct probe probe_ssh;
extern const struct probe probe_file;
extern const struct probe probe_net;
extern const struct probe probe_look;

const struct probe *const probes[] = {
    &probe_ldap,
    &probe_snmp,
    &probe_ssh,
    &probe_net,
    &probe_file,
    &probe_look,
    NULL
};
const size_t n_probes = sizeof probes / sizeof probes[0] - 1;        /* the last is NULL */

const struct probe *probe_find(const char *name)
{
    for (size_t i = 0; i < n_probes; i++)
        if (strcmp(probes[i]->name, name) == 0)
            return probes[i];
    return NULL;
}
