/* What an interface is for, concluded from what the device says of it elsewhere: neighbours, routes, VLANs, and its own kind and name. Where two
 * tell different things the stronger counts: a way out to the internet, then the kind, then the neighbour, then the name. What nobody can tell stays
 * NULL. Pure. */
#ifndef PREOP_PROBES_SNMP_ROLES_H
#define PREOP_PROBES_SNMP_ROLES_H

#include "fact/row.h"

struct snmp_roles;

struct snmp_roles *snmp_roles_new(void);
void snmp_roles_free(struct snmp_roles *r);                      /* NULL is fine */
/* Takes what a row of neighbors, routes or vlan_ports tells of an interface; other rows tell nothing. arg is the roles. */
void snmp_roles_note(void *arg, const struct fact_row *row);
/* Sets role and role_from of a row of interfaces. neighbors_known: whether the device told all its neighbours, so that none means none. */
void snmp_roles_set(struct snmp_roles *r, struct fact_row *interface, bool neighbors_known);

#endif
